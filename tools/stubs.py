"""Writes the `.pyi` files (and `_index.py`) that tell editors and type checkers what mibun binds when it is imported.

    python -m tools.stubs            writes them
    python -m tools.stubs --check    says which are not fresh, and exits with 1 if any is not

An operator becomes a function, a method, an in-place method and more when it is declared, so no checker finds these
names in the source. They are read here from the package itself: names from its tables, parameters from
`inspect.signature`, types from the annotations or, where these say nothing, from `tools/stub_types.py`, docstrings as
they are. Modules whose names stand in their own source keep to it and have no stub.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import re
import sys
import textwrap
import types
import typing
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import mibun  # noqa: E402

AT_IMPORT = sorted(name for name in vars(mibun) if not name.startswith("__"))  # before anything is loaded on demand

from tools import stub_types  # noqa: E402

from mibun.core.registry import FUNCTIONS, METHODS, OPS  # noqa: E402

# --- what is looked up in the package, and where: above and here ---

Tensor = mibun.Tensor
PACKAGE = Path(mibun.__file__).parent
TENSOR_SOURCE = Path(vars(Tensor)["shape"].fget.__code__.co_filename)  # where the class stands
METHODS_STUB = TENSOR_SOURCE.with_name("tensor_methods.pyi")  # its base class, for checkers alone
RETURN_TYPES = sorted(name for name, value in vars(mibun.return_types).items() if hasattr(value, "n_fields"))
INDEXES = ("nn.functional", "linalg", "fft", "special")  # modules of operators under names of their own
# Modules that PyTorch has under these names, beside those that `mibun` loads on demand.
MODULES = ("autograd", "dtypes", "ops", "random", "return_types", "serialization", "storage")

# Names that a stub's own names hide: they are imported under another.
_RENAMED = {name: "_" + name for name in ("bool", "complex", "float", "int", "range", "type", "dtype", "device",
                                          "layout", "memory_format")}  # fmt: skip
_BUILTINS = [name for name in _RENAMED if hasattr(builtins, name)]
_OF_MIBUN = [name for name in _RENAMED if name not in _BUILTINS]
_WIDTH = 120

HEADER = '"""{title}\n\nThis file is written by `python -m tools.stubs`: change what it reads, not this.\n"""\n'


# --- types ---


class _Spelling(ast.NodeTransformer):
    """Puts a type into the words of a stub."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(_RENAMED.get(node.id, node.id))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in ("builtins", "typing", "dtypes", "_dtypes"):
            return self.visit_Name(ast.Name(node.attr))
        return node


