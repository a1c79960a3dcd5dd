"""Some of the workloads as one writes them for JAX by hand: `jax.jit` of the whole step, parameters on its side.

WORKLOADS has the names of `benchmarks/workloads.py`; each makes a step that returns what the other one returns. State
(parameters, an optimizer's averages) goes from call to call as arrays of JAX's. With 64 bits switched on, as
`torch.compile(backend="xla")` has them where the dtypes say so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .workloads import generator, normal

Step = Callable[[], Any]


def _parameters(*shapes: tuple[int, ...]) -> list[Any]:
    """What `filled` gives the parameters of a module."""
    rng = generator()
    found = []
    for shape in shapes:
        bound = 1 / math.sqrt(max(1, math.prod(shape[1:]))) if len(shape) > 1 else 0.1
        found.append(jnp.asarray(rng.uniform(-bound, bound, shape).astype(np.float32)))
    return found


def _dense(*sizes: int) -> list[Any]:
    shapes: list[tuple[int, ...]] = []
    for before, after in zip(sizes, sizes[1:], strict=False):
        shapes += [(after, before), (after,)]
    return _parameters(*shapes)


def _layers(parameters: Any, x: Any, activation: Callable) -> Any:
    last = len(parameters) - 2
    for i in range(0, len(parameters), 2):
        x = x @ parameters[i].T + parameters[i + 1]
        if i < last:
            x = activation(x)
    return x


def _cross_entropy(logits: Any, labels: Any) -> Any:
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1).mean()


def _of(function: Callable, *arrays: Any) -> Step:
    """A step without state: the function, jitted."""
    jitted = jax.jit(function)
    return lambda: jax.block_until_ready(jitted(*arrays))


def _training(loss: Callable, parameters: list, update: Callable, state: Any) -> Step:
    """A step of training: `update(parameters, gradients, state)` gives the next parameters and state."""

    @jax.jit
    def whole(parameters: Any, state: Any) -> Any:
        value, gradients = jax.value_and_grad(loss)(parameters)
        parameters, state = update(parameters, gradients, state)
        return parameters, state, [value, *gradients]

    held = [parameters, state]

    def step() -> Any:
        held[0], held[1], found = whole(*held)
        return jax.block_until_ready(found)

    return step


def chain() -> Step:
    def f(w: Any) -> Any:
        y = w
        for _ in range(100):
            y = y * w
        return y.sum()

    return _of(lambda w: [jax.grad(f)(w)], jnp.asarray([1.01, 0.99, 1.02, 0.98], jnp.float32))


def expression() -> Step:
    def f(x: Any) -> Any:
        a, b = x, x * 0.5
        for _ in range(25):
            c = a * b + a
            d = jax.nn.sigmoid(c) - b
            a, b = jnp.tanh(d * 0.9 + b), c * 0.1 + d
        return (a + b).sum()

    return _of(lambda x: [jax.grad(f)(x)], jnp.asarray(normal(generator(), 16)))


def small_mlp() -> Step:
    rng = generator()
    x, y = jnp.asarray(normal(rng, 64, 784)), jnp.asarray(rng.integers(0, 10, 64))
    parameters = _dense(784, 128, 64, 10)

    def update(parameters: list, gradients: list, state: list) -> Any:
        state = [0.9 * m + g for m, g in zip(state, gradients, strict=True)]
        return [p - 1e-3 * m for p, m in zip(parameters, state, strict=True)], state

    def loss(p: Any) -> Any:
        return _cross_entropy(_layers(p, x, jax.nn.relu), y)

    return _training(loss, parameters, update, [jnp.zeros_like(p) for p in parameters])


def large_mlp() -> Step:
    rng = generator()
    x, y = jnp.asarray(normal(rng, 512, 1024)), jnp.asarray(normal(rng, 512, 1024))
    parameters = _dense(1024, 1024, 1024, 1024)

    def update(parameters: list, gradients: list, state: Any) -> Any:
        n, first, second = state
        n = n + 1
        first = [0.9 * m + 0.1 * g for m, g in zip(first, gradients, strict=True)]
        second = [0.999 * v + 0.001 * g * g for v, g in zip(second, gradients, strict=True)]
        a, b = 1e-4 / (1 - 0.9**n), 1 / jnp.sqrt(1 - 0.999**n)
        moved = [p - a * m / (jnp.sqrt(v) * b + 1e-8) for p, m, v in zip(parameters, first, second, strict=True)]
        return moved, (n, first, second)

    zeros = [jnp.zeros_like(p) for p in parameters]

    def loss(p: Any) -> Any:
        return jnp.square(_layers(p, x, lambda h: jax.nn.gelu(h, approximate=False)) - y).mean()

    return _training(loss, parameters, update, (jnp.float32(0), zeros, zeros))


def lenet() -> Step:
    rng = generator()
    x, y = jnp.asarray(normal(rng, 64, 1, 28, 28)), jnp.asarray(rng.integers(0, 10, 64))
    shapes = [(6, 1, 5, 5), (6,), (16, 6, 5, 5), (16,), (120, 400), (120,), (84, 120), (84,), (10, 84), (10,)]

    def convolved(x: Any, w: Any, b: Any, padding: int) -> Any:
        out = jax.lax.conv_general_dilated(x, w, (1, 1), [(padding, padding)] * 2)
        out = jax.nn.relu(out + b[:, None, None])
        return jax.lax.reduce_window(out, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    def loss(p: Any) -> Any:
        h = convolved(convolved(x, p[0], p[1], 2), p[2], p[3], 0)
        return _cross_entropy(_layers(p[4:], h.reshape(64, 400), jax.nn.relu), y)

    def update(parameters: list, gradients: list, state: Any) -> Any:
        return [p - 1e-3 * g for p, g in zip(parameters, gradients, strict=True)], state

    return _training(loss, _parameters(*shapes), update, ())


def lstm_by_hand() -> Step:
    rng = generator()
    x = jnp.asarray(normal(rng, 50, 32, 64))
    w, u = [jnp.asarray(normal(rng, n, 512) * 0.1) for n in (64, 128)]

    def loss(weights: Any) -> Any:
        w, u, b = weights

        def cell(state: Any, inputs: Any) -> Any:
            h, c = state
            i, f, g, o = jnp.split(inputs @ w + h @ u + b, 4, axis=1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

        zeros = jnp.zeros((32, 128), jnp.float32)
        (h, _), _ = jax.lax.scan(cell, (zeros, zeros), x)
        return jnp.square(h).mean()

    return _of(jax.grad(loss), [w, u, jnp.zeros(512, jnp.float32)])


def black_scholes() -> Step:
    rng, n = generator(), 10**6
    s, k = [rng.uniform(80, 120, n).astype(np.float32) for _ in range(2)]
    t, sigma = rng.uniform(0.2, 2, n).astype(np.float32), rng.uniform(0.1, 0.5, n).astype(np.float32)
    leaves = [jnp.asarray(one) for one in (s, k, t, sigma, np.full(n, 0.03, np.float32))]

    def phi(z: Any) -> Any:
        return 0.5 * (1 + jax.lax.erf(z / math.sqrt(2)))

    def price(leaves: Any) -> Any:
        s, k, t, sigma, r = leaves
        root = sigma * jnp.sqrt(t)
        d1 = (jnp.log(s / k) + (r + 0.5 * sigma**2) * t) / root
        return (s * phi(d1) - k * jnp.exp(-r * t) * phi(d1 - root)).sum()

    return _of(jax.grad(price), leaves)


def logistic_regression() -> Step:
    rng = generator()
    x, y = jnp.asarray(normal(rng, 100_000, 50)), jnp.asarray(rng.integers(0, 2, 100_000).astype(np.float32))

    def loss(weights: Any) -> Any:
        z = x @ weights[0] + weights[1]
        return (jax.nn.softplus(z) - y * z).mean()

    def both(weights: Any) -> Any:
        value, gradients = jax.value_and_grad(loss)(weights)
        return [value, *gradients]

    return _of(both, [jnp.zeros(50, jnp.float32), jnp.float32(0)])


def hessian() -> Step:
    def rosenbrock(x: Any) -> Any:
        return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()

    return _of(lambda x: [jax.hessian(rosenbrock)(x)], jnp.linspace(-1, 1, 100, dtype=jnp.float64))


def ode() -> Step:
    def f(y: Any) -> Any:
        a, b, c = y
        return jnp.stack([10 * (b - a), a * (28 - c) - b, a * b - 8 / 3 * c])

    def end(y: Any) -> Any:
        h = 0.002

        def step(y: Any, _: Any) -> Any:
            k1 = f(y)
            k2 = f(y + h / 2 * k1)
            k3 = f(y + h / 2 * k2)
            k4 = f(y + h * k3)
            return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), None

        return jax.lax.scan(step, y, None, length=200)[0].sum()

    return _of(lambda y: [jax.grad(end)(y)], jnp.ones(3, jnp.float64))


def gradient_penalty() -> Step:
    parameters = _dense(128, 256, 256, 1)
    data = jnp.asarray(normal(generator(), 64, 128))

    def loss(p: Any) -> Any:
        out, pull = jax.vjp(lambda x: _layers(p, x, jnp.tanh), data)
        (g,) = pull(jnp.ones_like(out))
        return out.mean() + 10 * jnp.square(jnp.linalg.norm(g, axis=1) - 1).mean()

    def both(p: Any) -> Any:
        value, gradients = jax.value_and_grad(loss)(p)
        return [value, *gradients]

    return _of(both, parameters)


def rows() -> Step:
    x, g = jnp.asarray(normal(generator(), 4096, 1024)), jnp.asarray(normal(generator(1), 4096, 1024))

    def loss(x: Any) -> Any:
        mean, variance = x.mean(1, keepdims=True), x.var(1, keepdims=True)
        out = jax.nn.softmax(x, 1) + (x - mean) / jnp.sqrt(variance + 1e-5)
        return (out * g).sum() + jax.nn.logsumexp(x, 1).sum()

    return _of(lambda x: list(jax.value_and_grad(loss)(x)), x)


def embedding() -> Step:
    rng = generator()
    table = jnp.asarray(normal(rng, 50_000, 64))
    index = jnp.asarray(rng.integers(0, 50_000, 65_536))
    g = jnp.asarray(normal(rng, 65_536, 64))
    # (All of them are arguments: XLA takes a minute to fold what is constant.)
    return _of(lambda table, index, g: [jax.grad(lambda table: (table[index] * g).sum())(table)], table, index, g)


def attention() -> Step:
    rng = generator()
    arrays = [jnp.asarray(normal(rng, 16, 8, 128, 64)) for _ in range(3)]

    def loss(arrays: Any) -> Any:
        q, k, v = arrays
        weights = jax.nn.softmax(jnp.einsum("bhqd,bhkd->bhqk", q, k) / 8, -1)
        return jnp.square(jnp.einsum("bhqk,bhkd->bhqd", weights, v)).mean()

    return _of(jax.grad(loss), arrays)


WORKLOADS: dict[str, Callable[[], Step]] = {
    "chain of 100 multiplications": chain,
    "expression of 200 operations": expression,
    "small MLP step": small_mlp,
    "large MLP step, GELU, Adam": large_mlp,
    "LeNet step": lenet,
    "LSTM by hand, 50 steps": lstm_by_hand,
    "Black-Scholes and greeks, 10**6": black_scholes,
    "logistic regression, 100,000 x 50": logistic_regression,
    "Hessian of 100-d Rosenbrock": hessian,
    "gradient through 200 RK4 steps": ode,
    "gradient penalty": gradient_penalty,
    "softmax, logsumexp, layer norm": rows,
    "embedding gradient": embedding,
    "attention by einsum": attention,
}
