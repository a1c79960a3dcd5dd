"""How tensors are printed: exactly PyTorch's text.

`tensor_repr` lays a tensor out as nested rows. All numbers of one tensor share one format (integral, fixed or
scientific notation, and one width), which is chosen from those that will be shown. `set_printoptions` holds the user's
choices.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..core import dtypes
from ..core.meta import MetaArray
from ..core.mode import MODE
from ..core.registry import LAZY, LEADING, is_numpys, namespace_of
from ..core.tangents import tangent_of
from ..core.tensor import Tensor, bind_method

__all__ = ["set_printoptions"]


class PrintOptions(NamedTuple):
    """The choices in force; replaced as one, so that a printing thread never sees half a change."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


_PROFILES = {
    "default": {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80},
    "short": {"precision": 2, "threshold": 1000, "edgeitems": 2, "linewidth": 80},
    "full": {"precision": 4, "threshold": math.inf, "edgeitems": 3, "linewidth": 80},
}
_options = PrintOptions()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Choose how tensors are printed; what is left out stays as it is, except `sci_mode`.

    precision: digits after the point (4). threshold: tensors of more elements are summarised (1000, may be `inf`).
    edgeitems: elements shown at each end of a summarised dimension (3). linewidth: characters in a line (80).
    profile: "default", "short" or "full" sets these four first. sci_mode: True or False forces scientific notation on
    or off; every call that leaves it out goes back to choosing per tensor, as in PyTorch.

    TypeError or ValueError, and nothing changed, where a value cannot be used.

    >>> import mibun as torch
    >>> torch.set_printoptions(precision=2)
    >>> torch.tensor([1.12345])
    tensor([1.12])
    >>> torch.set_printoptions(profile="default")
    """
    global _options
    chosen: dict[str, Any] = dict(_options._asdict())
    if profile is not None:
        if profile not in _PROFILES:
            raise ValueError(f"set_printoptions(): profile must be 'default', 'short' or 'full', got {profile!r}")
        chosen.update(_PROFILES[profile])
    for name, value, least in (
        ("precision", precision, 0),
        ("threshold", threshold, 0),
        ("edgeitems", edgeitems, 0),
        ("linewidth", linewidth, 1),
    ):
        if value is None:
            continue
        if name == "threshold" and isinstance(value, (float, np.floating)):
            if math.isnan(value):
                raise ValueError("set_printoptions(): threshold must not be nan; use inf to print everything")
        elif not hasattr(value, "__index__"):
            raise TypeError(f"set_printoptions(): {name} must be a number, got {type(value).__name__}")
        else:
            value = int(value)
        if value < least:
            raise ValueError(f"set_printoptions(): {name} must be at least {least}, got {value}")
        chosen[name] = value
    if sci_mode is not None and not isinstance(sci_mode, (bool, np.bool)):
        raise TypeError(f"set_printoptions(): sci_mode must be True, False or None, got {type(sci_mode).__name__}")
    chosen["sci_mode"] = sci_mode
    _options = PrintOptions(**chosen)


def get_printoptions() -> dict[str, Any]:
    """The options in force, by name: `set_printoptions(**get_printoptions())` changes nothing."""
    return _options._asdict()


@contextlib.contextmanager
def printoptions(**kwargs: Any) -> Iterator[None]:
    """Set the print options inside a `with` block, and restore them after it; arguments as `set_printoptions`."""
    global _options
    before = _options
    set_printoptions(**kwargs)
    try:
        yield
    finally:
        _options = before


# ---- one number -----------------------------------------------------------------------------------------------------


class _Format(NamedTuple):
    """How every element of a tensor is written: `text` of a value, padded on the left to `width`."""

    text: Callable[[Any], str]
    width: int

    def padded(self, value: Any) -> str:
        return self.text(value).rjust(self.width)


class _ComplexFormat(NamedTuple):
    """Real and imaginary parts have formats of their own; only the real part is padded."""

    real: _Format
    imag: _Format

    @property
    def width(self) -> int:
        return self.real.width + self.imag.width + 1

    def padded(self, value: complex) -> str:
        imag = self.imag.text(value.imag)
        sign = "" if imag.startswith("-") else "+"
        return f"{self.real.padded(value.real)}{sign}{imag}j"


def _choose_format(shown: Any, options: PrintOptions) -> _Format | _ComplexFormat:
    if shown.dtype.kind == "c":
        real, imag = (_choose_format_of_floats(part, options) for part in (shown.real, shown.imag))
        return _ComplexFormat(real, imag)
    if shown.dtype.kind in "biu":
        return _Format(str, max((len(str(value)) for value in shown.ravel().tolist()), default=1))
    return _choose_format_of_floats(shown, options)


def _choose_format_of_floats(shown: np.ndarray, options: PrintOptions) -> _Format:
    """Only finite numbers other than zero have a say: integers print as "3.", wide ranges scientifically."""
    values = shown.ravel().astype(np.float64)
    values = values[np.isfinite(values) & (values != 0)]
    if values.size == 0:
        return _Format(_write_integral, 1)
    smallest, largest = float(np.abs(values).min()), float(np.abs(values).max())
    integral = bool((values == np.ceil(values)).all())
    scientific = options.sci_mode
    if scientific is None:
        scientific = largest / smallest > 1000.0 or largest > 1.0e8 or (not integral and smallest < 1.0e-4)
    if scientific:
        write: Callable[[float], str] = f"{{:.{options.precision}e}}".format
    elif integral:
        write = _write_integral
    else:
        write = f"{{:.{options.precision}f}}".format
    return _Format(write, max(len(write(value)) for value in values.tolist()))


def _write_integral(value: float) -> str:
    return f"{value:.0f}." if math.isfinite(value) else f"{value:.0f}"


# ---- rows and their nesting -----------------------------------------------------------------------------------------


def _summarised(array: np.ndarray, edgeitems: int) -> np.ndarray:
    """The elements of `array` that remain when each long dimension keeps only its two ends."""
    for axis, size in enumerate(array.shape):
        if size > 2 * edgeitems:
            array = np.take(array, [*range(edgeitems), *range(size - edgeitems, size)], axis=axis)
    return array


def _layout(array: np.ndarray, indent: int, cut: bool, form: _Format | _ComplexFormat, options: PrintOptions) -> str:
    """The text of `array` whose first character stands in column `indent`; `cut` leaves out the middles."""
    if array.ndim == 0:
        return form.padded(array.item())
    edge = options.edgeitems
    cut_here = cut and array.shape[0] > 2 * edge
    ends = (array[:edge], array[len(array) - edge :]) if cut_here else (array, array[:0])
    if array.ndim == 1:
        first, last = ([form.padded(value) for value in end.tolist()] for end in ends)
        items = [*first, " ...", *last] if cut_here else first
        per_line = max(1, (options.linewidth - indent) // (form.width + 2))
        rows = [", ".join(items[i : i + per_line]) for i in range(0, len(items), per_line)]
        return "[" + f",\n{' ' * (indent + 1)}".join(rows) + "]"
    first, last = ([_layout(row, indent + 1, cut, form, options) for row in end] for end in ends)
    items = [*first, "...", *last] if cut_here else first
    return "[" + ("," + "\n" * (array.ndim - 1) + " " * (indent + 1)).join(items) + "]"


# ---- the whole ------------------------------------------------------------------------------------------------------


def _suffixes(tensor: Any, array: np.ndarray, history: list[str] | None = None) -> list[str]:
    """What is written after the numbers, in order; `history`: instead of what the tensor's own is."""
    parts = []
    dtype = tensor.dtype
    implied: tuple[Any, ...] = (dtypes.get_default_dtype(),)
    if array.size == 0:
        if array.ndim != 1:
            parts.append(f"size={tuple(array.shape)}")
    else:
        # Numbers that are there show these types by their look.
        implied += (dtypes.get_default_complex_dtype(), dtypes.int64, dtypes.bool)
    if dtype not in implied:
        parts.append(f"dtype={dtype}")
    return parts + _history(tensor, history)


