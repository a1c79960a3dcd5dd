"""What `vmap` has a short way for gives the same without it: containers, lines of rules, sums put off, whole arrays.

Each short way is closed, and a fifth of all samples has to give the same bits.
"""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.core.registry import OPS
from mibun.dispatch import rules
from mibun.func import functional_call, grad, stack_module_state, vmap
from mibun.func import vectorization as vectorization_module
from mibun.xp.batched import namespace
from mibun.xp.batched.array import Deferred
from samples import SAMPLES
from vmapping import is_float, places_of, stacked, weighed

nn, F = torch.nn, torch.nn.functional


def without_containers(monkeypatch: Any) -> None:
    monkeypatch.setattr(vectorization_module, "_in_plain_containers", lambda tree, dims, function: None)


def without_lines(monkeypatch: Any) -> None:
    monkeypatch.setattr(rules, "straight_result", lambda op: ("", {}))
    for op in OPS.values():
        for name in ("run", "run_once", "run_batched"):
            monkeypatch.setattr(op, name, getattr(rules, name))


def without_prompt(monkeypatch: Any) -> None:
    monkeypatch.setattr(namespace, "prompt", namespace)


def without_putting_off(monkeypatch: Any) -> None:
    for name in ("matmul", "einsum", "outer_product", "tensordot", "add_rows", "correlate_weights"):
        monkeypatch.setattr(namespace, name, getattr(namespace.prompt, name))


WITHOUT = {
    "containers": without_containers,
    "lines": without_lines,
    "prompt": without_prompt,
    "putting off": without_putting_off,
}
# (What draws random numbers gives others at each call.)
CHOSEN = [sample for sample in SAMPLES if not sample.id.startswith(("dropout", "rrelu", "alpha_dropout"))][::5]


def computed(sample: Any) -> list[np.ndarray]:
    """Values and gradients under `vmap`, with a backward outside of it where a tensor is the same for all examples."""
    rows = [sample.arrays(False, seed=seed) for seed in range(2)]
    places = places_of(sample, rows[0])
    if not places:
        return []
    batch = stacked(rows)
    together = vmap(lambda *xs: weighed(sample, list(xs)), randomness="same")
    inside = vmap(grad(lambda *xs: weighed(sample, list(xs)), argnums=places), randomness="same")(*batch)
    leaves = [x.clone().requires_grad_() if i in places else x for i, x in enumerate(batch)]
    total = together(*leaves)
    total.sum().backward()
    found = [total.detach(), *inside, *[leaves[i].grad for i in places]]
    if len(batch) > 1 and is_float(rows[0][0]) and 0 in places:
        shared = torch.from_numpy(rows[0][0].copy()).requires_grad_()
        vmap(lambda *xs: weighed(sample, [shared, *xs]), randomness="same")(*batch[1:]).sum().backward()
        found.append(shared.grad)
    return [x.numpy() if x is not None else np.zeros(0) for x in found]


def outcome(sample: Any) -> Any:
    try:
        return computed(sample)
    except (RuntimeError, NotImplementedError, TypeError, ValueError, IndexError) as error:
        return type(error)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("closed", WITHOUT)
def test_the_same_without(monkeypatch: Any, closed: str) -> None:
    expected = [outcome(sample) for sample in CHOSEN]
    assert len([one for one in expected if isinstance(one, list) and one]) > len(CHOSEN) // 2
    WITHOUT[closed](monkeypatch)
    for sample, wanted in zip(CHOSEN, expected, strict=True):
        found = outcome(sample)
        if not isinstance(wanted, list):
            assert found is wanted, sample.id
            continue
        for one, other in zip(found, wanted, strict=True):
            # (A sum that was not put off is added up in another order.)
            if "off" in closed or closed == "prompt":
                np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-9, err_msg=sample.id)
            else:
                np.testing.assert_array_equal(one, other, err_msg=sample.id)


Pair = namedtuple("Pair", "a b")


