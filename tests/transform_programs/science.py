"""Programs of science: equations of motion, fields, particles, statistics, geometry."""

from __future__ import annotations

from typing import Any


def physics_informed_network(torch: Any) -> dict:
    """The heat equation: u_t and u_xx of a network by grad of grad under vmap, and a step of training."""
    func, nn = torch.func, torch.nn
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
    weights = {name: p.detach() for name, p in net.named_parameters()}
    t, x = torch.rand(10), torch.rand(10)

    def u(weights, t, x):
        return func.functional_call(net, weights, (torch.stack([t, x]),))[0]

    def residual(weights, t, x):
        u_t = func.grad(u, argnums=1)(weights, t, x)
        u_xx = func.grad(func.grad(u, argnums=2), argnums=2)(weights, t, x)
        return u_t - 0.1 * u_xx

    def loss(weights):
        inside = torch.vmap(residual, (None, 0, 0))(weights, t, x).square().mean()
        initial = torch.vmap(u, (None, None, 0))(weights, torch.zeros(()), x) - torch.sin(torch.pi * x)
        return inside + initial.square().mean()

    gradient, value = func.grad_and_value(loss)(weights)
    stepped = {name: w - 0.05 * gradient[name] for name, w in weights.items()}
    after = loss(stepped)
    assert after < value
    u_xx = torch.vmap(func.grad(func.grad(u, 2), 2), (None, 0, 0))(weights, t, x)
    by_hessian = torch.vmap(func.hessian(lambda p: u(weights, *p)))(torch.stack([t, x], 1))[:, 1, 1]
    torch.testing.assert_close(u_xx, by_hessian)
    return {"value": value, "after": after, "u_xx": u_xx, **gradient}


def lagrangian_dynamics(torch: Any) -> dict:
    """A double pendulum from its Lagrangian: the mass matrix by hessian, mixed terms by jacfwd of grad, and solve."""
    func = torch.func

    def lagrangian(q, v):
        position = torch.stack([q.sin().cumsum(0), -q.cos().cumsum(0)])
        velocity = torch.stack([(q.cos() * v).cumsum(0), (q.sin() * v).cumsum(0)])
        return 0.5 * velocity.square().sum() - 9.81 * position[1].sum()

    def acceleration(q, v):
        force = func.grad(lagrangian, 0)(q, v)
        mass = func.hessian(lagrangian, 1)(q, v)
        mixed = func.jacfwd(func.grad(lagrangian, 1), 0)(q, v)
        return torch.linalg.solve(mass, force - mixed @ v)

    def energy(q, v):
        return func.grad(lagrangian, 1)(q, v) @ v - lagrangian(q, v)

    q, v = torch.randn(4, 2) * 0.5, torch.zeros(4, 2)
    before = torch.vmap(energy)(q, v)
    h = 0.005

    def runge_kutta(q, v):
        k1, l1 = v, acceleration(q, v)
        k2, l2 = v + h / 2 * l1, acceleration(q + h / 2 * k1, v + h / 2 * l1)
        k3, l3 = v + h / 2 * l2, acceleration(q + h / 2 * k2, v + h / 2 * l2)
        k4, l4 = v + h * l3, acceleration(q + h * k3, v + h * l3)
        return q + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), v + h / 6 * (l1 + 2 * l2 + 2 * l3 + l4)

    for _ in range(6):
        q, v = torch.vmap(runge_kutta)(q, v)
    torch.testing.assert_close(torch.vmap(energy)(q, v), before)
    return {"q": q, "v": v, "acceleration": torch.vmap(acceleration)(q, v)}


