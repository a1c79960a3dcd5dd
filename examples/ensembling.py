"""Many small networks as one: stack_module_state and vmap run an ensemble, on one batch or each model on its own.

An ordinary PyTorch program. It runs under PyTorch (`python ensembling.py`) and on mibun (`mibun run ensembling.py`),
with the same numbers. The weights of all models are stacked, `functional_call` runs *one* model with weights that are
given to it, and `vmap` does so for all of them. `grad` within trains them all at once.
"""

import argparse
import time

import torch
from torch import nn
from torch.func import functional_call, grad_and_value, stack_module_state, vmap
from torch.nn.functional import cross_entropy


class Classifier(nn.Module):
    """A network of three layers that says in which arm of a spiral a point lies."""

    def __init__(self, hidden=16):
        super().__init__()
        self.first = nn.Linear(2, hidden)
        self.second = nn.Linear(hidden, hidden)
        self.last = nn.Linear(hidden, 3)

    def forward(self, points):
        return self.last(torch.tanh(self.second(torch.tanh(self.first(points)))))


def spirals(count):
    """Points of three arms, and the arm of each."""
    arm = torch.arange(count) % 3
    radius = torch.rand(count)
    angle = 3.5 * radius + arm * (2 * torch.pi / 3) + 0.1 * torch.randn(count)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1), arm


def seconds(function, repeat=5):
    """The shortest of several times that a call takes."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", type=int, default=5, help="how many, 12 at most (default: 5)")
    parser.add_argument("--steps", type=int, default=60, help="steps of training (default: 60)")
    parser.add_argument("--time", action="store_true", help="also say how much faster than a loop it is")
    args = parser.parse_args()

    torch.manual_seed(0)
    models = [Classifier() for _ in range(args.models)]
    points, arms = spirals(120)
    weights, buffers = stack_module_state(models)
    shapes = ", ".join(f"{name} {tuple(weight.shape)}" for name, weight in list(weights.items())[:2])
    print(f"An ensemble of {args.models}: {shapes}, …\n")

    def one(weights, buffers, points):
        """One model. Which instance runs is of no account, since all weights are given."""
        return functional_call(models[0], (weights, buffers), (points,))

    # All models on one batch: the points are the same for each, so they are not mapped over.
    together = vmap(one, in_dims=(0, 0, None))(weights, buffers, points)
    looped = torch.stack([model(points) for model in models])
    same = torch.allclose(together, looped, atol=1e-5)
    print(f"{'all on one batch':<36}{str(tuple(together.shape)):<16}as by a loop: {same}")

    # Each model on a batch of its own.
    parts = torch.stack([points[i :: args.models][: 120 // args.models] for i in range(args.models)])
    each = vmap(one)(weights, buffers, parts)
    looped = torch.stack([model(part) for model, part in zip(models, parts, strict=True)])
    same = torch.allclose(each, looped, atol=1e-5)
    print(f"{'each on a batch of its own':<36}{str(tuple(each.shape)):<16}as by a loop: {same}")

    # Training of all of them in one pass, each with its own choice of examples (bagging).
    def loss(weights, points, arms):
        return cross_entropy(one(weights, {}, points), arms)

    step = vmap(grad_and_value(loss))
    chosen = torch.randint(len(arms), (args.models, len(arms)))
    batches, labels = points[chosen], arms[chosen]
    state = {name: weight.detach().clone() for name, weight in weights.items()}
    velocity = {name: torch.zeros_like(weight) for name, weight in state.items()}
    print(f"\n{'step':>6}  " + "  ".join(f"loss of {i}" for i in range(args.models)))
    for number in range(args.steps + 1):
        gradients, losses = step(state, batches, labels)
        if number % (args.steps // 3 or 1) == 0:
            print(f"{number:>6}  " + "  ".join(f"{value:9.5f}" for value in losses.tolist()))
        for name, gradient in gradients.items():
            velocity[name] = 0.9 * velocity[name] + gradient
            state[name] = state[name] - 0.1 * velocity[name]

    fresh, truth = spirals(300)
    probabilities = vmap(one, in_dims=(0, None, None))(state, {}, fresh).softmax(-1)
    alone = (probabilities.argmax(-1) == truth).double().mean(1)
    mean = probabilities.mean(0)
    entropy = -(mean * mean.log()).sum(-1)
    own = -(probabilities * probabilities.log()).sum(-1).mean(0)
    print(f"\n{'accuracy of each on new points':<36}" + " ".join(f"{value:.3f}" for value in alone.tolist()))
    print(f"{'accuracy of their mean':<36}{(mean.argmax(-1) == truth).double().mean().item():.3f}")
    print(f"{'entropy of the mean':<36}{entropy.mean().item():.4f}")
    print(f"{'of that, disagreement of the models':<36}{(entropy - own).mean().item():.4f}")

    if args.time:
        small = labels[:, : parts.shape[1]]

        def loop():
            for model, batch, label in zip(models, parts, small, strict=True):
                torch.autograd.grad(cross_entropy(model(batch), label), list(model.parameters()))

        ratio = seconds(loop) / seconds(lambda: step(state, parts, small))
        print(f"\n{ratio:.1f} times as fast as one model after the other, on batches of {parts.shape[1]}")


if __name__ == "__main__":
    main()
