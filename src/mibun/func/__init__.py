"""`torch.func`: functional ways to use Modules. (Composable transforms, `vmap` among them, are not there yet.)"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.missing import explain_missing_names as _explain_missing_names
from ..nn.modules.module import Module
from ..nn.utils import stateless

__all__ = ["functional_call"]


def functional_call(
    module: Module,
    parameter_and_buffer_dicts: dict[str, Any] | Sequence[dict[str, Any]],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """Call a Module with other tensors in the place of its parameters and buffers: see `nn.utils.stateless`."""
    return stateless.functional_call(
        module, parameter_and_buffer_dicts, args, kwargs, tie_weights=tie_weights, strict=strict
    )


_explain_missing_names(__name__)
