"""Tensors of JAX's arrays: immutable arrays under the same operators, engine, modules and optimizers.

Every operator is compared with NumPy on some samples here; `python -m tests.arrays_matrix jax` runs all.
"""

from __future__ import annotations

import copy
import gzip
import io
import pickle
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

jax = pytest.importorskip("jax")

import arrays_matrix  # noqa: E402
import immutable_programs  # noqa: E402
import mibun as torch  # noqa: E402
from mibun.core.tensor import wrap  # noqa: E402

SOURCE = Path(torch.__file__).parents[1]
DIGITS = SOURCE.parent / "examples" / "digits.csv.gz"
PLACES = ("cpu", "jax")


@pytest.fixture(autouse=True, scope="module")
def wide() -> Iterator[None]:
    """JAX with numbers of 64 bits."""
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


def on_jax(*shape: int, **options: Any) -> Any:
    return torch.randn(*shape, device="jax", dtype=torch.float64, **options)


def numbers(tensor: Any) -> np.ndarray:
    return tensor.detach().cpu().numpy()


def fresh(code: str, **environment: str) -> str:
    """What a program prints in a process of its own."""
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)],
        env={"PYTHONPATH": str(SOURCE), "JAX_PLATFORMS": "cpu", "PATH": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


# --- operators ---


@pytest.mark.parametrize(
    ("sample", "complex_"),
    [pytest.param(*case, id=arrays_matrix.name_of(*case)) for case in arrays_matrix.seeded_part(40, seed=3)],
)
def test_sample(sample: Any, complex_: bool) -> None:
    """Value, gradient and second gradient are NumPy's."""
    with np.errstate(all="ignore"):
        arrays_matrix.check(arrays_matrix.LIBRARIES["jax"](), sample, complex_)


def test_within_jit() -> None:
    """A function of mibun's, its backward included, is one that `jax.jit` traces."""
    weight = np.random.default_rng(0).standard_normal((3, 4))

    def loss_and_gradient(x: Any, w: Any) -> tuple[Any, Any]:
        w = wrap(w).requires_grad_()
        hidden = torch.nn.functional.layer_norm(wrap(x) @ w, (4,))
        hidden[:, 0] *= 2
        hidden = hidden.relu()
        loss = torch.nn.functional.cross_entropy(hidden, torch.zeros(len(hidden), dtype=torch.int64, device="jax"))
        loss.backward()
        return loss._array_, w.grad._array_

    x = np.random.default_rng(1).standard_normal((5, 3))
    found = jax.jit(loss_and_gradient)(jax.numpy.asarray(x), jax.numpy.asarray(weight))
    plain = loss_and_gradient(jax.numpy.asarray(x), jax.numpy.asarray(weight))
    for one, other in zip(found, plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_values_of_traced_arrays_are_not_looked_at() -> None:
    texts = []
    jax.jit(lambda x: (texts.append(repr(wrap(x) * 2)), x)[1])(jax.numpy.ones(3))
    assert texts == ["tensor(..., device='jax', size=(3,), dtype=torch.float64)"]


# --- views and in-place operations ---


@pytest.mark.parametrize("seed", range(8))
def test_aliases(seed: int) -> None:
    """A random program of views and in-place operations gives all aliases what it gives on NumPy."""
    assert not immutable_programs.difference(lambda array: torch.from_numpy(array).to("jax"), seed)


def test_a_write_reaches_every_alias() -> None:
    x = torch.arange(6.0, device="jax").reshape(2, 3)
    row, column, same, copied = x[0], x.T[1], x.detach(), x.clone()
    column.mul_(10)
    row[2] = -1
    assert x.tolist() == same.tolist() == [[0, 10, -1], [3, 40, 5]]
    assert row.tolist() == [0, 10, -1]
    assert column.tolist() == [10, 40]
    assert copied.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_view_outlives_its_base() -> None:
    view = torch.ones(4, device="jax")[1:3]
    view.fill_(2)
    assert view._base.tolist() == [1, 2, 2, 1]


def test_geometry() -> None:
    """Strides, offsets and addresses are those that NumPy's memory would have."""
    x = torch.arange(12.0, device="jax").reshape(3, 4)
    assert (x.T.stride(), x[1:, 2:].storage_offset(), x.T.is_contiguous()) == ((1, 4), 6, False)
    assert x[1].data_ptr() - x.data_ptr() == 4 * x.element_size()
    assert x.data_ptr() == x.detach().data_ptr() != x.clone().data_ptr()
    assert x.T.reshape(-1)._base is None and x.reshape(-1)._base is not None
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        x.T.view(-1)
    with pytest.raises(RuntimeError, match="single memory location"):
        torch.ones(1, device="jax").expand(3).add_(1)
    assert x.resize_(2, 2).tolist() == [[0, 1], [2, 3]]


def test_saved_values_are_guarded() -> None:
    x = on_jax(3, requires_grad=True)
    y = x.exp()
    y.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


# --- devices ---


def test_in_and_out() -> None:
    array = jax.numpy.arange(3.0)
    for made in (torch.asarray(array), torch.as_tensor(array), torch.from_dlpack(array)):
        assert made._array_ is array
        assert (str(made.device), made.is_cuda, made.is_cpu) == ("jax:0", False, False)
    assert torch.tensor(array).is_cpu  # a copy of the numbers, as of any sequence
    assert torch.tensor(array, device="jax").device == torch.device("jax", 0)
    assert torch.asarray(array, device="cpu").is_cpu and torch.from_dlpack(array, device="cpu").is_cpu
    x = torch.ones(2).to("jax")
    assert (
        x.to("jax") is x and x.to(x) is x and x.cpu().is_cpu and x.to("cpu").is_cpu and x.cpu().to(x).device == x.device
    )
    assert repr(x) == "tensor([1., 1.], device='jax:0')"
    assert x.tolist() == [1, 1] and x[0].item() == 1.0 and bool(x[0])
    assert jax.numpy.from_dlpack(x).tolist() == [1, 1]
    with pytest.raises(TypeError, match="can't convert jax:0 device type tensor to numpy. Use Tensor.cpu()"):
        x.numpy()
    with pytest.raises(TypeError, match="can't convert jax:0"):
        np.asarray(x)
    assert isinstance(x.numpy(force=True), np.ndarray)
    assert torch.ones(1, device="xla").device.type == "jax"


def test_factories() -> None:
    x = torch.zeros(2, 3, device="jax")
    like = [torch.zeros_like(x), torch.ones_like(x), torch.full_like(x, 2), torch.randn_like(x), torch.rand_like(x)]
    like += [torch.empty_like(x), torch.randint_like(x, 3), x.new_zeros(2), x.new_full((2,), 1), x.new_tensor([1])]
    made = [torch.eye(2, device="jax"), torch.arange(3, device="jax"), torch.tensor([1], device="jax")]
    made += [
        torch.full((2,), 1.0, device="jax"),
        torch.linspace(0, 1, 3, device="jax"),
        torch.nn.Linear(2, 1, device="jax").weight,
    ]
    assert {t.device for t in [*like, *made]} == {x.device}
    assert torch.zeros_like(x, device="cpu").is_cpu and torch.randn_like(x, device="cpu").is_cpu
    with torch.device("jax"):
        assert torch.ones(1).device == torch.nn.Linear(1, 1).bias.device == x.device
    torch.set_default_device("jax")
    try:
        assert torch.tensor([1]).device == x.device
    finally:
        torch.set_default_device(None)


def test_random_numbers_are_those_of_the_cpu() -> None:
    draws = [
        lambda place: torch.randn(3, device=place),
        lambda place: torch.rand(3, device=place),
        lambda place: torch.randperm(5, device=place),
        lambda place: torch.empty(3, device=place).uniform_(),
        lambda place: torch.empty(3, 2, device=place).T.normal_(),
        lambda place: torch.nn.functional.dropout(torch.ones(20, device=place)),
        lambda place: torch.bernoulli(torch.full((9,), 0.5, device=place)),
        lambda place: torch.multinomial(torch.ones(5, device=place), 3),
        lambda place: torch.normal(torch.zeros(3, device=place), 1.0),
    ]
    for draw in draws:
        found = []
        for place in PLACES:
            torch.manual_seed(7)
            found.append(draw(place).tolist())
        assert found[0] == found[1]


DIFFERENT = [
    lambda x, y: x + y,
    lambda x, y: y + x,
    lambda x, y: x @ y,
    lambda x, y: y.add_(x),
    lambda x, y: x.add_(y),
    lambda x, y: torch.cat([x, y]),
    lambda x, y: torch.nn.functional.linear(x, y),
    lambda x, y: torch.where(y > 0, x, x),
    lambda x, y: torch.nn.functional.mse_loss(x, y),
    lambda x, y: torch.linalg.solve(x, y),
    lambda x, y: x.backward(y),
]


@pytest.mark.parametrize("call", DIFFERENT)
def test_operands_on_different_devices(call: Any) -> None:
    x, y = on_jax(2, 2, requires_grad=call is DIFFERENT[-1]), torch.ones(2, 2, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="Expected all tensors to be on the same device, but found at least two"):
        call(x * 1, y)


def test_numbers_on_the_cpu_go_with_everything() -> None:
    x, number = torch.ones(2, device="jax", requires_grad=True), torch.tensor(3.0, requires_grad=True)
    for result in (x * number, number * x, number - x):
        assert result.device == x.device
    (number * x * number).sum().backward(create_graph=True)
    assert (number.grad.is_cpu, x.grad.device, number.grad.item()) == (True, x.device, 12)
    (again,) = torch.autograd.grad(number.grad, number)
    assert again.is_cpu and again.item() == 4


def test_gradients_cross_devices() -> None:
    x = torch.ones(3, requires_grad=True)
    y = x.to("jax")
    assert y.grad_fn.name() == "ToCopyBackward0"
    (y.exp().cpu() * x).sum().backward(create_graph=True)
    assert x.grad.is_cpu
    (second,) = torch.autograd.grad(x.grad.sum(), x)
    np.testing.assert_allclose(numbers(second), np.full(3, 3 * np.e, np.float32), rtol=1e-6)
    target = torch.zeros(3, device="jax")
    target.copy_(torch.ones(3))
    assert target.tolist() == torch.zeros(3).copy_(target).tolist() == [1, 1, 1]


def test_what_cannot_be_is_refused() -> None:
    x = torch.ones(2, 2, device="jax")
    with pytest.raises(RuntimeError, match="JAX has no device 99"):
        torch.ones(1, device="jax:99")
    with pytest.raises(RuntimeError, match="same device, but found at least two devices"):
        torch.func.vmap(torch.mul)(x, torch.ones(2, 2))
    with pytest.raises(NotImplementedError, match="sparse tensors are of NumPy's arrays"):
        x.to_sparse()
    with pytest.raises(NotImplementedError, match="Cannot access storage"):
        x.untyped_storage()
    with pytest.raises(IndexError, match="out of"):
        x[torch.tensor([5])]
    with pytest.raises(RuntimeError, match="singular"):
        torch.linalg.inv(torch.zeros(2, 2, device="jax"))
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        torch.ones(2, dtype=torch.int64, device="jax") // torch.zeros(2, dtype=torch.int64, device="jax")

    class Unknown:
        shape, dtype, ndim = (2,), np.dtype("f4"), 1

    with pytest.raises(TypeError, match="is not an array type that mibun knows"):
        wrap(Unknown()).exp()


def test_numbers_of_64_bits() -> None:
    """Where JAX has none they are refused; those of 32 compute as ever, with no warning."""
    code = """
        import warnings; warnings.simplefilter("error")
        import mibun as torch
        x = torch.rand(3, 4, device="jax", requires_grad=True)
        torch.special.i0(torch.logsumexp(x, 1).lgamma()).sum().backward()
        print(x.grad.dtype)
        try:
            torch.ones(2, dtype=torch.float64, device="jax")
        except RuntimeError as error:
            print(error)
    """
    dtype, error = fresh(code).splitlines()
    assert dtype == "torch.float32"
    assert error.startswith("JAX is set to have no numbers of 64 bits, such as float64: call jax.config.update")


def test_jax_is_not_installed() -> None:
    code = """
        import sys
        sys.modules["jax"] = None
        import mibun as torch
        try:
            torch.ones(2, device="jax")
        except RuntimeError as error:
            print(error)
    """
    assert fresh(code) == "Tensors on device 'jax' are arrays of jax, which isn't installed: pip install 'mibun[jax]'"


# --- modules and optimizers ---

OPTIMIZERS = """
SGD Adam AdamW RMSprop Adagrad Adadelta NAdam RAdam Adamax ASGD Rprop LBFGS Adafactor Muon
""".split()


def trained(optimizer: str, place: str, steps: int = 2, **options: Any) -> tuple[list[float], list[np.ndarray]]:
    """The losses and the parameters of a small network after some steps."""
    torch.manual_seed(0)
    bias = optimizer != "Muon"
    model = torch.nn.Sequential(
        torch.nn.Linear(4, 5, bias), torch.nn.Tanh(), torch.nn.Linear(5, 5, bias), torch.nn.Linear(5, 3, bias)
    )
    model = model.double().to(place)
    x, y = torch.randn(8, 4, dtype=torch.float64).to(place), torch.randint(0, 3, (8,)).to(place)
    method = getattr(torch.optim, optimizer)(model.parameters(), lr=0.05, **options)

    def closure() -> Any:
        method.zero_grad(set_to_none=False)
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        return loss

    losses = [method.step(closure).item() for _ in range(steps)]
    assert {str(p.device) for p in model.parameters()} == {"jax:0" if place == "jax" else "cpu"}
    return losses, [numbers(p) for p in model.parameters()]


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [*[(name, {}) for name in OPTIMIZERS], ("SGD", {"momentum": 0.9, "nesterov": True, "maximize": True})],
)
def test_optimizer(optimizer: str, options: dict[str, Any]) -> None:
    """Every optimizer changes the parameters as on NumPy: none silently does nothing."""
    start, _ = trained(optimizer, "jax", 1, **options)
    (losses, parameters), (others, expected) = (trained(optimizer, place, **options) for place in ("jax", "cpu"))
    assert losses[-1] != start[0]
    np.testing.assert_allclose(losses, others, rtol=1e-8)
    for one, other in zip(parameters, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9)


def of_both(program: Any) -> None:
    """A program of a place gives the same numbers on both."""
    found = []
    for place in PLACES:
        torch.manual_seed(0)
        found.append([numbers(one) if isinstance(one, torch.Tensor) else np.asarray(one) for one in program(place)])
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-6)


