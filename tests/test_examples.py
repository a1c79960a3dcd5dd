"""The shipped programs, unchanged, on mibun and, where it is installed, on PyTorch; and the README's example."""

import doctest
import gzip
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import mibun

SOURCE = Path(mibun.__file__).parents[1]
ROOT = SOURCE.parent
EXAMPLES = ROOT / "examples"

pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="needs a checkout")
ON = [
    pytest.param(["-m", "mibun", "run"], id="mibun"),
    pytest.param(
        [],
        id="torch",
        marks=[pytest.mark.oracle, pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed")],
    ),
]


def run(launcher, name, *args, cwd):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COVERAGE"))}
    environment.update(PYTHONPATH=str(SOURCE), PYTHONIOENCODING="utf-8", COLUMNS="120")
    done = subprocess.run(
        [sys.executable, *launcher, str(EXAMPLES / name), *args],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("launcher", ON)
def test_autograd_tour(launcher, tmp_path):
    text = run(launcher, "autograd_tour.py", cwd=tmp_path)
    assert text.startswith(f"Autograd in 14 situations, by {'mibun' if launcher else 'torch'} ")
    assert re.findall(r"^── (\d+)\.", text, re.MULTILINE) == [str(number) for number in range(1, 15)]
    assert re.search(r"\n\d+ results, all as expected\.\n$", text)


@pytest.mark.parametrize("launcher", ON)
def test_hogwild(launcher, tmp_path):
    before, after = run(launcher, "hogwild.py", "--start-method", "fork", cwd=tmp_path).splitlines()
    assert before.startswith("before: loss 2.3") and after.startswith("after 10 passes by 2 processes: loss 0.")


@pytest.mark.parametrize("launcher", ON)
def test_train_distributed(launcher, tmp_path):
    """One process; several are in test_distributed.py. In double precision, so the weights are PyTorch's."""
    text = run(launcher, "train_distributed.py", "--epochs", "1", "--quiet", cwd=tmp_path)
    assert re.search(r": 1 processes, held-out accuracy \d\d\.\d\d%\n", text)
    assert float(re.search(r"sum of the weights (\S+); the same in all processes: True", text)[1]) == pytest.approx(
        687.470298567, abs=1e-6
    )


def test_autograd_tour_of_one_situation(tmp_path):
    text = run(["-m", "mibun", "run"], "autograd_tour.py", "4", cwd=tmp_path)
    assert re.findall(r"^── (\d+)\.", text, re.MULTILINE) == ["4"]


@pytest.mark.slow
@pytest.mark.parametrize("launcher", ON)
def test_train_digits(launcher, tmp_path):
    """The whole program: accurate enough, frozen weights unmoved and without gradient, a plot written."""
    text = run(launcher, "train_digits.py", "--plot", "plot.png", cwd=tmp_path)
    full, head = (float(number) for number in re.findall(r"^held-out accuracy ([\d.]+)%", text, re.MULTILINE))
    assert full >= 97 and head >= 90
    assert "frozen weights bitwise as they were: True;  their .grad is None: True" in text
    assert "convolution recorded in the graph:   False;  head trained: True" in text
    if find_spec("matplotlib") is not None:
        assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_train_digits_is_reproducible_and_can_be_quiet(tmp_path):
    args = ["--epochs", "1", "--seed", "3", "--quiet"]
    texts = [run(["-m", "mibun", "run"], "train_digits.py", *args, cwd=tmp_path) for _ in range(2)]
    first, second = (re.sub(r"[\d.]+ s\b", "", text) for text in texts)
    assert first == second
    assert "epoch" in first and "head only" not in first


def test_digits_are_the_ones_described():
    """1,797 lines of 64 whole numbers from 0 to 16 and a digit, with as many of each as UCI says."""
    lines = gzip.decompress((EXAMPLES / "digits.csv.gz").read_bytes()).decode().splitlines()
    rows = [[int(number) for number in line.split(",")] for line in lines]
    assert len(rows) == 1797 and all(len(row) == 65 for row in rows)
    assert {number for row in rows for number in row[:64]} == set(range(17))
    assert [sum(row[64] == digit for row in rows) for digit in range(10)] == [
        178,
        182,
        177,
        183,
        181,
        182,
        181,
        179,
        174,
        180,
    ]


def test_readme_example():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    test = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0
