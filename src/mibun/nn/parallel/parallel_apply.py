"""Several modules at once, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from ...core.device import check_device
from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.mode import is_grad_enabled, set_grad_enabled
from ..modules.module import Module

__all__ = ["parallel_apply"]


def parallel_apply(
    modules: Sequence[Module],
    inputs: Sequence[Any],
    kwargs_tup: Sequence[dict[str, Any]] | None = None,
    devices: Sequence[Any] | None = None,
) -> list[Any]:
    """Call `modules[i](*inputs[i], **kwargs_tup[i])` in threads, and return the results in order.

    Args:
        inputs: for each module its positional arguments, a tuple or list, or only one.
        kwargs_tup: for each module its keyword arguments.
        devices: for each module where it runs: the CPU, or None.

    Raises:
        AssertionError: not as many of each as there are modules. What a module raises.

    >>> import mibun as torch
    >>> double, triple = torch.nn.Linear(1, 1, bias=False), torch.nn.Linear(1, 1, bias=False)
    >>> _ = torch.nn.init.constant_(double.weight, 2.), torch.nn.init.constant_(triple.weight, 3.)
    >>> [y.item() for y in torch.nn.parallel.parallel_apply([double, triple], [torch.ones(1, 1), torch.ones(1, 1)])]
    [2.0, 3.0]
    """
    count = len(modules)
    for name, given in (("inputs", inputs), ("kwargs_tup", kwargs_tup), ("devices", devices)):
        if given is not None and len(given) != count:
            raise AssertionError(f"The number of modules {count} is not equal to the number of {name} {len(given)}")
    for one in devices or ():
        check_device(one)
    named = kwargs_tup if kwargs_tup is not None else [{}] * count
    recorded = is_grad_enabled()
    results: list[Any] = [None] * count
    errors: dict[int, BaseException] = {}

    def run(i: int) -> None:
        given = inputs[i] if isinstance(inputs[i], (list, tuple)) else (inputs[i],)
        try:
            with set_grad_enabled(recorded):
                results[i] = modules[i](*given, **named[i])
        except Exception as error:
            errors[i] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(1, count)]
    for thread in threads:
        thread.start()
    if count:
        run(0)
    for thread in threads:
        thread.join()
    for i in sorted(errors):
        raise errors[i]
    return results


_explain_missing_names(__name__)
