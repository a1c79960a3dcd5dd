"""save and load without PyTorch: what hostile files can do (nothing), what is damaged, other picklers and files.

What is exchanged with PyTorch is tested in oracle/test_serialization_oracle.py.
"""

from __future__ import annotations

import collections
import io
import mmap
import os
import pickle
import struct
import types
import zipfile

import numpy as np
import pytest

import mibun as torch
from mibun import nn
from mibun.serialization import MAGIC_NUMBER, PROTOCOL_VERSION

FORMATS = {"archive": {}, "older": {"_use_new_zipfile_serialization": False}}


def saved(obj, **options):
    file = io.BytesIO()
    torch.save(obj, file, **options)
    file.seek(0)
    return file


def archive(pickled, form="archive"):
    file = io.BytesIO()
    if form == "archive":
        with zipfile.ZipFile(file, "w") as made:
            made.writestr("archive/data.pkl", pickled)
    else:
        for part in (MAGIC_NUMBER, PROTOCOL_VERSION, {"little_endian": True}):
            file.write(pickle.dumps(part, 2))
        file.write(pickled + pickle.dumps([], 2))
    file.seek(0)
    return file


EXECUTED = []


def execute(*what):
    EXECUTED.append(what)


class Evil:
    def __reduce__(self):
        return execute, ("reduced",)


class EvilState:
    def __setstate__(self, state):
        execute(state)

    def __getstate__(self):
        return {"a": 1}


class EvilNew:
    def __new__(cls):
        execute("made")
        return object.__new__(cls)

    __hash__ = None


G, R, T, D = b"c", b"R", b"t", b"."
NAMED = f"c{__name__}\nexecute\n".encode()
# Pickles by hand: each would execute, or change what it is given, if the reader did what it says.
HOSTILE = {
    "reduce": pickle.dumps(Evil(), 2),
    "reduce, protocol 4": pickle.dumps(Evil(), 4),
    "set state": pickle.dumps(EvilState(), 2),
    "new": pickle.dumps(EvilNew(), 2),
    "inst": f"(i{__name__}\nexecute\n.".encode(),
    "obj": b"(" + NAMED + b"o.",
    "os.system": b"cos\nsystem\n(S'true'\ntR.",
    "eval": b"c__builtin__\neval\n(S'execute()'\ntR.",
    "getattr": b"c__builtin__\ngetattr\n(c__builtin__\nset\nS'__subclasses__'\ntR.",
    "a name with dots": b"\x80\x04\x8c\x05torch\x8c\x15Tensor.__init__.__doc__\x93.",
    "numpy": b"cnumpy\nload\n(S'x'\ntR.",
    "mibun's own": b"cmibun.hub\nload\n(S'x'\ntR.",
    "build on a class": b"ctorch\nSize\n}S'__len__'\nNsb.",
    "build slots on a class": b"ctorch\nSize\n(N}S'__len__'\nNstb.",
    "build on a function": b"ctorch._utils\n_rebuild_tensor_v2\n}S'__defaults__'\nNsb.",
    "call of a dtype": b"ctorch\nfloat32\n)R.",
    "call of a Tensor": b"ctorch\nTensor\n(I3\ntR.",
    "new of a Tensor": b"\x80\x02ctorch\nTensor\n)\x81.",
    "append to a class": b"ctorch\nSize\nI1\na.",
    "append to a device": b"ctorch\ndevice\n(S'cpu'\ntR(I1\ne.",
    "items of a size": b"ctorch\nSize\n((I1\nttR(I0\nI1\nu.",
    "rebuild by another function": b"ctorch._tensor\n_rebuild_from_type_v2\n(c__builtin__\nset\nctorch\nTensor\n)}tR.",
    "codecs": b"c_codecs\nencode\n(S'a'\nS'rot13'\ntR.",
    "codec registry": b"c_codecs\nlookup\n(S'utf-8'\ntR.",
    "extension": b"\x80\x02\x82\x01.",
    "old persistent id": b"Pabc\n.",
    "unknown persistent id": b"(S'module'\nNtQ.",
    "persistent id of a class": b"(S'storage'\nctorch\nSize\nS'0'\nS'cpu'\nI1\ntQ.",
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_executes(name, form):
    EXECUTED.clear()
    size, tensor = dict(vars(torch.Size)), dict(vars(torch.Tensor))
    with pytest.raises((pickle.UnpicklingError, RuntimeError)):
        torch.load(archive(HOSTILE[name], form))
    assert EXECUTED == [] and dict(vars(torch.Size)) == size and dict(vars(torch.Tensor)) == tensor


def test_attributes_of_tensors_replace_nothing():
    x = torch.ones(2)
    x.note = 1
    vars(x).update({"_array_": 3, "shape": 4, "__class__": 5})
    loaded = torch.load(saved(x))
    assert vars(loaded) == {"note": 1} and loaded.shape == (2,) and loaded.tolist() == [1, 1]


def test_only_the_users_word_lets_a_file_execute(monkeypatch):
    for form in FORMATS:
        EXECUTED.clear()
        torch.load(archive(pickle.dumps(Evil(), 2), form), weights_only=False)
        assert EXECUTED == [("reduced",)]
    EXECUTED.clear()
    with pytest.raises(RuntimeError, match="Can not safely load weights when explicit pickle_module is specified"):
        torch.load(archive(HOSTILE["reduce"]), pickle_module=pickle, weights_only=True)
    monkeypatch.setenv("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "1")
    for options in ({"weights_only": False}, {}):
        with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
            torch.load(archive(HOSTILE["reduce"]), **options)
    assert EXECUTED == []
    monkeypatch.setenv("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "0")
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    torch.load(archive(HOSTILE["reduce"]))
    assert EXECUTED == [("reduced",)]


# --- whole objects ---


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 3)
        self.tied = self.layer
        self.function = torch.nn.functional.relu
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x):
        return self.function(self.tied(x))


@pytest.mark.parametrize("form", FORMATS)
def test_modules_of_the_user(form):
    net = Net()
    loaded = torch.load(saved({"net": net, "weight": net.layer.weight}, **FORMATS[form]), weights_only=False)
    other = loaded["net"]
    assert type(other) is Net and other.tied is other.layer and other.function is torch.nn.functional.relu
    assert loaded["weight"] is other.layer.weight and other.state_dict().keys() == net.state_dict().keys()
    x = torch.ones(1, 2)
    assert torch.equal(other(x), net(x))
    other(x).sum().backward()
    with pytest.raises(pickle.UnpicklingError, match="Unsupported global: GLOBAL .*Net was not an allowed global"):
        torch.load(saved(net, **FORMATS[form]))


def test_optimizer_with_its_model():
    model = nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2)
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    schedule.step()
    twin, stepper, scheduler = torch.load(saved((model, optimizer, schedule)), weights_only=False)
    assert stepper.param_groups[0]["params"][0] is twin.weight and scheduler.last_epoch == 1
    for m, o in ((model, optimizer), (twin, stepper)):
        m.weight.grad = torch.ones(1, 2)
        o.step()
    assert torch.equal(model.weight, twin.weight)


