"""Dtypes, promotion, limits and devices against installed PyTorch, over every combination."""

import itertools

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mibun.core import dtypes  # noqa: E402
from mibun.core.device import check_device, device  # noqa: E402

NAMES = (
    "bool",
    "uint8",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "bfloat16",
    "float32",
    "float64",
    "complex64",
    "complex128",
)
NUMBERS = (True, 2, 2.5, 1j)


def both(name):
    return getattr(dtypes, name), getattr(torch, name)


@pytest.fixture(params=["float32", "float64", "float16", "bfloat16"])
def default(request):
    ours, theirs = both(request.param)
    dtypes.set_default_dtype(ours)
    torch.set_default_dtype(theirs)
    yield request.param
    dtypes.set_default_dtype(dtypes.float32)
    torch.set_default_dtype(torch.float32)


def same(ours, theirs):
    # complex32, which mibun does not have, becomes complex64
    return repr(ours) == repr(theirs).replace("complex32", "complex64")


@pytest.mark.parametrize("name", NAMES + ("half", "float", "double", "short", "int", "long", "cfloat", "cdouble"))
def test_attributes(name):
    ours, theirs = both(name)
    assert repr(ours) == repr(theirs) and ours.to_real().name == str(theirs.to_real())[6:]
    for attribute in ("is_floating_point", "is_complex", "is_signed", "itemsize", "abbr"):
        assert getattr(ours, attribute) == getattr(theirs, attribute)
    try:
        expected = theirs.to_complex()
    except RuntimeError as error:
        with pytest.raises(RuntimeError, match=f"^{error}"):
            ours.to_complex()
    else:
        assert same(ours.to_complex(), expected)


@pytest.mark.parametrize("kind", ["finfo", "iinfo"])
@pytest.mark.parametrize("name", NAMES)
def test_limits(name, kind):
    ours, theirs = both(name)
    try:
        expected = getattr(torch, kind)(theirs)
    except TypeError as error:
        with pytest.raises(TypeError) as raised:
            getattr(dtypes, kind)(ours)
        assert str(raised.value).startswith(str(error))
        return
    info = getattr(dtypes, kind)(ours)
    assert repr(info) == repr(expected)
    public = [attribute for attribute in dir(expected) if not attribute.startswith("_")]
    assert [getattr(info, attribute) for attribute in public] == [getattr(expected, attribute) for attribute in public]
    assert [type(getattr(info, a)) for a in public] == [type(getattr(expected, a)) for a in public]


def test_promote_types_and_can_cast():
    for a, b in itertools.product(NAMES, NAMES):
        (our_a, their_a), (our_b, their_b) = both(a), both(b)
        assert repr(dtypes.promote_types(our_a, our_b)) == repr(torch.promote_types(their_a, their_b))
        assert dtypes.can_cast(our_a, our_b) == torch.can_cast(their_a, their_b)
    for a, python in itertools.product(NAMES, (bool, int, float, complex)):
        ours, theirs = both(a)
        assert repr(dtypes.promote_types(ours, python)) == repr(torch.promote_types(theirs, python))
        assert dtypes.can_cast(python, ours) == torch.can_cast(python, theirs)


def test_result_of_every_pair(default):
    operands = [(n, n) for n in NUMBERS]
    for name, shape in itertools.product(NAMES, ((2,), ())):
        ours, theirs = both(name)
        operands.append((np.ones(shape, ours.np), torch.ones(shape).to(theirs)))
        if shape == ():
            operands.append((operands[-1][0][()], operands[-1][1]))  # a NumPy scalar counts as a 0-d tensor
    for (our_a, their_a), (our_b, their_b) in itertools.product(operands, operands):
        for _ in range(2):  # worked out, then remembered
            found = dtypes.from_numpy_dtype(dtypes.result_dtype((our_a, our_b)))
            assert same(found, torch.result_type(their_a, their_b)), (our_a, our_b)


