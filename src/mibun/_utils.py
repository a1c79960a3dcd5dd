"""`torch._utils`: names that libraries take from there, and by which pickles of PyTorch's make tensors."""

from .serialization.rebuilding import rebuild_parameter as _rebuild_parameter
from .serialization.rebuilding import rebuild_parameter_with_state as _rebuild_parameter_with_state
from .serialization.rebuilding import rebuild_tensor as _rebuild_tensor
from .serialization.rebuilding import rebuild_tensor_v2 as _rebuild_tensor_v2
from .serialization.rebuilding import rebuild_tensor_v3 as _rebuild_tensor_v3
from .utils.data._utils.exceptions import ExceptionWrapper, KeyErrorMessage

__all__ = [
    "ExceptionWrapper",
    "KeyErrorMessage",
    "_rebuild_parameter",
    "_rebuild_parameter_with_state",
    "_rebuild_tensor",
    "_rebuild_tensor_v2",
    "_rebuild_tensor_v3",
]
