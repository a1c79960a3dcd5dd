"""The NumPy namespace: the standard's names bound to the fastest NumPy spelling, plus the gaps.

The names and meanings are those of the Python Array API standard (2024.12). Names that the standard does not have are
the gaps; each has a version in pure Array API in `generic.py`. A name that is neither, but is an operator of mibun, is
that operator's kernel over this namespace, so that one rule may be written with another operator.
"""

from __future__ import annotations

import functools
import math
import operator
import sys
from typing import Any

from ...core.quiet import NUMERICAL
from ..special.complexes import log1p_of_complex
from . import large, products, rows
from .classes import (
    add_along,
    add_rows,
    counts_of_targets,
    frequencies,
    pad_with,
    pick_classes,
    put_classes,
    renormalise_rows,
    take_flat,
    take_padded,
    take_rows,
)
from .convolution import correlate, correlate_transposed, correlate_weights, spread_columns, window_columns
from .counting import (
    bincount,
    fill_in_order,
    histogram_of,
    repeated_positions,
    search_rows,
    taken_in_order,
    unique_runs,
    unique_slices,
    unique_values_of,
)
from .device import check_later, device_of, from_numpy, known, limits, mutable, run_checks, takes_numpy, to_numpy
from .fourier import fourier, real_fourier, real_inverse
from .half import from_half, to_half
from .large import hypot, logaddexp, logaddexp2, mean_of_products, nextafter
from .ldl import ldl_solution, ldl_with_info
from .library import (
    abs,
    acos,
    acosh,
    address,
    arange,
    argsort,
    asarray,
    ascontiguousarray,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    bitwise_and,
    bitwise_invert,
    bitwise_left_shift,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    by_onednn,
    ceil,
    complex64,
    complex128,
    concat,
    cos,
    cosh,
    e,
    empty,
    equal,
    exp,
    exp2,
    expand_dims,
    expm1,
    eye,
    flip,
    float16,
    float32,
    float64,
    floor,
    fmax,
    fmin,
    frexp,
    from_size,
    full,
    full_like,
    greater,
    greater_equal,
    iinfo,
    inf,
    int8,
    int16,
    int32,
    int64,
    isfinite,
    isinf,
    isnan,
    less,
    less_equal,
    linspace,
    log,
    log2,
    log10,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    maximum,
    minimum,
    moveaxis,
    nan,
    newaxis,
    nonzero,
    not_equal,
    np,
    ones,
    ones_like,
    pi,
    reciprocal,
    repeat,
    roll,
    round,
    searchsorted,
    sign,
    signbit,
    sin,
    sinh,
    sort,
    sqrt,
    square,
    squeeze,
    take,
    take_along_axis,
    tan,
    tanh,
    tensordot,
    tile,
    tril,
    triu,
    trunc,
    uint8,
    uint16,
    uint32,
    uint64,
    unstack,
    up_to,
    zeros,
    zeros_like,
)
from .linalg import (
    check_phases,
    cholesky_with_info,
    determinant,
    epsilon_of,
    general_eigen,
    general_eigenvalues,
    hermitian_eigen,
    hermitian_eigenvalues,
    integer_product,
    inverse_if_safe,
    inverse_with_info,
    log_determinant,
    lu_with_info,
    permutation_of,
    qr_factors,
    qr_reflectors,
    qr_triangle,
    singular_values,
    solution_with_info,
    svd_factors,
    svd_or_nan,
    thin_svd,
    triangular_solution,
)
from .memory import (
    along_axis,
    arranged,
    broadcast_to,
    contiguous,
    embed_diagonal,
    embed_index,
    embed_windows,
    has_geometry,
    index_with,
    offset_of,
    permute_dims,
    put_at,
    put_into,
    repeats,
    reshape,
    stack,
    storage,
    strided_view,
    strides_of,
    take_diagonal,
    true_positions,
    view_as_dtype,
    windows,
)
from .order import (
    cumulative_logaddexp,
    cumulative_max,
    cumulative_min,
    cumulative_prod,
    cumulative_sum,
    first_in_order,
    index_of_rank,
    linear_recurrence,
    may_hold_nan,
    newest_equal,
    newest_true,
    read_along,
    stable_order,
)
from .pairs import euclidean_pairs, weighted_differences
from .pooling import (
    adaptive_max,
    adaptive_mean,
    adaptive_spread,
    average_windows,
    max_windows,
    put_positions,
    spread_windows,
    spread_winners,
    take_positions,
    take_winners,
    winner_positions,
)
from .recurrence import lstm_steps, lstm_steps_back, sums_over_paths
from .rows import extremes, moments, row_means, row_sums
from .selection import (
    clip,
    copysign,
    keep_where,
    replace_special,
    shift_to_zero,
    sign_or_zero,
    where,
    with_nan_of,
    zero_within,
)
from .special import (
    airy_ai,
    bessel_i0_scaled_slope,
    bessel_i0_slope,
    bessel_i_over_power_scaled,
    bessel_j0,
    bessel_j1,
    bessel_y0,
    bessel_y1,
    beta_quantile_slope,
    chebyshev_polynomial_t,
    chebyshev_polynomial_u,
    chebyshev_polynomial_v,
    chebyshev_polynomial_w,
    digamma,
    erf,
    erfc,
    erfcx,
    erfcx_slope,
    erfinv,
    gamma_quantile_slope,
    hermite_polynomial_h,
    hermite_polynomial_he,
    i0,
    i0e,
    i1,
    i1e,
    igamma,
    igamma_slope,
    igammac,
    laguerre_polynomial_l,
    legendre_polynomial_p,
    lgamma,
    log_ndtr,
    modified_bessel_k0,
    modified_bessel_k1,
    ndtr,
    ndtri,
    polygamma,
    quick_ndtr,
    scaled_modified_bessel_k0,
    scaled_modified_bessel_k1,
    shifted_chebyshev_polynomial_t,
    shifted_chebyshev_polynomial_u,
    shifted_chebyshev_polynomial_v,
    shifted_chebyshev_polynomial_w,
    sinc_slope,
    spherical_bessel_j0,
    times_ndtr,
    von_mises_quantile_slope,
    zeta,
    zeta_slope,
)

