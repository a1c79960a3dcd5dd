"""The lines of a call's text that save what the rules will want: values, their version counters, shapes and dtypes."""

from __future__ import annotations

from typing import Any

from .template import indented, tuple_of


def saving(
    op: Any, plan: Any, names: tuple[str, ...], raw: tuple[str, ...], number: bool, optional: bool = False
) -> str:
    """Lines that save in `node` what a plan wants of the operands `names`, whose arrays are `raw`, and of the result.

    number: the last operand may be a Python number, which has no version. optional: all but the first may be None.
    """
    slots = [*[(name, array) for name, array in zip(names, raw, strict=True)], ("result", "z")]
    kept = [*plan.operands, *[len(names) for _ in plan.outputs]]
    lines = []
    absent = [f" if {array} is not None else " if optional else "" for array in raw]
    if plan.shapes:
        shapes = [f"{array}.shape{other and other + '()'}" for array, other in zip(raw, absent, strict=True)]
        lines.append(f"node.operand_shapes = {tuple_of(shapes)}")
    if plan.dtypes:
        dtypes = [f"{array}.dtype{other and other + 'None'}" for array, other in zip(raw, absent, strict=True)]
        lines.append(f"node.operand_dtypes = {tuple_of(dtypes)}")
    if op.compact:
        without = [place for i in op.slots if i not in kept for place in (f"node.v{i}", f"node.c{i}")]
        if without:
            lines += [f"{' = '.join(without)} = None"]
        for i in kept:
            owner, value = slots[i]
            counted = [
                *_counter(i, owner, optional and i > 0),
                f"node.c{i} = counter_{i}",
                f"node.k{i} = counter_{i}.version",
            ]
            if owner == "result":
                counted[-1] = f"node.k{i} = 0"
            lines += [f"node.v{i} = {value}"]
            if number and i == len(names) - 1:
                counted = [f"if {value} is {owner}:", f"    node.c{i} = None", "else:", indented("\n".join(counted))]
            lines += counted
    elif kept:
        values = [slots[i][1] if i in kept else "None" for i in range(max(kept) + 1)]
        lines += [f"node.kept = {tuple_of(values)}", _counting(kept, slots, optional)]
    return "\n".join(lines)


def _counter(i: int, owner: str, optional: bool = False) -> list[str]:
    """Lines that get the version counter of what is saved, and make it where there is none."""
    make = [
        f"counter_{i} = {owner}._version_counter_ = VersionCounter()",
        f"counter_{i}.version = 0",
        f"counter_{i}.modified_by = counter_{i}.guard = None",
    ]
    if owner == "result":  # a new one
        return make
    lines = [f"counter_{i} = {owner}._version_counter_", f"if counter_{i} is None:", *[f"    {line}" for line in make]]
    if optional:  # (one that nothing moves keeps the counters in step with the values)
        return [f"if {owner} is None:", f"    counter_{i} = new_counter()", "else:", *[f"    {line}" for line in lines]]
    return lines


def _counting(kept: list[int], slots: list[tuple[str, str]], optional: bool) -> str:
    """Lines that note the versions of what is saved; those of a new result are 0."""
    lines, versions = [], []
    for i in kept:
        lines += _counter(i, slots[i][0], optional and i > 0)
        versions.append("0" if slots[i][0] == "result" else f"counter_{i}.version")
    lines += [f"node.kept_counters = {tuple_of([f'counter_{i}' for i in kept])}"]
    moving = [version for version in versions if version != "0"]
    if moving:
        lines += [f"if {' or '.join(moving)}:", f"    node.kept_versions = {tuple_of(versions)}"]
    return "\n".join(lines)


__all__ = ["saving"]
