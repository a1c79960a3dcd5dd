"""Data sets, samplers and the loader: copies, what data sets give at once, what may be passed for what."""

import copy
import pickle

import pytest

import mibun as torch
from mibun.utils import data


class Squares(data.Dataset):
    """A data set that counts how it is asked."""

    def __init__(self, size):
        self.size = size
        self.asked = []

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        if index >= self.size:
            raise IndexError(index)
        return index**2

    def __getitems__(self, indices):
        self.asked.append(indices)
        return [index**2 for index in indices]


class Count(data.IterableDataset):
    def __iter__(self):
        return iter(range(3))


def seeded():
    return torch.Generator().manual_seed(7)


OBJECTS = {
    "Dataset": lambda: Squares(4),
    "TensorDataset": lambda: data.TensorDataset(torch.arange(4), torch.ones(4, 2)),
    "StackDataset": lambda: data.StackDataset(a=[1, 2], b=[3, 4]),
    "ConcatDataset": lambda: data.ConcatDataset([[1, 2], [3]]),
    "ChainDataset": lambda: data.ChainDataset([Count(), Count()]),
    "Subset": lambda: data.Subset([5, 6, 7], [2, 0]),
    "random_split": lambda: data.random_split(range(6), [4, 2], seeded())[0],
    "SequentialSampler": lambda: data.SequentialSampler(range(3)),
    "RandomSampler": lambda: data.RandomSampler(range(5), generator=seeded()),
    "RandomSampler with replacement": lambda: data.RandomSampler(range(5), True, 7, seeded()),
    "SubsetRandomSampler": lambda: data.SubsetRandomSampler([3, 1, 4], seeded()),
    "WeightedRandomSampler": lambda: data.WeightedRandomSampler([0.1, 0.2, 0.7], 5, generator=seeded()),
    "BatchSampler": lambda: data.BatchSampler(data.RandomSampler(range(5), generator=seeded()), 2, True),
    "DataLoader": lambda: data.DataLoader(range(5), batch_size=2, shuffle=True, generator=seeded()),
    "DataLoader of a stream": lambda: data.DataLoader(Count(), batch_size=2, drop_last=True),
}


def values(iterable):
    """What it gives in two passes: random order is drawn anew for each."""
    return [repr(list(iterable)) for _ in range(2)]


@pytest.mark.parametrize("name", OBJECTS)
def test_copies_give_the_same(name):
    original = OBJECTS[name]()
    others = [pickle.loads(pickle.dumps(original)), copy.deepcopy(original)]
    expected = values(original)
    for other in others:
        assert type(other) is type(original) and values(other) == expected


def test_copied_loader_is_still_fixed():
    for other in (pickle.loads(pickle.dumps(OBJECTS["DataLoader"]())), copy.deepcopy(OBJECTS["DataLoader"]())):
        with pytest.raises(ValueError, match="batch_size attribute should not be set"):
            other.batch_size = 3


def test_samples_are_asked_for_at_once():
    """Where a data set gives `__getitems__`, each batch is one call, also through those made of others."""
    first, second = Squares(4), Squares(4)
    loader = data.DataLoader(data.StackDataset(data.Subset(first, [3, 2, 1, 0]), second), batch_size=2)
    assert [[part.tolist() for part in batch] for batch in loader] == [[[9, 4], [0, 1]], [[1, 0], [4, 9]]]
    assert first.asked == [[3, 2], [1, 0]] and second.asked == [[0, 1], [2, 3]]
    named = data.StackDataset(a=Squares(2), b=["x", "y"])
    assert named.__getitems__([1, 0]) == [{"a": 1, "b": "y"}, {"a": 0, "b": "x"}]


def test_samples_missing_from_a_batch():
    class Short(Squares):
        def __getitems__(self, indices):
            return []

    with pytest.raises(ValueError, match="output size mismatch. Expected 2, got 0"):
        data.StackDataset(Short(2), Short(2)).__getitems__([0, 1])


def test_generic_over_samples():
    """`Dataset[int]` and the like are for type checkers; they are the same classes."""
    for cls in (data.Dataset, data.IterableDataset, data.Subset, data.ConcatDataset, data.Sampler, data.DataLoader):
        assert cls[int].__origin__ is cls
    assert list(data.DataLoader[int]([1, 2], batch_size=None)) == [1, 2]
