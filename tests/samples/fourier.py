"""Samples of Fourier transforms."""

from __future__ import annotations

import numpy as np

from .declare import S, X

HALF = {"float16": "there is no complex32"}
MKL = {
    "shapes": "PyTorch's library refuses empty batches",
    "float16": "there is no complex32",
    "dtypes": "PyTorch refuses float16 with another class in places",
}


def transforms(name, *args, complex=True, **options):
    reference = getattr(np.fft, name, None)
    options.setdefault("oracle", MKL)
    return [
        S(
            "fft." + name,
            X(4, 6),
            id=f"{shape}-{norm}" if shape or norm else "",
            kw={**kw, **({"norm": norm} if norm else {})},
            complex=complex,
            ref=reference if not shape and not norm else None,
            tol=1e-11,
            why="another summation order",
            vary=False,
            **options,
        )
        for norm in (None, "forward", "ortho")
        for shape, kw in (args[:1] if norm else args)
    ]


ONE = (("", {}), ("n", {"n": 4, "dim": 0}), ("longer", {"n": 9, "dim": 1}))
SEVERAL = (("", {}), ("s", {"s": (3, 7)}), ("dim", {"dim": (1,), "s": (5,)}))
SAMPLES = [
    *transforms("fft", *ONE),
    *transforms("ifft", *ONE),
    *transforms("rfft", *ONE, complex=False),
    *transforms("irfft", *ONE),
    *transforms("hfft", *ONE),
    *transforms("ihfft", *ONE, complex=False),
    *transforms("fftn", *SEVERAL),
    *transforms("ifftn", *SEVERAL),
    *transforms("rfftn", *SEVERAL, complex=False),
    *transforms("irfftn", *SEVERAL),
    *transforms("hfftn", *SEVERAL),
    *transforms("ihfftn", *SEVERAL, complex=False),
    *transforms("fft2", ("", {})),
    *transforms("irfft2", ("", {})),
    S("fft.fftshift", X(4, 5), complex=True, ref=np.fft.fftshift, vary=False),
    S("fft.ifftshift", X(4, 5), kw={"dim": 1}, complex=True, vary=False),
]
