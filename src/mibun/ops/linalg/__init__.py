"""Linear algebra. Importing this package declares its operators; `mibun.linalg` has their public names.

Which module: determinants (det, slogdet), solving (inv, solve, solve_triangular, tensorinv, tensorsolve), cholesky, qr
(also Householder reflections), svd (also pinv, matrix_rank, cond), eigen (eigh, eig), lu, ldl, least_squares (lstsq),
low_rank (svd_lowrank, pca_lowrank), powers (matrix_power, matrix_exp), products (cross, vecdot, vander). Also
norms, matmul, contraction (einsum, tensordot, multi_dot) and distances.
"""

from . import (  # noqa: F401
    cholesky,
    condition,
    contraction,
    determinants,
    distances,
    eigen,
    ldl,
    least_squares,
    low_rank,
    lu,
    matmul,
    norms,
    powers,
    products,
    qr,
    solving,
    svd,
)
