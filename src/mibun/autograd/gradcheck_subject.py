"""The function that gradcheck looks at: its inputs in memory, its outputs, and three ways to differentiate it.

A Subject evaluates the function, steps along its inputs (numerical_jacobian.py), pulls gradients back through it and
pushes tangents forward through it, always in flat float64 or complex128 arrays, so that the checks are plain NumPy.
What the caller gave is read and refused here, and what could explain a failure (a function that is not deterministic,
that rewrites its inputs) is found out.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.gradients import grad
from ..core.mode import is_grad_enabled
from ..core.site import stacklevel
from ..core.tensor import Tensor
from ..ops.creation.buffers import from_numpy
from ..ops.creation.filled import empty
from ..ops.pointwise.complexes import view_as_real
from ..ops.shape.joining import stack
from . import forward_ad
from .jacobian_report import GradcheckError, printed
from .numerical_jacobian import Differences, double, element_differences, memory_of, projected_differences
from .tangent_batches import push_forward

__all__ = [
    "Projection",
    "Subject",
    "as_inputs",
    "as_outputs",
    "check_inputs",
    "check_nothing_depends",
    "farthest",
    "grad_outputs_for",
    "is_differentiable",
    "parts",
    "random_like",
    "tensor_like",
]


@dataclass
class Subject:
    """The function under test with its inputs, its outputs, the tolerances, and the two ways to differentiate it."""

    func: Callable[..., Any]
    arguments: tuple[Any, ...]
    eps: float
    atol: float
    rtol: float
    nondet_tol: float
    check_dtypes: bool
    all_outputs: tuple[Tensor, ...] = ()
    places_in: list[int] = field(default_factory=list)  # the arguments that are differentiated
    places_out: list[int] = field(default_factory=list)  # the outputs that are looked at: those that require grad
    inputs: list[Tensor] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)
    memory: list[np.ndarray] = field(default_factory=list)
    rewritten: list[int] = field(default_factory=list)  # arguments without grad that func changes
    not_repeatable: str | None = None  # what to say of two backward passes that gave different gradients
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    @classmethod
    def evaluated(cls, func: Callable[..., Any], arguments: tuple[Any, ...], *settings: Any) -> Subject:
        """Call func once and see what depends on what; GradcheckError if it overwrote what it was given."""

        subject = cls(func, arguments, *settings)
        subject.places_in = [place for place, value in enumerate(arguments) if is_differentiable(value)]
        subject.inputs = [arguments[place] for place in subject.places_in]
        subject.memory = [memory_of(arguments[place], place) for place in subject.places_in]
        tensors = {place: value for place, value in enumerate(arguments) if isinstance(value, Tensor)}
        before = {place: np.array(value.numpy(force=True)) for place, value in tensors.items()}
        outputs = as_outputs(func(*arguments))
        changed = [place for place, value in tensors.items() if not _same_bytes(value, before[place])]
        for place, memory in zip(subject.places_in, subject.memory, strict=True):
            if place in changed:
                memory[...] = before[place].reshape(memory.shape)
        for place in changed:
            if place in subject.places_in:
                raise GradcheckError(
                    f"func modified its input {place} in place. gradcheck calls it many times with the same inputs, so "
                    "it must leave them as they are: clone the input inside func, e.g. lambda x: f(x.clone())."
                )
        subject.rewritten = changed
        subject.all_outputs = outputs
        subject.watch(lambda out: out.requires_grad)
        return subject

    def watch(self, wanted: Callable[[Tensor], bool]) -> None:
        """Choose the outputs that are looked at."""
        self.places_out = [place for place, out in enumerate(self.all_outputs) if wanted(out)]
        self.outputs = [self.all_outputs[place] for place in self.places_out]

    def values(self) -> list[np.ndarray]:
        """The outputs that are checked, evaluated anew."""
        return [double(out) for out in self.reevaluated()]

    def reevaluated(self) -> list[Tensor]:
        outputs = as_outputs(self.func(*self.arguments))
        if len(outputs) != len(self.all_outputs):
            raise GradcheckError(
                f"func returned {len(self.all_outputs)} outputs, and {len(outputs)} when it was called again."
            )
        checked = [outputs[place] for place in self.places_out]
        for place, old, new in zip(self.places_out, self.outputs, checked, strict=True):
            if tuple(old.shape) != tuple(new.shape) or old.dtype != new.dtype:
                raise GradcheckError(
                    f"output {place} was {old.dtype} of shape {tuple(old.shape)}, and {new.dtype} of shape "
                    f"{tuple(new.shape)} when func was called again with an input moved by eps={self.eps:g}."
                )
        return checked

    def jacobians(self) -> list[Differences]:
        sizes = [out.numel() for out in self.outputs]
        return [element_differences(memory, self.values, sizes, self.eps) for memory in self.memory]

    def projected(self) -> list[Projection]:
        found = []
        for memory in self.memory:
            real = _unit(self.random, memory.size)
            imag = _unit(self.random, memory.size) if memory.dtype.kind == "c" else None
            found.append(Projection(real, imag, projected_differences(memory, self.values, real, imag, self.eps)))
        return found

    def pull_back(self, outputs: Sequence[Tensor], gradients: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Reverse mode: the gradients of the inputs, flat, for one incoming gradient for each output."""

        incoming = [tensor_like(values, out) for values, out in zip(gradients, outputs, strict=True)]
        found = grad(outputs, self.inputs, incoming, retain_graph=True, allow_unused=True)
        return [
            self._checked(grad, tensor, f"Analytical gradient of input {place}")
            for grad, tensor, place in zip(found, self.inputs, self.places_in, strict=True)
        ]

    def push_forward(self, tangents: dict[int, np.ndarray]) -> list[np.ndarray]:
        """Forward mode: the tangents of the outputs, flat, for tangents of some of the inputs."""

        with forward_ad.dual_level():
            arguments = list(self.arguments)
            for number, values in tangents.items():
                tensor = self.inputs[number]
                arguments[self.places_in[number]] = forward_ad.make_dual(tensor, tensor_like(values, tensor))
            outputs = as_outputs(self.func(*arguments))
            return [
                self._checked(forward_ad.unpack_dual(out).tangent, out, f"Tangent of output {place}")
                for place, out in enumerate(outputs)
                if place in self.places_out
            ]

    def push_batch_forward(self, number: int, batch: Sequence[np.ndarray]) -> list[list[np.ndarray]]:
        """Forward mode for a batch of tangents of one input at once: for each output its tangents, flat."""
        tensor = self.inputs[number]
        arguments = list(self.arguments)

        def call(dual: Tensor) -> tuple[None, tuple[Tensor, ...]]:
            arguments[self.places_in[number]] = dual
            outputs = as_outputs(self.func(*arguments))
            return None, tuple(outputs[place] for place in self.places_out)

        _, outputs, columns = push_forward(call, (tensor,), (stack([tensor_like(one, tensor) for one in batch]),))
        return [
            [self._checked(None if column is None else column[..., i], out, "Tangent") for i in range(len(batch))]
            for out, column in zip(outputs, columns, strict=True)
        ]

    def _checked(self, derivative: Tensor | None, tensor: Tensor, name: str) -> np.ndarray:
        if derivative is None:
            return np.zeros(tensor.numel(), dtype=complex if tensor.is_complex() else float)
        if tuple(derivative.shape) != tuple(tensor.shape):
            raise GradcheckError(
                f"{name} has incorrect size: {tuple(derivative.shape)}, where the tensor has {tuple(tensor.shape)}."
            )
        if derivative.is_complex() != tensor.is_complex() or (self.check_dtypes and derivative.dtype != tensor.dtype):
            raise GradcheckError(f"{name} has dtype {derivative.dtype}, where the tensor has {tensor.dtype}.")
        return double(derivative)

    def random_gradients(self) -> list[np.ndarray]:
        return [random_like(self.random, out) for out in self.outputs]

    def hints(self) -> str:
        """What is known about the function that could explain a mismatch; func is called twice more to find out."""
        found = []
        try:
            apart = max(map(farthest, self.values(), self.values()), default=0.0)
        except Exception as error:  # the mismatch is what must be reported, not this
            found.append(f"func failed when called again: {type(error).__name__}: {error}")
        else:
            if apart > 0.0:
                found.append(
                    f"func is not deterministic: two calls with the same inputs differ by {apart:.3g}, so differences "
                    "of it mean nothing (random numbers inside func must be drawn outside, or anew from one seed)."
                )
        if self.rewritten:
            found.append(
                f"func modifies its argument{'s' * (len(self.rewritten) > 1)} {', '.join(map(str, self.rewritten))} "
                "(without requires_grad) in place, so that every call may see other values."
            )
        for one, left in enumerate(self.memory):
            for other in range(one):
                same = self.inputs[one] is self.inputs[other]
                if not same and left.size and np.may_share_memory(left, self.memory[other]):
                    found.append(
                        f"the inputs {self.places_in[other]} and {self.places_in[one]} may share memory: moving one "
                        "moves the other."
                    )
        for place, memory in zip(self.places_in, self.memory, strict=True):
            if memory.dtype not in (np.float64, np.complex128):
                found.append(
                    f"input {place} is {self.arguments[place].dtype}, too coarse for steps of eps={self.eps:g}: use "
                    "float64 or complex128."
                )
        return "".join(f"\nNote: {hint}" for hint in found)


