"""zuko: a neural spline flow and a masked autoregressive flow, fitted and sampled."""

import torch
import zuko

torch.manual_seed(0)
x = torch.randn(64, 3) * torch.tensor([1.0, 2.0, 0.5])
c = torch.randn(64, 2)
for name, flow in (
    ("nsf", zuko.flows.NSF(3, 2, transforms=2, hidden_features=(16, 16))),
    ("maf", zuko.flows.MAF(3, 2, transforms=2, hidden_features=(16, 16))),
):
    optimizer = torch.optim.Adam(flow.parameters(), lr=1e-2)
    for step in range(3):
        optimizer.zero_grad()
        loss = -flow(c).log_prob(x).mean()
        loss.backward()
        optimizer.step()
        print(f"{name}{step}", loss.item())
    torch.manual_seed(1)
    with torch.no_grad():
        print(f"{name} sample", flow(c[0]).sample((5,)).norm().item())
