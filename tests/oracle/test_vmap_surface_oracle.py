"""What a program can ask of a tensor inside of `vmap`, and what is refused: compared with installed PyTorch.

Each line is called with `torch`, a batched vector `v` of four floats, a batched pair of indices `i` and a batched mask
`m`, and names what it gives: text, shapes, numbers; a tensor is compared by its values after the vmap.
"""

from __future__ import annotations

import copy
import pickle
import warnings
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from mibun.func import vmap  # noqa: E402

pytestmark = pytest.mark.oracle
X = [[0.3, -0.2, 1.1, -2.0], [0.1, 0.2, -0.3, 0.9], [-1.0, 2.0, -3.0, 4.0]]
I = [[0, 1], [1, 2], [2, 3]]  # noqa: E741
M = [[True, False, True, True], [False, True, True, True], [True, True, False, True]]


def written(x: Any, index: Any, value: Any) -> Any:
    x = x.clone()
    x[index] = value
    return x


# What gives the same, errors included: their class, and the start of their words.
SAME: dict[str, Any] = {
    # --- what a tensor says of itself ---
    "repr": lambda t, v, i, m: (repr(v), str(i), repr(v[0]), repr(v.double()), repr(v[:2] > 0)),
    "repr of a recorded one": lambda t, v, i, m: t.func.grad(lambda w: (SEEN.append(repr(w)), w.sum())[1])(v),
    "sizes": lambda t, v, i, m: (
        (tuple(v.shape), tuple(v.size()), v.size(0), v.dim(), v.ndim, v.numel(), v.nelement(), len(v), v.nbytes),
        (str(v.dtype), str(v.device), v.element_size(), v.itemsize, str(v.layout), v.is_floating_point()),
    ),
    "memory": lambda t, v, i, m: (
        v.is_contiguous(),
        v.stride(),
        v.stride(0),
        v.storage_offset(),
        v[1:].storage_offset(),
    ),
    "state": lambda t, v, i, m: (
        v.is_leaf,
        v.requires_grad,
        v.grad_fn,
        v.grad,
        v._version,
        v.is_complex(),
        v.output_nr,
    ),
    "class": lambda t, v, i, m: (type(v).__name__, isinstance(v, t.Tensor), v.__class__ is t.Tensor, t.is_tensor(v)),
    "isinstance": lambda t, v, i, m: (isinstance(v, t.FloatTensor), v.type()),
    "iteration": lambda t, v, i, m: [tuple(one.shape) for one in v],
    "hash": lambda t, v, i, m: {v: 1}[v],
    "identity": lambda t, v, i, m: v in [v],
    "len of 0-d": lambda t, v, i, m: len(v[0]),
    "result_type": lambda t, v, i, m: str(t.result_type(v, i)),
    # --- what depends on one example's values ---
    "bool": lambda t, v, i, m: bool(v.sum() > 0),
    "if": lambda t, v, i, m: v if v[0] > 0 else -v,
    "not": lambda t, v, i, m: not v[0],
    "any": lambda t, v, i, m: 1 if v.any() else 0,
    "and": lambda t, v, i, m: v[0] and v[1],
    "is_nonzero": lambda t, v, i, m: t.is_nonzero(v[0]),
    "in a list": lambda t, v, i, m: v in [v + 1],
    "max of Python": lambda t, v, i, m: max(v[0], v[1]),
    "sorted": lambda t, v, i, m: sorted(v),
    "item": lambda t, v, i, m: v.sum().item(),
    "float": lambda t, v, i, m: float(v[0]),
    "int": lambda t, v, i, m: int(v[0]),
    "complex": lambda t, v, i, m: complex(v[0]),
    "index": lambda t, v, i, m: [1, 2, 3, 4][i[0]],
    "range": lambda t, v, i, m: list(range(i[0])),
    "slice": lambda t, v, i, m: v[i[0] :],
    "format": lambda t, v, i, m: f"{v[0]:.2f}",
    "tolist": lambda t, v, i, m: v.tolist(),
    "numpy": lambda t, v, i, m: v.numpy(),
    "numpy, forced": lambda t, v, i, m: v.numpy(force=True),
    "np.asarray": lambda t, v, i, m: np.asarray(v),
    "np.array": lambda t, v, i, m: np.array(v),
    "data_ptr": lambda t, v, i, m: v.data_ptr(),
    "dlpack": lambda t, v, i, m: v.__dlpack__(),
    "untyped_storage": lambda t, v, i, m: v.untyped_storage(),
    "storage": lambda t, v, i, m: v.storage(),
    "is_shared": lambda t, v, i, m: v.is_shared(),
    "share_memory_": lambda t, v, i, m: v.share_memory_(),
    "is_set_to": lambda t, v, i, m: v.is_set_to(v),
    "copy": lambda t, v, i, m: copy.copy(v),
    "deepcopy": lambda t, v, i, m: copy.deepcopy(v),
    "pickle": lambda t, v, i, m: pickle.dumps(v),
    "data": lambda t, v, i, m: v.data,
    "data assigned": lambda t, v, i, m: setattr(v, "data", v),
    "requires_grad_": lambda t, v, i, m: v.clone().requires_grad_(),
    "backward": lambda t, v, i, m: v.sum().backward(),
    "apply_": lambda t, v, i, m: v.apply_(lambda one: one),
    "map_": lambda t, v, i, m: v.map_(v, lambda one, other: one),
    "allclose": lambda t, v, i, m: t.allclose(v, v),
    "equal": lambda t, v, i, m: t.equal(v, v),
    "number argument": lambda t, v, i, m: t.add(v, v, alpha=v[0]),
    "size argument": lambda t, v, i, m: v.repeat(i[0]),
    "dim argument": lambda t, v, i, m: v.sum(i[0]),
    "full": lambda t, v, i, m: t.full((2,), v[0]),
    "full_like": lambda t, v, i, m: t.full_like(v, v[0]),
    "arange": lambda t, v, i, m: t.arange(i[0]),
    "tensor of a list": lambda t, v, i, m: t.tensor([v[0], v[1]]),
    "tensor of a list of vectors": lambda t, v, i, m: t.tensor([v, v]),
    "as_tensor of a list": lambda t, v, i, m: t.as_tensor([v[0]]),
    "from_numpy": lambda t, v, i, m: t.from_numpy(v),
    # --- what would have another shape for each example ---
    "mask": lambda t, v, i, m: v[m],
    "mask of a shared one": lambda t, v, i, m: t.ones(4)[m],
    "shared mask": lambda t, v, i, m: v[t.tensor([True, False, True, False])],
    "masked_select": lambda t, v, i, m: t.masked_select(v, m),
    "nonzero": lambda t, v, i, m: t.nonzero(v),
    "nonzero, as tuple": lambda t, v, i, m: t.nonzero(v, as_tuple=True),
    "where alone": lambda t, v, i, m: t.where(v > 0),
    "unique": lambda t, v, i, m: t.unique(v),
    "unique_consecutive": lambda t, v, i, m: t.unique_consecutive(v),
    "nonzero_static": lambda t, v, i, m: t.nonzero_static(v * m, size=3, fill_value=7),
    "argwhere of as many": lambda t, v, i, m: t.argwhere(m),
    "argwhere": lambda t, v, i, m: t.argwhere(v > 0.95),
    "bincount": lambda t, v, i, m: t.bincount(i),
    "bincount of a length": lambda t, v, i, m: t.bincount(i, minlength=5),
    "repeat_interleave": lambda t, v, i, m: t.repeat_interleave(v, 2),
    "repeat_interleave of as many": lambda t, v, i, m: t.repeat_interleave(v, m.long()),
    "repeat_interleave of others": lambda t, v, i, m: t.repeat_interleave(v[:2], i),
    "repeat_interleave alone": lambda t, v, i, m: t.repeat_interleave(m.long() + 1),
    "histc": lambda t, v, i, m: t.histc(v, 4),
    "histc of a range": lambda t, v, i, m: t.histc(v, 4, -1, 1),
    "histogram": lambda t, v, i, m: t.histogram(v, 3).hist,
    # --- what would write to all examples ---
    "x[0] = v": lambda t, v, i, m: written(SHARED(t), 0, v[0]),
    "x[i] = 1": lambda t, v, i, m: written(SHARED(t), i, 1.0),
    "x[i] = v": lambda t, v, i, m: written(SHARED(t), i, v[:2]),
    "copy_": lambda t, v, i, m: SHARED(t).copy_(v),
    "fill_": lambda t, v, i, m: SHARED(t).fill_(v[0]),
    "masked_fill_": lambda t, v, i, m: SHARED(t).masked_fill_(m, 1.0),
    "index_add_": lambda t, v, i, m: SHARED(t).index_add_(0, t.tensor([0, 1]), v[:2]),
    "out": lambda t, v, i, m: t.add(v, v, out=SHARED(t)),
    # --- reading and writing at indices of each example ---
    "v[i]": lambda t, v, i, m: (v[i], v[i[0]], v[None, i], v[i[:, None]], t.ones(4)[i]),
    "v[i] = ": lambda t, v, i, m: (
        written(v, i, 1.0),
        written(v, i, v[:2]),
        written(v, i[0], v[1]),
        written(v, i, t.ones(2)),
    ),
    "several": lambda t, v, i, m: (
        v.view(2, 2)[i // 2, i % 2],
        t.arange(24.0).view(2, 3, 4)[:, i // 2, i],
        t.arange(24.0).view(2, 3, 4)[i // 2, :, i],
        t.arange(24.0).view(2, 3, 4)[i[0] // 2, ..., i],
        t.arange(24.0).view(2, 3, 4)[1, i // 2],
        t.arange(24.0).view(2, 3, 4)[i // 2, 1],
    ),
    "gathered": lambda t, v, i, m: (v.gather(0, i), v.take(i), v.index_select(0, i), t.take_along_dim(v, i, 0)),
    "scattered": lambda t, v, i, m: (
        v.scatter(0, i, v[:2]),
        v.scatter_add(0, i, v[:2]),
        v.index_add(0, i, v[:2]),
        v.index_copy(0, i, v[:2]),
        v.index_fill(0, i, 2.0),
        v.scatter_reduce(0, i, v[:2], "amax"),
        v.put(i, v[:2]),
        v.masked_scatter(m, v),
        v.masked_fill(m, v[0]),
    ),
    # --- new tensors ---
    "like": lambda t, v, i, m: (t.zeros_like(v), t.ones_like(i), t.full_like(v, 3), t.empty_like(m).shape),
    "linspace": lambda t, v, i, m: [
        (one * 1000).round() for one in (t.linspace(v[0], v[1], 3), t.linspace(0, v[1], 4), t.logspace(v[0], 1, 3))
    ],
    "like, written into": lambda t, v, i, m: written(t.zeros_like(v), 0, v[0]),
    "new": lambda t, v, i, m: (v.new_zeros(2), v.new_ones(2, 2), v.new_full((2,), 3.0), v.new_tensor([1.0, 2.0])),
    "new, written into": lambda t, v, i, m: written(v.new_zeros(2), 0, v[0]),
    "casts": lambda t, v, i, m: (v.double(), v.to(t.int64), v.type(t.int32), v.type_as(i), v.bool(), v.to(v.double())),
    "as_tensor": lambda t, v, i, m: (t.as_tensor(v), t.asarray(v), t.stack([v[0], v[1]])),
    "detached": lambda t, v, i, m: (v.detach(), v.clone(), v.contiguous(), v.cpu()),
    # --- views ---
    "views": lambda t, v, i, m: (
        v.view(2, 2).t(),
        v.unfold(0, 2, 1),
        v[None].expand(3, 4),
        v.as_strided((2, 2), (1, 2)),
        v[1::2],
    ),
    "views of bits": lambda t, v, i, m: (v.view(t.int32), v.view(t.int16), t.view_as_real(t.complex(v, v))),
    "as_strided of a part": lambda t, v, i, m: v[1:].as_strided((2,), (1,)),
    "view that cannot be": lambda t, v, i, m: v.view(2, 2).t().view(4),
    "reshape": lambda t, v, i, m: (v.view(2, 2).t().reshape(4), v.view(2, 2).t().contiguous().is_contiguous()),
    "others": lambda t, v, i, m: (
        t.isin(v, v[:2]),
        t.bucketize(v, v.sort()[0]),
        t.searchsorted(v.sort()[0], v),
        t.combinations(v),
        t.cartesian_prod(v[:2], v),
        t.block_diag(v, v[:, None]),
        t.unravel_index(i, (2, 2)),
        t.quantile(v, 0.3),
        t.kthvalue(v, 2),
        v.median(),
        v.mode(),
        v.topk(2),
    ),
}
SEEN: list[str] = []


def SHARED(torch: Any) -> Any:  # noqa: N802
    return torch.zeros(4)


def shown(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [shown(part) for part in value]
    return value.tolist() if hasattr(value, "requires_grad") else value


def outcome(torch: Any, vmap: Any, line: Any, in_dims: int) -> Any:
    """What a line gives, with the tensors after the vmap, or its error."""
    SEEN.clear()
    inside: list = []
    move = (lambda x: x) if in_dims == 0 else (lambda x: x.t().contiguous())
    arguments = [move(torch.tensor(values)) for values in (X, I, M)]

    def function(v: Any, i: Any, m: Any) -> Any:
        result = line(torch, v, i, m)
        tensors: list = []

        def part(value: Any) -> Any:
            if isinstance(value, (tuple, list)):
                return [part(one) for one in value]
            if isinstance(value, torch.Tensor):
                tensors.append(value)
                return None
            return value

        inside.append(part(result))
        return tuple(tensors) or v

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = vmap(function, in_dims)(*arguments)
    except Exception as error:
        return error
    return [*inside, *SEEN], shown(results)


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("in_dims", [0, 1])
def test_as_pytorch(name: str, in_dims: int) -> None:
    if in_dims and name in ("repr", "repr of a recorded one", "memory", "reshape"):
        return  # PyTorch leaves the examples on the axis that they are on, and shows that
    expected = outcome(real_torch, real_torch.func.vmap, SAME[name], in_dims)
    found = outcome(mibun, vmap, SAME[name], in_dims)
    if not isinstance(expected, Exception):
        assert not isinstance(found, Exception), found
        assert found == expected
        return
    assert type(found) is type(expected), f"{found!r} for {expected!r}"
    words = str(expected).replace("aten::", "")
    if words.startswith(("stack expects", "allocated size", "only one element", "setStorage")):
        return  # of PyTorch's loop
    length = min(len(words.split("(")[0].split(". ")[0]), 60)
    assert str(found).replace("aten::", "")[:length] == words[:length]
