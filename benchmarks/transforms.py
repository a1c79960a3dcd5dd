"""Function transforms: mibun, a loop over its examples, and torch.func: `python -m benchmarks.transforms [--rounds N]`.

Each row is computed in all three ways, which have to agree, and is then timed in them alternately, in one process with
one thread each; the minimum over the rounds is taken. "loop" says how many times longer mibun takes without the
transform, "torch.func" how many times longer PyTorch takes with it (below 1: less). Rows whose functions the installed
versions lack are left out. On a noisy machine only the ratios of one run mean anything.
"""

from __future__ import annotations

import argparse
import importlib
import os
import timeit
import warnings
from collections.abc import Callable
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np  # noqa: E402 (after the settings)

BATCH = 64
Case = tuple[Callable[[], Any], Callable[[], Any]]


def _numbers(*shape: int) -> np.ndarray:
    """Normal numbers, scaled as the weights of a layer are; the same at each call."""
    fan = int(np.prod(shape[1:])) or 1
    return (np.random.default_rng(len(shape) + sum(shape)).standard_normal(shape) / fan**0.5).astype(np.float32)


def _tensors(torch: Any, arrays: list[np.ndarray]) -> tuple:
    return tuple([torch.from_numpy(array.copy()) for array in arrays])


def _stacked(torch: Any, rows: list) -> tuple:
    return tuple([torch.stack(column) for column in zip(*rows, strict=True)])


def _digits(torch: Any) -> tuple[Any, Any]:
    """64 images of 8x8 and their classes, of random numbers: only their sizes matter here."""
    x = np.random.default_rng(0).standard_normal((BATCH, 64)).astype(np.float32)
    return torch.from_numpy(x), torch.from_numpy(np.arange(BATCH) % 10)


def _per_sample(torch: Any, loss: Callable, params: tuple, x: Any, y: Any) -> Case:
    one = torch.func.grad(loss)
    all_ = torch.func.vmap(one, (None, 0, 0))
    return lambda: all_(params, x, y), lambda: _stacked(torch, [one(params, x[i], y[i]) for i in range(BATCH)])


def per_sample_mlp(torch: Any) -> Case:
    """The gradients of a 64-64-10 network on each of 64 digits."""
    F = torch.nn.functional
    x, y = _digits(torch)

    def loss(params: tuple, x: Any, y: Any) -> Any:
        hidden = F.relu(F.linear(x, params[0], params[1]))
        return F.cross_entropy(F.linear(hidden, params[2], params[3]).unsqueeze(0), y.unsqueeze(0))

    params = _tensors(torch, [_numbers(64, 64), _numbers(64), _numbers(10, 64), _numbers(10)])
    return _per_sample(torch, loss, params, x, y)


def per_sample_cnn(torch: Any) -> Case:
    """The gradients of convolution, relu, pooling and a linear layer on each of 64 digits."""
    F = torch.nn.functional
    x, y = _digits(torch)

    def loss(params: tuple, x: Any, y: Any) -> Any:
        maps = F.max_pool2d(F.relu(F.conv2d(x.unsqueeze(0), params[0], params[1])), 2)
        return F.cross_entropy(F.linear(maps.flatten(1), params[2], params[3]), y.unsqueeze(0))

    params = _tensors(torch, [_numbers(8, 1, 3, 3), _numbers(8), _numbers(10, 72), _numbers(10)])
    return _per_sample(torch, loss, params, x.reshape(BATCH, 1, 8, 8), y)


def ensemble(torch: Any) -> Case:
    """Ten networks 16-32-4 on a batch of 32, forward and backward: parameters stacked, and one after another."""
    nn = torch.nn
    torch.manual_seed(0)
    models = [nn.Sequential(nn.Linear(16, 32), nn.Tanh(), nn.Linear(32, 4)) for _ in range(10)]
    for k, model in enumerate(models):
        for name, parameter in model.named_parameters():
            values = _numbers(*parameter.shape) * (1 + 0.1 * k) + (0.01 if "bias" in name else 0)
            parameter.data = torch.from_numpy(values.astype(np.float32))
    names = [name for name, _ in models[0].named_parameters()]
    each = [dict(model.named_parameters()) for model in models]
    stacked = {name: torch.stack([one[name].detach() for one in each]).requires_grad_() for name in names}
    x = torch.from_numpy(_numbers(32, 16))

    def loss(params: dict, x: Any) -> Any:
        return torch.func.functional_call(models[0], params, (x,)).square().mean()

    mapped = torch.func.vmap(loss, (0, None))

    def together() -> tuple:
        for value in stacked.values():
            value.grad = None
        mapped(stacked, x).sum().backward()
        return tuple([stacked[name].grad for name in names])

    def one_by_one() -> tuple:
        rows = []
        for model in models:
            model.zero_grad()
            model(x).square().mean().backward()
            rows.append([parameter.grad for parameter in model.parameters()])
        return _stacked(torch, rows)

    return together, one_by_one


