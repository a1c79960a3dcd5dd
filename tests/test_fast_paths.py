"""What has a fast path gives the same without it: calls, rules as straight lines, the plain backward, work in pieces.

A call of an operator, and a backward, go the short way where they can, and the general one where not. Here the short
ones are closed, one by one, and every sample has to give the same bits.
"""

from __future__ import annotations

import contextlib
import gc
import heapq
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.core import engine
from mibun.core.registry import OPS
from mibun.dispatch import constants, natively, pieces, rules, template, traces
from mibun.dispatch.apply import apply_generally
from mibun.dispatch.constants import constant
from mibun.xp.numpy import threads
from samples import SAMPLES
from test_numpy_settings import agree, outcome

F = torch.nn.functional


def _forget_rules(monkeypatch: Any) -> None:
    """Rules are written anew when they are next run."""
    for op in OPS.values():
        for name in ("run", "run_once"):
            monkeypatch.setattr(op, name, getattr(rules, name))


def without_calls(monkeypatch: Any) -> None:
    for op in OPS.values():
        monkeypatch.setattr(op, "several", None)
        if op.one is not None:
            monkeypatch.setattr(op, "one", lambda operand, params, op=op: apply_generally(op, (operand,), params))


def without_lines(monkeypatch: Any) -> None:
    monkeypatch.setattr(rules, "straight_result", lambda op: ("", {}))
    _forget_rules(monkeypatch)


def without_numbers(monkeypatch: Any) -> None:
    """Python numbers beside tensors are the general path's, and no rule is a straight line."""
    for table in (constants.REALS, constants.NUMBERS):
        for dtype in list(table):
            monkeypatch.delitem(table, dtype)


def without_plain_backward(monkeypatch: Any) -> None:
    def leave_all(heap, buffers, leaves, owned, keep_graph, node=None, grad=None):
        if node is not None:
            buffers[node] = grad
            heapq.heappush(heap, (-node.sequence_nr, node))
        return None if not heap else (heap[0][1], -1)

    monkeypatch.setattr(engine, "drain_plainly", leave_all)
    monkeypatch.setattr(engine, "leads_only_to", lambda root, leaves: False)


def in_pieces(monkeypatch: Any) -> None:
    """For pointwise operators everything is large, and a piece is five or ten elements."""
    for made in gc.get_objects():
        if type(made) is FunctionType and made.__globals__.get("__name__", "") is None:
            for name in ("LARGE", "COMPILED"):
                monkeypatch.setitem(made.__globals__, name, 0)
    for name in ("LARGE", "COMPILED"):
        monkeypatch.setitem(template._SHARED, name, 0)
    monkeypatch.setattr(natively, "_FOUND", [natively._nothing])
    monkeypatch.setattr(pieces, "PIECE", 40)
    monkeypatch.setattr(pieces, "ALONE", ((1, 1),))
    # (The totals of pieces are added up in another order than all elements: `test_pieces.py` looks at those.)
    monkeypatch.setattr(traces.Trace, "total", None)
    monkeypatch.setattr(pieces, "LARGE", 1)
    _forget_rules(monkeypatch)


def in_pieces_by_threads(monkeypatch: Any) -> None:
    in_pieces(monkeypatch)
    monkeypatch.setattr(pieces, "THREADED", 0)
    monkeypatch.setattr(pieces, "threads_now", lambda: 3)
    monkeypatch.setattr(threads, "number_of_threads", lambda: 3)
    monkeypatch.setattr(threads, "_LONGEST_ALONE", 0)
    monkeypatch.setattr(threads, "_patience", 0)
    monkeypatch.setattr(threads, "_SHORTEST_ALONE", 0)
    monkeypatch.setattr(threads, "_alone_until", 0)


WITHOUT = {
    "calls": without_calls,
    "lines": without_lines,
    "numbers": without_numbers,
    "plain backward": without_plain_backward,
    "whole arrays": in_pieces,
    "whole arrays, by threads": in_pieces_by_threads,
}


@contextlib.contextmanager
def as_it_is() -> Iterator[None]:
    yield


def cases() -> Iterator[tuple[Any, list[np.ndarray]]]:
    for sample in SAMPLES:
        for dtype in ("float32", "float64"):
            arrays = [array.astype(dtype) if array.dtype.kind == "f" else array for array in sample.arrays()]
            yield sample, arrays


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("closed", WITHOUT)
def test_the_same_without(monkeypatch, closed, part):
    """All samples' values, gradients and recorded gradients, a quarter of the samples at a time."""
    some = [case for i, case in enumerate(cases()) if i % 4 == part]
    expected = [outcome(sample, arrays, as_it_is) for sample, arrays in some]
    WITHOUT[closed](monkeypatch)
    for (sample, arrays), wanted in zip(some, expected, strict=True):
        found = outcome(sample, arrays, as_it_is)
        assert len(found) == len(wanted) and all(map(agree, found, wanted)), (sample.id, found, wanted)


