"""Operators that reduce, order or accumulate along dimensions."""

from . import arguments, counting, cumulative, extremes, histograms, integration, sorting, sums, variance
