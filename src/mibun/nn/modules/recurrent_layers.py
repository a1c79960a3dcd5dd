"""Recurrent layers: RNN, LSTM and GRU over sequences, padded or packed. Their single steps are in `recurrent_cells.py`.

The steps themselves, with their formulas, are in `ops/nn/recurrent.py`.
"""

from __future__ import annotations

import math
import numbers
import warnings
from typing import Any, overload

from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...ops.nn import recurrent
from .. import init
from ..common_types import Device, DType
from ..factories import empty, zeros
from ..parameter import Parameter
from ..utils.rnn import PackedSequence
from .module import Module

_GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}
_FUNCTIONS = {
    "LSTM": recurrent.lstm,
    "GRU": recurrent.gru,
    "RNN_TANH": recurrent.rnn_tanh,
    "RNN_RELU": recurrent.rnn_relu,
}


def apply_permutation(tensor: Tensor, permutation: Tensor, dim: int = 1) -> Tensor:
    """The slices along a dimension in another order."""
    return tensor.index_select(dim, permutation)


class RNNBase(Module):
    """What RNN, LSTM and GRU share: their weights, and which shapes they take. See `LSTM` for the arguments.

    mode: "LSTM", "GRU", "RNN_TANH" or "RNN_RELU"; ValueError for others. The weights are named `weight_ih_l0`,
    `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0` (and `weight_hr_l0` with a projection), with the number of the layer, and
    `_reverse` for the backward direction. All start uniform in ±1/√hidden_size.

    >>> import mibun as torch
    >>> layer = torch.nn.LSTM(3, 4, bidirectional=True)
    >>> [(name, tuple(weight.shape)) for name, weight in layer.named_parameters()][4:6]
    [('weight_ih_l0_reverse', (16, 3)), ('weight_hh_l0_reverse', (16, 4))]
    """

    __constants__ = [
        "mode",
        "input_size",
        "hidden_size",
        "num_layers",
        "bias",
        "batch_first",
        "dropout",
        "bidirectional",
        "proj_size",
    ]
    mode: str
    input_size: int
    hidden_size: int
    num_layers: int
    bias: bool
    batch_first: bool
    bidirectional: bool
    proj_size: int

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        if not isinstance(dropout, numbers.Number) or not 0 <= dropout <= 1 or isinstance(dropout, bool):  # type: ignore[operator]
            raise ValueError(
                "dropout should be a number in range [0, 1] representing the probability of an element being zeroed"
            )
        if dropout > 0 and num_layers == 1:
            warnings.warn(
                "dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects "
                f"num_layers greater than 1, but got dropout={dropout} and num_layers={num_layers}",
                stacklevel=stacklevel(),
            )
        if not isinstance(hidden_size, int):
            raise TypeError(f"hidden_size should be of type int, got: {type(hidden_size).__name__}")
        if hidden_size <= 0:
            raise ValueError("hidden_size must be greater than zero")
        if input_size <= 0:
            raise ValueError("input_size must be greater than zero")
        if num_layers <= 0:
            raise ValueError("num_layers must be greater than zero")
        if proj_size < 0:
            raise ValueError("proj_size should be a positive integer or zero to disable projections")
        if proj_size >= hidden_size:
            raise ValueError("proj_size has to be smaller than hidden_size")
        if mode not in _GATES:
            raise ValueError("Unrecognized RNN mode: " + mode)
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        gates = _GATES[mode] * hidden_size
        out_size = proj_size if proj_size > 0 else hidden_size
        self._all_weights: list[list[str]] = []
        for layer in range(num_layers):
            for suffix in ("", "_reverse") if bidirectional else ("",):
                size = input_size if layer == 0 else out_size * (2 if bidirectional else 1)
                shapes: dict[str, tuple[int, ...]] = {"weight_ih": (gates, size), "weight_hh": (gates, out_size)}
                if bias:
                    shapes.update(bias_ih=(gates,), bias_hh=(gates,))
                if proj_size > 0:
                    shapes["weight_hr"] = (proj_size, hidden_size)
                names = []
                for name, shape in shapes.items():
                    names.append(f"{name}_l{layer}{suffix}")
                    setattr(self, names[-1], Parameter(empty(shape, device=device, dtype=dtype)))
                self._all_weights.append(names)
        self._flat_weights_names = [name for names in self._all_weights for name in names]
        self.reset_parameters()

    # The weights that a call uses: one list, which may be changed or replaced, until an attribute of theirs is.
    @property
    def _flat_weights(self) -> list[Tensor]:
        held = self.__dict__.get("_held_weights")
        now: list[Any] = [getattr(self, name, None) for name in self._flat_weights_names]
        if held is None or any([one is not None and one is not other for one, other in zip(now, held[0], strict=True)]):
            held = self.__dict__["_held_weights"] = (now, list(now))
        return held[1]

    @_flat_weights.setter
    def _flat_weights(self, value: list[Tensor]) -> None:
        now = [getattr(self, name, None) for name in self._flat_weights_names]
        self.__dict__["_held_weights"] = (now, value)

    def _apply(self, fn: Any, recurse: bool = True) -> Any:
        self.__dict__.pop("_held_weights", None)
        return super()._apply(fn, recurse)

    def __getstate__(self) -> dict[str, Any]:
        held = self.__dict__.get("_held_weights")
        state = {**self.__dict__, "_flat_weights": self._flat_weights}
        state.pop("_held_weights", None)
        if held is None:
            del self.__dict__["_held_weights"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        weights = state.pop("_flat_weights", None)
        super().__setstate__(state)
        self.__dict__.setdefault("proj_size", 0)  # an older pickle
        if "_flat_weights_names" not in self.__dict__:
            self._flat_weights_names = [name for names in self._all_weights for name in names]
        if weights is not None and any(
            [own is not other for own, other in zip(self._flat_weights, weights, strict=True)]
        ):
            self._flat_weights = weights
        elif weights is not None:
            del self.__dict__["_held_weights"]

    @property
    def all_weights(self) -> list[list[Tensor]]:
        """The weights of each layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    def reset_parameters(self) -> None:
        """Draw new starting values."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def flatten_parameters(self) -> None:
        """Nothing: PyTorch lays the weights out for a GPU."""

    def check_input(self, input: Tensor, batch_sizes: Tensor | None) -> None:
        """Raise where an input (time, batch, size), or packed, does not fit."""
        weight = getattr(self, self._all_weights[0][0])
        if input.dtype != weight.dtype:
            raise ValueError(
                f"RNN input dtype ({input.dtype}) does not match weight dtype ({weight.dtype}). Convert input: "
                f"input.to({weight.dtype}), or convert model: model.to({input.dtype})"
            )
        expected = 2 if batch_sizes is not None else 3
        if input.dim() != expected:
            raise RuntimeError(f"input must have {expected} dimensions, got {input.dim()}")
        if self.input_size != input.size(-1):
            raise RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got {input.size(-1)}"
            )

    def get_expected_hidden_size(self, input: Tensor, batch_sizes: Tensor | None) -> tuple[int, int, int]:
        """The shape of the hidden state."""
        counts: Any = batch_sizes
        batch = int(counts[0]) if batch_sizes is not None else input.size(0 if self.batch_first else 1)
        directions = 2 if self.bidirectional else 1
        return self.num_layers * directions, batch, self.proj_size or self.hidden_size

    def get_expected_cell_size(self, input: Tensor, batch_sizes: Tensor | None) -> tuple[int, int, int]:
        """The shape of the cell state."""
        return (*self.get_expected_hidden_size(input, batch_sizes)[:2], self.hidden_size)

    def check_hidden_size(
        self, hx: Tensor, expected_hidden_size: tuple[int, int, int], msg: str = "Expected hidden size {}, got {}"
    ) -> None:
        """Raise where a state does not have the expected shape."""
        if tuple(hx.shape) != tuple(expected_hidden_size):
            raise RuntimeError(msg.format(tuple(expected_hidden_size), list(hx.shape)))

    def check_forward_args(self, input: Tensor, hidden: Any, batch_sizes: Tensor | None) -> None:
        """Raise where input or state do not fit."""
        self.check_input(input, batch_sizes)
        self.check_hidden_size(hidden, self.get_expected_hidden_size(input, batch_sizes))

    def permute_hidden(self, hx: Any, permutation: Tensor | None) -> Any:
        """The states of the sequences in another order."""
        return hx if permutation is None else apply_permutation(hx, permutation)

    def _zeros(self, input: Tensor, batch: int, size: int) -> Tensor:
        directions = 2 if self.bidirectional else 1
        return zeros(self.num_layers * directions, batch, size, dtype=input.dtype, device=input.device)

    def _initial(self, input: Tensor, batch: int) -> Any:
        return self._zeros(input, batch, self.hidden_size)

    def _batched(self, hx: Any, batched: bool) -> Any:
        """The given state with a batch dimension."""
        if batched and hx.dim() != 3:
            raise RuntimeError(f"For batched 3-D input, hx should also be 3-D but got {hx.dim()}-D tensor")
        if not batched and hx.dim() != 2:
            raise RuntimeError(f"For unbatched 2-D input, hx should also be 2-D but got {hx.dim()}-D tensor")
        return hx if batched else hx.unsqueeze(1)

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        """The outputs of the last layer for each time, and the last state of each layer and direction.

        input: (T, N, in), with `batch_first` (N, T, in), unbatched (T, in), or a PackedSequence (then so is the
        output).
        """
        batch_sizes: Any = None
        sorted_indices = unsorted_indices = None
        batched = True
        packed = isinstance(input, PackedSequence)
        if packed:
            input, batch_sizes, sorted_indices, unsorted_indices = input
            batch = int(batch_sizes[0])
        else:
            if input.dim() not in (2, 3):
                name = type(self).__name__
                raise ValueError(f"{name}: Expected input to be 2D or 3D, got {input.dim()}D instead")
            batched = input.dim() == 3
            batch_dim = 0 if self.batch_first else 1
            if not batched:
                input = input.unsqueeze(batch_dim)
            batch = input.size(batch_dim)
        if hx is None:
            hx = self._initial(input, batch)
        else:
            if not packed:
                hx = self._batched(hx, batched)
            hx = self.permute_hidden(hx, sorted_indices)
        self.check_forward_args(input, hx, batch_sizes)
        function = _FUNCTIONS[self.mode]
        options = (self.bias, self.num_layers, self.dropout, self.training, self.bidirectional)
        if batch_sizes is None:
            output, *last = function(input, hx, self._flat_weights, *options, self.batch_first)
        else:
            output, *last = function(input, batch_sizes, hx, self._flat_weights, *options)
        state = tuple(last) if len(last) > 1 else last[0]
        if packed:
            output = PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices)
            return output, self.permute_hidden(state, unsorted_indices)
        if not batched:
            output = output.squeeze(batch_dim)
            state = tuple([part.squeeze(1) for part in state]) if isinstance(state, tuple) else state.squeeze(1)
        return output, state

    def extra_repr(self) -> str:
        parts = [f"{self.input_size}, {self.hidden_size}"]
        if self.proj_size:
            parts.append(f"proj_size={self.proj_size}")
        if self.num_layers != 1:
            parts.append(f"num_layers={self.num_layers}")
        if self.bias is not True:
            parts.append(f"bias={self.bias}")
        if self.batch_first is not False:
            parts.append(f"batch_first={self.batch_first}")
        if self.dropout != 0:
            parts.append(f"dropout={self.dropout}")
        if self.bidirectional is not False:
            parts.append(f"bidirectional={self.bidirectional}")
        return ", ".join(parts)


