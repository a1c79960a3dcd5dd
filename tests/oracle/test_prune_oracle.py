"""`nn.utils.prune` against PyTorch: every method on every kind of parameter, what a Module has afterwards, errors."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("torch")

import torch  # noqa: E402
import torch.nn.utils.prune  # noqa: E402

import mibun  # noqa: E402
from oracle.both import assert_same  # noqa: E402


def prune(m: Any) -> Any:
    return m.nn.utils.prune


LAYERS: dict[str, Callable] = {
    "linear": lambda m: m.nn.Linear(4, 3),
    "conv": lambda m: m.nn.Conv2d(2, 3, 2),
    "double": lambda m: m.nn.Linear(4, 3).double(),
}
METHODS: dict[str, Callable] = {
    "identity": lambda p, layer: p.identity(layer, "weight"),
    "random": lambda p, layer: p.random_unstructured(layer, "weight", 0.4),
    "random, a number": lambda p, layer: p.random_unstructured(layer, "weight", amount=5),
    "l1": lambda p, layer: p.l1_unstructured(layer, "weight", 0.3),
    "l1, none": lambda p, layer: p.l1_unstructured(layer, "weight", 0),
    "l1, all": lambda p, layer: p.l1_unstructured(layer, "weight", 1.0),
    "l1, scores": lambda p, layer: p.l1_unstructured(layer, "weight", 2, importance_scores=layer.weight.detach().exp()),
    "l1 of the bias": lambda p, layer: p.l1_unstructured(layer, "bias", 2),
    "random channels": lambda p, layer: p.random_structured(layer, "weight", 1, dim=0),
    "random channels, a fraction": lambda p, layer: p.random_structured(layer, "weight", 0.5, dim=-1),
    "l2 channels": lambda p, layer: p.ln_structured(layer, "weight", 1, n=2, dim=1),
    "l1 channels": lambda p, layer: p.ln_structured(layer, "weight", 0.5, 1, -2),
    "largest of channels": lambda p, layer: p.ln_structured(layer, "weight", 1, n=float("inf"), dim=0),
    "frobenius": lambda p, layer: p.ln_structured(layer, "weight", 1, n="fro", dim=0),
    "channels, scores": lambda p, layer: p.ln_structured(
        layer, "weight", 1, 2, 0, importance_scores=-layer.weight.detach().exp()
    ),
    "mask": lambda p, layer: p.custom_from_mask(layer, "weight", layer.weight.detach() > 0),
    "mask of another shape": lambda p, layer: p.custom_from_mask(layer, "weight", layer.bias),
    "scores of another shape": lambda p, layer: p.l1_unstructured(layer, "weight", 1, importance_scores=layer.bias),
    "too many": lambda p, layer: p.l1_unstructured(layer, "weight", 1000),
    "negative": lambda p, layer: p.random_unstructured(layer, "weight", -1),
    "a fraction above 1": lambda p, layer: p.random_unstructured(layer, "weight", 1.5),
    "text": lambda p, layer: p.l1_unstructured(layer, "weight", "a"),
    "no such dim": lambda p, layer: p.random_structured(layer, "weight", 1, dim=7),
    "channels of a vector": lambda p, layer: p.ln_structured(layer, "bias", 1, 2, 0),
    "no such parameter": lambda p, layer: p.l1_unstructured(layer, "foo", 1),
}


def state(m: Any, layer: Any) -> list[Any]:
    """What can be seen of a pruned layer, gradients included."""
    size = {"Linear": (2, 4), "Conv2d": (1, 2, 2, 3)}[type(layer).__name__]
    output = layer(m.ones(size, dtype=layer.bias.dtype))
    output.square().sum().backward()
    hooks = [[type(hook).__name__, len(list(getattr(hook, "_pruning_methods", ())))] for hook in hooks_of(layer)]
    return [
        dict(layer.named_parameters()),
        dict(layer.named_buffers()),
        {n: p.grad for n, p in layer.named_parameters()},
        list(layer.state_dict()),
        output,
        hooks,
        prune(m).is_pruned(layer),
        layer.weight,
    ]


def hooks_of(layer: Any) -> list[Any]:
    return list(layer._forward_pre_hooks.values())


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("method", METHODS)
def test_once(method: str, layer: str) -> None:
    def program(m: Any) -> Any:
        one = LAYERS[layer](m)
        assert METHODS[method](prune(m), one) is one
        return state(m, one)

    assert_same(program)


@pytest.mark.parametrize("first", METHODS)
def test_again(first: str) -> None:
    """Every method after every other one, and made to last at the end.

    But for channels of a pruned vector, which PyTorch does not refuse, and for its other words about a missing `dim`.
    """
    for second in METHODS:
        if second in ("no such dim", "channels of a vector", "text", "negative", "a fraction above 1"):
            continue

        def program(m: Any, second: str = second) -> Any:
            layer = LAYERS["conv"](m)
            METHODS[first](prune(m), layer)
            METHODS[second](prune(m), layer)
            before = state(m, layer)
            for name in ("weight", "bias"):
                if hasattr(layer, name + "_mask"):
                    assert prune(m).remove(layer, name) is layer
            return before, state(m, layer), isinstance(layer.weight, m.nn.Parameter)

        assert_same(program)


def globally(m: Any, **kwargs: Any) -> Any:
    network = m.nn.Sequential(m.nn.Linear(3, 4), m.nn.Linear(4, 2))
    prune(m).l1_unstructured(network[0], "weight", 3)
    parameters = [(network[0], "weight"), (network[1], "weight"), (network[1], "bias")]
    kwargs = {"pruning_method": prune(m).L1Unstructured, "amount": 0.4, **kwargs}
    assert prune(m).global_unstructured(parameters, **kwargs) is None
    return network[0].weight_mask, network[1].weight_mask, network[1].bias_mask, len(hooks_of(network[1]))


OTHERS: dict[str, Callable] = {
    "global": globally,
    "global, a number": lambda m: globally(m, amount=7),
    "global at random": lambda m: globally(m, pruning_method=prune(m).RandomUnstructured),
    "global by channels": lambda m: globally(m, pruning_method=prune(m).RandomStructured),
    "global of nothing": lambda m: prune(m).global_unstructured(3, prune(m).L1Unstructured, amount=1),
    "global, other scores": lambda m: globally(m, importance_scores=3),
    "global without amount": lambda m: prune(m).global_unstructured(
        [(m.nn.Linear(1, 1), "weight")], prune(m).L1Unstructured
    ),
    "remove what is not pruned": lambda m: prune(m).remove(m.nn.Linear(2, 2), "bias"),
    "inside": lambda m: prune(m).is_pruned(m.nn.Sequential(prune(m).identity(m.nn.Linear(2, 2), "bias"))),
    "tensor": lambda m: prune(m).L1Unstructured(2).prune(m.tensor([1.0, -3.0, 2.0, 0.5])),
    "tensor, mask": lambda m: prune(m).L1Unstructured(1).prune(m.arange(3.0), default_mask=m.tensor([1.0, 1.0, 0.0])),
    "tensor, channels": lambda m: prune(m).LnStructured(1, 2, 1).prune(m.arange(6.0).view(2, 3)),
    "tensor, other scores": lambda m: prune(m).Identity().prune(m.ones(3), importance_scores=m.ones(2)),
    "empty container": lambda m: len(prune(m).PruningContainer()),
    "container of a method that is not applied": lambda m: prune(m).PruningContainer(prune(m).Identity()),
    "abstract": lambda m: prune(m).BasePruningMethod(),
    "apply_mask before apply": lambda m: prune(m).Identity().apply_mask(m.nn.Linear(1, 1)),
    "deepcopy": lambda m: copy.deepcopy(prune(m).identity(m.nn.Linear(1, 1), "bias")),
    "helpers": lambda m: [prune(m)._compute_nparams_toprune(x, 10) for x in (0.3, 3)],
    "norms": lambda m: [prune(m)._compute_norm(m.arange(24.0).view(2, 3, 4), n, d) for n in (1, 2) for d in (0, -1)],
}


@pytest.mark.parametrize("other", OTHERS)
def test_others(other: str) -> None:
    assert_same(OTHERS[other])


def test_own_methods() -> None:
    def program(m: Any, kind: str) -> Any:
        class EveryOther(prune(m).BasePruningMethod):
            PRUNING_TYPE = kind
            dim = 0

            def compute_mask(self, t: Any, default_mask: Any) -> Any:
                mask = default_mask.clone()
                mask.view(-1)[::2] = 0
                return mask

        layer = m.nn.Linear(4, 3)
        hooks = [EveryOther.apply(layer, "weight"), EveryOther.apply(layer, "weight")]
        return [type(hook).__name__ for hook in hooks], layer.weight_mask, layer.weight

    for kind in ("unstructured", "structured", "global", "other"):
        assert_same(lambda m, kind=kind: program(m, kind))


def test_a_method_that_fails_changes_nothing() -> None:
    """In PyTorch the hook is gone if a second method fails."""

    class Fails(mibun.nn.utils.prune.Identity):
        def compute_mask(self, t: Any, default_mask: Any) -> Any:
            raise RuntimeError("on purpose")

    def seen(layer: Any) -> list[Any]:
        return [list(layer.state_dict()), [(h, len(getattr(h, "_pruning_methods", ()))) for h in hooks_of(layer)]]

    for times in (0, 1, 2):
        layer = mibun.nn.Linear(2, 2)
        for _ in range(times):
            mibun.nn.utils.prune.l1_unstructured(layer, "weight", 1)
        before = seen(layer)
        with pytest.raises(RuntimeError, match="on purpose"):
            Fails.apply(layer, "weight")
        assert seen(layer) == before


def test_names_and_signatures() -> None:
    ours, theirs = mibun.nn.utils.prune, torch.nn.utils.prune
    for name, value in vars(theirs).items():
        if getattr(value, "__module__", None) == theirs.__name__:
            assert hasattr(ours, name), name
            assert list(inspect.signature(getattr(ours, name)).parameters) == list(inspect.signature(value).parameters)
