"""Dtypes, promotion, limits and devices, by literal expectation; needs no torch."""

import copy
import enum
import pickle
import subprocess
import sys

import numpy as np
import pytest

from mibun.core import dtypes
from mibun.core.device import check_device, device
from mibun.core.dtypes import result_dtype

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


@pytest.fixture(autouse=True)
def default_dtype():
    yield
    dtypes.set_default_dtype(dtypes.float32)


# ---- the objects ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_dtype_is_one_object_through_pickle_and_copy(name):
    dtype = getattr(dtypes, name)
    assert repr(dtype) == f"torch.{name}" and dtype.name == name
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(dtype, protocol)) is dtype
    assert copy.copy(dtype) is dtype and copy.deepcopy([dtype])[0] is dtype
    assert len({dtype, dtype}) == 1 and dtype == dtype and dtype != name


def test_attributes():
    rows = [(d.category, d.is_signed, d.itemsize, d.scalar_name, d.abbr) for d in map(dtypes.__dict__.get, NAMES)]
    assert rows == [
        (0, False, 1, "Bool", "b8"),
        (1, False, 1, "Byte", "u8"),
        (1, True, 1, "Char", "i8"),
        (1, True, 2, "Short", "i16"),
        (1, True, 4, "Int", "i32"),
        (1, True, 8, "Long", "i64"),
        (2, True, 2, "Half", "f16"),
        (2, True, 2, "BFloat16", "bf16"),
        (2, True, 4, "Float", "f32"),
        (2, True, 8, "Double", "f64"),
        (3, True, 8, "ComplexFloat", "c64"),
        (3, True, 16, "ComplexDouble", "c128"),
    ]
    assert [dtypes.float32.is_floating_point, dtypes.complex64.is_floating_point] == [True, False]
    assert [dtypes.float32.is_complex, dtypes.complex64.is_complex] == [False, True]


def test_aliases():
    assert dtypes.half is dtypes.float16 and dtypes.float is dtypes.float32 and dtypes.double is dtypes.float64
    assert dtypes.short is dtypes.int16 and dtypes.int is dtypes.int32 and dtypes.long is dtypes.int64
    assert dtypes.cfloat is dtypes.complex64 and dtypes.cdouble is dtypes.complex128


def test_real_and_complex_partners():
    assert dtypes.complex128.to_real() is dtypes.float64 and dtypes.float32.to_real() is dtypes.float32
    assert dtypes.float64.to_complex() is dtypes.complex128 and dtypes.complex64.to_complex() is dtypes.complex64
    assert dtypes.bfloat16.to_complex() is dtypes.complex64
    with pytest.raises(RuntimeError, match="^Unknown Complex ScalarType for Long"):
        dtypes.int64.to_complex()


def test_dtypes_are_not_made_changed_or_derived_from():
    with pytest.raises(TypeError, match="cannot create 'torch.dtype' instances"):
        dtypes.dtype("float32")
    with pytest.raises(AttributeError, match="attribute 'itemsize' of 'torch.dtype' objects is not writable"):
        dtypes.float32.itemsize = 8
    with pytest.raises(AttributeError, match="'torch.dtype' object has no attribute 'size'"):
        dtypes.float32.size = 8
    with pytest.raises(AttributeError, match="'torch.dtype' object has no attribute 'size'"):
        _ = dtypes.float32.size
    with pytest.raises(AttributeError):
        del dtypes.float32.np
    with pytest.raises(TypeError, match="'torch.dtype' is not an acceptable base type"):
        type("mine", (dtypes.dtype,), {})
    with pytest.raises(TypeError, match="not supported between instances"):
        _ = dtypes.float32 < dtypes.float64


def test_layouts_and_memory_formats():
    names = ["contiguous_format", "preserve_format", "channels_last", "channels_last_3d"]
    formats = [getattr(dtypes, name) for name in names]
    assert list(map(repr, formats)) == [f"torch.{name}" for name in names]
    assert repr(dtypes.strided) == "torch.strided"
    assert isinstance(dtypes.strided, dtypes.layout) and isinstance(formats[0], dtypes.memory_format)
    for constant in [dtypes.strided, *formats]:
        assert copy.deepcopy(constant) is constant and pickle.loads(pickle.dumps(constant)) is constant
    with pytest.raises(TypeError, match="cannot create 'torch.layout' instances"):
        dtypes.layout()


# ---- NumPy and Python types -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in NAMES if n != "bfloat16"])
def test_numpy_dtypes_there_and_back(name):
    dtype = getattr(dtypes, name)
    assert dtype.np == np.dtype(name) and dtypes.from_numpy_dtype(np.dtype(name)) is dtype
    assert dtypes.as_numpy_dtype(dtype) is dtype.np and dtype.np.itemsize == dtype.itemsize


