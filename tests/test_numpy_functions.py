"""NumPy's functions on Tensors: the values are NumPy's, the gradients those of finite differences."""

from __future__ import annotations

import subprocess
import sys
import warnings
from typing import Any

import numpy as np
import pytest

import mibun as torch
from numpy_calls import CALLS, arrays_for

NAMES: dict[str, int] = {}
CASES = []
for _name, _call, _shapes in CALLS:
    NAMES[_name] = NAMES.get(_name, 0) + 1
    CASES.append(pytest.param(_call, _shapes, id=f"{_name}-{NAMES[_name]}"))
# Those whose results are constants.
UNDIFFERENTIATED = (
    "equal less greater logical nextafter heaviside floor_divide isfinite isinf isnan signbit spacing all any "
    "arg count_nonzero nanarg flatnonzero zeros_like ones_like linalg.matrix_rank shape ndim size iscomplex "
    "isreal result_type allclose isclose argwhere array_equ searchsorted digitize histogram isin lexsort "
    "may_share_memory array2string array_repr not_equal"
).split()
# Places, the imaginary part of real numbers, numbers of elements.
CONSTANT_CALLS = (
    "where-4",
    "imag-1",
    "linalg.norm-9",
)


def parts_of(result: Any) -> list[Any]:
    if isinstance(result, (tuple, list)):
        return [part for item in result for part in parts_of(item)]
    return [result]


def value_of(part: Any) -> Any:
    return part.detach().numpy() if isinstance(part, torch.Tensor) else part


def tensors_for(arrays: list[np.ndarray]) -> list[torch.Tensor]:
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def assert_same(found: Any, expected: Any) -> None:
    found, expected = parts_of(found), parts_of(expected)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        one = value_of(one)
        if isinstance(other, (np.ndarray, np.generic)):
            assert np.shape(one) == np.shape(other) and np.asarray(one).dtype == other.dtype, (one, other)
            np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)
        else:
            assert one == other


@pytest.mark.parametrize("dtype", ["float32", "complex128"])
def test_values_in_other_dtypes(dtype):
    """All calls but those of the order of complex numbers, which PyTorch refuses; and those that NumPy refuses."""
    for name, call, shapes in CALLS:
        arrays = [array.astype(dtype) for array in arrays_for(shapes)]
        if dtype == "complex128":
            arrays = [array + 0.3j * other for array, other in zip(arrays, arrays_for(shapes, seed=1), strict=True)]
            if name in ORDERED or name in ("rint", "round", "around", "geomspace"):
                continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                expected = parts_of(call(*arrays))
            except (TypeError, ValueError, AttributeError):
                continue
            try:
                found = parts_of(call(*tensors_for(arrays)))
            except NotImplementedError as error:
                assert "_cpu" in str(error) and dtype == "complex128"  # the call itself compares, as in x > 0
                continue
        if dtype == "complex128" and any(np.asarray(e).dtype.kind == "f" for e in expected) and name in ("std", "var"):
            continue  # NumPy drops imaginary parts of dtype=float64 first
        for one, other in zip(found, expected, strict=True):
            if isinstance(other, (np.ndarray, np.generic)):
                one = np.asarray(value_of(one))
                assert one.dtype == other.dtype and one.shape == other.shape, (name, one.dtype, other.dtype)
                np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4, err_msg=name)


ORDERED = frozenset(
    "maximum minimum fmax fmin max min amax amin ptp nanmax nanmin argmax argmin clip interp piecewise where all "
    "argwhere".split()
)


def test_enough_functions_are_tried():
    assert len(NAMES) >= 250


