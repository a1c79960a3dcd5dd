"""Connectionist temporal classification: the likelihood of a short sequence of labels under scores for every time.

All alignments of the labels to the times, with blanks between, are added up from the front and from the back, in
logarithms. Source: Graves, Fernandez, Gomez and Schmidhuber, ICML 2006.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.batching import needed_values
from ...core.registry import Array, constant_beside, is_batched, is_elsewhere, namespace_of
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from ...xp.batched import Batched, over
from ...xp.batched.array import sizes_of, spread
from ..pointwise.where import where
from ..shape.examples import batch_in, batch_out

_NOTHING = -math.inf


def _share(xp: Any, g: Array, term: Array, out: Array) -> Array:
    """The gradient of one term of a logarithm of a sum: its part of the sum; 0 where there is nothing."""
    nothing = out == _NOTHING
    part = xp.exp(xp.where(nothing, _NOTHING, term) - xp.where(nothing, xp.zeros_like(out), out))
    return g * xp.where(term == _NOTHING, 0.0, part)


@op(
    name="log_of_three",
    dtype=None,
    vjp={
        "first": lambda xp, g, first, out: _share(xp, g, first, out),
        "second": lambda xp, g, second, out: _share(xp, g, second, out),
        "third": lambda xp, g, third, out: _share(xp, g, third, out),
    },
)
def _log_of_three(xp, first, second, third):
    """log(exp(first) + exp(second) + exp(third)), of which all may be -inf."""
    return xp.logaddexp(xp.logaddexp(first, second), third)


class Alignment:
    """What is constant in one loss: the labels with blanks between, and which steps between them are allowed."""

    examples: dict[int, int] = {}  # of a vmap: how many of each level, see `_examples_of`

    def __init__(
        self, labels: np.ndarray, input_lengths: np.ndarray, target_lengths: np.ndarray, blank: int, times: int
    ) -> None:
        batch, longest = labels.shape
        width = 2 * longest + 1
        self.times, self.batch, self.width = times, batch, width
        extended = np.full((batch, width), blank, np.int64)
        extended[:, 1::2] = labels
        states = np.arange(width)
        self.inside = states < (2 * target_lengths + 1)[:, None]
        # A label may follow the one before without a blank, unless they are the same.
        skip = np.zeros((batch, width), bool)
        skip[:, 3::2] = extended[:, 3::2] != extended[:, 1:-2:2]
        self.skip = skip
        # The same from the state that is skipped to; at the end there is none.
        self.skip_after = np.concatenate([skip[:, 2:], np.zeros((batch, 2), bool)], axis=1)[:, :width]
        self.extended = np.where(self.inside, extended, blank)
        self.first = states < 2
        self.last = (states >= (2 * target_lengths - 1)[:, None]) & self.inside
        # The last two states, the second being the only one where there are no labels.
        self.final = np.stack([np.maximum(2 * target_lengths - 1, 0), 2 * target_lengths], axis=1)
        self.final_counts = np.stack([target_lengths > 0, np.ones(batch, bool)], axis=1)
        self.input_lengths = input_lengths
        # The last times of sequences, and of which.
        self.ends = {int(n) - 1: input_lengths == n for n in np.unique(input_lengths) if n}

    def over(self, t: int) -> np.ndarray | None:
        """Which sequences a time is the last of, for each state; None for none."""
        return np.repeat(self.ends[t][:, None], self.width, axis=1) if t in self.ends else None


def _scores(xp: Any, log_probs: Array, alignment: Alignment) -> Array:
    """The log-probabilities of the extended labels: (times, batch, width); nothing beyond their end."""
    shape = (alignment.times, alignment.batch, alignment.width)
    index = np.broadcast_to(alignment.extended, shape).copy()
    inside = np.broadcast_to(alignment.inside, shape).copy()
    return xp.where(xp.asarray(inside), xp.gather_along(log_probs, xp.asarray(index), dim=2), _NOTHING)


def _blank(xp: Any, scores: Array, alignment: Alignment) -> Array:
    return xp.full((alignment.batch, 2), _NOTHING, dtype=scores.dtype)


def _forward(xp: Any, scores: Array, alignment: Alignment) -> list:
    """For each time, the log-likelihood of all beginnings that end in a state."""
    if not alignment.times:
        return []
    first = np.repeat(alignment.first[None], alignment.batch, axis=0)
    found = xp.sums_over_paths(scores, alignment.skip, [(0, np.ones(alignment.batch, bool), first)])
    if found is not None:
        return list(found[1])
    blank, skip = _blank(xp, scores, alignment), xp.asarray(alignment.skip)
    alphas = [xp.where(xp.asarray(first), scores[0, ...], _NOTHING)]
    for t in range(1, alignment.times):
        before = xp.concat([blank, alphas[-1]], axis=1)
        skipped = xp.where(skip, before[:, :-2], _NOTHING)
        alphas.append(xp.log_of_three(alphas[-1], before[:, 1:-1], skipped) + scores[t, ...])
    return alphas


def _backward(xp: Any, scores: Array, alignment: Alignment) -> list:
    """For each time, the log-likelihood of all endings that start from a state, without its own score."""
    starts = [(t, which, alignment.last) for t, which in alignment.ends.items()]
    found = xp.sums_over_paths(scores, alignment.skip_after, starts, True)
    if found is not None:
        return list(found[0])
    betas: list = [None] * alignment.times
    nothing = xp.full((alignment.batch, alignment.width), _NOTHING, dtype=scores.dtype)
    start = xp.where(xp.asarray(alignment.last), xp.zeros_like(nothing), _NOTHING)
    blank, skip = _blank(xp, scores, alignment), xp.asarray(alignment.skip_after)
    beta = nothing
    for t in reversed(range(alignment.times)):
        if t + 1 < alignment.times:
            own = beta + scores[t + 1, ...]
            after = xp.concat([own, blank], axis=1)
            beta = xp.log_of_three(own, after[:, 1:-1], xp.where(skip, after[:, 2:], _NOTHING))
        ends = alignment.over(t)
        if ends is not None:
            beta = xp.where(xp.asarray(ends), start, beta)
        betas[t] = beta
    return betas


def _likelihood(xp: Any, scores: Array, alphas: list, alignment: Alignment) -> Array:
    """The log-likelihood of each sequence."""
    found = xp.full((alignment.batch, alignment.width), _NOTHING, dtype=scores.dtype)
    for t in alignment.ends:
        found = xp.where(xp.asarray(alignment.over(t)), alphas[t], found)
    found = xp.where(
        xp.asarray(alignment.final_counts), xp.gather_along(found, xp.asarray(alignment.final), dim=1), _NOTHING
    )
    total = xp.log_of_three(found[:, 0], found[:, 1], xp.full((alignment.batch,), _NOTHING, dtype=scores.dtype))
    # Of no times the likelihood is 1 for no labels, else 0.
    empty = (alignment.input_lengths == 0) & (alignment.last.sum(1) == 1)
    return xp.where(xp.asarray(empty), xp.zeros_like(total), total)


def _rule(xp, g, log_probs, out, alignment, zero_infinity):
    scores = _scores(xp, log_probs, alignment)
    alphas, betas = _forward(xp, scores, alignment), _backward(xp, scores, alignment)
    impossible = out == math.inf
    loss = xp.where(impossible, xp.zeros_like(out), out)
    if not alphas:
        return xp.zeros_like(log_probs)
    reached = xp.stack(alphas, axis=0) + xp.stack(betas, axis=0)
    none = reached == _NOTHING
    likely = xp.exp(xp.where(none, xp.zeros_like(reached), reached) + xp.reshape(loss, (1, -1, 1)))
    occupancy = xp.where(none, 0.0, likely)
    index = np.broadcast_to(alignment.extended, (alignment.times, alignment.batch, alignment.width)).copy()
    zeros = xp.zeros(tuple(log_probs.shape), dtype=log_probs.dtype)
    expected = xp.scatter_sum(zeros, xp.asarray(index), occupancy, dim=2)
    # The derivative by log_probs is -expected. PyTorch adds exp(log_probs), which makes it the derivative by scores
    # before a log_softmax; through a log_softmax both give the same.
    gradient = xp.exp(log_probs) - expected
    times = np.arange(alignment.times)[:, None, None]
    running = np.broadcast_to(times < alignment.input_lengths[None, :, None], tuple(log_probs.shape)).copy()
    undefined = 0.0 if zero_infinity else math.nan
    unknown = xp.where(impossible, xp.full_like(out, undefined), xp.ones_like(out))
    factor = xp.reshape(xp.where(impossible, unknown, g), (1, -1, 1))
    return xp.where(xp.asarray(running), gradient * factor, 0.0)


@op(name="ctc", node="CtcLossBackward0", dtype=None, scalars=False, vjp=_rule)
def _ctc(xp, log_probs, *, alignment, zero_infinity):
    scores = _scores(xp, log_probs, alignment)
    return -_likelihood(xp, scores, _forward(xp, scores, alignment), alignment)


def _lengths(given: Tensor | Sequence[int], name: str, batch: int) -> np.ndarray:
    if isinstance(given, Tensor):
        if given._array_.dtype.kind not in "iu":
            raise RuntimeError(f"{name} must be integral")
        found = np.asarray(needed_values(given._array_), np.int64).reshape(-1)
    else:
        found = np.array([int(n) for n in given], np.int64)
    if found.shape[0] != batch:
        raise RuntimeError(f"{name} must be of size batch_size")
    return found


def _padded_labels(targets: Tensor, target_lengths: np.ndarray, batch: int) -> np.ndarray:
    """The labels as (batch, longest), from that or from all in a row."""
    labels = np.asarray(needed_values(targets._array_), np.int64)
    longest = int(target_lengths.max(initial=0))
    checking = "(while checking arguments for ctc_loss)"
    if labels.ndim == 1:
        total = int(target_lengths.sum())
        if labels.shape[0] != total:
            raise RuntimeError(
                f"Expected tensor to have size {total} at dimension 0, but got size {labels.shape[0]} for argument #2 "
                f"'targets' {checking}"
            )
        padded = np.zeros((batch, longest), np.int64)
        start = 0
        for i, length in enumerate(target_lengths.tolist()):
            padded[i, :length] = labels[start : start + length]
            start += length
        return padded
    if labels.ndim != 2 or labels.shape[0] != batch:
        raise RuntimeError(
            f"Expected tensor to have size {batch} at dimension 0, but got size {labels.shape[:1]} for argument #2 "
            f"'targets' {checking}"
        )
    if labels.shape[1] < longest:
        raise RuntimeError(
            f"Expected tensor to have size at least {longest} at dimension 1, but got size {labels.shape[1]} for "
            f"argument #2 'targets' {checking}"
        )
    return labels[:, :longest]


def _examples_of(*given: Any) -> dict[int, int]:
    """The levels of `vmap` that any of the arguments is batched by, ascending, and the number of examples of each."""
    found = sizes_of([_on_the_host(x) for x in given if isinstance(x, Tensor)])
    return dict(sorted(found.items()))


def _on_the_host(given: Tensor) -> Array:
    """The array of a tensor, as one of NumPy's if it is batched: which paths there are is found by NumPy."""
    array = given._array_
    return namespace_of(array).to_numpy(array) if is_batched(array) and is_elsewhere(type(array)) else array


