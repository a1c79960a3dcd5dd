"""Which parameters have a gradient after a gradient penalty, of networks of every layer, against installed PyTorch.

An optimizer skips a parameter whose `.grad` is None, and steps (with momentum, with weight decay) on zeros: so it
matters which of them a hidden layer's bias has. The same for what `functional` checks when `strict`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402

pytestmark = pytest.mark.oracle

ACTIVATIONS = (
    "ReLU ReLU6 LeakyReLU PReLU RReLU Hardtanh Hardshrink Softshrink Hardswish Sigmoid Tanh ELU CELU SELU GELU SiLU "
    "Mish Softplus Softsign Tanhshrink LogSigmoid Identity"
).split()
IN_PLACE = "ReLU ReLU6 LeakyReLU RReLU Hardtanh Hardswish ELU CELU SELU SiLU Mish".split()

IMAGES: dict[str, Callable] = {  # between two convolutions of three channels
    "max_pool": lambda nn: nn.MaxPool2d(2),
    "avg_pool": lambda nn: nn.AvgPool2d(2),
    "adaptive_avg": lambda nn: nn.AdaptiveAvgPool2d(2),
    "adaptive_max": lambda nn: nn.AdaptiveMaxPool2d(2),
    "lp_pool": lambda nn: nn.LPPool2d(2, 2),
    "fractional": lambda nn: nn.FractionalMaxPool2d(2, output_size=2),
    "reflect": lambda nn: nn.ReflectionPad2d(1),
    "replicate": lambda nn: nn.ReplicationPad2d(1),
    "circular": lambda nn: nn.CircularPad2d(1),
    "zeros": lambda nn: nn.ZeroPad2d(1),
    "nearest": lambda nn: nn.Upsample(scale_factor=2),
    "bilinear": lambda nn: nn.Upsample(scale_factor=2, mode="bilinear"),
    "batch_norm": lambda nn: nn.BatchNorm2d(3),
    "batch_norm in evaluation": lambda nn: nn.BatchNorm2d(3).eval(),
    "group_norm": lambda nn: nn.GroupNorm(1, 3),
    "instance_norm": lambda nn: nn.InstanceNorm2d(3, affine=True),
    "response_norm": lambda nn: nn.LocalResponseNorm(2),
    "dropout": lambda nn: nn.Dropout(0.0),
    "transposed": lambda nn: nn.ConvTranspose2d(3, 3, 2),
}

ROWS: dict[str, Callable] = {
    "linear": lambda nn: nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 1)),
    "deep": lambda nn: nn.Sequential(
        nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4), nn.LeakyReLU(), nn.Linear(4, 1)
    ),
    "layer_norm": lambda nn: nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.ReLU(), nn.Linear(4, 1)),
    "rms_norm": lambda nn: nn.Sequential(nn.Linear(4, 4), nn.RMSNorm(4), nn.ReLU(), nn.Linear(4, 1)),
    "threshold": lambda nn: nn.Sequential(nn.Linear(4, 4), nn.Threshold(0.1, 0), nn.Linear(4, 2), nn.LogSoftmax(1)),
    "rnn": lambda nn: nn.RNN(4, 2),
    "rnn relu": lambda nn: nn.RNN(4, 2, nonlinearity="relu"),
    "rnn relu layers": lambda nn: nn.RNN(4, 2, num_layers=2, nonlinearity="relu", bidirectional=True),
    "lstm": lambda nn: nn.LSTM(4, 2),
    "gru": lambda nn: nn.GRU(4, 2),
    "rnn cell": lambda nn: nn.RNNCell(4, 2, nonlinearity="relu"),
    "lstm cell": lambda nn: nn.LSTMCell(4, 2),
    "gru cell": lambda nn: nn.GRUCell(4, 2),
}


def networks() -> dict[str, tuple[Callable, tuple[int, ...]]]:
    """name -> (what makes the network from a `torch`, the shape of its input)."""
    found: dict[str, tuple[Callable, tuple[int, ...]]] = {}
    for name in ACTIVATIONS:
        found[f"linear-{name}"] = (
            lambda torch, a=name: torch.nn.Sequential(
                torch.nn.Linear(4, 4), getattr(torch.nn, a)(), torch.nn.Linear(4, 1)
            ),
            (3, 4),
        )
        found[f"conv-{name}"] = (
            lambda torch, a=name: torch.nn.Sequential(
                torch.nn.Conv2d(2, 3, 2), getattr(torch.nn, a)(), torch.nn.Conv2d(3, 1, 1)
            ),
            (1, 2, 5, 5),
        )
    for name in IN_PLACE:
        found[f"in place-{name}"] = (
            lambda torch, a=name: torch.nn.Sequential(
                torch.nn.Linear(4, 4), getattr(torch.nn, a)(inplace=True), torch.nn.Linear(4, 1)
            ),
            (3, 4),
        )
    for name, make in IMAGES.items():
        found[f"last-{name}"] = (
            lambda torch, m=make: torch.nn.Sequential(torch.nn.Conv2d(2, 3, 2), m(torch.nn)),
            (2, 2, 7, 7),
        )
        found[f"between-{name}"] = (
            lambda torch, m=make: torch.nn.Sequential(
                torch.nn.Conv2d(2, 3, 2), m(torch.nn), torch.nn.Conv2d(3, 1, 1), torch.nn.ReLU()
            ),
            (2, 2, 7, 7),
        )
    for name, make in ROWS.items():
        found[name] = (lambda torch, m=make: m(torch.nn), (3, 4))
    return found


NETWORKS = networks()


def state(grad: Any, largest: float) -> str:
    """What an optimizer sees: no gradient, zeros, or numbers.

    Where a derivative is 0 (by what is standardised next), rounding in float32 leaves 1e-8 of the largest gradient.
    """
    if grad is None:
        return "none"
    return "numbers" if float(grad.abs().max()) > 1e-6 * max(largest, 1.0) else "zeros"


def penalised(torch: Any, name: str, of_parameters: bool) -> tuple:
    """Whether the gradients require grad, and the state of each `.grad` after their squares were sent back."""
    make, shape = NETWORKS[name]
    torch.manual_seed(0)
    network = make(torch)
    values = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    x = torch.from_numpy(values).requires_grad_()
    inputs = [p for p in network.parameters() if p.requires_grad] if of_parameters else [x]
    out = network(x)
    out = out[0] if isinstance(out, tuple) else out
    grads = torch.autograd.grad(out.sum(), inputs, create_graph=True, allow_unused=True)
    grads = [grad for grad in grads if grad is not None]
    flags = [grad.requires_grad for grad in grads]
    sum((grad.pow(2).sum() for grad in grads), torch.zeros(())).backward()
    found = {**dict(network.named_parameters()), "": x}
    largest = max([float(one.grad.abs().max()) for one in found.values() if one.grad is not None])
    return flags, {key: state(one.grad, largest) for key, one in found.items()}


@pytest.mark.parametrize("of_parameters", [False, True], ids=["input", "parameters"])
@pytest.mark.parametrize("name", NETWORKS)
def test_penalty(name: str, of_parameters: bool) -> None:
    """The gradients of a penalty on the gradient of the input, or of the parameters, are there where PyTorch's are."""
    assert penalised(mibun, name, of_parameters) == penalised(real_torch, name, of_parameters)


