"""Parameters, Modules, containers, hooks, state dicts, data loading: what has to hold without PyTorch at hand."""

import copy
import pickle
import typing

import numpy as np
import pytest

import mibun as torch
from mibun import nn
from mibun.utils import data


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 3)
        self.second = nn.Linear(3, 1)
        self.register_buffer("scale", torch.tensor(2.0))
        self.register_buffer("hidden", torch.tensor(1.0), persistent=False)

    def forward(self, x):
        return self.second(torch.tanh(self.first(x))) * self.scale


def test_parameter():
    data_ = torch.tensor([1.0, 2.0])
    parameter = nn.Parameter(data_)
    assert isinstance(parameter, torch.Tensor) and parameter.is_leaf and parameter.requires_grad
    data_.mul_(2)
    assert parameter.tolist() == [2.0, 4.0] and parameter._version == 1  # shared memory, shared version
    assert repr(parameter) == "Parameter containing:\ntensor([2., 4.], requires_grad=True)"
    assert type(parameter * 1) is torch.Tensor and type(parameter.detach()) is torch.Tensor
    parameter.grad = torch.ones(2)
    for twin in (copy.deepcopy(parameter), pickle.loads(pickle.dumps(parameter))):
        assert type(twin) is nn.Parameter and twin.requires_grad and twin.grad is None
        assert twin.tolist() == parameter.tolist()
        assert not np.shares_memory(twin.detach().numpy(), parameter.detach().numpy())
    memo = {}
    assert copy.deepcopy([parameter, parameter], memo)[0] is not parameter
    with pytest.raises(RuntimeError, match="(?i)only Tensors of floating point"):
        nn.Parameter(torch.tensor([1, 2]))


def test_attributes_register():
    net = Net()
    assert [n for n, _ in net.named_parameters()] == ["first.weight", "first.bias", "second.weight", "second.bias"]
    assert [n for n, _ in net.named_buffers()] == ["scale", "hidden"]
    assert list(net.state_dict()) == [
        "scale",
        "first.weight",
        "first.bias",
        "second.weight",
        "second.bias",
    ]
    net.first = None
    assert net.first is None and [n for n, _ in net.named_parameters()] == ["second.weight", "second.bias"]
    net.extra = nn.Parameter(torch.ones(1))
    net.buffer = nn.Buffer(torch.ones(1), persistent=False)
    assert "extra" in net.state_dict() and "buffer" not in net.state_dict()
    del net.extra
    assert not hasattr(net, "extra")
    with pytest.raises(AttributeError, match="'Net' object has no attribute 'nothing'"):
        net.nothing  # noqa: B018
    net.shared = net.second
    assert len(list(net.parameters())) == 2 and len(list(net.modules())) == 2


def test_copies_are_independent():
    net = Net()
    x = torch.ones(4, 2)
    for twin in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert torch.equal(twin(x), net(x))
        with torch.no_grad():
            twin.first.weight.add_(1)
        assert not torch.equal(twin.first.weight, net.first.weight)


def test_conversion_keeps_parameters():
    net = Net()
    weight = net.first.weight
    net(torch.ones(1, 2)).sum().backward()
    grad = weight.grad
    net.double()
    assert net.first.weight is weight and weight.dtype == torch.float64
    assert weight.grad is grad and grad.dtype == torch.float64
    assert net.scale.dtype == torch.float64
    assert net(torch.ones(1, 2, dtype=torch.float64)).dtype == torch.float64
    with pytest.raises(TypeError, match="nn.Module.to only accepts floating point or complex dtypes"):
        net.to(torch.int32)


def test_failed_load_changes_nothing():
    net = Net()
    before = {k: v.clone() for k, v in net.state_dict().items()}
    wrong = {k: torch.zeros_like(v) for k, v in before.items()}
    wrong["second.bias"] = torch.zeros(7)
    with pytest.raises(RuntimeError, match="size mismatch for second.bias"):
        net.load_state_dict(wrong)
    with pytest.raises(RuntimeError, match="Missing key"):
        net.load_state_dict({"first.weight": torch.zeros(3, 2)})
    with pytest.raises(RuntimeError):
        net.load_state_dict(wrong, assign=True)
    assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())
    result = net.load_state_dict({"first.bias": torch.ones(3), "other": torch.ones(1)}, strict=False)
    assert net.first.bias.tolist() == [1, 1, 1]
    assert result.unexpected_keys == ["other"] and "scale" in result.missing_keys