__name__ = __spec__.name.removesuffix(".namespace")

# Python's own operators take NumPy scalars five times as fast as the ufuncs do, and arrays as fast.
add = operator.add
subtract = operator.sub
multiply = operator.mul
divide = operator.truediv
power = operator.pow
negative = operator.neg
greatest_divisor = np.gcd
globals()["bool"] = np.bool  # the dtype; the name is left to Python in this file
_HALF = np.dtype(float16)
_FLOAT32, _FLOAT64 = np.dtype(float32), np.dtype(float64)
_half_kinds = "fV"  # float16, bfloat16
_FEW = from_size(20_000)  # elements to add up, or products of integers, for which NumPy's own loop is quick enough


_MANY = up_to(1 << 17)  # elements of a matrix that the processor's cache keeps while it is multiplied in parts
_FEW_ROWS = up_to(64)


def matmul(x: Any, y: Any) -> Any:
    """The matrix product; in floating point for half precision and integers, which NumPy multiplies without BLAS."""
    dtype = x.dtype
    if (dtype is _FLOAT32 or dtype is _FLOAT64) and x.size + y.size <= _FEW:
        return operator.matmul(x, y)
    if dtype.kind in "iu" and x.ndim > 1 and y.ndim > 1 and x.shape[-2] * x.shape[-1] * y.shape[-1] > _FEW:
        return integer_product(x, y)
    if dtype.itemsize == 2 and dtype.kind in _half_kinds:
        return operator.matmul(x.astype(float32), y.astype(float32)).astype(dtype)
    if dtype is _FLOAT32 and x.ndim == y.ndim == 2 and x.size + y.size > _FEW:
        found = by_onednn("matrix_product", x, y)
        if found is not None:
            return found
    if y.size > _FEW and y.ndim == 2 == x.ndim and 1 < x.shape[0] <= _FEW_ROWS and y.shape[1] >= 2 * x.shape[0]:
        # Few rows times what is stored transposed, as weights are: BLAS would copy all of that first.
        if y.flags.f_contiguous:
            return np.ascontiguousarray(operator.matmul(y.T, x.T).T)
    if dtype is _FLOAT32 and x.ndim == y.ndim == 2 and _FEW < y.size <= _MANY and x.shape[1] == y.shape[0]:
        return products.product(x, y)
    if dtype is _FLOAT32 and x.ndim == y.ndim > 2 and x.size > _FEW:
        return products.products(x, y)
    return operator.matmul(x, y)


def outer_product(x: Any, y: Any) -> Any:
    """x[i] y[j] of two vectors."""
    return x[:, None] * y


