"""What a checker has to find: each line that says that it is a mistake is one, and no other line is. Never run."""

import mibun as torch
import mibun.nn.functional as F
from mibun import Tensor, nn, optim

x = torch.randn(4, 3, requires_grad=True)
y = torch.zeros(4, dtype=torch.int64)

# --- names ---

torch.exponential(x)  # mistake: unknown function
x.trasnpose(0, 1)  # mistake: misspelt method
x.shape.numell()  # mistake: misspelt method of a Size
y.to(torch.float46)  # mistake: misspelt dtype
nn.Linaer(3, 4)  # mistake: misspelt layer
F.crossentropy(x, y)  # mistake: unknown function of nn.functional
torch.linalg.svdd(x)  # mistake: unknown function of linalg
print(torch.topk(x, 2).value)  # mistake: misspelt place of a named tuple
optim.Adamw(list(nn.Linear(3, 4).parameters()))  # mistake: misspelt optimizer

# --- types ---

x + "1"  # mistake: a string added
torch.exp(2.0)  # mistake: a number where a Tensor is needed
torch.cat(x, y)  # mistake: Tensors not in a sequence
x.reshape("2", -1)  # mistake: a size that is a string
x.sum(dim=0.5)  # mistake: a dimension that is not whole
torch.zeros(2, dtype="float32")  # mistake: a dtype by name
x["first"]  # mistake: indexed by a string
nn.Linear(3, "4")  # mistake: features that are a string
x.to(dtype=32)  # mistake: a number as dtype
F.relu(x.tolist())  # mistake: a list where a Tensor is needed
total: int = x.sum()  # mistake: a Tensor taken for an int
x @ 2  # mistake: the matrix product with a number

# --- arguments ---

torch.ones(2, requires_gradient=True)  # mistake: wrong keyword
torch.softmax(x)  # mistake: missing argument
x.transpose(0)  # mistake: missing argument of a method
nn.Conv2d(3, 8)  # mistake: missing argument of a layer
x.mean(0, True, 2)  # mistake: an argument too many
x.backward(retain=True)  # mistake: wrong keyword of a method
optim.SGD(nn.Linear(3, 4).parameters(), learning_rate=0.1)  # mistake: wrong keyword of an optimizer
torch.max(x, dim=0, largest=True)  # mistake: wrong keyword where there are overloads

# --- None ---

x.grad.zero_()  # mistake: there may be no gradient
torch.autograd.grad(x.sum(), 3)  # mistake: a number where a Tensor is needed
x.grad_fn.name()  # mistake: there may be no node
torch.add(x, None)  # mistake: None where a Tensor is needed


# --- results ---


def accuracy(logits: Tensor, target: Tensor) -> float:
    return logits.argmax(1) == target  # mistake: a Tensor returned for a float


values, indices, rest = x.max(dim=0)  # mistake: two results unpacked into three
len(x.item())  # mistake: the length of a number
x.numpy().backward()  # mistake: an array has no gradient
