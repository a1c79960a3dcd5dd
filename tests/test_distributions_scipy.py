"""`torch.distributions` against SciPy, implicit gradients against numbers of many digits, and what PyTorch has not.

The comparison with PyTorch itself is in `oracle/test_distributions.py` and `oracle/test_distribution_tools.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.stats as stats

import mibun as torch

d = torch.distributions

# Of each: how it is made, SciPy's, and values where densities are compared (whole numbers for discrete ones).
AGAINST_SCIPY: dict[str, tuple[Callable, Callable, list[float]]] = {
    "Normal": (lambda: d.Normal(0.3, 1.7), lambda: stats.norm(0.3, 1.7), [-2.0, 0.0, 3.1]),
    "Cauchy": (lambda: d.Cauchy(0.3, 1.7), lambda: stats.cauchy(0.3, 1.7), [-20.0, 0.0, 3.1]),
    "Laplace": (lambda: d.Laplace(0.3, 1.7), lambda: stats.laplace(0.3, 1.7), [-2.0, 0.0, 3.1]),
    "Gumbel": (lambda: d.Gumbel(0.3, 1.7), lambda: stats.gumbel_r(0.3, 1.7), [-2.0, 0.0, 3.1]),
    "Exponential": (lambda: d.Exponential(1.7), lambda: stats.expon(scale=1 / 1.7), [0.1, 2.0]),
    "Gamma": (lambda: d.Gamma(2.3, 1.7), lambda: stats.gamma(2.3, scale=1 / 1.7), [0.1, 2.0]),
    "InverseGamma": (lambda: d.InverseGamma(4.3, 1.7), lambda: stats.invgamma(4.3, scale=1.7), [0.1, 2.0]),
    "Chi2": (lambda: d.Chi2(2.3), lambda: stats.chi2(2.3), [0.1, 2.0]),
    "Beta": (lambda: d.Beta(2.3, 0.7), lambda: stats.beta(2.3, 0.7), [0.1, 0.9]),
    "Kumaraswamy": (lambda: d.Kumaraswamy(1.0, 2.5), lambda: stats.beta(1.0, 2.5), [0.1, 0.9]),
    "StudentT": (lambda: d.StudentT(5.3, 0.3, 1.7), lambda: stats.t(5.3, 0.3, 1.7), [-2.0, 0.0, 3.1]),
    "FisherSnedecor": (lambda: d.FisherSnedecor(3.0, 7.5), lambda: stats.f(3.0, 7.5), [0.1, 2.0]),
    "HalfNormal": (lambda: d.HalfNormal(1.7), lambda: stats.halfnorm(scale=1.7), [0.1, 2.0]),
    "HalfCauchy": (lambda: d.HalfCauchy(1.7), lambda: stats.halfcauchy(scale=1.7), [0.1, 2.0]),
    "LogNormal": (lambda: d.LogNormal(0.3, 0.7), lambda: stats.lognorm(0.7, scale=math.exp(0.3)), [0.1, 2.0]),
    "Pareto": (lambda: d.Pareto(1.2, 3.7), lambda: stats.pareto(3.7, scale=1.2), [1.3, 4.0]),
    "GeneralizedPareto": (
        lambda: d.GeneralizedPareto(0.3, 1.7, 0.2),
        lambda: stats.genpareto(0.2, 0.3, 1.7),
        [0.5, 4.0],
    ),
    "Weibull": (lambda: d.Weibull(1.2, 3.7), lambda: stats.weibull_min(3.7, scale=1.2), [0.3, 1.5]),
    "Uniform": (lambda: d.Uniform(-0.3, 1.7), lambda: stats.uniform(-0.3, 2.0), [0.1, 1.6]),
    "VonMises": (lambda: d.VonMises(*torch.tensor([0.3, 2.7])), lambda: stats.vonmises(2.7, 0.3), [-3.0, 0.5]),
    "Bernoulli": (lambda: d.Bernoulli(0.3), lambda: stats.bernoulli(0.3), [0.0, 1.0]),
    "Binomial": (lambda: d.Binomial(7, torch.tensor(0.3)), lambda: stats.binom(7, 0.3), [0.0, 2.0, 7.0]),
    "NegativeBinomial": (
        lambda: d.NegativeBinomial(3.5, torch.tensor(0.3)),
        lambda: stats.nbinom(3.5, 0.7),
        [0.0, 2.0, 7.0],
    ),
    "Geometric": (lambda: d.Geometric(0.3), lambda: stats.geom(0.3, -1), [0.0, 2.0, 7.0]),
    "Poisson": (lambda: d.Poisson(2.3), lambda: stats.poisson(2.3), [0.0, 2.0, 7.0]),
}
WITHOUT = {"FisherSnedecor": ["mode"], "VonMises": ["mean", "variance"]}  # SciPy's are not circular


@pytest.fixture(autouse=True)
def _double() -> Any:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("name", AGAINST_SCIPY)
def test_against_scipy(name: str) -> None:
    make, reference, values = AGAINST_SCIPY[name]
    own, wanted = make(), reference()
    x, array = torch.tensor(values), np.array(values)
    density = wanted.logpmf if own.support.is_discrete else wanted.logpdf
    np.testing.assert_allclose(own.log_prob(x).numpy(), density(array), rtol=1e-10)
    compared = {"cdf": lambda: (own.cdf(x), wanted.cdf(array))}
    compared["icdf"] = lambda: (own.icdf(torch.tensor([0.1, 0.6])), wanted.ppf([0.1, 0.6]))
    for what in ("mean", "variance"):
        if what not in WITHOUT.get(name, []):
            compared[what] = lambda what=what: (getattr(own, what), getattr(wanted, what[:4].replace("vari", "var"))())
    compared["entropy"] = lambda: (own.entropy(), wanted.entropy())
    for what, both in compared.items():
        try:
            a, b = both()
        except NotImplementedError:
            continue
        if np.isfinite(b).all():
            np.testing.assert_allclose(a.numpy(), b, rtol=1e-7, err_msg=what)


# Of 60 digits, by mpmath: derivatives of the distribution functions by differences, over the density.
GAMMA = [  # shape, number, its derivative by the shape
    (0.001, 1e-300, 6.90199955966403e-295),
    (0.02, 1e-09, 1.00892382736171e-6),
    (0.3, 0.015, 0.204314583260347),
    (0.9, 2.5, 1.91051720806993),
    (1, 1, 1.17356302722473),
    (5, 0.01, 0.0126442004584504),
    (5, 30, 2.21690216285028),
    (200, 190, 0.975385060320517),
    (10000.0, 10015.0, 1.00076630460708),
    (10000.0, 1000.0, 0.255846419667645),
]
BETA = [  # number, its concentrations, its derivative by the first over 1 - number
    (1e-20, 0.001, 0.3, 4.89664462985464e-16),
    (0.2, 0.01, 0.01, 1032.09079958786),
    (0.5, 0.3, 0.3, 4.10054526716159),
    (0.999, 8, 0.001, 0.133060108714117),
    (0.05, 1, 20, 0.0581765676077433),
    (0.5, 100, 90, 0.00514679667719715),
    (0.25, 100, 300, 0.00250625882835877),
    (0.9999999, 1.5, 0.3, 0.8283381526537),
    (0.7, 3, 1, 0.277413845285681),
]
VON_MISES = [  # concentration, angle, its derivative
    (1e-06, 1e-06, -9.99999499999833e-7),
    (0.5, -3.0, 0.174871615150892),
    (2.0, 1.0, -0.338471951902735),
    (20.0, 0.1, -0.00253514816227513),
    (20.0, -1.5, 0.0477712011146663),
    (500.0, 0.2, -0.000200770893781974),
    (1e5, 0.01, -5.00005416762502e-08),
]


def test_implicit_gradients_have_ten_digits() -> None:
    from mibun.xp import numpy_namespace as xp

    a, x, wanted = map(np.array, zip(*GAMMA, strict=True))
    own = torch._standard_gamma_grad(torch.tensor(a, dtype=torch.float64), torch.tensor(x, dtype=torch.float64))
    np.testing.assert_allclose(own.numpy(), wanted, rtol=1e-11)
    x, a, b, wanted = map(np.array, zip(*BETA, strict=True))
    np.testing.assert_allclose(xp.beta_quantile_slope(a * 1.0, b * 1.0, x), wanted, rtol=1e-10)
    k, t, wanted = map(np.array, zip(*VON_MISES, strict=True))
    np.testing.assert_allclose(xp.von_mises_quantile_slope(k, t), wanted, rtol=1e-10)


def test_implicit_gradients_at_the_edges() -> None:
    one, zero, nan = torch.ones(1), torch.zeros(1), torch.full((1,), math.nan)
    assert torch._standard_gamma_grad(one, zero).item() == 0
    assert torch._dirichlet_grad(zero, one, 2 * one).item() == 0
    for x in (-one, nan, one * math.inf):
        assert math.isnan(torch._standard_gamma_grad(one, x).item())
        assert math.isnan(torch._dirichlet_grad(x, one, 2 * one).item())


@pytest.mark.parametrize("name", ["Gamma", "Beta", "StudentT", "VonMises", "Dirichlet"])
def test_the_gradient_of_a_mean_by_samples(name: str) -> None:
    """The mean of the samples' gradients is the gradient of the mean, which is known."""
    torch.manual_seed(1)
    n = 4000
    if name == "Dirichlet":
        c = torch.tensor([0.5, 2.0, 1.0], requires_grad=True)
        drawn, exact = d.Dirichlet(c).rsample((n,))[:, 0].square(), (lambda: d.Dirichlet(c))
        p = exact()
        wanted = (p.variance + p.mean.square())[0]
    elif name == "VonMises":  # E[cos] = I1/I0
        c = torch.tensor(1.5, requires_grad=True)
        drawn, wanted = d.VonMises(torch.tensor(0.7), c).rsample((n,)).sub(0.7).cos(), 1 - d.VonMises(c * 0, c).variance
    else:
        c = torch.tensor(5.0, requires_grad=True)
        made = d.StudentT(c) if name == "StudentT" else getattr(d, name)(c, 2.0)
        drawn, wanted = made.rsample((n,)).square(), made.variance + made.mean.square()
    (one,) = torch.autograd.grad(drawn.mean(), c)
    (other,) = torch.autograd.grad(wanted.sum(), c)
    assert torch.allclose(one, other, rtol=0.15, atol=0.01), (one, other)


