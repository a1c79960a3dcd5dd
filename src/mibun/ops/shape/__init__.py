"""Operators that change shape or order and no values; most give views.

Which module: reshaping (reshape, view, flatten, squeeze, unsqueeze), axes (permute, transpose, movedim, T),
broadcasting (expand, broadcast_to), joining (cat, stack, hstack, ..., atleast_1d), splitting (split, chunk, unbind,
tensor_split), arranging (flip, roll, rot90), repeating (repeat, tile, repeat_interleave), triangles (tril, triu),
diagonals (diagonal, diag, diag_embed, fill_diagonal_), grids (meshgrid, cartesian_prod, combinations), strides
(as_strided, unfold, stride, is_contiguous), sizes (size, dim, numel, resize_), detaching (detach, alias), inplace_views
(squeeze_, transpose_, ...), copies (the view functions' twins that copy: view_copy, select_copy, ...), examples
(between the levels of `vmap`; declared when first asked for).
"""

from ...core.registry import DECLARED_LATER
from . import (  # noqa: F401
    arranging,
    axes,
    broadcasting,
    copies,
    detaching,
    diagonals,
    grids,
    inplace_views,
    joining,
    repeating,
    reshaping,
    sizes,
    splitting,
    strides,
    triangles,
)


def _declare_examples() -> None:
    from . import examples  # noqa: F401


DECLARED_LATER.update(dict.fromkeys(("batch_in", "batch_out", "sum_examples"), _declare_examples))
