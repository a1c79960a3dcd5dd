"""How the stubs write a type and a signature: what the source says, completed from `tools/stub_types.py`."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import mibun  # noqa: E402

AT_IMPORT = sorted(name for name in vars(mibun) if not name.startswith("__"))  # before anything is loaded on demand

from tools import stub_types  # noqa: E402

from mibun.core.registry import FUNCTIONS, METHODS, OPS  # noqa: E402

RETURN_TYPES = sorted(name for name, value in vars(mibun.return_types).items() if hasattr(value, "n_fields"))
# Names that a stub's own names hide: they are imported under another.
RENAMED = {
    name: "_" + name
    for name in (
        "bool", "complex", "float", "int", "range", "type", "dtype", "device", "layout", "memory_format",
    )
}  # fmt: skip

# --- types ---


class _Spelling(ast.NodeTransformer):
    """Puts a type into the words of a stub."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(RENAMED.get(node.id, node.id))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in ("builtins", "typing", "dtypes", "_dtypes"):
            return self.visit_Name(ast.Name(node.attr))
        return node


_KNOWN = {
    "Any", "Callable", "EllipsisType", "Generator", "Iterable", "Iterator", "Literal", "Mapping", "None", "Self",
    "Sequence", "Size", "SupportsIndex", "Tensor", "TypedStorage", "UntypedStorage", "builtins", "bytes", "dict",
    "list", "np", "object", "return_types", "set", "slice", "str", "tuple", "typing", "_size", *RENAMED,
    *stub_types.ALIASES,
}  # fmt: skip


def spell(annotation: str) -> str:
    """A type as the stubs write it. ValueError where it has names that they do not know."""
    tree = ast.parse(annotation.strip(), mode="eval")
    unknown = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - _KNOWN
    if unknown:
        raise ValueError(f"{annotation!r}: what is {', '.join(sorted(unknown))}?")
    return ast.unparse(_Spelling().visit(tree))


def annotation_of(annotation: Any, names: dict[str, Any] | None = None) -> str | None:
    """What the source says of a type, or None where that is nothing; `names`: what it may speak of, the globals."""
    if annotation is inspect.Parameter.empty:
        return None
    said = _words(annotation).strip("'\"")
    aliases = {
        name: value
        for name, value in (names or {}).items()
        if typing.get_origin(value) is not None and name not in stub_types.ALIASES
    }
    said = re.sub(r"\b[A-Za-z_]\w*\b", lambda name: _words(aliases.get(name[0], name[0])), said)
    if said in ("Any", "tuple", "Callable", "Iterator"):
        return None
    try:
        return spell(said)
    except (SyntaxError, ValueError):
        return None


def _words(annotation: Any) -> str:
    """A type in words, without the modules that its names are from."""
    if isinstance(annotation, str):
        return annotation
    text = annotation.__name__ if isinstance(annotation, type) and not typing.get_args(annotation) else str(annotation)
    return re.sub(r"\b(?!np\b)\w+\.(?=[\w.]*\w)", "", text)


def type_of_parameter(function: str, name: str, said: str | None, result: str) -> str:
    """The type of a parameter: what the source says, else what the tables know of its name, else Any."""
    function = function if function.startswith("__") else function.rstrip("_")
    if said is not None:
        return said
    if name == "out" and result != "Tensor":
        return "Sequence[Tensor]"
    known = stub_types.PARAMETERS_OF.get(f"{function}.{name}") or stub_types.PARAMETERS.get(name, "Any")
    return spell(known)


def result_of(function: str, annotation: Any, kind: str, names: dict[str, Any]) -> str:
    """The type of what a function returns; `kind`: the module that it is in, or "Tensor" for a method."""
    named = "linalg_" + function if kind == "linalg" else function
    if named in RETURN_TYPES:
        return f"return_types.{named}"
    said = annotation_of(annotation, names)
    if said in (None, "Tensor") and kind == "Tensor":
        if re.fullmatch(r"(__i(?!nt|nvert|ter|ndex)\w+__|[^_]\w*_)", function):
            return "Self"
        if stub_types.RESULTS.get(function) == "Self":
            return "Self"
    if said is not None:
        return re.sub(r"\bAny\b", "Tensor", said) if said.startswith("tuple[") else said
    if function in stub_types.RESULTS:
        return spell(stub_types.RESULTS[function])
    return "tuple[Tensor, ...]" if str(annotation) in ("tuple", "<class 'tuple'>") else "Tensor"


