"""`flex_attention` and block masks against PyTorch; its derivative, which a CPU has not there, by plain attention."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("torch")

import mibun  # noqa: E402
from oracle.both import assert_same  # noqa: E402

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def flex(m: Any) -> Any:
    return importlib.import_module(f"{m.__name__}.nn.attention.flex_attention")


def attempt(function: Callable, *args: Any, **kwargs: Any) -> Any:
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__


def inputs(m: Any, batch: int = 2, heads: int = 2, queries: int = 5, keys: int = 6, of_key: int | None = None) -> list:
    m.manual_seed(0)
    of_key = heads if of_key is None else of_key
    sizes = ((batch, heads, queries, 4), (batch, of_key, keys, 4), (batch, of_key, keys, 3))
    return [m.randn(*size, dtype=m.float64) for size in sizes]


def causal(b: Any, h: Any, q: Any, k: Any) -> Any:
    return q >= k


MASKS: dict[str, Callable] = {
    "causal": causal,
    "window": lambda b, h, q, k: abs(q - k) <= 2,
    "by head": lambda b, h, q, k: q >= k + h,
    "by batch": lambda b, h, q, k: (k < 3) | (b > 0),
    "nothing": lambda b, h, q, k: k < 0,
}
SCORES: dict[str, Callable] = {
    "relative": lambda s, b, h, q, k: s + (q - k) * 0.5,
    "alibi": lambda s, b, h, q, k: s - (h + 1) * abs(q - k),
    "scaled": lambda s, b, h, q, k: s * (b + 1),
    "soft cap": lambda s, b, h, q, k: 3 * (s / 3).tanh(),
}


def masked(m: Any) -> Any:
    f = flex(m)
    q, k, v = inputs(m)
    found = []
    for mask in MASKS.values():
        block_mask = f.create_block_mask(mask, 2, 2, 5, 6, device="cpu", BLOCK_SIZE=2)
        found.append(f.flex_attention(q, k, v, block_mask=block_mask, return_lse=True))
        found.append(f.create_mask(mask, 2, 2, 5, 6, device="cpu"))
    return found


def scored(m: Any) -> Any:
    f = flex(m)
    q, k, v = inputs(m)
    table = m.arange(30.0, dtype=m.float64).view(5, 6) / 10
    block_mask = f.create_block_mask(causal, None, None, 5, 6, device="cpu")
    mods = [
        *SCORES.values(),
        lambda s, b, h, i, j: s + table[i, j],
        lambda s, b, h, i, j: m.where(i >= j, s, -math.inf),
    ]
    aux = f.AuxRequest(lse=True)
    return [f.flex_attention(q, k, v, score_mod=mod) for mod in mods] + [
        f.flex_attention(q, k, v, score_mod=mods[0], block_mask=block_mask, scale=0.3),
        list(f.flex_attention(q, k, v, score_mod=mods[1], return_aux=aux)[1]),
        f.flex_attention(*inputs(m, heads=4, of_key=2), enable_gqa=True, score_mod=mods[1]),
        f.flex_attention(q[:, :, :1], k, v),
    ]


def refused(m: Any) -> Any:
    f = flex(m)
    q, k, v = inputs(m)
    small = f.create_block_mask(causal, None, None, 3, 6, device="cpu")
    large = f.create_block_mask(causal, None, None, 500, 600, device="cpu")
    return [
        attempt(f.flex_attention, q[0], k[0], v[0]),
        attempt(f.flex_attention, q[..., :3], k, v),
        attempt(f.flex_attention, *inputs(m, heads=4, of_key=2)),
        attempt(f.flex_attention, *inputs(m, heads=3, of_key=2), enable_gqa=True),
        attempt(f.flex_attention, q, k[:1], v[:1]),
        attempt(f.flex_attention, q, k, v, block_mask=small),
        attempt(f.flex_attention, q, k, v, block_mask=large),
        attempt(f.flex_attention, q, k, v, return_lse=True, return_aux=f.AuxRequest()),
        attempt(f.and_masks, causal, 3),
        attempt(f.create_mask, lambda b: b, 1, 1, 2, 2, device="cpu"),
        attempt(f.BlockMask.from_kv_blocks, m.zeros(2), m.zeros(2)),
        attempt(f.BlockMask.from_kv_blocks, m.zeros(1, 1, 2), m.zeros(1, 1, 2, 2), m.zeros(1, 1, 2)),
        attempt(lambda: large[0].mask_mod(0, 0, 0, 0)),
    ]


def fields(mask: Any) -> list:
    names = "kv_num_blocks kv_indices full_kv_num_blocks full_kv_indices q_num_blocks q_indices full_q_num_blocks"
    values = [getattr(mask, name) for name in [*names.split(), "full_q_indices"]]
    return [*values, mask.shape, mask.seq_lengths, mask.BLOCK_SIZE, mask.numel(), mask.sparsity(), mask.to_dense()]


def blocks(m: Any) -> Any:
    f = flex(m)
    make = f.create_block_mask
    masks = [
        make(causal, 1, 1, 256, 256, device="cpu"),
        make(causal, None, None, 200, 300, device="cpu"),
        make(causal, 2, 3, 64, 64, device="cpu", BLOCK_SIZE=16),
        make(causal, 1, 1, 64, 96, device="cpu", BLOCK_SIZE=(16, 32)),
        make(causal, 1, 1, 64, 64, device="cpu", BLOCK_SIZE=16, separate_full_blocks=False),
        *[make(mask, 2, 2, 10, 12, device="cpu", BLOCK_SIZE=4) for mask in MASKS.values()],
        make(f.and_masks(causal, MASKS["window"]), 1, 1, 16, 16, device="cpu", BLOCK_SIZE=4),
        make(f.or_masks(causal, MASKS["window"]), 1, 1, 16, 16, device="cpu", BLOCK_SIZE=4),
        make(f.noop_mask, 1, 1, 16, 16, device="cpu", BLOCK_SIZE=4),
    ]
    three = masks[2]
    masks += [three[0], three[0, 1], three[:, 1], three[-1], three.to("cpu"), masks[0]._adjust(128, 200)]
    of_blocks = (m.tensor([[[1, 2]]], dtype=m.int32), m.tensor([[[[0, 1], [0, 1]]]], dtype=m.int32))
    masks.append(f.BlockMask.from_kv_blocks(*of_blocks, BLOCK_SIZE=2, mask_mod=causal))
    return [fields(mask) for mask in masks]


def pictures(m: Any) -> Any:
    make = flex(m).create_block_mask
    found = []
    for queries, keys in ((50, 50), (21, 45), (40, 20), (3, 3)):
        mask = make(causal, 1, 1, queries * 2, keys * 2, device="cpu", BLOCK_SIZE=2)
        found += [mask.to_string(), mask.to_string(grid_size=(5, 7)), str(mask)]
    several = make(causal, 2, 3, 8, 8, device="cpu", BLOCK_SIZE=2)
    return [*found, str(several), several.to_string(limit=1)]


@pytest.mark.parametrize("program", (masked, scored, refused, blocks, pictures), ids=lambda program: program.__name__)
def test_the_same_as_pytorch(program: Callable) -> None:
    assert_same(program, warn=False)


def test_derivatives() -> None:
    """By operands and by what the function captures, in both modes, and under `vmap`."""
    f = flex(mibun)
    q, k, v = [x.requires_grad_() for x in inputs(mibun, batch=1, heads=1, queries=3, keys=3)]
    bias = mibun.zeros(3, 3, dtype=mibun.float64, requires_grad=True)
    block_mask = f.create_block_mask(causal, None, None, 3, 3, BLOCK_SIZE=2)

    def attention(q: Any, k: Any, v: Any, bias: Any) -> Any:
        return f.flex_attention(q, k, v, score_mod=lambda s, b, h, i, j: s + bias[i, j], block_mask=block_mask)

    def plain(q: Any, k: Any, v: Any, bias: Any) -> Any:
        mask = mibun.where(mibun.ones(3, 3).tril() > 0, bias, -math.inf)
        return mibun.nn.functional.scaled_dot_product_attention(q, k, v, mask)

    operands = (q, k, v, bias)
    weights = mibun.arange(1.0, 10.0, dtype=mibun.float64).view(1, 1, 3, 3)
    ours = mibun.autograd.grad((attention(*operands) * weights).sum(), operands)
    theirs = mibun.autograd.grad((plain(*operands) * weights).sum(), operands)
    for one, other in zip(ours, theirs, strict=True):
        mibun.testing.assert_close(one, other)
    assert mibun.autograd.gradcheck(attention, operands, check_forward_ad=True)
    several = mibun.stack([q.detach(), 2 * q.detach()])
    both = mibun.vmap(lambda q: attention(q, k, v, bias))(several)
    mibun.testing.assert_close(both[1], attention(several[1], k, v, bias))


def test_queries_that_see_nothing_have_zeros_and_finite_gradients() -> None:
    f = flex(mibun)
    q, k, v = [x.requires_grad_() for x in inputs(mibun)]
    out, aux = f.flex_attention(
        q, k, v, lambda s, b, h, i, j: mibun.where(i > 0, s, -math.inf), return_aux=f.AuxRequest(True, True)
    )
    assert (out[:, :, 0] == 0).all() and (aux.lse[:, :, 0] == -math.inf).all()
    assert (aux.max_scores[:, :, 0] == -math.inf).all() and aux.max_scores[:, :, 1:].isfinite().all()
    out.sum().backward()
    assert all(x.grad.isfinite().all() for x in (q, k, v))
