"""`torch.library`: operators of one's own, found under `torch.ops`. An index only."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from ._library.checks import opcheck
from ._library.custom_ops import CustomOpDef, custom_op
from ._library.infer_schema import infer_schema
from ._library.libraries import (
    Library,
    _scoped_library,  # noqa: F401
    define,
    impl,
    register_autocast,
    register_autograd,
    register_fake,
    register_vmap,
)
from ._library.libraries import register_kernel_for as register_kernel
from ._library.operators import fallthrough_kernel, get_ctx
from .core.missing import explain_missing_names as _explain_missing_names

__all__ = [
    "CustomOpDef",
    "Library",
    "custom_op",
    "define",
    "fallthrough_kernel",
    "get_ctx",
    "impl",
    "impl_abstract",
    "infer_schema",
    "opcheck",
    "register_autocast",
    "register_autograd",
    "register_fake",
    "register_kernel",
    "register_vmap",
]


def impl_abstract(
    qualname: Any, func: Callable | None = None, *, lib: Library | None = None, _stacklevel: int = 1
) -> Callable:
    """`register_fake` under its old name, with PyTorch's warning."""
    warnings.warn(
        "torch.library.impl_abstract was renamed to torch.library.register_fake.", FutureWarning, stacklevel=2
    )
    return register_fake(qualname, func, lib=lib)


_explain_missing_names(__name__)
