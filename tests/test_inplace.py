"""In-place operations: changes of shape and older views, Functions, hooks and `out=`, and what is refused."""

from __future__ import annotations

import pytest

import mibun as torch
from mibun.core.tensor import was_leaf


def leaf(*shape):
    count = 1
    for size in shape:
        count *= size
    return torch.arange(1.0, count + 1, dtype=torch.float64).reshape(shape).clone().requires_grad_()


def weights(*shape):
    return leaf(*shape).detach()


# --- the tensor itself takes another shape ---


def test_names_versions_and_shapes_of_reshaping_in_place():
    b = leaf(1, 2, 3) * 2
    steps = [
        (lambda: b.transpose_(0, 2), "TransposeBackward1", (3, 2, 1)),
        (lambda: b.squeeze_(2), "SqueezeBackward4", (3, 2)), (lambda: b.t_(), "TBackward1", (2, 3)),
        (lambda: b.unsqueeze_(0), "UnsqueezeBackward1", (1, 2, 3)),
        (lambda: b.squeeze_(), "SqueezeBackward3", (2, 3)), (lambda: b.unsqueeze_(-1), "UnsqueezeBackward1", (2, 3, 1)),
        (lambda: b.squeeze_((2,)), "SqueezeBackward5", (2, 3)),
        (lambda: b.as_strided_((2, 2), (3, 1), 1), "AsStridedBackward1", (2, 2)),
    ]  # fmt: skip
    for version, (change, name, shape) in enumerate(steps, 1):
        assert change() is b
        assert (b.grad_fn.name(), b.shape, b._version) == (name, shape, version)


def test_as_strided_in_place():
    x = leaf(6)
    b = x * 2
    b.as_strided_((2, 2), (2, 1), 1)
    assert b.tolist() == [[4, 6], [8, 10]] and b.stride() == (2, 1) and b.storage_offset() == 1
    (b * weights(2, 2)).sum().backward()
    assert x.grad.tolist() == [0, 2, 4, 6, 8, 0]
    for call, words in (
        (lambda: x.as_strided_((2, 2), (2, 1)), "a leaf Variable that requires grad"),
        (lambda: x.detach().as_strided_((4, 4), (2, 1)), "setStorage: sizes"),
        (lambda: x.detach().as_strided_((2,), (-1,)), "as_strided: Negative strides"),
        (lambda: x.detach().as_strided_((2, 2), (1,)), "mismatch in length"),
    ):
        with pytest.raises(RuntimeError, match=f"^{words}"):
            call()
    assert x.shape == (6,) and x._version == 0


@pytest.mark.parametrize("change", [lambda b: b.t_(), lambda b: b.unsqueeze_(0), lambda b: b.transpose_(-1, -2)])
@pytest.mark.parametrize(
    "view",
    [lambda b: b[0], lambda b: b[:, 1:], lambda b: b.t()[1], lambda b: b.unfold(1, 2, 1), lambda b: b.expand(2, 2, 3)],
)
def test_a_view_taken_before_the_base_was_reshaped(view, change):
    """Its elements stay the same ones of the base, whatever shape that takes."""
    x = leaf(2, 3)
    b = x * 1
    v = view(b)
    (expected,) = torch.autograd.grad((view(x * x) * weights(*v.shape)).sum(), x)
    change(b)
    b.mul_(change(x.detach().clone()))  # x * x, in the new shape
    assert v.grad_fn.name() == "AsStridedBackward0"
    assert v.tolist() == view(x.detach() ** 2).tolist()
    (v * weights(*v.shape)).sum().backward()
    assert (x.grad * 2).tolist() == expected.tolist()


def test_writing_through_a_view_taken_before_the_base_was_reshaped():
    x, w = leaf(2, 3), leaf(3)
    b = x * 1
    v = b[0]
    b.t_()
    v.mul_(w)
    assert b.grad_fn.name() == "torch::autograd::CopySlices" and b.t()[0].tolist() == [1, 4, 9]
    (g,) = torch.autograd.grad((b * b * b).sum(), x, create_graph=True)
    g.sum().backward()
    # f = (x0 w)^3 + x1^3
    assert g[0].tolist() == [3 * (k * k) ** 2 * k for k in (1, 2, 3)] and g[1].tolist() == [48, 75, 108]
    assert x.grad[0].tolist() == [6 * k * k**3 for k in (1, 2, 3)]


def test_complex_parts_after_the_base_was_reshaped():
    x = torch.ones(2, 3, dtype=torch.complex128, requires_grad=True)
    b = x * 2
    imag = b.imag
    b.t_()
    b.mul_(1j)
    assert imag.tolist() == [[2, 2, 2], [2, 2, 2]] and imag.shape == (2, 3)
    imag[0].sum().backward()
    assert x.grad.tolist() == [[2, 2, 2], [0, 0, 0]]
    r = torch.view_as_real(x * 1)
    r.mul_(3)
    assert r.grad_fn.name() == "ViewAsRealBackward0"


