"""Forward mode: tangents through operators, views, in-place operations and Functions, and both mixtures of modes."""

from __future__ import annotations

import pytest

import mibun as torch
import mibun.autograd.forward_ad as fwAD


def tensor(*values):
    return torch.tensor(list(values), dtype=torch.float64)


def test_dual_numbers():
    with fwAD.dual_level():
        x = fwAD.make_dual(tensor(3.0, 4.0), tensor(1.0, 2.0))
        primal, tangent = fwAD.unpack_dual(x * x / (x + 1))
        assert primal.tolist() == [9 / 4, 16 / 5]
        assert tangent.tolist() == pytest.approx([1 * 15 / 16, 2 * 24 / 25])
    assert fwAD.unpack_dual(x).tangent is None


def test_levels_and_their_errors():
    with pytest.raises(RuntimeError, match="no level exists"):
        fwAD.make_dual(tensor(1.0), tensor(1.0))
    with fwAD.dual_level():
        with pytest.raises(RuntimeError, match="Nested forward mode AD is not supported"):
            fwAD.enter_dual_level()
        with pytest.raises(RuntimeError):
            fwAD.make_dual(tensor(1.0), tensor(1.0, 2.0))
        with pytest.raises(ValueError, match="floating point"):
            fwAD.make_dual(torch.tensor([1]), torch.tensor([1]))
    fwAD.enter_dual_level()
    fwAD.exit_dual_level()


def test_views_and_inplace():
    with fwAD.dual_level():
        x = fwAD.make_dual(tensor(1.0, 2.0, 3.0), tensor(1.0, 10.0, 100.0))
        y = x * 1
        v = y[1:]
        assert fwAD.unpack_dual(v).tangent.tolist() == [10, 100]
        v.mul_(x[0])
        assert fwAD.unpack_dual(y).tangent.tolist() == [1, 10 + 2, 100 + 3]
        z = torch.zeros(3, dtype=torch.float64)
        z[1] = x[2]
        assert fwAD.unpack_dual(z).tangent.tolist() == [0, 100, 0]


def test_forward_over_reverse_is_a_hessian_vector_product():
    p = tensor(1.0, 2.0).requires_grad_()
    with fwAD.dual_level():
        x = fwAD.make_dual(p, tensor(1.0, 0.0))
        (g,) = torch.autograd.grad((x * x * x).sum() * x[1], x)
        hvp = fwAD.unpack_dual(g).tangent
    # f = (a^3 + b^3) b: f_aa = 6ab, f_ab = 3a^2
    assert hvp.tolist() == pytest.approx([12, 3])


def test_reverse_over_forward():
    p = tensor(1.0, 2.0).requires_grad_()
    with fwAD.dual_level():
        x = fwAD.make_dual(p, tensor(1.0, 0.0))
        tangent = fwAD.unpack_dual((x * x * x).sum() * x[1]).tangent
    tangent.backward()
    assert p.grad.tolist() == pytest.approx([12, 3])


def test_function_jvp():
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_forward(x)
            return x**3

        @staticmethod
        def jvp(ctx, tangent):
            (x,) = ctx.saved_tensors
            return 3 * x**2 * tangent

    with fwAD.dual_level():
        assert fwAD.unpack_dual(Cube.apply(fwAD.make_dual(tensor(2.0), tensor(1.0)))).tangent.item() == 12


# --- levels, and what may be dual ---


def tangent(x):
    return fwAD.unpack_dual(x).tangent


@pytest.mark.parametrize("level, words", [(None, "Dual level must be a positive number"), (3, "not the last one")])
def test_leaving_a_level_that_was_not_entered(level, words):
    with pytest.raises(RuntimeError, match=words):
        fwAD.exit_dual_level(level=level)


def test_leaving_another_level():
    level = fwAD.enter_dual_level()
    with pytest.raises(RuntimeError, match="Trying to exit a forward AD level that was not the last one"):
        fwAD.exit_dual_level(level=level + 1)
    fwAD.exit_dual_level(level=level)


def test_a_level_left_by_an_exception_takes_its_tangents_along():
    with pytest.raises(ZeroDivisionError), fwAD.dual_level():
        x = fwAD.make_dual(tensor(1.0), tensor(2.0))
        y = x * 2
        raise ZeroDivisionError
    with fwAD.dual_level() as level:
        assert level == 0 and tangent(x) is None and tangent(y) is None


