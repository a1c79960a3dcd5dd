"""`torch.backends.cuda`: not built, so nothing multiplies matrices in reduced precision."""

from __future__ import annotations

import contextlib
import enum
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

from ..core.device import device as Device
from ..core.site import stacklevel
from ..core.tensor import Tensor
from ..ops.nn.attention import BACKENDS
from .switches import a_bool, a_precision


class cuBLASModule:
    """The switches of CUDA's matrix products: they can be set. AttributeError for a name that is none of them."""

    def __init__(self) -> None:
        vars(self).update(
            allow_tf32=False,
            allow_fp16_reduced_precision_reduction=True,
            allow_fp16_reduced_precision_reduction_split_k=True,
            allow_bf16_reduced_precision_reduction=True,
            allow_bf16_reduced_precision_reduction_split_k=True,
            allow_fp16_accumulation=False,
            fp32_precision="none",
        )

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Unknown attribute {name}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in vars(self):
            raise AttributeError(f"Unknown attribute {name}")
        vars(self)[name] = a_precision(value) if name == "fp32_precision" else value


matmul = cuBLASModule()


def is_built() -> bool:
    """Whether CUDA was compiled in: False."""
    return False


# --- plans of Fourier transforms ---


class cuFFTPlanCache:
    """The plans of one GPU's Fourier transforms. AssertionError: there is no GPU."""

    def __init__(self, device_index: int) -> None:
        self.device_index = device_index

    def clear(self) -> NoReturn:
        """Forget the plans. AssertionError."""
        raise AssertionError("Torch not compiled with CUDA enabled: there are no plans of Fourier transforms on GPUs")

    size = max_size = property(clear)


class cuFFTPlanCacheManager:
    """The plans of all GPUs, by device. RuntimeError for any, as there are none."""

    def __getitem__(self, device: Any) -> cuFFTPlanCache:
        index = device if isinstance(device, int) else Device(device).index
        index = -1 if index is None else index
        raise RuntimeError(f"cufft_plan_cache: expected 0 <= device index < 0, but got device with index {index}")

    def clear(self) -> NoReturn:
        """Forget the plans of the current GPU. AssertionError: there is none."""
        cuFFTPlanCache(-1).clear()

    size = max_size = property(clear)


cufft_plan_cache = cuFFTPlanCacheManager()

# --- which libraries a GPU would use ---


class _Library(enum.Enum):
    def __repr__(self) -> str:
        return f"<{self}: {self.value}>"


_BlasBackend = _Library("_BlasBackend", {"Default": 0, "Cublas": 1, "Cublaslt": 2, "Ck": 3})
_LinalgBackend = _Library("_LinalgBackend", {"Default": 0, "Cusolver": 1, "Magma": 2})
_ROCmFABackend = _Library("_ROCmFABackend", {"Default": 0, "AOTriton": 1, "Ck": 2})
_preferred: dict[Any, Any] = {_BlasBackend: _BlasBackend.Cublas, _LinalgBackend: _LinalgBackend.Default}
_preferred[_ROCmFABackend] = _ROCmFABackend.Default


def _prefer(kind: Any, backend: Any) -> Any:
    """Note a library, by its name or itself, and give the one that was noted last. RuntimeError for an unknown one."""
    if isinstance(backend, str):
        found = {member.name.lower(): member for member in kind}
        if backend not in found:
            raise RuntimeError(f"Unknown input value. Choose from: {', '.join(found)}.")
        backend = found[backend]
        if backend is not kind.Default and kind is _LinalgBackend:
            raise RuntimeError(f"Cannot set preferred backend to {backend.name}: PyTorch was built without it")
    elif backend is not None and not isinstance(backend, kind):
        raise RuntimeError("Unknown input value type.")
    if backend is not None:
        _preferred[kind] = backend
    return _preferred[kind]


def preferred_blas_library(backend: Any = None) -> Any:
    """Which library a GPU would multiply matrices with; a name or None, to ask only."""
    return _prefer(_BlasBackend, backend)


def preferred_linalg_library(backend: Any = None) -> Any:
    """Which library a GPU would do linear algebra with; a name or None, to ask only.

    >>> import mibun as torch
    >>> torch.backends.cuda.preferred_linalg_library()
    <_LinalgBackend.Default: 0>
    """
    return _prefer(_LinalgBackend, backend)


def preferred_rocm_fa_library(backend: Any = None) -> Any:
    """Which library an AMD GPU would compute attention with; a name or None, to ask only."""
    return _prefer(_ROCmFABackend, backend)


