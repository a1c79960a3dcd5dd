"""What gradcheck asks of reverse mode: the right Jacobians, the same twice, linear, and at ease with missing gradients.

An element of an output that gets a gradient of one gives a column of the Jacobian with respect to every input; for a
complex output a gradient of 1j gives that of the imaginary part. Fast mode takes one random direction instead.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from ..core.gradients import grad
from ..core.tensor import Tensor
from ..ops.shape.joining import stack
from .gradcheck_subject import Projection, Subject, farthest, parts, random_like, tensor_like
from .jacobian_report import GradcheckError, agree, check_linear, compare, heading, printed, slow_mode
from .numerical_jacobian import Differences, double, element_differences

__all__ = ["check_batched_gradients", "check_reverse", "check_undefined_gradients", "check_zero_gradients"]


def check_reverse(subject: Subject, numerical: list[Any], fast_mode: bool) -> None:
    """Every output's Jacobian on its own, then the gradient of all outputs at once."""
    joint = subject.random_gradients()
    expected = [np.zeros(memory.size, dtype=np.result_type(memory.dtype, np.float64)) for memory in subject.memory]
    scale = [np.zeros(memory.size) for memory in subject.memory]
    for number, weights in enumerate(joint):
        check = _project_output if fast_mode else _compare_output
        for contributions, sizes in check(subject, numerical, number, weights):
            for place, contribution in enumerate(contributions):
                expected[place] += contribution
                scale[place] += sizes[place]
    if subject.not_repeatable is not None:
        raise GradcheckError(subject.not_repeatable)
    check_linear(
        "backward is not linear in grad_output: with gradients for all outputs at once, the gradient of input "
        "{place} is not the sum of what the single elements of grad_output give",
        subject,
        subject.places_in,
        subject.pull_back(subject.outputs, joint),
        expected,
        scale,
    )


def _compare_output(subject: Subject, numerical: list[Differences], number: int, weights: np.ndarray) -> Any:
    """Slow mode: all rows of one output's Jacobians; yields what `weights` as incoming gradient would give."""
    for part, rows in _reverse_jacobians(subject, number).items():
        for place, rows_of_input in enumerate(rows):
            compare(subject, numerical[place].of_output_part(number, part), rows_of_input, number, place, part)
        factor = getattr(weights, part)
        yield [row @ factor for row in rows], [np.abs(row) @ np.abs(factor) for row in rows]


def _reverse_jacobians(subject: Subject, number: int) -> dict[str, list[np.ndarray]]:
    """For the parts of an output, an (input elements, output elements) array for each input."""
    out = subject.outputs[number]
    found = {}
    for part, unit in parts(out.is_complex()):
        rows = []
        for element in range(out.numel()):
            incoming = np.zeros(out.numel(), dtype=complex if out.is_complex() else float)
            incoming[element] = unit
            rows.append(_pull_back_twice(subject, number, incoming))
        found[part] = [
            np.stack([row[place] for row in rows], axis=1) if rows else np.zeros((memory.size, 0))
            for place, memory in enumerate(subject.memory)
        ]
    return found


def _pull_back_twice(subject: Subject, number: int, incoming: np.ndarray) -> list[np.ndarray]:
    first = subject.pull_back([subject.outputs[number]], [incoming])
    second = subject.pull_back([subject.outputs[number]], [incoming])
    for place, one, other in zip(subject.places_in, first, second, strict=True):
        apart = farthest(one, other)
        if apart > subject.nondet_tol and subject.not_repeatable is None:  # a mismatch is worth saying first
            subject.not_repeatable = (
                "Backward is not reentrant, i.e., running backward with same input and grad_output multiple times "
                "gives different values, although analytical gradient matches numerical gradient. The tolerance for "
                f"nondeterminism was {float(subject.nondet_tol)}, but for output {subject.places_out[number]} the "
                f"gradients of input {place} lie {apart:.3g} apart. If the difference is rounding that is expected "
                "(say, sums in changing order), pass a larger nondet_tol."
            )
    return first


def _project_output(subject: Subject, numerical: list[Projection], number: int, weights: np.ndarray) -> Any:
    """Fast mode: one output along one direction of it; yields the gradients that the direction gave."""
    out = subject.outputs[number]
    for part, unit in parts(out.is_complex()):
        factor = getattr(weights, part)
        gradients = _pull_back_twice(subject, number, factor * unit)
        for place, projection in enumerate(numerical):
            expected = complex(factor @ projection.differences.of_output_part(number, part))
            found = complex(projection.dot(gradients[place]))
            allowed = subject.atol * projection.length() * float(np.abs(factor).sum())
            if not agree(found, expected, allowed, subject.rtol):
                if not (out.is_complex() or projection.imag is not None):
                    expected, found = expected.real, found.real
                text = f"{heading(subject, number, place, part)},\nnumerical:{expected}\nanalytical:{found}\n"
                rows = _reverse_jacobians(subject, number)[part][place]
                slow = element_differences(
                    subject.memory[place], subject.values, [out.numel() for out in subject.outputs], subject.eps
                ).of_output_part(number, part)
                raise GradcheckError(text + slow_mode(subject, slow, rows, number, place) + subject.hints())
        yield gradients, [np.abs(gradient) for gradient in gradients]