def test_unusual_spellings_of_numpy_dtypes():
    assert dtypes.from_numpy_dtype(np.dtype("q")) is dtypes.int64 is dtypes.from_numpy_dtype(np.dtype("l"))
    assert dtypes.from_numpy_dtype(np.float32) is dtypes.float32
    assert dtypes.from_numpy_dtype(np.dtype(np.int16, metadata={"a": 1})) is dtypes.int16


@pytest.mark.parametrize("kind", ["U3", "O", "M8[s]", "g", [("a", "f4")]])
def test_numpy_dtypes_without_a_tensor(kind):
    with pytest.raises(TypeError, match=r"^can't convert np.ndarray of type numpy\.\w+\. The only supported types are"):
        dtypes.from_numpy_dtype(np.dtype(kind))


def test_a_foreign_byte_order_is_refused():
    with pytest.raises(ValueError, match="byte order different from the native byte order"):
        dtypes.from_numpy_dtype(np.dtype("f4").newbyteorder())


def test_python_types_stand_for_the_largest_dtypes():
    assert [dtypes.as_dtype(t) for t in (bool, int, float, complex)] == [
        dtypes.bool,
        dtypes.int64,
        dtypes.float64,
        dtypes.complex128,
    ]
    assert dtypes.as_numpy_dtype(float) == np.float64


@pytest.mark.parametrize(
    ("value", "kind", "hint"),
    [
        ("float32", "str", "; use torch.float32 for"),
        (np.float32, "type", "; use torch.float32"),
        (str, "type", "$"),
        (None, "NoneType", "$"),
        ([1], "list", "$"),
        ("nonsense", "str", "$"),
    ],
)
def test_what_is_not_a_dtype(value, kind, hint):
    with pytest.raises(TypeError, match=rf"^zeros\(\): argument 'dtype' must be torch.dtype, not {kind}{hint}"):
        dtypes.as_dtype(value, "zeros")


def test_bfloat16_is_ml_dtypes_own():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    assert dtypes.bfloat16.np == np.dtype(ml_dtypes.bfloat16)
    assert dtypes.from_numpy_dtype(np.dtype(ml_dtypes.bfloat16)) is dtypes.bfloat16
    assert dtypes.from_numpy_dtype(np.dtype(ml_dtypes.float8_e5m2)) is dtypes.float8_e5m2
    with pytest.raises(TypeError, match="can't convert np.ndarray of type ml_dtypes.float6_e2m3fn"):
        dtypes.from_numpy_dtype(np.dtype(ml_dtypes.float6_e2m3fn))


def in_a_fresh_process(program):
    return subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, capture_output=True, text=True)


def test_ml_dtypes_is_imported_only_when_needed_and_a_bfloat16_array_is_known_at_once():
    pytest.importorskip("ml_dtypes")
    in_a_fresh_process(
        "import sys, numpy as np; from mibun.core import dtypes; assert 'ml_dtypes' not in sys.modules\n"
        "import ml_dtypes; assert dtypes.from_numpy_dtype(np.dtype(ml_dtypes.bfloat16)) is dtypes.bfloat16\n"
    )


def test_bfloat16_without_ml_dtypes_names_the_extra():
    in_a_fresh_process(
        "import sys; sys.modules['ml_dtypes'] = None\n"
        "from mibun.core import dtypes\n"
        "for use in (lambda: dtypes.bfloat16.np, lambda: dtypes.set_default_dtype(dtypes.bfloat16)):\n"
        "    try: use()\n"
        "    except ImportError as error: assert 'mibun[bfloat16]' in str(error)\n"
        "    else: raise AssertionError\n"
        "assert dtypes.get_default_dtype() is dtypes.float32\n"
        "assert dtypes.finfo(dtypes.bfloat16).eps == 0.0078125 and dtypes.bfloat16.itemsize == 2\n"
        "assert dtypes.promote_types(dtypes.bfloat16, dtypes.float16) is dtypes.float32\n"
    )


# ---- the default dtype ----------------------------------------------------------------------------------------------


def test_default_dtype():
    assert dtypes.get_default_dtype() is dtypes.float32 and dtypes.get_default_complex_dtype() is dtypes.complex64
    assert result_dtype([1, 2.5]) == np.float32 and result_dtype([1, 1j]) == np.complex64
    dtypes.set_default_dtype(dtypes.float64)
    assert dtypes.get_default_dtype() is dtypes.float64 and dtypes.get_default_complex_dtype() is dtypes.complex128
    assert result_dtype([1, 2.5]) == np.float64 and result_dtype([1, 1j]) == np.complex128
    assert dtypes.finfo().dtype == "float64"


