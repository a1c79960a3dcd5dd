"""`torch.library` and what it declares under `torch.ops`, against PyTorch: schemas, calls, derivatives, `vmap`."""

# ruff: noqa: UP006, UP007, UP035, UP045  (the old forms of annotations are taken as well)

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, List, Optional, Tuple, Union

import pytest

pytest.importorskip("torch")

from oracle.both import assert_same  # noqa: E402

pytestmark = pytest.mark.oracle
_COUNT = itertools.count()


def attempt(function: Callable, *args: Any, **kwargs: Any) -> Any:
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__


def name_of(base: str) -> str:
    """A new name, since PyTorch has one table for the process."""
    return f"mibun_tests::{base}{next(_COUNT)}"


def tensors(m: Any) -> list[tuple]:
    """Signatures of operators: parameters' annotations, defaults, result."""
    T = m.Tensor
    return [
        ((T, "x"), T),
        ((T, "x", int, "n"), Tuple[T, T]),
        ((T, "x", float, "a", 2.5), List[T]),
        ((Optional[T], "x", None), None),
        ((list[T], "l", Sequence[int], "i"), T),
        ((T, "x", Optional[int], "n", 3, bool, "b", True, str, "s", "word"), T),
        ((T, "x", m.dtype, "d", m.float64, Optional[m.dtype], "e", None), T),
        ((T, "x", m.device, "d"), T),
        ((T, "x", Union[int, float, bool], "c", 2), tuple[T, int, bool]),
        ((T, "x", Optional[list[float]], "l", None), tuple[T, float]),
        ((list[T | None], "x"), T),
        ((T, "x", dict, "bad"), T),
        ((T, "x"), tuple[T, ...]),
        ((T, "x", tuple, "t"), T),
    ]


def declared(signature: tuple, result: Any, keyword_only: bool = False) -> Callable:
    """A function with these annotations."""
    parameters, annotations, items, scope = [], {}, list(signature), {}
    while items:
        annotation, name = items[:2]
        items = items[2:]
        annotations[name] = annotation
        if items and (isinstance(items[0], (int, float, str, type(None))) or type(items[0]).__name__ == "dtype"):
            scope[f"default_{name}"] = items.pop(0)
            parameters.append(f"{name}=default_{name}")
        else:
            parameters.append(name)
    star = "*, " if keyword_only else ""
    exec(f"def f({star}{', '.join(parameters)}): ...", scope)
    function = scope["f"]
    function.__annotations__ = {**annotations, "return": result}
    return function


def schemas(m: Any) -> Any:
    infer = m.library.infer_schema
    found = []
    for signature, result in tensors(m):
        for keyword_only in (False, True):
            function = declared(signature, result, keyword_only)
            found.append(attempt(infer, function, mutates_args=()))
            found.append(attempt(infer, function, mutates_args={"x"}, op_name="named"))
            found.append(attempt(infer, function, mutates_args="unknown"))
    return found


TEXTS = (
    "(Tensor x, *, int n=1) -> Tensor",
    '(Tensor(a!) x, Tensor?[] l, float e=1e-05, str s="word", ScalarType? d=None) -> (Tensor(a!), Tensor out)',
    "() -> ()",
    "(float a=2, float b=0.1, float c=-3.0, float d=1e20) -> ()",
    "(Tensor(a) x, int[] i=[1, 2], bool b=False) -> Tensor(a)",
    "(Tensor x, SymInt[] size, Scalar alpha=1, Device? device=None, MemoryFormat? m=None) -> Tensor[]",
    "(Tensor[] l, Tensor? t=None, Generator? g=None) -> (Tensor, int, float, bool)",
    "(Tensor x -> Tensor",
    "(Foo x) -> Tensor",
    "(Tensor x) Tensor",
    "(Tensor x) -> Tensor Tensor junk",
)


def parsed(m: Any) -> Any:
    found = []
    for text in TEXTS:
        library, name = name_of("parsed").split("::")
        fragment = m.library.Library(library, "FRAGMENT")
        refused = attempt(fragment.define, name + text)
        if refused != name:
            found.append(refused)
            continue
        schema = getattr(getattr(m.ops, library), name).default._schema
        arguments = [
            (a.name, str(a.type), a.default_value, a.has_default_value(), a.kwarg_only, a.is_out, a.alias_info is None)
            for a in schema.arguments
        ]
        found.append([str(schema).replace(name, "f"), arguments, len(schema.returns), schema.is_mutable])
    return found


