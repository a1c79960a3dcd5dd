"""Random numbers under `vmap`: refused, the same for all examples, or different, as `randomness` says.

Which numbers those are is compared with PyTorch in `oracle/test_vmap_random_oracle.py`.
"""

from __future__ import annotations

import pytest

import mibun as torch
import mibun.func
from mibun.func import grad, vmap
from random_calls import BY_TENSORS, CALLS, CREATING, LAYERS, OF_VALUES, OVERWRITING, QUIET, RANDOM, inputs, mapped

ERROR = "vmap: called random operation while in randomness error mode"


def drawn(name: str, which: str, *ways: str, seed: int = 0):
    torch.manual_seed(seed)
    return mapped(torch, CALLS[name], which, *ways)


@pytest.mark.parametrize("name", RANDOM)
@pytest.mark.parametrize("which", ["batched", "unbatched"])
def test_error_is_the_default_and_refuses_every_random_operation(name, which):
    with pytest.raises(RuntimeError, match=ERROR):
        drawn(name, which, "error")
    X, U = inputs(torch)
    with pytest.raises(RuntimeError, match=ERROR):
        vmap(lambda x: CALLS[name](torch, x if which == "batched" else U))(X)


@pytest.mark.parametrize("name", QUIET)
def test_what_draws_nothing_is_not_refused(name):
    X, _ = inputs(torch)
    expected = torch.stack([CALLS[name](torch, x) for x in X])
    assert torch.equal(drawn(name, "batched", "error"), expected)


@pytest.mark.parametrize("name", [*CREATING, *LAYERS])
def test_same_draws_once_what_one_example_would_get(name):
    X, _ = inputs(torch)
    found = drawn(name, "batched", "same")
    for i, x in enumerate(X):
        torch.manual_seed(0)
        assert torch.equal(found[i], CALLS[name](torch, x))


@pytest.mark.parametrize("name", [*CREATING, *OF_VALUES])
def test_different_draws_for_each_example(name):
    found = drawn(name, "batched", "different")
    assert found.shape[0] == 2
    several = [drawn(name, which, "different", seed=seed) for which in ("batched", "unbatched") for seed in range(4)]
    if "generator" not in name:
        assert any([not torch.equal(one[0], one[1]) for one in several])


@pytest.mark.parametrize("name", OF_VALUES)
def test_same_numbers_of_batched_distributions_are_refused(name):
    with pytest.raises(RuntimeError, match="does not currently support same randomness with a batched tensor"):
        drawn(name, "batched", "same")
    found = drawn(name, "unbatched", "same")
    assert torch.equal(found[0], found[1])


@pytest.mark.parametrize("name", OVERWRITING)
def test_in_place_on_an_unbatched_tensor_cannot_be_different(name):
    with pytest.raises(RuntimeError, match="Cannot ask for different inplace randomness on an unbatched tensor"):
        drawn(name, "unbatched", "different")
    assert torch.equal(*drawn(name, "unbatched", "same"))


@pytest.mark.parametrize("name", BY_TENSORS)
def test_in_place_of_batched_probabilities(name):
    with pytest.raises(RuntimeError, match="same randomness with a batched tensor"):
        drawn(name, "batched", "same")
    if name.startswith("unbatched"):
        with pytest.raises(RuntimeError, match=r"vmap: inplace bernoulli\(self, \*extra_args\) is not possible"):
            drawn(name, "batched", "different")
    else:
        assert drawn(name, "batched", "different").shape == (2, 3, 4)


def test_in_place_writes_into_the_tensor_of_each_example():
    def fill(x):
        y = x.clone()
        z = y.uniform_()
        assert z is y
        return y

    torch.manual_seed(0)
    found = vmap(fill, randomness="different")(torch.zeros(3, 5))
    torch.manual_seed(0)
    assert torch.equal(found, torch.rand(3, 5))
    torch.manual_seed(0)
    found = vmap(fill, randomness="same")(torch.zeros(3, 5))
    torch.manual_seed(0)
    assert torch.equal(found, torch.rand(5).expand(3, 5))


def test_each_level_of_nested_vmaps_has_its_own_way():
    def both(outer, inner):
        torch.manual_seed(0)
        return vmap(lambda x: vmap(lambda y: torch.rand(4) + 0 * y, randomness=inner)(x), randomness=outer)(
            torch.zeros(2, 3)
        )

    def plain(*shape):
        torch.manual_seed(0)
        return torch.rand(*shape).expand(2, 3, 4)

    assert torch.equal(both("different", "different"), plain(2, 3, 4))
    assert torch.equal(both("different", "same"), plain(2, 1, 4))
    assert torch.equal(both("same", "different"), plain(3, 4))
    assert torch.equal(both("same", "same"), plain(4))
    for ways in (("error", "same"), ("different", "error")):
        with pytest.raises(RuntimeError, match=ERROR):
            both(*ways)


def test_the_generator_that_is_given_is_drawn_from():
    def draw(way):
        generator = torch.Generator().manual_seed(5)
        found = vmap(lambda x: torch.rand(3, generator=generator), randomness=way)(torch.zeros(2))
        return found, torch.rand(1, generator=generator)

    generator = torch.Generator().manual_seed(5)
    found, after = draw("different")
    assert torch.equal(found, torch.rand(2, 3, generator=generator))
    assert torch.equal(after, torch.rand(1, generator=generator))
    generator.manual_seed(5)
    found, after = draw("same")
    assert torch.equal(found, torch.rand(3, generator=generator).expand(2, 3))
    assert torch.equal(after, torch.rand(1, generator=generator))


@pytest.mark.parametrize("way", ["same", "different"])
def test_gradients_through_dropout(way):
    x = torch.ones(3, 50, dtype=torch.float64)
    function = lambda x: torch.nn.functional.dropout(x, 0.4).square().sum()  # noqa: E731
    torch.manual_seed(0)
    values = vmap(lambda x: torch.nn.functional.dropout(x, 0.4), randomness=way)(x)
    torch.manual_seed(0)
    gradients = vmap(grad(function), randomness=way)(x)
    assert torch.allclose(gradients, 2 * values / 0.6)
    assert torch.equal(values[0], values[1]) == (way == "same")


def test_rrelu_in_training():
    x = torch.linspace(-1, 1, 40).reshape(2, 20)
    with pytest.raises(RuntimeError, match=ERROR):
        vmap(lambda x: torch.rrelu(x, training=True))(x)
    for way in ("same", "different"):
        found = vmap(lambda x: torch.rrelu(x, training=True), randomness=way)(x)
        slopes = (found / x)[x < 0]
        assert torch.equal(found[x >= 0], x[x >= 0])
        assert bool(((slopes >= 1 / 8) & (slopes <= 1 / 3)).all())


def test_outside_of_vmap_nothing_has_changed_afterwards():
    torch.manual_seed(0)
    vmap(lambda x: x + torch.rand(2), randomness="different")(torch.zeros(3, 2))
    after = torch.rand(2)
    torch.manual_seed(0)
    assert torch.equal(torch.rand(4, 2)[3], after)