def test_state_dict_hooks():
    net = nn.Linear(1, 1)
    net.register_state_dict_post_hook(lambda module, state, prefix, meta: state.pop(prefix + "bias") and None)
    net.register_load_state_dict_pre_hook(
        lambda module, state, prefix, *rest: state.setdefault(prefix + "bias", torch.ones(1)) and None
    )
    outer = nn.Sequential(net)
    assert list(outer.state_dict()) == ["0.weight"]
    outer.load_state_dict({"0.weight": torch.zeros(1, 1)})
    assert net.bias.item() == 1
    net.register_load_state_dict_post_hook(lambda module, keys: keys.missing_keys.clear())
    assert not outer.load_state_dict({}).missing_keys


def test_forward_hooks_in_order():
    layer = nn.Identity()
    calls = []
    layer.register_forward_pre_hook(lambda m, args: calls.append("pre") or (args[0] + 1,))
    layer.register_forward_hook(lambda m, args, out: calls.append("b") or out * 10)
    first = layer.register_forward_hook(lambda m, args, out: calls.append("a"), prepend=True)
    assert layer(torch.tensor(1.0)).item() == 20 and calls == ["pre", "a", "b"]
    first.remove()
    layer(torch.tensor(1.0))
    assert calls == ["pre", "a", "b", "pre", "b"]
    assert copy.deepcopy(layer)(torch.tensor(1.0)).item() == 20


def test_global_hooks():
    seen = []
    handle = nn.modules.module.register_module_forward_hook(lambda m, args, out: seen.append(type(m).__name__))
    try:
        nn.Sequential(nn.ReLU())(torch.ones(1))
    finally:
        handle.remove()
    nn.ReLU()(torch.ones(1))
    assert seen == ["ReLU", "Sequential"]


def test_always_called_hook():
    layer = nn.Linear(2, 2)
    seen = []
    layer.register_forward_hook(lambda m, args, out: seen.append(out), always_call=True)
    with pytest.raises(Exception):  # noqa: B017
        layer("no tensor")
    assert seen == [None]


def test_full_backward_hooks():
    layer = nn.Linear(2, 1, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[2.0, 3.0]]))
    seen = []
    layer.register_full_backward_hook(lambda m, gi, go: seen.append((gi[0].tolist(), go[0].tolist())) or (gi[0] * 10,))
    layer.register_full_backward_pre_hook(lambda m, go: (go[0] * 2,))
    x = torch.ones(1, 2, requires_grad=True)
    layer(x).sum().backward()
    assert seen == [([[4.0, 6.0]], [[2.0]])]
    assert x.grad.tolist() == [[40.0, 60.0]] and layer.weight.grad.tolist() == [[2.0, 2.0]]


def test_training_mode_and_freezing():
    net = nn.Sequential(nn.Dropout(0.5), nn.Linear(2, 2))
    assert net.eval() is net and not net[0].training
    x = torch.ones(3, 2)
    assert torch.equal(net[0](x), x)
    net.requires_grad_(False)
    assert not net(x).requires_grad
    net.requires_grad_()
    net(x).sum().backward()
    net.zero_grad(set_to_none=False)
    assert net[1].weight.grad.abs().sum().item() == 0
    net.zero_grad()
    assert net[1].weight.grad is None


def test_nested_repr():
    net = nn.Sequential(nn.Linear(1, 2), nn.ModuleList([nn.ReLU(), nn.ReLU()]))
    assert repr(net) == (
        "Sequential(\n  (0): Linear(in_features=1, out_features=2, bias=True)\n  (1): ModuleList(\n"
        "    (0-1): 2 x ReLU()\n  )\n)"
    )


