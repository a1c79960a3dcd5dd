"""Functions of sparse tensors: `torch.sparse`."""

from ..core.missing import explain_missing_names as _explain_missing_names
from ..ops.sparse.checks import check_sparse_tensor_invariants
from ..ops.sparse.construction import (
    sparse_bsc_tensor,
    sparse_bsr_tensor,
    sparse_compressed_tensor,
    sparse_coo_tensor,
    sparse_csc_tensor,
    sparse_csr_tensor,
    spdiags,
)
from ..ops.sparse.products import addmm, mm, sampled_addmm, spsolve
from ..ops.sparse.reductions import log_softmax, softmax, sum  # noqa: A004
from .gradcheck import as_sparse_gradcheck
from .types import TYPES as _TYPES

globals().update(_TYPES)

__all__ = [
    "addmm",
    "as_sparse_gradcheck",
    "check_sparse_tensor_invariants",
    "log_softmax",
    "mm",
    "sampled_addmm",
    "softmax",
    "sparse_bsc_tensor",
    "sparse_bsr_tensor",
    "sparse_compressed_tensor",
    "sparse_coo_tensor",
    "sparse_csc_tensor",
    "sparse_csr_tensor",
    "spdiags",
    "spsolve",
    "sum",
]

_explain_missing_names(__name__)
