"""Operators that change shape or order and no values; most give views."""

from . import arranging, copies, joining, reshaping, strides
