"""Operators of neural networks."""

from . import activation, convolution, dropout, embedding, linear, loss, normalization, padding, pooling  # noqa: F401
