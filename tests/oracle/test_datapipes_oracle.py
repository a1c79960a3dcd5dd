"""Data pipes against installed PyTorch: what each step gives, its length and failures, and pipes in a DataLoader."""

from __future__ import annotations

import importlib
import multiprocessing
import warnings

import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]  # PyTorch's pipes warn of lambdas, and more


class Library:
    """The names that the cases are written with."""

    def __init__(self, t):
        self.t = t
        name = t.__name__
        self.iter = importlib.import_module(f"{name}.utils.data.datapipes.iter")
        self.map = importlib.import_module(f"{name}.utils.data.datapipes.map")
        self.graph = importlib.import_module(f"{name}.utils.data.graph")
        self.settings = importlib.import_module(f"{name}.utils.data.graph_settings")

    def wrap(self, values):
        return self.iter.IterableWrapper(values)

    def sequence(self, values):
        return self.map.SequenceWrapper(values)


BOTH = [Library(torch), Library(mibun)]
CASES = """
w(range(5)).map(str)
w([(1, 2), (3, 4)]).map(lambda x: x + 1, input_col=0)
w([(1, 2), (3, 4)]).map(lambda x, y: x + y, input_col=[0, 1])
w([[1, 2, 3]]).map(lambda x, y: x * y, input_col=[2, 0], output_col=1)
w([(1, 2)]).map(lambda x: -x, input_col=1, output_col=-1)
w([{"a": 1, "b": 2}]).map(lambda x: x + 1, input_col="a", output_col="c")
w([{"a": 1, "b": 2}]).map(lambda x, y: x + y, input_col=["a", "b"])
w([1]).map(str, output_col=1)
w([1]).map(str, input_col=0, output_col=[0, 1])
w(range(6)).filter(lambda x: x % 2 == 0)
w([(1, 5), (2, 6)]).filter(lambda x: x > 5, input_col=1)
w([(1, 5), (5, 1)]).filter(lambda x, y: x > y, input_col=[0, 1])
w([1]).filter(lambda x: x)
w(range(7)).batch(3)
w(range(7)).batch(3, drop_last=True)
w(range(7)).batch(0)
w(range(4)).batch(2).map(lambda x: str(x))
w([[1, 2], [3]]).unbatch()
w([[[1, 2], [3]], [[4]]]).unbatch(2)
w([[[1, 2], 3], [[4]]]).unbatch(unbatch_level=-1)
w([1, 2]).unbatch()
w([[1]]).unbatch(unbatch_level=-2)
w(range(4)).batch(2).collate()
w(range(4)).batch(2).collate(collate_fn=sum)
w(["a1", "b1", "a2", "c1", "b2"]).groupby(lambda x: x[0])
w(["a1", "b1", "a2", "a3", "b2"]).groupby(lambda x: x[0], group_size=2)
w(["a1", "b1", "a2", "c1", "b2"]).groupby(lambda x: x[0], keep_key=True)
w(["a1", "b1", "a2", "c1", "b2", "a3"]).groupby(lambda x: x[0], buffer_size=3)
w(["a1", "b1", "a2", "c1", "b2", "a3"]).groupby(lambda x: x[0], buffer_size=3, group_size=3, guaranteed_group_size=2)
w(["a1", "b1", "c1", "d1"]).groupby(lambda x: x[0], buffer_size=3, group_size=3, guaranteed_group_size=2)
w(["a1", "b1", "c1", "d1"]).groupby(lambda x: x[0], buffer_size=3, group_size=3, drop_remaining=True)
w(["a1"]).groupby(lambda x: x[0], buffer_size=3, group_size=4)
w(range(10)).shuffle()
w(range(10)).shuffle(buffer_size=3)
w([[1, 2], [3, 4]]).shuffle(unbatch_level=1)
w(range(10)).shuffle().set_seed(5)
w(range(10)).shuffle().set_shuffle(False)
w(range(10)).shuffle(buffer_size=0)
w(range(3)).zip(w("abcd"))
w(range(3)).concat(w("ab"), w([None]))
w(range(4)).mux(w("ab"))
l.iter.Zipper(w([1]), [2])
l.iter.Concater()
l.iter.Multiplexer(w(range(3)), w("abc"), w([True, False, True]))
l.iter.Sampler(w(range(4)))
w(range(4)).sharding_filter()
pair(w(range(4)).fork(2))
pair(w(range(4)).fork(2, buffer_size=4))
w(range(4)).fork(2, buffer_size=2)[0]
w(range(4)).fork(0)
w(range(4)).fork(2, copy="other")
pair(w([[1], [2]]).fork(2, copy="deep"))
pair(w(range(6)).demux(2, lambda x: x % 2))
pair(w(range(6)).demux(2, lambda x: None if x == 3 else x % 2, drop_none=True))
w(range(6)).demux(2, lambda x: None)[0]
w(range(6)).demux(2, lambda x: 2)[0]
w(range(9)).demux(2, lambda x: 1, buffer_size=3)[0]
s(range(5)).map(lambda x: x * 2)
s(range(5)).batch(2)
s(range(5)).batch(2, drop_last=True)
s("abc").zip(s(range(2)))
s("abc").concat(s(range(2)))
s(range(6)).shuffle()
s(range(6)).shuffle(indices=[4, 1]).set_seed(2)
s({"a": 1})
w(range(3)).other
""".strip().splitlines()


