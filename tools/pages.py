"""Runs the code of a page of documentation: its ```python blocks, from the first to the last, as one program.

    python -m tools.pages docs/tour.md            runs it, and shows each block's output
    python -m tools.pages --write docs/tour.md    writes the outputs into the page

A ```text block that follows a ```python block directly is what that prints. Blocks of doctests (`>>> `) and of other
languages are left alone. Tracebacks show the line of the page.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple


class Block(NamedTuple):
    """One piece of code: where it begins, the heading it is under, and what it is to print."""

    line: int
    heading: str
    code: str
    output: str | None


def blocks(path: Path) -> Iterator[Block]:
    """The code of a page, in order."""
    text = path.read_text(encoding="utf-8")
    headings = [(match.start(), match[1]) for match in re.finditer(r"^#+ (.*)$", text, re.MULTILINE)]
    for match in re.finditer(r"^```python\n(.*?)^```\n(?:\s*^```text\n(.*?)^```$)?", text, re.MULTILINE | re.DOTALL):
        if not match[1].startswith(">>> "):
            heading = [title for start, title in headings if start < match.start()][-1:]
            yield Block(text.count("\n", 0, match.start(1)) + 1, "".join(heading), match[1], match[2])


def run(block: Block, path: Path, scope: dict[str, Any]) -> str:
    """Run one block in a scope, and return what it prints."""
    source = "\n" * (block.line - 1) + block.code
    name = f"{path.name} ({block.heading})"  # not the page's own, whose other lines are no Python
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, name, "exec"), scope)
    return printed.getvalue()


def main(arguments: list[str]) -> int:
    """Run pages; 1 if a block prints something else than the page says (and is not to be written)."""
    write = arguments[:1] == ["--write"]
    arguments = arguments[write:]
    if not arguments or arguments[0].startswith("-"):
        print(__doc__)
        return 2
    status = 0
    for path in map(Path, arguments):
        scope: dict[str, Any] = {"__name__": path.stem}
        for block in blocks(path):
            print(f"── {path.name}:{block.line}  {block.heading}", flush=True)
            printed = run(block, path, scope)
            print(printed, end="", flush=True)
            if write and block.output is not None:
                text = path.read_text(encoding="utf-8")
                before, after = (
                    f"{block.code}```\n\n```text\n{block.output}```",
                    f"{block.code}```\n\n```text\n{printed}```",
                )
                path.write_text(text.replace(before, after), encoding="utf-8")
            elif printed != (block.output or ""):
                print(f"The page says:\n{block.output or 'nothing'}")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
