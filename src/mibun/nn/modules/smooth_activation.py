"""Smooth activations: sigmoids, exponential and Gaussian units, and what they gate.

The formula of each is in the docstring; the functions themselves are in `mibun.nn.functional`.
"""

from __future__ import annotations

from ...core.tensor import Tensor
from .. import functional as F
from .module import Module
from .piecewise_linear import InplaceActivation, inplace_flag


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


class SiLU(InplaceActivation):
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


class Mish(InplaceActivation):
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


class _Alpha(Module):
    __constants__ = ["alpha", "inplace"]
    alpha: float
    inplace: bool

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}{inplace_flag(self.inplace)}"


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


class SELU(InplaceActivation):
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