def test_complex_parameters() -> None:
    def program(place: str) -> list:
        w = torch.nn.Parameter(torch.randn(3, dtype=torch.complex64).to(place))
        method = torch.optim.Adam([w], lr=0.1)
        for _ in range(3):
            method.zero_grad()
            (w.abs() ** 2).sum().backward()
            method.step()
        return [torch.view_as_real(w)]

    of_both(program)


def test_training_tools() -> None:
    """Clipping, scaling, averages of weights, buffers, hooks, initialisation."""

    def program(place: str) -> list:
        model = torch.nn.Sequential(
            torch.nn.Conv2d(2, 3, 3),
            torch.nn.BatchNorm2d(3),
            torch.nn.MaxPool2d(2),
            torch.nn.Flatten(),
            torch.nn.Linear(27, 2),
        ).to(place)
        for f in (torch.nn.init.orthogonal_, torch.nn.init.kaiming_normal_, torch.nn.init.trunc_normal_):
            f(model[4].weight)
        x = torch.randn(4, 2, 8, 8).to(place)
        method, scaler = torch.optim.SGD(model.parameters(), lr=0.1), torch.amp.GradScaler("cpu")
        average = torch.optim.swa_utils.AveragedModel(model)
        seen: list[Any] = []
        model[4].weight.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.norm()))
        for _ in range(2):
            method.zero_grad()
            for part in x.split(2):
                scaler.scale(model(part).pow(2).mean()).backward()
            scaler.unscale_(method)
            seen.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5))
            torch.nn.utils.clip_grad_value_(model.parameters(), 0.1)
            scaler.step(method)
            scaler.update()
            average.update_parameters(model)
        copied = torch.nn.BatchNorm2d(3)
        copied.load_state_dict(model[1].state_dict())
        model[1].load_state_dict(copied.state_dict())
        return [*seen, *model.parameters(), *model.buffers(), *average.module.parameters(), *copied.buffers()]

    of_both(program)


