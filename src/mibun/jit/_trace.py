"""Tracing: a function runs once, and what it did is written down as a graph.

The traced function that comes of it has the graph's text, and runs the function itself when it is called. PyTorch's
replays the graph instead, so that branches and numbers of the first run are frozen there; here they are not.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from ..compat.tracing import Graph, TraceRecorder, tensors_in, tracing_state
from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.site import stacklevel
from ..core.tensor import Tensor
from ..dispatch.declare import Op
from ..nn.modules.module import Module
from ..ops.aten import aten_name
from ._script import ScriptModule, _refuse_to_save

__all__ = [
    "ScriptFunction",
    "TopLevelTracedModule",
    "TracedModule",
    "TracerWarning",
    "TracingCheckError",
    "is_tracing",
    "trace",
    "trace_module",
]


class TracerWarning(Warning):
    """What `trace` warns with: that a second run of the function gave something else."""


class TracingCheckError(Exception):
    """Two runs of a traced function did different things."""

    def __init__(self, graph_diff_error: str | None, tensor_compare_error: str | None, extra_msg: str = "") -> None:
        self.message = "Tracing failed sanity checks!\n" + (f"{extra_msg}\n" if extra_msg else "")
        if graph_diff_error is not None:
            self.message += f"ERROR: Graphs differed across invocations!\n{graph_diff_error}\n"
        if tensor_compare_error is not None:
            self.message += f"ERROR: Tensor-valued Constant nodes differed in value:\n{tensor_compare_error}\n"
        super().__init__(self.message)


def is_tracing() -> bool:
    """Whether `trace` records at this time, in this thread.

    >>> import mibun as torch
    >>> traced = torch.jit.trace(lambda x: x + int(torch.jit.is_tracing()), torch.zeros(1), check_trace=False)
    >>> torch.jit.is_tracing()
    False
    """
    return tracing_state() is not None


def _constant_text(value: Any) -> str:
    """A constant as Python text: CONSTANT for one that has no text of its own."""
    if isinstance(value, Tensor):
        return "CONSTANT" if value.ndim else repr(value.item())
    if isinstance(value, Op):
        return f"torch.ops.aten.{aten_name(value)}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_constant_text(one)}" for key, one in value.items()) + "}"
    text = repr(value)
    try:
        compile(text, "constant", "eval")
    except SyntaxError:
        return "CONSTANT"
    return text


def _annotation(type_text: str) -> str:
    """The type of an input as Python text."""
    return "Tensor" if "(" in type_text else f"List[{type_text[:-2]}]" if type_text.endswith("[]") else type_text


def _code_of(graph: Graph, name: str) -> str:
    """The graph as Python text: one line for each operator, constants and attributes where they are used."""
    texts: dict[str, str] = {}
    signature = []
    lines = []
    for value in graph.inputs():
        texts[value.debugName()] = value.debugName()
        kind = "" if value.debugName() == "self" else f": {_annotation(value.type())}"
        signature.append(f"{value.debugName()}{kind}")
    count = 0
    for node in graph.nodes():
        inputs = [texts[value.debugName()] for value in node.inputs()]
        outputs = [value.debugName() for value in node.outputs()]
        kind = node.kind()
        if kind == "prim::Constant":
            texts[outputs[0]] = _constant_text(next(node.outputs()).constant)
        elif kind == "prim::GetAttr":
            attribute = node._attribute[7:-2]
            texts[outputs[0]] = (
                f"{inputs[0]}.{attribute}" if attribute.isidentifier() else f'getattr({inputs[0]}, "{attribute}")'
            )
        elif kind == "prim::ListConstruct":
            texts[outputs[0]] = f"[{', '.join(inputs)}]"
        elif kind == "prim::TupleConstruct":
            texts[outputs[0]] = f"({', '.join(inputs)}{',' * (len(inputs) == 1)})"
        elif kind == "prim::DictConstruct":
            pairs = zip(inputs[::2], inputs[1::2], strict=True)
            texts[outputs[0]] = "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        else:
            names = []
            for output in outputs:
                names.append(f"_{count}")
                texts[output] = names[-1]
                count += 1
            right = (
                inputs[0] if kind == "prim::ListUnpack" else f"{kind.replace('aten::', 'torch.')}({', '.join(inputs)})"
            )
            left = f"{names[0]}," if kind == "prim::ListUnpack" and len(names) == 1 else ", ".join(names)
            lines.append(f"  {left} = {right}" if names else f"  {right}")
    returned = ", ".join(texts[value.debugName()] for value in graph.outputs())
    return "\n".join([f"def {name}({', '.join(signature)}):", *lines, f"  return {returned}", ""])


class _Recorded:
    """What a trace knows: the graph, and its text."""

    graph: Graph
    _code_name: str

    @property
    def inlined_graph(self) -> Graph:
        """The graph. (What a function calls is always part of its graph.)"""
        return self.graph

    @property
    def code(self) -> str:
        """The graph as Python text."""
        return _code_of(self.graph, self._code_name)


class ScriptFunction(_Recorded):
    """A traced function: calling it calls the function.

    Attributes:
        graph: the operators of the run that was recorded, with a text like that of PyTorch's graphs.
        code: the same as Python text.
        name: the function's.
    """

    def __init__(self, function: Callable, graph: Graph) -> None:
        name = getattr(function, "__name__", type(function).__name__)
        self.name = self._code_name = "_lambda" if name == "<lambda>" else name
        self.graph = graph
        self._function = function
        functools.update_wrapper(self, function, updated=())

    @property
    def qualified_name(self) -> str:
        """The name with a prefix of PyTorch's."""
        return f"__torch__.{self.name}"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)

    def graph_for(self, *args: Any, **kwargs: Any) -> Graph:
        """The graph of a run with these arguments."""
        return _record(self._function, args, kwargs)[0]

    def save(self, f: Any, **kwargs: Any) -> NoReturn:
        """RuntimeError: see `torch.jit.save`."""
        _refuse_to_save()


