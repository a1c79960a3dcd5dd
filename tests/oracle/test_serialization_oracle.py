"""Files exchanged with installed PyTorch, both ways and in both formats: tensors, Modules, optimizers.

And what is allowed in them, where they are put, and the options of reading and writing.
"""

from __future__ import annotations

import collections
import importlib
import io
import os
import pickle
import types
import warnings
import zipfile

import numpy as np
import pytest

import mibun
from mibun.serialization.names import find, torch_name
from test_pickling_modules import ARGUMENTS

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle
BOTH = [(torch, mibun), (mibun, torch)]
WAYS = ["torch to mibun", "mibun to torch"]
FORMATS = {"archive": {}, "older": {"_use_new_zipfile_serialization": False}}
# Containers are tested with modules inside; the others are given mibun's tensors by the table.
NOT_ALONE = {"ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"}
NOT_ALONE |= {"TransformerEncoder", "TransformerDecoder"}


def file_of(t, obj, **options):
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        t.save(obj, file, **options)
    file.seek(0)
    return file


def through(source, target, obj, weights_only=False, **options):
    return target.load(file_of(source, obj, **options), weights_only=weights_only)


def build(t, name):
    arguments = ARGUMENTS[name]
    keywords = arguments[-1] if arguments and isinstance(arguments[-1], dict) else {}
    arguments = arguments[:-1] if keywords else arguments

    def own(value):
        return t.tensor(value.tolist()) if isinstance(value, mibun.Tensor) else value

    return getattr(t.nn, name)(*map(own, arguments), **{key: own(value) for key, value in keywords.items()})


@pytest.mark.parametrize("name", sorted(set(ARGUMENTS) - NOT_ALONE))
def test_modules(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of options that go badly together
        made = {t: build(t, name) for t in (torch, mibun)}
    for source, target in BOTH:
        for options in FORMATS.values():
            loaded = through(source, target, made[source], **options)
            assert type(loaded) is type(made[target]) and str(loaded) == str(made[source])
            assert set(vars(loaded)) == set(vars(made[target]))
            for key, value in made[source].state_dict().items():
                if not hasattr(value, "tolist"):
                    continue
                same = loaded.state_dict()[key]
                assert same.tolist() == value.tolist() and str(same.dtype) == str(value.dtype)


def network(t):
    nn = t.nn
    return nn.Sequential(
        collections.OrderedDict(
            first=nn.Conv2d(1, 2, 3),
            norm=nn.BatchNorm2d(2),
            parts=nn.ModuleDict({"a": nn.ReLU(), "b": nn.ModuleList([nn.Flatten(), nn.GELU()])}),
            attention=nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 2),
            recurrent=nn.LSTM(3, 4, bidirectional=True),
        )
    )


@pytest.mark.parametrize("source, target", BOTH, ids=WAYS)
def test_networks_compute_the_same(source, target):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = network(source)
        loaded = through(source, target, net)
    assert str(loaded) == str(net)
    x = np.random.default_rng(0).standard_normal((2, 5, 4)).astype(np.float32)
    for part, shape in (("attention", (2, 5, 4)), ("first", (2, 1, 5, 4)), ("recurrent", (2, 5, 4))):
        given = x.reshape(shape)[..., :3] if part == "recurrent" else x.reshape(shape)
        values = []
        for t, model in ((source, net), (target, loaded)):
            result = getattr(model.eval(), part)(t.from_numpy(np.ascontiguousarray(given)))
            result = result[0] if isinstance(result, tuple) else result
            values.append(np.asarray(result.detach()))
        assert np.allclose(*values, atol=1e-5)


OPTIMIZERS = "SGD Adam AdamW Adagrad RMSprop Adadelta Adamax NAdam RAdam ASGD Rprop Adafactor Muon".split()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers(name):
    for source, target in BOTH:
        results = []
        weight = source.nn.Parameter(source.ones(2, 2))
        optimizer = getattr(source.optim, name)([weight], lr=0.1)
        weight.grad = source.full((2, 2), 0.5)
        optimizer.step()
        loaded = through(source, target, optimizer)
        assert type(loaded) is getattr(target.optim, name) and str(loaded) == str(optimizer)
        for one, t in ((optimizer, source), (loaded, target)):
            one.param_groups[0]["params"][0].grad = t.full((2, 2), 0.25)
            one.step()
            results.append(np.asarray(one.param_groups[0]["params"][0].detach()))
        assert np.allclose(*results, atol=1e-6)


