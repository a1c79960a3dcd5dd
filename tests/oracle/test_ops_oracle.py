"""Every operator against installed PyTorch: values, gradients of both orders, dtypes, node names, edges, shapes, forms.

The samples are those of `tests/test_ops.py`. What a sample's `oracle` names is left out, with the reason given there.
"""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from samples import SAMPLES  # noqa: E402
from samples.declare import S, tensors_in  # noqa: E402
from test_ops import known  # noqa: E402

pytestmark = pytest.mark.oracle
ALL_DTYPES = [
    "bool",
    "uint8",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
]
PAIR_DTYPES = ["bool", "uint8", "int64", "float16", "float32", "float64", "complex64"]
# mibun's class may be a subclass of PyTorch's, or one that PyTorch's own derives from.
ERRORS = (RuntimeError, TypeError, ValueError, IndexError)


def pick(check: str, where: Any = lambda sample: True, complex_too: bool = True) -> Any:
    """Parametrise by sample, leaving out what the sample says PyTorch does otherwise."""
    cases = [
        pytest.param(sample, c, id=sample.id + ("-complex" if c else ""))
        for sample in SAMPLES
        if known(sample) and where(sample) and check not in sample.oracle and "all" not in sample.oracle
        for c in (False, True)
        if not c or (complex_too and sample.complex and sample.floats())
    ]
    return pytest.mark.parametrize(("sample", "complex_"), cases)


def make(torch: Any, sample: S, arrays: list[np.ndarray], grad: bool = True) -> list:
    tensors = [torch.from_numpy(array.copy()) for array in arrays]
    for tensor, differentiated in zip(tensors, sample.differentiated(), strict=True):
        if grad and differentiated and (tensor.is_floating_point() or tensor.is_complex()):
            tensor.requires_grad_()
    return tensors


def run(torch: Any, sample: S, tensors: list, **more: Any) -> Any:
    """The outputs, or the exception."""
    with warnings.catch_warnings():
        if torch is real_torch:
            warnings.simplefilter("ignore")
        try:
            return sample.run(torch, tensors, **more)
        except ERRORS as error:
            return error


def array(tensor: Any) -> np.ndarray:
    if tensor.dtype == real_torch.complex32:
        tensor = tensor.to(real_torch.complex64)
    return tensor.detach().resolve_conj().resolve_neg().numpy(force=True)


def dtype_name(tensor: Any) -> str:
    return str(tensor.dtype).removeprefix("torch.").replace("complex32", "complex64")  # mibun has no complex32


# What PyTorch says where it lacks a kernel or a derivative that mibun has.
LACKING = ("not implemented for 'Half'", "does not support automatic differentiation for outputs with complex")


def agree(found: Any, expected: Any, sample: S, what: str = "", tol: float | None = None) -> None:
    assert dtype_name(found) == dtype_name(expected), what
    assert tuple(found.shape) == tuple(expected.shape), what
    one, other = array(found), array(expected)
    if tol is None:
        single = one.dtype.name in ("float16", "float32", "complex64")
        tol = (1e-2 if one.dtype.name == "float16" else 1e-4) if single else 10 * sample.tol
    if one.dtype.kind in "biu":
        np.testing.assert_array_equal(one, other, err_msg=what)
    else:
        np.testing.assert_allclose(one, other, rtol=tol, atol=tol, err_msg=what)


def weights(out: Any, torch: Any, seed: int = 0) -> Any:
    """Random numbers like a tensor, the same for both libraries."""
    random = np.random.default_rng(seed + out.numel())
    values = random.uniform(-1, 1, tuple(out.shape))
    if out.is_complex():
        values = values + 1j * random.uniform(-1, 1, tuple(out.shape))
    return torch.from_numpy(np.asarray(values)).to(out.dtype)


def gradients(torch: Any, outputs: list, inputs: list, **options: Any) -> list | Exception:
    """Gradients of a fixed combination of the outputs, None where there is none."""
    outputs = [out for out in outputs if out.requires_grad]
    inputs = [tensor for tensor in inputs if tensor.requires_grad]
    if not outputs or not inputs:
        return []
    try:
        return list(
            torch.autograd.grad(outputs, inputs, [weights(out, torch) for out in outputs], allow_unused=True, **options)
        )
    except ERRORS as error:
        return error


