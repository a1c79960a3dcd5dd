"""The Python code of a graph: one line for each step, with what each name in it stands for."""

from __future__ import annotations

import enum
import re
import types
import typing
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ..core.device import device
from ..core.dtypes import dtype, layout, memory_format
from ..core.pytree import TreeSpec, tree_flatten, tree_unflatten
from ..core.tensor import Tensor
from .namespace import _custom_builtins, _Namespace
from .naming import is_from_torch, qualified_name, type_name
from .node import Node, _type_repr, map_arg
from .printing import coloured, source_comment, value_description

if TYPE_CHECKING:
    from .graph import _node_list

TransformCodeFunc = Callable[[list[str]], list[str]]

# Operators that are written in Python's syntax.
reflectable_magic_methods = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "floordiv": "{} // {}",
    "truediv": "{} / {}",
    "div": "{} / {}",
    "mod": "{} % {}",
    "pow": "{} ** {}",
    "lshift": "{} << {}",
    "rshift": "{} >> {}",
    "and_": "{} & {}",
    "or_": "{} | {}",
    "xor": "{} ^ {}",
    "getitem": "{}[{}]",
    "matmul": "{} @ {}",
}
magic_methods = {
    "eq": "{} == {}",
    "ne": "{} != {}",
    "lt": "{} < {}",
    "gt": "{} > {}",
    "le": "{} <= {}",
    "ge": "{} >= {}",
    "pos": "+{}",
    "neg": "-{}",
    "invert": "~{}",
    **reflectable_magic_methods,
}
inplace_methods = {
    "iadd": "{} += {}",
    "iand": "{} &= {}",
    "ifloordiv": "{} //= {}",
    "ilshift": "{} <<= {}",
    "imod": "{} %= {}",
    "imul": "{} *= {}",
    "imatmul": "{} @= {}",
    "ior": "{} |= {}",
    "ipow": "{} **= {}",
    "irshift": "{} >>= {}",
    "isub": "{} -= {}",
    "itruediv": "{} /= {}",
    "ixor": "{} ^= {}",
    "setitem": "{}[{}] = {}",
}


@dataclass
class PythonCode:
    """Code that was generated: the text, what the names in it stand for, and which line is which Node's."""

    src: str
    globals: dict[str, Any]
    _lineno_map: dict[int, int | None] | None
    _prologue_start: int = 0


class _PyTreeInfo(NamedTuple):
    """How the arguments and the result of a function are flattened: the arguments' names, and the two specs."""

    orig_args: list[str]
    in_spec: TreeSpec
    out_spec: TreeSpec | None


def _format_target(base: str, target: str) -> str:
    """`base` with the attributes of a dotted name after it: `self.a`, and `getattr(self.a, "0")` where it must be."""
    text = base
    for part in target.split("."):
        text = f"{text}.{part}" if part.isidentifier() else f'getattr({text}, "{part}")'
    return text


