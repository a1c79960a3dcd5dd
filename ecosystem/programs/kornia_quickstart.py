"""kornia: filters, geometry and colours of images, with gradients."""

import kornia
import torch

torch.manual_seed(0)
image = torch.rand(2, 3, 16, 16, requires_grad=True)
blurred = kornia.filters.gaussian_blur2d(image, (5, 5), (1.5, 1.5))
edges = kornia.filters.sobel(kornia.color.rgb_to_grayscale(blurred))
angle = torch.tensor([10.0, 20.0], requires_grad=True)
center = torch.tensor([[7.5, 7.5], [7.5, 7.5]])
matrix = kornia.geometry.transform.get_rotation_matrix2d(center, angle, torch.ones(2, 2))
turned = kornia.geometry.transform.warp_affine(blurred, matrix, (16, 16))
loss = edges.mean() + kornia.losses.ssim_loss(turned, image, 5) + kornia.losses.total_variation(turned).mean() / 1000
loss.backward()
print("loss", loss.item(), "image", image.grad.norm().item(), "angle", *angle.grad.tolist())
print("hsv", kornia.color.rgb_to_hsv(image).mean().item())
points = torch.rand(1, 5, 2)
homography = torch.eye(3)[None] + 0.1 * torch.rand(1, 3, 3)
print("points", kornia.geometry.linalg.transform_points(homography, points).norm().item())
