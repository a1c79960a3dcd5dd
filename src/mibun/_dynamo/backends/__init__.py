"""`torch._dynamo.backends`: the names of the backends. An index only."""

from ...compiler.backends import list_backends
from ...core.missing import explain_missing_names as _explain_missing_names
from . import registry

__all__ = ["list_backends", "registry"]

_explain_missing_names(__name__)
