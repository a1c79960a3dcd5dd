"""Neural tangent kernels of a small network, computed in three ways, and what they predict about its training.

An ordinary PyTorch program. It runs under PyTorch (`python neural_tangent_kernels.py`) and on mibun (`mibun run
neural_tangent_kernels.py`), with the same numbers. The kernel of two inputs is J(x₁) J(x₂)ᵀ, where J is the Jacobian
of the outputs by all parameters (A. Jacot, F. Gabriel, C. Hongler, "Neural tangent kernel", 2018). Either both
Jacobians are computed and contracted, or the product is applied to the unit vectors without a Jacobian: vjp, then jvp
(R. Novak, J. Sohl-Dickstein, S. Schoenholz, "Fast finite width neural tangent kernel", 2022).
"""

import argparse
import time

import torch
from torch import nn
from torch.func import functional_call, jacfwd, jacrev, jvp, vjp, vmap


class Net(nn.Module):
    """A convolution and two linear layers, for pictures of 8 x 8."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 3)
        self.hidden = nn.Linear(6 * 9, 12)
        self.out = nn.Linear(12, 3)

    def forward(self, pictures):
        pictures = nn.functional.avg_pool2d(torch.tanh(self.conv(pictures)), 2)
        return self.out(torch.tanh(self.hidden(pictures.flatten(1))))


def seconds(function, repeat=3):
    """The shortest of several times that a call takes."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def by_jacobians(function, weights, first, second, jacobian=jacrev):
    """The kernel of all pairs: [first, second, output, output]."""
    by_weights = vmap(jacobian(function), in_dims=(None, 0))
    one = {name: part.flatten(2) for name, part in by_weights(weights, first).items()}
    two = {name: part.flatten(2) for name, part in by_weights(weights, second).items()}
    return sum(torch.einsum("nap,mbp->nmab", one[name], two[name]) for name in one)


def by_products(function, weights, first, second):
    """The same without Jacobians: the unit vectors back through the one and forward through the other."""

    def of_pair(x, y):
        def product(cotangent):
            (gradient,) = vjp(lambda weights: function(weights, y), weights)[1](cotangent)
            return jvp(lambda weights: function(weights, x), (weights,), (gradient,))[1]

        outputs = function(weights, x)
        return vmap(product, out_dims=1)(torch.eye(len(outputs), dtype=outputs.dtype))

    return vmap(lambda x: vmap(lambda y: of_pair(x, y))(second))(first)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--time", action="store_true", help="also say how the ways compare in time")
    args = parser.parse_args()

    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    net = Net()
    weights = {name: weight.detach() for name, weight in net.named_parameters()}
    train, test = torch.randn(6, 1, 8, 8), torch.randn(4, 1, 8, 8)

    def function(weights, picture):
        """The outputs for one picture: a batch of one for the Module."""
        return functional_call(net, weights, (picture[None],))[0]

    kernel = by_jacobians(function, weights, train, test)
    print(f"Kernel of {len(train)} and {len(test)} pictures, 3 outputs: {tuple(kernel.shape)}\n")
    print("the kernel's trace over the outputs")
    for line in kernel.diagonal(dim1=2, dim2=3).sum(-1).tolist():
        print("    " + " ".join(f"{value:12.6f}" for value in line))

    print(f"\n{'way':<36}{'norm':>16}  equal")
    ways = {
        "Jacobians, reverse mode": lambda: by_jacobians(function, weights, train, test),
        "Jacobians, forward mode": lambda: by_jacobians(function, weights, train[:2], test[:2], jacfwd),
        "products of unit vectors": lambda: by_products(function, weights, train, test),
    }
    for name, way in ways.items():
        found = way()
        same = torch.allclose(found, kernel[: found.shape[0], : found.shape[1]])
        print(
            f"{name + ('' if found.shape == kernel.shape else ', of 2 and 2'):<36}{found.norm().item():>16.8f}  {same}"
        )

    # What it is good for: a small step of gradient descent changes the outputs by the kernel times the residuals.
    square = by_jacobians(function, weights, train, train)
    values = torch.linalg.eigvalsh(square.permute(0, 2, 1, 3).reshape(18, 18))
    print("\neigenvalues of the kernel of the pictures with themselves, the largest and the smallest:")
    print("    " + " ".join(f"{value:.6f}" for value in [*values[-3:].tolist(), values[0].item()]))

    targets = torch.eye(3)[torch.randint(3, (6,))]
    outputs = vmap(function, in_dims=(None, 0))
    residuals = outputs(weights, train) - targets
    rate = 1e-4
    predicted = -rate * torch.einsum("nmab,nb->ma", kernel.transpose(2, 3), residuals)
    (gradient,) = vjp(lambda weights: outputs(weights, train), weights)[1](residuals)
    stepped = {name: weight - rate * gradient[name] for name, weight in weights.items()}
    actual = outputs(stepped, test) - outputs(weights, test)
    print(f"\na step of {rate} changes the outputs for the first test picture")
    print("    as predicted by the kernel  " + " ".join(f"{value:12.8f}" for value in predicted[0].tolist()))
    print("    in truth                    " + " ".join(f"{value:12.8f}" for value in actual[0].tolist()))

    if args.time:
        times = [seconds(way) for way in (ways["Jacobians, reverse mode"], ways["products of unit vectors"])]
        print(
            f"\nproducts take {times[1] / times[0]:.1f} times as long as Jacobians, which need memory for all of them"
        )


if __name__ == "__main__":
    main()
