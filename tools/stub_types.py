"""What the stubs know beyond the source: types by parameter name, overloads, and the types of results.

`tools/stubs.py` takes a parameter's type from the source where it says one, and looks it up here where the source says
`Any` or nothing. Types are written as in any annotation: `Tensor`, `int`, `Sequence[int]`, and the aliases below. A
parameter whose default is None may be None without saying so.
"""

from __future__ import annotations

# Aliases that signatures are written with, so that a hover shows `other: Tensor | Number`. Under PEP 484 a parameter
# of type `complex` takes ints and floats, too.
ALIASES = {
    "Number": "complex | np.number[Any] | np.bool",
    "Device": "device | str | int",
    "Ints": "int | Sequence[int]",
    "Index": "SupportsIndex | slice | EllipsisType | Tensor | np.ndarray[Any, Any] | list[Any] | tuple[Any, ...]"
    " | None",
}

_TENSORS = (
    "A", "B", "L", "LD", "LU", "LU_data", "LU_pivots", "M", "a", "abs", "anchor", "angle", "attn_mask", "aweights", "b",
    "b_hh", "b_ih", "batch1", "batch2", "bias", "bias_k", "bias_v", "boundaries", "condition", "elements", "end",
    "fweights", "grid", "hx", "imag", "in_proj_bias", "in_proj_weight", "index", "indices", "input", "input1", "input2",
    "k_proj_weight", "key", "key_padding_mask", "log_probs", "logits", "mask", "mat", "mat1", "mat2", "negative",
    "offsets", "out", "out_proj_bias", "out_proj_weight", "per_sample_weights", "pivots", "pos_weight", "positive",
    "q_proj_weight", "query", "real", "running_mean", "running_var", "self", "sorted_sequence", "sorter", "source",
    "src", "static_k", "static_v", "target", "targets", "tau", "tensor", "tensor1", "tensor2", "theta", "v",
    "v_proj_weight", "values", "var", "vec", "vec1", "vec2", "w_hh", "w_ih", "weight", "weights", "window", "x", "x1",
    "x2", "y",
)  # fmt: skip
_INTS = (
    "destination", "dilation", "dims", "kernel_size", "normalized_shape", "output_padding", "output_size", "padding",
    "repeats", "s", "shape", "shifts", "size", "sizes", "split_size", "stride",
)  # fmt: skip
_NUMBERS = (
    "alpha", "base", "beta", "eps", "dx", "fill_value", "lambd", "maxnorm", "median", "nan", "neginf", "p", "posinf",
    "sigma", "start", "step", "value",
)  # fmt: skip

PARAMETERS = {
    **dict.fromkeys(_TENSORS, "Tensor"),
    **dict.fromkeys(_INTS, "Ints"),
    **dict.fromkeys(_NUMBERS, "Number"),
    "atol": "float | Tensor",
    "copy": "bool",
    "col": "int",
    "row": "int",
    "m": "int",
    "offset": "int",
    "correction": "int",
    "d": "float",
    "data": "Any",
    "device": "Device",
    "dim": "Ints",
    "divisor_override": "int",
    "dtype": "dtype",
    "exponent": "Tensor | Number",
    "generator": "Generator",
    "indices_or_sections": "int | Sequence[int] | Tensor",
    "input_lengths": "Tensor | Sequence[int]",
    "keepdim": "bool",
    "layout": "layout",
    "matrices": "Tensor",
    "max": "Tensor | Number",
    "mean": "Tensor | float",
    "memory_format": "memory_format",
    "min": "Tensor | Number",
    "n": "int",
    "num_samples": "int",
    "operands": "Tensor | Number",
    "ord": "Number | str",
    "other": "Tensor | Number",
    "others": "Tensor | Number",
    "physical_layout": "Sequence[int]",
    "prepend": "Tensor",
    "append": "Tensor",
    "q": "float | Tensor",
    "rcond": "float | Tensor",
    "reduce": "bool",
    "requires_grad": "bool",
    "rtol": "float | Tensor",
    "scale_factor": "float | Sequence[float]",
    "shapes": "int | Sequence[int]",
    "size_average": "bool",
    "split_sizes": "Sequence[int]",
    "split_size_or_sections": "Ints",
    "std": "Tensor | float",
    "steps": "int",
    "storage_offset": "int",
    "target_lengths": "Tensor | Sequence[int]",
    "tensors": "Sequence[Tensor]",
    "test_elements": "Tensor | Number",
    "tol": "float | Tensor",
    "unbiased": "bool",
}

