"""gradcheck and gradgradcheck: is the derivative that autograd computes the derivative of the function?

The Jacobian by central differences (numerical_jacobian.py) is compared with the one that reverse mode, and if asked
forward mode, gives row by row; then come the checks that a Jacobian cannot show: that a gradient is linear in the
incoming ones, that missing ones count as zero, that doing it twice gives the same. Complex tensors are treated as pairs
of real ones, which is what PyTorch's convention (the gradient is d/dRe + 1j d/dIm of a real function) says.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from ..core.dtypes import complex64, complex128, float64
from ..core.gradients import grad
from ..core.registry import INDEXES, LEADING
from ..core.site import stacklevel
from ..core.tensor import Tensor
from ..ops.creation.buffers import from_numpy
from ..ops.creation.filled import zeros
from ..ops.creation.like import zeros_like
from ..ops.shape.joining import stack
from .jacobian_report import GradcheckError

# What does the work is imported when it is first used: `import mibun` needs only the names.

__all__ = [
    "GradcheckError",
    "get_analytical_jacobian",
    "get_numerical_jacobian",
    "get_numerical_jacobian_wrt_specific_input",
    "gradcheck",
    "gradgradcheck",
]

INDEXES[__name__] = {"GradcheckError": GradcheckError}  # its public name, though it is written where it is raised


def gradcheck(
    func: Callable[..., Tensor | Sequence[Tensor]],
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Compare autograd's derivatives of ``func(*inputs)`` with central differences; True, or GradcheckError.

    `inputs` is a tensor or a sequence; its tensors with ``requires_grad=True`` are differentiated (use float64 or
    complex128), everything else is passed on. The outputs that require grad are checked.

    * `eps`, `atol`, `rtol`: the step, and ``|analytical - numerical| <= atol + rtol * |numerical|``.
    * `raise_exception`: False returns False where a GradcheckError would be raised (misuse raises either way).
    * `nondet_tol`: how far two derivations of the same thing may lie apart.
    * `check_undefined_grad`: gradients (and tangents) that are missing must count as zeros.
    * `check_grad_dtypes`: gradients (and tangents) have the dtype of their tensor.
    * `check_backward_ad`, `check_forward_ad`: reverse mode, forward mode.
    * `check_batched_grad`, `check_batched_forward_grad`: derivatives for a batch of gradients (``is_grads_batched``) or
      of tangents, computed at once, are those for each alone.
    * `fast_mode`: compare along random directions instead of entry by entry; the directions are the same at each call.
    * `masked`: whether the unspecified elements of sparse inputs are left out; it changes nothing for dense ones.

    Raises GradcheckError, whose message shows both Jacobians (rows: input elements, columns: output elements) and the
    entry that differs most; ValueError if no input requires grad; RuntimeError if an input's elements share memory.

    >>> import mibun as torch
    >>> x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradcheck(lambda x: (x**3).sum(), (x,))
    True
    """
    from .gradcheck_forward import check_batched_tangents, check_forward, check_undefined_tangents
    from .gradcheck_reverse import (
        check_batched_gradients,
        check_reverse,
        check_undefined_gradients,
        check_zero_gradients,
    )
    from .gradcheck_subject import Subject, as_inputs, check_inputs, check_nothing_depends

    if not (check_forward_ad or check_backward_ad):
        raise AssertionError("Expected at least one of check_forward_ad or check_backward_ad to be True")
    if check_batched_grad and not check_backward_ad:
        raise AssertionError("Setting check_batched_grad=True requires check_backward_ad to be True")
    if check_batched_forward_grad and not check_forward_ad:
        raise AssertionError("Setting check_batched_forward_grad=True requires check_forward_ad to be True")
    _check_tolerances(eps, atol, rtol, nondet_tol)
    positional = as_inputs(inputs)
    if any([isinstance(value, Tensor) and type(value._array_) in LEADING for value in positional]):
        from ..ops.sparse.unpacking import function_of_values

        func, positional = function_of_values(func, positional, bool(masked))
    check_inputs(positional)
    try:
        subject = Subject.evaluated(func, positional, eps, atol, rtol, nondet_tol, check_grad_dtypes)
        if not subject.outputs:
            check_nothing_depends(subject)
            return True
        numerical = subject.projected() if fast_mode else subject.jacobians()
        if check_backward_ad:
            check_reverse(subject, numerical, fast_mode)
            check_zero_gradients(subject)
            if check_undefined_grad:
                check_undefined_gradients(subject)
            if check_batched_grad:
                check_batched_gradients(subject)
        if check_forward_ad:
            check_forward(subject, numerical, fast_mode)
            if check_undefined_grad:
                check_undefined_tangents(subject)
            if check_batched_forward_grad:
                check_batched_tangents(subject)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Callable[..., Tensor | Sequence[Tensor]],
    inputs: Tensor | Sequence[Any],
    grad_outputs: Tensor | Sequence[Tensor] | None = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """Check second derivatives: gradcheck of the gradient, as a function of `inputs` and of `grad_outputs`.

    `grad_outputs` has one tensor for each output that requires grad (left out: random ones that require grad, with
    gaps in memory if `gen_non_contig_grad_outputs`). `check_rev_over_rev` differentiates the gradient in reverse mode,
    `check_fwd_over_rev` in forward mode. Everything else is as in gradcheck. It says whether the second derivative
    fits the first; whether the first is right is gradcheck's question.

    >>> import mibun as torch
    >>> x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradgradcheck(lambda x: (x**3).sum(), (x,))
    True
    """
    from .gradcheck_subject import as_inputs, as_outputs, check_inputs, grad_outputs_for, is_differentiable

    if not (check_fwd_over_rev or check_rev_over_rev):
        raise AssertionError("Expected at least one of check_fwd_over_rev or check_rev_over_rev to be True")
    if check_undefined_grad and not check_rev_over_rev:
        raise AssertionError("Setting check_undefined_grad=True requires check_rev_over_rev to be True")

    positional = as_inputs(inputs)
    if any([isinstance(value, Tensor) and type(value._array_) in LEADING for value in positional]):
        from ..ops.sparse.unpacking import function_of_values

        func, positional = function_of_values(func, positional, masked)
    check_inputs(positional, warn=False)  # gradcheck, below, warns
    outputs = [out for out in as_outputs(func(*positional)) if out.requires_grad]
    if not outputs:
        raise ValueError("gradgradcheck expects func to have at least one output that requires grad, but it has none.")
    gradients = grad_outputs_for(outputs, grad_outputs, gen_non_contig_grad_outputs)
    differentiable = [place for place, value in enumerate(positional) if is_differentiable(value)]

    def gradient(*values: Any) -> tuple[Tensor, ...]:
        arguments, incoming = values[: len(positional)], values[len(positional) :]
        results = [out for out in as_outputs(func(*arguments)) if out.requires_grad]
        found = grad(
            results, [arguments[place] for place in differentiable], incoming, create_graph=True, allow_unused=True
        )
        return tuple(grad for grad in found if grad is not None)

    return gradcheck(
        gradient,
        (*positional, *gradients),
        eps=eps,
        atol=atol,
        rtol=rtol,
        raise_exception=raise_exception,
        nondet_tol=nondet_tol,
        check_undefined_grad=check_undefined_grad,
        check_grad_dtypes=check_grad_dtypes,
        check_batched_grad=check_batched_grad,
        check_forward_ad=check_fwd_over_rev,
        check_backward_ad=check_rev_over_rev,
        fast_mode=fast_mode,
        masked=masked,
    )


