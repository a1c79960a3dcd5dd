"""Function transforms on mibun and on installed torch: random compositions agree, and so do the errors.

MIBUN_TRANSFORMS_SEED and MIBUN_TRANSFORMS_COUNT choose the random programs (see random_transforms.py); a failure prints
the program, and how to repeat it.
"""

from __future__ import annotations

import inspect
import os
import warnings

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402
import random_transforms  # noqa: E402

START = int(os.environ.get("MIBUN_TRANSFORMS_SEED", "0"))
COUNT = int(os.environ.get("MIBUN_TRANSFORMS_COUNT", "2000"))
CHUNK = 50

pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")  # PyTorch's own, in forward mode


@pytest.mark.parametrize("start", range(START, START + COUNT, CHUNK))
def test_random_compositions(start):
    random_transforms.REFUSED.clear()
    for seed in range(start, min(start + CHUNK, START + COUNT)):
        words = random_transforms.compare(mibun, torch, seed)
        assert words is None, f"{words}\n\n{random_transforms.source(seed)}\npython tests/random_transforms.py {seed} 1"
    assert len(random_transforms.REFUSED) < CHUNK // 5  # the programs are such as PyTorch runs


# Each on a vector x and a matrix m of float64, with the functions of torch.func: the results or the errors are equal.
CASES = """
grad(lambda y: y.sum())(torch.tensor([1, 2]))
grad(lambda y: y)(1.0)
grad(lambda y: y.sum(), argnums=2)(x)
grad(lambda y, z: (y * z).sum(), argnums=-1)(x, x)
grad(lambda y, z: y.sum(), argnums=-3)(x, x)
grad(lambda y, z: y.sum(), argnums=(0, 0))(x, x)
grad(lambda y, z: y.sum(), argnums=(0, -2))(x, x)
grad(lambda y, z: y.sum(), argnums=())(x, x)
grad(lambda y, z: y.sum(), argnums=[0])(x, x)
grad(lambda y, z: y.sum(), argnums=1.0)(x, x)
grad(lambda y, z: y.sum(), argnums=(1.0,))(x, x)
grad(lambda y, z: (y * z).sum(), argnums=(1, 0))(x, x * 2)
grad(lambda d: d["a"].sum() + d["b"])({"a": x, "b": 2.0})
grad(lambda d: (d["a"] * d["b"][0]).sum())({"a": x, "b": [x, x]})
grad(lambda d: d[0].sum())((x, None))
grad(lambda y: (y.sum(), 3), has_aux=True)(x)
grad(lambda y: (y.sum(), None), has_aux=True)(x)
grad(lambda y: (y.sum(), "a"), has_aux=True)(x)
grad(lambda y: (y.sum(), (y, {"a": y * 2})), has_aux=True)(x)
grad(lambda y: y.sum(), has_aux=True)(x)
grad_and_value(lambda y: ((y * y).sum(), y), has_aux=True)(x)
grad(lambda y: (y.sum(),))(x)
grad(lambda y: None)(x)
grad(lambda y: y)(x)
grad(lambda y: torch.tensor(3))(x)
grad(lambda y: torch.tensor(3.0))(x)
grad(lambda y: y)(x[0])
grad(lambda y: y)(torch.tensor(3.0 + 1j))
grad(lambda y: y.abs())(torch.tensor(3.0 + 4j))
grad(lambda y: y.mul_(2).sum())(x.clone())
grad(lambda y: (y.detach() * y).sum())(x)
grad(lambda q: grad(lambda y: (y.detach() * y).sum())(q).sum())(x)
grad(lambda y: torch.autograd.grad((y**3).sum(), y, create_graph=True)[0].sum())(x)
grad(lambda y: y.sum() * y.sum().item())(x)
grad(lambda y: torch.zeros(3).requires_grad_().sum() * y.sum())(x)
grad(lambda y: (y * y).sum().backward())(x)
vmap(lambda y: y.sum().backward())(m)
jvp(lambda y: y.sum().backward(), (x,), (x,))
grad(lambda y: (y * y).retain_grad())(x)
grad(lambda y, scale=2.0: (y * scale).sum())(x, scale=5.0)
vjp(lambda: x)[0]
vjp(lambda y: None, x)
vjp(lambda y: (), x)
vjp(lambda y: y.long(), x)
vjp(lambda y: (y, "a"), x)
vjp(lambda y: y, "a")
vjp(lambda y: (y, y), x)[1](x)
vjp(lambda y: {"a": y}, x)[1]({"b": x})
vjp(lambda y: y, x)[1](x[0])
vjp(lambda y: y, x)[1](1.0)
vjp(lambda y: y, x)[1](None)
vjp(lambda y: y * 2, x)[1](x.float())
vjp(lambda y, z: (y * z, {"s": z.sum()}), x, x * 2)[1]((x, {"s": x[0]}))
vjp(lambda y: (y, y * 2), x, has_aux=True)[2]
vjp(lambda y: y, x, has_aux=True)
(lambda product: (product(x), product(x * 2)))(vjp(lambda y: y * y, x)[1])
(lambda product: (product(x, retain_graph=False), product(x)))(vjp(lambda y: y * y, x)[1])
jvp(lambda y: y * y, x, x)
jvp(lambda y: y * y, (x,), x)
jvp(lambda y: y * y, (x,), (x, x))
jvp(lambda y: y * y, (x,), (x[0],))
jvp(lambda y: y * y, (x,), (x[:2],))
jvp(lambda y: y * y, (1.0,), (x,))
jvp(lambda y: y * y, (x,), (1.0,))
jvp(lambda y: y * y, (), ())
jvp(lambda y: y * y, ({"a": x},), ({"b": x},))
jvp(lambda y: x * 1, (x,), (x,))
jvp(lambda y: x * 1, (x,), (x,), strict=True)
jvp(lambda y: (y, y * 2), (x,), (x,), has_aux=True)
jvp(lambda y: y, (x,), (x,), has_aux=True)
jvp(lambda y: (y, 3), (x,), (x,))
jvp(lambda y: None, (x,), (x,))
jvp(lambda y: y.mul_(2), (x.clone(),), (x.clone(),))
jvp(lambda y: y.long(), (x,), (x,))
jvp(lambda y: y.detach() * y, (x,), (x,))
jvp(lambda y: y, (torch.tensor([1, 2]),), (torch.tensor([1, 2]),))
jvp(lambda y, z: {"a": y * z, "b": [z]}, (x, x * 2), (x, x * 3))
linearize(lambda y: y * y, x)[1](x)
linearize(lambda y: (y.sin(), {"a": y.sum()}), x)[1](x * 2)
linearize(lambda y: y * y, x)[1](x, x)
linearize(lambda y: y * y, x)[1](x[:2])
linearize(lambda y: y * y, x)[1](x.float())
jacrev(lambda y: y * y, chunk_size=0)(x)
jacrev(lambda y: y * y, chunk_size=2)(x)
jacrev(lambda y: y * y, chunk_size=1)(x)
jacrev(lambda y: y * y, chunk_size=2, _preallocate_and_copy=True)(x)
jacrev(lambda y: y * y)(torch.tensor([1j]))
jacrev(lambda y: torch.complex(y, y))(x)
jacfwd(lambda y: y * y)(torch.tensor([1j]))
jacfwd(lambda y: torch.complex(y, y))(x)
jacrev(lambda y, z: (y * z, {"s": (y + z).sum()}), argnums=(1, 0))(x, x * 2)
jacfwd(lambda y, z: (y * z, {"s": (y + z).sum()}), argnums=(1, 0))(x, x * 2)
jacrev(lambda d: {"o": d["a"][:2] * d["b"]})({"a": x, "b": x[0]})
jacfwd(lambda d: {"o": d["a"][:2] * d["b"]})({"a": x, "b": x[0]})
jacrev(lambda y: (y * y, y), has_aux=True)(x)
jacfwd(lambda y: (y * y, y), has_aux=True)(x)
jacrev(lambda y: y, argnums=1)(x)
jacfwd(lambda y: y, argnums=1)(x)
jacfwd(lambda y: y.sum())(m)
jacrev(lambda y: y.sum())(m)
jacrev(lambda y: y.sum(0))(m)
jacfwd(lambda y: y * torch.rand(3), randomness="error")(x)
hessian(lambda y: (y**3).sum())(x)
hessian(lambda y, z: (y * z).prod(), argnums=(0, 1))(x, x * 2)
functionalize(lambda y: y.clone().add_(1), remove="views")(x)
functionalize(lambda y: y.clone().add_(1), remove="mutations_and_views")(x)
vmap(lambda y: y, in_dims=2)(m)
vmap(lambda y: y, in_dims=-3)(m)
vmap(lambda y: y, in_dims="a")(m)
vmap(lambda y: y, in_dims=[0])(m)
vmap(lambda y: y, in_dims=(0, 0))(m)
vmap(lambda y: y, in_dims=(None,))(m)
vmap(lambda y: y, in_dims=(1.0,))(m)
vmap(lambda y: y)()
vmap(lambda y: y)(1.0)
vmap(lambda y: y)(x[0])
vmap(lambda y, z: y)(m, x[:2])
vmap(lambda y: y, out_dims=2)(m)
vmap(lambda y: y, out_dims="a")(m)
vmap(lambda y: y, out_dims=(0, 1))(m)
vmap(lambda y: (y, y), out_dims=(0, 1))(m)
vmap(lambda y: (y, y), out_dims=(0, 1, 0))(m)
vmap(lambda y: {"a": y, "b": [y]}, out_dims={"a": 1, "b": [0]})(m)
vmap(lambda y: y, out_dims=None)(m)
vmap(lambda y: 3)(m)
vmap(lambda y: (y, 3), out_dims=(0, None))(m)
vmap(lambda y: None)(m)
vmap(lambda y: y, randomness="often")(m)
vmap(lambda y: y, chunk_size=0)(m)
vmap(lambda y: y * 2, chunk_size=1)(m)
vmap(lambda y, z: y * z, in_dims=(1, None), chunk_size=2, out_dims=-1)(m, x[:2])
vmap(lambda y: (y, y.sum()), chunk_size=2, out_dims=(1, 0))(m)
vmap(lambda d: d["a"] * d["b"], in_dims=({"a": 0, "b": None},))({"a": m, "b": x})
vmap(lambda d: d["a"], in_dims=({"a": 0, "c": None},))({"a": m, "b": x})
vmap(lambda y, scale=1.0: y * scale)(m, scale=x)
vmap(vmap(lambda y: y.sin()), in_dims=1, out_dims=1)(m)
stack_module_state([])
stack_module_state([torch.nn.Linear(1, 1), torch.nn.ReLU()])
stack_module_state([torch.nn.Linear(1, 1), torch.nn.Linear(1, 1).eval()])
stack_module_state([torch.nn.Linear(1, 1), torch.nn.Linear(1, 1).requires_grad_(False)])
functional_call(torch.nn.Linear(3, 1), [1], x)
functional_call(torch.nn.Linear(3, 1), ({"bias": x}, {"bias": x}), x)
functional_call(torch.nn.Linear(3, 1), 3, x)
functional_call(torch.nn.Linear(3, 1), {"bias": x}, x, strict=True)
functional_call(torch.nn.Linear(3, 1), {"weight": m, "bias": x[:2]}, (x,), strict=True)
functional_call(torch.nn.Linear(3, 1), {"weight": m, "bias": x[:2], "more": x}, (x,))
rearrange(m, "a b -> b a")
rearrange(m, "a (b c) -> c (a b)", b=3)
rearrange(m, "a b -> a b c")
rearrange(m, "... b -> b ...")
rearrange(m, "a ... -> (a ...)")
rearrange(m, "a b -> a 1 b ()")
rearrange([m, m], "s a b -> a (s b)")
rearrange(m, "a b")
rearrange(m, "a a -> a")
rearrange(m, "a b c -> a b c")
rearrange(m, "a (b -> a b")
rearrange(m, "a b) -> a b")
rearrange(m, "a 2 -> a 2")
rearrange(m, "a b -> b a", c=1)
rearrange(m, "a b -> b a", b=1.0)
debug_unwrap(x)
vmap(lambda y: torch.tensor(list(debug_unwrap(y).shape) + [0.0]) * y.sum())(m)
""".strip().splitlines()

