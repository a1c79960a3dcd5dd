"""Fourier transforms, windows, finite differences.

fourier: the operators and their derivatives; fft: the functions of `torch.fft`; short_time_fourier: stft, istft;
windows: hann_window and its kin; finite_differences: gradient.
"""

from . import fft, finite_differences, fourier, short_time_fourier, windows
