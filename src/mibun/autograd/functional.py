"""Products with, and whole, Jacobians and Hessians of functions of Tensors.

Each function takes a Python function of Tensors and the point at which to differentiate it: a Tensor or a tuple of
them, never modified. By default everything runs in reverse mode; a product with a Jacobian from the left is one
backward, one from the right is the backward of the backward, which is linear in the vector that it starts with. Whole
matrices can be made column by column in forward mode instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.gradients import grad as _reverse
from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.mode import MODE, enable_grad
from ..core.registry import constant_beside
from ..core.tensor import Tensor, wrap
from ..dispatch.nodes import OpNode
from ..ops.shape.joining import cat, stack
from . import forward_ad
from .tangent_batches import push_forward

_DIFFERENTIABLY = (
    "does not require gradients. The outputs must be computed in a differentiable manner from the input when running "
    "in strict mode."
)


# --- the arguments ---


def _as_tuple(value: Any, what: str, function: str) -> tuple[bool, tuple]:
    """(whether it was a tuple, the tuple). TypeError unless it is a Tensor or a tuple of Tensors."""
    is_tuple = isinstance(value, tuple)
    tensors = value if is_tuple else (value,)
    for index, item in enumerate(tensors):
        if not isinstance(item, Tensor):
            where = f"the value at index {index}" if is_tuple else f"the given {what}"
            raise TypeError(
                f"The {what} given to {function} must be either a Tensor or a tuple of Tensors but {where} has type "
                f"{type(item)}."
            )
    return is_tuple, tensors


def _inputs(inputs: Any, function: str, create_graph: bool) -> tuple[bool, tuple]:
    """The inputs as the function is to see them: leaves of their own, or with `create_graph` tied to the user's."""
    is_tuple, given = _as_tuple(inputs, "inputs", function)
    return is_tuple, _fresh(given, create_graph)


def _fresh(tensors: tuple, create_graph: bool) -> tuple:
    return tuple(t.view_as(t) if create_graph and t.requires_grad else t.detach().requires_grad_() for t in tensors)


def _call(func: Callable, inputs: tuple, function: str) -> tuple[bool, tuple]:
    return _as_tuple(func(*inputs), "outputs of the user-provided function", function)


def _vector(v: Any, like: tuple, function: str, single_element: str) -> tuple:
    """The vector of a product: as many Tensors of the same shapes as `like`; without one, 1 for a single element."""
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise RuntimeError(f"The vector v can only be None if {single_element}.")
        return (_full_like(like[0], 1),)
    _, vectors = _as_tuple(v, "v", function)
    if len(vectors) != len(like):
        raise RuntimeError(f"v is a tuple of invalid length: should be {len(like)} but got {len(vectors)}.")
    for index, (vector, expected) in enumerate(zip(vectors, like, strict=True)):
        if vector.size() != expected.size():
            entry = f"Entry {index} in v" if len(like) > 1 else "v"
            raise RuntimeError(f"{entry} has invalid size: should be {expected.size()} but got {vector.size()}.")
    return vectors


def _full_like(tensor: Any, value: int, requires_grad: bool = False) -> Any:
    array = tensor._array_
    result = wrap(constant_beside(np.full(array.shape, value, array.dtype), array))
    return result.requires_grad_() if requires_grad else result


def _zeros(shape: Any, like: Any) -> Any:
    return wrap(constant_beside(np.zeros(tuple(shape), like._array_.dtype), like._array_))


def _gradients(outputs: tuple, inputs: tuple, grads: tuple | None, create_graph: bool) -> tuple:
    """As `grad`, for outputs of which some, or all, do not require grad."""
    pairs = zip(outputs, grads if grads is not None else (None,) * len(outputs), strict=True)
    wanted = [(output, g) for output, g in pairs if output.requires_grad]
    if not wanted:
        return (None,) * len(inputs)
    return _reverse(
        tuple(output for output, _ in wanted),
        inputs,
        tuple(g for _, g in wanted),
        create_graph=create_graph,
        retain_graph=True,
        allow_unused=True,
    )


