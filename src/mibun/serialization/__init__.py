"""`torch.serialization`: tensors and other objects to files and back, in PyTorch's own format. This file is an index.

Unless the user says otherwise (`weights_only=False`), nothing in a file that is loaded can execute.
"""

from ..core.missing import explain_missing_names as _explain_missing_names
from ..types import FileLike
from .loading import get_unsafe_globals_in_checkpoint, load
from .locations import (
    MAP_LOCATION,
    STORAGE,
    _package_registry,
    default_restore_location,
    location_tag,
    register_package,
)
from .options import (
    LoadEndianness,
    add_safe_globals,
    clear_safe_globals,
    get_crc32_options,
    get_default_load_endianness,
    get_default_mmap_options,
    get_safe_globals,
    safe_globals,
    set_crc32_options,
    set_default_load_endianness,
    set_default_mmap_options,
    skip_data,
)
from .rebuilding import StorageType
from .saving import DEFAULT_PROTOCOL, MAGIC_NUMBER, PROTOCOL_VERSION, save
from .small_names import (
    SourceChangeWarning,
    check_module_version_greater_or_equal,
    mkdtemp,
    normalize_storage_type,
    storage_to_tensor_type,
    validate_cuda_device,
    validate_hpu_device,
)

FILE_LIKE = FileLike

__all__ = [
    "DEFAULT_PROTOCOL",
    "FILE_LIKE",
    "LoadEndianness",
    "MAP_LOCATION",
    "SourceChangeWarning",
    "StorageType",
    "add_safe_globals",
    "check_module_version_greater_or_equal",
    "clear_safe_globals",
    "default_restore_location",
    "get_crc32_options",
    "get_default_load_endianness",
    "get_default_mmap_options",
    "get_safe_globals",
    "get_unsafe_globals_in_checkpoint",
    "load",
    "location_tag",
    "mkdtemp",
    "normalize_storage_type",
    "register_package",
    "safe_globals",
    "save",
    "set_crc32_options",
    "set_default_load_endianness",
    "set_default_mmap_options",
    "skip_data",
    "storage_to_tensor_type",
    "validate_cuda_device",
    "validate_hpu_device",
]

_explain_missing_names(__name__)
