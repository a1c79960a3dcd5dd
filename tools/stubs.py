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
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tools import stub_types
from tools.stub_signatures import (
    AT_IMPORT,
    FUNCTIONS,
    METHODS,
    OPS,
    RENAMED,
    RETURN_TYPES,
    STAR,
    Parameter,
    Signature,
    annotation_of,
    mibun,
    signatures,
    spell,
)

ROOT = Path(__file__).resolve().parent.parent

# --- where things are in the package ---

Tensor = mibun.Tensor
PACKAGE = Path(mibun.__file__).parent
TENSOR_SOURCE = Path(vars(Tensor)["shape"].fget.__code__.co_filename)  # where the class stands
METHODS_STUB = TENSOR_SOURCE.with_name("tensor_methods.pyi")  # its base class, for checkers alone
INDEXES = ("nn.functional", "linalg", "fft", "special")  # modules of operators under names of their own
# Modules that PyTorch has under these names, beside those that `mibun` loads on demand.
MODULES = ("autograd", "dtypes", "ops", "random", "return_types", "serialization", "storage")

_BUILTINS = [name for name in RENAMED if hasattr(builtins, name)]
_OF_MIBUN = [name for name in RENAMED if name not in _BUILTINS]
_WIDTH = 120

HEADER = '"""{title}\n\nThis file is written by `python -m tools.stubs`: change what it reads, not this.\n"""\n'


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
        "from builtins import " + ", ".join(f"{name} as {RENAMED[name]}" for name in _BUILTINS),
        "from collections.abc import Callable, Iterable, Iterator, Sequence",
        "from types import EllipsisType",
        "from typing import Any, Literal, Self, SupportsIndex, TypeAlias, overload",
        "",
        "import numpy as np",
        "",
    ]
    if names_of_mibun:
        lines.append("from mibun import " + ", ".join(names_of_mibun))
        lines.append("from mibun import " + ", ".join(f"{name} as {RENAMED[name]}" for name in _OF_MIBUN))
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
    text += "".join(f"from {origins[name][0]} import {name} as {RENAMED[name]}\n" for name in _OF_MIBUN)
    text += f"from {module_name(METHODS_STUB).replace('mibun', '', 1)} import {aliases}\n\n"
    text += "__version__: str\n" + "".join(constants) + "\n"
    for name in functions:
        value = FUNCTIONS[name]
        text += (_tensor_type(name, value) if not inspect.isroutine(value) else definitions(name, value, "")) + "\n"
    return text


def _tensor_type(name: str, value: Any) -> str:
    """`FloatTensor` and its like: called, and asked for by isinstance."""
    new = Signature([Parameter("cls", ""), Parameter("args", "Any", star="*"), STAR], "Tensor")
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
