"""`torch._functorch.eager_transforms`: transforms by their inner place."""

from ..func import debug_unwrap, functionalize, hessian, jacfwd, jacrev, jvp, linearize, vjp, vmap

argnums_t = int | tuple[int, ...]

__all__ = [
    "argnums_t",
    "debug_unwrap",
    "functionalize",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "linearize",
    "vjp",
    "vmap",
]
