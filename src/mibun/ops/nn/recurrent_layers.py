"""One layer of a recurrent network over all times, each an operator: LSTM, GRU, and plain ones with tanh or relu.

What does not depend on the state is done for all times before: `gates` (time, batch, gates * H) is the input's part,
its bias included. Going back, everything that the outputs determine is worked out for all times at once, and only what
follows from one time to the next is left to the loop. With `reverse` time runs from the last to the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...core.registry import Array
from ...dispatch.declare import op


def _times(n: int, reverse: bool) -> Iterable[int]:
    return range(n - 1, -1, -1) if reverse else range(n)


def _in_order(xp: Any, steps: list, reverse: bool) -> Array:
    return xp.stack(steps[::-1] if reverse else steps, axis=0)


def _previous(xp: Any, states: Array, first: Array, reverse: bool) -> Array:
    """The state that each time started from. (Of one time, `states` may be of another size: before a projection.)"""
    if states.shape[0] == 1:
        return first[None, ...]
    if reverse:
        return xp.concat([states[1:, ...], first[None, ...]], axis=0)
    return xp.concat([first[None, ...], states[:-1, ...]], axis=0)


def _flat(xp: Any, x: Array) -> Array:
    return xp.reshape(x, (-1, x.shape[-1]))


def _for_weight(xp: Any, grads: Array, inputs: Array) -> Array:
    """The gradient of the weight in `inputs @ weight.mT`, over all times."""
    return xp.matmul(xp.matrix_transpose(_flat(xp, grads)), xp.conj(_flat(xp, inputs)))


def _slope(s: Array) -> Array:
    """The derivative of a sigmoid, by its value."""
    return s * (1 - s)


# --- LSTM ---
# i, f, o = sigmoid and u = tanh of the gates; c' = f c + i u; h' = o tanh(c'). Hochreiter and Schmidhuber (1997), with
# the forget gate of Gers, Schmidhuber and Cummins (2000).


def _lstm_gates(xp: Any, input: Array, w_ih: Array | None, bias: Array | None) -> Array:
    """What does not depend on the state."""
    gates = input
    if w_ih is not None:
        gates = xp.reshape(xp.matmul(_flat(xp, input), xp.matrix_transpose(w_ih)), (*input.shape[:-1], w_ih.shape[0]))
    return gates if bias is None else gates + bias


def _lstm_rule(xp, g, input, hidden, cell, w_ih, w_hh, bias, output, cells, work, reverse, needs):
    for_output, for_cells = g
    before = _previous(xp, output, hidden, reverse)
    by_hidden = xp.conj(w_hh)
    steps = xp.lstm_steps_back(for_output, for_cells, work, cells, by_hidden, reverse)
    if steps is None:
        size = cells.shape[-1]
        total = _lstm_gates(xp, input, w_ih, bias) + xp.matmul(before, xp.matrix_transpose(w_hh))
        opened = xp.sigmoid(total)
        i, f, o = opened[..., :size], opened[..., size : 2 * size], opened[..., 3 * size :]
        u, bent = xp.tanh(total[..., 2 * size : 3 * size]), xp.tanh(cells)
        # The derivative of c' by each gate before its sigmoid or tanh, and by c; that of h' by o and by c'.
        by_i, by_f, by_u = u * _slope(i), _previous(xp, cells, cell, reverse) * _slope(f), i * (1 - u * u)
        by_o, by_c = bent * _slope(o), o * (1 - bent * bent)
        by_i, by_f, by_u, by_cell, by_o, by_c = [xp.conj(factor) for factor in (by_i, by_f, by_u, f, by_o, by_c)]
        found: list = []
        dh = dc = None
        for t in _times(input.shape[0], not reverse):
            dh = for_output[t, ...] if dh is None else for_output[t, ...] + dh
            carried = for_cells[t, ...] if dc is None else for_cells[t, ...] + dc
            dc = carried + dh * by_c[t, ...]
            parts = [dc * by_i[t, ...], dc * by_f[t, ...], dc * by_u[t, ...], dh * by_o[t, ...]]
            found.append(xp.concat(parts, axis=-1))
            dh, dc = xp.matmul(found[-1], by_hidden), dc * by_cell[t, ...]
        steps = _in_order(xp, found, not reverse), dh, dc
    for_gates, dh, dc = steps
    for_input = for_gates if w_ih is None or not needs[0] else xp.matmul(for_gates, xp.conj(w_ih))
    for_w_ih = _for_weight(xp, for_gates, input) if needs[3] else None
    for_w_hh = _for_weight(xp, for_gates, before) if needs[4] else None
    for_bias = xp.sum(_flat(xp, for_gates), axis=0) if needs[5] else None
    return for_input, dh, dc, for_w_ih, for_w_hh, for_bias


@op(
    name="lstm_layer",
    node="MkldnnRnnLayerBackward0",
    dtype=None,
    scalars=False,
    optional=True,
    refuses="biu",
    outputs=("output", "cells"),
    residuals=("work",),
    joint=_lstm_rule,
)
def lstm_layer(xp, input, hidden, cell, w_ih, w_hh, bias, *, reverse):
    """The outputs and the cells of all times, and what a namespace keeps of its work for the way back, or None.

    input: (time, batch, I), or (time, batch, 4 H) where w_ih is None: the input's part of the gates. hidden, cell:
    (batch, H); w_ih: (4 H, I); w_hh: (4 H, H); bias: (4 H) or None.
    """
    found = xp.lstm_steps(input, hidden, cell, w_ih, w_hh, bias, reverse)
    if found is not None:
        return found
    size = cell.shape[-1]
    gates, by_state = _lstm_gates(xp, input, w_ih, bias), xp.matrix_transpose(w_hh)
    hiddens, cells = [], []
    for t in _times(gates.shape[0], reverse):
        total = gates[t, ...] + xp.matmul(hidden, by_state)
        opened = xp.sigmoid(total)
        cell = opened[..., size : 2 * size] * cell + opened[..., :size] * xp.tanh(total[..., 2 * size : 3 * size])
        hidden = opened[..., 3 * size :] * xp.tanh(cell)
        hiddens.append(hidden)
        cells.append(cell)
    return _in_order(xp, hiddens, reverse), _in_order(xp, cells, reverse), None


# --- GRU ---
# r, z = sigmoid; n = tanh(its part + r * the state's part); h' = n + z (h - n). Cho et al. (2014), arXiv:1406.1078.


def _gru_parts(xp: Any, gates: Array, by_hidden: Array) -> tuple[Array, Array, Array, Array]:
    """r, z, n, and the state's part of n."""
    size = gates.shape[-1] // 3
    opened = xp.sigmoid(gates[..., : 2 * size] + by_hidden[..., : 2 * size])
    reset, update = opened[..., :size], opened[..., size:]
    inner = by_hidden[..., 2 * size :]
    return reset, update, xp.tanh(gates[..., 2 * size :] + reset * inner), inner


