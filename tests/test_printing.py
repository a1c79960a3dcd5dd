"""Printed forms as literal text (taken from PyTorch 2.13), and the print options; needs no torch.

The tensors are stand-ins with the few attributes that printing reads, so this file tests printing alone.
"""

import math

import numpy as np
import pytest

from mibun.autograd.forward_ad import dual_level
from mibun.compat import printing
from mibun.core import dtypes
from mibun.core.mode import MODE

nan, inf = math.nan, math.inf


class Node:
    def __init__(self, name):
        self._name = name

    def name(self):
        return self._name


class Tensor:
    def __init__(self, values, dtype=None, requires_grad=False, grad_fn=None, tangent=None):
        if dtype is None:
            kind = np.asarray(values).dtype.kind
            dtype = {"b": "bool", "i": "int64", "f": "float32", "c": "complex64"}[kind]
        self.dtype = getattr(dtypes, dtype)
        self._array_ = np.asarray(values, self.dtype.np)
        self.shape = self._array_.shape
        self.requires_grad = requires_grad
        self.grad_fn = grad_fn and Node(grad_fn)
        self.tangent = tangent

    @property
    def _tangent_(self):  # at whatever level it is asked for
        return None if self.tangent is None else {MODE.get().dual_level: self.tangent}

    def item(self):
        return self._array_.item()


class Parameter(Tensor):
    pass


class Money(Tensor):
    pass


class Weight(Parameter):
    pass


@pytest.fixture(autouse=True)
def default_options():
    yield
    printing.set_printoptions(profile="default")
    dtypes.set_default_dtype(dtypes.float32)


