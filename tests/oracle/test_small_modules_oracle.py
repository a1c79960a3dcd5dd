"""Small modules against PyTorch: Sobol points, weak dictionaries, timers and their tables, attention kernels, hub."""

from __future__ import annotations

import gc
import importlib
import inspect
import operator
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch  # noqa: E402

import mibun  # noqa: E402
from oracle.both import assert_same  # noqa: E402


def module(m: Any, name: str) -> Any:
    return importlib.import_module(f"{m.__name__}.{name}")


# --- quasirandom ---


def sobol(m: Any, *args: Any, **kwargs: Any) -> Any:
    return m.quasirandom.SobolEngine(*args, **kwargs)


def drawn(engine: Any) -> Any:
    return [
        repr(engine), engine.draw(), engine.draw(5), engine.num_generated, engine.quasi.clone(),
        engine.fast_forward(9).draw(3), engine.reset().draw(2), engine.draw_base2(1), engine.shift, engine.sobolstate,
    ]  # fmt: skip


SOBOL: dict[str, Callable] = {
    **{
        f"{d}, {kw}": lambda m, d=d, kw=kw: drawn(sobol(m, d, **kw))
        for d in (1, 2, 7)
        for kw in ({}, {"scramble": True, "seed": 5}, {"scramble": True}, {"seed": 3})
    },
    "many dimensions": lambda m: sobol(m, 21201).draw(3)[2, -20:],
    "none": lambda m: sobol(m, 0),
    "too many": lambda m: sobol(m, 30000),
    "float64": lambda m: sobol(m, 2).draw(3, dtype=m.float64),
    "out": lambda m: (lambda out: [sobol(m, 2).draw(3, out=out), out])(m.zeros(0)),
    "unbalanced": lambda m: (lambda e: [e.draw(3), e.draw_base2(3)])(sobol(m, 2)),
    "constants": lambda m: [m.quasirandom.SobolEngine.MAXBIT, m.quasirandom.SobolEngine.MAXDIM],
    "many points": lambda m: sobol(m, 3, True, 1).draw(1000).sum(0),
}


@pytest.mark.parametrize("case", SOBOL)
def test_sobol(case: str) -> None:
    pytest.importorskip("scipy")
    assert_same(SOBOL[case])


def test_points_are_drawn_one_by_one_as_together() -> None:
    pytest.importorskip("scipy")
    engine, other = (mibun.quasirandom.SobolEngine(4, scramble=True, seed=2) for _ in range(2))
    together = engine.draw(64)
    assert mibun.equal(together, mibun.cat([other.draw(n) for n in (1, 1, 2, 5, 55)]))
    assert mibun.equal(engine.quasi, other.quasi)


# --- weak dictionaries ---


def weak(m: Any) -> Any:
    w = module(m, "utils.weak")
    a, b = m.ones(2), m.ones(2)
    d = w.WeakTensorKeyDictionary({a: 1})
    d[b] = 2
    seen = [len(d), d[a], d.get(m.ones(2)), a in d, 3 in d, sorted(d.values()), d.setdefault(a, 5), len(d.keyrefs())]
    other = d.copy()
    seen += [other == d, len(d | {m.ones(1): 3}), d.pop(b), len(other)]
    del b
    gc.collect()
    seen += [len(other), len(d), w.WeakIdRef(a) == w.WeakIdRef(a), w.WeakIdRef(a) == w.WeakIdRef(m.ones(2))]
    reference = w.TensorWeakRef(a)
    seen.append(reference() is a)
    d.clear()
    del a
    gc.collect()
    return seen, len(other), reference()


def shared(m: Any, dlpack: Any) -> Any:
    x = m.arange(3)
    other = dlpack.from_dlpack(dlpack.to_dlpack(x))
    other[0] = 7
    return x, dlpack.from_dlpack(x), int(dlpack.DLDeviceType.kDLCPU)