@dataclass(frozen=True)
class Projection:
    """A direction in an input's elements (two for a complex input), and how the outputs move along it."""

    real: np.ndarray
    imag: np.ndarray | None
    differences: Differences

    def dot(self, gradient: np.ndarray) -> complex:
        """What the gradient of a real function says the function does along the direction."""
        if self.imag is None:
            return float(self.real @ gradient)
        return complex(self.real @ np.real(gradient), self.imag @ np.imag(gradient))

    def length(self) -> float:
        """The sum of the absolute weights: elementwise errors of atol add up to at most this times atol."""
        return float(max(np.abs(part).sum() for part in (self.real, self.imag) if part is not None))


def is_differentiable(value: Any) -> bool:
    """Whether gradcheck differentiates an argument: a tensor that requires grad."""

    return isinstance(value, Tensor) and value.requires_grad


def as_inputs(inputs: Any) -> tuple[Any, ...]:
    """The arguments of func: a single one may be given without a tuple around it."""
    return tuple(inputs) if isinstance(inputs, (tuple, list)) else (inputs,)


def check_inputs(arguments: tuple[Any, ...], warn: bool = True) -> None:
    """ValueError if nothing is to be differentiated, RuntimeError for overlapping memory; warn of coarse dtypes."""
    differentiable = [place for place, value in enumerate(arguments) if is_differentiable(value)]
    if not differentiable:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True."
        )
    for place in differentiable:
        memory = memory_of(arguments[place], place)
        if warn and memory.dtype not in (np.float64, np.complex128):
            warnings.warn(
                f"Input #{place} requires gradient and is not a double precision floating point or complex. This check "
                "will likely fail if all the inputs are not of double precision floating point or complex. "
                f"(It is {arguments[place].dtype}; use float64 or complex128.)",
                stacklevel=stacklevel(),
            )


