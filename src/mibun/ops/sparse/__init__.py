"""Sparse tensors: making them, converting them, their products and sums.

places: the operators between a sparse tensor and its values, which everything else is made of. construction:
`sparse_coo_tensor` and the like. conversion: `to_sparse`, `to_dense`, `coalesce`, ... products: `sparse.mm` and its
kin. reductions: `sparse.sum`, `sparse.softmax`. What operators of the other families do with sparse tensors is in
`xp/sparse/kernels.py`. Loaded when first needed.
"""
