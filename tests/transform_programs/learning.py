"""Programs of machine learning: private training, ensembles, meta-learning, curvature, influence, generative models."""

from __future__ import annotations

from typing import Any


def _network(torch: Any, *sizes: int, activation: Any = None) -> Any:
    """A perceptron, and its parameters as a dict of detached Tensors."""
    nn = torch.nn
    layers = []
    for before, after in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Linear(before, after), (activation or nn.Tanh)()]
    model = nn.Sequential(*layers[:-1])
    return model, {name: p.detach() for name, p in model.named_parameters()}


def dp_sgd(torch: Any) -> dict:
    """Per-sample gradients, their norms over all parameters, clipping, noise: a few private steps."""
    func, F = torch.func, torch.nn.functional
    model, weights = _network(torch, 4, 6, 3)
    x, y = torch.randn(12, 4), torch.randint(3, (12,))

    def loss(weights, x, y):
        return F.cross_entropy(func.functional_call(model, weights, (x[None],)), y[None])

    per_sample = func.vmap(func.grad_and_value(loss), (None, 0, 0))
    losses, clipped = [], []
    for _ in range(4):
        gradients, values = per_sample(weights, x, y)
        norms = sum(g.flatten(1).square().sum(1) for g in gradients.values()).sqrt()
        scale = (0.5 / (norms + 1e-6)).clamp(max=1.0)
        noisy = {
            name: (torch.einsum("i,i...->...", scale, g) + 0.05 * torch.randn(g.shape[1:])) / len(x)
            for name, g in gradients.items()
        }
        weights = {name: w - 0.5 * noisy[name] for name, w in weights.items()}
        losses.append(values.mean())
        clipped.append((scale < 1).sum())
    return {"losses": torch.stack(losses), "clipped": torch.stack(clipped), "norms": norms, **weights}


def ghost_norms(torch: Any) -> dict:
    """Norms of per-sample gradients of a linear layer without the gradients: |g| |a|, as private training uses them."""
    layer = torch.nn.Linear(5, 4)
    x, target = torch.randn(7, 5), torch.randn(7, 4)

    def loss(weight, x, target):
        return (torch.tanh(x @ weight.T + layer.bias) - target).square().sum()

    full = torch.vmap(torch.func.grad(loss), (None, 0, 0))(layer.weight, x, target).flatten(1).norm(dim=1)
    pre = torch.tanh(x @ layer.weight.T + layer.bias)
    ghost = (2 * (pre - target) * (1 - pre**2)).norm(dim=1) * x.norm(dim=1)
    torch.testing.assert_close(full, ghost)
    full.sum().backward()
    return {"norms": full.detach(), "through": layer.weight.grad, "bias": layer.bias.grad}


def laplace_last_layer(torch: Any) -> dict:
    """Generalised Gauss–Newton matrix by Jacobians, posterior covariance, and predictive variances."""
    func = torch.func
    model, weights = _network(torch, 2, 5, 3)
    x = torch.randn(8, 2)
    flat, unravel = _ravel(torch, weights)

    def logits(flat, x):
        return func.functional_call(model, unravel(flat), (x,))

    def curvature(flat, x):
        jacobian = func.jacrev(logits)(flat, x)
        inner = func.hessian(lambda z: torch.logsumexp(z, 0))(logits(flat, x))
        return jacobian.T @ inner @ jacobian

    ggn = func.vmap(curvature, (None, 0))(flat, x).sum(0)
    posterior = torch.linalg.inv(ggn + 0.3 * torch.eye(len(flat)))
    new = torch.randn(3, 2)
    jacobians = func.vmap(func.jacrev(logits), (None, 0))(flat, new)
    variance = torch.einsum("nap,pq,nbq->nab", jacobians, posterior, jacobians)
    evidence = torch.linalg.slogdet(ggn + 0.3 * torch.eye(len(flat)))[1]
    torch.testing.assert_close(ggn, ggn.T)
    return {"ggn": ggn, "variance": variance, "evidence": evidence}


