"""Which variables statements read and set, as far as splitting a function needs to know: see `splitting.py`."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from typing import Any

_SCOPES = (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.GeneratorExp)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)


class Names(ast.NodeVisitor):
    """What some statements do with names.

    Attributes: `loaded` and `stored` (name -> how often); `read_first`, those that are read before they are surely
    set; `captured`, those that nested functions use; `rebound`, those that nested functions may set; `declared`, global
    and nonlocal ones; whether something is `deleted`, `suspends` (yield, await), `returns`, `leaves_loop`, `imports`,
    `defines` (functions or classes by statements).
    """

    def __init__(self) -> None:
        self.loads: Counter[str] = Counter()
        self.stored: Counter[str] = Counter()
        self.captures: Counter[str] = Counter()
        self.read_first: set[str] = set()
        self.rebound: set[str] = set()
        self.declared: set[str] = set()
        self.deleted = self.suspends = self.returns = self.leaves_loop = self.imports = self.defines = False
        self.bound: set[str] = set()  # surely set so far
        self.own: list[set[str]] = []  # the variables of comprehensions around
        self.loops = 0

    @property
    def loaded(self) -> set[str]:
        """The names that are read, nested functions left out."""
        return {name for name, count in self.loads.items() if count}

    @property
    def captured(self) -> set[str]:
        """The names that nested functions use."""
        return {name for name, count in self.captures.items() if count}

    def look(self, statements: Iterable[ast.stmt]) -> None:
        """Look at statements, in their order."""
        for statement in statements:
            self.visit(statement)
            self.bound |= definitely_bound(statement)

    def without(self, part: Names) -> Names:
        """What all statements but those of a part do."""
        rest = Names()
        rest.loads, rest.stored = self.loads - part.loads, self.stored - part.stored
        rest.captures = self.captures - part.captures
        return rest

    # --- nodes ---

    def visit_Name(self, node: ast.Name) -> None:
        name = node.id
        if any([name in names for names in self.own]):
            return
        if isinstance(node.ctx, ast.Load):
            self.loads[name] += 1
            if name not in self.bound:
                self.read_first.add(name)
        elif isinstance(node.ctx, ast.Store):
            self.stored[name] += 1
        else:
            self.deleted = True

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.visit(ast.Name(node.target.id, ast.Load()))
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def block(self, statements: list[ast.stmt]) -> None:
        """A block that may not run: what it sets is not surely set afterwards."""
        before = set(self.bound)
        self.look(statements)
        self.bound = before

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self.block(node.body)
        self.block(node.orelse)

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        self.visit(node.target)
        before = set(self.bound)
        self.bound |= _targets(node.target)
        self.loops += 1
        self.block(node.body)
        self.loops -= 1
        self.bound = before
        self.block(node.orelse)

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        self.loops += 1
        self.block(node.body)
        self.loops -= 1
        self.block(node.orelse)

    def visit_With(self, node: ast.With) -> None:
        before = set(self.bound)
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.visit(item.optional_vars)
                self.bound |= _targets(item.optional_vars)
        self.look(node.body)
        self.bound = before

    def visit_Try(self, node: Any) -> None:
        for part in (node.body, *[handler.body for handler in node.handlers], node.orelse, node.finalbody):
            for handler in node.handlers:
                if handler.name:
                    self.deleted = True  # as Python does at the end of the handler
                if handler.type is not None and part is handler.body:
                    self.visit(handler.type)
            self.block(part)

    visit_TryStar = visit_Try

    def visit_Match(self, node: Any) -> None:
        self.defines = True
        self.generic_visit(node)

    def visit_MatchAs(self, node: Any) -> None:
        if node.name:
            self.stored[node.name] += 1
        self.generic_visit(node)

    def visit_MatchStar(self, node: Any) -> None:
        if node.name:
            self.stored[node.name] += 1

    def visit_MatchMapping(self, node: Any) -> None:
        if node.rest:
            self.stored[node.rest] += 1
        self.generic_visit(node)

    def comprehension(self, node: Any) -> None:
        first, *others = node.generators
        self.visit(first.iter)
        own: set[str] = set()
        for generator in node.generators:
            own |= _targets(generator.target)
        self.own.append(own)
        for generator in node.generators:
            if generator is not first:
                self.visit(generator.iter)
            for condition in generator.ifs:
                self.visit(condition)
            if generator.is_async:
                self.suspends = True
        for part in ("elt", "key", "value"):
            if hasattr(node, part):
                self.visit(getattr(node, part))
        self.own.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = comprehension

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.stored[node.target.id] += 1

    def scope(self, node: Any) -> None:
        """A nested function or class: all names in it may be variables of the function around it."""
        if not isinstance(node, (ast.Lambda, ast.GeneratorExp)):
            self.defines = True
            self.stored[node.name] += 1
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                self.captures[inner.id] += 1
                if isinstance(inner.ctx, ast.Del):
                    self.deleted = True
            elif isinstance(inner, (ast.Nonlocal, ast.Global)):
                self.rebound.update(inner.names)
            elif isinstance(inner, ast.NamedExpr):
                self.rebound.add(inner.target.id)

    visit_Lambda = visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_GeneratorExp = scope

    def visit_Return(self, node: ast.Return) -> None:
        self.returns = True
        self.generic_visit(node)

    def visit_Break(self, node: Any) -> None:
        if not self.loops:
            self.leaves_loop = True

    visit_Continue = visit_Break

    def visit_Import(self, node: Any) -> None:
        self.imports = True
        for alias in node.names:
            self.stored[(alias.asname or alias.name).split(".")[0]] += 1

    visit_ImportFrom = visit_Import

    def visit_Global(self, node: Any) -> None:
        self.declared.update(node.names)

    visit_Nonlocal = visit_Global

    def suspend(self, node: Any) -> None:
        """A generator or coroutine."""
        self.suspends = True
        self.generic_visit(node)

    visit_Yield = visit_YieldFrom = visit_Await = visit_AsyncFor = visit_AsyncWith = suspend


def _targets(node: Any) -> set[str]:
    """The names that an assignment to a target sets."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def definitely_bound(statement: ast.stmt) -> set[str]:
    """The names that surely have a value after a statement, because of it."""
    if isinstance(statement, ast.Assign):
        return set().union(*[_targets(target) for target in statement.targets])
    if isinstance(statement, ast.AugAssign) or (isinstance(statement, ast.AnnAssign) and statement.value is not None):
        return _targets(statement.target)
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, ast.If):
        branches = [_bound_by_block(block) for block in (statement.body, statement.orelse)]
        left = [names for names in branches if names is not None]
        return set.intersection(*left) if left else set()
    return set()


def _bound_by_block(block: list[ast.stmt]) -> set[str] | None:
    """What a block surely sets; None for one that leaves."""
    found: set[str] = set()
    for statement in block:
        if isinstance(statement, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
            return None
        found |= definitely_bound(statement)
    return found


def mangled(tree: ast.AST) -> bool:
    """Whether there are names that Python changes within a class."""
    for node in ast.walk(tree):
        for part in ("id", "attr", "name", "arg"):
            name = getattr(node, part, None)
            if isinstance(name, str) and name.startswith("__") and not name.endswith("__"):
                return True
    return False
