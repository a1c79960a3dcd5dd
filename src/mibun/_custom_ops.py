"""`torch._custom_ops`, where PyTorch's first operators of one's own were declared: see `torch.library`.

Of it there is what `torch.library` has too. This file is an index only.
"""

from .core.missing import explain_missing_names as _explain_missing_names
from .library import get_ctx, impl_abstract

__all__ = ["get_ctx", "impl_abstract"]

_explain_missing_names(__name__)
