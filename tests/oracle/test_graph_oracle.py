"""Whole graphs of every operator against installed PyTorch: names of nodes, edges, and their order.

A graph is written down as a tree: a node's name and, in order, what its `next_functions` lead to.
"""

from __future__ import annotations

import itertools
import operator
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from oracle.test_ops_oracle import make, run  # noqa: E402
from samples import SAMPLES  # noqa: E402
from samples.declare import S, X, tensors_in  # noqa: E402
from test_ops import known  # noqa: E402

pytestmark = pytest.mark.oracle


def graph(node: Any, leaves: list, depth: int = 0) -> Any:
    """A node and all behind it: (name, output number or None, …); leaves by their number among the inputs."""
    if node is None:
        return None
    if node.name() == "torch::autograd::AccumulateGrad":
        return next((i for i, leaf in enumerate(leaves) if leaf is node.variable), "another leaf")
    if depth > 40:
        return "…"
    return (
        node.name(),
        *[(graph(n, leaves, depth + 1), i) if i else graph(n, leaves, depth + 1) for n, i in node.next_functions],
    )


def graphs(torch: Any, sample: S, arrays: list, only: int | None) -> Any:
    """The graph of each output, or the class of the error."""
    inputs = make(torch, sample, arrays)
    if only is not None:
        for i, tensor in enumerate(inputs):
            if i != only and tensor.requires_grad:
                tensor.requires_grad_(False)
    outputs = run(torch, sample, inputs)
    if isinstance(outputs, Exception):
        return type(outputs).__name__
    return [(out.output_nr, graph(out.grad_fn, inputs)) for out in tensors_in(outputs)]


# Where one operator here is several there, or the reverse: keys are ids, or the start of some.
_WHOLE = "one operator here, with the edges of its operands; views and a product of matrices in PyTorch"
_NUMBER = "PyTorch's own C++ adds numbers by operators that a Python program never sees (AddBackward1)"
DIFFERENT = {
    "__getitem__-": "a whole index is one view here, and one for each entry in PyTorch",
    "matmul-": _WHOLE,
    "inner": _WHOLE,
    "tensordot": _WHOLE,
    "linalg.matrix_power": _WHOLE,
    "linalg.cholesky-upper": _WHOLE + " (the sample's own)",
    "cholesky_inverse-factor": _WHOLE + " (the sample's own)",
    "linalg.eigh-batch": _WHOLE + " (the sample's own)",
    "linalg.svd-batch": _WHOLE + " (the sample's own)",
    "svd": _WHOLE + " (the sample's own)",
    "nn.functional.linear": "the weight is used transposed where PyTorch records the transposition: half as slow again",
    "nn.functional.scaled_dot_product_attention": _WHOLE,
    "cov": "a transposition has two names",
    "corrcoef": "the same",
    "kron": "a view has two names",
    "combinations": "chosen by indices here, by a mask in PyTorch",
    "repeat_interleave": "one copy here",
    "cumulative_trapezoid": _NUMBER,
    "special.ndtr": "one operator here",
    "nn.functional.rms_norm": _NUMBER,
    "nn.functional.hinge_embedding_loss": _NUMBER,
    "nn.functional.margin_ranking_loss": _NUMBER,
    "nn.functional.cosine_embedding_loss": _NUMBER,
    "nn.functional.triplet_margin": _NUMBER,
    "nn.functional.cross_entropy-smoothing": _NUMBER,
    "nn.functional.cross_entropy-space": "PyTorch adds an axis first",
    "nn.functional.cosine_similarity": "the limit is a clamp here, and written into a copy in PyTorch",
}
CASES = [
    pytest.param(sample, complex_, id=sample.id + ("-complex" if complex_ else ""))
    for sample in SAMPLES
    if known(sample) and sample.order and not {"all", "value", "name"} & set(sample.oracle)
    if not sample.id.startswith(tuple(DIFFERENT))
    for complex_ in (False, True)
    if not complex_ or (sample.complex and sample.floats())
]


@pytest.mark.parametrize(("sample", "complex_"), CASES)
def test_samples(sample: S, complex_: bool) -> None:
    """The graph of each sample, with all operands requiring grad and with each alone."""
    arrays = sample.arrays(complex_)
    differentiated = [i for i, flag in enumerate(sample.differentiated()) if flag]
    for only in [None, *(differentiated if len(differentiated) > 1 else ())]:
        assert graphs(mibun, sample, arrays, only) == graphs(real_torch, sample, arrays, only)


# --- orders of operands ---