@pytest.mark.parametrize(("call", "shapes"), CASES)
def test_values(call, shapes):
    arrays = arrays_for(shapes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = call(*arrays)
        assert_same(call(*tensors_for(arrays)), expected)


@pytest.mark.parametrize(("call", "shapes"), CASES)
def test_gradients(call, shapes, request):
    name = request.node.callspec.id
    tensors = tensors_for(arrays_for(shapes))
    outputs = [part for part in parts_of(call(*tensors)) if isinstance(part, torch.Tensor)]
    if name.startswith(tuple(UNDIFFERENTIATED)) or name in CONSTANT_CALLS:
        assert not any(part.requires_grad for part in outputs)
        return
    outputs = [part for part in outputs if part.requires_grad]
    assert outputs, "nothing is recorded"

    def differentiable(*tensors: Any) -> Any:
        parts = [part for part in parts_of(call(*tensors)) if isinstance(part, torch.Tensor) and part.requires_grad]
        return tuple(parts)

    assert torch.autograd.gradcheck(differentiable, tensors, atol=1e-4)


@pytest.mark.parametrize(("call", "shapes"), CASES)
def test_where_nothing_is_recorded(call, shapes):
    """Tensors that do not require grad, and those that do under no_grad: NumPy's values, but for PyTorch's own ways."""
    arrays = arrays_for(shapes)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for tensors in (tensors_for(arrays), [torch.tensor(array) for array in arrays]):
            call(*tensors)


# --- beside the table ---


def leaf(*shape: int, dtype: Any = torch.float64) -> torch.Tensor:
    return torch.arange(1.0, 1.0 + np.prod(shape, dtype=int), dtype=dtype).reshape(shape).requires_grad_()


def test_out_is_written_where_the_history_can_be_kept():
    x = leaf(3)
    out = torch.zeros(3, dtype=torch.float64)
    assert np.exp(x, out=out) is out and out.requires_grad and out._version == 1
    (grad,) = torch.autograd.grad(out.sum(), x)
    np.testing.assert_allclose(grad.numpy(), np.exp([1, 2, 3]))
    out = torch.zeros(3, dtype=torch.float64)
    assert np.cumsum(x, out=out) is out and np.add.reduce(leaf(3, 3), out=out) is out
    masked = np.multiply(x, 2, out=torch.ones(3, dtype=torch.float64), where=[True, False, True])
    assert masked.tolist() == [2, 1, 6] and torch.autograd.grad(masked.sum(), x)[0].tolist() == [2, 0, 2]
    for call in (
        lambda: np.exp(x, out=np.zeros(3)),
        lambda: np.cumsum(x, out=np.zeros(3)),
        lambda: np.sum(x, out=np.zeros(())),
        lambda: np.dot(x, x, out=np.zeros(())),
    ):
        with pytest.raises(
            RuntimeError, match="^Can't call numpy\\(\\).* writes its result to the array given as out="
        ):
            call()
    with pytest.raises(TypeError, match="Cannot cast"):
        np.exp(x, out=torch.zeros(3, dtype=torch.int64))
    with pytest.raises(ValueError, match="output parameter"):
        np.exp(leaf(2, 3), out=torch.zeros(3, dtype=torch.float64))


def test_at_is_followed():
    x, t = leaf(3), torch.zeros(2, dtype=torch.float64)
    np.add.at(t, [0, 0, 1], x)
    assert t.tolist() == [3, 3] and torch.autograd.grad((t**2).sum(), x)[0].tolist() == [6, 6, 6]
    t = torch.ones(2, dtype=torch.float64)
    np.multiply.at(t, [0, 0, 1], x)
    assert t.tolist() == [2, 3] and torch.autograd.grad(t.sum(), x)[0].tolist() == [2, 1, 1]
    with pytest.raises(RuntimeError, match="np.add.at writes to an array"):
        np.add.at(np.zeros(2), [0, 0, 1], x)
    t = torch.zeros(2)
    np.add.at(t, [0, 0], 1.0)
    assert t.tolist() == [2, 0] and t._version == 1


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda x: np.unique(x), "np.unique"),
        (lambda x: np.polyfit(x, x, 1), "np.polyfit"),
        (lambda x: np.savetxt("nowhere", x), "np.savetxt"),
        (lambda x: np.apply_along_axis(np.sum, 0, x), "np.apply_along_axis"),
        (lambda x: np.pad(x, 1, "linear_ramp"), "np.pad"),
        (lambda x: np.frompyfunc(abs, 1, 1)(x), "abs"),
        (lambda x: np.copyto(x, 1.0), "np.copyto"),
    ],
)
def test_what_is_not_followed_says_so(call, name):
    with pytest.raises(RuntimeError, match=f"^Can't call numpy\\(\\) on Tensor that requires grad.*{name}"):
        call(leaf(3))


def test_dtypes_are_numpys():
    x, f = leaf(2, dtype=torch.float32), torch.ones(2)
    wide = np.ones((2, 2))
    for result in (
        wide @ x,
        x @ wide,
        wide @ f,
        f @ wide,
        wide * x,
        np.dot(wide, x),
        np.add(x, wide),
        np.where([1, 0], x, wide),
    ):
        assert result.dtype in (torch.float64, np.float64)
    for result in (
        np.maximum(x, 0.0),
        np.add(2, x),
        x * np.float64(2),
        np.where([1, 0], x, 0.0),
        np.mean(x),
        np.var(x),
    ):
        assert result.dtype == torch.float32
    assert (
        np.mean(torch.arange(3)).dtype == torch.float64
        and np.sum(torch.ones(3, dtype=torch.int32)).dtype == torch.int64
    )
    assert np.exp(torch.arange(3)).dtype == torch.float64 and np.sum(x, dtype=np.float64).dtype == torch.float64


