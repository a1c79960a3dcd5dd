"""Helpers beside the layers against installed PyTorch: `nn.grad`, weights' memory formats, `nn.modules.utils`."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("geometry", [{}, {"stride": 2, "padding": 1}, {"dilation": 2, "groups": 2}])
def test_gradients_of_convolutions(n, geometry):
    def gradients(t):
        def numbers(seed, *shape):
            return t.tensor(np.random.RandomState(seed).randn(*shape), dtype=t.float64)

        groups = geometry.get("groups", 1)
        x, w = numbers(0, 2, 4, *[6] * n), numbers(1, 6, 4 // groups, *[3] * n)
        g = getattr(t.nn.functional, f"conv{n}d")(x, w, **geometry).sin()
        of_input = getattr(t.nn.grad, f"conv{n}d_input")(x.shape, w, g, **geometry)
        of_weight = getattr(t.nn.grad, f"conv{n}d_weight")(x, w.shape, g, **geometry)
        return of_input.numpy(), of_weight.numpy()

    for a, b in zip(gradients(mibun), gradients(torch), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-9)


def test_memory_formats_of_weights():
    def strides(t):
        layers = t.nn
        network = layers.Sequential(
            layers.Conv2d(3, 4, 3),
            layers.Sequential(layers.ConvTranspose2d(3, 4, 3), layers.Conv1d(3, 4, 3)),
            layers.Conv3d(2, 3, 2),
            layers.ConvTranspose3d(2, 3, 2),
            layers.Linear(2, 3),
        )
        found = []
        for function, last in (
            (layers.utils.convert_conv2d_weight_memory_format, t.channels_last),
            (layers.utils.convert_conv3d_weight_memory_format, t.channels_last_3d),
        ):
            assert function(network, last) is network
            found.append([p.stride() for p in network.parameters()])
            assert all(isinstance(p, layers.Parameter) and p.is_leaf for p in network.parameters())
        return found

    assert strides(mibun) == strides(torch)


CALLS = {
    "_pair": [(3,), ([1, 2],), ("ab",), ((1,),)],
    "_single": [(3,)],
    "_triple": [(3,), ((1, 2, 3),)],
    "_quadruple": [(3,)],
    "_reverse_repeat_tuple": [((1, 2), 2), ((1, 2, 3), 1)],
    "_list_with_default": [([None, 2], [5, 6, 7]), (3, [1]), ([1, 2], [3, 4])],
}


@pytest.mark.parametrize("name", CALLS)
def test_helpers_of_modules(name):
    for arguments in CALLS[name]:
        results = []
        for library in ("mibun", "torch"):
            try:
                results.append(getattr(importlib.import_module(f"{library}.nn.modules.utils"), name)(*arguments))
            except Exception as error:
                results.append(type(error))
        assert results[0] == results[1]


def test_prefixes_of_state_dicts():
    def state(t):
        wrapped = t.nn.Sequential()
        wrapped.add_module("module", t.nn.Sequential(t.nn.Linear(2, 2), t.nn.BatchNorm1d(2)))
        found = wrapped.state_dict()
        t.nn.modules.utils.consume_prefix_in_state_dict_if_present(found, "module.")
        return list(found), sorted(found._metadata)

    assert state(mibun) == state(torch)
