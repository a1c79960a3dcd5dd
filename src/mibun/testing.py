"""What tests need: `assert_close`, with PyTorch's tolerances PyTorch's words on what differs, and `make_tensor`."""

from __future__ import annotations

import math
import numbers
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .core import dtypes
from .core.dtypes import promote_types
from .core.site import stacklevel
from .core.tensor import Tensor
from .ops.creation.filled import empty
from .ops.creation.from_data import as_tensor
from .ops.pointwise.complexes import view_as_real
from .ops.random.sampling import randint

__all__ = ["assert_allclose", "assert_close", "make_tensor"]

# dtype -> (rtol, atol); integers and bool are compared exactly.
_TOLERANCES = {
    dtypes.float16: (1e-3, 1e-5),
    dtypes.bfloat16: (1.6e-2, 1e-5),
    dtypes.float32: (1.3e-6, 1e-5),
    dtypes.float64: (1e-7, 1e-7),
    dtypes.complex64: (1.3e-6, 1e-5),
    dtypes.complex128: (1e-7, 1e-7),
}


class _Mismatch(Exception):
    """What differs, in words, and the way to it through sequences and mappings."""

    def __init__(self, words: str, way: tuple = ()) -> None:
        super().__init__(words)
        self.words, self.way = words, way


class _Comparison:
    """The options of one `assert_close`."""

    def __init__(self, allow_subclasses, rtol, atol, equal_nan, check_dtype, check_layout, check_stride) -> None:
        self.allow_subclasses, self.rtol, self.atol, self.equal_nan = allow_subclasses, rtol, atol, equal_nan
        self.check_dtype, self.check_layout, self.check_stride = check_dtype, check_layout, check_stride

    def compare(self, actual: Any, expected: Any, way: tuple = ()) -> None:
        try:
            if actual is None or expected is None:
                if actual is not expected:
                    raise _Mismatch(f"None mismatch: {actual} is not {expected}")
            elif isinstance(actual, Sequence) and isinstance(expected, Sequence) and not _is_text(actual, expected):
                self._sequences(actual, expected, way)
            elif isinstance(actual, Mapping) and isinstance(expected, Mapping):
                self._mappings(actual, expected, way)
            elif self._is_pair(actual, expected, Tensor):
                self._tensors(actual, expected)
            elif self._is_pair(actual, expected, np.ndarray):
                self._tensors(as_tensor(actual), as_tensor(expected))
            elif isinstance(actual, (bool, np.bool_)) and isinstance(expected, (bool, np.bool_)):
                if actual != expected:
                    raise _Mismatch(f"Booleans mismatch: {actual} is not {expected}")
            elif isinstance(actual, numbers.Number) and isinstance(expected, numbers.Number):
                self._numbers(actual, expected)
            else:
                raise TypeError(
                    f"No comparison pair was able to handle inputs of type {_shown(actual)} and {_shown(expected)}."
                )
        except _Mismatch as mismatch:
            if way and not mismatch.way:
                mismatch.way = way
            raise

    def _is_pair(self, actual: Any, expected: Any, kind: type) -> bool:
        if not isinstance(actual, kind) or not isinstance(expected, kind):
            return False
        return self.allow_subclasses or type(actual) is type(expected)

    def _sequences(self, actual: Any, expected: Any, way: tuple) -> None:
        if len(actual) != len(expected):
            raise _Mismatch(f"The length of the sequences mismatch: {len(actual)} != {len(expected)}")
        for i, (a, b) in enumerate(zip(actual, expected, strict=True)):
            self.compare(a, b, (*way, i))

    def _mappings(self, actual: Any, expected: Any, way: tuple) -> None:
        missing, additional = set(expected) - set(actual), set(actual) - set(expected)
        if missing or additional:
            raise _Mismatch(
                "The keys of the mappings do not match:\n"
                f"Missing keys in the actual mapping: {sorted(missing, key=repr)}\n"
                f"Additional keys in the actual mapping: {sorted(additional, key=repr)}"
            )
        for key in sorted(expected, key=repr):
            self.compare(actual[key], expected[key], (*way, key))

    def _tolerances(self, *found: Any) -> tuple[float, float]:
        if self.rtol is not None:
            return self.rtol, self.atol
        pairs = [_TOLERANCES.get(dtype, (0.0, 0.0)) for dtype in found]
        return max(p[0] for p in pairs), max(p[1] for p in pairs)

    def _tensors(self, actual: Any, expected: Any) -> None:
        sparse = actual.layout is not dtypes.strided or expected.layout is not dtypes.strided
        for name, a, b, wanted in (
            ("shape", actual.shape, expected.shape, True),
            ("layout", actual.layout, expected.layout, self.check_layout),
            ("dtype", actual.dtype, expected.dtype, self.check_dtype),
            *((("stride()", actual.stride(), expected.stride(), self.check_stride),) if not sparse else ()),
        ):
            if wanted and a != b:
                raise _Mismatch(f"The values for attribute '{name}' do not match: {a} != {b}.")
        if sparse and actual.layout is expected.layout:
            self._sparse_tensors(actual.detach(), expected.detach())
        else:
            self._values(actual.to_dense(), expected.to_dense())

    def _sparse_tensors(self, actual: Any, expected: Any) -> None:
        """Part by part: the indices have to be equal, the values close."""
        kind = str(actual.layout).removeprefix("torch.sparse_").upper()
        if kind == "COO":
            actual, expected = actual.coalesce(), expected.coalesce()
            names: tuple[str, ...] = ("indices",)
        else:
            names = ("crow_indices", "col_indices") if kind in ("CSR", "BSR") else ("ccol_indices", "row_indices")
        counts = actual._nnz(), expected._nnz()
        if counts[0] != counts[1]:
            raise _Mismatch(
                f"The number of specified values in sparse {kind} tensors does not match: {counts[0]} != {counts[1]}"
            )
        for name in (*names, "values"):
            try:
                self._values(getattr(actual, name)(), getattr(expected, name)(), name != "values")
            except _Mismatch as mismatch:
                words = mismatch.words.replace("Tensor-likes are", f"Sparse {kind} {name} are", 1)
                raise _Mismatch(words) from None

    def _values(self, actual: Any, expected: Any, exact: bool = False) -> None:
        rtol, atol = (0.0, 0.0) if exact else self._tolerances(actual.dtype, expected.dtype)
        common = promote_types(actual.dtype, expected.dtype)
        x, y = np.asarray(actual._array_), np.asarray(expected._array_)
        x, y = [v.astype(np.int64 if common.category == 0 else common.np, copy=False) for v in (x, y)]
        if common.itemsize == 2 and common.category == 2:
            x, y = x.astype(np.float32), y.astype(np.float32)
        with np.errstate(all="ignore"):
            close = _close(x, y, rtol, atol, self.equal_nan)
            if close.all():
                return
            raise _Mismatch(_values_differ(x, y, close, rtol, atol, common))

    def _numbers(self, actual: Any, expected: Any) -> None:
        if self.check_dtype and type(actual) is not type(expected):
            raise _Mismatch(f"The (d)types do not match: {type(actual)} != {type(expected)}.")
        exact = (bool, int)
        found = [
            dtypes.int64 if isinstance(v, exact) else dtypes.complex128 if isinstance(v, complex) else dtypes.float64
            for v in (actual, expected)
        ]
        rtol, atol = self._tolerances(*found)
        if actual == expected or (self.equal_nan and actual != actual and expected != expected):
            return
        difference = abs(actual - expected)
        if math.isfinite(difference) and difference <= atol + rtol * abs(expected):
            return
        relative = math.inf if expected == 0 else difference / abs(expected)
        raise _Mismatch(_scalars_differ(actual, expected, difference, relative, rtol, atol))


