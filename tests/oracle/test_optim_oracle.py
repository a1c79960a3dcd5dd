"""Optimizers and learning rate schedulers against installed PyTorch: 20 steps, state dicts, printed forms, errors."""

import re
import warnings

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402

CASES = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "maximize": True, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "weight_decay": 0.1, "amsgrad": True, "maximize": True}),
    ("Adam", {"decoupled_weight_decay": True, "weight_decay": 0.1}),
    ("AdamW", {"lr": 0.1, "amsgrad": True}),
    ("RMSprop", {}),
    ("RMSprop", {"centered": True, "momentum": 0.9, "weight_decay": 0.1, "maximize": True}),
    ("Adagrad", {}),
    ("Adagrad", {"lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.5, "maximize": True}),
    ("Adadelta", {}),
    ("Adadelta", {"weight_decay": 0.1, "rho": 0.5, "maximize": True}),
    ("Adamax", {}),
    ("Adamax", {"weight_decay": 0.1, "maximize": True, "lr": 0.1}),
    ("NAdam", {}),
    ("NAdam", {"weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True}),
    ("RAdam", {}),
    ("RAdam", {"weight_decay": 0.1, "maximize": True}),
    ("RAdam", {"weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("Rprop", {}),
    ("Rprop", {"lr": 0.1, "maximize": True, "step_sizes": (0.05, 0.2)}),
    ("ASGD", {}),
    ("ASGD", {"t0": 5, "weight_decay": 0.1, "lambd": 0.1, "maximize": True}),
]
SHAPES = {"float64": [(3, 4), (), (33000,)], "complex128": [(3, 2), ()]}


def numbers(rng, shape, dtype):
    real = rng.normal(size=shape)
    return np.asarray(real + 1j * rng.normal(size=shape) if dtype == "complex128" else real, dtype=dtype)


@pytest.mark.parametrize("dtype", list(SHAPES))
@pytest.mark.parametrize("name,options", CASES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(CASES)])
def test_twenty_steps(name, options, dtype):
    rng = np.random.default_rng(0)
    start = [numbers(rng, shape, dtype) for shape in SHAPES[dtype]]
    theirs = [torch.nn.Parameter(torch.tensor(value)) for value in start]
    ours = [mibun.nn.Parameter(mibun.tensor(value)) for value in start]
    their_optimizer = getattr(torch.optim, name)(theirs, **options)
    our_optimizer = getattr(mibun.optim, name)(ours, **options)
    assert repr(our_optimizer) == repr(their_optimizer)
    for step in range(20):
        for a, b in zip(theirs, ours, strict=True):
            grad = numbers(rng, a.shape, dtype)
            a.grad, b.grad = torch.tensor(grad), mibun.tensor(grad)
        their_optimizer.step()
        our_optimizer.step()
        if step == 10:  # what is saved is all there is
            states = our_optimizer.state_dict(), their_optimizer.state_dict()
            our_optimizer = getattr(mibun.optim, name)(ours, **options)
            their_optimizer = getattr(torch.optim, name)(theirs, **options)
            our_optimizer.load_state_dict(states[0])
            their_optimizer.load_state_dict(states[1])
    for a, b in zip(theirs, ours, strict=True):
        np.testing.assert_allclose(b.detach().numpy(), a.detach().numpy(), rtol=1e-12, atol=1e-12)
    mine, other = our_optimizer.state_dict(), their_optimizer.state_dict()
    assert list(mine) == list(other) and mine["param_groups"] == other["param_groups"]
    assert list(mine["param_groups"][0]) == list(other["param_groups"][0])
    assert list(mine["state"]) == list(other["state"])
    for key, entries in other["state"].items():
        assert list(mine["state"][key]) == list(entries)
        for entry, value in entries.items():
            assert str(mine["state"][key][entry].dtype) == str(value.dtype)
            np.testing.assert_allclose(mine["state"][key][entry].numpy(), value.numpy(), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(
    "options",
    [
        {"lr": 0.01},
        {"line_search_fn": "strong_wolfe"},
        {"lr": 0.02, "max_iter": 7, "history_size": 2},
        {"lr": 0.5, "line_search_fn": "strong_wolfe", "history_size": 3, "max_iter": 4},
    ],
)
def test_lbfgs(options):
    results = []
    for lib in (mibun, torch):
        x = lib.nn.Parameter(lib.tensor([-1.2, 1.0, 0.5], dtype=lib.float64))
        y = lib.nn.Parameter(lib.tensor(0.3, dtype=lib.float64))
        optimizer = lib.optim.LBFGS([x, y], **options)

        def closure(x=x, y=y, optimizer=optimizer):
            optimizer.zero_grad()
            valley = 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2 + 100 * (x[2] - x[1] ** 2) ** 2 + (1 - x[1]) ** 2
            loss = valley + (y - 2) ** 4
            loss.backward()
            return loss

        losses = [optimizer.step(closure).item() for _ in range(5)]
        state = optimizer.state_dict()["state"][0]
        results.append([np.array(losses), x.detach().numpy(), y.detach().numpy(), state["func_evals"], state["n_iter"]])
    for mine, other in zip(*results, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-11)


SCHEDULERS = """
S.LambdaLR(o, lambda e: .9 ** e)
S.LambdaLR(o, [lambda e: .9 ** e, lambda e: 1 / (1 + e)])
S.MultiplicativeLR(o, lambda e: .9)
S.StepLR(o, 2)
S.MultiStepLR(o, [2, 4, 4])
S.ConstantLR(o, .5, 2)
S.LinearLR(o)
S.ExponentialLR(o, .9)
S.PolynomialLR(o, 4, 2.)
S.CosineAnnealingLR(o, 3, .01)
S.ReduceLROnPlateau(o, patience=1)
S.ReduceLROnPlateau(o, 'max', patience=0, cooldown=2, threshold=.1, threshold_mode='abs', min_lr=[.002, .01])
S.OneCycleLR(o, 1., 12)
S.OneCycleLR(o, [1., 2.], epochs=3, steps_per_epoch=4, three_phase=True, anneal_strategy='linear')
S.CyclicLR(o, .1, .5, 3)
S.CyclicLR(o, .1, .5, 3, 2, mode='triangular2')
S.CyclicLR(o, .1, .5, 3, mode='exp_range', gamma=.9)
S.CyclicLR(o, .1, .5, 3, scale_fn=lambda x: .5)
S.SequentialLR(o, [S.LinearLR(o, .1, 1, 3), S.CosineAnnealingLR(o, 5), S.ConstantLR(o, .3, 2)], [3, 6])
S.SequentialLR(o, [S.ConstantLR(o, .5, 2), S.CosineAnnealingWarmRestarts(o, 2)], [2])
S.ChainedScheduler([S.ConstantLR(o, .5, 2), S.ExponentialLR(o, .9)])
S.CosineAnnealingWarmRestarts(o, 2, 2, .01)
""".strip().splitlines()


def two_groups(lib, momentum=0.9):
    groups = [{"params": [lib.nn.Parameter(lib.ones(1))], "lr": 0.1 * (i + 1)} for i in range(2)]
    return lib.optim.SGD(groups, lr=0.1, momentum=momentum)


@pytest.mark.parametrize("expression", SCHEDULERS)
def test_scheduler(expression):
    runs = []
    for lib in (mibun, torch):
        optimizer = two_groups(lib)
        scheduler = eval(expression, {"S": lib.optim.lr_scheduler, "o": optimizer})
        log = [[(group["lr"], group["momentum"]) for group in optimizer.param_groups]]
        for epoch in range(11):
            optimizer.step()
            if "Plateau" in expression:
                scheduler.step([1, 1.05, 1.2, 1, 1, 1, 1, 1, 1, 1, float("nan")][epoch])
            else:
                scheduler.step()
            log.append([(group["lr"], group["momentum"]) for group in optimizer.param_groups])
        runs.append((np.array(log), scheduler.state_dict(), scheduler.get_last_lr()))
    np.testing.assert_allclose(runs[0][0], runs[1][0], rtol=1e-12, atol=1e-15)
    assert list(runs[0][1]) == list(runs[1][1])
    np.testing.assert_allclose(runs[0][2], runs[1][2], rtol=1e-12, atol=1e-15)


@pytest.mark.filterwarnings("ignore:The epoch parameter", "ignore:Detected call")
@pytest.mark.parametrize(
    "expression",
    [
        "S.LambdaLR(o, lambda e: .9 ** e, {})",
        "S.StepLR(o, 2, .1, {})",
        "S.MultiStepLR(o, [2, 4], .1, {})",
        "S.ExponentialLR(o, .9, {})",
        "S.CosineAnnealingLR(o, 3, .01, {})",
        "S.LinearLR(o, last_epoch={})",
        "S.ConstantLR(o, .5, 2, {})",
        "S.PolynomialLR(o, 4, 2., {})",
        "S.OneCycleLR(o, 1., 12, last_epoch={})",
        "S.CyclicLR(o, .1, .5, 3, last_epoch={})",
        "S.CosineAnnealingWarmRestarts(o, 2, 2, .01, {})",
    ],
)
def test_resumed_and_given_epochs(expression):
    runs = []
    for lib in (mibun, torch):
        log = []
        for last in (0, 1, 4):
            optimizer = two_groups(lib)
            for group in optimizer.param_groups:
                group.update(initial_lr=0.5, max_lr=0.9, min_lr=0.001, max_momentum=0.95, base_momentum=0.8)
            scheduler = eval(expression.format(last), {"S": lib.optim.lr_scheduler, "o": optimizer})
            log.append(scheduler.get_last_lr())
            for _ in range(3):
                optimizer.step()
                scheduler.step()
                log.append(scheduler.get_last_lr())
        optimizer = two_groups(lib)
        scheduler = eval(expression.format(-1), {"S": lib.optim.lr_scheduler, "o": optimizer})
        for epoch in (5, 2, 7, 0):
            scheduler.step(epoch)
            log.append(scheduler.get_last_lr())
        runs.append(np.array(log))
    np.testing.assert_allclose(runs[0], runs[1], rtol=1e-12, atol=1e-15)


# Compared: the repr of the value, or the class of the error and the first words of its message.
EXPRESSIONS = """
optim.SGD([])
optim.SGD(torch.ones(2))
optim.SGD([3])
optim.SGD([p() * 2])
optim.SGD(3)
optim.SGD([{'params': q}, {'params': q}])
optim.SGD([{'x': 3}])
optim.SGD([('a', p()), ('b', p())], lr=.1)
optim.SGD([('a', p()), p()])
optim.SGD([{'params': {p()}}])
optim.SGD([{'params': [('a', p())]}, {'params': [p()]}])
optim.SGD([p()]).add_param_group(3)
optim.SGD([p()], lr=-1)
optim.SGD([p()], lr=torch.tensor([.1, .2]))
optim.SGD([p()], momentum=-1)
optim.SGD([p()], nesterov=True)
optim.SGD([p()], foreach=True, fused=True)
optim.SGD([p()], differentiable=True, fused=True)
optim.SGD([p()]).state_dict()
optim.SGD([p()]).load_state_dict({})
optim.SGD([p()]).load_state_dict({'state': {}, 'param_groups': []})
optim.SGD([p()]).load_state_dict({'state': {}, 'param_groups': [{'params': [0, 1]}]})
optim.Adam([p()], betas=(1, .9))
optim.Adam([p()], eps=-1)
optim.Adagrad([p()], lr_decay=-1)
optim.Adadelta([p()], rho=2)
optim.RMSprop([p()], alpha=-1)
optim.NAdam([p()], momentum_decay=-1)
optim.Rprop([p()], etas=(2, 1))
optim.ASGD([p()], weight_decay=-1)
optim.LBFGS([{'params': p()}, {'params': p()}])
optim.LBFGS([p()]).step()
optim.Optimizer([p()], {})
S.StepLR(3, 2)
S.StepLR(o, 2, last_epoch=3)
S.LambdaLR(o, [lambda e: 1] * 3)
S.LinearLR(o, 0)
S.LinearLR(o, .5, 2)
S.ConstantLR(o, 2)
S.CosineAnnealingWarmRestarts(o, 0)
S.OneCycleLR(o, 1.)
S.OneCycleLR(o, 1., 0)
S.OneCycleLR(o, 1., 5, anneal_strategy='x')
S.OneCycleLR(o, [1.], 5)
S.OneCycleLR(optim.Adagrad([p()]), 1., 5)
S.CyclicLR(o, .1, .2, mode='x')
S.CyclicLR(o, [.1], .2)
S.SequentialLR(o, [], [])
S.SequentialLR(o, [S.ReduceLROnPlateau(o)], [])
S.ChainedScheduler([])
S.ReduceLROnPlateau(o, factor=1)
S.ReduceLROnPlateau(o, min_lr=[1])
S.ReduceLROnPlateau(o, mode='x')
S.LRScheduler(o)
""".strip().splitlines()


def outcome(expression, lib):
    scope = {"torch": lib, "optim": lib.optim, "S": lib.optim.lr_scheduler, "o": two_groups(lib)}
    scope["p"] = lambda: lib.nn.Parameter(lib.ones(2))
    scope["q"] = scope["p"]()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return "value", repr(eval(expression, scope))
        except Exception as error:
            return type(error).__name__, re.sub(r"mibun\.", "torch.", str(error).strip("'\""))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_same_outcome(expression):
    ours, theirs = outcome(expression, mibun), outcome(expression, torch)
    assert ours[0] == theirs[0]
    if ours[0] == "value":
        assert ours[1] == theirs[1]
    elif theirs[1]:
        assert ours[1].split()[:5] == theirs[1].split()[:5]
