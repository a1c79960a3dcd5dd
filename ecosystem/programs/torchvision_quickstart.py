"""torchvision: its transforms, models and operators in Python. (Those in C++, as `nms`, are not there.)"""

import numpy as np
import torch
from PIL import Image
from torchvision import models, ops, transforms
from torchvision.models.feature_extraction import create_feature_extractor
from torchvision.transforms import v2
from torchvision.utils import make_grid

torch.manual_seed(0)
picture = Image.fromarray((np.arange(40 * 48 * 3) % 251).astype("uint8").reshape(40, 48, 3))
preparation = transforms.Compose(
    [
        transforms.Resize(100),
        transforms.RandomCrop(96, padding=2),
        transforms.RandomHorizontalFlip(),
        transforms.ColorJitter(0.2, 0.2, 0.2),
        transforms.ToTensor(),
        transforms.Normalize((0.5,) * 3, (0.25,) * 3),
        transforms.RandomErasing(p=1.0),
    ]
)
x = torch.stack([preparation(picture) for _ in range(4)])
print("transforms", x.mean().item(), x.std().item())
newer = v2.Compose([v2.ToImage(), v2.RandomResizedCrop(16), v2.ToDtype(torch.float32, scale=True), v2.GaussianBlur(3)])
print("v2", newer(picture).mean().item())
model = models.resnet18(num_classes=10)
optimizer = torch.optim.SGD(model.parameters(), lr=0.0001, momentum=0.9)
for step in range(2):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), torch.tensor([1, 7, 0, 2]))
    loss.backward()
    optimizer.step()
    print(f"loss{step}", loss.item())
inner = create_feature_extractor(model.eval(), {"layer1": "first", "layer3": "third"})(x)
print("features", inner["first"].norm().item(), inner["third"].norm().item())
print("mobilenet", models.mobilenet_v3_small(num_classes=5).eval()(x).norm().item())
boxes = torch.tensor([[0.0, 0, 2, 2], [1, 1, 3, 4]])
print("boxes", ops.generalized_box_iou(boxes, boxes + 0.5).sum().item())
print("focal", ops.sigmoid_focal_loss(torch.zeros(3), torch.tensor([0.0, 1, 1])).sum().item())
print("grid", make_grid(x).sum().item())
