"""linear_operator: solves, determinants and products of structured matrices."""

import torch
from linear_operator.operators import DiagLinearOperator, RootLinearOperator, ToeplitzLinearOperator

torch.manual_seed(0)
root = torch.randn(6, 2, requires_grad=True)
diagonal = torch.rand(6) + 0.5
operator = RootLinearOperator(root) + DiagLinearOperator(diagonal)
right = torch.randn(6, 3)
solved = operator.solve(right)
print("solve", solved.norm().item())
quad, logdet = operator.inv_quad_logdet(right, logdet=True)
print("inv_quad_logdet", quad.item(), logdet.item())
(quad + logdet).backward()
print("gradient", root.grad.norm().item())
toeplitz = ToeplitzLinearOperator(torch.tensor([4.0, 1.0, 0.5, 0.25]))
print("toeplitz", (toeplitz @ torch.ones(4, 2)).sum().item(), toeplitz.to_dense().diagonal().sum().item())
