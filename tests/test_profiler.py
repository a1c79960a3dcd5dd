"""The profiler: events of operators, Functions, nodes and marked parts; sums, table and trace file."""

from __future__ import annotations

import gzip
import json

import pytest

import mibun as torch
from mibun.autograd import profiler, profiler_util

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
    from mibun.core.mode import MODE, PLAIN

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


def tree(events):
    """(name, children) of the outermost events."""
    return [(event.name, tree(event.cpu_children)) for event in events]


def outermost(found):
    return tree([event for event in found.function_events if event.cpu_parent is None])


@ours
def test_public_functions_are_around_their_operators():
    linear = torch.nn.Linear(3, 2)
    x = torch.ones(4, 3)
    with profiler.profile(record_shapes=True) as found:
        for _ in range(2):
            torch.nn.functional.softmax(linear(x), 1).reshape(2, 2, 2)
        x.matmul(x.t())
    assert outermost(found) == [
        ("aten::linear", [("aten::addmm", [])]), ("aten::softmax", [("aten::_softmax", [])]),
        ("aten::reshape", [("aten::view", [])]),
    ] * 2 + [("aten::t", []), ("aten::matmul", [("aten::mm", [])])]  # fmt: skip
    event = found.function_events[0]
    assert event.input_shapes == [[4, 3], [2, 3], [2]]
    assert event.cpu_time_total >= found.function_events[1].cpu_time_total > 0


def test_shapes_of_layers():
    first, second = torch.nn.Linear(20, 30), torch.nn.Linear(30, 40)
    with profiler.profile(record_shapes=True) as found:
        second(first(torch.ones(128, 20)))
    shapes = [event.input_shapes for event in found.function_events if event.name == "aten::linear"]
    assert shapes == [[[128, 20], [30, 20], [30]], [[128, 30], [40, 30], [40]]]
    grouped = found.key_averages(group_by_input_shape=True)
    assert sum(event.key == "aten::linear" for event in grouped) == 2
    assert sum(event.key == "aten::linear" for event in found.key_averages()) == 1


@ours
def test_modules():
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = torch.nn.ReLU()

        def forward(self, x):
            return self.inner(x * 2)

    net = Net()
    with profiler.profile(with_modules=True) as found:
        net(torch.ones(2))
    relu = ("nn.Module: ReLU", [("aten::relu", [])])
    assert outermost(found) == [("nn.Module: Net", [("aten::mul", []), relu])]


def test_backward_has_two_events_for_each_node():
    x = torch.ones(3, requires_grad=True)
    with profiler.profile() as found:
        x.sin().sum().backward()
    by_name = {event.name: event for event in found.function_events}
    outer = by_name["autograd::engine::evaluate_function: SinBackward0"]
    inner = by_name["SinBackward0"]
    assert inner.cpu_parent is outer and inner.scope == 1
    assert by_name["aten::sin"].sequence_nr == inner.sequence_nr == outer.sequence_nr


@pytest.mark.parametrize(
    "call, name, expected",
    [
        (lambda: torch.ones(3, 4) @ torch.ones(4, 5), "aten::mm", 2 * 3 * 4 * 5),
        (lambda: torch.bmm(torch.ones(2, 3, 4), torch.ones(2, 4, 5)), "aten::bmm", 2 * 2 * 3 * 4 * 5),
        (lambda: torch.addmm(torch.ones(5), torch.ones(3, 4), torch.ones(4, 5)), "aten::addmm", 2 * 3 * 4 * 5),
        (lambda: torch.nn.functional.linear(torch.ones(3, 4), torch.ones(5, 4), torch.ones(5)), "aten::addmm", 120),
        (lambda: torch.ones(3, 3) * torch.ones(3, 3), "aten::mul", 9),
        (lambda: torch.ones(3, 3) + torch.ones(3), "aten::add", 9),
        (lambda: torch.nn.functional.conv2d(torch.ones(1, 4, 8, 8), torch.ones(6, 2, 3, 3), groups=2), "aten::conv2d",
         2 * 6 * 36 * 2 * 9),
        (lambda: torch.ones(3).sin(), "aten::sin", 0),
    ],
)  # fmt: skip
def test_flops(call, name, expected):
    with profiler.profile(with_flops=True) as found:
        call()
    sums = found.key_averages()
    assert next(event for event in sums if event.key == name).flops == expected
    assert sum(event.flops for event in sums) == expected
    assert "FLOPs" not in profiled().table() and ("FLOPs" in sums.table(sort_by="flops") or not (expected or OURS))


def test_sums_by_hand():
    event = profiler_util.FunctionEvent(0, "foo", 0, 10, 15)
    total = profiler_util.FunctionEventAvg().add(event).add(event)
    total.add(total)
    assert total.key == "foo" and total.count == 4 and total.cpu_time_total == 20 and total.cpu_time == 5
    with pytest.raises(AssertionError, match="Expected keys to match, but got bar vs foo"):
        total.add(profiler_util.FunctionEvent(0, "bar", 0, 10, 15))
    assert profiler_util.Interval(3, 10).elapsed_us() == 7


