"""How an operator is declared, and the one path that every call of an operator takes.

`@op` turns a kernel (a plain function over an array namespace `xp`) and its derivative rules into an `Op` record, from
which the function, the method, the in-place and `out=` forms and the node class of the graph are made. `apply` is the
general path; `_fast.py` specialises it for the commonest shapes of call, and falls back to it for everything else.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..autograd.grad_mode import MODE
from ..autograd.node import LEAF, NO_VERSIONS, SEQUENCE, VersionCounter
from ..autograd.site import INTERNAL
from ..autograd.views import NOWHERE_EDGE, OutputOf, make_view
from ..autograd.watching import watched_operator
from ..dtypes import from_numpy_dtype, get_default_dtype, result_dtype
from ..xp import NAMESPACES, numpy_namespace
from ._node import make_node_class, plan

# What forward mode may derive from the declaration (see `autograd/forward_ad.py`).
pointwise = "pointwise"  # elementwise and holomorphic where complex: the JVP is the VJP conjugated
linear = "linear"  # jointly linear in all operands: the JVP is the operator on the tangents
multilinear = "multilinear"  # linear in each operand: the JVP is the sum of the operator with one tangent each
nondifferentiable = "nondifferentiable"  # no output has a derivative

OPS: dict[str, Op] = {}  # operator name -> record
FUNCTIONS: dict[str, Callable] = {}  # names of the module `mibun`
METHODS: dict[str, Callable] = {}  # names of `Tensor`
SCALARS = (builtins.bool, builtins.int, builtins.float, builtins.complex, np.number, np.bool_)


class Op:
    """The declaration of one operator. See `op` for what the attributes mean."""

    def __init__(self, kernel: Callable, kind: str | None, options: dict[str, Any]) -> None:
        code = kernel.__code__
        n_positional = code.co_argcount
        self.kernel = kernel
        self.kind = kind
        self.name: str = options["name"] or kernel.__name__
        self.doc = kernel.__doc__
        self.variadic = bool(code.co_flags & 0x04)
        self.operands: tuple[str, ...] = code.co_varnames[1:n_positional]
        self.params: tuple[str, ...] = code.co_varnames[n_positional : n_positional + code.co_kwonlyargcount]
        if self.variadic:
            self.operands = (code.co_varnames[n_positional + code.co_kwonlyargcount],)
        self.defaults: dict[str, Any] = dict(kernel.__kwdefaults__ or {})
        self.dtype_rule: str | None = options["dtype"]
        self.view: bool = options["view"]
        self.outputs: tuple[str, ...] | None = options["outputs"]
        self.n_differentiable: int | None = options["n_differentiable"]
        self.residuals: tuple[str, ...] = options["residuals"]
        self.constant: frozenset[str] = frozenset(options["constant"])
        self.joint: Callable | None = options["joint"]
        self.single = not self.variadic and len(self.operands) == 1 and self.outputs is None and not self.residuals
        vjp = options["vjp"]
        if callable(vjp):
            vjp = {self.operands[0]: vjp}
        self.vjp: dict[str, Callable] = vjp or {}
        self.jvp = options["jvp"]
        self.plans: dict[tuple[bool, ...], Any] = {}  # see _node.Plan
        self.one: Any = None  # the fast path of an operator of one operand: see _fast.make_one
        self.scalars: bool = options["scalars"]
        self.optional: bool = options["optional"]
        self.refuses: Mapping[str, str | None] | None = options["refuses"]
        self.node_name: str = options["node"] or _camel(self.name) + "Backward0"
        self.node_class = None if kind == nondifferentiable else make_node_class(self)

    def __repr__(self) -> str:
        return f"<operator {self.name}>"

    def __call__(self, *operands: Any, **params: Any) -> Any:
        """Apply the operator to Tensors (or scalars, where it takes them), recording it."""
        if self.defaults:
            params = {**self.defaults, **params}
        if self.one is not None and len(operands) == 1:
            return self.one(operands[0], params)
        return apply_generally(self, operands, params)

    def call(self, operand: Any, params: dict[str, Any]) -> Any:
        """Apply an operator of one operand with all of its parameters given."""
        return self.one(operand, params) if self.one is not None else apply_generally(self, (operand,), params)

    def vjp_of_view(self, xp: Any, grad: Any, params: dict[str, Any], shape: tuple[int, ...]) -> Any:
        """The rule of a view operator, which depends on nothing but the parameters and the operand's shape."""
        name = self.operands[0]
        rule = self.vjp[name]
        given = {**params, name + "_shape": shape}
        names = rule.__code__.co_varnames[2 : rule.__code__.co_argcount]
        return rule(xp, grad, *[given[n] for n in names])


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.strip("_").split("_"))