# --- the kernels of attention, which the CPU has switches for here as well ---


def _bool(enabled: Any, function: str = "set_sdp_use_math") -> bool:
    return a_bool(function)(enabled)


def enable_math_sdp(enabled: bool) -> None:
    """Allow attention by its formula, or forbid it: see `nn.attention.sdpa_kernel`. RuntimeError for no bool."""
    BACKENDS["math"] = _bool(enabled)


def math_sdp_enabled() -> bool:
    """Whether attention by its formula is allowed."""
    return BACKENDS["math"]


def enable_flash_sdp(enabled: bool) -> None:
    """Allow the fused attention of the CPU, or forbid it; here it is the same formula. RuntimeError for no bool."""
    BACKENDS["flash"] = _bool(enabled)


def flash_sdp_enabled() -> bool:
    """Whether the fused attention of the CPU is allowed."""
    return BACKENDS["flash"]


def enable_mem_efficient_sdp(enabled: bool) -> None:
    """Allow an attention that GPUs have, or forbid it. RuntimeError for no bool."""
    BACKENDS["mem_efficient"] = _bool(enabled)


def mem_efficient_sdp_enabled() -> bool:
    """Whether `enable_mem_efficient_sdp` allows it."""
    return BACKENDS["mem_efficient"]


def enable_cudnn_sdp(enabled: bool) -> None:
    """Allow an attention that GPUs have, or forbid it. RuntimeError for no bool."""
    BACKENDS["cudnn"] = _bool(enabled, "set_sdp_use_cudnn")


def cudnn_sdp_enabled() -> bool:
    """Whether `enable_cudnn_sdp` allows it."""
    return BACKENDS["cudnn"]


_reduced = False


def allow_fp16_bf16_reduction_math_sdp(enabled: bool) -> None:
    """Allow sums in half precision in attention by its formula, or forbid it; noted only. RuntimeError for no bool."""
    global _reduced
    _reduced = _bool(enabled)


def fp16_bf16_reduction_math_sdp_allowed() -> bool:
    """Whether `allow_fp16_bf16_reduction_math_sdp` allows it."""
    return _reduced


def sdp_kernel(
    enable_flash: bool = True, enable_math: bool = True, enable_mem_efficient: bool = True, enable_cudnn: bool = True
) -> contextlib.AbstractContextManager[dict]:
    """A context in which these kernels of attention are allowed. FutureWarning: `nn.attention.sdpa_kernel` is newer."""
    warnings.warn(
        "`torch.backends.cuda.sdp_kernel()` is deprecated. In the future, this context manager will be removed. Please "
        "see `torch.nn.attention.sdpa_kernel()` for the new context manager, with updated signature.",
        FutureWarning,
        stacklevel=stacklevel(),
    )
    return _allowed(
        {"flash": enable_flash, "math": enable_math, "mem_efficient": enable_mem_efficient, "cudnn": enable_cudnn}
    )


@contextlib.contextmanager
def _allowed(kernels: dict[str, bool]) -> Iterator[dict]:
    before = dict(BACKENDS)
    BACKENDS.update(kernels)
    try:
        yield {}
    finally:
        BACKENDS.update(before)


class SDPAParams(NamedTuple):
    """What a call of attention is asked for, so that a kernel can say whether it is fit."""

    query: Tensor
    key: Tensor
    value: Tensor
    attn_mask: Tensor | None
    dropout: float
    is_causal: bool
    enable_gqa: bool


def _params(params: Any) -> None:
    if not isinstance(params, SDPAParams):
        raise TypeError(f"expected torch.backends.cuda.SDPAParams, not {type(params).__name__}")


def can_use_flash_attention(params: SDPAParams, debug: bool = False) -> bool:
    """Whether a GPU's kernel is fit for a call: False, as there is none. TypeError for no SDPAParams."""
    return _params(params) is not None


def can_use_efficient_attention(params: SDPAParams, debug: bool = False) -> bool:
    """Whether a GPU's kernel is fit for a call: False, as there is none. TypeError for no SDPAParams."""
    return _params(params) is not None


def can_use_cudnn_attention(params: SDPAParams, debug: bool = False) -> bool:
    """Whether a GPU's kernel is fit for a call: False, as there is none. TypeError for no SDPAParams."""
    return _params(params) is not None


def is_flash_attention_available() -> bool:
    """Whether GPUs' fused attention was compiled in: False."""
    return False


def is_ck_sdpa_available() -> bool:
    """Whether AMD's attention was compiled in: False."""
    return False
