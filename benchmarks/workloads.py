"""Whole workloads, mibun against PyTorch eager: `python -m benchmarks.workloads [PATTERN] [--rounds N] [--threads N]`.

Each workload is what a user writes, the making of tensors included. Both libraries compute it from the same numbers,
and their results are compared before anything is timed. They are timed alternately in one process (CPU time with one
thread, wall time with more), and the minimum over the rounds is printed: on a noisy machine only ratios within a run
mean anything.
"""

from __future__ import annotations

import argparse
import importlib
import math
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

Step = Callable[[], Any]  # does the work once; returns the tensors that are compared


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.standard_normal(shape, np.float32)


def filled(module: Any, torch: Any, seed: int = 0) -> Any:
    """The same parameters in both libraries."""
    rng = generator(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            bound = 1 / math.sqrt(max(1, parameter[0].numel())) if parameter.dim() > 1 else 0.1
            parameter.copy_(torch.from_numpy(rng.uniform(-bound, bound, tuple(parameter.shape)).astype(np.float32)))
    return module


def tutorial(torch: Any) -> Step:
    """A tensor, x ** 3, log, backward."""

    def step() -> Any:
        x = torch.tensor(5.0, requires_grad=True)
        torch.log(x**3).backward()
        return [x.grad]

    return step


def chain(torch: Any) -> Step:
    """100 multiplications of four numbers one after another."""
    w = torch.tensor([1.01, 0.99, 1.02, 0.98], requires_grad=True)

    def step() -> Any:
        w.grad = None
        y = w
        for _ in range(100):
            y = y * w
        y.sum().backward()
        return [w.grad]

    return step


def expression(torch: Any) -> Step:
    """A graph of 200 operations on 16 numbers, with results that are used more than once."""
    x = torch.from_numpy(normal(generator(), 16)).requires_grad_()

    def step() -> Any:
        x.grad = None
        a, b = x, x * 0.5
        for _ in range(25):
            c = a * b + a
            d = torch.sigmoid(c) - b
            a, b = torch.tanh(d * 0.9 + b), c * 0.1 + d
        (a + b).sum().backward()
        return [x.grad]

    return step


def train(torch: Any, module: Any, optimizer: Any, loss: Callable[[], Any]) -> Step:
    def step() -> Any:
        optimizer.zero_grad()
        value = loss()
        value.backward()
        optimizer.step()
        return [value, *[p.grad for p in module.parameters()]]

    return step


def small_mlp(torch: Any) -> Step:
    """784-128-64-10 with ReLU, batch 64, cross entropy, SGD with momentum."""
    nn, rng = torch.nn, generator()
    model = filled(
        nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)), torch
    )
    x, y = torch.from_numpy(normal(rng, 64, 784)), torch.from_numpy(rng.integers(0, 10, 64))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
    return train(torch, model, optimizer, lambda: nn.functional.cross_entropy(model(x), y))


def large_mlp(torch: Any) -> Step:
    """1024-1024-1024-1024 with GELU, batch 512, mean squared error, Adam."""
    nn, rng = torch.nn, generator()
    model = filled(
        nn.Sequential(nn.Linear(1024, 1024), nn.GELU(), nn.Linear(1024, 1024), nn.GELU(), nn.Linear(1024, 1024)), torch
    )
    x, y = torch.from_numpy(normal(rng, 512, 1024)), torch.from_numpy(normal(rng, 512, 1024))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    return train(torch, model, optimizer, lambda: nn.functional.mse_loss(model(x), y))


def lenet(torch: Any) -> Step:
    """LeNet on 64 images of 28 x 28, SGD."""
    nn, rng = torch.nn, generator()
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip
    model = filled(model, torch)
    x, y = torch.from_numpy(normal(rng, 64, 1, 28, 28)), torch.from_numpy(rng.integers(0, 10, 64))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    return train(torch, model, optimizer, lambda: nn.functional.cross_entropy(model(x), y))