def op(
    kind: str | None = None,
    *,
    name: str | None = None,
    node: str | None = None,
    vjp: Callable | dict[str, Callable] | None = None,
    joint: Callable | None = None,
    jvp: Callable | dict[str, Callable] | None = None,
    dtype: str | None = "promote",
    view: bool = False,
    outputs: tuple[str, ...] | str | None = None,
    n_differentiable: int | None = None,
    residuals: tuple[str, ...] = (),
    constant: Sequence[str] = (),
    scalars: bool = True,
    optional: bool = False,
    refuses: Mapping[str, str | None] | str | None = None,
    public: bool | None = None,
    aliases: Sequence[str] = (),
    method: bool = True,
    inplace: bool = True,
) -> Callable[[Callable], Any]:
    """Declare an operator: decorate its kernel `f(xp, operand, ..., *, parameter=default, ...)`.

    The kernel gets raw arrays (all of one dtype under the dtype rules "promote" and "float") and returns a raw array,
    or a tuple of them: the outputs, then the residuals. It must not modify its operands.

    kind: `pointwise`, `linear`, `multilinear`, `nondifferentiable` or None: what forward mode may derive.
    node: the name of the node class; `NameBackward0` if not given.
    vjp: the derivative, a function `(xp, g, ...)` for an operator of one operand, else a dict operand -> function. The
        names of the further arguments say what is saved: `out` (or the name of an output), an operand's name, a
        residual's, `<operand>_shape`, `<operand>_dtype`, a parameter's name. The result may have any shape that
        broadcasting made of the operand's, and any dtype: the engine sums and casts. None means a zero gradient.
    joint: instead of vjp, one function that returns the gradients of all operands, for variadic operators or shared
        work; it may ask for `needs`, a tuple of bools.
    jvp: the forward derivative where `kind` does not give it: `(xp, t, ...)` for one operand, else a dict
        operand -> function (the results are summed); the arguments are named as for vjp.
    dtype: "promote" (to the common dtype), "float" (the same, and integers to the default dtype), None (left alone).
    view: the result shares memory with the first operand.
    outputs: the names of the outputs if there are several, or "list" if their number varies; `n_differentiable` of
        them, the first ones, have a derivative (all if not given). With several, `g` is a list.
    residuals: names of what the kernel returns after its outputs, for the rules only.
    constant: operands that have no derivative by nature (indices, masks).
    scalars: whether Python numbers may stand for operands.
    optional: whether operands may be None (but not the first, and only under the dtype rule None).
    refuses: the kinds of dtype ("b", "iu", "c", ...) that the operator has no kernel for, or a dict kind -> the words
        of the error, with {dtype} for its name (None: PyTorch's usual words). The dtype meant is the common one;
        "any b" means that of any operand, and "all b" beside it has the words for when all of them are.
    public: make the function, the method (unless `method=False`) and the in-place method `name_` (unless
        `inplace=False`) from the kernel's own signature; by default for pointwise operators only. Else write a public
        function with `@public`.
    """

    def declare(kernel: Callable) -> Any:
        record = Op(kernel, kind, {
            "name": name, "node": node, "vjp": vjp, "joint": joint, "jvp": jvp, "dtype": dtype, "view": view,
            "outputs": outputs, "n_differentiable": n_differentiable, "residuals": residuals, "constant": constant,
            "scalars": scalars, "optional": optional,
            "refuses": dict.fromkeys(refuses) if isinstance(refuses, str) else refuses,
        })  # fmt: skip
        OPS[record.name] = record
        if record.single:
            from ._fast import make_one

            record.one = make_one(record, apply_generally)
        if public or (public is None and kind == pointwise):
            from ._forms import make_forms

            make_forms(record, aliases, method, inplace)
        return record

    return declare


