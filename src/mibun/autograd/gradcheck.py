"""gradcheck and gradgradcheck: is the derivative that autograd computes the derivative of the function?

The Jacobian by central differences (numerical_jacobian.py) is compared with the one that reverse mode, and if asked
forward mode, gives row by row; then come the checks that a Jacobian cannot show: that a gradient is linear in the
incoming ones, that missing ones count as zero, that doing it twice gives the same. Complex tensors are treated as pairs
of real ones, which is what PyTorch's convention (the gradient is d/dRe + 1j d/dIm of a real function) says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .jacobian_report import GradcheckError

if TYPE_CHECKING:
    from .. import Tensor

# What does the work is imported when it is first used: `import mibun` needs only the names.

__all__ = ["GradcheckError", "gradcheck", "gradgradcheck"]


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
    * `check_batched_grad`, `check_batched_forward_grad`: need ``vmap``, which mibun has not; True is a ValueError.
    * `fast_mode`: compare along random directions instead of entry by entry; the directions are the same at each call.
    * `masked`: concerns the unspecified elements of sparse inputs; as in PyTorch it changes nothing for dense ones.

    Raises GradcheckError, whose message shows both Jacobians (rows: input elements, columns: output elements) and the
    entry that differs most; ValueError if no input requires grad; RuntimeError if an input's elements share memory.

    >>> import mibun as torch
    >>> x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradcheck(lambda x: (x**3).sum(), (x,))
    True
    """
    if not (check_forward_ad or check_backward_ad):
        raise AssertionError("Expected at least one of check_forward_ad or check_backward_ad to be True")
    for name, asked in (
        ("check_batched_grad", check_batched_grad),
        ("check_batched_forward_grad", check_batched_forward_grad),
    ):
        if asked:
            raise ValueError(
                f"{name}=True compares batched derivatives, computed by vmap, with a loop over the batch; mibun has no "
                f"vmap yet, so there is nothing to check. Leave {name}=False."
            )
    _check_tolerances(eps, atol, rtol, nondet_tol)
    from .gradcheck_forward import check_forward, check_undefined_tangents
    from .gradcheck_reverse import check_reverse, check_undefined_gradients, check_zero_gradients
    from .gradcheck_subject import Subject, as_inputs, check_inputs, check_nothing_depends

    positional = as_inputs(inputs)
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
        if check_forward_ad:
            check_forward(subject, numerical, fast_mode)
            if check_undefined_grad:
                check_undefined_tangents(subject)
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
    if not (check_fwd_over_rev or check_rev_over_rev):
        raise AssertionError("Expected at least one of check_fwd_over_rev or check_rev_over_rev to be True")
    if check_undefined_grad and not check_rev_over_rev:
        raise AssertionError("Setting check_undefined_grad=True requires check_rev_over_rev to be True")
    from .. import autograd
    from .gradcheck_subject import as_inputs, as_outputs, check_inputs, grad_outputs_for, is_differentiable

    positional = as_inputs(inputs)
    check_inputs(positional, warn=False)  # gradcheck, below, warns
    outputs = [out for out in as_outputs(func(*positional)) if out.requires_grad]
    if not outputs:
        raise ValueError("gradgradcheck expects func to have at least one output that requires grad, but it has none.")
    gradients = grad_outputs_for(outputs, grad_outputs, gen_non_contig_grad_outputs)
    differentiable = [place for place, value in enumerate(positional) if is_differentiable(value)]

    def gradient(*values: Any) -> tuple[Tensor, ...]:
        arguments, incoming = values[: len(positional)], values[len(positional) :]
        results = [out for out in as_outputs(func(*arguments)) if out.requires_grad]
        found = autograd.grad(
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


def _check_tolerances(eps: float, atol: float, rtol: float, nondet_tol: float) -> None:
    if not eps > 0:
        raise ValueError(f"gradcheck expects eps, the step of the numerical derivative, to be positive, but got {eps}.")
    for name, value in (("atol", atol), ("rtol", rtol), ("nondet_tol", nondet_tol)):
        if not value >= 0:
            raise ValueError(f"gradcheck expects {name} to be zero or positive, but got {value}.")