def _is_text(*values: Any) -> bool:
    return any(isinstance(value, (str, bytes)) for value in values)


def _shown(value: Any) -> str:
    return "<class 'torch.Tensor'>" if type(value) is Tensor else str(type(value))


def _close(x: Any, y: Any, rtol: float, atol: float, equal_nan: bool) -> Any:
    close = x == y
    if rtol or atol:
        difference = np.abs(x - y)
        close |= np.isfinite(difference) & (difference <= atol + rtol * np.abs(y))
    if equal_nan:
        close |= (x != x) & (y != y)
    return close


def _allowed(tolerance: float) -> str:
    return f" (up to {tolerance} allowed)"


def _scalars_differ(actual: Any, expected: Any, difference: Any, relative: Any, rtol: float, atol: float) -> str:
    equal = not rtol and not atol
    return (
        f"Scalars are not {'equal' if equal else 'close'}!\n\nExpected {expected} but got {actual}.\n"
        f"Absolute difference: {difference}{'' if equal else _allowed(atol)}\n"
        f"Relative difference: {relative}{'' if equal else _allowed(rtol)}"
    )


def _values_differ(x: Any, y: Any, close: Any, rtol: float, atol: float, dtype: Any) -> str:
    equal = not rtol and not atol
    absolute = np.abs(x - y)
    wide = np.abs(y) if dtype.category >= 2 else np.abs(y).astype(np.float32)
    relative = np.asarray(absolute.astype(wide.dtype) / wide)
    # Where both are close only what differs counts; NaN is greater than everything.
    absolute, relative = np.where(close, 0, absolute), np.where(close, 0, relative)
    if x.ndim == 0:
        return _scalars_differ(x.item(), y.item(), absolute.item(), relative.item(), rtol, atol)
    parts = []
    for name, values, tolerance in (("absolute", absolute, atol), ("relative", relative, rtol)):
        worst = int(np.argmax(values))
        index = tuple(int(i) for i in np.unravel_index(worst, values.shape))
        parts.append(
            f"Greatest {name} difference: {values.flat[worst].item()} at index {index}"
            + ("" if equal else _allowed(tolerance))
        )
    count = int(close.size - close.sum())
    return (
        f"Tensor-likes are not {'equal' if equal else 'close'}!\n\n"
        f"Mismatched elements: {count} / {close.size} ({count / close.size:.1%})\n" + "\n".join(parts)
    )


