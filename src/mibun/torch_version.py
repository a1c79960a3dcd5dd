"""`torch.torch_version`: a version that compares as a version, with strings and tuples: `torch.__version__ >= (2, 0)`.

The order is that of the Python packaging rules (PEP 440).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

__all__ = ["TorchVersion"]

_VERSION = re.compile(
    r"""\s*v?
    (?:(?P<epoch>\d+)!)?
    (?P<release>\d+(?:\.\d+)*)
    (?:[-_.]?(?P<pre>a|alpha|b|beta|c|rc|pre|preview)[-_.]?(?P<pre_number>\d*))?
    (?P<post>-(?P<bare_post>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post_number>\d*))?
    (?P<dev>[-_.]?dev[-_.]?(?P<dev_number>\d*))?
    (?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_PRE = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}


def _key(version: str) -> tuple | None:
    """What sorts versions as PEP 440 says; None for what is no version.

    At each place a part that is absent comes before or after all that may be there: 1.0.dev1 < 1.0a1.dev1 < 1.0a1 <
    1.0 < 1.0.post1, and 1.0 < 1.0+local.
    """
    found = _VERSION.fullmatch(version)
    if found is None:
        return None
    release = [int(part) for part in found["release"].split(".")]
    while release[1:] and release[-1] == 0:
        release.pop()
    development = found["dev"] is not None
    if found["pre"] is not None:
        name = found["pre"].lower()
        pre: tuple = (0, _PRE.get(name, name), int(found["pre_number"] or 0))
    else:
        pre = (-1,) if development and found["post"] is None else (1,)
    post = -1 if found["post"] is None else int(found["bare_post"] or found["post_number"] or 0)
    dev = (0, int(found["dev_number"] or 0)) if development else (1,)
    local = re.split(r"[-_.]", found["local"].lower()) if found["local"] else []
    parts = [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in local]
    return int(found["epoch"] or 0), tuple(release), pre, post, dev, tuple(parts)


class TorchVersion(str):
    """A string that holds a version, and compares as one.

    With strings, tuples and lists of parts, and versions of the package packaging. What cannot be read as a version is
    compared as a string. TypeError for other things, but for `==`.

    >>> from mibun.torch_version import TorchVersion
    >>> TorchVersion("2.13.0") > "2.4", TorchVersion("2.13.0") >= (2, 13), TorchVersion("2.13.0a1") < "2.13"
    (True, True, True)
    """

    def _compare(self, other: Any, method: str) -> Any:
        text = _text_of(other)
        if text is None:
            return NotImplemented
        mine, its = _key(self), _key(text)
        if mine is None or its is None:
            return getattr(str, method)(self, text)
        return getattr(tuple, method)(mine, its)

    def __lt__(self, other: Any) -> Any:
        return self._compare(other, "__lt__")

    def __le__(self, other: Any) -> Any:
        return self._compare(other, "__le__")

    def __gt__(self, other: Any) -> Any:
        return self._compare(other, "__gt__")

    def __ge__(self, other: Any) -> Any:
        return self._compare(other, "__ge__")

    def __eq__(self, other: Any) -> Any:
        return self._compare(other, "__eq__")

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return str.__hash__(self)


def _text_of(other: Any) -> str | None:
    """A version that is given as a string, as its parts, or as an object of the package packaging."""
    if isinstance(other, str):
        return other
    if isinstance(other, Iterable):
        text = ".".join([str(part) for part in other])
        return text if _key(text) is not None else None
    return str(other) if hasattr(other, "release") and hasattr(other, "public") else None
