"""What runs the optimizers that treat each element of a parameter alone: all but LBFGS.

A subclass writes its formula once, in `_update`, over `xp`: NumPy and raw arrays in an ordinary step, changed in place
in pieces that stay in the processor's cache; mibun and Tensors where `differentiable=True`, so that the step itself is
recorded and gradients flow through it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import mibun

from ..core.tensor import Tensor, wrap
from ..core.views import before_write
from .optimizer import Optimizer, scalar_dtype

# Elements in a piece: a few arrays of it fit into a second-level cache.
_PIECE = 16384


class ElementwiseOptimizer(Optimizer):
    """Base class: gives `step`, calls `_start`, `_scalars` and `_update`.

    The options `foreach` and `fused`, hints to PyTorch about which of its loops to use, may be None or a bool: there is
    one loop here, always used. `capturable=True`, for CUDA graphs, is refused with AssertionError.
    """

    _step_name = "optimizer_step"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._step_name = f"{cls.__name__.lower()}_step"

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        _check_flags(defaults)
        super().__init__(params, defaults)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters that have gradients, once.

        `closure`, if given, computes the loss and the gradients anew before; its result is returned.
        """
        loss = None
        if closure is not None:
            with mibun.enable_grad():
                loss = closure()
        for group in self.param_groups:
            if group["differentiable"]:
                with mibun.enable_grad():
                    self._step_recorded(group)
            else:
                self._step_arrays(group)
        return loss

    # --- what a subclass gives ---

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        """Fill the state of a parameter that is stepped for the first time."""

    def _scalars(self, param: Tensor, group: dict[str, Any], state: dict[str, Any], lr: Any) -> tuple:
        """The numbers that `_update` needs in this step, and count the step."""
        raise NotImplementedError

    def _update(self, xp: Any, param: Any, grad: Any, state: dict[str, Any], scalars: tuple) -> None:
        """Change `param` and the arrays of `state` in place; `grad` stays as it is."""
        raise NotImplementedError

    # Which entries of the state have the shape of the parameter, and are given to `_update`.
    _arrays: tuple[str, ...] = ()

    # --- the two ways to run it ---

    def _begin(self, param: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        state: dict[str, Any] = {}
        self._start(param, group, state)
        if state:
            self.state[param] = state
        return state

    def _step_arrays(self, group: dict[str, Any]) -> None:
        if group.get("capturable"):
            raise _capturable_error()
        lr = float(group["lr"])
        all_state, names, bump = self.state, self._arrays, self._step_name
        maximize = group["maximize"]
        for param in group["params"]:
            grad = param._grad
            if grad is None:
                continue
            state = all_state.get(param)
            if not state:
                state = self._begin(param, group)
            scalars = self._scalars(param, group, state, lr)
            before_write(param)
            array = param.own_array()
            gradient = grad._array
            arrays = {name: state[name].own_array() for name in names if name in state}
            if maximize:
                gradient = -gradient
            if array.dtype.kind == "c" and self._complex_as_real:
                self._update_complex(array, gradient, arrays, scalars)
            elif array.size > 2 * _PIECE and _all_contiguous(array, gradient, arrays):
                self._update_in_pieces(array, gradient, arrays, scalars)
            else:
                self._update(np, array, gradient, arrays, scalars)
            param._bump_version(bump)

    # PyTorch's optimizers, but for SGD, treat the two parts of a complex number as two numbers.
    _complex_as_real = True

    def _update_in_pieces(self, array: Any, gradient: Any, arrays: dict, scalars: tuple) -> None:
        array, gradient = array.reshape(-1), gradient.reshape(-1)
        arrays = {name: value.reshape(-1) for name, value in arrays.items()}
        for start in range(0, array.size, _PIECE):
            piece = slice(start, start + _PIECE)
            self._update(np, array[piece], gradient[piece], {k: v[piece] for k, v in arrays.items()}, scalars)

    def _update_complex(self, array: Any, gradient: Any, arrays: dict, scalars: tuple) -> None:
        real = array.real.dtype

        def parts(value: Any) -> Any:
            return np.ascontiguousarray(value).reshape(-1).view(real)

        copies = {name: parts(value) for name, value in arrays.items()}
        result = parts(array)
        self._update(np, result, parts(gradient), copies, scalars)
        for target, source in [(array, result), *((arrays[name], copies[name]) for name in arrays)]:
            if not np.may_share_memory(target, source):
                target[...] = source.view(target.dtype).reshape(target.shape)

    def _step_recorded(self, group: dict[str, Any]) -> None:
        if group.get("capturable"):
            raise _capturable_error()
        for param in group["params"]:
            grad = param.grad
            if grad is None:
                continue
            state = self.state.get(param) or self._begin(param, group)
            scalars = self._scalars(param, group, state, group["lr"])
            # What backward will need of the last step must not be overwritten: this step has copies of the state.
            copies = {name: state[name].clone() for name in self._arrays if name in state}
            if group["maximize"]:
                grad = -grad
            if param.is_complex() and self._complex_as_real:
                views = {name: mibun.view_as_real(value) for name, value in copies.items()}
                self._update(mibun, mibun.view_as_real(param), mibun.view_as_real(grad), views, scalars)
                copies = {name: mibun.view_as_complex(value) for name, value in views.items()}
            else:
                self._update(mibun, param, grad, copies, scalars)
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


def _check_flags(defaults: dict[str, Any]) -> None:
    for name in ("foreach", "fused"):
        value = defaults.get(name)
        if value is not None and not isinstance(value, bool):
            raise TypeError(f"{name} must be None or a bool, but got {type(value).__name__}")
    for name in ("maximize", "differentiable", "capturable"):
        if not isinstance(defaults.get(name, False), bool):
            raise TypeError(f"{name} must be a bool, but got {type(defaults[name]).__name__}")
    if defaults.get("capturable"):
        raise _capturable_error()
    if defaults.get("fused"):
        if defaults.get("differentiable"):
            raise RuntimeError("`fused` does not support `differentiable`")
        if defaults.get("foreach"):
            raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def put(xp: Any, state: dict[str, Any], name: str, value: Any) -> None:
    """Give an entry of the state a new value: in place, but where steps are recorded, as what it was may be saved."""
    if xp is np:
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


def check_lr(lr: Any) -> None:
    """Raise ValueError for a learning rate that is negative, or a Tensor of more than one element."""
    if isinstance(lr, Tensor) and lr.numel() != 1:
        raise ValueError("Tensor lr must be 1-element")
    check_not_negative("learning rate", lr)


def check_not_negative(what: str, value: Any) -> None:
    """Raise ValueError for an option that is negative (or NaN)."""
    if not 0.0 <= value:
        raise ValueError(f"Invalid {what}: {value}")


def check_betas(betas: Any) -> None:
    """Raise ValueError unless both are in [0, 1), and both floats or both Tensors."""
    for index in (0, 1):
        if not 0.0 <= betas[index] < 1.0:
            raise ValueError(f"Invalid beta parameter at index {index}: {betas[index]}")
    if isinstance(betas[0], Tensor) != isinstance(betas[1], Tensor):
        raise ValueError("betas must be either both floats or both Tensors")


def zero_like(param: Tensor) -> Tensor:
    """Zeros of the shape, dtype and memory order of a parameter."""
    return wrap(np.zeros_like(param.own_array()))


def single(value: float) -> Tensor:
    """A 0-d Tensor in which a number is kept from step to step."""
    return wrap(np.array(value, dtype=scalar_dtype().np))


def count(state: dict[str, Any]) -> float:
    """Add 1 to the step count of a state, and give it as a number."""
    step = state["step"]
    array = step.own_array()
    array += 1
    return array.item()


def store(tensor: Tensor, value: float) -> None:
    """Put another number into a 0-d Tensor, rounded as it would be in one just made, whatever dtype loading gave it."""
    tensor.own_array()[...] = scalar_dtype().np.type(value)
