"""Values saved for backward: hooks on them, modifying them in place, and the attributes of nodes that show them.

Agrees with PyTorch except where marked.
"""

from __future__ import annotations

import gc
import os
import threading
import uuid
import weakref

import pytest

import mibun as torch
from mibun.autograd import Function, graph
from mibun.autograd.graph import allow_mutation_on_saved_tensors, saved_tensors_hooks

OURS = torch.__name__ == "mibun"
ours = pytest.mark.skipif(not OURS, reason="differs from PyTorch on purpose")


def leaf(*values):
    return torch.tensor(values or (1.0, 2.0, 3.0), requires_grad=True)


def same(value):
    return value


class Square(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x, None)
        return x**2

    @staticmethod
    def backward(ctx, grad):
        x, nothing = ctx.saved_tensors
        assert nothing is None
        return grad * 2 * x


# --- hooks ---


@pytest.mark.parametrize(
    "operation, count",
    [
        (lambda x: x * x, 2),
        (lambda x: x.exp(), 1),
        (lambda x: x + x, 0),
        (lambda x: x * 2, 0),
        (lambda x: x**2, 1),
        (lambda x: x.sum(), 0),
        (lambda x: x / x, 2),
        (lambda x: x.view(3, 1), 0),
        (lambda x: x.softmax(0), 1),
        (lambda x: torch.where(x > 0, x, x), 1),
        (lambda x: x @ x, 2),
        (lambda x: x.detach() * x, 1),
        (Square.apply, 1),
    ],
)
def test_what_is_packed_and_unpacked(operation, count):
    packed, unpacked = [], []
    x = leaf()
    with saved_tensors_hooks(lambda t: (packed.append(t), t)[1], lambda t: (unpacked.append(t), t)[1]):
        y = operation(x)
    assert len(packed) == count and not unpacked
    if y.grad_fn is not None:
        y.sum().backward(retain_graph=True)
        y.sum().backward()
        assert len(unpacked) == 2 * count


def test_packers_see_the_tensors_themselves():
    seen = []
    x = leaf()
    y = x * 1
    with saved_tensors_hooks(lambda t: (seen.append(t), t.detach())[1], same):
        x * y
        z = y.exp()
        Square.apply(y)
    assert seen[0] is y or seen[0] is x
    assert {id(t) for t in seen} == {id(x), id(y), id(z)}


def test_only_the_innermost_hooks_count():
    x = leaf()
    with saved_tensors_hooks(lambda t: t * 100, same):
        with saved_tensors_hooks(lambda t: t + 10, same):
            inner = x * x
        with torch.no_grad():
            x * x
        outer = x**2
    (inner.sum()).backward()
    assert x.grad.tolist() == [22.0, 24.0, 26.0]
    x.grad = None
    outer.sum().backward()
    assert x.grad.tolist() == [200.0, 400.0, 600.0]


def test_packers_do_not_pack_their_own_work():
    calls = []

    def pack(t):
        calls.append(torch.is_grad_enabled())
        return t * t

    x = leaf()
    with saved_tensors_hooks(pack, lambda t: t.sqrt()):
        y = x * x
    assert calls == [False, False]
    y.sum().backward()
    assert torch.allclose(x.grad, 2 * x.detach())


def test_files_live_as_long_as_the_graph(tmp_path):
    class File:
        def __init__(self):
            self.name = os.path.join(tmp_path, uuid.uuid4().hex)

        def __del__(self):
            os.remove(self.name)

    def pack(t):
        file = File()
        torch.save(t, file.name)
        return file

    x = leaf()
    with saved_tensors_hooks(pack, lambda file: torch.load(file.name)):
        y = x.exp() * x
        assert len(os.listdir(tmp_path)) == 3
        y.sum().backward(retain_graph=True)
        assert len(os.listdir(tmp_path)) == 3
        y.sum().backward()
        assert len(os.listdir(tmp_path)) == 0
        y = x.exp()
    assert len(os.listdir(tmp_path)) == 1
    del y
    assert len(os.listdir(tmp_path)) == 0
    assert torch.allclose(x.grad, (2 * (x + 1) * x.exp()).detach())


