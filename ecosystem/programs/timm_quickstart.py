"""timm: a training step of resnet18 and of a small vision transformer, not pretrained."""

import timm
import torch

torch.manual_seed(0)
model = timm.create_model("resnet18", pretrained=False, num_classes=10)
x, y = torch.randn(2, 3, 64, 64), torch.tensor([1, 7])
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
for step in range(2):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    print(f"loss{step}", loss.item())
print("features", model.forward_features(x).norm().item())
vit = timm.create_model("vit_tiny_patch16_224", pretrained=False, num_classes=10, img_size=32, depth=2)
out = vit(torch.randn(2, 3, 32, 32))
out.square().sum().backward()
print("vit", out.norm().item(), vit.patch_embed.proj.weight.grad.norm().item())
