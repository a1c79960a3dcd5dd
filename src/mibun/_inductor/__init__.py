"""`torch._inductor`: PyTorch's code generator, of which mibun has the settings that programs make."""

from __future__ import annotations

from typing import Any

from ..core.missing import explain_missing_names as _explain_missing_names
from . import config

# What the modes of `torch.compile` set.
_MODES: dict[str, dict[str, Any]] = {
    "default": {},
    "lite": {},
    "reduce-overhead": {"triton.cudagraphs": True},
    "max-autotune-no-cudagraphs": {"max_autotune": True, "coordinate_descent_tuning": True},
    "max-autotune": {"max_autotune": True, "triton.cudagraphs": True, "coordinate_descent_tuning": True},
}


def list_mode_options(mode: str | None = None, dynamic: bool | None = None) -> dict[str, Any]:
    """The modes of `torch.compile`, with the settings that they stand for; those of one `mode` if it is given.

    RuntimeError for a mode that does not exist.

    >>> import mibun as torch
    >>> torch._inductor.list_mode_options("reduce-overhead")
    {'triton.cudagraphs': True}
    """
    if mode is None:
        return {name: dict(options) for name, options in _MODES.items()}
    if mode not in _MODES:
        raise RuntimeError(f"Unrecognized mode={mode}, should be one of: {', '.join(_MODES)}")
    return dict(_MODES[mode])


def list_options() -> list[str]:
    """The settings that there are."""
    return dir(config)


def cudagraph_mark_step_begin() -> None:
    """Say that a step of training begins, for CUDA graphs, of which there are none."""


_explain_missing_names(__name__)
