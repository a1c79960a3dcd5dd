"""`autograd.graph`: nodes, edges, hooks on several gradients, saved tensors that may be modified; and what is new in
Function. Agrees with PyTorch except where marked."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import pytest

import mibun as torch
from mibun.autograd import Function, graph
from mibun.autograd.function import NestedIOFunction, once_differentiable

OURS = torch.__name__ == "mibun"
ours = pytest.mark.skipif(not OURS, reason="differs from PyTorch on purpose")


def leaf(*values):
    return torch.tensor(values or (1.0, 1.0), requires_grad=True)


# --- nodes and edges ---


def test_nodes():
    a = leaf()
    first = a * 2
    y = first.exp()
    node = y.grad_fn
    assert node.name() == "ExpBackward0" and isinstance(node, graph.Node) and issubclass(type(node), graph.Node)
    assert not isinstance(a, graph.Node)
    assert node.next_functions[0][0] is first.grad_fn and node.next_functions[0][1] == 0
    accumulate = first.grad_fn.next_functions[0][0]
    assert accumulate.variable is a and isinstance(accumulate, graph.Node)
    assert accumulate.name() == "torch::autograd::AccumulateGrad"
    assert accumulate.next_functions == ()
    assert node._sequence_nr() > first.grad_fn._sequence_nr()
    assert accumulate._sequence_nr() == 2**64 - 1
    assert node.requires_grad
    assert list(node._input_metadata[0].shape) == [2] and node._input_metadata[0].dtype == torch.float32
    node.metadata["note"] = 1
    assert y.grad_fn.metadata == {"note": 1}


def test_calling_a_node():
    assert (leaf() * 2).grad_fn(torch.ones(2))[0].tolist() == [2.0, 2.0]
    with pytest.raises(TypeError):
        (leaf() * 2).grad_fn()


def test_gradient_edges():
    a = leaf()
    y = a * 2
    edge = graph.get_gradient_edge(y)
    assert edge.node is y.grad_fn and edge.output_nr == 0 and edge == graph.get_gradient_edge(y)
    assert graph.get_gradient_edge(a).node.variable is a
    z = (y * 3).sum()
    del y
    assert torch.autograd.grad(z, edge)[0].tolist() == [3.0, 3.0]
    with pytest.raises(RuntimeError, match="It is not possible to get the gradient edge"):
        graph.get_gradient_edge(torch.ones(1))


def test_increment_version():
    x = torch.ones(2)
    graph.increment_version(x)
    graph.increment_version([x, x])
    graph.increment_version(t for t in [x])
    assert x._version == 4
    with pytest.raises(RuntimeError, match="increment_version expect"):
        graph.increment_version(3)


def test_multithreading_switch():
    is_enabled = torch.autograd.is_multithreading_enabled
    assert is_enabled()
    with torch.autograd.set_multithreading_enabled(False):
        assert not is_enabled()
        x = leaf()
        (x * 2).sum().backward()
    assert is_enabled() and x.grad.tolist() == [2.0, 2.0]
    torch.autograd.set_multithreading_enabled(False)
    assert not is_enabled()
    torch.autograd.set_multithreading_enabled(True)


# --- hooks on several gradients ---


def listed(grads):
    return [None if g is None else g.tolist() for g in grads]


def test_multi_grad_hook_all():
    a, b, c = leaf(), leaf(), leaf()
    calls = []
    handle = graph.register_multi_grad_hook((a, b, c), lambda grads: calls.append(listed(grads)))
    (a * 2 + b * 3).sum().backward()
    (a + b + c).sum().backward()
    (b * 3).sum().backward()
    leaf().sum().backward()
    assert calls == [
        [[2.0, 2.0], [3.0, 3.0], None],
        [[1.0, 1.0]] * 3,
        [None, [3.0, 3.0], None],
    ]
    handle.remove()
    (a * 2).sum().backward()
    assert len(calls) == 3


def test_multi_grad_hook_on_results():
    a = leaf()
    y = a * 2
    calls = []
    with graph.register_multi_grad_hook((y, a), lambda grads: calls.append(listed(grads))):
        z = (y * 3).sum()
        z.backward(retain_graph=True)
        z.backward(retain_graph=True)
    z.backward()
    assert calls == [[[3.0, 3.0], [6.0, 6.0]]] * 2


def test_multi_grad_hook_any():
    a, b = leaf(), leaf()
    calls = []
    with graph.register_multi_grad_hook((a, b), lambda grad: calls.append(grad.tolist()), mode="any"):
        (a * 3 + b * 3).sum().backward()
        (a * 3 + b * 3).sum().backward()
    assert calls == [[3.0, 3.0]] * 2


def test_multi_grad_hook_after_a_failure_and_with_none():
    a, b = leaf(), leaf()
    calls = []

    def boom(grad):
        raise ValueError("boom")

    with graph.register_multi_grad_hook((a, b), lambda grads: calls.append(listed(grads))):
        y = a * 2
        y.register_hook(boom)
        with pytest.raises(ValueError, match="boom"):
            (y + b).sum().backward()
        assert calls == []
        (a * 2 + b).sum().backward()
        assert calls == [[[2.0, 2.0], [1.0, 1.0]]]
        GivesNone.apply(a, b).sum().backward()
        assert calls[1] == [None, [1.0, 1.0]]


class GivesNone(Function):
    @staticmethod
    def forward(ctx, x, y):
        return x * 2 + y

    @staticmethod
    def backward(ctx, grad):
        return None, grad


def test_multi_grad_hook_result_is_ignored():
    a, b = leaf(), leaf()
    with graph.register_multi_grad_hook((a, b), lambda grads: [g * 100 for g in grads]):
        (a * 2 + b).sum().backward()
    assert a.grad.tolist() == [2.0, 2.0]
    with pytest.raises(ValueError, match="Expects mode to be one of"):
        graph.register_multi_grad_hook((a,), print, mode="some")


@ours
def test_multi_grad_hook_leaves_no_cycle():
    a = leaf()
    graph.register_multi_grad_hook((a, leaf()), lambda grads: None)
    reference = weakref.ref(a)
    gc.disable()
    try:
        del a
        assert reference() is None
    finally:
        gc.enable()


@ours
def test_multi_grad_hook_in_grad():
    """PyTorch refuses: a leaf is asked for in autograd.grad."""
    a, b = leaf(), leaf()
    calls = []
    with graph.register_multi_grad_hook((a, b), lambda grads: calls.append(listed(grads))):
        torch.autograd.grad((a * b).sum(), (a,))
    assert calls == [[[1.0, 1.0], None]]


def test_hooks_get_none():
    a, b = leaf(), leaf()
    seen = []
    a.register_hook(lambda grad: seen.append(grad))
    GivesNone.apply(a, b).sum().backward()
    assert seen == [None] and a.grad is None
    a.register_hook(lambda grad: torch.ones(2))
    with pytest.raises(RuntimeError, match="can't replace a None gradient with a non-None value"):
        GivesNone.apply(a, b).sum().backward()


# --- saved tensors that may be modified ---


def test_allow_mutation():
    x = leaf(1.0, 2.0)
    with graph.allow_mutation_on_saved_tensors() as context:
        y = x.clone()
        out = (y**2).sum()
        y.mul_(10)
        out.backward()
        assert x.grad.tolist() == [2.0, 4.0]
        x.grad = None
        y = x.clone()
        out = (y**2).sum()
        y[0:1].mul_(5)
        out.backward()
        assert x.grad.tolist() == [2.0, 4.0]
        y = x.clone()
        out = y.exp()
        out.mul_(2)
        out.sum().backward()
        lost = (x.clone() ** 2).sum()
        context.clear()
        with pytest.raises(AssertionError, match="Trying to backward outside"):
            lost.backward()
        late = (x.clone() ** 2).sum()
    with pytest.raises(AssertionError, match="Trying to backward outside"):
        late.backward()


def test_allow_mutation_cannot_be_nested():
    with graph.allow_mutation_on_saved_tensors():
        with pytest.raises(RuntimeError, match="cannot be nested"):
            graph.allow_mutation_on_saved_tensors().__enter__()
    x = leaf()
    (x * x).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_saved_tensor_hooks_see_tensors_only():
    seen = []
    with graph.saved_tensors_hooks(lambda t: (seen.append(tuple(t.shape)), t)[1], lambda t: t):
        x = leaf()
        (x * 2 + x / 3).sum().backward()
        (x * x).sum().backward()
    assert seen == [(2,), (2,)]


# --- Function ---


class Scale(Function):
    clear_saved_tensors_on_access = True

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2

    @staticmethod
    def backward(ctx, grad):
        _ = ctx.saved_tensors
        with pytest.raises(RuntimeError, match="saved_tensors can only be accessed once"):
            _ = ctx.saved_tensors
        return grad * 2


def test_clear_saved_tensors_on_access():
    x = leaf()
    out = Scale.apply(x).sum()
    out.backward(retain_graph=True)
    with pytest.raises(RuntimeError, match="saved_tensors can only be accessed once"):
        out.backward()
    assert Function.clear_saved_tensors_on_access is False
    assert Scale.apply(x).grad_fn.saved_tensors[0] is x


def test_classes_can_be_pickled():
    assert pickle.loads(pickle.dumps(Scale)) is Scale
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)):
        pickle.dumps(Scale._backward_cls)


class ByName(Function):
    @staticmethod
    def forward(ctx, x, factor=2):
        ctx.factor = factor
        return x * factor

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.factor, None


def test_arguments_by_name():
    x = leaf()
    ByName.apply(x, factor=3).sum().backward()
    ByName.apply(factor=4, x=x).sum().backward()
    assert x.grad.tolist() == [7.0, 7.0]


class Vjp(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def vjp(ctx, grad):
        return grad * 2


class Both(Vjp):
    @staticmethod
    def backward(ctx, grad):
        return grad * 2


def test_vjp_is_another_name_of_backward():
    x = leaf()
    Vjp.apply(x).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]
    with pytest.raises(RuntimeError, match="Implementing both 'backward' and 'vjp'"):
        Both.apply(x).sum().backward()


class Raw(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 2 * x * grad


def test_raw_saved_tensors_of_a_function():
    x = leaf(3.0)
    y = Raw.apply(x)
    y.grad_fn._raw_saved_tensors[0].register_hooks(lambda t: t.detach() * 10, lambda t: t)
    with pytest.raises(RuntimeError, match="hooks have already been set"):
        y.grad_fn._raw_saved_tensors[0].register_hooks(lambda t: t, lambda t: t)
    y.backward()
    assert x.grad.tolist() == [60.0]


class InPlace(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x)
        x.mul_(2)
        return x

    @staticmethod
    @once_differentiable
    def backward(ctx, grad):
        return grad * 2


def test_in_place_forward_on_a_view():
    a = leaf()
    y = a * 1
    view = y[0:1]
    out = InPlace.apply(view)
    assert out is view and y.tolist() == [2.0, 1.0] and "CopySlices" in y.grad_fn.name()
    y.sum().backward()
    assert a.grad.tolist() == [2.0, 1.0]
    with pytest.raises(RuntimeError, match="a view of a leaf Variable that requires grad"):
        InPlace.apply(leaf()[0:1])


class OfList(Function):
    @staticmethod
    def forward(ctx, xs, options, *, bias=None):
        ctx.n, ctx.biased = len(xs), bias is not None
        total = sum(x * (i + 1) for i, x in enumerate(xs)) + options["shift"]
        return total if bias is None else total + bias

    @staticmethod
    def backward(ctx, grad):
        return [grad * (i + 1) for i in range(ctx.n)], {"shift": grad}, grad * 10 if ctx.biased else None

    @staticmethod
    def jvp(ctx, xs, options):
        return sum(t * (i + 1) for i, t in enumerate(xs))


@ours
def test_tensors_inside_arguments():
    """PyTorch does not differentiate these, and knows no keyword-only arguments."""
    a, b, shift, bias = leaf(), leaf(), leaf(), leaf()
    out = OfList.apply([a, b], {"shift": shift}, bias=bias)
    assert out.requires_grad
    out.sum().backward()
    assert [t.grad.tolist()[0] for t in (a, b, shift, bias)] == [1.0, 2.0, 1.0, 10.0]
    OfList.apply((a, torch.ones(2)), {"shift": 0.0}).sum().backward()
    assert a.grad.tolist() == [2.0, 2.0]
    assert not OfList.apply([torch.ones(2)], {"shift": 0.0}).requires_grad
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(torch.ones(2), torch.ones(2))
        out = OfList.apply([torch.ones(2), dual], {"shift": 0.0})
        assert torch.autograd.forward_ad.unpack_dual(out).tangent.tolist() == [2.0, 2.0]


class WrongList(OfList):
    @staticmethod
    def backward(ctx, grad):
        return [grad], None, None


@ours
def test_gradients_that_do_not_fit_the_argument():
    with pytest.raises(RuntimeError, match="not arranged as the argument is"):
        WrongList.apply([leaf(), leaf()], {"shift": 0.0}).sum().backward()


class Nested(NestedIOFunction):
    @staticmethod
    def forward_extended(ctx, tensors, k):
        ctx.k = k
        return {"a": tensors["a"] * k, "more": [tensors["b"][0] * 2]}

    @staticmethod
    def backward_extended(ctx, grads):
        return {"a": grads["a"] * ctx.k, "b": [grads["more"][0] * 2]}, None


@ours
def test_nested_io():
    """In PyTorch 2.13 this class raises AttributeError."""
    a, b = leaf(), leaf()
    out = Nested.apply({"a": a, "b": [b]}, 3)
    (out["a"] + out["more"][0]).sum().backward()
    assert a.grad.tolist() == [3.0, 3.0] and b.grad.tolist() == [2.0, 2.0]


# --- what backward and grad accept, and refuse ---


def test_edges_as_outputs_and_inputs():
    a = leaf(1.0, 2.0)
    y = a * 3
    edge = graph.get_gradient_edge(y)
    x1, x2 = a.unbind()
    second = graph.GradientEdge(x2.grad_fn, 1)
    z = (y * y).sum() + x1 * 5 + x2 * 7
    grads = torch.autograd.grad(z, [edge, second, graph.get_gradient_edge(a)], retain_graph=True)
    assert [g.tolist() for g in grads] == [[6.0, 12.0], 7.0, [23.0, 43.0]]
    assert torch.autograd.grad(edge, a, torch.tensor([1.0, 10.0]), retain_graph=True)[0].tolist() == [3.0, 30.0]
    torch.autograd.backward(graph.get_gradient_edge(z), retain_graph=True)
    assert a.grad.tolist() == [23.0, 43.0]
    b = leaf()
    torch.autograd.backward([edge, b.sum()], [torch.ones(2), None], inputs=[graph.get_gradient_edge(b)])
    assert a.grad.tolist() == [23.0, 43.0] and b.grad.tolist() == [1.0, 1.0]
    with pytest.raises(RuntimeError, match="grad can be implicitly created only for scalar outputs"):
        torch.autograd.grad(edge, a)
    with pytest.raises(RuntimeError, match=r"^Mismatch in shape: grad_output\[0\] has a shape of torch.Size\(\[3\]\)"):
        torch.autograd.grad(edge, a, torch.ones(3))


def test_backward_inputs_of_all_kinds():
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    y = a * b
    y.sum().backward(inputs=y, retain_graph=True)
    assert y.grad.tolist() == [1.0, 1.0] and y.retains_grad and a.grad is None
    y.sum().backward(inputs=(b,), retain_graph=True)
    (y * y).sum().backward(inputs={a, b})
    assert a.grad.tolist() == [18.0, 64.0] and b.grad.tolist() == [7.0, 34.0]
    with pytest.raises(RuntimeError, match="^`inputs` argument to `backward\\(\\)` cannot be empty"):
        a.sum().backward(inputs=[])


@pytest.mark.parametrize(
    "call,error,message",
    [
        (lambda a: torch.autograd.grad(3, a), TypeError, "'int' object is not iterable"),
        (lambda a: torch.autograd.grad([3], a), AssertionError, "^Expected output to be a torch.Tensor"),
        (lambda a: torch.autograd.backward([3]), AssertionError, "^Expected output to be a torch.Tensor"),
        (lambda a: torch.autograd.grad(a.sum(), 3), TypeError, "'int' object is not iterable"),
        (lambda a: a.sum().backward(1.0), TypeError, "float"),
        (
            lambda a: torch.autograd.grad(a.sum(), []),
            RuntimeError,
            "^`inputs` argument to `grad\\(\\)` cannot be empty",
        ),
        (lambda a: torch.autograd.grad([a.sum()], a, ["1"]), TypeError, "^gradients can be either Tensors or None"),
        (
            lambda a: torch.autograd.grad(a * 2, a),
            RuntimeError,
            "^grad can be implicitly created only for scalar outputs",
        ),
        (lambda a: torch.autograd.grad(a * 2, a, torch.ones(3)), RuntimeError, r"^Mismatch in shape: grad_output\[0\]"),
        (lambda a: torch.autograd.grad(a * 2, a, torch.ones(2) + 0j), RuntimeError, "^For complex Tensors, both grad"),
        (lambda a: torch.autograd.grad(a.sum(), leaf()), RuntimeError, "^The differentiated Tensor at index 0 appears"),
        (
            lambda a: torch.autograd.grad(a.sum(), a.detach()),
            RuntimeError,
            "^One of the differentiated Tensors does not",
        ),
        (lambda a: torch.autograd.grad(a.detach().sum(), a), RuntimeError, "^element 0 of tensors does not require"),
        (
            lambda a: (a * 1j).sum().backward(),
            RuntimeError,
            "^grad can be implicitly created only for real scalar outputs",
        ),
        (lambda a: torch.autograd.backward(a * 2, a, grad_variables=a), RuntimeError, "^`grad_tensors` and `grad_var"),
        (lambda a: a.sum().backward(inputs=[torch.ones(2)]), RuntimeError, "require"),
    ],
)
@pytest.mark.filterwarnings("ignore:`grad_variables` is deprecated:FutureWarning")
def test_bad_arguments(call, error, message):
    a = leaf()
    with pytest.raises(error, match=message):
        call(a)
    assert a.grad is None


def test_deprecated_arguments():
    a = leaf()
    with pytest.warns(FutureWarning, match="^`grad_variables` is deprecated. Use `grad_tensors` instead"):
        torch.autograd.backward([a * 2], grad_variables=[torch.ones(2)])
    with pytest.warns(FutureWarning, match="^only_inputs argument is deprecated and is ignored now"):
        assert torch.autograd.grad(a.sum(), a, only_inputs=False)[0].tolist() == [1.0, 1.0]
    assert a.grad.tolist() == [2.0, 2.0]


def test_a_dict_of_inputs_gives_a_dict():
    a, b = leaf(1.0, 2.0), leaf()
    grads = torch.autograd.grad(a.sum(), {"a": a, "b": b}, materialize_grads=True)
    assert {name: g.tolist() for name, g in grads.items()} == {"a": [1.0, 1.0], "b": [0.0, 0.0]}


# --- nodes by hand ---


def test_calling_the_node_of_a_leaf():
    a = leaf(1.0, 2.0)
    log = []
    node = graph.get_gradient_edge(a).node
    a.register_post_accumulate_grad_hook(lambda p: log.append("accumulated"))
    a.register_hook(lambda g: log.append("tensor"))
    assert node(torch.ones(2)) == () == node(torch.ones(2, dtype=torch.float64)) == node(None)
    assert a.grad.tolist() == [2.0, 2.0] and log == ["accumulated"] * 3
    for arguments, message in (((), "got 0 instead"), ((1.0,), "^argument 0 is not a Variable")):
        with pytest.raises(TypeError, match=message):
            node(*arguments)
        with pytest.raises(TypeError, match=message):
            (a * 2).grad_fn(*arguments)


def test_nodes_stay_where_they_are():
    node = (leaf() * 2).grad_fn
    for copy_of in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="^cannot pickle 'MulBackward0' object"):
            copy_of(node)
    node._set_sequence_nr(12345)
    assert node._sequence_nr() == 12345