def test_von_mises_samples_follow_their_parameters() -> None:
    loc, k = torch.tensor([0.5, 2.0], requires_grad=True), torch.tensor([3.0, 0.7], requires_grad=True)
    p = d.VonMises(loc, k)
    assert not p.has_rsample  # as in PyTorch, although it can
    torch.manual_seed(0)
    drawn = p.rsample((5,))
    torch.manual_seed(0)
    assert torch.equal(drawn, p.sample((5,)))
    gradients = torch.autograd.grad(drawn.sum(), (loc, k))
    assert gradients[0].tolist() == [5.0, 5.0]
    # By differences: the number at the same quantile of a distribution that differs a little.
    torch.manual_seed(0)
    x = p.rsample()
    (slope,) = torch.autograd.grad(x[0], k)
    quantile = stats.vonmises(3.0, 0.5).cdf(x[0].item())
    moved = [stats.vonmises(3.0 + h, 0.5).ppf(quantile) for h in (-1e-4, 1e-4)]
    assert abs(slope[0].item() - (moved[1] - moved[0]) / 2e-4) < 1e-5


def test_gradients_of_gamma_numbers_are_not_differentiated_again() -> None:
    c = torch.tensor([0.5, 2.0], requires_grad=True)
    (g,) = torch.autograd.grad(d.Gamma(c, 1.0).rsample().sum(), c, create_graph=True)
    with pytest.raises(NotImplementedError, match="_standard_gamma_grad"):
        torch.autograd.grad(g.sum(), c)


