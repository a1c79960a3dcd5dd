"""The extensions of the Array API namespace, `linalg` and `fft`, against array-api-strict: values, dtypes, shapes."""

import itertools

import numpy as np
import pytest

from test_array_api_elementwise import COMPLEX, INTEGERS, REAL, strict, xp
from test_array_api_functions import array, check

FLOATING = REAL + COMPLEX


def matrices(shape, dtype, seed=0):
    rng = np.random.default_rng(seed)
    real = rng.normal(size=shape)
    return (real + 1j * rng.normal(size=shape) if dtype in COMPLEX else real).astype(dtype)


def hermitian(shape, dtype):
    a = matrices(shape, dtype)
    return (a @ np.swapaxes(a, -1, -2).conj() + 2 * np.eye(shape[-1])).astype(dtype)


# --- products ---


@pytest.mark.parametrize("dtype", INTEGERS + FLOATING)
def test_products(dtype):
    for one, other in (
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3, 4)),
        ((5, 1, 2, 3), (4, 3, 2)),
        ((0, 3), (3, 2)),
        ((2, 0), (0, 3)),
    ):
        check("matmul", array(one, dtype), array(other, dtype, 1))
        check("linalg.matmul", array(one, dtype), array(other, dtype, 1))
    for one, other, axis in (
        ((3,), (3,), -1),
        ((2, 3), (3,), -1),
        ((5, 1, 3), (4, 3), -1),
        ((3, 2), (3, 1), -2),
        ((2, 0), (2, 0), -1),
    ):
        check("vecdot", array(one, dtype), array(other, dtype, 1), axis=axis)
    check("linalg.vecdot", array((3,), dtype), array((3,), dtype, 1))
    x = array((2, 3, 4), dtype)
    for other, dims in (((3, 4, 5), 2), ((4, 2), 1), ((2,), 0), ((4, 3), ((1, 2), (1, 0))), ((4, 3), ((-1,), (0,)))):
        check("tensordot", x, array(other, dtype, 1), axes=dims)
    check("linalg.outer", array((3,), dtype), array((2,), dtype, 1))
    for one, other, axis in (((3,), (3,), -1), ((2, 3), (2, 3), -1), ((3, 2), (3, 2), -2), ((4, 1, 3), (5, 3), -1)):
        check("linalg.cross", array(one, dtype), array(other, dtype, 1), axis=axis)
    for offset in (-2, 0, 1, 5):
        check("linalg.diagonal", x, offset=offset)
        check("linalg.trace", x, offset=offset)
    check("linalg.trace", x, dtype=np.dtype("complex128"))
    check("linalg.matrix_transpose", x)


def test_products_promote():
    for one, other in (("uint8", "int8"), ("float32", "float64"), ("float32", "complex64"), ("int16", "uint16")):
        for name in "matmul", "vecdot", "tensordot", "linalg.outer", "linalg.cross":
            shape = (3,) if name in ("linalg.outer", "linalg.cross", "vecdot") else (3, 3)
            check(name, array(shape, one), array(shape, other, 1))
    with pytest.raises(ValueError, match="vectors of"):
        xp.vecdot(xp.ones(1), xp.ones(3))


# --- factorizations and what comes of them ---


@pytest.mark.parametrize("dtype", FLOATING)
@pytest.mark.parametrize("shape", [(3, 3), (2, 4, 4), (1, 1), (0, 2, 2)])
def test_square_matrices(dtype, shape):
    x, h = matrices(shape, dtype), hermitian(shape, dtype)
    for upper in False, True:
        check("linalg.cholesky", h, upper=upper)
    for name in "det", "inv", "slogdet", "eigvalsh":
        check(f"linalg.{name}", h if name == "eigvalsh" else x)
    for n in (0, 1, 3, -1):
        check("linalg.matrix_power", h / 8, n)
    values, vectors = xp.linalg.eigh(xp.asarray(h))
    assert values.dtype is xp.asarray(h).real.dtype and vectors.dtype is xp.asarray(h).dtype
    np.testing.assert_allclose((vectors * values[..., None, :] @ vectors.mH).numpy(), h, rtol=1e-4, atol=1e-4)
    values, vectors = xp.linalg.eig(xp.asarray(x))
    assert values.dtype.is_complex and values.dtype is vectors.dtype is xp.linalg.eigvals(xp.asarray(x)).dtype
    np.testing.assert_allclose(
        (xp.asarray(x).to(values.dtype) @ vectors).numpy(), (vectors * values[..., None, :]).numpy(), atol=1e-4
    )
    for right in ((shape[-1],), (shape[-1], 2), (*shape[:-1], 3), (*shape[:-2], shape[-1], shape[-1])):
        check("linalg.solve", x, matrices(right, dtype, 1))


