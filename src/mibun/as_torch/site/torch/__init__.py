"""Is where Python looks for the package `torch`, in processes to which mibun is PyTorch: see `mibun/_alias.py`."""

import os
import sys

try:
    import mibun.as_torch  # noqa: F401  (this puts mibun's modules in the place of this one, in `sys.modules`)
except ModuleNotFoundError as error:
    if error.name != "mibun":
        raise
    # Another Python, which has only inherited PYTHONPATH: what it has under this name itself is meant.
    import importlib

    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or os.curdir) != here]
    del sys.modules["torch"]
    importlib.import_module("torch")
