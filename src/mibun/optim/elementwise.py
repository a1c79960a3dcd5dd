"""What runs the optimizers that treat each element of a parameter alone: all but LBFGS.

A subclass writes its formula once, in `_update`, over `xp`: NumPy and raw arrays in an ordinary step, changed in place
in pieces that stay in the processor's cache; mibun and Tensors where `differentiable=True`, so that the step itself is
recorded and gradients flow through it, and for parameters on other devices, whose arrays may be immutable.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, overload

import numpy as np

from ..core.mode import enable_grad, no_grad
from ..core.registry import LEADING, NAMESPACES, is_numpys
from ..core.site import creation_site, shorten
from ..core.tensor import Tensor, wrap
from ..core.views import before_write, bump_version, own_array
from ..dispatch import natively
from ..dispatch.inplace import write
from ..ops.creation.like import zeros_like as _zeros_like
from ..ops.pointwise.complexes import view_as_complex, view_as_real
from ..xp import tensor as recorded
from ..xp.numpy.threads import number_of_threads, share
from .flat import Together
from .optimizer import Loss, Optimizer, ParamsT, scalar_dtype

# Elements in a piece: a few arrays of it fit into a second-level cache. And in a parameter that is worth it.
_PIECE = 1 << 15
_LARGE = 1 << 17
_THREADED = 1 << 18  # elements from which on a second thread pays


class ElementwiseOptimizer(Optimizer):
    """Base class: gives `step`, calls `_start`, `_shared`, `_own` and `_update`.

    A subclass declares its options and its state, has a constructor whose body is `super().__init__(params, locals())`
    and gives `_shared`, `_own` and `_update`: what is computed in a step once for a group, once for each parameter in
    it, and for each element.

    The options `foreach` and `fused`, hints to PyTorch about which of its loops to use, may be None or a bool: there is
    one loop here, always used. `capturable=True`, for CUDA graphs, is refused with AssertionError.
    """

    # The options, in the order in which PyTorch saves them, with what checks them, called with name and value.
    _options: ClassVar[dict[str, Callable[[str, Any], None] | None]] = {}
    # What is kept for each parameter from step to step: single numbers, with their first values, and arrays of its
    # shape, which start as zeros and are given to `_update`; one with an option's name only where that is on.
    _numbers: ClassVar[dict[str, float]] = {"step": 0.0}
    _arrays: ClassVar[dict[str, str | None]] = {}

    _step_name = "optimizer_step"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._step_name = f"{cls.__name__.lower()}_step"
        cls._formula = functools.partial(cls._update, None)

    def __init__(self, params: ParamsT, given: dict[str, Any]) -> None:
        """`given`: the arguments of the subclass's constructor, its `locals()`, from which its options are taken."""
        defaults = {name: given[name] for name in self._options}
        try:
            self._check(defaults)
        except Exception as error:
            shorten(error, 2)
            raise
        super().__init__(params, defaults)

    def _check(self, options: dict[str, Any]) -> None:
        """Raise an error for options that cannot be, alone or together."""
        for name, check in self._options.items():
            if check is not None:
                check(name, options[name])
        if options.get("fused"):
            if options["differentiable"]:
                raise RuntimeError("`fused` does not support `differentiable`")
            if options["foreach"]:
                raise RuntimeError("`fused` and `foreach` cannot be `True` together.")

    @overload
    def step(self, closure: None = None) -> None: ...
    @overload
    def step(self, closure: Callable[[], Loss]) -> Loss: ...
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters that have gradients, once.

        Args:
            closure: computes the loss and the gradients anew before; it is called with gradients enabled.

        Returns:
            What the closure returned, or None.

        Raises:
            AssertionError: for a group with `capturable=True`.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for place, group in enumerate(self.param_groups):
            if group["differentiable"]:
                with enable_grad():
                    self._step_recorded(group)
            else:
                with np.errstate(all="ignore"):  # (what is written in place cannot run again)
                    self._step_together(place, group)
        return loss

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        numbers_as_tensors(self.state.values(), self._numbers)

    # --- what a subclass gives ---

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        """Fill the state of a parameter that is stepped for the first time."""
        for name, value in self._numbers.items():
            state[name] = single(value)
        for name, option in self._arrays.items():
            if option is None or group[option]:
                state[name] = zero_like(param)

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        """The numbers that `_update` needs, under its names for them, which are the same for all parameters."""
        raise NotImplementedError

    def _own(self, param: Tensor, state: dict, group: dict, shared: dict, lr: Any) -> dict[str, Any]:
        """Its other numbers, which depend on how often this parameter was stepped; counts the step.

        They follow from the numbers in the state alone: of parameters that have the same, only the first is asked.
        """
        count(state)
        return {}

    # `_update(xp, param, grad, state, *, …)` changes `param` and the arrays of `state` in place; `grad` stays as it is.
    _update: Callable[..., None]
    _formula: Callable[..., None]  # the same without the object, which it has no need of

    def _step_sparse(self, param: Tensor, gradient: Any, group: dict[str, Any], lr: float) -> None:
        """The step of a parameter whose gradient is a raw sparse array: RuntimeError where the method has none."""
        raise self._refusal_of_sparse()

    def _refusal_of_sparse(self) -> RuntimeError:
        return RuntimeError(f"{type(self).__name__} does not support sparse gradients")

    # --- the ways to run it ---

    def _begin(self, param: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        state: dict[str, Any] = {}
        self._start(param, group, state)
        if state:
            self.state[param] = state
        return state

    # For each group: a plan of what is stepped together; or which parameters had gradients in the last step, and
    # whether there can be a plan for them. One is made when two steps in a row were of the same parameters.
    _plans: ClassVar[Any] = ()

    def _step_together(self, place: int, group: dict[str, Any]) -> None:
        plans: Any = self._plans
        if len(plans) != len(self.param_groups):
            plans = self._plans = [None] * len(self.param_groups)  # type: ignore[misc]
        plan = plans[place]
        if type(plan) is Together:
            if self._run_plan(plan, group):
                return
            plans[place] = None
        self._step_arrays(group, group["params"])
        stepped = [id(param) for param in group["params"] if param._grad_ is not None]
        if plan == (stepped, True):
            plans[place] = Together.of(self, group) or (stepped, False)
        elif plan != (stepped, False):
            plans[place] = (stepped, True)

    def _run_plan(self, plan: Together, group: dict[str, Any]) -> bool:
        """A step, small parameters together; False, and nothing is done, where the plan is no longer right."""
        if group.get("capturable"):
            return False
        gradients = plan.gradients(self, group)
        if gradients is None:
            return False
        lr = float(group["lr"])
        plan.step(self, group, gradients, self._shared(group, lr), lr)
        mark = (self._step_name, creation_site())
        for counter in plan.counters:
            counter.modified_by = mark
            counter.version += 1
        if plan.rest:
            self._step_arrays(group, plan.rest)
        return True

    def _step_arrays(self, group: dict[str, Any], params: Iterable[Tensor]) -> None:
        if group.get("capturable"):
            raise _capturable_error()
        lr = float(group["lr"])
        all_state, kept, name = self.state, self._arrays, self._step_name
        maximize, shared = group["maximize"], self._shared(group, lr)
        own_scalars, update, as_real = self._own, self._update, self._complex_as_real
        for param in params:
            grad = param._grad_
            if grad is None:
                continue
            gradient = grad._array_
            if type(gradient) in LEADING:
                self._step_sparse(param, -gradient if maximize else gradient, group, lr)
                bump_version(param, name)
                continue
            state = all_state.get(param)
            if not state:
                state = self._begin(param, group)
            scalars = {**shared, **own_scalars(param, state, group, shared, lr)}
            before_write(param)
            array = own_array(param)
            if type(array) is not np.ndarray and not is_numpys(type(array)):
                xp = NAMESPACES[type(array)]
                if xp.mutable and type(gradient) is type(array) and array.dtype.kind == "f":  # CuPy's: as NumPy's
                    arrays = {key: state[key]._array_ for key in kept if key in state}
                    update(xp.np, array, -gradient if maximize else gradient, arrays, **scalars)
                    bump_version(param, name)
                    continue
                self._update_elsewhere(param, -grad.detach() if maximize else grad.detach(), state, scalars)
                bump_version(param, name)
                continue
            arrays = {}
            for key in kept:
                if key in state:
                    arrays[key] = own_array(state[key])
            if maximize:
                gradient = -gradient
            if as_real and array.dtype.kind == "c":
                self._update_complex(array, gradient, arrays, scalars)
            elif array.size >= natively.LARGE and _all_contiguous(array, gradient, arrays):
                self._update_large(array, gradient, arrays, scalars)
            else:
                update(np, array, gradient, arrays, **scalars)
            bump_version(param, name)

    # PyTorch's optimizers, but for SGD, treat the two parts of a complex number as two numbers.
    _complex_as_real = True

    def _update_elsewhere(self, param: Tensor, grad: Tensor, state: dict, scalars: dict) -> None:
        """The update of a parameter of another library's array: the formula over in-place operations of Tensors."""
        with no_grad():
            values = {name: state[name] for name in self._arrays if name in state}
            kept = dict(values)
            if param.is_complex() and self._complex_as_real:
                kept = {name: view_as_real(value) for name, value in kept.items()}
                values = dict(kept)
                self._update(recorded, view_as_real(param), view_as_real(grad), values, **scalars)
            else:
                self._update(recorded, param, grad, values, **scalars)
            for name, value in values.items():
                if value is not kept[name]:  # `put` gave it another
                    kept[name].copy_(value)

    def _update_large(self, array: Any, gradient: Any, arrays: dict, scalars: dict) -> None:
        """In C, where there is a compiler, else in pieces that stay in the cache, one after the other or by several
        threads, which makes no difference to the results.
        """
        array, gradient = array.reshape(-1), gradient.reshape(-1)
        arrays = {name: value.reshape(-1) for name, value in arrays.items()}
        if natively.attempt(self._formula, (array, gradient, arrays), scalars, in_place=True) is not NotImplemented:
            return

        def work(starts: Iterator[int]) -> None:
            for start in starts:
                piece = slice(start, start + step)
                self._update(np, array[piece], gradient[piece], {k: v[piece] for k, v in arrays.items()}, **scalars)

        step = _PIECE if array.size >= _LARGE else array.size
        starts = range(0, array.size, step)
        threads = number_of_threads() if array.size >= _THREADED and type(array) is np.ndarray else 1
        if threads > 1:
            share(work, starts, min(threads, len(starts)))
        else:
            work(iter(starts))

    def _update_complex(self, array: Any, gradient: Any, arrays: dict, scalars: dict) -> None:
        real = array.real.dtype

        def parts(value: Any) -> Any:
            return np.ascontiguousarray(value).reshape(-1).view(real)

        copies = {name: parts(value) for name, value in arrays.items()}
        result = parts(array)
        self._update(np, result, parts(gradient), copies, **scalars)
        for target, source in [(array, result), *((arrays[name], copies[name]) for name in arrays)]:
            if not np.may_share_memory(target, source):
                target[...] = source.view(target.dtype).reshape(target.shape)

    def _step_recorded(self, group: dict[str, Any]) -> None:
        if group.get("capturable"):
            raise _capturable_error()
        lr = group["lr"]
        shared = self._shared(group, lr)
        for param in group["params"]:
            grad = param.grad
            if grad is None:
                continue
            if type(grad._array_) in LEADING:
                raise self._refusal_of_sparse()
            state = self.state.get(param) or self._begin(param, group)
            scalars = {**shared, **self._own(param, state, group, shared, lr)}
            # What backward will need of the last step must not be overwritten: this step has copies of the state.
            copies = {name: state[name].clone() for name in self._arrays if name in state}
            if group["maximize"]:
                grad = -grad
            if param.is_complex() and self._complex_as_real:
                views = {name: view_as_real(value) for name, value in copies.items()}
                self._update(recorded, view_as_real(param), view_as_real(grad), views, **scalars)
                copies = {name: view_as_complex(value) for name, value in views.items()}
            else:
                self._update(recorded, param, grad, copies, **scalars)
            state.update(copies)


def _all_contiguous(array: Any, gradient: Any, arrays: dict) -> bool:
    return (
        array.flags.c_contiguous
        and gradient.flags.c_contiguous
        and all(value.flags.c_contiguous for value in arrays.values())
    )


def _capturable_error() -> AssertionError:
    return AssertionError(
        "If capturable=True, params and state_steps must be on supported devices, of which mibun has none: it is for "
        "CUDA graphs. Set capturable=False"
    )


def put(xp: Any, state: dict[str, Any], name: str, value: Any) -> None:
    """Give an entry of the state a new value: in place, but where steps are recorded, as what it was may be saved."""
    if xp is np or getattr(xp, "in_place", False):
        state[name][...] = value
    else:
        state[name] = value


def refuse_gradient(group: dict[str, Any], name: str, value: Any) -> None:
    """Raise ValueError for an option that asks for a gradient which a recorded step does not give it."""
    if group["differentiable"] and isinstance(value, Tensor) and value.requires_grad:
        raise ValueError(
            f"differentiable=True: no gradient flows to {name} in this optimizer; give it as a float, or a Tensor that "
            "does not require grad"
        )


def decay_scalars(group: dict[str, Any], lr: Any) -> dict[str, Any]:
    """Weight decay as two scalars of `_update`: the factor of p that is added to the gradient, or what p shrinks by."""
    decay = group["weight_decay"]
    if group["decoupled_weight_decay"]:
        return {"decay": 0, "shrink": 1 - lr * decay if decay != 0 else None}
    return {"decay": decay, "shrink": None}


# --- checks of options ---


def check_not_negative(name: str, value: Any) -> None:
    """Raise ValueError for an option that is negative (or NaN)."""
    if not 0.0 <= value:
        what = {"lr": "learning rate", "eps": "epsilon value"}.get(name, f"{name} value")
        raise ValueError(f"Invalid {what}: {value}")


def check_lr(name: str, value: Any) -> None:
    """Raise ValueError for a learning rate that is negative, or a Tensor of more than one element."""
    if isinstance(value, Tensor) and value.numel() != 1:
        raise ValueError("Tensor lr must be 1-element")
    check_not_negative(name, value)


def check_betas(name: str, value: Any) -> None:
    """Raise ValueError unless both are in [0, 1), and both floats or both Tensors."""
    for index in (0, 1):
        if not 0.0 <= value[index] < 1.0:
            raise ValueError(f"Invalid beta parameter at index {index}: {value[index]}")
    if isinstance(value[0], Tensor) != isinstance(value[1], Tensor):
        raise ValueError("betas must be either both floats or both Tensors")


def check_flag(name: str, value: Any) -> None:
    """Raise TypeError for what is no bool."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be a bool, but got {type(value).__name__}")


def check_hint(name: str, value: Any) -> None:
    """Raise TypeError for what is neither a bool nor None."""
    if value is not None and not isinstance(value, bool):
        raise TypeError(f"{name} must be None or a bool, but got {type(value).__name__}")


def check_capturable(name: str, value: Any) -> None:
    """Raise AssertionError for True: there are no CUDA graphs to capture a step in."""
    check_flag(name, value)
    if value:
        raise _capturable_error()


# --- parts of the state ---


def zero_like(param: Tensor) -> Tensor:
    """Zeros of the shape, dtype and memory order of a parameter."""
    array = own_array(param)
    return wrap(np.zeros_like(array)) if is_numpys(type(array)) else _zeros_like(param.detach())


def fill(tensor: Tensor, value: float) -> None:
    """Make all elements one number; of complex ones both parts, which are two parameters to these optimizers."""
    array = own_array(tensor)
    number = complex(value, value) if array.dtype.kind == "c" else value
    if is_numpys(type(array)):
        array[...] = number
    else:
        tensor.fill_(number)


def single(value: float) -> Tensor:
    """A 0-d Tensor in which a number is kept from step to step."""
    return wrap(np.array(value, dtype=scalar_dtype().np))


def numbers_as_tensors(states: Iterable[Any], names: Iterable[str]) -> None:
    """Make 0-d Tensors of those numbers in loaded states: older files have plain ones."""
    for kept in states:
        for name in names if isinstance(kept, dict) else ():
            if name in kept and not isinstance(kept[name], Tensor):
                kept[name] = single(float(kept[name]))


def count(state: dict[str, Any]) -> float:
    """Add 1 to the step count of a state, and give it as a number."""
    return scale(state["step"], 1, 1)


def scale(tensor: Tensor, factor: float, summand: float = 0) -> float:
    """Multiply a 0-d Tensor of the state by a number, add another one, and give what it is then as a number."""
    array = own_array(tensor)
    if is_numpys(type(array)):
        array *= factor
        array += summand
        return array.item()
    with no_grad():
        return tensor.mul_(factor).add_(summand).item()


def store(tensor: Tensor, value: float) -> None:
    """Put another number into a 0-d Tensor, rounded as it would be in one just made, whatever dtype loading gave it."""
    write(tensor, np.asarray(scalar_dtype().np.type(value)))
