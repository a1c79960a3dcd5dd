"""Recurrent networks: plain, LSTM and GRU, one step (`lstm_cell`) or whole sequences (`lstm`), padded or packed.

The functions have the signatures of PyTorch's own, which its modules call. A layer's weights come as in its state dict:
of the input, of the hidden state, their biases, and (LSTM only) the projection. All steps of a layer are one operator
(`recurrent_layers.py`).
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import linear as linear_kind
from ...dispatch.declare import op
from ...dispatch.numbers import boolean, integer, real
from ...dispatch.parser import numpy_names, renamed
from ...dispatch.public import public
from ..shape.joining import cat, stack
from .dropout import dropout
from .linear import linear
from .recurrent_layers import gru_layer, lstm_layer, plain_layer

# The state of a layer, a tuple of Tensors, the output first.
State = tuple[Tensor, ...]
# A layer takes what `given` makes of its input (time, batch, ...), the state before, its weights and whether time runs
# backward, and gives the outputs (time, batch, H) and the state after.
_Steps = Callable[[Tensor, State, "_Weights", bool], tuple[Tensor, State]]


class _Weights(NamedTuple):
    """A layer's weights, as they come; that of the projection is for LSTM only."""

    input: Tensor
    hidden: Tensor
    input_bias: Tensor | None = None
    bias: Tensor | None = None
    projection: Tensor | None = None


class _Layer(NamedTuple):
    """A kind of layer: what is done with the input of all times, and the steps."""

    given: Callable[[Tensor, _Weights], Tensor]
    steps: _Steps


def _gates(input: Tensor, weights: _Weights) -> Tensor:
    """The input's part of the gates."""
    return linear(input, weights.input, weights.input_bias)


def _last(outputs: Tensor, reverse: bool) -> Tensor:
    return outputs[0 if reverse else -1]


def _lstm_given(input: Tensor, weights: _Weights) -> Tensor:
    return input if weights.projection is None else _gates(input, weights)


def _lstm_steps(given: Tensor, state: State, weights: _Weights, reverse: bool) -> tuple[Tensor, State]:
    bias = weights.bias
    if weights.projection is None:
        if bias is not None and weights.input_bias is not None:
            bias = weights.input_bias + bias
        elif bias is None:
            bias = weights.input_bias
        outputs, cells = lstm_layer(given, *state, weights.input, weights.hidden, bias, reverse=reverse)
        return outputs, (_last(outputs, reverse), _last(cells, reverse))
    # The next step starts from what is projected: one step at a time.
    found = []
    for part in reversed(given.unbind(0)) if reverse else given.unbind(0):
        outputs, cells = lstm_layer(part.unsqueeze(0), *state, None, weights.hidden, bias, reverse=False)
        state = (linear(outputs[0], weights.projection), cells[0])
        found.append(state[0])
    return stack(found[::-1] if reverse else found), state


_lstm = _Layer(_lstm_given, _lstm_steps)


def _gru_steps(gates: Tensor, state: State, weights: _Weights, reverse: bool) -> tuple[Tensor, State]:
    outputs = gru_layer(gates, *state, weights.hidden, weights.bias, reverse=reverse)
    return outputs, (_last(outputs, reverse),)


_gru = _Layer(_gates, _gru_steps)


def _plain(relu: bool) -> _Layer:
    def steps(gates: Tensor, state: State, weights: _Weights, reverse: bool) -> tuple[Tensor, State]:
        if weights.bias is not None:
            gates = gates + weights.bias
        outputs = plain_layer(gates, *state, weights.hidden, relu=relu, reverse=reverse)
        return outputs, (_last(outputs, reverse),)

    return _Layer(_gates, steps)


_tanh, _relu = _plain(False), _plain(True)


def _one_step(layer: _Layer, input: Tensor, state: State, *weights: Any) -> State:
    """The state after a single step, from an input (batch, ...), or from that of a single sequence (...)."""
    every = _Weights(*weights)
    given = layer.given(input, every)
    if given._array_.ndim > 1:
        return layer.steps(given.unsqueeze(0), state, every, False)[1]
    after = layer.steps(given[None, None], tuple([part.unsqueeze(0) for part in state]), every, False)[1]
    return tuple([part.squeeze(0) for part in after])


# --- sequences ---