def check_zero_gradients(subject: Subject) -> None:
    zeros = [np.zeros(out.numel(), dtype=complex if out.is_complex() else float) for out in subject.outputs]
    for place, gradient in zip(subject.places_in, subject.pull_back(subject.outputs, zeros), strict=True):
        if np.any(gradient != 0):
            raise GradcheckError(
                f"backward not multiplied by grad_output: with grad_output all zero, the gradient of input {place} is "
                f"{printed(gradient)}"
            )


@contextlib.contextmanager
def loops_allowed() -> Iterator[None]:
    """Without the warning of operators that take one example after the other: here only values matter."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="There is a performance drop")
        yield


def check_batched_gradients(subject: Subject) -> None:
    """The gradients for a batch of grad_outputs must be those for each of them."""
    for number, out in zip(subject.places_out, subject.outputs, strict=True):
        batch = [random_like(subject.random, out) for _ in range(2)]
        try:
            with loops_allowed():
                found = grad(
                    out,
                    subject.inputs,
                    stack([tensor_like(values, out) for values in batch]),
                    retain_graph=True,
                    allow_unused=True,
                    is_grads_batched=True,
                )
        except RuntimeError as error:
            raise GradcheckError(
                f"While computing batched gradients, got: {error}\n\n{_FAILED_BATCHED}\n\nThe backward of output "
                f"{number} for a batch of gradients (is_grads_batched=True) raised {type(error).__name__}."
            ) from error
        for index, values in enumerate(batch):
            for place, tensor, gradients, wanted in zip(
                subject.places_in, subject.inputs, found, subject.pull_back([out], [values]), strict=True
            ):
                got = 0 * wanted if gradients is None else double(gradients[index])
                if tensor.numel() and not np.all(agree(got, wanted, subject.atol + subject.nondet_tol, subject.rtol)):
                    raise GradcheckError(
                        f"For output {number} and input {place}:\n\n{_FAILED_BATCHED}\n\nGradient {index} of the batch "
                        f"is not what it is alone.\n\nGot:\n{printed(got)}\n\nExpected:\n{printed(wanted)}"
                        + subject.hints()
                    )


_FAILED_BATCHED = (
    "gradcheck or gradgradcheck failed while testing batched gradient computation. check_batched_grad=False skips "
    "this: a backward goes through the graph with several gradients at once, as jacobian(vectorize=True) and "
    "grad(is_grads_batched=True) do. What a Function does in its backward must be made of operators, on Tensors "
    "of which the values are not looked at: no item(), no numpy(), no branches on values."
)


@cache
def _undefined_gradient() -> Callable[[Tensor], Tensor]:
    """An identity whose backward gives no gradient, so that what lies before it sees an undefined one."""
    from .function import Function

    class UndefinedGradient(Function):
        @staticmethod
        def forward(ctx: Any, tensor: Tensor) -> Tensor:
            return tensor.clone()

        @staticmethod
        def backward(ctx: Any, grad_output: Tensor) -> None:  # type: ignore[override]
            return None

    return UndefinedGradient.apply


def check_undefined_gradients(subject: Subject) -> None:
    """No gradient at all must give none (or zeros); one missing among several must count as zeros."""
    undefined = _undefined_gradient()
    outputs = subject.reevaluated()
    gradients = subject.random_gradients()

    def pulled_back(missing: Sequence[int]) -> list[np.ndarray]:
        try:
            hidden = [undefined(out) if number in missing else out for number, out in enumerate(outputs)]
            return subject.pull_back(hidden, gradients)
        except GradcheckError:
            raise
        except Exception as error:
            raise GradcheckError(
                "Expected backward function to handle undefined output grads: with an undefined (None) gradient for "
                f"output {', '.join(str(subject.places_out[number]) for number in missing)} it raised "
                f"{type(error).__name__}: {error}. A Function either lets them be replaced by zeros (the default) or, "
                "after ctx.set_materialize_grads(False), looks for None in its backward."
            ) from error

    for place, gradient in zip(subject.places_in, pulled_back(range(len(outputs))), strict=True):
        if np.any(gradient != 0):
            raise GradcheckError(
                "Expected all input grads to be undefined or zero when all output grads are undefined or zero, "
                f"but with undefined ones the gradient of input {place} is {printed(gradient)}"
            )
    if len(outputs) == 1:
        return
    for number in range(len(outputs)):
        with_zeros = [0 * values if other == number else values for other, values in enumerate(gradients)]
        expected = subject.pull_back(outputs, with_zeros)
        for place, found, wanted in zip(subject.places_in, pulled_back([number]), expected, strict=True):
            if not np.all(agree(found, wanted, subject.atol + subject.nondet_tol, subject.rtol)):
                raise GradcheckError(
                    "Expected undefined output grads to count as zero: with random gradients for the other "
                    f"outputs, an undefined gradient for output {subject.places_out[number]} gives input {place} "
                    f"the gradient {printed(found)}\nand a gradient of zeros gives {printed(wanted)}"
                )
