"""`ExecutionTraceObserver`: a file with a node for every operator that runs, its operands and results.

The file is as PyTorch writes it, in the schema of Chakra (https://arxiv.org/abs/2305.14516): JSON with a list of nodes,
each with its number, its name, the node that it belongs to, and of its inputs and outputs the values, shapes, types and
strides. A tensor is written as its number, that of its memory, its offset in there, the numbers of elements and of
bytes of each, and the device.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from ..core.mode import MODE
from ..core.tensor import Tensor
from ..core.watching import Watcher
from ..ops.aten import event_name

_ROOT = 2


class ExecutionTraceObserver(Watcher):
    """Writes each operator of this thread or task that runs between `start` and `stop` into a file.

    Either on its own, after `register_callback(path)`, or as the `execution_trace_observer` of a `profile`, which
    starts and stops it with its records.

    >>> import json, tempfile
    >>> from pathlib import Path
    >>> import mibun as torch
    >>> path = Path(tempfile.mkdtemp(), "trace.json")
    >>> observer = torch.profiler.ExecutionTraceObserver().register_callback(path)
    >>> observer.start()
    >>> _ = torch.ones(2).sin()
    >>> observer.stop()
    >>> observer.unregister_callback()
    >>> [node["name"] for node in json.loads(path.read_text())["nodes"]][-1]
    'aten::sin'
    """

    def __init__(self) -> None:
        super().__init__()
        self._path: str | None = None
        self._running = False
        self._nodes: list[dict[str, Any]] = []
        self._numbers = itertools.count(_ROOT + 2)
        self._storages: dict[int, tuple[int, Any]] = {}  # by the id of the owner of the memory, with that, so it stays
        self._tensors: dict[int, tuple[int, Any]] = {}

    @property
    def is_registered(self) -> bool:
        """Whether there is a file to write to."""
        return self._path is not None

    def is_running(self) -> bool:
        """Whether operators are being written down."""
        return self._running

    def get_output_file_path(self) -> str | None:
        """The file; None before `register_callback`."""
        return self._path

    def register_callback(self, output_file_path: str | os.PathLike) -> ExecutionTraceObserver:
        """Choose the file. Gives the observer itself."""
        if not self.is_registered:
            self._path = os.fspath(output_file_path)
        return self

    def unregister_callback(self) -> None:
        """Stop, write the file, and forget it."""
        if self.is_registered:
            self.stop()
            self._write()
            self._path = None

    cleanup = unregister_callback

    def start(self) -> None:
        """Begin to write operators down, if there is a file."""
        if self.is_registered and not self._running:
            self._running = True
            mode = MODE.get()
            MODE.set(mode.replace(watchers=(*mode.watchers, self)))

    def stop(self) -> None:
        """Write no more of them down."""
        if self._running:
            self._running = False
            mode = MODE.get()
            MODE.set(mode.replace(watchers=tuple([one for one in mode.watchers if one is not self])))

    # --- what is written ---

    def operator(self, op: Any, operands: Sequence, params: dict, name: str, run: Callable[[Any], Any]) -> Any:
        number = next(self._numbers)
        inputs = _described(self, [*operands, *params.values()])
        result = run(op)
        outputs = _described(self, list(result) if isinstance(result, (tuple, list)) else [result])
        self._nodes.append(_node(number, event_name(op, name), _ROOT, inputs, outputs))
        return result

    def _number(self, known: dict[int, tuple[int, Any]], one: Any) -> int:
        if id(one) not in known:
            known[id(one)] = next(self._numbers), one
        return known[id(one)][0]

    def _tensor(self, tensor: Tensor) -> list[Any]:
        owner = tensor._array_
        while getattr(owner, "base", None) is not None:
            owner = owner.base
        storage = self._number(self._storages, owner)
        number = self._number(self._tensors, tensor)
        return [number, storage, tensor.storage_offset(), tensor.numel(), tensor.element_size(), str(tensor.device)]

    def _write(self) -> None:
        nothing = _described(self, [])
        root = _node(_ROOT, "[pytorch|profiler|execution_trace|thread]", 1, nothing, nothing)
        content = {
            "schema": "1.1.1-chakra.0.0.4",
            "pid": os.getpid(),
            "time": time.strftime("%Y-%m-%d %H:%M:%S"),
            "start_ts": time.monotonic_ns() // 1000,
            "nodes": [root, *self._nodes],
        }
        assert self._path is not None
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)


def _described(observer: ExecutionTraceObserver, values: Sequence) -> dict[str, list]:
    """Values, shapes, types and strides of operands or results."""
    found: dict[str, list] = {"values": [], "shapes": [], "types": [], "strides": []}
    for value in values:
        one = _of_tensor(observer, value) if isinstance(value, Tensor) else _of_other(value)
        for key, part in zip(found, one, strict=True):
            found[key].append(part)
    return found


def _of_tensor(observer: ExecutionTraceObserver, tensor: Tensor) -> tuple:
    kind = f"Tensor({tensor.dtype.cpp_name})"
    return observer._tensor(tensor), list(tensor.shape), kind, list(tensor.stride())


def _of_other(value: Any) -> tuple:
    kinds = {bool: "Bool", int: "Int", float: "Double", str: "String", type(None): "None"}
    kind = kinds.get(type(value), type(value).__name__)
    if value is None:
        value = "<None>"
    return value if kind in ("Bool", "Int", "Double", "String") else str(value), [], kind, []


def _node(number: int, name: str, outer: int, inputs: dict, outputs: dict) -> dict[str, Any]:
    attributes = [{"name": "rf_id", "type": "uint64", "value": number}, {"name": "tid", "type": "uint64", "value": 1}]
    return {"id": number, "name": name, "ctrl_deps": outer, "inputs": inputs, "outputs": outputs, "attrs": attributes}


__all__ = ["ExecutionTraceObserver"]