MISTAKES = [
    (
        ValueError,
        "Expected primal to be floating point or complex, but got: torch.int64",
        lambda: fwAD.make_dual(torch.tensor([1]), tensor(1.0)),
    ),
    (
        ValueError,
        "Expected tangent to be floating point or complex, but got: torch.bool",
        lambda: fwAD.make_dual(tensor(1.0), torch.tensor([True])),
    ),
    (
        RuntimeError,
        "different size than that of the original Tensor.* of size \\[1\\] while .* of size \\[2\\]",
        lambda: fwAD.make_dual(tensor(1.0), tensor(1.0, 2.0)),
    ),
    (
        RuntimeError,
        "already has a forward gradient at the same level",
        lambda: fwAD.make_dual(fwAD.make_dual(tensor(1.0), tensor(1.0)), tensor(1.0)),
    ),
    (
        RuntimeError,
        "Setting a forward grad that itself has a forward gradient",
        lambda: fwAD.make_dual(tensor(1.0), fwAD.make_dual(tensor(1.0), tensor(1.0))),
    ),
    (RuntimeError, "real tangent", lambda: fwAD.make_dual(tensor(1.0), tensor(1.0) * 1j)),
    (RuntimeError, "Invalid level given to _make_dual", lambda: fwAD.make_dual(tensor(1.0), tensor(1.0), level=5)),
    (RuntimeError, "Invalid level given to _fw_primal", lambda: fwAD.unpack_dual(tensor(1.0), level=5)),
    (AttributeError, "has no attribute 'is_floating_point'", lambda: fwAD.make_dual(tensor(1.0), None)),
    (TypeError, "argument 'dual' .* must be Tensor, not int", lambda: fwAD.unpack_dual(3)),
    (
        NotImplementedError,
        "Trying to use forward AD with mul_out that does not support it because it is an out=",
        lambda: torch.mul(fwAD.make_dual(tensor(1.0), tensor(1.0)), 2, out=tensor(0.0)),
    ),
    (
        NotImplementedError,
        "Trying to use forward AD with sum_out",
        lambda: torch.sum(tensor(1.0), 0, out=fwAD.make_dual(tensor(0.0), tensor(1.0))[0]),
    ),
    (
        NotImplementedError,
        "Trying to use forward AD with set_",
        lambda: fwAD.make_dual(tensor(1.0), tensor(1.0)).set_(tensor(1.0)),
    ),
    (
        RuntimeError,
        "cannot resize variables that has a forward grad",
        lambda: fwAD.make_dual(tensor(1.0), tensor(1.0)).resize_(2),
    ),
]


@pytest.mark.parametrize("error, words, call", MISTAKES, ids=[words[:40] for _, words, _ in MISTAKES])
def test_mistakes(error, words, call):
    with fwAD.dual_level():
        with pytest.raises(error, match=words):
            call()


def test_what_a_dual_tensor_is():
    x, t = tensor(1.0, 2.0).requires_grad_(), tensor(3.0, 4.0)
    assert fwAD.unpack_dual(x) == (x, None)
    with fwAD.dual_level():
        dual = fwAD.make_dual(x, t)
        assert dual._base is x and dual.data_ptr() == x.data_ptr() and dual.requires_grad and tangent(dual) is t
        assert tangent(x) is None
        assert repr(fwAD.make_dual(x.detach(), t)) == (
            "tensor([1., 2.], dtype=torch.float64,\n       tangent=tensor([3., 4.], dtype=torch.float64))"
        )
        result = dual * 2
        primal, _ = fwAD.unpack_dual(result)
        assert primal._is_view() and tangent(primal) is None and "tangent" not in repr(primal)
        assert torch.autograd.grad(primal.sum(), x)[0].tolist() == [2, 2]
        primal.detach().zero_()
        assert result.tolist() == [0, 0] and tangent(result).tolist() == [6, 8]


def test_a_tangent_of_another_float_dtype_is_taken_as_it_is():
    with fwAD.dual_level():
        dual = fwAD.make_dual(tensor(1.0), torch.tensor([3.0]))
        assert tangent(dual).dtype == torch.float32
        assert tangent(dual * 2).dtype == torch.float64 and tangent(dual * 2).item() == 6


