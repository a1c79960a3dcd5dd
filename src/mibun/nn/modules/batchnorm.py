"""Batch normalisation and instance normalisation, with the running statistics that evaluation uses."""

from __future__ import annotations

import importlib
from typing import Any

from ...core.dtypes import int64
from ...core.missing import missing_name
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...ops.creation.from_data import as_tensor
from .. import functional as F
from .. import init
from ..common_types import Device, DType
from ..factories import empty, ones, zeros
from ..parameter import Parameter
from .module import Module


class _NormBase(Module):
    """What both have: learned scale and shift, running mean and variance."""

    # Version 2 counts the batches in `num_batches_tracked`.
    _version = 2
    __constants__ = ["track_running_stats", "momentum", "eps", "num_features", "affine"]
    weight: Tensor
    bias: Tensor
    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None
    num_features: int
    eps: float
    momentum: float | None
    affine: bool
    track_running_stats: bool

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Device = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        for name in ("weight", "bias"):
            if affine and (name == "weight" or bias):
                setattr(self, name, Parameter(empty(num_features, device=device, dtype=dtype)))
            else:
                self.register_parameter(name, None)
        if track_running_stats:
            self.register_buffer("running_mean", zeros(num_features, device=device, dtype=dtype))
            self.register_buffer("running_var", ones(num_features, device=device, dtype=dtype))
            self.register_buffer("num_batches_tracked", as_tensor(0, dtype=int64, device=device))
        else:
            for name in ("running_mean", "running_var", "num_batches_tracked"):
                self.register_buffer(name, None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Set the running mean to 0, the running variance to 1 and the number of batches to 0."""
        if self.track_running_stats:
            self.running_mean.zero_()  # type: ignore[union-attr]
            self.running_var.fill_(1)  # type: ignore[union-attr]
            self.num_batches_tracked.zero_()  # type: ignore[union-attr]

    def reset_parameters(self) -> None:
        """Set the scale to 1, the shift to 0, and the running statistics to their start."""
        self.reset_running_stats()
        if self.affine:
            init.ones_(self.weight)
            if self.bias is not None:
                init.zeros_(self.bias)

    def _check_input_dim(self, input: Tensor) -> None:
        raise NotImplementedError(f"{type(self).__name__} does not say which inputs it takes: give _check_input_dim")

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )

    def _load_from_state_dict(
        self,
        state_dict: Any,
        prefix: str,
        local_metadata: dict,
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        version = local_metadata.get("version")
        key = prefix + "num_batches_tracked"
        if (version is None or version < 2) and self.track_running_stats and key not in state_dict:
            state_dict[key] = self.num_batches_tracked.detach().clone()  # type: ignore[union-attr]
        super()._load_from_state_dict(
            state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
        )


class _BatchNorm(_NormBase):
    def forward(self, input: Tensor) -> Tensor:
        """The input, standardised for each channel, then scaled and shifted; of the same shape."""
        self._check_input_dim(input)
        # With momentum None the running statistics are the averages over all batches so far.
        factor = 0.0 if self.momentum is None else self.momentum
        if self.training and self.track_running_stats and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                factor = 1.0 / float(self.num_batches_tracked)  # type: ignore[arg-type]
        use_batch = self.training or (self.running_mean is None and self.running_var is None)
        updates = not self.training or self.track_running_stats
        return F.batch_norm(
            input,
            self.running_mean if updates else None,
            self.running_var if updates else None,
            self.weight,
            self.bias,
            use_batch,
            factor,
            self.eps,
        )


def _expect(input: Tensor, *dims: int) -> None:
    if input.dim() not in dims:
        wanted = " or ".join(f"{n}D" for n in dims)
        raise ValueError(f"expected {wanted} input (got {input.dim()}D input)")


class BatchNorm1d(_BatchNorm):
    """`(x - mean) / √(var + eps) · weight + bias` for each channel, over the batch and the positions.

    In training, mean and (biased) variance are the batch's, and running averages are kept, with the unbiased variance:
    `running = (1 - momentum) running + momentum batch`. Evaluation uses those.

    Args:
        num_features: C.
        eps: keeps the root from 0.
        momentum: the weight of the newest batch; None takes the plain average over all batches.
        affine: whether there are a learned weight and bias, 1 and 0 at first; `bias=False` leaves the bias away.
        track_running_stats: False keeps no averages, and uses the batch's values always.
        device, dtype: of the parameters and averages.

    Shape:
        input (N, C) or (N, C, L), output the same. weight, bias, running_mean, running_var: (C,).

    Raises:
        ValueError: from the call, for an input of other axes, or one value for each channel in training.

    Source: Ioffe and Szegedy, Batch Normalization, 2015.

    >>> import mibun as torch
    >>> torch.nn.BatchNorm1d(1)(torch.tensor([[1.], [3.]]))
    tensor([[-1.0000],
            [ 1.0000]], grad_fn=<NativeBatchNormBackward0>)
    """

    def _check_input_dim(self, input: Tensor) -> None:
        _expect(input, 2, 3)


class BatchNorm2d(_BatchNorm):
    """`(x - mean) / √(var + eps) · weight + bias` for each channel of images, over the batch and all places.

    In training, mean and (biased) variance are the batch's, and running averages are kept, with the unbiased variance:
    `running = (1 - momentum) running + momentum batch`. Evaluation uses those.

    Args:
        num_features: C.
        eps: keeps the root from 0.
        momentum: the weight of the newest batch; None takes the plain average over all batches.
        affine: whether there are a learned weight and bias, 1 and 0 at first; `bias=False` leaves the bias away.
        track_running_stats: False keeps no averages, and uses the batch's values always.
        device, dtype: of the parameters and averages.

    Shape:
        input (N, C, H, W), output the same. weight, bias, running_mean, running_var: (C,).

    Raises:
        ValueError: from the call, for an input of other axes, or one value for each channel in training.

    Source: Ioffe and Szegedy, Batch Normalization, 2015.

    >>> import mibun as torch
    >>> torch.nn.BatchNorm2d(3)(torch.ones(4, 3, 5, 5)).shape
    torch.Size([4, 3, 5, 5])
    """

    def _check_input_dim(self, input: Tensor) -> None:
        _expect(input, 4)


class BatchNorm3d(_BatchNorm):
    """`(x - mean) / √(var + eps) · weight + bias` for each channel of volumes, over the batch and all places.

    In training, mean and (biased) variance are the batch's, and running averages are kept, with the unbiased variance:
    `running = (1 - momentum) running + momentum batch`. Evaluation uses those.

    Args:
        num_features: C.
        eps: keeps the root from 0.
        momentum: the weight of the newest batch; None takes the plain average over all batches.
        affine: whether there are a learned weight and bias, 1 and 0 at first; `bias=False` leaves the bias away.
        track_running_stats: False keeps no averages, and uses the batch's values always.
        device, dtype: of the parameters and averages.

    Shape:
        input (N, C, D, H, W), output the same. weight, bias, running_mean, running_var: (C,).

    Raises:
        ValueError: from the call, for an input of other axes, or one value for each channel in training.

    Source: Ioffe and Szegedy, Batch Normalization, 2015.

    >>> import mibun as torch
    >>> torch.nn.BatchNorm3d(3)(torch.ones(4, 3, 2, 5, 5)).shape
    torch.Size([4, 3, 2, 5, 5])
    """

    def _check_input_dim(self, input: Tensor) -> None:
        _expect(input, 5)


class _InstanceNorm(_NormBase):
    _n = 0

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Device = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)

    def _check_input_dim(self, input: Tensor) -> None:
        _expect(input, self._n + 1, self._n + 2)

    def _load_from_state_dict(
        self,
        state_dict: Any,
        prefix: str,
        local_metadata: dict,
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        if local_metadata.get("version") is None and not self.track_running_stats:
            # Before there were versions it kept running statistics always.
            found = [name for name in ("running_mean", "running_var") if prefix + name in state_dict]
            if found:
                names = " and ".join(f'"{prefix + name}"' for name in found)
                kind = type(self).__name__
                error_msgs.append(
                    f"Unexpected running stats buffer(s) {names} for {kind} with track_running_stats=False. If "
                    f"state_dict is a checkpoint saved before 0.4.0, this may be expected because {kind} does not "
                    "track running stats by default since 0.4.0. Please remove these keys from state_dict. If the "
                    f"running stats are actually needed, instead set track_running_stats=True in {kind} to enable them."
                )
                for name in found:
                    state_dict.pop(prefix + name)
        super()._load_from_state_dict(
            state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
        )

    def forward(self, input: Tensor) -> Tensor:
        """The input, standardised for each sample and channel, then scaled and shifted; of the same shape."""
        self._check_input_dim(input)
        batched = input.dim() == self._n + 2
        channels = 1 if batched else 0
        if input.size(channels) != self.num_features:
            if self.affine:
                raise ValueError(
                    f"expected input's size at dim={channels} to match num_features ({self.num_features}), "
                    f"but got: {input.size(channels)}."
                )
            import warnings

            warnings.warn(
                f"input's size at dim={channels} does not match num_features. You can silence this warning by not "
                "passing in num_features, which is not used because affine=False",
                stacklevel=stacklevel(),
            )
        output = F.instance_norm(
            input if batched else input.unsqueeze(0),
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            self.momentum if self.momentum is not None else 0.0,
            self.eps,
        )
        return output if batched else output.squeeze(0)


class InstanceNorm1d(_InstanceNorm):
    """`(x - mean) / √(var + eps) · weight + bias` for each sample and channel alone, over its positions.

    Args:
        num_features: C; not used, and not checked but for a warning, without `affine`.
        eps: keeps the root from 0.
        affine: whether there are a learned weight and bias, 1 and 0 at first; by default there are none.
        track_running_stats: keep running averages with `momentum`, for evaluation, as `BatchNorm2d` does; by default
            the input's own mean and variance are used always.
        device, dtype: of the parameters and averages.

    Shape:
        input (N, C, L) or (C, L), output the same.

    Raises:
        ValueError: from the call, for an input of other axes, of another C where `affine`, or with one place only.

    Source: Ulyanov, Vedaldi and Lempitsky, Instance Normalization, 2016.

    >>> import mibun as torch
    >>> torch.nn.InstanceNorm1d(1)(torch.tensor([[[1., 3.]], [[0., 8.]]]))
    tensor([[[-1.0000,  1.0000]],
    <BLANKLINE>
            [[-1.0000,  1.0000]]])
    """

    _n = 1


class InstanceNorm2d(_InstanceNorm):
    """`(x - mean) / √(var + eps) · weight + bias` for each image and channel alone, over its places.

    Args:
        num_features: C; not used, and not checked but for a warning, without `affine`.
        eps: keeps the root from 0.
        affine: whether there are a learned weight and bias, 1 and 0 at first; by default there are none.
        track_running_stats: keep running averages with `momentum`, for evaluation, as `BatchNorm2d` does; by default
            the input's own mean and variance are used always.
        device, dtype: of the parameters and averages.

    Shape:
        input (N, C, H, W) or (C, H, W), output the same.

    Raises:
        ValueError: from the call, for an input of other axes, of another C where `affine`, or with one place only.

    Source: Ulyanov, Vedaldi and Lempitsky, Instance Normalization, 2016.

    >>> import mibun as torch
    >>> torch.nn.InstanceNorm2d(3)(torch.ones(2, 3, 4, 4)).shape
    torch.Size([2, 3, 4, 4])
    """

    _n = 2


class InstanceNorm3d(_InstanceNorm):
    """`(x - mean) / √(var + eps) · weight + bias` for each volume and channel alone, over its places.

    Args:
        num_features: C; not used, and not checked but for a warning, without `affine`.
        eps: keeps the root from 0.
        affine: whether there are a learned weight and bias, 1 and 0 at first; by default there are none.
        track_running_stats: keep running averages with `momentum`, for evaluation, as `BatchNorm2d` does; by default
            the input's own mean and variance are used always.
        device, dtype: of the parameters and averages.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output the same.

    Raises:
        ValueError: from the call, for an input of other axes, of another C where `affine`, or with one place only.

    Source: Ulyanov, Vedaldi and Lempitsky, Instance Normalization, 2016.

    >>> import mibun as torch
    >>> torch.nn.InstanceNorm3d(3)(torch.ones(2, 3, 2, 4, 4)).shape
    torch.Size([2, 3, 2, 4, 4])
    """

    _n = 3


def __getattr__(name: str) -> Any:
    if name == "SyncBatchNorm":  # which is made of what is here
        return importlib.import_module(".sync_batchnorm", __package__).SyncBatchNorm
    raise missing_name(__name__, name)
