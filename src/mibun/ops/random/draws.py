"""Random numbers made of a generator's words: each function draws n numbers of a distribution, in order.

Which words become which number was found by observing PyTorch's results on the CPU. They are equal bit for bit, but
for the last digit where PyTorch computes log, exp, sin or cos otherwise than NumPy (mostly: float32 normal numbers).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.registry import Array
from ...xp.numpy.order import interchanged
from .generator import Generator

_FLOAT32 = np.dtype(np.float32)
_FLOAT64 = np.dtype(np.float64)


def unit32(generator: Generator, n: int) -> Array:
    """Uniform on [0, 1), float32: the lower 24 bits of a word each."""
    return (generator.words32(n) & np.uint32(0xFFFFFF)).astype(np.float32) * np.float32(2.0**-24)


def unit64(generator: Generator, n: int) -> Array:
    """Uniform on [0, 1), float64: the lower 53 bits of two words each."""
    return (generator.words64(n) & np.uint64(2**53 - 1)) * 2.0**-53


def fused(a: Array, b: float, c: float) -> Array:
    """a·b + c of one dtype, rounded once, as a fused multiply-add does.

    float32 products are exact in float64; float64 ones are split into a rounded product and its error (Dekker 1971),
    and so is the sum (Knuth).
    """
    if a.dtype == _FLOAT32:
        return (a.astype(np.float64) * float(np.float32(b)) + float(np.float32(c))).astype(np.float32)
    if abs(b) > 2.0**990:  # splitting it would overflow
        return a * b + c
    split = a * 134217729.0
    a_high = split - (split - a)
    a_low = a - a_high
    b_split = b * 134217729.0
    b_high = b_split - (b_split - b)
    b_low = b - b_high
    product = a * b
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    total = product + c
    part = total - product
    return total + (error + ((product - (total - part)) + (c - part)))


def uniform(generator: Generator, n: int, dtype: np.dtype, low: float, high: float) -> Array:
    """Uniform on [low, high) in a floating dtype; where rounding reaches `high`, `low` takes its place."""
    if dtype == _FLOAT64:
        numbers = unit64(generator, n)
        return numbers if low == 0 and high == 1 else fused(numbers, high - low, low)
    numbers = unit32(generator, n)
    if low != 0 or high != 1:
        numbers = fused(numbers, float(np.float32(high) - np.float32(low)), low)
    if dtype == _FLOAT32:
        return numbers
    numbers = numbers.astype(dtype)
    top = dtype.type(high)
    return np.where(numbers == top, dtype.type(low), numbers)


def _pairs(generator: Generator, n: int) -> Array:
    """Standard normal float64 by Box and Muller's method, two from two; the generator keeps an unused second one."""
    with generator.lock:
        cached = generator.cached_normal
        first = cached is not None and n > 0
        n_pairs = (n - first + 1) // 2
        uniforms = unit64(generator, 2 * n_pairs)
        if first:
            generator.cached_normal = None
    radius = np.sqrt(-2.0 * np.log1p(-uniforms[1::2]))
    angle = 2.0 * math.pi * uniforms[::2]
    numbers = np.empty(first + 2 * n_pairs)
    if first:
        numbers[0] = cached
    numbers[first::2] = radius * np.cos(angle)
    numbers[first + 1 :: 2] = radius * np.sin(angle)
    if n > 0:
        generator.cached_normal = float(numbers[-1]) if len(numbers) > n else None
    return numbers[:n]


def _blocks(uniforms: Array) -> Array:
    """Box and Muller's method on blocks of 16: eight radii and eight angles become eight cosines and eight sines."""
    uniforms = uniforms.reshape(-1, 16)
    kind = uniforms.dtype.type
    radius = np.sqrt(kind(-2) * np.log(kind(1) - uniforms[:, :8]))
    angle = kind(2 * math.pi) * uniforms[:, 8:]
    numbers = np.empty_like(uniforms)
    np.multiply(radius, np.cos(angle), out=numbers[:, :8])
    np.multiply(radius, np.sin(angle), out=numbers[:, 8:])
    return numbers.reshape(-1)


def normal(generator: Generator, n: int, dtype: np.dtype, mean: float, std: float, contiguous: bool) -> Array:
    """Normal in a floating dtype; 16 numbers and more in contiguous memory are made in blocks."""
    if n < 16 or not contiguous:
        numbers = _pairs(generator, n)
        if mean != 0 or std != 1:
            numbers = fused(numbers, std, mean)
        return numbers.astype(dtype, copy=False)
    draw = unit64 if dtype == _FLOAT64 else unit32
    rest = n % 16
    if dtype.itemsize == 2:
        numbers = _blocks(draw(generator, n - rest + (16 if rest else 0)))
        last = numbers[n - rest :]
    else:
        uniforms = draw(generator, n + (16 if rest else 0))
        numbers = _blocks(uniforms[: n - rest])
        last = _blocks(uniforms[n:])
    if rest:  # the last 16 numbers are drawn anew, over what the block before them left there
        numbers = np.concatenate([numbers[: n - 16], last])
    if mean == 0 and std == 1:
        return numbers.astype(dtype, copy=False)
    return fused(numbers, std, mean).astype(dtype, copy=False)