def test_a_view_that_is_reshaped_itself():
    x = leaf(2, 3)
    b = x * 1
    v = b[:, :2]
    v.t_()
    assert v.grad_fn.name() == "TBackward1" and b.grad_fn.name() == "MulBackward0"
    v[0].mul_(5)
    assert b.tolist() == [[5, 2, 3], [20, 5, 6]]
    b.sum().backward()
    assert x.grad.tolist() == [[5, 1, 1], [5, 1, 1]]


def test_memory_of_another_shape_is_refused():
    x = leaf(4)
    b = x * 1
    v = b[1:]
    b.data = torch.zeros(2, 2, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="^a view's base was given other memory"):
        v.mul_(2)


# --- what is refused ---


def test_the_reason_names_the_operation():
    base = leaf(2, 2) * 1
    with torch.no_grad():
        hidden = base[0]
    parts = base.split(1)
    for tensor, words in (
        (parts[1], "Output 1 of Split is a view and is being modified inplace. This view is the output of a function"),
        (hidden, "A view was created in no_grad mode and is being modified inplace with grad mode enabled"),
        (hidden.view(2), "Output 0 of View is a view of a view which was created in no_grad mode and is being"),
        (hidden.unbind()[0], "Output 0 of Unbind is a view and is being modified inplace"),
    ):
        with pytest.raises(RuntimeError, match=f"^{words}"):
            tensor.mul_(2)
    base.mul_(2)
    for tensor, words in (
        (parts[1], "Output 1 of Split is a view and its base or another view of its base has been modified inplace"),
        (hidden, "A view was created in no_grad mode and its base or another view of its base has been modified"),
    ):
        for ask in (lambda t: t.grad_fn, lambda t: t.is_leaf, lambda t: t * 2):
            with pytest.raises(RuntimeError, match=f"^{words}"):
                ask(tensor)
        assert tensor.output_nr in (0, 1) and not tensor.retains_grad  # these only look


def test_unsafe_parts_are_no_views():
    x = leaf(5)
    for parts in ((x * 1).unsafe_split(2), torch.unsafe_split_with_sizes(x * 1, [2, 2, 1]), (x * 1).unsafe_chunk(3)):
        assert [p.tolist() for p in parts] == [[1, 2], [3, 4], [5]] and not parts[0]._is_view()
        parts[0].mul_(3)
        (g,) = torch.autograd.grad(parts[0].sum() + parts[2].sum(), x)
        assert g.tolist() == [3, 3, 0, 0, 1]


def test_expanded_memory():
    row = torch.zeros(3)
    for change in (lambda e: e.add_(1), lambda e: e.fill_(torch.tensor(1.0)), lambda e: e.copy_(torch.ones(2, 3))):
        with pytest.raises(RuntimeError, match="more than one element of the written-to tensor"):
            change(row.expand(2, 3))
    assert row.tolist() == [0, 0, 0] and row._version == 0
    row.expand(2, 3).fill_(1)  # one number everywhere
    assert row.tolist() == [1, 1, 1]


def test_shapes_of_copies():
    with pytest.raises(RuntimeError, match=r"^output with shape \[3\] doesn't match the broadcast shape \[2, 3\]"):
        torch.zeros(3).copy_(torch.ones(2, 3))
    with pytest.raises(TypeError, match="does not support deleting"):
        del torch.zeros(3)[0]


def test_a_leaf_that_became_part_of_a_graph():
    x = leaf(2)
    y = x * 2
    x.requires_grad_(False)
    x.mul_(leaf(2))
    with pytest.raises(RuntimeError, match="^leaf variable has been moved into the graph interior"):
        y.sum().backward()
    assert not was_leaf(x)


def test_fill_diagonal():
    x = leaf(4, 3)
    b = x * 1
    assert b.fill_diagonal_(0.0) is b and b._version == 1 and b.grad_fn.name() == "torch::autograd::CopySlices"
    b.sum().backward()
    assert x.grad.tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0], [1, 1, 1]]
    tall = torch.zeros(9, 3)
    assert tall.fill_diagonal_(1, wrap=True).nonzero().tolist() == [[r, r % 4] for r in range(9) if r % 4 < 3]
    assert torch.zeros(2, 2, 2).fill_diagonal_(1).nonzero().tolist() == [[0, 0, 0], [1, 1, 1]]
    with pytest.raises(RuntimeError, match="all dimensions of input must be of equal length"):
        torch.zeros(3, 2, 2).fill_diagonal_(1)


# --- strides, out=, dtypes ---


