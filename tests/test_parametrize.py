"""Parametrizations of Modules: what is learnt, what is seen, assignment, copies, removal, and the ready-made ones."""

import copy
import pickle

import pytest

import mibun as torch
from mibun import nn
from mibun.nn.utils import parametrizations, parametrize


class Upper(nn.Module):
    def forward(self, x):
        return x.triu()

    def right_inverse(self, x):
        return x.triu()


class Twice(nn.Module):
    def forward(self, x):
        Twice.calls = getattr(Twice, "calls", 0) + 1
        return x * 2

    def right_inverse(self, x):
        return x / 2


def test_the_same_parameter_goes_on_being_learnt():
    layer = nn.Linear(2, 2)
    original = layer.weight
    parametrize.register_parametrization(layer, "weight", Upper())
    assert layer.parametrizations.weight.original is original and isinstance(layer, nn.Linear)
    assert list(layer.state_dict()) == ["bias", "parametrizations.weight.original"]
    layer(torch.ones(1, 2)).sum().backward()
    assert original.grad.tolist() == [[1, 1], [0, 1]]
    assert parametrize.type_before_parametrizations(layer) is nn.Linear
    assert repr(layer).startswith("ParametrizedLinear(") and not parametrize.is_parametrized(layer, "bias")


def test_several_and_assignment():
    layer = nn.Linear(2, 2)
    for parametrization in (Upper(), Twice()):
        parametrize.register_parametrization(layer, "weight", parametrization)
    layer.weight = torch.tensor([[2.0, 4.0], [0.0, 6.0]])
    assert layer.weight.tolist() == [[2, 4], [0, 6]]
    assert layer.parametrizations.weight.original.tolist() == [[1, 2], [0, 3]]


def test_copies_are_independent_and_pickles_refused():
    layer = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Twice())
    other = copy.deepcopy(layer)
    other.weight = torch.zeros(2, 2)
    parametrize.remove_parametrizations(other, "weight")
    assert type(other) is nn.Linear and other.weight.tolist() == [[0, 0], [0, 0]]
    assert layer.weight.abs().sum() > 0
    with pytest.raises(RuntimeError, match="only supported through state_dict"):
        pickle.dumps(layer)


def test_cached_computes_once():
    layer = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Twice())
    Twice.calls = 0
    with parametrize.cached():
        assert layer.weight is layer.weight
    assert Twice.calls == 1 and layer.weight is not layer.weight


def test_removal_can_leave_the_original():
    layer = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Twice())
    original = layer.parametrizations.weight.original
    parametrize.remove_parametrizations(layer, "weight", leave_parametrized=False)
    assert layer.weight is original
    with pytest.raises(ValueError, match="does not have a parametrization on weight"):
        parametrize.remove_parametrizations(layer, "weight")


def returning(result, inverse=None):
    module = nn.Module()
    module.forward = result
    if inverse is not None:
        module.right_inverse = inverse
    return module


@pytest.mark.parametrize(
    ("parametrization", "words"),
    [
        (returning(lambda x: x.sum()), "may not change the shape"),
        (returning(lambda x: x.double()), "may not change the dtype"),
        (returning(lambda x: 3), "A parametrization must return a tensor. Got int"),
        (returning(lambda x: x, lambda x: 3), "'right_inverse' must return a Tensor or a Sequence of tensors"),
        (returning(lambda x: x, lambda x: x[:1]), "may not change the shape"),
    ],
)
def test_refusals_leave_the_module_as_it_was(parametrization, words):
    layer = nn.Linear(2, 2)
    before = layer.weight.tolist()
    with pytest.raises(ValueError, match=words):
        parametrize.register_parametrization(layer, "weight", parametrization)
    assert type(layer) is nn.Linear and layer.weight.tolist() == before and layer.weight.shape == (2, 2)
    with pytest.raises(ValueError, match="with name 'foo'"):
        parametrize.register_parametrization(layer, "foo", Upper())


def test_weight_norm():
    layer = nn.Linear(3, 2)
    before = layer.weight.detach().clone()
    parametrizations.weight_norm(layer)
    torch.testing.assert_close(layer.weight, before)
    with torch.no_grad():
        layer.parametrizations.weight.original0.fill_(5)
    torch.testing.assert_close(layer.weight.norm(dim=1), torch.full((2,), 5.0))


def test_spectral_norm():
    torch.manual_seed(0)
    layer = parametrizations.spectral_norm(nn.Linear(4, 3))
    for _ in range(30):
        layer(torch.ones(1, 4)).sum().backward()
    layer.eval()
    assert torch.linalg.matrix_norm(layer.weight, 2).item() == pytest.approx(1, abs=1e-3)
    assert layer.weight.tolist() == layer.weight.tolist()


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2)])
@pytest.mark.parametrize("kind", ["matrix_exp", "cayley", "householder"])
def test_orthogonal(shape, kind):
    torch.manual_seed(0)
    layer = parametrizations.orthogonal(nn.Linear(*shape), orthogonal_map=kind)

    def check():
        w = layer.weight if layer.weight.shape[0] >= layer.weight.shape[1] else layer.weight.T
        torch.testing.assert_close(w.T @ w, torch.eye(2 if shape != (3, 3) else 3), atol=1e-5, rtol=1e-5)

    check()
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.5)
    layer(torch.rand(4, shape[0])).pow(3).sum().backward()
    before = layer.weight.detach()
    optimizer.step()
    check()
    assert (layer.weight - before).abs().max() > 1e-3
    new = torch.linalg.qr(torch.randn(4, 2) if shape != (3, 3) else torch.randn(3, 3))[0]
    new = new if new.shape == layer.weight.shape else new.T
    layer.weight = new
    torch.testing.assert_close(layer.weight.detach(), new, atol=1e-5, rtol=1e-5)
