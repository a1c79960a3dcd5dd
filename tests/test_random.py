"""Random numbers: PyTorch's own for the same seed, generators, and what autograd makes of them.

The expected numbers were printed by PyTorch 2.13.0 on a CPU.
"""

import pickle

import numpy as np
import pytest

import mibun as torch


@pytest.fixture(autouse=True)
def _seed():
    state = torch.get_rng_state()
    torch.manual_seed(42)
    yield
    torch.set_rng_state(state)


def _near(tensor, expected, tolerance=1e-4):
    assert tensor.shape == (len(expected),)
    np.testing.assert_allclose(tensor.double().numpy(), expected, atol=tolerance)


def test_numbers_are_pytorchs():
    _near(torch.rand(3), [0.8823, 0.9150, 0.3829])
    torch.manual_seed(42)
    _near(torch.randn(3), [0.3367, 0.1288, 0.2345])
    torch.manual_seed(42)
    _near(torch.randn(20)[:6], [1.9269, 1.4873, 0.9007, -2.1055, -0.7581, 1.0783])
    assert torch.rand(1).item() == pytest.approx(0.5779, abs=1e-4)  # how many words were used
    torch.manual_seed(42)
    assert torch.randint(0, 10, (6,)).tolist() == [2, 7, 6, 4, 6, 5]
    torch.manual_seed(42)
    assert torch.randint(0, 2**40, (3,)).tolist() == [441507790259, 395924837646, 458615280711]
    torch.manual_seed(42)
    assert torch.randperm(10).tolist() == [2, 6, 1, 8, 4, 5, 0, 9, 3, 7]
    torch.manual_seed(42)
    assert torch.bernoulli(torch.full((10,), 0.5)).tolist() == [0, 0, 1, 0, 1, 0, 1, 0, 0, 1]
    torch.manual_seed(42)
    assert torch.empty(10).bernoulli_(0.5).tolist() == [1, 1, 1, 1, 0, 1, 0, 0, 1, 1]
    torch.manual_seed(42)
    assert torch.empty(8).geometric_(0.3).min() >= 1
    torch.manual_seed(1)
    assert torch.poisson(torch.full((8,), 3.0)).tolist() == [1, 1, 2, 4, 2, 2, 7, 4]
    torch.manual_seed(1)
    assert torch.poisson(torch.full((6,), 20.0)).tolist() == [11, 16, 21, 19, 21, 20]
    torch.manual_seed(3)
    drawn = torch.multinomial(torch.tensor([0.1, 0.2, 0.3, 0.4]), 8, replacement=True)
    assert drawn.tolist() == [0, 1, 3, 1, 3, 3, 1, 2]


def test_a_transposed_tensor_is_filled_in_the_order_of_its_memory():
    expected = torch.rand(4, 8)
    torch.manual_seed(42)
    assert torch.equal(torch.empty(4, 8).t().uniform_(), expected.t())


def test_generators_have_states_of_their_own():
    g = torch.Generator().manual_seed(7)
    before = torch.get_rng_state()
    first = torch.rand(5, generator=g)
    assert torch.equal(before, torch.get_rng_state())
    state = g.get_state()
    assert state.shape == (5056,) and state.dtype is torch.uint8
    a = torch.randn(701, generator=g)
    again = torch.Generator().set_state(state)
    assert again.initial_seed() == 7 and torch.equal(torch.randn(701, generator=again), a)
    copied = pickle.loads(pickle.dumps(g))
    assert torch.equal(torch.randn(3, generator=copied), torch.randn(3, generator=g))
    assert torch.equal(torch.rand(5, generator=torch.Generator().manual_seed(7)), first)
    with pytest.raises(TypeError, match="RNG state must be a torch.ByteTensor"):
        g.set_state(torch.zeros(5056))
    with pytest.raises(RuntimeError, match="Expected a CPUGeneratorImplState of size 5056"):
        g.set_state(torch.zeros(3, dtype=torch.uint8))
    with pytest.raises(ValueError, match="Overflow when unpacking long long"):
        torch.manual_seed(2**64)