def _history(tensor: Any, history: list[str] | None = None) -> list[str]:
    """What is written of a tensor's place in the graph and of its tangent."""
    parts = []
    if history is not None:
        return history
    try:
        grad_fn = tensor.grad_fn
        while grad_fn is not None and grad_fn.name().startswith("BatchOut"):  # what vmap has returned
            grad_fn = grad_fn.next_functions[0][0]
        name = None if grad_fn is None else grad_fn.name().rpartition("::")[2]
    except RuntimeError:  # a view whose history was overwritten: printing it must still work
        name = "Invalid"
    if name is not None:
        parts.append(f"grad_fn=<{name}>")
    elif tensor.requires_grad:
        parts.append("requires_grad=True")
    tangent = tangent_of(tensor)
    if tangent is not None:
        # PyTorch writes a 0-d tangent as the bare number.
        parts.append(f"tangent={tensor_repr(tangent) if len(tangent.shape) else tangent.item()}")
    return parts


def tensor_repr(tensor: Any) -> str:
    """The text that `repr(tensor)` and `print(tensor)` show.

    >>> import mibun as torch
    >>> torch.tensor([[1.0, 2.5]], dtype=torch.float64)
    tensor([[1.0000, 2.5000]], dtype=torch.float64)
    """
    if MODE.get().transforms or hasattr(tensor._array_, "levels"):
        from .printing_levels import repr_in_levels

        text = repr_in_levels(tensor, _value_repr)
        if text is not None:
            return text
    return _value_repr(tensor)