def as_outputs(result: Any) -> tuple[Tensor, ...]:
    """What func returned as a tuple of tensors; TypeError for anything else."""

    outputs = tuple(result) if isinstance(result, (tuple, list)) else (result,)
    for place, out in enumerate(outputs):
        if not isinstance(out, Tensor):
            raise TypeError(
                f"gradcheck expects func to return a tensor or a sequence of tensors, but output {place} is "
                f"{type(out).__name__}."
            )
    return outputs


def grad_outputs_for(outputs: list[Tensor], given: Any, with_gaps: bool) -> tuple[Tensor, ...]:
    """The grad_outputs of gradgradcheck: those given, one for each output, or random ones that require grad."""

    if given is not None:
        gradients = as_inputs(given)
        if len(gradients) != len(outputs):
            raise RuntimeError(
                f"got {len(outputs)} tensors and {len(gradients)} gradients: gradgradcheck needs one grad_output for "
                "each output of func that requires grad (or grad_outputs=None to have random ones)."
            )
        for place, gradient in enumerate(gradients):
            if not isinstance(gradient, Tensor):
                raise TypeError(
                    "gradgradcheck expects grad_outputs to be tensors, but number "
                    f"{place} is {type(gradient).__name__}."
                )
        return gradients
    drawn = []
    for out in outputs:
        sizes = tuple(out.shape)
        with_gap = with_gaps and out.numel() > 1  # every second element of a larger piece of memory
        values = empty((*sizes[:-1], 2 * sizes[-1]) if with_gap else sizes, dtype=out.dtype)
        # From the default generator, as in PyTorch: so a program's next random numbers are the same as there.
        (view_as_real(values) if out.is_complex() else values).uniform_(-1, 1)
        values = values[..., 1::2] if with_gap else values
        drawn.append((values if out.is_cpu else values.to(out.device)).requires_grad_())
    return tuple(drawn)


