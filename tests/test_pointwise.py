"""Elementwise operators: the edges, the overloads and the errors that the matrix of `test_ops.py` does not reach."""

from __future__ import annotations

import math

import numpy as np
import pytest

import mibun as torch
from mibun.xp.special import functions as special_functions

inf, nan = math.inf, math.nan


def leaf(*values: float | complex, dtype=torch.float64) -> torch.Tensor:
    return torch.tensor(list(values), dtype=dtype).requires_grad_()


def gradient(output: torch.Tensor, *inputs: torch.Tensor) -> list:
    grads = torch.autograd.grad(output, inputs, torch.ones_like(output), allow_unused=True)
    grads = [None if g is None else g.tolist() for g in grads]
    return grads[0] if len(grads) == 1 else grads


def name(tensor: torch.Tensor) -> str:
    return type(tensor.grad_fn).__name__


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda x: x + 1, "AddBackward0"), (lambda x: torch.add(x, x, alpha=2), "AddBackward0"),
        (lambda x: 1 - x, "RsubBackward1"), (lambda x: torch.rsub(x, x), "RsubBackward0"),
        (lambda x: 2 / x, "MulBackward0"), (lambda x: x / 2, "DivBackward0"),
        (lambda x: torch.div(x, 2, rounding_mode="floor"), "DivBackward2"),
        (lambda x: x % 2, "RemainderBackward0"), (lambda x: x % x, "RemainderBackward1"),
        (lambda x: x**2, "PowBackward0"), (lambda x: x**x, "PowBackward1"), (lambda x: 2**x, "PowBackward2"),
        (lambda x: torch.square(x), "PowBackward0"), (lambda x: torch.log1p(x), "Log1PBackward0"),
        (lambda x: x.clamp(0), "ClampBackward1"), (lambda x: x.clamp(x), "ClampBackward0"),
        (lambda x: x.clamp_min(0), "ClampMinBackward0"), (lambda x: x.clamp_max(x), "ClampMaxBackward1"),
        (lambda x: torch.lerp(x, x, 0.5), "LerpBackward0"), (lambda x: torch.lerp(x, x, x), "LerpBackward1"),
        (lambda x: x.masked_fill(x > 0, 1.0), "MaskedFillBackward0"),
        (lambda x: x.masked_fill(x > 0, x[0]), "MaskedFillBackward1"),
        (lambda x: torch.round(x, decimals=1), "RoundBackward1"), (lambda x: x.float(), "ToCopyBackward0"),
        (lambda x: x.clone().zero_(), "ZeroBackward0"), (lambda x: x.clone().fill_(1), "FillBackward2"),
        (lambda x: x.clone().fill_(x[0]), "FillBackward3"), (lambda x: x.clone().copy_(x), "CopyBackwards"),
        (lambda x: x.clone().eq_(x), "EqBackward1"), (lambda x: torch.xlogy(x, 2.0), "XlogyBackward2"),
        (lambda x: torch.complex(x, x).real, "SelectBackward0"),
    ],
)  # fmt: skip
def test_node_names(make, expected: str) -> None:
    assert name(make(leaf(0.5, 1.5))) == expected


def test_power_edges() -> None:
    x, q = leaf(0.0, 0.0, -2.0, 0.0), leaf(0.0, 2.0, 2.0, -1.0)
    for_x, for_q = gradient(x**q, x, q)
    assert for_x == [0, 0, -4, -inf]
    assert for_q[:2] == [0, 0] and math.isnan(for_q[2]) and for_q[3] == -inf
    assert gradient(x**0, x) == [0, 0, 0, 0]
    assert gradient(0**q, q) == [0, 0, 0, -inf]
    integers = torch.tensor([2, -1, 1, -3])
    assert (integers ** torch.tensor([-1, -3, -2, 3])).tolist() == [0, -1, 1, -27]
    with pytest.raises(RuntimeError, match="Integers to negative integer powers are not allowed"):
        integers**-1
    assert (integers**0.5).dtype is torch.float32
    assert (torch.tensor([True, False]) ** 2).dtype is torch.int64


