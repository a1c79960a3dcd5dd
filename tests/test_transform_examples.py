"""The programs of PyTorch's guide to function transforms as ours: the same numbers on mibun and on PyTorch."""

from __future__ import annotations

import functools
import re
import tempfile
from importlib.util import find_spec

import pytest

from test_examples import EXAMPLES, run

pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="needs a checkout")
NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d+(?:e[+-]?\d+)?")

# How far apart the numbers may be, relative to themselves and at least one unit of their last digit. What is computed
# once in float32 has errors of some 1e-7, which sums of a few hundred terms, in another order, and sixty steps of
# training make larger; in float64 they stay below what is printed.
PROGRAMS = {
    "per_sample_gradients.py": 1e-5,
    "ensembling.py": 1e-4,
    "jacobians_hessians.py": 1e-8,
    "neural_tangent_kernels.py": 1e-8,
    "maml_sine.py": 1e-7,
}
# What each of them finds out about itself: (words, how often).
FOUND = {
    "per_sample_gradients.py": (": True|  True$", 10),
    "ensembling.py": ("as by a loop: True", 2),
    "jacobians_hessians.py": ("  (symmetric: )?equal", 14),
    "neural_tangent_kernels.py": ("  True$", 3),
}


def test_every_program_of_transforms_is_tried():
    names = [path.name for path in EXAMPLES.glob("*.py") if "torch.func" in path.read_text("utf-8")]
    assert sorted(names) == sorted(PROGRAMS)


@functools.cache
def printed(name):
    """What a program prints on mibun, with the time that it takes at the end."""
    with tempfile.TemporaryDirectory() as folder:
        return run(["-m", "mibun", "run"], name, "--time", cwd=folder)


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_finds_what_it_should(name):
    text = printed(name)
    words, count = FOUND.get(name, ("False", 0))
    assert len(re.findall(words, text, re.MULTILINE)) == count, text
    assert "False" not in text and "off by" not in text
    assert len(NUMBER.findall(text)) > 15
    assert re.search(r"[\d.]+ times", text)


def test_maml_learns_to_learn():
    """After training one step on ten points helps more than it did before; and second derivatives matter."""
    text = printed("maml_sine.py")
    before, after = (
        [float(x) for x in re.search(rf"^{name} +(.*)$", text, re.M)[1].split()] for name in ("before", "after")
    )
    assert after[1] < before[1] - 1 and after[0] - after[1] > before[0] - before[1]
    assert 0.5 < float(re.search(r"cosine.* ([\d.]+)$", text, re.M)[1]) < 0.9999


@pytest.mark.oracle
@pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed")
@pytest.mark.parametrize("name", PROGRAMS)
def test_program_prints_the_same_numbers_on_both(name, tmp_path):
    theirs = run([], name, cwd=tmp_path)
    ours = "\n".join(printed(name).split("\n")[: theirs.count("\n")]) + "\n"  # without the times
    assert NUMBER.sub("#", re.sub(r" +", " ", ours)) == NUMBER.sub("#", re.sub(r" +", " ", theirs))
    for left, right in zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True):
        unit = 10.0 ** -len(right.partition("e")[0].partition(".")[2])
        assert abs(float(left) - float(right)) <= 1.01 * unit + PROGRAMS[name] * abs(float(right)), (left, right)
