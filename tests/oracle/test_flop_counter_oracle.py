"""FlopCounterMode against PyTorch: the same counts by Module and operator, forward and backward, and the same table."""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
from typing import Any

import pytest

import mibun

torch = pytest.importorskip("torch")

CASES = """g(2,3)@g(3,4)
torch.mm(g(2,3),g(3,4)).sum().backward()
torch.bmm(g(5,2,3),g(5,3,4)).sum().backward()
torch.addmm(g(4),g(2,3),g(3,4)).sum().backward()
torch.baddbmm(g(5,2,4),g(5,2,3),g(5,3,4)).sum().backward()
(g(2,3)@g(3)).sum().backward()
(g(2,5,2,3)@g(2,5,3,4)).sum().backward()
(g(5,2,3)@g(3,4)).sum().backward()
F.linear(g(5,3),g(2,3),g(2)).sum().backward()
F.linear(g(4,5,3),g(2,3),g(2)).sum().backward()
F.conv2d(g(2,4,8,8),g(6,4,3,3),g(6)).sum().backward()
F.conv2d(g(2,4,8,8),g(6,4,3,3),padding=1).sum().backward()
F.conv2d(g(2,4,8,8),g(6,4,3,3),stride=2).sum().backward()
F.conv2d(g(2,4,8,8),g(6,2,3,3),groups=2).sum().backward()
F.conv2d(g(2,4,8,8),g(6,4,3,3),dilation=2,padding=2).sum().backward()
F.conv2d(torch.ones(2,4,8,8),g(6,4,3,3)).sum().backward()
F.conv1d(g(2,4,8),g(6,4,3)).sum().backward()
F.conv3d(g(1,2,4,4,4),g(3,2,3,3,3)).sum().backward()
F.conv_transpose2d(g(2,4,8,8),g(4,6,3,3),stride=2).sum().backward()
torch.einsum('bij,bjk->bik',g(2,3,4),g(2,4,5)).sum().backward()
torch.relu(g(3)).sum().backward()""".split("\n")


def counter(library: Any) -> Any:
    return importlib.import_module(f"{library.__name__}.utils.flop_counter")


def counts(library: Any, text: str) -> dict[str, dict[str, int]]:
    def g(*shape: int) -> Any:
        return library.ones(shape, requires_grad=True)

    with counter(library).FlopCounterMode(display=False) as mode:
        eval(text, {"torch": library, "F": library.nn.functional, "g": g})
    found = {name: {str(op): n for op, n in ops.items()} for name, ops in mode.get_flop_counts().items()}
    assert mode.get_total_flops() == sum(found.get("Global", {}).values())
    return found


@pytest.mark.parametrize("text", CASES)
def test_counts(text: str) -> None:
    assert counts(mibun, text) == counts(torch, text)


def test_attention_is_counted_by_its_two_products() -> None:
    query, key = mibun.ones(2, 3, 5, 8), mibun.ones(2, 3, 7, 8)
    with counter(mibun).FlopCounterMode(display=False) as mode:
        mibun.nn.functional.scaled_dot_product_attention(query, key, key)
    assert mode.get_total_flops() == 2 * 2 * (2 * 3 * 5 * 7 * 8)


def model(library: Any) -> Any:
    nn = library.nn

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 8, 3)
            self.head = nn.Sequential(nn.Flatten(), nn.Linear(8 * 36, 8), nn.ReLU(), nn.Linear(8, 10))

        def forward(self, x):
            return self.head(self.conv(x))

    return Block()


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_table_by_module(depth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if "tabulate" not in sys.modules:
        pytest.importorskip("tabulate")
    shown = []
    for library in (torch, mibun):
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            with counter(library).FlopCounterMode(depth=depth) as mode:
                model(library)(library.ones(2, 3, 8, 8)).sum().backward()
            with counter(library).FlopCounterMode(depth=depth):
                model(library)(library.ones(2, 3, 8, 8))
                library.ones(50, 50) @ library.ones(50, 50)
            with counter(library).FlopCounterMode():
                library.ones(1) + 1
        by_module = {name: sum(ops.values()) for name, ops in mode.get_flop_counts().items()}
        shown.append((written.getvalue(), by_module))
    assert shown[1][0] == shown[0][0]
    assert shown[1][1] == shown[0][1]


def test_formulas_of_ones_own() -> None:
    module = counter(mibun)
    formula = lambda shape, out_shape=None, **kwargs: 7 * shape[0]  # noqa: E731
    with module.FlopCounterMode(display=False, custom_mapping={mibun.ops.aten.relu: formula}) as mode:
        mibun.relu(mibun.ones(3))
    assert mode.get_total_flops() == 21

    @module.register_flop_formula(mibun.ops.aten.asinh, get_raw=True)
    def count(x, out_val=None):
        return x.numel() + out_val.numel()

    try:
        with module.FlopCounterMode(display=False) as mode:
            mibun.asinh(mibun.ones(3))
        assert mode.get_total_flops() == 6
        with pytest.raises(RuntimeError, match="duplicate"):
            module.register_flop_formula(mibun.ops.aten.asinh)(count)
    finally:
        del module.flop_registry[mibun.ops.aten.asinh]
    with pytest.raises(ValueError, match="OpOverloadPacket"):
        module.register_flop_formula(3)(count)


def test_without_tabulate_the_table_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tabulate", None)
    with pytest.raises(ImportError):
        counter(mibun).FlopCounterMode(display=False).get_table()
