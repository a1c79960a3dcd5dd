"""What training programs do around the model, case by case against installed PyTorch.

Each case is a function of the library. What it returns has to be equal, an error of the same class, and the warnings
that users see of the same classes.
"""

from __future__ import annotations

import collections
import io
import os
import pickle
import tempfile
import warnings

import numpy as np
import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

Pair = collections.namedtuple("Pair", "x y")
CASES = {}


def plain(t, value):
    """What can be compared between the libraries."""
    if isinstance(value, t.Tensor):
        return (
            str(value.dtype),
            tuple(value.shape),
            np.round(
                value.detach().float().numpy() if value.dtype == t.bfloat16 else value.detach().numpy(), 5
            ).tolist(),
        )
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [plain(t, item) for item in value]
    if isinstance(value, dict):
        return type(value).__name__, {key: plain(t, item) for key, item in value.items()}
    if isinstance(value, float):
        return round(value, 6)
    return value


def outcome(t, case):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            result = plain(t, case(t))
        except Exception as error:
            result = type(error)
    return result, [w.category for w in seen if w.category is not RuntimeWarning]


def optimizer(t, lr=1.0):
    return t.optim.SGD([t.ones(1, requires_grad=True)], lr=lr)


# --- schedulers ---


def sequence(milestones):
    def case(t):
        opt, make = optimizer(t), t.optim.lr_scheduler
        all_three = [make.ConstantLR(opt, 0.5, total_iters=2), make.ExponentialLR(opt, 0.9), make.StepLR(opt, 2)]
        scheduler = make.SequentialLR(opt, all_three[: len(milestones) + 1], milestones=milestones)
        rates = [scheduler.get_last_lr()]
        for _ in range(6):
            opt.step()
            scheduler.step()
            rates.append(opt.param_groups[0]["lr"])
        return rates, scheduler.get_last_lr(), scheduler.last_epoch

    return case


for _milestones in ([], [0], [1], [2], [0, 2], [1, 1], [0, 0], [3, 2], [-1], [2, 5], [6], [2.5]):
    CASES[f"SequentialLR, milestones {_milestones}"] = sequence(_milestones)

SCHEDULERS = {
    "LambdaLR": lambda t, o: t.optim.lr_scheduler.LambdaLR(o, lambda epoch: 0.9**epoch),
    "MultiplicativeLR": lambda t, o: t.optim.lr_scheduler.MultiplicativeLR(o, lambda epoch: 0.9),
    "StepLR": lambda t, o: t.optim.lr_scheduler.StepLR(o, 2),
    "MultiStepLR": lambda t, o: t.optim.lr_scheduler.MultiStepLR(o, [2, 3]),
    "ConstantLR": lambda t, o: t.optim.lr_scheduler.ConstantLR(o),
    "LinearLR": lambda t, o: t.optim.lr_scheduler.LinearLR(o),
    "ExponentialLR": lambda t, o: t.optim.lr_scheduler.ExponentialLR(o, 0.9),
    "PolynomialLR": lambda t, o: t.optim.lr_scheduler.PolynomialLR(o),
    "CosineAnnealingLR": lambda t, o: t.optim.lr_scheduler.CosineAnnealingLR(o, 5),
    "ReduceLROnPlateau": lambda t, o: t.optim.lr_scheduler.ReduceLROnPlateau(o, patience=0),
    "CyclicLR": lambda t, o: t.optim.lr_scheduler.CyclicLR(o, 0.1, 1.0, 3, cycle_momentum=False),
    "OneCycleLR": lambda t, o: t.optim.lr_scheduler.OneCycleLR(o, 1.0, 10, cycle_momentum=False),
    "CosineAnnealingWarmRestarts": lambda t, o: t.optim.lr_scheduler.CosineAnnealingWarmRestarts(o, 3),
}


def stepped(make, epochs, step_first=True, replace=False):
    """The rates after steps to `epochs` (None: one on), with or without a step of the optimizer before them."""

    def case(t):
        opt = optimizer(t)
        scheduler = make(t, opt)
        if replace:
            opt.step = lambda: None
        if step_first:
            opt.step()
        rates = []
        for epoch in epochs:
            scheduler.step() if epoch is None else scheduler.step(epoch)
            rates.append(opt.param_groups[0]["lr"])
        return rates, scheduler.last_epoch

    return case