INFIX = "add sub mul truediv pow floordiv mod".split()
FUNCTIONS = (
    "add sub subtract rsub mul multiply div divide true_divide pow float_power remainder fmod floor_divide maximum "
    "minimum fmax fmin atan2 arctan2 hypot copysign logaddexp logaddexp2 xlogy clamp clip clamp_min clamp_max ldexp "
    "heaviside nextafter dist"
).split()
SHAPES = [((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 1)), ((), (3,)), ((2,), ())]
NUMBERS = [2, 2.5, 0, 1j, np.float64(2), np.int64(2)]


def forms(name: str) -> dict[str, Callable]:
    """All ways to call an operator of two operands: what it is called -> a function (torch, left, right)."""
    if name in INFIX:
        infix, inplace = getattr(operator, name), getattr(operator, f"i{name}")
        return {
            "infix": lambda torch, x, y: infix(x, y),
            "infix in place": lambda torch, x, y: inplace(x * 1 if isinstance(x, torch.Tensor) else x, y),
        }
    return {
        "function": lambda torch, x, y: getattr(torch, name)(x, y),
        "method": lambda torch, x, y: getattr(torch.Tensor, name)(x, y),
        "in place": lambda torch, x, y: getattr(torch.Tensor, name + "_")(x * 1, y),
    }


def pairs(torch: Any) -> Iterator[tuple[str, list, Any, Any]]:
    """(what they are, the tensors, left, right): two Tensors of which one or both require grad, or one and a number."""
    values = np.random.default_rng(0).uniform(0.5, 2.0, (2, 3))

    def tensor(shape: tuple[int, ...], grad: bool) -> Any:
        return torch.from_numpy(np.resize(values, shape)).requires_grad_(grad)

    for (left, right), needs in itertools.product(SHAPES, [(True, True), (True, False), (False, True)]):
        tensors = [tensor(left, needs[0]), tensor(right, needs[1])]
        yield f"{left} {right} {needs}", tensors, *tensors
    for number, shape in itertools.product(NUMBERS, [(2, 3), ()]):
        x = tensor(shape, True)
        yield f"tensor{shape} {number!r}", [x], x, number
        yield f"{number!r} tensor{shape}", [x], number, x


@pytest.mark.parametrize("name", [*INFIX, *FUNCTIONS])
def test_orders(name: str) -> None:
    """Operands in every order, of which one or the other requires grad, in every form of the operator."""
    wrong = []
    for form, call in forms(name).items():
        for (what, leaves, *pair), (_, real_leaves, *real_pair) in zip(pairs(mibun), pairs(real_torch), strict=True):
            found, expected = order(mibun, call, leaves, pair), order(real_torch, call, real_leaves, real_pair)
            differs = expected != "refused" and found != expected
            # PyTorch has no derivative of `number % tensor`.
            if differs and not (name in ("mod", "remainder") and "NotImplemented" in str(expected)):
                wrong.append(f"{form} of {what}: {found}, in PyTorch {expected}")
    assert not wrong, "\n".join(wrong)


def order(torch: Any, call: Callable, leaves: list, pair: list) -> Any:
    try:
        return graph(call(torch, *pair).grad_fn, leaves)
    except (RuntimeError, TypeError, ValueError, AttributeError, NotImplementedError):
        return "refused"


