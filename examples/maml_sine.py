"""Learning to learn sines (MAML): a gradient through gradient steps, for many tasks at once by vmap.

An ordinary PyTorch program. It runs under PyTorch (`python maml_sine.py`) and on mibun (`mibun run maml_sine.py`),
with the same numbers. A task is a sine of some amplitude and phase, of which ten points are known. The weights that
are learned are those from which *one* step on ten points leads to a good fit (C. Finn, P. Abbeel, S. Levine,
"Model-agnostic meta-learning for fast adaptation of deep networks", 2017): the outer gradient goes through the inner
step, so it has second derivatives in it, which nested `grad` takes care of.
"""

import argparse
import time

import torch
from torch import nn
from torch.func import functional_call, grad, grad_and_value, vmap
from torch.nn.functional import mse_loss


def tasks(count, points=10):
    """Sines of any phase and of amplitudes up to 5: (x, y) to adapt to, (x, y) to be judged by: [count, points, 1]."""
    amplitude = 0.1 + 4.9 * torch.rand(count, 1, 1)
    phase = torch.pi * torch.rand(count, 1, 1)

    def sample():
        x = 10 * torch.rand(count, points, 1) - 5
        return x, amplitude * torch.sin(x + phase)

    return *sample(), *sample()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=160, help="outer steps (default: 160)")
    parser.add_argument("--tasks", type=int, default=20, help="tasks of each step (default: 20)")
    parser.add_argument("--hidden", type=int, default=40, help="width of the network (default: 40)")
    parser.add_argument("--time", action="store_true", help="also say how long a step takes, with and without vmap")
    args = parser.parse_args()

    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    net = nn.Sequential(
        nn.Linear(1, args.hidden), nn.Tanh(), nn.Linear(args.hidden, args.hidden), nn.Tanh(), nn.Linear(args.hidden, 1)
    )
    weights = {name: weight.detach() for name, weight in net.named_parameters()}

    def fit(weights, x, y):
        return mse_loss(functional_call(net, weights, (x,)), y)

    def adapted(weights, x, y, steps=1, rate=0.05):
        """The weights after gradient steps on a few points."""
        for _ in range(steps):
            gradient = grad(fit)(weights, x, y)
            weights = {name: weight - rate * gradient[name] for name, weight in weights.items()}
        return weights

    def outcome(weights, x, y, x_new, y_new):
        """How well the adapted weights do on other points of the same task."""
        return fit(adapted(weights, x, y), x_new, y_new)

    def outer(weights, batch):
        return vmap(outcome, in_dims=(None, 0, 0, 0, 0))(weights, *batch).mean()

    judged = tasks(50)

    def curve(weights):
        """The mean loss of fifty tasks after none, one, two and five steps on each."""
        x, y, x_new, y_new = judged
        after = lambda steps: vmap(  # noqa: E731
            lambda x, y, x_new, y_new: fit(adapted(weights, x, y, steps), x_new, y_new)
        )(x, y, x_new, y_new)
        return [after(steps).mean().item() for steps in (0, 1, 2, 5)]

    print(f"MAML: {args.steps} steps of {args.tasks} tasks, {sum(w.numel() for w in weights.values())} weights\n")
    before = curve(weights)

    # Adam, in a few lines over dicts.
    moments = {name: (torch.zeros_like(w), torch.zeros_like(w)) for name, w in weights.items()}
    for step in range(1, args.steps + 1):
        gradient, loss = grad_and_value(outer)(weights, tasks(args.tasks))
        for name, g in gradient.items():
            first, second = moments[name]
            first, second = 0.9 * first + 0.1 * g, 0.999 * second + 0.001 * g * g
            moments[name] = first, second
            scaled = (first / (1 - 0.9**step)) / ((second / (1 - 0.999**step)).sqrt() + 1e-8)
            weights[name] = weights[name] - 0.01 * scaled
        if step == 1 or step % (args.steps // 4 or 1) == 0:
            print(f"outer step {step:4d}   loss after one inner step {loss.item():12.8f}")

    print(
        f"\n{'loss on new tasks':<24}" + "".join(f"{text:>14}" for text in ("as it is", "1 step", "2 steps", "5 steps"))
    )
    for name, values in (("before", before), ("after", curve(weights))):
        print(f"{name:<24}" + "".join(f"{value:>14.8f}" for value in values))

    # What makes it MAML: the second derivatives. Without them (first-order MAML) the outer gradient is another one.
    batch = tasks(args.tasks)

    def first_order(weights, x, y, x_new, y_new):
        return grad(fit)(adapted(weights, x, y), x_new, y_new)

    whole = grad(outer)(weights, batch)
    partly = vmap(first_order, in_dims=(None, 0, 0, 0, 0))(weights, *batch)
    left, right = (
        torch.cat([tree[name].reshape(-1) for name in whole])
        for tree in (whole, {name: part.mean(0) for name, part in partly.items()})
    )
    print(f"\nnorm of the outer gradient {left.norm().item():.8f}; of its first-order part {right.norm().item():.8f}")
    print(f"cosine of the angle between them {(left @ right / (left.norm() * right.norm())).item():.8f}")

    if args.time:

        def by_loop(weights, batch):
            return torch.stack([outcome(weights, *one) for one in zip(*batch, strict=True)]).mean()

        times = []
        for function in (by_loop, outer):
            start = time.perf_counter()
            grad(function)(weights, batch)
            times.append(time.perf_counter() - start)
        print(f"\n{times[0] / times[1]:.1f} times as fast as one task after the other")


if __name__ == "__main__":
    main()
