"""Python's infix syntax for Tensors: `x + y`, `x += y`, `x < y`, `-x`.

Most are an operator on the fast path that leaves operands of foreign types to them (`NotImplemented`). Those that a
family has written itself (`__rsub__`, `__rtruediv__`, `__matmul__`, ...) are left as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from ..core.registry import METHODS, OPS
from ..core.site import shorten
from ..core.tensor import Tensor, bind_method, name_as
from ..dispatch.apply import SCALARS
from ..dispatch.forms import dunder
from ..dispatch.torch_function import ask_infix

# Python's name -> the operator's. (By name, from the tables: the records of those that have a function beside them are
# private to their modules, and the in-place forms exist nowhere but in the tables.) Each has a reflected form, and an
# in-place form where the operator has one.
_BINARY = {
    "add": "add",
    "sub": "sub",
    "mul": "mul",
    "truediv": "div",
    "floordiv": "floor_divide",
    "mod": "remainder",
    "and": "bitwise_and",
    "or": "bitwise_or",
    "xor": "bitwise_xor",
    "lshift": "bitwise_left_shift",
    "rshift": "bitwise_right_shift",
}
# With these `2 + x` is `x + 2`: as PyTorch's, the node has the Tensor's edge first.
_COMMUTATIVE = {"add", "mul", "and", "or", "xor"}
_COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
_UNARY = {"neg": "neg", "abs": "abs", "invert": "bitwise_not"}


def _twin(method: Any, name: str) -> Any:
    """The same method under Python's name."""
    twin = FunctionType(method.__code__, method.__globals__, name, method.__defaults__, method.__closure__)
    twin.__kwdefaults__, twin.__doc__, twin.__annotations__ = (
        method.__kwdefaults__,
        method.__doc__,
        method.__annotations__,
    )
    vars(twin).update(vars(method))
    name_as(twin, "mibun", f"Tensor.{name}")
    return twin


_OPERANDS = (Tensor, *SCALARS)


def _in_place(infix: str, method: Callable) -> Callable:
    """The method for `x += y`: an operand of a foreign type is left to that, then Python tries `x + y`."""
    written = getattr(method, "__wrapped__", method)
    if isinstance(written, FunctionType):  # not what looks at its arguments for numbers, of which there are none
        method = written

    def call(self: Any, other: Any) -> Any:
        if not isinstance(other, _OPERANDS):
            return ask_infix(infix, self, other)
        try:
            return method(self, other)
        except Exception as error:
            shorten(error)
            raise

    name_as(call, "mibun", f"Tensor.{infix}")
    call.__doc__ = method.__doc__
    call.__wrapped__ = method  # type: ignore[attr-defined]
    return call


def _bind() -> None:
    for infix, name in _BINARY.items():
        op = OPS[name]
        if f"__{infix}__" not in METHODS:
            bind_method(f"__{infix}__", dunder(op, f"__{infix}__"))
        if f"__r{infix}__" not in METHODS:
            bind_method(f"__r{infix}__", dunder(op, f"__r{infix}__", reflected=infix not in _COMMUTATIVE))
        if name + "_" in METHODS:
            bind_method(f"__i{infix}__", _in_place(f"__i{infix}__", METHODS[name + "_"]))
    bind_method("__ipow__", _in_place("__ipow__", METHODS["pow_"]))
    # Python 2's names, which PyTorch still has.
    bind_method("__div__", _twin(METHODS["__truediv__"], "__div__"))
    bind_method("__idiv__", _in_place("__idiv__", METHODS["div_"]))
    bind_method("__long__", METHODS["__int__"])
    bind_method("__nonzero__", METHODS["__bool__"])
    for name in _COMPARISONS:
        bind_method(f"__{name}__", dunder(OPS[name], f"__{name}__"))
    for infix, name in _UNARY.items():
        if f"__{infix}__" not in METHODS:
            bind_method(f"__{infix}__", METHODS[name])


_bind()
