"""What the distributions share: parameters of one shape, probabilities and logits, triangles of matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any

import mibun as torch
from mibun import Size, Tensor
from mibun.core.batching import all_values
from mibun.overrides import is_tensor_like

euler_constant = 0.57721566490153286060  # Euler and Mascheroni's
_Number = (int, float, bool)
SCALAR = Size()  # of single samples, distributions and numbers

__all__ = [
    "broadcast_all",
    "logits_to_probs",
    "clamp_probs",
    "probs_to_logits",
    "lazy_property",
    "tril_matrix_to_vec",
    "vec_to_tril_matrix",
]


def broadcast_all(*values: Tensor | float) -> tuple[Tensor, ...]:
    """Numbers and Tensors as Tensors of one shape.

    Numbers get the dtype of the first Tensor, or else the default dtype. ValueError for anything else.

    >>> from mibun.distributions.utils import broadcast_all
    >>> import mibun as torch
    >>> broadcast_all(torch.zeros(2), 1.0)
    (tensor([0., 0.]), tensor([1., 1.]))
    """
    if not all(is_tensor_like(value) or isinstance(value, _Number) for value in values):
        raise ValueError(
            "Input arguments must all be instances of Number, torch.Tensor or objects implementing __torch_function__."
        )
    first = next((value for value in values if isinstance(value, Tensor)), None)
    dtype = torch.get_default_dtype() if first is None else first.dtype
    tensors = [value if is_tensor_like(value) else torch.tensor(value, dtype=dtype) for value in values]
    return tuple(torch.broadcast_tensors(*tensors))  # type: ignore[arg-type]


def all_true(valid: Tensor) -> bool:
    """Whether a bool Tensor is true everywhere: of the examples of a running `vmap`, of all of them."""
    return bool(all_values(valid._array_).all()) if isinstance(valid, Tensor) else bool(valid.all())


def one_of_two(probs: Any, logits: Any) -> None:
    """ValueError unless exactly one of the two is given."""
    if (probs is None) == (logits is None):
        raise ValueError("Either `probs` or `logits` must be specified, but not both.")


def _standard_normal(shape: Sequence[int], dtype: Any, device: Any) -> Tensor:
    return torch.normal(torch.zeros(shape, dtype=dtype, device=device), torch.ones(shape, dtype=dtype, device=device))


def _sum_rightmost(value: Tensor, dim: int) -> Tensor:
    """The sum over the last `dim` dimensions."""
    return value if dim == 0 else value.reshape(value.shape[:-dim] + (-1,)).sum(-1)


def logits_to_probs(logits: Tensor, is_binary: bool = False) -> Tensor:
    """Probabilities of log-odds (is_binary), or of logarithms but for a constant, along the last dimension.

    >>> from mibun.distributions.utils import logits_to_probs
    >>> import mibun as torch
    >>> logits_to_probs(torch.zeros(2))
    tensor([0.5000, 0.5000])
    """
    return torch.sigmoid(logits) if is_binary else torch.softmax(logits, dim=-1)


def clamp_probs(probs: Tensor) -> Tensor:
    """Probabilities kept away from 0 and 1 by the relative precision of their dtype."""
    eps = torch.finfo(probs.dtype).eps
    return probs.clamp(min=eps, max=1 - eps)


def probs_to_logits(probs: Tensor, is_binary: bool = False) -> Tensor:
    """Log-odds of probabilities (is_binary), or else their logarithms; of 0 and 1 those of the nearest clear of them.

    >>> from mibun.distributions.utils import probs_to_logits
    >>> import mibun as torch
    >>> probs_to_logits(torch.tensor([0.5, 0.75]), is_binary=True)
    tensor([0.0000, 1.0986])
    """
    probs = clamp_probs(probs)
    return torch.log(probs) - torch.log1p(-probs) if is_binary else torch.log(probs)


class lazy_property:  # noqa: N801 (PyTorch's name)
    """A property that is computed when first asked for, with gradients, and kept; asked of the class, a property."""

    def __init__(self, wrapped: Callable[[Any], Any]) -> None:
        self.wrapped = wrapped
        update_wrapper(self, wrapped)  # type: ignore[arg-type]

    def __get__(self, instance: Any, obj_type: Any = None) -> Any:
        if instance is None:
            return _lazy_property_and_property(self.wrapped)
        with torch.enable_grad():
            value = self.wrapped(instance)
        setattr(instance, self.wrapped.__name__, value)
        return value


class _lazy_property_and_property(lazy_property, property):  # noqa: N801
    """What a class answers for a lazy property: so that documentation takes it for a property."""

    def __init__(self, wrapped: Callable[[Any], Any]) -> None:
        property.__init__(self, wrapped)


def tril_matrix_to_vec(mat: Tensor, diag: int = 0) -> Tensor:
    """The lower triangles of matrices (*, n, n), up to the `diag`-th diagonal, row by row in the last dimension.

    ValueError for a diagonal that the matrix has not.

    >>> from mibun.distributions.utils import tril_matrix_to_vec
    >>> import mibun as torch
    >>> tril_matrix_to_vec(torch.tensor([[1, 2], [3, 4]]))
    tensor([1, 3, 4])
    """
    n = mat.shape[-1]
    if not -n <= diag < n:
        raise ValueError(f"diag ({diag}) provided is outside [{-n}, {n - 1}].")
    rows, columns = torch.tril_indices(n, n, diag)
    return mat[..., rows, columns]


def vec_to_tril_matrix(vec: Tensor, diag: int = 0) -> Tensor:
    """The inverse of `tril_matrix_to_vec`, with zeros elsewhere. ValueError where the length fits no such triangle.

    >>> from mibun.distributions.utils import vec_to_tril_matrix
    >>> import mibun as torch
    >>> vec_to_tril_matrix(torch.tensor([1, 3, 4]))
    tensor([[1, 0],
            [3, 4]])
    """
    # A triangle up to the diagonal -1 has n (n - 1) / 2 elements; each further diagonal adds a row and a column to it.
    length = vec.shape[-1]
    n = (-(1 + 2 * diag) + ((1 + 2 * diag) ** 2 + 8 * length + 4 * abs(diag) * (diag + 1)) ** 0.5) / 2
    eps = torch.finfo(vec.dtype).eps if vec.dtype.is_floating_point else 2.0**-23
    if not round(n) - eps <= n <= round(n) + eps:
        raise ValueError(
            f"The size of last dimension is {length} which cannot be expressed as the lower triangular part of a "
            "square D x D matrix."
        )
    n = round(n)
    matrix = vec.new_zeros(vec.shape[:-1] + (n, n))
    rows, columns = torch.tril_indices(n, n, diag)
    matrix[..., rows, columns] = vec
    return matrix
