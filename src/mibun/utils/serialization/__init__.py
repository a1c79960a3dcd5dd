"""`torch.utils.serialization`: the defaults of `save` and `load` are in `config`."""

from . import config

__all__ = ["config"]
