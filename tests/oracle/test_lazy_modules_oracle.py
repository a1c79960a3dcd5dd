"""Lazy Modules and uninitialised parameters against PyTorch: what each becomes, starting values, saving, errors."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("torch")

import torch  # noqa: E402

import mibun  # noqa: E402
from oracle.both import assert_same  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")

LAYERS: dict[str, tuple[Callable, int]] = {"linear": (lambda m, **kw: m.nn.LazyLinear(3, **kw), 0)}
for _n in (1, 2, 3):
    LAYERS[f"conv{_n}"] = (lambda m, n=_n, **kw: getattr(m.nn, f"LazyConv{n}d")(4, 2, **kw), _n)
    LAYERS[f"transposed{_n}"] = (lambda m, n=_n, **kw: getattr(m.nn, f"LazyConvTranspose{n}d")(4, 2, **kw), _n)
    LAYERS[f"batch norm{_n}"] = (lambda m, n=_n, **kw: getattr(m.nn, f"LazyBatchNorm{n}d")(**kw), _n)
    LAYERS[f"instance norm{_n}"] = (lambda m, n=_n, **kw: getattr(m.nn, f"LazyInstanceNorm{n}d")(**kw), _n)
NORMS = [name for name in LAYERS if "norm" in name]
CONVOLUTIONS = [name for name in LAYERS if name.startswith(("conv", "trans"))]


def numbers(m: Any, n: int, channels: int = 2, **kw: Any) -> Any:
    return (
        m.arange(2.0 * channels * 3**n).view(2, channels, *[3] * n).sin().to(**kw) if n else m.ones(2, channels, **kw)
    )


def state(layer: Any) -> list[Any]:
    return [
        repr(layer),
        type(layer),
        {k: type(v).__name__ if hasattr(v, "cls_to_become") else v for k, v in layer.state_dict().items()},
        len(layer._forward_pre_hooks),
        len(layer._load_state_dict_pre_hooks),
        sorted(vars(layer)),
    ]


def first_call(m: Any, name: str, **kw: Any) -> list[Any]:
    make, n = LAYERS[name]
    layer = make(m, **kw)
    before = state(layer), layer.has_uninitialized_params()
    x = numbers(m, n, dtype=kw.get("dtype", m.float32)).requires_grad_()
    y = layer(x)
    y.square().sum().backward()
    return [before, state(layer), y, x.grad, [p.grad for p in layer.parameters()], layer(x)]


@pytest.mark.parametrize("name", LAYERS)
def test_first_call(name: str) -> None:
    assert_same(lambda m: first_call(m, name), rtol=1e-3, atol=1e-4)
    assert_same(lambda m: first_call(m, name, bias=False), rtol=1e-3, atol=1e-4)
    assert_same(lambda m: first_call(m, name, dtype=m.float64), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", NORMS)
def test_options_of_norms(name: str) -> None:
    for options in ({"affine": False}, {"track_running_stats": False}, {"affine": False, "track_running_stats": False}):
        assert_same(lambda m, options=options: first_call(m, name, **options), rtol=1e-3, atol=1e-3)
    assert_same(lambda m: first_call(m, name, momentum=None, eps=0.1), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_options_of_convolutions(name: str) -> None:
    assert_same(lambda m: first_call(m, name, groups=2, stride=2, padding=1))
    assert_same(lambda m: first_call(m, name, groups=4))
    assert_same(lambda m: first_call(m, name, padding_mode="foo"))
    make, n = LAYERS[name]
    assert_same(lambda m: make(m)(numbers(m, n)[0]).shape)
    assert_same(lambda m: make(m)(m.ones(3)))


USES: dict[str, Callable] = {
    "call": lambda m, make, n: state(make(m)),
    "state dict": lambda m, make, n: [type(v).__name__ for v in make(m).state_dict().values()],
    "reset": lambda m, make, n: make(m).reset_parameters(),
    "double": lambda m, make, n: [p.dtype for p in make(m).double().parameters()],
    "to": lambda m, make, n: [p.dtype for p in make(m).to(m.float64).parameters()],
    "deepcopy": lambda m, make, n: state(copy.deepcopy(make(m))),
    "zero_grad": lambda m, make, n: make(m).zero_grad(),
    "share_memory": lambda m, make, n: make(m).share_memory(),
    "requires_grad_": lambda m, make, n: make(m).requires_grad_(False),
    "optimizer": lambda m, make, n: len(m.optim.SGD(make(m).parameters(), lr=0.1).param_groups[0]["params"]),
    "vector": lambda m, make, n: m.nn.utils.parameters_to_vector(make(m).parameters()),
    "initialize_parameters": lambda m, make, n: initialized(m, make, n),
    "load": lambda m, make, n: loaded(m, make, n),
    "load, then call": lambda m, make, n: loaded(m, make, n, True),
    "load what is lazy": lambda m, make, n: str(make(m).load_state_dict(make(m).state_dict())),
    "load what is lazy into what is not": lambda m, make, n: called(m, make, n).load_state_dict(make(m).state_dict()),
    "load too little": lambda m, make, n: make(m).load_state_dict({}),
    "load something else": lambda m, make, n: make(m).load_state_dict({"foo": m.ones(1)}),
    "in a Sequential": lambda m, make, n: repr(sequential(m, make, n)),
}


def called(m: Any, make: Callable, n: int) -> Any:
    layer = make(m)
    layer(numbers(m, n))
    return layer


def initialized(m: Any, make: Callable, n: int) -> Any:
    layer = make(m)
    layer.initialize_parameters(numbers(m, n))
    before = state(layer)
    layer(numbers(m, n))
    return before, state(layer)


def loaded(m: Any, make: Callable, n: int, call: bool = False) -> Any:
    layer = make(m)
    layer.load_state_dict(called(m, make, n).state_dict())
    before = state(layer)
    if call:
        layer(numbers(m, n))
    return before, state(layer)


def sequential(m: Any, make: Callable, n: int) -> Any:
    network = m.nn.Sequential(make(m), m.nn.ReLU())
    network(numbers(m, n))
    return network


@pytest.mark.parametrize("use", USES)
def test_uses(use: str) -> None:
    """But where PyTorch cannot copy buffers without a shape, and leaves 0 for the channels that were loaded."""
    for name, (make, n) in LAYERS.items():
        if (use, name) in {("deepcopy", norm) for norm in NORMS} | {
            ("load, then call", other) for other in NORMS + CONVOLUTIONS
        }:
            continue
        assert_same(lambda m, make=make, n=n: USES[use](m, make, n), rtol=1e-4, atol=1e-4)


TENSORS: dict[str, Callable] = {
    "repr": repr,
    "data": lambda u: u.data,
    "looks": lambda u: [u.dtype, str(u.device), u.requires_grad, u.is_leaf, u.grad, u.ndim, str(u.layout)],
    "size": lambda u: u.size(),
    "to": lambda u: [u.double().dtype, u.half().dtype, u.long().dtype, type(u.cpu()).__name__],
    "copies": lambda u: [repr(copy.deepcopy(u)), copy.deepcopy(u).dtype, repr(pickle.loads(pickle.dumps(u)))],
    "materialize": lambda u: [u.materialize((2, 3)), type(u), u.shape, u.dtype, u.requires_grad],
    "hash": lambda u: hash(u) == id(u),
    **{
        name: lambda u, name=name: getattr(u, name)()
        for name in "numel detach clone zero_ stride item numpy __bool__ __len__ share_memory_ sum dim".split()
    },
    "shape": lambda u: u.shape,
    "add": lambda u: u + 1,
    "list": list,
}


@pytest.mark.parametrize("use", TENSORS)
def test_uninitialized_tensors(use: str) -> None:
    for name in ("UninitializedParameter", "UninitializedBuffer"):
        if name == "UninitializedBuffer" and use in ("data", "copies"):
            continue  # which PyTorch refuses
        assert_same(lambda m, name=name: TENSORS[use](getattr(m.nn, name)()))
        assert_same(lambda m, name=name: TENSORS[use](getattr(m.nn.parameter, name)(dtype=m.float64)))
        assert_same(lambda m, name=name: TENSORS[use](getattr(m.nn, name)(requires_grad=False)))


def test_other_dtypes() -> None:
    def program(m: Any, name: str) -> Any:
        tensor = getattr(m.nn, name)()
        tensor.materialize((2,), dtype=m.float64)
        return type(tensor), tensor.shape, tensor.dtype

    for name in ("UninitializedParameter", "UninitializedBuffer"):
        assert_same(lambda m, name=name: program(m, name))


def test_what_was_loaded_is_counted() -> None:
    layer, full = mibun.nn.LazyConv2d(4, 2, groups=2), mibun.nn.Conv2d(6, 4, 2, groups=2)
    layer.load_state_dict(full.state_dict())
    layer(mibun.ones(1, 6, 3, 3))
    assert layer.in_channels == 6 and repr(layer) == repr(full)
    assert repr(copy.deepcopy(mibun.nn.LazyBatchNorm1d())) == repr(mibun.nn.LazyBatchNorm1d())


def test_functions_refuse_them() -> None:
    assert_same(lambda m: m.sum(m.nn.UninitializedParameter()))
    assert_same(lambda m: m.nn.functional.relu(m.nn.UninitializedParameter()))
    assert_same(lambda m: [m.nn.parameter.is_lazy(x) for x in (m.nn.UninitializedBuffer(), m.ones(1), 3)])
    assert_same(lambda m: isinstance(m.nn.UninitializedBuffer(), m.nn.Buffer))


def own(m: Any, becomes: bool, enough: bool) -> Any:
    class Own(m.nn.modules.lazy.LazyModuleMixin, m.nn.Module):
        cls_to_become = m.nn.Identity if becomes else None

        def __init__(self) -> None:
            super().__init__()
            self.w = m.nn.UninitializedParameter()
            self.register_buffer("b", m.nn.UninitializedBuffer())

        def initialize_parameters(self, x: Any, scale: int = 1) -> None:
            self.w.materialize(x.shape[-1:])
            m.nn.init.ones_(self.w)
            if enough:
                self.b.materialize((scale,))

        def forward(self, x: Any, scale: int = 1) -> Any:
            return x * self.w * scale

    module = Own()
    result = module(m.ones(2), scale=3)
    return result, type(module), module.w, module.b.shape


def test_own_classes() -> None:
    for becomes in (True, False):
        for enough in (True, False):
            assert_same(lambda m, becomes=becomes, enough=enough: own(m, becomes, enough))

    def without(m: Any) -> Any:
        return type("Own", (m.nn.modules.lazy.LazyModuleMixin, m.nn.Module), {})()(m.ones(1))

    assert_same(without)


def test_a_load_that_fails_leaves_them_lazy() -> None:
    """In PyTorch they keep the shapes."""
    layer = mibun.nn.LazyLinear(3)
    with pytest.raises(RuntimeError, match="Missing key"):
        layer.load_state_dict({"weight": mibun.ones(3, 4)})
    assert all(mibun.nn.parameter.is_lazy(p) for p in layer.parameters())
    assert layer(mibun.ones(1, 5)).shape == (1, 3)


def test_signatures() -> None:
    for name in [n for n in dir(torch.nn) if n.startswith(("Lazy", "Uninitialized"))]:
        ours, theirs = (inspect.signature(getattr(m.nn, name)).parameters for m in (mibun, torch))
        assert [(p.name, p.kind, p.default) for p in ours.values()] == [
            (p.name, p.kind, p.default) for p in theirs.values()
        ]
