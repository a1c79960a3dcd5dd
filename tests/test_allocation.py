"""Freed memory that is kept for the next array: see `xp/numpy/allocation.py`."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import resource
import mibun as torch

x = torch.ones(1 << 20)  # 4 MiB
for _ in range(3):
    y = (x + 1) * 2
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    y = (x + 1) * 2
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(**environment: str) -> int:
    """Page faults of 40 operations on 4 MiB, in a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC", "GLIBC", "MIBUN"))}
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**inherited, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(found.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a setting of glibc's")
def test_memory_is_kept_unless_refused():
    """A page has 4 KiB: each of the 40 results would have a thousand (or two, where the system gives larger ones)."""
    assert faults() < 200
    # What the system does by itself depends on its version: only that the setting is left alone is sure.
    program = "import mibun; from mibun.xp.numpy.allocation import keep_freed_memory as keep; print(int(keep()))"
    for name, value in (("MIBUN_KEEP_MEMORY", "0"), ("MALLOC_TRIM_THRESHOLD_", "131072")):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), name: value}
        assert subprocess.check_output([sys.executable, "-c", program], env=environment, text=True).strip() == "0"