def test_second_derivative_of_a_power_at_zero() -> None:
    q = leaf(1.5, 2.5)
    (g,) = torch.autograd.grad((0.0**q).sum(), q, create_graph=True)
    assert gradient(g, q) == [0, 0]


def test_ties() -> None:
    a, b = leaf(1.0, 2.0, nan), leaf(1.0, 1.0, 0.0)
    assert gradient(torch.maximum(a, b), a, b) == [[0.5, 1, 1], [0.5, 0, 1]]
    assert gradient(torch.fmax(a, b), a, b) == [[1, 1, 0], [0, 0, 1]]
    x = leaf(-1.0, 0.0, 0.5, 1.0, 2.0, nan)
    assert gradient(x.clamp(0, 1), x) == [0, 1, 1, 1, 0, 0]
    assert gradient(x.relu(), x) == [0, 0, 1, 1, 1, 1]
    assert gradient(x.abs(), x) == [-1, 0, 1, 1, 1, 0]
    low, high = leaf(1.0), leaf(0.0)
    assert gradient(leaf(0.5).clamp(low, high), low, high) == [[0], [1]]


def test_remainders() -> None:
    x = torch.tensor([7, -7])
    assert (x % 3).tolist() == [1, 2] and torch.fmod(x, 3).tolist() == [1, -1]
    assert (x // 2).tolist() == [3, -4] and torch.div(x, 2, rounding_mode="trunc").tolist() == [3, -3]
    for divide in (lambda: x // 0, lambda: x % 0, lambda: torch.fmod(x, 0), lambda: 1 // (x - x)):
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            divide()
    y = leaf(7.0)
    assert gradient(leaf(20.0) % y, y) == [-2]
    with pytest.raises(RuntimeError, match="derivative for aten::floor_divide is not implemented"):
        (y // 2).backward()


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda b, i, f, c: b - b, RuntimeError, "Subtraction, the `-` operator"),
        (lambda b, i, f, c: 1 - b, RuntimeError, "Subtraction, the `-` operator"),
        (lambda b, i, f, c: -b, RuntimeError, "Negation, the `-` operator"),
        (lambda b, i, f, c: c < c, NotImplementedError, '"lt_cpu" not implemented for'),
        (lambda b, i, f, c: torch.maximum(c, c), RuntimeError, "maximum not implemented for complex"),
        (lambda b, i, f, c: torch.maximum(f, 2), TypeError, "'other' \\(position 2\\) must be Tensor, not int"),
        (lambda b, i, f, c: torch.exp(2.0), TypeError, "exp\\(\\): argument 'input' \\(position 1\\) must be Tensor"),
        (lambda b, i, f, c: torch.add(i, 1, alpha=1.5), RuntimeError, "For integral input tensors"),
        (lambda b, i, f, c: i.add_(1.5), RuntimeError, "result type Float can't be cast"),
        (lambda b, i, f, c: f + torch.ones(3), RuntimeError, "The size of tensor a \\(2\\) must match"),
        (lambda b, i, f, c: torch.clamp(f), RuntimeError, "torch.clamp: At least one of"),
        (lambda b, i, f, c: f & 1, NotImplementedError, '"bitwise_and_cpu" not implemented'),
        (lambda b, i, f, c: ~f, TypeError, "~ \\(operator.invert\\)"),
        (lambda b, i, f, c: torch.sign(c), NotImplementedError, "Unlike NumPy"),
        (lambda b, i, f, c: c.abs_(), RuntimeError, "In-place abs is not supported"),
        (lambda b, i, f, c: torch.where(f, f, f), RuntimeError, "where expected condition to be a boolean"),
        (lambda b, i, f, c: f.masked_fill(i, 1), RuntimeError, "masked_fill_ only supports boolean masks"),
        (lambda b, i, f, c: i.fill_(1j), RuntimeError, "value cannot be converted to type int64_t without overflow"),
        (lambda b, i, f, c: f.copy_(torch.ones(3)), RuntimeError, "The size of tensor a"),
        (lambda b, i, f, c: torch.isclose(f, f.double()), RuntimeError, "Float did not match Double"),
        (lambda b, i, f, c: torch.lerp(f, f.double(), 0.5), RuntimeError, "expected dtype float for `end`"),
        (lambda b, i, f, c: torch.complex(i, i), RuntimeError, "Expected both inputs to be Half, Float or Double"),
        (lambda b, i, f, c: f.imag, RuntimeError, "imag is not implemented"),
        (lambda b, i, f, c: f.to("nowhere"), RuntimeError, "Expected one of cpu"),
        (lambda b, i, f, c: f.type("float"), ValueError, "invalid type: 'float'"),
        (lambda b, i, f, c: torch.polygamma(-1, f), RuntimeError, "polygamma\\(n, x\\) does not support negative n"),
    ],
)  # fmt: skip
def test_errors_change_nothing(make, error, words: str) -> None:
    operands = (torch.tensor([True, False]), torch.tensor([1, 2]), torch.tensor([1.0, 2.0]), torch.tensor([1j, 2]))
    before = [operand.tolist() for operand in operands]
    with pytest.raises(error, match=words):
        make(*operands)
    assert [operand.tolist() for operand in operands] == before


