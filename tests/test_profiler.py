"""The profiler: events of operators, Functions, nodes and marked parts; sums, table and trace file."""

from __future__ import annotations

import json

import pytest

import mibun as torch
from mibun.autograd import profiler

OURS = torch.__name__ == "mibun"
ours = pytest.mark.skipif(not OURS, reason="PyTorch counts memory and names inner steps in its own way")


class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, grad):
        return grad * 2


def profiled(**options):
    x = torch.ones(10, 10, requires_grad=True)
    with profiler.profile(**options) as found:
        with profiler.record_function("mine"):
            y = Double.apply(x.exp()).sum()
        y.backward()
    return found


def test_events():
    found = profiled(record_shapes=True)
    names = [event.name for event in found.function_events]
    for name in (
        "mine",
        "aten::exp",
        "Double",
        "aten::mul",
        "aten::sum",
        "SumBackward0",
        "DoubleBackward",
        "ExpBackward0",
    ):
        assert name in names
    by_name = {event.name: event for event in found.function_events}
    mine, exp = by_name["mine"], by_name["aten::exp"]
    assert exp.cpu_parent is mine and exp in mine.cpu_children
    assert exp.input_shapes == [[10, 10]]
    assert exp.cpu_time_total > 0 and exp.self_cpu_time_total <= exp.cpu_time_total <= mine.cpu_time_total
    assert exp.time_range.start >= mine.time_range.start and exp.time_range.end <= mine.time_range.end
    assert exp.count == 1 and exp.key == "aten::exp" and exp.cpu_time_str.endswith("s")
    assert exp.sequence_nr == by_name["ExpBackward0"].sequence_nr >= 0
    assert by_name["aten::sum"].sequence_nr > exp.sequence_nr


def test_sums():
    with profiler.profile() as found:
        for _ in range(3):
            torch.ones(4).exp()
    sums = found.key_averages()
    exp = next(event for event in sums if event.key == "aten::exp")
    assert exp.count == 3
    assert exp.cpu_time_total == pytest.approx(
        sum(event.cpu_time_total for event in found.function_events if event.name == "aten::exp")
    )
    assert exp.cpu_time == pytest.approx(exp.cpu_time_total / 3)
    assert found.total_average().key == "Total"
    assert found.self_cpu_time_total == pytest.approx(sum(event.self_cpu_time_total for event in found.function_events))


def test_table():
    found = profiled()
    table = found.key_averages().table(sort_by="cpu_time_total", row_limit=3)
    lines = table.splitlines()
    for word in ("Name", "Self CPU %", "CPU total", "CPU time avg", "# of Calls"):
        assert word in lines[1]
    assert "Self CPU time total:" in table and "mine" in table and len(lines) < 12
    assert "Input Shapes" in profiled(record_shapes=True).key_averages(group_by_input_shape=True).table()
    assert "aten::exp" in found.table() and "aten::exp" in str(found)
    with pytest.raises(AttributeError):
        found.key_averages().table(sort_by="nothing")


def test_trace_file(tmp_path):
    path = tmp_path / "trace.json"
    profiled().export_chrome_trace(str(path))
    events = json.loads(path.read_text())["traceEvents"]
    slices = {event["name"]: event for event in events if event["ph"] == "X"}
    assert {"mine", "aten::exp", "ExpBackward0"} <= set(slices)
    assert slices["aten::exp"]["dur"] <= slices["mine"]["dur"]


def test_once_only():
    found = profiler.profile()
    with found:
        pass
    with pytest.raises(RuntimeError, match="Profiler context manager is not reentrant"):
        found.__enter__()
    with profiler.profile(enabled=False):
        torch.ones(2).exp()
    if OURS:
        assert not profiler.profile(enabled=False).function_events


def test_record_function_decorates():
    @profiler.record_function("part")
    def part():
        return 1

    with profiler.profile() as found:
        assert part() == 1
    assert part() == 1
    assert [event.name for event in found.function_events].count("part") == 1


def test_errors_close_events():
    def boom(grad):
        raise ValueError("boom")

    x = torch.ones(2, requires_grad=True)
    y = x.exp()
    y.register_hook(boom)
    with profiler.profile() as found:
        with pytest.raises(ValueError):
            with profiler.record_function("part"):
                y.sum().backward()
        torch.ones(2).sin()
    sin = next(event for event in found.function_events if event.name == "aten::sin")
    assert sin.cpu_parent is None


@ours
def test_memory_and_lines():
    found = profiled(profile_memory=True, with_stack=True)
    by_name = {event.name: event for event in found.function_events}
    assert by_name["aten::exp"].cpu_memory_usage == 400
    assert by_name["aten::mul"].self_cpu_memory_usage == 400
    assert by_name["mine"].cpu_memory_usage == 804 and by_name["mine"].self_cpu_memory_usage == 0
    assert "y = Double.apply(x.exp()).sum()" in by_name["ExpBackward0"].stack[0]
    assert "CPU Mem" in found.key_averages().table() and "Source Location" in found.table()


@ours
def test_recorded_backward_is_profiled_operator_by_operator():
    x = torch.ones(3, requires_grad=True)
    y = x.exp().sum()
    with profiler.profile() as found:
        y.backward(create_graph=True)
    by_name = {event.name: event for event in found.function_events}
    assert by_name["aten::mul"].cpu_parent is by_name["ExpBackward0"]


@ours
def test_nothing_is_paid_outside():
    from mibun.autograd.grad_mode import MODE, PLAIN

    with profiler.profile():
        assert not MODE.get().fast
    assert MODE.get() is PLAIN
    with profiler.record_function("nobody listens"):
        assert MODE.get() is PLAIN


@ours
def test_two_profiles():
    with profiler.profile() as outer:
        torch.ones(2).exp()
        with profiler.profile() as inner:
            torch.ones(2).sin()
    assert "aten::sin" in [e.name for e in outer.function_events] and "aten::exp" not in [
        e.name for e in inner.function_events
    ]
    assert "aten::sin" in [e.name for e in inner.function_events]
