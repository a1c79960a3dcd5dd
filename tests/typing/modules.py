"""Modules of users: forward of any signature, attributes, containers, walks, hooks. Checked, and run, as it is."""

from __future__ import annotations

from collections.abc import Iterator

import mibun as torch
from mibun import Tensor, nn


class Net(nn.Module):
    mean: Tensor

    def __init__(self, width: int = 8):
        super().__init__()
        self.hidden = nn.Linear(4, width)
        self.head = nn.Linear(width, 3, bias=False, device="cpu", dtype=torch.float32)
        self.blocks = nn.ModuleList([nn.Linear(width, width) for _ in range(3)])
        self.by_name = nn.ModuleDict({"relu": nn.ReLU(), "tanh": nn.Tanh()})
        self.scale = nn.Parameter(torch.ones(1))
        self.scales = nn.ParameterList([nn.Parameter(torch.ones(1))])
        self.register_buffer("mean", torch.zeros(width))

    def forward(self, x):
        x = torch.relu(self.hidden(x))
        for block in self.blocks:
            x = block(x)
        x = self.by_name["tanh"](x) * self.scale * self.scales[0] + self.mean
        return self.head(x)


class Typed(nn.Module):
    def forward(self, x: Tensor, y: Tensor, swap: bool = False) -> tuple[Tensor, Tensor]:
        return (y, x) if swap else (x + y, x - y)


class Keyword(nn.Module):
    def forward(self, *, images):
        return images


class Branching(nn.Sequential):
    def forward(self, input, branch: Tensor | None = None):
        out = super().forward(input)
        return out if branch is None else out + branch


net = Net()
loss = nn.CrossEntropyLoss(weight=torch.ones(3))(net(torch.ones(3, 4)), torch.tensor([0, 1, 2]))
loss.backward()
parameters: Iterator[nn.Parameter] = net.parameters()
shapes = {name.upper(): parameter.shape for name, parameter in net.named_parameters()}
buffers: list[Tensor] = list(net.buffers())
children: list[nn.Module] = [module for module in net.children() if module.training]
net.hidden.weight.requires_grad_(False)
net.hidden.bias.requires_grad_(True)
bits: int = net.hidden.in_features.bit_length()
net.apply(lambda module: nn.init.ones_(module.weight) if isinstance(module, nn.Linear) else None)
state = net.train().eval().to(torch.float64).state_dict()
missing: list[str] = net.load_state_dict(state).missing_keys

Typed()(torch.ones(1), torch.ones(1), swap=True)[0].sum()
Keyword()(images=torch.ones(1))
model = Branching(nn.Linear(2, 2), nn.ReLU())
model(torch.ones(2), branch=torch.ones(2)).sum().backward()
last: nn.Module = model[-1]
first_two: nn.ModuleList = net.blocks[:2]
for name, module in net.by_name.items():
    print(name, module(torch.ones(1)))

conv = nn.Conv2d(3, 8, 3, stride=(2, 1), padding=1, padding_mode="reflect")
pooled, indices = nn.MaxPool2d((2, 2), return_indices=True)(conv(torch.ones(1, 3, 8, 8)))
restored = nn.MaxUnpool2d(2)(pooled, indices)
padded = nn.ZeroPad2d((1, 0, 0, 1))(restored)
print(nn.AdaptiveAvgPool2d((1, None))(padded).shape, nn.Upsample(scale_factor=(2.0, 3.0))(padded).shape)
table = nn.Embedding.from_pretrained(torch.eye(3), freeze=False, padding_idx=0)
output, hidden = nn.GRU(3, 4, num_layers=2, batch_first=True)(table(torch.tensor([[1, 2]])))
print(output.shape, hidden.shape, conv.kernel_size[0] + conv.in_channels, last, first_two, parameters, bits, missing)

handle = net.register_forward_hook(lambda module, args, output: None)
handle.remove()
torch.optim.SGD(net.parameters(), lr=0.1).step()
print(shapes, buffers, children)
