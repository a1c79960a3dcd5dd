"""uint16, uint32 and uint64 against installed PyTorch: attributes, limits, casts, what PyTorch computes, files."""

import io

import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402

UNSIGNED = ("uint16", "uint32", "uint64")
OTHERS = (
    "bool",
    "uint8",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
)
PROGRAMS = (
    "x * x",
    "x & y",
    "x | y",
    "x ^ y",
    "x == y",
    "x != y",
    "x.sum()",
    "x.prod()",
    "x.cumsum(0)",
    "x.sort(descending=True).values",
    "x.float()",
    "x.double() + 0.5",
    "x.to(torch.uint8)",
    "x.view(torch.uint8)",
    "torch.cat([x, y])",
    "torch.stack([x, y])",
    "torch.where(x == y, x, y)",
    "x[1:]",
    "x.tolist()",
    "torch.iinfo(x.dtype)",
    "torch.result_type(x, 1)",
    "torch.result_type(x, 1.0)",
    "torch.result_type(x, torch.tensor(1))",
    "torch.can_cast(x.dtype, torch.int8)",
    "x.is_signed()",
    "x.dtype.itemsize, x.dtype.abbr, x.dtype.to_real()",
    "torch.zeros(2, dtype=x.dtype), torch.ones_like(x), torch.full((2,), 7, dtype=x.dtype)",
    "torch.tensor(torch.iinfo(x.dtype).max, dtype=x.dtype)",
    "torch.tensor([1, 2**63], dtype=torch.uint64)",
    "torch.full((2,), 2**64 - 1, dtype=torch.uint64)",
    "torch.full((2,), 2**63, dtype=torch.float32)",
)
REFUSED = (
    "torch.tensor(-1, dtype=torch.uint64)",
    "torch.tensor(2**64, dtype=torch.uint64)",
    "torch.tensor(70000, dtype=torch.uint16)",
    "torch.tensor(2**63)",
    "torch.full((1,), 2**63)",
    "torch.full((1,), 2**64, dtype=torch.float32)",
    "torch.arange(2**63, 2**63 + 2)",
    "torch.promote_types(torch.uint64, torch.int8)",
    "x.mean()",
)


def run(library, program, dtype):
    x = library.tensor([5, 3, 200], dtype=getattr(library, dtype))
    y = library.tensor([5, 7, 1], dtype=getattr(library, dtype))
    return eval(program, {"torch": library, "x": x, "y": y})


@pytest.mark.parametrize("dtype", UNSIGNED)
@pytest.mark.parametrize("program", PROGRAMS)
def test_programs(program, dtype):
    assert repr(run(mibun, program, dtype)) == repr(run(torch, program, dtype))


@pytest.mark.parametrize("dtype", UNSIGNED)
@pytest.mark.parametrize("program", REFUSED)
def test_errors(program, dtype):
    with pytest.raises(Exception) as theirs:  # noqa: PT011
        run(torch, program, dtype)
    with pytest.raises(theirs.type):
        run(mibun, program, dtype)


@pytest.mark.parametrize("one", UNSIGNED)
@pytest.mark.parametrize("other", UNSIGNED + OTHERS)
def test_promotion(one, other):
    """Where PyTorch promotes at all."""
    try:
        expected = torch.promote_types(getattr(torch, one), getattr(torch, other))
    except RuntimeError:
        return
    assert repr(mibun.promote_types(getattr(mibun, one), getattr(mibun, other))) == repr(expected)


@pytest.mark.parametrize("dtype", UNSIGNED)
def test_files(dtype):
    """Views that share memory, written by each and read by the other."""
    for writer, reader in (torch, mibun), (mibun, torch):
        x = writer.tensor([[1, 2, 3], [4, 5, 6]], dtype=getattr(writer, dtype))
        file = io.BytesIO()
        writer.save({"all": x, "part": x.t()[1:]}, file)
        file.seek(0)
        found = reader.load(file)
        assert found["all"].tolist() == x.tolist() and found["part"].tolist() == [[2, 5], [3, 6]]
        assert found["part"].stride() == (1, 3) and found["part"].dtype is getattr(reader, dtype)
        found["all"][0, 1] = 9
        assert found["part"].tolist() == [[9, 5], [3, 6]]
