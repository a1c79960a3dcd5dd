"""Fuzzers, monitors, reports on the machine, TensorBoard's files, switches, and what absent modules say."""

from __future__ import annotations

import importlib
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import mibun as torch
from mibun import monitor
from mibun.utils import collect_env
from mibun.utils.benchmark import FuzzedParameter, FuzzedTensor, Fuzzer, ParameterAlias

# --- fuzzers ---


def test_fuzzer_draws_within_the_bounds_and_makes_the_tensors() -> None:
    parameters = [
        FuzzedParameter("n", 1, 64, "loguniform"),
        FuzzedParameter("m", 2, 9, "uniform"),
        FuzzedParameter("x", 0.5, 2.5, "uniform"),
        FuzzedParameter("dim", distribution={2: 0.5, 3: 0.5}),
        FuzzedParameter("k", distribution={ParameterAlias("n"): 0.5, 7: 0.5}),
        FuzzedParameter("step", 1, 3, "uniform"),
    ]
    tensors = [
        FuzzedTensor("a", ("n", "m", "k"), ("step", 1, 1), dim_parameter="dim", max_elements=2000, roll_parameter="m"),
        FuzzedTensor("b", (4, "k"), dtype=torch.int64, tensor_constructor=None, min_elements=8),
        FuzzedTensor("c", ("n",), tensor_constructor=lambda size, dtype, **params: torch.full(size, params["x"])),
    ]
    fuzzer = Fuzzer(parameters, tensors, [lambda n, m, **rest: n + m > 4], seed=0)
    orders = set()
    for made, known, drawn in fuzzer.take(60):
        assert 1 <= drawn["n"] <= 64 and 2 <= drawn["m"] <= 9 and 0.5 <= drawn["x"] <= 2.5
        assert drawn["k"] in (drawn["n"], 7) and drawn["n"] + drawn["m"] > 4
        assert made["a"].numel() <= 2000 and made["a"].ndim == drawn["dim"] == len(known["a"]["order"])
        assert sorted(made["a"].shape) == sorted([drawn["n"], drawn["m"], drawn["k"]][: drawn["dim"]])
        assert known["a"]["is_contiguous"] == made["a"].is_contiguous() and known["a"]["numel"] == made["a"].numel()
        assert made["b"].shape == (4, drawn["k"]) and made["b"].dtype is torch.int64
        assert (made["c"] == drawn["x"]).all()
        orders.add(tuple(known["a"]["order"]))
    assert len(orders) > 3
    assert 0 <= fuzzer.rejection_rate < 1
    again = [drawn for _, _, drawn in Fuzzer(parameters, tensors, seed=0).take(3)]
    assert again == [drawn for _, _, drawn in Fuzzer(parameters, tensors, seed=0).take(3)]


def test_fuzzer_refusals() -> None:
    with pytest.raises(AssertionError, match="not normalized"):
        FuzzedParameter("n", distribution={1: 0.5})
    with pytest.raises(AssertionError, match="negative"):
        FuzzedParameter("n", distribution={1: 1.5, 2: -0.5})
    with pytest.raises(AssertionError, match="Unknown distribution"):
        FuzzedParameter("n", 1, 2, "zork")
    with pytest.raises(AssertionError, match="minval and maxval"):
        FuzzedParameter("n", 1, distribution="uniform")
    one = FuzzedParameter("n", 1, 2, "uniform")
    with pytest.raises(ValueError, match="different from each other"):
        Fuzzer([one, one], [])
    with pytest.raises(ValueError, match="satisfies"):
        next(Fuzzer([one], [], [lambda n: False]).take(1))
    with pytest.raises(ValueError, match="leads to itself"):
        circle = [FuzzedParameter(a, distribution={ParameterAlias(b): 1.0}) for a, b in ("ab", "ba")]
        next(Fuzzer(circle, []).take(1))


# --- monitor ---


def test_stats_make_events_when_their_time_is_over() -> None:
    events: list[Any] = []
    handle = monitor.register_event_handler(events.append)
    stat = monitor.Stat(
        "s", [monitor.SUM, monitor.MEAN, monitor.MAX, monitor.MIN, monitor.VALUE], timedelta(hours=1), 3
    )
    assert stat.get()[monitor.SUM] == 0
    stat.add(1.0)
    stat.add(4.0)
    assert stat.count == 2 and stat.get()[monitor.MEAN] == 2.5 and not events
    stat.add(2.0)  # the third, the last one that it takes
    assert stat.count == 0 and len(events) == 1 and events[0].name == "torch.monitor.Stat"
    assert events[0].data == {"s.sum": 7.0, "s.mean": 7 / 3, "s.max": 4.0, "s.min": 1.0, "s.value": 2.0}
    at_once = monitor.Stat("t", [monitor.COUNT], timedelta(0))
    at_once.add(1.0)
    at_once.add(1.0)
    assert events[-1].data == {"t.count": 1.0}
    written: list = []
    writer = SimpleNamespace(add_scalar=lambda name, value, walltime: written.append((name, value)))
    monitor.TensorboardEventHandler(writer)(events[0])
    assert written[0] == ("s.sum", 7.0)
    monitor.unregister_event_handler(handle)
    monitor.log_event(monitor.Event("x", datetime.now(), {}))
    assert events[-1].name != "x"


# --- the machine, switches ---


def test_collect_env_says_what_there_is() -> None:
    import numpy as np

    text = collect_env.get_pretty_env_info()
    assert f"NumPy version: {np.__version__}" in text and sys.version.split()[0] in text
    assert any(line.strip().startswith("numpy==") for line in text.splitlines())
    assert collect_env.get_env_info()._replace(pip_packages=[]).cpu_count