# --- signatures ---


class Parameter(typing.NamedTuple):
    """A parameter, or the bare star before keywords."""

    name: str
    type: str
    default: str | None = None
    star: str = ""

    def __str__(self) -> str:
        text = self.star + self.name + (f": {self.type}" if self.type else "")
        if self.default is None:
            return text
        return f"{text} = {self.default}" if self.type else f"{text}={self.default}"


class Signature(typing.NamedTuple):
    """What a function takes and returns."""

    parameters: list[Parameter]
    result: str


STAR, SLASH = Parameter("*", ""), Parameter("/", "")


def default_of(value: Any) -> str:
    """A default as it can stand in a stub."""
    plain = (bool, int, float, str, type(None))
    if isinstance(value, plain) or (isinstance(value, tuple) and all(isinstance(v, plain) for v in value)):
        text = repr(value)
        return "..." if text in ("inf", "nan", "-inf") else text
    return "..."


def parsed(text: str, kind: str) -> Signature:
    """A signature written out in the tables."""
    function = ast.parse(f"def f{text}: ...").body[0]
    assert isinstance(function, ast.FunctionDef) and function.returns is not None
    arguments, found = function.args, []
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)

    def add(argument: ast.arg, default: ast.expr | None, star: str = "") -> None:
        type_ = spell(ast.unparse(argument.annotation)) if argument.annotation else ""
        found.append(Parameter(argument.arg, type_, default and ast.unparse(default), star))

    for index, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
        add(argument, default)
        if arguments.posonlyargs and index + 1 == len(arguments.posonlyargs):
            found.append(SLASH)
    if arguments.vararg:
        add(arguments.vararg, None, "*")
    elif arguments.kwonlyargs:
        found.append(STAR)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        add(argument, default)
    signature = Signature(found, spell(ast.unparse(function.returns)))
    return as_method(signature) if kind == "Tensor" else signature


def as_method(signature: Signature) -> Signature:
    """Of a function of a Tensor: its first parameter is `self`, and there is no `out`."""
    parameters = [p for p in signature.parameters if p.name != "out"]
    if parameters[-1] is STAR:
        parameters.pop()
    return Signature([Parameter("self", ""), *parameters[1:]], signature.result)


def of_operator(name: str) -> inspect.Signature | None:
    """The signature of an operator's kernel, with `out`: what the forms made of its declaration take."""
    record = OPS.get(name)
    if record is None:
        return None
    _, *kernel = inspect.signature(record.kernel).parameters.values()
    parameters = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in kernel]
    parameters.append(inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY, default=None))
    return inspect.Signature(parameters, return_annotation="Any")


def _is_open(signature: inspect.Signature) -> bool:
    """Whether it takes anything: the parameters are known elsewhere."""
    names = [p.name for p in signature.parameters.values() if p.kind == p.VAR_POSITIONAL]
    return bool(set(names) & {"others", "other", "operands"}) or (
        "args" in names and any(p.kind == p.VAR_KEYWORD for p in signature.parameters.values())
    )


def signature_of(function: Callable, name: str, kind: str) -> inspect.Signature:
    """The signature as the source has it, looked up in the operator's kernel or base form where that says nothing."""
    signature = inspect.signature(function)
    if not _is_open(signature):
        return signature
    base = name.rstrip("_")
    by_kernel = of_operator(base) or of_operator("special_" + base)
    if base != name:
        table = METHODS if kind == "Tensor" else FUNCTIONS
        other = table.get(base) or METHODS.get(base) or getattr(mibun.nn.functional, base, None)
        if other is not None and not _is_open(inspect.signature(other)):
            parameters = [p for p in inspect.signature(other).parameters.values() if p.name not in ("out", "inplace")]
            return inspect.Signature(parameters, return_annotation="Any")
        if by_kernel is not None:
            return inspect.Signature([*by_kernel.parameters.values()][:-1], return_annotation="Any")
    elif name.endswith("_with_indices"):
        whole = inspect.signature(getattr(mibun.nn.functional, name.removesuffix("_with_indices")))
        return whole.replace(return_annotation="tuple[Tensor, Tensor]")
    return by_kernel or signature


