"""Pipes of files: their names, the opened files, what is in them."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .._decorator import functional_datapipe
from ..datapipe import IterDataPipe
from .utils import IterableWrapperIterDataPipe as IterableWrapper


@functional_datapipe("list_files")
class FileListerIterDataPipe(IterDataPipe):
    """The paths of the files in directories, in order of their names.

    Args:
        root: one directory or several.
        masks: patterns as the shell's, of which a file's name has to match one; "" for all.
        recursive: look into the directories in them, too.
        abspath: give absolute paths.
        non_deterministic: do not put them in order.
        length: what `len` says; -1 for nobody knows.

    OSError for a directory that cannot be read.
    """

    def __init__(
        self,
        root: str | Sequence[str] | IterDataPipe = ".",
        masks: str | list[str] = "",
        *,
        recursive: bool = False,
        abspath: bool = False,
        non_deterministic: bool = False,
        length: int = -1,
    ) -> None:
        super().__init__()
        roots: Any = [root] if isinstance(root, str) else root
        self.datapipe: Any = roots if isinstance(roots, IterDataPipe) else IterableWrapper(roots)
        self.masks: Any = masks
        self.recursive, self.abspath, self.non_deterministic, self.length = (
            recursive,
            abspath,
            non_deterministic,
            length,
        )

    def __iter__(self) -> Iterator[str]:
        for root in self.datapipe:
            yield from self._files(root)

    def _files(self, root: str) -> Iterator[str]:
        def fail(error: OSError) -> None:
            raise error

        for path, directories, names in os.walk(os.path.abspath(root) if self.abspath else root, onerror=fail):
            if not self.non_deterministic:
                directories.sort()
                names.sort()
            for name in names:
                if self._matches(name):
                    yield os.path.join(path, name)
            if not self.recursive:
                return

    def _matches(self, name: str) -> bool:
        masks = [self.masks] if isinstance(self.masks, str) else self.masks
        return not self.masks or any(fnmatch.fnmatch(name, mask) for mask in masks)

    def __len__(self) -> int:
        if self.length == -1:
            raise TypeError(f"{type(self).__name__} instance doesn't have valid length")
        return self.length


@functional_datapipe("open_files")
class FileOpenerIterDataPipe(IterDataPipe):
    """(path, opened file) of paths. mode: "b", "t", "rb", "rt" or "r", else ValueError, as for an encoding of bytes."""

    def __init__(self, datapipe: Iterable[str], mode: str = "r", encoding: str | None = None, length: int = -1) -> None:
        super().__init__()
        if mode not in ("b", "t", "rb", "rt", "r"):
            raise ValueError(f"Invalid mode {mode}")
        if "b" in mode and encoding is not None:
            raise ValueError("binary mode doesn't take an encoding argument")
        self.datapipe, self.encoding, self.length = datapipe, encoding, length
        self.mode = mode if mode.startswith("r") else f"r{mode}"

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        for path in self.datapipe:
            if not isinstance(path, (str, os.PathLike)):
                raise TypeError(f"Expected string type for pathname, but got {type(path)}")
            yield str(path), open(path, self.mode, encoding=self.encoding)

    def __len__(self) -> int:
        if self.length == -1:
            raise TypeError(f"{type(self).__name__} instance doesn't have valid length")
        return self.length


@functional_datapipe("read_from_stream")
class StreamReaderIterDataPipe(IterDataPipe):
    """(path, content) of (path, opened file), which is closed then; in pieces of `chunk` bytes where that is given."""

    def __init__(self, datapipe: IterDataPipe, chunk: int | None = None) -> None:
        self.datapipe, self.chunk = datapipe, chunk

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        for path, stream in self.datapipe:
            try:
                while True:
                    content = stream.read(self.chunk)
                    if not content:
                        break
                    yield path, content
            finally:
                stream.close()