def test_forward_mode() -> None:
    c = torch.tensor([0.5, 2.0])
    torch.manual_seed(0)
    x, t = torch.func.jvp(lambda c: d.Gamma(c, 1.0).rsample(), (c,), (torch.ones(2),))
    assert torch.allclose(t, torch._standard_gamma_grad(c, x))


def test_modes_where_pytorch_has_none() -> None:
    for p in (d.Kumaraswamy(2.0, 3.0), d.Kumaraswamy(1.5, 1.0), d.Weibull(2.0, 3.0), d.Weibull(2.0, 0.5)):
        grid = torch.linspace(1e-6, 1, 100_001)[:-1] * (1 if isinstance(p, d.Kumaraswamy) else 4)
        assert abs(grid[p.log_prob(grid).argmax()].item() - p.mode.item()) < 1e-4
    assert d.Kumaraswamy(0.5, 2.0).mode.isnan()


def test_kl_at_the_border_of_a_support() -> None:
    kl = d.kl_divergence(d.Uniform(0.0, 1.0), d.ContinuousBernoulli(0.3))
    grid = (torch.arange(10_000) + 0.5) / 10_000
    assert abs(kl.item() + d.ContinuousBernoulli(0.3).log_prob(grid).mean().item()) < 1e-6


def test_validation_looks_at_all_examples() -> None:
    def density(scale: Any) -> Any:
        return d.Normal(0.0, scale, validate_args=True).log_prob(torch.tensor(0.5))

    scales = torch.tensor([1.0, 2.0])
    assert torch.allclose(torch.func.vmap(density)(scales), d.Normal(0.0, scales).log_prob(torch.tensor(0.5)))
    with pytest.raises(ValueError, match="GreaterThan"):
        torch.func.vmap(density)(-scales)


def test_many_vectors_of_one_normal_need_one_factor() -> None:
    """No matrix is copied for each of the vectors: a million of them take no more memory than they have."""
    p = d.MultivariateNormal(torch.zeros(3), torch.eye(3) + 0.5)
    x = torch.randn(50_000, 3)
    inverse = torch.linalg.inv(torch.eye(3) + 0.5)
    wanted = -0.5 * torch.einsum("bi,ij,bj->b", x, inverse, x)
    assert torch.allclose(p.log_prob(x) - p.log_prob(torch.zeros(3)), wanted)


def test_a_normalising_flow_trains() -> None:
    torch.manual_seed(0)
    data = d.LogNormal(0.5, 0.3).sample((500,))
    loc, log_scale = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    optimizer = torch.optim.Adam([loc, log_scale], lr=0.1)
    for _ in range(150):
        base = d.Normal(torch.zeros(()), 1.0)
        flow = d.TransformedDistribution(base, [d.AffineTransform(loc, log_scale.exp()), d.ExpTransform()])
        loss = -flow.log_prob(data).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert abs(loc.item() - data.log().mean().item()) < 1e-3
    assert abs(log_scale.exp().item() - data.log().std(correction=0).item()) < 1e-3
