"""What both writers of TensorBoard's files do: Tensors as NumPy's arrays, and the refusal of graphs."""

from __future__ import annotations

from typing import Any, NoReturn

from ...core.tensor import Tensor


def as_arrays(value: Any) -> Any:
    """Arrays for the Tensors in lists, tuples and dicts; numbers for those of one element without dimensions."""
    if isinstance(value, Tensor):
        value = value.detach()
        return value.item() if value.ndim == 0 else value.numpy(force=True)
    if isinstance(value, dict):
        return {key: as_arrays(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)) and any(isinstance(one, (Tensor, list, tuple, dict)) for one in value):
        return type(value)([as_arrays(one) for one in value])
    return value


def refuse_graph() -> NoReturn:
    """Raise what `add_graph` raises."""
    raise NotImplementedError(
        "add_graph: TensorBoard shows the graph of PyTorch's compiler, which mibun does not have. "
        "print(torch.jit.trace(model, inputs).graph) shows which operators a Module calls."
    )
