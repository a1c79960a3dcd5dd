"""Every operator, each sample through every check: values, derivatives of both orders and modes, forms, dtypes, shapes.

The samples are in `tests/samples/`. What is checked here needs nothing but NumPy; `tests/oracle/test_ops_oracle.py`
compares the same samples with installed PyTorch.
"""

from __future__ import annotations

import contextlib
import inspect
from typing import Any

import numpy as np
import pytest

import mibun as torch
import mibun.autograd.forward_ad as fwAD
from mibun.autograd import gradcheck, gradgradcheck
from mibun.core.registry import METHODS
from samples import SAMPLES
from samples.declare import S, X, tensors_in

DTYPES = ["bool", "uint8", "int32", "int64", "float16", "float32", "float64", "complex64", "complex128"]
COMPLEX = [False, True]


def known(sample: S) -> bool:
    """Whether mibun has the operator (a sample of one that it has not is a mistake, which `test_exists` reports)."""
    if sample.call is not None:
        return True
    if sample.method:
        return hasattr(torch.Tensor, sample.name)
    with contextlib.suppress(AttributeError):
        sample.function(torch)
        return True
    return False


KNOWN = [sample for sample in SAMPLES if known(sample)]


def each(*, order: int = 0, complex_too: bool = True, where: Any = lambda sample: True) -> Any:
    """Parametrise by sample, and by real and complex."""
    cases = [
        pytest.param(sample, c, id=sample.id + ("-complex" if c else ""))
        for sample in KNOWN
        for c in COMPLEX
        if sample.order >= order and (sample.numeric or not order) and where(sample)
        if not c or (complex_too and sample.complex and sample.floats())
    ]
    return pytest.mark.parametrize(("sample", "complex_"), cases)


def make(sample: S, arrays: list[np.ndarray], grad: bool = True) -> list:
    """Tensors for the arrays, those that the sample differentiates requiring grad."""
    tensors = [torch.from_numpy(array.copy()) for array in arrays]
    for tensor, differentiated in zip(tensors, sample.differentiated(), strict=True):
        if grad and differentiated and (tensor.is_floating_point() or tensor.is_complex()):
            tensor.requires_grad_()
    return tensors


def gradients(outputs: list, inputs: list) -> list[np.ndarray]:
    """The gradients of a fixed random combination of the outputs."""
    outputs = [out for out in outputs if out.requires_grad]
    inputs = [tensor for tensor in inputs if tensor.requires_grad]
    grads = torch.autograd.grad(outputs, inputs, [cotangent(out) for out in outputs], allow_unused=True,
        materialize_grads=True)
    return [grad.detach().numpy() for grad in grads]


def cotangent(out: Any, seed: int = 0) -> Any:
    """Random numbers of the shape and dtype of a tensor."""
    random = np.random.default_rng(seed + out.numel())
    values = random.uniform(-1, 1, tuple(out.shape))
    if out.is_complex():
        values = values + 1j * random.uniform(-1, 1, tuple(out.shape))
    return torch.from_numpy(np.asarray(values)).to(out.dtype)


def same(found: Any, expected: Any, tol: float = 1e-12) -> None:
    """Arrays (or tensors) that agree in shape and values."""
    found, expected = (a.detach().resolve_conj().numpy() if hasattr(a, "detach") else np.asarray(a) for a in (found,
        expected))
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=tol, atol=tol)


def test_samples_exist() -> None:
    missing = [sample.id for sample in SAMPLES if not known(sample)]
    assert not missing, f"samples of what mibun has not: {missing}"


@each(where=lambda sample: sample.ref is not None)
def test_value(sample: S, complex_: bool) -> None:
    """Values equal those of NumPy's or SciPy's function."""
    arrays = sample.arrays(complex_)
    with np.errstate(all="ignore"):
        expected = sample.ref(*sample.with_tensors([array.copy() for array in arrays]))
    found = sample.run(torch, make(sample, arrays))
    expected = expected if isinstance(expected, (tuple, list)) else [expected]
    found = tensors_in(found)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        same(one, other, sample.tol)


