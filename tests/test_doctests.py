"""The examples in the docstrings of the package do what they say.

They are read from the source: most public functions say that they are `mibun`'s (see `dispatch/public.py`), so that
a search through a module's attributes, as pytest's own `--doctest-modules` makes, passes them over.
"""

from __future__ import annotations

import ast
import doctest
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import mibun as torch

SOURCE = Path(torch.__file__).parent
PROMPT = re.compile(r"^[ \t]*>>> ", re.MULTILINE)


def docstrings(tree: ast.Module, module: str) -> Iterator[tuple[str, str, int]]:
    """Of a module and of all that it defines: (qualified name, docstring, line at which that starts)."""

    def inside(node: ast.AST, name: str) -> Iterator[tuple[str, str, int]]:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if node is not tree:
                name = f"{name}.{node.name}"
            text = ast.get_docstring(node, clean=False)  # cleaned, it would have lost lines at its start
            if text is not None:
                yield name, text, node.body[0].lineno
        for child in ast.iter_child_nodes(node):
            yield from inside(child, name)

    return inside(tree, module)


def examples(source: str, module: str, path: str) -> list[doctest.DocTest]:
    """The examples of a module's source, a test for each docstring that has some, with nothing defined beforehand."""
    parser = doctest.DocTestParser()
    found = docstrings(ast.parse(source), module)
    tests = [
        parser.get_doctest(text, {"__name__": "__main__"}, name, path, line - 1)
        for name, text, line in found
        if ">>>" in text
    ]
    return [test for test in tests if test.examples]


def failures(tests: list[doctest.DocTest]) -> str:
    """What doctest reports of the examples that do not give what they say: "" where all do."""
    report = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False)
    for test in tests:
        runner.run(test, out=report.write)
    return report.getvalue()


def name_of(path: Path) -> str:
    """The name under which a file of the package is imported."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    name_of(path): path for path in sorted(SOURCE.rglob("*.py")) if PROMPT.search(path.read_text(encoding="utf-8"))
}


def settings() -> tuple:
    """What an example may have set and has to set back."""
    return (
        torch.get_default_dtype(),
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.is_anomaly_enabled(),
        torch.are_deterministic_algorithms_enabled(),
    )


@pytest.mark.parametrize("module", MODULES)
def test_examples(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = MODULES[module]
    source = path.read_text(encoding="utf-8")
    tests = examples(source, module, str(path))
    # None stands where it is not looked for: in a comment, or in a string that is no docstring.
    assert sum(len(test.examples) for test in tests) == len(PROMPT.findall(source))
    monkeypatch.chdir(tmp_path)  # for examples that write files
    before = settings()
    report = failures(tests)
    assert not report, report
    assert settings() == before


def test_there_are_examples() -> None:
    """The search finds them, those of functions that say they are `mibun`'s included."""
    assert len(MODULES) > 150
    (path,) = [path for path in MODULES.values() if path.name == "determinants.py"]
    names = [test.name for test in examples(path.read_text(encoding="utf-8"), name_of(path), str(path))]
    assert torch.linalg.det.__module__ == "mibun.linalg" and f"{name_of(path)}.linalg_det" in names


def test_a_wrong_example_is_reported_where_it_stands() -> None:
    source = '''\
class Outer:
    def right(self):
        """
        >>> 1 + 1
        2
        """

    def wrong(self):
        """Two examples: nothing that another docstring defined is there.

        >>> x = 2
        >>> x + 1
        4
        """
        def inner():
            """>>> x
            2
            """
'''
    tests = examples(source, "module", "module.py")
    assert [test.name for test in tests] == [
        "module.Outer.right",
        "module.Outer.wrong",
        "module.Outer.wrong.inner",
    ]
    report = failures(tests)
    assert (
        'File "module.py", line 12, in module.Outer.wrong\n' in report and "Expected:\n    4\nGot:\n    3\n" in report
    )
    assert 'File "module.py", line 16, in module.Outer.wrong.inner\n' in report and "NameError" in report
    assert "Outer.right" not in report


def test_a_warning_is_an_error_in_an_example() -> None:
    source = '"""\n>>> import warnings; warnings.warn("old")\n"""'
    assert "UserWarning: old" in failures(examples(source, "module", "module.py"))
