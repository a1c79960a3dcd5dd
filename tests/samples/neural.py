"""Samples of what networks are made of: activation, convolutions, pooling, normalisation, embedding, padding, loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special as sp

from .declare import SPECIAL, I, S, X, inf, nan, unary

F = "nn.functional."
COMPOSED = {"name": "made of other operators than PyTorch's"}
QUIRK = {"shapes": "PyTorch gives an empty input back as it is"}
BYTES = {"dtypes": "PyTorch has images of bytes, which mibun truncates as it does other integers"}
LONGS = {"dtypes": "PyTorch averages int64, too, rounding towards 0"}
ONCE = {"second": "PyTorch has no second derivative"}
CLASSES = I(values=[0, 2, 1, 2])
EDGE_ROWS = [[1.0, 3.0, 3.0, -inf], [0.0, -0.0, 1000.0, -1000.0], [1.0, 1.0, 1.0, 1.0], [nan, 1.0, 0.0, 2.0]]


def softplus(x):
    return np.logaddexp(x, 0)


def losses(name, *args, ref=None, **options):
    """The three reductions."""
    found = []
    for reduction, reduce in (("none", lambda a: a), ("mean", np.mean), ("sum", np.sum)):
        found.append(
            S(
                F + name,
                *args,
                kw={**options.get("kw", {}), "reduction": reduction},
                id=reduction,
                ref=None if ref is None else lambda *a, reduce=reduce: reduce(ref(*a)),
                **{k: v for k, v in options.items() if k != "kw"},
            )
        )
    return found


ACTIVATIONS = {
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "sigmoid": sp.expit,
    "tanh": np.tanh,
    "silu": lambda x: x * sp.expit(x),
    "mish": lambda x: x * np.tanh(softplus(x)),
    "logsigmoid": lambda x: -softplus(-x),
    "hardsigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hardswish": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
    "hardtanh": lambda x: np.clip(x, -1, 1),
    "softsign": lambda x: x / (1 + abs(x)),
    "tanhshrink": lambda x: x - np.tanh(x),
    "softplus": softplus,
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "celu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
    "gelu": lambda x: x * 0.5 * (1 + sp.erf(x / np.sqrt(2))),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "hardshrink": lambda x: np.where(abs(x) > 0.5, x, 0),
    "softshrink": lambda x: np.sign(x) * np.maximum(abs(x) - 0.5, 0),
}

# At NaN, PyTorch's gradient depends on whether its vectorised loop or the rest of it came by.
NUMBERS = {"boundary": [(SPECIAL[:-1],)]}
SPECIALLY = {
    "elu": NUMBERS,
    "celu": NUMBERS,
    "selu": NUMBERS,
    "hardswish": NUMBERS,
    "hardsigmoid": {**NUMBERS, "tol": 1e-8, "why": "PyTorch's 1/6 is a float32", "oracle": ONCE},
}

# Biases, one layer, no dropout, for evaluation, in one direction, time first.
ONE_LAYER = (True, 1, 0.0, False, False, False)
RECURRENT: dict[str, Any] = {
    "complex": True,
    "vary": False,
    "oracle": {"name": "a layer is one operator here, PyTorch's is made of the steps"},
}
REAL = {**RECURRENT, "complex": False}

SAMPLES: list[S] = [
    *[
        sample
        for name, ref in ACTIVATIONS.items()
        for sample in unary(F + name, refs={F + name: ref}, **SPECIALLY.get(name, {}))
    ],
    S(F + "gelu", X(2, 3), kw={"approximate": "tanh"}, id="tanh", boundary=True, pointwise=True),
    S(F + "softplus", X(2, 3), 3.0, 2.0, id="beta", boundary=True, pointwise=True),
    S(F + "elu", X(2, 3), 1.5, id="alpha", boundary=[(SPECIAL[:-1],)], pointwise=True),
    S(F + "celu", X(2, 3), 1.5, id="alpha", boundary=[(SPECIAL[:-1],)], pointwise=True),
    S(F + "leaky_relu", X(2, 3), 0.2, id="slope", boundary=True, pointwise=True),
    S(F + "hardtanh", X(2, 3), -0.6, 0.8, id="limits", boundary=True, pointwise=True),
    S(F + "threshold", X(2, 3), 0.1, 20.0, boundary=True, pointwise=True, ref=lambda x, t, v: np.where(x > t, x, v)),
    S(F + "prelu", X(2, 3, 2), X(3), ref=lambda x, w: np.where(x > 0, x, w[:, None] * x)),
    S(F + "prelu", X(2, 3), X(1), id="one", boundary=None),
    S(F + "glu", X(2, 4), 1, ref=lambda x, d: x[:, :2] * sp.expit(x[:, 2:])),
    S(F + "rrelu", X(2, 3), boundary=True),
    S(F + "softmax", X(2, 3, 2), 1, id="middle", ref=sp.softmax),
    S(F + "log_softmax", X(2, 3), 1, ref=sp.log_softmax, boundary=[(EDGE_ROWS,)]),
    S(F + "softmin", X(2, 3), 1, id="rows", boundary=[(EDGE_ROWS,)]),
    # --- convolutions ---
    S(
        F + "conv1d",
        X(2, 2, 5),
        X(3, 2, 3),
        X(3),
        ref=lambda x, w, b: (
            np.stack([np.einsum("ncl,ocl->no", x[:, :, i : i + 3], w) for i in range(3)], -1) + b[:, None]
        ),
        complex=True,
        oracle=COMPOSED,
    ),
    S(
        F + "conv1d",
        X(1, 4, 6),
        X(2, 2, 2),
        kw={"stride": 2, "padding": 1, "dilation": 2, "groups": 2},
        id="groups",
        complex=True,
        oracle=COMPOSED,
    ),
    S(F + "conv1d", X(2, 5), X(3, 2, 3), kw={"padding": "same"}, id="same"),
    S(F + "conv2d", X(1, 2, 3, 4), X(2, 2, 2, 2), X(2), complex=True, oracle=COMPOSED),
    S(F + "conv2d", X(1, 2, 4, 4), X(2, 1, 2, 3), kw={"stride": (2, 1), "padding": (1, 0), "groups": 2}, id="groups"),
    S(F + "conv2d", X(1, 1, 5, 4), X(2, 1, 2, 2), kw={"dilation": 2, "padding": 1}, id="dilation"),
    S(F + "conv2d", X(2, 3, 3), X(2, 2, 2, 2), kw={"padding": "valid"}, id="one image"),
    S(F + "conv3d", X(1, 1, 2, 3, 3), X(2, 1, 2, 2, 2), X(2)),
    S(F + "conv_transpose1d", X(1, 2, 3), X(2, 2, 2), X(2), complex=True, oracle=COMPOSED),
    S(
        F + "conv_transpose1d",
        X(1, 4, 3),
        X(4, 1, 3),
        kw={"stride": 2, "padding": 1, "output_padding": 1, "groups": 2},
        id="groups",
    ),
    S(F + "conv_transpose2d", X(1, 2, 2, 3), X(2, 2, 2, 2), X(2)),
    S(F + "conv_transpose2d", X(1, 1, 3, 2), X(1, 2, 2, 2), kw={"stride": 2, "dilation": 2}, id="dilation"),
    S(
        F + "conv_transpose2d",
        X(1, 1, 3, 2),
        X(1, 2, 2, 2),
        kw={"stride": 2, "dilation": (3, 4), "output_padding": (2, 3)},
        id="output-padding",
    ),
    S(F + "conv_transpose3d", X(1, 1, 2, 2, 2), X(1, 2, 1, 2, 2)),
    S(F + "unfold", X(1, 2, 3, 3), (2, 2), complex=True),
    S(F + "unfold", X(1, 1, 4, 5), (2, 2), kw={"dilation": (1, 2), "padding": (1, 0), "stride": 2}, id="stride"),
    S(F + "fold", X(1, 8, 4), (3, 3), (2, 2), complex=True, vary=False),
    # --- pooling ---
    S(F + "max_pool1d", X(2, 2, 6), 2),
    S(F + "max_pool1d", X(1, 2, 6), 3, 1, 1, id="overlapping", boundary=[([[[1.0, 1.0, 2.0, 2.0, nan, 0.0]]],)]),
    S(F + "max_pool2d", X(1, 2, 4, 3), 2, boundary=[([[[[1.0, 1.0, -inf], [1.0, 1.0, 3.0]]]],)]),
    S(F + "max_pool2d", X(1, 1, 4, 5), (2, 3), (1, 2), (1, 1), id="padding"),
    S(F + "max_pool2d", X(1, 1, 4, 5), 2, kw={"ceil_mode": True, "return_indices": True}, id="ceil"),
    S(F + "max_pool2d", X(1, 1, 4, 5), 2, kw={"dilation": 2, "stride": 1}, id="dilation"),
    S(F + "max_pool3d", X(1, 1, 2, 4, 2), 2),
    S(F + "avg_pool1d", X(2, 2, 6), 2, ref=lambda x, k: x.reshape(2, 2, 3, 2).mean(-1), oracle=LONGS),
    S(F + "avg_pool1d", X(1, 2, 5), 3, 2, 1, kw={"count_include_pad": False}, id="padding", oracle=LONGS),
    S(F + "avg_pool2d", X(1, 2, 4, 2), 2, oracle=LONGS),
    S(F + "avg_pool2d", X(1, 1, 4, 5), (2, 3), 2, (1, 1), True, True, id="ceil", oracle=LONGS),
    S(F + "avg_pool2d", X(1, 1, 4, 4), 2, kw={"divisor_override": 3}, id="divisor", oracle=LONGS),
    S(F + "avg_pool3d", X(1, 1, 2, 4, 2), 2, oracle=LONGS),
    S(F + "lp_pool1d", X(2, 2, 4, lo=0.3), 2.0, 2),
    S(F + "lp_pool2d", X(1, 1, 4, 4, lo=0.3), 3.0, 2),
    S(F + "adaptive_avg_pool1d", X(2, 2, 5), 3),
    S(F + "adaptive_avg_pool2d", X(1, 2, 3, 4), (2, 3)),
    S(F + "adaptive_avg_pool3d", X(1, 1, 2, 3, 4), (1, 2, 2)),
    S(F + "adaptive_max_pool1d", X(2, 2, 5), 3),
    S(F + "adaptive_max_pool2d", X(1, 2, 3, 4), (2, 3)),
    S(F + "adaptive_max_pool2d", X(1, 2, 3, 4), (None, 2), kw={"return_indices": True}, id="indices"),
    S(F + "adaptive_max_pool3d", X(1, 1, 2, 3, 4), (1, 2, 2)),
    S(F + "max_pool3d", X(1, 1, 2, 4, 2), 2, kw={"return_indices": True}, id="indices"),
    S(F + "lp_pool3d", X(1, 1, 2, 2, 4, lo=0.3), 2.0, 2),
    S(F + "max_unpool3d", X(1, 1, 1, 1, 2), I(values=[[[[[1, 10]]]]]), 2, vary=False),
    S(F + "max_unpool1d", X(1, 1, 2), I(values=[[[1, 2]]]), 2, vary=False),
    S(F + "max_unpool2d", X(1, 1, 1, 2), I(values=[[[[1, 6]]]]), 2, vary=False),
    # --- normalisation ---
    S(
        F + "layer_norm",
        X(2, 3),
        (3,),
        X(3),
        X(3),
        ref=lambda x, s, w, b: (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * w + b,
    ),
    S(F + "layer_norm", X(2, 3, 2), (3, 2), id="no weight"),
    S(F + "rms_norm", X(2, 3), (3,), X(3)),
    S(F + "group_norm", X(2, 4, 2), 2, X(4), X(4)),
    S(F + "instance_norm", X(2, 2, 4), kw={"use_input_stats": True}),
    S(
        F + "batch_norm",
        X(4, 2),
        None,
        None,
        X(2),
        X(2),
        True,
        id="training",
        ref=lambda x, m, v, w, b, t: (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5) * w + b,
    ),
    S(
        F + "batch_norm",
        X(2, 2, 3),
        X(2, grad=False),
        X(2, lo=0.5, grad=False),
        X(2),
        X(2),
        False,
        id="running",
        ref=lambda x, m, v, w, b, t: (x - m[:, None]) / np.sqrt(v[:, None] + 1e-5) * w[:, None] + b[:, None],
        vary=False,
    ),
    S(F + "batch_norm", X(2, 2, 3), None, None, None, None, True, id="no weight"),
    S(F + "local_response_norm", X(2, 4, 2), 3, oracle=LONGS),
    S(F + "normalize", X(2, 3), kw={"p": 3.0, "dim": 0}, id="3"),
    # --- linear, embedding, padding, shuffling ---
    S(F + "embedding", I(values=[[0, 2], [2, 1]]), X(3, 2), ref=lambda i, w: w[i], vary=False),
    S(
        F + "embedding",
        I(values=[0, 2, 2, 1]),
        X(3, 2),
        kw={"padding_idx": 2, "scale_grad_by_freq": False},
        id="padding",
        vary=False,
        numeric=False,
    ),
    S(
        F + "embedding",
        I(values=[0, 2, 2, 1]),
        X(3, 2),
        kw={"scale_grad_by_freq": True},
        id="by frequency",
        order=1,
        vary=False,
        numeric=False,
    ),
    *[
        S(
            F + "embedding_bag",
            I(values=[[0, 2], [2, 1]]),
            X(3, 2),
            kw={"mode": mode},
            id=mode,
            vary=False,
            oracle=COMPOSED,
        )
        for mode in ("sum", "mean", "max")
    ],
    S(F + "one_hot", I(values=[0, 2, 1]), 4, order=0, ref=lambda i, n: np.eye(4, dtype=int)[i]),
    S(F + "pad", X(2, 3), (1, 2), complex=True, ref=lambda x, p: np.pad(x, [(0, 0), p])),
    S(F + "pad", X(2, 3), (1, -1, 2, 0), id="several", complex=True, kw={"value": 0.5}),
    *[
        S(
            F + "pad",
            X(1, 2, 4),
            (2, 1),
            mode,
            id=mode,
            complex=True,
            ref=lambda x, p, m: np.pad(
                x, [(0, 0), (0, 0), p], {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}[m]
            ),
            oracle=COMPOSED,
        )
        for mode in ("reflect", "replicate", "circular")
    ],
    *[
        S(F + "pad", X(1, 1, *shape), (1, 1) * len(shape), mode, id=f"{mode}{len(shape)}d", oracle=COMPOSED)
        for mode in ("reflect", "replicate", "circular")
        for shape in ((3, 2), (2, 2, 2))
    ],
    S("constant_pad_nd", X(2, 3), (1, 2), 0.5),
    S(F + "pixel_shuffle", X(1, 4, 2, 2), 2, complex=True),
    S(F + "pixel_unshuffle", X(1, 1, 4, 2), 2, complex=True, oracle=QUIRK),
    S(F + "channel_shuffle", X(1, 4, 2), 2, complex=True),
    S("pixel_shuffle", X(1, 4, 2, 2), 2),
    S("pixel_unshuffle", X(1, 1, 4, 2), 2, oracle=QUIRK),
    S("channel_shuffle", X(1, 4, 2), 2),
    *[
        S(F + "interpolate", X(1, 1, 3), kw={"scale_factor": 2, "mode": mode}, id=mode)
        for mode in ("nearest", "linear", "area")
    ],
    *[
        S(F + "interpolate", X(1, 1, 2, 3), kw={"size": (3, 5), "mode": mode}, id=mode + " 2d", oracle=BYTES)
        for mode in ("nearest", "bilinear", "bicubic", "area", "nearest-exact")
    ],
    *[
        S(F + "interpolate", X(1, 1, 2, 2, 2), kw={"size": (3, 2, 4), "mode": mode}, id=mode + " 3d")
        for mode in ("nearest", "trilinear", "nearest-exact")
    ],
    S(F + "interpolate", X(1, 1, 3), kw={"size": 5, "mode": "nearest-exact"}, id="exact 1d"),
    *[
        S(
            F + "interpolate",
            X(1, 1, 4, 4),
            kw={"size": (2, 3), "mode": mode, "antialias": True},
            id=mode + " antialias",
            oracle=BYTES,
        )
        for mode in ("bilinear", "bicubic")
    ],
    S(F + "upsample", X(1, 1, 3), kw={"scale_factor": 2}, warns="`nn.functional.upsample` is deprecated"),
    S(
        F + "interpolate",
        X(1, 1, 2, 3),
        kw={"size": (3, 5), "mode": "bilinear", "align_corners": True},
        id="corners",
        oracle=BYTES,
    ),
    S(F + "dropout", X(2, 3), 0.5, False, id="evaluation"),
    S(F + "dropout", X(2, 3), 1.0, id="everything"),
    S(
        F + "scaled_dot_product_attention",
        X(1, 2, 3),
        X(1, 2, 3),
        X(1, 2, 3),
        vary=False,
        ref=lambda q, k, v: sp.softmax(q @ k.swapaxes(-1, -2) / np.sqrt(3), -1) @ v,
    ),
    S(
        F + "scaled_dot_product_attention",
        X(1, 2, 3),
        X(1, 2, 3),
        X(1, 2, 3),
        kw={"is_causal": True},
        id="causal",
        vary=False,
    ),
    S(F + "triplet_margin_with_distance_loss", X(2, 3), X(2, 3), X(2, 3)),
    *[
        S(
            F + name,
            X(2, 3),
            id="in place",
            call=lambda torch, x, name=name: getattr(torch.nn.functional, name)(x * 1, inplace=True),
            oracle=ONCE,
        )
        for name in ("relu", "elu", "celu", "selu", "leaky_relu", "hardtanh", "relu6", "mish", "hardswish", "rrelu")
    ],
    # --- losses ---
    *losses("mse_loss", X(2, 3), X(2, 3), ref=lambda x, y: (x - y) ** 2, boundary=True),
    *losses("l1_loss", X(2, 3), X(2, 3), ref=lambda x, y: abs(x - y), boundary=True),
    *losses(
        "smooth_l1_loss",
        X(2, 3),
        X(2, 3),
        boundary=True,
        ref=lambda x, y: np.where(abs(x - y) < 1, 0.5 * (x - y) ** 2, abs(x - y) - 0.5),
    ),
    *losses("huber_loss", X(2, 3), X(2, 3), kw={"delta": 0.7}, boundary=True),
    *losses(
        "kl_div",
        X(2, 3),
        X(2, 3, lo=0.1),
        ref=lambda x, y: y * (np.log(y) - x),
        warns="reduction: 'mean' divides",
        boundary=True,
    ),
    *losses(
        "binary_cross_entropy",
        X(2, 3, lo=0.1, hi=0.9),
        X(2, 3, lo=0.0, hi=1.0),
        ref=lambda x, y: -(y * np.log(x) + (1 - y) * np.log(1 - x)),
        boundary=[([0.0, 1.0, 0.0, 1.0, 0.5], [0.0, 1.0, 1.0, 0.0, 0.5])],
        vary=False,
        tol=1e-8,
        why="PyTorch's least x * (1 - x) is a float32",
    ),
    *losses(
        "binary_cross_entropy_with_logits",
        X(2, 3),
        X(2, 3, lo=0.0, hi=1.0),
        boundary=True,
        ref=lambda x, y: softplus(x) - x * y,
    ),
    *losses("nll_loss", X(4, 3), CLASSES, ref=lambda x, i: -x[np.arange(4), i], vary=False),
    *losses("cross_entropy", X(4, 3), CLASSES, ref=lambda x, i: -sp.log_softmax(x, 1)[np.arange(4), i], vary=False),
    S(
        F + "cross_entropy",
        X(4, 3),
        CLASSES,
        X(3, lo=0.3, grad=False),
        kw={"label_smoothing": 0.1},
        id="smoothing",
        vary=False,
    ),
    S(F + "cross_entropy", X(4, 3), I(values=[0, -100, 1, 2]), id="ignored", vary=False),
    S(F + "cross_entropy", X(2, 3), X(2, 3, lo=0.0, hi=0.5), id="probabilities", oracle=COMPOSED),
    S(F + "cross_entropy", X(2, 3, 2), I(2, 2, hi=3), id="space", vary=False),
    S(
        F + "nll_loss",
        X(4, 3),
        I(values=[0, 1, 1, 2]),
        X(3, lo=0.3, grad=False),
        kw={"ignore_index": 1},
        id="weighted",
        vary=False,
    ),
    S(F + "nll_loss", X(2, 3, 2, 1), I(2, 2, 1, hi=3), id="space", vary=False),
    *losses("poisson_nll_loss", X(2, 3), X(2, 3, lo=0.5, grad=False), ref=lambda x, y: np.exp(x) - y * x),
    *losses("gaussian_nll_loss", X(2, 3), X(2, 3), X(2, 3, lo=0.3)),
    *losses(
        "hinge_embedding_loss",
        X(2, 3),
        X(values=[[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]], grad=False),
        oracle={"dtypes": "of integers PyTorch makes integers, or floats, by a rule of its own"},
    ),
    *losses(
        "soft_margin_loss",
        X(2, 3),
        X(values=[[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]], grad=False),
        ref=lambda x, y: np.log1p(np.exp(-y * x)),
    ),
    *losses("margin_ranking_loss", X(4), X(4), X(values=[1.0, -1.0, 1.0, -1.0], grad=False), kw={"margin": 0.3}),
    *losses("cosine_embedding_loss", X(2, 3), X(2, 3), X(values=[1.0, -1.0], grad=False), vary=False),
    *losses("triplet_margin_loss", X(2, 3), X(2, 3), X(2, 3)),
    *losses("multi_margin_loss", X(4, 3), CLASSES, vary=False, oracle=ONCE),
    *losses("multilabel_margin_loss", X(2, 3), I(values=[[0, 2, -1], [1, -1, 0]]), vary=False, oracle=ONCE),
    *losses("multilabel_soft_margin_loss", X(2, 3), X(values=[[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]], grad=False)),
    # --- quantization, and what is below the normalisations ---
    S(
        "fake_quantize_per_tensor_affine",
        X(2, 3),
        0.1,
        0,
        -9,
        9,
        ref=lambda x, step, zero, low, high: np.float32(step) * np.clip(np.round(x / step), low, high).astype("f"),
        numeric=False,
        vary=False,
    ),
    S(
        "fake_quantize_per_channel_affine",
        X(2, 3),
        call=lambda torch, x: torch.fake_quantize_per_channel_affine(
            x,
            x.new_tensor([0.1, 0.2, 0.3], dtype=torch.float32),
            x.new_tensor([0, 1, 2], dtype=torch.int32),
            1,
            -3,
            3,
        ),
        numeric=False,
        vary=False,
    ),
    S("native_layer_norm", X(2, 3), call=lambda torch, x: torch.native_layer_norm(x, [3], None, None, 1e-5)[0]),
    # --- recurrent layers ---
    S("lstm", X(3, 2, 2), [X(1, 2, 3), X(1, 2, 3)], [X(12, 2), X(12, 3), X(12), X(12)], *ONE_LAYER, **RECURRENT),
    S("gru", X(3, 2, 2), X(1, 2, 3), [X(9, 2), X(9, 3), X(9), X(9)], *ONE_LAYER, **RECURRENT),
    S("rnn_tanh", X(3, 2, 2), X(1, 2, 3), [X(3, 2), X(3, 3), X(3), X(3)], *ONE_LAYER, **RECURRENT),
    S(
        "rnn_relu",
        X(3, 2, 2),
        X(1, 2, 3),
        [X(3, 2), X(3, 3), X(3), X(3)],
        *ONE_LAYER,
        **{**RECURRENT, "complex": False},
    ),
]

for _sample in SAMPLES:
    # Which kernels PyTorch has for which dtypes here, and with what class it refuses, follows no rule.
    _sample.oracle = {
        "mixed": "PyTorch does not promote here, and takes one dtype or the other",
        "refused": "mibun takes more dtypes than PyTorch has kernels for",
        "classes": "PyTorch has no rule",
        **_sample.oracle,
    }
