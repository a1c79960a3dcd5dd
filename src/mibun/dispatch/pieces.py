"""Large work in pieces: a kernel or rule is called on some rows after others, so that what it makes stays in the cache.

A declaration says along which axes its examples are independent (`rows` of `op`; for pointwise operators that is every
element). The formula is unchanged, and gets views of its operands; the results are put together.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from ..xp import numpy_namespace

LARGE = 1 << 18  # elements from which on it pays
PIECE = 1 << 17  # elements at a time: half a megabyte of float32


def by_rows(function: Callable, leading: Callable[[int, Sequence, dict], int | None]) -> Callable:
    """`function(xp, *arguments, **params)`, called on rows where it is given large contiguous arrays of NumPy's.

    leading(ndim, arguments, params): how many of the first axes of the largest array are independent examples.
    """

    @functools.wraps(function)
    def call(xp: Any, *arguments: Any, **params: Any) -> Any:
        if xp is numpy_namespace:
            largest = None
            for x in arguments:
                if type(x) is ndarray and x.size >= LARGE and (largest is None or x.size > largest.size):
                    largest = x
            if largest is not None:
                lead = leading(largest.ndim, arguments, params)
                if lead:
                    result = _in_pieces(function, arguments, params, largest.shape[:lead], largest.size)
                    if result is not None:
                        return result
        elif (whole := getattr(xp, "in_rows", None)) is not None:
            return whole(call, arguments, params)
        return function(xp, *arguments, **params)

    return call


def _in_pieces(function: Callable, arguments: Sequence, params: dict, examples: tuple[int, ...], size: int) -> Any:
    """The results of all pieces together; None if the arrays are not of a kind that is cut up without a copy."""
    lead, count = len(examples), math.prod(examples)
    ones = (1,) * (lead - 1)
    cut: list[tuple[int, ndarray]] = []
    for i, x in enumerate(arguments):
        if type(x) is ndarray and x.shape[:lead] == examples:
            if not x.flags.c_contiguous and x.size * 16 > size:
                return None  # (a small one may be copied)
            cut.append((i, x.reshape(count, *ones, *x.shape[lead:])))
        elif type(x) is ndarray and x.ndim > lead:
            return None  # it broadcasts in a way of its own
    step = max(1, PIECE * count // size)
    given = list(arguments)
    whole: list = []
    single = True
    for start in range(0, count, step):
        for i, x in cut:
            given[i] = x[start : start + step]
        parts = function(numpy_namespace, *given, **params)
        if not start:
            single = type(parts) is not tuple
            rows = min(step, count)
            for part in (parts,) if single else parts:
                if part is not None and (type(part) is not ndarray or part.shape[:lead] != (rows, *ones)):
                    return None  # not a row for each
                whole.append(None if part is None else np.empty((count, *part.shape[1:]), part.dtype))
        for out, part in zip(whole, (parts,) if single else parts, strict=True):
            if out is not None:
                out[start : start + step] = part
    results = [None if out is None else out.reshape(*examples, *out.shape[lead:]) for out in whole]
    return results[0] if single else tuple(results)


def rule_by_rows(op: Any, rule: Callable, names: Sequence[str]) -> Callable:
    """A rule of an operator that has `rows`; names: of the rule's arguments after the gradient."""
    rows = op.rows

    def leading(ndim: int, arguments: Sequence, params: dict) -> int | None:
        return rows(ndim, dict(zip(names, arguments[1:], strict=True)))

    return by_rows(rule, leading)


def kernel_by_rows(kernel: Callable, rows: Callable) -> Callable:
    """A kernel that is declared to have `rows`."""
    return by_rows(kernel, lambda ndim, arguments, params: rows(ndim, params))


__all__ = ["by_rows", "kernel_by_rows", "rule_by_rows"]
