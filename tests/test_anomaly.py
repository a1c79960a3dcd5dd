"""Anomaly detection: the line of the forward pass, for NaN and for errors in backward. Agrees with PyTorch except where
marked."""

from __future__ import annotations

import warnings

import pytest

import mibun as torch

OURS = torch.__name__ == "mibun"
ours = pytest.mark.skipif(not OURS, reason="PyTorch has nothing like it")


def detect(**options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.autograd.detect_anomaly(**options)


def leaf(*values):
    return torch.tensor(values, requires_grad=True)


class Raises(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, grad):
        raise ValueError("boom")


class Nan(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, y):
        return x * 2 + y

    @staticmethod
    def backward(ctx, grad):
        return grad, grad * float("nan")


class Twice(torch.autograd.Function):
    """Its backward uses a Function of which the backward gives NaN."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return Nan.apply(x, grad)


def warned(call, error):
    """The error and the warnings of a call that fails."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(error) as info:
            call()
    return info.value, [str(w.message) for w in caught if issubclass(w.category, UserWarning)]


def test_nan():
    x = leaf(0.0, -1.0)

    def call():
        with detect():
            y = torch.sqrt(x)  # the line
            y.sum().backward()

    error, messages = warned(call, RuntimeError)
    assert str(error).startswith("Function 'SqrtBackward0' returned nan values in its 0th output.")
    assert "Error detected in SqrtBackward0. Traceback of forward call that caused the error" in messages[0]
    assert "y = torch.sqrt(x)  # the line" in messages[0]
    assert x.grad is None
    if OURS:
        assert "y = torch.sqrt(x)  # the line" in str(error)


def test_which_output():
    error, _ = warned(lambda: detect_backward(lambda: Nan.apply(leaf(1.0), leaf(1.0))), RuntimeError)
    assert str(error).startswith("Function 'NanBackward' returned nan values in its 1th output.")


def detect_backward(make):
    with detect():
        make().sum().backward()


def test_no_forward_information():
    y = torch.sqrt(leaf(-1.0))

    def call():
        with detect():
            y.sum().backward()

    error, messages = warned(call, RuntimeError)
    assert "returned nan values" in str(error)
    assert "No forward pass information available" in messages[0]
    if OURS:  # the line is known all the same
        assert "y = torch.sqrt(leaf(-1.0))" in str(error)


def test_errors_in_backward():
    error, messages = warned(lambda: detect_backward(lambda: Raises.apply(leaf(1.0))), ValueError)
    assert str(error) == "boom"
    assert "Error detected in RaisesBackward" in messages[0]
    assert "Raises.apply(leaf(1.0))" in messages[0]
    if OURS:
        assert any("Raises.apply(leaf(1.0))" in note for note in error.__notes__)


def test_nested():
    def call():
        with detect():
            x = leaf(2.0)
            g = torch.ones(1, requires_grad=True)
            (first,) = torch.autograd.grad(Twice.apply(x), x, g, create_graph=True)
            first.backward()

    error, messages = warned(call, RuntimeError)
    assert "Function 'NanBackward' returned nan values" in str(error)
    assert len(messages) == 2
    assert "Previous calculation was induced by TwiceBackward" in messages[1]
    assert "Twice.apply(x)" in messages[1]
    if OURS:
        assert "itself made by the backward of TwiceBackward" in str(error)


def test_create_graph():
    def call():
        with detect():
            torch.autograd.grad(torch.sqrt(leaf(-1.0)).sum(), leaf(1.0), create_graph=True, allow_unused=True)

    error = None
    try:
        call()
    except RuntimeError as found:
        error = found
    assert error is None  # the node does not lie on a path to the input, so it does not run

    def full():
        with detect():
            torch.sqrt(leaf(-1.0)).sum().backward(create_graph=True)

    error, _ = warned(full, RuntimeError)
    assert "SqrtBackward0" in str(error)


def test_check_nan_can_be_off():
    x = leaf(-1.0)
    with detect(check_nan=False):
        torch.sqrt(x).sum().backward()
    assert x.grad.isnan().all()


def test_switches():
    assert not torch.is_anomaly_enabled()
    with pytest.warns(UserWarning, match="Anomaly Detection has been enabled"):
        torch.autograd.detect_anomaly()
    with detect():
        assert torch.is_anomaly_enabled() and torch.is_anomaly_check_nan_enabled()
        with torch.autograd.set_detect_anomaly(False):
            assert not torch.is_anomaly_enabled()
        assert torch.is_anomaly_enabled()
    torch.autograd.set_detect_anomaly(True, check_nan=False)
    try:
        assert torch.is_anomaly_enabled() and not torch.is_anomaly_check_nan_enabled()
    finally:
        torch.autograd.set_detect_anomaly(False)
    assert not torch.is_anomaly_enabled() and torch.is_anomaly_check_nan_enabled()


def test_tracebacks_are_in_the_metadata():
    with detect():
        y = leaf(1.0) * 2
    assert "y = leaf(1.0) * 2" in "".join(y.grad_fn.metadata["traceback_"])
    assert (leaf(1.0) * 2).grad_fn.metadata == {}


@ours
def test_hot_path_is_as_it_was():
    from mibun.core.mode import MODE, PLAIN

    with detect():
        assert not MODE.get().fast
    assert MODE.get() is PLAIN


@ours
def test_forward_check():
    with detect(check_forward=True):
        x = leaf(0.0, 1.0)
        (x + 1).log()
        with pytest.raises(RuntimeError, match=r"Operation 'log' returned infinite values.*x\.log\(\)"):
            x.log()
        with pytest.raises(RuntimeError, match="Operation 'div' returned nan values"):
            x / x
        with detect():
            x.log()


def test_modified_views():
    """The nodes that an in-place operation on a view gives to its base, and to other views, know their line."""
    x = leaf(0.0, 0.0, 1.0)

    def call():
        with detect():
            y = x.clone()
            y[:2].sqrt_()  # the line
            (y * 0).sum().backward()

    error, messages = warned(call, RuntimeError)
    assert "CopySlices' returned nan values in its 0th output" in str(error)
    assert "y[:2].sqrt_()  # the line" in messages[0] and x.grad is None
    with torch.autograd.set_detect_anomaly(True):
        y = x.clone()
        view = y[:2]
        y.mul_(2)
        assert view.grad_fn.name() == "AsStridedBackward0"
        assert 'assert view.grad_fn.name() == "AsStridedBackward0"' in "".join(view.grad_fn.metadata["traceback_"])


def test_the_node_behind_a_node_is_in_the_metadata():
    x = leaf(1.0, 2.0)
    with torch.autograd.set_detect_anomaly(True):
        y = (x**3).sum()
        (grad,) = torch.autograd.grad(y, x, create_graph=True)
    assert grad.grad_fn.metadata["parent_"].name() == "PowBackward0"
    assert "parent_" not in y.grad_fn.metadata


def test_the_module_has_its_name():
    import importlib

    module = importlib.import_module(f"{torch.__name__}.autograd.anomaly_mode")
    assert module.detect_anomaly is torch.autograd.detect_anomaly
    assert module.__all__ == ["detect_anomaly", "set_detect_anomaly"]


def test_switches_are_bools():
    for call in (lambda: torch.autograd.set_detect_anomaly("yes"), lambda: detect(check_nan=None).__enter__()):
        with pytest.raises(TypeError, match=r"set_anomaly_enabled\(\): argument .* must be bool, not"):
            call()
    assert not torch.is_anomaly_enabled()
