"""`torch._dynamo.backends.registry`: backends by name. An index only."""

from ...compiler.backends import list_backends, lookup_backend, register_backend
from ...core.missing import explain_missing_names as _explain_missing_names

__all__ = ["list_backends", "lookup_backend", "register_backend"]

_explain_missing_names(__name__)
