"""Single operators, mibun against PyTorch eager: `python -m benchmarks.operators [--rounds N] [--backward] [NAME ...]`.

Each operator runs on sizes as users have them: 100,000 elements for what is elementwise, less where an operator costs
more than linear time. The minimum over alternating rounds is taken, of both libraries in one process with one thread
each, in time of the processor, so that what else the machine does counts little; the ratio says how many times slower
mibun is (below 1: faster). `--backward` times the gradient with the call, for those that have one. On a noisy machine
only the ratios of one run mean anything.
"""

from __future__ import annotations

import argparse
import importlib
import os
import time
import timeit
from collections.abc import Callable
from functools import partial
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

POINTWISE = """
    abs acos acosh angle asin asinh atan atanh ceil cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 floor frac
    lgamma log log10 log1p log2 logit neg reciprocal round rsqrt sigmoid sign sin sinc sinh sqrt square tan tanh trunc
    isnan isfinite nan_to_num
""".split()
SPECIAL = "bessel_j0 bessel_j1 bessel_y0 i0 i0e i1 i1e ndtr ndtri log_ndtr erfcx entr".split()
BINARY = """
    add sub mul div pow atan2 fmod remainder maximum minimum hypot copysign logaddexp logaddexp2 xlogy heaviside
    floor_divide eq lt nextafter
""".split()
ACTIVATIONS = """
    relu gelu silu elu selu celu leaky_relu softplus mish hardtanh hardsigmoid hardswish relu6 softsign tanhshrink
    softshrink hardshrink logsigmoid
""".split()
REDUCTIONS = "sum mean prod var std amax amin argmax argmin logsumexp norm all any count_nonzero median".split()
SCANS = "cumsum cumprod cummax cummin logcumsumexp sort argsort softmax log_softmax diff".split()


