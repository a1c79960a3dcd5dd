"""Threads for large work on arrays of NumPy's: as many as NumPy's BLAS has, which lend a hand to whoever has pieces.

NumPy lets go of Python's lock while it computes, so pieces of one array can be worked on by several threads. Those of
the pool sleep until there is something to do; the thread that has the work does what they do not take, so it never
waits for others' work, and one thread more or less changes nothing in the results. BLAS keeps threads of its own: no
piece is given to BLAS in such a way that it would use them.
"""

from __future__ import annotations

import ctypes
import functools
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter, thread_time
from typing import Any

import numpy as np

_lock = threading.Lock()
_pool: Any = None  # the executor, made when it is first needed, and how many threads it has
_pool_size = 0
_alone_until = 0.0  # until when nobody is to be asked for help, since there was no processor for helpers
_SHORTEST_ALONE, _LONGEST_ALONE = 0.02, 2.0  # seconds
_patience = _SHORTEST_ALONE  # for how long that will be the next time
_number = 0  # where the BLAS does not say: 0 if nobody has set it


@functools.cache
def _blas() -> tuple[Any, Any] | None:
    """How NumPy's BLAS says and sets its number of threads; None where it is not the OpenBLAS that NumPy ships."""
    import glob  # (it takes a millisecond to be loaded)

    folder = os.path.dirname(np.__file__)
    for pattern in ("../numpy.libs/*openblas*", ".dylibs/*openblas*"):
        for path in glob.glob(os.path.join(folder, pattern)):
            library = ctypes.CDLL(path)
            for name in ("scipy_openblas_{}_num_threads64_", "openblas_{}_num_threads64_", "openblas_{}_num_threads"):
                if hasattr(library, name.format("get")):
                    return getattr(library, name.format("get")), getattr(library, name.format("set"))
    return None


def number_of_threads() -> int:
    """How many threads may work on one thing: those of BLAS, or what was set, or the processors of this process."""
    blas = _blas()
    if blas is not None:
        return blas[0]()
    return _number or _processors()


def threads_now() -> int:
    """How many threads would share work now: one, this one, where there was no processor for others of late."""
    return 1 if perf_counter() < _alone_until else number_of_threads()


@functools.cache
def _processors() -> int:
    given = os.environ.get("OMP_NUM_THREADS", "")
    if given.isdecimal() and int(given):
        return int(given)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def set_number_of_threads(n: int) -> bool:
    """Let `n` threads work on one thing; whether BLAS follows too."""
    global _number
    _number = n
    blas = _blas()
    if blas is not None:
        blas[1](n)
    return blas is not None


def share(work: Callable[[Iterator[Any]], Any], items: Iterable[Any], most: int) -> None:
    """Let up to `most` threads, this one among them, call `work` on one iterator over the items, which they share.

    Each has its own settings of NumPy's: here they ignore all floating-point errors. What is raised in one is raised
    here, after all have stopped; so is Ctrl-C.

    Where the processors are busy with something else, a helper, or this thread, may be put to sleep in the middle of a
    piece, and all wait for it. When that has happened, this thread works alone for some time, longer each time.
    """
    global _alone_until, _patience
    iterator = iter(items)
    if most < 2 or perf_counter() < _alone_until:
        _quietly(work, iterator)
        return
    begun, computed = perf_counter(), thread_time()
    helpers = [_hand(work, iterator) for _ in range(most - 1)]
    try:
        _quietly(work, iterator)
    finally:
        deque(iterator, 0)  # nothing is left, whatever has happened
        errors = [error for helper in helpers if helper is not None and (error := _outcome(helper)) is not None]
    now = perf_counter()
    # (The last piece, which is waited for in any case, may be half of what this thread has done.)
    if now - begun > 1.6 * (thread_time() - computed) + 1e-4:
        _alone_until = now + _patience
        _patience = min(2 * _patience, _LONGEST_ALONE)
    elif not all([helper is None or helper.cancelled() for helper in helpers]):
        _patience = max(_patience / 2, _SHORTEST_ALONE)
    if errors:
        raise errors[0]


def _quietly(work: Callable[[Iterator[Any]], Any], iterator: Iterator[Any]) -> None:
    with np.errstate(all="ignore"):
        work(iterator)


def _hand(work: Callable[[Iterator[Any]], Any], iterator: Iterator[Any]) -> Any:
    """Ask a thread of the pool to help; None if there is none, as at the end of the program."""
    global _pool, _pool_size
    wanted = number_of_threads() - 1
    if _pool is None or _pool_size < wanted:
        from concurrent.futures import ThreadPoolExecutor

        with _lock:
            if _pool is None or _pool_size < wanted:
                _pool, _pool_size = ThreadPoolExecutor(wanted, thread_name_prefix="mibun-pieces"), wanted
    try:
        return _pool.submit(_quietly, work, iterator)
    except RuntimeError:  # the interpreter is shutting down, or can start no thread
        return None


def _outcome(helper: Any) -> BaseException | None:
    """What a helper has raised, when it has stopped; one that has not begun need not begin."""
    if helper.cancel():
        return None
    interrupted = None
    while not helper.done():
        try:
            helper.exception()
        except BaseException as error:  # Ctrl-C: the piece that it is working on must be over before anything goes on
            interrupted = error
    return interrupted or helper.exception()


def _forget() -> None:
    """In a process that was forked, which has none of the threads: they are made anew when they are needed."""
    global _lock, _pool, _pool_size
    _lock, _pool, _pool_size = threading.Lock(), None, 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)

__all__ = ["number_of_threads", "set_number_of_threads", "share", "threads_now"]
