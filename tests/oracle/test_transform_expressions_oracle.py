"""Expressions with function transforms, a line each, give the same on mibun and on PyTorch: values, dtypes, errors.

They are about how transforms meet the rest: modes, other dtypes, keyword arguments, containers, in-place operations,
views, indexing, hooks, values of examples, `torch.autograd` inside and outside.
"""

from __future__ import annotations

import copy
import functools
import warnings
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402

EXPRESSIONS = """
[t.requires_grad for t in (grad(lambda a: (a*w).sum())(x), vmap(lambda a: a*w)(m), grad(lambda a: (a**2).sum())(x))]
(lambda g: torch.autograd.grad(g.sum(), w)[0])(grad(lambda a: (a**2*w).sum())(x))
grad(lambda a: (a.detach()*a).sum())(x)
grad(lambda a: torch.no_grad()(lambda b: b**2)(a).sum() + a.sum())(x)
torch.no_grad()(lambda: grad(lambda a: (a**2).sum())(x))()
torch.no_grad()(lambda: grad(lambda a: (a**2*w).sum())(x).requires_grad)()
torch.inference_mode()(lambda: grad(lambda a: (a**2).sum())(x))()
torch.inference_mode()(lambda: jacfwd(lambda a: a**2)(x))()
torch.inference_mode()(lambda: vmap(hessian(lambda a: (a**3).sum()))(m))()
vmap(lambda a, k: a*k, in_dims=(0, None))(m, 2.0)
vmap(lambda a, k=None: a*k)(m, k=x)
vmap(functools.partial(torch.mul, x))(m)
vmap(functools.partial(lambda a, b: a@b, b=x))(m)
vmap(torch.Tensor.sum)(m)
vmap(nn.Linear(3, 2))(m).shape
vmap(lambda a: a.T, in_dims=-1, out_dims=-1)(B)
vmap(lambda a: (a, a.sum()), in_dims=1, out_dims=(-1, -1))(B)
vmap(lambda a: a.sum(-1), in_dims=2, out_dims=1)(B)
vmap(torch.sin)(torch.ones(0, 3)).shape
vmap(lambda a: a.mean(), in_dims=1)(torch.ones(0, 3))
vmap(lambda a: 2*a, chunk_size=2)(m)
vmap(lambda a: a > 0)(m)
vmap(lambda a: a.argmax())(m)
vmap(lambda a: (a > 0).any())(m)
vmap(lambda a: a.to(torch.int32))(m)
vmap(lambda a: a.bfloat16().float())(m)
vmap(lambda a: a.half().sin())(m)
vmap(lambda a: a.type(torch.complex128) * 1j)(m)
grad(lambda a: (a.half()**2).sum().double())(x)
jvp(lambda a: a.float().sin(), (x,), (y,))
jacrev(lambda a: a.float() * 2)(x)
jacfwd(lambda a: (a, a.long()))(x)
jvp(lambda a: (a*2, a.argmax()), (x,), (y,))
vmap(lambda a: torch.ones(2))(m)
vmap(lambda a: w)(m)
vmap(lambda a: w.sum() * 1)(m).requires_grad
vmap(lambda a: torch.arange(3) + a)(m)
grad(lambda a: a.sum() * 0 + 3)(x)
grad(lambda a: torch.tensor(3.0))(x)
grad(lambda a: y.sum())(x)
jacrev(lambda a: y)(x)
jacfwd(lambda a: y)(x)
jvp(lambda a: y, (x,), (y,))
hessian(lambda a: a.sum())(x)
vjp(lambda a: (a.sin(), y), x)[1]((x, x))
vmap(grad(lambda a: y.sum()))(m)
vmap(lambda a: grad(lambda b: a.sum())(x))(m)
F.linearize(lambda a: (a.sin(), a.sum()), x)[1](y)
vmap(F.linearize(lambda a: a.sin(), x)[1])(m)
jacrev(F.linearize(lambda a: a.sin(), x)[1])(y)
vmap(vjp(lambda a: a.sin(), x)[1])(m)
jvp(vjp(torch.sin, x)[1], (y,), (x,))
jacfwd(lambda a: vjp(torch.sin, a)[1](y)[0])(x)
grad(lambda a: vmap(lambda b: (a*b).sum())(m).prod())(x)
hessian(lambda a: vmap(lambda b: (a*b).sum().sin())(m).prod())(x)
jacfwd(jacfwd(jacfwd(lambda a: vmap(lambda b: (a*b).sin().sum())(m).prod())))(x)
vmap(vmap(vmap(torch.sin)))(B)
vmap(vmap(lambda a, b: a@b, (None, 0)), (0, None))(m, m)
vmap(vmap(lambda a, b: a@b, (0, None)), (None, 0))(m, m)
vmap(lambda a: vmap(lambda b: vmap(lambda c: a@b*c)(x))(m))(m)
vmap(lambda t: t["a"][0] * t["b"], in_dims=({"a": [0], "b": None},))({"a": [m], "b": x})
vmap(lambda *ts: sum(ts), in_dims=(0, None, 1))(m, x, m.T)
vmap(lambda a, *, s: a * s)(m, s=torch.tensor(3.0))
grad(lambda a, s=1.0: (a * s).sum())(x, s=2.0)
grad(lambda p: p["a"].sum() * p["b"][1], has_aux=False)({"a": x, "b": (x[0], x[1])})
grad(lambda a, b: (a*b).sum(), argnums=(1, 0))(x, y)
grad(lambda a, b: (a*b).sum(), argnums=-1)(x, y)
grad(lambda a: (a.sum(), {"k": [a*2, a.detach()]}), has_aux=True)(x)
F.grad_and_value(lambda a: (a.sum(), (a*2, a)), has_aux=True)(x)
jacrev(lambda a: (a.sin(), {"v": a*2}), has_aux=True)(x)
jacfwd(lambda a: (a.sin(), {"v": a*2}), has_aux=True)(x)
vjp(lambda a: (a.sin(), a*2), x, has_aux=True)[2]
jvp(lambda a: (a.sin(), a*2), (x,), (y,), has_aux=True)
jacrev(lambda a, b: {"s": a*b, "t": (a, b.sum())}, argnums=(0, 1))(x, y)
jacfwd(lambda a, b: {"s": a*b, "t": (a, b.sum())}, argnums=(1, 0))(x, y)
hessian(lambda a, b: (a*b**2).sum(), argnums=(0, 1))(x, y)
hessian(lambda d: (d["a"]*d["b"]**2).sum())({"a": x, "b": y})
jacrev(lambda a: a.sum())(torch.randn(2, 3, 4)).shape
jacrev(lambda a: a.reshape(-1), chunk_size=4)(m).sum()
jacrev(lambda a: torch.zeros(0)+a[:0])(x).shape
jacfwd(lambda a: a.sum())(torch.zeros(0)).shape
jacrev(lambda a: a * 2)(torch.tensor(1.5))
hessian(lambda a: a ** 3)(torch.tensor(1.5))
torch.autograd.functional.jacobian(lambda a: vmap(torch.sin)(a), x, vectorize=True)
grad(lambda a: torch.autograd.functional.jacobian(lambda b: (b*a)**2, y, create_graph=True).sum())(x)
vmap(lambda a: torch.autograd.functional.hessian(lambda b: (b*a).prod(), y))(m)
vmap(lambda a: torch.autograd.functional.vjp(lambda b: (b*a)**2, y, x)[1])(m)
torch.autograd.grad(vmap(lambda a: (a*w).sum().sin())(m).sum(), w)
torch.autograd.grad(torch.autograd.grad(vmap(lambda a: (a*w).sum().sin())(m).sum(), w, create_graph=True)[0].sum(), w)
torch.autograd.grad(vmap(grad(lambda a: (a*w).sum().sin()))(m).sum(), w)
torch.autograd.grad(jvp(lambda a: a*w, (x,), (y,))[1].sum(), w)
torch.autograd.grad(hessian(lambda a: (a*w).prod())(x).sum(), w)
torch.autograd.grad(w.sin(), w, torch.eye(3), is_grads_batched=True)
vmap(lambda g: torch.autograd.grad(w.sin(), w, g)[0])(torch.eye(3))
vmap(lambda g: torch.autograd.grad((w*g).sin().sum(), w)[0])(m)
(lambda l: (l.backward(), w.grad)[1])(vmap(lambda a: (a*w).sum())(m).sum())
vmap(lambda a: a.clone().fill_(2))(m)
vmap(lambda a: a.zero_())(m.clone())
(lambda t: (vmap(lambda a: a.mul_(2))(t), t))(m.clone())
(lambda t: (vmap(lambda a, b: a.add_(b))(t, m), t))(m.clone())
(lambda t: (vmap(lambda a: a[0].zero_())(t), t))(m.clone())
vmap(lambda a: torch.stack([a, a*2]).index_fill(0, torch.tensor([1]), 7.))(m)
vmap(lambda a: a.new_full((2,), 3.) + a[0])(m)
vmap(lambda a: torch.full_like(a, 3.))(m)
vmap(lambda a: torch.empty_like(a).copy_(a))(m)
vmap(lambda a: torch.nn.functional.pad(a, (1, 2)))(m)
vmap(lambda a, i: a[i])(m, torch.tensor([0, 1, 2, 0]))
vmap(lambda a, i: a[..., i], (0, 0))(B, torch.randint(0, 3, (5, 2)))
vmap(lambda a, i: a[i, i], (0, None))(B, torch.tensor([0, 1]))
vmap(lambda i: B[i, :, 0])(torch.tensor([0, 4]))
vmap(lambda i: B[1:, i])(torch.tensor([0, 3]))
vmap(lambda a: a[[True, False, True]])(m)
vmap(lambda a: a[:, None] * a)(m)
vmap(lambda a: a[::2].flip(0))(m)
vmap(lambda a: tuple(a.unbind()))(m)
vmap(lambda a: a.chunk(2))(m)
vmap(lambda a: sum(iter(a)))(m)
vmap(lambda a: len(a) * a)(m)
vmap(lambda a: a.reshape(3, 1).expand(3, 2))(m)
vmap(lambda a: a.view(1, 3))(B[:, 0])
vmap(lambda a: a.size(0) * a.numel() * a.sum())(B)
vmap(lambda a: a.shape[0] * a.dim() * a.sum())(B)
vmap(lambda a: torch.linalg.norm(a, dim=(0, 1)), 2)(B.movedim(0, 2))
vmap(lambda a: a.permute(1, 0).contiguous().view(-1))(B)
vmap(lambda a: torch.einsum("ij,kj->ik", a, m))(B)
vmap(lambda a: a @ m.T @ m @ a.T)(B)
vmap(lambda a: m @ a)(B.movedim(1, 2))
vmap(lambda a, b: torch.bmm(a[None], b[None])[0], (0, None))(B, m.T)
vmap(lambda a: torch.addmm(torch.eye(4), a, a.T, beta=2, alpha=.5))(B)
vmap(lambda a: torch.baddbmm(torch.zeros(1, 4, 4), a[None], a.T[None]))(B)
vmap(lambda a: torch.cross(a[0], a[1], dim=0))(B)
vmap(lambda a: torch.outer(a[0], a[1]).trace())(B)
vmap(lambda a: fn.softmax(a, 0).log().sum(-1))(B)
vmap(lambda a: fn.normalize(a, dim=0))(B)
vmap(lambda a: fn.layer_norm(a, (3,), x, y))(B)
vmap(lambda a: fn.glu(a[:, :2]))(B)
vmap(lambda a: fn.one_hot(a.argmax(-1), 3))(B)
vmap(lambda a: torch.cat([a, m]))(B)
vmap(lambda a: torch.stack([a, m], -1))(B)
vmap(lambda a: torch.hstack([a, a]))(B)
vmap(lambda a: torch.tile(a, (2,)))(m)
vmap(lambda a: a.repeat_interleave(2))(m)
vmap(lambda a: torch.allclose(x, x) * a)(m)
vmap(lambda a: torch.isclose(a, a))(m)
vmap(lambda a: a.std(correction=0))(m)
vmap(lambda a: torch.count_nonzero(a > 0))(m)
vmap(lambda a: torch.nansum(a))(m)
vmap(lambda a: copy.deepcopy(x) * a)(m)
vmap(lambda a: a.numpy())(m)
vmap(lambda a: a.tolist())(m)
vmap(lambda a: str(a.shape) and a)(m)
vmap(lambda a: a if a.shape[0] > 2 else -a)(m)
vmap(lambda a: a.grad_fn is None and a)(m)
vmap(lambda a: a.is_contiguous() and a)(m)
vmap(lambda a: a.requires_grad and a or a*2)(m)
grad(lambda a: (a.requires_grad and a or a*2).sum())(x)
grad(lambda a: (a.is_leaf and a or a*2).sum())(x)
grad(lambda a: (a.grad_fn is None and a*3 or a*2).sum())(x)
grad(lambda a: a.tolist()[0] * a.sum())(x)
grad(lambda a: a.sum() if a[0] > 0 else -a.sum())(x)
grad(lambda a: float(a[0]) * a.sum())(x)
grad(lambda a: torch.tensor(a.numpy()).sum() * a.sum())(x)
jvp(lambda a: float(a[0]) * a, (x,), (y,))
jacfwd(lambda a: float(a[0]) * a)(x)
jacrev(lambda a: float(a[0]) * a)(x)
grad(lambda a: (a.register_hook(lambda g: g * 2), a.sin().sum())[1])(x)
vmap(grad(lambda a: (lambda b: (b.register_hook(lambda g: g * 2), b.sum())[1])(a.sin())))(m)
F.functionalize(lambda a: a.clone().add_(1))(x)
vmap(lambda a: jvp(lambda b: b**2*a, (x,), (a,))[1])(m)
jvp(vmap(lambda a: a**2), (m,), (m,))[1]
jvp(lambda a: jvp(lambda b: b**3*a, (a,), (y,))[1], (x,), (y,))[1]
vmap(lambda a: torch.utils._pytree.tree_map(lambda t: t*2, {"a": a}))(m)
vmap(lambda a: nn.functional.gelu(a).sum().backward())(m)
vmap(nn.Dropout(0.5).eval())(m)
vmap(nn.BatchNorm1d(3).eval())(B)
vmap(nn.BatchNorm1d(3, track_running_stats=False))(B)
vmap(lambda a: fn.batch_norm(a, None, None, training=True))(B)
vmap(lambda a: fn.instance_norm(a[None]))(B)
grad(lambda a: fn.batch_norm(a, torch.zeros(3), torch.ones(3)).sin().sum())(m)
F.stack_module_state([nn.Linear(2, 2) for _ in range(3)])[0]["weight"].shape
F.stack_module_state(nn.ModuleList([nn.BatchNorm1d(2) for _ in range(3)]))[1]["num_batches_tracked"]
vmap(lambda a: torch.special.logit(a.sigmoid()))(m)
vmap(lambda a: torch.clamp(a, min=y))(m)
vmap(lambda a: torch.clamp(a, a*0-0.5, a*0+0.5))(m)
vmap(lambda a: a.pow(2) + 2**a + a**a.abs())(m.abs())
vmap(lambda a: a // 0.3 + a % 0.3)(m)
vmap(lambda a: (a * 10).int() & 3)(m)
vmap(lambda a: ~(a > 0) ^ (a < 1))(m)
vmap(lambda a: a.sum().expand(2))(m)
vmap(lambda a: a.to("cpu").cpu().to(a))(m)
vmap(lambda a: a.type_as(x.float()))(m)
vmap(lambda a: torch.result_type(a, 1) == a.dtype and a)(m)
vmap(lambda a: a.double() is not None and a.double())(m)
vmap(lambda a: torch.broadcast_tensors(a, B[0])[0])(m)
vmap(lambda a: torch.atleast_2d(a))(m)
vmap(lambda a: torch.movedim(a, 0, 1).flatten())(B)
vmap(lambda a: torch.fft.irfft(torch.fft.rfft(a, dim=0), n=4, dim=0))(B)
vmap(lambda a: torch.view_as_complex(a[:2, :2].contiguous()))(B)
vmap(lambda a: torch.polar(a.abs(), a))(m)
vmap(lambda a: torch.complex(a, a).angle())(m)
vmap(lambda a: torch.histc(a, 3, -2, 2))(m)
vmap(lambda a: torch.linalg.lstsq(a, a[:, :1]).solution)(B)
vmap(lambda a: torch.linalg.svd(a, full_matrices=False).S)(B)
vmap(lambda a: torch.triu_indices(2, 2) + a[0])(m)
vmap(lambda a: torch.vmap(torch.sin)(a), randomness="same")(m)
vmap(lambda a: a, in_dims=0, out_dims=None)(m)
vmap(lambda a: x, out_dims=None)(m)
vmap(lambda a, b: torch.linspace(a, b, 5))(x, y)
vmap(lambda a: torch.linspace(0., a.sum(), 4, dtype=torch.float64))(m)
vmap(vmap(lambda a: torch.linspace(a, a + 1, 3)))(m)
vmap(lambda a: torch.logspace(a, 1 + a, 3, base=2))(x)
vmap(lambda a: torch.linspace(0, a, 3))(torch.ones(0)).shape
grad(lambda a: torch.linspace(0, a, 3).sum())(x[0])
vmap(lambda a: torch.arange(a))(x)
vmap(lambda a: (a, x), out_dims=(0, None))(m)
""".strip().split("\n")

