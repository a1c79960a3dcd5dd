"""Complex autograd: the convention, views of the parts, the places where a formula has an edge, and mixed dtypes."""

from __future__ import annotations

import math

import pytest

import mibun as torch
from mibun.autograd import Function, forward_ad, gradcheck, gradgradcheck

Z0 = [1 + 2j, -3 + 0.5j, 0.2 - 0.7j]


def cplx(*values, requires_grad=True):
    return torch.tensor(values, dtype=torch.complex128, requires_grad=requires_grad)


def real(*values, requires_grad=True):
    return torch.tensor(values, dtype=torch.float64, requires_grad=requires_grad)


def grad(y, x, g=None):
    found = torch.autograd.grad(y, x, g)[0]
    assert found.dtype == x.dtype and found.shape == x.shape
    return found.tolist()


# --- the convention ---


def test_the_gradient_is_the_direction_of_steepest_ascent():
    z = cplx(3 + 4j)
    assert grad((z.abs() ** 2).sum(), z) == pytest.approx([6 + 8j])
    assert grad((z * z.conj()).real.sum(), z) == [6 + 8j]
    assert grad(z.real.sum(), z) == [1] and grad(z.imag.sum(), z) == [1j]


def test_a_holomorphic_function_gives_its_derivative_conjugated():
    z = cplx(*Z0)
    ones = torch.ones_like(z)
    assert grad(z**3, z, ones) == pytest.approx([(3 * w**2).conjugate() for w in Z0])
    assert grad(z.conj(), z, ones * 1j) == [-1j] * 3


@pytest.mark.parametrize("dtype", [torch.complex64, torch.complex128])
def test_a_loss_must_be_real(dtype):
    z = torch.ones((), dtype=dtype, requires_grad=True)
    with pytest.raises(RuntimeError, match=f"only for real scalar outputs but got {dtype}"):
        (z * 2).backward()
    (z * 2j).backward(torch.ones((), dtype=dtype))
    assert z.grad.item() == -2j


def test_grad_outputs_are_complex_as_their_outputs():
    z, x = cplx(1j), real(1.0)
    for output, g in ((z * 2, x), (x * 2, z)):
        with pytest.raises(RuntimeError, match="both grad_output and output are required to have the same dtype"):
            torch.autograd.grad(output, z if output.is_complex() else x, g.detach())


# --- views of the parts ---


@pytest.mark.parametrize(
    "change, expected",
    [
        (lambda y, x: y.real.mul_(3.0), (3 + 1j, 0.0)),
        (lambda y, x: y.imag.copy_(x), (1 + 0j, 1.0)),
        (lambda y, x: torch.view_as_real(y)[:, 0].add_(2 * x), (1 + 1j, 2.0)),
        (lambda y, x: setattr(y, "real", x), (1j, 1.0)),
    ],
    ids=["real", "imag", "view_as_real", "assignment"],
)
def test_inplace_through_a_part(change, expected):
    z, x = cplx(*Z0), real(1.0, 2.0, 3.0)
    y = z * 1
    change(y, x)
    by_z, by_x = torch.autograd.grad(y, (z, x), torch.full_like(y, 1 + 1j), allow_unused=True, materialize_grads=True)
    assert by_z.tolist() == [expected[0]] * 3 and by_x.tolist() == [expected[1]] * 3


def test_a_part_of_a_leaf_is_not_written_to():
    z = cplx(*Z0)
    with pytest.raises(RuntimeError, match="a view of a leaf Variable that requires grad"):
        z.real.mul_(2)
    with torch.no_grad():
        z.imag.zero_()
    assert z.tolist() == [w.real for w in Z0]


def test_inplace_through_a_complex_view_of_real_numbers():
    x = torch.ones(2, 2, dtype=torch.float64, requires_grad=True)
    y = x * 1
    torch.view_as_complex(y)[0] *= 1j
    assert y.tolist() == [[-1, 1], [1, 1]]
    assert grad(y, x, real(1.0, 2.0, requires_grad=False).expand(2, 2)) == [[2, -1], [1, 2]]


def test_parts_have_tangents():
    with forward_ad.dual_level():
        z = forward_ad.make_dual(cplx(3 + 4j, requires_grad=False), cplx(2 - 1j, requires_grad=False)) * 1
        tangents = {
            name: forward_ad.unpack_dual(function(z)).tangent.tolist()
            for name, function in {
                "real": torch.real,
                "imag": torch.imag,
                "conj": torch.conj,
                "abs": torch.abs,
                "angle": torch.angle,
                "parts": torch.view_as_real,
                "square": torch.square,
            }.items()
        }
        z.real.mul_(3)
        assert forward_ad.unpack_dual(z).tangent.tolist() == [6 - 1j]
    assert tangents["real"] == [2] and tangents["imag"] == [-1] and tangents["conj"] == [2 + 1j]
    assert tangents["parts"] == [[2, -1]] and tangents["square"] == [2 * (3 + 4j) * (2 - 1j)]
    assert tangents["abs"] == pytest.approx([2 / 5]) and tangents["angle"] == pytest.approx([-11 / 25])


# --- edges ---


