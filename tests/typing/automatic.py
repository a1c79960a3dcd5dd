"""Differentiation as programs ask for it: backward, grad, hooks, modes, user Functions. Checked, and run, as it is."""

import warnings
from typing import Any

import mibun as torch
from mibun import Tensor
from mibun.autograd import Function, gradcheck

# --- backward and grad ---

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
w = torch.ones(3, requires_grad=True)
y = (x * w).sum() ** 2
y.backward(retain_graph=True)
assert x.grad is not None and w.grad is not None
print(x.grad.norm(), w.grad[0].item(), x.is_leaf, y.requires_grad)
x.grad.zero_()
w.grad = None

(first,) = torch.autograd.grad(y, x, create_graph=True)
second = torch.autograd.grad(first.sum(), [x, w], allow_unused=True)
torch.autograd.backward([(x**2).sum()], inputs=[x])
x.exp().backward(gradient=torch.ones(3))

# --- the graph ---

node = y.grad_fn
if node is not None:
    print(node.name(), [edge for edge in node.next_functions])
handle = x.register_hook(lambda grad: grad * 2)
handle.remove()
z = x * 2
z.retain_grad()
z.sum().backward()

# --- modes ---

with torch.no_grad():
    w -= 0.1 * torch.ones(3)
with torch.inference_mode():
    fixed = x * 2
with torch.set_grad_enabled(False), torch.enable_grad():
    print(torch.is_grad_enabled())
with warnings.catch_warnings(action="ignore"), torch.autograd.detect_anomaly(check_nan=False):
    (x * 2).sum().backward()


@torch.no_grad()
def evaluated(t: Tensor, scale: float = 1.0) -> Tensor:
    return t.detach() * scale


@torch.inference_mode()
def predicted(t: Tensor) -> Tensor:
    return t.argmax(-1)


print(evaluated(x, scale=2.0).mean(), predicted(x).item())


# --- user Functions ---


class Cube(Function):
    """A Function that saves its input."""

    @staticmethod
    def forward(ctx: Any, input: Tensor, scale: float) -> Tensor:
        ctx.save_for_backward(input)
        ctx.scale = scale
        return scale * input**3

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        (input,) = ctx.saved_tensors
        return grad_output * ctx.scale * 3 * input**2, None


class Clip(torch.autograd.Function):
    """A Function in the newer style, with two outputs."""

    @staticmethod
    def forward(input, low):
        return input.clamp(min=low), input < low

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.mark_non_differentiable(output[1])
        ctx.mask = output[1]

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad_output, _):
        return grad_output.masked_fill(ctx.mask, 0), None


cubed = Cube.apply(x, 2.0)
clipped, below = Clip.apply(x, 1.5)
(cubed.sum() + clipped.sum()).backward()
exact = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)
assert gradcheck(lambda t: Cube.apply(t, 2.0), (exact,), eps=1e-6)

# --- functions of functions ---

jacobian = torch.autograd.functional.jacobian(lambda t: t**2, x.detach())
hessian = torch.autograd.functional.hessian(lambda t: (t**3).sum(), x.detach())
print(torch.as_tensor(jacobian).shape, hessian)
