"""What PyTorch's quantized and distributed tensors have in common with others, for others; and older names.

There are no quantized and no distributed ones here: questions have their plain answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from ...core import dtypes
from ...core.dtypes import memory_format
from ...core.tensor import Tensor, bind_method, name_as
from ...dispatch.arguments import check_tensor, sizes_of
from ...dispatch.public import public


@public("dequantize")
def dequantize(input: Tensor) -> Tensor:
    """The values in float32: no tensor is quantized here.

    >>> import mibun as torch
    >>> torch.dequantize(torch.tensor([1, 2]))
    tensor([1., 2.])
    """
    check_tensor(input, "dequantize")
    return input.to(dtypes.float32)


@public("is_distributed")
def is_distributed(input: Tensor) -> bool:
    """Whether the tensor is spread over several machines: False."""
    check_tensor(input, "is_distributed")
    return False


@public("const_data_ptr", function=False)
def const_data_ptr(self: Tensor) -> int:
    """The address of the first element, to be read only."""
    return self.data_ptr()


def _cdata(self: Tensor) -> int:
    """A number that no other living tensor has: libraries compare it to tell whether two names are one tensor."""
    return id(self)


def _is_zerotensor(self: Tensor) -> bool:
    """Whether the tensor stands for zeros that are in no memory: False."""
    return False


def _is_all_true(self: Tensor) -> Tensor:
    """Whether all elements of a bool tensor are True, as a 0-d tensor."""
    _check_bool("_is_all_true", self)
    return self.all()


def _is_any_true(self: Tensor) -> Tensor:
    """Whether some element of a bool tensor is True, as a 0-d tensor."""
    _check_bool("_is_any_true", self)
    return self.any()


def _check_bool(name: str, input: Tensor) -> None:
    if input.dtype is not dtypes.bool:
        raise RuntimeError(f"{name}(): Expected a bool tensor, but got {input.dtype}")


for _function in (_is_zerotensor, _is_all_true, _is_any_true):
    name_as(_function, "mibun", f"Tensor.{_function.__name__}")
    bind_method(_function.__name__, _function)


# --- the order of dimensions ---


@public("dim_order", function=False)
def dim_order(self: Tensor, *, ambiguity_check: bool | Sequence[memory_format] = False) -> tuple[int, ...]:
    """The dimensions in the order of memory, from the one with the largest steps on.

    ambiguity_check: True raises RuntimeError where there is more than one order (sizes of 1, equal strides); memory
    formats raise it where not exactly one of them is that of the tensor. TypeError for anything else.

    >>> import mibun as torch
    >>> torch.empty(2, 3, 4, 5).to(memory_format=torch.channels_last).dim_order()
    (0, 2, 3, 1)
    """
    formats: Sequence[Any] = () if isinstance(ambiguity_check, bool) else ambiguity_check
    if not isinstance(formats, (list, tuple)) or not all(isinstance(f, memory_format) for f in formats):
        raise TypeError("The ambiguity_check argument must be a bool or a list of memory formats.")
    strides, sizes = self.stride(), self.shape
    if ambiguity_check is True:
        ambiguous = len(set(strides)) < len(strides) or 1 in sizes
    else:
        ambiguous = bool(formats) and sum(self.is_contiguous(memory_format=f) for f in formats) != 1
    if ambiguous:
        raise RuntimeError(
            "The tensor does not have unique dim order, or cannot map to exact one of the given memory formats."
        )
    # By insertion: a dimension that is expanded (stride 0) has no place of its own, and stays.
    order = list(range(len(sizes)))
    for last in range(1, len(order)):
        moving = last
        for place in reversed(range(last)):
            before, this = strides[order[place]], strides[order[moving]]
            if 0 < before < this:
                order[place], order[moving] = order[moving], order[place]
                moving = place
            elif before > this > 0:
                break
    return tuple(order)


# --- older names ---


def _resized(self: Tensor, sizes: tuple[int, ...]) -> Tensor:
    n = 1
    for size in sizes:
        n *= size
    if n != self.numel():
        raise RuntimeError(
            f"requested resize to {'x'.join(map(str, sizes))} ({n} elements in total), but the given tensor has a size "
            f"of {'x'.join(map(str, self.shape))} ({self.numel()} elements). autograd's resize can only change the "
            "shape of a given tensor, while preserving the number of elements."
        )
    return self.contiguous().view(*sizes) if sizes else self.reshape(())


@public("resize", function=False)
def resize(self: Tensor, *sizes: Any) -> Tensor:
    """The same elements in another shape, as `reshape`. RuntimeError where the shape has another number of elements."""
    return _resized(self, sizes_of(sizes, "resize", "sizes"))


@public("resize_as", function=False)
def resize_as(self: Tensor, tensor: Tensor) -> Tensor:
    """The same elements in the shape of another tensor. RuntimeError where that has another number of elements."""
    check_tensor(tensor, "resize_as", "tensor", 1)
    return _resized(self, tuple(tensor.shape))


@public("module_load", function=False)
def module_load(self: Tensor, other: Tensor, assign: bool = False) -> Tensor:
    """What `Module.load_state_dict` makes of a parameter and a loaded tensor: this one with its values, or that one.

    assign: the other, detached, instead of a copy of its values into this one.
    """
    if assign:
        return other.detach()
    return self.copy_(other).detach()


@public("reinforce", function=False)
def reinforce(self: Tensor, reward: Any) -> NoReturn:
    """RuntimeError: it was removed from PyTorch; `distributions` has what replaces it."""
    raise RuntimeError("reinforce() was removed. Use torch.distributions instead: loss = -log_prob(action) * reward.")


def _removed(instead: str) -> RuntimeError:
    return RuntimeError(f"This function was deprecated since version 1.9 and is now removed. {instead}.")


@public("eig")
def eig(input: Tensor, eigenvectors: bool = False, *, e: Tensor | None = None, v: Tensor | None = None) -> NoReturn:
    """RuntimeError: it was removed from PyTorch. `torch.linalg.eig` is what replaces it."""
    raise _removed("`torch.linalg.eig` returns complex tensors, and `torch.linalg.eigvals` the eigenvalues alone")


@public("symeig")
def symeig(input: Tensor, eigenvectors: bool = False, upper: bool = True, *, out: Tensor | None = None) -> NoReturn:
    """RuntimeError: it was removed from PyTorch. `torch.linalg.eigh` is what replaces it."""
    raise _removed("`torch.linalg.eigh` and `torch.linalg.eigvalsh` read the lower triangle by default")


@public("lstsq")
def lstsq(input: Tensor, A: Tensor, *, out: Tensor | None = None) -> NoReturn:
    """RuntimeError: it was removed from PyTorch. `torch.linalg.lstsq` is what replaces it."""
    raise _removed("`torch.linalg.lstsq` has the arguments reversed and more results")


@public("solve")
def solve(input: Tensor, A: Tensor, *, out: Tensor | None = None) -> NoReturn:
    """RuntimeError: it was removed from PyTorch. `torch.linalg.solve` is what replaces it."""
    raise _removed("`torch.linalg.solve` has the arguments reversed and does not return the LU factorization")


@public("matrix_rank", method=False)
def matrix_rank(
    input: Tensor, tol: float | None = None, symmetric: bool = False, *, out: Tensor | None = None
) -> NoReturn:
    """RuntimeError: it was removed from PyTorch. `torch.linalg.matrix_rank` is what replaces it."""
    raise _removed("Please use the `torch.linalg.matrix_rank` function instead, with 'hermitian' for 'symmetric'")


bind_method("name", property(lambda self: None, doc="None: tensors have no name."))
bind_method("_cdata", property(_cdata))
