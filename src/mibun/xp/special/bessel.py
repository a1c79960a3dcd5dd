"""Bessel and Airy functions over any array namespace: J, Y, K, the scaled I, and Ai.

Each is a function `(xp, x)` of the standard's names alone, for a float64 array. J and Y up to 8 and K up to 2 are
Chebyshev series, with the logarithm taken out; beyond, amplitude and phase are (Abramowitz and Stegun 9.2.5, 9.7.2,
10.4.59). The coefficients were computed for mibun in arithmetic of 45 digits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from . import functions as special_functions
from .functions import _I0_LARGE, _I0_SMALL, _I1_LARGE, _I1_SMALL, chebyshev

# ruff: noqa: E501 (the tables)

_J0 = (
    0.15772797147489012, -0.008723442352852221, 0.2651786132033368, -0.37009499387264977, 0.15806710233209725,
    -0.034893769411408884, 0.004819180069467605, -0.00046062616620627504, 3.246032882100508e-05,
    -1.761946907762151e-06, 7.608163592418797e-08, -2.679253530557789e-09, 7.848696314489002e-11,
    -1.94383468681687e-12, 4.1253206024196924e-14, -7.588508709104544e-16, 1.2218566597930642e-17,
)  # fmt: skip

_J1 = (
    0.08104484632565812, -0.1489751450676521, 0.1609992623572097, -0.08268049176681791, 0.022213639654966037,
    -0.003646940600769276, 0.0004050337728354822, -3.255554866857259e-05, 1.985877404991517e-06,
    -9.52198475675044e-08, 3.687133759097183e-09, -1.1780266226961641e-10, 3.160154580371119e-12,
    -7.221755241596651e-14, 1.4232144169401664e-15, -2.4441987228179722e-17,
)  # fmt: skip

_Y0 = (
    -0.03314611320328494, -0.2744743055297453, 0.17903431407718265, 0.26156734625504663, -0.17730201278114358,
    0.04719668959576339, -0.007287962479552079, 0.0007531135932577742, -5.632079141056987e-05,
    3.2065325376548013e-06, -1.440723327401871e-07, 5.248794787330603e-09, -1.5837552541819074e-10,
    4.026330818364845e-12, -8.74734120827607e-14, 1.6434899140351805e-15, -2.6977918009021668e-17,
)  # fmt: skip

_Y1 = (
    0.0025380132357417816, -0.01608717304766875, -0.09591204536083074, 0.08445197259652346, -0.028328123944594365,
    0.005289897544167113, -0.0006414551451326356, 5.505982873338744e-05, -3.53808001868935e-06,
    1.7707804556154406e-07, -7.11055004989931e-09, 2.344337905911765e-10, -6.465151841432073e-12,
    1.514291512221819e-13, -3.0511859840679554e-15, 5.346681644881247e-17,
)  # fmt: skip

_P0 = (
    0.9994603493475187, -0.0005365220468132117, 3.0751847875194745e-06, -5.1705945376060975e-08,
    1.6306464635151382e-09, -7.86409137723707e-11, 5.168262387349193e-12, -4.3045788699253914e-13,
    4.3265957431549404e-14, -5.069034095935236e-15, 6.748072215733873e-16, -1.0011513723467786e-16,
    1.6305919233744186e-17, -2.880866169482871e-18,
)  # fmt: skip

_Q0 = (
    -0.12444683684269607, 0.0005470815954089319, -5.9315987288485175e-06, 1.4377965798375193e-07,
    -5.817532749493056e-09, 3.376097523734991e-10, -2.565397936797308e-11, 2.404916100281365e-12,
    -2.6690625482579414e-13, 3.4041800321963686e-14, -4.87994410531204e-15, 7.729703176242605e-16,
    -1.3348852171502517e-16, 2.4865952389390515e-17, -4.952892629886516e-18, 1.0473158973776097e-18,
)  # fmt: skip

_P1 = (
    1.0009030408600137, 0.0008989898330859408, -3.987284300488908e-06, 6.177633960644299e-08,
    -1.8718907491063067e-09, 8.816898659582339e-11, -5.704863640395645e-12, 4.699195515230542e-13,
    -4.6842237839904895e-14, 5.452674896044717e-15, -7.221180842274018e-16, 1.0667689114335412e-16,
    -1.7312313216116335e-17, 3.0492991197665872e-18,
)  # fmt: skip

_Q1 = (
    0.3742222965562826, -0.0007702178839325664, 7.3108922063643636e-06, -1.676782510726674e-07,
    6.583354662120443e-09, -3.749090950541556e-10, 2.8121750359748866e-11, -2.61145253946232e-12,
    2.8774212663332235e-13, -3.649001916061838e-14, 5.206626366226707e-15, -8.215318025458595e-16,
    1.4141084390211833e-16, -2.626761589838529e-17, 5.2192649196714085e-18, -1.101261718787959e-18,
)  # fmt: skip

_K0_SMALL = (
    -0.2676636966169514, 0.3442898999246285, 0.0359799365153615, 0.001264615411446926, 2.286212103119452e-05,
    2.53479107902615e-07, 1.904516377220173e-09, 1.0349695257660132e-11, 4.259816140750573e-14,
    1.374465597559061e-16,
)  # fmt: skip

_K1_SMALL = (
    0.7626501136694739, -0.3531559607765449, -0.12261118082265715, -0.006975723859639864, -0.0001730288957513052,
    -2.4334061415659684e-06, -2.2133876307347276e-08, -1.4114883926334006e-10, -6.666901694291631e-13,
    -2.4274498435056005e-15, -7.023868994734592e-18,
)  # fmt: skip

_K0_LARGE = (
    1.2201515410329777, -0.0314481013119645, 0.0015698838857300533, -0.00012849549581627802, 1.39498137188765e-05,
    -1.8317555227191195e-06, 2.766813639445015e-07, -4.660489897687948e-08, 8.574034017414225e-09,
    -1.6975345093890614e-09, 3.5773972814003283e-10, -7.957489244477396e-11, 1.8559491149549264e-11,
    -4.514597883374519e-12, 1.1403405882073441e-12, -2.9800969231481784e-13, 8.032890775068375e-14,
    -2.2275133267462965e-14, 6.340076476276646e-15, -1.848593377920907e-15, 5.5120559994043335e-16,
    -1.6782311257549006e-16, 5.2103917776435543e-17, -1.6475805939842632e-17, 5.3004337711773354e-18,
    -1.7331712005821001e-18,
)  # fmt: skip

_K1_LARGE = (
    1.3603130952422213, 0.10392373657681724, -0.002857816859622779, 0.00019521551847135162, -1.936197974166083e-05,
    2.406484947837217e-06, -3.5019606030878126e-07, 5.7410841254500495e-08, -1.0345762465678097e-08,
    2.0150497551970347e-09, -4.1903547593419254e-10, 9.218315187605315e-11, -2.129967838427791e-11,
    5.139639673482343e-12, -1.2891739609498229e-12, 3.348419666052243e-13, -8.976705182010146e-14,
    2.4771544242195988e-14, -7.0198370892147685e-15, 2.038703166239861e-15, -6.057047270643018e-16,
    1.8380935752430455e-16, -5.689462849193648e-17, 1.7940510478863572e-17, -5.7567444820733025e-18,
    1.8778651901623268e-18,
)  # fmt: skip

_AI_MIDDLE = (
    0.2221174849421727, -0.22780423796789712, -0.06362363482684094, 0.11879051397219315, -0.047944411389525536,
    0.00082619663596849, 0.006328048957133882, -0.002365702830559132, 0.00017166399978896845, 0.0001409896633895474,
    -5.1638794632413855e-05, 4.718746908214725e-06, 1.7126126383151319e-06, -6.361402511002572e-07,
    6.324678427244954e-08, 1.300539546267098e-08, -5.037800382713719e-09, 5.203034635141847e-10,
    6.703829920890223e-11, -2.782237974110718e-11, 2.9285707664573726e-12, 2.4728643632354486e-13,
    -1.1330727181722137e-13, 1.204816942656415e-14, 6.748562108768787e-16, -3.5441577839930224e-16,
    3.7906999534334255e-17, 1.384819973015984e-18,
)  # fmt: skip

_AI_LEFT = (
    0.008211707665311681, -0.0728797289203074, 0.0709902874410081, 0.09365605237669514, 0.12436666036834287,
    0.1851850924086498, -0.18526566701769376, -0.06789145818277069, 0.08483873684822452, -0.0012108490180038633,
    -0.01741150467717718, 0.00392522918742804, 0.0016515217920118114, -0.0008024965246025223,
    -1.948638705413569e-05, 7.803666115062975e-05, -1.2447733966111957e-05, -3.6344179149395517e-06,
    1.4587700868917968e-06, -1.6890546691311816e-08, -8.001874692970888e-08, 1.3454447592537027e-08,
    1.8259126177951898e-09, -8.825753229745724e-10, 5.198749925127941e-11, 2.7580389520277003e-11,
    -5.811387953316283e-12, -1.7214179063364052e-13, 2.1670484634796728e-13, -2.32324887640088e-14,
    -3.476548497354827e-15, 1.1056455607876884e-15, -4.408086925735383e-17, -2.325193994495019e-17,
    3.910625186875424e-18,
)  # fmt: skip

_AI_RIGHT = (
    0.9909253278629121, -0.008787979198916314, 0.0002708640061605207, -1.46317247353397e-05, 1.0852260208359393e-06,
    -9.972552056312785e-08, 1.0739090386447278e-08, -1.309259653125608e-09, 1.765607635969083e-10,
    -2.5904351203535138e-11, 4.084102938847913e-12, -6.853850259533148e-13, 1.2151224622938065e-13,
    -2.2621141137901326e-14, 4.399957412572512e-15, -8.904529694172307e-16, 1.868404039422278e-16,
    -4.052458927104195e-17, 9.06199842241024e-18, -2.084502130654815e-18,
)  # fmt: skip

_AI_P = (
    0.9999188179179308, -8.104660923669418e-05, 1.3475665984689078e-07, -7.085584714312658e-10,
    7.48184186508309e-12, -1.2902774343407968e-13, 3.225040209748759e-15, -1.0809146475761038e-16,
    4.600692858267513e-18,
)  # fmt: skip

_AI_Q = (
    0.0693617822693956, -8.239286225558228e-05, 2.672091950986567e-07, -2.074236853681907e-09, 2.87339259334291e-11,
    -6.087352091889245e-13, 1.7924891244638023e-14, -6.875999019684054e-16, 3.279803636500588e-17,
    -1.8787767960871875e-18,
)  # fmt: skip


def i0e(xp: Any, x: Any) -> Any:
    """exp(-|x|) I0(x)."""
    scaled, size = special_functions._bessel(xp, x, _I0_SMALL, _I0_LARGE)
    return xp.where(size == math.inf, 0.0, scaled)


def i1e(xp: Any, x: Any) -> Any:
    """exp(-|x|) I1(x)."""
    scaled, size = special_functions._bessel(xp, x, _I1_SMALL, _I1_LARGE)
    value = xp.where(size == math.inf, 0.0, xp.where(size <= 8, size, 1.0) * scaled)
    return xp.where(x < 0, -value, value)


def _square(xp: Any, x: Any, limit: float) -> Any:
    """The argument of the series in x² up to `limit`."""
    return 2 * (x / limit) ** 2 - 1


def _waves(xp: Any, x: Any, n: int) -> tuple[Any, Any]:
    """J and Y of order n for x from 8 on."""
    t = 2 * (8 / x) ** 2 - 1
    p = chebyshev(_P1 if n else _P0, t)
    q = chebyshev(_Q1 if n else _Q0, t) / x
    # The cosine and the sine of x - pi/4 or x - 3 pi/4, times sqrt(2): without rounding x - pi/4.
    sine, cosine = xp.sin(x), xp.cos(x)
    first, second = (sine - cosine, -sine - cosine) if n else (cosine + sine, sine - cosine)
    scale = 1 / xp.sqrt(math.pi * x)
    return scale * (p * first - q * second), scale * (p * second + q * first)


def _split(xp: Any, x: Any) -> tuple[Any, Any, Any, Any]:
    """|x|; whether it is at most 8; and |x| for either case, with something harmless in the other's places."""
    size = xp.abs(x)
    near = size <= 8
    return size, near, xp.where(near, size, 1.0), xp.where(near | (size == math.inf), 10.0, size)