def hamiltonian_network(torch: Any) -> dict:
    """A learned Hamiltonian: its symplectic gradient, leapfrog steps, and the gradient of a loss through them."""
    func, nn = torch.func, torch.nn
    net = nn.Sequential(nn.Linear(4, 6), nn.Softplus(), nn.Linear(6, 1))
    weights = {name: p.detach() for name, p in net.named_parameters()}

    def hamiltonian(weights, q, p):
        return func.functional_call(net, weights, (torch.cat([q, p]),))[0] + 0.5 * (p @ p)

    def leapfrog(weights, q, p):
        for _ in range(4):
            p = p - 0.05 * func.grad(hamiltonian, 1)(weights, q, p)
            q = q + 0.1 * func.grad(hamiltonian, 2)(weights, q, p)
            p = p - 0.05 * func.grad(hamiltonian, 1)(weights, q, p)
        return q, p

    q, p = torch.randn(3, 2), torch.randn(3, 2)
    end = torch.vmap(leapfrog, (None, 0, 0))(weights, q, p)
    # Jacobian of the flow: volume is kept, since each of its steps is a shear.
    jacobian = torch.vmap(func.jacrev(lambda z: torch.cat(leapfrog({k: w for k, w in weights.items()}, z[:2], z[2:]))))(
        torch.cat([q, p], 1)
    )
    determinants = torch.linalg.det(jacobian)

    def loss(weights):
        q_end, p_end = torch.vmap(leapfrog, (None, 0, 0))(weights, q, p)
        return q_end.square().mean() + p_end.square().mean()

    return {"q": end[0], "p": end[1], "determinants": determinants, **func.grad(loss)(weights)}


def batched_ode_solver(torch: Any) -> dict:
    """Lotka and Volterra's equations by Runge and Kutta's method, and sensitivities to parameters and start."""
    func = torch.func

    def field(z, p):
        prey, predators = z[0], z[1]
        return torch.stack([p["a"] * prey - p["b"] * prey * predators, p["d"] * prey * predators - p["c"] * predators])

    def solve(z, p, steps=25, h=0.1):
        path = [z]
        for _ in range(steps):
            k1 = field(z, p)
            k2 = field(z + h / 2 * k1, p)
            k3 = field(z + h / 2 * k2, p)
            k4 = field(z + h * k3, p)
            z = z + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            path.append(z)
        return torch.stack(path)

    start = torch.rand(5, 2) + 0.5
    p = {"a": torch.rand(5) + 0.5, "b": torch.full((5,), 0.8), "c": torch.rand(5) + 0.5, "d": torch.full((5,), 0.6)}
    paths = torch.vmap(solve)(start, p)
    by_start = torch.vmap(func.jacfwd(lambda z, p: solve(z, p)[-1]))(start, p)
    by_parameters = torch.vmap(func.jacrev(lambda z, p: solve(z, p)[-1], argnums=1))(start, p)
    conserved = torch.vmap(lambda z, p: p["d"] * z[0] - p["c"] * z[0].log() + p["b"] * z[1] - p["a"] * z[1].log())
    torch.testing.assert_close(conserved(paths[:, 0], p), conserved(paths[:, -1], p), rtol=1e-4, atol=1e-4)
    return {"paths": paths, "by start": by_start, **by_parameters}


def stein_variational_descent(torch: Any) -> dict:
    """SVGD: kernels of all pairs of particles by nested vmaps, their gradients by grad, a density with two modes."""
    func = torch.func

    def log_density(x):
        modes = torch.tensor([[-1.0, 0.0], [1.5, 0.5]])
        return torch.logsumexp(-((x - modes).square().sum(1)) / 0.5, 0)

    def kernel(x, y):
        return torch.exp(-(x - y).square().sum() / 0.8)

    def direction(y, particles):
        def one(x):
            return kernel(x, y) * func.grad(log_density)(x) + func.grad(kernel)(x, y)

        return torch.vmap(one)(particles).mean(0)

    particles = torch.randn(8, 2)
    before = torch.vmap(log_density)(particles).mean()
    for _ in range(10):
        particles = particles + 0.2 * torch.vmap(direction, (0, None))(particles, particles)
    after = torch.vmap(log_density)(particles).mean()
    assert after > before
    return {"particles": particles, "before": before, "after": after}


