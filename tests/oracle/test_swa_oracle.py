"""Averaged weights and their learning rates against installed PyTorch."""

from __future__ import annotations

import copy
import warnings

import numpy as np
import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle


def model_of(t):
    model = t.nn.Sequential(t.nn.Linear(3, 2), t.nn.BatchNorm1d(2), t.nn.Linear(2, 1))
    with t.no_grad():
        for i, p in enumerate(model.parameters()):
            p.copy_(t.tensor(np.random.RandomState(i).randn(*p.shape)))
    return model


AVERAGES = {
    "default": lambda u: {},
    "buffers": lambda u: {"use_buffers": True},
    "swa": lambda u: {"avg_fn": u.get_swa_avg_fn()},
    "ema": lambda u: {"avg_fn": u.get_ema_avg_fn(0.9), "use_buffers": True},
    "swa of all": lambda u: {"multi_avg_fn": u.get_swa_multi_avg_fn()},
    "ema of all": lambda u: {"multi_avg_fn": u.get_ema_multi_avg_fn(0.7)},
    "own": lambda u: {"avg_fn": lambda mean, value, n: mean * 0.5 + value * n},
    "both": lambda u: {"avg_fn": u.get_swa_avg_fn(), "multi_avg_fn": u.get_swa_multi_avg_fn()},
    "decay": lambda u: {"avg_fn": u.get_ema_avg_fn(1.5)},
}


def averaged(t, name):
    utils = t.optim.swa_utils
    x = [t.tensor(np.random.RandomState(i).randn(6, 3), dtype=t.float32) for i in range(4)]
    model = model_of(t)
    try:
        mean = utils.AveragedModel(model, **AVERAGES[name](utils))
    except Exception as error:
        return type(error)
    optimizer = t.optim.SGD(model.parameters(), 0.1)
    for batch in x:
        optimizer.zero_grad()
        model(batch).square().mean().backward()
        optimizer.step()
        mean.update_parameters(model)
    mean.eval()
    before = mean(x[0])
    utils.update_bn([(batch, 1) for batch in x], mean)
    assert not mean.training
    again = copy.deepcopy(mean)
    again.load_state_dict(mean.state_dict())
    values = [before, again(x[0]), *mean.state_dict().values()]
    return list(mean.state_dict()), [v.detach().double().numpy() for v in values]


@pytest.mark.parametrize("name", AVERAGES)
def test_averaged_models(name):
    ours, theirs = averaged(mibun, name), averaged(torch, name)
    if isinstance(theirs, type):
        assert ours is theirs
        return
    assert ours[0] == theirs[0]
    for a, b in zip(ours[1], theirs[1], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("strategy", ["cos", "linear", "other"])
@pytest.mark.parametrize("epochs", [0, 1, 4, -1, 2.5])
@pytest.mark.parametrize("rate", [0.05, [0.05, 0.5], [0.05]])
@pytest.mark.parametrize("beside", [False, True])
def test_rates(rate, epochs, strategy, beside):
    def rates(t):
        groups = [{"params": [t.ones(1, requires_grad=True)], "lr": lr} for lr in (0.3, 0.1)]
        optimizer = t.optim.SGD(groups)
        try:
            scheduler = t.optim.swa_utils.SWALR(optimizer, rate, epochs, strategy)
        except Exception as error:
            return type(error)
        other = t.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
        found = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in range(7):
                found.append([group["lr"] for group in optimizer.param_groups])
                optimizer.step()
                (other if beside and len(found) % 2 else scheduler).step()
        return found

    ours, theirs = rates(mibun), rates(torch)
    if isinstance(theirs, type):
        assert ours is theirs
    else:
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