def test_errors_are_numpys():
    x = leaf(2, 3)
    for call, error in (
        (lambda: np.sum(x, axis=2), np.exceptions.AxisError),
        (lambda: np.sum(x, axis=(0, 0)), ValueError),
        (lambda: np.concatenate([x, leaf(2)]), ValueError),
        (lambda: np.reshape(x, 4), ValueError),
        (lambda: np.max(leaf(0)), ValueError),
        (lambda: np.squeeze(x, 0), ValueError),
        (lambda: np.linalg.inv(x), np.linalg.LinAlgError),
        (lambda: np.linalg.inv(leaf(2, 2) * 0), np.linalg.LinAlgError),
        (lambda: np.broadcast_to(x, (4, 4)), ValueError),
        (lambda: np.max(x, axis=0, where=M), ValueError),
        (lambda: np.dot(x, x), ValueError),
    ):
        with pytest.raises(error):
            call()


M = np.array([[True, False, True], [False, True, True]])


def test_lists_with_tensors_keep_their_history():
    a, b = leaf(2), leaf(2)
    result = np.dot([a, b], leaf(2))
    (grad,) = torch.autograd.grad(result.sum(), a)
    assert grad.tolist() == [1, 2]
    assert np.stack((a, [0.0, 1.0])).requires_grad and np.block([[a], [b]]).requires_grad


def test_second_order_and_forward_mode():
    x = leaf(3)
    assert torch.autograd.gradgradcheck(lambda x: np.linalg.norm(np.convolve(x, np.sin(x))), x)
    _, tangent = torch.autograd.functional.jvp(lambda x: np.dot(x, x), torch.ones(3), torch.ones(3))
    assert tangent == 6
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(torch.ones(3), torch.ones(3))
        assert torch.autograd.forward_ad.unpack_dual(np.concatenate([dual, dual])).tangent.tolist() == [1] * 6


def test_scipys_ufuncs_are_followed():
    special = pytest.importorskip("scipy.special")
    for ufunc in (special.expit, special.erf, special.gammaln, special.psi, special.xlog1py):
        x = leaf(2)
        if ufunc is special.xlog1py:
            with pytest.raises(RuntimeError, match="Can't call numpy"):
                ufunc(x, x)
        else:
            assert torch.autograd.gradcheck(ufunc, x)


def test_a_function_that_wraps_arrays():
    """Inside a Function nothing is recorded, so NumPy's and SciPy's functions take the tensors as arrays."""

    class Solve(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a, b):
            ctx.save_for_backward(a, b)
            return torch.from_numpy(np.linalg.solve(a.numpy(), np.asarray(b)))

        @staticmethod
        def backward(ctx, grad):
            a, b = ctx.saved_tensors
            g = np.linalg.solve(a.numpy().T, grad.numpy())
            return -torch.as_tensor(np.outer(g, np.linalg.solve(a.numpy(), b.numpy()))), torch.as_tensor(g)

    a, b = torch.tensor([[2.0, 1.0], [1.0, 3.0]], dtype=torch.float64, requires_grad=True), leaf(2)
    assert torch.autograd.gradcheck(Solve.apply, (a, b))


def switched_off() -> Any:
    return torch.set_grad_enabled(False)


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode, switched_off])
def test_arrays_where_grad_mode_is_off(mode):
    x = leaf(3)
    with mode():
        assert type(x.numpy()) is type(np.asarray(x)) is np.ndarray and np.shares_memory(x.numpy(), np.asarray(x))
        assert np.array(x, dtype=np.float32).dtype == np.float32 and np.cbrt(x).tolist() == np.cbrt([1, 2, 3]).tolist()
        assert type(np.dot(x, x)) is np.float64 and np.add(x, 1, out=np.zeros(3)).tolist() == [2, 3, 4]
        with torch.enable_grad(), pytest.raises(RuntimeError, match="Can't call numpy"):
            x.numpy()
        with pytest.raises(BufferError):
            np.from_dlpack(x)
    with pytest.raises(RuntimeError, match="Can't call numpy"):
        np.asarray(x)


def test_nothing_of_it_is_imported_before_it_is_needed():
    code = "import sys, mibun; assert not [m for m in sys.modules if 'numpy_functions' in m]"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_augmented_assignment_of_arrays_makes_a_new_tensor():
    x = leaf(2)
    y = x
    y += np.ones(2)
    assert y is not x and y.tolist() == [2, 3] and torch.autograd.grad(y.sum(), x)[0].tolist() == [1, 1]
    t = torch.ones(2)
    t *= np.full(2, 0.5)
    assert t.dtype == torch.float64 and torch.ones(2).__iadd__(np.ones(2)) is NotImplemented
    array = np.ones(2)
    array += torch.ones(2)
    assert type(array) is np.ndarray and array.tolist() == [2, 2]
    with pytest.raises(RuntimeError, match="Can't call numpy"):
        array += x


def test_subclasses_are_asked():
    asked = []

    class Counted(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            asked.append(func)
            return super().__torch_function__(func, types, args, kwargs or {})

    x = torch.ones(2).as_subclass(Counted)
    for call in (np.exp, lambda x: np.add(x, 1), lambda x: np.ones(2) * x, np.sum, np.round, np.cumsum):
        asked.clear()
        assert type(call(x)) is Counted and asked
