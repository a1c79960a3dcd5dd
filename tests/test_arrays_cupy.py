"""Tensors on CuPy's arrays, by the stand-in of `fake_cupy.py`: what CuPy does otherwise than NumPy must not show."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import fake_cupy
import mibun as torch
from mibun import nn
from mibun.core.registry import DEVICES, NAMESPACES
from mibun.xp.cupy import bind


@pytest.fixture(autouse=True)
def gpu() -> Iterator[Any]:
    """A machine on which CuPy sees a GPU."""
    namespace = NAMESPACES[fake_cupy.ndarray] = bind(fake_cupy, "over_fake_cupy")
    DEVICES["cuda"] = lambda: namespace
    yield namespace
    dict.pop(DEVICES, "cuda")


def test_devices() -> None:
    x = torch.ones(3, device="cuda")
    assert x.device == torch.device("cuda", 0)
    assert x.is_cuda
    assert not x.is_cpu
    assert x.get_device() == 0
    assert isinstance(x._array_, fake_cupy.ndarray)
    for moved in (torch.ones(3).cuda(), torch.ones(3).to("cuda:0"), torch.ones(3).cuda(0), torch.empty_like(x)):
        assert moved.is_cuda
    assert x.cpu().is_cpu
    assert torch.cuda.is_available()
    assert torch.cuda.device_count() == 1
    assert torch.cuda.current_device() == 0
    assert torch.cuda.get_device_capability() == (9, 0)
    torch.cuda.synchronize()
    assert nn.Linear(2, 3).cuda().weight.is_cuda
    assert repr(x) == "tensor([1., 1., 1.], device='cuda:0')"
    with pytest.raises(TypeError, match="can't convert cuda:0 device type tensor to numpy"):
        x.numpy()
    with pytest.raises(RuntimeError, match="two devices, cuda:0 and cpu"):
        x + torch.ones(3)
    with pytest.raises(RuntimeError, match="two devices"):
        nn.Linear(3, 2)(x)
    with pytest.raises(RuntimeError, match="invalid device ordinal"):
        torch.ones(3).to("cuda:7")


def test_without_a_gpu() -> None:
    """What a program sees where CuPy is missing, or sees no GPU, is what PyTorch's CPU build shows."""
    dict.pop(DEVICES, "cuda")
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    assert torch.cuda.device_count() == 0
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        torch.ones(3, device="cuda")
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        torch.ones(3).cuda()
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        torch.cuda.synchronize()
    DEVICES["cuda"] = lambda: None  # for the fixture


BAD = {
    "an index out of bounds": (IndexError, lambda x: x[torch.tensor([5], device="cuda")]),
    "one that is written": (IndexError, lambda x: x.index_put_((torch.tensor([-9], device="cuda"),), x[0] * 1)),
    "gather": (RuntimeError, lambda x: x.gather(0, torch.tensor([7], device="cuda"))),
    "embedding": (
        IndexError,
        lambda x: nn.functional.embedding(torch.tensor([4], device="cuda"), x.reshape(3, 1)),
    ),
    "a target": (
        IndexError,
        lambda x: nn.functional.cross_entropy(x.reshape(1, 3), torch.tensor([3], device="cuda")),
    ),
    "integers divided by zero": (RuntimeError, lambda x: x.long() // x.long().sub(x.long())),
    "their remainder": (RuntimeError, lambda x: x.long() % x.long().sub(x.long())),
    "a singular matrix": (torch.linalg.LinAlgError, lambda x: torch.linalg.inv(x.outer(x))),
    "a singular system": (torch.linalg.LinAlgError, lambda x: torch.linalg.solve(x.outer(x), x)),
    "what is not positive-definite": (torch.linalg.LinAlgError, lambda x: torch.linalg.cholesky(-torch.diag(x))),
}


@pytest.mark.parametrize("what", BAD)
def test_errors_that_a_gpu_hides(what: str) -> None:
    """At the latest where a value is brought to the host: nothing waits for a check of indices."""
    kind, program = BAD[what]
    with pytest.raises(kind):
        program(torch.tensor([1.0, 2.0, 4.0], device="cuda")).cpu()
    torch.ones(1, device="cuda").item()  # nothing is left to be checked


@pytest.mark.parametrize("how", ["prod", "amax", "amin"])
def test_several_values_for_one_place(how: str) -> None:
    """Where CuPy has no such function, or one that loses digits and NaN."""
    rng = np.random.default_rng(0)
    start, index = torch.from_numpy(rng.normal(size=40)), torch.from_numpy(rng.integers(0, 40, 500))
    values = torch.from_numpy(rng.uniform(0.9, 1.1, 500))
    values[3] = torch.nan
    expected = start.index_reduce(0, index, values, how)
    found = start.cuda().index_reduce(0, index.cuda(), values.cuda(), how)
    np.testing.assert_allclose(found.cpu().numpy(), expected.numpy(), rtol=1e-14)


OPTIMIZERS = "SGD Adam AdamW RMSprop Adagrad NAdam RAdam Adamax Adadelta ASGD Rprop".split()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers(name: str) -> None:
    """Three steps change the parameters as they do over NumPy, in the same memory."""
    results = []
    for device in ("cpu", "cuda"):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(6, 8), nn.GELU(), nn.Linear(8, 4)).double().to(device)
        x, y = torch.randn(16, 6).double().to(device), torch.randint(0, 4, (16,)).to(device)
        optimizer = getattr(torch.optim, name)(model.parameters(), lr=0.01)
        before = model[0].weight._array_
        for _ in range(3):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
        assert model[0].weight._array_ is before
        results.append([p.detach().cpu().numpy() for p in model.parameters()])
    for found, expected in zip(*results, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


def test_views_share_memory() -> None:
    x = torch.zeros(2, 3, device="cuda")
    row, turned = x[0], x.T
    row += 1
    turned[2, 1] = 5
    np.testing.assert_array_equal(x.cpu().numpy(), [[1, 1, 1], [0, 0, 5]])
    assert row._is_view()
    assert x.stride() == (3, 1)
    assert turned.stride() == (1, 3)
    assert torch.as_strided(x, (2, 2), (1, 1)).tolist() == [[1, 1], [1, 1]]
    w = torch.ones(3, device="cuda", requires_grad=True)
    y = w * 2
    y[1:].mul_(3)
    y.sum().backward()
    assert w.grad.tolist() == [2, 6, 6]


def test_a_network_trains() -> None:
    """Convolution, normalisation, pooling, attention, an LSTM: losses as over NumPy."""
    losses = []
    for device in ("cpu", "cuda"):
        torch.manual_seed(0)
        front = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2)).to(device)
        middle = nn.LSTM(9, 8, batch_first=True).to(device)
        attention, head = nn.MultiheadAttention(8, 2, batch_first=True).to(device), nn.Linear(8, 3).to(device)
        modules = nn.ModuleList([front, middle, attention, head])
        optimizer = torch.optim.Adam(modules.parameters(), lr=0.01)
        x, y = torch.randn(6, 1, 8, 8).to(device), torch.tensor([0, 1, 2, 0, 1, 2], device=device)
        for _ in range(3):
            optimizer.zero_grad()
            hidden, _ = middle(front(x).flatten(2))
            hidden, _ = attention(hidden, hidden, hidden)
            loss = nn.functional.cross_entropy(head(nn.functional.dropout(hidden, 0.2)[:, -1]), y)
            loss.backward()
            nn.utils.clip_grad_norm_(modules.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
    np.testing.assert_allclose(losses[3:], losses[:3], rtol=1e-5)


def test_nothing_is_imported_early() -> None:
    """No array library but NumPy is imported before an array, or a device, of its is met."""
    code = (
        "import sys, mibun as torch; torch.ones(2).sum(); torch.device('cuda'); "
        "assert not {'cupy', 'dask', 'jax', 'array_api_strict'} & set(sys.modules), 'imported'"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**__import__("os").environ, "PYTHONPATH": ":".join(sys.path)}
    )


