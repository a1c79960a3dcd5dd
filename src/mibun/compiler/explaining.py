"""`torch._dynamo.explain`: what is compiled of a function, and why not the rest."""

from __future__ import annotations

import time
import traceback
import warnings
from collections.abc import Callable
from typing import Any

from ..core.site import line_of
from .compiled import Compiled
from .settings import Settings

_CALLS = 20  # that it takes at most, until there is a program for each part


class BreakReason:
    """Why a function is not compiled, and where: `reason`, `user_stack` (frame summaries)."""

    def __init__(self, reason: str, site: Any) -> None:
        self.reason = reason
        self.user_stack = []
        if site is not None:
            code = site[0]
            self.user_stack.append(traceback.FrameSummary(code.co_filename, line_of(site), code.co_name))

    def __repr__(self) -> str:
        return f"BreakReason(reason={self.reason!r}, user_stack={self.user_stack!r})"


class ExplainOutput:
    """What `explain` gives.

    Attributes:
        graphs: the texts of the programs.
        graph_count, graph_break_count: how many programs there are, and at how many lines the function is split, or
            left as it is.
        break_reasons: those reasons, each with `reason` and `user_stack`.
        op_count, ops_per_graph: how many steps they have in all, and the lines of each.
        out_guards: the lines that test whether a program may run.
        compile_times: how long the calls took, in words.
    """

    def __init__(self, compiled: Compiled, calls: int, seconds: float) -> None:
        programs = compiled.programs()
        self.graphs = [program.source for program in programs]
        self.graph_count = len(programs)
        self.break_reasons = [BreakReason(*why) for why in (*compiled.breaks, *compiled.reasons())]
        self.graph_break_count = len(self.break_reasons)
        self.op_count = sum([program.n_steps for program in programs])
        self.ops_per_graph = [program.source.splitlines()[1:] for program in programs]
        self.out_guards = [line for program in programs for line in program.check_source.splitlines()[1:-1]]
        self.compile_times = f"{calls} calls took {seconds:.4f} s"

    def __str__(self) -> str:
        lines = [f"Graph Count: {self.graph_count}", f"Graph Break Count: {self.graph_break_count}"]
        lines += [f"Op Count: {self.op_count}", "Break Reasons:"]
        for i, why in enumerate(self.break_reasons, 1):
            lines += [f"  Break Reason {i}:", f"    Reason: {why.reason}", "    User Stack:"]
            lines += [f"      {frame}" for frame in why.user_stack]
        lines.append("Ops per Graph:")
        for i, ops in enumerate(self.ops_per_graph, 1):
            lines += [f"  Ops {i}:", *ops]
        return "\n".join([*lines, "Out Guards:", *self.out_guards, f"Compile Times: {self.compile_times}", ""])


def explain(f: Callable, *extra_args: Any, **extra_kwargs: Any) -> Any:
    """A function that takes the arguments of `f`, compiles it and says what became of it: an `ExplainOutput`.

    It calls `f` several times, as compiling takes that many calls. Arguments may be given here too, as in older
    programs.

    >>> import mibun as torch
    >>> torch._dynamo.explain(lambda x: x.sin() + 1)(torch.ones(2)).graph_count
    1
    """

    def inner(*args: Any, **kwargs: Any) -> ExplainOutput:
        compiled = Compiled(getattr(f, "_torchdynamo_orig_callable", f), Settings("inductor"))
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            calls = 0
            while calls < _CALLS:
                calls += 1
                compiled(args, kwargs)
                if all([part.programs() or part.reasons() for part in compiled.parts() or [compiled]]):
                    break
        return ExplainOutput(compiled, calls, time.perf_counter() - start)

    return inner(*extra_args, **extra_kwargs) if extra_args or extra_kwargs else inner
