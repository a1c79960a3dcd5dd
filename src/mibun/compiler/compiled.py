"""Compiled functions: which call is recorded, which one runs a program, and which one the function itself.

The first call of a kind (the same structure and constants of the arguments, the same modes) runs as it is, and tells
what of Python it meets. The next ones are recorded; as soon as two records are of one program, that is compiled. From
then on a call tests whether the program may run, and runs it.
"""

from __future__ import annotations

import gc
import importlib.util
import sys
import threading
import time
import types
import warnings
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.autocast import CASTS, STATE
from ..core.dtypes import get_default_dtype
from ..core.mode import MODE, NO_GRAD, PLAIN
from ..core.site import INTERNAL, describe
from ..core.tensor import Tensor
from . import state
from .cleaning import clean
from .comparing import Comparison, Difference, outline
from .errors import FailOnRecompileLimitHit, RecompileError, Unsupported
from .observing import Observer
from .program import CannotCompile, Changed, Program, Undo
from .recording import ONE_AT_A_TIME, Recorder, hooks_at, view_key
from .results import containers_in, tensors_in
from .world import World

_ATTEMPTS = 5  # records, until two of them are of one program
_ROUNDS = 8  # runs of two programs by turns, until the faster is taken
_MISSED: Any = object()


class Variants:
    """What is known of the calls of one kind."""

    def __init__(self) -> None:
        self.programs: list[Program] = []
        self.observed: Observer | None = None
        # Of the last calls that were recorded: the record, what of Python's state was met, the tensors among the
        # arguments, the outline of the result.
        self.records: list[tuple[Recorder, World, list, Any]] = []
        self.attempts = 0
        self.why: tuple[str, Any] | None = None  # why there will be no program


