"""A seeded part of all samples on other libraries' arrays: see `arrays_matrix.py`, which runs all of them."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from arrays_matrix import LIBRARIES, check_vmap, run_matrix, seeded_part
from mibun.core.registry import DEVICES

# How many of the cases; those that only a run of all would find have tests of their own below.
PARTS = {"strict": 120, "fakecupy": 250, "dask": 30}
DEAR = ("nn.functional.grid_sample", "index_reduce-prod")  # thousands of tasks
PACKAGES = {"strict": "array_api_strict", "fakecupy": "numpy", "dask": "dask.array"}


@pytest.fixture(autouse=True)
def no_gpu_is_left():
    """The stand-in is a GPU for these tests alone."""
    yield
    dict.pop(DEVICES, "cuda", None)


@pytest.mark.parametrize("name", ["strict", "fakecupy"])
def test_part_under_vmap(name: str) -> None:
    pytest.importorskip(PACKAGES[name])
    library = LIBRARIES[name]()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        chosen = [case for case in seeded_part(40, seed=7) if not case[0].id.startswith(DEAR)]
        report = run_matrix(library, chosen, check=check_vmap)
    assert not report.failed, {case: str(error)[:200] for case, error in report.failed.items()}


@pytest.mark.parametrize("name", PARTS)
def test_part_of_the_matrix(name: str) -> None:
    pytest.importorskip(PACKAGES[name])
    library = LIBRARIES[name]()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        chosen = [case for case in seeded_part(PARTS[name], seed=len(name)) if not case[0].id.startswith(DEAR)]
        report = run_matrix(library, chosen)
    assert not report.failed, {case: str(error)[:200] for case, error in report.failed.items()}
    assert len(report.passed) == len(chosen)
