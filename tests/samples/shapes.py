"""Samples."""

from __future__ import annotations

from .declare import S

SAMPLES: list[S] = []
