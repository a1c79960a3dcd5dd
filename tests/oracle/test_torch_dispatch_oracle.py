"""`__torch_dispatch__` against PyTorch: which operators modes and subclasses are told of, and what becomes of it."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

import mibun

torch = pytest.importorskip("torch")

# PyTorch tells of these too, which here are no operators, or nothing that a graph has.
UNSEEN = {"aten.detach.default", "aten.ones.default", "aten.ones_like.default", "aten._unsafe_view.default"}


def dispatch(library: Any) -> Any:
    return importlib.import_module(f"{library.__name__}.utils._python_dispatch")


def logging_mode(library: Any, log: list, tag: str = "") -> Any:
    class Log(dispatch(library).TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            if str(func) not in UNSEEN:
                shown = [tuple(a.shape) if isinstance(a, library.Tensor) else a for a in args]
                log.append(f"{tag}{func} {shown} {kwargs or {}}")
            return func(*args, **(kwargs or {}))

    return Log()


FORWARD = """x*2 x+1 x-1 x/2 x**2 x@x.t() x.sum() x.sum(0) x.sum(1,keepdim=True) x.mean() x.mean(1) x.max(1)
x.view(3,2) x.t() x.transpose(0,1) x.permute(1,0) x.unsqueeze(0) x.expand(2,2,3) x[0]
torch.cat([x,x]) torch.cat([x,x],1)
torch.stack([x,x]) x.clone() x.exp() x.relu() x.sigmoid() x.tanh() x==1 x>0.5 torch.add(x,x,alpha=2)
torch.addmm(x.sum(1),x,x.t()) torch.bmm(x[None],x.t()[None]) x.to(torch.float64) x.softmax(1) x.log_softmax(1)
torch.nn.functional.conv2d(x.view(1,1,2,3),x.view(1,1,2,3)) x.maximum(x) torch.where(x>0,x,x)
x.neg() x.abs() x.masked_fill(x>1,0.) torch.nn.functional.gelu(x) x.clamp(0,1)""".split("\n")


@pytest.mark.parametrize("text", [text for line in FORWARD for text in line.split(" ")])
def test_the_operators_of_an_expression(text: str) -> None:
    logs = []
    for library in (torch, mibun):
        log: list = []
        x = library.ones(2, 3)
        with logging_mode(library, log):
            eval(text, {"torch": library, "x": x})
        logs.append(log)
    if text in ("torch.where(x>0,x,x)", "torch.nn.functional.gelu(x)", "x.clamp(0,1)"):
        logs = [[line.split(".")[1] for line in log] for log in logs]  # the names alone
    assert logs[1] == logs[0]


def test_results_and_gradients_are_those_without_a_mode() -> None:
    model = mibun.nn.Sequential(
        mibun.nn.Conv2d(1, 2, 3), mibun.nn.BatchNorm2d(2), mibun.nn.ReLU(), mibun.nn.Flatten(), mibun.nn.Linear(18, 3)
    )
    x, target = mibun.randn(4, 1, 5, 5), mibun.tensor([0, 1, 2, 0])
    found = []
    for mode in (None, logging_mode(mibun, log := [])):
        model.zero_grad()
        if mode is not None:
            mode.__enter__()
        loss = mibun.nn.functional.cross_entropy(model(x), target)
        loss.backward()
        if mode is not None:
            mode.__exit__(None, None, None)
        found.append([loss, *[parameter.grad.clone() for parameter in model.parameters()]])
    for one, other in zip(*found, strict=True):
        mibun.testing.assert_close(one, other)
    names = [line.split(" ")[0] for line in log]
    assert names.count("aten.convolution.default") == 2  # and for the weights
    assert names.count("aten.mm.default") == 2  # in backward


def test_in_backward_and_nested() -> None:
    logs = []
    for library in (torch, mibun):
        log: list = []
        x = library.ones(2, 3, requires_grad=True)
        y = (x @ library.ones(3, 2)).exp().sum()
        with logging_mode(library, log, "outer "), logging_mode(library, log, "inner "):
            library.exp(library.ones(2))
            with dispatch(library)._disable_current_modes() as modes:
                library.exp(library.ones(2))
                log.append(len(modes))
            y.backward()
        logs.append([line for line in log if "exp.default" in str(line) or "mm" in str(line) or isinstance(line, int)])
        assert x.grad.shape == (2, 3)
    assert [str(line).split("[")[0] for line in logs[1]] == [str(line).split("[")[0] for line in logs[0]]


def test_a_mode_changes_results_below_autograd() -> None:
    for library in (torch, mibun):

        class Double(dispatch(library).TorchDispatchMode):
            def __torch_dispatch__(self, func, types, args=(), kwargs=None, library=library):
                result = func(*args, **(kwargs or {}))
                return result * 2 if func == library.ops.aten.exp.default else result

        x = library.zeros(2, requires_grad=True)
        with Double():
            y = x.exp()
        assert y.tolist() == [2.0, 2.0]
        assert type(y.grad_fn).__name__ == "ExpBackward0"
        y.sum().backward()
        assert x.grad.tolist() == [2.0, 2.0]  # the derivative is the result


def test_in_place_and_views() -> None:
    for library in (torch, mibun):
        log: list = []
        x = library.ones(2, 3)
        with logging_mode(library, log):
            x.add_(1)
            x[0].mul_(2)
            x.view(6).zero_()
        assert x.sum().item() == 0
        assert [line.split(" ")[0] for line in log][:2] == ["aten.add_.Tensor", "aten.select.int"]


def wrapper_class(library: Any, log: list) -> Any:
    class Wrapper(library.Tensor):
        __torch_function__ = library._C._disabled_torch_function_impl

        @staticmethod
        def __new__(cls, inner):
            return library.Tensor._make_wrapper_subclass(
                cls, inner.size(), strides=inner.stride(), dtype=inner.dtype, device=inner.device
            )

        def __init__(self, inner):
            self.inner = inner

        def __tensor_flatten__(self):
            return ["inner"], None

        @staticmethod
        def __tensor_unflatten__(inner, context, size, stride):
            return Wrapper(inner["inner"])

        @classmethod
        def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
            log.append(f"{func} {[kind.__name__ for kind in types]}")
            tree_map = importlib.import_module(f"{library.__name__}.utils._pytree").tree_map
            unwrap = lambda leaf: leaf.inner if isinstance(leaf, cls) else leaf  # noqa: E731
            wrap = lambda leaf: cls(leaf) if isinstance(leaf, library.Tensor) else leaf  # noqa: E731
            out = tree_map(wrap, func(*tree_map(unwrap, args), **tree_map(unwrap, kwargs or {})))
            return dispatch(library).return_and_correct_aliasing(func, args, kwargs or {}, out)

    return Wrapper


def test_a_subclass_that_wraps() -> None:
    logs = []
    for library in (torch, mibun):
        log: list = []
        kind = wrapper_class(library, log)
        a = kind(library.ones(2, 3))
        b = library.relu(a * 2 + 1) @ a.t()
        assert type(b) is kind
        assert (tuple(b.shape), b.stride(), str(b.dtype), str(b.device)) == ((2, 2), (2, 1), "torch.float32", "cpu")
        assert b.inner.tolist() == [[9.0, 9.0], [9.0, 9.0]]
        module = dispatch(library)
        assert module.is_traceable_wrapper_subclass(a)
        assert not module.is_traceable_wrapper_subclass(a.inner)
        assert module.transform_subclass(a, lambda name, inner: inner + 1).inner.tolist()[0] == [2.0, 2.0, 2.0]
        logs.append([line for line in log if "add.Tensor" in line or "mm" in line or "mul" in line])
    assert logs[1] == logs[0]


def test_a_subclass_with_data_is_recorded() -> None:
    for library in (torch, mibun):
        log: list = []

        class Counting(library.Tensor):
            __torch_function__ = library._C._disabled_torch_function_impl

            @classmethod
            def __torch_dispatch__(cls, func, types, args=(), kwargs=None, log=log):
                log.append(str(func))
                return super().__torch_dispatch__(func, types, args, kwargs or {})

        x = library.Tensor._make_subclass(Counting, library.ones(3), True)
        y = (x * 3).sum()
        assert "aten.mul.Tensor" in log
        y.backward()
        assert x.grad.tolist() == [3.0, 3.0, 3.0]


def test_what_is_refused() -> None:
    class Wrong(dispatch(mibun).TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            return "text"

    with Wrong(), pytest.raises(TypeError, match="must return Tensors"):
        mibun.ones(2).exp()
    with pytest.raises(RuntimeError, match="must define __torch_dispatch__"):
        mibun.Tensor._make_wrapper_subclass(mibun.Tensor, (2,))
