"""`torch.fx.passes`: ready-made passes over graphs. Each module is imported by its own name."""

from ...core.missing import explain_missing_names as _explain_missing_names

_explain_missing_names(__name__)
