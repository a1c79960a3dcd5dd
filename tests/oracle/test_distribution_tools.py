"""KL divergences, transforms, constraints and the rest of `torch.distributions`, against installed PyTorch."""

from __future__ import annotations

import importlib
import inspect
import itertools
import math
import pickle
import pkgutil
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from oracle.both import assert_same  # noqa: E402

BOTH = (mibun, torch)
NAMES = torch.distributions.__all__


@pytest.fixture(autouse=True)
def _defaults() -> Any:
    for library in BOTH:
        library.set_default_dtype(library.float64)
    yield
    for library in BOTH:
        library.set_default_dtype(library.float32)


def result_of(program: Callable[[Any], Any], library: Any) -> Any:
    """What a program gives: arrays, plain values, or the class of its error."""
    library.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = program(library)
        except (
            NotImplementedError,
            ValueError,
            RuntimeError,
            AttributeError,
            AssertionError,
            TypeError,
            IndexError,
        ) as error:
            return type(error).__name__
    values = value if isinstance(value, list | tuple) else [value]
    return [np.array(v.detach().numpy(force=True)) if hasattr(v, "numpy") else v for v in values]


def check(program: Callable[[Any], Any], what: str = "", rtol: float = 1e-7, gives: bool = False) -> None:
    own, wanted = (result_of(program, library) for library in BOTH)
    if isinstance(wanted, str) or isinstance(own, str):
        assert own == wanted and not gives, f"{what}: {own} is not {wanted}"
        return
    for a, b in zip(own, wanted, strict=True):
        if isinstance(b, np.ndarray):
            assert a.shape == b.shape, what
            np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol / 10, err_msg=what)
        else:
            assert a == b, what


# --- KL divergences ---

A, B = [[0.4, 0.9, 0.5], [0.3, 0.6, 0.8]], [0.6, 0.2, 0.65]
# How one of each class is made of parameters in (0, 1); "wide" ones hold the others' supports.
MAKERS: dict[str, Callable] = {
    "Bernoulli": lambda d, a, b: d.Bernoulli(a),
    "Beta": lambda d, a, b: d.Beta(a, b + 1),
    "Binomial": lambda d, a, b: d.Binomial(5, a),
    "Categorical": lambda d, a, b: d.Categorical(a),
    "Cauchy": lambda d, a, b: d.Cauchy(a, b),
    "ContinuousBernoulli": lambda d, a, b: d.ContinuousBernoulli(a),
    "Dirichlet": lambda d, a, b: d.Dirichlet(a),
    "Exponential": lambda d, a, b: d.Exponential(a),
    "Gamma": lambda d, a, b: d.Gamma(a, b),
    "Geometric": lambda d, a, b: d.Geometric(a),
    "Gumbel": lambda d, a, b: d.Gumbel(a, b),
    "HalfNormal": lambda d, a, b: d.HalfNormal(a),
    "Independent": lambda d, a, b: d.Independent(d.Normal(a, b), 1),
    "Laplace": lambda d, a, b: d.Laplace(a, b),
    "LogNormal": lambda d, a, b: d.LogNormal(a, b),
    "LowRankMultivariateNormal": lambda d, a, b: d.LowRankMultivariateNormal(a, (a * b).unsqueeze(-1), b),
    "MultivariateNormal": lambda d, a, b: d.MultivariateNormal(a, (a.unsqueeze(-1) @ a.unsqueeze(-2)) + b.diag_embed()),
    "Normal": lambda d, a, b: d.Normal(a, b),
    "OneHotCategorical": lambda d, a, b: d.OneHotCategorical(a),
    "Pareto": lambda d, a, b: d.Pareto(a * 0.3, b + 2),
    "Poisson": lambda d, a, b: d.Poisson(a),
    "TransformedDistribution": lambda d, a, b: d.TransformedDistribution(d.Gamma(a, b), [d.AffineTransform(1.0, 2.0)]),
    "Uniform": lambda d, a, b: d.Uniform(a * 0.5, b + 0.3),
    "VonMises": lambda d, a, b: d.VonMises(a, b),
    "Weibull": lambda d, a, b: d.Weibull(a, b),
    "Chi2": lambda d, a, b: d.Chi2(a),
    "Wishart": lambda d, a, b: d.Wishart(a + 3, d.utils.torch.eye(2) * (1 + a[..., None, None])),
}


