"""Which functions autocast casts the operands of, to what, and how they come to know of it.

The lists are PyTorch's, for CPUs: a test asks it for all samples. Products are taken in the lower precision; what needs
the range or the digits of float32 gets it; what joins tensors gets the widest dtype among them; all else computes in
the dtype that it is given. Only floating dtypes are cast, float64 not either. The parts of a function that is listed
are not cast again, and nothing is cast for an in-place form or an `out`, whose dtype is settled.

A function with a policy has to ask whether autocast is on, at every call. So that programs without autocast do not pay
for the question, the functions are changed when it is first switched on (`arm`): each gets the code of one that asks,
and stays the same object, since the rest of mibun has imported it. What it was is its `__wrapped__`.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import threading
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

from ..core.autocast import CASTS, LOWER, STATE
from ..core.dtypes import dtype, float32, float64
from ..core.mode import MODE
from ..core.site import GENERATED
from ..core.tensor import Tensor
from ..dispatch.template import compiled
from ..ops.conversion.casting import cast

# --- which functions, by their public names in each module ---

TO_LOWER = {
    "": """
        addbmm addmm baddbmm bmm conv1d conv2d conv3d conv_tbc conv_transpose1d conv_transpose2d conv_transpose3d lstm
        matmul mm prelu rnn_relu rnn_relu_cell rnn_tanh rnn_tanh_cell tensordot Tensor.__matmul__ Tensor.__rmatmul__
    """,
    "nn.functional": "affine_grid linear scaled_dot_product_attention",
    "linalg": "vecdot",
    "sparse": "mm",
}
TO_FLOAT32 = {
    "": """
        cdist cholesky cholesky_inverse cholesky_solve fake_quantize_per_tensor_affine geqrf grid_sampler inverse lu
        lu_solve nanquantile orgqr ormqr pinverse polar prod qr quantile stft svd trace triangular_solve view_as_complex
    """,
    "nn.functional": """
        adaptive_avg_pool3d adaptive_max_pool3d avg_pool3d binary_cross_entropy binary_cross_entropy_with_logits
        cosine_embedding_loss cross_entropy ctc_loss fractional_max_pool2d fractional_max_pool3d grid_sample
        hinge_embedding_loss huber_loss kl_div l1_loss margin_ranking_loss max_unpool1d max_unpool2d max_unpool3d
        mse_loss multi_margin_loss multilabel_margin_loss nll_loss poisson_nll_loss smooth_l1_loss soft_margin_loss
        triplet_margin_loss
    """,
    "linalg": """
        cholesky cholesky_ex cond eig eigh eigvals eigvalsh householder_product inv inv_ex lstsq matrix_rank qr solve
        svd svdvals tensorinv tensorsolve
    """,
    "fft": "fft fft2 fftn hfft ifft ifft2 ifftn ihfft irfft irfft2 irfftn rfft rfft2 rfftn",
}
TO_WIDEST = {"": "cat index_copy stack"}
# Those that depend on the other arguments, see `_SOMETIMES`.
SOMETIMES = {"": "einsum", "nn.functional": "max_pool3d pad"}


# --- the casts ---


def _is_eligible(value: Any) -> bool:
    if not isinstance(value, Tensor) or value.dtype is float64:
        return False
    return value.is_floating_point() and value.device.type in ("cpu", "jax")  # ("jax" has no autocast of its own)


def _cast(tensor: Tensor, target: dtype, lower: dtype) -> Tensor:
    """The tensor in a dtype. The casts of parameters to the lower precision are kept until autocast ends."""
    mode = MODE.get()
    keep = (
        target is lower
        and tensor.dtype is float32
        and tensor.requires_grad
        and tensor.is_leaf
        and not tensor._is_view()
        and STATE.get().caching
        and not (mode.transforms or mode.dual_levels or mode.inference)  # whose values are of their level alone
    )
    if not keep:
        return cast(tensor, target)
    casts = CASTS.get()
    if casts is None:
        casts = {}
        CASTS.set(casts)
    key = id(tensor), mode.grad, target  # a cast that is not recorded is of no use where gradients are to flow
    if key not in casts:
        casts[key] = tensor, cast(tensor, target)  # with the tensor itself, so that its id stays its own
    return casts[key][1]


def _converted(values: Any, target: dtype, lower: dtype) -> Any:
    """The arguments, tensors and those in lists cast."""
    if isinstance(values, Tensor):
        return _cast(values, target, lower) if _is_eligible(values) and values.dtype is not target else values
    if type(values) in (list, tuple):
        return type(values)([_converted(value, target, lower) for value in values])
    return values


def _tensors(values: Any) -> list[Tensor]:
    if type(values) in (list, tuple):
        return [tensor for value in values for tensor in _tensors(value)]
    return [values] if isinstance(values, Tensor) else []


def _run(function: Callable, target: dtype | None, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Call the function on operands that are cast (if there is a target), its parts left alone."""
    lower: Any = LOWER.get()
    token = LOWER.set(None)
    try:
        if target is not None:
            args = _converted(args, target, lower)
            kwargs = {name: _converted(value, target, lower) for name, value in kwargs.items()}
        return function(*args, **kwargs)
    finally:
        LOWER.reset(token)


# --- the policies: each gives the dtype to cast to, or None ---


def _to_lower(lower: dtype, args: tuple, kwargs: dict[str, Any]) -> dtype | None:
    return lower


def _to_float32(lower: dtype, args: tuple, kwargs: dict[str, Any]) -> dtype | None:
    return float32


