"""Layers, losses and linear algebra under `vmap` equal a loop: values, gradients inside and of a backward outside."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

import mibun as torch
import mibun.func
from mibun.func import functional_call, grad, replace_all_batch_norm_modules_, stack_module_state, vmap
from vmap_nn_cases import CASES, CONSTANT, MODULES

nn, F = torch.nn, torch.nn.functional
f64 = {"dtype": torch.float64}


def close(found, expected):
    assert found.shape == expected.shape
    assert torch.allclose(found, expected, rtol=1e-8, atol=1e-9, equal_nan=True)


def choices(count):
    """Which operands are batched: all, and all but each."""
    return [(True,) * count] + ([tuple([i != j for i in range(count)]) for j in range(count)] if count > 1 else [])


def places_of(tensors):
    return tuple([i for i, x in enumerate(tensors) if x.is_floating_point() and not any(x is c for c in CONSTANT)])


@pytest.mark.parametrize("name", CASES)
def test_functions(name):
    function, tensors = CASES[name]
    places = places_of(tensors)
    for choice in choices(len(tensors)):
        if not any(choice[place] for place in places):
            continue
        dims = tuple([0 if batched else None for batched in choice])
        mixed = [x if batched else x[0] for x, batched in zip(tensors, choice, strict=True)]
        rows = [[x[i] if batched else x for x, batched in zip(mixed, choice, strict=True)] for i in range(2)]
        close(vmap(function, dims)(*mixed), torch.stack([function(*row) for row in rows]))
        wanted = [torch.stack(parts) for parts in zip(*[grad(function, places)(*row) for row in rows], strict=True)]
        for found, expected in zip(vmap(grad(function, places), dims)(*mixed), wanted, strict=True):
            close(found, expected)
        leaves = [x.clone().requires_grad_() if i in places else x for i, x in enumerate(mixed)]
        found = torch.autograd.grad(
            vmap(function, dims)(*leaves).sum(), [leaves[i] for i in places], allow_unused=True, materialize_grads=True
        )
        for one, expected, place in zip(found, wanted, places, strict=True):
            close(one, expected if choice[place] else expected.sum(0))


def flat(output):
    return [output] if isinstance(output, torch.Tensor) else [x for part in output for x in flat(part)]


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
def test_modules(name):
    make, shape = MODULES[name]
    torch.manual_seed(0)
    models = [make().to(torch.float64) for _ in range(3)]
    model = models[0]
    x = torch.randn(3, *shape, **f64)
    found = vmap(lambda x: tuple(flat(model(x))))(x)
    for one, parts in zip(found, zip(*[flat(model(row)) for row in x], strict=True), strict=True):
        close(one, torch.stack(parts))

    def loss(params, x):
        return sum([(out * out.detach().sin()).sum() for out in flat(functional_call(model, params, (x,)))])

    each = [{key: value.detach() for key, value in one.named_parameters()} for one in models]
    stacked = {key: torch.stack([params[key] for params in each]) for key in each[0]}
    for dims in ((0, 0), (0, None), (None, 0)):
        params = stacked if dims[0] == 0 else each[0]
        inputs = x if dims[1] == 0 else x[0]
        found = vmap(grad(loss), dims)(params, inputs)
        for i in range(3):
            expected = grad(loss)(each[i if dims[0] == 0 else 0], x[i if dims[1] == 0 else 0])
            for key in expected:
                close(found[key][i], expected[key])
        leaves = {key: value.clone().requires_grad_() for key, value in params.items()}
        outside = torch.autograd.grad(vmap(loss, dims)(leaves, inputs).sum(), list(leaves.values()))
        for one, expected in zip(outside, found.values(), strict=True):
            close(one, expected if dims[0] == 0 else expected.sum(0))


# --- batch norm: averages that are written in place ---


def test_batch_norm_refuses_averages_that_all_examples_would_write():
    x = torch.randn(2, 5, 3, **f64)
    model = nn.BatchNorm1d(3, **f64)
    with pytest.raises(RuntimeError, match="Batch norm got a batched tensor as input while the running_mean"):
        vmap(model)(x)
    assert torch.equal(model.running_mean, torch.zeros(3, **f64))
    with pytest.raises(RuntimeError, match="Batch norm got a batched tensor as input while the running_mean"):
        vmap(lambda x: F.instance_norm(x, torch.zeros(3, **f64), torch.ones(3, **f64)))(torch.randn(2, 1, 3, 4, **f64))


def test_batch_norm_writes_averages_of_each_example():
    x = torch.randn(2, 5, 3, **f64)
    means, variances = torch.zeros(2, 3, **f64), torch.ones(2, 3, **f64)
    expected = [means.clone(), variances.clone()]
    found = vmap(lambda x, m, v: F.batch_norm(x, m, v, training=True))(x, means, variances)
    for i in range(2):
        close(found[i], F.batch_norm(x[i], expected[0][i], expected[1][i], training=True))
    close(means, expected[0])
    close(variances, expected[1])


def test_batch_norm_with_averages_of_its_own_in_each_example():
    model = nn.BatchNorm1d(3, **f64)
    x = torch.randn(2, 5, 3, **f64)
    buffers = {key: torch.stack([value, value]) for key, value in model.named_buffers()}
    found = vmap(lambda buffers, x: functional_call(model, buffers, (x,)))(buffers, x)
    for i in range(2):
        one = nn.BatchNorm1d(3, **f64)
        close(found[i], one(x[i]))
        for key, value in one.named_buffers():
            close(buffers[key][i].to(value.dtype), value)


def test_batch_norm_without_averages_as_replaced():
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)).to(torch.float64)
    x = torch.randn(2, 5, 3, **f64)
    with pytest.raises(RuntimeError, match="Batch norm got a batched tensor as input"):
        vmap(model)(x)
    expected = torch.stack([model(one) for one in x])
    assert replace_all_batch_norm_modules_(model) is model
    close(vmap(model)(x), expected)


def test_an_ensemble_of_stacked_modules():
    models = [nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).to(torch.float64) for _ in range(3)]
    params, buffers = stack_module_state(models)
    x = torch.randn(5, 3, **f64)
    found = vmap(lambda params, buffers: functional_call(models[0], (params, buffers), (x,)))(params, buffers)
    close(found, torch.stack([model(x) for model in models]))
    found.square().sum().backward()
    sum([model(x).square().sum() for model in models]).backward()
    for name, value in params.items():
        close(value.grad, torch.stack([dict(model.named_parameters())[name].grad for model in models]))


# --- what depends on all examples, or is refused ---


def test_singular_matrices_of_any_example_are_refused():
    matrices = torch.stack([torch.eye(2), torch.zeros(2, 2)])
    for function in (torch.linalg.inv, torch.linalg.cholesky, lambda a: torch.linalg.solve(a, torch.ones(2))):
        with pytest.raises(torch.linalg.LinAlgError, match="Batch element 1"):
            vmap(function)(matrices)
    with pytest.raises(torch.linalg.LinAlgError, match="zero"):
        vmap(torch.cholesky_inverse)(matrices)
    assert vmap(torch.linalg.inv_ex)(matrices).info.tolist() == [0, 1]
    with pytest.raises(RuntimeError, match="should not contain infs or NaNs"):
        vmap(torch.linalg.eig)(matrices / 0)


def test_one_hot_needs_the_number_of_classes():
    with pytest.raises(RuntimeError, match="please provide an explicit positive num_classes"):
        vmap(F.one_hot)(torch.tensor([[0, 1]]))


def test_embedding_with_a_largest_norm():
    indices = torch.tensor([[0, 1, 1], [2, 3, 3]])
    table = torch.randn(2, 5, 3, **f64) * 5
    with pytest.raises(RuntimeError, match="aten::embedding_renorm_"):
        vmap(lambda i: F.embedding(i, table[0].clone(), max_norm=1.0))(indices)
    copies = table.clone()
    expected = torch.stack([F.embedding(i, w, max_norm=1.0) for i, w in zip(indices, copies, strict=True)])
    close(vmap(lambda i, w: F.embedding(i, w, max_norm=1.0))(indices, table), expected)
    close(table, copies)


def test_embedding_indices_of_any_example_are_checked():
    with pytest.raises(IndexError, match="got index 7 for a table of 5 rows"):
        vmap(lambda i: F.embedding(i, torch.zeros(5, 2)))(torch.tensor([[0, 1], [2, 7]]))


# --- gradients that are only summed over the examples are never made for each of them ---


def loss_of_examples(model):
    return lambda params, x: functional_call(model, params, (x,)).square().mean()


@pytest.mark.parametrize(
    "make, shape, size",
    [
        (lambda: nn.Linear(200, 200), (200,), 200 * 200),
        (lambda: nn.Linear(200, 200), (3, 200), 200 * 200),
        (lambda: nn.Conv2d(32, 128, 3, padding=1), (1, 32, 3, 3), 32 * 128 * 9),
    ],
)
def test_grad_over_vmap_needs_no_gradient_for_each_example(make, shape, size):
    model = make()
    params = {key: value.detach() for key, value in model.named_parameters()}
    examples = 100
    x = torch.randn(examples, *shape)
    function = grad(lambda params: vmap(loss_of_examples(model), (None, 0))(params, x).mean())
    expected = grad(lambda params: functional_call(model, params, (x.reshape(-1, *shape[1:]),)).square().mean())
    function(params)
    gc.collect()
    tracemalloc.start()
    found = function(params)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < examples * size * 4 / 2
    if len(shape) > 1:
        wanted = expected(params)
        for key, value in found.items():
            assert torch.allclose(value, wanted[key], rtol=1e-4, atol=1e-6)


def test_embedding_tables_are_shared_by_all_examples():
    table = torch.randn(1000, 50, **f64)
    indices = torch.randint(0, 1000, (64, 10))
    function = grad(lambda w: vmap(lambda i: F.embedding(i, w).square().sum())(indices).sum())
    gc.collect()
    tracemalloc.start()
    found = function(table)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * 1000 * 50 * 8 / 2
    close(found, grad(lambda w: F.embedding(indices, w).square().sum())(table))


def test_a_recorded_backward_needs_no_gradient_for_each_example():
    x, w = torch.randn(100, 200), torch.randn(200, 200, requires_grad=True)

    def run():
        total = vmap(lambda x: F.linear(x, w).square().mean())(x).mean()
        return torch.autograd.grad(total, w, create_graph=True)

    run()
    gc.collect()
    tracemalloc.start()
    run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * 200 * 200 * 4 / 2


def test_second_derivatives_over_shared_weights():
    x = torch.randn(5, 3, **f64)
    w = torch.randn(4, 3, **f64, requires_grad=True)

    def penalty(w, total):
        (first,) = torch.autograd.grad(total, w, create_graph=True)
        return torch.autograd.grad(first.square().sum(), w)[0]

    batched = penalty(w, vmap(lambda x: F.linear(x, w).tanh().sum())(x).sum())
    close(batched, penalty(w, F.linear(x, w).tanh().sum()))
