"""Checkpoints and pickles of earlier versions of PyTorch: what they lack is made up for as PyTorch does it."""

import warnings

import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402
from oracle.both import assert_same  # noqa: E402

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore:`torch.nn.utils.weight_norm`:FutureWarning")]


def older_weight_norm(t):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        older = t.nn.utils.weight_norm(t.nn.Linear(2, 3))
    newer = t.nn.Sequential(t.nn.utils.parametrizations.weight_norm(t.nn.Linear(2, 3)))
    saved = {f"0.{name}": value for name, value in older.state_dict().items()}
    loaded = newer.load_state_dict(saved)
    incomplete = newer.load_state_dict({"0.weight_g": saved["0.weight_g"], "0.bias": saved["0.bias"]}, strict=False)
    return str(loaded), list(saved), newer(t.ones(1, 2)), older(t.ones(1, 2)), incomplete._asdict()


def test_older_weight_norm():
    assert_same(older_weight_norm)


def older_spectral_norm(t):
    layer, other = [t.nn.utils.spectral_norm(t.nn.Linear(3, 4)) for _ in range(2)]
    layer(t.ones(1, 3))
    saved = layer.state_dict()
    note = dict(saved._metadata[""])
    divided = {name: value.clone() for name, value in saved.items() if name != "weight_v"}
    divided["weight"] = layer.weight.detach()
    loaded = [str(other.load_state_dict(state)) for state in (saved, divided)]
    lacking = {name: value for name, value in divided.items() if name not in ("weight", "weight_u")}
    try:
        other.load_state_dict(lacking)
    except RuntimeError as error:
        loaded.append(sorted(str(error).replace("'", '"').split('"')[1::2]))
    return note, loaded, other.weight_v, list(divided), len(layer._state_dict_hooks)


def test_older_spectral_norm():
    assert_same(older_spectral_norm)


# Class, arguments, and the attribute that pickles of before it was introduced lack.
ADDED = [
    ("LSTM", (2, 3), "proj_size"),
    ("GRU", (2, 3), "proj_size"),
    ("Conv2d", (1, 1, 1), "padding_mode"),
    ("Softmax", (1,), "dim"),
    ("LogSoftmax", (1,), "dim"),
    ("Softmin", (1,), "dim"),
    ("Upsample", (None, 2), "recompute_scale_factor"),
    ("MultiheadAttention", (4, 2), "_qkv_same_embed_dim"),
    ("TransformerEncoderLayer", (4, 2, 4), "activation"),
    ("TransformerDecoderLayer", (4, 2, 4), "activation"),
    ("Linear", (2, 2), "_forward_pre_hooks"),
    ("Linear", (2, 2), "_non_persistent_buffers_set"),
    ("Linear", (2, 2), "_load_state_dict_post_hooks"),
]


@pytest.mark.parametrize("name, args, attribute", ADDED, ids=[f"{name}.{added}" for name, _, added in ADDED])
def test_pickles_from_before(name, args, attribute):
    def program(t):
        kind = getattr(t.nn, name)
        state = dict(kind(*args).__dict__)
        state.pop("_flat_weight_refs", None)
        assert attribute in state
        del state[attribute]
        restored = kind.__new__(kind)
        restored.__setstate__(state)
        value = getattr(restored, attribute)
        return getattr(value, "__name__", value)

    assert_same(program)


def test_all_optimizers_take_states_without_later_options():
    def names(t):
        return [name for name in dir(t.optim) if isinstance(getattr(t.optim, name), type)]

    for name in sorted(set(names(mibun)) & set(names(torch)) - {"Optimizer", "LBFGS", "SparseAdam", "Muon"}):
        weight = mibun.ones(2, 2, requires_grad=True)
        optimizer = getattr(mibun.optim, name)([weight], lr=0.1)
        weight.sum().backward()
        optimizer.step()
        saved = optimizer.state_dict()
        saved["param_groups"] = [{key: group[key] for key in ("params", "lr")} for group in saved["param_groups"]]
        optimizer.load_state_dict(saved)
        optimizer.step()