def cases(torch: Any) -> dict[str, tuple[Callable[..., Any], tuple]]:
    """The operators over one library: name -> (function, operands)."""
    torch.manual_seed(0)
    F, nn = torch.nn.functional, torch.nn
    n = 100_000
    x, y = torch.rand(n) * 0.9 + 0.05, torch.rand(n) * 0.9 + 0.05
    matrix = torch.randn(316, 316)
    found: dict[str, tuple[Callable[..., Any], tuple]] = {}
    for name in POINTWISE:
        found[name] = (getattr(torch, name), (x + 1 if name == "acosh" else x,))
    for name in SPECIAL:
        found[f"special.{name}"] = (getattr(torch.special, name), (x,))
    for name in BINARY:
        found[name] = (getattr(torch, name), (x, y))
    for name in ACTIVATIONS:
        found[name] = (getattr(F, name), (matrix,))
    for name in REDUCTIONS:
        operand = matrix > 0 if name in ("all", "any") else matrix
        found[name] = (getattr(torch, name), (operand, 1) if name == "logsumexp" else (operand,))
    for name in SCANS:
        found[name] = (partial(getattr(torch, name), dim=-1), (matrix,))
    images, kernels = torch.randn(8, 16, 28, 28), torch.randn(16, 16, 3, 3)
    index = torch.randint(0, 316, (316,))
    grid = torch.rand(8, 28, 28, 2) * 2 - 1
    integers = torch.randint(0, 100, (128, 128))
    logits, classes = torch.randn(256, 100), torch.randint(0, 100, (256,))
    table, tokens = torch.randn(1000, 64), torch.randint(0, 1000, (32, 50))
    lstm, gru, rnn = nn.LSTM(32, 64), nn.GRU(32, 64), nn.RNN(32, 64)
    large_lstm, large_gru, both_ways = nn.LSTM(200, 200), nn.GRU(200, 200), nn.LSTM(32, 64, 2, bidirectional=True)
    sequence = torch.randn(50, 8, 32)
    one_by_one, long_sequence, words = torch.randn(100, 1, 32), torch.randn(100, 20, 32), torch.randn(35, 20, 200)
    square, spd = torch.randn(3, 3), torch.eye(100) * 100 + torch.randn(100, 100)
    spd = spd @ spd.mT
    batch = torch.randn(100, 4, 4) + torch.eye(4) * 5
    threes, tens = torch.randn(1000, 3, 3), torch.randn(100, 10, 10)
    points = torch.randn(300, 16)
    probabilities = torch.randn(50, 16, 20).log_softmax(2)
    labels = torch.randint(1, 20, (16, 10))
    lengths, label_lengths = torch.full((16,), 50), torch.full((16,), 10)
    query = torch.randn(4, 8, 64, 32)
    scale, shift = torch.ones(16), torch.zeros(16)
    found.update(
        {
            "clamp": (lambda a: a.clamp(0.2, 0.8), (x,)),
            "where": (torch.where, (x > 0.5, x, y)),
            "lerp": (lambda a, b: torch.lerp(a, b, 0.3), (x, y)),
            "addcmul": (torch.addcmul, (x, y, x)),
            "special.gammainc": (torch.special.gammainc, ((x * 5).detach(), y)),
            "special.gammaincc": (torch.special.gammaincc, ((x * 5).detach(), y)),
            "special.zeta": (torch.special.zeta, ((x + 2).detach(), y)),
            "polygamma": (lambda a: torch.polygamma(1, a), (x,)),
            "masked_fill": (lambda a: a.masked_fill(x > 0.5, 0.0), (x,)),
            "masked_select": (lambda a: a.masked_select(x > 0.5), (x,)),
            "cat": (lambda a, b: torch.cat((a, b)), (x, y)),
            "stack": (lambda a, b: torch.stack((a, b)), (x, y)),
            "transpose, contiguous": (lambda a: a.mT.contiguous(), (matrix,)),
            "flip": (lambda a: a.flip(0), (matrix,)),
            "roll": (lambda a: a.roll(5, 0), (matrix,)),
            "tril": (torch.tril, (matrix,)),
            "index_select": (lambda a: a.index_select(0, index), (matrix,)),
            "gather": (lambda a: a.gather(0, index.expand(316, 316)), (matrix,)),
            "scatter_add": (lambda a: torch.zeros(316, 316).scatter_add(0, index.expand(316, 316), a), (matrix,)),
            "index_add": (lambda a: torch.zeros(316, 316).index_add(0, index, a), (matrix,)),
            "x[index]": (lambda a: a[index], (matrix,)),
            "take_along_dim": (lambda a: torch.take_along_dim(a, index[None], 1), (matrix,)),
            "topk": (lambda a: a.topk(10)[0], (matrix,)),
            "topk of a vector": (lambda a: a.topk(10)[0], (x,)),
            "kthvalue": (lambda a: a.kthvalue(50)[0], (matrix,)),
            "kthvalue of a vector": (lambda a: a.kthvalue(500)[0], (x,)),
            "median of rows": (lambda a: a.median(1)[0], (matrix,)),
            "quantile": (lambda a: a.quantile(0.3), (x,)),
            "unique": (lambda a: a.unique(), (integers,)),
            "bincount": (lambda a: a.flatten().bincount(), (integers,)),
            "searchsorted": (lambda a: torch.searchsorted(torch.arange(0, 1, 0.001), a), (x,)),
            "histc": (torch.histc, (x,)),
            "matmul": (torch.matmul, (matrix, matrix)),
            "matmul of int64": (torch.matmul, (integers, integers)),
            "bmm": (torch.bmm, (torch.randn(32, 40, 40), torch.randn(32, 40, 40))),
            "mv": (torch.mv, (matrix, matrix[0])),
            "outer": (torch.outer, (matrix[0], matrix[1])),
            "einsum": (lambda a: torch.einsum("ij,kj->ik", a, a), (matrix,)),
            "linear": (F.linear, (logits, torch.randn(64, 100), torch.randn(64))),
            "det of 3x3": (torch.det, (square,)),
            "det of 100 4x4": (torch.det, (batch,)),
            "lu_factor of 100 3x3": (lambda a: torch.linalg.lu_factor(a)[0], (batch[:, :3, :3],)),
            "lu_factor of 1000 3x3": (lambda a: torch.linalg.lu_factor(a)[0], (threes,)),
            "lu_factor of 100 10x10": (lambda a: torch.linalg.lu_factor(a)[0], (tens,)),
            "inv of 100 4x4": (torch.linalg.inv, (batch,)),
            "solve 100x100": (lambda a: torch.linalg.solve(a, a[:, :1]), (spd,)),
            "cholesky 100x100": (torch.linalg.cholesky, (spd,)),
            "eigh 100x100": (lambda a: torch.linalg.eigh(a)[0], (spd,)),
            "svd 100x100": (lambda a: torch.linalg.svd(a)[1], (spd,)),
            "qr 100x100": (lambda a: torch.linalg.qr(a)[1], (spd,)),
            "qr of 3x3": (lambda a: torch.linalg.qr(a)[1], (square,)),
            "qr of 100 4x4": (lambda a: torch.linalg.qr(a)[1], (batch,)),
            "matrix_exp 4x4": (torch.matrix_exp, (batch,)),
            "cross": (lambda a: torch.linalg.cross(a, a.flip(0)), (torch.randn(10000, 3),)),
            "pdist": (F.pdist, (points,)),
            "cdist": (torch.cdist, (points, points)),
            "conv1d": (F.conv1d, (torch.randn(8, 16, 200), torch.randn(16, 16, 5))),
            "conv2d": (lambda a: F.conv2d(a, kernels, padding=1), (images,)),
            "conv2d, stride 2": (lambda a: F.conv2d(a, kernels, padding=1, stride=2), (images,)),
            "conv2d, depthwise": (lambda a: F.conv2d(a, kernels[:, :1], padding=1, groups=16), (images,)),
            "conv_transpose2d": (lambda a: F.conv_transpose2d(a, kernels, stride=2), (images,)),
            "max_pool2d": (lambda a: F.max_pool2d(a, 2), (images,)),
            "max_pool2d, overlapping": (lambda a: F.max_pool2d(a, 3, 2, 1), (images,)),
            "avg_pool2d": (lambda a: F.avg_pool2d(a, 2), (images,)),
            "adaptive_avg_pool2d": (lambda a: F.adaptive_avg_pool2d(a, 7), (images,)),
            "adaptive_max_pool2d": (lambda a: F.adaptive_max_pool2d(a, 5), (images,)),
            "unfold": (lambda a: F.unfold(a, 3), (images,)),
            "interpolate, nearest": (lambda a: F.interpolate(a, scale_factor=2), (images,)),
            "interpolate, bilinear": (lambda a: F.interpolate(a, scale_factor=2, mode="bilinear"), (images,)),
            "interpolate, bicubic": (lambda a: F.interpolate(a, scale_factor=2, mode="bicubic"), (images,)),
            "grid_sample": (lambda a: F.grid_sample(a, grid, align_corners=False), (images,)),
            "pad": (lambda a: F.pad(a, (1, 1, 1, 1)), (images,)),
            "pad, reflect": (lambda a: F.pad(a, (2, 2, 2, 2), mode="reflect"), (images,)),
            "pad, replicate": (lambda a: F.pad(a, (2, 2, 2, 2), mode="replicate"), (images,)),
            "pixel_shuffle": (lambda a: F.pixel_shuffle(a, 2), (images,)),
            "batch_norm": (lambda a: F.batch_norm(a, None, None, scale, shift, True), (images,)),
            "group_norm": (lambda a: F.group_norm(a, 4, scale, shift), (images,)),
            "instance_norm": (lambda a: F.instance_norm(a), (images,)),
            "layer_norm": (lambda a: F.layer_norm(a, (316,)), (matrix,)),
            "normalize": (lambda a: F.normalize(a), (matrix,)),
            "cosine_similarity": (lambda a: F.cosine_similarity(a, a.flip(0)), (matrix,)),
            "scaled_dot_product_attention": (lambda a: F.scaled_dot_product_attention(a, a, a), (query,)),
            "embedding": (lambda a: F.embedding(tokens, a), (table,)),
            "one_hot": (lambda a: F.one_hot(a, 100), (classes,)),
            "LSTM, 50 steps": (lambda a: lstm(a)[0], (sequence,)),
            "LSTM, 100 steps of 1": (lambda a: lstm(a)[0], (one_by_one,)),
            "LSTM, 100 steps of 20": (lambda a: lstm(a)[0], (long_sequence,)),
            "LSTM, 35 steps of 20x200": (lambda a: large_lstm(a)[0], (words,)),
            "LSTM, 2 layers both ways": (lambda a: both_ways(a)[0], (sequence,)),
            "GRU, 50 steps": (lambda a: gru(a)[0], (sequence,)),
            "GRU, 100 steps of 1": (lambda a: gru(a)[0], (one_by_one,)),
            "GRU, 100 steps of 20": (lambda a: gru(a)[0], (long_sequence,)),
            "GRU, 35 steps of 20x200": (lambda a: large_gru(a)[0], (words,)),
            "RNN, 50 steps": (lambda a: rnn(a)[0], (sequence,)),
            "cross_entropy": (lambda a: F.cross_entropy(a, classes), (logits,)),
            "mse_loss": (lambda a, b: F.mse_loss(a, b), (x, y)),
            "smooth_l1_loss": (lambda a, b: F.smooth_l1_loss(a, b), (x, y)),
            "binary_cross_entropy": (lambda a: F.binary_cross_entropy(a, y), (x,)),
            "bce_with_logits": (lambda a: F.binary_cross_entropy_with_logits(a, y), (x,)),
            "kl_div": (lambda a: F.kl_div(a, y, reduction="batchmean"), (x,)),
            "ctc_loss": (lambda a: F.ctc_loss(a, labels, lengths, label_lengths), (probabilities,)),
            "dropout": (lambda a: F.dropout(a, 0.5), (matrix,)),
            "randn": (lambda: torch.randn(n), ()),
            "rand": (lambda: torch.rand(n), ()),
            "randint": (lambda: torch.randint(0, 1000, (n,)), ()),
            "randperm": (lambda: torch.randperm(n), ()),
            "normal_": (lambda a: a.clone().normal_(), (x.clone(),)),
            "exponential_": (lambda a: a.clone().exponential_(), (x.clone(),)),
            "bernoulli": (torch.bernoulli, (x,)),
            "multinomial": (lambda a: torch.multinomial(a, 100), (x,)),
            "poisson": (torch.poisson, (x * 5,)),
            "fft.fft": (lambda a: torch.fft.fft(a).abs(), (matrix,)),
            "fft.rfft2": (lambda a: torch.fft.rfft2(a).abs(), (matrix,)),
            "stft": (lambda a: torch.stft(a, 400, return_complex=True, window=torch.hann_window(400)).abs(), (x,)),
            "x.to(float64)": (lambda a: a.to(torch.float64), (x,)),
            "x.to(float16)": (lambda a: a.to(torch.float16), (x,)),
            "tolist": (lambda a: a.tolist(), (x,)),
            "meshgrid": (lambda a: torch.stack(torch.meshgrid(a, a, indexing="ij")), (matrix[0],)),
            "trapezoid": (lambda a: torch.trapezoid(a), (matrix,)),
            "cov": (torch.cov, (matrix,)),
        }
    )
    return found


