"""Random numbers: PyTorch's streams, bit for bit.

generator: the source of random words; draws: numbers of a distribution made of words; samples: numbers for a whole
array, in the order of its memory; sampling: the functions that make random tensors (rand, randn, randint, randperm,
normal, bernoulli, poisson, multinomial); sampling_inplace: the methods that overwrite one (uniform_, normal_, ...);
binomial: numbers of successes; gamma, von_mises: numbers that have implicit gradients; examples: which examples of a
vmap have numbers of their own.
"""

from . import binomial, draws, examples, gamma, generator, samples, sampling, sampling_inplace, von_mises