def increments(t):
    t += 1
    return t


def raises(*args):
    raise KeyError("mine")


@pytest.mark.parametrize(
    "pack, error, message",
    [
        (increments, RuntimeError, "A saved tensor pack hook is modifying its input in place. Tensors provided"),
        (raises, KeyError, "mine"),
        (lambda a, b: a, TypeError, ""),
    ],
)
def test_packers_that_fail(pack, error, message):
    message = message or None
    x = leaf()
    with saved_tensors_hooks(pack, same):
        with pytest.raises(error, match=message):
            x * x
        with pytest.raises(error, match=message):
            Square.apply(x)
    with pytest.raises(error, match=message):
        (x * x).grad_fn._raw_saved_self.register_hooks(pack, same)
    (x * x).sum().backward()  # nothing is left of it


@pytest.mark.parametrize(
    "unpack, error, message",
    [
        (lambda t: 1, TypeError, "saved tensor unpack_hook expected to be a Tensor but got result of type int"),
        (lambda t: None, TypeError, "NoneType"),
        (raises, KeyError, "mine"),
        (lambda a, b: a, TypeError, "positional argument"),
        (lambda t: torch.ones(2), RuntimeError, "(?i)size|shape"),
    ],
)
def test_unpackers_that_fail(unpack, error, message):
    x = leaf()
    for function in (lambda x: x * x, Square.apply):
        with saved_tensors_hooks(same, unpack):
            y = function(x)
        with pytest.raises(error, match=message):
            y.sum().backward()
    assert x.grad is None


