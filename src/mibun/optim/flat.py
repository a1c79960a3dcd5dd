"""Small parameters stepped together: gathered into one array, given to the formula once, and written back.

Where a parameter has a few hundred elements, nearly all of a step's time goes into calls. Those of a group that have
the same dtype and were stepped equally often are stepped as one array. They stay where they are, and so does their
state: nothing of it is to be seen from outside, and the results are the same bit for bit, since a formula treats each
element alone. Before each step it is looked whether everything is still as it was when the parameters were put together
(`Together.gradients`); where it is not, they are stepped one by one, as at first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import is_
from typing import Any

import numpy as np
from numpy import ndarray

from ..core.node import NO_VERSIONS
from ..core.tensor import Tensor
from ..core.views import counter_of, own_array

_SMALL = 2048  # elements of a parameter; beyond it copies take longer than calls
_TOGETHER = 1 << 15  # elements at most in one array, which has to stay in the cache with all of its state
_FEWEST = 4  # parameters that are worth it


def _owners(arrays: list[ndarray]) -> set[int]:
    """What the memory of arrays belongs to, as numbers: arrays of different owners do not overlap."""
    found = set(map(id, arrays))
    bases = [array.base for array in arrays if array.base is not None]
    while bases:
        found.update(map(id, bases))
        bases = [base.base for base in bases if type(base) is ndarray and base.base is not None]
    return found


class _Lot:
    """Parameters that are stepped as one array, and where the parts of it come from and go to."""

    __slots__ = ("back", "grads", "kept", "members", "numbers", "param", "params", "start", "state", "stop")

    def __init__(self, members: list[_Member], start: int, names: Sequence[str], scratch: ndarray) -> None:
        self.members = members
        self.start, self.stop = start, start + len(members)  # its place among all that are stepped together
        size = sum([member.array.size for member in members])
        self.param, self.grads, *rows = [row[:size] for row in scratch[: 2 + len(names)]]
        self.params = [member.array.reshape(-1) for member in members]
        self.state = dict(zip(names, rows, strict=True))
        self.kept = [(row, [member.kept[name].reshape(-1) for member in members]) for name, row in self.state.items()]
        self.numbers = [
            (np.empty(len(members), number.dtype), [member.numbers[name].reshape(1) for member in members])
            for name, number in members[0].numbers.items()
        ]
        self.back = []
        for row, arrays in [(self.param, [m.array for m in members])] + [
            (row, [member.kept[name] for member in members]) for name, row in self.state.items()
        ]:
            at = 0
            for array in arrays:
                self.back.append((array, row[at : at + array.size].reshape(array.shape)))
                at += array.size

    def agree(self) -> bool:
        """Whether all of them have still been stepped equally often."""
        for row, numbers in self.numbers:
            np.concatenate(numbers, out=row)
            if not (row == row[0]).all():
                return False
        return True

    def step(self, optimizer: Any, group: dict[str, Any], gradients: Sequence[ndarray], shared: dict, lr: Any) -> None:
        """One step of all; what depends on the numbers in the state is computed for the first, and holds for all."""
        first = self.members[0]
        own = optimizer._own(first.param, first.state, group, shared, lr)
        for _, numbers in self.numbers:
            value = numbers[0]
            for number in numbers[1:]:
                number[...] = value
        concatenate, grads = np.concatenate, self.grads
        concatenate(self.params, out=self.param)
        concatenate(gradients[self.start : self.stop], axis=None, out=grads)
        if group["maximize"]:
            np.negative(grads, grads)
        for row, arrays in self.kept:
            concatenate(arrays, out=row)
        optimizer._update(np, self.param, grads, self.state, **shared, **own)
        for array, part in self.back:
            array[...] = part


class _Member:
    """A parameter, its state, and the arrays of both."""

    __slots__ = ("array", "held", "kept", "numbers", "param", "state")

    def __init__(self, param: Tensor, state: dict[str, Any], arrays: Iterable[str], numbers: Iterable[str]) -> None:
        self.param, self.state = param, state
        self.array = own_array(param)
        self.kept = {name: own_array(state[name]) for name in arrays if name in state}
        self.numbers = {name: own_array(state[name]) for name in numbers if name in state}
        self.held = [(state[name], array) for name, array in (*self.kept.items(), *self.numbers.items())]

    def key(self) -> Any:
        """What has to be the same for those that are stepped as one; None for one that is stepped alone."""
        array, kept = self.array, self.kept
        if array.dtype.kind != "f" or array.size > _SMALL or self.param._version_counter_ is NO_VERSIONS:
            return None
        for one in (array, *kept.values()):
            if one.dtype is not array.dtype or not one.flags.c_contiguous or one.shape != array.shape:
                return None
        if any([one.ndim for one in self.numbers.values()]):
            return None
        return array.dtype, tuple(kept), tuple([(name, n.dtype, n.item()) for name, n in self.numbers.items()])


class Together:
    """The parameters of a group: those that are stepped together, in lots, and the rest, which are stepped alone."""

    def __init__(self, group: dict, all_state: dict, lots: list[_Lot], stepped: list[Tensor], owners: set) -> None:
        entries = [member for lot in lots for member in lot.members]
        self.lots, self.owners = lots, owners
        self.params = list(group["params"])
        self.members = [member.param for member in entries]
        together = set(map(id, self.members))
        self.rest = [param for param in stepped if id(param) not in together]
        self.idle = [param for param in self.params if param._grad_ is None]
        self.arrays = [member.array for member in entries]
        self.shapes, self.dtypes = [array.shape for array in self.arrays], [array.dtype for array in self.arrays]
        self.counters = [counter_of(param) for param in self.members]
        self.keys, self.dicts = list(all_state), list(all_state.values())
        self.states = [member.state for member in entries]
        self.values = [value for state in self.states for value in state.values()]
        self.held = [pair for member in entries for pair in member.held]
        self.stateless = not all(self.states)

    @classmethod
    def of(cls, optimizer: Any, group: dict[str, Any]) -> Together | None:
        """For a group whose parameters have been stepped; None if none of them are to be stepped together."""
        params, all_state = group["params"], optimizer.state
        stepped = [param for param in params if param._grad_ is not None]
        if len(stepped) < _FEWEST or any([type(param._grad_._array_) is not ndarray for param in stepped]):
            return None
        members = []
        for param in stepped:
            state = all_state.get(param) or {}
            if any([not isinstance(state.get(name), (Tensor, type(None))) for name in optimizer._numbers]):
                return None
            if any([name in state and not isinstance(state[name], Tensor) for name in optimizer._arrays]):
                return None
            members.append(_Member(param, state, optimizer._arrays, optimizer._numbers))
        written = [array for m in members for array in (m.array, *m.kept.values(), *m.numbers.values())]
        if set(map(type, written)) != {ndarray}:
            return None
        owners: set[int] = set()
        for array in written:
            own = _owners([array])
            if not owners.isdisjoint(own):
                return None  # the memory of one is, perhaps, that of another as well: the order of steps matters
            owners |= own
        alike: dict[Any, list[_Member]] = {}
        for member in members:
            key = member.key()
            if key is not None:
                alike.setdefault(key, []).append(member)
        lots: list[_Lot] = []
        scratch: dict[Any, ndarray] = {}
        for (dtype, names, _), several in alike.items():
            for lot in _cut(several):
                size = sum([member.array.size for member in lot])
                memory = scratch.get(dtype)
                if memory is None or memory.shape[0] < 2 + len(names) or memory.shape[1] < size:
                    memory = scratch[dtype] = np.empty((2 + len(names), size), dtype)
                lots.append(_Lot(lot, lots[-1].stop if lots else 0, names, memory))
        return cls(group, all_state, lots, stepped, owners) if lots else None

    def gradients(self, optimizer: Any, group: dict[str, Any]) -> list[ndarray] | None:
        """The gradients of those that are stepped together; None if anything is no longer as it was.

        (What is asked of each of them is asked of all in one line, which takes a third of the time of a loop.)
        """
        if not self._same(optimizer, group):
            return None
        params, owners = self.members, self.owners
        if not all(map(is_, [param._array_ for param in params], self.arrays)):
            return None
        if not all(map(is_, [param._version_counter_ for param in params], self.counters)):
            return None
        if any([counter.guard for counter in self.counters]):
            return None
        try:
            found: Any = [param._grad_._array_ for param in params]  # type: ignore[union-attr]
            others: Any = [param._grad_._array_ for param in self.rest]  # type: ignore[union-attr]
        except AttributeError:
            return None  # one has no gradient
        if set(map(type, found + others)) != {ndarray}:
            return None
        if [gradient.shape for gradient in found] != self.shapes or [one.dtype for one in found] != self.dtypes:
            return None
        if not owners.isdisjoint(_owners(found + others)):
            return None
        return found if all([lot.agree() for lot in self.lots]) else None

    def _same(self, optimizer: Any, group: dict[str, Any]) -> bool:
        """Whether the parameters and their state are still the same."""
        params, kept, states = group["params"], optimizer.state, self.states
        if len(params) != len(self.params) or not all(map(is_, params, self.params)):
            return False
        if len(kept) != len(self.keys) or not all(map(is_, kept, self.keys)):
            return False
        if not all(map(is_, kept.values(), self.dicts)):
            return False
        if sum(map(len, states)) != len(self.values):
            return False
        if not all(map(is_, chain.from_iterable([state.values() for state in states]), self.values)):
            return False
        if not all(map(is_, [tensor._array_ for tensor, _ in self.held], [array for _, array in self.held])):
            return False
        if any([param._grad_ is not None for param in self.idle]):
            return False
        if not self.stateless:
            return True
        state: dict[str, Any] = {}
        optimizer._start(self.members[0], group, state)
        return not state  # or there is something to be kept now, by an option that was changed

    def step(self, optimizer: Any, group: dict[str, Any], gradients: list[ndarray], shared: dict, lr: Any) -> None:
        """One step of those that are stepped together."""
        for lot in self.lots:
            lot.step(optimizer, group, gradients, shared, lr)


def _cut(members: list[_Member]) -> list[list[_Member]]:
    """Lots that are not too large; what would be too few in one is left out."""
    lots: list[list[_Member]] = [[]]
    size = 0
    for member in members:
        size += member.array.size
        if size > _TOGETHER:
            lots.append([])
            size = member.array.size
        lots[-1].append(member)
    return [lot for lot in lots if len(lot) >= _FEWEST]


__all__ = ["Together"]
