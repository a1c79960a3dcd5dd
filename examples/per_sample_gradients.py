"""The gradient of every example of a batch, in one pass: vmap(grad(loss)), and what private training does with it.

An ordinary PyTorch program. It runs under PyTorch (`python per_sample_gradients.py`) and on mibun (`mibun run
per_sample_gradients.py`), with the same numbers. `backward` gives the sum of the examples' gradients. Who wants them
one by one (to clip each, to weigh the examples, to find the ones that are labelled wrongly) can call it once per
example, or write the loss of *one* example as a function, transform it with `grad`, and that with `vmap`.
"""

import argparse
import time

import torch
from torch import nn
from torch.func import functional_call, grad, grad_and_value, vmap
from torch.nn.functional import cross_entropy


class SmallNet(nn.Module):
    """Two convolutions and two linear layers, for pictures of 12 x 12."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.Tanh(), nn.MaxPool2d(2), nn.Conv2d(4, 8, 3), nn.Tanh(), nn.Flatten()
        )
        self.head = nn.Sequential(nn.Linear(72, 16), nn.Tanh(), nn.Linear(16, 10))

    def forward(self, pictures):
        return self.head(self.features(pictures))


def by_loop(model, pictures, labels):
    """One backward per example: what vmap saves."""
    gradients = {name: [] for name, _ in model.named_parameters()}
    for i in range(len(labels)):
        loss = cross_entropy(model(pictures[i : i + 1]), labels[i : i + 1])
        found = torch.autograd.grad(loss, list(model.parameters()))
        for name, gradient in zip(gradients, found, strict=True):
            gradients[name].append(gradient)
    return {name: torch.stack(parts) for name, parts in gradients.items()}


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
    parser.add_argument("--batch", type=int, default=16, help="how many examples (default: 16)")
    parser.add_argument("--time", action="store_true", help="also say how much faster than a loop it is")
    args = parser.parse_args()

    torch.manual_seed(0)
    model = SmallNet()
    pictures, labels = torch.randn(args.batch, 1, 12, 12), torch.randint(10, (args.batch,))
    weights = {name: weight.detach() for name, weight in model.named_parameters()}

    def loss(weights, picture, label):
        """Of one example: a batch of one for the Module, which expects one."""
        return cross_entropy(functional_call(model, weights, (picture[None],)), label[None])

    per_sample = vmap(grad(loss), in_dims=(None, 0, 0))
    gradients = per_sample(weights, pictures, labels)
    looped = by_loop(model, pictures, labels)

    print(f"Gradients of {args.batch} examples at once\n")
    print(f"{'parameter':<20}{'of a batch':<20}{'of each example':<22}{'largest norm':>13}  {'as by the loop':>14}")
    for name, gradient in gradients.items():
        norms = gradient.flatten(1).norm(dim=1)
        same = torch.allclose(gradient, looped[name], rtol=1e-4, atol=1e-6)
        print(
            f"{name:<20}{str(tuple(weights[name].shape)):<20}{str(tuple(gradient.shape)):<22}"
            f"{norms.max().item():>13.6f}  {str(same):>14}"
        )

    # Their mean is the gradient of the mean loss, which is what training uses.
    model.zero_grad()
    cross_entropy(model(pictures), labels).backward()
    means = [torch.allclose(gradients[name].mean(0), p.grad, atol=1e-6) for name, p in model.named_parameters()]
    print(f"\nthe mean over the examples is what backward() gives: {all(means)}")

    # Private training (DP-SGD): no example may move the weights by more than a bound.
    total = torch.stack([gradient.flatten(1).norm(dim=1) for gradient in gradients.values()]).norm(dim=0)
    bound = total.median()
    factors = (bound / total).clamp(max=1.0)
    clipped = {name: torch.einsum("i,i...->...", factors, g) / args.batch for name, g in gradients.items()}
    size = torch.stack([gradient.norm() for gradient in clipped.values()]).norm()
    print(
        f"\n{'norms of the gradients, all parameters':<40}"
        + " ".join(f"{norm:.4f}" for norm in total[:6].tolist())
        + " …"
    )
    print(f"{'bound, the median':<40}{bound.item():.6f}")
    print(f"{'examples that are scaled down':<40}{int((total > bound).sum())}")
    print(f"{'norm of the mean of what is left':<40}{size.item():.6f}")

    # The same pass can give the losses: the examples that the model finds hardest.
    _, losses = vmap(grad_and_value(loss), in_dims=(None, 0, 0))(weights, pictures, labels)
    worst = losses.argsort(descending=True)[:3]
    hardest = ", ".join(f"{i}: {losses[i].item():.4f}" for i in worst.tolist())
    print(f"{'the three hardest, with their losses':<40}{hardest}")

    # One model per example works as well: the weights are mapped over, too.
    several = {name: torch.stack([weight] * args.batch) for name, weight in weights.items()}
    own = vmap(grad(loss))(several, pictures, labels)
    same = [torch.allclose(own[name], gradient, atol=1e-6) for name, gradient in gradients.items()]
    print(f"{'a model for each example, equal ones':<40}{all(same)}")

    if args.time:
        loop = seconds(lambda: by_loop(model, pictures, labels))
        ratio = loop / seconds(lambda: per_sample(weights, pictures, labels))
        print(f"\n{ratio:.1f} times as fast as one backward per example")


if __name__ == "__main__":
    main()