def test_rows_are_renormalised() -> None:
    layer = torch.nn.Embedding(3, 4, max_norm=0.1).to("jax")
    layer(torch.tensor([1], device="jax"))
    assert layer.weight[1].norm().item() < 0.11 < layer.weight[0].norm().item()


def test_autocast() -> None:
    layer = torch.nn.Linear(3, 2, device="jax")
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = layer(torch.ones(4, 3, device="jax"))
    y.sum().backward()
    assert (y.dtype, layer.weight.grad.dtype) == (torch.bfloat16, torch.float32)


def test_saving() -> None:
    layer = torch.nn.Linear(2, 1).to("jax")
    method = torch.optim.Adam(layer.parameters())
    layer(torch.ones(1, 2, device="jax")).sum().backward()
    method.step()
    for copied in (copy.deepcopy(layer.weight), pickle.loads(pickle.dumps(layer.weight))):
        assert copied.device == layer.weight.device and copied.tolist() == layer.weight.tolist()
    file = io.BytesIO()
    torch.save(layer.state_dict(), file)
    file.seek(0)
    loaded = torch.load(file)
    assert loaded["weight"].is_cpu and loaded["weight"].tolist() == layer.weight.tolist()
    other = torch.optim.Adam(layer.parameters())
    other.load_state_dict(copy.deepcopy(method.state_dict()))
    layer.weight.grad.fill_(1)
    before = layer.weight.tolist()
    other.step()
    assert other.state[layer.weight]["step"].item() == 2 and layer.weight.tolist() != before
    assert other.state[layer.weight]["exp_avg"].device == layer.weight.device


