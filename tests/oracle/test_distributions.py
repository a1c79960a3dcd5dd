"""`torch.distributions` against installed PyTorch, in a table: each distribution with several parameters.

Compared of each: the samples of a seed, the densities with their gradients of first and second order by parameters and
value, moments, entropies, distribution functions and quantiles, and what it says of itself. Errors must be of the same
class.
"""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402

Make = Callable[..., Any]
# name: how it is made of the library's distributions d and parameters; then the parameters of each case.
CASES: dict[str, tuple[Make, list[tuple]]] = {}


def case(name: str, make: Make, *parameters: tuple) -> None:
    CASES[name] = make, list(parameters)


B2 = [[0.5, 1.5, 2.5], [0.7, 3.0, 1.2]]  # positive numbers of a batch of shape (2, 3)
B3 = [2.2, 0.4, 1.1]
P2 = [[0.1, 0.5, 0.9], [0.3, 0.6, 0.8]]
P3 = [0.2, 0.5, 0.3]
R2 = [[-1.0, 0.0, 2.0], [0.5, -0.3, 1.0]]
S2 = [[2.0, 0.3], [0.3, 1.0]]
S3 = [[[2.0, 0.3], [0.3, 1.0]], [[1.0, -0.5], [-0.5, 3.0]]]
L2 = [[1.0, 0.0], [0.5, 2.0]]

for plain in (
    "Normal Cauchy Laplace Gumbel LogNormal LogisticNormal".split(),
    "Gamma Beta InverseGamma Kumaraswamy Pareto Weibull FisherSnedecor".split(),
):
    for one in plain:
        locs = R2 if one in ("Normal", "Cauchy", "Laplace", "Gumbel", "LogNormal", "LogisticNormal") else B2
        case(one, lambda d, a, b, one=one: getattr(d, one)(a, b), (locs, B3), (0.5, 1.5), (3.0, [4.0, 0.6]))
case("VonMises", lambda d, a, b: d.VonMises(a, b), (R2, B3), ([0.3], [30.0]))
for one in ("Exponential", "HalfCauchy", "HalfNormal", "Chi2", "Poisson"):
    case(one, lambda d, a, one=one: getattr(d, one)(a), (B2,), (1.5,), ([15.0, 0.2],))
for one in ("Bernoulli", "Geometric", "ContinuousBernoulli"):
    case(one, lambda d, a, one=one: getattr(d, one)(a), (P2,), (0.3,), ([0.5],))
    case(one + " logits", lambda d, a, one=one: getattr(d, one)(logits=a), (R2,), (0.3,))
case("Bernoulli sure", lambda d, a: d.Bernoulli(a), ([0.0, 1.0, 0.5],))
for one in ("Binomial", "NegativeBinomial"):
    case(one, lambda d, a, one=one: getattr(d, one)(4, a), (P2,), ([0.3],))
    case(one + " counts", lambda d, a, one=one: getattr(d, one)(d.utils.torch.tensor([3.0, 7.0, 40.0]), a), (P2,))
    case(one + " logits", lambda d, a, one=one: getattr(d, one)(5, logits=a), (R2,))
for one in ("Categorical", "OneHotCategorical", "OneHotCategoricalStraightThrough"):
    case(one, lambda d, a, one=one: getattr(d, one)(a), (B2,), (P3,), ([0.0, 1.0, 3.0],))
    case(one + " logits", lambda d, a, one=one: getattr(d, one)(logits=a), (R2,))
