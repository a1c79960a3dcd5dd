"""What `help` and `inspect` show of an operator's functions: signature, declaration, and the derivative as declared.

All of it is put together when somebody asks, from the declaration itself; importing pays for none of it.
"""

from __future__ import annotations

import ast
import dis
import functools
import inspect
import linecache
import textwrap
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from ..core.registry import FUNCTIONS, METHODS, OPS
from ..xp.batched.rules import LOOPED


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
_LONGEST = 30  # lines of a rule that are shown


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
            pending = [value for one in level for value in named_by(one, methods)]
            while pending:
                value = pending.pop(0)
                form = getattr(value, "__wrapped__", None)
                if isinstance(form, Form):
                    value = form.op
                if type(value).__name__ == "Op":
                    found[value.name] = value
                    continue
                # (Of what is made from a template, NumPy's warnings are dropped by its module having no name.)
                module = value.__globals__.get("__name__") or "mibun.dispatch.template"
                if id(value) not in seen and module.startswith(("mibun.", "torch.")):
                    seen.add(id(value))
                    made = value.__code__.co_filename.startswith("<")  # a call path, once it is compiled
                    if made or module.startswith("mibun.dispatch."):
                        pending += named_by(value)
                    else:
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
                yield bare(one)


def bare(function: Any) -> Any:
    """What a function wraps, down to the one that is made for an operator or is written out.

    (`_asks` is the function that one which asks subclasses first, as overrides.py puts in its place, will call.)
    """
    function = getattr(function, "_asks", function)
    return inspect.unwrap(function, stop=lambda one: isinstance(getattr(one, "__wrapped__", None), Form))


_INFIX = {"*": "__mul__", "@": "__matmul__"}  # (+ and - are mostly of sizes)


def _names_in(code: CodeType) -> Iterator[tuple[bool, str]]:
    """The names in a function's code and in those inside of it, and of each whether it is an attribute's.

    Those of the array namespace `xp` are functions over raw arrays, which are left out.
    """
    before: Any = None
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_ATTR", "LOAD_METHOD") and before != "xp":
            yield instruction.opname != "LOAD_GLOBAL", instruction.argval
        elif instruction.argrepr in _INFIX:
            yield True, _INFIX[instruction.argrepr]
        before = instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


# --- what a declaration says ---


class Description:
    """What the record of an operator says, for whoever prints it: `facts_of` for `help`, `tools/docs.py` for the pages.

    vjp: operand -> rule; under "" the one of all operands (`joint`). jvp: the same of forward mode, empty where it is
    derived; `forward` says from what. node: the class's name, "" without a derivative. dtypes: what the kernel sees.
    refuses: the dtypes that raise.
    """

    def __init__(self, op: Any) -> None:
        self.vjp: dict[str, FunctionType] = ({"": op.joint} if op.joint is not None else {}) | op.vjp
        self.jvp: dict[str, FunctionType] = {op.operands[0]: op.jvp} if callable(op.jvp) else op.jvp or {}
        self.node: str = op.node_name if op.differentiable else ""
        self.forward = _FORWARD.get(op.kind, "the VJP of the VJP")
        if op.joint is not None and op.kind in ("pointwise", "symmetric"):
            self.forward = "the VJP of the VJP"
        self.dtypes = _DTYPES[op.dtype_rule]
        self.refuses: list[str] = []
        for key in op.refuses or ():
            which, _, kind = key.rpartition(" ")
            self.refuses.append(f"{which} {_KINDS.get(kind, kind)}".strip())
        self.broadcasts = op.kind == "pointwise" and len(op.operands) > 1
        self.loops = loops_of(op)


_FORWARD = {
    "pointwise": "the rules, conjugated",
    "symmetric": "the rules, conjugated",
    "linear": "the operator on the tangents",
    "multilinear": "the operator with one tangent at a time, summed",
    "nondifferentiable": "none: no output has a derivative",
}
_KINDS = {"b": "bool", "i": "signed integer", "u": "unsigned integer", "f": "floating", "c": "complex", "V": "bfloat16"}
_DTYPES = {
    "promote": "the operands' common one",
    "float": "the operands' common one, the default one for integers and bools",
    None: "each as it is",
}


