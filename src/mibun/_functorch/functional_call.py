"""`torch._functorch.functional_call`: functions by their inner place."""

from ..func.modules import functional_call, stack_module_state
from ..func.modules import stacked_leaf as construct_stacked_leaf

__all__ = ["construct_stacked_leaf", "functional_call", "stack_module_state"]
