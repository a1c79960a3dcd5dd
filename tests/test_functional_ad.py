"""`autograd.functional`: products with, and whole, Jacobians and Hessians. Agrees with PyTorch except where marked."""

from __future__ import annotations

import pytest

import mibun as torch
from mibun.autograd import functional

OURS = torch.__name__ == "mibun"
ours = pytest.mark.skipif(not OURS, reason="differs from PyTorch on purpose")


def vec(*values):
    return torch.tensor(values, dtype=torch.float64)


def close(a, b):
    if isinstance(a, tuple):
        assert isinstance(b, tuple) and len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            close(x, y)
    else:
        assert a.shape == b.shape and a.dtype == b.dtype
        assert torch.allclose(a, b), (a, b)


X, Y = vec(1.0, 2.0), vec(3.0, 4.0)


def square(x):
    return x**2


def pair(x, y):
    return x * y, x.sum() * y


def cubes(x):
    return (x**3).sum()


def mixed(x, y):
    return (x**2 * y).sum()


def constant(x):
    return torch.ones(3, dtype=torch.float64)


def test_vjp():
    outputs, products = functional.vjp(square, X, vec(1.0, 1.0))
    close(outputs, vec(1.0, 4.0))
    close(products, vec(2.0, 4.0))
    assert not outputs.requires_grad and not products.requires_grad
    close(
        functional.vjp(pair, (X, Y), (vec(1.0, 1.0), vec(1.0, 1.0))),
        ((vec(3.0, 8.0), vec(9.0, 12.0)), (vec(10.0, 11.0), vec(4.0, 5.0))),
    )
    close(functional.vjp(cubes, X), (torch.tensor(9.0, dtype=torch.float64), vec(3.0, 12.0)))
    assert not X.requires_grad


def test_jvp():
    close(functional.jvp(square, X, vec(1.0, 1.0)), (vec(1.0, 4.0), vec(2.0, 4.0)))
    close(functional.jvp(pair, (X, Y), (vec(1.0, 1.0), vec(1.0, 1.0)))[1], (vec(4.0, 6.0), vec(9.0, 11.0)))
    one = torch.tensor([2.0], dtype=torch.float64)
    close(functional.jvp(lambda x: x * vec(1.0, 2.0, 3.0), one)[1], vec(1.0, 2.0, 3.0))


def test_create_graph():
    x = X.clone().requires_grad_()
    outputs, products = functional.vjp(cubes, x, create_graph=True)
    assert outputs.requires_grad and products.requires_grad
    close(torch.autograd.grad(products.sum(), x)[0], 6 * X)
    _, products = functional.jvp(square, x, vec(1.0, 1.0), create_graph=True)
    close(torch.autograd.grad(products.sum(), x)[0], vec(2.0, 2.0))
    jacobian = functional.jacobian(square, x, create_graph=True)
    close(torch.autograd.grad(jacobian.sum(), x)[0], vec(2.0, 2.0))
    hessian = functional.hessian(cubes, x, create_graph=True)
    close(torch.autograd.grad(hessian.sum(), x)[0], vec(6.0, 6.0))
    for product in (functional.hvp, functional.vhp):
        _, result = product(cubes, x, vec(1.0, 2.0), create_graph=True)
        close(torch.autograd.grad(result.sum(), x)[0], vec(6.0, 12.0))


def test_what_the_function_sees():
    x = X.clone().requires_grad_()
    seen = []

    def note(t):
        seen.append((t.requires_grad, t.is_leaf, t is x))
        return cubes(t)

    functional.jacobian(note, x)
    functional.jacobian(note, x, create_graph=True)
    functional.jacobian(note, X, create_graph=True)
    assert seen == [(True, True, False), (True, False, False), (True, True, False)]
    with torch.no_grad():
        assert functional.vjp(square, x, vec(1.0, 1.0), create_graph=True)[1].requires_grad


def test_jacobian():
    close(functional.jacobian(square, X), torch.diag(2 * X))
    close(functional.jacobian(square, (X,)), (torch.diag(2 * X),))
    outer = vec(1.0, 0.0).unsqueeze(1) * 0 + Y.unsqueeze(1)
    close(
        functional.jacobian(pair, (X, Y)),
        ((torch.diag(Y), torch.diag(X)), (outer.expand(2, 2), torch.diag(vec(3.0, 3.0)))),
    )
    matrix = torch.arange(6, dtype=torch.float64).reshape(2, 3)
    assert functional.jacobian(lambda m: m.exp(), matrix).shape == (2, 3, 2, 3)
    assert functional.jacobian(cubes, matrix).shape == (2, 3)
    close(functional.jacobian(constant, X), torch.zeros(3, 2, dtype=torch.float64))
    close(functional.jacobian(lambda x, y: x**2, (X, Y))[1], torch.zeros(2, 2, dtype=torch.float64))