def pair(pipes):
    """Both pipes of one, in turn and one after the other."""

    class Both:
        def __iter__(self):
            first, second = pipes
            yield from [[*pair] for pair in zip(first, second, strict=False)]
            yield list(first)
            yield list(second)

        __len__ = None

    return Both()


def outcome(function):
    try:
        return function()
    except Exception as error:
        return type(error).__name__


@pytest.mark.parametrize("case", CASES)
def test_steps(case):
    def result(library):
        names = {"w": library.wrap, "s": library.sequence, "l": library, "pair": pair}
        library.t.manual_seed(1)
        made = outcome(lambda: eval(case, names))
        if isinstance(made, str):
            return made
        found = [outcome(lambda: str([*made])), outcome(lambda: str([*made])) if "pair" not in case else None]
        return found, outcome(lambda: len(made)), library.t.rand(1).item(), repr(made) if "pair" not in case else None

    theirs, ours = map(result, BOTH)
    assert ours == theirs


def test_files(tmp_path):
    for name in ("b.txt", "a.txt", "c.bin", "below/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name * 2)

    def result(library):
        lister = library.iter.FileLister
        root = str(tmp_path)
        found = [list(lister(root, masks)) for masks in ("", "*.txt", ["*.bin", "a*"])]
        found.append(list(lister(root, recursive=True)))
        read = list(lister(root, "*.txt").open_files().read_from_stream())
        pieces = list(lister(root, "a*").open_files(mode="rb").read_from_stream(chunk=3))
        refused = [
            outcome(lambda: library.iter.FileOpener(["x"], mode="w")),
            outcome(lambda: library.iter.FileOpener(["x"], mode="rb", encoding="utf8")),
            outcome(lambda: list(lister(root + "/none"))),
            outcome(lambda: len(lister(root))),
            len(lister(root, length=3)),
        ]
        return found, read, pieces, refused

    assert result(BOTH[1]) == result(BOTH[0])


LOADERS = {
    "workers": ({"num_workers": 2, "batch_size": 2}, 2),
    "persistent workers": ({"num_workers": 2, "batch_size": None, "persistent_workers": True}, 3),
    "shuffled": ({"batch_size": 3, "shuffle": True}, 2),
    "not shuffled": ({"batch_size": 3, "shuffle": False, "num_workers": 2}, 1),
    "generator": ({"batch_size": None, "num_workers": 2, "generator": 3}, 2),
}


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="workers are forked here")
@pytest.mark.parametrize("name", LOADERS)
def test_in_a_loader(name):
    options, passes = LOADERS[name]

    def result(library):
        t = library.t
        chosen = dict(options)
        if chosen.get("num_workers"):
            chosen.update(timeout=60, multiprocessing_context="fork")
        if "generator" in chosen:
            chosen["generator"] = t.Generator().manual_seed(chosen["generator"])
        t.manual_seed(2)
        pipe = library.wrap(range(11)).shuffle().sharding_filter().map(lambda x: x * 10)
        loader = t.utils.data.DataLoader(pipe, **chosen)
        found = [[batch.tolist() if hasattr(batch, "tolist") else batch for batch in loader] for _ in range(passes)]
        return found, t.rand(1).item()

    assert result(BOTH[1]) == result(BOTH[0])


def test_classes_of_the_users():
    def result(library):
        data = library.t.utils.data

        class Twice(data.IterDataPipe):
            def __init__(self, source):
                self.source = source

            def __iter__(self):
                for sample in self.source:
                    yield from (sample, sample)

        class Count(data.IterDataPipe):
            def reset(self):
                self.number = 0

            def __next__(self):
                self.number += 1
                if self.number > 3:
                    raise StopIteration
                return self.number

            def __iter__(self):
                return self

        name = f"twice_{library.t.__name__}"
        data.functional_datapipe(name)(Twice)
        pipe = getattr(library.wrap("ab"), name)()
        first = iter(pipe)
        found = [next(first), list(pipe), outcome(lambda: next(first)), list(Count()), list(Count().map(str))]
        found.append(outcome(lambda: data.functional_datapipe(name)(Twice)))
        graph = library.graph.traverse_dps(library.wrap("ab").map(str).zip(library.wrap([1])))
        pipes = library.settings.get_all_graph_pipes(graph)
        found.append(sorted(map(str, pipes)))
        shard = library.wrap(range(7)).sharding_filter()
        library.settings.apply_sharding(shard, 3, 1)
        found += [list(shard), len(shard), outcome(lambda: library.settings.apply_sharding(shard, 2, 2))]
        found.append(outcome(lambda: library.settings.apply_sharding(shard.map(str).sharding_filter(), 2, 1)))
        with data.guaranteed_datapipes_determinism():
            found.append(outcome(lambda: data.non_deterministic(Twice)([1])))
            several = data.non_deterministic(lambda source: len(source) > 1)(Twice)
            found += [outcome(lambda: several([1, 2])), list(several([1]))]
        found.append(list(data.non_deterministic(Twice)([1])))
        return found

    assert result(BOTH[1]) == result(BOTH[0])


def test_shuffle_without_a_shuffler_is_added():
    """PyTorch warns that it adds one, and loses it."""
    pipe = BOTH[1].wrap(range(20))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loader = mibun.utils.data.DataLoader(pipe, batch_size=None, shuffle=True)
    assert any("does not contain a `Shuffler`" in str(warning.message) for warning in caught)
    assert sorted(loader) == list(range(20)) and list(loader) != list(range(20))
