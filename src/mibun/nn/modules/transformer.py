"""The Transformer of Vaswani et al. (2017): encoder and decoder layers, stacks of them, and both together."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from ...core.tensor import Tensor
from ...ops.nn.multihead import additive_mask
from .. import functional as F
from .. import init
from ..common_types import Device, DType
from ..factories import full
from .attention import MultiheadAttention
from .container import ModuleList
from .dropout import Dropout
from .linear import Linear
from .module import Module
from .normalization import LayerNorm
from .piecewise_linear import ReLU
from .smooth_activation import GELU

_Activation = str | Callable[[Tensor], Tensor]


_RELU, _GELU = F.relu, F.gelu  # as they are in the defaults, also when `overrides` has exchanged the functions of `F`


def _number_of(activation: Any) -> int:
    if activation in (F.relu, _RELU) or isinstance(activation, ReLU):
        return 1
    return 2 if activation in (F.gelu, _GELU) or isinstance(activation, GELU) else 0


def _get_activation_fn(activation: _Activation) -> Callable[[Tensor], Tensor]:
    if not isinstance(activation, str):
        return activation
    if activation not in ("relu", "gelu"):
        raise RuntimeError(f"activation should be relu/gelu, not {activation}")
    return F.relu if activation == "relu" else F.gelu


def _generate_square_subsequent_mask(sz: int, device: Device = None, dtype: DType = None) -> Tensor:
    """(sz, sz), -inf above the diagonal and 0 elsewhere: position i sees those up to i."""
    return full((sz, sz), float("-inf"), dtype=dtype, device=device).triu(diagonal=1)


def _detect_is_causal_mask(mask: Tensor | None, is_causal: bool | None = None, size: int | None = None) -> bool:
    """Whether a mask is the causal one: as the caller says, else by comparing."""
    if is_causal is not None:
        return is_causal
    if mask is None or size is None:
        return False
    wanted = _generate_square_subsequent_mask(size, dtype=mask.dtype if mask.is_floating_point() else None)
    return tuple(mask.shape) == tuple(wanted.shape) and bool(mask.equal(wanted))


def _get_seq_len(src: Tensor, batch_first: bool) -> int:
    return src.shape[0] if src.dim() == 2 or not batch_first else src.shape[1]


class _TransformerLayer(Module):
    """What encoder and decoder layers share: the parts, in the order in which PyTorch registers them, and their use.

    Each attention, and the feed-forward network after them, has a LayerNorm and a Dropout of its own, with its number.
    """

    __constants__ = ["norm_first"]
    _attentions: tuple[str, ...] = ()
    self_attn: MultiheadAttention
    norm1: LayerNorm
    norm2: LayerNorm
    dropout1: Dropout
    dropout2: Dropout
    norm_first: bool

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: _Activation = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        parts = range(1, len(self._attentions) + 2)
        for name in self._attentions:
            setattr(self, name, MultiheadAttention(d_model, nhead, dropout, bias=bias, batch_first=batch_first, **kind))
        self.linear1 = Linear(d_model, dim_feedforward, bias=bias, **kind)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias=bias, **kind)
        self.norm_first = norm_first
        for i in parts:
            setattr(self, f"norm{i}", LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **kind))
        for i in parts:
            setattr(self, f"dropout{i}", Dropout(dropout))
        self.activation = _get_activation_fn(activation)
        if len(self._attentions) == 1:
            # For PyTorch, which asks encoder layers when one is loaded there: 1 for relu, 2 for gelu.
            self.activation_relu_or_gelu = _number_of(self.activation)

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        if "activation" not in self.__dict__ and "activation" not in self._modules:
            self.activation = F.relu  # a pickle of before there was a choice

    def _attend(
        self,
        attention: MultiheadAttention,
        x: Tensor,
        memory: Tensor,
        mask: Tensor | None,
        padding: Tensor | None,
        is_causal: bool,
    ) -> Tensor:
        output, _ = attention(
            x, memory, memory, attn_mask=mask, key_padding_mask=padding, need_weights=False, is_causal=is_causal
        )
        return output

    def _sa_block(self, x: Tensor, mask: Tensor | None, padding: Tensor | None, is_causal: bool = False) -> Tensor:
        return self.dropout1(self._attend(self.self_attn, x, x, mask, padding, is_causal))

    def _feed_forward(self, x: Tensor) -> Tensor:
        return self.linear2(self.dropout(self.activation(self.linear1(x))))


class TransformerEncoderLayer(_TransformerLayer):
    """Self-attention and a feed-forward network, each with dropout, a residual connection and a `LayerNorm`.

    Args:
        d_model, nhead: the size of an element of the sequence, and the number of heads.
        dim_feedforward: the size between the two linear maps of the feed-forward network.
        dropout: the probability of each `Dropout`.
        activation: between those maps: "relu", "gelu" or a function; RuntimeError for other names.
        layer_norm_eps, bias: of the parts. batch_first: sequences are (N, S, d_model) instead.
        norm_first: `x + f(norm(x))` for each part f, instead of `norm(x + f(x))`.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        src (S, N, d_model) or (S, d_model), output the same. Masks as of `MultiheadAttention`.

    Source: Vaswani et al., Attention Is All You Need, 2017.

    >>> import mibun as torch
    >>> torch.nn.TransformerEncoderLayer(8, 2)(torch.zeros(5, 3, 8)).shape
    torch.Size([5, 3, 8])
    """

    _attentions = ("self_attn",)

    def forward(
        self,
        src: Tensor,
        src_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool = False,
    ) -> Tensor:
        """The sequence of the same shape. Masks as of `MultiheadAttention`."""
        padding = additive_mask(src_key_padding_mask, "src_key_padding_mask", src_mask, "src_mask", src.dtype)
        src_mask = additive_mask(src_mask, "src_mask", None, "", src.dtype, check_other=False)
        x: Any = src
        if self.norm_first:
            x = x + self._sa_block(self.norm1(x), src_mask, padding, is_causal)
            return x + self._ff_block(self.norm2(x))
        x = self.norm1(x + self._sa_block(x, src_mask, padding, is_causal))
        return self.norm2(x + self._ff_block(x))

    def _ff_block(self, x: Tensor) -> Tensor:
        return self.dropout2(self._feed_forward(x))


class TransformerDecoderLayer(_TransformerLayer):
    """Self-attention, attention to the encoder's output and a feed-forward network, as `TransformerEncoderLayer`.

    Args:
        d_model, nhead: the size of an element of the sequence, and the number of heads.
        dim_feedforward: the size between the two linear maps of the feed-forward network.
        dropout: the probability of each `Dropout`.
        activation: between those maps: "relu", "gelu" or a function; RuntimeError for other names.
        layer_norm_eps, bias: of the parts. batch_first: sequences are (N, S, d_model) instead.
        norm_first: `x + f(norm(x))` for each part f, instead of `norm(x + f(x))`.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        tgt (T, N, d_model), memory (S, N, d_model), or both without N; output as tgt. Masks as of `MultiheadAttention`.

    Source: Vaswani et al., Attention Is All You Need, 2017.

    >>> import mibun as torch
    >>> torch.nn.TransformerDecoderLayer(8, 2)(torch.zeros(4, 3, 8), torch.zeros(5, 3, 8)).shape
    torch.Size([4, 3, 8])
    """

    _attentions = ("self_attn", "multihead_attn")
    multihead_attn: MultiheadAttention
    norm3: LayerNorm
    dropout3: Dropout

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """The target sequence, of the same shape; `memory` is the encoder's output."""
        own = (tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        other = (memory_mask, memory_key_padding_mask, memory_is_causal)
        x: Any = tgt
        if self.norm_first:
            x = x + self._sa_block(self.norm1(x), *own)
            x = x + self._mha_block(self.norm2(x), memory, *other)
            return x + self._ff_block(self.norm3(x))
        x = self.norm1(x + self._sa_block(x, *own))
        x = self.norm2(x + self._mha_block(x, memory, *other))
        return self.norm3(x + self._ff_block(x))

    def _mha_block(
        self, x: Tensor, memory: Tensor, mask: Tensor | None, padding: Tensor | None, is_causal: bool = False
    ) -> Tensor:
        return self.dropout2(self._attend(self.multihead_attn, x, memory, mask, padding, is_causal))

    def _ff_block(self, x: Tensor) -> Tensor:
        return self.dropout3(self._feed_forward(x))


def _get_clones(module: Module, N: int) -> ModuleList:  # noqa: N803
    return ModuleList([copy.deepcopy(module) for _ in range(N)])


class TransformerEncoder(Module):
    """Copies of an encoder layer, one after the other.

    Args:
        encoder_layer: what is copied; all copies start with the same weights.
        num_layers: how many.
        norm: a Module at the end.
        enable_nested_tensor, mask_check: concern a shortcut of PyTorch's for inference, which gives the same values;
            they make no difference here.

    Shape:
        src (S, N, d_model) or as the layer takes it, output the same.

    >>> import mibun as torch
    >>> layer = torch.nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True)
    >>> torch.nn.TransformerEncoder(layer, num_layers=2)(torch.zeros(3, 5, 8)).shape
    torch.Size([3, 5, 8])
    """

    __constants__ = ["norm"]
    num_layers: int
    norm: Module | None
    enable_nested_tensor: bool
    mask_check: bool

    def __init__(
        self,
        encoder_layer: TransformerEncoderLayer,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        super().__init__()
        self.layers = _get_clones(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = enable_nested_tensor
        self.mask_check = mask_check

    def forward(
        self,
        src: Tensor,
        mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool | None = None,
    ) -> Tensor:
        """The sequence of the same shape. `is_causal`: whether `mask` is causal; found out unless given."""
        padding = additive_mask(src_key_padding_mask, "src_key_padding_mask", mask, "mask", src.dtype)
        mask = additive_mask(mask, "mask", None, "", src.dtype, check_other=False)
        attention = getattr(self.layers[0], "self_attn", None) if len(self.layers) else None
        causal = _detect_is_causal_mask(mask, is_causal, _get_seq_len(src, getattr(attention, "batch_first", False)))
        for layer in self.layers:
            src = layer(src, src_mask=mask, is_causal=causal, src_key_padding_mask=padding)
        return src if self.norm is None else self.norm(src)


class TransformerDecoder(Module):
    """Copies of a decoder layer, one after the other, all of which see the encoder's output.

    Args:
        decoder_layer: what is copied; all copies start with the same weights.
        num_layers: how many.
        norm: a Module at the end.

    Shape:
        tgt (T, N, d_model) and memory (S, N, d_model), or as the layer takes them; output as tgt.

    >>> import mibun as torch
    >>> layer = torch.nn.TransformerDecoderLayer(8, 2, dim_feedforward=16)
    >>> torch.nn.TransformerDecoder(layer, num_layers=2)(torch.zeros(4, 3, 8), torch.zeros(5, 3, 8)).shape
    torch.Size([4, 3, 8])
    """

    __constants__ = ["norm"]
    num_layers: int
    norm: Module | None

    def __init__(self, decoder_layer: TransformerDecoderLayer, num_layers: int, norm: Module | None = None) -> None:
        super().__init__()
        self.layers = _get_clones(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """The target sequence, of the same shape; `memory` is the encoder's output."""
        attention = getattr(self.layers[0], "self_attn", None) if len(self.layers) else None
        causal = _detect_is_causal_mask(
            tgt_mask, tgt_is_causal, _get_seq_len(tgt, getattr(attention, "batch_first", False))
        )
        for layer in self.layers:
            tgt = layer(
                tgt,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=causal,
                memory_is_causal=memory_is_causal,
            )
        return tgt if self.norm is None else self.norm(tgt)


class Transformer(Module):
    """Encoder and decoder: a source sequence and a target sequence to an output for each element of the target.

    Args:
        num_encoder_layers, num_decoder_layers: how many of each layer.
        custom_encoder, custom_decoder: Modules in the place of `TransformerEncoder` and `TransformerDecoder`.
        The others are those of `TransformerEncoderLayer`. Weights of more than one axis start Xavier-uniform.

    Shape:
        src (S, N, d_model), tgt (T, N, d_model), or both without N, or with `batch_first` (N, S, d_model) and (N, T,
        d_model); output as tgt. Masks as of `MultiheadAttention`.

    Raises:
        RuntimeError: from the call, for sizes that do not fit.

    Source: Vaswani et al., Attention Is All You Need, 2017.

    >>> import mibun as torch
    >>> model = torch.nn.Transformer(8, 2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=16)
    >>> model(torch.zeros(5, 3, 8), torch.zeros(4, 3, 8)).shape
    torch.Size([4, 3, 8])
    """

    d_model: int
    nhead: int
    batch_first: bool
    encoder: Module
    decoder: Module

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: _Activation = F.relu,
        custom_encoder: Module | None = None,
        custom_decoder: Module | None = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        layer = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias)
        if custom_encoder is not None:
            self.encoder = custom_encoder
        else:
            encoder_layer = TransformerEncoderLayer(*layer, **kind)
            norm = LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **kind)
            self.encoder = TransformerEncoder(encoder_layer, num_encoder_layers, norm)
        if custom_decoder is not None:
            self.decoder = custom_decoder
        else:
            decoder_layer = TransformerDecoderLayer(*layer, **kind)
            norm = LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **kind)
            self.decoder = TransformerDecoder(decoder_layer, num_decoder_layers, norm)
        self._reset_parameters()
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Tensor | None = None,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """The decoder's output, of the target's shape."""
        if src.dim() == 3 and src.size(0 if self.batch_first else 1) != tgt.size(0 if self.batch_first else 1):
            raise RuntimeError("the batch number of src and tgt must be equal")
        if src.size(-1) != self.d_model or tgt.size(-1) != self.d_model:
            raise RuntimeError("the feature number of src and tgt must be equal to d_model")
        memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask, is_causal=src_is_causal)
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    @staticmethod
    def generate_square_subsequent_mask(sz: int, device: Device = None, dtype: DType = None) -> Tensor:
        """(sz, sz), -inf above the diagonal and 0 elsewhere: position i sees those up to i.

        >>> import mibun as torch
        >>> torch.nn.Transformer.generate_square_subsequent_mask(2)
        tensor([[0., -inf],
                [0., 0.]])
        """
        return _generate_square_subsequent_mask(sz, device, dtype)

    def _reset_parameters(self) -> None:
        for parameter in self.parameters():
            if parameter.dim() > 1:
                init.xavier_uniform_(parameter)
