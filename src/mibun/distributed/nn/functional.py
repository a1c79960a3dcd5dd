"""Collectives with derivatives: each returns new Tensors, and its backward is a collective too.

What is differentiated is the sum over all ranks of what each computes from its results, so the derivative of each is
its transpose: the gradients of a broadcast are reduced at the root, those of a gather are scattered, and so on.
All ranks must therefore run the backward, too.
"""

from __future__ import annotations

from typing import Any

from ...autograd.function import Function
from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.tensor import Tensor
from ...ops.creation.like import empty_like, zeros_like
from .. import distributed_c10d as dist
from ..distributed_c10d import ReduceOp


def _as_given(tensor: Tensor) -> Tensor:
    return tensor.detach().contiguous()


class _Broadcast(Function):
    @staticmethod
    def forward(ctx: Any, src: int, group: Any, tensor: Tensor) -> Tensor:
        ctx.src, ctx.group = src, group
        result = _as_given(tensor).clone()
        dist.broadcast(result, src, group)
        return result

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple:
        own = _Reduce.apply(ctx.src, ReduceOp.SUM, ctx.group, grad)
        return None, None, own if dist.get_rank() == ctx.src else zeros_like(own)


class _Reduce(Function):
    @staticmethod
    def forward(ctx: Any, dst: int, op: Any, group: Any, tensor: Tensor) -> Tensor:
        ctx.dst, ctx.group = dst, group
        result = _as_given(tensor).clone()
        dist.reduce(result, dst, op, group)
        return result

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple:
        return None, None, None, _Broadcast.apply(ctx.dst, ctx.group, grad)


class _AllReduce(Function):
    @staticmethod
    def forward(ctx: Any, op: Any, group: Any, tensor: Tensor) -> Tensor:
        ctx.op, ctx.group = op, group
        result = _as_given(tensor).clone()
        dist.all_reduce(result, op, group)
        return result

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple:
        return None, None, _AllReduce.apply(ctx.op, ctx.group, grad)


class _Gather(Function):
    @staticmethod
    def forward(ctx: Any, dst: int, group: Any, tensor: Tensor) -> tuple:
        ctx.dst, ctx.group = dst, group
        parts = [zeros_like(tensor) for _ in range(dist.get_world_size(group))]
        here = dist.get_rank() == dst
        dist.gather(_as_given(tensor), parts if here else None, dst, group)
        return tuple(parts)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple:
        return None, None, _Scatter.apply(ctx.dst, ctx.group, *grads)


class _Scatter(Function):
    @staticmethod
    def forward(ctx: Any, src: int, group: Any, *tensors: Tensor) -> Tensor:
        ctx.src, ctx.group = src, group
        if any(tensor.shape != tensors[0].shape for tensor in tensors):
            raise AssertionError("scatter takes tensors of one shape")
        result = zeros_like(tensors[0])
        here = dist.get_rank() == src
        dist.scatter(result, [_as_given(tensor) for tensor in tensors] if here else None, src, group)
        return result

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple:
        return (None, None, *_Gather.apply(ctx.src, ctx.group, grad))


class _AllGather(Function):
    @staticmethod
    def forward(ctx: Any, group: Any, tensor: Tensor) -> tuple:
        ctx.group = group
        parts = [empty_like(tensor) for _ in range(dist.get_world_size(group))]
        dist.all_gather(parts, _as_given(tensor), group)
        return tuple(parts)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple:
        return None, _ReduceScatter.apply(ReduceOp.SUM, ctx.group, *grads)


class _ReduceScatter(Function):
    @staticmethod
    def forward(ctx: Any, op: Any, group: Any, *tensors: Tensor) -> Tensor:
        ctx.group = group
        own = tensors[dist.get_rank(group)]
        result = empty_like(own)
        dist.reduce_scatter(result, [_as_given(tensor) for tensor in tensors], op, group)
        return result

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple:
        return (None, None, *_AllGather.apply(ctx.group, grad))