class RNN(RNNBase):
    """A plain recurrent network: `h' = tanh(W x + b + V h + c)` at each time.

    Args:
        input_size, hidden_size: the sizes of an input and of the state.
        num_layers: layers on top of each other, each on the outputs of the one below.
        nonlinearity: "tanh", or "relu" in its place.
        bias: whether there are `b` and `c`.
        batch_first: sequences are (N, T, *) instead.
        dropout: the probability of `Dropout` on the outputs of all layers but the last.
        bidirectional: a second layer beside each, which runs backwards; outputs are put side by side.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (T, N, input_size), (T, input_size) or a PackedSequence; hx (layers * directions, N, hidden_size), zeros
        unless given. Output (T, N, directions * hidden_size), likewise, and the last state, of the shape of hx.

    Raises:
        ValueError: sizes or numbers that do not make sense. TypeError: `hidden_size` is no int. RuntimeError: from the
        call,
            for an input or state of other axes or sizes; ValueError for an input of another dtype.

    Source: Elman, Finding Structure in Time, 1990.

    >>> import mibun as torch
    >>> output, hidden = torch.nn.RNN(3, 4, num_layers=2)(torch.zeros(5, 2, 3))
    >>> output.shape, hidden.shape
    (torch.Size([5, 2, 4]), torch.Size([2, 2, 4]))
    """

    @overload
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Device = None,
        dtype: DType = None,
    ) -> None: ...

    @overload
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if "proj_size" in kwargs:
            raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
        if len(args) > 3:
            self.nonlinearity = args[3]
            args = args[:3] + args[4:]
        else:
            self.nonlinearity = kwargs.pop("nonlinearity", "tanh")
        if self.nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{self.nonlinearity}'. Select from 'tanh' or 'relu'.")
        nonlinearity = self.nonlinearity
        super().__init__(f"RNN_{nonlinearity.upper()}", *args, **kwargs)
        self.nonlinearity = nonlinearity


