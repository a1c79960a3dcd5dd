"""What PyTorch's argument parser does before a public function runs: NumPy's names, and numbers that are none.

PyTorch's native functions take `axis=` for `dim=`, `keepdims=` for `keepdim=`, `x=`, `a=` or `x1=` for `input=` and
`x2=` for `other=`, and refuse a Tensor that requires grad where a number is meant (`numbers.py`). Both are done here
for all functions written by hand, by what their signatures say: `parsed` puts a function of the same signature before
each of them, written as text and compiled at its first call like everything in `template.py`. Calls that need neither
pay for one more call of Python's. What mibun itself calls by import is the function as it was written.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

from ..core.device import ElsewhereAsked
from ..core.registry import MADE_ELSEWHERE
from ..core.site import shorten
from ..core.tensor import Tensor, name_as
from .arguments import check_tensor
from .numbers import BOOLS, INTS, REALS, SCALARS, boolean, integer, real, scalar
from .older import by_older, has_older
from .template import indented, lazy
from .torch_function import ask

NUMPY_NAMES = {"dim": ("axis",), "keepdim": ("keepdims",), "input": ("x", "a", "x1"), "other": ("x2",)}

# What PyTorch does not take, but opt_einsum gives to every library that it has no module for.
_MORE_NAMES = {"tensordot": {"axes": "dims"}}

# Functions that PyTorch has in Python, where an argument has one name: those of the module torch and of Tensor,
_IN_PYTHON = frozenset(("istft", "norm", "split", "stft", "unique", "unique_consecutive"))
# and in torch.nn.functional all but these.
_NATIVE_IN_FUNCTIONAL = frozenset(
    """
    adaptive_avg_pool1d avg_pool1d avg_pool2d avg_pool3d celu_ channel_shuffle conv1d conv2d conv3d conv_tbc
    conv_transpose1d conv_transpose2d conv_transpose3d cosine_similarity elu_ gelu hardshrink hardtanh_ leaky_relu_
    linear logsigmoid native_channel_shuffle pairwise_distance pixel_shuffle pixel_unshuffle prelu relu_ rrelu_ selu_
    softplus softshrink threshold_
    """.split()
)

# Not looked at here: what is only ever asked whether it is true, by PyTorch's Python code, so that anything will do;
# and dimensions, for which every function has `wrap_dim`, after it has looked at what comes before them.
_LEFT_ALONE = frozenset(
    """
    _stacklevel align_to_window antialias center get_infos include_last_offset inplace recompute_scale_factor reduce
    return_indices size_average dim dim0 dim1 dim2 axis0 axis1
    """.split()
)

# annotation -> (the types that need no look, what looks at the others)
_KINDS = {
    "Number": ("SCALARS", "scalar"),
    "complex": ("SCALARS", "scalar"),
    "float": ("REALS", "real"),
    "float | str": ("SCALARS_OR_NAME", "scalar"),  # PyTorch has two overloads
    "int": ("INTS", "integer"),
    "bool": ("BOOLS", "boolean"),
}


class _Missing:
    """The default of a parameter that has none, so that it may be given under another name."""

    def __repr__(self) -> str:
        return "<required>"


MISSING = _Missing()


def is_native(module: str, name: str) -> bool:
    """Whether PyTorch has a function in C++, so that its parameters have NumPy's names as well."""
    return name in _NATIVE_IN_FUNCTIONAL if module == "mibun.nn.functional" else name not in _IN_PYTHON


def numpy_names(parameters: Iterable[str]) -> dict[str, str]:
    """NumPy's name -> the parameter's own, for those of a signature that have one."""
    parameters = tuple(parameters)
    found = [name for name in parameters if name in NUMPY_NAMES]
    return {other: name for name in found for other in NUMPY_NAMES[name] if other not in parameters}


def renamed(kwargs: dict[str, Any], names: dict[str, str], given: Iterable[str] = ()) -> dict[str, Any]:
    """Keyword arguments under the parameters' own names; what is `given` as well stays, for Python to complain of."""
    return {names[n] if n in names and names[n] not in given else n: value for n, value in kwargs.items()}


def number_kind(annotation: Any) -> str | None:
    """The kind of number that a parameter takes: a key of `_KINDS`, None where it takes other things, too."""
    if annotation not in _KIND_OF:
        kind = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
        kind = kind.removesuffix(" | None")
        _KIND_OF[annotation] = kind if kind in _KINDS else None
    return _KIND_OF[annotation]


_KIND_OF: dict[Any, str | None] = {}


def as_number(value: Any, kind: str, function: str, argument: str) -> Any:
    """A Python number of this kind; TypeError for what is none."""
    return _LOOK[_KINDS[kind][1]](value, function, argument)


