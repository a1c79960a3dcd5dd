"""The programs in `tests/transform_programs/` on mibun, where what each knows beforehand has to hold."""

from __future__ import annotations

import pytest

import mibun
from transform_programs import learning, numerics, science

PROGRAMS = [*learning.PROGRAMS, *numerics.PROGRAMS, *science.PROGRAMS]


def results(torch, program) -> dict:
    """What a program gives, as NumPy arrays, from a state that every library starts in."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        torch.manual_seed(0)
        found = program(torch)
    finally:
        torch.set_default_dtype(before)
    return {name: value.detach().numpy() for name, value in found.items()}


@pytest.mark.parametrize("program", PROGRAMS, ids=[program.__name__ for program in PROGRAMS])
def test_program_runs(program):
    found = results(mibun, program)
    assert found and all(value.size for value in found.values())


def test_there_are_programs():
    assert len({program.__name__ for program in PROGRAMS}) == len(PROGRAMS) >= 40
    assert all(program.__doc__ for program in PROGRAMS)