def test_second_order():
    x = leaf(2.0, 3.0)
    with saved_tensors_hooks(lambda t: t.detach().numpy().copy(), torch.from_numpy):
        (grad,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
        (second,) = torch.autograd.grad(grad.sum(), x)
    assert second.tolist() == [12.0, 18.0]


def test_copies_make_later_changes_harmless():
    x = leaf()
    # On the CPU PyTorch's save_on_cpu does not copy, which makes the gradient wrong here.
    for hooks in (saved_tensors_hooks(lambda t: t.clone(), same), graph.save_on_cpu())[: 1 + OURS]:
        x.grad = None
        y = x.clone()
        with hooks:
            z = y * y
        y.add_(1)
        z.sum().backward()
        assert torch.equal(x.grad, 2 * x.detach())


def test_hooks_are_of_the_thread_and_of_the_block():
    calls = []
    x = leaf()
    hooks = saved_tensors_hooks(lambda t: (calls.append(1), t)[1], same)
    with hooks:
        thread = threading.Thread(target=lambda: x * x)
        thread.start()
        thread.join()
        assert not calls
        with hooks:
            x.exp()
        x.exp()
    x.exp()
    assert len(calls) == 2
    with pytest.raises(KeyError):
        with hooks:
            raise KeyError
    x.exp()
    assert len(calls) == 2


def test_disabled():
    x = leaf()
    with pytest.raises(TypeError, match="incompatible function arguments"):
        saved_tensors_hooks(1, same).__enter__()
    with graph.disable_saved_tensors_hooks("outer message"):
        with graph.disable_saved_tensors_hooks("inner message"):
            with pytest.raises(RuntimeError, match="^inner message$"):
                saved_tensors_hooks(same, same).__enter__()
        with pytest.raises(RuntimeError, match="^outer message$"):
            saved_tensors_hooks(same, same).__enter__()
        (x * x).sum().backward()
    with saved_tensors_hooks(same, same):
        with pytest.raises(RuntimeError, match="^too late$"):
            graph.disable_saved_tensors_hooks("too late").__enter__()

    @graph.disable_saved_tensors_hooks("in the function")
    def refuses():
        saved_tensors_hooks(same, same).__enter__()

    with pytest.raises(RuntimeError, match="in the function"):
        refuses()


def test_dropping_the_output_drops_what_was_packed():
    class Packed:
        def __init__(self, value):
            self.value = value

    references = []

    def pack(t):
        packed = Packed(t.detach())
        references.append(weakref.ref(packed))
        return packed

    gc.collect()
    gc.disable()
    try:
        with saved_tensors_hooks(pack, lambda packed: packed.value):
            y = leaf().exp() * 2
        assert references[0]() is not None
        del y
        assert references[0]() is None
    finally:
        gc.enable()


# --- attributes of nodes ---


def test_each_handle_has_hooks_of_its_own():
    x = leaf()
    y = x * x
    assert y.grad_fn._saved_self is x and y.grad_fn._saved_other is x
    y.grad_fn._raw_saved_self.register_hooks(lambda t: t * 10, same)
    assert torch.equal(y.grad_fn._saved_self, 10 * x) and y.grad_fn._saved_other is x
    y.sum().backward()
    assert torch.equal(x.grad, 11 * x.detach())


def test_an_attribute_unpacks_its_own_value_only():
    calls = []
    x = leaf()
    with saved_tensors_hooks(same, lambda t: (calls.append(1), t * 2)[1]):
        y = x * x
    found = y.grad_fn._saved_self
    assert len(calls) == 1 and torch.equal(found, 2 * x)
    assert found is not x and found.requires_grad
    found.sum().backward()  # at x's place in the graph
    assert x.grad.tolist() == [1.0, 1.0, 1.0]


def test_an_output_is_at_its_place_too():
    y = leaf().exp()
    for _ in range(2):
        saved = y.grad_fn._saved_result
        assert saved is not y and saved.grad_fn is y.grad_fn and torch.equal(saved, y)
        if y.grad_fn._raw_saved_result.unpack_hook is None:
            y.grad_fn._raw_saved_result.register_hooks(lambda t: t * 2, lambda t: t / 2)


def test_refused_hooks():
    x = leaf()
    y = x * x
    handle = y.grad_fn._raw_saved_self
    for arguments in ((same,), (1, 1)):
        with pytest.raises(TypeError):
            handle.register_hooks(*arguments)
    handle.register_hooks(same, same)
    with pytest.raises(RuntimeError, match="register_hooks on a saved tensor whose hooks have already been set"):
        y.grad_fn._raw_saved_self.register_hooks(same, same)
    with saved_tensors_hooks(same, same):
        z = x.exp()
    with pytest.raises(RuntimeError, match="hooks have already been set"):
        z.grad_fn._raw_saved_result.register_hooks(same, same)
    with pytest.raises(RuntimeError, match="value None is forbidden"):
        Square.apply(x).grad_fn._raw_saved_tensors[1].register_hooks(same, same)
    with pytest.raises(RuntimeError, match="Trying to create a SavedTensor object from Python is forbidden"):
        type(handle)()


def test_freed():
    x = leaf()
    for y, name in ((x * x, "self"), (x.exp(), "result")):
        handle = getattr(y.grad_fn, f"_raw_saved_{name}")
        y.sum().backward()
        with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
            getattr(y.grad_fn, f"_saved_{name}")
        for late in (handle, getattr(y.grad_fn, f"_raw_saved_{name}")):
            with pytest.raises(RuntimeError, match="Calling register_hooks on a saved tensor after it has been freed"):
                late.register_hooks(same, same)
            assert late.data is None
    y = Square.apply(x)
    y.sum().backward()
    with pytest.raises(RuntimeError, match="after they have already been freed"):
        _ = y.grad_fn._raw_saved_tensors


@pytest.mark.parametrize(
    "operation, present, absent",
    [
        (lambda x: x * x, {"_saved_self", "_saved_other", "_raw_saved_self"}, "_saved_result"),
        (lambda x: x.exp(), {"_saved_result", "_raw_saved_result"}, "_saved_self"),
        (lambda x: x.view(1, 3).sum(1, keepdim=True), {"_saved_dim", "_saved_keepdim"}, "_saved_self"),
        (lambda x: x.view(1, 3).softmax(1), {"_saved_dim", "_saved_result"}, "_saved_self"),
        (lambda x: x + x, set(), "_saved_self"),
    ],
)
def test_which_attributes_there_are(operation, present, absent):
    node = operation(leaf()).grad_fn
    assert present <= set(dir(node)) and not hasattr(node, absent)
    for name in present:
        assert hasattr(node, name)
    for name in dir(node):
        if name.startswith("_saved_"):
            getattr(node, name)


# --- modified in place ---


def clones(context):
    return len(list(context.cloned.items()))


def test_copied_when_modified_and_only_then():
    x = leaf()
    with allow_mutation_on_saved_tensors() as context:
        y = x.clone()
        out = (y**2).sum()
        assert clones(context) == 0
        y.sin_()
        assert clones(context) == 1
        y.sin_()
        assert clones(context) == 1
        out.backward()
        assert clones(context) == 0
        assert torch.equal(x.grad, 2 * x.detach())
        y.cos_()
        assert clones(context) == 0


def test_one_copy_for_each_version():
    with allow_mutation_on_saved_tensors() as context:
        y = leaf().clone()
        first, again = y**2, y**2
        y.sin_()
        assert clones(context) == 1
        second = y**2
        y.sin_()
        assert clones(context) == 2
        del first
        assert clones(context) == 2
        del again
        assert clones(context) == 1
        del second
        assert clones(context) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda y: y.mul_(3),
        lambda y: y[:1].mul_(3),
        lambda y: y.view(3, 1).zero_(),
        lambda y: y.__setitem__(0, 5.0),
        lambda y: y.__setitem__(slice(None), leaf()),
        lambda y: y.copy_(leaf()),
        lambda y: y.detach().fill_(1),
        lambda y: y.data.normal_(),
        lambda y: torch.sin(torch.ones(3), out=y.detach()),
        lambda y: y.masked_fill_(y > 1, 0),
        lambda y: torch.nn.init.zeros_(y),
        lambda y: y.neg_(),
    ],
)
@pytest.mark.parametrize("of", [lambda y: y * y, lambda y: y.view(3, 1) * y.view(3, 1), lambda y: y.sqrt() * y])
def test_ways_of_changing(change, of):
    x = leaf()
    (expected,) = torch.autograd.grad(of(x.clone()).sum(), x)
    with allow_mutation_on_saved_tensors():
        y = x.clone()
        out = of(y).sum()
        change(y)
        out.backward(retain_graph=True)
        assert torch.allclose(x.grad, expected)
        out.backward()


