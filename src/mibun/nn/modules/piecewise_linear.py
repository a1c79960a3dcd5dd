"""Activations made of straight lines: rectifiers, clipping and shrinking, with their steps and leaks.

The formula of each is in the docstring; the functions themselves are in `mibun.nn.functional`.
"""

from __future__ import annotations

from ...core.site import stacklevel
from ...core.tensor import Tensor
from .. import functional as F
from .. import init
from ..common_types import Device, DType
from ..factories import empty
from ..parameter import Parameter
from .module import Module


class InplaceActivation(Module):
    """An activation whose only argument is whether it overwrites its input."""

    __constants__ = ["inplace"]
    inplace: bool

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


def inplace_flag(inplace: bool) -> str:
    return ", inplace=True" if inplace else ""


class Threshold(Module):
    """`x` where it is above `threshold`, else `value`, for each element.

    Args:
        threshold: elements up to this are replaced.
        value: what they are replaced by.
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Threshold(0.5, 9.)(torch.tensor([0., 0.5, 1.]))
    tensor([9., 9., 1.])
    """

    __constants__ = ["threshold", "value", "inplace"]
    threshold: float
    value: float
    inplace: bool

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__()
        self.threshold = threshold
        self.value = value
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        return f"threshold={self.threshold}, value={self.value}{inplace_flag(self.inplace)}"


class ReLU(InplaceActivation):
    """`max(x, 0)` of each element: the rectified linear unit.

    Args:
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a real dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.ReLU()(torch.tensor([-1., 2.]))
    tensor([0., 2.])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.relu(input, inplace=self.inplace)


class RReLU(Module):
    """`x` where it is positive, else `a x`, with `a` drawn for each element.

    In training `a` is uniform in [lower, upper); in evaluation it is the middle, `(lower + upper) / 2`.

    Args:
        lower, upper: the ends of the interval.
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Xu et al., Empirical Evaluation of Rectified Activations in Convolutional Network, 2015.

    >>> import mibun as torch
    >>> torch.nn.RReLU(0.1, 0.3).eval()(torch.tensor([-1., 2.]))
    tensor([-0.2000,  2.0000])
    """

    __constants__ = ["lower", "upper", "inplace"]
    lower: float
    upper: float
    inplace: bool

    def __init__(self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False) -> None:
        super().__init__()
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"lower={self.lower}, upper={self.upper}{inplace_flag(self.inplace)}"


class Hardtanh(Module):
    """`x` limited to [min_val, max_val], for each element.

    Args:
        min_val, max_val: the limits.
        inplace: write the result over the input instead of into a new Tensor.
        min_value, max_value: the older names of the limits, understood with a FutureWarning.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Raises:
        AssertionError: `max_val` is not above `min_val`.

    >>> import mibun as torch
    >>> torch.nn.Hardtanh()(torch.tensor([-3., 0.5, 3.]))
    tensor([-1.0000,  0.5000,  1.0000])
    """

    __constants__ = ["min_val", "max_val", "inplace"]
    min_val: float
    max_val: float
    inplace: bool

    def __init__(
        self,
        min_val: float = -1.0,
        max_val: float = 1.0,
        inplace: bool = False,
        min_value: float | None = None,
        max_value: float | None = None,
    ) -> None:
        super().__init__()
        import warnings

        if min_value is not None:
            warnings.warn(
                "keyword argument `min_value` is deprecated and renamed to `min_val`",
                FutureWarning,
                stacklevel=stacklevel(),
            )
            min_val = min_value
        if max_value is not None:
            warnings.warn(
                "keyword argument `max_value` is deprecated and renamed to `max_val`",
                FutureWarning,
                stacklevel=stacklevel(),
            )
            max_val = max_value
        self.min_val = min_val
        self.max_val = max_val
        self.inplace = inplace
        if not max_val > min_val:
            raise AssertionError(f"max_val ({max_val}) must be greater than min_val ({min_val})")

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        return f"min_val={self.min_val}, max_val={self.max_val}{inplace_flag(self.inplace)}"


class ReLU6(Hardtanh):
    """`min(max(x, 0), 6)` of each element: a `ReLU` that does not grow beyond what few bits can hold.

    Args:
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Krizhevsky, Convolutional Deep Belief Networks on CIFAR-10, 2010.

    >>> import mibun as torch
    >>> torch.nn.ReLU6()(torch.tensor([-1., 2., 8.]))
    tensor([0., 2., 6.])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0.0, 6.0, inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class Hardsigmoid(InplaceActivation):
    """`x / 6 + 1/2` limited to [0, 1], for each element: a sigmoid made of three straight lines.

    Args:
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Howard et al., Searching for MobileNetV3, 2019.

    >>> import mibun as torch
    >>> torch.nn.Hardsigmoid()(torch.tensor([-4., 0., 1.]))
    tensor([0.0000, 0.5000, 0.6667])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.hardsigmoid(input, self.inplace)

    def extra_repr(self) -> str:
        return ""


class Hardswish(InplaceActivation):
    """`x hardsigmoid(x)` of each element: 0 up to -3, x from 3 on, and a parabola between them.

    Args:
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Howard et al., Searching for MobileNetV3, 2019.

    >>> import mibun as torch
    >>> torch.nn.Hardswish()(torch.tensor([-4., 1., 4.]))
    tensor([-0.0000, 0.6667, 4.0000])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.hardswish(input, self.inplace)

    def extra_repr(self) -> str:
        return ""


