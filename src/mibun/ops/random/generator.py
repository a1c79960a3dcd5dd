"""The generator of random numbers: PyTorch's Mersenne Twister, bit for bit. `mibun.random` has its public names."""

from __future__ import annotations

import os
import threading
from typing import Any

import numpy as np

from ...core.device import check_device
from ...core.device import device as _device
from ...core.registry import Array
from ...core.tensor import Tensor, wrap

_DEFAULT_SEED = 67280421310721
_32 = np.uint64(32)
_WORDS = 624  # of a Mersenne Twister's state


# How PyTorch lays a generator's state out in bytes, found by looking at states; so they can be exchanged with it.
_STATE = np.dtype(
    [
        ("seed", "<u8"),
        ("left", "<i4"),
        ("seeded", "<i4"),
        ("next", "<u8"),
        ("words", "<u8", (_WORDS,)),
        ("normal_x", "<f8"),
        ("normal_y", "<f8"),
        ("normal_rho", "<f8"),
        ("normal_is_valid", "<i4"),
        ("padding", "<i4"),
        ("next_float_normal", "<f4"),
        ("has_float_normal", "<i4"),
    ]
)


class Generator:
    """A source of random numbers with a state of its own, to be passed as `generator=` to the functions that draw.

    RuntimeError for a device other than the CPU.

    >>> import mibun as torch
    >>> g = torch.Generator().manual_seed(0)
    >>> torch.rand(2, generator=g)
    tensor([0.4963, 0.7682])
    """

    def __init__(self, device: _device | str | int = "cpu") -> None:
        if _device(device).type != "cpu":
            raise RuntimeError(f"Cannot get {_device(device).type.upper()} generator: mibun's tensors live on the CPU")
        self._seed = _DEFAULT_SEED
        self.lock = threading.RLock()  # held where numbers of one state must not be drawn by two threads
        self._source: Any = None  # NumPy's generator, made when first drawn from: numpy.random is slow to import
        self.cached_normal: float | None = None  # the second of the last pair of normal numbers, if it is still unused

    @property
    def device(self) -> _device:
        """Where the numbers are drawn: the CPU."""
        return check_device(None)

    def __repr__(self) -> str:
        return f"<torch._C.Generator object at {hex(id(self))}>"

    def __reduce__(self) -> tuple:
        return (_restored, (self.get_state()._array_,))

    @property
    def stream(self) -> Any:
        """NumPy's generator of the words."""
        source = self._source
        if source is None:
            with self.lock:
                if self._source is None:
                    words = np.random.RandomState(self._seed & 0xFFFFFFFF).get_state(legacy=False)["state"]["key"]
                    self._start(words, _WORDS)
                source = self._source
        return source

    def _start(self, words: Array, position: int) -> None:
        bits = np.random.MT19937(0)
        bits.state = {"bit_generator": "MT19937", "state": {"key": words, "pos": position}}
        self._source = np.random.Generator(bits)

    def words32(self, n: int) -> Array:
        """The next n words of 32 bits: uint32, shape (n,)."""
        if n < 100:  # has less to do before the first word
            return self.stream.bit_generator.random_raw(n).astype(np.uint32)
        return self.stream.integers(0, 0xFFFFFFFF, n, np.uint32, endpoint=True)

    def words64(self, n: int) -> Array:
        """The next 2n words in pairs, the first the upper half: uint64, shape (n,)."""
        if n < 100:
            words = self.stream.bit_generator.random_raw(2 * n)
            return (words[::2] << _32) | words[1::2]
        return self.stream.integers(0, 0xFFFFFFFFFFFFFFFF, n, np.uint64, endpoint=True)

    def manual_seed(self, seed: int) -> Generator:
        """Start anew from a seed. Negative seeds count from 2**64. ValueError for seeds of more than 64 bits."""
        if isinstance(seed, (float, bool)) or not hasattr(seed, "__index__"):
            raise RuntimeError(f"manual_seed expected a long, but got {type(seed).__name__}")
        number = seed.__index__()
        if not -(2**63) <= number < 2**64:
            raise ValueError(f"Overflow when unpacking long long: the seed {number} does not fit in 64 bits")
        self._seed = number % 2**64
        self._source = None
        self.cached_normal = None
        return self

    def seed(self) -> int:
        """Start anew from a seed that the operating system makes up; gives the seed."""
        self.manual_seed(int.from_bytes(os.urandom(8), "little"))
        return self._seed

    def initial_seed(self) -> int:
        """The seed that this generator started from."""
        return self._seed

    def get_state(self) -> Tensor:
        """All there is to know about this generator, in a uint8 Tensor of shape (5056,), PyTorch's own layout."""
        state = np.zeros((), _STATE)
        inner = self.stream.bit_generator.state["state"]
        used = inner["pos"] % _WORDS
        state["seed"], state["seeded"], state["words"] = self._seed, 1, inner["key"]
        state["next"], state["left"] = used, _WORDS + 1 - used if used else 1
        if self.cached_normal is not None:
            state["normal_y"], state["normal_is_valid"] = self.cached_normal, 1
        return wrap(np.frombuffer(state.tobytes(), np.uint8).copy())

    def set_state(self, new_state: Tensor) -> Generator:
        """Go on from a state that `get_state` gave (PyTorch's work too). RuntimeError for anything else."""
        if not isinstance(new_state, Tensor) or new_state._array_.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        if new_state._array_.size != _STATE.itemsize:
            raise RuntimeError(
                f"Expected a CPUGeneratorImplState of size {_STATE.itemsize} but found the input RNG state size to be "
                f"{new_state._array_.size}"
            )
        state = np.frombuffer(np.ascontiguousarray(new_state._array_).tobytes(), _STATE)[0]
        left, position = int(state["left"]), int(state["next"])
        if not (1 <= left <= _WORDS and position <= _WORDS and state["words"].max() < 2**32):
            raise RuntimeError("Invalid mt19937 state: the bytes are not the state of a generator")
        self._start(state["words"].astype(np.uint32), _WORDS if left == 1 else position)
        self._seed = int(state["seed"])
        self.cached_normal = float(state["normal_y"]) if state["normal_is_valid"] else None
        return self

    def get_offset(self) -> int:
        """RuntimeError: only generators of accelerators count what was drawn."""
        raise RuntimeError("CPU Generator does not use offset")

    def set_offset(self, offset: int) -> Generator:
        """RuntimeError, as for `get_offset`."""
        raise RuntimeError("CPU Generator does not use offset")

    def graphsafe_get_state(self) -> Generator:
        """NotImplementedError: it is for graphs of an accelerator."""
        raise NotImplementedError("graphsafe_get_state is not supported in this Generator")

    def graphsafe_set_state(self, state: Generator) -> Generator:
        """NotImplementedError, as for `graphsafe_get_state`."""
        raise NotImplementedError("graphsafe_set_state is not supported in this Generator")

    def clone_state(self) -> Generator:
        """A new Generator in the state of this one."""
        return Generator().set_state(self.get_state())


def _restored(state: Array) -> Generator:
    return Generator().set_state(wrap(state))


default_generator = Generator()
default_generator.seed()