_LOOK: dict[str, Callable] = {"scalar": scalar, "real": real, "integer": integer, "boolean": boolean}
_SCOPE = {"SCALARS": SCALARS, "REALS": REALS, "INTS": INTS, "BOOLS": BOOLS, "MISSING": MISSING, **_LOOK}
_SCOPE |= {"SCALARS_OR_NAME": SCALARS | {str}, "shorten": shorten}

# `_others` has what is given under no name of the signature. Keyword arguments are the dear ones: they are passed on
# only where one of them is given.
SHELL = """
def call({signature}, **_others):
    if {unusual}:
        return _by_name(locals())
    try:
{numbers}
{short}
        return _function({arguments})
    except Exception as error:
        _answer = _ask({given}, error)
        if _answer is not NotImplemented:
            return _answer
        # As if the user had called the function itself: this frame goes, unless it is the one to blame.
        error.__traceback__ = error.__traceback__.tb_next or error.__traceback__
        shorten(error)
        raise
"""
# The same for functions of any number of arguments.
STARRED = """
def call(*args, **kwargs):
    if kwargs:
        kwargs = _looked_at(kwargs)
    try:
        return _function(*args, **kwargs)
    except Exception as error:
        _answer = _made_elsewhere(_shell, args, kwargs) if type(error) is _ElsewhereAsked else ask(_shell, args, kwargs)
        if _answer is not NotImplemented:
            return _answer
        error.__traceback__ = error.__traceback__.tb_next or error.__traceback__
        shorten(error)
        raise
"""
SHORT = """
if {unless}:
    return _function({arguments})
"""
NUMBER = """
if {unless}type({p}) not in {types}:
    {p} = {look}({p}, {name!r}, {p!r})
"""


@functools.cache
def _what_to_look_at(function: Any, native: bool = True) -> tuple[dict[str, str], dict[str, str]]:
    """NumPy's name -> that of the parameter, and the parameter's name -> its kind of number, for one function."""
    written = inspect.unwrap(function)
    code = written.__code__
    parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    names = numpy_names(parameters) if native else {}
    names |= _MORE_NAMES.get(function.__name__, {})
    kinds = {}
    for p, annotation in written.__annotations__.items():
        kind = number_kind(annotation)
        if kind is not None and p in parameters and p not in _LEFT_ALONE:
            kinds[p] = kind
    return names, kinds


def method_needs_parser(function: Any) -> bool:
    """Whether there is something to look at in a method: the name of its first argument is not."""
    names, kinds = _what_to_look_at(function)
    return bool(kinds) or any(name != "input" for name in names.values())


def parsed(function: Any, name: str, native: bool = True) -> Any:
    """The function as users get it: one that looks at the arguments first, and asks objects that are no Tensors.

    native: whether its parameters have NumPy's names as well. If not, and there is nothing to look at, it is itself.
    """
    names, kinds = _what_to_look_at(function, native)
    if not names and not kinds and not native:
        return function
    shell = lazy(name, lambda: _write(function, shell, name, names, kinds))
    shell.__wrapped__ = function
    shell.__doc__ = function.__doc__
    shell.numpy_names = names  # for the stubs
    name_as(shell, function.__module__, function.__qualname__)
    return shell


def _write(function: Any, shell: Any, name: str, names: dict[str, str], kinds: dict[str, str]) -> tuple:
    """The text of `SHELL` for one function, what it is, and what it needs (see `lazy`)."""
    what = f"the arguments of {name}"
    scope: dict[str, Any] = {**_SCOPE, "_function": function}
    # (By its code: the signature that it shows may be one of several.)
    if inspect.unwrap(function).__code__.co_flags & inspect.CO_VARARGS:
        scope["_looked_at"] = _looking(name, names, kinds)
        scope["_shell"], scope["ask"] = shell, ask
        scope["_ElsewhereAsked"], scope["_made_elsewhere"] = ElsewhereAsked, made_elsewhere
        return STARRED, what, scope, (), {}
    parameters = [p for p in inspect.signature(function).parameters.values() if p.kind is not p.VAR_KEYWORD]
    scope["_by_name"] = _by_name(function, shell, name, parameters, names)
    scope["_ask"] = _asking(shell, parameters)
    signature: list[str] = []
    positional: list[str] = []
    by_keyword: list[str] = []
    defaults: list[Any] = []
    keyword_defaults: dict[str, Any] = {}
    required: list[str] = []
    older = has_older(name)
    numbers: dict[bool, list[str]] = {False: [], True: []}
    for p in parameters:
        default = p.default
        if p.kind is p.KEYWORD_ONLY:
            if not by_keyword:
                signature.append("*_older" if older else "*")
            by_keyword.append(p.name)
            if default is not p.empty:
                keyword_defaults[p.name] = default
        else:
            positional.append(p.name)
            if default is p.empty and (defaults or p.name in names.values()):
                required.append(p.name)  # maybe it comes under another name
                default = MISSING
            if default is not p.empty:
                defaults.append(default)
        signature.append(p.name if default is p.empty else f"{p.name}=None")
        if p.default is not p.empty:
            scope[f"default_{p.name}"] = p.default
        if p.name in kinds:
            numbers[p.kind is p.KEYWORD_ONLY].append(_number(p, kinds[p.name], name))
    short = ""
    if by_keyword and len(by_keyword) == len(keyword_defaults):
        unless = " and ".join([f"{p} is default_{p}" for p in by_keyword])
        short = SHORT.format(unless=unless, arguments=", ".join(positional))
    text = SHELL.format(
        signature=", ".join(signature),
        unusual=" or ".join(["_others", *["_older"] * older, *[f"{p} is MISSING" for p in required]]),
        numbers=indented(indented("\n".join(numbers[False]))),
        short=indented(indented("\n".join([short, *numbers[True]]))),
        arguments=", ".join([*positional, *[f"{p}={p}" for p in by_keyword]]),
        # (Not `locals()`, which would hold the error.)
        given=f"({', '.join([p.name for p in parameters])}, )" if parameters else "()",
    )
    return text, what, scope, tuple(defaults), keyword_defaults


