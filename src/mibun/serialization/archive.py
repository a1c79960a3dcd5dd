"""The archive that a file of `save` is, record by record: for programs that read some of it only."""

from __future__ import annotations

import os
import zipfile
from typing import Any

import numpy as np

from ..core.dtypes import dtype as _dtype
from ..core.tensor import Tensor, wrap


class PyTorchFileReader:
    """A file of `torch.save`'s (a path, or what can be read and sought in), without its pickle being looked at.

    RuntimeError for what is no such archive, and for records that it has not.

    >>> import io
    >>> import mibun as torch
    >>> file = io.BytesIO()
    >>> torch.save(torch.ones(2), file)
    >>> reader = torch.PyTorchFileReader(file)
    >>> reader.get_record("version")
    b'3\\n'
    """

    def __init__(self, name: Any) -> None:
        self._file = name
        try:
            self._archive = zipfile.ZipFile(os.fspath(name) if isinstance(name, (str, os.PathLike)) else name)
        except zipfile.BadZipFile:
            raise RuntimeError("PytorchStreamReader failed reading zip archive: not a ZIP archive") from None
        names = self._archive.namelist()
        self._folder = names[0].partition("/")[0] + "/" if names else ""

    def _entry(self, name: str) -> zipfile.ZipInfo:
        try:
            return self._archive.getinfo(self._folder + name)
        except KeyError:
            raise RuntimeError(f"PytorchStreamReader failed locating file {name}: file not found") from None

    def get_all_records(self) -> list[str]:
        """The names of all records."""
        return [name.removeprefix(self._folder) for name in self._archive.namelist()]

    def has_record(self, name: str) -> bool:
        """Whether there is a record of this name."""
        return self._folder + name in self._archive.NameToInfo

    def get_record(self, name: str) -> bytes:
        """What is in a record."""
        return self._archive.read(self._entry(name))

    def get_record_size(self, name: str) -> int:
        """How many bytes a record has."""
        return self._entry(name).file_size

    def get_record_header_offset(self, name: str) -> int:
        """Where in the file a record's header begins."""
        return self._entry(name).header_offset

    def get_record_offset(self, name: str) -> int:
        """Where in the file a record begins."""
        start = self._entry(name).header_offset
        file: Any = self._archive.fp
        place = file.tell()
        try:
            file.seek(start)
            header = file.read(30)  # a local header of a zip file: its last two numbers are lengths of what follows
        finally:
            file.seek(place)
        return start + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")

    def get_storage_from_record(self, name: str, numel: int, dtype: _dtype) -> Tensor:
        """An empty tensor of a dtype, whose storage has the `numel` elements of a record."""
        values = np.frombuffer(bytearray(self.get_record(name)), dtype.np)
        if values.size < numel:
            raise RuntimeError(f"record {name} has {values.size} elements of {dtype}, and not {numel}")
        return wrap(values[:numel][:0])

    def serialization_id(self) -> str:
        """What tells this file from others, if it says so."""
        name = ".data/serialization_id"
        return self.get_record(name).decode() if self.has_record(name) else ""


__all__ = ["PyTorchFileReader"]
