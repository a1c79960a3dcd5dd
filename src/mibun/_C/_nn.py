"""`torch._C._nn` as a module that can be imported: see `_compiled.py`."""

import sys

from .._compiled import COMPILED

sys.modules[__name__] = COMPILED["_nn"]
