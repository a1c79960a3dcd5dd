"""Derivatives by central differences, the side of gradcheck that knows nothing of autograd.

A function is evaluated with one input's memory moved a little up and a little down; the difference of the two results
over twice the step is a derivative that no formula had a part in. The inputs are moved in place, so that a function
that reaches an input another way than by its argument (a module's parameter, say) sees the step too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

import numpy as np

from ..core.registry import LEADING, is_numpys
from ..core.tensor import Tensor
from ..dispatch.inplace import write

__all__ = ["Differences", "double", "element_differences", "memory_of", "projected_differences"]

Evaluate = Callable[[], list[np.ndarray]]


@dataclass(frozen=True)
class Differences:
    """How every output moves with one input: along its real part, and for a complex input along its imaginary part.

    Element mode: one ``(input elements, output elements)`` array for each output. Projected mode (one step along a
    direction in all elements): one ``(output elements,)`` array for each output.
    """

    real: list[np.ndarray]
    imag: list[np.ndarray] | None

    def of_output_part(self, output: int, part: str) -> np.ndarray:
        """d(part of the output) / d(input), written as the gradient of a real function is: d/dRe(x) + 1j d/dIm(x)."""
        along_real = getattr(self.real[output], part)
        if self.imag is None:
            return along_real
        return along_real + 1j * getattr(self.imag[output], part)


def double(tensor: Tensor) -> np.ndarray:
    """A flat float64 or complex128 copy of a tensor's values."""
    return np.array(tensor.numpy(force=True), dtype=np.complex128 if tensor.is_complex() else np.float64).reshape(-1)


class _Elsewhere:
    """The elements of a tensor of another library's array, to be read and written like an array of NumPy's."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor, self.values = tensor, np.array(tensor.numpy(force=True))
        self.shape, self.dtype, self.size = self.values.shape, self.values.dtype, self.values.size

    def __getitem__(self, where: Any) -> Any:
        return self.values[where]

    def __setitem__(self, where: Any, value: Any) -> None:
        self.values[where] = value
        write(self.tensor, self.values.copy())


def memory_of(tensor: Tensor, position: int) -> Any:
    """The memory of an input as an array that may be written to; RuntimeError where steps in it would not be single."""
    if not is_numpys(type(tensor._array_)) and type(tensor._array_) not in LEADING:
        return _Elsewhere(tensor)
    memory = tensor.detach().numpy()
    if memory.size and any(stride == 0 and size > 1 for stride, size in zip(memory.strides, memory.shape, strict=True)):
        raise RuntimeError(
            f"The {position}th input has a dimension with stride 0. gradcheck only supports inputs that are "
            "non-overlapping to be able to compute the numerical gradients correctly. You should call .contiguous on "
            f"the input before passing it to gradcheck (its shape is {memory.shape}; it was probably expanded)."
        )
    if not memory.flags.forc:
        offsets = np.zeros((), dtype=np.int64)
        for size, stride in zip(memory.shape, memory.strides, strict=True):
            offsets = offsets[..., None] + np.arange(size) * stride
        if np.unique(offsets).size < memory.size:
            raise RuntimeError(
                f"The {position}th input has elements that share memory with one another. gradcheck only supports "
                "inputs that are non-overlapping to be able to compute the numerical gradients correctly. You should "
                f"call .contiguous on the input before passing it to gradcheck (its shape is {memory.shape})."
            )
    if memory.size and not (memory.flags.writeable and np.may_share_memory(memory, tensor.detach().numpy())):
        raise RuntimeError(
            f"The {position}th input cannot be moved in place: its memory is read-only. gradcheck computes the "
            "numerical gradients by moving it; pass input.detach().clone().requires_grad_() instead."
        )
    return memory


def element_differences(memory: np.ndarray, evaluate: Evaluate, sizes: Sequence[int], eps: float) -> Differences:
    """Step along every element of an input in turn. `sizes` are the outputs' element counts."""
    is_complex = memory.dtype.kind == "c"
    parts: list[list[np.ndarray] | None] = [None, None]
    for number, step in enumerate((eps, eps * 1j) if is_complex else (eps,)):
        rows = [_central_difference(memory, index, step, evaluate, eps) for index in np.ndindex(memory.shape)]
        parts[number] = [
            np.stack([row[output] for row in rows]) if rows else np.zeros((0, size))
            for output, size in enumerate(sizes)
        ]
    return Differences(parts[0] or [], parts[1])


def projected_differences(
    memory: np.ndarray, evaluate: Evaluate, along_real: np.ndarray, along_imag: np.ndarray | None, eps: float
) -> Differences:
    """One step along a direction in all elements of an input, and one along an imaginary direction where it has one."""
    real = _central_difference(memory, ..., eps * along_real.reshape(memory.shape), evaluate, eps)
    if along_imag is None:
        return Differences(real, None)
    imag = _central_difference(memory, ..., eps * 1j * along_imag.reshape(memory.shape), evaluate, eps)
    return Differences(real, imag)


def _central_difference(
    memory: np.ndarray, where: tuple[int, ...] | EllipsisType, step: Any, evaluate: Evaluate, eps: float
) -> list[np.ndarray]:
    original = np.array(memory[where])
    try:
        memory[where] = original + step
        above = evaluate()
        memory[where] = original - step
        below = evaluate()
    finally:
        memory[where] = original
    with np.errstate(all="ignore"):  # inf - inf is a NaN to report, not a warning
        return [(high - low) / (2 * eps) for high, low in zip(above, below, strict=True)]
