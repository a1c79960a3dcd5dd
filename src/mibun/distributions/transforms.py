"""Transforms with known Jacobians, out of which distributions are made of others: the base class and compositions.

`transform(x)` is y, `transform.inv(y)` is x, `transform.log_abs_det_jacobian(x, y)` is log |det ∂y/∂x|, of the shape of
x without its event dimensions. With `cache_size=1` the last pair (x, y) is kept, so that the inverse of what was just
computed is neither computed nor rounded again. The transforms of numbers, vectors and matrices are in modules of
their own, and all are found here under PyTorch's names.
"""

from __future__ import annotations

from .composed_transforms import (
    CatTransform,
    ComposeTransform,
    IndependentTransform,
    ReshapeTransform,
    StackTransform,
    identity_transform,
)
from .matrix_transforms import (
    CorrCholeskyTransform,
    LowerCholeskyTransform,
    PositiveDefiniteTransform,
    SoftmaxTransform,
    StickBreakingTransform,
)
from .pointwise_transforms import (
    AbsTransform,
    AffineTransform,
    CumulativeDistributionTransform,
    ExpTransform,
    PowerTransform,
    SigmoidTransform,
    SoftplusTransform,
    TanhTransform,
    _clipped_sigmoid,
)
from .transform import Transform, _InverseTransform

__all__ = [
    "AbsTransform",
    "AffineTransform",
    "CatTransform",
    "ComposeTransform",
    "CorrCholeskyTransform",
    "CumulativeDistributionTransform",
    "ExpTransform",
    "IndependentTransform",
    "LowerCholeskyTransform",
    "PositiveDefiniteTransform",
    "PowerTransform",
    "ReshapeTransform",
    "SigmoidTransform",
    "SoftplusTransform",
    "TanhTransform",
    "SoftmaxTransform",
    "StackTransform",
    "StickBreakingTransform",
    "Transform",
    "identity_transform",
]

_KEPT = (_InverseTransform, _clipped_sigmoid)  # which libraries import from here
