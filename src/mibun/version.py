"""`torch.version`: mibun's version, and that of the GPU libraries it was built with: none."""

from __future__ import annotations

from . import __version__

cuda: str | None = None
hip: str | None = None
rocm: str | None = None
xpu: str | None = None
debug = False
git_version = "Unknown"  # as of a PyTorch that was not built in its repository

__all__ = ["__version__", "cuda", "debug", "git_version", "hip", "rocm", "xpu"]