@dataclass
class _Writer:
    """What one piece of code needs: its names so far, and the texts that are made of values and types."""

    namespace: _Namespace
    colored: bool
    globals: dict[str, Any] = field(default_factory=dict)
    wrapped: dict[str, None] = field(default_factory=dict)  # functions that a later trace must record as well

    def add_global(self, hint: str, value: Any, called_as: str | None = None) -> str:
        """The name of a global in the code; made of `hint`, where PyTorch's own are reached from `torch`."""
        if is_from_torch(value) and value is not device:
            name = called_as or qualified_name(value) if not isinstance(value, type) else type_name(value)
            if _reaches(name, value):
                self.globals.setdefault("torch", _custom_builtins["torch"].obj)
                return name
            hint = name
        try:
            hash(value)
        except TypeError:
            raise TypeError(f"unhashable type: {type(value).__name__!r}") from None
        name = self.namespace.create_name(hint, value)
        if self.globals.setdefault(name, value) is not value:
            raise AssertionError(f"the name {name} stands for two objects")
        return name

    def type_repr(self, kind: Any) -> str:
        """A type as code."""
        if kind == ():
            return "()"
        name = _type_repr(kind)
        if isinstance(kind, types.UnionType) and "|" in name:
            return "|".join([self.type_repr(part) for part in typing.get_args(kind)])
        origin = getattr(kind, "__origin__", None)
        if origin is not None:
            # The bare form: `typing.List` of `typing.List[int]`, `list` of `list[int]`.
            hint = _type_repr(origin) if isinstance(kind, types.GenericAlias) else _typing_name(kind)
            base = self.add_global(hint, origin if isinstance(kind, types.GenericAlias) else _typing_form(kind))
            parts = [self.type_repr(part) for part in getattr(kind, "__args__", ())]
            return f"{base}[{','.join(parts)}]" if parts else base
        return self.add_global(name, kind)

    def value(self, value: Any) -> str:
        """An argument as code."""
        if isinstance(value, Node):
            return repr(value)
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            name = self.add_global(_type_repr(type(value)), type(value))
            return f"{name}({', '.join([self.value(part) for part in value])})"
        if isinstance(value, enum.Enum):
            kind = type(value)
            self.globals.setdefault(kind.__name__, kind)
            return f"{kind.__name__}.{value.name}"
        if isinstance(value, Tensor):
            return f"{value.dtype!s}{list(value.shape)}"
        if isinstance(value, tuple):
            text = ", ".join([self.value(part) for part in value])
            return f"({text},)" if len(value) == 1 else f"({text})"
        if isinstance(value, list):
            return f"[{', '.join([self.value(part) for part in value])}]"
        if isinstance(value, dict):
            return "{" + ", ".join([f"{key!r}: {self.value(part)}" for key, part in value.items()]) + "}"
        if isinstance(value, slice):
            return f"slice({self.value(value.start)}, {self.value(value.stop)}, {self.value(value.step)})"
        if callable(value) and not isinstance(value, (dtype, layout, memory_format)):
            if hasattr(value, "overloadpacket") or is_from_torch(value):
                return self.add_global(qualified_name(value), value)
        return coloured(repr(value), "blue", self.colored)

    def call_arguments(self, args: tuple, kwargs: dict[str, Any]) -> str:
        """The arguments of a call as code."""
        parts = [self.value(part) for part in args]
        parts += [f"{key} = {self.value(part)}" for key, part in kwargs.items()]
        return ", ".join(parts)


def _typing_name(kind: Any) -> str:
    name = getattr(kind, "_name", None)
    if name is None or name == "Optional":
        name = getattr(kind.__origin__, "_name", None) or kind.__origin__.__name__
    return f"typing.{name}"


def _typing_form(kind: Any) -> Any:
    return getattr(typing, _typing_name(kind).rpartition(".")[2], kind.__origin__)


def _reaches(path: str, value: Any) -> bool:
    """Whether a dotted name that begins with `torch` leads to the value here."""
    first, *rest = path.split(".")
    found = _custom_builtins["torch"].obj if first == "torch" else None
    for part in rest:
        found = getattr(found, part, None)
    return found is value or getattr(found, "_asks", found) is getattr(value, "_asks", value)


