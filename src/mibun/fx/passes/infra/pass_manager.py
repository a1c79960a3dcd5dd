"""PassManager: several passes in an order that their constraints allow, once or several times."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from functools import wraps
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ....nn.modules.module import Module
from ..._compatibility import compatibility
from .pass_base import PassResult

__all__ = ["pass_result_wrapper", "this_before_that_pass_constraint", "PassManager"]

logger = logging.getLogger(__name__)
Pass = Callable[..., Any]
Constraint = Callable[[Pass, Pass], bool]


@compatibility(is_backward_compatible=False)
def pass_result_wrapper(fn: Pass) -> Callable[..., PassResult | None]:
    """A pass that gives a PassResult, for one that changes its GraphModule in place and returns nothing."""
    if fn is None:
        return None

    @wraps(fn)
    def wrapped(gm: Any) -> PassResult | None:
        result = fn(gm)
        if result is None:
            return PassResult(gm, True)
        if isinstance(result, PassResult):
            return result
        return PassResult(result, True) if isinstance(result, Module) else None

    if not inspect.isfunction(fn):
        wrapped.__name__ = type(fn).__name__
    return wrapped


def _validate_pass_schedule_constraint(constraint: Constraint, passes: list[Pass]) -> None:
    for i, first in enumerate(passes):
        for j, second in enumerate(passes[i + 1 :]):
            if not constraint(first, second):
                raise RuntimeError(
                    f"pass schedule constraint violated. Expected {first} before {second} but found {first} at index "
                    f"{i} and {second} at index{i + 1 + j} in pass list."
                )


def _topological_sort_passes(passes: list[Pass], constraints: list[Constraint]) -> list[Pass]:
    """The passes in an order that all constraints allow. RuntimeError where there is none."""
    if not constraints:
        return passes
    # (The predecessors of each: who must not come after it. In the given order where nothing is said.)
    sorter: TopologicalSorter = TopologicalSorter({one: [] for one in passes})
    for first in passes:
        for second in passes:
            if first is not second and not all(constraint(first, second) for constraint in constraints):
                sorter.add(first, second)
    try:
        return list(sorter.static_order())
    except CycleError as error:
        raise RuntimeError(f"Circular dependency detected within the following passes: {error.args[1]}") from None


@compatibility(is_backward_compatible=False)
def this_before_that_pass_constraint(this: Pass, that: Pass) -> Constraint:
    """A constraint: `this` must come before `that`."""

    def allows(a: Pass, b: Pass) -> bool:
        return not (a == that and b == this)

    return allows


@compatibility(is_backward_compatible=False)
class PassManager:
    """Runs passes, each `GraphModule -> PassResult`, `steps` times or until nothing changes.

    constraints: functions that say of two passes whether the first may come before the second. steps: the most rounds.
    run_checks_after_each_pass: call the checks (`add_checks`) also between passes. suppress_check_failures: only log
    what they find.
    """

    passes: list[Pass]
    constraints: list[Constraint]
    _validated: bool = False
    steps: int = 1

    def __init__(
        self,
        passes: list[Pass] | None = None,
        constraints: list[Constraint] | None = None,
        steps: int | None = None,
        run_checks_after_each_pass: bool = False,
        suppress_check_failures: bool = False,
    ) -> None:
        self.passes = passes or []
        self.constraints = constraints or []
        if steps:
            self.steps = steps
        self.run_checks_after_each_pass = run_checks_after_each_pass
        self.suppress_check_failures = suppress_check_failures

    def add_pass(self, _pass: Pass) -> None:
        """Add a pass at the end."""
        self.passes.append(_pass)
        self._validated = False

    def add_constraint(self, constraint: Constraint) -> None:
        """Add a constraint."""
        self.constraints.append(constraint)
        self._validated = False

    def validate_constraints(self) -> None:
        """RuntimeError where the order of the passes is not allowed."""
        if self._validated:
            return
        for constraint in self.constraints:
            _validate_pass_schedule_constraint(constraint, self.passes)
        self._validated = True

    def solve_constraints(self) -> None:
        """Put the passes in an order that is allowed. RuntimeError where there is none."""
        self.passes = _topological_sort_passes(self.passes, self.constraints)
        self._validated = True

    def add_checks(self, check: Callable[[Module], None]) -> None:
        """Let `check(module)` look at the result; it raises where something is wrong. ValueError unless it takes one
        argument."""
        if len(inspect.signature(check).parameters) != 1:
            raise TypeError("PassManager check function should only take in one variable, a module")
        self.check = check  # type: ignore[method-assign]

    def check(self, module: Module) -> None:
        """What `add_checks` has given; nothing by default."""

    def __call__(self, module: Module) -> PassResult:
        """Run the passes. TypeError where one does not return a PassResult."""
        if not self._validated:
            self.solve_constraints()
        self._checked(module)
        changed_at_all = False
        for _ in range(self.steps):
            changed = False
            for number, one in enumerate(self.passes):
                name = one.__name__ if inspect.isfunction(one) else type(one).__name__
                logger.debug("Running pass '%s'", name)
                try:
                    result = one(module)
                    if not isinstance(result, PassResult) and not hasattr(result, "graph_module"):
                        raise TypeError(
                            f"The result of the pass {name} should be type PassResult. Please wrap it with "
                            "pass_result_wrapper()"
                        )
                    module = result.graph_module  # type: ignore[union-attr]
                    changed = changed or result.modified  # type: ignore[union-attr]
                    if isinstance(module, Module) and hasattr(module, "recompile"):
                        module.recompile()  # type: ignore[operator]
                    if self.run_checks_after_each_pass:
                        self._checked(module)
                except Exception as error:
                    before = [
                        each.__name__ if inspect.isfunction(each) else type(each).__name__
                        for each in self.passes[:number]
                    ]
                    raise Exception(  # noqa: TRY002  (as PyTorch has it)
                        f"An error occurred when running the '{name}' pass after the following passes: {before}"
                    ) from error
            changed_at_all = changed_at_all or changed
            if not changed:
                break
        self._checked(module)
        return PassResult(module, changed_at_all)

    def _checked(self, module: Module) -> None:
        try:
            self.check(module)
        except Exception as error:
            if not self.suppress_check_failures:
                raise
            logger.warning("a check of a PassManager failed: %s", error)