def differentiable_call(sample: S, tensors: list) -> tuple[Any, list]:
    """A function of the differentiated tensors alone, giving the outputs that can have a gradient."""
    places = [i for i, tensor in enumerate(tensors) if tensor.requires_grad]

    def function(*values: Any) -> Any:
        arguments = list(tensors)
        for place, value in zip(places, values, strict=True):
            arguments[place] = value
        outputs = tuple(out for out in tensors_in(sample.run(torch,
            arguments)) if out.is_floating_point() or out.is_complex())
        return outputs if len(outputs) > 1 else outputs[0]

    return function, [tensors[place] for place in places]


@each(order=1)
def test_gradcheck(sample: S, complex_: bool) -> None:
    """Reverse and forward mode equal central differences."""
    function, inputs = differentiable_call(sample, make(sample, sample.arrays(complex_)))
    assert gradcheck(function, inputs, check_forward_ad=True, check_grad_dtypes=True, **sample.gradcheck)


@each(order=2)
def test_gradgradcheck(sample: S, complex_: bool) -> None:
    """Reverse and forward mode over reverse mode equal the central differences of the gradient."""
    function, inputs = differentiable_call(sample, make(sample, sample.arrays(complex_)))
    assert gradgradcheck(function, inputs, check_fwd_over_rev=True, fast_mode=True, **sample.gradcheck)


@each(order=1)
def test_adjoint(sample: S, complex_: bool) -> None:
    """<Jv, u> = <v, J'u>: forward mode and reverse mode are adjoint, far more exactly than differences can show."""
    arrays = sample.arrays(complex_)
    tensors = make(sample, arrays)
    tangents = [cotangent(tensor, 7 + i) for i, tensor in enumerate(tensors)]
    with fwAD.dual_level():
        duals = [
            fwAD.make_dual(tensor, tangent) if tensor.requires_grad else tensor
            for tensor, tangent in zip(tensors, tangents, strict=True)
        ]
        outputs = tensors_in(sample.run(torch, duals))
        pushed = [fwAD.unpack_dual(out).tangent for out in outputs]
    outputs = tensors_in(sample.run(torch, tensors))
    left = scale = 0.0
    for out, jv in zip(outputs, pushed, strict=True):
        assert out.requires_grad or jv is None
        if jv is not None:
            terms = (np.conj(jv.detach().numpy()) * cotangent(out).numpy()).real
            left, scale = left + terms.sum(), scale + np.abs(terms).sum()
    right = 0.0
    chosen = [tangent for tensor, tangent in zip(tensors, tangents, strict=True) if tensor.requires_grad]
    for pulled, tangent in zip(gradients(outputs, tensors), chosen, strict=True):
        terms = (np.conj(pulled) * tangent.numpy()).real
        right, scale = right + terms.sum(), scale + np.abs(terms).sum()
    assert abs(left - right) <= 1e-10 * max(scale, 1.0)


def inplace_name(sample: S) -> str | None:
    """The name of the in-place method, if the sample has one."""
    if isinstance(sample.inplace, str):
        return sample.inplace
    if sample.inplace is False or sample.call is not None or not sample.args or not isinstance(sample.args[0], X):
        return None
    name = sample.name.split(".")[-1] + "_"
    return name if name in METHODS and "functional" not in sample.name else None


@each(where=inplace_name)
def test_inplace(sample: S, complex_: bool) -> None:
    """The in-place form gives the same values and gradients, changes the version, and returns its first argument."""
    arrays = sample.arrays(complex_)
    expected = sample.run(torch, make(sample, arrays))
    tensors = make(sample, arrays)
    leaf = tensors[0]
    before = leaf.clone()
    args = sample.with_tensors([before, *tensors[1:]])
    if (expected.shape != before.shape and not sample.view) or not torch.can_cast(expected.dtype, before.dtype):
        with pytest.raises(RuntimeError):
            sample.run_inplace(inplace_name(sample), args)
        assert before._version == 0
        return
    result = sample.run_inplace(inplace_name(sample), args)
    assert result is before
    assert before._version > 0
    same(before, expected.to(before.dtype), sample.tol)
    assert before.requires_grad == expected.requires_grad or not sample.order
    if expected.requires_grad and expected.dtype == before.dtype:
        plain = make(sample, arrays)
        for found, wanted in zip(
            gradients([before], tensors), gradients([sample.run(torch, plain)], plain), strict=True
        ):  # fmt: skip
            same(found, wanted)
        with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
            fresh = make(sample, arrays)
            sample.run_inplace(inplace_name(sample), sample.with_tensors(fresh))


