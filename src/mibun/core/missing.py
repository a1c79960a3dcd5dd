"""What is said of names that do not exist: that it is mibun that lacks them, and which names are near.

`hasattr` asks for such names all the time and throws the error away, so the words are put together only when somebody
reads them. A module says `explain_missing_names(__name__)`, or raises `missing_name(__name__, name)` at the end of a
`__getattr__` of its own (PEP 562); neither costs anything until a name is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from opcode import opmap
from types import ModuleType
from typing import Any

# Where else a name is looked for, in this order: what belongs to a Tensor or a layer is often sought in the module.
_PLACES = (
    "",
    "Tensor",
    "nn",
    "nn.functional",
    "optim",
    "optim.lr_scheduler",
    "linalg",
    "fft",
    "special",
    "autograd",
    "nn.init",
    "nn.utils",
    "nn.utils.rnn",
    "utils.data",
)


# Why some of PyTorch's names are absent, by the dotted name without "torch": filled by whoever knows.
REASONS: dict[str, str] = {}

_IMPORT_FROM = opmap["IMPORT_FROM"]


class _Words(str):
    """The beginning of a message, which is what is compared and pickled; printed, it goes on with the nearest names."""

    __slots__ = ("place", "wanted")

    place: str  # "" for mibun itself, "nn.functional", "Tensor", ...
    wanted: str

    def __str__(self) -> str:
        beginning = str.__str__(self)
        try:
            return f"{beginning}: {_advice(self.place, self.wanted)}"
        except Exception:  # a message must not fail, whatever state the modules are in
            return beginning

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str(self),)


def _words(beginning: str, place: str, wanted: str) -> _Words:
    words = _Words(beginning)
    words.place, words.wanted = place, wanted
    return words


def missing_name(module: str, name: str) -> Exception:
    """The error for `module.name`, to be raised in its `__getattr__`; ImportError in `from module import name`.

    >>> from mibun.core.missing import missing_name
    >>> print(missing_name("mibun.linalg", "choleski"))  # doctest: +NORMALIZE_WHITESPACE
    module 'mibun.linalg' has no attribute 'choleski': mibun has no torch.linalg.choleski (yet). Did you mean
    torch.linalg.cholesky or torch.linalg.cholesky_ex?
    """
    if name[:2] == "__":
        return AttributeError(f"module {module!r} has no attribute {name!r}")
    place = module.partition(".")[2]
    shown = module
    if module.partition(".")[0] == "mibun" and sys.modules.get("torch") is sys.modules["mibun"]:
        shown = _dotted("torch", place)  # as in `mibun run`
    # The other cause of a missing name, a circle of imports, is left to Python: it looks among the modules next.
    if f"{module}.{name}" not in sys.modules and _is_import_statement(sys._getframe(2)):
        words = _words(f"cannot import name {name!r} from {shown!r}", place, name)
        return ImportError(words, name=shown, path=getattr(sys.modules.get(module), "__file__", None))
    words = _words(f"module {shown!r} has no attribute {name!r}", place, name)
    return AttributeError(words, obj=sys.modules.get(module))  # without `name`, or Python would make suggestions too


def explain_missing_names(module: str) -> None:
    """Give a module that is being loaded the `__getattr__` that knows its submodules, and that all else is missing.

    (Given like this, type checkers do not see it; they would take any name for one of the module's.)
    """

    def __getattr__(name: str) -> Any:
        found = submodule(module, name)
        if found is None:
            raise missing_name(module, name)
        return found

    vars(sys.modules[module])["__getattr__"] = __getattr__


def submodule(package: str, name: str) -> ModuleType | None:
    """A module of a package that nobody has imported yet; None where there is no such module.

    PyTorch loads nearly all of its modules at once, so programs take them as attributes: `torch.nn.utils.stateless`.
    Here they are loaded when they are first asked for.
    """
    if name[:2] == "__" or not hasattr(sys.modules[package], "__path__"):
        return None
    dotted = f"{package}.{name}"
    if find_spec(dotted) is None:
        return None
    try:
        return import_module(dotted)
    except ModuleNotFoundError:  # it needs a package that is not installed, as `utils.tensorboard` does
        return None


class AbsentName:
    """In a class, in the place of a name that PyTorch has and mibun has not: whoever asks for it is told so."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        beginning = f"{owner.__name__!r} object has no attribute {self.name!r}"
        # Without `name`: else Python would make suggestions too.
        raise AttributeError(_words(beginning, owner.__name__, self.name), obj=instance)


def _is_import_statement(frame: Any) -> bool:
    """Whether a frame is just now at the `from ... import name` of its code."""
    return frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == _IMPORT_FROM


def _dotted(*parts: str) -> str:
    return ".".join([part for part in parts if part])


def reason_for(name: str) -> str:
    """Why mibun lacks a name (dotted, without "torch"), or one that it is below of; "" where nobody says."""
    while name:
        if name in REASONS:
            return REASONS[name]
        name = name.rpartition(".")[0]
    return ""


def _advice(place: str, wanted: str) -> str:
    """That mibun has no such name, why, and what may have been meant instead."""
    reason = reason_for(_dotted(place, wanted))
    if reason:
        return f"mibun has no {_shown(place, wanted)}: {reason}"
    said = f"mibun has no {_shown(place, wanted)} (yet)."
    elsewhere = [_shown(other, wanted) for other in _PLACES if other != place and wanted in _names_in(other)]
    if elsewhere:
        said += f" There is {' and '.join(elsewhere[:2])}."
    near = [_shown(place, name) for name in nearest(wanted, _names_in(place))]
    if near:
        said += f" Did you mean {', '.join(near[:-1]) + ' or ' if near[1:] else ''}{near[-1]}?"
    return said


def _shown(place: str, name: str) -> str:
    return _dotted("" if place == "Tensor" else "torch", place, name)


def _names_in(place: str) -> set[str]:
    """The public names of one of mibun's modules, or of Tensor, those that are loaded on demand included."""
    found: Any = sys.modules["mibun"]
    for part in place.split(".") if place else ():
        found = getattr(found, part)
    names = {*dir(found), *getattr(found, "_LAZY", ()), *getattr(found, "_LAZY_NAMES", ())}
    return {name for name in names if not name.startswith("_") and _is_own(vars(found).get(name))}


def _is_own(value: Any) -> bool:
    """Whether a value in a module is not just what the module imports from elsewhere, `math` or `Any`."""
    module = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return not isinstance(module, str) or module.partition(".")[0] in ("mibun", "torch", "builtins")


def nearest(wanted: str, names: Iterable[str], most: int = 3) -> list[str]:
    """The names most like `wanted`, the best first; case and underscores count little, a common beginning much."""
    from difflib import get_close_matches

    by_letters: dict[str, list[str]] = {}
    for name in sorted(names):
        by_letters.setdefault(_letters(name), []).append(name)
    asked = _letters(wanted)
    found = get_close_matches(asked, by_letters, most, 0.75)
    if len(asked) >= 4:
        longer = [letters for letters in by_letters if letters.startswith(asked)]
        shorter = [letters for letters in by_letters if len(letters) >= 4 and asked.startswith(letters)]
        found += [letters for letters in longer + shorter if letters not in found]
    return [name for letters in found for name in by_letters[letters]][:most]


def _letters(name: str) -> str:
    return name.replace("_", "").lower()
