"""An ordinary small program: before there were stubs, pyright saw 14 mistakes here."""

import mibun as torch
from mibun import Tensor, nn


def basis(t: Tensor, degree: int) -> Tensor:
    scaled = (t - t.min()) / (t.max() - t.min()) * 2 - 1
    return torch.stack([scaled**k for k in range(degree + 1)], dim=1)


def report(t: Tensor, w: Tensor) -> float:
    first, rest = t[0], t[1:]
    mask = (t > 0) & (t != 1)
    for row in rest:
        print(f"{float(row[0]):.2f}", abs(row), -row, int(row[1]))
    print(first, t + 1, 1 + t, t * t, t @ w, t[mask], t / 2, mask | ~mask)
    return float((t @ w).sum())


def fit(x: Tensor, y: Tensor, steps: int, rate: float) -> Tensor:
    weights: Tensor = torch.zeros(x.shape[1], requires_grad=True)
    for _ in range(steps):
        loss: Tensor = ((x @ weights - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            if weights.grad is not None:
                weights.sub_(rate * weights.grad)
                weights.grad.zero_()
    return weights.detach()


torch.manual_seed(0)
shift = torch.tensor(0.5)
t: Tensor = torch.linspace(0, 3, 50) + shift
design: Tensor = basis(t, 3)
found: Tensor = fit(design, t.sin(), steps=200, rate=0.3)
print(report(design, found), found[0].item(), nn.functional.mse_loss(design @ found, t.sin()) < 1e-2)
