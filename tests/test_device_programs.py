"""Programs of users of other devices give there what they give on the CPU: see `device_programs.py`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

import arrays_matrix
from device_programs import PROGRAMS, different
from mibun.core.registry import DEVICES

# Those that XLA compiles in little time; `python tests/device_programs.py jax` runs all of them.
ON_JAX = """
copies round_trips mixed_devices own_functions gradients_per_sample hessian_of_a_model ensembles scaled hooks
accumulating
""".split()


@pytest.fixture
def gpu() -> Iterator[None]:
    """The stand-in for CuPy is a GPU for these tests alone."""
    arrays_matrix.LIBRARIES["fakecupy"]()
    yield
    dict.pop(DEVICES, "cuda", None)


@pytest.fixture
def wide() -> Iterator[None]:
    """JAX with numbers of 64 bits."""
    jax = pytest.importorskip("jax")
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


@pytest.mark.parametrize("name", PROGRAMS)
def test_on_the_stand_in_for_a_gpu(name: str, gpu: None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        different(name, "cuda")


@pytest.mark.parametrize("name", ON_JAX)
def test_on_jax(name: str, wide: None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        different(name, "jax")
