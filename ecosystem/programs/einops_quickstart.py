"""einops: rearrange, reduce and repeat, with gradients, and layers in a network."""

import torch
from einops import pack, rearrange, reduce, repeat, unpack
from einops.layers.torch import EinMix, Rearrange, Reduce

torch.manual_seed(0)
x = torch.randn(2, 3, 8, 8, requires_grad=True)
patches = rearrange(x, "b c (h p) (w q) -> b (h w) (p q c)", p=4, q=4)
pooled = reduce(patches, "b n d -> b d", "mean")
packed, shapes = pack([pooled, patches], "b * d")
first, rest = unpack(packed, shapes, "b * d")
(pooled.square().sum() + repeat(pooled, "b d -> b n d", n=3).sin().sum() + rest.sum() + first.mean()).backward()
print("gradient", x.grad.norm().item())

net = torch.nn.Sequential(
    torch.nn.Conv2d(3, 6, 3, padding=1),
    torch.nn.ReLU(),
    Reduce("b c (h 2) (w 2) -> b c h w", "max"),
    Rearrange("b c h w -> b (h w) c"),
    EinMix("b n c -> b n d", weight_shape="c d", bias_shape="d", c=6, d=5),
)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(3):
    optimizer.zero_grad()
    loss = net(x.detach()).square().mean()
    loss.backward()
    optimizer.step()
    print(f"loss{step}", loss.item())