def test_batch_norm_running_statistics():
    layer = nn.BatchNorm1d(1, momentum=None)
    for value in (1.0, 3.0):
        layer(torch.tensor([[value], [value + 2]]))
    assert layer.num_batches_tracked.item() == 2 and layer.running_mean.item() == pytest.approx(3.0)
    layer.eval()
    layer(torch.tensor([[100.0]]))
    assert layer.num_batches_tracked.item() == 2


def test_vector_of_parameters():
    net = nn.Linear(2, 2)
    vector = nn.utils.parameters_to_vector(net.parameters())
    assert vector.requires_grad and vector.shape == (6,)
    nn.utils.vector_to_parameters(torch.arange(6.0), net.parameters())
    assert net.bias.tolist() == [4, 5] and net.weight.requires_grad
    with pytest.raises(RuntimeError, match="invalid for input of size"):
        nn.utils.vector_to_parameters(torch.zeros(5), net.parameters())
    assert net.bias.tolist() == [4, 5]


def test_orthogonal_and_sparse():
    q = nn.init.orthogonal_(torch.empty(3, 5), gain=2)
    np.testing.assert_allclose((q @ q.T).numpy(), 4 * np.eye(3), atol=1e-5)
    s = nn.init.sparse_(torch.empty(10, 4), 0.3)
    assert (s == 0).sum(0).tolist() == [3, 3, 3, 3]
    t = nn.init.trunc_normal_(torch.empty(1000), 0.0, 1.0, -0.5, 0.7)
    assert t.min().item() >= -0.5 and t.max().item() <= 0.7


def test_data_loader():
    set_ = data.TensorDataset(torch.arange(10.0), torch.arange(10))
    batches = list(data.DataLoader(set_, 4, shuffle=True, generator=torch.Generator().manual_seed(1)))
    again = list(data.DataLoader(set_, 4, shuffle=True, generator=torch.Generator().manual_seed(1)))
    assert [len(x) for x, _ in batches] == [4, 4, 2]
    assert all(torch.equal(a, b) for (a, _), (b, _) in zip(batches, again, strict=True))
    assert sorted(torch.cat([y for _, y in batches]).tolist()) == list(range(10))
    parts = data.random_split(set_, [0.25, 0.75])
    assert sorted(parts[0].indices + parts[1].indices) == list(range(10))

    class Stream(data.IterableDataset):
        def __iter__(self):
            return iter(range(5))

    assert [b.tolist() for b in data.DataLoader(Stream(), 2)] == [[0, 1], [2, 3], [4]]


def test_modules_stay_on_the_cpu():
    layer = nn.Linear(1, 1)
    assert layer.cpu() is layer
    errors = {"cuda": AssertionError, "xpu": AssertionError, "mtia": AssertionError, "ipu": RuntimeError}
    for kind, error in errors.items():
        for device in (None, 0, kind):
            with pytest.raises(error, match=kind):
                getattr(layer, kind)(device)


def test_what_is_no_module_is_named():
    with pytest.raises(TypeError, match=r"^mibun\.nn\.modules\.activation\.ReLU is not a Module subclass"):
        nn.Sequential(nn.ReLU)
    with pytest.raises(TypeError, match="^int is not a Module subclass"):
        nn.ModuleList([1])


def test_forward_is_given_by_the_subclass():
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match=r'Module \[Empty\] is missing the required "forward" function'):
        Empty()(torch.ones(1))

    class Keyword(nn.Module):
        def forward(self, *, x):
            return x

    assert Keyword()(x=3) == 3
    assert nn.Module.__call__(nn.Identity(), 4) == 4


def test_the_default_distance_is_a_module():
    loss = nn.TripletMarginWithDistanceLoss()
    assert isinstance(loss.distance_function, nn.PairwiseDistance)
    assert "distance_function" in dict(loss.named_children())


def test_annotations_of_layers_resolve():
    """Names in the annotations of constructors exist, as tools that build programs from them need."""
    hints = typing.get_type_hints(nn.Conv2d.__init__)
    assert hints["kernel_size"] == int | tuple[int, ...]
    for name in nn.modules.__all__:
        kind = getattr(nn, name)
        typing.get_type_hints(kind.__init__)
        if issubclass(kind, nn.Module):
            typing.get_type_hints(kind.forward)
