"""The operators, by family. Importing this package declares them all.

pointwise/: arithmetic, powers, trigonometry, comparisons, rounding, complex numbers, special functions. reductions/:
sums, extremes, norms, variances, sorting, running sums. shape/: views, joining, arranging. indexing/: getitem, gather,
scatter, masks. creation/: tensors from sizes and from data. conversion/: dtypes, NumPy, Python. linalg/, nn/, random/
and signal/ as in PyTorch. `infix.py` gives Tensors Python's operators; it comes last.
"""

from . import pointwise, reductions, shape, indexing, creation, conversion, linalg, nn, random, signal  # noqa: I001
from . import aten, infix
from . import elsewhere as _elsewhere  # noqa: F401  (answers for other devices)
from .namespaces import OpNamespace as _OpNamespace
from .namespaces import load_library as load_library
from .namespaces import loaded_libraries as loaded_libraries
from .namespaces import namespace as _namespace


def __getattr__(name: str) -> _OpNamespace:
    """`torch.ops.<namespace>`, where libraries declare operators: empty until they do."""
    if name.startswith("__") or _is_module(name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _namespace(name)


def _is_module(name: str) -> bool:
    """Whether an import is on its way to a module of this package."""
    from importlib.util import find_spec

    return find_spec(f"{__name__}.{name}") is not None
