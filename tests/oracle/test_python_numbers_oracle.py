"""Python's and NumPy's numbers beside Tensors, against installed PyTorch: every operator, on either side, in place.

Values, dtypes and classes of errors, for every dtype of the Tensor. Beside them: Tensors that become Python's numbers.
"""

from __future__ import annotations

import decimal
import fractions
import math
import operator
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from mibun.dispatch import numbers as mibun_numbers  # noqa: E402

pytestmark = pytest.mark.oracle

INFIX = "add sub mul truediv floordiv mod pow and_ or_ xor lshift rshift eq ne lt le gt ge".split()
IN_PLACE = "iadd isub imul itruediv ifloordiv imod ipow iand ior ixor ilshift irshift".split()
DTYPES = "bool uint8 int8 int32 int64 float16 float32 float64 complex64".split()
BIG = {"2**63": 2**63, "2**64": 2**64, "-2**63-1": -(2**63) - 1, "2**70": 2**70}  # more than int64 holds
NUMBERS: dict[str, Any] = {
    "True": True,
    "False": False,
    "2": 2,
    "-3": -3,
    "0": 0,
    "300": 300,
    "1.5": 1.5,
    "-0.5": -0.5,
    "inf": math.inf,
    "nan": math.nan,
    "1j": 1j,
    "2+0j": 2 + 0j,
    **BIG,
    "np.float64": np.float64(1.5),
    "np.float32": np.float32(0.75),
    "np.float16": np.float16(1.5),
    "np.longdouble": np.longdouble(1.5),
    "np.int64": np.int64(2),
    "np.int8": np.int8(2),
    "np.uint8": np.uint8(2),
    "np.bool_": np.bool_(True),
    "np.complex128": np.complex128(1 + 2j),
    "Decimal": decimal.Decimal("1.5"),
    "Fraction": fractions.Fraction(3, 2),
    "str": "a",
    "None": None,
    "list": [1, 2, 3],
}


def outcome(torch: Any, operation: Callable, dtype: str, number: Any, reflected: bool) -> tuple[str, Any]:
    """(dtype, values) of the result, or (class of the error, its words)."""
    tensor = torch.tensor([[1, 0, 3], [2, 5, 0]]).to(getattr(torch, dtype))
    try:
        result = operation(number, tensor) if reflected else operation(tensor, number)
    except Exception as error:
        return type(error).__name__, str(error)
    if not isinstance(result, torch.Tensor):
        return type(result).__name__, None
    values = result.resolve_conj().resolve_neg().to(torch.complex128).numpy()
    return str(result.dtype).removeprefix("torch."), values


def other_on_purpose(name: str, dtype: str, operation: str, reflected: bool, expected: tuple) -> bool:
    """What PyTorch does otherwise: mibun is better, or lacks a dtype that PyTorch has (complex32, uint64)."""
    floating = dtype.startswith(("float", "complex"))
    return (
        expected[0] == "complex32"
        or "ComplexHalf" in str(expected[1])
        or (name in BIG and (floating or operation == "truediv"))  # a number like any other there
        or (name in BIG and operation in ("sub", "isub") and dtype == "bool")  # refused for another reason
        or (name == "2**63" and dtype == "bool")  # uint64, which mibun has not
        or (name == "np.longdouble" and reflected and operation in ("eq", "ne", "lt", "le", "gt", "ge"))
        or (dtype == "complex64" and name in ("inf", "nan"))  # inf + nan j for real numbers, in vector units only
        or (dtype == "complex64" and operation == "pow" and reflected)  # 0 ** 0j is NaN, in vector units only
    )


CASES = [(name, False) for name in (*INFIX, *IN_PLACE)] + [(name, True) for name in INFIX]


