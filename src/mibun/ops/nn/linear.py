"""Linear and bilinear layers: a matrix product with a weight that is stored transposed, plus a bias.

On a matrix, `linear` is one node, named as PyTorch names it; on other shapes it is put together from views and
products, as it is there.
"""

from __future__ import annotations

from typing import Any

from ...core.batching import added_onto
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import multilinear, op
from ...dispatch.public import public


@op(
    name="linear_with_bias",
    node="AddmmBackward0",
    dtype=None,
    scalars=False,
    vjp={
        "bias": lambda xp, g: xp.sum(g, axis=0),
        "input": lambda xp, g, weight: xp.matmul(g, xp.conj(weight)),
        "weight": lambda xp, g, input: xp.matmul(xp.matrix_transpose(g), xp.conj(input)),
    },
    jvp={
        "bias": lambda xp, t, out_shape: xp.broadcast_to(t, out_shape),
        "input": lambda xp, t, weight: xp.matmul(t, xp.matrix_transpose(weight)),
        "weight": lambda xp, t, input: xp.matmul(input, xp.matrix_transpose(t)),
    },
)
def _linear_with_bias(xp, bias, input, weight):
    out = xp.matmul(input, xp.matrix_transpose(weight))
    return added_onto(out, bias)


@op(
    multilinear,
    name="linear_without_bias",
    node="MmBackward0",
    dtype=None,
    scalars=False,
    vjp={
        "input": lambda xp, g, weight: xp.matmul(g, xp.conj(weight)),
        "weight": lambda xp, g, input: xp.matmul(xp.matrix_transpose(g), xp.conj(input)),
    },
)
def _linear_without_bias(xp, input, weight):
    return xp.matmul(input, xp.matrix_transpose(weight))


_NOTHING: dict[str, Any] = {}


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`input @ weight.T + bias`, over the last dimension.

    Args:
        input: (*, in).
        weight: (out, in), or (in) for a result (*).
        bias: (out) or (), or None.

    Returns:
        (*, out). All are of one floating or complex dtype.

    Raises:
        RuntimeError: where shapes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.linear(torch.ones(2, 3), torch.ones(4, 3), torch.zeros(4)).shape
    torch.Size([2, 4])
    """
    try:
        x, w = input._array_, weight._array_
        rows, columns, dtype = x.shape, w.shape, x.dtype
        if len(rows) == len(columns) == 2 and rows[1] == columns[1] and w.dtype is dtype and dtype.kind in "fc":
            if bias is None:
                return apply(_linear_without_bias, (input, weight), _NOTHING)
            b = bias._array_
            if b.dtype is dtype and b.shape == columns[:1]:
                return apply(_linear_with_bias, (bias, input, weight), _NOTHING)
    except AttributeError:
        pass  # the checks below say what is wrong
    check_tensor(input, "linear")
    check_tensor(weight, "linear", "weight", 2)
    if bias is not None:
        check_tensor(bias, "linear", "bias", 3)
    x, w = input._array_, weight._array_
    if w.ndim == 1:
        product = input.matmul(weight)
        return product if bias is None else product + bias
    if w.ndim != 2:
        raise RuntimeError(
            f"t() expects a tensor with <= 2 dimensions, but self is {w.ndim}D: the weight of linear is {list(w.shape)}"
        )
    if x.ndim >= 2 and x.shape[-1] != w.shape[1] and x.dtype == w.dtype:
        rows = x.size // x.shape[-1] if x.shape[-1] else 0
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({rows}x{x.shape[-1]} and {w.shape[1]}x{w.shape[0]}): linear "
            f"takes an input whose last dimension has size {w.shape[1]}, but the input has shape {list(x.shape)}"
        )
    if bias is not None and x.ndim == 2:
        return bias.addmm(input, weight.t())
    if bias is not None and x.ndim >= 1 and input.is_contiguous() and x.size:
        if x.shape[-1] != w.shape[1]:
            rows = x.size // x.shape[-1] if x.shape[-1] else 0
            raise RuntimeError(
                f"mat1 and mat2 shapes cannot be multiplied ({rows}x{x.shape[-1]} and {w.shape[1]}x{w.shape[0]}): "
                "linear "
                f"takes an input whose last dimension has size {w.shape[1]}, but the input has shape {list(x.shape)}"
            )
        return linear(input.view(-1, x.shape[-1]), weight, bias).view(*x.shape[:-1], w.shape[0])
    product = input.matmul(weight.t())
    return product if bias is None else product + bias


@op(
    multilinear,
    name="trilinear",
    node="TrilinearBackward0",
    dtype=None,
    scalars=False,
    vjp={
        "input1": lambda xp, g, input2, weight: xp.einsum("no,oij,nj->ni", g, xp.conj(weight), xp.conj(input2)),
        "weight": lambda xp, g, input1, input2: xp.einsum("no,ni,nj->oij", g, xp.conj(input1), xp.conj(input2)),
        "input2": lambda xp, g, input1, weight: xp.einsum("no,oij,ni->nj", g, xp.conj(weight), xp.conj(input1)),
    },
)
def _trilinear(xp, input1, weight, input2):
    return xp.einsum("ni,oij,nj->no", input1, weight, input2)


@public("bilinear", method=False)
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`out[..., k] = input1[...] @ weight[k] @ input2[...] + bias[k]`: (*, in1), (*, in2), (out, in1, in2) -> (*, out).

    RuntimeError where sizes or dtypes differ.

    >>> import mibun as torch
    >>> torch.nn.functional.bilinear(torch.ones(2, 3), torch.ones(2, 4), torch.ones(5, 3, 4)).shape
    torch.Size([2, 5])
    """
    check_tensor(input1, "bilinear", "input1", 1)
    check_tensor(input2, "bilinear", "input2", 2)
    check_tensor(weight, "bilinear", "weight", 3)
    a, b, w = input1._array_, input2._array_, weight._array_
    if a.ndim != b.ndim:
        raise RuntimeError(f"bilinear(): input dimensions do not match: got {a.ndim} and {b.ndim}")
    if a.shape[:-1] != b.shape[:-1]:
        raise RuntimeError(f"bilinear(): input batch dimensions do not match: got {list(a.shape)} and {list(b.shape)}")
    if w.ndim != 3 or a.shape[-1] != w.shape[1]:
        raise RuntimeError(
            f"bilinear(): input1 size does not match weight size: got {a.shape[-1]} but expected {list(w.shape)[1:2]}"
        )
    if b.shape[-1] != w.shape[2]:
        raise RuntimeError(
            f"bilinear(): input2 size does not match weight size: got {b.shape[-1]} but expected {w.shape[2]}"
        )
    if bias is not None and bias._array_.shape != w.shape[:1]:
        raise RuntimeError(
            f"bilinear(): bias size does not match weight size: got {list(bias._array_.shape)} but expected "
            f"[{w.shape[0]}]"
        )
    if not (a.dtype == b.dtype == w.dtype):
        raise RuntimeError(
            f"All tensors must have the same dtype, got input1: {input1.dtype}, input2: {input2.dtype}, "
            f"weight: {weight.dtype}"
        )
    out = apply(_trilinear, (input1.reshape(-1, a.shape[-1]), weight, input2.reshape(-1, b.shape[-1])), _NOTHING)
    out = out.reshape(*a.shape[:-1], w.shape[0])
    return out if bias is None else out + bias