def agree_all(found: Any, expected: Any, sample: S, what: str, tol: float | None = None) -> None:
    """Results that may be exceptions (then of one class), or lists of tensors with None among them."""
    if isinstance(expected, Exception) and any(words in str(expected) for words in LACKING):
        return
    if isinstance(expected, Exception) and "refused" in sample.oracle:
        return
    if isinstance(expected, Exception) or isinstance(found, Exception):
        assert isinstance(found, Exception) and isinstance(expected, Exception), f"{what}: {found!r} and {expected!r}"
        one_class = isinstance(found, type(expected)) or isinstance(expected, type(found)) or "classes" in sample.oracle
        assert one_class, f"{what}: {found!r} and {expected!r}"
        return
    assert len(found) == len(expected), what
    for one, other in zip(found, expected, strict=True):
        assert (one is None) == (other is None), f"{what}: {one} and {other}"
        if one is not None:
            agree(one, other, sample, what, tol)


def listed(result: Any) -> Any:
    return result if isinstance(result, Exception) else tensors_in(result)


@pick("value")
def test_value(sample: S, complex_: bool) -> None:
    """Values, gradients, gradients of gradients, flags and node names."""
    arrays = sample.arrays(complex_)
    inputs, real_inputs = make(mibun, sample, arrays), make(real_torch, sample, arrays)
    found, expected = run(mibun, sample, inputs), run(real_torch, sample, real_inputs)
    assert not isinstance(expected, Exception), expected
    assert not isinstance(found, Exception), found
    assert isinstance(found, tuple) == isinstance(expected, tuple)
    found, expected = tensors_in(found), tensors_in(expected)
    agree_all(found, expected, sample, "values")
    for one, other in zip(found, expected, strict=True):
        assert (one.requires_grad, one.is_leaf) == (other.requires_grad, other.is_leaf)
        if "name" not in sample.oracle:
            assert (one.grad_fn and one.grad_fn.name()) == (other.grad_fn and other.grad_fn.name())
    if "grad" in sample.oracle or not sample.order:
        return
    graph = {"create_graph": sample.order > 1 and "second" not in sample.oracle}
    grads, real_grads = gradients(mibun, found, inputs, **graph), gradients(real_torch, expected, real_inputs, **graph)
    assert not isinstance(real_grads, Exception), real_grads
    agree_all(grads, real_grads, sample, "gradients")
    if graph["create_graph"]:
        seconds = gradients(mibun, [g for g in grads if g is not None], inputs, materialize_grads=True)
        real_seconds = gradients(
            real_torch, [g for g in real_grads if g is not None], real_inputs, materialize_grads=True
        )
        if not seconds or not real_seconds:  # one knows that the gradient is constant, the other not
            given = seconds or real_seconds
            assert not isinstance(given, Exception), given
            assert all(not array(second).any() for second in given)
        else:
            agree_all(seconds, real_seconds, sample, "second derivatives")


def dtype_combinations(sample: S) -> list[tuple[str, ...]]:
    """Each dtype alone; all pairs of the important ones; more operands: one that differs."""
    n = len(sample.floats())
    found = [(name,) * n for name in ALL_DTYPES]
    if "mixed" in sample.oracle:
        return found
    if n == 2:
        found += [pair for pair in itertools.product(PAIR_DTYPES, repeat=2) if pair[0] != pair[1]]
    elif n > 2:
        for i, (name, other) in itertools.product(range(n), itertools.permutations(["int64", "float32", "float64"], 2)):
            found.append(tuple(other if j == i else name for j in range(n)))
    return [names for names in found if not ("float16" in sample.oracle and "float16" in names)]


def gradients_compare(names: tuple[str, ...]) -> bool:
    """PyTorch's own derivatives overflow in small integers, and refuse bools and mixtures with complex numbers."""
    mixed = len(set(names)) > 1
    return not mixed or not {"bool", "uint8", "complex64"} & set(names)