@pytest.mark.parametrize(("name", "reflected"), CASES)
def test_operator(name: str, reflected: bool) -> None:
    operation = getattr(operator, name)
    wrong = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for dtype in DTYPES:
            for key, number in NUMBERS.items():
                expected = outcome(real_torch, operation, dtype, number, reflected)
                if other_on_purpose(key, dtype, name, reflected, expected):
                    continue
                found = outcome(mibun, operation, dtype, number, reflected)
                if isinstance(expected[1], np.ndarray):
                    tolerance = 2e-3 if expected[0] == "float16" else 1e-5
                    same = (
                        found[0] == expected[0]
                        and found[1].shape == expected[1].shape
                        and np.allclose(found[1], expected[1], rtol=tolerance, atol=1e-6, equal_nan=True)
                    )
                else:  # NotImplementedError is a RuntimeError
                    same = found[0] == expected[0] or (found[0], expected[0]) == ("NotImplementedError", "RuntimeError")
                if not same:
                    wrong.append((dtype, key, expected, found))
    assert not wrong, wrong[:5]


def test_complex64_keeps_its_imaginary_part() -> None:
    """PyTorch drops it, as it takes a number that is no Python `complex` for a float."""
    x = mibun.tensor([1.0, 2.0])
    assert (x + np.complex64(1j)).tolist() == [1 + 1j, 2 + 1j] and (np.complex64(1j) * x).tolist() == [1j, 2j]


def test_operands_of_other_types_are_asked() -> None:
    """`x += y` leaves y's type its turn, as `x + y` does, and becomes that where there is none in place."""

    class Other:
        def __radd__(self, other: Any) -> str:
            return "asked"

    x = mibun.ones(2)
    assert x.__iadd__(np.ones(2)) is NotImplemented and x.__ipow__("a") is NotImplemented
    y = x
    y += Other()
    assert y == "asked" and x.tolist() == [1.0, 1.0]


# --- Tensors that become numbers ---

VALUES = [3.7, -3.7, 0.0, 2, True, 3 + 0j, 3 + 2j, math.inf, math.nan, 1e20, 2**40]
CONVERSIONS: dict[str, Callable] = {
    "int": int,
    "float": float,
    "complex": complex,
    "bool": bool,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "index": operator.index,
    "item": lambda x: x.item(),
    "format": lambda x: f"{x:.3g}",
    "array": lambda x: np.full(2, 1.0).__setitem__(0, x.real),
    "round": round,
    "trunc": math.trunc,
    "floor": math.floor,
    "range": lambda x: [0, 1, 2, 3][x],
}


@pytest.mark.parametrize("name", CONVERSIONS)
@pytest.mark.parametrize("value", VALUES, ids=str)
def test_conversion(name: str, value: Any) -> None:
    results = []
    for torch in (real_torch, mibun):
        for shape in ((), (1,), (2,), (0,)):
            try:
                results.append(repr(CONVERSIONS[name](torch.full(shape, value))))
            except Exception as error:
                results.append(type(error))
    assert results[: len(results) // 2] == results[len(results) // 2 :]


def warned(torch: Any, convert: str) -> str:
    """The warnings that a conversion gives in a new process, as each library gives the first one only."""
    code = f"""
import warnings, math, numpy as np, {torch} as torch
x = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    {convert}
print([(w.category.__name__, str(w.message)[:70]) for w in seen])
"""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("convert", "warns"),
    [
        ("float(x)", True),
        ("float(x); float(x * 1)", True),
        ("complex(x[None])", True),
        ("math.sin(x)", True),
        ("np.zeros(2)[0] = x", True),
        ("np.float64(x)", True),
        ("torch.tensor([x, x])", True),
        ("torch.ones(1).new_tensor([x])", True),
        ("int(x); bool(x); x.item(); x.tolist(); f'{x:.2f}'; repr(x); torch.linspace(0, x, 3)", False),
        ("torch.no_grad()(lambda: float(x))()", False),
        ("float(x.detach())", False),
    ],
)
def test_warning(convert: str, warns: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mibun_numbers, "_WARNED", [])
    x = mibun.tensor(2.0, dtype=mibun.float64, requires_grad=True)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        exec(convert, {"x": x, "torch": mibun, "np": np, "math": math})
    assert len(seen) == warns
    if warns:
        assert seen[0].category is UserWarning and "Converting a tensor with requires_grad=True" in str(seen[0].message)
        assert seen[0].filename == "<string>"  # the user's line


def test_warning_is_pytorchs() -> None:
    assert warned("mibun", "float(x); float(x)") == warned("torch", "float(x); float(x)")
