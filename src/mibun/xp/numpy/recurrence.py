"""The loop over time of an LSTM, in the NumPy namespace: each step in memory that was made for all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray


def lstm_steps(gates: Any, hidden: Any, cell: Any, weight: Any, reverse: bool) -> tuple[Any, Any] | None:
    """(outputs, cells) of all times, as the kernel of `lstm_layer` computes them; None where it had better do so."""
    given = (gates, hidden, cell, weight)
    if any([type(array) is not ndarray or array.dtype is not gates.dtype for array in given]):
        return None
    times, batch, width = gates.shape
    size = width // 4
    if times < 2 or gates.dtype.char not in "fd" or hidden.shape != (batch, size) or cell.shape != (batch, size):
        return None
    shape = (times, batch, size)
    outputs, cells = np.empty(shape, gates.dtype), np.empty(shape, gates.dtype)
    total, opened = np.empty((2, batch, width), gates.dtype)
    entry, keep, leave = opened[:, :size], opened[:, size : 2 * size], opened[:, 3 * size :]
    update, bent = total[:, 2 * size : 3 * size], np.empty((batch, size), gates.dtype)
    by_state, one = weight.T, gates.dtype.type(1)
    matmul, add, multiply, negative = np.matmul, np.add, np.multiply, np.negative
    exp, divide, tanh = np.exp, np.divide, np.tanh
    steps = zip(gates, outputs, cells, strict=True)
    for part, output, after in reversed(list(steps)) if reverse else steps:
        matmul(hidden, by_state, total)
        add(part, total, total)
        negative(total, opened)
        exp(opened, opened)
        add(one, opened, opened)
        divide(one, opened, opened)
        tanh(update, bent)
        multiply(entry, bent, bent)
        multiply(keep, cell, after)
        add(after, bent, after)
        tanh(after, bent)
        multiply(leave, bent, output)
        hidden, cell = output, after
    return outputs, cells
