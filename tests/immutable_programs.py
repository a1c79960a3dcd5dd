"""Random programs of views and in-place operations, to be run on arrays of several libraries: all aliases must agree.

`python -m immutable_programs 0 200` (from `tests/`) runs the programs of these seeds on JAX's arrays.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

import mibun as torch

Make = Callable[[np.ndarray], Any]

# A view of a tensor, or None where it has none of the kind. `r` is the program's random source.
VIEWS: list[Callable[[Any, random.Random], Any]] = [
    lambda t, r: t[0] if t.ndim and t.shape[0] else None,
    lambda t, r: t[..., 1:] if t.ndim else None,
    lambda t, r: t.transpose(0, 1) if t.ndim > 1 else None,
    lambda t, r: t.reshape(-1),
    lambda t, r: t.unsqueeze(r.randint(0, t.ndim)),
    lambda t, r: t.diagonal() if t.ndim == 2 else None,
    lambda t, r: t[..., ::2] if t.ndim else None,
    lambda t, r: t.view(t.shape),
    lambda t, r: t.detach(),
    lambda t, r: t.data,
    lambda t, r: t.narrow(0, 0, 1) if t.ndim and t.shape[0] else None,
    lambda t, r: t.unfold(0, 2, 1) if t.ndim and t.shape[0] > 2 else None,
    lambda t, r: t.as_strided((2, 2), (2, 1), t.storage_offset()),
    lambda t, r: t.permute(*range(t.ndim)[::-1]),
    lambda t, r: t.unbind(0)[-1] if t.ndim and t.shape[0] else None,
    lambda t, r: t.split(2, 0)[0] if t.ndim and t.shape[0] else None,
    lambda t, r: t.expand(2, *t.shape),
    lambda t, r: t.squeeze(),
    lambda t, r: t.flatten(),
    lambda t, r: t.contiguous(),
    lambda t, r: t.movedim(0, -1) if t.ndim else None,
]


def _other(t: Any, pool: list, r: random.Random) -> Any:
    chosen = r.choice(pool)
    return t.add_(chosen * 1) if chosen.shape == t.shape else t.sub_(chosen.sum() * 1)


def _set(t: Any, pool: list, r: random.Random) -> None:
    if t.ndim and t.shape[0]:
        t[0] = r.random()


def _set_tensor(t: Any, pool: list, r: random.Random) -> None:
    if t.ndim and t.shape[0]:
        t[-1] = (t[0] * r.random()) * 1


def _put(t: Any, pool: list, r: random.Random) -> None:
    if t.ndim and t.shape[0]:
        t[[0]] = r.random()


def _transposed(t: Any, pool: list, r: random.Random) -> Any:
    return t.t_() if t.ndim == 2 else t.unsqueeze_(0)


INPLACE: list[Callable[[Any, list, random.Random], Any]] = [
    lambda t, pool, r: t.mul_(r.random() + 0.5),
    lambda t, pool, r: t.add_(r.random()),
    lambda t, pool, r: t.tanh_(),
    lambda t, pool, r: t.zero_(),
    lambda t, pool, r: t.fill_(r.random()),
    lambda t, pool, r: t.copy_((t * r.random()).detach()),
    lambda t, pool, r: t.copy_(t * r.random() + 1),
    lambda t, pool, r: t.masked_fill_(t > 0.5, 0.25),
    lambda t, pool, r: t.clamp_(-1, 1),
    lambda t, pool, r: torch.mul(t.detach(), 2, out=t.detach()),
    lambda t, pool, r: t.index_fill_(0, torch.tensor([0]).to(t.device), 0.5),
    lambda t, pool, r: t.uniform_(),
    _other,
    _set,
    _set_tensor,
    _put,
    _transposed,
]


def run(make: Make, seed: int) -> tuple[list, list[str]]:
    """The values, strides, offsets and versions of all aliases after a program, the gradient; and the errors in it."""
    r = random.Random(seed)
    torch.manual_seed(seed)
    x = make(np.random.default_rng(seed).standard_normal((3, 4))).requires_grad_()
    pool, errors, total = [x * 1.5], [], (x * 0).sum()
    for _ in range(r.randint(5, 12)):
        t = r.choice(pool)
        kind = r.choice(("view", "view", "inplace", "inplace", "inplace", "use"))
        try:
            if kind == "view":
                found = r.choice(VIEWS)(t, r)
                if found is not None:
                    pool.append(found)
            elif kind == "inplace":
                r.choice(INPLACE)(t, pool, r)
            else:
                total = total + (t * (r.random() + 0.1)).sum()
        except (RuntimeError, IndexError) as error:
            errors.append(type(error).__name__)
    values: list[Any] = [t.detach().cpu().numpy().copy() for t in pool]
    geometry = [(tuple(t.shape), t.stride(), t.storage_offset(), t._version, t.is_contiguous()) for t in pool]
    for i, t in enumerate(pool):
        if t.requires_grad:
            try:
                total = total + (t**2).sum() * (i + 1)
            except RuntimeError as error:
                errors.append(f"use: {type(error).__name__}")
    try:
        total.backward()
        values.append(x.grad.cpu().numpy())
    except RuntimeError as error:
        errors.append(f"backward: {type(error).__name__}")
    return [geometry, values], errors


def difference(make: Make, seed: int) -> str:
    """Where a program on these tensors differs from one on NumPy's; empty if nowhere."""
    (geometry, values), errors = run(torch.from_numpy, seed)
    (other_geometry, other_values), other_errors = run(make, seed)
    if errors != other_errors:
        return f"errors {other_errors}, not {errors}"
    if geometry != other_geometry:
        return next(f"{b}, not {a}" for a, b in zip(geometry, other_geometry, strict=True) if a != b)
    for i, (one, other) in enumerate(zip(values, other_values, strict=True)):
        if one.shape != other.shape or not np.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True):
            return f"values of alias {i} of {len(geometry)}:\n{other}, not\n{one}"
    return ""


if __name__ == "__main__":
    import jax

    jax.config.update("jax_enable_x64", True)
    bad = 0
    for number in range(int(sys.argv[1]), int(sys.argv[2])):
        words = difference(lambda array: torch.from_numpy(array).to("jax"), number)
        if words:
            bad += 1
            print(number, words)
    print(f"{bad} differ")