def _ravel(torch: Any, tree: Any) -> Any:
    """A container of Tensors as one vector, and the way back."""
    leaves, spec = torch.utils._pytree.tree_flatten(tree)
    shapes, sizes = [leaf.shape for leaf in leaves], [leaf.numel() for leaf in leaves]

    def unravel(flat):
        parts = flat.split(sizes)
        return torch.utils._pytree.tree_unflatten([p.view(s) for p, s in zip(parts, shapes, strict=True)], spec)

    return torch.cat([leaf.reshape(-1) for leaf in leaves]), unravel


def gauss_newton_vector_product(torch: Any) -> dict:
    """GGN times vectors: jvp of the network, Hessian of the loss, vjp back; against the matrix from Jacobians."""
    func = torch.func
    model, weights = _network(torch, 3, 4, 2)
    x = torch.randn(5, 3)

    def outputs(weights):
        return func.functional_call(model, weights, (x,))

    def loss(z):
        return (z.logsumexp(-1) - z[:, 0]).sum()

    def product(vector):
        z, pushed = func.jvp(outputs, (weights,), (vector,))
        _, curved = func.jvp(func.grad(loss), (z,), (pushed,))
        return func.vjp(outputs, weights)[1](curved)[0]

    flat, unravel = _ravel(torch, weights)
    matrix = torch.vmap(lambda v: _ravel(torch, product(unravel(v)))[0])(torch.eye(len(flat)))
    jacobian = func.jacfwd(lambda flat: outputs(unravel(flat)).reshape(-1))(flat)
    inner = func.hessian(lambda z: loss(z.view(5, 2)))(outputs(weights).reshape(-1))
    torch.testing.assert_close(matrix, jacobian.T @ inner @ jacobian)
    return {"matrix": matrix, "eigenvalues": torch.linalg.eigvalsh(matrix)[-3:]}


def fisher_vector_product(torch: Any) -> dict:
    """Empirical Fisher matrix times a vector from per-sample scores; natural gradient by conjugate gradients."""
    func = torch.func
    model, weights = _network(torch, 2, 4, 1)
    x, y = torch.randn(9, 2), (torch.rand(9) < 0.5).double()
    flat, unravel = _ravel(torch, weights)

    def nll(flat, x, y):
        logit = func.functional_call(model, unravel(flat), (x,))[0]
        return torch.nn.functional.binary_cross_entropy_with_logits(logit, y)

    scores = torch.vmap(func.grad(nll), (None, 0, 0))(flat, x, y)
    gradient = scores.mean(0)

    def product(v):
        return scores.T @ (scores @ v) / len(x) + 0.1 * v

    step, residual = torch.zeros_like(flat), gradient.clone()
    direction = residual
    for _ in range(8):
        curved = product(direction)
        alpha = (residual @ residual) / (direction @ curved)
        step = step + alpha * direction
        new = residual - alpha * curved
        direction = new + (new @ new) / (residual @ residual) * direction
        residual = new
    return {"gradient": gradient, "step": step}


def ntk_vector_product(torch: Any) -> dict:
    """Kernel of tangents times a vector without the kernel, and its diagonal by vmap of a vmap."""
    func = torch.func
    model, weights = _network(torch, 3, 6, 1)
    x = torch.randn(6, 3)

    def outputs(weights):
        return func.functional_call(model, weights, (x,))[:, 0]

    def product(v):
        (pulled,) = func.vjp(outputs, weights)[1](v)
        return func.jvp(outputs, (weights,), (pulled,))[1]

    kernel = torch.vmap(product)(torch.eye(6))
    jacobian = func.jacrev(outputs)(weights)
    expected = sum(j.flatten(1) @ j.flatten(1).T for j in jacobian.values())
    torch.testing.assert_close(kernel, expected)
    values, vectors = torch.linalg.eigh(kernel)
    return {"kernel": kernel, "values": values, "projector": vectors[:, -1:] @ vectors[:, -1:].T}


def hutchinson_trace(torch: Any) -> dict:
    """The trace of a Hessian from random vectors: vmap with a different one in each example, and with the same."""
    func = torch.func
    matrix = torch.randn(6, 6)

    def energy(x):
        return torch.tanh(matrix @ x).square().sum()

    x = torch.randn(6)

    def one(_):
        v = torch.randint(0, 2, (6,)).to(x.dtype) * 2 - 1
        return v @ func.jvp(func.grad(energy), (x,), (v,))[1]

    different = torch.vmap(one, randomness="different")(torch.arange(64))
    same = torch.vmap(one, randomness="same")(torch.arange(3))
    exact = func.hessian(energy)(x).trace()
    assert same.std() < 1e-12 and different.std() > 0
    assert abs(different.mean() - exact) < 4 * different.std() / 8
    return {"different": different, "same": same, "exact": exact}


