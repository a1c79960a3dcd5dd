"""A function as one that calls compiled parts of itself: what lies between the lines that cannot be compiled.

The source is parsed, runs of statements are moved into functions of their own, and what is left (the statements that
cannot be compiled, and the loops, branches and `with` blocks around them) calls these. The result is an ordinary Python
function, so that everything which is not compiled happens as it always did, at its place. A run takes the variables
that it reads as arguments and returns those that are read elsewhere.

Where that could be told from the function itself it is not done: a variable may be unbound or is shared with a nested
function, an exception may leave a run half way within a `try`, the source is not that of the code.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import textwrap
import types
from collections.abc import Callable, Iterable
from typing import Any

from .names import Names, definitely_bound, mangled

_FUTURE = 0x1FF0000  # the flags of `from __future__ import …`, see `__future__.py`
_LOOKING = frozenset(("locals", "vars", "eval", "exec", "dir", "globals", "breakpoint"))


class NotSplittable(Exception):
    """A function cannot be split."""


class Source:
    """The source of a function, checked to be that of its code."""

    def __init__(self, function: types.FunctionType) -> None:
        code = function.__code__
        try:
            lines, first = inspect.getsourcelines(code)
            tree = ast.parse(textwrap.dedent("".join(lines)))
        except (OSError, TypeError, SyntaxError, IndentationError) as error:
            raise NotSplittable(f"its source is not to be had ({error})") from None
        definition = tree.body[0] if len(tree.body) == 1 else None
        if type(definition) is not ast.FunctionDef or definition.name != code.co_name:
            raise NotSplittable("it is no function that was written with `def`")
        definition.decorator_list = []
        definition.returns = None
        for argument in ast.walk(definition.args):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        # Defaults are those of the function itself.
        definition.args.defaults = [ast.Constant(None) for _ in definition.args.defaults]
        definition.args.kw_defaults = [one and ast.Constant(None) for one in definition.args.kw_defaults]
        ast.fix_missing_locations(tree)
        ast.increment_lineno(tree, first - 1)
        self.function, self.definition = function, definition
        self.imports = _imports_of(code)
        if mangled(definition):
            raise NotSplittable("it has private names")
        made = self.compiled([definition], {code.co_name})
        if not _same_code(made[code.co_name], code):
            raise NotSplittable("its source is not what was compiled")

    def compiled(self, definitions: list[ast.stmt], names: Iterable[str], more: tuple[str, ...] = ()) -> dict[str, Any]:
        """The code objects of definitions, by name; `more` are names that are to be free variables."""
        code = self.function.__code__
        factory = ast.parse("def factory(): pass").body[0]
        assert isinstance(factory, ast.FunctionDef)
        factory.args.args = [ast.arg(name) for name in (*code.co_freevars, *more)]
        factory.body = definitions
        module = ast.Module([*self.imports, factory], [])
        ast.fix_missing_locations(module)
        whole = compile(module, code.co_filename, "exec", code.co_flags & _FUTURE, dont_inherit=True)
        (inner,) = [one for one in whole.co_consts if isinstance(one, types.CodeType)]
        return {one.co_name: one for one in inner.co_consts if isinstance(one, types.CodeType) and one.co_name in names}


def _imports_of(code: Any) -> list[ast.stmt]:
    """The imports at the top of a function's file, in what never runs: Python calls what they name in its own way."""
    try:
        tree = ast.parse("".join(linecache.getlines(code.co_filename)))
    except SyntaxError:
        return []
    found: list[ast.stmt] = []
    pending: list[Any] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if not (isinstance(node, ast.ImportFrom) and (node.module == "__future__" or node.names[0].name == "*")):
                found.append(node)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            pending += [one for one in ast.iter_child_nodes(node) if isinstance(one, (ast.stmt, ast.excepthandler))]
    return [ast.If(ast.Constant(0), found, [])] if found else []


