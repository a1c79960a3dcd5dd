"""The methods that operators bind to Tensor.

This file is written by `python -m tools.stubs`: change what it reads, not this.
"""

# pyright: reportMissingModuleSource=false
from builtins import bool as _bool, complex as _complex, float as _float, int as _int, range as _range, type as _type
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import EllipsisType
from typing import Any, Literal, Self, SupportsIndex, TypeAlias, overload

import numpy as np

from mibun import Generator, Size, Tensor, return_types
from mibun import dtype as _dtype, device as _device, layout as _layout, memory_format as _memory_format
from mibun.storage import TypedStorage, UntypedStorage
Number: TypeAlias = _complex | np.number[Any] | np.bool
Device: TypeAlias = _device | str | _int
Ints: TypeAlias = _int | Sequence[_int]
Index: TypeAlias = SupportsIndex | slice | EllipsisType | Tensor | np.ndarray[Any, Any] | list[Any] | tuple[Any, ...] | None

class TensorMethods:
    """What operators bind to Tensor; at run time there is no such class."""

    @property
    def H(self) -> Tensor:
        """The conjugate transpose of a matrix."""

    @property
    def T(self) -> Tensor:
        """The dimensions in reverse order; for matrices. UserWarning for other numbers of dimensions, as in PyTorch."""

    def __abs__(self) -> Tensor:
        """The absolute value |input|, elementwise; of complex numbers the modulus.

        Args:
            input: of any shape and any dtype but bool.

        Returns:
            a Tensor of the same dtype; for complex dtypes, of the real one of the same precision.

        Raises:
            NotImplementedError: for bool.

        The gradient at 0 is 0.

        >>> import mibun as torch
        >>> torch.abs(torch.tensor([-1.5, 2.]))
        tensor([1.5000, 2.0000])
        >>> torch.abs(torch.tensor([3 + 4j]))
        tensor([5.])

        Operator abs:
            vjp: lambda xp, g, input: g * xp.sgn(input)
            jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
            node: AbsBackward0
            dtypes: the operands' common one
            raises for: bool
        """

    def __add__(self, other: Tensor | Number) -> Tensor:
        """Operator add:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g: g
            node: AddBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def __and__(self, other: Tensor | Number) -> Tensor:
        """Bitwise and, elementwise; logical and for bool.

        >>> import mibun as torch
        >>> torch.bitwise_and(torch.tensor([12, 10]), 6)
        tensor([4, 2])

        Operator bitwise_and:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def __array__(self, dtype: _dtype | _type | None = None, copy: _bool | None = None) -> np.ndarray[Any, Any]: ...

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: dict) -> Tensor:
        """`np.dot(tensor, array)` and its like: see `numpy_functions/`."""

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """The module `mibun.array_api`: the functions of the Array API standard on Tensors.

        api_version: a revision of the standard; what the last one has is given for all. ValueError if there is none such.

        >>> import mibun as torch
        >>> xp = torch.ones(2).__array_namespace__()
        >>> xp.sum(xp.asarray([1, 2]), keepdims=True)
        tensor([3])
        """

    __array_priority__: _int

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """`np.exp(tensor)` and `ndarray * tensor` are mibun's operators, so they stay differentiable.

        Operator to_device:
            vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: _bool = False) -> Tensor:
        """What NumPy has computed from a Tensor's array, as a Tensor.

        Operator to_device:
            vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __bool__(self) -> _bool:
        """Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __complex__(self) -> _complex: ...

    def __contains__(self, element: Tensor | Number) -> _bool:
        """Operator any:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    def __copy__(self) -> Self:
        """A shallow copy: a new leaf on the same memory, with the flag and the attributes of this tensor."""

    def __deepcopy__(self, memo: dict) -> Self:
        """A leaf's copy with its grad, flag and attributes. RuntimeError for non-leaves."""

    def __delitem__(self, index: Index) -> None:
        """TypeError: a tensor has its size."""

    def __div__(self, other: Tensor | Number) -> Tensor:
        """Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not
        """

    def __dlpack__(
        self, *, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: _bool | None = None,
    ) -> Tensor:
        """Export the memory through DLPack. BufferError for tensors that require grad."""

    def __dlpack_device__(self) -> tuple[_int, _int]:
        """(device type, id) for DLPack: the CPU's, or what the library of the array says."""

    def __eq__(self, other: Any) -> Tensor:
        """Whether equal, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes; one may be a number. NaN equals nothing.

        >>> import mibun as torch
        >>> torch.eq(torch.tensor([1, 2]), torch.tensor([1., 3.]))
        tensor([ True, False])

        Operator eq:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
        """

    def __float__(self) -> _float:
        """Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __floordiv__(self, other: Tensor | Number) -> Tensor:
        """The quotient rounded down, floor(input / other), elementwise, in the common dtype.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            RuntimeError: where integers are divided by 0, and in the backward pass: PyTorch defines no derivative.

        >>> import mibun as torch
        >>> torch.floor_divide(torch.tensor([7., -7.]), 2)
        tensor([ 3., -4.])

        Operator floor_divide:
            vjp of input: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'floor_divide'
            vjp of other: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'floor_divide'
            node: NotImplemented
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def __format__(self, spec: str) -> str:
        """Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator _reshape_alias:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ReshapeAliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsafe_view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: UnsafeViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __ge__(self, other: Tensor | Number) -> Tensor:
        """input >= other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.ge(torch.tensor([1, 2, 3]), 2)
        tensor([False,  True,  True])

        Operator ge:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def __getitem__(self, index: Index) -> Tensor:
        """`self[index]`: a view for ints, slices, None and the ellipsis; a copy for masks and index arrays.

        Index arrays (int64, int32) broadcast; a bool mask counts as the indices of its true elements. Unlike in NumPy an
        int beside index arrays counts as a slice of one element. Of a copy the gradient is added up at the indices.

        IndexError where an index is out of range, or a mask of another shape; ValueError for a step that is not positive.

        >>> import mibun as torch
        >>> x = torch.tensor([[1, 2], [3, 4]])
        >>> x[:, 0], x[x > 2]
        (tensor([1, 3]), tensor([3, 4]))

        Operator select:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SelectBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator index_flat:
            vjp: lambda xp, g, input_shape, positions: xp.index_flat_embed(g, shape=input_shape, positions=positions)
            node: IndexBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator alias:
            vjp: lambda xp, g: g
            node: AliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator insert_dims:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: UnsqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __gt__(self, other: Tensor | Number) -> Tensor:
        """input > other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.gt(torch.tensor([1, 2, 3]), 2)
        tensor([False, False,  True])

        Operator gt:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def __iadd__(self, other: Tensor | Number) -> Self:
        """Add `alpha * other` in place.

        Operator add:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g: g
            node: AddBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not

        Operator add_scaled:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, alpha: g * alpha.conjugate()
            node: AddBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def __iand__(self, other: Tensor | Number) -> Self:
        """`bitwise_and` in place: writes its result over the tensor, which it returns.

        Bitwise and, elementwise; logical and for bool.

            >>> import mibun as torch
            >>> torch.bitwise_and(torch.tensor([12, 10]), 6)
            tensor([4, 2])

        Operator bitwise_and:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def __idiv__(self, other: Tensor | Number, *, rounding_mode: str | None = None) -> Self:
        """Divide in place.

        Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not

        Operator div_rounded:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            node: DivBackward2
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def __ifloordiv__(self, other: Tensor | Number) -> Self:
        """`floor_divide` in place: writes its result over the tensor, which it returns.

        The quotient rounded down, floor(input / other), elementwise, in the common dtype.

            Args:
                input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

            Raises:
                RuntimeError: where integers are divided by 0, and in the backward pass: PyTorch defines no derivative.

            >>> import mibun as torch
            >>> torch.floor_divide(torch.tensor([7., -7.]), 2)
            tensor([ 3., -4.])

        Operator floor_divide:
            vjp of input: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'floor_divide'
            vjp of other: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'floor_divide'
            node: NotImplemented
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def __ilshift__(self, other: Tensor | Number) -> Self:
        """`bitwise_left_shift` in place: writes its result over the tensor, which it returns.

        input * 2 ** other in its integer dtype, elementwise; 0 where `other` is negative or not below the bits of it.

            >>> import mibun as torch
            >>> torch.bitwise_left_shift(torch.tensor([1, 3]), 2)
            tensor([ 4, 12])

        Operator bitwise_left_shift:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, bfloat16, complex
        """

    def __imod__(self, other: Tensor | Number) -> Self:
        """The remainder in place.

        Operator remainder_scalar:
            vjp: lambda xp, g: g
            node: RemainderBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex

        Operator remainder:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="floor")
            node: RemainderBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def __imul__(self, other: Tensor | Number) -> Self:
        """`mul` in place: writes its result over the tensor, which it returns.

        The product input * other, elementwise.

            Args:
                input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.

            Returns:
                a Tensor of the broadcast shape and the promoted dtype.

            Raises:
                RuntimeError: where the shapes do not broadcast.

            The gradient for each is g * conj(the other one).

            >>> import mibun as torch
            >>> torch.mul(torch.tensor([[1.], [2.]]), torch.tensor([3., 4.]))
            tensor([[3., 4.],
                    [6., 8.]])

        Operator mul:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: MulBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def __index__(self) -> _int:
        """Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator _reshape_alias:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ReshapeAliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsafe_view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: UnsafeViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __int__(self) -> _int:
        """Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __invert__(self) -> Tensor:
        """Operator bitwise_not:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def __ior__(self, other: Tensor | Number) -> Self:
        """`bitwise_or` in place: writes its result over the tensor, which it returns.

        Bitwise or, elementwise; logical or for bool.

            >>> import mibun as torch
            >>> torch.bitwise_or(torch.tensor([12, 10]), 6)
            tensor([14, 14])

        Operator bitwise_or:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def __ipow__(self, other: Tensor | Number) -> Self:
        """Raise to a power in place.

        Operator pow_number:
            vjp: _number_power_rule
                def _number_power_rule(xp, g, input, exponent):
                    if exponent == 0:
                        return xp.zeros_like(g)
                    if exponent == 2:
                        return g * xp.conj(xp.twice(input))
                    # By the operator itself, which takes roots of -0 as PyTorch does.
                    return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
            node: PowBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one

        Operator pow_tensor:
            vjp of input: _input_rule
                def _input_rule(xp, g, input, exponent):
                    # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                    constant = (exponent == 0) & ~(xp.abs(input) > 0)
                    return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
            vjp of exponent: _exponent_rule
                def _exponent_rule(xp, g, input, exponent, out):
                    # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                    constant = (input == 0) & (xp.real(exponent) >= 0)
                    return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
            node: PowBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
            shapes: broadcast; RuntimeError where they do not
        """

    def __irshift__(self, other: Tensor | Number) -> Self:
        """`bitwise_right_shift` in place: writes its result over the tensor, which it returns.

        input / 2 ** other rounded down, elementwise; the sign where `other` is negative or not below the bits of it.

            >>> import mibun as torch
            >>> torch.bitwise_right_shift(torch.tensor([12, -3]), 1)
            tensor([ 6, -2])

        Operator bitwise_right_shift:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, bfloat16, complex
        """

    def __isub__(self, other: Tensor | Number) -> Self:
        """Subtract `alpha * other` in place.

        Operator sub:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g: -g
            node: SubBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool, all bool
            shapes: broadcast; RuntimeError where they do not

        Operator sub_scaled:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, alpha: -g * alpha.conjugate()
            node: SubBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool, all bool
            shapes: broadcast; RuntimeError where they do not
        """

    def __iter__(self) -> Iterator[Tensor]:
        """The slices along the first dimension.

        Operator unbind:
            vjp: lambda xp, g, dim: xp.stack(g, axis=dim)
            node: UnbindBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __itruediv__(self, other: Tensor | Number) -> Self:
        """Divide in place.

        Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not

        Operator div_rounded:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            node: DivBackward2
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def __ixor__(self, other: Tensor | Number) -> Self:
        """`bitwise_xor` in place: writes its result over the tensor, which it returns.

        Bitwise exclusive or, elementwise; logical for bool.

            >>> import mibun as torch
            >>> torch.bitwise_xor(torch.tensor([12, 10]), 6)
            tensor([10, 12])

        Operator bitwise_xor:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def __le__(self, other: Tensor | Number) -> Tensor:
        """input <= other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.le(torch.tensor([1, 2, 3]), 2)
        tensor([ True,  True, False])

        Operator le:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def __long__(self) -> _int:
        """Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __lshift__(self, other: Tensor | Number) -> Tensor:
        """input * 2 ** other in its integer dtype, elementwise; 0 where `other` is negative or not below the bits of it.

        >>> import mibun as torch
        >>> torch.bitwise_left_shift(torch.tensor([1, 3]), 2)
        tensor([ 4, 12])

        Operator bitwise_left_shift:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, bfloat16, complex
        """

    def __lt__(self, other: Tensor | Number) -> Tensor:
        """input < other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.lt(torch.tensor([1, 2, 3]), 2)
        tensor([ True, False, False])

        Operator lt:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def __matmul__(self, other: Tensor) -> Tensor:
        """`self @ other`.

        Operator dot:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: DotBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator mv:
            vjp of input: lambda xp, g, other: xp.outer_product(g, xp.conj(other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: MvBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator vm:
            vjp of input: lambda xp, g, other: xp.matmul(xp.conj(other), g)
            vjp of other: lambda xp, g, input: xp.outer_product(xp.conj(input), g)
            node: SqueezeBackward4
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator mm:
            vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: MmBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator matmul_vector:
            vjp of input: lambda xp, g, other: xp.expand_dims(g, axis=-1) * xp.conj(other)
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), xp.reshape(g, (-1,)))
            node: UnsafeViewBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator matmul_rows:
            vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), _rows(xp, g))
            node: UnsafeViewBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator matmul_batched:
            vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: UnsafeViewBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is
        """

    def __mod__(self, other: Tensor | Number) -> Tensor:
        """Operator remainder_scalar:
            vjp: lambda xp, g: g
            node: RemainderBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex

        Operator remainder:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="floor")
            node: RemainderBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def __mul__(self, other: Tensor | Number) -> Tensor:
        """The product input * other, elementwise.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.

        Returns:
            a Tensor of the broadcast shape and the promoted dtype.

        Raises:
            RuntimeError: where the shapes do not broadcast.

        The gradient for each is g * conj(the other one).

        >>> import mibun as torch
        >>> torch.mul(torch.tensor([[1.], [2.]]), torch.tensor([3., 4.]))
        tensor([[3., 4.],
                [6., 8.]])

        Operator mul:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: MulBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def __ne__(self, other: Any) -> Tensor:
        """Whether not equal, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes; one may be a number.

        >>> import mibun as torch
        >>> torch.ne(torch.tensor([1, 2]), 2)
        tensor([ True, False])

        Operator ne:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
        """

    def __neg__(self) -> Tensor:
        """The negative -input, elementwise.

        Args:
            input: of any shape and any dtype but bool.

        Raises:
            RuntimeError: for bool; `~` and `logical_not()` invert masks.

        >>> import mibun as torch
        >>> torch.neg(torch.tensor([1., -2.]))
        tensor([-1.,  2.])

        Operator neg:
            vjp: lambda xp, g: -g
            node: NegBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
        """

    __new__: Any

    def __nonzero__(self) -> _bool:
        """Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __or__(self, other: Tensor | Number) -> Tensor:
        """Bitwise or, elementwise; logical or for bool.

        >>> import mibun as torch
        >>> torch.bitwise_or(torch.tensor([12, 10]), 6)
        tensor([14, 14])

        Operator bitwise_or:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def __pos__(self) -> Tensor:
        """The Tensor itself: what unary `+` gives. RuntimeError for bool.

        >>> import mibun as torch
        >>> torch.positive(torch.tensor([1., -2.]))
        tensor([ 1., -2.])
        """

    def __pow__(self, other: Tensor | Number) -> Tensor:
        """Operator pow_number:
            vjp: _number_power_rule
                def _number_power_rule(xp, g, input, exponent):
                    if exponent == 0:
                        return xp.zeros_like(g)
                    if exponent == 2:
                        return g * xp.conj(xp.twice(input))
                    # By the operator itself, which takes roots of -0 as PyTorch does.
                    return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
            node: PowBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one

        Operator pow_tensor:
            vjp of input: _input_rule
                def _input_rule(xp, g, input, exponent):
                    # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                    constant = (exponent == 0) & ~(xp.abs(input) > 0)
                    return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
            vjp of exponent: _exponent_rule
                def _exponent_rule(xp, g, input, exponent, out):
                    # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                    constant = (input == 0) & (xp.real(exponent) >= 0)
                    return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
            node: PowBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
            shapes: broadcast; RuntimeError where they do not
        """

    def __radd__(self, other: Tensor | Number) -> Tensor:
        """Operator add:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g: g
            node: AddBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def __rand__(self, other: Tensor | Number) -> Tensor:
        """Bitwise and, elementwise; logical and for bool.

        >>> import mibun as torch
        >>> torch.bitwise_and(torch.tensor([12, 10]), 6)
        tensor([4, 2])

        Operator bitwise_and:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def __rdiv__(self, other: Tensor | Number) -> Tensor:
        """`other / self`, under its older name.

        Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not

        Operator reciprocal:
            vjp: lambda xp, g, out: -g * xp.conj(out * out)
            node: ReciprocalBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        """Pickle as plain data: storage, geometry, flag, class, attributes. What made the tensor is not saved, nor hooks.

        Tensors on one storage are on one again if they are in one pickle.
        """

    def __repr__(self, *, tensor_contents: Any = None) -> str: ...

    def __reversed__(self) -> Tensor:
        """`reversed(self)`: flipped along the first dimension.

        Operator flip:
            vjp: lambda xp, g, dims: xp.flipped(g, dims=dims)
            node: FlipBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __rfloordiv__(self, other: Tensor | Number) -> Tensor:
        """The quotient rounded down, floor(input / other), elementwise, in the common dtype.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            RuntimeError: where integers are divided by 0, and in the backward pass: PyTorch defines no derivative.

        >>> import mibun as torch
        >>> torch.floor_divide(torch.tensor([7., -7.]), 2)
        tensor([ 3., -4.])

        Operator floor_divide:
            vjp of input: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'floor_divide'
            vjp of other: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'floor_divide'
            node: NotImplemented
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def __rlshift__(self, other: Tensor | Number) -> Tensor:
        """input * 2 ** other in its integer dtype, elementwise; 0 where `other` is negative or not below the bits of it.

        >>> import mibun as torch
        >>> torch.bitwise_left_shift(torch.tensor([1, 3]), 2)
        tensor([ 4, 12])

        Operator bitwise_left_shift:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, bfloat16, complex
        """

    def __rmatmul__(self, other: Tensor) -> Tensor:
        """`other @ self`.

        Operator dot:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: DotBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator mv:
            vjp of input: lambda xp, g, other: xp.outer_product(g, xp.conj(other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: MvBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator vm:
            vjp of input: lambda xp, g, other: xp.matmul(xp.conj(other), g)
            vjp of other: lambda xp, g, input: xp.outer_product(xp.conj(input), g)
            node: SqueezeBackward4
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator mm:
            vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: MmBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator matmul_vector:
            vjp of input: lambda xp, g, other: xp.expand_dims(g, axis=-1) * xp.conj(other)
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), xp.reshape(g, (-1,)))
            node: UnsafeViewBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator matmul_rows:
            vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), _rows(xp, g))
            node: UnsafeViewBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator matmul_batched:
            vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: UnsafeViewBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is
        """

    def __rmod__(self, other: Tensor | Number) -> Tensor:
        """Operator remainder:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="floor")
            node: RemainderBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def __rmul__(self, other: Tensor | Number) -> Tensor:
        """The product input * other, elementwise.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.

        Returns:
            a Tensor of the broadcast shape and the promoted dtype.

        Raises:
            RuntimeError: where the shapes do not broadcast.

        The gradient for each is g * conj(the other one).

        >>> import mibun as torch
        >>> torch.mul(torch.tensor([[1.], [2.]]), torch.tensor([3., 4.]))
        tensor([[3., 4.],
                [6., 8.]])

        Operator mul:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: MulBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def __ror__(self, other: Tensor | Number) -> Tensor:
        """Bitwise or, elementwise; logical or for bool.

        >>> import mibun as torch
        >>> torch.bitwise_or(torch.tensor([12, 10]), 6)
        tensor([14, 14])

        Operator bitwise_or:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def __rpow__(self, other: Tensor | Number) -> Tensor:
        """Operator pow_base:
            vjp: _base_rule
                def _base_rule(xp, g, out, exponent, base):
                    logarithm = _log_number(base, xp.isdtype(out.dtype, "complex floating"))
                    if base == 0:
                        logarithm = xp.where(xp.real(exponent) >= 0, 0.0, xp.full_like(out, logarithm))
                    return g * xp.conj(out * logarithm)
            node: PowBackward2
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool

        Operator pow_number:
            vjp: _number_power_rule
                def _number_power_rule(xp, g, input, exponent):
                    if exponent == 0:
                        return xp.zeros_like(g)
                    if exponent == 2:
                        return g * xp.conj(xp.twice(input))
                    # By the operator itself, which takes roots of -0 as PyTorch does.
                    return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
            node: PowBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one

        Operator pow_tensor:
            vjp of input: _input_rule
                def _input_rule(xp, g, input, exponent):
                    # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                    constant = (exponent == 0) & ~(xp.abs(input) > 0)
                    return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
            vjp of exponent: _exponent_rule
                def _exponent_rule(xp, g, input, exponent, out):
                    # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                    constant = (input == 0) & (xp.real(exponent) >= 0)
                    return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
            node: PowBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
            shapes: broadcast; RuntimeError where they do not
        """

    def __rrshift__(self, other: Tensor | Number) -> Tensor:
        """input / 2 ** other rounded down, elementwise; the sign where `other` is negative or not below the bits of it.

        >>> import mibun as torch
        >>> torch.bitwise_right_shift(torch.tensor([12, -3]), 1)
        tensor([ 6, -2])

        Operator bitwise_right_shift:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, bfloat16, complex
        """

    def __rshift__(self, other: Tensor | Number) -> Tensor:
        """input / 2 ** other rounded down, elementwise; the sign where `other` is negative or not below the bits of it.

        >>> import mibun as torch
        >>> torch.bitwise_right_shift(torch.tensor([12, -3]), 1)
        tensor([ 6, -2])

        Operator bitwise_right_shift:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, bfloat16, complex
        """

    def __rsub__(self, other: Tensor | Number) -> Tensor:
        """Operator rsub_scalar:
            vjp: lambda xp, g, alpha: -g * alpha.conjugate()
            node: RsubBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool
        """

    def __rtruediv__(self, other: Tensor | Number) -> Tensor:
        """`other / self`: a number times the reciprocal, as PyTorch computes it.

        Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not

        Operator reciprocal:
            vjp: lambda xp, g, out: -g * xp.conj(out * out)
            node: ReciprocalBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def __rxor__(self, other: Tensor | Number) -> Tensor:
        """Bitwise exclusive or, elementwise; logical for bool.

        >>> import mibun as torch
        >>> torch.bitwise_xor(torch.tensor([12, 10]), 6)
        tensor([10, 12])

        Operator bitwise_xor:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def __setitem__(self, index: Index, value: Tensor | Number | np.ndarray[Any, Any] | Sequence[Any]) -> None:
        """`self[index] = value`, recorded where it must be.

        index: as for reading. value: a tensor that broadcasts to what the index shows, or a number. Where an index array
        names a place twice, the last value counts. RuntimeError where shapes or dtypes do not fit.

        >>> import mibun as torch
        >>> x = torch.zeros(3)
        >>> x[1:] = 5
        >>> x
        tensor([0., 5., 5.])

        Operator select:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SelectBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator insert_dims:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: UnsqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copy_from:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of source: lambda xp, g: g
            node: CopyBackwards
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def __setstate__(self, state: Any) -> None:
        """What old files say of a Tensor: memory and geometry, or a Tensor; then its flag and hooks.

        state: (requires_grad, ignored, hooks), or (storage, storage offset, size, stride), or (tensor, ignored, hooks,
        requires_grad, ignored). Files of today name functions that make the Tensor. RuntimeError for what is no leaf,
        ValueError for a state of another length.
        """

    def __sub__(self, other: Tensor | Number) -> Tensor:
        """Operator sub:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g: -g
            node: SubBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool, all bool
            shapes: broadcast; RuntimeError where they do not
        """

    __torch_dispatch__: Any

    __torch_function__: Any

    def __truediv__(self, other: Tensor | Number) -> Tensor:
        """Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not
        """

    def __xor__(self, other: Tensor | Number) -> Tensor:
        """Bitwise exclusive or, elementwise; logical for bool.

        >>> import mibun as torch
        >>> torch.bitwise_xor(torch.tensor([12, 10]), 6)
        tensor([10, 12])

        Operator bitwise_xor:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    @property
    def _cdata(self) -> _int:
        """A number that no other living tensor has: libraries compare it to tell whether two names are one tensor."""

    def _coalesced_(self, coalesced: _bool) -> Tensor:
        """Say of a COO tensor whether its indices are sorted and occur once each: nobody looks."""

    def _dimI(self) -> Tensor:
        """How many dimensions of a COO tensor have indices."""

    def _dimV(self) -> Tensor:
        """How many dimensions of a COO tensor have none."""

    def _indices(self) -> Tensor:
        """The indices of a COO tensor as they are, coalesced or not."""

    def _is_all_true(self) -> Tensor:
        """Whether all elements of a bool tensor are True, as a 0-d tensor."""

    def _is_any_true(self) -> Tensor:
        """Whether some element of a bool tensor is True, as a 0-d tensor."""

    def _is_zerotensor(self) -> _bool:
        """Whether the tensor stands for zeros that are in no memory: False."""

    _make_subclass: Any

    _make_wrapper_subclass: Any

    def _nnz(self) -> Tensor:
        """How many elements are specified in a sparse tensor."""

    def _sparse_mask_projection(self, mask: Tensor, accumulate_matches: _bool = False) -> Tensor:
        """The elements of a sparse tensor at the places of another one."""

    def _typed_storage(self) -> TypedStorage: ...

    def _values(self) -> Tensor:
        """The values of a sparse tensor as they are, coalesced or not, outside of the graph."""

    def abs(self) -> Tensor:
        """The absolute value |input|, elementwise; of complex numbers the modulus.

        Args:
            input: of any shape and any dtype but bool.

        Returns:
            a Tensor of the same dtype; for complex dtypes, of the real one of the same precision.

        Raises:
            NotImplementedError: for bool.

        The gradient at 0 is 0.

        >>> import mibun as torch
        >>> torch.abs(torch.tensor([-1.5, 2.]))
        tensor([1.5000, 2.0000])
        >>> torch.abs(torch.tensor([3 + 4j]))
        tensor([5.])

        Operator abs:
            vjp: lambda xp, g, input: g * xp.sgn(input)
            jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
            node: AbsBackward0
            dtypes: the operands' common one
            raises for: bool
        """

    def abs_(self) -> Self:
        """Absolute value in place. RuntimeError for complex dtypes, which cannot hold the modulus.

        Operator abs:
            vjp: lambda xp, g, input: g * xp.sgn(input)
            jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
            node: AbsBackward0
            dtypes: the operands' common one
            raises for: bool
        """

    def absolute(self) -> Tensor:
        """The absolute value |input|, elementwise; of complex numbers the modulus.

        Args:
            input: of any shape and any dtype but bool.

        Returns:
            a Tensor of the same dtype; for complex dtypes, of the real one of the same precision.

        Raises:
            NotImplementedError: for bool.

        The gradient at 0 is 0.

        >>> import mibun as torch
        >>> torch.abs(torch.tensor([-1.5, 2.]))
        tensor([1.5000, 2.0000])
        >>> torch.abs(torch.tensor([3 + 4j]))
        tensor([5.])

        Operator abs:
            vjp: lambda xp, g, input: g * xp.sgn(input)
            jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
            node: AbsBackward0
            dtypes: the operands' common one
            raises for: bool
        """

    def absolute_(self) -> Self:
        """Absolute value in place. RuntimeError for complex dtypes, which cannot hold the modulus.

        Operator abs:
            vjp: lambda xp, g, input: g * xp.sgn(input)
            jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
            node: AbsBackward0
            dtypes: the operands' common one
            raises for: bool
        """

    def acos(self) -> Tensor:
        """Inverse cosine, elementwise; NaN outside of [-1, 1] for real dtypes.

        >>> import mibun as torch
        >>> torch.acos(torch.tensor([0., 0.5]))
        tensor([1.5708, 1.0472])

        Operator acos:
            vjp: lambda xp, g, input: -g * xp.conj(xp.rsqrt(1 - input * input))
            node: AcosBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def acos_(self) -> Self:
        """`acos` in place: writes its result over the tensor, which it returns.

        Inverse cosine, elementwise; NaN outside of [-1, 1] for real dtypes.

            >>> import mibun as torch
            >>> torch.acos(torch.tensor([0., 0.5]))
            tensor([1.5708, 1.0472])

        Operator acos:
            vjp: lambda xp, g, input: -g * xp.conj(xp.rsqrt(1 - input * input))
            node: AcosBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def acosh(self) -> Tensor:
        """Inverse hyperbolic cosine, elementwise; NaN below 1 for real dtypes.

        >>> import mibun as torch
        >>> torch.acosh(torch.tensor([1., 2.]))
        tensor([0.0000, 1.3170])

        Operator acosh:
            vjp: _acosh_rule
                def _acosh_rule(xp, g, input):
                    if xp.isdtype(input.dtype, "complex floating"):
                        # Two roots, not one: rsqrt(z² - 1) is on the wrong branch in the left half plane.
                        return g * xp.conj(xp.rsqrt(input - 1) * xp.rsqrt(input + 1))
                    return g * xp.rsqrt(input * input - 1)
            node: AcoshBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def acosh_(self) -> Self:
        """`acosh` in place: writes its result over the tensor, which it returns.

        Inverse hyperbolic cosine, elementwise; NaN below 1 for real dtypes.

            >>> import mibun as torch
            >>> torch.acosh(torch.tensor([1., 2.]))
            tensor([0.0000, 1.3170])

        Operator acosh:
            vjp: _acosh_rule
                def _acosh_rule(xp, g, input):
                    if xp.isdtype(input.dtype, "complex floating"):
                        # Two roots, not one: rsqrt(z² - 1) is on the wrong branch in the left half plane.
                        return g * xp.conj(xp.rsqrt(input - 1) * xp.rsqrt(input + 1))
                    return g * xp.rsqrt(input * input - 1)
            node: AcoshBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def add(self, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
        """The sum input + alpha * other, elementwise.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.
            alpha: a number that the dtype of the result can hold.
            out: where to write the result; resized if it does not fit.

        Returns:
            a Tensor of the broadcast shape and the promoted dtype.

        Raises:
            RuntimeError: where the shapes do not broadcast, or `alpha` does not fit the dtype of the result.

        >>> import mibun as torch
        >>> torch.add(torch.tensor([1., 2.]), torch.tensor([10., 20.]), alpha=0.5)
        tensor([ 6., 12.])

        Operator add:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g: g
            node: AddBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not

        Operator add_scaled:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, alpha: g * alpha.conjugate()
            node: AddBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def add_(self, other: Tensor | Number, *, alpha: Number = 1) -> Self:
        """Add `alpha * other` in place.

        Operator add:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g: g
            node: AddBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not

        Operator add_scaled:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, alpha: g * alpha.conjugate()
            node: AddBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def addbmm(self, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
        """`beta * input + alpha * bmm(batch1, batch2).sum(0)`, in one step: batch1 (b, n, m), batch2 (b, m, p), an input
        that broadcasts to (n, p). Errors and a beta of 0 as for `addmm`.

        Operator addr:
            vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
            vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
                with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
            vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
                with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
            jvp of input: lambda xp, t, beta: _scaled(t, beta)
            jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            node: AddrBackward0
            dtypes: each as it is
        """

    def addbmm_(self, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Self:
        """`addbmm`, written over this tensor.

        Operator addr:
            vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
            vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
                with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
            vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
                with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
            jvp of input: lambda xp, t, beta: _scaled(t, beta)
            jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            node: AddrBackward0
            dtypes: each as it is
        """

    def addcdiv(self, tensor1: Tensor, tensor2: Tensor, value: Number = 1) -> Tensor:
        """input + value * tensor1 / tensor2, elementwise, for Tensors that broadcast. RuntimeError for integers.

        >>> import mibun as torch
        >>> torch.addcdiv(torch.zeros(2), torch.tensor([1., 2.]), torch.tensor([4., 4.]), value=2)
        tensor([0.5000, 1.0000])

        Operator addcdiv:
            vjp of input: lambda xp, g: g
            vjp of tensor1: lambda xp, g, tensor2, value: g * xp.conj(_factor(value) / tensor2)
            vjp of tensor2: lambda xp, g, tensor1, tensor2, value: -g * xp.conj(_factor(value) * (tensor1 / tensor2) / tensor2)
            node: AddcdivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer
            shapes: broadcast; RuntimeError where they do not
        """

    def addcdiv_(self, tensor1: Tensor, tensor2: Tensor, value: Number = 1) -> Self:
        """`addcdiv` in place: writes its result over the tensor, which it returns.

        input + value * tensor1 / tensor2, elementwise, for Tensors that broadcast. RuntimeError for integers.

            >>> import mibun as torch
            >>> torch.addcdiv(torch.zeros(2), torch.tensor([1., 2.]), torch.tensor([4., 4.]), value=2)
            tensor([0.5000, 1.0000])

        Operator addcdiv:
            vjp of input: lambda xp, g: g
            vjp of tensor1: lambda xp, g, tensor2, value: g * xp.conj(_factor(value) / tensor2)
            vjp of tensor2: lambda xp, g, tensor1, tensor2, value: -g * xp.conj(_factor(value) * (tensor1 / tensor2) / tensor2)
            node: AddcdivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer
            shapes: broadcast; RuntimeError where they do not
        """

    def addcmul(self, tensor1: Tensor, tensor2: Tensor, value: Number = 1) -> Tensor:
        """input + value * tensor1 * tensor2, elementwise, for Tensors that broadcast.

        >>> import mibun as torch
        >>> torch.addcmul(torch.zeros(2), torch.tensor([1., 2.]), torch.tensor([3., 4.]), value=0.5)
        tensor([1.5000, 4.0000])

        Operator addcmul:
            vjp of input: lambda xp, g: g
            vjp of tensor1: lambda xp, g, tensor2, value: g * xp.conj(tensor2 * _factor(value))
            vjp of tensor2: lambda xp, g, tensor1, value: g * xp.conj(tensor1 * _factor(value))
            node: AddcmulBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
            shapes: broadcast; RuntimeError where they do not
        """

    def addcmul_(self, tensor1: Tensor, tensor2: Tensor, value: Number = 1) -> Self:
        """`addcmul` in place: writes its result over the tensor, which it returns.

        input + value * tensor1 * tensor2, elementwise, for Tensors that broadcast.

            >>> import mibun as torch
            >>> torch.addcmul(torch.zeros(2), torch.tensor([1., 2.]), torch.tensor([3., 4.]), value=0.5)
            tensor([1.5000, 4.0000])

        Operator addcmul:
            vjp of input: lambda xp, g: g
            vjp of tensor1: lambda xp, g, tensor2, value: g * xp.conj(tensor2 * _factor(value))
            vjp of tensor2: lambda xp, g, tensor1, value: g * xp.conj(tensor1 * _factor(value))
            node: AddcmulBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
            shapes: broadcast; RuntimeError where they do not
        """

    def addmm(self, mat1: Tensor, mat2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
        """`beta * input + alpha * (mat1 @ mat2)`, in one step.

        Args:
            input: what is added; it broadcasts to (n, p). With a beta of 0 it is ignored, NaNs included.
            mat1: (n, m).
            mat2: (m, p). All three are of one dtype.
            beta, alpha: numbers; ints for tensors of integers.

        Returns:
            (n, p).

        Raises:
            RuntimeError: where the sizes do not fit, `input` does not broadcast, or the dtypes differ.

        >>> import mibun as torch
        >>> torch.addmm(torch.ones(2), torch.eye(2), torch.tensor([[1., 2.], [3., 4.]]), beta=10)
        tensor([[11., 12.],
                [13., 14.]])

        Operator addmm:
            vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
            vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
                with rule_a = _rule_left
            vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
                with rule_b = _rule_right
            jvp of input: lambda xp, t, beta: _scaled(t, beta)
            jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
                with product = _product_of
            jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
                with product = _product_of
            node: AddmmBackward0
            dtypes: each as it is
        """

    def addmm_(self, mat1: Tensor, mat2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Self:
        """`addmm`, written over this tensor.

        Operator addr:
            vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
            vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
                with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
            vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
                with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
            jvp of input: lambda xp, t, beta: _scaled(t, beta)
            jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            node: AddrBackward0
            dtypes: each as it is
        """

    def addmv(self, mat: Tensor, vec: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
        """`beta * input + alpha * (mat @ vec)`, in one step; as `addmm`, for mat (n, m), vec (m,) and an input that
        broadcasts to (n,).

        >>> import mibun as torch
        >>> torch.addmv(torch.tensor([1., 1.]), torch.eye(2), torch.tensor([2., 3.]))
        tensor([3., 4.])

        Operator addr:
            vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
            vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
                with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
            vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
                with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
            jvp of input: lambda xp, t, beta: _scaled(t, beta)
            jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            node: AddrBackward0
            dtypes: each as it is
        """

    def addmv_(self, mat: Tensor, vec: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Self:
        """`addmv`, written over this tensor.

        Operator addr:
            vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
            vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
                with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
            vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
                with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
            jvp of input: lambda xp, t, beta: _scaled(t, beta)
            jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            node: AddrBackward0
            dtypes: each as it is
        """

    def addr(self, vec1: Tensor, vec2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
        """`beta * input + alpha * outer(vec1, vec2)`, in one step: vec1 (n,), vec2 (m,), an input that broadcasts to (n,
        m).

        Of several dtypes the result has the common one. Errors and a beta of 0 as for `addmm`.

        >>> import mibun as torch
        >>> torch.addr(torch.zeros(2, 2), torch.tensor([1., 2.]), torch.tensor([3., 4.]))
        tensor([[3., 4.],
                [6., 8.]])

        Operator addr:
            vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
            vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
                with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
            vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
                with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
            jvp of input: lambda xp, t, beta: _scaled(t, beta)
            jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            node: AddrBackward0
            dtypes: each as it is
        """

    def addr_(self, vec1: Tensor, vec2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Self:
        """`addr`, written over this tensor.

        Operator addr:
            vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
            vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
                with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
            vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
                with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
            jvp of input: lambda xp, t, beta: _scaled(t, beta)
            jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            node: AddrBackward0
            dtypes: each as it is
        """

    def adjoint(self) -> Tensor:
        """The conjugate transpose of the last two dimensions.

        >>> import mibun as torch
        >>> torch.tensor([[1, 2j]]).adjoint()
        tensor([[1.-0.j],
                [0.-2.j]])

        Operator transpose:
            vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
            node: TransposeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def all(self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False) -> Tensor:
        """Whether all elements are not zero, of all or over some dimensions.

        Args:
            input: of any dtype.
            dim: one dimension or several; None: all.
            keepdim: whether the dimensions stay, with size 1.
            out: a tensor to write the result into.

        Returns:
            bool, but uint8 for uint8; True for nothing. Not differentiable.

        >>> import mibun as torch
        >>> torch.tensor([[1, 1], [0, 1]]).all(1)
        tensor([ True, False])

        Operator all:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def all(self, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False) -> Tensor:
        """Whether all elements are not zero, of all or over some dimensions.

        Args:
            input: of any dtype.
            dim: one dimension or several; None: all.
            keepdim: whether the dimensions stay, with size 1.
            out: a tensor to write the result into.

        Returns:
            bool, but uint8 for uint8; True for nothing. Not differentiable.

        >>> import mibun as torch
        >>> torch.tensor([[1, 1], [0, 1]]).all(1)
        tensor([ True, False])

        Operator all:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    def allclose(self, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False) -> _bool:
        """Whether all elements are close, as a Python bool.

        Args:
            input, other, rtol, atol, equal_nan: as for `isclose`.

        Raises:
            RuntimeError: where the dtypes differ, or a tolerance is negative.

        >>> import mibun as torch
        >>> torch.allclose(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0 + 1e-7]))
        True

        Operator isclose:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    @overload
    def amax(self, dim: _int | Sequence[_int] = (), keepdim: _bool = False) -> Tensor:
        """The maximum over some dimensions.

        Args:
            input: of any real dtype.
            dim: one dimension or several; (): all.
            keepdim: whether the dimensions stay, with size 1.
            out: a tensor to write the result into.

        Returns:
            the maxima. NaN wins. Equal maxima share the gradient evenly, unlike along a dimension in `max`.

        Raises:
            RuntimeError: of nothing.
            IndexError: over a dimension of size 0, or where there is none such.
            NotImplementedError: for complex numbers.

        >>> import mibun as torch
        >>> torch.amax(torch.tensor([[1., 2.], [4., 3.]]), 1)
        tensor([2., 4.])

        Operator amax:
            vjp: _extreme_rule
                def _extreme_rule(xp, g, input, out, dims):
                    shape = input.shape
                    return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
            node: AmaxBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def amax(self, *, axis: _int | Sequence[_int], keepdims: _bool = False) -> Tensor:
        """The maximum over some dimensions.

        Args:
            input: of any real dtype.
            dim: one dimension or several; (): all.
            keepdim: whether the dimensions stay, with size 1.
            out: a tensor to write the result into.

        Returns:
            the maxima. NaN wins. Equal maxima share the gradient evenly, unlike along a dimension in `max`.

        Raises:
            RuntimeError: of nothing.
            IndexError: over a dimension of size 0, or where there is none such.
            NotImplementedError: for complex numbers.

        >>> import mibun as torch
        >>> torch.amax(torch.tensor([[1., 2.], [4., 3.]]), 1)
        tensor([2., 4.])

        Operator amax:
            vjp: _extreme_rule
                def _extreme_rule(xp, g, input, out, dims):
                    shape = input.shape
                    return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
            node: AmaxBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def amin(self, dim: _int | Sequence[_int] = (), keepdim: _bool = False) -> Tensor:
        """The minimum over some dimensions (an int or several; all for ()).

        NaN wins. Equal minima share the gradient evenly. keepdim, results and errors: as for `amax`.

        >>> import mibun as torch
        >>> torch.amin(torch.tensor([[1., 2.], [4., 3.]]), 1)
        tensor([1., 3.])

        Operator amin:
            vjp: _extreme_rule
                def _extreme_rule(xp, g, input, out, dims):
                    shape = input.shape
                    return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
            node: AminBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def amin(self, *, axis: _int | Sequence[_int], keepdims: _bool = False) -> Tensor:
        """The minimum over some dimensions (an int or several; all for ()).

        NaN wins. Equal minima share the gradient evenly. keepdim, results and errors: as for `amax`.

        >>> import mibun as torch
        >>> torch.amin(torch.tensor([[1., 2.], [4., 3.]]), 1)
        tensor([1., 3.])

        Operator amin:
            vjp: _extreme_rule
                def _extreme_rule(xp, g, input, out, dims):
                    shape = input.shape
                    return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
            node: AminBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def aminmax(self, *, dim: _int | None = None, keepdim: _bool = False) -> return_types.aminmax:
        """The minimum and the maximum of all elements, or along one dimension: (min, max).

        >>> import mibun as torch
        >>> torch.aminmax(torch.tensor([3, 1, 2])).min
        tensor(1)

        Operator aminmax:
            vjp: _aminmax_rule
                def _aminmax_rule(xp, g, input, min, max, dims):
                    low, high = g
                    shape = input.shape
                    parts = [
                        shared(xp, spread(xp, part, shape, dims), xp.equal(input, spread(xp, value, shape, dims)), dims)
                        for part, value in ((low, min), (high, max))
                    ]
                    return parts[0] + parts[1]
            node: AminmaxBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def aminmax(self, *, axis: _int | None, keepdims: _bool = False) -> return_types.aminmax:
        """The minimum and the maximum of all elements, or along one dimension: (min, max).

        >>> import mibun as torch
        >>> torch.aminmax(torch.tensor([3, 1, 2])).min
        tensor(1)

        Operator aminmax:
            vjp: _aminmax_rule
                def _aminmax_rule(xp, g, input, min, max, dims):
                    low, high = g
                    shape = input.shape
                    parts = [
                        shared(xp, spread(xp, part, shape, dims), xp.equal(input, spread(xp, value, shape, dims)), dims)
                        for part, value in ((low, min), (high, max))
                    ]
                    return parts[0] + parts[1]
            node: AminmaxBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def angle(self) -> Tensor:
        """The angle from -π to π, elementwise; for real dtypes 0, or π for negative numbers, and NaN for NaN.

        >>> import mibun as torch
        >>> torch.angle(torch.tensor([1j, -1]))
        tensor([1.5708, 3.1416])

        Operator angle:
            vjp: _angle_rule
                def _angle_rule(xp, g, input):
                    if not xp.isdtype(input.dtype, "complex floating"):
                        return xp.zeros_like(g)
                    return g * _angle_gradient(xp, input)
            jvp: _angle_tangent
                def _angle_tangent(xp, t, input):
                    if not xp.isdtype(input.dtype, "complex floating"):
                        return xp.zeros_like(t)
                    return xp.real(xp.conj(_angle_gradient(xp, input)) * t)
            node: AngleBackward0
            dtypes: the operands' common one, the default one for integers and bools
        """

    @overload
    def any(self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False) -> Tensor:
        """Whether any element is not zero, of all or over some dimensions.

        Args:
            input: of any dtype.
            dim: one dimension or several; None: all.
            keepdim: whether the dimensions stay, with size 1.
            out: a tensor to write the result into.

        Returns:
            bool, but uint8 for uint8; False for nothing. Not differentiable.

        >>> import mibun as torch
        >>> torch.tensor([[0, 1], [0, 0]]).any(1)
        tensor([ True, False])

        Operator any:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def any(self, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False) -> Tensor:
        """Whether any element is not zero, of all or over some dimensions.

        Args:
            input: of any dtype.
            dim: one dimension or several; None: all.
            keepdim: whether the dimensions stay, with size 1.
            out: a tensor to write the result into.

        Returns:
            bool, but uint8 for uint8; False for nothing. Not differentiable.

        >>> import mibun as torch
        >>> torch.tensor([[0, 1], [0, 0]]).any(1)
        tensor([ True, False])

        Operator any:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    def apply_(self, callable: Any) -> Self:
        """Replace each element by what a Python function gives for it. RuntimeError where the tensor requires grad.

        >>> import mibun as torch
        >>> torch.tensor([1., 2.]).apply_(lambda x: x + 1)
        tensor([2., 3.])

        Operator expand:
            vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
            node: ExpandBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def arccos(self) -> Tensor:
        """Inverse cosine, elementwise; NaN outside of [-1, 1] for real dtypes.

        >>> import mibun as torch
        >>> torch.acos(torch.tensor([0., 0.5]))
        tensor([1.5708, 1.0472])

        Operator acos:
            vjp: lambda xp, g, input: -g * xp.conj(xp.rsqrt(1 - input * input))
            node: AcosBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def arccos_(self) -> Self:
        """`acos` in place: writes its result over the tensor, which it returns.

        Inverse cosine, elementwise; NaN outside of [-1, 1] for real dtypes.

            >>> import mibun as torch
            >>> torch.acos(torch.tensor([0., 0.5]))
            tensor([1.5708, 1.0472])

        Operator acos:
            vjp: lambda xp, g, input: -g * xp.conj(xp.rsqrt(1 - input * input))
            node: AcosBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def arccosh(self) -> Tensor:
        """Inverse hyperbolic cosine, elementwise; NaN below 1 for real dtypes.

        >>> import mibun as torch
        >>> torch.acosh(torch.tensor([1., 2.]))
        tensor([0.0000, 1.3170])

        Operator acosh:
            vjp: _acosh_rule
                def _acosh_rule(xp, g, input):
                    if xp.isdtype(input.dtype, "complex floating"):
                        # Two roots, not one: rsqrt(z² - 1) is on the wrong branch in the left half plane.
                        return g * xp.conj(xp.rsqrt(input - 1) * xp.rsqrt(input + 1))
                    return g * xp.rsqrt(input * input - 1)
            node: AcoshBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def arccosh_(self) -> Self:
        """`acosh` in place: writes its result over the tensor, which it returns.

        Inverse hyperbolic cosine, elementwise; NaN below 1 for real dtypes.

            >>> import mibun as torch
            >>> torch.acosh(torch.tensor([1., 2.]))
            tensor([0.0000, 1.3170])

        Operator acosh:
            vjp: _acosh_rule
                def _acosh_rule(xp, g, input):
                    if xp.isdtype(input.dtype, "complex floating"):
                        # Two roots, not one: rsqrt(z² - 1) is on the wrong branch in the left half plane.
                        return g * xp.conj(xp.rsqrt(input - 1) * xp.rsqrt(input + 1))
                    return g * xp.rsqrt(input * input - 1)
            node: AcoshBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def arcsin(self) -> Tensor:
        """Inverse sine, elementwise; NaN outside of [-1, 1] for real dtypes.

        >>> import mibun as torch
        >>> torch.asin(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.5236])

        Operator asin:
            vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(1 - input * input))
            node: AsinBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def arcsin_(self) -> Self:
        """`asin` in place: writes its result over the tensor, which it returns.

        Inverse sine, elementwise; NaN outside of [-1, 1] for real dtypes.

            >>> import mibun as torch
            >>> torch.asin(torch.tensor([0., 0.5]))
            tensor([0.0000, 0.5236])

        Operator asin:
            vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(1 - input * input))
            node: AsinBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def arcsinh(self) -> Tensor:
        """Inverse hyperbolic sine, elementwise.

        >>> import mibun as torch
        >>> torch.asinh(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.4812])

        Operator asinh:
            vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(input * input + 1))
            node: AsinhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def arcsinh_(self) -> Self:
        """`asinh` in place: writes its result over the tensor, which it returns.

        Inverse hyperbolic sine, elementwise.

            >>> import mibun as torch
            >>> torch.asinh(torch.tensor([0., 0.5]))
            tensor([0.0000, 0.4812])

        Operator asinh:
            vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(input * input + 1))
            node: AsinhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def arctan(self) -> Tensor:
        """Inverse tangent, elementwise.

        >>> import mibun as torch
        >>> torch.atan(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.4636])

        Operator atan:
            vjp: lambda xp, g, input: g * xp.conj(xp.reciprocal(1 + input * input))
            node: AtanBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def arctan2(self, other: Tensor) -> Tensor:
        """The angle of the point (other, input), elementwise, from -π to π.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; integers give the default dtype.

        Its gradient at the origin is 0.

        >>> import mibun as torch
        >>> torch.atan2(torch.tensor([1., -1.]), torch.tensor([0., -1.]))
        tensor([ 1.5708, -2.3562])

        Operator atan2:
            vjp of input: lambda xp, g, input, other: _over_square(xp, g, other, input, other)
            vjp of other: lambda xp, g, input, other: _over_square(xp, g, -input, input, other)
            node: Atan2Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def arctan2_(self, other: Tensor) -> Self:
        """`atan2` in place: writes its result over the tensor, which it returns.

        The angle of the point (other, input), elementwise, from -π to π.

            Args:
                input, other: Tensors of shapes that broadcast and real dtypes; integers give the default dtype.

            Its gradient at the origin is 0.

            >>> import mibun as torch
            >>> torch.atan2(torch.tensor([1., -1.]), torch.tensor([0., -1.]))
            tensor([ 1.5708, -2.3562])

        Operator atan2:
            vjp of input: lambda xp, g, input, other: _over_square(xp, g, other, input, other)
            vjp of other: lambda xp, g, input, other: _over_square(xp, g, -input, input, other)
            node: Atan2Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def arctan_(self) -> Self:
        """`atan` in place: writes its result over the tensor, which it returns.

        Inverse tangent, elementwise.

            >>> import mibun as torch
            >>> torch.atan(torch.tensor([0., 0.5]))
            tensor([0.0000, 0.4636])

        Operator atan:
            vjp: lambda xp, g, input: g * xp.conj(xp.reciprocal(1 + input * input))
            node: AtanBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def arctanh(self) -> Tensor:
        """Inverse hyperbolic tangent, elementwise; infinite at ±1 and NaN beyond for real dtypes.

        >>> import mibun as torch
        >>> torch.atanh(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.5493])

        Operator atanh:
            vjp: lambda xp, g, input: g / xp.conj(1 - input * input)
            node: AtanhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def arctanh_(self) -> Self:
        """`atanh` in place: writes its result over the tensor, which it returns.

        Inverse hyperbolic tangent, elementwise; infinite at ±1 and NaN beyond for real dtypes.

            >>> import mibun as torch
            >>> torch.atanh(torch.tensor([0., 0.5]))
            tensor([0.0000, 0.5493])

        Operator atanh:
            vjp: lambda xp, g, input: g / xp.conj(1 - input * input)
            node: AtanhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    @overload
    def argmax(self, dim: _int | None = None, keepdim: _bool = False) -> Tensor:
        """The index of the maximum.

        Args:
            input: of any integer or floating dtype.
            dim: a dimension; None: the index in the flattened tensor.
            keepdim: whether the dimension stays, with size 1.
            out: a tensor to write the result into.

        Returns:
            int64; the first of equal maxima. NaN wins. Not differentiable.

        Raises:
            IndexError: of nothing, or where there is no such dimension.
            RuntimeError: for bool and complex.

        >>> import mibun as torch
        >>> torch.argmax(torch.tensor([[1., 2.], [4., 3.]]), 1)
        tensor([1, 0])

        Operator argmax:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def argmax(self, *, axis: _int | None, keepdims: _bool = False) -> Tensor:
        """The index of the maximum.

        Args:
            input: of any integer or floating dtype.
            dim: a dimension; None: the index in the flattened tensor.
            keepdim: whether the dimension stays, with size 1.
            out: a tensor to write the result into.

        Returns:
            int64; the first of equal maxima. NaN wins. Not differentiable.

        Raises:
            IndexError: of nothing, or where there is no such dimension.
            RuntimeError: for bool and complex.

        >>> import mibun as torch
        >>> torch.argmax(torch.tensor([[1., 2.], [4., 3.]]), 1)
        tensor([1, 0])

        Operator argmax:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    @overload
    def argmin(self, dim: _int | None = None, keepdim: _bool = False) -> Tensor:
        """The index of the minimum: in the flattened tensor, or along `dim`. int64; the first of equal ones; NaN wins.

        keepdim and errors: as for `argmax`.

        >>> import mibun as torch
        >>> torch.argmin(torch.tensor([[1., 2.], [4., 3.]]), 1)
        tensor([0, 1])

        Operator argmin:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def argmin(self, *, axis: _int | None, keepdims: _bool = False) -> Tensor:
        """The index of the minimum: in the flattened tensor, or along `dim`. int64; the first of equal ones; NaN wins.

        keepdim and errors: as for `argmax`.

        >>> import mibun as torch
        >>> torch.argmin(torch.tensor([[1., 2.], [4., 3.]]), 1)
        tensor([0, 1])

        Operator argmin:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    @overload
    def argsort(self, dim: _int = -1, descending: _bool = False, *, stable: _bool = False) -> Tensor:
        """The indices (int64) that sort along a dimension; equal elements keep their order.

        dim, descending: as for `sort`. stable: without effect. Not differentiable. RuntimeError for complex numbers.

        >>> import mibun as torch
        >>> torch.argsort(torch.tensor([3, 1, 2]))
        tensor([1, 2, 0])

        Operator argsort:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def argsort(self, *, axis: _int, descending: _bool = False, stable: _bool = False) -> Tensor:
        """The indices (int64) that sort along a dimension; equal elements keep their order.

        dim, descending: as for `sort`. stable: without effect. Not differentiable. RuntimeError for complex numbers.

        >>> import mibun as torch
        >>> torch.argsort(torch.tensor([3, 1, 2]))
        tensor([1, 2, 0])

        Operator argsort:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    def argwhere(self) -> Tensor:
        """The positions of the elements that are not zero, as the rows of an int64 matrix.

        >>> import mibun as torch
        >>> torch.argwhere(torch.tensor([0, 3, 4]))
        tensor([[1],
                [2]])
        """

    def as_strided(self, size: Sequence[_int], stride: Sequence[_int], storage_offset: _int | None = None) -> Tensor:
        """A view on the storage of the input with any sizes, strides and offset.

        Args:
            input: of any dtype.
            size, stride: one of each for every dimension of the result; strides count elements.
            storage_offset: the place of the first element in the storage; the input's own if not given.

        Returns:
            a view. In the gradient, elements of the input that share memory get equal parts.

        Raises:
            RuntimeError: for negative strides, and where the view would reach outside of the storage.

        >>> import mibun as torch
        >>> torch.arange(5).as_strided((3, 2), (1, 1))
        tensor([[0, 1],
                [1, 2],
                [2, 3]])

        Operator as_strided:
            vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
                g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
            )
            node: AsStridedBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def as_strided_(self, size: Sequence[_int], stride: Sequence[_int], storage_offset: _int | None = None) -> Self:
        """`as_strided`, of the tensor itself: it takes these sizes, strides and offset on its storage.

        Operator as_strided:
            vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
                g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
            )
            node: AsStridedBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def as_strided_scatter(
        self, src: Tensor, size: _int | Sequence[_int], stride: _int | Sequence[_int],
        storage_offset: _int | None = None,
    ) -> Tensor:
        """A copy of the input with `src` where `input.as_strided(size, stride, storage_offset)` is.

        RuntimeError where that has several elements in one place of the memory.

        Operator select_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SelectScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator slice_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SliceScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator diagonal_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: DiagonalScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator as_strided_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: AsStridedScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator as_strided:
            vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
                g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
            )
            node: AsStridedBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def as_subclass(self, cls: _type) -> Tensor:
        """This tensor as an instance of a subclass, on the same memory; gradients pass through."""

    def asin(self) -> Tensor:
        """Inverse sine, elementwise; NaN outside of [-1, 1] for real dtypes.

        >>> import mibun as torch
        >>> torch.asin(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.5236])

        Operator asin:
            vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(1 - input * input))
            node: AsinBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def asin_(self) -> Self:
        """`asin` in place: writes its result over the tensor, which it returns.

        Inverse sine, elementwise; NaN outside of [-1, 1] for real dtypes.

            >>> import mibun as torch
            >>> torch.asin(torch.tensor([0., 0.5]))
            tensor([0.0000, 0.5236])

        Operator asin:
            vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(1 - input * input))
            node: AsinBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def asinh(self) -> Tensor:
        """Inverse hyperbolic sine, elementwise.

        >>> import mibun as torch
        >>> torch.asinh(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.4812])

        Operator asinh:
            vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(input * input + 1))
            node: AsinhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def asinh_(self) -> Self:
        """`asinh` in place: writes its result over the tensor, which it returns.

        Inverse hyperbolic sine, elementwise.

            >>> import mibun as torch
            >>> torch.asinh(torch.tensor([0., 0.5]))
            tensor([0.0000, 0.4812])

        Operator asinh:
            vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(input * input + 1))
            node: AsinhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def atan(self) -> Tensor:
        """Inverse tangent, elementwise.

        >>> import mibun as torch
        >>> torch.atan(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.4636])

        Operator atan:
            vjp: lambda xp, g, input: g * xp.conj(xp.reciprocal(1 + input * input))
            node: AtanBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def atan2(self, other: Tensor) -> Tensor:
        """The angle of the point (other, input), elementwise, from -π to π.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; integers give the default dtype.

        Its gradient at the origin is 0.

        >>> import mibun as torch
        >>> torch.atan2(torch.tensor([1., -1.]), torch.tensor([0., -1.]))
        tensor([ 1.5708, -2.3562])

        Operator atan2:
            vjp of input: lambda xp, g, input, other: _over_square(xp, g, other, input, other)
            vjp of other: lambda xp, g, input, other: _over_square(xp, g, -input, input, other)
            node: Atan2Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def atan2_(self, other: Tensor) -> Self:
        """`atan2` in place: writes its result over the tensor, which it returns.

        The angle of the point (other, input), elementwise, from -π to π.

            Args:
                input, other: Tensors of shapes that broadcast and real dtypes; integers give the default dtype.

            Its gradient at the origin is 0.

            >>> import mibun as torch
            >>> torch.atan2(torch.tensor([1., -1.]), torch.tensor([0., -1.]))
            tensor([ 1.5708, -2.3562])

        Operator atan2:
            vjp of input: lambda xp, g, input, other: _over_square(xp, g, other, input, other)
            vjp of other: lambda xp, g, input, other: _over_square(xp, g, -input, input, other)
            node: Atan2Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def atan_(self) -> Self:
        """`atan` in place: writes its result over the tensor, which it returns.

        Inverse tangent, elementwise.

            >>> import mibun as torch
            >>> torch.atan(torch.tensor([0., 0.5]))
            tensor([0.0000, 0.4636])

        Operator atan:
            vjp: lambda xp, g, input: g * xp.conj(xp.reciprocal(1 + input * input))
            node: AtanBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def atanh(self) -> Tensor:
        """Inverse hyperbolic tangent, elementwise; infinite at ±1 and NaN beyond for real dtypes.

        >>> import mibun as torch
        >>> torch.atanh(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.5493])

        Operator atanh:
            vjp: lambda xp, g, input: g / xp.conj(1 - input * input)
            node: AtanhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def atanh_(self) -> Self:
        """`atanh` in place: writes its result over the tensor, which it returns.

        Inverse hyperbolic tangent, elementwise; infinite at ±1 and NaN beyond for real dtypes.

            >>> import mibun as torch
            >>> torch.atanh(torch.tensor([0., 0.5]))
            tensor([0.0000, 0.5493])

        Operator atanh:
            vjp: lambda xp, g, input: g / xp.conj(1 - input * input)
            node: AtanhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def backward(
        self, gradient: Tensor | None = None, retain_graph: _bool | None = None, create_graph: _bool = False,
        inputs: Tensor | Iterable[Tensor] | None = None,
    ) -> None:
        """Add the gradient of this tensor to the `.grad` of the leaves; see `mibun.autograd.backward`."""

    def baddbmm(self, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
        """`beta * input + alpha * bmm(batch1, batch2)`, in one step: batch1 (b, n, m), batch2 (b, m, p), an input that
        broadcasts to (b, n, p). Errors and a beta of 0 as for `addmm`.

        >>> import mibun as torch
        >>> torch.baddbmm(torch.zeros(1), torch.ones(3, 2, 4), torch.ones(3, 4, 5)).shape
        torch.Size([3, 2, 5])

        Operator addr:
            vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
            vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
                with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
            vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
                with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
            jvp of input: lambda xp, t, beta: _scaled(t, beta)
            jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            node: AddrBackward0
            dtypes: each as it is
        """

    def baddbmm_(self, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Self:
        """`baddbmm`, written over this tensor.

        Operator addr:
            vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
            vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
                with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
            vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
                with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
            jvp of input: lambda xp, t, beta: _scaled(t, beta)
            jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
                with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
            node: AddrBackward0
            dtypes: each as it is
        """

    def bernoulli(self, p: _float | None = None, *, generator: Generator | None = None) -> Tensor:
        """Ones, with the probabilities that `input` holds, and zeros, of its shape and dtype.

        Args:
            input: probabilities, floating.
            p: one probability for all in their place; the input then may be of integers.
            generator: the source of random numbers, by default the one that `manual_seed` seeds.
            out: a tensor to write the result into.

        Raises:
            RuntimeError: where a probability is not in [0, 1]. NotImplementedError for integer probabilities.

        The gradient is zero.

        >>> import mibun as torch
        >>> torch.bernoulli(torch.tensor([0., 1., 1.]))
        tensor([0., 1., 1.])

        Operator bernoulli:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: BernoulliBackward0
            dtypes: each as it is
        """

    def bernoulli_(self, p: Tensor | _float = 0.5, *, generator: Generator | None = None) -> Self:
        """Overwrite with ones, with probability p, and zeros.

        p: a number, or a Tensor of probabilities that broadcasts to this one. RuntimeError where one is not in [0, 1].

        >>> import mibun as torch
        >>> torch.empty(3).bernoulli_(1.0)
        tensor([1., 1., 1.])

        Operator bernoulli_tensor_:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of p: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, t: xp.zeros_like(t)
            jvp of p: lambda xp, t: xp.zeros_like(t)
            node: BernoulliBackward1
            dtypes: each as it is

        Operator bernoulli_number_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: BernoulliBackward2
            dtypes: each as it is
        """

    def bfloat16(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.bfloat16: `self.to(torch.bfloat16)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def bincount(self, weights: Tensor | None = None, minlength: _int = 0) -> Tensor:
        """How often each of 0, 1, 2, ... occurs in a vector of integers, or the sum of its weights.

        Args:
            input: 1-D, integers that are not negative.
            weights: one for each element; its gradient reads off where the element was counted.
            minlength: the least size of the result.

        Returns:
            max(input) + 1 numbers: int64 without weights, with them the weights' dtype if that is float32, else float64.

        Raises:
            RuntimeError: for negative elements, other numbers of dimensions, or weights of another size.
            NotImplementedError: for other dtypes.

        >>> import mibun as torch
        >>> torch.bincount(torch.tensor([0, 1, 1, 3]))
        tensor([1, 2, 0, 1])

        Operator bincount:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator bincount_weights:
            vjp of weights: lambda xp, g, input: xp.take(g, input, axis=0)
            jvp of weights: lambda xp, t, input, length: xp.bincount_weights(t, input, length=length)
            node: BincountBackward0
            dtypes: each as it is
        """

    def bitwise_and(self, other: Tensor | Number) -> Tensor:
        """Bitwise and, elementwise; logical and for bool.

        >>> import mibun as torch
        >>> torch.bitwise_and(torch.tensor([12, 10]), 6)
        tensor([4, 2])

        Operator bitwise_and:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def bitwise_and_(self, other: Tensor | Number) -> Self:
        """`bitwise_and` in place: writes its result over the tensor, which it returns.

        Bitwise and, elementwise; logical and for bool.

            >>> import mibun as torch
            >>> torch.bitwise_and(torch.tensor([12, 10]), 6)
            tensor([4, 2])

        Operator bitwise_and:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def bitwise_left_shift(self, other: Tensor | Number) -> Tensor:
        """input * 2 ** other in its integer dtype, elementwise; 0 where `other` is negative or not below the bits of it.

        >>> import mibun as torch
        >>> torch.bitwise_left_shift(torch.tensor([1, 3]), 2)
        tensor([ 4, 12])

        Operator bitwise_left_shift:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, bfloat16, complex
        """

    def bitwise_left_shift_(self, other: Tensor | Number) -> Self:
        """`bitwise_left_shift` in place: writes its result over the tensor, which it returns.

        input * 2 ** other in its integer dtype, elementwise; 0 where `other` is negative or not below the bits of it.

            >>> import mibun as torch
            >>> torch.bitwise_left_shift(torch.tensor([1, 3]), 2)
            tensor([ 4, 12])

        Operator bitwise_left_shift:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, bfloat16, complex
        """

    def bitwise_not(self) -> Tensor:
        """Every bit inverted, elementwise; logical not for bool.

        >>> import mibun as torch
        >>> torch.bitwise_not(torch.tensor([0, 5]))
        tensor([-1, -6])

        Operator bitwise_not:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def bitwise_not_(self) -> Self:
        """`bitwise_not` in place: writes its result over the tensor, which it returns.

        Every bit inverted, elementwise; logical not for bool.

            >>> import mibun as torch
            >>> torch.bitwise_not(torch.tensor([0, 5]))
            tensor([-1, -6])

        Operator bitwise_not:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def bitwise_or(self, other: Tensor | Number) -> Tensor:
        """Bitwise or, elementwise; logical or for bool.

        >>> import mibun as torch
        >>> torch.bitwise_or(torch.tensor([12, 10]), 6)
        tensor([14, 14])

        Operator bitwise_or:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def bitwise_or_(self, other: Tensor | Number) -> Self:
        """`bitwise_or` in place: writes its result over the tensor, which it returns.

        Bitwise or, elementwise; logical or for bool.

            >>> import mibun as torch
            >>> torch.bitwise_or(torch.tensor([12, 10]), 6)
            tensor([14, 14])

        Operator bitwise_or:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def bitwise_right_shift(self, other: Tensor | Number) -> Tensor:
        """input / 2 ** other rounded down, elementwise; the sign where `other` is negative or not below the bits of it.

        >>> import mibun as torch
        >>> torch.bitwise_right_shift(torch.tensor([12, -3]), 1)
        tensor([ 6, -2])

        Operator bitwise_right_shift:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, bfloat16, complex
        """

    def bitwise_right_shift_(self, other: Tensor | Number) -> Self:
        """`bitwise_right_shift` in place: writes its result over the tensor, which it returns.

        input / 2 ** other rounded down, elementwise; the sign where `other` is negative or not below the bits of it.

            >>> import mibun as torch
            >>> torch.bitwise_right_shift(torch.tensor([12, -3]), 1)
            tensor([ 6, -2])

        Operator bitwise_right_shift:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, bfloat16, complex
        """

    def bitwise_xor(self, other: Tensor | Number) -> Tensor:
        """Bitwise exclusive or, elementwise; logical for bool.

        >>> import mibun as torch
        >>> torch.bitwise_xor(torch.tensor([12, 10]), 6)
        tensor([10, 12])

        Operator bitwise_xor:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def bitwise_xor_(self, other: Tensor | Number) -> Self:
        """`bitwise_xor` in place: writes its result over the tensor, which it returns.

        Bitwise exclusive or, elementwise; logical for bool.

            >>> import mibun as torch
            >>> torch.bitwise_xor(torch.tensor([12, 10]), 6)
            tensor([10, 12])

        Operator bitwise_xor:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def bmm(self, mat2: Tensor) -> Tensor:
        """The products of two batches of matrices: `out[b] = input[b] @ mat2[b]`, without broadcasting (see `matmul`).

        Args:
            input: (b, n, m).
            mat2: (b, m, p), of the same dtype.

        Returns:
            (b, n, p).

        Raises:
            RuntimeError: where one is not 3-D, the sizes do not fit or the dtypes differ. NotImplementedError for bools.

        >>> import mibun as torch
        >>> torch.bmm(torch.ones(10, 3, 4), torch.ones(10, 4, 5)).shape
        torch.Size([10, 3, 5])

        Operator bmm:
            vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: BmmBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is
        """

    def bool(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.bool: `self.to(torch.bool)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def broadcast_to(self, *size: _int) -> Tensor:
        """The input expanded to a shape that it broadcasts to. A view; see `Tensor.expand`.

        size: ints, separately (as a method) or as one sequence. RuntimeError where the input does not broadcast to it.

        >>> import mibun as torch
        >>> torch.broadcast_to(torch.tensor([1, 2]), (2, 2))
        tensor([[1, 2],
                [1, 2]])

        Operator expand:
            vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
            node: ExpandBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def broadcast_to(self, size: Sequence[_int]) -> Tensor:
        """The input expanded to a shape that it broadcasts to. A view; see `Tensor.expand`.

        size: ints, separately (as a method) or as one sequence. RuntimeError where the input does not broadcast to it.

        >>> import mibun as torch
        >>> torch.broadcast_to(torch.tensor([1, 2]), (2, 2))
        tensor([[1, 2],
                [1, 2]])

        Operator expand:
            vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
            node: ExpandBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def byte(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.uint8: `self.to(torch.uint8)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def cauchy_(self, median: _float = 0, sigma: _float = 1, *, generator: Generator | None = None) -> Self:
        """Overwrite with Cauchy numbers, of density `sigma / (pi ((x - median)² + sigma²))`. RuntimeError unless sigma is
        positive.

        Operator cauchy_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: CauchyBackward0
            dtypes: each as it is
        """

    def ccol_indices(self) -> Tensor:
        """Where each column of a CSC or BSC tensor begins: (*batch, columns + 1). RuntimeError for a tensor of another layout."""

    def cdouble(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.complex128: `self.to(torch.complex128)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def ceil(self) -> Tensor:
        """The smallest integer not below, elementwise, in the same dtype.

        Args:
            input: of any shape and real dtype; integers stay as they are.

        Raises:
            NotImplementedError: for bool and complex dtypes.

        The gradient is 0.

        >>> import mibun as torch
        >>> torch.ceil(torch.tensor([1.2, -1.7]))
        tensor([ 2., -1.])

        Operator ceil:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: CeilBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
        """

    def ceil_(self) -> Self:
        """`ceil` in place: writes its result over the tensor, which it returns.

        The smallest integer not below, elementwise, in the same dtype.

            Args:
                input: of any shape and real dtype; integers stay as they are.

            Raises:
                NotImplementedError: for bool and complex dtypes.

            The gradient is 0.

            >>> import mibun as torch
            >>> torch.ceil(torch.tensor([1.2, -1.7]))
            tensor([ 2., -1.])

        Operator ceil:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: CeilBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
        """

    def cfloat(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.complex64: `self.to(torch.complex64)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def char(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.int8: `self.to(torch.int8)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def cholesky(self, upper: _bool = False) -> Tensor:
        """The Cholesky factor: see `linalg.cholesky`, which is newer.

        Operator cholesky:
            vjp: lambda xp, g, result, upper: _factor_rule(xp, g, result, upper)
            jvp: lambda xp, t, result, upper: (_factor_jvp(xp, t, result, upper),)
            node: CholeskyBackward0
            dtypes: each as it is
        """

    def cholesky_inverse(self, upper: _bool = False) -> Tensor:
        """The inverse of A, given its Cholesky factor L (upper: its adjoint). `linalg.LinAlgError` where L is singular.

        Operator cholesky_inverse:
            vjp: lambda xp, g, input, out, upper: _from_gram(xp, -xp.matmul(out, xp.matmul(g, out)), input, upper)
            jvp: _inverse_jvp
                def _inverse_jvp(xp, t, input, out, upper):
                    \"""dX = -X (dL L^H + L dL^H) X.\"""
                    return -xp.matmul(out, xp.matmul(_change(xp, t, input, upper), out))
            node: CholeskyInverseBackward0
            dtypes: each as it is
        """

    def cholesky_solve(self, L: Tensor, upper: _bool = False) -> Tensor:
        """X with A X = B, given the Cholesky factor L of A (upper: its adjoint): B (*, n, k), L (*, n, n).

        >>> import mibun as torch
        >>> torch.cholesky_solve(torch.tensor([[8.]]), torch.tensor([[2.]]))
        tensor([[2.]])

        Operator cholesky_solve_factor:
            vjp of input: lambda xp, g, input2, upper: xp.cholesky_solve_factor(g, input2, upper=upper)
            vjp of input2: _solve_rule
                def _solve_rule(xp, g, input2, out, upper):
                    solved = xp.cholesky_solve_factor(g, input2, upper=upper)
                    return _from_gram(xp, -xp.matmul(solved, adjoint(xp, out)), input2, upper)
            jvp of input: lambda xp, t, input2, upper: xp.cholesky_solve_factor(t, input2, upper=upper)
            jvp of input2: _solve_jvp
                def _solve_jvp(xp, t, input2, out, upper):
                    change = _change(xp, t, input2, upper)
                    return -xp.cholesky_solve_factor(xp.matmul(change, out), input2, upper=upper)
            node: CholeskySolveBackward0
            dtypes: each as it is
        """

    @overload
    def chunk(self, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """At most `chunks` parts along a dimension, all of one size but the last, which may be smaller.

        Args:
            input: of any dtype, with at least one dimension.
            chunks: how many. There are fewer where parts of ceil(size / chunks) are enough.
            dim: the dimension.

        Returns:
            a tuple of views, as of `split`.

        Raises:
            RuntimeError: for a 0-d tensor and for chunks < 1.

        >>> import mibun as torch
        >>> torch.arange(5).chunk(2)
        (tensor([0, 1, 2]), tensor([3, 4]))

        Operator split_with_sizes:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: SplitWithSizesBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator split:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: SplitBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def chunk(self, chunks: _int, *, axis: _int) -> tuple[Tensor, ...]:
        """At most `chunks` parts along a dimension, all of one size but the last, which may be smaller.

        Args:
            input: of any dtype, with at least one dimension.
            chunks: how many. There are fewer where parts of ceil(size / chunks) are enough.
            dim: the dimension.

        Returns:
            a tuple of views, as of `split`.

        Raises:
            RuntimeError: for a 0-d tensor and for chunks < 1.

        >>> import mibun as torch
        >>> torch.arange(5).chunk(2)
        (tensor([0, 1, 2]), tensor([3, 4]))

        Operator split_with_sizes:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: SplitWithSizesBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator split:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: SplitBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def clamp(self, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
        """Every element limited to [min, max]: min(max(input, min), max).

        Args:
            min, max: numbers, or Tensors that broadcast; None for no limit.
            out: where to write the result; resized if it does not fit.

        Returns:
            a Tensor of the input's dtype, or of the one that holds the limits as well. NaN stays NaN; where min > max the
            result is max.

        Raises:
            RuntimeError: without any limit, and for bool with Tensors as limits.
            NotImplementedError: for complex dtypes.

        The gradient passes where min <= input <= max, and goes to limits that are Tensors elsewhere.

        >>> import mibun as torch
        >>> torch.clamp(torch.tensor([-2., 0.5, 3.]), 0, 1)
        tensor([0.0000, 0.5000, 1.0000])

        Operator clamp_high:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'less_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'greater'
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_low:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'greater_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'less'
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_tensors:
            vjp of input: lambda xp, g, input, min, max: xp.where(_inside(xp, input, min, max), g, 0.0)
            vjp of min: lambda xp, g, input, min, max: xp.where((input < min) & (min < max), g, 0.0)
            vjp of max: lambda xp, g, input, min, max: xp.where((input > max) | (max < min), g, 0.0)
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex, bool
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_numbers:
            vjp: _clamp_rule
                def _clamp_rule(xp, g, input, min, max):
                    return xp.where(_inside(xp, input, min, max), g, 0.0)
            node: ClampBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
        """

    def clamp_(self, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Self:
        """Limit in place.

        Operator clamp_high:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'less_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'greater'
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_low:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'greater_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'less'
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_tensors:
            vjp of input: lambda xp, g, input, min, max: xp.where(_inside(xp, input, min, max), g, 0.0)
            vjp of min: lambda xp, g, input, min, max: xp.where((input < min) & (min < max), g, 0.0)
            vjp of max: lambda xp, g, input, min, max: xp.where((input > max) | (max < min), g, 0.0)
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex, bool
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_numbers:
            vjp: _clamp_rule
                def _clamp_rule(xp, g, input, min, max):
                    return xp.where(_inside(xp, input, min, max), g, 0.0)
            node: ClampBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
        """

    def clamp_max(self, max: Tensor | Number) -> Tensor:
        """Every element limited from above: min(input, max).

        Args:
            max: a number, or a Tensor that broadcasts.
            out: where to write the result; resized if it does not fit.

        >>> import mibun as torch
        >>> torch.clamp_max(torch.tensor([-2., 3.]), 0)
        tensor([-2.,  0.])

        Operator clamp_max_number:
            vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'less_equal'
            node: ClampMaxBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex

        Operator clamp_max_tensor:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'less_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'greater'
            node: ClampMaxBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def clamp_max_(self, max: Tensor | Number) -> Self:
        """Limit from above in place.

        Operator clamp_max_number:
            vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'less_equal'
            node: ClampMaxBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex

        Operator clamp_max_tensor:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'less_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'greater'
            node: ClampMaxBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def clamp_min(self, min: Tensor | Number) -> Tensor:
        """Every element limited from below: max(input, min).

        Args:
            min: a number, or a Tensor that broadcasts.
            out: where to write the result; resized if it does not fit.

        >>> import mibun as torch
        >>> torch.clamp_min(torch.tensor([-2., 3.]), 0)
        tensor([0., 3.])

        Operator clamp_min_number:
            vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'greater_equal'
            node: ClampMinBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex

        Operator clamp_min_tensor:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'greater_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'less'
            node: ClampMinBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def clamp_min_(self, min: Tensor | Number) -> Self:
        """Limit from below in place.

        Operator clamp_min_number:
            vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'greater_equal'
            node: ClampMinBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex

        Operator clamp_min_tensor:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'greater_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'less'
            node: ClampMinBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def clip(self, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
        """Every element limited to [min, max]: min(max(input, min), max).

        Args:
            min, max: numbers, or Tensors that broadcast; None for no limit.
            out: where to write the result; resized if it does not fit.

        Returns:
            a Tensor of the input's dtype, or of the one that holds the limits as well. NaN stays NaN; where min > max the
            result is max.

        Raises:
            RuntimeError: without any limit, and for bool with Tensors as limits.
            NotImplementedError: for complex dtypes.

        The gradient passes where min <= input <= max, and goes to limits that are Tensors elsewhere.

        >>> import mibun as torch
        >>> torch.clamp(torch.tensor([-2., 0.5, 3.]), 0, 1)
        tensor([0.0000, 0.5000, 1.0000])

        Operator clamp_high:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'less_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'greater'
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_low:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'greater_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'less'
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_tensors:
            vjp of input: lambda xp, g, input, min, max: xp.where(_inside(xp, input, min, max), g, 0.0)
            vjp of min: lambda xp, g, input, min, max: xp.where((input < min) & (min < max), g, 0.0)
            vjp of max: lambda xp, g, input, min, max: xp.where((input > max) | (max < min), g, 0.0)
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex, bool
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_numbers:
            vjp: _clamp_rule
                def _clamp_rule(xp, g, input, min, max):
                    return xp.where(_inside(xp, input, min, max), g, 0.0)
            node: ClampBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
        """

    def clip_(self, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Self:
        """Limit in place.

        Operator clamp_high:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'less_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'greater'
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_low:
            vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
                with inside = 'greater_equal'
            vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
                with outside = 'less'
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_tensors:
            vjp of input: lambda xp, g, input, min, max: xp.where(_inside(xp, input, min, max), g, 0.0)
            vjp of min: lambda xp, g, input, min, max: xp.where((input < min) & (min < max), g, 0.0)
            vjp of max: lambda xp, g, input, min, max: xp.where((input > max) | (max < min), g, 0.0)
            node: ClampBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex, bool
            shapes: broadcast; RuntimeError where they do not

        Operator clamp_numbers:
            vjp: _clamp_rule
                def _clamp_rule(xp, g, input, min, max):
                    return xp.where(_inside(xp, input, min, max), g, 0.0)
            node: ClampBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
        """

    def clone(self, *, memory_format: _memory_format = ...) -> Tensor:
        """A copy in memory of its own, through which gradients flow back.

        Args:
            memory_format: `preserve_format` keeps the order of the dimensions in memory, `contiguous_format` does not.

        Returns:
            a Tensor of the same shape and dtype.

        Raises:
            RuntimeError: where the memory format needs another number of dimensions.

        >>> import mibun as torch
        >>> x = torch.ones(2)
        >>> y = x.clone()
        >>> y[0] = 5
        >>> x
        tensor([1., 1.])

        Operator clone:
            vjp: lambda xp, g: g
            node: CloneBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def coalesce(self) -> Tensor:
        """The same sparse COO tensor with sorted indices that occur once each; values at equal ones are summed. RuntimeError for a tensor of another layout."""

    def col_indices(self) -> Tensor:
        """The columns of the elements of a CSR or BSR tensor: (*batch, n). RuntimeError for a tensor of another layout."""

    def conj(self) -> Tensor:
        """The complex conjugate, elementwise: a new Tensor. A real Tensor is returned as it is.

        >>> import mibun as torch
        >>> torch.conj(torch.tensor([3 + 4j, -1]))
        tensor([ 3.-4.j, -1.-0.j])

        Operator conj:
            vjp: lambda xp, g: xp.conj(g)
            node: ConjBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def conj_physical(self) -> Tensor:
        """The complex conjugate, elementwise. A real Tensor is returned as it is.

        Operator conj_physical:
            vjp: lambda xp, g: xp.conj(g)
            node: ConjPhysicalBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def conj_physical_(self) -> Self:
        """The complex conjugate in place.

        Operator conj_physical_written:
            vjp: lambda xp, g: xp.conj(g)
            node: ConjPhysicalBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def const_data_ptr(self) -> _int:
        """The address of the first element, to be read only."""

    def contiguous(self, memory_format: _memory_format = ...) -> Tensor:
        """The same values, contiguous in memory: the Tensor itself where it is so already, else a copy.

        Args:
            memory_format: the order of dimensions in memory; `contiguous_format` is the order that they have.

        Raises:
            RuntimeError: for `preserve_format`.

        >>> import mibun as torch
        >>> torch.ones(2, 3).T.contiguous().stride()
        (2, 1)

        Operator clone:
            vjp: lambda xp, g: g
            node: CloneBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def copy_(self, src: Tensor | Number, non_blocking: _bool = False) -> Self:
        """Overwrite with the values of `src`, broadcast to this shape and cast to this dtype.

        Args:
            src: a Tensor that broadcasts, or a number.

        Returns:
            this tensor.

        Raises:
            RuntimeError: where `src` does not broadcast.

        The gradient goes to `src`; what was here before gets none.

        >>> import mibun as torch
        >>> torch.zeros(3).copy_(torch.tensor([1, 2, 3]))
        tensor([1., 2., 3.])

        Operator copy_over:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of src: lambda xp, g: g
            jvp of input: lambda xp, t: xp.zeros_like(t)
            jvp of src: lambda xp, t: t
            node: CopyBackwards
            dtypes: each as it is
        """

    def copysign(self, other: Tensor | Number) -> Tensor:
        """The size of `input` with the sign of `other` (that of -0.0 is negative), elementwise.

        Args:
            input: of any shape and real dtype; integers and bools give the default dtype.
            other: a Tensor that broadcasts, or a number.
            out: where to write the result; resized if it does not fit.

        Raises:
            NotImplementedError: for complex dtypes.

        The gradient at 0 is 0, that of `other` everywhere.

        >>> import mibun as torch
        >>> torch.copysign(torch.tensor([1., -2.]), -0.0)
        tensor([-1., -2.])

        Operator copysign_number:
            vjp: _copysign_rule
                def _copysign_rule(xp, g, input, out):
                    # The sign is kept or flipped: out / input, and no derivative at 0.
                    return xp.where(input == 0, 0.0, g * out / xp.where(input == 0, 1.0, input))
            node: CopysignBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex

        Operator copysign_tensor:
            vjp of input: _copysign_rule
                def _copysign_rule(xp, g, input, out):
                    # The sign is kept or flipped: out / input, and no derivative at 0.
                    return xp.where(input == 0, 0.0, g * out / xp.where(input == 0, 1.0, input))
            vjp of other: lambda xp, g: xp.zeros_like(g)
            node: CopysignBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def copysign_(self, other: Tensor | Number) -> Self:
        """`copysign` in place.

        Operator copysign_number:
            vjp: _copysign_rule
                def _copysign_rule(xp, g, input, out):
                    # The sign is kept or flipped: out / input, and no derivative at 0.
                    return xp.where(input == 0, 0.0, g * out / xp.where(input == 0, 1.0, input))
            node: CopysignBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex

        Operator copysign_tensor:
            vjp of input: _copysign_rule
                def _copysign_rule(xp, g, input, out):
                    # The sign is kept or flipped: out / input, and no derivative at 0.
                    return xp.where(input == 0, 0.0, g * out / xp.where(input == 0, 1.0, input))
            vjp of other: lambda xp, g: xp.zeros_like(g)
            node: CopysignBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def corrcoef(self) -> Tensor:
        """The matrix of correlation coefficients of variables (rows): the covariances divided by the deviations.

        >>> import mibun as torch
        >>> torch.corrcoef(torch.tensor([[1., 2., 3.], [3., 2., 1.]]))
        tensor([[ 1., -1.],
                [-1.,  1.]])

        Operator make_complex:
            vjp of real: lambda xp, g: xp.real(g)
            vjp of imag: lambda xp, g: xp.imag(g)
            node: ComplexBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def cos(self) -> Tensor:
        """The cosine of an angle in radians, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.cos(torch.tensor([0., 1.]))
        tensor([1.0000, 0.5403])

        Operator cos:
            vjp: lambda xp, g, input: -g * xp.conj(xp.sin(input))
            node: CosBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def cos_(self) -> Self:
        """`cos` in place: writes its result over the tensor, which it returns.

        The cosine of an angle in radians, elementwise.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            >>> import mibun as torch
            >>> torch.cos(torch.tensor([0., 1.]))
            tensor([1.0000, 0.5403])

        Operator cos:
            vjp: lambda xp, g, input: -g * xp.conj(xp.sin(input))
            node: CosBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def cosh(self) -> Tensor:
        """Hyperbolic cosine, elementwise.

        >>> import mibun as torch
        >>> torch.cosh(torch.tensor([0., 0.5]))
        tensor([1.0000, 1.1276])

        Operator cosh:
            vjp: lambda xp, g, input: g * xp.conj(xp.sinh(input))
            node: CoshBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def cosh_(self) -> Self:
        """`cosh` in place: writes its result over the tensor, which it returns.

        Hyperbolic cosine, elementwise.

            >>> import mibun as torch
            >>> torch.cosh(torch.tensor([0., 0.5]))
            tensor([1.0000, 1.1276])

        Operator cosh:
            vjp: lambda xp, g, input: g * xp.conj(xp.sinh(input))
            node: CoshBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    @overload
    def count_nonzero(self, dim: _int | Sequence[_int] | None = None) -> Tensor:
        """How many elements are not zero, of all or over some dimensions (an int or several): int64.

        >>> import mibun as torch
        >>> torch.count_nonzero(torch.tensor([[0, 1], [2, 3]]), 1)
        tensor([1, 2])

        Operator count_nonzero:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def count_nonzero(self, *, axis: _int | Sequence[_int] | None) -> Tensor:
        """How many elements are not zero, of all or over some dimensions (an int or several): int64.

        >>> import mibun as torch
        >>> torch.count_nonzero(torch.tensor([[0, 1], [2, 3]]), 1)
        tensor([1, 2])

        Operator count_nonzero:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    def cov(self, *, correction: _int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None) -> Tensor:
        """The covariance matrix of variables (rows) from observations (columns): sum w (x - m) (y - m')^* / norm.

        The means are weighted by w = fweights * aweights. The norm is the sum of w less `correction` (with aweights less
        correction * sum(w aweights) / sum(w)), and not below 0.

        fweights: how often each observation was made (integers); aweights: its importance (floats).

        >>> import mibun as torch
        >>> torch.cov(torch.tensor([[1., 2., 3.], [3., 2., 1.]]))
        tensor([[ 1., -1.],
                [-1.,  1.]])

        Operator sum:
            vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
            node: SumBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator sum_integers:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator sum_dim:
            vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
            node: SumBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsqueeze:
            vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
            node: UnsqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator conj:
            vjp: lambda xp, g: xp.conj(g)
            node: ConjBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator transpose:
            vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
            node: TransposeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator squeeze:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator squeeze_dims:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward2
            forward mode: the operator on the tangents
            dtypes: each as it is

        and the operators squeeze_dim
        """

    def cpu(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor on the CPU: itself if it is there. NotImplementedError for one without data, on the device "meta".

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator to_device:
            vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def cross(self, other: Tensor, dim: _int | None = None) -> Tensor:
        """The cross product of vectors of size 3 along `dim`, by default the first dimension of size 3.

        `linalg.cross`, where the default is the last dimension, is newer; without dim there is a warning.

        Operator linalg_cross:
            vjp of input: lambda xp, g, other, dim: xp.linalg_cross(xp.conj(other), g, dim=dim)
            vjp of other: lambda xp, g, input, dim: xp.linalg_cross(g, xp.conj(input), dim=dim)
            node: LinalgCrossBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is
        """
    @overload
    def cross(self, other: Tensor, *, axis: _int | None) -> Tensor:
        """The cross product of vectors of size 3 along `dim`, by default the first dimension of size 3.

        `linalg.cross`, where the default is the last dimension, is newer; without dim there is a warning.

        Operator linalg_cross:
            vjp of input: lambda xp, g, other, dim: xp.linalg_cross(xp.conj(other), g, dim=dim)
            vjp of other: lambda xp, g, input, dim: xp.linalg_cross(g, xp.conj(input), dim=dim)
            node: LinalgCrossBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is
        """

    def crow_indices(self) -> Tensor:
        """Where each row of a CSR or BSR tensor begins: (*batch, rows + 1). RuntimeError for a tensor of another layout."""

    def cuda(
        self, device: Device | None = None, non_blocking: _bool = False, memory_format: _memory_format | None = None,
    ) -> Tensor:
        """The tensor on a GPU, where CuPy sees one; else AssertionError.

        Operator to_device:
            vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def cummax(self, dim: _int) -> return_types.cummax:
        """The running maximum along a dimension and where it was met, the newest of equal ones.

        Returns (values, indices); the gradient of a value goes to the element at its index. NaN stays once it is met.
        NotImplementedError for complex numbers.

        >>> import mibun as torch
        >>> torch.cummax(torch.tensor([1, 3, 2]), 0).values
        tensor([1, 3, 3])

        Operator cummax:
            vjp: lambda xp, g, input, indices, dim: xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g
            jvp: lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),)
            node: CummaxBackward0
            dtypes: each as it is
        """
    @overload
    def cummax(self, *, axis: _int) -> return_types.cummax:
        """The running maximum along a dimension and where it was met, the newest of equal ones.

        Returns (values, indices); the gradient of a value goes to the element at its index. NaN stays once it is met.
        NotImplementedError for complex numbers.

        >>> import mibun as torch
        >>> torch.cummax(torch.tensor([1, 3, 2]), 0).values
        tensor([1, 3, 3])

        Operator cummax:
            vjp: lambda xp, g, input, indices, dim: xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g
            jvp: lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),)
            node: CummaxBackward0
            dtypes: each as it is
        """

    @overload
    def cummin(self, dim: _int) -> return_types.cummin:
        """The running minimum along a dimension and where it was met, the newest of equal ones: (values, indices).

        >>> import mibun as torch
        >>> torch.cummin(torch.tensor([3, 1, 2]), 0).values
        tensor([3, 1, 1])

        Operator cummin:
            vjp: lambda xp, g, input, indices, dim: xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g
            jvp: lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),)
            node: CumminBackward0
            dtypes: each as it is
        """
    @overload
    def cummin(self, *, axis: _int) -> return_types.cummin:
        """The running minimum along a dimension and where it was met, the newest of equal ones: (values, indices).

        >>> import mibun as torch
        >>> torch.cummin(torch.tensor([3, 1, 2]), 0).values
        tensor([3, 1, 1])

        Operator cummin:
            vjp: lambda xp, g, input, indices, dim: xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g
            jvp: lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),)
            node: CumminBackward0
            dtypes: each as it is
        """

    @overload
    def cumprod(self, dim: _int, *, dtype: _dtype | None = None) -> Tensor:
        """The running product along a dimension: out[i] = x[0] * ... * x[i].

        Its gradient is a linear recurrence from the other end, exact where elements are zero. dtype: as for `cumsum`.

        >>> import mibun as torch
        >>> torch.cumprod(torch.tensor([1, 2, 3]), 0)
        tensor([1, 2, 6])

        Operator cumprod:
            vjp: _cumprod_rule
                def _cumprod_rule(xp, g, input, out, dim):
                    \"""With s[i] = g[i] + conj(x[i+1]) * s[i+1], the gradient is s[i] * conj(out[i-1]).\"""
                    if input.ndim == 0 or 0 in input.shape:
                        return g
                    factors = _delayed(xp, xp.flip(xp.conj(input), axis=dim), dim, xp.zeros_like)
                    s = xp.flip(xp.linear_scan(xp.flip(g, axis=dim), factors, dim=dim), axis=dim)
                    return s * xp.conj(_delayed(xp, out, dim, xp.ones_like))
            node: CumprodBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def cumprod(self, *, axis: _int, dtype: _dtype | None = None) -> Tensor:
        """The running product along a dimension: out[i] = x[0] * ... * x[i].

        Its gradient is a linear recurrence from the other end, exact where elements are zero. dtype: as for `cumsum`.

        >>> import mibun as torch
        >>> torch.cumprod(torch.tensor([1, 2, 3]), 0)
        tensor([1, 2, 6])

        Operator cumprod:
            vjp: _cumprod_rule
                def _cumprod_rule(xp, g, input, out, dim):
                    \"""With s[i] = g[i] + conj(x[i+1]) * s[i+1], the gradient is s[i] * conj(out[i-1]).\"""
                    if input.ndim == 0 or 0 in input.shape:
                        return g
                    factors = _delayed(xp, xp.flip(xp.conj(input), axis=dim), dim, xp.zeros_like)
                    s = xp.flip(xp.linear_scan(xp.flip(g, axis=dim), factors, dim=dim), axis=dim)
                    return s * xp.conj(_delayed(xp, out, dim, xp.ones_like))
            node: CumprodBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def cumprod_(self, dim: _int, *, dtype: _dtype | None = None) -> Self:
        """The running product along a dimension, written over this tensor, in its dtype.

        Operator cumprod:
            vjp: _cumprod_rule
                def _cumprod_rule(xp, g, input, out, dim):
                    \"""With s[i] = g[i] + conj(x[i+1]) * s[i+1], the gradient is s[i] * conj(out[i-1]).\"""
                    if input.ndim == 0 or 0 in input.shape:
                        return g
                    factors = _delayed(xp, xp.flip(xp.conj(input), axis=dim), dim, xp.zeros_like)
                    s = xp.flip(xp.linear_scan(xp.flip(g, axis=dim), factors, dim=dim), axis=dim)
                    return s * xp.conj(_delayed(xp, out, dim, xp.ones_like))
            node: CumprodBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def cumprod_(self, *, axis: _int, dtype: _dtype | None = None) -> Self:
        """The running product along a dimension, written over this tensor, in its dtype.

        Operator cumprod:
            vjp: _cumprod_rule
                def _cumprod_rule(xp, g, input, out, dim):
                    \"""With s[i] = g[i] + conj(x[i+1]) * s[i+1], the gradient is s[i] * conj(out[i-1]).\"""
                    if input.ndim == 0 or 0 in input.shape:
                        return g
                    factors = _delayed(xp, xp.flip(xp.conj(input), axis=dim), dim, xp.zeros_like)
                    s = xp.flip(xp.linear_scan(xp.flip(g, axis=dim), factors, dim=dim), axis=dim)
                    return s * xp.conj(_delayed(xp, out, dim, xp.ones_like))
            node: CumprodBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def cumsum(self, dim: _int, *, dtype: _dtype | None = None) -> Tensor:
        """The running sum along a dimension: out[i] = x[0] + ... + x[i].

        Args:
            input: of any dtype.
            dim: the dimension.
            dtype: cast to it first; without it bools and integers are added up in int64.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the same shape. The gradient is the running sum from the other end.

        Raises:
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.cumsum(torch.tensor([1, 2, 3]), 0)
        tensor([1, 3, 6])

        Operator cumsum:
            vjp: lambda xp, g, dim: _running_sum_back(xp, g, dim)
            node: CumsumBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def cumsum(self, *, axis: _int, dtype: _dtype | None = None) -> Tensor:
        """The running sum along a dimension: out[i] = x[0] + ... + x[i].

        Args:
            input: of any dtype.
            dim: the dimension.
            dtype: cast to it first; without it bools and integers are added up in int64.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the same shape. The gradient is the running sum from the other end.

        Raises:
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.cumsum(torch.tensor([1, 2, 3]), 0)
        tensor([1, 3, 6])

        Operator cumsum:
            vjp: lambda xp, g, dim: _running_sum_back(xp, g, dim)
            node: CumsumBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def cumsum_(self, dim: _int, *, dtype: _dtype | None = None) -> Self:
        """The running sum along a dimension, written over this tensor, in its dtype.

        Operator cumsum:
            vjp: lambda xp, g, dim: _running_sum_back(xp, g, dim)
            node: CumsumBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def cumsum_(self, *, axis: _int, dtype: _dtype | None = None) -> Self:
        """The running sum along a dimension, written over this tensor, in its dtype.

        Operator cumsum:
            vjp: lambda xp, g, dim: _running_sum_back(xp, g, dim)
            node: CumsumBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @property
    def data(self) -> Tensor:
        """The same memory, outside the graph and with a version counter of its own."""
    @data.setter
    def data(self, value: Tensor) -> None: ...

    def data_ptr(self) -> _int:
        """The address of the first element; 0 where there is none, or no memory (`untyped_storage().resize_(0)`)."""

    def deg2rad(self) -> Tensor:
        """Degrees to radians, elementwise. RuntimeError for complex dtypes.

        >>> import mibun as torch
        >>> torch.deg2rad(torch.tensor([180., 90.]))
        tensor([3.1416, 1.5708])

        Operator deg2rad:
            vjp: lambda xp, g: g * (math.pi / 180)
            node: Deg2RadBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def deg2rad_(self) -> Self:
        """`deg2rad` in place: writes its result over the tensor, which it returns.

        Degrees to radians, elementwise. RuntimeError for complex dtypes.

            >>> import mibun as torch
            >>> torch.deg2rad(torch.tensor([180., 90.]))
            tensor([3.1416, 1.5708])

        Operator deg2rad:
            vjp: lambda xp, g: g * (math.pi / 180)
            node: Deg2RadBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def dense_dim(self) -> _int:
        """How many dimensions have no indices: all of a dense tensor's."""

    def dequantize(self) -> Tensor:
        """The values in float32: no tensor is quantized here.

        >>> import mibun as torch
        >>> torch.dequantize(torch.tensor([1, 2]))
        tensor([1., 2.])

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator to_device:
            vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def det(self) -> Tensor:
        """The determinant: see `linalg.det`.

        Operator linalg_det:
            vjp: lambda xp, g, A: _scalars(xp, g) * xp.conj(xp.cofactors(A))
            jvp: lambda xp, t, A: xp.sum(xp.cofactors(A) * t, axis=(-2, -1))
            node: LinalgDetBackward0
            dtypes: each as it is
        """

    def detach(self) -> Tensor:
        """The same memory outside of the graph: a leaf that does not require grad.

        Modifying it in place modifies the input too, and the graph notices that: a backward that needs the old values
        raises.

        >>> import mibun as torch
        >>> x = torch.ones(2, requires_grad=True)
        >>> (x * 2).detach().requires_grad
        False
        """

    def detach_(self) -> Self:
        """Take the tensor itself out of the graph. RuntimeError for views.

        >>> import mibun as torch
        >>> (torch.ones(1, requires_grad=True) * 2).detach_().requires_grad
        False
        """

    def diag(self, diagonal: _int = 0) -> Tensor:
        """Of a vector: the square matrix with it on a diagonal. Of a matrix: a copy of its diagonal.

        Args:
            input: of one dimension or two, of any dtype.
            diagonal: which diagonal: 0 the main one, positive above it.
            out: a tensor to write the result into.

        Returns:
            a new tensor: (n + |diagonal|, n + |diagonal|) of a vector of size n, else a vector.

        Raises:
            RuntimeError: for other numbers of dimensions.

        >>> import mibun as torch
        >>> torch.diag(torch.tensor([1, 2]))
        tensor([[1, 0],
                [0, 2]])

        Operator diagonal_copy:
            vjp: lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
                g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2
            )
            node: DiagonalBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def diag_embed(self, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
        """Matrices of zeros with the last dimension of the input as their diagonal; the matrices are dim1 and dim2.

        >>> import mibun as torch
        >>> torch.diag_embed(torch.ones(3, 2)).shape
        torch.Size([3, 2, 2])

        Operator diag_embed:
            vjp: lambda xp, g, offset, dim1, dim2: xp.diagonal(g, offset=offset, dim1=dim1, dim2=dim2)
            node: DiagEmbedBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def diagflat(self, offset: _int = 0) -> Tensor:
        """The square matrix with all elements of the input on a diagonal.

        >>> import mibun as torch
        >>> torch.diagflat(torch.tensor([[1], [2]]))
        tensor([[1, 0],
                [0, 2]])

        Operator diag_embed:
            vjp: lambda xp, g, offset, dim1, dim2: xp.diagonal(g, offset=offset, dim1=dim1, dim2=dim2)
            node: DiagEmbedBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def diagonal(self, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
        """The diagonal of two dimensions, as the last dimension of the result.

        Args:
            input: of any dtype, with at least two dimensions.
            offset: which diagonal: 0 the main one, positive above it.
            dim1, dim2: the dimensions that are rows and columns.

        Returns:
            a view, which can be written to.

        Raises:
            RuntimeError: where dim1 and dim2 are the same.

        >>> import mibun as torch
        >>> torch.tensor([[1, 2], [3, 4]]).diagonal()
        tensor([1, 4])

        Operator diagonal:
            vjp: lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
                g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2
            )
            node: DiagonalBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def diagonal_scatter(self, src: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
        """A copy of the input with `src` as the diagonal of two dimensions: what `input.diagonal(...)` shows.

        >>> import mibun as torch
        >>> torch.diagonal_scatter(torch.zeros(2, 2), torch.ones(2))
        tensor([[1., 0.],
                [0., 1.]])

        Operator select_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SelectScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator slice_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SliceScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator diagonal_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: DiagonalScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator as_strided_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: AsStridedScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator diagonal:
            vjp: lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
                g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2
            )
            node: DiagonalBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def diff(self, n: _int = 1, dim: _int = -1, prepend: Tensor | None = None, append: Tensor | None = None) -> Tensor:
        """The n-th differences of neighbours along a dimension, with `prepend` and `append` joined to it first.

        For bools the exclusive or. RuntimeError for a 0-d tensor or a negative n.

        >>> import mibun as torch
        >>> torch.diff(torch.tensor([1, 4, 9]))
        tensor([3, 5])

        Operator cat:
            vjp: _cat_parts
                def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                    parts = []
                    start = 0
                    for shape, need in zip(tensors_shapes, needs, strict=True):
                        stop = start + shape[dim]
                        parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                        start = stop
                    return parts
            node: CatBackward0
            forward mode: the operator on the tangents
            dtypes: the operands' common one
        """
    @overload
    def diff(self, n: _int = 1, *, axis: _int, prepend: Tensor | None = None, append: Tensor | None = None) -> Tensor:
        """The n-th differences of neighbours along a dimension, with `prepend` and `append` joined to it first.

        For bools the exclusive or. RuntimeError for a 0-d tensor or a negative n.

        >>> import mibun as torch
        >>> torch.diff(torch.tensor([1, 4, 9]))
        tensor([3, 5])

        Operator cat:
            vjp: _cat_parts
                def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                    parts = []
                    start = 0
                    for shape, need in zip(tensors_shapes, needs, strict=True):
                        stop = start + shape[dim]
                        parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                        start = stop
                    return parts
            node: CatBackward0
            forward mode: the operator on the tangents
            dtypes: the operands' common one
        """

    def digamma(self) -> Tensor:
        """The derivative Γ'/Γ of `lgamma`, elementwise; -inf at 0, NaN at the negative integers.

        Args:
            input: of any shape and real dtype. Integers and bools give the default dtype.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.digamma(torch.tensor([1., 2.]))
        tensor([-0.5772,  0.4228])

        Operator digamma:
            vjp: lambda xp, g, input: g * xp.polygamma_of(input, n=1)
            node: DigammaBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def digamma_(self) -> Self:
        """`digamma` in place: writes its result over the tensor, which it returns.

        The derivative Γ'/Γ of `lgamma`, elementwise; -inf at 0, NaN at the negative integers.

            Args:
                input: of any shape and real dtype. Integers and bools give the default dtype.

            Raises:
                NotImplementedError: for complex dtypes.

            >>> import mibun as torch
            >>> torch.digamma(torch.tensor([1., 2.]))
            tensor([-0.5772,  0.4228])

        Operator digamma:
            vjp: lambda xp, g, input: g * xp.polygamma_of(input, n=1)
            node: DigammaBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def dim(self) -> _int:
        """The number of dimensions."""

    def dim_order(self, *, ambiguity_check: _bool | Sequence[_memory_format] = False) -> tuple[_int, ...]:
        """The dimensions in the order of memory, from the one with the largest steps on.

        ambiguity_check: True raises RuntimeError where there is more than one order (sizes of 1, equal strides); memory
        formats raise it where not exactly one of them is that of the tensor. TypeError for anything else.

        >>> import mibun as torch
        >>> torch.empty(2, 3, 4, 5).to(memory_format=torch.channels_last).dim_order()
        (0, 2, 3, 1)

        Operator permute:
            vjp: lambda xp, g, dims: xp.permute_dims(g, _inverse(dims))
            node: PermuteBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def dist(self, other: Tensor, p: _float = 2) -> Tensor:
        """The p-norm of `input - other`, which broadcast: a 0-d tensor. At zero the gradient is zero.

        Args:
            input, other: not both of integers; no bools.
            p: the order of the norm, any number: see `linalg.vector_norm`.

        Raises:
            RuntimeError: for integers and bools, and where the shapes do not broadcast.

        >>> import mibun as torch
        >>> torch.dist(torch.tensor([1., 2.]), torch.tensor([4., 6.]))
        tensor(5.)

        Operator dist:
            vjp of input: _dist_rule
                def _dist_rule(xp, g, input, other, out, p):
                    rule = vector_norm_rule(xp, g, input - other, out, p, tuple(range(max(input.ndim, other.ndim))))
                    return rule
            vjp of other: _dist_other
                def _dist_other(xp, g, input, other, out, p):
                    rule = _dist_rule(xp, g, input, other, out, p)
                    return None if rule is None else -rule
            node: DistBackward0
            forward mode: the VJP of the VJP
            dtypes: the operands' common one
        """

    def div(self, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
        """The quotient input / other, elementwise.

        Args:
            input, other: Tensors of shapes that broadcast, or one of them a number. Integers give the default dtype.
            rounding_mode: None, "floor" (down) or "trunc" (towards zero). Where it is given, integers stay integers and
                the gradient is 0.
            out: where to write the result; resized if it does not fit.

        Raises:
            RuntimeError: "ZeroDivisionError" for integers divided by 0 in a rounding mode, and for other rounding modes.

        >>> import mibun as torch
        >>> torch.div(torch.tensor([7, -7]), 2)
        tensor([ 3.5000, -3.5000])
        >>> torch.div(torch.tensor([7, -7]), 2, rounding_mode="trunc")
        tensor([ 3, -3])

        Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not
        """

    def div_(self, other: Tensor | Number, *, rounding_mode: str | None = None) -> Self:
        """Divide in place.

        Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not

        Operator div_rounded:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            node: DivBackward2
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def divide(self, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
        """The quotient input / other, elementwise.

        Args:
            input, other: Tensors of shapes that broadcast, or one of them a number. Integers give the default dtype.
            rounding_mode: None, "floor" (down) or "trunc" (towards zero). Where it is given, integers stay integers and
                the gradient is 0.
            out: where to write the result; resized if it does not fit.

        Raises:
            RuntimeError: "ZeroDivisionError" for integers divided by 0 in a rounding mode, and for other rounding modes.

        >>> import mibun as torch
        >>> torch.div(torch.tensor([7, -7]), 2)
        tensor([ 3.5000, -3.5000])
        >>> torch.div(torch.tensor([7, -7]), 2, rounding_mode="trunc")
        tensor([ 3, -3])

        Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not
        """

    def divide_(self, other: Tensor | Number, *, rounding_mode: str | None = None) -> Self:
        """Divide in place.

        Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not

        Operator div_rounded:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            node: DivBackward2
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def dot(self, tensor: Tensor) -> Tensor:
        """The dot product of two vectors: `sum_i input[i] tensor[i]`; complex numbers are not conjugated (see `vdot`).

        Args:
            input, tensor: (n,) both, of one dtype.

        Returns:
            a 0-d tensor.

        Raises:
            RuntimeError: where one is not 1-D, or sizes or dtypes differ. NotImplementedError for bools.

        >>> import mibun as torch
        >>> torch.dot(torch.tensor([1., 2.]), torch.tensor([3., 4.]))
        tensor(11.)

        Operator dot:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: DotBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is
        """

    def double(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.float64: `self.to(torch.float64)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def dsplit(self, indices_or_sections: _int | Sequence[_int] | Tensor) -> tuple[Tensor, ...]:
        """Parts along the third dimension; see `tensor_split`. An int must divide its size.

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def eig(self, eigenvectors: _bool = False, *, e: Tensor | None = None, v: Tensor | None = None) -> Tensor:
        """RuntimeError: it was removed from PyTorch. `torch.linalg.eig` is what replaces it."""

    def element_size(self) -> _int:
        """Bytes per element."""

    def eq(self, other: Tensor | Number) -> Tensor:
        """Whether equal, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes; one may be a number. NaN equals nothing.

        >>> import mibun as torch
        >>> torch.eq(torch.tensor([1, 2]), torch.tensor([1., 3.]))
        tensor([ True, False])

        Operator eq:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
        """

    def eq_(self, other: Tensor | Number) -> Self:
        """`eq` in place: writes 0 or 1.

        Operator eq:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one

        Operator eq_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: EqBackward0
            dtypes: the operands' common one

        Operator eq_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: EqBackward1
            dtypes: the operands' common one
        """

    def equal(self, other: Tensor) -> _bool:
        """Whether two Tensors have the same shape and the same elements, as a Python bool; NaN equals nothing.

        Raises:
            TypeError: where one of them is no Tensor.

        >>> import mibun as torch
        >>> torch.equal(torch.tensor([1, 2]), torch.tensor([1, 2]))
        True

        Operator eq:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
        """

    def erf(self) -> Tensor:
        """The error function, elementwise: 2/sqrt(π) times the integral of exp(-t²) from 0 to input.

        Args:
            input: of any shape and real dtype. Integers and bools give the default dtype.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.erf(torch.tensor([0., 1.]))
        tensor([0.0000, 0.8427])

        Operator erf:
            vjp: lambda xp, g, input: g * (2 / math.sqrt(math.pi)) * bell(xp, input, 1.0)
            node: ErfBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def erf_(self) -> Self:
        """`erf` in place: writes its result over the tensor, which it returns.

        The error function, elementwise: 2/sqrt(π) times the integral of exp(-t²) from 0 to input.

            Args:
                input: of any shape and real dtype. Integers and bools give the default dtype.

            Raises:
                NotImplementedError: for complex dtypes.

            >>> import mibun as torch
            >>> torch.erf(torch.tensor([0., 1.]))
            tensor([0.0000, 0.8427])

        Operator erf:
            vjp: lambda xp, g, input: g * (2 / math.sqrt(math.pi)) * bell(xp, input, 1.0)
            node: ErfBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def erfc(self) -> Tensor:
        """1 - erf(input), elementwise, without loss of digits where that is small.

        >>> import mibun as torch
        >>> torch.erfc(torch.tensor([0., 10.], dtype=torch.float64))
        tensor([1.0000e+00, 2.0885e-45], dtype=torch.float64)

        Operator erfc:
            vjp: lambda xp, g, input: g * (-2 / math.sqrt(math.pi)) * bell(xp, input, 1.0)
            node: ErfcBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def erfc_(self) -> Self:
        """`erfc` in place: writes its result over the tensor, which it returns.

        1 - erf(input), elementwise, without loss of digits where that is small.

            >>> import mibun as torch
            >>> torch.erfc(torch.tensor([0., 10.], dtype=torch.float64))
            tensor([1.0000e+00, 2.0885e-45], dtype=torch.float64)

        Operator erfc:
            vjp: lambda xp, g, input: g * (-2 / math.sqrt(math.pi)) * bell(xp, input, 1.0)
            node: ErfcBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def erfinv(self) -> Tensor:
        """The inverse of `erf`, elementwise: infinite at ±1, NaN beyond.

        >>> import mibun as torch
        >>> torch.erfinv(torch.tensor([0., 0.5, 1.]))
        tensor([0.0000, 0.4769,    inf])

        Operator erfinv:
            vjp: _erfinv_rule
                def _erfinv_rule(xp, g, input):
                    root = xp.erfinv(input)
                    return g * (math.sqrt(math.pi) / 2) * xp.exp(root * root)
            node: ErfinvBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def erfinv_(self) -> Self:
        """`erfinv` in place: writes its result over the tensor, which it returns.

        The inverse of `erf`, elementwise: infinite at ±1, NaN beyond.

            >>> import mibun as torch
            >>> torch.erfinv(torch.tensor([0., 0.5, 1.]))
            tensor([0.0000, 0.4769,    inf])

        Operator erfinv:
            vjp: _erfinv_rule
                def _erfinv_rule(xp, g, input):
                    root = xp.erfinv(input)
                    return g * (math.sqrt(math.pi) / 2) * xp.exp(root * root)
            node: ErfinvBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def exp(self) -> Tensor:
        """The exponential e ** input, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        The derivative is the result itself, which is what backward keeps.

        >>> import mibun as torch
        >>> torch.exp(torch.tensor([0., 1.]))
        tensor([1.0000, 2.7183])

        Operator exp:
            vjp: lambda xp, g, out: g * xp.conj(out)
            node: ExpBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def exp2(self) -> Tensor:
        """2 ** input, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.exp2(torch.tensor([3, -1]))
        tensor([8.0000, 0.5000])

        Operator exp2:
            vjp: lambda xp, g, out: g * xp.conj(out * LN2)
            node: Exp2Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def exp2_(self) -> Self:
        """`exp2` in place: writes its result over the tensor, which it returns.

        2 ** input, elementwise.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            >>> import mibun as torch
            >>> torch.exp2(torch.tensor([3, -1]))
            tensor([8.0000, 0.5000])

        Operator exp2:
            vjp: lambda xp, g, out: g * xp.conj(out * LN2)
            node: Exp2Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def exp_(self) -> Self:
        """`exp` in place: writes its result over the tensor, which it returns.

        The exponential e ** input, elementwise.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            The derivative is the result itself, which is what backward keeps.

            >>> import mibun as torch
            >>> torch.exp(torch.tensor([0., 1.]))
            tensor([1.0000, 2.7183])

        Operator exp:
            vjp: lambda xp, g, out: g * xp.conj(out)
            node: ExpBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    @overload
    def expand(self, *size: _int, implicit: _bool = False) -> Tensor:
        """Repeat dimensions of size 1, and new leading ones, without a copy.

        Args:
            size: the sizes of the result, separately or as one sequence; -1 leaves a dimension as it is.
            implicit: without effect, in PyTorch as well.

        Returns:
            a view, of which several elements share memory; the gradient is summed over them.

        Raises:
            RuntimeError: where a dimension of another size than 1 would change, or there are fewer sizes than dimensions.

        >>> import mibun as torch
        >>> torch.tensor([[1], [2]]).expand(2, 3)
        tensor([[1, 1, 1],
                [2, 2, 2]])

        Operator expand:
            vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
            node: ExpandBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def expand(self, size: Sequence[_int], *, implicit: _bool = False) -> Tensor:
        """Repeat dimensions of size 1, and new leading ones, without a copy.

        Args:
            size: the sizes of the result, separately or as one sequence; -1 leaves a dimension as it is.
            implicit: without effect, in PyTorch as well.

        Returns:
            a view, of which several elements share memory; the gradient is summed over them.

        Raises:
            RuntimeError: where a dimension of another size than 1 would change, or there are fewer sizes than dimensions.

        >>> import mibun as torch
        >>> torch.tensor([[1], [2]]).expand(2, 3)
        tensor([[1, 1, 1],
                [2, 2, 2]])

        Operator expand:
            vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
            node: ExpandBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def expand_as(self, other: Tensor) -> Tensor:
        """`self.expand(other.size())`.

        Operator expand:
            vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
            node: ExpandBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def expm1(self) -> Tensor:
        """exp(input) - 1, elementwise, exact near 0.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.expm1(torch.tensor([1e-10], dtype=torch.float64))
        tensor([1.0000e-10], dtype=torch.float64)

        Operator expm1:
            vjp: lambda xp, g, out: g * xp.conj(out + 1)
            node: Expm1Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def expm1_(self) -> Self:
        """`expm1` in place: writes its result over the tensor, which it returns.

        exp(input) - 1, elementwise, exact near 0.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            >>> import mibun as torch
            >>> torch.expm1(torch.tensor([1e-10], dtype=torch.float64))
            tensor([1.0000e-10], dtype=torch.float64)

        Operator expm1:
            vjp: lambda xp, g, out: g * xp.conj(out + 1)
            node: Expm1Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def exponential_(self, lambd: _float = 1, *, generator: Generator | None = None) -> Self:
        """Overwrite with exponential numbers, of density `lambd exp(-lambd x)`. RuntimeError unless `lambd` is positive.

        Operator exponential_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: ExponentialBackward0
            dtypes: each as it is
        """

    def fill_(self, value: Tensor | Number) -> Self:
        """Overwrite every element with one value.

        Args:
            value: a number or a 0-d Tensor, which gets the sum of the gradients.

        Returns:
            this tensor.

        Raises:
            RuntimeError: where the dtype cannot hold the value.

        >>> import mibun as torch
        >>> torch.zeros(2).fill_(3)
        tensor([3., 3.])

        Operator fill_number2:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: FillBackward2
            dtypes: each as it is

        Operator fill_tensor2:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of value: lambda xp, g: g
            jvp of input: lambda xp, t: xp.zeros_like(t)
            jvp of value: lambda xp, t: t
            node: FillBackward3
            dtypes: each as it is
        """

    def fill_diagonal_(self, fill_value: Tensor | Number, wrap: _bool = False) -> Self:
        """Write a number on the main diagonal; the sizes must be equal where there are more than two dimensions.

        wrap: in a matrix with more rows than columns, begin a new diagonal below each that has ended (one row is left out).

        >>> import mibun as torch
        >>> torch.zeros(2, 2).fill_diagonal_(1)
        tensor([[1., 0.],
                [0., 1.]])

        Operator as_strided:
            vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
                g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
            )
            node: AsStridedBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator diagonal:
            vjp: lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
                g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2
            )
            node: DiagonalBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def fix(self) -> Tensor:
        """The integer part, elementwise, in the same dtype.

        Args:
            input: of any shape and real dtype; integers stay as they are.

        Raises:
            NotImplementedError: for bool and complex dtypes.

        The gradient is 0.

        >>> import mibun as torch
        >>> torch.trunc(torch.tensor([1.7, -1.7]))
        tensor([ 1., -1.])

        Operator trunc:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: TruncBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
        """

    def fix_(self) -> Self:
        """`trunc` in place: writes its result over the tensor, which it returns.

        The integer part, elementwise, in the same dtype.

            Args:
                input: of any shape and real dtype; integers stay as they are.

            Raises:
                NotImplementedError: for bool and complex dtypes.

            The gradient is 0.

            >>> import mibun as torch
            >>> torch.trunc(torch.tensor([1.7, -1.7]))
            tensor([ 1., -1.])

        Operator trunc:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: TruncBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
        """

    def flatten(self, start_dim: _int = 0, end_dim: _int = -1) -> Tensor:
        """Join the dimensions from start_dim to end_dim into one.

        Args:
            input: of any dtype; a 0-d tensor becomes 1-d.
            start_dim, end_dim: the first and the last dimension to join, both included.

        Returns:
            (..., n, ...), where n is the product of the sizes joined: a view if that is possible, else a copy; the input
            itself where there is only one dimension to join.

        Raises:
            RuntimeError: where start_dim comes after end_dim.
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.zeros(2, 3, 4).flatten(1).shape
        torch.Size([2, 12])

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator _reshape_alias:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ReshapeAliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsafe_view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: UnsafeViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def flip(self, *dims: _int) -> Tensor:
        """A copy with the order of the elements reversed along some dimensions.

        Args:
            input: of any dtype.
            dims: the dimensions; separately (as a method) or as one sequence.

        Returns:
            a new tensor of the same shape.

        Raises:
            IndexError: where there is no such dimension.
            RuntimeError: where one is named twice.

        >>> import mibun as torch
        >>> torch.flip(torch.arange(3), (0,))
        tensor([2, 1, 0])

        Operator flip:
            vjp: lambda xp, g, dims: xp.flipped(g, dims=dims)
            node: FlipBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def flip(self, dims: Sequence[_int]) -> Tensor:
        """A copy with the order of the elements reversed along some dimensions.

        Args:
            input: of any dtype.
            dims: the dimensions; separately (as a method) or as one sequence.

        Returns:
            a new tensor of the same shape.

        Raises:
            IndexError: where there is no such dimension.
            RuntimeError: where one is named twice.

        >>> import mibun as torch
        >>> torch.flip(torch.arange(3), (0,))
        tensor([2, 1, 0])

        Operator flip:
            vjp: lambda xp, g, dims: xp.flipped(g, dims=dims)
            node: FlipBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def fliplr(self) -> Tensor:
        """A copy with the second dimension reversed.

        >>> import mibun as torch
        >>> torch.fliplr(torch.tensor([[1, 2], [3, 4]]))
        tensor([[2, 1],
                [4, 3]])

        Operator flip:
            vjp: lambda xp, g, dims: xp.flipped(g, dims=dims)
            node: FlipBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def flipud(self) -> Tensor:
        """A copy with the first dimension reversed.

        >>> import mibun as torch
        >>> torch.flipud(torch.tensor([[1, 2], [3, 4]]))
        tensor([[3, 4],
                [1, 2]])

        Operator flip:
            vjp: lambda xp, g, dims: xp.flipped(g, dims=dims)
            node: FlipBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def float(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.float32: `self.to(torch.float32)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def float_power(self, exponent: Tensor | Number) -> Tensor:
        """input ** exponent, computed in float64 (complex128 if either is complex), elementwise.

        Args:
            input, exponent: Tensors of shapes that broadcast, or one of them a number.
            out: where to write the result; resized if it does not fit.

        >>> import mibun as torch
        >>> torch.float_power(torch.tensor([2, 3]), -1)
        tensor([0.5000, 0.3333], dtype=torch.float64)

        Operator pow_base:
            vjp: _base_rule
                def _base_rule(xp, g, out, exponent, base):
                    logarithm = _log_number(base, xp.isdtype(out.dtype, "complex floating"))
                    if base == 0:
                        logarithm = xp.where(xp.real(exponent) >= 0, 0.0, xp.full_like(out, logarithm))
                    return g * xp.conj(out * logarithm)
            node: PowBackward2
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool

        Operator pow_number:
            vjp: _number_power_rule
                def _number_power_rule(xp, g, input, exponent):
                    if exponent == 0:
                        return xp.zeros_like(g)
                    if exponent == 2:
                        return g * xp.conj(xp.twice(input))
                    # By the operator itself, which takes roots of -0 as PyTorch does.
                    return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
            node: PowBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one

        Operator pow_tensor:
            vjp of input: _input_rule
                def _input_rule(xp, g, input, exponent):
                    # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                    constant = (exponent == 0) & ~(xp.abs(input) > 0)
                    return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
            vjp of exponent: _exponent_rule
                def _exponent_rule(xp, g, input, exponent, out):
                    # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                    constant = (input == 0) & (xp.real(exponent) >= 0)
                    return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
            node: PowBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
            shapes: broadcast; RuntimeError where they do not
        """

    def float_power_(self, exponent: Tensor | Number) -> Self:
        """`float_power` in place. RuntimeError unless the dtype is float64 or complex128 already.

        Operator pow_number:
            vjp: _number_power_rule
                def _number_power_rule(xp, g, input, exponent):
                    if exponent == 0:
                        return xp.zeros_like(g)
                    if exponent == 2:
                        return g * xp.conj(xp.twice(input))
                    # By the operator itself, which takes roots of -0 as PyTorch does.
                    return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
            node: PowBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one

        Operator pow_tensor:
            vjp of input: _input_rule
                def _input_rule(xp, g, input, exponent):
                    # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                    constant = (exponent == 0) & ~(xp.abs(input) > 0)
                    return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
            vjp of exponent: _exponent_rule
                def _exponent_rule(xp, g, input, exponent, out):
                    # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                    constant = (input == 0) & (xp.real(exponent) >= 0)
                    return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
            node: PowBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
            shapes: broadcast; RuntimeError where they do not
        """

    def floor(self) -> Tensor:
        """The largest integer not above, elementwise, in the same dtype.

        Args:
            input: of any shape and real dtype; integers stay as they are.

        Raises:
            NotImplementedError: for bool and complex dtypes.

        The gradient is 0.

        >>> import mibun as torch
        >>> torch.floor(torch.tensor([1.7, -1.2]))
        tensor([ 1., -2.])

        Operator floor:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: FloorBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
        """

    def floor_(self) -> Self:
        """`floor` in place: writes its result over the tensor, which it returns.

        The largest integer not above, elementwise, in the same dtype.

            Args:
                input: of any shape and real dtype; integers stay as they are.

            Raises:
                NotImplementedError: for bool and complex dtypes.

            The gradient is 0.

            >>> import mibun as torch
            >>> torch.floor(torch.tensor([1.7, -1.2]))
            tensor([ 1., -2.])

        Operator floor:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: FloorBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
        """

    def floor_divide(self, other: Tensor | Number) -> Tensor:
        """The quotient rounded down, floor(input / other), elementwise, in the common dtype.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            RuntimeError: where integers are divided by 0, and in the backward pass: PyTorch defines no derivative.

        >>> import mibun as torch
        >>> torch.floor_divide(torch.tensor([7., -7.]), 2)
        tensor([ 3., -4.])

        Operator floor_divide:
            vjp of input: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'floor_divide'
            vjp of other: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'floor_divide'
            node: NotImplemented
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def floor_divide_(self, other: Tensor | Number) -> Self:
        """`floor_divide` in place: writes its result over the tensor, which it returns.

        The quotient rounded down, floor(input / other), elementwise, in the common dtype.

            Args:
                input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

            Raises:
                RuntimeError: where integers are divided by 0, and in the backward pass: PyTorch defines no derivative.

            >>> import mibun as torch
            >>> torch.floor_divide(torch.tensor([7., -7.]), 2)
            tensor([ 3., -4.])

        Operator floor_divide:
            vjp of input: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'floor_divide'
            vjp of other: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'floor_divide'
            node: NotImplemented
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def fmax(self, other: Tensor) -> Tensor:
        """The larger of two Tensors, elementwise; a number is preferred to NaN.

        Args:
            input, other: of shapes that broadcast and real dtypes, which are promoted.

        Raises:
            RuntimeError: for complex dtypes.

        Where they tie, the gradient goes to `input`.

        >>> import mibun as torch
        >>> torch.fmax(torch.tensor([1., float("nan")]), torch.tensor([3., 2.]))
        tensor([3., 2.])

        Operator fmax:
            vjp of input: lambda xp, g, input, other: xp.where(first(xp, input, other), g, 0.0)
                with first = first
            vjp of other: lambda xp, g, input, other: xp.where(first(xp, input, other), 0.0, g)
                with first = first
            node: FmaxBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def fmin(self, other: Tensor) -> Tensor:
        """The smaller of two Tensors, elementwise; a number is preferred to NaN.

        Args:
            input, other: of shapes that broadcast and real dtypes, which are promoted.

        Raises:
            RuntimeError: for complex dtypes.

        Where they tie, the gradient goes to `input`.

        >>> import mibun as torch
        >>> torch.fmin(torch.tensor([1., float("nan")]), torch.tensor([3., 2.]))
        tensor([1., 2.])

        Operator fmin:
            vjp of input: lambda xp, g, input, other: xp.where(first(xp, input, other), g, 0.0)
                with first = first
            vjp of other: lambda xp, g, input, other: xp.where(first(xp, input, other), 0.0, g)
                with first = first
            node: FminBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def fmod(self, other: Tensor | Number) -> Tensor:
        """input - trunc(input / other) * other, elementwise: it has the sign of `input`, as C's `fmod`.

        Args:
            input: of a real dtype.
            other: a Tensor that broadcasts, or a number.
            out: where to write the result; resized if it does not fit.

        Raises:
            RuntimeError: where integers are divided by 0, and for bool and complex dtypes.

        >>> import mibun as torch
        >>> torch.fmod(torch.tensor([7, -7]), 3)
        tensor([ 1, -1])

        Operator fmod_scalar:
            vjp: lambda xp, g: g
            node: FmodBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex

        Operator fmod_tensor:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="trunc")
            node: FmodBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def fmod_(self, other: Tensor | Number) -> Self:
        """The remainder, rounded towards zero, in place.

        Operator fmod_scalar:
            vjp: lambda xp, g: g
            node: FmodBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex

        Operator fmod_tensor:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="trunc")
            node: FmodBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def frac(self) -> Tensor:
        """The fractional part, with the sign of the input, elementwise: input - trunc(input).

        >>> import mibun as torch
        >>> torch.frac(torch.tensor([1.5, -1.25]))
        tensor([ 0.5000, -0.2500])

        Operator frac:
            vjp: lambda xp, g: g
            node: FracBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
        """

    def frac_(self) -> Self:
        """`frac` in place: writes its result over the tensor, which it returns.

        The fractional part, with the sign of the input, elementwise: input - trunc(input).

            >>> import mibun as torch
            >>> torch.frac(torch.tensor([1.5, -1.25]))
            tensor([ 0.5000, -0.2500])

        Operator frac:
            vjp: lambda xp, g: g
            node: FracBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
        """

    def frexp(self) -> return_types.frexp:
        """Mantissas of magnitude in [0.5, 1), and int32 exponents of 2: input = mantissa * 2 ** exponent, elementwise.

        0, infinities and NaN are their own mantissas, with exponent 0. The exponents count as constants in the gradient.
        RuntimeError for integers and complex numbers.

        >>> import mibun as torch
        >>> torch.frexp(torch.tensor([12.]))
        torch.return_types.frexp(
        mantissa=tensor([0.7500]),
        exponent=tensor([4], dtype=torch.int32))

        Operator frexp_parts:
            vjp: lambda xp, g, exponent: g / xp.exp2(xp.astype(exponent, g.dtype))
            node: FrexpBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
            raises for: bool, signed integer, unsigned integer, complex
        """

    @overload
    def gather(self, dim: _int, index: Tensor, *, sparse_grad: _bool = False) -> Tensor:
        """The elements at `index` along a dimension: out[i][j] = input[index[i][j]][j] for dim=0.

        Args:
            input: of any dtype.
            dim: the dimension.
            index: int64 or int32, with as many dimensions as the input and, except along `dim`, no larger than it.
            sparse_grad: the gradient of the input is a sparse tensor, with an element for each index.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the index's shape. Its gradient is added up at the indices, as `scatter_add` does.

        Raises:
            RuntimeError: for other shapes or dtypes of the index, and for indices out of range.

        >>> import mibun as torch
        >>> torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0, 0], [1, 0]]))
        tensor([[1, 1],
                [4, 3]])

        Operator gather_along:
            vjp of input: lambda xp, g, input_shape, index, dim, sparse_grad: (
                xp.sparse_element if sparse_grad else xp.gather_embed
            )(g, index, shape=input_shape, dim=dim)
            node: GatherBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def gather(self, *, axis: _int, index: Tensor, sparse_grad: _bool = False) -> Tensor:
        """The elements at `index` along a dimension: out[i][j] = input[index[i][j]][j] for dim=0.

        Args:
            input: of any dtype.
            dim: the dimension.
            index: int64 or int32, with as many dimensions as the input and, except along `dim`, no larger than it.
            sparse_grad: the gradient of the input is a sparse tensor, with an element for each index.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the index's shape. Its gradient is added up at the indices, as `scatter_add` does.

        Raises:
            RuntimeError: for other shapes or dtypes of the index, and for indices out of range.

        >>> import mibun as torch
        >>> torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0, 0], [1, 0]]))
        tensor([[1, 1],
                [4, 3]])

        Operator gather_along:
            vjp of input: lambda xp, g, input_shape, index, dim, sparse_grad: (
                xp.sparse_element if sparse_grad else xp.gather_embed
            )(g, index, shape=input_shape, dim=dim)
            node: GatherBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def gcd(self, other: Tensor) -> Tensor:
        """The greatest common divisor of integers, elementwise, never negative; gcd(0, 0) is 0.

        Args:
            input, other: integer Tensors of shapes that broadcast.

        Raises:
            NotImplementedError: for other dtypes.

        >>> import mibun as torch
        >>> torch.gcd(torch.tensor([12, 7]), torch.tensor([18, 0]))
        tensor([6, 7])

        Operator gcd:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, complex, bfloat16
        """

    def gcd_(self, other: Tensor) -> Self:
        """`gcd` in place: writes its result over the tensor, which it returns.

        The greatest common divisor of integers, elementwise, never negative; gcd(0, 0) is 0.

            Args:
                input, other: integer Tensors of shapes that broadcast.

            Raises:
                NotImplementedError: for other dtypes.

            >>> import mibun as torch
            >>> torch.gcd(torch.tensor([12, 7]), torch.tensor([18, 0]))
            tensor([6, 7])

        Operator gcd:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, complex, bfloat16
        """

    def ge(self, other: Tensor | Number) -> Tensor:
        """input >= other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.ge(torch.tensor([1, 2, 3]), 2)
        tensor([False,  True,  True])

        Operator ge:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def ge_(self, other: Tensor | Number) -> Self:
        """`ge` in place: writes 0 or 1.

        Operator ge:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex

        Operator ge_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: GeBackward0
            dtypes: the operands' common one
            raises for: complex

        Operator ge_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: GeBackward1
            dtypes: the operands' common one
            raises for: complex
        """

    def geometric_(self, p: _float, *, generator: Generator | None = None) -> Self:
        """Overwrite with the number of trials up to the first success, of probability p. RuntimeError unless 0 < p < 1.

        Operator geometric_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: GeometricBackward0
            dtypes: each as it is
        """

    def geqrf(self) -> return_types.geqrf:
        """(a, tau): QR as LAPACK keeps it, R in the upper triangle of a, the reflections below it, their factors in tau.

        `linalg.householder_product(a, tau)` is Q. As in PyTorch it has no derivative; that of `linalg.qr` is there.

        Operator geqrf:
            vjp: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'geqrf'
            node: GeqrfBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def ger(self, vec2: Tensor) -> Tensor:
        """The outer product of two vectors: `out[i, j] = input[i] vec2[j]`.

        Args:
            input: (n,).
            vec2: (m,); dtypes are promoted.

        Returns:
            (n, m).

        Raises:
            RuntimeError: where one is not 1-D.

        >>> import mibun as torch
        >>> torch.outer(torch.tensor([1, 2]), torch.tensor([3, 4, 5]))
        tensor([[ 3,  4,  5],
                [ 6,  8, 10]])

        Operator mul:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: MulBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def get_device(self) -> _int:
        """The number of the device; -1 stands for the CPU.

        >>> import mibun as torch
        >>> torch.get_device(torch.ones(2))
        -1
        """

    def greater(self, other: Tensor | Number) -> Tensor:
        """input > other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.gt(torch.tensor([1, 2, 3]), 2)
        tensor([False, False,  True])

        Operator gt:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def greater_(self, other: Tensor | Number) -> Self:
        """`gt` in place: writes 0 or 1.

        Operator gt:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex

        Operator gt_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: GtBackward0
            dtypes: the operands' common one
            raises for: complex

        Operator gt_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: GtBackward1
            dtypes: the operands' common one
            raises for: complex
        """

    def greater_equal(self, other: Tensor | Number) -> Tensor:
        """input >= other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.ge(torch.tensor([1, 2, 3]), 2)
        tensor([False,  True,  True])

        Operator ge:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def greater_equal_(self, other: Tensor | Number) -> Self:
        """`ge` in place: writes 0 or 1.

        Operator ge:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex

        Operator ge_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: GeBackward0
            dtypes: the operands' common one
            raises for: complex

        Operator ge_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: GeBackward1
            dtypes: the operands' common one
            raises for: complex
        """

    def gt(self, other: Tensor | Number) -> Tensor:
        """input > other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.gt(torch.tensor([1, 2, 3]), 2)
        tensor([False, False,  True])

        Operator gt:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def gt_(self, other: Tensor | Number) -> Self:
        """`gt` in place: writes 0 or 1.

        Operator gt:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex

        Operator gt_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: GtBackward0
            dtypes: the operands' common one
            raises for: complex

        Operator gt_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: GtBackward1
            dtypes: the operands' common one
            raises for: complex
        """

    def half(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.float16: `self.to(torch.float16)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def hardshrink(self, lambd: _float = 0.5) -> Tensor:
        """0 where `|input| <= lambd`, else the input, elementwise, for any shape of a real floating dtype.

        >>> import mibun as torch
        >>> torch.hardshrink(torch.tensor([-1., 0.2, 0.6]))
        tensor([-1.0000,  0.0000,  0.6000])

        Operator hardshrink:
            vjp: lambda xp, g, input, bound: xp.where((input > bound) | (input < -bound), g, 0.0)
            node: HardshrinkBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
        """

    @overload
    def hash_tensor(self, dim: _int | Sequence[_int] = (), *, keepdim: _bool = False, mode: _int = 0) -> Tensor:
        """The exclusive or of the bits of all elements, as 64-bit numbers (float64 or int64), over dimensions: uint64.

        dim: an int or several, all unless given. mode: 0, the only one. RuntimeError for another mode and for an empty
        tensor without `dim`, NotImplementedError for complex numbers.

        >>> import mibun as torch
        >>> torch.hash_tensor(torch.tensor([1, 2, 4]))
        tensor(7, dtype=torch.uint64)

        Operator bitwise_xor:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """
    @overload
    def hash_tensor(self, *, axis: _int | Sequence[_int], keepdims: _bool = False, mode: _int = 0) -> Tensor:
        """The exclusive or of the bits of all elements, as 64-bit numbers (float64 or int64), over dimensions: uint64.

        dim: an int or several, all unless given. mode: 0, the only one. RuntimeError for another mode and for an empty
        tensor without `dim`, NotImplementedError for complex numbers.

        >>> import mibun as torch
        >>> torch.hash_tensor(torch.tensor([1, 2, 4]))
        tensor(7, dtype=torch.uint64)

        Operator bitwise_xor:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: floating, bfloat16, complex
        """

    def heaviside(self, values: Tensor) -> Tensor:
        """0 below 0, 1 above, and `values` at 0, elementwise. Both of one real dtype (RuntimeError otherwise).

        PyTorch defines no derivative; backward through it raises RuntimeError.

        >>> import mibun as torch
        >>> torch.heaviside(torch.tensor([-1., 0., 2.]), torch.tensor(0.5))
        tensor([0.0000, 0.5000, 1.0000])

        Operator heaviside:
            vjp of input: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'heaviside'
            vjp of values: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'heaviside'
            node: NotImplemented
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def heaviside_(self, values: Tensor) -> Self:
        """`heaviside` in place.

        Operator heaviside:
            vjp of input: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'heaviside'
            vjp of values: rule
                def rule(xp, g):
                    raise RuntimeError(f"derivative for aten::{name} is not implemented")
                with name = 'heaviside'
            node: NotImplemented
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def histc(self, bins: _int = 100, min: _float = 0, max: _float = 0) -> Tensor:
        """How many elements fall into each of `bins` equal parts of the range from min to max (both included).

        Where both are 0 the range is that of the elements. What is outside is not counted. RuntimeError for an empty or
        infinite range. Not differentiable.

        >>> import mibun as torch
        >>> torch.histc(torch.tensor([1., 2., 1.]), bins=2)
        tensor([2., 1.])

        Operator histc:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    def histogram(
        self, bins: _int | Tensor, *, range: Sequence[_float] | None = None, weight: Tensor | None = None,
        density: _bool = False,
    ) -> return_types.histogram:
        """How many elements (or how much of `weight`) fall between edges: (hist, bin_edges). float32 or float64.

        bins: a number of bins of one size over `range` (by default that of the elements), or the edges, increasing.
        density: divided by the total and the bins' sizes. Not differentiable. RuntimeError for bins and ranges that make no
        sense.

        >>> import mibun as torch
        >>> torch.histogram(torch.tensor([1., 2., 1.]), 2).hist
        tensor([2., 1.])

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator _reshape_alias:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ReshapeAliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsafe_view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: UnsafeViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def hsplit(self, indices_or_sections: _int | Sequence[_int] | Tensor) -> tuple[Tensor, ...]:
        """Parts along the second dimension (of a vector: the first); see `tensor_split`. An int must divide its size.

        >>> import mibun as torch
        >>> torch.hsplit(torch.arange(4), 2)
        (tensor([0, 1]), tensor([2, 3]))

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def hypot(self, other: Tensor) -> Tensor:
        """sqrt(input² + other²), elementwise, without overflow.

        >>> import mibun as torch
        >>> torch.hypot(torch.tensor([3.]), torch.tensor([4.]))
        tensor([5.])

        Operator hypot:
            vjp of input: lambda xp, g, input, out: g * (input / out)
            vjp of other: lambda xp, g, other, out: g * (other / out)
            node: HypotBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def hypot_(self, other: Tensor) -> Self:
        """`hypot` in place: writes its result over the tensor, which it returns.

        sqrt(input² + other²), elementwise, without overflow.

            >>> import mibun as torch
            >>> torch.hypot(torch.tensor([3.]), torch.tensor([4.]))
            tensor([5.])

        Operator hypot:
            vjp of input: lambda xp, g, input, out: g * (input / out)
            vjp of other: lambda xp, g, other, out: g * (other / out)
            node: HypotBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def i0(self) -> Tensor:
        """The modified Bessel function of the first kind of order 0, elementwise.

        >>> import mibun as torch
        >>> torch.i0(torch.tensor([0., 1.]))
        tensor([1.0000, 1.2661])

        Operator i0:
            vjp: lambda xp, g, input: g * xp.bessel_i1(input)
            node: I0Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def i0_(self) -> Self:
        """`i0` in place: writes its result over the tensor, which it returns.

        The modified Bessel function of the first kind of order 0, elementwise.

            >>> import mibun as torch
            >>> torch.i0(torch.tensor([0., 1.]))
            tensor([1.0000, 1.2661])

        Operator i0:
            vjp: lambda xp, g, input: g * xp.bessel_i1(input)
            node: I0Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def igamma(self, other: Tensor) -> Tensor:
        """The regularised lower incomplete gamma function P(input, other), elementwise; NaN below 0.

        Differentiable with respect to both, where PyTorch has no derivative for `input`.

        >>> import mibun as torch
        >>> torch.igamma(torch.tensor([1.]), torch.tensor([2.]))
        tensor([0.8647])

        Operator igamma:
            vjp of input: lambda xp, g, input, other: g * xp.igamma_order_derivative(input, other, n=1)
            vjp of other: _peak
                def _peak(xp, g, input, other):
                    \"""The derivative of P(a, x) by x: x ** (a - 1) exp(-x) / gamma(a).\"""
                    return g * xp.exp((input - 1) * xp.log(other) - other - xp.lgamma(input))
            node: IgammaBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def igamma_(self, other: Tensor) -> Self:
        """`igamma` in place: writes its result over the tensor, which it returns.

        The regularised lower incomplete gamma function P(input, other), elementwise; NaN below 0.

            Differentiable with respect to both, where PyTorch has no derivative for `input`.

            >>> import mibun as torch
            >>> torch.igamma(torch.tensor([1.]), torch.tensor([2.]))
            tensor([0.8647])

        Operator igamma:
            vjp of input: lambda xp, g, input, other: g * xp.igamma_order_derivative(input, other, n=1)
            vjp of other: _peak
                def _peak(xp, g, input, other):
                    \"""The derivative of P(a, x) by x: x ** (a - 1) exp(-x) / gamma(a).\"""
                    return g * xp.exp((input - 1) * xp.log(other) - other - xp.lgamma(input))
            node: IgammaBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def igammac(self, other: Tensor) -> Tensor:
        """The regularised upper incomplete gamma function 1 - P(input, other), elementwise; see `igamma`.

        >>> import mibun as torch
        >>> torch.igammac(torch.tensor([1.]), torch.tensor([2.]))
        tensor([0.1353])

        Operator igammac:
            vjp of input: lambda xp, g, input, other: -g * xp.igamma_order_derivative(input, other, n=1)
            vjp of other: lambda xp, g, input, other: -_peak(xp, g, input, other)
            node: IgammacBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def igammac_(self, other: Tensor) -> Self:
        """`igammac` in place: writes its result over the tensor, which it returns.

        The regularised upper incomplete gamma function 1 - P(input, other), elementwise; see `igamma`.

            >>> import mibun as torch
            >>> torch.igammac(torch.tensor([1.]), torch.tensor([2.]))
            tensor([0.1353])

        Operator igammac:
            vjp of input: lambda xp, g, input, other: -g * xp.igamma_order_derivative(input, other, n=1)
            vjp of other: lambda xp, g, input, other: -_peak(xp, g, input, other)
            node: IgammacBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
            shapes: broadcast; RuntimeError where they do not
        """

    @property
    def imag(self) -> Tensor:
        """The imaginary part, a view. RuntimeError for real dtypes.

        >>> import mibun as torch
        >>> torch.imag(torch.tensor([3 + 4j, -1]))
        tensor([4., 0.])

        Operator view_as_real:
            vjp: lambda xp, g: xp.view_as_complex(xp.ascontiguousarray(g))
            node: ViewAsRealBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @imag.setter
    def imag(self, value: Tensor) -> None: ...

    @overload
    def index_add(self, dim: _int, index: Tensor, source: Tensor, *, alpha: Number = 1) -> Tensor:
        """A copy of the input with `alpha` times the slices of source added at some positions along a dimension.

        Args:
            input: of any dtype.
            dim: the dimension.
            index: the positions, a vector of int64 or int32.
            source: of the input's dtype and shape, but for as many slices along `dim` as there are positions.
            alpha: a number.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the input's shape. Slices for one position add up.

        Raises:
            RuntimeError: where shapes or dtypes do not fit, or a position is out of range.

        >>> import mibun as torch
        >>> torch.index_add(torch.zeros(3), 0, torch.tensor([0, 2, 2]), torch.ones(3))
        tensor([1., 0., 2.])

        Operator add_slices:
            vjp of input: lambda xp, g: g
            vjp of source: lambda xp, g, index, source_shape, dim, alpha: _slices(xp, g, index, dim, source_shape) * alpha
            node: IndexAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def index_add(self, *, axis: _int, index: Tensor, source: Tensor, alpha: Number = 1) -> Tensor:
        """A copy of the input with `alpha` times the slices of source added at some positions along a dimension.

        Args:
            input: of any dtype.
            dim: the dimension.
            index: the positions, a vector of int64 or int32.
            source: of the input's dtype and shape, but for as many slices along `dim` as there are positions.
            alpha: a number.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the input's shape. Slices for one position add up.

        Raises:
            RuntimeError: where shapes or dtypes do not fit, or a position is out of range.

        >>> import mibun as torch
        >>> torch.index_add(torch.zeros(3), 0, torch.tensor([0, 2, 2]), torch.ones(3))
        tensor([1., 0., 2.])

        Operator add_slices:
            vjp of input: lambda xp, g: g
            vjp of source: lambda xp, g, index, source_shape, dim, alpha: _slices(xp, g, index, dim, source_shape) * alpha
            node: IndexAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def index_add_(self, dim: _int, index: Tensor, source: Tensor, *, alpha: Number = 1) -> Self:
        """`index_add`, into the tensor itself.

        Operator add_slices:
            vjp of input: lambda xp, g: g
            vjp of source: lambda xp, g, index, source_shape, dim, alpha: _slices(xp, g, index, dim, source_shape) * alpha
            node: IndexAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def index_add_(self, *, axis: _int, index: Tensor, source: Tensor, alpha: Number = 1) -> Self:
        """`index_add`, into the tensor itself.

        Operator add_slices:
            vjp of input: lambda xp, g: g
            vjp of source: lambda xp, g, index, source_shape, dim, alpha: _slices(xp, g, index, dim, source_shape) * alpha
            node: IndexAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def index_copy(self, dim: _int, index: Tensor, source: Tensor) -> Tensor:
        """A copy of the input with the slices of source written at the positions `index` along a dimension.

        >>> import mibun as torch
        >>> torch.index_copy(torch.zeros(3), 0, torch.tensor([2, 0]), torch.tensor([5., 6.]))
        tensor([6., 0., 5.])

        Operator copy_slices:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            vjp of source: lambda xp, g, index, source_shape, dim: _slices(xp, g, index, dim, source_shape)
            node: IndexCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def index_copy(self, *, axis: _int, index: Tensor, source: Tensor) -> Tensor:
        """A copy of the input with the slices of source written at the positions `index` along a dimension.

        >>> import mibun as torch
        >>> torch.index_copy(torch.zeros(3), 0, torch.tensor([2, 0]), torch.tensor([5., 6.]))
        tensor([6., 0., 5.])

        Operator copy_slices:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            vjp of source: lambda xp, g, index, source_shape, dim: _slices(xp, g, index, dim, source_shape)
            node: IndexCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def index_copy_(self, dim: _int, index: Tensor, source: Tensor) -> Self:
        """`index_copy`, into the tensor itself.

        Operator copy_slices:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            vjp of source: lambda xp, g, index, source_shape, dim: _slices(xp, g, index, dim, source_shape)
            node: IndexCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def index_copy_(self, *, axis: _int, index: Tensor, source: Tensor) -> Self:
        """`index_copy`, into the tensor itself.

        Operator copy_slices:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            vjp of source: lambda xp, g, index, source_shape, dim: _slices(xp, g, index, dim, source_shape)
            node: IndexCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def index_fill(self, dim: _int, index: Tensor, value: Tensor | Number) -> Tensor:
        """A copy of the input with `value` (a number or a 0-d tensor) at the positions `index` along a dimension.

        >>> import mibun as torch
        >>> torch.index_fill(torch.zeros(3), 0, torch.tensor([0, 2]), 5)
        tensor([5., 0., 5.])

        Operator fill_slices_with:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            vjp of value: lambda xp, g, index, dim: xp.sum(g - xp.index_zero(g, index, dim=dim))
            node: IndexFillBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator fill_slices:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            jvp of input: lambda xp, t, index, dim: xp.index_zero(t, index, dim=dim)
            node: IndexFillBackward0
            dtypes: each as it is
        """
    @overload
    def index_fill(self, *, axis: _int, index: Tensor, value: Tensor | Number) -> Tensor:
        """A copy of the input with `value` (a number or a 0-d tensor) at the positions `index` along a dimension.

        >>> import mibun as torch
        >>> torch.index_fill(torch.zeros(3), 0, torch.tensor([0, 2]), 5)
        tensor([5., 0., 5.])

        Operator fill_slices_with:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            vjp of value: lambda xp, g, index, dim: xp.sum(g - xp.index_zero(g, index, dim=dim))
            node: IndexFillBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator fill_slices:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            jvp of input: lambda xp, t, index, dim: xp.index_zero(t, index, dim=dim)
            node: IndexFillBackward0
            dtypes: each as it is
        """

    @overload
    def index_fill_(self, dim: _int, index: Tensor, value: Tensor | Number) -> Self:
        """`index_fill`, into the tensor itself.

        Operator fill_slices_with:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            vjp of value: lambda xp, g, index, dim: xp.sum(g - xp.index_zero(g, index, dim=dim))
            node: IndexFillBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator fill_slices:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            jvp of input: lambda xp, t, index, dim: xp.index_zero(t, index, dim=dim)
            node: IndexFillBackward0
            dtypes: each as it is
        """
    @overload
    def index_fill_(self, *, axis: _int, index: Tensor, value: Tensor | Number) -> Self:
        """`index_fill`, into the tensor itself.

        Operator fill_slices_with:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            vjp of value: lambda xp, g, index, dim: xp.sum(g - xp.index_zero(g, index, dim=dim))
            node: IndexFillBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator fill_slices:
            vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
            jvp of input: lambda xp, t, index, dim: xp.index_zero(t, index, dim=dim)
            node: IndexFillBackward0
            dtypes: each as it is
        """

    def index_put(self, indices: Sequence[Tensor | None], values: Tensor, accumulate: _bool = False) -> Tensor:
        """A copy of the input with values written at index tensors: what `input[indices] = values` does in place.

        Args:
            input: of any dtype.
            indices: a tuple of tensors (int64 or int32, or bool masks), one for each dimension; they broadcast.
            values: a tensor of the input's dtype that broadcasts to what the indices show.
            accumulate: add instead of replacing; several values for one place then add up.

        Returns:
            a new tensor of the input's shape.

        Raises:
            IndexError: for indices out of range, too many of them, or masks of another shape.
            RuntimeError: where values do not fit.

        >>> import mibun as torch
        >>> torch.index_put(torch.zeros(3), (torch.tensor([0, 0]),), torch.ones(2), accumulate=True)
        tensor([2., 0., 0.])

        Operator index_put_at:
            vjp of input: lambda xp, g, index, axes, accumulate: g if accumulate else xp.index_clear_at(g, index, axes=axes)
            vjp of values: lambda xp, g, index, axes: xp.index_at(g, index, axes=axes)
            node: IndexPutBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator index_put:
            vjp of input: _index_put_input
                def _index_put_input(xp: Any, g: Array, indices: tuple, accumulate: bool) -> Array:
                    return g if accumulate else xp.index_clear(g, indices=indices)
            vjp of values: lambda xp, g, indices: xp.index(g, indices=indices)
            node: IndexPutBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def index_put_(self, indices: Sequence[Tensor | None], values: Tensor, accumulate: _bool = False) -> Self:
        """`index_put`, into the input itself.

        Operator copy_from:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of source: lambda xp, g: g
            node: CopyBackwards
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator index_put_at:
            vjp of input: lambda xp, g, index, axes, accumulate: g if accumulate else xp.index_clear_at(g, index, axes=axes)
            vjp of values: lambda xp, g, index, axes: xp.index_at(g, index, axes=axes)
            node: IndexPutBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator index_put:
            vjp of input: _index_put_input
                def _index_put_input(xp: Any, g: Array, indices: tuple, accumulate: bool) -> Array:
                    return g if accumulate else xp.index_clear(g, indices=indices)
            vjp of values: lambda xp, g, indices: xp.index(g, indices=indices)
            node: IndexPutBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def index_reduce(
        self, dim: _int, index: Tensor, source: Tensor, reduce: str, *, include_self: _bool = True,
    ) -> Tensor:
        """A copy of the input with the slices of source reduced into those at `index` along a dimension.

        index: a vector of int32 or int64. source: of the input's shape, except for one slice per index. reduce: "prod",
        "mean", "amax" or "amin"; of equal extremes each gets the same part of the gradient. include_self: whether what is
        in the input counts too.

        >>> import mibun as torch
        >>> torch.index_reduce(torch.ones(2), 0, torch.tensor([0, 0]), torch.tensor([2., 3.]), "prod")
        tensor([6., 1.])

        Operator index_reduced:
            vjp: _rule
                def _rule(xp, g, input, index, source, out, dim, reduce, include_self, needs):
                    index = _everywhere(xp, index, tuple(source.shape), dim)
                    return reduce_vjp(xp, g, input, index, source, out, dim, reduce, include_self, needs)
            node: IndexReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def index_reduce(
        self, *, axis: _int, index: Tensor, source: Tensor, reduce: str, include_self: _bool = True,
    ) -> Tensor:
        """A copy of the input with the slices of source reduced into those at `index` along a dimension.

        index: a vector of int32 or int64. source: of the input's shape, except for one slice per index. reduce: "prod",
        "mean", "amax" or "amin"; of equal extremes each gets the same part of the gradient. include_self: whether what is
        in the input counts too.

        >>> import mibun as torch
        >>> torch.index_reduce(torch.ones(2), 0, torch.tensor([0, 0]), torch.tensor([2., 3.]), "prod")
        tensor([6., 1.])

        Operator index_reduced:
            vjp: _rule
                def _rule(xp, g, input, index, source, out, dim, reduce, include_self, needs):
                    index = _everywhere(xp, index, tuple(source.shape), dim)
                    return reduce_vjp(xp, g, input, index, source, out, dim, reduce, include_self, needs)
            node: IndexReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def index_reduce_(
        self, dim: _int, index: Tensor, source: Tensor, reduce: str, *, include_self: _bool = True,
    ) -> Self:
        """`index_reduce`, into the tensor itself.

        Operator index_reduced:
            vjp: _rule
                def _rule(xp, g, input, index, source, out, dim, reduce, include_self, needs):
                    index = _everywhere(xp, index, tuple(source.shape), dim)
                    return reduce_vjp(xp, g, input, index, source, out, dim, reduce, include_self, needs)
            node: IndexReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def index_reduce_(
        self, *, axis: _int, index: Tensor, source: Tensor, reduce: str, include_self: _bool = True,
    ) -> Self:
        """`index_reduce`, into the tensor itself.

        Operator index_reduced:
            vjp: _rule
                def _rule(xp, g, input, index, source, out, dim, reduce, include_self, needs):
                    index = _everywhere(xp, index, tuple(source.shape), dim)
                    return reduce_vjp(xp, g, input, index, source, out, dim, reduce, include_self, needs)
            node: IndexReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def index_select(self, dim: _int, index: Tensor) -> Tensor:
        """The slices at some positions along a dimension.

        Args:
            input: of any dtype.
            dim: the dimension.
            index: the positions, a vector of int64 or int32.
            out: a tensor to write the result into.

        Returns:
            a new tensor, of as many slices. Its gradient is added up at the positions, as `index_add` does.

        Raises:
            IndexError: for positions out of range, and an index of more than one dimension.
            RuntimeError: for other dtypes of the index.

        >>> import mibun as torch
        >>> torch.index_select(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([1, 1, 0]))
        tensor([[2, 2, 1],
                [4, 4, 3]])

        Operator select_indices:
            vjp of input: lambda xp, g, input_shape, index, dim: xp.select_indices_embed(g, index, shape=input_shape, dim=dim)
            node: IndexSelectBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def index_select(self, *, axis: _int, index: Tensor) -> Tensor:
        """The slices at some positions along a dimension.

        Args:
            input: of any dtype.
            dim: the dimension.
            index: the positions, a vector of int64 or int32.
            out: a tensor to write the result into.

        Returns:
            a new tensor, of as many slices. Its gradient is added up at the positions, as `index_add` does.

        Raises:
            IndexError: for positions out of range, and an index of more than one dimension.
            RuntimeError: for other dtypes of the index.

        >>> import mibun as torch
        >>> torch.index_select(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([1, 1, 0]))
        tensor([[2, 2, 1],
                [4, 4, 3]])

        Operator select_indices:
            vjp of input: lambda xp, g, input_shape, index, dim: xp.select_indices_embed(g, index, shape=input_shape, dim=dim)
            node: IndexSelectBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def indices(self) -> Tensor:
        """The indices of a coalesced COO tensor: (sparse dimensions, n), int64. RuntimeError for a tensor of another layout."""

    def inner(self, other: Tensor) -> Tensor:
        """The sum of products over the last axes; where one is 0-d, the product. Complex numbers are not conjugated.

        Args:
            input: (*a, n).
            other: (*b, n), of the same dtype.

        Returns:
            (*a, *b).

        Raises:
            RuntimeError: where the last sizes or the dtypes differ.

        >>> import mibun as torch
        >>> torch.inner(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([1., 1.]))
        tensor([3., 7.])

        Operator contract:
            vjp of input: lambda xp, g, other, labels: xp.contract(g, xp.conj(other), labels=(labels[2], labels[1], labels[0]))
            vjp of other: lambda xp, g, input, labels: xp.contract(xp.conj(input), g, labels=(labels[0], labels[2], labels[1]))
            node: ViewBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator dot:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: DotBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is
        """

    def int(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.int32: `self.to(torch.int32)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def inverse(self) -> Tensor:
        """The inverse of square matrices: see `linalg.inv`.

        Operator linalg_inv_ex:
            vjp: lambda xp, g, inverse: -xp.matmul(adjoint(xp, inverse), xp.matmul(g, adjoint(xp, inverse)))
            jvp: lambda xp, t, inverse: (-xp.matmul(inverse, xp.matmul(t, inverse)),)
            node: LinalgInvExBackward0
            dtypes: each as it is
        """

    def ipu(
        self, device: Device | None = None, non_blocking: _bool = False, memory_format: _memory_format | None = None,
    ) -> Tensor:
        """RuntimeError: there is no IPU build."""

    def is_coalesced(self) -> Tensor:
        """Whether the indices of a sparse COO tensor are known to be sorted and to occur once each. RuntimeError for a tensor of another layout."""

    def is_complex(self) -> _bool:
        """Whether the dtype is complex.

        >>> import mibun as torch
        >>> torch.is_complex(torch.tensor([1j]))
        True
        """

    def is_conj(self) -> _bool:
        """Whether the conjugation is only noted and still to be computed: never here."""

    def is_contiguous(self, memory_format: _memory_format | None = None) -> _bool:
        """Whether the elements lie in memory in order, without gaps: in that of `memory_format`, if one is given.

        >>> import mibun as torch
        >>> torch.zeros(2, 3).t().is_contiguous()
        False

        Operator permute:
            vjp: lambda xp, g, dims: xp.permute_dims(g, _inverse(dims))
            node: PermuteBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @property
    def is_cuda(self) -> _bool:
        """Whether the elements are on the device cuda."""

    def is_distributed(self) -> _bool:
        """Whether the tensor is spread over several machines: False."""

    def is_floating_point(self) -> _bool:
        """Whether the dtype is a real floating point one.

        >>> import mibun as torch
        >>> torch.is_floating_point(torch.tensor([1]))
        False
        """

    @property
    def is_hpu(self) -> _bool:
        """Whether the elements are on the device hpu: never."""

    @property
    def is_ipu(self) -> _bool:
        """Whether the elements are on the device ipu: never."""

    @property
    def is_maia(self) -> _bool:
        """Whether the elements are on the device maia: never."""

    @property
    def is_mkldnn(self) -> _bool:
        """Whether the elements are on the device mkldnn: never."""

    @property
    def is_mps(self) -> _bool:
        """Whether the elements are on the device mps: never."""

    @property
    def is_mtia(self) -> _bool:
        """Whether the elements are on the device mtia: never."""

    def is_neg(self) -> _bool:
        """Whether the negation is only noted and still to be computed: never here."""

    @property
    def is_nested(self) -> _bool:
        """Whether the tensor is nested: never."""

    def is_nonzero(self) -> _bool:
        """Whether the only element is not 0. RuntimeError unless there is exactly one.

        >>> import mibun as torch
        >>> torch.is_nonzero(torch.tensor([0.]))
        False

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def is_pinned(self, device: Device | None = None) -> _bool:
        """Whether the memory is pinned: never."""

    @property
    def is_quantized(self) -> _bool:
        """Whether the tensor is quantized: never."""

    def is_same_size(self, other: Tensor) -> _bool:
        """Whether two Tensors have the same shape.

        >>> import mibun as torch
        >>> torch.is_same_size(torch.ones(2, 3), torch.zeros(2, 3))
        True
        """

    def is_set_to(self, tensor: Tensor) -> _bool:
        """Whether both tensors look at the same memory in the same geometry.

        >>> import mibun as torch
        >>> x = torch.ones(2)
        >>> x.is_set_to(x.detach())
        True
        """

    def is_shared(self) -> _bool:
        """Whether other processes see the memory: after `share_memory_`."""

    def is_signed(self) -> _bool:
        """Whether the dtype can hold negative numbers.

        >>> import mibun as torch
        >>> torch.is_signed(torch.tensor([1], dtype=torch.uint8))
        False
        """

    @property
    def is_sparse(self) -> _bool:
        """Whether the layout is `torch.sparse_coo`."""

    @property
    def is_sparse_csr(self) -> _bool:
        """Whether the layout is `torch.sparse_csr`."""

    @property
    def is_vulkan(self) -> _bool:
        """Whether the elements are on the device vulkan: never."""

    @property
    def is_xla(self) -> _bool:
        """Whether the elements are on the device xla."""

    @property
    def is_xpu(self) -> _bool:
        """Whether the elements are on the device xpu: never."""

    def isclose(self, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False) -> Tensor:
        """Whether |input - other| <= atol + rtol * |other|, elementwise; infinities are close to themselves only.

        Args:
            input, other: of one dtype and shapes that broadcast.
            rtol, atol: the tolerances, not negative.
            equal_nan: whether NaN is close to NaN.

        Returns:
            a bool Tensor.

        Raises:
            RuntimeError: where the dtypes differ, or a tolerance is negative.

        >>> import mibun as torch
        >>> torch.isclose(torch.tensor([1., 2.]), torch.tensor([1., 2.1]))
        tensor([ True, False])

        Operator isclose:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    def isfinite(self) -> Tensor:
        """Whether neither infinite nor NaN, elementwise: a bool Tensor.

        Args:
            input: of any shape and dtype.

        >>> import mibun as torch
        >>> torch.isfinite(torch.tensor([1., float("inf")]))
        tensor([ True, False])

        Operator isfinite:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
        """

    def isinf(self) -> Tensor:
        """Whether infinite (for complex: in either part), elementwise.

        >>> import mibun as torch
        >>> torch.isinf(torch.tensor([1., float("-inf")]))
        tensor([False,  True])

        Operator isinf:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
        """

    def isnan(self) -> Tensor:
        """Whether NaN, elementwise: a bool Tensor.

        Args:
            input: of any shape and dtype; a complex number is NaN if either part is.

        >>> import mibun as torch
        >>> torch.isnan(torch.tensor([1., float("nan")]))
        tensor([False,  True])

        Operator isnan:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
        """

    def isneginf(self) -> Tensor:
        """Whether -inf, elementwise. RuntimeError for complex dtypes.

        >>> import mibun as torch
        >>> torch.isneginf(torch.tensor([float("inf"), float("-inf")]))
        tensor([False,  True])

        Operator isneginf:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def isposinf(self) -> Tensor:
        """Whether +inf, elementwise. RuntimeError for complex dtypes.

        >>> import mibun as torch
        >>> torch.isposinf(torch.tensor([float("inf"), float("-inf")]))
        tensor([ True, False])

        Operator isposinf:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def isreal(self) -> Tensor:
        """Whether the imaginary part is 0, elementwise: true for every element of a real dtype.

        >>> import mibun as torch
        >>> torch.isreal(torch.tensor([3 + 4j, -1]))
        tensor([False,  True])

        Operator isreal:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
        """

    def istft(
        self, n_fft: _int, hop_length: _int | None = None, win_length: _int | None = None, window: Tensor | None = None,
        center: _bool = True, normalized: _bool = False, onesided: _bool | None = None, length: _int | None = None,
        return_complex: _bool = False,
    ) -> Tensor:
        """The signals of whose stretches `stft` gives the transforms: they are transformed back, multiplied with the
        window, added up, and divided by the sum of the squared windows, which is the least-squares estimate.

        Args:
            input: (frequencies, times) or (B, frequencies, times), complex.
            n_fft, hop_length, win_length, window, center, normalized, onesided: as for `stft`.
            length: of the signals; by default as far as the stretches go.
            return_complex: for signals that were complex.

        Returns:
            (L,) or (B, L).

        Raises:
            RuntimeError: for sizes that do not fit, real input, and where the windows leave a gap in the signal.

        Source: Griffin and Lim, "Signal estimation from modified short-time Fourier transform" (1984).

        >>> import mibun as torch
        >>> signal, window = torch.arange(8.0), torch.hann_window(4)
        >>> spectrum = torch.stft(signal, 4, window=window, return_complex=True)
        >>> torch.istft(spectrum, 4, window=window).allclose(signal, atol=1e-6)
        True

        Operator fft_c2c:
            vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
            node: FftC2CBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator fft_c2r:
            vjp: _to_real_transposed
                def _to_real_transposed(xp, g, dims, inverse, scale, n):
                    half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                    return half * _halves(xp, half, dims[-1], n)
            node: FftC2RBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def item(self) -> _int | _float | _bool:
        """The one element as a Python number.

        Raises:
            RuntimeError: if there is not exactly one.

        >>> import mibun as torch
        >>> torch.tensor([2.5]).item()
        2.5

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator _reshape_alias:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ReshapeAliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsafe_view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: UnsafeViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def kron(self, other: Tensor) -> Tensor:
        """The Kronecker product: each element of `input` times the whole of `other`, laid out as blocks.

        Args:
            input: (a0, ..., an).
            other: (b0, ..., bn); the one with fewer dimensions gets further ones of size 1 in front. Dtypes are promoted.

        Returns:
            (a0 b0, ..., an bn).

        >>> import mibun as torch
        >>> torch.kron(torch.tensor([1, 10]), torch.tensor([1, 2]))
        tensor([ 1,  2, 10, 20])

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator _reshape_alias:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ReshapeAliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsafe_view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: UnsafeViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def kthvalue(self, k: _int, dim: _int = -1, keepdim: _bool = False) -> return_types.kthvalue:
        """The k-th smallest element along a dimension (k from 1), with its index: (values, indices).

        >>> import mibun as torch
        >>> torch.kthvalue(torch.tensor([3., 1., 2.]), 2).values
        tensor(2.)

        Operator kthvalue:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: KthvalueBackward0
            dtypes: each as it is
        """
    @overload
    def kthvalue(self, k: _int, *, axis: _int, keepdims: _bool = False) -> return_types.kthvalue:
        """The k-th smallest element along a dimension (k from 1), with its index: (values, indices).

        >>> import mibun as torch
        >>> torch.kthvalue(torch.tensor([3., 1., 2.]), 2).values
        tensor(2.)

        Operator kthvalue:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: KthvalueBackward0
            dtypes: each as it is
        """

    @property
    def layout(self) -> _layout:
        """How the elements are stored: `torch.strided`, or a sparse layout."""

    def lcm(self, other: Tensor) -> Tensor:
        """The least common multiple of integers, elementwise, never negative; 0 where one of them is.

        Args:
            input, other: integer Tensors of shapes that broadcast.

        Raises:
            NotImplementedError: for other dtypes.

        >>> import mibun as torch
        >>> torch.lcm(torch.tensor([4, 3]), torch.tensor([6, 0]))
        tensor([12,  0])

        Operator lcm:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, complex, bfloat16
        """

    def lcm_(self, other: Tensor) -> Self:
        """`lcm` in place: writes its result over the tensor, which it returns.

        The least common multiple of integers, elementwise, never negative; 0 where one of them is.

            Args:
                input, other: integer Tensors of shapes that broadcast.

            Raises:
                NotImplementedError: for other dtypes.

            >>> import mibun as torch
            >>> torch.lcm(torch.tensor([4, 3]), torch.tensor([6, 0]))
            tensor([12,  0])

        Operator lcm:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: bool, floating, complex, bfloat16
        """

    def ldexp(self, other: Tensor) -> Tensor:
        """input * 2 ** other, elementwise; `other` need not be whole. Tensors that broadcast.

        >>> import mibun as torch
        >>> torch.ldexp(torch.tensor([1.5]), torch.tensor([4]))
        tensor([24.])

        Operator ldexp:
            vjp of input: lambda xp, g, other: g * xp.conj(xp.exp2(other))
            vjp of other: lambda xp, g, out: g * xp.conj(out) * math.log(2)
            node: LdexpBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not
        """

    def ldexp_(self, other: Tensor) -> Self:
        """`ldexp` in place: writes its result over the tensor, which it returns.

        input * 2 ** other, elementwise; `other` need not be whole. Tensors that broadcast.

            >>> import mibun as torch
            >>> torch.ldexp(torch.tensor([1.5]), torch.tensor([4]))
            tensor([24.])

        Operator ldexp:
            vjp of input: lambda xp, g, other: g * xp.conj(xp.exp2(other))
            vjp of other: lambda xp, g, out: g * xp.conj(out) * math.log(2)
            node: LdexpBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not
        """

    def le(self, other: Tensor | Number) -> Tensor:
        """input <= other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.le(torch.tensor([1, 2, 3]), 2)
        tensor([ True,  True, False])

        Operator le:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def le_(self, other: Tensor | Number) -> Self:
        """`le` in place: writes 0 or 1.

        Operator le:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex

        Operator le_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LeBackward0
            dtypes: the operands' common one
            raises for: complex

        Operator le_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LeBackward1
            dtypes: the operands' common one
            raises for: complex
        """

    def lerp(self, end: Tensor, weight: Tensor | Number) -> Tensor:
        """The linear interpolation input + weight * (end - input), elementwise.

        Args:
            input, end: of one floating or complex dtype and shapes that broadcast.
            weight: a Tensor of that dtype that broadcasts, or a number.
            out: where to write the result; resized if it does not fit.

        Raises:
            RuntimeError: where the dtypes differ.

        It is computed from the nearer end, so that weight 1 gives `end` exactly.

        >>> import mibun as torch
        >>> torch.lerp(torch.tensor([0., 10.]), torch.tensor([10., 20.]), 0.25)
        tensor([ 2.5000, 12.5000])

        Operator lerp_tensor:
            vjp of input: lambda xp, g, weight: g * xp.conj(1 - weight)
            vjp of end: lambda xp, g, weight: g * xp.conj(weight)
            vjp of weight: lambda xp, g, input, end: g * xp.conj(end - input)
            node: LerpBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer
            shapes: broadcast; RuntimeError where they do not

        Operator lerp_scalar:
            vjp of input: lambda xp, g, weight: g * (1 - weight).conjugate()
            vjp of end: lambda xp, g, weight: g * weight.conjugate()
            node: LerpBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer
            shapes: broadcast; RuntimeError where they do not
        """

    def lerp_(self, end: Tensor, weight: Tensor | Number) -> Self:
        """Interpolate in place.

        Operator lerp_tensor:
            vjp of input: lambda xp, g, weight: g * xp.conj(1 - weight)
            vjp of end: lambda xp, g, weight: g * xp.conj(weight)
            vjp of weight: lambda xp, g, input, end: g * xp.conj(end - input)
            node: LerpBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer
            shapes: broadcast; RuntimeError where they do not

        Operator lerp_scalar:
            vjp of input: lambda xp, g, weight: g * (1 - weight).conjugate()
            vjp of end: lambda xp, g, weight: g * weight.conjugate()
            node: LerpBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer
            shapes: broadcast; RuntimeError where they do not
        """

    def less(self, other: Tensor | Number) -> Tensor:
        """input < other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.lt(torch.tensor([1, 2, 3]), 2)
        tensor([ True, False, False])

        Operator lt:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def less_(self, other: Tensor | Number) -> Self:
        """`lt` in place: writes 0 or 1.

        Operator lt:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex

        Operator lt_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LtBackward0
            dtypes: the operands' common one
            raises for: complex

        Operator lt_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LtBackward1
            dtypes: the operands' common one
            raises for: complex
        """

    def less_equal(self, other: Tensor | Number) -> Tensor:
        """input <= other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.le(torch.tensor([1, 2, 3]), 2)
        tensor([ True,  True, False])

        Operator le:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def less_equal_(self, other: Tensor | Number) -> Self:
        """`le` in place: writes 0 or 1.

        Operator le:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex

        Operator le_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LeBackward0
            dtypes: the operands' common one
            raises for: complex

        Operator le_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LeBackward1
            dtypes: the operands' common one
            raises for: complex
        """

    def lgamma(self) -> Tensor:
        """log |Γ(input)|, elementwise; infinite at 0 and the negative integers.

        Args:
            input: of any shape and real dtype. Integers and bools give the default dtype.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.lgamma(torch.tensor([3., 0.5]))
        tensor([0.6931, 0.5724])

        Operator lgamma:
            vjp: lambda xp, g, input: g * xp.digamma(input)
            node: LgammaBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def lgamma_(self) -> Self:
        """`lgamma` in place: writes its result over the tensor, which it returns.

        log |Γ(input)|, elementwise; infinite at 0 and the negative integers.

            Args:
                input: of any shape and real dtype. Integers and bools give the default dtype.

            Raises:
                NotImplementedError: for complex dtypes.

            >>> import mibun as torch
            >>> torch.lgamma(torch.tensor([3., 0.5]))
            tensor([0.6931, 0.5724])

        Operator lgamma:
            vjp: lambda xp, g, input: g * xp.digamma(input)
            node: LgammaBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def log(self) -> Tensor:
        """The natural logarithm, elementwise; -inf at 0 and NaN below it for real dtypes.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.log(torch.tensor([1., 0., -1.]))
        tensor([0., -inf, nan])

        Operator log:
            vjp: lambda xp, g, input: g / xp.conj(input)
            node: LogBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def log10(self) -> Tensor:
        """The logarithm to base 10, elementwise; -inf at 0 and NaN below it for real dtypes.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.log10(torch.tensor([100, 1]))
        tensor([2.0000, 0.0000])

        Operator log10:
            vjp: lambda xp, g, input: g / xp.conj(input * LN10)
            node: Log10Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def log10_(self) -> Self:
        """`log10` in place: writes its result over the tensor, which it returns.

        The logarithm to base 10, elementwise; -inf at 0 and NaN below it for real dtypes.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            >>> import mibun as torch
            >>> torch.log10(torch.tensor([100, 1]))
            tensor([2.0000, 0.0000])

        Operator log10:
            vjp: lambda xp, g, input: g / xp.conj(input * LN10)
            node: Log10Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def log1p(self) -> Tensor:
        """log(1 + input), elementwise, exact near 0.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.log1p(torch.tensor([0., -1.]))
        tensor([0., -inf])

        Operator log1p:
            vjp: lambda xp, g, input: g / xp.conj(input + 1)
            node: Log1PBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def log1p_(self) -> Self:
        """`log1p` in place: writes its result over the tensor, which it returns.

        log(1 + input), elementwise, exact near 0.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            >>> import mibun as torch
            >>> torch.log1p(torch.tensor([0., -1.]))
            tensor([0., -inf])

        Operator log1p:
            vjp: lambda xp, g, input: g / xp.conj(input + 1)
            node: Log1PBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def log2(self) -> Tensor:
        """The logarithm to base 2, elementwise; -inf at 0 and NaN below it for real dtypes.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.log2(torch.tensor([8, 1]))
        tensor([3., 0.])

        Operator log2:
            vjp: lambda xp, g, input: g / xp.conj(input * LN2)
            node: Log2Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def log2_(self) -> Self:
        """`log2` in place: writes its result over the tensor, which it returns.

        The logarithm to base 2, elementwise; -inf at 0 and NaN below it for real dtypes.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            >>> import mibun as torch
            >>> torch.log2(torch.tensor([8, 1]))
            tensor([3., 0.])

        Operator log2:
            vjp: lambda xp, g, input: g / xp.conj(input * LN2)
            node: Log2Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def log_(self) -> Self:
        """`log` in place: writes its result over the tensor, which it returns.

        The natural logarithm, elementwise; -inf at 0 and NaN below it for real dtypes.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            >>> import mibun as torch
            >>> torch.log(torch.tensor([1., 0., -1.]))
            tensor([0., -inf, nan])

        Operator log:
            vjp: lambda xp, g, input: g / xp.conj(input)
            node: LogBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def log_normal_(self, mean: _float = 1, std: _float = 2, *, generator: Generator | None = None) -> Self:
        """Overwrite with exp of normal numbers of this mean and standard deviation. RuntimeError unless `std` is
        positive.

        Operator log_normal_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: LogNormalBackward0
            dtypes: each as it is
        """

    @overload
    def log_softmax(self, dim: _int, dtype: _dtype | None = None) -> Tensor:
        """`log(softmax(input))` over one dimension, accurate also where softmax underflows; arguments as for `softmax`.

        >>> import mibun as torch
        >>> torch.log_softmax(torch.zeros(4), dim=0)
        tensor([-1.3863, -1.3863, -1.3863, -1.3863])

        Operator log_softmax_over:
            vjp: lambda xp, g, out, dim: g - xp.exp(out) * xp.sum(g, axis=_axis(out, dim), keepdims=True)
            node: LogSoftmaxBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def log_softmax(self, *, axis: _int, dtype: _dtype | None = None) -> Tensor:
        """`log(softmax(input))` over one dimension, accurate also where softmax underflows; arguments as for `softmax`.

        >>> import mibun as torch
        >>> torch.log_softmax(torch.zeros(4), dim=0)
        tensor([-1.3863, -1.3863, -1.3863, -1.3863])

        Operator log_softmax_over:
            vjp: lambda xp, g, out, dim: g - xp.exp(out) * xp.sum(g, axis=_axis(out, dim), keepdims=True)
            node: LogSoftmaxBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def logaddexp(self, other: Tensor) -> Tensor:
        """log(exp(input) + exp(other)), elementwise, without overflow.

        Args:
            input, other: Tensors of shapes that broadcast and floating or complex dtypes.

        Raises:
            NotImplementedError: for integers and bools.

        >>> import mibun as torch
        >>> torch.logaddexp(torch.tensor([1000.]), torch.tensor([1000.]))
        tensor([1000.6932])

        Operator logaddexp:
            vjp of input: lambda xp, g, input, other: g * xp.conj(xp.logistic(input - other))
            vjp of other: lambda xp, g, input, other: g * xp.conj(xp.logistic(other - input))
            node: LogaddexpBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer
            shapes: broadcast; RuntimeError where they do not
        """

    def logaddexp2(self, other: Tensor) -> Tensor:
        """log2(2 ** input + 2 ** other), elementwise, without overflow.

        >>> import mibun as torch
        >>> torch.logaddexp2(torch.tensor([3.]), torch.tensor([3.]))
        tensor([4.])

        Operator logaddexp2:
            vjp of input: lambda xp, g, input, other: g * xp.logistic((input - other) * LN2)
            vjp of other: lambda xp, g, input, other: g * xp.logistic((other - input) * LN2)
            node: Logaddexp2Backward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
            shapes: broadcast; RuntimeError where they do not
        """

    @overload
    def logcumsumexp(self, dim: _int) -> Tensor:
        """log(cumsum(exp(input))) along a dimension, without overflow. NotImplementedError for integers.

        >>> import mibun as torch
        >>> torch.logcumsumexp(torch.tensor([0., 0.]), 0)
        tensor([0.0000, 0.6931])

        Operator logcumsumexp:
            vjp: _logcumsumexp_rule
                def _logcumsumexp_rule(xp, g, input, out, dim):
                    \"""sum over j >= i of g[j] exp(x[i] - out[j]), as a recurrence with factors exp(out[i] - out[i+1]) <= 1.

                    Where the sum has become infinite, and stays so, the factor is 1: what was finite has no gradient from there.
                    \"""
                    if input.ndim == 0:
                        return g * xp.conj(xp.exp(input - out))
                    if 0 in input.shape:
                        return g
                    previous = _delayed(xp, out, dim, lambda x: x)
                    stays = xp.logical_and(xp.isinf(out), xp.equal(previous, out))
                    ratios = xp.flip(xp.conj(xp.exp(xp.where(stays, xp.zeros_like(out), previous - out))), axis=dim)
                    s = xp.linear_scan(xp.flip(g, axis=dim), _delayed(xp, ratios, dim, xp.zeros_like), dim=dim)
                    return xp.flip(s, axis=dim) * xp.conj(xp.exp(input - out))
            node: LogcumsumexpBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def logcumsumexp(self, *, axis: _int) -> Tensor:
        """log(cumsum(exp(input))) along a dimension, without overflow. NotImplementedError for integers.

        >>> import mibun as torch
        >>> torch.logcumsumexp(torch.tensor([0., 0.]), 0)
        tensor([0.0000, 0.6931])

        Operator logcumsumexp:
            vjp: _logcumsumexp_rule
                def _logcumsumexp_rule(xp, g, input, out, dim):
                    \"""sum over j >= i of g[j] exp(x[i] - out[j]), as a recurrence with factors exp(out[i] - out[i+1]) <= 1.

                    Where the sum has become infinite, and stays so, the factor is 1: what was finite has no gradient from there.
                    \"""
                    if input.ndim == 0:
                        return g * xp.conj(xp.exp(input - out))
                    if 0 in input.shape:
                        return g
                    previous = _delayed(xp, out, dim, lambda x: x)
                    stays = xp.logical_and(xp.isinf(out), xp.equal(previous, out))
                    ratios = xp.flip(xp.conj(xp.exp(xp.where(stays, xp.zeros_like(out), previous - out))), axis=dim)
                    s = xp.linear_scan(xp.flip(g, axis=dim), _delayed(xp, ratios, dim, xp.zeros_like), dim=dim)
                    return xp.flip(s, axis=dim) * xp.conj(xp.exp(input - out))
            node: LogcumsumexpBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def logdet(self) -> Tensor:
        """The logarithm of the determinant of square matrices (*, n, n): (*,), -inf where it is 0, NaN where it is
        negative.

        RuntimeError where they are not square, or integers. See `linalg.slogdet` for the logarithm of the absolute value.

        >>> import mibun as torch
        >>> torch.logdet(torch.eye(3))
        tensor(0.)

        Operator linalg_slogdet:
            vjp: _slogdet_rule
                def _slogdet_rule(xp, g, A, sign):
                    \"""d log det A = tr(A^-1 dA) = z; the logarithm of the size is its real part, and d sign = i sign im(z).

                    So the gradient is A^-H times g_log + i im(conj(sign) g_sign).
                    \"""
                    g_sign, g_log = g
                    if xp.isdtype(A.dtype, "complex floating"):
                        turn = xp.conj(sign) * g_sign
                        g_log = g_log + (turn - xp.conj(turn)) * 0.5
                    return _scalars(xp, g_log) * adjoint(xp, xp.linalg_inv_ex(A)[0])
            jvp: _slogdet_jvp
                def _slogdet_jvp(xp, t, A, sign):
                    z = xp.sum(diagonal_of(xp, xp.linalg_solve_ex(A, t, left=True, vector=False)[0]), axis=-1)
                    if xp.isdtype(A.dtype, "complex floating"):
                        return sign * ((z - xp.conj(z)) * 0.5), xp.real(z)
                    return xp.zeros_like(z), z
            node: LinalgSlogdetBackward0
            dtypes: each as it is
        """

    def logical_and(self, other: Tensor) -> Tensor:
        """Whether both are non-zero, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes.

        >>> import mibun as torch
        >>> torch.logical_and(torch.tensor([0, 1, 2]), torch.tensor([True, True, False]))
        tensor([False,  True, False])

        Operator logical_and:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    def logical_and_(self, other: Tensor | Number) -> Self:
        """`logical_and` in place: writes 0 or 1.

        Operator logical_and:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator logical_and_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LogicalAndBackward0
            dtypes: each as it is

        Operator logical_and_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LogicalAndBackward1
            dtypes: each as it is
        """

    def logical_not(self) -> Tensor:
        """Whether zero, elementwise: a bool Tensor.

        Args:
            input: of any shape and dtype.

        >>> import mibun as torch
        >>> torch.logical_not(torch.tensor([0., 3.]))
        tensor([ True, False])

        Operator logical_not:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
        """

    def logical_not_(self) -> Self:
        """`logical_not` in place: writes 0 or 1.

        Operator logical_not:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one

        Operator logical_not_written0:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, g: xp.zeros_like(g)
            node: LogicalNotBackward0
            dtypes: the operands' common one
        """

    def logical_or(self, other: Tensor) -> Tensor:
        """Whether either is non-zero, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes.

        >>> import mibun as torch
        >>> torch.logical_or(torch.tensor([0, 1, 2]), torch.tensor([False, True, False]))
        tensor([False,  True,  True])

        Operator logical_or:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    def logical_or_(self, other: Tensor | Number) -> Self:
        """`logical_or` in place: writes 0 or 1.

        Operator logical_or:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator logical_or_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LogicalOrBackward0
            dtypes: each as it is

        Operator logical_or_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LogicalOrBackward1
            dtypes: each as it is
        """

    def logical_xor(self, other: Tensor) -> Tensor:
        """Whether exactly one is non-zero, elementwise; any dtypes.

        >>> import mibun as torch
        >>> torch.logical_xor(torch.tensor([0, 1, 2]), torch.tensor([True, True, False]))
        tensor([ True, False,  True])

        Operator logical_xor:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    def logical_xor_(self, other: Tensor | Number) -> Self:
        """`logical_xor` in place: writes 0 or 1.

        Operator logical_xor:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator logical_xor_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LogicalXorBackward0
            dtypes: each as it is

        Operator logical_xor_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LogicalXorBackward1
            dtypes: each as it is
        """

    def logit(self, eps: _float | None = None) -> Tensor:
        """log(input / (1 - input)), elementwise: the inverse of `sigmoid`.

        With `eps` the input is clamped to [eps, 1 - eps] first; without, values outside of [0, 1] give NaN.

        >>> import mibun as torch
        >>> torch.logit(torch.tensor([0.5, 0.9]))
        tensor([0.0000, 2.1972])

        Operator logit:
            vjp: _logit_rule
                def _logit_rule(xp, g, input, eps):
                    inside = g * (1 / input + 1 / (1 - input))  # two terms, as the square of x (1 - x) underflows
                    if eps is None:
                        return xp.where((input < 0) | (input > 1), math.nan, inside)
                    return xp.where((input >= eps) & (input <= 1 - eps), inside, 0.0)
            node: LogitBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def logit_(self, eps: _float | None = None) -> Self:
        """`logit` in place: writes its result over the tensor, which it returns.

        log(input / (1 - input)), elementwise: the inverse of `sigmoid`.

            With `eps` the input is clamped to [eps, 1 - eps] first; without, values outside of [0, 1] give NaN.

            >>> import mibun as torch
            >>> torch.logit(torch.tensor([0.5, 0.9]))
            tensor([0.0000, 2.1972])

        Operator logit:
            vjp: _logit_rule
                def _logit_rule(xp, g, input, eps):
                    inside = g * (1 / input + 1 / (1 - input))  # two terms, as the square of x (1 - x) underflows
                    if eps is None:
                        return xp.where((input < 0) | (input > 1), math.nan, inside)
                    return xp.where((input >= eps) & (input <= 1 - eps), inside, 0.0)
            node: LogitBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    @overload
    def logsumexp(self, dim: _int | Sequence[_int], keepdim: _bool = False) -> Tensor:
        """log(sum(exp(input))) over dimensions, without overflow: the largest element is taken out of the exponent.

        Args:
            input: of any dtype; bools and integers give the default dtype.
            dim: one dimension or several.
            keepdim: whether the dimensions stay, with size 1.
            out: a tensor to write the result into.

        Returns:
            the logarithms; -inf for those of nothing. The gradient is that of the result times softmax(input).

        Raises:
            TypeError: without dimensions.

        >>> import mibun as torch
        >>> torch.logsumexp(torch.tensor([1000., 1000.]), 0)
        tensor(1000.6932)

        Operator logsumexp:
            vjp: lambda xp, g, input, out, dims: (
                spread(xp, g, input.shape, dims) * xp.conj(xp.exp(input - spread(xp, out, input.shape, dims)))
            )
            jvp: lambda xp, t, input, out, dims, keepdim: xp.sum(
                t * xp.exp(input - spread(xp, out, input.shape, dims)), axis=dims, keepdims=keepdim
            )
            node: LogsumexpBackward0
            dtypes: the operands' common one, the default one for integers and bools
        """
    @overload
    def logsumexp(self, *, axis: _int | Sequence[_int], keepdims: _bool = False) -> Tensor:
        """log(sum(exp(input))) over dimensions, without overflow: the largest element is taken out of the exponent.

        Args:
            input: of any dtype; bools and integers give the default dtype.
            dim: one dimension or several.
            keepdim: whether the dimensions stay, with size 1.
            out: a tensor to write the result into.

        Returns:
            the logarithms; -inf for those of nothing. The gradient is that of the result times softmax(input).

        Raises:
            TypeError: without dimensions.

        >>> import mibun as torch
        >>> torch.logsumexp(torch.tensor([1000., 1000.]), 0)
        tensor(1000.6932)

        Operator logsumexp:
            vjp: lambda xp, g, input, out, dims: (
                spread(xp, g, input.shape, dims) * xp.conj(xp.exp(input - spread(xp, out, input.shape, dims)))
            )
            jvp: lambda xp, t, input, out, dims, keepdim: xp.sum(
                t * xp.exp(input - spread(xp, out, input.shape, dims)), axis=dims, keepdims=keepdim
            )
            node: LogsumexpBackward0
            dtypes: the operands' common one, the default one for integers and bools
        """

    def long(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.int64: `self.to(torch.int64)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def lstsq(self, A: Tensor) -> Tensor:
        """RuntimeError: it was removed from PyTorch. `torch.linalg.lstsq` is what replaces it."""

    def lt(self, other: Tensor | Number) -> Tensor:
        """input < other, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.lt(torch.tensor([1, 2, 3]), 2)
        tensor([ True, False, False])

        Operator lt:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def lt_(self, other: Tensor | Number) -> Self:
        """`lt` in place: writes 0 or 1.

        Operator lt:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex

        Operator lt_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LtBackward0
            dtypes: the operands' common one
            raises for: complex

        Operator lt_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: LtBackward1
            dtypes: the operands' common one
            raises for: complex
        """

    def lu(self, pivot: _bool = True, get_infos: _bool = False) -> tuple[Tensor, ...]:
        """(LU, pivots), and info if `get_infos`: see `linalg.lu_factor`, which is newer.

        Operator linalg_lu_factor_ex:
            vjp: _lu_factor_rule
                def _lu_factor_rule(xp, g, LU, pivots):
                    p = _rows_matrix(xp, pivots, LU.shape[-2], LU.dtype)
                    return xp.matmul(p, _factors_gradient(xp, *_triangles(xp, g), *_split(xp, LU)))
            jvp: _lu_factor_jvp
                def _lu_factor_jvp(xp, t, LU, pivots):
                    p = _rows_matrix(xp, pivots, LU.shape[-2], LU.dtype)
                    dl, du = _factors_tangent(xp, xp.matmul(xp.matrix_transpose(p), t), *_split(xp, LU))
                    return (_packed(xp, xp.tril(dl, k=-1), du),)
            node: LinalgLuFactorExBackward0
            dtypes: each as it is
        """

    def lu_solve(self, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
        """X with A X = b, given the factorization of A: see `linalg.lu_solve`, which is newer.

        Operator linalg_lu_solve:
            vjp of LU: _lu_solve_rule
                def _lu_solve_rule(xp, g, LU, pivots, out, left, adjoint):
                    \"""The gradient G of A first, as for any solve, then of its factors: gL = P^T G U^H, gU = L^H P^T G.\"""
                    solved = xp.linalg_lu_solve(LU, pivots, g, left=left, adjoint=not adjoint)
                    total = _gradient_of_matrix(xp, solved, out, left, adjoint)
                    p = _rows_matrix(xp, pivots, LU.shape[-1], LU.dtype)
                    total = xp.matmul(xp.matrix_transpose(p), total)
                    lower, upper = _split(xp, LU)
                    gl = xp.matmul(total, conjugate_transpose(xp, upper))
                    gu = xp.matmul(conjugate_transpose(xp, lower), total)
                    return xp.tril(gl, k=-1) + xp.triu(gu)
            vjp of B: _lu_solution_rule
                def _lu_solution_rule(xp, g, LU, pivots, left, adjoint):
                    return xp.linalg_lu_solve(LU, pivots, g, left=left, adjoint=not adjoint)
            jvp of LU: _lu_solve_jvp
                def _lu_solve_jvp(xp, t, LU, pivots, out, left, adjoint):
                    lower, upper = _split(xp, LU)
                    p = _rows_matrix(xp, pivots, LU.shape[-1], LU.dtype)
                    change = xp.matmul(p, xp.matmul(xp.tril(t, k=-1), upper) + xp.matmul(lower, xp.triu(t)))
                    if adjoint:
                        change = conjugate_transpose(xp, change)
                    product = xp.matmul(change, out) if left else xp.matmul(out, change)
                    return -xp.linalg_lu_solve(LU, pivots, product, left=left, adjoint=adjoint)
            jvp of B: lambda xp, t, LU, pivots, left, adjoint: xp.linalg_lu_solve(LU, pivots, t, left=left, adjoint=adjoint)
            node: LinalgLuSolveBackward0
            dtypes: each as it is
        """

    @property
    def mH(self) -> Tensor:
        """The conjugate transpose of the last two dimensions."""

    @property
    def mT(self) -> Tensor:
        """The last two dimensions swapped."""

    def map2_(self, x: Tensor, y: Tensor, callable: Any) -> Self:
        """`map_` with two other tensors.

        Operator expand:
            vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
            node: ExpandBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def map_(self, other: Tensor, callable: Any) -> Self:
        """Replace each element by what a Python function gives for it and for that of another tensor, which broadcasts.

        >>> import mibun as torch
        >>> torch.tensor([1., 2.]).map_(torch.tensor([3., 4.]), lambda x, y: x * y)
        tensor([3., 8.])

        Operator expand:
            vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
            node: ExpandBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def masked_fill(self, mask: Tensor, value: Tensor | Number) -> Tensor:
        """A copy with `value` where the mask holds.

        Args:
            mask: a bool Tensor that broadcasts with input.
            value: a number or a 0-d Tensor.

        Returns:
            a Tensor of the input's dtype.

        Raises:
            RuntimeError: where the dtype cannot hold the value, or the mask is not bool.

        >>> import mibun as torch
        >>> torch.tensor([1., 2.]).masked_fill(torch.tensor([True, False]), 0)
        tensor([0., 2.])

        Operator masked_fill_tensor:
            vjp of input: lambda xp, g, mask: xp.where(mask, 0.0, g)
            vjp of value: lambda xp, g, mask: xp.where(mask, g, 0.0)
            jvp of input: lambda xp, t, mask: xp.where(mask, 0.0, t)
            jvp of value: lambda xp, t, mask: xp.where(mask, t, 0.0)
            node: MaskedFillBackward1
            dtypes: each as it is

        Operator masked_fill_number:
            vjp of input: lambda xp, g, mask: xp.where(mask, 0.0, g)
            jvp of input: lambda xp, t, mask: xp.where(mask, 0.0, t)
            node: MaskedFillBackward0
            dtypes: each as it is
        """

    def masked_fill_(self, mask: Tensor, value: Tensor | Number) -> Self:
        """`masked_fill` in place.

        Operator masked_fill_tensor:
            vjp of input: lambda xp, g, mask: xp.where(mask, 0.0, g)
            vjp of value: lambda xp, g, mask: xp.where(mask, g, 0.0)
            jvp of input: lambda xp, t, mask: xp.where(mask, 0.0, t)
            jvp of value: lambda xp, t, mask: xp.where(mask, t, 0.0)
            node: MaskedFillBackward1
            dtypes: each as it is

        Operator masked_fill_number:
            vjp of input: lambda xp, g, mask: xp.where(mask, 0.0, g)
            jvp of input: lambda xp, t, mask: xp.where(mask, 0.0, t)
            node: MaskedFillBackward0
            dtypes: each as it is
        """

    def masked_scatter(self, mask: Tensor, source: Tensor) -> Tensor:
        """A copy of the input with the elements of source, in order, where a bool mask is true; they broadcast.

        >>> import mibun as torch
        >>> torch.masked_scatter(torch.zeros(3), torch.tensor([True, False, True]), torch.tensor([5., 6.]))
        tensor([5., 0., 6.])

        Operator mask_write:
            vjp of input: lambda xp, g, mask: xp.where(mask, xp.zeros_like(g), g)
            vjp of source: lambda xp, g, mask, source_shape: xp.mask_taken(g, mask, shape=source_shape)
            node: MaskedScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def masked_scatter_(self, mask: Tensor, source: Tensor) -> Self:
        """`masked_scatter`, into the tensor itself.

        Operator mask_write:
            vjp of input: lambda xp, g, mask: xp.where(mask, xp.zeros_like(g), g)
            vjp of source: lambda xp, g, mask, source_shape: xp.mask_taken(g, mask, shape=source_shape)
            node: MaskedScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def masked_select(self, mask: Tensor) -> Tensor:
        """The elements where a mask is true, as a vector.

        Args:
            input: of any dtype.
            mask: bool; input and mask broadcast.
            out: a tensor to write the result into.

        Returns:
            a new 1-D tensor. Its gradient goes back to the elements read.

        Raises:
            RuntimeError: for other dtypes of the mask, and where the shapes do not broadcast.

        >>> import mibun as torch
        >>> x = torch.tensor([1, 2, 3])
        >>> torch.masked_select(x, x > 1)
        tensor([2, 3])

        Operator mask_read:
            vjp of input: lambda xp, g, input_shape, mask: xp.mask_embed(g, mask, shape=input_shape)
            node: MaskedSelectBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def matmul(self, other: Tensor) -> Tensor:
        """The product of vectors, matrices and batches of matrices, as `input @ other`.

        Two vectors: their dot product. Two matrices: their product, `out[i, k] = sum_j input[i, j] other[j, k]`. A vector
        beside a matrix or more is a row on the left, a column on the right. More dimensions: the last two are matrices, the
        ones before them are a batch and broadcast.

        Args:
            input, other: of one dtype, any but bool; none of them 0-d.
            out: a tensor to write the result into.

        Returns:
            (*, n, p) from (*, n, m) and (*, m, p), without the dimension that a vector has not.

        Raises:
            RuntimeError: where the sizes do not fit, the batches do not broadcast, one is 0-d, or the dtypes differ.
            NotImplementedError: for bools.

        >>> import mibun as torch
        >>> torch.tensor([[1., 2.], [3., 4.]]) @ torch.tensor([1., 1.])
        tensor([3., 7.])
        >>> (torch.ones(5, 2, 3) @ torch.ones(3, 4)).shape
        torch.Size([5, 2, 4])

        Operator dot:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: DotBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator mv:
            vjp of input: lambda xp, g, other: xp.outer_product(g, xp.conj(other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: MvBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator vm:
            vjp of input: lambda xp, g, other: xp.matmul(xp.conj(other), g)
            vjp of other: lambda xp, g, input: xp.outer_product(xp.conj(input), g)
            node: SqueezeBackward4
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator mm:
            vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: MmBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator matmul_vector:
            vjp of input: lambda xp, g, other: xp.expand_dims(g, axis=-1) * xp.conj(other)
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), xp.reshape(g, (-1,)))
            node: UnsafeViewBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator matmul_rows:
            vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), _rows(xp, g))
            node: UnsafeViewBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is

        Operator matmul_batched:
            vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: UnsafeViewBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is
        """

    def matrix_exp(self) -> Tensor:
        """The exponential of square matrices: see `linalg.matrix_exp`.

        Operator linalg_matrix_exp:
            vjp: lambda xp, g, input: _exponential_along(xp, adjoint(xp, input), g)
            jvp: lambda xp, t, input: _exponential_along(xp, input, t)
            node: LinalgMatrixExpBackward0
            dtypes: each as it is
        """

    def matrix_power(self, n: _int) -> Tensor:
        """The n-th power of square matrices: see `linalg.matrix_power`.

        Operator linalg_inv_ex:
            vjp: lambda xp, g, inverse: -xp.matmul(adjoint(xp, inverse), xp.matmul(g, adjoint(xp, inverse)))
            jvp: lambda xp, t, inverse: (-xp.matmul(inverse, xp.matmul(t, inverse)),)
            node: LinalgInvExBackward0
            dtypes: each as it is
        """

    @overload
    def max(self) -> Tensor:
        """The maximum of all elements; along a dimension with its index; or of two tensors elementwise.

        Args:
            input: of any real dtype.
            dim: a dimension, or the other tensor (also as `other`), which gives `maximum(input, other)`.
            keepdim: whether the dimension stays, with size 1.
            out: a tensor to write the result into, a pair of them along a dimension.

        Returns:
            a tensor, or with `dim` a named tuple (values, indices); the index is that of the first maximum. NaN wins. The
            gradient of the full maximum is shared evenly among equal elements; along a dimension the one at the index has
            it.

        Raises:
            RuntimeError: of nothing, and for complex numbers.
            IndexError: along a dimension of size 0, or where there is none such.

        >>> import mibun as torch
        >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]))
        tensor(4.)
        >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]), 1)
        torch.return_types.max(
        values=tensor([2., 4.]),
        indices=tensor([1, 0]))

        Operator max_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MaxBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator min_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MinBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator max_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MaxBackward0
            dtypes: each as it is

        Operator min_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MinBackward0
            dtypes: each as it is
        """
    @overload
    def max(self, dim: _int, keepdim: _bool = False) -> return_types.max:
        """The maximum of all elements; along a dimension with its index; or of two tensors elementwise.

        Args:
            input: of any real dtype.
            dim: a dimension, or the other tensor (also as `other`), which gives `maximum(input, other)`.
            keepdim: whether the dimension stays, with size 1.
            out: a tensor to write the result into, a pair of them along a dimension.

        Returns:
            a tensor, or with `dim` a named tuple (values, indices); the index is that of the first maximum. NaN wins. The
            gradient of the full maximum is shared evenly among equal elements; along a dimension the one at the index has
            it.

        Raises:
            RuntimeError: of nothing, and for complex numbers.
            IndexError: along a dimension of size 0, or where there is none such.

        >>> import mibun as torch
        >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]))
        tensor(4.)
        >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]), 1)
        torch.return_types.max(
        values=tensor([2., 4.]),
        indices=tensor([1, 0]))

        Operator max_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MaxBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator min_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MinBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator max_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MaxBackward0
            dtypes: each as it is

        Operator min_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MinBackward0
            dtypes: each as it is
        """
    @overload
    def max(self, *, axis: _int, keepdims: _bool = False) -> return_types.max:
        """The maximum of all elements; along a dimension with its index; or of two tensors elementwise.

        Args:
            input: of any real dtype.
            dim: a dimension, or the other tensor (also as `other`), which gives `maximum(input, other)`.
            keepdim: whether the dimension stays, with size 1.
            out: a tensor to write the result into, a pair of them along a dimension.

        Returns:
            a tensor, or with `dim` a named tuple (values, indices); the index is that of the first maximum. NaN wins. The
            gradient of the full maximum is shared evenly among equal elements; along a dimension the one at the index has
            it.

        Raises:
            RuntimeError: of nothing, and for complex numbers.
            IndexError: along a dimension of size 0, or where there is none such.

        >>> import mibun as torch
        >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]))
        tensor(4.)
        >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]), 1)
        torch.return_types.max(
        values=tensor([2., 4.]),
        indices=tensor([1, 0]))

        Operator max_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MaxBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator min_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MinBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator max_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MaxBackward0
            dtypes: each as it is

        Operator min_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MinBackward0
            dtypes: each as it is
        """
    @overload
    def max(self, other: Tensor) -> Tensor:
        """The maximum of all elements; along a dimension with its index; or of two tensors elementwise.

        Args:
            input: of any real dtype.
            dim: a dimension, or the other tensor (also as `other`), which gives `maximum(input, other)`.
            keepdim: whether the dimension stays, with size 1.
            out: a tensor to write the result into, a pair of them along a dimension.

        Returns:
            a tensor, or with `dim` a named tuple (values, indices); the index is that of the first maximum. NaN wins. The
            gradient of the full maximum is shared evenly among equal elements; along a dimension the one at the index has
            it.

        Raises:
            RuntimeError: of nothing, and for complex numbers.
            IndexError: along a dimension of size 0, or where there is none such.

        >>> import mibun as torch
        >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]))
        tensor(4.)
        >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]), 1)
        torch.return_types.max(
        values=tensor([2., 4.]),
        indices=tensor([1, 0]))

        Operator max_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MaxBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator min_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MinBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator max_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MaxBackward0
            dtypes: each as it is

        Operator min_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MinBackward0
            dtypes: each as it is
        """

    def maximum(self, other: Tensor) -> Tensor:
        """The larger of two Tensors, elementwise; NaN if either is NaN.

        Args:
            input, other: of shapes that broadcast and real dtypes, which are promoted.

        Raises:
            RuntimeError: for complex dtypes.

        Where they tie, each gets half of the gradient.

        >>> import mibun as torch
        >>> torch.maximum(torch.tensor([1., 5.]), torch.tensor([3., 2.]))
        tensor([3., 5.])

        Operator maximum:
            vjp of input: for_input
                def for_input(xp, g, input, other):
                    return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(other, input), 0.0, g))
                with better = 'greater'
            vjp of other: for_other
                def for_other(xp, g, input, other):
                    return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(input, other), 0.0, g))
                with better = 'greater'
            node: MaximumBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    @overload
    def mean(
        self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None,
    ) -> Tensor:
        """The mean of all elements, or over some dimensions.

        Args:
            input: of a floating or complex dtype; of another if `dtype` is given.
            dim: one dimension or several; None: all.
            keepdim: whether the dimensions stay, with size 1.
            dtype: cast to it first.
            out: a tensor to write the result into.

        Returns:
            the sums divided by the number of elements; NaN for none.

        Raises:
            RuntimeError: for bools and integers without a floating dtype.
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.tensor([[1., 2.], [3., 6.]]).mean(0)
        tensor([2., 4.])

        Operator mean:
            vjp: lambda xp, g, input_shape: xp.broadcast_to(g / (count(input_shape, range(len(input_shape))) or 1), input_shape)
            node: MeanBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator mean_dim:
            vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(
                spread(xp, g, input_shape, dims) / (count(input_shape, dims) or 1), input_shape
            )
            node: MeanBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def mean(
        self, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False, dtype: _dtype | None = None,
    ) -> Tensor:
        """The mean of all elements, or over some dimensions.

        Args:
            input: of a floating or complex dtype; of another if `dtype` is given.
            dim: one dimension or several; None: all.
            keepdim: whether the dimensions stay, with size 1.
            dtype: cast to it first.
            out: a tensor to write the result into.

        Returns:
            the sums divided by the number of elements; NaN for none.

        Raises:
            RuntimeError: for bools and integers without a floating dtype.
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.tensor([[1., 2.], [3., 6.]]).mean(0)
        tensor([2., 4.])

        Operator mean:
            vjp: lambda xp, g, input_shape: xp.broadcast_to(g / (count(input_shape, range(len(input_shape))) or 1), input_shape)
            node: MeanBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator mean_dim:
            vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(
                spread(xp, g, input_shape, dims) / (count(input_shape, dims) or 1), input_shape
            )
            node: MeanBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def median(self) -> Tensor:
        """The median of all elements; along a dimension with its index.

        Args:
            input: of any integer or floating dtype.
            dim: the dimension; None: all elements.
            keepdim: whether the dimension stays, with size 1.
            out: a tensor to write the result into, a pair of them along a dimension.

        Returns:
            a tensor, or with `dim` a named tuple (values, indices). Of an even number of elements it is the lower of the
            two in the middle. NaN wins.

        Raises:
            IndexError: along a dimension of size 0, or where there is none such.
            NotImplementedError: for bool and complex.

        >>> import mibun as torch
        >>> torch.median(torch.tensor([3., 1., 2., 4.]))
        tensor(2.)

        Operator nanmedian:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: NanmedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator median:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator nanmedian_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: NanmedianBackward1
            dtypes: each as it is

        Operator median_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MedianBackward1
            dtypes: each as it is
        """
    @overload
    def median(self, dim: _int, keepdim: _bool = False) -> return_types.median:
        """The median of all elements; along a dimension with its index.

        Args:
            input: of any integer or floating dtype.
            dim: the dimension; None: all elements.
            keepdim: whether the dimension stays, with size 1.
            out: a tensor to write the result into, a pair of them along a dimension.

        Returns:
            a tensor, or with `dim` a named tuple (values, indices). Of an even number of elements it is the lower of the
            two in the middle. NaN wins.

        Raises:
            IndexError: along a dimension of size 0, or where there is none such.
            NotImplementedError: for bool and complex.

        >>> import mibun as torch
        >>> torch.median(torch.tensor([3., 1., 2., 4.]))
        tensor(2.)

        Operator nanmedian:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: NanmedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator median:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator nanmedian_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: NanmedianBackward1
            dtypes: each as it is

        Operator median_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MedianBackward1
            dtypes: each as it is
        """
    @overload
    def median(self, *, axis: _int, keepdims: _bool = False) -> return_types.median:
        """The median of all elements; along a dimension with its index.

        Args:
            input: of any integer or floating dtype.
            dim: the dimension; None: all elements.
            keepdim: whether the dimension stays, with size 1.
            out: a tensor to write the result into, a pair of them along a dimension.

        Returns:
            a tensor, or with `dim` a named tuple (values, indices). Of an even number of elements it is the lower of the
            two in the middle. NaN wins.

        Raises:
            IndexError: along a dimension of size 0, or where there is none such.
            NotImplementedError: for bool and complex.

        >>> import mibun as torch
        >>> torch.median(torch.tensor([3., 1., 2., 4.]))
        tensor(2.)

        Operator nanmedian:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: NanmedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator median:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator nanmedian_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: NanmedianBackward1
            dtypes: each as it is

        Operator median_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MedianBackward1
            dtypes: each as it is
        """

    @overload
    def min(self) -> Tensor:
        """The minimum of all elements; along a dimension with its index; or of two tensors elementwise.

        Arguments, results and errors are those of `max`: (values, indices) with `dim`, `minimum(input, other)` with another
        tensor. NaN wins.

        >>> import mibun as torch
        >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]))
        tensor(1.)
        >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]), 1).values
        tensor([1., 3.])

        Operator max_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MaxBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator min_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MinBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator max_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MaxBackward0
            dtypes: each as it is

        Operator min_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MinBackward0
            dtypes: each as it is
        """
    @overload
    def min(self, dim: _int, keepdim: _bool = False) -> return_types.min:
        """The minimum of all elements; along a dimension with its index; or of two tensors elementwise.

        Arguments, results and errors are those of `max`: (values, indices) with `dim`, `minimum(input, other)` with another
        tensor. NaN wins.

        >>> import mibun as torch
        >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]))
        tensor(1.)
        >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]), 1).values
        tensor([1., 3.])

        Operator max_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MaxBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator min_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MinBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator max_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MaxBackward0
            dtypes: each as it is

        Operator min_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MinBackward0
            dtypes: each as it is
        """
    @overload
    def min(self, *, axis: _int, keepdims: _bool = False) -> return_types.min:
        """The minimum of all elements; along a dimension with its index; or of two tensors elementwise.

        Arguments, results and errors are those of `max`: (values, indices) with `dim`, `minimum(input, other)` with another
        tensor. NaN wins.

        >>> import mibun as torch
        >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]))
        tensor(1.)
        >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]), 1).values
        tensor([1., 3.])

        Operator max_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MaxBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator min_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MinBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator max_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MaxBackward0
            dtypes: each as it is

        Operator min_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MinBackward0
            dtypes: each as it is
        """
    @overload
    def min(self, other: Tensor) -> Tensor:
        """The minimum of all elements; along a dimension with its index; or of two tensors elementwise.

        Arguments, results and errors are those of `max`: (values, indices) with `dim`, `minimum(input, other)` with another
        tensor. NaN wins.

        >>> import mibun as torch
        >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]))
        tensor(1.)
        >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]), 1).values
        tensor([1., 3.])

        Operator max_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MaxBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator min_all:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MinBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator max_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MaxBackward0
            dtypes: each as it is

        Operator min_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MinBackward0
            dtypes: each as it is
        """

    def minimum(self, other: Tensor) -> Tensor:
        """The smaller of two Tensors, elementwise; NaN if either is NaN.

        Args:
            input, other: of shapes that broadcast and real dtypes, which are promoted.

        Raises:
            RuntimeError: for complex dtypes.

        Where they tie, each gets half of the gradient.

        >>> import mibun as torch
        >>> torch.minimum(torch.tensor([1., 5.]), torch.tensor([3., 2.]))
        tensor([1., 2.])

        Operator minimum:
            vjp of input: for_input
                def for_input(xp, g, input, other):
                    return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(other, input), 0.0, g))
                with better = 'less'
            vjp of other: for_other
                def for_other(xp, g, input, other):
                    return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(input, other), 0.0, g))
                with better = 'less'
            node: MinimumBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def mm(self, mat2: Tensor) -> Tensor:
        """The product of two matrices: `out[i, k] = sum_j input[i, j] mat2[j, k]`, without broadcasting (see `matmul`).

        Args:
            input: (n, m).
            mat2: (m, p), of the same dtype.

        Returns:
            (n, p).

        Raises:
            RuntimeError: where one is not 2-D, the sizes do not fit or the dtypes differ. NotImplementedError for bools.

        >>> import mibun as torch
        >>> torch.mm(torch.tensor([[1, 2]]), torch.tensor([[3], [4]]))
        tensor([[11]])

        Operator mm:
            vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: MmBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is
        """

    @overload
    def mode(self, dim: _int = -1, keepdim: _bool = False) -> return_types.mode:
        """The commonest element along a dimension, the smallest of equally common ones, and the index of its last place.

        >>> import mibun as torch
        >>> torch.mode(torch.tensor([1, 2, 2])).values
        tensor(2)

        Operator mode:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: ModeBackward0
            dtypes: each as it is
        """
    @overload
    def mode(self, *, axis: _int, keepdims: _bool = False) -> return_types.mode:
        """The commonest element along a dimension, the smallest of equally common ones, and the index of its last place.

        >>> import mibun as torch
        >>> torch.mode(torch.tensor([1, 2, 2])).values
        tensor(2)

        Operator mode:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: ModeBackward0
            dtypes: each as it is
        """

    def module_load(self, other: Tensor, assign: _bool = False) -> Tensor:
        """What `Module.load_state_dict` makes of a parameter and a loaded tensor: this one with its values, or that one.

        assign: the other, detached, instead of a copy of its values into this one.

        Operator copy_over:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of src: lambda xp, g: g
            jvp of input: lambda xp, t: xp.zeros_like(t)
            jvp of src: lambda xp, t: t
            node: CopyBackwards
            dtypes: each as it is
        """

    def moveaxis(self, source: _int | Sequence[_int], destination: _int | Sequence[_int]) -> Tensor:
        """Move dimensions to other places; the others keep their order.

        Args:
            input: of any dtype.
            source: the dimension, or dimensions, to move.
            destination: their places in the result, as many.

        Returns:
            a view.

        Raises:
            RuntimeError: where there are not as many of both, or one is named twice.
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.zeros(2, 3, 4).movedim(0, -1).shape
        torch.Size([3, 4, 2])

        Operator permute:
            vjp: lambda xp, g, dims: xp.permute_dims(g, _inverse(dims))
            node: PermuteBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def movedim(self, source: _int | Sequence[_int], destination: _int | Sequence[_int]) -> Tensor:
        """Move dimensions to other places; the others keep their order.

        Args:
            input: of any dtype.
            source: the dimension, or dimensions, to move.
            destination: their places in the result, as many.

        Returns:
            a view.

        Raises:
            RuntimeError: where there are not as many of both, or one is named twice.
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.zeros(2, 3, 4).movedim(0, -1).shape
        torch.Size([3, 4, 2])

        Operator permute:
            vjp: lambda xp, g, dims: xp.permute_dims(g, _inverse(dims))
            node: PermuteBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def msort(self) -> Tensor:
        """The elements in ascending order along the first dimension.

        >>> import mibun as torch
        >>> torch.msort(torch.tensor([3, 1, 2]))
        tensor([1, 2, 3])

        Operator sortbackward0:
            vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
            jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
            node: SortBackward0
            dtypes: each as it is
        """

    def mtia(
        self, device: Device | None = None, non_blocking: _bool = False, memory_format: _memory_format | None = None,
    ) -> Tensor:
        """AssertionError: there is no MTIA build."""

    def mul(self, other: Tensor | Number) -> Tensor:
        """The product input * other, elementwise.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.

        Returns:
            a Tensor of the broadcast shape and the promoted dtype.

        Raises:
            RuntimeError: where the shapes do not broadcast.

        The gradient for each is g * conj(the other one).

        >>> import mibun as torch
        >>> torch.mul(torch.tensor([[1.], [2.]]), torch.tensor([3., 4.]))
        tensor([[3., 4.],
                [6., 8.]])

        Operator mul:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: MulBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def mul_(self, other: Tensor | Number) -> Self:
        """`mul` in place: writes its result over the tensor, which it returns.

        The product input * other, elementwise.

            Args:
                input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.

            Returns:
                a Tensor of the broadcast shape and the promoted dtype.

            Raises:
                RuntimeError: where the shapes do not broadcast.

            The gradient for each is g * conj(the other one).

            >>> import mibun as torch
            >>> torch.mul(torch.tensor([[1.], [2.]]), torch.tensor([3., 4.]))
            tensor([[3., 4.],
                    [6., 8.]])

        Operator mul:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: MulBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def multinomial(
        self, num_samples: _int, replacement: _bool = False, *, generator: Generator | None = None,
    ) -> Tensor:
        """Indices of categories, drawn with the probabilities that `input` holds.

        Args:
            input: (categories,) or (rows, categories), floating, not negative; a row need not sum to 1.
            num_samples: how many are drawn for each row.
            replacement: whether one category may be drawn twice in a row.
            generator: the source of random numbers, by default the one that `manual_seed` seeds.
            out: an int64 tensor to write the indices into.

        Returns:
            int64, (num_samples,) or (rows, num_samples).

        Raises:
            RuntimeError: for negative, infinite, NaN or all-zero probabilities, and where without replacement there are too
                few.

        >>> import mibun as torch
        >>> torch.multinomial(torch.tensor([0., 3., 0.]), 4, replacement=True)
        tensor([1, 1, 1, 1])

        Operator isfinite:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one

        Operator all:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator sum:
            vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
            node: SumBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator sum_integers:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator sum_dim:
            vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
            node: SumBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def multiply(self, other: Tensor | Number) -> Tensor:
        """The product input * other, elementwise.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.

        Returns:
            a Tensor of the broadcast shape and the promoted dtype.

        Raises:
            RuntimeError: where the shapes do not broadcast.

        The gradient for each is g * conj(the other one).

        >>> import mibun as torch
        >>> torch.mul(torch.tensor([[1.], [2.]]), torch.tensor([3., 4.]))
        tensor([[3., 4.],
                [6., 8.]])

        Operator mul:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: MulBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def multiply_(self, other: Tensor | Number) -> Self:
        """`mul` in place: writes its result over the tensor, which it returns.

        The product input * other, elementwise.

            Args:
                input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.

            Returns:
                a Tensor of the broadcast shape and the promoted dtype.

            Raises:
                RuntimeError: where the shapes do not broadcast.

            The gradient for each is g * conj(the other one).

            >>> import mibun as torch
            >>> torch.mul(torch.tensor([[1.], [2.]]), torch.tensor([3., 4.]))
            tensor([[3., 4.],
                    [6., 8.]])

        Operator mul:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: MulBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    def mv(self, vec: Tensor) -> Tensor:
        """The product of a matrix and a vector: `out[i] = sum_j input[i, j] vec[j]`.

        Args:
            input: (n, m).
            vec: (m,), of the same dtype.

        Returns:
            (n,).

        Raises:
            RuntimeError: where the dimensions or sizes do not fit or the dtypes differ. NotImplementedError for bools.

        >>> import mibun as torch
        >>> torch.mv(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([1., 1.]))
        tensor([3., 7.])

        Operator mv:
            vjp of input: lambda xp, g, other: xp.outer_product(g, xp.conj(other))
            vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
            node: MvBackward0
            forward mode: the operator with one tangent at a time, summed
            dtypes: each as it is
        """

    def mvlgamma(self, p: _int) -> Tensor:
        """The logarithm of the multivariate gamma function of dimension p, elementwise.

        It is p (p - 1) / 4 log(pi) plus the sum of lgamma(input - j / 2) over j from 0 to p - 1. RuntimeError for p < 1.

        >>> import mibun as torch
        >>> torch.mvlgamma(torch.tensor([3.]), 2)
        tensor([1.5502])

        Operator mvlgamma_of:
            vjp: _mvlgamma_rule
                def _mvlgamma_rule(xp, g, input, p):
                    total = xp.digamma(input)
                    for j in range(1, p):
                        total = total + xp.digamma(input - j / 2)
                    return g * total
            node: MvlgammaBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def mvlgamma_(self, p: _int) -> Self:
        """`mvlgamma` in place.

        Operator mvlgamma_of:
            vjp: _mvlgamma_rule
                def _mvlgamma_rule(xp, g, input, p):
                    total = xp.digamma(input)
                    for j in range(1, p):
                        total = total + xp.digamma(input - j / 2)
                    return g * total
            node: MvlgammaBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    @property
    def name(self) -> Tensor:
        """None: tensors have no name."""

    def nan_to_num(
        self, nan: _float | None = 0.0, posinf: _float | None = None, neginf: _float | None = None,
    ) -> Tensor:
        """NaN and infinities replaced by finite numbers, elementwise; for complex dtypes in both parts.

        Args:
            nan: what replaces NaN.
            posinf, neginf: what replaces the infinities; None for the largest and the smallest finite number.
            out: where to write the result; resized if it does not fit.

        Gradients pass where nothing is replaced.

        >>> import mibun as torch
        >>> torch.nan_to_num(torch.tensor([1., float("nan"), float("inf")]), posinf=9)
        tensor([1., 0., 9.])

        Operator nan_to_num:
            vjp: _kept
                def _kept(xp, g, input):
                    \"""The gradient where nothing was replaced; in each part of a complex number for itself.\"""
                    if xp.isdtype(input.dtype, "complex floating"):
                        return xp.make_complex(_kept(xp, xp.real(g), xp.real(input)), _kept(xp, xp.imag(g), xp.imag(input)))
                    return xp.where(xp.isfinite(input), g, 0.0)
            node: NanToNumBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
        """

    def nan_to_num_(self, nan: _float | None = 0.0, posinf: _float | None = None, neginf: _float | None = None) -> Self:
        """`nan_to_num` in place.

        Operator nan_to_num:
            vjp: _kept
                def _kept(xp, g, input):
                    \"""The gradient where nothing was replaced; in each part of a complex number for itself.\"""
                    if xp.isdtype(input.dtype, "complex floating"):
                        return xp.make_complex(_kept(xp, xp.real(g), xp.real(input)), _kept(xp, xp.imag(g), xp.imag(input)))
                    return xp.where(xp.isfinite(input), g, 0.0)
            node: NanToNumBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
        """

    @overload
    def nanmean(
        self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None,
    ) -> Tensor:
        """The mean of the elements that are not NaN; NaN where there are none.

        dim, keepdim, dtype: as for `mean`. RuntimeError for bools and integers.

        >>> import mibun as torch
        >>> torch.nanmean(torch.tensor([1., float("nan"), 2.]))
        tensor(1.5000)

        Operator nansum:
            vjp: lambda xp, g, input, dims: (
                spread(xp, g, input.shape, dims) * xp.astype(xp.logical_not(xp.isnan(input)), g.dtype)
            )
            jvp: lambda xp, t, input, dims, keepdim: xp.sum(xp.where(xp.isnan(input), 0.0, t), axis=dims, keepdims=keepdim)
            node: NansumBackward0
            dtypes: each as it is
        """
    @overload
    def nanmean(
        self, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False, dtype: _dtype | None = None,
    ) -> Tensor:
        """The mean of the elements that are not NaN; NaN where there are none.

        dim, keepdim, dtype: as for `mean`. RuntimeError for bools and integers.

        >>> import mibun as torch
        >>> torch.nanmean(torch.tensor([1., float("nan"), 2.]))
        tensor(1.5000)

        Operator nansum:
            vjp: lambda xp, g, input, dims: (
                spread(xp, g, input.shape, dims) * xp.astype(xp.logical_not(xp.isnan(input)), g.dtype)
            )
            jvp: lambda xp, t, input, dims, keepdim: xp.sum(xp.where(xp.isnan(input), 0.0, t), axis=dims, keepdims=keepdim)
            node: NansumBackward0
            dtypes: each as it is
        """

    @overload
    def nanmedian(self) -> Tensor:
        """The median of the elements that are not NaN; NaN where all are. Else as `median`.

        >>> import mibun as torch
        >>> torch.nanmedian(torch.tensor([1., float("nan"), 3., 2.]))
        tensor(2.)

        Operator nanmedian:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: NanmedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator median:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator nanmedian_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: NanmedianBackward1
            dtypes: each as it is

        Operator median_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MedianBackward1
            dtypes: each as it is
        """
    @overload
    def nanmedian(self, dim: _int, keepdim: _bool = False) -> return_types.nanmedian:
        """The median of the elements that are not NaN; NaN where all are. Else as `median`.

        >>> import mibun as torch
        >>> torch.nanmedian(torch.tensor([1., float("nan"), 3., 2.]))
        tensor(2.)

        Operator nanmedian:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: NanmedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator median:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator nanmedian_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: NanmedianBackward1
            dtypes: each as it is

        Operator median_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MedianBackward1
            dtypes: each as it is
        """
    @overload
    def nanmedian(self, *, axis: _int, keepdims: _bool = False) -> return_types.nanmedian:
        """The median of the elements that are not NaN; NaN where all are. Else as `median`.

        >>> import mibun as torch
        >>> torch.nanmedian(torch.tensor([1., float("nan"), 3., 2.]))
        tensor(2.)

        Operator nanmedian:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: NanmedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator median:
            vjp: full_rule
                def full_rule(xp, g, input, out):
                    \"""The rule of a reduction of everything to one of the elements.\"""
                    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
            node: MedianBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator nanmedian_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: NanmedianBackward1
            dtypes: each as it is

        Operator median_dim:
            vjp: selected_rule
                def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                    \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                    if not input_shape:
                        return g
                    if not keepdim:
                        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
            jvp: selected_jvp
                def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                    \"""The tangent of the elements at `indices`, and none for the indices.\"""
                    if not input_shape:
                        return (t,)
                    if not keepdim:
                        indices = xp.expand_dims(indices, axis=dim)
                    t = xp.gather_along(t, indices, dim=dim)
                    return (t if keepdim else xp.squeeze(t, axis=dim),)
            node: MedianBackward1
            dtypes: each as it is
        """

    @overload
    def nanquantile(
        self, q: _float | Tensor, dim: _int | None = None, keepdim: _bool = False, *, interpolation: str = 'linear',
    ) -> Tensor:
        """The quantiles of the elements that are not NaN. Else as `quantile`.

        >>> import mibun as torch
        >>> torch.nanquantile(torch.tensor([1., float("nan"), 3.]), 0.5)
        tensor(2.)

        Operator sortbackward0:
            vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
            jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
            node: SortBackward0
            dtypes: each as it is
        """
    @overload
    def nanquantile(
        self, q: _float | Tensor, *, axis: _int | None, keepdims: _bool = False, interpolation: str = 'linear',
    ) -> Tensor:
        """The quantiles of the elements that are not NaN. Else as `quantile`.

        >>> import mibun as torch
        >>> torch.nanquantile(torch.tensor([1., float("nan"), 3.]), 0.5)
        tensor(2.)

        Operator sortbackward0:
            vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
            jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
            node: SortBackward0
            dtypes: each as it is
        """

    @overload
    def nansum(
        self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None,
    ) -> Tensor:
        """The sum of all elements, or over some dimensions, with NaN counted as 0; NaN gets no gradient.

        dim, keepdim, dtype: as for `sum`. RuntimeError for complex numbers.

        >>> import mibun as torch
        >>> torch.nansum(torch.tensor([1., float("nan"), 2.]))
        tensor(3.)

        Operator nansum:
            vjp: lambda xp, g, input, dims: (
                spread(xp, g, input.shape, dims) * xp.astype(xp.logical_not(xp.isnan(input)), g.dtype)
            )
            jvp: lambda xp, t, input, dims, keepdim: xp.sum(xp.where(xp.isnan(input), 0.0, t), axis=dims, keepdims=keepdim)
            node: NansumBackward0
            dtypes: each as it is
        """
    @overload
    def nansum(
        self, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False, dtype: _dtype | None = None,
    ) -> Tensor:
        """The sum of all elements, or over some dimensions, with NaN counted as 0; NaN gets no gradient.

        dim, keepdim, dtype: as for `sum`. RuntimeError for complex numbers.

        >>> import mibun as torch
        >>> torch.nansum(torch.tensor([1., float("nan"), 2.]))
        tensor(3.)

        Operator nansum:
            vjp: lambda xp, g, input, dims: (
                spread(xp, g, input.shape, dims) * xp.astype(xp.logical_not(xp.isnan(input)), g.dtype)
            )
            jvp: lambda xp, t, input, dims, keepdim: xp.sum(xp.where(xp.isnan(input), 0.0, t), axis=dims, keepdims=keepdim)
            node: NansumBackward0
            dtypes: each as it is
        """

    @overload
    def narrow(self, dim: _int, start: _int | Tensor, length: _int) -> Tensor:
        """`length` slices along a dimension, from `start` (an int or a 0-d int tensor; from the end if negative). A view.

        RuntimeError where they are not all there, IndexError where `start` is out of range.

        >>> import mibun as torch
        >>> torch.arange(5).narrow(0, 1, 3)
        tensor([1, 2, 3])

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def narrow(self, *, axis: _int, start: _int | Tensor, length: _int) -> Tensor:
        """`length` slices along a dimension, from `start` (an int or a 0-d int tensor; from the end if negative). A view.

        RuntimeError where they are not all there, IndexError where `start` is out of range.

        >>> import mibun as torch
        >>> torch.arange(5).narrow(0, 1, 3)
        tensor([1, 2, 3])

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def narrow_copy(self, dim: _int, start: _int | Tensor, length: _int) -> Tensor:
        """`narrow`, copied.

        Operator copied_as_AliasBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: AliasBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_AsStridedBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: AsStridedBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_ExpandBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: ExpandBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_PermuteBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: PermuteBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_SelectBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: SelectBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_SliceBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: SliceBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_TBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: TBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_TransposeBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: TransposeBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        and the operators copied_as_UnfoldBackward0_copy, copied_as_UnsqueezeBackward0_copy, copied_as_ViewBackward0_copy, copied_as_ViewAsComplexBackward0_copy, copied_as_ViewAsRealBackward0_copy, copied_as_SqueezeBackward0_copy, copied_as_SqueezeBackward1_copy, copied_as_SqueezeBackward2_copy, copied_as_NarrowCopyBackward0, copied_as_SplitBackward0_copy, copied_as_SplitWithSizesBackward0_copy, copied_as_UnbindBackward0_copy, basic_index
        """
    @overload
    def narrow_copy(self, *, axis: _int, start: _int | Tensor, length: _int) -> Tensor:
        """`narrow`, copied.

        Operator copied_as_AliasBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: AliasBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_AsStridedBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: AsStridedBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_ExpandBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: ExpandBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_PermuteBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: PermuteBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_SelectBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: SelectBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_SliceBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: SliceBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_TBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: TBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator copied_as_TransposeBackward0_copy:
            vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
            node: TransposeBackward0_copy
            forward mode: the operator on the tangents
            dtypes: each as it is

        and the operators copied_as_UnfoldBackward0_copy, copied_as_UnsqueezeBackward0_copy, copied_as_ViewBackward0_copy, copied_as_ViewAsComplexBackward0_copy, copied_as_ViewAsRealBackward0_copy, copied_as_SqueezeBackward0_copy, copied_as_SqueezeBackward1_copy, copied_as_SqueezeBackward2_copy, copied_as_NarrowCopyBackward0, copied_as_SplitBackward0_copy, copied_as_SplitWithSizesBackward0_copy, copied_as_UnbindBackward0_copy, basic_index
        """

    def ndimension(self) -> _int:
        """The number of dimensions."""

    def ne(self, other: Tensor | Number) -> Tensor:
        """Whether not equal, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes; one may be a number.

        >>> import mibun as torch
        >>> torch.ne(torch.tensor([1, 2]), 2)
        tensor([ True, False])

        Operator ne:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
        """

    def ne_(self, other: Tensor | Number) -> Self:
        """`ne` in place: writes 0 or 1.

        Operator ne:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one

        Operator ne_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: NeBackward0
            dtypes: the operands' common one

        Operator ne_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: NeBackward1
            dtypes: the operands' common one
        """

    def neg(self) -> Tensor:
        """The negative -input, elementwise.

        Args:
            input: of any shape and any dtype but bool.

        Raises:
            RuntimeError: for bool; `~` and `logical_not()` invert masks.

        >>> import mibun as torch
        >>> torch.neg(torch.tensor([1., -2.]))
        tensor([-1.,  2.])

        Operator neg:
            vjp: lambda xp, g: -g
            node: NegBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
        """

    def neg_(self) -> Self:
        """`neg` in place: writes its result over the tensor, which it returns.

        The negative -input, elementwise.

            Args:
                input: of any shape and any dtype but bool.

            Raises:
                RuntimeError: for bool; `~` and `logical_not()` invert masks.

            >>> import mibun as torch
            >>> torch.neg(torch.tensor([1., -2.]))
            tensor([-1.,  2.])

        Operator neg:
            vjp: lambda xp, g: -g
            node: NegBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
        """

    def negative(self) -> Tensor:
        """The negative -input, elementwise.

        Args:
            input: of any shape and any dtype but bool.

        Raises:
            RuntimeError: for bool; `~` and `logical_not()` invert masks.

        >>> import mibun as torch
        >>> torch.neg(torch.tensor([1., -2.]))
        tensor([-1.,  2.])

        Operator neg:
            vjp: lambda xp, g: -g
            node: NegBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
        """

    def negative_(self) -> Self:
        """`neg` in place: writes its result over the tensor, which it returns.

        The negative -input, elementwise.

            Args:
                input: of any shape and any dtype but bool.

            Raises:
                RuntimeError: for bool; `~` and `logical_not()` invert masks.

            >>> import mibun as torch
            >>> torch.neg(torch.tensor([1., -2.]))
            tensor([-1.,  2.])

        Operator neg:
            vjp: lambda xp, g: -g
            node: NegBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
        """

    def nelement(self) -> _int:
        """The number of elements.

        >>> import mibun as torch
        >>> torch.zeros(2, 3).numel()
        6
        """

    def new(self, *args: Any, device: Device | None = None) -> Tensor:
        """`Tensor(*args)` of this tensor's dtype.

        Operator to_device:
            vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def new_empty(
        self, *size: _int, dtype: _dtype | None = None, device: Device | None = None, requires_grad: _bool = False,
        layout: _layout | None = None, pin_memory: _bool = False,
    ) -> Tensor:
        """A Tensor to be filled, of the shape given and this tensor's dtype. It holds zeros."""
    @overload
    def new_empty(
        self, size: Sequence[_int], *, dtype: _dtype | None = None, device: Device | None = None,
        requires_grad: _bool = False, layout: _layout | None = None, pin_memory: _bool = False,
    ) -> Tensor:
        """A Tensor to be filled, of the shape given and this tensor's dtype. It holds zeros."""

    def new_empty_strided(
        self, size: Sequence[_int], stride: Sequence[_int], dtype: _dtype | None = None, layout: _layout | None = None,
        device: Device | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
    ) -> Tensor:
        """`empty_strided` of this tensor's dtype.

        Operator as_strided:
            vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
                g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
            )
            node: AsStridedBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def new_full(
        self, size: Sequence[_int], fill_value: Tensor | Number, *, dtype: _dtype | None = None,
        device: Device | None = None, requires_grad: _bool = False, layout: _layout | None = None,
        pin_memory: _bool = False,
    ) -> Tensor:
        """One number everywhere, in the shape given and this tensor's dtype.

        Args:
            size: a sequence of sizes.
            fill_value: a number or a 0-d Tensor.
            dtype: None for that of this tensor.

        Raises:
            RuntimeError: where the dtype cannot hold the number.

        >>> import mibun as torch
        >>> torch.tensor([1.5]).new_full((2,), 3)
        tensor([3., 3.])
        """

    @overload
    def new_ones(
        self, *size: _int, dtype: _dtype | None = None, device: Device | None = None, requires_grad: _bool = False,
        layout: _layout | None = None, pin_memory: _bool = False,
    ) -> Tensor:
        """Ones of the shape given and this tensor's dtype."""
    @overload
    def new_ones(
        self, size: Sequence[_int], *, dtype: _dtype | None = None, device: Device | None = None,
        requires_grad: _bool = False, layout: _layout | None = None, pin_memory: _bool = False,
    ) -> Tensor:
        """Ones of the shape given and this tensor's dtype."""

    def new_tensor(
        self, data: Any, *, dtype: _dtype | None = None, device: Device | None = None, requires_grad: _bool = False,
        layout: _layout | None = None, pin_memory: _bool = False,
    ) -> Tensor:
        """`tensor(data)` of this tensor's dtype, unless another is given.

        >>> import mibun as torch
        >>> torch.ones(2, dtype=torch.int64).new_tensor([3, 4])
        tensor([3, 4])

        Operator to_device:
            vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def new_zeros(
        self, *size: _int, dtype: _dtype | None = None, device: Device | None = None, requires_grad: _bool = False,
        layout: _layout | None = None, pin_memory: _bool = False,
    ) -> Tensor:
        """Zeros of the shape given and this tensor's dtype."""
    @overload
    def new_zeros(
        self, size: Sequence[_int], *, dtype: _dtype | None = None, device: Device | None = None,
        requires_grad: _bool = False, layout: _layout | None = None, pin_memory: _bool = False,
    ) -> Tensor:
        """Zeros of the shape given and this tensor's dtype."""

    def nextafter(self, other: Tensor) -> Tensor:
        """The float next to input in the direction of other, elementwise. Tensors that broadcast.

        >>> import mibun as torch
        >>> torch.nextafter(torch.tensor([1.]), torch.tensor([2.])) - 1
        tensor([1.1921e-07])

        Operator nextafter:
            vjp of input: lambda xp, g, input, other: xp.where(input == other, 0.0, g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            node: NextafterBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def nextafter_(self, other: Tensor) -> Self:
        """`nextafter` in place: writes its result over the tensor, which it returns.

        The float next to input in the direction of other, elementwise. Tensors that broadcast.

            >>> import mibun as torch
            >>> torch.nextafter(torch.tensor([1.]), torch.tensor([2.])) - 1
            tensor([1.1921e-07])

        Operator nextafter:
            vjp of input: lambda xp, g, input, other: xp.where(input == other, 0.0, g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            node: NextafterBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, signed integer, unsigned integer, complex
            shapes: broadcast; RuntimeError where they do not
        """

    @overload
    def nonzero(self, *, as_tuple: Literal[False] = False) -> Tensor:
        """The positions of the elements that are not zero: the rows of an int64 matrix, or one vector for each dimension.

        >>> import mibun as torch
        >>> torch.nonzero(torch.tensor([0, 3, 4]))
        tensor([[1],
                [2]])

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator _reshape_alias:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ReshapeAliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsafe_view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: UnsafeViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def nonzero(self, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]:
        """The positions of the elements that are not zero: the rows of an int64 matrix, or one vector for each dimension.

        >>> import mibun as torch
        >>> torch.nonzero(torch.tensor([0, 3, 4]))
        tensor([[1],
                [2]])

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator _reshape_alias:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ReshapeAliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsafe_view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: UnsafeViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def nonzero_static(self, *, size: _int, fill_value: _int = -1) -> Tensor:
        """The indices of elements that are not zero, (size, dimensions): the first ones, or filled up with `fill_value`.

        RuntimeError for a negative size.

        >>> import mibun as torch
        >>> torch.nonzero_static(torch.tensor([0, 3, 4]), size=3)
        tensor([[ 1],
                [ 2],
                [-1]])
        """

    def norm(
        self, p: _float | str | None = 'fro', dim: _int | Sequence[_int] | None = None, keepdim: _bool = False,
        dtype: _dtype | None = None,
    ) -> Tensor:
        """The p-norm `(sum |x|^p)^(1/p)` of all elements, or over some dimensions; also of two of them, unless p = "nuc".

        PyTorch keeps this for old programs; new ones use `linalg.vector_norm` and `linalg.matrix_norm`.

        Args:
            input: of a floating or complex dtype.
            p: a number, "fro" (2) or "nuc" (the sum of the singular values of matrices).
            dim: one dimension or several; None: all.
            keepdim: whether the dimensions stay, with size 1.
            dtype: a wider one to compute in.

        Raises:
            RuntimeError: for integers.

        >>> import mibun as torch
        >>> torch.tensor([3., 4.]).norm()
        tensor(5.)

        Operator vector_norm:
            vjp: vector_norm_rule
                def vector_norm_rule(xp, g, input, out, ord, dims):
                    \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                    if ord == 0:
                        return None
                    g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                    if ord == 1:
                        return g * xp.sgn(input)
                    if ord == 2:
                        return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                    size = xp.abs(input)
                    if math.isinf(ord):
                        met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                        return xp.sgn(input) * shared(xp, g, met, dims)
                    if ord < 1:
                        power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                        return xp.sgn(input) * power * (g * out ** (1 - ord))
                    if ord < 2:
                        scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                        return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                    scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                    return input * size ** (ord - 2) * scale
            node: LinalgVectorNormBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def normal_(self, mean: _float = 0, std: _float = 1, *, generator: Generator | None = None) -> Self:
        """Overwrite with normal numbers: `mean + std * z`, z standard normal.

        Args:
            mean, std: numbers.
            generator: the source of random numbers, by default the one that `manual_seed` seeds.

        Returns:
            this tensor. The gradient that reaches what was there before is zero.

        Raises:
            RuntimeError: for a negative std. NotImplementedError for integer dtypes.

        >>> import mibun as torch
        >>> torch.empty(2).normal_(generator=torch.Generator().manual_seed(0))
        tensor([ 1.5410, -0.2934])

        Operator normal_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: NormalBackward0
            dtypes: each as it is
        """

    def not_equal(self, other: Tensor | Number) -> Tensor:
        """Whether not equal, elementwise: a bool Tensor.

        Args:
            input, other: Tensors of shapes that broadcast and any dtypes; one may be a number.

        >>> import mibun as torch
        >>> torch.ne(torch.tensor([1, 2]), 2)
        tensor([ True, False])

        Operator ne:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
        """

    def not_equal_(self, other: Tensor | Number) -> Self:
        """`ne` in place: writes 0 or 1.

        Operator ne:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one

        Operator ne_written0:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: NeBackward0
            dtypes: the operands' common one

        Operator ne_written1:
            vjp of input: lambda xp, g: xp.zeros_like(g)
            vjp of other: lambda xp, g: xp.zeros_like(g)
            jvp of input: lambda xp, g: xp.zeros_like(g)
            jvp of other: lambda xp, g: xp.zeros_like(g)
            node: NeBackward1
            dtypes: the operands' common one
        """

    def numel(self) -> _int:
        """The number of elements.

        >>> import mibun as torch
        >>> torch.zeros(2, 3).numel()
        6
        """

    def numpy(self, *, force: _bool = False) -> np.ndarray[Any, Any]:
        """This tensor as a NumPy array on the same memory.

        Args:
            force: take tensors that require grad too, as `detach().resolve_conj().numpy()`.

        Raises:
            RuntimeError: for tensors that require grad while grad mode is on, unless forced. (Where nothing is recorded, as
                under `no_grad` and in `Function.forward`, no derivative is lost.)

        >>> import mibun as torch
        >>> torch.tensor([1., 2.]).numpy()
        array([1., 2.], dtype=float32)
        """

    def orgqr(self, tau: Tensor) -> Tensor:
        """`linalg.householder_product` by the name that LAPACK has for it.

        Operator linalg_householder_product:
            vjp: _householder_joint
                def _householder_joint(xp, g, input, tau):
                    vectors, taus = _vectors(xp, input, tau.shape[-1]), _factors(xp, tau)
                    g_vectors, g_taus, _ = _reflections_gradient(xp, g, vectors, taus, _columns_of_eye(xp, input))
                    return _collected(xp, g_vectors, g_taus, input, tau)
            node: LinalgHouseholderProductBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def ormqr(self, tau: Tensor, other: Tensor, left: _bool = True, transpose: _bool = False) -> Tensor:
        """Q other (left) or other Q, or with the adjoint of Q (transpose), Q the full product of the reflections.

        input (*, m, k) and tau (*, k) as `geqrf` gives them, with m the size of `other` that Q acts on.

        Operator ormqr:
            vjp: _ormqr_joint
                def _ormqr_joint(xp, g, input, tau, other, left, transpose):
                    vectors, taus, x, backwards = _ordered(xp, input, tau, other, left, transpose)
                    g_vectors, g_taus, g = _reflections_gradient(xp, g if left else adjoint(xp, g), vectors, taus, x)
                    if backwards:
                        g_vectors, g_taus = g_vectors[::-1], [xp.conj(part) for part in g_taus[::-1]]
                    return *_collected(xp, g_vectors, g_taus, input, tau), g if left else adjoint(xp, g)
            node: OrmqrBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def outer(self, vec2: Tensor) -> Tensor:
        """The outer product of two vectors: `out[i, j] = input[i] vec2[j]`.

        Args:
            input: (n,).
            vec2: (m,); dtypes are promoted.

        Returns:
            (n, m).

        Raises:
            RuntimeError: where one is not 1-D.

        >>> import mibun as torch
        >>> torch.outer(torch.tensor([1, 2]), torch.tensor([3, 4, 5]))
        tensor([[ 3,  4,  5],
                [ 6,  8, 10]])

        Operator mul:
            vjp of input: lambda xp, g, other: g * xp.conj(other)
            vjp of other: lambda xp, g, input: g * xp.conj(input)
            node: MulBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            shapes: broadcast; RuntimeError where they do not
        """

    @overload
    def permute(self, *dims: _int) -> Tensor:
        """Put the dimensions in another order: dimension i of the result is dimension dims[i] of the input.

        Args:
            input: of any dtype.
            dims: each dimension once; separately (as a method) or as one sequence.

        Returns:
            a view.

        Raises:
            RuntimeError: where `dims` is not each dimension once.
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.zeros(2, 3, 4).permute(2, 0, 1).shape
        torch.Size([4, 2, 3])

        Operator permute:
            vjp: lambda xp, g, dims: xp.permute_dims(g, _inverse(dims))
            node: PermuteBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def permute(self, dims: Sequence[_int]) -> Tensor:
        """Put the dimensions in another order: dimension i of the result is dimension dims[i] of the input.

        Args:
            input: of any dtype.
            dims: each dimension once; separately (as a method) or as one sequence.

        Returns:
            a view.

        Raises:
            RuntimeError: where `dims` is not each dimension once.
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.zeros(2, 3, 4).permute(2, 0, 1).shape
        torch.Size([4, 2, 3])

        Operator permute:
            vjp: lambda xp, g, dims: xp.permute_dims(g, _inverse(dims))
            node: PermuteBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def pin_memory(self, device: Device | None = None) -> Tensor:
        """RuntimeError: there is no accelerator that memory could be pinned for."""

    def pinverse(self, rcond: _float = 1e-15) -> Tensor:
        """The pseudo-inverse: see `linalg.pinv`. Singular values up to rcond times the largest count as zeros.

        Operator linalg_pinv:
            vjp of input: lambda xp, g, input, out: pinv_gradient(xp, g, input, out)
            jvp of input: lambda xp, t, input, out: pinv_tangent(xp, t, input, out)
            node: LinalgPinvBackward0
            dtypes: each as it is
        """

    def polygamma(self, n: _int) -> Tensor:
        """The n-th derivative of `digamma`, elementwise.

        Operator polygamma_of:
            vjp: lambda xp, g, input, n: g * xp.polygamma_of(input, n=n + 1)
            node: PolygammaBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def polygamma_(self, n: _int) -> Self:
        """`polygamma` in place.

        Operator polygamma_of:
            vjp: lambda xp, g, input, n: g * xp.polygamma_of(input, n=n + 1)
            node: PolygammaBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def positive(self) -> Tensor:
        """The Tensor itself: what unary `+` gives. RuntimeError for bool.

        >>> import mibun as torch
        >>> torch.positive(torch.tensor([1., -2.]))
        tensor([ 1., -2.])
        """

    def pow(self, exponent: Tensor | Number) -> Tensor:
        """input ** exponent, elementwise.

        Args:
            input, exponent: Tensors of shapes that broadcast, or one of them a number. A negative real base of a fractional
                power gives NaN.
            out: where to write the result; resized if it does not fit.

        Raises:
            RuntimeError: where integers are raised to a negative number.

        At base 0 the gradient for the exponent is 0.

        >>> import mibun as torch
        >>> torch.pow(torch.tensor([2., 3.]), 2)
        tensor([4., 9.])
        >>> 2 ** torch.tensor([1., 3.])
        tensor([2., 8.])

        Operator pow_base:
            vjp: _base_rule
                def _base_rule(xp, g, out, exponent, base):
                    logarithm = _log_number(base, xp.isdtype(out.dtype, "complex floating"))
                    if base == 0:
                        logarithm = xp.where(xp.real(exponent) >= 0, 0.0, xp.full_like(out, logarithm))
                    return g * xp.conj(out * logarithm)
            node: PowBackward2
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool

        Operator pow_number:
            vjp: _number_power_rule
                def _number_power_rule(xp, g, input, exponent):
                    if exponent == 0:
                        return xp.zeros_like(g)
                    if exponent == 2:
                        return g * xp.conj(xp.twice(input))
                    # By the operator itself, which takes roots of -0 as PyTorch does.
                    return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
            node: PowBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one

        Operator pow_tensor:
            vjp of input: _input_rule
                def _input_rule(xp, g, input, exponent):
                    # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                    constant = (exponent == 0) & ~(xp.abs(input) > 0)
                    return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
            vjp of exponent: _exponent_rule
                def _exponent_rule(xp, g, input, exponent, out):
                    # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                    constant = (input == 0) & (xp.real(exponent) >= 0)
                    return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
            node: PowBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
            shapes: broadcast; RuntimeError where they do not
        """

    def pow_(self, exponent: Tensor | Number) -> Self:
        """Raise to a power in place.

        Operator pow_number:
            vjp: _number_power_rule
                def _number_power_rule(xp, g, input, exponent):
                    if exponent == 0:
                        return xp.zeros_like(g)
                    if exponent == 2:
                        return g * xp.conj(xp.twice(input))
                    # By the operator itself, which takes roots of -0 as PyTorch does.
                    return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
            node: PowBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one

        Operator pow_tensor:
            vjp of input: _input_rule
                def _input_rule(xp, g, input, exponent):
                    # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                    constant = (exponent == 0) & ~(xp.abs(input) > 0)
                    return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
            vjp of exponent: _exponent_rule
                def _exponent_rule(xp, g, input, exponent, out):
                    # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                    constant = (input == 0) & (xp.real(exponent) >= 0)
                    return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
            node: PowBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
            shapes: broadcast; RuntimeError where they do not
        """

    def prelu(self, weight: Tensor) -> Tensor:
        """The input where positive, else `weight * input`, with a slope that is learnt.

        Args:
            input: (N, C, *), or of any shape for a single weight.
            weight: (1), () or (C), of the dtype of the input.

        Raises:
            RuntimeError: where sizes or dtypes do not fit.

        Source: He, Zhang, Ren and Sun (2015), arXiv:1502.01852.

        >>> import mibun as torch
        >>> torch.prelu(torch.tensor([-1., 2.]), torch.tensor(0.25))
        tensor([-0.2500,  2.0000])

        Operator prelu_kernel:
            vjp of input: lambda xp, g, input, weight: xp.where(input > 0, g, g * weight)
            vjp of weight: lambda xp, g, input: xp.where(input > 0, 0.0, g * input)
            jvp of input: lambda xp, t, input, weight: xp.where(input > 0, t, t * weight)
            jvp of weight: lambda xp, t, input: xp.where(input > 0, 0.0, t * input)
            node: PreluKernelBackward0
            dtypes: each as it is
        """

    @overload
    def prod(self, dim: _int | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None) -> Tensor:
        """The product of all elements, or over one dimension.

        Args:
            input: of any dtype.
            dim: one dimension; None: all.
            keepdim: whether the dimension stays, with size 1.
            dtype: cast to it first; without it bools and integers are multiplied in int64.
            out: a tensor to write the result into.

        Returns:
            the products; 1 for those of nothing. The gradient, the product of the other elements, is exact where elements
            are zero, since nothing is divided.

        Raises:
            IndexError: where there is no such dimension.
            TypeError: for several dimensions.

        >>> import mibun as torch
        >>> torch.prod(torch.tensor([2., 3., 4.]))
        tensor(24.)

        Operator prod_integers:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator prod:
            vjp: _prod_rule
                def _prod_rule(xp, g, input, out):
                    n = count(input.shape, range(input.ndim))
                    return xp.reshape(_others(xp, xp.reshape(g, (1,)), xp.reshape(input, (n,))), input.shape) if n else input
            node: ProdBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator prod_dim:
            vjp: _prod_dim_rule
                def _prod_dim_rule(xp, g, input, out, dim):
                    if input.ndim == 0:
                        return g
                    if not count(input.shape, range(input.ndim)):
                        return input
                    g = spread(xp, g, input.shape, (dim,))
                    return xp.moveaxis(_others(xp, xp.moveaxis(g, dim, 0), xp.moveaxis(input, dim, 0)), 0, dim)
            node: ProdBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def prod(self, *, axis: _int | None, keepdims: _bool = False, dtype: _dtype | None = None) -> Tensor:
        """The product of all elements, or over one dimension.

        Args:
            input: of any dtype.
            dim: one dimension; None: all.
            keepdim: whether the dimension stays, with size 1.
            dtype: cast to it first; without it bools and integers are multiplied in int64.
            out: a tensor to write the result into.

        Returns:
            the products; 1 for those of nothing. The gradient, the product of the other elements, is exact where elements
            are zero, since nothing is divided.

        Raises:
            IndexError: where there is no such dimension.
            TypeError: for several dimensions.

        >>> import mibun as torch
        >>> torch.prod(torch.tensor([2., 3., 4.]))
        tensor(24.)

        Operator prod_integers:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator prod:
            vjp: _prod_rule
                def _prod_rule(xp, g, input, out):
                    n = count(input.shape, range(input.ndim))
                    return xp.reshape(_others(xp, xp.reshape(g, (1,)), xp.reshape(input, (n,))), input.shape) if n else input
            node: ProdBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator prod_dim:
            vjp: _prod_dim_rule
                def _prod_dim_rule(xp, g, input, out, dim):
                    if input.ndim == 0:
                        return g
                    if not count(input.shape, range(input.ndim)):
                        return input
                    g = spread(xp, g, input.shape, (dim,))
                    return xp.moveaxis(_others(xp, xp.moveaxis(g, dim, 0), xp.moveaxis(input, dim, 0)), 0, dim)
            node: ProdBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def put(self, index: Tensor, source: Tensor, accumulate: _bool = False) -> Tensor:
        """A copy of the input with the elements of source at the positions `index` (int64) of it as if it were flat.

        >>> import mibun as torch
        >>> torch.put(torch.zeros(3), torch.tensor([0, 2]), torch.tensor([5., 6.]))
        tensor([5., 0., 6.])

        Operator put_flat:
            vjp of input: _put_input
                def _put_input(xp: Any, g: Array, index: Array, accumulate: bool) -> Array:
                    return g if accumulate else xp.clear_flat(g, index)
            vjp of source: lambda xp, g, index, source_shape: xp.reshape(xp.take_flat(g, index), source_shape)
            node: PutBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def put_(self, index: Tensor, source: Tensor, accumulate: _bool = False) -> Self:
        """`put`, into the tensor itself.

        Operator put_flat:
            vjp of input: _put_input
                def _put_input(xp: Any, g: Array, index: Array, accumulate: bool) -> Array:
                    return g if accumulate else xp.clear_flat(g, index)
            vjp of source: lambda xp, g, index, source_shape: xp.reshape(xp.take_flat(g, index), source_shape)
            node: PutBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def qr(self, some: _bool = True) -> return_types.qr:
        """(Q, R): see `linalg.qr`, which is newer. some: the reduced factors, else the complete ones.

        Operator linalg_qr:
            vjp: _qr_rule
                def _qr_rule(xp, g, Q, R, mode):
                    \"""gA = (gQ + Q C(R gR^H - gQ^H Q)) R^-H, C the mirrored lower triangle.

                    With more columns than rows A = [X Y] = Q [U V], V = Q^H Y: gY = Q gV, and gQ grows by Y gV^H.
                    \"""
                    if mode == "r":
                        raise RuntimeError(_ONLY_R)
                    gq, gr = g
                    m, n = Q.shape[-2], R.shape[-1]
                    if mode == "complete" and m > n:
                        raise RuntimeError(_COMPLETE)
                    further = None
                    if m < n:
                        gv, v = gr[..., m:], R[..., m:]
                        gr, R = gr[..., :m], R[..., :m]
                        further = xp.matmul(Q, gv)
                        gq = gq + xp.matmul(Q, xp.matmul(v, adjoint(xp, gv)))
                    middle = xp.matmul(R, adjoint(xp, gr)) - xp.matmul(adjoint(xp, gq), Q)
                    inner = gq + xp.matmul(Q, _lower_and_mirrored(xp, middle))
                    total = xp.linalg_solve_triangular(adjoint(xp, R), inner, upper=False, left=False, unitriangular=False)
                    return total if further is None else xp.concat([total, further], axis=-1)
            jvp: _qr_jvp
                def _qr_jvp(xp, t, Q, R, mode):
                    \"""With K = Q^H dA R^-1: dR = (K - W) R and dQ = (dA R^-1 - Q K) + Q W, W skew with the lower triangle of K.\"""
                    if mode == "r":
                        raise RuntimeError(_ONLY_R)
                    m, n = Q.shape[-2], R.shape[-1]
                    if mode == "complete" and m > n:
                        raise RuntimeError(_COMPLETE)
                    k = min(m, n)
                    first, square = t[..., :k], R[..., :k]
                    moved = xp.linalg_solve_triangular(square, first, upper=True, left=False, unitriangular=False)
                    kernel = xp.matmul(adjoint(xp, Q), moved)
                    below = xp.tril(kernel, k=-1)
                    eye = xp.eye(k, dtype=kernel.dtype)
                    skew = below - adjoint(xp, below) + eye * (kernel - xp.conj(kernel)) * 0.5
                    dq = moved - xp.matmul(Q, kernel) + xp.matmul(Q, skew)
                    dr = xp.triu(xp.matmul(kernel - skew, square))
                    if m < n:
                        v = R[..., m:]
                        dr = xp.concat([dr, xp.matmul(adjoint(xp, Q), t[..., m:]) - xp.matmul(skew, v)], axis=-1)
                    return dq, dr
            node: LinalgQrBackward0
            dtypes: each as it is
        """

    @overload
    def quantile(
        self, q: _float | Tensor, dim: _int | None = None, keepdim: _bool = False, *, interpolation: str = 'linear',
    ) -> Tensor:
        """The q-quantiles of all elements or along a dimension: what has the rank q (n - 1) in the order of the elements.

        Args:
            input: float32 or float64.
            q: a number from 0 to 1, or a 1-D tensor of them of the input's dtype, whose axis comes first in the result.
                A tensor gets a gradient under "linear": elsewhere the result does not change with it, but in steps.
            dim: the dimension; None: all elements.
            keepdim: whether the dimension stays, with size 1.
            interpolation: between the two nearest elements: "linear", "lower", "higher", "midpoint" or "nearest".
            out: a tensor to write the result into.

        Returns:
            the quantiles; NaN where there is a NaN.

        Raises:
            RuntimeError: for other dtypes, for q out of range, for nothing, and for other interpolations.

        >>> import mibun as torch
        >>> torch.quantile(torch.tensor([1., 2., 3., 4.]), 0.5)
        tensor(2.5000)

        Operator sortbackward0:
            vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
            jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
            node: SortBackward0
            dtypes: each as it is
        """
    @overload
    def quantile(
        self, q: _float | Tensor, *, axis: _int | None, keepdims: _bool = False, interpolation: str = 'linear',
    ) -> Tensor:
        """The q-quantiles of all elements or along a dimension: what has the rank q (n - 1) in the order of the elements.

        Args:
            input: float32 or float64.
            q: a number from 0 to 1, or a 1-D tensor of them of the input's dtype, whose axis comes first in the result.
                A tensor gets a gradient under "linear": elsewhere the result does not change with it, but in steps.
            dim: the dimension; None: all elements.
            keepdim: whether the dimension stays, with size 1.
            interpolation: between the two nearest elements: "linear", "lower", "higher", "midpoint" or "nearest".
            out: a tensor to write the result into.

        Returns:
            the quantiles; NaN where there is a NaN.

        Raises:
            RuntimeError: for other dtypes, for q out of range, for nothing, and for other interpolations.

        >>> import mibun as torch
        >>> torch.quantile(torch.tensor([1., 2., 3., 4.]), 0.5)
        tensor(2.5000)

        Operator sortbackward0:
            vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
            jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
            node: SortBackward0
            dtypes: each as it is
        """

    def rad2deg(self) -> Tensor:
        """Radians to degrees, elementwise. RuntimeError for complex dtypes.

        >>> import mibun as torch
        >>> torch.rad2deg(torch.tensor([1.]))
        tensor([57.2958])

        Operator rad2deg:
            vjp: lambda xp, g: g * (180 / math.pi)
            node: Rad2DegBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def rad2deg_(self) -> Self:
        """`rad2deg` in place: writes its result over the tensor, which it returns.

        Radians to degrees, elementwise. RuntimeError for complex dtypes.

            >>> import mibun as torch
            >>> torch.rad2deg(torch.tensor([1.]))
            tensor([57.2958])

        Operator rad2deg:
            vjp: lambda xp, g: g * (180 / math.pi)
            node: Rad2DegBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    @overload
    def random_(self, *, generator: Generator | None = None) -> Self:
        """Overwrite with integers, all equally likely.

        Args:
            args, kwargs: `from` and `to`: integers from `from` to `to - 1`; `to` alone: from 0; none: all from 0 that the
                dtype holds. (`from` is a word of Python, so it cannot be written as a keyword.)
            generator: the source of random numbers, by default the one that `manual_seed` seeds.

        Raises:
            RuntimeError: for an empty range and for bounds outside of the dtype's; those of floating dtypes only warn.

        >>> import mibun as torch
        >>> torch.empty(3).random_(7, 8)
        tensor([7., 7., 7.])

        Operator random_0_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: RandomBackward0
            dtypes: each as it is

        Operator random_1_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: RandomBackward1
            dtypes: each as it is

        Operator random_2_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: RandomBackward2
            dtypes: each as it is
        """
    @overload
    def random_(self, to: _int, *, generator: Generator | None = None) -> Self:
        """Overwrite with integers, all equally likely.

        Args:
            args, kwargs: `from` and `to`: integers from `from` to `to - 1`; `to` alone: from 0; none: all from 0 that the
                dtype holds. (`from` is a word of Python, so it cannot be written as a keyword.)
            generator: the source of random numbers, by default the one that `manual_seed` seeds.

        Raises:
            RuntimeError: for an empty range and for bounds outside of the dtype's; those of floating dtypes only warn.

        >>> import mibun as torch
        >>> torch.empty(3).random_(7, 8)
        tensor([7., 7., 7.])

        Operator random_0_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: RandomBackward0
            dtypes: each as it is

        Operator random_1_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: RandomBackward1
            dtypes: each as it is

        Operator random_2_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: RandomBackward2
            dtypes: each as it is
        """
    @overload
    def random_(self, from_: _int, to: _int | None, /, *, generator: Generator | None = None) -> Self:
        """Overwrite with integers, all equally likely.

        Args:
            args, kwargs: `from` and `to`: integers from `from` to `to - 1`; `to` alone: from 0; none: all from 0 that the
                dtype holds. (`from` is a word of Python, so it cannot be written as a keyword.)
            generator: the source of random numbers, by default the one that `manual_seed` seeds.

        Raises:
            RuntimeError: for an empty range and for bounds outside of the dtype's; those of floating dtypes only warn.

        >>> import mibun as torch
        >>> torch.empty(3).random_(7, 8)
        tensor([7., 7., 7.])

        Operator random_0_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: RandomBackward0
            dtypes: each as it is

        Operator random_1_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: RandomBackward1
            dtypes: each as it is

        Operator random_2_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: RandomBackward2
            dtypes: each as it is
        """

    def ravel(self) -> Tensor:
        """All elements in one dimension, one after the other in memory: a view of a contiguous tensor, else a copy.

        >>> import mibun as torch
        >>> torch.tensor([[1, 2], [3, 4]]).ravel()
        tensor([1, 2, 3, 4])

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @property
    def real(self) -> Tensor:
        """The real part, a view; a real Tensor is returned as it is.

        >>> import mibun as torch
        >>> torch.real(torch.tensor([3 + 4j, -1]))
        tensor([ 3., -1.])

        Operator view_as_real:
            vjp: lambda xp, g: xp.view_as_complex(xp.ascontiguousarray(g))
            node: ViewAsRealBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @real.setter
    def real(self, value: Tensor) -> None: ...

    def reciprocal(self) -> Tensor:
        """1 / input, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.reciprocal(torch.tensor([2., -4.]))
        tensor([ 0.5000, -0.2500])

        Operator reciprocal:
            vjp: lambda xp, g, out: -g * xp.conj(out * out)
            node: ReciprocalBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def reciprocal_(self) -> Self:
        """`reciprocal` in place: writes its result over the tensor, which it returns.

        1 / input, elementwise.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            >>> import mibun as torch
            >>> torch.reciprocal(torch.tensor([2., -4.]))
            tensor([ 0.5000, -0.2500])

        Operator reciprocal:
            vjp: lambda xp, g, out: -g * xp.conj(out * out)
            node: ReciprocalBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def record_stream(self, s: Ints) -> None:
        """NotImplementedError: tensors are on the CPU, which has no streams."""

    def reinforce(self, reward: Any) -> Tensor:
        """RuntimeError: it was removed from PyTorch; `distributions` has what replaces it."""

    def relu(self) -> Tensor:
        """The rectified linear unit max(input, 0), elementwise, in the same dtype.

        Args:
            input: of any shape and real dtype.

        Raises:
            RuntimeError: for bool.
            NotImplementedError: for complex dtypes.

        The gradient at 0 is 0.

        >>> import mibun as torch
        >>> torch.relu(torch.tensor([-1., 2.]))
        tensor([0., 2.])

        Operator relu:
            vjp: lambda xp, g, out: xp.relu_backward(g, out)
            node: ReluBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex, bool
        """

    def relu_(self) -> Self:
        """`relu` in place.

        Operator relu:
            vjp: lambda xp, g, out: xp.relu_backward(g, out)
            node: ReluBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex, bool
        """

    def remainder(self, other: Tensor | Number) -> Tensor:
        """input - floor(input / other) * other, elementwise: it has the sign of `other`, as Python's `%`.

        Args:
            input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.
            out: where to write the result; resized if it does not fit.

        Raises:
            RuntimeError: "ZeroDivisionError" where integers are divided by 0 (floats give NaN).
            NotImplementedError: for bool and complex dtypes.

        >>> import mibun as torch
        >>> torch.remainder(torch.tensor([7, -7]), 3)
        tensor([1, 2])

        Operator remainder_scalar:
            vjp: lambda xp, g: g
            node: RemainderBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex

        Operator remainder:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="floor")
            node: RemainderBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    def remainder_(self, other: Tensor | Number) -> Self:
        """The remainder in place.

        Operator remainder_scalar:
            vjp: lambda xp, g: g
            node: RemainderBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex

        Operator remainder:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="floor")
            node: RemainderBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
            shapes: broadcast; RuntimeError where they do not
        """

    @overload
    def renorm(self, p: _float, dim: _int, maxnorm: _float) -> Tensor:
        """Each slice along a dimension scaled down to a p-norm of `maxnorm` where it is larger: times maxnorm / (norm +
        1e-7).

        Args:
            input: of a floating or complex dtype, with 2 dimensions or more.
            p: the order of the norm, above 0.
            dim: the dimension whose slices are scaled, each as a whole.
            maxnorm: the bound, not negative.

        Raises:
            RuntimeError: for integers, fewer dimensions, and numbers out of range.

        >>> import mibun as torch
        >>> torch.renorm(torch.tensor([[3., 4.], [0.3, 0.4]]), p=2, dim=0, maxnorm=1.0)
        tensor([[0.6000, 0.8000],
                [0.3000, 0.4000]])

        Operator renorm:
            vjp: _renorm_rule
                def _renorm_rule(xp, g, input, p, dim, maxnorm):
                    \"""Through the factor f(n) of the norm n as well as through the elements: f'(n) = -maxnorm / (n + 1e-7)^2.\"""
                    dims = tuple([i for i in range(input.ndim) if i != dim])
                    norm = xp.vector_norm(input, ord=p, dims=dims, keepdim=True)
                    above = norm > maxnorm
                    along = xp.sum(xp.real(g * xp.conj(input)), axis=dims, keepdims=True)
                    slope = xp.where(above, -maxnorm / ((norm + 1e-7) * (norm + 1e-7)), 0.0) * along
                    through = vector_norm_rule(xp, slope, input, norm, p, dims)
                    direct = g * xp.where(above, maxnorm / (norm + 1e-7), 1.0)
                    return direct if through is None else direct + through
            node: RenormBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def renorm(self, p: _float, *, axis: _int, maxnorm: _float) -> Tensor:
        """Each slice along a dimension scaled down to a p-norm of `maxnorm` where it is larger: times maxnorm / (norm +
        1e-7).

        Args:
            input: of a floating or complex dtype, with 2 dimensions or more.
            p: the order of the norm, above 0.
            dim: the dimension whose slices are scaled, each as a whole.
            maxnorm: the bound, not negative.

        Raises:
            RuntimeError: for integers, fewer dimensions, and numbers out of range.

        >>> import mibun as torch
        >>> torch.renorm(torch.tensor([[3., 4.], [0.3, 0.4]]), p=2, dim=0, maxnorm=1.0)
        tensor([[0.6000, 0.8000],
                [0.3000, 0.4000]])

        Operator renorm:
            vjp: _renorm_rule
                def _renorm_rule(xp, g, input, p, dim, maxnorm):
                    \"""Through the factor f(n) of the norm n as well as through the elements: f'(n) = -maxnorm / (n + 1e-7)^2.\"""
                    dims = tuple([i for i in range(input.ndim) if i != dim])
                    norm = xp.vector_norm(input, ord=p, dims=dims, keepdim=True)
                    above = norm > maxnorm
                    along = xp.sum(xp.real(g * xp.conj(input)), axis=dims, keepdims=True)
                    slope = xp.where(above, -maxnorm / ((norm + 1e-7) * (norm + 1e-7)), 0.0) * along
                    through = vector_norm_rule(xp, slope, input, norm, p, dims)
                    direct = g * xp.where(above, maxnorm / (norm + 1e-7), 1.0)
                    return direct if through is None else direct + through
            node: RenormBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def renorm_(self, p: _float, dim: _int, maxnorm: _float) -> Self:
        """`renorm`, written over this tensor.

        Operator renorm:
            vjp: _renorm_rule
                def _renorm_rule(xp, g, input, p, dim, maxnorm):
                    \"""Through the factor f(n) of the norm n as well as through the elements: f'(n) = -maxnorm / (n + 1e-7)^2.\"""
                    dims = tuple([i for i in range(input.ndim) if i != dim])
                    norm = xp.vector_norm(input, ord=p, dims=dims, keepdim=True)
                    above = norm > maxnorm
                    along = xp.sum(xp.real(g * xp.conj(input)), axis=dims, keepdims=True)
                    slope = xp.where(above, -maxnorm / ((norm + 1e-7) * (norm + 1e-7)), 0.0) * along
                    through = vector_norm_rule(xp, slope, input, norm, p, dims)
                    direct = g * xp.where(above, maxnorm / (norm + 1e-7), 1.0)
                    return direct if through is None else direct + through
            node: RenormBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def renorm_(self, p: _float, *, axis: _int, maxnorm: _float) -> Self:
        """`renorm`, written over this tensor.

        Operator renorm:
            vjp: _renorm_rule
                def _renorm_rule(xp, g, input, p, dim, maxnorm):
                    \"""Through the factor f(n) of the norm n as well as through the elements: f'(n) = -maxnorm / (n + 1e-7)^2.\"""
                    dims = tuple([i for i in range(input.ndim) if i != dim])
                    norm = xp.vector_norm(input, ord=p, dims=dims, keepdim=True)
                    above = norm > maxnorm
                    along = xp.sum(xp.real(g * xp.conj(input)), axis=dims, keepdims=True)
                    slope = xp.where(above, -maxnorm / ((norm + 1e-7) * (norm + 1e-7)), 0.0) * along
                    through = vector_norm_rule(xp, slope, input, norm, p, dims)
                    direct = g * xp.where(above, maxnorm / (norm + 1e-7), 1.0)
                    return direct if through is None else direct + through
            node: RenormBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def repeat(self, *repeats: _int) -> Tensor:
        """Copies of the tensor side by side, `repeats[i]` of them along dimension i.

        Args:
            repeats: ints, separately or as one sequence; more numbers than dimensions add leading ones. (For copies of each
                element see `repeat_interleave`, for a view `expand`.)

        Returns:
            a new tensor; its sizes are `repeats[i] * size(i)`. The gradient is summed over the copies.

        Raises:
            RuntimeError: for fewer numbers than dimensions, and negative ones.

        >>> import mibun as torch
        >>> torch.tensor([1, 2]).repeat(2, 2)
        tensor([[1, 2, 1, 2],
                [1, 2, 1, 2]])

        Operator repeat:
            vjp: lambda xp, g, input_shape, repeats: _sum_of_copies(xp, g, input_shape, repeats)
            node: RepeatBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def repeat(self, repeats: Sequence[_int]) -> Tensor:
        """Copies of the tensor side by side, `repeats[i]` of them along dimension i.

        Args:
            repeats: ints, separately or as one sequence; more numbers than dimensions add leading ones. (For copies of each
                element see `repeat_interleave`, for a view `expand`.)

        Returns:
            a new tensor; its sizes are `repeats[i] * size(i)`. The gradient is summed over the copies.

        Raises:
            RuntimeError: for fewer numbers than dimensions, and negative ones.

        >>> import mibun as torch
        >>> torch.tensor([1, 2]).repeat(2, 2)
        tensor([[1, 2, 1, 2],
                [1, 2, 1, 2]])

        Operator repeat:
            vjp: lambda xp, g, input_shape, repeats: _sum_of_copies(xp, g, input_shape, repeats)
            node: RepeatBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def repeat_interleave(
        self, repeats: _int | Tensor | None = None, dim: _int | None = None, *, output_size: _int | None = None,
    ) -> Tensor:
        """Each element (or slice along a dimension) several times in a row.

        Args:
            input: of any dtype; alone, `repeat_interleave(repeats)`, it says how often each index is to be repeated.
            repeats: an int, or an int tensor with one number for each slice.
            dim: the dimension; without, the tensor is taken as flat.
            output_size: the resulting size along dim, checked.

        Returns:
            a new tensor.

        Raises:
            RuntimeError: for negative repeats, for another number of them than slices, and for another output_size.

        >>> import mibun as torch
        >>> torch.tensor([1, 2]).repeat_interleave(2)
        tensor([1, 1, 2, 2])
        >>> torch.tensor([1, 2]).repeat_interleave(torch.tensor([1, 3]))
        tensor([1, 2, 2, 2])

        Operator repeat_each:
            vjp: lambda xp, g, input_shape, repeats, dim: _sum_of_runs(xp, g, input_shape, repeats, dim)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def repeat_interleave(
        self, repeats: _int | Tensor | None = None, *, axis: _int | None, output_size: _int | None = None,
    ) -> Tensor:
        """Each element (or slice along a dimension) several times in a row.

        Args:
            input: of any dtype; alone, `repeat_interleave(repeats)`, it says how often each index is to be repeated.
            repeats: an int, or an int tensor with one number for each slice.
            dim: the dimension; without, the tensor is taken as flat.
            output_size: the resulting size along dim, checked.

        Returns:
            a new tensor.

        Raises:
            RuntimeError: for negative repeats, for another number of them than slices, and for another output_size.

        >>> import mibun as torch
        >>> torch.tensor([1, 2]).repeat_interleave(2)
        tensor([1, 1, 2, 2])
        >>> torch.tensor([1, 2]).repeat_interleave(torch.tensor([1, 3]))
        tensor([1, 2, 2, 2])

        Operator repeat_each:
            vjp: lambda xp, g, input_shape, repeats, dim: _sum_of_runs(xp, g, input_shape, repeats, dim)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def reshape(self, *shape: _int) -> Tensor:
        """The same elements, in the same order, in another shape: a view if that is possible, else a copy.

        Args:
            input: of any dtype.
            shape: ints, separately (as a method) or as one sequence; one of them may be -1 and is then computed.

        Returns:
            a view where the strides allow the shape without a copy (always of a contiguous tensor).

        Raises:
            RuntimeError: where the number of elements differs, or -1 cannot be computed.

        >>> import mibun as torch
        >>> torch.arange(6).reshape(2, -1)
        tensor([[0, 1, 2],
                [3, 4, 5]])

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator _reshape_alias:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ReshapeAliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsafe_view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: UnsafeViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def reshape(self, shape: Sequence[_int]) -> Tensor:
        """The same elements, in the same order, in another shape: a view if that is possible, else a copy.

        Args:
            input: of any dtype.
            shape: ints, separately (as a method) or as one sequence; one of them may be -1 and is then computed.

        Returns:
            a view where the strides allow the shape without a copy (always of a contiguous tensor).

        Raises:
            RuntimeError: where the number of elements differs, or -1 cannot be computed.

        >>> import mibun as torch
        >>> torch.arange(6).reshape(2, -1)
        tensor([[0, 1, 2],
                [3, 4, 5]])

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator _reshape_alias:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ReshapeAliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsafe_view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: UnsafeViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def reshape_as(self, other: Tensor) -> Tensor:
        """`self.reshape(other.size())`.

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator _reshape_alias:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ReshapeAliasBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator unsafe_view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: UnsafeViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def resize(self, *sizes: _int) -> Tensor:
        """The same elements in another shape, as `reshape`. RuntimeError where the shape has another number of elements.

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def resize(self, sizes: Sequence[_int]) -> Tensor:
        """The same elements in another shape, as `reshape`. RuntimeError where the shape has another number of elements.

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def resize_(self, *sizes: _int, memory_format: _memory_format | None = None) -> Self:
        """Change the size of the tensor itself; the elements that still fit are kept, new ones are not initialised.

        memory_format: the order of the dimensions in memory from now on, whatever it was: nothing is moved. RuntimeError
        where it requires grad, for `preserve_format`, and for a format that needs another number of dimensions. Memory is
        made anew where it grows; views of it then keep the old memory.

        >>> import mibun as torch
        >>> torch.tensor([1, 2, 3, 4]).resize_(2)
        tensor([1, 2])

        Operator prod_integers:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator prod:
            vjp: _prod_rule
                def _prod_rule(xp, g, input, out):
                    n = count(input.shape, range(input.ndim))
                    return xp.reshape(_others(xp, xp.reshape(g, (1,)), xp.reshape(input, (n,))), input.shape) if n else input
            node: ProdBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator prod_dim:
            vjp: _prod_dim_rule
                def _prod_dim_rule(xp, g, input, out, dim):
                    if input.ndim == 0:
                        return g
                    if not count(input.shape, range(input.ndim)):
                        return input
                    g = spread(xp, g, input.shape, (dim,))
                    return xp.moveaxis(_others(xp, xp.moveaxis(g, dim, 0), xp.moveaxis(input, dim, 0)), 0, dim)
            node: ProdBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def resize_(self, sizes: Sequence[_int], *, memory_format: _memory_format | None = None) -> Self:
        """Change the size of the tensor itself; the elements that still fit are kept, new ones are not initialised.

        memory_format: the order of the dimensions in memory from now on, whatever it was: nothing is moved. RuntimeError
        where it requires grad, for `preserve_format`, and for a format that needs another number of dimensions. Memory is
        made anew where it grows; views of it then keep the old memory.

        >>> import mibun as torch
        >>> torch.tensor([1, 2, 3, 4]).resize_(2)
        tensor([1, 2])

        Operator prod_integers:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator prod:
            vjp: _prod_rule
                def _prod_rule(xp, g, input, out):
                    n = count(input.shape, range(input.ndim))
                    return xp.reshape(_others(xp, xp.reshape(g, (1,)), xp.reshape(input, (n,))), input.shape) if n else input
            node: ProdBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator prod_dim:
            vjp: _prod_dim_rule
                def _prod_dim_rule(xp, g, input, out, dim):
                    if input.ndim == 0:
                        return g
                    if not count(input.shape, range(input.ndim)):
                        return input
                    g = spread(xp, g, input.shape, (dim,))
                    return xp.moveaxis(_others(xp, xp.moveaxis(g, dim, 0), xp.moveaxis(input, dim, 0)), 0, dim)
            node: ProdBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def resize_as(self, tensor: Tensor) -> Tensor:
        """The same elements in the shape of another tensor. RuntimeError where that has another number of elements.

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def resize_as_(self, other: Tensor, *, memory_format: _memory_format | None = None) -> Self:
        """`self.resize_(other.size())`. memory_format: as there; `preserve_format` takes that of `other`.

        Operator prod_integers:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator prod:
            vjp: _prod_rule
                def _prod_rule(xp, g, input, out):
                    n = count(input.shape, range(input.ndim))
                    return xp.reshape(_others(xp, xp.reshape(g, (1,)), xp.reshape(input, (n,))), input.shape) if n else input
            node: ProdBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is

        Operator prod_dim:
            vjp: _prod_dim_rule
                def _prod_dim_rule(xp, g, input, out, dim):
                    if input.ndim == 0:
                        return g
                    if not count(input.shape, range(input.ndim)):
                        return input
                    g = spread(xp, g, input.shape, (dim,))
                    return xp.moveaxis(_others(xp, xp.moveaxis(g, dim, 0), xp.moveaxis(input, dim, 0)), 0, dim)
            node: ProdBackward1
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def resize_as_sparse_(self, the_template: Tensor) -> Self:
        """`sparse_resize_` to the sizes and dimensions of another COO tensor.

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def resolve_conj(self) -> Tensor:
        """The Tensor itself: conjugates are always computed here, never only noted."""

    def resolve_neg(self) -> Tensor:
        """The Tensor itself: negatives are always computed here, never only noted."""

    def roll(self, shifts: _int | Sequence[_int], dims: _int | Sequence[_int] | None = None) -> Tensor:
        """Move the elements by `shifts` places along `dims`; what falls off one end comes in at the other.

        Args:
            input: of any dtype.
            shifts: an int, or one for each of the dimensions.
            dims: the dimensions; without, the tensor is rolled as if it were flat.

        Returns:
            a new tensor of the same shape.

        Raises:
            RuntimeError: where there are not as many shifts as dimensions.

        >>> import mibun as torch
        >>> torch.roll(torch.tensor([1, 2, 3, 4]), 1)
        tensor([4, 1, 2, 3])

        Operator roll:
            vjp: lambda xp, g, shifts, dims: xp.rolled(g, shifts=tuple([-s for s in shifts]), dims=dims)
            node: RollBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def rot90(self, k: _int = 1, dims: _int | Sequence[_int] = (0, 1)) -> Tensor:
        """Rotate by 90 degrees k times in the plane of two dimensions, from the first towards the second.

        >>> import mibun as torch
        >>> torch.rot90(torch.tensor([[1, 2], [3, 4]]))
        tensor([[2, 4],
                [1, 3]])

        Operator rot90:
            vjp: lambda xp, g, k, dims: xp.rotated(g, k=-k % 4, dims=dims)
            node: Rot90Backward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def round(self, *, decimals: _int = 0) -> Tensor:
        """The nearest integer, the even one of two, elementwise; or the nearest multiple of 10 ** -decimals.

        Args:
            decimals: how many digits after the point to keep; negative to round before it.
            out: where to write the result; resized if it does not fit.

        Returns:
            a Tensor of the same dtype.

        Raises:
            NotImplementedError: for complex dtypes and bool, and for integers with `decimals`.

        The gradient is 0.

        >>> import mibun as torch
        >>> torch.round(torch.tensor([0.5, 1.5, 2.6]))
        tensor([0., 2., 3.])
        >>> torch.round(torch.tensor([3.14159]), decimals=2)
        tensor([3.1400])

        Operator round_whole:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: RoundBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
        """

    def round_(self, *, decimals: _int = 0) -> Self:
        """Round in place.

        Operator round_whole:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: RoundBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
        """

    def row_indices(self) -> Tensor:
        """The rows of the elements of a CSC or BSC tensor: (*batch, n). RuntimeError for a tensor of another layout."""

    def rsqrt(self) -> Tensor:
        """1 / sqrt(input), elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.rsqrt(torch.tensor([4., 0.]))
        tensor([0.5000,    inf])

        Operator rsqrt:
            vjp: lambda xp, g, out: -0.5 * g * xp.conj(out * out * out)
            node: RsqrtBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def rsqrt_(self) -> Self:
        """`rsqrt` in place: writes its result over the tensor, which it returns.

        1 / sqrt(input), elementwise.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            >>> import mibun as torch
            >>> torch.rsqrt(torch.tensor([4., 0.]))
            tensor([0.5000,    inf])

        Operator rsqrt:
            vjp: lambda xp, g, out: -0.5 * g * xp.conj(out * out * out)
            node: RsqrtBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    @overload
    def scatter(
        self, dim: _int, index: Tensor, src: Tensor | Number | None = None, *, value: Number | None = None,
        reduce: str | None = None,
    ) -> Tensor:
        """A copy of the input with values written at `index` along a dimension: out[index[i][j]][j] = src[i][j] for dim=0.

        Args:
            input: of any dtype.
            dim: the dimension.
            index: int64 or int32, with as many dimensions as the input and, except along `dim`, no larger than it.
            src: a tensor of the input's dtype at least as large as the index, or a number (also as `value`).
            reduce: "add" or "multiply" instead of writing.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the input's shape. Where several values meet in one place the last one counts.

        Raises:
            RuntimeError: for other shapes and dtypes, and for indices out of range.
            TypeError: for both src and value, or neither.

        >>> import mibun as torch
        >>> torch.zeros(3).scatter(0, torch.tensor([0, 2]), torch.tensor([5., 6.]))
        tensor([5., 0., 6.])

        Operator scatter_value:
            vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
            jvp of input: lambda xp, t, index, dim: xp.scatter_clear(t, index, dim=dim)
            node: ScatterBackward1
            dtypes: each as it is

        Operator scatter_src:
            vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator scatter_sum:
            vjp of input: lambda xp, g: g
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator scatter_reduced:
            vjp: reduce_vjp
                56 lines in mibun.ops.indexing.scattering
            node: ScatterReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def scatter(
        self, *, axis: _int, index: Tensor, src: Tensor | Number | None = None, value: Number | None = None,
        reduce: str | None = None,
    ) -> Tensor:
        """A copy of the input with values written at `index` along a dimension: out[index[i][j]][j] = src[i][j] for dim=0.

        Args:
            input: of any dtype.
            dim: the dimension.
            index: int64 or int32, with as many dimensions as the input and, except along `dim`, no larger than it.
            src: a tensor of the input's dtype at least as large as the index, or a number (also as `value`).
            reduce: "add" or "multiply" instead of writing.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the input's shape. Where several values meet in one place the last one counts.

        Raises:
            RuntimeError: for other shapes and dtypes, and for indices out of range.
            TypeError: for both src and value, or neither.

        >>> import mibun as torch
        >>> torch.zeros(3).scatter(0, torch.tensor([0, 2]), torch.tensor([5., 6.]))
        tensor([5., 0., 6.])

        Operator scatter_value:
            vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
            jvp of input: lambda xp, t, index, dim: xp.scatter_clear(t, index, dim=dim)
            node: ScatterBackward1
            dtypes: each as it is

        Operator scatter_src:
            vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator scatter_sum:
            vjp of input: lambda xp, g: g
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator scatter_reduced:
            vjp: reduce_vjp
                56 lines in mibun.ops.indexing.scattering
            node: ScatterReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def scatter_(
        self, dim: _int, index: Tensor, src: Tensor | Number | None = None, *, value: Number | None = None,
        reduce: str | None = None,
    ) -> Self:
        """`scatter`, into the tensor itself.

        Operator scatter_value:
            vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
            jvp of input: lambda xp, t, index, dim: xp.scatter_clear(t, index, dim=dim)
            node: ScatterBackward1
            dtypes: each as it is

        Operator scatter_src:
            vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator scatter_sum:
            vjp of input: lambda xp, g: g
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator scatter_reduced:
            vjp: reduce_vjp
                56 lines in mibun.ops.indexing.scattering
            node: ScatterReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def scatter_(
        self, *, axis: _int, index: Tensor, src: Tensor | Number | None = None, value: Number | None = None,
        reduce: str | None = None,
    ) -> Self:
        """`scatter`, into the tensor itself.

        Operator scatter_value:
            vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
            jvp of input: lambda xp, t, index, dim: xp.scatter_clear(t, index, dim=dim)
            node: ScatterBackward1
            dtypes: each as it is

        Operator scatter_src:
            vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator scatter_sum:
            vjp of input: lambda xp, g: g
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator scatter_reduced:
            vjp: reduce_vjp
                56 lines in mibun.ops.indexing.scattering
            node: ScatterReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def scatter_add(self, dim: _int, index: Tensor, src: Tensor) -> Tensor:
        """A copy of the input with values added at `index` along a dimension: out[index[i][j]][j] += src[i][j] for dim=0.

        Args:
            input: of any dtype.
            dim: the dimension.
            index: int64 or int32; shapes as for `scatter`.
            src: a tensor of the input's dtype, at least as large as the index.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the input's shape. Values for one place add up; the gradient of src is read off at the index.

        Raises:
            RuntimeError: for other shapes and dtypes, and for indices out of range.

        >>> import mibun as torch
        >>> torch.zeros(3).scatter_add(0, torch.tensor([0, 2, 2]), torch.ones(3))
        tensor([1., 0., 2.])

        Operator scatter_sum:
            vjp of input: lambda xp, g: g
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def scatter_add(self, *, axis: _int, index: Tensor, src: Tensor) -> Tensor:
        """A copy of the input with values added at `index` along a dimension: out[index[i][j]][j] += src[i][j] for dim=0.

        Args:
            input: of any dtype.
            dim: the dimension.
            index: int64 or int32; shapes as for `scatter`.
            src: a tensor of the input's dtype, at least as large as the index.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the input's shape. Values for one place add up; the gradient of src is read off at the index.

        Raises:
            RuntimeError: for other shapes and dtypes, and for indices out of range.

        >>> import mibun as torch
        >>> torch.zeros(3).scatter_add(0, torch.tensor([0, 2, 2]), torch.ones(3))
        tensor([1., 0., 2.])

        Operator scatter_sum:
            vjp of input: lambda xp, g: g
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def scatter_add_(self, dim: _int, index: Tensor, src: Tensor) -> Self:
        """`scatter_add`, into the tensor itself.

        Operator scatter_sum:
            vjp of input: lambda xp, g: g
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def scatter_add_(self, *, axis: _int, index: Tensor, src: Tensor) -> Self:
        """`scatter_add`, into the tensor itself.

        Operator scatter_sum:
            vjp of input: lambda xp, g: g
            vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
            node: ScatterAddBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def scatter_reduce(
        self, dim: _int, index: Tensor, src: Tensor, reduce: str, *, include_self: _bool = True,
    ) -> Tensor:
        """A copy of the input with the elements of src reduced into it at `index` along a dimension; see `scatter`.

        reduce: "sum", "prod", "mean", "amax" or "amin". include_self: whether what is in the input counts too.

        >>> import mibun as torch
        >>> torch.ones(2).scatter_reduce(0, torch.tensor([0, 0]), torch.tensor([2., 3.]), "prod")
        tensor([6., 1.])

        Operator scatter_reduced:
            vjp: reduce_vjp
                56 lines in mibun.ops.indexing.scattering
            node: ScatterReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def scatter_reduce(
        self, *, axis: _int, index: Tensor, src: Tensor, reduce: str, include_self: _bool = True,
    ) -> Tensor:
        """A copy of the input with the elements of src reduced into it at `index` along a dimension; see `scatter`.

        reduce: "sum", "prod", "mean", "amax" or "amin". include_self: whether what is in the input counts too.

        >>> import mibun as torch
        >>> torch.ones(2).scatter_reduce(0, torch.tensor([0, 0]), torch.tensor([2., 3.]), "prod")
        tensor([6., 1.])

        Operator scatter_reduced:
            vjp: reduce_vjp
                56 lines in mibun.ops.indexing.scattering
            node: ScatterReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def scatter_reduce_(
        self, dim: _int, index: Tensor, src: Tensor, reduce: str, *, include_self: _bool = True,
    ) -> Self:
        """`scatter_reduce`, into the tensor itself.

        Operator scatter_reduced:
            vjp: reduce_vjp
                56 lines in mibun.ops.indexing.scattering
            node: ScatterReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def scatter_reduce_(
        self, *, axis: _int, index: Tensor, src: Tensor, reduce: str, include_self: _bool = True,
    ) -> Self:
        """`scatter_reduce`, into the tensor itself.

        Operator scatter_reduced:
            vjp: reduce_vjp
                56 lines in mibun.ops.indexing.scattering
            node: ScatterReduceBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    @overload
    def select(self, dim: _int, index: _int) -> Tensor:
        """One slice along a dimension, without that dimension. A view.

        Args:
            input: of any dtype, with at least one dimension.
            dim: the dimension.
            index: which slice; counted from the end if negative.

        Returns:
            a view of one dimension less.

        Raises:
            IndexError: where there is no such dimension or slice.

        >>> import mibun as torch
        >>> torch.tensor([[1, 2], [3, 4]]).select(1, 0)
        tensor([1, 3])

        Operator select:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SelectBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def select(self, *, axis: _int, index: _int) -> Tensor:
        """One slice along a dimension, without that dimension. A view.

        Args:
            input: of any dtype, with at least one dimension.
            dim: the dimension.
            index: which slice; counted from the end if negative.

        Returns:
            a view of one dimension less.

        Raises:
            IndexError: where there is no such dimension or slice.

        >>> import mibun as torch
        >>> torch.tensor([[1, 2], [3, 4]]).select(1, 0)
        tensor([1, 3])

        Operator select:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SelectBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def select_scatter(self, src: Tensor, dim: _int, index: _int) -> Tensor:
        """A copy of the input with `src` as the slice `index` of a dimension: what `input.select(dim, index)` shows.

        >>> import mibun as torch
        >>> torch.select_scatter(torch.zeros(2, 2), torch.ones(2), 0, 1)
        tensor([[0., 0.],
                [1., 1.]])

        Operator select_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SelectScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator slice_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SliceScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator diagonal_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: DiagonalScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator as_strided_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: AsStridedScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator select:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SelectBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def select_scatter(self, src: Tensor, *, axis: _int, index: _int) -> Tensor:
        """A copy of the input with `src` as the slice `index` of a dimension: what `input.select(dim, index)` shows.

        >>> import mibun as torch
        >>> torch.select_scatter(torch.zeros(2, 2), torch.ones(2), 0, 1)
        tensor([[0., 0.],
                [1., 1.]])

        Operator select_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SelectScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator slice_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SliceScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator diagonal_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: DiagonalScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator as_strided_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: AsStridedScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator select:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SelectBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def set_(
        self, source: Tensor | UntypedStorage | TypedStorage | None = None, storage_offset: _int = 0,
        size: Sequence[_int] | None = None, stride: Sequence[_int] | None = None,
    ) -> Self:
        """Look at other memory from now on: that of a tensor, of a storage (in the geometry given), or none at all.

        The offset and the strides count elements. RuntimeError for another dtype, for memory that is too small, and where
        autograd would have to follow: under `no_grad` a tensor that requires grad, such as a Parameter, keeps its history.

        >>> import mibun as torch
        >>> torch.zeros(1).set_(torch.tensor([1., 2.]))
        tensor([1., 2.])
        """

    def sgn(self) -> Tensor:
        """input / |input|, elementwise, and 0 at 0: `sign`, for complex dtypes too.

        Args:
            input: of any shape and dtype.

        >>> import mibun as torch
        >>> torch.sgn(torch.tensor([3 + 4j, 0]))
        tensor([0.6000+0.8000j, 0.0000+0.0000j])

        Operator sgn:
            vjp: _sgn_tangent
                def _sgn_tangent(xp, t, input, out):
                    \"""d(z/|z|): what is left of t when its radial part is taken off, over |z|; 0 at 0. It is its own adjoint.\"""
                    if not xp.isdtype(input.dtype, "complex floating"):
                        return xp.zeros_like(t)
                    size = xp.abs(input)
                    across = t - out * xp.real(xp.conj(out) * t)
                    return xp.where(size == 0, 0.0, across / xp.where(size == 0, 1.0, size))
            jvp: _sgn_tangent
                def _sgn_tangent(xp, t, input, out):
                    \"""d(z/|z|): what is left of t when its radial part is taken off, over |z|; 0 at 0. It is its own adjoint.\"""
                    if not xp.isdtype(input.dtype, "complex floating"):
                        return xp.zeros_like(t)
                    size = xp.abs(input)
                    across = t - out * xp.real(xp.conj(out) * t)
                    return xp.where(size == 0, 0.0, across / xp.where(size == 0, 1.0, size))
            node: SgnBackward0
            dtypes: the operands' common one
        """

    def sgn_(self) -> Self:
        """`sgn` in place: writes its result over the tensor, which it returns.

        input / |input|, elementwise, and 0 at 0: `sign`, for complex dtypes too.

            Args:
                input: of any shape and dtype.

            >>> import mibun as torch
            >>> torch.sgn(torch.tensor([3 + 4j, 0]))
            tensor([0.6000+0.8000j, 0.0000+0.0000j])

        Operator sgn:
            vjp: _sgn_tangent
                def _sgn_tangent(xp, t, input, out):
                    \"""d(z/|z|): what is left of t when its radial part is taken off, over |z|; 0 at 0. It is its own adjoint.\"""
                    if not xp.isdtype(input.dtype, "complex floating"):
                        return xp.zeros_like(t)
                    size = xp.abs(input)
                    across = t - out * xp.real(xp.conj(out) * t)
                    return xp.where(size == 0, 0.0, across / xp.where(size == 0, 1.0, size))
            jvp: _sgn_tangent
                def _sgn_tangent(xp, t, input, out):
                    \"""d(z/|z|): what is left of t when its radial part is taken off, over |z|; 0 at 0. It is its own adjoint.\"""
                    if not xp.isdtype(input.dtype, "complex floating"):
                        return xp.zeros_like(t)
                    size = xp.abs(input)
                    across = t - out * xp.real(xp.conj(out) * t)
                    return xp.where(size == 0, 0.0, across / xp.where(size == 0, 1.0, size))
            node: SgnBackward0
            dtypes: the operands' common one
        """

    def share_memory_(self) -> Self:
        """Move the memory of this tensor, and of its views, to where other processes see it; nothing if it is there.

        Processes forked from now on share it, and so do those that the tensor is sent to by `multiprocessing`.

        >>> import mibun as torch
        >>> torch.ones(2).share_memory_().is_shared()
        True
        """

    def short(self, memory_format: _memory_format = ...) -> Tensor:
        """The Tensor in torch.int16: `self.to(torch.int16)`.

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def sigmoid(self) -> Tensor:
        """The logistic function 1 / (1 + exp(-input)), elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        Its derivative, written with the result y, is y * (1 - y).

        >>> import mibun as torch
        >>> torch.sigmoid(torch.tensor([0., 100.]))
        tensor([0.5000, 1.0000])

        Operator sigmoid:
            vjp: lambda xp, g, out: g * xp.conj((1 - out) * out)
            node: SigmoidBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def sigmoid_(self) -> Self:
        """`sigmoid` in place: writes its result over the tensor, which it returns.

        The logistic function 1 / (1 + exp(-input)), elementwise.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            Its derivative, written with the result y, is y * (1 - y).

            >>> import mibun as torch
            >>> torch.sigmoid(torch.tensor([0., 100.]))
            tensor([0.5000, 1.0000])

        Operator sigmoid:
            vjp: lambda xp, g, out: g * xp.conj((1 - out) * out)
            node: SigmoidBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def sign(self) -> Tensor:
        """-1, 0 or 1 as the input is negative, zero or positive, elementwise, in the same dtype; 0 for NaN.

        Args:
            input: of any shape and real dtype.

        Raises:
            NotImplementedError: for complex dtypes; use `sgn`.

        The gradient is 0.

        >>> import mibun as torch
        >>> torch.sign(torch.tensor([-3., 0., 2.]))
        tensor([-1.,  0.,  1.])

        Operator sign:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: SignBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
        """

    def sign_(self) -> Self:
        """`sign` in place: writes its result over the tensor, which it returns.

        -1, 0 or 1 as the input is negative, zero or positive, elementwise, in the same dtype; 0 for NaN.

            Args:
                input: of any shape and real dtype.

            Raises:
                NotImplementedError: for complex dtypes; use `sgn`.

            The gradient is 0.

            >>> import mibun as torch
            >>> torch.sign(torch.tensor([-3., 0., 2.]))
            tensor([-1.,  0.,  1.])

        Operator sign:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: SignBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: complex
        """

    def signbit(self) -> Tensor:
        """Whether the sign bit is set, elementwise: of -0.0 too. RuntimeError for complex dtypes.

        >>> import mibun as torch
        >>> torch.signbit(torch.tensor([-0.0, 1.]))
        tensor([ True, False])

        Operator signbit:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: the operands' common one
            raises for: complex
        """

    def sin(self) -> Tensor:
        """The sine of an angle in radians, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.sin(torch.tensor([0., 1.]))
        tensor([0.0000, 0.8415])

        Operator sin:
            vjp: lambda xp, g, input: g * xp.conj(xp.cos(input))
            node: SinBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def sin_(self) -> Self:
        """`sin` in place: writes its result over the tensor, which it returns.

        The sine of an angle in radians, elementwise.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            >>> import mibun as torch
            >>> torch.sin(torch.tensor([0., 1.]))
            tensor([0.0000, 0.8415])

        Operator sin:
            vjp: lambda xp, g, input: g * xp.conj(xp.cos(input))
            node: SinBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def sinc(self) -> Tensor:
        """sin(πx) / (πx), elementwise, and 1 at 0.

        >>> import mibun as torch
        >>> torch.sinc(torch.tensor([0., 0.5]))
        tensor([1.0000, 0.6366])

        Operator sinc:
            vjp: lambda xp, g, input: g * xp.conj(xp.sinc_derivative(input, n=1))
            node: SincBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def sinc_(self) -> Self:
        """`sinc` in place: writes its result over the tensor, which it returns.

        sin(πx) / (πx), elementwise, and 1 at 0.

            >>> import mibun as torch
            >>> torch.sinc(torch.tensor([0., 0.5]))
            tensor([1.0000, 0.6366])

        Operator sinc:
            vjp: lambda xp, g, input: g * xp.conj(xp.sinc_derivative(input, n=1))
            node: SincBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def sinh(self) -> Tensor:
        """Hyperbolic sine, elementwise.

        >>> import mibun as torch
        >>> torch.sinh(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.5211])

        Operator sinh:
            vjp: lambda xp, g, input: g * xp.conj(xp.cosh(input))
            node: SinhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def sinh_(self) -> Self:
        """`sinh` in place: writes its result over the tensor, which it returns.

        Hyperbolic sine, elementwise.

            >>> import mibun as torch
            >>> torch.sinh(torch.tensor([0., 0.5]))
            tensor([0.0000, 0.5211])

        Operator sinh:
            vjp: lambda xp, g, input: g * xp.conj(xp.cosh(input))
            node: SinhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    @overload
    def size(self) -> Size:
        """The sizes of all dimensions, as a `Size`, or of one, as an int. IndexError where there is no such dimension.

        >>> import mibun as torch
        >>> torch.zeros(2, 3).size(), torch.zeros(2, 3).size(-1)
        (torch.Size([2, 3]), 3)
        """
    @overload
    def size(self, dim: _int) -> _int:
        """The sizes of all dimensions, as a `Size`, or of one, as an int. IndexError where there is no such dimension.

        >>> import mibun as torch
        >>> torch.zeros(2, 3).size(), torch.zeros(2, 3).size(-1)
        (torch.Size([2, 3]), 3)
        """

    @overload
    def slice_inverse(
        self, src: Tensor, dim: _int = 0, start: _int | None = None, end: _int | None = None, step: _int = 1,
    ) -> Tensor:
        """The tensor that this one is a slice of: its memory in the geometry of `src`, which is like that tensor.

        src: of the sizes, strides and offset of the whole. dim, start, end, step: the slice, which has to be of its sizes.

        RuntimeError where the slice of `src` would have other sizes, or the memory is too small.

        >>> import mibun as torch
        >>> x = torch.arange(6).reshape(2, 3)
        >>> x[:, 1:].slice_inverse(torch.zeros(2, 3), 1, 1, 3)
        tensor([[0, 1, 2],
                [3, 4, 5]])

        Operator as_strided:
            vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
                g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
            )
            node: AsStridedBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def slice_inverse(
        self, src: Tensor, *, axis: _int, start: _int | None = None, end: _int | None = None, step: _int = 1,
    ) -> Tensor:
        """The tensor that this one is a slice of: its memory in the geometry of `src`, which is like that tensor.

        src: of the sizes, strides and offset of the whole. dim, start, end, step: the slice, which has to be of its sizes.

        RuntimeError where the slice of `src` would have other sizes, or the memory is too small.

        >>> import mibun as torch
        >>> x = torch.arange(6).reshape(2, 3)
        >>> x[:, 1:].slice_inverse(torch.zeros(2, 3), 1, 1, 3)
        tensor([[0, 1, 2],
                [3, 4, 5]])

        Operator as_strided:
            vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
                g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
            )
            node: AsStridedBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def slice_scatter(
        self, src: Tensor, dim: _int = 0, start: _int | None = None, end: _int | None = None, step: _int = 1,
    ) -> Tensor:
        """A copy of the input with `src` as its slice `start:end:step` along a dimension.

        >>> import mibun as torch
        >>> torch.slice_scatter(torch.zeros(4), torch.ones(2), start=1, end=3)
        tensor([0., 1., 1., 0.])

        Operator select_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SelectScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator slice_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SliceScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator diagonal_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: DiagonalScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator as_strided_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: AsStridedScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def slice_scatter(
        self, src: Tensor, *, axis: _int, start: _int | None = None, end: _int | None = None, step: _int = 1,
    ) -> Tensor:
        """A copy of the input with `src` as its slice `start:end:step` along a dimension.

        >>> import mibun as torch
        >>> torch.slice_scatter(torch.zeros(4), torch.ones(2), start=1, end=3)
        tensor([0., 1., 1., 0.])

        Operator select_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SelectScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator slice_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: SliceScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator diagonal_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: DiagonalScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator as_strided_scatter:
            vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            )
            vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
            node: AsStridedScatterBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def slogdet(self) -> return_types.slogdet:
        """The sign and the logarithm of the absolute value of the determinant: see `linalg.slogdet`.

        Operator linalg_slogdet:
            vjp: _slogdet_rule
                def _slogdet_rule(xp, g, A, sign):
                    \"""d log det A = tr(A^-1 dA) = z; the logarithm of the size is its real part, and d sign = i sign im(z).

                    So the gradient is A^-H times g_log + i im(conj(sign) g_sign).
                    \"""
                    g_sign, g_log = g
                    if xp.isdtype(A.dtype, "complex floating"):
                        turn = xp.conj(sign) * g_sign
                        g_log = g_log + (turn - xp.conj(turn)) * 0.5
                    return _scalars(xp, g_log) * adjoint(xp, xp.linalg_inv_ex(A)[0])
            jvp: _slogdet_jvp
                def _slogdet_jvp(xp, t, A, sign):
                    z = xp.sum(diagonal_of(xp, xp.linalg_solve_ex(A, t, left=True, vector=False)[0]), axis=-1)
                    if xp.isdtype(A.dtype, "complex floating"):
                        return sign * ((z - xp.conj(z)) * 0.5), xp.real(z)
                    return xp.zeros_like(z), z
            node: LinalgSlogdetBackward0
            dtypes: each as it is
        """

    def smm(self, mat2: Tensor) -> Tensor:
        """A sparse matrix by a dense one, as a sparse COO matrix; it has no derivative.

        Args:
            input: (n, m), in COO; mat2: (m, p), dense.

        Raises:
            NotImplementedError: for other layouts. RuntimeError: where the sizes do not fit.

        >>> import mibun as torch
        >>> torch.smm(torch.eye(2).to_sparse(), torch.tensor([[1., 2.], [3., 4.]])).to_dense()
        tensor([[1., 2.],
                [3., 4.]])
        """

    @overload
    def softmax(self, dim: _int, dtype: _dtype | None = None) -> Tensor:
        """`exp(input) / sum(exp(input))` over one dimension, computed without overflow.

        Args:
            input: of any shape, of a real floating dtype; the result has its shape.
            dim: the dimension that is summed over.
            dtype: cast to it first.

        Raises:
            NotImplementedError: for integers and complex numbers.
            IndexError: for a dimension out of range.

        >>> import mibun as torch
        >>> torch.softmax(torch.zeros(2, 4), dim=1)
        tensor([[0.2500, 0.2500, 0.2500, 0.2500],
                [0.2500, 0.2500, 0.2500, 0.2500]])

        Operator softmax_over:
            vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True))
            node: SoftmaxBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def softmax(self, *, axis: _int, dtype: _dtype | None = None) -> Tensor:
        """`exp(input) / sum(exp(input))` over one dimension, computed without overflow.

        Args:
            input: of any shape, of a real floating dtype; the result has its shape.
            dim: the dimension that is summed over.
            dtype: cast to it first.

        Raises:
            NotImplementedError: for integers and complex numbers.
            IndexError: for a dimension out of range.

        >>> import mibun as torch
        >>> torch.softmax(torch.zeros(2, 4), dim=1)
        tensor([[0.2500, 0.2500, 0.2500, 0.2500],
                [0.2500, 0.2500, 0.2500, 0.2500]])

        Operator softmax_over:
            vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True))
            node: SoftmaxBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def solve(self, A: Tensor) -> Tensor:
        """RuntimeError: it was removed from PyTorch. `torch.linalg.solve` is what replaces it."""

    @overload
    def sort(self, dim: _int = -1, descending: _bool = False, *, stable: _bool | None = None) -> return_types.sort:
        """The elements in order along a dimension, and the indices they came from.

        Args:
            input: of any real dtype.
            dim: the dimension.
            descending: the largest first.
            stable: whether equal elements keep their order; they always do here, asked for or not.
            out: a pair of tensors to write the results into.

        Returns:
            a named tuple (values, indices), the indices int64. NaN counts as the largest. The gradient of a value goes to
            the element that it came from.

        Raises:
            RuntimeError: for complex numbers.
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.tensor([3, 1, 2]).sort()
        torch.return_types.sort(
        values=tensor([1, 2, 3]),
        indices=tensor([1, 2, 0]))

        Operator sortbackward0:
            vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
            jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
            node: SortBackward0
            dtypes: each as it is

        Operator sortbackward1:
            vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
            jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
            node: SortBackward1
            dtypes: each as it is
        """
    @overload
    def sort(self, *, axis: _int, descending: _bool = False, stable: _bool | None = None) -> return_types.sort:
        """The elements in order along a dimension, and the indices they came from.

        Args:
            input: of any real dtype.
            dim: the dimension.
            descending: the largest first.
            stable: whether equal elements keep their order; they always do here, asked for or not.
            out: a pair of tensors to write the results into.

        Returns:
            a named tuple (values, indices), the indices int64. NaN counts as the largest. The gradient of a value goes to
            the element that it came from.

        Raises:
            RuntimeError: for complex numbers.
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.tensor([3, 1, 2]).sort()
        torch.return_types.sort(
        values=tensor([1, 2, 3]),
        indices=tensor([1, 2, 0]))

        Operator sortbackward0:
            vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
            jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
            node: SortBackward0
            dtypes: each as it is

        Operator sortbackward1:
            vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
            jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
            node: SortBackward1
            dtypes: each as it is
        """

    def sparse_dim(self) -> _int:
        """How many dimensions have indices: none of a dense tensor's."""

    def sparse_mask(self, mask: Tensor) -> Tensor:
        """The elements at the places that the sparse tensor `mask` has specified, in its layout.

        >>> import mibun as torch
        >>> torch.arange(4.).reshape(2, 2).sparse_mask(torch.eye(2).to_sparse()).values()
        tensor([0., 3.])
        """

    def sparse_resize_(self, size: Sequence[_int], sparse_dim: _int, dense_dim: _int) -> Self:
        """Give a COO tensor another size in place, which must hold its elements, and other numbers of dimensions.

        RuntimeError where elements would have to go.

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def sparse_resize_and_clear_(self, size: Sequence[_int], sparse_dim: _int, dense_dim: _int) -> Self:
        """Give a COO tensor another size in place, and no elements.

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def split(self, split_size: _int | Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
        """Parts of a tensor along a dimension; see `mibun.split`.

        Operator split:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: SplitBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def split_with_sizes(self, split_sizes: Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
        """Parts of the given sizes along a dimension; RuntimeError where they do not add up to its size. Views.

        >>> import mibun as torch
        >>> torch.arange(3).split_with_sizes([1, 2])
        (tensor([0]), tensor([1, 2]))

        Operator split_with_sizes:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: SplitWithSizesBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def split_with_sizes(self, split_sizes: Sequence[_int], *, axis: _int) -> tuple[Tensor, ...]:
        """Parts of the given sizes along a dimension; RuntimeError where they do not add up to its size. Views.

        >>> import mibun as torch
        >>> torch.arange(3).split_with_sizes([1, 2])
        (tensor([0]), tensor([1, 2]))

        Operator split_with_sizes:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: SplitWithSizesBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def sqrt(self) -> Tensor:
        """The square root, elementwise; NaN below 0 for real dtypes.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        The gradient at 0 is infinite.

        >>> import mibun as torch
        >>> torch.sqrt(torch.tensor([4., -1.]))
        tensor([2., nan])

        Operator sqrt:
            vjp: lambda xp, g, out: g / xp.conj(2 * out)
            node: SqrtBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def sqrt_(self) -> Self:
        """`sqrt` in place: writes its result over the tensor, which it returns.

        The square root, elementwise; NaN below 0 for real dtypes.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            The gradient at 0 is infinite.

            >>> import mibun as torch
            >>> torch.sqrt(torch.tensor([4., -1.]))
            tensor([2., nan])

        Operator sqrt:
            vjp: lambda xp, g, out: g / xp.conj(2 * out)
            node: SqrtBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def square(self) -> Tensor:
        """The square input * input, elementwise, in the same dtype.

        Args:
            input: of any shape and any dtype but bool, which gives int64.
            out: where to write the result; resized if it does not fit.

        >>> import mibun as torch
        >>> torch.square(torch.tensor([-3, 4]))
        tensor([ 9, 16])

        Operator pow_number:
            vjp: _number_power_rule
                def _number_power_rule(xp, g, input, exponent):
                    if exponent == 0:
                        return xp.zeros_like(g)
                    if exponent == 2:
                        return g * xp.conj(xp.twice(input))
                    # By the operator itself, which takes roots of -0 as PyTorch does.
                    return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
            node: PowBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one

        Operator pow_tensor:
            vjp of input: _input_rule
                def _input_rule(xp, g, input, exponent):
                    # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                    constant = (exponent == 0) & ~(xp.abs(input) > 0)
                    return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
            vjp of exponent: _exponent_rule
                def _exponent_rule(xp, g, input, exponent, out):
                    # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                    constant = (input == 0) & (xp.real(exponent) >= 0)
                    return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
            node: PowBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
            shapes: broadcast; RuntimeError where they do not
        """

    def square_(self) -> Self:
        """The square in place.

        Operator pow_number:
            vjp: _number_power_rule
                def _number_power_rule(xp, g, input, exponent):
                    if exponent == 0:
                        return xp.zeros_like(g)
                    if exponent == 2:
                        return g * xp.conj(xp.twice(input))
                    # By the operator itself, which takes roots of -0 as PyTorch does.
                    return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
            node: PowBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one

        Operator pow_tensor:
            vjp of input: _input_rule
                def _input_rule(xp, g, input, exponent):
                    # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                    constant = (exponent == 0) & ~(xp.abs(input) > 0)
                    return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
            vjp of exponent: _exponent_rule
                def _exponent_rule(xp, g, input, exponent, out):
                    # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                    constant = (input == 0) & (xp.real(exponent) >= 0)
                    return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
            node: PowBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool
            shapes: broadcast; RuntimeError where they do not
        """

    @overload
    def squeeze(self, dim: _int | Sequence[_int] | None = None) -> Tensor:
        """Drop dimensions of size 1.

        Args:
            input: of any dtype.
            dim: the dimension, or dimensions, to drop where they are of size 1; others stay. All of size 1 if not given.

        Returns:
            a view.

        Raises:
            IndexError: where there is no such dimension.
            RuntimeError: where one is named twice.

        >>> import mibun as torch
        >>> torch.zeros(1, 3, 1).squeeze().shape
        torch.Size([3])
        >>> torch.zeros(1, 3, 1).squeeze(0).shape
        torch.Size([3, 1])

        Operator squeeze:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator squeeze_dims:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward2
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator squeeze_dim:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def squeeze(self, *, axis: _int | Sequence[_int] | None) -> Tensor:
        """Drop dimensions of size 1.

        Args:
            input: of any dtype.
            dim: the dimension, or dimensions, to drop where they are of size 1; others stay. All of size 1 if not given.

        Returns:
            a view.

        Raises:
            IndexError: where there is no such dimension.
            RuntimeError: where one is named twice.

        >>> import mibun as torch
        >>> torch.zeros(1, 3, 1).squeeze().shape
        torch.Size([3])
        >>> torch.zeros(1, 3, 1).squeeze(0).shape
        torch.Size([3, 1])

        Operator squeeze:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator squeeze_dims:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward2
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator squeeze_dim:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def squeeze_(self, dim: _int | Sequence[_int] | None = None) -> Self:
        """`squeeze`, of the tensor itself: it keeps its memory and loses dimensions of size 1.

        Operator squeeze:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator squeeze_dims:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward2
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator squeeze_dim:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def squeeze_(self, *, axis: _int | Sequence[_int] | None) -> Self:
        """`squeeze`, of the tensor itself: it keeps its memory and loses dimensions of size 1.

        Operator squeeze:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator squeeze_dims:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward2
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator squeeze_dim:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: SqueezeBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def sspaddmm(self, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """beta * input + alpha * (mat1 @ mat2) as a sparse COO matrix; it has no derivative.

        Args:
            input: (n, p), in COO; mat1: (n, m), in COO; mat2: (m, p), dense.

        Raises:
            NotImplementedError: for other layouts. RuntimeError: where the sizes do not fit.

        >>> import mibun as torch
        >>> eye = torch.eye(2).to_sparse()
        >>> torch.sspaddmm(eye, eye, torch.ones(2, 2), beta=10).to_dense()
        tensor([[11.,  1.],
                [ 1., 11.]])
        """

    @overload
    def std(self, dim: Ints | None = None, *, correction: Number | None = None, keepdim: _bool = False) -> Tensor:
        """The standard deviation, the root of `var`, which has the same arguments. Its gradient where it is 0 is 0.

        >>> import mibun as torch
        >>> torch.std(torch.tensor([1., 2., 3., 4.]))
        tensor(1.2910)

        Operator std:
            vjp: _deviation_rule
                def _deviation_rule(xp, g, input, out, dims, correction):
                    g = xp.where(xp.equal(out, 0), 0.0, g / (out * 2))
                    return _variance_rule(xp, g, input, dims, correction)
            node: StdBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def std(self, dim: Ints | None, unbiased: _bool, keepdim: _bool = False) -> Tensor:
        """The standard deviation, the root of `var`, which has the same arguments. Its gradient where it is 0 is 0.

        >>> import mibun as torch
        >>> torch.std(torch.tensor([1., 2., 3., 4.]))
        tensor(1.2910)

        Operator std:
            vjp: _deviation_rule
                def _deviation_rule(xp, g, input, out, dims, correction):
                    g = xp.where(xp.equal(out, 0), 0.0, g / (out * 2))
                    return _variance_rule(xp, g, input, dims, correction)
            node: StdBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def std(self, unbiased: _bool) -> Tensor:
        """The standard deviation, the root of `var`, which has the same arguments. Its gradient where it is 0 is 0.

        >>> import mibun as torch
        >>> torch.std(torch.tensor([1., 2., 3., 4.]))
        tensor(1.2910)

        Operator std:
            vjp: _deviation_rule
                def _deviation_rule(xp, g, input, out, dims, correction):
                    g = xp.where(xp.equal(out, 0), 0.0, g / (out * 2))
                    return _variance_rule(xp, g, input, dims, correction)
            node: StdBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def stft(
        self, n_fft: _int, hop_length: _int | None = None, win_length: _int | None = None, window: Tensor | None = None,
        center: _bool = True, pad_mode: str = 'reflect', normalized: _bool = False, onesided: _bool | None = None,
        return_complex: _bool | None = None, align_to_window: _bool | None = None,
    ) -> Tensor:
        """The short-time Fourier transform: the transforms of overlapping stretches of signals.

        `out[b, k, t] = sum_j window[j] input[b, t hop_length + j] exp(-2 pi i j k / n_fft)`

        Args:
            input: (L,) or (B, L), floating or complex.
            n_fft: the size of a stretch.
            hop_length: how far the next one starts, by default n_fft // 4.
            win_length: the size of the window, n_fft by default; a smaller one is put in the middle of zeros.
            window: (win_length,), by default ones.
            center: stretches are centred at multiples of hop_length, the signal being padded on both sides for that.
            pad_mode: how: "reflect", "constant", "replicate" or "circular".
            normalized: divide by the root of n_fft.
            onesided: half of the frequencies, the default for real signals and windows.
            return_complex: must be given for real signals; False, which is deprecated, gives the parts as a last dimension.
            align_to_window: without center, the first window, not the first stretch, starts the signal.

        Returns:
            complex, (B, n_fft // 2 + 1, times) if onesided, else (B, n_fft, times); without B for one signal.

        Raises:
            RuntimeError: for sizes that do not fit, integers, and onesided results of complex numbers.

        >>> import mibun as torch
        >>> torch.stft(torch.ones(16), n_fft=4, return_complex=True).shape
        torch.Size([3, 17])

        Operator fft_c2c:
            vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
            node: FftC2CBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator fft_r2c:
            vjp: _real_transposed
                def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                    if onesided:
                        # The half that was left out has gradient 0.
                        last = dims[-1]
                        whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                        index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                        g = xp.basic_index_embed(g, shape=whole, index=index)
                    return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
            node: FftR2CBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def storage(self) -> TypedStorage:
        """The memory of this tensor, as elements of its dtype. Deprecated by PyTorch: use `untyped_storage()`."""

    def storage_offset(self) -> _int:
        """How many elements of the storage come before this tensor's first.

        >>> import mibun as torch
        >>> torch.arange(4)[2:].storage_offset()
        2
        """

    def storage_type(self) -> _type:
        """The old class of this tensor's storage: `torch.FloatStorage` for float32."""

    @overload
    def stride(self) -> tuple[_int, ...]:
        """How many elements further in memory the next element of each dimension is, or of one dimension.

        >>> import mibun as torch
        >>> torch.zeros(2, 3).stride()
        (3, 1)
        """
    @overload
    def stride(self, dim: _int) -> _int:
        """How many elements further in memory the next element of each dimension is, or of one dimension.

        >>> import mibun as torch
        >>> torch.zeros(2, 3).stride()
        (3, 1)
        """

    def sub(self, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
        """The difference input - alpha * other, elementwise.

        Args:
            input, other, alpha, out: as for `add`.

        Raises:
            RuntimeError: for bools (use `^` or `logical_xor()`), and as for `add`.

        >>> import mibun as torch
        >>> torch.sub(torch.tensor([5, 7]), 2)
        tensor([3, 5])

        Operator sub:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g: -g
            node: SubBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool, all bool
            shapes: broadcast; RuntimeError where they do not

        Operator sub_scaled:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, alpha: -g * alpha.conjugate()
            node: SubBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool, all bool
            shapes: broadcast; RuntimeError where they do not
        """

    def sub_(self, other: Tensor | Number, *, alpha: Number = 1) -> Self:
        """Subtract `alpha * other` in place.

        Operator sub:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g: -g
            node: SubBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool, all bool
            shapes: broadcast; RuntimeError where they do not

        Operator sub_scaled:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, alpha: -g * alpha.conjugate()
            node: SubBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool, all bool
            shapes: broadcast; RuntimeError where they do not
        """

    def subtract(self, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
        """The difference input - alpha * other, elementwise.

        Args:
            input, other, alpha, out: as for `add`.

        Raises:
            RuntimeError: for bools (use `^` or `logical_xor()`), and as for `add`.

        >>> import mibun as torch
        >>> torch.sub(torch.tensor([5, 7]), 2)
        tensor([3, 5])

        Operator sub:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g: -g
            node: SubBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool, all bool
            shapes: broadcast; RuntimeError where they do not

        Operator sub_scaled:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, alpha: -g * alpha.conjugate()
            node: SubBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool, all bool
            shapes: broadcast; RuntimeError where they do not
        """

    def subtract_(self, other: Tensor | Number, *, alpha: Number = 1) -> Self:
        """Subtract `alpha * other` in place.

        Operator sub:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g: -g
            node: SubBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool, all bool
            shapes: broadcast; RuntimeError where they do not

        Operator sub_scaled:
            vjp of input: lambda xp, g: g
            vjp of other: lambda xp, g, alpha: -g * alpha.conjugate()
            node: SubBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: any bool, all bool
            shapes: broadcast; RuntimeError where they do not
        """

    @overload
    def sum(
        self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None,
    ) -> Tensor:
        """The sum of all elements, or over some dimensions.

        Args:
            input: of any dtype.
            dim: one dimension or several; None: all.
            keepdim: whether the dimensions stay, with size 1.
            dtype: cast to it first; without it bools and integers are added up in int64.
            out: a tensor to write the result into.

        Returns:
            the sums; 0 for those of nothing. The gradient is that of the result, repeated.

        Raises:
            IndexError: where there is no such dimension.
            RuntimeError: where one is named twice.

        >>> import mibun as torch
        >>> torch.ones(2, 3).sum()
        tensor(6.)
        >>> torch.ones(2, 3).sum(1)
        tensor([3., 3.])

        Operator sum:
            vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
            node: SumBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator sum_integers:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator sum_dim:
            vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
            node: SumBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def sum(
        self, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False, dtype: _dtype | None = None,
    ) -> Tensor:
        """The sum of all elements, or over some dimensions.

        Args:
            input: of any dtype.
            dim: one dimension or several; None: all.
            keepdim: whether the dimensions stay, with size 1.
            dtype: cast to it first; without it bools and integers are added up in int64.
            out: a tensor to write the result into.

        Returns:
            the sums; 0 for those of nothing. The gradient is that of the result, repeated.

        Raises:
            IndexError: where there is no such dimension.
            RuntimeError: where one is named twice.

        >>> import mibun as torch
        >>> torch.ones(2, 3).sum()
        tensor(6.)
        >>> torch.ones(2, 3).sum(1)
        tensor([3., 3.])

        Operator sum:
            vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
            node: SumBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator sum_integers:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator sum_dim:
            vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
            node: SumBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def sum_to_size(self, *size: _int) -> Tensor:
        """Sum down to a size that broadcasts to the tensor's own: the transpose of `expand`. RuntimeError for others.

        >>> import mibun as torch
        >>> torch.ones(2, 3).sum_to_size(1, 3)
        tensor([[2., 2., 2.]])

        Operator sum:
            vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
            node: SumBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator sum_integers:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator sum_dim:
            vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
            node: SumBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def sum_to_size(self, size: Sequence[_int]) -> Tensor:
        """Sum down to a size that broadcasts to the tensor's own: the transpose of `expand`. RuntimeError for others.

        >>> import mibun as torch
        >>> torch.ones(2, 3).sum_to_size(1, 3)
        tensor([[2., 2., 2.]])

        Operator sum:
            vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
            node: SumBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator sum_integers:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator sum_dim:
            vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
            node: SumBackward1
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def svd(self, some: _bool = True, compute_uv: _bool = True) -> return_types.svd:
        """(U, S, V), V not transposed: see `linalg.svd`, which is newer.

        some: the thin decomposition. compute_uv: if not, U and V are zeros, of the full sizes.

        Operator linalg_svd:
            vjp: _svd_rule
                55 lines in mibun.ops.linalg.svd
            jvp: _svd_jvp
                33 lines in mibun.ops.linalg.svd
            node: LinalgSvdBackward0
            dtypes: each as it is
        """

    def swapaxes(self, axis0: _int, axis1: _int) -> Tensor:
        """Swap two dimensions; see `transpose`.

        Operator transpose:
            vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
            node: TransposeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def swapaxes_(self, axis0: _int, axis1: _int) -> Self:
        """Swap two dimensions of the tensor itself; see `transpose_`.

        Operator transpose:
            vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
            node: TransposeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def swapdims(self, dim0: _int, dim1: _int) -> Tensor:
        """Swap two dimensions; see `transpose`.

        Operator transpose:
            vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
            node: TransposeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def swapdims_(self, dim0: _int, dim1: _int) -> Self:
        """Swap two dimensions of the tensor itself; see `transpose_`.

        Operator transpose:
            vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
            node: TransposeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def symeig(self, eigenvectors: _bool = False, upper: _bool = True) -> Tensor:
        """RuntimeError: it was removed from PyTorch. `torch.linalg.eigh` is what replaces it."""

    def t(self) -> Tensor:
        """The transpose of a matrix; tensors with less than two dimensions stay as they are. A view.

        RuntimeError for more than two dimensions: see `transpose` and `Tensor.mT`.

        >>> import mibun as torch
        >>> torch.tensor([[1, 2], [3, 4]]).t()
        tensor([[1, 3],
                [2, 4]])

        Operator t:
            vjp: lambda xp, g: xp.t(g)
            node: TBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def t_(self) -> Self:
        """`t`, of the tensor itself: a matrix becomes its transpose, in the same memory.

        Operator t:
            vjp: lambda xp, g: xp.t(g)
            node: TBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def take(self, index: Tensor) -> Tensor:
        """The elements at `index` (int64, any shape) of the input as if it were flat. IndexError out of range.

        >>> import mibun as torch
        >>> torch.take(torch.tensor([[1, 2], [3, 4]]), torch.tensor([0, -1]))
        tensor([1, 4])

        Operator take_flat:
            vjp of input: lambda xp, g, input_shape, index: xp.take_flat_embed(g, index, shape=input_shape)
            node: TakeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def take_along_dim(self, indices: Tensor, dim: _int | None = None) -> Tensor:
        """The elements at `indices` along a dimension; the other dimensions broadcast. Without dim both are taken as flat.

        indices: int64, from the end where negative, such as `argsort` and `argmax(keepdim=True)` give. RuntimeError for
        other dtypes and for indices out of range.

        >>> import mibun as torch
        >>> x = torch.tensor([[3, 1, 2]])
        >>> torch.take_along_dim(x, x.argsort(1), 1)
        tensor([[1, 2, 3]])

        Operator gather_along:
            vjp of input: lambda xp, g, input_shape, index, dim, sparse_grad: (
                xp.sparse_element if sparse_grad else xp.gather_embed
            )(g, index, shape=input_shape, dim=dim)
            node: GatherBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def take_along_dim(self, indices: Tensor, *, axis: _int | None) -> Tensor:
        """The elements at `indices` along a dimension; the other dimensions broadcast. Without dim both are taken as flat.

        indices: int64, from the end where negative, such as `argsort` and `argmax(keepdim=True)` give. RuntimeError for
        other dtypes and for indices out of range.

        >>> import mibun as torch
        >>> x = torch.tensor([[3, 1, 2]])
        >>> torch.take_along_dim(x, x.argsort(1), 1)
        tensor([[1, 2, 3]])

        Operator gather_along:
            vjp of input: lambda xp, g, input_shape, index, dim, sparse_grad: (
                xp.sparse_element if sparse_grad else xp.gather_embed
            )(g, index, shape=input_shape, dim=dim)
            node: GatherBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def tan(self) -> Tensor:
        """The tangent of an angle in radians, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.tan(torch.tensor([0., 1.]))
        tensor([0.0000, 1.5574])

        Operator tan:
            vjp: lambda xp, g, out: g * xp.conj(1 + out * out)
            node: TanBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def tan_(self) -> Self:
        """`tan` in place: writes its result over the tensor, which it returns.

        The tangent of an angle in radians, elementwise.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            >>> import mibun as torch
            >>> torch.tan(torch.tensor([0., 1.]))
            tensor([0.0000, 1.5574])

        Operator tan:
            vjp: lambda xp, g, out: g * xp.conj(1 + out * out)
            node: TanBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def tanh(self) -> Tensor:
        """The hyperbolic tangent (e^x - e^-x) / (e^x + e^-x), elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        Its derivative, written with the result y, is 1 - y².

        >>> import mibun as torch
        >>> torch.tanh(torch.tensor([0., 1.]))
        tensor([0.0000, 0.7616])

        Operator tanh:
            vjp: lambda xp, g, out: g * xp.conj(1 - out * out)
            node: TanhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    def tanh_(self) -> Self:
        """`tanh` in place: writes its result over the tensor, which it returns.

        The hyperbolic tangent (e^x - e^-x) / (e^x + e^-x), elementwise.

            Args:
                input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

            Its derivative, written with the result y, is 1 - y².

            >>> import mibun as torch
            >>> torch.tanh(torch.tensor([0., 1.]))
            tensor([0.0000, 0.7616])

        Operator tanh:
            vjp: lambda xp, g, out: g * xp.conj(1 - out * out)
            node: TanhBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
        """

    @overload
    def tensor_split(self, indices_or_sections: _int | Sequence[_int] | Tensor, dim: _int = 0) -> tuple[Tensor, ...]:
        """Parts along a dimension: that many (the first ones may be one larger), or split at the given places. Views.

        indices_or_sections: one number, or several in a sequence or an int tensor; also under one of the names `indices`
        and `sections`. RuntimeError for a 0-d tensor and for no parts at all.

        >>> import mibun as torch
        >>> torch.tensor_split(torch.arange(4), 3)
        (tensor([0, 1]), tensor([2]), tensor([3]))
        >>> torch.tensor_split(torch.arange(4), [1])
        (tensor([0]), tensor([1, 2, 3]))

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def tensor_split(self, *, sections: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """Parts along a dimension: that many (the first ones may be one larger), or split at the given places. Views.

        indices_or_sections: one number, or several in a sequence or an int tensor; also under one of the names `indices`
        and `sections`. RuntimeError for a 0-d tensor and for no parts at all.

        >>> import mibun as torch
        >>> torch.tensor_split(torch.arange(4), 3)
        (tensor([0, 1]), tensor([2]), tensor([3]))
        >>> torch.tensor_split(torch.arange(4), [1])
        (tensor([0]), tensor([1, 2, 3]))

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def tensor_split(self, *, indices: Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
        """Parts along a dimension: that many (the first ones may be one larger), or split at the given places. Views.

        indices_or_sections: one number, or several in a sequence or an int tensor; also under one of the names `indices`
        and `sections`. RuntimeError for a 0-d tensor and for no parts at all.

        >>> import mibun as torch
        >>> torch.tensor_split(torch.arange(4), 3)
        (tensor([0, 1]), tensor([2]), tensor([3]))
        >>> torch.tensor_split(torch.arange(4), [1])
        (tensor([0]), tensor([1, 2, 3]))

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def tile(self, *dims: _int) -> Tensor:
        """Copies of the tensor, `dims[i]` of them along dimension i; fewer numbers count for the last dimensions.

        >>> import mibun as torch
        >>> torch.tensor([[1, 2]]).tile(2)
        tensor([[1, 2, 1, 2]])

        Operator repeat:
            vjp: lambda xp, g, input_shape, repeats: _sum_of_copies(xp, g, input_shape, repeats)
            node: RepeatBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def tile(self, dims: Sequence[_int]) -> Tensor:
        """Copies of the tensor, `dims[i]` of them along dimension i; fewer numbers count for the last dimensions.

        >>> import mibun as torch
        >>> torch.tensor([[1, 2]]).tile(2)
        tensor([[1, 2, 1, 2]])

        Operator repeat:
            vjp: lambda xp, g, input_shape, repeats: _sum_of_copies(xp, g, input_shape, repeats)
            node: RepeatBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def to(
        self, dtype: _dtype, non_blocking: _bool = False, copy: _bool = False, *,
        memory_format: _memory_format | None = None,
    ) -> Tensor:
        """The Tensor in another dtype and on another device (see `docs/arrays.md`): `to(dtype)`, `to(device, dtype)` or
        `to(other)`, each with `non_blocking=False, copy=False, *, memory_format=None`.

        Gives the Tensor itself where nothing changes and `copy` is False; else a copy, through which gradients flow back.

        >>> import mibun as torch
        >>> torch.tensor([1.7, -2.0]).to(torch.int32)
        tensor([ 1, -2], dtype=torch.int32)

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator to_device:
            vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def to(
        self, device: Device | None = None, dtype: _dtype | None = None, non_blocking: _bool = False,
        copy: _bool = False, *, memory_format: _memory_format | None = None,
    ) -> Tensor:
        """The Tensor in another dtype and on another device (see `docs/arrays.md`): `to(dtype)`, `to(device, dtype)` or
        `to(other)`, each with `non_blocking=False, copy=False, *, memory_format=None`.

        Gives the Tensor itself where nothing changes and `copy` is False; else a copy, through which gradients flow back.

        >>> import mibun as torch
        >>> torch.tensor([1.7, -2.0]).to(torch.int32)
        tensor([ 1, -2], dtype=torch.int32)

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator to_device:
            vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def to(
        self, other: Tensor, non_blocking: _bool = False, copy: _bool = False, *,
        memory_format: _memory_format | None = None,
    ) -> Tensor:
        """The Tensor in another dtype and on another device (see `docs/arrays.md`): `to(dtype)`, `to(device, dtype)` or
        `to(other)`, each with `non_blocking=False, copy=False, *, memory_format=None`.

        Gives the Tensor itself where nothing changes and `copy` is False; else a copy, through which gradients flow back.

        >>> import mibun as torch
        >>> torch.tensor([1.7, -2.0]).to(torch.int32)
        tensor([ 1, -2], dtype=torch.int32)

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator to_device:
            vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def to_dense(self, dtype: _dtype | None = None, *, masked_grad: _bool | None = None) -> Tensor:
        """All elements in a dense tensor; a dense one is itself, in another dtype if one is given.

        masked_grad: whether the gradient of a sparse tensor has elements at its own places alone, which is so if left out.

        >>> import mibun as torch
        >>> torch.sparse_coo_tensor([[1]], [5.], (3,)).to_dense()
        tensor([0., 5., 0.])

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is

        Operator to_device:
            vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def to_device(self, device: Device, *, stream: None = None) -> Tensor:
        """The Tensor itself, as all are on the CPU: what the Array API standard calls `to(device)`.

        Raises:
            RuntimeError: for another device. ValueError: for a stream, which the CPU has not.

        >>> import mibun as torch
        >>> torch.ones(2).to_device("cpu")
        tensor([1., 1.])
        """

    def to_sparse(
        self, sparse_dim: _int | None = None, *, layout: _layout | None = None, blocksize: Sequence[_int] | None = None,
        dense_dim: _int | None = None,
    ) -> Tensor:
        """The tensor in a sparse layout: the elements that are not zero, and where they are.

        Args:
            sparse_dim: COO only: how many dimensions have indices, the first ones; all if left out.
            layout: `torch.sparse_coo` if left out.
            blocksize: the two sizes of a block, for BSR and BSC.
            dense_dim: for compressed layouts: how many of the last dimensions have no indices.

        Raises:
            RuntimeError: where the numbers of dimensions or the blocks do not fit.

        >>> import mibun as torch
        >>> torch.tensor([[0., 2.], [0., 0.]]).to_sparse()
        tensor(indices=tensor([[0],
                               [1]]),
               values=tensor([2.]),
               size=(2, 2), nnz=1, layout=torch.sparse_coo)
        """

    def to_sparse_bsc(self, blocksize: Sequence[_int], dense_dim: _int | None = None) -> Tensor:
        """The tensor in the layout `torch.sparse_bsc`: `blocksize` has the two sizes of a block, `dense_dim` says how many of the last dimensions have no indices."""

    def to_sparse_bsr(self, blocksize: Sequence[_int], dense_dim: _int | None = None) -> Tensor:
        """The tensor in the layout `torch.sparse_bsr`: `blocksize` has the two sizes of a block, `dense_dim` says how many of the last dimensions have no indices."""

    def to_sparse_coo(self) -> Tensor:
        """The tensor in the layout `torch.sparse_coo`."""

    def to_sparse_csc(self, dense_dim: _int | None = None) -> Tensor:
        """The tensor in the layout `torch.sparse_csc`: `dense_dim` says how many of the last dimensions have no indices."""

    def to_sparse_csr(self, dense_dim: _int | None = None) -> Tensor:
        """The tensor in the layout `torch.sparse_csr`: `dense_dim` says how many of the last dimensions have no indices."""

    def tolist(self) -> list[Any]:
        """The elements as nested lists of Python numbers; a number for a 0-d tensor.

        >>> import mibun as torch
        >>> torch.tensor([[1, 2], [3, 4]]).tolist()
        [[1, 2], [3, 4]]
        """

    @overload
    def topk(self, k: _int, dim: _int = -1, largest: _bool = True, sorted: _bool = True) -> return_types.topk:
        """The k largest (or smallest) elements along a dimension, in order, with their indices.

        Args:
            input: of any integer or floating dtype.
            k: how many.
            dim: the dimension.
            largest: whether the largest or the smallest.
            sorted: without effect: they come in order always.
            out: a pair of tensors to write the results into.

        Returns:
            a named tuple (values, indices), of size k along `dim`. NaN counts as the largest. The gradient of a value goes
            to the element that it came from.

        Raises:
            RuntimeError: where k is out of range, and for bool and complex.

        >>> import mibun as torch
        >>> torch.topk(torch.tensor([1., 4., 3.]), 2)
        torch.return_types.topk(
        values=tensor([4., 3.]),
        indices=tensor([1, 2]))

        Operator topk:
            vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
            jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
            node: TopkBackward0
            dtypes: each as it is
        """
    @overload
    def topk(self, k: _int, *, axis: _int, largest: _bool = True, sorted: _bool = True) -> return_types.topk:
        """The k largest (or smallest) elements along a dimension, in order, with their indices.

        Args:
            input: of any integer or floating dtype.
            k: how many.
            dim: the dimension.
            largest: whether the largest or the smallest.
            sorted: without effect: they come in order always.
            out: a pair of tensors to write the results into.

        Returns:
            a named tuple (values, indices), of size k along `dim`. NaN counts as the largest. The gradient of a value goes
            to the element that it came from.

        Raises:
            RuntimeError: where k is out of range, and for bool and complex.

        >>> import mibun as torch
        >>> torch.topk(torch.tensor([1., 4., 3.]), 2)
        torch.return_types.topk(
        values=tensor([4., 3.]),
        indices=tensor([1, 2]))

        Operator topk:
            vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
            jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
            node: TopkBackward0
            dtypes: each as it is
        """

    def trace(self) -> Tensor:
        """The sum of the diagonal of a matrix: `sum_i input[i, i]`.

        Args:
            input: (n, m).

        Returns:
            a 0-d tensor; of integers, int64.

        Raises:
            RuntimeError: where it is not 2-D. NotImplementedError for bools.

        >>> import mibun as torch
        >>> torch.trace(torch.tensor([[1., 2.], [3., 4.]]))
        tensor(5.)

        Operator trace:
            vjp: lambda xp, g, input_shape, input_dtype: g * xp.eye(*input_shape, dtype=input_dtype)
            node: TraceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def transpose(self, dim0: _int, dim1: _int) -> Tensor:
        """Swap two dimensions.

        Args:
            input: of any dtype.
            dim0, dim1: the dimensions. Or one sequence of all of them, as NumPy's `transpose` takes them, and opt_einsum
                gives them: then this is `permute`.

        Returns:
            a view.

        Raises:
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.tensor([[1, 2, 3], [4, 5, 6]]).transpose(0, 1)
        tensor([[1, 4],
                [2, 5],
                [3, 6]])

        Operator transpose:
            vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
            node: TransposeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def transpose(self, dim0: Sequence[_int]) -> Tensor:
        """Swap two dimensions.

        Args:
            input: of any dtype.
            dim0, dim1: the dimensions. Or one sequence of all of them, as NumPy's `transpose` takes them, and opt_einsum
                gives them: then this is `permute`.

        Returns:
            a view.

        Raises:
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.tensor([[1, 2, 3], [4, 5, 6]]).transpose(0, 1)
        tensor([[1, 4],
                [2, 5],
                [3, 6]])

        Operator transpose:
            vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
            node: TransposeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def transpose_(self, dim0: _int, dim1: _int) -> Self:
        """`transpose`, of the tensor itself: it keeps its memory and has two dimensions swapped.

        Operator transpose:
            vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
            node: TransposeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def triangular_solve(
        self, A: Tensor, upper: _bool = True, transpose: _bool = False, unitriangular: _bool = False,
    ) -> return_types.triangular_solve:
        """(solution, cloned_coefficient) of A X = b, or A^T X = b, for triangular A. `linalg.solve_triangular` is newer.

        Operator triangular_solve:
            vjp: _older_triangular_joint
                def _older_triangular_joint(xp, g, A, solution, upper, transpose, unitriangular, needs):
                    g_solution, g_clone = g
                    options = {"left": True, "unitriangular": unitriangular}
                    # Of A^T X = B for complex A: the matrix of the system is the transpose, not the adjoint.
                    solved = (
                        xp.linalg_solve_triangular(xp.conj(A), g_solution, upper=upper, **options)
                        if transpose
                        else xp.linalg_solve_triangular(adjoint(xp, A), g_solution, upper=not upper, **options)
                    )
                    product = xp.matmul(solved, adjoint(xp, solution))
                    if transpose:
                        product = xp.matrix_transpose(product)
                    return solved, g_clone - _triangle(xp, product, upper, unitriangular)
            node: TriangularSolveBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def tril(self, diagonal: _int = 0) -> Tensor:
        """The lower triangle of the last two dimensions; zero elsewhere.

        Args:
            input: (*, m, n), of any dtype.
            diagonal: the last diagonal that is kept: 0 the main one, positive above it.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the same shape.

        Raises:
            RuntimeError: for less than two dimensions.

        >>> import mibun as torch
        >>> torch.tril(torch.ones(3, 3))
        tensor([[1., 0., 0.],
                [1., 1., 0.],
                [1., 1., 1.]])

        Operator lower_triangle:
            vjp: lambda xp, g, diagonal: xp.lower_triangle(g, diagonal=diagonal)
            node: TrilBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def tril_(self, diagonal: _int = 0) -> Self:
        """`tril`, into the tensor itself.

        Operator lower_triangle:
            vjp: lambda xp, g, diagonal: xp.lower_triangle(g, diagonal=diagonal)
            node: TrilBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def triu(self, diagonal: _int = 0) -> Tensor:
        """The upper triangle of the last two dimensions; zero elsewhere.

        Args:
            input: (*, m, n), of any dtype.
            diagonal: the first diagonal that is kept: 0 the main one, positive above it.
            out: a tensor to write the result into.

        Returns:
            a new tensor of the same shape.

        Raises:
            RuntimeError: for less than two dimensions.

        >>> import mibun as torch
        >>> torch.triu(torch.ones(3, 3), diagonal=1)
        tensor([[0., 1., 1.],
                [0., 0., 1.],
                [0., 0., 0.]])

        Operator upper_triangle:
            vjp: lambda xp, g, diagonal: xp.upper_triangle(g, diagonal=diagonal)
            node: TriuBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def triu_(self, diagonal: _int = 0) -> Self:
        """`triu`, into the tensor itself.

        Operator upper_triangle:
            vjp: lambda xp, g, diagonal: xp.upper_triangle(g, diagonal=diagonal)
            node: TriuBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def true_divide(self, other: Tensor | Number) -> Tensor:
        """The quotient input / other, elementwise: `div` without rounding.

        >>> import mibun as torch
        >>> torch.true_divide(torch.tensor([1, 3]), 2)
        tensor([0.5000, 1.5000])

        Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not
        """

    def true_divide_(self, other: Tensor | Number) -> Self:
        """Divide in place.

        Operator div:
            vjp of input: lambda xp, g, other: g / xp.conj(other)
            vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
            node: DivBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            shapes: broadcast; RuntimeError where they do not
        """

    def trunc(self) -> Tensor:
        """The integer part, elementwise, in the same dtype.

        Args:
            input: of any shape and real dtype; integers stay as they are.

        Raises:
            NotImplementedError: for bool and complex dtypes.

        The gradient is 0.

        >>> import mibun as torch
        >>> torch.trunc(torch.tensor([1.7, -1.7]))
        tensor([ 1., -1.])

        Operator trunc:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: TruncBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
        """

    def trunc_(self) -> Self:
        """`trunc` in place: writes its result over the tensor, which it returns.

        The integer part, elementwise, in the same dtype.

            Args:
                input: of any shape and real dtype; integers stay as they are.

            Raises:
                NotImplementedError: for bool and complex dtypes.

            The gradient is 0.

            >>> import mibun as torch
            >>> torch.trunc(torch.tensor([1.7, -1.7]))
            tensor([ 1., -1.])

        Operator trunc:
            vjp: lambda xp, g: xp.zeros_like(g)
            node: TruncBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one
            raises for: bool, complex
        """

    @overload
    def type(self, dtype: None = None, non_blocking: _bool = False) -> str:
        """The name of the Tensor's type (`torch.FloatTensor`); with a dtype, or such a name, the Tensor in that dtype.

        >>> import mibun as torch
        >>> torch.ones(2).type()
        'torch.FloatTensor'
        >>> torch.ones(2).type(torch.int64)
        tensor([1, 1])

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def type(self, dtype: _dtype | str | _type, non_blocking: _bool = False) -> Tensor:
        """The name of the Tensor's type (`torch.FloatTensor`); with a dtype, or such a name, the Tensor in that dtype.

        >>> import mibun as torch
        >>> torch.ones(2).type()
        'torch.FloatTensor'
        >>> torch.ones(2).type(torch.int64)
        tensor([1, 1])

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def type_as(self, other: Tensor) -> Tensor:
        """The Tensor in the dtype of `other`: itself where that is its own.

        Raises:
            TypeError: where `other` is no Tensor.

        >>> import mibun as torch
        >>> torch.tensor([1, 2]).type_as(torch.tensor(1.))
        tensor([1., 2.])

        Operator to_copy:
            vjp: lambda xp, g: g
            node: ToCopyBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def unbind(self, dim: _int = 0) -> tuple[Tensor, ...]:
        """All slices along a dimension, without that dimension.

        Args:
            input: of any dtype, with at least one dimension.
            dim: the dimension.

        Returns:
            a tuple of views, as many as the dimension's size. What `for part in tensor` goes over is `unbind(tensor, 0)`.

        Raises:
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.unbind(torch.tensor([[1, 2], [3, 4]]))
        (tensor([1, 2]), tensor([3, 4]))

        Operator unbind:
            vjp: lambda xp, g, dim: xp.stack(g, axis=dim)
            node: UnbindBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def unbind(self, *, axis: _int) -> tuple[Tensor, ...]:
        """All slices along a dimension, without that dimension.

        Args:
            input: of any dtype, with at least one dimension.
            dim: the dimension.

        Returns:
            a tuple of views, as many as the dimension's size. What `for part in tensor` goes over is `unbind(tensor, 0)`.

        Raises:
            IndexError: where there is no such dimension.

        >>> import mibun as torch
        >>> torch.unbind(torch.tensor([[1, 2], [3, 4]]))
        (tensor([1, 2]), tensor([3, 4]))

        Operator unbind:
            vjp: lambda xp, g, dim: xp.stack(g, axis=dim)
            node: UnbindBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def unflatten(self, dim: _int, sizes: _int | Sequence[_int]) -> Tensor:
        """Split one dimension into several.

        Args:
            input: of any dtype.
            dim: the dimension to split.
            sizes: the sizes that it is split into; one of them may be -1 and is then computed.

        Returns:
            a view of one dimension less than before and len(sizes) more.

        Raises:
            RuntimeError: where the sizes do not multiply up to that of the dimension.

        >>> import mibun as torch
        >>> torch.arange(6).unflatten(0, (2, 3)).shape
        torch.Size([2, 3])

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def unflatten(self, *, axis: _int, sizes: _int | Sequence[_int]) -> Tensor:
        """Split one dimension into several.

        Args:
            input: of any dtype.
            dim: the dimension to split.
            sizes: the sizes that it is split into; one of them may be -1 and is then computed.

        Returns:
            a view of one dimension less than before and len(sizes) more.

        Raises:
            RuntimeError: where the sizes do not multiply up to that of the dimension.

        >>> import mibun as torch
        >>> torch.arange(6).unflatten(0, (2, 3)).shape
        torch.Size([2, 3])

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def unfold(self, dimension: _int, size: _int, step: _int) -> Tensor:
        """All windows of `size` elements along a dimension, each `step` after the last: a view with one dimension more.

        >>> import mibun as torch
        >>> torch.arange(1., 6).unfold(0, 3, 2)
        tensor([[1., 2., 3.],
                [3., 4., 5.]])

        Operator unfold_dim:
            vjp: lambda xp, g, input_shape, dim, size, step: xp.unfold_embed(
                g, shape=input_shape, dim=dim, size=size, step=step
            )
            node: UnfoldBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def uniform_(self, low: _float = 0, high: _float = 1, /, *, generator: Generator | None = None) -> Self:
        """Overwrite with numbers uniform on [from, to): `uniform_(from=0, to=1, *, generator=None)`.

        Args:
            args, kwargs: `from` and `to` ("from" is a word of Python, so it cannot be written as a keyword).
            generator: the source of random numbers, by default the one that `manual_seed` seeds.

        Returns:
            this tensor. The gradient that reaches what was there before is zero.

        Raises:
            RuntimeError: for bounds in the wrong order or that the dtype cannot hold. NotImplementedError for integer
                dtypes.

        >>> import mibun as torch
        >>> x = torch.empty(100).uniform_(-1, 1)
        >>> bool((x >= -1).all() and (x < 1).all())
        True

        Operator uniform_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: UniformBackward0
            dtypes: each as it is
        """

    @overload
    def unique(
        self, sorted: _bool = True, return_inverse: Literal[False] = False, return_counts: Literal[False] = False,
        dim: _int | None = None,
    ) -> Tensor:
        """The distinct elements in ascending order; with `dim`, the distinct slices along it.

        Args:
            input: of any real dtype.
            sorted: without effect: they come in order always.
            return_inverse: also give, for each element, where in the result it is.
            return_counts: also give how often each occurs.
            dim: the dimension whose slices are compared; None: the elements of all.

        Returns:
            the values, or a tuple (values[, inverse][, counts]). Each NaN is distinct. Not differentiable.

        Raises:
            NotImplementedError: for complex numbers.

        >>> import mibun as torch
        >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
        (tensor([1, 3]), tensor([1, 2]))

        Operator unique:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator unique_dim:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def unique(
        self, sorted: _bool = True, *, return_inverse: Literal[True], return_counts: Literal[False] = False,
        dim: _int | None = None,
    ) -> tuple[Tensor, Tensor]:
        """The distinct elements in ascending order; with `dim`, the distinct slices along it.

        Args:
            input: of any real dtype.
            sorted: without effect: they come in order always.
            return_inverse: also give, for each element, where in the result it is.
            return_counts: also give how often each occurs.
            dim: the dimension whose slices are compared; None: the elements of all.

        Returns:
            the values, or a tuple (values[, inverse][, counts]). Each NaN is distinct. Not differentiable.

        Raises:
            NotImplementedError: for complex numbers.

        >>> import mibun as torch
        >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
        (tensor([1, 3]), tensor([1, 2]))

        Operator unique:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator unique_dim:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def unique(
        self, sorted: _bool = True, *, return_inverse: Literal[False] = False, return_counts: Literal[True],
        dim: _int | None = None,
    ) -> tuple[Tensor, Tensor]:
        """The distinct elements in ascending order; with `dim`, the distinct slices along it.

        Args:
            input: of any real dtype.
            sorted: without effect: they come in order always.
            return_inverse: also give, for each element, where in the result it is.
            return_counts: also give how often each occurs.
            dim: the dimension whose slices are compared; None: the elements of all.

        Returns:
            the values, or a tuple (values[, inverse][, counts]). Each NaN is distinct. Not differentiable.

        Raises:
            NotImplementedError: for complex numbers.

        >>> import mibun as torch
        >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
        (tensor([1, 3]), tensor([1, 2]))

        Operator unique:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator unique_dim:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def unique(
        self, sorted: _bool = True, *, return_inverse: Literal[True], return_counts: Literal[True],
        dim: _int | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The distinct elements in ascending order; with `dim`, the distinct slices along it.

        Args:
            input: of any real dtype.
            sorted: without effect: they come in order always.
            return_inverse: also give, for each element, where in the result it is.
            return_counts: also give how often each occurs.
            dim: the dimension whose slices are compared; None: the elements of all.

        Returns:
            the values, or a tuple (values[, inverse][, counts]). Each NaN is distinct. Not differentiable.

        Raises:
            NotImplementedError: for complex numbers.

        >>> import mibun as torch
        >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
        (tensor([1, 3]), tensor([1, 2]))

        Operator unique:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator unique_dim:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def unique(
        self, sorted: _bool = True, return_inverse: _bool = False, return_counts: _bool = False,
        dim: _int | None = None,
    ) -> Any:
        """The distinct elements in ascending order; with `dim`, the distinct slices along it.

        Args:
            input: of any real dtype.
            sorted: without effect: they come in order always.
            return_inverse: also give, for each element, where in the result it is.
            return_counts: also give how often each occurs.
            dim: the dimension whose slices are compared; None: the elements of all.

        Returns:
            the values, or a tuple (values[, inverse][, counts]). Each NaN is distinct. Not differentiable.

        Raises:
            NotImplementedError: for complex numbers.

        >>> import mibun as torch
        >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
        (tensor([1, 3]), tensor([1, 2]))

        Operator unique:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is

        Operator unique_dim:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    @overload
    def unique_consecutive(
        self, return_inverse: Literal[False] = False, return_counts: Literal[False] = False, dim: _int | None = None,
    ) -> Tensor:
        """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it.

        >>> import mibun as torch
        >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
        tensor([1, 2, 1])

        Operator unique_consecutive:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def unique_consecutive(
        self, *, return_inverse: Literal[True], return_counts: Literal[False] = False, dim: _int | None = None,
    ) -> tuple[Tensor, Tensor]:
        """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it.

        >>> import mibun as torch
        >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
        tensor([1, 2, 1])

        Operator unique_consecutive:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def unique_consecutive(
        self, *, return_inverse: Literal[False] = False, return_counts: Literal[True], dim: _int | None = None,
    ) -> tuple[Tensor, Tensor]:
        """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it.

        >>> import mibun as torch
        >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
        tensor([1, 2, 1])

        Operator unique_consecutive:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def unique_consecutive(
        self, *, return_inverse: Literal[True], return_counts: Literal[True], dim: _int | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it.

        >>> import mibun as torch
        >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
        tensor([1, 2, 1])

        Operator unique_consecutive:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """
    @overload
    def unique_consecutive(
        self, return_inverse: _bool = False, return_counts: _bool = False, dim: _int | None = None,
    ) -> Any:
        """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it.

        >>> import mibun as torch
        >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
        tensor([1, 2, 1])

        Operator unique_consecutive:
            has no derivative: its results do not require grad
            forward mode: none: no output has a derivative
            dtypes: each as it is
        """

    @overload
    def unsafe_chunk(self, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """`chunk`, with parts that are no views to autograd; see `unsafe_split`.

        Operator unsafe_split:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: UnsafeSplitBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def unsafe_chunk(self, chunks: _int, *, axis: _int) -> tuple[Tensor, ...]:
        """`chunk`, with parts that are no views to autograd; see `unsafe_split`.

        Operator unsafe_split:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: UnsafeSplitBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def unsafe_split(self, split_size: _int | Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
        """`split`, but autograd sees no views: each part may be modified in place if nothing else uses its memory.

        Operator unsafe_split:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: UnsafeSplitBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def unsafe_split(self, split_size: _int | Sequence[_int], *, axis: _int) -> tuple[Tensor, ...]:
        """`split`, but autograd sees no views: each part may be modified in place if nothing else uses its memory.

        Operator unsafe_split:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: UnsafeSplitBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def unsafe_split_with_sizes(self, split_sizes: Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
        """`split_with_sizes`, with parts that are no views to autograd; see `unsafe_split`.

        Operator unsafe_split_with_sizes:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: UnsafeSplitWithSizesBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def unsafe_split_with_sizes(self, split_sizes: Sequence[_int], *, axis: _int) -> tuple[Tensor, ...]:
        """`split_with_sizes`, with parts that are no views to autograd; see `unsafe_split`.

        Operator unsafe_split_with_sizes:
            vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
            node: UnsafeSplitWithSizesBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def unsqueeze(self, dim: _int) -> Tensor:
        """Insert a dimension of size 1.

        Args:
            input: of any dtype.
            dim: where in the result it is, from -ndim - 1 to ndim.

        Returns:
            a view of one dimension more.

        Raises:
            IndexError: where `dim` is out of range.

        >>> import mibun as torch
        >>> torch.tensor([1, 2]).unsqueeze(1)
        tensor([[1],
                [2]])

        Operator unsqueeze:
            vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
            node: UnsqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def unsqueeze(self, *, axis: _int) -> Tensor:
        """Insert a dimension of size 1.

        Args:
            input: of any dtype.
            dim: where in the result it is, from -ndim - 1 to ndim.

        Returns:
            a view of one dimension more.

        Raises:
            IndexError: where `dim` is out of range.

        >>> import mibun as torch
        >>> torch.tensor([1, 2]).unsqueeze(1)
        tensor([[1],
                [2]])

        Operator unsqueeze:
            vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
            node: UnsqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    @overload
    def unsqueeze_(self, dim: _int) -> Self:
        """`unsqueeze`, of the tensor itself: it keeps its memory and gets a dimension of size 1.

        Operator unsqueeze:
            vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
            node: UnsqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def unsqueeze_(self, *, axis: _int) -> Self:
        """`unsqueeze`, of the tensor itself: it keeps its memory and gets a dimension of size 1.

        Operator unsqueeze:
            vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
            node: UnsqueezeBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def untyped_storage(self) -> UntypedStorage:
        """The bytes that this tensor and its views share."""

    def values(self) -> Tensor:
        """The values of a sparse tensor: (n, *dense dimensions); through it gradients flow to the tensor. RuntimeError for a tensor of another layout."""

    @overload
    def var(self, dim: Ints | None = None, *, correction: Number | None = None, keepdim: _bool = False) -> Tensor:
        """The variance of all elements, or over some dimensions: sum |x - mean|^2 / (n - correction).

        Computed in two passes, the mean first, so that a large mean costs no digits.

        Args:
            input: of a floating or complex dtype.
            dim: one dimension or several; None: all.
            unbiased: the older form of `correction`: True is 1, False is 0.
            keepdim: whether the dimensions stay, with size 1.
            correction: what is subtracted from the number of elements, 1 (Bessel's) if not given.
            out: a tensor to write the result into.

        Returns:
            the variances, real; NaN or inf (with a warning) where n - correction is not positive.

        Raises:
            RuntimeError: for bools and integers.
            TypeError: for both unbiased and correction.

        >>> import mibun as torch
        >>> torch.var(torch.tensor([1., 2., 3., 4.]))
        tensor(1.6667)
        >>> torch.var(torch.tensor([1., 2., 3., 4.]), correction=0)
        tensor(1.2500)

        Operator var:
            vjp: _variance_rule
                def _variance_rule(xp, g, input, dims, correction):
                    \"""d var = 2 / (n - correction) * (x - mean): the mean's own derivative sums to zero.\"""
                    scale = _ratio(2, _degrees(input.shape, dims, correction))
                    return spread(xp, g, input.shape, dims) * (scale * (input - xp.mean(input, axis=dims, keepdims=True)))
            node: VarBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def var(self, dim: Ints | None, unbiased: _bool, keepdim: _bool = False) -> Tensor:
        """The variance of all elements, or over some dimensions: sum |x - mean|^2 / (n - correction).

        Computed in two passes, the mean first, so that a large mean costs no digits.

        Args:
            input: of a floating or complex dtype.
            dim: one dimension or several; None: all.
            unbiased: the older form of `correction`: True is 1, False is 0.
            keepdim: whether the dimensions stay, with size 1.
            correction: what is subtracted from the number of elements, 1 (Bessel's) if not given.
            out: a tensor to write the result into.

        Returns:
            the variances, real; NaN or inf (with a warning) where n - correction is not positive.

        Raises:
            RuntimeError: for bools and integers.
            TypeError: for both unbiased and correction.

        >>> import mibun as torch
        >>> torch.var(torch.tensor([1., 2., 3., 4.]))
        tensor(1.6667)
        >>> torch.var(torch.tensor([1., 2., 3., 4.]), correction=0)
        tensor(1.2500)

        Operator var:
            vjp: _variance_rule
                def _variance_rule(xp, g, input, dims, correction):
                    \"""d var = 2 / (n - correction) * (x - mean): the mean's own derivative sums to zero.\"""
                    scale = _ratio(2, _degrees(input.shape, dims, correction))
                    return spread(xp, g, input.shape, dims) * (scale * (input - xp.mean(input, axis=dims, keepdims=True)))
            node: VarBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """
    @overload
    def var(self, unbiased: _bool) -> Tensor:
        """The variance of all elements, or over some dimensions: sum |x - mean|^2 / (n - correction).

        Computed in two passes, the mean first, so that a large mean costs no digits.

        Args:
            input: of a floating or complex dtype.
            dim: one dimension or several; None: all.
            unbiased: the older form of `correction`: True is 1, False is 0.
            keepdim: whether the dimensions stay, with size 1.
            correction: what is subtracted from the number of elements, 1 (Bessel's) if not given.
            out: a tensor to write the result into.

        Returns:
            the variances, real; NaN or inf (with a warning) where n - correction is not positive.

        Raises:
            RuntimeError: for bools and integers.
            TypeError: for both unbiased and correction.

        >>> import mibun as torch
        >>> torch.var(torch.tensor([1., 2., 3., 4.]))
        tensor(1.6667)
        >>> torch.var(torch.tensor([1., 2., 3., 4.]), correction=0)
        tensor(1.2500)

        Operator var:
            vjp: _variance_rule
                def _variance_rule(xp, g, input, dims, correction):
                    \"""d var = 2 / (n - correction) * (x - mean): the mean's own derivative sums to zero.\"""
                    scale = _ratio(2, _degrees(input.shape, dims, correction))
                    return spread(xp, g, input.shape, dims) * (scale * (input - xp.mean(input, axis=dims, keepdims=True)))
            node: VarBackward0
            forward mode: the VJP of the VJP
            dtypes: each as it is
        """

    def vdot(self, other: Tensor) -> Tensor:
        """The dot product of two vectors, the first one conjugated: `sum_i conj(input[i]) other[i]`.

        Args:
            input, other: (n,) both, of one dtype.

        Returns:
            a 0-d tensor.

        Raises:
            RuntimeError: where one is not 1-D, or sizes or dtypes differ. NotImplementedError for bools.

        >>> import mibun as torch
        >>> torch.vdot(torch.tensor([1 + 1j]), torch.tensor([1 + 1j]))
        tensor(2.+0.j)

        Operator vdot:
            vjp of input: lambda xp, g, other: xp.conj(g) * other
            vjp of other: lambda xp, g, input: g * input
            jvp of input: lambda xp, t, other: xp.vdot(t, other)
            jvp of other: lambda xp, t, input: xp.vdot(input, t)
            node: VdotBackward0
            dtypes: each as it is
        """

    @overload
    def view(self, dtype: _dtype) -> Tensor:
        """The same memory in another shape, or under another dtype.

        Args:
            size: ints, separately or as one sequence; one of them may be -1 and is then computed.
            dtype: instead of a size: read the memory as elements of this dtype (or of Python's `float`: float64, ...).
                Where they are of another size in bytes, the last dimension grows or shrinks. Such a view is not
                differentiable.

        Returns:
            a view: what is written into it is written into the tensor, too.

        Raises:
            RuntimeError: where the strides do not allow the shape without a copy (then use `reshape`), the number of
                elements differs, or the last dimension does not fit the other dtype.

        >>> import mibun as torch
        >>> torch.arange(4).view(2, 2)
        tensor([[0, 1],
                [2, 3]])
        >>> torch.tensor([1.0]).view(torch.int32)
        tensor([1065353216], dtype=torch.int32)

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def view(self, *size: _int) -> Tensor:
        """The same memory in another shape, or under another dtype.

        Args:
            size: ints, separately or as one sequence; one of them may be -1 and is then computed.
            dtype: instead of a size: read the memory as elements of this dtype (or of Python's `float`: float64, ...).
                Where they are of another size in bytes, the last dimension grows or shrinks. Such a view is not
                differentiable.

        Returns:
            a view: what is written into it is written into the tensor, too.

        Raises:
            RuntimeError: where the strides do not allow the shape without a copy (then use `reshape`), the number of
                elements differs, or the last dimension does not fit the other dtype.

        >>> import mibun as torch
        >>> torch.arange(4).view(2, 2)
        tensor([[0, 1],
                [2, 3]])
        >>> torch.tensor([1.0]).view(torch.int32)
        tensor([1065353216], dtype=torch.int32)

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """
    @overload
    def view(self, size: Sequence[_int]) -> Tensor:
        """The same memory in another shape, or under another dtype.

        Args:
            size: ints, separately or as one sequence; one of them may be -1 and is then computed.
            dtype: instead of a size: read the memory as elements of this dtype (or of Python's `float`: float64, ...).
                Where they are of another size in bytes, the last dimension grows or shrinks. Such a view is not
                differentiable.

        Returns:
            a view: what is written into it is written into the tensor, too.

        Raises:
            RuntimeError: where the strides do not allow the shape without a copy (then use `reshape`), the number of
                elements differs, or the last dimension does not fit the other dtype.

        >>> import mibun as torch
        >>> torch.arange(4).view(2, 2)
        tensor([[0, 1],
                [2, 3]])
        >>> torch.tensor([1.0]).view(torch.int32)
        tensor([1065353216], dtype=torch.int32)

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def view_as(self, other: Tensor) -> Tensor:
        """`self.view(other.size())`.

        Operator view:
            vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
            node: ViewBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def vsplit(self, indices_or_sections: _int | Sequence[_int] | Tensor) -> tuple[Tensor, ...]:
        """Parts along the first dimension of at least two; see `tensor_split`. An int must divide its size.

        >>> import mibun as torch
        >>> torch.vsplit(torch.tensor([[1, 2], [3, 4]]), 2)
        (tensor([[1, 2]]), tensor([[3, 4]]))

        Operator basic_index:
            vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
            node: SliceBackward0
            forward mode: the operator on the tangents
            dtypes: each as it is
        """

    def where(self, condition: Tensor, other: Tensor | Number) -> Tensor:
        """`where(condition, self, other)`.

        Operator where:
            vjp of input: lambda xp, g, condition: xp.where(condition, g, 0.0)
            vjp of other: lambda xp, g, condition: xp.where(condition, 0.0, g)
            jvp of input: lambda xp, t, condition: xp.where(condition, t, 0.0)
            jvp of other: lambda xp, t, condition: xp.where(condition, 0.0, t)
            node: WhereBackward0
            dtypes: each as it is
        """

    def xlogy(self, other: Tensor | Number) -> Tensor:
        """input * log(other), elementwise, and 0 where input is 0 (unless other is NaN); either may be a number.

        >>> import mibun as torch
        >>> torch.xlogy(torch.tensor([0., 2.]), torch.tensor([0., 1.]))
        tensor([0., 0.])

        Operator xlogy_tensor:
            vjp of input: lambda xp, g, input, other: _log_factor(xp, g, input, other)
            vjp of other: lambda xp, g, input, other: g * input / other
            node: XlogyBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
            shapes: broadcast; RuntimeError where they do not

        Operator xlogy_factor:
            vjp: lambda xp, g, other, factor: g * factor / other
            node: XlogyBackward1
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex

        Operator xlogy_number:
            vjp: lambda xp, g, input, other: _log_factor(xp, g, input, xp.full_like(input, other))
            node: XlogyBackward2
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
        """

    def xlogy_(self, other: Tensor | Number) -> Self:
        """`xlogy` in place.

        Operator xlogy_number:
            vjp: lambda xp, g, input, other: _log_factor(xp, g, input, xp.full_like(input, other))
            node: XlogyBackward2
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex

        Operator xlogy_tensor:
            vjp of input: lambda xp, g, input, other: _log_factor(xp, g, input, other)
            vjp of other: lambda xp, g, input, other: g * input / other
            node: XlogyBackward0
            forward mode: the rules, conjugated
            dtypes: the operands' common one, the default one for integers and bools
            raises for: complex
            shapes: broadcast; RuntimeError where they do not
        """

    def xpu(
        self, device: Device | None = None, non_blocking: _bool = False, memory_format: _memory_format | None = None,
    ) -> Tensor:
        """AssertionError: there is no XPU build."""

    def zero_(self) -> Self:
        """Overwrite every element with 0.

        Returns:
            this tensor.

        >>> import mibun as torch
        >>> torch.ones(2).zero_()
        tensor([0., 0.])

        Operator zero_:
            vjp: lambda xp, g: xp.zeros_like(g)
            jvp: lambda xp, t: xp.zeros_like(t)
            node: ZeroBackward0
            dtypes: each as it is
        """

    def __hash__(self) -> _int: ...