def _of_all_examples(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | Sequence[int],
    target_lengths: Tensor | Sequence[int],
    batch: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(input lengths, target lengths, padded labels); under `vmap` those of one example after the other."""
    sizes = _examples_of(log_probs, targets, input_lengths, target_lengths)
    if not sizes:
        n_labels = _lengths(target_lengths, "target_lengths", batch)
        n_times = _lengths(input_lengths, "input_lengths", batch)
        return n_times, n_labels, _padded_labels(targets, n_labels, batch)

    def by_example(given: Any) -> list:
        if not isinstance(given, Tensor):
            return [given] * math.prod(sizes.values())
        array = _on_the_host(given)
        if not is_batched(array):
            array = needed_values(array)
        return [wrap(x) for x in spread(array, tuple(sizes), sizes).reshape((-1, *array.shape))]

    n_times = [_lengths(x, "input_lengths", batch) for x in by_example(input_lengths)]
    n_labels = [_lengths(x, "target_lengths", batch) for x in by_example(target_lengths)]
    rows = [_padded_labels(x, n, batch) for x, n in zip(by_example(targets), n_labels, strict=True)]
    labels = np.zeros((len(rows), batch, max([x.shape[1] for x in rows], default=0)), np.int64)
    for row, x in zip(labels, rows, strict=True):
        row[:, : x.shape[1]] = x
    times, counts = [np.concatenate([np.zeros(0, np.int64), *lengths]) for lengths in (n_times, n_labels)]
    return times, counts, labels.reshape((len(rows) * batch, labels.shape[2]))


def _losses(log_probs: Tensor, alignment: Alignment, zero_infinity: bool, batch: int) -> Tensor:
    """The loss of each sequence; under `vmap` the sequences of all examples are one batch."""
    params = {"alignment": alignment, "zero_infinity": zero_infinity}
    sizes = alignment.examples
    if not sizes:
        return apply(_ctc, (log_probs,), params)
    if set(sizes) != set(_examples_of(log_probs)):  # the same for all in some level, where gradients are not
        nothing = np.zeros((*sizes.values(), 1), log_probs._array_.dtype)
        xp = over(log_probs._array_)
        log_probs = log_probs + wrap(xp.from_numpy(Batched(nothing, tuple(sizes))))
    for level in reversed(sizes):
        log_probs = batch_out(log_probs, dim=1, level=level, size=sizes[level])
    rows = log_probs.reshape((log_probs._array_.shape[0], alignment.batch, log_probs._array_.shape[-1]))
    return _as_examples(apply(_ctc, (rows,), params), sizes, batch)


def _as_examples(values: Tensor, sizes: dict[int, int], batch: int) -> Tensor:
    """What is one batch of all examples, as examples of (batch,)."""
    if not sizes:
        return values
    values = values.reshape((*sizes.values(), batch))
    for level, size in sizes.items():
        values = batch_in(values, dim=0, level=level, size=size)
    return values


def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | Sequence[int],
    target_lengths: Tensor | Sequence[int],
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """Minus the log-likelihood of label sequences, over all their alignments to the times.

    The gradient is that by the scores before a log_softmax, as in PyTorch.

    Args:
        log_probs: (T, N, C) or (T, C), after log_softmax; float32 or float64.
        targets: the labels (N, S), or those of all sequences in a row; integers.
        input_lengths, target_lengths: (N), how many of the times and labels count.
        blank: the class that stands for no label.
        reduction: "none" (the result is (N)), "sum", or "mean", which divides by the target lengths, then averages.
        zero_infinity: impossible sequences count as 0, with gradient 0, not as infinity.

    Raises:
        RuntimeError: where sizes do not fit, and for labels out of range.

    Source: Graves, Fernandez, Gomez and Schmidhuber, ICML 2006.

    >>> import mibun as torch
    >>> scores = torch.zeros(4, 1, 3).log_softmax(-1)
    >>> torch.nn.functional.ctc_loss(scores, torch.tensor([[1, 2]]), (4,), (2,))
    tensor(0.8432)
    """
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    check_tensor(log_probs, "ctc_loss", "log_probs")
    check_tensor(targets, "ctc_loss", "targets", 2)
    array = log_probs._array_
    if array.dtype not in (np.float32, np.float64):
        raise NotImplementedError(f"\"ctc_loss_cpu\" not implemented for '{log_probs.dtype.scalar_name}'")
    if array.ndim not in (2, 3):
        raise RuntimeError(f"Expected log_probs to have 2 or 3 dimensions, but got {array.ndim}")
    batched = array.ndim == 3
    if not batched:
        log_probs = log_probs.unsqueeze(1)
        if targets._array_.ndim == 1:
            targets = targets.unsqueeze(0)
    times, batch, classes = log_probs._array_.shape
    if not 0 <= blank < classes:
        raise RuntimeError(f"blank must be in label range: it is {blank}, and there are {classes} classes")
    n_times, n_labels, labels = _of_all_examples(log_probs, targets, input_lengths, target_lengths, batch)
    if (n_labels < 0).any() or (n_times < 0).any():
        raise RuntimeError("ctc_loss(): Expected input_lengths and target_lengths to have non-negative values")
    if n_times.max(initial=0) > times:
        raise RuntimeError(
            f"Expected input_lengths to have value at most {times}, but got value {int(n_times.max())} (while "
            "checking arguments for ctc_loss)"
        )
    inside = np.arange(labels.shape[1]) < n_labels[:, None]
    labels = np.where(inside, labels, blank)
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        raise RuntimeError(f"ctc_loss(): Expected labels from 0 to {classes - 1}, but got {int(labels.max())}")
    alignment = Alignment(labels, n_times, n_labels, blank, times)
    alignment.examples = _examples_of(log_probs, targets, input_lengths, target_lengths)
    result = _losses(log_probs, alignment, bool(zero_infinity), batch)
    if zero_infinity:
        result = where(result == math.inf, 0.0, result)
    if reduction == "mean":
        lengths = np.maximum(n_labels, 1).astype(array.dtype)
        return (result / _as_examples(wrap(constant_beside(lengths, array)), _examples_of(result), batch)).mean()
    if reduction == "sum":
        return result.sum()
    return result if batched else result.squeeze(0)