def test_promotion() -> None:
    i8, f32 = torch.tensor([1], dtype=torch.int8), torch.tensor([1.0])
    assert (i8 + 1000).tolist() == [-23]
    assert (f32 + torch.tensor(1.0, dtype=torch.float64)).dtype is torch.float32
    assert (i8 / i8).dtype is torch.exp(i8).dtype is torch.erf(i8).dtype is torch.reciprocal(i8).dtype is torch.float32
    assert (i8 % 2.5).dtype is torch.float32 and (i8**2).dtype is torch.int8
    assert torch.where(torch.tensor([True]), i8, 1.5).dtype is torch.float32
    assert torch.float_power(i8, 2).dtype is torch.float64


def test_copies() -> None:
    x = leaf(1.0, 2.0)
    assert x.to(torch.float64) is x and x.double() is x and x.contiguous() is x and x.cpu() is x
    assert x.to(torch.float64, copy=True) is not x
    assert x.to(torch.ones(1)).dtype is torch.float32 and x.type() == "torch.DoubleTensor"
    assert gradient(x.half() * 2, x) == [2, 2]
    assert gradient(x.to(torch.complex128) * 1j, x) == [0, 0]
    transposed = torch.zeros(2, 3).t()
    assert transposed.clone().stride() == (1, 3)
    assert transposed.clone(memory_format=torch.contiguous_format).is_contiguous()


def test_copy_into_a_view() -> None:
    x, source = leaf(1.0, 2.0, 3.0), leaf(5.0)
    y = x * 2
    y[1:].copy_(source)
    assert y.tolist() == [2, 5, 5]
    assert gradient(y, x, source) == [[2, 0, 0], [2]]
    z = x * 2
    z[0].zero_()
    assert gradient(z, x) == [0, 2, 2]


def test_zero_of_a_gradient() -> None:
    x = leaf(1.0, 2.0)
    (x * x).sum().backward()
    kept = x.grad
    x.grad.zero_()
    assert kept is x.grad and x.grad.tolist() == [0, 0]


