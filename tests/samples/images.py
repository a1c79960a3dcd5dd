"""Samples of images sampled at points, and of sequences packed."""

from __future__ import annotations

from .declare import S, X

F = "nn.functional."
ONCE = {"second": "PyTorch has no second derivative"}

SAMPLES = [
    *[
        S(
            F + "grid_sample",
            X(2, 2, 3, 4),
            X(2, 2, 3, 2, lo=-1.3, hi=1.3),
            kw={"mode": mode, "padding_mode": padding, "align_corners": align},
            id=f"{mode}-{padding}-{align}",
            vary=False,
            oracle=ONCE,
        )
        for mode in ("bilinear", "nearest", "bicubic")
        for padding in ("zeros", "border", "reflection")
        for align in (False, True)
    ],
    *[
        S(
            F + "grid_sample",
            X(1, 2, 2, 3, 4),
            X(1, 2, 1, 3, 3, lo=-1.3, hi=1.3),
            kw={"mode": mode, "padding_mode": padding, "align_corners": False},
            id=f"3d-{mode}-{padding}",
            vary=False,
            oracle=ONCE,
        )
        for mode in ("bilinear", "nearest")
        for padding in ("zeros", "reflection")
    ],
    S(F + "affine_grid", X(2, 2, 3), (2, 1, 3, 4), kw={"align_corners": False}, vary=False),
    S(F + "affine_grid", X(2, 3, 4), (2, 1, 3, 4, 2), kw={"align_corners": True}, id="3d", vary=False),
    S(
        "nn.utils.rnn.pack_padded_sequence",
        X(4, 3, 2),
        [4, 2, 1],
        vary=False,
        call=lambda torch, x, lengths: torch.nn.utils.rnn.pack_padded_sequence(x, lengths).data,
    ),
]