def test_hessian():
    close(functional.hessian(cubes, X), torch.diag(6 * X))
    close(functional.hessian(cubes, (X,)), ((torch.diag(6 * X),),))
    zero = torch.zeros(2, 2, dtype=torch.float64)
    close(functional.hessian(mixed, (X, Y)), ((torch.diag(2 * Y), torch.diag(2 * X)), (torch.diag(2 * X), zero)))
    close(functional.hessian(lambda x: x.sum(), X), zero)
    close(functional.hessian(lambda x: (x**2).sum().reshape(1), X), torch.diag(vec(2.0, 2.0)))


def test_hessian_products():
    for product in (functional.hvp, functional.vhp):
        close(product(cubes, X, vec(1.0, 1.0)), (torch.tensor(9.0, dtype=torch.float64), 6 * X))
        close(product(mixed, (X, Y), (vec(1.0, 1.0), vec(1.0, 1.0)))[1], (vec(8.0, 12.0), vec(2.0, 4.0)))
        close(product(lambda x: x.sum(), X, vec(1.0, 1.0))[1], vec(0.0, 0.0))
        close(product(lambda x: constant(x).sum(), X, vec(1.0, 1.0))[1], vec(0.0, 0.0))
        close(product(cubes, X[:1])[1], vec(6.0))
        close(
            product(lambda x, y: (x**2).sum(), (X, Y), (vec(1.0, 1.0), vec(1.0, 1.0)))[1],
            (vec(2.0, 2.0), vec(0.0, 0.0)),
        )


ONES = vec(1.0, 1.0)
DIFFERENTIABLY = "Output 0 of the user-provided function does not require gradients"
CASES = [
    (RuntimeError, "v can only be None if", lambda: functional.vjp(square, X)),
    (RuntimeError, "v can only be None if", lambda: functional.jvp(square, X)),
    (RuntimeError, "v can only be None if", lambda: functional.hvp(cubes, X)),
    (RuntimeError, "v has invalid size", lambda: functional.vjp(square, X, vec(1.0))),
    (RuntimeError, "v has invalid size", lambda: functional.jvp(square, X, vec(1.0))),
    (RuntimeError, "invalid length", lambda: functional.vjp(pair, (X, Y), ONES)),
    (TypeError, "The inputs given to vjp must be either", lambda: functional.vjp(square, (X, 3))),
    (TypeError, "The inputs given to vjp must be either", lambda: functional.vjp(square, [X])),
    (TypeError, "The outputs of the user-provided function given to vjp", lambda: functional.vjp(lambda x: 3, X)),
    (TypeError, "The v given to vjp", lambda: functional.vjp(square, X, 3)),
    (RuntimeError, DIFFERENTIABLY, lambda: functional.vjp(constant, X, vec(1.0, 1.0, 1.0), strict=True)),
    (RuntimeError, DIFFERENTIABLY, lambda: functional.jvp(constant, X, ONES, strict=True)),
    (RuntimeError, DIFFERENTIABLY, lambda: functional.jacobian(constant, X, strict=True)),
    (RuntimeError, DIFFERENTIABLY, lambda: functional.hessian(lambda x: constant(x).sum(), X, strict=True)),
    (RuntimeError, "independent of input 1", lambda: functional.jacobian(lambda x, y: x**2, (X, Y), strict=True)),
    (
        RuntimeError,
        "The jacobian of the user-provided function is independent of input 0",
        lambda: functional.jacobian(lambda x: 3 * x, X, strict=True, create_graph=True),
    ),
    (
        RuntimeError,
        "The jacobian of the user-provided function is independent of input 0",
        lambda: functional.jvp(lambda x: 3 * x, X, ONES, strict=True, create_graph=True),
    ),
    (RuntimeError, "While computing the hessian", lambda: functional.hessian(lambda x: x.sum(), X, strict=True)),
    (RuntimeError, "While computing the hessian", lambda: functional.hvp(lambda x: x.sum(), X, ONES, strict=True)),
    (RuntimeError, "While computing the hessian", lambda: functional.vhp(lambda x: x.sum(), X, ONES, strict=True)),
    (RuntimeError, "should contain a single element", lambda: functional.hessian(square, X)),
    (RuntimeError, "should return a single Tensor", lambda: functional.hessian(lambda x: (cubes(x), cubes(x)), X)),
    (AssertionError, "Expected strategy to be either", lambda: functional.jacobian(square, X, strategy="other")),
]


