"""Optimizers under all of PyTorch's names: functional forms, modules, and what subclasses by others import."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from oracle.both import assert_same  # noqa: E402

pytestmark = pytest.mark.oracle

# name -> (lists of tensors of the parameter's shape, lists of 0-d tensors with their first values, options)
FORMS: dict[str, tuple[list[str], dict[str, float], dict[str, Any]]] = {
    "adadelta": (
        ["square_avgs", "acc_deltas"],
        {"state_steps": 0},
        {"lr": 0.5, "rho": 0.9, "eps": 1e-6, "weight_decay": 0.1},
    ),
    "adagrad": (["state_sums"], {"state_steps": 0}, {"lr": 0.1, "weight_decay": 0.1, "lr_decay": 0.1, "eps": 1e-6}),
    "adam": (
        ["exp_avgs", "exp_avg_sqs", "max_exp_avg_sqs"],
        {"state_steps": 0},
        {"amsgrad": True, "beta1": 0.9, "beta2": 0.99, "lr": 0.1, "weight_decay": 0.1, "eps": 1e-8},
    ),
    "adamw": (
        ["exp_avgs", "exp_avg_sqs", "max_exp_avg_sqs"],
        {"state_steps": 0},
        {"amsgrad": False, "beta1": 0.9, "beta2": 0.99, "lr": 0.1, "weight_decay": 0.1, "eps": 1e-8},
    ),
    "adamax": (
        ["exp_avgs", "exp_infs"],
        {"state_steps": 0},
        {"eps": 1e-8, "beta1": 0.9, "beta2": 0.99, "lr": 0.1, "weight_decay": 0.1},
    ),
    "asgd": (
        ["axs"],
        {"mus": 1, "etas": 0.1, "state_steps": 0},
        {"lambd": 1e-2, "lr": 0.1, "t0": 1, "alpha": 0.75, "weight_decay": 0.1},
    ),
    "nadam": (
        ["exp_avgs", "exp_avg_sqs"],
        {"mu_products": 1, "state_steps": 0},
        {"beta1": 0.9, "beta2": 0.99, "lr": 0.1, "weight_decay": 0.1, "momentum_decay": 4e-3, "eps": 1e-8},
    ),
    "radam": (
        ["exp_avgs", "exp_avg_sqs"],
        {"state_steps": 0},
        {"beta1": 0.9, "beta2": 0.99, "lr": 0.1, "weight_decay": 0.1, "eps": 1e-8},
    ),
    "rmsprop": (
        ["square_avgs", "grad_avgs", "momentum_buffer_list"],
        {"state_steps": 0},
        {"lr": 0.1, "alpha": 0.9, "eps": 1e-8, "weight_decay": 0.1, "momentum": 0.5, "centered": True},
    ),
    "rprop": (
        ["prevs", "step_sizes"],
        {"state_steps": 0},
        {"step_size_min": 1e-6, "step_size_max": 5.0, "etaminus": 0.5, "etaplus": 1.2},
    ),
    "sgd": (
        ["momentum_buffer_list"],
        {},
        {"weight_decay": 0.1, "momentum": 0.9, "lr": 0.1, "dampening": 0.1, "nesterov": False},
    ),
}


def steps(library: Any, name: str, maximize: bool) -> list:
    """The lists after three steps."""
    function = getattr(importlib.import_module(f"{library.__name__}.optim._functional"), name)
    arrays, numbers, options = FORMS[name]
    shapes = [(2, 3), (4,)]
    library.manual_seed(0)
    params = [library.randn(*shape) for shape in shapes]
    first = {"step_sizes": 0.1}
    lists: list = [[library.full(shape, first.get(one, 0.0)) for shape in shapes] for one in arrays]
    if name == "sgd":
        lists = [[None, None]]
    lists += [[library.tensor(float(value)) for _ in shapes] for value in numbers.values()]
    for _ in range(3):
        grads = [library.randn(*shape) for shape in shapes]
        function(params, grads, *lists, **options, maximize=maximize)
    return [params, *lists]


@pytest.mark.parametrize("maximize", [False, True])
@pytest.mark.parametrize("name", list(FORMS))
def test_functional_forms(name: str, maximize: bool) -> None:
    assert_same(lambda library: steps(library, name, maximize))


@pytest.mark.parametrize("name", list(FORMS))
def test_signatures_of_functional_forms(name: str) -> None:
    ours, theirs = (getattr(importlib.import_module(f"{library}.optim.{name}"), name) for library in ("mibun", "torch"))
    found, expected = (
        [(p.name, p.kind, p.default) for p in inspect.signature(f).parameters.values()] for f in (ours, theirs)
    )
    assert found == expected


# Of sparse gradients; the functional form of Adafactor; and what is imported from elsewhere.
LEFT_OUT = ("sparse_adam", "_make_sparse", "adafactor", "partialmethod", "Tensor")
MODULES = """
adadelta adagrad adam adamax adamw asgd lbfgs nadam radam rmsprop rprop sgd optimizer lr_scheduler swa_utils _functional
_multi_tensor _adafactor _muon
""".split()


@pytest.mark.parametrize("name", MODULES)
def test_names_of_modules(name: str) -> None:
    ours, theirs = (importlib.import_module(f"{library}.optim.{name}") for library in ("mibun", "torch"))
    names = getattr(theirs, "__all__", None) or [
        n for n in dir(theirs) if inspect.isclass(getattr(theirs, n)) or inspect.isfunction(getattr(theirs, n))
    ]
    missing = [n for n in names if not hasattr(ours, n) and n not in LEFT_OUT]
    assert missing == []


def a_program_of_a_subclass(t: Any) -> Any:
    module = importlib.import_module(f"{t.__name__}.optim.optimizer")

    class Mine(module.Optimizer):
        def __init__(self, params: Any, lr: Any = module.required, differentiable: bool = False) -> None:
            super().__init__(params, {"lr": lr, "differentiable": differentiable})

        @module._use_grad_for_differentiable
        def step(self, closure: Any = None) -> Any:
            seen.append(t.is_grad_enabled())
            for group in self.param_groups:
                for p in group["params"]:
                    p.add_(p.grad, alpha=-module._get_value(group["lr"]))

    seen: list = []
    p = t.ones(2, requires_grad=True)
    optimizer = Mine([p], lr=t.tensor(0.5))
    p.grad = t.ones(2)
    optimizer.step()
    groups = module.Optimizer._group_tensors_by_device_and_dtype(
        [[t.ones(1), t.ones(1).double(), t.ones(1)]], with_indices=True
    )
    try:
        Mine([{"params": [p]}])
    except ValueError as error:
        seen.append(str(error).split()[:3])
    return [
        p,
        seen,
        {str(k): [len(v[0][0]), v[1]] for k, v in sorted(groups.items(), key=str)},
        module._get_scalar_dtype(),
        module._default_to_fused_or_foreach([p], False),
        module._stack_if_compiling(3),
        module._to_scalar(t.tensor([3.0])),
        module._get_capturable_supported_devices(),
        repr(module.required),
        t.is_grad_enabled(),
    ]


def test_what_a_subclass_imports() -> None:
    assert_same(a_program_of_a_subclass)


def test_swapped_parameters_and_state() -> None:
    def program(t: Any) -> Any:
        live, other = t.ones(3, requires_grad=True), t.full((3,), 5.0, requires_grad=True)
        optimizer = t.optim.Adam([live], lr=0.1)
        live.grad = t.ones(3)
        optimizer.step()
        state = optimizer.state_dict()
        copied = {
            "state": {0: {k: v.clone() for k, v in state["state"][0].items()}},
            "param_groups": state["param_groups"],
        }
        other.grad = t.full((3,), -2.0)
        with t.optim.swap_in_optimizer_params_and_state(optimizer, {"x": other}, copied):
            optimizer.step()
        return [live, other, copied["state"], optimizer.state_dict()["state"], optimizer.param_groups[0]["params"][0]]

    assert_same(program)


def test_multi_tensor_classes() -> None:
    def program(t: Any) -> Any:
        module = importlib.import_module(f"{t.__name__}.optim._multi_tensor")
        out = []
        for name in ("Adam", "SGD", "RMSprop", "AdamW"):
            p = t.ones(2, requires_grad=True)
            optimizer = getattr(module, name)([p], lr=0.1)
            p.grad = t.ones(2)
            optimizer.step()
            out.append([name, p, optimizer.param_groups[0]["foreach"]])
        return out

    assert_same(program)