@pytest.mark.parametrize("dtype", FLOATING)
@pytest.mark.parametrize("shape", [(3, 3), (2, 4, 3), (3, 5), (2, 0), (0, 2, 3)])
def test_matrices(dtype, shape):
    x = matrices(shape, dtype)
    for mode in "reduced", "complete":
        q, r = xp.linalg.qr(xp.asarray(x), mode=mode)
        expected = strict.linalg.qr(strict.asarray(x), mode=mode)
        assert (q.shape, r.shape) == (expected.Q.shape, expected.R.shape)
        np.testing.assert_allclose((q @ r).numpy(), x, atol=1e-5)
    for full in True, False:
        u, s, vh = xp.linalg.svd(xp.asarray(x), full_matrices=full)
        expected = strict.linalg.svd(strict.asarray(x), full_matrices=full)
        assert (u.shape, s.shape, vh.shape) == (expected.U.shape, expected.S.shape, expected.Vh.shape)
        k = s.shape[-1]
        np.testing.assert_allclose((u[..., :k] * s[..., None, :] @ vh[..., :k, :]).numpy(), x, atol=1e-5)
    check("linalg.svdvals", x)
    for name in "pinv", "matrix_rank":
        if 0 not in shape[-2:]:
            check(f"linalg.{name}", x)
            check(f"linalg.{name}", x, rtol=0.3)
    for ord, keepdims in itertools.product(("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf), (False, True)):
        if 0 not in shape[-2:]:
            check("linalg.matrix_norm", x, ord=ord, keepdims=keepdims)
    with pytest.raises(ValueError, match="mode"):
        xp.linalg.qr(xp.asarray(x), mode="r")


@pytest.mark.parametrize("dtype", FLOATING)
def test_norms_of_vectors(dtype):
    for shape in ((), (3,), (2, 3, 4)):
        for ord in (2, 1, 0, 3, 0.5, np.inf, -np.inf, -1):
            for axis in [None, *range(-len(shape), len(shape)), *([(0, 2), (-1, 0), ()] if len(shape) > 2 else [])]:
                if axis == ():
                    expected = (array(shape, dtype) != 0).astype("f4") if ord == 0 else abs(array(shape, dtype))
                    if ord >= 0:
                        found = xp.linalg.vector_norm(xp.asarray(array(shape, dtype)), axis=(), ord=ord)
                        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5)
                    continue
                for keepdims in False, True:
                    check("linalg.vector_norm", array(shape, dtype, low=1), axis=axis, ord=ord, keepdims=keepdims)


# --- Fourier transforms ---

NORMS = ("backward", "ortho", "forward")


@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"])
@pytest.mark.parametrize("precision", [0, 1])
def test_transforms(name, precision):
    for dtype in (REAL[precision],) if name in ("rfft", "ihfft") else (COMPLEX[precision],):
        for shape, axis, norm in itertools.product(((5,), (3, 4), (2, 3, 4)), (-1, 0), NORMS):
            for n in (None, 3, 6, 1):
                check(f"fft.{name}", array(shape, dtype), n=n, axis=axis, norm=norm)


@pytest.mark.parametrize("name", ["fftn", "ifftn", "rfftn", "irfftn"])
@pytest.mark.parametrize("precision", [0, 1])
def test_transforms_along_several_axes(name, precision):
    x = array((2, 3, 4), (REAL if name == "rfftn" else COMPLEX)[precision])
    for norm in NORMS:
        for s, dims in ((None, None), ((3, 2), (0, 1)), (None, (2, 0)), ((2, 5), (-1, -2)), ((4,), (1,))):
            check(f"fft.{name}", x, s=s, axes=dims, norm=norm)


def test_frequencies():
    for n, d in itertools.product((1, 2, 5, 8), (1.0, 0.25)):
        for name in "fftfreq", "rfftfreq":
            for dtype in REAL:
                check(f"fft.{name}", n, d=d, dtype=np.dtype(dtype))
    assert xp.fft.fftfreq(4).dtype is xp.fft.rfftfreq(4, device="cpu").dtype is xp.float32
    for dims in (None, 0, -1, (0, 2)):
        for name in "fftshift", "ifftshift":
            check(f"fft.{name}", array((3, 4, 5), "float32"), axes=dims)
            check(f"fft.{name}", array((3, 4, 5), "complex64"), axes=dims)
