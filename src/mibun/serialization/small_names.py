"""Small things that programs take from `torch.serialization`."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any

from ..core.device import device as _device
from ..ops.conversion.typed_storages import OLD_CLASSES, TypedStorage


class SourceChangeWarning(Warning):
    """A class has other source code than when a file was made; only files of the older format could know."""


@contextlib.contextmanager
def mkdtemp() -> Iterator[str]:
    """Context manager with the path of a new directory, which is removed at the end."""
    path = tempfile.mkdtemp()
    try:
        yield path
    finally:
        shutil.rmtree(path)


def check_module_version_greater_or_equal(
    module: Any, req_version_tuple: tuple, error_if_malformed: bool = True
) -> bool:
    """Whether a module's `__version__` is that of the tuple or a later one.

    RuntimeError for a version that cannot be compared; unless error_if_malformed: then True, with a warning.

    >>> import numpy
    >>> from mibun.serialization import check_module_version_greater_or_equal
    >>> check_module_version_greater_or_equal(numpy, (2, 0))
    True
    """
    parts = module.__version__.split(".")
    try:
        own = tuple(type(wanted)(part) for wanted, part in zip(req_version_tuple, parts, strict=False))
        return own >= req_version_tuple
    except Exception as error:
        message = (
            f"'{module.__name__}' module version string is malformed '{module.__version__}' and cannot be compared "
            f"with tuple {req_version_tuple}"
        )
        if error_if_malformed:
            raise RuntimeError(message) from error
        import warnings

        from ..core.site import stacklevel

        warnings.warn(message + ", but continuing assuming that requirement is met", stacklevel=stacklevel())
        return True


def validate_cuda_device(location: str) -> int:
    """RuntimeError: there is no such device."""
    raise _no_device(location)


def validate_hpu_device(location: str) -> int:
    """RuntimeError: there is no such device."""
    raise _no_device(location)


def _no_device(location: str) -> RuntimeError:
    kind = _device(location).type
    return RuntimeError(
        f"Attempting to deserialize object on a {kind.upper()} device but torch.{kind}.is_available() is False. If you "
        "are running on a CPU-only machine, please use torch.load with map_location=torch.device('cpu') to map your "
        "storages to the CPU."
    )


def normalize_storage_type(storage_type: type) -> type:
    """The class of storages as `torch` has it."""
    return OLD_CLASSES.get(storage_type.__name__, storage_type)  # type: ignore[return-value]


def storage_to_tensor_type(storage: TypedStorage) -> Any:
    """The old class of tensors on a storage: `torch.FloatTensor`. TypeError for one without a dtype."""
    if not isinstance(storage, TypedStorage):
        raise TypeError(f"{type(storage).__name__} has no dtype, and so no class of tensors")
    from ..core.registry import FUNCTIONS

    return FUNCTIONS[f"{storage.dtype.scalar_name}Tensor"]
