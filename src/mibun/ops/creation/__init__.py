"""Tensors made from sizes and from data.

filled: `zeros`, `ones`, `full`, `empty`. like: the same after another tensor. matrices: `eye`, `tril_indices`. ranges:
`arange`, `linspace`. from_data: `tensor`, `as_tensor`. buffers: `from_numpy`, `from_dlpack`. constructors:
`Tensor(2, 3)`, `FloatTensor`. options: what all of them have in common.
"""

from . import buffers, constructors, filled, from_data, like, matrices, ranges
