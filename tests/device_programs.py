"""Programs of users of other devices, each of which gives on every device what it gives on the CPU.

A program is a function of the name of the device; it returns tensors, arrays or plain values, all of them compared.
`tests/test_device_programs.py` runs them on JAX's arrays and on the stand-in for CuPy's.
"""

from __future__ import annotations

import copy
import io
import pickle
from typing import Any

import numpy as np

import mibun as torch
from mibun import nn
from mibun.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, linearize, stack_module_state, vjp, vmap
from mibun.nn import functional as F
from mibun.utils.data import DataLoader, TensorDataset

PROGRAMS: dict[str, Any] = {}


def program(function: Any) -> Any:
    """Enter a program under its name."""
    PROGRAMS[function.__name__] = function
    return function


def numbers(*shape: int, seed: int = 0) -> Any:
    """Random numbers on the CPU."""
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


def trained(model: Any, x: Any, loss: Any, steps: int = 3, **options: Any) -> list:
    """The losses of some steps, and the parameters after them."""
    optimizer = options.pop("optimizer", torch.optim.SGD)(model.parameters(), **{"lr": 0.05, **options})
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        value = loss(model(x))
        value.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(value.item())
    return [losses, *model.parameters(), *model.buffers()]


# --- training ---


@program
def perceptron(place: str) -> list:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.BatchNorm1d(8), nn.Dropout(0.2), nn.Linear(8, 3))
    target = torch.tensor([0, 1, 2, 0, 1, 2], device=place)
    return trained(model.double().to(place), numbers(6, 4).to(place), lambda y: F.cross_entropy(y, target))


@program
def convolutional(place: str) -> list:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 3))
    target = torch.tensor([0, 2], device=place)
    x = numbers(2, 1, 8, 8).to(place)
    return trained(model.double().to(place), x, lambda y: F.cross_entropy(y, target), optimizer=torch.optim.Adam)


@program
def recurrent(place: str) -> list:
    torch.manual_seed(0)
    found = []
    for kind in (nn.LSTM, nn.GRU):
        layer = kind(3, 4, num_layers=2, batch_first=True, bidirectional=True).double().to(place)
        out, state = layer(numbers(2, 5, 3).to(place))
        out.square().mean().backward()
        found += [out, *(state if isinstance(state, tuple) else (state,)), *[p.grad for p in layer.parameters()]]
    return found


@program
def transformer(place: str) -> list:
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True, norm_first=True)
    model = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False).double().to(place)
    x = numbers(2, 5, 8).to(place).requires_grad_()
    mask = nn.Transformer.generate_square_subsequent_mask(5, device=place, dtype=torch.float64)
    out = model(x, mask=mask, is_causal=True)
    out.sin().sum().backward()
    return [out, x.grad, *[p.grad for p in model.parameters()]]


@program
def language_model(place: str) -> list:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Embedding(7, 4, padding_idx=0), nn.Flatten(0, 1), nn.Linear(4, 7)).double().to(place)
    tokens = torch.tensor([[1, 2, 3], [4, 5, 0]], device=place)
    target = tokens.roll(-1, 1).flatten()
    return trained(model, tokens, lambda y: F.cross_entropy(y, target, ignore_index=0), optimizer=torch.optim.AdamW)


@program
def schedules(place: str) -> list:
    weight = nn.Parameter(numbers(3, 3).to(place))
    optimizer = torch.optim.SGD([weight], lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.2, total_steps=5)
    rates = []
    for _ in range(4):
        optimizer.zero_grad()
        (weight.exp().sum() + weight.norm()).backward()
        optimizer.step()
        schedule.step()
        rates.append(optimizer.param_groups[0]["lr"])
    return [weight, rates]


@program
def averaging(place: str) -> list:
    torch.manual_seed(0)
    model = nn.Linear(3, 2).double().to(place)
    averaged = torch.optim.swa_utils.AveragedModel(model)
    for seed in range(3):
        with torch.no_grad():
            model.weight.add_(numbers(2, 3, seed=seed).to(place))
        averaged.update_parameters(model)
    return [*averaged.parameters(), averaged.n_averaged]


