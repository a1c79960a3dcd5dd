"""How a MaskedTensor is printed: `--` stands for what is masked out."""

from __future__ import annotations

from typing import Any


def text_of(data: Any, mask: Any) -> str:
    """The text of a dense tensor under its mask."""
    if data.dim() == 0:
        shown = bool(mask)
        return f"MaskedTensor({_number(data.item()) if shown else '--'}, {shown})"
    return f"MaskedTensor(\n{_rows(data.tolist(), mask.tolist(), '  ')}\n)"


def _number(value: Any) -> str:
    return f"{value:8.4f}" if isinstance(value, float) else str(value)


def _rows(values: Any, shown: Any, indent: str) -> str:
    if not values or not isinstance(values[0], list):
        items = [_number(value) if seen else "      --" for value, seen in zip(values, shown, strict=True)]
        return f"{indent}[{', '.join(items)}]"
    inner = [_rows(row, seen, indent + "  ") for row, seen in zip(values, shown, strict=True)]
    return f"{indent}[\n" + ",\n".join(inner) + f"\n{indent}]"