def integers(generator: Generator, n: int, low: int, count: int) -> Array:
    """`count` integers from `low` on, all equally likely but for the remainder: int64.

    2**28 integers and more are taken from two words each; all 2**64 are the words as they are.
    """
    if count >= 2**64:
        return generator.words64(n).astype(np.int64)
    if count >= 2**28:
        return (generator.words64(n) % np.uint64(count) + np.uint64(low % 2**64)).astype(np.int64)
    return (generator.words32(n) % np.uint32(count)).astype(np.int64) + low


def permutation(generator: Generator, n: int) -> Array:
    """The numbers below n shuffled (Fisher and Yates, from the front): int64."""
    if n < 2:
        return np.arange(n)
    left = np.arange(n, 1, -1)
    steps = generator.words32(n - 1) % left if n < 2**32 // 20 else generator.words64(n - 1) % left.astype(np.uint64)
    return interchanged(np.arange(n - 1) + steps.astype(np.int64))


def exponential(generator: Generator, n: int, rate: float) -> Array:
    """Exponential, float64, by inversion."""
    return (-1.0 / rate) * np.log1p(-unit64(generator, n))


def cauchy(generator: Generator, n: int, median: float, sigma: float) -> Array:
    """Cauchy, float64, by inversion."""
    return median + sigma * np.tan(math.pi * (unit64(generator, n) - 0.5))


def geometric(generator: Generator, n: int, p: float) -> Array:
    """How many trials it takes to succeed, each with probability p: float64, by inversion."""
    uniforms = unit64(generator, n)
    uniforms[uniforms == 0] = 2.0**-54
    return np.ceil(np.log(uniforms) / math.log1p(-p))


class _Uniforms:
    """Uniform float64 numbers one at a time; whatever was drawn ahead is given back at the end."""

    def __init__(self, generator: Generator) -> None:
        self.generator = generator
        self.drawn = 0
        self.before = generator.stream.bit_generator.state
        self.ahead: Any = iter([])  # a list's iterator: it knows how many are left

    def __call__(self) -> float:
        for number in self.ahead:
            return number
        return next(self.draw_ahead())

    def draw_ahead(self) -> Any:
        """More numbers, when all are used."""
        n = min(4096, max(64, self.drawn))
        self.drawn += n
        self.ahead = iter(unit64(self.generator, n).tolist())
        return self.ahead

    def give_back(self) -> None:
        """Leave the generator just behind the last number that was used."""
        self.generator.stream.bit_generator.state = self.before
        self.generator.words64(self.drawn - self.ahead.__length_hint__())


def poisson(generator: Generator, rates: Array) -> Array:
    """Poisson, one number for each rate: float64.

    Rates below 10 by multiplying uniform numbers (Knuth), others by transformed rejection (Hörmann 1993, PTRS).
    """
    with generator.lock:
        uniforms = _Uniforms(generator)
        counts: list[float] = []
        ahead, left = uniforms.ahead, 0
        for rate, limit in zip(rates.tolist(), np.exp(-rates).tolist(), strict=True):
            if not 0 < rate < 10:
                counts.append(0 if rate == 0 else _poisson_large(uniforms, rate))
                ahead = uniforms.ahead
                left = ahead.__length_hint__()
                continue
            # (In line, as a call for each number would take most of the time; and they are not counted one by one.)
            count, product = left - 1, 1.0
            while True:
                for number in ahead:
                    product *= number
                    if product <= limit:
                        break
                else:
                    ahead = uniforms.draw_ahead()
                    count += ahead.__length_hint__()
                    continue
                break
            left = ahead.__length_hint__()
            counts.append(count - left)
        uniforms.give_back()
    return np.array(counts, np.float64)


def _poisson_large(uniforms: _Uniforms, rate: float) -> float:
    if not math.isfinite(rate):
        return rate
    log_rate = math.log(rate)
    b = 0.931 + 2.53 * math.sqrt(rate)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    squeeze = 0.9277 - 3.6224 / (b - 2)
    while True:
        u, v = uniforms() - 0.5, uniforms()
        distance = 0.5 - abs(u)
        if distance == 0:
            continue
        k = math.floor((2 * a / distance + b) * u + rate + 0.43)
        if distance >= 0.07 and v <= squeeze:
            return k
        if k < 0 or (distance < 0.013 and v > distance):
            continue
        left = math.log(v) + math.log(inverse_alpha) - math.log(a / (distance * distance) + b) if v > 0 else -math.inf
        if left <= -rate + k * log_rate - math.lgamma(k + 1):
            return k