def convert(op: Op, xp: Any, arrays: list) -> list:
    """Cast the operands as the operator's dtype rule says; Python scalars become 0-d."""
    if op.refuses is not None:
        check_refused(op, arrays, before_promotion=True)
    dtype = result_dtype(arrays)
    if op.dtype_rule == "float" and dtype.kind in "biu":
        dtype = get_default_dtype().np
    converted = []
    for array in arrays:
        if isinstance(array, (builtins.bool, builtins.int, builtins.float, builtins.complex)):
            array = xp.scalar(array, dtype)
        elif array.dtype != dtype:
            array = xp.astype(array, dtype)
        converted.append(array)
    return converted


def run_kernel(op: Op, xp: Any, arrays: Sequence, params: dict[str, Any]) -> Any:
    """Call the kernel; NumPy's floating-point warnings never reach the user, NumPy's errors become PyTorch's."""
    if op.refuses is not None:
        check_refused(op, arrays)
    try:
        return op.kernel(xp, *arrays, **params)
    except RuntimeWarning:
        # The user made warnings errors: PyTorch has none for overflow or 0/0.
        with np.errstate(all="ignore"):
            return op.kernel(xp, *arrays, **params)
    except ValueError as error:
        if op.kind == pointwise or op.kind == nondifferentiable:
            check_broadcast([array.shape for array in arrays if hasattr(array, "shape")])
        raise RuntimeError(f"{op.name}(): {error} (operand shapes: {_shapes(arrays)})") from error
    except TypeError as error:
        if not str(error).startswith(("ufunc '", "numpy boolean")):
            raise
        raise not_implemented(op, arrays[0].dtype) from error


def not_implemented(op: Op, dtype: Any, words: str | None = None) -> RuntimeError:
    """The error for a dtype that an operator has no kernel for."""
    name = from_numpy_dtype(dtype).scalar_name
    if words is not None:
        kind = NotImplementedError if words.startswith(_NOT_IMPLEMENTED) else RuntimeError
        return kind(words.replace("{dtype}", name))
    return NotImplementedError(f"\"{op.name.strip('_')}_cpu\" not implemented for '{name}'")


# PyTorch has two classes of error for this; these words begin those of the narrower one.
_NOT_IMPLEMENTED = ('"', "Unlike", "floor is", "ceil is", "trunc is", "clamp is", "signbit is")


def check_refused(op: Op, arrays: Sequence, before_promotion: bool = False) -> None:
    """Raise if the operator refuses the dtype of its operands."""
    refuses: Any = op.refuses
    for array in arrays:
        kind = getattr(getattr(array, "dtype", None), "kind", None)
        if before_promotion and kind is not None:
            kind = f"any {kind}"
        if kind is not None and kind in refuses:
            of_all = f"all {kind[-1]}"
            if of_all in refuses and all(np.asarray(other).dtype.kind == kind[-1] for other in arrays):
                kind = of_all
            raise not_implemented(op, array.dtype, refuses[kind])


def _shapes(arrays: Sequence) -> str:
    return ", ".join(str(list(a.shape)) if hasattr(a, "shape") else repr(a) for a in arrays)


def check_broadcast(shapes: Sequence[tuple[int, ...]]) -> None:
    """Raise PyTorch's error where shapes do not broadcast."""
    first = shapes[0]
    for other in shapes[1:]:
        n = max(len(first), len(other))
        for offset in range(1, min(len(first), len(other)) + 1):
            a, b = first[-offset], other[-offset]
            if a != b and a != 1 and b != 1:
                raise RuntimeError(
                    f"The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension "
                    f"{n - offset}: the shapes {list(first)} and {list(other)} do not broadcast"
                )
        first = tuple(np.broadcast_shapes(first, other))


def apply(op: Op, operands: Sequence, params: dict[str, Any]) -> Any:
    """Apply an operator to Tensors and Python scalars, with all of its parameters given."""
    if op.one is not None and len(operands) == 1:
        return op.one(operands[0], params)
    return apply_generally(op, operands, params)


