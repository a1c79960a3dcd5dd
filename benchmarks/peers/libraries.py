"""The libraries that are compared, each as its users would use it. `open_library` gives what makes its steps."""

from __future__ import annotations

import importlib
import importlib.util
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import workloads
from . import functional, operators

PEERS = ("mibun", "torch", "torch.compile", "jax", "autograd", "mygrad")
_PACKAGES = {"torch.compile": "torch", "mibun.compile": "mibun"}


class Jax:
    """JAX, each step compiled as a whole by `jax.jit`."""

    def __init__(self) -> None:
        import jax
        import jax.numpy
        import jax.scipy.special

        jax.config.update("jax_enable_x64", True)  # (two workloads are in double precision)
        self.jax, self.np = jax, jax.numpy
        self.sigmoid, self.erf = jax.nn.sigmoid, jax.scipy.special.erf

    def logsumexp(self, x: Any) -> Any:
        return self.jax.scipy.special.logsumexp(x, -1)

    def take(self, table: Any, index: Any) -> Any:
        return table[index]

    def convolution(self, x: Any, kernels: Any, padding: int) -> Any:
        return self.jax.lax.conv_general_dilated(x, kernels, (1, 1), [(padding, padding)] * 2)

    def max_pool(self, x: Any) -> Any:
        lax = self.jax.lax
        return lax.reduce_window(x, -math.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    def repeat(self, body: Callable, start: Any, n: int) -> Any:
        return self.jax.lax.scan(lambda state, _: (body(state), None), start, None, n)[0]

    def over(self, body: Callable, start: Any, rows: Any) -> Any:
        return self.jax.lax.scan(lambda state, row: (body(state, row), None), start, rows)[0]

    def array(self, value: Any) -> Any:
        return self.np.asarray(value)

    def value_and_grad(self, function: Callable) -> Callable:
        return self.jax.value_and_grad(function)

    def gradient(self, function: Callable) -> Callable:
        return self.jax.grad(function)

    def hessian(self, function: Callable) -> Callable:
        return self.jax.hessian(function)

    def each(self, function: Callable) -> Callable:
        return self.jax.vmap(function, (None, 0, 0))

    def ready(self, step: Callable) -> Callable:
        compiled = self.jax.jit(step)
        return lambda *values: self.jax.block_until_ready(compiled(*values))


class Autograd:
    """HIPS/autograd."""

    def __init__(self) -> None:
        import autograd
        import autograd.numpy
        import autograd.scipy.special

        self.autograd, self.np = autograd, autograd.numpy
        self.erf = autograd.scipy.special.erf

    def sigmoid(self, x: Any) -> Any:
        return 1 / (1 + self.np.exp(-x))

    def logsumexp(self, x: Any) -> Any:
        return self.autograd.scipy.special.logsumexp(x, -1)

    def take(self, table: Any, index: Any) -> Any:
        return table[index]

    def repeat(self, body: Callable, start: Any, n: int) -> Any:
        for _ in range(n):
            start = body(start)
        return start

    def over(self, body: Callable, start: Any, rows: Any) -> Any:
        for row in rows:
            start = body(start, row)
        return start

    def array(self, value: Any) -> Any:
        return value

    def value_and_grad(self, function: Callable) -> Callable:
        return self.autograd.value_and_grad(function)

    def gradient(self, function: Callable) -> Callable:
        return self.autograd.grad(function)

    def hessian(self, function: Callable) -> Callable:
        return self.autograd.hessian(function)

    def ready(self, step: Callable) -> Callable:
        return step


class MyGrad:
    """MyGrad, which has first derivatives."""

    def __init__(self) -> None:
        import mygrad
        from mygrad.nnet.activations import sigmoid

        self.np, self.sigmoid = mygrad, sigmoid

    def logsumexp(self, x: Any) -> Any:
        largest = self.np.max(x, -1, keepdims=True)
        return self.np.log(self.np.sum(self.np.exp(x - largest), -1)) + largest[..., 0]

    def take(self, table: Any, index: Any) -> Any:
        return table[index]

    def repeat(self, body: Callable, start: Any, n: int) -> Any:
        for _ in range(n):
            start = body(start)
        return start

    def over(self, body: Callable, start: Any, rows: Any) -> Any:
        for row in rows:
            start = body(start, row)
        return start

    def array(self, value: Any) -> Any:
        return value

    def value_and_grad(self, function: Callable) -> Callable:
        def both(values: list, *data: Any) -> tuple:
            leaves = [self.np.tensor(value) for value in values]
            loss = function(leaves, *data)
            loss.backward()
            return loss.data, [leaf.grad for leaf in leaves]

        return both

    def ready(self, step: Callable) -> Callable:
        return step


def installed(peer: str) -> bool:
    """Whether the library is there."""
    return importlib.util.find_spec(_PACKAGES.get(peer, peer)) is not None


def open_library(peer: str, threads: int) -> Callable[[str], Callable[[], Any]]:
    """name of a workload -> its step in this library. AttributeError where the library lacks what it needs."""
    own = {"jax": Jax, "autograd": Autograd, "mygrad": MyGrad}.get(peer)
    if own is not None:
        library: Any = own()
        return lambda name: (
            functional.WORKLOADS[name](library)
            if name in functional.WORKLOADS
            else operators.functional_step(library, name)
        )
    torch: Any = importlib.import_module(_PACKAGES.get(peer, peer))
    torch.set_num_threads(threads)

    def step_of(name: str) -> Callable[[], Any]:
        known = workloads.WORKLOADS
        step = known[name](torch) if name in known else operators.torch_step(torch, name)
        return torch.compile(step) if peer.endswith(".compile") else step

    return step_of


def as_arrays(results: Any) -> list[np.ndarray]:
    """The results of a step as NumPy's arrays."""
    return [np.asarray(r.detach().numpy() if hasattr(r, "detach") else r, np.float64) for r in results]
