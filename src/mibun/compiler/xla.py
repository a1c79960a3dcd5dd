"""The backend "xla": what lies between the steps that only Python can do is compiled by JAX, as a few functions.

Steps that are functions of arrays alone are run over JAX's namespace, where the same kernels and rules give XLA a
graph; writing into memory, random numbers, guards and code of mibun's own stay lines of Python between them. Arrays go
in and come out as NumPy's, so that tensors share memory as ever. Values agree with NumPy's up to rounding.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..xp import numpy_namespace
from ..xp.jax import namespace as jax_namespace
from .namespace import Kernel, Rows
from .recording import Entry, Recorder, Ref
from .steps import Step, refs_in
from .traced import Method, Part

LONGEST = 4_000  # steps that are given to XLA at all
UNFUSED = 1_000  # steps from which on XLA's fusion is off: with it, long loops take minutes and run slowly
SHORTEST = 3
_OPERATORS = frozenset(value for value in vars(operator).values() if callable(value))
_NAMES = {id(value): name for name, value in vars(numpy_namespace).items() if callable(value)}
_jax: Any = jax
_x64: Any = jax.enable_x64 if hasattr(jax, "enable_x64") else _jax.experimental.enable_x64


class Stretch(Step):
    """Steps that are one function of JAX's."""

    __slots__ = ("call", "inputs", "outputs", "steps")

    def __init__(self, steps: list[Step]) -> None:
        super().__init__(None)
        self.steps = steps
        self.inputs: list[int] = []
        self.outputs: list[int] = []
        self.call: Any = None


def over_jax(entry: Entry) -> Callable | None:
    """The function of an entry, over JAX's arrays; None if there is none."""
    function = entry.function
    if type(function) is Kernel:
        return functools.partial(function.op.kernel, jax_namespace)
    if type(function) is Rows:
        return functools.partial(function.call.__wrapped__, jax_namespace)
    if isinstance(function, functools.partial) and function.args == (numpy_namespace,) and not function.keywords:
        return functools.partial(function.func, jax_namespace)
    if type(function) in (Method, Part):
        return function
    if isinstance(function, np.ufunc):
        return getattr(jnp, function.__name__, None)
    if id(function) in _NAMES:
        return getattr(jax_namespace, _NAMES[id(function)], None)
    if function in _OPERATORS:
        return function
    return None


def _filled(value: Any, values: dict[int, Any]) -> Any:
    kind = type(value)
    if kind is Ref:
        return values[value.number]
    if kind is tuple or kind is list:
        return kind([_filled(one, values) for one in value])
    if kind is dict:
        return {key: _filled(one, values) for key, one in value.items()}
    if kind is slice:
        return slice(*[_filled(one, values) for one in (value.start, value.stop, value.step)])
    return value


def _keep(results: Any, found: Any, values: dict[int, Any]) -> None:
    if type(results) is Ref:
        values.setdefault(results.number, found)
    elif results is not None:
        for one, other in zip(results, found, strict=True):
            _keep(one, other, values)


def _evaluate(step: Step, values: dict[int, Any]) -> None:
    entry: Any = step.entry
    function: Any = over_jax(entry)
    _keep(entry.results, function(*_filled(entry.args, values), **_filled(entry.kwargs, values)), values)


class Finder:
    """Which steps can be given to JAX: those that JAX can run, with results of the recorded shapes and dtypes."""

    def __init__(self, recorder: Recorder) -> None:
        self.values = recorder.values

    def fits(self, step: Step) -> bool:
        """Whether a step can be."""
        entry = step.entry
        if entry is None or entry.kind != "call" or entry.writes or step.text or over_jax(entry) is None:
            return False
        numbers = sorted(step.uses)
        specs = [jax.ShapeDtypeStruct(self.values[n].shape, self.values[n].dtype) for n in numbers]
        gives = sorted(step.gives)

        def run(*arrays: Any) -> Any:
            known = dict(zip(numbers, arrays, strict=True))
            _evaluate(step, known)
            return [jnp.asarray(known[number]) for number in gives]

        try:
            with _x64(True):
                found = jax.eval_shape(run, *specs)
        except Exception:
            return False
        return all(
            [
                one.shape == self.values[number].shape and one.dtype == self.values[number].dtype
                for one, number in zip(found, gives, strict=True)
            ]
        )


