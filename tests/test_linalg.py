"""Linear algebra: errors, tolerances, degenerate matrices, and what the samples cannot say in one line."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import mibun as torch
from mibun import linalg
from mibun.autograd import gradcheck, gradgradcheck
from mibun.xp.numpy import linalg as numpy_linalg

ONES = torch.ones(3, 3)
EYE = torch.eye(3)


def numbers(*shape: int, seed: int = 0, complex_: bool = False) -> torch.Tensor:
    random = np.random.default_rng(seed)
    values = random.standard_normal(shape)
    return torch.from_numpy(values + 1j * random.standard_normal(shape) if complex_ else values)


# --- singular matrices ---


def test_linalg_error_is_a_runtime_error() -> None:
    assert issubclass(linalg.LinAlgError, RuntimeError)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: linalg.inv(ONES), "linalg.inv: The diagonal element 2 is zero"),
        (lambda: linalg.inv(torch.stack([EYE, ONES])), r"linalg.inv: \(Batch element 1\): The diagonal element 2"),
        (lambda: linalg.inv_ex(ONES, check_errors=True), "linalg.inv_ex: The diagonal element 2 is zero"),
        (lambda: linalg.solve(ONES, EYE), "torch.linalg.solve: The solver failed because the input matrix is singular"),
        (lambda: linalg.cholesky(-EYE), "linalg.cholesky: The factorization could not be completed"),
        (lambda: torch.cholesky_inverse(torch.zeros(2, 2)), "cholesky_inverse: The diagonal element 1 is zero"),
        (lambda: linalg.svd(EYE * float("nan")), "linalg.svd: The algorithm failed to converge"),
        (lambda: linalg.eigh(EYE * float("nan")), "linalg.eigh: The algorithm failed to converge"),
    ],
)
def test_failures(call, words: str) -> None:
    with pytest.raises(linalg.LinAlgError, match=words):
        call()


def test_info_in_place_of_errors() -> None:
    inverse, info = linalg.inv_ex(torch.stack([EYE, ONES, torch.zeros(3, 3)]))
    assert info.tolist() == [0, 2, 1]
    assert info.dtype == torch.int32
    assert torch.equal(inverse[0], EYE)
    assert not inverse[1].isfinite().all()
    result, info = linalg.solve_ex(ONES, EYE)
    assert info.item() == 2
    assert result.shape == (3, 3)
    factor, info = linalg.cholesky_ex(torch.tensor([[4.0, 2.0], [2.0, 0.5]]))
    assert info.item() == 2
    assert factor[0, 0].item() == 2.0
    assert linalg.lu_factor_ex(ONES).info.item() == 2
    with pytest.raises(RuntimeError, match=r"U\[2,2\] is zero and using it on lu_solve"):
        linalg.lu_factor(ONES)


def test_triangular_solution_divides_by_zero() -> None:
    a = torch.tensor([[0.0, 1.0], [0.0, 2.0]])
    assert linalg.solve_triangular(a, torch.ones(2, 1), upper=True)[0].isinf().all()


@pytest.mark.parametrize("scipy", [True, False])
@pytest.mark.parametrize("upper", [True, False])
def test_large_triangular_systems(upper: bool, scipy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """By LAPACK, and halved where SciPy is not installed."""
    if not scipy:
        monkeypatch.setattr(numpy_linalg, "_lapack", lambda name, char: None)
    a = numbers(150, 150) + 20 * torch.eye(150, dtype=torch.float64)
    a = a.triu() if upper else a.tril()
    b = numbers(150, 3, seed=1)
    assert torch.allclose(a @ linalg.solve_triangular(a, b, upper=upper), b)


# --- gradients where a formula with the inverse would fail ---


def test_det_at_matrices_of_any_rank() -> None:
    rank_2 = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]], dtype=torch.float64, requires_grad=True)
    (grad,) = torch.autograd.grad(linalg.det(rank_2), rank_2)
    expected = torch.tensor([[-3.0, 6.0, -3.0], [6.0, -12.0, 6.0], [-3.0, 6.0, -3.0]], dtype=torch.float64)
    assert torch.allclose(grad, expected)
    for values in (np.zeros((3, 3)), np.outer([1.0, 2, 3], [1.0, 0, 2]), np.eye(3), np.diag([1.0, 1, 0])):
        a = torch.from_numpy(values.astype(float)).requires_grad_()
        assert gradcheck(linalg.det, a, check_forward_ad=True)
        assert gradgradcheck(linalg.det, a)


def test_third_derivative_of_det() -> None:
    a = numbers(3, 3).requires_grad_()
    (first,) = torch.autograd.grad(linalg.det(a), a, create_graph=True)
    assert gradgradcheck(lambda x: torch.autograd.grad(linalg.det(x), x, create_graph=True)[0], a)
    assert torch.allclose(first, linalg.det(a) * linalg.inv(a).mT)


def test_equal_singular_values_and_eigenvalues() -> None:
    """Only the vectors' own gradients need the values to differ."""
    for call in (linalg.svdvals, lambda x: linalg.matrix_norm(x, "nuc"), linalg.eigvalsh):
        a = torch.eye(3, dtype=torch.float64, requires_grad=True)
        call(a).sum().backward()
        assert torch.allclose(a.grad, torch.eye(3, dtype=torch.float64))
    a = torch.eye(3, dtype=torch.float64, requires_grad=True)
    (linalg.eigh(a).eigenvectors * numbers(3, 3)).sum().backward()  # of the sum alone the gradients cancel
    assert not a.grad.isfinite().all()