class LeakyReLU(Module):
    """`x` where it is positive, else `negative_slope x`, for each element.

    Args:
        negative_slope: the slope below 0, so that units that are off still have a gradient.
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013.

    >>> import mibun as torch
    >>> torch.nn.LeakyReLU(0.1)(torch.tensor([-1., 2.]))
    tensor([-0.1000,  2.0000])
    """

    __constants__ = ["inplace", "negative_slope"]
    negative_slope: float
    inplace: bool

    def __init__(self, negative_slope: float = 1e-2, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}{inplace_flag(self.inplace)}"


class PReLU(Module):
    """`x` where it is positive, else `a x` with a learned `a`.

    Args:
        num_parameters: 1 for one `a`, or the number of channels for one each.
        init: what `a` starts as.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (*), or (N, C, *) with one `a` for each of C channels; output the same. weight: (num_parameters,).

    Source: He et al., Delving Deep into Rectifiers, 2015.

    >>> import mibun as torch
    >>> torch.nn.PReLU()(torch.tensor([-1., 2.]))
    tensor([-0.2500,  2.0000], grad_fn=<PreluKernelBackward0>)
    """

    __constants__ = ["num_parameters"]
    num_parameters: int
    init: float

    def __init__(self, num_parameters: int = 1, init: float = 0.25, device: Device = None, dtype: DType = None) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Parameter(empty(num_parameters, device=device, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set `a` to where it starts."""
        init.constant_(self.weight, self.init)

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element; channels are the axis 1."""
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class _Lambd(Module):
    __constants__ = ["lambd"]
    lambd: float

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def extra_repr(self) -> str:
        return f"{self.lambd}"


class Hardshrink(_Lambd):
    """`x` where `|x| > lambd`, else 0, for each element.

    Args:
        lambd: half the width of the interval that becomes 0.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Hardshrink()(torch.tensor([-1., 0.3, 2.]))
    tensor([-1.,  0.,  2.])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.hardshrink(input, self.lambd)


class Softshrink(_Lambd):
    """`x` moved towards 0 by `lambd`, and 0 where `|x| <= lambd`, for each element.

    Args:
        lambd: how far. RuntimeError from the call where it is negative.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Softshrink()(torch.tensor([-1., 0.3, 2.]))
    tensor([-0.5000,  0.0000,  1.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.softshrink(input, self.lambd)
