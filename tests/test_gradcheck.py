"""gradcheck and gradgradcheck: right derivatives pass, and every way of being wrong is found and named."""

import warnings

import numpy as np
import pytest

import mibun as torch
from mibun.autograd import Function, forward_ad, gradcheck, gradgradcheck
from mibun.autograd.gradcheck import GradcheckError

BOTH_SPEEDS = pytest.mark.parametrize("fast_mode", [False, True], ids=["slow", "fast"])


def real(*shape, requires_grad=True, seed=0, dtype=None):
    values = np.random.default_rng(seed).uniform(0.5, 2.0, shape)
    return torch.tensor(values, dtype=dtype or torch.float64, requires_grad=requires_grad)


def cplx(*shape, seed=0):
    random = np.random.default_rng(seed)
    values = random.uniform(0.5, 2.0, shape) + 1j * random.uniform(0.5, 2.0, shape)
    return torch.tensor(values, dtype=torch.complex128, requires_grad=True)


class Square(Function):
    """x * x with every derivative right; the wrong ones below change one method each."""

    @staticmethod
    def forward(x):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 2 * x.conj()

    @staticmethod
    def jvp(ctx, tangent):
        (x,) = ctx.saved_tensors
        return tangent * 2 * x


class WrongReverse(Square):
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x


class WrongInOneEntry(Square):
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 2 * x + g * torch.tensor(np.eye(1, x.numel(), 2).reshape(tuple(x.shape)) * 0.125)


class WrongForward(Square):
    @staticmethod
    def jvp(ctx, tangent):
        (x,) = ctx.saved_tensors
        return tangent * 3 * x


class WrongConjugate(Square):
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 2 * x


class WrongForwardConjugate(Square):
    @staticmethod
    def jvp(ctx, tangent):
        (x,) = ctx.saved_tensors
        return tangent * 2 * x.conj()


class WrongSecond(Square):
    """The gradient is right, but its derivative with respect to x is cut off."""

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 2 * x.detach()


class Twice(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, g):
        return g * 2