@pytest.mark.parametrize("bad", [dtypes.int32, dtypes.complex64, float, "float", None, np.float32])
def test_a_refused_default_dtype_changes_nothing(bad):
    with pytest.raises(TypeError, match="only floating-point types are supported as the default type"):
        dtypes.set_default_dtype(bad)
    assert dtypes.get_default_dtype() is dtypes.float32


# ---- promotion ------------------------------------------------------------------------------------------------------


def test_promotion_is_symmetric_and_idempotent_and_casting_agrees_with_it():
    every = [getattr(dtypes, name) for name in NAMES]
    for a in every:
        assert dtypes.promote_types(a, a) is a
        for b in every:
            joined = dtypes.promote_types(a, b)
            assert joined is dtypes.promote_types(b, a)
            assert dtypes.can_cast(a, joined) and dtypes.promote_types(joined, b) is joined


def test_some_promotions():
    promote = dtypes.promote_types
    assert promote(dtypes.uint8, dtypes.int8) is dtypes.int16
    assert promote(dtypes.float16, dtypes.bfloat16) is dtypes.float32
    assert promote(dtypes.int64, dtypes.float16) is dtypes.float16
    assert promote(dtypes.float64, dtypes.complex64) is dtypes.complex128
    assert promote(dtypes.float32, float) is dtypes.float64
    with pytest.raises(TypeError, match=r"^promote_types\(\): argument 'type2' .* must be torch.dtype, not str"):
        promote(dtypes.float32, "float32")
    assert not dtypes.can_cast(dtypes.float32, dtypes.int64) and dtypes.can_cast(dtypes.int64, dtypes.int8)
    with pytest.raises(TypeError, match=r"can_cast\(\): argument 'from_' \(position 1\) must be torch.dtype, not int"):
        dtypes.can_cast(1, dtypes.float32)


def test_result_dtype_of_the_three_levels():
    f32, f64, i64, i32 = np.ones(2, "f4"), np.ones(2, "f8"), np.ones(2, "i8"), np.ones(2, "i4")
    assert result_dtype([f32, f32]) is f32.dtype
    assert result_dtype([f32, f64]) == np.float64
    assert result_dtype([f32, np.float64(1)]) == np.float32  # a NumPy scalar is a 0-d tensor
    assert result_dtype([f32, np.ones((), "f8")]) == np.float32
    assert result_dtype([i64, np.float16(1)]) == np.float16
    assert result_dtype([i32, 5]) == np.int32 and result_dtype([i32, 5.0]) == np.float32
    assert result_dtype([f64, 1j]) == np.complex128 and result_dtype([f32, np.complex128(1)]) == np.complex64
    assert result_dtype([np.ones(2, "?"), np.int8(1)]) == np.int8 and result_dtype([np.ones(2, "?"), True]) == np.bool
    assert result_dtype([np.float16(1), 1.0]) == np.float16
    assert result_dtype([np.float64(1), np.float32(1)]) == np.float64
    assert result_dtype((True, 1)) == np.int64 and result_dtype([True, False]) == np.bool


def test_result_dtype_of_subclasses_of_python_numbers():
    class Colour(enum.IntEnum):
        RED = 1

    assert result_dtype([np.ones(2, "i4"), Colour.RED]) == np.int32 and result_dtype([Colour.RED, 2.0]) == np.float32
    with pytest.raises(TypeError, match="expected an array or a Python number, got str"):
        result_dtype([np.ones(2), "a"])
    with pytest.raises(ValueError, match="at least one operand"):
        result_dtype([])


def test_result_type():
    class Tensor:
        def __init__(self, *args):
            self._array_ = np.asarray(*args)

    assert dtypes.result_type(Tensor([1, 2], "i4"), 1.0) is dtypes.float32
    assert dtypes.result_type(1j, Tensor([1.0], "f8")) is dtypes.complex128
    assert dtypes.result_type(2, True) is dtypes.int64
    assert dtypes.result_type(Tensor([1]), np.float64(3)) is dtypes.float32  # a NumPy number counts as Python's
    for bad in ("a", [1], None, np.ones(2)):
        with pytest.raises(TypeError, match=r"^result_type\(\) received an invalid combination of arguments"):
            dtypes.result_type(Tensor([1]), bad)


# ---- limits ---------------------------------------------------------------------------------------------------------


def test_finfo():
    info = dtypes.finfo(dtypes.float32)
    numpy = np.finfo("f4")
    assert (info.bits, info.eps, info.max, info.min) == (32, 2.0**-23, float(numpy.max), float(numpy.min))
    assert info.tiny == info.smallest_normal == float(numpy.tiny) and info.resolution == 1e-6
    assert repr(info) == (
        "finfo(resolution=1e-06, min=-3.40282e+38, max=3.40282e+38, eps=1.19209e-07, smallest_normal=1.17549e-38, "
        "tiny=1.17549e-38, dtype=float32)"
    )
    assert info == dtypes.finfo() == dtypes.finfo(dtypes.complex64) == copy.deepcopy(info)
    assert info != dtypes.finfo(dtypes.float64)
    with pytest.raises(TypeError, match="unhashable"):
        hash(info)
    with pytest.raises(AttributeError, match="attribute 'eps' of 'torch.finfo' objects is not writable"):
        info.eps = 1.0
    with pytest.raises(TypeError, match=r"^torch.finfo\(\) requires a floating point input type. Use torch.iinfo"):
        dtypes.finfo(dtypes.int32)
    with pytest.raises(TypeError, match=r"^finfo\(\): argument 'type' \(position 1\) must be torch.dtype, not str"):
        dtypes.finfo("float32")


