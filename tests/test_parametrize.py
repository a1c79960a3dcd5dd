"""Parametrized parameters, normalised weights, and attention's masks."""

from __future__ import annotations

import copy
import pickle

import pytest

import mibun as torch
from mibun.nn.utils import parametrizations, parametrize


class Double(torch.nn.Module):
    def forward(self, x):
        return x * 2

    def right_inverse(self, x):
        return x / 2


class Triangle(torch.nn.Module):
    def forward(self, x):
        return x.triu()


def test_register_and_remove():
    layer = torch.nn.Linear(2, 2)
    weight, before = layer.weight, layer.weight.detach().clone()
    parametrize.register_parametrization(layer, "weight", Double())
    assert torch.equal(layer.weight, before)
    assert layer.parametrizations.weight.original is weight
    assert list(layer.state_dict()) == ["bias", "parametrizations.weight.original"]
    layer.weight = torch.eye(2)
    assert torch.equal(weight, torch.eye(2) / 2)
    parametrize.register_parametrization(layer, "weight", Triangle())
    layer(torch.ones(1, 2)).sum().backward()
    assert weight.grad.tolist() == [[2.0, 2.0], [0.0, 2.0]]
    assert torch.equal(copy.deepcopy(layer).weight, layer.weight)
    with pytest.raises(RuntimeError, match="only supported through state_dict"):
        pickle.dumps(layer)
    with parametrize.cached():
        assert layer.weight is layer.weight
    assert layer.weight is not layer.weight
    with pytest.raises(RuntimeError, match="does not implement right_inverse"):
        layer.weight = torch.eye(2)
    parametrize.remove_parametrizations(layer, "weight")
    assert type(layer) is torch.nn.Linear
    assert layer.weight is weight
    assert torch.equal(weight, torch.eye(2))


def test_weight_norm_and_spectral_norm():
    torch.manual_seed(0)
    layer = parametrizations.weight_norm(torch.nn.Linear(3, 2))
    with torch.no_grad():
        layer.parametrizations.weight.original0.fill_(2.0)
    assert torch.allclose(layer.weight.norm(dim=1), torch.tensor([2.0, 2.0]))
    layer = parametrizations.spectral_norm(torch.nn.Linear(5, 4))
    for _ in range(50):
        layer(torch.zeros(1, 5))
    assert abs(float(torch.linalg.svdvals(layer.weight.detach()).max()) - 1) < 1e-4
    assert torch.equal(layer.eval().weight, layer.weight)


def test_errors():
    with pytest.raises(ValueError, match="may not change the shape"):
        parametrize.register_parametrization(torch.nn.Linear(2, 2), "weight", torch.nn.Flatten(0))
    with pytest.raises(ValueError, match="does not have a parameter"):
        parametrize.register_parametrization(torch.nn.Linear(2, 2), "other", Double())
    with pytest.raises(ValueError, match="does not have a parametrization on weight"):
        parametrize.remove_parametrizations(torch.nn.Linear(2, 2), "weight")


def test_attention_sees_what_its_masks_say():
    torch.manual_seed(0)
    layer = torch.nn.MultiheadAttention(4, 2)
    x = torch.randn(5, 1, 4, requires_grad=True)
    mask = torch.nn.Transformer.generate_square_subsequent_mask(5)
    output, weights = layer(x, x, x, attn_mask=mask)
    assert not weights.triu(1).any()
    (grad,) = torch.autograd.grad(output[2].sum(), x)
    assert grad[:3].any() and not grad[3:].any()
    fast, _ = layer(x, x, x, attn_mask=mask, need_weights=False)
    hinted, _ = layer(x, x, x, attn_mask=mask, need_weights=False, is_causal=True)
    assert torch.allclose(output, fast, atol=1e-6) and torch.allclose(output, hinted, atol=1e-6)
    with pytest.raises(RuntimeError, match="The shape of the 2D attn_mask"):
        layer(x, x, x, attn_mask=torch.zeros(4, 5))
    with pytest.raises(RuntimeError, match="Need attn_mask if specifying the is_causal hint"):
        layer(x, x, x, is_causal=True)


def test_transformer_has_every_gradient():
    torch.manual_seed(0)
    model = torch.nn.Transformer(4, 2, 1, 1, 8, dropout=0.0, batch_first=True)
    model(torch.randn(2, 3, 4), torch.randn(2, 5, 4)).pow(2).sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())
