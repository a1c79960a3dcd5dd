"""The workloads as plain functions of arrays, for libraries that are not PyTorch's kind: JAX, HIPS/autograd, MyGrad.

`WORKLOADS` has them under the names of `benchmarks.workloads`, with the same numbers and the same results in the same
order. Each is written once over a `Library`: its NumPy, a few functions by which its users write such things, and how
it makes a gradient and repeats a step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

Step = Callable[[], Any]


class Library(Protocol):
    """What a library is asked for. A name that it lacks is an AttributeError: the workload has no number there."""

    np: Any  # its NumPy
    sigmoid: Callable[[Any], Any]
    erf: Callable[[Any], Any]
    logsumexp: Callable[[Any], Any]  # along the last axis
    take: Callable[[Any, Any], Any]  # rows of a table
    convolution: Callable[..., Any]  # (images, kernels, padding)
    max_pool: Callable[[Any], Any]  # 2 x 2 places of images
    repeat: Callable[..., Any]  # (body, start, n): body n times
    over: Callable[..., Any]  # (body, start, rows): body(state, row) for each row

    def array(self, value: np.ndarray) -> Any:
        """Its array of these numbers."""

    def value_and_grad(self, function: Callable[..., Any]) -> Callable[..., tuple]:
        """`(value, gradients)` of a function of a list of arrays (and data), by them."""

    def gradient(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The gradient by the first argument, which can be differentiated again."""

    def hessian(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The second derivatives of a function of one array."""

    def each(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of parameters and data for each row of the data, in one go."""

    def ready(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """The whole step as this library's users run it: compiled, where it compiles."""


def _array(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.standard_normal(shape, np.float32)


def _filled(shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray]:
    """The parameters that `benchmarks.workloads` fills modules with."""
    rng = np.random.default_rng(0)
    found = []
    for shape in shapes:
        bound = 1 / math.sqrt(max(1, math.prod(shape[1:]))) if len(shape) > 1 else 0.1
        found.append(rng.uniform(-bound, bound, shape).astype(np.float32))
    return found


def _train(lib: Library, parameters: list[np.ndarray], loss: Callable, data: tuple, optimizer: Callable) -> Step:
    """A step of training: loss, gradients, new parameters."""
    values = [lib.array(p) for p in parameters]
    state = optimizer.start(values) if hasattr(optimizer, "start") else None  # type: ignore[attr-defined]
    data = tuple([lib.array(d) for d in data])
    derivative = lib.value_and_grad(loss)

    def whole(values: list, state: Any, *data: Any) -> tuple:
        value, grads = derivative(values, *data)
        values, state = optimizer(lib.np, values, grads, state)
        return value, grads, values, state

    ready = lib.ready(whole)

    def step() -> Any:
        nonlocal values, state
        value, grads, values, state = ready(values, state, *data)
        return [value, *grads]

    return step


def _gradients(lib: Library, function: Callable) -> Callable:
    """The gradients alone, so that a library that compiles leaves out what only the value needs."""
    derivative = lib.value_and_grad(function)
    return lib.ready(lambda *arguments: derivative(*arguments)[1])


class _Sgd:
    def __init__(self, lr: float, momentum: float = 0.0) -> None:
        self.lr, self.momentum = lr, momentum

    def start(self, values: list) -> list:
        return [v * 0 for v in values] if self.momentum else []

    def __call__(self, xp: Any, values: list, grads: list, state: list) -> tuple[list, list]:
        if self.momentum:
            grads = state = [self.momentum * s + g for s, g in zip(state, grads, strict=True)]
        return [v - self.lr * g for v, g in zip(values, grads, strict=True)], state


class _Adam:
    def __init__(self, lr: float, decay: float = 0.0) -> None:
        self.lr, self.decay = lr, decay

    def start(self, values: list) -> tuple:
        return 0, [v * 0 for v in values], [v * 0 for v in values]

    def __call__(self, xp: Any, values: list, grads: list, state: tuple) -> tuple[list, tuple]:
        t = state[0] + 1
        m = [0.9 * m + 0.1 * g for m, g in zip(state[1], grads, strict=True)]
        v = [0.999 * v + 0.001 * g * g for v, g in zip(state[2], grads, strict=True)]
        rate, root = self.lr / (1 - 0.9**t), (1 - 0.999**t) ** 0.5
        new = [
            p * (1 - self.lr * self.decay) - rate * a / (xp.sqrt(b) / root + 1e-8)
            for p, a, b in zip(values, m, v, strict=True)
        ]
        return new, (t, m, v)


def _cross_entropy(lib: Library, logits: Any, one_hot: Any) -> Any:
    return lib.np.mean(lib.logsumexp(logits) - lib.np.sum(logits * one_hot, -1))


def _one_hot(classes: np.ndarray, count: int) -> np.ndarray:
    return np.eye(count, dtype=np.float32)[classes]


def _softmax(lib: Library, x: Any) -> Any:
    return lib.np.exp(x - lib.logsumexp(x)[..., None])


def _layer_norm(lib: Library, x: Any, weight: Any = None, bias: Any = None) -> Any:
    xp = lib.np
    centred = x - xp.mean(x, -1, keepdims=True)
    normal = centred / xp.sqrt(xp.mean(centred * centred, -1, keepdims=True) + 1e-5)
    return normal if weight is None else normal * weight + bias


def _gelu(lib: Library, x: Any) -> Any:
    return 0.5 * x * (1 + lib.erf(x * math.sqrt(0.5)))


def tutorial(lib: Library) -> Step:
    gradients = _gradients(lib, lambda values: lib.np.log(values[0] ** 3))
    return lambda: gradients([lib.array(np.float32(5.0))])


def chain(lib: Library) -> Step:
    w = lib.array(np.array([1.01, 0.99, 1.02, 0.98], np.float32))

    def loss(values: list) -> Any:
        y = values[0]
        for _ in range(100):
            y = y * values[0]
        return lib.np.sum(y)

    gradients = _gradients(lib, loss)
    return lambda: gradients([w])


def expression(lib: Library) -> Step:
    x = lib.array(_array(np.random.default_rng(0), 16))

    def loss(values: list) -> Any:
        a, b = values[0], values[0] * 0.5
        for _ in range(25):
            c = a * b + a
            d = lib.sigmoid(c) - b
            a, b = lib.np.tanh(d * 0.9 + b), c * 0.1 + d
        return lib.np.sum(a + b)

    gradients = _gradients(lib, loss)
    return lambda: gradients([x])


def small_mlp(lib: Library) -> Step:
    rng = np.random.default_rng(0)
    x, y = _array(rng, 64, 784), _one_hot(rng.integers(0, 10, 64), 10)

    def loss(p: list, x: Any, y: Any) -> Any:
        h = lib.np.maximum(x @ p[0].T + p[1], 0)
        h = lib.np.maximum(h @ p[2].T + p[3], 0)
        return _cross_entropy(lib, h @ p[4].T + p[5], y)

    shapes = [(128, 784), (128,), (64, 128), (64,), (10, 64), (10,)]
    return _train(lib, _filled(shapes), loss, (x, y), _Sgd(1e-3, 0.9))


def large_mlp(lib: Library) -> Step:
    rng = np.random.default_rng(0)
    x, y = _array(rng, 512, 1024), _array(rng, 512, 1024)

    def loss(p: list, x: Any, y: Any) -> Any:
        h = _gelu(lib, x @ p[0].T + p[1])
        h = _gelu(lib, h @ p[2].T + p[3])
        return lib.np.mean((h @ p[4].T + p[5] - y) ** 2)

    return _train(lib, _filled([(1024, 1024), (1024,)] * 3), loss, (x, y), _Adam(1e-4))


def lenet(lib: Library) -> Step:
    rng = np.random.default_rng(0)
    x, y = _array(rng, 64, 1, 28, 28), _one_hot(rng.integers(0, 10, 64), 10)

    def loss(p: list, x: Any, y: Any) -> Any:
        relu = lambda h: lib.np.maximum(h, 0)  # noqa: E731
        h = lib.max_pool(relu(lib.convolution(x, p[0], 2) + p[1][:, None, None]))
        h = lib.max_pool(relu(lib.convolution(h, p[2], 0) + p[3][:, None, None]))
        h = relu(h.reshape(64, 400) @ p[4].T + p[5])
        h = relu(h @ p[6].T + p[7])
        return _cross_entropy(lib, h @ p[8].T + p[9], y)

    shapes = [(6, 1, 5, 5), (6,), (16, 6, 5, 5), (16,), (120, 400), (120,), (84, 120), (84,), (10, 84), (10,)]
    return _train(lib, _filled(shapes), loss, (x, y), _Sgd(1e-3))


def residual_block(lib: Library) -> Step:
    x = _array(np.random.default_rng(0), 16, 64, 32, 32)

    def norm(h: Any, weight: Any, bias: Any) -> Any:
        xp = lib.np
        centred = h - xp.mean(h, (0, 2, 3), keepdims=True)
        variance = xp.mean(centred * centred, (0, 2, 3), keepdims=True)
        return centred / xp.sqrt(variance + 1e-5) * weight[:, None, None] + bias[:, None, None]

    def loss(p: list, x: Any) -> Any:
        h = lib.np.maximum(norm(lib.convolution(x, p[0], 1), p[1], p[2]), 0)
        h = lib.np.maximum(norm(lib.convolution(h, p[3], 1), p[4], p[5]) + x, 0)
        return lib.np.mean(h * h)

    return _train(lib, _filled([(64, 64, 3, 3), (64,), (64,)] * 2), loss, (x,), _Sgd(1e-3))


def small_gpt(lib: Library) -> Step:
    rng = np.random.default_rng(0)
    tokens, targets = [rng.integers(0, 65, (8, 64)) for _ in range(2)]
    linear = [(384, 128), (384,), (128, 128), (128,), (512, 128), (512,), (128, 512), (128,)]
    block = [(128,), (128,), (128,), (128,), *linear]
    shapes = [(65, 128), (64, 128), *block, *block, (128,), (128,), (65, 128)]
    hidden = np.where(np.triu(np.ones((64, 64)), 1) > 0, np.float32(-1e9), np.float32(0))

    def heads(h: Any) -> Any:
        return lib.np.transpose(h.reshape(8, 64, 4, 32), (0, 2, 1, 3))

    def loss(p: list, tokens: Any, targets: Any, hidden: Any) -> Any:
        xp = lib.np
        x = lib.take(p[0], tokens) + p[1]
        for first in (2, 14):
            n1, b1, n2, b2, qkv, qkv_b, proj, proj_b, up, up_b, down, down_b = p[first : first + 12]
            all_three = _layer_norm(lib, x, n1, b1) @ qkv.T + qkv_b
            q, k, v = [heads(all_three[..., i : i + 128]) for i in (0, 128, 256)]
            weights = _softmax(lib, xp.matmul(q, xp.swapaxes(k, -1, -2)) * (1 / math.sqrt(32)) + hidden)
            x = x + xp.transpose(xp.matmul(weights, v), (0, 2, 1, 3)).reshape(8, 64, 128) @ proj.T + proj_b
            x = x + _gelu(lib, _layer_norm(lib, x, n2, b2) @ up.T + up_b) @ down.T + down_b
        return _cross_entropy(lib, _layer_norm(lib, x, p[26], p[27]) @ p[28].T, targets)

    data = (tokens, _one_hot(targets, 65), hidden)
    return _train(lib, _filled(shapes), loss, data, _Adam(3e-4, 0.01))


def lstm_by_hand(lib: Library) -> Step:
    rng = np.random.default_rng(0)
    x = lib.array(_array(rng, 50, 32, 64))
    w, u = [lib.array(_array(rng, n, 512) * np.float32(0.1)) for n in (64, 128)]
    b, zero = lib.array(np.zeros(512, np.float32)), np.zeros((32, 128), np.float32)

    def loss(p: list, x: Any) -> Any:
        def cell(state: tuple, row: Any) -> tuple:
            gates = row @ p[0] + state[0] @ p[1] + p[2]
            i, f, g, o = [gates[:, k : k + 128] for k in (0, 128, 256, 384)]
            c = lib.sigmoid(f) * state[1] + lib.sigmoid(i) * lib.np.tanh(g)
            return lib.sigmoid(o) * lib.np.tanh(c), c

        h, _ = lib.over(cell, (lib.array(zero), lib.array(zero)), x)
        return lib.np.mean(h * h)

    gradients = _gradients(lib, loss)
    return lambda: gradients([w, u, b], x)


def black_scholes(lib: Library) -> Step:
    rng, n = np.random.default_rng(0), 10**6
    bounds = ((80, 120), (80, 120), (0.2, 2), (0.1, 0.5))
    s, k, t, sigma = [lib.array(rng.uniform(low, high, n).astype(np.float32)) for low, high in bounds]
    r = lib.array(np.full(n, 0.03, np.float32))

    def phi(z: Any) -> Any:
        return 0.5 * (1 + lib.erf(z / math.sqrt(2)))

    def total(values: list) -> Any:
        s, k, t, sigma, r = values
        root = sigma * lib.np.sqrt(t)
        d1 = (lib.np.log(s / k) + (r + 0.5 * sigma**2) * t) / root
        return lib.np.sum(s * phi(d1) - k * lib.np.exp(-r * t) * phi(d1 - root))

    gradients = _gradients(lib, total)
    return lambda: gradients([s, k, t, sigma, r])


def logistic_regression(lib: Library) -> Step:
    rng = np.random.default_rng(0)
    x = lib.array(_array(rng, 100_000, 50))
    y = lib.array(rng.integers(0, 2, 100_000).astype(np.float32))
    w, b = lib.array(np.zeros(50, np.float32)), lib.array(np.float32(0))

    def loss(p: list, x: Any, y: Any) -> Any:
        z = lib.np.matmul(x, p[0]) + p[1]
        return lib.np.mean(lib.np.logaddexp(0, z) - y * z)

    derivative = lib.ready(lib.value_and_grad(loss))

    def step() -> Any:
        value, grads = derivative([w, b], x, y)
        return [value, *grads]

    return step


def hessian(lib: Library) -> Step:
    x = lib.array(np.linspace(-1, 1, 100))

    def rosenbrock(x: Any) -> Any:
        return lib.np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    second = lib.ready(lib.hessian(rosenbrock))
    return lambda: [second(x)]


def ode(lib: Library) -> Step:
    start = lib.array(np.ones(3))

    def f(y: Any) -> Any:
        a, b, c = y[0], y[1], y[2]
        return lib.np.stack([10 * (b - a), a * (28 - c) - b, a * b - 8 / 3 * c])

    def runge_kutta(y: Any) -> Any:
        h = 0.002
        k1 = f(y)
        k2 = f(y + h / 2 * k1)
        k3 = f(y + h / 2 * k2)
        k4 = f(y + h * k3)
        return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

    gradients = _gradients(lib, lambda values: lib.np.sum(lib.repeat(runge_kutta, values[0], 200)))
    return lambda: gradients([start])


def gradient_penalty(lib: Library) -> Step:
    x = lib.array(_array(np.random.default_rng(0), 64, 128))
    parameters = [lib.array(p) for p in _filled([(256, 128), (256,), (256, 256), (256,), (1, 256), (1,)])]
    xp = lib.np

    def critic(p: list, x: Any) -> Any:
        return xp.tanh(xp.tanh(x @ p[0].T + p[1]) @ p[2].T + p[3]) @ p[4].T + p[5]

    def loss(p: list, x: Any) -> Any:
        g = lib.gradient(lambda x: xp.sum(critic(p, x)))(x)
        return xp.mean(critic(p, x)) + 10 * xp.mean((xp.sqrt(xp.sum(g * g, 1)) - 1) ** 2)

    derivative = lib.ready(lib.value_and_grad(loss))

    def step() -> Any:
        value, grads = derivative(parameters, x)
        return [value, *grads]

    return step


def per_sample(lib: Library) -> Step:
    rng = np.random.default_rng(0)
    shapes = [(128, 64), (128,), (10, 128), (10,)]
    parameters = [lib.array(_array(rng, *shape) * np.float32(0.1)) for shape in shapes]
    x, y = lib.array(_array(rng, 256, 64)), lib.array(_one_hot(rng.integers(0, 10, 256), 10))

    def loss(p: list, x: Any, y: Any) -> Any:
        hidden = lib.np.maximum(p[0] @ x + p[1], 0)
        return _cross_entropy(lib, p[2] @ hidden + p[3], y)

    derivative = lib.ready(lib.each(lib.gradient(loss)))
    return lambda: derivative(parameters, x, y)


def deep_chain(lib: Library) -> Step:
    w = lib.array(np.ones(2, np.float32))
    loss = lambda values: lib.np.sum(lib.repeat(lambda y: y * (1 + 2**-16), values[0], 100_000))  # noqa: E731
    gradients = _gradients(lib, loss)
    return lambda: gradients([w])


def rows(lib: Library) -> Step:
    x = lib.array(_array(np.random.default_rng(0), 4096, 1024))
    g = lib.array(_array(np.random.default_rng(1), 4096, 1024))

    def loss(values: list, g: Any) -> Any:
        out = _softmax(lib, values[0]) + _layer_norm(lib, values[0])
        return lib.np.sum(out * g) + lib.np.sum(lib.logsumexp(values[0]))

    derivative = lib.ready(lib.value_and_grad(loss))

    def step() -> Any:
        value, grads = derivative([x], g)
        return [value, *grads]

    return step


def embedding(lib: Library) -> Step:
    rng = np.random.default_rng(0)
    table = lib.array(_array(rng, 50_000, 64))
    index = lib.array(rng.integers(0, 50_000, 65_536))
    g = lib.array(_array(rng, 65_536, 64))
    loss = lambda values, index, g: lib.np.sum(lib.take(values[0], index) * g)  # noqa: E731
    gradients = _gradients(lib, loss)
    return lambda: gradients([table], index, g)


def attention(lib: Library) -> Step:
    rng = np.random.default_rng(0)
    operands = [lib.array(_array(rng, 16, 8, 128, 64)) for _ in range(3)]

    def loss(values: list) -> Any:
        weights = _softmax(lib, lib.np.einsum("bhqd,bhkd->bhqk", values[0], values[1]) / 8)
        out = lib.np.einsum("bhqk,bhkd->bhqd", weights, values[2])
        return lib.np.mean(out * out)

    gradients = _gradients(lib, loss)
    return lambda: gradients(operands)


WORKLOADS: dict[str, Callable[[Any], Step]] = {
    "tutorial: tensor, x**3, log, backward": tutorial,
    "chain of 100 multiplications": chain,
    "expression of 200 operations": expression,
    "small MLP step": small_mlp,
    "large MLP step, GELU, Adam": large_mlp,
    "LeNet step": lenet,
    "residual block step": residual_block,
    "small GPT step": small_gpt,
    "LSTM by hand, 50 steps": lstm_by_hand,
    "Black-Scholes and greeks, 10**6": black_scholes,
    "logistic regression, 100,000 x 50": logistic_regression,
    "Hessian of 100-d Rosenbrock": hessian,
    "gradient through 200 RK4 steps": ode,
    "gradient penalty": gradient_penalty,
    "per-sample gradients by vmap": per_sample,
    "chain of 100,000 nodes": deep_chain,
    "softmax, logsumexp, layer norm": rows,
    "embedding gradient": embedding,
    "attention by einsum": attention,
}
