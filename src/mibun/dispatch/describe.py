"""What `help` and `inspect` show of an operator's functions: signature, declaration, and the derivative as declared.

All of it is put together when somebody asks, from the declaration itself; importing pays for none of it.
"""

from __future__ import annotations

import ast
import dis
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from ..core.registry import FUNCTIONS, METHODS, OPS


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


_MOST = 8  # of the operators behind one function that are shown in full


class Documentation(str):
    """A docstring that ends, where it is read as a whole, with what is known of the operators behind the function.

    It is short until `help`, `inspect.getdoc` or `print` asks for the text.
    """

    operators: Callable[[], Iterable[Any]]

    def __new__(cls, text: str | None, operators: Callable[[], Iterable[Any]]) -> Any:
        # (str.__str__ gives the short text: str(text) of another Documentation would put the whole together.)
        made = str.__new__(cls, str.__str__(text or ""))
        made.operators = operators
        return made

    def whole(self) -> str:
        """The docstring and the derivatives."""
        operators = list(self.operators())
        facts = [facts_of(op) for op in operators[:_MOST]]
        if operators[_MOST:]:
            facts.append(f"and the operators {', '.join(op.name for op in operators[_MOST:])}")
        return "\n\n".join([inspect.cleandoc(str.__str__(self)), *facts]) if facts else str.__str__(self)

    def __str__(self) -> str:
        return self.whole()

    def expandtabs(self, tabsize: Any = 8) -> str:
        """What `inspect.cleandoc` calls first."""
        return self.whole().expandtabs(tabsize)

    def __reduce__(self) -> tuple:
        return str, (self.whole(),)


def operators_of(function: Any) -> list[Any]:
    """The operators that a hand-written public function applies, in the order in which it names them.

    They are those that its own code names; else those that the functions which it calls name, and so on, some calls
    deep: `conv2d` calls a helper, `cross_entropy` calls `log_softmax`. Methods are looked at only where this leads
    nowhere (`relu` may be `input.relu()`), and only in functions that take Tensors: an attribute may be of any object.
    """
    for methods, depth in ((False, 8), (True, 4)):
        level = [bare(function)]
        seen = {id(level[0])}
        for _ in range(depth):
            found: dict[str, Any] = {}
            called = []
            for value in (value for one in level for value in named_by(one, methods)):
                if type(value).__name__ == "Op":
                    found[value.name] = value
                elif id(value) not in seen and value.__globals__["__name__"].startswith("mibun."):
                    seen.add(id(value))
                    called.append(value)
            if found:
                return list(found.values())
            level = called
    return []


def named_by(function: FunctionType, methods: bool = False) -> Iterator[Any]:
    """The operators and functions that a function's code names, itself or in a tuple, list, dict or closure.

    `methods` adds those of Tensor whose names it asks of something, if it takes a Tensor.
    """
    form = getattr(function, "__wrapped__", None)
    if isinstance(form, Form):
        yield form.op
        return
    methods = methods and any("Tensor" in str(kind) for kind in function.__annotations__.values())
    values: list[Any] = []
    modules: list[ModuleType] = []
    for attribute, name in _names_in(function.__code__):
        if not attribute:
            values.append(function.__globals__.get(name))
            if isinstance(values[-1], ModuleType):
                modules.append(values[-1])
        else:
            values += [vars(module)[name] for module in modules if name in vars(module)]
            if methods and not any(hasattr(kind, name) for kind in (str, list, dict, tuple, set)):
                values.append(METHODS.get(name))
    for cell in function.__closure__ or ():
        try:
            values.append(cell.cell_contents)
        except ValueError:  # not filled
            continue
    for value in values:
        if value is OPS or value is FUNCTIONS or value is METHODS:
            continue
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else (value,)
        for one in inside:
            if type(one).__name__ == "Op":
                yield one
            elif isinstance(one, FunctionType):
                one = bare(one)
                form = getattr(one, "__wrapped__", None)
                yield form.op if isinstance(form, Form) else one


def bare(function: Any) -> Any:
    """What a function wraps, down to the one that is made for an operator or is written out."""
    return inspect.unwrap(function, stop=lambda one: isinstance(getattr(one, "__wrapped__", None), Form))


_INFIX = {"*": "__mul__", "@": "__matmul__"}  # (+ and - are mostly of sizes)


def _names_in(code: CodeType) -> Iterator[tuple[bool, str]]:
    """The names in a function's code and in those inside of it, and of each whether it is an attribute's."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_ATTR", "LOAD_METHOD"):
            yield instruction.opname != "LOAD_GLOBAL", instruction.argval
        elif instruction.argrepr in _INFIX:
            yield True, _INFIX[instruction.argrepr]
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


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
