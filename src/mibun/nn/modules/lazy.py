"""Lazy Modules: layers that learn how many features or channels they take from their first input.

Their parameters have no shape until then (`UninitializedParameter`). After the first call, or once they have been given
their shapes by `load_state_dict` and are called, they are ordinary layers: even their class changes.
"""

from __future__ import annotations

from typing import Any

from ...core.dtypes import int64
from ...core.mode import no_grad
from ...core.registry import INDEXES
from ...core.tensor import Tensor
from ..common_types import Device, DType, _size_any_t
from ..factories import zeros
from ..parameter import is_lazy
from . import batchnorm, conv, instancenorm, linear
from .batchnorm import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
)
from .conv import Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from .linear import Linear
from .state_dict import _UNDO


def _parameter(device: Device, dtype: DType) -> Any:
    from ..uninitialized import UninitializedParameter  # makes all functions ask: only where there is one

    return UninitializedParameter(device=device, dtype=dtype)


def _buffer(device: Device, dtype: DType) -> Any:
    from ..uninitialized import UninitializedBuffer

    return UninitializedBuffer(device=device, dtype=dtype)


class LazyModuleMixin:
    """For Modules whose parameters get their shapes from the first input. It comes before Module among the bases.

    A class of the user's own assigns `UninitializedParameter`s, gives `initialize_parameters(*args, **kwargs)`, which
    is called with the arguments of `forward` and materializes them, and may say by `cls_to_become` of which class
    the Module is from then on. Until then it can be copied, converted, saved and loaded.

    >>> import mibun as torch
    >>> class Scale(torch.nn.modules.lazy.LazyModuleMixin, torch.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.weight = torch.nn.UninitializedParameter()
    ...     def initialize_parameters(self, x):
    ...         self.weight.materialize(x.shape[-1:])
    ...         torch.nn.init.ones_(self.weight)
    ...     def forward(self, x):
    ...         return x * self.weight
    >>> scale = Scale()
    >>> scale(torch.zeros(2, 3)).shape, scale.weight.shape
    (torch.Size([2, 3]), torch.Size([3]))
    """

    cls_to_become: type | None = None
    _parameters: dict[str, Any]
    _buffers: dict[str, Any]
    _non_persistent_buffers_set: set[str]

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[safe-super]
        self._load_hook = self._register_load_state_dict_pre_hook(self._lazy_load_hook)
        self._initialize_hook = self.register_forward_pre_hook(self._infer_parameters, with_kwargs=True)

    def initialize_parameters(self, *args: Any, **kwargs: Any) -> None:
        """Give the parameters their shapes, from the arguments of `forward`; for subclasses to define."""
        raise NotImplementedError(f"initialize_parameters is not implemented for {type(self).__name__}")

    def has_uninitialized_params(self) -> bool:
        """Whether a parameter or buffer of this Module has no shape yet."""
        return any(is_lazy(tensor) for tensor in (*self._parameters.values(), *self._buffers.values()))

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        for name, tensor in (*self._parameters.items(), *self._buffers.items()):
            if tensor is not None and name not in self._non_persistent_buffers_set:
                destination[prefix + name] = tensor if keep_vars or is_lazy(tensor) else tensor.detach()

    def _lazy_load_hook(self, state_dict: Any, prefix: str, *ignored: Any) -> None:
        """Before a load: what is given a tensor gets its shape. Undone, like the rest, if the load fails."""
        undo = _UNDO.get()
        for name, tensor in (*self._parameters.items(), *self._buffers.items()):
            given = state_dict.get(prefix + name)
            if is_lazy(tensor) and isinstance(given, Tensor) and not is_lazy(given):
                kind, empty = type(tensor), tensor.data
                with no_grad():
                    tensor.materialize(given.shape)
                if undo is not None:
                    undo.append(lambda tensor=tensor, kind=kind, empty=empty: _take_shape_away(tensor, kind, empty))

    def _infer_parameters(self: Any, module: Any, args: tuple, kwargs: dict[str, Any] | None = None) -> None:
        """Before the first call: the parameters get their shapes, and the Module becomes an ordinary one."""
        module.initialize_parameters(*args, **(kwargs or {}))
        if module.has_uninitialized_params():
            raise RuntimeError(f"module {type(module).__name__} has not been fully initialized")
        module._initialize_hook.remove()
        module._load_hook.remove()
        del module._initialize_hook, module._load_hook
        if module.cls_to_become is not None:
            module.__class__ = module.cls_to_become


def _take_shape_away(tensor: Any, kind: type, empty: Tensor) -> None:
    tensor.data = empty
    tensor.__class__ = kind


# --- linear ---


