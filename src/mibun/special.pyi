"""Special functions, as `torch.special` names them. An index: the operators are in `ops/`, by family.

This file is written by `python -m tools.stubs`: change what it reads, not this.
"""

# pyright: reportMissingModuleSource=false
from builtins import bool as _bool, complex as _complex, float as _float, int as _int, range as _range, type as _type
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import EllipsisType
from typing import Any, Literal, Self, SupportsIndex, TypeAlias, overload

import numpy as np

from mibun import Generator, Tensor, return_types
from mibun import dtype as _dtype, device as _device, layout as _layout, memory_format as _memory_format
from mibun.core.tensor_methods import Number, Device, Ints, Index

__all__ = [
    "airy_ai",
    "bessel_j0",
    "bessel_j1",
    "bessel_y0",
    "bessel_y1",
    "chebyshev_polynomial_t",
    "chebyshev_polynomial_u",
    "chebyshev_polynomial_v",
    "chebyshev_polynomial_w",
    "digamma",
    "entr",
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "exp2",
    "expit",
    "expm1",
    "gammainc",
    "gammaincc",
    "gammaln",
    "hermite_polynomial_h",
    "hermite_polynomial_he",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "laguerre_polynomial_l",
    "legendre_polynomial_p",
    "log1p",
    "log_ndtr",
    "log_softmax",
    "logit",
    "logsumexp",
    "modified_bessel_i0",
    "modified_bessel_i1",
    "modified_bessel_k0",
    "modified_bessel_k1",
    "multigammaln",
    "ndtr",
    "ndtri",
    "polygamma",
    "psi",
    "round",
    "scaled_modified_bessel_k0",
    "scaled_modified_bessel_k1",
    "shifted_chebyshev_polynomial_t",
    "shifted_chebyshev_polynomial_u",
    "shifted_chebyshev_polynomial_v",
    "shifted_chebyshev_polynomial_w",
    "sinc",
    "softmax",
    "spherical_bessel_j0",
    "xlog1py",
    "xlogy",
    "zeta",
]

