"""What makes a program shorter: constants, steps that nothing needs."""

from __future__ import annotations

from typing import Any

from .building import Builder
from .recording import Entry, Recorder, Ref
from .steps import Step


def improved(steps: list[Step], recorder: Recorder, builder: Builder) -> tuple[list[Step], dict[str, int]]:
    """(the steps that are left, with one for each constant that is used; how many of which kind are gone)"""
    before = len(steps)
    steps = without_unused(steps, recorder)
    gone = before - len(steps)
    steps = with_constants(steps, recorder, builder)
    return steps, {"unused": gone}


def without_unused(steps: list[Step], recorder: Recorder) -> list[Step]:
    """Drop what gives values that nothing uses, and changes nothing."""
    needed: set[int] = set()
    left: list[Step] = []
    for step in reversed(steps):
        entry = step.entry
        if entry is not None and entry.kind == "load":
            keep = bool(step.gives & needed)
        else:
            keep = step.effect or bool(step.gives & needed)
        if keep:
            needed |= step.uses
            left.append(step)
    left.reverse()
    return left


def with_constants(steps: list[Step], recorder: Recorder, builder: Builder) -> list[Step]:
    """Put in what gives the constants that are used: a copy, where the memory is written to or becomes a tensor's."""
    values = recorder.values
    written = {values[number].storage for number in builder.escaping}
    for step in steps:
        if step.entry is not None:
            written.update(step.entry.writes)
    seen: set[int] = set()
    for step in steps:
        seen |= step.gives
    first: list[Step] = []
    made: set[int] = set()
    for step in steps:
        for number in sorted(step.uses):
            value = values[number]
            if number not in seen and number not in made and value.constant is not None:
                made.add(number)
                entry = Entry("const", None, ("copy",) if value.storage in written and not value.is_scalar else ())
                entry.results = Ref(number)
                one = Step(entry)
                one.gives = {number}
                first.append(one)
    return [*first, *steps]
