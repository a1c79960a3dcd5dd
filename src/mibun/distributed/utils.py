"""`torch.distributed.utils`: what libraries import from it."""

from __future__ import annotations

from typing import Any

from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.tensor import Tensor
from .process_group import ProcessGroup
from .synchronizing import broadcast_together, sync_module_states, verify_parameters

__all__: list[str] = []


def _verify_param_shape_across_processes(
    process_group: ProcessGroup, tensors: list[Tensor], logger: Any = None
) -> None:
    """RuntimeError unless the tensors have the same shapes in all processes."""
    verify_parameters(tensors, process_group)


def _sync_module_states(
    module: Any,
    process_group: ProcessGroup,
    broadcast_bucket_size: int,
    src: int,
    params_and_buffers_to_ignore: Any,
    broadcast_buffers: bool = True,
) -> None:
    """Give the parameters, and the buffers if so asked, of rank `src` to all. broadcast_bucket_size: not needed."""
    ignored = set(params_and_buffers_to_ignore)
    if not broadcast_buffers:
        ignored |= {name for name, _ in module.named_buffers()}
    sync_module_states(module, process_group, src, ignored)


def _broadcast_coalesced(process_group: ProcessGroup, tensors: list[Tensor], buffer_size: int, src: int = 0) -> None:
    broadcast_together(tensors, process_group, src)


_explain_missing_names(__name__)