NAMES = torch.func.__all__


def outcome(library, text: str) -> object:
    """What a case gives on a library: arrays in containers, or the class of the error and its first words."""
    x = library.tensor([0.3, -0.7, 1.1], dtype=library.float64)
    m = library.stack([x, x * 2])
    names = {"torch": library, "x": x, "m": m, **{name: getattr(library.func, name) for name in NAMES}}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = eval(text, names)  # noqa: S307 (the text is ours)
    except Exception as error:
        return type(error).__name__, str(error)
    listed = lambda leaf: leaf.detach().numpy().tolist() if isinstance(leaf, library.Tensor) else leaf  # noqa: E731
    return library.utils._pytree.tree_map(listed, result)


@pytest.mark.parametrize("text", CASES)
def test_results_and_errors(text):
    ours, theirs = outcome(mibun, text), outcome(torch, text)
    if isinstance(theirs, tuple) and len(theirs) == 2 and isinstance(theirs[0], str):
        assert isinstance(ours, tuple) and ours[0] == theirs[0], (ours, theirs)
        # The beginning is PyTorch's, where it speaks of the transforms and not of its insides.
        assert ours[1][:25] == theirs[1][:25], (ours[1], theirs[1])
    else:
        assert random_transforms.difference(*flat(ours, theirs)) is None, (ours, theirs)


def flat(*results: object) -> list[list]:
    """The numbers of results as arrays, with the structure checked by that of the first."""
    specs = [mibun.utils._pytree.tree_structure(result) for result in results]
    assert specs[0] == specs[1]
    return [[np.asarray(leaf) for leaf in mibun.utils._pytree.tree_leaves(result)] for result in results]


@pytest.mark.parametrize("name", NAMES)
def test_signatures(name):
    ours, theirs = (inspect.signature(getattr(library.func, name)) for library in (mibun, torch))
    assert list(ours.parameters) == list(theirs.parameters)
    for one, other in zip(ours.parameters.values(), theirs.parameters.values(), strict=True):
        assert (one.kind, one.default) == (other.kind, other.default)
