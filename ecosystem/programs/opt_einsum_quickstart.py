"""opt_einsum: a contraction along its best path, by torch.einsum and tensordot, with gradients."""

import opt_einsum as oe
import torch

torch.manual_seed(0)
a, b, c, d = [torch.randn(shape, requires_grad=True) for shape in [(4, 5), (5, 6), (6, 7), (7, 4)]]
path, info = oe.contract_path("ij,jk,kl,li->", a, b, c, d)
value = oe.contract("ij,jk,kl,li->", a, b, c, d)
value.backward()
print("value", value.item())
print("path", float(sum(sum(step) for step in path)))
print("gradients", *[t.grad.norm().item() for t in (a, b, c, d)])
expression = oe.contract_expression("ab,bc,cd->ad", (4, 5), (5, 6), (6, 7))
print("expression", expression(a, b, c, backend="torch").sum().item())
