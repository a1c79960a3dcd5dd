"""`torch._functorch`: where the function transforms are written in PyTorch, and some libraries import them from."""

from __future__ import annotations

from . import config as config
