"""The single steps of recurrent networks, as layers: RNNCell, LSTMCell and GRUCell.

The steps themselves, with their formulas, are in `ops/nn/recurrent.py`.
"""

from __future__ import annotations

import math
from typing import Any

from ...core.tensor import Tensor
from ...ops.nn import recurrent
from .. import init
from ..common_types import Device, DType
from ..factories import empty, zeros
from ..parameter import Parameter
from .module import Module


class RNNCellBase(Module):
    """What the cells share: `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh`, uniform in ±1/√hidden_size at first.

    num_chunks: how many parts, each of hidden_size rows, the weights consist of: one for each gate.

    >>> import mibun as torch
    >>> [(name, tuple(weight.shape)) for name, weight in torch.nn.GRUCell(3, 4).named_parameters()][:2]
    [('weight_ih', (12, 3)), ('weight_hh', (12, 4))]
    """

    __constants__ = ["input_size", "hidden_size", "bias"]
    input_size: int
    hidden_size: int
    bias: bool

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool, num_chunks: int, device: Device = None, dtype: DType = None
    ) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        gates = num_chunks * hidden_size
        self.weight_ih = Parameter(empty((gates, input_size), device=device, dtype=dtype))
        self.weight_hh = Parameter(empty((gates, hidden_size), device=device, dtype=dtype))
        for name in ("bias_ih", "bias_hh"):
            if bias:
                setattr(self, name, Parameter(empty(gates, device=device, dtype=dtype)))
            else:
                self.register_parameter(name, None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new starting values."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        if self.bias is not True:
            text += f", bias={self.bias}"
        nonlinearity = getattr(self, "nonlinearity", "tanh")
        return text if nonlinearity == "tanh" else f"{text}, nonlinearity={nonlinearity}"

    def _step(self, function: Any, input: Tensor, hx: Any) -> Any:
        """One step, of a batch or of one; a state that is not given is zero."""
        name = type(self).__name__
        if input.dim() not in (1, 2):
            raise ValueError(f"{name}: Expected input to be 1D or 2D, got {input.dim()}D instead")
        two = isinstance(self, LSTMCell)
        if hx is not None:
            for part in hx if two else (hx,):
                if part.dim() not in (1, 2):
                    raise ValueError(f"{name}: Expected hidden to be 1D or 2D, got {part.dim()}D instead")
        batched = input.dim() == 2
        if not batched:
            input = input.unsqueeze(0)
        if hx is None:
            start = zeros(input.size(0), self.hidden_size, dtype=input.dtype, device=input.device)
            hx = (start, start) if two else start
        elif not batched:
            hx = tuple([part.unsqueeze(0) for part in hx]) if two else hx.unsqueeze(0)
        result = function(input, hx, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        if batched:
            return result
        return tuple([part.squeeze(0) for part in result]) if two else result.squeeze(0)


class RNNCell(RNNCellBase):
    """One step of a plain recurrent network: `h' = tanh(W x + b + V h + c)`.

    Args:
        input_size, hidden_size: the sizes of an input and of the state.
        bias: whether there are `b` and `c`.
        nonlinearity: "tanh", or "relu" in its place; RuntimeError from the call for others.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (N, input_size) or (input_size), hx (N, hidden_size) or (hidden_size), zeros unless given; output as hx.
        ValueError from the call for others.

    >>> import mibun as torch
    >>> torch.nn.RNNCell(3, 4)(torch.zeros(2, 3)).shape
    torch.Size([2, 4])
    """

    __constants__ = ["input_size", "hidden_size", "bias", "nonlinearity"]
    nonlinearity: str

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """The new hidden state (N, hidden_size), or (hidden_size) for an input (input_size)."""
        if self.nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        function = recurrent.rnn_tanh_cell if self.nonlinearity == "tanh" else recurrent.rnn_relu_cell
        return self._step(function, input, hx)


class LSTMCell(RNNCellBase):
    """One step of an `LSTM`, by the formulas given there.

    Args:
        input_size, hidden_size: the sizes of an input and of the state.
        bias: whether there are `b` and `c`.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (N, input_size) or (input_size), hx a pair (h, cell), each (N, hidden_size) or (hidden_size), zeros unless
        given; output a pair as hx. From the call, ValueError for other axes, TypeError where hx is one Tensor,
        RuntimeError where it is no pair.

    >>> import mibun as torch
    >>> hidden, cell = torch.nn.LSTMCell(3, 4)(torch.zeros(2, 3))
    >>> hidden.shape, cell.shape
    (torch.Size([2, 4]), torch.Size([2, 4]))
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Device = None, dtype: DType = None
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor]:
        """The new pair, each (N, hidden_size), or (hidden_size) for an input (input_size)."""
        if isinstance(hx, Tensor):
            raise TypeError("lstm_cell(): argument 'hx' (position 2) must be tuple of Tensors, not Tensor")
        if hx is not None and len(hx) != 2:
            raise RuntimeError(f"lstm_cell expects two hidden states, hidden and cell, but got {len(hx)}")
        return self._step(recurrent.lstm_cell, input, hx)


class GRUCell(RNNCellBase):
    """One step of a `GRU`, by the formulas given there.

    Args:
        input_size, hidden_size: the sizes of an input and of the state.
        bias: whether there are `b` and `c`.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (N, input_size) or (input_size), hx (N, hidden_size) or (hidden_size), zeros unless given; output as hx.
        ValueError from the call for others.

    >>> import mibun as torch
    >>> torch.nn.GRUCell(3, 4)(torch.zeros(2, 3)).shape
    torch.Size([2, 4])
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Device = None, dtype: DType = None
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """The new hidden state (N, hidden_size), or (hidden_size) for an input (input_size)."""
        return self._step(recurrent.gru_cell, input, hx)