@program
def scaled(place: str) -> list:
    torch.manual_seed(0)
    model = nn.Linear(3, 2).to(place)
    scaler = torch.amp.GradScaler(init_scale=16.0, growth_interval=1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        scaler.scale(model(numbers(4, 3).float().to(place)).square().mean()).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_value_(model.parameters(), 0.5)
        scaler.step(optimizer)
        scaler.update()
    return [*model.parameters(), scaler.get_scale()]


@program
def loading(place: str) -> list:
    data = TensorDataset(numbers(7, 2), torch.arange(7))
    found = []
    for x, label in DataLoader(data, batch_size=3):
        x, label = x.to(place), label.to(place, non_blocking=True)
        found += [x * 2, F.one_hot(label, 7)]
    return found


@program
def accumulating(place: str) -> list:
    x = numbers(3, 3).to(place).requires_grad_()
    for factor in (1, 2, 3):
        (factor * x).sin().sum().backward()
    first = x.grad.clone()
    x.grad.zero_()
    x.grad += 1
    x.grad = None
    x.prod().backward()
    return [first, x.grad]


# --- in and out ---


@program
def round_trips(place: str) -> list:
    x = numbers(2, 3)
    there = x.to(place)
    back = there.cpu()
    assert back.is_cpu and there.to("cpu").equal(x)
    y = torch.zeros(2, 3, dtype=torch.float64).to(there)
    return [back, y + there, there.float(), there.to(torch.float32), there.half().double(), there.T.contiguous().cpu()]


@program
def saved_states(place: str) -> list:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3)).double().to(place)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    model(numbers(4, 3).to(place)).sum().backward()
    optimizer.step()
    file = io.BytesIO()
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, file)
    file.seek(0)
    found = torch.load(file, map_location="cpu")
    home = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3)).double()
    home.load_state_dict(found["model"])
    other = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3)).double().to(place)
    other.load_state_dict(home.state_dict())
    again = torch.optim.Adam(other.parameters(), lr=0.1)
    again.load_state_dict(found["optimizer"])
    other(numbers(4, 3).to(place)).square().sum().backward()
    again.step()
    assert all(p.device.type == torch.device(place).type for p in other.parameters())
    return [*home.state_dict().values(), *other.state_dict().values(), again.state_dict()["state"][0]["exp_avg"]]


@program
def copies(place: str) -> list:
    model = nn.Linear(2, 2).double().to(place)
    with torch.no_grad():
        model.weight.copy_(numbers(2, 2))
        model.bias.zero_()
    deep = copy.deepcopy(model)
    pickled = pickle.loads(pickle.dumps(model.weight.detach()))
    with torch.no_grad():
        model.weight.mul_(2)
    return [deep.weight, pickled, model.weight, model.weight.detach().clone(), model.weight.tolist()]


# --- views, in-place, hooks ---


@program
def views(place: str) -> list:
    x = numbers(4, 6).to(place)
    x.view(2, 2, 6)[1, :, ::2].add_(1)
    x.T[2:4].mul_(2)
    x[1:3, [0, 5]] = 7
    x[x > 6.5] = -1
    x.diagonal().fill_(0)
    x.unfold(1, 2, 2)[0].sub_(3)
    parts = x.chunk(2, 1)
    parts[0].exp_()
    row = x[3]
    x[0].copy_(row)
    torch.add(x, 1, out=x)
    x.index_add_(0, torch.tensor([0, 0], device=place), torch.ones(2, 6, dtype=x.dtype, device=place))
    x.scatter_(1, torch.tensor([[0], [1]], device=place), 5.0)
    x.masked_fill_(x < -1, 0.5)
    return [x, row, parts[1], x.narrow(1, 2, 2), x.flip(0).roll(1, 1)]


@program
def writing_recorded(place: str) -> list:
    x = numbers(3, 4).to(place).requires_grad_()
    y = x * 1
    y[0] *= 2
    y[:, 1:3].sin_()
    z = y.view(-1)
    z[3:5].copy_(x[2, :2])
    y.T[3] += x[0, 0]
    y.clamp_(-1, 1)
    (y.square() * torch.arange(4, device=place)).sum().backward()
    return [y, z, x.grad]


@program
def hooks(place: str) -> list:
    seen: list = []
    model = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 1)).double().to(place)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.linspace(-1, 1, p.numel(), dtype=torch.float64, device=place).reshape(p.shape))
    model[0].register_forward_hook(lambda m, i, o: seen.append(o.detach()))
    model[1].register_full_backward_hook(lambda m, gi, go: seen.append(go[0]))
    model[2].weight.register_hook(lambda g: g * 2)
    model[2].bias.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad))
    x = numbers(2, 3).to(place).requires_grad_()
    hidden = model[0](x)
    hidden.retain_grad()
    model[2](model[1](hidden)).sum().backward()
    return [*seen, hidden.grad, x.grad, *[p.grad for p in model.parameters()]]


