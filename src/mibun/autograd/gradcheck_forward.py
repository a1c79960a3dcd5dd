"""What gradcheck asks of forward mode: the right Jacobians, the same twice, linear, missing tangents taken as zeros.

An element of an input that gets a tangent of one gives a row of the Jacobian of every output; for a complex input a
tangent of 1j gives that along the imaginary part. Fast mode takes the direction that the numerical side stepped along.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .gradcheck_reverse import loops_allowed
from .gradcheck_subject import Projection, Subject, farthest, parts, random_like
from .jacobian_report import GradcheckError, agree, check_linear, compare, heading, printed, slow_mode
from .numerical_jacobian import Differences, element_differences

__all__ = ["check_batched_tangents", "check_forward", "check_undefined_tangents"]


def check_forward(subject: Subject, numerical: list[Any], fast_mode: bool) -> None:
    """The Jacobians with respect to every input on its own, then all tangents at once."""
    joint = {number: random_like(subject.random, tensor) for number, tensor in enumerate(subject.inputs)}
    expected = [np.zeros(out.numel(), dtype=complex if out.is_complex() else float) for out in subject.outputs]
    scale = [np.zeros(out.numel()) for out in subject.outputs]
    for place in joint:
        if fast_mode:  # the directions are those that the numerical side took
            projection: Projection = numerical[place]
            joint[place] = projection.real + (0 if projection.imag is None else 1j * projection.imag)
        for contributions, sizes in (_project_input if fast_mode else _compare_input)(
            subject, numerical[place], place, joint[place]
        ):
            for number, contribution in enumerate(contributions):
                expected[number] += contribution
                scale[number] += sizes[number]
    once, again = subject.push_forward(joint), subject.push_forward(joint)
    for place, one, other in zip(subject.places_out, once, again, strict=True):
        apart = farthest(one, other)
        if apart > subject.nondet_tol:
            raise GradcheckError(
                "Forward mode is not deterministic: with the same inputs and tangents, the tangents of output "
                f"{place} lie {apart:.3g} apart. The tolerance for nondeterminism was {subject.nondet_tol:g}."
            )
    check_linear(
        "forward mode is not linear in the tangents: with tangents for all inputs at once, the tangent of output "
        "{place} is not the sum of what the single elements give",
        subject,
        subject.places_out,
        once,
        expected,
        scale,
    )


def _compare_input(subject: Subject, numerical: Differences, place: int, weights: np.ndarray) -> Any:
    for part, rows in _forward_jacobians(subject, place).items():
        columns = numerical.real if part == "real" else numerical.imag
        assert columns is not None
        for number, rows_of_output in enumerate(rows):
            compare(subject, columns[number], rows_of_output, number, place, part, forward=True)
        factor = getattr(weights, part)
        yield [factor @ row for row in rows], [np.abs(factor) @ np.abs(row) for row in rows]


def _forward_jacobians(subject: Subject, place: int) -> dict[str, list[np.ndarray]]:
    """For the parts of an input, an (input elements, output elements) array for each output."""
    tensor = subject.inputs[place]
    found = {}
    for part, unit in parts(tensor.is_complex()):
        rows = []
        for element in range(tensor.numel()):
            tangent = np.zeros(tensor.numel(), dtype=complex if tensor.is_complex() else float)
            tangent[element] = unit
            rows.append(subject.push_forward({place: tangent}))
        found[part] = [
            np.stack([row[number] for row in rows]) if rows else np.zeros((0, out.numel()))
            for number, out in enumerate(subject.outputs)
        ]
    return found


def _project_input(subject: Subject, projection: Projection, place: int, weights: np.ndarray) -> Any:
    for part, unit in parts(projection.imag is not None):
        columns = projection.differences.real if part == "real" else projection.differences.imag
        assert columns is not None
        factor = getattr(weights, part)
        tangents = subject.push_forward({place: factor * unit})
        for number, tangent in enumerate(tangents):
            allowed = subject.atol * float(np.abs(factor).sum())
            if not np.all(agree(tangent, columns[number], allowed, subject.rtol)):
                text = (
                    f"{heading(subject, number, place, part, forward=True)},\n"
                    f"numerical:{printed(columns[number])}\nanalytical:{printed(tangent)}\n"
                )
                rows = _forward_jacobians(subject, place)[part][number]
                sizes = [out.numel() for out in subject.outputs]
                slow = element_differences(subject.memory[place], subject.values, sizes, subject.eps)
                entries = slow.real if part == "real" else slow.imag
                assert entries is not None
                raise GradcheckError(text + slow_mode(subject, entries[number], rows, number, place) + subject.hints())
        yield tangents, [np.abs(tangent) for tangent in tangents]


def check_undefined_tangents(subject: Subject) -> None:
    """An input without a tangent must count as one whose tangent is zero."""
    tangents = [random_like(subject.random, tensor) for tensor in subject.inputs]
    for number, tangent in enumerate(tangents if len(tangents) > 1 else []):
        alone = subject.push_forward({number: tangent})
        explicit = {other: tangent if other == number else 0 * values for other, values in enumerate(tangents)}
        for place, found, wanted in zip(subject.places_out, alone, subject.push_forward(explicit), strict=True):
            if not np.all(agree(found, wanted, subject.atol + subject.nondet_tol, subject.rtol)):
                raise GradcheckError(
                    f"Expected undefined tangents to count as zero: with a tangent for input "
                    f"{subject.places_in[number]} alone, the tangent of output {place} is {printed(found)}\nand with "
                    f"zeros as tangents of the other inputs it is {printed(wanted)}"
                )


def check_batched_tangents(subject: Subject) -> None:
    """The tangents of the outputs for a batch of tangents must be those for each of them."""
    for number, tensor in enumerate(subject.inputs):
        batch = [random_like(subject.random, tensor) for _ in range(2)]
        expected = [subject.push_forward({number: tangent}) for tangent in batch]
        try:
            with loops_allowed():
                found = subject.push_batch_forward(number, batch)
        except RuntimeError as error:
            raise GradcheckError(
                f"While computing batched gradients, got: {error}\n\n{FAILED_FORWARD}\n\nThe forward mode of the "
                f"function for a batch of tangents of input {subject.places_in[number]} raised {type(error).__name__}."
            ) from error
        for place, output, tangents, *wanted in zip(subject.places_out, subject.outputs, found, *expected, strict=True):
            for index, (got, alone) in enumerate(zip(tangents, wanted, strict=True)):
                if output.numel() and not np.all(agree(got, alone, subject.atol + subject.nondet_tol, subject.rtol)):
                    raise GradcheckError(
                        f"For output {place} and input {subject.places_in[number]}:\n\n{FAILED_FORWARD}\n\nTangent "
                        f"{index} of the batch is not what it is alone.\n\nGot:\n{printed(got)}\n\nExpected:\n"
                        f"{printed(alone)}" + subject.hints()
                    )


FAILED_FORWARD = (
    "gradcheck failed while testing batched gradient computation with forward-mode AD. "
    "check_batched_forward_grad=False skips this: the tangents of several directions are computed at once, as "
    "jacobian(vectorize=True) does."
)
