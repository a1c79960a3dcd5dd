"""Recurrent networks, by PyTorch's name for where they are. This file is an index only."""

from ...core.registry import INDEXES as _INDEXES
from .recurrent_cells import GRUCell, LSTMCell, RNNCell, RNNCellBase
from .recurrent_layers import GRU, LSTM, RNN, RNNBase, apply_permutation

__all__ = [
    "GRU",
    "GRUCell",
    "LSTM",
    "LSTMCell",
    "RNN",
    "RNNBase",
    "RNNCell",
    "RNNCellBase",
    "apply_permutation",
]

_INDEXES[__name__] = globals()  # messages have this name; `__module__` is where `inspect` finds the source
