"""A tensor's own state is not the user's: `vars(tensor)` has what the user put there, nothing that aliases memory."""

from __future__ import annotations

import copy
import pickle

import pytest

import mibun as torch
from mibun import nn


def test_attributes_can_be_copied_from_one_tensor_to_another():
    source, target = torch.arange(3.0), torch.zeros(3)
    source.tag = 5
    target.__dict__.update(source.__dict__)
    target[0] = 99
    assert source.tolist() == [0, 1, 2] and target.tolist() == [99, 0, 0] and target.tag == 5


def test_vars_are_the_users():
    x = torch.arange(3.0, requires_grad=True)
    (x * 2).sum().backward()
    handle = x.register_hook(lambda grad: grad)
    view = x.detach()[1:]
    assert vars(x) == {} and vars(view) == {} and vars(x * 2) == {}
    x.tag = "mine"
    assert vars(x) == {"tag": "mine"} == vars(copy.copy(x)) == vars(copy.deepcopy(x))
    handle.remove()
    assert vars(pickle.loads(pickle.dumps(x))) == {"tag": "mine"}
    vars(x).clear()
    assert x.tolist() == [0, 1, 2] and x.grad.tolist() == [2, 2, 2] and x.requires_grad


def test_a_parameter_takes_the_attributes_of_another():
    p, q = nn.Parameter(torch.arange(3.0)), nn.Parameter(torch.zeros(3), requires_grad=False)
    p.tag = 5
    for name, value in vars(p).items():
        setattr(q, name, value)
    assert q.tolist() == [0, 0, 0] and not q.requires_grad and q.tag == 5


class Sub(torch.Tensor):
    pass


@pytest.mark.parametrize(
    "name", ["_array", "_edge", "_version_counter", "_accumulator", "_leaf_hooks", "_tangent", "_inference", "array"]
)
def test_a_subclass_may_call_its_attributes_anything(name):
    on_instance = torch.ones(2).as_subclass(Sub)
    setattr(on_instance, name, [1])
    assert (on_instance + 1).sum().item() == 4 and getattr(on_instance, name) == [1]
    on_class = torch.ones(2).as_subclass(type("Named", (torch.Tensor,), {name: property(lambda self: 7)}))
    on_class.requires_grad_()
    (on_class * 3).sum().backward()
    assert on_class.grad.tolist() == [3, 3] and getattr(on_class, name) == 7


def test_every_attribute_of_the_state_is_set_when_a_tensor_is_made():
    """Whatever makes a Tensor sets all of its slots: a missing one would be an AttributeError much later."""
    x = torch.arange(4.0, requires_grad=True)
    made = [
        x,
        x * 2,
        x + x,
        x.exp(),
        x.sum(),
        x[1:],
        x.detach(),
        x.data,
        x.view(2, 2),
        *x.split(2),
        *torch.sort(x),
        torch.tensor(1),
        torch.Tensor(2),
        torch.FloatTensor([1.0]),
        torch.from_numpy(x.detach().numpy()),
        nn.Parameter(torch.ones(1)),
        nn.Buffer(torch.ones(1)),
        copy.copy(x),
        copy.deepcopy(x),
        pickle.loads(pickle.dumps(x)),
        x.as_subclass(Sub),
        torch.empty(3),
        torch.randn(2),
        x.new_zeros(1),
        torch.zeros(1).set_(torch.ones(3)),
        torch.ones(1).to(torch.int64),
        torch.stack([x, x]),
    ]
    slots = [name for name in torch.Tensor.__slots__ if not name.startswith("__")]
    assert len(slots) == 7
    assert [(tensor, name) for tensor in made for name in slots if not hasattr(tensor, name)] == []


def test_the_context_of_a_function_is_the_users():
    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mine = 1
            ctx.save_for_backward(x)
            seen.append(sorted(vars(ctx)))
            return x * 2

        @staticmethod
        def backward(ctx, grad):
            return grad * 2

    seen: list = []
    x = torch.ones(1, requires_grad=True)
    Double.apply(x).backward()
    assert seen == [["mine"]] and x.grad.tolist() == [2]


class Counted(torch.Tensor):
    """Says itself what is kept of it."""

    def __getstate__(self):
        return {"count": self.count}

    def __setstate__(self, state):
        self.count = state["count"] + 1


@pytest.mark.parametrize("again", [copy.copy, lambda x: pickle.loads(pickle.dumps(x))], ids=["copy", "pickle"])
def test_state_of_a_subclass_by_its_own_methods(again):
    x = torch.ones(2).as_subclass(Counted)
    x.count, x.other = 3, "left"
    result = again(x)
    assert type(result) is Counted and vars(result) == {"count": 4}


def test_states_of_old_files():
    t = torch.zeros(2)
    t.__setstate__((True, None, {}))
    assert t.requires_grad
    t = torch.zeros(2)
    t.__setstate__((torch.arange(4.0).untyped_storage(), 1, (2,), (2,)))
    assert t.tolist() == [1.0, 3.0]
    t.__setstate__((torch.ones(3), 0, {}, True, None))
    assert t.tolist() == [1.0] * 3 and t.requires_grad
    with pytest.raises(RuntimeError, match="can be only called on leaf Tensors"):
        (t * 2).__setstate__((True, None, {}))
    with pytest.raises(ValueError, match="3, 4 or 5 values"):
        t.__setstate__((True, None))
