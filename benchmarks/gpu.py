"""mibun on a GPU: what works, what a network learns, and how long steps take, beside PyTorch's CUDA if that is there.

    python -m benchmarks.gpu [--samples N] [--seconds S] [--stand-in]

One run of under four minutes for a machine with an NVIDIA GPU: CuPy (and JAX, if it sees the GPU), a seeded part of the
operators' samples against NumPy, the digits network, six workloads. Where there is no GPU, or no CuPy that sees one,
it says so and ends with status 1; with `--stand-in` all of it runs on the tests' stand-in for CuPy, whose times say
nothing of a GPU's. Times are of one step, the best of several runs, with one wait for the GPU at the end
of each.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import mibun

TESTS = Path(__file__).parent.parent / "tests"


def devices() -> dict[str, str]:
    """device -> what it is, of those on which mibun finds a GPU."""
    found = {}
    if mibun.cuda.is_available():
        found["cuda"] = f"CuPy on {mibun.cuda.get_device_name()}"
    if importlib.util.find_spec("jax") is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            jax = importlib.import_module("jax")
            place = jax.devices()[0]
        if place.platform == "gpu":
            jax.config.update("jax_enable_x64", True)
            found["jax"] = f"JAX on {place.device_kind}"
    return found


def stand_in() -> dict[str, str]:
    """The same, where the tests' stand-in for CuPy is the GPU."""
    sys.path.insert(0, str(TESTS))
    fake = importlib.import_module("fake_cupy")
    namespace = importlib.import_module("mibun.xp.cupy").bind(fake, "over_fake_cupy")
    mibun.core.registry.NAMESPACES[fake.ndarray] = namespace
    mibun.core.registry.DEVICES["cuda"] = lambda: namespace
    return {"cuda": "a stand-in for CuPy, without a GPU"}


# --- right or wrong ---


def check_samples(device: str, part: int) -> str:
    """A part of the samples of all operators on a device: value, gradients, second gradient, against NumPy."""
    sys.path.insert(0, str(TESTS))
    matrix = importlib.import_module("arrays_matrix")
    like = mibun.ones(1, device=device)._array_
    namespace = mibun.core.registry.NAMESPACES[type(like)]
    library = matrix.Library(
        device, type(like), namespace.from_numpy, lambda arrays: [namespace.to_numpy(array) for array in arrays]
    )
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = matrix.run_matrix(library, matrix.seeded_part(part))
    for name, error in list(report.failed.items())[:20]:
        print(f"  {name}: {type(error).__name__}: {matrix.shortened(error)}")
    return f"{len(report.passed)} of {report.total} samples ({report.seconds:.0f} s)"


def train_digits(torch: Any, device: str) -> tuple[float, float]:
    """(accuracy on what was held back, seconds) of a small network after some epochs on the digits."""
    x, y = _digits()
    torch.manual_seed(0)
    nn = torch.nn
    model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10)).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    inputs, targets = torch.tensor(x).to(device), torch.tensor(y).to(device)
    n = len(x) * 4 // 5
    start = time.perf_counter()
    for _ in range(8):
        for first in range(0, n, 64):
            batch = slice(first, min(first + 64, n))
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(inputs[batch]), targets[batch]).backward()
            optimizer.step()
    with torch.no_grad():
        right = (model(inputs[n:]).argmax(1) == targets[n:]).float().mean().item()
    return right, time.perf_counter() - start


def _digits() -> tuple[np.ndarray, np.ndarray]:
    """Those of scikit-learn; without it ten blurred patterns, which are as easy to tell apart."""
    if importlib.util.find_spec("sklearn") is not None:
        found = importlib.import_module("sklearn.datasets").load_digits()
        return (found.data / 16).astype(np.float32), found.target.astype(np.int64)
    rng = np.random.default_rng(0)
    target = rng.integers(0, 10, 1797)
    patterns = rng.random((10, 64))
    return (patterns[target] + 0.3 * rng.normal(size=(1797, 64))).astype(np.float32), target


# --- how long ---


