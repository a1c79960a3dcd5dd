"""What `help` and `inspect` show of an operator's functions: signature, declaration, and the derivative as declared.

All of it is put together when somebody asks, from the declaration itself; importing pays for none of it.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any


class Form:
    """The way from a public function back to the operator's declaration: what its `__wrapped__` is.

    `inspect.signature` finds the public signature here, and `inspect.getsource` the kernel with its `@op`.
    """

    __slots__ = ("inplace", "op")

    def __init__(self, op: Any, inplace: bool = False) -> None:
        self.op, self.inplace = op, inplace

    @property
    def __wrapped__(self) -> Callable:
        return self.op.kernel

    @property
    def __signature__(self) -> inspect.Signature:
        op = self.op
        Parameter = inspect.Parameter
        own = {} if op.variadic else inspect.signature(op.kernel).parameters
        parameters = []
        for i, name in enumerate(op.operands):
            kind = Parameter.VAR_POSITIONAL if op.variadic else Parameter.POSITIONAL_OR_KEYWORD
            annotation = "Tensor | Number" if op.scalars and i else "Tensor"
            parameters.append(Parameter("self" if self.inplace and not i else name, kind, annotation=annotation))
        for name in op.params:
            default = op.defaults.get(name, Parameter.empty)
            kind = Parameter.KEYWORD_ONLY if op.variadic else Parameter.POSITIONAL_OR_KEYWORD
            annotation = own[name].annotation if name in own else Parameter.empty
            parameters.append(Parameter(name, kind, default=default, annotation=annotation))
        if not self.inplace:
            parameters.append(Parameter("out", Parameter.KEYWORD_ONLY, default=None, annotation="Tensor | None"))
        return inspect.Signature(parameters, return_annotation="Tensor")


class Documentation(str):
    """A docstring that ends, where it is read as a whole, with what is known of the operators behind the function.

    It is short until `help`, `inspect.getdoc` or `print` asks for the text.
    """

    operators: Callable[[], Iterator[Any]]

    def __new__(cls, text: str | None, operators: Callable[[], Iterator[Any]]) -> Any:
        # (str.__str__ gives the short text: str(text) of another Documentation would put the whole together.)
        made = str.__new__(cls, str.__str__(text or ""))
        made.operators = operators
        return made

    def whole(self) -> str:
        """The docstring and the derivatives."""
        facts = [facts_of(op) for op in self.operators()]
        return "\n\n".join([inspect.cleandoc(str.__str__(self)), *facts]) if facts else str.__str__(self)

    def __str__(self) -> str:
        return self.whole()

    def expandtabs(self, tabsize: Any = 8) -> str:
        """What `inspect.cleandoc` calls first."""
        return self.whole().expandtabs(tabsize)

    def __reduce__(self) -> tuple:
        return str, (self.whole(),)


def operators_of(function: Any) -> Iterator[Any]:
    """The operators that a hand-written public function names, in the order in which it names them."""
    seen = set()
    function = inspect.unwrap(function)
    for name in getattr(function, "__code__", _EMPTY).co_names:
        value = function.__globals__.get(name)
        if value is not None and type(value).__name__ == "Op" and value.name not in seen:
            seen.add(value.name)
            yield value


_EMPTY = (lambda: None).__code__


def rules_of(op: Any) -> dict[str, str]:
    """The source of the derivative rules as they stand in the declaration: `vjp`, `joint`, `jvp` -> text."""
    try:
        source = textwrap.dedent(inspect.getsource(op.kernel))
        tree = ast.parse(source)
    except (OSError, TypeError, SyntaxError):
        return {}
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "op":
            for keyword in node.keywords:
                if keyword.arg in ("vjp", "joint", "jvp"):
                    segment = ast.get_source_segment(source, keyword.value) or ""
                    first, _, rest = segment.partition("\n")
                    found[keyword.arg] = f"{first}\n{textwrap.dedent(rest)}".rstrip()
    return found


_FORWARD = {
    "pointwise": "the vjp, conjugated",
    "symmetric": "the vjp, conjugated",
    "linear": "the operator itself, applied to the tangents",
    "multilinear": "the operator with one tangent at a time, summed",
    "nondifferentiable": "none: no output has a derivative",
}
_KINDS = {
    "b": "bool",
    "i": "signed integers",
    "u": "unsigned integers",
    "iu": "integers",
    "biu": "bool and integers",
    "f": "floating",
    "c": "complex",
    "V": "bfloat16",
}
_DTYPES = {
    "promote": "operands are cast to their common dtype",
    "float": "operands are cast to their common dtype, integers to the default dtype",
    None: "each operand keeps its own",
}


def facts_of(op: Any) -> str:
    """What the declaration of one operator says: derivative, node, what is saved, forward mode, dtypes, errors."""
    lines = [f"Operator {op.name}:"]
    rules = rules_of(op)
    for name in ("vjp", "joint", "jvp"):
        if name in rules:
            first, *rest = rules[name].splitlines()
            lines += [f"    {name}: {first}", *[f"    {line}" for line in rest]]
    if op.node_class is None:
        lines += ["    has no derivative: its results do not require grad"]
    else:
        lines += [f"    node: {op.node_name}"]
    if "jvp" not in rules:
        lines += [f"    forward mode: {_FORWARD.get(op.kind, 'the vjp of the vjp')}"]
    lines += [f"    dtypes: {_DTYPES[op.dtype_rule]}"]
    if op.refuses:
        kinds = [str(_KINDS.get(kind, kind)) for kind in op.refuses]
        lines += [f"    raises for: {', '.join(kinds)}"]
    if op.kind == "pointwise" and len(op.operands) > 1:
        lines += ["    shapes: broadcast; RuntimeError where they do not"]
    return "\n".join(lines)


__all__ = ["Documentation", "Form", "facts_of", "operators_of", "rules_of"]
