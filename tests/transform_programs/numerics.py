"""Programs of numerical mathematics: solvers, series, sensitivities, Functions with own derivatives, chunks."""

from __future__ import annotations

from typing import Any


def newtons_method(torch: Any) -> dict:
    """Minima by Newton's method from many starts at once, with a line search without branches."""
    func = torch.func

    def f(x):
        return (1 - x[0]) ** 2 + 10 * (x[1] - x[0] ** 2) ** 2 + 0.1 * (x**4).sum()

    def step(x):
        g, h = func.grad(f)(x), func.hessian(f)(x)
        # Eigenvalues are made positive, so that it goes downhill.
        values, vectors = torch.linalg.eigh(h)
        direction = -vectors @ ((vectors.T @ g) / values.abs().clamp(min=1e-3))
        trials = torch.stack([x + t * direction for t in (1.0, 0.5, 0.1)])
        best = torch.vmap(f)(trials).argmin()
        return trials.index_select(0, best[None])[0]

    x = torch.randn(6, 2)
    for _ in range(30):
        x = torch.vmap(step)(x)
    gradients = torch.vmap(func.grad(f))(x)
    assert gradients.abs().max() < 1e-4
    return {"x": x, "curvature": torch.vmap(func.hessian(f))(x)}


def gauss_newton_least_squares(torch: Any) -> dict:
    """Curves fitted by Levenberg and Marquardt's method, many at once, with the covariances of what was fitted."""
    func = torch.func
    t = torch.linspace(0, 3, 12)
    truth = torch.tensor([2.0, 0.8, 0.5])

    def model(p, t):
        return p[0] * torch.exp(-p[1] * t) + p[2]

    data = model(truth, t) + 0.05 * torch.randn(5, 12)

    def residual(p, y):
        return model(p, t) - y

    def step(p, y):
        r, J = residual(p, y), func.jacfwd(residual)(p, y)
        return p - torch.linalg.solve(J.T @ J + 1e-3 * torch.eye(3), J.T @ r)

    p = torch.ones(5, 3)
    for _ in range(10):
        p = torch.vmap(step)(p, data)
    J = torch.vmap(func.jacfwd(residual))(p, data)
    sigma = torch.vmap(residual)(p, data).square().sum(1) / 9
    covariance = sigma[:, None, None] * torch.linalg.inv(J.mT @ J)
    assert (p - truth).abs().max() < 0.5
    return {"p": p, "covariance": covariance}


def implicit_differentiation(torch: Any) -> dict:
    """A root as a function of its parameters, with a Function whose backward is the implicit function theorem."""
    func = torch.func

    def equation(x, a):
        return x + a * torch.sin(x) - torch.tensor([1.0, 2.0])

    class Root(torch.autograd.Function):
        @staticmethod
        def forward(a):
            x = torch.ones(2)
            for _ in range(60):
                x = torch.tensor([1.0, 2.0]) - a * torch.sin(x)
            return x

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(inputs[0], output)

        @staticmethod
        def backward(ctx, grad):
            a, x = ctx.saved_tensors
            by_x, by_a = func.jacrev(equation, argnums=(0, 1))(x, a)
            return -by_a.T @ torch.linalg.solve(by_x.T, grad)

    a = torch.tensor([0.3, 0.5])
    x = Root.apply(a)
    assert equation(x, a).abs().max() < 1e-9
    gradient = func.grad(lambda a: Root.apply(a).square().sum())(a)
    by_hand = -torch.sin(x) / (1 + a * torch.cos(x)) * 2 * x
    torch.testing.assert_close(gradient, by_hand)
    jacobian = func.jacrev(Root.apply)(a)
    return {"x": x, "gradient": gradient, "jacobian": jacobian}