@pytest.mark.parametrize(
    "given",
    [
        torch.arange(6.0).double().reshape(3, 2).t(),
        torch.ones(1, 1).double().expand(2, 3),
        torch.ones(2, 6).double()[:, ::2],
    ],
    ids=["transposed", "expanded", "gaps"],
)
def test_a_tangent_is_laid_out_as_its_tensor(given):
    with fwAD.dual_level():
        dual = fwAD.make_dual(torch.zeros(2, 3).double(), given)
        assert torch.equal(tangent(dual), given) and tangent(dual).stride() == (3, 1)
        dual.view(6)[2:].mul_(10)
        assert torch.equal(tangent(dual).reshape(6), torch.cat([given.reshape(6)[:2], 10 * given.reshape(6)[2:]]))


# --- modes ---


def test_switching_forward_mode_off():
    assert fwAD._is_fwd_grad_enabled()
    with fwAD.dual_level():
        x = fwAD.make_dual(tensor(1.0), tensor(2.0))
        with fwAD._set_fwd_grad_enabled(False):
            assert not fwAD._is_fwd_grad_enabled() and tangent(x) is None
            hidden = x * 2
            with pytest.raises(RuntimeError, match="Nested"):
                fwAD.enter_dual_level()
            with fwAD._set_fwd_grad_enabled(True):
                assert tangent(x * 3).item() == 6
        assert tangent(hidden) is None and tangent(x).item() == 2
    assert fwAD._is_fwd_grad_enabled()


def test_other_modes():
    with fwAD.dual_level():
        x = fwAD.make_dual(tensor(1.0), tensor(2.0)) * 1
        with torch.no_grad():
            assert tangent(x * 3).item() == 6
        with torch.inference_mode():
            assert tangent(x) is None and tangent(x * 3) is None
            assert tangent(fwAD.make_dual(tensor(1.0), tensor(2.0))) is None
        assert tangent(x.detach()) is None and tangent(x.data) is None and tangent(x.clone()).item() == 2


# --- in place ---


def _fresh_dual():
    return fwAD.make_dual(tensor(1.0, 2.0, 3.0), tensor(4.0, 5.0, 6.0)) * 1


INPLACE = {
    "dual into plain": (lambda d: torch.zeros(3).double().add_(d), [4, 5, 6]),
    "dual into a plain base, by a view": (lambda d: _base_after(lambda base: base[1:].copy_(d[:2])), [0, 4, 5]),
    "by a chain of views": (lambda d: _base_after(lambda base: base.view(3, 1).t()[0].add_(d)), [4, 5, 6]),
    "dual into an item": (lambda d: _base_after(lambda base: base.__setitem__(1, d[2])), [0, 6, 0]),
    "by an index": (lambda d: _base_after(lambda base: base.__setitem__(torch.tensor([2, 0]), d[:2])), [5, 0, 4]),
    "under no_grad": (lambda d: torch.no_grad()(d.mul_)(2), [8, 10, 12]),
    "plain into dual": (lambda d: d.copy_(tensor(7.0, 7.0, 7.0)), [0, 0, 0]),
    "one number into an item": (lambda d: d.__setitem__(0, 9.0) or d, [0, 5, 6]),
    "itself": (lambda d: d.mul_(d), [8, 20, 36]),  # PyTorch: twice that
    "base changed, view looked at": (lambda d: (d[1:], d.mul_(3))[0], [15, 18]),
    "masked": (lambda d: d.masked_fill_(torch.tensor([True, False, False]), 0.0), [0, 5, 6]),
    "shape": (lambda d: d.unsqueeze_(1).t_()[0], [4, 5, 6]),
    "zero": (lambda d: d.zero_(), [0, 0, 0]),
}


def _base_after(change):
    base = torch.zeros(3).double()
    change(base)
    return base


@pytest.mark.parametrize("case", INPLACE)
def test_inplace(case):
    make, expected = INPLACE[case]
    with fwAD.dual_level():
        assert tangent(make(_fresh_dual())).tolist() == expected


def test_inplace_changes_the_tangent_that_was_given():
    t = tensor(1.0)
    with fwAD.dual_level():
        fwAD.make_dual(tensor(2.0), t).mul_(5)
    assert t.item() == 5


# --- Functions ---


class Doubles(torch.autograd.Function):
    """2 x, or what `forwards` makes of x; the tangents are what `tangents` makes of that of x."""

    forwards = staticmethod(lambda ctx, x: x * 2)
    tangents = staticmethod(lambda t: t * 2)

    @classmethod
    def forward(cls, ctx, x):
        return cls.forwards(ctx, x)

    @classmethod
    def jvp(cls, ctx, t):
        return cls.tangents(t)


