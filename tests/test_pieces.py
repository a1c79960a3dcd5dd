"""Large work in pieces: the same values in the same layout whatever the operands are, for any number of threads.

Here everything counts as large and pieces are small, or the arrays are large indeed. That all samples give the same
bits in pieces is in `test_fast_paths.py`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.core.registry import OPS
from mibun.dispatch import natively, pieces, traces
from mibun.xp import numpy_namespace as xp
from mibun.xp.numpy import threads

F = torch.nn.functional


@pytest.fixture(autouse=True)
def no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a compiler makes comes before pieces, where there is one."""
    monkeypatch.setattr(natively, "_FOUND", [natively._nothing])


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of 64 bytes, which pay always."""
    for name, value in {"LARGE": 1, "LARGE_ROWS": 1, "NEVER": 1, "PIECE": 64}.items():
        monkeypatch.setattr(pieces, name, value)
    monkeypatch.setattr(pieces, "ALONE", ((1, 1),))


def with_threads(monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    """n threads share whatever can be shared, however busy the processors are."""
    monkeypatch.setattr(pieces, "THREADED", 0)
    monkeypatch.setattr(threads, "_LONGEST_ALONE", 0)
    monkeypatch.setattr(threads, "_SHORTEST_ALONE", 0)
    monkeypatch.setattr(threads, "_patience", 0)
    monkeypatch.setattr(threads, "_alone_until", 0)
    monkeypatch.setattr(pieces, "threads_now", lambda: n)
    monkeypatch.setattr(threads, "number_of_threads", lambda: n)


def spy(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What pieces have given from now on, None where they were not used."""
    given: list[Any] = []
    for kind in (pieces.Elementwise, pieces.ByRows):
        real = kind.results
        monkeypatch.setattr(kind, "results", lambda *args, real=real: given.append(found := real(*args)) or found)
    return given


# --- layouts ---

RANDOM = np.random.default_rng(3)
BASE = RANDOM.uniform(0.1, 2, (12, 10, 14))


def _layouts(dtype: Any) -> dict[str, np.ndarray]:
    base = BASE.astype(dtype)
    x = base[:6, :5, :7]
    return {
        "contiguous": x.copy(),
        "reversed axes": np.ascontiguousarray(x.T).T,
        "permuted": np.ascontiguousarray(x.transpose(1, 0, 2)).transpose(1, 0, 2),
        "cut out": x,
        "every second": base[::2, ::2, ::2],
        "backwards": x.copy()[::-1],
        "expanded": np.broadcast_to(x[0, 0, 0], x.shape),
        "expanded rows": np.broadcast_to(x[:1], x.shape),
        "last axis": x[0, 0].copy(),
        "first axis": x[:, :1, :1].copy(),
        "last axes": x[0].copy(),
        "middle": x[:1, :, :1].copy(),
        "one element": x[:1, :1, :1].copy(),
        "0-d": np.array(0.7, dtype),
        "scalar": dtype(0.7),
    }