def _gru_by_hidden(xp: Any, hidden: Array, weight: Array, bias: Array | None) -> Array:
    product = xp.matmul(hidden, xp.matrix_transpose(weight))
    return product if bias is None else product + bias


def _gru_rule(xp, g, gates, hidden, weight, bias, out, reverse, needs):
    before = _previous(xp, out, hidden, reverse)
    reset, update, new, inner = _gru_parts(xp, gates, _gru_by_hidden(xp, before, weight, bias))
    by_new = (1 - update) * (1 - new * new)
    by_update, by_reset = (before - new) * _slope(update), by_new * inner * _slope(reset)
    by_inner = by_new * reset
    factors = [xp.conj(factor) for factor in (by_new, by_update, by_reset, by_inner, update, reset, weight)]
    by_new, by_update, by_reset, by_inner, by_state, reset, weight = factors
    found: list = []
    dh = None
    for t in _times(gates.shape[0], not reverse):
        dh = g[t, ...] if dh is None else g[t, ...] + dh
        opened = [dh * by_reset[t, ...], dh * by_update[t, ...]]
        found.append((*opened, dh * by_new[t, ...]))
        dh = dh * by_state[t, ...] + xp.matmul(xp.concat([*opened, dh * by_inner[t, ...]], axis=-1), weight)
    steps = [_in_order(xp, list(part), not reverse) for part in zip(*found, strict=True)]
    for_gates = xp.concat(steps, axis=-1)
    for_hidden = xp.concat([*steps[:2], steps[2] * reset], axis=-1)
    for_weight = _for_weight(xp, for_hidden, before) if needs[2] else None
    return for_gates, dh, for_weight, xp.sum(_flat(xp, for_hidden), axis=0) if needs[3] else None


@op(
    name="gru_layer",
    node="StackBackward0",
    dtype=None,
    scalars=False,
    optional=True,
    refuses="biu",
    joint=_gru_rule,
)
def gru_layer(xp, gates, hidden, weight, bias, *, reverse):
    """The outputs of all times. hidden: (batch, H); weight: (3 H, H); bias: (3 H) or None."""
    states = []
    for t in _times(gates.shape[0], reverse):
        _, update, new, _ = _gru_parts(xp, gates[t, ...], _gru_by_hidden(xp, hidden, weight, bias))
        hidden = new + update * (hidden - new)
        states.append(hidden)
    return _in_order(xp, states, reverse)


# --- plain ---
# h' = tanh or relu (its part + the state's part). Elman (1990).


def _plain_rule(xp, g, hidden, weight, out, relu, reverse, needs):
    found: list = []
    dh = None
    slopes: Any = None if relu else xp.conj(1 - out * out)
    by_state = xp.conj(weight)
    for t in _times(out.shape[0], not reverse):
        dh = g[t, ...] if dh is None else g[t, ...] + dh
        found.append(xp.relu_backward(dh, out[t, ...]) if relu else dh * slopes[t, ...])
        dh = xp.matmul(found[-1], by_state)
    for_gates = _in_order(xp, found, not reverse)
    before = _previous(xp, out, hidden, reverse)
    return for_gates, dh, _for_weight(xp, for_gates, before) if needs[2] else None


@op(name="plain_layer", node="StackBackward0", dtype=None, scalars=False, joint=_plain_rule)
def plain_layer(xp, gates, hidden, weight, *, relu, reverse):
    """The outputs of all times. hidden: (batch, H); weight: (H, H)."""
    by_state = xp.matrix_transpose(weight)
    states = []
    for t in _times(gates.shape[0], reverse):
        total = gates[t, ...] + xp.matmul(hidden, by_state)
        hidden = xp.relu(total) if relu else xp.tanh(total)
        states.append(hidden)
    return _in_order(xp, states, reverse)
