"""Samples of copies: the twins of view functions, copies with a part written over, and slices reduced by index."""

from __future__ import annotations

import numpy as np

from .declare import I, S, X

INDEX = I(values=[0, 2, 0])


def twin(name, *args, shape=(3, 4), **options):
    return S(name, X(*shape), *args, **{"complex": True, **options})


SAMPLES = [
    twin("alias_copy", ref=np.copy),
    twin("as_strided_copy", (2, 2), (4, 1), 1, vary=False, gaps=False),
    twin("diagonal_copy", ref=np.diagonal, vary=False),
    twin("expand_copy", (2, 3, 4), ref=np.broadcast_to, vary=False),
    twin("narrow_copy", 1, 1, 2, vary=False),
    twin("permute_copy", (1, 0), ref=np.transpose, vary=False),
    twin("select_copy", 0, 1, complex=False, vary=False),
    twin("slice_copy", 1, 0, 4, 2, complex=False, vary=False),
    twin("split_copy", 2, vary=False),
    twin("split_with_sizes_copy", (1, 3), 1, vary=False),
    twin("squeeze_copy", shape=(1, 3, 1), ref=np.squeeze),
    twin("squeeze_copy", 0, shape=(1, 3, 1), id="dim", vary=False),
    twin("squeeze_copy", (0, 2), shape=(1, 3, 1), id="dims", vary=False),
    twin("t_copy", ref=np.transpose),
    twin("transpose_copy", 0, 1, vary=False),
    twin("unbind_copy", vary=False),
    twin("unfold_copy", 1, 2, 1, vary=False),
    twin("unsqueeze_copy", 1),
    twin("view_copy", (4, 3), vary=False, gaps=False),
    S(
        "view_as_real_copy",
        X(3, 2),
        call=lambda torch, x: torch.view_as_real_copy(torch.complex(x, x * x)),
        oracle={"float16": "there is no complex32", "shapes": "PyTorch refuses empty ones"},
    ),
    S("view_as_complex_copy", X(3, 2), gaps=False, oracle={"all": "PyTorch cannot differentiate it"}, vary=False),
    S(
        "select_scatter",
        X(3, 4),
        X(4),
        0,
        1,
        vary=False,
        oracle={"mixed": "PyTorch leaves gradients of src to its dtype"},
    ),
    S("slice_scatter", X(3, 4), X(3, 2), 1, 0, 4, 2, vary=False, oracle={"mixed": "as above"}),
    S("diagonal_scatter", X(3, 4), X(3), 1, complex=True, vary=False, oracle={"mixed": "as above"}),
    S(
        "as_strided_scatter",
        X(3, 4),
        X(2, 2),
        (2, 2),
        (4, 1),
        1,
        complex=True,
        vary=False,
        gaps=False,
        oracle={"mixed": "as above", "grad": "PyTorch's gradient of the input is wrong"},
    ),
    *[
        S(
            "index_reduce",
            X(3, 4),
            0,
            INDEX,
            X(3, 4),
            reduce,
            kw={"include_self": itself},
            id=f"{reduce}-{itself}",
            vary=False,
            tol=1e-9,
            why="PyTorch divides",
            oracle={"second": "PyTorch's rule is not exact"},
        )
        for reduce in ("prod", "mean", "amax", "amin")
        for itself in (True, False)
    ],
]