def test_switches_can_be_read_and_set() -> None:
    from mibun.utils import backcompat, deterministic

    assert deterministic.fill_uninitialized_memory is True
    deterministic.fill_uninitialized_memory = False
    assert deterministic.fill_uninitialized_memory is False
    deterministic.fill_uninitialized_memory = True
    with pytest.raises(RuntimeError, match="expected a bool"):
        deterministic.fill_uninitialized_memory = 3  # type: ignore[assignment]
    assert backcompat.broadcast_warning.enabled is False
    assert torch.utils.model_zoo.load_url is torch.hub.load_state_dict_from_url
    assert torch._inductor.config.triton.cudagraphs is False
    with torch._inductor.config.patch("triton.unique_kernel_names", False):
        assert torch._inductor.config.triton.unique_kernel_names is False
    assert torch._inductor.config.triton.unique_kernel_names is True
    with pytest.raises(AttributeError, match="does not exist"):
        torch._inductor.config.zork = 1


def test_compiled_libraries_are_refused() -> None:
    for load in (torch.ops.load_library, torch.classes.load_library):
        with pytest.raises(OSError, match=r"Could not load this library: x\.so"):
            load("x.so")
    with pytest.raises(RuntimeError, match="does not exist"):
        torch.classes.some_library.Thing  # noqa: B018
    assert torch.classes.loaded_libraries == torch.ops.loaded_libraries == set()
    assert torch.utils._triton.has_triton() is False


# --- files of TensorBoard ---


@pytest.mark.parametrize("package", ("tensorboardX", "tensorboard"))
def test_tensorboard_writes_tensors(tmp_path: Path, package: str) -> None:
    pytest.importorskip(package)
    accumulators = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    SummaryWriter = importlib.import_module(f"mibun.utils.tensorboard.by_{package.lower()}").SummaryWriter

    with SummaryWriter(tmp_path) as writer:
        writer.add_text("words", "hello")
        writer.add_scalars("both", {"a": torch.tensor(1.0), "b": 2}, 3)
        writer.add_hparams({"lr": 0.1, "name": "x"}, {"accuracy": torch.tensor(0.5)})
        writer.add_images("pictures", torch.rand(2, 1, 4, 4), 0)
        writer.add_scalar("loss", torch.tensor(0.5, requires_grad=True), 1)
        writer.add_scalar("loss", torch.tensor([0.25]), 2)
        writer.add_histogram("h", torch.arange(6.0), 0)
        writer.add_image("picture", torch.rand(3, 4, 4), 0)
        for summary in importlib.import_module(type(writer).__module__).hparams({"lr": torch.tensor(0.1)}, {"loss": 0}):
            writer._get_file_writer().add_summary(summary, 0)
        with pytest.raises(NotImplementedError, match="add_graph"):
            writer.add_graph(torch.nn.Linear(1, 1), torch.ones(1))
    assert writer.log_dir == str(tmp_path)
    read = accumulators.EventAccumulator(str(tmp_path))
    read.Reload()
    assert [(event.step, event.value) for event in read.Scalars("loss")] == [(1, 0.5), (2, 0.25)]
    assert read.Tags()["histograms"] == ["h"] and set(read.Tags()["images"]) == {"picture", "pictures"}
    assert "words/text_summary" in read.Tags()["tensors"]
    (histogram,) = read.Histograms("h")
    values = histogram.histogram_value
    assert (values.min, values.max, values.num, values.sum) == (0, 5, 6, 15) and sum(values.bucket) == 6
    found = {}
    for path in tmp_path.rglob("*tfevents*"):
        one = accumulators.EventAccumulator(str(path)).Reload()
        found |= {(path.parent.name[-1], tag): one.Scalars(tag)[-1].value for tag in one.Tags()["scalars"]}
    assert found["a", "both"] == 1 and found["b", "both"] == 2 and 0.5 in found.values() and len(found) == 4


def test_without_tensorboard_it_is_a_missing_module() -> None:
    code = "import sys; sys.modules.update(tensorboardX=None, tensorboard=None); import mibun.utils.tensorboard"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "ModuleNotFoundError: No module named 'tensorboard'" in done.stderr and "pip install" in done.stderr


# --- modules that are absent ---

ABSENT = ("export", "package", "nested", "ao.pruning", "quantization", "utils.cpp_extension", "utils.mobile_optimizer")


def test_absent_modules_say_why() -> None:
    """In a process in which `torch` is mibun, by `import`, by attribute and by `from ... import`."""
    program = f"""
import importlib, importlib.util, torch
for name in {ABSENT!r}:
    try:
        importlib.import_module("torch." + name)
    except ModuleNotFoundError as error:
        print(error.name, "|", error)
    assert importlib.util.find_spec("torch." + name) is None
    place, _, last = name.rpartition(".")
    assert not hasattr(getattr(torch, place) if place else torch, last)
try:
    from torch.onnx import export
except ImportError as error:
    print(error)
try:
    torch.library.get_kernel
except AttributeError as error:
    print(error)
print(torch.onnx.is_in_onnx_export())
"""
    done = subprocess.run([sys.executable, "-m", "mibun", "run", "-c", program], capture_output=True, text=True)
    assert not done.stderr, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split(" | ")[0] for line in lines[: len(ABSENT)]] == [f"torch.{name}" for name in ABSENT]
    assert all(len(line.partition("': ")[2].split(": ")) > 1 for line in lines[: len(ABSENT)])  # with a reason
    assert "ONNX" in lines[-3] and "Python functions" in lines[-2] and lines[-1] == "False"
