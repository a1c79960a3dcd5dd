"""GraphModule: a Module whose `forward` is the code of its Graph."""

from __future__ import annotations

import contextlib
import copy
import itertools
import linecache
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mibun as _root

from ..core.tensor import Tensor
from ..nn.modules.module import Module
from ..nn.parameter import Parameter
from ._compatibility import compatibility
from .code_generation import PythonCode, _PyTreeCodeGen
from .graph import Graph
from .namespace import _custom_builtins
from .naming import qualified_name, torch_module

__all__ = ["reduce_graph_module", "GraphModule"]

_USER_PRESERVED_ATTRIBUTES_KEY = "_user_preserved_attributes"
FX_GRAPH_MODULE_FILE_PREFIX = "fx_generated_"
# "tracer": the class that traces code that was pickled; "module": what makes a GraphModule. Set by the modules above.
MAKERS: dict[str, Any] = {}


class _EvalCacheLoader:
    """Keeps the source of generated code, and gives it to `linecache`, by which tracebacks and debuggers show it."""

    def __init__(self) -> None:
        self.eval_cache: dict[str, str] = {}
        self._numbers = itertools.count()

    def cache(self, src: str, co_fields: dict[str, Any] | None = None) -> str:
        """Enter a source. Returns the name of a file that there is none of, with which it is to be compiled."""
        key = f"<eval_with_key>.{next(self._numbers)}"
        if co_fields and "co_filename" in co_fields:
            key += f" from {co_fields['co_filename']}:{co_fields['co_firstlineno']} in {co_fields['co_name']}"
        self.eval_cache[key] = src
        linecache.cache[key] = (len(src), None, src.splitlines(keepends=True), key)
        return key

    def get_source(self, module_name: str) -> str | None:
        """The source that was entered under a name."""
        return self.eval_cache.get(module_name)


_loader = _EvalCacheLoader()


def _exec_with_source(src: str, globals: dict[str, Any], co_fields: dict[str, Any] | None = None) -> None:  # noqa: A002
    exec(compile(src, _loader.cache(src, co_fields), "exec"), globals)


def _forward_from_src(src: str, globals: dict[str, Any], co_fields: dict[str, Any] | None = None) -> Callable:  # noqa: A002
    return _method_from_src("forward", src, globals, co_fields)


def _method_from_src(
    method_name: str,
    src: str,
    globals: dict[str, Any],  # noqa: A002
    co_fields: dict[str, Any] | None = None,
) -> Callable:
    """The function that a source defines."""
    scope = globals.copy()
    _exec_with_source(src, scope, co_fields)
    return scope.pop(method_name)


def _format_import_statement(name: str, obj: Any) -> str:
    """The line that imports a global of generated code into a file."""
    if name in _custom_builtins:
        return _custom_builtins[name].import_str
    if isinstance(obj, type(sys)):
        return f"import {torch_module(obj.__name__)} as {name}"
    module, _, attribute = qualified_name(obj).rpartition(".")
    if not module:
        return f"from builtins import {attribute} as {name}" if attribute != name else f"from builtins import {name}"
    return f"from {module} import {attribute} as {name}" if attribute != name else f"from {module} import {name}"


def _format_import_block(globals: dict[str, Any]) -> str:  # noqa: A002
    return "\n".join(sorted({_format_import_statement(name, value) for name, value in globals.items()}))


@compatibility(is_backward_compatible=True)
def reduce_graph_module(body: dict[str, Any], import_block: str) -> Module:
    """What pickle calls to make a GraphModule again: from its attributes, its code and the imports of that."""
    src = body.get("_code") or body["code"]
    scope: dict[str, Any] = {}
    block = import_block.replace("import torch", f"import {_root.__name__} as torch", 1)
    _exec_with_source(_with_own_modules(block), scope)
    return _deserialize_graph_module(_forward_from_src(src, scope), body)


