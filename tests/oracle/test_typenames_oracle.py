"""Names of classes as `typename` and messages give them, and factors of fused operators, against installed PyTorch."""

from __future__ import annotations

import warnings

import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

PLACES = ["nn", "optim", "optim.lr_scheduler", "utils.data", "autograd"]


def place(t, path):
    for name in path.split("."):
        t = getattr(t, name)
    return t


@pytest.mark.parametrize("path", PLACES)
def test_names_of_classes(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours, theirs = place(mibun, path), place(torch, path)
        compared = 0
        for name in dir(theirs):
            kind, own = getattr(theirs, name), getattr(ours, name, None)
            if isinstance(kind, type) and isinstance(own, type) and not name.startswith(("_", "DeviceType")):
                assert mibun.typename(own) == torch.typename(kind)
                compared += 1
    assert compared > 4


@pytest.mark.parametrize("module", ["fold", "instancenorm", "upsampling", "pixelshuffle", "channelshuffle"])
def test_modules_of_layers_can_be_imported(module):
    theirs = __import__(f"torch.nn.modules.{module}", fromlist=["*"])
    ours = __import__(f"mibun.nn.modules.{module}", fromlist=["*"])
    assert set(ours.__all__) == {name for name in theirs.__all__ if hasattr(mibun.nn, name)}


FACTORS = (1 + 0j, 2 + 0j, 1j, "a", None, 2, 2.5, True, [1], (1,))


@pytest.mark.parametrize("name", ["addcmul", "addcdiv"])
@pytest.mark.parametrize("dtype", ["float32", "complex64", "int64"])
def test_factors(name, dtype):
    def outcome(t, form, value):
        x = t.tensor([1, 2]).to(getattr(t, dtype))
        if dtype != "int64":
            x.requires_grad_()
        try:
            if form == "in place":
                out = getattr(x.detach().clone(), name + "_")(x.detach(), x.detach(), value=value)
            else:
                out = getattr(t if form == "function" else x, name)(
                    *[x] * (3 if form == "function" else 2), value=value
                )
                if x.requires_grad:
                    (out * out).abs().sum().backward()
        except Exception as error:
            return type(error)
        return out.tolist(), None if x.grad is None else [
            complex(round(v.real, 3), round(v.imag, 3)) for v in x.grad.tolist()
        ]

    for value in FACTORS:
        for form in ("function", "method", "in place"):
            ours, theirs = outcome(mibun, form, value), outcome(torch, form, value)
            if name == "addcdiv" and dtype == "int64" and isinstance(theirs, type):
                assert isinstance(ours, type)  # division of integers is refused as well
            else:
                assert ours == theirs, (value, form)
