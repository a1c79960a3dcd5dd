"""Second derivatives that are zero everywhere and recorded all the same: `flat` and `traced` of a declaration.

Which operators have them is asked of PyTorch, in `tests/oracle/test_second_order_graph_oracle.py`.
"""

from __future__ import annotations

import numpy as np
import pytest

import mibun as torch
from mibun.core.registry import OPS
from mibun.dispatch import rules
from mibun.dispatch.declare import op

FLAT = sorted(name for name, record in OPS.items() if record.flat)


def test_zeros_and_not_unused():
    x = torch.tensor([-1.0, 2.0], requires_grad=True)
    (g,) = torch.autograd.grad(torch.nn.functional.leaky_relu(x).sum(), x, create_graph=True)
    assert g.requires_grad
    (second,) = torch.autograd.grad(g.sum(), x, create_graph=True)
    assert second.tolist() == [0.0, 0.0] and not second.requires_grad


def test_polynomials_end_in_zeros():
    """x³ has three derivatives that are not constant zeros, one that is, and then no more."""
    x = torch.tensor([2.0], requires_grad=True)
    y, found = x**3, []
    while y.requires_grad:
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        found.append(y.item())
    assert found == [12.0, 12.0, 6.0, 0.0]


def test_hidden_biases_have_zeros_after_a_penalty():
    network = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
    x = torch.randn(3, 2, requires_grad=True)
    (g,) = torch.autograd.grad(network(x).sum(), x, create_graph=True)
    (g.norm(dim=1) - 1).pow(2).mean().backward()
    assert network[0].bias.grad.tolist() == [0.0] * 4
    assert x.grad.tolist() == [[0.0, 0.0]] * 3
    assert network[2].bias.grad is None


@pytest.mark.parametrize("name", FLAT)
def test_a_first_order_backward_knows_nothing_of_it(name):
    """The text of the backward over arrays has no word of it, that of the recorded one has."""
    run, recorded = rules._generate(OPS[name], False), rules._generate_recorded(OPS[name])
    assert "connected" not in run.__code__.co_names
    assert "connected" in recorded.__code__.co_names


def test_a_gradient_that_a_rule_hands_on_is_copied():
    """What comes out of the connection has memory of its own: a rule may return the gradient that it was given."""
    grad, at = torch.ones(2), torch.ones(2, requires_grad=True)
    connected = OPS["connect"](grad, at, zeros=True)
    connected.detach().zero_()
    assert grad.tolist() == [1.0, 1.0] and connected.requires_grad


def test_the_place_in_the_graph_is_enough():
    """The operand may be modified afterwards, and its memory is not kept: only its shape and dtype are asked for."""
    x = torch.ones(1, 1, 4, requires_grad=True)
    y = x * 1
    out = torch.nn.functional.interpolate(y, 2, mode="area")
    (g,) = torch.autograd.grad(out.sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(g.sum(), x)
    assert second.shape == x.shape and not second.any()


def test_other_dtypes_and_promotion():
    x = torch.ones(2, 3, dtype=torch.float16, requires_grad=True)
    (g,) = torch.autograd.grad(torch.nn.functional.hardtanh(x).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(g.sum(), x)
    assert second.dtype is torch.float16 and second.shape == (2, 3)


def test_traced_without_a_derivative():
    """The gradient of a convolution requires grad where its arguments do, and depends on them no more than it does."""
    x = torch.randn(1, 1, 4, requires_grad=True)
    weight = torch.randn(1, 1, 2)
    (g,) = torch.autograd.grad(torch.nn.functional.conv1d(x, weight).sum(), x, create_graph=True)
    assert g.requires_grad
    assert torch.autograd.grad(g.sum(), x, allow_unused=True) == (None,)


def test_nothing_is_connected_outside_of_a_recording():
    with torch.autograd.forward_ad.dual_level():
        x = torch.autograd.forward_ad.make_dual(torch.ones(2, requires_grad=True), torch.ones(2))
        (g,) = torch.autograd.grad(torch.relu(x).sum(), x)
        assert not g.requires_grad


def test_a_declaration_names_operands():
    with pytest.raises(TypeError, match="flat or traced in 'inputs', which is no operand"):
        op(name="not_declared", flat=("inputs",), vjp=lambda xp, g: g)(lambda xp, input: input)
    OPS.pop("not_declared", None)


def test_functions_of_the_graph_in_place():
    """The output is what the graph leads to where the input is overwritten."""
    x = torch.tensor([-1.0, 2.0], requires_grad=True)
    (g,) = torch.autograd.grad(torch.nn.functional.leaky_relu(x * 1, inplace=True).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(g.sum(), x, create_graph=True)
    np.testing.assert_array_equal(second.detach().numpy(), [0.0, 0.0])


def test_hooks_see_the_absent_operand():
    """`clamp` with one Tensor for a limit has an edge to nothing for the other, in the graph and in what hooks get."""
    x, low = torch.tensor([1.0, -1.0], requires_grad=True), torch.zeros(2, requires_grad=True)
    out = x.clamp(min=low)
    assert out.grad_fn.next_functions[2] == (None, 0)
    seen = []
    out.grad_fn.register_hook(lambda inputs, outputs: seen.append([None if i is None else i.tolist() for i in inputs]))
    out.sum().backward()
    assert seen == [[[1.0, 0.0], [0.0, 1.0], None]]
    assert low.grad.tolist() == [0.0, 1.0]
