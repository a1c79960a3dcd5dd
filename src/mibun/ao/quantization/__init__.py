"""`torch.ao.quantization`: the marks in a floating-point model where numbers would be quantised; nothing does it.

Libraries' models have these Modules in them, and train and run with them as without.
"""

from ...core.missing import explain_missing_names as _explain_missing_names
from .stubs import DeQuantStub, QuantStub, QuantWrapper

__all__ = ["DeQuantStub", "QuantStub", "QuantWrapper"]

_explain_missing_names(__name__)