def test_fork_rng_puts_the_state_back():
    expected = torch.rand(2)
    torch.manual_seed(42)
    with torch.random.fork_rng():
        torch.rand(100)
    assert torch.equal(torch.rand(2), expected)
    assert torch.manual_seed(-1).initial_seed() == 2**64 - 1


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: torch.rand(2, dtype=torch.int), NotImplementedError, '"check_uniform_bounds" not implemented'),
        (lambda: torch.randn(2, dtype=torch.int), NotImplementedError, '"normal_kernel_cpu" not implemented'),
        (lambda: torch.randint(5, 5, (2,)), RuntimeError, "random_ expects 'from' to be less than 'to'"),
        (lambda: torch.randint(0, 300, (2,), dtype=torch.uint8), RuntimeError, "to - 1 is out of bounds"),
        (lambda: torch.normal(0, -1, (2,)), RuntimeError, "normal expects std >= 0.0, but found std -1"),
        (lambda: torch.normal(torch.zeros(2), -torch.ones(2)), RuntimeError, "normal expects all elements"),
        (lambda: torch.bernoulli(torch.tensor([2.0])), RuntimeError, "Expected p_in >= 0 && p_in <= 1 to be true"),
        (lambda: torch.multinomial(torch.tensor([0.5, -0.5]), 1), RuntimeError, "probability tensor contains either"),
        (lambda: torch.multinomial(torch.ones(2), 3), RuntimeError, "cannot sample n_sample > prob_dist.size(-1)"),
        (lambda: torch.poisson(torch.tensor([-1.0])), RuntimeError, "invalid Poisson rate"),
        (lambda: torch.empty(2).uniform_(2, 1), RuntimeError, "uniform_ expects to return a [from, to) range"),
        (lambda: torch.empty(2).exponential_(0), RuntimeError, "exponential_ expects lambda > 0.0"),
        (lambda: torch.empty(2).geometric_(1), RuntimeError, "geometric_ expects p to be in (0, 1), but got p=1"),
        (lambda: torch.empty(1).expand(3).normal_(), RuntimeError, "unsupported operation: more than one element"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(words)


def test_an_error_draws_nothing():
    state = torch.get_rng_state()
    leaf = torch.zeros(3, requires_grad=True)
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad is being used in an in-place operation"):
        leaf.normal_()
    assert torch.equal(torch.get_rng_state(), state) and leaf.tolist() == [0, 0, 0]
    with torch.no_grad():
        leaf.normal_()
    assert leaf.abs().sum() > 0 and leaf._version == 1


def test_gradients_are_zero():
    p = torch.full((3,), 0.5, requires_grad=True)
    names = [
        ("BernoulliBackward0", torch.bernoulli(p)),
        ("NormalBackward1", torch.normal(p, 1.0)),
        ("NormalBackward2", torch.normal(0.0, p)),
        ("NormalBackward3", torch.normal(p, p)),
        ("PoissonBackward0", torch.poisson(p)),
        ("NormalBackward0", p.clone().normal_()),
        ("UniformBackward0", p.clone().uniform_()),
        ("BernoulliBackward2", p.clone().bernoulli_()),
        ("BernoulliBackward1", p.clone().bernoulli_(p)),
        ("RandomBackward0", p.clone().random_(1, 3)),
        ("ExponentialBackward0", p.clone().exponential_()),
    ]
    for name, result in names:
        assert result.grad_fn.name() == name
        (grad,) = torch.autograd.grad(result.sum(), p)
        assert grad.tolist() == [0, 0, 0]


def test_distributions_look_right():
    n = 20_000
    assert torch.rand(n).mean().item() == pytest.approx(0.5, abs=0.02)
    assert torch.randn(n).std().item() == pytest.approx(1, abs=0.02)
    assert torch.empty(n).exponential_(2).mean().item() == pytest.approx(0.5, abs=0.02)
    assert torch.empty(n).geometric_(0.25).mean().item() == pytest.approx(4, abs=0.15)
    assert torch.empty(n).log_normal_(0, 0.5).log().std().item() == pytest.approx(0.5, abs=0.02)
    assert torch.empty(n).cauchy_(1, 2).median().item() == pytest.approx(1, abs=0.1)
    assert sorted(torch.randperm(100).tolist()) == list(range(100))
    assert torch.randn(n, dtype=torch.complex64).abs().square().mean().item() == pytest.approx(1, abs=0.05)
