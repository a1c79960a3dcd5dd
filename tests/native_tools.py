"""Many formulas compiled at once, for the tests of `xp/native`: a compiler takes a second for a hundred of them."""

from __future__ import annotations

import ctypes
import gc
import re
import subprocess
from pathlib import Path
from types import FunctionType
from typing import Any

from mibun.dispatch import natively, template
from mibun.xp.native import compiler, run


class Together:
    """Stands for `compiler.compiled`: collects sources, and compiles all of them when told to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, compiler.Compiled] = {}
        self.calls = 0

    def __call__(self, text: str, needs: int) -> compiler.Compiled:
        if text not in self.made:
            self.made[text] = compiler.Compiled(text, needs)
        return self.made[text]

    def compile(self, *more: str) -> None:
        waiting = [made for made in self.made.values() if made.run is None]
        head = waiting[0].text.split("VECTOR extern")[0].split("#define BLOCK")[0]
        bodies = []
        for i, made in enumerate(waiting):
            assert made.text.startswith(head)
            bodies.append(re.sub(r"\bvoid run\(", f"void run_{i}(", made.text[len(head) :]))
        source, library = self.folder / "all.c", self.folder / "all.so"
        source.write_text(head + "\n".join(bodies))
        command = [*compiler.command(), *compiler.FLAGS, *more, str(source), "-o", str(library), *compiler._LIBRARIES]
        subprocess.run(command, check=True, capture_output=True)
        loaded = ctypes.CDLL(str(library))
        vector_math = ctypes.c_int.in_dll(loaded, "vector_math").value
        for i, made in enumerate(waiting):
            if made.needs > vector_math:
                made.error = "no vector library"
                continue
            function = loaded[f"run_{i}"]
            function.argtypes = [ctypes.c_long] * 5 + [ctypes.c_void_p] * 3
            function.restype = None
            made.library, made.run = loaded, self._counted(function)

    def _counted(self, function: Any) -> Any:
        def call(*args: Any) -> None:
            self.calls += 1
            function(*args)

        return call


def everything_is_large(monkeypatch: Any) -> None:
    """Arrays of any size are given to C, or to what stands in its place."""
    for made in gc.get_objects():
        if type(made) is FunctionType and made.__globals__.get("__name__", "") is None:
            for name in ("LARGE", "COMPILED"):
                monkeypatch.setitem(made.__globals__, name, 0)
    for name in ("LARGE", "COMPILED"):
        monkeypatch.setitem(template._SHARED, name, 0)
    monkeypatch.setattr(natively, "LARGE", 0)
    monkeypatch.setattr(natively, "LARGE_ROWS", 0)
    monkeypatch.setattr(natively, "_FOUND", [run.attempt])
    monkeypatch.setattr(run, "_MADE", {})
    monkeypatch.setattr(run, "_FAILED", {})
    monkeypatch.setattr(run, "_TIMES", {})
    monkeypatch.setattr(run, "_LEAST", {})
    monkeypatch.setattr(run, "_WORTH", 0)
    monkeypatch.setattr(run, "_MOST_OF_ONE", 1 << 20)
    monkeypatch.setattr(run, "_MOST", 1 << 20)
    monkeypatch.setattr(run, "_HOPELESS", 1 << 20)
