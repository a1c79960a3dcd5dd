"""Python numbers in float16 tensors are rounded as PyTorch rounds them, by way of float32."""

from __future__ import annotations

import pytest

import mibun

torch = pytest.importorskip("torch")

# A little more than half-way between 1 and its successor, in float32 half-way: to even, so 1.
NUMBER = 1 + 2**-11 + 2**-40


def _assigned(library, index):
    target = library.zeros(3, dtype=library.float16)
    target[index] = NUMBER
    return target


CASES = {
    "full": lambda library, x: library.full((3,), NUMBER, dtype=library.float16),
    "full_like": lambda library, x: library.full_like(x, NUMBER),
    "new_full": lambda library, x: x.new_full((3,), NUMBER),
    "fill_": lambda library, x: x.clone().fill_(NUMBER),
    "fill": lambda library, x: library.fill(x, NUMBER),
    "fill_diagonal_": lambda library, x: library.zeros(2, 2, dtype=library.float16).fill_diagonal_(NUMBER),
    "tensor": lambda library, x: library.tensor([NUMBER, 2], dtype=library.float16),
    "scalar_tensor": lambda library, x: library.scalar_tensor(NUMBER, dtype=library.float16),
    "masked_fill": lambda library, x: x.masked_fill(x == 0, NUMBER),
    "index_fill": lambda library, x: x.index_fill(0, library.tensor([0, 2]), NUMBER),
    "scatter": lambda library, x: x.scatter(0, library.tensor([0, 2]), NUMBER),
    "where": lambda library, x: library.where(x == 0, NUMBER, x),
    "pad": lambda library, x: library.nn.functional.pad(x, (1, 1), value=NUMBER),
    "threshold": lambda library, x: library.nn.functional.threshold(x, 1.0, NUMBER),
    "constant_": lambda library, x: library.nn.init.constant_(x.clone(), NUMBER),
    "x[...]": lambda library, x: _assigned(library, ...),
    "x[1]": lambda library, x: _assigned(library, 1),
    "x[:2]": lambda library, x: _assigned(library, slice(2)),
    "x[index]": lambda library, x: _assigned(library, library.tensor([0, 2])),
    "x[mask]": lambda library, x: _assigned(library, library.tensor([True, False, True])),
    "x[...], recorded": lambda library, x: _recorded(library),
}


def _recorded(library):
    target = library.zeros(3, dtype=library.float16, requires_grad=True).clone()
    target[...] = NUMBER
    return target.detach()


@pytest.mark.parametrize("name", CASES)
def test_constants_of_float16(name: str) -> None:
    found, expected = [CASES[name](library, library.zeros(3, dtype=library.float16)) for library in (mibun, torch)]
    assert found.dtype == mibun.float16
    assert found.tolist() == expected.tolist()