def _number(p: inspect.Parameter, kind: str, name: str) -> str:
    """Lines that look at one argument which has to be a number. The default itself passes, whatever it is."""
    types, look = _KINDS[kind]
    unless = "" if p.default is p.empty else f"{p.name} is not default_{p.name} and "
    if p.default is not None and str(p.annotation).endswith("None"):
        unless += f"{p.name} is not None and "
    return NUMBER.format(p=p.name, unless=unless, types=types, look=look, name=name)


def _by_name(
    function: Any, shell: Any, name: str, parameters: list[inspect.Parameter], names: dict[str, str]
) -> Callable:
    """What calls the function with arguments that its signature has under another name, or not at all."""

    defaults = {p.name: p.default for p in parameters}
    positional = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]

    def by_name(given: dict[str, Any]) -> Any:
        others = given.pop("_others")
        more = given.pop("_older", ())
        own = {n: value for n, value in given.items() if value is not MISSING and value is not defaults[n]}
        if more:
            args = (*[given[n] for n in positional], *more)
            known = {n: value for n, value in own.items() if n not in positional} | others
            found = by_older(name, args, known)
            args, known = (args, known) if found is None else ((), found)
        else:
            args, known = (), {**own, **renamed(others, names, own)}
            if others and all(n in given for n in known):
                return shell(**known)
        try:
            return function(*args, **known)  # Python complains of what is wrong
        except TypeError as error:
            called = f"{function.__qualname__}()"
            if error.args and str(error.args[0]).startswith(called):  # by the name of a method: see `public`
                error.args = (f"{function.__name__}(){str(error.args[0])[len(called) :]}",)
            raise

    return by_name


def made_elsewhere(shell: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """What a function gives that was asked for a tensor on another device; NotImplemented if it cannot."""
    return MADE_ELSEWHERE[0](shell, args, kwargs) if MADE_ELSEWHERE else NotImplemented


def _asking(shell: Any, parameters: list[inspect.Parameter]) -> Callable:
    """What asks the objects among the arguments of a call that has failed, as they may be no Tensors."""

    def asked(given: tuple, error: Exception) -> Any:
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        for place, (p, value) in enumerate(zip(parameters, given, strict=True)):
            if value is MISSING or value is p.default:
                continue
            if p.kind is not p.KEYWORD_ONLY and len(args) == place:
                args.append(value)  # nothing before it is left out
            else:
                kwargs[p.name] = value
        answer = made_elsewhere if type(error) is ElsewhereAsked else ask
        found = answer(shell, tuple(args), kwargs)
        if found is NotImplemented and isinstance(error, (AttributeError, IndexError)):
            # What is wrong may have been found late, by what is not there.
            for place, (p, value) in enumerate(zip(parameters, given, strict=True)):
                if _is_no_tensor(p, value):
                    try:
                        check_tensor(value, shell.__name__, p.name, place + 1)
                    except TypeError as refusal:
                        raise refusal from None
        return found

    return asked


def _is_no_tensor(p: inspect.Parameter, value: Any) -> bool:
    """Whether something else is given for a parameter that takes Tensors, or None where that may be."""
    return value is not p.default and (
        p.annotation in ("Tensor", Tensor) or (p.annotation == "Tensor | None" and value is not None)
    )


def _looking(name: str, names: dict[str, str], kinds: dict[str, str]) -> Callable:
    """What looks at the keyword arguments of a function of any number of arguments."""

    def looked_at(kwargs: dict[str, Any]) -> dict[str, Any]:
        kwargs = renamed(kwargs, names, kwargs)
        for p, kind in kinds.items():
            if kwargs.get(p) is not None:
                kwargs[p] = as_number(kwargs[p], kind, name, p)
        return kwargs

    return looked_at
