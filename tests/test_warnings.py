"""Warnings that programs rely on: classes, words, that they name the caller's line, and that others stay away."""

import warnings

import pytest

import mibun as torch
from mibun import nn


def leaf():
    return torch.ones(2, requires_grad=True)


def deprecated_hook(x):
    layer = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    layer.register_backward_hook(lambda *_: None)
    return layer(x)


WARNINGS = {
    "grad of a non-leaf": (lambda: (leaf() * 2).grad, UserWarning, "The .grad attribute of a Tensor that is not"),
    "tensor of a tensor": (lambda: torch.tensor(leaf()), UserWarning, "To copy construct from a tensor"),
    "volatile": (lambda: torch.autograd.Variable(torch.ones(1), volatile=True), UserWarning, "volatile was removed"),
    "reading volatile": (lambda: leaf().volatile, UserWarning, r"volatile was removed \(Variable.volatile is always"),
    "one element": (lambda: torch.ones(1).var(), UserWarning, r"var\(\): degrees of freedom is <= 0"),
    "one element, twice": (lambda: torch.std_mean(torch.ones(1)), UserWarning, r"std_mean\(\): degrees of freedom is"),
    "resized out": (
        lambda: torch.add(torch.ones(2), 1, out=torch.ones(3)),
        UserWarning,
        "An output with one or more elements",
    ),
    "T of 3 dimensions": (lambda: torch.ones(2, 3, 4).T, UserWarning, "The use of `x.T` on tensors of dimension other"),
    "grad_variables": (
        lambda: torch.autograd.backward(leaf().sum(), grad_variables=torch.tensor(1.0)),
        FutureWarning,
        "`grad_variables` is deprecated",
    ),
    "only_inputs": (
        lambda: torch.autograd.grad((x := leaf()).sum(), x, only_inputs=False),
        FutureWarning,
        "only_inputs argument",
    ),
    "old backward hook": (lambda: deprecated_hook(torch.ones(1, 2)), FutureWarning, "Using a non-full backward hook"),
    "tensor types": (
        lambda: torch.set_default_tensor_type("torch.FloatTensor"),
        UserWarning,
        "torch.set_default_tensor_type",
    ),
    "softmax without dim": (lambda: nn.functional.softmax(torch.ones(2, 2)), UserWarning, "Implicit dimension choice"),
    "loss of other sizes": (
        lambda: nn.functional.mse_loss(torch.ones(2, 1), torch.ones(2)),
        UserWarning,
        "Using a target size",
    ),
    "make_tensor of a point": (
        lambda: torch.testing.make_tensor(2, dtype=torch.float32, device="cpu", low=1, high=1),
        FutureWarning,
        "Passing `low==high`",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_warns_at_the_callers_line(name):
    call, category, words = WARNINGS[name]
    with pytest.warns(category, match=words) as caught:
        call()
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "call",
    [
        lambda: leaf().grad,
        lambda: (leaf() * 2).retain_grad(),
        lambda: torch.as_tensor(leaf()),
        lambda: torch.autograd.Variable(torch.ones(1), volatile=False),
        lambda: torch.ones(2).var(),
        lambda: torch.ones(1).var(correction=0),
        lambda: (leaf() ** 2).sum().backward(create_graph=True),  # no cycle that Python would not collect
        lambda: torch.ones(2, 3).T,
    ],
)
def test_does_not_warn(call):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call()
