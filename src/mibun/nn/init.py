"""Starting values of parameters: functions that fill a Tensor in place, unrecorded, and return it.

`xavier_*` and `kaiming_*` choose the spread so that the variance of activations or gradients stays the same from layer
to layer. Layers call these when they are made; see each layer for which.
"""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.mode import no_grad
from ..core.registry import namespace_of
from ..core.site import stacklevel
from ..core.tensor import Tensor
from ..ops.creation.buffers import from_numpy
from ..ops.creation.like import empty_like
from ..ops.pointwise.where import where
from ..ops.random.generator import Generator
from ..ops.random.sampling import randperm


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor by which an activation shrinks the standard deviation, to be made up for by the weights.

    1 for linear, convolutions and sigmoid, 5/3 for tanh, √2 for relu, √(2 / (1 + slope²)) for leaky_relu, 3/4 for selu.

    Args:
        nonlinearity: one of those names; ValueError for others.
        param: the slope of leaky_relu, 0.01 unless given.

    >>> import mibun as torch
    >>> torch.nn.init.calculate_gain("relu")
    1.4142135623730951
    """
    if nonlinearity in (
        "linear",
        "conv1d",
        "conv2d",
        "conv3d",
        "conv_transpose1d",
        "conv_transpose2d",
        "conv_transpose3d",
        "sigmoid",
    ):
        return 1
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return math.sqrt(2.0)
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ValueError(f"negative_slope {param} not a valid number")
        return math.sqrt(2.0 / (1 + slope**2))
    if nonlinearity == "selu":
        return 3.0 / 4
    raise ValueError(f"Unsupported nonlinearity {nonlinearity}")


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill with numbers uniform in [a, b).

    Args:
        tensor: what is filled, in place, and returned; of any shape and a floating dtype.
        a, b: the ends of the interval; RuntimeError where the first is larger.
        generator: where random numbers come from; the default one unless given.

    >>> import mibun as torch
    >>> x = torch.nn.init.uniform_(torch.empty(100), 2., 3.)
    >>> bool(((x >= 2) & (x < 3)).all())
    True
    """
    with no_grad():
        return tensor.uniform_(a, b, generator=generator)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill with numbers of the normal distribution of a mean and a standard deviation.

    Args:
        tensor: what is filled, in place, and returned; of any shape and a floating dtype.
        mean, std: RuntimeError for a negative deviation.
        generator: where random numbers come from; the default one unless given.

    >>> import mibun as torch
    >>> torch.nn.init.normal_(torch.empty(2), 5., 0.)
    tensor([5., 5.])
    """
    with no_grad():
        return tensor.normal_(mean, std, generator=generator)


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator | None = None,
) -> Tensor:
    """Fill with numbers of the normal distribution, of which only those in [a, b] are kept.

    By rejection: what falls outside is drawn again, together with all others, so that the stream of random numbers is
    PyTorch's. Where less than three tenths would be kept, numbers uniform in [a, b] are drawn instead, and kept with a
    probability that is proportional to the density there: that is exact too, however far in the tail [a, b] lies.

    Args:
        tensor: what is filled, in place, and returned; of any shape and a floating dtype.
        mean, std: of the distribution before it is cut; a warning where the mean is far outside [a, b].
            ZeroDivisionError where std is 0.
        a, b: RuntimeError where the first is larger.
        generator: where random numbers come from; the default one unless given.

    Source: Robert, Simulation of truncated normal variables, 1995.

    >>> import mibun as torch
    >>> x = torch.nn.init.trunc_normal_(torch.empty(100), a=-1., b=1.)
    >>> bool((x.abs() <= 1).all())
    True
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
            "The distribution of values may be incorrect.",
            stacklevel=stacklevel(),
        )

    def below(x: float) -> float:
        return (1.0 + math.erf((x - mean) / std / math.sqrt(2.0))) / 2.0

    with no_grad():
        if below(b) - below(a) > 0.3:
            # The limits as the dtype has them: numbers that were rounded onto one are inside.
            low, high = tensor.new_tensor(a).item(), tensor.new_tensor(b).item()

            def draw(x: Tensor) -> Tensor:
                return x.normal_(mean, std, generator=generator)

            def rejected(x: Tensor) -> Tensor:
                return (x < low) | (x > high)
        else:
            highest = -0.5 * ((max(a, min(mean, b)) - mean) / std) ** 2  # the log of the density, up to a constant

            def draw(x: Tensor) -> Tensor:
                return x.uniform_(a, b, generator=generator)

            def rejected(x: Tensor) -> Tensor:
                log_density = x.sub(mean).div_(std).pow_(2).mul_(-0.5).sub_(highest)
                return empty_like(x).uniform_(generator=generator).log_() > log_density

        result = draw(tensor)
        pending = rejected(result)
        while pending.any():
            again = draw(empty_like(tensor))
            result = where(pending, again, result)
            pending = pending & rejected(again)
        return tensor if result is tensor else tensor.copy_(result)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with a value, and return the Tensor.

    >>> import mibun as torch
    >>> torch.nn.init.constant_(torch.empty(2), 0.5)
    tensor([0.5000, 0.5000])
    """
    with no_grad():
        return tensor.fill_(val)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with 1, and return the Tensor.

    >>> import mibun as torch
    >>> torch.nn.init.ones_(torch.empty(2))
    tensor([1., 1.])
    """
    return constant_(tensor, 1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with 0, and return the Tensor.

    >>> import mibun as torch
    >>> torch.nn.init.zeros_(torch.empty(2))
    tensor([0., 0.])
    """
    with no_grad():
        return tensor.zero_()


def eye_(tensor: Tensor) -> Tensor:
    """Make a matrix the identity, so that a linear layer keeps its input. ValueError unless there are two axes.

    >>> import mibun as torch
    >>> torch.nn.init.eye_(torch.empty(2, 3))
    tensor([[1., 0., 0.],
            [0., 1., 0.]])
    """
    if tensor.ndimension() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    with no_grad():
        tensor.zero_().diagonal().fill_(1)
    return tensor


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Make the weight of a convolution the identity on as many channels as it can.

    Args:
        tensor: (out, in, *kernel_size) of one to three axes of space.
        groups: of the convolution; each of them gets the identity.

    Raises:
        ValueError: for other axes, or where `groups` does not divide the first.

    >>> import mibun as torch
    >>> weight = torch.nn.init.dirac_(torch.empty(1, 1, 3))
    >>> torch.nn.functional.conv1d(torch.tensor([[[1., 2., 3.]]]), weight, padding=1)
    tensor([[[1., 2., 3.]]])
    """
    if tensor.ndimension() not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    if tensor.size(0) % groups != 0:
        raise ValueError("dim 0 must be divisible by groups")
    per_group = tensor.size(0) // groups
    centre = tuple(size // 2 for size in tensor.shape[2:])
    with no_grad():
        tensor.zero_()
        for group in range(groups):
            for channel in range(min(per_group, tensor.size(1))):
                tensor[(group * per_group + channel, channel, *centre)] = 1  # type: ignore[index]
    return tensor


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    """How many inputs each output depends on, and how many outputs each input has a part in."""
    if tensor.dim() < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    receptive_field = math.prod(tensor.shape[2:])
    return tensor.size(1) * receptive_field, tensor.size(0) * receptive_field


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    mode = mode.lower()
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']")
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    return fan_in if mode == "fan_in" else fan_out


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill with numbers uniform in ±gain √(6 / (fan_in + fan_out)).

    With k the product of the sizes after the second, fan_in is `in k` and fan_out `out k`: how many inputs each output
    depends on, and how many outputs each input has a part in.

    Args:
        tensor: (out, in, *) of two or more axes, filled in place and returned. ValueError for fewer.
        gain: a factor; see `calculate_gain`.
        generator: where random numbers come from; the default one unless given.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010.

    >>> import mibun as torch
    >>> x = torch.nn.init.xavier_uniform_(torch.empty(2, 4))
    >>> bool((x.abs() <= 1).all())
    True
    """
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    bound = math.sqrt(3.0) * _xavier_std(gain, fan_in, fan_out)
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill with normal numbers of mean 0 and standard deviation gain √(2 / (fan_in + fan_out)).

    With k the product of the sizes after the second, fan_in is `in k` and fan_out `out k`: how many inputs each output
    depends on, and how many outputs each input has a part in.

    Args:
        tensor: (out, in, *) of two or more axes, filled in place and returned. ValueError for fewer.
        gain: a factor; see `calculate_gain`.
        generator: where random numbers come from; the default one unless given.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010.

    >>> import mibun as torch
    >>> torch.nn.init.xavier_normal_(torch.empty(2, 4)).shape
    torch.Size([2, 4])
    """
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    return normal_(tensor, 0.0, _xavier_std(gain, fan_in, fan_out), generator)


def _xavier_std(gain: float, fan_in: int, fan_out: int) -> float:
    return gain * math.sqrt(2.0 / float(fan_in + fan_out))


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Fill with numbers uniform in ±gain √(3 / fan), with a fan as of `xavier_uniform_`.

    Args:
        tensor: (out, in, *) of two or more axes, filled in place and returned. ValueError for fewer.
        a: the slope of leaky_relu for negative numbers.
        mode: "fan_in" keeps the variance of activations from layer to layer, "fan_out" that of gradients.
        nonlinearity: what `calculate_gain` is asked for.
        generator: where random numbers come from; the default one unless given.

    Source: He et al., Delving Deep into Rectifiers, 2015.

    >>> import mibun as torch
    >>> x = torch.nn.init.kaiming_uniform_(torch.empty(2, 6), nonlinearity="relu")
    >>> bool((x.abs() <= 1).all())
    True
    """
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=stacklevel())
        return tensor
    fan = _calculate_correct_fan(tensor, mode)
    bound = math.sqrt(3.0) * (calculate_gain(nonlinearity, a) / math.sqrt(fan))
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Fill with normal numbers of mean 0 and standard deviation gain / √fan, with a fan as of `xavier_uniform_`.

    Args:
        tensor: (out, in, *) of two or more axes, filled in place and returned. ValueError for fewer.
        a: the slope of leaky_relu for negative numbers.
        mode: "fan_in" keeps the variance of activations from layer to layer, "fan_out" that of gradients.
        nonlinearity: what `calculate_gain` is asked for.
        generator: where random numbers come from; the default one unless given.

    Source: He et al., Delving Deep into Rectifiers, 2015.

    >>> import mibun as torch
    >>> torch.nn.init.kaiming_normal_(torch.empty(2, 6), mode="fan_out").shape
    torch.Size([2, 6])
    """
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=stacklevel())
        return tensor
    fan = _calculate_correct_fan(tensor, mode)
    return normal_(tensor, 0.0, calculate_gain(nonlinearity, a) / math.sqrt(fan), generator)


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Generator | None = None) -> Tensor:
    """Fill with a matrix of orthonormal rows or columns, whichever are fewer, times gain.

    Args:
        tensor: of two or more axes, those after the first counting as one; filled in place and returned. ValueError for
            fewer.
        gain: a factor; see `calculate_gain`.
        generator: where random numbers come from; the default one unless given.

    Source: Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks, 2013.

    >>> import mibun as torch
    >>> x = torch.nn.init.orthogonal_(torch.empty(2, 3))
    >>> torch.allclose(x @ x.T, torch.eye(2), atol=1e-6)
    True
    """
    if tensor.ndimension() < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if tensor.numel() == 0:
        return tensor
    rows = tensor.size(0)
    columns = tensor.numel() // rows
    with no_grad():
        sample = tensor.new_empty((rows, columns)).normal_(0, 1, generator=generator)
        matrix = np.asarray(namespace_of(sample._array_).to_numpy(sample._array_))
        if matrix.dtype.kind == "c":
            raise NotImplementedError("orthogonal_ is not for complex numbers, whose signs are angles")
        if matrix.dtype.itemsize < 4:
            matrix = matrix.astype(np.float32)
        q, r = np.linalg.qr(matrix.T if rows < columns else matrix)
        # Makes the factorisation unique, and with it the distribution uniform over all such matrices.
        q = q * np.sign(np.diagonal(r))
        q = q.T if rows < columns else q
        tensor.copy_(from_numpy(np.ascontiguousarray(q)).view(tensor.shape)).mul_(gain)
    return tensor


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Generator | None = None) -> Tensor:
    """Fill a matrix with normal numbers, and set a part of each column, drawn anew, to 0.

    Args:
        tensor: a matrix, filled in place and returned. ValueError for others.
        sparsity: how much of each column, rounded up.
        std: the standard deviation of the others.
        generator: where random numbers come from; the default one unless given.

    Source: Martens, Deep learning via Hessian-free optimization, 2010.

    >>> import mibun as torch
    >>> (torch.nn.init.sparse_(torch.empty(4, 3), sparsity=0.5) == 0).sum(0)
    tensor([2, 2, 2])
    """
    if tensor.ndimension() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = tensor.shape
    zeros = min(max(math.ceil(sparsity * rows), 0), rows)
    with no_grad():
        tensor.normal_(0, std, generator=generator)
        for column in range(columns):
            chosen = randperm(rows, generator=generator)[:zeros]
            tensor[chosen, column] = 0  # type: ignore[index]
    return tensor