def _with_own_modules(block: str) -> str:
    """Imports of PyTorch's modules, of mibun's instead: a program need not have been started by `mibun run`."""
    own = _root.__name__
    lines = []
    for line in block.split("\n"):
        words = line.split(" ")
        if words[0] == "from" and words[1].split(".")[0] == "torch":
            words[1] = own + words[1].removeprefix("torch")
        elif words[0] == "import" and words[1].startswith("torch."):
            words[1] = own + words[1].removeprefix("torch")
        elif words == ["import", "torch"]:
            words = ["import", own, "as", "torch"]
        lines.append(" ".join(words))
    return "\n".join(lines)


class _CodeOnlyModule(Module):
    """The parts of a GraphModule, with its code as `forward`."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__()
        self.__dict__ = body


def _deserialize_graph_module(
    forward: Callable[..., Any], body: dict[str, Any], graph_module_cls: type | None = None
) -> Module:
    """A GraphModule from its parts: the graph is made by tracing the code."""
    _CodeOnlyModule.forward = forward
    tracer_class = body.get("_tracer_cls") or MAKERS["tracer"]

    class KeepModules(tracer_class):
        # (Every call of a part stays one.)
        def is_leaf_module(self, m: Module, module_qualified_name: str) -> bool:
            return True

    parts = _CodeOnlyModule(body)
    extras = body.get("_tracer_extras") or {}
    graph = KeepModules().trace(parts, **extras)
    graph._tracer_cls = body.get("_tracer_cls")
    made = MAKERS["module"](parts, graph, graph_module_cls=graph_module_cls)
    for key, value in body.items():
        if not hasattr(made, key):
            setattr(made, key, value)
    return made


def _copy_attr(from_module: Module, to_module: Module, target: str) -> None:
    """Give a module the attribute of another one that a dotted name means, making modules on the way."""
    *prefix, name = target.split(".")
    for part in prefix:
        found, own = getattr(from_module, part), getattr(to_module, part, None)
        if found is own:
            return  # they share it already
        if own is None:
            own = Module()
            setattr(to_module, part, own)
        from_module, to_module = found, own
    value = getattr(from_module, name)
    if isinstance(value, Tensor) and not isinstance(value, Parameter):
        persistent = name not in from_module._non_persistent_buffers_set
        to_module.register_buffer(name, value, persistent=persistent)
    else:
        setattr(to_module, name, value)


def _assign_attr(from_obj: Any, to_module: Module, target: str) -> None:
    """Give a module an object under a dotted name, making modules on the way."""
    *prefix, name = target.split(".")
    for part in prefix:
        own = getattr(to_module, part, None)
        if own is None:
            own = Module()
            setattr(to_module, part, own)
        to_module = own
    if isinstance(from_obj, Tensor) and not isinstance(from_obj, Parameter):
        to_module.register_buffer(name, from_obj)
    else:
        setattr(to_module, name, from_obj)


def _get_attr(model: Module, attr_name: str) -> Any:
    return _get_attr_via_attr_list(model, attr_name.split("."))


def _get_attr_via_attr_list(model: Module, attr_list: list[str]) -> Any:
    found: Any = model
    for part in attr_list:
        found = getattr(found, part)
    return found


def _del_attr(model: Module, attr_name: str) -> None:
    *prefix, name = attr_name.split(".")
    delattr(_get_attr_via_attr_list(model, prefix), name)


def _has_attr(model: Module, attr_name: str) -> bool:
    found: Any = model
    for part in attr_name.split("."):
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


class _WrappedCall:
    """Calls a GraphModule, and shows the line of its code where an error came from."""

    def __init__(self, cls: type, cls_call: Callable | None) -> None:
        self.cls = cls
        self.cls_call = cls_call

    @staticmethod
    def _generate_error_message(frame_summary: traceback.FrameSummary) -> str:
        """The lines around the one that failed, with a mark."""
        number = frame_summary.lineno or 0
        lines = linecache.getlines(frame_summary.filename)
        before = "".join(lines[max(0, number - 2) : number])
        after = "\n".join(lines[number : number + 2])
        failed = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        head = f"Call using an FX-traced Module, line {number} of the traced Module's generated forward function:"
        mark = "~" * len(failed) + "~~~ <--- HERE"
        return "\n".join([head, before, mark, after])

    def __call__(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            if self.cls_call is not None:
                return self.cls_call(obj, *args, **kwargs)
            return super(self.cls, obj).__call__(*args, **kwargs)  # type: ignore[misc]
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            generated = [frame for frame in frames if "eval_with_key" in frame.filename]
            # Only where the generated code itself is to blame: what fails deeper says so better.
            if generated and _is_last_of_user(frames, generated[-1]):
                print(
                    "".join(traceback.format_exception(type(error), error, error.__traceback__)),
                    self._generate_error_message(generated[-1]),
                    sep="\n",
                    file=sys.stderr,
                )
                raise error.with_traceback(None) from None
            raise


def _is_last_of_user(frames: traceback.StackSummary, generated: traceback.FrameSummary) -> bool:
    """Whether only frames of mibun come after the generated one."""
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
    after = list(frames)[list(frames).index(generated) + 1 :]
    return all(frame.filename.startswith((own, "<mibun")) or "mibun" in frame.filename for frame in after)


@compatibility(is_backward_compatible=True)
class GraphModule(Module):
    """A Module that does what a Graph says, by code that is generated from it.

    root: the Module whose parts the graph uses (only those are taken over), or a dict of these by dotted name. graph:
    the steps. class_name: what `repr` shows. Each object has a class of its own, whose `forward` is the code;
    `recompile` writes it anew after the graph has changed, and so does assigning `graph`.

    RuntimeError where the graph uses what `root` does not have.

    >>> import mibun as torch
    >>> from mibun import fx, nn
    >>> traced = fx.symbolic_trace(nn.Sequential(nn.Linear(2, 2), nn.ReLU()))
    >>> for node in traced.graph.nodes:
    ...     if node.target == "1":
    ...         with traced.graph.inserting_after(node):
    ...             new = traced.graph.call_function(torch.tanh, (node.args[0],))
    ...         _ = node.replace_all_uses_with(new)
    ...         traced.graph.erase_node(node)
    >>> _ = traced.recompile()
    >>> traced.code.count("torch.tanh")
    1
    """

    def __new__(cls: type[GraphModule], *args: Any, **kwargs: Any) -> GraphModule:
        """A class for each object: two of them have different code."""
        # (From the class that the user made, if this one was made here.)
        for base in cls.__mro__:
            if "." not in base.__qualname__ or not base.__qualname__.endswith("GraphModuleImpl"):
                cls = base
                break

        class GraphModuleImpl(cls):  # type: ignore[misc,valid-type]
            pass

        return super().__new__(GraphModuleImpl)  # type: ignore[arg-type]

    def __init__(self, root: Module | dict[str, Any], graph: Graph, class_name: str = "GraphModule") -> None:
        super().__init__()
        self.__class__.__name__ = class_name
        if isinstance(root, Module):
            if hasattr(root, "training"):
                self.training = root.training
            if isinstance(root, _CodeOnlyModule):
                self.load_state_dict = root.load_state_dict  # type: ignore[method-assign]
            for node in graph.nodes:
                if node.op in ("get_attr", "call_module"):
                    assert isinstance(node.target, str)
                    _copy_attr(root, self, node.target)
        elif isinstance(root, dict):
            targets = []
            for node in graph.nodes:
                if node.op in ("get_attr", "call_module"):
                    if node.target not in root:
                        raise RuntimeError(
                            f"Node {node} referenced target {node.target} but that target was not provided in ``root``!"
                        )
                    targets.append(node.target)
            # The owners first, so that what is inside of them is not made anew.
            for target in sorted(targets, key=lambda path: path.count(".")):
                _assign_attr(root[target], self, target)
        else:
            raise RuntimeError(f"Unsupported type {root} passed for root!")
        self.graph = graph
        self._tracer_cls = None
        if self.graph._tracer_cls and "<locals>" not in self.graph._tracer_cls.__qualname__:
            self._tracer_cls = self.graph._tracer_cls
        self._tracer_extras = self.graph._tracer_extras or {}
        self.meta: dict[str, Any] = {}
        if isinstance(root, Module) and isinstance(getattr(root, "meta", None), dict):
            self.meta.update(root.meta)  # type: ignore[arg-type]
        self._replace_hooks: list[Callable] = []
        self._create_node_hooks: list[Callable] = []
        self._erase_node_hooks: list[Callable] = []
        self._deepcopy_hooks: list[Callable] = []

    # A Module cannot have a property that raises AttributeError; the annotation is for readers.
    __jit_unused_properties__ = ["graph", "_boxed_call"]

    @property
    def graph(self) -> Graph:
        """The steps. Assigning another graph writes the code anew."""
        return self._graph

    @graph.setter
    def graph(self, g: Graph) -> None:
        if not isinstance(g, Graph):
            raise AssertionError(f"Expected a Graph instance, but got {type(g)}")
        self._graph = g
        g.owning_module = self
        self.recompile()

    @property
    def code(self) -> str:
        """The text of `forward`."""
        if not hasattr(self, "_code"):
            raise RuntimeError("Code has not been generated! Please report a bug to PyTorch")
        return self._code

    def recompile(self) -> PythonCode:
        """Write the code anew from the graph: after each change of it."""
        codegen = self._graph._codegen
        if isinstance(codegen, _PyTreeCodeGen) and codegen.pytree_info is not None:
            self._in_spec = codegen.pytree_info.in_spec
            self._out_spec = codegen.pytree_info.out_spec
        python_code = self._graph.python_code(root_module="self")
        self._code = python_code.src
        self._lineno_map = python_code._lineno_map
        self._prologue_start = python_code._prologue_start
        cls = type(self)
        fields = getattr(self._graph, "_co_fields", {})
        cls.forward = _forward_from_src(self._code, python_code.globals, fields)
        # What a class defines as `__call__` itself is called by ours; `Module.__call__` is found by inheritance.
        cls_call = cls.__call__ if "__call__" in vars(cls) else None
        if "_wrapped_call" not in vars(cls):
            cls._wrapped_call = _WrappedCall(cls, cls_call)  # type: ignore[attr-defined]

        def call_wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
            return self._wrapped_call(self, *args, **kwargs)

        cls.__call__ = call_wrapped  # type: ignore[method-assign]
        return python_code

    def _recompile_submodules(self) -> list[tuple[str, PythonCode]]:
        """Write the code of all GraphModules among the parts anew."""
        return [
            (name, module.recompile())
            for name, module in self.named_modules()
            if isinstance(module, GraphModule) and module is not self
        ]

    # --- parts ---

    def add_submodule(self, target: str, m: Module) -> bool:
        """Put a Module at a dotted name, making Modules on the way. False where something else is in the way."""
        *prefix, name = target.split(".")
        owner: Module = self
        for part in prefix:
            found = getattr(owner, part, None)
            if found is None:
                found = Module()
                setattr(owner, part, found)
            if not isinstance(found, Module):
                return False
            owner = found
        owner.add_module(name, m)
        return True

    def delete_submodule(self, target: str) -> bool:
        """Remove the Module at a dotted name. False if there is none."""
        *prefix, name = target.split(".")
        owner: Any = self
        for part in prefix:
            owner = getattr(owner, part, None)
            if not isinstance(owner, Module):
                return False
        if not isinstance(getattr(owner, name, None), Module):
            return False
        delattr(owner, name)
        return True

    def delete_all_unused_submodules(self) -> None:
        """Remove all Modules that the graph neither calls nor takes anything from."""
        used: set[str] = set()
        for node in self.graph.nodes:
            if node.op not in ("call_module", "get_attr"):
                continue
            assert isinstance(node.target, str)
            path = node.target.split(".")
            used.update([".".join(path[: end + 1]) for end in range(len(path))])
            if node.op == "call_module":
                try:
                    module = self.get_submodule(node.target)
                except AttributeError:
                    return  # the graph is not whole; nothing is known to be unused
                used.update([f"{node.target}.{name}" if name else node.target for name, _ in module.named_modules()])
        for name in [name for name, _ in self.named_modules() if name and name not in used]:
            self.delete_submodule(name)

    # --- files and copies ---

    def to_folder(self, folder: str | os.PathLike, module_name: str = "FxModule") -> None:
        """Write the code and the weights as a Python package, which then gives a class `module_name`."""
        folder = Path(folder)
        folder.mkdir(exist_ok=True)
        _root.save(self.state_dict(), folder / "state_dict.pt")
        code = self.code.replace("\n", "\n    ")
        as_files: list[str] = []
        imports = "\n".join([builtin.import_str for builtin in _custom_builtins.values()])
        wanted = self.graph.python_code("self").globals
        further = [
            _format_import_statement(name, value) for name, value in wanted.items() if name not in _custom_builtins
        ]
        lines = [
            "",
            "import torch",
            imports,
            *further,
            "",
            "from torch.nn import *",
            f"class {module_name}(torch.nn.Module):",
        ]
        lines += ["    def __init__(self):", "        super().__init__()"]
        lines += [f"        {line}" for line in _parts_as_code(self, "self", folder, as_files)]
        for name, buffer in self._buffers.items():
            if buffer is not None:
                lines.append(
                    f"        self.register_buffer('{name}', torch.empty({list(buffer.shape)}, dtype={buffer.dtype}))"
                )
        for name, parameter in self._parameters.items():
            if parameter is not None:
                lines.append(
                    f"        setattr(self, '{name}', torch.nn.Parameter(torch.empty({list(parameter.shape)}, "
                    f"dtype={parameter.dtype})))"
                )
        lines.append(f"        self.load_state_dict(torch.load(r'{folder}/state_dict.pt'))")
        (folder / "module.py").write_text("\n".join(lines) + f"\n\n    {code}\n")
        (folder / "__init__.py").write_text("from .module import *\n")
        if as_files:
            warnings.warn(
                f"Was not able to save the following children modules as reprs -saved as pickled files instead: "
                f"{as_files}",
                stacklevel=2,
            )

    def __reduce__(self) -> tuple:
        """By the code, from which the graph is traced again: what a graph names need not be picklable."""
        body = self.__dict__.copy()
        del body["_graph"]
        for name in ("_replace_hooks", "_create_node_hooks", "_erase_node_hooks", "_deepcopy_hooks", "meta"):
            body.pop(name, None)
        python_code = self.recompile()
        return reduce_graph_module, (body, _format_import_block(python_code.globals))

    def _deepcopy_init(self) -> Callable[..., None]:
        return GraphModule.__init__

    def __deepcopy__(self, memo: dict[int, Any]) -> GraphModule:
        made = type(self).__new__(type(self))
        memo[id(self)] = made
        parts = Module()
        kept = {
            name: value
            for name, value in self.__dict__.items()
            if name not in ("_graph", "_replace_hooks", "_create_node_hooks", "_erase_node_hooks", "_deepcopy_hooks")
        }
        parts.__dict__ = copy.deepcopy(kept, memo)
        self._deepcopy_init()(made, parts, copy.deepcopy(self.graph))
        extra = (
            "_state_dict_hooks",
            "_load_state_dict_pre_hooks",
            "_load_state_dict_post_hooks",
            "_replace_hooks",
            "_create_node_hooks",
            "_erase_node_hooks",
            "_deepcopy_hooks",
        )
        for name in extra:
            if name in self.__dict__:
                setattr(made, name, copy.copy(self.__dict__[name]))
        made.meta = copy.copy(getattr(self, "meta", {}))
        for name in self.meta.get(_USER_PRESERVED_ATTRIBUTES_KEY, {}):
            setattr(made, name, self.meta[_USER_PRESERVED_ATTRIBUTES_KEY][name])
        if isinstance(self.graph._codegen, _PyTreeCodeGen):
            made.recompile()
        for hook in self._deepcopy_hooks:
            hook(made)
        return made

    def __copy__(self) -> GraphModule:
        made = MAKERS["module"](self, self.graph)
        made.meta = getattr(self, "meta", {})
        return made

    # --- text ---

    def __str__(self) -> str:
        return "\n".join(
            [
                super().__str__(),
                self._code,
                "# To see more debug info, please use `graph_module.print_readable()`",
            ]
        )

    def print_readable(
        self,
        print_output: bool = True,
        include_stride: bool = False,
        include_device: bool = False,
        colored: bool = False,
        *,
        fast_sympy_print: bool = False,
        expanded_def: bool = False,
        additional_meta: list[str] | None = None,
    ) -> str:
        """The code of this GraphModule and those inside of it, as classes, with comments. Printed, and returned.

        include_stride, include_device: beside the shapes that `meta` has. colored: for a terminal. expanded_def: one
        parameter per line. additional_meta: keys of `meta` that are written behind the lines. fast_sympy_print is for
        symbolic sizes, of which there are none.
        """
        return _print_readable(
            self,
            self._get_name(),
            print_output,
            include_stride,
            include_device,
            colored,
            expanded_def,
            additional_meta,
        )

    # --- hooks ---

    @contextlib.contextmanager
    def _set_replace_hook(self, f: Callable) -> Iterator[None]:
        self._register_replace_node_hook(f)
        try:
            yield
        finally:
            self._unregister_replace_node_hook(f)

    def _register_replace_node_hook(self, f: Callable) -> None:
        self._replace_hooks.append(f)

    def _unregister_replace_node_hook(self, f: Callable) -> None:
        self._replace_hooks.remove(f)

    def _register_create_node_hook(self, f: Callable) -> None:
        self._create_node_hooks.append(f)

    def _unregister_create_node_hook(self, f: Callable) -> None:
        self._create_node_hooks.remove(f)

    def _register_erase_node_hook(self, f: Callable) -> None:
        self._erase_node_hooks.append(f)

    def _unregister_erase_node_hook(self, f: Callable) -> None:
        self._erase_node_hooks.remove(f)

    def _register_deepcopy_hook(self, f: Callable) -> None:
        self._deepcopy_hooks.append(f)

    def _unregister_deepcopy_hook(self, f: Callable) -> None:
        self._deepcopy_hooks.remove(f)


def _parts_as_code(module: Module, path: str, folder: Path, as_files: list[str]) -> list[str]:
    """Lines that make the parts of a Module: as they are written in code, or else from files, which are noted."""
    lines = []
    for name, part in module.named_children():
        if type(part) is Module and not part._parameters and not part._buffers:
            lines.append(f"setattr({path}, '{name}', torch.nn.Module())")
            lines += _parts_as_code(part, f"getattr({path}, '{name}')", folder, as_files)
        elif _is_made_by_repr(part):
            lines.append(f"setattr({path}, '{name}', {part!r})")
        else:
            file = folder / f"{name}.pt"
            _root.save(part, file)
            as_files.append(name)
            described = repr(part).replace("\n", " ")
            lines.append(f"setattr({path}, '{name}', torch.load(r'{file}', weights_only=False)) # {described}")
    return lines


def _is_made_by_repr(module: Module) -> bool:
    """Whether the text of a Module, called as code, makes the like."""
    if type(module) is not getattr(_root.nn, type(module).__name__, None):
        return False
    try:
        made = eval(repr(module), dict(vars(_root.nn)))
    except Exception:  # the text is for readers
        return False
    return repr(made) == repr(module) and list(made.state_dict()) == list(module.state_dict())


def _print_readable(
    module: Any,
    module_name: str,
    print_output: bool = True,
    include_stride: bool = False,
    include_device: bool = False,
    colored: bool = False,
    expanded_def: bool = False,
    additional_meta: list[str] | None = None,
) -> str:
    graph = module.graph
    if not isinstance(graph, Graph):
        raise AssertionError("print_readable must be used on a module with a graph")
    code = graph.python_code(
        root_module="self",
        verbose=True,
        include_stride=include_stride,
        include_device=include_device,
        colored=colored,
        expanded_def=expanded_def,
        additional_meta=additional_meta,
    ).src.lstrip("\n")
    text = f"class {module_name}(torch.nn.Module):\n" + _indented(code)
    for name, child in module.named_children():
        if hasattr(child, "graph") and isinstance(child.graph, Graph):
            inner = _print_readable(
                child, name, False, include_stride, include_device, colored, expanded_def, additional_meta
            )
            text += "\n" + _indented(inner)
    if print_output:
        print(text)
    return text


def _indented(code: str) -> str:
    """The code further in; lines without anything stay so, and one empty line ends it."""
    lines = [f"    {line}" if line.strip() else "" for line in code.split("\n")]
    return "\n".join(lines).rstrip("\n") + "\n"