class CodeGen:
    """Makes a graph's code. Subclasses change how inputs are taken and outputs are given."""

    def __init__(self) -> None:
        self._body_transformer: TransformCodeFunc | None = None
        self._func_name = "forward"

    # --- what subclasses override ---

    def gen_fn_def(self, free_vars: list[str], maybe_return_annotation: str, *, expanded_def: bool = False) -> str:
        """The `def` line, and whatever is to come before the first step. free_vars: the parameters as they stand."""
        parameters = list(free_vars)
        if not parameters or parameters[0] != "self":
            parameters.insert(0, "self")
        if expanded_def:
            listed = "".join([f"    {parameter},\n" for parameter in parameters])
            return f"def {self._func_name}(\n{listed}){maybe_return_annotation}:"
        return f"def {self._func_name}({', '.join(parameters)}){maybe_return_annotation}:"

    def generate_output(
        self,
        output_args: Any,
        *,
        descs: Sequence[str] | None = None,
        repr_fn: Callable[[object], str] | None = None,
    ) -> str:
        """The `return` line. descs: a comment for each of several outputs, which are then on lines of their own."""
        write = repr_fn or repr
        if descs is not None and isinstance(output_args, (list, tuple)):
            opening, closing = ("[", "]") if isinstance(output_args, list) else ("(", ")")
            lines = [f"    {write(part)},  # {desc}\n" for part, desc in zip(output_args, descs, strict=True)]
            return f"return {opening}\n{''.join(lines)}{closing}"
        return f"return {write(output_args)}"

    def process_inputs(self, *args: Any) -> Any:
        """The values of the graph's inputs for the arguments of a call."""
        return args

    def process_outputs(self, outputs: Any) -> Any:
        """What a call returns, for the values of the graph's output."""
        return outputs

    def additional_globals(self) -> list[tuple[str, Any]]:
        """Further globals of the code: (name, object)."""
        return []

    # --- the code ---

    def _gen_python_code(
        self,
        nodes: _node_list | Iterable[Node],
        root_module: str,
        namespace: _Namespace,
        *,
        verbose: bool = False,
        include_stride: bool = False,
        include_device: bool = False,
        colored: bool = False,
        expanded_def: bool = False,
        record_func: bool = False,
        additional_meta: list[str] | None = None,
    ) -> PythonCode:
        nodes = list(nodes)
        writer = _Writer(namespace, colored)
        for name, (_, value) in _custom_builtins.items():
            namespace.associate_name_with_obj(name, value)
            namespace._used_names.add(name)
            writer.globals[name] = value
        for name, value in self.additional_globals():
            writer.globals[name] = value
        last_uses = _last_uses(nodes)
        free_vars: list[str] = []
        body: list[str] = []
        returned = ""
        comment = ""
        for index, node in enumerate(nodes):
            if verbose and node.op not in ("placeholder", "output"):
                comment = _add_comment(body, node, comment, colored)
            body.append(f"# COUNTER: {index}\n")
            described = value_description(node, include_stride, include_device, colored) if verbose else ""
            if described:
                annotation = f': "{described}"'
            else:
                annotation = f" : {writer.type_repr(node.type)}" if node.type is not None else ""
            if node.op == "output":
                returned = f" -> {writer.type_repr(node.type)}" if node.type is not None else ""
                body.append(self._output_line(node, verbose, writer))
            else:
                statement = _statement(node, annotation, root_module, writer, free_vars)
                if record_func and node.op != "placeholder":
                    body.append(f"_rf = torch.profiler.record_function('## {node.name} ##'); _rf.__enter__()\n")
                body.append(statement)
            for key in additional_meta or ():
                if key in node.meta:
                    body[-1] += f"  # {key}: {node.meta[key]}"
            body.append(_deletions(node, last_uses, colored))
            if record_func and node.op not in ("placeholder", "output"):
                body.append("_rf.__exit__(None, None, None)\n")
        if all(line.startswith("# COUNTER") or not line.strip() for line in body):
            body.append("pass\n")
        if self._body_transformer is not None:
            body = self._body_transformer(body)
        return self._assembled(body, free_vars, returned, writer, expanded_def)

    def _output_line(self, node: Node, verbose: bool, writer: _Writer) -> str:
        descs = node.meta.get("desc") if verbose and isinstance(node.meta.get("desc"), list) else None
        return self.generate_output(node.args[0], descs=descs)

    def _assembled(
        self, body: list[str], free_vars: list[str], returned: str, writer: _Writer, expanded_def: bool
    ) -> PythonCode:
        """The whole text, with lines that count the Nodes taken out into a table."""
        definition = self.gen_fn_def(free_vars, returned, expanded_def=expanded_def)
        wraps = "\n".join([f'torch.fx._symbolic_trace.wrap("{name}")' for name in writer.wrapped])
        lines: list[str] = []
        line_numbers: dict[int, int | None] = {}
        node_of_line: int | None = None
        for line in "".join(body).split("\n"):
            counter = re.fullmatch(r"# COUNTER: (\d+)", line)
            if counter is not None:
                node_of_line = int(counter[1])
                continue
            if not lines and not line:
                continue  # before the comment on the first step
            lines.append(line)
            line_numbers[len(lines)] = node_of_line
        code = "\n".join([f"    {line}" for line in lines])
        prologue_start = wraps.count("\n") + 4
        return PythonCode(f"\n{wraps}\n\n{definition}\n{code}", writer.globals, line_numbers, prologue_start)


