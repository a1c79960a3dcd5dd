"""All samples of operators on arrays of other libraries: value, gradient and second gradient, against NumPy's.

`tests/test_arrays_matrix.py` runs a seeded part of it; as a program, this module runs all of it and prints the counts,
of which the table in docs/arrays.md is made:

    python -m tests.arrays_matrix strict|fakecupy|dask|jax [--vmap|--jit] [--part N] [--names word ...] [--quiet]

With `--vmap`, the samples and their gradients under `vmap`, against a loop over NumPy's arrays: with all tensors mapped
over, each alone, their in-place forms, and gradients of a backward outside (`vmapping.py`). With `--jit`, of JAX alone,
values and gradients of what `jax.jit` traces, computed step by step as it was traced.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path[:0] = [part for part in [str(Path(__file__).parent)] if part not in sys.path]

import mibun as torch  # noqa: E402
import mibun.sparse  # noqa: E402  (which declares its operators)
import vmapping  # noqa: E402
from mibun.core.registry import DEVICES, NAMESPACES, constant_beside  # noqa: E402
from mibun.core.tensor import wrap  # noqa: E402
from samples import SAMPLES  # noqa: E402
from samples.declare import S, tensors_in  # noqa: E402

HOSTS = {"equal"}  # samples that make a tensor of a Python number
ORDERS = ("value", "gradient", "recorded gradient", "second gradient")


@dataclass
class Library:
    """A library of arrays in the matrix.

    kind: the class of its arrays. to, back: from a NumPy array, and several to such. around: a context in which samples
    run. skipped: the start of a sample's name -> why it can't run there. computed: how often something was computed,
    since it was last asked, that nobody had asked for.
    """

    name: str
    kind: type
    to: Callable[[np.ndarray], Any]
    back: Callable[[list], list[np.ndarray]]
    around: Callable[[], contextlib.AbstractContextManager] = contextlib.nullcontext
    skipped: dict[str, str] = field(default_factory=dict)
    version: str = ""
    computed: Callable[[], int] = lambda: 0
    tolerance: float = 1e-9

    def why_skipped(self, sample: S) -> str | None:
        """Why a sample is not run, or None."""
        found = [words for start, words in self.skipped.items() if sample.id.startswith(start)]
        return found[0] if found else None


def _plain(arrays: Any) -> list[np.ndarray]:
    return [np.asarray(array) for array in arrays]


def _strict() -> Library:
    import array_api_strict

    namespace = NAMESPACES[type(array_api_strict.asarray(0))]
    return Library(
        "array-api-strict",
        namespace.base.kind,
        namespace.from_numpy,
        lambda arrays: [namespace.to_numpy(array) for array in arrays],
        version=array_api_strict.__version__,
    )


def _jax() -> Library:
    import jax

    jax.config.update("jax_enable_x64", True)
    return Library(
        "JAX",
        jax.Array,
        jax.numpy.asarray,
        _plain,
        around=lambda: torch.device("jax"),  # where the samples' own constants are made
        version=jax.__version__,
    )


def _fakecupy() -> Library:
    import fake_cupy
    from mibun.xp.cupy import bind

    namespace = NAMESPACES[fake_cupy.ndarray] = bind(fake_cupy, "over_fake_cupy")
    DEVICES["cuda"] = lambda: namespace
    return Library(
        "CuPy (a stand-in)", fake_cupy.ndarray, fake_cupy.asarray, lambda arrays: [array.get() for array in arrays]
    )


class _Counted:
    """Dask's scheduler of one thread, with a count of how often something was computed."""

    times = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        import dask

        self.times += 1
        return dask.get(*args, **kwargs)


