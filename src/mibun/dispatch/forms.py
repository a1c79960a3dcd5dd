"""The public forms of an operator: the function, the method, the in-place method, the aliases, the `out=` argument.

They are made from the declaration alone. An operator whose PyTorch signature says more than its kernel's (several
overloads, dimensions that may be negative, names of dimensions) has a hand-written public function beside its kernel
instead, registered with `@public`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core.registry import FUNCTIONS
from ..core.site import shorten
from ..core.tensor import Tensor, bind_method, name_as
from .apply import SCALARS, apply, apply_generally
from .arguments import check_tensor
from .describe import Documentation, Form
from .fast import make_binary, make_unary
from .inplace import apply_inplace, write_out
from .older import by_older, has_older
from .parser import MISSING, as_number, number_kind, numpy_names
from .torch_function import ask, ask_infix

# In-place methods of several arguments that PyTorch has as functions, too, as it has those of one operand.
INPLACE_FUNCTIONS = frozenset(("gcd_", "lcm_", "ldexp_", "logit_"))


def make_forms(op: Any, aliases: Sequence[str], method: bool, inplace: bool) -> None:
    """Make and register the forms of an operator."""
    function = function_of(op)
    for name in (op.name, *aliases):
        FUNCTIONS[name] = function
        if method:
            bind_method(name, function)
        if method and inplace:
            in_place = inplace_of(op, name + "_")
            bind_method(name + "_", in_place)
            if _is_function(op, name + "_"):
                FUNCTIONS[name + "_"] = in_place


def _document(function: Any, op: Any, qualname: str, inplace: bool = False) -> Any:
    """Let a function made for an operator say what it is, and where users find it."""
    name_as(function, "mibun", qualname)
    text = op.doc
    if inplace:
        text = f"`{op.name}` in place: writes its result over the tensor, which it returns.\n\n{op.doc or ''}".rstrip()
    function.__doc__ = Documentation(text, lambda: iter((op,)))
    function.__wrapped__ = Form(op, inplace)
    return function


def function_of(op: Any, named: bool = True) -> Callable:
    """The public function of an operator, with `out=`; `named=False` for use by another function, by position only."""
    made: list[Callable] = []  # what objects that are no Tensors are told of
    function = _document(_function_of(op, named, made), op, op.name)
    made.append(function)
    return function


def with_fast_path(op: Any, function: Callable) -> Callable:
    """A function of more arguments, with the operator's fast path for calls that give nothing but two operands."""

    def general(*operands: Any, failed: list[Exception] | None = None, **others: Any) -> Any:
        if others.get("out", True) is None:
            del others["out"]
        if operands[2:]:
            try:
                named = by_older(op.name, operands, others)
                return function(*operands, **others) if named is None else function(**named)
            except Exception as error:
                shorten(error, 3)
                raise
        if others or operands[0] is MISSING or operands[1] is MISSING:
            given = zip(op.operands, operands, strict=False)
            try:
                return function(**{name: value for name, value in given if value is not MISSING}, **others)
            except Exception as error:
                shorten(error, 3)
                raise
        try:
            return apply_generally(op, operands, op.defaults, failed)
        except TypeError:
            answer = ask(shown, operands, {})
            if answer is NotImplemented:
                raise
            return answer

    shown = make_binary(op, general)
    return shown


