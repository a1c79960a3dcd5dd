"""Small programs as people report them about autograd: class and words of errors, warnings, signs of zeros."""

import inspect

import pytest

pytest.importorskip("torch")

import torch  # noqa: E402

import mibun  # noqa: E402
from mibun.dispatch import once  # noqa: E402
from oracle.both import assert_same  # noqa: E402

LOSING = {
    "int": lambda torch, z: z.int(),
    "float": lambda torch, z: z.float(),
    "bool": lambda torch, z: z.bool(),
    "half": lambda torch, z: z.half(),
    "type": lambda torch, z: z.type(torch.float64),
    "type_as": lambda torch, z: z.type_as(torch.ones(1)),
    "copy_": lambda torch, z: torch.ones(1).copy_(z),
    "fill_": lambda torch, z: torch.ones(1).fill_(z[0]),
    "an item": lambda torch, z: torch.ones(1).__setitem__(0, z[0]),
    "a slice": lambda torch, z: torch.ones(2).__setitem__(slice(1), z),
    "a recorded slice": lambda torch, z: (torch.ones(2, requires_grad=True) * 1).__setitem__(slice(1), z),
    "sum": lambda torch, z: torch.sum(z, dtype=torch.float32),
    "as_tensor": lambda torch, z: torch.as_tensor(z, dtype=torch.float32),
    "an array": lambda torch, z: torch.tensor(z.numpy(), dtype=torch.float32),
    # and what loses nothing, or is meant
    "a gradient": lambda torch, z: (torch.ones(1, requires_grad=True) * z).abs().sum().backward(),
    "real": lambda torch, z: z.real,
    "another complex dtype": lambda torch, z: z.to(torch.complex128),
}


@pytest.fixture(autouse=True)
def warned_each_time(monkeypatch):
    """PyTorch warns once in a process, and so does mibun: here at each program."""
    monkeypatch.setattr(once, "_GIVEN", set())
    before = torch.is_warn_always_enabled()
    torch.set_warn_always(True)
    yield
    torch.set_warn_always(before)


@pytest.mark.parametrize("what", LOSING)
def test_lost_imaginary_parts(what):
    assert_same(lambda torch: LOSING[what](torch, torch.tensor([1 + 1j])))


def test_lost_imaginary_parts_once():
    with pytest.warns(UserWarning, match="discards the imaginary part"):
        mibun.tensor([1j]).float()
    mibun.tensor([1j]).float()  # (warnings are errors here)


INDEXED = {
    "index_add": lambda x, i: x.index_add(0, i, x[:1]),
    "index_add_": lambda x, i: x.clone().index_add_(-1, i, x[..., :1]),
    "index_copy": lambda x, i: x.index_copy(0, i, x[:1]),
    "index_fill": lambda x, i: x.index_fill(0, i, 1.0),
    "index_select": lambda x, i: x.index_select(0, i),
    "gather": lambda x, i: x.gather(0, i.expand(1, *x.shape[1:]) if x.ndim > 1 else i),
    "take": lambda x, i: x.take(i),
    "put": lambda x, i: x.put(i, x.reshape(-1)[:1]),
    "x[i]": lambda x, i: x[i],
    "index_reduce": lambda x, i: x.index_reduce(0, i, x[:1], "prod"),
}


@pytest.mark.parametrize("name", INDEXED)
@pytest.mark.filterwarnings("ignore:index_reduce")
@pytest.mark.parametrize("place", [7, -7, -1])
def test_indices_out_of_bounds(name, place):
    def program(torch):
        found = []
        for shape in ((3,), (3, 2)):
            try:
                found.append(INDEXED[name](torch.ones(shape), torch.tensor([place])))
            except Exception as error:
                found.append((type(error).__name__, " ".join(str(error).split()[:4]).rstrip(":")))
        return found

    if name == "index_reduce":  # which says in PyTorch that it is in beta
        torch.set_warn_always(False)
        torch.ones(1).index_reduce(0, torch.tensor([0]), torch.ones(1), "prod")
    assert_same(program)


def test_a_parameter_of_integers():
    assert_same(lambda torch: torch.nn.Parameter(torch.tensor([1])))
    assert_same(lambda torch: torch.nn.Parameter(torch.tensor([1]), requires_grad=False))


def test_constructors_are_named():
    """Errors of wrong arguments name the class that was called, where they do so in PyTorch."""
    seen = 0
    for name, theirs in vars(torch.nn).items():
        ours = getattr(mibun.nn, name, None)
        if inspect.isclass(theirs) and issubclass(theirs, torch.nn.Module) and ours is not None:
            wanted = theirs.__init__.__qualname__
            # (PyTorch's compiler, once another test has loaded it, puts a function of its own there.)
            if not wanted.startswith("_") and "<locals>" not in wanted:
                seen += 1
                assert ours.__init__.__qualname__ == wanted
    assert seen > 100
    assert_same(lambda torch: torch.nn.Conv2d(1, 2))
    assert_same(lambda torch: type("Own", (torch.nn.Conv2d,), {}).__init__.__qualname__)


@pytest.mark.parametrize("gradient", [1.0, -1.0, float("inf")])
def test_the_angle_of_nothing(gradient):
    """Down to the signs of zeros."""

    def program(torch):
        y = torch.tensor([0.0, -0.0, 1.0, 0.0], requires_grad=True)
        x = torch.tensor([0.0, -0.0, 0.0, -1.0], requires_grad=True)
        torch.atan2(y, x).backward(torch.full((4,), gradient))
        return [str(t.grad) for t in (y, x)]

    assert_same(program)
