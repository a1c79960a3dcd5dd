"""Fourier transforms, windows, finite differences."""

from . import finite_differences, fourier, short_time_fourier, windows
