"""Batch normalisation over the batches of all processes of a group."""

from __future__ import annotations

from typing import Any

from ...core.dtypes import bfloat16, float16
from ...core.registry import INDEXES
from ...core.tensor import Tensor
from ...ops.shape.joining import cat
from ..common_types import Device, DType
from ..factories import full
from .batchnorm import _BatchNorm
from .module import Module


class SyncBatchNorm(_BatchNorm):
    """`BatchNorm1d` to `BatchNorm3d`, with mean and variance of the batches of all processes taken together.

    Where there is no group, or only one process, and in evaluation, it is ordinary batch normalisation. (PyTorch
    refuses tensors on the CPU in training.)

    Args:
        num_features: C.
        eps: keeps the root from 0.
        momentum: the weight of the newest batch in the running averages; None takes the plain average.
        affine: whether there are a learned weight and bias, 1 and 0 at first; `bias=False` leaves the bias away.
        track_running_stats: False keeps no averages, and uses the batch's values always.
        process_group: whose batches are taken together; the default group if None.
        device, dtype: of the parameters and averages.

    Shape:
        input (N, C, *), output the same. N may differ between the processes, and be 0 in some.

    Raises:
        ValueError: from the call, for an input of one dimension, or only one value for each channel in all processes.

    Source: Ioffe and Szegedy, Batch Normalization, 2015.

    >>> import mibun as torch
    >>> model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    >>> torch.nn.SyncBatchNorm.convert_sync_batchnorm(model)[1]
    SyncBatchNorm(3, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        process_group: Any = None,
        device: Device = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)
        self.process_group = process_group

    def _check_input_dim(self, input: Tensor) -> None:
        if input.dim() < 2:
            raise ValueError(f"expected at least 2D input (got {input.dim()}D input)")

    def forward(self, input: Tensor) -> Tensor:
        """The input, standardised for each channel, then scaled and shifted; of the same shape."""
        from ...distributed.world import get_world_size, is_initialized

        self._check_input_dim(input)
        use_batch = self.training or (self.running_mean is None and self.running_var is None)
        if not use_batch or not is_initialized() or get_world_size(self.process_group) == 1:
            return super().forward(input)
        if input.size(1) != self.num_features:
            raise ValueError(f"expected {self.num_features} channels, got an input of shape {tuple(input.shape)}")
        return self._together(input)

    def _together(self, input: Tensor) -> Tensor:
        from ...distributed.nn.functional import all_reduce

        channels = input.size(1)
        others = [d for d in range(input.dim()) if d != 1]
        shape = [1, channels] + [1] * (input.dim() - 2)
        # Two rounds, since the mean of the squares less the square of the mean loses what is small beside the mean.
        # Halves are computed as float32: they cannot even count.
        wide = input.float() if input.dtype in (float16, bfloat16) else input
        count_here = full((1,), input.numel() // channels, dtype=wide.dtype)
        sums = all_reduce(cat([wide.sum(others), count_here]), group=self.process_group)
        count = float(sums[-1].detach())
        if count == 1:
            raise ValueError(
                "Expected more than 1 value per channel when training, got one value in all of the processes together"
            )
        mean = sums[:-1] / count
        centred = wide - mean.reshape(shape)
        variance = all_reduce((centred * centred).sum(others), group=self.process_group) / count
        if self.training and self.track_running_stats and self.running_mean is not None:
            self._average(mean.detach(), variance.detach() * (count / (count - 1)))
        scale = (variance + self.eps).rsqrt()
        if self.weight is not None:
            scale = scale * self.weight
        output = centred * scale.reshape(shape)
        return (output if self.bias is None else output + self.bias.reshape(shape)).to(input.dtype)

    def _average(self, mean: Tensor, variance: Tensor) -> None:
        factor = 0.0 if self.momentum is None else self.momentum
        if self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                factor = 1.0 / float(self.num_batches_tracked)
        self.running_mean.lerp_(mean, factor)  # type: ignore[union-attr]
        self.running_var.lerp_(variance, factor)  # type: ignore[union-attr]

    @classmethod
    def convert_sync_batchnorm(cls, module: Module, process_group: Any = None) -> Module:
        """The module with each BatchNorm within replaced by a SyncBatchNorm that has its parameters and averages."""
        result = module
        if isinstance(module, _BatchNorm):
            made = cls(
                module.num_features,
                module.eps,
                module.momentum,
                module.affine,
                module.track_running_stats,
                process_group,
                bias=module.bias is not None,
            )
            made.weight, made.bias = module.weight, module.bias
            for name in ("running_mean", "running_var", "num_batches_tracked"):
                setattr(made, name, getattr(module, name))
            made.training = module.training
            result = made
        for name, child in module.named_children():
            result.add_module(name, cls.convert_sync_batchnorm(child, process_group))
        return result


INDEXES.setdefault(f"{__package__}.batchnorm", {})["SyncBatchNorm"] = SyncBatchNorm  # where PyTorch has it

__all__ = ["SyncBatchNorm"]