def _sequence(model: Any) -> Any:
    """The last output of a recurrent layer, as a layer of its own."""

    class Last(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = model

        def forward(self, x: Any) -> Any:
            out = self.layer(x)
            return (out[0] if isinstance(out, tuple) else out)[:, -1]

    return Last()


NETWORKS: dict[str, Any] = {
    "perceptron": lambda: (
        nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.BatchNorm1d(8), nn.Dropout(0.1), nn.LayerNorm(8), nn.Linear(8, 3)),
        torch.randn(6, 4),
    ),
    "convolutional": lambda: (
        nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 4, 3),
            nn.AvgPool2d(2, ceil_mode=True), nn.Flatten(), nn.Linear(4, 3),
        ),
        torch.randn(6, 1, 8, 8),
    ),
    "embedding": lambda: (nn.Sequential(nn.Embedding(5, 4), nn.Linear(4, 3)), torch.arange(6).fmod(5)),
    "LSTM": lambda: (nn.Sequential(_sequence(nn.LSTM(4, 5, batch_first=True)), nn.Linear(5, 3)), torch.randn(6, 3, 4)),
    "transformer": lambda: (
        nn.Sequential(_sequence(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)), nn.Linear(4, 3)),
        torch.randn(6, 3, 4),
    ),
}  # fmt: skip


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "NAdam", "Rprop"])
@pytest.mark.parametrize("network", NETWORKS)
def test_a_training_step_does_not_wait_for_the_gpu(network: str, optimizer: str) -> None:
    """Nothing is brought to the host: not by the checks of targets and indices, maxima, norms or step counts."""
    torch.manual_seed(0)
    model, x = NETWORKS[network]()
    model, x = model.cuda(), x.cuda()
    target = torch.arange(6, device="cuda").fmod(3)
    steps = getattr(torch.optim, optimizer)(model.parameters(), lr=0.01)
    scaler = torch.amp.GradScaler("cpu", enabled=False)
    for smoothing in (0.0, 0.1):
        fake_cupy.WAITS.clear()
        steps.zero_grad()
        loss = nn.functional.cross_entropy(model(x), target, label_smoothing=smoothing)
        scaler.scale(loss).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        nn.utils.clip_grad_value_(model.parameters(), 0.5)
        scaler.step(steps)
        scaler.update()
        assert not fake_cupy.WAITS
    assert np.isfinite(loss.item())


def test_checks_come_late_and_once() -> None:
    """A target that is out of range is refused when the loss is looked at, and what comes after is not."""
    loss = nn.functional.cross_entropy(torch.ones(2, 3, device="cuda"), torch.tensor([0, 3], device="cuda"))
    with pytest.raises(IndexError, match=r"Target 3 is out of bounds. \(In nll_loss: there are 3 classes.\)"):
        loss.item()
    assert float(torch.ones((), device="cuda")) == 1.0
    nn.functional.cross_entropy(torch.ones(2, 3, device="cuda"), torch.tensor([0, -7], device="cuda"))
    with pytest.raises(IndexError, match="Target -7"):
        torch.cuda.synchronize()
    ignored = nn.functional.cross_entropy(torch.zeros(2, 3, device="cuda"), torch.tensor([0, -100], device="cuda"))
    np.testing.assert_allclose(ignored.item(), np.log(3), rtol=1e-6)
