"""Limits on gradients over arrays: the short ways for large and for plain gradients, against what they stand for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import mibun as torch

SIZES = [(3,), (100, 30), (9001,), (64, 1024), ()]


def parameters(dtype: Any = torch.float32, scale: float = 1.0) -> list[Any]:
    rng = np.random.default_rng(0)
    found = []
    for size in SIZES:
        param = torch.zeros(size, dtype=dtype, requires_grad=True)
        param.grad = torch.from_numpy(np.array(rng.standard_normal(size) * scale)).to(dtype)
        found.append(param)
    return found


def exact_norm(params: list[Any]) -> float:
    return math.sqrt(math.fsum([float(np.sum(np.square(np.abs(p.grad.numpy().astype("c16"))))) for p in params]))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.complex64], ids=str)
def test_norm(dtype):
    params = parameters(dtype)
    wanted = exact_norm(params)
    found = torch.nn.utils.clip_grad_norm_(params, wanted / 2)
    assert math.isclose(found.item(), wanted, rel_tol=2e-3 if dtype is torch.float16 else 1e-6)
    assert math.isclose(exact_norm(params), wanted / 2, rel_tol=2e-3 if dtype is torch.float16 else 1e-5)


@pytest.mark.parametrize("scale", [1e-30, 1e-21, 1e18, 1e30])
def test_squares_that_single_precision_cannot_hold(scale):
    params = parameters(scale=scale)
    assert math.isclose(
        torch.nn.utils.get_total_norm([p.grad for p in params]).item(), exact_norm(params), rel_tol=1e-6
    )


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_norm_that_is_not_finite(value):
    params = parameters()
    params[3].grad[5, 7] = value
    found = torch.nn.utils.clip_grad_norm_(params, 1.0).item()
    assert math.isnan(found) if math.isnan(value) else found == math.inf
    expected = math.nan if math.isnan(value) else 0.0
    np.testing.assert_array_equal(params[0].grad.numpy(), np.full(3, expected, "f4"))


def test_what_is_small_enough_stays():
    """Bit for bit; but it counts as modified."""
    params = parameters()
    before = [param.grad.numpy().tobytes() for param in params]
    versions = [param.grad._version for param in params]
    torch.nn.utils.clip_grad_norm_(params, 1e9)
    assert [param.grad.numpy().tobytes() for param in params] == before
    assert [param.grad._version for param in params] == [version + 1 for version in versions]


@pytest.mark.parametrize("limit", [0.5, 0.0, -0.5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16], ids=str)
def test_value(dtype, limit):
    params = parameters(dtype)
    params[1].grad[0, :2] = torch.tensor([math.nan, -math.inf])
    params.append(torch.zeros(4, 3, requires_grad=True))
    params[-1].grad = torch.randn(3, 4).t()  # not in one piece: the general way
    expected = [param.grad.clamp(-limit, limit).numpy() for param in params]
    kept = [param.grad for param in params]
    torch.nn.utils.clip_grad_value_(params, limit)
    for param, grad, values in zip(params, kept, expected, strict=True):
        assert param.grad is grad and grad._version == 1 + (param is params[1])
        np.testing.assert_array_equal(grad.numpy(), values)


def test_zeros_in_place():
    params = parameters()
    params[1].grad = (params[1] * 2 + 1).sum() * torch.ones(100, 30)  # with a history, which goes
    kept = [param.grad for param in params]
    torch.optim.SGD(params).zero_grad(set_to_none=False)
    for param, grad in zip(params, kept, strict=True):
        assert param.grad is grad and not grad.requires_grad and not grad.numpy().any() and grad._version >= 1


def test_gradients_that_are_watched_go_the_general_way():
    """A profile sees each operation."""
    params = parameters()
    with torch.profiler.profile() as profile:
        torch.nn.utils.clip_grad_value_(params, 0.1)
        params[0].grad.zero_()
    names = {event.key for event in profile.key_averages()}
    assert "aten::zero_" in names and any("clamp" in name for name in names)
