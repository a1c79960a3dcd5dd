"""Programs of users of other devices give there what they give on the CPU: see `device_programs.py`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

import arrays_matrix
import mibun as torch
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


SPARSE = {
    "to_sparse": lambda place, x: x.to_sparse(),
    "to_sparse_csr": lambda place, x: x.to_sparse_csr(),
    "values": lambda place, x: torch.sparse_coo_tensor(torch.tensor([[0, 1], [1, 0]]), x[0], (2, 2)),
    "indices": lambda place, x: torch.sparse_coo_tensor(torch.tensor([[0, 1]], device=place), x.cpu()[0]),
    "rows": lambda place, x: torch.sparse_csr_tensor(torch.tensor([0, 1, 2], device=place), [0, 1], [1.0, 2.0]),
    "moved": lambda place, x: torch.eye(2).to_sparse().to(place),
}
BESIDE_SPARSE = {
    "matmul": lambda x, s: s @ x,
    "reflected": lambda x, s: x @ s,
    "mm": lambda x, s: torch.sparse.mm(s, x),
    "add": lambda x, s: x + s,
    "mul": lambda x, s: s * x,
}


@pytest.mark.parametrize("place", ["cuda", "jax"])
def test_sparse_tensors_are_of_numpys_arrays(place: str, request: pytest.FixtureRequest) -> None:
    """What would make one of another library's is refused, in one sentence; so is one beside such a tensor."""
    request.getfixturevalue({"cuda": "gpu", "jax": "wide"}[place])
    x = torch.ones(2, 2, device=place)
    for name, call in SPARSE.items():
        with pytest.raises(NotImplementedError, match="Could not run 'aten::"):
            print(name, call(place, x))
    for name, combine in BESIDE_SPARSE.items():
        with pytest.raises(RuntimeError, match="same device, but found at least two devices, cpu and"):
            print(name, combine(x, torch.eye(2).to_sparse()))
