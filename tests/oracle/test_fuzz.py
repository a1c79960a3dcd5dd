"""Random programs on mibun and on installed torch: values, flags, versions, node names, grads, hooks and errors agree.

MIBUN_FUZZ_SEED and MIBUN_FUZZ_COUNT choose the programs; a failure prints the program and how to repeat it.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

import mibun  # noqa: E402
from oracle import observing, programs  # noqa: E402

START = int(os.environ.get("MIBUN_FUZZ_SEED", "0"))
COUNT = int(os.environ.get("MIBUN_FUZZ_COUNT", "2000"))
CHUNK = 250
FREED = "RuntimeError: Trying to backward"
INDEXED = re.compile(r"index_put_|masked_fill_|where|\[.* > ")
VERSION = "RuntimeError: one of the variables"
REFUSED = tuple(
    f"RuntimeError: {words}"
    for words in (
        "A view was",
        "Output ",
        "a leaf Variable",
        "a view of a leaf",
        "Inplace update",
        "unsupported operation",
        "mul(): functions",
        "Inference tensors",
    )
)


def torch_observations(start: int, stop: int) -> dict[int, list]:
    """What PyTorch does, from child processes: a program that crashes one is left out, the next goes on after it."""
    found: dict[int, list] = {}
    while start < stop:
        command = [sys.executable, str(Path(observing.__file__)), str(start), str(stop)]
        child = subprocess.run(command, capture_output=True, text=True, check=False)
        for line in child.stdout.splitlines():
            seed, seen = json.loads(line)
            found[seed] = seen
            start = seed + 1
        if child.returncode == 0:
            break
        if child.returncode > 0:
            raise RuntimeError(child.stderr)
        start += 1  # a crash of PyTorch itself
    return found


def same(a: object, b: object) -> bool:
    """Equal, numbers to 1e-6 relative (sums may be taken in another order)."""
    if b == ["unreadable"]:
        return True
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return a == b


def difference(seed: int, expected: list) -> str | None:
    """What differs first, as text; None if nothing does."""
    program = programs.Program(seed)
    statements = program.statements
    seen = observing.observe(mibun, program)
    for step, (ours, theirs) in enumerate(zip(seen, expected, strict=False)):
        if theirs[0] == "trouble" or (ours[0].startswith(VERSION) and theirs[0].startswith("RuntimeError")):
            return None  # PyTorch may fail in another way while it makes the text of a version error
        if ours[0] == "ok" and theirs[0].startswith(FREED) and any(INDEXED.search(s) for s in statements[:step]):
            return None  # mibun keeps indices and masks, PyTorch frees them
        if ours[0].startswith(REFUSED) and ".register_hook" in statements[step]:
            return None  # PyTorch looks at the history when the first hook is registered, not at the second
        if ours[0].startswith(REFUSED) and theirs[0].startswith(REFUSED):
            ours[0] = theirs[0]  # which of several reasons is named does not matter
        if not same(ours, theirs):
            lines = [f"seed {seed}, after statement {step}:"]
            lines += [f"    {s}" for s in statements[: step + 1]]
            if ours[0] != theirs[0]:
                lines.append(f"  outcome: mibun {ours[0]}, torch {theirs[0]}")
            for name in theirs[1]:
                if not same(ours[1].get(name), theirs[1][name]):
                    lines += [f"  {name} mibun {ours[1].get(name)}", f"  {name} torch {theirs[1][name]}"]
            if not same(ours[2], theirs[2]):
                lines.append(f"  hooks called: mibun {ours[2]}, torch {theirs[2]}")
            lines.append(f"repeat: MIBUN_FUZZ_SEED={seed} MIBUN_FUZZ_COUNT=1 pytest tests/oracle/test_fuzz.py")
            return "\n".join(lines)
    return None


@pytest.mark.oracle
@pytest.mark.parametrize("start", range(START, START + COUNT, CHUNK))
def test_random_programs(start):
    expected = torch_observations(start, min(start + CHUNK, START + COUNT))
    assert expected
    differences = [text for seed, seen in expected.items() if (text := difference(seed, seen)) is not None]
    assert not differences, f"{len(differences)} of {len(expected)} programs differ\n" + "\n".join(differences[:3])
