"""`torch.masked` against PyTorch: reductions, what keeps the shape, MaskedTensor and its gradients and printed form."""

from __future__ import annotations

import inspect
import itertools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch  # noqa: E402
import torch.masked  # noqa: E402

import mibun  # noqa: E402

REDUCTIONS = "sum prod amax amin mean var std norm logsumexp argmax argmin median".split()
SAME_SHAPE = "softmax log_softmax softmin cumsum cumprod normalize".split()
MASKS = {
    "some": [[True, False, True], [False, True, True]],
    "row": [True, False, True],
    "none": [[False, False, False], [True, False, True]],
    "no mask": None,
}


def data(m: Any, dtype: str = "float64") -> Any:
    return m.tensor([[-2.0, -1.0, 0.5], [1.0, 2.5, 3.0]], dtype=getattr(m, dtype))


def calls(m: Any, name: str, mask: str, dtype: str, dim: Any, keepdim: bool) -> Any:
    """A result, and the gradient of it."""
    x = data(m, dtype)
    if dtype == "float64":
        x.requires_grad_()
    options: dict[str, Any] = {"mask": None if MASKS[mask] is None else m.tensor(MASKS[mask])}
    first: tuple = (3.0,) if name in ("norm", "normalize") else ()
    if name in REDUCTIONS:
        options["keepdim"] = keepdim
    out = getattr(m.masked, name)(x, *first, dim, **options)
    if not out.requires_grad:
        return out.tolist(), str(out.dtype)
    ((out**2) * (m.arange(float(out.numel()), dtype=out.dtype).reshape(out.shape) + 1)).nansum().backward()
    return out.tolist(), str(out.dtype), x.grad.tolist()


def outcome(call: Callable) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return call()
        except Exception as error:
            return type(error).__name__.replace("NotImplementedError", "RuntimeError")


def assert_same(theirs: Any, ours: Any) -> None:
    if isinstance(theirs, (list, tuple)) and isinstance(ours, (list, tuple)):
        assert len(theirs) == len(ours), (theirs, ours)
        for one, other in zip(theirs, ours, strict=True):
            assert_same(one, other)
    elif isinstance(theirs, float) and isinstance(ours, float):
        if np.isnan(theirs) and ours == 0:
            return  # the gradient by a row that is masked out, which PyTorch does not have for some
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)
    else:
        assert theirs == ours, (theirs, ours)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("name", REDUCTIONS + SAME_SHAPE)
def test_functions(name: str, mask: str) -> None:
    dims = ((0, False), (1, True), (-1, False), (None, True), ((0, 1), True), ((), False), (5, False))
    for (dim, keepdim), dtype in itertools.product(dims, ("float64", "int64")):
        if name in (*SAME_SHAPE, "argmax", "argmin", "median") and not isinstance(dim, int | None):
            continue
        if mask == "none" and name in ("softmax", "softmin", "log_softmax") and dtype == "int64":
            continue
        theirs = outcome(lambda d=dim, k=keepdim, t=dtype: calls(torch, name, mask, t, d, k))
        ours = outcome(lambda d=dim, k=keepdim, t=dtype: calls(mibun, name, mask, t, d, k))
        assert_same(theirs, ours)


@pytest.mark.parametrize("layout", ["to_sparse", "to_sparse_csr"])
@pytest.mark.parametrize("name", "sum prod amax amin mean".split())
def test_sparse_inputs(name: str, layout: str) -> None:
    for dim, keepdim in ((0, True), (1, True), (1, False), (0, False)):
        if not keepdim and layout == "to_sparse_csr" or name == "mean" and layout == "to_sparse":
            continue

        def call(m: Any, dim: int = dim, keepdim: bool = keepdim) -> Any:
            x, mask = getattr(data(m), layout)(), getattr(m.tensor(MASKS["some"]), layout)()
            out = getattr(m.masked, name)(x, dim, keepdim=keepdim, mask=mask)
            return str(out.layout), out.to_dense().tolist()

        assert_same(outcome(lambda call=call: call(torch)), outcome(lambda call=call: call(mibun)))


def test_names_and_signatures() -> None:
    assert set(torch.masked.__all__) == set(mibun.masked.__all__)
    for name in torch.masked.__all__:
        if name != "MaskedTensor":
            theirs, ours = (inspect.signature(getattr(m.masked, name)).parameters for m in (torch, mibun))
            assert [(p.name, p.kind, p.default) for p in theirs.values()] == [
                (p.name, p.kind, p.default) for p in ours.values()
            ], name


def masked(m: Any, grad: bool = False) -> Any:
    return m.masked.masked_tensor(data(m, "float32"), m.tensor(MASKS["some"]), requires_grad=grad)


def other(m: Any) -> Any:
    return m.masked.masked_tensor(data(m, "float32"), ~m.tensor(MASKS["some"]))


