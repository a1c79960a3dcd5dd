"""Parts of training steps, mibun against PyTorch eager: `python -m benchmarks.training [PATTERN] [--rounds N]`.

Steps of optimizers, limits on gradients, recurrent layers and cells, convolutions, normalisations, poolings and losses,
at usual sizes: each forward, and its gradient alone. Both libraries compute the same from the same numbers, which is
checked first; they are timed alternately in one process, on one thread (CPU time), and the minimum is printed.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import time
import timeit
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np  # noqa: E402  (with one thread)

Case = tuple[Callable[[], Any], Callable[[], Any] | None]  # forward and the gradient, or a step and None

MODELS: dict[str, list[tuple[int, ...]]] = {
    "64-64-10": [(64, 64), (64,), (10, 64), (10,)],
    "50 small parameters": [(16, 16), (16,)] * 25,
    "784-128-64-10": [(128, 784), (128,), (64, 128), (64,), (10, 64), (10,)],
    "1024-1024-1024-1024": [(1024, 1024), (1024,)] * 3,
}
OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "SGD": ("SGD", {"lr": 1e-3}),
    "SGD, momentum": ("SGD", {"lr": 1e-3, "momentum": 0.9}),
    "Adam": ("Adam", {}),
    "AdamW": ("AdamW", {}),
}
LSTM_SIZES = [(50, 32, 64, 128), (100, 1, 20, 20), (100, 20, 20, 20), (35, 20, 200, 200), (100, 1, 64, 256)]


class Numbers:
    """The same random arrays for both libraries."""

    def __init__(self, torch: Any) -> None:
        self.torch, self.rng = torch, np.random.default_rng(0)

    def array(self, *shape: int) -> Any:
        return self.torch.from_numpy(self.rng.standard_normal(shape).astype("f4"))

    def leaf(self, *shape: int) -> Any:
        return self.array(*shape).requires_grad_()

    def classes(self, n: int, *shape: int) -> Any:
        return self.torch.from_numpy(self.rng.integers(0, n, shape))


def steps(torch: Any) -> Iterator[tuple[str, Case]]:
    """Steps of optimizers, and what is done to gradients before them."""
    for model, shapes in MODELS.items():
        for name, (kind, options) in OPTIMIZERS.items():
            params = parameters(torch, shapes)
            yield f"{name}: {model}", (getattr(torch.optim, kind)(params, **options).step, None)
        params, utils = parameters(torch, shapes), torch.nn.utils
        yield f"clip_grad_norm_: {model}", (lambda p=params, u=utils: u.clip_grad_norm_(p, 1e9), None)
        yield f"clip_grad_value_: {model}", (lambda p=params, u=utils: u.clip_grad_value_(p, 1e9), None)
        optimizer = torch.optim.SGD(parameters(torch, shapes))
        yield f"zero_grad to zeros: {model}", (lambda o=optimizer: o.zero_grad(set_to_none=False), None)


def parameters(torch: Any, shapes: list[tuple[int, ...]]) -> list[Any]:
    numbers = Numbers(torch)
    found = [numbers.leaf(*shape) for shape in shapes]
    for param in found:
        param.grad = numbers.array(*param.shape)
    return found


def recurrent(torch: Any) -> Iterator[tuple[str, Case]]:
    """Layers over all times, and single steps."""
    for kind in ("LSTM", "GRU", "RNN"):
        for times, batch, width, size in LSTM_SIZES:
            module, numbers = _filled(torch, kind, width, size), Numbers(torch)
            x = numbers.leaf(times, batch, width)
            yield f"{kind} {times} x {batch}, {width} to {size}", _both(torch, module, x, list(module.parameters()))
    for kind in ("LSTMCell", "GRUCell", "RNNCell"):
        for batch, width, size in ((1, 20, 20), (32, 64, 128)):
            module, numbers = _filled(torch, kind, width, size), Numbers(torch)
            x = numbers.leaf(batch, width)
            yield f"{kind} {batch}, {width} to {size}", _both(torch, module, x, list(module.parameters()))


def _filled(torch: Any, kind: str, *sizes: int) -> Any:
    module, numbers = getattr(torch.nn, kind)(*sizes), Numbers(torch)
    with torch.no_grad():
        for param in module.parameters():
            param.copy_(numbers.array(*param.shape) * 0.1)
    return module


def _both(torch: Any, function: Callable, x: Any, others: list[Any]) -> Case:
    """The call, and the gradient of its (first) result alone, over the graph of one call."""

    def forward() -> Any:
        result = function(x)
        return result[0] if isinstance(result, tuple) else result

    result = forward()
    grad = torch.from_numpy(np.random.default_rng(1).standard_normal(tuple(result.shape)).astype("f4"))
    leaves = [leaf for leaf in (x, *others) if leaf.requires_grad]
    return forward, lambda: torch.autograd.grad(result, leaves, grad, retain_graph=True)


def layers(torch: Any) -> Iterator[tuple[str, Case]]:
    """Functions of `nn.functional`, as models call them."""
    functional, numbers = torch.nn.functional, Numbers(torch)
    image, kernel = numbers.leaf(16, 64, 32, 32), numbers.leaf(64, 64, 3, 3)
    small, five = numbers.leaf(64, 6, 14, 14), numbers.leaf(16, 6, 5, 5)
    one, first = numbers.array(64, 1, 28, 28), numbers.leaf(6, 1, 5, 5)
    sequence, wide = numbers.leaf(16, 64, 200), numbers.leaf(64, 64, 5)
    coarse, spread = numbers.leaf(16, 32, 16, 16), numbers.leaf(32, 16, 4, 4)
    depthwise = numbers.leaf(64, 1, 3, 3)
    yield "conv2d 3x3", _both(torch, lambda x: functional.conv2d(x, kernel, padding=1), image, [kernel])
    yield "conv2d 3x3, stride 2", _both(torch, lambda x: functional.conv2d(x, kernel, None, 2, 1), image, [kernel])
    yield "conv2d, LeNet's first", _both(torch, lambda x: functional.conv2d(x, first, padding=2), one, [first])
    yield "conv2d, LeNet's second", _both(torch, lambda x: functional.conv2d(x, five), small, [five])
    yield (
        "conv2d, depthwise",
        _both(torch, lambda x: functional.conv2d(x, depthwise, padding=1, groups=64), image, [depthwise]),
    )
    yield "conv1d", _both(torch, lambda x: functional.conv1d(x, wide, padding=2), sequence, [wide])
    yield (
        "conv_transpose2d",
        _both(torch, lambda x: functional.conv_transpose2d(x, spread, None, 2, 1), coarse, [spread]),
    )
    weight, bias, mean, variance = numbers.leaf(64), numbers.leaf(64), numbers.array(64), numbers.array(64).abs() + 1
    both = [weight, bias]
    yield (
        "batch_norm, training",
        _both(torch, lambda x: functional.batch_norm(x, None, None, weight, bias, True), image, both),
    )
    yield (
        "batch_norm, evaluation",
        _both(torch, lambda x: functional.batch_norm(x, mean, variance, weight, bias), image, both),
    )
    yield "group_norm", _both(torch, lambda x: functional.group_norm(x, 8, weight, bias), image, both)
    yield "instance_norm", _both(torch, functional.instance_norm, image, [])
    yield "max_pool2d 2", _both(torch, lambda x: functional.max_pool2d(x, 2), image, [])
    yield "max_pool2d 3, stride 2", _both(torch, lambda x: functional.max_pool2d(x, 3, 2, 1), image, [])
    yield "avg_pool2d 2", _both(torch, lambda x: functional.avg_pool2d(x, 2), image, [])
    yield "avg_pool2d 3, stride 2", _both(torch, lambda x: functional.avg_pool2d(x, 3, 2, 1), image, [])
    yield "adaptive_avg_pool2d 7", _both(torch, lambda x: functional.adaptive_avg_pool2d(x, 7), image, [])
    ten, thousand = numbers.classes(10, 64), numbers.classes(1000, 512)
    yield "cross_entropy 64 x 10", _both(torch, lambda x: functional.cross_entropy(x, ten), numbers.leaf(64, 10), [])
    yield (
        "cross_entropy 512 x 1000",
        _both(torch, lambda x: functional.cross_entropy(x, thousand), numbers.leaf(512, 1000), []),
    )
    tokens, table = numbers.classes(5000, 32, 64), numbers.leaf(5000, 128)
    yield "embedding", _both(torch, lambda x: functional.embedding(tokens, x), table, [])
    weights, biases = numbers.leaf(128, 784), numbers.leaf(128)
    yield (
        "linear 64 x 784 to 128",
        _both(torch, lambda x: functional.linear(x, weights, biases), numbers.leaf(64, 784), [weights, biases]),
    )


def compare(ours: Any, theirs: Any, name: str) -> None:
    """Raise ArithmeticError where results differ by more than float32's rounding allows."""
    pairs = zip(ours, theirs, strict=True) if isinstance(ours, tuple) else [(ours, theirs)]
    for one, other in pairs:
        a, b = [np.asarray(value.detach().numpy(), np.float64) for value in (one, other)]
        worst = np.max(np.abs(a - b)) / max(np.max(np.abs(b)), 1e-6)
        if not worst < 1e-3:
            raise ArithmeticError(f"{name}: differs by {worst:.1e} of the largest element")


