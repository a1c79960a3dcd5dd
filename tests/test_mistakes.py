"""What the commonest mistakes of users look like: one error, of PyTorch's class, that says what was wrong.

Each mistake is a line of a program, and what PyTorch raises there, as observed. For each: nothing is chained to the
error ("During handling of the above exception ..."), no kernel has been called twice with the same operands, at most
four frames of mibun stand in the traceback below the user's line, and the message says which shapes, dtypes or names
did not fit, and what to do.
"""

from __future__ import annotations

import copy
import gc
import os
import pickle
import subprocess
import sys
import traceback
import weakref
from pathlib import Path
from types import CodeType

import numpy as np
import pytest

import mibun as torch
from mibun.core.registry import OPS

MOST_FRAMES = 4
PACKAGE = str(Path(torch.__file__).parent) + os.sep

# What it is | what leads to it | the line that fails | class of PyTorch's error | words of the message, by ;
MISTAKES = """
add: shapes | x = torch.ones(2, 3); y = torch.ones(4) | x + y | RuntimeError | [2, 3];[4]
mul: shapes, recorded | x = torch.ones(2, 3, requires_grad=True); y = torch.ones(3, 2) | x * y | RuntimeError | [2, 3];[3, 2]
sub: shapes, alpha | x = torch.ones(2, 3); y = torch.ones(4) | torch.sub(x, y, alpha=2) | RuntimeError | [2, 3];[4]
div: shapes | x = torch.ones(2, 3); y = torch.ones(4) | torch.div(x, y) | RuntimeError | [2, 3];[4]
pow: shapes | x = torch.ones(2, 3); y = torch.ones(4) | x ** y | RuntimeError | [2, 3];[4]
maximum: shapes | x = torch.ones(2, 3); y = torch.ones(4) | torch.maximum(x, y) | RuntimeError | [2, 3];[4]
comparison: shapes | x = torch.ones(2, 3); y = torch.ones(4) | x > y | RuntimeError | [2, 3];[4]
shapes, and dtypes that differ | x = torch.ones(2, 3); y = torch.ones(4).long() | x + y | RuntimeError | [2, 3];[4]
where: shapes | x = torch.ones(2, 3); y = torch.ones(4) | torch.where(x > 0, x, y) | RuntimeError | [2, 3];[4]
lerp: shapes | x = torch.ones(2, 3); y = torch.ones(4) | torch.lerp(x, y, 0.5) | RuntimeError | [2, 3];[4]
addcmul: shapes | x = torch.ones(2, 3); y = torch.ones(4) | torch.addcmul(x, y, y) | RuntimeError | [2, 3];[4]
clamp: shapes | x = torch.ones(2, 3); y = torch.ones(4) | torch.clamp(x, y) | RuntimeError | [2, 3];[4]
mse_loss: shapes | x = torch.ones(2, 3); y = torch.ones(4) | F.mse_loss(x, y) | RuntimeError | [2, 3];[4]
add_: shapes | x = torch.ones(2, 3); y = torch.ones(4) | x.add_(y) | RuntimeError | [2, 3];[4]
add_: would grow | x = torch.ones(3); y = torch.ones(2, 3) | x.add_(y) | RuntimeError | [3];[2, 3];add_
+=: a float into integers | x = torch.ones(3).long() | x += 1.5 | RuntimeError | Float;Long;out-of-place
mul_: a float tensor into integers | x = torch.ones(3).long(); y = torch.ones(3) | x.mul_(y) | RuntimeError | Float;Long
copy_: shapes | x = torch.ones(2, 3); y = torch.ones(4) | x.copy_(y) | RuntimeError | [2, 3];[4]
assignment: shapes | x = torch.ones(2, 3) | x[0] = torch.ones(4) | RuntimeError | [3];[4]
masked_fill: shapes | x = torch.ones(2, 3); y = torch.ones(4) > 0 | x.masked_fill(y, 0.0) | RuntimeError | [2, 3];[4]
a mask of another shape | x = torch.ones(2, 3); y = torch.ones(4) > 0 | x[y] | IndexError | [2, 3];[4]
matmul: matrices | x = torch.ones(2, 3); y = torch.ones(4, 5) | x @ y | RuntimeError | 2x3;4x5;3 and 4
matmul: vectors | x = torch.ones(3); y = torch.ones(4) | x @ y | RuntimeError | [3];[4]
matmul: matrix and vector | x = torch.ones(2, 3); y = torch.ones(4) | torch.matmul(x, y) | RuntimeError | 2x3;4
matmul: batches | x = torch.ones(2, 3, 4); y = torch.ones(3, 4, 5) | x @ y | RuntimeError | [2];[3]
matmul: a number | x = torch.ones(2, 3) | x @ 2 | TypeError | @;Tensor;int
matmul: float64 | x = torch.ones(2, 3); y = torch.ones(3, 5).double() | x @ y | RuntimeError | float;double;.to()
matmul: integers | x = torch.ones(2, 3); y = torch.ones(3, 5).long() | x @ y | RuntimeError | float;.to()
mm: batches | x = torch.ones(2, 3, 4); y = torch.ones(2, 4, 5) | torch.mm(x, y) | RuntimeError | matrix;3D
bmm: matrices | x = torch.ones(2, 3); y = torch.ones(3, 5) | torch.bmm(x, y) | RuntimeError | batch1;3D;2D
mv: shapes | x = torch.ones(2, 3); y = torch.ones(4) | torch.mv(x, y) | RuntimeError | 2x3;4
dot: shapes | x = torch.ones(3); y = torch.ones(4) | torch.dot(x, y) | RuntimeError | [3];[4]
addmm: shapes | x = torch.ones(2, 3); y = torch.ones(4, 5) | torch.addmm(y, x, y) | RuntimeError | 2x3;4x5
addmm: what is added | x = torch.ones(2, 3); y = torch.ones(3, 4); z = torch.ones(9) | torch.addmm(z, x, y) | RuntimeError | [2, 4];[9]
einsum: sizes | x = torch.ones(2, 3); y = torch.ones(4, 5) | torch.einsum("ij,jk->ik", x, y) | RuntimeError | subscript j;3;4
Linear: features | m = nn.Linear(4, 2); x = torch.ones(5, 3) | m(x) | RuntimeError | 5x3;4x2;[5, 3];size 4
Linear: features, batches | m = nn.Linear(4, 2); x = torch.ones(6, 5, 3) | m(x) | RuntimeError | 30x3;4x2;[6, 5, 3];size 4
Linear: float64 | m = nn.Linear(4, 2); x = torch.ones(5, 4).double() | m(x) | RuntimeError | Double;Float;.to()
Linear: integers | m = nn.Linear(4, 2); x = torch.ones(5, 4).long() | m(x) | RuntimeError | Long;Float;.to()
Linear: a list | m = nn.Linear(4, 2) | m([1.0, 2.0, 3.0, 4.0]) | TypeError | must be Tensor, not list;as_tensor
Sequential: features | m = nn.Sequential(nn.Linear(4, 2), nn.ReLU(), nn.Linear(3, 1)); x = torch.ones(5, 4) | m(x) | RuntimeError | 5x2;3x1;[5, 2]
cat: shapes | x = torch.ones(2, 3); y = torch.ones(2, 4) | torch.cat([x, y]) | RuntimeError | [2, 3];[2, 4];dimension 0
cat: numbers of dimensions | x = torch.ones(2, 3); y = torch.ones(3) | torch.cat([x, y]) | RuntimeError | 2 and 1
cat: tensors not in a list | x = torch.ones(2, 3) | torch.cat(x, x) | TypeError | tuple of Tensors, not Tensor
stack: shapes | x = torch.ones(2, 3); y = torch.ones(2, 4) | torch.stack([x, y]) | RuntimeError | [2, 3];[2, 4]
view: size | x = torch.ones(2, 3) | x.view(4, 2) | RuntimeError | [4, 2];size 6;8 elements
view: not contiguous | x = torch.ones(2, 3).t() | x.view(6) | RuntimeError | reshape
reshape: size | x = torch.ones(2, 3) | x.reshape(4, -1) | RuntimeError | [4, -1];size 6;multiple of 4
reshape: two unknown | x = torch.ones(2, 3) | x.reshape(-1, -1) | RuntimeError | [-1, -1]
reshape: a float | x = torch.ones(2, 3) | x.reshape(x.numel() / 2, 2) | TypeError | float
expand: size | x = torch.ones(2, 3) | x.expand(2, 4) | RuntimeError | [2, 3];[2, 4]
permute: number of dimensions | x = torch.ones(2, 3, 4) | x.permute(0, 1) | RuntimeError | 3;2
transpose: dim | x = torch.ones(2, 3) | x.transpose(1, 2) | IndexError | [-2, 1];2
t: three dimensions | x = torch.ones(2, 3, 4) | x.t() | RuntimeError | 3D
squeeze: dim | x = torch.ones(2, 3) | x.squeeze(2) | IndexError | [-2, 1];2
unsqueeze: dim | x = torch.ones(2, 3) | x.unsqueeze(4) | IndexError | [-3, 2];4
split: sizes | x = torch.ones(5) | x.split([2, 2]) | RuntimeError | [2, 2];5
sum: dim | x = torch.ones(2, 3) | x.sum(2) | IndexError | [-2, 1];2
max: dim | x = torch.ones(2, 3) | x.max(dim=3) | IndexError | [-2, 1];3
softmax: dim | x = torch.ones(2, 3) | torch.softmax(x, dim=2) | IndexError | [-2, 1];2
max: of nothing | x = torch.ones(0) | x.max() | RuntimeError | dim
mean: of integers | x = torch.ones(2, 3).long() | x.mean() | RuntimeError | floating;Long
softmax: of integers | x = torch.ones(2, 3).long() | torch.softmax(x, dim=1) | NotImplementedError | Long;dtype=
conv2d: channels | m = nn.Conv2d(3, 8, 3); x = torch.ones(1, 1, 8, 8) | m(x) | RuntimeError | [8, 3, 3, 3];[1, 1, 8, 8];3 channels
conv2d: dimensions | m = nn.Conv2d(3, 8, 3); x = torch.ones(8, 8) | m(x) | RuntimeError | [8, 8];4D
conv2d: kernel larger than the image | m = nn.Conv2d(3, 8, 9); x = torch.ones(1, 3, 8, 8) | m(x) | RuntimeError | 8 x 8;9 x 9
conv2d: dtypes | m = nn.Conv2d(3, 8, 3); x = torch.ones(1, 3, 8, 8).double() | m(x) | RuntimeError | double;float
max_pool2d: dimensions | x = torch.ones(8, 8) | F.max_pool2d(x, 2) | RuntimeError | [8, 8]
BatchNorm1d: channels | m = nn.BatchNorm1d(3); x = torch.ones(4, 5) | m(x) | RuntimeError | 5;3
BatchNorm2d: dimensions | m = nn.BatchNorm2d(3); x = torch.ones(4, 3) | m(x) | ValueError | 4D;2D
LayerNorm: features | m = nn.LayerNorm(3); x = torch.ones(4, 5) | m(x) | RuntimeError | [3];[4, 5]
Embedding: floats | m = nn.Embedding(10, 3); x = torch.ones(4) | m(x) | RuntimeError | Long;Float
Embedding: an index that is too large | m = nn.Embedding(10, 3); x = torch.tensor([1, 10]) | m(x) | IndexError | 10
LSTM: features | m = nn.LSTM(4, 5); x = torch.ones(3, 2, 6) | m(x) | RuntimeError | 4;6
MultiheadAttention: features | m = nn.MultiheadAttention(8, 2); x = torch.ones(3, 2, 6) | m(x, x, x) | AssertionError | 8;6
cross_entropy: a target that is too large | x = torch.ones(2, 3); y = torch.tensor([0, 3]) | F.cross_entropy(x, y) | IndexError | Target 3;3 classes
cross_entropy: number of targets | x = torch.ones(2, 3); y = torch.tensor([0, 1, 2]) | F.cross_entropy(x, y) | ValueError | (2);(3)
cross_entropy: float targets | x = torch.ones(2, 3); y = torch.tensor([0.0, 1.0]) | F.cross_entropy(x, y) | RuntimeError | Long;Float;.long()
binary_cross_entropy: no probabilities | x = torch.tensor([1.5]); y = torch.tensor([1.0]) | F.binary_cross_entropy(x, y) | RuntimeError | between 0 and 1
binary_cross_entropy_with_logits: shapes | x = torch.rand(3, 1); y = torch.ones(3) | F.binary_cross_entropy_with_logits(x, y) | ValueError | [3];[3, 1]
backward: a second time | x = torch.ones(3, requires_grad=True); y = (x * x).sum(); y.backward() | y.backward() | RuntimeError | second time;retain_graph=True
backward: of a vector | x = torch.ones(3, requires_grad=True); y = x * 2 | y.backward() | RuntimeError | scalar;[3];sum()
backward: nothing requires grad | x = torch.ones(3); y = x.sum() | y.backward() | RuntimeError | does not require grad;requires_grad=True
backward: under no_grad | x = torch.ones(3, requires_grad=True); y = torch.no_grad()(x.sum)() | y.backward() | RuntimeError | does not require grad;no_grad
backward: a gradient of another shape | x = torch.ones(3, requires_grad=True); y = x * 2 | y.backward(torch.ones(2)) | RuntimeError | [2];[3]
backward: a saved result modified | x = torch.ones(3, requires_grad=True); y = x.exp(); y.add_(1); z = y.sum() | z.backward() | RuntimeError | modified;[3];add_
backward: a saved operand modified | x = torch.ones(3, requires_grad=True); w = torch.ones(3); y = (x * w).sum(); w.mul_(2) | y.backward() | RuntimeError | modified;[3];mul_
grad: not used | x = torch.ones(3, requires_grad=True); z = torch.ones(3, requires_grad=True) | torch.autograd.grad(x.sum(), z) | RuntimeError | allow_unused
grad: does not require grad | x = torch.ones(3); y = torch.ones(3, requires_grad=True) | torch.autograd.grad(y.sum(), x) | RuntimeError | requires_grad_
zero_ of a grad that is None | x = torch.ones(3, requires_grad=True) | x.grad.zero_() | AttributeError | NoneType
in-place on a leaf | x = torch.ones(3, requires_grad=True) | x.add_(1) | RuntimeError | leaf;in-place;no_grad
in-place on a leaf, -= | x = torch.ones(3, requires_grad=True) | x -= 0.1 | RuntimeError | leaf;in-place;no_grad
in-place on a leaf, by index | x = torch.ones(3, requires_grad=True) | x[0] = 5.0 | RuntimeError | leaf;in-place;no_grad
in-place on a view of a leaf | x = torch.ones(3, requires_grad=True); y = x[:2] | y.mul_(2) | RuntimeError | leaf;in-place;no_grad
in-place on a chunk | x = torch.ones(4, requires_grad=True) * 1; a, b = x.chunk(2) | a.mul_(2) | RuntimeError | multiple views
in-place on an expanded tensor | x = torch.ones(1).expand(3) | x.add_(1) | RuntimeError | clone()
requires_grad of integers | x = torch.ones(3).long() | x.requires_grad_() | RuntimeError | floating;int64
requires_grad of a result | x = torch.ones(3, requires_grad=True); y = x * 2 | y.requires_grad = False | RuntimeError | detach()
numpy() of what requires grad | x = torch.ones(3, requires_grad=True) | x.numpy() | RuntimeError | detach()
item() of many | x = torch.ones(3) | x.item() | RuntimeError | 3 elements
float() of many | x = torch.ones(3) | float(x) | ValueError | 3 elements
if of many | x = torch.ones(3) | bool(x > 0) | RuntimeError | ambiguous
len() of a number | x = torch.ones(()) | len(x) | TypeError | 0-d
deepcopy of a result | x = torch.ones(3, requires_grad=True) * 2 | copy.deepcopy(x) | RuntimeError | leaves
an index out of range | x = torch.ones(2, 3) | x[2] | IndexError | index 2;size 2
an index out of range, in a tensor | x = torch.ones(3); i = torch.tensor([0, 3]) | x[i] | IndexError | index 3;size 3
too many indices | x = torch.ones(2, 3) | x[0, 0, 0] | IndexError | 2;3
a float as index | x = torch.ones(2, 3) | x[1.5] | IndexError | float
a float tensor as index | x = torch.ones(2, 3); i = torch.tensor([0.0]) | x[i] | IndexError | float
a negative step | x = torch.ones(3) | x[::-1] | ValueError | flip()
index_select: out of range | x = torch.ones(3); i = torch.tensor([5]) | x.index_select(0, i) | IndexError | 5;3
gather: out of range | x = torch.ones(2, 3); i = torch.tensor([[5]]) | x.gather(1, i) | RuntimeError | 5;3
gather: floats | x = torch.ones(2, 3); i = torch.ones(2, 1) | x.gather(1, i) | RuntimeError | float32;.long()
a list for a Tensor | x = torch.ones(3) | torch.add(x, [1, 2, 3]) | TypeError | must be Tensor, not list;as_tensor
a list for a Tensor, infix | x = torch.ones(3) | x + [1, 2, 3] | TypeError | +;list
a list for a Tensor, relu | pass | torch.relu([1.0]) | TypeError | must be Tensor, not list;as_tensor
a list for a Tensor, in place | pass | torch.exp_([1.0]) | TypeError | exp_();must be Tensor, not list;as_tensor
a list for a Tensor, sum | pass | torch.sum([1.0, 2.0]) | TypeError | must be Tensor, not list;as_tensor
a list for a Tensor, conj | pass | torch.conj([1.0]) | TypeError | conj();must be Tensor, not list;as_tensor
None for a Tensor | x = torch.ones(3) | x + None | TypeError | +;NoneType
a number for a Tensor | pass | torch.exp(1.0) | TypeError | must be Tensor, not float;as_tensor
a float as size | pass | torch.zeros(2.5) | TypeError | float
a string as dtype | pass | torch.zeros(2, dtype="float32") | TypeError | torch.float32
a string as dim | x = torch.ones(2, 3) | x.sum(dim="a") | TypeError | str
ragged lists | pass | torch.tensor([[1, 2], [3]]) | ValueError | length 2;1
strings | pass | torch.tensor(["a", "b"]) | ValueError | str
None among numbers | pass | torch.tensor([1, None]) | RuntimeError | NoneType
an unknown keyword | x = torch.ones(3) | torch.exp(x, dim=0) | TypeError | exp();'dim'
an unknown keyword, reduction | x = torch.ones(2, 3) | x.sum(axes=1) | TypeError | sum();axes
an unknown keyword, layer | pass | nn.Linear(3, 2, biass=False) | TypeError | biass
an unknown keyword, optimizer | m = nn.Linear(3, 2) | torch.optim.SGD(m.parameters(), rate=0.1) | TypeError | rate
a missing argument | x = torch.ones(3) | torch.mul(x) | TypeError | mul();other
a missing argument, softmax | x = torch.ones(3) | torch.softmax(x) | TypeError | softmax();dim
a missing argument, layer | pass | nn.Linear(3) | TypeError | out_features
too many arguments | x = torch.ones(3) | torch.exp(x, x) | TypeError | exp();2
too many arguments, two operands | x = torch.ones(3) | torch.mul(x, x, x) | TypeError | mul();3
too many arguments, method | x = torch.ones(3) | x.relu(1) | TypeError | relu()
too many arguments, layer | m = nn.Linear(3, 2); x = torch.ones(3) | m(x, x) | TypeError | forward()
an optimizer of nothing | pass | torch.optim.SGD([], lr=0.1) | ValueError | empty
an optimizer of a tensor | x = torch.ones(3, requires_grad=True) | torch.optim.SGD(x, lr=0.1) | TypeError | iterable
an optimizer of a result | x = torch.ones(3, requires_grad=True) * 2 | torch.optim.SGD([x], lr=0.1) | ValueError | non-leaf
a negative learning rate | x = torch.ones(3, requires_grad=True) | torch.optim.SGD([x], lr=-0.1) | ValueError | -0.1
load_state_dict: a key is missing | m = nn.Linear(3, 2); d = {"weight": torch.ones(2, 3)} | m.load_state_dict(d) | RuntimeError | Linear;"bias"
load_state_dict: shapes | m = nn.Linear(3, 2); d = nn.Linear(4, 2).state_dict() | m.load_state_dict(d) | RuntimeError | weight;[2, 4];[2, 3]
a tensor for a Parameter | m = nn.Linear(3, 2); x = torch.ones(2, 3) | m.weight = x | TypeError | weight;Parameter
a Module without forward | m = nn.Module() | m(1) | NotImplementedError | forward
& of floats | x = torch.ones(3) | x & x | NotImplementedError | bitwise_and;Float;.to()
~ of floats | x = torch.ones(3) | ~x | TypeError | integer
- of bools | x = torch.ones(3) > 0 | x - x | RuntimeError | bool;logical_xor
- of a bool | x = torch.ones(3) > 0 | -x | RuntimeError | bool;logical_not
> of complex numbers | x = torch.ones(3).cfloat() | x > x | NotImplementedError | ComplexFloat
cholesky: not positive definite | x = -torch.eye(2) | torch.linalg.cholesky(x) | _LinAlgError | positive-definite
inv: singular | x = torch.zeros(2, 2) | torch.linalg.inv(x) | _LinAlgError | singular
inv: not square | x = torch.ones(2, 3) | torch.linalg.inv(x) | RuntimeError | square;2 by 3
solve: shapes | x = torch.eye(2); y = torch.ones(3) | torch.linalg.solve(x, y) | RuntimeError | 2x2;3x1
an unknown device | pass | torch.ones(3, device="gpu") | RuntimeError | cpu;gpu
topk: too many | x = torch.ones(3) | x.topk(5) | RuntimeError | 5;3
an unknown name | pass | torch.sofmax | AttributeError | mibun has no torch.sofmax (yet);torch.softmax
an unknown name, elsewhere | pass | torch.cross_entropy | AttributeError | There is torch.nn.functional.cross_entropy
an unknown name, nn | pass | nn.Liner | AttributeError | mibun has no torch.nn.Liner (yet);torch.nn.Linear
an unknown name, functional | pass | F.relu_6 | AttributeError | torch.nn.functional.relu6
an unknown name, linalg | pass | torch.linalg.choleski | AttributeError | torch.linalg.cholesky
an unknown name, fft | pass | torch.fft.ffft | AttributeError | torch.fft.fft
an unknown name, special | pass | torch.special.erff | AttributeError | torch.special.erf
an unknown name, optim | pass | torch.optim.Adamm | AttributeError | torch.optim.Adam
an unknown name, schedulers | pass | torch.optim.lr_scheduler.StepLr | AttributeError | torch.optim.lr_scheduler.StepLR
an unknown name, init | pass | nn.init.xavier | AttributeError | torch.nn.init.xavier_uniform
an unknown name, utils | pass | torch.utils.dataa | AttributeError | torch.utils.data
an unknown name, autograd | pass | torch.autograd.gradient | AttributeError | torch.autograd.grad
an unknown attribute of a Tensor | x = torch.ones(3) | x.requiresGrad | AttributeError | Did you mean: 'requires_grad'
an unknown method of a Tensor | x = torch.ones(3) | x.nunpy() | AttributeError | Did you mean: 'numpy'
a method that mibun lacks | x = torch.ones(3) | x.to_mkldnn() | AttributeError | mibun has no Tensor.to_mkldnn (yet)
an unknown attribute of a Module | m = nn.Linear(3, 2) | m.weights | AttributeError | weights
"""  # noqa: E501
MISTAKES = [[part.strip() for part in line.split(" | ")] for line in MISTAKES.strip().splitlines()]


