"""The old classes of sparse tensors on GPUs: for `isinstance`, as no instance can be made."""

from __future__ import annotations

from ..compat.absent_devices import dummy_class

_NAMES = (
    "BFloat16Tensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor ShortTensor".split()
)


def _no_tensor(name: str) -> TypeError:
    return TypeError(f"type torch.cuda.sparse.{name} not available. Torch not compiled with CUDA enabled.")


for _name in _NAMES:
    globals()[_name] = dummy_class(
        _name,
        __name__,
        lambda name=_name: _no_tensor(name),
        "The old name for a sparse tensor's type on a GPU: TypeError where one is made.",
    )