def strictly(torch: Any, which: str, name: str, create_graph: bool) -> Any:
    """The values, or the class of the error, of a strict Hessian, or Jacobian of the gradient, of an activation."""
    activation = getattr(torch.nn, name)().double().eval()
    x = torch.tensor([[0.3, -0.7], [1.2, -2.0]], dtype=torch.float64)
    functional = torch.autograd.functional
    try:
        if which == "hessian":
            found = functional.hessian(lambda x: activation(x).sum(), x, create_graph=create_graph, strict=True)
        elif which == "jacobian":
            found = functional.jacobian(activation, x, create_graph=create_graph, strict=True)
        elif which == "hvp":
            _, found = functional.hvp(
                lambda x: activation(x).sum(), x, torch.ones_like(x), create_graph=create_graph, strict=True
            )
        else:
            _, found = functional.vhp(
                lambda x: activation(x).sum(), x, torch.ones_like(x), create_graph=create_graph, strict=True
            )
    except RuntimeError:
        return "RuntimeError"
    return found.requires_grad, found.detach().numpy().round(6).tolist()


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("which", ["hessian", "jacobian", "hvp", "vhp"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_strict(name: str, which: str, create_graph: bool) -> None:
    """`strict=True` refuses, or gives, what it does in PyTorch."""
    assert strictly(mibun, which, name, create_graph) == strictly(real_torch, which, name, create_graph)