class Compiled:
    """A compiled function, called like the function itself.

    Attributes: `function`, the original; `programs()`, the compiled variants; `reasons()`, why calls are not compiled.
    """

    def __init__(self, function: Callable, settings: Any) -> None:
        self.function = function
        self.settings = settings
        self.name = getattr(function, "__qualname__", None) or type(function).__name__
        self.table: dict[Any, Variants] = {}
        self.lock = threading.RLock()
        self.generation = state.generation
        self.warned = False

    def programs(self) -> list[Program]:
        """The compiled variants."""
        return [program for variants in self.table.values() for program in variants.programs]

    def reasons(self) -> list[tuple[str, Any]]:
        """Why calls run as they are: (words, site)."""
        return [variants.why for variants in self.table.values() if variants.why is not None]

    def __call__(self, args: tuple, kwargs: dict[str, Any]) -> Any:
        mode = MODE.get()
        stance = state.stance
        if (
            not (mode is PLAIN or mode is NO_GRAD)
            and not (mode.inference and not (mode.watchers or mode.transforms or mode.saved_hooks or mode.anomaly))
            or mode.dual_levels
            or stance == "force_eager"
            or state.disabled()
            or state.compiling()
        ):
            return self.function(*args, **kwargs)
        tensors: list = []
        try:
            key = (
                flat(args, tensors),
                flat(kwargs, tensors) if kwargs else None,
                mode.grad,
                mode.inference,
                STATE.get(),
                get_default_dtype(),
            )
            if self.generation != state.generation:
                self.forget()
            variants = self.table.get(key)
        except TypeError:  # something among the arguments that cannot be told apart from others
            return self.function(*args, **kwargs)
        if variants is not None:
            for i, program in enumerate(variants.programs):
                try:
                    fits = program.check(tensors)
                except Exception:
                    fits = False
                if fits:
                    result = self.run(program, tensors, args, kwargs)
                    if result is not _MISSED:
                        if i:
                            variants.programs.remove(program)
                            variants.programs.insert(0, program)
                        return result
            if variants.why is not None:
                return self.function(*args, **kwargs)
        return self.learn(key, tensors, args, kwargs)

    def run(self, program: Program, tensors: list, args: tuple, kwargs: dict) -> Any:
        """Run a program. Where a value is not what it is for, all is as before, and `_MISSED` is returned."""
        if program.rival is not None:
            return self.race(program, tensors, args, kwargs)
        undo = Undo() if program.undoable else None
        try:
            with np.errstate(all="ignore"):
                return program.run(tensors) if undo is None else program.run(tensors, undo)
        except Changed:
            if undo is not None:
                undo.restore()
            return _MISSED
        except Exception:
            if program.natives:
                raise
            if undo is not None:
                undo.restore()
        return self.function(*args, **kwargs)  # which raises it in PyTorch's words

    def race(self, program: Program, tensors: list, args: tuple, kwargs: dict) -> Any:
        """Run a program and its rival by turns, until it is known which is faster."""
        rival: Any = program.rival
        times = program.times
        program.rival = None
        runner = rival if len(times) % 2 else program
        start = time.perf_counter()
        try:
            return self.run(runner, tensors, args, kwargs)
        finally:
            times.append(time.perf_counter() - start)
            if len(times) < _ROUNDS:
                program.rival = rival
            elif min(times[1::2]) < min(times[::2]):
                program.run, program.source, program.backend = rival.run, rival.source, rival.backend
                program.undoable = rival.undoable

    def forget(self) -> None:
        """Forget everything."""
        with self.lock:
            self.table.clear()
            self.generation = state.generation
            self.warned = False

    # --- learning ---

    def learn(self, key: Any, tensors: list, args: tuple, kwargs: dict) -> Any:
        """A call for which there is no program: run it, and learn from it."""
        stance = state.stance
        known = self.table.get(key)
        if known is not None and known.programs:
            if stance == "fail_on_recompile" or state.config().error_on_recompile:
                raise RecompileError(f"{self.name} has to be compiled again: something it depends on has changed")
            if stance == "eager_on_recompile":
                return self.function(*args, **kwargs)
        if not ONE_AT_A_TIME.acquire(blocking=False):  # (another function, or another thread, is being learnt)
            return self.function(*args, **kwargs)
        try:
            with self.lock:
                variants = self.table.get(key)
                if variants is None:
                    limit = self.settings.recompile_limit or state.config().recompile_limit
                    if sum([max(1, len(one.programs)) for one in self.table.values()]) >= limit:
                        return self.limit_hit(key, limit, args, kwargs)
                    variants = self.table[key] = Variants()
                elif len(variants.programs) >= (self.settings.recompile_limit or state.config().recompile_limit):
                    self.give_up(
                        variants, "it was compiled too often: something it depends on changes", None, limit=True
                    )
                    return self.function(*args, **kwargs)
                return self.observe_or_record(variants, tensors, args, kwargs)
        finally:
            ONE_AT_A_TIME.release()

    def limit_hit(self, key: Any, limit: int, args: tuple, kwargs: dict) -> Any:
        variants = self.table[key] = Variants()
        self.give_up(variants, "", None, limit=True)
        return self.function(*args, **kwargs)

    def observe_or_record(self, variants: Variants, tensors: list, args: tuple, kwargs: dict) -> Any:
        if sys.getprofile() is not None:
            return self.function(*args, **kwargs)
        if variants.observed is None:
            observer = Observer()
            variants.observed = observer
            with state.learning(), observer:
                result = self.function(*args, **kwargs)
            observer.settle(containers_in(result, set()))
            if observer.problem is not None:
                self.give_up(variants, *observer.problem)
            return result
        recorder = Recorder()
        observer = Observer(recorder)
        mode = MODE.get()
        generators = _generator_states()
        recorder.start()
        casts = CASTS.get()
        if casts is not None:
            CASTS.set({})  # what was cast in earlier calls is not there in later ones
        try:
            with state.learning(), observer:
                result = self.function(*args, **kwargs)
            recorder.flush()
        except BaseException:
            recorder.stop()
            clean(recorder)  # the function has failed, as it would have anyway
            raise
        finally:
            recorder.stop()
            CASTS.set(casts)
        if MODE.get() is not mode:
            recorder.fail_at_end("a mode is switched and not switched back")
        if not recorder.draws and _generator_states() != generators:
            recorder.fail_at_end("random numbers are drawn in a way that is not recorded")
        observer.settle(containers_in(result, set()))
        return self.judge(variants, recorder, observer, tensors, args, kwargs, result)

    def judge(self, variants: Variants, recorder: Recorder, observer: Observer, tensors: list, args, kwargs, result):
        """Compile what was recorded, or say why not."""
        try:
            return self.judge_before_cleaning(variants, recorder, observer, tensors, args, kwargs, result)
        finally:
            clean(recorder)
            recorder.known.clear()

    def judge_before_cleaning(self, variants, recorder, observer, tensors, args, kwargs, result):  # noqa: ANN202
        """The same, while the graph still tells which values it has saved."""
        shown = plain_numbers(result)
        failure = recorder.failure or observer.problem or self.lasting_changes(recorder)
        if failure is not None:
            self.give_up(variants, failure[0], failure[1])
            return shown
        variants.attempts += 1
        assert variants.observed is not None
        world = World(variants.observed, observer, [self.function, *args, *kwargs.values()])
        recorder.places = world.tensor_places()
        outlined = outline(result, recorder)
        variants.observed = observer
        reason: tuple[str, Any] = ("it differs from call to call", None)
        for before, its_world, its_tensors, its_outline in reversed(variants.records):
            changed = its_world.holds()
            if changed is not None:
                reason = f"{changed.where} changes from call to call", None
                continue
            try:
                Comparison(before, recorder, its_tensors, tensors).check(its_outline, outlined)
                program = self.program(recorder, tensors, world, result)
                self.kept_elsewhere(recorder, program)
            except Difference as error:
                reason = error.reason, error.site
            except CannotCompile as error:
                self.give_up(variants, error.reason, error.site)
                return shown
            except (FailOnRecompileLimitHit, Unsupported):
                raise
            except Exception as error:
                state.count("internal")
                self.give_up(variants, f"the compiler has failed ({type(error).__name__}: {error})")
                return shown
            else:
                variants.programs.insert(0, program)
                variants.records.clear()
                variants.attempts = 0
                state.count("programs")
                return shown
        variants.records.append((recorder.frozen(), world, list(tensors), outlined))
        if variants.attempts >= _ATTEMPTS:
            self.give_up(variants, *reason)
        return shown

    def program(self, recorder: Recorder, tensors: list, world: World, result: Any) -> Program:
        """The program of a record, for the backend that was asked for."""
        backend = self.settings.backend
        if backend == "auto" and importlib.util.find_spec("jax") is not None:
            both = [Program(recorder.again(), tensors, world, result, self.name, one) for one in ("replay", "xla")]
            both[0].rival = both[1]
            return both[0]
        return Program(recorder, tensors, world, result, self.name, "xla" if backend == "xla" else "replay")

    def lasting_changes(self, recorder: Recorder) -> tuple[str, Any] | None:
        """What the call has changed of tensors that a program cannot change."""
        for noted in recorder.noted.values():
            tensor = noted.tensor
            if tensor._edge_ is not noted.edge:
                return "the history of a tensor from outside of the function is changed in place", None
            if vars(tensor) != noted.own:
                return "an attribute is set on a tensor from outside of the function", None
            if tensor._tangent_ is not noted.tangent:
                return "a tangent is set on a tensor from outside of the function", None
            view = view_key(tensor)
            if (*view[:4], *view[5:]) != (*noted.view[:4], *noted.view[5:]):
                return "the history of a tensor from outside of the function is changed in place", None
            if hooks_at(noted.edge) != noted.edge_hooks:
                return "hooks are registered on a tensor from outside of the function", None
            if tensor._leaf_hooks_ is not noted.hooks:
                return "hooks are registered on a tensor from outside of the function", None
        return None

    def kept_elsewhere(self, recorder: Recorder, program: Program) -> None:
        """Raise if a tensor that was made is kept somewhere else than in the result."""
        allowed = program.rebuilt
        for attempt in range(2):
            left = [t for t in (ref() for ref in recorder.born.values()) if t is not None and id(t) not in allowed]
            if not left:
                return
            del left
            if not attempt:
                gc.collect()
        raise CannotCompile("a tensor is kept outside of the function")

    def give_up(self, variants: Variants, reason: str, site: Any = None, limit: bool = False) -> None:
        """From now on these calls run as they are: say so once, or raise it."""
        if limit:
            reason = f"the recompile limit was hit: {reason or 'it is called in too many ways'}"
        variants.why = reason, site
        if not limit:
            variants.programs.clear()
        variants.records.clear()
        variants.observed = None
        state.count("unsupported")
        where = "" if site is None else f", at {describe(site)}"
        words = f"{self.name} is not compiled, and runs as it is: {reason}{where}"
        if self.settings.fullgraph:
            if limit:
                raise FailOnRecompileLimitHit(words)
            raise Unsupported(words)
        if limit and state.config().fail_on_recompile_limit_hit:
            raise FailOnRecompileLimitHit(words)
        if not self.warned:
            self.warned = True
            warnings.warn(f"torch.compile: {words}", UserWarning, stacklevel=_level())


