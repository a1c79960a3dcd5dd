"""Re-runs the kernels and the rules of a computation over array-api-strict, with what it cannot promise switched off.

While a computation runs on NumPy, the kernels of the operators are replaced by recorders. Each recorded call is then
repeated, kernel and rules, on array-api-strict's arrays: a function that is not in the standard, a dtype that is
mixed, a shape that depends on values, a boolean mask as an index are all errors there, and what comes out must equal
NumPy's.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import array_api_strict
import numpy as np

import mibun.xp.numpy.namespace as numpy_namespace
from mibun.core.mode import MODE, Mode
from mibun.core.registry import OPS
from mibun.dispatch.apply import apply_generally
from mibun.dispatch.declare import Op
from mibun.xp.generic.namespace import Namespace

STRICT = Namespace(array_api_strict)


def _by_numpy(name: str) -> Callable:
    def function(*args: Any) -> Any:
        return to_strict(getattr(numpy_namespace, name)(*[to_numpy(arg) for arg in args]))

    return function


# The shape of what these return depends on the values, by nature: the selected elements, the distinct ones, the true
# ones. NumPy stands in for them, so that all the rest of the kernels and rules that use them is checked.
for _name in ("true_positions", "nonzero", "unique_values_of", "unique_slices", "unique_runs"):
    setattr(STRICT, _name, _by_numpy(_name))


def _no_check(*arguments: Any) -> None:
    pass


STRICT.check_phases = _no_check


def refusal(rule: Callable, *arguments: Any) -> Any:
    """What a rule returns, or the words of the error of one that is not differentiable by declaration."""
    try:
        return rule(*arguments)
    except RuntimeError as error:
        return (str(error),)


@contextlib.contextmanager
def strict_flags() -> Iterator[None]:
    """No boolean masks as indices, no shapes that depend on data."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        array_api_strict.set_array_api_strict_flags(boolean_indexing=False, data_dependent_shapes=False)
    # The random gradients below depend on the phases of complex vectors, which is refused by nature.
    check, numpy_namespace.check_phases = numpy_namespace.check_phases, _no_check
    try:
        yield
    finally:
        numpy_namespace.check_phases = check
        array_api_strict.reset_array_api_strict_flags()


class Call:
    """One call of a kernel: its operands, parameters and result."""

    def __init__(self, op: Op, arrays: tuple, params: dict[str, Any], result: Any) -> None:
        self.op, self.arrays, self.params, self.result = op, arrays, params, result

    def values(self, convert: Callable) -> Callable[[str], Any]:
        """A function that gives what the names of a rule's arguments stand for, converted."""
        op = self.op
        n_residuals = len(op.residuals)
        results = list(self.result) if op.outputs is not None or n_residuals else [self.result]
        outputs, residuals = results[: len(results) - n_residuals], results[len(results) - n_residuals :]
        names = ("out",) if op.outputs is None or op.outputs == "list" else op.outputs
        table: dict[str, Any] = {name: convert(value) for name, value in self.params.items()}
        table["out_shape"], table["out_dtype"] = outputs[0].shape, outputs[0].dtype
        if op.variadic:
            table[op.operands[0] + "_shapes"] = tuple(array.shape for array in self.arrays)
            table[op.operands[0] + "_dtypes"] = tuple(array.dtype for array in self.arrays)
            table[op.operands[0]] = tuple(convert(array) for array in self.arrays)
        else:
            for name, array in zip(op.operands, self.arrays, strict=True):
                table[name] = convert(array)
                table[name + "_shape"], table[name + "_dtype"] = (
                    getattr(array, "shape", ()),
                    getattr(array, "dtype", None),
                )
        table.update((name, convert(value)) for name, value in zip(names, outputs, strict=False))
        table.update((name, convert(value)) for name, value in zip(op.residuals, residuals, strict=True))
        table["needs"] = tuple(
            getattr(getattr(array, "dtype", None), "kind", "i") in "fc"
            and (op.variadic or op.operands[i] not in op.constant)
            for i, array in enumerate(self.arrays)
        )
        table["defined"] = (True,) * len(outputs)
        return lambda name: table[name]


@contextlib.contextmanager
def recorded() -> Iterator[list[Call]]:
    """Within this block, the kernels that are called for operations on Tensors are noted."""
    calls: list[Call] = []
    kernels = {op: (op.kernel, op.one, op.several) for op in OPS.values()}
    depth, active = 0, True

    def recorder(op: Op, kernel: Callable) -> Callable:
        def record(xp: Any, *arrays: Any, **params: Any) -> Any:
            nonlocal depth
            depth += 1
            before = tuple(np.array(array) if isinstance(array, np.ndarray) else array for array in arrays)
            try:
                result = kernel(xp, *arrays, **params)
            finally:
                depth -= 1
            # A namespace may keep a kernel that it was asked for in here, and call it ever after.
            if active and depth == 0 and xp is numpy_namespace:
                # Copies, since later operations may write into these arrays.
                calls.append(Call(op, before, params, copied(result)))
            return result

        return record

    # The hot path calls NumPy's functions instead of the kernels: it is closed here, and within a backward, whose mode
    # is its own, for the operators that are called with all their parameters.
    mode = Mode()
    mode.fast = False
    token = MODE.set(mode)
    try:
        for op, (kernel, one, several) in kernels.items():
            op.kernel = recorder(op, kernel)
            if one is not None:
                op.one = lambda operand, params, op=op: apply_generally(op, (operand,), params)
            if several is not None:
                op.several = lambda operands, params, op=op: apply_generally(op, operands, params)
        yield calls
    finally:
        active = False
        for op, before in kernels.items():
            op.kernel, op.one, op.several = before
        MODE.reset(token)