def residual_block(torch: Any) -> Step:
    """Two 3 x 3 convolutions of 64 channels with batch norm and a shortcut, 16 images of 32 x 32."""
    nn = torch.nn

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv1, self.norm1 = nn.Conv2d(64, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64)
            self.conv2, self.norm2 = nn.Conv2d(64, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64)

        def forward(self, x: Any) -> Any:
            out = torch.relu(self.norm1(self.conv1(x)))
            return torch.relu(self.norm2(self.conv2(out)) + x)

    model = filled(Block(), torch)
    x = torch.from_numpy(normal(generator(), 16, 64, 32, 32))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    return train(torch, model, optimizer, lambda: model(x).square().mean())


def small_gpt(torch: Any) -> Step:
    """Two transformer blocks of width 128, 4 heads, 8 sequences of 64 tokens of 65, AdamW."""
    nn, functional, rng = torch.nn, torch.nn.functional, generator()

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(128), nn.LayerNorm(128)
            self.qkv, self.proj = nn.Linear(128, 384), nn.Linear(128, 128)
            self.up, self.down = nn.Linear(128, 512), nn.Linear(512, 128)

        def forward(self, x: Any, mask: Any) -> Any:
            b, t, c = x.shape
            q, k, v = [part.view(b, t, 4, 32).transpose(1, 2) for part in self.qkv(self.norm1(x)).split(128, dim=2)]
            weights = (q @ k.transpose(-2, -1)) * (1 / math.sqrt(32))
            weights = functional.softmax(weights.masked_fill(mask, float("-inf")), dim=-1)
            x = x + self.proj((weights @ v).transpose(1, 2).contiguous().view(b, t, c))
            return x + self.down(functional.gelu(self.up(self.norm2(x))))

    class Gpt(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.tokens, self.places = nn.Embedding(65, 128), nn.Embedding(64, 128)
            self.blocks = nn.ModuleList([Block() for _ in range(2)])
            self.norm, self.head = nn.LayerNorm(128), nn.Linear(128, 65, bias=False)

        def forward(self, tokens: Any) -> Any:
            t = tokens.shape[1]
            x = self.tokens(tokens) + self.places(torch.arange(t))
            mask = torch.ones(t, t, dtype=torch.bool).triu(1)
            for block in self.blocks:
                x = block(x, mask)
            return self.head(self.norm(x))

    model = filled(Gpt(), torch)
    tokens, targets = [torch.from_numpy(rng.integers(0, 65, (8, 64))) for _ in range(2)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)
    return train(
        torch, model, optimizer, lambda: functional.cross_entropy(model(tokens).view(-1, 65), targets.view(-1))
    )


def lstm_by_hand(torch: Any) -> Step:
    """50 steps of an LSTM cell of width 128 written out in Python, batch 32."""
    rng = generator()
    x = torch.from_numpy(normal(rng, 50, 32, 64))
    w, u = [torch.from_numpy(normal(rng, n, 512) * 0.1).requires_grad_() for n in (64, 128)]
    b = torch.zeros(512, requires_grad=True)

    def step() -> Any:
        w.grad = u.grad = b.grad = None
        h, c = torch.zeros(32, 128), torch.zeros(32, 128)
        for t in range(50):
            i, f, g, o = (x[t] @ w + h @ u + b).chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        h.square().mean().backward()
        return [w.grad, u.grad, b.grad]

    return step


def black_scholes(torch: Any) -> Step:
    """The price of 10**6 options, and its five first derivatives."""
    rng, n = generator(), 10**6
    s, k = [torch.from_numpy(rng.uniform(80, 120, n).astype(np.float32)) for _ in range(2)]
    t = torch.from_numpy(rng.uniform(0.2, 2, n).astype(np.float32))
    sigma = torch.from_numpy(rng.uniform(0.1, 0.5, n).astype(np.float32))
    r = torch.full((n,), 0.03)
    leaves = [s, k, t, sigma, r]
    for leaf in leaves:
        leaf.requires_grad_()

    def phi(z: Any) -> Any:
        return 0.5 * (1 + torch.erf(z / math.sqrt(2)))

    def step() -> Any:
        for leaf in leaves:
            leaf.grad = None
        root = sigma * torch.sqrt(t)
        d1 = (torch.log(s / k) + (r + 0.5 * sigma**2) * t) / root
        price = s * phi(d1) - k * torch.exp(-r * t) * phi(d1 - root)
        price.sum().backward()
        return [leaf.grad for leaf in leaves]

    return step


def logistic_regression(torch: Any) -> Step:
    """The loss of 100,000 examples of 50 features, and its gradient."""
    rng = generator()
    x, y = torch.from_numpy(normal(rng, 100_000, 50)), torch.from_numpy(rng.integers(0, 2, 100_000).astype(np.float32))
    w, b = torch.zeros(50, requires_grad=True), torch.zeros((), requires_grad=True)

    def step() -> Any:
        w.grad = b.grad = None
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w + b, y)
        loss.backward()
        return [loss, w.grad, b.grad]

    return step


