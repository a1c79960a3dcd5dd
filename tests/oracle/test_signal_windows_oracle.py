"""`signal.windows` against PyTorch: every window, its values, graphs, signatures and errors."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import mibun

torch = pytest.importorskip("torch")

NAMES = torch.signal.windows.__all__
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "exponential": [{"tau": 0.5}, {"center": 1.0, "sym": False}, {"center": 1.0}, {"tau": 0}, {"tau": -1.0}],
    "gaussian": [{"std": 3.0}, {"std": 0}, {"std": -1.0}],
    "general_cosine": [{"a": (0.2, 0.3, 0.5)}, {"a": []}, {"a": 3}, {"a": [1.0]}],
    "general_hamming": [{"alpha": 0.7}],
    "kaiser": [{"beta": 0.0}, {"beta": 5.5}, {"beta": -1.0}],
}
CALLS = [(size, {}) for size in (0, 1, 2, 3, 5, 8, -1, 5.5)] + [
    (6, {"sym": False}),
    (6, {"dtype": "float64"}),
    (1, {"dtype": "float64", "requires_grad": True}),
    (6, {"dtype": "int64"}),
    (6, {"dtype": "float16"}),
    (6, {"dtype": "complex64"}),
    (6, {"layout": "sparse_coo"}),
    (6, {"requires_grad": True}),
]


def outcome(library: Any, name: str, size: Any, options: dict[str, Any]) -> Any:
    required = {"a": [0.4, 0.6]} if name == "general_cosine" else {}
    resolved = {k: getattr(library, v, v) if k in ("dtype", "layout") else v for k, v in options.items()}
    try:
        window = getattr(library.signal.windows, name)(size, **{**required, **resolved})
    except Exception as error:
        return type(error), str(error).split()[:4] if isinstance(error, ValueError) else None
    return str(window.dtype), window.tolist(), window.requires_grad, size == 1 or window.is_leaf


@pytest.mark.parametrize("name", NAMES)
def test_windows(name: str) -> None:
    for size, options in CALLS + [(7, options) for options in OPTIONS.get(name, [])]:
        if options.get("layout") == "sparse_coo" and not hasattr(mibun, "sparse_coo"):
            options = {"layout": "no layout"}
        ours, theirs = (outcome(library, name, size, options) for library in (mibun, torch))
        if len(theirs) == 2:
            assert ours == theirs or "layout" in options and ours[0] is theirs[0], (size, options)
        else:
            assert ours[0] == theirs[0] and ours[2:] == theirs[2:], (size, options)
            assert ours[1] == pytest.approx(theirs[1], abs=1e-14 if "64" in theirs[0] else 1e-6), (size, options)


def test_names_and_signatures() -> None:
    assert sorted(mibun.signal.windows.__all__) == sorted(NAMES)
    for name in NAMES:
        ours, theirs = (inspect.signature(getattr(m.signal.windows, name)).parameters for m in (mibun, torch))
        assert [(p.name, p.kind) for p in ours.values()] == [(p.name, p.kind) for p in theirs.values()]
        assert {n: p.default for n, p in ours.items() if n != "layout"} == {
            n: p.default for n, p in theirs.items() if n != "layout"
        }