MORE: dict[str, Callable] = {
    "add alpha": lambda torch, x, y: torch.add(x, y, alpha=2),
    "add number alpha": lambda torch, x, y: torch.add(x, 3, alpha=2),
    "add_ alpha": lambda torch, x, y: x.clone().add_(y, alpha=0.5),
    "sub alpha": lambda torch, x, y: torch.sub(x, y, alpha=2),
    "rsub alpha": lambda torch, x, y: torch.rsub(x, y, alpha=2),
    "div floor": lambda torch, x, y: torch.div(x, y, rounding_mode="floor"),
    "div_ trunc": lambda torch, x, y: x.clone().div_(y, rounding_mode="trunc"),
    "where": lambda torch, x, y: torch.where(x.detach() > 1, x, y),
    "where number first": lambda torch, x, y: torch.where(x.detach() > 1, 2.0, y),
    "where number last": lambda torch, x, y: torch.where(x.detach() > 1, x, 2.0),
    "masked_fill": lambda torch, x, y: x.masked_fill(x.detach() > 1, 2.0),
    "clamp tensors": lambda torch, x, y: x.clamp(y, y + 1),
    "clamp max tensor": lambda torch, x, y: x.clamp(max=y),
    "clamp_ min tensor": lambda torch, x, y: x.clone().clamp_(min=y),
    "clamp numbers": lambda torch, x, y: x.clamp(0.6, 0.9),
    "lerp": lambda torch, x, y: x.lerp(y, 0.3),
    "lerp tensor": lambda torch, x, y: x.lerp(y, x),
    "addcmul": lambda torch, x, y: torch.addcmul(x, x, y, value=2),
    "addcdiv": lambda torch, x, y: torch.addcdiv(x, x, y),
    "copy_": lambda torch, x, y: x.clone().copy_(y),
    "setitem": lambda torch, x, y: set_item(x.clone(), y),
    "setitem number": lambda torch, x, y: set_item(x.clone(), 3.0),
    "bce": lambda torch, x, y: torch.nn.functional.binary_cross_entropy(x.sigmoid(), y.sigmoid()),
    "bce logits": lambda torch, x, y: torch.nn.functional.binary_cross_entropy_with_logits(x, y),
    "mse": lambda torch, x, y: torch.nn.functional.mse_loss(x, y),
    "l1": lambda torch, x, y: torch.nn.functional.l1_loss(x, y),
    "huber": lambda torch, x, y: torch.nn.functional.huber_loss(x, y),
    "kl": lambda torch, x, y: torch.nn.functional.kl_div(x, y, reduction="sum"),
    "nll": lambda torch, x, y: torch.nn.functional.nll_loss(x * y, torch.zeros(2, dtype=torch.int64)),
    "cross entropy": lambda torch, x, y: torch.nn.functional.cross_entropy(x * y, torch.zeros(2, dtype=torch.int64)),
    "poly": lambda torch, x, y: 3 * x**2 + 2 * y - 1 / x + (1 - y) * 2,
    "scaled": lambda torch, x, y: 0.5 * (2 + x) * (-y) / 3,
    "stacked": lambda torch, x, y: torch.stack([x, y, 2 * x]),
    "cat": lambda torch, x, y: torch.cat([y, x], 1),
    "mm": lambda torch, x, y: x @ y.T,
    "addmm": lambda torch, x, y: torch.addmm(x, x @ y.T, y),
    "softmax": lambda torch, x, y: torch.softmax(2 * x + y, -1).sum(),
}


def set_item(x: Any, value: Any) -> Any:
    """A Tensor after a part of it was written."""
    x[0] = value if isinstance(value, float) else value[1]
    return x


@pytest.mark.parametrize("name", MORE)
def test_more(name: str) -> None:
    """Longer signatures, and expressions as users write them, with either operand a constant."""
    for needs in [(True, True), (True, False), (False, True)]:
        found = []
        for torch in (mibun, real_torch):
            values = np.random.default_rng(1).uniform(0.5, 2.0, (2, 2, 3))
            leaves = [torch.from_numpy(v.copy()).requires_grad_(need) for v, need in zip(values, needs, strict=True)]
            found.append(order(torch, lambda torch, *pair: MORE[name](torch, *pair), leaves, leaves))
        assert found[0] == found[1], needs


# --- in place ---


def in_place(sample: S) -> str | None:
    """The name of the in-place method of a sample's operator."""
    if sample.inplace is False or isinstance(sample.inplace, str):
        return sample.inplace or None
    name = sample.name + "_"
    return name if "." not in name and hasattr(real_torch.Tensor, name) else None


IN_PLACE = [
    pytest.param(sample, id=sample.id)
    for sample in SAMPLES
    if known(sample) and sample.order and in_place(sample) and isinstance(sample.args[0], X)
    if not {"all", "value", "name"} & set(sample.oracle)
    # PyTorch's own in-place forms of these have nodes of their own, which have no second derivative.
    if sample.name not in ("asinh", "arcsinh", "acosh", "arccosh", "atanh", "arctanh")
]


@pytest.mark.parametrize("sample", IN_PLACE)
def test_in_place(sample: S) -> None:
    """The graph that the in-place form leaves behind."""
    found = []
    for torch in (mibun, real_torch):
        leaves = make(torch, sample, sample.arrays())
        args = sample.with_tensors(leaves)
        args[0] = args[0] * 1
        with warnings.catch_warnings():
            if torch is real_torch:
                warnings.simplefilter("ignore")
            found.append(left_in_place(sample, args, leaves))
    assert found[1] == "refused" or found[0] == found[1]


def left_in_place(sample: S, args: list, leaves: list) -> Any:
    """The graph of the in-place form, or that it is refused."""
    try:
        return graph(sample.run_inplace(in_place(sample), args).grad_fn, leaves)
    except (RuntimeError, TypeError, AttributeError):
        return "refused"
