"""Formulas compiled as C (`xp/native`): what they give, and that a program notices nothing else of it."""

from __future__ import annotations

import math
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.cli import main
from mibun.core.registry import OPS
from mibun.dispatch import natively
from mibun.xp.native import compiler, run
from mibun.xp.native.source import source_of
from mibun.xp.native.symbols import Unknown
from mibun.xp.native.trace import trace
from mibun.xp.numpy import threads
from native_tools import Together, everything_is_large
from random_graphs import FAULTS, Program, Run, attempt, values
from test_fast_paths import as_it_is, cases
from test_numpy_settings import outcome

F = torch.nn.functional
needs_compiler = pytest.mark.skipif(compiler.command() is None, reason="there is no C compiler")


@pytest.fixture
def together(tmp_path, monkeypatch) -> Together:
    everything_is_large(monkeypatch)
    made = Together(tmp_path)
    monkeypatch.setattr(compiler, "compiled", made)
    return made


def assert_near(found: Any, wanted: Any, ulps: float, what: str) -> None:
    """Of one shape and dtype, NaN and infinities in the same places, the rest within units of the largest element."""
    if not isinstance(wanted, np.ndarray):
        assert found is wanted, what
        return
    assert found.dtype == wanted.dtype and found.shape == wanted.shape, what
    if wanted.dtype.kind != "f":
        np.testing.assert_array_equal(found, wanted, what)
        return
    finite = np.isfinite(wanted)
    np.testing.assert_array_equal(np.where(finite, 0, found), np.where(finite, 0, wanted), what)
    found, wanted = found[finite], wanted[finite]
    largest = np.max(np.abs(wanted), initial=1e-30)
    error = np.max(np.abs(found - wanted), initial=0) / largest / np.finfo(wanted.dtype).eps
    assert error <= ulps or largest < 1e-6, f"{what}: {error} units"


# --- results ---


@needs_compiler
def test_all_samples(together):
    """Values, gradients and recorded gradients of all samples, everything that can be in C."""
    some = [case for i, case in enumerate(cases()) if case[1][0].dtype == np.float32 or i % 8 == 1]
    expected = [outcome(sample, arrays, as_it_is) for sample, arrays in some]
    assert len(together.made) > 150 and not together.calls
    together.compile("-O0")
    for (sample, arrays), wanted in zip(some, expected, strict=True):
        found = outcome(sample, arrays, as_it_is)
        assert len(found) == len(wanted), sample.id
        for one, other in zip(found, wanted, strict=True):
            assert_near(one, other, 30, sample.id)
    assert together.calls > 400


SPECIAL = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    math.inf,
    -math.inf,
    math.nan,
    1e-45,
    -1e-40,
    3e38,
    -3e38,
    88.9,
    -104.0,
    20.0,
]


def _pointwise() -> list[Any]:
    found = []
    for op in OPS.values():
        if op.kind == "pointwise" and not op.outputs and not op.residuals and len(op.operands) <= 3 and not op.variadic:
            if len(op.params) == len(op.defaults) and "f" not in (op.refuses or ()):
                found.append(op)
    return found


@needs_compiler
def test_all_pointwise_operators_on_vectors(together):
    """Kernels and rules on long arrays with NaN, infinities, zeros of both signs and denormals; a few units apart."""

    def computed(op: Any) -> list[np.ndarray] | None:
        rng = np.random.default_rng(len(op.name))
        arrays = []
        for _ in op.operands:
            x = (rng.standard_normal(1200) * rng.choice([0.1, 1, 10], 1200)).astype(np.float32)
            x[100 : 100 + len(SPECIAL) ** 2] = rng.permutation(np.repeat(SPECIAL, len(SPECIAL))).astype(np.float32)
            arrays.append(torch.from_numpy(x).requires_grad_())
        try:
            out = op(*arrays)
            if out.dtype != torch.float32:
                return [out.detach().numpy()]
            if not out.requires_grad:
                return [out.numpy()]
            g = torch.from_numpy(rng.standard_normal(1200).astype(np.float32))
            grads = torch.autograd.grad(out, arrays, g, allow_unused=True)
        except (RuntimeError, NotImplementedError, TypeError):
            return None  # (it is not for these operands)
        return [out.detach().numpy(), *[grad.numpy() for grad in grads if grad is not None]]

    ops = _pointwise()
    expected = [computed(op) for op in ops]
    assert len(together.made) > 60
    together.compile()
    compared = 0
    for op, wanted in zip(ops, expected, strict=True):
        before = together.calls
        found = computed(op)
        if together.calls == before or wanted is None:
            continue
        compared += 1
        for one, other in zip(found, wanted, strict=True):
            finite = np.isfinite(other) & np.isfinite(one)
            same = np.isnan(one) == np.isnan(other)
            assert same.all(), (op.name, one[~same], other[~same])
            infinite = np.isinf(one) | np.isinf(other)
            assert (one[infinite] == other[infinite]).all(), op.name
            # (What a rule makes of a result may multiply the last digit of it: 1 - sigmoid(x).)
            unit = np.abs(other[finite].astype(float)) * 2.0**-23 + 1e-7
            error = np.abs(one[finite].astype(float) - other[finite]) / unit
            assert error.max() <= 16, (op.name, error.max(), one[finite][error.argmax()])
    assert compared > 60


