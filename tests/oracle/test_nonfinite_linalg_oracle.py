"""NaN and infinity in every operand of every function of linear algebra, against PyTorch.

A bad element is put at every place of each operand in turn, alone and in one matrix of a batch, and the function is run
forward and backward with gradients enabled. The class of an error must be PyTorch's, NaN must not get lost, and the
matrices beside the bad one must be unharmed. Which elements become NaN, and what becomes of infinities, depends on the
order in which a LAPACK computes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import mibun

torch = pytest.importorskip("torch")

POSITIVE = np.array([[4.0, 1, 0.5], [1, 3, 0.25], [0.5, 0.25, 2]])
GENERAL = np.array([[1.0, 2, 0.5], [-1, 3, 0.25], [0.5, -2, 2]])
SIDE = np.array([[1.0, 2], [3, 4], [5, -6]])
VECTOR = np.array([1.0, -2, 3])
LOWER = np.tril(POSITIVE)
TALL = np.array([[1.0, 2], [3, 5], [-1, 2]])


def linalg(name: str, *arguments: Any, **options: Any) -> Callable:
    return lambda torch, *a: getattr(torch.linalg, name)(*a, *arguments, **options)


def older(name: str, *arguments: Any, **options: Any) -> Callable:
    return lambda torch, *a: getattr(torch, name)(*a, *arguments, **options)


FUNCTIONS: dict[str, tuple[Callable, list[np.ndarray]]] = {
    "linalg.det": (linalg("det"), [GENERAL]),
    "linalg.slogdet": (linalg("slogdet"), [GENERAL]),
    "linalg.inv": (linalg("inv"), [GENERAL]),
    "linalg.inv_ex": (linalg("inv_ex"), [GENERAL]),
    "linalg.solve": (linalg("solve"), [GENERAL, SIDE]),
    "linalg.solve left": (linalg("solve", left=False), [GENERAL, SIDE.T]),
    "linalg.solve vector": (linalg("solve"), [GENERAL, VECTOR]),
    "linalg.solve_ex": (linalg("solve_ex"), [GENERAL, SIDE]),
    "linalg.solve_triangular": (linalg("solve_triangular", upper=False), [LOWER, SIDE]),
    "linalg.solve_triangular upper": (linalg("solve_triangular", upper=True), [LOWER.T, SIDE]),
    "linalg.solve_triangular unit": (linalg("solve_triangular", upper=False, unitriangular=True), [LOWER, SIDE]),
    "linalg.cholesky": (linalg("cholesky"), [POSITIVE]),
    "linalg.cholesky upper": (linalg("cholesky", upper=True), [POSITIVE]),
    "linalg.cholesky_ex": (linalg("cholesky_ex"), [POSITIVE]),
    "linalg.eigh": (linalg("eigh"), [POSITIVE]),
    "linalg.eigvalsh": (linalg("eigvalsh"), [POSITIVE]),
    "linalg.eigvalsh upper": (linalg("eigvalsh", "U"), [POSITIVE]),
    "linalg.eig": (linalg("eig"), [GENERAL]),
    "linalg.eigvals": (linalg("eigvals"), [GENERAL]),
    "linalg.svd": (linalg("svd", full_matrices=False), [TALL]),
    "linalg.svdvals": (linalg("svdvals"), [TALL]),
    "linalg.qr": (linalg("qr"), [TALL]),
    "linalg.qr complete": (linalg("qr", mode="complete"), [GENERAL]),
    "linalg.lu": (linalg("lu"), [GENERAL]),
    "linalg.lu_factor": (linalg("lu_factor"), [GENERAL]),
    "linalg.lu_factor_ex": (linalg("lu_factor_ex"), [GENERAL]),
    "linalg.lu_solve": (
        lambda torch, a, b: torch.linalg.lu_solve(a, torch.ones(a.shape[:-1], dtype=torch.int32) * 3, b),
        [GENERAL, SIDE],
    ),
    "linalg.ldl_factor": (linalg("ldl_factor"), [POSITIVE]),
    "linalg.ldl_factor_ex": (linalg("ldl_factor_ex"), [POSITIVE]),
    "linalg.ldl_solve": (
        lambda torch, a, b: torch.linalg.ldl_solve(
            a, torch.ones(a.shape[:-1], dtype=torch.int32) * torch.arange(1, 4, dtype=torch.int32), b
        ),
        [LOWER, SIDE],
    ),
    "linalg.lstsq": (lambda torch, a, b: torch.linalg.lstsq(a, b)[:2], [TALL, SIDE]),
    "linalg.pinv": (linalg("pinv"), [TALL]),
    "linalg.pinv hermitian": (linalg("pinv", hermitian=True), [POSITIVE]),
    "linalg.matrix_rank": (linalg("matrix_rank"), [TALL]),
    "linalg.matrix_rank hermitian": (linalg("matrix_rank", hermitian=True), [POSITIVE]),
    "linalg.matrix_exp": (linalg("matrix_exp"), [GENERAL]),
    "linalg.matrix_power": (linalg("matrix_power", 3), [GENERAL]),
    "linalg.matrix_power negative": (linalg("matrix_power", -2), [GENERAL]),
    **{f"linalg.cond {p}": (linalg("cond", p), [GENERAL]) for p in (None, 2, -2, "fro", "nuc", 1, -1, np.inf, -np.inf)},
    **{
        f"linalg.matrix_norm {p}": (linalg("matrix_norm", p), [TALL])
        for p in (2, -2, "fro", "nuc", 1, -1, np.inf, -np.inf)
    },
    **{f"linalg.norm {p}": (linalg("norm", p), [VECTOR]) for p in (None, 0, 1, 2, 3, -1, np.inf, -np.inf)},
    **{f"linalg.vector_norm {p}": (linalg("vector_norm", p), [TALL]) for p in (0, 0.5, 1, 2, 3, -1, np.inf, -np.inf)},
    "linalg.householder_product": (linalg("householder_product"), [TALL, VECTOR[:2]]),
    "linalg.tensorinv": (lambda torch, a: torch.linalg.tensorinv(a.reshape(3, 1, 3), ind=1), [GENERAL]),
    "linalg.tensorsolve": (linalg("tensorsolve"), [GENERAL, VECTOR]),
    "linalg.multi_dot": (lambda torch, *a: torch.linalg.multi_dot(list(a)), [GENERAL, GENERAL, SIDE]),
    "linalg.matmul": (linalg("matmul"), [GENERAL, SIDE]),
    "linalg.cross": (linalg("cross"), [GENERAL, POSITIVE]),
    "linalg.vecdot": (linalg("vecdot"), [GENERAL, POSITIVE]),
    "linalg.vander": (linalg("vander"), [VECTOR]),
    "linalg.diagonal": (linalg("diagonal"), [GENERAL]),
    "det": (older("det"), [GENERAL]),
    "logdet": (older("logdet"), [POSITIVE]),
    "slogdet": (older("slogdet"), [GENERAL]),
    "inverse": (older("inverse"), [GENERAL]),
    "pinverse": (older("pinverse"), [TALL]),
    "cholesky": (older("cholesky"), [POSITIVE]),
    "cholesky_inverse": (older("cholesky_inverse"), [LOWER]),
    "cholesky_solve": (older("cholesky_solve"), [SIDE, LOWER]),
    "svd": (older("svd"), [TALL]),
    "qr": (older("qr"), [TALL]),
    "geqrf": (older("geqrf"), [TALL]),
    "orgqr": (older("orgqr"), [TALL, VECTOR[:2]]),
    "ormqr": (older("ormqr"), [TALL, VECTOR[:2], GENERAL]),
    "lu": (older("lu"), [GENERAL]),
    "lu_solve": (
        lambda torch, b, a: torch.lu_solve(b, a, torch.ones(a.shape[:-1], dtype=torch.int32) * 3),
        [SIDE, GENERAL],
    ),
    "lu_unpack": (lambda torch, a: torch.lu_unpack(a, torch.ones(a.shape[:-1], dtype=torch.int32) * 3), [GENERAL]),
    "triangular_solve": (older("triangular_solve", upper=False), [SIDE, LOWER]),
    "matrix_exp": (older("matrix_exp"), [GENERAL]),
    "matrix_power": (older("matrix_power", 2), [GENERAL]),
    "chain_matmul": (older("chain_matmul"), [GENERAL, SIDE]),
    "svd_lowrank": (lambda torch, a: torch.svd_lowrank(a, q=2)[1], [TALL]),
    "pca_lowrank": (lambda torch, a: torch.pca_lowrank(a, q=2)[1], [TALL]),
    "trace": (older("trace"), [GENERAL]),
    "ger": (older("ger"), [VECTOR, VECTOR]),
    "norm nuc": (older("norm", "nuc"), [TALL]),
    "norm": (older("norm"), [TALL]),
    "dist": (older("dist"), [VECTOR, 2 * VECTOR]),
    "cdist": (older("cdist"), [TALL, TALL]),
    "addmm": (older("addmm"), [GENERAL, GENERAL, POSITIVE]),
    "baddbmm": (lambda torch, a, b, c: torch.baddbmm(a[None], b[None], c[None]), [GENERAL, GENERAL, POSITIVE]),
    "renorm": (older("renorm", 2, 0, 1.0), [GENERAL]),
}
ONE_MATRIX = {
    "linalg.tensorinv",
    "linalg.tensorsolve",
    "linalg.multi_dot",
    "chain_matmul",
    "trace",
    "ger",
    "addmm",
    "baddbmm",
    "linalg.norm",
}


# PyTorch's backward of these raises for every input, its LAPACK fails an assertion, or sees NaN on the diagonal only.
UNLIKE = {
    *(f"linalg.cond {p}" for p in ("fro", "nuc", 1, -1, np.inf, -np.inf)),
    "linalg.lstsq",
    "linalg.ldl_factor",
    "geqrf",
}
# Where infinities make NaN inside, which a decomposition then refuses, depends on the inverse's order of operations.
UNLIKE_INFINITE = {"linalg.cond nuc"}
# Above the triangle that is read nothing matters, on purpose: PyTorch's gradient has the NaN of it.
TRIANGLES = {"cholesky_inverse", "cholesky_solve"}


def close(a: np.ndarray, b: np.ndarray) -> bool:
    return np.allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=True)


def run(library: Any, function: Callable, arrays: list[np.ndarray]) -> tuple:
    """The class of the error and where it was, or the results and the gradients."""
    operands = [library.tensor(array, requires_grad=True) for array in arrays]
    try:
        results = function(library, *operands)
    except Exception as error:
        return "forward", type(error).__name__, str(error)
    results = [part for part in (results if isinstance(results, (tuple, list)) else (results,))]
    values = [part.detach().numpy() for part in results]
    total = sum((part.abs() if part.is_complex() else part).sum() for part in results if part.requires_grad)
    try:
        if isinstance(total, int):
            return "no gradient", values, []
        total.backward()
    except Exception as error:
        return "backward", type(error).__name__, str(error)
    return "both", values, [o.grad if o.grad is None else o.grad.numpy() for o in operands]


def difference(found: tuple, expected: tuple, nan: bool) -> str | None:
    """What is wrong, if anything: another outcome, or NaN that got lost."""
    if isinstance(found[1], str) or isinstance(expected[1], str) or found[0] != expected[0]:
        return None if found[:2] == expected[:2] else f"{found[:2]} in the place of {expected[:2]}"
    for kind, ours, theirs in (("values", found[1], expected[1]), ("gradients", found[2], expected[2])):
        for a, b in zip(ours, theirs, strict=True):
            if (a is None) != (b is None):
                return f"{kind}: {a} in the place of {b}"
            if a is None:
                continue
            if a.shape != b.shape or (nan and np.isnan(b).any() and not np.isnan(a).any()):
                return f"{kind}: {a.tolist()} in the place of {b.tolist()}"
    return None


def bad_inputs(name: str, arrays: list[np.ndarray]) -> Any:
    for i, array in enumerate(arrays):
        for value in (np.nan, np.inf, -np.inf):
            for place in [*np.ndindex(array.shape), None]:
                bad = array.astype(float)
                bad[place if place is not None else ...] = value
                operands = [*arrays[:i], bad, *arrays[i + 1 :]]
                yield f"{value} at {place} of operand {i}", operands
                if name.split()[0] not in ONE_MATRIX:
                    yield (
                        f"batch: {value} at {place} of operand {i}",
                        [np.stack([x, y, x]) for x, y in zip(arrays, operands, strict=True)],
                    )


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.filterwarnings("ignore")  # of names that are deprecated
@pytest.mark.parametrize("name", FUNCTIONS)
def test_nonfinite(name: str) -> None:
    function, arrays = FUNCTIONS[name]
    wrong = []
    for label, operands in bad_inputs(name, arrays):
        found, expected = run(mibun, function, operands), run(torch, function, operands)
        if name in UNLIKE and expected[0] != "both" or name in UNLIKE_INFINITE and "nan" not in label:
            continue
        if name in TRIANGLES and any(f"nan at {place}" in label for place in ((0, 1), (0, 2), (1, 2))):
            continue
        fault = difference(found, expected, label.find("nan") >= 0)
        if fault is None and "batch" in label and found[0] == "both":
            for ours, theirs in zip((*found[1], *found[2]), (*expected[1], *expected[2]), strict=True):
                if ours is not None and ours.size and ours.ndim and not close(ours[0], theirs[0]):
                    fault = f"beside the bad matrix: {ours[0].tolist()} in the place of {theirs[0].tolist()}"
        if fault is not None:
            wrong.append(f"{label}: {fault}")
    assert not wrong, f"{len(wrong)} faults:\n" + "\n".join(wrong)