def _network(torch: Any) -> tuple[tuple, Callable]:
    F = torch.nn.functional
    params = _tensors(torch, [_numbers(50, 50), _numbers(50), _numbers(50, 50), _numbers(50)])
    return params, lambda params, x: F.linear(F.tanh(F.linear(x, params[0], params[1])), params[2], params[3])


def grad_over_vmap(torch: Any) -> Case:
    """The gradient of the mean loss of a 50-50-50 network over 1000 examples; the "loop" is plain batched code."""
    params, network = _network(torch)
    x = torch.from_numpy(_numbers(1000, 50))

    def loss(params: tuple, x: Any) -> Any:
        return network(params, x).square().mean()

    mapped = torch.func.grad(lambda params: torch.func.vmap(loss, (None, 0))(params, x).mean())
    plain = torch.func.grad(loss)
    return lambda: mapped(params), lambda: plain(params, x)


def _rosenbrock(x: Any) -> Any:
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def hessian(torch: Any) -> Case:
    """The Hessian of Rosenbrock's function of 100 numbers, and its rows one by one."""
    x = torch.from_numpy(np.linspace(-1, 1, 100))
    transform = torch.func.hessian(_rosenbrock)
    rows = torch.autograd.functional.hessian
    return lambda: (transform(x),), lambda: (rows(_rosenbrock, x),)


def jacobian(torch: Any) -> Case:
    """The Jacobian of a 50-50-50 network by `jacobian(vectorize=True)`, and its rows one by one."""
    params, network = _network(torch)
    x = torch.from_numpy(_numbers(50))
    rows = torch.autograd.functional.jacobian

    def function(x: Any) -> Any:
        return network(params, x)

    return lambda: (rows(function, x, vectorize=True),), lambda: (rows(function, x),)


CASES: dict[str, Callable[[Any], Case]] = {
    "per-sample gradients, MLP, 64 digits": per_sample_mlp,
    "per-sample gradients, CNN, 64 digits": per_sample_cnn,
    "ensemble of 10 MLPs, forward + backward": ensemble,
    "Hessian of Rosenbrock's function, 100-d": hessian,
    "jacobian(vectorize=True), MLP 50-50-50": jacobian,
    "grad over vmap, MLP, 1000 examples (loop: plain)": grad_over_vmap,
}


def built(torch: Any, case: Callable[[Any], Case]) -> Case | None:
    """The two functions of a case, None where the library has not what it takes."""
    try:
        found = case(torch)
        found[0]()
    except (AttributeError, NotImplementedError):
        return None
    return found


def check(expected: tuple, found: tuple, what: str) -> None:
    """Raise where two ways to compute the same differ."""
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_allclose(other.detach().numpy(), one.detach().numpy(), rtol=2e-3, atol=1e-5, err_msg=what)


def measure(functions: list[Callable], rounds: int) -> list[float]:
    """Milliseconds of each, the minimum over alternating rounds."""
    number = [max(1, int(0.003 / (timeit.timeit(function, number=2) / 2))) for function in functions]
    best = [float("inf")] * len(functions)
    for _ in range(rounds):
        for i, function in enumerate(functions):
            best[i] = min(best[i], timeit.timeit(function, number=number[i]) / number[i] * 1e3)
    return best


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.transforms", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40, help="alternations per row; the minimum is taken")
    parser.add_argument("names", nargs="*", help="beginnings of the rows' names; all if none is given")
    options = parser.parse_args()
    mibun = importlib.import_module("mibun")
    importlib.import_module("mibun.func")
    try:
        torch = importlib.import_module("torch")
    except ModuleNotFoundError:
        torch = None
        print("torch is not installed: mibun alone")
    else:
        torch.set_num_threads(1)
    warnings.simplefilter("ignore", UserWarning)  # PyTorch's about NumPy and about its own loops
    print(f"{'ms (minimum of rounds)':<50}{'mibun':>9}{'loop':>9}{'torch':>9}{'loop':>11}{'torch.func':>12}")
    for name, case in CASES.items():
        if options.names and not name.startswith(tuple(options.names)):
            continue
        ours = built(mibun, case)
        if ours is None:
            print(f"{name:<50}  (mibun has not yet what it takes)")
            continue
        theirs = None if torch is None else built(torch, case)
        check(ours[0](), ours[1](), f"{name}: the loop")
        if theirs is not None:
            check(theirs[0](), ours[0](), f"{name}: torch")
        times = measure([*ours, *([] if theirs is None else theirs[:1])], options.rounds)
        columns = "".join([f"{time:>9.3f}" for time in times])
        ratios = f"{times[1] / times[0]:>10.1f}x" + (f"{times[2] / times[0]:>11.2f}x" if theirs is not None else "")
        print(f"{name:<50}{columns}{ratios}")


if __name__ == "__main__":
    main()
