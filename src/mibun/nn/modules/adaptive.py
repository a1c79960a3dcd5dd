"""Softmax over many classes in clusters: frequent classes at hand, rare ones behind one more choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ...core.tensor import Tensor
from ...ops.shape.joining import cat
from .. import functional as F
from ..common_types import Device, DType
from .container import ModuleList, Sequential
from .linear import Linear
from .module import Module


class _ASMoutput(NamedTuple):
    output: Tensor
    loss: Tensor


class AdaptiveLogSoftmaxWithLoss(Module):
    """Log-softmax over many classes in clusters, so that frequent classes cost little.

    The head is over the classes up to the first cutoff and one more for each cluster, whose classes are reached by a
    second, smaller softmax: `log p(class) = log p(cluster) + log p(class | cluster)`.

    Args:
        in_features, n_classes: the inputs, and the classes, the most frequent first.
        cutoffs: where clusters end, increasing, each in [1, n_classes - 1].
        div_value: cluster i works in `in_features // div_value**(i + 1)` dimensions.
        head_bias: whether the head has a bias.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (N, in_features) and target (N), or (in_features) and (); output a named tuple of `output` (N) or (), the
        targets' log-probabilities, and `loss` (), minus their mean.

    Raises:
        ValueError: for other cutoffs. RuntimeError: from the call, for shapes that do not fit, or targets outside.

    Source: Grave et al., Efficient softmax approximation for GPUs, 2016.

    >>> import mibun as torch
    >>> layer = torch.nn.AdaptiveLogSoftmaxWithLoss(16, 100, cutoffs=[10, 50])
    >>> x = torch.ones(3, 16)
    >>> layer(x, torch.tensor([1, 20, 99])).output.shape, layer.log_prob(x).shape
    (torch.Size([3]), torch.Size([3, 100]))
    """

    in_features: int
    n_classes: int
    cutoffs: list[int]
    div_value: float
    head_bias: bool

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        cutoffs = list(cutoffs)
        if not cutoffs:
            raise ValueError("cutoffs should be a sequence of length larger than 0")
        if (
            cutoffs != sorted(cutoffs)
            or min(cutoffs) <= 0
            or max(cutoffs) > n_classes - 1
            or len(set(cutoffs)) != len(cutoffs)
            or any(int(c) != c for c in cutoffs)
        ):
            raise ValueError(
                "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each "
                "value is between 1 and n_classes-1"
            )
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs = [*cutoffs, n_classes]
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = self.cutoffs[0]
        self.n_clusters = len(self.cutoffs) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        self.head = Linear(in_features, self.head_size, bias=head_bias, **kind)
        self.tail = ModuleList()
        for i in range(self.n_clusters):
            size = int(in_features // (div_value ** (i + 1)))
            classes = self.cutoffs[i + 1] - self.cutoffs[i]
            self.tail.append(
                Sequential(Linear(in_features, size, bias=False, **kind), Linear(size, classes, bias=False, **kind))
            )

    def reset_parameters(self) -> None:
        """Draw new starting values."""
        self.head.reset_parameters()
        for first, second in self.tail:  # type: ignore[misc]
            first.reset_parameters()
            second.reset_parameters()

    def forward(self, input_: Tensor, target_: Tensor) -> _ASMoutput:
        """The log-probabilities of the targets, (N) or (), and minus their mean."""
        if target_.dim() > 1:
            raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
        if input_.dim() != target_.dim() + 1:
            raise RuntimeError(
                f"{target_.dim()}D target tensor expects {target_.dim() + 1}D input tensors, but found inputs with "
                f"size {input_.size()}"
            )
        batched = target_.dim() > 0
        input: Any = input_ if batched else input_.unsqueeze(0)
        target: Any = target_ if batched else target_.unsqueeze(0)
        if input.size(0) != target.size(0):
            raise RuntimeError("Input and target should have the same size in the batch dimension.")
        if target.numel() and (int(target.min()) < 0 or int(target.max()) >= self.n_classes):
            raise RuntimeError(
                f"Target values should be in [0, {self.n_classes - 1}], but values in range [{int(target.min())}, "
                f"{int(target.max())}] were found. "
            )
        output = input.new_zeros(target.size(0))
        choice = target.new_zeros(target.size(0))  # the class in the head: itself, or that of its cluster
        bounds = [0, *self.cutoffs]
        for i, (low, high) in enumerate(zip(bounds, bounds[1:], strict=False)):
            mask = (target >= low) & (target < high)
            rows = mask.nonzero().squeeze(1)
            if rows.numel() == 0:
                continue
            if i == 0:
                choice = choice.index_copy(0, rows, target[mask])
                continue
            scores = F.log_softmax(self.tail[i - 1](input.index_select(0, rows)), dim=1)
            local = scores.gather(1, (target[mask] - low).unsqueeze(1))
            choice = choice.index_fill(0, rows, self.shortlist_size + i - 1)
            output = output.index_copy(0, rows, local.squeeze(1))
        output = output + F.log_softmax(self.head(input), dim=1).gather(1, choice.unsqueeze(1)).squeeze(1)
        loss = (-output).mean()
        return _ASMoutput(output if batched else output.squeeze(0), loss)

    def _full(self, input: Tensor, head: Tensor) -> Tensor:
        scores = F.log_softmax(head, dim=1)
        parts = [scores[:, : self.shortlist_size]]
        for i, tail in enumerate(self.tail):
            cluster = F.log_softmax(tail(input), dim=1)
            parts.append(cluster + scores[:, self.shortlist_size + i].unsqueeze(1))
        return cat(parts, 1)

    def log_prob(self, input: Tensor) -> Tensor:
        """The log-probabilities of all classes, (N, n_classes)."""
        return self._full(input, self.head(input))

    def predict(self, input: Tensor) -> Tensor:
        """The most probable classes, (N)."""
        return self.log_prob(input).argmax(dim=1)
