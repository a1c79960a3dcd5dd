"""Compiled functions: which call is recorded, which one runs a program, and which one the function itself.

The first call of a kind (the same structure and constants of the arguments, the same modes) runs as it is, and tells
what of Python it meets. The next ones are recorded; as soon as two records are of one program, that is compiled. From
then on a call tests whether the program may run, and runs it.
"""

from __future__ import annotations

import dis
import gc
import importlib
import importlib.util
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.autocast import CASTS, STATE
from ..core.dtypes import get_default_dtype
from ..core.mode import MODE, NO_GRAD, PLAIN
from ..core.site import INTERNAL, describe
from ..core.tensor import Tensor
from . import state
from .calls import Same, flat, generator_states, hooked, plain_function, plain_numbers
from .cleaning import clean
from .comparing import Comparison, Difference, outline
from .errors import FailOnRecompileLimitHit, RecompileError, Unsupported
from .observing import Observer
from .program import CannotCompile, Changed, Program, Undo
from .recording import ONE_AT_A_TIME, Recorder, hooks_at, view_key
from .results import containers_in, held_outside, tensors_in
from .splitting import NotSplittable, Source, Splitter, lines_with
from .world import World

_ATTEMPTS = 5  # records, until two of them are of one program
_ROUNDS = 8  # runs of two programs by turns, until the faster is taken
_MISSED: Any = object()
KEPT = "a tensor is kept outside of the function"


class Variants:
    """What is known of the calls of one kind."""

    def __init__(self) -> None:
        self.programs: list[Any] = []  # each a Program, or a GraphProgram
        self.observed: Observer | None = None
        # Of the last calls that were recorded: the record, what of Python's state was met, the tensors among the
        # arguments, the outline of the result.
        self.records: list[tuple[Recorder, World, list, Any]] = []
        self.attempts = 0
        self.why: tuple[str, Any] | None = None  # why there will be no program


