"""LSTM by the NumPy namespace's own loops gives what the operator's formula gives, there and back, to the last digits.

The loops add in another order (the products of a gate with its own part of the weight), divide once instead of twice,
and keep what they have computed for the way back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.xp import numpy_namespace

nn = torch.nn


def closed(monkeypatch: Any, back_only: bool = False) -> None:
    if not back_only:
        monkeypatch.setattr(numpy_namespace, "lstm_steps", lambda *args: None)
    monkeypatch.setattr(numpy_namespace, "lstm_steps_back", lambda *args: None)


def layer(**options: Any) -> tuple[Any, Any, list[Any]]:
    """A layer, its input and its states."""
    torch.manual_seed(0)
    module = nn.LSTM(5, options.get("hidden_size", 4), **{k: v for k, v in options.items() if k != "hidden_size"})
    module.to(torch.float64)
    directions = 2 if options.get("bidirectional") else 1
    depth = options.get("num_layers", 1) * directions
    shape = (3, 6, 5) if options.get("batch_first") else (6, 3, 5)
    x = torch.randn(*shape, dtype=torch.float64, requires_grad=True)
    width = options.get("proj_size") or 4
    states = [torch.randn(depth, 3, n, dtype=torch.float64, requires_grad=True) for n in (width, 4)]
    return module, x, states


VARIANTS: list[dict[str, Any]] = [
    {},
    {"bias": False},
    {"num_layers": 2, "bidirectional": True},
    {"batch_first": True},
    {"proj_size": 2},
]


def gradients(module: Any, x: Any, states: list[Any]) -> list[Any]:
    output, (hidden, cell) = module(x, tuple(states))
    leaves = [x, *states, *module.parameters()]
    loss = (output.cos() * output).sum() + hidden.square().sum() + cell.sin().sum()
    return [output, hidden, cell, *torch.autograd.grad(loss, leaves)]


def second(module: Any, x: Any, states: list[Any]) -> list[Any]:
    output, (_, cell) = module(x, tuple(states))
    leaves = [x, *states, *module.parameters()]
    first = torch.autograd.grad(output.sin().sum() + cell.square().sum(), leaves, create_graph=True)
    return [*first, *torch.autograd.grad(sum(g.square().sum() for g in first), leaves)]


def forward_mode(module: Any, x: Any, states: list[Any]) -> list[Any]:
    def run(x: Any, *states: Any) -> Any:
        return module(x, states)[0]

    given = (x.detach(), *[state.detach() for state in states])
    return list(torch.func.jvp(run, given, tuple([torch.cos(value) for value in given])))


def packed(module: Any, x: Any, states: list[Any]) -> list[Any]:
    data = nn.utils.rnn.pack_padded_sequence(x.transpose(0, 1) if module.batch_first else x, [6, 5, 2])
    output, (hidden, cell) = module(data, tuple(states))
    loss = output.data.cos().sum() + hidden.square().sum() + cell.sum()
    return [output.data, *torch.autograd.grad(loss, [x, *states, *module.parameters()])]


def twice(module: Any, x: Any, states: list[Any]) -> list[Any]:
    """A backward again, over what the first one used."""
    output, _ = module(x, tuple(states))
    leaves = [x, *states, *module.parameters()]
    found = [torch.autograd.grad(output, leaves, torch.full_like(output, k), retain_graph=True) for k in (1, 2)]
    return [*found[0], *found[1]]


def each_example(module: Any, x: Any, states: list[Any]) -> list[Any]:
    def loss(x: Any, weights: dict[str, Any]) -> Any:
        return torch.func.functional_call(module, weights, (x,))[0].sin().sum()

    weights = dict(module.named_parameters())
    xs = torch.stack([x.detach(), x.detach() + 1])
    found = torch.func.vmap(torch.func.grad(loss, argnums=(0, 1)), in_dims=(0, None))(xs, weights)
    return [found[0], *found[1].values()]


def many_gradients(module: Any, x: Any, states: list[Any]) -> list[Any]:
    """A batch of gradients for a layer that ran once."""
    output, (_, cell) = module(x, tuple(states))
    grads = [torch.stack([torch.ones_like(value), value.detach()]) for value in (output, cell)]
    leaves = [x, *states, *module.parameters()]
    return list(torch.autograd.grad([output, cell], leaves, grads, is_grads_batched=True))


RUNS: list[Callable] = [gradients, second, forward_mode, packed, twice, each_example, many_gradients]


@pytest.mark.parametrize("options", VARIANTS, ids=str)
@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.__name__)
def test_the_same_without(monkeypatch, run, options):
    given = layer(**options)
    found = [value.detach().numpy() for value in run(*given)]
    for back_only in (True, False):
        with monkeypatch.context() as patched:
            closed(patched, back_only)
            expected = [value.detach().numpy() for value in run(*given)]
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.complex128])
def test_other_dtypes(monkeypatch, dtype):
    """float32 has loops of its own, the others the formula."""
    torch.manual_seed(0)
    w_ih, w_hh, bias = [torch.randn(*shape).to(dtype) / 3 for shape in ((16, 5), (16, 4), (16,))]
    x, state = torch.randn(6, 3, 5).to(dtype), torch.zeros(1, 3, 4).to(dtype)

    def run() -> Any:
        return torch.lstm(x, (state, state), [w_ih, w_hh, bias, bias], True, 1, 0.0, False, False, False)[0].numpy()

    found = run()
    closed(monkeypatch)
    np.testing.assert_allclose(found, run(), rtol=1e-5 if dtype is torch.float32 else 0, atol=1e-6)


def test_modified_weights_are_found():
    module, x, states = layer()
    output, _ = module(x, tuple(states))
    with torch.no_grad():
        module.weight_hh_l0.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        output.sum().backward()


def test_what_is_kept_is_freed():
    """The steps' memory goes with the graph."""
    module, x, states = layer()
    output, _ = module(x, tuple(states))
    output.sum().backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        output.sum().backward()
