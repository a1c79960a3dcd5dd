"""The recipes of CONTRIBUTING.md: each block of code is put into a copy of the file that it names, and tested there."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "CONTRIBUTING.md"

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="needs a checkout")

# Where what the recipes add is tried: files, and a choice of their tests.
FILES = ["test_ops.py", "test_ops_array_api.py", "test_nn_modules.py", "test_pickling_modules.py", "test_optim.py"]
NAMES = ["gudermannian", "logmeanexp", "sincos", "every_nth", "center", "maxout", "test_lion"]
EXAMPLES = "torch.logmeanexp, torch.sincos, torch.every_nth, torch.center, torch.nn.Maxout, torch.optim.Lion"


def blocks() -> list[tuple[str, str, str]]:
    """(file, what is said of it, code) for each block whose first line names a file."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(r"^```python\n# (\S+\.py)([^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_what_stands_there_does() -> None:
    found = 0
    for file, said, code in blocks():
        if said:
            found += 1
            source = (ROOT / file).read_text(encoding="utf-8")
            if file.startswith("src/"):
                (shown,) = ast.parse(code).body
                assert isinstance(shown, ast.FunctionDef)
                standing = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
                assert ast.dump(shown) == ast.dump(standing[shown.name])
            else:
                assert textwrap.indent(f"{code.rstrip()},\n", "    ") in source
    assert found == 2


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with all recipes followed."""
    root = tmp_path_factory.mktemp("recipes")
    for folder in ("src", "tests"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    for file, said, code in blocks():
        if not said:
            if file.startswith("tests/samples/"):
                samples = ", ".join(ast.unparse(statement) for statement in ast.parse(code).body)
                code = f"SAMPLES += [{samples}]\n"
            path = root / file
            before = path.read_text(encoding="utf-8") + "\n\n" if path.exists() else ""
            path.write_text(before + code, encoding="utf-8")
    return root


def python(root: Path, *arguments: str) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST", "COV"))}
    environment.update(PYTHONPATH=str(root / "src"), PYTHONIOENCODING="utf-8", PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_recipes_work(copy: Path) -> None:
    chosen = [f"tests/{name}" for name in FILES]
    options = ["-q", "-p", "no:cacheprovider", "-k", " or ".join(NAMES)]
    summary = python(copy, "-m", "pytest", *options, *chosen).splitlines()[-1]
    assert int(re.findall(r"(\d+) passed", summary)[0]) > 80, summary
    python(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_counting_library.py")


def test_the_examples_of_the_recipes(copy: Path) -> None:
    code = f"""
        import doctest
        import mibun as torch
        for object in {EXAMPLES}:
            (test,) = doctest.DocTestFinder(recurse=False).find(object, globs={{}})
            assert test.examples and doctest.DocTestRunner().run(test).failed == 0
    """
    python(copy, "-c", textwrap.dedent(code))
