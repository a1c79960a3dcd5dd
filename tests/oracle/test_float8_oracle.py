"""Numbers of eight bits against installed PyTorch: casts both ways, limits, files, and what promotes."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch

import mibun

pytestmark = pytest.mark.oracle
NAMES = ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu")


def values() -> np.ndarray:
    """Numbers of all sizes, the ones between two of eight bits, and what is none."""
    rng = np.random.default_rng(0)
    scattered = rng.standard_normal(4000) * 2.0 ** rng.integers(-20, 20, 4000)
    halves = np.arange(1, 33) / 16 * 2.0 ** np.arange(-12, 12)[:, None]
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, 448, 464, 465, 480, 57344, 61439, 61441, 1e38, 2.0**-130]
    return np.concatenate([scattered, halves.ravel(), -halves.ravel(), special]).astype(np.float32)


@pytest.mark.parametrize("name", NAMES)
def test_casts(name):
    given = values()
    ours = mibun.tensor(given).to(getattr(mibun, name))
    theirs = torch.tensor(given).to(getattr(torch, name))
    np.testing.assert_array_equal(ours.float().numpy(), theirs.float().numpy())
    bits = np.arange(256, dtype=np.uint8)
    ours, theirs = [m.tensor(bits).view(getattr(m, name)).float().numpy() for m in (mibun, torch)]
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", NAMES)
def test_limits_and_attributes(name):
    one, other = getattr(mibun, name), getattr(torch, name)
    for attribute in ("itemsize", "is_floating_point", "is_complex", "is_signed"):
        assert getattr(one, attribute) == getattr(other, attribute)
    for limit in ("bits", "min", "max", "eps", "tiny", "smallest_normal", "resolution", "dtype"):
        if (name, limit) == ("float8_e5m2fnuz", "eps"):  # two bits after the point: PyTorch has half of it
            assert mibun.finfo(one).eps == 0.25
            continue
        assert getattr(mibun.finfo(one), limit) == getattr(torch.finfo(other), limit), limit
    assert repr(one) == repr(other)
    for module, dtype in ((mibun, one), (torch, other)):
        with pytest.raises(RuntimeError, match="Promotion for Float8 Types is not supported"):
            module.promote_types(dtype, module.float32)
        with pytest.raises(RuntimeError, match="Promotion for Float8 Types is not supported"):
            module.ones(2).to(dtype) + module.ones(2)


@pytest.mark.parametrize("name", NAMES)
def test_files(name):
    """Saved by one, loaded by the other."""
    for source, target in ((mibun, torch), (torch, mibun)):
        file = io.BytesIO()
        source.save(source.tensor([1.0, 2.0, 0.5]).to(getattr(source, name)), file)
        file.seek(0)
        loaded = target.load(file)
        assert loaded.dtype is getattr(target, name) and loaded.float().tolist() == [1.0, 2.0, 0.5]
