"""Programs as downstream libraries write them, each in a few lines and checked against a number known beforehand."""

import copy
import math

import pytest

import mibun as torch
from mibun import nn
from mibun.autograd import Function, grad
from mibun.autograd.functional import hessian, jacobian
from mibun.func import functional_call
from mibun.nn import functional as F

D = torch.float64


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def mlp(*sizes, activation=nn.Tanh):
    layers = []
    for before, after in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Linear(before, after), activation()]
    return nn.Sequential(*layers[:-1]).double()


# --- explaining models ---


def test_integrated_gradients_are_complete():
    model, x = mlp(3, 8, 1), torch.rand(1, 3, dtype=D)
    path = (torch.arange(400, dtype=D) + 0.5)[:, None] / 400 * x
    gradients = grad(model(path.requires_grad_()).sum(), path)[0].mean(0)
    assert torch.allclose((gradients * x).sum(), (model(x) - model(0 * x)).sum(), atol=1e-6)


def test_guided_backpropagation_by_module_hooks():
    model = mlp(3, 5, 1, activation=nn.ReLU)
    handle = model[1].register_full_backward_hook(lambda module, inputs, outputs: (F.relu(inputs[0]),))
    x = torch.rand(1, 3, dtype=D, requires_grad=True)
    hidden = model[0](x)
    model(x).sum().backward()
    handle.remove()
    upstream = (model[2].weight[0] * (hidden[0] > 0)).clamp(min=0)
    torch.testing.assert_close(x.grad[0], upstream @ model[0].weight)


def test_influence_of_one_example_is_what_refitting_gives():
    X, y = torch.randn(30, 2, dtype=D), torch.randn(30, dtype=D)

    def loss(w, weights):
        return (weights * (X @ w - y) ** 2).sum() + 0.1 * (w**2).sum()

    def fitted(weights):
        return torch.linalg.solve(X.T @ (weights[:, None] * X) + 0.1 * torch.eye(2, dtype=D), X.T @ (weights * y))

    ones = torch.ones(30, dtype=D)
    w = fitted(ones).requires_grad_()
    step = -torch.linalg.solve(hessian(lambda w: loss(w, ones), w), grad((X[0] @ w - y[0]) ** 2, w)[0])
    up = ones.clone()
    up[0] += 1e-6
    torch.testing.assert_close(step, ((fitted(up) - w) / 1e-6).detach(), rtol=1e-4, atol=1e-7)


# --- differentiating through solvers ---


class MatrixFlow(Function):
    """z(1) of dz/dt = A z by Euler steps, with the adjoint equation for a backward."""

    STEPS = 2000

    @staticmethod
    def forward(ctx, A, z):
        for _ in range(MatrixFlow.STEPS):
            z = z + (A @ z) / MatrixFlow.STEPS
        ctx.save_for_backward(A, z)
        return z

    @staticmethod
    def backward(ctx, adjoint):
        A, z = ctx.saved_tensors
        total = torch.zeros_like(A)
        for _ in range(MatrixFlow.STEPS):
            total = total + torch.outer(adjoint, z) / MatrixFlow.STEPS
            z = z - (A @ z) / MatrixFlow.STEPS
            adjoint = adjoint + (A.T @ adjoint) / MatrixFlow.STEPS
        return total, adjoint


def test_adjoint_of_a_differential_equation():
    A, z = torch.rand(2, 2, dtype=D, requires_grad=True), torch.rand(2, dtype=D, requires_grad=True)
    by_adjoint = grad(MatrixFlow.apply(A, z).sum(), (A, z))
    exact = grad((torch.matrix_exp(A) @ z).sum(), (A, z))
    for ours, theirs in zip(by_adjoint, exact, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=3e-3, atol=3e-3)


def test_implicit_gradient_of_a_fixed_point_by_a_hook():
    W, x = (torch.rand(3, 3, dtype=D) * 0.2).requires_grad_(), torch.rand(3, dtype=D)

    def f(z):
        return torch.tanh(W @ z + x)

    def solve(f, z, n=80):
        for _ in range(n):
            z = f(z)
        return z

    with torch.no_grad():
        z = solve(f, torch.zeros(3, dtype=D))
    z = f(z)
    z0 = z.detach().requires_grad_()
    again = f(z0)
    z.register_hook(lambda g: solve(lambda v: grad(again, z0, v, retain_graph=True)[0] + g, g))
    implicit = grad(z.sum(), W)[0]
    torch.testing.assert_close(implicit, grad(solve(f, torch.zeros(3, dtype=D)).sum(), W)[0])