def _dask() -> Library:
    import dask
    import dask.array as da

    counted = _Counted()

    def back(arrays: list) -> list[np.ndarray]:
        return _plain(dask.compute(*arrays, scheduler="sync"))

    def since_last() -> int:
        times, counted.times = counted.times, 0
        return times

    return Library(
        "Dask",
        da.Array,
        lambda array: da.from_array(array, chunks=tuple([max(1, -(-n // 2)) for n in array.shape]), name=False),
        back,
        around=lambda: dask.config.set(scheduler=counted),
        version=dask.__version__,
        computed=since_last,
    )


LIBRARIES: dict[str, Callable[[], Library]] = {"strict": _strict, "fakecupy": _fakecupy, "dask": _dask, "jax": _jax}


# --- one sample ---


def known(sample: S) -> bool:
    """Whether mibun has the operator."""
    if sample.call is not None:
        return True
    if sample.method:
        return hasattr(torch.Tensor, sample.name)
    with contextlib.suppress(AttributeError):
        sample.function(torch)
        return True
    return False


def cases() -> list[tuple[S, bool]]:
    """All samples, with real numbers and with complex ones."""
    return [
        (sample, complex_)
        for sample in SAMPLES
        if known(sample)
        for complex_ in ((False, True) if sample.complex and sample.floats() else (False,))
    ]


def seeded_part(part: int, seed: int = 0) -> list[tuple[S, bool]]:
    """So many of the cases, chosen by a seed."""
    found = cases()
    return random.Random(seed).sample(found, min(part, len(found)))


def name_of(sample: S, complex_: bool) -> str:
    """A case by its name."""
    return sample.id + ("-complex" if complex_ else "")


def _cotangent(shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    values = np.cos(np.arange(np.prod(shape, dtype=int)) + 0.5).reshape(shape)
    return np.asarray(values * (1 + 0.5j) if dtype.is_complex else values)


class Escaped(AssertionError):
    """A result that is no array of the library's."""


def run(sample: S, complex_: bool, to: Callable[[np.ndarray], Any], back: Callable, kind: type) -> Iterator[list]:
    """The values of a sample, then its gradients, then the gradients of these, as NumPy arrays.

    to: a raw array from NumPy's. kind: what all results have to be.
    """
    torch.manual_seed(0)

    def constant(array: np.ndarray, dtype: Any) -> Any:
        return wrap(to(array.astype(dtype.np)))

    def results(tensors: list) -> list:
        values = []
        for tensor in tensors:
            if tensor is None:
                values.append(None)
                continue
            array = tensor.detach().resolve_conj().resolve_neg()._array_
            if isinstance(array, np.generic) and kind is np.ndarray:
                array = np.asarray(array)
            if not isinstance(array, kind) and sample.id not in HOSTS:
                raise Escaped(f"a result is {type(array).__module__}.{type(array).__name__}")
            values.append(array)
        found = iter(back([array for array in values if isinstance(array, kind)]))
        return [
            next(found) if isinstance(array, kind) else None if array is None else np.asarray(array) for array in values
        ]

    tensors = [wrap(to(array.copy())) for array in sample.arrays(complex_)]
    for tensor, wanted in zip(tensors, sample.differentiated(), strict=True):
        if wanted and (tensor.is_floating_point() or tensor.is_complex()):
            tensor.requires_grad_()
    outputs = tensors_in(sample.run(torch, tensors))
    yield results(outputs)
    inputs = [tensor for tensor in tensors if tensor.requires_grad]
    for order in range(sample.order):
        outputs = [out for out in outputs if out is not None and out.requires_grad]
        if not outputs:
            return
        grads = [constant(_cotangent(tuple(out.shape), out.dtype), out.dtype).requires_grad_() for out in outputs]
        if not order:  # over raw arrays, then recorded
            yield results(list(torch.autograd.grad(outputs, inputs, grads, retain_graph=True, allow_unused=True)))
        outputs = list(torch.autograd.grad(outputs, inputs, grads, create_graph=True, allow_unused=True))
        inputs = [*inputs, *grads]
        yield results(outputs)


def _same(found: Any, expected: Any, tolerance: float) -> None:
    assert (found is None) == (expected is None), "one has no gradient"
    if expected is not None:
        assert found.dtype == expected.dtype, f"dtype {found.dtype}, not {expected.dtype}"
        assert found.shape == expected.shape, f"shape {found.shape}, not {expected.shape}"
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def check(library: Library, sample: S, complex_: bool) -> int:
    """Compare one case with NumPy; how often something was computed before it was asked for. Raises what fails."""
    tolerance = max(library.tolerance, sample.tol)
    expected = list(run(sample, complex_, lambda array: array, _plain, np.ndarray))
    early = 0
    with library.around():
        found = run(sample, complex_, library.to, library.back, library.kind)
        for order, values in enumerate(expected):
            try:
                parts = next(found)
                assert len(parts) == len(values), "another number of results"
                for one, other in zip(parts, values, strict=True):
                    _same(one, other, tolerance)
            except Exception as error:
                error.add_note(f"in the {ORDERS[order]}")
                raise
        early += library.computed()
    return early


# --- all of them ---


@dataclass
class Report:
    """What became of the cases."""

    library: Library
    passed: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)  # passed, but something was computed before it was asked for
    skipped: dict[str, str] = field(default_factory=dict)
    failed: dict[str, Exception] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def total(self) -> int:
        """How many cases there are."""
        return len(self.passed) + len(self.skipped) + len(self.failed)

    def row(self) -> str:
        """The row of the table in docs/arrays.md."""
        share = 100 * len(self.passed) / max(self.total, 1)
        return (
            f"| {self.library.name} {self.library.version} | {self.total} | {len(self.passed)} ({share:.1f} %) | "
            f"{len(self.skipped)} | {len(self.failed)} |"
        )


def check_vmap(library: Library, sample: S, complex_: bool) -> int:
    """Compare one case under `vmap` with a loop over NumPy's arrays. Raises what fails."""
    for column in ("all", "one", "inplace", "outside"):
        try:
            with library.around():
                vmapping.check(sample, complex_, column, library.to, library.tolerance)
        except Exception as error:
            error.add_note(f"in the column {column}")
            raise
    library.computed()
    return 0


def check_jit(library: Library, sample: S, complex_: bool, values: bool = True) -> int:
    """Compare one case, traced as a function of all its arrays, with NumPy: value and gradient. Raises what fails.

    values: whether what was traced is also computed.
    """
    import jax

    def function(*arrays: Any) -> list:
        torch.manual_seed(0)
        tensors = [wrap(array) for array in arrays]
        for tensor, wanted in zip(tensors, sample.differentiated(), strict=True):
            if wanted and (tensor.is_floating_point() or tensor.is_complex()):
                tensor.requires_grad_()
        outputs = [out for out in tensors_in(sample.run(torch, tensors)) if out is not None]
        found, inputs = list(outputs), [tensor for tensor in tensors if tensor.requires_grad]
        ends = [out for out in outputs if out.requires_grad]
        if ends and sample.order:
            grads = [
                wrap(constant_beside(_cotangent(tuple(out.shape), out.dtype).astype(out.dtype.np), out._array_))
                for out in ends
            ]
            found += [grad for grad in torch.autograd.grad(ends, inputs, grads, allow_unused=True) if grad is not None]
        return [tensor.detach().resolve_conj().resolve_neg()._array_ for tensor in found]

    arrays = sample.arrays(complex_)
    expected = function(*[array.copy() for array in arrays])
    given = [library.to(array) for array in arrays]
    with library.around():
        traced = jax.make_jaxpr(function)(*given)
        if not values:
            assert [one.aval.shape for one in traced.jaxpr.outvars] == [one.shape for one in expected]
            return 0
        found = jax.core.eval_jaxpr(traced.jaxpr, traced.consts, *given)
    assert len(found) == len(expected), "another number of results"
    for one, other in zip(found, expected, strict=True):
        _same(np.asarray(one), np.asarray(other), max(library.tolerance, sample.tol))
    return 0


def run_matrix(
    library: Library,
    chosen: list[tuple[S, bool]],
    tell: Callable[[str], None] = lambda _: None,
    check: Callable[[Library, S, bool], int] = check,
) -> Report:
    """Run these cases."""
    report, began = Report(library), time.perf_counter()
    for sample, complex_ in chosen:
        name = name_of(sample, complex_)
        why = library.why_skipped(sample)
        if why is not None:
            report.skipped[name] = why
            continue
        try:
            if check(library, sample, complex_):
                report.early.append(name)
            report.passed.append(name)
        except Exception as error:
            report.failed[name] = error
            tell(f"{name}: {type(error).__name__}: {shortened(error)}")
    report.seconds = time.perf_counter() - began
    return report


def shortened(error: Exception) -> str:
    """The error in one line: its first words, when it came, and the last place in mibun that it came through."""
    words = " ".join(str(error).split())[:160]
    notes = ", ".join(getattr(error, "__notes__", ()))
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if "mibun" in frame.filename]
    last = f" [{places[-1].filename.rpartition('mibun/')[2]}:{places[-1].lineno}]" if places else ""
    return f"{words} ({notes}){last}"


def main(arguments: list[str] | None = None) -> None:
    """Run the matrix for a library and print what became of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", choices=sorted(LIBRARIES))
    parser.add_argument("--vmap", action="store_true", help="under vmap, against a loop")
    parser.add_argument("--jit", action="store_true", help="traced by jax.jit")
    parser.add_argument("--no-values", action="store_true", help="with --jit, trace alone")
    parser.add_argument("--part", type=int, help="so many cases, chosen by a seed, instead of all")
    parser.add_argument("--names", nargs="*", default=(), help="only those whose name contains one of these words")
    parser.add_argument("--quiet", action="store_true", help="only the row of the table")
    parser.add_argument("--trace", action="store_true", help="the whole traceback of what fails")
    given = parser.parse_args(arguments)
    library = LIBRARIES[given.library]()
    chosen = cases() if given.part is None else seeded_part(given.part)
    if given.names:
        chosen = [case for case in chosen if any(word in name_of(*case) for word in given.names)]
    with np.errstate(all="ignore"):
        how = check_vmap if given.vmap else partial(check_jit, values=not given.no_values) if given.jit else check
        report = run_matrix(library, chosen, print if not given.quiet else lambda _: None, how)
    if given.trace:
        for name, error in report.failed.items():
            print(f"\n--- {name}")
            traceback.print_exception(error)
    if not given.quiet:
        for why in sorted(set(report.skipped.values())):
            print(f"skipped {list(report.skipped.values()).count(why)}: {why}")
        if report.early:
            print(f"computed before it was asked for: {len(report.early)}: {' '.join(report.early)}")
        print(f"{report.seconds:.0f} s")
    print(report.row())


if __name__ == "__main__":
    importlib.import_module("warnings").simplefilter("ignore")
    main()
