"""`torch.lobpcg`: a few eigenpairs of a large symmetric matrix, by products with it alone.

The locally optimal block preconditioned conjugate gradient method: each step looks for the best eigenvectors within
what the current ones X, their residuals W (preconditioned) and the last change P span. Knyazev (2001) for the method;
Hetmaniuk and Lehoucq (2006) and Duersch et al. (2018) for the orthonormal basis of that space, which keeps it from
falling apart near convergence; Stathopoulos and Wu (2002) for how a block is made orthonormal by its Gram matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mibun as torch

from .autograd.function import Function
from .core.tensor import Tensor


def lobpcg(
    A: Tensor,
    k: int | None = None,
    B: Tensor | None = None,
    X: Tensor | None = None,
    n: int | None = None,
    iK: Tensor | None = None,
    niter: int | None = None,
    tol: float | None = None,
    largest: bool | None = None,
    method: str | None = None,
    tracker: Callable[[LOBPCG], Any] | None = None,
    ortho_iparams: dict[str, int] | None = None,
    ortho_fparams: dict[str, float] | None = None,
    ortho_bparams: dict[str, bool] | None = None,
) -> tuple[Tensor, Tensor]:
    """The k largest (or smallest) eigenvalues of A x = λ B x, and the eigenvectors, for a symmetric A.

    Args:
        A: (*, m, m), dense or sparse, floating.
        k: how many; as many as columns of X if left out, or 1.
        B: (*, m, m), symmetric and positive definite; the identity if left out.
        X: (*, m, n), where to start; random if left out. n: how many columns then, at least k.
        iK: (*, m, m), a preconditioner: an approximate inverse of A (or of A - λ B).
        niter: the most iterations (1000; negative for any number). tol: for residuals (√eps).
        largest: whether the largest are wanted, as by default.
        method: "ortho" (the default), with an orthonormal basis, or "basic".
        tracker: called with the worker after each iteration: see `LOBPCG`.
        ortho_iparams, ortho_fparams, ortho_bparams: "i_max" and "j_max", "tol", "tol_drop" and "tol_replace",
            "use_drop": of making blocks orthonormal.

    Returns:
        the eigenvalues (*, k), the best converged ones first, and the eigenvectors (*, m, k). Gradients flow back to a
        dense A if B is the identity; they exist for different eigenvalues only.

    Raises:
        ValueError: for m < 3 n, and unknown methods. RuntimeError: for integers. AssertionError: for A not square.

    >>> import mibun as torch
    >>> A = torch.diag(torch.arange(1., 11., dtype=torch.float64))
    >>> values, vectors = torch.lobpcg(A, k=2, X=torch.eye(10, 2, dtype=torch.float64) + 0.1)
    >>> values.round()
    tensor([10.,  9.], dtype=torch.float64)
    """
    if A.shape[-2] != A.shape[-1]:
        raise AssertionError(f"A must be square, got shape {A.shape}")
    arguments = (k, X, n, iK, niter, tol, largest, method, tracker, ortho_iparams, ortho_fparams, ortho_bparams)
    if torch.is_grad_enabled() and (A.requires_grad or (B is not None and B.requires_grad)):
        symmetric = (A + A.mT) / 2 if A.layout is torch.strided else A
        other = B if B is None else (B + B.mT) / 2
        return _Eigenpairs.apply(symmetric, other, arguments)
    return _solved(A, B, *arguments)


def _solved(A, B, k, X, n, iK, niter, tol, largest, method, tracker, iparams, fparams, bparams) -> tuple:
    dtype = A.dtype if A.dtype.is_floating_point else torch.float32
    m = A.shape[-1]
    k = (1 if X is None else X.shape[-1]) if k is None else k
    n = (k if n is None else n) if X is None else X.shape[-1]
    if m < 3 * n:
        raise ValueError(
            f"LOBPCG algorithm is not applicable when the number of A rows (={m}) is smaller than 3 x the number of "
            f"requested eigenpairs (={n})"
        )
    method = "ortho" if method is None else method
    if method not in ("ortho", "basic"):
        raise ValueError(f"unknown LOBPCG method: {method!r}; use 'ortho' or 'basic'")
    tol = torch.finfo(dtype).eps ** 0.5 if tol is None else tol
    whole = {"m": m, "n": n, "k": k, "niter": 1000 if niter is None else niter}
    whole |= {f"ortho_{name}": value for name, value in {"i_max": 3, "j_max": 3, **(iparams or {})}.items()}
    real = {"tol": tol}
    real |= {
        f"ortho_{name}": value
        for name, value in {"tol": tol, "tol_drop": tol, "tol_replace": tol, **(fparams or {})}.items()
    }
    flags = {"largest": True if largest is None else largest}
    flags |= {f"ortho_{name}": value for name, value in {"use_drop": False, **(bparams or {})}.items()}
    if X is None:
        X = torch.randn(*A.shape[:-2], m, n, dtype=dtype)
    if X.shape[-2:] != (m, n):
        raise AssertionError(f"X must be of the shape {(m, n)}, got {tuple(X.shape[-2:])}")
    if A.dim() == 2:
        worker = LOBPCG(A, B, X, iK, whole, real, flags, method, tracker)
        worker.run()
        return worker.E[:k], worker.X[:, :k]
    values, vectors = [], []
    batch = A.shape[:-2]
    count = batch.numel()
    for place in range(count):

        def of(matrix: Tensor | None, place: int = place) -> Tensor | None:
            return None if matrix is None else matrix.reshape(count, *matrix.shape[-2:])[place]

        worker = LOBPCG(of(A), of(B), of(X), of(iK), whole, real, flags, method, tracker)
        worker.run()
        values.append(worker.E[:k])
        vectors.append(worker.X[:, :k])
    return torch.stack(values).reshape(*batch, k), torch.stack(vectors).reshape(*batch, m, k)


class LOBPCG:
    """One run, as a tracker sees it.

    E: the eigenvalues (n); X: the vectors (m, n); R: their residuals; S: the basis of the last step. ivars: "istep",
    "iterations_left", "converged_count", "converged_end". tvars: "rerr", the relative residuals. fvars: norms. bvars:
    "force_stop", which the tracker may set. iparams, fparams, bparams: the options.
    """

    def __init__(
        self,
        A: Any,
        B: Any,
        X: Any,
        iK: Any,
        iparams: dict[str, int],
        fparams: dict[str, float],
        bparams: dict[str, bool],
        method: str,
        tracker: Callable | None,
    ) -> None:
        self.A, self.B, self.iK = A, B, iK
        self.iparams, self.fparams, self.bparams = iparams, fparams, bparams
        self.method, self.tracker = method, tracker
        self.X = X.detach()
        m, n = iparams["m"], iparams["n"]
        self.E = X.new_zeros(n)
        self.R = X.new_zeros(m, n)
        self.S = X.new_zeros(m, 3 * n)
        self.tvars: dict[str, Tensor] = {}
        self.ivars: dict[str, int] = {"istep": 0}
        self.fvars: dict[str, float] = {"_": 0.0}
        self.bvars: dict[str, bool] = {"_": False}
        self._last = X.new_zeros(m, 0)  # P

    def run(self) -> None:
        """Iterate until k pairs have converged, or the iterations are used up."""
        self.ivars["istep"] = 0
        self.ivars["iterations_left"] = self.iparams["niter"]
        self.ivars["converged_count"] = self.ivars["converged_end"] = 0
        image, other = self.A @ self.X, self._weighed(self.X)
        size = _norm(self.X)
        self.fvars |= {"X_norm": size, "A_norm": _norm(image) / size, "B_norm": _norm(other) / size}
        while not self.stop_iteration():
            self.update()
            if self.tracker is not None:
                self.tracker(self)

    def stop_iteration(self) -> bool:
        """Whether to stop: enough has converged, or the tracker wants it."""
        return (
            bool(self.bvars.get("force_stop", False))
            or self.ivars["iterations_left"] == 0
            or self.ivars["converged_count"] >= self.iparams["k"]
        )

    def update(self) -> None:
        """One iteration."""
        step = self._basic_step if self.method == "basic" else self._orthonormal_step
        if self.ivars["istep"] == 0:
            self._first_step()
        step()
        self.ivars["istep"] += 1
        self.ivars["iterations_left"] -= 1
        self._note_residuals()

    def _weighed(self, X: Any) -> Any:
        return X if self.B is None else self.B @ X

    def _best(self, small: Any, count: int) -> tuple[Any, Any]:
        """The first eigenpairs of a small symmetric matrix, the largest or the smallest first, and all the vectors."""
        values, vectors = torch.linalg.eigh((small + small.mT) / 2)
        if self.bparams["largest"]:
            values, vectors = values.flip(0), vectors.flip(1)
        return values[:count], vectors

    def _first_step(self) -> None:
        """X made orthonormal, and rotated to the best vectors that it spans."""
        n = self.iparams["n"]
        basis = self._whitened(self.X)
        self.E, vectors = self._best(basis.mT @ (self.A @ basis), n)
        self.X = basis @ vectors
        self._note_residuals()

    def _whitened(self, S: Any) -> Any:
        """A basis of the same space, of length 1 and at right angles by B: through the Gram matrix, scaled first."""
        gram = S.mT @ self._weighed(S)
        scale = gram.diagonal().clamp(min=torch.finfo(S.dtype).tiny).rsqrt()
        factor = torch.linalg.cholesky(gram * scale[:, None] * scale, upper=True)
        return torch.linalg.solve_triangular(factor, S * scale, upper=True, left=False)

    def _note_residuals(self) -> None:
        """R, and how many of the first pairs have converged: those whose relative residual is below the tolerance."""
        self.R = self.A @ self.X - self._weighed(self.X) * self.E
        sizes = self.R.norm(dim=0)
        scale = self.X.norm(dim=0) * (self.fvars["A_norm"] + self.E.abs() * self.fvars["B_norm"])
        self.tvars["rerr"] = sizes / scale
        converged = (self.tvars["rerr"] < self.fparams["tol"]).tolist()
        count = converged.index(False) if False in converged else len(converged)
        self.ivars["converged_count"] = max(count, self.ivars["converged_count"])
        self.ivars["converged_end"] = self.ivars["converged_count"] + self._last.shape[1] + len(converged) - count

    def _directions(self) -> Any:
        """The residuals of what has not converged, preconditioned: W."""
        W = self.R[:, self.ivars["converged_count"] :]
        return W if self.iK is None else self.iK @ W

    def _basic_step(self) -> None:
        n = self.iparams["n"]
        X, P, W = self.X, self._last, self._directions()
        P = P[:, : W.shape[1]]  # (what has converged is not moved any more)
        S = torch.cat([X, P, W], 1)
        S = S / S.norm(dim=0).clamp(min=torch.finfo(S.dtype).tiny)
        gram = S.mT @ self._weighed(S)
        values, vectors = torch.linalg.eigh((gram + gram.mT) / 2)
        # What hardly adds to the space is left out, where the Gram matrix is singular by rounding.
        kept = values > torch.finfo(S.dtype).eps * S.shape[1] * values[-1]
        to_basis = vectors[:, kept] * values[kept].rsqrt()
        basis = S @ to_basis
        self.E, rotation = self._best(basis.mT @ (self.A @ basis), n)
        parts = to_basis @ rotation[:, :n]
        self.S = S
        self.X = S @ parts
        self._last = S[:, n:] @ parts[n:]

    def _orthonormal_step(self) -> None:
        n = self.iparams["n"]
        X, P = self.X, self._last
        known = torch.cat([X, P], 1)
        W = self._orthonormal(self._directions(), known)
        S = torch.cat([known, W], 1)
        self.E, rotation = self._best(S.mT @ (self.A @ S), n)
        change = rotation[:, :n].clone()
        change[:n] = 0  # what P and W have added
        self.S = S
        self.X = S @ rotation[:, :n]
        count = min(n, self.iparams["n"] - self.ivars["converged_count"]) or n
        self._last = self._orthonormal((S @ change)[:, :count], self.X)

    def _orthonormal(self, U: Any, V: Any) -> Any:
        """A basis, orthonormal by B, of what U has at right angles to V, which is orthonormal itself."""
        tol = self.fparams["ortho_tol"]
        weighed = self._weighed(V)
        size = _norm(weighed) or 1.0
        for i in range(self.iparams["ortho_i_max"]):
            U = U - V @ (weighed.mT @ U)
            j = 0
            for j in range(self.iparams["ortho_j_max"]):
                U = self._svqb(U)
                if U.shape[1] == 0:
                    return U
                other = self._weighed(U)
                gram = U.mT @ other
                error = _norm(gram - torch.eye(U.shape[1], dtype=U.dtype)) / (_norm(U) * _norm(other) or 1.0)
                self.fvars[f"ortho_UBUmI_rerr[{i}, {j}]"] = error
                if error < tol:
                    break
            left = _norm(weighed.mT @ U) / (size * _norm(U) or 1.0)
            self.fvars[f"ortho_VBU_rerr[{i}]"] = left
            self.ivars["ortho_i"], self.ivars["ortho_j"] = i, j
            if left < tol:
                break
        return U

    def _svqb(self, U: Any) -> Any:
        """U times what makes its Gram matrix (by B) the identity; directions that hardly exist are dropped or enlarged.

        Stathopoulos and Wu (2002), algorithm 4.
        """
        lengths = U.norm(dim=0)
        U = U[:, lengths > 0] if self.bparams["ortho_use_drop"] else U
        gram = U.mT @ self._weighed(U)
        diagonal = gram.diagonal()
        largest = diagonal.abs().max().item() if len(diagonal) else 0.0
        if largest == 0:
            return U[:, :0]
        scale = diagonal.clamp(min=largest * torch.finfo(U.dtype).eps ** 2).rsqrt()
        values, vectors = torch.linalg.eigh(gram * scale[:, None] * scale)
        if self.bparams["ortho_use_drop"]:
            kept = values > self.fparams["ortho_tol_drop"] * values.abs().max()
            values, vectors = values[kept], vectors[:, kept]
        else:
            values = values.clamp(min=(self.fparams["ortho_tol_replace"] * values.abs().max()).item())
        return U @ (vectors * scale[:, None] * values.rsqrt())


def _norm(X: Any) -> float:
    return X.norm().item()


class _Eigenpairs(Function):
    """The eigenpairs of a symmetric matrix with their derivative.

    With u_i the eigenvectors and λ_i the eigenvalues, dλ_j = u_jᵀ dA u_j and du_j = Σ_{i ≠ j} u_i (u_iᵀ dA u_j) /
    (λ_j - λ_i). The sum is over all eigenvectors, so the backward computes those that were not asked for.
    """

    @staticmethod
    def forward(ctx: Any, A: Tensor, B: Tensor | None, arguments: tuple) -> Any:
        values, vectors = _solved(A.detach(), None if B is None else B.detach(), *arguments)
        ctx.save_for_backward(A, values, vectors)
        ctx.weight = B
        ctx.largest = arguments[6] is not False
        return values, vectors

    @staticmethod
    def backward(ctx: Any, values_grad: Tensor, vectors_grad: Tensor) -> Any:  # type: ignore[override]
        A, values, vectors = ctx.saved_tensors
        if A.layout is not torch.strided:
            raise ValueError("lobpcg.backward does not support sparse input yet. Note that lobpcg.forward does though.")
        B = ctx.weight
        if B is not None and not torch.equal(B.detach(), torch.eye(B.shape[-1], dtype=B.dtype).expand_as(B)):
            raise ValueError("lobpcg.backward does not support backward with B != I yet.")
        k = values.shape[-1]
        all_values, all_vectors = torch.linalg.eigh(A)
        rest = slice(None, -k) if ctx.largest else slice(k, None)
        others, directions = all_values[..., rest], all_vectors[..., rest]
        # How far each λ_j is from the others: among those asked for, and from those that were not.
        gaps = values.unsqueeze(-2) - values.unsqueeze(-1)
        inside = torch.where(gaps == 0, torch.zeros_like(gaps), 1 / torch.where(gaps == 0, torch.ones_like(gaps), gaps))
        middle = (vectors.mT @ vectors_grad) * inside + torch.diag_embed(values_grad)
        found = vectors @ middle @ vectors.mT
        outside = (directions.mT @ vectors_grad) / (values.unsqueeze(-2) - others.unsqueeze(-1))
        found = found + directions @ outside @ vectors.mT
        return (found + found.mT) / 2, None, None