OPERATORS: dict[str, dict[str, Any]] = {
    "mul": {},
    "div": {},
    "sub": {},
    "atan2": {},
    "pow_tensor": {},
    "logaddexp": {},
    "maximum": {},
    "silu": {},
    "gelu_tanh": {},
    "abs": {},
    "sign": {},
    "softplus": {"beta": 2.0, "threshold": 3.0},
    "pow_number": {"exponent": 2.5},
    "where": {},
    "addcmul": {"value": 0.5},
    "gt": {},
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", OPERATORS)
def test_layouts(small, monkeypatch, name, dtype):
    """All pairs of layouts give the same bits in the same strides as the kernel on whole arrays, or are left to it."""
    op = OPS[name]
    made = 0
    arrays = _layouts(dtype)
    formula = pieces.Elementwise(op.kernel, name)
    for threads_ in (1, 3):
        with_threads(monkeypatch, threads_)
        for first in arrays:
            for second in arrays if len(op.operands) > 1 else ["contiguous"]:
                operands = [arrays[first], arrays[second], arrays["permuted"]][: len(op.operands)]
                if name == "where":
                    operands[0] = operands[0] > 1
                wanted = op.kernel(xp, *operands, **OPERATORS[name])
                found = formula.results(operands, OPERATORS[name])
                if found is not None:
                    made += 1
                    assert found.dtype == wanted.dtype and found.shape == wanted.shape
                    np.testing.assert_array_equal(found, wanted)
                    if found.size > 1:
                        assert found.strides == wanted.strides, (first, second)
    assert made >= 7


@pytest.mark.parametrize("dtypes", ["fd", "ff", "dd", "fi", "fe", "fF", "bb", "e", "F", "i"])
def test_dtypes(small, dtypes):
    """Mixed dtypes, and those that are not the usual ones, are the kernel's own or the same."""
    arrays = [np.linspace(0.5, 1.5, 24).reshape(4, 6).astype(dtype) for dtype in dtypes]
    op = OPS["mul" if len(arrays) == 2 else "silu" if dtypes != "i" else "abs"]
    found = pieces.Elementwise(op.kernel, op.name).results(arrays, {})
    if found is not None:
        wanted = op.kernel(xp, *arrays)
        assert found.dtype == wanted.dtype
        np.testing.assert_array_equal(found, wanted)


# --- traces ---


def test_what_cannot_be_traced(small):
    def looks_at_values(xp, x):
        return x * 2 if (x > 0).all() else x

    def makes_an_array(xp, x):
        return x + np.arange(x.shape[0])

    def works_across(xp, x):
        return x - xp.max(x)

    def counts_rows(xp, x):
        return x / x.shape[0]

    def goes_on_from_a_total(xp, x):
        return x / xp.sum(x)

    x = np.linspace(-1, 1, 60).reshape(10, 6)
    for formula in (looks_at_values, makes_an_array, works_across, goes_on_from_a_total):
        assert pieces.Elementwise(formula, "f").results((x,), {}) is None
    sample = np.ones((2, 6))
    for formula in (looks_at_values, makes_an_array, works_across, counts_rows):
        assert traces.trace(formula, [sample], [True], 1) is None
    assert traces.trace(lambda xp, x: xp.max(x, axis=0, keepdims=True), [sample], [True], 1) is None


def test_what_is_traced():
    """Operators by name are the steps of their kernels; equal steps are one; nothing is left that is not needed."""

    def formula(xp, x, *, a):
        xp.exp(x)
        back = -x
        return xp.conj(xp.sigmoid(x)) + a * xp.logistic(x) - (-back)

    found = traces.trace(formula, [np.ones(2, "f")], [True], None, {"a": 2.0})
    assert [step.name for step in found.steps] == [
        "negative",
        "exp",
        "add",
        "true_divide",
        "multiply",
        "add",
        "subtract",
    ] or [step.name for step in found.steps] == ["negative", "exp", "add", "divide", "multiply", "add", "subtract"]


def test_views_keep_their_memory(small):
    """What is a view of a step's value is not written over, nor is what a function gives back as it is."""

    def rows(xp, x):
        a = x * 2
        b = xp.reshape(a, (x.shape[0], 3, 2))
        c = a + 1
        d = xp.exp(c) - xp.reshape(b, x.shape) * c
        return xp.with_nan_of(d, c) + d

    def elements(xp, x):
        a = x * 2
        b = xp.with_nan_of(a, x)
        c = x + 1
        d = c * c
        return b * d + c

    x = RANDOM.uniform(-1, 1, (40, 6))
    found = pieces.ByRows(rows, "f", ()).results((x,), {}, (40,), x.size)
    np.testing.assert_array_equal(found, rows(xp, x))
    np.testing.assert_array_equal(pieces.Elementwise(elements, "f").results((x,), {}), elements(xp, x))


def test_most_formulas_are_traced(small, monkeypatch):
    """Of pointwise operators with real operands and no parameters nearly all, and those of the commonest layers."""
    with_threads(monkeypatch, 2)
    arrays = [RANDOM.uniform(0.2, 0.8, (6, 40)) for _ in range(3)]
    left = []
    for op in OPS.values():
        if op.kind == "pointwise" and op.elementwise and not op.params and op.differentiable and len(op.operands) < 4:
            try:
                op.kernel(xp, *arrays[: len(op.operands)])
            except Exception:
                continue  # it is for others
            if pieces.Elementwise(op.kernel, op.name).results(arrays[: len(op.operands)], {}) is None:
                left.append(op.name)
    assert len(left) < 12, left
    for name, params in {
        "softmax_over": {"dim": 1},
        "log_softmax_over": {"dim": 1},
        "logsumexp": {"dims": (1,), "keepdim": False},
    }.items():
        formula = pieces.ByRows(OPS[name].kernel.__wrapped__, name, ())
        formula.results((arrays[0],), params, (6,), 240)
        assert all(formula.loops.values()) and formula.loops


def test_parameters_are_told_apart(small):
    """1, 1.0 and True, 0.0 and -0.0 are other formulas."""
    formula = pieces.Elementwise(lambda xp, x, *, a: xp.where(x > 0, x, x * a) + x * a, "f")
    x = np.linspace(-1, 1, 40)
    for a in (1, 1.0, True, 0.0, -0.0, 2.5, np.float64(2.5)):
        found = formula.results((x,), {"a": a})
        np.testing.assert_array_equal(found, np.where(x > 0, x, x * a) + x * a)
        assert np.array_equal(np.signbit(found), np.signbit(np.where(x > 0, x, x * a) + x * a))
    assert formula.results((x,), {"a": np.ones(1)}) is None


# --- whole calls ---


def _work(n: int = 400) -> dict[str, np.ndarray]:
    """Values and gradients of all kinds of large work."""
    torch.manual_seed(0)
    x = torch.randn(n, n, requires_grad=True)
    w = torch.linspace(0.5, 1.5, n).requires_grad_()
    y = torch.rand(n, n)
    results = {
        "chain": (x * w).sigmoid() / (1 + x**2) - torch.erf(x) * w.exp(),
        "gelu": F.gelu(x, approximate="tanh") + F.silu(x) + F.mish(x),
        "layer norm": F.layer_norm(x, (n,), w, w),
        "softmax": F.softmax(x, -1) + F.log_softmax(x, -1) * w,
        "logsumexp": torch.logsumexp(x * w, -1),
        "losses": F.mse_loss(x, y) + F.smooth_l1_loss(x, y) + F.binary_cross_entropy_with_logits(x * w, y),
        "cross entropy": F.cross_entropy(x, torch.arange(n)),
    }
    found = {}
    for name, out in results.items():
        grads = torch.autograd.grad(out, (x, w), torch.full_like(out, 0.5), allow_unused=True)
        for i, value in enumerate((out, *grads)):
            if value is not None:
                found[f"{name} {i}"] = value.detach().numpy().copy()
    return found


def test_the_same_for_any_number_of_threads(monkeypatch):
    """Bit for bit, sums too: the pieces are the same."""
    monkeypatch.setattr(pieces, "PIECE", 1 << 16)
    with_threads(monkeypatch, 1)
    alone = _work()
    for n in (2, 5):
        with_threads(monkeypatch, n)
        for name, value in _work().items():
            np.testing.assert_array_equal(value, alone[name], err_msg=name)


@pytest.mark.parametrize("n", [70_000, 131_072 + 50, 4 * 65_536 + 3, 300_007])
def test_the_same_bits_at_any_length(monkeypatch, n):
    """Whether in pieces or not, at the first call and later ones: functions that know short arrays see none."""
    x = torch.linspace(-6, 6, n)
    calls = {
        "erf": torch.erf,
        "i0": torch.special.i0e,
        "gelu": F.gelu,
        "ndtri": lambda x: torch.special.ndtr(x) * x,
        "erfinv": lambda x: torch.erfinv(x / 7),
        "total": lambda x: F.mse_loss(x, x * 0.5),
        "totals": lambda x: F.binary_cross_entropy_with_logits(x, x.sigmoid()),
    }
    found: dict[str, list[Any]] = {name: [] for name in calls}
    for count in (1, 2, 7, 1):
        with_threads(monkeypatch, count)
        for name, call in calls.items():
            leaf = x.clone().requires_grad_()
            out = call(leaf)
            (g,) = torch.autograd.grad(out, leaf, torch.ones_like(out))
            found[name].append((out.detach().numpy(), g.numpy()))
    for name, results in found.items():
        for out, g in results[1:]:
            np.testing.assert_array_equal(out, results[0][0], err_msg=name)
            np.testing.assert_array_equal(g, results[0][1], err_msg=name)


def test_whole_and_in_pieces(monkeypatch):
    given = spy(monkeypatch)
    inside = _work()
    assert sum([found is not None for found in given]) > 12
    for name in ("results",):
        for kind in (pieces.Elementwise, pieces.ByRows):
            monkeypatch.setattr(kind, name, lambda *args: None)
    for name, value in _work().items():
        np.testing.assert_allclose(inside[name], value, rtol=2e-5, atol=2e-6, err_msg=name)


@pytest.mark.parametrize("n", [1, 3])
def test_settings_of_numpy(monkeypatch, n):
    """No warning and no error of NumPy's, in whatever thread; the settings are as they were."""
    with_threads(monkeypatch, n)
    before = np.geterr(), np.getbufsize()
    x = torch.full((300, 300), 1e30)
    x[3] = float("inf")
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        leaf = x.clone().requires_grad_()
        out = leaf * leaf / (leaf - leaf) + F.softmax(leaf, -1) + F.layer_norm(leaf, (300,)) + leaf.exp().log()
        out.backward(torch.ones_like(out))
    assert out.isnan().any() and leaf.grad.isnan().any()
    assert (np.geterr(), np.getbufsize()) == before


def test_hooks_versions_and_second_derivatives(monkeypatch):
    given = spy(monkeypatch)
    x = torch.linspace(-2, 2, 70_000, dtype=torch.float64).requires_grad_()
    seen = []
    y = F.silu(x)
    y.register_hook(lambda g: seen.append(g.shape))
    z = F.gelu(y, approximate="tanh") * y
    (g,) = torch.autograd.grad(z.sum(), x, create_graph=True)
    (h,) = torch.autograd.grad(g.sum(), x)
    few = x.detach()[::700].requires_grad_()
    v = F.silu(few)
    (g_few,) = torch.autograd.grad((F.gelu(v, approximate="tanh") * v).sum(), few, create_graph=True)
    (h_few,) = torch.autograd.grad(g_few.sum(), few)
    torch.testing.assert_close(g[::700], g_few, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(h[::700], h_few, rtol=1e-10, atol=1e-12)
    assert len(seen) >= 1 and any(found is not None for found in given)
    y = x * 2
    z = F.silu(y)
    y.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.sum().backward()


def test_subclasses_and_modes(monkeypatch):
    class Told(torch.Tensor):
        names: list[str] = []

        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            cls.names.append(func.__name__)
            return super().__torch_function__(func, types, args, kwargs or {})

    x = torch.linspace(-2, 2, 70_000)
    told = F.silu(x.as_subclass(Told))
    assert type(told) is Told and "silu" in Told.names
    plain = F.silu(x)
    np.testing.assert_array_equal(told.numpy(), plain.numpy())
    with torch.inference_mode():
        np.testing.assert_array_equal(F.silu(x).numpy(), plain.numpy())
    tangent = torch.ones_like(x)
    _, out = torch.func.jvp(F.silu, (x,), (tangent,))
    leaf = x.clone().requires_grad_()
    F.silu(leaf).backward(tangent)
    torch.testing.assert_close(out, leaf.grad)
    batched = torch.func.vmap(F.silu)(x.view(100, 700))
    np.testing.assert_array_equal(batched.numpy().ravel(), plain.numpy())


def test_in_place_and_out():
    x = torch.linspace(-2, 2, 70_000)
    wanted = torch.sigmoid(x).numpy()
    out = torch.empty(70_000)
    torch.sigmoid(x, out=out)
    np.testing.assert_array_equal(out.numpy(), wanted)
    y = x.clone()
    y.sigmoid_()
    np.testing.assert_array_equal(y.numpy(), wanted)
    y = x.clone()
    y.mul_(y)
    np.testing.assert_array_equal(y.numpy(), (x * x).numpy())


def test_errors_are_those_of_small_tensors():
    for n in (3, 70_000):
        with pytest.raises(RuntimeError, match="must match the size"):
            torch.ones(n) * torch.ones(n + 1)
        with pytest.raises(RuntimeError, match="bool"):
            torch.ones(n, dtype=torch.bool) - torch.ones(n, dtype=torch.bool)


# --- threads ---


def test_all_pieces_are_done_once(monkeypatch):
    with_threads(monkeypatch, 4)
    for _ in range(20):
        done: list[int] = []
        threads.share(done.extend, range(100), 4)
        assert sorted(done) == list(range(100))


def test_errors_in_a_helper(monkeypatch):
    with_threads(monkeypatch, 3)
    caller = threading.get_ident()
    begun = threading.Event()

    def work(some: Iterator[int]) -> None:
        for _ in some:
            if threading.get_ident() != caller:
                begun.set()
                raise MemoryError("in a helper")
            begun.wait(5)

    with pytest.raises(MemoryError, match="in a helper"):
        threads.share(work, range(1000), 3)


def test_an_interruption_stops_all(monkeypatch):
    """Ctrl-C in between: nobody works on when it arrives at the caller."""
    with_threads(monkeypatch, 3)
    caller = threading.get_ident()
    busy = []

    def work(some: Iterator[int]) -> None:
        for i in some:
            if threading.get_ident() == caller:
                signal.raise_signal(signal.SIGINT)
            busy.append(i)
            threading.Event().wait(0.001)
            busy.remove(i)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            threads.share(work, range(10_000), 3)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not busy


def test_several_callers_at_once(monkeypatch):
    with_threads(monkeypatch, 2)
    wanted = _work(300)
    failed = []

    def call() -> None:
        x = torch.linspace(-3, 3, 90_000)
        for _ in range(5):
            if not np.array_equal(F.silu(x).numpy(), expected):
                failed.append(1)

    expected = F.silu(torch.linspace(-3, 3, 90_000)).numpy()
    callers = [threading.Thread(target=call) for _ in range(4)]
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    assert not failed
    for name, value in _work(300).items():
        np.testing.assert_array_equal(value, wanted[name])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_after_a_fork(monkeypatch):
    """The child has threads of its own."""
    with_threads(monkeypatch, 2)
    x = torch.linspace(-3, 3, 300_000)
    wanted = F.silu(x).numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer versions of Python warn of forks beside threads
        child = os.fork()
    if not child:
        os._exit(0 if np.array_equal(F.silu(x).numpy(), wanted) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


AT_EXIT = """
import atexit, threading
import mibun as torch
torch.set_num_threads(2)
x = torch.linspace(-3, 3, 600_000)
def last():
    print(float(torch.nn.functional.silu(x).sum()) > 0)
atexit.register(last)
torch.nn.functional.silu(x)
threading._register_atexit(last)
"""


def test_at_the_end_of_the_program():
    """The pool does not keep the program from ending, and who comes after it works alone."""
    found = subprocess.run([sys.executable, "-c", AT_EXIT], capture_output=True, text=True, timeout=60)
    assert found.stdout.split() == ["True", "True"] and not found.stderr


def test_a_busy_machine(monkeypatch):
    """Where helpers have to be waited for, they are not asked for some time."""
    with_threads(monkeypatch, 2)
    monkeypatch.setattr(threads, "_LONGEST_ALONE", 64)
    monkeypatch.setattr(threads, "_patience", 32)
    caller = threading.get_ident()
    asked = []
    real = threads._hand
    monkeypatch.setattr(threads, "_hand", lambda *args: asked.append(1) or real(*args))
    begun = threading.Event()

    def work(some: Iterator[int]) -> None:
        for _ in some:
            if threading.get_ident() != caller:
                begun.set()
                threading.Event().wait(0.05)
            else:
                begun.wait(5)

    threads.share(work, range(2), 2)
    assert len(asked) == 1
    for _ in range(3):
        threads.share(work, range(2), 2)
    assert len(asked) == 1 and threads._patience == 64


def test_settings_rule_threads():
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        assert torch.get_num_threads() == 3 == threads.number_of_threads()
        torch.set_num_threads(1)
        assert pieces._threads_for(1 << 40) == 1
    finally:
        torch.set_num_threads(before)


# --- any formula ---


def _random_formula(seed: int, rows: bool) -> tuple[Any, list[np.ndarray]]:
    """A formula of a dozen random steps with one to three results, and arrays for it."""
    random = np.random.default_rng(seed)
    shape = (13, 6)
    given = [random.uniform(0.5, 1.5, shape) for _ in range(3)]
    given.append(random.uniform(0.5, 1.5, shape[1]) if random.random() < 0.5 else np.array(random.uniform(0.5, 1.5)))
    plan = []
    for i in range(random.integers(4, 16)):
        kinds = [
            "add",
            "mul",
            "div",
            "sub",
            "exp",
            "neg",
            "where",
            "number",
            "compare",
            "erf",
            "maximum",
            "with_nan_of",
        ]
        kinds += ["sum", "mean", "mean_of_products", "max", "reshape"] if rows else ["sign", "tanh"]
        plan.append((str(random.choice(kinds)), *[int(n) for n in random.integers(0, 4 + i, 3)]))
    results = [int(n) for n in random.integers(len(plan) // 2, 4 + len(plan), random.integers(1, 4))]

    def formula(xp: Any, *arrays: Any) -> Any:
        values = list(arrays)
        for kind, *places in plan:
            x, y, z = [values[place] for place in places]
            if kind == "where":
                made = xp.where(x > 1, y, z)
            elif kind == "compare":
                made = xp.where((x > y) & ~(z < 1), 1.0, x)
            elif kind == "number":
                made = 2 * x - 0.5
            elif kind in ("add", "mul", "div", "sub"):
                made = {"add": x + y, "mul": x * y, "div": x / (abs(y) + 1), "sub": x - y}[kind]
            elif kind in ("exp", "sign", "tanh", "erf"):
                made = getattr(xp, kind)(-abs(x))
            elif kind == "neg":
                made = -x
            elif kind in ("maximum", "with_nan_of"):
                made = xp.maximum(x, y) if kind == "maximum" else xp.with_nan_of(x + y, y + x)
            elif kind == "reshape":
                x = x + arrays[0] * 0
                made = xp.reshape(xp.reshape(x, (x.shape[0], 2, 3)) * 1, x.shape) + x
            elif kind == "mean_of_products":
                made = x + xp.mean_of_products(y + arrays[0], arrays[1] * 1, (1,))
            else:
                made = y - getattr(xp, kind)(x * y + arrays[0], axis=1, keepdims=True)
            values.append(made)
        return tuple([values[place] + arrays[0] for place in results])

    return formula, given


@pytest.mark.parametrize("rows", [False, True])
def test_any_formula(small, monkeypatch, rows):
    """The buffers of a loop are never written over too early, in whatever order values are made and needed."""
    with_threads(monkeypatch, 2)
    made = 0
    for seed in range(150):
        formula, given = _random_formula(seed, rows)
        before = [x.copy() for x in given]
        with np.errstate(all="ignore"):
            wanted = formula(xp, *given)
        if rows:
            found = pieces.ByRows(formula, "f", (3,)).results(given, {}, (13,), given[0].size)
        else:
            found = pieces.Elementwise(formula, "f").results(given, {})
        if found is not None:
            made += 1
            for one, other in zip(found, wanted, strict=True):
                assert one.dtype == other.dtype
                if rows:
                    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9, err_msg=str(seed))
                else:
                    np.testing.assert_array_equal(one, other, err_msg=str(seed))
        for x, y in zip(given, before, strict=True):
            np.testing.assert_array_equal(x, y)
    assert made > 100