def test_strides_of_empty_and_inserted_dimensions():
    assert torch.zeros(0).stride() == (1,) and torch.zeros(2, 0, 3).stride() == (3, 3, 1)
    assert torch.zeros(3).unsqueeze(-1).stride() == (1, 1) and torch.zeros(2, 3)[None, :, None].stride() == (6, 3, 3, 1)
    assert torch.zeros(1, 3).expand(5, 1, 3).stride() == (0, 3, 1)


def test_out_may_be_a_view():
    b = torch.zeros(4)
    torch.add(torch.ones(2), 1, out=b[:2])
    assert b.tolist() == [2, 2, 0, 0] and b._version == 1
    out = torch.zeros(2)
    with pytest.warns(UserWarning, match="An output with one or more elements was resized"):
        torch.add(torch.ones(3), 1, out=out)
    assert out.tolist() == [2, 2, 2] and out._version == 1


def test_the_bytes_as_another_dtype_are_no_view_to_autograd():
    x = torch.ones(2)
    ints = x.view(torch.int32)
    assert not ints._is_view() and ints._base is None
    ints.add_(1)
    assert x._version == 1


# --- Functions and assignment ---


class Doubled(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx, grad):
        return grad * 2


def test_a_dirty_input():
    b = leaf(2) * 1
    b.retain_grad()
    b.sum().backward(retain_graph=True)
    assert Doubled.apply(b) is b and b._version == 2 and b.grad is None and b.retains_grad
    with torch.no_grad():
        c = Doubled.apply(b)
    assert c is not b and not c.requires_grad and b.grad_fn.name() == "DoubledBackward"


def test_a_dirty_view_as_a_later_argument():
    class Scaled(torch.autograd.Function):
        @staticmethod
        def forward(ctx, factor, x):
            x.mul_(factor)
            ctx.mark_dirty(x)
            return x

        @staticmethod
        def backward(ctx, grad):
            return grad * 3, grad * 2

    x, factor = leaf(3), leaf(2)
    b = x * 1
    Scaled.apply(factor, b[:2])
    b.sum().backward()
    assert x.grad.tolist() == [2, 2, 1] and factor.grad.tolist() == [3, 3]


def test_names_that_the_user_chooses_on_ctx():
    class Named(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.shape, ctx.dtype, ctx.edges, ctx.hooks, ctx.metas, ctx.offset = x.shape, "d", 1, 2, 3, 4
            return x.view(-1)

        @staticmethod
        def backward(ctx, grad):
            assert (ctx.dtype, ctx.edges, ctx.hooks, ctx.metas, ctx.offset) == ("d", 1, 2, 3, 4)
            return grad.view(ctx.shape)

    x = leaf(2, 2)
    y = Named.apply(x)
    y.sum().backward()
    assert x.grad.shape == (2, 2)
    with pytest.raises(RuntimeError, match="^Output 0 of Named is a view and is being modified inplace. This view was"):
        y.mul_(2)


def test_assignment_of_one_element_and_of_a_number():
    x, s = leaf(3), leaf()
    b = x * 1
    b[...] = s
    assert b.grad_fn.name() == "FillBackward3"
    b.sum().backward()
    assert s.grad.item() == 3 and x.grad.tolist() == [0, 0, 0]
    b = x * 1
    b[...] = leaf(1)
    assert b.grad_fn.next_functions[1][0].name() == "ExpandBackward0"


def test_the_graph_shows_no_indices_and_masks():
    x, mask = leaf(3), torch.tensor([True, False, True])
    chosen = torch.where(mask, x, x * 2)
    names = [node.name() for node, _ in chosen.grad_fn.next_functions]
    assert names == ["torch::autograd::AccumulateGrad", "MulBackward0"]
    seen = []
    chosen.grad_fn.register_hook(lambda inputs, outputs: seen.append([tuple(g.shape) for g in inputs]))
    chosen.sum().backward()
    assert seen == [[(3,), (3,)]]


def test_post_hooks_see_gradients_as_they_are_sent_on():
    x, row = leaf(2, 3), leaf(3)
    y = (x * 1) + (row * 1)
    seen = []
    y.grad_fn.register_hook(lambda inputs, _: seen.append([None if g is None else tuple(g.shape) for g in inputs]))
    y.sum().backward(retain_graph=True)
    torch.autograd.grad(y.sum(), row)
    assert seen == [[(2, 3), (3,)], [None, (3,)]]


def test_reshaping_in_place_without_recording_it():
    b = leaf(2, 3) * 1
    with torch.no_grad():
        b.t_()
    for backward in (lambda: b.backward(torch.ones(3, 2, dtype=torch.float64)), lambda: (b * 1).sum().backward()):
        with pytest.raises(RuntimeError, match=r"invalid gradient at index 0 - got \[3, 2\] but expected shape"):
            backward()
