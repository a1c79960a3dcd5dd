"""`torch.ops.aten`: PyTorch's names for operators, which profiles show and selective checkpointing takes.

`torch.ops.aten.mm.default` stands for the operator wherever one is named. It is found by the name that PyTorch's
dispatcher has for it, which for mibun's own operators follows from the name of their node (`AddmmBackward0`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from ..core.registry import FUNCTIONS, METHODS, MODULE_LOADERS, OPS, PUBLISHED
from ..dispatch.declare import Op
from ..dispatch.forms import function_of as function_of_operator
from .aten_calls import CALLS

# Where neither mibun's name of an operator nor that of its node is PyTorch's.
_NAMES = {
    "_reshape_alias": "_reshape_alias",
    "columns_to_image": "col2im",
    "contract": "einsum",
    "euclidean_distances": "_euclidean_dist",
    "fft_c2c": "_fft_c2c",
    "fft_c2r": "_fft_c2r",
    "fft_r2c": "_fft_r2c",
    "floor_divide": "floor_divide",
    "grid_sample_2d": "grid_sampler_2d",
    "grid_sample_3d": "grid_sampler_3d",
    "image_to_columns": "im2col",
    "log_softmax_over": "_log_softmax",
    "matmul_batched": "bmm",
    "matmul_rows": "mm",
    "matmul_vector": "mv",
    "pack_rows": "_pack_padded_sequence",
    "prelu_kernel": "_prelu_kernel",
    "repeat_each": "repeat_interleave",
    "resample_UpsampleBicubic2DAaBackward0": "_upsample_bicubic2d_aa",
    "resample_UpsampleBilinear2DAaBackward0": "_upsample_bilinear2d_aa",
    "resample_UpsampleNearestExact1DBackward0": "_upsample_nearest_exact1d",
    "resample_UpsampleNearestExact2DBackward0": "_upsample_nearest_exact2d",
    "resample_UpsampleNearestExact3DBackward0": "_upsample_nearest_exact3d",
    "softmax_over": "_softmax",
    "special_i0e": "special_i0e",
    "special_i1e": "special_i1e",
    "special_ndtr": "special_ndtr",
    "special_xlog1py": "special_xlog1py",
    "special_xlog1py_factor": "special_xlog1py",
    "special_xlog1py_number": "special_xlog1py",
    "to_copy": "_to_copy",
    "trilinear": "_trilinear",
    "unique": "_unique2",
    "unsafe_view": "_unsafe_view",
    "vm": "mv",
    "weight_normed": "_weight_norm_interface",
}
# Operators that mibun makes of others: they can be named, though nothing is ever called so here.
_COMPOSED = (
    "_scaled_dot_product_cudnn_attention",
    "_scaled_dot_product_efficient_attention",
    "_scaled_dot_product_flash_attention",
    "_scaled_dot_product_flash_attention_for_cpu",
    "_sparse_addmm",
    "conv1d",
    "conv2d",
    "conv3d",
    "cross_entropy_loss",
    "linear",
    "scaled_dot_product_attention",
)
_OVERLOADS = {
    **dict.fromkeys(("add", "sub", "mul", "div", "rsub", "floor_divide", "slice", "remainder", "fmod"), "Tensor"),
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), "Tensor"),
    **dict.fromkeys(("select", "transpose"), "int"),
    "sum_dim": "dim_IntList",
    "mean_dim": "dim",
    "max_dim": "dim",
    "min_dim": "dim",
    "prod_dim": "dim_int",
    "pow_number": "Tensor_Scalar",
    "pow_tensor": "Tensor_Tensor",
    "pow_base": "Scalar",
}
# The names that overloads have; one that ends with `out` is always one.
_OVERLOAD_NAMES = frozenset(
    """
    ScalarOpt_dim Scalar Scalar_Other Scalar_Self Scalar_Tensor Scalar_mode SymInt Tensor Tensor_Scalar Tensor_Tensor
    Tensor_Tensor_Scalar Tensor_mode atol_rtol_float atol_rtol_tensor bool complex correction decimals default device
    dim dim_DimnameList dim_IntList dim_int dim_max dim_min dims dtype dtype_layout float float_Tensor generator
    input int int_Scalar int_Tensor low low_generator memory_format names_dim negative other other_scalar padding
    prims_copy reduce sections self self_Tensor self_int self_scalar size sizes source_Tensor spacing src stable start
    start_step str t two unbiased value value_reduce values vec x
    """.split()
)


def aten_name(op: Op) -> str:
    """What PyTorch's dispatcher calls an operator of mibun's, without the namespace."""
    return _aten_name(op.name, op.node_name)


@functools.cache
def _aten_name(name: str, node_name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    if name in FUNCTIONS or name in METHODS:
        return name
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", node_name.partition("Backward")[0])
    found = re.sub(r"(\d)_d(?=_|$)", r"\1d", words.lower())
    return name.rstrip("_") if found in ("not_implemented", "") else found


class OpOverload:
    """The name of an operator, as in `torch.ops.aten.add.Tensor`; can be called where mibun has a function of it.

    Two of them are equal if they name the same operator: mibun has no overloads, so their names make no difference.
    """

    namespace = "aten"

    def __init__(self, packet: OpOverloadPacket, overload: str) -> None:
        self.overloadpacket = self._overloadpacket = packet
        self._overloadname = overload
        self._opname = packet.__name__
        self.__name__ = f"{packet.__name__}.{overload}"

    def name(self) -> str:
        """The name as PyTorch's dispatcher has it: `aten::add.Tensor`."""
        name = f"aten::{self.overloadpacket.__name__}"
        return name if self._overloadname == "default" else f"{name}.{self._overloadname}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OpOverload) and other.overloadpacket is self.overloadpacket

    def __hash__(self) -> int:
        return hash(self.overloadpacket)

    @property
    def _schema(self) -> Any:
        """What it takes and returns, by the signature of the function that does the work."""
        from .schema import schema_of

        name = self.overloadpacket.__name__
        return schema_of(name, self._overloadname, function_of(name) or self.__call__)

    @property
    def op(self) -> Callable:
        """What is called."""
        return self.__call__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.overloadpacket(*args, **kwargs)

    def __str__(self) -> str:
        return f"aten.{self.__name__}"

    def __repr__(self) -> str:
        return f"<OpOverload(op='aten.{self.overloadpacket.__name__}', overload='{self._overloadname}')>"