ROWS = {
    "softmax": lambda x, w: torch.softmax(x, -1),
    "log_softmax": lambda x, w: torch.log_softmax(x, -1),
    "logsumexp": lambda x, w: torch.logsumexp(x, -1),
    "logsumexp of two": lambda x, w: torch.logsumexp(x, (1, 2), keepdim=True),
    "layer_norm": lambda x, w: F.layer_norm(x, (33,)),
    "layer_norm with weights": lambda x, w: F.layer_norm(x, (33,), w, w),
    "layer_norm of two": lambda x, w: F.layer_norm(x, (5, 33)),
    "batch_norm": lambda x, w: F.batch_norm(x, None, None, w[:5], w[5:10], training=True),
    "batch_norm of rows": lambda x, w: F.batch_norm(x[:, 0], None, None, w, w, training=True),
    "batch_norm in evaluation": lambda x, w: F.batch_norm(x, w[:5].detach(), w[:5].detach(), w[:5], w[5:10]),
    "cross_entropy": lambda x, w: F.cross_entropy(x.flatten(0, 1), torch.arange(55) % 7),
}


@needs_compiler
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("special", [False, True])
def test_rows(together, special, dtype):
    def computed() -> dict[str, list[np.ndarray]]:
        found = {}
        for name, function in ROWS.items():
            torch.manual_seed(0)
            x = torch.randn(11, 5, 33, dtype=dtype)
            if special:
                for i, value in enumerate((math.nan, math.inf, -math.inf, 3e38, 1e-40)):
                    x[i, i, 3 * i] = value
                x[6, 1] = -math.inf
                x[7, 2] = 0.0
            x.requires_grad_()
            w = torch.linspace(0.5, 1.5, 33, dtype=dtype).requires_grad_()
            out = function(x, w)
            for g in (torch.linspace(-1, 1, out.numel(), dtype=dtype).reshape(out.shape), torch.ones_like(out)):
                grads = torch.autograd.grad(out, (x, w), g, allow_unused=True, retain_graph=True)
                found.setdefault(name, []).extend([grad.numpy() for grad in grads if grad is not None])
            found[name].append(out.detach().numpy())
        return found

    expected = computed()
    together.compile("-O2", "-ftree-vectorize")
    for name, arrays in computed().items():
        for one, other in zip(arrays, expected[name], strict=True):
            assert_near(one, other, 500, name)  # (of gradients that nearly cancel, as those of softmax)
    assert together.calls >= 20


@needs_compiler
def test_random_programs(together):
    """The fuzzer's programs, with hooks, packed tensors, steps in place and double backwards: as without C."""

    def outcomes() -> list[Any]:
        found = []
        for seed in range(80):
            FAULTS.__init__()
            state = Run()
            found.append(([attempt(state, step) for step in Program(seed).steps], list(FAULTS.kinds), values(state)))
        return found

    expected = outcomes()
    together.compile("-O1")
    for (steps, kinds, numbers), (steps_before, kinds_before, before) in zip(outcomes(), expected, strict=True):
        assert steps == steps_before and kinds == kinds_before
        for one, other in zip(numbers, before, strict=True):
            assert (one is None) == (other is None)
            if one is not None:
                assert one[0] == other[0]
                np.testing.assert_allclose(np.frombuffer(one[1]), np.frombuffer(other[1]), rtol=1e-11, atol=1e-12)
    assert together.calls > 100


