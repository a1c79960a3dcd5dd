"""The order of results in memory against installed PyTorch: strides, and what can be viewed.

Strides of axes of size 1 say nothing and are left out. Where PyTorch's result is contiguous, ours has to be, as it can
be viewed then in every shape.
"""

from __future__ import annotations

import warnings

import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle


def numbers(t, *shape):
    count = 1
    for n in shape:
        count *= n
    return t.arange(float(count)).reshape(shape) / 7


INPUTS = {
    "channels last": lambda t: numbers(t, 2, 3, 8, 6).contiguous(memory_format=t.channels_last),
    "contiguous": lambda t: numbers(t, 2, 3, 8, 6),
    "one image": lambda t: numbers(t, 1, 3, 8, 6).contiguous(memory_format=t.channels_last),
    "cropped": lambda t: numbers(t, 2, 3, 10, 9).contiguous(memory_format=t.channels_last)[:, :, 1:9, 2:8],
    "turned": lambda t: numbers(t, 2, 3, 8, 6).permute(0, 1, 3, 2),
}
VOLUMES = {
    "channels last": lambda t: numbers(t, 2, 3, 4, 5, 6).contiguous(memory_format=t.channels_last_3d),
    "contiguous": lambda t: numbers(t, 2, 3, 4, 5, 6),
}
OTHERS = {
    "matrix, transposed": lambda t: numbers(t, 3, 4).t(),
    "permuted": lambda t: numbers(t, 3, 4, 2).permute(2, 0, 1),
    "expanded": lambda t: numbers(t, 3, 1).expand(3, 4),
    "expanded image": lambda t: numbers(t, 1, 3, 1, 1).expand(2, 3, 4, 5),
    "every second": lambda t: numbers(t, 4, 6)[:, ::2],
    "transposed, every second": lambda t: numbers(t, 6, 8).t()[::2],
    "reversed image": lambda t: numbers(t, 2, 3, 4, 5).permute(3, 1, 0, 2),
    "empty": lambda t: numbers(t, 0, 3, 2),
    "0-d": lambda t: numbers(t, 1)[0],
}

# --- of any tensor ---

FUNCTIONS = {
    "clone": lambda t, x: x.clone(),
    "clone, contiguous": lambda t, x: x.clone(memory_format=t.contiguous_format),
    "clone, channels last": lambda t, x: x.clone(memory_format=t.channels_last),
    "double": lambda t, x: x.double(),
    "to, contiguous": lambda t, x: x.to(t.float64, memory_format=t.contiguous_format),
    "to, copied": lambda t, x: x.to(t.float32, copy=True),
    "to, channels last": lambda t, x: x.to(memory_format=t.channels_last),
    "to, the same": lambda t, x: x.to(memory_format=t.channels_last) is x,
    "half, channels last": lambda t, x: x.half(memory_format=t.channels_last),
    "contiguous": lambda t, x: x.contiguous(),
    "contiguous, channels last": lambda t, x: x.contiguous(memory_format=t.channels_last),
    "is_contiguous": lambda t, x: (x.is_contiguous(), x.is_contiguous(memory_format=t.channels_last)),
    "empty_like": lambda t, x: t.empty_like(x),
    "empty_like, dtype": lambda t, x: t.empty_like(x, dtype=t.float64),
    "zeros_like": lambda t, x: t.zeros_like(x),
    "zeros_like, contiguous": lambda t, x: t.zeros_like(x, memory_format=t.contiguous_format),
    "zeros_like, channels last": lambda t, x: t.zeros_like(x, memory_format=t.channels_last),
    "full_like": lambda t, x: t.full_like(x, 2.0),
    "rand_like": lambda t, x: t.rand_like(x),
    "new_zeros": lambda t, x: x.new_zeros(x.shape),
    "exp": lambda t, x: x.exp(),
    "neg": lambda t, x: -x,
    "add a number": lambda t, x: x + 1,
    "add itself": lambda t, x: x + x,
    "add another dtype": lambda t, x: x + x.double(),
    "relu": lambda t, x: x.relu(),
    "gelu": lambda t, x: t.nn.functional.gelu(x),
    "dropout": lambda t, x: t.nn.functional.dropout(x, 0.5),
    "clamp": lambda t, x: x.clamp(0, 1),
    "greater": lambda t, x: x > 1,
    "where": lambda t, x: t.where(x > 1, x, 0.0),
    "lerp": lambda t, x: t.lerp(x, x, 0.5),
    "masked_fill": lambda t, x: x.masked_fill(x > 1, 0),
    "softmax": lambda t, x: x.softmax(-1),
    "log_softmax": lambda t, x: x.log_softmax(0),
    "cumsum": lambda t, x: x.cumsum(0),
    "sum of the second": lambda t, x: x.sum(1),
    "mean of the last": lambda t, x: x.mean(-1),
    "amax of the first": lambda t, x: x.amax(0),
    "max of the first": lambda t, x: x.max(0)[0],
    "var": lambda t, x: x.var(0),
    "norm": lambda t, x: x.norm(dim=0),
    "any": lambda t, x: x.bool().any(0),
    "cat": lambda t, x: t.cat([x, x]),
    "gather": lambda t, x: x.gather(0, t.zeros_like(x, dtype=t.int64)),
    "repeat": lambda t, x: x.repeat(*[1] * x.dim()),
    "tril": lambda t, x: x.tril(),
    "copy_": lambda t, x: t.empty(x.shape).copy_(x),
    "add_": lambda t, x: x.clone().add_(1),
    "resize_": lambda t, x: x.clone().resize_(x.shape),
    "resize_, larger": lambda t, x: t.empty(0).resize_(x.shape, memory_format=t.contiguous_format),
    "resize_, channels last": lambda t, x: x.clone().resize_(x.shape, memory_format=t.channels_last),
    "resize_, kept": lambda t, x: x.clone().resize_(x.shape, memory_format=t.preserve_format),
    "resize_as_": lambda t, x: t.empty(0).resize_as_(x),
    "resize_as_, kept": lambda t, x: t.empty(0).resize_as_(x, memory_format=t.preserve_format),
    "gradient": lambda t, x: gradient(t, x.clone()),
}


