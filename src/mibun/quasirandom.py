"""Quasi-random points: `SobolEngine`, whose points fill the unit cube more evenly than random ones.

The direction numbers are those of Joe and Kuo (2008, "Constructing Sobol sequences with better two-dimensional
projections"), which SciPy keeps; the order of the points is that of Gray's code (Antonov and Saleev 1979); scrambling
is by random lower triangular matrices and a shift (Matoušek 1998).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .core.dtypes import dtype, get_default_dtype
from .core.missing import explain_missing_names as _explain_missing_names
from .core.tensor import Tensor, wrap
from .dispatch.inplace import write_out
from .ops.random.generator import Generator
from .ops.random.sampling import randint

__all__ = ["SobolEngine"]


class SobolEngine:
    """Draws the points of a Sobol sequence, one after the other.

    Args:
        dimension: of the points, up to 21201.
        scramble: randomise the sequence, which keeps its evenness.
        seed: of the scrambling; without it the default generator is drawn from.

    `num_generated` counts the points. ValueError for another dimension, ImportError where SciPy is not installed.

    >>> import mibun as torch
    >>> torch.quasirandom.SobolEngine(dimension=2).draw(3)
    tensor([[0.0000, 0.0000],
            [0.5000, 0.5000],
            [0.7500, 0.2500]])
    """

    MAXBIT = 30
    MAXDIM = 21201

    def __init__(self, dimension: int, scramble: bool = False, seed: int | None = None) -> None:
        if not 0 < dimension <= self.MAXDIM:
            raise ValueError(f"Supported range of dimensionality for SobolEngine is [1, {self.MAXDIM}]")
        self.seed = seed
        self.scramble = scramble
        self.dimension = dimension
        self.sobolstate = wrap(_direction_numbers(dimension, self.MAXBIT))
        self.shift = wrap(np.zeros(dimension, np.int64))
        if scramble:
            self._scramble()
        self.quasi = self.shift.clone()
        self.num_generated = 0

    def draw(self, n: int = 1, out: Tensor | None = None, dtype: dtype | None = None) -> Tensor:
        """The next n points: (n, dimension).

        out: a tensor for the result. dtype: the default dtype unless given. RuntimeError for n below 1.
        """
        if n < 1:
            raise RuntimeError(f"SobolEngine.draw(): n must be positive, but got {n}")
        kind = get_default_dtype() if dtype is None else dtype
        numbers = self._points(self.num_generated, n)
        self._move(n)
        result = wrap((numbers * 2.0**-self.MAXBIT).astype(kind.np))
        return result if out is None else write_out(out.resize_(result.shape), result, "draw")

    def draw_base2(self, m: int, out: Tensor | None = None, dtype: dtype | None = None) -> Tensor:
        """The next 2**m points, after a number of points that keeps their balance. ValueError where it does not."""
        n = 2**m
        total = self.num_generated + n
        if total & (total - 1):
            raise ValueError(
                "The balance properties of Sobol' points require n to be a power of 2. "
                f"{self.num_generated} points have been previously generated, then: n={self.num_generated}+2**{m}="
                f"{total}. If you still want to do this, please use 'SobolEngine.draw()' instead."
            )
        return self.draw(n=n, out=out, dtype=dtype)

    def reset(self) -> SobolEngine:
        """Begin the sequence again. Returns the engine."""
        self.quasi = self.shift.clone()
        self.num_generated = 0
        return self

    def fast_forward(self, n: int) -> SobolEngine:
        """Pass over n points. Returns the engine."""
        self._move(n)
        return self

    def _points(self, first: int, n: int) -> np.ndarray:
        """Points as integers of MAXBIT bits: the exclusive or of the direction numbers at the bits of Gray's code."""
        place = np.arange(first, first + n, dtype=np.int64)
        gray = place ^ (place >> 1)
        numbers = np.repeat(np.asarray(self.shift._array_)[None], n, axis=0)
        for bit in range(int(place[-1]).bit_length()):
            numbers ^= ((gray >> bit) & 1)[:, None] * self.sobolstate._array_[:, bit]
        return numbers

    def _move(self, n: int) -> None:
        self.num_generated += n
        if self.num_generated:
            self.quasi = wrap(self._points(self.num_generated - 1, 1)[0])

    def _scramble(self) -> None:
        generator = None if self.seed is None else Generator().manual_seed(self.seed)
        bits, dims = self.MAXBIT, self.dimension
        shift = randint(2, (dims, bits), generator=generator)._array_
        self.shift = wrap((shift << np.arange(bits)).sum(1))
        matrices = np.tril(randint(2, (dims, bits, bits), generator=generator)._array_)
        matrices[:, np.arange(bits), np.arange(bits)] = 1
        # Times the direction numbers as vectors of bits, the highest first, modulo 2.
        places = np.arange(bits - 1, -1, -1)[None, :, None]
        vectors = (self.sobolstate._array_[:, None, :] >> places) & 1
        self.sobolstate = wrap((((matrices @ vectors) % 2) << places).sum(1))

    def __repr__(self) -> str:
        parts = [f"dimension={self.dimension}"]
        parts += ["scramble=True"] if self.scramble else []
        parts += [f"seed={self.seed}"] if self.seed is not None else []
        return f"{type(self).__name__}({', '.join(parts)})"


def _direction_numbers(dimension: int, bits: int) -> Any:
    try:
        from scipy.stats import qmc
    except ModuleNotFoundError as error:
        raise ImportError("SobolEngine takes its direction numbers from SciPy, which is not installed") from error
    return np.asarray(qmc.Sobol(dimension, scramble=False, bits=bits)._sv).astype(np.int64)


_explain_missing_names(__name__)