class LSTM(RNNBase):
    """Long short-term memory: gates decide what enters, stays in and leaves a cell.

    `i, f, o = sigmoid(W x + b + V h + c)` and `g = tanh(...)`, with weights of their own each; `cell' = f cell + i g`;
    `h' = o tanh(cell')`.

    Args:
        input_size, hidden_size: the sizes of an input and of the state.
        num_layers: layers on top of each other, each on the outputs of the one below.
        bias: whether there are `b` and `c`.
        batch_first: sequences are (N, T, *) instead.
        dropout: the probability of `Dropout` on the outputs of all layers but the last.
        bidirectional: a second layer beside each, which runs backwards; outputs are put side by side.
        proj_size: if positive, h is mapped to this size.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (T, N, input_size), (T, input_size) or a PackedSequence; hx a pair (h, cell), each (layers * directions,
        N, size), zeros unless given. Output (T, N, directions * size), likewise, and the last pair; `size` is
        hidden_size, for h and the output proj_size if that is positive.

    Raises:
        ValueError: sizes or numbers that do not make sense. TypeError: `hidden_size` is no int. RuntimeError: from the
        call,
            for an input or state of other axes or sizes; ValueError for an input of another dtype.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; projections: Sak, Senior and Beaufays, 2014.

    >>> import mibun as torch
    >>> output, (hidden, cell) = torch.nn.LSTM(3, 4, num_layers=2)(torch.zeros(5, 2, 3))
    >>> output.shape, hidden.shape
    (torch.Size([5, 2, 4]), torch.Size([2, 2, 4]))
    """

    @overload
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Device = None,
        dtype: DType = None,
    ) -> None: ...

    @overload
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__("LSTM", *args, **kwargs)

    def _initial(self, input: Tensor, batch: int) -> Any:
        hidden = self._zeros(input, batch, self.proj_size or self.hidden_size)
        return hidden, self._zeros(input, batch, self.hidden_size)

    def _batched(self, hx: Any, batched: bool) -> Any:
        hidden, cell = hx[0], hx[1]
        dims = f"({hidden.dim()}-D, {cell.dim()}-D) tensors"
        if batched and (hidden.dim() != 3 or cell.dim() != 3):
            raise RuntimeError(f"For batched 3-D input, hx and cx should also be 3-D but got {dims}")
        if not batched and (hidden.dim() != 2 or cell.dim() != 2):
            raise RuntimeError(f"For unbatched 2-D input, hx and cx should also be 2-D but got {dims}")
        return (hidden, cell) if batched else (hidden.unsqueeze(1), cell.unsqueeze(1))

    def check_forward_args(self, input: Tensor, hidden: Any, batch_sizes: Tensor | None) -> None:
        """Raise where input or states do not fit."""
        self.check_input(input, batch_sizes)
        for part, (state, expected) in enumerate(
            (
                (hidden[0], self.get_expected_hidden_size(input, batch_sizes)),
                (hidden[1], self.get_expected_cell_size(input, batch_sizes)),
            )
        ):
            self.check_hidden_size(state, expected, f"Expected hidden[{part}] size {{}}, got {{}}")

    def permute_hidden(self, hx: Any, permutation: Tensor | None) -> Any:
        """The states of the sequences in another order."""
        if permutation is None:
            return hx
        return apply_permutation(hx[0], permutation), apply_permutation(hx[1], permutation)


