"""Every sample on the arrays of another library: value, gradient and second gradient against the run on NumPy's.

`python -m arrays_matrix jax` (from `tests/`) runs all of them and prints the table of `docs/arrays.md`; a program that
is started so for each family keeps a crash of the library from taking the rest with it. `test_arrays_jax.py` has a
fixed number of samples of each family.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import mibun as torch
import samples as all_samples
from mibun.core.tensor import Tensor, wrap
from samples.declare import S, tensors_in

FAMILIES = "copies fourier images pointwise reductions shapes indexing products neural signals special linalg".split()


def family(name: str) -> list[S]:
    """The samples of a family."""
    return getattr(all_samples, name).SAMPLES


def cases(name: str) -> Iterator[tuple[S, bool]]:
    """Each sample of a family, with real and, where it has them, complex numbers."""
    for sample in family(name):
        yield sample, False
        if sample.complex and sample.floats():
            yield sample, True


def cotangent(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Fixed random numbers."""
    random = np.random.default_rng(len(shape) + sum(shape))
    values = random.uniform(-1, 1, shape)
    if dtype.kind == "c":
        values = values + 1j * random.uniform(-1, 1, shape)
    return np.asarray(values, dtype)


def numbers(tensor: Any) -> np.ndarray:
    """A tensor's values on the host."""
    return np.asarray(tensor.detach().resolve_conj().resolve_neg().cpu().numpy())


def results(sample: S, arrays: list[np.ndarray], place: Callable[[np.ndarray], Tensor]) -> list[Any]:
    """The values, gradients and second gradients of a sample on tensors that `place` makes of the arrays."""
    torch.manual_seed(0)
    tensors = [place(array.copy()) for array in arrays]
    for tensor, differentiated in zip(tensors, sample.differentiated(), strict=True):
        if differentiated and (tensor.is_floating_point() or tensor.is_complex()):
            tensor.requires_grad_()
    outputs = tensors_in(sample.run(torch, tensors))
    found: list[Any] = [("value", [numbers(out) for out in outputs])]
    inputs = [tensor for tensor in tensors if tensor.requires_grad]
    for order in range(sample.order):
        outputs = [out for out in outputs if out is not None and out.requires_grad]
        if not outputs:
            break
        ones = [
            place(cotangent(tuple(out.shape), np.dtype(out.dtype.np))).requires_grad_() for out in outputs
        ]
        outputs = list(
            torch.autograd.grad(outputs, inputs, ones, create_graph=True, allow_unused=True)
        )
        found.append(("grad second".split()[order], [None if out is None else numbers(out) for out in outputs]))
    return found


def difference(found: list, expected: list, tol: float) -> str:
    """Where two results differ; empty if they do not."""
    for (what, own), (_, others) in zip(found, expected, strict=True):
        if len(own) != len(others):
            return f"{what}: {len(own)} outputs, not {len(others)}"
        for one, other in zip(own, others, strict=True):
            if (one is None) != (other is None):
                return f"{what}: None"
            if one is None:
                continue
            if one.shape != other.shape or one.dtype != other.dtype:
                return f"{what}: {one.dtype}{list(one.shape)}, not {other.dtype}{list(other.shape)}"
            if not np.allclose(one, other, rtol=tol, atol=tol, equal_nan=True):
                return f"{what}: differs by {np.nanmax(np.abs(one - other)):.1e}"
    return ""


def on_numpy(array: np.ndarray) -> Tensor:
    """A tensor of NumPy's."""
    return torch.from_numpy(array)


def on_jax(array: np.ndarray) -> Tensor:
    """A tensor of JAX's, on its first device."""
    return torch.from_numpy(array).to("jax")


@contextlib.contextmanager
def jax_session() -> Iterator[None]:
    """JAX with 64 bits, and new tensors made there."""
    import jax

    jax.config.update("jax_enable_x64", True)
    with torch.device("jax"):
        yield


def jitted(sample: S, arrays: list[np.ndarray]) -> list[Any]:
    """The values and the gradients of a sample within `jax.jit`: the arrays are what it traces."""
    import jax

    names: list[str] = []

    def program(values: list[Any]) -> list[Any]:
        given = iter(values)
        tensors = [wrap(next(given)) for _ in values]
        for tensor, differentiated in zip(tensors, sample.differentiated(), strict=True):
            if differentiated and tensor.dtype.is_floating_point | tensor.dtype.is_complex:
                tensor.requires_grad_()
        torch.manual_seed(0)
        outputs = tensors_in(sample.run(torch, tensors))
        parts = [("value", [out._array_ for out in outputs])]
        inputs = [tensor for tensor in tensors if tensor.requires_grad]
        outputs = [out for out in outputs if out.requires_grad]
        if sample.order and outputs:
            ones = [on_jax(cotangent(tuple(out.shape), np.dtype(out.dtype.np))) for out in outputs]
            grads = torch.autograd.grad(outputs, inputs, ones, allow_unused=True)
            parts.append(("grad", [None if grad is None else grad._array_ for grad in grads]))
        names[:] = [name for name, _ in parts]
        return [part for _, part in parts]

    found = jax.jit(program)([jax.numpy.asarray(array) for array in arrays])
    return [
        (name, [None if one is None else np.asarray(one) for one in part]) for name, part in zip(names, found, strict=True)
    ]


def failure(sample: S, complex_: bool, way: str) -> str:
    """What goes wrong with a sample; empty if nothing does."""
    arrays = sample.arrays(complex_)
    with np.errstate(all="ignore"):
        expected = results(sample, arrays, on_numpy)
    try:
        with jax_session():
            found = jitted(sample, arrays) if way == "jax-jit" else results(sample, arrays, on_jax)
    except Exception as error:
        trace = traceback.extract_tb(error.__traceback__)
        places = [f"{frame.filename.rpartition('mibun/')[2]}:{frame.lineno}" for frame in trace if "/mibun/" in frame.filename]
        return f"{type(error).__name__}: {str(error).splitlines()[0][:90] if str(error) else ''} ({', '.join(places[-1:])})"
    return difference(found, expected[: len(found)], max(1e-9, 10 * sample.tol))


def main() -> None:
    """Run whole families, and print a line for each failure and one with the count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=["jax", "jax-jit"])
    parser.add_argument("families", nargs="*", default=FAMILIES)
    parser.add_argument("--start", default="", help="begin after the sample of this name")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    for name in options.families or FAMILIES:
        passed, n, began = 0, 0, time.perf_counter()
        for sample, complex_ in cases(name):
            wrong = failure(sample, complex_, options.way)
            n += 1
            passed += not wrong
            if wrong:
                print(f"  {name}/{sample.id}{'-complex' if complex_ else ''}: {wrong}", flush=True)
        total.update(passed=passed, n=n)
        print(f"{name}: {passed} of {n} ({time.perf_counter() - began:.0f} s)", flush=True)
    print(f"all: {total['passed']} of {total['n']}")
    sys.exit(total["passed"] < total["n"])


if __name__ == "__main__":
    main()
