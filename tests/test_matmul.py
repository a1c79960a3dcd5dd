"""Products of matrices and contractions: shapes, node names, gradients of complex numbers, errors."""

from __future__ import annotations

import numpy as np
import pytest

import mibun as torch
from mibun.core.tensor import wrap

rng = np.random.default_rng(0)


def real(*shape, grad=True):
    return wrap(rng.standard_normal(shape)).requires_grad_(grad)


def cplx(*shape):
    return wrap(rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).requires_grad_()


@pytest.mark.parametrize(
    ("a", "b", "node"),
    [
        ((3,), (3,), "DotBackward0"),
        ((2, 3), (3,), "MvBackward0"),
        ((3,), (3, 4), "SqueezeBackward4"),
        ((2, 3), (3, 4), "MmBackward0"),
        ((5, 2, 3), (3, 4), "UnsafeViewBackward0"),
        ((5, 2, 3), (3,), "UnsafeViewBackward0"),
        ((5, 2, 3), (5, 3, 4), "UnsafeViewBackward0"),
        ((6, 5, 2, 3), (5, 3, 4), "UnsafeViewBackward0"),
        ((2, 0), (0, 3), "MmBackward0"),
    ],
)
def test_matmul(a, b, node):
    x, y = cplx(*a), cplx(*b)
    z = x @ y
    assert np.allclose(z._array_, x._array_ @ y._array_)
    assert z.grad_fn.name() == node
    # <Jv, u> = <v, J'u> for each operand
    u = rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape)
    gx, gy = torch.autograd.grad(z, (x, y), wrap(np.asarray(u)))
    for array, gradient, product in (
        (x._array_, gx, lambda v: v @ y._array_),
        (y._array_, gy, lambda v: x._array_ @ v),
    ):
        v = rng.standard_normal(array.shape)
        assert np.isclose(np.vdot(u, product(v)), np.vdot(gradient._array_, v))


def test_half_precision_is_added_up_in_float32():
    x = wrap(np.full((1, 4096), 1.0, np.float16))
    assert (x @ x.T).item() == 4096
    assert (x * 2).sum().item() == 8192


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ((2, 3), (2, 3), "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)"),
        ((2, 3), (4,), "size mismatch, got input (2), mat (2x3), vec (4)"),
        ((3,), (4,), "inconsistent tensor size, expected tensor [3] and src [4] to have the same number of elements"),
        ((5, 2, 3), (5, 4, 2), "Expected size for first two dimensions of batch2 tensor to be: [5, 3] but got: [5, 4]"),
        ((5, 2, 3), (4, 3, 2), "The size of tensor a (5) must match the size of tensor b (4) at non-singleton"),
        ((), (2, 3), "both arguments to matmul need to be at least 1D, but they are 0D and 2D"),
    ],
)
def test_matmul_errors(a, b, message):
    with pytest.raises(RuntimeError) as error:
        real(*a) @ real(*b)
    assert str(error.value).startswith(message)


def test_dtypes_must_agree():
    with pytest.raises(RuntimeError, match="expected m1 and m2 to have the same dtype, but got: double != float"):
        real(2, 2) @ wrap(np.ones((2, 2), np.float32))
    with pytest.raises(RuntimeError, match="dot : expected both vectors to have same dtype"):
        torch.dot(real(2), wrap(np.ones(2, np.float32)))
    with pytest.raises(NotImplementedError, match="not implemented for 'Bool'"):
        wrap(np.ones((2, 2), bool)) @ wrap(np.ones((2, 2), bool))
    with pytest.raises(TypeError):
        real(2, 2) @ 2


