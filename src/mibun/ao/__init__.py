"""`torch.ao`, PyTorch's tools to make models smaller: what of `ao.quantization` is about floating-point models."""

from ..core.missing import explain_missing_names as _explain_missing_names

_explain_missing_names(__name__)
