"""The device object, `mibun.device`, which names where a tensor lives.

Device strings are parsed as PyTorch parses them, so that programs may mention "cuda" and ask whether it is there.
Tensors of NumPy's arrays live on the CPU; other libraries' arrays have devices of other names (`DEVICES` in
`registry.py`), and on "meta" there is no data. `check_device` is where a request for anything else is refused, by name.
"""

from __future__ import annotations

import importlib
import re
from typing import Any, NoReturn

from .registry import DEVICES

__all__ = ["device"]

_TYPES = (
    "cpu",
    "cuda",
    "ipu",
    "xpu",
    "mkldnn",
    "opengl",
    "opencl",
    "ideep",
    "hip",
    "ve",
    "fpga",
    "maia",
    "xla",
    "lazy",
    "vulkan",
    "mps",
    "meta",
    "hpu",
    "mtia",
    "privateuseone",
    "jax",
)
_SIGNATURES = " * (torch.device device)\n * (str type, int index = -1)"
_LARGEST_INDEX = 127  # PyTorch keeps a device index in eight bits


class device:
    """Where a tensor lives: `device("cpu")`, `device("cuda", 1)`, `device("cuda:1")`, or `device(another_device)`.

    `type` is the name and `index` a number, or None where none was given. Devices compare equal when both agree, so
    `device("cpu") != device("cpu", 0)`, as in PyTorch. A device also serves as a context manager, which sets the device
    that new tensors are made on: entering one that there is not raises as `check_device` does.

    RuntimeError: an unknown name, a malformed or negative index. TypeError: arguments of other types.

    >>> import mibun as torch
    >>> torch.device("cuda:1")
    device(type='cuda', index=1)
    >>> str(torch.device("cpu"))
    'cpu'
    """

    __slots__ = ("type", "index")

    type: str
    index: int | None

    def __new__(cls, *args: Any, **kwargs: Any) -> device:
        given, index = _bind(args, kwargs)
        if isinstance(given, device):
            return given
        if isinstance(given, int):
            if given < 0:
                raise RuntimeError(f"Device index must not be negative, got {given}")
            if "cuda" in DEVICES:
                return _make("cuda", given)
            raise RuntimeError(
                "Cannot access accelerator device when none is available. A bare device number means an accelerator, "
                "and tensors live on the CPU: use device('cpu')"
            )
        kind, parsed = _parse(given)
        if index is not None:
            if parsed is not None:
                raise RuntimeError(
                    f"type (string) must not include an index because index was passed explicitly: {given}"
                )
            if index < 0:
                raise RuntimeError(f"Device index must not be negative, got {index}")
            parsed = index
        if parsed is not None and parsed > _LARGEST_INDEX:
            raise RuntimeError(f"Device index must be at most {_LARGEST_INDEX}, got {parsed}")
        return _make(kind, parsed)

    def __init_subclass__(cls) -> None:
        raise TypeError("type 'torch.device' is not an acceptable base type")

    def __setattr__(self, name: str, value: object = None) -> NoReturn:
        if name in device.__slots__:
            raise AttributeError(f"attribute '{name}' of 'torch.device' objects is not writable")
        raise AttributeError(f"'torch.device' object has no attribute '{name}'")

    __delattr__ = __setattr__

    def __repr__(self) -> str:
        return f"device(type='{self.type}'" + (")" if self.index is None else f", index={self.index})")

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, device):
            return NotImplemented
        return self.type == other.type and self.index == other.index

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __reduce__(self) -> tuple[Any, ...]:
        return device, ((self.type,) if self.index is None else (self.type, self.index))

    def __enter__(self) -> device:
        if elsewhere(self) is None and not DEVICE_CONTEXTS.entered:
            return check_device(self)
        DEVICE_CONTEXTS.enter(self)
        return self

    def __exit__(self, *exception: object) -> None:
        if DEVICE_CONTEXTS.entered:
            DEVICE_CONTEXTS.leave()


def _make(kind: str, index: int | None) -> device:
    made = object.__new__(device)
    object.__setattr__(made, "type", kind)
    object.__setattr__(made, "index", index)
    return made