def test_tables_in_other_ways():
    found = profiled()
    options = {"header": "HEADER", "top_level_events_only": True, "max_name_column_width": 20, "time_unit": "s"}
    table = found.function_events.table(**options)
    assert "HEADER" in table and "This report only display top-level ops statistics" in table and "us" not in table
    assert "aten::exp" not in table  # which is inside of "mine"
    with profiler.profile() as found, profiler.record_function("x" * 100):
        pass
    assert "x" * 17 + "..." in found.table(max_name_column_width=20) and "x" * 18 not in found.table(
        max_name_column_width=20
    )


def test_stacks(tmp_path):
    with pytest.raises(AssertionError, match=r"export_stacks\(\) requires with_stack=True"):
        profiled().export_stacks(str(tmp_path / "stacks"))
    found = profiled(with_stack=True)
    with pytest.raises(ValueError, match=r"metric should be one of: \["):
        found.export_stacks(str(tmp_path / "stacks"), "other")
    found.export_stacks(str(tmp_path / "stacks"))
    if OURS:
        lines = (tmp_path / "stacks").read_text().splitlines()
        assert lines and all("test_profiler.py" in line and int(line.rsplit(" ", 1)[1]) > 0 for line in lines)


def test_refused():
    with pytest.raises(AssertionError, match="Device-only events supported only with Kineto"):
        profiler.profile(use_cpu=False)
    found = profiler.profile(enabled=False)
    with found as entered:
        assert entered is None
    if OURS:
        assert "unfinished" in repr(found) and "unfinished" in str(found)
    with profiler.profile() as found:
        if OURS:
            with pytest.raises(RuntimeError, match="Profiler didn't finish running"):
                found.key_averages()


def test_optimizers_have_events():
    w = torch.ones(3, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    with profiler.profile() as found:
        (w * 2).sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    names = [event.name for event in found.function_events]
    assert "Optimizer.step#SGD.step" in names and "Optimizer.zero_grad#SGD.zero_grad" in names
    assert w.tolist() == pytest.approx([0.8] * 3) and w.grad is None


# --- torch.profiler ---


def test_schedule():
    plan = torch.profiler.schedule(wait=1, warmup=1, active=2, repeat=1, skip_first=1)
    letters = "".join(plan(step).name[0] + str(plan(step).value) for step in range(7))
    assert letters == "N0N0W1R2R3N0N0"
    plan = torch.profiler.schedule(wait=1, warmup=1, active=1, repeat=2, skip_first=2, skip_first_wait=1)
    assert [plan(step).value for step in range(10)] == [0, 0, 1, 3, 0, 1, 3, 0, 0, 0]
    with pytest.raises(AssertionError, match="Invalid profiler schedule arguments"):
        torch.profiler.schedule(wait=0, warmup=0, active=0)


CPU = {"activities": [torch.profiler.ProfilerActivity.CPU]}


def test_steps(tmp_path):
    traces = []

    def ready(found):
        traces.append((found.step_num, [event.name for event in found.events() if event.name == "aten::sin"]))

    plan = torch.profiler.schedule(wait=1, warmup=1, active=2, repeat=2)
    with torch.profiler.profile(schedule=plan, on_trace_ready=ready, **CPU) as found:
        for _ in range(10):
            torch.ones(2).sin()
            found.step()
    assert traces == [(4, ["aten::sin"] * 2), (8, ["aten::sin"] * 2)]


def test_profile_of_a_program(tmp_path):
    found = torch.profiler.profile(record_shapes=True, **CPU)
    with pytest.raises(AssertionError, match="Profiler must be initialized before getting key averages"):
        found.key_averages()
    found.start()
    with torch.profiler.record_function("part"):
        torch.ones(3).sin()
    found.stop()
    assert "part" in found.key_averages(group_by_input_shape=True).table(sort_by="cpu_time_total", row_limit=10)
    found.add_metadata_json("numbers", "[1, 2]")
    found.export_chrome_trace(str(tmp_path / "trace.json"))
    written = json.loads((tmp_path / "trace.json").read_text())
    assert "aten::sin" in [event.get("name") for event in written["traceEvents"]]
    handler = torch.profiler.tensorboard_trace_handler(str(tmp_path / "log"), use_gzip=True)
    with torch.profiler.profile(on_trace_ready=handler, **CPU):
        torch.ones(2).sin()
    (file,) = (tmp_path / "log").iterdir()
    assert "aten::sin" in gzip.open(file, "rt").read()
    with pytest.raises(AssertionError, match="No valid profiler activities found"):
        torch.profiler.profile(activities=[])


@ours
def test_events_of_all_cycles():
    plan = torch.profiler.schedule(wait=0, warmup=0, active=1)
    for acc_events, expected in ((False, 1), (True, 3)):
        kept = []
        with torch.profiler.profile(schedule=plan, acc_events=acc_events, on_trace_ready=kept.append) as found:
            for step in range(3):
                torch.ones(2).sin()
                if step < 2:
                    found.step()
        assert [event.name for event in found.events()].count("aten::sin") == expected
        assert len(kept) == 3
    assert torch.profiler.supported_activities() == {torch.profiler.ProfilerActivity.CPU}
    with pytest.warns(UserWarning, match="CUDA is not available, disabling CUDA profiling"):
        torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU, torch.profiler.ProfilerActivity.CUDA])
