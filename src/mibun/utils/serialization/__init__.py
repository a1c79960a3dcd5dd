"""`torch.utils.serialization`: the defaults of `save` and `load` are in `config`."""

from ...core.missing import explain_missing_names as _explain_missing_names
from . import config

__all__ = ["config"]

_explain_missing_names(__name__)