for _name, _make in SCHEDULERS.items():
    _steps = [1.0] * 3 if _name == "ReduceLROnPlateau" else [None] * 3
    CASES[f"{_name}, step"] = stepped(_make, _steps)
    CASES[f"{_name}, step before the optimizer's"] = stepped(_make, _steps, step_first=False)
    CASES[f"{_name}, the optimizer's step replaced"] = stepped(_make, _steps, replace=True)
    CASES[f"{_name}, step(epoch)"] = stepped(_make, [3, 5, 1])
    CASES[f"{_name}, step(fraction)"] = stepped(_make, [1.5, 4.0])
    CASES[f"{_name}, get_lr"] = lambda t, make=_make: make(t, optimizer(t)).get_lr()

# --- data ---

BATCHES = {
    "np.str_": [np.str_("a"), np.str_("b")],
    "np.bytes_": [np.bytes_(b"a"), np.bytes_(b"b")],
    "bytes": [b"a", b"b"],
    "arrays of strings": [np.array(["a"]), np.array(["b"])],
    "arrays of objects": [np.array([None]), np.array([None])],
    "None": [None, None],
    "sets": [{1}, {2}],
    "ranges": [range(2), range(2)],
    "nothing": [],
    "uneven": [[1], [1, 2]],
    "named tuples": [Pair(1, np.str_("a")), Pair(2, np.str_("b"))],
    "dicts": [{"a": np.str_("a"), "b": 1.0}, {"a": np.str_("b"), "b": 2.0}],
    "datetime64": [np.datetime64("2020"), np.datetime64("2021")],
}
for _scalar in (np.float16, np.float32, np.float64, np.int8, np.int64, np.uint8, np.bool_, np.complex64):
    BATCHES[_scalar.__name__] = [_scalar(1), _scalar(0)]
for _name, _batch in BATCHES.items():
    CASES[f"default_collate, {_name}"] = lambda t, batch=_batch: t.utils.data.default_collate(batch)
    if _name != "np.bytes_":  # which PyTorch converts to a Tensor, and fails
        CASES[f"default_convert, {_name}"] = lambda t, batch=_batch: t.utils.data.default_convert(batch)


def loader(t, **options):
    return t.utils.data.DataLoader(t.utils.data.TensorDataset(t.arange(10)), **options)


def iterable(t, length=None, **options):
    class Numbers(t.utils.data.IterableDataset):
        def __iter__(self):
            return iter(range(5))

    if length is not None:
        Numbers.__len__ = lambda self: length
    return t.utils.data.DataLoader(Numbers(), **options)


def begun(t):
    iterator = iter(loader(t, batch_size=3))
    first = next(iterator)
    return first, len(iterator), len(list(iterator))


CASES |= {
    "len(iter(loader))": lambda t: len(iter(loader(t, batch_size=3))),
    "len(iter(loader)), last dropped": lambda t: len(iter(loader(t, batch_size=3, drop_last=True))),
    "len(iter(loader)), no batches": lambda t: len(iter(loader(t, batch_size=None))),
    "len(iter(loader)), begun": begun,
    "len(iter(loader)), iterable": lambda t: len(iter(iterable(t))),
    "len(iter(loader)), iterable with a length": lambda t: len(iter(iterable(t, 3))),
    "len(loader), iterable with a length": lambda t: len(iterable(t, 3, batch_size=2)),
    "iter(iter(loader))": lambda t: (lambda i: iter(i) is i)(iter(loader(t))),
}

# --- saved tensors, profiles, files ---


def kept_on_cpu(pin):
    def case(t):
        x = t.ones(3, requires_grad=True)
        with t.autograd.graph.save_on_cpu(pin_memory=pin):
            y = (x * x).sum()
        y.backward()
        return x.grad

    return case


CASES["save_on_cpu"], CASES["save_on_cpu, pinned"] = kept_on_cpu(False), kept_on_cpu(True)


def profiled(**options):
    def case(t):
        with t.autograd.profiler.profile(**options) as profile:
            t.ones(2) + 1
        return len(profile.function_events) > 0, bool(profile.trace_id)

    return case


for _options in (
    {},
    {"use_cuda": True},
    {"use_cuda": False},
    {"acc_events": True},
    {"experimental_config": None},
    {"custom_trace_id_callback": str},
    {"bad": 1},
):
    CASES[f"profile({_options})"] = profiled(**_options)


