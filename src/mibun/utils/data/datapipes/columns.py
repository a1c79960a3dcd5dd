"""Functions of samples that look at some of their columns only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def apply_to_columns(fn: Callable, data: Any, input_col: Any, output_col: Any) -> Any:
    """`fn` of some columns of a sample, and the sample with the result among its columns.

    input_col: None for the sample itself, an index or key, or several. output_col: where the result goes: None for the
    place of the (first) input, which takes the others out; -1 for the end.
    """
    if input_col is None and output_col is None:
        return fn(data)
    if input_col is None:
        result = fn(data)
    elif isinstance(input_col, (list, tuple)):
        result = fn(*(data[column] for column in input_col))
    else:
        result = fn(data[input_col])
    kind = type(data)
    new: Any = dict(data) if isinstance(data, dict) else list(data)
    if output_col is None:
        columns: list[Any] = list(input_col) if isinstance(input_col, (list, tuple)) else [input_col]
        new[columns[0]] = result
        for column in sorted(columns[1:], reverse=True):
            del new[column]
    elif output_col == -1:
        new.append(result)
    else:
        new[output_col] = result
    return kind(new) if isinstance(data, tuple) else new


def check_columns(input_col: Any, output_col: Any) -> Any:
    """The output column, checked. ValueError for several, or one without an input column."""
    if input_col is None and output_col is not None:
        raise ValueError("`output_col` must be None when `input_col` is None.")
    if isinstance(output_col, (list, tuple)):
        if len(output_col) > 1:
            raise ValueError("`output_col` must be a single-element list or tuple")
        return next(iter(output_col), None)
    return output_col
