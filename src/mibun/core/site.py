"""Where in the user's code something happened, recorded for 0.1 us and formatted only when an error needs it.

A site is a pair (code object, offset of the bytecode instruction). Frames of mibun's own files are passed over, so that
an operation called inside `nn.Linear` is reported at the line of the user's program that called the layer.
"""

from __future__ import annotations

import linecache
import os
import sys
from types import CodeType

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep

GENERATED = "<mibun: "  # how the names of the files begin that are written at run time: see dispatch/template.py

Site = tuple[CodeType, int]


class _InternalFiles(dict):
    """file name -> whether it is one of mibun's own (a dict, since this is asked at every recorded operation)."""

    def __missing__(self, filename: str) -> bool:
        internal = self[filename] = filename.startswith((_PACKAGE, GENERATED))
        return internal


INTERNAL = _InternalFiles()
_getframe = sys._getframe


def creation_site() -> Site | None:
    """The innermost frame outside mibun, as a site."""
    frame = _getframe(1)
    while INTERNAL[frame.f_code.co_filename]:
        caller = frame.f_back
        if caller is None:
            return None
        frame = caller
    return frame.f_code, frame.f_lasti


def stacklevel() -> int:
    """The `stacklevel` with which the caller's `warnings.warn` names the line of the user's program."""
    level, frame = 1, _getframe(1)
    while frame.f_back is not None and INTERNAL[frame.f_code.co_filename]:
        level, frame = level + 1, frame.f_back
    return level


def line_of(site: Site) -> int:
    """The line number of a site."""
    code, offset = site
    for index, (line, _, _, _) in enumerate(code.co_positions()):
        if index * 2 == offset and line is not None:
            return line
    return code.co_firstlineno


def shorten(error: Exception, most: int = 4) -> None:
    """Leave at most so many of mibun's own frames below the user's last one in the traceback of an error.

    The ones that go are those of helpers (private names) first, and then those in the middle; the place that raised
    the error stays. In Python's development mode (`python -X dev`) everything stays. To be called where an error is on
    its way out to the user anyway, from the `except` block.
    """
    if sys.flags.dev_mode:
        return
    own = []  # the entries of the traceback below the user's last frame
    entry = error.__traceback__
    above = None
    while entry is not None:
        if not INTERNAL[entry.tb_frame.f_code.co_filename]:
            own, above = [], entry
        else:
            own.append(entry)
        entry = entry.tb_next
    if len(own) <= most:
        return
    last = own.pop()
    kept = [entry for entry in own if not entry.tb_frame.f_code.co_name.startswith("_")] or own[:1]
    if len(kept) >= most:
        kept = [kept[0], *kept[len(kept) - most + 2 :]] if most > 2 else kept[: most - 1]
    for entry, after in zip(kept, [*kept[1:], last], strict=True):
        entry.tb_next = after
    if above is None:
        error.__traceback__ = kept[0]
    else:
        above.tb_next = kept[0]


def describe(site: Site | None) -> str:
    """`file:line, in function: source`, or words that say that it is not known."""
    if site is None:
        return "an unknown place"
    line = line_of(site)
    filename = site[0].co_filename
    text = linecache.getline(filename, line).strip()
    where = f"{filename}:{line}, in {site[0].co_name}"
    return f"{where}: `{text}`" if text else where
