"""Attention that sees nothing, or little: outputs, first and second derivatives against installed PyTorch.

A row that is masked wholly, by bools or by -inf, whether it comes from a mask of the scores, of padding, or both, gets
zeros, and so do all gradients; lengths of 0 are lengths too. PyTorch computes with its plain formula, whose derivative
can be derived again.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

import mibun

torch = pytest.importorskip("torch")
from torch.nn.attention import SDPBackend, sdpa_kernel  # noqa: E402

pytestmark = pytest.mark.oracle

BLIND = np.array([[True, False, False], [False, False, False], [True, True, True]])  # what each of 3 positions sees
MASKS = {"none": None, "one row": BLIND, "all": np.zeros((3, 3), bool)}


def numbers(t, seed, *shape):
    return t.tensor(np.random.RandomState(seed).randn(*shape), dtype=t.float64)


def mask_of(t, sees, floating, inverted=False):
    """A mask where `sees` is False: of bools, True where seen (or the opposite), or of numbers that are added."""
    if sees is None:
        return None
    if floating:
        return t.tensor(np.where(sees, 0.0, -math.inf), dtype=t.float64)
    return t.tensor(~sees if inverted else sees)


def derivatives(t, outputs, inputs):
    """The gradients of a weighted sum of the output, and those of a weighted sum of these."""
    inputs = [x.requires_grad_() for x in inputs]
    out = outputs(*inputs)
    first = t.autograd.grad((out * numbers(t, 90, *out.shape)).sum(), inputs, create_graph=True, allow_unused=True)
    total = sum((g * numbers(t, 91, *g.shape)).sum() for g in first if g is not None)
    second = t.autograd.grad(total, inputs, allow_unused=True)
    return [None if x is None else x.detach().numpy() for x in (out, *first, *second)]


def compare(build):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with sdpa_kernel(SDPBackend.MATH):
            theirs = derivatives(torch, *build(torch))
        ours = derivatives(mibun, *build(mibun))
    for a, b in zip(ours, theirs, strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            assert a.shape == b.shape and not np.isnan(a).any()
            np.testing.assert_allclose(a, b, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("floating", [False, True])
@pytest.mark.parametrize("name", MASKS)
def test_scaled_dot_product(name, floating):
    def build(t):
        mask = mask_of(t, MASKS[name], floating)
        inputs = [numbers(t, i, 2, 3, 2) for i in range(3)] + ([mask] if floating and mask is not None else [])

        def run(q, k, v, m=mask):
            return t.nn.functional.scaled_dot_product_attention(q, k, v, m)

        return run, inputs

    compare(build)


@pytest.mark.parametrize(("length", "source"), [(3, 3), (4, 2), (2, 4)])
def test_causal(length, source):
    def build(t):
        shapes = ((2, length, 3), (2, source, 3), (2, source, 2))
        inputs = [numbers(t, i, *shape) for i, shape in enumerate(shapes)]
        return lambda q, k, v: t.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True), inputs

    compare(build)


def with_numbers(t, module):
    with t.no_grad():
        for i, p in enumerate(module.parameters()):
            p.copy_(numbers(t, 10 + i, *p.shape))
    return module


@pytest.mark.parametrize("floating", [False, True])
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("name", MASKS)
@pytest.mark.parametrize("kind", ["attention", "encoder", "decoder", "norm first"])
def test_modules(kind, name, padded, floating):
    def build(t):
        padding = mask_of(
            t, np.array([[True, False, False], [False, False, False]]) if padded else None, floating, True
        )
        mask = mask_of(t, MASKS[name], floating, True)
        x = numbers(t, 0, 2, 3, 4)
        if kind == "attention":
            module = with_numbers(t, t.nn.MultiheadAttention(4, 2, batch_first=True, dtype=t.float64))

            def run(x, *_):
                return module(x, x, x, padding, need_weights=False, attn_mask=mask)[0]
        elif kind == "decoder":
            layer = t.nn.TransformerDecoderLayer(4, 2, 8, 0.0, batch_first=True, dtype=t.float64)
            module = with_numbers(t, layer)

            def run(x, *_):
                return module(x, x * 2, mask, tgt_key_padding_mask=padding, memory_key_padding_mask=padding)
        else:
            first = kind == "norm first"
            layer = t.nn.TransformerEncoderLayer(4, 2, 8, 0.0, batch_first=True, norm_first=first, dtype=t.float64)
            module = with_numbers(t, layer)

            def run(x, *_):
                return module(x, mask, padding)

        return run, [x, *module.parameters()]

    compare(build)


@pytest.mark.parametrize("extra", [{}, {"add_bias_kv": True}, {"add_zero_attn": True}, {"kdim": 3, "vdim": 2}])
@pytest.mark.parametrize(("length", "source", "batch"), [(0, 0, 2), (0, 3, 2), (3, 0, 2), (3, 2, 0), (0, 0, 0)])
@pytest.mark.parametrize("weights", [False, True])
def test_lengths_of_zero(length, source, batch, weights, extra):
    def outputs(t):
        module = with_numbers(t, t.nn.MultiheadAttention(4, 2, dtype=t.float64, **extra))
        q = numbers(t, 0, length, batch, 4).requires_grad_()
        k = numbers(t, 1, source, batch, extra.get("kdim", 4))
        v = numbers(t, 2, source, batch, extra.get("vdim", 4))
        out, seen = module(q, k, v, need_weights=weights)
        out.sum().backward()
        bias = module.out_proj.bias.grad
        return [x if x is None else x.detach().numpy() for x in (out, seen, bias)]

    for a, b in zip(outputs(mibun), outputs(torch), strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            assert a.shape == b.shape
            np.testing.assert_allclose(a, b, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize(("length", "source"), [(0, 3), (3, 0), (0, 0)])
@pytest.mark.parametrize("mask", ["none", "bool", "float", "causal"])
def test_scaled_dot_product_of_length_zero(length, source, mask):
    def output(t):
        q, k, v = numbers(t, 0, 2, length, 3), numbers(t, 1, 2, source, 3), numbers(t, 2, 2, source, 2)
        sees = None if mask in ("none", "causal") else np.ones((length, source), bool)
        given = mask_of(t, sees, mask == "float")
        return t.nn.functional.scaled_dot_product_attention(q, k, v, given, is_causal=mask == "causal").numpy()

    np.testing.assert_array_equal(output(mibun), output(torch))


def test_forward_mode_of_a_blind_row():
    q, k, v = (numbers(mibun, i, 3, 2) for i in range(3))
    mask = mask_of(mibun, BLIND, True)
    tangents = [numbers(mibun, 5 + i, 3, 2) for i in range(3)]
    forward_ad = mibun.autograd.forward_ad
    with forward_ad.dual_level():
        duals = [forward_ad.make_dual(x, t) for x, t in zip((q, k, v), tangents, strict=True)]
        tangent = forward_ad.unpack_dual(mibun.nn.functional.scaled_dot_product_attention(*duals, mask)).tangent
    assert not tangent.isnan().any() and not tangent[1].any()