@pytest.mark.parametrize("error, words, call", CASES, ids=[str(i) for i in range(len(CASES))])
def test_errors(error, words, call):
    with pytest.raises(error, match=words):
        call()


@ours
def test_forward_mode():
    """PyTorch has this with `vectorize=True` only."""
    options = {"strategy": "forward-mode"}
    close(functional.jacobian(square, X, **options), functional.jacobian(square, X))
    close(functional.jacobian(pair, (X, Y), **options), functional.jacobian(pair, (X, Y)))
    close(functional.jacobian(constant, X, **options), functional.jacobian(constant, X))
    close(functional.hessian(mixed, (X, Y), outer_jacobian_strategy="forward-mode"), functional.hessian(mixed, (X, Y)))
    z = X * (1 + 1j)
    close(functional.jacobian(square, z, **options), torch.diag(2 * z))
    x = X.clone().requires_grad_()
    jacobian = functional.jacobian(lambda t: t**3, x, create_graph=True, **options)
    close(torch.autograd.grad(jacobian.sum(), x)[0], 6 * X)
    with pytest.raises(RuntimeError, match="strict=True"):
        functional.jacobian(square, X, strict=True, **options)


@pytest.mark.parametrize("strategy", ["reverse-mode", "forward-mode"])
def test_vectorize(strategy):
    options = {"vectorize": True, "strategy": strategy}
    close(functional.jacobian(square, X, **options), functional.jacobian(square, X))
    rows = functional.jacobian(pair, (X, Y), **options)
    close(tuple(tuple(row) for row in rows), functional.jacobian(pair, (X, Y)))
    close(functional.jacobian(constant, X, **options), functional.jacobian(constant, X))
    z = X * (1 + 1j)  # a row is the gradient for 1: the derivative conjugated; a column is the derivative
    expected = (2 * z).conj() if strategy == "reverse-mode" else 2 * z
    close(functional.jacobian(square, z, **options), torch.diag(expected).resolve_conj())
    hessian = functional.hessian(mixed, (X, Y), vectorize=True, outer_jacobian_strategy=strategy)
    close(tuple(tuple(row) for row in hessian), functional.hessian(mixed, (X, Y)))
    with pytest.raises(RuntimeError, match="`strict=True` and"):
        functional.jacobian(square, X, strict=True, **options)


def test_vectorize_with_create_graph():
    x = X.clone().requires_grad_()
    jacobian = functional.jacobian(lambda t: t**3, x, create_graph=True, vectorize=True)
    close(torch.autograd.grad(jacobian.sum(), x)[0], 6 * X)
    with pytest.raises(RuntimeError, match="only for real scalar outputs but got torch.complex128"):
        functional.jacobian(square, X * 1j)


def test_batched_gradients():
    x = X.clone().requires_grad_()
    y, total = x**2, x.sum()
    batch = (vec(1.0, 0.0).new_ones(3, 2), vec(1.0, 2.0, 3.0))
    (found,) = torch.autograd.grad((y, total), x, batch, retain_graph=True, is_grads_batched=True)
    close(found, torch.stack([2 * X + n for n in (1, 2, 3)]))
    close(torch.autograd.grad(total, x, batch[1], is_grads_batched=True)[0], batch[1][:, None].expand(3, 2))
    unused = vec(1.0).requires_grad_()
    found = torch.autograd.grad(y, (x, unused), batch[0], allow_unused=True, is_grads_batched=True)
    assert found[1] is None


@pytest.mark.parametrize(
    "grads, error, words",
    [
        ((vec(1.0, 1.0), None), RuntimeError, "If `is_grads_batched=True`, we interpret the first dimension"),
        ((X.new_ones(3, 2), X.new_ones(2)), ValueError, "same size in the mapped dimension"),
    ],
)
def test_batches_that_do_not_fit(grads, error, words):
    x = X.clone().requires_grad_()
    with pytest.raises(error, match=words):
        torch.autograd.grad((x**2, x.sum()), x, grads, is_grads_batched=True)


@ours
def test_an_empty_batch():
    """PyTorch raises IndexError."""
    x = X.clone().requires_grad_()
    assert torch.autograd.grad(x**2, x, X.new_ones(0, 2), is_grads_batched=True)[0].shape == (0, 2)