def assert_close(
    actual: Any,
    expected: Any,
    *,
    allow_subclasses: bool = True,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    check_device: bool = True,
    check_dtype: bool = True,
    check_layout: bool = True,
    check_stride: bool = False,
    msg: str | Callable[[str], str] | None = None,
) -> None:
    """Raise AssertionError unless |actual - expected| <= atol + rtol·|expected| everywhere.

    actual, expected: Tensors, NumPy arrays or numbers, or sequences and mappings of them. rtol, atol: from the dtype
    unless both are given (float32: 1.3e-6, 1e-5; float64: 1e-7, 1e-7; integers: exact). msg: the error's text, or a
    function of the text. check_device never fails: there is one device. Sparse tensors are compared part by part.
    TypeError for what cannot be compared, ValueError for one tolerance without the other.

    >>> import mibun as torch
    >>> torch.testing.assert_close(torch.tensor([1.0]), torch.tensor([1.0 + 1e-7]))
    """
    if (rtol is None) != (atol is None):
        raise ValueError(
            "Both 'rtol' and 'atol' must be either specified or omitted, but got no "
            f"{'rtol' if rtol is None else 'atol'}."
        )
    if rtol is not None and (rtol < 0 or atol < 0):  # type: ignore[operator]
        raise ValueError(f"rtol and atol must not be negative, but got {rtol} and {atol}")
    comparison = _Comparison(allow_subclasses, rtol, atol, equal_nan, check_dtype, check_layout, check_stride)
    try:
        comparison.compare(actual, expected)
    except _Mismatch as mismatch:
        words = mismatch.words
        if mismatch.way:
            words += "\n\nThe failure occurred for item " + "".join(f"[{key!r}]" for key in mismatch.way)
    else:
        return
    if msg is not None:
        words = msg(words) if callable(msg) else msg
    raise AssertionError(words)


# Where the elements lie if nothing is said, by kind of dtype.
_RANGES = {"b": (0, 2), "u": (0, 10), "i": (-9, 10), "f": (-9, 9), "c": (-9, 9)}


def assert_allclose(
    actual: Any,
    expected: Any,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = True,
    msg: str = "",
) -> None:
    """The older `assert_close`, with a FutureWarning: other dtypes are no difference, NaN equals NaN.

    The tolerances are those of the less precise dtype, or both are given. AssertionError where values differ.

    >>> import mibun as torch
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     torch.testing.assert_allclose(torch.ones(2), [1.0, 1.0])
    """
    warnings.warn(
        "`torch.testing.assert_allclose()` is deprecated since 1.12 and will be removed in a future release. "
        "Please use `torch.testing.assert_close()` instead.",
        FutureWarning,
        stacklevel=stacklevel(),
    )
    actual, expected = (as_tensor(x) if not isinstance(x, Tensor) else x for x in (actual, expected))
    assert_close(
        actual,
        expected,
        rtol=rtol,
        atol=atol,
        equal_nan=equal_nan,
        check_device=True,
        check_dtype=False,
        check_stride=False,
        msg=msg or None,
    )


