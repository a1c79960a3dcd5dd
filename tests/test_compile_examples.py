"""Whole programs, compiled and not: what tests and examples do, with the same bits either way.

They were not written to be compiled: most of them print, read values, use transforms or hooks. What cannot be compiled
of them is left as it is, and nothing of what they find changes.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import linecache
import re
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mibun as torch
import test_programs
from test_compile import plain
from test_transform_programs import PROGRAMS

EXAMPLES = Path(torch.__file__).parents[2] / "examples"
CALLS = 5  # the first is watched, two or three are recorded
# They take seconds to record: thousands of operations.
SLOW = """
reptile_and_implicit_maml influence_of_hyperparameters newtons_method hamiltonian_network lagrangian_dynamics
batched_ode_solver taylor_expansion kalman_filter physics_informed_network coordinates_and_metrics dp_sgd
test_adjoint_of_a_differential_equation test_gradient_with_respect_to_a_regulariser_through_unrolled_descent
test_gaussian_process_likelihood_is_learnt functional_adam influence_functions gram_matrices eigenvalue_sensitivity
test_implicit_gradient_of_a_fixed_point_by_a_hook gauss_newton_least_squares hessian_vector_products
""".split()
TRANSFORMS = [program for program in PROGRAMS if program.__name__ not in SLOW]
TESTS = [
    value
    for name, value in vars(test_programs).items()
    if name.startswith("test_") and name not in SLOW and not inspect.signature(value).parameters
]


def test_there_are_enough() -> None:
    assert len(TRANSFORMS) + len(TESTS) + 3 >= 40


@contextlib.contextmanager
def surroundings(dtype: Any) -> Any:
    """Another default dtype, and no warnings of what is not compiled."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            torch.set_default_dtype(before)


@pytest.mark.parametrize("program", TRANSFORMS, ids=[program.__name__ for program in TRANSFORMS])
def test_programs_of_transforms(program: Callable) -> None:
    with surroundings(torch.float64):
        torch.manual_seed(0)
        expected = plain(program(torch))
        compiled = torch.compile(program)
        for _ in range(CALLS):
            torch.manual_seed(0)
            assert plain(compiled(torch)) == expected


@pytest.mark.parametrize("program", TESTS, ids=[program.__name__ for program in TESTS])
def test_programs_of_tests(program: Callable) -> None:
    """They know themselves what has to come out."""
    with surroundings(torch.get_default_dtype()):
        compiled = torch.compile(program)
        for _ in range(CALLS):
            torch.manual_seed(0)
            compiled()


def printed(name: str, arguments: list[str], compile_functions: bool, monkeypatch: pytest.MonkeyPatch) -> str:
    """What an example prints on mibun; each of its functions compiled, if it is asked for."""
    path = EXAMPLES / f"{name}.py"
    text = path.read_text("utf-8")
    text = re.sub(r"^(\s*)import torch$", r"\1import mibun as torch", text, flags=re.MULTILINE)
    text = re.sub(r"^(\s*)from torch\b", r"\1from mibun", text, flags=re.MULTILINE)
    filename = f"<{path}>"
    linecache.cache[filename] = len(text), None, text.splitlines(keepends=True), filename
    scope: dict[str, Any] = {"__name__": f"example_{name}", "__file__": str(path)}
    exec(compile(text, filename, "exec"), scope)
    if compile_functions:
        for key, value in list(scope.items()):
            if isinstance(value, types.FunctionType) and value.__module__ == f"example_{name}" and key != "main":
                scope[key] = torch.compile(value)
    monkeypatch.setattr("sys.argv", [str(path), *arguments])
    with contextlib.redirect_stdout(io.StringIO()) as out:
        scope["main"]()
    return out.getvalue()


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="needs a checkout")
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("maml_sine", ["--steps", "3"]),
        ("ensembling", ["--steps", "4", "--models", "2"]),
        ("per_sample_gradients", ["--batch", "4"]),
    ],
)
def test_examples(name: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with surroundings(torch.get_default_dtype()):
        torch.manual_seed(0)
        expected = printed(name, arguments, False, monkeypatch)
        torch.manual_seed(0)
        assert printed(name, arguments, True, monkeypatch) == expected