def program(setup: str, line: str) -> tuple[dict, CodeType]:
    torch.manual_seed(0)
    names = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, "copy": copy}
    exec(compile(setup, "<setup>", "exec"), names)
    return names, compile(line, "<user>", "exec")


def frames_below(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames of the traceback below the user's line, Python's own (`copy`) left out."""
    frames = traceback.extract_tb(error.__traceback__)
    user = max(i for i, frame in enumerate(frames) if frame.filename in ("<user>", "<setup>"))
    return [frame for frame in frames[user + 1 :] if frame.filename.startswith((PACKAGE, "<mibun"))]


@pytest.fixture
def kernel_calls(monkeypatch):
    """(operator, operands) of every call of a kernel by way of its operator's record, in order."""
    calls: list[tuple[str, tuple]] = []
    watching = [True]  # what was compiled meanwhile goes on calling the watched kernels

    def watched(op):
        kernel = op.kernel

        def call(xp, *arrays, **params):
            if watching[0] and any(isinstance(array, (np.ndarray, np.generic)) for array in arrays):
                calls.append((op, arrays))
            return kernel(xp, *arrays, **params)

        return call

    for op in OPS.values():
        monkeypatch.setattr(op, "kernel", watched(op))
    yield calls
    watching[0] = False


@pytest.mark.parametrize(("setup", "line", "kind", "words"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_mistake(setup, line, kind, words, kernel_calls, capsys):
    names, code = program(setup, line)
    for attempt in range(2):  # the first call of an operator takes another way
        kernel_calls.clear()
        with pytest.raises(Exception) as caught:
            exec(code, names)
        error = caught.value
        assert type(error).__name__ == kind
        assert error.__cause__ is None
        assert error.__context__ is None or error.__suppress_context__
        frames = frames_below(error)
        assert len(frames) <= MOST_FRAMES, frames
        sys.__excepthook__(type(error), error, error.__traceback__)
        printed = str(error) + capsys.readouterr().err  # with what Python adds
        for word in words.split(";"):
            assert word in printed
        for i, (op, arrays) in enumerate(kernel_calls):
            for other, others in kernel_calls[:i]:
                same = op is other and all(a is b for a, b in zip(arrays, others, strict=False))
                assert not same or op.name == "uniform_", (attempt, op)


@pytest.mark.parametrize("line", ["x + y", "x * y", "x / y", "torch.maximum(x, y)", "x > y", "x @ y", "x - x", "~y"])
def test_what_the_fast_path_has_tried_is_not_tried_again(line, kernel_calls):
    """There the array library's function has been called, or refused, without the operator's record."""
    setup = (
        "x = torch.ones(2, 3) > 0; y = torch.ones(4)" if line == "x - x" else "x = torch.ones(2, 3); y = torch.ones(4)"
    )
    names, code = program(setup, line)
    for _ in range(2):
        with pytest.raises((RuntimeError, TypeError)):
            exec(code, names)
        assert kernel_calls == []


@pytest.mark.parametrize("line", ["x + y", "x @ y", "x.add_(y)", "torch.cat([x, y], 2)", "x[torch.tensor([7])]", "-b"])
def test_an_error_keeps_nothing_alive(line):
    names, code = program("x = torch.ones(2, 3); y = torch.ones(4); b = x > 0", line)
    exec("del b" if line != "-b" else "pass", names)
    operand = weakref.ref(names["b" if line == "-b" else "x"])
    gc.collect()
    gc.disable()
    try:
        try:
            exec(code, names)
        except Exception:
            pass
        else:
            raise AssertionError("no error")
        names.clear()
        assert operand() is None
    finally:
        gc.enable()


def test_a_warning_that_is_an_error_is_none_here():
    """A RuntimeWarning is the one failure after which a kernel is called again: PyTorch has no such warnings."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with np.errstate(all="warn"):
            zero = torch.zeros(2)
            assert torch.isnan(zero / zero).all()
            assert torch.isnan(torch.log(zero - 1)).all()
            assert torch.isnan(zero.div_(zero)).all()
            assert torch.isnan(torch.addcdiv(torch.zeros(2), torch.zeros(2), torch.zeros(2))).all()


def test_the_users_frames_stay():
    """Frames are left out only below the user's last one: a layer of the user's own is always shown."""

    class Mine(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = torch.nn.Linear(4, 2)

        def forward(self, x):
            return self.linear(x)

    with pytest.raises(RuntimeError) as caught:
        torch.nn.Sequential(torch.nn.Sequential(Mine()))(torch.ones(5, 3))
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert "forward" in names
    own = [frame for frame in traceback.extract_tb(caught.value.__traceback__) if frame.filename == __file__]
    assert [frame.name for frame in own] == ["test_the_users_frames_stay", "forward"]
    # What a hook raises in a backward is shown to its end.
    x = torch.ones(3, requires_grad=True)

    def hook(grad):
        return inner(grad)

    def inner(grad):
        raise KeyError("mine")

    y = x * 2
    y.register_hook(hook)
    with pytest.raises(KeyError) as caught:
        y.sum().backward()
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert names[-2:] == ["hook", "inner"]


def test_development_mode_shows_everything():
    program = (
        "import mibun as torch, traceback\n"
        "m = torch.nn.Sequential(torch.nn.Sequential(torch.nn.Linear(4, 2)))\n"
        "try:\n    m(torch.ones(5, 3))\n"
        "except RuntimeError as error:\n    print(len(traceback.extract_tb(error.__traceback__)) - 1)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(PACKAGE).parent)}
    shown = []
    for options in ([], ["-X", "dev"]):
        command = [sys.executable, *options, "-W", "ignore", "-c", program]
        shown.append(int(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout))
    assert shown[0] <= MOST_FRAMES < shown[1]


# --- names that do not exist ---


def test_import_of_a_name_that_is_missing():
    with pytest.raises(ImportError, match=r"cannot import name 'Liner' from 'mibun.nn'.*\(yet\).*torch.nn.Linear"):
        exec("from mibun.nn import Liner", {})
    with pytest.raises(ImportError, match="mibun has no torch.sofmax"):
        exec("from mibun import sofmax", {})


def test_import_of_a_name_that_is_missing_under_run():
    program = (
        "import torch\nassert not hasattr(torch.nn, 'Liner')\n"
        "try:\n    torch.nn.Liner\nexcept AttributeError as error:\n    print(error)\n"
        "from torch.nn import Liner\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(PACKAGE).parent)}
    command = [sys.executable, "-m", "mibun", "run", "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.stdout.startswith("module 'torch.nn' has no attribute 'Liner': mibun has no torch.nn.Liner (yet)")
    assert "ImportError: cannot import name 'Liner' from 'torch.nn': mibun has no torch.nn.Liner (yet)" in done.stderr
    assert "During handling" not in done.stderr


def test_the_words_come_when_they_are_read():
    """hasattr() is asked for many names that are missing: nothing is looked for until somebody reads the error."""
    assert not hasattr(torch, "sofmax") and not hasattr(torch.nn, "Liner") and not hasattr(torch.ones(2), "nunpy")
    assert getattr(torch.ones(2), "nunpy", 3) == 3
    with pytest.raises(AttributeError) as caught:
        torch.sofmax  # noqa: B018
    error = caught.value
    assert error.args == ("module 'mibun' has no attribute 'sofmax'",)  # as Python's own, for who compares it
    assert str(pickle.loads(pickle.dumps(error))) == str(error) != error.args[0]
    # Python adds no suggestion of its own to ours.
    assert "".join(traceback.format_exception_only(error)).count("Did you mean") == 1


def test_names_of_python_get_no_advice():
    for owner in (torch, torch.nn, torch.ones(2)):
        with pytest.raises(AttributeError) as caught:
            owner.__fortunate__  # noqa: B018
        assert "mibun has no" not in str(caught.value)


def test_a_property_that_raises_attribute_error_says_so_itself():
    class Mine(torch.Tensor):
        @property
        def broken(self):
            return (3).missing

    x = torch.ones(2).as_subclass(Mine)
    with pytest.raises(AttributeError, match="'int' object has no attribute 'missing'"):
        x.broken  # noqa: B018
    with pytest.raises(AttributeError, match="'Mine' object has no attribute 'nunpy'"):
        x.nunpy  # noqa: B018
    assert type(copy.deepcopy(x)) is Mine
    assert torch.equal(pickle.loads(pickle.dumps(torch.ones(2))), torch.ones(2))
