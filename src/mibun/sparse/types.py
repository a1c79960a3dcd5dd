"""The old classes of sparse tensors: `torch.sparse.FloatTensor(indices, values, size)`, and for `isinstance`."""

from __future__ import annotations

from typing import Any

from ..core import dtypes
from ..core.tensor import Tensor
from ..ops.conversion.layouts import sparse_in_old_form
from ..ops.creation.constructors import tensortype


class sparsetensortype(tensortype):  # noqa: N801
    """The class of `torch.sparse.FloatTensor` and the others: a constructor of COO tensors of one dtype, deprecated."""

    layout = dtypes.sparse_coo
    is_sparse = True

    def __call__(cls, *args: Any, device: Any = None) -> Tensor:  # type: ignore[override]
        return sparse_in_old_form(args, cls.dtype, device)


NAMES = (
    "BFloat16Tensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor ShortTensor".split()
)


def _made(name: str) -> sparsetensortype:
    dtype = next(d for d in dtypes.ALL if f"{d.scalar_name}Tensor" == name)
    doc = (
        f"`torch.sparse_coo_tensor(...)` of {dtype}, by its old name; `isinstance(t, torch.sparse.{name})` asks for it."
    )
    return sparsetensortype(name, (), {"dtype": dtype, "is_cuda": False, "__module__": "mibun.sparse", "__doc__": doc})


TYPES = {name: _made(name) for name in NAMES}