LITERAL = [
    # one number
    (Tensor(125.0), "tensor(125.)"),
    (Tensor(125.0, grad_fn="PowBackward0"), "tensor(125., grad_fn=<PowBackward0>)"),
    (Tensor(5.0, requires_grad=True), "tensor(5., requires_grad=True)"),
    (Tensor(5), "tensor(5)"),
    (Tensor(True), "tensor(True)"),
    (Tensor(1.5, "float64"), "tensor(1.5000, dtype=torch.float64)"),
    (Tensor(1e10), "tensor(1.0000e+10)"),
    (Tensor(1e-5), "tensor(1.0000e-05)"),
    (Tensor(nan), "tensor(nan)"),
    (Tensor(-inf), "tensor(-inf)"),
    (Tensor(-0.0), "tensor(-0.)"),
    (Tensor(2.0**53, "float64"), "tensor(9.0072e+15, dtype=torch.float64)"),
    # nothing
    (Tensor([], "float32"), "tensor([])"),
    (Tensor(np.zeros((0, 3))), "tensor([], size=(0, 3))"),
    (Tensor(np.zeros((3, 2, 0))), "tensor([], size=(3, 2, 0))"),
    (Tensor([], "int64"), "tensor([], dtype=torch.int64)"),
    (Tensor([], "complex64"), "tensor([], dtype=torch.complex64)"),
    (Tensor(np.zeros((0, 3)), "bool"), "tensor([], size=(0, 3), dtype=torch.bool)"),
    (Tensor([], "float64", requires_grad=True), "tensor([], dtype=torch.float64, requires_grad=True)"),
    # integral, fixed and scientific
    (Tensor([1.0, 2.0, 3.0]), "tensor([1., 2., 3.])"),
    (Tensor([-0.0, 0.0]), "tensor([-0., 0.])"),
    (Tensor([0.0, 1001.5]), "tensor([   0.0000, 1001.5000])"),
    (Tensor([1.0, 1001.5]), "tensor([1.0000e+00, 1.0015e+03])"),
    (Tensor([1.5, 1500.0]), "tensor([   1.5000, 1500.0000])"),
    (Tensor([1.0, 2e4, -3.0]), "tensor([ 1.0000e+00,  2.0000e+04, -3.0000e+00])"),
    (Tensor([1e300, 1e-300], "float64"), "tensor([1.0000e+300, 1.0000e-300], dtype=torch.float64)"),
    # not finite
    (Tensor([nan, 1.0]), "tensor([nan, 1.])"),
    (Tensor([0.0, nan, inf, -inf]), "tensor([0., nan, inf, -inf])"),
    (Tensor([1.5, nan, -inf]), "tensor([1.5000,    nan,   -inf])"),
    (Tensor([[nan, 0.0], [1e-9, 2.0]]), "tensor([[       nan, 0.0000e+00],\n        [1.0000e-09, 2.0000e+00]])"),
    # integers, bool, complex, other precisions
    (Tensor([[1, -2], [30, 4]]), "tensor([[ 1, -2],\n        [30,  4]])"),
    (Tensor([1, 2], "uint8"), "tensor([1, 2], dtype=torch.uint8)"),
    (Tensor([True, False]), "tensor([ True, False])"),
    (Tensor([1 + 2j]), "tensor([1.+2.j])"),
    (Tensor(complex(nan, inf)), "tensor(nan+infj)"),
    (Tensor([1.5j, complex(-inf, -0.0)]), "tensor([0.+1.5000j, -inf-0.0000j])"),
    (Tensor([-1.5 - 2.25j, 3 + 0j]), "tensor([-1.5000-2.2500j,  3.0000+0.0000j])"),
    (Tensor([1 + 1j], "complex128"), "tensor([1.+1.j], dtype=torch.complex128)"),
    (Tensor([1.0], "float16"), "tensor([1.], dtype=torch.float16)"),
    # suffixes, where there is room and where there is not
    (Tensor([2.0], "float64", grad_fn="MulBackward0"), "tensor([2.], dtype=torch.float64, grad_fn=<MulBackward0>)"),
    (Tensor([1.0], grad_fn="torch::autograd::CopySlices"), "tensor([1.], grad_fn=<CopySlices>)"),
    (
        Tensor(np.arange(13) * 1.5, grad_fn="MulBackward0"),
        "tensor([ 0.0000,  1.5000,  3.0000,  4.5000,  6.0000,  7.5000,  9.0000, 10.5000,\n"
        "        12.0000, 13.5000, 15.0000, 16.5000, 18.0000], grad_fn=<MulBackward0>)",
    ),
    (
        Tensor(np.arange(30) * 1.5, grad_fn="MulBackward0"),
        "tensor([ 0.0000,  1.5000,  3.0000,  4.5000,  6.0000,  7.5000,  9.0000, 10.5000,\n"
        "        12.0000, 13.5000, 15.0000, 16.5000, 18.0000, 19.5000, 21.0000, 22.5000,\n"
        "        24.0000, 25.5000, 27.0000, 28.5000, 30.0000, 31.5000, 33.0000, 34.5000,\n"
        "        36.0000, 37.5000, 39.0000, 40.5000, 42.0000, 43.5000],\n"
        "       grad_fn=<MulBackward0>)",
    ),
    (Tensor([1.0, 2.0], tangent=Tensor([3.0, 4.5])), "tensor([1., 2.], tangent=tensor([3.0000, 4.5000]))"),
    (
        Tensor(2.0, grad_fn="MulBackward0", tangent=Tensor(6.0)),
        "tensor(2., grad_fn=<MulBackward0>, tangent=6.0)",
    ),
    # classes
    (Parameter([1.0, 2.0], requires_grad=True), "Parameter containing:\ntensor([1., 2.], requires_grad=True)"),
    (Money([[1.5], [2.0]]), "Money([[1.5000],\n       [2.0000]])"),
    (Weight([1.0], requires_grad=True), "Parameter containing:\nParameter(Weight([1.], requires_grad=True))"),
    # summaries
    (Tensor(np.arange(1001)), "tensor([   0,    1,    2,  ...,  998,  999, 1000])"),
    (
        Tensor(np.zeros((1001, 2))),
        "tensor([[0., 0.],\n        [0., 0.],\n        [0., 0.],\n        ...,\n"
        "        [0., 0.],\n        [0., 0.],\n        [0., 0.]])",
    ),
    (
        Tensor(np.arange(2000) * (1.5 + 0.25j)),
        "tensor([0.0000e+00+0.0000e+00j, 1.5000e+00+2.5000e-01j, 3.0000e+00+5.0000e-01j,\n"
        "         ..., 2.9955e+03+4.9925e+02j, 2.9970e+03+4.9950e+02j,\n"
        "        2.9985e+03+4.9975e+02j])",
    ),
]


@pytest.mark.parametrize(("tensor", "text"), LITERAL, ids=range(len(LITERAL)))
def test_literal(tensor, text):
    with dual_level():  # where tangents are seen
        assert printing.tensor_repr(tensor) == text


def test_a_0d_tensor_may_hold_a_numpy_scalar():
    tensor = Tensor(0.0)
    tensor._array_ = np.float32(1.5)
    assert printing.tensor_repr(tensor) == "tensor(1.5000)"


def test_bfloat16():
    pytest.importorskip("ml_dtypes")
    assert printing.tensor_repr(Tensor([1.1], "bfloat16")) == "tensor([1.1016], dtype=torch.bfloat16)"


def test_three_dimensions_are_separated_by_blank_lines():
    text = printing.tensor_repr(Tensor(np.arange(8).reshape(2, 2, 2)))
    assert text == "tensor([[[0, 1],\n         [2, 3]],\n\n        [[4, 5],\n         [6, 7]]])"


