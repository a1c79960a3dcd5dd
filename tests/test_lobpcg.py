"""`lobpcg` against the whole decomposition: all ways to call it, convergence, what a tracker sees, gradients."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import mibun as torch


def symmetric(m: int = 24, *batch: int, positive: bool = False, seed: int = 0) -> torch.Tensor:
    A = torch.tensor(np.random.default_rng(seed).normal(size=(*batch, m, m)))
    return A @ A.mT + 0.1 * torch.eye(m, dtype=torch.float64) if positive else (A + A.mT) / 2


def check(A, values, vectors, k, largest=True, B=None, tol=1e-6):
    """Eigenpairs of the whole decomposition, orthonormal by B."""
    whole = torch.eye(A.shape[-1], dtype=A.dtype) if B is None else B
    root = torch.linalg.inv(torch.linalg.cholesky(whole))
    expected = torch.linalg.eigvalsh(root @ A @ root.mT)
    expected = expected.flip(-1)[..., :k] if largest else expected[..., :k]
    assert torch.allclose(values, expected, rtol=tol, atol=tol)
    assert torch.allclose(A @ vectors, whole @ vectors * values.unsqueeze(-2), atol=1e-4)
    assert torch.allclose(vectors.mT @ whole @ vectors, torch.eye(k, dtype=A.dtype).expand(*A.shape[:-2], k, k))


@pytest.mark.parametrize("method", ["ortho", "basic"])
@pytest.mark.parametrize("largest", [True, False])
def test_eigenpairs(method: str, largest: bool) -> None:
    torch.manual_seed(0)
    for k, weighted in itertools.product((1, 3), (False, True)):
        A = symmetric(positive=not weighted, seed=k)
        B = symmetric(positive=True, seed=9) if weighted else None
        values, vectors = torch.lobpcg(A, k, B, largest=largest, method=method, tol=1e-9)
        check(A, values, vectors, k, largest, B)


def test_the_other_ways_to_call_it() -> None:
    torch.manual_seed(0)
    A = symmetric(positive=True)
    for options in (
        {"X": torch.randn(24, 2, dtype=torch.float64)},
        {"k": 2, "n": 4},
        {"k": 2, "iK": torch.linalg.inv(A), "largest": False},
        {"k": 2, "ortho_bparams": {"use_drop": True}, "ortho_iparams": {"i_max": 2}},
        {"k": 2, "ortho_fparams": {"tol_replace": 1e-10}},
    ):
        check(A, *torch.lobpcg(A, **options), 2, options.get("largest", True))
    for sparse in (A.to_sparse(), A.to_sparse_csr()):
        check(A, *torch.lobpcg(sparse, k=2), 2)
    batch = symmetric(12, 2, 3, positive=True)
    check(batch, *torch.lobpcg(batch, k=2), 2)
    assert torch.lobpcg(A.float(), k=1)[0].dtype is torch.float32
    assert torch.lobpcg(A)[0].shape == (1,)


def test_a_large_sparse_matrix() -> None:
    """The smallest eigenvalues of a second difference, which are known: 4 sin²(j π / (2 (n + 1)))."""
    torch.manual_seed(0)
    n = 300
    diagonals = torch.tensor([[-1.0], [2.0], [-1.0]], dtype=torch.float64).expand(3, n)
    A = torch.sparse.spdiags(diagonals, torch.tensor([-1, 0, 1]), (n, n)).coalesce()
    values, _ = torch.lobpcg(A, k=3, largest=False, niter=2000, tol=1e-9, n=6)
    expected = 4 * (torch.arange(1, 4) * torch.pi / (2 * (n + 1))).double().sin() ** 2
    assert torch.allclose(values, expected, rtol=1e-4, atol=1e-9)


def test_the_tracker_sees_every_iteration() -> None:
    torch.manual_seed(0)
    seen = []
    torch.lobpcg(
        symmetric(),
        k=2,
        tracker=lambda worker: seen.append(
            (worker.ivars["istep"], worker.ivars["converged_count"], worker.tvars["rerr"].max().item(), worker.X.shape)
        ),
    )
    assert [entry[0] for entry in seen] == list(range(1, len(seen) + 1)) and len(seen) > 3
    assert seen[-1][1] == 2 and seen[-1][2] < 1.5e-8 < seen[0][2]
    stopped = []

    def stop(worker):
        stopped.append(worker.ivars["iterations_left"])
        worker.bvars["force_stop"] = True

    torch.lobpcg(symmetric(), k=2, tracker=stop, niter=7)
    assert stopped == [6]
    seen.clear()
    torch.lobpcg(symmetric(), k=2, niter=2, tracker=lambda worker: seen.append(worker.method))
    assert seen == ["ortho", "ortho"]


def test_gradients_are_those_of_the_whole_decomposition() -> None:
    torch.manual_seed(0)
    weights = torch.arange(24.0, dtype=torch.float64).reshape(12, 2)
    for largest in (True, False):
        A = symmetric(12, positive=True).requires_grad_()
        values, vectors = torch.lobpcg(A, k=2, largest=largest, tol=1e-13)
        (found,) = torch.autograd.grad((values * weights[0]).sum() + (vectors**2 * weights).sum(), A)
        all_values, all_vectors = torch.linalg.eigh(A)
        which = [-1, -2] if largest else [0, 1]
        loss = (all_values[which] * weights[0]).sum() + (all_vectors[:, which] ** 2 * weights).sum()
        (expected,) = torch.autograd.grad(loss, A)
        assert torch.allclose(found, (expected + expected.mT) / 2, rtol=1e-5, atol=1e-6)
    start = torch.randn(9, 2, dtype=torch.float64)

    def squares(A):
        values, vectors = torch.lobpcg((A + A.mT) / 2, X=start, tol=1e-12, niter=60)
        return values, vectors**2

    A = symmetric(9, positive=True).requires_grad_()
    assert torch.autograd.gradcheck(squares, (A,), atol=1e-4)
    assert torch.autograd.gradgradcheck(lambda A: squares(A)[0], (A,), atol=1e-3)


def test_what_is_refused() -> None:
    A = symmetric(12)
    for call, error, words in (
        (lambda: torch.lobpcg(A[:5], k=1), AssertionError, "A must be square"),
        (lambda: torch.lobpcg(A, k=5), ValueError, "smaller than 3 x the number of"),
        (lambda: torch.lobpcg(A, k=2, method="x"), ValueError, "unknown LOBPCG method"),
        (lambda: torch.lobpcg(A.long(), k=1), RuntimeError, "same dtype"),
        (
            lambda: torch.lobpcg(A.to_sparse().requires_grad_(), k=1)[0].sum().backward(),
            ValueError,
            "does not support sparse input",
        ),
        (
            lambda: torch.lobpcg(A.requires_grad_(), k=1, B=symmetric(12, positive=True))[0].sum().backward(),
            ValueError,
            "with B != I",
        ),
    ):
        with pytest.raises(error, match=words):
            call()