class TracedModule(ScriptModule):
    """Base of the traced Modules."""


class TopLevelTracedModule(_Recorded, TracedModule):
    """A traced Module: it has the parameters, buffers and children of the Module itself, and calls it.

    Attributes:
        graph, code: as of a traced function; of another method that was traced, they are its attributes.
        original_name: the name of the Module's class.
    """

    _traced_original: Module

    def __init__(self, module: Module, graphs: dict[str, Graph]) -> None:
        super().__init__()
        state = self.__dict__
        own = {name: value for name, value in vars(module).items() if name not in state}
        state.update(own)
        for members in ("_parameters", "_buffers", "_modules", "_non_persistent_buffers_set"):
            state[members] = vars(module)[members]
        state["training"] = module.training
        state["_traced_original"] = module  # (not as a child, whose parameters would count twice)
        state["original_name"] = type(module).__name__
        state["_code_name"] = "forward"
        for name, graph in graphs.items():
            if name == "forward":
                state["graph"] = graph
            else:
                state[name] = _TracedMethod(module, name, graph)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Call the Module that was traced."""
        return self._traced_original(*args, **kwargs)

    def train(self, mode: bool = True) -> Any:
        """Set the mode of the Module and of its children."""
        self._traced_original.train(mode)
        self.__dict__["training"] = self._traced_original.training
        return self

    def _get_name(self) -> str:
        return self.original_name

    def extra_repr(self) -> str:
        return f"original_name={self.original_name}"


class _TracedMethod(_Recorded):
    """A method of a traced Module."""

    def __init__(self, module: Module, name: str, graph: Graph) -> None:
        self._module = module
        self.name = self._code_name = name
        self.graph = graph

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return getattr(self._module, self.name)(*args, **kwargs)


def _input_names(function: Callable, args: tuple) -> list[str]:
    written = function.forward if isinstance(function, Module) else function
    try:
        parameters = inspect.signature(written).parameters.values()
    except (TypeError, ValueError):  # a builtin
        parameters = ()
    positional = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return [*positional[: len(args)], *[f"argument_{i}" for i in range(len(positional), len(args))]]


def _check_inputs(values: Any) -> None:
    """RuntimeError for anything in nested containers that is no Tensor."""
    for value in values:
        if isinstance(value, (list, tuple)):
            _check_inputs(value)
        elif isinstance(value, dict):
            _check_inputs(value.values())
        elif not isinstance(value, Tensor):
            raise RuntimeError(
                f"Type '{type(value).__name__}' cannot be traced. Only Tensors and (possibly nested) Lists, Dicts, and "
                "Tuples of Tensors can be traced"
            )


def _check_output(result: Any, strict: bool) -> None:
    if isinstance(result, Tensor) or result is None:
        return
    if isinstance(result, dict) and strict:
        raise RuntimeError(
            "Encountering a dict at the output of the tracer might cause the trace to be incorrect, as its structure "
            "is taken to be the same for all inputs: return a tuple, or pass strict=False to trace()."
        )
    if isinstance(result, (list, tuple, dict)):
        for one in result.values() if isinstance(result, dict) else result:
            _check_output(one, False)
        return
    raise RuntimeError(
        "Only tensors, lists, tuples of tensors, or dictionary of tensors can be output from traced functions, not "
        f"{type(result).__name__}"
    )


def _record(function: Callable, args: tuple, kwargs: dict[str, Any], module: Module | None = None) -> tuple[Graph, Any]:
    """Run the function, and the graph of what it did."""
    recorder = TraceRecorder()
    if module is not None:
        recorder.add_self(type(module).__name__)
        for path, tensor in (*module.named_parameters(), *module.named_buffers()):
            recorder.add_attribute(path, tensor)
    for name, value in (*zip(_input_names(function, args), args, strict=True), *kwargs.items()):
        recorder.add_input(name, value)
    with recorder:
        result = function(*args, **kwargs)
    recorder.finish(result)
    return recorder.graph, result


def _cloned(value: Any) -> Any:
    """Copies of all Tensors in nested containers, so that what a function does to its inputs in place is not seen."""
    if isinstance(value, Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, dict):
        return {key: _cloned(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        parts = [_cloned(one) for one in value]
        return getattr(type(value), "_make", type(value))(parts)
    return value


def _compare(
    function: Callable, graph: Graph, result: Any, inputs: list[tuple[tuple, dict]], tolerance: float, module: Any
) -> None:
    """Run the function again with each of these inputs: does it do the same?"""
    from ..testing import assert_close

    random = [str(node) for node in graph.nodes() if node.random]
    if random:
        nodes = "\n".join(f"\t{node}" for node in random)
        warnings.warn(
            f"Trace had nondeterministic nodes. Did you forget call .eval() on your model? Nodes:\n{nodes}\nThis may "
            "cause errors in trace checking. To disable trace checking, pass check_trace=False to torch.jit.trace()",
            TracerWarning,
            stacklevel=stacklevel(),
        )
    for number, (args, kwargs) in enumerate(inputs):
        again, second = _record(function, _cloned(args), _cloned(kwargs), module)
        if again.steps() != graph.steps():
            import difflib

            lines = difflib.ndiff(graph.steps(), again.steps())
            raise TracingCheckError("\tGraph diff:\n" + "\n".join(f"\t\t{line}" for line in lines), None)
        if number:
            continue  # other inputs, of which there is nothing to compare with
        for i, (one, other) in enumerate(zip(tensors_in(result), tensors_in(second), strict=True)):
            try:
                assert_close(other, one, rtol=tolerance, atol=1e-5, equal_nan=True)
            except AssertionError as error:
                warnings.warn(
                    f"Output nr {i + 1}. of the traced function does not match the corresponding output of the Python "
                    f"function. Detailed error:\n{error}",
                    TracerWarning,
                    stacklevel=stacklevel(),
                )
                return


def _as_inputs(example: Any, kwargs: dict[str, Any] | None) -> tuple[tuple, dict[str, Any]]:
    if isinstance(example, (Tensor, dict)):
        example = (example,)
    if example is None and kwargs is None:
        raise TypeError("trace() needs example inputs: example_inputs, or example_kwarg_inputs")
    args = () if example is None else tuple(example)
    _check_inputs(args)
    _check_inputs((kwargs or {}).values())
    return args, dict(kwargs or {})


def _trace(
    function: Callable, example: Any, kwargs: Any, check: bool, others: Any, tolerance: float, strict: bool, module: Any
) -> Graph:
    args, named = _as_inputs(example, kwargs)
    untouched = (_cloned(args), _cloned(named))
    graph, result = _record(function, args, named, module)
    _check_output(result, strict)
    if check:
        inputs = [untouched, *[_as_inputs(one, None) for one in others or ()]]
        _compare(function, graph, result, inputs, tolerance, module)
    return graph


def trace(
    func: Callable,
    example_inputs: Any = None,
    optimize: Any = None,
    check_trace: bool = True,
    check_inputs: Iterable | None = None,
    check_tolerance: float = 1e-5,
    strict: bool = True,
    _force_outplace: bool = False,
    _module_class: Any = None,
    _compilation_unit: Any = None,
    example_kwarg_inputs: dict[str, Any] | None = None,
    _store_inputs: bool = True,
) -> Any:
    """Run a function or Module with example inputs, and give it back with the graph of what it did.

    Calling the result calls the function: it works for other shapes, and takes its branches anew (PyTorch's result
    replays the graph). `optimize` and the underscored arguments concern PyTorch's compiler alone.

    Args:
        func: a function of Tensors, or a Module; one that is traced already comes back as it is, with a warning.
        example_inputs: a Tensor, or a tuple of Tensors and of lists, tuples and dicts of them.
        check_trace: run a second time, and compare.
        check_inputs: more tuples of inputs, for which the function must do the same operations.
        check_tolerance: how far results of the second run may differ, relatively.
        strict: refuse a function that returns a dict.
        example_kwarg_inputs: inputs by name.

    Returns:
        A ScriptFunction, or a TopLevelTracedModule (also for a method of a Module).

    Raises:
        RuntimeError: for inputs or outputs other than Tensors.
        TracingCheckError: the second run did other operations.

    A second run with other results is a TracerWarning.

    >>> import mibun as torch
    >>> traced = torch.jit.trace(lambda x, y: x * y + 1, (torch.ones(2), torch.ones(2)))
    >>> print(traced.code)
    def _lambda(x: Tensor, y: Tensor):
      _0 = torch.mul(x, y)
      _1 = torch.add(_0, 1)
      return _1
    <BLANKLINE>
    >>> traced(torch.ones(3), torch.zeros(3))
    tensor([1., 1., 1.])
    """
    if isinstance(func, (ScriptFunction, ScriptModule)):
        warnings.warn(
            "The input to trace is already a ScriptModule, tracing it is a no-op. Returning the object as is.",
            stacklevel=2,
        )
        return func
    owner = getattr(func, "__self__", None)
    if isinstance(owner, Module):
        name = func.__name__
        inputs = example_kwarg_inputs if example_inputs is None else example_inputs
        return trace_module(owner, {name: inputs}, None, check_trace, None, check_tolerance, strict)
    module = func if isinstance(func, Module) else None
    graph = _trace(
        func, example_inputs, example_kwarg_inputs, check_trace, check_inputs, check_tolerance, strict, module
    )
    return ScriptFunction(func, graph) if module is None else TopLevelTracedModule(module, {"forward": graph})


def trace_module(
    mod: Module,
    inputs: dict[str, Any],
    optimize: Any = None,
    check_trace: bool = True,
    check_inputs: list[dict[str, Any]] | None = None,
    check_tolerance: float = 1e-5,
    strict: bool = True,
    _force_outplace: bool = False,
    _module_class: Any = None,
    _compilation_unit: Any = None,
    example_inputs_is_kwarg: bool = False,
    _store_inputs: bool = True,
) -> TopLevelTracedModule:
    """Trace several methods of a Module, each with its example inputs. See `trace`.

    inputs: name of a method -> its inputs; of keyword arguments if `example_inputs_is_kwarg`. check_inputs: a list of
    further ones. AttributeError for what is no Module, or no dict.

    >>> import mibun as torch
    >>> class Both(torch.nn.Module):
    ...     def forward(self, x):
    ...         return x.exp()
    ...     def inverse(self, x):
    ...         return x.log()
    >>> traced = torch.jit.trace_module(Both(), {"forward": torch.ones(2), "inverse": torch.ones(2)})
    >>> traced.inverse(traced(torch.zeros(1)))
    tensor([0.])
    """
    if not isinstance(mod, Module):
        raise AttributeError("expected torch.nn.Module as the first argument")
    if not isinstance(inputs, dict):
        raise AttributeError("expected a dictionary of (method_name, input) pairs")
    graphs = {}
    for name, example in inputs.items():
        function = mod if name == "forward" else getattr(mod, name)
        others = [one[name] for one in check_inputs or () if name in one]
        example, kwargs = (None, example) if example_inputs_is_kwarg else (example, None)
        graphs[name] = _trace(function, example, kwargs, check_trace, others, check_tolerance, strict, mod)
    return TopLevelTracedModule(mod, graphs)


def _get_trace_graph(
    f: Any,
    args: Any = (),
    kwargs: dict[str, Any] | None = None,
    strict: bool = True,
    _force_outplace: bool = False,
    return_inputs: bool = False,
    _return_inputs_states: bool = False,
) -> tuple:
    """The graph of one run, with what the function returned, and with copies of the inputs if `return_inputs`."""
    given, named = _as_inputs(args, kwargs or {})
    copies = _cloned(given)
    graph, result = _record(f, given, named, f if isinstance(f, Module) else None)
    return (graph, result, copies) if return_inputs else (graph, result)


def export_opnames(m: Any) -> list[str]:
    """The names of the operators of a traced Module, in alphabetic order.

    AttributeError for a Module that is not traced: no graph is known of it.
    """
    if not isinstance(m, TopLevelTracedModule):
        raise AttributeError(f"{type(m).__name__} is not traced: torch.jit.trace records the operators that it calls")
    graphs = [value.graph for value in vars(m).values() if isinstance(value, _TracedMethod)]
    graphs += [m.graph] if "graph" in vars(m) else []
    return sorted({kind for graph in graphs for kind in graph.steps() if kind.startswith("aten::")})


_explain_missing_names(__name__)
