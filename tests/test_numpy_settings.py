"""Whatever NumPy's error settings and the filters of warnings are, operators do the same and stay silent.

Every sample runs on values that overflow, divide by zero and are not numbers, forward and backward, once where nothing
is noticed and then under settings that make NumPy raise, or show every warning.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.core import quiet
from samples import SAMPLES
from samples.declare import S

# Zeros, infinities, NaN, what overflows when multiplied, what vanishes when multiplied.
ROUGH = np.array([0.0, np.inf, -np.inf, np.nan, 1e300, -1e300, 1e-310, -0.0, 1.0, -1.0, 800.0])
# LAPACK may never end on infinities, NaN and what overflows.
LAPACK = re.compile("linalg|svd|eig|cond|pinv|rank|norm|lstsq|cholesky|qr|lu|lobpcg|pca|spectral")


@contextlib.contextmanager
def ignoring() -> Iterator[None]:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def raising() -> Iterator[None]:
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


@contextlib.contextmanager
def warning_is_error() -> Iterator[None]:
    with np.errstate(all="warn"), warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


@contextlib.contextmanager
def recording() -> Iterator[None]:
    with np.errstate(all="warn"), warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        yield
    assert not [w for w in shown if issubclass(w.category, RuntimeWarning)], [str(w) for w in shown]


SETTINGS = {"raise": raising, "error": warning_is_error, "always": recording}


def rough(arrays: list[np.ndarray], name: str) -> list[np.ndarray]:
    """The arrays with some of their elements replaced."""
    random = np.random.default_rng(len(name))
    values = np.array([0.0, 1.0, -1.0]) if LAPACK.search(name) else ROUGH
    made = []
    for array in arrays:
        if array.dtype.kind in "fc" and array.size:
            flat = array.ravel().copy()
            places = random.random(flat.size) < 0.6
            flat[places] = random.choice(values, flat.size)[places]
            array = flat.reshape(array.shape)
        made.append(array)
    return made


def outcome(sample: S, arrays: list[np.ndarray], settings: Any) -> list[Any]:
    """What an operator and its gradient give: arrays, or the class of the error."""
    found: list[Any] = []
    torch.manual_seed(0)
    tensors = [torch.from_numpy(array.copy()) for array in arrays]
    for tensor, differentiated in zip(tensors, sample.differentiated(), strict=True):
        if differentiated:
            tensor.requires_grad_()
    with settings():
        try:
            result = sample.run(torch, tensors)
        except Exception as error:
            return [type(error)]
        outputs = [out for out in leaves_of(result) if isinstance(out, torch.Tensor)]
        found += [out.detach() for out in outputs]
        outputs = [out for out in outputs if out.requires_grad]
        inputs = [tensor for tensor in tensors if tensor.requires_grad]
        if outputs and inputs:
            for create_graph in (False, True):
                try:
                    grads = torch.autograd.grad(
                        outputs,
                        inputs,
                        [torch.ones_like(out) for out in outputs],
                        retain_graph=True,
                        create_graph=create_graph,
                        allow_unused=True,
                    )
                    found += [None if grad is None else grad.detach() for grad in grads]
                except Exception as error:
                    found.append(type(error))
    return [item.numpy() if isinstance(item, torch.Tensor) else item for item in found]


def leaves_of(result: Any) -> list[Any]:
    if isinstance(result, (tuple, list)):
        return [leaf for part in result for leaf in leaves_of(part)]
    return [result]


def agree(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
    return one is other


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", sorted({sample.name for sample in SAMPLES}))
def test_settings_change_nothing(name, dtype):
    for sample in [sample for sample in SAMPLES if sample.name == name]:
        arrays = rough(sample.arrays(), name)
        with np.errstate(over="ignore"):
            arrays = [array.astype(dtype) if array.dtype.kind == "f" else array for array in arrays]
        expected = outcome(sample, arrays, ignoring)
        for settings in SETTINGS.values():
            found = outcome(sample, arrays, settings)
            assert len(found) == len(expected) and all(map(agree, found, expected)), (sample.id, found, expected)


def optimized(name: str) -> list[Any]:
    """A parameter after three steps with gradients of infinities, NaN and 1e30."""
    parameter = torch.nn.Parameter(torch.ones(6))
    optimizer = getattr(torch.optim, name)([parameter], **({} if name != "SGD" else {"lr": 0.1, "momentum": 0.9}))
    gradients = iter(([0.0, np.inf, -np.inf, np.nan, 1e30, -1e30], [0.0] * 6, [np.inf, 1e30, 1e-30, 1e30, -1e30, 0.0]))

    def closure() -> Any:
        parameter.grad = torch.tensor(next(gradients))
        return parameter.sum() * np.inf

    for _ in range(1 if name == "LBFGS" else 3):
        optimizer.step(closure) if name == "LBFGS" else (closure(), optimizer.step())
    return [parameter.detach().numpy()]


def shown(values: list[float]) -> list[Any]:
    return [repr(torch.tensor(values)), repr(torch.tensor(values, dtype=torch.float64))]


HUGE = [0.0, np.inf, -np.inf, np.nan, 1e300, -1e300]
ZEROS = torch.zeros(2, dtype=torch.float64, requires_grad=True)
OTHERS = {
    **{
        name: lambda name=name: optimized(name)
        for name in torch.optim.__all__
        if isinstance(getattr(torch.optim, name), type) and name not in ("Optimizer", "SparseAdam", "LBFGS", "Muon")
    },
    "tensor": lambda: [torch.tensor(HUGE).numpy(), torch.tensor(HUGE, dtype=torch.float16).numpy()],
    "casts": lambda: [torch.tensor(HUGE, dtype=torch.float64).to(d).numpy() for d in (torch.float16, torch.float32)],
    "full": lambda: [torch.full((2,), 1e30).numpy(), torch.full((2,), np.inf, dtype=torch.float16).numpy()],
    "fill_": lambda: [torch.zeros(2).fill_(torch.tensor(1e300, dtype=torch.float64)).numpy()],
    "ranges": lambda: [torch.linspace(0, 1e300, 3).numpy(), torch.logspace(0, 400, 3).numpy()],
    "repr": lambda: shown(HUGE) + shown([1e-320, 1e300]) + shown([1e30, 1.0]),
    "clip_grad": lambda: clipped(),
    "batch norm": lambda: [normalised().numpy()],
    "setitem": lambda: [assigned().numpy()],
    "in place": lambda: [torch.tensor(HUGE).mul_(1e30).add_(np.inf).div_(0).log_().numpy()],
    "augmented": lambda: [augmented().numpy()],
    "accumulated": lambda: [accumulated().numpy()],
    "forward mode": lambda: torch.autograd.functional.jvp(lambda x: x.log() / x, torch.tensor(HUGE), torch.ones(6)),
    "gradcheck": lambda: [
        torch.autograd.gradcheck(lambda x: x / x, torch.zeros(2).double().requires_grad_(), raise_exception=False)
    ],
    "random": lambda: [drawn(draw).numpy() for draw in DRAWS],
    "comparison": lambda: [torch.allclose(torch.tensor(HUGE), torch.tensor(HUGE), equal_nan=True)],
}
DRAWS = ("exponential_", "cauchy_", "log_normal_", "geometric_", "normal_", "uniform_")


def clipped() -> list[Any]:
    parameter = torch.nn.Parameter(torch.ones(3))
    parameter.grad = torch.tensor([np.inf, 1.0, 1e30])
    norm = torch.nn.utils.clip_grad_norm_(parameter, 1.0)
    return [norm.numpy(), parameter.grad.numpy()]


def normalised() -> torch.Tensor:
    norm = torch.nn.BatchNorm1d(2)
    norm(torch.tensor([[np.inf, 1e30], [1.0, -1e30]]))
    return torch.cat([norm.running_mean, norm.running_var])


def assigned() -> torch.Tensor:
    x = torch.zeros(6)
    x[:] = torch.tensor(HUGE, dtype=torch.float64)
    return x


def augmented() -> torch.Tensor:
    x = torch.tensor(HUGE)
    x += np.inf
    x *= 1e30
    x /= 0
    return x


def accumulated() -> torch.Tensor:
    x = torch.ones(2, requires_grad=True)
    for sign in (1, -1):
        (x * torch.tensor([np.inf, 3e38]) * sign).sum().backward()
        (x * torch.tensor([np.inf, 3e38]) * sign + x * torch.tensor([-np.inf, 3e38])).sum().backward()
    return x.grad


def drawn(name: str) -> torch.Tensor:
    torch.manual_seed(0)
    x = torch.zeros(1000)
    return getattr(x, name)(0.999) if name == "geometric_" else getattr(x, name)()


@pytest.mark.parametrize("name", OTHERS)
def test_settings_change_nothing_elsewhere(name):
    with ignoring():
        expected = OTHERS[name]()
    for settings in SETTINGS.values():
        with settings():
            found = OTHERS[name]()
        for one, other in zip(found, expected, strict=True):
            if isinstance(one, torch.Tensor):
                one, other = one.numpy(), other.numpy()
            assert agree(one, other) or one == other, (settings, found, expected)


def test_the_users_own_warnings_and_filters_are_kept():
    with warnings.catch_warnings(record=True) as seen, np.errstate(all="warn"):
        warnings.simplefilter("always")
        torch.tensor([1e38]).mul(1e38).sigmoid()
        np.array([1e300]) * np.array([1e300])
    assert [w.filename for w in seen] == [__file__]
    with warnings.catch_warnings():
        warnings.resetwarnings()
        torch.sigmoid(torch.ones(2)).sum(0)
        assert warnings.filters[0] is quiet.FILTER and warnings.filters.count(quiet.FILTER) == 1


def test_a_functions_own_code_sees_the_users_settings():
    class Half(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x / 2

        @staticmethod
        def backward(ctx, grad):
            np.array([1e300]) * np.array([1e300])
            return grad / 2

    y = Half.apply(torch.ones(1, requires_grad=True))
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        y.sum().backward()