def test_addmm_ignores_input_when_beta_is_zero():
    bias = wrap(np.full(2, np.nan)).requires_grad_()
    a, b = real(3, 4), real(4, 2)
    z = torch.addmm(bias, a, b, beta=0, alpha=2)
    assert np.allclose(z._array_, 2 * (a._array_ @ b._array_))
    assert z.grad_fn.name() == "AddmmBackward0"
    z.sum().backward()
    assert (bias.grad._array_ == 0).all()
    with pytest.raises(RuntimeError, match="The expanded size of the tensor"):
        torch.addmm(real(5), a, b)


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("ij,jk->ik", [(2, 3), (3, 4)]),
        ("ij,kj", [(2, 3), (4, 3)]),
        ("ii->i", [(3, 3)]),
        ("ii", [(3, 3)]),
        ("ij->", [(2, 3)]),
        ("...ij,...jk->...ik", [(5, 3, 4), (4, 2)]),
        ("ij,jk,kl,lm->im", [(2, 3), (3, 4), (4, 2), (2, 3)]),
        ("bn,anm,bm->ba", [(2, 3), (4, 3, 5), (2, 5)]),
        ("iij,jk->ik", [(3, 3, 2), (2, 4)]),
        (",ij->ij", [(), (2, 3)]),
        ("bhid,bhjd->bhij", [(2, 2, 3, 4), (2, 2, 5, 4)]),
        ("i,i,i->i", [(3,), (3,), (3,)]),
    ],
)
def test_einsum(equation, shapes):
    operands = [real(*shape) for shape in shapes]
    z = torch.einsum(equation, *operands)
    assert np.allclose(z._array_, np.einsum(equation, *[o._array_ for o in operands]))
    assert torch.autograd.gradcheck(lambda *xs: torch.einsum(equation, *xs), operands)


def test_einsum_forms_and_errors():
    a, b = real(2, 3), real(3, 4)
    expected = a._array_ @ b._array_
    assert np.allclose(torch.einsum(a, [0, 1], b, [1, 2], [0, 2])._array_, expected)
    assert np.allclose(torch.einsum("ij,jk", [a, b])._array_, expected)
    assert torch.einsum("ij,jk->ik", real(2, 1), b).shape == (2, 4)  # a size of 1 broadcasts
    for equation, operands, message in [
        ("ij,jk->il", (a, b), "output subscript l does not appear in the equation for any input operand"),
        ("ij,jk->ik", (a,), "fewer operands were provided than specified in the equation"),
        ("ij,jk->ik", (a, a), "subscript j has size 2 for operand 1 which does not broadcast with previously seen"),
        ("ij->ii", (a,), "output subscript i appears more than once in the output"),
        ("i!,ij", (a, a), "invalid subscript given at index 1 in the equation string"),
        ("ijk->ik", (a,), "the number of subscripts in the equation (3) does not match the number of dimensions (2)"),
    ]:
        with pytest.raises(RuntimeError) as error:
            torch.einsum(equation, *operands)
        assert str(error.value).startswith("einsum(): " + message)


def test_tensordot_and_kin():
    a, b = real(2, 3), real(3, 2)
    axes = ([1, 0], [0, 1])
    assert np.allclose(torch.tensordot(a, b, axes)._array_, np.tensordot(a._array_, b._array_, axes))
    assert np.allclose(torch.kron(a, b)._array_, np.kron(a._array_, b._array_))
    assert np.allclose(torch.inner(a, real(4, 3, grad=False)).shape, (2, 4))
    assert torch.trace(wrap(np.eye(2, dtype=np.int32))).dtype == torch.int64
    chain = [real(2, 9), real(9, 3), real(3, 5), real(5, 1)]
    assert np.allclose(torch.linalg.multi_dot(chain)._array_, np.linalg.multi_dot([c._array_ for c in chain]))
    with pytest.raises(RuntimeError, match="contracted dimensions need to match"):
        torch.tensordot(a, b, ([0], [0]))


@pytest.mark.parametrize("name", ["int8", "uint8", "int16", "int32", "int64"])
@pytest.mark.parametrize("share", [1e-3, 1.0])
def test_products_of_integers_are_exact_and_wrap_around(name: str, share: float) -> None:
    """Large ones are multiplied in floating point: small numbers at once, others digit by digit."""
    random = np.random.default_rng(0)
    limits = np.iinfo(name)
    low, high = (int(limit) if share == 1 else int(limit * share) for limit in (limits.min, limits.max))
    for shapes in (((40, 50), (50, 60)), ((2, 90, 80), (80, 90)), ((3, 1, 40, 30), (2, 30, 40))):
        x, y = (random.integers(low, high, shape, name, endpoint=True) for shape in shapes)
        found = torch.from_numpy(x) @ torch.from_numpy(y)
        assert found.dtype == torch.from_numpy(x).dtype
        np.testing.assert_array_equal(found.numpy(), x @ y)