def _checked(ufunc: Any) -> Any:
    """An integer division that refuses to divide by 0, where NumPy would give 0 and warn."""

    def divide(x: Any, y: Any) -> Any:
        if x.dtype.kind not in "iu":
            return ufunc(x, y)
        try:
            with np.errstate(divide="raise"):
                return ufunc(x, y)
        except FloatingPointError:
            raise RuntimeError("ZeroDivisionError: integers are divided by zero") from None

    return divide


floor_divide = _checked(large.floor_divide)
remainder = _checked(large.remainder)
fmod = _checked(large.fmod)


def conj(x: Any) -> Any:
    """The complex conjugate; a real array is returned as it is."""
    try:
        return x.conjugate() if x.dtype.kind == "c" else x
    except AttributeError:  # a Python number, which stands for an operand of a real or complex operator
        return x.conjugate()


def log1p(x: Any) -> Any:
    """log(1 + x); of complex numbers by mibun's own, as NumPy's has no digits where x is small."""
    if x.dtype.kind != "c":
        return np.log1p(x)
    return log1p_of_complex(sys.modules[__spec__.name], x.astype(complex128)).astype(x.dtype)


def real(x: Any) -> Any:
    """The real part (of a real array: itself)."""
    return x.real


def imag(x: Any) -> Any:
    """The imaginary part of a complex array."""
    return x.imag


def parts_of_complex(x: Any) -> Any:
    """The complex array as a real one with a last axis of size 2, a view."""
    real = x.real
    return np.lib.stride_tricks.as_strided(real, (*x.shape, 2), (*x.strides, real.dtype.itemsize))


def complex_of_parts(x: Any) -> Any:
    """The real array, with a contiguous last axis of size 2, as a complex one: a view."""
    return x.view(np.result_type(x.dtype, np.complex64))[..., 0]


def make_complex(real: Any, imag: Any) -> Any:
    """The complex array of a real and an imaginary part (`real + 1j * imag` would make NaN of infinities)."""
    real, imag = np.broadcast_arrays(real, imag)
    out = np.empty(real.shape, np.result_type(real.dtype, np.complex64))
    out.real, out.imag = real, imag
    return out


def _within_float8(x: Any, name: str) -> Any:
    """Numbers as PyTorch casts them: to the largest where there is no infinity, to a positive one without a sign."""
    if name == "float8_e4m3fn":
        return np.clip(x, -448, 448)
    return np.maximum(np.abs(x), np.float32(2.0**-127)) if name == "float8_e8m0fnu" else x


def astype(x: Any, dtype: Any, copy: bool = False) -> Any:  # noqa: A001
    """Cast; complex to real drops the imaginary part, as PyTorch does."""
    if x.dtype.kind == "c" and dtype.kind not in "cb":
        x = x.real
    if dtype.itemsize == 1 and dtype.kind == "V" and x.dtype != dtype:
        x = _within_float8(x.astype(np.float32, copy=False), dtype.name)
    order = "C" if 0 in x.strides and repeats(x) else "K"  # what repeats elements has no order to keep
    if (_HALF == dtype) is not (_HALF == x.dtype):
        x = x.copy() if order == "C" else x
        with np.errstate(all="ignore"):
            return to_half(x) if _HALF == dtype else from_half(x, np.dtype(dtype))
    try:
        return x.astype(dtype, order, copy=copy)
    except NUMERICAL:  # overflow, where the user has made it an error
        with np.errstate(all="ignore"):
            return x.astype(dtype, order, copy=copy)


def scalar(value: Any, dtype: Any) -> Any:
    """A 0-d array (or NumPy scalar) of a Python number."""
    try:
        return dtype.type(float32(value) if dtype.char == "e" else value)  # rounded twice, as in `to_half`
    except OverflowError:  # a small integer type: it wraps around
        return np.asarray(value).astype(dtype)[()]


_KINDS = {
    "bool": "b",
    "signed integer": "i",
    "unsigned integer": "u",
    "integral": "iu",
    "real floating": "fV",
    "complex floating": "c",
    "numeric": "iufcV",
}


def isdtype(dtype: Any, kind: str) -> Any:
    """Whether a dtype is of a kind, as the standard names them (NumPy's own takes 2 us)."""
    return dtype.kind in _KINDS[kind]


def copy(x: Any) -> Any:
    """A copy in memory of its own."""
    return x.copy()


def copy_in_order(x: Any) -> Any:
    """A copy in memory of its own whose axes lie in memory in the same order, unless x repeats elements."""
    return x.copy() if isinstance(x, np.generic) or (0 in x.strides and repeats(x)) else x.copy("K")