def file_kept(save, load, overwritten=None):
    def case(t):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "file")
            t.save({"x": t.arange(6.0).reshape(2, 3).t(), "n": [1]}, path, **save)
            if overwritten is not None:
                with open(path, "wb") as file:
                    file.write(overwritten)
            result = t.load(path, **load)
            result["x"][0, 0] = 7.0  # in memory, whatever the file is mapped to
            return result, result["x"].stride(), t.load(path, **load)

    return case


def from_buffer(t):
    buffer = io.BytesIO()
    t.save(t.ones(2), buffer)
    buffer.seek(0)
    return t.load(buffer, mmap=True)


class OtherPickle:
    Unpickler = pickle._Unpickler
    Pickler = pickle._Pickler
    load = staticmethod(pickle.load)


CASES |= {
    "save(pickle_protocol=2)": file_kept({"pickle_protocol": 2}, {}),
    "save(pickle_protocol=0)": file_kept({"pickle_protocol": 0}, {}),
    "save(pickle_protocol=99)": file_kept({"pickle_protocol": 99}, {}),
    "save(pickle_protocol=4), load(weights_only=False)": file_kept({"pickle_protocol": 4}, {"weights_only": False}),
    "load(mmap=True)": file_kept({}, {"mmap": True}),
    "load(mmap=None)": file_kept({}, {"mmap": None}),
    "load(mmap=True) of a buffer": from_buffer,
    "load(pickle_module=)": file_kept({}, {"pickle_module": pickle}),
    "load(pickle_module=) of another": file_kept({}, {"pickle_module": OtherPickle}),
    "load(pickle_module=, weights_only=True)": file_kept({}, {"pickle_module": pickle, "weights_only": True}),
    "load(encoding=)": file_kept({}, {"encoding": "ascii", "weights_only": False}),
    "load(encoding=), weights only": file_kept({}, {"encoding": "ascii"}),
    "load(bad=)": file_kept({}, {"bad": 1}),
    "load, empty file": file_kept({}, {}, b""),
}

# --- arguments that are refused ---

for _name in ("RNN", "GRU", "LSTM"):
    for _sizes in ((0, 3), (3, 0), (-1, 3), (3, -1), (3, 3, 0), (3, 3.0), (0, 0), (3, 3)):
        CASES[f"{_name}{_sizes}"] = lambda t, name=_name, sizes=_sizes: bool(getattr(t.nn, name)(*sizes))
DTYPES = ("bool", "uint8", "int32", "int64", "float16", "float32", "float64")
LOSSES = ("kl_div", "binary_cross_entropy", "binary_cross_entropy_with_logits", "mse_loss", "l1_loss", "huber_loss")
LOSSES += ("smooth_l1_loss", "poisson_nll_loss", "soft_margin_loss", "multilabel_soft_margin_loss", "nll_loss")
LOSSES += ("hinge_embedding_loss", "multilabel_margin_loss", "multi_margin_loss", "cross_entropy")


def loss(name, given, wanted):
    def case(t):
        x = t.tensor([[0.25, 0.5]]).to(getattr(t, given))
        y = t.tensor([[1, 0]]).to(getattr(t, wanted))
        value = getattr(t.nn.functional, name)(x, y)
        return str(value.dtype), round(value.item(), 2)

    return case


for _name in LOSSES:
    for _dtype in DTYPES:
        CASES[f"{_name}, {_dtype} target"] = loss(_name, "float32", _dtype)
        CASES[f"{_name}, {_dtype} input"] = loss(_name, _dtype, "float32")


def weighted(name, dtype, **options):
    def case(t):
        x, weight = t.tensor([[0.25, 0.5]]), t.tensor([1, 1]).to(getattr(t, dtype))
        target = t.tensor([1]) if name in ("multi_margin_loss", "cross_entropy", "nll_loss") else x
        return getattr(t.nn.functional, name)(x, target, **{key: weight for key in options or {"weight": 1}})

    return case


for _dtype in DTYPES:
    for _name in LOSSES[1:3] + ("multilabel_soft_margin_loss", "multi_margin_loss", "cross_entropy", "nll_loss"):
        CASES[f"{_name}, {_dtype} weight"] = weighted(_name, _dtype)
    CASES[f"logits, {_dtype} pos_weight"] = weighted("binary_cross_entropy_with_logits", _dtype, pos_weight=1)


@pytest.mark.parametrize("name", CASES)
def test_same_outcome(name):
    ours, theirs = outcome(mibun, CASES[name]), outcome(torch, CASES[name])
    assert str(ours).replace("mibun", "torch") == str(theirs)