def loops_of(op: Any) -> list[str]:
    """What the kernel and the rules of an operator call that goes from example to example under `vmap`."""
    rules = [op.joint, *op.vjp.values(), *([op.jvp] if callable(op.jvp) else (op.jvp or {}).values())]
    pending = [inspect.unwrap(rule) for rule in (op.kernel, *rules) if rule is not None]
    seen: set[Any] = set()
    found: dict[str, None] = {}
    while pending:
        function = pending.pop()
        if function in seen:
            continue
        seen.add(function)
        for attribute, name in _names_in(function.__code__):
            value = OPS[name].kernel if attribute and name in OPS else function.__globals__.get(name)
            if attribute and name in LOOPED:
                found[name] = None
            elif isinstance(value, FunctionType) and value.__module__.startswith("mibun.ops."):
                pending.append(inspect.unwrap(value))
    return sorted(found)


@functools.cache
def _lambdas_of(path: str) -> tuple[str, list[ast.Lambda]]:
    text = "".join(linecache.getlines(path))
    return text, [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Lambda)]


def lambda_of(code: CodeType) -> tuple[ast.Lambda, str]:
    """The node of the source that a lambda's code came from, and its text; LookupError where there is none.

    It is the one whose body starts where its code does.
    """
    places = [(line, column) for line, _, column, _ in code.co_positions() if line is not None and column is not None]
    start = min(place for place in places if place != (code.co_firstlineno, 0))
    text, nodes = _lambdas_of(code.co_filename)
    for node in nodes:
        first, last = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
        names = [argument.arg for argument in node.args.args]
        if first <= start < last and names == list(code.co_varnames[: code.co_argcount]):
            return node, ast.get_source_segment(text, node) or ""
    raise LookupError(f"no lambda at {code.co_filename}:{code.co_firstlineno}")


def given(rule: FunctionType) -> dict[str, str]:
    """What a rule has from the function that made it: name -> value, as text."""
    found = {}
    for name, cell in zip(rule.__code__.co_freevars, rule.__closure__ or (), strict=True):
        value = cell.cell_contents
        if isinstance(value, (str, int, float)):
            found[name] = repr(value)
        elif isinstance(value, FunctionType):
            is_lambda = value.__name__ == "<lambda>"
            found[name] = ast.unparse(lambda_of(value.__code__)[0]) if is_lambda else value.__name__
    return found


def _as_declared(rule: FunctionType) -> str:
    """A rule as it stands in the declaration; of one that has a name, its source below the name if it is not long."""
    try:
        if rule.__name__ == "<lambda>":
            first, _, rest = lambda_of(rule.__code__)[1].partition("\n")
            rest = textwrap.dedent(rest)
        else:
            first, rest = rule.__name__, textwrap.indent(textwrap.dedent(inspect.getsource(rule)), "    ")
            if rest.count("\n") > _LONGEST:
                rest = f"    {rest.count(chr(10))} lines in {rule.__module__}"
    except (LookupError, OSError, SyntaxError, ValueError):  # installed without its source
        first, rest = rule.__name__, ""
    values = ", ".join(f"{name} = {value}" for name, value in given(rule).items())
    lines = [first, rest.rstrip(), f"    with {values}" if values else ""]
    return "\n".join(line for line in lines if line)


def facts_of(op: Any) -> str:
    """What the declaration of one operator says: derivative, node, forward mode, dtypes, errors."""
    said = Description(op)
    lines = [f"Operator {op.name}:"]
    for kind, rules in (("vjp", said.vjp), ("jvp", said.jvp)):
        for name, rule in rules.items():
            of = f" of {name}" if name and len(op.operands) > 1 else ""
            lines.append(textwrap.indent(f"{kind}{of}: {_as_declared(rule)}", "    "))
    lines += [f"    node: {said.node}" if said.node else "    has no derivative: its results do not require grad"]
    if not said.jvp:
        lines += [f"    forward mode: {said.forward}"]
    lines += [f"    dtypes: {said.dtypes}"]
    if said.refuses:
        lines += [f"    raises for: {', '.join(said.refuses)}"]
    if said.broadcasts:
        lines += ["    shapes: broadcast; RuntimeError where they do not"]
    if said.loops:
        lines += [f"    vmap: from example to example, for {', '.join(said.loops)}"]
    return "\n".join(lines)


__all__ = [
    "Description",
    "Documentation",
    "Form",
    "facts_of",
    "given",
    "lambda_of",
    "loops_of",
    "named_by",
    "operators_of",
]
