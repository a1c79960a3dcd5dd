"""Recurrent networks, by PyTorch's name for where they are. This file is an index only."""

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

# They are known by PyTorch's name: messages, printed classes and pickles have it.
for _name in __all__:
    globals()[_name].__module__ = __name__
