"""`torch.utils.tensorboard`: what a training run reports, in TensorBoard's files. The package tensorboardX writes them.

`pip install tensorboardX`; without it, importing this is a ModuleNotFoundError, as PyTorch's is without tensorboard.
"""

from __future__ import annotations

try:
    import tensorboardX as _tensorboardX
except ImportError as error:
    raise ModuleNotFoundError(
        "No module named 'tensorboard': mibun writes TensorBoard's files through the package tensorboardX (pip install "
        "tensorboardX)",
        name="tensorboard",
    ) from error

from ...core.missing import explain_missing_names as _explain_missing_names
from .writer import FileWriter, SummaryWriter

__all__ = ["FileWriter", "RecordWriter", "SummaryWriter"]

RecordWriter = _tensorboardX.RecordWriter

_explain_missing_names(__name__)