# Where some functions mean something else by a name: the type, the parameter, the functions without a trailing "_".
_GROUPS = (
    ("Tensor", "other",
     "__imatmul__ __matmul__ __rmatmul__ allclose arctan2 atan2 cross dist equal expand_as fmax fmin gammainc "
     "gammaincc gcd hypot igamma igammac inner is_same_size isclose kron lcm ldexp logaddexp logaddexp2 logical_and "
     "logical_or logical_xor map matmul maximum minimum nextafter ormqr reshape_as resize_as type_as vdot vecdot "
     "view_as"),
    ("Tensor | Number", "input",
     "add bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor bucketize div divide float_power "
     "floor_divide mul multiply pow remainder searchsorted sub subtract true_divide xlog1py xlogy where zeta"),
    ("Tensor | Number", "value", "fill index_fill masked_fill"),
    ("Tensor | Number", "fill_value", "fill_diagonal full full_like new_full"),
    ("Tensor | Number", "start", "linspace logspace"),
    ("Tensor | Number", "end", "linspace logspace"),
    ("Tensor | Number", "n",
     "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w hermite_polynomial_h "
     "hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p shifted_chebyshev_polynomial_t "
     "shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w"),
    ("int", "dim",
     "aminmax cumprod cumsum median nanmedian nanquantile pairwise_distance prod quantile select softmax tensor_split "
     "unique unique_consecutive"),
    ("int | Sequence[int] | str", "padding", "conv1d conv2d conv3d"),
    ("int | Sequence[int | None]", "output_size",
     "adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool2d adaptive_max_pool3d"),
    *(("Tensor | None", name, "batch_norm instance_norm")
      for name in ("bias", "running_mean", "running_var", "weight")),
    *(("Tensor | None", name, "multi_head_attention_forward")
      for name in ("bias_k", "bias_v", "in_proj_bias", "in_proj_weight", "out_proj_bias")),
)  # fmt: skip

# Where one function does: "function.parameter".
PARAMETERS_OF = {
    **{f"{function}.{name}": kind for kind, name, functions in _GROUPS for function in functions.split()},
    "__array__.dtype": "dtype | type",
    "__pow__.exponent": "Tensor | Number",
    "__rpow__.base": "Tensor | Number",
    "bernoulli.p": "Tensor | Number",
    "clamp_max.max": "Tensor | Number",
    "clamp_min.min": "Tensor | Number",
    "isin.elements": "Tensor | Number",
    "lerp.weight": "Tensor | Number",
    "scatter.src": "Tensor | Number",
    "__contains__.element": "Any",
    "__deepcopy__.memo": "dict[int, Any]",
    "__delitem__.index": "Index",
    "__getitem__.index": "Index",
    "__setitem__.index": "Index",
    "__reduce_ex__.protocol": "SupportsIndex",
    "__setitem__.value": "Tensor | Number | np.ndarray[Any, Any] | Sequence[Any]",
    "as_strided.size": "Sequence[int]",
    "as_strided.stride": "Sequence[int]",
    "backward.inputs": "Tensor | Iterable[Tensor]",
    "cond.p": "Number | str",
    "from_dlpack.ext_tensor": "Any",
    "from_numpy.ndarray": "np.ndarray[Any, Any]",
    "frombuffer.buffer": "Any",
    "frombuffer.dtype": "dtype",
    "full.size": "Sequence[int]",
    "gradient.spacing": "Number | Sequence[Number] | Sequence[Tensor]",
    "histc.max": "Number",
    "histc.min": "Number",
    "histogram.bins": "int | Tensor",
    "histogramdd.bins": "int | Sequence[int] | Sequence[Tensor]",
    "index_put.indices": "Sequence[Tensor | None]",
    "is_storage.obj": "Any",
    "is_tensor.obj": "Any",
    "lstm_cell.hx": "Sequence[Tensor]",
    "matrix_norm.dim": "Sequence[int]",
    "movedim.source": "Ints",
    "moveaxis.source": "Ints",
    "narrow.start": "int | Tensor",
    "norm.p": "Number | str",
    "nonzero.out": "Tensor",
    "fractional_max_pool2d.output_ratio": "float | Sequence[float]",
    "fractional_max_pool3d.output_ratio": "float | Sequence[float]",
    "pad.pad": "Sequence[int]",
    "constant_pad_nd.pad_": "Sequence[int]",
    "cosine_similarity.eps": "float",
    "polygamma.n": "int",
    "range.end": "Number",
    "scaled_dot_product_attention.value": "Tensor",
    "multi_head_attention_forward.value": "Tensor",
    "repeat_interleave.repeats": "int | Tensor",
    "scatter.reduce": "str",
    "set.source": "Any",
    "set.size": "Sequence[int]",
    "set.stride": "Sequence[int]",
    "stride.dim": "int",
    "take_along_dim.indices": "Tensor",
    "gaussian_nll_loss.var": "Tensor | float",
    "tensordot.dims": "int | Sequence[Sequence[int]] | Tensor",
    "tile.dims": "Ints",
    "triplet_margin_with_distance_loss.distance_function": "Callable[[Tensor, Tensor], Tensor]",
    "unravel_index.shape": "Ints",
    "xlogy.other": "Tensor | Number",
}

