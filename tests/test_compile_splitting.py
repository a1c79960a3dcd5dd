"""Functions that are split where they cannot be compiled: what is compiled, and that nothing else changes."""

from __future__ import annotations

import linecache
import os
import random
import re
import types
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

import mibun as torch
from mibun import nn
from mibun.compiler.splitting import NotSplittable, Source, Splitter
from test_compile import plain

noted: list = []


class Counts:
    n = 0


counts = Counts()


def both(make: Callable[[], tuple[Callable, Callable]], calls: int = 26) -> Any:
    """A function as it is and compiled: results, what it leaves, what it notes and prints. Returns the `Compiled`."""
    (eager, state), (function, other_state) = make(), make()
    compiled = torch.compile(function)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for i in range(calls):
            found = []
            for call, look in ((eager, state), (compiled, other_state)):
                torch.manual_seed(i)
                counts.n = i
                del noted[:]
                found.append((plain(call(i)), plain(look()), list(noted), counts.n))
            assert found[0] == found[1], i
    return compiled._compiled


def training(body: Callable) -> Callable:
    def make() -> tuple[Callable, Callable]:
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Dropout(0.2), nn.Linear(8, 2))
        optimizer = torch.optim.Adam(model.parameters())
        x, y = torch.randn(5, 3), torch.randn(5, 2)
        step = body(model, optimizer, x, y)
        return step, lambda: [model.state_dict(), [p.grad for p in model.parameters()]]

    return make


def test_loss_is_noted_at_the_end() -> None:
    def body(model, optimizer, x, y):
        def step(i):
            """One step."""
            optimizer.zero_grad()
            loss = (model(x) - y).square().mean()
            loss.backward()
            optimizer.step()
            noted.append(f"step {i}: {loss.item():.3f}")
            return loss

        return step

    inner = both(training(body))
    assert len(inner.programs()) == 1 and "native" not in inner.programs()[0].source
    assert any(["backward" in line or "_grad_" in line for line in inner.programs()[0].source.splitlines()])


def test_loss_decides() -> None:
    def body(model, optimizer, x, y):
        def step(i):
            optimizer.zero_grad()
            loss = (model(x) - y).square().mean()
            if loss.item() > 100 - i:
                return None
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            return loss.item()

        return step

    assert both(training(body)).programs()


def test_loops() -> None:
    def body(model, optimizer, x, y):
        def epoch(i):
            total = 0.0
            for shift in (0.0, 1.0):
                optimizer.zero_grad()
                loss = (model(x + shift) - y).square().mean()
                loss.backward()
                optimizer.step()
                total += loss.item()
                if total > 1e9:
                    break
            noted.append(total)
            return total

        return epoch

    inner = both(training(body))
    assert len(inner.programs()) == 2  # one for each shift