def test_logdet_of_a_negative_determinant() -> None:
    a = (-torch.eye(3)).requires_grad_()
    value = torch.logdet(a)
    assert value.isnan()
    value.backward()
    assert not a.grad.any()
    assert torch.logdet(torch.zeros(2, 2)).item() == -np.inf


def test_pinv_of_deficient_rank() -> None:
    a = numbers(4, 2).matmul(numbers(2, 3, seed=1)).requires_grad_()
    p = linalg.pinv(a)
    assert torch.allclose(a @ p @ a, a)
    weights = numbers(3, 4, seed=2)
    (grad,) = torch.autograd.grad((p * weights).sum(), a)
    # Along a direction that keeps the rank, the derivative is the gradient's.
    direction = a.detach() @ numbers(3, 3, seed=3)
    ahead, behind = (linalg.pinv(a.detach() + eps * direction, rtol=1e-8) for eps in (1e-6, -1e-6))
    numeric = ((ahead - behind) * weights).sum() / 2e-6
    assert torch.allclose((grad * direction).sum(), numeric, rtol=1e-5)


# --- phases ---


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda a: linalg.svd(a).U, "svd_backward: The singular vectors in the complex case"),
        (lambda a: linalg.eigh(a).eigenvectors, "linalg_eigh_backward: The eigenvectors in the complex case"),
        (lambda a: linalg.eig(a).eigenvectors, "linalg_eig_backward: The eigenvectors in the complex case"),
    ],
)
def test_losses_that_depend_on_phases_are_refused(call, words: str) -> None:
    a = numbers(3, 3, complex_=True).requires_grad_()
    with pytest.raises(RuntimeError, match=words):
        call(a).real.sum().backward()
    call(a).abs().sum().backward()
    assert a.grad.isfinite().all()


# --- modes and options ---


def test_qr_refuses_what_has_no_derivative() -> None:
    a = numbers(4, 3).requires_grad_()
    with pytest.raises(RuntimeError, match="The derivative of linalg.qr depends on Q"):
        linalg.qr(a, "r").R.sum().backward()
    with pytest.raises(RuntimeError, match="not differentiable when mode='complete' and nrows > ncols"):
        linalg.qr(a, "complete").Q.sum().backward()
    with pytest.raises(RuntimeError, match="qr received unrecognized mode 'full'"):
        linalg.qr(a, "full")