# Results that are not a Tensor, where the source says `Any` or a bare `tuple`. A function that has a named tuple in
# `return_types` returns that, without being named here.
RESULTS = {
    "__array__": "np.ndarray[Any, Any]",
    "__array_namespace__": "Any",
    "__array_ufunc__": "Any",
    "__complex__": "complex",
    "__copy__": "Self",
    "__deepcopy__": "Self",
    "__dlpack__": "Any",
    "__float__": "float",
    "__int__": "int",
    "__iter__": "Iterator[Tensor]",
    "__reduce_ex__": "tuple[Any, ...]",
    "broadcast_shapes": "Size",
    "item": "int | float | bool",
    "lstm": "tuple[Tensor, Tensor, Tensor]",
    "gru": "tuple[Tensor, Tensor]",
    "rnn_relu": "tuple[Tensor, Tensor]",
    "rnn_tanh": "tuple[Tensor, Tensor]",
    "lstm_cell": "tuple[Tensor, Tensor]",
    "multi_head_attention_forward": "tuple[Tensor, Tensor | None]",
    "numpy": "np.ndarray[Any, Any]",
    "pca_lowrank": "tuple[Tensor, Tensor, Tensor]",
    "split_copy": "tuple[Tensor, ...]",
    "split_with_sizes_copy": "tuple[Tensor, ...]",
    "svd_lowrank": "tuple[Tensor, Tensor, Tensor]",
    "tolist": "list[Any]",
    "type": "Any",
    "unbind_copy": "tuple[Tensor, ...]",
    "unravel_index": "tuple[Tensor, ...]",
}

_MAKE = "dtype: dtype | None = None, layout: layout | None = None, device: Device | None = None"
_MAKE += ", pin_memory: bool = False, requires_grad: bool = False"


_OUT, _OUTS = "out: Tensor | None = None", "out: Sequence[Tensor] | None = None"


def _median(name: str) -> list[str]:
    return [
        "(input: Tensor) -> Tensor",
        f"(input: Tensor, dim: int, keepdim: bool = False, *, {_OUTS}) -> return_types.{name}",
        f"(input: Tensor, *, axis: int, keepdims: bool = False, {_OUTS}) -> return_types.{name}",
    ]


def _extreme(name: str) -> list[str]:
    return [*_median(name), f"(input: Tensor, other: Tensor, *, {_OUT}) -> Tensor"]


def _spread(result: str, out: str = ", out: Tensor | None = None") -> list[str]:
    if result != "Tensor":
        out = ""
    return [
        f"(input: Tensor, dim: Ints | None = None, *, correction: Number | None = None, keepdim: bool = False{out}) -> "
        + result,
        f"(input: Tensor, dim: Ints | None, unbiased: bool, keepdim: bool = False{out and ', *' + out}) -> {result}",
        f"(input: Tensor, unbiased: bool) -> {result}",
    ]


def _unique(more: str) -> list[str]:
    dim, no, yes = "dim: int | None = None", "Literal[False] = False", "Literal[True]"
    return [
        f"(input: Tensor, {more}return_inverse: {no}, return_counts: {no}, {dim}) -> Tensor",
        f"(input: Tensor, {more}*, return_inverse: {yes}, return_counts: {no}, {dim}) -> tuple[Tensor, Tensor]",
        f"(input: Tensor, {more}*, return_inverse: {no}, return_counts: {yes}, {dim}) -> tuple[Tensor, Tensor]",
        f"(input: Tensor, {more}*, return_inverse: {yes}, return_counts: {yes}, {dim}) -> "
        "tuple[Tensor, Tensor, Tensor]",
        f"(input: Tensor, {more}return_inverse: bool = False, return_counts: bool = False, {dim}) -> Any",
    ]


