"""Operators of neural networks.

Activations: `activation` (smooth), `piecewise_linear`, `softmax` (with samples by Gumbel noise). Layers with weights:
`linear`, `convolution`, `embedding`, `recurrent`, `attention` (one head), `multihead` (several, with projections).
`normalization`, `native` (with statistics and masks), `division_by_norm`, `weight_norm` (weights as direction and
length), `dropout`, `quantization` (values rounded to levels). Windows of images: `pooling`, `adaptive_pooling` (to a
given size), `fractional_pooling` (at random), `unpooling`, `unfolding` (as columns). Images: `padding`, `shuffling`,
`resampling` (to another size), `grid` (read at points). Losses: `loss` (of numbers and probabilities), `cross_entropy`
(of classes), `margin_loss`, `ctc`, `numbered_losses` (as `mibun` itself has
them), `loss_reduction` (what they share), `distance` (between vectors).
"""

from . import (  # noqa: F401
    activation,
    adaptive_pooling,
    attention,
    convolution,
    cross_entropy,
    ctc,
    distance,
    dropout,
    embedding,
    fractional_pooling,
    grid,
    linear,
    loss,
    margin_loss,
    multihead,
    native,
    normalization,
    numbered_losses,
    padding,
    piecewise_linear,
    pooling,
    quantization,
    recurrent,
    resampling,
    shuffling,
    softmax,
    unfolding,
    unpooling,
    weight_norm,
)