case("Multinomial", lambda d, a: d.Multinomial(5, a), (B2,), (P3,))
case("Multinomial logits", lambda d, a: d.Multinomial(3, logits=a), (R2,))
case("Dirichlet", lambda d, a: d.Dirichlet(a), (B2,), (B3,), ([0.5, 0.2],))
case("Uniform", lambda d, a, b: d.Uniform(a, b), (R2, [2.5, 3.0, 4.0]), (-1.0, 2.0))
case("StudentT", lambda d, a, b, c: d.StudentT(a, b, c), (B2, R2, B3), (3.0, 0.5, 2.0), ([1.5, 2.0], 0.0, 1.0))
case("GeneralizedPareto", lambda d, a, b, c: d.GeneralizedPareto(a, b, c), (R2, B3, [0.3, -0.4, 0.0]), (0.0, 1.0, 0.2))
case("RelaxedBernoulli", lambda d, t, a: d.RelaxedBernoulli(t, a), ([0.7], P2))
case("RelaxedBernoulli logits", lambda d, t, a: d.RelaxedBernoulli(t, logits=a), ([0.7], R2))
case("LogitRelaxedBernoulli", lambda d, t, a: d.LogitRelaxedBernoulli(t, a), ([0.7], P2))
case("RelaxedOneHotCategorical", lambda d, t, a: d.RelaxedOneHotCategorical(t, a), ([0.7], B2))
case("ExpRelaxedCategorical", lambda d, t, a: d.ExpRelaxedCategorical(t, logits=a), ([0.7], R2))
case("MultivariateNormal", lambda d, a, b: d.MultivariateNormal(a, b), ([0.5, 1.0], S2), ([0.5, 1.0], S3))
case("MultivariateNormal precision", lambda d, a, b: d.MultivariateNormal(a, precision_matrix=b), ([0.5, 1.0], S3))
case("MultivariateNormal tril", lambda d, a, b: d.MultivariateNormal(a, scale_tril=b), ([[0.5, 1.0]] * 3, L2))
case(
    "LowRankMultivariateNormal",
    lambda d, a, b, c: d.LowRankMultivariateNormal(a, b, c),
    ([0.1, 0.2, 0.3], [[1.0], [0.5], [-1.0]], [0.4, 1.0, 2.0]),
    ([[0.1, 0.2, 0.3]] * 2, [[1.0, 0.3], [0.5, 2.0], [-1.0, 1.0]], [0.4, 1.0, 2.0]),
)
case("Wishart", lambda d, a, b: d.Wishart(a, b), ([3.5], S2), ([4.0, 5.0], S3))
case("Wishart tril", lambda d, a, b: d.Wishart(a, scale_tril=b.tril()), ([4.5], L2))
case("Wishart precision", lambda d, a, b: d.Wishart(a, precision_matrix=b), ([4.5], S2))
case("LKJCholesky", lambda d, a: d.LKJCholesky(3, a), (1.0,), ([0.5, 2.0],))
case("Independent", lambda d, a, b: d.Independent(d.Normal(a, b), 1), (R2, B3))
case("Independent of two", lambda d, a, b: d.Independent(d.Gamma(a, b), 2), (B2, B3))
case(
    "MixtureSameFamily",
    lambda d, w, a, b: d.MixtureSameFamily(d.Categorical(w), d.Normal(a, b)),
    (P3, B3, 0.5),
    (B2, R2, B3),
)
case(
    "MixtureSameFamily of vectors",
    lambda d, w, a, b: d.MixtureSameFamily(d.Categorical(w), d.Independent(d.Normal(a, b), 1)),
    ([0.4, 0.6], R2, B3),
)
case(
    "TransformedDistribution",
    lambda d, a, b: d.TransformedDistribution(d.Normal(a, b), [d.TanhTransform(), d.AffineTransform(1.0, -2.0)]),
    (R2, B3),
)
case(
    "TransformedDistribution of vectors",
    lambda d, a, b: d.TransformedDistribution(d.Normal(a, b), [d.StickBreakingTransform()]),
    (R2, B3),
)
ALL = [(name, i) for name, (_, parameters) in CASES.items() for i in range(len(parameters))]
IMPLICIT = "Gamma Beta Dirichlet StudentT Chi2 FisherSnedecor Wishart InverseGamma LKJ"  # rsample by gamma numbers
# PyTorch's formulas are wrong here (docs/differences.md), or come from a polynomial of seven digits.
WRONG = {("Kumaraswamy", "mode"), ("Weibull", "mode"), ("VonMises", "rsample"), ("Wishart", "rsample")}
ROUGH = {"VonMises": 2e-6}