def test_storages_and_subclasses():
    x = torch.arange(4.0)
    loaded, untyped = torch.load(saved([x, x.untyped_storage()]), weights_only=True)
    loaded.fill_(0)
    assert untyped.nbytes() == 16 and untyped.untyped() == loaded.untyped_storage()
    Sub = SubTensor
    made = torch.ones(2).as_subclass(Sub)
    made.note = "kept"
    with torch.serialization.safe_globals([Sub]):
        again = torch.load(saved(made))
    assert type(again) is Sub and again.note == "kept"


class SubTensor(torch.Tensor):
    pass


def test_other_picklers():
    seen = []

    class Pickler(pickle._Pickler):
        def save(self, obj, **options):
            seen.append(type(obj))
            return super().save(obj, **options)

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            seen.append(name)
            return super().find_class(module, name)

    python = types.SimpleNamespace(Pickler=Pickler, Unpickler=Unpickler, __name__="python")
    c = types.SimpleNamespace(Pickler=pickle.Pickler, Unpickler=pickle.Unpickler, __name__="c")
    for module in (python, c):
        for options in FORMATS.values():
            x = torch.arange(6.0).reshape(2, 3)
            objects = {"x": x, "row": x[1], "n": nn.Linear(1, 1), "d": collections.deque()}
            file = saved(objects, pickle_module=module, **options)
            loaded = torch.load(file, pickle_module=module)
            loaded["x"][1] = 9
            assert loaded["row"].tolist() == [9, 9, 9] and isinstance(loaded["n"], nn.Linear)
    assert dict in seen and "deque" in seen


# --- files ---


def test_any_file_object(tmp_path):
    class Writer:
        def __init__(self):
            self.data = b""

        def write(self, data):
            self.data += bytes(data)

    writer = Writer()
    writer.write(b"before")
    torch.save([torch.ones(3)], writer)
    assert torch.load(io.BytesIO(writer.data[6:]))[0].tolist() == [1, 1, 1]
    file = io.BytesIO(writer.data)
    file.seek(6)
    assert torch.load(file)[0].tolist() == [1, 1, 1]
    for options in FORMATS.values():
        path = tmp_path / "file.pt"
        with open(path, "wb") as file:
            torch.save({"x": torch.ones(2)}, file, **options)
        with open(path, "rb") as file:
            assert torch.load(file)["x"].tolist() == [1, 1]
        assert torch.load(str(path))["x"].tolist() == [1, 1]
    with zipfile.ZipFile(saved(torch.ones(2))) as made:
        assert made.testzip() is None and "archive/data/0" in made.namelist()


