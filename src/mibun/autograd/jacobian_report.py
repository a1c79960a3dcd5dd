"""Jacobians compared, and the text of a gradcheck failure: both Jacobians and the entry that differs most.

A Jacobian is printed as PyTorch prints it: one row for each element of the input, one column for each element of the
output. Everything here is NumPy; only the printing is the tensors'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..ops.creation.buffers import from_numpy

if TYPE_CHECKING:
    from .gradcheck_subject import Subject

__all__ = ["GradcheckError", "agree", "check_linear", "compare", "heading", "mismatch", "printed", "slow_mode"]


class GradcheckError(RuntimeError):
    """What gradcheck and gradgradcheck raise when a derivative is wrong (a RuntimeError, as in PyTorch)."""


def agree(analytical: Any, numerical: Any, atol: Any, rtol: float) -> np.ndarray:
    """Elementwise |analytical - numerical| <= atol + rtol * |numerical|; a NaN agrees with nothing."""
    with np.errstate(all="ignore"):
        return np.isclose(analytical, numerical, rtol=rtol, atol=atol)


def printed(values: np.ndarray) -> str:
    """An array as PyTorch prints the tensor of it."""

    return repr(from_numpy(np.ascontiguousarray(values)))


def mismatch(
    title: str,
    numerical: np.ndarray,
    analytical: np.ndarray,
    input_shape: tuple[int, ...],
    output_shape: tuple[int, ...],
    atol: float,
    rtol: float,
) -> str:
    """The message for two Jacobians of (input elements, output elements) that do not agree."""
    wrong = ~agree(analytical, numerical, atol, rtol)
    with np.errstate(all="ignore"):
        distance = np.abs(analytical - numerical)
    distance = np.where(np.isnan(distance), np.inf, distance)
    # A large entry may differ by more than a small one and still be within rtol: look among the wrong ones.
    row, column = np.unravel_index(np.argmax(np.where(wrong, distance, -1.0)), distance.shape)
    where_in = _element("input", int(row), input_shape)
    where_out = _element("output", int(column), output_shape)
    return (
        f"{title},\nnumerical:{printed(numerical)}\nanalytical:{printed(analytical)}\n\n"
        f"The largest difference is at [{row}, {column}], the derivative of {where_out} with respect to {where_in}: "
        f"numerical {numerical[row, column]:.6g}, analytical {analytical[row, column]:.6g} "
        f"(allowed: atol={atol:g} + rtol={rtol:g} * |numerical|). "
        f"{np.count_nonzero(wrong)} of {wrong.size} entries differ."
    )


def _element(kind: str, flat: int, shape: tuple[int, ...]) -> str:
    return f"{kind}[{', '.join(map(str, np.unravel_index(flat, shape)))}]" if shape else f"the 0-d {kind}"


def compare(
    subject: Subject,
    numerical: np.ndarray,
    analytical: np.ndarray,
    number: int,
    place: int,
    part: str,
    forward: bool = False,
) -> None:
    """GradcheckError with everything that is known if two Jacobians do not agree."""
    if not np.all(agree(analytical, numerical, subject.atol, subject.rtol)):
        raise GradcheckError(
            mismatch(
                heading(subject, number, place, part, forward),
                numerical,
                analytical,
                tuple(subject.inputs[place].shape),
                tuple(subject.outputs[number].shape),
                subject.atol,
                subject.rtol,
            )
            + subject.hints()
        )


def heading(subject: Subject, number: int, place: int, part: str, forward: bool = False) -> str:
    """Which Jacobian it is, in PyTorch's words; outputs and inputs are counted as func returns and takes them."""
    split = subject.inputs[place].is_complex() if forward else subject.outputs[number].is_complex()
    kind = "inputs" if forward else "outputs"
    prefix = f"While considering the {part}{'inary' * (part == 'imag')} part of complex {kind} only, " if split else ""
    mode = "Jacobian computed with forward mode mismatch" if forward else "Jacobian mismatch"
    return f"{prefix}{mode} for output {subject.places_out[number]} with respect to input {subject.places_in[place]}"


def slow_mode(subject: Subject, numerical: np.ndarray, analytical: np.ndarray, number: int, place: int) -> str:
    """Fast mode found numbers that say little: show the Jacobians that they were projected from."""
    introduction = (
        "\nThe above quantities relating the numerical and analytical jacobians are computed in fast mode, along "
        "random directions. Below, we recompute numerical and analytical jacobians in slow mode"
    )
    if np.all(agree(analytical, numerical, subject.atol, subject.rtol)):
        return (
            f"{introduction}:\n\nNumerical:\n{printed(numerical)}\nAnalytical:\n{printed(analytical)}\n\nFast "
            "gradcheck failed but element-wise differences are small. This means that the test might've passed in "
            "slow_mode! The function may not be smooth along the direction, or its entries may differ a lot in size: "
            "use fast_mode=False."
        )
    shapes = tuple(subject.inputs[place].shape), tuple(subject.outputs[number].shape)
    return mismatch(introduction, numerical, analytical, *shapes, subject.atol, subject.rtol)


def check_linear(
    message: str,
    subject: Subject,
    places: list[int],
    found: list[np.ndarray],
    expected: list[np.ndarray],
    scale: list[np.ndarray],
) -> None:
    """Autograd against itself: a sum of n terms of the sizes in `scale` may be off by rounding in each of them."""
    for place, one, other, size in zip(places, found, expected, scale, strict=True):
        allowed = subject.atol + (subject.rtol + subject.nondet_tol) * size + subject.nondet_tol
        if not np.all(agree(one, other, allowed, 0.0)):
            raise GradcheckError(f"{message.format(place=place)}:\n{printed(one)}\nnot {printed(other)}")