class Cube(torch.autograd.Function):
    """x**3, with a derivative of its own."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (x,) = ctx.saved_tensors
        return g * 3 * x**2


@program
def own_functions(place: str) -> list:
    x = numbers(3).to(place).requires_grad_()
    y = Cube.apply(x)
    (first,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    checkpointed = torch.utils.checkpoint.checkpoint(lambda x: x.sin().exp(), x, use_reentrant=False)
    checkpointed.sum().backward()
    return [y, first, second, x.grad]


@program
def higher_orders(place: str) -> list:
    x = numbers(4).to(place).requires_grad_()
    value = (x.sin() * x.exp()).sum()
    found = [value]
    for _ in range(3):
        (value,) = torch.autograd.grad(value.sum(), x, create_graph=True)
        found.append(value)
    penalty = found[1].norm()
    penalty.backward()
    return [*found, x.grad]


# --- transforms ---


def _model(place: str) -> tuple[Any, dict, Any, Any]:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)).double().to(place)
    params = {name: p.detach() for name, p in model.named_parameters()}
    return model, params, numbers(6, 4).to(place), torch.tensor([0, 1, 2, 0, 1, 2], device=place)


@program
def gradients_per_sample(place: str) -> list:
    model, params, x, target = _model(place)

    def loss(params: dict, x: Any, target: Any) -> Any:
        return F.cross_entropy(functional_call(model, params, (x[None],)), target[None])

    return list(vmap(grad(loss), (None, 0, 0))(params, x, target).values())


@program
def gradients_per_image(place: str) -> list:
    layer = nn.Conv2d(2, 3, 3).double().to(place)
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(numbers(*p.shape))
    kernels = {name: p.detach() for name, p in layer.named_parameters()}
    of_image = grad(lambda p, image: functional_call(layer, p, (image[None],)).relu().sum())
    return list(vmap(of_image, (None, 0), chunk_size=3)(kernels, numbers(4, 2, 6, 6).to(place)).values())


@program
def hessian_of_a_model(place: str) -> list:
    model, params, x, target = _model(place)

    def loss(weight: Any) -> Any:
        return F.cross_entropy(functional_call(model, {**params, "2.weight": weight}, (x,)), target)

    return [hessian(loss)(params["2.weight"])]


@program
def jacobians(place: str) -> list:
    model, _, x, _ = _model(place)
    return [
        jacrev(model)(x),
        jacfwd(model)(x),
        torch.autograd.functional.jacobian(model, x, vectorize=True),
        torch.autograd.functional.hessian(lambda x: model(x).square().sum(), x[0], vectorize=True),
        torch.autograd.functional.hvp(lambda x: model(x).square().sum(), x[0], x[1])[1],
    ]


@program
def products_with_jacobians(place: str) -> list:
    model, _, x, _ = _model(place)
    point = x.clone().requires_grad_()
    basis = torch.eye(18, dtype=torch.float64, device=place).reshape(18, 6, 3)
    return [
        vjp(model, x)[1](torch.ones(6, 3, dtype=torch.float64, device=place))[0],
        jvp(model, (x,), (torch.ones_like(x),))[1],
        linearize(model, x)[1](torch.ones_like(x)),
        torch.autograd.grad(model(point), point, basis, is_grads_batched=True)[0],
    ]


@program
def ensembles(place: str) -> list:
    torch.manual_seed(0)
    models = [nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2)).double().to(place) for _ in range(3)]
    params, buffers = stack_module_state(models)
    return [
        vmap(lambda p, b, x: functional_call(models[0], (p, b), (x,)), (0, 0, None))(
            params, buffers, numbers(6, 4).to(place)
        )
    ]


@program
def mapped(place: str) -> list:
    x, index = numbers(4, 4).to(place), torch.tensor([3, 0, 2, 1], device=place)
    written, shared = x.clone(), torch.zeros(4, dtype=torch.float64, device=place)
    vmap(lambda row: row[1:3].mul_(2))(written)
    with_random = []
    for randomness in ("different", "same"):
        torch.manual_seed(1)
        with_random.append(vmap(lambda r: r + torch.rand(4, dtype=r.dtype, device=place), randomness=randomness)(x))
    return [
        written,
        *with_random,
        vmap(vmap(lambda a: a.sin() * 2))(x),
        vmap(lambda row: row.cumsum(0), in_dims=1, out_dims=1)(x),
        vmap(lambda row, i: row[i], (0, 0))(x, index),
        vmap(lambda row, i: row.index_put((i,), row[0] * 2), (0, 0))(x, index),
        vmap(lambda row: torch.where(row > 0, row, row * 2).softmax(0) + shared)(x),
        vmap(lambda row: row.sort()[0].flip(0).topk(2)[0])(x),
        vmap(torch.linalg.det)(numbers(3, 2, 2).to(place)),
        vmap(lambda row: F.max_pool1d(row[None], 2).squeeze(0))(x),
    ]


# --- what else there is ---


@program
def regression(place: str) -> list:
    x, w = numbers(20, 3).to(place), torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64, device=place)
    y = x @ w
    solved = torch.linalg.lstsq(x, y[:, None]).solution
    centred = x - x.mean(0)
    values, vectors = torch.linalg.eigh(centred.T @ centred)
    return [solved, values, (vectors @ vectors.T), torch.linalg.svdvals(x), torch.linalg.pinv(x)]


@program
def random_numbers(place: str) -> list:
    torch.manual_seed(3)
    generator = torch.Generator().manual_seed(1)
    return [
        torch.randn(3, 2, device=place),
        torch.randperm(5, device=place),
        torch.rand(2, device=place),
        torch.empty(4, device=place).normal_(generator=generator),
        torch.distributions.Normal(torch.zeros(2, device=place), torch.ones(2, device=place)).sample(),
        torch.multinomial(torch.ones(4, device=place), 2),
        F.dropout(torch.ones(8, device=place), 0.5),
        nn.init.kaiming_uniform_(torch.empty(2, 3, device=place)),
    ]


@program
def losses(place: str) -> list:
    x, y = numbers(4, 3).to(place).requires_grad_(), numbers(4, 3, seed=1).to(place)
    label = torch.tensor([0, 2, 1, 1], device=place)
    found = [
        F.mse_loss(x, y), F.l1_loss(x, y), F.smooth_l1_loss(x, y), F.huber_loss(x, y), F.cross_entropy(x, label),
        F.nll_loss(x.log_softmax(1), label), F.kl_div(x.log_softmax(1), y.softmax(1), reduction="batchmean"),
        F.binary_cross_entropy_with_logits(x, y.sigmoid()), F.cosine_embedding_loss(x, y, torch.ones(4, device=place)),
        F.margin_ranking_loss(x[:, 0], y[:, 0], torch.ones(4, device=place)), F.multi_margin_loss(x, label),
        F.triplet_margin_loss(x, y, y.flip(0)), F.poisson_nll_loss(x, y.exp()), F.soft_margin_loss(x, y.sign()),
    ]  # fmt: skip
    torch.stack(found).sum().backward()
    return [*found, x.grad]


@program
def pruning_and_norms(place: str) -> list:
    layer = nn.Linear(3, 3).double().to(place)
    with torch.no_grad():
        layer.weight.copy_(numbers(3, 3))
        layer.bias.zero_()
    torch.nn.utils.parametrizations.weight_norm(layer)
    out = layer(numbers(2, 3).to(place))
    out.sum().backward()
    found = [out, *[p.grad for p in layer.parameters()]]
    vector = torch.nn.utils.parameters_to_vector(layer.parameters())
    return [*found, vector, torch.nn.utils.get_total_norm([p.grad for p in layer.parameters()])]


@program
def mixed_devices(place: str) -> list:
    if place == "cpu":
        return [["RuntimeError"] * 5]
    x, y = torch.ones(2, 2, device=place), torch.ones(2, 2)
    found = []
    for call in (
        lambda: x + y,
        lambda: F.linear(x, y),
        lambda: torch.cat([x, y]),
        lambda: nn.Linear(2, 2)(x),
        lambda: vmap(torch.mul)(x, y),
    ):
        try:
            call()
        except RuntimeError as error:
            assert "same device" in str(error), error
            found.append("RuntimeError")
    return [found]


def values_of(results: list) -> list:
    """What a program has returned, as NumPy's arrays and plain values."""
    return [x.detach().cpu().resolve_conj().numpy() if isinstance(x, torch.Tensor) else x for x in results]


