"""The layers of the code: each module imports only from its own layer or from those below, function-level imports too.

The whole graph of imports, as it is when everything has been called, has no circle. Imports for type checkers alone
(`if TYPE_CHECKING:`) never run and do not count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import mibun

ROOT = Path(mibun.__file__).parent

# From the bottom to the top: which packages and modules are in a layer. What is not named is in the last one, `mibun`
# itself included: the names that users import.
LAYERS = [
    ("core",),
    ("xp",),
    ("dispatch",),
    ("ops",),
    ("autograd",),
    (
        "compat",
        "array_api",
        "types",
        "return_types",
        "random",
    ),
    (),
]


def modules() -> dict[str, Path]:
    found = {}
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def layer_of(module: str) -> int:
    top = module.split(".")[1] if "." in module else ""
    for index, names in enumerate(LAYERS):
        if top in names:
            return index
    return len(LAYERS) - 1


def imports_of(module: str) -> Iterator[tuple[str, int]]:
    """The modules of mibun that a module imports, at whatever depth of its functions, with the line."""
    path = MODULES[module]
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    pending: list[ast.AST] = [ast.parse(path.read_text())]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            pending.extend(node.orelse)
            continue
        pending.extend(ast.iter_child_nodes(node))
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names if alias.name.split(".")[0] == "mibun")
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            if source.split(".")[0] == "mibun":
                for alias in node.names:
                    name = f"{source}.{alias.name}"
                    yield (name if name in MODULES else source), node.lineno


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The strongly connected components of more than one module (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in graph[node]:
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            component = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(component) > 1:
                found.append(sorted(component))

    for node in graph:
        if node not in index:
            visit(node)
    return found


def test_no_import_points_upward() -> None:
    upward = [
        f"{module}:{line} imports {target}"
        for module in MODULES
        for target, line in imports_of(module)
        if layer_of(target) > layer_of(module)
    ]
    assert upward == []


def test_there_is_no_circle() -> None:
    graph = {module: {target for target, _ in imports_of(module)} - {module} for module in MODULES}
    assert circles(graph) == []


def test_the_measure_sees_a_circle() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert ("mibun.core.registry", 19) in list(imports_of("mibun.core.tensor")) or any(
        target == "mibun.core.registry" for target, _ in imports_of("mibun.core.tensor")
    )


def test_every_folder_of_the_source_has_a_layer() -> None:
    assert {name for names in LAYERS for name in names} <= {module.split(".")[1] for module in MODULES if "." in module}