def influence_functions(torch: Any) -> dict:
    """What leaving out an example does to the parameters of a regression: -H⁻¹ times per-sample gradients."""
    func = torch.func
    X, w0 = torch.randn(15, 3), torch.tensor([1.0, -2.0, 0.5])
    y = (torch.rand(15) < torch.sigmoid(X @ w0)).double()

    def one(w, x, y):
        return torch.nn.functional.softplus(x @ w) - y * (x @ w) + 0.05 * w @ w

    def total(w):
        return torch.vmap(one, (None, 0, 0))(w, X, y).sum()

    w = torch.zeros(3)
    for _ in range(8):  # Newton's method
        w = w - torch.linalg.solve(func.hessian(total)(w), func.grad(total)(w))
    assert func.grad(total)(w).norm() < 1e-10
    scores = torch.vmap(func.grad(one), (None, 0, 0))(w, X, y)
    influence = torch.linalg.solve(func.hessian(total)(w), scores.T).T
    return {"w": w, "influence": influence}


def maml_several_steps(torch: Any) -> dict:
    """Three inner steps with learned rates, the outer gradient through all of them, over a batch of tasks."""
    func, F = torch.func, torch.nn.functional
    model, weights = _network(torch, 1, 8, 1)
    rates = {name: torch.full((), 0.05) for name in weights}
    x, amplitude = torch.rand(4, 6, 1) * 4 - 2, torch.rand(4, 1, 1) + 0.5
    y = amplitude * torch.sin(x)

    def loss(weights, x, y):
        return F.mse_loss(func.functional_call(model, weights, (x,)), y)

    def outer(weights, rates, x, y):
        for _ in range(3):
            gradient = func.grad(loss)(weights, x[:3], y[:3])
            weights = {name: w - rates[name] * gradient[name] for name, w in weights.items()}
        return loss(weights, x[3:], y[3:]), loss(weights, x[:3], y[:3])

    def over_tasks(weights, rates):
        outside, inside = torch.vmap(outer, (None, None, 0, 0))(weights, rates, x, y)
        return outside.mean(), (outside, inside)

    (by_weights, by_rates), (value, (outside, inside)) = func.grad_and_value(over_tasks, argnums=(0, 1), has_aux=True)(
        weights, rates
    )
    names = {f"rate of {name}": g for name, g in by_rates.items()}
    return {"value": value, "outside": outside, "inside": inside, **by_weights, **names}


def reptile_and_implicit_maml(torch: Any) -> dict:
    """An outer gradient through the optimum of an inner problem, by the implicit function theorem."""
    func = torch.func
    A, b = torch.randn(5, 3), torch.randn(5)

    def inner(w, prior):
        return (torch.tanh(A @ w) - b).square().sum() + 2.0 * (w - prior).square().sum()

    def solve(prior):
        w = prior
        for _ in range(40):
            w = w - torch.linalg.solve(func.hessian(inner)(w, prior), func.grad(inner)(w, prior))
        return w

    def outer(w):
        return (w**2).sum()

    prior = torch.full((3,), 0.2)
    w = solve(prior)
    mixed = func.jacrev(func.grad(inner), argnums=1)(w, prior)
    implicit = -mixed.T @ torch.linalg.solve(func.hessian(inner)(w, prior), func.grad(outer)(w))
    unrolled = func.grad(lambda prior: outer(solve(prior)))(prior)
    torch.testing.assert_close(implicit, unrolled)
    return {"w": w, "implicit": implicit}