class TestRight:
    @BOTH_SPEEDS
    @pytest.mark.parametrize(
        "func, inputs",
        [
            (lambda x: x * x, lambda: real(3)),
            (lambda x, y: (x * y, x + y, x.sum()), lambda: (real(2, 3), real(2, 3, seed=1))),
            (lambda x, y: x * y, lambda: (real(3, 1), real(2, seed=1))),
            (lambda x, k: x**k, lambda: (real(3), 3)),
            (lambda x, n: (x * 2, n * 2, x > 1), lambda: (real(3), torch.arange(3))),
            (lambda x, y: x * 2, lambda: (real(3), real(3))),
            (lambda x: [x.exp(), x.log()], lambda: [real(3)]),
            (lambda x: x * x, lambda: real()),
            (lambda x: x * x, lambda: real(0)),
            (lambda x: x.sum(), lambda: real(0, 3)),
            (lambda x: x[:0], lambda: real(3)),
            (lambda x: x, lambda: real(3)),
            (lambda x: (x, x), lambda: real(3)),
            (lambda x: (x, x * 2), lambda: cplx(3)),
            (lambda x: x * x, lambda: cplx(3)),
            (lambda x: x * x.conj(), lambda: cplx(2, 2)),
            (lambda x: x.abs(), lambda: cplx(3)),
            (lambda x: x.real, lambda: cplx(3)),
            (lambda x: x * 1j, lambda: real(3)),
            (lambda x, y: x * y, lambda: (real(3), cplx(3))),
            (Square.apply, lambda: real(3)),
            (Square.apply, lambda: cplx(3)),
        ],
    )
    def test_passes_in_both_modes(self, func, inputs, fast_mode):
        assert gradcheck(func, inputs(), fast_mode=fast_mode, check_grad_dtypes=True) is True
        assert gradcheck(func, inputs(), fast_mode=fast_mode, check_forward_ad=True) is True
        assert gradcheck(func, inputs(), fast_mode=fast_mode, check_forward_ad=True, check_backward_ad=False) is True

    @BOTH_SPEEDS
    @pytest.mark.parametrize(
        "func, inputs",
        [
            (lambda x: x**3, lambda: real(3)),
            (lambda x: x * 3, lambda: real(3)),
            (lambda x, y: (x * y * y, x.exp()), lambda: (real(2), real(2, seed=1))),
            (lambda x: x * x * x.conj(), lambda: cplx(2)),
            (lambda x: x * x, lambda: real()),
            (Square.apply, lambda: cplx(2)),
        ],
    )
    def test_second_order(self, func, inputs, fast_mode):
        assert gradgradcheck(func, inputs(), fast_mode=fast_mode) is True
        assert gradgradcheck(func, inputs(), fast_mode=fast_mode, check_fwd_over_rev=True) is True
        assert gradgradcheck(func, inputs(), fast_mode=fast_mode, gen_non_contig_grad_outputs=True) is True

    def test_noncontiguous_inputs(self):
        base = torch.tensor(np.random.default_rng(0).uniform(1, 2, (4, 3)))
        for view in (base.t(), base[::2], base[:, 1]):
            assert not view.is_contiguous() and gradcheck(lambda x: x**2, view.detach().requires_grad_())

    def test_an_input_that_is_not_a_leaf(self):
        for x in (real(3) * 2, real() * 2, real(2, 2).t()):
            before = x.detach().numpy().copy()
            assert gradcheck(lambda x: x**3, x) and gradcheck(lambda x: x**3, x, check_forward_ad=True)
            assert np.array_equal(x.detach().numpy(), before)

    def test_an_input_that_func_reaches_by_closure(self):
        weight, x = real(2, 3), real(3, seed=1)
        assert gradcheck(lambda *_: weight @ x, (x, weight))

    def test_the_same_tensor_twice(self):
        x = real(3)
        assert gradcheck(lambda a, b: a * b, (x, x))

    def test_leaves_everything_as_it_was(self):
        x, y = real(3), cplx(3)
        before = x.tolist(), y.tolist()
        for fast_mode in (False, True):
            gradcheck(lambda x, y: x * y, (x, y), fast_mode=fast_mode, check_forward_ad=True)
            gradgradcheck(lambda x, y: x * y, (x, y), fast_mode=fast_mode)
            with pytest.raises(GradcheckError):
                gradcheck(WrongReverse.apply, x, fast_mode=fast_mode)

        def fails_when_moved(x):
            return x / (x.tolist() == before[0] or 1 // 0)

        with pytest.raises(ZeroDivisionError):
            gradcheck(fails_when_moved, x)
        assert (x.tolist(), y.tolist()) == before and x.grad is None and y.grad is None

    def test_negative_zero_survives(self):
        x = torch.tensor([-0.0, 1.0], dtype=torch.float64, requires_grad=True)
        assert gradcheck(lambda x: x * 2, x) and np.signbit(x.detach().numpy()[0])

    def test_loose_tolerances_for_float32(self):
        with pytest.warns(UserWarning, match="Input #0 requires gradient and is not a double precision"):
            assert gradcheck(lambda x: x * x, real(3, dtype=torch.float32), eps=1e-2, atol=1e-2)

    def test_a_single_float32_input_among_doubles_warns(self):
        with pytest.warns(UserWarning, match="Input #1 requires gradient"):
            gradcheck(lambda x, y: x * 2, (real(3), real(3, dtype=torch.float32)))

    def test_a_nondifferentiable_buffer_that_func_updates(self):
        seen = torch.zeros(3, dtype=torch.float64)

        def func(x, seen):
            seen += 1
            return x * 2

        assert gradcheck(func, (real(3), seen))

    def test_functions_without_differentiable_outputs(self):
        assert gradcheck(lambda x: x > 1, real(3))
        assert gradcheck(lambda x: torch.ones(3), real(3))
        assert gradcheck(lambda x: (), real(3))

    def test_sides_of_an_output_that_is_not_differentiable_are_not_looked_at(self):
        assert gradcheck(lambda x: (x * 2, x.detach() * 3), real(3), check_forward_ad=True)


class TestWrong:
    @BOTH_SPEEDS
    def test_reverse(self, fast_mode):
        with pytest.raises(
            GradcheckError, match="^Jacobian mismatch for output 0 with respect to input 0,\nnumerical:"
        ):
            gradcheck(WrongReverse.apply, real(3), fast_mode=fast_mode)
        assert gradcheck(WrongReverse.apply, real(3), fast_mode=fast_mode, raise_exception=False) is False

    @BOTH_SPEEDS
    def test_one_entry(self, fast_mode):
        with pytest.raises(GradcheckError) as caught:
            gradcheck(WrongInOneEntry.apply, real(2, 2), fast_mode=fast_mode)
        assert "at [2, 2], the derivative of output[1, 0] with respect to input[1, 0]" in str(caught.value)
        assert "1 of 16 entries differ" in str(caught.value)

    @BOTH_SPEEDS
    def test_forward(self, fast_mode):
        assert gradcheck(WrongForward.apply, real(3), fast_mode=fast_mode)
        with pytest.raises(GradcheckError, match="^Jacobian computed with forward mode mismatch for output 0"):
            gradcheck(WrongForward.apply, real(3), fast_mode=fast_mode, check_forward_ad=True)
        with pytest.raises(GradcheckError, match="^Jacobian computed with forward mode mismatch"):
            gradcheck(WrongForward.apply, real(3), fast_mode=fast_mode, check_forward_ad=True, check_backward_ad=False)
        assert gradcheck(WrongReverse.apply, real(3), check_forward_ad=True, check_backward_ad=False)

    @BOTH_SPEEDS
    def test_imaginary_part_in_reverse(self, fast_mode):
        assert gradcheck(WrongConjugate.apply, real(3), fast_mode=fast_mode)
        start = "^While considering the imaginary part of complex outputs only, Jacobian mismatch for output 0"
        with pytest.raises(GradcheckError, match=start):
            gradcheck(WrongConjugate.apply, cplx(3), fast_mode=fast_mode)

    @BOTH_SPEEDS
    def test_imaginary_part_in_forward(self, fast_mode):
        start = "^While considering the imaginary part of complex inputs only, Jacobian computed with forward mode"
        with pytest.raises(GradcheckError, match=start):
            gradcheck(WrongForwardConjugate.apply, cplx(3), fast_mode=fast_mode, check_forward_ad=True)

    @BOTH_SPEEDS
    def test_imaginary_part_of_a_real_functions_gradient(self, fast_mode):
        class RealPart(Function):
            @staticmethod
            def forward(ctx, x):
                return x.real * 2

            @staticmethod
            def backward(ctx, g):
                return g * (2 + 1j)

        with pytest.raises(GradcheckError, match="^Jacobian mismatch"):
            gradcheck(RealPart.apply, cplx(3), fast_mode=fast_mode)

    @BOTH_SPEEDS
    def test_second_derivative(self, fast_mode):
        assert gradcheck(WrongSecond.apply, real(3), fast_mode=fast_mode)
        with pytest.raises(GradcheckError, match="^Jacobian mismatch for output 0 with respect to input 0"):
            gradgradcheck(WrongSecond.apply, real(3), fast_mode=fast_mode)
        assert gradgradcheck(WrongSecond.apply, real(3), fast_mode=fast_mode, raise_exception=False) is False
        with pytest.raises(GradcheckError, match="^Jacobian computed with forward mode mismatch"):
            gradgradcheck(
                WrongSecond.apply,
                real(3),
                fast_mode=fast_mode,
                check_fwd_over_rev=True,
                check_rev_over_rev=False,
                check_undefined_grad=False,
            )

    def test_which_output_and_input(self):
        with pytest.raises(GradcheckError, match="mismatch for output 1 with respect to input 2"):
            gradcheck(lambda a, n, b: (a * b, WrongReverse.apply(b)), (real(2), 3, real(2)))

    def test_dtype_of_gradients(self, monkeypatch):
        right = torch.autograd.grad
        monkeypatch.setattr(
            "mibun.autograd.gradcheck_subject.grad",
            lambda *args, **keywords: tuple(g if g is None else g.to(torch.float32) for g in right(*args, **keywords)),
        )
        assert gradcheck(lambda x: x * 2, real(3))
        with pytest.raises(
            GradcheckError, match="gradient of input 0 has dtype torch.float32.*tensor has torch.float64"
        ):
            gradcheck(lambda x: x * 2, real(3), check_grad_dtypes=True)

    def test_shape_and_kind_of_gradients(self, monkeypatch):
        right = torch.autograd.grad
        monkeypatch.setattr(
            "mibun.autograd.gradcheck_subject.grad", lambda *a, **k: tuple(g[:2] for g in right(*a, **k))
        )
        with pytest.raises(GradcheckError, match=r"has incorrect size: \(2,\), where the tensor has \(3,\)"):
            gradcheck(lambda x: x * 2, real(3))
        monkeypatch.setattr(
            "mibun.autograd.gradcheck_subject.grad", lambda *a, **k: tuple(g * 1j for g in right(*a, **k))
        )
        with pytest.raises(GradcheckError, match="has dtype torch.complex128, where the tensor has torch.float64"):
            gradcheck(lambda x: x * 2, real(3))

    def test_dtype_of_tangents(self, monkeypatch):
        right = forward_ad.unpack_dual

        class Pair:
            def __init__(self, pair):
                self.primal, self.tangent = pair.primal, pair.tangent.to(torch.float32)

        monkeypatch.setattr(forward_ad, "unpack_dual", lambda *a, **k: Pair(right(*a, **k)))
        assert gradcheck(lambda x: x * 2, real(3), check_forward_ad=True)
        with pytest.raises(GradcheckError, match="Tangent of output 0 has dtype torch.float32"):
            gradcheck(lambda x: x * 2, real(3), check_forward_ad=True, check_grad_dtypes=True)

    @BOTH_SPEEDS
    def test_only_where_a_gradient_is_undefined(self, fast_mode):
        class Both(Function):
            @staticmethod
            def forward(ctx, x):
                ctx.set_materialize_grads(False)
                return x * 2, x * 3

            @staticmethod
            def backward(ctx, g, h):
                if g is None and h is None:
                    return None
                if h is None:
                    return g * 2
                return h * 3 if g is None else g * 2 + h * 3

        class WrongAlone(Both):
            @staticmethod
            def backward(ctx, g, h):
                return g * 2 + h * 3 if g is not None and h is not None else torch.ones(3, dtype=torch.float64)

        class Refuses(Both):
            @staticmethod
            def backward(ctx, g, h):
                return g * 2 + h * 3

        assert gradcheck(Both.apply, real(3), fast_mode=fast_mode)
        with pytest.raises(GradcheckError):
            gradcheck(WrongAlone.apply, real(3), fast_mode=fast_mode)
        with pytest.raises((GradcheckError, TypeError)):
            gradcheck(Refuses.apply, real(3), fast_mode=fast_mode)

    @BOTH_SPEEDS
    def test_one_undefined_gradient_behind_a_mix(self, fast_mode):
        """The wrong node's outputs always meet, so that only check_undefined_grad tells them apart."""

        class Pair(Function):
            @staticmethod
            def forward(ctx, x):
                ctx.set_materialize_grads(False)
                return x * 2

            @staticmethod
            def backward(ctx, g):
                return torch.ones(3, dtype=torch.float64) if g is None else g * 2

        assert gradcheck(Pair.apply, real(3), fast_mode=fast_mode, check_undefined_grad=False)
        with pytest.raises(GradcheckError, match="^Expected all input grads to be undefined or zero"):
            gradcheck(Pair.apply, real(3), fast_mode=fast_mode)

    def test_an_undefined_gradient_that_is_not_expected(self):
        class Refuses(Twice):
            @staticmethod
            def forward(ctx, x):
                ctx.set_materialize_grads(False)
                return x * 2

        with pytest.raises(GradcheckError, match="^Expected backward function to handle undefined output grads"):
            gradcheck(Refuses.apply, real(3))

    @BOTH_SPEEDS
    def test_nondeterministic_backward(self, fast_mode):
        class Drifts(Twice):
            calls = 0

            @staticmethod
            def backward(ctx, g):
                Drifts.calls += 1
                return g * (2 + 1e-7 * (Drifts.calls % 2))

        with pytest.raises(GradcheckError, match="^Backward is not reentrant, i.e., running backward with same input"):
            gradcheck(Drifts.apply, real(3), fast_mode=fast_mode)
        with pytest.raises(GradcheckError, match="^Backward is not reentrant"):
            gradcheck(Drifts.apply, real(3), fast_mode=fast_mode, nondet_tol=1e-9)
        assert gradcheck(Drifts.apply, real(3), fast_mode=fast_mode, nondet_tol=1e-5)

    @BOTH_SPEEDS
    def test_nondeterministic_forward_mode(self, fast_mode):
        class Drifts(Square):
            calls = 0

            @staticmethod
            def jvp(ctx, tangent):
                Drifts.calls += 1
                (x,) = ctx.saved_tensors
                return tangent * 2 * x + 1e-7 * (Drifts.calls % 2)

        with pytest.raises(GradcheckError, match="^Forward mode is not deterministic"):
            gradcheck(Drifts.apply, real(3), fast_mode=fast_mode, check_forward_ad=True)
        assert gradcheck(Drifts.apply, real(3), fast_mode=fast_mode, check_forward_ad=True, nondet_tol=1e-5)

    def test_a_nondeterministic_function_is_said_to_be_one(self):
        random = np.random.default_rng(0)
        with pytest.raises(GradcheckError, match="Note: func is not deterministic: two calls with the same inputs"):
            gradcheck(lambda x: x * random.uniform(), real(3))

    def test_not_multiplied_by_grad_output(self):
        class Adds(Twice):
            @staticmethod
            def backward(ctx, g):
                return g * 2 + 1e-7

        with pytest.raises(GradcheckError, match="^backward not multiplied by grad_output"):
            gradcheck(Adds.apply, real(3))

    def test_not_linear_in_grad_output(self):
        class Absolute(Twice):
            @staticmethod
            def backward(ctx, g):
                return g.abs() * 2

        class OnlyOneAtATime(Function):
            @staticmethod
            def forward(ctx, x):
                return x * 2, x * 3

            @staticmethod
            def backward(ctx, g, h):
                return g * 2 + h * 3 + g * h

        with pytest.raises(GradcheckError, match="^backward is not linear in grad_output"):
            gradcheck(Absolute.apply, real(3))
        for fast_mode in (False, True):
            with pytest.raises(GradcheckError, match="^backward is not linear in grad_output"):
                gradcheck(OnlyOneAtATime.apply, real(3), fast_mode=fast_mode)

    def test_not_linear_in_tangents(self):
        class Product(Function):
            @staticmethod
            def forward(x, y):
                return x * y

            @staticmethod
            def setup_context(ctx, inputs, output):
                ctx.save_for_backward(*inputs)
                ctx.save_for_forward(*inputs)

            @staticmethod
            def backward(ctx, g):
                x, y = ctx.saved_tensors
                return g * y, g * x

            @staticmethod
            def jvp(ctx, a, b):
                x, y = ctx.saved_tensors
                return a * y + b * x + a * b

        assert gradcheck(Product.apply, (real(3), real(3, seed=1)))
        for fast_mode in (False, True):
            with pytest.raises(GradcheckError, match="^forward mode is not linear in the tangents"):
                gradcheck(Product.apply, (real(3), real(3, seed=1)), check_forward_ad=True, fast_mode=fast_mode)

    @BOTH_SPEEDS
    def test_hidden_from_autograd(self, fast_mode):
        for func, x in ((lambda x: x.detach() * 2, real(3)), (lambda x: x.detach() * 2, cplx(3))):
            with pytest.raises(GradcheckError, match="^Numerical gradient for function expected to be zero"):
                gradcheck(func, x, fast_mode=fast_mode)
        with pytest.raises(GradcheckError, match="Jacobian mismatch"):
            gradcheck(lambda x: x * x.detach(), real(3), fast_mode=fast_mode)
        with pytest.raises(GradcheckError, match="grad mode is off"), torch.no_grad():
            gradcheck(lambda x: x * 2, real(3), fast_mode=fast_mode)

    def test_modified_inputs(self):
        def func(x):
            x.detach().mul_(2)
            return x * 3

        x = real(3)
        before = x.tolist()
        with pytest.raises(GradcheckError, match="func modified its input 0 in place"):
            gradcheck(func, x)
        assert x.tolist() == before and gradcheck(func, x, raise_exception=False) is False
        with pytest.raises(RuntimeError, match="a leaf Variable that requires grad is being used in an in-place"):
            gradcheck(lambda x: x.mul_(2), real(3))

    def test_a_modified_buffer_that_matters_is_named(self):
        def func(x, y):
            y.mul_(2)
            return x + y

        with pytest.raises(GradcheckError, match="func modifies its argument 1 .*in place"):
            gradcheck(func, (real(3), real(3, requires_grad=False)))

    def test_nan_agrees_with_nothing(self):
        with pytest.raises(GradcheckError, match="numerical nan, analytical nan"), np.errstate(all="ignore"):
            gradcheck(lambda x: (x - 100).sqrt(), real(2))

    def test_outputs_that_change_shape(self):
        with pytest.raises(GradcheckError, match=r"output 0 was torch.float64 of shape \(2,\).*\(1,\)"):
            gradcheck(lambda x: x[x >= 1], torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True))

    def test_inputs_that_share_memory_are_named(self):
        x = real(3)
        with pytest.raises(GradcheckError, match="the inputs 0 and 1 may share memory"):
            gradcheck(lambda a, b: a * 2 + b, (x, x.detach().requires_grad_()))

    def test_float32_is_named(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pytest.raises(GradcheckError, match="input 0 is torch.float32, too coarse for steps of eps=1e-06"):
                gradcheck(lambda x: x * x, real(3, dtype=torch.float32))

    def test_fast_mode_says_when_slow_mode_finds_nothing(self):
        class ZeroAlongTheAxes(Function):
            """x0 * x0 * x1 / (x0 * x0 + x1 * x1): at the origin both partial derivatives are zero, the others not."""

            @staticmethod
            def forward(ctx, x):
                squares = x * x
                return squares[0] * x[1] / (squares.sum() + 1e-300)

            @staticmethod
            def backward(ctx, g):
                return g * torch.zeros(2, dtype=torch.float64)

        x = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        assert gradcheck(ZeroAlongTheAxes.apply, x)
        with pytest.raises(GradcheckError, match="Fast gradcheck failed but element-wise differences are small"):
            gradcheck(ZeroAlongTheAxes.apply, x, fast_mode=True)
