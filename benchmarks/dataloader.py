"""Batches by workers against batches made in the training process: `python -m benchmarks.dataloader [--batches N]`.

Each batch takes 5 ms to make, either of computing or of waiting (as for a disk), or none; the training itself takes the
time that is said. With PyTorch installed its DataLoader is timed on the same data sets. Two workers on two free cores
should take at most as long as none; on a busy machine only the ratios of one run mean anything.
"""

from __future__ import annotations

import argparse
import importlib
import time
from typing import Any

# name -> (seconds of computing for a batch, seconds of waiting for it, seconds of training on it)
CASES = {
    "5 ms of computing": (0.005, 0, 0),
    "5 ms of waiting": (0, 0.005, 0),
    "5 ms of computing, 5 ms of training": (0.005, 0, 0.005),
    "nothing, 5 ms of training": (0, 0, 0.005),
    "nothing": (0, 0, 0),
}


def _compute(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def dataset(torch: Any, computing: float, waiting: float, batches: int) -> Any:
    """A data set of one library, of which each sample is a batch: 32 images of 32 × 32 in three colours."""

    class Images(torch.utils.data.Dataset):
        def __len__(self) -> int:
            return batches

        def __getitem__(self, index: int) -> Any:
            _compute(computing)
            time.sleep(waiting)
            return torch.ones(32, 3, 32, 32), index

    return Images()


def seconds(torch: Any, case: tuple[float, float, float], batches: int, workers: int) -> float:
    """How long one pass takes, with starting and ending of the workers."""
    *making, training = case
    loader = torch.utils.data.DataLoader(dataset(torch, *making, batches), batch_size=None, num_workers=workers)
    start = time.perf_counter()
    for images, _ in loader:
        images.sum()
        _compute(training)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dataloader", description=__doc__.splitlines()[0])
    parser.add_argument("--batches", type=int, default=1000, help="batches in a pass")
    batches = parser.parse_args().batches
    libraries = [importlib.import_module("mibun")]
    try:
        libraries.append(importlib.import_module("torch"))
    except ModuleNotFoundError:
        print("torch is not installed: mibun alone")
    columns = [f"{library.__name__}, {workers}" for library in libraries for workers in (0, 2)]
    print(f"{f'seconds for {batches} batches, by workers':<42}" + "".join(f"{column:>11}" for column in columns))
    for name, case in CASES.items():
        row = [seconds(library, case, batches, workers) for library in libraries for workers in (0, 2)]
        print(f"{name:<42}" + "".join(f"{value:>11.2f}" for value in row), flush=True)


if __name__ == "__main__":
    main()
