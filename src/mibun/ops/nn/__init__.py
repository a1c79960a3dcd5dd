"""Operators of neural networks.

activation, softmax: elementwise nonlinearities; softmax over a dimension, and samples by Gumbel noise. linear,
convolution, embedding, recurrent: layers with weights. attention, multihead: one head; several, with projections.
normalization, weight_norm, dropout: batch, layer, group, ... norms; weights as direction and length; zeros at random.
pooling, adaptive_pooling, fractional_pooling, unpooling: by windows; to a size; at random; back. padding, shuffling,
resampling, unfolding, grid: images made larger, rearranged, resized, as columns, read at points. Losses: loss (of
regression and probabilities), cross_entropy (of classes), margin_loss, ctc, and numbered_losses, their forms in
`mibun` itself; loss_reduction: what they share; distance: between vectors.
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
    normalization,
    numbered_losses,
    padding,
    pooling,
    recurrent,
    resampling,
    shuffling,
    softmax,
    unfolding,
    unpooling,
    weight_norm,
)