def _to_widest(lower: dtype, args: tuple, kwargs: dict[str, Any]) -> dtype | None:
    """float32 where one of the operands is; the lower precision, then, is not wide enough."""
    found = {tensor.dtype for tensor in _tensors((args, *kwargs.values()))}
    return float32 if float32 in found and float64 not in found else None


def _of_einsum(lower: dtype, args: tuple, kwargs: dict[str, Any]) -> dtype | None:
    """The lower precision where a label that two operands share is summed over, which is a product of matrices."""
    if isinstance(args[0], str):
        left, arrow, right = args[0].replace(" ", "").replace("...", "").partition("->")
        labels: Any = left.split(",")
        output: Any = right if arrow else [label for label in left if left.count(label) == 1]
    else:
        labels = [list(given) for given in args[1::2]]
        everything = [label for given in labels for label in given]
        output = args[-1] if len(args) % 2 else [label for label in everything if everything.count(label) == 1]
    shared = {label for given in labels for label in given if sum(label in other for other in labels) > 1}
    return lower if shared - set(output) else _to_widest(lower, args, kwargs)


def _of_pad(lower: dtype, args: tuple, kwargs: dict[str, Any]) -> dtype | None:
    pad, mode = args[1], args[2]
    return float32 if mode == "replicate" or (mode == "reflect" and len(pad) <= 4) else None


def _of_max_pool3d(lower: dtype, args: tuple, kwargs: dict[str, Any]) -> dtype | None:
    return None if args[6] else float32  # with indices it is another function


_SOMETIMES = {"einsum": _of_einsum, "max_pool3d": _of_max_pool3d, "pad": _of_pad}


# --- how functions come to know of it ---

ASKING = """
def call({signature}):
    if _autocast_lower() is None:
        return _autocast_{n}({arguments})
    return _autocast_cast_{n}({arguments})
"""


def _asking_code(code: CodeType, n: int) -> CodeType:
    """The code of a function of the same signature, which asks whether autocast is on."""
    positional = code.co_varnames[: code.co_argcount]
    by_keyword = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    signature, arguments = [*positional], [*positional]
    if code.co_posonlyargcount:
        signature.insert(code.co_posonlyargcount, "/")
    rest = list(code.co_varnames[code.co_argcount + code.co_kwonlyargcount :])
    if code.co_flags & inspect.CO_VARARGS:
        name = rest.pop(0)
        signature.append(f"*{name}")
        arguments.append(f"*{name}")
    elif by_keyword:
        signature.append("*")
    signature += by_keyword
    arguments += [f"{name}={name}" for name in by_keyword]
    if code.co_flags & inspect.CO_VARKEYWORDS:
        name = rest.pop(0)
        signature.append(f"**{name}")
        arguments.append(f"**{name}")
    text = ASKING.format(signature=", ".join(signature), arguments=", ".join(arguments), n=n)
    what = f"{code.co_qualname}, which asks for autocast"
    if not code.co_freevars:
        return compiled(text, what).replace(co_name=code.co_name, co_qualname=code.co_qualname)
    # The new code must have as many variables of an outer function as the old one.
    head, *body = text.strip().splitlines()
    kept = f"    ({', '.join(code.co_freevars)},)"
    inner = "\n".join([f"    {line}" for line in (head, kept, *body)])
    outer = f"def around({', '.join(code.co_freevars)}):\n{inner}\n    return call"
    module = compile(outer, f"{GENERATED}{what}>", "exec")
    around = next(part for part in module.co_consts if isinstance(part, CodeType))
    made = next(part for part in around.co_consts if isinstance(part, CodeType))
    return made.replace(co_name=code.co_name, co_qualname=code.co_qualname)


def _copy(function: FunctionType) -> FunctionType:
    copy = FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return functools.wraps(function, updated=())(copy)  # type: ignore[return-value]


_number = 0


def _arm(function: FunctionType, policy: Callable) -> None:
    """Let a function ask for autocast, and its operands be cast if it is on."""
    global _number
    written = _copy(function)
    vars(written).pop("__wrapped__", None)

    def cast_first(*args: Any, **kwargs: Any) -> Any:
        target = None
        if kwargs.get("out") is None:
            target = policy(LOWER.get(), args, kwargs)
            if target is None:
                return written(*args, **kwargs)
        return _run(written, target, args, kwargs)

    _number += 1
    names = {"_autocast_lower": LOWER.get, f"_autocast_{_number}": written, f"_autocast_cast_{_number}": cast_first}
    function.__globals__.update(names)
    function.__code__ = _asking_code(function.__code__, _number)  # last of all, as another thread may call it
    function.__wrapped__ = written  # type: ignore[attr-defined]


def written_function(module: str, name: str) -> FunctionType:
    """The function that is behind a public name: what its other forms and the rest of mibun call."""
    value: Any = importlib.import_module(f"mibun.{module}" if module else "mibun")
    for part in name.split("."):
        value = getattr(value, part)
    return inspect.unwrap(value)


_LOCK = threading.Lock()
_armed: list[FunctionType] = []


def arm() -> None:
    """Let all functions that have a policy ask for autocast from now on."""
    with _LOCK:
        if _armed:
            return
        lists: list[tuple[dict[str, str], Callable | None]] = [
            (TO_LOWER, _to_lower),
            (TO_FLOAT32, _to_float32),
            (TO_WIDEST, _to_widest),
            (SOMETIMES, None),
        ]
        found: dict[FunctionType, Callable] = {}
        for names, policy in lists:
            for module, text in names.items():
                for name in text.split():
                    found[written_function(module, name)] = policy or _SOMETIMES[name]
        for function, chosen in found.items():
            _arm(function, chosen)
            _armed.append(function)
