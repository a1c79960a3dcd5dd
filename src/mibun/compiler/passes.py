"""What makes a program shorter: steps that nothing needs or that were done already, copies of what dies."""

from __future__ import annotations

from typing import Any

import numpy as np

from .building import Builder
from .fusion import fused
from .recording import Entry, Recorder, Ref
from .steps import Step, refs_in
from .traced import Method


def improved(
    steps: list[Step], recorder: Recorder, builder: Builder, fuse: bool = True
) -> tuple[list[Step], dict[str, int]]:
    """(the steps that are left, with one for each constant that is used; how many of which kind are gone)"""
    notes: dict[str, int] = {}
    before = len(steps)
    steps = without_unused(steps)
    notes["unused"] = before - len(steps)
    notes["repeated"] = merge_repeated(steps, recorder, builder)
    before = len(steps)
    steps = without_unused(steps)
    notes["unused"] += before - len(steps)
    notes["copies"] = spare_copies(steps, recorder)
    if fuse:
        steps, notes["fused"] = fused(steps, recorder)
    return with_constants(steps, recorder, builder), notes


def without_unused(steps: list[Step]) -> list[Step]:
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


def merge_repeated(steps: list[Step], recorder: Recorder, builder: Builder) -> int:
    """Let a call that was made before, on the same values, be that one; returns how many there were.

    Not where somebody could tell: where the memory of one of them is written to, or becomes a tensor's.
    """
    values = recorder.values
    told = {values[number].storage for number in builder.escaping}
    for step in steps:
        if step.entry is not None:
            told.update(step.entry.writes)
        else:
            told.update([values[number].storage for number in step.uses])
    renamed: dict[int, int] = {}
    made: dict[Any, int] = {}
    merged = 0
    for step in steps:
        entry = step.entry
        if entry is None:
            continue
        if renamed and not renamed.keys().isdisjoint(step.uses):
            entry.args, entry.kwargs = _renamed(entry.args, renamed), _renamed(entry.kwargs, renamed)
            step.uses = refs_in(entry.args, set()) | refs_in(entry.kwargs, set())
        if entry.kind == "native":
            made.clear()
        if entry.kind != "call" or entry.writes or type(entry.results) is not Ref:
            continue
        number = entry.results.number
        storage = values[number].storage
        if storage in told or any([values[one].storage in told for one in step.uses if values[one].storage >= 0]):
            continue
        try:
            key = entry.function, _key(entry.args), _key(entry.kwargs)
            first = made.setdefault(key, number)
        except TypeError:
            continue
        if first != number:
            renamed[number] = first
            merged += 1
    return merged


def _renamed(value: Any, names: dict[int, int]) -> Any:
    kind = type(value)
    if kind is Ref:
        number: int = value.number
        return Ref(names.get(number, number))
    if kind is tuple or kind is list:
        return kind([_renamed(one, names) for one in value])
    if kind is dict:
        return {key: _renamed(one, names) for key, one in value.items()}
    if kind is slice:
        return slice(*[_renamed(one, names) for one in (value.start, value.stop, value.step)])
    return value


def _key(value: Any) -> Any:
    """Arguments as a key; TypeError for what has none."""
    kind = type(value)
    if kind is Ref:
        return Ref, value.number
    if kind is tuple or kind is list:
        return (kind, *[_key(one) for one in value])
    if kind is dict:
        return (kind, *[(key, _key(one)) for key, one in value.items()])
    if kind is slice:
        return kind, _key(value.start), _key(value.stop), _key(value.step)
    if kind is float:
        return kind, value.hex()
    if isinstance(value, np.generic):
        return kind, value.tobytes()
    return kind, value


def spare_copies(steps: list[Step], recorder: Recorder) -> int:
    """A copy of what nobody else holds or uses any more is that itself."""
    values = recorder.values
    last: dict[int, int] = {}  # storage -> the last step that uses it
    fresh: set[int] = set()  # storages that a call has made
    outside: set[int] = set()
    for i, step in enumerate(steps):
        for number in step.uses | step.gives:
            last[values[number].storage] = i
        entry = step.entry
        if entry is not None and entry.kind == "call":
            fresh.update([values[number].storage for number in step.gives])
        elif entry is not None:
            outside.update([values[number].storage for number in step.gives])
    spared = 0
    for i, step in enumerate(steps):
        entry = step.entry
        if entry is None or entry.kind != "call" or entry.kwargs or len(entry.args) != 1:
            continue
        name = entry.function.name if type(entry.function) is Method else getattr(entry.function, "__name__", "")
        source = entry.args[0]
        if name != "copy" or type(source) is not Ref or type(entry.results) is not Ref:
            continue
        value, made = values[source.number], values[entry.results.number]
        storage = value.storage
        if value.is_scalar or value.constant is not None or storage not in fresh or storage in outside:
            continue
        if last[storage] == i and value.strides == made.strides and whole(recorder, source.number):
            step.text = f"v{entry.results.number} = v{source.number}"
            spared += 1
    return spared


def whole(recorder: Recorder, number: int) -> bool:
    """Whether a value is all of the memory that it is in, as far as its shape tells: no part of a larger array."""
    value = recorder.values[number]
    return not any(
        [
            other.storage == value.storage and np.prod(other.shape) > np.prod(value.shape)
            for other in recorder.values_in(value.storage)
        ]
    )


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