@each(order=2, where=inplace_name)
def test_inplace_derivatives(sample: S, complex_: bool) -> None:
    """Both orders and both modes go through the in-place form, too."""
    tensors = make(sample, sample.arrays(complex_))
    result = sample.run(torch, tensors)
    if not tensors[0].requires_grad or result.shape != tensors[0].shape or result.dtype != tensors[0].dtype:
        return
    places = [i for i, tensor in enumerate(tensors) if tensor.requires_grad]

    def function(*values: Any) -> Any:
        arguments = list(tensors)
        for place, value in zip(places, values, strict=True):
            arguments[place] = value
        arguments[0] = arguments[0] * 1
        return sample.run_inplace(inplace_name(sample), sample.with_tensors(arguments))

    inputs = [tensors[place] for place in places]
    assert gradcheck(function, inputs, check_forward_ad=True, fast_mode=True, **sample.gradcheck)
    assert gradgradcheck(function, inputs, check_fwd_over_rev=True, fast_mode=True, **sample.gradcheck)


def takes_out(sample: S) -> bool:
    """Whether the function has an argument `out`."""
    if sample.call is not None or sample.method or "out" in sample.kw:
        return False
    try:
        return "out" in inspect.signature(sample.function(torch)).parameters
    except (TypeError, ValueError):
        return False


@each(where=takes_out)
def test_out(sample: S, complex_: bool) -> None:
    """`out=` gets the values, is resized, is returned, and refuses what requires grad."""
    arrays = sample.arrays(complex_)
    expected = sample.run(torch, make(sample, arrays, grad=False))
    single = not isinstance(expected, (tuple, list))
    wanted = tensors_in(expected)
    outs = [torch.empty(tuple(w.shape), dtype=w.dtype) for w in wanted]
    versions = [out._version for out in outs]
    result = sample.run(torch, make(sample, arrays, grad=False), out=outs[0] if single else tuple(outs))
    for given, out, want, version in zip(tensors_in(result), outs, wanted, versions, strict=True):
        assert given is out
        assert out._version > version
        same(out, want)
    small = [torch.empty((0,), dtype=w.dtype) for w in wanted]
    sample.run(torch, make(sample, arrays, grad=False), out=small[0] if single else tuple(small))
    for out, want in zip(small, wanted, strict=True):
        same(out, want)
    if sample.order and any(sample.differentiated()):
        with pytest.raises(RuntimeError, match="don't support automatic differentiation"):
            sample.run(torch, make(sample, arrays), out=outs[0] if single else tuple(outs))


@each(complex_too=False, where=lambda sample: sample.floats())
def test_dtypes(sample: S, complex_: bool) -> None:
    """In every dtype the operator runs, or refuses; half and single precision are near to double."""
    wide = None
    for name in ["float64", *DTYPES]:
        arrays = sample.arrays(False, dtypes=[np.dtype(name)] * len(sample.floats()))
        try:
            tensors = make(sample, arrays)
            outputs = tensors_in(sample.run(torch, tensors))
        except (RuntimeError, TypeError, ValueError):
            assert name != "float64"
            continue
        if wide is None:
            wide = [out.detach().resolve_conj().numpy() for out in outputs]
        elif name in ("float16", "float32") and sample.order:
            for out, reference in zip(outputs, wide, strict=True):
                if out.dtype in (torch.float16, torch.float32):
                    tol = 3e-2 if name == "float16" else 1e-4
                    np.testing.assert_allclose(out.detach().numpy().astype(float), reference, rtol=tol, atol=tol)
        if any(out.requires_grad for out in outputs):
            assert all(out.is_floating_point() or out.is_complex() for out in outputs if out.requires_grad)
            inputs = [tensor for tensor in tensors if tensor.requires_grad]
            for grad, tensor in zip(gradients(outputs, tensors), inputs, strict=True):
                assert (grad.shape, grad.dtype) == (tuple(tensor.shape), tensor.numpy(force=True).dtype)


