"""ShapeProp: runs a graph on example inputs and notes shape, dtype and order in memory of each value."""

from __future__ import annotations

import traceback
from typing import Any, NamedTuple

from ...core.dtypes import channels_last, channels_last_3d, contiguous_format, dtype, memory_format
from ...core.size import Size
from ...core.tensor import Tensor
from .._compatibility import compatibility
from ..graph_module import GraphModule
from ..interpreter import Interpreter
from ..node import Node, map_aggregate

__all__ = ["TensorMetadata", "ShapeProp"]


@compatibility(is_backward_compatible=True)
class TensorMetadata(NamedTuple):
    """What is known of a Tensor without its elements. Nothing here is quantized; `qparams` is empty."""

    shape: Size
    dtype: dtype
    requires_grad: bool
    stride: tuple[int, ...]
    memory_format: memory_format | None
    is_quantized: bool
    qparams: dict[str, Any]


def _extract_tensor_metadata(result: Tensor, include_contiguity: bool = True) -> TensorMetadata:
    """The metadata of a Tensor; `include_contiguity`: the memory format that it is contiguous in, else None."""
    order = None
    if include_contiguity:
        for one in (contiguous_format, channels_last, channels_last_3d):
            dims = {channels_last: 4, channels_last_3d: 5}.get(one)
            if (dims is None or result.dim() == dims) and result.is_contiguous(memory_format=one):
                order = one
                break
    return TensorMetadata(result.shape, result.dtype, result.requires_grad, result.stride(), order, False, {})


@compatibility(is_backward_compatible=True)
class ShapeProp(Interpreter):
    """An Interpreter that notes `meta["tensor_meta"]` (a TensorMetadata, or containers of them) and `meta["type"]`.

    gm: the GraphModule. fake_mode: a context in which the steps run, or None.

    >>> import mibun as torch
    >>> from mibun import fx
    >>> from mibun.fx.passes.shape_prop import ShapeProp
    >>> traced = fx.symbolic_trace(lambda x: x.sum(0))
    >>> _ = ShapeProp(traced).propagate(torch.ones(2, 3))
    >>> [tuple(node.meta["tensor_meta"].shape) for node in traced.graph.nodes]
    [(2, 3), (3,), (3,)]
    """

    def __init__(self, gm: GraphModule, fake_mode: Any = None) -> None:
        super().__init__(gm)
        self.fake_mode = fake_mode
        self.real_module = self.module

    def run_node(self, n: Node) -> Any:
        """The value of a Node, of which its metadata are noted. RuntimeError says at which Node a step failed."""
        try:
            if self.fake_mode is not None:
                with self.fake_mode:
                    result = super().run_node(n)
            else:
                result = super().run_node(n)
        except Exception as error:
            traceback.print_exc()
            raise RuntimeError(f"ShapeProp error for: node={n.format_node()} with meta={n.meta}") from error
        found = False

        def describe(leaf: Any) -> Any:
            nonlocal found
            if not isinstance(leaf, Tensor):
                return leaf
            found = True
            return _extract_tensor_metadata(leaf)

        described = map_aggregate(result, describe)
        if found:
            n.meta["tensor_meta"] = described
        n.meta["type"] = type(result)
        return result

    def propagate(self, *args: Any) -> Any:
        """Run the graph on these inputs. Returns its result."""
        return super().run(*args)
