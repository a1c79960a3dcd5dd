"""Quickstarts of libraries written for PyTorch give PyTorch's numbers: the light ones of `ecosystem/`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
if not (ROOT / "ecosystem").is_dir():
    pytest.skip("the programs are in the checkout alone", allow_module_level=True)
sys.path.insert(0, str(ROOT))
from ecosystem import __main__ as ecosystem  # noqa: E402


@pytest.mark.parametrize("name", ecosystem.LIGHT)
def test_gives_the_numbers_of_pytorch(name):
    if not ecosystem.is_installed(name):
        pytest.skip(f"{name} is not installed: pip install --no-deps -r ecosystem/light.txt")
    outcome = ecosystem.run(name, [sys.executable, "-m", "mibun", "run"])
    assert not outcome.words, f"{outcome.words} (python -m ecosystem {name})"


def test_differences_are_found():
    """The comparison can fail: by a number, by a line, by a program's error."""
    assert ecosystem.difference("loss 1.0 True", "loss 1.00001 1")[1] == ""
    assert ecosystem.difference("loss 1.0", "loss 1.001")[1] == "loss: 1, on PyTorch 1.001"
    assert ecosystem.difference("loss 1.0", "loss 1.0\nmore 2")[1]
    assert ecosystem.difference("loss nan", "loss nan")[1] == ""
    assert ecosystem.difference("loss nan", "loss 1.0")[1]
