"""The pages that `python -m tools.docs` writes are fresh, whole, and the same at every run."""

from __future__ import annotations

import ast
import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mibun
import mibun.sparse  # which declares its operators
from mibun.core.registry import OPS

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path(mibun.__file__).parent

pytestmark = pytest.mark.skipif(not (ROOT / "tools" / "docs.py").is_file(), reason="needs a checkout")


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess:
    """Run one of `tools/` as a reader of the documentation does."""
    # Another seed of hashes than this process has: no page depends on the order of a set.
    environment = {**os.environ, "PYTHONPATH": str(SOURCE.parent), "PYTHONHASHSEED": "77", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", f"tools.{name}", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="ast.unparse writes some rules in other words elsewhere")
def test_the_generated_pages_are_fresh() -> None:
    done = tool("docs", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_map_has_every_module_with_a_sentence() -> None:
    lines = re.findall(r"^\* \[.*?\]\(\.\./(.*?)\): (.*)$", (ROOT / "docs" / "map.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(path for path, _ in lines) == sorted(
        path.relative_to(ROOT).as_posix() for path in SOURCE.rglob("*.py")
    )
    assert [path for path, said in lines if len(said) < 12] == []


def test_every_operator_has_an_entry() -> None:
    text = (ROOT / "docs" / "operators.md").read_text("utf-8")
    assert sorted(re.findall(r"^#### (\S+)$", text, re.MULTILINE)) == sorted(OPS)
    assert "g * xp.conj(out)" in text.partition("#### exp\n")[2].partition("####")[0]


def test_entries_are_printed_with_their_line() -> None:
    done = tool("docs", "exp")
    file, _, line = done.stdout.splitlines()[0].partition(":")
    assert "def exp(" in "".join((ROOT / file).read_text("utf-8").splitlines()[int(line) - 1 : int(line) + 9])
    assert tool("docs", "no_such_operator").returncode == 1


def test_the_tour_prints_what_it_says() -> None:
    """Its last step compares values and derivatives with mibun's own."""
    done = tool("pages", "docs/tour.md")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("True") and "False" not in done.stdout


def test_the_tour_is_as_short_as_it_says() -> None:
    """Some 150 lines that define something, empty ones and examples not counted."""
    text = (ROOT / "docs" / "tour.md").read_text("utf-8").partition("## 8.")[0]
    lines = 0
    for code in re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for node in ast.parse(code).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import)):
                start = min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", ()))])
                lines += sum(bool(line.strip()) for line in code.splitlines()[start - 1 : node.end_lineno])
    assert 130 <= lines <= 160


def test_the_page_on_transforms_prints_what_it_says() -> None:
    """Its examples are one session, from the first to the last."""
    text = (ROOT / "docs" / "transforms.md").read_text("utf-8")
    session = "\n".join(re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    test = doctest.DocTestParser().get_doctest(session, {}, "transforms.md", "docs/transforms.md", 0)
    done = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test)
    assert done.attempted > 30 and done.failed == 0


PAGES = [
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
    *(path.name for path in ROOT.glob("*.md")),
]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_names_are_in_the_files_that_they_link_to(page: str) -> None:
    path = ROOT / page
    pointers = re.findall(r"\[`(\w+)`\]\(([^)\s]+\.py)\)", path.read_text("utf-8"))
    assert [
        (name, file)
        for name, file in pointers
        if not re.search(
            rf"^\s*(?:(?:def|class) {name}\b|{name}\b.*? = )", (path.parent / file).read_text("utf-8"), re.M
        )
    ] == []