PROGRAMS: dict[str, Callable] = {
    "printed": lambda m: [masked(m), masked(m, True), masked(m).int(), masked(m) > 0, masked(m)[0], masked(m).sum()],
    "3-d": lambda m: m.masked.masked_tensor(m.arange(8.0).reshape(2, 2, 2), m.arange(8).reshape(2, 2, 2) % 2 == 0),
    "0-d": lambda m: [m.masked.masked_tensor(m.tensor(3.0), m.tensor(b)) for b in (True, False)],
    "integers": lambda m: m.masked.masked_tensor(m.tensor([1, 200]), m.tensor([False, True])),
    "data and mask": lambda m: [masked(m).get_data(), masked(m).get_mask(), masked(m).to_tensor(9.0)],
    "questions": lambda m: [masked(m).shape, masked(m).dtype, masked(m).is_leaf, len(masked(m))],
    "binary": lambda m: [masked(m) + masked(m), masked(m) * data(m, "float32"), masked(m) / 2, 1 / masked(m)],
    "comparison": lambda m: [masked(m) == masked(m), masked(m) < 0, m.maximum(masked(m), masked(m))],
    "masks differ": lambda m: masked(m) + other(m),
    "unary": lambda m: [getattr(masked(m), n)() for n in "sin exp sqrt neg abs round isnan reciprocal square".split()],
    "in place": lambda m: [masked(m).mul_(2), masked(m).sin_(), masked(m).add_(1)],
    "casts": lambda m: [masked(m).double(), masked(m).bool(), masked(m).to(m.float16)],
    "sums": lambda m: [getattr(masked(m), n)(*d) for n in "sum mean amax amin prod".split() for d in ((), (0,), (1,))],
    "spread": lambda m: [masked(m).var(), masked(m).std(1), masked(m).argmax(), masked(m).argmin()],
    "softmax": lambda m: [masked(m).softmax(1), m.softmax(masked(m), 0)],
    "shapes": lambda m: [masked(m).t(), masked(m).reshape(3, 2), masked(m).view(6), masked(m).unsqueeze(0)],
    "more shapes": lambda m: [masked(m).expand(2, 2, 3), masked(m).flatten(), masked(m).transpose(0, 1)],
    "parts": lambda m: [masked(m)[0], masked(m)[:, 1:], masked(m).chunk(2), masked(m).split(1)],
    "more parts": lambda m: [masked(m).narrow(1, 0, 2), masked(m).select(1, 0)],
    "joined": lambda m: [m.cat([masked(m), other(m)]), m.stack([masked(m), other(m)], 1)],
    "where": lambda m: m.where(m.tensor(MASKS["some"]), masked(m), other(m)),
    "matmul": lambda m: masked(m) @ data(m, "float32").T,
    "sort": lambda m: masked(m).sort(),
    "dropout": lambda m: m.nn.functional.dropout(masked(m)),
    "equal": lambda m: m.equal(masked(m), masked(m)),
    "numpy": lambda m: masked(m).numpy(),
    "of functions": lambda m: [m.masked.sum(masked(m), 1), m.masked.softmax(masked(m), 1)],
    "asked": lambda m: [m.masked.is_masked_tensor(masked(m)), m.masked.is_masked_tensor(data(m))],
    "wrong mask": lambda m: m.masked.masked_tensor(data(m), m.ones(2, 3)),
    "wrong shape": lambda m: m.masked.masked_tensor(data(m), m.tensor(MASKS["row"])),
    "wrong data": lambda m: m.masked.masked_tensor([1.0], m.tensor([True])),
    "wrong layout": lambda m: m.masked.masked_tensor(data(m), m.tensor(MASKS["some"]).to_sparse()),
    "wrong dtype": lambda m: m.masked.masked_tensor(data(m) + 1j, m.tensor(MASKS["some"])),
    "twice": lambda m: m.masked.masked_tensor(masked(m), m.tensor(MASKS["some"])),
    "sparse": lambda m: m.masked.masked_tensor(data(m, "float32").to_sparse(), m.ones(2, 3).bool().to_sparse()),
    "to_sparse": lambda m: [masked(m).to_sparse(), masked(m).to_sparse().to_dense()],
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore")
def test_masked_tensor(name: str) -> None:
    theirs, ours = (outcome(lambda m=m: str(PROGRAMS[name](m)).replace("mibun.", "torch.")) for m in (torch, mibun))
    assert theirs == ours


@pytest.mark.filterwarnings("ignore")
def test_gradients() -> None:
    for function in (
        lambda m, x: x.sum(),
        lambda m, x: (x * x).sum(),
        lambda m, x: x.sqrt().sum(),  # NaN where it is masked out
        lambda m, x: x.mean(1).sum(),
        lambda m, x: (x.amax(0) * 2).sum(),
        lambda m, x: x.softmax(1).square().sum(),
        lambda m, x: m.cat([x, x * 2]).sum(),
        lambda m, x: x.t().exp().sum(),
    ):
        found = []
        for m in (torch, mibun):
            x = masked(m, True)
            function(m, x).backward()
            found.append(str(x.grad))
        assert found[0] == found[1]


@pytest.mark.filterwarnings("ignore")
def test_gradients_of_the_data() -> None:
    """They come to a Tensor that `as_masked_tensor` is given: zero where it is masked out."""
    x = mibun.tensor([4.0, 0.0, -1.0], requires_grad=True)
    mibun.masked.as_masked_tensor(x, mibun.tensor([True, False, False])).sqrt().sum().backward()
    assert x.grad.tolist() == [0.25, 0.0, 0.0]
    assert not isinstance(mibun.ones(2) * 2, mibun.masked.MaskedTensor)
