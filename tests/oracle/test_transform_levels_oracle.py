"""What programs see of the levels of transforms: how Tensors print, and the names of `torch._C._functorch`."""

from __future__ import annotations

import contextlib
import io
import re
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402
import mibun._C._functorch  # noqa: E402

# Each prints the same on both libraries; T is torch.func, C is torch._C._functorch.
PROGRAMS = {
    "an argument": "T.vmap(lambda a: print(a) or a)(x)",
    "an argument along its last axis": "T.vmap(lambda a: print(a) or a, -1)(x)",
    "a result": "T.vmap(lambda a: print(a * 2) or a, 1)(x)",
    "a view": "T.vmap(lambda a: print(a[1:]) or a)(x)",
    "two levels": "T.vmap(T.vmap(lambda a: print(a) or a), 1)(x)",
    "the same for all": "T.vmap(lambda a: print(torch.ones(2)) or a)(x)",
    "in containers": "T.vmap(lambda a: print([a, {'b': a * 1}]) or a)(x)",
    "integers": "T.vmap(lambda a: print(a) or a)(x.long())",
    "grad": "T.grad(lambda a: print(a, a * 2) or a.sum())(x)",
    "grad in vmap": "T.vmap(T.grad(lambda a: print(a) or a.sum()))(x)",
    "vmap in grad": "T.grad(lambda a: T.vmap(lambda b: print(b) or b)(a).sum())(x)",
    "what vmap has returned": "print(T.vmap(lambda a: a * w)(x), T.vmap(lambda a: a.sin() + w)(x))",
    "after vmap": "k = []\nT.vmap(lambda a: k.append(a) or a)(x)\nprint(k[0].shape, k[0].dim(), len(k[0]))",
    "bdim": "T.vmap(lambda a: print(C.maybe_get_bdim(a), C.maybe_get_bdim(a + 1)) or a, 1)(x)",
    "bdim outside": "print(C.maybe_get_bdim(x), C.maybe_get_level(x), C.is_batchedtensor(x))",
    "bdim of the same for all": "T.vmap(lambda a: print(C.maybe_get_bdim(x), C.maybe_get_level(x)) or a)(x)",
    "bdim in grad": "T.grad(lambda a: print(C.maybe_get_bdim(a), C.maybe_get_level(a)) or a.sum())(x)",
    "unwrapped": "T.vmap(lambda a: print(C.get_unwrapped(a), C.get_unwrapped(a * 2)) or a, 1)(x)",
    "taken apart": "T.vmap(lambda a: print(*C._unwrap_batched(a, 1), *C._unwrap_batched(torch.ones(1), 1)) or a, 1)(x)",
    "if dead": "T.vmap(lambda a: print(C.unwrap_if_dead(a) is a, C.unwrap_if_dead(a).shape) or a)(x)",
    "by hand": """
n = C._vmap_increment_nesting(2, "error")
try:
    total = (C._add_batch_dim(x, 0, n) * 2).sum()
    print(n, C.current_level(), total.shape, C._remove_batch_dim(total, n, 2, 0))
finally:
    print(C._vmap_decrement_nesting())
print(C.get_dynamic_layer_stack_depth())
""",
}


def printed(library: Any, code: str) -> str:
    out = io.StringIO()
    names = {
        "torch": library,
        "T": library.func,
        "C": library._C._functorch,
        "x": library.arange(6.0).reshape(2, 3),
        "w": library.ones((), requires_grad=True),
    }
    with contextlib.redirect_stdout(out):
        exec(code, names)  # noqa: S102 (the text is ours)
    return re.sub(r"\s+", " ", out.getvalue())


@pytest.mark.parametrize("name", PROGRAMS)
def test_prints_the_same(name: str) -> None:
    found = printed(mibun, PROGRAMS[name])
    assert found == printed(torch, PROGRAMS[name])
    assert found.strip()
