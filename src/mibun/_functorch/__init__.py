"""`torch._functorch`: where the function transforms are written in PyTorch, and some libraries import them from."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names
from . import config as config

_explain_missing_names(__name__)
