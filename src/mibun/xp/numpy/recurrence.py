"""Loops over time, in the NumPy namespace, each step in memory that was made for all: LSTM, sums over paths (CTC).

The gates of an LSTM lie one after another, (4, batch, H), so that every step works on whole blocks of memory and its
product is four small ones; those that get a sigmoid come first, and negated from the start: -(x + W h) is
(-x) + (-W) h exactly, which is what 1 / (1 + exp(-x)) begins with.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .library import ndarray, np

_FEW = 4  # times; below it the weights take longer to arrange than the steps do


def _by_gate(x: ndarray, axis: int) -> list[ndarray]:
    """The gates i, f, u, o along an axis, as views."""
    size = x.shape[axis] // 4
    before = (slice(None),) * axis
    return [x[(*before, slice(i * size, (i + 1) * size))] for i in range(4)]


def _usable(arrays: tuple[Any, ...], dtype: Any) -> bool:
    if dtype.char not in "fd":
        return False
    return not any([type(array) is not ndarray or array.dtype is not dtype for array in arrays])


def lstm_steps(gates: Any, hidden: Any, cell: Any, weight: Any, reverse: bool) -> tuple[Any, Any] | None:
    """(outputs, cells) of all times, as the kernel of `lstm_layer` computes them; None where it had better do so."""
    if not _usable((gates, hidden, cell, weight), gates.dtype):
        return None
    times, batch, width = gates.shape
    size = width // 4
    if times < _FEW or hidden.shape != (batch, size) or cell.shape != (batch, size):
        return None
    dtype = gates.dtype
    given, by_state = np.empty((times, 4, batch, size), dtype), np.empty((4, size, size), dtype)
    for place, gate, part, rows in zip((0, 1, 3, 2), range(4), _by_gate(gates, 2), _by_gate(weight, 0), strict=True):
        arrange = np.positive if gate == 2 else np.negative
        arrange(part, given[:, place])
        arrange(rows.T, by_state[place])
    outputs, cells = np.empty((2, times, batch, size), dtype)
    total = np.empty((4, batch, size), dtype)
    opened, (entry, keep, leave, update) = total[:3], total
    bent, one = np.empty((batch, size), dtype), np.ones((), dtype)
    matmul, add, multiply, exp, divide, tanh = np.matmul, np.add, np.multiply, np.exp, np.divide, np.tanh
    steps = zip(given, outputs, cells, strict=True)
    for part, output, after in reversed(list(steps)) if reverse else steps:
        matmul(hidden, by_state, total)
        add(part, total, total)
        exp(opened, opened)
        add(one, opened, opened)
        divide(one, opened, opened)
        tanh(update, update)
        multiply(entry, update, update)
        multiply(keep, cell, after)
        add(after, update, after)
        tanh(after, bent)
        multiply(leave, bent, output)
        hidden, cell = output, after
    return outputs, cells


def lstm_steps_back(
    for_output: Any, for_cells: Any, by_gates: tuple, by_cell: Any, by_c: Any, weight: Any, reverse: bool
) -> tuple[Any, Any, Any] | None:
    """The gradients of (gates, hidden, cell), as the rule of `lstm_layer` computes them from those of the outputs and
    the cells and from the factors of all times; None where it had better do so.
    """
    dtype = weight.dtype
    if len(for_output) < _FEW or not _usable((for_output, for_cells, *by_gates, by_cell, by_c, weight), dtype):
        return None
    times, batch, size = for_output.shape
    found, by_gate = np.empty((times, 4, batch, size), dtype), weight.reshape(4, size, size)
    products, (dh, dc, part) = np.empty((4, batch, size), dtype), np.zeros((3, batch, size), dtype)
    matmul, add, multiply = np.matmul, np.add, np.multiply
    total: Any = add.reduce
    steps = zip(found, for_output, for_cells, *by_gates, by_cell, by_c, strict=True)
    for grads, own, own_cell, by_i, by_f, by_u, by_o, keep, slope in steps if reverse else reversed(list(steps)):
        entry, forget, update, leave = grads
        add(own, dh, dh)
        add(own_cell, dc, dc)
        multiply(dh, slope, part)
        add(dc, part, dc)
        multiply(dc, by_i, entry)
        multiply(dc, by_f, forget)
        multiply(dc, by_u, update)
        multiply(dh, by_o, leave)
        matmul(grads, by_gate, products)
        total(products, 0, None, dh)
        multiply(dc, keep, dc)
    return found.swapaxes(1, 2).reshape(times, batch, 4 * size), dh, dc


def sums_over_paths(
    scores: Any, skip: ndarray, starts: Iterable[tuple[int, ndarray, ndarray]], back: bool = False
) -> tuple[ndarray, ndarray] | None:
    """For each time the logarithm of the sum over all paths to a state: without the score of the state, and with it.

    A path stays in its state, goes on to the next or, where `skip` (batch, states) says so, to the one after: for the
    state that it comes to, or with `back`, when time and paths run from the last to the first, that it leaves. At the
    times in `starts` those of some sequences (batch) begin, at some states (batch, states). scores: the logarithms
    (times, batch, states), and so are both results. None where this is not for float32 and float64.
    """
    if type(scores) is not ndarray or scores.dtype.char not in "fd":
        return None
    if back:
        last, mirror = scores.shape[0] - 1, np.s_[::-1, :, ::-1]
        starts = [(last - t, which, states[:, ::-1]) for t, which, states in starts]
        without, after = _sums_over_paths(scores[mirror], skip[:, ::-1], starts)
        return without[mirror], after[mirror]
    return _sums_over_paths(scores, skip, starts)


def _sums_over_paths(
    scores: ndarray, skip: ndarray, starts: Iterable[tuple[int, ndarray, ndarray]]
) -> tuple[ndarray, ndarray]:
    times, batch, width = scores.shape
    dtype, nothing = scores.dtype, -np.inf
    own = np.ascontiguousarray(scores.transpose(0, 2, 1))  # states before sequences: the next state is one line on
    barred = np.where(skip.T, 0, nothing).astype(dtype)
    without = np.empty(own.shape, dtype)
    lines = np.full((times + 1, width + 2, batch), nothing, dtype)  # with two states before the first
    begun = {t: (which, states.T[:, which]) for t, which, states in starts}
    most, part, leap = np.empty((3, width, batch), dtype)
    lowest = np.array(np.finfo(dtype).min, dtype)  # in the place of -inf, which can't be subtracted from itself
    maximum, subtract, exp, add, log = np.maximum, np.subtract, np.exp, np.add, np.log
    with np.errstate(all="ignore"):
        for t, (total, score, before) in enumerate(zip(without, own, lines, strict=False)):
            stay, step = before[2:], before[1:-1]
            add(before[:-2], barred, leap)
            maximum(stay, step, out=most)
            maximum(most, leap, out=most)
            maximum(most, lowest, out=most)
            exp(subtract(stay, most, total), total)
            exp(subtract(step, most, part), part)
            add(total, part, total)
            exp(subtract(leap, most, part), part)
            add(total, part, total)
            add(log(total, total), most, total)
            after = lines[t + 1, 2:]
            if t not in begun:
                add(total, score, after)
                continue
            which, states = begun[t]
            total[:, which] = np.where(states, 0, nothing)
            add(total, score, after)
            after[:, which] = np.where(states, score[:, which], nothing)
    return without.transpose(0, 2, 1), lines[1:, 2:].transpose(0, 2, 1)