def with_backward(torch: Any, function: Callable[..., Any], operands: tuple) -> Callable[[], Any] | None:
    """The call and its gradient, in all floating operands; None where there is none."""
    leaves = [operand.detach().clone() if isinstance(operand, torch.Tensor) else operand for operand in operands]
    wanted = [leaf.requires_grad_() for leaf in leaves if isinstance(leaf, torch.Tensor) and leaf.is_floating_point()]
    result = function(*leaves)
    if not wanted or not isinstance(result, torch.Tensor) or not result.requires_grad:
        return None
    grad = torch.ones_like(result)

    def step() -> None:
        torch.autograd.grad(function(*leaves), wanted, grad, allow_unused=True)

    try:
        step()
    except (RuntimeError, NotImplementedError):  # heaviside, nextafter: PyTorch has no derivative for them
        return None
    return step


def measure(ours: Callable, theirs: Callable | None, rounds: int) -> tuple[float, float]:
    """Microseconds per call of both, the minimum over alternating rounds; NaN for a library that is not there."""
    best = [float("inf"), float("inf")]
    functions = [function for function in (ours, theirs) if function is not None]
    timer = time.process_time
    number = max(1, int(0.005 / max(timeit.timeit(ours, number=1, timer=timer), 1e-6)))
    for _ in range(rounds):
        for i, function in enumerate(functions):
            best[i] = min(best[i], timeit.timeit(function, timer=timer, number=number) / number * 1e6)
    return best[0], best[1] if theirs is not None else float("nan")