def apply_generally(op: Op, operands: Sequence, params: dict[str, Any]) -> Any:
    """The general path: operators of several operands, and whatever the fast paths leave to it."""
    mode = _mode()
    if not mode.fast and mode.watchers:
        return watched_operator(apply_generally, op, operands, params, "", mode)
    arrays: list = []
    edges: list = []
    any_edge = False
    agree = True
    grad = mode.grad
    first: Any = None
    dtype: Any = None
    for operand in operands:
        if isinstance(operand, Tensor):
            array = operand._array
            arrays.append(array)
            if first is None:
                first = operand
                dtype = array.dtype
            elif array.dtype is not dtype:
                agree = False
            edge = operand._edge
            if edge is not None and grad:
                if edge is LEAF:
                    edge = (operand, None)
                elif type(edge) is not tuple:
                    edge = edge.resolve(operand)
                if edge is not None:
                    any_edge = True
                edges.append(edge)
            else:
                edges.append(None)
        else:
            edges.append(None)
            agree = False
            if operand is None and op.optional:
                arrays.append(None)
                continue
            if not op.scalars:
                raise not_a_tensor(op, operands)
            arrays.append(operand if type(operand) in _PYTHON_NUMBERS else foreign_operand(op, operand, len(arrays)))
    if first is None:
        raise not_a_tensor(op, operands)
    if op.view and isinstance(arrays[0], np.generic):
        arrays[0] = first.own_array()
    xp = NAMESPACES[type(first._array)]
    if op.dtype_rule is not None and not (agree and op.refuses is None and dtype.kind in "fc"):
        arrays = convert(op, xp, arrays)
    try:
        result = run_kernel(op, xp, arrays, params) if op.refuses is not None else op.kernel(xp, *arrays, **params)
    except Exception:
        result = run_kernel(op, xp, arrays, params)
    if op.outputs is not None or op.residuals:
        return _finish_several(op, mode, operands, arrays, params, edges, any_edge, xp, result)
    tensor = _new(Tensor)
    tensor._array = result
    node = None
    if any_edge and op.node_class is not None:
        node, made = make_node(op, operands, arrays, params, edges, xp, (), mode)
        dtype = result.dtype
        if dtype.kind in "fcV":
            tensor._edge = (node, 0)
        node.shape = result.shape
        node.dtype = dtype
        if made.outputs or mode.saved_hooks:
            node.save_outputs(made, (tensor,), mode)
    if op.view:
        make_view(operands[0], tensor, tensor._edge, (op, params, arrays[0].shape), op.node_name, mode)
    if not mode.fast:
        _unusual(op, mode, operands, params, tensor, (), node, (tensor,))
    return tensor


def _finish_several(op, mode, operands, arrays, params, edges, any_edge, xp, result) -> Any:
    """Record the operation if it must be, and wrap what the kernel returned: several outputs, or residuals."""
    several = op.outputs is not None
    n = len(result) - len(op.residuals)
    results, residuals = tuple(result[:n]), tuple(result[n:])
    tensors = [wrap(array) for array in results]
    node = None
    if any_edge and op.node_class is not None:
        node, made = make_node(op, operands, arrays, params, edges, xp, residuals, mode)
        n_differentiable = len(tensors) if op.n_differentiable is None else op.n_differentiable
        for i in range(n_differentiable):
            if results[i].dtype.kind in "fcV":
                tensors[i]._edge = (node, i)
        if n_differentiable == 1 and op.outputs != "list":
            node.shape, node.dtype = results[0].shape, results[0].dtype
        else:
            node.metas = tuple([(r.shape, r.dtype) for r in results[:n_differentiable]])
            node.n_outputs = n_differentiable
        node.save_outputs(made, tensors, mode)
    if op.view:
        for i, tensor in enumerate(tensors):
            step = (OutputOf(op, i), params, arrays[0].shape)
            make_view(operands[0], tensor, tensor._edge, step, op.node_name, mode)
            view = tensor._edge
            if tensor._version_counter is NO_VERSIONS:
                continue
            view.output_nr = i
            if mode.grad and view.creation != "inference":
                view.creation = "multi_output"
    outputs = tuple(tensors) if several else tensors[0]
    if not mode.fast:
        _unusual(op, mode, operands, params, outputs, residuals, node, tensors)
    return outputs


def _unusual(op, mode, operands, params, outputs, residuals, node, tensors) -> None:
    """What the less usual modes do with the result of an operation."""
    if mode.inference and not op.view:
        for tensor in tensors:
            tensor._version_counter = NO_VERSIONS
    if mode.anomaly == "forward":
        from ..autograd.anomaly_mode import check_forward

        check_forward(op.name, operands, tensors)
    if mode.dual_level >= 0:
        from ..autograd.forward_ad import note_tangents, propagate

        propagate(op, operands, params, outputs, residuals)
        if node is not None:
            note_tangents(node, operands, tensors)