def test_gradient_with_respect_to_a_regulariser_through_unrolled_descent():
    strength = torch.tensor(0.1, dtype=D, requires_grad=True)
    w = torch.zeros((), dtype=D, requires_grad=True)
    for _ in range(100):
        w = w - 0.2 * grad((w - 1) ** 2 + strength * w**2, w, create_graph=True)[0]
    assert grad(w, strength)[0].item() == pytest.approx(-1 / 1.1**2)  # w = 1 / (1 + strength)


# --- learning to learn ---


def test_maml_agrees_with_finite_differences():
    model, x, y = mlp(2, 3, 1), torch.rand(5, 2, dtype=D), torch.rand(5, 1, dtype=D)

    def adapted_loss(weights):
        for _ in range(2):
            loss = F.mse_loss(functional_call(model, weights, (x,)), y)
            steps = grad(loss, tuple(weights.values()), create_graph=True)
            weights = {name: w - 0.3 * step for (name, w), step in zip(weights.items(), steps, strict=True)}
        return F.mse_loss(functional_call(model, weights, (x,)), y)

    adapted_loss(dict(model.named_parameters())).backward()
    weight = model[0].weight
    shifted = []
    for sign in (1, -1):
        other = {name: p.detach().clone() for name, p in model.named_parameters()}
        other["0.weight"][1, 0] += sign * 1e-6
        shifted.append(adapted_loss({name: w.requires_grad_() for name, w in other.items()}).item())
    assert weight.grad[1, 0].item() == pytest.approx((shifted[0] - shifted[1]) / 2e-6, rel=1e-4)


def test_parameters_replaced_by_attributes_as_monkeypatching_libraries_do():
    model, x = nn.Linear(2, 1), torch.rand(3, 2)
    clone = copy.deepcopy(model)
    steps = grad(clone(x).pow(2).sum(), clone.parameters(), create_graph=True)  # a generator, as PyTorch allows
    for (name, p), step in zip(list(clone.named_parameters()), steps, strict=True):
        del clone._parameters[name]
        setattr(clone, name, p - 0.1 * step)
    assert not list(clone.parameters()) and clone(x).grad_fn is not None


# --- physics ---


def test_laplacian_as_physics_informed_networks_compute_it():
    points = torch.rand(5, 2, dtype=D, requires_grad=True)
    x, y = points.unbind(1)
    first = grad((x**3 * y**2).sum(), points, create_graph=True)[0]
    laplacian = sum(grad(first[:, i].sum(), points, create_graph=True)[0][:, i] for i in range(2))
    torch.testing.assert_close(laplacian, 6 * x * y**2 + 2 * x**3)


def test_lagrangian_gives_the_equation_of_motion():
    q, v = torch.rand(2, dtype=D), torch.rand(2, dtype=D)

    def lagrangian(q, v):
        return 0.5 * (v**2).sum() - (q**4).sum()

    mass = hessian(lambda v: lagrangian(q, v), v)
    torch.testing.assert_close(torch.linalg.solve(mass, jacobian(lambda q: lagrangian(q, v), q)), -4 * q**3)


def test_forces_between_particles_cancel():
    r = torch.rand(4, 3, dtype=D, requires_grad=True)
    i, j = torch.triu_indices(4, 4, 1)
    distance = (r[i] - r[j]).norm(dim=1)
    forces = -grad((distance**-2).sum(), r)[0]
    assert forces.abs().max() > 0
    torch.testing.assert_close(forces.sum(0), torch.zeros(3, dtype=D), atol=1e-9, rtol=0)


# --- probability ---


def test_change_of_variables_by_jacobian_and_by_formula():
    u, w, z = torch.rand(3, 2, dtype=D).unbind()
    J = jacobian(lambda z: z + u * torch.tanh(w @ z), z)
    torch.testing.assert_close(torch.linalg.slogdet(J)[1], torch.log(1 + (1 - torch.tanh(w @ z) ** 2) * (u @ w)))


def test_gaussian_process_likelihood_is_learnt():
    X = torch.linspace(0, 1, 12, dtype=D)[:, None]
    y, raw = torch.sin(6 * X[:, 0]), torch.zeros(3, dtype=D, requires_grad=True)
    optimizer = torch.optim.Adam([raw], lr=0.1)
    losses = []
    for _ in range(30):
        optimizer.zero_grad()
        length, scale, noise = F.softplus(raw)
        K = scale * torch.exp(-0.5 * ((X - X.T) / length) ** 2) + (noise + 1e-4) * torch.eye(12, dtype=D)
        L = torch.linalg.cholesky(K)
        loss = 0.5 * y @ torch.cholesky_solve(y[:, None], L)[:, 0] + L.diagonal().log().sum()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] - 5


