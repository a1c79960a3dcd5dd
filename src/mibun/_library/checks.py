"""`opcheck`: does an operator keep what its schema and its registrations promise?"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from ..autograd import grad as gradients
from ..core.mode import enable_grad
from ..core.tensor import Tensor
from ..ops.aten import OpOverload, OpOverloadPacket
from ..ops.pointwise.compare import equal
from .operators import LibraryOverload, _tensors, faking

TESTS = (
    "test_schema",
    "test_autograd_registration",
    "test_faketensor",
    "test_aot_dispatch_static",
    "test_aot_dispatch_dynamic",
)
DEFAULT = ("test_schema", "test_autograd_registration", "test_faketensor", "test_aot_dispatch_dynamic")


class OpCheckError(Exception):
    """An operator does not keep a promise."""


def opcheck(
    op: Any,
    args: tuple,
    kwargs: dict[str, Any] | None = None,
    *,
    test_utils: str | Sequence[str] = DEFAULT,
    raise_exception: bool = True,
    atol: float | None = None,
    rtol: float | None = None,
) -> dict[str, Any]:
    """Call an operator with these arguments in several ways, and compare what comes out with what was promised.

    * test_schema: it writes to the operands that the schema says, and to no others; results do not share memory with
      operands unless the schema says so.
    * test_autograd_registration: results require grad if, and only if, operands do and a derivative is registered.
    * test_faketensor: what `register_fake` was given has results of the same shape, dtype and device.
    * test_aot_dispatch_static, test_aot_dispatch_dynamic: results and gradients from fresh copies of the operands are
      the same as before (within rtol, atol): nothing is kept between calls. (PyTorch compares with compiled code.)

    The derivative itself is a matter of `torch.autograd.gradcheck`.

    Args:
        op: a CustomOpDef, or an overload such as `torch.ops.mylib.f.default`.
        test_utils: one of the tests, or several.
        raise_exception: raise OpCheckError at the first that fails.

    Returns:
        test -> "SUCCESS", or the exception.

    Raises:
        ValueError: for something else than an operator, or a test that there is not.

    >>> import mibun as torch
    >>> @torch.library.custom_op("example::double", mutates_args=())
    ... def double(x: torch.Tensor) -> torch.Tensor:
    ...     return 2 * x
    >>> torch.library.opcheck(double, (torch.ones(2),), test_utils="test_schema")
    {'test_schema': 'SUCCESS'}
    """
    operator = getattr(op, "_opoverload", op)
    if isinstance(operator, OpOverloadPacket) or not isinstance(operator, OpOverload):
        raise ValueError(
            "opcheck(op, ...): op must be instance of torch._ops.OpOverload, e.g. torch.ops.aten.sin.default, got "
            f"{type(op)}"
        )
    tests = (test_utils,) if isinstance(test_utils, str) else tuple(test_utils)
    if not set(tests) <= set(TESTS):
        raise ValueError(
            f"opcheck(op, ..., test_utils={tests}), expected test_utils to be subset of {TESTS} but it was not"
        )
    results: dict[str, Any] = {}
    for name in tests:
        try:
            _RUN[name](operator, args, kwargs or {}, rtol, atol)
        except Exception as error:
            if raise_exception:
                raise OpCheckError(f"opcheck(op, ...): {name} failed with {error}") from error
            results[name] = error
        else:
            results[name] = "SUCCESS"
    return results


def _copied(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, (list, tuple)):
        return type(value)([_copied(one) for one in value])
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    return copy.copy(value)


def _called(operator: OpOverload, args: tuple, kwargs: dict) -> tuple[Any, list[Tensor]]:
    """The result for copies of the operands, which are returned too. Those that are written to are no leaves."""
    args, kwargs = _copied(args), _copied(kwargs)
    if isinstance(operator, LibraryOverload) and operator._schema.is_mutable:
        args = tuple([one.clone() if isinstance(one, Tensor) and one.requires_grad else one for one in args])
    return operator(*args, **kwargs), list(_tensors((*args, *kwargs.values())))


def _check_schema(operator: Any, args: tuple, kwargs: dict, rtol: Any, atol: Any) -> None:
    schema = getattr(operator, "_schema", None)
    given = _copied((list(args), kwargs))
    before = _copied(given)
    result = operator(*given[0], **given[1])
    if schema is None:
        return
    values = schema.bind(given[0], given[1])
    old = schema.bind(before[0], before[1])
    pairs = zip(schema.arguments, (*values[0], *values[1].values()), (*old[0], *old[1].values()), strict=True)
    aliased = False
    for argument, value, was in pairs:
        aliased |= argument.alias_info is not None
        changed = any(not _same(one, other) for one, other in zip(_tensors(value), _tensors(was), strict=True))
        if changed and not argument.is_write:
            raise RuntimeError(f"Argument {argument.name} is not defined as mutable but was mutated")
    if not aliased:
        places = {one.untyped_storage().data_ptr() for one in _tensors((values[0], list(values[1].values())))}
        for one in _tensors(result):
            if one.numel() and one.untyped_storage().data_ptr() in places:
                raise RuntimeError("A result shares memory with an argument, which the schema does not say")


def _same(one: Tensor, other: Tensor) -> bool:
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    same = (one == other) | ((one != one) & (other != other))
    return bool(same.all())


def _check_registration(operator: Any, args: tuple, kwargs: dict, rtol: Any, atol: Any) -> None:
    with enable_grad():
        result, operands = _called(operator, args, kwargs)
    if not any(one.requires_grad for one in operands) or not isinstance(operator, LibraryOverload):
        return
    kernels = operator.kernels
    if operator.backward is None and not {"autograd", "implicit"} & set(kernels):
        if not operator.recorded and any(one.requires_grad for one in _tensors(result)):
            raise OpCheckError(
                f"{operator} has no derivative of its own, but its kernel is recorded: register one with "
                "torch.library.register_autograd"
            )
        return
    floating = [one for one in _tensors(result) if one.is_floating_point() or one.is_complex()]
    if floating and not any(one.requires_grad for one in floating):
        raise OpCheckError(f"{operator} has a derivative, but its results do not require grad")


def _check_fake(operator: Any, args: tuple, kwargs: dict, rtol: Any, atol: Any) -> None:
    if not isinstance(operator, LibraryOverload):
        return
    if operator.fake is None:
        if "implicit" in operator.kernels:
            return
        name = operator.overloadpacket.__name__
        raise RuntimeError(
            f"There was no fake impl registered for {operator!r}. This is necessary for torch.compile/export/fx "
            f"tracing to work. Please use `{name}.register_fake` to add an fake impl."
        )
    result, _ = _called(operator, args, kwargs)
    given, by_name = operator._schema.bind(_copied(args), _copied(kwargs))
    with faking() as context:
        faked = operator.fake(*given, **by_name)
    real, shown = list(_tensors(result)), list(_tensors(faked))
    if len(real) != len(shown):
        raise RuntimeError(f"the fake impl of {operator} gives {len(shown)} Tensors, the operator {len(real)}")
    for one, other in zip(real, shown, strict=True):
        shapes_differ = one.ndim != other.ndim if context.asked else one.shape != other.shape
        if shapes_differ or one.dtype != other.dtype or one.device != other.device:
            raise RuntimeError(
                f"the fake impl of {operator} gives shape {tuple(other.shape)} and {other.dtype}, the operator "
                f"{tuple(one.shape)} and {one.dtype}"
            )


def _check_again(operator: Any, args: tuple, kwargs: dict, rtol: Any, atol: Any) -> None:
    _check_fake(operator, args, kwargs, rtol, atol)
    first, second = (_with_gradients(operator, args, kwargs) for _ in range(2))
    from ..testing import assert_close

    for one, other in zip(first, second, strict=True):
        if one is None or other is None:
            if one is not other:
                raise AssertionError("a gradient is missing in one of two calls")
        elif not equal(one, other):
            assert_close(one, other, rtol=rtol, atol=atol, equal_nan=True)


def _with_gradients(operator: Any, args: tuple, kwargs: dict) -> list[Any]:
    """The results, and the gradients of their sum by the operands."""
    with enable_grad():
        result, operands = _called(operator, args, kwargs)
        results = list(_tensors(result))
        recorded = [one for one in results if one.requires_grad]
        leaves = [one for one in operands if one.requires_grad]
        if not recorded or not leaves or (isinstance(operator, LibraryOverload) and operator._schema.is_mutable):
            return results
        if isinstance(operator, LibraryOverload) and operator.recorded and operator.backward is None:
            return results
        total: Any = sum(one.abs().sum() for one in recorded)
        return [one.detach() for one in results] + list(gradients(total, leaves, allow_unused=True))


_RUN: dict[str, Callable] = {
    "test_schema": _check_schema,
    "test_autograd_registration": _check_registration,
    "test_faketensor": _check_fake,
    "test_aot_dispatch_static": _check_again,
    "test_aot_dispatch_dynamic": _check_again,
}
