"""`torch._dynamo.eval_frame`: where libraries look for the class of compiled Modules. An index only."""

from ..compiler.modules import OptimizedModule, is_dynamo_supported, is_inductor_supported
from ..core.missing import explain_missing_names as _explain_missing_names

__all__ = ["OptimizedModule", "is_dynamo_supported", "is_inductor_supported"]

_explain_missing_names(__name__)