def _bind(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, int | None]:
    """Sort the arguments of `device()` by PyTorch's two signatures: (device) or (type, index=None)."""
    values = dict(zip(("type", "index"), args, strict=False))
    for name, value in kwargs.items():
        if name not in ("type", "index", "device"):
            raise TypeError(f"device() got an unexpected keyword argument '{name}'")
        name = "type" if name == "device" else name
        if name in values:
            raise TypeError(f"device() got multiple values for argument '{name}'")
        values[name] = value
    given, index = values.get("type"), values.get("index")
    alone = isinstance(given, (device, int)) and not isinstance(given, bool) and index is None
    if len(args) > 2 or not (isinstance(given, str) or alone):
        got = [type(value).__name__ for value in args]
        got += [f"{name}={type(value).__name__}" for name, value in kwargs.items()]
        raise TypeError(
            f"device() received an invalid combination of arguments - got ({', '.join(got)}), but expected one of:\n"
            + _SIGNATURES
        )
    if index is not None and (isinstance(index, bool) or not hasattr(index, "__index__")):
        raise TypeError(f"device(): argument 'index' (position 2) must be int, not {type(index).__name__}")
    return given, None if index is None else index.__index__()


def _parse(text: str) -> tuple[str, int | None]:
    if not text:
        raise RuntimeError("Device string must not be empty; use 'cpu'")
    match = re.fullmatch(r"([a-z]+)(?::(0|[1-9][0-9]*))?", text)
    if match is None:
        if re.fullmatch(r"[A-Za-z_]+", text):
            _refuse_name(text)
        raise RuntimeError(f"Invalid device string: '{text}'. Write a name, or a name and a number, as in 'cpu:0'")
    kind, index = match[1], match[2]
    if kind not in _TYPES:
        _refuse_name(text)
    if index is not None and len(index) > 9:
        raise RuntimeError(f"Could not parse device index '{index}' in device string '{text}'")
    return kind, None if index is None else int(index)


def _refuse_name(text: str) -> NoReturn:
    names = ", ".join([name for name in _TYPES if name != "jax"])
    raise RuntimeError(f"Expected one of {names} device type at start of device string: {text} (or jax, in mibun)")


class _DeviceContexts:
    """The devices that were entered as contexts, from the first that is not the CPU on; `utils/_device.py` has them."""

    def __init__(self) -> None:
        self.entered: list[Any] = []
        self.make: Any = None  # what makes the context of a device

    def enter(self, place: device) -> None:
        if elsewhere(place) is None:
            check_device(place)
        if self.make is None:
            importlib.import_module(f"{__name__.partition('.')[0]}.utils._device")
        make: Any = self.make
        context = make(place)
        context.__enter__()
        self.entered.append(context)

    def leave(self) -> None:
        self.entered.pop().__exit__(None, None, None)


DEVICE_CONTEXTS = _DeviceContexts()
CPU = _make("cpu", None)


class ElsewhereAsked(RuntimeError):
    """A tensor is asked for on a device without memory of NumPy's: "meta", or where another library's arrays are.

    The functions that make tensors answer it: see `ops/elsewhere.py`.
    """


def is_meta_device(requested: Any) -> bool:
    """Whether a device that was asked for is "meta"."""
    return requested is not None and requested is not CPU and _type_of(requested) == "meta"


def elsewhere(requested: Any) -> device | None:
    """The device that was asked for, if tensors there have no memory of NumPy's (see `ElsewhereAsked`); else None."""
    if requested is None or requested is CPU:
        return None
    kind = _type_of(requested)
    return device(requested) if kind == "meta" or kind in DEVICES else None


def _type_of(requested: Any) -> str:
    return device(requested).type if isinstance(requested, (device, str)) else ""


def check_device(requested: device | str | int | None, function: str = "tensor") -> device:
    """The device that a tensor asked for on `requested` lives on: always `device("cpu")`, or an error.

    None and every spelling of the CPU are accepted. A device that PyTorch's own CPU build refuses raises the class it
    raises: AssertionError for "cuda", "xpu" and "mtia", RuntimeError for the others. For "meta", and for those of other
    libraries' arrays, it is ElsewhereAsked. TypeError names `function` where the argument is not a device at all.
    """
    if requested is None or requested is CPU:
        return CPU
    if not isinstance(requested, (device, str, int)) or isinstance(requested, bool):
        raise TypeError(f"{function}(): argument 'device' must be torch.device, not {type(requested).__name__}")
    asked = device(requested)
    if asked.type == "cpu":
        return CPU
    advice = f"mibun's tensors live on the CPU, not on '{asked}': leave device out, or pass 'cpu'"
    if asked.type in DEVICES:
        raise ElsewhereAsked(f"{function}() makes no tensors on '{asked}': make it on the CPU, and move it with .to()")
    if asked.type in ("cuda", "xpu", "mtia"):
        raise AssertionError(f"Torch not compiled with {asked.type.upper()} enabled. {advice}")
    if asked.type == "meta":
        words = f"tensors without data, on device 'meta', are not supported by {function}()"
        raise ElsewhereAsked(f"{words}. {advice}")
    raise RuntimeError(f"PyTorch is not linked with support for {asked.type} devices. {advice}")
