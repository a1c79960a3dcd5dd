"""A backward for some inputs only: what is not asked for is not computed, and everything else is as ever."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.core import engine


def tensors() -> tuple:
    random = np.random.default_rng(0)
    x, w, v = (torch.tensor(random.uniform(size=(3, 3)), requires_grad=True) for _ in range(3))
    return x, w, v


def test_unneeded_rules_do_not_run() -> None:
    x, w, v = tensors()
    ran: list[str] = []

    class Noted(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, g):
            ran.append("w")
            return g

    y = (x @ Noted.apply(w)) @ v
    (found,) = torch.autograd.grad(y.sum(), x, retain_graph=True)
    assert not ran
    both = torch.autograd.grad(y.sum(), (x, w))
    assert ran == ["w"]
    torch.testing.assert_close(found, both[0])


@pytest.mark.parametrize("batched", [False, True])
def test_only_what_is_asked_for_is_computed(batched: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    x, w, _ = tensors()
    y = x * w
    g = torch.ones(2, 3, 3, dtype=torch.float64) if batched else torch.ones(3, 3, dtype=torch.float64)
    torch.autograd.grad(y, (x, w), g, is_grads_batched=batched, retain_graph=True)  # which writes the rules' code
    computed: list = []
    select = engine.without_the_rest
    name = "run_batched" if batched else "run"

    def noting(node: Any, *rest: Any) -> Any:
        chosen = select(node, *rest)
        if chosen is not node:
            chosen.shown()  # so that it is run by its class's own method
            kind = type(chosen)
            run = getattr(kind, name)

            def noted(node: Any, grad: Any) -> Any:
                results = run(node, grad)
                if node is chosen:
                    computed.append([result is not None for result in results])
                return results

            monkeypatch.setattr(kind, name, noted)
        return chosen

    monkeypatch.setattr(engine, "without_the_rest", noting)
    for inputs in ((x,), (w,), (x, w)):
        torch.autograd.grad(y, inputs, g, is_grads_batched=batched, retain_graph=True)
    assert computed == [[True, False], [False, True]]  # both: by the node itself


def test_the_graph_is_freed_as_ever() -> None:
    x, w, _ = tensors()
    y = x * w
    kept = weakref.ref(y.grad_fn)
    torch.autograd.grad(y.sum(), x)
    with pytest.raises(RuntimeError, match="^Trying to backward through the graph a second time"):
        torch.autograd.grad(y.sum(), x)
    assert kept().saved is None
    del y
    gc.collect()
    assert kept() is None


def test_slices_and_several_outputs() -> None:
    x, w, v = tensors()
    y = x * 2
    y[0] = w[0] * v[0]
    parts = torch.stack([y, w]).unbind()
    total = (parts[0] * v).sum() + parts[1].sum()
    alone = [torch.autograd.grad(total, one, retain_graph=True)[0] for one in (x, w, v)]
    together = torch.autograd.grad(total, (x, w, v))
    for one, other in zip(alone, together, strict=True):
        torch.testing.assert_close(one, other)


def test_a_batch_of_weights_is_not_made() -> None:
    """What made `jacobian` of a Module slow: the gradients of its weights, for each row of the Jacobian."""
    layer = torch.nn.Linear(4, 4)
    seen: list = []
    layer.weight.register_hook(seen.append)
    x = torch.ones(4, requires_grad=True)
    y = layer(x)
    shown: list = []
    y.grad_fn.register_hook(lambda inputs, outputs: shown.append(sum(g is not None for g in inputs)))
    torch.autograd.grad(y, x, torch.eye(4), is_grads_batched=True)
    assert not seen and shown == [1]
