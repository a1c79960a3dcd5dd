"""Random sizes and Tensors to measure on: a fuzzer draws parameters, and makes Tensors of the sizes that they say."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...core.dtypes import dtype as dtype_
from ...core.dtypes import float32
from ...core.tensor import Tensor
from ...ops.random.sampling import rand, randint


class ParameterAlias:
    """In a distribution: the value of another parameter."""

    def __init__(self, alias_to: str) -> None:
        self.alias_to = alias_to

    def __repr__(self) -> str:
        return f"ParameterAlias[alias_to: {self.alias_to}]"


class FuzzedParameter:
    """A number to be drawn.

    Args:
        name: what sizes and constraints call it.
        minval, maxval: the bounds, both included; ints for an int.
        distribution: "uniform", "loguniform", or a dict value -> probability; a value may be a ParameterAlias.
        strict: refuse names that the caller of a Fuzzer does not expect; kept for those who read it.

    AssertionError for a distribution that is none, or bounds that are missing.
    """

    def __init__(
        self,
        name: str,
        minval: float | None = None,
        maxval: float | None = None,
        distribution: str | dict[Any, float] | None = None,
        strict: bool = False,
    ) -> None:
        self._name = name
        self._min, self._max = minval, maxval
        self.strict = strict
        if isinstance(distribution, dict):
            if any(probability < 0 for probability in distribution.values()):
                raise AssertionError("Probabilities cannot be negative")
            if abs(sum(distribution.values()) - 1) > 1e-5:
                raise AssertionError("Distribution is not normalized")
        elif distribution not in ("uniform", "loguniform"):
            raise AssertionError(f"Unknown distribution: {distribution}")
        elif minval is None or maxval is None:
            raise AssertionError("minval and maxval must be specified for uniform and loguniform distributions.")
        self._distribution = distribution

    @property
    def name(self) -> str:
        """What sizes and constraints call it."""
        return self._name

    def sample(self, state: np.random.RandomState) -> Any:
        """A value."""
        if isinstance(self._distribution, dict):
            values = list(self._distribution)
            return values[state.choice(len(values), p=list(self._distribution.values()))]
        low: Any = self._min
        high: Any = self._max
        whole = isinstance(low, int) and isinstance(high, int)
        if self._distribution == "uniform":
            return int(state.randint(low, high + 1)) if whole else float(state.uniform(low, high))
        drawn = float(2.0 ** state.uniform(math.log2(low), math.log2(high)))
        return min(max(round(drawn), low), high) if whole else drawn


class FuzzedTensor:
    """A Tensor of a size that parameters say.

    Args:
        name: in the dict that a Fuzzer gives.
        size: for each dimension a number, or the name of a parameter.
        steps: the same for the steps in memory; 1 if not given.
        probability_contiguous: how often the dimensions keep their order in memory.
        min_elements, max_elements: how many elements it may have, gaps not counted.
        max_allocation_bytes: how much memory, with the gaps that steps leave.
        dim_parameter: the parameter that says how many of the dimensions there are, if not all.
        roll_parameter: the parameter that says by how many places they are turned.
        dtype: of the elements.
        cuda: on a GPU, which there is not: AssertionError.
        tensor_constructor: a function `(size, dtype, **params)`, in the place of random numbers.
    """

    def __init__(
        self,
        name: str,
        size: tuple[str | int, ...],
        steps: tuple[str | int, ...] | None = None,
        probability_contiguous: float = 0.5,
        min_elements: int | None = None,
        max_elements: int | None = None,
        max_allocation_bytes: int | None = None,
        dim_parameter: str | None = None,
        roll_parameter: str | None = None,
        dtype: dtype_ = float32,
        cuda: bool = False,
        tensor_constructor: Callable | None = None,
    ) -> None:
        if cuda:
            raise AssertionError("FuzzedTensor: there is no GPU")
        if steps is not None and len(steps) != len(size):
            raise AssertionError(f"steps must be as many as sizes, {len(steps)} != {len(size)}")
        self._name, self._size, self._steps = name, size, steps
        self._probability_contiguous = probability_contiguous
        self._min_elements, self._max_elements = min_elements, max_elements
        self._max_bytes = max_allocation_bytes
        self._dim_parameter, self._roll_parameter = dim_parameter, roll_parameter
        self._dtype = dtype
        self._constructor = tensor_constructor

    @property
    def name(self) -> str:
        """In the dict that a Fuzzer gives."""
        return self._name

    @staticmethod
    def default_tensor_constructor(size: Sequence[int], dtype: dtype_, **kwargs: Any) -> Tensor:
        """Random numbers of a dtype: from [0, 1), or whole ones up to 127."""
        if dtype.is_floating_point or dtype.is_complex:
            return rand(*size, dtype=dtype)
        return randint(0, 127, tuple(size), dtype=dtype)

    def _shape(self, params: dict[str, Any]) -> tuple[list[int], list[int], list[int]]:
        """The size, the steps, and the size of the memory."""

        def resolved(values: Sequence[str | int]) -> list[int]:
            return [params.get(one, one) if isinstance(one, str) else one for one in values]

        dim = len(self._size) if self._dim_parameter is None else params[self._dim_parameter]
        size = resolved(self._size)[:dim]
        steps = resolved(self._steps or ())[:dim] or [1] * dim
        turn = 0 if self._roll_parameter is None else params[self._roll_parameter] % max(dim, 1)
        size, steps = size[turn:] + size[:turn], steps[turn:] + steps[:turn]
        return size, steps, [n * step for n, step in zip(size, steps, strict=True)]

    def satisfies_constraints(self, params: dict[str, Any]) -> bool:
        """Whether it would be small, and large, enough."""
        size, _, memory = self._shape(params)
        elements = math.prod(size)
        n_bytes = math.prod(memory) * self._dtype.itemsize
        return not (
            (self._max_bytes is not None and n_bytes > self._max_bytes)
            or (self._min_elements is not None and elements < self._min_elements)
            or (self._max_elements is not None and elements > self._max_elements)
        )

    def _make_tensor(self, params: dict[str, Any], state: np.random.RandomState) -> tuple[Tensor, dict[str, Any]]:
        size, steps, memory = self._shape(params)
        order = np.arange(len(size))
        if state.rand() > self._probability_contiguous:
            order = state.permutation(order)
        make = self._constructor or self.default_tensor_constructor
        raw = make([memory[i] for i in order], self._dtype, **params)
        tensor = raw.permute(tuple(int(i) for i in np.argsort(order)))
        tensor = tensor[tuple(slice(0, n * step, step) for n, step in zip(size, steps, strict=True))]
        properties = {
            "numel": tensor.numel(),
            "order": order,
            "steps": tuple(steps),
            "is_contiguous": tensor.is_contiguous(),
            "dtype": str(self._dtype),
        }
        return tensor, properties


class Fuzzer:
    """Draws parameters until all that is asked of them holds, and makes the Tensors.

    Args:
        parameters, tensors: one by one, or in lists.
        constraints: functions of the parameters, by name, that must be true.
        seed: for the same draws again. (The elements come from the default generator, `manual_seed`.)

    >>> import mibun as torch
    >>> from mibun.utils.benchmark import FuzzedParameter, FuzzedTensor, Fuzzer
    >>> fuzzer = Fuzzer([FuzzedParameter("n", 1, 8, "uniform")], [FuzzedTensor("x", ("n", 2))], seed=0)
    >>> tensors, properties, parameters = next(fuzzer.take(1))
    >>> tensors["x"].shape == (parameters["n"], 2)
    True
    """

    _TRIES = 1000

    def __init__(
        self,
        parameters: Sequence[FuzzedParameter | list[FuzzedParameter]],
        tensors: Sequence[FuzzedTensor | list[FuzzedTensor]],
        constraints: list[Callable] | None = None,
        seed: int | None = None,
    ) -> None:
        self._seed = np.random.RandomState().randint(0, 2**32 - 1, dtype=np.int64) if seed is None else seed
        self._parameters: list[Any] = self._flat(parameters, FuzzedParameter)
        self._tensors: list[Any] = self._flat(tensors, FuzzedTensor)
        self._constraints = constraints or []
        names = [one.name for one in (*self._parameters, *self._tensors)]
        if len(set(names)) != len(names):
            raise ValueError(f"names must be different from each other, got {names}")
        self._rejected = self._made = 0

    @staticmethod
    def _flat(values: Sequence, kind: type) -> list:
        return list(itertools.chain(*[[one] if isinstance(one, kind) else one for one in values]))

    @property
    def rejection_rate(self) -> float:
        """How many of the draws did not hold, of all of them."""
        total = self._rejected + self._made
        return self._rejected / total if total else 0.0

    def take(self, n: int) -> Iterator[tuple[dict[str, Tensor], dict[str, dict[str, Any]], dict[str, Any]]]:
        """Draw so many times: the Tensors, what is to be known of them, and the parameters, each by name.

        ValueError where a thousand draws in a row do not hold.
        """
        state = np.random.RandomState(self._seed)
        for _ in range(n):
            params = self._draw(state)
            tensors, properties = {}, {}
            for one in self._tensors:
                tensors[one.name], properties[one.name] = one._make_tensor(params, state)
            yield tensors, properties, params

    def _draw(self, state: np.random.RandomState) -> dict[str, Any]:
        for _ in range(self._TRIES):
            drawn = {one.name: one.sample(state) for one in self._parameters}
            params = {name: _follow(value, drawn) for name, value in drawn.items()}
            if all(constraint(**params) for constraint in self._constraints) and all(
                one.satisfies_constraints(params) for one in self._tensors
            ):
                self._made += 1
                return params
            self._rejected += 1
        raise ValueError(f"no draw of {self._TRIES} satisfies the constraints")


def _follow(value: Any, drawn: dict[str, Any]) -> Any:
    """The value that an alias leads to. ValueError where it leads in a circle."""
    seen = set()
    while isinstance(value, ParameterAlias):
        if value.alias_to in seen:
            raise ValueError(f"the alias {value.alias_to} leads to itself")
        seen.add(value.alias_to)
        value = drawn[value.alias_to]
    return value