def eigenvalue_sensitivity(torch: Any) -> dict:
    """Derivatives of eigenvalues by the entries of matrices, first and second, and by perturbation theory."""
    func = torch.func
    A = torch.randn(4, 3, 3)
    A = A + A.mT
    first = torch.vmap(func.jacrev(torch.linalg.eigvalsh))(A)
    vectors = torch.linalg.eigh(A)[1]
    expected = torch.einsum("nik,njk->nkij", vectors, vectors)
    symmetric = (first + first.mT) / 2
    torch.testing.assert_close(symmetric, expected)
    direction = torch.randn(3, 3)
    direction = direction + direction.T

    def moved(t, A):
        return torch.linalg.eigvalsh(A + t * direction)

    second = torch.vmap(func.jacfwd(func.jacfwd(moved)), (None, 0))(torch.zeros(()), A)
    coupling = vectors.mT @ direction @ vectors
    values = torch.linalg.eigvalsh(A)
    gaps = values[:, :, None] - values[:, None, :]
    inverse = torch.where(gaps == 0, torch.zeros(()), 1 / torch.where(gaps == 0, torch.ones(()), gaps))
    torch.testing.assert_close(second, 2 * (coupling.square() * inverse).sum(2))
    singular = torch.vmap(func.grad(lambda M: torch.linalg.svdvals(M)[0]))(A)
    return {"first": symmetric, "second": second, "singular": singular}


def taylor_expansion(torch: Any) -> dict:
    """Derivatives of the fourth order along a direction by nested jvp, over reverse mode, and what the series gives."""
    func = torch.func
    matrix = torch.randn(3, 3) * 0.5

    def f(x):
        return torch.sin(matrix @ x).prod() + torch.exp(-x @ x)

    def derivative(g, v):
        return lambda x: func.jvp(g, (x,), (v,))[1]

    x, v = torch.randn(3), torch.randn(3)
    terms, g = [f(x)], f
    for _ in range(4):
        g = derivative(g, v)
        terms.append(g(x))
    h = 0.02
    series = sum(term * h**k / torch.tensor([1.0, 1, 2, 6, 24])[k] for k, term in enumerate(terms))
    assert (series - f(x + h * v)).abs() < 1e-6
    # The same, with reverse mode within: gradients of the second derivative along v.
    mixed = func.grad(derivative(derivative(f, v), v))(x)
    over = derivative(derivative(func.grad(f), v), v)(x)
    torch.testing.assert_close(mixed, over)
    fourth = func.jacfwd(func.jacfwd(func.jacrev(func.grad(f))))(x)
    torch.testing.assert_close(torch.einsum("ijkl,i,j,k,l", fourth, v, v, v, v), terms[4])
    return {"terms": torch.stack(terms), "mixed": mixed, "fourth": fourth}


def hessian_vector_products(torch: Any) -> dict:
    """Four ways to multiply with a Hessian, conjugate gradients with one of them, the largest eigenvalue by powers."""
    func = torch.func
    A, b = torch.randn(7, 5), torch.randn(7)

    def loss(x):
        return torch.nn.functional.softplus(A @ x).sum() + 0.5 * (x @ x) + b @ (A @ x)

    x, v = torch.randn(5), torch.randn(5)
    ways = [
        func.jvp(func.grad(loss), (x,), (v,))[1],
        func.vjp(func.grad(loss), x)[1](v)[0],
        func.grad(lambda x: func.jvp(loss, (x,), (v,))[1])(x),
        func.linearize(func.grad(loss), x)[1](v),
        func.hessian(loss)(x) @ v,
    ]
    for way in ways:
        torch.testing.assert_close(way, ways[0])
    _, product = func.linearize(func.grad(loss), x)
    powers = v
    for _ in range(30):
        powers = product(powers)
        powers = powers / powers.norm()
    largest = powers @ product(powers)
    block = torch.vmap(product)(torch.eye(5))
    torch.testing.assert_close(block, block.T)
    return {"product": ways[0], "largest": largest, "block": block}


