"""An application of an operator as PyTorch's dispatcher has it: which overload of `torch.ops.aten`, which arguments.

It is what a `__torch_dispatch__` is given. `overload_of` is the one place that knows; an operator that is in no table
here is told of with its operands by position and its parameters by name, as it is declared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core.dtypes import from_numpy_dtype
from ..core.mode import no_grad
from ..core.registry import FUNCTIONS, METHODS, OPS
from ..dispatch.apply import apply
from ..dispatch.declare import Op
from .aten import OpOverload, aten_name, packet
from .aten import overload_of as _named

Call = tuple[tuple, dict[str, Any]]  # positional and keyword arguments


class OpCall(OpOverload):
    """An overload in one application: called, it computes as that application would, with the arguments it is given.

    `applied`, `applied_to`, `given`: the operator, operands and parameters as mibun has them.
    """

    def __init__(self, named: OpOverload, call: Callable[..., Any], op: Op, operands: Sequence, params: dict) -> None:
        super().__init__(named.overloadpacket, named._overloadname)
        self._call = call
        self.applied, self.applied_to, self.given = op, operands, params

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)


def overload_of(op: Op, operands: Sequence, params: dict[str, Any], name: str) -> tuple[OpCall, tuple, dict[str, Any]]:
    """The overload that stands for an application, and its arguments as PyTorch has them.

    name: the in-place form's, if it is that; called, the overload then gives the new value, and leaves the writing to
    whoever is in charge of it.
    """
    inplace = name != op.name and name.endswith("_")
    form = _FORMS.get(op.name)
    if form is not None and not inplace:
        found = form(operands, params)
        if found is not None:
            overload, (args, kwargs), call = found
            packet_name, _, variant = overload.partition(".")
            named = OpOverload(packet(packet_name), variant or "default")
            return OpCall(named, call or _public(packet_name), op, operands, params), args, kwargs
    named = _named(op, name)
    if named._overloadname == "Tensor" and len(operands) == 2 and not hasattr(operands[1], "shape"):
        # (A Python number is a tensor for the arithmetic ones, in PyTorch too.)
        if aten_name(op) not in ("add", "sub", "mul", "div", "rsub", "floor_divide"):
            named = OpOverload(named.overloadpacket, "Scalar")

    def call(*args: Any, **kwargs: Any) -> Any:
        return apply(op, args, {**params, **kwargs})

    return OpCall(named, call, op, operands, params), tuple(operands), dict(params)


def _public(name: str) -> Callable[..., Any]:
    return FUNCTIONS[name] if name in FUNCTIONS else METHODS[name]


# --- the forms of operators whose arguments PyTorch has differently: (overload, arguments, how to compute) ---


def _reduction(name: str, overload: str) -> Callable:
    def form(operands: Sequence, params: dict[str, Any]) -> Any:
        keepdim = (params["keepdim"],) if params["keepdim"] else ()
        return f"{name}.{overload}", ((operands[0], list(params["dims"]), *keepdim), {}), None

    return form


def _along(name: str, overload: str = "dim") -> Callable:
    def form(operands: Sequence, params: dict[str, Any]) -> Any:
        keepdim = (params["keepdim"],) if params["keepdim"] else ()
        return f"{name}.{overload}", ((operands[0], params["dim"], *keepdim), {}), None

    return form


def _sizes(name: str, key: str) -> Callable:
    def form(operands: Sequence, params: dict[str, Any]) -> Any:
        return f"{name}.default", ((operands[0], list(params[key])), {}), None

    return form


def _listed(name: str) -> Callable:
    def form(operands: Sequence, params: dict[str, Any]) -> Any:
        dim = (params["dim"],) if params.get("dim") else ()
        return f"{name}.default", ((list(operands), *dim), {}), None

    return form


def _softmax(name: str) -> Callable:
    def form(operands: Sequence, params: dict[str, Any]) -> Any:
        def compute(self: Any, dim: int, half_to_float: bool) -> Any:
            return _public(name)(self, dim)

        return f"_{name}.default", ((operands[0], params["dim"], False), {}), compute

    return form


def _linear(operands: Sequence, params: dict[str, Any]) -> Any:
    bias, input, weight = operands  # noqa: A001
    if input.ndim != 2 or weight.ndim != 2 or bias is None:
        return None
    with no_grad():
        transposed = METHODS["t"](weight)
    return "addmm.default", ((bias, input, transposed), {}), None


def _added(name: str) -> Callable:
    def form(operands: Sequence, params: dict[str, Any]) -> Any:
        given = {key: params[key] for key in ("beta", "alpha") if params.get(key, 1) != 1}
        return f"{name}.default", (tuple(operands), given), None

    return form


def _scaled(name: str) -> Callable:
    def form(operands: Sequence, params: dict[str, Any]) -> Any:
        return f"{name}.Tensor", (tuple(operands), {"alpha": params["alpha"]}), None

    return form


def _convolution(transposed: bool) -> Callable:
    def form(operands: Sequence, params: dict[str, Any]) -> Any:
        name = "convolve_transposed" if transposed else "convolve"
        output_padding = [0] * len(params["stride"])
        order = (params["stride"], params["padding"], params["dilation"])
        args = (*operands, *map(list, order), transposed, output_padding, params["groups"])

        def compute(*args: Any) -> Any:
            return apply(OPS[name], args[:3], params)

        return "convolution.default", (args, {}), compute

    return form


def _transpose(operands: Sequence, params: dict[str, Any]) -> Any:
    return "transpose.int", ((operands[0], params["dim0"], params["dim1"]), {}), None


def _select(operands: Sequence, params: dict[str, Any]) -> Any:
    index = params["index"]
    if index and type(index[0]) is int and all(part is ... for part in index[1:]):
        return "select.int", ((operands[0], 0, index[0]), {}), None
    return None


def _insert(operands: Sequence, params: dict[str, Any]) -> Any:
    index = params["index"]
    before = [part for part in index if part is not ...]
    if before.count(None) == 1 and all(part is None or part == slice(None) for part in before):
        return "unsqueeze.default", ((operands[0], before.index(None)), {}), None
    return None


def _one_dim(name: str) -> Callable:
    def form(operands: Sequence, params: dict[str, Any]) -> Any:
        return f"{name}.default", ((operands[0], params["dim"]), {}), None

    return form


def _masked_fill(operands: Sequence, params: dict[str, Any]) -> Any:
    value = params["value"]
    return "masked_fill.Scalar", ((*operands, getattr(value, "item", lambda: value)()), {}), None


def _reversed(operands: Sequence, params: dict[str, Any]) -> Any:
    given = {"alpha": params["alpha"]} if params.get("alpha", 1) != 1 else {}
    return "rsub.Scalar", ((operands[0], params["other"]), given), None


def _to_copy(operands: Sequence, params: dict[str, Any]) -> Any:
    def compute(self: Any, dtype: Any) -> Any:
        return METHODS["to"](self, dtype, copy=True)

    return "_to_copy.default", ((operands[0],), {"dtype": from_numpy_dtype(params["dtype"])}), compute


def _power(operands: Sequence, params: dict[str, Any]) -> Any:
    return "pow.Tensor_Scalar", ((operands[0], params["exponent"]), {}), None


def _clone(operands: Sequence, params: dict[str, Any]) -> Any:
    order = params.get("memory_format")
    given = {} if order is None or str(order) == "torch.preserve_format" else {"memory_format": order}
    return "clone.default", ((operands[0],), given), None


_FORMS: dict[str, Callable[[Sequence, dict[str, Any]], Any]] = {
    "sum_dim": _reduction("sum", "dim_IntList"),
    "mean_dim": _reduction("mean", "dim"),
    "amax": _reduction("amax", "default"),
    "amin": _reduction("amin", "default"),
    "max_dim": _along("max"),
    "min_dim": _along("min"),
    "view": _sizes("view", "shape"),
    "reshape": _sizes("view", "shape"),
    "expand": _sizes("expand", "shape"),
    "permute": _sizes("permute", "dims"),
    "cat": _listed("cat"),
    "stack": _listed("stack"),
    "softmax_over": _softmax("softmax"),
    "log_softmax_over": _softmax("log_softmax"),
    "linear_with_bias": _linear,
    "addmm": _added("addmm"),
    "addmv": _added("addmv"),
    "baddbmm": _added("baddbmm"),
    "addbmm": _added("addbmm"),
    "add_scaled": _scaled("add"),
    "sub_scaled": _scaled("sub"),
    "convolve": _convolution(False),
    "convolve_transposed": _convolution(True),
    "transpose": _transpose,
    "select": _select,
    "insert_dims": _insert,
    "pow_number": _power,
    "unsqueeze": _one_dim("unsqueeze"),
    "squeeze_dim": _one_dim("squeeze"),
    "masked_fill_number": _masked_fill,
    "masked_fill": lambda operands, params: _masked_fill(operands, params) if "value" in params else None,
    "rsub": lambda operands, params: _reversed(operands, params) if "other" in params else None,
    "rsub_number": lambda operands, params: _reversed(operands, params) if "other" in params else None,
    "to_copy": _to_copy,
    "clone": _clone,
}