def workloads(torch: Any, device: str) -> dict[str, Callable[[], Any]]:
    """One step of each."""
    nn, functional = torch.nn, torch.nn.functional
    torch.manual_seed(0)

    def chain(size: int, length: int) -> Callable[[], Any]:
        x = torch.ones(size).to(device).requires_grad_()

        def step() -> Any:
            x.grad = None
            y = x
            for _ in range(length):
                y = y * 1.0001
            y.sum().backward()
            return x.grad

        return step

    def long_chain() -> Callable[[], Any]:
        x = torch.rand(10_000_000).to(device).requires_grad_()

        def step() -> Any:
            x.grad = None
            (torch.sin(x * 2 + 1).exp() * x).tanh().sum().backward()
            return x.grad

        return step

    def training(model: Any, shape: tuple[int, ...], make: Callable) -> Callable[[], Any]:
        model = model.to(device)
        optimizer = make(model.parameters())
        x, y = torch.rand(*shape).to(device), torch.randint(0, 10, shape[:1]).to(device)

        def step() -> Any:
            optimizer.zero_grad()
            functional.cross_entropy(model(x), y).backward()
            optimizer.step()
            return next(iter(model.parameters()))

        return step

    small = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    large = nn.Sequential(
        *[layer for _ in range(4) for layer in (nn.Linear(1024, 1024), nn.ReLU())], nn.Linear(1024, 10)
    )
    lenet = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip
    sgd, adam = lambda p: torch.optim.SGD(p, lr=1e-3), lambda p: torch.optim.Adam(p, lr=1e-3)
    return {
        "100 multiplications and backward": chain(16, 100),
        "a chain on 1e7 floats": long_chain(),
        "MLP 64x784-128-10, SGD": training(small, (64, 784), sgd),
        "MLP 512x1024, 4 layers, SGD": training(large, (512, 1024), sgd),
        "the same, Adam": training(large, (512, 1024), adam),
        "LeNet, 64 images, SGD": training(lenet, (64, 1, 28, 28), sgd),
    }


def best_of(step: Callable[[], Any], wait: Callable[[Any], Any], seconds: float) -> float:
    """Microseconds of one step: the best of several loops of steps."""
    for _ in range(3):
        wait(step())
    began = time.perf_counter()
    wait(step())
    once = max(time.perf_counter() - began, 1e-6)
    n = max(1, int(seconds / 5 / once))
    found = []
    for _ in range(4):
        began = time.perf_counter()
        for _ in range(n):
            last = step()
        wait(last)
        found.append((time.perf_counter() - began) / n)
    return 1e6 * min(found)


def _wait_for(device: str, torch: Any) -> Callable[[Any], Any]:
    if device == "jax":
        return lambda tensor: tensor.detach()._array_.block_until_ready()
    return lambda _: torch.cuda.synchronize()


def torch_with_cuda() -> Any:
    """PyTorch, if it is installed and sees the GPU; else None."""
    if importlib.util.find_spec("torch") is None:
        return None
    torch = importlib.import_module("torch")
    if not torch.cuda.is_available():
        return None
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    return torch


def main() -> int:
    """Check, train and time; 1 if there is no GPU."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=400, help="how many samples of operators are checked")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each workload is timed")
    parser.add_argument("--stand-in", action="store_true", help="run on the tests' stand-in for CuPy, without a GPU")
    given = parser.parse_args()
    found = stand_in() if given.stand_in else devices()
    if not found:
        print("No GPU: CuPy is not installed or sees none, and neither does JAX. There is nothing to measure here.")
        return 1
    peer = None if given.stand_in else torch_with_cuda()
    times: dict[str, dict[str, float]] = {}
    for device, what in found.items():
        print(f"{what}: {check_samples(device, given.samples)}", flush=True)
        right, seconds = train_digits(mibun, device)
        print(f"  digits: {100 * right:.1f} % right after {seconds:.1f} s", flush=True)
        times[f"mibun, {device}"] = {
            name: best_of(step, _wait_for(device, mibun), given.seconds)
            for name, step in workloads(mibun, device).items()
        }
    if peer is not None:
        right, seconds = train_digits(peer, "cuda")
        print(f"PyTorch {peer.__version__}: digits: {100 * right:.1f} % right after {seconds:.1f} s", flush=True)
        times["PyTorch"] = {
            name: best_of(step, _wait_for("cuda", peer), given.seconds)
            for name, step in workloads(peer, "cuda").items()
        }
    print("\n| µs a step | " + " | ".join(times) + " |\n|---|" + "---|" * len(times))
    for name in next(iter(times.values())):
        print(f"| {name} | " + " | ".join([f"{column[name]:.0f}" for column in times.values()]) + " |")
    if peer is not None:
        for who, column in times.items():
            ratios = [times["PyTorch"][name] / value for name, value in column.items()]
            print(f"{who}: {np.exp(np.mean(np.log(ratios))):.2f} of PyTorch's speed in the geometric mean")
    return 0


if __name__ == "__main__":
    sys.exit(main())