class Both:
    """One distribution in both libraries."""

    def __init__(self, name: str, index: int, dtype: str = "float64") -> None:
        make, parameters = CASES[name]
        self.name, self.libraries = name, (mibun, torch)
        self.parameters: list[list[Any]] = []
        self.made: list[Any] = []
        for library in self.libraries:
            library.set_default_dtype(getattr(library, dtype))
            d = library.distributions
            given = [
                p if isinstance(p, float) else library.tensor(p, dtype=getattr(library, dtype), requires_grad=True)
                for p in parameters[index]
            ]
            self.parameters.append([p for p in given if not isinstance(p, float)])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.made.append(make(_Names(d), *given))

    def same(self, what: str, program: Callable, rtol: float | None = None) -> bool:
        """Compare what a program of (library, distribution, parameters) gives; whether it gives anything."""
        seen = []
        for library, made, parameters in zip(self.libraries, self.made, self.parameters, strict=True):
            library.manual_seed(0)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    seen.append(described(program(library, made, parameters)))
                except (NotImplementedError, ValueError, RuntimeError, AttributeError) as error:
                    seen.append(error)
        own, wanted = seen
        if isinstance(wanted, Exception) or isinstance(own, Exception):
            assert type(own) is type(wanted), f"{self.name}: {what}: {own!r} is not {wanted!r}"
            return False
        assert len(own) == len(wanted), f"{self.name}: {what}: {len(own)} values for {len(wanted)}"
        rtol = max(1e-7 if rtol is None else rtol, ROUGH.get(self.name.split()[0], 0))
        for i, (a, b) in enumerate(zip(own, wanted, strict=True)):
            if isinstance(b, np.ndarray):
                assert a.shape == b.shape and a.dtype == b.dtype, f"{self.name}: {what}[{i}]: {a.shape} for {b.shape}"
                np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol / 10, err_msg=f"{self.name}: {what}[{i}]")
            else:
                assert a == b, f"{self.name}: {what}[{i}]: {a!r} is not {b!r}"
        return True


class _Names:
    """The names of torch.distributions, and of those of its modules that are not among them."""

    def __init__(self, distributions: Any) -> None:
        self.d = distributions

    def __getattr__(self, name: str) -> Any:
        if hasattr(self.d, name):
            return getattr(self.d, name)
        module = {"LogitRelaxedBernoulli": "relaxed_bernoulli", "ExpRelaxedCategorical": "relaxed_categorical"}[name]
        return getattr(getattr(self.d, module), name)


def described(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)) and not hasattr(value, "numel"):
        return [part for each in value for part in described(each)]
    if hasattr(value, "detach"):
        return [np.array(value.detach().numpy(force=True))]
    return [tuple(value) if hasattr(value, "numel") else value]


@pytest.fixture(autouse=True)
def _defaults() -> Any:
    yield
    for library in (mibun, torch):
        library.set_default_dtype(library.float32)


def grads(library: Any, result: Any, inputs: list[Any], second: bool = False) -> list[Any]:
    """Gradients of a weighted sum (and of a sum of their squares), None as zeros."""
    inputs = [x for x in inputs if x.is_floating_point()]
    if not inputs or not result.requires_grad:
        return []
    weights = library.linspace(0.5, 1.5, result.numel(), dtype=result.dtype).reshape(result.shape)
    total = library.where(library.isfinite(result), result, 0.0) * weights
    found = library.autograd.grad(total.sum(), inputs, retain_graph=True, create_graph=second, allow_unused=True)
    found = [library.zeros_like(x) if g is None else g for x, g in zip(inputs, found, strict=True)]
    if second and any(g.requires_grad for g in found):
        squares = sum(library.where(library.isfinite(g), g, 0.0).square().sum() for g in found)
        again = library.autograd.grad(squares, inputs, allow_unused=True)
        found += [library.zeros_like(x) if g is None else g for x, g in zip(inputs, again, strict=True)]
    return found


