"""Number arguments given Tensors, against installed PyTorch: refused, taken as numbers or differentiated, not dropped.

Every parameter that takes a number, of every function that has a sample, gets a 0-d Tensor that requires grad, one that
does not (floating, integer), and one of one dimension. What PyTorch refuses is refused with an error of the same class;
what it takes gives the same results, and where it has a gradient for the number, so does mibun.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from mibun.dispatch.parser import number_kind  # noqa: E402
from samples import SAMPLES  # noqa: E402
from samples.declare import S, tensors_in  # noqa: E402

pytestmark = pytest.mark.oracle

# Stands for a default of None.
INSTEAD_OF_NONE = {"Number": 0.5, "complex": 0.5, "float": 0.5, "float | str": 0.5, "int": 1, "bool": False}


def found(torch: Any, sample: S) -> Any:
    """The function of a sample, or the method; None where there is none."""
    try:
        return getattr(torch.Tensor, sample.name) if sample.method else sample.function(torch)
    except AttributeError:
        return None


@functools.cache
def signature(sample: S) -> inspect.Signature:
    return inspect.signature(found(mibun, sample))


arrays = functools.cache(S.arrays)


def arguments(torch: Any, sample: S) -> inspect.BoundArguments:
    tensors = [torch.from_numpy(array.copy()) for array in arrays(sample)]
    for tensor, differentiated in zip(tensors, sample.differentiated(), strict=True):
        tensor.requires_grad_(differentiated and (tensor.is_floating_point() or tensor.is_complex()))
    return signature(sample).bind(*sample.with_tensors(tensors), **sample.kw)


def cases() -> Iterator[Any]:
    """One for each function and each of its parameters that has a number, in the first sample of the function."""
    seen = set()
    for sample in SAMPLES:
        if sample.call is not None or sample.name.startswith("__") or found(real_torch, sample) is None:
            continue
        try:
            given = arguments(mibun, sample).arguments
        except (TypeError, ValueError, AttributeError):
            continue
        for parameter in signature(sample).parameters.values():
            value = given.get(parameter.name, parameter.default)
            if value is None:
                value = INSTEAD_OF_NONE.get(number_kind(parameter.annotation) or "")
            key = (sample.name, sample.method, parameter.name)
            if isinstance(value, (int, float, complex)) and key not in seen and parameter.name not in NOT_NUMBERS:
                seen.add(key)
                yield pytest.param(sample, parameter.name, value, id=f"{sample.id}-{parameter.name}")


# Only ever asked whether they are true.
NOT_NUMBERS = {
    "_stacklevel", "align_to_window", "antialias", "center", "get_infos", "include_last_offset", "inplace",
    "recompute_scale_factor", "reduce", "return_indices", "size_average",
}  # fmt: skip


def call(torch: Any, sample: S, name: str, number: Any) -> tuple[str, Any]:
    """(what came of it, values or the gradient of the number) with `number` for one argument."""
    given = dict(arguments(torch, sample).arguments)
    given[name] = number
    args: list = []
    kwargs: dict[str, Any] = {}
    by_name = False
    for parameter in signature(sample).parameters.values():
        if parameter.name not in given:
            by_name = True
            continue
        if parameter.kind is parameter.VAR_POSITIONAL:
            args.extend(given[parameter.name])
        elif parameter.kind is parameter.VAR_KEYWORD:
            kwargs.update(given[parameter.name])
        elif parameter.kind is parameter.KEYWORD_ONLY or by_name:
            kwargs[parameter.name] = given[parameter.name]
        else:
            args.append(given[parameter.name])
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            outputs = tensors_in(found(torch, sample)(*args, **kwargs))
        except Exception as error:
            return type(error).__name__, str(error)
        if not number.requires_grad:
            return "values", [array(output) for output in outputs]
        outputs = [output for output in outputs if output.requires_grad]
        if not outputs:
            return "nothing requires grad", None
        total = sum((output.abs() if output.is_complex() else output).sum() for output in outputs)
        try:
            gradient = torch.autograd.grad(total, number, allow_unused=True)[0]
        except Exception as error:
            return type(error).__name__, str(error)
    return ("dropped", None) if gradient is None else ("gradient", [array(gradient)])


def array(tensor: Any) -> np.ndarray:
    return tensor.detach().resolve_conj().resolve_neg().numpy()


# (function, parameter): what PyTorch does otherwise, and why mibun does not do the same.
ON_PURPOSE = {
    ("quantile", "q"): "another test's",
    ("nanquantile", "q"): "another test's",
    ("special.zeta", "input"): "differentiable here",
    ("addcmul", "value"): "taken by position as well",
    ("addcdiv", "value"): "taken by position as well",
    # PyTorch's Python code does not look at these here, and loses the gradient:
    ("nn.functional.gaussian_nll_loss", "eps"): "used under no_grad: its gradient would be lost",
    ("nn.functional.gaussian_nll_loss", "full"): "a bool",
    ("nn.functional.triplet_margin_with_distance_loss", "swap"): "a bool",
    ("nn.functional.embedding", "norm_type"): "not looked at without max_norm",
    ("nn.functional.embedding_bag", "norm_type"): "not looked at without max_norm",
    ("split", "split_size_or_sections"): "a number of rows that is no integer",
    ("nn.functional.interpolate", "align_corners"): "refused for another reason",
    ("nn.functional.upsample", "align_corners"): "refused for another reason",
    ("nn.functional.multi_margin_loss", "p"): "1.0 and 2.0 count as ints",
    ("narrow_copy", "start"): "mibun has the errors of narrow",
    ("nn.functional.batch_norm", "eps"): "0 is refused",
    ("nn.functional.instance_norm", "eps"): "0 is refused",
    # one node here may be two in PyTorch, which takes lists of ints only, here and there:
    **{
        (f"nn.functional.{name}", parameter): "a Tensor counts as an int, not as an empty list"
        for name in "unfold fold lp_pool2d lp_pool3d max_unpool1d max_unpool2d max_unpool3d".split()
        for parameter in "dilation padding stride kernel_size".split()
    },
}
CASES = list(cases())


@pytest.mark.parametrize(("sample", "name", "value"), CASES)
def test_number(sample: S, name: str, value: Any) -> None:
    if (sample.name, name) in ON_PURPOSE:
        return
    number = value.real if isinstance(value, complex) else value
    for kind, make in {
        "requires grad": lambda torch: torch.tensor(float(number), dtype=torch.float64, requires_grad=True),
        "floating": lambda torch: torch.tensor(float(number), dtype=torch.float64),
        "integer": lambda torch: torch.tensor(int(min(max(number, -1000), 1000))),
        "one dimension": lambda torch: torch.tensor([float(number)], dtype=torch.float64),
    }.items():
        expected = call(real_torch, sample, name, make(real_torch))
        if "INTERNAL ASSERT" in str(expected[1]):
            continue
        ours = call(mibun, sample, name, make(mibun))
        assert ours[0] == expected[0], f"{kind}: {ours} and {expected}"
        if isinstance(expected[1], list):
            assert len(ours[1]) == len(expected[1])
            for one, other in zip(ours[1], expected[1], strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9, equal_nan=True, err_msg=kind)


def test_there_are_many() -> None:
    assert len(CASES) > 500


# --- what has no sample of that form: creation, random numbers, windows, layers ---


def x(torch: Any) -> Any:
    return torch.tensor(2.0, dtype=torch.float64, requires_grad=True)


def y(torch: Any) -> Any:
    return torch.linspace(0.1, 0.9, 4, dtype=torch.float64).requires_grad_()


def A(torch: Any) -> Any:
    return torch.linspace(0.1, 0.9, 9, dtype=torch.float64).view(3, 3).detach().requires_grad_()


CALLS: dict[str, Callable] = {
    "full": lambda t, x: t.full((2,), x),
    "full_like": lambda t, x: t.full_like(y(t), x),
    "new_full": lambda t, x: y(t).new_full((2,), x),
    "scalar_tensor": lambda t, x: t.scalar_tensor(x),
    "arange": lambda t, x: t.arange(0, x),
    "arange(end)": lambda t, x: t.arange(x),
    "arange(end=)": lambda t, x: t.arange(end=x),
    "range": lambda t, x: t.range(0, x),
    "logspace": lambda t, x: t.logspace(0, 1, 3, base=x),
    "eye": lambda t, x: t.eye(x),
    "zeros": lambda t, x: t.zeros(x),
    "zeros(,)": lambda t, x: t.zeros((2, x)),
    "requires_grad": lambda t, x: t.zeros(2, requires_grad=x),
    "trapezoid": lambda t, x: t.trapezoid(y(t), dx=x),
    "trapz": lambda t, x: t.trapz(y(t), dx=x),
    "cumulative_trapezoid": lambda t, x: t.cumulative_trapezoid(y(t), dx=x),
    "clamp": lambda t, x: t.clamp(y(t), x),
    "clamp(min, max)": lambda t, x: t.clamp(y(t), x / 4, x),
    "clamp(number, Tensor)": lambda t, x: t.clamp(y(t), 0.0, x),
    "clamp_": lambda t, x: (y(t) * 1).clamp_(0.0, x),
    "masked_fill": lambda t, x: y(t).masked_fill(t.tensor([True] * 4), x),
    "masked_fill_": lambda t, x: (y(t) * 1).masked_fill_(t.tensor([True] * 4), x),
    "index_fill": lambda t, x: y(t).index_fill(0, t.tensor([0]), x),
    "fill": lambda t, x: t.fill(y(t), x),
    "fill_": lambda t, x: (y(t) * 1).fill_(x),
    "where": lambda t, x: t.where(y(t) > 0.5, y(t), x),
    "scatter": lambda t, x: y(t).scatter(0, t.tensor([0]), x),
    "scatter-2": lambda t, x: x.detach().scatter(0, t.tensor([0, 0]), t.stack([x, x])),
    "scatter_add": lambda t, x: y(t).scatter_add(0, t.tensor([0]), x),
    "scatter_reduce": lambda t, x: y(t).scatter_reduce(0, t.tensor([0]), x, "prod"),
    "scatter(value=)": lambda t, x: y(t).scatter(0, t.tensor([0]), value=x),
    "index_copy": lambda t, x: y(t).index_copy(0, t.tensor([0]), x),
    "setitem": lambda t, x: set_first(y(t) * 1, x),
    "pow": lambda t, x: t.pow(2.0, x),
    "lerp": lambda t, x: t.lerp(y(t), y(t) * 2, x),
    "add_": lambda t, x: (y(t) * 1).add_(y(t), alpha=x),
    "sub(alpha=)": lambda t, x: t.sub(y(t), y(t), alpha=x),
    "rsub(alpha=)": lambda t, x: t.rsub(y(t), y(t), alpha=x),
    "addcmul_": lambda t, x: (y(t) * 1).addcmul_(y(t), y(t), value=x),
    "addmm_": lambda t, x: (A(t) * 1).addmm_(A(t), A(t), alpha=x),
    "gradient": lambda t, x: t.gradient(y(t), spacing=x),
    "gradient(list)": lambda t, x: t.gradient(y(t), spacing=[t.arange(4.0, dtype=t.float64) * x]),
    "std": lambda t, x: t.std(y(t), correction=x),
    "var_mean": lambda t, x: t.var_mean(y(t), correction=x),
    "norm": lambda t, x: t.norm(y(t), p=x),
    "Tensor.norm": lambda t, x: y(t).norm(x),
    "renorm_": lambda t, x: (A(t) * 1).renorm_(2, 0, x),
    "cdist": lambda t, x: t.cdist(A(t), A(t) * 2, p=x),
    "allclose": lambda t, x: t.allclose(y(t), y(t), rtol=x),
    "histc": lambda t, x: t.histc(y(t).detach(), 3, 0, x),
    "multinomial": lambda t, x: t.multinomial(y(t), x),
    "normal": lambda t, x: t.normal(x, 1.0, (2,)),
    "normal_": lambda t, x: t.empty(2).normal_(x),
    "uniform_": lambda t, x: t.empty(2).uniform_(0, x),
    "exponential_": lambda t, x: t.empty(2).exponential_(x),
    "bernoulli_": lambda t, x: t.empty(2).bernoulli_(x / 4),
    "init.uniform_": lambda t, x: t.nn.init.uniform_(t.empty(2), 0, x),
    "init.normal_": lambda t, x: t.nn.init.normal_(t.empty(2), x),
    "init.constant_": lambda t, x: t.nn.init.constant_(t.empty(2), x),
    "kaiser_window": lambda t, x: t.kaiser_window(4, True, beta=x),
    "hamming_window": lambda t, x: t.hamming_window(4, True, alpha=x),
    "pad": lambda t, x: t.nn.functional.pad(y(t), (1, 1), value=x),
    "gumbel_softmax": lambda t, x: t.nn.functional.gumbel_softmax(A(t), tau=x),
    "soft_margin_loss(target)": lambda t, x: t.nn.functional.soft_margin_loss(y(t).detach(), y(t) * x),
    "interpolate": lambda t, x: t.nn.functional.interpolate(y(t)[None, None], scale_factor=x),
    "attention": lambda t, x: t.nn.functional.scaled_dot_product_attention(A(t)[None], A(t)[None], A(t)[None], scale=x),
    "pinv": lambda t, x: t.linalg.pinv(A(t), rtol=x / 9),
    "matrix_rank": lambda t, x: t.linalg.matrix_rank(A(t), rtol=x / 9),
    "batch_norm(running_mean)": lambda t, x: t.nn.functional.batch_norm(
        A(t), t.ones(3, dtype=t.float64) * x, t.ones(3, dtype=t.float64)
    ),
    "tensordot": lambda t, x: t.tensordot(A(t), A(t), dims=x),
    "LeakyReLU": lambda t, x: t.nn.LeakyReLU(x)(y(t)),
    "ELU": lambda t, x: t.nn.ELU(x)(y(t)),
    "CELU": lambda t, x: t.nn.CELU(x)(y(t)),
    "Softplus": lambda t, x: t.nn.Softplus(beta=x)(y(t)),
    "Hardshrink": lambda t, x: t.nn.Hardshrink(x)(y(t)),
    "Softshrink": lambda t, x: t.nn.Softshrink(x)(y(t)),
    "Threshold": lambda t, x: t.nn.Threshold(x, 0.0)(y(t)),
    "RReLU": lambda t, x: t.nn.RReLU(x / 4, x)(y(t)),
    "Dropout": lambda t, x: t.nn.Dropout(x / 4)(y(t)),
    "AlphaDropout": lambda t, x: t.nn.AlphaDropout(x / 4)(y(t)),
    "LayerNorm": lambda t, x: t.nn.LayerNorm(3, eps=x, dtype=t.float64)(A(t)),
    "RMSNorm": lambda t, x: t.nn.RMSNorm(3, eps=x, dtype=t.float64)(A(t)),
    "GroupNorm": lambda t, x: t.nn.GroupNorm(1, 3, eps=x, dtype=t.float64)(A(t)),
    "BatchNorm1d": lambda t, x: t.nn.BatchNorm1d(3, eps=x, dtype=t.float64)(A(t)),
    "LocalResponseNorm": lambda t, x: t.nn.LocalResponseNorm(2, alpha=x)(A(t)[None]),
    "LPPool1d": lambda t, x: t.nn.LPPool1d(x, 2)(A(t)[None]),
    "PairwiseDistance": lambda t, x: t.nn.PairwiseDistance(p=x)(A(t), A(t) * 2),
    "CosineSimilarity": lambda t, x: t.nn.CosineSimilarity(eps=x)(A(t), A(t) * 2),
    "HuberLoss": lambda t, x: t.nn.HuberLoss(delta=x)(y(t), y(t) * 2),
    "SmoothL1Loss": lambda t, x: t.nn.SmoothL1Loss(beta=x)(y(t), y(t) * 2),
    "MarginRankingLoss": lambda t, x: t.nn.MarginRankingLoss(x)(y(t), y(t), t.ones(4)),
    "HingeEmbeddingLoss": lambda t, x: t.nn.HingeEmbeddingLoss(x)(y(t), t.ones(4)),
    "TripletMarginLoss": lambda t, x: t.nn.TripletMarginLoss(x)(A(t), A(t), A(t) + 1),
    "CrossEntropyLoss": lambda t, x: t.nn.CrossEntropyLoss(label_smoothing=x / 4)(A(t), t.tensor([0, 1, 2])),
    "PoissonNLLLoss": lambda t, x: t.nn.PoissonNLLLoss(log_input=False, eps=x)(y(t), y(t)),
    "ConstantPad1d": lambda t, x: t.nn.ConstantPad1d(1, x)(A(t)),
    "Upsample": lambda t, x: t.nn.Upsample(scale_factor=x)(y(t)[None, None]),
}


def set_first(tensor: Any, value: Any) -> Any:
    tensor[0] = value
    return tensor


def outcome(torch: Any, name: str, grad: bool) -> tuple[str, Any]:
    torch.manual_seed(0)
    number = x(torch) if grad else x(torch).detach()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            outputs = tensors_in(CALLS[name](torch, number))
            if not grad:
                return "values", [array(output) for output in outputs]
            outputs = [output for output in outputs if output.requires_grad]
            if not outputs:
                return "nothing requires grad", None
            gradient = torch.autograd.grad(sum(o.sum() for o in outputs), number, allow_unused=True)[0]
        except Exception as error:
            return type(error).__name__, str(error)
    return ("dropped", None) if gradient is None else ("gradient", [array(gradient)])


@pytest.mark.parametrize("grad", [True, False])
@pytest.mark.parametrize("name", CALLS)
def test_call(name: str, grad: bool) -> None:
    expected, ours = outcome(real_torch, name, grad), outcome(mibun, name, grad)
    same = ours[0] == expected[0] or (ours[0], expected[0]) == ("NotImplementedError", "RuntimeError")
    assert same, f"{ours} and {expected}"
    if isinstance(expected[1], list):
        for one, other in zip(ours[1], expected[1], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)
