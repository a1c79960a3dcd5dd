"""Tensors on Dask's arrays: nothing is computed before it is asked for, and data may be larger than memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("dask.array")
import dask  # noqa: E402
import dask.array as da  # noqa: E402

import mibun as torch  # noqa: E402

F = torch.nn.functional


def lazily(values: Any, chunks: int = 2) -> Any:
    return torch.asarray(da.from_array(np.asarray(values, float), chunks=chunks))


@pytest.fixture
def computed() -> Any:
    """What was computed, one entry each time; by one thread."""
    times: list = []

    def scheduler(graph: Any, keys: Any, **options: Any) -> Any:
        times.append(keys)
        return dask.get(graph, keys, **options)

    with dask.config.set(scheduler=scheduler):
        yield times


def test_computed_when_asked(computed: list) -> None:
    x = lazily([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]).requires_grad_()
    loss = (torch.exp(x / 3) @ x.T).log_softmax(-1)[0].sum()
    loss.backward()
    z = x.grad.clone()
    z[0] = 5
    z.mul_(2)
    assert computed == []
    assert isinstance(x.grad._array_, da.Array)
    expected = torch.tensor(x.tolist(), dtype=torch.float64, requires_grad=True)
    other = (torch.exp(expected / 3) @ expected.T).log_softmax(-1)[0].sum()
    other.backward()
    assert len(computed) == 1
    assert loss.item() == pytest.approx(other.item())
    np.testing.assert_allclose(x.grad.numpy(), expected.grad.numpy())
    np.testing.assert_allclose(z.numpy(), np.concatenate([[[10, 10]], 2 * expected.grad.numpy()[1:]]))
    assert repr(loss.detach()) == repr(other.detach())
    assert float(loss.detach()) == pytest.approx(other.item())
    assert bool(loss < 0)


def test_chunks_are_kept(computed: list) -> None:
    """What works on elements, sums or multiplies goes chunk by chunk; gradients have the chunks of the data."""
    x = torch.asarray(da.ones((1000, 4), chunks=(100, 4))).requires_grad_()
    y = torch.sigmoid(x @ torch.ones(4, dtype=torch.float64))
    F.binary_cross_entropy_with_logits(y, torch.zeros_like(y)).backward()
    assert y._array_.numblocks == (10,)
    assert x.grad._array_.numblocks[0] == 10
    assert computed == []


def test_parameters_of_numpys(computed: list) -> None:
    """The gradients of parameters that are NumPy's are computed in one go, and any optimizer steps."""
    rng = np.random.default_rng(0)
    data, target = rng.normal(size=(60, 3)), rng.normal(size=60)
    results = []
    for make in (torch.from_numpy, lambda values: torch.asarray(da.from_array(values, chunks=7))):
        x, y = make(data), make(target)
        w = torch.zeros(3, dtype=torch.float64, requires_grad=True)
        b = torch.zeros((), dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.Adam([w, b], lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            F.mse_loss(x @ w + b, y).backward()
            optimizer.step()
        results.append([w.detach().numpy(), b.detach().numpy()])
        assert type(w._array_) is np.ndarray
        assert type(w.grad._array_) is np.ndarray
    assert len(computed) == 3
    for found, expected in zip(*results, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_text_of_a_large_one(computed: list) -> None:
    """Of a large tensor the edges are computed, and shown as PyTorch shows them."""
    x = torch.asarray(da.arange(100_000, chunks=1000))
    assert repr(x) == "tensor([    0,     1,     2,  ..., 99997, 99998, 99999])"
    assert repr(torch.asarray(da.zeros((3000, 3000), chunks=1000))) == repr(torch.zeros(3000, 3000).double())


LARGER = Path(__file__).with_name("dask_programs.py")


def test_larger_than_memory() -> None:
    """A regression on 400 MB trains in a process that may have 250 MB more than it begins with; NumPy's cannot."""
    found = subprocess.run(
        [sys.executable, str(LARGER)], capture_output=True, text=True, check=False, timeout=240,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert found.returncode == 0, found.stderr[-2000:]
    assert found.stdout.split() == ["trained", "refused"]
