"""`kl_divergence`: how a pair of distributions finds its formula, and `register_kl`, by which it is told one.

The formulas are in `kl_same.py` (two of one class) and `kl_different.py`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from mibun import Tensor
from mibun.core.site import stacklevel

from .distribution import Distribution

_KL_REGISTRY: dict[tuple[type, type], Callable] = {}  # what was registered
_KL_MEMOIZE: dict[tuple[type, type], Callable] = {}  # what was found for the classes of a call

__all__ = ["register_kl", "kl_divergence"]


def register_kl(type_p: type, type_q: type) -> Callable[[Callable], Callable]:
    """A decorator for a function (p, q) that computes KL(p ‖ q) for distributions of two classes, or subclasses.

    TypeError for what is no class. Of several that fit, the one is taken that is nearest in both
    classes; where one is nearer in p and another in q, there is a RuntimeWarning, and registering the pair itself ends
    the doubt.

    >>> import mibun as torch
    >>> class Mine(torch.distributions.Normal):
    ...     pass
    >>> @torch.distributions.register_kl(Mine, Mine)
    ... def _kl_mine(p, q):
    ...     return torch.zeros(())
    >>> torch.distributions.kl_divergence(Mine(0.0, 1.0), Mine(1.0, 1.0))
    tensor(0.)
    """
    for name, kind in (("type_p", type_p), ("type_q", type_q)):
        if not isinstance(kind, type):  # (PyTorch takes every class, and libraries register their own)
            raise TypeError(f"Expected {name} to be a Distribution subclass but got {kind}")

    def register(function: Callable) -> Callable:
        _KL_REGISTRY[type_p, type_q] = function
        _KL_MEMOIZE.clear()  # others may have been nearest until now
        return function

    return register


def _precedes(a: tuple[type, ...], b: tuple[type, ...]) -> bool:
    """Whether classes are nearer than others, in order of importance: at the first that differs, the subclass is."""
    for x, y in zip(a, b, strict=True):
        if not issubclass(x, y):
            return False
        if x is not y:
            break
    return True


def _nearest(pairs: list[tuple[type, type]]) -> tuple[type, type]:
    nearest = pairs[0]
    for pair in pairs[1:]:
        if _precedes(pair, nearest):
            nearest = pair
    return nearest


def _dispatch_kl(type_p: type, type_q: type) -> Callable:
    """The function for two classes, NotImplemented if there is none."""
    pairs = [(p, q) for p, q in _KL_REGISTRY if issubclass(type_p, p) and issubclass(type_q, q)]
    if not pairs:
        return NotImplemented
    left = _nearest(pairs)
    second, first = _nearest([(q, p) for p, q in pairs])
    right = first, second
    if _KL_REGISTRY[left] is not _KL_REGISTRY[right]:
        names = [kind.__name__ for kind in (type_p, type_q, *left, *right)]
        warnings.warn(
            f"Ambiguous kl_divergence({names[0]}, {names[1]}). Please register_kl({names[2]}, {names[5]})",
            RuntimeWarning,
            stacklevel=stacklevel(),
        )
    return _KL_REGISTRY[left]


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """KL(p ‖ q) = E[log p(x) - log q(x)], x of p: how far q is from p; of the batch shape.

    NotImplementedError for pairs of classes of which no formula is registered.

    >>> import mibun as torch
    >>> normal = torch.distributions.Normal
    >>> torch.distributions.kl_divergence(normal(0.0, 1.0), normal(1.0, 1.0))
    tensor(0.5000)
    """
    classes = type(p), type(q)
    function: Any = _KL_MEMOIZE.get(classes)
    if function is None:
        function = _KL_MEMOIZE[classes] = _dispatch_kl(*classes)
    if function is NotImplemented:
        raise NotImplementedError(
            f"No KL(p || q) is implemented for p type {p.__class__.__name__} and q type {q.__class__.__name__}"
        )
    return function(p, q)
