"""torch_geometric: a GCN and a GAT on a small graph."""

import torch
import torch.nn.functional as F
from torch_geometric.data import Data
from torch_geometric.loader import DataLoader
from torch_geometric.nn import GATConv, GCNConv, global_mean_pool

torch.manual_seed(0)
edges = torch.randint(0, 12, (2, 40))
data = Data(x=torch.randn(12, 5), edge_index=edges, y=torch.randint(0, 3, (12,)))


class Net(torch.nn.Module):
    def __init__(self, first, second):
        super().__init__()
        self.first, self.second = first, second

    def forward(self, data):
        x = F.relu(self.first(data.x, data.edge_index))
        return F.log_softmax(self.second(x, data.edge_index), dim=1)


for name, net in (
    ("gcn", Net(GCNConv(5, 8), GCNConv(8, 3))),
    ("gat", Net(GATConv(5, 4, heads=2), GATConv(8, 3))),
):
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=5e-4)
    for _ in range(3):
        optimizer.zero_grad()
        loss = F.nll_loss(net(data), data.y)
        loss.backward()
        optimizer.step()
    print(name, loss.item(), sum([p.grad.norm().item() for p in net.parameters()]))
for batch in DataLoader([data, data], batch_size=2):
    print("pooled", global_mean_pool(batch.x, batch.batch).norm().item())
