"""MaskedTensor: a Tensor with a mask, which its results carry on.

Operations are those of the data, in the ordinary graph; what becomes of the mask is in `operations.py`. The gradient of
a MaskedTensor has its mask as well.
"""

from __future__ import annotations

from typing import Any

import mibun as torch

from ..core.tensor import Tensor, require_grad
from ..dispatch.torch_function import DisableTorchFunctionSubclass, reclassed
from ..overrides import prepare
from .display import text_of

_prepared: list[bool] = []
_DTYPES = "bool int8 int16 int32 int64 uint8 float16 float32 float64 bfloat16".split()


class MaskedTensor(Tensor):
    """A Tensor of which the elements count whose mask is True.

    Args:
        data: a Tensor of numbers that are not complex.
        mask: of bools, of the same shape and layout.
        requires_grad: whether it is to be a leaf that gradients are computed of; nothing goes to `data`. (See
            `as_masked_tensor` for one that is connected to it.)

    Raises:
        TypeError: for another type, dtype or layout of data and mask. ValueError for other shapes.

    Reductions leave out what is masked; elementwise functions of two take operands with equal masks, or one without.

    >>> import mibun as torch
    >>> torch.masked.masked_tensor(torch.tensor([1., 2.]), torch.tensor([True, False]))
    MaskedTensor(
      [  1.0000,       --]
    )
    """

    _masked_mask: Tensor

    @staticmethod
    def __new__(cls: type, data: Any, mask: Any, requires_grad: bool = False) -> Any:
        _check(data, mask)
        result = with_mask(data.detach().clone(), mask.clone())
        return require_grad(result, bool(requires_grad))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def get_data(self) -> Tensor:
        """The data, with what is masked out; gradients flow back through it."""
        with DisableTorchFunctionSubclass():
            return self.view_as(self) if self.layout is torch.strided else self.clone()

    def get_mask(self) -> Tensor:
        """The mask."""
        return self._masked_mask

    def to_tensor(self, value: Any) -> Tensor:
        """The data with a number in the place of what is masked out."""
        return self.get_data().masked_fill(~self.get_mask(), value)

    def is_sparse_coo(self) -> bool:
        """Whether the layout is `torch.sparse_coo`."""
        return self.layout is torch.sparse_coo

    def is_sparse_csr(self) -> bool:  # type: ignore[override]
        """Whether the layout is `torch.sparse_csr`."""
        return self.layout is torch.sparse_csr

    @property
    def grad(self) -> Any:
        """The gradient, with the mask of this tensor."""
        return None if self._grad_ is None else with_mask(self._grad_, self._masked_mask)

    @grad.setter
    def grad(self, value: Any) -> None:
        self._grad_ = value

    @grad.deleter
    def grad(self) -> None:
        self._grad_ = None

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        with DisableTorchFunctionSubclass():
            data, mask = self.detach().to_dense(), self._masked_mask.to_dense()
        return text_of(data, mask)

    __hash__ = Tensor.__hash__


def _check(data: Any, mask: Any) -> None:
    for name, value in (("data", data), ("mask", mask)):
        if not isinstance(value, Tensor) or isinstance(value, MaskedTensor):
            raise TypeError(f"{name} must be a Tensor")
    if data.layout is not mask.layout:
        raise TypeError("data and mask must have the same layout.")
    if mask.dtype is not torch.bool:
        raise TypeError("mask must have dtype bool.")
    if str(data.dtype).removeprefix("torch.") not in _DTYPES:
        raise TypeError(f"{data.dtype} is not supported in MaskedTensor.")
    if data.dim() != mask.dim():
        raise ValueError("data.dim() must equal mask.dim()")
    if data.size() != mask.size():
        raise ValueError("data.size() must equal mask.size()")


def with_mask(data: Tensor, mask: Tensor) -> Any:
    """A tensor with its history, as a MaskedTensor."""
    if not _prepared:  # not before there is one, since all functions then ask whether an argument is one
        prepare(MaskedTensor)
        _prepared.append(True)
    result = reclassed(data, MaskedTensor)
    result._masked_mask = mask
    return result


def masked_tensor(data: Any, mask: Any, requires_grad: bool = False) -> MaskedTensor:
    """A MaskedTensor, which see: a leaf with a copy of the data.

    >>> import mibun as torch
    >>> torch.masked.masked_tensor(torch.tensor([1, 2]), torch.tensor([True, False])).sum()
    MaskedTensor(1, True)
    """
    return MaskedTensor(data, mask, requires_grad)


def as_masked_tensor(data: Any, mask: Any) -> MaskedTensor:
    """A MaskedTensor of a Tensor, to which its gradients go: none to what is masked out.

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> torch.masked.as_masked_tensor(x, torch.tensor([True, False])).sum().backward()
    >>> x.grad
    tensor([1., 0.])
    """
    _check(data, mask)
    connected = torch.where(mask, data, data.detach()) if data.layout is torch.strided else data.clone()
    return with_mask(connected, mask)


def is_masked_tensor(obj: Any, /) -> bool:
    """Whether an object is a MaskedTensor.

    >>> import mibun as torch
    >>> torch.masked.is_masked_tensor(torch.ones(2))
    False
    """
    return isinstance(obj, MaskedTensor)
