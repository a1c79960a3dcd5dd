"""mibun against PyTorch eager on small work: `python -m benchmarks [--rounds N]` from the repository's root.

Each case is timed in both libraries alternately, round by round in one process, and the minimum over the rounds is
printed: on a noisy machine only the ratio within a run means anything. Without PyTorch installed, mibun's column alone
is printed. One thread each, as small work has no use for more.
"""

from __future__ import annotations

import argparse
import importlib
import os
import timeit
from collections.abc import Callable
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def cases(torch: Any) -> dict[str, Callable[[], Any]]:
    """The cases, as functions without arguments, over one library."""
    p = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    q = torch.tensor([4.0, 3.0, 2.0, 1.0], requires_grad=True)
    x = torch.tensor(5.0, requires_grad=True)

    def multiply() -> Any:
        return p * q

    def tutorial() -> None:
        z = torch.log(x**3)
        z.backward()

    def chain() -> None:
        y = p
        for _ in range(50):
            y = y * q
            y = y + p
        y.sum().backward()

    nn, optim = torch.nn, torch.optim
    torch.manual_seed(0)
    inputs, targets = torch.randn(32, 64), torch.randint(0, 10, (32,))
    mlp = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    loss_function = nn.CrossEntropyLoss()
    optimizer = optim.SGD(mlp.parameters(), lr=0.01)

    def mlp_step() -> None:
        optimizer.zero_grad()
        loss_function(mlp(inputs), targets).backward()
        optimizer.step()

    images, labels = torch.randn(64, 1, 8, 8), torch.randint(0, 10, (64,))
    net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10))
    adam = optim.Adam(net.parameters(), lr=0.001)

    def conv_step() -> None:
        adam.zero_grad()
        loss_function(net(images), labels).backward()
        adam.step()

    return {
        "recorded multiply of two 4-vectors": multiply,
        "x**3; log; backward": tutorial,
        "chain of 100 operations, forward + backward": chain,
        "MLP 64-64-10, batch 32: one SGD step": mlp_step,
        "conv net, 64 images of 8x8: one Adam step": conv_step,
    }


def measure(function: Callable[[], Any], number: int) -> float:
    """Microseconds per call."""
    return timeit.timeit(function, number=number) / number * 1e6


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30, help="alternations per case; the minimum is taken")
    rounds = parser.parse_args().rounds
    ours = cases(importlib.import_module("mibun"))
    theirs: dict[str, Callable[[], Any]] = {}
    try:
        torch = importlib.import_module("torch")
    except ModuleNotFoundError:
        print("torch is not installed: mibun alone")
    else:
        torch.set_num_threads(1)
        theirs = cases(torch)
    print(f"{'us per call (minimum of rounds)':<46}{'mibun':>10}{'torch':>10}{'torch/mibun':>13}")
    for name, function in ours.items():
        number = max(1, int(2e4 / measure(function, 3)))  # about 20 ms a round
        best, other = float("inf"), float("inf")
        for _ in range(rounds):
            best = min(best, measure(function, number))
            if theirs:
                other = min(other, measure(theirs[name], number))
        ratio = f"{other / best:>12.2f}x" if theirs else ""
        print(f"{name:<46}{best:>10.2f}{other if theirs else float('nan'):>10.2f}{ratio}")


if __name__ == "__main__":
    main()
