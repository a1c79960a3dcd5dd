"""Tensors as programs use them: made, indexed, reshaped, reduced, compared, converted. Checked, and run, as it is."""

import math

import numpy as np

import mibun as torch
from mibun import Tensor

torch.manual_seed(0)


# --- made ---

scalar = torch.tensor(2.5)
matrix = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dtype=torch.float64, requires_grad=False)
whole = torch.arange(6).reshape(2, 3)
steps = torch.arange(0.0, 1.0, 0.25, dtype=torch.float32)
grid = torch.linspace(-1, 1, steps=5)
zeros, ones = torch.zeros(2, 3), torch.ones((2, 3), dtype=torch.int32)
noise = torch.randn(2, 3, generator=torch.Generator().manual_seed(1))
dice = torch.randint(1, 7, (10,))
picked = torch.randperm(10)[:3]
full = torch.full((2, 2), math.pi, device="cpu")
like = torch.zeros_like(noise, dtype=torch.bool)
shared = torch.from_numpy(np.arange(4, dtype=np.float32))
identity = torch.eye(3)
empty = noise.new_empty(0)

# --- what they are ---

rows, columns = matrix.shape
n_rows: int = matrix.size(0)
size: torch.Size = matrix.size()
count: int = size.numel() + len(matrix) + matrix.dim() + matrix.ndim + matrix.numel()
kind: torch.dtype = matrix.dtype
place: torch.device = matrix.device
assert kind == torch.float64 and kind.is_floating_point and place.type == "cpu" and n_rows == rows
assert torch.is_tensor(matrix) and isinstance(matrix, Tensor) and not matrix.is_complex()
assert torch.Size([2, 3]) == matrix.shape and matrix.shape[-1] == columns and matrix.shape[:1] == (2,)

# --- indexed ---

first = matrix[0]
corner = matrix[0, -1]
column = matrix[:, 1]
every_other = matrix[..., ::2]
inserted = matrix[None, :, None]
chosen = matrix[matrix > 2]
gathered = matrix[torch.tensor([1, 0])]
by_list = matrix[[0, 1], [1, 2]]
matrix[0, 0] = 10
matrix[1] = torch.zeros(3, dtype=torch.float64)
matrix[matrix == 0] = -1.0
for row in matrix:
    print(row.sum().item(), row.tolist()[0])

# --- computed ---

u = (1 - noise) * 2 + noise / 3 - noise**2 @ identity
v = -noise + abs(noise) + 2**noise + (noise // 1) + noise % 2
w = (noise > 0) & ~(noise < -1) | (noise != 0)
u += 1
u *= noise
u.add_(1).mul_(2).clamp_(min=-1, max=1)
chain = noise.exp().log().sin().relu().sqrt().sigmoid().tanh()
product = torch.matmul(noise, noise.T) + noise @ noise.mT + torch.einsum("ij,kj->ik", noise, noise)
both = torch.where(noise > 0, noise, 0.0)
where = torch.where(noise > 0)[0]
joined = torch.cat([noise, zeros], dim=0)
stacked = torch.stack((noise, zeros, both))
halves = torch.chunk(joined, 2)
left, right = joined.split([1, 3])
clipped = torch.clamp(noise, -1, 1) + noise.clip(max=torch.ones(3)) + torch.maximum(noise, zeros)
scaled = torch.addcmul(zeros, noise, noise, value=0.5)

# --- reduced ---

total = noise.sum() + noise.sum(0).sum() + noise.sum(dim=(0, 1)) + noise.sum(dim=-1, keepdim=True).mean()
average = torch.mean(noise, dim=1) + noise.mean(axis=1) + noise.std(dim=1, correction=0) + noise.var(1, unbiased=False)
largest: Tensor = noise.max()
values, indices = noise.max(dim=1)
top = torch.topk(noise, k=2, dim=1)
ordered = torch.sort(noise, descending=True)
print(top.values.shape, top.indices.shape, ordered.values[0], noise.min(1).indices, noise.median(dim=0).values)
best = noise.argmax(dim=1)
norms = noise.norm(dim=1) + torch.linalg.vector_norm(noise, dim=1) + torch.linalg.norm(noise)
near = torch.allclose(noise, noise + 1e-9) and torch.equal(noise, noise) and bool((noise == noise).all())
unique = torch.unique(dice)
some_of, how_often = torch.unique(dice, return_counts=True)

# --- shaped ---

shaped = noise.view(-1).reshape(3, 2).permute(1, 0).transpose(0, 1).unsqueeze(0).squeeze(0).flatten().contiguous()
spread = noise[0].expand(4, 3).repeat(2, 1).flip(0).roll(1, dims=0)
broad = torch.broadcast_to(noise[:1], (4, 3)).clone().detach()

# --- converted ---

number = float(scalar) + int(scalar) + scalar.item()
array: np.ndarray = noise.numpy()
nested = noise.tolist()
doubled = noise.double().to(torch.float32).to("cpu").to(device=torch.device("cpu"), dtype=torch.float64).float()
as_words = f"{scalar:.2f} {noise}" + str(noise.shape)
if (noise > 5).any():
    print("rare")

# --- linear algebra, Fourier transforms, special functions ---

square = noise @ noise.T + 2 * torch.eye(2)
q, r = torch.linalg.qr(square)
decomposed = torch.linalg.svd(square)
rebuilt = decomposed.U @ torch.diag(decomposed.S) @ decomposed.Vh
solved = torch.linalg.solve(square, torch.ones(2, 1)) + torch.linalg.inv(square) @ torch.ones(2, 1)
sign, logarithm = torch.linalg.slogdet(square)
spectrum = torch.fft.fft(noise, dim=-1).abs() + torch.fft.ifft(torch.fft.fft(noise)).real.abs()
frequencies = torch.fft.rfftfreq(8, d=0.5)
special = torch.special.erf(noise) + torch.erf(noise) + torch.special.expit(noise) + torch.lgamma(noise.abs() + 1)
