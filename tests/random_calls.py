"""Random operations as functions of one tensor, over mibun or torch: what the tests of `vmap` and random numbers call.

`CALLS`: name -> function(torch, x), for a floating x of shape (3, 4) with values in [0, 1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _half(torch: Any) -> Any:
    return torch.full((3, 4), 0.5)


# What makes a new tensor: unbatched with "same", a hidden axis more with "different", whatever the input.
CREATING: dict[str, Callable[[Any, Any], Any]] = {
    "rand": lambda torch, x: torch.rand(3),
    "randn": lambda torch, x: torch.randn(20),
    "randn complex": lambda torch, x: torch.randn(3, dtype=torch.complex64),
    "randint": lambda torch, x: torch.randint(5, (3,)),
    "randint from low": lambda torch, x: torch.randint(2, 5, (3,)),
    "randperm": lambda torch, x: torch.randperm(5),
    "normal of a size": lambda torch, x: torch.normal(0.0, 1.0, (3,)),
    "rand with a generator": lambda torch, x: torch.rand(3, generator=torch.Generator().manual_seed(3)),
    "rand_like": lambda torch, x: torch.rand_like(x),
    "randn_like": lambda torch, x: torch.randn_like(x),
    "randint_like": lambda torch, x: torch.randint_like(x, 5),
    "randint_like from low": lambda torch, x: torch.randint_like(x, 2, 5),
}
# What depends on values: "same" is refused where they are batched.
OF_VALUES: dict[str, Callable[[Any, Any], Any]] = {
    "bernoulli": lambda torch, x: torch.bernoulli(x),
    "bernoulli of a number": lambda torch, x: torch.bernoulli(x, 0.3),
    "poisson": lambda torch, x: torch.poisson(x * 5),
    "normal of means": lambda torch, x: torch.normal(x, 1.0),
    "normal of deviations": lambda torch, x: torch.normal(0.0, x),
    "normal of both": lambda torch, x: torch.normal(x, x),
    "normal of one batched": lambda torch, x: torch.normal(x, _half(torch)),
    "multinomial": lambda torch, x: torch.multinomial(x + 0.1, 2),
    "multinomial of a row": lambda torch, x: torch.multinomial(x[0] + 0.1, 3, True),
    "multinomial with replacement": lambda torch, x: torch.multinomial(x + 0.1, 5, True),
}
# What overwrites: "different" is refused where the tensor is unbatched.
OVERWRITING: dict[str, Callable[[Any, Any], Any]] = {
    "uniform_": lambda torch, x: x.clone().uniform_(),
    "normal_": lambda torch, x: x.clone().normal_(),
    "random_": lambda torch, x: x.clone().random_(),
    "random_ to": lambda torch, x: x.clone().random_(5),
    "random_ from, to": lambda torch, x: x.clone().random_(2, 5),
    "bernoulli_": lambda torch, x: x.clone().bernoulli_(0.4),
    "bernoulli_ of unbatched": lambda torch, x: x.clone().bernoulli_(_half(torch)),
    "exponential_": lambda torch, x: x.clone().exponential_(),
    "cauchy_": lambda torch, x: x.clone().cauchy_(),
    "log_normal_": lambda torch, x: x.clone().log_normal_(),
    "geometric_": lambda torch, x: x.clone().geometric_(0.3),
    "gumbel_softmax": lambda torch, x: torch.nn.functional.gumbel_softmax(x),
    "hard gumbel_softmax": lambda torch, x: torch.nn.functional.gumbel_softmax(x, hard=True),
}
BY_TENSORS: dict[str, Callable[[Any, Any], Any]] = {
    "bernoulli_ of batched": lambda torch, x: x.clone().bernoulli_(x),
    "unbatched bernoulli_ of batched": lambda torch, x: _half(torch).bernoulli_(x),
}
LAYERS: dict[str, Callable[[Any, Any], Any]] = {
    "dropout": lambda torch, x: torch.nn.functional.dropout(x, 0.5),
    "torch.dropout": lambda torch, x: torch.dropout(x, 0.5, True),
    "dropout1d": lambda torch, x: torch.nn.functional.dropout1d(x[None], 0.5),
    "dropout2d": lambda torch, x: torch.nn.functional.dropout2d(x[None, None], 0.5),
    "dropout3d": lambda torch, x: torch.nn.functional.dropout3d(x[None, None, None], 0.5),
    "alpha_dropout": lambda torch, x: torch.nn.functional.alpha_dropout(x, 0.5, True),
    "feature_alpha_dropout": lambda torch, x: torch.nn.functional.feature_alpha_dropout(x[None], 0.5, True),
    "fractional_max_pool2d": lambda torch, x: torch.nn.functional.fractional_max_pool2d(
        x[None, None], 2, output_size=2
    ),
    "svd_lowrank": lambda torch, x: torch.svd_lowrank(x, q=2)[1],
}
# What draws nothing, and so is never refused.
QUIET: dict[str, Callable[[Any, Any], Any]] = {
    "dropout in evaluation": lambda torch, x: torch.nn.functional.dropout(x, 0.5, False),
    "dropout of nothing": lambda torch, x: torch.nn.functional.dropout(x, 0.0),
    "dropout of all": lambda torch, x: torch.nn.functional.dropout(x, 1.0),
}
RANDOM = {**CREATING, **OF_VALUES, **OVERWRITING, **BY_TENSORS, **LAYERS}
CALLS = {**RANDOM, **QUIET}

WAYS = ("error", "same", "different")


def inputs(torch: Any) -> tuple[Any, Any]:
    """(two examples, one that is the same for all)."""
    return torch.arange(24.0).reshape(2, 3, 4) / 24, _half(torch)


def mapped(torch: Any, call: Callable[[Any, Any], Any], which: str, *ways: str) -> Any:
    """The call under vmap, with a batched input, an unbatched one, or in two vmaps (of `ways`, the outer one first)."""
    vmap = torch.func.vmap
    X, U = inputs(torch)
    if which == "batched":
        return vmap(lambda x: call(torch, x), randomness=ways[0])(X)
    if which == "batched in another axis":
        return vmap(lambda x: call(torch, x), in_dims=2, randomness=ways[0])(X.permute(1, 2, 0))
    if which == "unbatched":
        return vmap(lambda d: call(torch, U) + 0 * d, randomness=ways[0])(torch.zeros(2))
    inner, outer = torch.zeros(3), torch.zeros(3)
    if which == "batched outside":
        return vmap(lambda x: vmap(lambda d: call(torch, x) + 0 * d, randomness=ways[1])(inner), randomness=ways[0])(X)
    return vmap(lambda d: vmap(lambda x: call(torch, x) + 0 * d, randomness=ways[1])(X), randomness=ways[0])(outer)


KINDS = ("batched", "batched in another axis", "unbatched")
NESTED = ("batched outside", "batched inside")