def ensemble_with_dropout(torch: Any) -> dict:
    """Models that are mapped over, with a mask of dropout of each model's own, and predictions with spread."""
    func, nn = torch.func, torch.nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.drop, self.last = nn.Linear(3, 16), nn.Dropout(0.4), nn.Linear(16, 2)

        def forward(self, x):
            return self.last(self.drop(torch.relu(self.first(x))))

    models = [Net() for _ in range(5)]
    parameters, buffers = func.stack_module_state(models)
    x = torch.randn(4, 3)

    def run(parameters, buffers, x):
        return func.functional_call(models[0], (parameters, buffers), (x,))

    dropped = torch.vmap(run, (0, 0, None), randomness="different")(parameters, buffers, x)
    for model in models:
        model.eval()
    whole = torch.vmap(run, (0, 0, None))(parameters, buffers, x)
    torch.testing.assert_close(whole, torch.stack([model(x) for model in models]))
    dropped.square().mean().backward()
    gradients = {f"gradient of {name}": p.grad for name, p in parameters.items()}
    return {"dropped": dropped.detach(), "whole": whole.detach(), **gradients}


def models_and_data(torch: Any) -> dict:
    """Every model with every batch, by vmap of vmap; and each model's loss on its own batch, trained in one pass."""
    func, F = torch.func, torch.nn.functional
    models = [torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.GELU(), torch.nn.Linear(4, 1)) for _ in range(3)]
    parameters, _ = func.stack_module_state(models)
    x, y = torch.randn(4, 6, 2), torch.randn(4, 6, 1)

    def loss(parameters, x, y):
        return F.smooth_l1_loss(func.functional_call(models[0], parameters, (x,)), y)

    table = torch.vmap(torch.vmap(loss, (None, 0, 0)), (0, None, None))(parameters, x, y)
    assert table.shape == (3, 4)
    state = {name: p.detach() for name, p in parameters.items()}
    for _ in range(3):
        gradient = torch.vmap(func.grad(loss))(state, x[:3], y[:3])
        state = {name: w - 0.1 * gradient[name] for name, w in state.items()}
    return {"table": table.detach(), **state}


def functional_adam(torch: Any) -> dict:
    """An optimizer as a pure function over trees, for four runs with learning rates of their own at once."""
    func, tree_map = torch.func, torch.utils._pytree.tree_map
    target = torch.randn(3)

    def rosenbrock(p):
        return ((1 - p["a"]) ** 2).sum() + 5 * ((p["b"] - p["a"] ** 2) ** 2).sum() + (p["a"] @ target) ** 2

    def step(state, rate, t):
        p, m, v = state
        g = func.grad(rosenbrock)(p)
        m = tree_map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = tree_map(lambda v, g: 0.99 * v + 0.01 * g * g, v, g)
        p = tree_map(lambda p, m, v: p - rate * (m / (1 - 0.9**t)) / ((v / (1 - 0.99**t)).sqrt() + 1e-8), p, m, v)
        return p, m, v

    p = {"a": torch.zeros(3), "b": torch.ones(3)}
    zero = tree_map(torch.zeros_like, p)
    rates = torch.tensor([0.01, 0.03, 0.1, 0.2])

    def run(rate):
        state = p, zero, zero
        for t in range(1, 11):
            state = step(state, rate, t)
        return state[0], rosenbrock(state[0])

    (final, values) = torch.vmap(run)(rates)
    # The derivative of the outcome by the learning rate, through all steps.
    slopes = torch.vmap(func.grad(lambda rate: run(rate)[1]))(rates)
    return {**final, "values": values, "slopes": slopes}


def score_matching(torch: Any) -> dict:
    """Implicit score matching: the divergence of a score network by jvp with unit vectors, exact and sliced."""
    func = torch.func
    model, weights = _network(torch, 2, 8, 2)
    x = torch.randn(10, 2)

    def objective(weights, x):
        def score(x):
            return func.functional_call(model, weights, (x,))

        def divergence(x):
            units = torch.eye(2)
            return torch.vmap(lambda v: v @ func.jvp(score, (x,), (v,))[1])(units).sum()

        return (0.5 * score(x).square().sum() + divergence(x)).mean()

    def loss(weights):
        return torch.vmap(objective, (None, 0))(weights, x).mean()

    gradient, value = func.grad_and_value(loss)(weights)
    jacobians = torch.vmap(func.jacfwd(model))(x).detach()
    expected = (0.5 * model(x).square().sum(1) + jacobians.diagonal(dim1=1, dim2=2).sum(1)).mean()
    torch.testing.assert_close(value, expected.detach())
    return {"value": value, **gradient}


