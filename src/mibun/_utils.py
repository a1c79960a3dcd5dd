"""`torch._utils`: names that libraries take from there."""

from .utils.data._utils.exceptions import ExceptionWrapper, KeyErrorMessage

__all__ = ["ExceptionWrapper", "KeyErrorMessage"]
