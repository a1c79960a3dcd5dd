"""Reading and writing at indices and under masks.

Which module: indexing (`x[...]` read and written, index_put), index_items (an index taken apart), slicing (select,
narrow), gathering (gather, take_along_dim, index_select, take), scattering (scatter, scatter_add, scatter_reduce),
index_writing (index_add, index_copy, index_fill, put), index_reduction (index_reduce), masking (masked_fill),
masked_selection (masked_select, masked_scatter), positions (nonzero, nonzero_static, argwhere, unravel_index),
scatter_views (select_scatter, slice_scatter, diagonal_scatter, as_strided_scatter).
"""

from . import (  # noqa: F401
    gathering,
    index_reduction,
    index_writing,
    indexing,
    masked_selection,
    masking,
    positions,
    scatter_views,
    scattering,
    slicing,
)
