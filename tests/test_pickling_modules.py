"""Modules through pickle and copy.deepcopy: every layer, with its settings, weights, hooks and shared parts."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

import mibun as torch
from mibun import nn
from mibun.nn import utils
from mibun.nn.utils import parametrizations, rnn

# What each layer is made with: positional arguments, and keywords in a dict at the end.
ARGUMENTS = {
    "AdaptiveAvgPool1d": (2,),
    "AdaptiveAvgPool2d": ((1, None),),
    "AdaptiveAvgPool3d": (2,),
    "AdaptiveLogSoftmaxWithLoss": (16, 9, [2, 5]),
    "AdaptiveMaxPool1d": (2,),
    "AdaptiveMaxPool2d": ((1, None), True),
    "AdaptiveMaxPool3d": (2,),
    "AlphaDropout": (0.25,),
    "AvgPool1d": (2,),
    "AvgPool2d": (2, {"divisor_override": 3}),
    "AvgPool3d": (2,),
    "BCELoss": (torch.ones(2),),
    "BCEWithLogitsLoss": ({"pos_weight": torch.ones(2)},),
    "BatchNorm1d": (2, {"momentum": None}),
    "BatchNorm2d": (2,),
    "BatchNorm3d": (2, {"affine": False}),
    "Bilinear": (2, 3, 4),
    "CTCLoss": (1,),
    "ChannelShuffle": (2,),
    "CircularPad1d": (1,),
    "CircularPad2d": (1,),
    "CircularPad3d": (1,),
    "ConstantPad1d": (1, 2.0),
    "ConstantPad2d": (1, 2.0),
    "ConstantPad3d": (1, 2.0),
    "Conv1d": (2, 4, 3),
    "Conv2d": (2, 4, 3, {"padding": "same", "padding_mode": "reflect"}),
    "Conv3d": (2, 4, 3),
    "ConvTranspose1d": (2, 4, 3),
    "ConvTranspose2d": (2, 4, 3, {"bias": False}),
    "ConvTranspose3d": (2, 4, 3),
    "CrossEntropyLoss": (torch.ones(3), {"label_smoothing": 0.1}),
    "Embedding": (5, 3, 1),
    "EmbeddingBag": (5, 3, {"mode": "sum"}),
    "Fold": (4, 2),
    "FractionalMaxPool2d": (2, 3),
    "FractionalMaxPool3d": (2, None, 0.5),
    "CrossMapLRN2d": (2,),
    "GRU": (3, 4, 2),
    "GRUCell": (3, 4),
    "GroupNorm": (2, 4),
    "Hardtanh": (-2.0, 3.0),
    "InstanceNorm1d": (2,),
    "InstanceNorm2d": (2, {"affine": True}),
    "InstanceNorm3d": (2,),
    "LPPool1d": (2, 2),
    "LPPool2d": (2, 2),
    "LPPool3d": (2, 2),
    "LSTM": (3, 4, {"proj_size": 2}),
    "LSTMCell": (3, 4),
    "LayerNorm": ((2, 3),),
    "Linear": (2, 3),
    "LinearCrossEntropyLoss": (3, 4),
    "LocalResponseNorm": (2,),
    "MaxPool1d": (2,),
    "MaxPool2d": (2, {"return_indices": True}),
    "MaxPool3d": (2,),
    "MaxUnpool1d": (2,),
    "MaxUnpool2d": (2,),
    "MaxUnpool3d": (2,),
    "ModuleDict": ({"modules": {"a": nn.ReLU(), "b": nn.Linear(1, 1)}},),
    "ModuleList": ([nn.ReLU(), nn.Linear(1, 1)],),
    "MultiMarginLoss": (2, {"weight": torch.ones(3)}),
    "MultiheadAttention": (4, 2, {"add_bias_kv": True, "kdim": 3}),
    "NLLLoss": (torch.ones(3),),
    "PReLU": (3,),
    "ParameterDict": ({"parameters": {"a": torch.ones(2), "b": 3}},),
    "ParameterList": ([torch.ones(2), "text"],),
    "PixelShuffle": (2,),
    "PixelUnshuffle": (2,),
    "RMSNorm": (3,),
    "RNN": (3, 4, {"nonlinearity": "relu"}),
    "RNNBase": ("GRU", 3, 4),
    "RNNCell": (3, 4, {"nonlinearity": "relu"}),
    "RNNCellBase": (3, 4, True, 2),
    "ReflectionPad1d": (1,),
    "ReflectionPad2d": (1,),
    "ReflectionPad3d": (1,),
    "ReplicationPad1d": (1,),
    "ReplicationPad2d": (1,),
    "ReplicationPad3d": (1,),
    "Sequential": (nn.Linear(2, 3), nn.ReLU()),
    "SyncBatchNorm": (3,),
    "Threshold": (0.1, 2.0),
    "Transformer": (4, 2, 1, 1, 8),
    "TransformerDecoderLayer": (4, 2, 8),
    "TransformerEncoderLayer": (4, 2, 8, {"norm_first": True}),
    "Unflatten": (1, (2, 3)),
    "Unfold": (2,),
    "Upsample": ((2, 3),),
    "UpsamplingBilinear2d": (4,),
    "UpsamplingNearest2d": (4,),
    "ZeroPad1d": (1,),
    "ZeroPad2d": (1,),
    "ZeroPad3d": (1,),
    "TransformerEncoder": (nn.TransformerEncoderLayer(4, 2, 8), 2),
    "TransformerDecoder": (nn.TransformerDecoderLayer(4, 2, 8), 2),
}
LAZY = [name for name in nn.modules.__all__ if name.startswith("Lazy")]
# But for former names, with a warning.
NAMES = [
    name
    for name in nn.modules.__all__
    if name not in ("Container", "NLLLoss2d", *LAZY) and issubclass(getattr(nn, name), nn.Module)
]


def make(name):
    args = list(ARGUMENTS.get(name, ()))
    keywords = args.pop() if args and isinstance(args[-1], dict) else {}
    torch.manual_seed(0)
    return getattr(nn, name)(*args, **keywords)


def through_pickle(value):
    return pickle.loads(pickle.dumps(value))


def same(a, b):
    """Whether two attributes are equal, Tensors and Modules by what is in them."""
    if isinstance(a, torch.Tensor):
        return type(a) is type(b) and torch.equal(a, b) and a.requires_grad == b.requires_grad
    if isinstance(a, nn.Module):
        return type(a) is type(b) and same(vars(a), vars(b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("twin", [through_pickle, copy.deepcopy], ids=["pickle", "deepcopy"])
@pytest.mark.parametrize("name", NAMES)
def test_every_layer(name, twin):
    layer = make(name).eval()
    other = twin(layer)
    assert other is not layer and same(layer, other)
    assert repr(other) == repr(layer)
    assert list(other.state_dict()) == list(layer.state_dict())
    memory = {parameter.data_ptr() for parameter in layer.parameters()}
    assert not any(parameter.data_ptr() in memory for parameter in other.parameters() if parameter.numel())


@pytest.mark.parametrize("twin", [through_pickle, copy.deepcopy], ids=["pickle", "deepcopy"])
@pytest.mark.parametrize("name", LAZY)
def test_every_lazy_layer(name, twin):
    """The twin has parameters and hooks of its own: it takes its shapes from its own first input."""
    layer = getattr(nn, name)(*() if "Norm" in name else (4,) if name == "LazyLinear" else (4, 2))
    other = twin(layer)
    assert repr(other) == repr(layer) and list(other.state_dict()) == list(layer.state_dict())
    assert other.has_uninitialized_params() and type(other) is type(layer)
    space = int(name[-2]) if name.endswith("d") else 0
    other(torch.ones(2, 3, *[4] * space))
    assert type(other) is type(layer).cls_to_become and type(layer).__name__ == name
    assert layer.has_uninitialized_params()
    layer(torch.ones(2, 5, *[4] * space))
    assert repr(layer) != repr(other)


def classes_and_functions():
    for place in (nn, nn.init, nn.parameter, utils, rnn, parametrizations, utils.parametrize):
        for name, value in vars(place).items():
            if not name.startswith("_") and (inspect.isclass(value) or inspect.isfunction(value)):
                if value.__module__.startswith("mibun.nn"):
                    yield pytest.param(value, id=f"{place.__name__}.{name}")


@pytest.mark.parametrize("value", list(classes_and_functions()))
def test_classes_and_functions_are_found_again(value):
    assert through_pickle(value) is value


@pytest.mark.parametrize("twin", [through_pickle, copy.deepcopy], ids=["pickle", "deepcopy"])
def test_shared_parts_stay_shared(twin):
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    net.append(net[0])
    net[1].weight = net[0].weight
    other = twin(net)
    assert other[2] is other[0] and other[1].weight is other[0].weight
    assert other[0].weight is not net[0].weight
    assert len(list(other.parameters())) == 3


@pytest.mark.parametrize("twin", [through_pickle, copy.deepcopy], ids=["pickle", "deepcopy"])
def test_state_beside_the_weights(twin):
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    net[0].weight.requires_grad_(False)
    net[1].register_buffer("scratch", torch.ones(1), persistent=False)
    net[1].eval()
    net.note = ["anything"]
    other = twin(net)
    assert other.training and not other[1].training
    assert not other[0].weight.requires_grad and other[0].bias.requires_grad
    assert torch.equal(other[1].scratch, torch.ones(1)) and "1.scratch" not in other.state_dict()
    assert other.note == ["anything"] and other.note is not net.note


def double(module, args, output):
    return output * 2


@pytest.mark.parametrize("twin", [through_pickle, copy.deepcopy], ids=["pickle", "deepcopy"])
def test_hooks_go_along(twin):
    layer = nn.Linear(2, 2)
    handle = layer.register_forward_hook(double)
    other = twin(layer)
    x = torch.ones(1, 2)
    doubled = layer(x)
    assert torch.equal(other(x), doubled)
    handle.remove()
    assert torch.equal(layer(x) * 2, doubled) and torch.equal(other(x), doubled)


def test_the_gradient_stays_behind_as_in_torch():
    layer = nn.Linear(2, 1)
    layer(torch.ones(1, 2)).sum().backward()
    assert copy.deepcopy(layer).weight.grad is None and through_pickle(layer).weight.grad is None


def test_training_goes_on_the_same():
    net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Tanh(), nn.Linear(3, 1))
    twins = [net, through_pickle(net), copy.deepcopy(net)]
    torch.manual_seed(1)
    x = torch.randn(8, 2)
    for one in twins:
        optimizer = torch.optim.SGD(one.parameters(), lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            one(x).square().mean().backward()
            optimizer.step()
    for other in twins[1:]:
        assert all(map(torch.equal, net.state_dict().values(), other.state_dict().values()))


def test_a_shallow_copy_shares_the_weights():
    layer = nn.Linear(2, 2)
    other = copy.copy(layer)
    assert other is not layer and other.weight is layer.weight


def test_older_weight_hooks():
    layer = utils.spectral_norm(nn.Linear(2, 2)).eval()
    layer(torch.ones(2))
    other = through_pickle(nn.Sequential(nn.Linear(2, 2), utils.spectral_norm(nn.Linear(2, 2))))
    utils.remove_spectral_norm(other[1])
    assert "weight" in dict(other[1].named_parameters())


def test_parametrized_layers_say_that_they_cannot_be_pickled():
    layer = parametrizations.weight_norm(nn.Linear(2, 2))
    with pytest.raises(RuntimeError, match="parametrized modules is only supported through state_dict"):
        pickle.dumps(layer)
    assert torch.equal(copy.deepcopy(layer).weight, layer.weight)


@pytest.mark.parametrize("twin", [through_pickle, copy.deepcopy], ids=["pickle", "deepcopy"])
def test_packed_sequences(twin):
    packed = rnn.pack_sequence([torch.tensor([1.0, 2.0]), torch.tensor([3.0])])
    other = twin(packed)
    assert type(other) is rnn.PackedSequence and torch.equal(other.data, packed.data)
    assert torch.equal(other.batch_sizes, packed.batch_sizes)


def test_a_module_from_before_an_attribute_existed():
    """What is missing from an old pickle takes its default."""
    layer = nn.Conv1d(1, 1, 1)
    state = layer.__dict__.copy()
    del state["padding_mode"], state["_forward_hooks_always_called"]
    old = nn.Conv1d.__new__(nn.Conv1d)
    old.__setstate__(state)
    x = torch.ones(1, 1, 2)
    assert torch.equal(old(x), layer(x))