def test_there_are_straight_lines():
    """Of most operators that have a plain formula; complex numbers take the rule itself."""
    lines = {name for name, op in OPS.items() if op.differentiable and op.vjp and rules.straight_result(op)[0]}
    assert {"mul", "div", "exp", "sin", "sigmoid", "relu", "log", "linear_with_bias", "logaddexp"} <= lines
    assert "abs" not in lines  # a real result of complex numbers
    x = torch.tensor([1 + 2j], requires_grad=True)
    (x * (2 - 1j)).real.sum().backward()
    assert x.grad.tolist() == [2 + 1j]


# --- numbers ---


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_constants(dtype):
    x = np.array([1.5, -2.0], dtype)
    for number in (2, 0.1, -0.3, 1e-30, 3, -7):
        found = constant(number, x)
        assert type(found) is np.ndarray and found.dtype == dtype and found.shape == ()
        np.testing.assert_array_equal(x * found, x * number)
        assert not found.flags.writeable
    # A zero has a sign, NaN no equal, large integers more than one way to be rounded, and other arrays take no floats.
    for number in (0, 0.0, -0.0, float("nan"), float("inf"), 2**60 + 1):
        assert constant(number, x) is number
    for array in (np.ones(2, np.float16), np.ones(2, int), np.ones(2, complex), np.float32(1)):
        assert constant(2.5, array) == 2.5 and type(constant(2.5, array)) is float


def test_signs_of_zero_with_numbers():
    x = torch.tensor([1.0, -1.0], requires_grad=True)
    for zero in (0.0, -0.0, 0.0):
        assert np.signbit((x * zero).detach().numpy()).tolist() == np.signbit(x.detach().numpy() * zero).tolist()


INFIX = "x + n, n + x, x - n, n - x, x * n, n * x, x / n, n / x, x ** n, x % n, x // n, x.sigmoid() * n".split(", ")


@pytest.mark.parametrize(
    "dtype", ["float16", "float32", "float64", "complex64", "complex128", "int64", "uint8", "bool"]
)
@pytest.mark.parametrize("shape", [(), (3,)])
def test_numbers_beside_tensors(monkeypatch, dtype, shape):
    """The tables of numbers change no bit, no dtype and no error, whatever the dtype and the number."""

    def computed() -> list:
        found = []
        for text in INFIX:
            for n in (2, 0.1, -0.3, 0, -0.0, 3, True, 1e-30, float("inf"), 2**24 + 1, 1 + 2j):
                x = torch.ones(shape).mul(3).to(getattr(torch, dtype))
                if x.is_floating_point() or x.is_complex():
                    x.requires_grad_()
                try:
                    y = eval(text, {"x": x, "n": n})
                    grad = None
                    if y.requires_grad:
                        (grad,) = torch.autograd.grad(y, x, torch.ones_like(y))
                    for part in (y, grad):
                        if part is not None:
                            # (Of a complex product with a number a zero may have either sign.)
                            array = part.detach().numpy() + 0 if part.is_complex() else part.detach().numpy()
                            found.append((text, n, part.dtype, array.tobytes()))
                except Exception as error:
                    found.append((text, n, type(error), str(error)))
        return found

    expected = computed()
    assert computed() == expected  # with numbers that are in the tables already
    without_numbers(monkeypatch)
    assert computed() == expected


# --- operands that are left out, or of no dimension ---

OPTIONAL = {
    "nll_loss": lambda x, w, s: F.nll_loss(x, torch.tensor([0, 2]), w.detach()) + F.nll_loss(x, torch.tensor([0, 2])),
    "binary_cross_entropy": lambda x, w, s: (
        F.binary_cross_entropy(x, x.detach()) + F.binary_cross_entropy(x, x, w.detach())
    ),
    "with_logits": lambda x, w, s: F.binary_cross_entropy_with_logits(x, x, None, pos_weight=w.detach()),
    "layer_norm": lambda x, w, s: F.layer_norm(x, (3,)) + F.layer_norm(x, (3,), w) + F.layer_norm(x, (3,), None, w),
    "group_norm": lambda x, w, s: F.group_norm(x, 1, w) + F.group_norm(x, 3),
    "batch_norm": lambda x, w, s: F.batch_norm(x, w.detach(), w.detach(), None, w),
    "conv1d": lambda x, w, s: F.conv1d(x[None], x[None], None) + F.conv1d(x[None], x[None], s[None]),
    "where": lambda x, w, s: torch.where(x > 0.5, x, s) + torch.where(s > 0, x, w),
    "lerp": lambda x, w, s: torch.lerp(x, s, w) + torch.addcmul(s, x, w) + torch.addcdiv(s, x, w),
}