def test_decorated() -> None:
    """As in docs/compile.md."""
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    @torch.compile(dynamic=False)
    def epoch(batches):
        total = 0.0
        for x, y in batches:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item()
            noted.append(total)
        return total

    batches = [(torch.randn(4, 3), torch.randint(0, 2, (4,))) for _ in range(5)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            del noted[:]
            before = {key: value.clone() for key, value in model.state_dict().items()}
            epoch(batches)
            found = list(noted), plain(model.state_dict())
            model.load_state_dict(before)
            del noted[:]
            epoch._torchdynamo_orig_callable(batches)
            assert found == (list(noted), plain(model.state_dict()))
    assert len(epoch._compiled.programs()) == 1


def test_values_that_are_used() -> None:
    def make():
        x = torch.arange(4.0)

        def f(i):
            y = x * x + i % 2
            v = y.sum().item()
            if v > 14.5:
                z = y * 2
                z = z + 1
            else:
                z = y.exp()
            noted.append(v)
            return z - y, v

        return f, lambda: x.add_(0.125)

    inner = both(make, 40)
    assert inner.programs() and inner.splitter is not None


def test_shapes_that_values_decide() -> None:
    def make():
        x = torch.arange(6.0) - 2.5

        def f(i):
            y = torch.tanh(x + i) * 2
            where = torch.nonzero(y > 0.5 * (i % 3)).tolist()
            z = y * 3
            return z.sum() + len(where)

        return f, lambda: x

    assert both(make).programs()


def test_side_effects() -> None:
    def make():
        x = torch.ones(3)
        kept: dict = {}

        def f(i):
            y = x * 2
            counts.n += 1
            z = y.exp() + y
            kept[i] = len(kept)
            with torch.no_grad():
                z = z * 2
                z = z + x
                noted.append(len(kept))
                z = z.sqrt()
                z = z + y
            print(end="")
            return z + 1

        return f, lambda: dict(kept)

    assert both(make).programs()


def test_graph_breaks_and_functions_left_out() -> None:
    @torch.compiler.disable
    def left_out(t):
        noted.append(t.tolist())
        return t + 1

    def make():
        x = torch.arange(3.0, requires_grad=True)

        def f(i):
            y = (x * x).sum() + i
            torch._dynamo.graph_break()
            z = y.exp() * 1e-3
            z = left_out(z)
            return z * 2 + y

        def state():
            x.grad = None
            f(1).backward()
            return x

        return f, state

    inner = both(make)
    assert len(inner.programs()) >= 2
    with pytest.raises(torch._dynamo.exc.Unsupported):
        torch.compile(make()[0], fullgraph=True)(0)


class Talking(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(3, 4), nn.Linear(4, 2)
        self.calls = 0

    def forward(self, x: Any) -> Any:
        h = self.first(x).relu()
        self.calls += 1
        noted.append(h.shape)
        return self.second(h) + 1


class Louder(Talking):
    def forward(self, x: Any) -> Any:
        noted.append("called")
        return super().forward(x) * 2


@pytest.mark.parametrize("kind", [Talking, Louder])
def test_modules(kind: type) -> None:
    torch.manual_seed(0)
    nn.modules.module.register_module_forward_hook(print).remove()  # one that is there no more is none
    module = kind()
    compiled = torch.compile(module)
    x = torch.randn(2, 3, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i in range(14):
            if i == 10:
                module.register_forward_hook(lambda module, args, out: out * 3)
            expected, calls = module(x), module.calls
            found = compiled(x)
            assert plain(found) == plain(expected) and module.calls == calls + 1
            (a,), (b,) = (torch.autograd.grad(one.sum(), x) for one in (expected, found))
            assert plain(a) == plain(b)
    assert kind is Louder or compiled._compiled_forward.programs(), compiled._compiled_forward.reasons()


def test_one_list_stays_one() -> None:
    items, table = [1, 2], {"a": 1}

    def twice(x):
        made = [x * 2]
        return made, made, {"made": made}

    def given(x):
        return [x, [x + 1]], items, table

    def passed(arguments):
        return arguments, arguments[0] + 1

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for function, argument in ((twice, torch.ones(2)), (given, torch.ones(2)), (passed, [torch.ones(2)])):
            compiled = torch.compile(function)
            for _ in range(6):
                found = compiled(argument)
                if function is twice:
                    assert found[0] is found[1] is found[2]["made"]
                elif function is given:
                    assert found[1] is items and found[2] is table
                else:
                    assert found[0] is argument
            assert bool(compiled._compiled.programs()) is (function is twice)


def test_no_more_lines_than_there_are() -> None:
    """What cannot be split at all runs as it is, with one warning that says why."""
    x = torch.ones(3)
    functions = [lambda: x * float(x.sum()), torch.no_grad()(lambda: print(end="") or x * 2)]
    for function in functions:
        compiled = torch.compile(function)
        with pytest.warns(UserWarning, match="is not compiled, and runs as it is"):
            for _ in range(6):
                compiled()
        assert compiled._compiled.splitter is None


def test_one_warning_for_all_parts() -> None:
    function = torch.ones(3)

    def f(i):
        y = function * 2
        print(end="")
        z = y + i / 7  # another number at each call
        print(end="")
        z = z + i / 9
        return z

    compiled = torch.compile(f)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for i in range(40):
            assert plain(compiled(i)) == plain(f(i))
    assert len([one for one in caught if "torch.compile" in str(one.message)]) <= 1
    assert len(compiled._compiled.programs()) >= 1


# --- the splitting itself, on plain Python ---


class Part:
    """A part that is not compiled."""

    def __init__(self, function: Callable) -> None:
        self.called = function
        self.outputs: Any = ()


def function_of(source: str, name: str, scope: dict | None = None) -> types.FunctionType:
    filename = f"<split {name}>"
    linecache.cache[filename] = len(source), None, source.splitlines(keepends=True), filename
    made: dict = dict(scope or {})
    exec(compile(source, filename, "exec"), made)
    return made["f"]


class Writer:
    """Random functions of two numbers, with all kinds of statements."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []

    def name(self) -> str:
        return self.random.choice("abcdeab")

    def value(self) -> str:
        choose = self.random.random()
        if choose < 0.55:
            return f"{self.name()} {self.random.choice('+-*')} {self.random.choice([self.name(), '2', '3'])}"
        if choose < 0.65:
            return f"sum([{self.name()} + k for k in range(3)])"
        if choose < 0.72:
            return f"sum(k * {self.name()} for k in range(2))"
        if choose < 0.8:
            return f"({self.name()} if {self.name()} > 1 else {self.name()} + 1)"
        if choose < 0.86:
            return f"(lambda q: q + {self.name()})({self.name()})"
        if choose < 0.9:
            return f"abs(({self.name()} := {self.name()} + 1))"
        return f"abs({self.name()})"

    def block(self, depth: int, indent: str, loop: bool = False) -> None:
        for _ in range(self.random.randrange(1, 5)):
            self.statement(depth, indent, loop)

    def statement(self, depth: int, indent: str, loop: bool) -> None:
        choose = self.random.random()
        add = self.lines.append
        if depth == 0 or choose < 0.5:
            kind = self.random.random()
            if kind < 0.6:
                add(f"{indent}{self.name()} = {self.value()}")
            elif kind < 0.75:
                add(f"{indent}{self.name()} {self.random.choice(['+=', '-='])} {self.value()}")
            elif kind < 0.82:
                add(f"{indent}{self.name()}, {self.name()} = {self.value()}, {self.name()}")
            elif kind < 0.9:
                add(f"{indent}log.append({self.value()})")
            elif kind < 0.93 and loop:
                add(f"{indent}if {self.name()} > 9: {self.random.choice(['break', 'continue'])}")
            elif kind < 0.96:
                add(f"{indent}if {self.name()} > 20: return {self.value()}")
            elif kind < 0.98:
                add(f"{indent}later.append(lambda: {self.name()})")
            else:
                add(f"{indent}n = n + {self.value()}")
        elif choose < 0.65:
            add(f"{indent}if {self.name()} > {self.name()}:")
            self.block(depth - 1, indent + "    ", loop)
            if self.random.random() < 0.6:
                add(f"{indent}else:")
                self.block(depth - 1, indent + "    ", loop)
        elif choose < 0.8:
            add(f"{indent}for {self.name()} in range({self.random.randrange(4)}):")
            self.block(depth - 1, indent + "    ", True)
        elif choose < 0.85:
            add(f"{indent}with suppress(ZeroDivisionError):")
            self.block(depth - 1, indent + "    ", loop)
            add(f"{indent}    {self.name()} = {self.name()} // {self.name()}")
        elif choose < 0.9:
            add(f"{indent}try:")
            self.block(depth - 1, indent + "    ", loop)
            add(f"{indent}    {self.name()} = {self.name()} // {self.name()}")
            add(f"{indent}except ZeroDivisionError:")
            self.block(depth - 1, indent + "    ", loop)
        elif choose < 0.95:
            add(f"{indent}def inner(p):")
            if self.random.random() < 0.4:
                add(f"{indent}    nonlocal a")
                add(f"{indent}    a = p + 1")
            add(f"{indent}    return p + {self.name()}")
            add(f"{indent}{self.name()} = inner({self.name()})")
        else:
            add(f"{indent}[{self.name()} for k in range(2)]")

    def source(self) -> str:
        head = ["def f(a, b=2, *, n=0):"]
        if self.random.random() < 0.2:
            head.append("    global c")
        if self.random.random() < 0.5:
            head.append("    c = d = 1")
        self.block(3, "    ")
        self.block(2, "    ")
        tail = f"    return {self.name()}, {self.name()}, n" if self.random.random() < 0.8 else "    pass"
        return "\n".join([*head, *self.lines, tail]) + "\n"


def outcome(function: types.FunctionType, *args: Any) -> Any:
    scope = function.__globals__
    scope["log"], scope["later"], scope["c"] = [], [], 5
    try:
        result: Any = function(*args, n=1)
    except Exception as error:
        result = type(error)
    later = []
    for one in scope["later"]:
        try:
            later.append(one())
        except NameError as error:
            later.append(type(error))
    return result, scope["log"], later, scope["c"]


def test_random_functions() -> None:
    """Split at random lines, a function does what it did: values, errors, closures, globals, the order of effects."""
    split = parts = 0
    for seed in range(int(os.environ.get("MIBUN_SPLIT_COUNT", "120"))):
        source = Writer(seed).source()
        try:
            function = function_of(source, str(seed), {"suppress": suppress})
        except SyntaxError:
            continue
        expected = [outcome(function, a, b) for a, b in ((1, 2), (0, 0), (7, -3))]
        chosen = random.Random(seed)
        try:
            splitter = Splitter(Source(function), Part)
        except NotSplittable:
            continue
        for _ in range(3):
            try:
                splitter.split({chosen.randrange(2, source.count("\n") + 1) for _ in range(chosen.randrange(1, 3))})
            except NotSplittable:
                continue
            split += 1
            parts += len(splitter.parts)
            made: Any = splitter.function
            assert made.__code__.co_filename == function.__code__.co_filename
            found = [outcome(made, a, b) for a, b in ((1, 2), (0, 0), (7, -3))]
            assert found == expected, f"{source}\nsplit at {splitter.lines}"
        linecache.cache.pop(f"<split {seed}>", None)
    assert split > 100 and parts > 300


def test_source_that_is_not_the_code() -> None:
    function = function_of("def f(a):\n    b = a + 1\n    print(end='')\n    return b * 2\n", "other")
    linecache.cache["<split other>"] = 1, None, ["def f(a):\n", "    return a * 2\n"], "<split other>"
    with pytest.raises(NotSplittable, match="source"):
        Splitter(Source(function), Part)
    for source in ("def f(a):\n    yield a\n", "def f(a):\n    del a\n", "def f(a):\n    return locals()\n"):
        with pytest.raises(NotSplittable):
            Splitter(Source(function_of(source, "refused")), Part)


def test_tracebacks_name_the_line() -> None:
    def f(x, y):
        z = x + 1
        print(end="")
        z = z * 2
        return z @ y

    compiled = torch.compile(f)
    x = torch.ones(3)
    for _ in range(8):
        compiled(x, x)
    with pytest.raises(RuntimeError) as caught:
        compiled(x, torch.ones(4))
    lines = [(entry.name, str(entry.statement).strip()) for entry in caught.traceback]
    assert any([name == "f" and re.search(r"return z @ y", line) for name, line in lines]), lines