def _check_outputs(outputs: tuple, strict: bool) -> None:
    if strict:
        for index, output in enumerate(outputs):
            if not output.requires_grad:
                raise RuntimeError(f"Output {index} of the user-provided function {_DIFFERENTIABLY}")


def _check_jacobian(products: tuple, strict: bool, create_graph: bool, what: str = "jacobian") -> None:
    """In strict mode, what a gradient of the Jacobian (or Hessian) will be asked of must depend on the input."""
    if strict and create_graph:
        for index, product in enumerate(products):
            if product is not None and not product.requires_grad:
                raise RuntimeError(
                    f"The {what} of the user-provided function is independent of input {index}. This is not allowed "
                    "in strict mode when create_graph=True."
                )


def _filled(grads: tuple, inputs: tuple, strict: bool, complaint: str) -> tuple:
    """Zeros for the inputs that nothing depends on; in strict mode RuntimeError."""
    if strict:
        for index, value in enumerate(grads):
            if value is None:
                raise RuntimeError(complaint.format(index=index))
    return tuple(_full_like(t, 0) if g is None else g for g, t in zip(grads, inputs, strict=True))


_INDEPENDENT = (
    "The output of the user-provided function is independent of input {index}. This is not allowed in strict mode."
)
_TWICE_INDEPENDENT = (
    "While computing the hessian, found that the jacobian of the user-provided function with respect to input {index} "
    "is independent of the input. This is not allowed in strict mode. You should ensure that your function is twice "
    "differentiable and that the jacobian depends on the inputs (this would be violated by a linear function for "
    "example)."
)


def _result(values: tuple, is_tuple: bool, create_graph: bool) -> Any:
    if not create_graph:
        values = tuple(value.detach() for value in values)
    return values if is_tuple else values[0]


# --- products with the Jacobian ---


