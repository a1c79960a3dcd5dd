"""`torch.backends.cuda`: not built, so nothing multiplies matrices in reduced precision."""

from __future__ import annotations

from ..ops.nn.attention import BACKENDS


class _Matmul:
    """The switches of CUDA's matrix products."""

    allow_tf32 = False
    allow_fp16_reduced_precision_reduction = True
    allow_bf16_reduced_precision_reduction = True


matmul = _Matmul()


def is_built() -> bool:
    """Whether CUDA was compiled in: False."""
    return False


# --- the kernels of attention, which the CPU has switches for here as well ---


def enable_math_sdp(enabled: bool) -> None:
    """Allow attention by its formula, or forbid it: see `nn.attention.sdpa_kernel`."""
    BACKENDS["math"] = bool(enabled)


def math_sdp_enabled() -> bool:
    """Whether attention by its formula is allowed."""
    return BACKENDS["math"]


def enable_flash_sdp(enabled: bool) -> None:
    """Allow the fused attention of the CPU, or forbid it; here it is the same formula."""
    BACKENDS["flash"] = bool(enabled)


def flash_sdp_enabled() -> bool:
    """Whether the fused attention of the CPU is allowed."""
    return BACKENDS["flash"]


def enable_mem_efficient_sdp(enabled: bool) -> None:
    """Allow an attention that GPUs have, or forbid it."""
    BACKENDS["mem_efficient"] = bool(enabled)


def mem_efficient_sdp_enabled() -> bool:
    """Whether `enable_mem_efficient_sdp` allows it."""
    return BACKENDS["mem_efficient"]


def enable_cudnn_sdp(enabled: bool) -> None:
    """Allow an attention that GPUs have, or forbid it."""
    BACKENDS["cudnn"] = bool(enabled)


def cudnn_sdp_enabled() -> bool:
    """Whether `enable_cudnn_sdp` allows it."""
    return BACKENDS["cudnn"]
