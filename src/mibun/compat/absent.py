"""PyTorch's names of Tensor that mibun does not have (yet): whoever asks for one is told so, and which names are near.

The rest that is unknown is Python's business, which suggests names of its own.
"""

from __future__ import annotations

from ..core.missing import AbsentName
from ..core.tensor import Tensor

ABSENT = """
chalf const_data_ptr dequantize dim_order eig grad_dtype hash_tensor index int_repr ipu is_distributed lstsq
module_load mtia name q_per_channel_axis q_per_channel_scales q_per_channel_zero_points q_scale q_zero_point qscheme
record_stream reinforce resize resize_as slice_inverse solve symeig to_mkldnn to_padded_tensor xpu
""".split()

for _name in ABSENT:
    if not hasattr(Tensor, _name):
        setattr(Tensor, _name, AbsentName(_name))