def test_complex_views_share_memory() -> None:
    c = torch.tensor([1 + 2j, 3 - 1j])
    c.real.mul_(10)
    c.imag = torch.tensor([7.0, 8.0])
    assert c.tolist() == [10 + 7j, 30 + 8j]
    torch.view_as_real(c)[0, 0] = 0
    assert c[0].item() == 7j
    pairs = torch.zeros(2, 2)
    torch.view_as_complex(pairs).fill_(1 + 2j)
    assert pairs.tolist() == [[1, 2], [1, 2]]
    x = leaf(1.0, 2.0)
    z = torch.complex(x, x * 2)
    z.imag.zero_()
    assert gradient(z.real + z.imag, x) == [1, 1]


def test_complex_gradients() -> None:
    z = torch.tensor([3 + 4j, 0j]).requires_grad_()
    assert gradient(z.abs(), z) == pytest.approx([0.6 + 0.8j, 0])
    assert gradient(z.angle(), z) == pytest.approx([(-4 + 3j) / 25, 0])
    assert gradient(z.real, z) == [1, 1] and gradient(z.imag, z) == [1j, 1j]
    assert gradient((z * z.conj()).real, z) == pytest.approx([6 + 8j, 0])


def test_in_place_forms_of_comparisons() -> None:
    x = leaf(1.0, 3.0)
    y = (x * 1).gt_(2)
    assert y.tolist() == [0, 1] and gradient(y, x) == [0, 0]


def test_out() -> None:
    out = torch.empty(0)
    assert torch.add(torch.tensor([1.0]), 1, alpha=2, out=out) is out and out.tolist() == [3]
    with pytest.raises(RuntimeError, match="result type Float can't be cast"):
        torch.div(torch.tensor([1]), 2, out=torch.empty(1, dtype=torch.int32))
    with pytest.raises(RuntimeError, match="out=... arguments don't support automatic differentiation"):
        torch.exp(leaf(1.0), out=torch.empty(1, dtype=torch.float64))


@pytest.mark.parametrize("function", ["erf", "erfc", "lgamma"])
def test_own_special_functions_against_the_standard_library(function: str) -> None:
    x = np.concatenate([np.linspace(-5.3, 26, 400), 10.0 ** np.arange(-300, 3, 7.0)])
    expected = np.array([getattr(math, function)(v) for v in x])
    with np.errstate(all="ignore"):
        found = getattr(special_functions, function)(np, x)
    np.testing.assert_allclose(found, expected, rtol=4e-15, atol=2e-15 if function == "lgamma" else 0)


def test_own_special_functions_by_their_identities() -> None:
    x = np.linspace(0.05, 20, 300)
    psi = special_functions.digamma
    np.testing.assert_allclose(psi(np, x + 1), psi(np, x) + 1 / x, rtol=1e-13)
    for n in (1, 2, 3):
        step = special_functions.polygamma(np, n, x) + (-1) ** n * math.factorial(n) / x ** (n + 1)
        np.testing.assert_allclose(special_functions.polygamma(np, n, x + 1), step, rtol=1e-9, atol=1e-13)
    y = np.linspace(-0.9999, 0.9999, 201)
    np.testing.assert_allclose(special_functions.erf(np, special_functions.erfinv(np, y)), y, rtol=1e-14)
    wronskian = special_functions.i0(np, x), special_functions.i1(np, x)
    angles = (np.arange(64) + 0.5) * np.pi / 64  # I_n(x) as the mean of exp(x cos t) cos(n t)
    for n, found in enumerate(wronskian):
        mean = np.mean(np.exp(x[:, None] * np.cos(angles)) * np.cos(n * angles), axis=1)
        np.testing.assert_allclose(found, mean, rtol=1e-12)


def test_special_functions_at_their_poles() -> None:
    x = torch.tensor([0.0, -0.0, -1.0, inf, nan], dtype=torch.float64)
    assert str(torch.lgamma(x).tolist()) == "[inf, inf, inf, inf, nan]"
    assert str(torch.digamma(x).tolist()) == "[-inf, inf, nan, inf, nan]"
    assert str(torch.erfinv(torch.tensor([-1.0, 1.0, 2.0, 0.0])).tolist()) == "[-inf, inf, nan, 0.0]"
