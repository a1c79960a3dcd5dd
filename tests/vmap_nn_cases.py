"""Layers, losses, linear algebra and the like under `vmap`: what `test_vmap_nn.py` compares with a loop.

`CASES`: name -> (function of tensors that gives one number, the tensors of two examples). It has what the samples of
operators lack: index arguments that differ between examples, whole losses, several layers at once.
"""

# ruff: noqa: E501, E741 (a table)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mibun as torch

F = torch.nn.functional
_generator = torch.Generator().manual_seed(0)
CONSTANT: list[Any] = []  # tensors that have no gradient


def randn(*shape: int) -> Any:
    """Normal numbers for two examples."""
    return torch.randn(2, *shape, dtype=torch.float64, generator=_generator)


def rand(*shape: int) -> Any:
    """Numbers between 0 and 1 for two examples."""
    return torch.rand(2, *shape, dtype=torch.float64, generator=_generator)


def constant(tensor: Any) -> Any:
    """A tensor that is not differentiated."""
    CONSTANT.append(tensor)
    return tensor


rnn = torch.nn.utils.rnn
torch.manual_seed(0)
attention = torch.nn.MultiheadAttention(4, 2).to(torch.float64)
lstm = torch.nn.LSTM(4, 3).to(torch.float64)
x = randn(3, 4)
lp = randn(6, 4, 5)
tg = torch.randint(1, 5, (2, 4, 3), generator=_generator)
il, tl = torch.tensor([[6, 6, 6, 6], [6, 6, 6, 6]]), torch.tensor([[3, 2, 1, 3], [2, 2, 2, 2]])
W, I = randn(5, 3), torch.tensor([[0, 1, 2], [2, 3, 3]])

