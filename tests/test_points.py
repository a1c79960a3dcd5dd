"""Pointwise operators at single points: at 0, just beside it, far out and next to their joints, in orders 0 to 4.

The reference is mpmath, whose functions are differentiated by central differences in arithmetic of hundreds of digits.
What is not smooth is compared with PyTorch instead, in `oracle/test_kinks_oracle.py`, whose list says which operators
those are: together the two must name every pointwise operator.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from mpmath import mpf

import mibun as torch
import mibun.nn.functional as F
from joints import JOINTS
from mibun.core.registry import OPS

ORDERS = 4
SIZES = [1e-300, 1e-160, 1e-20, 1e-8, 1e-4, 0.05, 0.3, 1.0, 2.5, 9.0, 14.0, 27.0, 38.0, 100.0]
LARGE = [1e3, 1e8, 1e20, 1e160, 1e300]
POSITIVE = [*SIZES, *LARGE]
GRID = [0.0, *POSITIVE, *[-x for x in POSITIVE]]
BESIDE_ONE = [1 - 1e-4, 1 - 1e-10, 1 - 2.0**-24, 1 + 1e-4, 1 + 2.0**-23]
UNIT = [x for x in (*GRID, *BESIDE_ONE) if abs(x) < 1] + [-x for x in BESIDE_ONE if x < 1]


# --- the reference ---

# Central differences: the coefficients of f(x + k h), k = -3 ... 3, for the derivatives from the zeroth on.
STENCILS = (
    {0: 1},
    {1: 0.5, -1: -0.5},
    {1: 1, 0: -2, -1: 1},
    {2: 0.5, 1: -1, -1: 1, -2: -0.5},
    {2: 1, 1: -4, 0: 6, -1: -4, -2: 1},
    {3: 0.5, 2: -2, 1: 2.5, -1: -2.5, -2: 2, -3: -0.5},
)


def derivatives(function: Callable, x: float, singular: bool, orders: int = ORDERS) -> list:
    """The function and its derivatives, one more than is tested. `singular`: at 0, so that the step must shrink."""
    if not orders:
        with mp.workdps(60):
            return [function(mpf(x))]
    step, size = 14, 0 if x == 0 else abs(math.log10(abs(x)))
    # Digits for the differences, for what they are taken from, and for exp(-|x|) beside 1.
    digits = step * (orders + 3) + size * (orders + 2) + 40 + (abs(x) if abs(x) < 800 else 0)
    with mp.workdps(int(digits)):
        point = mpf(x)
        h = (abs(point) if singular else 1) * mpf(10) ** -step
        values = {k: function(point + k * h) for k in range(-3, 4)}
        return [sum(c * values[k] for k, c in s.items()) / h**n for n, s in enumerate(STENCILS[: orders + 2])]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def softplus(x: Any) -> Any:
    return mp.log1p(mp.exp(-abs(x))) + max(x, 0)


def ndtr(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def log_ndtr(x: Any) -> Any:
    return mp.log(ndtr(x)) if x < 0 else mp.log1p(-ndtr(-x))


def gelu_tanh(x: Any) -> Any:
    return x * sigmoid(2 * mp.sqrt(2 / mp.pi) * (x + mpf(0.044715) * x**3))


# --- the table ---


def shared(x: float) -> float:
    """The nearest float32 where that is at all the same point, so that both dtypes have one reference."""
    with np.errstate(all="ignore"):
        single = float(np.float32(x))
    return single if abs(single - x) <= 1e-7 * abs(x) and abs(single) != 1 else x


class Point:
    """A function at points: how it is called, mpmath's function, and which operators of the registry are tested by it.

    singular: at 0 the function is not smooth. rough: how large numbers are that cancel in it by definition.
    orders: how often it is differentiated.
    """

    def __init__(
        self,
        names: str,
        call: Callable,
        reference: Callable,
        points: Sequence[float] = GRID,
        singular: bool = False,
        rough: Callable[[float], float] = lambda x: 0.0,
        orders: int = ORDERS,
        id: str = "",
        largest: float = math.inf,
    ) -> None:
        self.names, self.call, self.reference, self.singular = names.split(), call, reference, singular
        self.points = [shared(x) for x in dict.fromkeys(points) if abs(x) <= largest]
        self.rough, self.orders = rough, orders
        self.id = self.names[0] + id


def like(x: Any, value: float) -> Any:
    return torch.full_like(x, value)


def of(call: Callable, value: float) -> tuple[Callable, Callable]:
    """A function of two operands with the second and with the first held."""
    return lambda x: call(x, like(x, value)), lambda x: call(like(x, value), x)


NONZERO = [x for x in GRID if x != 0]
MODERATE = [*(x for x in GRID if abs(x) <= 100), 720.0, -720.0]
GAMMA = [
    1e-40,
    1e-8,
    0.05,
    0.3,
    0.999,
    1.0,
    1.4616321449683622,
    2.0,
    2.5,
    9.0,
    38.0,
    1e4,
    1e8,
    -0.5,
    -2.5,
    -1e-8,
    -1.001,
]
S = torch.special
POINTS = [
    Point("exp", torch.exp, mp.exp),
    Point("exp2", torch.exp2, lambda x: mpf(2) ** x, largest=1e8),
    Point("expm1", torch.expm1, mp.expm1, rough=lambda x: 1.0),
    Point("sigmoid logistic logistic_slope", torch.sigmoid, sigmoid, rough=lambda x: 1.0),
    Point("logit", torch.logit, lambda x: mp.log(x / (1 - x)), [x for x in UNIT if x > 0], singular=True),
    Point("log", torch.log, mp.log, POSITIVE + BESIDE_ONE, singular=True),
    Point("log2", torch.log2, lambda x: mp.log(x, 2), POSITIVE, singular=True),
    Point("log10", torch.log10, lambda x: mp.log(x, 10), POSITIVE, singular=True),
    Point("log1p", torch.log1p, mp.log1p, [x for x in UNIT if x > -1] + POSITIVE),
    Point("sqrt", torch.sqrt, mp.sqrt, POSITIVE, singular=True),
    Point("rsqrt", torch.rsqrt, lambda x: 1 / mp.sqrt(x), POSITIVE, singular=True),
    Point("reciprocal", torch.reciprocal, lambda x: 1 / x, NONZERO, singular=True),
    *[
        Point("pow_number", lambda x, n=n: x**n, lambda x, n=n: x**n, NONZERO, singular=True, id=f" {n}")
        for n in (2, 3, -1, -2, 5)
    ],
    *[
        Point("pow_number", lambda x, n=n: x**n, lambda x, n=n: x**n, POSITIVE, singular=True, id=f" {n}")
        for n in (0.5, 1.5, -0.5, 2.25)
    ],
    Point("pow_base", lambda x: 1.5**x, lambda x: mpf(1.5) ** x, largest=1e8),
    Point("pow_tensor", of(torch.pow, 1.5)[0], lambda x: x ** mpf(1.5), POSITIVE, singular=True, id=" base"),
    Point("pow_tensor", of(torch.pow, 1.5)[1], lambda x: mpf(1.5) ** x, largest=1e8, id=" exponent"),
    Point("sin", torch.sin, mp.sin, largest=1e8),
    Point("cos", torch.cos, mp.cos, largest=1e8),
    Point("tan", torch.tan, mp.tan, largest=1e8),
    Point("asin", torch.asin, mp.asin, UNIT),
    Point("acos", torch.acos, mp.acos, UNIT),
    Point("atan", torch.atan, mp.atan),
    Point("sinh", torch.sinh, mp.sinh, largest=1e8),
    Point("cosh", torch.cosh, mp.cosh, largest=1e8),
    Point("tanh", torch.tanh, mp.tanh, rough=lambda x: 1.0),
    Point("asinh", torch.asinh, mp.asinh),
    Point("acosh", torch.acosh, mp.acosh, [x for x in (*BESIDE_ONE, *POSITIVE) if x > 1]),
    Point("atanh", torch.atanh, mp.atanh, UNIT),
    Point("sinc sinc_derivative", torch.sinc, lambda x: mp.sinc(mp.pi * x), [*GRID, *BESIDE_ONE], largest=1e4),
    Point("erf", torch.erf, mp.erf),
    Point("erfc", torch.erfc, mp.erfc, largest=1e8),
    Point("erfinv", torch.erfinv, mp.erfinv, [x for x in UNIT if 1e-9 < abs(x) < 1 - 1e-9], orders=2),
    Point(
        "special_erfcx erfcx_derivative",
        S.erfcx,
        lambda x: mp.exp(x * x) * mp.erfc(x),
        [*GRID, 1.9, 2.1, 3.0, 5.0, -26.0],
        largest=1e20,
    ),
    Point("special_ndtr", S.ndtr, ndtr, largest=1e8),
    Point(
        "special_log_ndtr log_ndtr_slope",
        S.log_ndtr,
        log_ndtr,
        [*GRID, 8.0, 12.0, 20.0, 30.0, -1.001, -0.999, -1e3],
        largest=1e8,
    ),
    Point("special_ndtri", S.ndtri, lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1), [0.05, 0.3, 0.5, 0.9], orders=2),
    Point("special_entr", S.entr, lambda x: -x * mp.log(x), POSITIVE, singular=True),
    Point("lgamma", torch.lgamma, lambda x: mp.log(abs(mp.gamma(x))), GAMMA, singular=True, orders=3),
    Point("digamma", torch.digamma, mp.digamma, GAMMA, singular=True, orders=2),
    Point(
        "polygamma_of", lambda x: torch.polygamma(2, x), lambda x: mp.polygamma(2, x), GAMMA, singular=True, orders=1
    ),
    Point(
        "mvlgamma_of",
        lambda x: torch.mvlgamma(x, 2),
        lambda x: mp.loggamma(x) + mp.loggamma(x - 0.5) + mp.log(mp.pi) / 2,
        [0.5001, 1.0, 1.5, 9.0, 1e4],
        orders=2,
    ),
    Point("i0", torch.i0, lambda x: mp.besseli(0, x), [*MODERATE, 24.9, 25.1]),
    Point("bessel_i1 bessel_i0_derivative", S.i1, lambda x: mp.besseli(1, x), [*MODERATE, 24.9, 25.1]),
    Point(
        "special_i0e i0e_slope bessel_i0_moment",
        S.i0e,
        lambda x: mp.besseli(0, x) * mp.exp(-abs(x)),
        [*NONZERO, 3.9, 4.1, 24.9, 25.1],
        singular=True,
        largest=1e4,
    ),
    Point(
        "special_i1e i1e_slope bessel_i_ratio_scaled",
        S.i1e,
        lambda x: mp.besseli(1, x) * mp.exp(-abs(x)),
        [*NONZERO, 3.9, -4.1, 24.9, -25.1],
        singular=True,
        largest=1e4,
    ),
    Point("silu", F.silu, lambda x: x * sigmoid(x)),
    Point("mish", F.mish, lambda x: x * mp.tanh(softplus(x)), largest=1e20),
    Point("gelu_exact", F.gelu, lambda x: x * ndtr(x), largest=1e20),
    Point("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), gelu_tanh),
    Point("softplus", F.softplus, softplus, [x for x in GRID if x < 20], id=" below"),
    Point(
        "softplus", lambda x: F.softplus(x, 3.0), lambda x: softplus(3 * x) / 3, [x for x in GRID if x < 6], id=" beta"
    ),
    Point("log_sigmoid", F.logsigmoid, lambda x: -softplus(-x)),
    Point("elu", F.elu, lambda x: x if x > 0 else mp.expm1(x), NONZERO, singular=True, largest=1e20),
    Point("celu", lambda x: F.celu(x, 2.0), lambda x: x if x > 0 else 2 * mp.expm1(x / 2), NONZERO, singular=True),
    Point("div", lambda x: x / (1 + x.abs()), lambda x: x / (1 + abs(x)), NONZERO, singular=True, largest=1e100),
    Point("sub", lambda x: x - x.tanh(), lambda x: x - mp.tanh(x), rough=lambda x: max(abs(x), 1e-6), id=" tanh"),
    Point("logaddexp", of(torch.logaddexp, 1.0)[0], lambda x: softplus(x - 1) + 1, rough=lambda x: 1.0),
    Point("logaddexp", of(torch.logaddexp, -3.0)[1], lambda x: softplus(x + 3) - 3, rough=lambda x: 1.0, id=" other"),
    Point(
        "logaddexp2",
        of(torch.logaddexp2, 1.0)[0],
        lambda x: softplus((x - 1) * mp.log(2)) / mp.log(2) + 1,
        rough=lambda x: 1.0,
    ),
    Point("xlogy_tensor", of(torch.xlogy, 3.0)[1], lambda x: 3 * mp.log(x), POSITIVE, singular=True),
    Point("xlogy_factor", lambda x: torch.xlogy(3.0, x), lambda x: 3 * mp.log(x), POSITIVE, singular=True),
    Point("xlogy_number", lambda x: torch.xlogy(x, 2.5), lambda x: x * mp.log(mpf(2.5)), rough=abs),
    Point("special_xlog1py", of(S.xlog1py, 3.0)[1], lambda x: 3 * mp.log1p(x), [x for x in GRID if x > -1]),
    Point(
        "special_xlog1py_factor", lambda x: S.xlog1py(3.0, x), lambda x: 3 * mp.log1p(x), [x for x in GRID if x > -1]
    ),
    Point("special_xlog1py_number", lambda x: S.xlog1py(x, 2.5), lambda x: x * mp.log1p(mpf(2.5)), rough=abs),
    Point("hypot", of(torch.hypot, 1.0)[0], lambda x: mp.sqrt(1 + x * x), largest=38.0),
    Point("atan2", of(torch.atan2, 1.0)[0], mp.atan),
    Point("atan2", of(torch.atan2, 1.0)[1], lambda x: mp.atan2(1, x), id=" other"),
    Point("addcdiv", lambda x: torch.addcdiv(x, like(x, 1.0), x), lambda x: x + 1 / x, NONZERO, singular=True),
    Point(
        "special_zeta zeta_order_derivative",
        of(S.zeta, 2.5)[1],
        lambda x: mp.zeta(mpf(2.5), x),
        [1e-8, 0.3, 1.0, 9.0, 1e4],
        singular=True,
        orders=2,
    ),
    Point(
        "special_zeta_order", lambda x: S.zeta(3, x), lambda x: mp.zeta(3, x), [1e-8, 0.3, 9.0], singular=True, orders=2
    ),
    Point(
        "igamma",
        of(torch.igamma, 2.5)[1],
        lambda x: mp.gammainc(2.5, 0, x, regularized=True),
        [1e-8, 0.3, 2.5, 9.0, 27.0],
        singular=True,
        orders=3,
    ),
    Point(
        "igammac",
        of(torch.igammac, 2.5)[1],
        lambda x: mp.gammainc(2.5, x, mp.inf, regularized=True),
        [1e-8, 0.3, 2.5, 9.0, 100.0],
        singular=True,
        orders=3,
    ),
    Point(
        "bce_with_logits",
        lambda x: F.binary_cross_entropy_with_logits(x, like(x, 0.25), reduction="none"),
        lambda x: softplus(x) - x / 4,
    ),
    Point(
        "soft_margin",
        lambda x: F.soft_margin_loss(x, like(x, 1.0), reduction="none"),
        lambda x: softplus(-x),
    ),
    Point(
        "bce bce_slope",
        lambda x: F.binary_cross_entropy(x, like(x, 0.25), reduction="none"),
        lambda x: -mp.log(x) / 4 - mp.log1p(-x) * 3 / 4,
        [1e-8, 1e-4, 0.3, 0.9, 1 - 1e-4],
        singular=True,
    ),
    Point("glu", lambda x: F.glu(torch.stack([like(x, 2.0), x]), 0)[0], lambda x: 2 * sigmoid(x), rough=lambda x: 1.0),
]

LIMITS = {  # relative error beside what the conditioning gives, share of lower derivatives that may be lost, range
    "float64": (1e-9, 1e-7, 1.797e308, 1e-300),
    "float32": (3e-4, 1e-3, 3.402e38, 1e-36),
}


def right(found: float, expected: list, order: int, x: float, dtype: str, rough: float) -> bool:
    relative, lost, largest, smallest = LIMITS[dtype]
    value = expected[order]
    if abs(value) > largest:
        return found == (math.inf if value > 0 else -math.inf)
    if not math.isfinite(found):
        return False
    conditioning = abs(value) + (abs(x * expected[order + 1]) if order + 1 < len(expected) else 0)
    allowed = relative * conditioning + lost * max(abs(v) for v in expected[: order + 1]) + relative * rough + smallest
    return abs(found - value) <= allowed


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.id)
def test_derivatives_at_points(point: Point, dtype: str) -> None:
    with np.errstate(all="ignore"):
        points = np.array(point.points).astype(dtype).astype(float)
    usual = np.isfinite(points) & ((points == 0) | (abs(points) > np.finfo(dtype).tiny))
    for joint in (0, 1, -1):  # what is next to one must not be rounded to it
        usual &= (points != joint) | (np.array(point.points) == joint)
    points = np.unique(points[usual])
    x = torch.tensor(points, dtype=getattr(torch, dtype)).requires_grad_()
    found = [point.call(x)]
    for _ in range(point.orders):
        # What is constant has no further derivative.
        last = found[-1]
        found.append(torch.autograd.grad(last.sum(), x, create_graph=True)[0] if last.requires_grad else last * 0)
    wrong = []
    for i, p in enumerate(points):
        expected = reference(point, p)
        for order, values in enumerate(found):
            value = values[i].item()
            if not right(value, expected, order, p, dtype, point.rough(p)):
                wrong.append(f"order {order} at {p:g}: {value:.9g}, but it is {mp.nstr(expected[order], 9)}")
    assert not wrong, "\n".join(wrong)


REFERENCES: dict[tuple[str, float], list] = {}


def reference(point: Point, x: float) -> list:
    key = (point.id, x)
    if key not in REFERENCES:
        REFERENCES[key] = [mp.re(v) for v in derivatives(point.reference, float(x), point.singular, point.orders)]
    return REFERENCES[key]


# Sums, products and other polynomials of their operands, and what has no derivative: there is nothing to lose in them.
PLAIN = """
    add add_scaled sub_scaled rsub_tensor rsub_scalar neg mul addcmul lerp_scalar lerp_tensor deg2rad rad2deg ldexp
    nextafter heaviside floor_divide twice