def main() -> None:
    """Print the table, the slowest first."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.operators", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only operators whose name has one of these parts")
    parser.add_argument("--rounds", type=int, default=10, help="alternations per operator; the minimum is taken")
    parser.add_argument("--backward", action="store_true", help="time the call and its gradient")
    options = parser.parse_args()
    mibun = importlib.import_module("mibun")
    ours, theirs = cases(mibun), {}
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        torch = None
    if torch is not None:
        torch.set_num_threads(1)
        theirs = cases(torch)
    rows = []
    for name, (function, operands) in ours.items():
        if options.names and not any(part in name for part in options.names):
            continue
        first: Callable[[], Any] | None = partial(function, *operands)
        second: Callable[[], Any] | None = None
        their_function, their_operands = theirs.get(name, (None, ()))
        if their_function is not None:
            second = partial(their_function, *their_operands)
        if options.backward:
            first = with_backward(mibun, function, operands)
            if their_function is not None:
                second = with_backward(torch, their_function, their_operands)
            if first is None or (torch is not None and second is None):
                continue
        rows.append((name, *measure(first, second, options.rounds)))
    rows.sort(key=lambda row: -row[1] / row[2])
    print(f"{'operator':<32}{'mibun µs':>12}{'torch µs':>12}{'mibun / torch':>15}")
    for name, mine, other in rows:
        print(f"{name:<32}{mine:>12.1f}{other:>12.1f}{mine / other:>15.2f}")
    slow = [name for name, mine, other in rows if mine > 3 * other]
    print(f"{len(rows)} operators, {len(slow)} of them more than 3 times slower than PyTorch")


if __name__ == "__main__":
    main()