def check_nothing_depends(subject: Subject) -> None:
    """No output requires grad: then no floating-point output may move with an input."""

    subject.watch(lambda out: out.is_floating_point() or out.is_complex())
    for place, differences in zip(subject.places_in, subject.jacobians(), strict=True):
        for jacobians in (differences.real, differences.imag or []):
            for number, jacobian in zip(subject.places_out, jacobians, strict=bool(jacobians)):
                if not np.all(np.abs(jacobian) <= subject.atol):
                    advice = (
                        "the function, or a part of it, is hidden from autograd (detach(), .data, NumPy, no_grad)"
                        if is_grad_enabled()
                        else "grad mode is off: call gradcheck outside of no_grad()"
                    )
                    raise GradcheckError(
                        "Numerical gradient for function expected to be zero: no output requires grad, but output "
                        f"{number} moves with input {place}; {advice}.\nnumerical:{printed(jacobian)}" + subject.hints()
                    )


def parts(is_complex: bool) -> tuple[tuple[str, complex], ...]:
    """The real degrees of freedom of an element, each with its unit (the imaginary one first, as PyTorch looks)."""
    return (("imag", 1j), ("real", 1.0)) if is_complex else (("real", 1.0),)


def random_like(random: np.random.Generator, tensor: Tensor) -> np.ndarray:
    """Flat normal values, complex for a complex tensor."""
    values = random.standard_normal(tensor.numel())
    return values + 1j * random.standard_normal(tensor.numel()) if tensor.is_complex() else values


def farthest(one: np.ndarray, other: np.ndarray) -> float:
    """The largest absolute difference of two arrays; NaN and infinity are not different from themselves."""
    if np.array_equal(one, other, equal_nan=True):
        return 0.0
    with np.errstate(all="ignore"):
        apart = np.where(one == other, 0.0, np.abs(one - other))
    apart[np.isnan(one) & np.isnan(other)] = 0.0
    return float(np.where(np.isnan(apart), np.inf, apart).max(initial=0.0))


def _unit(random: np.random.Generator, size: int) -> np.ndarray:
    """A random direction of length one."""
    values = random.standard_normal(size)
    return values / (np.linalg.norm(values) or 1.0)


def tensor_like(values: np.ndarray, tensor: Tensor) -> Tensor:
    """A new tensor of the shape and dtype of another one."""

    dtype = np.complex128 if tensor.is_complex() else np.float64
    return from_numpy(np.array(values, dtype=dtype).reshape(tuple(tensor.shape))).to(tensor.device, tensor.dtype)


def _same_bytes(tensor: Tensor, before: np.ndarray) -> bool:
    return np.array(tensor.numpy(force=True)).tobytes() == before.tobytes()