def _last_uses(nodes: list[Node]) -> dict[Node, list[Node]]:
    """Node -> those whose values are used there for the last time, so that generated code can let go of them."""
    seen: set[Node] = set()
    last: dict[Node, list[Node]] = defaultdict(list)
    for user in reversed(nodes):

        def register(used: Node, user: Node = user) -> Node:
            if used not in seen:
                seen.add(used)
                last[user].append(used)
            return used

        map_arg(user.args, register)
        map_arg(user.kwargs, register)
    return last


def _deletions(node: Node, last_uses: dict[Node, list[Node]], colored: bool) -> str:
    """The end of a Node's line: what is not needed any more is set to None."""
    if node.op == "placeholder":
        return ""
    if node.op == "output":
        return "\n"
    unused = [repr(one) for one in last_uses.get(node, ())]
    if not node.users:
        unused.append(repr(node))
    return f";  {coloured(' = '.join([*unused, 'None']), 'dim', colored)}\n" if unused else "\n"


def _add_comment(body: list[str], node: Node, before: str, colored: bool) -> str:
    """Write where the steps from here on come from, if that is another line than before. Returns what was written."""
    text = source_comment(node.stack_trace) or "No stacktrace found for following nodes"
    if text != before:
        body.append(f"\n{coloured(f'# {text}', 'dim', colored)}\n")
    return text


def _statement(node: Node, annotation: str, root_module: str, writer: _Writer, free_vars: list[str]) -> str:
    """The code of one step other than the output, without the end of its line."""
    name = repr(node)
    if node.op == "placeholder":
        default = "" if not node.args else f" = {writer.value(node.args[0])}"
        assert isinstance(node.target, str)
        free_vars.append(f"{node.target}{annotation}{default}")
        raw = node.target.replace("*", "")
        return f"{name} = {raw}\n" if raw != name else ""
    if node.op == "get_attr":
        assert isinstance(node.target, str)
        return f"{name}{annotation} = {_format_target(root_module, node.target)}"
    if node.op == "call_module":
        assert isinstance(node.target, str)
        called = _format_target(root_module, node.target)
        return f"{name}{annotation} = {called}({writer.call_arguments(node.args, node.kwargs)})"
    if node.op == "call_method":
        assert isinstance(node.target, str)
        subject = _format_target(writer.value(node.args[0]), node.target)
        return f"{name}{annotation} = {subject}({writer.call_arguments(node.args[1:], node.kwargs)})"
    if node.op == "call_function":
        return _function_call(node, annotation, writer)
    raise NotImplementedError(f"node: {node.op} {node.target}")


def _function_call(node: Node, annotation: str, writer: _Writer) -> str:
    name, function = repr(node), node.target
    assert callable(function)
    module = getattr(function, "__module__", None)
    if module == "_operator":
        if function.__name__ in magic_methods:
            values = [writer.value(part) for part in node.args]
            return f"{name}{annotation} = {magic_methods[function.__name__].format(*values)}"
        if function.__name__ in inplace_methods:
            values = [writer.value(part) for part in node.args]
            text = inplace_methods[function.__name__].format(*values)
            return f"{text};  {name}{annotation} = {values[0]}"
    called = writer.add_global(qualified_name(function), function, node._called_as)
    if node.meta.get("is_wrapped"):  # it is to be recorded again where the code is traced
        writer.wrapped.setdefault(called)
    if (
        called == "getattr"
        and len(node.args) == 2
        and isinstance(node.args[0], Node)
        and isinstance(node.args[1], str)
        and node.args[1].isidentifier()
    ):
        return f"{name}{annotation} = {_format_target(writer.value(node.args[0]), node.args[1])}"
    return f"{name}{annotation} = {called}({writer.call_arguments(node.args, node.kwargs)})"