def bessel_j0(xp: Any, x: Any) -> Any:
    """The Bessel function of the first kind of order 0."""
    size, near, small, far = _split(xp, x)
    value = xp.where(near, chebyshev(_J0, _square(xp, small, 8.0)), _waves(xp, far, 0)[0])
    return xp.where(size == math.inf, 0.0, value)


def bessel_j1(xp: Any, x: Any) -> Any:
    """The Bessel function of the first kind of order 1."""
    size, near, small, far = _split(xp, x)
    value = xp.where(near, small * chebyshev(_J1, _square(xp, small, 8.0)), _waves(xp, far, 1)[0])
    value = xp.where(size == math.inf, 0.0, value)
    return xp.where(x < 0, -value, value)


def _second_kind(xp: Any, x: Any, value: Any) -> Any:
    """-inf at 0, NaN below and 0 at infinity."""
    value = xp.where(x == math.inf, 0.0, value)
    return xp.where(x == 0, -math.inf, xp.where(x < 0, math.nan, value))


def bessel_y0(xp: Any, x: Any) -> Any:
    """The Bessel function of the second kind of order 0."""
    _, near, small, far = _split(xp, x)
    t = _square(xp, small, 8.0)
    logarithm = xp.log(xp.where(small == 0, 1.0, small))
    inner = 2 / math.pi * logarithm * chebyshev(_J0, t) + chebyshev(_Y0, t)
    return _second_kind(xp, x, xp.where(near, inner, _waves(xp, far, 0)[1]))


