"""Loops over time, in the NumPy namespace, each step in memory that was made for all: LSTM, sums over paths (CTC).

What an LSTM works on in a step lies together, (5, batch, H): the gates i, f and o, each as 1 + exp(-x), of which the
sigmoid is the reciprocal; u = tanh; and the cell before the step. So one step is nine calls: a quotient of two blocks
is (u i, c f), whose sum is the next cell. The memory of all steps is kept for the way back, which then computes nothing
twice. What gets a sigmoid is negated from the start: -(x + W h) is (-x) + (-W) h exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .library import ndarray, np

_FEW = 4  # times; below it the weights take longer to arrange than the steps do
_TOGETHER = 1 << 13  # elements of the cells of some times, for which factors are worked out at once
_PLACES = (0, 1, 3, 2)  # of the gates i, f, u, o, as they come, in the blocks i, f, o, u


def _by_gate(x: ndarray, axis: int) -> list[ndarray]:
    """The gates i, f, u, o along an axis, as views."""
    size = x.shape[axis] // 4
    before = (slice(None),) * axis
    return [x[(*before, slice(i * size, (i + 1) * size))] for i in range(4)]


def _usable(arrays: tuple[Any, ...], dtype: Any) -> bool:
    if dtype.char not in "fd":
        return False
    return not any([type(array) is not ndarray or array.dtype is not dtype for array in arrays])


def lstm_steps(
    input: Any, hidden: Any, cell: Any, w_ih: Any, w_hh: Any, bias: Any, reverse: bool
) -> tuple[Any, Any, Any] | None:
    """(outputs, cells, what `lstm_steps_back` needs) of all times; None where the kernel of `lstm_layer` is as good.

    w_ih: None where `input` holds the gates' part of the input already; bias: None for none.
    """
    given = [hidden, cell, w_hh, *[x for x in (w_ih, bias) if x is not None]]
    if not _usable((input, *given), input.dtype):
        return None
    times, batch = input.shape[:2]
    size = w_hh.shape[0] // 4
    if times < _FEW or hidden.shape != (batch, size) or cell.shape != (batch, size):
        return None
    dtype = input.dtype
    gates = input if w_ih is None else np.matmul(input.reshape(times * batch, -1), w_ih.T).reshape(times, batch, -1)
    work, by_state = np.empty((times, 5, batch, size), dtype), np.empty((4, size, size), dtype)
    offsets = _by_gate(np.zeros(4 * size, dtype) if bias is None else bias, 0)
    parts = zip(_PLACES, _by_gate(gates, 2), offsets, _by_gate(w_hh, 0), strict=True)
    for place, part, offset, rows in parts:
        if place == 3:
            np.add(part, offset, work[:, place])
            by_state[place] = rows.T
        else:
            np.subtract(-offset, part, work[:, place])
            np.negative(rows.T, by_state[place])
    del gates
    outputs = np.empty((times, batch, size), dtype)
    product, pair = np.empty((4, batch, size), dtype), np.empty((2, batch, size), dtype)
    first, second = pair
    bent, one = np.empty((batch, size), dtype), np.ones((), dtype)
    add, exp, divide, tanh = np.add, np.exp, np.divide, np.tanh
    multiply: Any = np.matmul
    if batch == 1:  # one row: the products are one
        multiply, product = np.dot, product.reshape(1, 4 * size)
        by_state = np.ascontiguousarray(by_state.transpose(1, 0, 2)).reshape(size, 4 * size)
        hidden = np.ascontiguousarray(hidden)
    blocks = product.reshape(4, batch, size)
    cells = np.empty((times, batch, size), dtype)
    order = slice(None, None, -1 if reverse else 1)
    work, outputs, cells = work[order], outputs[order], cells[order]
    work[0, 4] = cell
    nexts = [*work[1:, 4], cells[-1]]
    steps = zip(work[:, :4], work[:, :3], work[:, 3], work[:, 3:], work[:, :2], work[:, 2], outputs, nexts, strict=True)
    for total, opened, update, above, below, leave, output, after in steps:
        multiply(hidden, by_state, product)
        add(total, blocks, total)
        exp(opened, opened)
        add(opened, one, opened)
        tanh(update, update)
        divide(above, below, pair)
        add(first, second, after)
        tanh(after, bent)
        divide(bent, leave, output)
        hidden = output
    cells[:-1] = work[1:, 4]
    return outputs[order], cells[order], work[order]


def lstm_steps_back(
    for_output: Any, for_cells: Any, work: Any, cells: Any, weight: Any, reverse: bool
) -> tuple[Any, Any, Any] | None:
    """The gradients of (gates, hidden, cell), from those of the outputs and of the cells, and from what `lstm_steps`
    has kept; None where the rule of `lstm_layer` has to work them out. weight: that of the state.
    """
    if type(work) is not ndarray or not _usable((for_output, for_cells, cells, weight), work.dtype):
        return None
    dtype = work.dtype
    times, batch, size = cells.shape
    if work.shape[2] != batch or for_output.shape != cells.shape or for_cells.shape != cells.shape:
        return None
    found = np.empty((times, batch, 4 * size), dtype)
    weight = np.ascontiguousarray(weight)
    dh, dc, part = np.zeros((3, batch, size), dtype)
    carried = dc.reshape(batch, 1, size)
    add, multiply, dot = np.add, np.multiply, np.dot
    with_cells = bool(for_cells.any())
    order = slice(None, None, 1 if reverse else -1)
    many = max(1, _TOGETHER // max(1, batch * size))
    arrays = [x[order] for x in (for_output, for_cells, work, cells, found)]
    for start in range(0, times, many):
        own, own_cells, kept, after, grads = [x[start : start + many] for x in arrays]
        by_gates, by_leave, keep, slopes = _factors(kept, after)
        by_gates = by_gates.swapaxes(1, 2)  # as the gradients lie: (times, batch, 3, H)
        inner = grads.reshape(*grads.shape[:2], 4, size)
        steps = zip(
            own, own_cells, by_gates, by_leave, keep, slopes, grads, inner[:, :, :3], inner[:, :, 3], strict=True
        )
        for for_h, for_c, factors, by_o, by_f, slope, every, others, leave in steps:
            add(dh, for_h, dh)
            if with_cells:
                add(dc, for_c, dc)
            multiply(dh, slope, part)
            add(dc, part, dc)
            multiply(carried, factors, others)
            multiply(dh, by_o, leave)
            dot(every, weight, dh)
            multiply(dc, by_f, dc)
    return found, dh, dc


def _factors(work: ndarray, cells: ndarray) -> tuple[ndarray, ndarray, ndarray, ndarray]:
    """The derivatives of the cell by the gates i, f, u (times, 3, batch, H) before their sigmoid or tanh; those of the
    output by o, of the cell by the one before, and of the output by the cell, each (times, batch, H).
    """
    one = work.dtype.type(1)
    opened = np.divide(one, work[:, :3])
    entry, keep, leave = opened[:, 0], opened[:, 1], opened[:, 2]
    slopes = one - opened
    slopes *= opened
    bent = np.tanh(cells)
    by_gates = np.empty(opened.shape, work.dtype)
    np.multiply(slopes[:, :2], work[:, 3:], by_gates[:, :2])
    by_update = np.multiply(work[:, 3], work[:, 3], by_gates[:, 2])
    np.subtract(one, by_update, by_update)
    by_update *= entry
    by_leave = bent * slopes[:, 2]
    bent *= bent
    np.subtract(one, bent, bent)
    bent *= leave
    return by_gates, by_leave, keep, bent


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
    given = [(t, np.asarray(which), np.asarray(states)) for t, which, states in starts]
    begun = {t: (which, states.T[:, which]) for t, which, states in given}
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