def sine(m: Any, name: str = "sine") -> Any:
    """An operator with a derivative, computed by NumPy."""
    import numpy as np

    def function(x: m.Tensor) -> m.Tensor:
        return m.from_numpy(np.sin(x.detach().numpy()))

    function.__annotations__ = {"x": m.Tensor, "return": m.Tensor}
    op = m.library.custom_op(name_of(name), function, mutates_args=())

    def setup(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * x.cos()

    op.register_autograd(backward, setup_context=setup)
    op.register_fake(lambda x: m.empty_like(x))
    return op


def derivative(m: Any) -> Any:
    op = sine(m)
    x = m.linspace(0, 1, 4, dtype=m.float64, requires_grad=True)
    y = op(x)
    return [
        y,
        m.autograd.grad(y.sum(), x),
        m.autograd.gradcheck(op, x),
        type(y.grad_fn).__name__.startswith("GeneratedBackwardFor_mibun_tests_sine"),
        op(x.detach()).requires_grad,
        m.vmap(op)(x.detach().view(2, 2)),
        attempt(op, 3),
        attempt(op, x, x),
        attempt(op),
        op(x=x.detach()),
        attempt(op, y=x),
    ]


def without_derivative(m: Any) -> Any:
    def function(x, n):
        return x * n

    function.__annotations__ = {"x": m.Tensor, "n": int, "return": m.Tensor}
    op = m.library.custom_op(name_of("plain"), function, mutates_args=())
    x = m.ones(2, requires_grad=True)
    y = op(x, 3)
    return [y, attempt(y.sum().backward), op(m.ones(2), 2), attempt(op, x, 1.5), attempt(op, x, n=None)]


def several(m: Any) -> Any:
    """Lists of Tensors, several results, an argument by name alone."""

    def function(x, others, *, scale=2.0):
        return x * scale, others[0] + others[1]

    function.__annotations__ = {
        "x": m.Tensor,
        "others": list[m.Tensor],
        "scale": float,
        "return": tuple[m.Tensor, m.Tensor],
    }
    op = m.library.custom_op(name_of("several"), function, mutates_args=())
    seen = []

    def setup(ctx, inputs, keyword_only_inputs, output):
        seen.append((len(inputs), sorted(keyword_only_inputs), len(output), list(ctx.needs_input_grad[:1])))
        ctx.scale = keyword_only_inputs["scale"]

    def backward(ctx, first, second):
        return first * ctx.scale, [second, second]

    op.register_autograd(backward, setup_context=setup)
    a, b, c = (m.full((2,), float(i), requires_grad=True) for i in (1, 2, 3))
    first, second = op(a, [b, c], scale=5.0)
    return [first, second, m.autograd.grad((first * 2 + second * 3).sum(), [a, b, c]), seen]


def writing(m: Any) -> Any:
    def function(x, y):
        x.add_(y)

    function.__annotations__ = {"x": m.Tensor, "y": m.Tensor, "return": None}
    op = m.library.custom_op(name_of("writing"), function, mutates_args={"x"})
    x = m.ones(2)
    before = x._version
    result = op(x, m.full((2,), 3.0))
    refused = attempt(op.register_autograd, lambda ctx: None)
    return [result, x, x._version - before, refused, op._opoverload._schema.is_mutable]


def aliasing(m: Any) -> Any:
    found = []
    for function in (lambda x: x, lambda x: x.view(-1), lambda x: x.clone(), lambda x: 3):
        function.__annotations__ = {"x": m.Tensor, "return": m.Tensor}
        op = m.library.custom_op(name_of("aliasing"), function, mutates_args=())
        found.append(attempt(op, m.ones(2)))
    return found


def kernels(m: Any) -> Any:
    def function(x):
        return x + 1

    function.__annotations__ = {"x": m.Tensor, "return": m.Tensor}
    op = m.library.custom_op(name_of("kernels"), function, mutates_args=(), device_types="cuda")
    before = attempt(op, m.ones(1))
    op.register_kernel("cpu")(lambda x: x + 2)
    after = op(m.ones(1))
    m.library.register_kernel(op._qualname, "cpu", lambda x: x + 3)
    return [before, after, op(m.ones(1)), attempt(op.register_kernel, "zork", function)]


def rule_for_vmap(m: Any) -> Any:
    op = sine(m, "ruled")
    seen = []

    @op.register_vmap
    def rule(info, in_dims, x):
        seen.append((info.batch_size, in_dims, x.shape))
        return op(x), in_dims[0]

    x = m.arange(6.0).view(2, 3)
    return [m.vmap(op)(x), m.vmap(op, in_dims=1, out_dims=1)(x), seen]


def by_library(m: Any) -> Any:
    library, name = name_of("low").split("::")
    fragment = m.library.Library(library, "FRAGMENT")
    fragment.define(f"{name}(Tensor x, *, int n=1) -> Tensor")
    op = getattr(getattr(m.ops, library), name)
    x = m.ones(2, requires_grad=True)
    found = [attempt(op, x)]
    fragment.impl(name, lambda x, *, n=1: x * n, "CPU")
    found += [op(x, n=3), m.autograd.grad(op(x, n=3).sum(), x), attempt(fragment.impl, name, abs, "ZORK")]
    fragment.define(f"{name}.two(Tensor x, Tensor y) -> Tensor")
    fragment.impl(f"{name}.two", lambda x, y: x + y, "CompositeImplicitAutograd")
    found += [op(x, x), op.two(x, x), sorted(op.overloads()), attempt(op, x, x, x), attempt(getattr, op, "three")]
    fragment.impl(name, lambda x, *, n=1: x * 100, "Autograd")
    found += [op(x), str(op).replace(name, "f"), repr(op.two).replace(name, "f"), op.two.name().replace(name, "f")]
    m.library.define(f"{library}::{name}_later", "(Tensor x) -> Tensor")
    m.library.impl(f"{library}::{name}_later", "cpu")(lambda x: x - 1)
    m.library.register_autograd(f"{library}::{name}_later", lambda ctx, grad: grad * 7)
    later = getattr(getattr(m.ops, library), f"{name}_later")
    found += [later(x), m.autograd.grad(later(x).sum(), x)]
    found += [attempt(m.library.Library, library, "ZORK"), attempt(m.library.define, "none", "(Tensor x) -> Tensor")]
    found += [attempt(m.library.define, f"{library}::{name}", "(Tensor x) -> Tensor")]
    found += [attempt(m.library.register_autograd, f"{library}::{name}_none", abs)]
    found += [
        attempt(m.library.fallthrough_kernel),
        attempt(getattr, m.ops.mibun_none, "f"),
        attempt(m.ops.load_library, "x"),
    ]
    return found


def under_autocast(m: Any) -> Any:
    seen = []

    def function(x, others):
        seen.append((x.dtype, [one.dtype for one in others], m.is_autocast_enabled("cpu")))
        return x * 2

    function.__annotations__ = {"x": m.Tensor, "others": List[m.Tensor], "return": m.Tensor}
    op = m.library.custom_op(name_of("cast"), function, mutates_args=())
    op.register_autograd(lambda ctx, grad: (grad * 2, [None, None, None]))
    op.register_autocast("cpu", m.bfloat16)
    x = m.ones(2, requires_grad=True)
    others = [x.detach(), m.ones(2, dtype=m.float64), m.ones(2, dtype=m.int64)]
    found = [op(x, others).dtype]
    with m.autocast("cpu"):
        y = op(x, others)
        found.append(y.dtype)
    with m.autocast("cpu", enabled=False):
        found.append(op(x, others).dtype)
    m.library.register_autocast(op._qualname, "cuda", m.float16)
    return [found, seen, m.autograd.grad(y.float().sum(), x), attempt(op.register_autocast, "zork", m.float16)]


def checked(m: Any) -> Any:
    def changing(x):
        x.add_(1)
        return x.clone()

    changing.__annotations__ = {"x": m.Tensor, "return": m.Tensor}
    liar = m.library.custom_op(name_of("liar"), changing, mutates_args=())
    wrong = sine(m, "wrong")
    wrong.register_fake(lambda x: m.empty(1, dtype=x.dtype))
    check, x = m.library.opcheck, m.ones(2, dtype=m.float64, requires_grad=True)
    without = ("test_schema", "test_autograd_registration", "test_faketensor")
    return [
        check(sine(m, "checked"), (x,)),
        {k: type(v).__name__ for k, v in check(liar, (m.ones(2),), raise_exception=False).items()},
        attempt(check, liar, (m.ones(2),), test_utils="test_schema"),
        [v == "SUCCESS" for v in check(wrong, (x,), raise_exception=False, test_utils=without).values()],
        attempt(check, 3, ()),
        attempt(check, liar, (m.ones(2),), test_utils="zork"),
        check(m.ops.aten.sin.default, (m.ones(2),), test_utils="test_schema"),
    ]


PROGRAMS = (
    *(schemas, parsed, derivative, without_derivative, several, writing, aliasing, kernels, rule_for_vmap, by_library),
    under_autocast,
    checked,
)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_the_same_as_pytorch(program: Callable) -> None:
    assert_same(program, warn=False)