class OpOverloadPacket:
    """All overloads of one operator, as in `torch.ops.aten.add`."""

    namespace = "aten"

    def __init__(self, name: str) -> None:
        self.__name__ = name

    @property
    def _qualified_op_name(self) -> str:
        return f"{self.namespace}::{self.__name__}"

    def __getattr__(self, name: str) -> OpOverload:
        if name not in _OVERLOAD_NAMES and not (name.endswith("out") and name[:1] != "_"):
            raise AttributeError(f"The underlying op of 'aten.{self.__name__}' has no overload name '{name}'")
        return OpOverload(self, name)

    def overloads(self) -> list[str]:
        """The names of the overloads that mibun's operators of this name stand for."""
        found = [overload_of(op, op.name) for op in OPS.values() if aten_name(op) == self.__name__.rstrip("_")]
        names = list(dict.fromkeys(one._overloadname for one in found)) or ["default"]
        function = function_of(self.__name__)
        takes_out = function is not None and "out" in _parameters(function)
        return [*names, "out"] if takes_out else names

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        function = function_of(self.__name__)
        if function is None:
            raise TypeError(f"aten.{self.__name__} is a name only: mibun has no function that is called so")
        return function(*args, **kwargs)

    def __str__(self) -> str:
        return f"aten.{self.__name__}"

    def __repr__(self) -> str:
        return f"<OpOverloadPacket(op='aten.{self.__name__}')>"


# The modules whose functions PyTorch's dispatcher knows by these prefixes.
_MODULES = {
    "linalg_": "mibun.linalg",
    "special_": "mibun.special",
    "fft_": "mibun.fft",
    "": "mibun.nn.functional",
}


@functools.cache
def function_of(name: str) -> Callable | None:
    """What `torch.ops.aten.<name>` calls: a function of its own, a public one, a method or the operator. None if none.

    Arguments are looked for in this order, as the signatures of PyTorch's operators are those of its functions mostly.
    """
    from .aten_forms import BACKWARD, FORMS, backward_of  # which few programs need

    function = CALLS.get(name) or FORMS.get(name) or FUNCTIONS.get(name) or METHODS.get(name)
    if callable(function):
        return function
    forward = name.removesuffix("_backward")
    if forward != name and forward in BACKWARD:
        forward_function = function_of(forward)
        return None if forward_function is None else backward_of(forward_function)
    for prefix, module in _MODULES.items():
        if name.startswith(prefix):
            for load in MODULE_LOADERS:
                load(module)
            function = PUBLISHED.get(module, {}).get(name.removeprefix(prefix))
            if callable(function):
                return function
    operator = OPS[name] if name in OPS else None
    if operator is None:  # by the name of its node, if it has operands only
        operator = next((op for op in OPS.values() if not op.params and aten_name(op) == name), None)
    return None if operator is None else function_of_operator(operator)


def _parameters(function: Callable) -> list[str]:
    import inspect

    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []


_packets: dict[str, OpOverloadPacket] = {}


def packet(name: str) -> OpOverloadPacket:
    """The one object that stands for `torch.ops.aten.<name>`."""
    found = _packets.get(name)
    return _packets.setdefault(name, OpOverloadPacket(name)) if found is None else found


def overload_of(op: Op, name: str) -> OpOverload:
    """What `torch.ops.aten` calls an application of an operator; `name` is the in-place form's if it is that."""
    found = aten_name(op)
    overload = _OVERLOADS.get(op.name) or _OVERLOADS.get(found, "default")
    if name != op.name and name.endswith("_") and not found.endswith("_"):
        found += "_"
    return OpOverload(packet(found), overload)


def event_name(op: Op, name: str) -> str:
    """What a profile calls an application of an operator."""
    return f"aten::{overload_of(op, name).overloadpacket.__name__}"


@functools.cache
def _known() -> frozenset[str]:
    from .aten_forms import BACKWARD, FORMS

    named = {aten_name(op) for op in OPS.values()}
    derivatives = [f"{name}_backward" for name in BACKWARD]
    in_place = [f"{name}_" for name in named]
    return frozenset({*named, *in_place, *derivatives, *FUNCTIONS, *METHODS, *_COMPOSED, *CALLS, *FORMS})


def __getattr__(name: str) -> OpOverloadPacket:
    if name.startswith("__") or name not in _known():
        raise AttributeError(f"'_OpNamespace' 'aten' object has no attribute '{name}'")
    return packet(name)
