"""DataLoader with workers against installed PyTorch: the same batches, in the same order, for the same seed.

Random numbers drawn in workers, by all three generators, and what is drawn in the main process afterwards are compared.
"""

from __future__ import annotations

import collections
import multiprocessing
import random
import warnings

import numpy as np
import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="workers are forked here"),
]

WORKERS = {"num_workers": 2, "timeout": 60, "multiprocessing_context": "fork"}


def dataset(t, function, size=7):
    class Samples(t.utils.data.Dataset):
        def __len__(self):
            return size

        def __getitem__(self, index):
            return function(t, index)

    return Samples()


def stream(t, sizes):
    class Stream(t.utils.data.IterableDataset):
        def __iter__(self):
            worker = t.utils.data.get_worker_info().id
            return iter([(worker, i, t.rand(()).item()) for i in range(sizes[worker])])

    return Stream()


def drawn(t, index):
    return index, t.rand(2), t.randn(()), t.randperm(5), random.random(), np.random.rand(), t.initial_seed()


def number(t, index):
    return index


def indices(t, index):
    return index if isinstance(index, int) else [*index]


def weighted(t):
    return t.utils.data.WeightedRandomSampler([0.1, 0.5, 0.2, 0.9, 0.0, 0.3, 0.4], 9)


def reseed(worker):
    random.seed(worker)


# name -> (the data set, options, passes)
CASES = {
    "random numbers": (lambda t: dataset(t, drawn), {}, 1),
    "random numbers, shuffled": (lambda t: dataset(t, drawn), {"shuffle": True, "batch_size": 2}, 2),
    "persistent": (lambda t: dataset(t, drawn), {"shuffle": True, "persistent_workers": True, "batch_size": 3}, 3),
    "generator": (lambda t: dataset(t, drawn), {"shuffle": True, "generator": 3}, 2),
    "three workers": (lambda t: dataset(t, drawn, 10), {"num_workers": 3, "prefetch_factor": 3, "drop_last": True}, 1),
    "one worker": (lambda t: dataset(t, drawn), {"num_workers": 1, "prefetch_factor": 1}, 1),
    "weighted": (lambda t: dataset(t, number), {"sampler": weighted, "batch_size": 4}, 2),
    "replacement": (
        lambda t: dataset(t, number),
        {"sampler": lambda t: t.utils.data.RandomSampler(range(7), replacement=True, num_samples=40)},
        2,
    ),
    "init function": (lambda t: dataset(t, drawn), {"worker_init_fn": reseed}, 1),
    "no batches": (lambda t: dataset(t, drawn), {"batch_size": None, "shuffle": True}, 1),
    "streams": (lambda t: stream(t, (3, 6)), {"batch_size": 2}, 2),
    "streams, persistent": (lambda t: stream(t, (5, 2)), {"batch_size": 2, "persistent_workers": True}, 2),
    "streams, no batches": (lambda t: stream(t, (1, 3)), {"batch_size": None}, 1),
    "streams, last dropped": (lambda t: stream(t, (3, 4)), {"batch_size": 2, "drop_last": True}, 1),
    "three streams": (lambda t: stream(t, (1, 5, 2)), {"num_workers": 3}, 1),
}


def plain(value):
    if hasattr(value, "tolist"):
        numbers = np.asarray(value)  # normal numbers are the same but for the last digit
        return [str(value.dtype), (np.round(numbers, 6) if numbers.dtype.kind == "f" else numbers).tolist()]
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(plain, value)]
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def run(t, make, options, passes):
    options = {**WORKERS, **options}
    options = {key: value(t) if key == "sampler" else value for key, value in options.items()}
    if "generator" in options:
        options["generator"] = t.Generator().manual_seed(options["generator"])
    t.manual_seed(11)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # more workers than processors
        loader = t.utils.data.DataLoader(make(t), **options)
        found = [[plain(batch) for batch in loader] for _ in range(passes)]
    return found, t.rand(2).tolist()


@pytest.mark.parametrize("name", CASES)
def test_the_same_batches_for_a_seed(name):
    assert run(mibun, *CASES[name]) == run(torch, *CASES[name])


@pytest.mark.parametrize("seed, worker", [(0, 0), (5, 3), (2**63 - 1, 1), (0x123456789ABCDEF0, 200)])
def test_seeds_of_numpy(seed, worker):
    expected = torch.utils.data._utils.worker._generate_state(seed, worker)
    assert mibun.utils.data._utils.worker._generate_state(seed, worker) == expected


# --- the functions that make batches ---

Pair = collections.namedtuple("Pair", "x y")


class Thing:
    def __init__(self, value):
        self.value = value


class Special(Thing):
    pass


def values(batch, *, collate_fn_map=None):
    return [thing.value for thing in batch]


def joined(batch, *, collate_fn_map=None):
    return "".join(batch)


BATCHES = {
    "thing": [Thing(1), Thing(2)],
    "special thing": [Special(1), Special(2)],
    "in tuples": [(Thing(1), 3), (Thing(2), 4)],
    "in named tuples": [Pair(Thing(1), "a"), Pair(Thing(2), "b")],
    "in dicts": [{"a": Thing(1), "b": [1.0]}, {"a": Thing(2), "b": [2]}],
    "unequal": [[1, 2], [3]],
    "float and int": [1.0, 2],
    "int and float": [1, 2.5],
    "complex": [1j],
    "objects": [np.array([None])],
    "frozenset": [frozenset((1,))],
    "nothing": [],
}


@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize("functions", ["none", "default", "more"])
def test_collate(name, functions):
    def result(t):
        part = t.utils.data._utils.collate
        more = {**part.default_collate_fn_map, Thing: values, str: joined}
        chosen = {"none": None, "default": part.default_collate_fn_map, "more": more}[functions]
        try:
            return plain(part.collate(BATCHES[name], collate_fn_map=chosen))
        except Exception as error:
            return type(error)

    assert result(mibun) == result(torch)


def test_names():
    ours, theirs = mibun.utils.data._utils, torch.utils.data._utils
    for part in ("collate", "fetch", "pin_memory"):
        names = {n for n, v in vars(getattr(theirs, part)).items() if getattr(v, "__module__", "").endswith(part)}
        assert names - {"_pin_memory_loop"} <= set(vars(getattr(ours, part)))
    kinds = mibun.utils.data._utils.collate.default_collate_fn_map
    assert [getattr(kind, "__name__", "several") for kind in kinds] == [
        getattr(kind, "__name__", "several") for kind in theirs.collate.default_collate_fn_map
    ]