def normalizing_flow(torch: Any) -> dict:
    """Log densities under a residual flow: log |det J| of each layer by jacrev and slogdet, trained one step."""
    func = torch.func
    model, weights = _network(torch, 2, 6, 2)
    x = torch.randn(7, 2)

    def flow(weights, x):
        return x + 0.3 * func.functional_call(model, weights, (x,))

    def log_density(weights, x):
        z = flow(weights, x)
        _, volume = torch.linalg.slogdet(func.jacrev(flow, argnums=1)(weights, x))
        return -0.5 * (z @ z) + volume

    values = torch.vmap(log_density, (None, 0))(weights, x)
    gradient = func.grad(lambda w: -torch.vmap(log_density, (None, 0))(w, x).mean())(weights)
    return {"values": values, **gradient}


def attention_jacobian(torch: Any) -> dict:
    """How attention maps depend on the tokens: Jacobians of softmax(QKᵀ), for several heads and a batch."""
    func = torch.func
    query, key = torch.randn(2, 4, 3), torch.randn(2, 4, 3)
    tokens = torch.randn(3, 5, 4)

    def attention(tokens, query, key):
        q, k = tokens @ query, tokens @ key
        return torch.softmax(q @ k.mT / 3**0.5, -1)

    per_head = torch.vmap(func.jacrev(attention), (None, 0, 0))
    jacobians = torch.vmap(per_head, (0, None, None))(tokens, query, key)
    assert jacobians.shape == (3, 2, 5, 5, 5, 4)
    assert jacobians.sum(3).abs().max() < 1e-12  # rows of attention sum to one
    sensitivity = jacobians.flatten(4).norm(dim=-1)
    layer = torch.nn.MultiheadAttention(4, 2, batch_first=True)
    by_layer = torch.vmap(func.jacfwd(lambda t: layer(t[None], t[None], t[None])[0][0].mean(0)))(tokens)
    return {"sensitivity": sensitivity, "by layer": by_layer.detach()}


def recurrent_jacobians(torch: Any) -> dict:
    """Jacobians of hidden states by the first one, for a cell written out and for GRUCell: do gradients vanish?"""
    func = torch.func
    W, U = torch.randn(4, 4) * 0.6, torch.randn(4, 2)
    inputs = torch.randn(6, 2)

    def states(h):
        out = []
        for x in inputs:
            h = torch.tanh(W @ h + U @ x)
            out.append(h)
        return torch.stack(out)

    start = torch.randn(3, 4)
    jacobians = torch.vmap(func.jacfwd(states))(start)
    other = torch.vmap(func.jacrev(states))(start)
    torch.testing.assert_close(jacobians, other)
    cell = torch.nn.GRUCell(2, 4)

    def run(h):
        for x in inputs:
            h = cell(x, h)
        return h

    by_cell = torch.vmap(func.jacrev(run))(start).detach()
    spectral = torch.linalg.matrix_norm(jacobians, 2)
    return {"spectral": spectral, "jacobians": jacobians, "by cell": by_cell}


def batch_norm_in_evaluation(torch: Any) -> dict:
    """Per-sample gradients of a network with convolutions, batch norm in evaluation mode, and group norm."""
    func, nn, F = torch.func, torch.nn, torch.nn.functional
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Conv2d(4, 4, 3),
        nn.GroupNorm(2, 4),
        nn.Flatten(),
        nn.Linear(16, 3),
    )
    x, y = torch.randn(5, 1, 6, 6), torch.randint(3, (5,))
    model(x)  # moves the running statistics
    model.eval()
    weights, buffers = (
        {n: p.detach() for n, p in model.named_parameters()},
        dict(model.named_buffers()),
    )

    def loss(weights, x, y):
        return F.cross_entropy(func.functional_call(model, (weights, buffers), (x[None],)), y[None])

    gradients = torch.vmap(func.grad(loss), (None, 0, 0))(weights, x, y)
    F.cross_entropy(model(x), y).backward()
    for name, p in model.named_parameters():
        torch.testing.assert_close(gradients[name].mean(0), p.grad)
    return {name: g.flatten(1).norm(dim=1) for name, g in gradients.items()}


