"""Gradients of a loss for each example of a batch, left in `parameter.grad_sample` by an ordinary backward.

The module runs under `vmap`, each example with parameters of its own: views of the real ones, expanded over the batch.
The gradient of such a view is what each example contributes, so backward keeps it instead of summing it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..._functorch.apis import vmap
from ..._functorch.functional_call import functional_call
from ...autograd.function import Function
from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.pytree import tree_leaves, tree_map
from ...core.tensor import Tensor
from ..modules.batchnorm import _BatchNorm
from ..modules.module import Module

__all__ = ["call_for_per_sample_grads"]


class _Expanded(Function):
    """A parameter expanded over the batch; in backward the gradients of the views are kept, scaled, not passed on."""

    @staticmethod
    def forward(ctx: Any, parameter: Tensor, batch_size: int, scale: int) -> Tensor:
        ctx.parameter, ctx.scale = parameter, scale
        return parameter.detach().expand(batch_size, *parameter.shape)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        (grad,) = grads
        found = grad.detach() * ctx.scale if ctx.scale != 1 else grad.detach()
        before = getattr(ctx.parameter, "grad_sample", None)
        ctx.parameter.grad_sample = found if before is None else before + found
        return None, None, None


def _batch_size_of(values: list[Tensor], dim: int) -> int:
    if not values:
        raise RuntimeError(
            "Unable to find a tensor in the passed args and kwargs. They may not be pytree-able and so ExpandedWeights "
            "cannot compute the batch size from the inputs. Please specify it explicitly"
        )
    return values[0].shape[dim]


def call_for_per_sample_grads(
    module: Module, *, batch_size: int | None = None, loss_reduction: str = "sum", batch_first: bool = True
) -> Callable[..., Any]:
    """A function that calls a module so that backward gives each parameter a `grad_sample`, (batch, *its shape).

    Args:
        module: every example is treated for itself: batch norm is refused. Its parameters that require grad get
            `grad_sample`, and no `grad`.
        batch_size: that of all tensors the function is called with; that of the first unless given.
        loss_reduction: "sum", or "mean" where the loss divides by the batch size, which is then made up for.
        batch_first: the batch is the first dimension of arguments and results, else the second.

    Returns:
        A function of the module's arguments. RuntimeError from it for tensors of another batch size, where a
        `grad_sample` is there already, and for batch norm.

    Raises:
        RuntimeError: for a module, a batch size or a reduction that is none.

    >>> import mibun as torch
    >>> from mibun.nn.utils._per_sample_grad import call_for_per_sample_grads
    >>> layer = torch.nn.Linear(2, 1)
    >>> call_for_per_sample_grads(layer)(torch.tensor([[1., 2.], [3., 4.]])).sum().backward()
    >>> layer.weight.grad_sample
    tensor([[[1., 2.]],
    <BLANKLINE>
            [[3., 4.]]])
    """
    if not isinstance(module, Module):
        raise RuntimeError(f"Module passed must be nn.Module, got {type(module).__name__}")
    if not (batch_size is None or (isinstance(batch_size, int) and not isinstance(batch_size, bool))):
        raise RuntimeError(f"Batch size passed must be None or an integer, got {type(batch_size).__name__}")
    if batch_size is not None and batch_size < 1:
        raise RuntimeError(f"Batch size must be positive, got {batch_size}")
    if loss_reduction not in ("sum", "mean"):
        raise RuntimeError(f"Expected loss_reduction argument to be sum or mean, got {loss_reduction}")
    dim = 0 if batch_first else 1
    for parameter in module.parameters():
        if getattr(parameter, "grad_sample", None) is not None:
            raise RuntimeError(
                "Current Expanded Weights accumulates the gradients, which will be incorrect for multiple calls "
                f"without clearing gradients. Please clear out the grad_sample parameter of {parameter} before"
            )

    @functools.wraps(module.forward)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        tensors = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)]
        size = _batch_size_of(tensors, dim) if batch_size is None else batch_size
        for tensor in tensors:
            if tensor.shape[dim] != size:
                raise RuntimeError(
                    "Expected ExpandedWeights to have batch size matching input but got input batch size of "
                    f"{tensor.shape[dim]} with ExpandedWeight of batch size {size}"
                )
        if any(isinstance(part, _BatchNorm) for part in module.modules()):
            raise RuntimeError("Expanded Weights encountered but cannot handle function batch_norm")
        scale = size if loss_reduction == "mean" else 1
        expanded = {
            name: _Expanded.apply(parameter, size, scale)
            for name, parameter in module.named_parameters()
            if parameter.requires_grad
        }

        def call(parameters: dict[str, Tensor], args: tuple, kwargs: dict[str, Any]) -> Any:
            args, kwargs = tree_map(
                lambda leaf: leaf.unsqueeze(dim) if isinstance(leaf, Tensor) else leaf, (args, kwargs)
            )
            result = functional_call(module, parameters, args, kwargs)
            return tree_map(lambda leaf: leaf.squeeze(dim) if isinstance(leaf, Tensor) else leaf, result)

        in_dims = tree_map(lambda leaf: dim if isinstance(leaf, Tensor) else None, (args, kwargs))
        return vmap(call, (0, *in_dims), out_dims=dim, randomness="different")(expanded, args, kwargs)

    return wrapper


_explain_missing_names(__name__)