class _AllToAll(Function):
    @staticmethod
    def forward(ctx: Any, group: Any, outputs: list[Tensor], *tensors: Tensor) -> tuple:
        ctx.group, ctx.shapes = group, [tensor.shape for tensor in tensors]
        rooms = [output.new_empty(output.shape) for output in outputs]
        dist.all_to_all(rooms, [_as_given(tensor) for tensor in tensors], group)
        return tuple(rooms)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple:
        rooms = [grads[0].new_empty(shape) for shape in ctx.shapes]
        return (None, None, *_AllToAll.apply(ctx.group, rooms, *grads))


class _AllToAllSingle(Function):
    @staticmethod
    def forward(ctx: Any, group: Any, output: Tensor, out_sizes: Any, in_sizes: Any, input: Tensor) -> Tensor:
        ctx.group, ctx.shape, ctx.out_sizes, ctx.in_sizes = group, input.shape, out_sizes, in_sizes
        room = output.new_empty(output.shape)
        dist.all_to_all_single(room, _as_given(input), out_sizes, in_sizes, group)
        return room

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple:
        room = grad.new_empty(ctx.shape)
        return None, None, None, None, _AllToAllSingle.apply(ctx.group, room, ctx.in_sizes, ctx.out_sizes, grad)


def broadcast(tensor: Tensor, src: int, group: Any = None) -> Tensor:
    """The tensor of rank `src`, on every rank; the gradient there is the sum of all, and 0 elsewhere."""
    return _Broadcast.apply(src, group, tensor)


def reduce(tensor: Tensor, dst: int, op: Any = ReduceOp.SUM, group: Any = None) -> Tensor:
    """The reduced tensor at `dst`, elsewhere the rank's own; the gradient at `dst` goes to all."""
    return _Reduce.apply(dst, op, group, tensor)


def all_reduce(tensor: Tensor, op: Any = ReduceOp.SUM, group: Any = None) -> Tensor:
    """The reduced tensor, on every rank. The gradients are reduced alike: that is right for SUM and AVG.

    >>> import mibun as torch
    >>> dist = torch.distributed
    >>> dist.init_process_group(store=dist.HashStore(), rank=0, world_size=1)
    >>> x = torch.tensor(3., requires_grad=True)
    >>> (2 * dist.nn.functional.all_reduce(x)).backward()
    >>> x.grad
    tensor(2.)
    >>> dist.destroy_process_group()
    """
    return _AllReduce.apply(op, group, tensor)


def gather(tensor: Tensor, dst: int = 0, group: Any = None) -> tuple[Tensor, ...]:
    """The tensors of all ranks at `dst`, zeros elsewhere; each rank gets the gradient of its own."""
    return _Gather.apply(dst, group, tensor)


def scatter(tensors: list[Tensor], src: int = 0, group: Any = None) -> Tensor:
    """Of the tensors of `src`, which have one shape, the one for this rank; their gradients come together there."""
    return _Scatter.apply(src, group, *tensors)


def all_gather(tensor: Tensor, group: Any = None) -> tuple[Tensor, ...]:
    """The tensors of all ranks, on every rank; the gradients of one are summed where it is from."""
    return _AllGather.apply(group, tensor)


def reduce_scatter(output: Tensor, input_list: list[Tensor], op: Any = ReduceOp.SUM, group: Any = None) -> Tensor:
    """Of the lists of all ranks, reduced place by place, the one for this rank; `output` only says which shape."""
    return _ReduceScatter.apply(op, group, *input_list)


def all_to_all(output_tensor_list: list[Tensor], input_tensor_list: list[Tensor], group: Any = None) -> tuple:
    """Tensor i of each rank j as tensor j of rank i; the outputs given only say which shapes."""
    return _AllToAll.apply(group, output_tensor_list, *input_tensor_list)


def all_to_all_single(
    output: Tensor, input: Tensor, output_split_sizes: Any = None, input_split_sizes: Any = None, group: Any = None
) -> Tensor:
    """The same of parts of one tensor along the first dimension; `output` only says which shape."""
    return _AllToAllSingle.apply(group, output, output_split_sizes, input_split_sizes, input)


_explain_missing_names(__name__)