def test_several_objects_of_the_older_format_in_one_file():
    file = io.BytesIO()
    for i in range(3):
        torch.save(torch.full((2,), i), file, _use_new_zipfile_serialization=False)
    file.seek(0)
    assert torch.load(file).tolist() == [0, 0]


@pytest.mark.parametrize("form", FORMATS)
def test_cut_off_files(form):
    whole = saved([torch.arange(5.0), "text"], **FORMATS[form]).getvalue()
    for length in range(1, len(whole), 37):
        with pytest.raises((RuntimeError, pickle.UnpicklingError, EOFError)):
            torch.load(io.BytesIO(whole[:length]))


def test_memory_of_the_older_format_is_checked():
    whole = saved(torch.ones(4), _use_new_zipfile_serialization=False).getvalue()
    assert whole.endswith(struct.pack("<q4f", 4, 1, 1, 1, 1))
    for count in (-1, 3, 5, 2**60):
        with pytest.raises(RuntimeError, match="the file is damaged"):
            torch.load(io.BytesIO(whole[:-24] + struct.pack("<q4f", count, 1, 1, 1, 1)))


def test_mapped_files(tmp_path):
    path = tmp_path / "file.pt"
    torch.save({"x": torch.zeros(1000), "y": torch.ones(3)}, path)
    loaded = torch.load(path, mmap=True)
    loaded["x"].fill_(5)
    assert torch.load(path)["x"].unique().tolist() == [0] and loaded["x"].untyped_storage().nbytes() == 4000
    with torch.serialization.set_default_mmap_options(mmap.MAP_SHARED):
        torch.load(path, mmap=True)["x"].fill_(6)
    assert torch.load(path)["x"].unique().tolist() == [6]
    config = torch.utils.serialization.config
    config.load.mmap = True
    try:
        assert not torch.load(path)["x"].untyped_storage()._array_.flags.owndata
        assert torch.load(saved(torch.ones(1))).tolist() == [1]
    finally:
        config.load.mmap = False
    with pytest.raises(ValueError, match="f must be a file path"):
        torch.load(saved(1), mmap=True)
    torch.save(1, path, _use_new_zipfile_serialization=False)
    with pytest.raises(RuntimeError, match="mmap can only be used with files saved"):
        torch.load(path, mmap=True)


def test_alignment_and_order_of_bytes():
    config = torch.utils.serialization.config
    config.save.storage_alignment = 4096
    try:
        file = saved([torch.ones(3), torch.ones(2)])
    finally:
        config.save.storage_alignment = 64
    data = file.getvalue()
    with zipfile.ZipFile(file) as made:
        for name in ("archive/data/0", "archive/data/1"):
            at = made.getinfo(name).header_offset
            name_length, extra_length = struct.unpack("<HH", data[at + 26 : at + 30])
            assert (at + 30 + name_length + extra_length) % 4096 == 0
    file = saved(torch.tensor([1], dtype=torch.int32), _disable_byteorder_record=True)
    known = torch.serialization.LoadEndianness
    for order, value in ((known.BIG, 1 << 24), (known.LITTLE, 1), (known.NATIVE, 1), (None, 1)):
        torch.serialization.set_default_load_endianness(order)
        assert torch.serialization.get_default_load_endianness() is order
        file.seek(0)
        try:
            assert torch.load(file).item() == value
        finally:
            torch.serialization.set_default_load_endianness(None)
    with pytest.raises(TypeError):
        torch.serialization.set_default_load_endianness("big")


def test_large_records_and_old_archives():
    """More than one block, compressed records, as other programs write them."""
    file = saved({"a": torch.arange(10_000), "b": torch.ones(10_000, dtype=torch.bool)})
    again = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name.replace("archive", "other"), source.read(name))
    again.seek(0)
    loaded = torch.load(again)
    assert loaded["a"].sum() == 49995000 and bool(loaded["b"].all())


def test_from_file(tmp_path):
    path = tmp_path / "bytes"
    np.arange(4, dtype=np.float32).tofile(path)
    shared = torch.FloatStorage.from_file(str(path), shared=True, size=4)
    shared[0] = 7
    storage = torch.UntypedStorage.from_file(str(path), shared=False, nbytes=16)
    x = torch.tensor([], dtype=torch.float32).set_(storage)
    x[1] = 9
    assert x.tolist() == [7, 9, 2, 3] and np.fromfile(path, np.float32).tolist() == [7, 1, 2, 3]
    assert shared.filename == str(path) and storage.filename is None
    torch.UntypedStorage.from_file(str(tmp_path / "new"), shared=True, nbytes=10)
    assert os.path.getsize(tmp_path / "new") == 10
