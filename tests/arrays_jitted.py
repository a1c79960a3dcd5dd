"""The samples within `jax.jit`: their arrays are what it traces, and values and gradients are compared with NumPy's.

`python -m tests.arrays_jitted` traces all of them (which is quick), and compiles and compares a part chosen by a seed.
What looks at values, or has a shape that depends on them, cannot be traced; it is listed.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import warnings
from pathlib import Path
from typing import Any

import jax
import numpy as np

sys.path[:0] = [part for part in [str(Path(__file__).parent)] if part not in sys.path]

import mibun as torch  # noqa: E402
from arrays_matrix import cases, name_of, run, seeded_part, shortened  # noqa: E402
from samples.declare import S  # noqa: E402


def traced(sample: S, complex_: bool) -> Any:
    """The function of a sample's arrays that gives its values and gradients."""

    def values_and_gradients(*arrays: Any) -> list:
        left = list(arrays)

        def to(array: np.ndarray) -> Any:  # first the sample's own arrays, in order, then constants
            return left.pop(0) if left else jax.numpy.asarray(array)

        with torch.device("jax"):
            found = run(sample, complex_, to, lambda array: array, jax.Array)
            return list(itertools.islice(found, 2 if sample.order else 1))

    return values_and_gradients


def check(sample: S, complex_: bool) -> None:
    """Compile one case and compare it with NumPy."""
    found = jax.jit(traced(sample, complex_))(*sample.arrays(complex_))
    expected = run(sample, complex_, lambda array: array, np.asarray, np.ndarray)
    for parts in found:
        for one, other in zip(parts, next(expected), strict=True):
            assert (one is None) == (other is None)
            if one is not None:
                np.testing.assert_allclose(one, other, rtol=max(1e-9, 10 * sample.tol), atol=max(1e-9, 10 * sample.tol))


def main() -> None:
    """Trace all, compare a part, print what fails and the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", type=int, default=100, help="how many are compiled")
    parser.add_argument("--all", type=int, help="how many are traced, chosen by a seed; all of them if not given")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    jax.config.update("jax_enable_x64", True)
    chosen = cases() if given.all is None else seeded_part(given.all)
    can = set()
    for case in chosen:
        try:
            with np.errstate(all="ignore"):
                jax.eval_shape(traced(*case), *case[0].arrays(case[1]))
            can.add(name_of(*case))
        except Exception as error:
            print(f"{name_of(*case)}: {type(error).__name__}: {shortened(error)}", flush=True)
    print(f"traced: {len(can)} of {len(chosen)}", flush=True)
    part = [case for case in seeded_part(given.part) if name_of(*case) in can]
    same = 0
    for case in part:
        try:
            with np.errstate(all="ignore"):
                check(*case)
            same += 1
        except Exception as error:
            print(f"{name_of(*case)}: {type(error).__name__}: {shortened(error)}", flush=True)
    print(f"compiled and equal: {same} of {len(part)}")


if __name__ == "__main__":
    main()