def _same_code(a: Any, b: Any) -> bool:
    """Whether two code objects do the same, line by line."""
    for part in ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_argcount"):
        if getattr(a, part) != getattr(b, part):
            return False
    if (a.co_flags ^ b.co_flags) & ~inspect.CO_NESTED or len(a.co_consts) != len(b.co_consts):
        return False
    for one, other in zip(a.co_consts, b.co_consts, strict=True):
        if isinstance(one, types.CodeType) and isinstance(other, types.CodeType):
            if not _same_code(one, other):
                return False
        elif type(one) is not type(other) or repr(one) != repr(other):
            return False
    return [line for _, _, line in a.co_lines()] == [line for _, _, line in b.co_lines()]


class Splitter:
    """Splits one function, again and again as more of its lines turn out not to be compiled.

    Attributes: `lines`, those that are left as they are; `function`, what is to be called; `parts`, what it calls.
    """

    def __init__(self, source: Source, make_part: Callable[[types.FunctionType], Any]) -> None:
        self.source = source
        self.make_part = make_part
        self.original = source.function
        self.lines: set[int] = set()
        self.parts: dict[Any, Any] = {}
        self.function: Callable = source.function
        names = Names()
        names.look(self.source.definition.body)
        if names.deleted or names.suspends or _LOOKING & names.loaded:
            raise NotSplittable("it looks at its variables, deletes some, or is a generator")
        self.names = names
        self.parameters = [arg.arg for arg in ast.walk(self.source.definition.args) if isinstance(arg, ast.arg)]
        self.local = names.stored.keys() | set(self.parameters)
        self.local -= names.declared

    def split(self, lines: set[int]) -> None:
        """Leave more lines as they are. NotSplittable, if there is nothing else then."""
        self.lines |= lines
        self.hit = False
        self.made: list[tuple[Any, str, ast.FunctionDef]] = []
        definition = self.source.definition
        bound = set(self.parameters)
        body = self.block(definition.body, bound, loop=False, safe=True)
        if not self.made or not self.hit:
            raise NotSplittable("nothing else is left of it")
        # All variables stay variables, though nothing may set them here any more.
        targets: list[ast.expr] = [ast.Name(name, ast.Store()) for name in sorted(self.local)]
        if targets:
            body = [ast.If(ast.Constant(0), [ast.Assign(targets, ast.Constant(None))], []), *body]
        whole = ast.FunctionDef(definition.name, definition.args, body, [], None)
        ast.copy_location(whole, definition)
        names = [name for _, name, _ in self.made]
        codes = self.source.compiled(
            [whole, *[one for _, _, one in self.made]], {definition.name, *names}, (*names, "_rest")
        )
        cells: dict[str, Any] = dict(
            zip(self.original.__code__.co_freevars, self.original.__closure__ or (), strict=True)
        )
        parts: dict[Any, Any] = {}
        for key, name, _ in self.made:
            part = self.parts.get(key)
            if part is None:
                code = codes[name].replace(
                    co_name=self.original.__name__, co_qualname=self.original.__code__.co_qualname
                )
                part = self.make_part(_function(code, self.original, cells))
                part.outputs = key[-1]
            parts[key] = part
            cells[name] = types.CellType(part.called)
        self.parts = parts
        code = codes[definition.name].replace(co_qualname=self.original.__code__.co_qualname)
        made = _function(code, self.original, cells)
        made.__defaults__, made.__kwdefaults__ = self.original.__defaults__, self.original.__kwdefaults__
        self.function = made

    # --- statements ---

    def breaks(self, node: Any) -> bool:
        """Whether a statement, or the head of one, has one of the lines."""
        end = node.end_lineno if node.end_lineno is not None else node.lineno
        return not self.lines.isdisjoint(range(node.lineno, end + 1))

    def block(self, body: list[ast.stmt], bound: set[str], loop: bool, safe: bool) -> list[ast.stmt]:
        """A block with calls of parts in the places of runs of statements.

        bound: the variables that surely have values, which grows. loop: whether the block may run again. safe: whether
        a part may be made at all.
        """
        result: list[ast.stmt] = []
        run: list[ast.stmt] = []
        before = set(bound)

        def close() -> None:
            result.extend(self.part(run, before, loop) if safe else run)
            run.clear()

        for statement in body:
            if not self.breaks(statement) and self.movable(statement):
                if not run:
                    before = set(bound)
                run.append(statement)
                bound |= definitely_bound(statement)
                if isinstance(statement, ast.Return):
                    close()
                continue
            close()
            self.hit = self.hit or self.breaks(statement)
            result.append(self.inside(statement, set(bound), loop, safe))
            bound |= definitely_bound(statement)
        close()
        return result

    def inside(self, statement: ast.stmt, bound: set[str], loop: bool, safe: bool) -> ast.stmt:
        """A statement that stays, with parts in the blocks that it has."""
        fields: dict[str, Any] = {}
        if isinstance(statement, ast.If):
            for name in ("body", "orelse"):
                fields[name] = self.block(getattr(statement, name), set(bound), loop, safe)
        elif isinstance(statement, (ast.For, ast.While)):
            if isinstance(statement, ast.For):
                inner = bound | definitely_bound(ast.Assign([statement.target], ast.Constant(None)))
            else:
                inner = bound
            fields["body"] = self.block(statement.body, set(inner), True, safe)
            fields["orelse"] = self.block(statement.orelse, set(bound), loop, safe)
        elif isinstance(statement, ast.With):
            inner = set(bound)
            for item in statement.items:
                if item.optional_vars is not None:
                    inner |= definitely_bound(ast.Assign([item.optional_vars], ast.Constant(None)))
            fields["body"] = self.block(
                statement.body, inner, loop, safe and all(map(self.lets_through, statement.items))
            )
        if not fields:
            return statement
        made = type(statement)(
            **{name: fields.get(name, getattr(statement, name, None)) for name in statement._fields}  # type: ignore
        )
        return ast.copy_location(made, statement)

    def lets_through(self, item: ast.withitem) -> bool:
        """Whether a context is one of those that let every exception through."""
        call = item.context_expr
        if not isinstance(call, ast.Call):
            return False
        found = self.resolve(call.func)
        return isinstance(found, type) and found.__module__.startswith("mibun.") and found.__name__ in _CONTEXTS

    def resolve(self, expression: ast.expr) -> Any:
        """What a global name, or an attribute of a module, is now."""
        if isinstance(expression, ast.Name):
            if expression.id in self.local or expression.id in self.original.__code__.co_freevars:
                return None
            return self.original.__globals__.get(expression.id, getattr(builtins, expression.id, None))
        if isinstance(expression, ast.Attribute):
            owner = self.resolve(expression.value)
            return getattr(owner, expression.attr, None) if isinstance(owner, types.ModuleType) else None
        return None

    def movable(self, statement: ast.stmt) -> bool:
        """Whether a statement may be moved into a function."""
        if isinstance(statement, (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Break, ast.Continue)):
            return False
        if isinstance(statement, ast.Return):
            return True
        found = Names()
        found.look([statement])
        return not (found.returns or found.leaves_loop or found.imports or found.defines)

    def part(self, run: list[ast.stmt], bound: set[str], loop: bool) -> list[ast.stmt]:
        """What a run of statements becomes: a call of a part, or itself."""
        while run and _is_nothing(run[0]):
            head, *run = run
            rest = self.part(run, bound | definitely_bound(head), loop)
            return [head, *rest]
        if not run or not any(_works(one) for one in run):
            return list(run)
        here = Names()
        here.look(run)
        others = self.names.without(here)
        stored = set(here.stored)
        if stored & self.names.declared:  # variables outside of the function
            return list(run)
        inputs = (here.read_first | here.captured) & self.local
        for name in here.captured & self.local:
            # A function that is made here keeps the variable: nobody else may give it another value.
            if name in stored and (others.loaded | others.stored.keys() | others.captured) & {name}:
                return list(run)
            if name not in stored and self.names.stored.get(name):
                return list(run)
            if name in stored:
                inputs.discard(name)
        for name in (stored | inputs) & others.captured:
            if name in stored or name in self.names.rebound:
                return list(run)
        returns = isinstance(run[-1], ast.Return)
        outputs: set[str] = set()
        if not returns:
            outputs = {name for name in stored if name in others.loaded or name in others.captured}
            if loop:
                outputs |= stored & inputs
        inputs |= outputs - definitely_bound_by(run)
        if not inputs <= bound:
            return list(run)
        first = [self.parameters[0]] if "super" in here.loaded and self.parameters else []
        arguments = first + [name for name in sorted(inputs) if name not in first]
        if first and first[0] in self.names.stored:
            return list(run)
        return self.call(run, arguments, sorted(outputs), returns)

    def call(self, run: list[ast.stmt], inputs: list[str], outputs: list[str], returns: bool) -> list[ast.stmt]:
        """Make a part, and the statement that calls it."""
        name = f"_part_{run[0].lineno}_{run[0].col_offset}"
        while name in self.names.loaded or name in self.local:
            name += "_"
        arguments = ast.arguments([], [ast.arg(one) for one in inputs], None, [], [], None, [])
        body = list(run)
        if outputs:
            values: list[ast.expr] = [ast.Name(one, ast.Load()) for one in outputs]
            body.append(_at(ast.Return(ast.Tuple(values, ast.Load())), run[-1]))
        definition = _at(ast.FunctionDef(name, arguments, body, [], None), run[0])
        key = (run[0].lineno, run[0].col_offset, run[-1].end_lineno, tuple(inputs), tuple(outputs))
        self.made.append((key, name, definition))
        call = ast.Call(ast.Name(name, ast.Load()), [ast.Name(one, ast.Load()) for one in inputs], [])
        statement: ast.stmt
        if returns:
            statement = ast.Return(call)
        elif outputs:
            statement = ast.Assign([ast.Tuple([ast.Name(one, ast.Store()) for one in outputs], ast.Store())], call)
        else:
            statement = ast.Expr(call)
        return [_at(statement, run[0])]


