"""Every operator under `vmap`: each sample's values and gradients are those of a loop over the examples.

The columns of the matrix are in `vmapping.py`: all tensors batched, each alone, all of them twice; gradients of a
backward outside; the in-place form. What is refused, and why, is listed there, too.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import mibun
import mibun as torch
import mibun.sparse  # which declares its operators
import vmapping
from mibun.core.registry import OPS
from mibun.dispatch.describe import loops_of
from mibun.func import grad, vmap
from mibun.xp.batched.rules import LOOPED, MAKERS, POINTWISE, RULES
from mibun.xp.numpy import namespace as numpy_namespace
from samples import SAMPLES
from samples.declare import S
from test_ops import KNOWN
from vmapping import COLUMNS, REFUSED, WRITTEN, check, choices_of, examples, in_place, inplace_name, plain, stacked


@pytest.mark.parametrize("sample", [pytest.param(sample, id=sample.id) for sample in KNOWN])
def test_equals_the_loop(sample: S) -> None:
    """Values and gradients, in all columns."""
    for complex_ in (False, True) if sample.complex and sample.floats() else (False,):
        for column in COLUMNS:
            check(sample, complex_, column)


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """What cannot be is refused, with PyTorch's class of error and its first words."""
    sample = next(sample for sample in SAMPLES if sample.id == name)
    rows = examples(sample, False)
    met = set()
    for choice in {choice for column in ("all", "one", "outside") for choice in choices_of(column, len(rows[0]))}:
        words = vmapping.refused(sample, choice)
        if words is None or not any(choice):
            continue
        met.add(words)
        mixed = [
            whole if chosen else row for whole, row, chosen in zip(stacked(rows), plain(rows[0]), choice, strict=True)
        ]
        dims = tuple([0 if chosen else None for chosen in choice])
        with pytest.raises(RuntimeError) as caught:
            vmap(lambda *xs: tuple(vmapping.outputs_of(sample, list(xs))), dims)(*mixed)
        assert str(caught.value).startswith(words)
    assert met == {words for _, words in REFUSED[name]}


WRITING = [sample for sample in KNOWN if inplace_name(sample) and len(sample.arrays()) > 1 and in_place(sample)]


@pytest.mark.parametrize("sample", [pytest.param(sample, id=sample.id) for sample in WRITING])
@pytest.mark.parametrize("recorded", [False, True])
def test_shared_tensor_is_not_written_into(sample: S, recorded: bool) -> None:
    """A tensor that all examples share receives no value of each; nothing of it is changed."""
    rows = examples(sample, False)
    target = torch.from_numpy(rows[0][0].copy())
    others = [x.requires_grad_(recorded and x.is_floating_point()) for x in stacked(rows)[1:]]
    name = inplace_name(sample)
    with pytest.raises(RuntimeError) as caught:
        vmap(lambda *xs: sample.run_inplace(name, sample.with_tensors([target, *xs])))(*others)
    start, _, rest = WRITTEN.partition("{}")
    assert str(caught.value).startswith(start)
    assert rest in str(caught.value)
    assert target._version == 0
    assert not target.requires_grad
    np.testing.assert_array_equal(target.numpy(), rows[0][0])


def test_operators_of_vmap_alone() -> None:
    """Those that no sample calls outside: indices that differ between the examples, and what takes examples apart."""
    names = {"index_at", "index_at_embed", "index_put_at", "index_clear_at", "batch_in", "batch_out", "sum_examples"}
    assert names <= set(OPS)
    x = torch.tensor(np.random.default_rng(0).normal(size=(3, 4, 5)))
    index = torch.tensor([[0, 1], [3, 1], [2, 2]])

    def function(x, i):
        y = x.clone()
        y[i] = x[:2] * x[i]
        y = y.index_put((i,), x[1:3], accumulate=True)
        return (y**2).sum()

    second = grad(lambda x, i: grad(function)(x, i).sin().sum())
    for one in (function, grad(function), second):
        expected = torch.stack([one(x[k], index[k]) for k in range(3)])
        np.testing.assert_allclose(vmap(one)(x, index).numpy(), expected.numpy(), rtol=1e-12)


def test_every_function_of_the_namespace_has_a_rule() -> None:
    """What kernels and rules call of their namespace works on all examples at once, but for what is said to loop."""
    called = set()
    for path in (Path(mibun.__file__).parent / "ops").rglob("*.py"):
        called.update(re.findall(r"\bxp\.([a-z]\w*)\(", path.read_text(encoding="utf-8")))
    functions = {name for name in called if callable(vars(numpy_namespace).get(name)) and name not in OPS}
    assert len(functions) > 150
    functions -= {
        "device_of",
        "from_numpy",
        "to_numpy",
    }  # what a namespace says of its arrays, and how they come and go
    assert functions - set(RULES) - POINTWISE - MAKERS == LOOPED


def test_loops_are_few() -> None:
    """At most 2 % of the operators go from example to example."""
    looping = [name for name, operator in OPS.items() if loops_of(operator)]
    assert len(looping) <= 0.02 * len(OPS), looping
