"""Signal processing, as `torch.signal` names it: windows. An index only."""

from ..core.missing import explain_missing_names as _explain_missing_names
from . import windows

__all__ = ["windows"]

_explain_missing_names(__name__)
