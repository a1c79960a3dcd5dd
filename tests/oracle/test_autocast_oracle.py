"""Autocast against installed PyTorch: what is cast to what, over all samples, and the programs that use it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from mibun.amp import casting  # noqa: E402
from oracle.both import assert_same  # noqa: E402
from samples import SAMPLES  # noqa: E402
from samples.declare import S, tensors_in  # noqa: E402

pytestmark = pytest.mark.oracle

# Where PyTorch's result is an accident of how its function is put together.
OTHERWISE = {
    "linalg.matrix_exp": "PyTorch's overflows in bfloat16",
    "matrix_exp": "PyTorch's overflows in bfloat16",
    "linalg.pinv": "PyTorch's ends with a product of matrices, so its result is bfloat16; here it keeps its dtype",
}
# PyTorch's lists, by the kernels that it has for autocast on CPUs: what mibun has no function of the name of.
ANOTHER_NAME = {
    "_addmm_activation": "no such function",
    "_convolution.deprecated": "conv1d, conv2d and conv3d",
    "_grid_sampler_2d_cpu_fallback": "grid_sampler",
    "_lu_with_info": "lu",
    "_native_multi_head_attention": "no such function: modules call `multi_head_attention_forward`",
    "cross_entropy_loss": "cross_entropy",
    "grid_sampler_2d": "grid_sampler",
    "grid_sampler_3d": "grid_sampler",
    "mkldnn_rnn_layer": "lstm",
    "multilabel_margin_loss_forward": "multilabel_margin_loss",
    "nll_loss2d": "nll_loss",
    "reflection_pad1d": "pad",
    "reflection_pad2d": "pad",
    "replication_pad1d": "pad",
    "replication_pad2d": "pad",
    "replication_pad3d": "pad",
}


def test_every_function_that_pytorch_casts_for_is_listed() -> None:
    has_kernel = real_torch._C._dispatch_has_kernel_for_dispatch_key
    theirs = {name for name in real_torch._C._dispatch_get_all_op_names() if has_kernel(name, "AutocastCPU")}
    lists = (casting.TO_LOWER, casting.TO_FLOAT32, casting.TO_WIDEST, casting.SOMETIMES)
    ours = {
        f"{module}_{name}" if module in ("linalg", "fft") else name
        for names in lists
        for module, text in names.items()
        for name in text.split()
    }
    missing = set()
    for name in theirs:
        name = name.removeprefix("aten::")
        if name not in ANOTHER_NAME and name.partition(".")[0] not in ours:
            missing.add(name)
    assert missing == set()


def results(torch: Any, sample: S, arrays: list[np.ndarray], dtypes: tuple[str, ...]) -> list | None:
    """The outputs within autocast, floating tensors of these dtypes in turn; None where it is refused."""
    tensors = []
    n = 0
    for array in arrays:
        tensor = torch.from_numpy(array.copy())
        if tensor.is_floating_point():
            tensor = tensor.to(getattr(torch, dtypes[n % len(dtypes)]))
            n += 1
        tensors.append(tensor)
    try:
        with torch.autocast("cpu"):
            return tensors_in(sample.run(torch, tensors))
    except (RuntimeError, TypeError, ValueError, IndexError):
        return None


def difference(sample: S, dtypes: tuple[str, ...]) -> str | None:
    arrays = sample.arrays()
    expected = results(real_torch, sample, arrays, dtypes)
    if expected is None:
        return None
    found = results(mibun, sample, arrays, dtypes)
    if found is None or len(found) != len(expected):
        return f"{sample.id}: PyTorch gives {len(expected)} tensors, mibun {found}"
    for one, other in zip(found, expected, strict=True):
        a, b = str(one.dtype), str(other.dtype)
        if a != b:
            return f"{sample.id}: PyTorch gives {b}, mibun {a}"
        if "int" in a or "bool" in a or sample.order == 0:
            continue
        a, b = (np.asarray(t.detach().to(t.dtype).cpu().tolist()) for t in (one, other))
        # Products of few terms, each rounded to 8 bits; what an SVD or the like makes of that is another matter.
        if not np.allclose(a, b, rtol=0.05, atol=0.1 * max(1.0, float(np.abs(b[np.isfinite(b)]).max(initial=0)))):
            return f"{sample.id}: {b.tolist()} and {a.tolist()}"
    return None


@pytest.mark.parametrize(
    "dtypes", [("float32",), ("bfloat16",), ("bfloat16", "float32"), ("float32", "bfloat16")], ids=" ".join
)
def test_dtypes_and_values_of_all_samples(dtypes: tuple[str, ...]) -> None:
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for sample in SAMPLES:
            of_interest = sample.floats() and "all" not in sample.oracle and "value" not in sample.oracle
            if of_interest and len(sample.floats()) >= len(dtypes) and sample.name not in OTHERWISE:
                found.append(difference(sample, dtypes))
    assert [text for text in found if text] == []


# --- programs ---


def programs_of_the_switches(t: Any) -> Any:
    out: list[Any] = [t.is_autocast_enabled(), t.is_autocast_enabled("cpu"), t.get_autocast_dtype("cpu")]
    x = t.ones(2, 2)
    with t.autocast("cpu") as context:
        out += [type(context).__name__, (x @ x).dtype, t.is_autocast_enabled("cpu"), t.is_autocast_cache_enabled()]
        with t.autocast("cpu", dtype=t.float16, cache_enabled=False):
            out += [(x @ x).dtype, t.get_autocast_dtype("cpu"), t.is_autocast_cache_enabled()]
        with t.autocast("cpu", enabled=False):
            out += [(x @ x).dtype, t.is_autocast_enabled("cpu")]
        with t.autocast("cpu", dtype=t.float32):  # not supported: off, with a warning
            out += [(x @ x).dtype, t.is_autocast_enabled("cpu")]
        with t.autocast("cuda"):  # not there: a warning, and no effect
            out += [(x @ x).dtype, t.is_autocast_enabled("cuda"), t.is_autocast_enabled("cpu")]
        with t.no_grad(), t.autocast("cpu", enabled=False):
            out += [(x @ x).dtype]
        out += [(x @ x).dtype, t.get_autocast_dtype("cpu")]
    t.set_autocast_enabled("cpu", True)
    t.set_autocast_dtype("cpu", t.float16)
    out += [(x @ x).dtype, t.autocast("cpu").fast_dtype, t.autocast_increment_nesting(), t.autocast_decrement_nesting()]
    t.set_autocast_dtype("cpu", t.bfloat16)
    t.set_autocast_enabled("cpu", False)
    t.set_autocast_enabled(True)  # of "cuda"
    out += [t.is_autocast_enabled(), (x @ x).dtype, t._C._is_any_autocast_enabled()]
    t.set_autocast_enabled(False)
    return [*out, t.amp.is_autocast_available("cuda"), t.amp.is_autocast_available("meta")]


def programs_of_decorators(t: Any) -> Any:
    @t.autocast("cpu", dtype=t.float16)
    def product(x: Any) -> Any:
        return x @ x

    class Net(t.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = t.nn.Linear(2, 2)

        @t.amp.autocast("cpu")
        def forward(self, x: Any) -> Any:
            return self.layer(x)

    return [product(t.ones(2, 2)), Net()(t.ones(1, 2)).dtype, product.__name__, t.is_autocast_enabled("cpu")]


def programs_that_err(t: Any) -> Any:
    out = []
    for call in (
        lambda: t.autocast("meta"),
        lambda: t.autocast("nonsense"),
        lambda: t.autocast(1),
        lambda: t.autocast("privateuseone"),
        lambda: t.is_autocast_enabled("meta"),
        lambda: t.set_autocast_enabled("cpu", 1),
        lambda: t.set_autocast_enabled("cpu"),
        lambda: t.set_autocast_dtype("cpu", 1),
        lambda: t.get_autocast_dtype("lazy"),
        lambda: t.amp.custom_fwd(device_type=1),
        lambda: t.amp.custom_fwd(lambda ctx: None),
    ):
        try:
            out.append(repr(call()))
        except Exception as error:
            out.append((type(error).__name__, str(error).split()[0]))
    return out


def programs_of_the_cache(t: Any) -> Any:
    out = []
    x, w = t.ones(2, 2), t.full((2, 2), 2.0, requires_grad=True)

    def cast_of(y: Any) -> Any:
        return y.grad_fn.next_functions[1][0]

    with t.autocast("cpu"):
        first, again = x @ w, x @ w
        out.append(cast_of(first) is cast_of(again))
        with t.no_grad():
            w.mul_(10)
        out.append(x @ w)  # the cast that was kept
        with t.autocast("cpu"):
            out.append(cast_of(x @ w) is cast_of(first))
        out.append(cast_of(x @ w) is cast_of(first))
        t.clear_autocast_cache()
        out.append(x @ w)
        with t.autocast("cpu", cache_enabled=False):
            out.append(cast_of(x @ w) is cast_of(x @ w))
        with t.no_grad():
            out.append((x @ w).requires_grad)
        out.append((x @ w).requires_grad)
        v = w.t()
        out.append(cast_of(x @ v) is cast_of(x @ v))  # a view is no leaf
    out.append(t.clear_autocast_cache())
    with t.autocast("cpu"):
        ((x @ w).sum() + (x @ w).sum()).backward()
    return [*out, w.grad]


def programs_in_place_and_out(t: Any) -> Any:
    out = []
    m, low = t.full((2, 2), 1.5), t.full((2, 2), 1.5, dtype=t.bfloat16)
    with t.autocast("cpu"):
        for call in (
            lambda: t.mm(m, m, out=t.empty(2, 2)),
            lambda: t.mm(m, m, out=t.empty(2, 2, dtype=t.bfloat16)),
            lambda: m.clone().addmm_(m, m),
            lambda: m.clone().addmm_(m, low),
            lambda: m.clone()[None].baddbmm_(m[None], m[None]),
            lambda: m.clone().addbmm_(m[None], m[None]),
            lambda: m.clone().index_copy_(0, t.tensor([0]), m[:1]),
            lambda: t.cat([m, m], out=t.empty(4, 2)),
            lambda: t.prod(low, 0, out=t.empty(2, dtype=t.bfloat16)),
            lambda: m.matmul(low),
            lambda: m.mv(m[0]),
            lambda: m[0].dot(m[0]),
            lambda: m[0] @ m[0],
            lambda: m.double() @ m.double(),
            lambda: m.long() @ m.long(),
            lambda: m.double() @ m,
            lambda: m.to(t.complex64) @ m.to(t.complex64),
            lambda: low + m,
            lambda: t.nn.functional.pad(low[None], (1, 1), "reflect"),
            lambda: t.nn.functional.pad(low[None], (1, 1)),
            lambda: t.nn.functional.max_pool3d(low[None, None, None], 1, return_indices=True)[0],
        ):
            try:
                out.append(call())
            except Exception as error:
                out.append(type(error).__name__)
    return out


def programs_of_functions(t: Any) -> Any:
    seen: list[Any] = []

    class Cast(t.autograd.Function):
        @staticmethod
        @t.amp.custom_fwd(device_type="cpu", cast_inputs=t.float32)
        def forward(ctx: Any, x: Any, rest: Any) -> Any:
            seen.append([x.dtype, [r.dtype for r in rest], t.is_autocast_enabled("cpu"), (x @ x).dtype])
            return x @ x

        @staticmethod
        @t.amp.custom_bwd(device_type="cpu")
        def backward(ctx: Any, grad: Any) -> Any:
            seen.append([t.is_autocast_enabled("cpu"), (grad @ grad).dtype, ctx._dtype, ctx._fwd_used_autocast])
            return grad, None

    class Plain(t.autograd.Function):
        @staticmethod
        @t.amp.custom_fwd(device_type="cpu")
        def forward(ctx: Any, x: Any) -> Any:
            seen.append([x.dtype, t.is_autocast_enabled("cpu")])
            return x @ x

        @staticmethod
        @t.amp.custom_bwd(device_type="cpu")
        def backward(ctx: Any, grad: Any) -> Any:
            seen.append([t.is_autocast_enabled("cpu"), t.get_autocast_dtype("cpu"), (grad @ grad).dtype])
            return grad

    class Bare(t.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 1

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            seen.append([t.is_autocast_enabled("cpu"), (grad @ grad).dtype])
            return grad

    x = t.ones(2, 2, requires_grad=True)
    with t.autocast("cpu", dtype=t.float16):
        results = [Cast.apply(x.to(t.bfloat16), [x.half(), x.double()]), Plain.apply(x), Bare.apply(x)]
    for result in results:
        result.sum().backward()
    with t.autocast("cpu"):
        Bare.apply(x).sum().backward()
        Plain.apply(x).sum().backward()
    Cast.apply(x, []).sum().backward()
    return [seen, x.grad]


def programs_of_checkpoints(t: Any) -> Any:
    seen: list[Any] = []
    w = t.full((2, 2), 0.5, requires_grad=True)

    def part(x: Any) -> Any:
        y = x @ w
        seen.append((y.dtype, t.is_autocast_enabled("cpu"), t.get_autocast_dtype("cpu")))
        return y.relu() @ w

    from importlib import import_module

    checkpoint = import_module(f"{t.__name__}.utils.checkpoint").checkpoint
    x = t.ones(2, 2, requires_grad=True)
    for reentrant in (False, True):
        with t.autocast("cpu", dtype=t.float16):
            y = checkpoint(part, x, use_reentrant=reentrant)
        y.sum().backward()
    return [seen, x.grad, w.grad]


def programs_of_transforms(t: Any) -> Any:
    w = t.full((2, 3), 0.5)

    def loss(w: Any, x: Any) -> Any:
        with t.autocast("cpu"):
            return t.nn.functional.mse_loss(t.nn.functional.linear(x, w), t.zeros(2))

    x = t.ones(4, 3)
    grads = t.func.vmap(t.func.grad(loss), (None, 0))(w, x)
    with t.autocast("cpu"):
        value, tangent = t.func.jvp(lambda w: x @ w.t(), (w,), (t.ones(2, 3),))
    return [grads, value, tangent]


def programs_of_training(t: Any) -> Any:
    t.manual_seed(0)
    net = t.nn.Sequential(
        t.nn.Conv2d(1, 4, 3), t.nn.BatchNorm2d(4), t.nn.ReLU(), t.nn.MaxPool2d(2), t.nn.Flatten(), t.nn.Linear(36, 5)
    )
    optimizer = t.optim.SGD(net.parameters(), lr=0.05)
    scaler = t.amp.GradScaler("cpu", init_scale=1024.0, growth_interval=2)
    x, y = t.randn(8, 1, 8, 8), t.arange(8) % 5
    out = []
    for _ in range(4):
        optimizer.zero_grad()
        with t.autocast("cpu", dtype=t.bfloat16):
            scores = net(x)
            loss = t.nn.functional.cross_entropy(scores, y)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        t.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        out += [loss.item(), scores.dtype, scaler.get_scale()]
    return [out, [p.grad.dtype for p in net.parameters()]]


def programs_of_layers(t: Any) -> Any:
    out = []
    x = t.ones(2, 3, 4)
    with t.autocast("cpu"):
        for layer in (
            t.nn.LSTM(4, 4),
            t.nn.GRU(4, 4),
            t.nn.RNN(4, 4, nonlinearity="relu"),
            t.nn.LSTMCell(4, 4),
            t.nn.GRUCell(4, 4),
            t.nn.RNNCell(4, 4),
            t.nn.MultiheadAttention(4, 2),
            t.nn.TransformerEncoderLayer(4, 2, 8),
            t.nn.Bilinear(4, 4, 2),
            t.nn.LayerNorm(4),
            t.nn.PReLU(),
            t.nn.GELU(),
            t.nn.Softmax(-1),
            t.nn.Embedding(5, 4),
            t.nn.Conv1d(3, 2, 1),
            t.nn.ConvTranspose1d(3, 2, 1),
            t.nn.BatchNorm1d(3),
            t.nn.CosineSimilarity(),
            t.nn.PairwiseDistance(),
        ):
            name = type(layer).__name__
            if "Cell" in name:
                args: tuple = (x[0],)
            elif name == "MultiheadAttention":
                args = (x, x, x)
            elif name == "Embedding":
                args = (t.tensor([1]),)
            else:
                args = (x, x) if name in ("Bilinear", "CosineSimilarity", "PairwiseDistance") else (x,)
            result = layer(*args)
            result = result if isinstance(result, tuple) else (result,)
            out.append((name, [r.dtype if hasattr(r, "dtype") else [s.dtype for s in r] for r in result]))
    return out


def programs_of_other_kinds_of_tensors(t: Any) -> Any:
    nothing, sparse = t.ones(2, 2, device="meta"), t.eye(2).to_sparse()
    with t.autocast("cpu"):
        out = [(nothing @ nothing).dtype, (sparse @ t.ones(2, 2)).dtype, t.mm(sparse, t.ones(2, 2)).dtype]
        return [*out, t.sparse.mm(sparse, t.ones(2, 2)).dtype, t.cat([sparse, sparse]).dtype]


def programs_of_the_scaler(t: Any) -> Any:
    p = t.ones(2, requires_grad=True)
    optimizer = t.optim.SGD([p], lr=0.1)
    scaler = t.amp.GradScaler("cpu", init_scale=4.0, growth_interval=2)
    out: list[Any] = []

    def attempt(call: Callable) -> None:
        try:
            out.append(call())
        except Exception as error:
            out.append((type(error).__name__, " ".join(str(error).split()[:5])))

    attempt(lambda: scaler.unscale_(optimizer))
    attempt(lambda: scaler.update())
    scaler.scale((p * 3).sum()).backward()
    for name in ("unscale_", "unscale_", "step", "step", "unscale_"):
        attempt(lambda name=name: getattr(scaler, name)(optimizer))
    out += [p.grad.clone(), p.detach().clone()]
    scaler.update()
    for factor in (float("inf"), 2.0, 2.0, float("nan"), 2.0):
        optimizer.zero_grad()
        scaler.scale((p * factor).sum()).backward()
        attempt(lambda: scaler.step(optimizer))
        scaler.update()
        out += [scaler.get_scale(), scaler._get_growth_tracker(), p.detach().clone()]
    attempt(lambda: scaler.step(optimizer, closure=lambda: 1))
    attempt(lambda: scaler.update(8.0))
    attempt(lambda: scaler.update(t.tensor([2.0])))
    half = t.ones(1, dtype=t.float16, requires_grad=True)
    scaler.scale(half.sum()).backward()
    attempt(lambda: scaler.unscale_(t.optim.SGD([half], lr=0.1)))
    attempt(lambda: scaler.step(t.optim.SGD([t.ones(1, requires_grad=True)], lr=0.1)))
    other = t.amp.GradScaler("cpu")
    other.load_state_dict(scaler.state_dict())
    out += [other.state_dict(), other.get_growth_factor(), other.get_backoff_factor(), other.get_growth_interval()]
    off = t.amp.GradScaler()  # of "cuda": a warning
    out += [off.is_enabled(), off.get_scale(), off.scale(3), off.state_dict(), off.update(), off.step(optimizer)]
    attempt(lambda: scaler.scale(3))
    attempt(lambda: t.amp.GradScaler("cpu", growth_factor=1.0))
    attempt(lambda: scaler.load_state_dict({}))
    out += [scaler.scale([t.ones(1), (t.ones(1).double(), t.ones(1).half())])]
    grads, found = [t.tensor([2.0, 4.0]), t.tensor([6.0]).to(t.bfloat16)], t.zeros(1)
    t._amp_foreach_non_finite_check_and_unscale_(grads, found, t.tensor(0.5))
    return [*out, grads, found, t._amp_update_scale_(t.tensor(4.0), t.tensor(1).int(), found, 2.0, 0.5, 2)]


def programs_of_subclassed_optimizers(t: Any) -> Any:
    out: list[Any] = []

    class Scaling(t.optim.SGD):
        _step_supports_amp_scaling = True

        def step(self, closure: Any = None) -> Any:
            out.append((self.grad_scale, self.found_inf))
            return 5

    p = t.ones(1, requires_grad=True)
    optimizer, scaler = Scaling([p], lr=0.1), t.amp.GradScaler("cpu", init_scale=2.0)
    for unscaled in (False, True):
        scaler.scale(p.sum()).backward()
        if unscaled:
            scaler.unscale_(optimizer)
        out.append(scaler.step(optimizer))
        scaler.update()
    return [out, hasattr(optimizer, "found_inf"), p.grad]


def programs_of_the_deprecated(t: Any) -> Any:
    out: list[Any] = [t.get_autocast_cpu_dtype(), t.is_autocast_cpu_enabled(), t.get_autocast_gpu_dtype()]
    out += [t.is_autocast_xla_enabled(), t.set_autocast_cpu_enabled(False), t.get_autocast_ipu_dtype()]
    with t.cpu.amp.autocast():
        out.append((t.ones(2, 2) @ t.ones(2, 2)).dtype)
    with t.cuda.amp.autocast():
        out.append((t.ones(2, 2) @ t.ones(2, 2)).dtype)
    out += [t.cuda.amp.GradScaler().is_enabled(), t.cpu.amp.GradScaler().get_scale()]
    out += [t.cuda.amp.custom_fwd(lambda ctx, x: x).__name__, t.cuda.amp.custom_bwd(lambda ctx, x: x).__name__]
    return [*out, t.cuda.amp.common.amp_definitely_not_available()]


@pytest.mark.parametrize("name", [name for name in dict(globals()) if name.startswith("programs_")])
def test_programs(name: str) -> None:
    # (PyTorch's own transforms warn of what they use.)
    assert_same(globals()[name], rtol=0.02, atol=0.02, warn="transforms" not in name)