_CONTEXTS = frozenset(("no_grad", "enable_grad", "set_grad_enabled", "inference_mode", "autocast"))


def definitely_bound_by(run: list[ast.stmt]) -> set[str]:
    """The names that surely have values after some statements, because of them."""
    found: set[str] = set()
    for one in run:
        found |= definitely_bound(one)
    return found


def _at(node: Any, place: ast.stmt) -> Any:
    ast.copy_location(node, place)
    return ast.fix_missing_locations(node)


def _is_nothing(statement: ast.stmt) -> bool:
    """Whether a statement does no work that is worth a part at its beginning: a docstring, a name for an attribute."""
    if isinstance(statement, (ast.Expr, ast.Assign)):
        return not any([isinstance(one, _WORK) for one in ast.walk(statement)])
    return isinstance(statement, ast.Pass)


_WORK = (ast.Call, ast.BinOp, ast.UnaryOp, ast.Subscript, ast.Compare, ast.AugAssign)


def _works(statement: ast.stmt) -> bool:
    return any([isinstance(one, _WORK) for one in ast.walk(statement)])


def _function(code: Any, original: types.FunctionType, cells: dict[str, Any]) -> types.FunctionType:
    closure = tuple([cells[name] for name in code.co_freevars])
    made = types.FunctionType(code, original.__globals__, original.__name__, None, closure)
    made.__qualname__, made.__module__ = original.__qualname__, original.__module__
    return made


def lines_with(source: Source | None, name: Any, stores: bool = True, within: Any = None) -> set[int]:
    """The lines of a source, if it is to be had, with an attribute or variable of a name, or with an element.

    name: of a variable or attribute; anything else means elements, None all attributes and elements. stores: only
    where it is set. within: the code of a part, whose lines alone count.
    """
    found: set[int] = set()
    for node in () if source is None else ast.walk(source.definition):
        if stores and not isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
            continue
        if isinstance(node, ast.Attribute) and name in (None, node.attr):
            found.add(node.lineno)
        elif isinstance(node, ast.Subscript) and not isinstance(name, str):
            found.add(node.lineno)
        elif isinstance(node, ast.Name) and node.id == name:
            found.add(node.lineno)
    if within is not None:
        found &= {line for _, _, line in within.co_lines() if line is not None}
    return found
