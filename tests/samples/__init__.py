"""One line per operator: what it is called, what on, and what to expect. See `declare.py` for how to write one.

`SAMPLES` has them all; each module holds a family.
"""

from __future__ import annotations

from . import (
    copies,
    fourier,
    images,
    indexing,
    linalg,
    neural,
    pointwise,
    products,
    reductions,
    shapes,
    signals,
    special,
)
from .declare import S

SAMPLES: list[S] = [
    sample
    for module in (
        copies,
        fourier,
        images,
        pointwise,
        reductions,
        shapes,
        indexing,
        products,
        neural,
        signals,
        special,
        linalg,
    )
    for sample in module.SAMPLES
]

_ids = [sample.id for sample in SAMPLES]
assert len(set(_ids)) == len(_ids), sorted(name for name in set(_ids) if _ids.count(name) > 1)
