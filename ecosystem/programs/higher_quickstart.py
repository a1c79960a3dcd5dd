"""higher: a step of MAML by differentiable optimizers."""

import higher
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
outer = torch.optim.Adam(model.parameters(), lr=1e-2)
inner = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(3):
    outer.zero_grad()
    total = 0.0
    for task in range(2):
        x = torch.rand(10, 1) * 4 - 2
        y = torch.sin(x + task)
        with higher.innerloop_ctx(model, inner, copy_initial_weights=False) as (functional, optimizer):
            for _ in range(2):
                optimizer.step(nn.functional.mse_loss(functional(x), y))
            loss = nn.functional.mse_loss(functional(x), y)
            loss.backward()
            total += loss.item()
    outer.step()
    print(f"loss{step}", total)
print("gradient", model[0].weight.grad.norm().item())
