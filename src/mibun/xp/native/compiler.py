"""A C compiler, where there is one, and what it has made, kept for the next time.

What is compiled lies in a directory of the user's own (`$MIBUN_CACHE_DIR`, else `mibun` in `$XDG_CACHE_HOME` or
`~/.cache`) under a hash of all that it depends on: source, compiler, flags, processor. A file appears there whole or
not at all, so that several processes may work at once. Only what belongs to the user and what nobody else may write to
is ever loaded; where that cannot be had, a directory that lives as long as the process takes its place.

A formula is compiled when it first meets a large array, which takes a tenth of a second, once for all programs. The
program waits for it, so that what it computes does not depend on when that is: a process does a formula in C always or
never. With MIBUN_NATIVE=later it does not wait: a thread in the background compiles for the next process. Nothing here
fails: what does not work is noted (beside the others, so that it is not tried again) and told by `mibun info` alone.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import functools
import hashlib
import os
import platform
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

# No -ffast-math: it would give other infinities, NaN and signs of zero. Nothing is contracted, so that sums and
# products are rounded as NumPy rounds them.
FLAGS = (
    "-std=gnu11 -O3 -march=native -fopenmp-simd -ffp-contract=off -fno-math-errno -fno-trapping-math -shared -fPIC"
).split()
_LIBRARIES = ["-lmvec", "-lm"] if sys.platform.startswith("linux") and platform.libc_ver()[0] == "glibc" else ["-lm"]
_LONGEST = 30  # seconds for one file
_OLD = 86400  # seconds after which a file that nobody has finished is taken away


def mode() -> str:
    """What the environment says: "off", "later" (compile for the next process), or "on"."""
    value = os.environ.get("MIBUN_NATIVE", "").lower()
    return "off" if value in ("0", "off", "false", "no") else "later" if value == "later" else "on"


@functools.cache
def command() -> tuple[str, ...] | None:
    """The compiler: `$MIBUN_CC`, else `$CC`, else cc, gcc or clang, as found in the path. None where there is none."""
    if os.name != "posix":
        return None
    for name in (os.environ.get("MIBUN_CC"), os.environ.get("CC"), "cc", "gcc", "clang"):
        try:
            words = shlex.split(name or "")
        except ValueError:
            continue
        found = shutil.which(words[0]) if words else None
        if found is not None:
            return (os.path.realpath(found), *words[1:])
    return None


@functools.cache
def _circumstances() -> str:
    """All that a compiled file depends on but its source."""
    found = command()
    assert found is not None
    about = os.stat(found[0])
    processor = platform.machine() + platform.processor()
    with contextlib.suppress(OSError), open("/proc/cpuinfo") as file:
        lines = file.read().split("\n\n")[0].splitlines()
        processor += "".join([line for line in lines if line.startswith(("flags", "Features", "model name", "CPU"))])
    return repr((found, about.st_size, about.st_mtime_ns, FLAGS, _LIBRARIES, platform.libc_ver(), processor))


@functools.cache
def _report_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """What makes the compiler say which loops it has made vectors of, or refuse those of which it has not."""
    about = subprocess.run([*words, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if b"clang" in about.stdout:
        return ("-Wpass-failed", "-Werror=pass-failed")
    return ("-fopt-info-vec-optimized",)


def _is_vectorised(text: str, report: str) -> bool:
    """Whether all loops over elements have become vectors, as far as the compiler says anything."""
    if "loop vectorized" not in report and "-fopt-info-vec-optimized" not in _report_of(command() or ()):
        return True
    loops = {line.split(":")[1] for line in report.splitlines() if "loop vectorized" in line}
    return len(loops) >= text.count("#pragma omp simd")


def _is_private(path: str, kind: Callable[[int], bool]) -> bool:
    """Whether a file or directory is no link, belongs to the user, and nobody else may write to it."""
    about = os.lstat(path)
    return kind(about.st_mode) and about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _cache_path() -> str:
    own = os.environ.get("MIBUN_CACHE_DIR")
    if own:
        return os.path.join(own, "native")
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "mibun", "native")


@functools.cache
def directory() -> str:
    """Where compiled files are kept: the user's, or one for this process alone. OSError if there can be none."""
    path = _cache_path()
    try:
        if not os.path.isabs(path):
            raise OSError("a relative path is another one in every directory")
        os.makedirs(path, mode=0o700, exist_ok=True)
        if stat.S_IMODE(os.lstat(path).st_mode) != 0o700 or not _is_private(path, stat.S_ISDIR):
            raise OSError("others may write to it")
        if not os.access(path, os.W_OK | os.X_OK):
            raise OSError("it cannot be written to")
        _sweep(path)
        return path
    except OSError:
        path = tempfile.mkdtemp(prefix="mibun-native-")
        owner = os.getpid()
        atexit.register(lambda: os.getpid() == owner and shutil.rmtree(path, ignore_errors=True))
        return path


def _sweep(path: str) -> None:
    """Take away what processes have left that were ended in the middle."""
    for entry in os.scandir(path):
        if entry.name.startswith("tmp"):
            with contextlib.suppress(OSError):
                if time.time() - entry.stat(follow_symlinks=False).st_mtime > _OLD:
                    os.unlink(entry.path)