class LazyLinear(LazyModuleMixin, Linear):
    """A `Linear` whose `in_features` are those of its first input.

    Args:
        out_features, bias, device, dtype: as for `Linear`.

    >>> import mibun as torch
    >>> layer = torch.nn.LazyLinear(2)
    >>> layer(torch.ones(5, 3)).shape
    torch.Size([5, 2])
    >>> layer
    Linear(in_features=3, out_features=2, bias=True)
    """

    cls_to_become = Linear

    def __init__(self, out_features: int, bias: bool = True, device: Device = None, dtype: DType = None) -> None:
        super().__init__(0, 0, False)
        self.out_features = out_features
        self.weight = _parameter(device, dtype)
        if bias:
            self.bias = _parameter(device, dtype)

    def reset_parameters(self) -> None:
        """Draw new starting values, once there is something to draw them for."""
        if not self.has_uninitialized_params() and self.in_features != 0:
            super().reset_parameters()

    def initialize_parameters(self, input: Tensor) -> None:  # type: ignore[override]
        """Take the number of features from an input."""
        if self.has_uninitialized_params():
            with no_grad():
                self.in_features = input.shape[-1]
                self.weight.materialize((self.out_features, self.in_features))  # type: ignore[attr-defined]
                if self.bias is not None:
                    self.bias.materialize((self.out_features,))
                self.reset_parameters()
        if self.in_features == 0:  # loaded
            self.in_features = self.weight.shape[-1]


# --- convolutions ---


