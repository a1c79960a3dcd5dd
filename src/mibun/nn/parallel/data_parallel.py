"""`DataParallel`: one module on several GPUs. There are none, so it calls the module, as PyTorch's does on a CPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, NoReturn, TypeVar

from ...core.missing import explain_missing_names as _explain_missing_names
from ..modules.module import Module

__all__ = ["DataParallel", "data_parallel"]

T = TypeVar("T", bound=Module)


class DataParallel(Module, Generic[T]):
    """Divide a batch among GPUs. Without any, the call is that of `module`.

    The names in its state dict begin with `module.`

    Args:
        module: what is called.
        device_ids, output_device, dim: of no meaning without a GPU.

    >>> import mibun as torch
    >>> model = torch.nn.DataParallel(torch.nn.Linear(2, 1))
    >>> list(model.state_dict())
    ['module.weight', 'module.bias']
    >>> model(torch.ones(3, 2)).shape
    torch.Size([3, 1])
    """

    def __init__(
        self, module: T, device_ids: Sequence[Any] | None = None, output_device: Any = None, dim: int = 0
    ) -> None:
        super().__init__()
        self.module = module
        self.device_ids: list[int] = []

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        """What the module returns."""
        return self.module(*inputs, **kwargs)


def data_parallel(
    module: Module,
    inputs: Any,
    device_ids: Sequence[Any] | None = None,
    output_device: Any = None,
    dim: int = 0,
    module_kwargs: dict[str, Any] | None = None,
) -> NoReturn:
    """Divide one call among GPUs. RuntimeError: there are none, as in PyTorch without one."""
    raise RuntimeError("device type could not be determined: data_parallel is for GPUs, of which there are none")


_explain_missing_names(__name__)
