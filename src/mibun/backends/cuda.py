"""`torch.backends.cuda`: not built, so nothing multiplies matrices in reduced precision."""

from __future__ import annotations


class _Matmul:
    """The switches of CUDA's matrix products."""

    allow_tf32 = False
    allow_fp16_reduced_precision_reduction = True
    allow_bf16_reduced_precision_reduction = True


matmul = _Matmul()


def is_built() -> bool:
    """Whether CUDA was compiled in: False."""
    return False
