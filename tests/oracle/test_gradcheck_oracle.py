"""The verdicts of gradcheck and gradgradcheck, and the first line of what they say, against installed PyTorch."""

import importlib
import inspect
import warnings

import numpy as np
import pytest

import mibun

oracle = pytest.importorskip("torch")

# Forward mode of PyTorch's own operators loads torch.jit, which warns of itself.
pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")]


def build_functions(t):
    """Functions with right and wrong derivatives for one of the two libraries."""
    functions = {}

    def define(name, forward, backward, jvp=None, materialize=True):
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)
            ctx.save_for_forward(*inputs)
            ctx.set_materialize_grads(materialize)

        members = {
            "forward": staticmethod(forward),
            "setup_context": staticmethod(setup_context),
            "backward": staticmethod(backward),
        }
        if jvp is not None:
            members["jvp"] = staticmethod(jvp)
        functions[name] = type(name, (t.autograd.Function,), members).apply

    def saved(ctx):
        return ctx.saved_tensors[0]

    def square(x):
        return x * x

    calls = [0]

    def drifting(ctx, g):
        calls[0] += 1
        return g * (2 * saved(ctx) + 1e-7 * (calls[0] % 3))

    def nothing_or_ones(ctx, g):
        return saved(ctx) * 0 + 1 if g is None else g * 2 * saved(ctx)

    def right_backward(ctx, g):
        return g * 2 * saved(ctx).conj()

    def right_jvp(ctx, tangent):
        return tangent * 2 * saved(ctx)

    define("right", square, right_backward, right_jvp)
    define("wrong_backward", square, lambda ctx, g: g * 3 * saved(ctx), right_jvp)
    define("wrong_jvp", square, right_backward, lambda ctx, tangent: tangent * 3 * saved(ctx))
    define("wrong_conjugate", square, lambda ctx, g: g * 2 * saved(ctx), right_jvp)
    define("wrong_jvp_conjugate", square, right_backward, lambda ctx, tangent: tangent * 2 * saved(ctx).conj())
    define("wrong_second", square, lambda ctx, g: g * 2 * saved(ctx).detach(), right_jvp)
    define("wrong_imaginary", lambda x: x.real * 2, lambda ctx, g: g * (2 + 1j))
    define("drifting", square, drifting)
    define("adds", square, lambda ctx, g: g * 2 * saved(ctx) + 1e-7)
    define("wrong_undefined", square, nothing_or_ones, materialize=False)
    return functions


# name: (first or second order, func and inputs from the library, its functions and its tensor maker, options)
CASES = {}


def case(name, build, second=False, **options):
    CASES[name] = (build, second, options)
    CASES[f"{name}, fast"] = (build, second, {**options, "fast_mode": True})


case("square", lambda t, f, x: (lambda a: a * a, x(3)))
case("square, forward", lambda t, f, x: (lambda a: a * a, x(3)), check_forward_ad=True)
case("several", lambda t, f, x: (lambda a, b: (a * b, a.exp(), b.sum()), (x(2, 3), x(2, 3))), check_forward_ad=True)
case("broadcast", lambda t, f, x: (lambda a, b: a / b, (x(3, 1), x(2))), check_forward_ad=True)
case("0-d", lambda t, f, x: (lambda a: a.log(), x()), check_forward_ad=True)
case("empty", lambda t, f, x: (lambda a: a * a, t.zeros(0, 2, dtype=t.float64, requires_grad=True)))
case("empty to full", lambda t, f, x: (lambda a: a.sum(), x(0)))
case("full to empty", lambda t, f, x: (lambda a: a[:0], x(2)))
case("unused input", lambda t, f, x: (lambda a, b: a * 2, (x(2), x(2))))
case("not a tensor", lambda t, f, x: (lambda a, k: a**k, (x(2), 3)))
case("input returned", lambda t, f, x: (lambda a: (a, a), x(3)))
case("constant", lambda t, f, x: (lambda a: t.ones(3), x(3)))
case("detached", lambda t, f, x: (lambda a: a.detach() * 2, x(3)))
case("half detached", lambda t, f, x: (lambda a: a.detach() * a, x(3)))
case("detached beside", lambda t, f, x: (lambda a: (a * 2, a.detach() * 3), x(3)))
case("transposed", lambda t, f, x: (lambda a: a * a, x(2, 3).detach().t().requires_grad_()))
case("not a leaf", lambda t, f, x: (lambda a: a * a, x(3) * 2))
case("the same twice", lambda t, f, x: ((lambda a: lambda: (lambda b, c: b * c, (a, a)))(x(3)))())
case("complex", lambda t, f, x: (lambda a: a * a.conj() + a, x(2, kind="complex")), check_forward_ad=True)
case("complex to real", lambda t, f, x: (lambda a: a.abs(), x(3, kind="complex")), check_forward_ad=True)
case("real to complex", lambda t, f, x: (lambda a: a * (1 + 2j), x(3)), check_forward_ad=True)
case("mixed", lambda t, f, x: (lambda a, b: a * b, (x(2), x(2, kind="complex"))), check_forward_ad=True)
case("float32", lambda t, f, x: (lambda a: a * a, x(3, kind="float32")))
case("float32, large steps", lambda t, f, x: (lambda a: a * a, x(3, kind="float32")), eps=1e-2, atol=1e-2)
case("nan", lambda t, f, x: (lambda a: (a - 100).sqrt(), x(2)))
case("nothing requires grad", lambda t, f, x: (lambda a: a * a, x(2).detach()))
case("expanded", lambda t, f, x: (lambda a: a * a, x(1).detach().expand(3).requires_grad_()))
case("neither mode", lambda t, f, x: (lambda a: a * a, x(2)), check_backward_ad=False)
case("forward only", lambda t, f, x: (lambda a: a * a, x(2)), check_backward_ad=False, check_forward_ad=True)
case("masked", lambda t, f, x: (lambda a: a * a, x(2)), masked=True)
case("dtypes", lambda t, f, x: (lambda a: a * a, x(2)), check_grad_dtypes=True)
case("raises", lambda t, f, x: (lambda a: 1 / 0, x(2)))
case("leaf modified", lambda t, f, x: (lambda a: a.mul_(2), x(2)))
for function in ("right", "wrong_backward", "wrong_jvp", "wrong_conjugate", "wrong_jvp_conjugate", "wrong_second"):
    for kind in ("float64", "complex"):
        build = lambda t, f, x, function=function, kind=kind: (f[function], x(2, kind=kind))  # noqa: E731
        case(f"{function} {kind}", build)
        case(f"{function} {kind}, forward", build, check_forward_ad=True)
        if function != "wrong_backward":  # forward and reverse disagree: which one is compared first is no verdict
            case(f"{function} {kind}, second order", build, second=True)
