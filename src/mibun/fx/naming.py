"""What PyTorch calls a function, whatever mibun's module of it: the names that a graph and its code print.

A graph that was traced on mibun prints as the same one traced on PyTorch, so that code can be compared and carried
between the two. Most names follow from where a function is public (`mibun.relu` is `torch.relu`); the tables have
those of which PyTorch's own function lives elsewhere, and `functions.py` makes them callable there.
"""

from __future__ import annotations

import builtins
import inspect
import re
import types
from collections.abc import Callable
from typing import Any

import mibun as _root

ROOT_NAMES = ("mibun", "torch")  # a module of either is PyTorch's: `mibun run` lets modules say that they are torch's

# The functional forms that PyTorch's compiled modules have: it finds them there.
_OF_TORCH = (
    "adaptive_avg_pool1d avg_pool1d bilinear celu_ channel_shuffle conv1d conv2d conv3d conv_tbc conv_transpose1d "
    "conv_transpose2d conv_transpose3d cosine_similarity hardshrink native_channel_shuffle pairwise_distance pdist "
    "pixel_shuffle pixel_unshuffle prelu relu_ rrelu_ selu_ threshold_"
).split()
_OF_NN = (
    "avg_pool2d avg_pool3d elu_ gelu hardtanh_ leaky_relu_ linear one_hot scaled_dot_product_attention softplus "
    "softshrink"
).split()
# Functions of the module `torch` that are written in Python.
_FUNCTIONAL = (
    "atleast_1d atleast_2d atleast_3d block_diag broadcast_shapes broadcast_tensors cartesian_prod cdist chain_matmul "
    "einsum lu meshgrid norm split stft tensordot unique unique_consecutive unravel_index"
).split()
_ELSEWHERE = {
    **{f"torch.nn.functional.{name}": f"torch.{name}" for name in _OF_TORCH},
    **{f"torch.nn.functional.{name}": f"torch._C._nn.{name}" for name in _OF_NN},
    "torch.nn.functional.logsigmoid": "torch._C._nn.log_sigmoid",
    "torch.nn.functional.threshold": "torch.nn.functional._threshold",
    **{f"torch.{name}": f"torch.functional.{name}" for name in _FUNCTIONAL},
    **{f"torch.{name}": f"torch._lowrank.{name}" for name in ("pca_lowrank", "svd_lowrank")},
    **{f"torch.{name}": f"torch.random.{name}" for name in "get_rng_state initial_seed manual_seed seed".split()},
    "torch.set_rng_state": "torch.random.set_rng_state",
    # Other names of one function in PyTorch.
    **dict.fromkeys(("torch.dsmm", "torch.spmm"), "torch.mm"),
    "torch.hsmm": "torch.hspmm",
    "torch.saddmm": "torch.sspaddmm",
}
# Public modules whose functions PyTorch has in a compiled one, with the module's name before theirs.
_COMPILED = {f"torch.{name}": (f"torch._C._{name}", f"{name}_") for name in ("fft", "linalg", "special")}


def is_from_torch(value: Any) -> bool:
    """Whether a function, class or constant is PyTorch's, here mibun's."""
    module = getattr(value, "__module__", None)
    if module is not None:
        return str(module).split(".")[0] in ROOT_NAMES and not hasattr(value, "__self__")
    return getattr(_root, getattr(value, "__name__", ""), None) is value


def torch_module(module: str) -> str:
    """The name of a module as PyTorch has it: `torch.nn` for `mibun.nn`."""
    root, dot, rest = module.partition(".")
    return f"torch{dot}{rest}" if root == "mibun" else module


def qualified_name(function: Callable) -> str:
    """Where PyTorch has a function, as `torch.nn.functional.relu`; of others, where they are written.

    RuntimeError where that cannot be found.
    """
    name = getattr(function, "__name__", None)
    if name is None:
        raise RuntimeError(f"cannot find where {function!r} is: it has no name")
    if getattr(builtins, name, None) is function:
        return name
    qualname = getattr(function, "__qualname__", name)
    overload = getattr(function, "overloadpacket", None)
    if overload is not None:
        return f"torch.ops.{function.namespace}.{name}"  # type: ignore[attr-defined]
    if type(function).__name__ == "OpOverloadPacket":
        return f"torch.ops.aten.{name}"
    if name == "<lambda>":
        try:
            name = inspect.getsource(function).split("=")[0].strip()
        except (OSError, TypeError):
            raise RuntimeError("Unable to represent lambda") from None
    module = torch_module(getattr(function, "__module__", None) or _module_of_method(function))
    if module == "torch" and qualname.startswith("Tensor.") and not _is_public_function(function):
        return f"torch.Tensor.{name}"
    if module == "mibun.overrides" or "/" in qualname:  # a function that another one stands for, see `overrides`
        module, _, name = torch_module(qualname.replace("/", ".")).rpartition(".")
    if getattr(_root, name, None) is function and module.startswith("torch.compat"):
        module = "torch"
    return torch_path(module, name)


def torch_path(module: str, name: str) -> str:
    """Where PyTorch has the function that is public in `module` under a name."""
    if module in _COMPILED:
        compiled, prefix = _COMPILED[module]
        return f"{compiled}.{prefix}{name.removeprefix(prefix)}"
    return _ELSEWHERE.get(f"{module}.{name}", f"{module}.{name}")


def _is_public_function(function: Callable) -> bool:
    return getattr(_root, function.__name__, None) is function


def _module_of_method(function: Any) -> str:
    owner = getattr(function, "__objclass__", None) or getattr(function, "__self__", None)
    module = getattr(owner, "__module__", None)
    if module is None:
        raise RuntimeError(f"cannot find module for {function}")
    return module


def function_name(function: Callable) -> str:
    """The name that PyTorch's function of this has, of which a node's name is made."""
    if is_from_torch(function) and not isinstance(function, type):
        return (
            qualified_name(function).rpartition(".")[2]
            if not hasattr(function, "overloadpacket")
            else (function.__name__)
        )
    name = getattr(function, "__name__", None)
    if name is None:
        raise AttributeError(f"{function!r} has no __name__, of which a node's name could be made")
    return name


def type_name(kind: Any) -> str:
    """A type, or a form of the module `typing`, as a graph prints it: `torch.Tensor`, `typing.List[int]`, `int`."""
    if isinstance(kind, type) and not isinstance(kind, types.GenericAlias):
        return kind.__qualname__ if kind.__module__ == "builtins" else f"{public_module(kind)}.{kind.__qualname__}"
    if kind is ...:
        return "..."
    if isinstance(kind, types.FunctionType):
        return kind.__name__
    text = repr(kind)
    return re.sub(r"\bmibun\.", "torch.", re.sub(r"\bmibun\.core\.tensor\.Tensor\b", "torch.Tensor", text))


def public_module(kind: type) -> str:
    """The module of a class, by PyTorch's name: that of its public place for classes that mibun writes elsewhere."""
    if is_from_torch(kind) and getattr(_root, kind.__name__, None) is kind:
        return "torch"
    return torch_module(kind.__module__)


def snake_case(name: str) -> str:
    """`LayerNorm` as `layer_norm`."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()
