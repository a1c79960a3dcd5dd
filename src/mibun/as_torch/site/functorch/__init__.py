"""Is where Python looks for the package `functorch`, in processes to which mibun is PyTorch: see `mibun/_alias.py`."""

import os
import sys

try:
    import mibun.as_torch
    import mibun.functorch  # noqa: F401  (this puts mibun's modules in the place of this one, in `sys.modules`)
except ModuleNotFoundError as error:
    if error.name != "mibun":
        raise
    # Another Python, which has only inherited PYTHONPATH: what it has under this name itself is meant.
    import importlib

    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or os.curdir) != here]
    del sys.modules["functorch"]
    importlib.import_module("functorch")
