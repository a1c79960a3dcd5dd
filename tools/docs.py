"""Writes `docs/map.md`, one line per module, and `docs/operators.md`, one entry per operator.

    python -m tools.docs            writes them
    python -m tools.docs --check    says which are not fresh, and exits with 1 if any is not
    python -m tools.docs exp ...    prints the entries of operators, each with its file and line

The first comes from the modules' docstrings; the second from the records that `@op` makes, and from the source of their
rules. There are no line numbers in them, so they change only when a declaration does.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import mibun
import mibun.sparse  # which declares its operators
from mibun.core.registry import FUNCTIONS, METHODS, OPS
from mibun.dispatch.declare import Op
from mibun.dispatch.describe import Description, Form, bare, given, lambda_of, named_by
from mibun.dispatch.nodes import argument_names

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(mibun.__file__).parent
HEADER = "<!-- Written by `python -m tools.docs`: change what it reads, not this. -->\n\n"
INDEXES = ("nn.functional", "linalg", "fft", "special")  # modules of operators under names of their own
_LONGEST_RULE = 20  # lines; of a longer rule only its name and what it says of itself are shown
_MOST_NAMES = 12  # of an operator's public names

# --- the map of modules ---

# The layers of `tests/test_layers.py`, from the bottom up.
LAYERS = {
    "core": "The engine and the Tensor. Knows no operator.",
    "xp": "Array namespaces: what the formulas are written over. All that array libraries differ in.",
    "dispatch": "From a declaration to a call.",
    "ops": "The operators: declarations, and public functions where PyTorch's signature says more than a kernel's.",
    "autograd": "What users import from `torch.autograd`, on top of the engine.",
    "compat": "PyTorch's and the Array API's names beside the engine: programs ask for them, nothing below needs them.",
    "names": "What users import: modules, optimizers, tools, indexes of operators, the command.",
}


def layers_of_the_test() -> list[tuple[str, ...]]:
    """Which packages are in which layer, as the test of the layers has it."""
    for node in ast.parse((ROOT / "tests" / "test_layers.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "LAYERS":
            return ast.literal_eval(node.value)
    raise LookupError("tests/test_layers.py has no LAYERS")


def first_sentence(text: str | None) -> str:
    """The first sentence of a docstring, on one line."""
    words = " ".join((text or "").partition("\n\n")[0].split())
    end = re.search(r"(?<!e\.g)(?<!i\.e)(?<!et al)[.!?](?=\s|$)(?! \()", words)
    return words[: end.end()] if end else words


def link(path: Path, text: str | None = None) -> str:
    """A link from `docs/` to a file of the repository."""
    return f"[{text or path.name}](../{path.relative_to(ROOT).as_posix()})"


def module_map() -> str:
    """`docs/map.md`."""
    placed = layers_of_the_test()
    found: list[dict[str, list[Path]]] = [{} for _ in LAYERS]
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        layer = next((i for i, names in enumerate(placed) if parts[0] in names), len(placed) - 1)
        found[layer].setdefault("/".join(parts[:-1]), []).append(path)
    text = HEADER + "# Map: every module in a line\n\n"
    text += "Layers from the bottom up. A module imports from its own layer and from those below it, and there is no "
    text += "circle: [tests/test_layers.py](../tests/test_layers.py) reads the imports. Why it is cut like this is in "
    text += "[design.md](design.md), every operator in [operators.md](operators.md).\n"
    for (title, what), folders in zip(LAYERS.items(), found, strict=True):
        text += f"\n## {title}\n\n{what}\n"
        for folder, paths in sorted(folders.items()):
            text += f"\n### {'mibun/' + folder if folder else 'mibun'}\n\n"
            for path in sorted(paths, key=lambda path: (path.name != "__init__.py", path.name)):
                doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
                text += f"* {link(path)}: {first_sentence(doc)}\n"
    return text


# --- the source of rules ---


def _given(rule: FunctionType) -> str:
    """What a rule has from the function that made it."""
    parts = [f"`{name}` = `{value}`" for name, value in given(rule).items()]
    return f" with {', '.join(parts)}" if parts else ""


def _function_text(function: FunctionType) -> str:
    """A rule that has a name: its source if it is short, else what it says of itself."""
    source = textwrap.dedent(inspect.getsource(function)).rstrip()
    if source.count("\n") < _LONGEST_RULE:
        return "\n\n" + textwrap.indent(f"```python\n{source}\n```", "  ") + "\n"
    said = first_sentence(function.__doc__)
    if not said:
        comment = re.search(r"^ *# (.*(?:\n *# .*)*)", source, re.MULTILINE)
        said = re.sub(r"\n *# ", " ", comment[1]) if comment else ""
    return f": {said}" if said else ": see there"


def rule_text(rule: FunctionType) -> str:
    """A derivative rule as Markdown: an expression, or the name of a function and its source."""
    if rule.__name__ != "<lambda>":
        return f"`{rule.__name__}`{_given(rule)}{_function_text(rule)}"
    body = lambda_of(rule.__code__)[0].body
    text = f"`{ast.unparse(body)}`{_given(rule)}"
    if isinstance(body, ast.Call) and isinstance(body.func, ast.Name):
        called = rule.__globals__.get(body.func.id)
        if isinstance(called, FunctionType) and _home(called).startswith("mibun.ops"):
            text += _function_text(called)
    return text


# --- entries of operators ---


def saved(op: Any, rules: Iterable[FunctionType]) -> str:
    """What these rules have the node keep."""
    outputs = ("out",) if op.outputs in (None, "list") else op.outputs
    values, shapes = [], []
    for name in dict.fromkeys(name for rule in rules for name in argument_names(rule)):
        if name in op.operands or name in outputs or name in op.residuals:
            values.append(f"`{name}`")
        elif name not in op.params and name not in ("needs", "defined") and not name.startswith("out_"):
            shapes.append(f"`{name}`")
    return "saves " + (", ".join([*values, *shapes]) or "nothing")


def forward_mode(said: Description) -> str:
    """How the derivative in forward mode is got."""
    if said.jvp:
        return "rules of its own: " + ", ".join(f"`{name}`: {rule_text(rule)}" for name, rule in said.jvp.items())
    return said.forward


def dtypes(said: Description) -> str:
    """The dtype that the kernel sees, and those that are refused."""
    text = said.dtypes
    if said.refuses:
        text += f"; refuses {', '.join(said.refuses)}".replace("signed integer, unsigned integer", "integer")
    return text


def entry(op: Any, names: Iterable[str]) -> str:
    """What there is to know of one operator."""
    parameters = [f"*{op.operands[0]}"] if op.variadic else [*op.operands]
    parameters += (["*"] if op.params and not op.variadic else []) + [
        f"{name}={op.defaults[name]!r}" if name in op.defaults else name for name in op.params
    ]
    text = f"#### {op.name}\n\n`{op.name}({', '.join(parameters)})`"
    if op.outputs == "list":
        text += " → any number of outputs"
    elif op.outputs:
        text += f" → {', '.join(f'`{name}`' for name in op.outputs)}"
        if op.n_differentiable is not None and op.n_differentiable < len(op.outputs):
            text += f", of which the first {op.n_differentiable} can be differentiated"
    if op.residuals:
        text += f", and for the rules {', '.join(f'`{name}`' for name in op.residuals)}"
    if op.doc:
        text += f"  \n{first_sentence(op.doc)}"
    text += "\n\n"
    shown = [f"`{name}`" for name in names]
    if len(shown) > _MOST_NAMES:
        shown[_MOST_NAMES - 2 :] = [f"and {len(shown) - _MOST_NAMES + 2} more"]
    text += f"* Names: {', '.join(shown)}\n" if shown else "* Names: none; other operators use it, or their rules\n"
    if op.kernel.__qualname__ != op.name:
        text += f"* Kernel: `{op.kernel.__qualname__}`\n"
    said = Description(op)
    text += f"* Dtype: {dtypes(said)}\n"
    if said.loops:
        text += f"* Under `vmap`: from example to example, for {', '.join(f'`{name}`' for name in said.loops)}\n"
    if op.kind == "nondifferentiable":
        return text + "* No derivative\n\n"
    kind = f", {op.kind}" if op.kind else ""
    text += f"* Node: `{op.node_name}`{kind}{', a view' if op.view else ''}\n"
    for name, rule in said.vjp.items():
        text += f"* Rule of {f'`{name}`' if name else 'all operands'} ({saved(op, [rule])}): {rule_text(rule)}\n"
    if op.constant:
        text += f"* Constant: {', '.join(f'`{name}`' for name in op.operands if name in op.constant)}\n"
    return re.sub(r"\n{3,}", "\n\n", text + f"* Forward mode: {forward_mode(said)}\n\n")


# --- public names ---

_ITEMS = ("__getitem__", "__setitem__")  # Python's other names for operators are those of a function too


def public_functions() -> Iterator[tuple[str, Any]]:
    """The names under which users find functions, and the functions."""
    yield from ((f"torch.{name}", function) for name, function in FUNCTIONS.items())
    yield from (
        (f"Tensor.{name}", function)
        for name, function in METHODS.items()
        if not name.startswith("__") or name in _ITEMS
    )
    for index in INDEXES:
        __import__(f"mibun.{index}")
        module = sys.modules[f"mibun.{index}"]
        yield from ((f"torch.{index}.{name}", getattr(module, name)) for name in module.__all__)


def _home(function: FunctionType) -> str:
    # (Generated functions have None there, see `core/quiet.py`.)
    return function.__globals__.get("__name__", "") or "mibun.dispatch.template"


def named_operators(function: Any, public: set[int], seen: set[int]) -> Iterator[str]:
    """The operators whose records a function names, itself or through helpers that are not public.

    Helpers are those of its own module, and what `dispatch` makes.
    """
    if isinstance(function, property):
        function = function.fget
    function = bare(function) if callable(function) else function
    if not isinstance(function, FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    for one in named_by(function):
        if isinstance(one, Op):
            yield one.name
        elif id(one) not in public:
            if one.__globals__ is function.__globals__ or _home(one).startswith("mibun.dispatch."):
                yield from named_operators(one, public, seen)


def public_names() -> dict[str, list[str]]:
    """Operator -> the names of the public functions that are made of it.

    Those are the forms that its declaration makes, and the functions of its own module that name its record; for an
    operator without any, functions of other modules.
    """
    functions = list(public_functions())
    public = {id(inspect.unwrap(function)) for _, function in functions if callable(function)}
    own: dict[str, dict[str, None]] = {name: {} for name in OPS}
    others: dict[str, dict[str, None]] = {name: {} for name in OPS}
    by_function: dict[int, list[str]] = {}
    for name, function in functions:
        by_function.setdefault(id(function), []).append(name)
    for name in OPS:
        for suffix in ("", "_"):
            for table in (FUNCTIONS, METHODS):
                for public_name in by_function.get(id(table.get(name + suffix)), ()):
                    own[name][public_name] = None
    for name, function in functions:
        named = OPS.get("_".join(name.split(".")[-2:]))  # `special_erfcx` is `torch.special.erfcx`
        if named is not None and not name.startswith(("torch.nn.", "Tensor.")) and name.count(".") == 2:
            own[named.name][name] = None
        for op in named_operators(function, public, set()):
            getter: Any = function.fget if isinstance(function, property) else function
            form = isinstance(getattr(getter, "__wrapped__", None), Form)
            made = form or _home(inspect.unwrap(getter)) == OPS[op].kernel.__module__
            (own if made else others)[op][name] = None
    return {name: list(own[name] or others[name]) for name in OPS}


def operators() -> str:
    """`docs/operators.md`."""
    names = public_names()
    families: dict[str, dict[str, list[Any]]] = {}
    for op in OPS.values():
        module = op.kernel.__module__
        families.setdefault(module.split(".")[2], {}).setdefault(module, []).append(op)
    text = HEADER + "# Operators\n\n" + INTRODUCTION
    for family, modules in sorted(families.items()):
        count = sum(map(len, modules.values()))
        text += (
            f"* [{family}](#{family}): {count} operators in {', '.join(m.split('.')[-1] for m in sorted(modules))}\n"
        )
    for family, modules in sorted(families.items()):
        text += f"\n## {family}\n"
        for module, ops in sorted(modules.items()):
            path = Path(sys.modules[module].__file__ or "")
            text += f"\n### {'/'.join(module.split('.')[2:])}.py\n\n{link(path)}: "
            text += f"{first_sentence(sys.modules[module].__doc__)}\n\n"
            text += "".join(entry(op, names[op.name]) for op in ops)
    return text.rstrip() + "\n"


INTRODUCTION = """\
Every operator as it is declared in `src/mibun/ops/`; the words are those of `op` in
[declare.py](../src/mibun/dispatch/declare.py).

