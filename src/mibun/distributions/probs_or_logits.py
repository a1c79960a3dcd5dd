"""`ProbsOrLogits`: what distributions share whose parameter is either probabilities or logits, the other being lazy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mibun import Size, Tensor

from .distribution import Distribution
from .utils import lazy_property, logits_to_probs, probs_to_logits


class ProbsOrLogits(Distribution):
    """A distribution with two forms of one parameter: the one that was given, and the other when it is asked for."""

    _is_binary = True  # log-odds; else logarithms along the last dimension
    _param: Tensor  # the parameter that was given

    def _new(self, *args: Any, **kwargs: Any) -> Tensor:
        return self._param.new(*args, **kwargs)

    def _expanded(self, cls: type, batch_shape: Any, _instance: Any, names: tuple[str, ...], kept: Any = ()) -> Any:
        new = super()._expanded(cls, batch_shape, _instance, (*names, "probs", "logits"), kept)
        new._param = new.__dict__["logits" if "logits" in new.__dict__ else "probs"]
        return new

    if TYPE_CHECKING:  # what they are to those who use them
        logits: Tensor
        probs: Tensor
    else:

        @lazy_property
        def logits(self) -> Tensor:
            """Log-odds, or logarithms of probabilities."""
            return probs_to_logits(self.probs, is_binary=self._is_binary)

        @lazy_property
        def probs(self) -> Tensor:
            """Probabilities."""
            return logits_to_probs(self.logits, is_binary=self._is_binary)

    @property
    def param_shape(self) -> Size:
        """The shape of the parameter."""
        return self._param.size()