class _Bins:
    """A Function of two inputs and one option, with a rule for vmap and with derivatives of both modes."""

    @staticmethod
    def make(torch: Any) -> Any:
        class Smooth(torch.autograd.Function):
            @staticmethod
            def forward(x, edges, sharpness):
                return torch.sigmoid(sharpness * (x[..., None] - edges)).sum(-1)

            @staticmethod
            def setup_context(ctx, inputs, output):
                x, edges, ctx.sharpness = inputs
                ctx.save_for_backward(x, edges)
                ctx.save_for_forward(x, edges)

            @staticmethod
            def slopes(ctx, x, edges):
                s = torch.sigmoid(ctx.sharpness * (x[..., None] - edges))
                return ctx.sharpness * s * (1 - s)

            @staticmethod
            def backward(ctx, grad):
                x, edges = ctx.saved_tensors
                slopes = Smooth.slopes(ctx, x, edges)
                by_edges = -(grad[..., None] * slopes)
                return grad * slopes.sum(-1), by_edges.reshape(-1, len(edges)).sum(0), None

            @staticmethod
            def jvp(ctx, x_tangent, edges_tangent, _):
                x, edges = ctx.saved_tensors
                slopes = Smooth.slopes(ctx, x, edges)
                out = torch.zeros_like(x)
                if x_tangent is not None:
                    out = out + slopes.sum(-1) * x_tangent
                if edges_tangent is not None:
                    out = out - slopes @ edges_tangent
                return out

            @staticmethod
            def vmap(info, in_dims, x, edges, sharpness):
                x_dim, edges_dim, _ = in_dims
                if edges_dim is None:  # more of x, which has any number of axes
                    return Smooth.apply(x.movedim(x_dim, 0), edges, sharpness), 0
                outputs = [
                    Smooth.apply(x if x_dim is None else x.select(x_dim, i), edges.select(edges_dim, i), sharpness)
                    for i in range(info.batch_size)
                ]
                return torch.stack(outputs), 0

        return Smooth


def function_with_its_own_rule(torch: Any) -> dict:
    """A Function under vmap, under grad, under vmap of grad, and under jacfwd, batched over either of its inputs."""
    func = torch.func
    Smooth = _Bins.make(torch)
    x, edges = torch.randn(4, 3), torch.linspace(-1, 1, 5)
    together = torch.vmap(lambda x: Smooth.apply(x, edges, 3.0))(x)
    torch.testing.assert_close(together, torch.stack([Smooth.apply(row, edges, 3.0) for row in x]))
    gradients = torch.vmap(func.grad(lambda x: Smooth.apply(x, edges, 3.0).square().sum()))(x)
    by_edges = func.grad(lambda e: torch.vmap(lambda x: Smooth.apply(x, e, 3.0))(x).sum())(edges)
    several = torch.vmap(lambda e: Smooth.apply(x, e, 3.0))(torch.stack([edges, edges + 0.1]))
    forward = func.jacfwd(lambda x: Smooth.apply(x, edges, 3.0))(x[0])
    torch.testing.assert_close(forward, func.jacrev(lambda x: Smooth.apply(x, edges, 3.0))(x[0]))
    return {"gradients": gradients, "by edges": by_edges, "several": several, "forward": forward}


def function_with_a_generated_rule(torch: Any) -> dict:
    """generate_vmap_rule: a Function of plain operations, under vmap, nested vmaps, and grad of grad."""
    func = torch.func

    class Cube(torch.autograd.Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x):
            return x**3, 3 * x**2

        @staticmethod
        def setup_context(ctx, inputs, outputs):
            ctx.save_for_backward(inputs[0], outputs[1])

        @staticmethod
        def backward(ctx, grad, grad_slope):
            x, slope = ctx.saved_tensors
            return grad * slope + grad_slope * 6 * x

    x = torch.randn(2, 3, 4)
    value, slope = torch.vmap(torch.vmap(Cube.apply))(x)
    torch.testing.assert_close(value, x**3)
    first = torch.vmap(torch.vmap(func.grad(lambda x: Cube.apply(x)[0].sum())))(x)
    second = torch.vmap(func.jacrev(func.jacrev(lambda x: Cube.apply(x)[0].sum())))(x[0])
    outside = torch.randn(3, requires_grad=True)
    torch.vmap(lambda y: Cube.apply(outside * y)[0].sum())(torch.randn(5, 3)).sum().backward()
    return {"slope": slope, "first": first, "second": second, "outside": outside.grad}