* **Names**: the public functions and methods made of it. One name may be made of several operators (`torch.sum` of
  `sum` and `sum_dim`), as PyTorch has a node class for each.
* **Dtype**: what the kernel sees; by "each as it is" the public function has seen to it.
* **Rule**: the gradient of an operand, from `g`, the gradient of the result (a list of several), over a namespace `xp`.
  The engine sums it down to the operand's shape and casts it to its dtype. **Saves**: what the rule has the node keep.
* **Forward mode**: how the tangent of the result is got from those of the operands: derived from the declaration where
  it says `pointwise`, `linear` or `multilinear`, else a rule of its own, else the VJP of the VJP (which is linear in
  `g`, so that its transpose is the JVP).
* **Under `vmap`**: where it is not said otherwise, all examples at once.

`python -m tools.docs exp` prints one entry, with its line.

"""


def texts() -> dict[Path, str]:
    """The files and what is to be in them."""
    return {ROOT / "docs" / "map.md": module_map(), ROOT / "docs" / "operators.md": operators()}


def show(wanted: list[str]) -> int:
    """Print the entries of some operators."""
    names = public_names()
    for name in wanted:
        found = [op for op in OPS.values() if name == op.name or f"torch.{name}" in names[op.name]]
        for op in found:
            code = op.kernel.__code__
            print(f"{Path(code.co_filename).relative_to(ROOT)}:{code.co_firstlineno}\n{entry(op, names[op.name])}")
        if not found:
            print(f"no operator is named {name}, nor made one of the functions of that name", file=sys.stderr)
            return 1
    return 0


def main(arguments: list[str]) -> int:
    """Write the pages, check that they are fresh, or print entries."""
    if arguments and arguments != ["--check"]:
        if any(argument.startswith("-") for argument in arguments):
            print(__doc__)
            return 2
        return show(arguments)
    status = 0
    for path, text in texts().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if arguments:
            print(f"{path.relative_to(ROOT)} is not fresh: run `python -m tools.docs`")
            status = 1
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
