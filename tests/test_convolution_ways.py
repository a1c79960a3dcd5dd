"""Convolutions have several ways, by the sizes: each gives what sums over windows give, and so do products in parts."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from mibun.xp.numpy import channels_last, convolution, library, products, threads

# batch, channels, height, width, outputs, window, stride, padding, dilation
SHAPES = [
    (3, 12, 8, 7, 5, (3, 3), (1, 1), (1, 1), (1, 1)),  # channels last
    (2, 16, 9, 8, 7, (3, 2), (2, 1), (1, 0), (1, 1)),
    (2, 16, 11, 9, 7, (3, 3), (1, 1), (2, 2), (2, 2)),
    (2, 16, 11, 9, 7, (3, 4), (3, 2), (2, 1), (2, 1)),
    (2, 12, 10, 10, 6, (4, 4), (2, 2), (1, 1), (1, 1)),  # the gradient is put together from parts
    (2, 12, 9, 10, 6, (5, 3), (2, 2), (1, 0), (1, 1)),
    (2, 8, 11, 7, 6, (3, 4), (2, 3), (0, 2), (1, 1)),
    (2, 9, 1, 1, 6, (4, 4), (1, 1), (3, 3), (1, 1)),
    (2, 8, 4, 4, 6, (4, 4), (1, 1), (0, 0), (1, 1)),  # one place alone
    (2, 8, 26, 28, 10, (3, 3), (1, 1), (1, 1), (1, 1)),  # lines of images
    (2, 8, 30, 33, 10, (3, 5), (1, 1), (0, 1), (2, 1)),
    (3, 2, 14, 14, 4, (3, 3), (2, 2), (1, 1), (1, 1)),
    (2, 16, 6, 6, 8, (1, 1), (1, 1), (0, 0), (1, 1)),
    (2, 16, 6, 6, 8, (2, 2), (2, 2), (0, 0), (1, 1)),
]


def by_windows(x: Any, kernel: Any, stride: tuple, padding: tuple, dilation: tuple) -> tuple[Any, list]:
    """The padded images and, for each place in the window, its index and what windows see there: plain slices."""
    padded = np.pad(x, ((0, 0), (0, 0), *[(p, p) for p in padding]))
    counts = convolution.window_counts(x.shape[2:], kernel.shape[2:], stride, padding, dilation)
    places = []
    for offset in itertools.product(*[range(k) for k in kernel.shape[2:]]):
        cut = [
            slice(k * d, k * d + (n - 1) * s + 1, s)
            for k, d, n, s in zip(offset, dilation, counts, stride, strict=True)
        ]
        places.append((offset, (slice(None), slice(None), *cut)))
    return padded, places


@pytest.mark.parametrize("dtype", [np.float32, np.complex128])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_all_three(shape: tuple, dtype: Any) -> None:
    """The map and its transposes in either argument, against a sum over the places in the window."""
    batch, channels, height, width, outputs, window, *options = shape
    stride, padding, dilation = options
    rng = np.random.default_rng(0)
    x = rng.normal(size=(batch, channels, height, width)).astype(dtype)
    kernel = rng.normal(size=(outputs, channels, *window)).astype(dtype)
    padded, places = by_windows(x, kernel, *options)
    expected: Any = sum([np.einsum("oc,bchw->bohw", kernel[:, :, *i], padded[cut]) for i, cut in places])
    np.testing.assert_allclose(convolution.correlate(x, kernel, *options, 1), expected, rtol=1e-4, atol=1e-4)
    y = rng.normal(size=expected.shape).astype(dtype)
    back, weights = np.zeros_like(padded), np.zeros_like(kernel)
    for i, cut in places:
        back[cut] += np.einsum("oc,bohw->bchw", kernel[:, :, *i], y)
        weights[:, :, *i] = np.einsum("bchw,bohw->oc", padded[cut], y)
    inside = back[:, :, padding[0] : padding[0] + height, padding[1] : padding[1] + width]
    found = convolution.correlate_transposed(y, kernel, (height, width), *options, 1)
    np.testing.assert_allclose(found, inside, rtol=1e-4, atol=1e-4)
    assert found.flags.c_contiguous
    found = convolution.correlate_weights(y, x, window, *options, 1)
    np.testing.assert_allclose(found, weights, rtol=1e-4, atol=2e-4)


def test_ways_are_taken() -> None:
    """The shapes above go all ways."""
    last = [channels_last.pays(s[1], s[5], s[6], convolution.window_counts(s[2:4], *s[5:])) for s in SHAPES]
    parts = [channels_last.is_put_together(s[1], s[5], s[6], s[8], (2, 2)) for s in SHAPES]
    assert 4 < sum(last) < len(last)
    assert 2 < sum(parts) < len(parts)


def test_infinite_kernels_meet_no_zeros() -> None:
    """Beyond the images are zeros: an infinite element of a kernel does not reach there where there is no value."""
    y, kernel = np.ones((1, 1, 2, 2), np.float32), np.ones((1, 8, 4, 4), np.float32)
    kernel[0, 0, 0, 0] = np.inf
    with np.errstate(invalid="ignore"):
        found = convolution.correlate_transposed(y, kernel, (6, 6), (2, 2), (0, 0), (1, 1), 1)
    assert not np.isnan(found).any()
    assert np.isinf(found[0, 0]).sum() == 4


PRODUCTS = [
    ((16, 144), (144, 1024)),
    ((64, 192), (3, 192, 1001)),
    ((48, 500), (500, 70)),
    ((512, 96), (96, 60)),
    ((17, 300), (300, 999)),
]


@pytest.mark.parametrize(("one", "other"), PRODUCTS, ids=str)
def test_products_in_parts(monkeypatch: pytest.MonkeyPatch, one: tuple, other: tuple) -> None:
    """As a whole, in parts, and in parts by several threads: the same bits for any number of threads."""
    rng = np.random.default_rng(0)
    x, y = [rng.normal(size=shape).astype(np.float32) for shape in (one, other)]
    found = {}
    try:
        for small, many in ((False, 1), (True, 1), (True, 3)):
            monkeypatch.setattr(products, "multiplies_small", lambda small=small: small)
            monkeypatch.setattr(library, "_SHARED", 0 if many > 1 else 1 << 62)
            monkeypatch.setattr(threads, "threads_now", lambda many=many: many)
            products._parts.cache_clear()
            products._rows_at_once.cache_clear()
            found[small, many] = products.product(x, y)
            out = np.empty_like(found[small, many])
            assert products.product(x, y, out) is not None
            assert (out == found[small, many]).all()
            assert one[0] % products.rows_at_once(one[0], one[1], other[-1], x.dtype) == 0
    finally:
        products._parts.cache_clear()
        products._rows_at_once.cache_clear()
    np.testing.assert_allclose(found[True, 1], found[False, 1], rtol=1e-4, atol=1e-3)
    assert (found[True, 1] == found[True, 3]).all()
