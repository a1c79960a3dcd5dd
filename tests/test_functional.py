"""The functions of neural networks: values against plain loops, gradients of two orders, edge cases, errors."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import mibun as torch
import mibun.nn.functional as F
from mibun.autograd import gradcheck, gradgradcheck

RNG = np.random.default_rng(0)


def tensor(*shape: int, grad: bool = True):
    return torch.from_numpy(RNG.standard_normal(shape)).requires_grad_(grad)


def loop_conv2d(x, w, b, stride, padding, dilation, groups):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    n, c, height, width = x.shape
    o, cg, kh, kw = w.shape
    oh, ow = ((s - dilation * (k - 1) - 1) // stride + 1 for s, k in ((height, kh), (width, kw)))
    out = np.zeros((n, o, oh, ow))
    for i, j, k in itertools.product(range(o), range(oh), range(ow)):
        first = i // (o // groups) * cg
        rows = slice(j * stride, j * stride + dilation * (kh - 1) + 1, dilation)
        columns = slice(k * stride, k * stride + dilation * (kw - 1) + 1, dilation)
        out[:, i, j, k] = (x[:, first : first + cg, rows, columns] * w[i]).sum((1, 2, 3)) + b[i]
    return out


@pytest.mark.parametrize(
    ("channels", "outputs", "groups", "stride", "padding", "dilation"),
    [(2, 4, 1, 1, 0, 1), (8, 3, 1, 1, 1, 1), (4, 6, 2, 2, 1, 1), (3, 3, 3, 1, 2, 2), (9, 2, 1, 1, 2, 2)],
)
def test_conv2d_equals_loops_and_has_derivatives(channels, outputs, groups, stride, padding, dilation):
    x, w, b = tensor(2, channels, 6, 5), tensor(outputs, channels // groups, 3, 2), tensor(outputs)
    out = F.conv2d(x, w, b, stride, padding, dilation, groups)
    expected = loop_conv2d(*(v.detach().numpy() for v in (x, w, b)), stride, padding, dilation, groups)
    np.testing.assert_allclose(out.detach().numpy(), expected, atol=1e-12)
    assert out.grad_fn.name() == "ConvolutionBackward0"
    small = (tensor(1, channels, 4, 4), tensor(outputs, channels // groups, 2, 2), tensor(outputs))

    def function(x, w, b):
        return F.conv2d(x, w, b, stride, padding, dilation, groups)

    assert gradcheck(function, small)
    assert gradgradcheck(function, small)


def test_transposed_convolution_is_the_transpose():
    for n in (1, 2, 3):
        conv, transposed = getattr(F, f"conv{n}d"), getattr(F, f"conv_transpose{n}d")
        x, w = tensor(2, 4, *[7] * n, grad=False), tensor(6, 2, *[3] * n, grad=False)
        y = conv(x, w, None, 2, 1, 1, 2)
        u = tensor(*y.shape, grad=False)
        back = transposed(u, w, None, 2, 1, 0, 2)
        assert back.shape == x.shape
        assert math.isclose((y * u).sum().item(), (x * back).sum().item(), rel_tol=1e-10)


def test_convolutions_take_unbatched_input_and_named_padding():
    x, w = tensor(3, 6, 6), tensor(2, 3, 2, 3)
    assert F.conv2d(x, w).shape == (2, 5, 4)
    assert F.conv2d(x, w, padding="same").shape == (2, 6, 6)
    assert torch.equal(F.conv2d(x, w, padding="valid"), F.conv2d(x.unsqueeze(0), w)[0])
    with pytest.raises(RuntimeError, match="padding='same' is not supported for strided convolutions"):
        F.conv2d(x, w, padding="same", stride=2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, w: F.conv2d(x[0, 0], w), "Expected 3D .unbatched. or 4D .batched. input to conv2d"),
        (lambda x, w: F.conv2d(x[:, :1], w), "Given groups=1, weight of size .* to have 2 channels, but got 1"),
        (lambda x, w: F.conv2d(x, w, w[0, 0, 0]), "expected bias to be 1-dimensional with 4 elements"),
        (lambda x, w: F.conv2d(x[..., :2], w), "Kernel size can't be greater than actual input size"),
        (lambda x, w: F.conv2d(x, w, stride=0), "non-positive stride is not supported"),
        (lambda x, w: F.conv2d(x, w, padding=-1), "negative padding is not supported"),
        (lambda x, w: F.conv2d(x.float(), w), "should be the same"),
        (lambda x, w: F.linear(x[0, 0], w[0, 0]), "mat1 and mat2 shapes cannot be multiplied"),
        (lambda x, w: F.max_pool2d(x, 2, padding=2), "pad should be at most half of effective kernel size"),
        (lambda x, w: F.max_pool2d(x, 9), "Output size is too small"),
        (lambda x, w: F.layer_norm(x, (3,)), "Given normalized_shape=.3., expected input with shape"),
        (lambda x, w: F.batch_norm(x, None, None), "running_mean must be defined in evaluation mode"),
        (lambda x, w: F.pad(x, (9, 9, 0, 0), mode="reflect"), "Padding size should be less than"),
    ],
)
def test_errors_say_what_does_not_fit(call, message):
    with pytest.raises((RuntimeError, NotImplementedError), match=message):
        call(tensor(1, 2, 5, 5, grad=False), tensor(4, 2, 3, 3, grad=False))


def test_linear_is_one_node_and_takes_any_number_of_dimensions():
    w, b = tensor(3, 4), tensor(3)
    out = F.linear(tensor(2, 4), w, b)
    assert out.grad_fn.name() == "AddmmBackward0"
    assert F.linear(tensor(2, 4), w).grad_fn.name() == "MmBackward0"
    for shape in ((4,), (2, 4), (2, 5, 4), (0, 4)):
        x = tensor(*shape)
        np.testing.assert_allclose(
            F.linear(x, w, b).detach().numpy(), x.detach().numpy() @ w.detach().numpy().T + b.detach().numpy()
        )
    assert gradcheck(F.linear, (tensor(2, 4), w, b))
    assert gradgradcheck(F.linear, (tensor(2, 4), w, b))


# --- pooling ---


def test_max_pool_first_of_equals_wins_and_nan_wins():
    x = torch.ones(1, 1, 2, 4).requires_grad_()
    out, indices = F.max_pool2d(x, 2, return_indices=True)
    out.sum().backward()
    assert indices.tolist() == [[[[0, 2]]]]
    assert x.grad.tolist() == [[[[1, 0, 1, 0], [0, 0, 0, 0]]]]
    values = torch.tensor([[[[1.0, math.nan], [5.0, 2.0]]]])
    assert math.isnan(F.max_pool2d(values, 2).item())
    low = torch.full((1, 1, 3, 3), -math.inf).requires_grad_()
    F.max_pool2d(low, 3, padding=1).sum().backward()
    assert low.grad[0, 0, 0, 0].item() == 1.0  # never the padding


def test_max_pool_returned_indices_unpool():
    x = tensor(2, 3, 6, 6, grad=False)
    out, indices = F.max_pool2d(x, 2, return_indices=True)
    restored = F.max_unpool2d(out, indices, 2)
    assert restored.shape == x.shape
    assert torch.equal(restored.abs().sum(), out.abs().sum())


@pytest.mark.parametrize("n", [1, 2, 3])
def test_pooling_derivatives(n):
    x = tensor(1, 2, *[5] * n)
    for function in (
        lambda x: getattr(F, f"max_pool{n}d")(x, 2, ceil_mode=True),
        lambda x: getattr(F, f"avg_pool{n}d")(x, 3, 2, 1, count_include_pad=False),
        lambda x: getattr(F, f"adaptive_avg_pool{n}d")(x, 3),
        lambda x: getattr(F, f"adaptive_max_pool{n}d")(x, 3),
    ):
        assert gradcheck(function, (x,))
        assert gradgradcheck(function, (x,))


def test_avg_pool_counts():
    x = torch.ones(1, 1, 3, 3)
    assert F.avg_pool2d(x, 2, 2, 1)[0, 0, 0, 0].item() == 0.25
    assert F.avg_pool2d(x, 2, 2, 1, count_include_pad=False)[0, 0, 0, 0].item() == 1.0
    assert F.avg_pool2d(x, 2, divisor_override=1).item() == 4.0


# --- losses ---


def test_cross_entropy_is_log_softmax_and_nll():
    scores, target = tensor(4, 5), torch.tensor([0, 4, 2, 2])
    loss = F.cross_entropy(scores, target)
    x = scores.detach().numpy()
    rows = np.log(np.exp(x).sum(1)) - x[np.arange(4), target.numpy()]
    assert math.isclose(loss.item(), rows.mean(), rel_tol=1e-12)
    assert loss.grad_fn.name() == "NllLossBackward0"
    assert loss.grad_fn.next_functions[0][0].name() == "LogSoftmaxBackward0"


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_cross_entropy_options(reduction, smoothing):
    weight = torch.from_numpy(RNG.uniform(0.5, 2, 4))
    for shape, target in (((3, 4), torch.tensor([1, -100, 3])), ((2, 4, 3), torch.tensor([[0, 1, -100], [3, 2, 1]]))):
        scores = tensor(*shape)

        def function(s, target=target):
            return F.cross_entropy(s, target, weight, reduction=reduction, label_smoothing=smoothing)

        assert gradcheck(function, (scores,))
        assert gradgradcheck(function, (scores,))


def test_cross_entropy_with_one_hot_probabilities_equals_classes():
    scores, target = tensor(3, 4, grad=False), torch.tensor([2, 0, 3])
    hot = F.one_hot(target, 4).double()
    assert math.isclose(F.cross_entropy(scores, hot).item(), F.cross_entropy(scores, target).item(), rel_tol=1e-12)


def test_cross_entropy_errors():
    scores = torch.zeros(2, 4)
    for target, error, message in (
        (torch.tensor([0, 4]), IndexError, "Target 4 is out of bounds"),
        (torch.tensor([0, -1]), IndexError, "Target -1 is out of bounds"),
        (torch.tensor([0, 1, 2]), ValueError, r"Expected input batch_size \(2\) to match target batch_size \(3\)"),
        (torch.tensor([0.0, 1.0]), RuntimeError, "expected target dtype to be Long or Byte, but got Float"),
    ):
        with pytest.raises(error, match=message):
            F.cross_entropy(scores, target)
    with pytest.raises(ValueError, match="is not a valid value for reduction"):
        F.cross_entropy(scores, torch.tensor([0, 1]), reduction="average")


def test_all_targets_ignored_is_nan_without_a_gradient():
    scores = tensor(2, 3)
    loss = F.cross_entropy(scores, torch.tensor([-100, -100]))
    loss.backward()
    assert math.isnan(loss.item())
    assert not scores.grad.any()


LOSSES = {
    "mse": F.mse_loss,
    "l1": F.l1_loss,
    "smooth_l1": F.smooth_l1_loss,
    "huber": F.huber_loss,
    "logits": F.binary_cross_entropy_with_logits,
    "poisson": F.poisson_nll_loss,
    "bce": lambda x, y, **k: F.binary_cross_entropy(x.sigmoid(), y.sigmoid(), **k),
    "kl": lambda x, y, **k: F.kl_div(x, y.exp(), **k),
}


@pytest.mark.filterwarnings("ignore:reduction")
@pytest.mark.parametrize("name", LOSSES)
def test_losses(name):
    x, y = tensor(3, 2), tensor(3, 2)
    for reduction in ("none", "mean", "sum"):

        def function(x, y, reduction=reduction):
            return LOSSES[name](x, y, reduction=reduction)

        assert gradcheck(function, (x, y))
    assert gradgradcheck(function, (x, y))
    none = LOSSES[name](x, y, reduction="none").detach().numpy()
    assert math.isclose(LOSSES[name](x, y).item(), none.mean(), rel_tol=1e-12)
    assert math.isclose(LOSSES[name](x, y, reduction="sum").item(), none.sum(), rel_tol=1e-12)


def test_mse_warns_when_shapes_differ():
    with pytest.warns(UserWarning, match="Using a target size"):
        F.mse_loss(torch.zeros(3), torch.zeros(2, 3))


# --- activations and normalisations ---


@pytest.mark.parametrize(
    "name",
    "silu gelu elu selu celu leaky_relu relu6 hardtanh hardswish hardsigmoid hardshrink softshrink tanhshrink softplus "
    "softsign logsigmoid mish glu softmin".split(),
)
def test_activation_derivatives(name):
    x = tensor(3, 4)
    arguments = (1,) if name == "softmin" else ()

    def function(x):
        return getattr(F, name)(x, *arguments)

    assert gradcheck(function, (x,))
    assert gradgradcheck(function, (x,))


def test_activations_in_place():
    for name in ("elu", "leaky_relu", "silu", "hardtanh", "mish", "relu"):
        x = tensor(5)
        out = getattr(F, name)(x)
        y = x * 1
        assert getattr(F, name)(y, inplace=True) is y
        assert torch.equal(out, y)
        grads = [torch.autograd.grad(v.sum(), x)[0] for v in (out, y)]
        np.testing.assert_allclose(grads[0].numpy(), grads[1].numpy(), rtol=1e-12)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, w, b: F.layer_norm(x, (4, 3), w.unsqueeze(1).expand(4, 3), b.unsqueeze(1).expand(4, 3)),
        lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True),
        lambda x, w, b: F.batch_norm(x, torch.zeros(4).double(), torch.ones(4).double(), w, b),
        lambda x, w, b: F.group_norm(x, 2, w, b),
        lambda x, w, b: F.instance_norm(x, weight=w, bias=b),
    ],
)
def test_normalisations_have_two_derivatives(function):
    inputs = (tensor(3, 4, 3), tensor(4), tensor(4))
    assert gradcheck(function, inputs)
    assert gradgradcheck(function, inputs)


def test_batch_norm_updates_running_statistics():
    x = tensor(10, 3, grad=False)
    mean, variance = torch.zeros(3).double(), torch.ones(3).double()
    F.batch_norm(x, mean, variance, training=True, momentum=0.1)
    np.testing.assert_allclose(mean.numpy(), 0.1 * x.numpy().mean(0))
    np.testing.assert_allclose(variance.numpy(), 0.9 + 0.1 * x.numpy().var(0, ddof=1))
    with pytest.raises(ValueError, match="Expected more than 1 value per channel when training"):
        F.batch_norm(x[:1], mean, variance, training=True)


def test_softmax_without_dim_warns():
    with pytest.warns(UserWarning, match="Implicit dimension choice for softmax"):
        F.softmax(torch.zeros(2, 3))
    assert F.softmax(torch.tensor([1, 2]), 0, dtype=torch.float64).dtype == torch.float64


# --- the rest ---


def test_dropout_scales_and_repeats_with_the_seed():
    x = torch.ones(1000)
    torch.manual_seed(5)
    first = F.dropout(x, 0.25)
    torch.manual_seed(5)
    assert torch.equal(first, F.dropout(x, 0.25))
    assert set(first.tolist()) == {0.0, float(np.float32(1) / np.float32(0.75))}
    assert F.dropout(x, 0.5, training=False) is x
    assert not F.dropout(x, 1.0).any()
    with pytest.raises(ValueError, match="dropout probability has to be between 0 and 1"):
        F.dropout(x, 1.5)


def test_embedding_gradients():
    table, index = tensor(4, 3), torch.tensor([[0, 2], [2, 1]])
    F.embedding(index, table, padding_idx=1).sum().backward()
    assert table.grad[:, 0].tolist() == [1, 0, 2, 0]
    assert gradgradcheck(lambda t: F.embedding(index, t, scale_grad_by_freq=False), (table,))
    with pytest.raises(IndexError, match="index out of range in self"):
        F.embedding(torch.tensor([4]), table)


@pytest.mark.parametrize("mode", ["constant", "reflect", "replicate", "circular"])
def test_pad(mode):
    x = tensor(1, 2, 3, 4)
    names = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    out = F.pad(x, (1, 2, 2, 0), mode)
    np.testing.assert_array_equal(
        out.detach().numpy(), np.pad(x.detach().numpy(), ((0, 0), (0, 0), (2, 0), (1, 2)), names[mode])
    )
    assert gradcheck(lambda x: F.pad(x, (1, 2, 2, 0), mode), (x,))
    assert gradgradcheck(lambda x: F.pad(x, (1, 2, 2, 0), mode), (x,))


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "bilinear", "bicubic", "area"])
def test_interpolate(mode):
    x = tensor(1, 2, 4, 3)
    assert F.interpolate(x, scale_factor=2, mode=mode).shape == (1, 2, 8, 6)
    assert torch.allclose(F.interpolate(x, size=(4, 3), mode=mode), x)
    assert gradcheck(lambda x: F.interpolate(x, size=(3, 5), mode=mode), (x,))
    with pytest.raises(ValueError, match="only one of size or scale_factor should be defined"):
        F.interpolate(x, 3, 2)


def test_unfold_and_fold_are_transposes():
    x = tensor(2, 3, 5, 6, grad=False)
    columns = F.unfold(x, (2, 3), 1, 1, 2)
    u = tensor(*columns.shape, grad=False)
    back = F.fold(u, (5, 6), (2, 3), 1, 1, 2)
    assert math.isclose((columns * u).sum().item(), (x * back).sum().item(), rel_tol=1e-10)


def test_attention_masks():
    q, k, v = (tensor(2, 3, 4) for _ in range(3))
    out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    np.testing.assert_allclose(out[:, 0].detach().numpy(), v[:, 0].detach().numpy())
    nothing = torch.zeros(3, 3, dtype=torch.bool)
    assert not F.scaled_dot_product_attention(q, k, v, nothing).any()
    assert gradcheck(lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True), (q, k, v))


def test_pixel_shuffle_inverts():
    x = tensor(1, 8, 3, 2)
    assert torch.equal(F.pixel_unshuffle(F.pixel_shuffle(x, 2), 2), x)
    assert F.pixel_shuffle(x, 2).shape == (1, 2, 6, 4)