def hessian(torch: Any) -> Step:
    """The Hessian of the Rosenbrock function of 100 variables."""
    x = torch.linspace(-1, 1, 100, dtype=torch.float64)

    def rosenbrock(x: Any) -> Any:
        return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()

    return lambda: [torch.autograd.functional.hessian(rosenbrock, x)]


def ode(torch: Any) -> Step:
    """The gradient through 200 steps of Runge and Kutta's method on the Lorenz system."""
    start = torch.tensor([1.0, 1.0, 1.0], dtype=torch.float64, requires_grad=True)

    def f(y: Any) -> Any:
        a, b, c = y[0], y[1], y[2]
        return torch.stack([10 * (b - a), a * (28 - c) - b, a * b - 8 / 3 * c])

    def step() -> Any:
        start.grad = None
        y, h = start, 0.002
        for _ in range(200):
            k1 = f(y)
            k2 = f(y + h / 2 * k1)
            k3 = f(y + h / 2 * k2)
            k4 = f(y + h * k3)
            y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        y.sum().backward()
        return [start.grad]

    return step


def gradient_penalty(torch: Any) -> Step:
    """A critic's loss with the penalty of its gradient's norm: double backward."""
    nn, rng = torch.nn, generator()
    critic = filled(
        nn.Sequential(nn.Linear(128, 256), nn.Tanh(), nn.Linear(256, 256), nn.Tanh(), nn.Linear(256, 1)), torch
    )
    data = torch.from_numpy(normal(rng, 64, 128))

    def step() -> Any:
        critic.zero_grad()
        x = data.clone().requires_grad_()
        out = critic(x)
        (g,) = torch.autograd.grad(out.sum(), x, create_graph=True)
        loss = out.mean() + 10 * ((g.norm(dim=1) - 1) ** 2).mean()
        loss.backward()
        return [loss, *[p.grad for p in critic.parameters()]]

    return step


def per_sample(torch: Any) -> Step:
    """The gradients of a 64-128-10 network for each of 256 examples, by `torch.func`."""
    functional, rng = torch.nn.functional, generator()
    shapes = [(128, 64), (128,), (10, 128), (10,)]
    params = tuple([torch.from_numpy(normal(rng, *shape) * np.float32(0.1)) for shape in shapes])
    x, y = torch.from_numpy(normal(rng, 256, 64)), torch.from_numpy(rng.integers(0, 10, 256))

    def loss(params: tuple, x: Any, y: Any) -> Any:
        hidden = functional.relu(functional.linear(x, params[0], params[1]))
        return functional.cross_entropy(functional.linear(hidden, params[2], params[3]), y)

    gradients = torch.func.vmap(torch.func.grad(loss), (None, 0, 0))
    return lambda: list(gradients(params, x, y))


def deep_chain(torch: Any) -> Step:
    """100,000 nodes one after another."""
    w = torch.tensor([1.0, 1.0], requires_grad=True)

    def step() -> Any:
        w.grad = None
        y = w
        for _ in range(100_000):
            y = y * (1 + 2**-16)
        y.sum().backward()
        return [w.grad]

    return step


def rows(torch: Any) -> Step:
    """softmax, logsumexp and layer norm over 4096 rows of 1024."""
    x = torch.from_numpy(normal(generator(), 4096, 1024)).requires_grad_()
    g = torch.from_numpy(normal(generator(1), 4096, 1024))

    def step() -> Any:
        x.grad = None
        out = torch.softmax(x, 1) + torch.nn.functional.layer_norm(x, (1024,))
        loss = (out * g).sum() + torch.logsumexp(x, 1).sum()
        loss.backward()
        return [loss, x.grad]

    return step


