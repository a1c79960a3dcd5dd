"""`torch.distributed.distributed_c10d`: groups, collectives and messages. This file is an index only."""

from ..core.missing import explain_missing_names as _explain_missing_names

__all__ = [name for name in globals() if not name.startswith("_") and name not in ("annotations",)]

_explain_missing_names(__name__)
