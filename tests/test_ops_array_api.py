"""Every kernel and every rule runs on any library that follows the Python Array API standard, shapes never depending on data.

array-api-strict is that standard and nothing more; see `tests/samples/strict.py` for how the samples get there.
"""

from __future__ import annotations

import pytest

pytest.importorskip("array_api_strict")

import mibun as torch  # noqa: E402
from samples.declare import S, tensors_in  # noqa: E402
from samples.strict import recorded, rerun, strict_flags  # noqa: E402
from test_ops import each, make  # noqa: E402


@each()
def test_array_api(sample: S, complex_: bool) -> None:
    if sample.strict is not None:
        pytest.skip(sample.strict)
    with recorded() as calls:
        tensors = make(sample, sample.arrays(complex_))
        outputs = tensors_in(sample.run(torch, tensors))
        assert outputs or not calls
    with strict_flags():
        for call in calls:
            rerun(call)