""".split()
# Of two operands, and tested below: derivatives with respect to the order.
BY_ORDER = ["igamma_order_derivative", "special_zeta_number"]


def test_every_pointwise_operator_is_tested_at_points() -> None:
    named = {name for table in (POINTS, JOINTS) for entry in table for name in entry.names}
    pointwise = {name for name, operator in OPS.items() if operator.kind == "pointwise"}
    assert pointwise - named == set(PLAIN + BY_ORDER)
    assert not named & set(PLAIN + BY_ORDER) and named <= OPS.keys()


# --- derivatives with respect to the order ---


def lower_gamma(a: Any, x: Any) -> Any:
    return x**a * mp.exp(-x) * mp.hyp1f1(1, a + 1, x) / mp.gamma(a + 1)


ORDER_PAIRS = [(1e-10, 0.5), (0.5, 3.0), (1.0, 1e-8), (2.5, 2.5), (2.5, 40.0), (30.0, 29.0), (59.0, 80.0), (61.0, 62.0)]
ZETA_PAIRS = [(1.001, 1.0), (1.5, 1e-3), (2.0, 20.0), (10.0, 0.7), (60.0, 1.3), (2.0, 1e4)]


def mixed(function: Callable, first: list, second: list, n: int, m: int) -> list:
    """The n-th derivative by the first and the m-th by the second operand."""
    a = torch.tensor(first, dtype=torch.float64).requires_grad_()
    b = torch.tensor(second, dtype=torch.float64).requires_grad_()
    found = function(a, b)
    for operand in (a,) * n + (b,) * m:
        (found,) = torch.autograd.grad(found.sum(), operand, create_graph=True)
    return found.tolist()


def order_reference(name: str, a: Any, x: Any, n: int, m: int) -> Any:
    if name == "zeta":  # each derivative by q multiplies by -s and moves s on
        return mp.diff(lambda s: (-1) ** m * mp.rf(s, m) * mp.zeta(s + m, x), a, n)
    if m:
        return mp.diff(lambda a, x: x ** (a - 1) * mp.exp(-x) / mp.gamma(a), (a, x), (n, m - 1))
    return mp.diff(lambda a: lower_gamma(a, x), a, n)


@pytest.mark.parametrize(("n", "m"), [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (1, 2)])
@pytest.mark.parametrize("name", ["igamma", "zeta"])
def test_derivatives_by_the_order(name: str, n: int, m: int) -> None:
    pairs = ZETA_PAIRS if name == "zeta" else ORDER_PAIRS
    first, second = map(list, zip(*pairs, strict=True))
    found = mixed(S.zeta if name == "zeta" else torch.igamma, first, second, n, m)
    if name == "igamma":
        assert mixed(torch.igammac, first, second, n, m) == [-value for value in found]
    for (a, x), value in zip(pairs, found, strict=True):
        with mp.workdps(60 + int(x / 2) if name != "zeta" else 40):
            expected = order_reference(name, mpf(a), mpf(x), n, m)
        assert abs(value - expected) <= 1e-9 * abs(expected), (a, x)


def test_derivatives_by_the_order_at_edges() -> None:
    a = torch.tensor([1.0, 2.0, 3.0, -1.0, math.nan], dtype=torch.float64, requires_grad=True)
    x = torch.tensor([0.0, math.inf, -1.0, 1.0, 1.0], dtype=torch.float64)
    (grad,) = torch.autograd.grad(torch.igamma(a, x).sum(), a)
    assert str(grad.tolist()) == "[0.0, 0.0, nan, nan, nan]"
    s = torch.tensor([2.0, 0.5, 2.0, 3.5], dtype=torch.float64, requires_grad=True)
    (grad,) = torch.autograd.grad(S.zeta(s, 1.0).sum(), s)
    assert abs(grad[0].item() + 0.9375482543158437) < 1e-15 and math.isnan(grad[1].item())
    (grad,) = torch.autograd.grad(S.zeta(s, 2.5).sum(), s)
    assert grad.isfinite().tolist() == [True, False, True, True]


# --- complex numbers ---

PARTS = [0.0, 1e-30, 1e-17, 1e-8, 1e-4, 0.3, 1.0, 2.5, 20.0]
COMPLEX = [complex(s * a, t * b) for a in PARTS for b in PARTS for s in (1, -1) for t in (1, -1)]
COMPLEX += [complex(-0.5, 0.8660254037844386), complex(-2.0, 1e-12), complex(-1e-12, 3e-9), complex(-5e-9, 1e-4)]
FAR = [complex(s * a, b) for a in (800.0, 1e8) for b in (0.0, 1e-8, 1.0, 30.0) for s in (1, -1)]
CUT = [z for z in COMPLEX if z.real and z.imag]  # clear of the cuts, where mpmath knows no signed zeros
COMPLEX_FUNCTIONS = {
    "log1p": (mp.log1p, [z for z in COMPLEX if z.imag or z.real > -1], True),
    "expm1": (mp.expm1, COMPLEX, True),
    "log": (mp.log, CUT, True),
    "sqrt": (mp.sqrt, CUT, True),
    "asin": (mp.asin, CUT, True),
    "acos": (mp.acos, CUT, True),
    "atan": (mp.atan, CUT, True),
    "asinh": (mp.asinh, CUT, True),
    "atanh": (mp.atanh, CUT, True),
    "tanh": (mp.tanh, COMPLEX + FAR, True),
    "tan": (mp.tan, COMPLEX, True),
    "acosh": (mp.acosh, CUT, False),
    "rsqrt": (lambda z: 1 / mp.sqrt(z), CUT, False),
    "reciprocal": (lambda z: 1 / z, CUT, False),
    "sigmoid": (sigmoid, COMPLEX + FAR, False),
}


@pytest.mark.parametrize("dtype", ["complex128", "complex64"])
@pytest.mark.parametrize("name", COMPLEX_FUNCTIONS)
def test_complex_values(name: str, dtype: str) -> None:
    """Both parts to their own digits; of those marked False, as one number."""
    function, points, by_part = COMPLEX_FUNCTIONS[name]
    limit, smallest, largest = (1e-11, 1e-300, 1e308) if dtype == "complex128" else (1e-3, 1e-36, 3e38)
    z = np.unique(np.array(points).astype(dtype))
    values = getattr(torch, name)(torch.tensor(z.tolist(), dtype=getattr(torch, dtype))).tolist()
    for point, found in zip(z.astype(complex).tolist(), values, strict=True):
        if not (point.real and point.imag) and points is CUT:
            continue  # rounded onto a cut
        with mp.workdps(120):
            expected = mp.mpc(function(mp.mpc(point)))
        if abs(expected) > largest:
            continue
        parts = [(found.real, expected.real), (found.imag, expected.imag)] if by_part else [(found, expected)]
        for one, other in parts:
            assert abs(one - other) <= limit * abs(other) + smallest, (point, found, mp.nstr(expected, 9))


def test_complex_derivatives_where_functions_are_flat_or_steep() -> None:
    points = [1e-20 + 1e-20j, 1e-9 - 1e-8j, 0.3 + 2.5j, -30 + 1j, 30 + 1j]
    z = torch.tensor(points, dtype=torch.complex128, requires_grad=True)
    for name, slope in {
        "log1p": lambda z: 1 / (1 + z),
        "sigmoid": lambda z: sigmoid(z) * sigmoid(-z),
        "tanh": lambda z: mp.sech(z) ** 2,
        "sinc": lambda z: (mp.cos(mp.pi * z) - mp.sinc(mp.pi * z)) / z,
    }.items():
        (grad,) = torch.autograd.grad(getattr(torch, name)(z).real.sum(), z)
        for point, found in zip(z.tolist(), grad.tolist(), strict=True):
            with mp.workdps(500):
                expected = mp.conj(slope(mp.mpc(point)))
            assert abs(found - expected) <= 1e-12 * max(abs(expected), 1e-3), (name, point, found)
