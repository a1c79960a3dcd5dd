"""Checkpoints in parts, as safetensors files: refused, with a sentence. One process writes all of them."""

from __future__ import annotations

from typing import Any

from ...core.missing import explain_missing_names as _explain_missing_names

__all__ = ["HuggingFaceStorageReader", "HuggingFaceStorageWriter"]

_REFUSAL = "mibun has no checkpoints in parts: let one process save all tensors, with torch.save or safetensors"


class HuggingFaceStorageReader:
    """Reads a checkpoint in parts. NotImplementedError: there are none."""

    def __init__(self, path: str, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(_REFUSAL)


class HuggingFaceStorageWriter:
    """Writes a checkpoint in parts. NotImplementedError: there are none."""

    def __init__(self, path: str, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(_REFUSAL)


_explain_missing_names(__name__)