def embedding(torch: Any) -> Step:
    """The gradient of 65,536 rows of a table of 50,000 by 64."""
    rng = generator()
    table = torch.from_numpy(normal(rng, 50_000, 64)).requires_grad_()
    index = torch.from_numpy(rng.integers(0, 50_000, 65_536))
    g = torch.from_numpy(normal(rng, 65_536, 64))

    def step() -> Any:
        table.grad = None
        (torch.nn.functional.embedding(index, table) * g).sum().backward()
        return [table.grad]

    return step


def attention(torch: Any) -> Step:
    """Attention by einsum: 16 sequences, 8 heads, 128 places, width 64."""
    rng = generator()
    q, k, v = [torch.from_numpy(normal(rng, 16, 8, 128, 64)).requires_grad_() for _ in range(3)]

    def step() -> Any:
        q.grad = k.grad = v.grad = None
        weights = torch.softmax(torch.einsum("bhqd,bhkd->bhqk", q, k) / 8, -1)
        torch.einsum("bhqk,bhkd->bhqd", weights, v).square().mean().backward()
        return [q.grad, k.grad, v.grad]

    return step


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


def check(name: str, ours: Any, theirs: Any, tolerance: float = 1e-3) -> None:
    """Raise ArithmeticError if two libraries' results differ by more than float32's rounding allows."""
    for i, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        a, b = np.asarray(one.detach().numpy(), np.float64), np.asarray(other.detach().numpy(), np.float64)
        # (Sums of 10**5 terms in another order: a hundred roundings, relative to the largest element.)
        worst = np.max(np.abs(a - b)) / max(np.max(np.abs(b)), 1e-30)
        if not worst < tolerance:
            raise ArithmeticError(f"{name}: result {i} differs by {worst:.1e} of its largest element")


def main(
    module: str = "workloads",
    table: dict[str, Callable[[Any], Step]] = WORKLOADS,
    doc: str = __doc__,
    tolerance: float = 1e-3,
) -> None:
    """Print the table, of this or of another module."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{module}", description=doc.splitlines()[0])
    parser.add_argument("pattern", nargs="?", default="", help="which workloads: a regular expression")
    parser.add_argument("--rounds", type=int, default=7, help="alternations; the minimum is taken")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--modules", default="mibun,torch", help="the libraries, the first against the last")
    options = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != str(options.threads):  # read when NumPy is imported
        os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), str(options.threads)))
        os.execv(sys.executable, [sys.executable, "-m", f"benchmarks.{module}", *sys.argv[1:]])
    libraries = [importlib.import_module(name) for name in options.modules.split(",")]
    for library in libraries:
        library.set_num_threads(options.threads)
    clock = time.process_time if options.threads == 1 else time.perf_counter
    print(
        f"{'ms per step (minimum)':<40}" + "".join([f"{name:>12}" for name in options.modules.split(",")]) + "   ratio"
    )
    ratios = []
    for name, workload in table.items():
        if not re.search(options.pattern, name):
            continue
        steps = [workload(library) for library in libraries]
        results = [step() for step in steps]
        check(name, results[0], results[-1], tolerance)
        del results
        start = clock()
        steps[-1]()
        number = max(1, int(0.05 / max(clock() - start, 1e-5)))
        best = [math.inf] * len(steps)
        for _ in range(options.rounds):
            for i, step in enumerate(steps):
                start = clock()
                for _ in range(number):
                    step()
                best[i] = min(best[i], (clock() - start) / number)
        ratios.append(best[-1] / best[0])
        print(f"{name:<40}" + "".join([f"{1e3 * t:>12.3f}" for t in best]) + f"{ratios[-1]:>7.2f}x", flush=True)
    if len(ratios) > 1:
        print(f"{'geometric mean':<40}{math.exp(sum(map(math.log, ratios)) / len(ratios)):>{12 * len(steps) + 7}.2f}x")


if __name__ == "__main__":
    main()