def test_forward_algorithm_has_marginals_for_gradients():
    emissions, transitions = torch.rand(4, 3, requires_grad=True), torch.rand(3, 3)
    scores = emissions[0]
    for emission in emissions[1:]:
        scores = torch.logsumexp(scores[:, None] + transitions, 0) + emission
    scores.logsumexp(0).backward()
    torch.testing.assert_close(emissions.grad.sum(1), torch.ones(4))


# --- adversaries and penalties ---


def test_gradient_penalty_reaches_the_weights():
    critic, real, fake = mlp(2, 6, 1), torch.randn(4, 2, dtype=D), torch.randn(4, 2, dtype=D)
    share = torch.rand(4, 1, dtype=D)
    mixed = (share * real + (1 - share) * fake).requires_grad_()
    score = critic(mixed)
    slope = grad(score, mixed, grad_outputs=torch.ones_like(score), create_graph=True, retain_graph=True)[0]

    ((slope.norm(2, dim=1) - 1) ** 2).mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in (critic[0].weight, critic[2].weight))


def test_generator_is_left_alone_while_the_critic_learns():
    generator, critic = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
    made = generator(torch.randn(4, 2))
    F.binary_cross_entropy(critic(made.detach()), torch.zeros(4, 1)).backward()
    assert generator.weight.grad is None
    F.binary_cross_entropy(critic(made), torch.ones(4, 1)).backward()
    assert generator.weight.grad is not None


# --- optimisation ---


def test_hessian_vector_products_solve_newton_by_conjugate_gradients():
    A = torch.diag(torch.tensor([1.0, 2.0, 3.0], dtype=D))
    x = torch.rand(3, dtype=D, requires_grad=True)
    slope = grad(0.5 * x @ A @ x - x.sum(), x, create_graph=True)[0]
    solution, residual = torch.zeros(3, dtype=D), slope.detach()
    direction = residual.clone()
    for _ in range(3):
        product = grad(slope, x, direction, retain_graph=True)[0]
        step = residual @ residual / (direction @ product)
        solution, after = solution + step * direction, residual - step * product
        direction, residual = after + (after @ after) / (residual @ residual) * direction, after
    torch.testing.assert_close((x - solution).detach(), torch.tensor([1, 1 / 2, 1 / 3], dtype=D))


def test_optimizer_step_inside_the_backward():
    parameters = [nn.Parameter(torch.ones(2)) for _ in range(3)]
    optimizers = {p: torch.optim.SGD([p], lr=0.1) for p in parameters}

    def step(p):
        optimizers[p].step()
        optimizers[p].zero_grad()

    for p in parameters:
        p.register_post_accumulate_grad_hook(step)
    sum(p.sum() for p in parameters).backward()
    assert all(p.grad is None and p[0].item() == pytest.approx(0.9) for p in parameters)


def test_straight_through_rounding():
    x = torch.tensor([0.2, 1.7], requires_grad=True)
    y = x + (x.round() - x).detach()
    (y**2).sum().backward()
    assert y.tolist() == [0, 2] and x.grad.tolist() == [0, 4]


def test_old_fashioned_variable_loop():
    v = torch.autograd.Variable(torch.tensor(1.0), requires_grad=True)
    for _ in range(3):
        v.grad = None
        (v**2).backward()
        v.data -= 0.1 * v.grad.data
    assert v.item() == pytest.approx(0.8**3)


def test_soft_minimum_over_a_table_of_scalars():
    costs = torch.rand(3, 3, dtype=D, requires_grad=True)
    infinite = torch.tensor(math.inf, dtype=D)
    table = [[torch.zeros((), dtype=D) if i == j == 0 else infinite for j in range(4)] for i in range(4)]
    for i in range(3):
        for j in range(3):
            ways = torch.stack([table[i][j], table[i + 1][j], table[i][j + 1]])
            table[i + 1][j + 1] = costs[i, j] - 0.1 * torch.logsumexp(-ways / 0.1, 0)
    table[3][3].backward()
    assert costs.grad[0, 0].item() == pytest.approx(1) and costs.grad[2, 2].item() == pytest.approx(1)
    assert torch.isfinite(costs.grad).all()