class GRU(RNNBase):
    """A gated recurrent unit: gates decide how much of the state is forgotten and replaced.

    `r, z = sigmoid(W x + b + V h + c)` and `n = tanh(W x + b + r (V h + c))`, with weights of their own each;
    `h' = (1 - z) n + z h`.

    Args:
        input_size, hidden_size: the sizes of an input and of the state.
        num_layers: layers on top of each other, each on the outputs of the one below.
        bias: whether there are `b` and `c`.
        batch_first: sequences are (N, T, *) instead.
        dropout: the probability of `Dropout` on the outputs of all layers but the last.
        bidirectional: a second layer beside each, which runs backwards; outputs are put side by side.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (T, N, input_size), (T, input_size) or a PackedSequence; hx (layers * directions, N, hidden_size), zeros
        unless given. Output (T, N, directions * hidden_size), likewise, and the last state, of the shape of hx.

    Raises:
        ValueError: sizes or numbers that do not make sense. TypeError: `hidden_size` is no int. RuntimeError: from the
        call,
            for an input or state of other axes or sizes; ValueError for an input of another dtype.

    Source: Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, 2014.

    >>> import mibun as torch
    >>> output, hidden = torch.nn.GRU(3, 4, bidirectional=True)(torch.zeros(5, 2, 3))
    >>> output.shape, hidden.shape
    (torch.Size([5, 2, 8]), torch.Size([2, 2, 4]))
    """

    @overload
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Device = None,
        dtype: DType = None,
    ) -> None: ...

    @overload
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if "proj_size" in kwargs:
            raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
        super().__init__("GRU", *args, **kwargs)