def write(array: Any, value: Any) -> None:
    """Overwrite `array` in place with `value`, broadcast and cast. The only function here that modifies anything."""
    if array.dtype.kind != "c" and value.dtype.kind == "c":
        value = value.real
    array[...] = to_half(value) if array.dtype.char == "e" else value


def sum(x: Any, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Any:  # noqa: A001
    """Sum over axes; the dtype is kept unless one is given (NumPy would widen small integers)."""
    if dtype is None:
        dtype = x.dtype
        if dtype.itemsize == 2 and dtype.kind in _half_kinds:  # added up in float32, as PyTorch does
            return contiguous(np.add.reduce(x, axis=axis, keepdims=keepdims, dtype=float32).astype(dtype))
        if x.size > _FEW and not keepdims:
            if axis is None:
                return large.total(x)
            lead = 1 if axis == 0 else len(axis) if type(axis) is tuple and axis == tuple(range(len(axis))) else 0
            if 0 < lead < x.ndim and (total := rows.sum_of_rows(x, lead)) is not None:
                return total
    return contiguous(np.add.reduce(x, axis=axis, keepdims=keepdims, dtype=dtype))


def prod(x: Any, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Any:
    """Product over axes; the dtype is kept unless one is given."""
    if axis is None and not keepdims and dtype is None:
        return large.product(x)
    return contiguous(np.multiply.reduce(x, axis=axis, keepdims=keepdims, dtype=x.dtype if dtype is None else dtype))


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Mean over axes; 0/0 for none."""
    if axis is None:
        count = x.size
    else:
        count = math.prod([x.shape[a] for a in ((axis,) if isinstance(axis, int) else axis)])
    if x.dtype.itemsize == 2 and x.dtype.kind in _half_kinds:
        return contiguous(
            (np.add.reduce(x, axis=axis, keepdims=keepdims, dtype=float32) / float32(count)).astype(x.dtype)
        )
    if axis is None and x.size > _FEW and not keepdims:
        return large.total(x) / x.dtype.type(count)
    if keepdims and x.size > _FEW and (found := row_means(x, axis)) is not None:
        return found
    total = contiguous(np.add.reduce(x, axis=axis, keepdims=keepdims, dtype=x.dtype))
    return total / total.dtype.type(count)


def max(x: Any, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """Maximum over axes; NaN wins."""
    return contiguous(extremes(np.argmax, np.maximum, x, axis, keepdims))


def min(x: Any, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """Minimum over axes; NaN wins."""
    return contiguous(extremes(np.argmin, np.minimum, x, axis, keepdims))


def largest_number(x: Any) -> Any:
    """The largest element as a number: of batched arrays, of all examples."""
    return x.max()


def any(x: Any, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """Whether any element is true."""
    return contiguous(np.logical_or.reduce(x, axis=axis, keepdims=keepdims))


def all(x: Any, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """Whether all elements are true."""
    return contiguous(np.logical_and.reduce(x, axis=axis, keepdims=keepdims))


argmax = np.argmax
argmin = np.argmin


def einsum(equation: str, *operands: Any, **options: Any) -> Any:
    """NumPy's einsum, which has no loop for bfloat16: those are summed in float32."""
    low = operands[0].dtype
    if low.kind == "V":
        return np.einsum(equation, *[x.astype(np.float32) for x in operands], **options).astype(low)
    return np.einsum(equation, *operands, **options)


def matrix_transpose(x: Any) -> Any:
    """Swap the last two axes (a view)."""
    return x.swapaxes(-1, -2)


def sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    """Sum `x` down to a shape that broadcasts to its own: the transpose of broadcasting."""
    lead = x.ndim - len(shape)
    axes = tuple([i for i in range(x.ndim) if i < lead or (shape[i - lead] == 1 and x.shape[i] != 1)])
    if axes:
        x = sum(x, axis=axes)
    return x.reshape(shape)


def __getattr__(name: str) -> Any:
    """The kernel of the operator `name`, over this namespace."""
    if name.startswith("_"):
        raise AttributeError(name)
    from ...core.registry import OPS

    if name not in OPS:
        raise AttributeError(f"the NumPy namespace has no function {name!r}, and no operator has that name")
    kernel = functools.partial(OPS[name].kernel, sys.modules[__spec__.name])
    globals()[name] = kernel
    return kernel