def test_the_default_dtype_is_not_shown():
    dtypes.set_default_dtype(dtypes.float64)
    assert printing.tensor_repr(Tensor([1.5], "float64")) == "tensor([1.5000])"
    assert printing.tensor_repr(Tensor([1.5], "float32")) == "tensor([1.5000], dtype=torch.float32)"
    assert printing.tensor_repr(Tensor([1j], "complex128")) == "tensor([0.+1.j])"
    assert printing.tensor_repr(Tensor([1j], "complex64")) == "tensor([0.+1.j], dtype=torch.complex64)"


def test_a_grad_fn_that_cannot_be_given_prints_as_invalid():
    class Overwritten(Tensor):
        @property
        def grad_fn(self):
            raise RuntimeError("a view was modified in place")

        @grad_fn.setter
        def grad_fn(self, value):
            pass

    Overwritten.__name__ = "Tensor"
    assert printing.tensor_repr(Overwritten([1.0])) == "tensor([1.], grad_fn=<Invalid>)"


# ---- options --------------------------------------------------------------------------------------------------------


def test_precision():
    printing.set_printoptions(precision=2)
    assert printing.tensor_repr(Tensor([1.23456])) == "tensor([1.23])"
    assert printing.tensor_repr(Tensor([1.23456, 1e-3, 100.0])) == "tensor([1.23e+00, 1.00e-03, 1.00e+02])"


def test_threshold_and_edgeitems():
    printing.set_printoptions(threshold=4, edgeitems=1)
    assert printing.tensor_repr(Tensor(np.arange(5))) == "tensor([0,  ..., 4])"
    printing.set_printoptions(edgeitems=0)
    assert printing.tensor_repr(Tensor(np.arange(5))) == "tensor([ ...])"
    printing.set_printoptions(threshold=inf)
    assert printing.tensor_repr(Tensor(np.arange(5))) == "tensor([0, 1, 2, 3, 4])"


def test_linewidth():
    printing.set_printoptions(linewidth=17)
    assert printing.tensor_repr(Tensor([1, 2, 3, 4])) == "tensor([1, 2, 3,\n        4])"
    printing.set_printoptions(linewidth=1)
    assert printing.tensor_repr(Tensor([1, 2])) == "tensor([1,\n        2])"


def test_sci_mode():
    printing.set_printoptions(sci_mode=True)
    assert printing.tensor_repr(Tensor([1.0, 2.5])) == "tensor([1.0000e+00, 2.5000e+00])"
    printing.set_printoptions(sci_mode=False)
    assert printing.tensor_repr(Tensor([1e10, 1e-10])) == "tensor([10000000000.0000,           0.0000])"
    printing.set_printoptions(precision=4)  # every call that leaves sci_mode out goes back to choosing
    assert printing.tensor_repr(Tensor([1e10])) == "tensor([1.0000e+10])"


def test_profiles():
    printing.set_printoptions(profile="short", linewidth=100)
    assert printing.get_printoptions() == {
        "precision": 2,
        "threshold": 1000,
        "edgeitems": 2,
        "linewidth": 100,
        "sci_mode": None,
    }
    assert printing.tensor_repr(Tensor(np.arange(1001))) == "tensor([   0,    1,  ...,  999, 1000])"
    printing.set_printoptions(profile="full")
    assert printing.get_printoptions()["threshold"] == inf
    printing.set_printoptions(profile="default")
    assert printing.get_printoptions() == {
        "precision": 4,
        "threshold": 1000,
        "edgeitems": 3,
        "linewidth": 80,
        "sci_mode": None,
    }


def test_options_inside_a_with_block_are_restored_also_after_an_error():
    before = printing.get_printoptions()
    with pytest.raises(KeyError), printing.printoptions(precision=1, sci_mode=True):
        assert printing.tensor_repr(Tensor(1.5)) == "tensor(1.5e+00)"
        raise KeyError
    assert printing.get_printoptions() == before


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"precision": -1}, ValueError),
        ({"precision": 1.5}, TypeError),
        ({"threshold": "a"}, TypeError),
        ({"threshold": nan}, ValueError),
        ({"edgeitems": -1}, ValueError),
        ({"linewidth": 0}, ValueError),
        ({"profile": "long"}, ValueError),
        ({"sci_mode": "yes"}, TypeError),
    ],
)
def test_a_refused_option_changes_nothing(options, error):
    before = printing.get_printoptions()
    with pytest.raises(error, match=next(iter(options))):
        printing.set_printoptions(**{"precision": 7, **options})
    assert printing.get_printoptions() == before
