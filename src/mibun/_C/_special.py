"""`torch._C._special` as a module that can be imported: see `_compiled.py`."""

import sys

from .._compiled import COMPILED

sys.modules[__name__] = COMPILED["_special"]