def all_values(t):
    base = t.arange(12.0).reshape(3, 4)
    noted = t.ones(2)
    noted.note = ["kept"]
    parameter = t.nn.Parameter(t.ones(2))
    parameter.note = "kept"
    return {
        "views": [base, base[1], base.t(), base[:, 1:3]],
        "dtypes": [t.ones(2, dtype=getattr(t, name)) for name in "float16 bfloat16 complex64 int8 uint8 bool".split()],
        "unsigned": [t.tensor([1, 2], dtype=t.uint16), t.tensor([3], dtype=t.uint64)],
        "plain": [1, 2.5, None, True, "ü", b"\xff", 1j, 2**70, (1, [2]), {3: {4}}, bytearray(b"a")],
        "collections": [collections.OrderedDict(a=1), collections.Counter("aab")],
        "torch": [t.float32, t.Size([1, 2]), t.device("cpu"), t.strided],
        "attributes": [noted, parameter, t.nn.Parameter(t.ones(1), requires_grad=False)],
        "leaf": t.ones(2, requires_grad=True),
        "empty": [t.zeros(0), t.tensor(3.0)],
    }


def plain(value):
    if hasattr(value, "tolist"):
        return [
            str(value.dtype),
            value.tolist(),
            value.stride(),
            value.requires_grad,
            type(value).__name__,
            vars(value),
        ]
    if isinstance(value, dict):
        return [type(value).__name__, {plain_key(key): plain(item) for key, item in value.items()}]
    return [type(value).__name__, *map(plain, value)] if isinstance(value, (list, tuple)) else str(value)


def plain_key(key):
    return str(key)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("source, target", BOTH, ids=WAYS)
def test_data(source, target, form):
    def values(t):
        # PyTorch cannot read unsigned integers of the older format, its own included.
        return {key: value for key, value in all_values(t).items() if key != "unsigned" or form == "archive"}

    for weights_only in (True, False):
        for protocol in (2,) if weights_only else (2, 4, 5):
            loaded = through(source, target, values(source), weights_only, pickle_protocol=protocol, **FORMATS[form])
            assert plain(loaded) == plain(values(target))
            loaded["views"][0].fill_(7)
            assert loaded["views"][1].tolist() == [7] * 4 and loaded["views"][2].shape == (4, 3)


@pytest.mark.parametrize("source, target", BOTH, ids=WAYS)
def test_options_of_files(source, target, tmp_path):
    path = tmp_path / "file.pt"
    tensors = {"a": source.arange(1000.0), "b": source.ones(3, dtype=source.bfloat16)}
    for options in ({"_disable_byteorder_record": True}, {}):
        source.save(tensors, path, **options)
        for mmap in (False, True):
            loaded = target.load(path, mmap=mmap)
            assert loaded["a"].tolist() == tensors["a"].tolist() and loaded["b"].tolist() == [1.0] * 3
    with target.serialization.skip_data():
        assert target.load(path)["a"].shape == (1000,)
    with source.serialization.skip_data():
        source.save(tensors, tmp_path / "skipped.pt")
    assert os.path.getsize(tmp_path / "skipped.pt") > 4000
    assert target.load(tmp_path / "skipped.pt")["a"].tolist() == [0.0] * 1000
    source.serialization.set_crc32_options(False)
    try:
        source.save(tensors, path)
    finally:
        source.serialization.set_crc32_options(True)
    assert {info.CRC for info in zipfile.ZipFile(path).infolist()} == {0}
    assert target.load(path)["a"].tolist() == tensors["a"].tolist()


