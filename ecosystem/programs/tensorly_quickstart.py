"""tensorly: CP and Tucker decompositions on PyTorch's tensors, and a gradient through one."""

import tensorly as tl
import torch
from tensorly.decomposition import parafac, tucker

tl.set_backend("pytorch")
torch.manual_seed(0)
x = torch.randn(4, 5, 6, dtype=torch.float64)
core, factors = tucker(x, rank=[2, 3, 3], init="svd", n_iter_max=20)
print("tucker", tl.norm(x - tl.tucker_to_tensor((core, factors))).item())
cp = parafac(x, rank=3, init="svd", n_iter_max=20, tol=0)
print("parafac", tl.norm(x - tl.cp_to_tensor(cp)).item())
factors = [torch.randn(n, 3, dtype=torch.float64, requires_grad=True) for n in (4, 5, 6)]
optimizer = torch.optim.Adam(factors, lr=0.05)
for _ in range(3):
    optimizer.zero_grad()
    loss = (x - tl.cp_to_tensor((None, factors))).pow(2).mean()
    loss.backward()
    optimizer.step()
print("learned", loss.item())
print("unfolded", tl.unfold(x, 1).norm().item(), tl.tenalg.khatri_rao(factors).norm().item())