class Compiled:
    """A function in C: ready, or given up, or still to be made."""

    __slots__ = ("error", "library", "lock", "needs", "path", "run", "text")

    def __init__(self, text: str, needs: int) -> None:
        self.text = text
        self.needs = needs  # of the vector library
        self.lock = threading.Lock()
        self.run: Any = None
        self.library: Any = None  # which holds it
        self.error: str | None = None
        self.path: str | None = None

    def load(self) -> bool:
        """Take the function from its file; whether that is there."""
        path = self.path
        if path is None:
            key = hashlib.sha256((_circumstances() + self.text).encode()).hexdigest()[:32]
            path = self.path = os.path.join(directory(), key)
        try:
            failed = _is_private(path + ".failed", stat.S_ISREG)
        except OSError:
            failed = False
        if failed:
            with open(path + ".failed", errors="replace") as file:
                raise OSError(file.read())
        try:
            if not _is_private(path + ".so", stat.S_ISREG):
                raise OSError("others may write to it")
        except FileNotFoundError:
            return False
        library = ctypes.CDLL(path + ".so")
        if ctypes.c_int.in_dll(library, "vector_math").value < self.needs:
            _STATE["vector_math"] = min(_STATE["vector_math"], ctypes.c_int.in_dll(library, "vector_math").value)
            raise OSError("no vector library for such functions: NumPy's are quicker")
        run = library.run
        run.argtypes = [ctypes.c_long] * 5 + [ctypes.c_void_p] * 3
        run.restype = None
        self.library, self.run = library, run  # (the latter last of all, as other threads look at it)
        return True

    def compile(self) -> None:
        """Have the file made, and load it."""
        words = command()
        assert words is not None and self.path is not None
        handle, source = tempfile.mkstemp(".c", "tmp", directory())
        made = source[:-2] + ".so"
        try:
            with os.fdopen(handle, "w") as file:
                file.write(self.text)
            found = subprocess.run(
                [*words, *FLAGS, *_report_of(words), source, "-o", made, *_LIBRARIES],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=_LONGEST,
                cwd=directory(),
                check=False,
                start_new_session=True,  # Ctrl-C is not for the compiler
            )
            if found.returncode:
                error = found.stderr.decode(errors="replace")[-2000:] or f"exit status {found.returncode}"
                if found.returncode > 0:  # (what was ended from outside may be tried again)
                    self._note(error)
                raise OSError(error)
            if not _is_vectorised(self.text, found.stderr.decode(errors="replace")):
                error = "the compiler makes no vectors of a loop: NumPy is quicker"
                self._note(error)
                raise OSError(error)
            os.chmod(made, 0o600)
            os.replace(made, self.path + ".so")
        finally:
            for name in (source, made):
                with contextlib.suppress(OSError):
                    os.unlink(name)
        self.load()

    def _note(self, error: str) -> None:
        handle, name = tempfile.mkstemp(".txt", "tmp", directory())
        with os.fdopen(handle, "w") as file:
            file.write(error)
        os.replace(name, f"{self.path}.failed")

    def finish(self) -> None:
        """Have the function, or the reason why there is none."""
        with self.lock:
            try:
                if self.run is None and self.error is None and not self.load():
                    self.compile()
            except Exception as error:
                self.error = str(error) or type(error).__name__


_STATE: dict[str, Any] = {"thread": None, "vector_math": 2}
_ALL: dict[str, Compiled] = {}  # by source
_LATER: list[Compiled] = []  # for the next process
_LOCK = threading.Lock()


def _work() -> None:
    while True:
        with _LOCK:
            if not _LATER:
                _STATE["thread"] = None
                return
            todo = _LATER.pop(0)
        Compiled(todo.text, todo.needs).finish()


def _compile_later(made: Compiled) -> None:
    """Have a source compiled in the background, for the next process."""
    with _LOCK:
        _LATER.append(made)
        if _STATE["thread"] is None:
            thread = threading.Thread(target=_work, name="mibun-native-compiler", daemon=True)
            try:
                thread.start()
                _STATE["thread"] = thread
            except RuntimeError:  # no more threads, or Python is about to end
                _LATER.clear()


def compiled(text: str, needs: int) -> Compiled:
    """The function of a source. One that has none has an error.

    needs: how much of the vector library it wants: see `source.py`.
    """
    made = _ALL.get(text)
    if made is None:
        made = _ALL.setdefault(text, Compiled(text, needs))
    if made.run is None and made.error is None:
        if _STATE["vector_math"] < needs:
            made.error = "no vector library for such functions: NumPy's are quicker"
        elif mode() != "later":
            made.finish()
        else:
            with made.lock:
                try:
                    if made.run is None and made.error is None and not made.load():
                        made.error = "compiled for the next process"
                        _compile_later(made)
                except Exception as error:
                    made.error = str(error) or type(error).__name__
    return made


def wait(timeout: float = 60.0) -> bool:
    """Wait until nothing is being compiled; whether that is so."""
    thread = _STATE["thread"]
    if thread is not None:
        thread.join(timeout)
    return _STATE["thread"] is None


def _after_fork() -> None:
    """The child has no thread in the background, and nobody who holds a lock."""
    global _LOCK
    _LOCK = threading.Lock()
    _STATE["thread"] = None
    _LATER.clear()
    for made in _ALL.values():
        made.lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def status() -> dict[str, Any]:
    """What `mibun info` tells: the compiler, where files are kept, how many there are, and the last failure."""
    found = command()
    if found is None:
        return {"compiler": None, "directory": None, "kept": 0, "failures": []}
    path = _cache_path()
    names = os.listdir(path) if os.path.isdir(path) else []
    failures = []
    for name in names:
        if name.endswith(".failed"):
            with contextlib.suppress(OSError), open(os.path.join(path, name), errors="replace") as file:
                failures.append(file.read())
    failures += [made.error for made in _ALL.values() if made.error is not None and made.error not in failures]
    return {
        "compiler": found,
        "directory": path,
        "kept": sum([name.endswith(".so") for name in names]),
        "failures": failures,
    }


__all__ = ["Compiled", "command", "compiled", "directory", "mode", "status", "wait"]
