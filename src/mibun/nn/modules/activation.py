"""Activations: layers that apply a function to each element, and the softmax family along an axis.

The formula of each is in the docstring; the functions themselves are in `mibun.nn.functional`.
"""

from __future__ import annotations

from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...ops.creation.creation import empty
from .. import functional as F
from .. import init
from ..common_types import Device, DType
from ..parameter import Parameter
from .module import Module


class _Inplace(Module):
    """An activation whose only argument is whether it overwrites its input."""

    __constants__ = ["inplace"]
    inplace: bool

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


def _flag(inplace: bool) -> str:
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
        return f"threshold={self.threshold}, value={self.value}{_flag(self.inplace)}"


class ReLU(_Inplace):
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
        return f"lower={self.lower}, upper={self.upper}{_flag(self.inplace)}"


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
        return f"min_val={self.min_val}, max_val={self.max_val}{_flag(self.inplace)}"


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


class Sigmoid(Module):
    """`1 / (1 + exp(-x))` of each element, in (0, 1).

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Sigmoid()(torch.tensor([-1., 0., 1.]))
    tensor([0.2689, 0.5000, 0.7311])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.sigmoid(input)


class Hardsigmoid(_Inplace):
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


class Tanh(Module):
    """The hyperbolic tangent `(exp(x) - exp(-x)) / (exp(x) + exp(-x))` of each element, in (-1, 1).

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Tanh()(torch.tensor([-1., 0., 1.]))
    tensor([-0.7616,  0.0000,  0.7616])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.tanh(input)


class SiLU(_Inplace):
    """`x sigmoid(x)` of each element, also called swish.

    Args:
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Elfwing, Uchibe and Doya, Sigmoid-Weighted Linear Units for Neural Network Function Approximation in
    Reinforcement Learning, 2017.

    >>> import mibun as torch
    >>> torch.nn.SiLU()(torch.tensor([-1., 0., 1.]))
    tensor([-0.2689,  0.0000,  0.7311])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.silu(input, inplace=self.inplace)


class Mish(_Inplace):
    """`x tanh(softplus(x))` of each element.

    Args:
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2019.

    >>> import mibun as torch
    >>> torch.nn.Mish()(torch.tensor([-1., 0., 1.]))
    tensor([-0.3034,  0.0000,  0.8651])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.mish(input, inplace=self.inplace)


class Hardswish(_Inplace):
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


class _Alpha(Module):
    __constants__ = ["alpha", "inplace"]
    alpha: float
    inplace: bool

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}{_flag(self.inplace)}"


class ELU(_Alpha):
    """`x` where it is positive, else `alpha (exp(x) - 1)`, for each element.

    Args:
        alpha: minus the limit for large negative `x`.
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Clevert, Unterthiner and Hochreiter, Fast and Accurate Deep Network Learning by Exponential Linear Units
    (ELUs), 2015.

    >>> import mibun as torch
    >>> torch.nn.ELU()(torch.tensor([-1., 0., 1.]))
    tensor([-0.6321,  0.0000,  1.0000])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.elu(input, self.alpha, self.inplace)


class CELU(_Alpha):
    """`max(0, x) + min(0, alpha (exp(x / alpha) - 1))` of each element: an `ELU` that is smooth for every alpha.

    Args:
        alpha: minus the limit for large negative `x`. RuntimeError from the call where it is 0.
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Barron, Continuously Differentiable Exponential Linear Units, 2017.

    >>> import mibun as torch
    >>> torch.nn.CELU(2.)(torch.tensor([-1., 0., 1.]))
    tensor([-0.7869,  0.0000,  1.0000])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.celu(input, self.alpha, self.inplace)


