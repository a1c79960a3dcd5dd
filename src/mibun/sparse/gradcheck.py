"""`as_sparse_gradcheck`: gradcheck for functions of sparse tensors whose outputs may be sparse as well."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..core.tensor import Tensor
from ..ops.sparse.unpacking import function_of_values


def as_sparse_gradcheck(gradcheck: Callable) -> Callable:
    """A gradcheck, for functions of sparse tensors: it sees functions of their values, with dense outputs.

    gradcheck: `torch.autograd.gradcheck` or what has its arguments. Its `masked=True` checks the specified elements
    alone, else all elements are.

    >>> import mibun as torch
    >>> x = torch.eye(2, dtype=torch.float64).to_sparse().requires_grad_()
    >>> torch.sparse.as_sparse_gradcheck(torch.autograd.gradcheck)(lambda x: x * 2, (x,))
    True
    """

    @functools.wraps(gradcheck)
    def gradcheck_with_sparse_support(func: Callable, inputs: Any, **kwargs: Any) -> Any:
        given = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
        function, values = function_of_values(func, given, bool(kwargs.get("masked", False)))
        return gradcheck(function, values, **kwargs)

    return gradcheck_with_sparse_support
