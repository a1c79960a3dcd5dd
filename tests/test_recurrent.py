"""Recurrent layers: packed sequences give what each sequence alone gives, shapes, errors, and packing itself."""

from __future__ import annotations

import pytest

import mibun as torch
from mibun.nn.utils import rnn

LAYERS = [torch.nn.RNN, torch.nn.GRU, torch.nn.LSTM]


def last(state):
    return state[0] if isinstance(state, tuple) else state


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_packed_is_each_alone(kind, bidirectional):
    torch.manual_seed(0)
    layer = kind(3, 4, 2, bidirectional=bidirectional)
    sequences = [torch.randn(n, 3) for n in (2, 5, 3)]
    packed = rnn.pack_sequence(sequences, enforce_sorted=False)
    output, state = layer(packed)
    padded, lengths = rnn.pad_packed_sequence(output)
    assert lengths.tolist() == [2, 5, 3]
    for i, sequence in enumerate(sequences):
        alone, own = layer(sequence)
        assert torch.allclose(padded[: lengths[i], i], alone, atol=1e-6)
        assert torch.allclose(last(state)[:, i], last(own), atol=1e-6)
        assert not padded[lengths[i] :, i].any()


def test_gradients_through_time():
    torch.manual_seed(0)
    layer = torch.nn.LSTM(2, 3, proj_size=2).double()
    x = torch.randn(4, 2, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: layer(x)[0], x, check_forward_ad=True, fast_mode=True)
    assert torch.autograd.gradgradcheck(lambda x: layer(x)[0], x, fast_mode=True)


def test_cell_is_one_step():
    torch.manual_seed(0)
    layer, cell = torch.nn.GRU(2, 3), torch.nn.GRUCell(2, 3)
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in layer.state_dict().items()})
    x = torch.randn(3, 2, 2)
    hidden = torch.zeros(2, 3)
    for step in x:
        hidden = cell(step, hidden)
    assert torch.allclose(layer(x)[1][0], hidden, atol=1e-6)


def test_pack_and_unpack():
    sequences = [torch.arange(n) for n in (1, 4, 2)]
    packed = rnn.pack_sequence(sequences, enforce_sorted=False)
    assert packed.data.tolist() == [0, 0, 0, 1, 1, 2, 3]
    assert packed.batch_sizes.tolist() == [3, 2, 1, 1]
    assert [s.tolist() for s in rnn.unpack_sequence(packed)] == [s.tolist() for s in sequences]
    assert packed.to(torch.float64).data.dtype == torch.float64
    left = rnn.pad_sequence(sequences, True, -1, "left")
    assert left.tolist() == [[-1, -1, -1, 0], [0, 1, 2, 3], [-1, -1, 0, 1]]


@pytest.mark.parametrize(
    ("lengths", "words"),
    [
        ([1, 4, 2], "must be sorted in decreasing order"),
        ([4, 2], "Expected `len\\(lengths\\)` to be equal to batch_size"),
        ([4, 2, 0], "has to be greater than 0"),
        ([5, 2, 1], "at most 4"),
    ],
)
def test_pack_errors(lengths, words):
    with pytest.raises(RuntimeError, match=words):
        rnn.pack_padded_sequence(torch.zeros(4, 3), lengths)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: torch.nn.LSTM(3, 4)(torch.zeros(3)), ValueError, "LSTM: Expected input to be 2D or 3D"),
        (lambda: torch.nn.LSTM(3, 4)(torch.zeros(5, 2, 4)), RuntimeError, "must be equal to input_size"),
        (lambda: torch.nn.GRU(3, 4)(torch.zeros(5, 2, 3), torch.zeros(1, 3, 4)), RuntimeError, "Expected hidden size"),
        (lambda: torch.nn.GRU(3, 4)(torch.zeros(5, 3), torch.zeros(1, 1, 4)), RuntimeError, "For unbatched 2-D input"),
        (lambda: torch.nn.LSTM(3, 4)(torch.zeros(5, 2, 3).double()), ValueError, "RNN input dtype"),
        (lambda: torch.nn.GRU(3, 4, proj_size=2), ValueError, "only supported for LSTM"),
        (lambda: torch.nn.LSTM(3, 4, proj_size=4), ValueError, "smaller than hidden_size"),
        (lambda: torch.nn.LSTM(3, 0), ValueError, "hidden_size must be greater than zero"),
        (lambda: torch.nn.RNN(3, 4, nonlinearity="x"), ValueError, "Unknown nonlinearity"),
        (lambda: torch.nn.GRUCell(3, 4)(torch.zeros(2, 2)), RuntimeError, "input has inconsistent input_size"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()