# Signatures that no table of types can say: what the result is depends on the arguments, or the source takes `*args`.
OVERLOADS = {
    "transpose": [
        "(input: Tensor, dim0: int, dim1: int) -> Tensor",
        "(input: Tensor, dim0: Sequence[int]) -> Tensor",
    ],
    "arange": [
        f"(end: Number, *, out: Tensor | None = None, {_MAKE}) -> Tensor",
        f"(start: Number, end: Number, step: Number = 1, *, out: Tensor | None = None, {_MAKE}) -> Tensor",
    ],
    "einsum": [
        "(equation: str, *operands: Tensor | Sequence[Tensor]) -> Tensor",
        "(*args: Tensor | Sequence[int]) -> Tensor",
    ],
    **dict.fromkeys(
        ("atleast_1d", "atleast_2d", "atleast_3d"),
        [
            "(tensor: Tensor, /) -> Tensor",
            "(*tensors: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]",
        ],
    ),
    "max": _extreme("max"),
    "min": _extreme("min"),
    "median": _median("median"),
    "nanmedian": _median("nanmedian"),
    "nonzero": [
        "(input: Tensor, *, as_tuple: Literal[False] = False, out: Tensor | None = None) -> Tensor",
        "(input: Tensor, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]",
    ],
    "normal": [
        f"(mean: Tensor | float, std: Tensor, *, generator: Generator | None = None, {_OUT}) -> Tensor",
        f"(mean: Tensor, std: float = 1.0, *, generator: Generator | None = None, {_OUT}) -> Tensor",
        f"(mean: float, std: float, size: Ints, *, generator: Generator | None = None, {_OUT}, {_MAKE}) -> Tensor",
    ],
    "randint": [
        f"(high: int, size: Ints, *, generator: Generator | None = None, out: Tensor | None = None, {_MAKE}) -> Tensor",
        "(low: int, high: int, size: Ints, *, generator: Generator | None = None, out: Tensor | None = None, "
        f"{_MAKE}) -> Tensor",
    ],
    "randint_like": [
        f"(input: Tensor, high: int, *, generator: Generator | None = None, {_MAKE}, "
        "memory_format: memory_format | None = None) -> Tensor",
        f"(input: Tensor, low: int, high: int, *, generator: Generator | None = None, {_MAKE}, "
        "memory_format: memory_format | None = None) -> Tensor",
    ],
    "random_": [
        "(self, *, generator: Generator | None = None) -> Self",
        "(self, to: int, *, generator: Generator | None = None) -> Self",
        "(self, from_: int, to: int | None, /, *, generator: Generator | None = None) -> Self",
    ],
    "uniform_": ["(self, low: float = 0, high: float = 1, /, *, generator: Generator | None = None) -> Self"],
    "size": ["(self) -> Size", "(self, dim: int) -> int"],
    "stride": ["(self) -> tuple[int, ...]", "(self, dim: int) -> int"],
    "std": _spread("Tensor"),
    "std_mean": _spread("tuple[Tensor, Tensor]"),
    "var": _spread("Tensor"),
    "var_mean": _spread("tuple[Tensor, Tensor]"),
    "tensor_split": [
        "(input: Tensor, indices_or_sections: int | Sequence[int] | Tensor, dim: int = 0) -> tuple[Tensor, ...]",
        "(input: Tensor, *, sections: int, dim: int = 0) -> tuple[Tensor, ...]",
        "(input: Tensor, *, indices: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]",
    ],
    "to": [
        "(self, dtype: dtype, non_blocking: bool = False, copy: bool = False, *, "
        "memory_format: memory_format | None = None) -> Tensor",
        "(self, device: Device | None = None, dtype: dtype | None = None, non_blocking: bool = False, "
        "copy: bool = False, *, memory_format: memory_format | None = None) -> Tensor",
        "(self, other: Tensor, non_blocking: bool = False, copy: bool = False, *, "
        "memory_format: memory_format | None = None) -> Tensor",
    ],
    "type": [
        "(self, dtype: None = None, non_blocking: bool = False) -> str",
        "(self, dtype: dtype | str | type, non_blocking: bool = False) -> Tensor",
    ],
    "unique": _unique("sorted: bool = True, "),
    "unique_consecutive": _unique(""),
    "view": [
        "(self, dtype: dtype) -> Tensor",
        "(self, *size: int) -> Tensor",
        "(self, size: Sequence[int]) -> Tensor",
    ],
    "where": [
        "(condition: Tensor) -> tuple[Tensor, ...]",
        "(condition: Tensor, input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor",
    ],
    "Tensor.where": ["(self, condition: Tensor, other: Tensor | Number) -> Tensor"],
}

# Attributes bound as properties: everything else is a Tensor, and `is_...` a bool.
PROPERTIES = {"layout": "layout", "__array_priority__": "int"}
