"""Function transforms, as PyTorch's `torch.func` names them: `vmap`, `grad`, `vjp`, `jvp`, `jacrev`, `hessian`, ..."""

from .differentiation import grad, grad_and_value, vjp
from .forward import jvp, linearize
from .jacobians import hessian, jacfwd, jacrev
from .modules import functional_call, stack_module_state
from .vectorization import vmap

__all__ = [
    "functional_call",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "linearize",
    "stack_module_state",
    "vjp",
    "vmap",
]
