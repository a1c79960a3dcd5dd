"""Where functions are made of pieces: calls over `torch`, so that they run on mibun and on PyTorch, and their joints.

A derivative at a joint is a choice, and of each order one of its own. `test_points.py` sees to it that every pointwise
operator is either here or in its table of smooth ones; `oracle/test_kinks_oracle.py` compares with PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Joint:
    """A function `(torch, x)` and its joints; `names` of the operators in the registry that it tests."""

    def __init__(self, names: str, call: Callable, *points: float, id: str = "") -> None:
        self.names, self.call, self.points = names.split(), call, points
        self.id = (self.names[0] if self.names else "") + id


def activation(name: str, *args: Any, **options: Any) -> Callable:
    return lambda torch, x: getattr(torch.nn.functional, name)(x, *args, **options)


def in_place(name: str, *args: Any, **options: Any) -> Callable:
    return lambda torch, x: getattr(torch.nn.functional, name)(x * 1, *args, inplace=True, **options)


def loss(name: str, target: float = 0.0, **options: Any) -> Callable:
    return lambda torch, x: getattr(torch.nn.functional, name)(
        x, torch.full_like(x, target), reduction="none", **options
    )


def function(name: str, *args: Any, **options: Any) -> Callable:
    return lambda torch, x: getattr(torch, name)(x, *args, **options)


def with_constant(name: str, value: float, first: bool = False) -> Callable:
    """A function of x and a constant tensor, which comes second, or first."""

    def call(torch: Any, x: Any) -> Any:
        constant = torch.full_like(x, value)
        return getattr(torch, name)(*((constant, x) if first else (x, constant)))

    return call


ZERO = (0.0, -0.0)
LIMITS = (0.0, -0.0, 1.0, -1.0, 3.0, -3.0, 6.0)
JOINTS = [
    *[
        Joint(names, call(name), *LIMITS, id=f" {name}{mark}")
        for call, mark in ((activation, ""), (in_place, "_"))
        for name, names in {
            "relu": "relu",
            "relu6": "hardtanh",
            "elu": "elu elu_in_place",
            "selu": "elu elu_in_place",
            "celu": "celu celu_in_place",
            "leaky_relu": "leaky_relu leaky_relu_in_place",
            "hardtanh": "hardtanh",
            "hardsigmoid": "hardsigmoid",
            "hardswish": "hardswish",
            "rrelu": "rrelu_mean rrelu_mean_in_place",
        }.items()
    ],
    *[
        Joint(name, call(name, alpha), *LIMITS, id=f" {call.__name__} {alpha}")
        for name in ("elu", "celu")
        for call in (activation, in_place)
        for alpha in (2.0, 0.5)
    ],
    Joint("elu", activation("elu", -1.0), *LIMITS, id=" negative"),
    Joint("celu", activation("celu", -2.0), *LIMITS, id=" negative"),
    Joint("leaky_relu", activation("leaky_relu", -0.5), *LIMITS, id=" negative"),
    Joint("hardshrink", activation("hardshrink"), 0.5, -0.5, 0.0),
    Joint("softshrink", activation("softshrink"), 0.5, -0.5, 0.0),
    Joint("threshold", activation("threshold", 0.5, 2.0), 0.5, 0.0),
    Joint("threshold", in_place("threshold", 0.5, 2.0), 0.5, 0.0, id=" in place"),
    Joint("softplus", activation("softplus"), 20.0, 19.9, 0.0),
    Joint("softplus", activation("softplus", 2.0, 6.0), 3.0, 2.9, 0.0, id=" beta"),
    Joint("abs", function("abs"), *ZERO, 1.0),
    Joint("sign", function("sign"), *ZERO, 1.0),
    Joint("sgn", function("sgn"), *ZERO, 1.0),
    Joint("angle", function("angle"), *ZERO, -1.0),
    *[Joint(name, function(name), *ZERO, 0.5, 1.0) for name in ("ceil", "floor", "trunc", "frac")],
    Joint("round_whole", function("round"), *ZERO, 0.5, 1.5),
    Joint("round_decimals", function("round", decimals=1), *ZERO, 0.05),
    Joint("clamp_numbers", function("clamp", -1, 1), *LIMITS),
    Joint("clamp_numbers", function("clamp", 1, 1), *LIMITS, id=" equal"),
    Joint("clamp_min_number", function("clamp_min", 0), *ZERO),
    Joint("clamp_max_number", function("clamp_max", 0), *ZERO),
    Joint("clamp_min_tensor", with_constant("clamp_min", 0.0), *ZERO),
    Joint("clamp_max_tensor", with_constant("clamp_max", 0.0), *ZERO),
    Joint("clamp_min_tensor", with_constant("clamp_min", 1.0, first=True), 0.0, 1.0, 2.0, id=" bound"),
    Joint("clamp_max_tensor", with_constant("clamp_max", 1.0, first=True), 0.0, 1.0, 2.0, id=" bound"),
    Joint("clamp_low", lambda torch, x: torch.clamp(x, min=torch.zeros_like(x)), *ZERO),
    Joint("clamp_high", lambda torch, x: torch.clamp(x, max=torch.zeros_like(x)), *ZERO),
    Joint("clamp_tensors", lambda torch, x: torch.clamp(x, torch.zeros_like(x), torch.ones_like(x)), *LIMITS),
    *[
        Joint(name, with_constant(name, 0.0, first), *ZERO, 1.0, id=f" {first}")
        for name in ("maximum", "minimum", "fmax", "fmin")
        for first in (False, True)
    ],
    *[
        Joint(name, lambda torch, x, name=name: getattr(torch, name)(x, x * x), 0.0, 1.0, id=" both")
        for name in ("maximum", "minimum", "fmax", "fmin")
    ],
    *[
        Joint("copysign_tensor copysign_number", call, *ZERO, 1.0, id=f" {value} {call is number}")
        for value in (1.0, -1.0, 0.0)
        for number in (function("copysign", value),)
        for call in (number, with_constant("copysign", value))
    ],
    Joint("remainder", with_constant("remainder", 2.0), 0.0, 2.0, -2.0, 3.0),
    Joint("remainder", with_constant("remainder", 4.0, first=True), 2.0, 1.0, -2.0, id=" other"),
    Joint("remainder_scalar", function("remainder", 2.0), 0.0, 2.0, -2.0, 3.0),
    Joint("fmod_tensor", with_constant("fmod", 2.0), 0.0, 2.0, -2.0, 3.0),
    Joint("fmod_tensor", with_constant("fmod", 4.0, first=True), 2.0, 1.0, -2.0, id=" other"),
    Joint("fmod_scalar", function("fmod", 2.0), 0.0, 2.0, -2.0, 3.0),
    Joint("div_rounded", function("div", 2.0, rounding_mode="floor"), 2.0, 0.0),
    Joint("nan_to_num", function("nan_to_num"), 0.0, float("inf"), float("nan")),
    # Powers at 0, those that are products, roots and the general ones.
    *[
        Joint("pow_number", lambda torch, x, n=n: x**n, *ZERO, -1.0, id=f" {n}")
        for n in (0, 0.5, 1, 1.5, 2, 2.5, 3, 4, -1, -0.5, -2)
    ],
    *[
        Joint("pow_tensor", with_constant("pow", n), *ZERO, -1.0, id=f" {n}")
        for n in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, -1.0)
    ],
    *[
        Joint("pow_tensor pow_base", call, 0.0, 1.0, 2.0, -1.0, id=f" base {n} {call is number}")
        for n in (0.0, 1.0, 2.0)
        for number in (lambda torch, x, n=n: torch.pow(n, x),)
        for call in (number, with_constant("pow", n, first=True))
    ],
    *[
        Joint(name, function(name), *ZERO, 1.0, -1.0)
        for name in "sqrt rsqrt log log1p reciprocal asin acos acosh atanh tanh erf logit".split()
    ],
    Joint("logit", function("logit", 0.25), 0.25, 0.75, 0.5, 0.0, 1.0, id=" eps"),
    *[
        Joint("special_" + name, lambda torch, x, name=name: getattr(torch.special, name)(x), *ZERO, 1.0, -1.0)
        for name in "i0e i1e entr ndtr log_ndtr ndtri erfcx".split()
    ],
    Joint("xlogy_tensor", with_constant("xlogy", 0.0), 0.0, 1.0),
    Joint("xlogy_tensor", with_constant("xlogy", 0.0, first=True), 0.0, 1.0, -1.0, id=" factor"),
    Joint("xlogy_number", function("xlogy", 0.0), 0.0, 1.0),
    Joint("xlogy_factor", lambda torch, x: torch.xlogy(0.0, x), 0.0, 1.0),
    Joint("special_xlog1py", lambda torch, x: torch.special.xlog1py(x, -torch.ones_like(x)), 0.0, 1.0),
    Joint("special_xlog1py", lambda torch, x: torch.special.xlog1py(torch.zeros_like(x), x), 0.0, -1.0, id=" factor"),
    Joint("hypot", with_constant("hypot", 0.0), 0.0, 1.0, -1.0),
    Joint("atan2", with_constant("atan2", 0.0), 0.0, 1.0, -1.0),
    Joint("atan2", with_constant("atan2", 0.0, first=True), 0.0, 1.0, -1.0, id=" other"),
    Joint("logaddexp", lambda torch, x: torch.logaddexp(x, x), 0.0, 1.0, id=" ties"),
    # Losses, and functions composed of the above.
    *[Joint("huber", loss("huber_loss", delta=d), 0.0, d, -d, id=f" {d}") for d in (1.0, 0.5)],
    *[Joint("smooth_l1", loss("smooth_l1_loss", beta=b), 0.0, b, -b, 1.0, id=f" {b}") for b in (1.0, 2.0, 0.0)],
    *[Joint("bce bce_slope", loss("binary_cross_entropy", t), 0.0, 1.0, 0.5, id=f" {t}") for t in (0.0, 1.0)],
    *[Joint("bce_with_logits", loss("binary_cross_entropy_with_logits", t), *ZERO, id=f" {t}") for t in (0.0, 1.0)],
    Joint("soft_margin", loss("soft_margin_loss", 1.0), *ZERO),
    Joint("", loss("l1_loss"), *ZERO, 1.0, id="l1"),
    Joint("", lambda torch, x: torch.relu(x) ** 2, *ZERO, id="relu squared"),
    Joint("", lambda torch, x: x.abs() ** 3, *ZERO, id="abs cubed"),
    Joint("", lambda torch, x: x * x.abs(), *ZERO, id="x abs"),
    *[
        Joint("", lambda torch, x, p=p: torch.linalg.vector_norm(x.reshape(-1, 1), p, dim=1), 0.0, 1.0, id=f"norm {p}")
        for p in (1, 2, 3)
    ],
]