def test_every_registered_pair_is_tried() -> None:
    named = {pair for pair in torch.distributions.kl._KL_REGISTRY}
    own = {(p.__name__, q.__name__) for p, q in mibun.distributions.kl._KL_REGISTRY}
    assert own == {(p.__name__, q.__name__) for p, q in named}
    assert {name for pair in own for name in pair} - {"ExponentialFamily"} <= set(MAKERS)


@pytest.mark.parametrize("name", MAKERS)
def test_kl_divergences_from_one_class(name: str) -> None:
    for other in MAKERS:
        found = [
            library.distributions.kl._dispatch_kl(*[getattr(library.distributions, n) for n in (name, other)])
            for library in BOTH
        ]
        assert (found[0] is NotImplemented) == (found[1] is NotImplemented), f"{name}, {other}"
        if found[1] is NotImplemented:
            continue
        swaps = [False, True] if name == other != "Wishart" else [False]
        for swap in swaps:

            def program(m: Any, other: str = other, swap: bool = swap) -> list:
                d = m.distributions
                a, b = (m.tensor(x, requires_grad=True) for x in (A, [B] * 2))
                c, e = (m.tensor(x, requires_grad=True) for x in ([[0.3, 0.8, 0.6]] * 2, [[0.25, 0.9, 0.4]] * 2))
                p, q = MAKERS[name](d, a, b), MAKERS[other](d, *((b, c) if swap else (c, e)))
                kl = d.kl_divergence(p, q)
                finite = m.where(m.isfinite(kl), kl, 0.0)
                inputs = [a, b, c, e]
                gradients = m.autograd.grad(finite.sum(), inputs, allow_unused=True) if kl.requires_grad else []
                return [kl, *[m.zeros(()) if g is None else g.nan_to_num() for g in gradients]]

            check(program, f"{name}, {other}, {swap}", 1e-6)


def test_kl_dispatch() -> None:
    def program(m: Any) -> list:
        d = m.distributions

        class Base(d.Normal):
            pass

        class Left(Base):
            pass

        d.register_kl(Base, d.Normal)(lambda p, q: "base")
        d.register_kl(Left, d.Distribution)(lambda p, q: "left")
        d.register_kl(d.Normal, Base)(lambda p, q: "to base")
        said = [
            d.kl_divergence(Base(0.0, 1.0), d.Normal(0.0, 1.0)),
            d.kl_divergence(d.Normal(0.0, 1.0), Left(0.0, 1.0)),
        ]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            said.append(d.kl_divergence(Left(0.0, 1.0), d.Normal(0.0, 1.0)))
            said.append([str(w.message)[:20] for w in caught])
        for kind in (Base, Left):
            for pair in list(d.kl._KL_REGISTRY):
                if kind in pair:
                    del d.kl._KL_REGISTRY[pair]
        d.kl._KL_MEMOIZE.clear()
        return said

    check(program, gives=True)
    check(lambda m: m.distributions.register_kl(3, m.distributions.Normal))


# --- transforms ---