def _function_of(op: Any, named: bool, made: list[Callable]) -> Callable:
    def general(*operands: Any, out: Any = None, failed: list[Exception] | None = None, **others: Any) -> Any:
        if others or len(operands) != n_operands or operands[0] is MISSING or operands[-1] is MISSING:
            while operands and operands[-1] is MISSING:
                operands = operands[:-1]
            if operands and operands[0] is MISSING:  # `mul(x1=x, other=y)`: the second one has a place, the first not
                return call((), {**others, op.operands[1]: operands[1]}, out)
            return call(operands, others, out)
        try:
            check(operands)
            result = apply_generally(op, operands, op.defaults, failed)
        except TypeError:
            answer = ask(made[0], operands, {} if out is None else {"out": out})
            if answer is NotImplemented:
                raise
            return answer
        return result if out is None else write_out(out, result, op.name)

    bind, n_operands = _binder(op), len(op.operands)

    def check(operands: Sequence[Any]) -> None:
        if op.scalars == "other" and operands:
            check_tensor(operands[0], op.name, op.operands[0])

    def call(args: tuple, kwargs: dict[str, Any], out: Any = None) -> Any:
        try:
            operands, params = bind(args, kwargs)
            check(operands)
            result = apply(op, operands, params) if op.several is None else op.several(operands, params)
        except TypeError:
            answer = ask(made[0], args, kwargs if out is None else {**kwargs, "out": out})
            if answer is NotImplemented:
                raise
            return answer
        return result if out is None else write_out(out, result, op.name)

    if not op.params and not op.variadic and op.outputs is None and not op.residuals:
        if len(op.operands) == 1:
            return make_unary(op, general, named=named)
        if len(op.operands) == 2:
            return make_binary(op, general, named=named)

    def function(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        return call(args, kwargs, out)

    return function


def _inplace_name(op: Any, name: str) -> str:
    return name if _is_function(op, name) else f"Tensor.{name}"


def _is_function(op: Any, name: str) -> bool:
    """Whether an in-place method is a function of the module as well."""
    return (len(op.operands) == 1 and not op.params) or name in INPLACE_FUNCTIONS


def inplace_of(op: Any, name: str) -> Callable:
    """The in-place method of an operator."""
    bind = _binder(op)
    if not op.params and len(op.operands) <= 2:

        def call(self: Any, *others: Any, **named: Any) -> Any:
            if named:
                operands, _ = bind((self, *others), named)
                return apply_inplace(op, operands, op.defaults, name)
            if len(others) != len(op.operands) - 1:
                raise TypeError(f"{name}() takes {len(op.operands) - 1} positional arguments, but got {len(others)}")
            try:
                return apply_inplace(op, (self, *others), op.defaults, name)
            except TypeError:
                answer = ask(call, (self, *others), {})
                if answer is NotImplemented:
                    raise
                return answer

        return _document(call, op, _inplace_name(op, name), inplace=True)

    def bound(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            operands, params = bind((self, *args), kwargs)
            return apply_inplace(op, operands, params, name)
        except TypeError:
            answer = ask(bound, (self, *args), kwargs)
            if answer is NotImplemented:
                raise
            return answer

    return _document(bound, op, _inplace_name(op, name), inplace=True)


def _binder(op: Any) -> Callable:
    """Sorts the arguments of a call into operands and parameters, with Python's own errors where they do not fit.

    It does what `parser.py` does for functions written by hand: NumPy's names, and numbers that have to be numbers.
    """
    names = (*op.operands, *op.params)
    n_operands = len(op.operands)
    defaults = op.defaults
    allowed = frozenset(names)
    others = numpy_names(names)
    older = has_older(op.name)
    annotations = op.kernel.__annotations__
    numbers = [(name, kind) for name in op.params if (kind := number_kind(annotations.get(name))) is not None]

    def bind(args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        if older:
            found = by_older(op.name, args, kwargs)
            if found is None and len(args) > n_operands:
                raise TypeError(f"{op.name}() takes {n_operands} positional arguments but {len(args)} were given")
            args, kwargs = (args, kwargs) if found is None else ((), found)
        if len(args) > len(names):
            raise TypeError(f"{op.name}() takes {len(names)} positional arguments but {len(args)} were given")
        given = dict(zip(names, args, strict=False))
        for name, value in kwargs.items():
            if name not in allowed and others.get(name, name) not in given:
                name = others.get(name, name)
            if name in given:
                raise TypeError(f"{op.name}() got multiple values for argument '{name}'")
            if name not in allowed:
                raise TypeError(f"{op.name}() got an unexpected keyword argument '{name}'")
            given[name] = value
        missing = [name for name in names if name not in given and name not in defaults]
        if missing:
            raise TypeError(f"{op.name}() missing {len(missing)} required argument(s): {', '.join(missing)}")
        for name, kind in numbers:
            value = given.get(name)
            if value is not None and value is not defaults.get(name):
                given[name] = as_number(value, kind, op.name, name)
        operands = tuple(given[name] for name in names[:n_operands])
        return operands, {name: given[name] if name in given else defaults[name] for name in names[n_operands:]}

    return bind


def dunder(op: Any, name: str, *, reflected: bool = False) -> Callable:
    """The operator's method `name` for Python's infix syntax: it leaves operands of foreign types to them."""

    def general(*operands: Any, failed: list[Exception] | None = None) -> Any:
        for operand in operands:
            if not isinstance(operand, (Tensor, *SCALARS)):
                return ask_infix(name, *(operands[::-1] if reflected else operands))
        return apply_generally(op, operands, op.defaults, failed)

    if not op.params and not reflected:
        call = (make_unary if len(op.operands) == 1 else make_binary)(op, general, infix=True)
    elif reflected:

        def call(self: Any, other: Any) -> Any:
            return general(other, self)

    else:

        def call(self: Any, other: Any) -> Any:
            return general(self, other)

    return _document(call, op, f"Tensor.{name}")