CASES: dict[str, tuple[Callable[..., Any], tuple]] = {
    "ctc_loss": (lambda a, b, c, d: F.ctc_loss(a.log_softmax(-1), b, c, d), (lp, tg, il, tl)),
    "ctc_loss of each": (
        lambda a, b, c, d: F.ctc_loss(a.log_softmax(-1), b, c, d, reduction="none").square().sum(),
        (lp, tg, il, tl),
    ),
    "ctc_loss of one sequence": (
        lambda a, b: F.ctc_loss(a.log_softmax(-1), b, (6,), (3,), reduction="sum"),
        (lp[:, :, 0], tg[:, 0]),
    ),
    "multi_margin_loss": (
        lambda a, t, w: F.multi_margin_loss(a, t, weight=w),
        (x, torch.tensor([[0, 1, 2], [3, 3, 1]]), constant(rand(4))),
    ),
    "multilabel_margin_loss": (
        lambda a, t: F.multilabel_margin_loss(a, t),
        (x, torch.tensor([[[0, 1, -1, 0]] * 3, [[2, 3, 3, -1]] * 3])),
    ),
    "one_hot": (lambda a, t: (a * F.one_hot(t, 4)).sum(), (x, torch.tensor([[0, 1, 2], [3, 3, 1]]))),
    "embedding": (lambda w, i: F.embedding(i, w, padding_idx=2).square().sum(), (W, I)),
    "embedding by frequency": (lambda w, i: F.embedding(i, w, scale_grad_by_freq=True).square().sum(), (W, I)),
    "embedding_bag": (lambda w, i: F.embedding_bag(i[None], w).square().sum(), (W, I)),
    "embedding_bag, factors": (
        lambda w, i, p: F.embedding_bag(i[None], w, mode="sum", per_sample_weights=p[None]).square().sum(),
        (W, I, rand(3)),
    ),
    "embedding_bag, maxima": (lambda w, i: F.embedding_bag(i[None], w, mode="max").square().sum(), (W, I)),
    "embedding_bag, padding": (lambda w, i: F.embedding_bag(i[None], w, padding_idx=3).square().sum(), (W, I)),
    "embedding_bag, offsets": (
        lambda w, i, o: F.embedding_bag(i, w, o).square().sum(),
        (W, I, torch.tensor([[0, 1], [0, 2]])),
    ),
    "nll_loss": (
        lambda a, t, w: F.nll_loss(a.log_softmax(-1), t, w),
        (x, torch.tensor([[0, 1, 2], [3, 3, 1]]), constant(rand(4))),
    ),
    "nll_loss, one class ignored": (
        lambda a, t: F.nll_loss(a.log_softmax(-1), t, ignore_index=1),
        (x, torch.tensor([[0, 1, 2], [3, 3, 1]])),
    ),
    "cross_entropy": (
        lambda a, t, w: F.cross_entropy(a, t, w),
        (x, torch.tensor([[0, 1, 2], [3, 3, 1]]), constant(rand(4))),
    ),
    "cross_entropy, smoothed": (
        lambda a, t, w: F.cross_entropy(a, t, w, label_smoothing=0.1),
        (x, torch.tensor([[0, 1, 2], [3, 3, 1]]), constant(rand(4))),
    ),
    "cross_entropy of probabilities": (
        lambda a, t, w: F.cross_entropy(a, t.softmax(-1), w),
        (x, randn(3, 4), constant(rand(4))),
    ),
    "cross_entropy of a vector": (lambda a, t: F.cross_entropy(a[0], t[0]), (x, torch.tensor([[0, 1, 2], [3, 3, 1]]))),
    "cross_entropy, positions": (
        lambda a, t: F.cross_entropy(a[None], t[None], reduction="sum"),
        (randn(3, 4), torch.tensor([[0, 1, 2, 0], [0, 2, 2, 1]])),
    ),
    "batch_norm": (
        lambda a, w, b: F.batch_norm(a, None, None, w, b, training=True).square().sum() + (a**3).sum(),
        (randn(5, 3), rand(3), rand(3)),
    ),
    "batch_norm in evaluation": (
        lambda a, m, v: F.batch_norm(a, m.detach(), v.detach()).pow(3).sum(),
        (randn(5, 3), rand(3), rand(3)),
    ),
    "instance_norm": (lambda a, w: F.instance_norm(a[None], weight=w).pow(3).sum(), (randn(3, 6), rand(3))),
    "group_norm": (lambda a, w: F.group_norm(a[None], 3, weight=w).pow(3).sum(), (randn(3, 6), rand(3))),
    "layer_norm": (lambda a, w: F.layer_norm(a, (6,), weight=w).pow(3).sum(), (randn(3, 6), rand(6))),
    "local_response_norm": (lambda a: F.local_response_norm(a[None], 3).pow(3).sum(), (randn(3, 6),)),
    "conv2d": (
        lambda a, w, b: F.conv2d(a[None], w, b, stride=2, padding=1).pow(3).sum(),
        (randn(4, 6, 6), randn(6, 4, 3, 3), randn(6)),
    ),
    "conv2d in groups": (
        lambda a, w, b: F.conv2d(a[None], w, b, groups=2, dilation=2, padding="same").pow(3).sum(),
        (randn(4, 6, 6), randn(6, 2, 3, 3), randn(6)),
    ),
    "conv_transpose2d": (
        lambda a, w, b: F.conv_transpose2d(a[None], w, b, stride=2, output_padding=1).pow(3).sum(),
        (randn(4, 3, 3), randn(4, 3, 3, 3), randn(3)),
    ),
    "conv_transpose1d in groups": (
        lambda a, w, b: F.conv_transpose1d(a[None], w, b, groups=2).pow(3).sum(),
        (randn(4, 3), randn(4, 3, 3), randn(6)),
    ),
    "maxpool": (lambda a: F.max_pool2d(a[None], 2, return_indices=True)[0].pow(3).sum(), (randn(4, 6, 6),)),
    "unpool": (
        lambda a: F.max_unpool2d(*F.max_pool2d(a[None], 2, return_indices=True), 2).pow(3).sum(),
        (randn(4, 6, 6),),
    ),
    "grid_sample": (
        lambda a, g: F.grid_sample(a[None], g[None], align_corners=False).pow(3).sum(),
        (randn(2, 5, 5), rand(4, 4, 2) * 2.2 - 1.1),
    ),
    "grid_sample, bicubic": (
        lambda a, g: (
            F.grid_sample(a[None], g[None], mode="bicubic", padding_mode="reflection", align_corners=True).pow(3).sum()
        ),
        (randn(2, 5, 5), rand(4, 4, 2) * 2.2 - 1.1),
    ),
    "affine_grid": (lambda t: F.affine_grid(t[None], (1, 2, 4, 4), align_corners=False).pow(3).sum(), (randn(2, 3),)),
    "interpolate": (
        lambda a: F.interpolate(a[None], size=(7, 8), mode="bicubic", antialias=False).pow(3).sum(),
        (randn(2, 5, 5),),
    ),
    "pad": (lambda a: F.pad(a[None], (1, 2, 1, 0), mode="reflect").pow(3).sum(), (randn(2, 5, 5),)),
    "pad, circular": (lambda a: F.pad(a[None], (1, 2, 1, 0), mode="circular").pow(3).sum(), (randn(2, 5, 5),)),
    "scaled_dot_product_attention": (
        lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True).pow(3).sum(),
        (randn(3, 4, 5), randn(3, 4, 5), randn(3, 4, 5)),
    ),
    "triplet_margin_loss": (lambda a, b, c: F.triplet_margin_loss(a, b, c), (x, randn(3, 4), randn(3, 4))),
    "cosine_embedding_loss": (
        lambda a, b, t: F.cosine_embedding_loss(a, b, t),
        (x, randn(3, 4), torch.tensor([[1, -1, 1], [-1, 1, 1]])),
    ),
    "gaussian_nll_loss": (lambda a, b, v: F.gaussian_nll_loss(a, b, v), (x, randn(3, 4), rand(3, 4) + 0.1)),
    "kl_div": (lambda a, b: F.kl_div(a.log_softmax(-1), b.softmax(-1), reduction="batchmean"), (x, randn(3, 4))),
    "binary_cross_entropy_with_logits": (
        lambda a, b, w: F.binary_cross_entropy_with_logits(a, b.sigmoid(), pos_weight=w),
        (x, randn(3, 4), constant(rand(4))),
    ),
    "bilinear": (lambda a, b, w: F.bilinear(a, b, w).pow(3).sum(), (x, randn(3, 5), randn(2, 4, 5))),
    "einsum": (lambda a, b: torch.einsum("ij,ik->jk", a, b).pow(3).sum(), (x, randn(3, 5))),
    "einsum with an ellipsis": (
        lambda a, b: torch.einsum("...ij,...jk->...ik", a, b).pow(3).sum(),
        (x[:, None], randn(6, 4, 5)),
    ),
    "einsum of a diagonal": (lambda a: torch.einsum("ii->i", a[:3, :3]).pow(3).sum(), (x,)),
    "tensordot": (lambda a, b: torch.tensordot(a, b, ([1], [0])).pow(3).sum(), (x, randn(4, 5))),
    "cdist": (lambda a, b: torch.cdist(a, b).pow(3).sum(), (x, randn(5, 4))),
    "pdist of order 1": (lambda a: torch.pdist(a, 1).pow(3).sum(), (x,)),
    "stft": (lambda a, w: torch.stft(a, 8, 4, window=w, return_complex=True).abs().pow(3).sum(), (randn(32), rand(8))),
    "istft": (
        lambda a: (
            torch.istft(
                torch.stft(a, 8, 4, window=torch.hann_window(8, dtype=torch.float64), return_complex=True),
                8,
                4,
                window=torch.hann_window(8, dtype=torch.float64),
            )
            .pow(3)
            .sum()
        ),
        (randn(32),),
    ),
    "solve": (
        lambda a, b: torch.linalg.solve(a @ a.mT + torch.eye(3, dtype=torch.float64), b).pow(3).sum(),
        (x[..., :3], randn(3)),
    ),
    "solve right": (
        lambda a, b: torch.linalg.solve(a @ a.mT + torch.eye(3, dtype=torch.float64), b, left=False).pow(3).sum(),
        (x[..., :3], randn(5, 3)),
    ),
    "lstsq": (lambda a, b: torch.linalg.lstsq(a.mT, b).solution.pow(3).sum(), (x, randn(4, 2))),
    "pinv": (lambda a: torch.linalg.pinv(a).pow(3).sum(), (x,)),
    "qr": (lambda a: torch.linalg.qr(a.mT)[1].pow(3).sum(), (x,)),
    "svd": (lambda a: torch.linalg.svdvals(a).pow(3).sum(), (x,)),
    "eigh": (lambda a: torch.linalg.eigh(a @ a.mT)[0].pow(3).sum(), (x,)),
    "lu_solve": (
        lambda a, b: (
            torch.lu_solve(b, *torch.linalg.lu_factor(a @ a.mT + torch.eye(3, dtype=torch.float64))).pow(3).sum()
        ),
        (x, randn(3, 2)),
    ),
    "cholesky_solve": (
        lambda a, b: (
            torch.cholesky_solve(b, torch.linalg.cholesky(a @ a.mT + torch.eye(3, dtype=torch.float64))).pow(3).sum()
        ),
        (x, randn(3, 2)),
    ),
    "matrix_power": (lambda a: torch.linalg.matrix_power(a[:3, :3], -2).pow(2).sum(), (x,)),
    "slogdet": (lambda a: torch.linalg.slogdet(a @ a.mT)[1], (x,)),
    "det": (lambda a: torch.linalg.det(a @ a.mT), (x,)),
    "norms": (lambda a: torch.linalg.norm(a, "nuc") + torch.linalg.norm(a, 2) + torch.linalg.vector_norm(a, 3), (x,)),
    "matrix_rank": (lambda a: a.sum() * torch.linalg.matrix_rank(a), (x,)),
    "cond": (lambda a: torch.linalg.cond(a[:3, :3]), (x,)),
    "cond1": (lambda a: torch.linalg.cond(a[:3, :3], 1), (x,)),
    "multi_dot": (lambda a, b: torch.linalg.multi_dot([a, b, a]).pow(3).sum(), (x, randn(4, 3))),
    "householder_product": (lambda a, t: torch.linalg.householder_product(a.mT, t).pow(3).sum(), (x, rand(3))),
    "rnn_relu_cell": (
        lambda a, h, w, u: torch.rnn_relu_cell(a, h, w, u).pow(3).sum(),
        (x, randn(3, 5), randn(5, 4), randn(5, 5)),
    ),
    "gru_cell": (
        lambda a, h, w, u: torch.gru_cell(a, h, w, u).pow(3).sum(),
        (x, randn(3, 5), randn(15, 4), randn(15, 5)),
    ),
    "lstm_cell": (
        lambda a, h, c, w, u: torch.lstm_cell(a, (h, c), w, u)[0].pow(3).sum(),
        (x, randn(3, 5), randn(3, 5), randn(20, 4), randn(20, 5)),
    ),
    "fold": (lambda a: F.fold(F.unfold(a[None], 2).pow(2), (5, 5), 2).pow(2).sum(), (randn(2, 5, 5),)),
    "adaptive pooling": (
        lambda a: (
            F.adaptive_avg_pool2d(a[None], (2, 3)).pow(3).sum()
            + F.adaptive_max_pool2d(a[None], (2, 3)).pow(3).sum()
            + F.lp_pool2d(a[None].abs(), 3.0, 2).sum()
        ),
        (randn(2, 5, 5),),
    ),
    "prelu": (lambda a, w: F.prelu(a, w).pow(3).sum(), (x, rand(4))),
    "glu": (lambda a: F.glu(a).pow(3).sum(), (x,)),
    "normalize": (lambda a: F.normalize(a).pow(3).sum() + F.cosine_similarity(a, a[:1]).sum(), (x,)),
    "pixel_shuffle": (lambda a: F.pixel_shuffle(a[None], 2).pow(3).sum(), (randn(4, 3, 3),)),
    "renorm": (lambda a: torch.renorm(a, 2, 0, 1.0).pow(3).sum(), (x,)),
    "trapezoid": (lambda a, b: torch.trapezoid(a, b.cumsum(-1)).pow(3).sum(), (x, rand(3, 4))),
    "gradient": (lambda a: torch.gradient(a)[0].pow(3).sum(), (x,)),
    "special": (
        lambda a: sum(
            f(a.abs() + 0.3).sum()
            for f in (
                torch.special.gammaln,
                torch.special.digamma,
                torch.special.i0e,
                torch.special.erfcx,
                torch.special.ndtri if 0 else torch.special.log_ndtr,
                torch.special.entr,
                torch.special.xlog1py if 0 else torch.special.i1,
            )
        ),
        (x,),
    ),
    "istft with a window of each": (
        lambda a, w: torch.istft(torch.stft(a, 8, 4, window=w, return_complex=True), 8, 4, window=w).pow(3).sum(),
        (randn(32), rand(8) + 0.5),
    ),
    "max_unpool2d": (
        lambda a, i: F.max_unpool2d(a[None], i[None], 2).pow(3).sum(),
        (randn(1, 2, 2), torch.tensor([[[[0, 3], [8, 10]]], [[[1, 2], [9, 15]]]])),
    ),
    "fractional_max_pool2d": (
        lambda a, r: F.fractional_max_pool2d(a[None], 2, output_size=2, _random_samples=r[None]).pow(3).sum(),
        (randn(1, 5, 5), constant(rand(1, 2))),
    ),
    "grid_sample of volumes": (
        lambda a, g: F.grid_sample(a[None], g[None], align_corners=False, padding_mode="border").pow(3).sum(),
        (randn(2, 3, 3, 3), rand(2, 2, 2, 3) * 2 - 1),
    ),
    "multi-head attention, masked": (
        lambda q, m: attention(q, q, q, attn_mask=m)[0].pow(3).sum(),
        (randn(5, 2, 4), rand(5, 5)),
    ),
    "multi-head attention, keys left out": (
        lambda q, m: attention(q, q, q, key_padding_mask=m > 0.6)[0].pow(3).sum(),
        (randn(5, 2, 4), constant(rand(2, 5) * 0.61)),
    ),
    "LSTM, packed": (
        lambda a: rnn.pad_packed_sequence(lstm(rnn.pack_padded_sequence(a, torch.tensor([5, 3])))[0])[0].pow(3).sum(),
        (randn(5, 2, 4),),
    ),
    "LSTM from a state": (
        lambda a, h, c: lstm(a, (h, c))[1][1].pow(3).sum(),
        (randn(5, 2, 4), randn(1, 2, 3), randn(1, 2, 3)),
    ),
    "linear of no rows": (lambda a, w: F.linear(a[:0], w).sum() + (w * w).sum() + a.sum(), (randn(3, 4), randn(5, 4))),
    "linear of no columns": (
        lambda a, w: F.linear(a[:, :0], w[:, :0]).sum() + (w * w).sum() + a.sum(),
        (randn(3, 4), randn(5, 4)),
    ),
    "conv1d of no images": (
        lambda a, w: F.conv1d(a[:0], w).sum() + (w * w).sum() + a.sum(),
        (randn(3, 2, 6), randn(4, 2, 3)),
    ),
    "eigvals": (lambda a: torch.linalg.eigvals(a[:, :3]).abs().sum(), (x,)),
    "tensorsolve": (
        lambda a, b: (
            torch.linalg.tensorsolve(a.reshape(2, 3, 6) + 5 * torch.eye(6, dtype=torch.float64).reshape(2, 3, 6), b)
            .pow(3)
            .sum()
        ),
        (randn(6, 6), randn(2, 3)),
    ),
}
nn = torch.nn