def bessel_y1(xp: Any, x: Any) -> Any:
    """The Bessel function of the second kind of order 1."""
    _, near, small, far = _split(xp, x)
    t = _square(xp, small, 8.0)
    positive = xp.where(small == 0, 1.0, small)
    inner = small * (2 / math.pi * xp.log(positive) * chebyshev(_J1, t) + chebyshev(_Y1, t)) - 2 / math.pi / positive
    return _second_kind(xp, x, xp.where(near, inner, _waves(xp, far, 1)[1]))


def _modified_second_kind(xp: Any, x: Any, n: int, scaled: bool) -> Any:
    """K of order n, times exp(x) if scaled."""
    near = x <= 2
    small = xp.where(near & (x > 0), x, 1.0)
    far = xp.where(near | (x == math.inf), 4.0, x)
    t = _square(xp, small, 2.0)
    if n == 0:
        inner = chebyshev(_K0_SMALL, t) - xp.log(small / 2) * special_functions.i0(xp, small)
    else:
        inner = chebyshev(_K1_SMALL, t) / small + xp.log(small / 2) * special_functions.i1(xp, small)
    outer = chebyshev(_K1_LARGE if n else _K0_LARGE, 4 / far - 1) / xp.sqrt(far)
    value = xp.where(near, inner * xp.exp(small), outer) if scaled else xp.where(near, inner, outer * xp.exp(-far))
    value = xp.where(x == math.inf, 0.0, value)
    return xp.where(x == 0, math.inf, xp.where(x < 0, math.nan, value))


