"""The mistakes of `tests/test_transform_mistakes.py`, against installed PyTorch: its classes and first words."""

import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from test_transform_mistakes import MISTAKES, outcome  # noqa: E402

# Where the first words are others: PyTorch's are those of the kernel that it happens to call with all examples, of its
# argument parser, or of its own kind of levels; the class is the same.
OTHER_WORDS = {
    "matrix product that does not fit inside",
    "chunks with out_dims None",
    "function takes more arguments",
    "tensor of an example",
    "in place on what has no examples",
    "in place on what the outer level lacks",
    "a captured value of an outer vmap, in place",
    "scatter_ into what has no examples",
    "functional_call value None",
    "out_dims nested for a Tensor",
    "as_strided of an example",
    "reshape that does not fit",
    "linearize by a number",
    "cotangents one by one",
    "a name that does not exist",
    "an example after its vmap: torch.cat([k[0], x])",
    "an example after its vmap: grad(lambda a: (a * k[0]).sum())(x)",
}


@pytest.mark.parametrize(("name", "kind", "code"), [one[:3] for one in MISTAKES], ids=[one[0] for one in MISTAKES])
def test_mistake_is_pytorchs(name: str, kind: str, code: str) -> None:
    raised, words = outcome(torch, code)
    assert raised == kind, words
    if name not in OTHER_WORDS:
        first = words[:30]
        assert outcome(mibun, code)[1][: len(first)] == first


def test_exceptions_are_in_the_table() -> None:
    assert OTHER_WORDS <= {one[0] for one in MISTAKES}
