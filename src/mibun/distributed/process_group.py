"""`ProcessGroup`: some processes that do collectives together. What has to do with Tensors is here; `transport.py` has
the rest.

The methods have PyTorch's signatures (lists of Tensors, and options), as programs that bring a backend of their own
implement or call them; the functions of `torch.distributed` are made of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from ..core.views import before_write, bump_version, own_array
from .constants import default_pg_timeout
from .reduction import RedOpType, Reduction
from .transport import Transport
from .work import Pending, Several, Work


class _Options:
    """What a collective is told, but for its tensors: attributes that can be set."""

    def __init__(self) -> None:
        self.timeout = datetime.timedelta(milliseconds=-1)  # of the group
        self.asyncOp = True


class AllreduceOptions(_Options):
    """`reduceOp`: the operation."""

    def __init__(self) -> None:
        super().__init__()
        self.reduceOp: Any = RedOpType.SUM


class AllreduceCoalescedOptions(AllreduceOptions):
    """`reduceOp`: the operation."""


class ReduceScatterOptions(AllreduceOptions):
    """`reduceOp`: the operation."""


class BroadcastOptions(_Options):
    """`rootRank`: whose tensor it is, in the group; `rootTensor`: which of the tensors, of which there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.rootRank = 0
        self.rootTensor = 0


class ReduceOptions(AllreduceOptions):
    """`reduceOp`: the operation; `rootRank`: who gets the result."""

    def __init__(self) -> None:
        super().__init__()
        self.rootRank = 0
        self.rootTensor = 0


class GatherOptions(_Options):
    """`rootRank`: who gets the tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.rootRank = -1


class ScatterOptions(_Options):
    """`rootRank`: whose tensors they are."""

    def __init__(self) -> None:
        super().__init__()
        self.rootRank = -1


class AllToAllOptions(_Options):
    """Nothing but the timeout."""


class BarrierOptions(_Options):
    """`device_ids`, `device`: of no meaning on the CPU."""

    def __init__(self) -> None:
        super().__init__()
        self.device_ids: list[int] = []
        self.device: Any = None


def _flat(tensor: Tensor) -> np.ndarray:
    """The elements, one after the other; a copy unless that is how they lie in memory."""
    return np.ascontiguousarray(tensor._array_).reshape(-1)


def _in_place(tensor: Tensor) -> np.ndarray | None:
    """The tensor's own memory as a flat array, about to be written, if it lies so."""
    before_write(tensor)
    array = own_array(tensor)
    if isinstance(array, np.ndarray) and array.flags.c_contiguous and array.flags.writeable:
        return array.reshape(-1)
    return None


def _write(tensor: Tensor, flat: np.ndarray) -> None:
    """Put what has come into a tensor. Nothing is recorded, as PyTorch records nothing."""
    array = own_array(tensor)
    before_write(tensor)
    if not np.shares_memory(array, flat):
        array[...] = flat.reshape(array.shape)
    bump_version(tensor, "torch.distributed")


def _shown(shape: Sequence[int]) -> str:
    return f"({', '.join(str(n) for n in shape)})"


