"""What parameters and buffers are made by: the functions that users call, which make tensors on any device.

(Those that other modules of mibun's import are the functions inside of these, and make tensors on the CPU alone.)
"""

from __future__ import annotations

from typing import Any

from ..core.registry import FUNCTIONS
from ..ops.creation import filled, matrices, ranges  # noqa: F401  (which enter them)

arange: Any = FUNCTIONS["arange"]
empty: Any = FUNCTIONS["empty"]
full: Any = FUNCTIONS["full"]
ones: Any = FUNCTIONS["ones"]
zeros: Any = FUNCTIONS["zeros"]

__all__ = ["arange", "empty", "full", "ones", "zeros"]
