"""PyTorch's names of Tensor that mibun does not have (yet): whoever asks for one is told so, and which names are near.

The rest that is unknown is Python's business, which suggests names of its own.
"""

from __future__ import annotations

from ..core.missing import AbsentName
from ..core.tensor import Tensor

ABSENT = """
ccol_indices chalf coalesce col_indices const_data_ptr crow_indices dense_dim dequantize dim_order eig grad_dtype
hash_tensor index indices int_repr ipu is_coalesced is_distributed lstsq module_load mtia name q_per_channel_axis
q_per_channel_scales q_per_channel_zero_points q_scale q_zero_point qscheme record_stream reinforce resize resize_as
resize_as_sparse_ row_indices slice_inverse smm solve sparse_dim sparse_mask sparse_resize_ sparse_resize_and_clear_
sspaddmm symeig to_dense to_mkldnn to_padded_tensor to_sparse to_sparse_bsc to_sparse_bsr to_sparse_coo to_sparse_csc
to_sparse_csr values xpu
""".split()

for _name in ABSENT:
    if not hasattr(Tensor, _name):
        setattr(Tensor, _name, AbsentName(_name))