def chunks(torch: Any) -> dict:
    """Chunked vmaps and Jacobians give what the whole ones give, for sizes that divide and that do not."""
    func = torch.func
    x, w = torch.randn(7, 3), torch.randn(3, 4)

    def f(x, w):
        return {"a": torch.tanh(x @ w), "b": x.norm()}

    whole = torch.vmap(f, (0, None), {"a": 1, "b": 0})(x, w)
    for size in (1, 3, 7, 100):
        parts = torch.vmap(f, (0, None), {"a": 1, "b": 0}, chunk_size=size)(x, w)
        torch.testing.assert_close(parts, whole)
    jacobian = func.jacrev(lambda w: f(x[0], w)["a"])(w)
    for size in (1, 2, 3):
        torch.testing.assert_close(func.jacrev(lambda w: f(x[0], w)["a"], chunk_size=size)(w), jacobian)
    weight = w.clone().requires_grad_()
    torch.vmap(f, (0, None), chunk_size=2)(x, weight)["a"].sum().backward()
    return {**whole, "jacobian": jacobian, "gradient": weight.grad}


def sensitivity_of_a_linear_program_layer(torch: Any) -> dict:
    """Gradients through a projection onto a simplex by sorting, and through optimal transport by Sinkhorn's steps."""
    func = torch.func

    def project(x):
        ordered = x.sort(descending=True).values
        excess = ordered.cumsum(0) - 1
        count = torch.arange(1, len(x) + 1, dtype=x.dtype)
        active = (ordered - excess / count > 0).to(x.dtype)
        threshold = (ordered * active).sum() - 1
        return torch.relu(x - threshold / active.sum())

    x = torch.randn(6, 5)
    projected = torch.vmap(project)(x)
    torch.testing.assert_close(projected.sum(1), torch.ones(6))
    jacobians = torch.vmap(func.jacrev(project))(x)

    def sinkhorn(cost):
        f, g = torch.zeros(4), torch.zeros(3)
        for _ in range(15):
            f = -0.2 * torch.logsumexp((g - cost) / 0.2, 1)
            g = -0.2 * torch.logsumexp((f[:, None] - cost) / 0.2, 0)
        plan = torch.exp((f[:, None] + g - cost) / 0.2)
        return (plan * cost).sum()

    cost = torch.rand(2, 4, 3)
    gradient, value = torch.vmap(func.grad_and_value(sinkhorn))(cost)
    return {"projected": projected, "jacobians": jacobians, "gradient": gradient, "value": value}


def in_place_inside(torch: Any) -> dict:
    """Functions that fill buffers in place, step by step, under grad, jacfwd, and vmap of both."""
    func = torch.func

    def recurrence(x):
        out = torch.zeros_like(x)
        out[0] = x[0].sin()
        for k in range(1, len(x)):
            out[k] = out[k - 1] * 0.5 + x[k] * x[k - 1]
        out[1:].mul_(x[:-1])
        return out

    x = torch.randn(4, 5)
    values = torch.vmap(recurrence)(x)
    forward, reverse = torch.vmap(func.jacfwd(recurrence))(x), torch.vmap(func.jacrev(recurrence))(x)
    torch.testing.assert_close(forward, reverse)

    def table(x):
        grid = x.new_zeros(3, 3)
        grid.fill_diagonal_(1.0)
        grid[torch.arange(2), torch.arange(1, 3)] = x[:2]
        return torch.linalg.matrix_power(grid, 3).sum()

    return {"values": values, "forward": forward, "table": torch.vmap(func.grad(table))(x)}


PROGRAMS = [
    value
    for name, value in list(globals().items())
    if callable(value) and not name.startswith("_") and getattr(value, "__module__", "") == __name__
]
