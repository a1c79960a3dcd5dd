"""`backward` and `grad`: the two public ways to run the engine, with PyTorch's checks of their arguments."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, overload

import numpy as np

from .batching import Level, within_transform
from .dtypes import from_numpy_dtype
from .engine import over_tensors, run, run_generally, run_plainly
from .fitting import fit
from .meta import MetaArray, without_data
from .mode import MODE, GradMode
from .nesting import RUNNING
from .node import GradientEdge, Node, as_edge
from .quiet import FILTER, hushed
from .registry import LEADING, NAMESPACES, OPS, TENSORS, is_elsewhere, is_numpys, zeros_beside
from .site import stacklevel
from .tensor import Tensor, bind_method, name_as, require_grad, wrap
from .views import NOWHERE_EDGE, Nowhere, View, edge_of

Differentiable: TypeAlias = Tensor | GradientEdge | Iterable[Tensor | GradientEdge]
Gradients: TypeAlias = Tensor | Iterable[Tensor | None]


_NUMPY = np.float32(0)  # for a GradientEdge, which has no array


def _roots(outputs: Sequence[Any], grads: Sequence[Any], create_graph: bool) -> tuple[list, list]:
    """The edges to start from and the gradients to start with."""
    edges, values = [], []
    for index, (output, grad) in enumerate(zip(outputs, grads, strict=True)):
        if isinstance(output, GradientEdge):
            edge = as_edge(output.node, output.output_nr)
            shape, dtype = output.node.meta(output.output_nr)
        else:
            if not isinstance(output, Tensor):
                kind = type(output).__name__
                raise AssertionError(f"Expected output to be a torch.Tensor or a GradientEdge, but got {kind}")
            edge = output._edge_
            if edge is not None and type(edge) is not tuple:
                edge = edge.resolve(output)
            shape, dtype = output._array_.shape, output._array_.dtype
            if edge is None or edge is NOWHERE_EDGE:
                raise RuntimeError(
                    f"element {index} of tensors does not require grad and does not have a grad_fn. Nothing that it "
                    "was computed from requires grad: set requires_grad=True on the inputs before they are used, and "
                    "check for detach() and no_grad() on the way."
                )
            # (A leading 1 is all that the engine can make good.)
            node, output_nr = edge
            if output_nr is None:
                recorded = shape
            else:
                recorded = node.shape if node.metas is None else tuple(node.metas[output_nr][0])
            if recorded != shape and recorded != shape[max(len(shape) - len(recorded), 0) :]:
                raise RuntimeError(
                    f"invalid gradient at index {index} - got {list(shape)} but expected shape compatible with "
                    f"{list(recorded)}: the tensor was given another shape in place (by t_() or the "
                    f"like) where grad mode was off, after {edge[0].where()}"
                )
        if grad is None:
            if output_size(shape) != 1:
                raise RuntimeError(
                    f"grad can be implicitly created only for scalar outputs, but the output has shape {list(shape)}: "
                    "reduce it first, e.g. with sum(), or give the gradient to start with"
                )
            if dtype.kind not in "fcV":
                raise RuntimeError(f"grad can be implicitly created only for real scalar outputs but got {dtype}")
            if dtype.kind == "c":
                raise RuntimeError(
                    f"grad can be implicitly created only for real scalar outputs but got {from_numpy_dtype(dtype)}"
                )
            kind = type(getattr(output, "_array_", _NUMPY))  # (an edge has no array)
            namespace = NAMESPACES[kind]
            if kind is MetaArray:
                value: Any = without_data(shape, dtype)
            else:
                value = namespace.ones(shape, dtype=dtype) if shape else namespace.scalar(1, dtype)
                if isinstance(value, np.generic) and is_elsewhere(kind):
                    value = namespace.ones(shape, dtype=dtype)  # on the device, where a scalar may be NumPy's
            if create_graph:
                value = wrap(value)
        else:
            if not isinstance(grad, Tensor):
                raise TypeError(f"gradients can be either Tensors or None, but got {type(grad).__name__}")
            array = grad._array_
            if array.shape != shape:
                raise RuntimeError(
                    f"Mismatch in shape: grad_output[{index}] has a shape of torch.Size({list(array.shape)}) and "
                    f"output[{index}] has a shape of torch.Size({list(shape)})."
                )
            if (array.dtype.kind == "c") != (dtype.kind == "c"):
                raise RuntimeError(
                    "For complex Tensors, both grad_output and output are required to have the same dtype. Mismatch in "
                    f"dtype: grad_output[{index}] has a dtype of {from_numpy_dtype(array.dtype)} and output[{index}] "
                    f"has a dtype of {from_numpy_dtype(dtype)}."
                )
            if type(array) is not np.ndarray or type(getattr(output, "_array_", array)) is not np.ndarray:
                _check_device(index, output, grad)
            if array.dtype != dtype:
                grad = grad.to(from_numpy_dtype(dtype))
                array = grad._array_
            value = grad if create_graph else array
        if not isinstance(output, GradientEdge) and recorded != shape:
            value = fit(value, recorded, dtype, create_graph, edge[0], index)
        edges.append(edge)
        values.append(value)
    return edges, values


def _check_device(index: int, output: Any, grad: Any) -> None:
    """RuntimeError where the gradient to start with is on another device than the output."""
    if isinstance(output, GradientEdge):
        return
    kinds = type(output._array_), type(grad._array_)
    if any([kind in TENSORS or kind in LEADING for kind in kinds]):
        return
    if is_numpys(kinds[0]) is not is_numpys(kinds[1]):
        raise RuntimeError(
            f"Expected all tensors to be on the same device, but found at least two devices, {output.device} and "
            f"{grad.device}: invalid gradient at index {index}"
        )


def output_size(shape: tuple[int, ...]) -> int:
    """The number of elements of a shape."""
    size = 1
    for n in shape:
        size *= n
    return size


def _sequence(value: Any) -> tuple:
    if isinstance(value, (Tensor, GradientEdge)):
        return (value,)
    if not isinstance(value, Iterable):
        kind = type(value).__name__
        raise TypeError(f"'{kind}' object is not iterable: expected a Tensor, a GradientEdge or a sequence of them")
    return tuple(value)


def _target_edge(tensor: Any, function: str) -> Any:
    if isinstance(tensor, GradientEdge):
        return as_edge(tensor.node, tensor.output_nr)
    if not isinstance(tensor, Tensor):
        raise RuntimeError(
            f"{function}: all inputs have to be Tensors or GradientEdges, but got {type(tensor).__name__}"
        )
    edge = edge_of(tensor)
    if edge is None:
        raise RuntimeError(
            "One of the differentiated Tensors does not require grad: call requires_grad_() on it before it is used"
        )
    return (Nowhere(), 0) if edge is NOWHERE_EDGE else edge


def backward(
    tensors: Differentiable,
    grad_tensors: Gradients | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Gradients | None = None,
    inputs: Differentiable | None = None,
) -> None:
    """Add the gradients of `tensors` to the `.grad` of the leaves that they were computed from.

    tensors: a Tensor, a GradientEdge or a sequence of them. grad_tensors: the gradient of each, of its shape; None for
    those of one element, where it is 1. retain_graph: keep what the graph has saved (default: as create_graph).
    create_graph: record the backward, so that the gradients can be differentiated. inputs: accumulate into these only.
    Raises RuntimeError if a tensor does not require grad, needs a gradient that is not given, or if the graph was
    freed;
    whatever is raised, no `.grad` has changed.

    >>> import mibun as torch
    >>> x = torch.tensor(3., requires_grad=True)
    >>> torch.autograd.backward(x * x)
    >>> x.grad
    tensor(6.)
    """
    if grad_variables is not None:
        warnings.warn(
            "`grad_variables` is deprecated. Use `grad_tensors` instead.",
            category=FutureWarning,
            stacklevel=stacklevel(),
        )
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to `backward()`. Please only "
                "use `grad_tensors`."
            )
        grad_tensors = grad_variables
    if within_transform():
        raise RuntimeError(
            "backward() called inside a functorch transform. This is not supported, please use functorch.grad or "
            "functorch.vjp instead or call backward() outside of functorch transforms: torch.func.grad and its like "
            "return gradients, and torch.autograd.grad() does so inside as well."
        )
    if inputs is not None:
        inputs = _sequence(inputs)
        if not inputs:
            raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    outputs = _sequence(tensors)
    grads = (None,) * len(outputs) if grad_tensors is None else _sequence(grad_tensors)
    if len(grads) != len(outputs):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(grads)} gradients")
    keep = create_graph if retain_graph is None else retain_graph
    edges, values = _roots(outputs, grads, over_tensors(create_graph))
    captures = None
    if inputs is not None:
        captures = {}
        for tensor in inputs:
            if isinstance(tensor, Tensor) and not tensor.requires_grad:
                tensor.retain_grad()  # raises PyTorch's error
            captures.setdefault(_target_edge(tensor, "backward()"), len(captures))
            if isinstance(tensor, Tensor):
                tensor.retain_grad()  # as PyTorch does: this is how a non-leaf gets its grad, now and later
    run(edges, values, bool(keep), create_graph, captures, accumulate_captured=True)


if TYPE_CHECKING:

    @overload
    def grad(
        outputs: Differentiable,
        inputs: Differentiable,
        grad_outputs: Gradients | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        only_inputs: bool = True,
        allow_unused: bool | None = None,
        is_grads_batched: bool = False,
        materialize_grads: bool = False,
    ) -> tuple[Tensor, ...]: ...
    @overload
    def grad(
        outputs: Differentiable,
        inputs: Mapping[Any, Tensor],
        grad_outputs: Gradients | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        only_inputs: bool = True,
        allow_unused: bool | None = None,
        is_grads_batched: bool = False,
        materialize_grads: bool = False,
    ) -> dict[Any, Tensor]: ...


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> Any:
    """The sum of the gradients of `outputs` with respect to each of `inputs`; no `.grad` is touched.

    outputs, inputs: Tensors, GradientEdges, or sequences of them (inputs may be a dict, which gives a dict back).
    grad_outputs: the gradient of each output, None for outputs of one element. retain_graph, create_graph: as for
    `backward`. allow_unused: give None for inputs that the outputs do not depend on, instead of an error.
    materialize_grads: give zeros for them. is_grads_batched: grad_outputs have a leading axis, of which each slice is
    sent through the graph. Returns a tuple (a dict for a dict) of Tensors of the inputs' shapes.

    >>> import mibun as torch
    >>> x = torch.tensor(3., requires_grad=True)
    >>> torch.autograd.grad(x * x, x)
    (tensor(6.),)
    """
    if not only_inputs:
        warnings.warn(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate gradient for "
            "other parts of the graph, please use torch.autograd.backward.",
            FutureWarning,
            stacklevel=stacklevel(),
        )
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False."
        )
    if allow_unused is None:
        allow_unused = materialize_grads
    keys = None
    if isinstance(inputs, dict):
        keys = list(inputs)
        inputs = list(inputs.values())
    inputs = _sequence(inputs)
    outputs = _sequence(outputs)
    if len(inputs) == 0:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    grads = (None,) * len(outputs) if grad_outputs is None else _sequence(grad_outputs)
    if len(grads) != len(outputs):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(grads)} gradients")
    keep = bool(create_graph if retain_graph is None else retain_graph)
    if is_grads_batched:
        # One backward, in which a gradient is that of one example: see xp/batched.
        size = _batch_size(outputs, grads)
        with GradMode(create_graph), Level("vmap", size, implicit=True) as level:
            place = {"dim": 0, "level": level.number, "size": size}
            parts = [None if g is None else OPS["batch_in"](g, **place) for g in grads]
            found = grad(outputs, inputs, parts, keep, create_graph, allow_unused=True)
            found = [g if g is None else _taken_out(g, place, over_tensors(create_graph)) for g in found]
        results = _completed(found, inputs, allow_unused, materialize_grads, create_graph)
        return results if keys is None else dict(zip(keys, results, strict=True))
    edges, values = _roots(outputs, grads, over_tensors(create_graph))
    captures: dict = {}
    targets = []
    for tensor in inputs:
        edge = _target_edge(tensor, "grad()")
        targets.append(edge)
        captures.setdefault(edge, len(captures))
    captured = run(edges, values, keep, create_graph, captures)
    found = [captured[captures[edge]] for edge in targets]
    if not over_tensors(create_graph):
        found = [g if g is None else wrap(g) for g in found]
    results = _completed(found, inputs, allow_unused, materialize_grads, create_graph)
    return results if keys is None else dict(zip(keys, results, strict=True))


def _completed(
    found: Sequence, inputs: Sequence, allow_unused: bool, materialize_grads: bool, create_graph: bool
) -> tuple:
    """The gradients of the inputs, with what is wanted (None, zeros or an error) for those that were not reached."""
    results = []
    for index, (tensor, value) in enumerate(zip(inputs, found, strict=True)):
        if value is None:
            if materialize_grads:
                if isinstance(tensor, Tensor):
                    zeros = zeros_beside(tensor._array_)
                else:
                    shape, dtype = tensor.node.meta(tensor.output_nr)
                    zeros = np.zeros(shape, dtype=dtype)
                value = require_grad(wrap(zeros), create_graph)  # as PyTorch's
            elif not allow_unused:
                raise RuntimeError(
                    f"The differentiated Tensor at index {index} appears to not have been used in the graph. Set "
                    "allow_unused=True if this is the desired behavior."
                )
        results.append(value)
    return tuple(results)


def _taken_out(gradient: Tensor, place: dict[str, int], recorded: bool) -> Tensor:
    """The gradients of a batch with the axis of the examples in front; repeated where they are the same for all."""
    array = gradient._array_
    if place["level"] not in getattr(array, "levels", ()):
        return gradient.unsqueeze(0).expand(place["size"], *array.shape)
    return OPS["batch_out"](gradient, **place) if recorded else wrap(OPS["batch_out"].kernel(None, array, **place))


def _batch_size(outputs: Sequence, grads: Sequence) -> int:
    """How many gradients are in the batch; ValueError or RuntimeError if they disagree, or do not fit the outputs."""
    sizes = []
    for index, (output, g) in enumerate(zip(outputs, grads, strict=True)):
        if isinstance(output, GradientEdge):
            shape = output.node.meta(output.output_nr)[0]
        elif isinstance(output, Tensor):
            shape = output._array_.shape
        else:
            continue  # which `_roots` refuses
        if g is None:
            if isinstance(output, Tensor) and not output.requires_grad:
                continue
            given = shape  # ones, of one element: the first axis of which is the batch's as well
        elif not isinstance(g, Tensor):
            raise TypeError(f"gradients can be either Tensors or None, but got {type(g).__name__}")
        else:
            given = g._array_.shape
            if not given:
                raise IndexError(
                    f"invalid index of a 0-dim tensor: with `is_grads_batched=True` grad_output[{index}] must have a "
                    "first dimension for the batch"
                )
            if given[1:] != shape:
                raise RuntimeError(
                    "If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the batch "
                    "dimension. The sizes of the remaining dimensions are expected to match the shape of corresponding "
                    f"output, but a mismatch was detected: grad_output[{index}] has a shape of "
                    f"torch.Size({list(given)}) and output[{index}] has a shape of torch.Size({list(shape)}). If you "
                    "only want some tensors in `grad_output` to be considered batched, consider using vmap."
                )
        if not given:
            raise ValueError(
                f"vmap(vjp, in_dims=0, ...)(<inputs>): Got in_dim=0 for some input, but that input is a Tensor of "
                f"dimensionality 0 so expected in_dim to satisfy 0 <= in_dim < 0: grad_outputs[{index}] is None, and "
                "with `is_grads_batched=True` each of them must be a Tensor with a leading dimension for the batch"
            )
        sizes.append(given[0])
    if not sizes or len(set(sizes)) != 1:
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"{sizes} for the mapped dimension, the first one of each grad_output"
        )
    return sizes[0]


_backward = backward

_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
_SCALARS = frozenset((np.ndarray, np.float32, np.float64))  # the types of NumPy's arrays that have no dimension
_ONE32, _ONE64 = np.float32(1), np.float64(1)


def _first(array: Any, gradient: Any, node: Any) -> Any:
    """What a backward starts with, in the commonest cases; else None."""
    dtype = array.dtype
    if gradient is None:
        if type(array) not in _SCALARS or array.shape != () or node.shape != ():
            return None
        return _ONE32 if dtype is _FLOAT32 else _ONE64 if dtype is _FLOAT64 else None
    if type(gradient) is not Tensor or type(array) is not np.ndarray:
        return None
    given = gradient._array_
    if type(given) is np.ndarray and given.dtype is dtype is node.dtype and given.shape == array.shape == node.shape:
        return given
    return None


class _Methods:
    def backward(
        self: Any,
        gradient: Tensor | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Differentiable | None = None,
    ) -> None:
        """Add the gradient of this tensor to the `.grad` of the leaves; see `mibun.autograd.backward`."""
        edge = self._edge_
        if inputs is None and not create_graph and type(edge) is tuple and not RUNNING and MODE.get().plain:
            # What nearly every call is, without the checks of what is not given.
            node = edge[0]
            if edge[1] is not None and node.metas is None:
                grad = _first(self._array_, gradient, node)
                if grad is not None:
                    if (warnings.filters or FILTER)[0] is not FILTER:
                        hushed()
                    left = run_plainly(node, grad, bool(retain_graph))
                    if left is not None:
                        run_generally((edge,), (), bool(retain_graph), False, left=left)
                    return
        _backward(self, gradient, retain_graph, create_graph, inputs=inputs)


name_as(_Methods.backward, "mibun", "Tensor.backward")
bind_method("backward", _Methods.backward)

__all__ = ["Node", "View", "backward", "grad"]