def test_iinfo():
    assert (dtypes.iinfo(dtypes.int64).min, dtypes.iinfo(dtypes.int64).max) == (-(2**63), 2**63 - 1)
    assert repr(dtypes.iinfo(dtypes.uint8)) == "iinfo(min=0, max=255, dtype=uint8)"
    assert dtypes.iinfo(dtypes.int8).bits == 8
    with pytest.raises(TypeError, match=r"^torch.iinfo\(\) requires an integer input type. Use torch.finfo"):
        dtypes.iinfo(dtypes.float32)
    with pytest.raises(TypeError, match="^torch.bool is not supported by torch.iinfo"):
        dtypes.iinfo(dtypes.bool)


# ---- devices --------------------------------------------------------------------------------------------------------


def test_device():
    assert repr(device("cpu")) == "device(type='cpu')" and repr(device("cuda:1")) == "device(type='cuda', index=1)"
    assert device("cpu", 0) == device("cpu:0") == device(type="cpu", index=0) != device("cpu")
    assert str(device("cpu")) == "cpu" and str(device("cuda", 2)) == "cuda:2"
    assert device(device("cpu")) == device("cpu") != "cpu" and hash(device("cpu")) == hash(device("cpu"))
    assert (device("mps:3").type, device("mps:3").index, device("mps").index) == ("mps", 3, None)
    for one in (device("cpu"), device("cuda:3")):
        assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one
    with pytest.raises(AttributeError, match="attribute 'type' of 'torch.device' objects is not writable"):
        device("cpu").type = "cuda"
    with pytest.raises(TypeError, match="'torch.device' is not an acceptable base type"):
        type("mine", (device,), {})
    with device("cpu") as inside:
        assert inside == device("cpu")
    with pytest.raises(AssertionError, match="not compiled with CUDA"), device("cuda"):
        pass


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (("nonsense",), RuntimeError, "Expected one of cpu, cuda, .* device type at start of device string: nonsense"),
        (("CPU",), RuntimeError, "Expected one of cpu, cuda, .* device type at start of device string: CPU"),
        (("",), RuntimeError, "Device string must not be empty"),
        (("cpu:",), RuntimeError, "Invalid device string: 'cpu:'"),
        (("cpu:01",), RuntimeError, "Invalid device string: 'cpu:01'"),
        (("cpu:-1",), RuntimeError, "Invalid device string: 'cpu:-1'"),
        (("cpu:99999999999999",), RuntimeError, "Could not parse device index '99999999999999' in device string"),
        (("cpu", 128), RuntimeError, "Device index must be at most 127, got 128"),
        (("cpu", -1), RuntimeError, "Device index must not be negative"),
        (("cpu:0", 0), RuntimeError, r"type \(string\) must not include an index because index was passed explicitly"),
        ((0,), RuntimeError, "Cannot access accelerator device when none is available."),
        ((1.5,), TypeError, r"device\(\) received an invalid combination of arguments - got \(float\)"),
        ((), TypeError, r"device\(\) received an invalid combination of arguments - got \(\)"),
        (("cpu", "0"), TypeError, r"device\(\): argument 'index' \(position 2\) must be int, not str"),
    ],
)
def test_what_is_not_a_device(arguments, error, text):
    with pytest.raises(error, match=f"^{text}"):
        device(*arguments)


def test_check_device():
    for spelling in (None, "cpu", "cpu:0", device("cpu"), device("cpu", 1)):
        assert check_device(spelling) == device("cpu")
    for name in ("cuda", "cuda:1", "xpu"):
        with pytest.raises(AssertionError, match=f"^Torch not compiled with {name[:4].rstrip(':').upper()} enabled"):
            check_device(name)
    with pytest.raises(RuntimeError, match="PyTorch is not linked with support for mps devices"):
        check_device("mps")
    with pytest.raises(RuntimeError, match="device 'meta', are not supported"):
        check_device("meta")
    with pytest.raises(RuntimeError, match="device type at start of device string: foo"):
        check_device("foo")
    with pytest.raises(TypeError, match=r"zeros\(\): argument 'device' must be torch.device, not float"):
        check_device(1.5, "zeros")