def dict_parameters_with_shared_parts(torch: Any) -> dict:
    """in_dims as trees: some leaves of a dict are each example's own, some are shared; out_dims as well."""
    func = torch.func
    parameters = {
        "shared": torch.randn(3, 2),
        "own": {"scale": torch.randn(4), "shift": torch.randn(2, 4)},
    }
    x = torch.randn(4, 3)

    def model(p, x):
        return {"y": (x @ p["shared"]) * p["own"]["scale"] + p["own"]["shift"], "norm": x.norm()}

    dims = {"shared": None, "own": {"scale": 0, "shift": 1}}
    out = torch.vmap(model, in_dims=(dims, 0), out_dims={"y": 1, "norm": 0})(parameters, x)
    assert out["y"].shape == (2, 4)

    def loss(p):
        return torch.vmap(model, in_dims=(dims, 0))(p, x)["y"].square().sum()

    gradient = func.grad(loss)(parameters)
    return {**out, "shared": gradient["shared"], **gradient["own"]}


def influence_of_hyperparameters(torch: Any) -> dict:
    """Gradients of a validation loss by weights of the training examples, through unrolled gradient steps."""
    func = torch.func
    X, y, X_new, y_new = torch.randn(8, 3), torch.randn(8), torch.randn(5, 3), torch.randn(5)

    def loss(w, weights):
        return (weights * (X @ w - y).square()).mean()

    def trained(weights):
        w = torch.zeros(3)
        for _ in range(15):
            w = w - 0.1 * func.grad(loss)(w, weights)
        return w

    def validation(weights):
        return (X_new @ trained(weights) - y_new).square().mean()

    weights = torch.ones(8)
    gradient, value = func.grad_and_value(validation)(weights)
    forward = func.jacfwd(validation)(weights)
    torch.testing.assert_close(gradient, forward)
    curvature = func.jvp(func.grad(validation), (weights,), (gradient,))[1]
    return {"gradient": gradient, "value": value, "curvature": curvature}


def policy_gradient(torch: Any) -> dict:
    """REINFORCE with per-trajectory score functions, and the variance of the estimate, by vmap over trajectories."""
    func = torch.func
    model, weights = _network(torch, 2, 4, 3)
    states, actions, rewards = torch.randn(6, 5, 2), torch.randint(3, (6, 5)), torch.rand(6, 5)
    returns = rewards.flip(1).cumsum(1).flip(1)

    def surrogate(weights, states, actions, returns):
        logits = func.functional_call(model, weights, (states,))
        chosen = torch.log_softmax(logits, -1).gather(1, actions[:, None])[:, 0]
        return (chosen * returns).sum()

    scores = torch.vmap(func.grad(surrogate), (None, 0, 0, 0))(weights, states, actions, returns)
    return {
        **{f"mean of {name}": g.mean(0) for name, g in scores.items()},
        **{f"spread of {name}": g.std(0) for name, g in scores.items()},
    }


def adversarial_and_smoothing(torch: Any) -> dict:
    """Sign gradients for each example of a batch, and a randomised smoothing with other noise for each."""
    func, F = torch.func, torch.nn.functional
    model, _ = _network(torch, 4, 6, 3)
    for p in model.parameters():
        p.requires_grad_(False)
    x, y = torch.randn(5, 4), torch.randint(3, (5,))

    def loss(x, y):
        return F.cross_entropy(model(x)[None], y[None])

    attack = x + 0.1 * torch.vmap(func.grad(loss))(x, y).sign()
    raised = torch.vmap(loss)(attack, y) - torch.vmap(loss)(x, y)
    assert (raised > 0).all()

    def smoothed(x, y):
        def noisy(x):
            return loss(x + 0.05 * torch.randn_like(x), y)

        return func.grad(noisy)(x)

    many = torch.vmap(torch.vmap(smoothed, (0, 0), randomness="different"), (0, 0), randomness="different")(
        x.expand(3, 5, 4), y.expand(3, 5)
    )
    return {"raised": raised, "many": many}


PROGRAMS = [
    value
    for name, value in list(globals().items())
    if callable(value) and not name.startswith("_") and getattr(value, "__module__", "") == __name__
]
