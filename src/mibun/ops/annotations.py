"""What the signatures of public functions call the types of their arguments, beside Tensor and Python's own."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from ..core.device import device

Number: TypeAlias = complex | np.number[Any] | np.bool_  # PEP 484: `complex` stands for bool, int and float as well
Device: TypeAlias = device | str | int
