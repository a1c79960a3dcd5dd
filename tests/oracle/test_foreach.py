"""`torch._foreach_...`: every one of PyTorch's, in every form of the second operand, against PyTorch."""

import pytest

import mibun

torch = pytest.importorskip("torch")

from mibun.compat import foreach  # noqa: E402

pytestmark = pytest.mark.oracle

NAMES = [name for name in dir(torch) if name.startswith("_foreach_")]


def lists(lib, name):
    """Arguments of each form that a function takes."""
    tensors = lambda *shift: [lib.tensor([0.5 + s, 0.25]) for s in shift]  # noqa: E731
    stem = name.removeprefix("_foreach_").rstrip("_")
    if stem in foreach.UNARY or stem in ("zero", "max", "clone"):
        yield (tensors(0, 0.25),), {}
        return
    if stem in ("norm", "powsum"):
        for order in (1, 2, 3):
            yield (tensors(0, 0.25), order), {"dtype": lib.float64}
    elif stem == "mm":
        yield ([lib.eye(2) * 3], [lib.ones(2, 3)]), {}
    elif stem == "copy":
        yield (tensors(0, 0.25), tensors(1, 2)), {}
    elif stem in ("addcmul", "addcdiv"):
        for values in ((), (2,), ([2.0, 3.0],), (lib.tensor([2.0, 3.0]),)):
            yield (tensors(0, 0.25), tensors(1, 2), tensors(3, 4), *values), {}
        yield (tensors(0, 0.25), tensors(1, 2), tensors(3, 4)), {"value": 0.5}
    elif stem == "lerp":
        for weight in (0.25, [0.25, 0.75], tensors(0, 0.25)):
            yield (tensors(0, 0.25), tensors(1, 2), weight), {}
    else:
        for other in (0.25, [0.25, 2.0], tensors(0, 1), tuple(tensors(0, 1))):
            yield (tensors(0, 0.25), other), {}
        yield (tensors(0, 0.25), tensors(1)), {}  # too few
        yield (tensors(0, 0.25), [1.0]), {}
        yield (tensors(0, 0.25), "x"), {}
        yield ([], 1), {}
        yield (tensors(0)[0], 1), {}
        yield (tensors(0), 1), {"alpha": 2}
        yield (tensors(0), tensors(1)), {"alpha": 2}
        yield (tensors(0), lib.tensor(2.0)), {}
        yield (tensors(0), lib.tensor([2.0])), {}


def outcome(lib, name, args, kwargs):
    try:
        result = getattr(lib, name)(*args, **kwargs)
    except (TypeError, RuntimeError) as error:
        return type(error)
    assert (result is args[0]) == name.endswith("_")
    return type(result).__name__, [(str(one.dtype), one.detach().flatten().tolist()) for one in result]


@pytest.mark.parametrize("name", NAMES)
def test_results_and_error_classes(name):
    cases = zip(lists(mibun, name), lists(torch, name), strict=True)
    for (args, kwargs), (their_args, their_kwargs) in cases:
        ours, theirs = outcome(mibun, name, args, kwargs), outcome(torch, name, their_args, their_kwargs)
        if isinstance(theirs, type):
            assert ours == theirs, (args, kwargs)
            continue
        assert ours[0] == theirs[0] and len(ours[1]) == len(theirs[1]), (args, kwargs)
        for (dtype, values), (their_dtype, their_values) in zip(ours[1], theirs[1], strict=True):
            assert dtype == their_dtype
            assert values == pytest.approx(their_values, rel=1e-5, abs=1e-6), (args, kwargs)


def test_gradients_are_those_of_each_function():
    x, y = mibun.ones(2, requires_grad=True), mibun.ones(3, requires_grad=True)
    sum(one.sum() for one in mibun._foreach_mul([x, y], [2.0, 3.0])).backward()
    assert x.grad.tolist() == [2.0] * 2 and y.grad.tolist() == [3.0] * 3


def test_every_name_is_there():
    assert foreach.__all__ == NAMES