def doubles(tangents, forwards=None):
    members = {"tangents": staticmethod(tangents)}
    if forwards is not None:
        members["forwards"] = staticmethod(forwards)
    return type("Doubles", (Doubles,), members).apply


def _dirty(ctx, x):
    ctx.mark_dirty(x)
    return x.mul_(2)


FUNCTIONS = {
    "number": ("invalid number of forward gradients .expected 1 but got 2", doubles(lambda t: (t, t))),
    "type": ("expected Variable or None .got int. for grad output 0", doubles(lambda t: 5)),
    "size": ("different size than that of the original Tensor", doubles(lambda t: t[:0])),
    "integers": ("Expected both tensor and its forward grad to be floating", doubles(lambda t: t.long())),
    "not in place": ("not modifying the forward mode gradients inplace", doubles(lambda t: t * 2, _dirty)),
    "not a view": ("the jvp is not returning a view", doubles(lambda t: (t * 1).view(1, 1), lambda c, x: x.view(1, 1))),
    "input as it is": ("the jvp is not returning a view", doubles(lambda t: t, lambda ctx, x: x)),
}


@pytest.mark.parametrize("case", FUNCTIONS)
def test_wrong_jvp(case):
    words, function = FUNCTIONS[case]
    with fwAD.dual_level():
        with pytest.raises(RuntimeError, match=words):
            function(fwAD.make_dual(tensor(1.0), tensor(2.0)) * 1)


@pytest.mark.parametrize(
    "function, expected",
    [
        (doubles(lambda t: t.mul_(2), _dirty), [[4.0]]),
        (doubles(lambda t: t.view(1, 1), lambda ctx, x: x.view(1, 1)), [[2.0]]),
        (doubles(lambda t: t.view_as(t), lambda ctx, x: x), [[2.0]]),
    ],
    ids=["in place", "view", "input as it is"],
)
def test_right_jvp(function, expected):
    with fwAD.dual_level():
        result = function(fwAD.make_dual(tensor(1.0), tensor(2.0)) * 1)
        assert tangent(result).reshape(1, 1).tolist() == expected


def test_a_function_without_jvp():
    class Reverse(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

    with fwAD.dual_level():
        with pytest.raises(NotImplementedError, match="You must implement the jvp function"):
            Reverse.apply(fwAD.make_dual(tensor(1.0), tensor(2.0)))


@pytest.mark.parametrize("materialize", [True, False])
def test_missing_tangents_of_a_function(materialize):
    seen = []

    class Product(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, y, n):
            ctx.set_materialize_grads(materialize)
            ctx.save_for_forward(x, y)
            flag = x > 0
            ctx.mark_non_differentiable(flag)
            return x * y * n, flag

        @staticmethod
        def jvp(ctx, tx, ty, tn):
            seen.append((ty, tn))
            return tx * ctx.saved_tensors[1] * 10, None

    with fwAD.dual_level():
        product, flag = Product.apply(fwAD.make_dual(tensor(2.0), tensor(1.0)), tensor(3.0), 10)
        assert tangent(product).item() == 30 and tangent(flag) is None
    ((ty, tn),) = seen
    assert tn is None and (ty.item() == 0 if materialize else ty is None)


# --- with reverse mode ---


def test_tangents_that_require_grad():
    x, v = tensor(1.0, 2.0).requires_grad_(), tensor(3.0, 4.0).requires_grad_()
    with fwAD.dual_level():
        t = tangent(fwAD.make_dual(x, v).sin())
    by_x, by_v = torch.autograd.grad(t.sum(), (x, v))
    assert torch.allclose(by_v, x.cos()) and torch.allclose(by_x, -x.sin() * v)


def test_third_order_by_both_modes():
    x = tensor(1.5).requires_grad_()
    hooked = []
    x.register_hook(hooked.append)
    with fwAD.dual_level():
        dual = fwAD.make_dual(x, tensor(1.0))
        y = dual**4
        assert not hooked
        (g,) = torch.autograd.grad(y, x, create_graph=True)
        (third,) = torch.autograd.grad(tangent(g), x)
    assert third.item() == pytest.approx(24 * 1.5) and len(hooked) == 2
