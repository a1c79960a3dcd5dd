"""Operators of neural networks."""

from . import (  # noqa: F401
    activation,
    adaptive_pooling,
    attention,
    convolution,
    cross_entropy,
    distance,
    dropout,
    embedding,
    linear,
    loss,
    margin,
    normalization,
    padding,
    pooling,
    recurrent,
    resampling,
    softmax,
)  # fmt: skip
