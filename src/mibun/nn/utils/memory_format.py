"""The weights of convolutions in another order in memory."""

from __future__ import annotations

from typing import TypeVar

from ...core.dtypes import memory_format
from ..modules.conv import Conv2d, Conv3d, ConvTranspose2d, ConvTranspose3d
from ..modules.module import Module

M = TypeVar("M", bound=Module)


def _convert(module: M, memory_format: memory_format, kinds: tuple) -> M:
    for part in module.modules():
        if isinstance(part, kinds):
            part.weight.data = part.weight.detach().clone(memory_format=memory_format)
    return module


def convert_conv2d_weight_memory_format(module: M, memory_format: memory_format) -> M:
    """Give the weights of all Conv2d and ConvTranspose2d in a Module this memory format; the Module itself comes back.

    Other parameters stay as they are, which `module.to(memory_format=)` would change as well.

    >>> import mibun as torch
    >>> conv = torch.nn.Conv2d(3, 4, 2)
    >>> torch.nn.utils.convert_conv2d_weight_memory_format(conv, torch.channels_last).weight.stride()
    (12, 1, 6, 3)
    """
    return _convert(module, memory_format, (Conv2d, ConvTranspose2d))


def convert_conv3d_weight_memory_format(module: M, memory_format: memory_format) -> M:
    """The same for Conv3d and ConvTranspose3d.

    >>> import mibun as torch
    >>> conv = torch.nn.Conv3d(3, 4, 2)
    >>> torch.nn.utils.convert_conv3d_weight_memory_format(conv, torch.channels_last_3d).weight.stride()
    (24, 1, 12, 6, 3)
    """
    return _convert(module, memory_format, (Conv3d, ConvTranspose3d))