def gradient(t, x):
    x = x.detach().requires_grad_()
    x.exp().sum().backward()
    return x.grad


# --- of images and volumes ---

IMAGE_LAYERS = {
    "Conv2d": lambda nn: nn.Conv2d(3, 4, 3, padding=1),
    "Conv2d, 1 by 1": lambda nn: nn.Conv2d(3, 4, 1),
    "Conv2d, depthwise": lambda nn: nn.Conv2d(3, 6, 3, groups=3),
    "ConvTranspose2d": lambda nn: nn.ConvTranspose2d(3, 4, 2, 2),
    "BatchNorm2d": lambda nn: nn.BatchNorm2d(3),
    "BatchNorm2d, evaluated": lambda nn: nn.BatchNorm2d(3).eval(),
    "BatchNorm2d, no weight": lambda nn: nn.BatchNorm2d(3, affine=False),
    "GroupNorm": lambda nn: nn.GroupNorm(1, 3),
    "MaxPool2d": lambda nn: nn.MaxPool2d(2),
    "MaxPool2d, indices": lambda nn: nn.MaxPool2d(2, return_indices=True),
    "AvgPool2d": lambda nn: nn.AvgPool2d(2),
    "AdaptiveAvgPool2d": lambda nn: nn.AdaptiveAvgPool2d(2),
    "AdaptiveAvgPool2d, 1": lambda nn: nn.AdaptiveAvgPool2d(1),
    "AdaptiveMaxPool2d": lambda nn: nn.AdaptiveMaxPool2d(2),
    "LPPool2d": lambda nn: nn.LPPool2d(2, 2),
    "nearest": lambda nn: nn.Upsample(scale_factor=2),
    "bilinear": lambda nn: nn.Upsample(scale_factor=2, mode="bilinear"),
    "bicubic": lambda nn: nn.Upsample(scale_factor=2, mode="bicubic"),
    "area": lambda nn: nn.Upsample(size=(3, 3), mode="area"),
    "PixelUnshuffle": lambda nn: nn.PixelUnshuffle(2),
    "ChannelShuffle": lambda nn: nn.ChannelShuffle(3),
    "ReLU": lambda nn: nn.ReLU(),
    "PReLU": lambda nn: nn.PReLU(3),
    "ZeroPad2d": lambda nn: nn.ZeroPad2d(1),
    "ReflectionPad2d": lambda nn: nn.ReflectionPad2d(1),
    "ReplicationPad2d": lambda nn: nn.ReplicationPad2d(1),
    "CircularPad2d": lambda nn: nn.CircularPad2d(1),
    "Softmax2d": lambda nn: nn.Softmax2d(),
    "Dropout2d": lambda nn: nn.Dropout2d(),
    "Flatten": lambda nn: nn.Flatten(),
    "a network": lambda nn: nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2)),
}
VOLUME_LAYERS = {
    "Conv3d": lambda nn: nn.Conv3d(3, 2, 2),
    "ConvTranspose3d": lambda nn: nn.ConvTranspose3d(3, 2, 2),
    "BatchNorm3d": lambda nn: nn.BatchNorm3d(3),
    "MaxPool3d": lambda nn: nn.MaxPool3d(2),
    "AvgPool3d": lambda nn: nn.AvgPool3d(2),
    "AdaptiveAvgPool3d": lambda nn: nn.AdaptiveAvgPool3d(2),
    "AdaptiveMaxPool3d": lambda nn: nn.AdaptiveMaxPool3d(2),
    "nearest": lambda nn: nn.Upsample(scale_factor=2),
    "trilinear": lambda nn: nn.Upsample(scale_factor=2, mode="trilinear"),
    "ReplicationPad3d": lambda nn: nn.ReplicationPad3d(1),
    "ReflectionPad3d": lambda nn: nn.ReflectionPad3d(1),
}


