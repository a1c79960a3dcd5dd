"""Layers against installed PyTorch: starting values bit by bit, state dicts, printed forms, outputs, gradients, errors.

A case is a function `(nn, torch)` that makes the layer, and one `(torch)` that makes its inputs; both run on either
library.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

import mibun  # noqa: E402
import mibun.nn.utils.rnn  # noqa: E402

pytestmark = pytest.mark.oracle


def floats(*shape: int, seed: int = 0, grad: bool = True) -> Any:
    """A recipe for a float32 tensor, the same for both libraries."""
    values = np.random.default_rng(seed + sum(shape)).normal(size=shape).astype(np.float32)

    def make(torch: Any) -> Any:
        tensor = torch.from_numpy(values.copy())
        return tensor.requires_grad_() if grad else tensor

    return make


def ints(values: Any) -> Any:
    return lambda torch: torch.tensor(values)


def several(*recipes: Any) -> Any:
    return lambda torch: tuple(recipe(torch) for recipe in recipes)


def packed(*shape: int, lengths: Any, batch_first: bool = False, enforce_sorted: bool = False) -> Any:
    def make(torch: Any) -> Any:
        return torch.nn.utils.rnn.pack_padded_sequence(
            floats(*shape)(torch), lengths, batch_first=batch_first, enforce_sorted=enforce_sorted
        )

    return make


Q = floats(5, 2, 4)
CAUSAL = np.triu(np.full((5, 5), -np.inf, np.float32), 1)
PADDED = np.array([[0, 0, 0, 0, 1], [0, 0, 0, 1, 1]], bool)


class Called:
    """Multi-head attention called with masks and options."""

    def __init__(self, layer: Any, mask: Any = None, padding: Any = None, **options: Any) -> None:
        self.layer, self.mask, self.padding, self.options = layer, mask, padding, options
        self.state_dict, self.parameters = layer.state_dict, layer.parameters

    def __call__(self, query: Any, key: Any, value: Any) -> Any:
        torch = mibun if isinstance(query, mibun.Tensor) else real_torch
        options = dict(self.options)
        if self.mask is not None:
            options["attn_mask"] = torch.from_numpy(self.mask)
        if self.padding is not None:
            options["key_padding_mask"] = torch.from_numpy(self.padding)
        return self.layer(query, key, value, **options)

    def __repr__(self) -> str:
        return repr(self.layer)


LAYERS: dict[str, tuple] = {
    "LSTM": (lambda nn: nn.LSTM(3, 4), [floats(5, 2, 3)]),
    "LSTM-state": (lambda nn: nn.LSTM(3, 4), [floats(5, 2, 3), several(floats(1, 2, 4), floats(1, 2, 4, seed=1))]),
    "LSTM-unbatched": (lambda nn: nn.LSTM(3, 4, batch_first=True), [floats(5, 3)]),
    "LSTM-unbatched-state": (lambda nn: nn.LSTM(3, 4), [floats(5, 3), several(floats(1, 4), floats(1, 4, seed=1))]),
    "LSTM-deep": (lambda nn: nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True), [floats(2, 5, 3)]),
    "LSTM-projected": (lambda nn: nn.LSTM(3, 4, 2, bidirectional=True, proj_size=2), [floats(5, 2, 3)]),
    "LSTM-dropout": (lambda nn: nn.LSTM(3, 4, 2, dropout=0.5), [floats(5, 2, 3)]),
    "LSTM-packed": (lambda nn: nn.LSTM(3, 4, 2, bidirectional=True), [packed(5, 3, 3, lengths=[2, 5, 3])]),
    "LSTM-packed-state": (
        lambda nn: nn.LSTM(3, 4, bidirectional=True),
        [packed(5, 3, 3, lengths=[2, 5, 3]), several(floats(2, 3, 4), floats(2, 3, 4, seed=1))],
    ),
    "LSTM-packed-sorted": (
        lambda nn: nn.LSTM(3, 4, bias=False),
        [packed(5, 3, 3, lengths=[5, 5, 1], enforce_sorted=True)],
    ),
    "GRU": (lambda nn: nn.GRU(3, 4, 2, bidirectional=True), [floats(5, 2, 3)]),
    "GRU-plain": (lambda nn: nn.GRU(3, 4), [floats(5, 2, 3), floats(1, 2, 4)]),
    "GRU-packed": (lambda nn: nn.GRU(3, 4, bias=False), [packed(3, 5, 3, lengths=[2, 5, 3], batch_first=True)]),
    "RNN": (lambda nn: nn.RNN(3, 4, 2), [floats(5, 2, 3)]),
    "RNN-relu": (lambda nn: nn.RNN(3, 4, nonlinearity="relu", bias=False, batch_first=True), [floats(2, 5, 3)]),
    "LSTMCell": (lambda nn: nn.LSTMCell(3, 4), [floats(2, 3)]),
    "LSTMCell-state": (lambda nn: nn.LSTMCell(3, 4), [floats(3), several(floats(4), floats(4, seed=1))]),
    "GRUCell": (lambda nn: nn.GRUCell(3, 4, bias=False), [floats(2, 3), floats(2, 4)]),
    "RNNCell": (lambda nn: nn.RNNCell(3, 4, nonlinearity="relu"), [floats(2, 3), floats(2, 4)]),
    "Fold": (lambda nn: nn.Fold((4, 5), (2, 3), padding=1), [floats(2, 12, 25)]),
    "Unfold": (lambda nn: nn.Unfold((2, 3), stride=2), [floats(2, 2, 4, 5)]),
    "Upsample": (lambda nn: nn.Upsample(scale_factor=2), [floats(2, 2, 3)]),
    "Upsample-size": (lambda nn: nn.Upsample(size=(3, 4), mode="bilinear", align_corners=True), [floats(1, 2, 5, 5)]),
    "Upsample-factors": (lambda nn: nn.Upsample(scale_factor=(2, 1.5)), [floats(1, 2, 5, 5)]),
    "UpsamplingNearest2d": (lambda nn: nn.UpsamplingNearest2d(scale_factor=2), [floats(1, 2, 3, 3)]),
    "UpsamplingBilinear2d": (lambda nn: nn.UpsamplingBilinear2d(size=4), [floats(1, 2, 3, 3)]),
    "PixelShuffle": (lambda nn: nn.PixelShuffle(2), [floats(1, 8, 2, 3)]),
    "PixelUnshuffle": (lambda nn: nn.PixelUnshuffle(2), [floats(1, 2, 4, 6)]),
    "ChannelShuffle": (lambda nn: nn.ChannelShuffle(2), [floats(1, 4, 3)]),
    "EmbeddingBag": (lambda nn: nn.EmbeddingBag(5, 3), [ints([1, 2, 4, 1]), ints([0, 3])]),
    "EmbeddingBag-max": (lambda nn: nn.EmbeddingBag(5, 3, mode="max", padding_idx=-1), [ints([[1, 2], [4, 1]])]),
    "EmbeddingBag-sum": (
        lambda nn: nn.EmbeddingBag(5, 3, mode="sum", include_last_offset=True, norm_type=1.0),
        [ints([1, 2, 4, 1]), ints([0, 1, 4]), floats(4)],
    ),
    "MaxUnpool1d": (lambda nn: nn.MaxUnpool1d(2), [floats(1, 2, 3), ints([[[0, 3, 4], [1, 2, 5]]])]),
    "MaxUnpool2d": (lambda nn: nn.MaxUnpool2d((2, 1), stride=2), [floats(1, 1, 2, 2), ints([[[[0, 2], [6, 8]]]])]),
    "MaxUnpool3d": (lambda nn: nn.MaxUnpool3d(2), [floats(1, 1, 1, 1, 2), ints([[[[[0, 2]]]]])]),
    "FractionalMaxPool2d": (lambda nn: nn.FractionalMaxPool2d(2, output_size=(3, 4)), [floats(2, 3, 7, 9)]),
    "FractionalMaxPool2d-ratio": (
        lambda nn: nn.FractionalMaxPool2d((2, 3), output_ratio=(0.5, 0.7), return_indices=True),
        [floats(2, 3, 9, 11)],
    ),
    "FractionalMaxPool2d-unbatched": (lambda nn: nn.FractionalMaxPool2d(3, output_size=(3, 1)), [floats(2, 7, 9)]),
    "FractionalMaxPool3d": (
        lambda nn: nn.FractionalMaxPool3d((2, 1, 3), output_size=(2, 3, 4), return_indices=True),
        [floats(1, 2, 6, 7, 9)],
    ),
    "AdaptiveLogSoftmaxWithLoss": (
        lambda nn: nn.AdaptiveLogSoftmaxWithLoss(8, 12, [2, 5], 2.0),
        [floats(6, 8), ints([0, 11, 3, 5, 1, 4])],
    ),
    "AdaptiveLogSoftmaxWithLoss-one": (
        lambda nn: nn.AdaptiveLogSoftmaxWithLoss(8, 12, [2, 5], 2.0, head_bias=True),
        [floats(8), ints(7)],
    ),
    "CTCLoss": (lambda nn: nn.CTCLoss(), [floats(6, 2, 4), ints([[1, 2], [3, 3]]), ints([6, 5]), ints([2, 2])]),
    "MultiheadAttention": (lambda nn: nn.MultiheadAttention(4, 2), [Q, Q, Q]),
    "MultiheadAttention-keys": (
        lambda nn: nn.MultiheadAttention(4, 2, bias=False, batch_first=True),
        [floats(2, 5, 4), floats(2, 3, 4), floats(2, 3, 4, seed=1)],
    ),
    "MultiheadAttention-sizes": (
        lambda nn: nn.MultiheadAttention(4, 2, kdim=3, vdim=5, add_bias_kv=True, add_zero_attn=True),
        [Q, floats(3, 2, 3), floats(3, 2, 5)],
    ),
    "MultiheadAttention-unbatched": (
        lambda nn: nn.MultiheadAttention(4, 2),
        [floats(5, 4), floats(3, 4), floats(3, 4)],
    ),
    "MultiheadAttention-masks": (
        lambda nn: Called(nn.MultiheadAttention(4, 2, add_zero_attn=True), CAUSAL, PADDED),
        [Q, Q, Q],
    ),
    "MultiheadAttention-fast": (
        lambda nn: Called(nn.MultiheadAttention(4, 2), CAUSAL, PADDED, need_weights=False),
        [Q, Q, Q],
    ),
    "MultiheadAttention-each": (
        lambda nn: Called(nn.MultiheadAttention(4, 2, dropout=0.5), average_attn_weights=False),
        [Q, Q, Q],
    ),
    "MultiheadAttention-causal": (
        lambda nn: Called(nn.MultiheadAttention(4, 2), CAUSAL, need_weights=False, is_causal=True),
        [Q, Q, Q],
    ),
    "TransformerEncoderLayer": (lambda nn: nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0), [Q]),
    "TransformerEncoderLayer-norm": (
        lambda nn: nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, activation="gelu", norm_first=True, bias=False),
        [Q],
    ),
    "TransformerDecoderLayer": (lambda nn: nn.TransformerDecoderLayer(4, 2, 8, dropout=0.0), [Q, floats(3, 2, 4)]),
    "TransformerEncoder": (
        lambda nn: nn.TransformerEncoder(
            nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, batch_first=True), 2, nn.LayerNorm(4)
        ),
        [floats(2, 5, 4)],
    ),
    "Transformer": (lambda nn: nn.Transformer(4, 2, 1, 2, 8, dropout=0.0), [Q, floats(3, 2, 4)]),
    "Transformer-dropout": (lambda nn: nn.Transformer(4, 2, 1, 1, 8, batch_first=True), [Q, floats(5, 3, 4)]),
}


def tensors(value: Any) -> list:
    """The tensors in a result, in order."""
    if isinstance(value, (tuple, list)):
        return [tensor for part in value for tensor in tensors(part)]
    return [value] if hasattr(value, "requires_grad") else []


def run(torch: Any, make: Any, recipes: list) -> dict[str, Any]:
    torch.manual_seed(3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        layer = make(torch.nn)
        state = {name: value.detach().numpy().copy() for name, value in layer.state_dict().items()}
        inputs = [recipe(torch) for recipe in recipes]
        output = layer(*inputs)
    found = tensors(output)
    leaves = [*layer.parameters(), *[t for t in tensors(inputs) if t.requires_grad]]
    loss = sum(((t * t).sum() * (i + 1) for i, t in enumerate(found) if t.requires_grad), torch.zeros(()))
    grads = torch.autograd.grad(loss, leaves, allow_unused=True) if loss.requires_grad else []
    return {
        "repr": repr(layer),
        "state": state,
        "output": found,
        "grads": grads,
        "names": [t.grad_fn and t.grad_fn.name() for t in found],
        "kind": type(output).__name__,
    }


@pytest.mark.parametrize("name", LAYERS)
def test_layer(name: str) -> None:
    make, recipes = LAYERS[name]
    ours, theirs = run(mibun, make, recipes), run(real_torch, make, recipes)
    assert ours["repr"] == theirs["repr"]
    assert ours["kind"] == theirs["kind"]
    assert list(ours["state"]) == list(theirs["state"])
    for key, value in theirs["state"].items():
        np.testing.assert_array_equal(ours["state"][key], value, err_msg=key)
    for what in ("output", "grads"):
        assert len(ours[what]) == len(theirs[what])
        for i, (one, other) in enumerate(zip(ours[what], theirs[what], strict=True)):
            assert (one is None) == (other is None), f"{what} {i}"
            if one is not None:
                assert str(one.dtype)[-7:] == str(other.dtype)[-7:]
                np.testing.assert_allclose(
                    one.detach().numpy(), other.detach().numpy(), rtol=2e-4, atol=1e-5, err_msg=f"{what} {i}"
                )