OPTIMIZERS = [
    ("SGD", {}),
    ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("Adam", {"weight_decay": 0.1}),
    ("Adam", {"amsgrad": True, "maximize": True}),
    ("AdamW", {}),
    ("Adamax", {}),
    ("NAdam", {}),
    ("RAdam", {}),
    ("RMSprop", {"momentum": 0.9, "centered": True}),
    ("Adagrad", {}),
    ("Adadelta", {}),
    ("ASGD", {}),
]


@needs_compiler
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_optimizers(together, dtype):
    """Steps in C give the same bits, with numbers that are other ones at each step, in one compiled text each."""

    def steps() -> list[np.ndarray]:
        found = []
        for name, options in OPTIMIZERS:
            torch.manual_seed(0)
            p = torch.randn(40, 50, dtype=dtype).requires_grad_()
            optimizer = getattr(torch.optim, name)([p], lr=0.01, **options)
            scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
            for _ in range(9):
                p.grad = torch.randn(40, 50, dtype=dtype)
                optimizer.step()
                scheduler.step()
            found.append(p.detach().numpy())
        return found

    expected = steps()
    assert len(together.made) < 2 * len(OPTIMIZERS)
    together.compile()
    for one, other, (name, options) in zip(steps(), expected, OPTIMIZERS, strict=True):
        np.testing.assert_array_equal(one, other, f"{name} {options}")
    assert together.calls >= 8 * len(OPTIMIZERS)


@needs_compiler
def test_a_gradient_in_the_memory_of_its_parameter(together):
    memory = torch.linspace(0, 1, 4001)
    p = memory[1:].requires_grad_()
    optimizer = torch.optim.SGD([p], lr=0.5, momentum=0.9)
    for ready in (False, True):
        memory.copy_(torch.linspace(0, 1, 4001))
        p.grad = memory[:-1]
        expected = p.detach() - 0.5 * p.grad
        if ready:
            together.compile()
            optimizer.state.clear()
        optimizer.step()
        np.testing.assert_array_equal(p.detach().numpy(), expected.numpy())


def test_one_text_for_all_numbers_and_sizes():
    def text(n: int, slope: float) -> str:
        x = np.ones((n, 40), np.float32)
        return source_of(trace(lambda xp, x: xp.where(x > 0, x, x * slope), [x], {})).text

    assert text(10, 0.1) == text(77, 0.25)


@pytest.mark.parametrize(
    "formula",
    [
        lambda xp, x: x if x.sum() > 0 else -x,
        lambda xp, x: -x if x[0, 0] > 0 else x,
        lambda xp, x: np.sin(x) * 2,
        lambda xp, x: np.asarray(x) * 2,
        lambda xp, x: xp.random(x) + x,
        lambda xp, x: x.astype("float64") + x,
        lambda xp, x: x.__setitem__(0, 1.0),
        lambda xp, x: x.__setitem__(..., x * 2),  # its own argument
        lambda xp, x: xp.where(x > 0, 1.0, 0.0) * 2,  # which is float64 to NumPy
        lambda xp, x: xp.sum(x, axis=0) * 2,  # across rows
        lambda xp, x: (x > 0) + (x < 1),
        lambda xp, x: x * np.arange(4.0, dtype=np.float32),
        lambda xp, x: xp.reshape(x, (-1,)) * 2 + xp.reshape(x, (4, 3)),
        lambda xp, x: [x * 2 + 1],
    ],
)
def test_what_is_left_to_numpy(formula):
    with pytest.raises((Unknown, TypeError)):
        source_of(trace(formula, [np.ones((3, 4), np.float32)], {}))


def test_shapes_and_parameters_may_be_asked_for():
    def formula(xp: Any, x: Any, *, n: int) -> Any:
        out = x / x.shape[1] if x.ndim == 2 and n > 1 else x
        out *= 2
        return out

    found = trace(formula, [np.ones((3, 4), np.float32)], {"n": 2})
    assert found.tape.numbers == [4.0, 2.0]