_KNOWN = {
    "Any", "Callable", "EllipsisType", "Generator", "Iterable", "Iterator", "Literal", "Mapping", "None", "Self",
    "Sequence", "Size", "SupportsIndex", "Tensor", "TypedStorage", "UntypedStorage", "builtins", "bytes", "dict",
    "list", "np", "object", "return_types", "set", "slice", "str", "tuple", "typing", "_size", *_RENAMED,
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
    aliases = {name: value for name, value in (names or {}).items() if typing.get_origin(value) is not None}
    said = re.sub(r"\b[A-Za-z_]\w*\b", lambda name: _words(aliases.get(name[0], name[0])), said)
    if said in ("Any", "tuple", "Callable", "tuple[Any, Any]", "tuple[Any, ...]", "Iterator"):
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
    if said is not None:
        return said
    if function in stub_types.RESULTS:
        return spell(stub_types.RESULTS[function])
    if kind == "Tensor" and re.fullmatch(r"(__i(?!nt|nvert|ter|ndex)\w+__|[^_]\w*_)", function):
        return "Self"
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


_STAR, _SLASH = Parameter("*", ""), Parameter("/", "")


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
            found.append(_SLASH)
    if arguments.vararg:
        add(arguments.vararg, None, "*")
    elif arguments.kwonlyargs:
        found.append(_STAR)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        add(argument, default)
    signature = Signature(found, spell(ast.unparse(function.returns)))
    return as_method(signature) if kind == "Tensor" else signature


def as_method(signature: Signature) -> Signature:
    """Of a function of a Tensor: its first parameter is `self`, and there is no `out`."""
    parameters = [p for p in signature.parameters if p.name != "out"]
    if parameters[-1] is _STAR:
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
    inspected = [p for p in given.parameters.values() if p.kind != p.VAR_KEYWORD]
    for p in inspected:
        if p.kind == p.KEYWORD_ONLY and not any(q is _STAR or q.star == "*" for q in parameters):
            parameters.append(_STAR)
        type_ = type_of_parameter(name, p.name, annotation_of(p.annotation, names), result)
        star = "*" if p.kind == p.VAR_POSITIONAL else ""
        if star and p.name == "args":
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
                at_once.append(_STAR)
        elif sequence is None or p.name != sequence.name:
            singly.append(p)
            if p is not _STAR:
                at_once.append(p)
    if at_once[-1] is _STAR:
        at_once.pop()
    return [Signature(singly, signature.result), Signature(at_once, signature.result)]


def _with_indices(signature: Signature) -> list[Signature]:
    """A pooling function gives the positions of the maxima, too, where `return_indices` asks for them."""
    names = [p.name for p in signature.parameters]
    if "return_indices" not in names or signature.result != "Tensor":
        return [signature]
    at = names.index("return_indices")
    before, after = signature.parameters[:at], signature.parameters[at + 1 :]
    without = Parameter("return_indices", "Literal[False]", "False")
    asked = Parameter("return_indices", "Literal[True]")
    return [
        Signature([*before, without, *after], "Tensor"),
        Signature([*before, _STAR, asked, *[p for p in after if p is not _STAR]], "tuple[Tensor, Tensor]"),
        Signature([*[p._replace(default=None) for p in before], asked, *after], "tuple[Tensor, Tensor]"),
    ]


def _numpy_names(signature: Signature, function: Callable) -> list[Signature]:
    """NumPy's names for dimensions are taken, too, by functions that have been wrapped for that."""
    code = getattr(function, "__code__", None)
    if code is None or not {"axis", "keepdims"} & set(code.co_consts) or not hasattr(function, "__wrapped__"):
        return [signature]
    if "dim" not in [p.name for p in signature.parameters]:
        return [signature]
    renamed = {"dim": "axis", "keepdim": "keepdims"}
    first, rest = signature.parameters[:1], signature.parameters[1:]
    keywords = [p._replace(name=renamed.get(p.name, p.name)) for p in rest if p is not _STAR]
    if keywords[0].name == "axis":  # required, so that the two do not overlap
        keywords[0] = keywords[0]._replace(default=None)
    return [signature, Signature([*first, _STAR, *keywords], signature.result)]


# --- text ---


def docstring(text: str | None, indent: str) -> str:
    """A docstring as source, or the dots of an empty body."""
    if not text:
        return f"{indent}...\n"
    text = text.replace("\\", "\\\\").replace('"""', '\\"""')
    lines = [indent + line if line.strip() else "" for line in text.strip().splitlines()]
    closing = "" if len(lines) == 1 and not text.rstrip().endswith('"') else f"\n{indent}"
    return f'{indent}"""' + "\n".join(lines).strip() + f'{closing}"""\n'


def definition(
    name: str, signature: Signature, doc: str | None, indent: str = "", decorators: Iterable[str] = ()
) -> str:
    """One `def`, on one line where it fits."""
    head = "".join(f"{indent}@{decorator}\n" for decorator in decorators)
    line = f"{indent}def {name}({', '.join(map(str, signature.parameters))}) -> {signature.result}:"
    if len(line) > _WIDTH:
        inner = indent + "    "
        parameters = textwrap.fill(
            ", ".join(str(p).replace(" ", "\0") for p in signature.parameters) + ",", _WIDTH,
            initial_indent=inner, subsequent_indent=inner, break_long_words=False,
        ).replace("\0", " ")  # fmt: skip
        line = f"{indent}def {name}(\n{parameters}\n{indent}) -> {signature.result}:"
    if not doc:
        return f"{head}{line} ...\n"
    return f"{head}{line}\n{docstring(doc, indent + '    ')}"


def definitions(name: str, function: Callable, kind: str, indent: str = "") -> str:
    """The overloads of a function; the first has the docstring."""
    doc = inspect.getdoc(function)
    found = signatures(function, name, kind)
    decorators = ["overload"] if len(found) > 1 else []
    return "".join(definition(name, signature, doc, indent, decorators) for signature in found)


def preamble(title: str, names_of_mibun: Iterable[str], more: str = "") -> str:
    """The head of a stub: where its types come from."""
    aliases = ", ".join(stub_types.ALIASES)
    lines = [
        HEADER.format(title=title),
        "# pyright: reportMissingModuleSource=false",
        "from builtins import " + ", ".join(f"{name} as {_RENAMED[name]}" for name in _BUILTINS),
        "from collections.abc import Callable, Iterator, Sequence",
        "from types import EllipsisType",
        "from typing import Any, Literal, Self, SupportsIndex, TypeAlias, overload",
        "",
        "import numpy as np",
        "",
    ]
    if names_of_mibun:
        lines.append("from mibun import " + ", ".join(names_of_mibun))
        lines.append("from mibun import " + ", ".join(f"{name} as {_RENAMED[name]}" for name in _OF_MIBUN))
        lines.append(more or f"from {module_name(METHODS_STUB)} import {aliases}")
    return "\n".join(lines) + "\n"


def all_of(names: Iterable[str]) -> str:
    """The list of the public names of a module."""
    return "__all__ = [\n" + "".join(f'    "{name}",\n' for name in sorted(names)) + "]\n\n"


def module_name(path: Path) -> str:
    """The dotted name of a file of the package."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


# --- the stubs ---


def methods_stub() -> str:
    """What operators bind to Tensor, as a base class of it that only checkers see."""
    text = preamble("The methods that operators bind to Tensor.", ("Generator", "Size", "Tensor", "return_types"),
                    "from mibun.storage import TypedStorage, UntypedStorage")  # fmt: skip
    text += "".join(f"{name}: TypeAlias = {spell(value)}\n" for name, value in stub_types.ALIASES.items())
    text += '\nclass TensorMethods:\n    """What operators bind to Tensor; at run time there is no such class."""\n\n'
    written = set(_written_in_class())
    names = {name for name in METHODS} | {
        name for name in vars(Tensor)
        if name.startswith("__") and isinstance(vars(Tensor)[name], types.FunctionType)
    }  # fmt: skip
    for name in sorted(names - written):
        text += _member(name, vars(Tensor)[name]) + "\n"
    return text + "    def __hash__(self) -> _int: ...\n"  # which a class with __eq__ has to say


def _written_in_class() -> Iterable[str]:
    """The names that the source of Tensor itself defines: checkers see those."""
    for node in ast.walk(ast.parse(TENSOR_SOURCE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and node.name == "Tensor":
            for statement in node.body:
                if isinstance(statement, ast.FunctionDef):
                    yield statement.name
                elif isinstance(statement, ast.Assign):
                    yield from (target.id for target in statement.targets if isinstance(target, ast.Name))


def _member(name: str, value: Any) -> str:
    if isinstance(value, property):
        return _property(name, value)
    if isinstance(value, (classmethod, staticmethod)) or not callable(value):
        return f"    {name}: {spell(stub_types.PROPERTIES.get(name, 'Any'))}\n"
    reflected = re.fullmatch(r"__([ri]?)(\w+)__", name)
    operator = {"truediv": "div", "floordiv": "floor_divide", "mod": "remainder"}
    signature = inspect.signature(value)
    if reflected and reflected[2] in _INFIX:
        other = "Tensor" if reflected[2] == "matmul" else "Tensor | Number"
        if reflected[2] in _COMPARED:
            other = "Any"
        result = "Self" if reflected[1] == "i" else "Tensor"
        base = FUNCTIONS.get(operator.get(reflected[2], reflected[2]))
        doc = inspect.getdoc(value) or inspect.getdoc(base)
        parameters = [Parameter("self", ""), Parameter("other", spell(other))]
        return definition(name, Signature(parameters, result), doc, "    ")
    if len(signature.parameters) > 0 and name in ("__neg__", "__pos__", "__abs__", "__invert__"):
        return definition(name, Signature([Parameter("self", "")], "Tensor"), inspect.getdoc(value), "    ")
    return definitions(name, value, "Tensor", "    ")


_COMPARED = ("eq", "ne")
_INFIX = (
    "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "lshift", "rshift", "eq",
    "ne", "lt", "le", "gt", "ge",
)  # fmt: skip


def _property(name: str, value: property) -> str:
    said = annotation_of(inspect.signature(value.fget).return_annotation) if value.fget else None
    type_ = said or spell(stub_types.PROPERTIES.get(name, "bool" if name.startswith("is_") else "Tensor"))
    self = Parameter("self", "")
    text = definition(name, Signature([self], type_), inspect.getdoc(value), "    ", ["property"])
    if value.fset is not None:
        setter = Signature([self, Parameter("value", type_)], "None")
        text += definition(name, setter, None, "    ", [f"{name}.setter"])
    return text


def package_stub() -> str:
    """The names of `mibun` itself."""
    origins = _imported_names(Path(mibun.__file__))
    on_demand = getattr(mibun, "_LAZY_NAMES", {})
    lazy = {name for name in dir(mibun) if name not in AT_IMPORT and not name.startswith("__")}
    lazy |= {*getattr(mibun, "_LAZY", ()), *on_demand}
    modules, imports, constants, functions = [], [], [], []
    for name in sorted({*AT_IMPORT, *lazy, *MODULES}):
        value = getattr(mibun, name, None)
        if name in FUNCTIONS:
            functions.append(name)
        elif isinstance(value, types.ModuleType):
            if value.__name__ == f"mibun.{name}" and (name in lazy or name in MODULES):
                modules.append(f"from . import {name} as {name}\n")
        elif name in origins:
            imports.append(f"from {origins[name][0]} import {origins[name][1]} as {name}\n")
        elif name in on_demand:
            imports.append(f"from .{on_demand[name]} import {name} as {name}\n")
        elif name in AT_IMPORT and not name.startswith("_") and isinstance(value, (float, str, type(None))):
            constants.append(f"{name}: {spell(type(value).__name__) if value is not None else 'None'}\n")
    aliases = ", ".join(stub_types.ALIASES)
    text = preamble(inspect.getdoc(mibun) or "", ())
    text += "".join([*modules, *imports])
    text += "".join(f"from {origins[name][0]} import {name} as {_RENAMED[name]}\n" for name in _OF_MIBUN)
    text += f"from {module_name(METHODS_STUB).replace('mibun', '', 1)} import {aliases}\n\n"
    text += "__version__: str\n" + "".join(constants) + "\n"
    for name in functions:
        value = FUNCTIONS[name]
        text += (_tensor_type(name, value) if not inspect.isroutine(value) else definitions(name, value, "")) + "\n"
    return text


def _tensor_type(name: str, value: Any) -> str:
    """`FloatTensor` and its like: called, and asked for by isinstance."""
    new = Signature([Parameter("cls", ""), Parameter("args", "Any", star="*"), _STAR], "Tensor")
    new.parameters[-1] = Parameter("device", "Device | None", "None")
    return f"class {name}(Tensor):\n{docstring(value.__doc__, '    ')}" + definition("__new__", new, None, "    ")


def _imported_names(path: Path) -> dict[str, tuple[str, str]]:
    """What a file imports from the package, name -> (module, name there)."""
    return {
        alias.asname or alias.name: ("." * node.level + node.module, alias.name)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom) and node.level and node.module
        for alias in node.names
    }


def index_stub(name: str) -> str:
    """A module of operators, such as `mibun.nn.functional`."""
    __import__(f"mibun.{name}")
    module = sys.modules[f"mibun.{name}"]
    text = preamble(inspect.getdoc(module) or "", ("Generator", "Tensor", "return_types")) + "\n"
    text += all_of(module.__all__)
    origins = _imported_names(Path(module.__file__ or ""))
    kind = name.rpartition(".")[2]
    for public in sorted(module.__all__):
        value = getattr(module, public)
        if isinstance(value, type):
            text += f"from {origins[public][0]} import {origins[public][1]} as {public}\n\n"
        elif inspect.isroutine(value):
            text += definitions(public, value, kind) + "\n"
    return text


def index() -> str:
    """A module that only editors read: it leads from the names of `mibun`, which its source lacks, to their source."""
    text = HEADER.format(title="Where each function of `mibun` is declared: for editors, and never imported.") + "\n"
    for name, function in sorted(FUNCTIONS.items()):
        for declared in _declarations(name, function):
            path = Path(declared.__code__.co_filename)
            if path.is_relative_to(PACKAGE) and declared.__code__.co_name in _functions_of(path):
                module = module_name(path).removeprefix("mibun")
                text += f"from {module} import {declared.__code__.co_name} as {name}\n"
                break
    return text


def _declarations(name: str, function: Any) -> Iterable[Any]:
    """What may stand in the source for a public function: itself, what it wraps, or its operator's kernel."""
    if inspect.isfunction(function):
        yield inspect.unwrap(function)
    base = name.rstrip("_")
    for of in (function, FUNCTIONS.get(base)):
        for operator in (base, getattr(of, "__name__", "").rstrip("_")):
            if operator in OPS:
                yield OPS[operator].kernel
    if base != name and base in FUNCTIONS:
        yield from _declarations(base, FUNCTIONS[base])


@functools.cache
def _functions_of(path: Path) -> frozenset[str]:
    """The names of the functions that stand at the top of a file."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef))


def return_types_stub() -> str:
    """The named tuples, which are made by a function."""
    text = HEADER.format(title=inspect.getdoc(mibun.return_types)) + "from collections.abc import Iterable\n"
    text += "from typing import Any, ClassVar, Self\n\nfrom mibun import Tensor\n\n"
    text += all_of(RETURN_TYPES)
    for name in RETURN_TYPES:
        cls = getattr(mibun.return_types, name)
        of_place = {"bin_edges": "tuple[Tensor, ...]"} if name == "histogramdd" else {}
        places = [of_place.get(field, "Tensor") for field in cls._fields]
        text += f"class {name}(tuple[{', '.join(places)}]):\n{docstring(cls.__doc__, '    ')}"
        text += "".join(f"    n_{kind}fields: ClassVar[int]\n" for kind in ("", "sequence_", "unnamed_"))
        text += "    def __new__(cls, values: Iterable[Any]) -> Self: ...\n"
        for field, place in zip(cls._fields, places, strict=True):
            text += f"    @property\n    def {field}(self) -> {place}: ...\n"
        text += "\n"
    return text


def stubs() -> dict[Path, str]:
    """All stubs: path -> text."""
    found = {
        PACKAGE / "__init__.pyi": package_stub(),
        PACKAGE / "return_types.pyi": return_types_stub(),
        METHODS_STUB: methods_stub(),
        PACKAGE / "_index.py": index(),
    }
    for name in INDEXES:
        __import__(f"mibun.{name}")
        found[Path(sys.modules[f"mibun.{name}"].__file__ or "").with_suffix(".pyi")] = index_stub(name)
    return {path: re.sub(r"[ \t]+\n", "\n", text).rstrip() + "\n" for path, text in found.items()}


def main(arguments: list[str]) -> int:
    """Write the stubs, or check that they are fresh."""
    if arguments not in ([], ["--check"]):
        print(__doc__)
        return 2
    found = stubs()
    stale = [path for path, text in found.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    left_over = [path for path in PACKAGE.rglob("*.pyi") if path not in found]
    if arguments:
        for path in [*stale, *left_over]:
            print(f"{path.relative_to(ROOT)} is not fresh: run `python -m tools.stubs`")
        return 1 if stale or left_over else 0
    for path in left_over:
        path.unlink()
    for path in stale:
        path.write_text(found[path], encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
