"""`functorch`: the package that function transforms were in before `torch.func`. Every name warns, and is that one.

`mibun run` answers for `import functorch` with this module.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable

from .. import func
from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.site import stacklevel
from ..version import __version__ as __version__
from . import ensembles
from .ensembles import FunctionalModule, FunctionalModuleWithBuffers


def _deprecated(function: Callable, replacement: str) -> Callable:
    """A function that warns that it is called by its older name."""

    @functools.wraps(function)
    def warning(*args, **kwargs):  # type: ignore[no-untyped-def]
        warnings.warn(
            "We've integrated functorch into PyTorch. As the final step of the integration, "
            f"`functorch.{function.__name__}` is deprecated as of PyTorch 2.0 and will be deleted in a future version "
            f"of PyTorch >= 2.3. Please use `{replacement}` instead; see the PyTorch 2.0 release notes and/or the "
            "`torch.func` migration guide for more details https://pytorch.org/docs/main/func.migrating.html",
            FutureWarning,
            stacklevel=stacklevel(),
        )
        return function(*args, **kwargs)

    warning.__module__ = __name__
    warning.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    return warning


grad = _deprecated(func.grad, "torch.func.grad")
grad_and_value = _deprecated(func.grad_and_value, "torch.func.grad_and_value")
vjp = _deprecated(func.vjp, "torch.func.vjp")
jvp = _deprecated(func.jvp, "torch.func.jvp")
jacrev = _deprecated(func.jacrev, "torch.func.jacrev")
jacfwd = _deprecated(func.jacfwd, "torch.func.jacfwd")
hessian = _deprecated(func.hessian, "torch.func.hessian")
functionalize = _deprecated(func.functionalize, "torch.func.functionalize")
vmap = _deprecated(func.vmap, "torch.vmap")
make_functional = _deprecated(ensembles.make_functional, "torch.func.functional_call")
make_functional_with_buffers = _deprecated(ensembles.make_functional_with_buffers, "torch.func.functional_call")
combine_state_for_ensemble = _deprecated(ensembles.combine_state_for_ensemble, "torch.func.stack_module_state")

__all__ = [
    "FunctionalModule",
    "FunctionalModuleWithBuffers",
    "combine_state_for_ensemble",
    "functionalize",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "make_functional",
    "make_functional_with_buffers",
    "vjp",
    "vmap",
]

_explain_missing_names(__name__)