def with_stretches(steps: list[Step], recorder: Recorder, escaping: set[int]) -> list[Step]:
    """The steps with what JAX can do in one function of JAX's each."""
    if len(steps) > LONGEST:
        return steps
    finder = Finder(recorder)
    result: list[Step] = []
    current: list[Step] = []

    def close() -> None:
        if len(current) >= SHORTEST:
            result.append(Stretch(list(current)))
        else:
            result.extend(current)
        current.clear()

    for step in steps:
        if finder.fits(step):
            current.append(step)
        elif step.entry is not None and step.entry.kind in ("load", "const") and not step.uses:
            result.append(step)  # (it goes before the open stretch: nothing in that writes)
        else:
            close()
            result.append(step)
    close()
    final: list[Step] = []
    later: list[set[int]] = [set()]
    for step in reversed(result):
        uses = set().union(*[one.uses for one in step.steps]) if isinstance(step, Stretch) else step.uses
        later.append(later[-1] | uses)
    later.reverse()
    for place, step in enumerate(result):
        if isinstance(step, Stretch):
            final += finish(step, later[place + 1], recorder, escaping)
        else:
            final.append(step)
    return final


def finish(stretch: Stretch, later: set[int], recorder: Recorder, escaping: set[int]) -> list[Step]:
    """A stretch with its function; views that are used later are made again by NumPy, of what they are views of."""
    values = recorder.values
    made = {number: step for step in stretch.steps for number in step.gives}
    needed = [number for number in made if number in later]
    outputs: list[int] = []
    views: list[Step] = []
    seen: set[int] = set()
    while needed:
        number = needed.pop()
        if number in seen:
            continue
        seen.add(number)
        step = made[number]
        sources = {values[one].storage for one in step.uses}
        if values[number].is_scalar or values[number].storage not in sources:
            if not _is_dense(values[number]):
                return list(stretch.steps)  # its order in memory is one that JAX's arrays do not have
            outputs.append(number)
        else:
            if step not in views:
                views.append(step)
            needed += [one for one in step.uses if one in made]
    if not outputs:
        return list(stretch.steps)
    stretch.outputs = sorted(outputs)
    inside = set(made)
    uses: set[int] = set()
    for step in stretch.steps:
        uses |= step.uses
    stretch.inputs = sorted(uses - inside)
    stretch.uses, stretch.gives = set(stretch.inputs), set(stretch.outputs)
    stretch.call = _Jitted(stretch, recorder, escaping)
    order = {id(step): i for i, step in enumerate(stretch.steps)}
    return [stretch, *sorted(views, key=lambda step: order[id(step)])]


def _is_dense(value: Any) -> bool:
    expected = value.dtype.itemsize
    for size, step in zip(reversed(value.shape), reversed(value.strides), strict=True):
        if size != 1 and step != expected:
            return False
        expected *= size
    return True


class _Jitted:
    """A stretch as a function of NumPy's arrays."""

    def __init__(self, stretch: Stretch, recorder: Recorder, escaping: set[int]) -> None:
        self.steps, self.inputs, self.outputs = stretch.steps, stretch.inputs, stretch.outputs
        told = {recorder.values[number].storage for number in escaping}
        self.scalars = [recorder.values[number].is_scalar for number in self.outputs]
        self.owned = [recorder.values[number].storage in told for number in self.outputs]
        options = {"xla_disable_hlo_passes": "fusion"} if len(self.steps) > UNFUSED else None
        self.jitted = jax.jit(self.compute, compiler_options=options)
        self.one = len(self.outputs) == 1

    def compute(self, *arrays: Any) -> Any:
        """All of the steps, over JAX's arrays."""
        known = dict(zip(self.inputs, arrays, strict=True))
        for step in self.steps:
            _evaluate(step, known)
        return [jnp.asarray(known[number]) for number in self.outputs]

    def __call__(self, *arrays: Any) -> Any:
        with _x64(True):
            found = self.jitted(*arrays)
        results = []
        for array, scalar, owned in zip(found, self.scalars, self.owned, strict=True):
            array = np.array(array) if owned and not scalar else np.asarray(array)
            results.append(array[()] if scalar else array)
        return results[0] if self.one else results


__all__ = ["Stretch", "refs_in", "with_stretches"]