class _LazyConvXdMixin(LazyModuleMixin):
    """A convolution whose channels are those of its first input."""

    _n: int

    def _make_lazy(self: Any, out_channels: int, bias: bool, device: Device, dtype: DType) -> None:
        self.out_channels = out_channels
        self.weight = _parameter(device, dtype)
        if bias:
            self.bias = _parameter(device, dtype)

    def reset_parameters(self: Any) -> None:
        """Draw new starting values, once there is something to draw them for."""
        if not self.has_uninitialized_params() and self.in_channels != 0:
            super().reset_parameters()  # type: ignore[misc]

    def initialize_parameters(self: Any, input: Tensor, *args: Any, **kwargs: Any) -> None:
        """Take the number of channels from an input. ValueError where the groups do not divide it."""
        if self.has_uninitialized_params():
            n = self._n
            if input.dim() not in (n + 1, n + 2):
                raise RuntimeError(
                    f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to {type(self).__name__}, but got "
                    f"input of size: {input.shape}"
                )
            channels = input.shape[-n - 1]
            if channels % self.groups:
                raise ValueError("in_channels must be divisible by groups")
            self.in_channels = channels
            first, second = (channels, self.out_channels) if self.transposed else (self.out_channels, channels)
            with no_grad():
                self.weight.materialize((first, second // self.groups, *self.kernel_size))
                if self.bias is not None:
                    self.bias.materialize((self.out_channels,))
                self.reset_parameters()
        if self.in_channels == 0:  # loaded
            shape = self.weight.shape
            self.in_channels = shape[0] if self.transposed else shape[1] * self.groups


class _LazyConv(_LazyConvXdMixin):
    def __init__(
        self,
        out_channels: int,
        kernel_size: _size_any_t,
        stride: _size_any_t = 1,
        padding: _size_any_t | str = 0,
        dilation: _size_any_t = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        # No bias, so that none is drawn.
        super().__init__(0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode)
        self._make_lazy(out_channels, bias, device, dtype)


class _LazyConvTranspose(_LazyConvXdMixin):
    def __init__(
        self,
        out_channels: int,
        kernel_size: _size_any_t,
        stride: _size_any_t = 1,
        padding: _size_any_t = 0,
        output_padding: _size_any_t = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int = 1,
        padding_mode: str = "zeros",
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(0, 0, kernel_size, stride, padding, output_padding, groups, False, dilation, padding_mode)
        self._make_lazy(out_channels, bias, device, dtype)


class LazyConv1d(_LazyConv, Conv1d):  # type: ignore[misc]
    """A `Conv1d` whose `in_channels` are those of its first input; the other arguments are the same.

    >>> import mibun as torch
    >>> torch.nn.LazyConv1d(4, kernel_size=3)(torch.ones(2, 5, 8)).shape
    torch.Size([2, 4, 6])
    """

    cls_to_become = Conv1d


class LazyConv2d(_LazyConv, Conv2d):  # type: ignore[misc]
    """A `Conv2d` whose `in_channels` are those of its first input; the other arguments are the same.

    >>> import mibun as torch
    >>> layer = torch.nn.LazyConv2d(4, kernel_size=3)
    >>> _ = layer(torch.ones(2, 5, 8, 8))
    >>> layer
    Conv2d(5, 4, kernel_size=(3, 3), stride=(1, 1))
    """

    cls_to_become = Conv2d


class LazyConv3d(_LazyConv, Conv3d):  # type: ignore[misc]
    """A `Conv3d` whose `in_channels` are those of its first input; the other arguments are the same."""

    cls_to_become = Conv3d


class LazyConvTranspose1d(_LazyConvTranspose, ConvTranspose1d):  # type: ignore[misc]
    """A `ConvTranspose1d` whose `in_channels` are those of its first input; the other arguments are the same."""

    cls_to_become = ConvTranspose1d


class LazyConvTranspose2d(_LazyConvTranspose, ConvTranspose2d):  # type: ignore[misc]
    """A `ConvTranspose2d` whose `in_channels` are those of its first input; the other arguments are the same."""

    cls_to_become = ConvTranspose2d


class LazyConvTranspose3d(_LazyConvTranspose, ConvTranspose3d):  # type: ignore[misc]
    """A `ConvTranspose3d` whose `in_channels` are those of its first input; the other arguments are the same."""

    cls_to_become = ConvTranspose3d


# --- normalisation ---


class _LazyNormBase(LazyModuleMixin):
    """A normalisation whose channels are those of its first input."""

    def __init__(
        self: Any,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Device = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(0, eps, momentum, False, False)
        self.affine, self.track_running_stats = affine, track_running_stats
        if affine:
            self.weight = _parameter(device, dtype)
            if bias:
                self.bias = _parameter(device, dtype)
        if track_running_stats:
            for name in ("running_mean", "running_var", "num_batches_tracked"):
                del self._buffers[name]  # so that they come in their order
            self.register_buffer("running_mean", _buffer(device, dtype))
            self.register_buffer("running_var", _buffer(device, dtype))
            self.register_buffer("num_batches_tracked", zeros((), dtype=int64))

    def reset_parameters(self: Any) -> None:
        """Set the scale to 1, the shift to 0 and the running statistics to their start, once there are any."""
        if not self.has_uninitialized_params() and self.num_features != 0:
            super().reset_parameters()  # type: ignore[misc]

    def initialize_parameters(self: Any, input: Tensor) -> None:  # type: ignore[override]
        """Take the number of channels from an input."""
        if self.has_uninitialized_params():
            self.num_features = input.shape[1]
            with no_grad():
                for tensor in (self.weight, self.bias, self.running_mean, self.running_var):
                    if tensor is not None:
                        tensor.materialize((self.num_features,))
                self.reset_parameters()
        loaded = self.weight if self.weight is not None else self.running_mean
        if self.num_features == 0 and loaded is not None:
            self.num_features = loaded.shape[0]


class LazyBatchNorm1d(_LazyNormBase, BatchNorm1d):  # type: ignore[misc]
    """A `BatchNorm1d` whose `num_features` are the channels of its first input; the other arguments are the same.

    >>> import mibun as torch
    >>> layer = torch.nn.LazyBatchNorm1d()
    >>> _ = layer(torch.ones(2, 3, 4))
    >>> layer.running_var
    tensor([0.9000, 0.9000, 0.9000])
    """

    cls_to_become = BatchNorm1d


class LazyBatchNorm2d(_LazyNormBase, BatchNorm2d):  # type: ignore[misc]
    """A `BatchNorm2d` whose `num_features` are the channels of its first input; the other arguments are the same."""

    cls_to_become = BatchNorm2d


class LazyBatchNorm3d(_LazyNormBase, BatchNorm3d):  # type: ignore[misc]
    """A `BatchNorm3d` whose `num_features` are the channels of its first input; the other arguments are the same."""

    cls_to_become = BatchNorm3d


class LazyInstanceNorm1d(_LazyNormBase, InstanceNorm1d):  # type: ignore[misc]
    """An `InstanceNorm1d` whose `num_features` are those of its first input; `affine` and averages by default.

    >>> import mibun as torch
    >>> layer = torch.nn.LazyInstanceNorm1d()
    >>> _ = layer(torch.ones(2, 3, 4))
    >>> layer.num_features
    3
    """

    cls_to_become = InstanceNorm1d


class LazyInstanceNorm2d(_LazyNormBase, InstanceNorm2d):  # type: ignore[misc]
    """An `InstanceNorm2d` whose `num_features` are those of its first input; `affine` and averages by default."""

    cls_to_become = InstanceNorm2d


class LazyInstanceNorm3d(_LazyNormBase, InstanceNorm3d):  # type: ignore[misc]
    """An `InstanceNorm3d` whose `num_features` are those of its first input; `affine` and averages by default."""

    cls_to_become = InstanceNorm3d


__all__ = ["LazyModuleMixin"]

# PyTorch shows them in the modules of the layers that they become.
for _module, _kinds in (
    (linear, (LazyLinear,)),
    (conv, (LazyConv1d, LazyConv2d, LazyConv3d, LazyConvTranspose1d, LazyConvTranspose2d, LazyConvTranspose3d)),
    (batchnorm, (LazyBatchNorm1d, LazyBatchNorm2d, LazyBatchNorm3d)),
    (instancenorm, (LazyInstanceNorm1d, LazyInstanceNorm2d, LazyInstanceNorm3d)),
):
    for _kind in _kinds:
        INDEXES.setdefault(_module.__name__, {})[_kind.__name__] = _kind
        setattr(_module, _kind.__name__, _kind)
        if hasattr(_module, "__all__"):
            _module.__all__.append(_kind.__name__)