class SELU(_Inplace):
    """`scale (max(0, x) + min(0, alpha (exp(x) - 1)))` of each element.

    With scale = 1.0507... and alpha = 1.6733..., an input of mean 0 and variance 1 gives an output of mean 0 and
    variance 1, through many layers, if weights start with variance 1/fan_in.

    Args:
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Klambauer et al., Self-Normalizing Neural Networks, 2017.

    >>> import mibun as torch
    >>> torch.nn.SELU()(torch.tensor([-1., 0., 1.]))
    tensor([-1.1113,  0.0000,  1.0507])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.selu(input, self.inplace)


class GLU(Module):
    """`a sigmoid(b)`, where a and b are the two halves of the input along an axis: one half gates the other.

    Args:
        dim: the axis. RuntimeError from the call where its size is odd.

    Shape:
        input (*, 2 M, *), of a floating dtype; output (*, M, *).

    Source: Dauphin et al., Language Modeling with Gated Convolutional Networks, 2016.

    >>> import mibun as torch
    >>> torch.nn.GLU()(torch.tensor([[1., 2., 0., 0.]]))
    tensor([[0.5000, 1.0000]])
    """

    __constants__ = ["dim"]
    dim: int

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        """The gated half."""
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class GELU(Module):
    """`x Φ(x)` of each element, where Φ is the distribution function of the standard normal distribution.

    Args:
        approximate: "none" for Φ itself, or "tanh" for `x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Hendrycks and Gimpel, Gaussian Error Linear Units (GELUs), 2016.

    >>> import mibun as torch
    >>> torch.nn.GELU()(torch.tensor([-1., 0., 1.]))
    tensor([-0.1587,  0.0000,  0.8413])
    """

    __constants__ = ["approximate"]
    approximate: str

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


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
        return f"negative_slope={self.negative_slope}{_flag(self.inplace)}"


class LogSigmoid(Module):
    """`log(1 / (1 + exp(-x)))` of each element, without overflow or loss of digits.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.LogSigmoid()(torch.tensor([-1000., 0., 10.]))
    tensor([-1.0000e+03, -6.9315e-01, -4.5399e-05])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.logsigmoid(input)


class Softplus(Module):
    """`log(1 + exp(beta x)) / beta` of each element: a smooth `ReLU`.

    Args:
        beta: how close to a ReLU.
        threshold: where `beta x` is above this, the result is `x` itself, which it equals to within rounding.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Softplus()(torch.tensor([-1., 0., 30.]))
    tensor([ 0.3133,  0.6931, 30.0000])
    """

    __constants__ = ["beta", "threshold"]
    beta: float
    threshold: float

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


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


class Softsign(Module):
    """`x / (1 + |x|)` of each element, in (-1, 1).

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Softsign()(torch.tensor([-1., 0., 3.]))
    tensor([-0.5000,  0.0000,  0.7500])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.softsign(input)


class Tanhshrink(Module):
    """`x - tanh(x)` of each element.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Tanhshrink()(torch.tensor([-1., 0., 1.]))
    tensor([-0.2384,  0.0000,  0.2384])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The function of each element."""
        return F.tanhshrink(input)


class _AlongDim(Module):
    __constants__ = ["dim"]
    dim: int | None

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmin(_AlongDim):
    """`exp(-x) / Σ exp(-x)` along an axis: numbers in [0, 1] that add up to 1, the largest where `x` is the smallest.

    Args:
        dim: the axis; None guesses it from the number of axes, with a warning.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Softmin(dim=0)(torch.tensor([1., 1., 3.]))
    tensor([0.4683, 0.4683, 0.0634])
    """

    def forward(self, input: Tensor) -> Tensor:
        """Numbers in [0, 1] that add up to 1 along the axis."""
        return F.softmin(input, self.dim, _stacklevel=5)


class Softmax(_AlongDim):
    """`exp(x) / Σ exp(x)` along an axis: numbers in [0, 1] that add up to 1.

    For the loss of a classifier use `CrossEntropyLoss` on the scores themselves, or `LogSoftmax`, which do not
    underflow.

    Args:
        dim: the axis; None guesses it from the number of axes, with a warning.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Softmax(dim=0)(torch.tensor([1., 1.]))
    tensor([0.5000, 0.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        """Numbers in [0, 1] that add up to 1 along the axis."""
        return F.softmax(input, self.dim, _stacklevel=5)


class Softmax2d(Module):
    """`Softmax` over the channels, at each place of an image.

    Shape:
        input (N, C, H, W) or (C, H, W), of a floating dtype; output the same.

    Raises:
        ValueError: from the call, for an input of another number of axes.

    >>> import mibun as torch
    >>> torch.nn.Softmax2d()(torch.zeros(2, 1, 3))
    tensor([[[0.5000, 0.5000, 0.5000]],
    <BLANKLINE>
            [[0.5000, 0.5000, 0.5000]]])
    """

    def forward(self, input: Tensor) -> Tensor:
        """Numbers in [0, 1] that add up to 1 over the channels."""
        if input.dim() not in (3, 4):
            raise ValueError(f"Softmax2d: expected input to be 3D or 4D, got {input.dim()}D instead")
        return F.softmax(input, -3, _stacklevel=5)


class LogSoftmax(_AlongDim):
    """`x - log(Σ exp(x))` along an axis: the logarithm of `Softmax`, without underflow.

    Args:
        dim: the axis; None guesses it from the number of axes, with a warning.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.LogSoftmax(dim=0)(torch.tensor([0., 1000.]))
    tensor([-1000.,     0.])
    """

    def forward(self, input: Tensor) -> Tensor:
        """Numbers in (-inf, 0]."""
        return F.log_softmax(input, self.dim, _stacklevel=5)


__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GLU",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "LeakyReLU",
    "LogSigmoid",
    "LogSoftmax",
    "Mish",
    "PReLU",
    "RReLU",
    "ReLU",
    "ReLU6",
    "SELU",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softmax2d",
    "Softmin",
    "Softplus",
    "Softshrink",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "Threshold",
]