def vjp(
    func: Callable, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """(the outputs, v times the Jacobian): the gradient of `<v, func(inputs)>`, of the inputs' shapes.

    func: takes the inputs, returns a Tensor or a tuple. v: of the outputs' shapes; None for one of a single element.
    create_graph: the results can be differentiated. strict: RuntimeError, instead of zeros, where an output does not
    depend on an input. TypeError for anything but Tensors, RuntimeError for a v of other shapes.

    >>> import mibun as torch
    >>> torch.autograd.functional.vjp(torch.exp, torch.tensor([0., 0.]), torch.tensor([1., 2.]))
    (tensor([1., 1.]), tensor([1., 2.]))
    """
    with enable_grad():
        is_tuple, points = _inputs(inputs, "vjp", create_graph)
        outputs_tuple, outputs = _call(func, points, "vjp")
        _check_outputs(outputs, strict)
        vectors = _vector(v, outputs, "vjp", "the user-provided function returns a single Tensor with a single element")
        found = _gradients(outputs, points, vectors, create_graph)
        _check_jacobian(found, strict, create_graph)
        products = _filled(found, points, strict, _INDEPENDENT)
        return _result(outputs, outputs_tuple, create_graph), _result(products, is_tuple, create_graph)


def jvp(
    func: Callable, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """(the outputs, the Jacobian times v): the change of the outputs along v, of the outputs' shapes.

    v: of the inputs' shapes; None for one of a single element. Computed as the backward of the backward; forward mode
    (`autograd.forward_ad`) is quicker where the function is made of mibun's operators. Else as `vjp`.

    >>> import mibun as torch
    >>> torch.autograd.functional.jvp(torch.exp, torch.tensor([0., 0.]), torch.tensor([1., 2.]))
    (tensor([1., 1.]), tensor([1., 2.]))
    """
    with enable_grad():
        _, given = _as_tuple(inputs, "inputs", "jvp")
        vectors = _vector(
            v, given, "jvp", "the input to the user-provided function is a single Tensor with a single element"
        )
        points = _fresh(given, create_graph)
        outputs_tuple, outputs = _call(func, points, "jvp")
        _check_outputs(outputs, strict)
        # u -> u J is linear, and its own transpose applied to v is J v.
        probes = tuple(_full_like(output, 0, requires_grad=True) for output in outputs)
        rows = _gradients(outputs, points, probes, True)
        rows = _filled(rows, points, strict, _INDEPENDENT)
        products = _gradients(rows, probes, vectors, create_graph)
        _check_jacobian(products, strict, create_graph)
        filled = _filled(products, outputs, strict, "Output {index} of the user-provided function " + _DIFFERENTIABLY)
        return _result(outputs, outputs_tuple, create_graph), _result(filled, outputs_tuple, create_graph)


# --- the Jacobian ---


def _check_strategy(strategy: str, strict: bool, vectorize: bool, function: str) -> None:
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError(
            f'Expected strategy to be either "forward-mode" or "reverse-mode", but got {strategy!r}. Hint: If your '
            'function has more outputs than inputs, "forward-mode" tends to be more performant. Otherwise, prefer to '
            'use "reverse-mode".'
        )
    if strict and strategy == "forward-mode" and function == "jacobian":
        raise RuntimeError(
            'torch.autograd.functional.jacobian: `strict=True` and `strategy="forward-mode"` are not supported '
            'together (yet). Please either set `strict=False` or `strategy="reverse-mode"`.'
        )
    if strict and vectorize:
        raise RuntimeError(
            f"torch.autograd.functional.{function}: `strict=True` and `vectorized=True` are not supported together. "
            "Please either set `strict=False` or `vectorize=False`."
        )


def jacobian(
    func: Callable,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """The Jacobian of `func` at `inputs`: for each output and input a Tensor of the output's shape + the input's.

    Of a Tensor with respect to a Tensor it is one Tensor; a tuple of outputs or of inputs gives a (nested) tuple, the
    outputs outside. strategy: "reverse-mode" takes one backward for each element of the outputs, with `vectorize` one
    for all of them together; "forward-mode" one call of `func` in forward mode, with a batch of tangents. create_graph,
    strict: as for `vjp` (strict in reverse mode only, and not together with vectorize). vectorize: of complex outputs
    too, of which the rows are the gradients for 1; random numbers are refused in forward mode (RuntimeError).

    >>> import mibun as torch
    >>> torch.autograd.functional.jacobian(lambda x: x * x, torch.tensor([1., 2.]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    _check_strategy(strategy, strict, vectorize, "jacobian")
    if strategy == "forward-mode":
        return _by_columns(func, inputs, create_graph, vectorize)
    with enable_grad():
        inputs_tuple, points = _inputs(inputs, "jacobian", create_graph)
        outputs_tuple, outputs = _call(func, points, "jacobian")
        _check_outputs(outputs, strict)
        if vectorize:
            rows = _all_rows(outputs, points, create_graph)
        else:
            rows = tuple(_rows(index, output, points, create_graph, strict) for index, output in enumerate(outputs))
        return _nested(rows, inputs_tuple, outputs_tuple, create_graph)


def _basis(tensors: Sequence, total: int) -> list:
    """The unit vectors of all tensors together, as for each a batch of Tensors of its shape."""
    batches = []
    done = 0
    for tensor in tensors:
        array = tensor._array_
        batch = np.zeros((total, array.size), array.dtype)
        batch[range(done, done + array.size), range(array.size)] = 1
        batches.append(wrap(constant_beside(batch.reshape(total, *array.shape), array)))
        done += array.size
    return batches


def _all_rows(outputs: tuple, points: tuple, create_graph: bool) -> tuple:
    """For each output its Jacobians with respect to each input: one backward for a batch of gradients."""
    roots = [output for output in outputs if output.requires_grad and output.numel()]
    total = sum([root.numel() for root in roots])
    found: tuple = (None,) * len(points)
    if roots:
        found = _reverse(
            roots, points, _basis(roots, total), create_graph=create_graph, allow_unused=True, is_grads_batched=True
        )
    rows = []
    done = 0
    for output in outputs:
        n = output.numel() if output.requires_grad else 0
        rows.append(
            tuple(
                _zeros(output.size() + point.size(), point)
                if column is None or not n
                else (column if n == total else column[done : done + n]).reshape(output.size() + point.size())
                for column, point in zip(found, points, strict=True)
            )
        )
        done += n
    return tuple(rows)


def _rows(index: int, output: Any, points: tuple, create_graph: bool, strict: bool) -> tuple:
    """The Jacobians of one output with respect to each input: row by row, or many rows together if nobody can tell."""
    together = _rows_at_once(output) if output.requires_grad and not create_graph else 1
    if together > 1:
        return _in_batches(index, output, points, strict, together)
    collected: list[list] = [[] for _ in points]
    for element in output.reshape(-1).unbind() if output.requires_grad else ():
        grads = _reverse(element, points, create_graph=create_graph, retain_graph=True, allow_unused=True)
        for number, (grad, point) in enumerate(zip(grads, points, strict=True)):
            if strict and create_graph and grad is not None and not grad.requires_grad:
                raise RuntimeError(
                    f"The jacobian of the user-provided function is independent of input {number}. This is not allowed "
                    "in strict mode when create_graph=True."
                )
            if strict and grad is None:
                raise _independent(index, number)
            collected[number].append(_full_like(point, 0) if grad is None else grad)
    return tuple(
        stack(rows, 0).view(output.size() + point.size()) if rows else _zeros(output.size() + point.size(), point)
        for rows, point in zip(collected, points, strict=True)
    )


def _independent(index: int, number: int) -> RuntimeError:
    return RuntimeError(
        f"Output {index} of the user-provided function is independent of input {number}. This is not allowed in strict "
        "mode."
    )


_MOST_ELEMENTS = 1 << 22  # of one gradient, for all rows that are computed together


def _rows_at_once(output: Any) -> int:
    """How many rows of the Jacobian may be computed together: 1 where somebody could tell it from one by one.

    That is where hooks or the user's own Functions are called; and the gradients of all rows take memory.
    """
    if not MODE.get().plain or output.numel() < 2 or output.is_complex():
        return 1
    edge = output._edge_
    if type(edge) is not tuple or edge[1] is None:
        return 1
    seen = {edge[0]}
    pending = [edge[0]]
    largest = 1
    while pending:
        node = pending.pop()
        if not isinstance(node, OpNode) or node.hooks is not None or node.packed is not None:
            return 1
        largest = max([largest, *[math.prod(node.meta(i)[0]) for i in range(node.n_outputs)]])
        for below in node.edges:
            if below is None:
                continue
            target, output_nr = below
            if output_nr is None:
                if target._leaf_hooks_ is not None:
                    return 1
                largest = max(largest, target.numel())
            elif target not in seen:
                seen.add(target)
                pending.append(target)
    return min(output.numel(), max(1, _MOST_ELEMENTS // largest))


def _in_batches(index: int, output: Any, points: tuple, strict: bool, together: int) -> tuple:
    """`_rows` by batched backwards, each of `together` rows."""
    total = output.numel()
    parts: list[tuple] = []
    for start in range(0, total, together):
        count = min(together, total - start)
        basis = np.zeros((count, total), output._array_.dtype)
        basis[range(count), range(start, start + count)] = 1
        batch = wrap(constant_beside(basis.reshape(count, *output.size()), output._array_))
        grads = _reverse(output, points, batch, retain_graph=True, allow_unused=True, is_grads_batched=True)
        for number, grad in enumerate(grads):
            if strict and grad is None:
                raise _independent(index, number)
        parts.append(grads)
    rows = []
    for point, *batches in zip(points, *parts, strict=True):
        shape = output.size() + point.size()
        whole = None if batches[0] is None else batches[0] if len(batches) == 1 else cat(batches, 0)
        rows.append(_zeros(shape, point) if whole is None else whole.reshape(shape))
    return tuple(rows)


def _nested(rows: tuple, inputs_tuple: bool, outputs_tuple: bool, create_graph: bool) -> Any:
    parts = tuple(_result(row, inputs_tuple, create_graph) for row in rows)
    return parts if outputs_tuple else parts[0]


def _by_columns(func: Callable, inputs: Any, create_graph: bool, vectorize: bool) -> Any:
    """The Jacobian in forward mode: one call of the function, with a tangent for each element of the inputs."""
    inputs_tuple, given = _as_tuple(inputs, "inputs", "jacobian")
    if create_graph:
        with enable_grad():
            given = _fresh(given, True)
    else:
        given = tuple(t.detach() for t in given)
    sizes = [point.numel() for point in given]
    outputs_tuple, outputs, columns = push_forward(
        lambda *points: _call(func, points, "jacobian"),
        given,
        _basis(given, sum(sizes)),
        "error" if vectorize else "same",
    )
    rows = []
    for output, column in zip(outputs, columns, strict=True):
        parts = [None] * len(given) if column is None else column.split(sizes, -1)
        rows.append(
            tuple(
                _zeros(output.size() + point.size(), output)
                if part is None
                else part.reshape(output.size() + point.size())
                for part, point in zip(parts, given, strict=True)
            )
        )
    return _nested(tuple(rows), inputs_tuple, outputs_tuple, create_graph)


# --- the Hessian ---


def _scalar(func: Callable, points: tuple, function: str) -> tuple[bool, Any]:
    """The single output, of one element, of the function."""
    is_tuple, outputs = _call(func, points, function)
    if is_tuple or len(outputs) != 1:
        raise RuntimeError(f"The function given to {function} should return a single Tensor")
    if outputs[0].numel() != 1:
        raise RuntimeError(f"The Tensor returned by the function given to {function} should contain a single element")
    return is_tuple, outputs[0].squeeze()


def hessian(
    func: Callable,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """The Hessian of `func`, which returns one element: for each pair of inputs a Tensor of their shapes joined.

    A tuple of inputs gives a tuple of tuples. outer_jacobian_strategy: "forward-mode" goes over the gradient in forward
    mode. The rest is as for `jacobian`. RuntimeError if the function returns something else than one element.

    >>> import mibun as torch
    >>> torch.autograd.functional.hessian(lambda x: (x ** 3).sum(), torch.tensor([1., 2.]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    _check_strategy(outer_jacobian_strategy, strict, vectorize, "hessian")
    inputs_tuple, given = _as_tuple(inputs, "inputs", "hessian")

    def gradient(*points: Any) -> tuple:
        if outer_jacobian_strategy == "forward-mode":
            # In forward mode the points carry tangents but do not require grad.
            points = tuple(t if t.requires_grad else _requiring(t) for t in points)
        with enable_grad():
            _, output = _scalar(func, points, "hessian")
            _check_outputs((output,), strict)
            found = _gradients((output,), points, None, True)
            rows = _filled(found, points, strict, _INDEPENDENT.replace("The output", "Output 0", 1))
        if strict:
            for index, row in enumerate(rows):
                if not row.requires_grad:
                    raise RuntimeError(_TWICE_INDEPENDENT.format(index=index))
        return rows

    result = jacobian(
        gradient,
        tuple(given),
        create_graph=create_graph,
        strict=strict,
        vectorize=vectorize,
        strategy=outer_jacobian_strategy,
    )
    return result if inputs_tuple else result[0][0]


def _requiring(point: Any) -> Any:
    """A Tensor with the same tangent that requires grad."""
    primal, tangent = forward_ad.unpack_dual(point)
    primal = primal.detach().requires_grad_()
    return primal if tangent is None else forward_ad.make_dual(primal, tangent)


def vhp(
    func: Callable, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """(the output, v times the Hessian) of a function that returns one element. v is of the inputs' shapes.

    The gradient of `<v, gradient>`: quicker than `hvp`, and the same where the Hessian is symmetric. Else as `vjp`.

    >>> import mibun as torch
    >>> torch.autograd.functional.vhp(lambda x: (x ** 3).sum(), torch.tensor([1., 2.]), torch.tensor([1., 1.]))
    (tensor(9.), tensor([ 6., 12.]))
    """
    with enable_grad():
        is_tuple, points, vectors, output, rows = _first_order(func, inputs, v, strict, create_graph, "vhp")
        found = _gradients(rows, points, vectors, create_graph)
        _check_jacobian(found, strict, create_graph, "hessian")
        products = _filled(found, points, strict, _TWICE_INDEPENDENT)
        return _result((output,), False, create_graph), _result(products, is_tuple, create_graph)


def hvp(
    func: Callable, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """(the output, the Hessian times v) of a function that returns one element. v is of the inputs' shapes.

    Computed as the backward of the backward of the gradient; see `vhp`, which takes one backward less.

    >>> import mibun as torch
    >>> torch.autograd.functional.hvp(lambda x: (x ** 3).sum(), torch.tensor([1., 2.]), torch.tensor([1., 1.]))
    (tensor(9.), tensor([ 6., 12.]))
    """
    with enable_grad():
        is_tuple, points, vectors, output, rows = _first_order(func, inputs, v, strict, create_graph, "hvp")
        probes = tuple(_full_like(point, 0, requires_grad=True) for point in points)
        twice = _gradients(rows, points, probes, True)
        twice = _filled(twice, points, strict, _TWICE_INDEPENDENT)
        found = _gradients(twice, probes, vectors, create_graph)
        _check_jacobian(found, strict, create_graph, "hessian")
        products = _filled(found, points, strict, _TWICE_INDEPENDENT)
        return _result((output,), False, create_graph), _result(products, is_tuple, create_graph)


def _first_order(func: Callable, inputs: Any, v: Any, strict: bool, create_graph: bool, function: str) -> tuple:
    """What `vhp` and `hvp` share: the points, the vectors, the output and its gradient, ready to be differentiated."""
    is_tuple, given = _as_tuple(inputs, "inputs", function)
    vectors = _vector(
        v, given, function, "the input to the user-provided function is a single Tensor with a single element"
    )
    points = _fresh(given, create_graph)
    _, outputs = _call(func, points, function)
    if len(outputs) != 1:
        raise RuntimeError(f"The function given to {function} should return a single Tensor")
    if outputs[0].numel() != 1:
        raise RuntimeError(f"The Tensor returned by the function given to {function} should contain a single element")
    _check_outputs(outputs, strict)
    found = _gradients(outputs, points, None, True)
    rows = _filled(found, points, strict, _INDEPENDENT)
    if strict:
        for index, row in enumerate(rows):
            if not row.requires_grad:
                raise RuntimeError(_TWICE_INDEPENDENT.format(index=index))
    return is_tuple, points, vectors, outputs[0], rows


# --- the same steps under the names by which libraries that write Jacobians of their own import them ---


def _grad_preprocess(inputs: Sequence, create_graph: bool, need_graph: bool) -> tuple:
    """What a function is to see of each input: a leaf that requires grad if `need_graph`, or what is tied to it."""
    return tuple(
        t.view_as(t) if create_graph and t.requires_grad else t.detach().requires_grad_(need_graph) for t in inputs
    )


def _grad_postprocess(values: Any, create_graph: bool) -> Any:
    """A tuple of Tensors, or of tuples of them, cut off from the graph unless `create_graph`."""
    if create_graph:
        return values
    return tuple(v.detach() if isinstance(v, Tensor) else _grad_postprocess(v, create_graph) for v in values)


def _tuple_postprocess(values: Any, to_unpack: bool | tuple[bool, bool]) -> Any:
    """The only item of a tuple where the user gave no tuple; of nested ones (whether outer, whether inner were)."""
    if not isinstance(to_unpack, tuple):
        return values if to_unpack else values[0]
    outer, inner = to_unpack
    if not inner:
        values = tuple(value[0] for value in values)
    return values if outer else values[0]


def _construct_standard_basis_for(tensors: Sequence, tensor_numels: Sequence[int]) -> tuple:
    """The unit vectors of all tensors together: for each tensor its columns, (all elements, its own)."""
    if len(tensors) != len(tensor_numels) or not tensors:
        raise AssertionError(f"one number of elements for each of some tensors: {len(tensors)}, {len(tensor_numels)}")
    total = sum(tensor_numels)
    return tuple(b.reshape(total, n) for b, n in zip(_basis(tensors, total), tensor_numels, strict=True))


__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]

_explain_missing_names(__name__)
