"""`Distribution`: what all distributions have."""

from __future__ import annotations

import warnings
from typing import Any

import mibun as torch
from mibun import Size, Tensor
from mibun.core.site import stacklevel

from . import constraints
from .utils import SCALAR, all_true, lazy_property

__all__ = ["Distribution"]


def _not_implemented(self: Any) -> Any:
    raise NotImplementedError


def _written(value: Tensor) -> str:
    """A Tensor as text: of no dimensions its number, but for one that differs between the examples of a `vmap`."""
    try:
        return f"{value}"
    except RuntimeError:
        return repr(value)


class Distribution:
    """A batch of probability distributions.

    Samples are of shape `sample_shape + batch_shape + event_shape`: independent draws, distributions with parameters of
    their own, and the dimensions of one value. `log_prob` gives a number for each event.

    Args:
        batch_shape, event_shape: as above.
        validate_args: whether parameters and values are checked (ValueError); by default that of
            `set_default_validate_args`, which is True unless Python runs with -O.

    >>> import mibun as torch
    >>> normal = torch.distributions.Normal(torch.zeros(3), 1.0)
    >>> normal.batch_shape, normal.event_shape, normal.sample((2,)).shape
    (torch.Size([3]), torch.Size([]), torch.Size([2, 3]))
    """

    has_rsample: Any = False  # whether `rsample` gives samples with gradients
    has_enumerate_support: Any = False
    _validate_args: bool = __debug__

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Whether distributions made from now on are checked. ValueError for what is no bool."""
        if value not in [True, False]:
            raise ValueError
        Distribution._validate_args = value

    def __init__(self, batch_shape: Any = SCALAR, event_shape: Any = SCALAR, validate_args: bool | None = None) -> None:
        self._batch_shape = batch_shape
        self._event_shape = event_shape
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            self._validate_parameters()
        super().__init__()

    def _validate_parameters(self) -> None:
        try:
            arg_constraints = self.arg_constraints
        except NotImplementedError:
            arg_constraints = {}
            warnings.warn(
                f"{type(self)} does not define `arg_constraints`. Please set `arg_constraints = {{}}` or initialize "
                "the distribution with `validate_args=False` to turn off validation.",
                stacklevel=stacklevel(),
            )
        for name, constraint in arg_constraints.items():
            if constraints.is_dependent(constraint):
                continue
            if name not in self.__dict__ and isinstance(getattr(type(self), name), lazy_property):
                continue  # it is another form of a parameter that is checked
            value = getattr(self, name)
            if not all_true(constraint.check(value)):
                raise ValueError(
                    f"Expected parameter {name} ({type(value).__name__} of shape {tuple(value.shape)}) of distribution "
                    f"{self!r} to satisfy the constraint {constraint!r}, but found invalid values:\n{_written(value)}"
                )

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The same distributions, their parameters expanded to a batch shape: no memory is copied.

        _instance: for subclasses that override this: the object to fill in.
        """
        raise NotImplementedError

    @property
    def batch_shape(self) -> Size:
        """Of the parameters: that of distributions."""
        return self._batch_shape

    @property
    def event_shape(self) -> Size:
        """Of one value."""
        return self._event_shape

    arg_constraints: Any = property(_not_implemented, doc="The constraint of each parameter: a dict, or a property.")
    support: Any = property(_not_implemented, doc="The constraint of values.")

    @property
    def mean(self) -> Tensor:
        """The expected value."""
        raise NotImplementedError

    @property
    def mode(self) -> Tensor:
        """The most likely value."""
        raise NotImplementedError(f"{self.__class__} does not implement mode")

    @property
    def variance(self) -> Tensor:
        """The expected squared distance from the mean."""
        raise NotImplementedError

    @property
    def stddev(self) -> Tensor:
        """The root of the variance."""
        return self.variance.sqrt()

    def sample(self, sample_shape: Any = SCALAR) -> Tensor:
        """Samples of shape `sample_shape + batch_shape + event_shape`, without gradients."""
        with torch.no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Any = SCALAR) -> Tensor:
        """Samples that depend on the parameters, so that gradients reach these."""
        raise NotImplementedError

    def sample_n(self, n: int) -> Tensor:
        """n samples: `sample((n,))`, which PyTorch advises to use instead."""
        warnings.warn(
            "`sample_n(n)` will be deprecated. Use `sample((n,))` instead.", FutureWarning, stacklevel=stacklevel()
        )
        return self.sample(Size((n,)))

    def log_prob(self, value: Tensor) -> Tensor:
        """The logarithm of the density, or of the probability, at a value."""
        raise NotImplementedError

    def cdf(self, value: Tensor) -> Tensor:
        """The probability of what is not more than a value."""
        raise NotImplementedError

    def icdf(self, value: Tensor) -> Tensor:
        """The inverse of `cdf`: the quantile."""
        raise NotImplementedError

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """All values of a discrete distribution, along the first dimension.

        expand: over the batch; else its dimensions are 1.
        """
        raise NotImplementedError

    def entropy(self) -> Tensor:
        """The expected value of -log_prob, of the batch shape."""
        raise NotImplementedError

    def perplexity(self) -> Tensor:
        """exp of the entropy."""
        return torch.exp(self.entropy())

    def _extended_shape(self, sample_shape: Any = SCALAR) -> Size:
        """The shape of samples."""
        return Size(Size(sample_shape) + Size(self._batch_shape) + Size(self._event_shape))

    def _validate_sample(self, value: Tensor) -> None:
        """ValueError for a value whose shape does not fit or that is outside of the support."""
        if not isinstance(value, Tensor):
            raise ValueError("The value argument to log_prob must be a Tensor")
        first_event_dim = value.dim() - len(self._event_shape)
        if value.shape[max(first_event_dim, 0) :] != tuple(self._event_shape):
            raise ValueError(
                f"The right-most size of value must match event_shape: {value.shape} vs {self._event_shape}."
            )
        expected = self._batch_shape + self._event_shape
        if any(i not in (1, j) and j != 1 for i, j in zip(reversed(value.shape), reversed(expected), strict=False)):
            raise ValueError(f"Value is not broadcastable with batch_shape+event_shape: {value.shape} vs {expected}.")
        try:
            support = self.support
        except NotImplementedError:
            warnings.warn(
                f"{type(self)} does not define `support` to enable sample validation. Please initialize the "
                "distribution with `validate_args=False` to turn off validation.",
                stacklevel=stacklevel(),
            )
            return
        assert support is not None
        if not all_true(support.check(value)):
            raise ValueError(
                f"Expected value argument ({type(value).__name__} of shape {tuple(value.shape)}) to be within the "
                f"support ({support!r}) of the distribution {self!r}, but found invalid values:\n{_written(value)}"
            )

    def _get_checked_instance(self, cls: type, _instance: Any = None) -> Any:
        """An object for `expand` to fill in; NotImplementedError for a subclass that makes objects otherwise."""
        if _instance is None and type(self).__init__ != cls.__init__:
            raise NotImplementedError(
                f"Subclass {self.__class__.__name__} of {cls.__name__} that defines a custom __init__ method must also "
                "define a custom .expand() method."
            )
        return self.__new__(type(self)) if _instance is None else _instance

    def _expanded(self, cls: type, batch_shape: Any, _instance: Any, names: tuple[str, ...], kept: Any = ()) -> Any:
        """For `expand`: a new object with the parameters of these names expanded, of those that this one has.

        Behind the batch dimensions each parameter keeps its own. kept: names of what is copied as it is.
        """
        new = self._get_checked_instance(cls, _instance)
        batch_shape = Size(batch_shape)
        n_batch = len(self._batch_shape)
        for name in names:
            if name in self.__dict__:
                value = self.__dict__[name]
                setattr(new, name, value.expand(batch_shape + value.shape[n_batch:]))
        for name in kept:
            setattr(new, name, getattr(self, name))
        Distribution.__init__(new, batch_shape, self._event_shape, validate_args=False)
        new._validate_args = self._validate_args
        return new

    def __repr__(self) -> str:
        shown = []
        for name in self.arg_constraints:
            if name in self.__dict__:
                value = self.__dict__[name]
                shown.append(f"{name}: {_written(value) if value.numel() == 1 else value.size()}")
        return f"{self.__class__.__name__}({', '.join(shown)})"