X = [0.3, -0.7, 1.1]
TRANSFORMS: dict[str, Callable] = {
    "Exp": lambda t, m: t.ExpTransform(),
    "Power": lambda t, m: t.PowerTransform(m.tensor(1.7)),
    "Power of numbers": lambda t, m: t.PowerTransform(2.0),
    "Sigmoid": lambda t, m: t.SigmoidTransform(),
    "Softplus": lambda t, m: t.SoftplusTransform(),
    "Tanh": lambda t, m: t.TanhTransform(),
    "Abs": lambda t, m: t.AbsTransform(),
    "Affine": lambda t, m: t.AffineTransform(1.0, -2.0),
    "Affine of tensors": lambda t, m: t.AffineTransform(m.tensor([1.0, 2.0, 3.0]), m.tensor([[1.5], [0.5]])),
    "Affine of vectors": lambda t, m: t.AffineTransform(0.5, m.tensor([1.0, -2.0, 3.0]), event_dim=1),
    "CorrCholesky": lambda t, m: t.CorrCholeskyTransform(),
    "Softmax": lambda t, m: t.SoftmaxTransform(),
    "StickBreaking": lambda t, m: t.StickBreakingTransform(),
    "CumulativeDistribution": lambda t, m: t.CumulativeDistributionTransform(m.distributions.Normal(0.2, 1.3)),
    "Reshape": lambda t, m: t.ReshapeTransform((3,), (3, 1)),
    "Independent": lambda t, m: t.IndependentTransform(t.ExpTransform(), 1),
    "Identity": lambda t, m: t.identity_transform,
    "Compose": lambda t, m: t.ComposeTransform([t.TanhTransform(), t.AffineTransform(2.0, 0.5), t.ExpTransform()]),
    "Compose of vectors": lambda t, m: t.ComposeTransform(
        [t.AffineTransform(0.1, 2.0), t.StickBreakingTransform(), t.IndependentTransform(t.ExpTransform(), 1)]
    ),
    "Cat": lambda t, m: t.CatTransform([t.ExpTransform(), t.AffineTransform(1.0, 2.0)], dim=-1, lengths=[1, 2]),
    "Stack": lambda t, m: t.StackTransform([t.ExpTransform(), t.TanhTransform(), t.identity_transform], dim=-1),
    "Cat of the event": lambda t, m: t.CatTransform(
        [t.IndependentTransform(t.ExpTransform(), 1), t.IndependentTransform(t.TanhTransform(), 1)], -1, [1, 2]
    ),
}
MATRICES = ("LowerCholesky", "PositiveDefinite")


@pytest.mark.parametrize("cache", [0, 1])
@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_transform(name: str, cache: int) -> None:
    for values in (X, [X, [1.0, 0.2, -0.4]]):

        def made(m: Any, values: Any = values) -> tuple:
            transform = TRANSFORMS[name](m.distributions.transforms, m)
            transform = transform.with_cache(cache) if cache else transform
            x = m.tensor(values, requires_grad=True)
            return transform, x.abs() if name.startswith("Power") else x, x

        def there_and_back(m: Any) -> list:
            transform, x, leaf = made(m)
            y = transform(x)
            back = transform.inv(y)
            (g,) = m.autograd.grad((y * m.arange(y.numel()).reshape(y.shape)).sum(), leaf, create_graph=True)
            return [y, back, g, back is x, transform.forward_shape(x.shape), transform.inverse_shape(y.shape)]

        def jacobian(m: Any) -> list:
            transform, x, leaf = made(m)
            y = transform(x)
            ladj = transform.log_abs_det_jacobian(x, y)
            (g,) = m.autograd.grad(ladj.sum(), leaf, allow_unused=True)
            return [ladj, m.zeros(()) if g is None else g]

        def inverse(m: Any) -> list:
            transform, x, _ = made(m)
            y = transform(x).detach().requires_grad_()
            found = transform.inv(y)
            (g,) = m.autograd.grad(found.sum(), y)
            return [found, g, -transform.log_abs_det_jacobian(found, y), transform.inv.log_abs_det_jacobian(y, found)]

        check(there_and_back, f"{name}: values", gives=True)
        check(jacobian, f"{name}: Jacobian")
        check(inverse, f"{name}: inverse")
    for attribute in ("bijective", "sign", "event_dim", "domain", "codomain"):

        def told(m: Any, attribute: str = attribute) -> list:
            transform, _, _ = made(m)
            return [repr(getattr(t, attribute)).replace(", dtype=mibun", "") for t in (transform, transform.inv)]

        check(told, f"{name}: {attribute}")
    check(lambda m: [repr(made(m)[0]), repr(made(m)[0].inv), made(m)[0].inv.inv == made(m)[0]], f"{name}: repr")
    check(lambda m: pickle.loads(pickle.dumps(made(m)[0]))(made(m)[1].detach()), f"{name}: pickled")


