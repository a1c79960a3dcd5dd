"""gradcheck's options, its misuse, and the Jacobians by the names that PyTorch has deprecated."""

import importlib
import warnings

import numpy as np
import pytest

import mibun as torch
from mibun.autograd import Function, gradcheck, gradgradcheck
from mibun.autograd.gradcheck import GradcheckError

jacobians = importlib.import_module("mibun.autograd.gradcheck")


def real(*shape, requires_grad=True, seed=0):
    values = np.random.default_rng(seed).uniform(0.5, 2.0, shape)
    return torch.tensor(values, dtype=torch.float64, requires_grad=requires_grad)


def cplx(*values):
    return torch.tensor(values, dtype=torch.complex128, requires_grad=True)


class TestBatches:
    @pytest.mark.parametrize("x", [real(3), real(0), cplx(1 + 2j, 0.5)], ids=["real", "empty", "complex"])
    def test_right(self, x):
        options = {"check_batched_grad": True}
        forward = {"check_forward_ad": True, "check_batched_forward_grad": True}
        assert gradcheck(lambda x: (x * x, x.sum()), x, **options, **forward)
        assert gradgradcheck(lambda x: x**3, x, **options)

    @pytest.mark.parametrize("kind", [RuntimeError, ZeroDivisionError])
    def test_a_backward_that_fails_for_the_batch_alone(self, kind):
        calls = []

        class Fails(Function):
            @staticmethod
            def forward(ctx, x):
                return x * 2

            @staticmethod
            def backward(ctx, g):
                calls.append(g)
                if len(calls) > until:
                    raise kind("no more")
                return g * 2

        until = 10**9
        assert gradcheck(Fails.apply, real(2))
        until = 2 * len(calls)
        # PyTorch explains the RuntimeErrors that batched arrays raise; what else the user's code raises goes through.
        expected = GradcheckError if kind is RuntimeError else kind
        words = "^While computing batched gradients, got: no more" if kind is RuntimeError else "^no more"
        with pytest.raises(expected, match=words):
            gradcheck(Fails.apply, real(2), check_batched_grad=True)

    def test_tangents_that_depend_on_what_came_before(self):
        pushes = []

        class Remembers(Function):
            @staticmethod
            def forward(ctx, x):
                return x * 2

            @staticmethod
            def backward(ctx, g):
                return g * 2

            @staticmethod
            def jvp(ctx, t):
                pushes.append(t)
                return t * 2 + 1e-3 * (len(pushes) > until)

        until = 10**9
        assert gradcheck(Remembers.apply, real(2), check_forward_ad=True)
        until = 2 * len(pushes) + 2
        with pytest.raises(GradcheckError, match="^For output 0 and input 0:\n\ngradcheck failed while"):
            gradcheck(Remembers.apply, real(2), check_forward_ad=True, check_batched_forward_grad=True)