def measure(ours: Callable, theirs: Callable | None, rounds: int) -> tuple[float, float]:
    """Microseconds of both, the minimum of alternating rounds."""
    functions = [function for function in (ours, theirs) if function is not None]
    best = [float("inf"), float("nan") if theirs is None else float("inf")]
    number = max(1, int(0.01 / max(timeit.timeit(ours, number=1), 1e-6)))
    for _ in range(rounds):
        for i, function in enumerate(functions):
            best[i] = min(best[i], timeit.timeit(function, number=number, timer=time.process_time) / number * 1e6)
    return best[0], best[1]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pattern", nargs="?", default="", help="which parts: a regular expression")
    parser.add_argument("--rounds", type=int, default=9, help="alternations; the minimum is taken")
    options = parser.parse_args()
    libraries = [importlib.import_module("mibun")]
    try:
        libraries.append(importlib.import_module("torch"))
        libraries[1].set_num_threads(1)
    except ImportError:
        pass
    print(f"{'µs':<42}{'mibun':>10}{'torch':>10}{'ratio':>8}   {'gradient':>10}{'torch':>10}{'ratio':>8}")
    for part in (steps, recurrent, layers):
        for cases in zip(*[part(library) for library in libraries], strict=True):
            name = cases[0][0]
            if not re.search(options.pattern, name):
                continue
            line = f"{name:<42}"
            for kind in (0, 1):
                functions = [case[1][kind] for case in cases]
                if functions[0] is None:
                    continue
                if len(functions) > 1:
                    if part is not steps:
                        compare(functions[0](), functions[1](), name)  # type: ignore[misc]
                    mine, other = measure(functions[0], functions[1], options.rounds)
                else:
                    mine, other = measure(functions[0], None, options.rounds)
                line += f"{mine:>10.0f}{other:>10.0f}{other / mine:>7.2f}x" + "   " * (kind == 0)
            print(line, flush=True)


if __name__ == "__main__":
    main()
