"""Forward mode: tangents through operators, views, in-place operations and Functions, and both mixtures of modes."""

from __future__ import annotations

import pytest

import mibun as torch
import mibun.autograd.forward_ad as fwAD


def tensor(*values):
    return torch.tensor(list(values), dtype=torch.float64)


def test_dual_numbers():
    with fwAD.dual_level():
        x = fwAD.make_dual(tensor(3.0, 4.0), tensor(1.0, 2.0))
        primal, tangent = fwAD.unpack_dual(x * x / (x + 1))
        assert primal.tolist() == [9 / 4, 16 / 5]
        assert tangent.tolist() == pytest.approx([1 * 15 / 16, 2 * 24 / 25])
    assert fwAD.unpack_dual(x).tangent is None


def test_levels_and_their_errors():
    with pytest.raises(RuntimeError, match="no level exists"):
        fwAD.make_dual(tensor(1.0), tensor(1.0))
    with fwAD.dual_level():
        with pytest.raises(RuntimeError, match="Nested forward mode AD is not supported"):
            fwAD.enter_dual_level()
        with pytest.raises(RuntimeError):
            fwAD.make_dual(tensor(1.0), tensor(1.0, 2.0))
        with pytest.raises(ValueError, match="floating point"):
            fwAD.make_dual(torch.tensor([1]), torch.tensor([1]))
    fwAD.enter_dual_level()
    fwAD.exit_dual_level()


def test_views_and_inplace():
    with fwAD.dual_level():
        x = fwAD.make_dual(tensor(1.0, 2.0, 3.0), tensor(1.0, 10.0, 100.0))
        y = x * 1
        v = y[1:]
        assert fwAD.unpack_dual(v).tangent.tolist() == [10, 100]
        v.mul_(x[0])
        assert fwAD.unpack_dual(y).tangent.tolist() == [1, 10 + 2, 100 + 3]
        z = torch.zeros(3, dtype=torch.float64)
        z[1] = x[2]
        assert fwAD.unpack_dual(z).tangent.tolist() == [0, 100, 0]


def test_forward_over_reverse_is_a_hessian_vector_product():
    p = tensor(1.0, 2.0).requires_grad_()
    with fwAD.dual_level():
        x = fwAD.make_dual(p, tensor(1.0, 0.0))
        (g,) = torch.autograd.grad((x * x * x).sum() * x[1], x)
        hvp = fwAD.unpack_dual(g).tangent
    # f = (a^3 + b^3) b: f_aa = 6ab, f_ab = 3a^2
    assert hvp.tolist() == pytest.approx([12, 3])


def test_reverse_over_forward():
    p = tensor(1.0, 2.0).requires_grad_()
    with fwAD.dual_level():
        x = fwAD.make_dual(p, tensor(1.0, 0.0))
        tangent = fwAD.unpack_dual((x * x * x).sum() * x[1]).tangent
    tangent.backward()
    assert p.grad.tolist() == pytest.approx([12, 3])


def test_function_jvp():
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_forward(x)
            return x**3

        @staticmethod
        def jvp(ctx, tangent):
            (x,) = ctx.saved_tensors
            return 3 * x**2 * tangent

    with fwAD.dual_level():
        assert fwAD.unpack_dual(Cube.apply(fwAD.make_dual(tensor(2.0), tensor(1.0)))).tangent.item() == 12