def test_containers_are_what_they_were(monkeypatch: Any) -> None:
    """Inside, and in what is returned: classes, order of keys, what is no Tensor, what maps nowhere."""
    x, y, other = torch.arange(6.0).reshape(2, 3), torch.ones(3, 2), object()
    cases: list[tuple[Any, tuple]] = [
        (0, (x,)),
        (-1, (x, y.T)),
        ((0, None), (x, other)),
        ((0, 1), ({"b": x, "a": x * 2}, [y, y])),
        (({"b": 0, "a": None}, (1, [None])), ({"b": x, "a": other}, (y, [y]))),
        ((Pair(0, None),), (Pair(x, 3),)),
        ((0,), (OrderedDict(q=x, p=(x, x)),)),
        (((0, None), None), ((x, [other, 1.5]), {"k": None})),
    ]
    for in_dims, args in cases:
        seen: list[Any] = []

        def record(*given: Any, seen: list = seen) -> Any:
            seen.append(torch.utils._pytree.tree_structure(given))
            seen.append([getattr(leaf, "shape", leaf) for leaf in torch.utils._pytree.tree_leaves(given)])
            tensors = [leaf for leaf in torch.utils._pytree.tree_leaves(given) if isinstance(leaf, torch.Tensor)]
            return {"z": [one * 2 for one in tensors], "a": (tensors[0].sum(), Pair(tensors[0], tensors[-1]))}

        short = vmap(record, in_dims)(*args)
        with monkeypatch.context() as closed:
            without_containers(closed)
            general = vmap(record, in_dims)(*args)
        assert seen[:2] == seen[2:]
        assert torch.utils._pytree.tree_structure(short) == torch.utils._pytree.tree_structure(general)
        assert list(short) == ["z", "a"]
        for one, two in zip(
            torch.utils._pytree.tree_leaves(short), torch.utils._pytree.tree_leaves(general), strict=True
        ):
            assert torch.equal(one, two)


def test_what_a_short_way_raises_stays() -> None:
    """An error of the function, or of an output, is not taken for the end of the short way."""
    calls = []

    def fails(x: Any) -> Any:
        calls.append(x)
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        vmap(fails)(torch.ones(2))
    with pytest.raises(ValueError, match="must only return Tensors"):
        vmap(lambda x: calls.append(x) or {"a": x, "b": 1})(torch.ones(2))
    assert len(calls) == 2  # each was called once
    with pytest.raises(ValueError, match="same size"):
        vmap(lambda x, y: calls.append(x))(torch.ones(2), torch.ones(3))
    assert len(calls) == 2


def test_only_what_lacks_a_level_puts_sums_off(monkeypatch: Any) -> None:
    """Where every operand has its own values, gradients are made at once; a shared one's only as their sum."""
    made = []
    create = Deferred.__init__

    def noted(self: Any, *args: Any) -> None:
        made.append(self)
        create(self, *args)

    monkeypatch.setattr(Deferred, "__init__", noted)
    x, w = torch.ones(5, 2, 8, requires_grad=True), torch.ones(5, 9, 8, requires_grad=True)
    vmap(lambda x, w: F.linear(x, w).sum())(x, w).sum().backward()
    assert not made
    shared = torch.ones(9, 8, requires_grad=True)
    vmap(lambda x: F.linear(x, shared).sum())(x).sum().backward()
    assert made


def test_an_ensemble_is_its_models() -> None:
    """Values and gradients of stacked models are those of each, by `functional_call` as users write it."""
    torch.manual_seed(0)
    models = [nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 6), nn.Linear(6, 1)) for _ in range(3)]
    for model in models:
        model[2].weight = model[2].weight
    params, buffers = stack_module_state(models)
    x = torch.randn(7, 4)

    def loss(params: dict, buffers: dict, x: Any) -> Any:
        return functional_call(models[0], (params, buffers), (x,)).square().mean()

    values = vmap(loss, (0, 0, None))(params, buffers, x)
    values.sum().backward()
    for i, model in enumerate(models):
        value = model(x).square().mean()
        value.backward()
        assert torch.allclose(value, values[i])
        for name, parameter in model.named_parameters():
            assert torch.allclose(parameter.grad, params[name].grad[i], atol=1e-6)


def test_functional_call_leaves_the_module_as_it_was() -> None:
    """Also where forward fails, for tied weights, and for buffers that forward replaces."""

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False)
            self.b.weight = self.a.weight
            self.register_buffer("count", torch.zeros(()))

        def forward(self, x: Any, fail: bool = False) -> Any:
            self.count = self.count + 1
            if fail:
                raise KeyError("mine")
            return self.b(self.a(x))

    model = Model()
    before = {name: id(value) for name, value in (*model.named_parameters(), *model.named_buffers())}
    given = {"a.weight": 2 * torch.eye(2), "count": torch.tensor(5.0)}
    assert functional_call(model, given, torch.ones(1, 2)).tolist() == [[4.0, 4.0]]
    assert given["count"].item() == 6.0
    with pytest.raises(KeyError):
        functional_call(model, given, (torch.ones(1, 2),), {"fail": True})
    assert before == {name: id(value) for name, value in (*model.named_parameters(), *model.named_buffers())}
    with pytest.raises(TypeError, match="not an instance"):
        functional_call(model, {"a.weight": 1.0}, torch.ones(1, 2))
    with pytest.raises(ValueError, match="tied"):
        functional_call(model, {"a.weight": torch.eye(2), "b.weight": torch.ones(2, 2)}, torch.ones(1, 2))
