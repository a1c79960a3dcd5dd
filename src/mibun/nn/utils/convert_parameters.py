"""All parameters as one vector and back, as methods need that treat them as a point in space."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.tensor import Tensor
from ...ops.shape.joining import cat


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """The elements of all parameters in one vector; recorded, so that gradients flow back.

    >>> import mibun as torch
    >>> torch.nn.utils.parameters_to_vector(torch.nn.Linear(2, 3).parameters()).shape
    torch.Size([9])
    """
    return cat([parameter.view(-1) for parameter in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Make each parameter a view of its part of the vector, in order.

    Args:
        vec: one axis; TypeError if it is no Tensor. What it has more than is needed is left alone.
        parameters: RuntimeError if the vector is too short for them, and none is changed then.

    >>> import mibun as torch
    >>> layer = torch.nn.Linear(2, 1)
    >>> torch.nn.utils.vector_to_parameters(torch.tensor([1., 2., 3.]), layer.parameters())
    >>> layer(torch.tensor([10., 1.])).item()
    15.0
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {type(vec).__name__}")
    parameters = list(parameters)
    parts = []
    start = 0
    for parameter in parameters:
        size = parameter.numel()
        if start + size > vec.numel():
            raise RuntimeError(
                f"shape '{list(parameter.shape)}' is invalid for input of size {vec.numel() - start}: "
                "the vector is too short"
            )
        parts.append(vec.narrow(0, start, size).view_as(parameter).data)
        start += size
    for parameter, part in zip(parameters, parts, strict=True):
        parameter.data = part  # type: ignore[attr-defined]
