"""L-BFGS: a quasi-Newton method, which learns the curvature from the last steps, and its line search.

All parameters are one vector here. The direction comes from the two-loop recursion of Nocedal and Wright, Numerical
Optimization (2006), algorithm 7.4; the line search finds a point that meets the strong Wolfe conditions, section 3.5.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np

from ..core.mode import enable_grad
from ..core.registry import namespace_of
from ..core.tensor import Tensor, wrap
from ..core.views import before_write, bump_version, own_array
from ..dispatch.inplace import write
from .elementwise import check_lr
from .optimizer import Loss, Optimizer, ParamsT

# Points tried in one line search after the first.
_MOST_TRIES = 25


class LBFGS(Optimizer):
    """Limited-memory BFGS: `p ← p - t H g`, where H approximates the inverse Hessian by the last steps.

    `step(closure)` makes up to `max_iter` such steps, and calls the closure for each.

    Args:
        params: Tensors to change; there can be one group only.
        lr: the length t of steps, in units of the quasi-Newton step; with a line search, where that begins.
        max_iter: most steps in one call of `step`.
        max_eval: most calls of the closure in one call of `step`; by default 5/4 of `max_iter`.
        tolerance_grad: stop where no element of the gradient is larger.
        tolerance_change: stop where no change of parameters, or of the loss, is larger.
        history_size: from how many steps the curvature is learned.
        line_search_fn: "strong_wolfe", or None for steps of fixed length.

    Raises:
        ValueError: for a negative `lr`, or more than one group.
        TypeError: for parameters that are no Tensors.

    Source: Liu and Nocedal (1989); Nocedal and Wright, Numerical Optimization (2006), algorithms 7.4, 3.5 and 3.6.

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.LBFGS([x], line_search_fn="strong_wolfe")
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = ((x - 3) ** 2).sum()
    ...     loss.backward()
    ...     return loss
    >>> first_loss = optimizer.step(closure)
    >>> x
    tensor([3.0000, 3.0000], requires_grad=True)
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: Literal["strong_wolfe"] | None = None,
    ) -> None:
        check_lr("lr", lr)
        defaults = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
        }
        super().__init__(params, defaults)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")

    @property
    def _params(self) -> list[Tensor]:
        return self.param_groups[0]["params"]

    # --- all parameters as one vector ---

    def _flat(self, arrays: list[Any]) -> Any:
        """One real vector; complex numbers count as two real ones."""
        parts: list[Any] = [np.asarray(namespace_of(array).to_numpy(array)).reshape(-1) for array in arrays]
        return np.concatenate([part.view(part.real.dtype) if part.dtype.kind == "c" else part for part in parts])

    def _flat_grad(self) -> Any:
        return self._flat(
            [
                np.zeros(tuple(param.shape), param.dtype.np)
                if param.grad is None
                else np.ascontiguousarray(param.grad.detach().to_dense().cpu()._array_)
                for param in self._params
            ]
        )

    def _place(self, vector: Any) -> None:
        """Set all parameters from one vector."""
        start = 0
        for param in self._params:
            before_write(param)
            array = own_array(param)
            size = array.size * (2 if array.dtype.kind == "c" else 1)
            part = vector[start : start + size].astype(np.zeros(0, array.dtype).real.dtype).view(array.dtype)
            write(param, part.reshape(array.shape))
            bump_version(param, "lbfgs_step")
            start += size

    # --- the method ---

    def step(self, closure: Callable[[], Loss]) -> Loss:
        """Minimise for up to `max_iter` steps.

        Args:
            closure: clears the gradients, computes the loss and its gradients, and returns the loss.

        Returns:
            The first loss, as the closure returned it.

        Raises:
            RuntimeError: for a `line_search_fn` that is not known.
        """
        group = self.param_groups[0]
        lr = float(group["lr"])
        search = group["line_search_fn"]
        if search not in (None, "strong_wolfe"):
            raise RuntimeError("only 'strong_wolfe' is supported")
        tolerance_grad, tolerance_change = group["tolerance_grad"], group["tolerance_change"]
        state = self.state[self._params[0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)

        def evaluate() -> Loss:
            with enable_grad():
                return closure()

        first_loss = evaluate()
        loss = _number(first_loss)
        evaluations = 1
        state["func_evals"] += 1
        grad = self._flat_grad()
        if np.abs(grad).max(initial=0) <= tolerance_grad:
            return first_loss
        memory = _Memory(state, group["history_size"])
        for iteration in range(1, group["max_iter"] + 1):
            state["n_iter"] += 1
            direction = memory.direction(grad, first=state["n_iter"] == 1)
            memory.previous_grad, previous_loss = grad, loss
            # The first step has no curvature to go by: its length in the 1-norm is at most lr.
            length = min(1.0, 1.0 / float(np.abs(grad).sum())) * lr if state["n_iter"] == 1 else lr
            slope = float(grad @ direction)
            memory.step_length = length
            if slope > -tolerance_change:
                break
            origin = self._flat([own_array(param) for param in self._params])
            calls = 0
            if search == "strong_wolfe":

                def along(t: float, origin: Any = origin, direction: Any = direction) -> _Point:
                    self._place(origin + t * direction)
                    value = _number(evaluate())
                    new = self._flat_grad()
                    return _Point(t, value, new, float(new @ direction))

                most = min(_MOST_TRIES, group["max_eval"] - evaluations)
                start = _Point(0.0, loss, grad, slope)
                found, calls = _search(along, start, length, float(np.abs(direction).max()), most)
                length, loss, grad = found.t, found.loss, found.grad
                self._place(origin + length * direction)
            else:
                self._place(origin + length * direction)
                if iteration != group["max_iter"]:
                    loss = _number(evaluate())
                    grad = self._flat_grad()
                    calls = 1
            memory.step_length = length
            evaluations += calls
            state["func_evals"] += calls
            if (
                evaluations >= group["max_eval"]
                or np.abs(grad).max() <= tolerance_grad
                or np.abs(direction * length).max() <= tolerance_change
                or abs(loss - previous_loss) < tolerance_change
            ):
                break
        memory.store(state, previous_loss)
        return first_loss


def _number(loss: Any) -> float:
    return loss.item() if isinstance(loss, Tensor) else float(loss)


class _Memory:
    """The last steps and changes of the gradient, from which the curvature is learned."""

    def __init__(self, state: dict[str, Any], size: int) -> None:
        self.size = size
        self.last: Any = None if state.get("d") is None else state["d"]._array_
        self.step_length: Any = state.get("t")
        self.changes: list[Any] = [tensor._array_ for tensor in state.get("old_dirs") or ()]
        self.steps: list[Any] = [tensor._array_ for tensor in state.get("old_stps") or ()]
        self.inverses: list[Any] = list(state.get("ro") or ())
        self.scale: Any = state.get("H_diag")
        self.previous_grad: Any = None if state.get("prev_flat_grad") is None else state["prev_flat_grad"]._array_

    def direction(self, grad: Any, first: bool) -> Any:
        """Minus the approximate inverse Hessian times the gradient."""
        if first:
            self.changes, self.steps, self.inverses, self.scale = [], [], [], 1.0
            self.last = -grad
            return self.last
        change = grad - self.previous_grad
        step = self.last * self.step_length
        curvature = float(change @ step)
        if curvature > 1e-10:  # else the pair would make the approximation indefinite
            if len(self.changes) == self.size:
                for history in (self.changes, self.steps, self.inverses):
                    history.pop(0)
            self.changes.append(change)
            self.steps.append(step)
            self.inverses.append(1.0 / curvature)
            self.scale = curvature / float(change @ change)
        vector = -grad
        weights = []
        for change, step, inverse in zip(self.changes[::-1], self.steps[::-1], self.inverses[::-1], strict=True):
            weight = float(step @ vector) * inverse
            weights.append(weight)
            vector = vector - weight * change
        vector = vector * self.scale
        for change, step, inverse, weight in zip(self.changes, self.steps, self.inverses, weights[::-1], strict=True):
            vector = vector + step * (weight - float(change @ vector) * inverse)
        self.last = vector
        return vector

    def store(self, state: dict[str, Any], previous_loss: float) -> None:
        """Keep it for the next call of `step`, and for saving, under PyTorch's names."""
        state["d"] = wrap(self.last)
        state["t"] = self.step_length
        state["old_dirs"] = [wrap(array) for array in self.changes]
        state["old_stps"] = [wrap(array) for array in self.steps]
        state["ro"] = self.inverses
        state["H_diag"] = self.scale
        state["prev_flat_grad"] = wrap(self.previous_grad)
        state["prev_loss"] = previous_loss


class _Point(NamedTuple):
    """A point on the line: how far along, the loss, its gradient, and its derivative along the line."""

    t: float
    loss: float
    grad: Any
    slope: Any  # a number, or a Tensor of one


def _cubic_minimum(a: _Point, b: _Point, bounds: tuple[float, float] | None = None) -> float:
    """Where the cubic through two points with their slopes has its minimum, or the middle of the bounds.

    Nocedal and Wright, equation 3.59.
    """
    low, high = bounds or (min(a.t, b.t), max(a.t, b.t))
    d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    square = d1 * d1 - a.slope * b.slope
    if not square >= 0:
        return (low + high) / 2.0
    d2 = math.sqrt(square)
    if a.t > b.t:
        a, b = b, a
    minimum = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
    return min(max(minimum, low), high)


def _search(
    along: Callable[[float], _Point],
    start: _Point,
    t: float,
    norm: float,
    most: int,
    sufficient: float = 1e-4,
    curvature: float = 0.9,
    tolerance: float = 1e-9,
) -> tuple[_Point, int]:
    """A point with enough decrease and a flat enough slope (strong Wolfe conditions), and how many were tried.

    `norm` is the largest change of a parameter for a step of length 1. First the step grows until an interval is known
    to have such a point in it, then the interval shrinks.
    """

    def too_high(point: _Point) -> bool:
        return point.loss > start.loss + sufficient * point.t * start.slope

    def flat(point: _Point) -> bool:
        return abs(point.slope) <= -curvature * start.slope

    previous, point = start, along(t)
    calls = 1
    rounds = 0
    low = high = point
    done = False
    while rounds < most:
        if too_high(point) or (rounds > 1 and point.loss >= previous.loss) or point.slope >= 0 and not flat(point):
            low, high = previous, point
            break
        if flat(point):
            low = high = point
            done = True
            break
        bounds = (point.t + 0.01 * (point.t - previous.t), point.t * 10)
        t = _cubic_minimum(previous, point, bounds)
        previous, point = point, along(t)
        calls += 1
        rounds += 1
    else:
        low, high = start, point
    if not low.loss <= high.loss:
        low, high = high, low

    stuck = False
    while not done and rounds < most:
        if abs(high.t - low.t) * norm < tolerance:
            break
        t = _cubic_minimum(low, high)
        left, right = min(low.t, high.t), max(low.t, high.t)
        # A point too close to an end makes little progress: the second time it is moved away from it.
        margin = 0.1 * (right - left)
        if min(right - t, t - left) < margin:
            if stuck or t >= right or t <= left:
                t = right - margin if abs(t - right) < abs(t - left) else left + margin
                stuck = False
            else:
                stuck = True
        else:
            stuck = False
        point = along(t)
        calls += 1
        rounds += 1
        if too_high(point) or point.loss >= low.loss:
            high = point
            if not low.loss <= high.loss:
                low, high = high, low
        else:
            if flat(point):
                done = True
            elif point.slope * (high.t - low.t) >= 0:
                high = low
            low = point
    return low, calls


# --- the line search for minimisers that are no subclass of LBFGS, under the names by which they import it ---


def _cubic_interpolate(
    x1: Any, f1: Any, g1: Any, x2: Any, f2: Any, g2: Any, bounds: tuple[float, float] | None = None
) -> Any:
    """Where the cubic with these values and slopes at `x1` and `x2` has its minimum between the two, or the bounds."""
    return _cubic_minimum(_Point(x1, f1, None, g1), _Point(x2, f2, None, g2), bounds)


def _strong_wolfe(
    obj_func: Callable[[Tensor, float, Tensor], tuple[float, Tensor]],
    x: Tensor,
    t: float,
    d: Tensor,
    f: float,
    g: Tensor,
    gtd: Any,
    c1: float = 1e-4,
    c2: float = 0.9,
    tolerance_change: float = 1e-9,
    max_ls: int = 25,
) -> tuple[float, Tensor, float, int]:
    """A step from `x` along `d` that meets the strong Wolfe conditions, first tried at length `t`.

    `obj_func(x, t, d)` gives the loss and its gradient at `x + t * d`; `f`, `g` and `gtd` are those at `x`, with the
    slope along `d`. Returns the loss, the gradient, the length, and how many points were tried.
    """

    def along(length: float) -> _Point:
        value, grad = obj_func(x, length, d)
        return _Point(length, value, grad.clone(), grad.dot(d))

    norm = float(d.abs().max())
    found, calls = _search(along, _Point(0, f, g, gtd), t, norm, max_ls, c1, c2, tolerance_change)
    return found.loss, found.grad, found.t, calls
