"""How a tensor lies on a dimension of a mesh: divided (`Shard`), whole (`Replicate`), or as terms (`Partial`)."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.tensor import Tensor
from ...ops.shape.joining import cat

__all__ = ["Partial", "Placement", "Replicate", "Shard"]


class Placement:
    """How a tensor lies on one dimension of a mesh."""

    def is_shard(self, dim: int | None = None) -> bool:
        """Whether it is divided, along `dim` if that is given."""
        return isinstance(self, Shard) and (dim is None or self.dim == dim)

    def is_replicate(self) -> bool:
        """Whether it is whole everywhere."""
        return isinstance(self, Replicate)

    def is_partial(self, reduce_op: str | None = None) -> bool:
        """Whether each process has a term of it."""
        return isinstance(self, Partial) and reduce_op in (None, self.reduce_op)

    def _key(self) -> tuple:
        return (type(self),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Placement) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


class Replicate(Placement):
    """Whole, the same in every process."""

    def __repr__(self) -> str:
        return "Replicate()"

    __str__ = lambda self: "R"  # noqa: E731


class Partial(Placement):
    """Each process has a term; `reduce_op` ("sum", "avg", "min", "max", "product") of them is the tensor."""

    def __init__(self, reduce_op: str = "sum") -> None:
        self.reduce_op = reduce_op

    def _key(self) -> tuple:
        return type(self), self.reduce_op

    def __repr__(self) -> str:
        return f"Partial({self.reduce_op})"

    def __str__(self) -> str:
        return f"P({self.reduce_op})"


class Shard(Placement):
    """Divided along a dimension, as `chunk` divides: the last parts may be smaller, or empty."""

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def _key(self) -> tuple:
        return type(self), self.dim

    def __repr__(self) -> str:
        return f"Shard(dim={self.dim})"

    def __str__(self) -> str:
        return f"S({self.dim})"

    def sizes(self, length: int, count: int) -> list[int]:
        """How long the parts of a dimension are."""
        part = -(-length // count)
        return [max(0, min(part, length - i * part)) for i in range(count)]

    def part(self, tensor: Tensor, count: int, index: int) -> Tensor:
        """Part `index` of `count`."""
        sizes = self.sizes(tensor.size(self.dim), count)
        return tensor.narrow(self.dim, min(sum(sizes[:index]), tensor.size(self.dim)), sizes[index])

    def whole(self, parts: Sequence[Tensor]) -> Tensor:
        """The tensor of which these are the parts."""
        return cat(list(parts), dim=self.dim)


class _StridedShard(Shard):
    """Divided into `split_factor` pieces first, of each of which every process has a part."""

    def __init__(self, dim: int, *, split_factor: int) -> None:
        super().__init__(dim)
        self.split_factor = split_factor

    def _key(self) -> tuple:
        return type(self), self.dim, self.split_factor

    def __repr__(self) -> str:
        return f"_StridedShard(dim={self.dim}, sf={self.split_factor})"

    def __str__(self) -> str:
        return f"_S({self.dim}, {self.split_factor})"

    def sizes(self, length: int, count: int) -> list[int]:
        """How long the parts are; RuntimeError where the pieces are not all of one length."""
        if length % (self.split_factor * count):
            raise RuntimeError(
                f"a dimension of {length} cannot be divided into {self.split_factor} pieces of {count} equal parts"
            )
        return [length // count] * count

    def part(self, tensor: Tensor, count: int, index: int) -> Tensor:
        """Part `index` of `count`."""
        self.sizes(tensor.size(self.dim), count)
        pieces = tensor.chunk(self.split_factor, dim=self.dim)
        return cat([piece.chunk(count, dim=self.dim)[index] for piece in pieces], dim=self.dim)

    def whole(self, parts: Sequence[Tensor]) -> Tensor:
        """The tensor of which these are the parts."""
        pieces = [part.chunk(self.split_factor, dim=self.dim) for part in parts]
        return cat([piece for group in zip(*pieces, strict=True) for piece in group], dim=self.dim)


_explain_missing_names(__name__)
