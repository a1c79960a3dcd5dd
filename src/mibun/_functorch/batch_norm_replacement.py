"""`torch._functorch.batch_norm_replacement`: a function by its inner place."""

from ..func.modules import replace_all_batch_norm_modules_

__all__ = ["replace_all_batch_norm_modules_"]