def test_q_from_its_reflections() -> None:
    for complex_ in (False, True):
        a = numbers(2, 5, 3, complex_=complex_)
        reflectors, tau = torch.geqrf(a)
        q, r = linalg.qr(a)
        assert torch.allclose(linalg.householder_product(reflectors, tau), q)
        assert torch.allclose(reflectors[:, :3].triu(), r)
        padded = torch.cat([r, torch.zeros(2, 2, 3, dtype=r.dtype)], 1)
        assert torch.allclose(torch.ormqr(reflectors, tau, padded), a)
        assert torch.allclose(torch.ormqr(reflectors, tau, a, transpose=True), padded, atol=1e-12)


def test_lstsq_drivers() -> None:
    a, b = numbers(4, 3), numbers(4, 2, seed=1)
    expected = np.linalg.lstsq(a.numpy(), b.numpy(), rcond=None)
    for driver, shapes in {
        None: [(0,), (), (0,)],
        "gels": [(2,), (0,), (0,)],
        "gelsy": [(0,), (), (0,)],
        "gelsd": [(2,), (), (3,)],
        "gelss": [(2,), (), (3,)],
    }.items():
        result = linalg.lstsq(a, b, driver=driver)
        np.testing.assert_allclose(result.solution.numpy(), expected[0])
        assert [tuple(part.shape) for part in result[1:]] == shapes
        if result.residuals.numel():
            np.testing.assert_allclose(result.residuals.numpy(), expected[1])
    with pytest.raises(RuntimeError, match="parameter `driver` should be one of"):
        linalg.lstsq(a, b, driver="qr")


def test_tolerances() -> None:
    a = torch.diag(torch.tensor([4.0, 1.0, 0.25]))
    assert linalg.matrix_rank(a).item() == 3
    assert linalg.matrix_rank(a, atol=0.5).item() == linalg.matrix_rank(a, 0.5).item() == 2
    assert linalg.matrix_rank(a, rtol=0.5).item() == 1
    assert linalg.matrix_rank(a, atol=torch.tensor(0.5), rtol=0.5).item() == 1
    assert linalg.matrix_rank(-a, hermitian=True).item() == 3
    batch = torch.stack([a, a])
    assert linalg.matrix_rank(batch, atol=torch.tensor([0.5, 2.0])).tolist() == [2, 1]
    assert torch.equal(linalg.pinv(a, rtol=0.5), torch.diag(torch.tensor([0.25, 0.0, 0.0])))
    assert torch.equal(linalg.pinv(a, 0.5), linalg.pinv(a, rtol=torch.tensor(0.5)))


def test_condition_of_singular_matrices() -> None:
    for p in (None, 2, "fro", "nuc", 1, -1, np.inf):
        assert linalg.cond(torch.ones(2, 2), p).item() > 1e7
    with pytest.raises(RuntimeError, match="linalg.cond got an invalid norm type: 3"):
        linalg.cond(EYE, 3)


def test_ldl_of_indefinite_matrices() -> None:
    for complex_, hermitian in ((False, False), (True, False), (True, True)):
        for seed in range(6):
            a = numbers(2, 6, 6, seed=seed, complex_=complex_)
            a = a + (a.mH if hermitian else a.mT)
            if seed == 0 and not complex_:
                a = a * (1 - torch.eye(6, dtype=a.dtype))  # zeros on the diagonal want blocks of size 2
            factors, pivots = linalg.ldl_factor(a, hermitian=hermitian)
            b = numbers(6, 2, seed=9, complex_=complex_)
            assert torch.allclose(a @ linalg.ldl_solve(factors, pivots, b, hermitian=hermitian), b.expand(2, 6, 2))
            if seed == 0 and not complex_:
                assert (pivots < 0).any()
        a = numbers(90, 90, complex_=complex_)
        a = a + (a.mH if hermitian else a.mT)
        b = numbers(90, 1, complex_=complex_)
        found = linalg.ldl_solve(*linalg.ldl_factor(a, hermitian=hermitian), b, hermitian=hermitian)
        assert (a @ found - b).abs().max() < 1e-10  # nothing grows


