"""Function transforms, as PyTorch's `torch.func` names them: `vmap`, `grad`, `vjp`, `jvp`, `jacrev`, `hessian`, ..."""

from .differentiation import grad, grad_and_value, vjp
from .forward import jvp, linearize
from .jacobians import hessian, jacfwd, jacrev
from .vectorization import vmap

__all__ = ["grad", "grad_and_value", "hessian", "jacfwd", "jacrev", "jvp", "linearize", "vjp", "vmap"]