def _level() -> int:
    level, frame = 2, sys._getframe(2)
    while frame.f_back is not None and INTERNAL[frame.f_code.co_filename]:
        level, frame = level + 1, frame.f_back
    return level


def _generator_states() -> Any:
    from ..ops.random.generator import default_generator

    inner = default_generator.stream.bit_generator.state["state"]
    found = [inner["pos"], inner["key"].tobytes(), default_generator.cached_normal]
    random = sys.modules.get("random")
    if random is not None:
        found.append(random.getstate())
    numbers = sys.modules.get("numpy.random")
    if numbers is not None:
        legacy = numbers.get_state(legacy=False)
        found += [legacy["state"]["pos"], legacy["state"]["key"].tobytes()]
    return found


_ATOMS = (bool, int, float, complex, str, bytes, type(None), type, types.FunctionType, types.BuiltinFunctionType)


def flat(value: Any, tensors: list) -> Any:
    """The structure and constants of arguments, to be compared; their tensors are collected."""
    kind = type(value)
    if issubclass(kind, Tensor):
        for i, one in enumerate(tensors):
            if one is value:
                return "same", i
        tensors.append(value)
        return Tensor
    if kind is tuple or kind is list:
        return (kind, *[flat(one, tensors) for one in value])
    if kind is dict or kind is OrderedDict:
        return (kind, *[(key, flat(one, tensors)) for key, one in value.items()])
    if kind is float:
        return kind, value.hex() if value == value else "nan"
    if kind in (int, bool, str, bytes):
        return kind, value
    if issubclass(kind, tuple) and hasattr(value, "_fields"):
        return (kind, *[flat(one, tensors) for one in value])
    if isinstance(value, (np.ndarray, set)):
        raise TypeError
    if isinstance(value, np.generic):
        return kind, value.tobytes()
    return Same(value)


class Same:
    """An argument that is compared by identity."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return type(other) is Same and other.value is self.value


def plain_numbers(value: Any) -> Any:
    """A result with floats in the place of numbers that are still to be read."""
    kind = type(value)
    if kind.__name__ == "PendingNumber":
        return float.__float__(value)
    if kind is tuple or kind is list:
        parts = [plain_numbers(one) for one in value]
        if all([a is b for a, b in zip(parts, value, strict=True)]):
            return value
        if kind is list:
            value[:] = parts
            return value
        return tuple(parts)
    if kind is dict:
        for key, one in value.items():
            value[key] = plain_numbers(one)
    return value


__all__ = ["Compiled", "tensors_in"]