def copied(value: Any) -> Any:
    """A copy of an array, or of those in a tuple or list."""
    if isinstance(value, (tuple, list)):
        return type(value)(copied(part) for part in value)
    return np.array(value) if isinstance(value, np.ndarray) else value


def to_strict(value: Any) -> Any:
    """NumPy's arrays as strict ones, in tuples and lists too."""
    if isinstance(value, (np.ndarray, np.generic)):
        return array_api_strict.asarray(np.asarray(value))
    if isinstance(value, (tuple, list)):
        return type(value)(to_strict(part) for part in value)
    return value


def to_numpy(value: Any) -> Any:
    """And back."""
    if isinstance(value, array_api_strict._array_object.Array):
        return np.asarray(value._array)
    if isinstance(value, (tuple, list)):
        return tuple(to_numpy(part) for part in value)
    return value


def _same(what: str, found: Any, expected: Any) -> None:
    if isinstance(expected, (tuple, list)):
        assert len(found) == len(expected), what
        for one, other in zip(found, expected, strict=True):
            _same(what, one, other)
    elif expected is None or found is None:
        assert found is expected, f"{what}: {found} and {expected}"
    elif isinstance(expected, str):
        assert found == expected, what
    else:
        assert not isinstance(found, np.ndarray) or isinstance(
            expected, (np.ndarray, np.generic, int, float, complex)
        ), what
        expected = np.asarray(expected)
        assert found.dtype == expected.dtype or not hasattr(found, "dtype"), (
            f"{what}: {found.dtype}, not {expected.dtype}"
        )
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12, err_msg=what)


def _names(rule: Callable) -> tuple[str, ...]:
    code = rule.__code__
    return code.co_varnames[2 : code.co_argcount]


def _defined(n: int) -> list[tuple[bool, ...]]:
    """Which outputs have a gradient: all, or one of them."""
    return [(True,) * n, *[tuple(i == j for j in range(n)) for i in range(n)]]


def rerun(call: Call) -> None:
    """Repeat the kernel and every rule of one recorded call, and compare."""
    op = call.op
    random = np.random.default_rng(0)

    def like(array: Any) -> Any:
        values = random.uniform(-1, 1, array.shape)
        if array.dtype.kind == "c":
            values = values + 1j * random.uniform(-1, 1, array.shape)
        return np.asarray(values, array.dtype)

    with np.errstate(all="ignore"):
        params = {name: to_strict(value) for name, value in call.params.items()}
        found = to_numpy(op.kernel(STRICT, *[to_strict(array) for array in call.arrays], **params))
        _same(f"the kernel of {op.name}", found, call.result)
        if op.kind == "nondifferentiable" or op.node_name == "NotImplemented":
            return
        values, strict_values = call.values(lambda value: value), call.values(to_strict)
        results = call.result if isinstance(call.result, (tuple, list)) else (call.result,)
        outputs = results[: len(results) - len(op.residuals)]
        if not all(output.dtype.kind in "fc" for output in outputs[: op.n_differentiable]):
            return
        several = op.outputs is not None and (op.n_differentiable != 1 or op.outputs == "list")
        g: Any = [like(output) for output in outputs[: op.n_differentiable]] if several else like(outputs[0])
        needs = values("needs")
        rules = (
            [("joint", op.joint)]
            if op.joint is not None
            else [
                (name, op.vjp[name])
                for i, name in enumerate(op.operands)
                if name in op.vjp and (op.variadic or needs[i])
            ]
        )
        for name, rule in rules:
            asked = _names(rule)
            given = [values(n) for n in asked], [strict_values(n) for n in asked]
            for defined in _defined(len(outputs)) if "defined" in asked else [None]:
                if defined is not None:
                    for listed in given:
                        listed[asked.index("defined")] = defined
                expected = refusal(rule, numpy_namespace, g, *given[0])
                found = to_numpy(refusal(rule, STRICT, to_strict(g), *given[1]))
                _same(f"the vjp of {op.name} for {name}", found, expected)
        if op.jvp is not None:
            jvps = {op.operands[0]: op.jvp} if callable(op.jvp) else op.jvp
            for i, operand in enumerate(op.operands):
                if operand in jvps and needs[i]:
                    t, rule = like(call.arrays[i]), jvps[operand]
                    expected = refusal(rule, numpy_namespace, t, *[values(n) for n in _names(rule)])
                    found = to_numpy(refusal(rule, STRICT, to_strict(t), *[strict_values(n) for n in _names(rule)]))
                    _same(f"the jvp of {op.name} for {operand}", found, expected)