@pytest.mark.parametrize("name", ["abs", "angle", "sgn"])
def test_the_origin_has_a_zero_gradient(name):
    z = cplx(0j)
    y = getattr(torch, name)(z)
    assert grad(y, z, torch.ones_like(y)) == [0]


@pytest.mark.parametrize("exponent, expected", [(2, 0), (1, 1), (0, 0), (1 + 0j, 1)])
def test_powers_of_zero(exponent, expected):
    z = cplx(0j)
    assert grad(z**exponent, z, torch.ones_like(z)) == [expected]


CALLS = {
    "polar": (torch.polar, lambda: (real(1.0, 2.0), real(0.3, -2.0))),
    "complex": (torch.complex, lambda: (real(1.0, 2.0), real(0.3, -2.0))),
    "complex power": (lambda z: z ** (1 + 1j), lambda: (cplx(*Z0),)),
    "number to a power": (lambda z: (1 + 1j) ** z, lambda: (cplx(*Z0),)),
    "negative power": (lambda z: z**-2, lambda: (cplx(*Z0),)),
    "real to a complex power": (torch.pow, lambda: (real(0.5, 1.5, 2.0), cplx(*Z0))),
    "complex to a real power": (torch.pow, lambda: (cplx(*Z0), real(0.5, 1.5, 2.0))),
    "real over complex": (torch.div, lambda: (real(0.5, 1.5, 2.0), cplx(*Z0))),
    "real minus complex": (torch.sub, lambda: (real(0.5, 1.5, 2.0), cplx(*Z0))),
    "not holomorphic": (lambda z: z.conj() * z.abs() + z.real * z.angle(), lambda: (cplx(*Z0),)),
    "einsum": (lambda a, b: torch.einsum("i,j->ij", a, b.conj()), lambda: (cplx(*Z0), cplx(1j, 2.0))),
    "vdot": (torch.vdot, lambda: (cplx(*Z0), cplx(1j, 2.0, 0.5))),
    "variance": (torch.var, lambda: (cplx(*Z0),)),
}


@pytest.mark.parametrize("case", CALLS)
def test_derivatives_of_all_orders_and_modes(case):
    function, inputs = CALLS[case]
    assert gradcheck(function, inputs(), check_forward_ad=True, check_grad_dtypes=True)
    assert gradgradcheck(function, inputs(), check_fwd_over_rev=True)


@pytest.mark.parametrize(
    "values, expected",
    [
        ((math.inf, 0.0, 1.0), (math.nan, 0, 0)),
        ((0.0, math.inf, 1.0), (1, math.nan, 0)),
        ((0.0, -math.inf, math.inf), (3, 0, math.nan)),
        ((1.0, math.inf, math.inf), (1, math.nan, math.nan)),
    ],
    ids=str,
)
def test_running_logarithms_of_sums_that_become_infinite(values, expected):
    """What is finite before the sum is infinite keeps its gradient, and what comes after has none."""
    x = real(*values)
    assert grad(x.logcumsumexp(0), x, real(1.0, 2.0, 3.0)) == pytest.approx(expected, nan_ok=True)


# --- dtypes, hooks, Functions ---


def test_mixed_dtypes_meet_again():
    x, z = torch.ones(1, requires_grad=True), cplx(1j)
    (x * z).abs().sum().backward()
    assert x.grad.dtype == torch.float32 and z.grad.dtype == torch.complex128
    y = real(1.0, 2.0)
    assert grad(y * 2j, y, cplx(1j, 1.0, requires_grad=False)) == [2, 0]
    assert grad(y.to(torch.complex128), y, cplx(1 + 1j, 2 - 3j, requires_grad=False)) == [1, 2]
    with pytest.raises(RuntimeError, match="result type ComplexDouble can't be cast to the desired output type Double"):
        y.detach().mul_(2j)


def test_hooks_see_complex_gradients():
    z = cplx(3 + 4j)
    z.register_hook(lambda g: g * 1j)
    z.abs().sum().backward()
    assert z.grad.tolist() == pytest.approx([1j * (3 + 4j) / 5])
    with pytest.raises(RuntimeError, match="dtype"):
        z.grad = real(1.0)


def test_gradients_of_gradients():
    z = cplx(1 + 2j)
    (g,) = torch.autograd.grad((z**3).abs().sum(), z, create_graph=True)
    g.abs().sum().backward()  # |d|z|^3| = 3 |z|^2, whose gradient is 6 z
    assert z.grad.tolist() == pytest.approx([6 + 12j])


class Norm(Function):
    """|z|^2, from a complex to a real number."""

    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return z.real**2 + z.imag**2

    @staticmethod
    def backward(ctx, g):
        assert not g.is_complex()
        return g * 2 * ctx.saved_tensors[0]


def test_a_function_from_complex_to_real():
    assert gradcheck(Norm.apply, (cplx(*Z0),)) and gradgradcheck(Norm.apply, (cplx(*Z0),))


def test_a_function_that_gives_a_complex_gradient_for_a_real_input():
    class Turned(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * (2 + 1j)

    x = real(1.0)
    with pytest.raises(RuntimeError, match="invalid gradient at index 0 - got a complex one for a real input"):
        Turned.apply(x).sum().backward()
    assert x.grad is None
