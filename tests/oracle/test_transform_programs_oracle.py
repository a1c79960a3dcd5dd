"""The programs in `tests/transform_programs/` give the same numbers on mibun and on installed PyTorch."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from test_transform_programs import PROGRAMS, results  # noqa: E402

# All are in float64: what differs is the order of sums, and what condition numbers of some thousand make of it.
RTOL = 1e-9


@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning", "ignore::UserWarning")
@pytest.mark.parametrize("program", PROGRAMS, ids=[program.__name__ for program in PROGRAMS])
def test_program_gives_pytorchs_numbers(program):
    ours, theirs = results(mibun, program), results(torch, program)
    assert list(ours) == list(theirs)
    for name, value in theirs.items():
        assert ours[name].dtype == value.dtype and ours[name].shape == value.shape, name
        scale = np.abs(value).max(initial=0.0)
        np.testing.assert_allclose(ours[name], value, rtol=RTOL, atol=RTOL * scale, err_msg=name)
