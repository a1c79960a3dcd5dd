"""How an operator is declared, and the one path that every call of an operator takes.

`@op` turns a kernel (a plain function over an array namespace `xp`) and its derivative rules into an `Op` record, from
which the function, the method, the in-place and `out=` forms and the node class of the graph are made. `apply` is the
general path; `_fast.py` specialises it for the commonest shapes of call, and falls back to it for everything else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numpy import ndarray

from ..core.registry import OPS
from . import rules
from .apply import apply_generally
from .fast import make_one, make_parts
from .forms import make_forms
from .natively import natively
from .nodes import make_node_class, slots_of
from .pieces import kernel_by_rows, large_kernel
from .several import make_several, make_variadic

# What forward mode may derive from the declaration (see `autograd/forward_ad.py`).
pointwise = "pointwise"  # elementwise and holomorphic where complex: the JVP is the VJP conjugated
symmetric = "symmetric"  # the Jacobian equals its transpose: the JVP is the VJP conjugated (`pointwise` implies it)
linear = "linear"  # jointly linear in all operands: the JVP is the operator on the tangents
multilinear = "multilinear"  # linear in each operand: the JVP is the sum of the operator with one tangent each
nondifferentiable = "nondifferentiable"  # no output has a derivative


class Op:
    """The declaration of one operator. See `op` for what the attributes mean."""

    def __init__(self, kernel: Callable, kind: str | None, options: dict[str, Any]) -> None:
        code = kernel.__code__
        n_positional = code.co_argcount
        inner = kernel if options["rows"] is None else kernel_by_rows(kernel, options["rows"], options["shared"])
        self.native: bool = options["native"]
        if self.native:
            inner = natively(kernel)
        self.memory: str | None = options["memory"]
        self.kernel = inner if options["memory"] is None else _arranged(inner, options)
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
        self.dispatched = False  # whether a `__torch_dispatch__` is in the place of the kernel
        self.outputs: tuple[str, ...] | None = options["outputs"]
        self.n_differentiable: int | None = options["n_differentiable"]
        self.residuals: tuple[str, ...] = options["residuals"]
        self.constant: frozenset[str] = frozenset(options["constant"])
        self.flat: tuple[str, ...] = tuple(options["flat"])
        self.traced: tuple[str, ...] = tuple(options["traced"])
        self.absent: tuple[int, ...] = tuple(options["absent"])
        self.joint: Callable | None = options["joint"]
        self.rows: Callable | None = options["rows"]
        self.shared: tuple[str, ...] = tuple(options["shared"])
        # Whether large work is done some elements at a time; `large` is the kernel that does so.
        self.elementwise = (kind == pointwise or options["elements"]) and not (
            self.variadic or self.outputs or self.residuals or self.view
        )
        self.single = not self.variadic and len(self.operands) == 1 and self.outputs is None and not self.residuals
        # Of several operands and one output.
        self.plain = not (self.single or self.variadic or self.outputs or self.residuals or self.view) and not (
            options["optional"] and self.dtype_rule is not None
        )
        vjp = options["vjp"]
        if callable(vjp):
            vjp = {self.operands[0]: vjp}
        self.vjp: dict[str, Callable] = vjp or {}
        self.jvp = options["jvp"]
        self.plans: dict[tuple[bool, ...], Any] = {}  # see _node.Plan
        self.one: Any = None  # the fast path of an operator of one operand: see fast.make_one
        self.several: Any = None  # that of an operator of several operands: see fast.make_several
        self.scalars: bool | str = options["scalars"]
        self.optional: bool = options["optional"]
        self.refuses: Mapping[str, str | None] | None = options["refuses"]
        self.node_name: str = options["node"] or _camel(self.name) + "Backward0"
        # Whether a node has its edges and saved values in slots, and in which: see `nodes.py`.
        self.compact = not (self.variadic or self.outputs or self.residuals) and len(self.operands) <= 2
        rules.check_rules(self)
        self.slots: tuple[int, ...] = slots_of(self) if self.compact else ()
        self.hidden = tuple(
            i
            for i, name in enumerate(self.operands)
            if name in self.constant or (self.joint is None and not self.variadic and name not in self.vjp)
        )
        self.run, self.run_once = rules.run, rules.run_once  # what runs a node in backward: see `rules.py`
        self.run_recorded, self.run_batched = rules.run_recorded, rules.run_batched
        self.differentiable = kind != nondifferentiable

    def __getattr__(self, name: str) -> Any:
        if name == "large":
            return vars(self).setdefault(name, large_kernel(self))
        if name != "node_class":
            raise AttributeError(f"an operator has no attribute {name!r}")
        # Made when a user first looks at such a node, who gets one class, whichever thread is first.
        return vars(self).setdefault(name, make_node_class(self))

    def __repr__(self) -> str:
        return f"<operator {self.name}>"

    def __call__(self, *operands: Any, **params: Any) -> Any:
        """Apply the operator to Tensors (or scalars, where it takes them), recording it."""
        if self.defaults:
            params = {**self.defaults, **params}
        if self.several is not None:
            return self.several(operands, params)
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


def _arranged(kernel: Callable, options: dict[str, Any]) -> Callable:
    """The kernel, with its outputs arranged in memory as the declaration says."""
    count = len(options["outputs"] or ("out",))
    channels = options["memory"] == "channels"

    @functools.wraps(kernel)
    def arranged(xp: Any, *arrays: Any, **params: Any) -> Any:
        result = kernel(xp, *arrays, **params)
        like = arrays if channels else ()
        if type(result) is not tuple:
            return result if type(result) is ndarray and result.ndim < 2 else xp.arranged(result, like)
        return (*[xp.arranged(out, like) for out in result[:count]], *result[count:])

    return arranged


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
    flat: Sequence[str] = (),
    traced: Sequence[str] = (),
    absent: Sequence[int] = (),
    scalars: bool | str = True,
    optional: bool = False,
    refuses: Mapping[str, str | None] | str | None = None,
    memory: str | None = None,
    rows: Callable[[int, dict[str, Any]], int | None] | None = None,
    shared: Sequence[str] = (),
    elements: bool = False,
    native: bool = False,
    public: bool | None = None,
    aliases: Sequence[str] = (),
    method: bool = True,
    inplace: bool = True,
) -> Callable[[Callable], Any]:
    """Declare an operator: decorate its kernel `f(xp, operand, ..., *, parameter=default, ...)`.

    The kernel gets raw arrays (all of one dtype under the dtype rules "promote" and "float") and returns a raw array,
    or a tuple of them: the outputs, then the residuals. It must not modify its operands.

    kind: `pointwise`, `symmetric`, `linear`, `multilinear`, `nondifferentiable` or None: what forward mode may derive.
    node: the name of the node class; `NameBackward0` if not given.
    vjp: the derivative, a function `(xp, g, ...)` for an operator of one operand, else a dict operand -> function. The
        names of the further arguments say what is saved: `out` (or the name of an output), an operand's name, a
        residual's, `<operand>_shape`, `<operand>_dtype`, a parameter's name. Of several outputs those that have no
        gradient get zeros, and `defined`, a tuple of bools, says which have one. The result may have any shape that
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
    flat: operands (or outputs) by which the second derivative is zero everywhere, and recorded all the same, as PyTorch
        does it: `grad` of a recorded gradient gives zeros there, and does not say that the operand was not used. It
        costs nothing unless `create_graph=True`, and rules know nothing of it.
    traced: operands that, if they require grad, make all recorded gradients require grad, even those that do not depend
        on them: PyTorch computes the gradients together, from these. A second derivative is None there, not zeros.
    absent: places among the node's `next_functions` at which PyTorch shows an operand that this form does not have.
    scalars: whether Python numbers may stand for operands; "other": in the public function not for the first.
    optional: whether operands may be None (but not the first, and only under the dtype rule None).
    refuses: the kinds of dtype ("b", "iu", "c", ...) that the operator has no kernel for, or a dict kind -> the words
        of the error, with {dtype} for its name (None: PyTorch's usual words). The dtype meant is the common one;
        "any b" means that of any operand, and "all b" beside it has the words for when all of them are.
    memory: how outputs lie in memory, which decides what can be viewed, where the library lets us know: "contiguous",
        or "channels": with the channels last if those of an operand are, else contiguous. None: as the kernel leaves
        them, in the order of the operands as a rule.
    rows: how many of the first axes of the largest operand are examples that are independent of each other, a function
        `(ndim, params)` (0 or None: none): large work is then done some rows at a time, in kernel and rules.
    shared: the operands of an operator with `rows` that are the same for all examples, whatever their shape.
    elements: the kernel treats each element for itself, and may give the sum or the mean of them all; the rules do so,
        too. Large work is then done some elements at a time, as that of pointwise operators is anyway.
    native: kernel and rules are compiled, where there is a compiler, as those of operators with `elements` or `rows`
        are anyway.
    public: make the function, the method (unless `method=False`) and the in-place method `name_` (unless
        `inplace=False`) from the kernel's own signature; by default for pointwise operators only. Else write a public
        function with `@public`.
    """

    def declare(kernel: Callable) -> Any:
        record = Op(
            kernel,
            kind,
            {
                "name": name,
                "node": node,
                "vjp": vjp,
                "joint": joint,
                "jvp": jvp,
                "dtype": dtype,
                "view": view,
                "outputs": outputs,
                "n_differentiable": n_differentiable,
                "residuals": residuals,
                "constant": constant,
                "flat": flat,
                "traced": traced,
                "absent": absent,
                "scalars": scalars,
                "optional": optional,
                "refuses": dict.fromkeys(refuses) if isinstance(refuses, str) else refuses,
                "memory": memory,
                "rows": rows,
                "shared": shared,
                "elements": elements,
                "native": native,
            },
        )
        OPS[record.name] = record
        if record.single:
            record.one = make_one(record, apply_generally)
        elif record.view and record.outputs == "list" and record.vjp:
            record.one = make_parts(record, apply_generally)
        elif record.plain:
            record.several = make_several(record, apply_generally)
        elif record.variadic and kind == linear and not record.outputs and not record.residuals:
            record.several = make_variadic(record, apply_generally)
        if public or (public is None and kind == pointwise):
            make_forms(record, aliases, method, inplace)
        return record

    return declare