def signatures(function: Callable, name: str, kind: str) -> list[Signature]:
    """How a function may be called: several signatures where PyTorch has overloads."""
    for key in (f"{kind}.{name}", name):
        if key in stub_types.OVERLOADS and kind in ("", "Tensor", "special"):
            return [parsed(text, kind) for text in stub_types.OVERLOADS[key]]
    given = signature_of(function, name, kind)
    names = getattr(inspect.unwrap(function), "__globals__", {})
    result = result_of(name, given.return_annotation, kind, names)
    parameters: list[Parameter] = []
    sequence: inspect.Parameter | None = None  # the keyword that takes at once what `*args` takes one by one
    # (Other names than `kwargs` stand for what the tables say, such as `size`.)
    inspected = [p for p in given.parameters.values() if p.kind != p.VAR_KEYWORD or p.name == "kwargs"]
    for p in inspected:
        if p.kind == p.KEYWORD_ONLY and not any(q is STAR or q.star == "*" for q in parameters):
            parameters.append(STAR)
        type_ = type_of_parameter(name, p.name, annotation_of(p.annotation, names), result)
        star = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
        if star == "*" and type_ == "Sequence[Tensor]":  # several, or one sequence of them
            type_ = "Tensor | Sequence[Tensor]"
        if star == "*" and p.name == "args":
            follows = inspected[inspected.index(p) + 1] if p is not inspected[-1] else None
            if follows is not None and follows.name in ("size", "shape", "dims", "repeats"):
                sequence = follows
        default = None if p.default is p.empty else default_of(p.default)
        if default == "None" and type_ != "Any" and "None" not in type_:
            type_ += " | None"
        parameters.append(Parameter(p.name, type_, default, star))
    signature = Signature(parameters, result)
    if kind == "Tensor":
        signature = as_method(signature)
    found = _one_by_one(signature, sequence) if sequence or _starred_sizes(signature) else [signature]
    found = [s for signature in found for s in _with_indices(signature)]
    return [s for signature in found for s in _numpy_names(signature, function)]


def _starred_sizes(signature: Signature) -> bool:
    return any(p.star and p.name in ("size", "sizes") for p in signature.parameters)


def _one_by_one(signature: Signature, sequence: inspect.Parameter | None) -> list[Signature]:
    """`f(2, 3)` and `f((2, 3))`: the sizes (or dimensions) one by one, or all at once and then also by name."""
    singly, at_once = [], []
    named = sequence.name if sequence else next(p.name for p in signature.parameters if p.star)
    for p in signature.parameters:
        if p.star == "*":
            singly.append(Parameter(named, "_int", None, "*"))
            at_once.append(Parameter(named, "Sequence[_int]"))
            if any(q.default is not None and q.name != named for q in signature.parameters):
                at_once.append(STAR)
        elif sequence is None or p.name != sequence.name:
            singly.append(p)
            if p is not STAR:
                at_once.append(p)
    if at_once[-1] is STAR:
        at_once.pop()
    return [Signature(singly, signature.result), Signature(at_once, signature.result)]


def _with_indices(signature: Signature) -> list[Signature]:
    """A pooling function gives the positions of the maxima, too, where `return_indices` asks for them."""
    names = [p.name for p in signature.parameters]
    if "return_indices" not in names or signature.result not in ("Tensor", "Tensor | tuple[Tensor, Tensor]"):
        return [signature]
    at = names.index("return_indices")
    before, after = signature.parameters[:at], signature.parameters[at + 1 :]
    without = Parameter("return_indices", "Literal[False]", "False")
    asked = Parameter("return_indices", "Literal[True]")
    return [
        Signature([*before, without, *after], "Tensor"),
        Signature([*before, STAR, asked, *[p for p in after if p is not STAR]], "tuple[Tensor, Tensor]"),
        Signature([*[p._replace(default=None) for p in before], asked, *after], "tuple[Tensor, Tensor]"),
    ]


def _numpy_names(signature: Signature, function: Callable) -> list[Signature]:
    """Functions that PyTorch has in C++ take NumPy's names for dimensions, too (see `dispatch/parser.py`)."""
    names = [p.name for p in signature.parameters]
    if "axis" not in getattr(function, "numpy_names", ()) or "dim" not in names:
        return [signature]
    at = names.index("dim")
    keywords = []
    for p in signature.parameters[at:]:
        if p.name == "dim":  # required, so that the two do not overlap
            keywords.append(p._replace(name="axis", default=None))
        elif p is not STAR:
            keywords.append(p._replace(name="keepdims" if p.name == "keepdim" else p.name))
    before = signature.parameters[:at]
    return [signature, Signature([*before, *([] if STAR in before else [STAR]), *keywords], signature.result)]