@pytest.mark.parametrize("modified", [False, True])
@pytest.mark.parametrize("name", OPTIONAL)
def test_optional_operands(monkeypatch, name, modified):
    """Values, gradients, second gradients; and the error for what was modified in place after it had been saved."""

    def computed() -> list:
        x = torch.tensor([[0.1, 0.9, 0.3], [0.6, 0.2, 0.7]], requires_grad=True)
        w, s = torch.tensor([0.5, 1.0, 0.7], requires_grad=True), torch.tensor(0.4, requires_grad=True)
        inner = [one * 1.0 for one in (x, w, s)]
        out = OPTIONAL[name](*inner)
        if modified:
            for one in inner:
                one.detach().mul_(2.0)
        try:
            grads = torch.autograd.grad(out.sin().sum(), (x, w, s), create_graph=True, allow_unused=True)
            total = sum([(grad**2).sum() for grad in grads if grad is not None])
            second = torch.autograd.grad(total, (x, w, s), allow_unused=True)
        except RuntimeError as error:
            return [str(error).partition(" The value was saved")[0]]
        return [None if part is None else part.detach().numpy().tobytes() for part in (out, *grads, *second)]

    expected = computed()
    assert not modified or name == "where" or "modified by an inplace operation" in expected[0]
    without_calls(monkeypatch)
    assert computed() == expected


# --- rows ---

ROWS = {
    "softmax": lambda x, w: F.softmax(x, -1),
    "softmax of the middle": lambda x, w: F.softmax(x, 1),
    "log_softmax": lambda x, w: F.log_softmax(x, -1),
    "logsumexp": lambda x, w: torch.logsumexp(x, -1),
    "logsumexp of two": lambda x, w: torch.logsumexp(x, (1, 2), keepdim=True),
    "logsumexp of the first": lambda x, w: torch.logsumexp(x, 0),
    "layer_norm": lambda x, w: F.layer_norm(x, (7,)),
    "layer_norm with weights": lambda x, w: F.layer_norm(x, (7,), w, w),
    "layer_norm of two": lambda x, w: F.layer_norm(x, (5, 7)),
    "cross_entropy": lambda x, w: F.cross_entropy(x.flatten(0, 1), torch.arange(55) % 7),
}


@pytest.mark.parametrize("strided", [False, True])
@pytest.mark.parametrize("name", ROWS)
def test_rows_in_pieces(monkeypatch, name, strided):
    """Row by row the same sums are made, but for which of BLAS or NumPy adds them up: a few roundings."""

    def computed() -> list[np.ndarray]:
        torch.manual_seed(0)
        x = torch.randn(11, 5, 7)
        x = (x.transpose(0, 2).contiguous().transpose(0, 2) if strided else x).requires_grad_()
        w = torch.linspace(0.5, 1.5, 7).requires_grad_()
        out = ROWS[name](x, w)
        g = torch.linspace(-1, 1, out.numel()).reshape(out.shape)
        return [
            out.detach().numpy(),
            *[v.numpy() for v in torch.autograd.grad(out, (x, w), g, allow_unused=True) if v is not None],
        ]

    expected = computed()
    used = []
    real = pieces.ByRows.results
    monkeypatch.setattr(pieces, "LARGE_ROWS", 2)
    monkeypatch.setattr(natively, "LARGE_ROWS", 2)
    monkeypatch.setattr(natively, "_FOUND", [natively._nothing])
    monkeypatch.setattr(pieces, "PIECE", 160)
    monkeypatch.setattr(pieces.ByRows, "results", lambda *args: used.append(result := real(*args)) or result)
    for found, wanted in zip(computed(), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
    if not strided and name not in ("logsumexp of the first",):
        assert any(result is not None for result in used)


# --- all rows of a Jacobian ---


def test_rows_of_a_jacobian_together(monkeypatch):
    from mibun.autograd import functional

    x = torch.linspace(-1, 1, 6, dtype=torch.float64)

    def f(x: Any) -> Any:
        return torch.stack([(x**2).sum(), x.prod(), x[1:].sin().dot(x[:-1])]), x.outer(x).exp()

    together = functional.jacobian(f, x)
    for most in (0, 40):  # one by one, and some at a time
        monkeypatch.setattr(functional, "_MOST_ELEMENTS", most)
        for one, other in zip(functional.jacobian(f, x), together, strict=True):
            np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-12, atol=1e-14)


def test_hooks_see_each_row():
    """Where somebody could tell, the rows are computed one after the other."""
    calls = []

    def f(x: Any) -> Any:
        y = x * 2
        y.register_hook(lambda g: calls.append(tuple(g.shape)))
        return y.sin()

    torch.autograd.functional.jacobian(f, torch.ones(4))
    assert calls == [(4,)] * 4


def test_user_functions_see_each_row():
    class Twice(torch.autograd.Function):
        seen = 0

        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            Twice.seen += 1
            return g * 2

    found = torch.autograd.functional.jacobian(Twice.apply, torch.ones(3))
    assert Twice.seen == 3 and found.tolist() == (2 * torch.eye(3)).tolist()


def test_strict_rows_together():
    with pytest.raises(RuntimeError, match="independent of input 1"):
        torch.autograd.functional.jacobian(lambda x, y: x * 2, (torch.ones(3), torch.ones(3)), strict=True)
