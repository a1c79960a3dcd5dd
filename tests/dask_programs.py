"""Logistic regression on data that the process has no room for; `test_arrays_dask.py` runs it in one of its own."""

from __future__ import annotations

import os
import resource

import dask
import dask.array as da
import numpy as np

import mibun as torch

ROWS, COLUMNS, CHUNK = 1_000_000, 50, 20_000
ROOM = 250 << 20  # bytes; the data has 400 MB


def part(number: int) -> np.ndarray:
    """One chunk of the data, always the same."""
    return np.random.default_rng(number).random((CHUNK, COLUMNS)) - 0.5


def train(x: torch.Tensor, y: torch.Tensor, steps: int) -> np.ndarray:
    """The weights after some steps."""
    w = torch.zeros(COLUMNS, dtype=torch.float64, requires_grad=True)
    b = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=5.0)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(x @ w + b, y).backward()
        optimizer.step()
    return w.detach().numpy()


def main() -> None:
    """Train by chunks, compare with formulas written out over the chunks; then try to have all data at once."""
    dask.config.set(scheduler="sync")
    chunks = ((CHUNK,) * (ROWS // CHUNK), (COLUMNS,))
    x = da.map_blocks(lambda block_info: part(block_info[None]["chunk-location"][0]), chunks=chunks, dtype=float)
    true = np.linspace(-1, 1, COLUMNS)
    y = (x @ true > 0).astype(float)
    train(torch.asarray(x[:CHUNK]), torch.asarray(y[:CHUNK]), 1)  # whatever is set up at first
    with open("/proc/self/statm") as file:
        now = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (now + ROOM, now + ROOM))
    found = train(torch.asarray(x), torch.asarray(y), 2)

    w, b = np.zeros(COLUMNS), 0.0
    for _ in range(2):
        for_w, for_b = np.zeros(COLUMNS), 0.0
        for number in range(ROWS // CHUNK):
            rows = part(number)
            error = 1 / (1 + np.exp(-(rows @ w + b))) - (rows @ true > 0)
            for_w, for_b = for_w + error @ rows, for_b + error.sum()
        w, b = w - 5.0 * for_w / ROWS, b - 5.0 * for_b / ROWS
    np.testing.assert_allclose(found, w, rtol=1e-9)
    print("trained")
    try:
        torch.asarray(x).numpy()
    except MemoryError:
        print("refused")


if __name__ == "__main__":
    main()
