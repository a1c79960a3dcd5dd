"""Embedding: a table of learned vectors, looked up by index."""

from __future__ import annotations

from typing import Any, Self

from ...core.mode import no_grad
from ...core.tensor import Tensor
from .. import functional as F
from .. import init
from ..common_types import Device, DType
from ..factories import empty
from ..parameter import Parameter
from .module import Module


class _EmbeddingTable(Module):
    """What Embedding and EmbeddingBag share: the table, and how rows that are looked up are treated."""

    _padding_idx_name = "padding_idx"  # as the message has it
    num_embeddings: int
    embedding_dim: int
    padding_idx: int | None
    max_norm: float | None
    norm_type: float
    scale_grad_by_freq: bool
    weight: Tensor
    sparse: bool

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None,
        max_norm: float | None,
        norm_type: float,
        scale_grad_by_freq: bool,
        sparse: bool,
        weight: Tensor | None,
        freeze: bool,
        device: Device,
        dtype: DType,
    ) -> None:
        super().__init__()
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise AssertionError(f"{self._padding_idx_name} must be within num_embeddings")
            padding_idx %= num_embeddings
        self.padding_idx = padding_idx
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        if weight is None:
            table = empty((num_embeddings, embedding_dim), device=device, dtype=dtype)
            self.weight = Parameter(table, requires_grad=not freeze)
            self.reset_parameters()
        else:
            if list(weight.shape) != [num_embeddings, embedding_dim]:
                raise AssertionError("Shape of weight does not match num_embeddings and embedding_dim")
            self.weight = Parameter(weight, requires_grad=not freeze)
        self.sparse = sparse

    def reset_parameters(self) -> None:
        """Draw new starting values."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            with no_grad():
                self.weight[self.padding_idx].fill_(0)  # type: ignore[index]

    def _norm_parts(self) -> list[str]:
        """What the repr says of the norm and of frequencies, where they are not the default."""
        parts = []
        if self.max_norm is not None:
            parts.append(f"max_norm={self.max_norm}")
        if self.norm_type != 2:
            parts.append(f"norm_type={self.norm_type}")
        if self.scale_grad_by_freq is not False:
            parts.append(f"scale_grad_by_freq={self.scale_grad_by_freq}")
        return parts

    @classmethod
    def _from_table(cls, embeddings: Tensor, **options: Any) -> Self:
        if embeddings.dim() != 2:
            raise AssertionError("Embeddings parameter is expected to be 2-dimensional")
        rows, columns = embeddings.shape
        return cls(num_embeddings=rows, embedding_dim=columns, _weight=embeddings, **options)  # type: ignore[call-arg]


class Embedding(_EmbeddingTable):
    """Looks up rows of a learned table: `output[...] = weight[input[...]]`.

    Args:
        num_embeddings, embedding_dim: the rows and columns of the table.
        padding_idx: a row that starts at zero and gets no gradient.
        max_norm, norm_type: rows that are looked up are first scaled down, in place, to this norm.
        scale_grad_by_freq: divide the gradient of a row by how often it occurs in the batch.
        sparse: the gradient of the table is a sparse tensor, which `SGD`, `Adagrad` and `SparseAdam` take.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (*), int32 or int64; output (*, embedding_dim). weight: (num_embeddings, embedding_dim), normal(0, 1) at
        first.

    Raises:
        AssertionError: `padding_idx` is outside the table.
        IndexError: from the call, for an index outside the table.

    >>> import mibun as torch
    >>> torch.nn.Embedding(10, 3)(torch.tensor([[1, 2], [4, 5]])).shape
    torch.Size([2, 2, 3])
    """

    __constants__ = [
        "num_embeddings",
        "embedding_dim",
        "padding_idx",
        "max_norm",
        "norm_type",
        "scale_grad_by_freq",
        "sparse",
    ]
    _padding_idx_name = "Padding_idx"

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Tensor | None = None,
        _freeze: bool = False,
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(
            num_embeddings,
            embedding_dim,
            padding_idx,
            max_norm,
            norm_type,
            scale_grad_by_freq,
            sparse,
            _weight,
            _freeze,
            device,
            dtype,
        )

    def forward(self, input: Tensor) -> Tensor:
        """The vectors of the indices."""
        return F.embedding(
            input, self.weight, self.padding_idx, self.max_norm, self.norm_type, self.scale_grad_by_freq, self.sparse
        )

    def extra_repr(self) -> str:
        parts = [f"{self.num_embeddings}, {self.embedding_dim}"]
        if self.padding_idx is not None:
            parts.append(f"padding_idx={self.padding_idx}")
        sparse = ["sparse=True"] if self.sparse is not False else []
        return ", ".join(parts + self._norm_parts() + sparse)

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Tensor,
        freeze: bool = True,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ) -> Self:
        """An Embedding with the given table (rows, columns), not trained unless `freeze` is False.

        The other arguments are those of `Embedding`. AssertionError for a table that is not a matrix.

        >>> import mibun as torch
        >>> table = torch.tensor([[1., 2.], [3., 4.]])
        >>> torch.nn.Embedding.from_pretrained(table)(torch.tensor([1]))
        tensor([[3., 4.]])
        """
        return cls._from_table(
            embeddings,
            _freeze=freeze,
            padding_idx=padding_idx,
            max_norm=max_norm,
            norm_type=norm_type,
            scale_grad_by_freq=scale_grad_by_freq,
            sparse=sparse,
        )


class EmbeddingBag(_EmbeddingTable):
    """The sums, means or maxima of bags of rows of a learned table, without the rows being put side by side first.

    Args:
        num_embeddings, embedding_dim: the rows and columns of the table.
        max_norm, norm_type, scale_grad_by_freq, sparse: as of `Embedding`.
        mode: "mean", "sum" or "max".
        include_last_offset: the last of the offsets is where the last bag ends.
        padding_idx: a row that is left out of its bags.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (B, length), or (total,) with offsets (B,), where bags start; per_sample_weights, with "sum" only, of the
        input's shape; output (B, embedding_dim). weight: (num_embeddings, embedding_dim), normal(0, 1) at first.

    Raises:
        AssertionError: `padding_idx` is outside the table.

    >>> import mibun as torch
    >>> torch.nn.EmbeddingBag(10, 3)(torch.tensor([1, 2, 4, 5]), torch.tensor([0, 3])).shape
    torch.Size([2, 3])
    """

    __constants__ = [
        "num_embeddings",
        "embedding_dim",
        "max_norm",
        "norm_type",
        "scale_grad_by_freq",
        "mode",
        "sparse",
        "include_last_offset",
        "padding_idx",
    ]
    mode: str
    include_last_offset: bool

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        _weight: Tensor | None = None,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(
            num_embeddings,
            embedding_dim,
            padding_idx,
            max_norm,
            norm_type,
            scale_grad_by_freq,
            sparse,
            _weight,
            False,
            device,
            dtype,
        )
        self.mode = mode
        self.include_last_offset = include_last_offset

    def forward(self, input: Tensor, offsets: Tensor | None = None, per_sample_weights: Tensor | None = None) -> Tensor:
        """The bags (B, embedding_dim) of indices (B, length), or of (total) with the offsets (B) where bags start."""
        return F.embedding_bag(
            input,
            self.weight,
            offsets,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.mode,
            self.sparse,
            per_sample_weights,
            self.include_last_offset,
            self.padding_idx,
        )

    def extra_repr(self) -> str:
        parts = [f"{self.num_embeddings}, {self.embedding_dim}", *self._norm_parts(), f"mode={self.mode!r}"]
        if self.padding_idx is not None:
            parts.append(f"padding_idx={self.padding_idx}")
        return ", ".join(parts)

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Tensor,
        freeze: bool = True,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
    ) -> Self:
        """An EmbeddingBag with the given table (rows, columns), not trained unless `freeze` is False.

        The other arguments are those of `EmbeddingBag`. AssertionError for a table that is not a matrix.

        >>> import mibun as torch
        >>> table = torch.tensor([[1., 2.], [3., 4.]])
        >>> torch.nn.EmbeddingBag.from_pretrained(table)(torch.tensor([[0, 1]]))
        tensor([[2., 3.]])
        """
        bag = cls._from_table(
            embeddings,
            max_norm=max_norm,
            norm_type=norm_type,
            scale_grad_by_freq=scale_grad_by_freq,
            mode=mode,
            sparse=sparse,
            include_last_offset=include_last_offset,
            padding_idx=padding_idx,
        )
        bag.weight.requires_grad = not freeze
        return bag
