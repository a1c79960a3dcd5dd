"""`DistributedDataParallel`: one module in several processes, each with a part of the batch; averaged gradients."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.mode import is_grad_enabled
from ...core.tensor import Tensor
from ...distributed.algorithms.join import Join, Joinable, JoinHook
from ...distributed.gradient_buckets import GradBucket
from ...distributed.synchronizing import broadcast_together, common_rank, sync_module_states, verify_parameters
from ...distributed.world import _get_default_group
from ...futures import Future
from ..modules.module import Module
from .reducer import Reducer

__all__ = ["DistributedDataParallel"]

_FIRST_BUCKET = 1 << 20
_MEGABYTE = 1 << 20


def _tensors_in(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _tensors_in(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _tensors_in(getattr(value, field.name))


class DistributedDataParallel(Module, Joinable):
    """A module whose gradients are averaged over the processes of a group, while the backward runs.

    All processes begin with the parameters and buffers of rank 0, and since they get the same gradients they stay the
    same. The names in the state dict begin with `module.`

    Args:
        module: what is called.
        device_ids, output_device: None; there is only the CPU.
        dim: of no meaning with one device.
        broadcast_buffers: before each forward, the buffers become those of rank 0 (True if None).
        init_sync: check that the parameters have the same shapes everywhere, and begin with those of rank 0.
        process_group: the default group if None.
        bucket_cap_mb: the size in MB of the buckets in which gradients travel, 25 if None; the first has 1 MB.
        find_unused_parameters: look, in each forward, which parameters the outputs depend on, so that those that get no
            gradient are not waited for. What no process has used keeps its `.grad`.
        check_reduction: of no meaning, as in PyTorch.
        gradient_as_bucket_view: let `.grad` be a view of the bucket, which saves memory.
        static_graph: in each iteration the same parameters are used, equally often. Then reentrant checkpoints work,
            and unused parameters are known after the first iteration.
        device_mesh: of one dimension; its group, in the place of `process_group`.
        bucket_cap_mb_list: the sizes in MB of the first bucket, the second, ...; the last is for all that follow.

    Raises:
        RuntimeError: no parameter requires grad; the processes have different modules; from the call, if parameters got
            no gradient in the last iteration and `find_unused_parameters` is False.
        ValueError: device ids, both a group and a mesh, or no default group.

    >>> import mibun as torch
    >>> dist = torch.distributed
    >>> dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    >>> model = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(2, 1))
    >>> model(torch.ones(3, 2)).sum().backward()
    >>> model.module.bias.grad
    tensor([3.])
    >>> dist.destroy_process_group()
    """

    _active: DistributedDataParallel | None = None

    def __init__(
        self,
        module: Module,
        device_ids: Sequence[Any] | None = None,
        output_device: Any = None,
        dim: int = 0,
        broadcast_buffers: bool | None = None,
        init_sync: bool = True,
        process_group: Any = None,
        bucket_cap_mb: float | None = None,
        find_unused_parameters: bool = False,
        check_reduction: bool = False,
        gradient_as_bucket_view: bool = False,
        static_graph: bool = False,
        *,
        device_mesh: Any = None,
        bucket_cap_mb_list: Sequence[float] | None = None,
    ) -> None:
        super().__init__()
        Joinable.__init__(self)
        if process_group is not None and device_mesh is not None:
            raise RuntimeError("Cannot specify both process_group and device_mesh arguments.")
        if device_mesh is not None:
            if device_mesh.ndim != 1:
                raise RuntimeError(f"Only 1D device mesh is supported, but got {device_mesh}.")
            process_group = device_mesh.get_group(mesh_dim=0)
        self.process_group = process_group if process_group is not None else _get_default_group()
        ignored = set(getattr(module, "_ddp_params_and_buffers_to_ignore", ()))
        self.parameters_to_ignore = ignored
        chosen = [(name, p) for name, p in module.named_parameters() if name not in ignored and p.requires_grad]
        if not chosen:
            raise RuntimeError(
                "DistributedDataParallel is not needed when a module doesn't have any parameter that requires a "
                "gradient."
            )
        if device_ids or output_device is not None:
            raise ValueError(
                "DistributedDataParallel device_ids and output_device arguments only work with "
                "single-device/multiple-device GPU modules or CPU modules, but got device_ids "
                f"{device_ids}, output_device {output_device}, and module parameters {{device(type='cpu')}}."
            )
        self.module = module
        self.device_ids, self.output_device, self.dim = None, None, dim
        self.broadcast_buffers = True if broadcast_buffers is None else broadcast_buffers
        self.find_unused_parameters = find_unused_parameters
        self.gradient_as_bucket_view = gradient_as_bucket_view
        self.static_graph = static_graph
        self.require_backward_grad_sync = True
        self.require_forward_param_sync = True
        if bucket_cap_mb is not None and bucket_cap_mb_list is not None:
            raise ValueError("Cannot specify both bucket_cap_mb and bucket_cap_mb_list")
        self.bucket_bytes_cap = int((25 if bucket_cap_mb is None else bucket_cap_mb) * _MEGABYTE)
        if bucket_cap_mb_list is not None:
            self._limits = [int(size * _MEGABYTE) for size in bucket_cap_mb_list]
        else:
            self._limits = [_FIRST_BUCKET if bucket_cap_mb is None else self.bucket_bytes_cap, self.bucket_bytes_cap]
        if init_sync:
            verify_parameters([p for _, p in chosen], self.process_group)
            sync_module_states(module, self.process_group, 0, ignored)
        self._make_reducer()

    def _make_reducer(self) -> None:
        names = [
            (name, parameter)
            for name, parameter in self.module.named_parameters()
            if name not in self.parameters_to_ignore and parameter.requires_grad
        ]
        self.reducer = Reducer(
            names,
            self.process_group,
            self._limits,
            self.find_unused_parameters,
            self.gradient_as_bucket_view,
            self.static_graph,
        )

    @property
    def modules_buffers(self) -> list[Tensor]:
        """The module's buffers, but for those that are ignored."""
        return [b for name, b in self.module.named_buffers() if name not in self.parameters_to_ignore]

    def __getstate__(self) -> dict[str, Any]:
        default = _get_default_group()
        if self.process_group is not default:
            raise RuntimeError(
                "DDP Pickling/Unpickling are only supported when using DDP with the default process group. That is, "
                "when "
                "you have called init_process_group and have not passed process_group argument to DDP constructor"
            )
        state = self.__dict__.copy()
        for name in ("process_group", "reducer"):
            del state[name]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.process_group = _get_default_group()
        self._make_reducer()

    # --- the call ---

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        """What the module returns for this process's part of the batch."""
        synchronizes = is_grad_enabled() and self.require_backward_grad_sync
        Join.notify_join_context(self)
        if synchronizes:
            self.reducer.check_finished()
        if self._join_config.enable:
            self._tell_joined(synchronizes)
        if self._syncs_buffers():
            self._sync_buffers()
        output = self.module(*inputs, **kwargs)
        if synchronizes:
            self.require_forward_param_sync = True
            # The whole graph is looked at only if there may be something that is unused.
            looks = self.find_unused_parameters and not self.static_graph
            self.reducer.prepare_for_backward(_tensors_in(output) if looks else ())
        else:
            self.require_forward_param_sync = False
        return output

    def _syncs_buffers(self) -> bool:
        return self.broadcast_buffers and self.require_forward_param_sync and bool(self.modules_buffers)

    def _sync_buffers(self) -> None:
        root = common_rank(self.process_group, True) if self._join_config.enable else 0
        broadcast_together([buffer.detach() for buffer in self.modules_buffers], self.process_group, root)

    will_sync_module_buffers = _syncs_buffers

    @contextlib.contextmanager
    def no_sync(self) -> Iterator[None]:
        """Within, gradients add up in this process alone; the first forward and backward after it averages the sums.

        The forward must be within, too.
        """
        before = self.require_backward_grad_sync
        self.require_backward_grad_sync = False
        try:
            yield
        finally:
            self.require_backward_grad_sync = before

    def register_comm_hook(self, state: object, hook: Callable[[Any, GradBucket], Future]) -> None:
        """Let `hook(state, bucket)` reduce the buckets: it returns a Future of the reduced Tensor.

        It has to divide, too. Hooks are in `torch.distributed.algorithms.ddp_comm_hooks`.

        Raises:
            TypeError: it cannot be called. ValueError: its annotations say something else. RuntimeError: a second one.
        """
        if not callable(hook):
            raise TypeError("Communication hook must be callable.")
        annotations = [parameter.annotation for parameter in inspect.signature(hook).parameters.values()]
        if len(annotations) > 1 and annotations[1] not in (inspect._empty, GradBucket, "GradBucket", "dist.GradBucket"):
            raise ValueError("Communication hook: bucket annotation should be dist.GradBucket.")
        if self.reducer.hook is not None:
            raise RuntimeError("register_comm_hook or register_builtin_comm_hook can only be called once.")
        self.reducer.hook = state, hook

    def _set_static_graph(self) -> None:
        """The same as `static_graph=True`, afterwards."""
        self.static_graph = self.reducer.static_graph = True

    def _get_ddp_logging_data(self) -> dict[str, Any]:
        """How it is set up, for libraries that print it."""
        return {
            "world_size": self.process_group.size(),
            "rank": self.process_group.rank(),
            "module_name": type(self.module).__name__,
            "backend_name": self.process_group.name(),
            "bucket_sizes": ", ".join(str(bucket.array.nbytes) for bucket in self.reducer.buckets),
            "bucket_cap_bytes": self.bucket_bytes_cap,
            "broadcast_buffers": self.broadcast_buffers,
            "find_unused_parameters": self.find_unused_parameters,
            "gradient_as_bucket_view": self.gradient_as_bucket_view,
            "static_graph": self.static_graph,
            "can_set_static_graph": False,  # whether that is so cannot be seen from a few iterations
            "has_error": False,
        }

    @staticmethod
    def _set_params_and_buffers_to_ignore_for_model(
        module: Module, params_and_buffers_to_ignore: Iterable[str]
    ) -> None:
        """Leave parameters and buffers of a module, by name, out of what is synchronized, before it is wrapped."""
        module._ddp_params_and_buffers_to_ignore = set(params_and_buffers_to_ignore)  # type: ignore[assignment]

    # --- processes with fewer batches ---

    def join(
        self, divide_by_initial_world_size: bool = True, enable: bool = True, throw_on_early_termination: bool = False
    ) -> Join:
        """A context for training where some processes have fewer batches: those take part in the others' reductions.

        divide_by_initial_world_size: average over all processes, or over those that still have batches.
        """
        return Join(
            [self],
            enable,
            throw_on_early_termination,
            divide_by_initial_world_size=divide_by_initial_world_size,
        )

    def join_hook(self, **kwargs: Any) -> JoinHook:
        """What this process does for the others when it has no batches left."""
        return _DDPJoinHook(self, kwargs.get("divide_by_initial_world_size", True))

    @property
    def join_device(self) -> Any:
        """The CPU."""
        from ...core.device import device

        return device("cpu")

    @property
    def join_process_group(self) -> Any:
        """The group."""
        return self.process_group

    def _tell_joined(self, synchronizes: bool) -> None:
        """Tell those that have no batches left whether there will be a reduction; learn how many still have some."""
        from ...distributed.collectives import all_reduce
        from ...ops.creation.from_data import tensor

        flags = tensor([float(synchronizes), 1.0])
        all_reduce(flags, group=self.process_group)
        active = int(flags[1])
        self.reducer.divisor = self.process_group.size() if self._divides_by_all else active

    _divides_by_all = True


class _DDPJoinHook(JoinHook):
    def __init__(self, ddp: DistributedDataParallel, divide_by_initial_world_size: bool) -> None:
        self.ddp = ddp
        ddp._divides_by_all = divide_by_initial_world_size

    def main_hook(self) -> None:
        """Take part in one iteration of the others."""
        from ...distributed.collectives import all_reduce
        from ...ops.creation.filled import zeros

        ddp = self.ddp
        flags = zeros(2)
        all_reduce(flags, group=ddp.process_group)
        synchronizes = bool(flags[0])
        if ddp._syncs_buffers():
            root = common_rank(ddp.process_group, False)
            broadcast_together([buffer.detach() for buffer in ddp.modules_buffers], ddp.process_group, root)
        ddp.require_forward_param_sync = synchronizes
        if synchronizes:
            ddp.reducer.shadow()

    def post_hook(self, is_last_joiner: bool) -> None:
        """All take the model of one that was the last."""
        root = common_rank(self.ddp.process_group, is_last_joiner)
        sync_module_states(self.ddp.module, self.ddp.process_group, root, self.ddp.parameters_to_ignore)
        self.ddp.reducer.divisor = self.ddp.process_group.size()


_explain_missing_names(__name__)