def test_derivatives() -> None:
    x = on_jax(3, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: (x**3).sin(), x)
    assert torch.autograd.gradgradcheck(lambda x: (x**3).sum(), x)
    value, tangent = torch.func.jvp(lambda x: (x * x).sum(), (x.detach(),), (torch.ones_like(x),))
    assert value.device == tangent.device == torch.func.grad(lambda x: (x * x).sum())(x.detach()).device == x.device
    loss = torch.utils.checkpoint.checkpoint(lambda x: x.sin().sum(), x, use_reentrant=False)
    loss.backward()
    np.testing.assert_allclose(numbers(x.grad), np.cos(numbers(x)))


@pytest.mark.skipif(not DIGITS.exists(), reason="needs a checkout")
@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_digits(kind: str) -> None:
    """Networks learn the digits of `examples/` as on NumPy."""
    data = np.loadtxt(gzip.open(DIGITS, "rt"), delimiter=",", max_rows=256, dtype=np.float32)
    images, labels = data[:, :64] / 16, data[:, 64].astype(np.int64)

    def losses(place: str) -> list[float]:
        torch.manual_seed(0)
        layers = [torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10)]
        if kind == "cnn":
            layers = [torch.nn.Unflatten(1, (1, 8, 8)), torch.nn.Conv2d(1, 6, 3, padding=1), torch.nn.ReLU()]
            layers += [torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(96, 10)]
        model = torch.nn.Sequential(*layers).to(place)
        method = torch.optim.Adam(model.parameters(), lr=0.01)
        x, y = torch.from_numpy(images).to(place), torch.from_numpy(labels).to(place)
        found = []
        for _ in range(3):
            for part in torch.randperm(len(x)).split(64):
                method.zero_grad()
                loss = torch.nn.functional.cross_entropy(model(x[part]), y[part])
                loss.backward()
                method.step()
                found.append(loss.item())
        return found

    on_numpy, elsewhere = losses("cpu"), losses("jax")
    assert on_numpy[-1] < on_numpy[0]
    np.testing.assert_allclose(elsewhere, on_numpy, rtol=1e-4, atol=1e-4)