# The variance of nothing, or of one element, is NaN, and said to be, as PyTorch does.
@pytest.mark.filterwarnings("ignore:.*degrees of freedom is <= 0:UserWarning")
@each(complex_too=False, where=lambda sample: sample.vary_shapes())
def test_shapes(sample: S, complex_: bool) -> None:
    """0-d and empty inputs: pointwise operators take them, the others do or say why not."""
    for what, shapes in sample.vary_shapes().items():
        tensors = make(sample, sample.arrays(False, shapes))
        try:
            outputs = tensors_in(sample.run(torch, tensors))
        except (RuntimeError, IndexError, ValueError, TypeError) as error:
            assert not sample.pointwise, f"{what}: {error}"
            continue
        if sample.pointwise:
            assert outputs[0].shape == tuple(np.broadcast_shapes(*shapes))
        if any(out.requires_grad for out in outputs):
            inputs = [tensor for tensor in tensors if tensor.requires_grad]
            for grad, tensor in zip(gradients(outputs, tensors), inputs, strict=True):
                assert grad.shape == tuple(tensor.shape)


@each(where=lambda sample: sample.gaps)
def test_not_contiguous(sample: S, complex_: bool) -> None:
    """Transposed inputs and inputs with gaps give the same values and gradients."""
    arrays = sample.arrays(complex_)
    plain = make(sample, arrays)
    expected = tensors_in(sample.run(torch, plain))
    expected_gradients = gradients(expected, plain) if any(out.requires_grad for out in expected) else None
    for layout in (_transposed, _with_gaps):
        leaves = make(sample, arrays)
        found = tensors_in(sample.run(torch, [layout(tensor) for tensor in leaves]))
        for one, other in zip(found, expected, strict=True):
            same(one, other, sample.tol)
        if expected_gradients is not None:
            for one, other in zip(gradients(found, leaves), expected_gradients, strict=True):
                same(one, other)


def _transposed(tensor: Any) -> Any:
    if tensor.dim() < 2:
        return tensor
    return tensor.transpose(0, -1).contiguous().transpose(0, -1)


def _with_gaps(tensor: Any) -> Any:
    if tensor.dim() == 0:
        return tensor
    return torch.stack([tensor, tensor], -1)[..., 0]


@each(order=1, complex_too=False, where=lambda sample: sample.pointwise)
def test_broadcast(sample: S, complex_: bool) -> None:
    """Every operand in turn loses its first axis, or has it of size 1: as if it had been expanded."""
    shape = (2, 3)
    n = len(sample.floats())
    for small in range(n):
        for narrow in ((3,), (1, 3), (2, 1), ()):
            shapes = [narrow if i == small else shape for i in range(n)]
            leaves = make(sample, sample.arrays(False, shapes))
            expanded = make(sample, sample.arrays(False, shapes))
            found = sample.run(torch, leaves)
            whole = [t.expand(shape) if n > 1 and t.is_floating_point() else t for t in expanded]
            expected = sample.run(torch, whole)
            same(found, expected)
            for one, other in zip(gradients([found], leaves), gradients([expected], expanded), strict=True):
                same(one, other)


@each(complex_too=False, where=lambda sample: sample.view)
def test_views(sample: S, complex_: bool) -> None:
    """A view shares the memory and the version counter of what it is made from."""
    arrays = sample.arrays()
    tensors = make(sample, arrays, grad=False)
    outputs = tensors_in(sample.run(torch, tensors))
    for out in outputs:
        assert out._base is tensors[0]
        out.fill_(5.0)
        assert tensors[0]._version > 0
    count = int((tensors[0] == 5.0).sum())
    assert 0 < count <= sum(out.numel() for out in outputs)
