"""Something else where a Tensor is meant, in every function of the samples: refused where PyTorch refuses it.

The class of the error is PyTorch's, or TypeError where PyTorch's own Python code stumbles (AttributeError).
"""

import warnings

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from samples import SAMPLES  # noqa: E402
from samples.declare import B, I, X  # noqa: E402

INSTEAD = {
    "a number": 1,
    "a truth value": True,
    "a list": [1.0, 2.0],
    "an array": np.ones((2, 3)),
    "None": None,
    "a text": "a",
}

# Where mibun does otherwise, and why.
OTHERWISE = {
    "nn.functional.gaussian_nll_loss": "the target must be a Tensor, the variance may be a number, of any kind",
    "nn.functional.multilabel_soft_margin_loss": "an array beside a Tensor is multiplied",
}


def named(library, name):
    for part in name.split("."):
        library = getattr(library, part)
    return library


def seen(library, sample, arrays, place, value):
    arguments = list(sample.with_tensors([library.tensor(array) for array in arrays]))
    arguments[place] = value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            named(library, sample.name)(*arguments, **sample.kw)
        except Exception as error:
            return type(error).__name__
    return "nothing"


FIRST = {}
for _sample in SAMPLES:
    if _sample.call is None and not _sample.method and _sample.name not in OTHERWISE:
        FIRST.setdefault(_sample.name, _sample)


@pytest.mark.parametrize("what", INSTEAD)
def test_no_tensor(what):
    wrong = []
    for name, sample in FIRST.items():
        try:
            named(torch, name)
        except AttributeError:
            continue
        arrays = sample.arrays()
        for place, spec in enumerate(sample.args):
            if isinstance(spec, X | I | B):
                theirs = seen(torch, sample, arrays, place, INSTEAD[what])
                ours = seen(mibun, sample, arrays, place, INSTEAD[what])
                if ours != theirs and (theirs, ours) != ("AttributeError", "TypeError"):
                    wrong.append(f"{name}, argument {place + 1}: {ours}, PyTorch {theirs}")
    assert len(FIRST) > 400
    assert not wrong, "\n".join(wrong)


def test_numbers_come_second_in_comparisons():
    x = mibun.tensor([1.0, 2.0])
    for name in ("eq", "ne", "lt", "le", "gt", "ge", "less", "greater_equal", "not_equal"):
        compare = getattr(mibun, name)
        for call in (lambda f=compare: f(1, x), lambda f=compare: f(1, other=x), lambda f=compare: f(input=1, other=x)):
            with pytest.raises(TypeError, match="argument 'input'"):
                call()
        compare(x, 1), getattr(x, name)(1.5)
    assert (1 < x).tolist() == [False, True] and (1 == x).tolist() == [True, False]


def test_the_error_has_no_other_behind_it():
    with pytest.raises(TypeError, match="fill.*'input' .position 1. must be Tensor, not int") as caught:
        mibun.fill(1, 2.0)
    assert caught.value.__suppress_context__
