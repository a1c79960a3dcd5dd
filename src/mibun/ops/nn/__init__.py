"""Operators of neural networks."""

from . import (  # noqa: F401
    activation, convolution, cross_entropy, dropout, embedding, linear, loss, normalization, padding, pooling, softmax,
)  # fmt: skip