def _flat(size: int) -> Any:
    return nn.Flatten(), nn.Linear(size, 3)


# name -> (how a Module is made, the shape of its input)
MODULES: dict[str, tuple[Callable[[], Any], tuple[int, ...]]] = {
    "Linear, LayerNorm": (lambda: nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.LayerNorm(5), nn.Linear(5, 3)), (6, 4)),
    "Linear of a vector": (lambda: nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3)), (4,)),
    "Conv2d, GroupNorm, MaxPool2d": (
        lambda: nn.Sequential(nn.Conv2d(2, 4, 3), nn.GroupNorm(2, 4), nn.GELU(), nn.MaxPool2d(2), *_flat(16)),
        (2, 2, 6, 6),
    ),
    "ConvTranspose2d, PReLU, Upsample": (
        lambda: nn.Sequential(
            nn.ConvTranspose2d(2, 3, 3, stride=2), nn.PReLU(3), nn.Upsample(scale_factor=2, mode="bilinear")
        ),
        (2, 2, 3, 3),
    ),
    "BatchNorm1d without averages": (
        lambda: nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5, track_running_stats=False), nn.Linear(5, 3)),
        (6, 4),
    ),
    "BatchNorm1d in evaluation": (
        lambda: nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Linear(5, 3)).eval(),
        (6, 4),
    ),
    "InstanceNorm1d": (lambda: nn.Sequential(nn.Conv1d(2, 3, 2), nn.InstanceNorm1d(3, affine=True)), (2, 2, 6)),
    "RNN": (lambda: nn.RNN(4, 3, num_layers=2, bidirectional=True), (5, 2, 4)),
    "LSTM": (lambda: nn.LSTM(4, 3, num_layers=2), (5, 2, 4)),
    "LSTM with projections": (lambda: nn.LSTM(4, 3, proj_size=2, batch_first=True), (2, 5, 4)),
    "GRU": (lambda: nn.GRU(4, 3, bidirectional=True), (5, 2, 4)),
    "LSTMCell": (lambda: nn.LSTMCell(4, 3), (2, 4)),
    "GRUCell": (lambda: nn.GRUCell(4, 3), (2, 4)),
    "TransformerEncoderLayer": (lambda: nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0), (5, 2, 4)),
    "TransformerEncoderLayer in evaluation": (
        lambda: nn.TransformerEncoderLayer(4, 2, 8, batch_first=True).eval(),
        (2, 5, 4),
    ),
    "TransformerEncoder": (
        lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, batch_first=True), 2),
        (2, 5, 4),
    ),
    "weight_norm": (lambda: nn.utils.parametrizations.weight_norm(nn.Linear(4, 3)), (6, 4)),
    "orthogonal": (lambda: nn.utils.parametrizations.orthogonal(nn.Linear(4, 3)), (6, 4)),
    "spectral_norm in evaluation": (lambda: nn.utils.parametrizations.spectral_norm(nn.Linear(4, 3)).eval(), (6, 4)),
    "RMSNorm": (lambda: nn.Sequential(nn.RMSNorm(4), nn.LocalResponseNorm(2)), (2, 3, 4)),
}