def test_a_step_of_the_optimizer_between():
    for make in (lambda p: torch.optim.SGD(p, lr=0.5), lambda p: torch.optim.Adam(p, lr=0.5)):
        x = leaf()
        x.grad = torch.ones(3)
        with allow_mutation_on_saved_tensors():
            out = (x * x).sum()
            before = x.detach().clone()
            make([x]).step()
            (grad,) = torch.autograd.grad(out, x)
        assert torch.equal(grad, 2 * before)


def test_mutation_and_second_order():
    x = leaf(2.0)
    with allow_mutation_on_saved_tensors():
        y = x.clone()
        out = y**3
        y.zero_()
        (grad,) = torch.autograd.grad(out, x, create_graph=True)
        (second,) = torch.autograd.grad(grad, x)
    assert grad.item() == 12.0 and second.item() == 12.0


def test_saved_outside_is_not_covered():
    y = leaf().clone()
    out = (y**2).sum()
    with allow_mutation_on_saved_tensors():
        y.sin_()
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            out.backward()
        inside = (leaf().clone() ** 2).sum()
    with pytest.raises(AssertionError, match="Trying to backward outside of the 'allow_mutation_on_saved_tensors'"):
        inside.backward()
    with allow_mutation_on_saved_tensors():
        with pytest.raises(AssertionError, match="Trying to backward outside"):
            inside.backward()


@ours
def test_outputs_make_no_cycle():
    """PyTorch's context holds the outputs that were saved, with their history."""
    with allow_mutation_on_saved_tensors():
        gc.collect()
        gc.disable()
        try:
            y = leaf().exp()
            reference = weakref.ref(y.grad_fn)
            del y
            assert reference() is None
        finally:
            gc.enable()
