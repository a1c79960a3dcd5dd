"""pyro: stochastic variational inference of a coin's fairness, and of a regression."""

import pyro
import pyro.distributions as dist
import torch
from pyro.infer import SVI, Trace_ELBO
from pyro.infer.autoguide import AutoDiagonalNormal
from pyro.optim import Adam
from torch.distributions import constraints

pyro.set_rng_seed(0)
pyro.clear_param_store()
data = torch.tensor([1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0])


def model(data):
    fairness = pyro.sample("fairness", dist.Beta(10.0, 10.0))
    with pyro.plate("data", len(data)):
        pyro.sample("obs", dist.Bernoulli(fairness), obs=data)


def guide(data):
    alpha = pyro.param("alpha", torch.tensor(15.0), constraint=constraints.positive)
    beta = pyro.param("beta", torch.tensor(15.0), constraint=constraints.positive)
    pyro.sample("fairness", dist.Beta(alpha, beta))


svi = SVI(model, guide, Adam({"lr": 0.01}), loss=Trace_ELBO())
print("loss", *[svi.step(data) for _ in range(3)])
print("parameters", pyro.param("alpha").item(), pyro.param("beta").item())

pyro.clear_param_store()
x = torch.randn(20, 2)
y = x @ torch.tensor([1.0, -2.0]) + 0.5


def regression(x, y=None):
    w = pyro.sample("w", dist.Normal(torch.zeros(2), 1.0).to_event(1))
    b = pyro.sample("b", dist.Normal(0.0, 1.0))
    sigma = pyro.sample("sigma", dist.LogNormal(0.0, 0.3))
    with pyro.plate("points", 20):
        return pyro.sample("y", dist.Normal(x @ w + b, sigma), obs=y)


auto = AutoDiagonalNormal(regression)
svi = SVI(regression, auto, Adam({"lr": 0.03}), Trace_ELBO())
losses = [svi.step(x, y) for _ in range(20)]
print("regression", losses[0], losses[-1], auto.loc.norm().item())
