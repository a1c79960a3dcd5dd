"""Modules of settings: `torch._dynamo.config` and its like, whose names are the settings and nothing else.

A setting can be read and set; another name raises, so that a misspelt one is noticed. Here there is no compiler that
would read them: programs set them, and find them set.
"""

from __future__ import annotations

import copy
import functools
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from ..core.missing import explain_missing_names as _explain_missing_names

__all__ = ["ConfigModule", "install_config_module"]


class ConfigPatch:
    """Settings that are others for a while: in a `with` block, or while the function runs that it decorates."""

    def __init__(self, module: ConfigModule, changes: dict[str, Any]) -> None:
        self._module, self._changes = module, changes
        self._before: list[dict[str, Any]] = []

    def __enter__(self) -> None:
        before = {name: getattr(self._module, name) for name in self._changes}
        for name, value in self._changes.items():
            setattr(self._module, name, value)
        self._before.append(before)

    def __exit__(self, *error: object) -> None:
        for name, value in self._before.pop().items():
            setattr(self._module, name, value)

    def __call__(self, function: Callable) -> Callable:
        @functools.wraps(function)
        def patched(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return patched


class ConfigModule(ModuleType):
    """A module whose attributes are settings; a dotted one, as `triton.cudagraphs`, is an attribute of an attribute."""

    _settings: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        settings = self.__dict__.get("_settings", {})
        first, _, rest = name.partition(".")
        if first in settings and (not rest or hasattr(settings[first], rest)):
            return getattr(settings[first], rest) if rest else settings[first]
        raise AttributeError(f"{self._shown()}.{name} does not exist")

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("__") or name in self.__dict__ or isinstance(value, ModuleType):
            super().__setattr__(name, value)
            return
        holder, last = self._place(name)
        if isinstance(holder, dict):
            holder[last] = value
        else:
            setattr(holder, last, value)

    def _shown(self) -> str:
        return "torch." + self.__name__.partition(".")[2]

    def _place(self, name: str) -> tuple[Any, str]:
        first, _, rest = name.partition(".")
        holder: Any = self._settings
        if first not in holder or (rest and not hasattr(holder[first], rest)):
            raise AttributeError(f"{self._shown()}.{name} does not exist")
        return (holder[first], rest) if rest else (holder, first)

    def __dir__(self) -> list[str]:
        return sorted(self._settings)

    def patch(self, arg1: str | dict[str, Any] | None = None, arg2: Any = None, **kwargs: Any) -> ConfigPatch:
        """Other settings in a `with` block or a decorated function: `patch(a=1)`, `patch("a", 1)`, `patch({"a": 1})`.

        AttributeError, when it is entered, for a setting that does not exist.
        """
        if arg1 is None:
            return ConfigPatch(self, kwargs)
        if kwargs:
            raise TypeError("patch() takes names and values either by keyword or by position")
        return ConfigPatch(self, {arg1: arg2} if isinstance(arg1, str) else dict(arg1))

    def shallow_copy_dict(self) -> dict[str, Any]:
        """The settings and their values."""
        return dict(self._settings)

    def get_config_copy(self) -> dict[str, Any]:
        """The settings and copies of their values."""
        return copy.deepcopy(self._settings)

    to_dict = shallow_copy_dict

    def load_config(self, maybe_pickled_config: dict[str, Any]) -> None:
        """Set what a dict has, as `get_config_copy` gives it. TypeError for pickled bytes, which are not executed."""
        if not isinstance(maybe_pickled_config, dict):
            raise TypeError("load_config() takes a dict of settings: mibun executes no pickled ones")
        for name, value in maybe_pickled_config.items():
            setattr(self, name, value)


class _Group:
    """Settings with a name in common: `triton.cudagraphs`."""

    def __init__(self, **settings: Any) -> None:
        self.__dict__.update(settings)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.__dict__:
            raise AttributeError(f"there is no setting {name}")
        self.__dict__[name] = value


def group(**settings: Any) -> Any:
    """Settings with a name in common."""
    return _Group(**settings)


def install_config_module(module: str, **settings: Any) -> None:
    """Make a module that is being loaded one of these settings."""
    loaded = sys.modules[module]
    loaded.__dict__["_settings"] = settings
    loaded.__class__ = ConfigModule


_explain_missing_names(__name__)