# --- the Jacobians themselves, by the names that PyTorch has deprecated ---


def _deprecated(name: str, grad_out: float) -> None:
    warnings.warn(
        f"`{name}` was part of PyTorch's private API and not meant to be exposed. We are deprecating it and it will be "
        "removed in a future version of PyTorch. Use torch.autograd.functional.jacobian, or gradcheck.",
        FutureWarning,
        stacklevel=stacklevel(),
    )
    if grad_out != 1.0:
        raise ValueError(f"Expected grad_out to be 1.0. {name} no longer supports values of grad_out != 1.0.")


def _refuse_complex(output: Tensor, name: str) -> None:
    if output.is_complex():
        raise ValueError(
            f"Expected output to be non-complex. {name} no longer supports functions that return complex outputs."
        )


def get_numerical_jacobian(
    fn: Callable[..., Any], inputs: Any, target: Any = None, eps: float = 1e-3, grad_out: float = 1.0
) -> tuple[Tensor, ...]:
    """By central differences, the Jacobians of the first output of ``fn(inputs)``: one for each tensor of `target`.

    target: tensors among the inputs (default: the inputs); those that do not require grad are left out. Each Jacobian
    has a row for each element of the input and a column for each of the output. FutureWarning always; ValueError for
    complex outputs, or a grad_out other than 1.

    >>> import warnings, mibun as torch
    >>> from mibun.autograd.gradcheck import get_numerical_jacobian
    >>> x = torch.tensor([1., 3.], dtype=torch.float64, requires_grad=True)
    >>> with warnings.catch_warnings(action="ignore"):
    ...     jacobians = get_numerical_jacobian(lambda inputs: inputs[0] ** 2, (x,))
    >>> jacobians[0].round(decimals=4)
    tensor([[2., 0.],
            [0., 6.]], dtype=torch.float64)
    """
    from .gradcheck_subject import as_inputs, as_outputs, is_differentiable

    _deprecated("get_numerical_jacobian", grad_out)
    outputs = as_outputs(fn(inputs))
    for output in outputs:
        _refuse_complex(output, "get_numerical_jacobian")
    return tuple(
        _columns(lambda: fn(inputs), tensor, place, outputs, eps, False)[0]
        for place, tensor in enumerate(as_inputs(inputs if target is None else target))
        if is_differentiable(tensor)
    )


