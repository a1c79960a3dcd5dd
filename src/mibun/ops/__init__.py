"""The operators, by family. Importing this package declares them all.

pointwise/: arithmetic, powers, trigonometry, comparisons, rounding, complex numbers, special functions. reductions/:
sums, extremes, norms, variances, sorting, running sums. shape/: views, joining, arranging. indexing/: getitem, gather,
scatter, masks. creation/: tensors from sizes and from data. conversion/: dtypes, NumPy, Python. linalg/, nn/, random/
and signal/ as in PyTorch. `infix.py` gives Tensors Python's operators; it comes last.
"""

from . import pointwise, reductions, shape, indexing, creation, conversion, linalg, nn, random, signal  # noqa: I001
from . import aten, infix