@pick("dtypes", lambda sample: sample.floats(), complex_too=False)
def test_dtypes(sample: S, complex_: bool) -> None:
    """The result's dtype and values for the inputs' dtypes, or the class of the exception."""
    wrong = []
    for names in dtype_combinations(sample):
        arrays = sample.arrays(False, dtypes=[np.dtype(name) for name in names])
        inputs, real_inputs = make(mibun, sample, arrays), make(real_torch, sample, arrays)
        found, expected = listed(run(mibun, sample, inputs)), listed(run(real_torch, sample, real_inputs))
        try:
            tol = 3e-2 if "float16" in names else 2e-4 if {"float32", "complex64"} & set(names) else None
            agree_all(found, expected, sample, "values", tol)
            if not isinstance(found, Exception) and not isinstance(expected, Exception):
                assert [t.requires_grad for t in found] == [t.requires_grad for t in expected]
                if "grad" not in sample.oracle and sample.order and gradients_compare(names):
                    grads, real_grads = gradients(mibun, found, inputs), gradients(real_torch, expected, real_inputs)
                    if not (isinstance(real_grads, Exception) and len(set(names)) > 1):  # PyTorch's own failure
                        agree_all(grads, real_grads, sample, "gradients", tol)
        except AssertionError as error:
            wrong.append(f"{', '.join(names)}: {' '.join(str(error).split())[:230]}")
    assert not wrong, f"{len(wrong)} wrong\n" + "\n".join(wrong)


@pick("boundary", lambda sample: sample.boundary_spec is not None, complex_too=False)
def test_boundary(sample: S, complex_: bool) -> None:
    """Ties, zeros, infinities, NaN and domain edges, of values and gradients."""
    for arrays in sample.boundaries():
        inputs, real_inputs = make(mibun, sample, arrays), make(real_torch, sample, arrays)
        found, expected = listed(run(mibun, sample, inputs)), listed(run(real_torch, sample, real_inputs))
        with np.errstate(all="ignore"):
            places = "\n".join(str(a) for a in arrays)
            agree_all(found, expected, sample, f"values at\n{places}\n")
            if isinstance(found, Exception) or "grad" in sample.oracle or not sample.order:
                continue
            grads = plain_gradients(mibun, found, inputs)
            real_grads = plain_gradients(real_torch, expected, real_inputs)
            agree_all(grads, real_grads, sample, f"gradients at\n{places}\n")


def plain_gradients(torch: Any, outputs: list, inputs: list) -> list | Exception:
    """Gradients with ones for the outputs' gradients."""
    outputs = [out for out in outputs if out.requires_grad]
    inputs = [tensor for tensor in inputs if tensor.requires_grad]
    if not outputs:
        return []
    try:
        return list(torch.autograd.grad(outputs, inputs, [torch.ones_like(out) for out in outputs], allow_unused=True))
    except ERRORS as error:
        return error


# The variance of nothing, or of one element, is NaN, and both say so.
@pytest.mark.filterwarnings("ignore:.*degrees of freedom is <= 0:UserWarning")
@pick("shapes", lambda sample: sample.vary_shapes(), complex_too=False)
def test_shapes(sample: S, complex_: bool) -> None:
    """0-d and empty inputs: the same results or exceptions."""
    wrong = []
    for what, shapes in sample.vary_shapes().items():
        arrays = sample.arrays(False, shapes)
        inputs, real_inputs = make(mibun, sample, arrays), make(real_torch, sample, arrays)
        found, expected = listed(run(mibun, sample, inputs)), listed(run(real_torch, sample, real_inputs))
        try:
            agree_all(found, expected, sample, "values")
            failed = isinstance(found, Exception) or isinstance(expected, Exception)
            if not failed and "grad" not in sample.oracle and sample.order:
                agree_all(
                    gradients(mibun, found, inputs), gradients(real_torch, expected, real_inputs), sample, "gradients"
                )
        except AssertionError as error:
            wrong.append(f"{what} {shapes}: {' '.join(str(error).split())[:300]}")
    assert not wrong, "\n".join(wrong)


@pick("out", lambda sample: sample.call is None, complex_too=False)
def test_forms(sample: S, complex_: bool) -> None:
    """mibun has the method and the in-place method where PyTorch has them and only there, and `out` at least there."""
    name = sample.name.split(".")[-1]
    if "." not in sample.name:
        for attribute in (name, name + "_"):
            assert hasattr(mibun.Tensor, attribute) == hasattr(real_torch.Tensor, attribute), f"Tensor.{attribute}"
    if sample.method or "functional" in sample.name:
        return
    arrays = sample.arrays()
    accepted = []
    for torch in (mibun, real_torch):
        plain = run(torch, sample, make(torch, sample, arrays, grad=False))
        outs = [torch.empty(0, dtype=t.dtype) for t in tensors_in(plain)]
        result = run(
            torch,
            sample,
            make(torch, sample, arrays, grad=False),
            out=tuple(outs) if isinstance(plain, (tuple, list)) else outs[0],
        )
        accepted.append(not isinstance(result, Exception))
    assert accepted[0] or not accepted[1], "out= is missing"
