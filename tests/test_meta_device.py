"""Tensors on the device "meta": of every operator the shape, dtype and device of the result, without data.

What PyTorch does with them beside that is in `tests/oracle/test_meta_oracle.py`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from tests.samples import SAMPLES
from tests.samples.declare import S

import mibun as torch

# What they give depends on values; PyTorch refuses them too.
NEED_VALUES = (
    "equal masked_select nonzero argwhere bincount bincount-weights unique unique-dim unique_consecutive "
    "__getitem__-mask __setitem__-mask"
).split()
# Samples that put a tensor with data beside one without.
MIXED = ("linalg.", "cholesky", "lu_solve", "logdet", "matrix_exp", "nn.functional.embedding_bag")


def made(argument: Any, random: np.random.Generator) -> Any:
    if hasattr(argument, "make"):
        return torch.tensor(argument.make(random))
    if isinstance(argument, (list, tuple)):
        return type(argument)(made(one, random) for one in argument)
    return argument


def on_meta(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.to("meta")
    return type(value)(map(on_meta, value)) if isinstance(value, (list, tuple)) else value


def leaves(value: Any) -> list:
    return [leaf for one in value for leaf in leaves(one)] if isinstance(value, (list, tuple)) else [value]


def called(sample: S, arguments: list) -> list:
    if sample.call is not None:
        result = sample.call(torch, *arguments, **sample.kw)
    elif sample.method:
        result = getattr(arguments[0], sample.name)(*arguments[1:], **sample.kw)
    else:
        function: Any = torch
        for part in sample.name.split("."):
            function = getattr(function, part)
        result = function(*arguments, **sample.kw)
    return leaves(result)


def test_every_operator_gives_shapes() -> None:
    random = np.random.default_rng(0)
    wrong = []
    n = 0
    for sample in SAMPLES:
        if sample.id.startswith(MIXED):
            continue
        arguments = [made(one, random) for one in sample.args]
        if not any(isinstance(one, torch.Tensor) for one in leaves(arguments)):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = called(sample, arguments)
            n += 1
            try:
                found = called(sample, on_meta(arguments))
            except NotImplementedError:
                if not sample.id.startswith(tuple(NEED_VALUES)):
                    wrong.append(f"{sample.id}: refused")
                continue
            except Exception as error:
                wrong.append(f"{sample.id}: {error!r}")
                continue
        for one, other in zip(expected, found, strict=True):
            if not isinstance(one, torch.Tensor):
                continue
            same = (one.shape, one.dtype, "meta") == (other.shape, other.dtype, other.device.type)
            if not same or other.requires_grad != one.requires_grad:
                wrong.append(f"{sample.id}: {one.shape} {one.dtype}, but {other!r}")
    assert wrong == []
    assert n > 900


def test_nothing_is_computed() -> None:
    x = torch.empty(200_000, 200_000, device="meta", requires_grad=True)  # 149 GiB
    y = ((x @ x.t()).relu() + 1).sum(0).mean()
    y.backward()
    assert x.grad.shape == x.shape
    assert x.grad.is_meta
    x.data.normal_().mul_(2).zero_()


@pytest.mark.parametrize(
    "name", ["Linear", "LSTM", "TransformerEncoderLayer", "Conv2d", "Embedding", "MultiheadAttention"]
)
def test_modules_are_made_without_data_or_random_numbers(name: str) -> None:
    arguments = {"LSTM": (4, 5), "TransformerEncoderLayer": (4, 2), "Conv2d": (2, 3, 3), "MultiheadAttention": (4, 2)}
    kind, given = getattr(torch.nn, name), arguments.get(name, (3, 4))
    torch.manual_seed(3)
    state = torch.get_rng_state()
    with torch.device("meta"):
        module = kind(*given)
    assert torch.equal(torch.get_rng_state(), state)
    plain = kind(*given)
    assert [p.shape for p in module.parameters()] == [p.shape for p in plain.parameters()]
    assert all(p.is_meta and p.requires_grad for p in module.parameters())
    assert torch.ones(1).device.type == "cpu"
    module.load_state_dict(plain.state_dict(), assign=True)
    assert all(torch.equal(p, q) for p, q in zip(module.parameters(), plain.parameters(), strict=True))


def test_a_network_runs_forward_and_backward() -> None:
    with torch.device("meta"):
        model = torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.BatchNorm2d(8), torch.nn.ReLU(), torch.nn.Dropout(),
            torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(8, 10),
        )  # fmt: skip
        target = torch.zeros(4, dtype=torch.long)
    output = model(torch.empty(4, 3, 16, 16, device="meta"))
    assert (tuple(output.shape), output.stride(), output.device.type) == ((4, 10), (10, 1), "meta")
    torch.nn.functional.cross_entropy(output, target).backward()
    assert all(p.grad.is_meta and p.grad.shape == p.shape for p in model.parameters())
    optimizer = torch.optim.Adam(model.parameters())
    optimizer.step()
    with pytest.raises(NotImplementedError, match="to_empty"):
        model.to("cpu")
    assert all(p.device.type == "cpu" for p in model.to_empty(device="cpu").parameters())


def test_an_error_names_the_device() -> None:
    with pytest.raises(RuntimeError, match="not on the expected device"):
        torch.empty(2, 3, device="meta") + torch.ones(2, 3)
    with pytest.raises(RuntimeError, match="not on the expected device"):
        torch.ones(2, 3).mul_(torch.empty(2, 3, device="meta"))