class ProcessGroup:
    """Some processes that do collectives together; this one has the rank `rank()` among `size()` of them.

    Made by `init_process_group` and `new_group`. Subclasses that are backends of their own call
    `ProcessGroup.__init__(self, rank, size)` and define the operations that they have.
    """

    def __init__(self, rank: int, size: int, *, transport: Transport | None = None, backend: str = "custom") -> None:
        self._rank, self._size = rank, size
        self._transport: Any = transport
        self._backend = backend
        self._timeout = default_pg_timeout
        self._group_name, self._group_desc = "", "undefined"
        self.bound_device_id = None

    def rank(self) -> int:
        """The rank of this process in the group."""
        return self._rank

    def size(self) -> int:
        """How many processes are in the group."""
        return self._size

    def name(self) -> str:
        """The name of the backend."""
        return self._backend

    @property
    def group_name(self) -> str:
        """The name of the group, the same in all of its processes."""
        return self._group_name

    @property
    def group_desc(self) -> str:
        """What `new_group(group_desc=)` has said."""
        return self._group_desc

    def _set_group_name(self, name: str) -> None:
        self._group_name = name

    def _set_group_desc(self, text: str) -> None:
        self._group_desc = text

    def set_timeout(self, timeout: datetime.timedelta) -> None:
        """How long an operation may take."""
        self._timeout = timeout

    def shutdown(self) -> None:
        """Nothing more is sent."""
        self._transport.close()

    def abort(self) -> None:
        """The same as `shutdown`."""
        self.shutdown()

    def _work(
        self, name: str, pending: Pending, opts: Any, finish: Callable[[], None] | None = None, result: Any = ()
    ) -> Work:
        limit = getattr(opts, "timeout", None)
        if limit is None or limit.total_seconds() <= 0:
            limit = self._timeout
        if opts is None or opts.asyncOp:
            pending.begin()
        return Work(pending, finish, name, result, limit)

    def _check_root(self, root: int, name: str) -> None:
        if not 0 <= root < self._size:
            raise RuntimeError(f"{name}: invalid root rank: {root} (the group has {self._size} ranks)")

    def _check_parts(self, parts: Sequence[Tensor], like: Tensor, count: int, name: str, kind: str) -> None:
        if len(parts) != count:
            raise RuntimeError(
                f"{name}: invalid {kind} tensor list at index 0 (expected length {count}, got {len(parts)})"
            )
        for index, part in enumerate(parts):
            if part._array_.dtype != like._array_.dtype:
                raise RuntimeError(
                    f"{name}: invalid tensor type at index {index} (expected {like.dtype}, got {part.dtype})"
                )
            if part._array_.shape != like._array_.shape:
                raise RuntimeError(
                    f"{name}: invalid tensor size at index {index} (expected {_shown(like.shape)}, got "
                    f"{_shown(part.shape)})"
                )

    def broadcast(self, tensors: Sequence[Tensor], opts: BroadcastOptions | None = None) -> Work:
        """The root's tensor to all."""
        opts = opts or BroadcastOptions()
        (tensor,) = tensors
        root = opts.rootRank
        self._check_root(root, "broadcast")
        memory = _in_place(tensor)
        room = _flat(tensor) if memory is None else memory
        pending = self._transport.broadcast(room.view(np.uint8), root)
        return self._work(
            "broadcast", pending, opts, lambda: _write(tensor, room) if self._rank != root else None, tensors
        )

    def allreduce(self, tensors: Sequence[Tensor], opts: AllreduceOptions | None = None) -> Work:
        """Reduce the tensors of all in place, everywhere."""
        opts = opts or AllreduceOptions()
        works = [self._reduced("all_reduce", tensor, opts, None) for tensor in tensors]
        return self._together("all_reduce", works, opts, tensors)

    def allreduce_coalesced(self, tensors: Sequence[Tensor], opts: AllreduceOptions | None = None) -> Work:
        """The same for several tensors at once."""
        return self.allreduce(tensors, opts)

    def reduce(self, tensors: Sequence[Tensor], opts: ReduceOptions | None = None) -> Work:
        """Reduce the tensors of all, in place at the root. Those of others are left as they are."""
        opts = opts or ReduceOptions()
        self._check_root(opts.rootRank, "reduce")
        works = [self._reduced("reduce", tensor, opts, opts.rootRank) for tensor in tensors]
        return self._together("reduce", works, opts, tensors)

    def _reduced(self, name: str, tensor: Tensor, opts: Any, root: int | None) -> tuple[Pending, Callable[[], None]]:
        reduction = Reduction(opts.reduceOp, tensor._array_.dtype, self._size)
        memory = _in_place(tensor)
        room = reduction.outgoing(tensor._array_ if memory is None else memory)
        if root is None:
            if memory is None and np.shares_memory(room, tensor._array_):
                room = room.copy()  # its own memory, but not one that may be written
            pending = self._transport.all_reduce(room, reduction.op)
            return pending, lambda: _write(tensor, reduction.incoming(room))
        pending = self._transport.reduce(room, reduction.op, root)
        return pending, lambda: _write(tensor, reduction.incoming(room)) if self._rank == root else None

    def _together(self, name: str, works: Sequence[tuple], opts: Any, tensors: Sequence[Tensor]) -> Work:
        def finish() -> None:
            for _, end in works:
                end()

        pending = works[0][0] if len(works) == 1 else Several([part for part, _ in works])
        return self._work(name, pending, opts, finish, tensors)

    def allgather(
        self, output_tensors: Sequence[Sequence[Tensor]], input_tensors: Sequence[Tensor], opts: Any = None
    ) -> Work:
        """The tensors of all, in a list."""
        ((outputs,), (tensor,)) = output_tensors, input_tensors
        self._check_parts(outputs, tensor, self._size, "ProcessGroup::allgather", "output")
        flat = _flat(tensor)
        room = np.empty(self._size * flat.size, flat.dtype)
        pending = self._transport.all_gather(room.view(np.uint8), flat.view(np.uint8))

        def finish() -> None:
            for output, part in zip(outputs, np.split(room, self._size), strict=True):
                _write(output, part)

        return self._work("all_gather", pending, opts, finish, outputs)

    def allgather_coalesced(
        self, output_lists: Sequence[Sequence[Tensor]], input_list: Sequence[Tensor], opts: Any = None
    ) -> Work:
        """Of several tensors: `output_lists[i][j]` is tensor j of rank i."""
        works = [
            self.allgather([[outputs[j] for outputs in output_lists]], [tensor], opts)
            for j, tensor in enumerate(input_list)
        ]
        return self._work("all_gather_coalesced", _Works(works), opts, None, [t for row in output_lists for t in row])

    def _allgather_base(self, output: Tensor, input: Tensor, opts: Any = None) -> Work:
        """The tensors of all, one after the other in one tensor, which may have a dimension more."""
        if output._array_.dtype != input._array_.dtype:
            raise RuntimeError(
                f"ProcessGroup::allgather: invalid tensor type (expected {input.dtype}, got {output.dtype})"
            )
        if output.numel() != input.numel() * self._size:
            raise RuntimeError(
                "ProcessGroup::allgather: output tensor size must be equal to world_size times input tensor size: "
                f"{_shown(output.shape)} is not {self._size} times {_shown(input.shape)}"
            )
        flat, memory = _flat(input), _in_place(output)
        room = np.empty(output.numel(), flat.dtype) if memory is None else memory
        pending = self._transport.all_gather(room.view(np.uint8), flat.view(np.uint8))
        return self._work("all_gather_into_tensor", pending, opts, lambda: _write(output, room), [output])

    all_gather_single = _allgather_base

    def gather(
        self,
        output_tensors: Sequence[Sequence[Tensor]],
        input_tensors: Sequence[Tensor],
        opts: GatherOptions | None = None,
    ) -> Work:
        """The tensors of all, in a list of the root's."""
        opts = opts or GatherOptions()
        (tensor,) = input_tensors
        root = opts.rootRank
        self._check_root(root, "ProcessGroup::gather")
        flat = _flat(tensor)
        if self._rank != root:
            if output_tensors:
                raise RuntimeError("ProcessGroup::gather: requires empty output on non-root")
            return self._work("gather", self._transport.gather(None, flat.view(np.uint8), root), opts)
        (outputs,) = output_tensors
        self._check_parts(outputs, tensor, self._size, "ProcessGroup::gather", "output")
        room = np.empty(self._size * flat.size, flat.dtype)

        def finish() -> None:
            for output, part in zip(outputs, np.split(room, self._size), strict=True):
                _write(output, part)

        pending = self._transport.gather(room.view(np.uint8), flat.view(np.uint8), root)
        return self._work("gather", pending, opts, finish, outputs)

    def scatter(
        self,
        output_tensors: Sequence[Tensor],
        input_tensors: Sequence[Sequence[Tensor]],
        opts: ScatterOptions | None = None,
    ) -> Work:
        """One of the root's tensors to each."""
        opts = opts or ScatterOptions()
        (output,) = output_tensors
        root = opts.rootRank
        self._check_root(root, "ProcessGroup::scatter")
        source = None
        if self._rank == root:
            (inputs,) = input_tensors
            self._check_parts(inputs, output, self._size, "ProcessGroup::scatter", "input")
            source = np.concatenate([_flat(part) for part in inputs]).view(np.uint8)
        elif input_tensors:
            raise RuntimeError("ProcessGroup::scatter: requires empty input on non-root")
        room = np.empty(output.numel(), output._array_.dtype)
        pending = self._transport.scatter(room.view(np.uint8), source, root)
        return self._work("scatter", pending, opts, lambda: _write(output, room), [output])

    def reduce_scatter(
        self,
        output_tensors: Sequence[Tensor],
        input_tensors: Sequence[Sequence[Tensor]],
        opts: ReduceScatterOptions | None = None,
    ) -> Work:
        """Reduce lists of tensors; each rank gets the one of its place. They may differ in size."""
        opts = opts or ReduceScatterOptions()
        ((output,), (inputs,)) = output_tensors, input_tensors
        if len(inputs) != self._size:
            raise RuntimeError(
                f"ProcessGroup::reduce_scatter: invalid input tensor list (expected length {self._size}, got "
                f"{len(inputs)})"
            )
        if inputs[self._rank]._array_.shape != output._array_.shape:
            raise RuntimeError(
                f"ProcessGroup::reduce_scatter: the output's size {_shown(output.shape)} is not that of the input for "
                f"this rank, {_shown(inputs[self._rank].shape)}"
            )
        return self._scattered(
            output, np.concatenate([_flat(part) for part in inputs]), [part.numel() for part in inputs], opts
        )

    def _reduce_scatter_base(self, output: Tensor, input: Tensor, opts: ReduceScatterOptions | None = None) -> Work:
        """The same of one tensor: rank i gets part i of it."""
        opts = opts or ReduceScatterOptions()
        if output._array_.dtype != input._array_.dtype:
            raise RuntimeError(
                f"ProcessGroup::reduce_scatter: input tensor must be the same type as the output tensor: {input.dtype} "
                f"and {output.dtype}"
            )
        if input.numel() != output.numel() * self._size:
            raise RuntimeError(
                "ProcessGroup::reduce_scatter: input tensor must be the same size as output size times world size: "
                f"{_shown(input.shape)} is not {self._size} times {_shown(output.shape)}"
            )
        return self._scattered(output, _flat(input), [output.numel()] * self._size, opts)

    reduce_scatter_single = _reduce_scatter_base

    def _scattered(self, output: Tensor, flat: np.ndarray, counts: list[int], opts: ReduceScatterOptions) -> Work:
        reduction = Reduction(opts.reduceOp, output._array_.dtype, self._size)
        source = reduction.outgoing(flat)
        scale = source.size // flat.size if flat.size else 1  # two numbers for a complex one
        counts = [scale * count for count in counts]
        room = np.empty(counts[self._rank], source.dtype)
        pending = self._transport.reduce_scatter(room, source, counts, reduction.op)
        return self._work("reduce_scatter", pending, opts, lambda: _write(output, reduction.incoming(room)), [output])

    def alltoall(self, output_tensors: Sequence[Tensor], input_tensors: Sequence[Tensor], opts: Any = None) -> Work:
        """Tensor j of rank i becomes tensor i of rank j; they may differ in size."""
        for name, tensors in (("output", output_tensors), ("input", input_tensors)):
            if len(tensors) != self._size:
                raise RuntimeError(
                    f"ProcessGroup::alltoall: invalid {name} tensor list (expected length {self._size}, got "
                    f"{len(tensors)})"
                )
        source = np.concatenate([_flat(part) for part in input_tensors])
        counts = [part.numel() for part in output_tensors]
        room = np.empty(sum(counts), source.dtype)
        pending = self._transport.all_to_all(room, source, counts, [part.numel() for part in input_tensors])

        def finish() -> None:
            for output, part in zip(output_tensors, np.split(room, np.cumsum(counts)[:-1]), strict=True):
                _write(output, part)

        return self._work("all_to_all", pending, opts, finish, output_tensors)

    def alltoall_base(
        self,
        output: Tensor,
        input: Tensor,
        output_split_sizes: Sequence[int] | None = None,
        input_split_sizes: Sequence[int] | None = None,
        opts: Any = None,
    ) -> Work:
        """The same of one tensor, cut along its first dimension: into equal parts, or of the sizes that are given."""
        out_counts = self._splits(output, output_split_sizes)
        in_counts = self._splits(input, input_split_sizes)
        if output._array_.dtype != input._array_.dtype:
            raise RuntimeError(f"all_to_all_single: dtypes differ: {output.dtype} and {input.dtype}")
        source, room = _flat(input), np.empty(output.numel(), output._array_.dtype)
        pending = self._transport.all_to_all(room, source, out_counts, in_counts)
        return self._work("all_to_all_single", pending, opts, lambda: _write(output, room), [output])

    def _splits(self, tensor: Tensor, sizes: Sequence[int] | None) -> list[int]:
        shape = tensor._array_.shape
        rows = shape[0] if shape else 1
        if not sizes:
            if rows % self._size:
                raise RuntimeError("Tensor's dim 0 does not divide equally across group size")
            sizes = [rows // self._size] * self._size
        elif len(sizes) != self._size:
            raise RuntimeError("Number of tensor splits not equal to group size")
        elif sum(sizes) != rows:
            raise RuntimeError("Split sizes doesn't match total dim 0 size")
        row = tensor.numel() // rows if rows else 0
        return [size * row for size in sizes]

    def barrier(self, opts: BarrierOptions | None = None) -> Work:
        """Over when all have come here."""
        return self._work("barrier", self._transport.barrier(), opts)

    def send(self, tensors: Sequence[Tensor], dst: int, tag: int = 0) -> Work:
        """Send a tensor."""
        (tensor,) = tensors
        return self._work("send", self._transport.isend(_flat(tensor), dst, tag), None, None, tensors)

    def recv(self, tensors: Sequence[Tensor], src: int, tag: int = 0) -> Work:
        """Receive into a tensor."""
        return self._received(tensors, src, tag)

    def recv_anysource(self, tensors: Sequence[Tensor], tag: int = 0) -> Work:
        """Receive into a tensor, from anybody."""
        return self._received(tensors, None, tag)

    def _received(self, tensors: Sequence[Tensor], src: int | None, tag: int) -> Work:
        (tensor,) = tensors
        memory = _in_place(tensor)
        room = np.empty(tensor.numel(), tensor._array_.dtype) if memory is None else memory
        pending = self._transport.irecv(room, src, tag)
        return self._work("recv", pending, None, lambda: _write(tensor, room), tensors)


class _Works(Pending):
    """Several Works as one."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.works = works

    def test(self) -> bool:
        if not all([work.is_completed() for work in self.works]):
            return False
        for work in self.works:
            work.wait()
        return True

    def wait(self, deadline: float | None) -> None:
        for work in self.works:
            work.wait()