class Compiled:
    """A compiled function, called like the function itself.

    Attributes: `function`, the original; `programs()`, the compiled variants; `reasons()`, why calls are not compiled;
    `breaks`, where it is split, and why. Of a part of a function that is split, `whole` is the `Compiled` of that.
    """

    def __init__(self, function: Callable, settings: Any, whole: Compiled | None = None) -> None:
        self.function = function
        self.whole = whole
        self.outputs: tuple[str, ...] = ()  # of a part: the variables whose values it returns
        self.root = plain_function(function)
        self.splitter: Any = None
        self.found_source, self.looked_for_source = None, False
        self.tried: set[str] = set()  # arguments that vary, and at which it was tried to split
        self.unread: frozenset[int] | None = None  # the places of arguments that nothing looks at, once they vary
        self.breaks: list[tuple[str, Any]] = []
        self.settings = settings
        self.name = getattr(function, "__qualname__", None) or type(function).__name__
        self.table: dict[Any, Variants] = {}
        self.lock = threading.RLock()
        self.generation = state.generation
        self.warned = False

    def programs(self) -> list[Program]:
        """The compiled variants."""
        found = [program for variants in self.table.values() for program in variants.programs]
        return found + [program for part in self.parts() for program in part.programs()]

    def reasons(self) -> list[tuple[str, Any]]:
        """Why calls, or parts of the function, run as they are: (words, site)."""
        found = [variants.why for variants in self.table.values() if variants.why is not None]
        return found + [reason for part in self.parts() for reason in part.reasons()]

    def parts(self) -> list[Compiled]:
        """The parts that the function is split into, in their order."""
        return [] if self.splitter is None else list(self.splitter.parts.values())

    def called(self, *args: Any) -> Any:
        """Call it with arguments by their places, as a part is called."""
        return self(args, {})

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
                flat(args if self.unread is None else self.read_arguments(args), tensors),
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
        if self.splitter is not None:
            return self.call_split(args, kwargs)
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

    def read_arguments(self, args: tuple) -> tuple:
        """The arguments without those that the function does not look at."""
        unread: Any = self.unread
        return tuple([None if i in unread else one for i, one in enumerate(args)])

    def leaves_unread(self, key: Any) -> bool:
        """Whether what varies from call to call is an argument that the function never looks at: forget it."""
        function: Any = self.function
        if not isinstance(function, types.FunctionType) or self.unread is not None:
            return False
        code = function.__code__
        read = {one.argval for one in dis.get_instructions(code)} | set(code.co_cellvars)
        found = {i for i, name in enumerate(code.co_varnames[: code.co_argcount]) if name not in read}
        found = {i for i in found if i + 1 < len(key[0]) and key[0][i + 1] is not Tensor}
        if not found:
            return False
        self.unread = frozenset(found)
        self.table.clear()
        return True

    def call_split(self, args: tuple, kwargs: dict[str, Any]) -> Any:
        """Call the function that calls the parts."""
        function = self.function
        if isinstance(function, types.FunctionType):
            return self.splitter.function(*args, **kwargs)
        if isinstance(function, types.MethodType):
            return self.splitter.function(function.__self__, *args, **kwargs)
        module: Any = function
        if hooked(module) or plain_function(module) is not self.root:
            return module(*args, **kwargs)
        return self.splitter.function(module, *args, **kwargs)

    def split(self, reason: str, site: Any, lines: set[int]) -> bool:
        """Split the function at some lines, if it can be."""
        if self.settings.fullgraph or not lines or self.root is None:
            return False
        splitter = self.splitter
        if splitter is not None and lines <= splitter.lines:
            return False
        try:
            if splitter is None:
                source = self.source()
                if source is None:
                    return False
                splitter = Splitter(source, lambda part: Compiled(part, self.settings, self))
            splitter.split(lines)
        except NotSplittable:
            return False
        self.splitter = splitter
        self.breaks.append((reason, site))
        state.count("graph_break", reason)
        return True

    def forget(self) -> None:
        """Forget everything."""
        with self.lock:
            self.table.clear()
            self.splitter = None
            self.breaks.clear()
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
                    if self.whole is not None and self.split_at_changes(key, (float,)):
                        return self.function(*args, **kwargs)
                    limit = self.settings.recompile_limit or state.config().recompile_limit
                    if sum([max(1, len(one.programs)) for one in self.table.values()]) >= limit:
                        if self.leaves_unread(key):
                            return self.function(*args, **kwargs)
                        if self.split_at_changes(key, (float, int, str, Same)):
                            return self.call_split(args, kwargs) if self.splitter else self.function(*args, **kwargs)
                        return self.limit_hit(key, limit, args, kwargs)
                    variants = self.table[key] = Variants()
                    state.count("frames", "total")
                elif len(variants.programs) >= (self.settings.recompile_limit or state.config().recompile_limit):
                    self.give_up(
                        variants, "it was compiled too often: something it depends on changes", None, limit=True
                    )
                    return self.function(*args, **kwargs)
                return self.observe_or_record(variants, tensors, args, kwargs)
        finally:
            ONE_AT_A_TIME.release()

    def limit_hit(self, key: Any, limit: int, args: tuple, kwargs: dict) -> Any:
        variants = Variants()
        if len(self.table) < 4 * limit:  # a number that is another one at each call must not fill the memory
            self.table[key] = variants
        self.give_up(variants, "", None, limit=True)
        return self.function(*args, **kwargs)

    def observe_or_record(self, variants: Variants, tensors: list, args: tuple, kwargs: dict) -> Any:
        if sys.getprofile() is not None:
            return self.function(*args, **kwargs)
        if callable(self.settings.backend):
            return self.capture(variants, tensors, args, kwargs)
        if variants.observed is None:
            observer = Observer(root=self.code())
            variants.observed = observer
            with state.learning(), observer:
                result = self.function(*args, **kwargs)
            observer.settle(containers_in(result, set()))
            if observer.problem is not None:
                self.give_up(variants, *observer.problem, line=observer.line)
            return result
        recorder = Recorder(self.code())
        observer = Observer(recorder, self.code())
        mode = MODE.get()
        generators = generator_states()
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
        if not recorder.draws and generator_states() != generators:
            recorder.fail_at_end("random numbers are drawn in a way that is not recorded")
        observer.settle(containers_in(result, set()))
        held = held_outside(result, observer.objects)
        if held is not None and recorder.failure is None:
            recorder.fail_at_end(f"a {type(held[0]).__name__} from outside of the function is returned")
            recorder.lines = self.lines_of_output(held[1])
        del held
        return self.judge(variants, recorder, observer, tensors, args, kwargs, result)

    def capture(self, variants: Variants, tensors: list, args: tuple, kwargs: dict) -> Any:
        """Call the function and give its graph to a backend that is a function."""
        # (By name: graphs are made of `fx`, whose Modules can themselves be compiled.)
        graphs = importlib.import_module(f"{__package__}.graphs")
        mode = MODE.get()
        with state.learning():
            result, noted, observer = graphs.capture(self.function, args, kwargs, self.code())
        observer.settle(containers_in(result, set()))
        observer.check_stores()
        held = held_outside(result, observer.objects)
        failure: Any = noted.failure or observer.problem
        line, lines = noted.line if noted.failure else observer.line, None
        if failure is None and MODE.get() is not mode and MODE.get().inference != mode.inference:
            failure = "a mode is switched and not switched back", None
        if failure is None and held is not None:
            failure = f"a {type(held[0]).__name__} from outside of the function is returned", None
            lines = self.lines_of_output(held[1])
        if failure is not None:
            self.give_up(variants, failure[0], failure[1], line=line, lines=lines)
            return result
        roots = [self.function, *args, *kwargs.values()]
        settings = self.settings
        try:
            with state.learning():
                variants.programs.insert(
                    0,
                    graphs.graph_program(
                        result, noted, observer, tensors, roots, self.name, settings.backend, settings.more
                    ),
                )
        except CannotCompile as error:
            self.give_up(variants, error.reason, error.site, line=error.line)
        else:
            state.count("stats", "unique_graphs")
            state.count("frames", "ok")
        return result

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
            line = recorder.line if recorder.failure else observer.line
            self.give_up(variants, failure[0], failure[1], line=line, lines=recorder.lines)
            return shown
        variants.attempts += 1
        assert variants.observed is not None
        world = World(variants.observed, observer, [self.function, *args, *kwargs.values()])
        recorder.places = world.tensor_places()
        outlined = outline(result, recorder)
        variants.observed = observer
        reason: tuple[str, Any] = ("it differs from call to call", None)
        lines: set[int] = set()
        for before, its_world, its_tensors, its_outline in reversed(variants.records):
            changed = its_world.holds()
            if changed is not None:
                reason = f"{changed.where} changes from call to call", None
                lines = self.lines_of(changed.key)
                continue
            try:
                Comparison(before, recorder, its_tensors, tensors).check(its_outline, outlined)
                program = self.program(recorder, tensors, world, result)
                self.kept_elsewhere(recorder, program)
            except Difference as error:
                reason = error.reason, error.site
                lines = self.lines_of_output(error.place) if error.line is None else {error.line}
            except CannotCompile as error:
                lines = self.lines_of(None) if error.reason == KEPT else self.lines_of_output(error.place)
                self.give_up(variants, error.reason, error.site, line=error.line, lines=lines)
                return shown
            except (FailOnRecompileLimitHit, Unsupported):
                raise
            except Exception as error:
                state.count("unimplemented", type(error).__name__)
                self.give_up(variants, f"the compiler has failed ({type(error).__name__}: {error})")
                return shown
            else:
                variants.programs.insert(0, program)
                variants.records.clear()
                variants.attempts = 0
                state.count("stats", "unique_graphs")
                state.count("frames", "ok")
                return shown
        variants.records.append((recorder.frozen(), world, list(tensors), outlined))
        if variants.attempts >= _ATTEMPTS:
            self.give_up(variants, *reason, lines=lines)
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
        raise CannotCompile(KEPT)

    def source(self) -> Any:
        """The source of the function, if it is to be had."""
        if self.root is not None and not self.looked_for_source:
            self.looked_for_source = True
            try:
                self.found_source = Source(self.root)
            except NotSplittable:
                pass
        return self.found_source

    def code(self) -> Any:
        """The code of the function itself."""
        return None if self.root is None else self.root.__code__

    def lines_of(self, name: Any) -> set[int]:
        """The lines of the function that set an attribute, a variable or an element, or else those that have it."""
        source = (self.whole or self).source()
        return lines_with(source, name) - self.lines_left() or lines_with(source, name, False, within=self.code())

    def lines_left(self) -> set[int]:
        """The lines that are left as they are."""
        splitter = (self.whole or self).splitter
        return set() if splitter is None else splitter.lines

    def lines_of_output(self, place: int | None) -> set[int]:
        """The lines of a part that set one of the variables that it returns."""
        if self.whole is None or place is None or place >= len(self.outputs):
            return set()
        return lines_with(self.whole.source(), self.outputs[place], within=self.code())

    def split_at_changes(self, key: Any, kinds: tuple) -> bool:
        """Split the function where it uses an argument of some kind that is another one at each call, if it can be."""
        whole = self.whole or self
        if whole.root is None or len(self.tried) == len(key[0]) - 1:
            return False
        code: Any = self.code()
        first = 0 if isinstance(self.function, types.FunctionType) else 1  # `self`
        for i, now in enumerate(key[0][1:]):
            kind = now[0] if type(now) is tuple and now[0] in (float, int, str) else type(now)
            if kind not in kinds or i + first >= code.co_argcount:
                continue
            if any([len(before[0]) > i + 1 and before[0][i + 1] != now for before in self.table]):
                name = code.co_varnames[i + first]
                if name in self.tried:
                    continue
                self.tried.add(name)
                lines = lines_with(whole.source(), name, False, within=code)
                what = f"the {'object' if kind is Same else 'number'} {name!r} is another one at each call"
                if whole.split(what, None, lines):
                    return True
        return False

    def give_up(
        self,
        variants: Variants,
        reason: str,
        site: Any = None,
        limit: bool = False,
        line: int | None = None,
        lines: set[int] | None = None,
    ) -> None:
        """These calls are not compiled: split the function at the line that is to blame, or say so once, or raise it.

        line, or lines: those of the function itself, as far as they are known.
        """
        whole = self.whole or self
        if limit:
            reason = f"the recompile limit was hit: {reason or 'it is called in too many ways'}"
        variants.records.clear()
        variants.observed = None
        if not limit and whole.split(reason, site, lines or (set() if line is None else {line})):
            if whole is self:  # (the programs that there are for other calls remain)
                self.table = {key: one for key, one in self.table.items() if one is not variants or one.programs}
            else:
                variants.why = reason, site
            return
        variants.why = reason, site
        state.count("graph_break", reason)
        if not limit:
            variants.programs.clear()
        where = "" if site is None else f", at {describe(site)}"
        words = f"{self.name} is not compiled, and runs as it is: {reason}{where}"
        if self.whole is not None:
            if self not in self.whole.parts():  # (it was one: the function has been split in another way since)
                return
            words = f"a part of {words}"
        if self.settings.fullgraph:
            if limit:
                raise FailOnRecompileLimitHit(words)
            raise Unsupported(words)
        if limit and state.config().fail_on_recompile_limit_hit:
            raise FailOnRecompileLimitHit(words)
        if not whole.warned:
            whole.warned = True
            warnings.warn(f"torch.compile: {words}", UserWarning, stacklevel=_level())


def _level() -> int:
    level, frame = 2, sys._getframe(2)
    while frame.f_back is not None and INTERNAL[frame.f_code.co_filename]:
        level, frame = level + 1, frame.f_back
    return level


__all__ = ["Compiled", "tensors_in"]