class _PyTreeCodeGen(CodeGen):
    """Code of a graph whose inputs are the leaves of the function's arguments, and whose output the result's leaves."""

    def __init__(self, pytree_info: _PyTreeInfo) -> None:
        super().__init__()
        self.pytree_info = pytree_info

    def process_inputs(self, *inputs: Any) -> Any:
        """The leaves of the arguments."""
        return tree_flatten(inputs)[0]

    def process_outputs(self, out: Any) -> Any:
        """The result that the output's leaves make."""
        if self.pytree_info is None or self.pytree_info.out_spec is None:
            return out
        if not isinstance(out, (list, tuple)):
            out = [out]
        return tree_unflatten(out, self.pytree_info.out_spec)

    def gen_fn_def(self, free_vars: list[str], maybe_return_annotation: str, *, expanded_def: bool = False) -> str:
        """The `def` line with the function's own parameters, and the line that takes them apart."""
        if self.pytree_info is None:
            return super().gen_fn_def(free_vars, maybe_return_annotation, expanded_def=expanded_def)
        own = list(self.pytree_info.orig_args)
        has_self = bool(own) and own[0] == "self"
        if has_self:
            free_vars = ["self", *[name for name in free_vars if name != "self"]]
        definition = super().gen_fn_def(own, maybe_return_annotation, expanded_def=expanded_def)
        if not free_vars:
            return definition
        bare = [re.split(r" ?[:=]", name)[0] for name in free_vars]
        annotated = [name.partition(" = ")[0] for name in free_vars if ":" in name]
        arguments = own[1:] if has_self else own
        taken = bare[1:] if has_self else bare
        flattened = f"fx_pytree.tree_flatten_spec([{', '.join(arguments)}], self._in_spec)"
        if self.pytree_info.in_spec.num_children == 2 and self._has_keywords():
            flattened = f"fx_pytree.tree_flatten_spec(([{', '.join(arguments)}], {{}}), self._in_spec)"
        lines = [f"{definition}\n    {', '.join(taken)}, = {flattened}"]
        lines += [f"    {text}" for text in annotated]
        return "\n".join(lines)

    def _has_keywords(self) -> bool:
        spec = self.pytree_info.in_spec
        children = spec.children()
        return spec.type is tuple and children[0].type is tuple and children[1].type is dict

    def generate_output(
        self,
        output_args: Any,
        *,
        descs: Sequence[str] | None = None,
        repr_fn: Callable[[object], str] | None = None,
    ) -> str:
        """The `return` line, which puts the leaves together."""
        if self.pytree_info is None or not self.pytree_info.out_spec:
            return super().generate_output(output_args, descs=descs, repr_fn=repr_fn)
        write = repr_fn or repr
        return f"return pytree.tree_unflatten({write(output_args)}, self._out_spec)"


class _BoxedCodeGen(CodeGen):
    """Code of a function of one list, which it empties: so that the caller's hold on the arguments ends."""

    def gen_fn_def(self, free_vars: list[str], maybe_return_annotation: str, *, expanded_def: bool = False) -> str:
        """The `def` line with one parameter, and the line that takes the list apart."""
        bare = [re.split(r" ?[:=]", name)[0] for name in free_vars]
        definition = f"def {self._func_name}(self, args_list){maybe_return_annotation}:"
        if not bare:
            return f"{definition}\n    args_list.clear()"
        return f"{definition}\n    {', '.join(bare)}, = args_list\n    args_list.clear()"


__all__ = [
    "CodeGen",
    "PythonCode",
    "TransformCodeFunc",
    "_BoxedCodeGen",
    "_PyTreeCodeGen",
    "_PyTreeInfo",
    "_format_target",
    "inplace_methods",
    "magic_methods",
    "reflectable_magic_methods",
]
