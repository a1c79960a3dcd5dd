"""The table of mistakes in `tests/test_mistakes.py`, against installed PyTorch: it raises the classes written there."""

import copy
import warnings

import pytest

torch = pytest.importorskip("torch")

from test_mistakes import MISTAKES  # noqa: E402

COMMON = [m for m in MISTAKES if m[0] != "a method that mibun lacks"]


@pytest.mark.parametrize(("setup", "line", "kind"), [m[1:4] for m in COMMON], ids=[m[0] for m in COMMON])
def test_class_of_the_error(setup, line, kind):
    torch.manual_seed(0)
    names = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, "copy": copy}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(setup, names)
        with pytest.raises(Exception) as caught:
            exec(line, names)
    assert type(caught.value).__name__ == kind
