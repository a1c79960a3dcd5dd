"""`torch.backends.cpu`: what the processor can do."""

from __future__ import annotations

from ..cpu import _is_avx2_supported, _is_avx512_supported


def get_cpu_capability() -> str:
    """The widest instructions that the processor has, by PyTorch's names: "AVX512", "AVX2" or "DEFAULT".

    >>> import mibun as torch
    >>> torch.backends.cpu.get_cpu_capability() in ("AVX512", "AVX2", "DEFAULT")
    True
    """
    return "AVX512" if _is_avx512_supported() else "AVX2" if _is_avx2_supported() else "DEFAULT"


__all__ = ["get_cpu_capability"]