def modified_bessel_k0(xp: Any, x: Any) -> Any:
    """The modified Bessel function of the second kind of order 0."""
    return _modified_second_kind(xp, x, 0, False)


def modified_bessel_k1(xp: Any, x: Any) -> Any:
    """The modified Bessel function of the second kind of order 1."""
    return _modified_second_kind(xp, x, 1, False)


def scaled_modified_bessel_k0(xp: Any, x: Any) -> Any:
    """exp(x) K0(x)."""
    return _modified_second_kind(xp, x, 0, True)


def scaled_modified_bessel_k1(xp: Any, x: Any) -> Any:
    """exp(x) K1(x)."""
    return _modified_second_kind(xp, x, 1, True)


def spherical_bessel_j0(xp: Any, x: Any) -> Any:
    """sin(x) / x, 1 at 0 and 0 at infinity."""
    zero = x == 0
    safe = xp.where(zero | (xp.abs(x) == math.inf), 1.0, x)
    value = xp.where(xp.abs(x) == math.inf, 0.0, xp.sin(safe) / safe)
    return xp.where(zero, 1.0, value)


def _pieces(xp: Any, x: Any, low: float, high: float, coefficients: Sequence[float]) -> tuple[Any, Any]:
    """Where x is between two numbers, and the series in x there."""
    inside = (x > low) & (x <= high)
    return inside, chebyshev(coefficients, (xp.where(inside, x, low) * 2 - low - high) / (high - low))


def airy_ai(xp: Any, x: Any) -> Any:
    """The Airy function Ai."""
    size = xp.where(xp.isfinite(x), xp.abs(x), 10.0)
    root = xp.sqrt(xp.sqrt(xp.where(size > 0, size, 1.0)))
    angle = 2 / 3 * size * xp.sqrt(size)
    right = xp.where(x > 3, angle, 10.0)
    value = xp.exp(-right) / (2 * math.sqrt(math.pi) * root) * chebyshev(_AI_RIGHT, 4 * math.sqrt(3) / right - 1)
    for low, high, coefficients in ((-2.0, 3.0, _AI_MIDDLE), (-8.0, -2.0, _AI_LEFT)):
        inside, series = _pieces(xp, x, low, high, coefficients)
        value = xp.where(inside, series, value)
    left = xp.where(x <= -8, angle, 100.0)
    t = 2 * (2 / 3 * 8 * math.sqrt(8) / left) ** 2 - 1
    sine, cosine = xp.sin(left), xp.cos(left)
    wave = (sine + cosine) * chebyshev(_AI_P, t) - (cosine - sine) * chebyshev(_AI_Q, t) / left
    value = xp.where(x <= -8, wave / (math.sqrt(2 * math.pi) * root), value)
    return xp.where(x == math.inf, 0.0, xp.where(xp.isnan(x) | (x == -math.inf), math.nan, value))
