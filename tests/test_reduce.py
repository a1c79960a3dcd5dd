"""Reductions: dimensions, dtypes, boundary gradients (ties, zeros, infinities), named results, errors."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

import mibun as torch
from mibun.core.tensor import wrap

rng = np.random.default_rng(0)
inf, nan = math.inf, math.nan


def leaf(values):
    return wrap(np.array(values, dtype=np.float64)).requires_grad_()


def gradient(function, values):
    x = leaf(values)
    function(x).sum().backward()
    return x.grad._array_.tolist()


def test_dimensions():
    x = wrap(rng.standard_normal((2, 3, 4)))
    assert x.sum().shape == () and x.sum(()).shape == () and x.sum(1).shape == (2, 4)
    assert x.sum((0, -1), keepdim=True).shape == (1, 3, 1) and x.sum(axis=0, keepdims=True).shape == (1, 3, 4)
    assert x.any(()).shape == (2, 3, 4)  # any and all reduce nothing where others reduce everything
    assert wrap(np.float64(2)).sum(-1).item() == 2
    with pytest.raises(IndexError, match=r"Dimension out of range \(expected to be in range of \[-3, 2\], but got 3\)"):
        x.sum(3)
    with pytest.raises(RuntimeError, match="dim 0 appears multiple times in the list of dims"):
        x.mean((0, -3))


def test_dtypes():
    small = wrap(np.array([100, 100], np.int8))
    assert small.sum().item() == 200 and small.sum().dtype == torch.int64 and small.prod().dtype == torch.int64
    assert small.cumsum(0).dtype == torch.int64
    assert wrap(np.array([1, 2], np.uint8)).any().dtype == torch.uint8
    assert small.mean(dtype=torch.float64).item() == 100
    with pytest.raises(RuntimeError, match=r"mean\(\): could not infer output dtype"):
        small.mean()
    assert leaf([1.5, 2.5]).sum(dtype=torch.float32).dtype == torch.float32


def test_nothing():
    empty = wrap(np.zeros((0, 3)))
    assert empty.sum().item() == 0 and empty.prod().item() == 1 and math.isnan(empty.mean().item())
    assert empty.logsumexp(0)._array_.tolist() == [-inf] * 3 and empty.all().item() is True
    with pytest.raises(RuntimeError, match=r"max\(\): Expected reduction dim to be specified for input.numel\(\) == 0"):
        empty.max()
    with pytest.raises(IndexError, match=r"amax\(\): Expected reduction dim 0 to have non-zero size"):
        empty.amax(0)


def test_node_names():
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    names = {
        "SumBackward0": x.sum(), "SumBackward1": x.sum(0), "MeanBackward0": x.mean(), "MeanBackward1": x.mean(0),
        "ProdBackward0": x.prod(), "ProdBackward1": x.prod(0), "MaxBackward0": x.max(0).values,
        "MaxBackward1": x.max(), "AmaxBackward0": x.amax(), "VarBackward0": x.var(), "StdBackward0": x.std(),
        "LogsumexpBackward0": x.logsumexp(0), "LinalgVectorNormBackward0": x.norm(), "SortBackward0": x.sort()[0],
        "CumsumBackward0": x.cumsum(0), "TopkBackward0": x.topk(1)[0], "MedianBackward0": x.median(),
    }  # fmt: skip
    for name, result in names.items():
        assert result.grad_fn.name() == name


def test_ties_share_or_select():
    assert gradient(lambda x: x.amax(), [1, 3, 3]) == [0, 0.5, 0.5]
    assert gradient(lambda x: x.max(), [1, nan, nan]) == [0, 0.5, 0.5]
    assert gradient(lambda x: x.max(0).values, [1, 3, 3]) == [0, 1, 0]
    assert gradient(lambda x: x.median(), [3, 2, 2, 2]) == [0, 1 / 3, 1 / 3, 1 / 3]
    assert gradient(lambda x: x.cummax(0).values, [1, 1, 0]) == [1, 2, 0]
    assert gradient(lambda x: torch.aminmax(x).max, [1, 1]) == [0.5, 0.5]


@pytest.mark.parametrize("values", [[2.0, 0.0, 3.0, 4.0], [0.0, 2.0, 0.0, 3.0], [0.0, 0.0, 0.0], [5.0]])
def test_products_with_zeros(values):
    x = leaf(values)
    others = [math.prod(values[:i] + values[i + 1 :]) for i in range(len(values))]
    assert gradient(lambda x: x.prod(), values) == others
    assert torch.autograd.gradcheck(lambda x: x.cumprod(0), x)
    assert torch.autograd.gradgradcheck(lambda x: x.prod(0), x)
    assert torch.autograd.gradgradcheck(lambda x: x.cumprod(0), x)


def test_subgradients_at_zero():
    for p in (0.5, 1, 1.5, 2, 3, inf):
        assert gradient(lambda x, p=p: x.norm(p), [0.0, 0.0]) == [0, 0]
    assert gradient(lambda x: x.norm(inf), [2.0, -2.0]) == [0.5, -0.5]
    assert gradient(lambda x: x.std(), [1.0, 1.0, 1.0]) == [0, 0, 0]
    assert gradient(lambda x: x.logsumexp(0), [-inf, 1.0]) == [0, 1]


def test_running_reductions():
    x = leaf(rng.standard_normal((3, 5)))
    for function in (torch.cumsum, torch.cumprod, torch.logcumsumexp):
        assert torch.autograd.gradcheck(lambda x, f=function: f(x, 1), x)
        assert torch.autograd.gradgradcheck(lambda x, f=function: f(x, 0), x)
    values, indices = torch.cummax(wrap(np.array([1.0, 1, nan, 2, nan])), 0)
    assert indices._array_.tolist() == [0, 1, 2, 2, 4]
    assert torch.logcumsumexp(wrap(np.array([1000.0, 1000.0])), 0)[1].item() == 1000 + math.log(2)
    assert torch.diff(wrap(np.array([True, False, False])))._array_.tolist() == [True, False]


def test_order():
    x = wrap(np.array([2, 1, 2, 1]))
    assert x.sort(descending=True).indices._array_.tolist() == [0, 2, 1, 3]
    assert wrap(np.array([1.0, nan, 3.0])).sort(descending=True).indices._array_.tolist() == [1, 2, 0]
    assert x.kthvalue(3).values.item() == 2 and x.mode().indices.item() == 3
    assert wrap(np.array([1.0, nan, 3.0])).nanmedian().item() == 1
    assert leaf([1, 2, 5, 7]).quantile(0.3).item() == pytest.approx(1.9)
    assert gradient(lambda x: x.quantile(0.3), [1, 2, 5, 7]) == pytest.approx([0.1, 0.9, 0, 0])
    with pytest.raises(RuntimeError, match="selected index k out of range"):
        x.topk(5)


def test_named_results():
    result = wrap(np.array([[1.0, 2.0], [4.0, 3.0]])).max(1)
    values = "tensor([2., 4.], dtype=torch.float64)"
    assert repr(result) == f"torch.return_types.max(\nvalues={values},\nindices=tensor([1, 0]))"
    values, indices = result
    assert values is result.values is result[0] and isinstance(result, tuple)
    assert pickle.loads(pickle.dumps(type(result)((1, 2)))) == (1, 2)
    with pytest.raises(TypeError, match="takes a 2-sequence"):
        type(result)([1])


def test_counting():
    x = wrap(np.array([3, 1, 3, 2]))
    values, inverse, counts = x.unique(return_inverse=True, return_counts=True)
    assert (values[inverse]._array_ == x._array_).all() and counts._array_.tolist() == [1, 1, 2]
    assert torch.bincount(x, minlength=6)._array_.tolist() == [0, 1, 1, 2, 0, 0]
    weights = leaf([1.0, 2.0, 3.0, 4.0])
    torch.bincount(x, weights)[3].backward()
    assert weights.grad._array_.tolist() == [1, 0, 1, 0]
    assert torch.histc(leaf([1, 2, 3, 4]), 2, 0, 4)._array_.tolist() == [1, 3]
    with pytest.raises(RuntimeError, match="bincount only supports 1-d non-negative integral inputs"):
        torch.bincount(wrap(np.array([-1])))


@pytest.mark.parametrize("ord", ["fro", "nuc", 1, -1, 2, -2, inf, -inf])
def test_matrix_norms(ord):
    x = wrap(rng.standard_normal((2, 3, 4)) + 1j * rng.standard_normal((2, 3, 4))).requires_grad_()
    result = torch.linalg.matrix_norm(x, ord)
    assert np.allclose(result._array_, np.linalg.norm(x._array_, ord, axis=(1, 2)))
    assert torch.autograd.gradcheck(lambda x: torch.linalg.matrix_norm(x, ord), x)
    assert torch.autograd.gradgradcheck(lambda x: torch.linalg.matrix_norm(x, ord), x)


def test_variance_arguments():
    x = wrap(rng.standard_normal((3, 4)))
    assert np.isclose(x.var(unbiased=False).item(), x._array_.var())
    assert np.allclose(x.std(0, correction=0)._array_, x._array_.std(0))
    assert np.allclose(torch.var_mean(x, 1)[1]._array_, x._array_.mean(1))
    assert np.allclose(torch.cov(x)._array_, np.cov(x._array_))
    assert np.allclose(torch.corrcoef(x)._array_, np.corrcoef(x._array_))
    with pytest.raises(RuntimeError, match="std and var only support floating point and complex dtypes"):
        wrap(np.array([1, 2])).std()