# What PyTorch refuses, for want of a history inside of vmap that leads outside.
REFUSED = {"vmap(lambda g: torch.autograd.grad((w*g).sin().sum(), w)[0])(m)"}


def outcome(torch: Any, expression: str) -> list | str:
    """The leaves of what an expression gives, Tensors as arrays; or the class and the first words of what it raises."""
    func = torch.func
    names = {name: getattr(func, name) for name in ("grad", "vjp", "jvp", "jacrev", "jacfwd", "hessian")}
    names.update(torch=torch, F=func, nn=torch.nn, fn=torch.nn.functional, vmap=torch.vmap)
    names.update(functools=functools, copy=copy)
    torch.manual_seed(0)
    names.update(x=torch.randn(3), y=torch.randn(3), m=torch.randn(4, 3), B=torch.randn(5, 4, 3))
    names.update(w=torch.randn(3, requires_grad=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            leaves = torch.utils._pytree.tree_leaves(eval(expression, names))
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:30]}"
    return [(leaf.detach().numpy(), leaf.requires_grad) if isinstance(leaf, torch.Tensor) else leaf for leaf in leaves]


@pytest.fixture(autouse=True)
def double():
    before = torch.get_default_dtype(), mibun.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    mibun.set_default_dtype(mibun.float64)
    yield
    torch.set_default_dtype(before[0])
    mibun.set_default_dtype(before[1])


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=range(len(EXPRESSIONS)))
def test_gives_the_same(expression: str) -> None:
    ours, theirs = outcome(mibun, expression), outcome(torch, expression)
    if expression in REFUSED:
        assert isinstance(theirs, str) and not isinstance(ours, str)
        return
    assert isinstance(ours, str) == isinstance(theirs, str), (expression, ours, theirs)
    if isinstance(theirs, str):
        assert ours == theirs, expression
        return
    assert len(ours) == len(theirs), expression
    for own, other in zip(ours, theirs, strict=True):
        if not isinstance(other, tuple):
            assert str(own) == str(other), expression
            continue
        (value, recorded), (expected, wanted) = own, other
        assert (value.dtype, value.shape, recorded) == (expected.dtype, expected.shape, wanted), expression
        rtol = {"float16": 1e-3, "float32": 1e-6, "complex64": 1e-6}.get(value.dtype.name, 1e-11)
        np.testing.assert_allclose(value, expected, rtol=rtol, atol=rtol, err_msg=expression)


def test_there_are_many() -> None:
    assert len(set(EXPRESSIONS)) == len(EXPRESSIONS) > 180
