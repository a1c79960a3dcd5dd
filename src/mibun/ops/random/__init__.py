"""Random numbers: PyTorch's streams, bit for bit."""

from . import draws, samples, sampling, sampling_inplace