case("wrong_imaginary", lambda t, f, x: (f["wrong_imaginary"], x(2, kind="complex")))
case("drifting", lambda t, f, x: (f["drifting"], x(2)))
case("drifting, some tolerance", lambda t, f, x: (f["drifting"], x(2)), nondet_tol=1e-9)
case("adds, some tolerance", lambda t, f, x: (f["adds"], x(2)), nondet_tol=1e-5)
case("wrong_undefined", lambda t, f, x: (f["wrong_undefined"], x(2)))
case("wrong_undefined unchecked", lambda t, f, x: (f["wrong_undefined"], x(2)), check_undefined_grad=False)
case("cube", lambda t, f, x: (lambda a: a**3, x(3)), second=True)
case("cube, fwd over rev", lambda t, f, x: (lambda a: a**3, x(3)), second=True, check_fwd_over_rev=True)
case("cube, gaps", lambda t, f, x: (lambda a: a**3, x(3)), second=True, gen_non_contig_grad_outputs=True)
case("linear", lambda t, f, x: (lambda a: a * 3, x(3)), second=True)
case("complex cube", lambda t, f, x: (lambda a: a * a * a.conj(), x(2, kind="complex")), second=True)
case("second, no mode", lambda t, f, x: (lambda a: a**3, x(3)), second=True, check_rev_over_rev=False)
case(
    "second, undefined without reverse",
    lambda t, f, x: (lambda a: a**3, x(3)),
    second=True,
    check_rev_over_rev=False,
    check_fwd_over_rev=True,
)
case("second, nothing requires grad", lambda t, f, x: (lambda a: a**3, x(3).detach()), second=True)


def verdict(library, build, second, options):
    """True, or the class and the first line of the error; and the warnings given."""

    def tensor(*shape, kind="float64"):
        random = np.random.default_rng(len(shape))
        values = random.uniform(0.5, 2.0, shape)
        if kind == "complex":
            values = values + 1j * random.uniform(0.5, 2.0, shape)
        dtype = {"float64": library.float64, "float32": library.float32, "complex": library.complex128}[kind]
        return library.tensor(values, dtype=dtype, requires_grad=True)

    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        func, inputs = build(library, build_functions(library), tensor)
        check = library.autograd.gradgradcheck if second else library.autograd.gradcheck
        try:
            outcome = check(func, inputs, **options)
        except Exception as error:
            # PyTorch's sentence is the start of mibun's
            outcome = type(error).__name__, str(error).partition("\n")[0]
        try:
            quiet = check(func, inputs, raise_exception=False, **options)
        except Exception as error:
            quiet = type(error).__name__
    kinds = {str(item.message)[:40] for item in given if issubclass(item.category, UserWarning)}
    return outcome, quiet, {kind for kind in kinds if not kind.startswith("Backwards compatibility")}


@pytest.mark.parametrize("name", CASES)
def test_verdict(name):
    found, quiet, warned = verdict(mibun, *CASES[name])
    expected, expected_quiet, expected_warned = verdict(oracle, *CASES[name])
    assert (quiet, warned) == (expected_quiet, expected_warned)
    if expected is True:
        assert found is True
    else:
        assert found[0] == expected[0]
        assert found[1].startswith(expected[1][:40])


@pytest.mark.parametrize("name", ["gradcheck", "gradgradcheck"])
def test_signature(name):
    def signature(library):
        parameters = inspect.signature(getattr(library.autograd, name)).parameters.values()
        return [(item.name, item.kind, item.default) for item in parameters]

    assert signature(mibun) == signature(oracle)


@pytest.mark.parametrize(
    "function, kind, options",
    [
        ("wrong_backward", "float64", {}),
        ("wrong_conjugate", "complex", {}),
        ("wrong_jvp", "float64", {"check_forward_ad": True}),
        ("wrong_jvp_conjugate", "complex", {"check_forward_ad": True}),
        ("wrong_imaginary", "complex", {}),
    ],
)
def test_the_printed_jacobians(function, kind, options):
    def printed(library):
        values = np.array([1.5, 0.5]) + (np.array([0.25, 2.0]) * 1j if kind == "complex" else 0)
        with pytest.raises(importlib.import_module(f"{library.__name__}.autograd.gradcheck").GradcheckError) as caught:
            library.autograd.gradcheck(
                build_functions(library)[function], library.tensor(values, requires_grad=True), **options
            )
        text = str(caught.value)
        return text[: text.index("analytical:")]

    assert printed(mibun) == printed(oracle)