def _deprecated(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    name = function.__name__[:-1]

    @functools.wraps(function)
    def old(*args: Any, **kwargs: Any) -> Any:
        warnings.warn(
            f"`nn.init.{name}` is now deprecated in favor of `nn.init.{name}_`.", FutureWarning, stacklevel=stacklevel()
        )
        return function(*args, **kwargs)

    old.__doc__ = f"The old name of `{name}_`."
    old.__name__ = old.__qualname__ = name  # under which pickle finds it
    return old


uniform = _deprecated(uniform_)
normal = _deprecated(normal_)
constant = _deprecated(constant_)
eye = _deprecated(eye_)
dirac = _deprecated(dirac_)
xavier_uniform = _deprecated(xavier_uniform_)
xavier_normal = _deprecated(xavier_normal_)
kaiming_uniform = _deprecated(kaiming_uniform_)
kaiming_normal = _deprecated(kaiming_normal_)
orthogonal = _deprecated(orthogonal_)
sparse = _deprecated(sparse_)

# Under these names libraries import what does the filling, since in PyTorch it is here that nothing is recorded.
_no_grad_uniform_ = uniform_
_no_grad_normal_ = normal_
_no_grad_trunc_normal_ = trunc_normal_
_no_grad_fill_ = constant_
_no_grad_zero_ = zeros_

__all__ = [
    "calculate_gain",
    "constant",
    "constant_",
    "dirac",
    "dirac_",
    "eye",
    "eye_",
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "normal",
    "normal_",
    "ones_",
    "orthogonal",
    "orthogonal_",
    "sparse",
    "sparse_",
    "trunc_normal_",
    "uniform",
    "uniform_",
    "xavier_normal",
    "xavier_normal_",
    "xavier_uniform",
    "xavier_uniform_",
    "zeros_",
]

_explain_missing_names(__name__)
