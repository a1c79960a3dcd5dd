"""`torch._subclasses`: subclasses of Tensor by which PyTorch's compiler looks at programs. Here there are none."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names
from . import fake_tensor as fake_tensor

_explain_missing_names(__name__)