@pytest.mark.parametrize("name", MATRICES)
def test_a_transform_of_matrices(name: str) -> None:
    def program(m: Any) -> list:
        transform = getattr(m.distributions.transforms, name + "Transform")()
        x = m.tensor([[0.3, 0.1], [-0.7, 1.1]], requires_grad=True)
        y = transform(x)
        (g,) = m.autograd.grad(y.square().sum(), x)
        return [y, g, transform.inv(y), repr(transform.domain), repr(transform.codomain)]

    check(program, gives=True)


# --- constraints ---

CONSTRAINTS: dict[str, Callable] = {
    **{
        name: lambda c, name=name: getattr(c, name)
        for name in torch.distributions.constraints.__all__
        if isinstance(getattr(torch.distributions.constraints, name), torch.distributions.constraints.Constraint)
    },
    "greater_than": lambda c: c.greater_than(0.5),
    "greater_than_eq": lambda c: c.greater_than_eq(1),
    "less_than": lambda c: c.less_than(0.5),
    "interval": lambda c: c.interval(-1, 2.5),
    "half_open_interval": lambda c: c.half_open_interval(0, 1),
    "half_open_interval of others": lambda c: c.half_open_interval(0.5, 2),
    "integer_interval": lambda c: c.integer_interval(0, 1),
    "multinomial": lambda c: c.multinomial(3),
    "independent": lambda c: c.independent(c.positive, 1),
    "cat": lambda c: c.cat([c.positive, c.unit_interval], -1, [1, 1]),
    "stack": lambda c: c.stack([c.real, c.positive], -1),
    "mixture": lambda c: c.MixtureSameFamilyConstraint(c.positive),
    "dependent": lambda c: c.dependent(is_discrete=True, event_dim=1),
}
POINTS = {
    "identity": [[1.0, 0.0], [0.0, 1.0]],
    "simplex": [0.25, 0.75],
    "one hot": [1.0, 0.0],
    "NaN": [-1.0, math.nan],
    "matrix": [[1.0, 0.3], [0.3, -1.0]],
    "lower": [[0.8, 0.0], [0.6, 0.8]],
    "wide": [[1.0, 0.0, 2.0], [0.0, 1.0, -2.0]],
    "three": [3.0, math.inf],
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_constraint(name: str) -> None:
    make = CONSTRAINTS[name]
    for point, values in POINTS.items():
        check(lambda m, v=values: make(m.distributions.constraints).check(m.tensor(v)), f"{name}: {point}")
    check(lambda m: repr(make(m.distributions.constraints)), f"{name}: repr")
    for attribute in ("is_discrete", "event_dim"):
        check(lambda m, a=attribute: getattr(make(m.distributions.constraints), a), f"{name}: {attribute}")
    for registry in ("biject_to", "transform_to"):

        def mapped(m: Any, registry: str = registry) -> list:
            constraint = make(m.distributions.constraints)
            transform = getattr(m.distributions, registry)(constraint)
            y = transform(m.tensor([[0.3, -0.2], [0.1, 0.9]]))
            return [y, repr(transform), bool(constraint.check(y).all())]

        check(mapped, f"{name}: {registry}")


def test_a_registry() -> None:
    def program(m: Any) -> list:
        d = m.distributions

        class Mine(d.constraints.Constraint):
            pass

        registry = d.constraint_registry.ConstraintRegistry()
        registry.register(Mine, lambda constraint: "by a class")
        said = [registry(Mine())]
        registry.register(Mine(), lambda constraint: "by an object")
        registry.register(d.constraints.real)(lambda constraint: "as a decorator")
        return [*said, registry(Mine()), registry(d.constraints.real)]

    check(program, gives=True)
    check(lambda m: m.distributions.biject_to.register(3, lambda c: c))
    check(lambda m: m.distributions.biject_to(3))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_class_says_of_itself(name: str) -> None:
    own, wanted = (getattr(library.distributions, name) for library in BOTH)
    if not inspect.isclass(wanted):
        return
    given, signature = (list(inspect.signature(c).parameters.values()) for c in (own, wanted))
    assert [(p.name, p.kind, repr(p.default)) for p in given] == [(p.name, p.kind, repr(p.default)) for p in signature]
    for attribute in ("arg_constraints", "support", "has_rsample", "has_enumerate_support", "bijective", "domain"):
        told = [getattr(c, attribute, None) for c in (own, wanted)]
        if isinstance(told[1], property):
            assert type(told[0]).__name__ == type(told[1]).__name__, attribute
        else:
            assert repr(told[0]) == repr(told[1]), attribute
    missing = [n for n in dir(wanted) if not n.startswith("__") and not hasattr(own, n)]
    assert missing == [] or set(missing) <= {"_is_protocol", "_validate_args"}, missing


def test_every_module_and_name_is_there() -> None:
    for module in pkgutil.iter_modules(torch.distributions.__path__):
        wanted = importlib.import_module(f"torch.distributions.{module.name}")
        own = importlib.import_module(f"mibun.distributions.{module.name}")
        names = [n for n, v in vars(wanted).items() if getattr(v, "__module__", "") == wanted.__name__]
        internal = {"_Dirichlet_backward", "_eval_poly", "_rejection_sample", "T", "R", "_transform_to_positive"}
        parts = [own, mibun.distributions.kl_same, mibun.distributions.kl_different] if module.name == "kl" else [own]
        missing = [n for n in names if not any(hasattr(part, n) for part in parts) and n not in internal]
        assert set(missing) <= {"_Match", "_add_kl_info"}, module.name
        assert getattr(own, "__all__", None) == getattr(wanted, "__all__", None), module.name


# --- the rest ---

PROGRAMS: dict[str, Callable[[Any], Any]] = {
    "broadcast numbers": lambda m: m.distributions.utils.broadcast_all(1, 2.5),
    "broadcast integers": lambda m: m.distributions.utils.broadcast_all(1, m.tensor([1, 2])),
    "broadcast mixed": lambda m: m.distributions.utils.broadcast_all(m.tensor([1, 2]), m.tensor([[1.5]])),
    "broadcast text": lambda m: m.distributions.utils.broadcast_all("a", 1),
    "probs to logits": lambda m: m.distributions.utils.probs_to_logits(m.tensor([0.0, 0.3, 1.0]), True),
    "probs to logits of many": lambda m: m.distributions.utils.probs_to_logits(m.tensor([0.0, 0.3, 0.7])),
    "logits to probs": lambda m: m.distributions.utils.logits_to_probs(m.tensor([0.0, 0.3]), True),
    "clamp": lambda m: m.distributions.utils.clamp_probs(m.tensor([0.0, 1.0])),
    "clamp float32": lambda m: m.distributions.utils.clamp_probs(m.tensor([0.0, 1.0], dtype=m.float32)),
    "triangle": lambda m: m.distributions.utils.vec_to_tril_matrix(m.arange(1.0, 7)),
    "triangle below": lambda m: m.distributions.utils.vec_to_tril_matrix(m.arange(1.0, 4), -1),
    "no triangle": lambda m: m.distributions.utils.vec_to_tril_matrix(m.arange(1.0, 6)),
    "triangle to vector": lambda m: m.distributions.utils.tril_matrix_to_vec(m.arange(9.0).view(3, 3), -1),
    "no diagonal": lambda m: m.distributions.utils.tril_matrix_to_vec(m.arange(9.0).view(3, 3), 4),
    "sum rightmost": lambda m: m.distributions.utils._sum_rightmost(m.arange(24.0).view(2, 3, 4), 2),
    "standard normal": lambda m: m.distributions.utils._standard_normal((20,), m.float64, "cpu"),
    "lazy property": lambda m: [type(m.distributions.Bernoulli.__dict__.get("x", 1)).__name__],
    "mahalanobis": lambda m: m.distributions.multivariate_normal._batch_mahalanobis(
        m.eye(3).expand(2, 1, 3, 3) * m.arange(1.0, 3).view(2, 1, 1, 1) + m.ones(3, 3).tril(-1),
        m.arange(36.0).view(3, 2, 2, 3) / 10,
    ),
    "precision": lambda m: m.distributions.multivariate_normal._precision_to_scale_tril(m.tensor([[2.0, 1], [1, 3]])),
    "bad scale": lambda m: m.distributions.Normal(0, -1),
    "bad scale unchecked": lambda m: m.distributions.Normal(0, -1, validate_args=False),
    "shapes": lambda m: m.distributions.Normal(m.zeros(2), m.ones(3)),
    "both": lambda m: m.distributions.Bernoulli(0.3, 0.4),
    "neither": lambda m: m.distributions.Categorical(),
    "not probs": lambda m: m.distributions.Categorical(m.tensor(0.3)),
    "negative probs": lambda m: m.distributions.Categorical(m.tensor([0.3, -0.3])),
    "NaN loc": lambda m: m.distributions.Normal(math.nan, 1.0),
    "uniform": lambda m: m.distributions.Uniform(1, 0),
    "multinomial of tensors": lambda m: m.distributions.Multinomial(m.tensor([1, 2]), m.ones(3)),
    "negative count": lambda m: m.distributions.Binomial(-1, m.tensor(0.3)),
    "counts": lambda m: m.distributions.Binomial(m.tensor([3, 4]), m.tensor(0.3)).enumerate_support(),
    "no loc": lambda m: m.distributions.MultivariateNormal(m.tensor(0.0), m.eye(2)),
    "no covariance": lambda m: m.distributions.MultivariateNormal(m.zeros(2)),
    "not positive": lambda m: m.distributions.MultivariateNormal(m.zeros(2), -m.eye(2)),
    "no matrix": lambda m: m.distributions.MultivariateNormal(m.zeros(2), scale_tril=m.ones(2)),
    "low rank loc": lambda m: m.distributions.LowRankMultivariateNormal(m.tensor(0.0), m.zeros(2, 1), m.ones(2)),
    "low rank factor": lambda m: m.distributions.LowRankMultivariateNormal(m.zeros(2), m.zeros(3, 1), m.ones(2)),
    "low rank diagonal": lambda m: m.distributions.LowRankMultivariateNormal(m.zeros(2), m.zeros(2, 1), m.ones(3)),
    "wishart": lambda m: m.distributions.Wishart(m.tensor(1.0), m.eye(2)),
    "wishart of two": lambda m: m.distributions.Wishart(m.tensor(4.0), m.eye(2), m.eye(2)),
    "LKJ": lambda m: m.distributions.LKJCholesky(1),
    "LKJ concentration": lambda m: m.distributions.LKJCholesky(3, -1.0),
    "geometric": lambda m: m.distributions.Geometric(0.0),
    "independent": lambda m: m.distributions.Independent(m.distributions.Normal(0, 1), 1),
    "no transform": lambda m: m.distributions.TransformedDistribution(m.distributions.Normal(0, 1), 3),
    "no transforms": lambda m: m.distributions.TransformedDistribution(m.distributions.Normal(0, 1), [3]),
    "no base": lambda m: m.distributions.TransformedDistribution(
        m.distributions.Normal(0, 1), m.distributions.StickBreakingTransform()
    ),
    "no mixture": lambda m: m.distributions.MixtureSameFamily(
        m.distributions.Normal(0, 1), m.distributions.Normal(0, 1)
    ),
    "other mixture": lambda m: m.distributions.MixtureSameFamily(
        m.distributions.Categorical(m.ones(2)), m.distributions.Normal(m.zeros(3), 1)
    ),
    "no validation": lambda m: m.distributions.Distribution.set_default_validate_args(3),
    "base class": lambda m: m.distributions.Distribution().sample(),
    "sample_n": lambda m: m.distributions.Normal(0, 1).sample_n(3),
    "expand again": lambda m: m.distributions.Normal(0, 1).expand((2,)).expand((3,)),
    "gumbel without rsample": lambda m: m.distributions.Gumbel(0.0, 1.0).has_rsample,
    "cache size": lambda m: m.distributions.ExpTransform(cache_size=2),
    "reshape": lambda m: m.distributions.ReshapeTransform((2, 3), (5,)),
    "reshaped shape": lambda m: m.distributions.ReshapeTransform((2, 3), (6,)).forward_shape((3, 2)),
    "corr shape": lambda m: m.distributions.CorrCholeskyTransform().forward_shape((4,)),
    "corr inverse shape": lambda m: m.distributions.CorrCholeskyTransform().inverse_shape((3, 2)),
    "stick shape": lambda m: m.distributions.StickBreakingTransform().forward_shape(()),
    "abs sign": lambda m: m.distributions.AbsTransform().sign,
    "dependent": lambda m: m.distributions.constraints.dependent.check(m.ones(1)),
    "support of a class": lambda m: [
        m.distributions.Uniform.support.event_dim,
        m.distributions.Categorical.support.is_discrete,
        m.distributions.constraints.is_dependent(m.distributions.Uniform.support),
    ],
    "support unknown": lambda m: m.distributions.Independent.support.event_dim,
    "order of poisson": lambda m: [m.poisson(x) for x in _orders(m)],
    "order of multinomial": lambda m: [m.multinomial(x, 1) for x in _orders(m)[:2]],
    "order of multinomial without": lambda m: [m.multinomial(x, 2) for x in _orders(m)[:2]],
    "order of multinomial with": lambda m: [m.multinomial(x, 5, replacement=True) for x in _orders(m)[:2]],
    "order of gamma": lambda m: [m._standard_gamma(x) for x in _orders(m)],
    "order of dirichlet": lambda m: [m._sample_dirichlet(x) for x in _orders(m)],
    "order of bernoulli": lambda m: [m.bernoulli(x / 10) for x in _orders(m)],
    "gamma of integers": lambda m: m._standard_gamma(m.tensor([1, 2])),
    "dirichlet of halves": lambda m: m._sample_dirichlet(m.ones(2).half()),
    "gamma slope of halves": lambda m: m._standard_gamma_grad(m.ones(2).half(), m.ones(2).half()),
    "dirichlet slope of integers": lambda m: m._dirichlet_grad(*[m.tensor([1])] * 3),
    "gamma nodes": lambda m: [
        type(f(m.ones(2, requires_grad=True)).grad_fn).__name__ for f in (m._standard_gamma, m._sample_dirichlet)
    ],
    "gamma of strange shapes": lambda m: m._standard_gamma(m.tensor([-1.0, 0.0, math.nan, math.inf, 1e-5, 1e30])),
    "gamma with a generator": lambda m: m._standard_gamma(m.ones(3), m.Generator().manual_seed(2)),
    "a custom distribution": lambda m: _custom(m),
    "a subclass without expand": lambda m: _without_expand(m).expand((2,)),
    "the score": lambda m: _score(m),
}


def _orders(m: Any) -> list:
    """Tensors whose order in memory is not that of their dimensions, and ones that repeat elements."""
    x = m.arange(1.0, 7, dtype=m.float64).view(2, 3)
    return [x.t(), x[:1].expand(4, 3), x.expand(2, 2, 3), x[:, :1].expand(2, 4)]


def _custom(m: Any) -> Any:
    class Triangular(m.distributions.Distribution):
        arg_constraints = {"width": m.distributions.constraints.positive}
        support = m.distributions.constraints.real
        has_rsample = True

        def __init__(self, width: Any, validate_args: Any = None) -> None:
            self.width = width
            super().__init__(width.shape, validate_args=validate_args)

        def rsample(self, sample_shape: Any = ()) -> Any:
            shape = self._extended_shape(sample_shape)
            return self.width * (m.rand(shape) - m.rand(shape))

    d = Triangular(m.tensor([1.0, 2.0], requires_grad=True))
    return [repr(d), d.sample((3,)), d.rsample().requires_grad, repr(m.distributions.Independent(d, 1))]


def _without_expand(m: Any) -> Any:
    class Special(m.distributions.Normal):
        def __init__(self, loc: float) -> None:
            super().__init__(loc, 1.0)

    return Special(0.0)


def _score(m: Any) -> Any:
    logits = m.tensor([[0.1, 0.2, -0.3], [1.0, 0.0, 0.0]], requires_grad=True)
    policy = m.distributions.Categorical(logits=logits)
    action = policy.sample()
    loss = (-policy.log_prob(action) * m.tensor([1.0, -2.0]) - 0.01 * policy.entropy()).sum()
    loss.backward()
    return [action, loss, logits.grad]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program(name: str) -> None:
    if any(word in name for word in ("normal", "mahalanobis", "precision", "score", "custom", "sample_n", "order of")):
        check(PROGRAMS[name], gives=True)
    else:
        for library in BOTH:
            library.set_default_dtype(library.float32)
        assert_same(PROGRAMS[name])


# --- function transforms ---

TRANSFORMED = [
    "Normal",
    "Gamma",
    "Beta",
    "Laplace",
    "Cauchy",
    "Gumbel",
    "LogNormal",
    "Weibull",
    "Pareto",
    "InverseGamma",
]


@pytest.mark.parametrize("name", TRANSFORMED)
def test_under_function_transforms(name: str) -> None:
    def log_prob(m: Any, a: Any, b: Any) -> Any:
        return getattr(m.distributions, name)(a, b, validate_args=False).log_prob(
            m.tensor(0.6 if name == "Beta" else 1.3)
        )

    def program(m: Any) -> list:
        a, b = m.tensor([0.4, 0.9, 1.2]), m.tensor([0.5, 2.0, 0.7])

        def density(a: Any, b: Any) -> Any:
            return log_prob(m, a, b)

        def entropy(a: Any, b: Any) -> Any:
            return getattr(m.distributions, name)(a, b, validate_args=False).entropy()

        f = m.func
        return [
            f.vmap(density)(a, b),
            f.vmap(f.grad(density, argnums=(0, 1)))(a, b)[1],
            f.hessian(density)(a[0], b[0]),
            f.vmap(entropy)(a, b),
            f.jacfwd(density)(a[1], b[1]),
            f.vmap(lambda a: density(a, 0.5))(a),
        ]

    check(program, gives=True)


def test_samples_under_vmap() -> None:
    def program(m: Any) -> list:
        loc = m.tensor([0.0, 10.0, 20.0])

        def draw(loc: Any) -> Any:
            d = m.distributions
            one, two = d.Normal(loc, 1.0, validate_args=False), d.Gamma(loc + 1, 1.0, validate_args=False)
            return one.sample((2,)), two.sample((2,))

        return list(m.func.vmap(draw, randomness="different")(loc))

    check(program, gives=True)


def test_expansion_of_pairs() -> None:
    """Parameters of mixed kinds, numbers and Tensors, give PyTorch's shapes and dtypes."""
    kinds = [1, 2.0, True, "float32", "float64", "int64"]
    for one, two in itertools.product(kinds, kinds):

        def program(m: Any, one: Any = one, two: Any = two) -> list:
            a, b = (m.tensor([1, 2], dtype=getattr(m, x)) if isinstance(x, str) else x for x in (one, two))
            d = m.distributions.Laplace(a, b)
            return [str(d.loc.dtype).split(".")[1], str(d.scale.dtype).split(".")[1], tuple(d.batch_shape), d.mean]

        check(program, f"{one}, {two}")
