"""Linear algebra, as `torch.linalg` names it: an index. The functions are in `ops/linalg/`."""

from __future__ import annotations

from .core.missing import explain_missing_names as _explain_missing_names
from .dispatch.public import publish
from .ops.linalg.cholesky import cholesky_ex
from .ops.linalg.cholesky import linalg_cholesky as cholesky
from .ops.linalg.condition import cond
from .ops.linalg.determinants import linalg_det as det
from .ops.linalg.determinants import linalg_slogdet as slogdet
from .ops.linalg.diagonals import diagonal
from .ops.linalg.eigen import eig, eigh, eigvals, eigvalsh
from .ops.linalg.ldl import ldl_factor, ldl_factor_ex, ldl_solve
from .ops.linalg.least_squares import lstsq
from .ops.linalg.lu import lu, lu_factor, lu_factor_ex, lu_solve
from .ops.linalg.matmul import matmul
from .ops.linalg.multi_dot import multi_dot
from .ops.linalg.norms import linalg_norm as norm
from .ops.linalg.norms import matrix_norm, vector_norm
from .ops.linalg.powers import linalg_matrix_exp as matrix_exp
from .ops.linalg.powers import linalg_matrix_power as matrix_power
from .ops.linalg.products import linalg_cross as cross
from .ops.linalg.products import linalg_vander as vander
from .ops.linalg.products import vecdot
from .ops.linalg.qr import householder_product
from .ops.linalg.qr import linalg_qr as qr
from .ops.linalg.solving import inv, inv_ex, solve, solve_ex, solve_triangular, tensorinv, tensorsolve
from .ops.linalg.svd import linalg_svd as svd
from .ops.linalg.svd import matrix_rank, pinv, svdvals
from .xp.numpy.linalg import LinAlgError

__all__ = [
    "LinAlgError",
    "cholesky",
    "cholesky_ex",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "householder_product",
    "inv",
    "inv_ex",
    "ldl_factor",
    "ldl_factor_ex",
    "ldl_solve",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_factor_ex",
    "lu_solve",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_ex",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensorinv",
    "tensorsolve",
    "vander",
    "vecdot",
    "vector_norm",
]

publish(__name__, globals())

_explain_missing_names(__name__)