def test_matrix_exponential_of_large_and_small_norms() -> None:
    """Each matrix of a batch is scaled by what it needs."""
    angles = torch.tensor([1e-9, 0.3, 50.0], dtype=torch.float64)
    zero = torch.zeros_like(angles)
    turns = torch.stack([torch.stack([zero, -angles], -1), torch.stack([angles, zero], -1)], -2)
    expected = torch.stack(
        [torch.stack([angles.cos(), -angles.sin()], -1), torch.stack([angles.sin(), angles.cos()], -1)], -2
    )
    assert torch.allclose(linalg.matrix_exp(turns), expected, rtol=1e-11, atol=1e-13)
    assert linalg.matrix_exp(torch.full((2, 2), float("nan"))).isnan().all()


def test_cross_without_dim_warns() -> None:
    a, b = numbers(3, 3), numbers(3, 3, seed=1)
    with pytest.warns(UserWarning, match="Using torch.cross without specifying the dim arg is deprecated"):
        result = torch.cross(a, b)
    assert torch.equal(result, linalg.cross(a, b, dim=0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert torch.equal(torch.cross(a, b, -1), linalg.cross(a, b))


def test_distances_of_zero_have_zero_gradients() -> None:
    for p in (0.0, 0.5, 1.0, 2.0, 3.0, np.inf):
        x = torch.zeros(3, 2, dtype=torch.float64, requires_grad=True)
        (torch.pdist(x, p).sum() + torch.cdist(x, x.detach(), p).sum()).backward()
        assert not x.grad.any()
    x = torch.zeros(30, 2, dtype=torch.float64, requires_grad=True)
    torch.cdist(x, x.detach()).sum().backward()
    assert not x.grad.any()


def test_cdist_by_product_and_directly() -> None:
    x, y = numbers(30, 4), numbers(5, 4, seed=1)
    direct = torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist")
    assert torch.allclose(torch.cdist(x, y), direct)
    with pytest.raises(ValueError, match="is not a valid value for compute_mode"):
        torch.cdist(x, y, compute_mode="fast")


def test_low_rank_approximations() -> None:
    torch.manual_seed(0)
    for shape in ((2, 7, 5), (5, 7)):
        a = numbers(*shape[:-1], 3) @ numbers(3, shape[-1], seed=1)
        u, s, v = torch.svd_lowrank(a, q=4)
        assert torch.allclose((u * s.unsqueeze(-2)) @ v.mH, a)
        u, s, v = torch.pca_lowrank(a, q=4)
        assert torch.allclose((u * s.unsqueeze(-2)) @ v.mH, a - a.mean(-2, keepdim=True))
        assert torch.allclose(s[..., :3], linalg.svdvals(a - a.mean(-2, keepdim=True))[..., :3])
    with pytest.raises(ValueError, match="must be non-negative integer and not greater than"):
        torch.pca_lowrank(a, q=6)
    x = numbers(4, 3).requires_grad_()
    torch.svd_lowrank(x, q=3)[1].sum().backward()
    assert torch.allclose(x.grad, torch.autograd.grad(linalg.svdvals(x).sum(), x)[0])


# --- dtypes, names, results ---


def test_results_are_named() -> None:
    result = torch.svd(EYE)
    assert type(result).__name__ == "svd"
    assert repr(linalg.slogdet(EYE)).startswith("torch.return_types.linalg_slogdet(\nsign=")
    q, r = linalg.qr(EYE, out=(torch.empty(0), torch.empty(0)))
    assert torch.allclose(q @ r, EYE)
    with pytest.raises(TypeError, match="must be a tuple of 2 Tensors"):
        linalg.qr(EYE, out=(torch.empty(0),))


def test_saved_values_are_those_of_pytorch() -> None:
    """What may be modified before the backward, and what may not."""
    a = numbers(3, 3).requires_grad_()
    for call, saves_operand, saves_result in (
        (linalg.inv, False, True),
        (linalg.svdvals, False, True),
        (linalg.matrix_exp, True, False),
        (linalg.pinv, True, True),
    ):
        for which, saved in enumerate((saves_operand, saves_result)):
            operand = a * 1
            result = call(operand)
            with torch.no_grad():
                (operand, result)[which].add_(1)
            if saved:
                with pytest.raises(RuntimeError, match="modified by an inplace operation"):
                    result.sum().backward()
            else:
                result.sum().backward()


def test_nothing_is_decomposed_twice_without_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("the vectors are not wanted")

    monkeypatch.setattr("mibun.xp.numpy.namespace.svd_factors", refuse)
    monkeypatch.setattr("mibun.xp.numpy.namespace.hermitian_eigen", refuse)
    assert linalg.svdvals(EYE).tolist() == linalg.eigvalsh(EYE).tolist() == [1.0, 1.0, 1.0]


def test_elimination_equals_that_of_lapack() -> None:
    for shape in ((4, 4), (5, 3), (3, 5)):
        a = numbers(2, *shape)
        lower_upper, pivots, info = numpy_linalg.eliminate(a.numpy(), True)
        for ours, lapack in zip((lower_upper, pivots, info), numpy_linalg.lu_with_info(a.numpy()), strict=True):
            np.testing.assert_allclose(ours, lapack, atol=1e-14)
            assert ours.dtype == lapack.dtype
        order = numpy_linalg.permutation_of(pivots, shape[0])
        k = min(shape)
        lower = np.tril(lower_upper[..., :k], -1) + np.eye(shape[0], k)
        upper = np.triu(lower_upper[..., :k, :])
        np.testing.assert_allclose(lower @ upper, np.take_along_axis(a.numpy(), order[..., None], 1), atol=1e-14)
        assert np.abs(lower).max() <= 1.0
        assert not info.any()


@pytest.mark.parametrize("dtype", ["f4", "f8", "c8", "c16"])
@pytest.mark.parametrize("shape", [(3, 3), (2, 2), (4, 6), (6, 4), (1, 3), (3, 1), (1, 1)])
def test_many_small_matrices_are_eliminated_like_single_ones(shape: tuple[int, int], dtype: str) -> None:
    rng = np.random.default_rng(0)
    a = (rng.normal(size=(4, 30, *shape)) + (1j * rng.normal(size=(4, 30, *shape)) if dtype[0] == "c" else 0)).astype(
        dtype
    )
    a[1, 3], a[1, 4, -1], a[2, 5, :, -1] = 0, a[1, 4, 0], 0  # singular ones
    a[3, 6, -1, 0], a[3, 7, 0, -1] = np.nan, np.inf
    before = a.copy()
    with np.errstate(all="ignore"):
        lower_upper, pivots, info = numpy_linalg.eliminate(a, True)
    np.testing.assert_array_equal(a, before)
    tolerance = 50 * np.finfo(dtype).eps
    for at in np.ndindex(4, 30):
        if not np.isfinite(a[at]).all():
            assert not np.isfinite(lower_upper[at]).all()
            continue
        single = numpy_linalg.eliminate(a[at], True)
        np.testing.assert_allclose(lower_upper[at], single[0], rtol=tolerance, atol=tolerance)
        np.testing.assert_array_equal(pivots[at], single[1])
        assert info[at] == single[2]
    assert info[1, 3] == 1 and (lower_upper.dtype, pivots.dtype, info.dtype) == (dtype, np.int32, np.int32)


@pytest.mark.parametrize("dtype", ["f4", "f8", "c8", "c16"])
@pytest.mark.parametrize("shape", [(3, 3), (5, 3), (3, 5), (1, 1), (4, 1), (1, 4), (30, 30)])
def test_the_factors_of_a_small_matrix_are_those_of_larger_ones(shape: tuple[int, int], dtype: str) -> None:
    """QR: by LAPACK itself where SciPy is installed, else by NumPy, which is said to be in double precision, too."""
    rng = np.random.default_rng(0)
    a = (rng.normal(size=shape) + (1j * rng.normal(size=shape) if dtype[0] == "c" else 0)).astype(dtype)
    before = a.copy()
    for mode in ("reduced", "complete"):
        found, expected = numpy_linalg.qr_factors(a, mode), np.linalg.qr(a, mode=mode)  # type: ignore[call-overload]
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=10 * np.finfo(dtype).eps)
            assert ours.dtype == dtype and ours.flags.c_contiguous
    triangle = numpy_linalg.qr_triangle(a)
    np.testing.assert_allclose(triangle, np.linalg.qr(a, mode="r"), atol=10 * np.finfo(dtype).eps)
    np.testing.assert_array_equal(a, before)