def _runs(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """(size, how often in a row)."""
    return [(size, len(list(group))) for size, group in itertools.groupby(sizes)]


def _run_packed(
    layer: _Layer, given: Tensor, sizes: Sequence[int], state: State, weights: _Weights, reverse: bool
) -> tuple[Tensor, State]:
    """All steps over what is given, packed: at each time the rows of the sequences that long, longest first."""
    runs = _runs(sizes)
    parts = [
        part.reshape(times, size, -1)
        for part, (size, times) in zip(given.split([size * times for size, times in runs]), runs, strict=True)
    ]
    outputs = []
    if reverse:
        current = tuple([part.narrow(0, 0, sizes[-1]) for part in state])
        for part, (size, _) in zip(reversed(parts), reversed(runs), strict=True):
            have = current[0].shape[0]
            if size > have:  # sequences that end here start here
                joining = [part.narrow(0, have, size - have) for part in state]
                current = tuple([cat([old, new]) for old, new in zip(current, joining, strict=True)])
            output, current = layer.steps(part, current, weights, True)
            outputs.append(output.flatten(0, 1))
        return cat(outputs[::-1]), current
    finished: list[State] = []
    for part, (size, _) in zip(parts, runs, strict=True):
        have = state[0].shape[0]
        if size < have:
            finished.append(tuple([part.narrow(0, size, have - size) for part in state]))
            state = tuple([part.narrow(0, 0, size) for part in state])
        output, state = layer.steps(part, state, weights, False)
        outputs.append(output.flatten(0, 1))
    finished.append(state)
    return cat(outputs), tuple([cat([part[i] for part in reversed(finished)]) for i in range(len(state))])


def _run(
    layer: _Layer,
    input: Tensor,
    sizes: Sequence[int] | None,
    state: State,
    params: Sequence,
    per_layer: int,
    biases: bool,
    num_layers: int,
    p: float,
    train: bool,
    bidirectional: bool,
) -> tuple[Tensor, State]:
    """All layers; `state` holds tensors (layers * directions, batch, ...), and so does the result's."""
    directions = 2 if bidirectional else 1
    if len(params) != per_layer * directions * num_layers:
        raise RuntimeError(
            f"got an incorrect number of RNN parameters: {len(params)}, but expected {per_layer} for each of "
            f"{directions * num_layers} layers and directions"
        )
    last: list[State] = []
    left = iter(params)
    for number in range(num_layers):
        outputs = []
        for direction in range(directions):
            w_ih, w_hh = next(left), next(left)
            b_ih, b_hh = (next(left), next(left)) if biases else (None, None)
            w_hr = next(left) if per_layer == (5 if biases else 3) else None
            start = tuple([part[number * directions + direction] for part in state])
            weights = _Weights(w_ih, w_hh, b_ih, b_hh, w_hr)
            given = layer.given(input, weights)
            if sizes is None:
                output, end = layer.steps(given, start, weights, direction == 1)
            else:
                output, end = _run_packed(layer, given, sizes, start, weights, direction == 1)
            outputs.append(output)
            last.append(end)
        input = cat(outputs, -1) if bidirectional else outputs[0]
        if p and train and number < num_layers - 1:
            input = dropout(input, p, True)
    return input, tuple([stack([end[i] for end in last]) for i in range(len(state))])


def _padded_arguments(
    input: Tensor,
    hx: Tensor | Sequence[Tensor],
    params: Sequence[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
) -> tuple[Tensor, ...]:
    """The signature of the functions over sequences, for sequences that are padded to one length."""
    raise TypeError("only its signature is of use")


_PADDED = inspect.signature(_padded_arguments)
_PADDED_NAMES = list(_PADDED.parameters)
_PACKED_NAMES = ["data", "batch_sizes", *_PADDED_NAMES[1:-1]]
_NUMPY_NAMES = numpy_names(_PADDED_NAMES)
_NUMBERS: dict[str, Callable] = {"num_layers": integer, "dropout": real}
_NUMBERS |= dict.fromkeys(("has_biases", "train", "bidirectional", "batch_first"), boolean)


def _over_sequences(name: str, layer: _Layer, n_states: int) -> Callable:
    """The function over sequences, which has two forms: told apart by the second argument."""

    def sequence(*args: Any, **kwargs: Any) -> tuple[Tensor, ...]:
        kwargs = renamed(kwargs, _NUMPY_NAMES)
        packed = _is_batch_sizes(args) if len(args) > 1 else "batch_sizes" in kwargs
        names = _PACKED_NAMES if packed else _PADDED_NAMES
        if len(args) + len(kwargs) != len(names) or not set(kwargs) <= set(names[len(args) :]):
            raise TypeError(f"{name}() takes the arguments {', '.join(names)}; got {len(args) + len(kwargs)}")
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        for argument, number in _NUMBERS.items():
            if argument in given:
                given[argument] = number(given[argument], name, argument)
        input = given["data" if packed else "input"]
        check_tensor(input, name)
        state: State = tuple(given["hx"]) if n_states == 2 else (given["hx"],)
        params = list(given["params"])
        biases = given["has_biases"]
        per_layer = 4 if biases else 2
        if n_states == 2 and state[0]._array_.shape[-1] != state[-1]._array_.shape[-1]:
            per_layer += 1
        sizes = [int(n) for n in given["batch_sizes"]] if packed else None
        batch_first = not packed and given["batch_first"]
        if batch_first:
            input = input.transpose(0, 1)
        if sizes is None and input._array_.shape[0] == 0:
            raise RuntimeError("Expected sequence length to be larger than 0 in RNN")
        output, state = _run(
            layer,
            input,
            sizes,
            state,
            params,
            per_layer,
            biases,
            given["num_layers"],
            given["dropout"],
            given["train"],
            given["bidirectional"],
        )
        return (output.transpose(0, 1) if batch_first else output, *state)

    sequence.__signature__ = _PADDED  # type: ignore[attr-defined]
    what = "two tensors: hidden and cell" if n_states == 2 else "a tensor"
    sequence.__doc__ = f"""All steps and layers of a recurrent network, as the modules call it.

    {name}(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first), or with packed data
    {name}(data, batch_sizes, hx, params, has_biases, num_layers, dropout, train, bidirectional). hx: {what} of shape
    (layers * directions, batch, size). Returns the outputs of the last layer, and the last states.
    """
    return public(name, method=False)(sequence)


def _is_batch_sizes(args: tuple) -> bool:
    second = args[1]
    return isinstance(second, Tensor) and second._array_.dtype.kind in "iu" and second._array_.ndim == 1


lstm = _over_sequences("lstm", _lstm, 2)
gru = _over_sequences("gru", _gru, 1)
rnn_tanh = _over_sequences("rnn_tanh", _tanh, 1)
rnn_relu = _over_sequences("rnn_relu", _relu, 1)

# --- single steps ---


def _check_step(
    name: str, input: Tensor, hidden: Tensor, w_ih: Tensor, w_hh: Tensor, gates: int, which: str = "hidden"
) -> None:
    check_tensor(input, name)
    check_tensor(hidden, name, "hx", 2)
    own, state = input._array_.shape, hidden._array_.shape
    if own[-1] != w_ih._array_.shape[1]:
        raise RuntimeError(f"input has inconsistent input_size: got {own[-1]} expected {w_ih._array_.shape[1]}")
    if len(own) > 1 and own[0] != state[0]:
        raise RuntimeError(f"Input batch size {own[0]} doesn't match {which}0 batch size {state[0]}")
    if state[-1] != w_hh._array_.shape[1]:
        raise RuntimeError(f"{which}0 has inconsistent hidden_size: got {state[-1]}, expected {w_hh._array_.shape[1]}")


@public("lstm_cell", method=False)
def lstm_cell(
    input: Tensor,
    hx: Sequence[Tensor],
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM: input (N, in) and hx = (hidden, cell), each (N, H), to the new (hidden, cell).

    w_ih: (4 H, in), w_hh: (4 H, H), b_ih and b_hh: (4 H), in the order of the gates i, f, g, o. RuntimeError where
    sizes do not fit. Source: Hochreiter and Schmidhuber (1997), with the forget gate of Gers et al. (2000).

    >>> import mibun as torch
    >>> state = torch.zeros(1, 2), torch.zeros(1, 2)
    >>> hidden, cell = torch.lstm_cell(torch.ones(1, 3), state, torch.ones(8, 3), torch.ones(8, 2))
    >>> hidden
    tensor([[0.7038, 0.7038]])
    """
    hidden, cell = hx
    _check_step("lstm_cell", input, hidden, w_ih, w_hh, 4)
    _check_step("lstm_cell", input, cell, w_ih, w_hh, 4)
    hidden, cell = _one_step(_lstm, input, (hidden, cell), w_ih, w_hh, b_ih, b_hh)
    return hidden, cell


@public("gru_cell", method=False)
def gru_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None
) -> Tensor:
    """One step of a GRU: input (N, in) and hidden (N, H) to the new hidden.

    w_ih: (3 H, in), w_hh: (3 H, H), b_ih and b_hh: (3 H), in the order of the gates r, z, n. RuntimeError where sizes
    do not fit. Source: Cho et al. (2014), arXiv:1406.1078.
    """
    _check_step("gru_cell", input, hx, w_ih, w_hh, 3)
    return _one_step(_gru, input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


@public("rnn_tanh_cell", method=False)
def rnn_tanh_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None
) -> Tensor:
    """One step of a plain recurrent network: tanh(W input + b + V hidden + c)."""
    _check_step("rnn_tanh_cell", input, hx, w_ih, w_hh, 1)
    return _one_step(_tanh, input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


@public("rnn_relu_cell", method=False)
def rnn_relu_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None
) -> Tensor:
    """One step of a plain recurrent network: relu(W input + b + V hidden + c)."""
    _check_step("rnn_relu_cell", input, hx, w_ih, w_hh, 1)
    return _one_step(_relu, input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


# --- packing ---


@op(
    linear_kind,
    name="pack_rows",
    node="PackPaddedSequenceBackward0",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, input_shape, rows: xp.unpack_rows(g, shape=input_shape, rows=rows),
)
def pack_rows(xp, input, *, rows):
    """The rows at these places of (time * batch)."""
    flat = xp.reshape(input, (input.shape[0] * input.shape[1], *input.shape[2:]))
    return xp.take(flat, xp.asarray(rows), axis=0)


@op(linear_kind, name="unpack_rows", dtype=None, scalars=False, vjp=lambda xp, g, rows: xp.pack_rows(g, rows=rows))
def _unpack_rows(xp, input, *, shape, rows):
    flat = xp.zeros((shape[0] * shape[1], *shape[2:]), dtype=input.dtype)
    return xp.reshape(xp.put_at(flat, (xp.asarray(rows),), input, "set"), shape)