@pytest.mark.filterwarnings("ignore:ComplexHalf support is experimental")
def test_result_of_three_operands():
    # A chain of pairs would not show how three are joined: addcmul takes all at once.
    rng = np.random.default_rng(0)
    for _ in range(300):
        names = rng.choice([n for n in NAMES if n != "bool"], 3)
        shapes = [((2,), ())[i] for i in rng.integers(0, 2, 3)]
        arrays = [np.ones(shape, both(name)[0].np) for name, shape in zip(names, shapes, strict=True)]
        tensors = [torch.ones(shape).to(both(name)[1]) for name, shape in zip(names, shapes, strict=True)]
        ours = dtypes.from_numpy_dtype(dtypes.result_dtype(arrays))
        try:
            theirs = torch.addcmul(*tensors).dtype
        except (RuntimeError, NotImplementedError):
            continue  # a dtype that addcmul does not compute in
        assert same(ours, theirs), (names, shapes)


def test_set_default_dtype_refuses_the_same():
    for bad in ("int32", "complex64", "bool"):
        ours, theirs = both(bad)
        with pytest.raises(TypeError) as expected:
            torch.set_default_dtype(theirs)
        with pytest.raises(TypeError) as found:
            dtypes.set_default_dtype(ours)
        assert str(found.value).startswith(str(expected.value))


@pytest.mark.parametrize("kind", ["U3", "O", "M8[s]", "g"])
def test_unsupported_numpy_dtypes(kind):
    array = np.zeros(2, kind)
    with pytest.raises(TypeError) as expected:
        torch.from_numpy(array)
    with pytest.raises(TypeError) as found:
        dtypes.from_numpy_dtype(array.dtype)
    start = str(expected.value).partition("float64")[0]
    assert str(found.value).startswith(start)


STRINGS = (
    "cpu",
    "cpu:0",
    "cpu:1",
    "cpu:127",
    "cuda",
    "cuda:1",
    "meta",
    "nonsense",
    "cpu:",
    "cpu:x",
    "cpu:-1",
    "",
    ":0",
    "cpu:01",
    "cuda:00",
    "mps",
    "xpu",
    "CPU",
    "cpu:1a",
    "cpu 0",
    "privateuseone",
    "xla:3",
    "cuda:0:1",
    "vulkan",
    "cpu:0x",
    "cp",
    "fpga",
    "ort",
    "cpu ",
    " cpu",
    "cpu: 1",
    "cpu:99999999999999",
    "hpu",
    "mtia:2",
    "lazy",
    "hip",
    "ipu",
    "maia",
    "0",
)


def outcome(function, *arguments, **keywords):
    try:
        return repr(function(*arguments, **keywords)), None
    except Exception as error:
        return type(error), str(error)


def check_outcome(ours, theirs):
    assert ours[0] == theirs[0], (ours, theirs)
    if theirs[1] is not None:
        assert ours[1].startswith(theirs[1].rstrip().partition("\n")[0]), (ours, theirs)


@pytest.mark.parametrize("text", STRINGS)
def test_device_strings(text):
    check_outcome(outcome(device, text), outcome(torch.device, text))
    check_outcome(outcome(device, text, 0), outcome(torch.device, text, 0))


@pytest.mark.parametrize(
    "arguments", [("cpu", -1), ("cpu", None), (0,), (-1,), (1.5,), (None,), (), ("cpu", 1.5), ("cpu", "0")]
)
def test_device_arguments(arguments):
    check_outcome(outcome(device, *arguments), outcome(torch.device, *arguments))


@pytest.mark.parametrize(
    "keywords", [{"type": "cpu"}, {"type": "cpu", "index": 1}, {"device": "cpu"}, {"type": "cpu", "foo": 1}]
)
def test_device_keywords(keywords):
    check_outcome(outcome(device, **keywords), outcome(torch.device, **keywords))


@pytest.mark.parametrize("name", ["cpu", "cpu:0", "cuda", "cuda:1", "xpu", "mps", "ve", "nonsense", 0])
def test_tensors_are_refused_on_the_same_devices(name):
    try:
        torch.tensor([1.0], device=name)
    except Exception as error:
        with pytest.raises(type(error)) as found:
            check_device(name)
        assert str(found.value).startswith(str(error))
    else:
        assert str(check_device(name)) == "cpu"