def get_numerical_jacobian_wrt_specific_input(
    fn: Callable[..., Any],
    input_idx: int,
    inputs: Sequence[Any],
    outputs: Any,
    eps: float,
    input: Any = None,
    is_forward_ad: bool = False,
) -> tuple[Tensor, ...]:
    """By central differences, the Jacobian of each output of ``fn(*inputs)`` with respect to ``inputs[input_idx]``.

    outputs: what fn returned, for the shapes. input: the tensor to move, if it is another. For a complex input the
    columns are d/dRe + 1j d/dIm. AssertionError if the input does not require grad, and for complex outputs, except of
    a real input with `is_forward_ad`.
    """

    from .gradcheck_subject import as_outputs, is_differentiable

    moved = inputs[input_idx] if input is None else input
    if not is_differentiable(moved):
        raise AssertionError("Expected input to have requires_grad=True")
    return _columns(lambda: fn(*inputs), moved, input_idx, as_outputs(outputs), eps, is_forward_ad)


def _columns(
    call: Callable[[], Any], tensor: Tensor, place: int, outputs: tuple, eps: float, is_forward_ad: bool
) -> tuple[Tensor, ...]:

    from .gradcheck_subject import as_outputs
    from .numerical_jacobian import double, element_differences, memory_of

    sizes = [output.numel() for output in outputs]
    found = element_differences(
        memory_of(tensor, place), lambda: [double(output) for output in as_outputs(call())], sizes, eps
    )
    jacobians = []
    for number, along_real in enumerate(found.real):
        if along_real.dtype.kind == "c" and (found.imag is not None or not is_forward_ad):
            raise AssertionError("Expected ds_dx to be real-valued, not complex")
        jacobians.append(along_real if found.imag is None else found.of_output_part(number, "real"))
    return tuple(from_numpy(jacobian).to(_result_dtype(tensor, jacobian)) for jacobian in jacobians)


def _result_dtype(tensor: Tensor, values: Any) -> Any:
    """The dtype of a Jacobian: as coarse as its input's, complex where the values are."""

    if values.dtype.kind != "c":
        return tensor.dtype
    return complex128 if tensor.dtype in (float64, complex128) else complex64


def get_analytical_jacobian(
    inputs: Any, output: Tensor, nondet_tol: float = 0.0, grad_out: float = 1.0
) -> tuple[tuple[Tensor, ...], bool, bool, bool]:
    """By reverse mode, (Jacobians of `output` with respect to the inputs that require grad, repeated, sizes, types).

    A Jacobian has a row for each element of the input and a column for each of the output. The three bools say whether
    a second backward gave the same within nondet_tol, and whether the gradients have the inputs' shapes and dtypes.
    FutureWarning always; ValueError for a complex output, or a grad_out other than 1.

    >>> import warnings, mibun as torch
    >>> from mibun.autograd.gradcheck import get_analytical_jacobian
    >>> x = torch.tensor([1., 3.], requires_grad=True)
    >>> with warnings.catch_warnings(action="ignore"):
    ...     get_analytical_jacobian((x,), x**2)
    ((tensor([[2., 0.],
            [0., 6.]]),), True, True, True)
    """
    from .gradcheck_subject import as_inputs, is_differentiable

    _deprecated("get_analytical_jacobian", grad_out)
    _refuse_complex(output, "get_analytical_jacobian")

    tensors = [tensor for tensor in as_inputs(inputs) if is_differentiable(tensor)]
    columns: list[list[list]] = [[[] for _ in tensors] for _ in range(2)]
    right_sizes = right_types = True
    for element in range(output.numel()):
        incoming = zeros_like(output)
        incoming.view(-1)[element] = 1
        for collected in columns:
            for column, tensor, found in zip(
                collected, tensors, grad(output, tensors, incoming, retain_graph=True, allow_unused=True), strict=True
            ):
                found = zeros_like(tensor) if found is None else found
                right_sizes &= found.size() == tensor.size()
                right_types &= found.dtype == tensor.dtype
                column.append(found.detach().reshape(-1))
    jacobians, again = (
        tuple(
            stack(column, 1) if column else zeros(tensor.numel(), 0, dtype=tensor.dtype)
            for column, tensor in zip(collected, tensors, strict=True)
        )
        for collected in columns
    )
    repeated = all(bool(((one - other).abs() <= nondet_tol).all()) for one, other in zip(jacobians, again, strict=True))
    return jacobians, repeated, right_sizes, right_types


def _check_tolerances(eps: float, atol: float, rtol: float, nondet_tol: float) -> None:
    if not eps > 0:
        raise ValueError(f"gradcheck expects eps, the step of the numerical derivative, to be positive, but got {eps}.")
    for name, value in (("atol", atol), ("rtol", rtol), ("nondet_tol", nondet_tol)):
        if not value >= 0:
            raise ValueError(f"gradcheck expects {name} to be zero or positive, but got {value}.")
