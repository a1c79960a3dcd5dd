"""Von Mises angles with implicit gradients: what `torch.distributions.VonMises` draws, as operators.

The numbers are PyTorch's for a seed: Best and Fisher, "Efficient simulation of the von Mises distribution" (1979),
which draws for all angles again until the last one is accepted. PyTorch gives no gradient; this one is that of
`xp/special/quantile_slopes.py`.
"""

from __future__ import annotations

import math

import numpy as np

from ...core.registry import Array
from ...dispatch.declare import op
from ...dispatch.overloads import not_differentiable
from . import draws
from .examples import drawn_of
from .generator import Generator


def _angles(generator: Generator, concentration: Array, proposal: Array) -> Array:
    """Angles of mean 0 in [-π, π]. concentration, proposal: float64 of one shape; the latter is that of the wrapped
    Cauchy distribution that angles are proposed from."""
    angles = np.zeros(concentration.shape)
    done = np.zeros(concentration.shape, bool)
    with generator.lock, np.errstate(all="ignore"):
        while not done.all():
            u1, u2, u3 = draws.unit64(generator, 3 * angles.size).reshape(3, *angles.shape)
            z = np.cos(math.pi * u1)
            f = (1 + proposal * z) / (proposal + z)
            c = concentration * (proposal - f)
            accepted = (c * (2 - c) - u2 > 0) | (np.log(c / u2) + 1 - c >= 0)
            # (A later one takes the place of an earlier one, as in PyTorch.)
            angles = np.where(accepted, np.sign(u3 - 0.5) * np.arccos(f), angles)
            done |= accepted
    return angles


@op(
    name="von_mises_slope",
    vjp={name: not_differentiable("von_mises_slope") for name in ("concentration", "angle")},
)
def _von_mises_slope(xp, concentration, angle):
    return xp.von_mises_quantile_slope(concentration, angle)


@op(
    name="standard_von_mises",
    dtype=None,
    vjp={"concentration": lambda xp, g, concentration, out: g * xp.von_mises_slope(concentration, out)},
    jvp={"concentration": lambda xp, t, concentration, out: t * xp.von_mises_slope(concentration, out)},
    constant=("proposal",),
)
def standard_von_mises(xp, concentration, proposal, *, generator):
    """Angles of mean 0 of these concentrations, float64; proposal: see `_angles`."""
    return drawn_of((concentration, proposal), lambda *operands: _angles(generator, *np.broadcast_arrays(*operands)))