def gram_matrices(torch: Any) -> dict:
    """Covariances of values and slopes of a Gaussian process: nested vmaps of kernel, grad, and jacfwd of grad."""
    func = torch.func

    def kernel(log_scale, x, y):
        return torch.exp(-0.5 * ((x - y) * torch.exp(-log_scale)).square().sum())

    def gram(f, x, y):
        return torch.vmap(lambda a: torch.vmap(lambda b: f(a, b))(y))(x)

    x, y = torch.randn(4, 2), torch.randn(4)
    log_scale = torch.tensor([0.1, -0.2])
    K = gram(lambda a, b: kernel(log_scale, a, b), x, x)
    slopes = gram(func.grad(lambda a, b: kernel(log_scale, a, b)), x, x)
    both = gram(func.jacfwd(func.grad(lambda a, b: kernel(log_scale, a, b)), argnums=1), x, x)
    joint = torch.cat(
        [
            torch.cat([K, slopes.permute(1, 0, 2).reshape(4, 8)], 1),
            torch.cat([slopes.permute(1, 2, 0).reshape(8, 4), both.permute(0, 2, 1, 3).reshape(8, 8)], 1),
        ]
    )

    def evidence(log_scale):
        L = torch.linalg.cholesky(gram(lambda a, b: kernel(log_scale, a, b), x, x) + 0.1 * torch.eye(4))
        whitened = torch.linalg.solve_triangular(L, y[:, None], upper=False)
        return -0.5 * whitened.square().sum() - L.diagonal().log().sum()

    gradient, value = func.grad_and_value(evidence)(log_scale)
    curvature = func.hessian(evidence)(log_scale)
    assert torch.linalg.eigvalsh(joint[:4, :4]).min() > 0
    return {"joint": joint, "value": value, "gradient": gradient, "curvature": curvature}


def coordinates_and_metrics(torch: Any) -> dict:
    """Christoffel symbols and scalar curvature of surfaces, from their embeddings: Jacobians of Jacobians, thrice."""
    func = torch.func

    def ellipsoid(axes):
        def embedding(q):
            return axes * torch.stack([q[0].sin() * q[1].cos(), q[0].sin() * q[1].sin(), q[0].cos()])

        return embedding

    def metric(embedding, q):
        J = func.jacfwd(embedding)(q)
        return J.T @ J

    def christoffel(embedding, q):
        d = func.jacfwd(metric, argnums=1)(embedding, q)  # d[i, j, k] = ∂_k g_ij
        lower = 0.5 * (d + d.transpose(1, 2) - d.permute(2, 0, 1))
        return torch.einsum("il,ljk->ijk", torch.linalg.inv(metric(embedding, q)), lower)

    def scalar_curvature(embedding, q):
        symbols = christoffel(embedding, q)
        slopes = func.jacfwd(christoffel, argnums=1)(embedding, q)
        products = torch.einsum("ikm,mjl->ijkl", symbols, symbols)
        riemann = slopes.transpose(2, 3) - slopes + products - products.transpose(2, 3)
        ricci = torch.einsum("ijil->jl", riemann)
        return (torch.linalg.inv(metric(embedding, q)) * ricci).sum()

    points, axes = torch.rand(5, 2) + 0.5, torch.tensor([2.0, 1.0, 1.5])
    sphere = torch.vmap(lambda q: scalar_curvature(ellipsoid(torch.ones(3)), q))(points)
    torch.testing.assert_close(sphere, torch.full((5,), 2.0))
    symbols = torch.vmap(lambda q: christoffel(ellipsoid(axes), q))(points)
    curvature = torch.vmap(lambda q: scalar_curvature(ellipsoid(axes), q))(points)
    return {"symbols": symbols, "curvature": curvature}