def in_memory(t, value):
    if isinstance(value, (tuple, list)):
        return [in_memory(t, item) for item in value]
    if not isinstance(value, t.Tensor):
        return value
    strides = [stride for size, stride in zip(value.shape, value.stride(), strict=True) if size > 1]
    return tuple(value.shape), strides if value.numel() else None, value.is_contiguous()


def result(t, layer, make):
    return layer(t.nn)(make(t))


def outcome(t, call, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return in_memory(t, call(t, *arguments))
        except Exception as error:
            return type(error)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name):
    function = FUNCTIONS[name]
    for case, make in {**INPUTS, **OTHERS, **VOLUMES}.items():
        ours, theirs = [outcome(t, lambda t, make: function(t, make(t)), make) for t in (mibun, torch)]
        assert ours == theirs, case


@pytest.mark.parametrize(
    "layers, inputs", [(IMAGE_LAYERS, INPUTS), (VOLUME_LAYERS, VOLUMES)], ids=["images", "volumes"]
)
def test_layers(layers, inputs):
    for name, layer in layers.items():
        for case, make in inputs.items():
            ours, theirs = [outcome(t, result, layer, make) for t in (mibun, torch)]
            assert ours == theirs, (name, case)


def leaf_gradients(t, layer, make):
    module = layer(t.nn)
    x = make(t).detach().clone().requires_grad_()
    out = module(x)
    (out[0] if isinstance(out, tuple) else out).sum().backward()
    return [x.grad, *[p.grad for p in module.parameters()]]


def test_gradients_of_leaves():
    for name, layer in IMAGE_LAYERS.items():
        for case, make in INPUTS.items():
            ours, theirs = [outcome(t, leaf_gradients, layer, make) for t in (mibun, torch)]
            assert ours == theirs, (name, case)


def modules(t):
    last = t.channels_last
    network = t.nn.Sequential(t.nn.Conv2d(3, 4, 3), t.nn.BatchNorm2d(4), t.nn.Linear(2, 3))
    yield from network.to(memory_format=last).state_dict().values()
    yield from t.nn.Conv2d(3, 4, 3).to(memory_format=last).double().state_dict().values()
    moved = t.nn.Conv2d(3, 4, 3).to(memory_format=last)
    moved.load_state_dict(t.nn.Conv2d(3, 4, 3).state_dict())
    yield from moved.state_dict().values()
    optimizer = t.optim.Adam(moved.parameters())
    out = moved(INPUTS["contiguous"](t))
    yield out
    out.sum().backward()
    optimizer.step()
    for state in optimizer.state.values():
        yield state["exp_avg"]
    yield from [p.grad for p in moved.parameters()]


def test_modules():
    assert in_memory(mibun, list(modules(mibun))) == in_memory(torch, list(modules(torch)))


def test_a_format_changes_no_value():
    for layers, inputs in ((IMAGE_LAYERS, INPUTS), (VOLUME_LAYERS, VOLUMES)):
        for layer in layers.values():
            mibun.manual_seed(0)
            module = layer(mibun.nn)
            values = []
            for memory_format in (None, mibun.channels_last if inputs is INPUTS else mibun.channels_last_3d):
                mibun.manual_seed(1)
                x = inputs["contiguous"](mibun)
                out = module(x if memory_format is None else x.contiguous(memory_format=memory_format))
                values.append(out[0] if isinstance(out, tuple) else out)
            assert mibun.allclose(*values, atol=1e-5)
