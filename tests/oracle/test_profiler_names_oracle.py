"""The profiler's names, options and smaller classes against installed PyTorch."""

from __future__ import annotations

import importlib
import inspect
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from oracle.both import assert_same  # noqa: E402

pytestmark = pytest.mark.oracle

# What reads the files of NVIDIA's old profiler, and what the memory of PyTorch's own is recorded with.
LEFT_OUT = {"load_nvprof", "parse_nvprof_trace", "MemRecordsAcc", "use_python_export"}


@pytest.mark.parametrize("name", ["profiler", "profiler.profiler", "profiler.itt", "autograd.profiler"])
def test_names(name: str) -> None:
    ours, theirs = (importlib.import_module(f"{library}.{name}") for library in ("mibun", "torch"))
    assert [n for n in theirs.__all__ if not hasattr(ours, n) and n not in LEFT_OUT] == []


@pytest.mark.parametrize("name", ["profile", "schedule", "tensorboard_trace_handler", "record_function"])
def test_signatures(name: str) -> None:
    ours, theirs = (importlib.import_module(f"{library}.profiler") for library in ("mibun", "torch"))
    found, expected = (
        [(p.name, p.default) for p in inspect.signature(getattr(m, name)).parameters.values() if p.name not in LEFT_OUT]
        for m in (ours, theirs)
    )
    assert found == expected


def methods(cls: Any) -> set[str]:
    return {name for name in dir(cls) if not name.startswith("_")}


def test_methods() -> None:
    ours, theirs = (importlib.import_module(f"{library}.profiler") for library in ("mibun", "torch"))
    assert methods(theirs.profile) - methods(ours.profile) == {"export_memory_timeline"}  # deprecated there
    assert methods(theirs.ExecutionTraceObserver) - methods(ours.ExecutionTraceObserver) == {
        "build_execution_trace_obs_from_env",
        "get_resources_dir",
        "get_resources_dir_for_et_path",
        "set_extra_resource_collection",
    }


def programs_of_step_trackers(t: Any) -> Any:
    tracker = t.autograd.profiler.KinetoStepTracker
    now = tracker.current_step()
    tracker.init_step_count("a")
    out = [tracker.increment_step("a") - now, tracker.increment_step("b") - now, tracker.increment_step("a") - now]
    out += [tracker.erase_step_count("a"), tracker.erase_step_count("zz"), tracker.current_step() - now]
    unique = t.autograd.profiler.EnforceUnique()
    unique.see(1)
    try:
        unique.see(1)
    except RuntimeError as error:
        out.append(str(error))
    tracker.erase_step_count("b")
    return out


def programs_of_options(t: Any) -> Any:
    p = t.profiler
    with p.profile(custom_trace_id_callback=lambda: "mine", acc_events=True) as profiler:
        t.ones(2).sin()
    out = [profiler.get_trace_id(), p.profile().get_trace_id()]
    with p.profile(experimental_config=t._C._profiler._ExperimentalConfig(verbose=True)) as profiler:
        t.ones(2).sin()
    out += [len(profiler.get_trace_id()), any(event.name == "aten::sin" for event in profiler.events())]
    profiler.preset_metadata_json("key", "1")
    p.profile(use_cuda=False)
    with t.autograd.profiler.emit_nvtx(enabled=False) as nothing:
        out.append(nothing)
    try:
        with t.autograd.profiler.emit_nvtx():
            pass
    except AssertionError as error:
        out.append(str(error).split()[:5])
    plain = p._KinetoProfile()
    plain.start()
    t.ones(2).cos()
    plain.stop()
    return [*out, any(event.name == "aten::cos" for event in plain.events()), [a.name for a in p.ProfilerAction]]


def programs_of_events(t: Any) -> Any:
    with t.profiler.profile() as profiler:
        t.full((2,), 0.5).sin()
    average = next(a for a in profiler.key_averages() if a.key == "aten::sin")
    event = next(e for e in profiler.events() if e.name == "aten::sin")
    out = [
        [one.device_time, one.device_time_total, one.device_time_total_str, one.cuda_time] for one in (average, event)
    ]
    out += [event.cuda_time_total, event.self_cuda_memory_usage, average.self_device_memory_usage]
    for name in (
        "cuda_time_total",
        "self_cuda_memory_usage",
        "xpu_time_total",
        "device_time_total",
        "cpu_time",
        "count",
    ):
        profiler.key_averages().table(sort_by=name)
    try:
        profiler.key_averages().table(sort_by="nonsense")
    except AttributeError:
        out.append("no such column")
    return out


def programs_of_execution_traces(t: Any) -> Any:
    folder = Path(tempfile.mkdtemp())
    observer = t.profiler.ExecutionTraceObserver()
    out = [observer.is_registered, observer.is_running(), observer.get_output_file_path()]
    out += [observer.register_callback(str(folder / "one.json")) is observer, observer.is_registered]
    x = t.full((2, 3), 0.5)
    observer.start()
    y = x.sin()
    observer.stop()
    x.cos()
    observer.unregister_callback()
    out += [observer.is_registered]
    content = json.loads((folder / "one.json").read_text())
    nodes = [node for node in content["nodes"] if node["name"].startswith("aten::")]
    out += [content["schema"], [node["name"] for node in nodes]]
    (node,) = nodes
    for part in ("inputs", "outputs"):
        out += [node[part]["shapes"], node[part]["types"], node[part]["strides"], node[part]["values"][0][2:]]
    out += [node["inputs"]["values"][0][0] != node["outputs"]["values"][0][0], sorted(node), y.shape]
    observer.register_callback(str(folder / "two.json"))
    with t.profiler.profile(execution_trace_observer=observer):
        x.exp()
        out.append(observer.is_running())
    out += [observer.is_running(), observer.is_registered]
    return [*out, "aten::exp" in [node["name"] for node in json.loads((folder / "two.json").read_text())["nodes"]]]


@pytest.mark.parametrize("name", [name for name in dict(globals()) if name.startswith("programs_")])
def test_programs(name: str) -> None:
    assert_same(globals()[name])
