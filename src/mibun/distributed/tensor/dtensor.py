"""`DTensor`: a tensor of which each process of a mesh has a part.

Its memory and its place in the graph are those of the part (`to_local`). An operation on DTensors is done on whole
tensors, by every process alike, and gives a DTensor that is whole everywhere: right for every operation, with the
communication that takes. What is to be done on parts is written with `to_local` and `from_local`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.mode import no_grad
from ...core.tensor import Tensor, bare
from ...dispatch.torch_function import DisableTorchFunctionSubclass
from ...overrides import prepare
from ...utils._pytree import tree_flatten, tree_map, tree_unflatten
from ..device_mesh import DeviceMesh
from ..one_program import is_of_one_program, place_module, place_tensor
from ..synchronizing import broadcast_together
from .placement_types import Placement, Replicate
from .redistributing import Placements, divided, gathered, normalized, redistributed, shapes_within

__all__ = ["DTensor", "distribute_module", "distribute_tensor"]

# What asks for nothing but the shape and dtype of the whole, which the DTensor itself has.
_OF_THE_SHAPE = frozenset(
    "size dim numel nelement ndimension __len__ is_floating_point is_complex element_size is_contiguous stride".split()
)


class DTensor(Tensor):
    """A tensor of which each process of a mesh has a part. Made by `distribute_tensor` and `DTensor.from_local`.

    It has the shape and dtype of the whole. Operations give DTensors that are whole everywhere (`Replicate`).

    Raises:
        TypeError: as a parameter of a module: give the module the local part.
    """

    _local: Tensor
    device_mesh: DeviceMesh
    placements: Placements

    @staticmethod
    def _make(local: Tensor, mesh: DeviceMesh, placements: Placements, shape: Sequence[int]) -> DTensor:
        # The whole has a shape, but no memory here.
        made = bare(DTensor, np.broadcast_to(np.zeros((), local._array_.dtype), tuple(shape)))
        made._local, made.device_mesh, made.placements = local, mesh, placements
        return made

    @staticmethod
    def from_local(
        local_tensor: Tensor,
        device_mesh: DeviceMesh,
        placements: Sequence[Placement] | None = None,
        *,
        run_check: bool = False,
        shape: Sequence[int] | None = None,
        stride: Sequence[int] | None = None,
    ) -> DTensor:
        """The tensor of which this process has a part; whole everywhere if no placements are given.

        run_check: where it is whole everywhere, take that of the first process. shape: of the whole, if the parts are
        not of one size. stride: of no meaning, as the whole has no memory.
        """
        found = normalized(placements, device_mesh, local_tensor.dim())
        if shape is None:
            whole = list(local_tensor.shape)
            for dim, placement in enumerate(found):
                if placement.is_shard():
                    whole[placement.dim] *= device_mesh.size(dim)  # type: ignore[attr-defined]
            shape = whole
        local = local_tensor.view_as(local_tensor)
        if run_check:
            for dim, placement in enumerate(found):
                if isinstance(placement, Replicate):
                    broadcast_together([local.detach()], device_mesh.get_group(dim), 0)
        return DTensor._make(local, device_mesh, found, shape)

    def to_local(self, *, grad_placements: Sequence[Placement] | None = None) -> Tensor:
        """This process's part, connected in the graph.

        grad_placements: how the gradient of the part will lie, if not as the part does.
        """
        if grad_placements is None:
            return self._local.view_as(self._local)
        lies = normalized(grad_placements, self.device_mesh, self.dim())
        return _WithGradientPlaced.apply(self._local, tuple(self.shape), self.device_mesh, lies, self.placements)

    def full_tensor(self, *, grad_placements: Sequence[Placement] | None = None) -> Tensor:
        """The whole tensor."""
        return self.redistribute(placements=None).to_local(grad_placements=grad_placements)

    def redistribute(
        self,
        device_mesh: DeviceMesh | None = None,
        placements: Sequence[Placement] | None = None,
        *,
        async_op: bool = False,
    ) -> DTensor:
        """The same tensor with other placements; whole everywhere if none are given.

        NotImplementedError for another mesh. async_op: nothing is done later here.
        """
        if device_mesh is not None and device_mesh != self.device_mesh:
            raise NotImplementedError("Cross device mesh comm not supported yet!")
        target = normalized(placements, self.device_mesh, self.dim())
        local = redistributed(self._local, self.shape, self.device_mesh, self.placements, target)
        return DTensor._make(local, self.device_mesh, target, self.shape)

    # --- what belongs to the part ---

    @property
    def requires_grad(self) -> bool:
        """Whether gradients are wanted."""
        return self._local.requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self._local.requires_grad = value

    def requires_grad_(self, requires_grad: bool = True) -> DTensor:
        """Want gradients, or not."""
        self._local.requires_grad_(requires_grad)
        return self

    @property
    def grad(self) -> DTensor | None:
        """The gradient, which lies as the tensor does."""
        found = self._local.grad
        return None if found is None else DTensor._make(found, self.device_mesh, self.placements, self.shape)

    @grad.setter
    def grad(self, value: DTensor | None) -> None:
        self._local.grad = None if value is None else value.redistribute(placements=self.placements)._local

    @property
    def grad_fn(self) -> Any:
        """What has made the part."""
        return self._local.grad_fn

    @property
    def is_leaf(self) -> bool:
        """Whether the part is a leaf."""
        return self._local.is_leaf

    def backward(self, *args: Any, **kwargs: Any) -> None:
        """The backward from the whole tensor, by every process alike."""
        self.full_tensor().backward(*args, **kwargs)

    def detach(self) -> DTensor:
        """The same memory without history."""
        return DTensor._make(self._local.detach(), self.device_mesh, self.placements, self.shape)

    @property
    def data(self) -> DTensor:  # type: ignore[override]
        """The same as `detach()`."""
        return self.detach()

    @property
    def _is_param(self) -> bool:
        return False

    @_is_param.setter
    def _is_param(self, value: bool) -> None:
        raise TypeError("a DTensor cannot be a parameter: make its local part one, or use DistributedDataParallel")

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        return f"DTensor(local_tensor={self._local!r}, device_mesh={self.device_mesh}, placements={self.placements})"

    def __format__(self, format_spec: str) -> str:
        return repr(self)

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a DTensor is a part of something: save full_tensor(), or to_local() in each process")

    __hash__ = Tensor.__hash__

    @classmethod
    def __torch_function__(
        cls, func: Callable, types: Sequence[type], args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        if name in _OF_THE_SHAPE or name == "__get__":
            with DisableTorchFunctionSubclass():
                return func(*args, **kwargs)
        leaves, structure = tree_flatten((args, kwargs))
        given = [leaf for leaf in leaves if isinstance(leaf, DTensor)]
        mesh = given[0].device_mesh
        if any(leaf.device_mesh != mesh for leaf in given):
            raise RuntimeError(f"{name}: DTensors of different meshes")
        wholes = [leaf.full_tensor() if isinstance(leaf, DTensor) else leaf for leaf in leaves]
        plain_args, plain_kwargs = tree_unflatten(wholes, structure)
        result = func(*plain_args, **plain_kwargs)
        changed = kwargs.get("out")
        if changed is None and ((name.endswith("_") and not name.endswith("__")) or name == "__setitem__"):
            changed = args[0]
        if changed is None and name.startswith("__i") and name[3:-2] in _INFIX:
            changed = args[0]
        if isinstance(changed, DTensor):
            whole = result if isinstance(result, Tensor) else plain_args[0]
            changed._local.copy_(divided(whole, mesh, changed.placements))
            return changed
        whole_everywhere = normalized(None, mesh, 0)

        def placed(value: Any) -> Any:
            return DTensor._make(value, mesh, whole_everywhere, value.shape) if isinstance(value, Tensor) else value

        return tree_map(placed, result)


prepare(DTensor)  # as is done by itself with subclasses outside of mibun

_INFIX = frozenset("add sub mul truediv floordiv mod pow and or xor lshift rshift matmul".split())


class _WithGradientPlaced:
    """The part as it is; its gradient comes with other placements."""

    @staticmethod
    def apply(local: Tensor, shape: tuple[int, ...], mesh: DeviceMesh, lies: Placements, wanted: Placements) -> Tensor:
        result = local.view_as(local)
        if result.requires_grad:
            result.register_hook(lambda grad: divided(gathered(grad, shape, mesh, lies), mesh, wanted))
        return result


def distribute_tensor(
    tensor: Tensor,
    device_mesh: DeviceMesh,
    placements: Sequence[Placement] | None = None,
    *,
    src_data_rank: int | None = 0,
) -> Any:
    """Divide a tensor over a mesh; whole everywhere if no placements are given. The result is a leaf.

    src_data_rank: which process of each line has the tensor, which others take from there; None: all have it.

    >>> import mibun as torch
    >>> from mibun.distributed.tensor import Shard, distribute_tensor
    >>> dist = torch.distributed
    >>> dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    >>> part = distribute_tensor(torch.arange(4.), dist.init_device_mesh("cpu", (1,)), [Shard(0)])
    >>> part.to_local(), (part * 2).full_tensor()
    (tensor([0., 1., 2., 3.]), tensor([0., 2., 4., 6.]))
    >>> dist.destroy_process_group()

    On a mesh of JAX's devices the result is an ordinary Tensor, whose array lies there.

    RuntimeError for a tensor that has a history.
    """
    if not tensor.is_leaf:
        raise RuntimeError("`distribute_tensor` should be used to distribute leaf tensors! but found non-leaf tensor!")
    found = normalized(placements, device_mesh, tensor.dim())
    if is_of_one_program(device_mesh.device_type):
        return place_tensor(tensor, device_mesh, found)
    if isinstance(tensor, DTensor):
        if tensor.device_mesh != device_mesh or tensor.placements != found:
            raise ValueError(f"the tensor lies on {tensor.device_mesh} as {tensor.placements} already")
        return tensor
    whole = tensor.detach().contiguous()
    if src_data_rank is not None and device_mesh.size() > 1:
        whole = whole.clone()
        for dim in range(device_mesh.ndim):
            broadcast_together([whole], device_mesh.get_group(dim), src_data_rank)
    with no_grad():
        local = divided(whole, device_mesh, found)
        if local._array_ is whole._array_ or np.shares_memory(local._array_, whole._array_):
            local = local.clone()
    assert list(local.shape) == shapes_within(tensor.shape, device_mesh, found)[-1]
    return DTensor._make(local.requires_grad_(tensor.requires_grad), device_mesh, found, tensor.shape)


def distribute_module(
    module: Any,
    device_mesh: DeviceMesh | None = None,
    partition_fn: Callable | None = None,
    input_fn: Callable | None = None,
    output_fn: Callable | None = None,
) -> Any:
    """Run a module with DTensors: `input_fn(module, inputs, mesh)` before each call, `output_fn(…, output, …)` after.

    NotImplementedError with a `partition_fn`, which makes the parameters DTensors, but on a mesh of JAX's devices:
    there it may register parameters that `distribute_tensor` has divided, and all others are placed whole.
    """
    if device_mesh is not None and is_of_one_program(device_mesh.device_type):
        place_module(module, device_mesh, partition_fn)
    elif partition_fn is not None:
        raise NotImplementedError(
            "mibun has no parameters that lie divided on several processes: divide the inputs, or use "
            "DistributedDataParallel"
        )
    if device_mesh is None:
        raise RuntimeError("distribute_module needs a device_mesh")
    if input_fn is not None:
        module.register_forward_pre_hook(lambda layer, inputs: input_fn(layer, inputs, device_mesh))
    if output_fn is not None:
        module.register_forward_hook(lambda layer, inputs, output: output_fn(layer, output, device_mesh))
    return module


_explain_missing_names(__name__)
