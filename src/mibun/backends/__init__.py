"""`torch.backends`: which libraries compute. NumPy does; the others answer that they are not there.

Programs set switches here (`torch.backends.cudnn.deterministic = True`): they can be set, and change nothing, because
what they ask for is so already or concerns hardware that is not there.
"""

from __future__ import annotations

from . import cuda, cudnn, mkl, mps

__all__ = ["cuda", "cudnn", "mkl", "mps"]