# --- the compiler ---


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Iterator[Path]:
    monkeypatch.setenv("MIBUN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(compiler, "_ALL", {})
    compiler.directory.cache_clear()
    yield tmp_path / "native"
    compiler.wait()
    compiler.directory.cache_clear()


def _text() -> str:
    return source_of(trace(lambda xp, x: x * 2 + x, [np.ones(9, np.float32)], {})).text


@needs_compiler
def test_kept_for_the_next_time(cache):
    first = compiler.Compiled(_text(), 0)
    first.finish()
    assert first.error is None and first.run is not None
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert [path.suffix for path in cache.iterdir()] == [".so"]
    assert not stat.S_IMODE(next(cache.iterdir()).stat().st_mode) & 0o077
    again = compiler.Compiled(_text(), 0)
    assert again.load() and again.run is not None
    assert not compiler.Compiled(_text().replace("1024", "512"), 0).load()


@needs_compiler
def test_nothing_is_loaded_that_others_may_write(cache):
    first = compiler.Compiled(_text(), 0)
    first.finish()
    os.chmod(f"{first.path}.so", 0o620)
    again = compiler.Compiled(_text(), 0)
    again.finish()
    assert again.run is None and "others may write" in again.error
    os.chmod(cache, 0o770)
    compiler.directory.cache_clear()
    elsewhere = Path(compiler.directory())
    assert elsewhere != cache and stat.S_IMODE(elsewhere.stat().st_mode) == 0o700
    link = cache.parent / "link"
    os.chmod(cache, 0o700)
    link.symlink_to(cache)
    assert not compiler._is_private(str(link), stat.S_ISDIR)


@needs_compiler
def test_failures_are_remembered(cache):
    broken = compiler.Compiled("int broken(", 0)
    broken.finish()
    assert broken.run is None and "error" in broken.error
    again = compiler.Compiled("int broken(", 0)
    with pytest.raises(OSError, match="error"):
        again.load()  # without another try
    assert compiler.status()["failures"]
    assert [path.suffix for path in cache.iterdir()] == [".failed"]


@needs_compiler
def test_scalar_loops_are_given_up(cache):
    """A loop that is no vectors (it calls a function for each element) is slower than NumPy's."""
    text = _text().replace("void run(", "float slow(float);\nfloat __attribute__((noinline)) slow(float x) "
                           "{ __asm__(\"\"); return x; }\nvoid run(").replace("v0 * v1", "slow(v0) * v1")  # fmt: skip
    assert "slow(v0)" in text
    made = compiler.Compiled(text, 0)
    made.finish()
    assert made.run is None and "vector" in made.error


PROGRAM = """
import sys
import mibun as torch
x = torch.linspace(-4, 4, 20000).requires_grad_()
for _ in range(3):
    torch.nn.functional.gelu(x).sum().backward()
if "wait" in sys.argv:
    from mibun.xp.native import compiler
    assert compiler.wait()
print("mibun.xp.native.run" in sys.modules, len(x.grad))
"""


def program(*argv: str, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, *argv],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@needs_compiler
def test_programs(tmp_path):
    """Several at once, with and without a compiler that works: they print what they print, and nothing else."""
    cc = tmp_path / "cc"
    cc.write_text("#!/bin/sh\necho something is wrong >&2\nexit 1\n")
    cc.chmod(0o700)
    found = {
        "one": program(MIBUN_NATIVE="1", MIBUN_CACHE_DIR=str(tmp_path)),
        "other": program("wait", MIBUN_NATIVE="later", MIBUN_CACHE_DIR=str(tmp_path)),
        "broken": program(MIBUN_NATIVE="1", MIBUN_CC=str(cc), MIBUN_CACHE_DIR=str(tmp_path / "broken")),
        "none": program(MIBUN_NATIVE="1", MIBUN_CC="", CC="", PATH="/nowhere"),
    }
    for name, process in found.items():
        output = process.communicate(timeout=120)[0]
        assert output.split() == [str(name != "none"), "20000"], (name, output)
        assert process.returncode == 0, name
    assert {path.suffix for path in (tmp_path / "native").iterdir()} == {".so"}
    assert {path.suffix for path in (tmp_path / "broken/native").iterdir()} == {".failed"}


@needs_compiler
def test_a_process_does_a_formula_in_c_always_or_never(cache, monkeypatch):
    everything_is_large(monkeypatch)
    x = torch.linspace(-4, 4, 50000, dtype=torch.float64)
    monkeypatch.setenv("MIBUN_NATIVE", "later")
    before = torch.sigmoid(x)
    assert compiler.wait() and [path.suffix for path in cache.iterdir()] == [".so"]
    assert not [made for made in compiler._ALL.values() if made.run is not None]
    np.testing.assert_array_equal(torch.sigmoid(x).numpy(), before.numpy())
    monkeypatch.setattr(compiler, "_ALL", {})  # the next process
    monkeypatch.setattr(run, "_MADE", {})
    found = torch.sigmoid(x)
    (made,) = compiler._ALL.values()
    assert made.run is not None
    np.testing.assert_allclose(found.numpy(), before.numpy(), rtol=1e-14)
    calls = []
    monkeypatch.setattr(made, "run", lambda *args, run=made.run: calls.append(args) or run(*args))
    monkeypatch.setattr(run, "_THREADED", 0)
    monkeypatch.setattr(run, "_MADE", {})
    monkeypatch.setattr(run, "number_of_threads", lambda: 2)
    monkeypatch.setattr(threads, "number_of_threads", lambda: 2)
    np.testing.assert_array_equal(torch.sigmoid(x).numpy(), found.numpy())
    assert len(calls) == 2


@needs_compiler
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_after_a_fork(cache, monkeypatch):
    """A child does not wait for a thread that it does not have."""
    monkeypatch.setenv("MIBUN_NATIVE", "later")
    compiler.compiled(_text(), 0)
    child = os.fork()
    if not child:
        status = 1
        try:
            monkeypatch.setenv("MIBUN_NATIVE", "1")
            status = (
                0 if compiler.compiled(_text().replace("1024", "512"), 0).run is not None and compiler.wait() else 2
            )
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0


def test_info(capsys, monkeypatch):
    assert main(["info"]) == 0
    assert "C compiler" in capsys.readouterr().out
    monkeypatch.setattr(compiler, "command", lambda: None)
    monkeypatch.setattr("mibun.xp.native.onednn.path", lambda: None)
    main(["info"])
    text = capsys.readouterr().out
    assert "none found" in text and "onednn " in text


def test_without_a_compiler(monkeypatch):
    monkeypatch.setattr(natively, "_FOUND", [])
    monkeypatch.setattr(natively, "is_wanted", lambda: False)
    assert natively.attempt(lambda xp, x: x * 2 + 1, [np.ones(100000, np.float32)], {}) is NotImplemented


def test_switched_on_and_off(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    for value, wanted in (("0", False), ("off", False), ("", False), ("1", True), ("later", True)):
        monkeypatch.setenv("MIBUN_NATIVE", value)
        assert natively.is_wanted() == (wanted and compiler.command() is not None)
    (tmp_path / "lib").mkdir()  # what the extra installs
    (tmp_path / "lib" / "libdnnl.so.3").touch()
    for value in ("", "1", "0"):
        monkeypatch.setenv("MIBUN_NATIVE", value)
        assert natively.is_wanted() == (value != "0" and compiler.command() is not None)


@needs_compiler
def test_where_nothing_can_be_kept(monkeypatch):
    monkeypatch.setenv("MIBUN_CACHE_DIR", "/proc/nowhere")
    compiler.directory.cache_clear()
    try:
        made = compiler.Compiled(_text(), 0)
        made.finish()
        assert made.run is not None and stat.S_IMODE(os.stat(compiler.directory()).st_mode) == 0o700
    finally:
        compiler.directory.cache_clear()


def test_numbers_that_are_others_each_time(together, monkeypatch):
    """Results of no dimension are arguments of the C function; parameters are so often written down and no oftener."""
    x = torch.linspace(0, 1, 5000)
    for i in range(20):
        torch.lerp(x, x * 2, torch.tensor(i / 20))
    assert len(run._MADE) < 8
    monkeypatch.setattr(run, "_MOST_OF_ONE", 5)
    for i in range(20):
        F.softplus(x, beta=1 + i / 7)
    assert len([native for native in run._MADE.values() if native is not None]) <= 12


def test_what_is_not_worth_a_call(together, monkeypatch):
    monkeypatch.setattr(run, "_WORTH", 1)
    assert not together.made
    torch.relu(torch.ones(9000))
    torch.nn.functional.mish(torch.ones(500))
    assert not together.made
    torch.relu(torch.ones(1000000))
    torch.nn.functional.mish(torch.ones(9000))
    assert len(together.made) == 2
