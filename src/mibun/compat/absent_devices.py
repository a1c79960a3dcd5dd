"""What the modules of devices share that are not there: `torch.cuda`, `torch.xpu`, `torch.mtia`, `torch.mps`.

They do what PyTorch's do where it was built for CPUs alone: questions have answers (there are no devices, no memory is
in use), seeding is accepted because there is nothing to seed, and whatever would need a device raises PyTorch's error.
Such functions are many and differ in their names only: `Functions` makes them from tables of their signatures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from types import CodeType, FunctionType
from typing import Any

from ..core.device import device as Device
from ..core.tensor import name_as

_SIGNATURE = re.compile(r"\w+\([^)]*\)")


class Functions:
    """The functions that a module has from tables of their signatures.

    scope: the module's `globals()`. `names` are those of the functions that are not private, for its `__all__`.
    """

    def __init__(self, scope: dict[str, Any]) -> None:
        self.scope = scope
        self.names: list[str] = []

    def refusing(self, signatures: str, error: Callable[[str], Exception], what: str = "Needs a device") -> None:
        """Functions that raise `error(name)`."""
        for name, signature in _listed(signatures):
            kind = type(error(name)).__name__
            words = f"{what}: {kind}, as of PyTorch where it was built without."
            self._add(name, _function(f"def {name}{signature}: raise error({name!r})", {"error": error}), words)

    def answering(self, signatures: str, answer: Callable[[], Any], what: str) -> None:
        """Functions that give `answer()`, whatever they are given."""
        for name, signature in _listed(signatures):
            self._add(name, _function(f"def {name}{signature}: return answer()", {"answer": answer}), what)

    def _add(self, name: str, function: FunctionType, doc: str) -> None:
        name_as(function, self.scope["__name__"], name)
        function.__doc__ = doc
        self.scope[name] = function
        if not name.startswith("_"):
            self.names.append(name)


def _listed(signatures: str) -> list[tuple[str, str]]:
    """(name, the rest of the signature) of each."""
    return [(found.partition("(")[0], found[found.index("(") :]) for found in _SIGNATURE.findall(signatures)]


def _function(text: str, names: dict[str, Any]) -> FunctionType:
    """The function that a line defines, with its defaults."""
    made: dict[str, Any] = {}
    code: CodeType = compile(text, "<mibun: a function of an absent device>", "exec")
    exec(code, names, made)
    return made.popitem()[1]


def dummy_class(name: str, module: str, error: Callable[[], Exception], what: str) -> Any:
    """A class of which no instance can be made: `error()` makes what is raised. For `isinstance` and annotations."""

    def refuse(cls: type, *args: Any, **kwargs: Any) -> Any:
        raise error()

    return type(name, (), {"__new__": refuse, "__module__": module, "__doc__": what})


def device_index(device: Any, kind: str, optional: bool = False, allow_cpu: bool = False) -> int | None:
    """The number in a device of a kind, from the device, its name or the number itself.

    optional: None is returned where there is none. allow_cpu: -1 for the CPU. ValueError for another kind of device.
    """
    if isinstance(device, int):
        return device
    if isinstance(device, str):
        device = Device(device)
    index = None
    if isinstance(device, Device):
        if device.type == "cpu" and allow_cpu:
            return -1
        if device.type != kind:
            either = f"{kind} or cpu" if allow_cpu else kind
            raise ValueError(f"Expected a {either} device, but got: {device}")
        index = device.index
    elif device is not None:
        raise ValueError(f"Expected a torch.device with a specified index or an integer, but got:{device}")
    if index is None and not optional:
        raise ValueError(f"Expected a torch.device with a specified index or an integer, but got:{device}")
    return index


class StreamContext:
    """Context manager that makes a stream the current one; None, the only one there is here, changes nothing."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        return None


def seeds(numbers: Any) -> None:
    """Seeding accepts what an int can be made of (ValueError, TypeError for all else), and has nothing to seed."""
    int(numbers)


def states(new_states: Iterable[Any]) -> None:
    """Setting the states of generators accepts tensors: AttributeError for what is none."""
    for state in new_states:
        state.clone()
