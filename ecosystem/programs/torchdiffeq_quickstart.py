"""torchdiffeq: a spiral fitted by a neural ODE, through the solver and by the adjoint method."""

import torch
from torch import nn
from torchdiffeq import odeint, odeint_adjoint

torch.manual_seed(0)
true_a = torch.tensor([[-0.1, 2.0], [-2.0, -0.1]])
t = torch.linspace(0.0, 2.0, 11)
start = torch.tensor([[2.0, 0.0]])


class Spiral(nn.Module):
    def forward(self, t, y):
        return (y**3) @ true_a


with torch.no_grad():
    truth = odeint(Spiral(), start, t, method="dopri5")
print("truth", truth.norm().item())


class Field(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))

    def forward(self, t, y):
        return self.net(y**3)


for name, solve in (("direct", odeint), ("adjoint", odeint_adjoint)):
    torch.manual_seed(1)
    field = Field()
    optimizer = torch.optim.RMSprop(field.parameters(), lr=1e-2)
    for _ in range(2):
        optimizer.zero_grad()
        loss = (solve(field, start, t, method="rk4") - truth).abs().mean()
        loss.backward()
        optimizer.step()
    print(name, loss.item(), field.net[0].weight.grad.norm().item())
