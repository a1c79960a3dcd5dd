"""NumPy's floating-point warnings stay away, whatever NumPy's settings and the filters of warnings are.

PyTorch has no warnings for overflow or 0/0, and results do not depend on settings. NumPy looks at `np.seterr` and then
at Python's filters at every operation. To enter `np.errstate` each time would cost 1.1 us, as much as a small operation
itself, so instead:

* A filter for mibun's modules is kept first among the filters. Whoever adds others (`simplefilter("always")`, pytest)
  puts them before it, so the code that is about to run kernels asks for it, for 0.03 us (`hushed`).
* Calls that NumPy gets directly from the text of `dispatch/template.py` need not even ask: a warning from a module
  whose `__name__` is None is dropped by Python.
* Where NumPy raises, since its settings or the filters say so, the kernel runs again under `np.errstate`: kernels and
  rules are pure. These two errors are `NUMERICAL`.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

# What a kernel raises because of the user's settings, and for no other reason.
NUMERICAL = (RuntimeWarning, FloatingPointError)

# (Under `mibun run` the public modules are named as PyTorch's.)
FILTER = ("ignore", None, RuntimeWarning, re.compile(r"(mibun|torch)\."), 0)


def hushed() -> None:
    """Put the filter first again, if it is not."""
    filters = warnings.filters
    if filters and filters[0] is FILTER:
        return
    # By hand, since `warnings.filterwarnings` would forget which warnings have been shown. Those that the user's own
    # code gets are not touched: the filter is for mibun's modules.
    with contextlib.suppress(ValueError):
        filters.remove(FILTER)  # type: ignore[attr-defined]
    filters.insert(0, FILTER)  # type: ignore[attr-defined]


def silently(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function of NumPy's that can run twice, so that it neither warns nor raises because of the settings."""
    hushed()
    try:
        return function(*args, **kwargs)
    except NUMERICAL:
        pass
    with np.errstate(all="ignore"):
        return function(*args, **kwargs)


hushed()
