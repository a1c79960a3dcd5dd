"""Function transforms, as PyTorch's `torch.func` names them: `vmap`, `grad`, `vjp`, `jvp`, `jacrev`, `hessian`, ...

They can be nested in any order: there is one graph and one engine for all levels, and the batched arrays of `vmap` are
arrays like all others.
"""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names
from .debugging import debug_unwrap
from .differentiation import grad, grad_and_value, vjp
from .forward import jvp, linearize
from .functionalization import functionalize
from .jacobians import hessian, jacfwd, jacrev
from .modules import functional_call, replace_all_batch_norm_modules_, stack_module_state
from .rearranging import rearrange
from .vectorization import vmap

__all__ = [
    "debug_unwrap",
    "functional_call",
    "functionalize",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "linearize",
    "rearrange",
    "replace_all_batch_norm_modules_",
    "stack_module_state",
    "vjp",
    "vmap",
]

_explain_missing_names(__name__)