class TestDeprecatedNames:
    @pytest.fixture(autouse=True)
    def quiet(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            yield

    def test_numerical(self):
        x, y = real(2), real(3, seed=1)
        by_x, by_y = jacobians.get_numerical_jacobian(lambda t: t[0] * t[1].sum(), (x, y), eps=1e-6)
        assert torch.allclose(by_x, y.sum() * torch.eye(2, dtype=torch.float64))
        assert torch.allclose(by_y, x.expand(3, 2))
        (alone,) = jacobians.get_numerical_jacobian(lambda t: t[0] * t[1].sum(), (x, y), y, 1e-6)
        assert torch.equal(alone, by_y)
        (of_z,) = jacobians.get_numerical_jacobian(lambda t: t.abs(), cplx(3 + 4j), eps=1e-6)
        assert torch.allclose(of_z, torch.tensor([[0.6 + 0.8j]], dtype=torch.complex128))

    def test_numerical_with_respect_to_one_input(self):
        x, y = real(2), real(3, seed=1)
        both = jacobians.get_numerical_jacobian_wrt_specific_input(
            lambda a, b: (a.sum() * b, b * b), 1, (x, y), (y, y), 1e-6
        )
        assert torch.allclose(both[0], x.sum() * torch.eye(3, dtype=torch.float64))
        assert torch.allclose(both[1], torch.diag(2 * y))
        (turned,) = jacobians.get_numerical_jacobian_wrt_specific_input(lambda a: a * 1j, 0, (x,), x, 1e-6, None, True)
        assert torch.allclose(turned, 1j * torch.eye(2, dtype=torch.complex128))
        with pytest.raises(AssertionError, match="real-valued, not complex"):
            jacobians.get_numerical_jacobian_wrt_specific_input(lambda a: a * 1j, 0, (cplx(1.0),), x, 1e-6)
        with pytest.raises(AssertionError, match="Expected input to have requires_grad=True"):
            jacobians.get_numerical_jacobian_wrt_specific_input(lambda a: a, 0, (x.detach(),), x, 1e-6)

    def test_analytical(self):
        x = real(2)
        found, repeated, sizes, types = jacobians.get_analytical_jacobian((x, real(1)), x**2)
        assert torch.allclose(found[0], torch.diag(2 * x)) and found[1].tolist() == [[0.0, 0.0]]
        assert repeated and sizes and types
        assert jacobians.get_analytical_jacobian(x, x[:0] * 2)[0][0].shape == (2, 0)

    @pytest.mark.parametrize(
        "name, arguments",
        [
            ("get_numerical_jacobian", lambda x, f: (f, (x,))),
            ("get_analytical_jacobian", lambda x, f: ((x,), f((x,)))),
        ],
    )
    def test_refusals(self, name, arguments):
        call, x = getattr(jacobians, name), real(2)
        with pytest.warns(FutureWarning, match=f"^`{name}` was part of PyTorch's private API"):
            warnings.simplefilter("always", FutureWarning)
            call(*arguments(x, lambda t: t[0] * 2))
        with pytest.raises(ValueError, match="Expected grad_out to be 1.0"):
            call(*arguments(x, lambda t: t[0] * 2), grad_out=2.0)
        with pytest.raises(ValueError, match="Expected output to be non-complex"):
            call(*arguments(x, lambda t: t[0] * 2j))


class TestMisuse:
    """Errors of the caller are raised whatever raise_exception says."""

    @pytest.mark.parametrize(
        "error, match, func, inputs, options",
        [
            (ValueError, "^gradcheck expects at least one input tensor to require gradient", None, 3.0, {}),
            (ValueError, "^gradcheck expects at least one input tensor to require gradient", None, (), {}),
            (AssertionError, "^Expected at least one of check_forward_ad or", None, 0, {"check_backward_ad": False}),
            (
                AssertionError,
                "^Setting check_batched_forward_grad=True requires check_forward_ad",
                None,
                0,
                {"check_batched_forward_grad": True},
            ),
            (
                AssertionError,
                "^Setting check_batched_grad=True requires check_backward_ad",
                None,
                0,
                {"check_batched_grad": True, "check_backward_ad": False, "check_forward_ad": True},
            ),
            (ValueError, "eps", None, 0, {"eps": 0}),
            (ValueError, "atol", None, 0, {"atol": -1}),
            (ValueError, "nondet_tol", None, 0, {"nondet_tol": float("nan")}),
            (TypeError, "output 1 is float", lambda x: (x * 2, 3.0), 0, {}),
            (TypeError, "output 0 is NoneType", lambda x: None, 0, {}),
        ],
    )
    def test_gradcheck(self, error, match, func, inputs, options):
        with pytest.raises(error, match=match):
            inputs = real(3) if inputs == 0 else inputs
            gradcheck(func or (lambda x: x * 2), inputs, raise_exception=False, **options)

    def test_overlapping_memory(self):
        expanded = torch.ones(1, dtype=torch.float64).expand(3).requires_grad_()
        with pytest.raises(RuntimeError, match="^The 0th input has a dimension with stride 0"):
            gradcheck(lambda x: x * 2, expanded, raise_exception=False)
        overlapping = torch.from_numpy(np.lib.stride_tricks.sliding_window_view(np.ones(4), 2, writeable=True))
        with pytest.raises(RuntimeError, match="^The 1th input has elements that share memory"):
            gradcheck(lambda x, y: x * 2, (real(3), overlapping.requires_grad_()), raise_exception=False)
        assert gradcheck(lambda x: x * 2, torch.ones(1, dtype=torch.float64).expand(1, 1).requires_grad_())

    @pytest.mark.parametrize(
        "error, match, func, options",
        [
            (AssertionError, "^Expected at least one of check_fwd_over_rev or", None, {"check_rev_over_rev": False}),
            (
                AssertionError,
                "^Setting check_undefined_grad=True requires check_rev_over_rev",
                None,
                {"check_rev_over_rev": False, "check_fwd_over_rev": True},
            ),
            (ValueError, "at least one output that requires grad", lambda x: x.detach(), {}),
            (RuntimeError, "^got 1 tensors and 2 gradients", None, {"grad_outputs": (real(3), real(3))}),
            (TypeError, "number 0 is NoneType", None, {"grad_outputs": (None,)}),
        ],
    )
    def test_gradgradcheck(self, error, match, func, options):
        with pytest.raises(error, match=match):
            gradgradcheck(func or (lambda x: x**3), real(3), raise_exception=False, **options)

    def test_grad_outputs(self):
        assert gradgradcheck(lambda x: (x**3, x * 2), real(3), (real(3), real(3, seed=1)))
        assert gradgradcheck(lambda x: x**3, real(3), real(3, requires_grad=False))

    def test_errors_of_func_pass_through(self):
        with pytest.raises(ZeroDivisionError):
            gradcheck(lambda x: 1 / 0, real(3), raise_exception=False)

    def test_the_error_is_pytorchs(self):
        assert issubclass(GradcheckError, RuntimeError) and jacobians.GradcheckError is GradcheckError
        assert torch.typename(GradcheckError) == "torch.autograd.gradcheck.GradcheckError"
