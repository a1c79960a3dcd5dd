"""Jacobians, Hessians and their products with vectors, and which of the ways to compute them to choose.

An ordinary PyTorch program. It runs under PyTorch (`python jacobians_hessians.py`) and on mibun (`mibun run
jacobians_hessians.py`), with the same numbers. A Jacobian has a row for each output and a column for each input:
`jacrev` computes it row by row, `jacfwd` column by column, either of them all at once by `vmap`. Composed they give
Hessians, and `vmap` over them one for each example.
"""

import argparse
import time

import torch
from torch import nn
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, vjp, vmap


def seconds(function, repeat=5):
    """The shortest of several times that a call takes."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def largest(difference):
    """Whether the largest number of a difference is as small as rounding makes it."""
    return "equal" if difference.abs().max().item() < 1e-10 else f"off by {difference.abs().max().item():.1e}"


def row(what, shape, value, check):
    print(f"{what:<46}{str(tuple(shape)):<16}{value:>14.8f}  {check}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--time", action="store_true", help="also say how the ways compare in time")
    args = parser.parse_args()

    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    layer = nn.Linear(6, 4)
    x = torch.randn(6)

    def predict(weight, bias, x):
        return torch.tanh(x @ weight.T + bias)

    weight, bias = layer.weight.detach(), layer.bias.detach()
    print(f"{'':<46}{'shape':<16}{'norm':>14}\n")

    # --- one Jacobian, four ways ---
    # d tanh(Wx + b) / dx = diag(1 - tanh²) W, with which all of them are compared.
    by_hand = (1 - predict(weight, bias, x) ** 2)[:, None] * weight
    value, product = vjp(lambda x: predict(weight, bias, x), x)
    rows = torch.stack([product(unit)[0] for unit in torch.eye(4)])
    row("rows one by one: vjp in a loop", rows.shape, rows.norm().item(), largest(rows - by_hand))
    (at_once,) = vmap(product)(torch.eye(4))
    row("rows at once: vmap of vjp", at_once.shape, at_once.norm().item(), largest(at_once - by_hand))
    reverse = jacrev(predict, argnums=2)(weight, bias, x)
    row("jacrev", reverse.shape, reverse.norm().item(), largest(reverse - by_hand))
    forward = jacfwd(predict, argnums=2)(weight, bias, x)
    row("jacfwd", forward.shape, forward.norm().item(), largest(forward - by_hand))

    # By the parameters: several arguments give a tuple, containers of them containers.
    by_weight, by_bias = jacrev(predict, argnums=(0, 1))(weight, bias, x)
    row("jacrev by the weight", by_weight.shape, by_weight.norm().item(), "")
    row("… and by the bias, in one call", by_bias.shape, by_bias.norm().item(), "")

    # --- Hessians ---
    def energy(x):
        return predict(weight, bias, x).pow(2).sum()

    second = hessian(energy)(x)
    row("hessian of the sum of squares", second.shape, second.norm().item(), "symmetric: " + largest(second - second.T))
    for name, outer, inner in (("rev over rev", jacrev, jacrev), ("rev over fwd", jacrev, jacfwd)):
        other = outer(inner(energy))(x)
        row(f"… {name}", other.shape, other.norm().item(), largest(other - second))
    other = jacfwd(jacfwd(energy))(x)
    row("… fwd over fwd", other.shape, other.norm().item(), largest(other - second))

    # --- products with vectors, without the matrix ---
    v = torch.randn(6)
    _, pushed = jvp(lambda x: predict(weight, bias, x), (x,), (v,))
    row("jvp: Jacobian times vector", pushed.shape, pushed.norm().item(), largest(pushed - by_hand @ v))
    _, curved = jvp(grad(energy), (x,), (v,))
    row("Hessian times vector, forward over reverse", curved.shape, curved.norm().item(), largest(curved - second @ v))
    (curved,) = vjp(grad(energy), x)[1](v)
    row("… reverse over reverse", curved.shape, curved.norm().item(), largest(curved - second @ v))

    # --- one for each example ---
    batch = torch.randn(5, 6)
    jacobians = vmap(jacrev(predict, argnums=2), in_dims=(None, None, 0))(weight, bias, batch)
    slow = torch.stack([jacrev(predict, argnums=2)(weight, bias, one) for one in batch])
    row("Jacobians of a batch: vmap of jacrev", jacobians.shape, jacobians.norm().item(), largest(jacobians - slow))
    hessians = vmap(hessian(energy))(batch)
    slow = torch.stack([hessian(energy)(one) for one in batch])
    row("Hessians of a batch: vmap of hessian", hessians.shape, hessians.norm().item(), largest(hessians - slow))

    # --- Modules, and values that come out together with the derivative ---
    net = nn.Sequential(nn.Linear(6, 5), nn.Softplus(), nn.Linear(5, 1))
    state = {name: p.detach() for name, p in net.named_parameters()}

    def output(state, x):
        y = functional_call(net, state, (x,)).squeeze(-1)
        return y, y

    blocks, value = jacrev(output, has_aux=True)(state, x)
    row("by a Module's parameters: jacrev, with value", value.shape, value.item(), ", ".join(blocks))
    # The Hessian by all parameters is a dict of dicts of blocks.
    table = hessian(lambda state: output(state, x)[0])(state)
    block, mirrored = table["0.weight"]["2.weight"], table["2.weight"]["0.weight"]
    check = largest(block.permute(2, 3, 0, 1) - mirrored)
    row("one block of the Hessian by them", block.shape, block.norm().item(), check + " to its transpose")
    laplacian = vmap(lambda x: hessian(lambda x: output(state, x)[0])(x).trace())(batch)
    row("Laplacians by the inputs of a batch", laplacian.shape, laplacian.norm().item(), "")

    if args.time:
        tall, wide = torch.randn(64, 8), torch.randn(8, 64)

        def ratio(matrix):
            function, point = (lambda x: torch.tanh(matrix @ x)), torch.randn(matrix.shape[1])
            return seconds(lambda: jacrev(function)(point)) / seconds(lambda: jacfwd(function)(point))

        print(f"\njacrev takes {ratio(tall):.1f} times as long as jacfwd for 64 outputs of 8 inputs,")
        print(f"and {ratio(wide):.1f} times for 8 outputs of 64 inputs")


if __name__ == "__main__":
    main()
