"""Small parameters are stepped together, with the same bits as one by one, whatever happens between two steps."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.optim.elementwise import ElementwiseOptimizer
from mibun.optim.flat import Together

SHAPES = [(3, 4), (), (7,), (1, 1), (0, 3), (40, 60), (5,), (2, 3, 2), (30,), (128, 300), (9,), (11,), (2, 2)]
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "SGD": [{}, {"momentum": 0.9, "dampening": 0.1}, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}],
    "Adam": [{"weight_decay": 0.1}, {"amsgrad": True, "maximize": True}],
    "AdamW": [{}],
    "Adamax": [{"weight_decay": 0.1}],
    "NAdam": [{"decoupled_weight_decay": True, "weight_decay": 0.1}],
    "RAdam": [{}],
    "Adagrad": [{"lr_decay": 0.1}],
    "RMSprop": [{"momentum": 0.9, "centered": True}, {}],
    "Adadelta": [{}],
    "ASGD": [{"t0": 3, "lambd": 0.1}],
    "Rprop": [{}],
}


def classes() -> list[str]:
    return sorted(name for name, value in vars(torch.optim).items() if isinstance(value, type) and _together(value))


def _together(cls: type) -> bool:
    return issubclass(cls, ElementwiseOptimizer) and cls is not ElementwiseOptimizer


def parameters(dtypes: tuple[Any, ...] = (torch.float32,)) -> list[Any]:
    rng = np.random.default_rng(0)
    found = []
    for i, shape in enumerate(SHAPES):
        tensor = torch.from_numpy(np.array(rng.standard_normal(shape))).to(dtypes[i % len(dtypes)])
        if i == 2:
            tensor = torch.stack([tensor, tensor], 1)[:, 0]  # what does not lie in one piece
        found.append(tensor.detach().requires_grad_())
    return found


def set_grads(params: list[Any], seed: int) -> None:
    rng = np.random.default_rng(seed)
    for i, param in enumerate(params):
        grad = torch.from_numpy(np.array(rng.standard_normal(tuple(param.shape))))
        if param.dim() == 2 and i % 2:
            grad = grad.t().contiguous().t()
        param.grad = grad.to(param.dtype)


def bits(optimizer: Any, params: list[Any]) -> list[bytes]:
    found = [param.detach().numpy().tobytes() for param in params]
    for number, state in enumerate(optimizer.state.values()):
        for name, value in state.items():
            found.append(f"{number} {name} {np.asarray(value.numpy()).tobytes()!r}".encode())
    return found


def never(monkeypatch: Any) -> None:
    monkeypatch.setattr(Together, "of", classmethod(lambda cls, optimizer, group: None))


def both(monkeypatch: Any, run: Any) -> None:
    """run(): what is compared; with parameters together, and one by one."""
    found = run()
    with monkeypatch.context() as closed:
        never(closed)
        assert found == run()


def planned(optimizer: Any) -> bool:
    return any(isinstance(plan, Together) for plan in optimizer._plans)


def test_all_optimizers_have_a_case():
    assert set(OPTIONS) == set(classes())


@pytest.mark.parametrize("dtypes", [(torch.float32,), (torch.float64, torch.float16, torch.complex64)], ids=str)
@pytest.mark.parametrize("name", OPTIONS)
def test_the_same_bits(monkeypatch, name, dtypes):
    for options in OPTIONS[name]:

        def run(options: dict[str, Any] = options) -> list[bytes]:
            params = parameters(dtypes)
            optimizer = getattr(torch.optim, name)(params, **options)
            for seed in range(5):
                set_grads(params, seed)
                versions = [param._version for param in params]
                optimizer.step()
                assert [param._version for param in params] == [version + 1 for version in versions]
            if Together.of.__func__ is OF and len(dtypes) == 1:
                assert planned(optimizer)
            return bits(optimizer, params)

        both(monkeypatch, run)


OF = Together.of.__func__  # type: ignore[attr-defined]


def _replace_data(optimizer: Any, params: list[Any]) -> None:
    params[3].data = params[3].detach() + 1


def _no_gradient(optimizer: Any, params: list[Any]) -> None:
    params[0].grad = None


def _gradients_of_other_kinds(optimizer: Any, params: list[Any]) -> None:
    params[6].grad = params[6].detach()  # the gradient is the parameter
    params[8].grad = torch.ones(1).expand(30)


def _one_gradient_for_two(optimizer: Any, params: list[Any]) -> None:
    params[-1].grad = params[-1].grad
    params[0].grad = params[7].grad.reshape(3, 4)


def _another_state(optimizer: Any, params: list[Any]) -> None:
    for entry in optimizer.state[params[0]].values():
        entry.fill_(2)


def _state_entries_replaced(optimizer: Any, params: list[Any]) -> None:
    state = optimizer.state[params[8]]
    for key in list(state):
        state[key] = state[key] * 2


def _state_forgotten(optimizer: Any, params: list[Any]) -> None:
    optimizer.state.pop(params[8], None)


def _state_loaded(optimizer: Any, params: list[Any]) -> None:
    optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))


def _options(optimizer: Any, params: list[Any]) -> None:
    optimizer.param_groups[0]["lr"] = 0.5
    optimizer.param_groups[0]["maximize"] = True
    if "momentum" in optimizer.defaults and type(optimizer).__name__ == "SGD":
        optimizer.param_groups[0]["momentum"] = 0.5


def _group_changed(optimizer: Any, params: list[Any]) -> None:
    optimizer.param_groups[0]["params"] = params[::-1]


def _parameter_swapped(optimizer: Any, params: list[Any]) -> None:
    new = torch.full((5,), 3.0, requires_grad=True)
    new.grad = torch.ones(5)
    optimizer.param_groups[0]["params"][6] = params[6] = new


def _group_added(optimizer: Any, params: list[Any]) -> None:
    new = torch.full((5,), 3.0, requires_grad=True)
    new.grad = torch.ones(5)
    optimizer.add_param_group({"params": [new], "lr": 0.25})
    params.append(new)


def _unfrozen(optimizer: Any, params: list[Any]) -> None:
    params[0].grad = None
    for _ in range(3):
        optimizer.step()
    params[0].grad = torch.ones(3, 4)


def _memory_shared(optimizer: Any, params: list[Any]) -> None:
    params[10].data = params[11].detach()[:9]  # two parameters in one memory


CHANGES = [
    _replace_data, _no_gradient, _gradients_of_other_kinds, _one_gradient_for_two, _another_state,
    _state_entries_replaced, _state_forgotten, _state_loaded, _options, _group_changed, _parameter_swapped,
    _group_added, _unfrozen, _memory_shared,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("name", ["SGD", "Adam", "ASGD"])
def test_changes_between_steps(monkeypatch, name, change):
    options = {"SGD": {"lr": 0.1}, "Adam": {"lr": 0.1}, "ASGD": {"t0": 2}}[name]

    def run() -> list[bytes]:
        params = parameters()
        optimizer = getattr(torch.optim, name)(params, **options)
        for seed in range(4):
            set_grads(params, seed)
            optimizer.step()
        set_grads(params, 9)
        change(optimizer, params)
        for _ in range(4):
            optimizer.step()
        set_grads(params, 10)
        optimizer.step()
        return bits(optimizer, params)

    both(monkeypatch, run)


def test_sparse_gradients_among_them(monkeypatch):
    def run() -> list[bytes]:
        params = [*parameters(), torch.ones(5, 2, requires_grad=True)]
        optimizer = torch.optim.SGD(params, lr=0.1, momentum=0.9)
        for seed in range(6):
            set_grads(params, seed)
            params[-1].grad = torch.sparse_coo_tensor([[1]], [[1.0, 2.0]], (5, 2))
            optimizer.step()
        return [param.detach().numpy().tobytes() for param in params]

    both(monkeypatch, run)


def test_what_autograd_saved_is_found_modified():
    """The versions of parameters that are stepped together move on, and say by what and where."""
    params = parameters()
    optimizer = torch.optim.Adam(params, lr=0.1)
    for seed in range(4):
        set_grads(params, seed)
        optimizer.step()
    assert planned(optimizer)
    loss = (params[8] * params[8]).sum()
    optimizer.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation(?s:.*)adam_step"):
        loss.backward()


def test_state_is_each_parameters_own():
    """Parts of the state are no views of something larger: saving one saves nothing else."""
    params = parameters()
    optimizer = torch.optim.Adam(params, lr=0.1)
    for seed in range(4):
        set_grads(params, seed)
        optimizer.step()
    assert planned(optimizer)
    for param, state in optimizer.state.items():
        assert state["exp_avg"].untyped_storage().nbytes() == 4 * param.numel()
        assert state["step"].item() == 4
    again = copy.deepcopy(optimizer)
    assert not planned(again) and "_plans" not in optimizer.__getstate__()
    before = params[0].detach().numpy()  # a view made by the user sees what the step does
    kept = before.copy()
    optimizer.step()
    assert before is not kept and not np.array_equal(before, kept)


def test_another_number_of_steps():
    """A parameter that joined later has corrections of its own."""
    params = parameters()
    optimizer = torch.optim.Adam(params, lr=0.1)
    single = [torch.optim.Adam([copy.deepcopy(param)], lr=0.1) for param in params]
    for seed in range(6):
        set_grads(params, seed)
        if seed < 2:
            params[6].grad = None
        for one, param in zip(single, params, strict=True):
            one.param_groups[0]["params"][0].grad = param.grad
            one.step()
        optimizer.step()
    assert planned(optimizer)
    for one, param in zip(single, params, strict=True):
        assert torch.equal(one.param_groups[0]["params"][0], param)


@pytest.mark.parametrize("name", OPTIONS)
def test_large_parameters_by_threads(name):
    """In pieces, by several threads, with the bits of one call of the formula."""

    def run(threads: int) -> list[bytes]:
        before = torch.get_num_threads()
        torch.set_num_threads(threads)
        try:
            rng = np.random.default_rng(0)
            param = torch.from_numpy(rng.standard_normal((700, 401)).astype("f4")).requires_grad_()
            optimizer = getattr(torch.optim, name)([param], **OPTIONS[name][0])
            for _ in range(2):
                param.grad = torch.from_numpy(rng.standard_normal((700, 401)).astype("f4"))
                optimizer.step()
            return bits(optimizer, [param])
        finally:
            torch.set_num_threads(before)

    assert run(1) == run(2)
