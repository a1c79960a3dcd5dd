"""An exception out of any callback leaves everything as it was, crosses unchanged, and the program can go on.

MIBUN_FAULT_SEED and MIBUN_FAULT_COUNT choose the random programs (of `random_graphs.py`).
"""

from __future__ import annotations

import gc
import os
import random
import traceback
from collections import Counter

import pytest
import random_graphs
from random_graphs import FAULTS, FREED, Program, Run, attempt, everything, values

START = int(os.environ.get("MIBUN_FAULT_SEED", "0"))
COUNT = int(os.environ.get("MIBUN_FAULT_COUNT", "1000"))


class Stop(BaseException):
    """An exception of the user's own."""


ERRORS = (
    ValueError, KeyboardInterrupt, MemoryError, Stop, StopIteration, AttributeError, KeyError, TypeError, IndexError,
    RuntimeError, GeneratorExit, SystemExit, FloatingPointError, ImportError, RecursionError, NotImplementedError,
)  # fmt: skip
FORWARD = {
    "checkpointed function", "forward of a Function", "jvp of a Function", "jvp of an operator", "kernel", "packer",
    "setup_context",
}  # fmt: skip
IN_KERNELS = (MemoryError, KeyboardInterrupt, Stop)  # NumPy's own errors are given PyTorch's classes


def one(seed: int) -> tuple[str, str] | None:
    """Run a program without a fault, and again with one; returns what kind of fault it was and how it ended."""
    rng = random.Random(seed)
    program = Program(seed)
    FAULTS.__init__()
    clean = Run()
    outcomes = [attempt(clean, step) for step in program.steps]
    kinds = FAULTS.kinds
    if not kinds:
        return None
    # Rare kinds are as interesting as the common ones, and backward is more so than forward.
    met = sorted(set(kinds))
    kind = rng.choice([kind for kind in met if kind not in FORWARD] or met if rng.random() < 0.8 else met)
    at = rng.choice([i for i, k in enumerate(kinds) if k == kind])
    FAULTS.__init__()
    error = rng.choice(IN_KERNELS if kind == "kernel" else ERRORS)("injected")
    FAULTS.at, FAULTS.error = at, error
    run = Run()
    for step, expected in zip(program.steps, outcomes, strict=True):
        before = everything(run)
        try:
            outcome = attempt(run, step)
        except BaseException as caught:
            assert caught is error, f"{caught!r} came in the place of {error!r}, put into a {kind}"
            names = [frame.name for frame in traceback.extract_tb(caught.__traceback__)]
            assert names[-1] == "point" and "do" in names
            assert caught.__cause__ is None and caught.__context__ is None
            caught.__traceback__ = None
            after = everything(run)
            for was, now in zip(before, after, strict=True):
                assert was == now, f"{kind} changed something in {step}"
            FAULTS.disarm()
            del caught
            outcome = attempt(run, step)
            if outcome != expected:
                kept = "gradient" not in step or step[5]
                assert not kept and outcome is not None and outcome.startswith(FREED), f"the retry gave: {outcome}"
                return kind, "freed"
        assert outcome == expected
    assert FAULTS.raised
    assert values(run) == values(clean), f"after a fault in a {kind}"
    return kind, "retried"


def test_random_programs():
    seen: Counter = Counter()
    gc.collect()
    for seed in range(START, START + COUNT):
        try:
            result = one(seed)
        except BaseException as error:
            FAULTS.disarm()
            steps = "\n".join(map(str, Program(seed).steps))
            pytest.fail(f"program {seed} (MIBUN_FAULT_SEED={seed} MIBUN_FAULT_COUNT=1): {error!r}\n{steps}\n"
                        f"{''.join(traceback.format_exception(error))}")  # fmt: skip
        if result is not None:
            seen[result] += 1
    if COUNT >= 500:
        kinds = {kind for kind, _ in seen}
        assert len(kinds) >= 16, f"too few kinds of faults were met: {sorted(kinds)}"
        assert sum(n for (_, end), n in seen.items() if end == "retried") > 0.6 * COUNT
    print(sorted(seen.items()))


__all__ = ["random_graphs"]
