"""Samples of signals and grids: short Fourier transforms, numerical derivatives; and of what has sequences in it."""

from __future__ import annotations

import numpy as np

from .declare import I, S, X

LABELS, LENGTHS, SIZES = I(values=[[1, 2], [3, 3]]), I(values=[6, 5]), I(values=[2, 2])
F = "nn.functional."
CUT = {"name": "made of other operators than PyTorch's"}


def window(torch, x):
    return x.new_tensor(torch.hann_window(8, dtype=torch.float64).tolist())  # (on the device of x)


def back(torch, x, **options):
    """From a spectrum made of x to a signal."""
    return torch.istft(torch.complex(x, 0.5 * x), 8, 2, window=window(torch, x), **options)


SAMPLES = [
    S("gradient", X(4, 5), complex=True, vary=False, ref=np.gradient, oracle=CUT),
    S("gradient", X(4, 5), kw={"dim": 1, "edge_order": 2, "spacing": 2.0}, id="second order", vary=False, oracle=CUT),
    S(
        "gradient",
        X(5),
        id="coordinates",
        vary=False,
        oracle=CUT,
        call=lambda torch, x: torch.gradient(x, spacing=[x.new_tensor([0.0, 1.0, 3.0, 4.0, 6.0])], edge_order=2),
    ),
    S("Tensor.sum_to_size", X(2, 3), call=lambda torch, x: x.sum_to_size(1, 3), vary=False),
    S("stft", X(2, 20), 8, kw={"return_complex": True}, vary=False, oracle=CUT, tol=1e-11, why="another order of sums"),
    S(
        "stft",
        X(20),
        id="window",
        vary=False,
        oracle=CUT,
        tol=1e-11,
        why="another order of sums",
        call=lambda torch, x: torch.stft(
            x, 8, 3, window=window(torch, x), center=False, onesided=False, normalized=True, return_complex=True
        ),
    ),
    S(
        "istft",
        X(5, 6),
        call=back,
        vary=False,
        oracle={**CUT, "float16": "there is no complex32"},
        tol=1e-11,
        why="another order of sums",
    ),
    S(
        "istft",
        X(8, 6),
        call=back,
        kw={"length": 9, "normalized": True, "onesided": False},
        id="length",
        vary=False,
        oracle={**CUT, "float16": "there is no complex32"},
        tol=1e-11,
        why="another order of sums",
    ),
    S(
        F + "ctc_loss",
        X(6, 2, 4),
        LABELS,
        LENGTHS,
        SIZES,
        vary=False,
        tol=1e-9,
        why="logarithms of sums",
        call=lambda torch, x, *rest: torch.nn.functional.ctc_loss(x.log_softmax(-1), *rest),
        oracle={"second": "PyTorch has no second derivative", "dtypes": "they are refused with other classes"},
    ),
    S(
        F + "fractional_max_pool2d",
        X(1, 2, 6, 5),
        2,
        (3, 2),
        vary=False,
        call=lambda torch, x, *rest: torch.nn.functional.fractional_max_pool2d(
            x, *rest, _random_samples=x.new_tensor([[[0.3, 0.6], [0.9, 0.1]]])
        ),
        oracle={"second": "PyTorch has no second derivative", "dtypes": "integers are refused with other classes"},
    ),
    S(
        F + "fractional_max_pool3d",
        X(1, 1, 4, 5, 6),
        2,
        (2, 3, 2),
        vary=False,
        call=lambda torch, x, *rest: torch.nn.functional.fractional_max_pool3d(
            x, *rest, _random_samples=x.new_tensor([[[0.3, 0.6, 0.9]]])
        ),
        oracle={"second": "PyTorch has no second derivative", "dtypes": "integers are refused with other classes"},
    ),
    S(
        "nn.utils.parametrizations.weight_norm",
        X(2, 3),
        X(2, 1),
        vary=False,
        complex=False,
        call=lambda torch, v, g: torch.nn.utils.parametrizations._WeightNorm()(g, v),
        oracle={"dtypes": "PyTorch's own needs one floating dtype", "second": "PyTorch's is wrong"},
    ),
    S(
        "conv_tbc",
        X(5, 2, 3),
        X(3, 3, 4),
        X(4),
        1,
        vary=False,
        oracle={**CUT, "dtypes": "integers: other classes", "second": "PyTorch has no second derivative"},
        tol=1e-11,
        why="another order of sums",
    ),
]
