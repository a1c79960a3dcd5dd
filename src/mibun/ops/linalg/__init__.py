"""Linear algebra. Importing this package declares its operators; `mibun.linalg` has the public names of most of them.

Products: matmul (`@`, mm, bmm, mv, dot, vdot, outer), addmm (a product and a tensor added up), multi_dot (several
matrices; chain_matmul), contraction (einsum, tensordot, inner, kron), products (cross, vecdot, vander), powers
(matrix_power, matrix_exp). Sizes: norms (also dist, renorm), distances (cdist, pdist), determinants (det, slogdet,
logdet), diagonals (trace), condition (cond). Systems: solving (inv, solve, solve_triangular, tensorinv, tensorsolve),
least_squares (lstsq). Factorizations: cholesky, qr (also Householder's reflections), lu, ldl, svd (also pinv and
matrix_rank), eigen (eigh, eig), low_rank (svd_lowrank, pca_lowrank). `matrices.py` has what their formulas and their
checks of arguments share.
"""

from . import (
    addmm,
    cholesky,
    condition,
    contraction,
    determinants,
    diagonals,
    distances,
    eigen,
    ldl,
    least_squares,
    low_rank,
    lu,
    matmul,
    multi_dot,
    norms,
    powers,
    products,
    qr,
    solving,
    svd,
)