def _value_repr(tensor: Any, history: list[str] | None = None) -> str:
    sparse = type(tensor._array_) in LEADING
    kind = type(tensor)
    is_parameter = any(base.__name__ == "Parameter" for base in kind.__mro__)
    prefix = "tensor(" if kind.__name__ in ("Tensor", "Parameter") else f"{kind.__name__}("
    indent = len(prefix)
    if type(tensor._array_) is MetaArray and tensor.is_meta:
        body, suffixes = "...", ["device='meta'", f"size={tuple(tensor.shape)}"]
        if tensor.dtype is not dtypes.get_default_dtype():
            suffixes.append(f"dtype={tensor.dtype}")
        suffixes += _history(tensor, history)
    elif sparse:
        body, suffixes = _sparse_body(tensor, indent, history)
    else:
        array = tensor._array_
        cut = array.size > _options.threshold
        elsewhere = []
        if not is_numpys(type(array)):
            xp = namespace_of(array)
            elsewhere = [] if tensor.is_cpu else [f"device='{tensor.device}'"]
            if type(array) in LAZY:
                array, cut = _of_edges(array)
            elif not xp.known(array):  # in a function that is traced
                suffixes = [*elsewhere, f"size={tuple(tensor.shape)}", f"dtype={tensor.dtype}"]
                return add_suffixes(prefix + "...", suffixes + _history(tensor, history), indent, False)
            array = xp.to_numpy(array)
        array = np.asarray(array)
        body, suffixes = _numbers(array, indent, cut), elsewhere + _suffixes(tensor, array, history)
    text = add_suffixes(prefix + body, suffixes, indent, sparse and tensor.is_sparse)
    if not is_parameter:
        return text
    return f"Parameter containing:\n{text if kind.__name__ == 'Parameter' else f'Parameter({text})'}"


def add_suffixes(text: str, suffixes: list[str], indent: int, force_newline: bool) -> str:
    """The text with what follows the numbers, on a new line where the last one would be too long, and its bracket."""
    column = len(text) - text.rfind("\n") + 1  # PyTorch counts two more than there are, room for ", " or ")"
    for part in suffixes:
        if force_newline or column + len(part) + 2 > _options.linewidth:
            text += f",\n{' ' * indent}{part}"
            column, force_newline = indent + len(part), False
        else:
            text += f", {part}"
            column += len(part) + 2
    return text + ")"


def _of_edges(array: Any) -> tuple[Any, bool]:
    """What an array that is computed later needs for its text, and whether that is cut: of a large one the edges."""
    if array.size <= _options.threshold:
        return array, False
    edge = _options.edgeitems
    for axis, n in enumerate(array.shape):
        if n > 2 * edge + 1:  # one in the middle stands for all that is left out
            places = [*range(edge + 1), *range(n - edge, n)]
            array = array[(*(slice(None),) * axis, places)]
    return array, True


def _numbers(array: np.ndarray, indent: int, cut: bool | None = None) -> str:
    """The text of an array's numbers, which begins in column `indent`."""
    options = _options
    if array.dtype.kind == "V" or array.dtype.name == "bfloat16":
        array = array.astype(np.float32)  # every bfloat16 is exactly a float32
    if array.size == 0:
        return "[]"
    cut = array.size > options.threshold if cut is None else cut
    shown = _summarised(array, options.edgeitems) if cut else array
    return _layout(array, indent, cut, _choose_format(shown, options), options)


def _sparse_body(tensor: Any, indent: int, history: list[str] | None) -> tuple[str, list[str]]:
    """The text of a sparse tensor's parts, and what is written after them."""
    from .printing_sparse import contents, sizes

    array = tensor._array_
    shown_by_look = (dtypes.get_default_dtype(), dtypes.get_default_complex_dtype(), dtypes.int64, dtypes.bool)
    suffixes = sizes(array)
    if tensor.dtype not in shown_by_look:
        suffixes.append(f"dtype={tensor.dtype}")
    suffixes.append(f"layout={tensor.layout}")
    return contents(array, indent, _numbers), suffixes + _history(tensor, history)


def __repr__(self: Tensor, *, tensor_contents: Any = None) -> str:  # noqa: N807  (what a `__torch_function__` is told of)
    return tensor_repr(self)


bind_method("__repr__", __repr__)