@pytest.mark.parametrize(("name", "index"), ALL)
def test_a_distribution(name: str, index: int) -> None:
    both = Both(name, index)
    kind = name.split()[0]
    both.same("repr", lambda m, d, p: repr(d).replace("mibun", "torch"))
    both.same("shapes", lambda m, d, p: [tuple(d.batch_shape), tuple(d.event_shape), tuple(d._extended_shape((4,)))])
    both.same("flags", lambda m, d, p: [d.has_rsample, d.has_enumerate_support])
    both.same("support", lambda m, d, p: [d.support.is_discrete, d.support.event_dim])
    for shape in ((), (3,), (2, 2)):
        both.same(f"sample{shape}", lambda m, d, p, shape=shape: [d.sample(shape), m.rand(1)])
    for what in ("mean", "mode", "variance", "stddev"):
        if (kind, what) not in WRONG:
            both.same(what, lambda m, d, p, what=what: [getattr(d, what), *grads(m, getattr(d, what), p)])
    for what in ("entropy", "perplexity"):
        both.same(what, lambda m, d, p, what=what: [getattr(d, what)(), *grads(m, getattr(d, what)(), p)], 1e-6)
    both.same("enumerate_support", lambda m, d, p: [d.enumerate_support(), d.enumerate_support(expand=False)])
    if (kind, "rsample") not in WRONG:

        def rsample(m: Any, d: Any, p: list) -> Any:
            drawn = d.rsample((3,))
            return [drawn, *grads(m, drawn, p)]

        both.same("rsample", rsample, 5e-3 if kind in IMPLICIT or kind == "Independent" else None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(1)
        value = both.made[1].sample((4,)).numpy()

    def log_prob(m: Any, d: Any, p: list) -> Any:
        x = m.tensor(value, requires_grad=value.dtype.kind == "f")
        result = d.log_prob(x)
        return [result, *grads(m, result, [x, *p], second=True)]

    assert both.same("log_prob", log_prob, 1e-6) or log_prob(mibun, both.made[0], both.parameters[0])

    def cdf(m: Any, d: Any, p: list) -> Any:
        x = m.tensor(value, requires_grad=value.dtype.kind == "f")
        result = d.cdf(x)
        if kind in ("Gamma", "Chi2", "InverseGamma"):  # by the concentration PyTorch has no derivative
            return [result, *grads(m, result, [x])]
        return [result, *grads(m, result, [x, *p])]

    both.same("cdf", cdf, 1e-6)
    if not kind.startswith(("Multi", "LowRank", "Wishart", "LKJ")):
        both.same("icdf", lambda m, d, p: d.icdf(m.linspace(0.1, 0.9, 5).reshape(5, *[1] * len(d.batch_shape))))
    shape = tuple(both.made[1].batch_shape)

    def expand(m: Any, d: Any, p: list) -> Any:
        new = d.expand((2, *shape))
        drawn = new.sample()
        return [repr(new), type(new).__name__, tuple(new.batch_shape), drawn, new.log_prob(drawn), d._validate_args]

    both.same("expand", expand, 1e-6)
    both.same("outside", lambda m, d, p: d.log_prob(m.full(d._extended_shape(), -1234.5)))
    both.same("NaN", lambda m, d, p: d.log_prob(m.full(d._extended_shape(), float("nan"))))
    both.same("a number", lambda m, d, p: d.log_prob(1.0))
    both.same("another shape", lambda m, d, p: d.log_prob(m.ones(7, 5)))


@pytest.mark.parametrize("name", CASES)
def test_samples_in_float32_copies_and_vmap(name: str) -> None:
    both = Both(name, 0, "float32")
    both.same("sample", lambda m, d, p: [d.sample((3,)), m.rand(1)], 3e-5)
    made = both.made[0]
    drawn = made.sample()
    density = made.log_prob(drawn)
    if not any(p.requires_grad for p in both.parameters[0]):
        return
    make, parameters = CASES[name]

    def of(*given: Any) -> Any:
        left = iter(given)
        own = [p if isinstance(p, float) else next(left) for p in parameters[0]]
        return make(_Names(mibun.distributions), *own)

    detached = of(*[p.detach() for p in both.parameters[0]])
    for copied in (copy.deepcopy(detached), pickle.loads(pickle.dumps(detached))):
        assert type(copied) is type(made) and copied.batch_shape == made.batch_shape
        assert mibun.allclose(copied.log_prob(drawn), density, equal_nan=True)
    stacked = [mibun.stack([p, p]) for p in both.parameters[0]]
    batched = mibun.func.vmap(lambda *given: of(*given).log_prob(drawn))(*stacked)
    assert mibun.allclose(batched[1], density, equal_nan=True, rtol=1e-4)
