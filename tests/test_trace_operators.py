"""Tracing every sample: the operators are written down, in order and by their values, and nothing else changes."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import mibun as torch
from samples import SAMPLES
from samples.declare import S


def inputs(sample: S) -> list:
    return [torch.from_numpy(array.copy()) for array in sample.arrays()]


def flat(value: Any) -> list:
    if isinstance(value, (list, tuple)):
        return [leaf for one in value for leaf in flat(one)]
    return [value]


def traced(sample: S) -> tuple[Any, Any, Any]:
    """The result of a run, that of a traced one from the same seed, and the trace; None where nothing can be traced."""
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = sample.run(torch, inputs(sample))
        if not all(isinstance(one, torch.Tensor) for one in flat(plain)):
            return None, None, None
        torch.manual_seed(0)
        results = []

        def function(*tensors: Any) -> Any:
            results.append(sample.run(torch, list(tensors)))
            return results[-1]

        trace = torch.jit.trace(function, tuple(inputs(sample)), check_trace=False, strict=False)
    return plain, results[0], trace


GROUPS = [SAMPLES[i::8] for i in range(8)]


@pytest.mark.parametrize("samples", GROUPS, ids=range(8))
def test_every_sample(samples: list[S]) -> None:
    empty = []
    for sample in samples:
        if not inputs(sample):
            continue
        plain, result, trace = traced(sample)
        if trace is None:
            continue
        graph = trace.graph
        for one, other in zip(flat(plain), flat(result), strict=True):
            assert torch.testing.assert_close(one, other, equal_nan=True) is None, sample.id
        # Every value that is used was made before.
        known = {value.debugName() for value in graph.inputs()}
        for node in graph.nodes():
            assert {value.debugName() for value in node.inputs()} <= known, sample.id
            made = [value.debugName() for value in node.outputs()]
            assert len(set(made)) == len(made) and not known & set(made), sample.id
            known.update(made)
        assert {value.debugName() for value in graph.outputs()} <= known, sample.id
        assert str(graph).startswith("graph(") and str(graph).endswith(")\n")
        assert trace.code.startswith("def function(") and "return" in trace.code.splitlines()[-1]
        compile(trace.code, sample.id, "exec")
        if not [step for step in graph.steps() if step.startswith("aten::")]:
            empty.append(sample.name)
    # What makes its result without an operator, of sizes alone.
    assert all(not any(name.endswith(end) for end in ("add", "mul", "exp", "linear", "conv2d")) for name in empty)
    assert len(empty) < len(samples) / 10, empty


def test_layers_have_their_parameters_as_attributes() -> None:
    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.block = torch.nn.Sequential(torch.nn.Conv1d(2, 3, 1), torch.nn.BatchNorm1d(3))
            self.rnn = torch.nn.GRU(3, 4, batch_first=True)
            self.head = self.block[0]  # shared

        def forward(self, x: Any) -> Any:
            x = self.block(x)
            return self.rnn(x.transpose(1, 2))[0].relu_() + self.head.bias.sum()

    trace = torch.jit.trace(Net().eval(), torch.ones(1, 2, 5))
    text = str(trace.graph)
    assert text.count('prim::GetAttr[name="weight_ih_l0"]') == 1 and 'prim::GetAttr[name="running_mean"]' in text
    assert "self.rnn.weight_hh_l0" in trace.code and 'getattr(self.block, "0").weight' in trace.code
    assert "torch.relu_(" in trace.code and "CONSTANT" not in trace.code.replace("CONSTANT, ", "")
    again = torch.jit.trace(trace._traced_original, torch.ones(1, 2, 5))
    assert again.graph.steps() == trace.graph.steps()


def test_functions_and_transforms_within_a_trace() -> None:
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            return 2 * ctx.saved_tensors[0] * grad

    def function(x: Any) -> Any:
        inner = torch.func.grad(lambda y: (y * y).sum())(x)
        mapped = torch.vmap(torch.sin)(x)
        return Square.apply(x) + inner + mapped + torch.utils.checkpoint.checkpoint(torch.cos, x, use_reentrant=False)

    x = torch.tensor([0.5, 1.0], requires_grad=True)
    trace = torch.jit.trace(function, x)
    steps = trace.graph.steps()
    assert {"aten::mul", "aten::sin", "aten::cos", "aten::add"} <= set(steps)
    (gradient,) = torch.autograd.grad(trace(x).sum(), x)
    torch.testing.assert_close(gradient, 2 * x.detach() + 2 + x.detach().cos() - x.detach().sin())


def test_an_error_within_leaves_no_trace_on() -> None:
    with pytest.raises(ZeroDivisionError):
        torch.jit.trace(lambda x: 1 / 0, torch.ones(1))
    assert not torch.jit.is_tracing()