def make_node(op, operands, arrays, params, edges, xp, residuals, mode) -> tuple:
    """The node of one recorded operation, with what its rules will need of the operands saved; and the plan of that."""
    dead_ends = ()
    for edge in edges:
        if edge is NOWHERE_EDGE:  # (not `in`, which would compare leaves)
            dead_ends = tuple([i for i, edge in enumerate(edges) if edge is NOWHERE_EDGE])
            edges = [None if edge is NOWHERE_EDGE else edge for edge in edges]
            break
    if op.constant:
        edges = [
            None if name in op.constant else edge for name, edge in zip(op.operands, edges, strict=not op.variadic)
        ]
    if len(edges) == 1:
        made = op.plans.get(_TRUE) or plan(op, _TRUE)
    else:
        needs = _TRUE if op.variadic else tuple([edge is not None for edge in edges])
        made = op.plans.get(needs) or plan(op, needs)
    node = op.node_class()
    node.edges = edges if type(edges) is tuple else tuple(edges)
    node.sequence_nr = _next()
    if dead_ends:
        node.dead_ends = dead_ends
    frame = _getframe(2)
    while frame is not None and INTERNAL[frame.f_code.co_filename]:
        frame = frame.f_back
    if frame is not None:
        node.code = frame.f_code
        node.offset = frame.f_lasti
    if params:
        node.params = params
    if xp is not numpy_namespace:
        node.xp = xp
    if not mode.fast:
        if mode.anomaly:
            node.note_anomaly()
        if mode.saved_hooks:
            node.operands = operands
    if made.operands or made.shapes or made.residuals:
        node.save_operands(made, operands, arrays, residuals)
    return node, made


_TRUE = (True,)
_mode = MODE.get
_next = SEQUENCE.__next__
_new = object.__new__
_getframe = sys._getframe


def wrap(array: Any) -> Any:
    """A new Tensor on a raw array: a leaf that does not require grad."""
    tensor = _new(Tensor)
    tensor._array = array
    if not _mode().fast and _mode().inference:
        tensor._version_counter = NO_VERSIONS
    return tensor


_PYTHON_NUMBERS = frozenset((builtins.bool, builtins.int, builtins.float, builtins.complex))


def not_a_tensor(op: Op, operands: Sequence) -> TypeError:
    """The error for a call with something else where a Tensor is needed."""
    names = op.operands if not op.variadic else [op.operands[0]] * len(operands)
    for position, (name, operand) in enumerate(zip(names, operands, strict=False)):
        if not isinstance(operand, Tensor):
            return TypeError(
                f"{op.name.strip('_')}(): argument '{name}' (position {position + 1}) must be Tensor, not "
                f"{type(operand).__name__}. Make a Tensor of it with torch.as_tensor() first."
            )
    return TypeError(f"{op.name.strip('_')}() missing {len(op.operands) - len(operands)} required positional arguments")


def foreign_operand(op: Op, value: Any, position: int) -> Any:
    if isinstance(value, (builtins.bool, np.bool_)):
        return builtins.bool(value)
    if isinstance(value, (builtins.int, np.integer)):
        return builtins.int(value)
    if isinstance(value, (builtins.float, np.floating)):
        return builtins.float(value)
    if isinstance(value, (builtins.complex, np.complexfloating)):
        return builtins.complex(value)
    raise TypeError(
        f"{op.name.strip('_')}(): argument '{op.operands[0 if op.variadic else position]}' (position {position + 1}) "
        f"must be Tensor, not {type(value).__name__}. Make a Tensor of it with torch.as_tensor() first."
    )


def public(
    *names: str, method: bool | str = True, function: bool = True, inplace: str | None = None
) -> Callable[[Callable], Callable]:
    """Register a hand-written public function under its own name and the names given: as function and as method."""

    def register(function_: Callable) -> Callable:
        for name in (function_.__name__, *names):
            if function:
                FUNCTIONS[name] = function_
            if method:
                METHODS[name] = function_
        return function_

    return register


class _NotYet:
    """Stands for `mibun.Tensor` until `tensor.py` is imported (which needs this module first)."""


Tensor: Any = _NotYet


def set_tensor_class(cls: type) -> None:
    """Tell the dispatch which class it makes."""
    global Tensor
    Tensor = cls


__all__ = [
    "FUNCTIONS", "METHODS", "OPS", "Op", "VersionCounter", "apply", "linear", "multilinear", "nondifferentiable", "op",
    "pointwise", "public", "wrap",
]  # fmt: skip
