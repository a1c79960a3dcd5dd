"""What is built on collectives: uneven inputs (`join`), hooks of DistributedDataParallel. An index only."""

from ...core.missing import explain_missing_names as _explain_missing_names
from . import ddp_comm_hooks, join

__all__ = ["ddp_comm_hooks", "join"]

_explain_missing_names(__name__)