WEAK: dict[str, Callable] = {
    "all": weak,
    "missing": lambda m: module(m, "utils.weak").WeakIdKeyDictionary()[m.ones(1)] is None,
    "int": lambda m: module(m, "utils.weak").WeakIdKeyDictionary().__setitem__(3, 4),
    "no tensor": lambda m: module(m, "utils.weak").TensorWeakRef(3),
    "by hash": lambda m: (lambda w, k: w.WeakIdKeyDictionary({k: 1}, ref_type=w._WeakHashRef)[frozenset([1])])(
        module(m, "utils.weak"), frozenset([1])
    ),
    "dlpack": lambda m: shared(m, module(m, "utils.dlpack")),
    "set_module": lambda m: [m.utils.set_module(weak, weak.__module__), weak.__module__],
    "set_module, int": lambda m: m.utils.set_module(weak, 3),
    "functional": lambda m: [
        sorted(m.functional.__all__), all(callable(getattr(m.functional, n)) for n in m.functional.__all__)
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", WEAK)
def test_weak(case: str) -> None:
    if "missing" in case:
        with pytest.raises(KeyError):
            WEAK[case](mibun)
    else:
        assert_same(WEAK[case])


# --- module tracker ---


def tracked(m: Any) -> Any:
    tracker = module(m, "utils.module_tracker").ModuleTracker()
    net = m.nn.Sequential(m.nn.Linear(2, 2), m.nn.Sequential(m.nn.ReLU()))
    seen = []
    net[1][0].register_forward_hook(lambda *_: seen.append((sorted(tracker.parents), tracker.is_bw)))
    x = m.ones(1, 2, requires_grad=True)
    with tracker:
        y = net(x)
        y.register_hook(lambda g: seen.append((sorted(tracker.parents), tracker.is_bw)))
        y.sum().backward()
    net(x)
    return seen, sorted(tracker.parents)


def test_module_tracker() -> None:
    assert_same(tracked)


# --- attention kernels ---


def attention(m: Any, *args: Any, **kwargs: Any) -> Any:
    x = m.ones(1, 1, 2, 4)
    with module(m, "nn.attention").sdpa_kernel(*args, **kwargs):
        inside = [m.backends.cuda.math_sdp_enabled(), m.backends.cuda.flash_sdp_enabled()]
        inside += [m.backends.cuda.mem_efficient_sdp_enabled(), m.backends.cuda.cudnn_sdp_enabled()]
        result = m.nn.functional.scaled_dot_product_attention(x, x, x)
    return inside, result, m.backends.cuda.math_sdp_enabled()


def backend(m: Any, name: str) -> Any:
    return getattr(module(m, "nn.attention").SDPBackend, name)


ATTENTION: dict[str, Callable] = {
    **{
        name: lambda m, name=name: attention(m, backend(m, name))
        for name in ("MATH", "FLASH_ATTENTION", "EFFICIENT_ATTENTION", "CUDNN_ATTENTION", "ERROR")
    },
    "several": lambda m: attention(m, [backend(m, "MATH"), backend(m, "EFFICIENT_ATTENTION")]),
    "priority": lambda m: attention(m, [backend(m, "MATH"), backend(m, "FLASH_ATTENTION")], set_priority=True),
    "int": lambda m: attention(m, 3),
    "members": lambda m: [(k, int(v)) for k, v in module(m, "nn.attention").SDPBackend.__members__.items()],
    "text": lambda m: [str(backend(m, "MATH")), repr(backend(m, "MATH"))],
    "decorator": lambda m: module(m, "nn.attention").sdpa_kernel(backend(m, "MATH"))(lambda: 5)(),
    "switch": lambda m: [m.backends.cuda.enable_flash_sdp(False), m.backends.cuda.flash_sdp_enabled(),
                         m.backends.cuda.enable_flash_sdp(True), m.backends.cuda.flash_sdp_enabled()],
}  # fmt: skip


@pytest.mark.parametrize("case", ATTENTION)
def test_attention(case: str) -> None:
    assert_same(ATTENTION[case])


# --- benchmark ---


def task(m: Any, *args: Any, **kwargs: Any) -> Any:
    return module(m, "utils.benchmark").TaskSpec(*args, **kwargs)


def measured(m: Any, times: list[float], spec: Any = None, number: int = 10) -> Any:
    spec = task(m, "x + 1", "pass") if spec is None else spec
    return module(m, "utils.benchmark").Measurement(number, times, spec)


def facts(one: Any) -> Any:
    text = repr(one).split("\n", 1)[1]
    return [
        text, one.median, one.mean, one.iqr, one.significant_figures, one.has_warnings, one.times, one.title, one.env,
        one.as_row_name, one.meets_confidence(), one.stmt, one.num_threads,
    ]  # fmt: skip


SPECS: list[dict[str, Any]] = [
    {"stmt": "x", "setup": "pass"},
    {"stmt": "x\ny\n", "setup": "pass"},
    {
        "stmt": "f(1)",
        "setup": "x = 1",
        "label": "L",
        "sub_label": "S",
        "description": "D",
        "env": "E",
        "num_threads": 2,
    },
    {"stmt": "a\nfoo(1)", "setup": "import x\ny=1", "sub_label": "S"},
    {"stmt": "a", "setup": "pass", "label": "L"},
]  # fmt: skip
TIMES = [
    [1e-3],
    [1e-3, 1.1e-3, 1.2e-3, 5e-3, 1.05e-3],
    [1e-3] * 3,
    [1.0, 1.001, 1.002, 1.0005] * 5,
    [1e-8, 2e-8, 3e-8] * 3,
]


def compared(m: Any, *calls: str, rowwise: bool = False) -> Any:
    names = [("small", "torch", 1), ("large", "torch", 1), ("small", "numpy", 4), ("large", "numpy", 1)]
    times = [[1e-5] * 3, [2.34e-4] * 3, [5e-6, 7e-6, 9e-6] * 3, [2.5e-4] * 4]
    results = [
        measured(m, t, task(m, "x", "pass", label="add", sub_label=s, description=d, num_threads=n))
        for t, (s, d, n) in zip(times, names, strict=True)
    ]
    table = module(m, "utils.benchmark").Compare(results[:2])
    table.extend_results(results[2:])
    for call in calls:
        getattr(table, call)(*([rowwise] if call == "colorize" else []))
    # Where marks are put between spaces is not compared.
    return str(table).split() if "highlight_warnings" in calls else str(table)


def timer(m: Any, *args: Any, **kwargs: Any) -> Any:
    return module(m, "utils.benchmark").Timer(*args, **kwargs)


BENCHMARK: dict[str, Callable] = {
    **{
        f"measurement {i}, {j}": lambda m, s=s, t=t: facts(measured(m, t, task(m, **s)))
        for i, s in enumerate(SPECS)
        for j, t in enumerate(TIMES)
    },
    "merge": lambda m: [
        facts(one)
        for one in module(m, "utils.benchmark").Measurement.merge(
            [measured(m, [1.0, 2.0]), measured(m, [3.0]), measured(m, [1.0], task(m, "y", "pass"))]
        )
    ],
    "table": compared,
    "table, trimmed": lambda m: compared(m, "trim_significant_figures"),
    "table, warnings": lambda m: compared(m, "highlight_warnings"),
    "table, colours": lambda m: compared(m, "colorize"),
    "table, colours in rows": lambda m: compared(m, "colorize", rowwise=True),
    "table of others": lambda m: module(m, "utils.benchmark").Compare([3]),
    "units": lambda m: [module(m, "utils.benchmark").select_unit(t) for t in (1e-3, 5.0, 1e-9, 3e-6)],
    "timeit": lambda m: (lambda r: [r.number_per_run, len(r.raw_times), r.median > 0, r.label])(
        timer(m, "x + 1", setup="x = 1", label="L").timeit(100)
    ),
    "globals": lambda m: timer(m, "torch.ones(y)", globals={"y": 2}).timeit(2).number_per_run,
    "indented": lambda m: timer(m, "  x = 1\n  x + 1").timeit(1).stmt,
    "repeat": lambda m: timer(m, "x").repeat(),
    "autorange": lambda m: timer(m, "x").autorange(),
    "callable": lambda m: timer(m, lambda: 1),
    "global_setup": lambda m: timer(m, "x", global_setup="y"),
    "language": lambda m: timer(m, "x", language="foo"),
    "error": lambda m: timer(m, "undefined_name").timeit(3),
    "ranges": lambda m: [
        type(timer(m, "1 + 1").blocked_autorange(min_run_time=0.01)).__name__,
        type(timer(m, "1 + 1").adaptive_autorange(min_run_time=0.001, max_run_time=0.05)).__name__,
    ],
}


@pytest.mark.parametrize("case", BENCHMARK)
def test_benchmark(case: str) -> None:
    assert_same(BENCHMARK[case], rtol=1e-6, atol=1e-12, warn=False)


# --- hub ---


@pytest.fixture
def folder(tmp_path: Path) -> str:
    (tmp_path / "hubconf.py").write_text(
        "dependencies = ['json']\nimport beside\ndef f(x, k=1):\n    return x + k + beside.V\n_p = 3\n"
    )
    (tmp_path / "beside.py").write_text("V = 10\n")
    return str(tmp_path)


def test_hub(folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for case in (
        lambda m: m.hub.load(folder, "f", 1, k=5, source="local"),
        lambda m: m.hub.load(folder, "g", source="local"),
        lambda m: m.hub.load(folder, "_p", source="local"),
        lambda m: m.hub.load(folder, 3, source="local"),
        lambda m: m.hub.load(folder, "f", source="foo"),
        lambda m: m.hub.load(os.path.join(folder, "nowhere"), "f", source="local"),
    ):
        assert_same(case)
    for variable, value in (("TORCH_HOME", str(tmp_path / "home")), ("XDG_CACHE_HOME", str(tmp_path / "cache"))):
        monkeypatch.delenv("TORCH_HOME", raising=False)
        monkeypatch.setenv(variable, value)
        assert_same(lambda m: m.hub.get_dir())
    mibun.save({"w": mibun.ones(2)}, str(tmp_path / "w.pt"))
    url = "https://nowhere.invalid/w.pt"
    assert mibun.hub.load_state_dict_from_url(url, model_dir=str(tmp_path))["w"].tolist() == [1.0, 1.0]
    for refused in (
        lambda: mibun.hub.load_state_dict_from_url(url, model_dir=str(tmp_path / "empty")),
        lambda: mibun.hub.load("a/b", "f"),
        lambda: mibun.hub.list("a/b"),
        lambda: mibun.hub.help("a/b", "f"),
        lambda: mibun.hub.download_url_to_file(url, "x"),
    ):
        with pytest.raises(RuntimeError, match="network"):
            refused()


def test_signatures() -> None:
    names = """quasirandom.SobolEngine quasirandom.SobolEngine.draw hub.load hub.list hub.help hub.set_dir
        hub.load_state_dict_from_url hub.download_url_to_file nn.attention.sdpa_kernel utils.weak.WeakIdKeyDictionary
        utils.benchmark.Timer utils.benchmark.Timer.blocked_autorange utils.benchmark.Timer.adaptive_autorange
        utils.benchmark.Measurement utils.benchmark.TaskSpec utils.benchmark.Compare""".split()
    for name in names:
        places = ("nn.attention", "utils.weak", "utils.benchmark", "quasirandom", "hub")
        place = next(p for p in places if name.startswith(p))
        found = [
            list(inspect.signature(operator.attrgetter(name[len(place) + 1 :])(module(m, place))).parameters)
            for m in (mibun, torch)
        ]
        assert found[0] == found[1], name