MESH = """
    import jax
    jax.config.update("jax_enable_x64", True)
    import mibun as torch
    from mibun.distributed.tensor import Replicate, Shard, distribute_module, distribute_tensor

    mesh = torch.distributed.init_device_mesh("jax", (2, 2), mesh_dim_names=("data", "model"))

    def divide(name, module, mesh):
        if name == "0":
            weight = distribute_tensor(module.weight.detach(), mesh, [Replicate(), Shard(0)])
            module.register_parameter("weight", torch.nn.Parameter(weight))

    def losses(mesh):
        torch.manual_seed(0)
        layers = [torch.nn.Linear(6, 8), torch.nn.ReLU(), torch.nn.BatchNorm1d(8), torch.nn.Linear(8, 4)]
        model = torch.nn.Sequential(*layers)
        x, y = torch.randn(12, 6), torch.randint(0, 4, (12,))
        if mesh is not None:
            distribute_module(model, mesh, divide)
            x, y = (distribute_tensor(t, mesh, [Shard(0), Replicate()]) for t in (x, y))
        method = torch.optim.Adam(model.parameters(), lr=0.05)
        found = []
        for _ in range(3):
            method.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(x), y)
            loss.backward()
            method.step()
            found.append(round(loss.item(), 5))
        return found, model

    plain, _ = losses(None)
    placed, model = losses(mesh)
    first, last = model[0].weight, model[3].weight
    parts = lambda t: sorted({part.data.shape for part in t._array_.addressable_shards})
    print(plain == placed, first.device, parts(first), parts(first.grad), parts(last))
    for wrong in (
        lambda: distribute_tensor(torch.ones(3), mesh, [Shard(0), Replicate()]),
        lambda: torch.distributed.init_device_mesh("jax", (8,)),
        lambda: mesh.get_group("data"),
    ):
        try:
            wrong()
        except RuntimeError as error:
            print(error)
"""


def test_mesh() -> None:
    """One program on four devices gives the losses of one; divided parameters and their gradients lie divided."""
    lines = fresh(MESH, XLA_FLAGS="--xla_force_host_platform_device_count=4").splitlines()
    assert lines == [
        "True jax [(4, 6)] [(4, 6)] [(4, 8)]",
        "dimension 0 of size 3 cannot be divided into 2 equal parts",
        "Mesh should not be bigger than the 4 devices that JAX has, but found 8!",
        "a mesh of JAX's devices has no process groups: one program runs on all of them",
    ]