def kalman_filter(torch: Any) -> dict:
    """The likelihood of a linear state-space model for many series at once, its gradient and Fisher information."""
    func = torch.func
    series = torch.randn(4, 8, 1).cumsum(1)

    def likelihood(p, ys):
        A = torch.stack([torch.stack([torch.ones(()), p["dt"]]), torch.stack([torch.zeros(()), p["damping"]])])
        Q, R = torch.exp(p["q"]) * torch.eye(2), torch.exp(p["r"])[None, None]
        H = torch.tensor([[1.0, 0.0]])
        mean, covariance = torch.zeros(2), torch.eye(2)
        total = torch.zeros(())
        for y in ys:
            mean, covariance = A @ mean, A @ covariance @ A.T + Q
            S = H @ covariance @ H.T + R
            innovation = y - H @ mean
            gain = torch.linalg.solve(S, H @ covariance).T
            total = total - 0.5 * (innovation @ torch.linalg.solve(S, innovation) + torch.linalg.slogdet(S)[1])
            mean, covariance = mean + gain @ innovation, covariance - gain @ H @ covariance
        return total

    p = {name: torch.tensor(value) for name, value in (("dt", 0.5), ("damping", 0.9), ("q", -1.0), ("r", -0.5))}
    scores, values = torch.vmap(func.grad_and_value(likelihood), (None, 0))(p, series)
    stacked = torch.stack(list(scores.values()), 1)
    hessian = func.hessian(lambda p: torch.vmap(likelihood, (None, 0))(p, series).sum())(p)
    return {"values": values, "scores": stacked, "information": stacked.T @ stacked, "hessian": hessian["q"]["r"]}


def molecular_forces(torch: Any) -> dict:
    """Forces and a Hessian of atoms with pair potentials: normal modes, and virial stresses by a strain."""
    func = torch.func
    positions = torch.tensor([[0.0, 0, 0], [1.1, 0, 0], [0.5, 1.0, 0], [0.5, 0.3, 0.9]])
    i, j = torch.triu_indices(4, 4, 1)

    def energy(r):
        d = (r[i] - r[j]).norm(dim=1)
        return (d**-12 - 2 * d**-6).sum()

    configurations = positions + 0.05 * torch.randn(5, 4, 3)
    forces = -torch.vmap(func.grad(energy))(configurations)
    assert forces.sum(1).abs().max() < 1e-8
    r = positions
    for _ in range(40):
        r = r - 0.01 * func.grad(energy)(r).clamp(-5, 5)
    hessian = func.hessian(energy)(r).reshape(12, 12)
    modes = torch.linalg.eigvalsh(hessian)
    strained = func.grad(lambda strain: energy(r @ (torch.eye(3) + strain)))(torch.zeros(3, 3))
    return {"forces": forces, "r": r, "modes": modes[6:], "stress": strained}


def complex_wave_functions(torch: Any) -> dict:
    """Gradients of real functions of complex Tensors, by grad, vjp, and vmap: PyTorch's conjugate convention."""
    func = torch.func
    psi = torch.complex(torch.randn(3, 4), torch.randn(3, 4))
    H = torch.complex(torch.randn(4, 4), torch.randn(4, 4))
    H = H + H.mH

    def energy(psi):
        return (psi.conj() @ H @ psi).real / (psi.conj() @ psi).real

    values = torch.vmap(energy)(psi)
    gradients = torch.vmap(func.grad(energy))(psi)
    # At the minimum of this quotient the gradient vanishes.
    lowest = torch.linalg.eigh(H)[1][:, 0]
    assert func.grad(energy)(lowest).abs().max() < 1e-12
    spectrum, product = func.vjp(lambda x: torch.fft.fft(x).abs().square(), torch.randn(6))
    return {"values": values, "gradients": gradients, "spectrum": spectrum, "back": product(torch.ones(6))[0]}


def control_variates_and_reparameterisation(torch: Any) -> dict:
    """Gradients of expectations by reparameterised samples, with a sample of its own for each, and Stein's identity."""
    func = torch.func

    def f(z):
        return torch.sin(z).sum() + 0.1 * (z**4).sum()

    def sample(p, _):
        z = p["mean"] + torch.exp(p["log_std"]) * torch.randn(2)
        return f(z)

    p = {"mean": torch.tensor([0.3, -0.4]), "log_std": torch.tensor([-0.5, 0.1])}
    each = torch.vmap(func.grad(sample), (None, 0), randomness="different")(p, torch.arange(20))
    same = torch.vmap(func.grad(sample), (None, 0), randomness="same")(p, torch.arange(2))
    assert (same["mean"][0] == same["mean"][1]).all()
    return {**each, "spread": each["mean"].std(0)}


PROGRAMS = [
    value
    for name, value in list(globals().items())
    if callable(value) and not name.startswith("_") and getattr(value, "__module__", "") == __name__
]