def different(name: str, place: str, tolerance: float = 1e-9) -> None:
    """Run a program on a device and on the CPU. AssertionError where they differ, or a result is elsewhere."""
    expected = PROGRAMS[name]("cpu")
    found = PROGRAMS[name](place)
    assert len(found) == len(expected)
    kinds = [x.device.type for x in found if isinstance(x, torch.Tensor)]
    assert torch.device(place).type in kinds or not kinds
    for one, other in zip(values_of(found), values_of(expected), strict=True):
        if isinstance(other, np.ndarray):
            assert one.dtype == other.dtype, (one.dtype, other.dtype)
        loose = 2e-6 if getattr(other, "dtype", None) in (np.float32, np.float16) else tolerance
        np.testing.assert_equal(np.shape(one), np.shape(other))
        if np.asarray(other).dtype.kind in "SU":
            assert one == other
        else:
            np.testing.assert_allclose(one, other, rtol=loose, atol=loose)


if __name__ == "__main__":
    import sys
    import traceback

    sys.path[:0] = ["tests"]
    import arrays_matrix

    which = sys.argv[1]
    arrays_matrix.LIBRARIES[{"jax": "jax", "cuda": "fakecupy"}[which]]()
    for name in sys.argv[2:] or PROGRAMS:
        try:
            different(name, which)
        except Exception as error:
            print("FAILED", name, type(error).__name__, str(error)[:300])
            if sys.argv[2:]:
                traceback.print_exc()
    print(len(PROGRAMS), "programs")