def test_a_file_of_the_other_order_of_bytes():
    whole = file_of(torch, {"x": torch.arange(3.0), "c": torch.tensor([1 + 2j])})
    turned = io.BytesIO()
    source = zipfile.ZipFile(whole)
    with zipfile.ZipFile(turned, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("byteorder"):
                data = b"big"
            elif "/data/" in name:
                data = np.frombuffer(data, np.float32).byteswap().tobytes()
            archive.writestr(name, data)
    loaded = []
    for t in (torch, mibun):
        turned.seek(0)
        loaded.append([value.tolist() for value in t.load(turned).values()])
    assert loaded[0] == loaded[1] == [[0, 1, 2], [1 + 2j]]


# --- what is allowed ---


class Point:
    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return type(other) is Point and other.x == self.x

    def __repr__(self):
        return f"Point({self.x})"


class Slotted:
    __slots__ = ("x",)


class Own:
    def __setstate__(self, state):
        self.state = state


def made(x):
    return Point(x)


class Reduced:
    def __reduce__(self):
        return made, (3,)


def slotted():
    result = Slotted()
    result.x = 4
    return result


def own():
    result = Own()
    result.a = 1
    return result


OBJECTS = {
    "point": (lambda t: Point(1), [Point]),
    "another name": (lambda t: Point(1), [(Point, f"{__name__}.Point")]),
    "wrong name": (lambda t: Point(1), [(Point, "elsewhere.Point")]),
    "function": (lambda t: made, [made]),
    "by a function": (lambda t: Reduced(), [made]),
    "not the function": (lambda t: Reduced(), [Point]),
    "setstate": (lambda t: own(), [Own]),
    "list of them": (lambda t: [Point(t.ones(1).tolist()), {"a": Point(2)}], [Point]),
    "ordered dict with attributes": (lambda t: with_attribute(), []),
    "nothing allowed": (lambda t: Point(1), []),
    "builtin function": (lambda t: len, []),
    "range": (lambda t: range(3), [range]),
}


def with_attribute():
    result = collections.OrderedDict(a=1)
    result.note = "kept"
    return result


@pytest.mark.parametrize("name", OBJECTS)
def test_safe_globals(name):
    make, allowed = OBJECTS[name]

    def result(t):
        file = file_of(t, make(t))
        unsafe = sorted(t.serialization.get_unsafe_globals_in_checkpoint(file))
        file.seek(0)
        with t.serialization.safe_globals(allowed):
            try:
                loaded = t.load(file)
            except pickle.UnpicklingError as error:
                assert "Weights only load failed" in str(error)
                return unsafe, "refused"
        file.seek(0)
        again = t.load(file, weights_only=False)
        assert type(again) is type(loaded) and str(vars(again) if type(again) is Own else again) == str(
            vars(loaded) if type(loaded) is Own else loaded
        ).replace(hex(id(loaded)), hex(id(again)))
        return unsafe, loaded if not isinstance(loaded, Own) else loaded.state, getattr(loaded, "note", None)

    ours, theirs = result(mibun), result(torch)
    assert str(ours) == str(theirs) or ours == theirs


def test_modules_by_consent():
    for source, target in BOTH:
        file = file_of(source, source.nn.Linear(2, 3))
        with pytest.raises(pickle.UnpicklingError, match="Unsupported global: GLOBAL torch.nn.modules.linear.Linear"):
            target.load(file)
        file.seek(0)
        assert target.serialization.get_unsafe_globals_in_checkpoint(file) == ["torch.nn.modules.linear.Linear"]
        file.seek(0)
        with target.serialization.safe_globals([target.nn.Linear]):
            assert target.load(file).weight.shape == (3, 2)


LOCATIONS = {
    "cpu": "cpu",
    "cuda": "cuda",
    "unknown": "xyz",
    "dict": {"cpu": "cpu"},
    "dict to cuda": {"cpu": "cuda:0"},
    "dict of others": {"cuda": "xyz"},
    "function": lambda storage, location: storage,
    "function of None": lambda storage, location: None,
    "number": 3,
}


@pytest.mark.parametrize("name", LOCATIONS)
def test_locations(name):
    def result(t):
        try:
            return t.load(file_of(t, t.ones(2)), map_location=LOCATIONS[name]).tolist()
        except (RuntimeError, TypeError) as error:
            return type(error), str(error)[:40]

    assert result(mibun) == result(torch)


def test_registered_packages():
    def result(t):
        known = list(t.serialization._package_registry)
        t.serialization.register_package(
            5,
            lambda storage: "attic" if storage.nbytes() == 12 else None,
            lambda storage, location: storage if location == "attic" else None,
        )
        try:
            file = file_of(t, [t.ones(3), t.ones(2)])
            loaded = [value.tolist() for value in t.load(file)]
            tag = t.serialization.location_tag(t.ones(3).untyped_storage())
        finally:
            t.serialization._package_registry[:] = known
        file.seek(0)
        with pytest.raises(RuntimeError, match=r"don't know how to restore data location .* \(tagged with attic\)"):
            t.load(file)
        return loaded, tag

    assert result(mibun) == result(torch)


def test_plain_pickles_of_torch():
    """A pickle made by `pickle.dumps` names PyTorch's functions, which mibun has under the same names."""
    import importlib

    class Reader(pickle.Unpickler):
        def find_class(self, module, name):
            if module.partition(".")[0] == "torch":
                module = "mibun" + module.removeprefix("torch")
                found = importlib.import_module(module)
                return getattr(found, name)
            return super().find_class(module, name)

    x = torch.arange(6.0).reshape(2, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = pickle.dumps({"x": x.t(), "p": torch.nn.Parameter(torch.ones(2))})
    loaded = Reader(io.BytesIO(data)).load()
    assert loaded["x"].tolist() == x.t().tolist() and isinstance(loaded["p"], mibun.nn.Parameter)


def test_names():
    assert set(torch.serialization.__all__) <= set(mibun.serialization.__all__)
    with mibun.serialization.mkdtemp() as directory:
        assert os.path.isdir(directory)
    assert not os.path.exists(directory)
    version = types.SimpleNamespace(__version__="1.2.3", __name__="m")
    wrong = types.SimpleNamespace(__version__="1.x.3", __name__="m")
    for t in (torch, mibun):
        check = t.serialization.check_module_version_greater_or_equal
        assert check(version, (1, 2)) and check(version, (1, 2, 3)) and not check(version, (1, 3))
        with pytest.raises(RuntimeError, match="'m' module version string is malformed '1.x.3'"):
            check(wrong, (1, 2, 1))
        with pytest.warns(UserWarning, match="malformed"):
            assert check(wrong, (1, 2, 1), False)
        with pytest.raises(RuntimeError, match="Attempting to deserialize object on a CUDA device"):
            t.serialization.validate_cuda_device("cuda:0")
        assert t.serialization.normalize_storage_type(t.FloatStorage) is t.FloatStorage
    assert mibun.serialization.storage_to_tensor_type(mibun.ones(1)._typed_storage()) is mibun.FloatTensor
    for part in ("load", "save"):
        ours, their = (
            getattr(importlib.import_module(f"{t.__name__}.utils.serialization.config"), part) for t in (mibun, torch)
        )
        for name in vars(ours).keys() - {"__module__", "__doc__", "__annotations__", "__dict__", "__weakref__"}:
            assert getattr(ours, name) == getattr(their, name)


PLACES = [
    *("nn", "nn.parameter", "nn.utils.parametrize", "nn.utils.prune", "nn.utils.rnn", "nn.parallel", "func", "fx"),
    *("optim", "optim.lr_scheduler", "optim.swa_utils", "utils.data", "distributions", "distributions.constraints"),
]


@pytest.mark.parametrize("place", PLACES)
def test_names_of_classes_and_functions(place):
    """What a file says of a class is found in PyTorch, and what PyTorch's files say is found here."""
    ours, theirs = (importlib.import_module(f"{t.__name__}.{place}") for t in (mibun, torch))
    compared = 0
    for name, kind in vars(theirs).items():
        own = vars(ours).get(name)
        public = not name.startswith("_") and getattr(kind, "__module__", "").startswith("torch")
        if not public or not all(isinstance(value, (type, types.FunctionType)) for value in (kind, own)):
            continue
        module, qualified = torch_name(own)
        assert getattr(importlib.import_module(module), qualified) is kind
        assert find(kind.__module__.partition(".")[2], kind.__qualname__) is own
        compared += 1
    assert compared > 1
