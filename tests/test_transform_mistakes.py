"""Mistakes with function transforms: the class of PyTorch's exception, and a sentence that names what is wrong.

Each is a few lines over the names `torch`, those of `PRELUDE`, and installed PyTorch raises the class that is written
here, with the same first words (`tests/oracle/test_transform_errors_oracle.py`).
"""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import mibun
from vmap_mistakes import MISTAKES as MISTAKES_OF_VMAP

PRELUDE = """
nn, F, T = torch.nn, torch.nn.functional, torch.func
vmap, grad, vjp, jvp, jacrev, jacfwd, hessian = T.vmap, T.grad, T.vjp, T.jvp, T.jacrev, T.jacfwd, T.hessian
grad_and_value, linearize, functional_call = T.grad_and_value, T.linearize, T.functional_call
torch.manual_seed(0)
x, y, m = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([0.5, 0.25, 2.0]), torch.arange(6.0).reshape(2, 3)
ints, one = torch.tensor([1, 2, 3]), torch.tensor(2.0)
z = torch.tensor([1 + 1j, 2 - 1j])
layer = nn.Linear(3, 2)
def f(x):
    return x.sin()
def total(x):
    return x.sin().sum()
"""

# (name, exception, code, a word of the message: which argument it is, or what to do instead)
MISTAKES: list[tuple[str, str, str, str]] = [
    *MISTAKES_OF_VMAP,
    # --- grad ---
    ("grad of a vector", "RuntimeError", "grad(f)(x)", "scalar"),
    ("grad of one element", "RuntimeError", "grad(f)(torch.ones(1))", "scalar"),
    ("grad of a number", "RuntimeError", "grad(lambda a: 1.0)(x)", "Tensor"),
    ("grad of None", "RuntimeError", "grad(lambda a: None)(x)", "Tensor"),
    ("grad of a tuple", "RuntimeError", "grad(lambda a: (a.sum(), a))(x)", "Tensor"),
    ("grad of a list", "RuntimeError", "grad(lambda a: [a.sum()])(x)", "Tensor"),
    ("grad by integers", "RuntimeError", "grad(lambda a: a.sum())(ints)", "floating"),
    ("grad by booleans", "RuntimeError", "grad(lambda a: a.sum())(x > 1)", "floating"),
    ("grad by integers, floating result", "RuntimeError", "grad(lambda a: (a * 1.5).sum())(ints)", "floating"),
    ("grad of a complex number", "RuntimeError", "grad(lambda a: a.sum())(z)", "real"),
    ("grad by a number", "ValueError", "grad(lambda a: a * 2)(1.0)", "Tensor"),
    ("grad by a string", "ValueError", "grad(lambda a: x.sum())('a')", "Tensor"),
    ("grad by None", "ValueError", "grad(lambda a: x.sum())(None)", "Tensor"),
    ("grad by a list with a number", "ValueError", "grad(lambda a: a[0].sum())([x, 1.0])", "Tensor"),
    ("grad without arguments", "RuntimeError", "grad(lambda: one)()", "argnum"),
    ("argnums too large", "RuntimeError", "grad(total, 1)(x)", "argnum"),
    ("argnums too small", "RuntimeError", "grad(total, -2)(x)", "argnum"),
    ("argnums a tuple too large", "RuntimeError", "grad(total, (0, 1))(x)", "argnum"),
    ("argnums a string", "RuntimeError", "grad(total, 'x')(x)", "argnums"),
    ("argnums None", "RuntimeError", "grad(total, None)(x)", "argnums"),
    ("argnums a float", "RuntimeError", "grad(total, 0.0)(x)", "argnums"),
    ("argnums a list", "RuntimeError", "grad(total, [0])(x)", "argnums"),
    ("argnums empty", "RuntimeError", "grad(lambda: one, ())()", "argnums"),
    ("argnums empty with an argument", "RuntimeError", "grad(total, ())(x)", "argnums"),
    ("argnums twice", "RuntimeError", "grad(lambda a, b: a @ b, (0, 0))(x, y)", "argnums"),
    ("argnums twice, negative", "RuntimeError", "grad(lambda a, b: a @ b, (1, -1))(x, y)", "argnums"),
    ("argnums with a string", "RuntimeError", "grad(lambda a, b: a @ b, (0, 'b'))(x, y)", "argnum"),
    ("argnums of a keyword", "RuntimeError", "grad(total)(x=x)", "argnum"),
    ("aux missing", "RuntimeError", "grad(total, has_aux=True)(x)", "has_aux"),
    ("aux of three", "RuntimeError", "grad(lambda a: (a.sum(), a, a), has_aux=True)(x)", "has_aux"),
    ("aux in a list", "RuntimeError", "grad(lambda a: [a.sum(), a], has_aux=True)(x)", "has_aux"),
    ("aux is a number", "RuntimeError", "grad(lambda a: (a.sum(), 3), has_aux=True)(x)", ""),
    ("aux has a string in it", "RuntimeError", "grad(lambda a: (a.sum(), {'a': a, 'b': 'text'}), has_aux=True)(x)", ""),
    ("aux first", "RuntimeError", "grad(lambda a: (a, a.sum()), has_aux=True)(x)", "scalar"),
    ("grad_and_value of a vector", "RuntimeError", "grad_and_value(f)(x)", "scalar"),
    ("grad_and_value of a number", "RuntimeError", "grad_and_value(lambda a: 2.0)(x)", "Tensor"),
    ("grad_and_value, aux missing", "RuntimeError", "grad_and_value(total, has_aux=True)(x)", "has_aux"),
    ("grad_and_value, argnums too large", "RuntimeError", "grad_and_value(total, 2)(x)", "argnum"),
    ("grad of vmap without a sum", "RuntimeError", "grad(vmap(torch.sin))(x)", "scalar"),
    ("vmap of grad of a vector", "RuntimeError", "vmap(grad(f))(m)", "scalar"),
    ("grad of no function", "TypeError", "grad(3)(x)", ""),
    # --- vjp ---
    ("vjp of a number", "RuntimeError", "vjp(lambda a: 1.0, x)", "Tensor"),
    ("vjp of None", "RuntimeError", "vjp(lambda a: None, x)", ""),
    ("vjp of nothing", "RuntimeError", "vjp(lambda a: (), x)", "empty"),
    ("vjp of a container with a number", "RuntimeError", "vjp(lambda a: (a, 1.0), x)", "Tensor"),
    ("vjp of integers", "RuntimeError", "vjp(lambda a: a.long(), x)", "floating"),
    ("vjp by integers", "RuntimeError", "vjp(lambda a: a * 1.5, ints)[1](x)", "floating"),
    ("vjp by a number", "ValueError", "vjp(f, 1.0)", "Tensor"),
    ("vjp, aux missing", "RuntimeError", "vjp(f, x, has_aux=True)", "has_aux"),
    ("vjp, aux is a number", "RuntimeError", "vjp(lambda a: (a, 1), x, has_aux=True)", ""),
    ("cotangents of another shape", "RuntimeError", "vjp(f, x)[1](torch.ones(2))", "shape"),
    ("cotangents a number", "TypeError", "vjp(f, x)[1](1.0)", ""),
    ("cotangents None", "RuntimeError", "vjp(f, x)[1](None)", ""),
    ("cotangents in a tuple", "RuntimeError", "vjp(f, x)[1]((x,))", "cotangents"),
    ("cotangents missing", "RuntimeError", "vjp(lambda a: (a, a), x)[1](x)", "cotangents"),
    ("cotangents with other keys", "RuntimeError", "vjp(lambda a: {'a': a}, x)[1]({'b': x})", "cotangents"),
    ("cotangents complex for real", "RuntimeError", "vjp(f, x)[1](torch.ones(3, dtype=torch.complex64))", ""),
    (
        "vjp product after the graph is freed",
        "RuntimeError",
        ("p = vjp(f, x)[1]\np(x, retain_graph=False)\np(x)"),
        "second time",
    ),
    # --- jvp ---
    ("jvp primals no tuple", "RuntimeError", "jvp(f, x, (x,))", "primals"),
    ("jvp tangents no tuple", "RuntimeError", "jvp(f, (x,), x)", "tangents"),
    ("jvp primals a list", "RuntimeError", "jvp(f, [x], [x])", "primals"),
    ("jvp tangents a list", "RuntimeError", "jvp(f, (x,), [x])", "tangents"),
    ("jvp tangents too many", "RuntimeError", "jvp(f, (x,), (x, x))", "tangents"),
    ("jvp tangents missing", "RuntimeError", "jvp(torch.add, (x, y), (x,))", "tangents"),
    ("jvp tangents of another shape", "RuntimeError", "jvp(f, (x,), (torch.ones(2),))", "number 0"),
    ("jvp tangents of integers", "ValueError", "jvp(f, (x,), (ints,))", "tangent"),
    ("jvp tangents of a number", "RuntimeError", "jvp(f, (x,), (1.0,))", "tangents"),
    ("jvp tangents None", "RuntimeError", "jvp(f, (x,), (None,))", ""),
    ("jvp primals of a number", "RuntimeError", "jvp(f, (1.0,), (1.0,))", "primals"),
    ("jvp primals None", "RuntimeError", "jvp(f, (None,), (None,))", ""),
    ("jvp of no primals", "RuntimeError", "jvp(lambda: x, (), ())", "primals"),
    ("jvp by integers", "ValueError", "jvp(lambda a: a * 1.5, (ints,), (ints,))", "floating"),
    ("jvp of a number", "RuntimeError", "jvp(lambda a: 1.0, (x,), (x,))", "Tensor"),
    ("jvp of None", "RuntimeError", "jvp(lambda a: None, (x,), (x,))", ""),
    ("jvp of nothing", "RuntimeError", "jvp(lambda a: [], (x,), (x,))", "empty"),
    ("jvp of a container with a string", "RuntimeError", "jvp(lambda a: {'a': a, 'b': 'c'}, (x,), (x,))", "Tensor"),
    ("jvp, aux missing", "RuntimeError", "jvp(f, (x,), (x,), has_aux=True)", "has_aux"),
    ("jvp, aux is a number", "RuntimeError", "jvp(lambda a: (a, 1), (x,), (x,), has_aux=True)", ""),
    ("jvp strict of a constant", "RuntimeError", "jvp(lambda a: y, (x,), (x,), strict=True)", "strict"),
    ("jvp has_aux by position", "TypeError", "jvp(f, (x,), (x,), True)", ""),
    # --- linearize ---
    ("linearize tangents of another shape", "RuntimeError", "linearize(f, x)[1](torch.ones(2))", "shape"),
    ("linearize tangents of another dtype", "RuntimeError", "linearize(f, x)[1](x.double())", "dtype"),
    ("linearize tangents too many", "RuntimeError", "linearize(f, x)[1](x, x)", "tangents"),
    ("linearize tangents missing", "RuntimeError", "linearize(torch.mul, x, y)[1](x)", "tangents"),
    ("linearize tangents in a tuple", "RuntimeError", "linearize(f, x)[1]((x,))", "tangents"),
    ("linearize tangents of a number", "AttributeError", "linearize(f, x)[1](1.0)", ""),
    ("linearize by a number", "TypeError", "linearize(torch.sin, 1.0)", "primals"),
    # --- Jacobians ---
    ("jacrev by complex", "RuntimeError", "jacrev(f)(z)", "complex"),
    ("jacrev of complex", "RuntimeError", "jacrev(lambda a: torch.complex(a, a))(x)", "complex"),
    ("jacfwd by complex", "RuntimeError", "jacfwd(f)(z)", "complex"),
    ("jacfwd of complex", "RuntimeError", "jacfwd(lambda a: torch.complex(a, a))(x)", "complex"),
    ("jacrev of a number", "RuntimeError", "jacrev(lambda a: 1.0)(x)", "Tensor"),
    ("jacfwd of a number", "RuntimeError", "jacfwd(lambda a: 1.0)(x)", "Tensor"),
    ("jacrev of None", "RuntimeError", "jacrev(lambda a: None)(x)", ""),
    ("jacfwd of None", "RuntimeError", "jacfwd(lambda a: None)(x)", ""),
    ("jacrev by integers", "RuntimeError", "jacrev(lambda a: a * 1.5)(ints)", "floating"),
    ("jacfwd by integers", "ValueError", "jacfwd(lambda a: a * 1.5)(ints)", "floating"),
    ("jacrev of integers", "RuntimeError", "jacrev(lambda a: a.long())(x)", "floating"),
    ("jacrev by a number", "ValueError", "jacrev(f)(1.0)", "Tensor"),
    ("jacfwd by a number", "AttributeError", "jacfwd(f)(1.0)", "argnums"),
    ("jacrev argnums too large", "RuntimeError", "jacrev(f, 1)(x)", "argnum"),
    ("jacfwd argnums too large", "RuntimeError", "jacfwd(f, 1)(x)", "argnum"),
    ("jacrev argnums a string", "RuntimeError", "jacrev(f, 'x')(x)", "argnums"),
    ("jacfwd argnums a string", "RuntimeError", "jacfwd(f, 'x')(x)", "argnums"),
    ("jacrev argnums empty", "RuntimeError", "jacrev(f, ())(x)", "argnums"),
    ("jacfwd argnums empty", "RuntimeError", "jacfwd(f, ())(x)", "argnums"),
    ("jacrev argnums twice", "RuntimeError", "jacrev(torch.mul, (0, 0))(x, y)", "argnums"),
    ("jacfwd argnums twice", "RuntimeError", "jacfwd(torch.mul, (0, 0))(x, y)", "argnums"),
    ("jacrev without arguments", "RuntimeError", "jacrev(lambda: x)()", ""),
    ("jacfwd without arguments", "RuntimeError", "jacfwd(lambda: x)()", ""),
    ("jacrev, aux missing", "RuntimeError", "jacrev(f, has_aux=True)(x)", "has_aux"),
    ("jacfwd, aux missing", "RuntimeError", "jacfwd(f, has_aux=True)(x)", "has_aux"),
    ("jacrev chunk_size zero", "ValueError", "jacrev(f, chunk_size=0)(x)", "chunk_size"),
    ("jacrev chunk_size negative", "ValueError", "jacrev(f, chunk_size=-3)(x)", "chunk_size"),
    ("jacrev chunk_size by position", "TypeError", "jacrev(f, 0, 2)(x)", ""),
    ("jacfwd chunk_size", "TypeError", "jacfwd(f, chunk_size=2)(x)", ""),
    ("jacfwd randomness unknown", "RuntimeError", "jacfwd(f, randomness='each')(x)", "randomness"),
    ("jacfwd random numbers", "RuntimeError", "jacfwd(lambda a: a * torch.randn_like(a))(x)", "randomness"),
    ("jacrev random numbers", "RuntimeError", "jacrev(lambda a: a * torch.randn(4))(x)", ""),
    (
        "jacfwd value in if",
        "RuntimeError",
        "jacfwd(lambda a: a if a.sum() > 1e9 else vmap(lambda b: b if b > 1 else b)(a))(x)",
        "",
    ),
    ("hessian by complex", "RuntimeError", "hessian(lambda a: a.abs().sum())(z)", "complex"),
    ("hessian of a number", "RuntimeError", "hessian(lambda a: 1.0)(x)", "Tensor"),
    ("hessian argnums too large", "RuntimeError", "hessian(total, 1)(x)", "argnum"),
    ("hessian by integers", "ValueError", "hessian(lambda a: (a * 1.5).sum())(ints)", ""),
    ("hessian has_aux", "TypeError", "hessian(total, has_aux=True)(x)", ""),
    ("hessian random numbers", "RuntimeError", "hessian(lambda a: (a * torch.randn_like(a)).sum())(x)", "randomness"),
    # --- autograd inside of transforms ---
    (
        "backward inside grad",
        "RuntimeError",
        ("def g(a):\n    b = total(a)\n    b.backward()\n    return b\ngrad(g)(x)"),
        "backward",
    ),
    (
        "backward inside vmap",
        "RuntimeError",
        ("def g(a):\n    b = total(a)\n    b.backward()\n    return b\nvmap(g)(m.clone().requires_grad_())"),
        "",
    ),
    (
        "requires_grad_ inside grad",
        "RuntimeError",
        "grad(lambda a: total(a.detach().requires_grad_()))(x)",
        "requires_grad_",
    ),
    ("requires_grad_ inside vmap", "RuntimeError", "vmap(lambda a: a.clone().requires_grad_())(x)", "requires_grad_"),
    (
        "requires_grad_ of a constant inside grad",
        "RuntimeError",
        "grad(lambda a: total(a * torch.ones(3).requires_grad_()))(x)",
        "",
    ),
    (
        "retain_grad inside grad",
        "RuntimeError",
        ("def g(a):\n    b = a.sin()\n    b.retain_grad()\n    return b.sum()\ngrad(g)(x)"),
        "",
    ),
    (
        "saved tensor hooks outside",
        "RuntimeError",
        (
            "def g():\n"
            "    with torch.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t):\n"
            "        return grad(total)(x)\n"
            "g()"
        ),
        "saved tensor",
    ),
    (
        "checkpoint inside grad",
        "RuntimeError",
        ("from torch.utils.checkpoint import checkpoint\ngrad(lambda a: checkpoint(total, a, use_reentrant=True))(x)"),
        "",
    ),
    (
        "Function without setup_context",
        "RuntimeError",
        (
            "class G(torch.autograd.Function):\n"
            "    @staticmethod\n"
            "    def forward(ctx, a):\n"
            "        return a * 2\n"
            "    @staticmethod\n"
            "    def backward(ctx, g):\n"
            "        return g * 2\n"
            "grad(lambda a: G.apply(a).sum())(x)"
        ),
        "setup_context",
    ),
    (
        "Function without a vmap rule",
        "RuntimeError",
        (
            "class G(torch.autograd.Function):\n"
            "    @staticmethod\n"
            "    def forward(a):\n"
            "        return a * 2\n"
            "    @staticmethod\n"
            "    def setup_context(ctx, inputs, output):\n"
            "        pass\n"
            "    @staticmethod\n"
            "    def backward(ctx, g):\n"
            "        return g * 2\n"
            "vmap(G.apply)(x)"
        ),
        "vmap",
    ),
    (
        "Function with two vmap rules",
        "RuntimeError",
        (
            "class G(torch.autograd.Function):\n"
            "    generate_vmap_rule = True\n"
            "    @staticmethod\n"
            "    def forward(a):\n"
            "        return a * 2\n"
            "    @staticmethod\n"
            "    def setup_context(ctx, inputs, output):\n"
            "        pass\n"
            "    @staticmethod\n"
            "    def backward(ctx, g):\n"
            "        return g * 2\n"
            "    @staticmethod\n"
            "    def vmap(info, in_dims, a):\n"
            "        return a * 2, in_dims[0]\n"
            "vmap(G.apply)(x)"
        ),
        "generate_vmap_rule",
    ),
    (
        "Function without jvp in forward mode",
        "NotImplementedError",
        (
            "class G(torch.autograd.Function):\n"
            "    @staticmethod\n"
            "    def forward(a):\n"
            "        return a * 2\n"
            "    @staticmethod\n"
            "    def setup_context(ctx, inputs, output):\n"
            "        pass\n"
            "    @staticmethod\n"
            "    def backward(ctx, g):\n"
            "        return g * 2\n"
            "jvp(G.apply, (x,), (x,))"
        ),
        "jvp",
    ),
    (
        "Function whose vmap rule returns one thing",
        "RuntimeError",
        (
            "class G(torch.autograd.Function):\n"
            "    @staticmethod\n"
            "    def forward(a):\n"
            "        return a * 2\n"
            "    @staticmethod\n"
            "    def setup_context(ctx, inputs, output):\n"
            "        pass\n"
            "    @staticmethod\n"
            "    def backward(ctx, g):\n"
            "        return g * 2\n"
            "    @staticmethod\n"
            "    def vmap(info, in_dims, a):\n"
            "        return a * 2\n"
            "vmap(G.apply)(x)"
        ),
        "vmap",
    ),
    # --- Modules ---
    ("functional_call of no dict", "ValueError", "functional_call(layer, [layer.weight], x)", "dict"),
    ("functional_call of a string", "ValueError", "functional_call(layer, 'weight', x)", ""),
    ("functional_call of None", "ValueError", "functional_call(layer, None, x)", "dict"),
    (
        "functional_call name twice",
        "ValueError",
        "functional_call(layer, ({'weight': m}, {'weight': m}), x)",
        "multiple",
    ),
    (
        "functional_call strict, missing",
        "RuntimeError",
        "functional_call(layer, {'weight': m}, x, strict=True)",
        "bias",
    ),
    (
        "functional_call strict, unknown",
        "RuntimeError",
        "functional_call(layer, {**dict(layer.named_parameters()), 'b': x}, x, strict=True)",
        "b",
    ),
    ("functional_call value a number", "TypeError", "functional_call(layer, {'weight': 3.0}, x)", "Tensor"),
    ("functional_call value None", "TypeError", "functional_call(layer, {'weight': None}, x)", ""),
    (
        "functional_call value of another shape",
        "RuntimeError",
        "functional_call(layer, {'weight': torch.ones(2, 4)}, x)",
        "",
    ),
    ("functional_call too few arguments", "TypeError", "functional_call(layer, {'weight': m})", "argument"),
    ("functional_call too many arguments", "TypeError", "functional_call(layer, {}, (x, x))", "argument"),
    ("functional_call of no Module", "AttributeError", "functional_call(f, {}, x)", ""),
    ("stack_module_state of none", "RuntimeError", "T.stack_module_state([])", "model"),
    ("stack_module_state of several classes", "RuntimeError", "T.stack_module_state([layer, nn.Tanh()])", "class"),
    (
        "stack_module_state of both modes",
        "RuntimeError",
        "T.stack_module_state([nn.Linear(3, 2), nn.Linear(3, 2).eval()])",
        "mode",
    ),
    (
        "stack_module_state of several shapes",
        "RuntimeError",
        "T.stack_module_state([nn.Linear(3, 2), nn.Linear(2, 2)])",
        "",
    ),
    (
        "stack_module_state of a frozen one",
        "RuntimeError",
        "T.stack_module_state([nn.Linear(3, 2), nn.Linear(3, 2).requires_grad_(False)])",
        "requires_grad",
    ),
    ("stack_module_state of one Module", "TypeError", "T.stack_module_state(layer)", ""),
    (
        "batch norm that counts",
        "RuntimeError",
        (
            "bn = nn.BatchNorm1d(3)\n"
            "p, b = dict(bn.named_parameters()), dict(bn.named_buffers())\n"
            "vmap(lambda a: functional_call(bn, (p, b), (a,)))(torch.ones(2, 4, 3))"
        ),
        "",
    ),
    # --- captured Tensors, in place ---
    *[
        (f"captured in place: {name}", "RuntimeError", f"w = torch.ones(3).requires_grad_()\n{code}", "captured")
        for name, code in (
            ("a leaf", "grad(lambda a: (w.mul_(2) * a).sum())(x)"),
            (
                "a leaf, nothing recorded",
                "def g(a):\n    with torch.no_grad():\n        w.mul_(2)\n    return a.sum()\ngrad(g)(x)",
            ),
            ("a view of a leaf", "v = w[:2]\ngrad(lambda a: (v.mul_(2).sum() * a).sum())(x)"),
            ("a view made inside", "grad(lambda a: (w[:2].mul_(2).sum() * a).sum())(x)"),
            ("an element", "def g(a):\n    w[0] = 1.0\n    return a.sum()\ngrad(g)(x)"),
            ("a result", "v = w * 2\ngrad(lambda a: (v.mul_(a)).sum())(x)"),
            ("zero_", "v = w * 2\ngrad(lambda a: (v.zero_() + a).sum())(x)"),
            ("copy_", "v = w * 2\ngrad(lambda a: v.copy_(a).sum())(x)"),
            ("unsqueeze_", "v = w * 2\ngrad(lambda a: (v.unsqueeze_(0) * a).sum())(x)"),
            ("a parameter", "def g(a):\n    layer.weight.mul_(2)\n    return layer(a).sum()\ngrad(g)(x)"),
            ("vjp", "vjp(lambda a: w.mul_(2) * a, x)"),
            ("jvp", "jvp(lambda a: w.mul_(2) * a, (x,), (x,))"),
            ("jacrev", "jacrev(lambda a: w.mul_(2) * a)(x)"),
            ("jacfwd", "jacfwd(lambda a: w.mul_(2) * a)(x)"),
            ("hessian", "hessian(lambda a: (w.mul_(2) * a).sum())(x)"),
            ("the argument of an outer grad", "grad(lambda a: grad(lambda b: (a.mul_(2) * b).sum())(x).sum())(x)"),
            (
                "a result in an outer grad",
                "def g(a):\n    c = a * 1\n    return grad(lambda b: (c.mul_(2) * b).sum())(x).sum()\ngrad(g)(x)",
            ),
            ("inside vmap", "vmap(grad(lambda a: (w.mul_(2) * a).sum()))(m)"),
            ("around vmap", "grad(lambda a: vmap(lambda b: w.mul_(2) * b)(a).sum())(m)"),
        )
    ],
]


def outcome(torch: Any, code: str) -> tuple[str, str]:
    """(class, message) of the exception that the last line of `code` raises; ("", result) if it does not."""
    names: dict[str, Any] = {"torch": torch}
    *before, last = code.replace("from torch.", f"from {torch.__name__}.").split("\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(PRELUDE, names)
        exec("\n".join(before), names)
        try:
            return "", repr(eval(last, names))
        except Exception as error:
            return type(error).__name__, str(error)


@pytest.mark.parametrize(("kind", "code", "word"), [one[1:] for one in MISTAKES], ids=[one[0] for one in MISTAKES])
def test_mistake_is_explained(kind: str, code: str, word: str) -> None:
    raised, message = outcome(mibun, code)
    assert raised == kind, message
    assert word.lower() in message.lower()


def test_names_are_unique() -> None:
    assert len({one[0] for one in MISTAKES}) == len(MISTAKES) > 250


def test_nothing_is_left_over() -> None:
    """After all these errors no level is in force, and transforms work."""
    from mibun.core.mode import MODE

    assert not MODE.get().transforms
    assert mibun.func.vmap(mibun.func.grad(mibun.sin))(mibun.zeros(2)).tolist() == [1.0, 1.0]