def make_tensor(
    *shape: Any,
    dtype: dtypes.dtype,
    device: Any,
    low: float | None = None,
    high: float | None = None,
    requires_grad: bool = False,
    noncontiguous: bool = False,
    exclude_zero: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """A Tensor of random elements, evenly spread from `low` (included) to `high` (excluded), for use in a test.

    shape: ints, or one sequence of them. low, high: -9 and 9 if not given (for integers -9 and 10, or 0 and 10 without
    a sign; for bool 0 and 2), and cut to what the dtype can hold. noncontiguous: with gaps between the elements.
    exclude_zero: zeros are replaced by the smallest positive number. ValueError if low is not below high, for NaN, for
    `requires_grad` of integers, and for `noncontiguous` with a memory_format.

    >>> import mibun as torch
    >>> torch.testing.make_tensor(2, 3, dtype=torch.float32, device="cpu", low=0, high=1).shape
    torch.Size([2, 3])
    """
    if not isinstance(dtype, dtypes.dtype):
        raise TypeError(f"The requested dtype {dtype!r} is not supported by torch.testing.make_tensor()")
    sizes = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], Sequence) else shape
    counted = not (dtype.is_floating_point or dtype.is_complex)
    if requires_grad and counted:
        raise ValueError(
            f"`requires_grad=True` is not supported for boolean and integral dtypes, but got dtype={dtype}"
        )
    if noncontiguous and memory_format is not None:
        raise ValueError(
            "The parameters `noncontiguous` and `memory_format` are mutually exclusive, but got "
            f"noncontiguous={noncontiguous} and memory_format={memory_format}"
        )
    low, high = _range(dtype, low, high, counted)
    gaps = noncontiguous and math.prod(sizes) > 1
    if gaps:
        sizes = (*sizes[:-1], 2 * sizes[-1])
    if counted:
        result = randint(low, high, sizes, dtype=dtype, device=device)  # type: ignore[arg-type]
    else:
        result = empty(sizes, dtype=dtype, device=device)
        _fill_evenly(view_as_real(result) if dtype.is_complex else result, low, high)
    if gaps:
        result = result[..., 1::2]
    elif memory_format is not None:
        result = result.clone(memory_format=memory_format)
    if exclude_zero:
        result[result == 0] = 1 if counted else dtypes.finfo(dtype).tiny
    return result.requires_grad_(requires_grad)


def _range(dtype: dtypes.dtype, low: float | None, high: float | None, counted: bool) -> tuple[float, float]:
    """The bounds to draw between, from what the user gave."""
    kind = "b" if dtype is dtypes.bool else "c" if dtype.is_complex else "f" if not counted else "i"
    if kind == "i" and not dtype.is_signed:
        kind = "u"
    default_low, default_high = _RANGES[kind]
    low = default_low if low is None else low
    high = default_high if high is None else high
    if any(isinstance(bound, float) and math.isnan(bound) for bound in (low, high)):
        raise ValueError(f"`low` and `high` cannot be NaN, but got low={low} and high={high}")
    if low == high and not counted:
        warnings.warn(
            "Passing `low==high` to `torch.testing.make_tensor` for floating or complex types is deprecated since 2.1 "
            "and will be removed in 2.3. Use `torch.full(...)` instead.",
            FutureWarning,
            stacklevel=stacklevel(),
        )
    elif low >= high:
        raise ValueError(f"`low` must be less than `high`, but got {low} >= {high}")
    if kind == "b":
        least, most = 0, 2
    elif counted:
        least, most = dtypes.iinfo(dtype).min, dtypes.iinfo(dtype).max + (1 if dtype is not dtypes.int64 else 0)
    else:
        least, most = dtypes.finfo(dtype).min, dtypes.finfo(dtype).max
    if low > most or high < least:
        raise ValueError(
            f"The value interval specified by `low` and `high` is [{low}, {high}), but {dtype} only supports "
            f"[{least}, {most}]"
        )
    low, high = min(max(low, least), most), min(max(high, least), most)
    return (math.ceil(low), math.ceil(high)) if counted else (low, high)


def _fill_evenly(target: Tensor, low: float, high: float) -> None:
    if high - low <= dtypes.finfo(target.dtype).max:
        target.uniform_(low, high)
    else:  # the distance itself cannot be held
        share = target.uniform_(0, 1).clone()
        target.copy_(low * (1 - share) + high * share)
