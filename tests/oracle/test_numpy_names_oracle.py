"""NumPy's names of arguments (`axis=`, `keepdims=`, `x=`, `a=`, `x1=`, `x2=`), against installed PyTorch.

Every sample is called by name, with one argument at a time under each of NumPy's names: PyTorch's native functions take
them, those in Python do not, and mibun has to do the same, with the same results.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from samples import SAMPLES  # noqa: E402
from samples.declare import S, tensors_in  # noqa: E402

pytestmark = pytest.mark.oracle

NAMES = {"dim": ["axis"], "keepdim": ["keepdims"], "input": ["x", "a", "x1"], "other": ["x2"]}


def found(torch: Any, sample: S) -> Callable | None:
    """The function of a sample, or the method."""
    try:
        return getattr(torch.Tensor, sample.name) if sample.method else sample.function(torch)
    except AttributeError:
        return None


def cases() -> Iterator[Any]:
    """One for each function and parameter; of the samples of a function the first one that gives the parameter."""
    seen = set()
    for sample in SAMPLES:
        function = None if sample.call is not None else found(mibun, sample)
        if function is None or found(real_torch, sample) is None or sample.name.startswith("__"):
            continue
        try:
            signature = inspect.signature(function)
            given = signature.bind(*sample.with_tensors(tensors(mibun, sample)), **sample.kw).arguments
        except (ValueError, TypeError):
            continue
        if any(p.kind is p.VAR_POSITIONAL for p in signature.parameters.values()):
            continue
        for name, others in NAMES.items():
            if sample.method and name == next(iter(signature.parameters)):
                continue
            key = (sample.name, sample.method, name)
            if name in given and key not in seen:
                seen.add(key)
                other = others[len(seen) % len(others)]  # by turns
                yield pytest.param(sample, name, other, id="-".join((sample.id, other)))


def tensors(torch: Any, sample: S) -> list:
    return [torch.from_numpy(array.copy()) for array in sample.arrays()]


def call(torch: Any, sample: S, name: str, other: str) -> Any:
    """The results of a call by name, or the error."""
    given = inspect.signature(found(mibun, sample)).bind(*sample.with_tensors(tensors(torch, sample)), **sample.kw)
    kwargs = {other if n == name else n: value for n, value in given.arguments.items()}
    args = [kwargs.pop(next(iter(kwargs)))] if sample.method else []
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return tensors_in(found(torch, sample)(*args, **kwargs))
        except (TypeError, RuntimeError, ValueError, IndexError) as error:
            return error


# One function here, two in PyTorch: that of torch, which is native, is nn.functional's as well.
SHARED = {"celu", "rms_norm", "rrelu", "selu", "threshold"}
CASES = list(cases())


@pytest.mark.parametrize(("sample", "name", "other"), CASES)
def test_name(sample: S, name: str, other: str) -> None:
    theirs, ours = call(real_torch, sample, name, other), call(mibun, sample, name, other)
    if isinstance(theirs, Exception):
        if sample.name.removeprefix("nn.functional.") in SHARED:
            return
        if isinstance(call(real_torch, sample, name, name), Exception):
            return  # PyTorch has yet another name for it (`special.airy_ai(x)`, `orgqr(input2=)`)
    assert isinstance(ours, Exception) == isinstance(theirs, Exception), f"{ours!r} and {theirs!r}"
    if isinstance(theirs, Exception):
        assert type(ours) is type(theirs), f"{ours!r} and {theirs!r}"
        return
    assert [tuple(tensor.shape) for tensor in ours] == [tuple(tensor.shape) for tensor in theirs]


def test_there_are_many() -> None:
    assert len(CASES) > 500


def test_a_name_given_twice_is_refused() -> None:
    x = mibun.ones(2, 3)
    for wrong in (
        lambda: mibun.sum(x, 0, axis=1),
        lambda: mibun.sum(x, dim=0, axis=1),
        lambda: mibun.exp(x, x=x),
        lambda: mibun.exp(x=x, a=x),
        lambda: mibun.mul(x, x, x2=x),
        lambda: mibun.add(x, x, x2=x),
        lambda: x.mul(x, x2=x),
        lambda: mibun.softmax(x, 0, axis=1),
        lambda: mibun.softmax(x),
        lambda: mibun.add(x2=x),
        lambda: mibun.exp(),
        lambda: mibun.mul(x1=x),
        lambda: mibun.nn.functional.softmax(x, axis=1),
    ):
        with pytest.raises(TypeError):
            wrong()


def test_what_opt_einsum_calls() -> None:
    """It has no module for mibun, and calls what NumPy has by these names."""
    a, b = mibun.rand(2, 3, 4), mibun.rand(4, 3, 5)
    expected = np.tensordot(a.numpy(), b.numpy(), axes=((1, 2), (1, 0)))
    np.testing.assert_allclose(mibun.tensordot(a, b, axes=((1, 2), (1, 0))).numpy(), expected, rtol=1e-5)
    assert mibun.transpose(a, (2, 0, 1)).shape == (4, 2, 3) and a.transpose(0, 2).shape == (4, 3, 2)
    with pytest.raises(TypeError):
        mibun.transpose(a, 0)


def test_values() -> None:
    x = mibun.tensor([[1.0, 5.0], [3.0, 2.0]])
    np.testing.assert_array_equal(mibun.sum(x=x, axis=1, keepdims=True).numpy(), [[6.0], [5.0]])
    np.testing.assert_array_equal(mibun.mul(x1=x, x2=x).numpy(), x.numpy() ** 2)
    np.testing.assert_array_equal(mibun.mul(x2=x, input=mibun.ones(2, 2)).numpy(), x.numpy())
    np.testing.assert_array_equal(mibun.cat([x, x], axis=1).numpy(), np.concatenate([x.numpy()] * 2, axis=1))
    np.testing.assert_array_equal(x.sub_(x2=1.0).numpy(), [[0.0, 4.0], [2.0, 1.0]])
    np.testing.assert_array_equal(mibun.exp(a=mibun.zeros(2)).numpy(), [1.0, 1.0])