def airy_ai(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Airy function Ai, elementwise. Not differentiable.

    Operator special_airy_ai:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind of order 0, elementwise. Not differentiable.

    Operator special_bessel_j0:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def bessel_j1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind of order 1, elementwise. Not differentiable.

    Operator special_bessel_j1:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def bessel_y0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind of order 0, elementwise. Not differentiable.

    Operator special_bessel_y0:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def bessel_y1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind of order 1, elementwise. Not differentiable.

    Operator special_bessel_y1:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def chebyshev_polynomial_t(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the first kind of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_chebyshev_polynomial_t:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def chebyshev_polynomial_u(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the second kind of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_chebyshev_polynomial_u:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def chebyshev_polynomial_v(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the third kind of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_chebyshev_polynomial_v:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def chebyshev_polynomial_w(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the fourth kind of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_chebyshev_polynomial_w:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative Γ'/Γ of `lgamma`, elementwise; -inf at 0, NaN at the negative integers.

    Args:
        input: of any shape and real dtype. Integers and bools give the default dtype.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.digamma(torch.tensor([1., 2.]))
    tensor([-0.5772,  0.4228])

    Operator digamma:
        vjp: lambda xp, g, input: g * xp.polygamma_of(input, n=1)
        node: DigammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def entr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """-input * log(input), elementwise: 0 at 0 and -inf below. The entropy of a distribution is its sum.

    >>> import mibun as torch
    >>> torch.special.entr(torch.tensor([0., 0.5, 1.]))
    tensor([0.0000, 0.3466, -0.0000])

    Operator special_entr:
        vjp: lambda xp, g, input: g * (-xp.log(input) - 1)
        node: SpecialEntrBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The error function, elementwise: 2/sqrt(π) times the integral of exp(-t²) from 0 to input.

    Args:
        input: of any shape and real dtype. Integers and bools give the default dtype.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.erf(torch.tensor([0., 1.]))
    tensor([0.0000, 0.8427])

    Operator erf:
        vjp: lambda xp, g, input: g * (2 / math.sqrt(math.pi)) * bell(xp, input, 1.0)
        node: ErfBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 - erf(input), elementwise, without loss of digits where that is small.

    >>> import mibun as torch
    >>> torch.erfc(torch.tensor([0., 10.], dtype=torch.float64))
    tensor([1.0000e+00, 2.0885e-45], dtype=torch.float64)

    Operator erfc:
        vjp: lambda xp, g, input: g * (-2 / math.sqrt(math.pi)) * bell(xp, input, 1.0)
        node: ErfcBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def erfcx(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(input²) * erfc(input), elementwise: erfc without its decay.

    >>> import mibun as torch
    >>> torch.special.erfcx(torch.tensor([0., 100.]))
    tensor([1.0000, 0.0056])

    Operator special_erfcx:
        vjp: lambda xp, g, input: g * xp.erfcx_derivative(input, n=1)
        node: SpecialErfcxBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `erf`, elementwise: infinite at ±1, NaN beyond.

    >>> import mibun as torch
    >>> torch.erfinv(torch.tensor([0., 0.5, 1.]))
    tensor([0.0000, 0.4769,    inf])

    Operator erfinv:
        vjp: _erfinv_rule
            def _erfinv_rule(xp, g, input):
                root = xp.erfinv(input)
                return g * (math.sqrt(math.pi) / 2) * xp.exp(root * root)
        node: ErfinvBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """2 ** input, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.exp2(torch.tensor([3, -1]))
    tensor([8.0000, 0.5000])

    Operator exp2:
        vjp: lambda xp, g, out: g * xp.conj(out * LN2)
        node: Exp2Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def expit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logistic function 1 / (1 + exp(-input)), elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    Its derivative, written with the result y, is y * (1 - y).

    >>> import mibun as torch
    >>> torch.sigmoid(torch.tensor([0., 100.]))
    tensor([0.5000, 1.0000])

    Operator sigmoid:
        vjp: lambda xp, g, out: g * xp.conj((1 - out) * out)
        node: SigmoidBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(input) - 1, elementwise, exact near 0.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.expm1(torch.tensor([1e-10], dtype=torch.float64))
    tensor([1.0000e-10], dtype=torch.float64)

    Operator expm1:
        vjp: lambda xp, g, out: g * xp.conj(out + 1)
        node: Expm1Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def gammainc(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The regularised lower incomplete gamma function P(input, other), elementwise; NaN below 0.

    Differentiable with respect to both, where PyTorch has no derivative for `input`.

    >>> import mibun as torch
    >>> torch.igamma(torch.tensor([1.]), torch.tensor([2.]))
    tensor([0.8647])

    Operator igamma:
        vjp of input: lambda xp, g, input, other: g * xp.igamma_order_derivative(input, other, n=1)
        vjp of other: _peak
            def _peak(xp, g, input, other):
                \"""The derivative of P(a, x) by x: x ** (a - 1) exp(-x) / gamma(a).\"""
                return g * xp.exp((input - 1) * xp.log(other) - other - xp.lgamma(input))
        node: IgammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
        shapes: broadcast; RuntimeError where they do not
    """

def gammaincc(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The regularised upper incomplete gamma function 1 - P(input, other), elementwise; see `igamma`.

    >>> import mibun as torch
    >>> torch.igammac(torch.tensor([1.]), torch.tensor([2.]))
    tensor([0.1353])

    Operator igammac:
        vjp of input: lambda xp, g, input, other: -g * xp.igamma_order_derivative(input, other, n=1)
        vjp of other: lambda xp, g, input, other: -_peak(xp, g, input, other)
        node: IgammacBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
        shapes: broadcast; RuntimeError where they do not
    """

def gammaln(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log |Γ(input)|, elementwise; infinite at 0 and the negative integers.

    Args:
        input: of any shape and real dtype. Integers and bools give the default dtype.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.lgamma(torch.tensor([3., 0.5]))
    tensor([0.6931, 0.5724])

    Operator lgamma:
        vjp: lambda xp, g, input: g * xp.digamma(input)
        node: LgammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def hermite_polynomial_h(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The physicist's Hermite polynomial of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_hermite_polynomial_h:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def hermite_polynomial_he(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The probabilist's Hermite polynomial of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_hermite_polynomial_he:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 0, elementwise.

    >>> import mibun as torch
    >>> torch.i0(torch.tensor([0., 1.]))
    tensor([1.0000, 1.2661])

    Operator i0:
        vjp: lambda xp, g, input: g * xp.bessel_i1(input)
        node: I0Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def i0e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(-|input|) * i0(input), elementwise.

    Operator special_i0e:
        vjp: lambda xp, g, input: g * xp.i0e_slope(input)
        node: SpecialI0EBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 1, elementwise.

    Operator bessel_i1:
        vjp: lambda xp, g, input: g * xp.bessel_i0_derivative(input, n=2)
        node: SpecialI1Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def i1e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(-|input|) * i1(input), elementwise.

    Operator special_i1e:
        vjp: lambda xp, g, input: g * xp.i1e_slope(input)
        node: SpecialI1EBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def laguerre_polynomial_l(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Laguerre polynomial of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_laguerre_polynomial_l:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def legendre_polynomial_p(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Legendre polynomial of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_legendre_polynomial_p:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log(1 + input), elementwise, exact near 0.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.log1p(torch.tensor([0., -1.]))
    tensor([0., -inf])

    Operator log1p:
        vjp: lambda xp, g, input: g / xp.conj(input + 1)
        node: Log1PBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def log_ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of `ndtr`, elementwise, also where that underflows.

    >>> import mibun as torch
    >>> torch.special.log_ndtr(torch.tensor([-40.]))
    tensor([-804.6085])

    Operator special_log_ndtr:
        vjp: lambda xp, g, input: g * xp.log_ndtr_slope(input)
        node: SpecialLogNdtrBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

@overload
def log_softmax(input: Tensor, dim: _int, *, dtype: _dtype | None = None) -> Tensor:
    """The logarithm of `softmax`, without underflow.

    Operator log_softmax_over:
        vjp: lambda xp, g, out, dim: g - xp.exp(out) * xp.sum(g, axis=_axis(out, dim), keepdims=True)
        node: LogSoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def log_softmax(input: Tensor, *, axis: _int, dtype: _dtype | None = None) -> Tensor:
    """The logarithm of `softmax`, without underflow.

    Operator log_softmax_over:
        vjp: lambda xp, g, out, dim: g - xp.exp(out) * xp.sum(g, axis=_axis(out, dim), keepdims=True)
        node: LogSoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def logit(input: Tensor, eps: _float | None = None, *, out: Tensor | None = None) -> Tensor:
    """log(input / (1 - input)), elementwise: the inverse of `sigmoid`.

    With `eps` the input is clamped to [eps, 1 - eps] first; without, values outside of [0, 1] give NaN.

    >>> import mibun as torch
    >>> torch.logit(torch.tensor([0.5, 0.9]))
    tensor([0.0000, 2.1972])

    Operator logit:
        vjp: _logit_rule
            def _logit_rule(xp, g, input, eps):
                inside = g * (1 / input + 1 / (1 - input))  # two terms, as the square of x (1 - x) underflows
                if eps is None:
                    return xp.where((input < 0) | (input > 1), math.nan, inside)
                return xp.where((input >= eps) & (input <= 1 - eps), inside, 0.0)
        node: LogitBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

@overload
def logsumexp(
    input: Tensor, dim: _int | Sequence[_int], keepdim: _bool = False, *, out: Tensor | None = None,
) -> Tensor:
    """log(sum(exp(input))) over dimensions, without overflow: the largest element is taken out of the exponent.

    Args:
        input: of any dtype; bools and integers give the default dtype.
        dim: one dimension or several.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        the logarithms; -inf for those of nothing. The gradient is that of the result times softmax(input).

    Raises:
        TypeError: without dimensions.

    >>> import mibun as torch
    >>> torch.logsumexp(torch.tensor([1000., 1000.]), 0)
    tensor(1000.6932)

    Operator logsumexp:
        vjp: lambda xp, g, input, out, dims: (
            spread(xp, g, input.shape, dims) * xp.conj(xp.exp(input - spread(xp, out, input.shape, dims)))
        )
        jvp: lambda xp, t, input, out, dims, keepdim: xp.sum(
            t * xp.exp(input - spread(xp, out, input.shape, dims)), axis=dims, keepdims=keepdim
        )
        node: LogsumexpBackward0
        dtypes: the operands' common one, the default one for integers and bools
    """
@overload
def logsumexp(
    input: Tensor, *, axis: _int | Sequence[_int], keepdims: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """log(sum(exp(input))) over dimensions, without overflow: the largest element is taken out of the exponent.

    Args:
        input: of any dtype; bools and integers give the default dtype.
        dim: one dimension or several.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        the logarithms; -inf for those of nothing. The gradient is that of the result times softmax(input).

    Raises:
        TypeError: without dimensions.

    >>> import mibun as torch
    >>> torch.logsumexp(torch.tensor([1000., 1000.]), 0)
    tensor(1000.6932)

    Operator logsumexp:
        vjp: lambda xp, g, input, out, dims: (
            spread(xp, g, input.shape, dims) * xp.conj(xp.exp(input - spread(xp, out, input.shape, dims)))
        )
        jvp: lambda xp, t, input, out, dims, keepdim: xp.sum(
            t * xp.exp(input - spread(xp, out, input.shape, dims)), axis=dims, keepdims=keepdim
        )
        node: LogsumexpBackward0
        dtypes: the operands' common one, the default one for integers and bools
    """

def modified_bessel_i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 0, elementwise. Not differentiable: `i0` is.

    Operator special_modified_bessel_i0:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def modified_bessel_i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 1, elementwise. Not differentiable: `i1` is.

    Operator special_modified_bessel_i1:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind of order 0, elementwise. Not differentiable.

    Operator special_modified_bessel_k0:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind of order 1, elementwise. Not differentiable.

    Operator special_modified_bessel_k1:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def multigammaln(input: Tensor, p: _int, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the multivariate gamma function of dimension p, elementwise.

    It is p (p - 1) / 4 log(pi) plus the sum of lgamma(input - j / 2) over j from 0 to p - 1. RuntimeError for p < 1.

    >>> import mibun as torch
    >>> torch.mvlgamma(torch.tensor([3.]), 2)
    tensor([1.5502])

    Operator mvlgamma_of:
        vjp: _mvlgamma_rule
            def _mvlgamma_rule(xp, g, input, p):
                total = xp.digamma(input)
                for j in range(1, p):
                    total = total + xp.digamma(input - j / 2)
                return g * total
        node: MvlgammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The distribution function of the normal distribution, elementwise: (1 + erf(input / sqrt(2))) / 2.

    >>> import mibun as torch
    >>> torch.special.ndtr(torch.tensor([0., 1.96]))
    tensor([0.5000, 0.9750])

    Operator special_ndtr:
        vjp: _density
            def _density(xp, g, input):
                return g * bell(xp, input, 0.5) / _ROOT_TWO_PI
        node: MulBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def ndtri(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `ndtr`, elementwise: the quantiles of the normal distribution; NaN outside of [0, 1].

    >>> import mibun as torch
    >>> torch.special.ndtri(torch.tensor([0.5, 0.975]))
    tensor([0.0000, 1.9600])

    Operator special_ndtri:
        vjp: lambda xp, g, out: g * _ROOT_TWO_PI * xp.exp(0.5 * (out * out))
        node: SpecialNdtriBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def polygamma(n: _int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The n-th derivative of `digamma`, elementwise. RuntimeError for negative n.

    >>> import mibun as torch
    >>> torch.polygamma(1, torch.tensor([1.0, 2.0]))
    tensor([1.6449, 0.6449])

    Operator polygamma_of:
        vjp: lambda xp, g, input, n: g * xp.polygamma_of(input, n=n + 1)
        node: PolygammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def psi(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative Γ'/Γ of `lgamma`, elementwise; -inf at 0, NaN at the negative integers.

    Args:
        input: of any shape and real dtype. Integers and bools give the default dtype.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.digamma(torch.tensor([1., 2.]))
    tensor([-0.5772,  0.4228])

    Operator digamma:
        vjp: lambda xp, g, input: g * xp.polygamma_of(input, n=1)
        node: DigammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def round(input: Tensor, *, decimals: _int = 0, out: Tensor | None = None) -> Tensor:
    """The nearest integer, the even one of two, elementwise; or the nearest multiple of 10 ** -decimals.

    Args:
        decimals: how many digits after the point to keep; negative to round before it.
        out: where to write the result; resized if it does not fit.

    Returns:
        a Tensor of the same dtype.

    Raises:
        NotImplementedError: for complex dtypes and bool, and for integers with `decimals`.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.round(torch.tensor([0.5, 1.5, 2.6]))
    tensor([0., 2., 3.])
    >>> torch.round(torch.tensor([3.14159]), decimals=2)
    tensor([3.1400])

    Operator round_whole:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: RoundBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def scaled_modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(input) * modified_bessel_k0(input), elementwise. Not differentiable.

    Operator special_scaled_modified_bessel_k0:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def scaled_modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(input) * modified_bessel_k1(input), elementwise. Not differentiable.

    Operator special_scaled_modified_bessel_k1:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def shifted_chebyshev_polynomial_t(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the first kind in 2 * input - 1, of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_shifted_chebyshev_polynomial_t:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def shifted_chebyshev_polynomial_u(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the second kind in 2 * input - 1, of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_shifted_chebyshev_polynomial_u:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def shifted_chebyshev_polynomial_v(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the third kind in 2 * input - 1, of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_shifted_chebyshev_polynomial_v:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def shifted_chebyshev_polynomial_w(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the fourth kind in 2 * input - 1, of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.

    Operator special_shifted_chebyshev_polynomial_w:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """sin(πx) / (πx), elementwise, and 1 at 0.

    >>> import mibun as torch
    >>> torch.sinc(torch.tensor([0., 0.5]))
    tensor([1.0000, 0.6366])

    Operator sinc:
        vjp: lambda xp, g, input: g * xp.conj(xp.sinc_derivative(input, n=1))
        node: SincBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

@overload
def softmax(input: Tensor, dim: _int, *, dtype: _dtype | None = None) -> Tensor:
    """exp(input) divided by its sum along a dimension; computed in `dtype`, if that is given.

    Operator softmax_over:
        vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True))
        node: SoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def softmax(input: Tensor, *, axis: _int, dtype: _dtype | None = None) -> Tensor:
    """exp(input) divided by its sum along a dimension; computed in `dtype`, if that is given.

    Operator softmax_over:
        vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True))
        node: SoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def spherical_bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """sin(input) / input, elementwise. Not differentiable.

    Operator special_spherical_bessel_j0:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def xlog1py(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input * log1p(other), elementwise, and 0 where input is 0 (unless other is NaN); either may be a number.

    >>> import mibun as torch
    >>> torch.special.xlog1py(torch.tensor([0., 2.]), torch.tensor([-1., 0.]))
    tensor([0., 0.])

    Operator special_xlog1py:
        vjp of input: _log1p_factor
            def _log1p_factor(xp, g, input, other):
                # Where input is 0 the function is 0 however large |log1p(other)| is.
                return xp.where((input == 0) & (other <= -1), 0.0, g * xp.log1p(other))
        vjp of other: lambda xp, g, input, other: g * input / (other + 1)
        node: SpecialXlog1PyBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator special_xlog1py_factor:
        vjp: lambda xp, g, other, input: g * input / (other + 1)
        node: SpecialXlog1PyBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex

    Operator special_xlog1py_number:
        vjp: lambda xp, g, input, other: _log1p_factor(xp, g, input, xp.full_like(input, other))
        node: SpecialXlog1PyBackward2
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def xlogy(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input * log(other), elementwise, and 0 where input is 0 (unless other is NaN); either may be a number.

    >>> import mibun as torch
    >>> torch.xlogy(torch.tensor([0., 2.]), torch.tensor([0., 1.]))
    tensor([0., 0.])

    Operator xlogy_tensor:
        vjp of input: lambda xp, g, input, other: _log_factor(xp, g, input, other)
        vjp of other: lambda xp, g, input, other: g * input / other
        node: XlogyBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator xlogy_factor:
        vjp: lambda xp, g, other, factor: g * factor / other
        node: XlogyBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex

    Operator xlogy_number:
        vjp: lambda xp, g, input, other: _log_factor(xp, g, input, xp.full_like(input, other))
        node: XlogyBackward2
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def zeta(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Hurwitz's zeta function, the sum of (other + k) ** -input over k from 0, elementwise; either may be a number.

    Differentiable with respect to both, where PyTorch has no derivative for `input`.

    >>> import mibun as torch
    >>> torch.special.zeta(torch.tensor([2.]), 1)
    tensor([1.6449])

    Operator special_zeta:
        vjp of input: lambda xp, g, input, other: g * xp.zeta_order_derivative(input, other, n=1)
        vjp of other: lambda xp, g, input, other: -g * input * xp.special_zeta(input + 1, other)
        node: SpecialZetaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator special_zeta_order:
        vjp: lambda xp, g, other, input: -g * input * xp.special_zeta_order(other, input=input + 1)
        node: SpecialZetaBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex

    Operator special_zeta_number:
        vjp: lambda xp, g, input, other: g * xp.zeta_order_derivative(input, xp.full_like(input, other), n=1)
        node: SpecialZetaBackward2
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """
