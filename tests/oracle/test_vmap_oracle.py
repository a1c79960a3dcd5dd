"""Every operator under `torch.func.vmap` of installed PyTorch: values, dtypes and shapes, and what both refuse.

The samples and columns are those of `vmapping.py`. Where PyTorch has no rule mibun may have one.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from mibun.func import vmap  # noqa: E402
from samples.declare import S, tensors_in  # noqa: E402
from test_ops import KNOWN  # noqa: E402
from vmapping import choices_of, examples  # noqa: E402

pytestmark = pytest.mark.oracle


def outcome(torch: Any, vmap: Any, sample: S, columns: list[np.ndarray], dims: tuple) -> Any:
    """The arrays that a sample gives under vmap, or the error."""
    tensors = [torch.from_numpy(column.copy()) for column in columns]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = vmap(lambda *xs: tuple(tensors_in(sample.run(torch, list(xs)))), dims)(*tensors)
    except Exception as error:
        return error
    return [result.detach().resolve_conj().numpy() for result in results]


# Samples that PyTorch's vmap gives other results for than its own loop.
WRONG = {
    "index_fill-tensor": "a value that is batched alone",
    "linalg.qr-r": "the empty Q has no axis for the examples",
}
CASES = [
    sample for sample in KNOWN if "value" not in sample.oracle and "all" not in sample.oracle and sample.id not in WRONG
]


@pytest.mark.parametrize("sample", [pytest.param(sample, id=sample.id) for sample in CASES])
def test_as_pytorch_does_it(sample: S) -> None:
    """What PyTorch takes gives the same; what both refuse has the same class of error."""
    rows = examples(sample, False)
    for choice in {choice for column in ("all", "one") for choice in choices_of(column, len(rows[0]))}:
        if not any(choice):
            continue
        columns = [
            np.stack(column) if chosen else column[0]
            for column, chosen in zip(zip(*rows, strict=True), choice, strict=True)
        ]
        dims = tuple([0 if chosen else None for chosen in choice])
        expected = outcome(real_torch, real_torch.func.vmap, sample, columns, dims)
        found = outcome(mibun, vmap, sample, columns, dims)
        if isinstance(expected, Exception):
            if isinstance(found, Exception):
                assert isinstance(found, type(expected)), f"{choice}: {found!r} for {expected!r}"
            continue
        assert not isinstance(found, Exception), f"{choice}: {found!r}"
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert one.dtype == other.dtype
            assert one.shape == other.shape
            np.testing.assert_allclose(one, other, rtol=max(sample.tol, 1e-8), atol=max(sample.tol, 1e-8))
