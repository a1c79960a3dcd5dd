"""A record as a program: straight-line Python over NumPy, with the test that it may run.

`Program.source` is the text of both functions. `check(args)` tells whether everything that the record depends on is as
it was, `run(args)` does what the function did, in the same order and with the same functions of NumPy's.
"""

from __future__ import annotations

import linecache
import re
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.node import LEAF, NO_VERSIONS, SEQUENCE, accumulate_grad, new_counter
from ..core.site import GENERATED
from ..core.tensor import Tensor
from ..core.views import View, counter_of, edge_of
from .building import Builder, NotRebuildable
from .fusion import Group
from .fusion import line as line_of
from .numbers import PendingNumber
from .passes import improved
from .recording import Entry, Noted, Recorder, Ref, view_key
from .results import display
from .steps import Step, Writer, refs_in
from .world import Item, World, same_number

_TENSORS = re.compile(r"\bt\d+\b")


class CannotCompile(Exception):
    """Why a record is no program; the user's line, if one is to blame."""

    def __init__(self, reason: str, site: Any = None, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.site, self.line = reason, site, line
        self.place: int | None = None  # of the result, in a tuple of some


class Changed(Exception):
    """A guard within a program has found another value than was recorded."""


class Undo:
    """What a program has changed before its last guard, to be taken back if that fails."""

    def __init__(self) -> None:
        self.arrays: list[tuple[Any, Any]] = []
        self.states: list[tuple[Any, Any]] = []

    def keep(self, array: Any) -> None:
        """Copy an array that is about to be changed."""
        if isinstance(array, np.ndarray):
            self.arrays.append((array, array.copy()))

    def keep_state(self, generator: Any) -> None:
        """Note the state of a generator of random numbers."""
        self.states.append((generator, (generator.stream.bit_generator.state, generator.cached_normal)))

    def restore(self) -> None:
        """Take everything back."""
        while self.arrays:
            array, copy = self.arrays.pop()
            array[...] = copy
        while self.states:
            generator, (state, cached) = self.states.pop()
            generator.stream.bit_generator.state = state
            generator.cached_normal = cached


class Program:
    """One compiled variant of a function.

    Attributes: `source`, the text; `steps`, how many there are; `check` and `run`, of the list of the tensors among
    the arguments.
    """

    def __init__(
        self,
        recorder: Recorder,
        args: Sequence[Any],
        world: World,
        result: Any,
        name: str,
        backend: str = "replay",
        check_grads: bool = True,
    ) -> None:
        self.backend, self.check_grads = backend, check_grads
        self.located: dict[int, str] = {}  # id of a tensor from outside -> words for where it is found
        self.rival: Program | None = None  # another program for the same, which may be faster
        self.times: list[float] = []
        self.recorder, self.world, self.name = recorder, world, name
        self.positions = {id(t): i for i, t in reversed(list(enumerate(args)))}
        self.n_args = len(args)
        self.tensors: list[Noted] = []
        self.names: dict[int, str] = {}
        self.sources: dict[str, str] = {}
        self.builder = Builder(recorder, self.name_of)
        self.locate()
        self.writer = Writer(self.builder.constant)
        steps = self.make_steps(result)
        self.steps, self.notes = improved(steps, recorder, self.builder, fuse=backend != "xla")
        if backend == "xla":
            from .xla import with_stretches

            self.steps = with_stretches(self.steps, recorder, self.builder.escaping | self.written_numbers())
        self.undoable = self.plan_undo()
        self.guards = [entry.site for entry in recorder.entries if entry.kind == "guard"]
        self.natives = recorder.natives
        self.rebuilt = {id(thing) for thing in self.builder.kept}
        self.n_steps = len([step for step in self.steps if step.entry is not None or step.steps_inside()])
        self.write()
        del self.recorder, self.builder, self.writer, self.world

    # --- tensors ---

    def locate(self) -> None:
        """Where each tensor from outside is found: among the arguments, at a place that was read, as another's grad."""
        fixed: set[int] = set()
        places: dict[int, list[Item]] = {}
        for item in self.world.items:
            if item.kind == "content":
                parts = item.value.values() if isinstance(item.value, dict) else item.value
                if item.where == "the optimizer's groups":
                    continue
                fixed.update([id(one) for one in parts if isinstance(one, Tensor)])
            elif item.kind == "tensor":
                places.setdefault(id(item.value), []).append(item)
        self.places = places
        grads = {id(noted.grad): noted for noted in self.recorder.noted.values() if noted.grad is not None}
        for noted in self.recorder.noted.values():
            key = id(noted.tensor)
            if key in self.names:
                continue
            self.place(noted, fixed, places, grads)

    def place(self, noted: Noted, fixed: set[int], places: dict, grads: dict) -> None:
        key = id(noted.tensor)
        if key in self.names:
            return
        owner = grads.get(key)
        if key in self.positions:
            source = f"args[{self.positions[key]}]"
            self.located[key] = f"args_{self.positions[key]}"
        elif key in fixed or (key not in places and owner is None):
            source = self.builder.constant(noted.tensor)
        elif key in places:
            source = self.place_of(places[key][0])
            self.located[key] = str(places[key][0].key)
        else:
            assert owner is not None
            if owner is noted:
                raise CannotCompile("a tensor is its own gradient")
            self.place(owner, fixed, places, grads)
            source = f"{self.names[id(owner.tensor)]}._grad_"
            self.located[key] = "grad"
        if key in fixed:
            self.located[key] = "constant"
        self.names[key] = name = f"t{len(self.names)}"
        self.sources[name] = source
        self.tensors.append(noted)

    def place_of(self, item: Item) -> str:
        owner = self.builder.constant(item.owner)
        return f"{owner}.cell_contents" if type(item.owner).__name__ == "cell" else f"{owner}[{item.key!r}]"

    def name_of(self, tensor: Any) -> str | None:
        """The variable of a tensor from outside."""
        name = self.names.get(id(tensor))
        if name is None and id(tensor) in self.positions:
            name = self.names[id(tensor)] = f"t{len(self.names)}"
            self.sources[name] = f"args[{self.positions[id(tensor)]}]"
        return name

    # --- steps ---

    def written_numbers(self) -> set[int]:
        """Values whose memory is written to."""
        written = {storage for step in self.steps if step.entry is not None for storage in step.entry.writes}
        return {number for number, value in enumerate(self.recorder.values) if value.storage in written}

    def make_steps(self, result: Any) -> list[Step]:
        recorder, builder = self.recorder, self.builder
        steps: list[Step] = []

        def written(effect: bool = True) -> None:
            for text, uses in builder.lines:
                steps.append(Step(None, text, uses, effect))
            builder.lines.clear()

        final = len(recorder.entries)
        while final and recorder.entries[final - 1].kind in ("grad", "array", "bump"):
            final -= 1
        last: list[tuple[str, set[int]]] = []  # what the program does when all else has succeeded
        for place, entry in enumerate(recorder.entries):
            kind = entry.kind
            if kind in ("grad", "array", "bump"):
                name = self.name_of(entry.subject)
                if kind == "bump":
                    delta, by = entry.expected
                    builder.line(f"c = counter_of({name})")
                    builder.line(f"c.version += {delta}")
                    builder.line(f"c.modified_by = {builder.constant(by)}")
                else:
                    if kind == "grad":
                        text = f"{name}._grad_ = {builder.build(entry.expected)}"
                    else:
                        builder.escaping.add(entry.expected.number)
                        text = f"{name}._array_ = {builder.value(entry.expected.number)}"
                    if place < final:
                        builder.line(text)
                    else:
                        last.append((text, builder.uses))
                        builder.uses = set()
                written()
                continue
            step = Step(entry)
            refs_in(entry.args, step.uses)
            refs_in(entry.kwargs, step.uses)
            step.gives = refs_in(entry.results, set()) - step.uses
            step.effect = bool(entry.writes) or kind in ("guard", "draw", "native", "load")
            steps.append(step)
        try:
            text = display(result, builder)
        except NotRebuildable as error:
            failure = CannotCompile(str(error))
            failure.place = error.place
            raise failure from None
        if last:
            builder.line(f"result = {text}")
            builder.lines += last
            text = "result"
        builder.line(f"return {text}")
        written()
        return steps

    def plan_undo(self) -> bool:
        """Note what is to be kept before the last guard; raise where it cannot be taken back."""
        recorder = self.recorder
        last = max([i for i, step in enumerate(self.steps) if step.entry and step.entry.kind == "guard"], default=-1)
        outside = {
            recorder.values[number].storage
            for step in self.steps
            if step.entry is not None and step.entry.kind == "load"
            for number in step.gives
        }
        kept: set[int] = set()
        planned: list[Step] = []
        needs = False
        loads: dict[int, list[int]] = {}
        generators: list[Any] = []
        for i, step in enumerate(self.steps):
            entry = step.entry
            if entry is not None and entry.kind == "load":
                for number in step.gives:
                    loads.setdefault(recorder.values[number].storage, []).append(number)
            if i < last:
                if (entry is None and not step.steps_inside()) or (entry is not None and entry.kind == "native"):
                    guard: Any = self.steps[last].entry
                    reason = "a value is read after tensors outside of the function were changed"
                    raise CannotCompile(reason, guard.site, guard.line)
                if entry is not None and entry.kind == "draw":
                    for generator in _generators_of(entry.function):
                        if not any([generator is one for one in generators]):
                            generators.append(generator)
                            text = f"undo.keep_state({self.builder.constant(generator)})"
                            planned.append(Step(None, text, set(), True))
                            needs = True
                for storage in () if entry is None else entry.writes:
                    if storage in outside and storage not in kept:
                        kept.add(storage)
                        for number in loads.get(storage, ()):
                            planned.append(Step(None, f"undo.keep(v{number})", {number}, True))
                            needs = True
            planned.append(step)
        self.steps = planned
        return needs

    # --- text ---

    def write(self) -> None:
        builder, writer = self.builder, self.writer
        lines = [f"def run(args{', undo' if self.undoable else ''}):"]
        body: list[str] = []
        values = self.recorder.values
        last_use = self.last_uses()
        for i, step in enumerate(self.steps):
            entry = step.entry
            stretch: Any = step if hasattr(step, "inputs") else None  # a function of JAX's
            if isinstance(step, Group):
                body.append(line_of(step, writer))
            elif stretch is not None:
                target = ", ".join([f"v{number}" for number in stretch.outputs])
                arguments = ", ".join([f"v{number}" for number in stretch.inputs])
                body.append(f"{target} = {builder.constant(stretch.call)}({arguments})")
            elif entry is None:
                body.append(step.text)
            elif entry.kind == "load":
                body.append(f"v{entry.results.number} = {self.names[id(entry.subject)]}._array_")
            elif entry.kind == "const":
                value = values[entry.results.number]
                name = builder.constant(value.constant)
                copied = "" if not entry.args else ".copy()"
                body.append(f"v{entry.results.number} = {name}{copied}")
            elif entry.kind == "guard":
                text = writer.call(entry) if entry.function is not bool else writer.argument(entry.args[0])
                expected = entry.expected
                if expected is True or expected is False:
                    body.append(
                        f"if {'not ' if expected else ''}({text}): raise Changed({builder.constant(entry.site)})"
                    )
                else:
                    wanted = builder.constant(expected)
                    body.append(f"if not same({text}, {wanted}): raise Changed({builder.constant(entry.site)})")
            elif entry.kind == "draw":
                arguments = [self.drawn_for(one) for one in entry.args]
                target = writer.results(entry.results, lambda number: f"v{number}")
                body.append(f"{target} = {builder.constant(entry.function)}({', '.join(arguments)})")
            elif entry.kind == "native":
                arguments = [builder.constant(one) for one in entry.args]
                body.append(f"{builder.constant(entry.function)}({', '.join(arguments)})")
            else:
                body.append(step.text or writer.statement(entry, lambda number: f"v{number}"))
            drops = [
                f"v{number}"
                for number in sorted(step.uses | step.gives)
                if last_use.get(number) == i and _is_large(values[number])
            ]
            if drops and i + 1 < len(self.steps):
                body.append(f"del {', '.join(drops)}")
        checks = self.checks()
        first = self.tensors_used("\n".join(body))
        text = "\n".join([*lines, *[f"    {line}" for line in [*first, *body]]]) + "\n"
        check_text = "def check(args):\n" + "\n".join([f"    {line}" for line in [*checks, "return True"]]) + "\n"
        self.source = text
        self.check_source = check_text
        scope = {**_SCOPE, **builder.constants}
        self.run = _function(text, f"{self.name}, compiled", "run", scope)
        self.check = _function(check_text, f"whether {self.name} may run compiled", "check", scope)

    def tensors_used(self, text: str) -> list[str]:
        """The lines that find the tensors which some text, or one of these lines, names."""
        needed = set(_TENSORS.findall(text))
        for name, source in reversed(self.sources.items()):  # (what a source names comes before it)
            if name in needed:
                needed.update(_TENSORS.findall(source))
        return [f"{name} = {source}" for name, source in self.sources.items() if name in needed]

    def drawn_for(self, value: Any) -> str:
        """An argument of what draws numbers; where it is a constant, only its shape counts, and it may be filled."""
        if type(value) is Ref and self.recorder.values[value.number].constant is not None:
            constant = self.recorder.values[value.number].constant
            if isinstance(constant, np.ndarray):
                return f"{self.builder.constant(constant)}.copy()"
        return self.writer.argument(value)

    def last_uses(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for i, step in enumerate(self.steps):
            for number in step.uses:
                found[number] = i
            for number in step.gives:
                found.setdefault(number, i)
        return found

    def checks(self) -> list[str]:
        builder = self.builder
        lines: list[str] = []

        def refuse(condition: str) -> None:
            lines.append(f"if {condition}: return False")

        for item in self.world.items:
            if item.kind == "content":
                name = builder.constant(item.value)
                if not item.copy:
                    refuse(name)
                elif isinstance(item.value, dict):
                    parts = item.copy.values()
                    if all([isinstance(one, (bool, int, float, str, type(None))) for one in parts]):
                        refuse(f"{name} != {builder.constant(item.copy)}")
                    else:
                        refuse(f"(*{name},) != {builder.constant(tuple(item.copy))}")
                        ids = tuple([id(one) for one in parts])
                        refuse(f"(*map(id, {name}.values()),) != {builder.constant(ids)}")
                elif all([isinstance(one, (bool, int, float, str, type(None))) for one in item.copy]):
                    refuse(f"{name} != {builder.constant(item.copy)}")
                elif isinstance(item.value, set):
                    refuse(f"{{*map(id, {name})}} != {builder.constant({id(one) for one in item.copy})}")
                else:
                    refuse(f"(*map(id, {name}),) != {builder.constant(tuple([id(one) for one in item.copy]))}")
                builder.constant(item.copy)  # so that what is in it lives on, and keeps its id
            elif item.kind != "tensor":
                place = self.place_of(item)
                wanted = builder.constant(item.value)
                if item.kind == "is" or item.value is None or isinstance(item.value, bool):
                    refuse(f"{place} is not {wanted}")
                elif not wanted.startswith("K"):
                    refuse(f"not same({place}, {wanted})")
                else:
                    refuse(f"(x := {place}) is not {wanted} and not same(x, {wanted})")
        for noted in self.tensors:
            self.check_tensor(noted, refuse, lines)
        for key, items in self.places.items():
            name = self.names.get(key)
            for item in items:
                place = self.place_of(item)
                if name is None:
                    refuse(f"{place} is not {builder.constant(item.value)}")
                elif self.sources[name] != place:
                    refuse(f"{place} is not {name}")
        return lines

    def check_tensor(self, noted: Noted, refuse: Callable[[str], None], lines: list[str]) -> None:
        builder, tensor, array = self.builder, noted.tensor, noted.array
        name = self.names[id(tensor)]
        source = self.sources[name]
        if source.startswith("K") and "[" not in source and "." not in source:
            lines.append(f"{name} = {source}")
        else:
            lines.append(f"{name} = {source}")
            refuse(f"type({name}) is not {builder.constant(type(tensor))}")
        lines.append(f"x = {name}._array_")
        shape, dtype = builder.constant(array.shape), builder.constant(array.dtype)
        if isinstance(array, np.ndarray):
            strides = builder.constant(array.strides)
            refuse(
                f"x.shape != {shape} or x.dtype is not {dtype} and x.dtype != {dtype} or type(x) is not ndarray "
                f"or x.strides != {strides}" + ("" if array.flags.writeable else " or x.flags.writeable")
            )
        else:
            refuse(f"type(x) is not {builder.constant(type(array))}")
        edge = noted.edge
        if edge is None:
            refuse(f"{name}._edge_ is not None")
        elif edge is LEAF:
            refuse(f"{name}._edge_ is not LEAF")
        elif type(edge) is tuple:
            refuse(f"type({name}._edge_) is not tuple")
        elif type(edge) is View:
            refuse(f"type({name}._edge_) is not View or view_key({name}) != {builder.constant(noted.view)}")
        if noted.counter is NO_VERSIONS:
            refuse(f"{name}._version_counter_ is not NO_VERSIONS")
        else:
            refuse(f"{name}._version_counter_ is NO_VERSIONS")
        if self.check_grads:
            refuse(f"{name}._grad_ is {'not ' if noted.grad is None else ''}None")
        if noted.own:
            refuse(f"vars({name}) != {builder.constant(noted.own)}")
        hooks = noted.hooks
        if hooks is None:
            refuse(f"{name}._leaf_hooks_ is not None")
        else:
            refuse(f"hooks_of({name}) != {builder.constant(hooks_of(tensor))}")
        refuse(f"{name}._tangent_ is not None")


def hooks_of(tensor: Any) -> tuple:
    """The hooks of a leaf, to be compared."""
    hooks = tensor._leaf_hooks_
    if hooks is None:
        return ()
    tables = (hooks.pre, hooks.post, hooks.post_accumulate, *hooks.tensor.values())
    return tuple([tuple([id(one) for one in table.values()]) for table in tables]), hooks.grad_dtype


def _generators_of(function: Any) -> list[Any]:
    from ..ops.random.generator import Generator, default_generator

    found = [cell.cell_contents for cell in function.__closure__ or () if isinstance(cell.cell_contents, Generator)]
    return found or [default_generator]


def _is_large(value: Any) -> bool:
    return not value.is_scalar and value.dtype.itemsize * int(np.prod(value.shape)) > 16384


def _function(text: str, what: str, name: str, scope: dict[str, Any]) -> Any:
    filename = f"{GENERATED}{what}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    exec(compile(text, filename, "exec"), scope)
    return scope[name]


_SCOPE: dict[str, Any] = {
    "__name__": None,  # so that NumPy's warnings are dropped, see `core/quiet.py`
    "Changed": Changed,
    "LEAF": LEAF,
    "NO_VERSIONS": NO_VERSIONS,
    "new_counter": new_counter,
    "View": View,
    "accumulate_grad": accumulate_grad,
    "counter_of": counter_of,
    "edge_of": edge_of,
    "hooks_of": hooks_of,
    "ndarray": np.ndarray,
    "new": object.__new__,
    "next_number": SEQUENCE.__next__,
    "same": same_number,
    "view_key": view_key,
    "weakref": weakref.ref,
}

__all__ = ["CannotCompile", "Changed", "Entry", "PendingNumber", "Program", "Undo"]
