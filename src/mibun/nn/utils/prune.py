"""Pruning: weights that stay zero. A mask is a buffer beside the weight, and a hook multiplies the two at each call.

`name` is then computed, `name_orig` is the parameter that is trained, `name_mask` its mask of zeros and ones. Pruning a
parameter again keeps what is pruned already: a `PruningContainer` takes the place of the hook. `remove` makes it last.
Criteria: Han et al. 2015 (magnitude), Li et al. 2017 (norms of channels).
"""

from __future__ import annotations

import numbers
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, Self

from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.registry import FUNCTIONS
from ...core.tensor import Tensor
from ..modules.module import Module
from .convert_parameters import parameters_to_vector

_ones_like, _rand, _rand_like = FUNCTIONS["ones_like"], FUNCTIONS["rand"], FUNCTIONS["rand_like"]
_norm, _nonzero = FUNCTIONS["norm"], FUNCTIONS["nonzero"]

Amount = float
Norm = float | str


class BasePruningMethod(ABC):
    """How to prune: a subclass says which elements by `compute_mask`, and what they are by `PRUNING_TYPE`.

    PRUNING_TYPE is "unstructured" (elements, wherever they are), "structured" (whole channels along `dim`) or "global"
    (the method looks at the whole tensor): what of a tensor that is pruned in part a further method is shown.

    >>> import mibun as torch
    >>> class EveryOther(torch.nn.utils.prune.BasePruningMethod):
    ...     PRUNING_TYPE = "unstructured"
    ...     def compute_mask(self, t, default_mask):
    ...         mask = default_mask.clone()
    ...         mask.view(-1)[::2] = 0
    ...         return mask
    >>> layer = torch.nn.Linear(4, 1)
    >>> method = EveryOther.apply(layer, "weight")
    >>> layer.weight_mask
    tensor([[0., 1., 0., 1.]])
    """

    PRUNING_TYPE: str
    _tensor_name: str

    def __call__(self, module: Module, inputs: Any) -> None:
        """The hook: the weight is computed from the parameter and the mask."""
        setattr(module, self._tensor_name, self.apply_mask(module))

    @abstractmethod
    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask for a tensor (of importance scores), given the mask of what is pruned already."""

    def apply_mask(self, module: Module) -> Tensor:
        """The parameter of a Module times its mask. AssertionError where it is not pruned by this method."""
        if not hasattr(self, "_tensor_name"):
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '_tensor_name': apply it first")
        original: Tensor = getattr(module, self._tensor_name + "_orig")
        mask: Tensor = getattr(module, self._tensor_name + "_mask")
        return mask.to(dtype=original.dtype) * original

    @classmethod
    def apply(
        cls, module: Module, name: str, *args: Any, importance_scores: Tensor | None = None, **kwargs: Any
    ) -> BasePruningMethod:
        """Prune a parameter of a Module, and return the hook that is there now: this method, or a container with it.

        args, kwargs: for the method's `__init__`. importance_scores: a tensor of the parameter's shape, which is looked
        at in its place; AssertionError for another shape. A method that fails leaves the Module as it was.
        """
        method: BasePruningMethod = cls(*args, **kwargs)
        method._tensor_name = name
        key, earlier = _hook_of(module, name)
        weight = getattr(module, name)  # with the zeros that it has, which count in the norms of channels
        scores = weight if importance_scores is None else importance_scores
        _check_scores(scores, weight, f"parameter {name} of {module}")
        hook = method
        if earlier is not None:
            hook = earlier if isinstance(earlier, PruningContainer) else PruningContainer(earlier)
            mask = PruningContainer(*hook, method).compute_mask(  # a copy: this may fail
                scores, default_mask=getattr(module, name + "_mask").detach().clone()
            )
            hook.add_pruning_method(method)
            del module._forward_pre_hooks[key]
        else:
            mask = method.compute_mask(scores, default_mask=_ones_like(weight))
            del module._parameters[name]
            module.register_parameter(name + "_orig", weight)
        module.register_buffer(name + "_mask", mask)
        setattr(module, name, hook.apply_mask(module))
        module.register_forward_pre_hook(hook)
        return hook

    def prune(self, t: Tensor, default_mask: Tensor | None = None, importance_scores: Tensor | None = None) -> Tensor:
        """A pruned copy of a tensor, which belongs to no Module.

        default_mask: what is pruned already. importance_scores: see `apply`.

        >>> import mibun as torch
        >>> torch.nn.utils.prune.L1Unstructured(2).prune(torch.tensor([1.0, -3.0, 2.0, 0.5]))
        tensor([ 0., -3.,  2.,  0.])
        """
        scores = t if importance_scores is None else importance_scores
        _check_scores(scores, t, "tensor t")
        default_mask = _ones_like(t) if default_mask is None else default_mask
        return t * self.compute_mask(scores, default_mask=default_mask)

    def remove(self, module: Module) -> None:
        """Make the pruned weight the parameter again, with its zeros; the mask goes."""
        name = self._tensor_name
        weight = self.apply_mask(module)
        if hasattr(module, name):
            delattr(module, name)
        original = module._parameters.pop(name + "_orig")
        original.data = weight.data  # type: ignore[union-attr]
        del module._buffers[name + "_mask"]
        setattr(module, name, original)


class PruningContainer(BasePruningMethod):
    """Several methods that prune the same parameter, one after the other. A sequence of them."""

    def __init__(self, *args: Any) -> None:
        self._pruning_methods: tuple[BasePruningMethod, ...] = ()
        if args:
            self._tensor_name = args[0]._tensor_name
            for method in args:
                self.add_pruning_method(method)

    def add_pruning_method(self, method: BasePruningMethod | None) -> None:
        """Append a method. TypeError if it is none, ValueError if it is for another parameter."""
        if method is None:
            return
        if not isinstance(method, BasePruningMethod):
            raise TypeError(f"{type(method)} is not a BasePruningMethod subclass")
        if self._tensor_name != method._tensor_name:
            raise ValueError(
                f"Can only add pruning methods acting on the parameter named '{self._tensor_name}' to PruningContainer "
                f"{self}. Found '{method._tensor_name}'"
            )
        self._pruning_methods += (method,)

    def __len__(self) -> int:
        return len(self._pruning_methods)

    def __iter__(self) -> Iterator[BasePruningMethod]:
        return iter(self._pruning_methods)

    def __getitem__(self, idx: Any) -> Any:
        return self._pruning_methods[idx]

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask of the last method, which is shown what the others have left. ValueError for an unknown type."""
        method = self._pruning_methods[-1]
        mask = default_mask.clone().to(dtype=t.dtype)
        if method.PRUNING_TYPE == "unstructured":
            left: Any = mask == 1
        elif method.PRUNING_TYPE == "structured":
            dim = method.dim % t.dim()  # type: ignore[attr-defined]
            others = [d for d in range(t.dim()) if d != dim]
            left = (slice(None),) * dim + (_nonzero(mask.sum(dim=others)).flatten(),)
        elif method.PRUNING_TYPE == "global":
            left = (slice(None),) * t.dim()
        else:
            raise ValueError(f"Unrecognized PRUNING_TYPE {method.PRUNING_TYPE}")
        mask[left] = method.compute_mask(t[left], default_mask=mask[left]).to(dtype=mask.dtype)
        return mask


class Identity(BasePruningMethod):
    """Prunes nothing, but gives a parameter its mask."""

    PRUNING_TYPE = "unstructured"

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask as it was."""
        return default_mask

    @classmethod
    def apply(cls, module: Module, name: str) -> Self:  # type: ignore[override]
        """Give a parameter of a Module its mask."""
        return super().apply(module, name)  # type: ignore[return-value]


class RandomUnstructured(BasePruningMethod):
    """Prunes elements at random.

    Args:
        amount: how many: a fraction from 0 to 1 if a float, a number if an int.
    """

    PRUNING_TYPE = "unstructured"

    def __init__(self, amount: Amount) -> None:
        _validate_pruning_amount_init(amount)
        self.amount = amount

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask with `amount` zeros more."""
        n = _number_to_prune(self.amount, t.nelement())
        mask = default_mask.clone()
        if n:
            mask.view(-1)[_rand_like(t).view(-1).topk(k=n).indices] = 0
        return mask

    @classmethod
    def apply(cls, module: Module, name: str, amount: Amount) -> Self:  # type: ignore[override]
        """Prune a parameter of a Module: see `random_unstructured`."""
        return super().apply(module, name, amount=amount)  # type: ignore[return-value]


class L1Unstructured(BasePruningMethod):
    """Prunes the elements of the smallest magnitude.

    Args:
        amount: how many: a fraction from 0 to 1 if a float, a number if an int.
    """

    PRUNING_TYPE = "unstructured"

    def __init__(self, amount: Amount) -> None:
        _validate_pruning_amount_init(amount)
        self.amount = amount

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask with `amount` zeros more."""
        n = _number_to_prune(self.amount, t.nelement())
        mask = default_mask.clone()
        if n:
            mask.view(-1)[t.abs().view(-1).topk(k=n, largest=False).indices] = 0
        return mask

    @classmethod
    def apply(  # type: ignore[override]
        cls, module: Module, name: str, amount: Amount, importance_scores: Tensor | None = None
    ) -> Self:
        """Prune a parameter of a Module: see `l1_unstructured`."""
        return super().apply(module, name, amount=amount, importance_scores=importance_scores)  # type: ignore[return-value]


class RandomStructured(BasePruningMethod):
    """Prunes channels at random.

    Args:
        amount: how many: a fraction from 0 to 1 if a float, a number if an int.
        dim: the dimension along which the channels are.
    """

    PRUNING_TYPE = "structured"

    def __init__(self, amount: Amount, dim: int = -1) -> None:
        _validate_pruning_amount_init(amount)
        self.amount, self.dim = amount, dim

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask with `amount` channels less. ValueError if `t` has one dimension, IndexError if no such `dim`."""
        n = _check_structured(t, self.amount, self.dim)
        if not n:
            return default_mask
        drawn = _rand(t.shape[self.dim])
        kept = drawn > drawn.kthvalue(k=n).values
        return _mask_of_channels(kept, t, self.dim) * default_mask.to(dtype=t.dtype)

    @classmethod
    def apply(cls, module: Module, name: str, amount: Amount, dim: int = -1) -> Self:  # type: ignore[override]
        """Prune a parameter of a Module: see `random_structured`."""
        return super().apply(module, name, amount=amount, dim=dim)  # type: ignore[return-value]


class LnStructured(BasePruningMethod):
    """Prunes the channels of the smallest norm.

    Args:
        amount: how many: a fraction from 0 to 1 if a float, a number if an int.
        n: which norm, as for `torch.norm`.
        dim: the dimension along which the channels are.
    """

    PRUNING_TYPE = "structured"

    def __init__(self, amount: Amount, n: Norm, dim: int = -1) -> None:
        _validate_pruning_amount_init(amount)
        self.amount, self.n, self.dim = amount, n, dim

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask with `amount` channels less. ValueError if `t` has one dimension, IndexError if no such `dim`."""
        n = _check_structured(t, self.amount, self.dim)
        if not n:
            return default_mask
        norms = _compute_norm(t, self.n, self.dim)
        kept = _ones_like(norms) == 0
        kept[norms.topk(k=len(norms) - n, largest=True).indices] = True
        return _mask_of_channels(kept, t, self.dim) * default_mask.to(dtype=t.dtype)

    @classmethod
    def apply(  # type: ignore[override]
        cls,
        module: Module,
        name: str,
        amount: Amount,
        n: Norm,
        dim: int,
        importance_scores: Tensor | None = None,
    ) -> Self:
        """Prune a parameter of a Module: see `ln_structured`."""
        return super().apply(  # type: ignore[return-value]
            module, name, amount=amount, n=n, dim=dim, importance_scores=importance_scores
        )


class CustomFromMask(BasePruningMethod):
    """Prunes what a given mask says.

    Args:
        mask: zeros where elements are pruned, of the tensor's shape.
    """

    PRUNING_TYPE = "global"

    def __init__(self, mask: Tensor) -> None:
        self.mask = mask

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The given mask, and the zeros that were there. AssertionError for another shape."""
        if default_mask.shape != self.mask.shape:
            raise AssertionError(
                f"default_mask shape {default_mask.shape} must match self.mask shape {self.mask.shape}"
            )
        return default_mask * self.mask.to(dtype=default_mask.dtype)

    @classmethod
    def apply(cls, module: Module, name: str, mask: Tensor) -> Self:  # type: ignore[override]
        """Prune a parameter of a Module: see `custom_from_mask`."""
        return super().apply(module, name, mask=mask)  # type: ignore[return-value]


def identity(module: Module, name: str) -> Module:
    """Give a parameter its mask, of ones, and prune nothing. Returns the Module.

    >>> import mibun as torch
    >>> torch.nn.utils.prune.identity(torch.nn.Linear(2, 3), "bias").bias_mask
    tensor([1., 1., 1.])
    """
    Identity.apply(module, name)
    return module


def random_unstructured(module: Module, name: str, amount: Amount) -> Module:
    """Prune elements of a parameter at random. Returns the Module.

    amount: a fraction from 0 to 1 if a float, a number of elements if an int. ValueError beyond that, TypeError for
    anything else.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.prune.random_unstructured(torch.nn.Linear(2, 3), "weight", amount=1)
    >>> layer.weight_mask.sum()
    tensor(5.)
    """
    RandomUnstructured.apply(module, name, amount)
    return module


def l1_unstructured(module: Module, name: str, amount: Amount, importance_scores: Tensor | None = None) -> Module:
    """Prune the elements of a parameter that are of the smallest magnitude. Returns the Module.

    amount: see `random_unstructured`. importance_scores: a tensor of the parameter's shape to look at in its place.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.prune.l1_unstructured(torch.nn.Linear(2, 3), "weight", amount=0.5)
    >>> list(dict(layer.named_parameters())), list(dict(layer.named_buffers()))
    (['bias', 'weight_orig'], ['weight_mask'])
    """
    L1Unstructured.apply(module, name, amount=amount, importance_scores=importance_scores)
    return module


def random_structured(module: Module, name: str, amount: Amount, dim: int) -> Module:
    """Prune channels along `dim` of a parameter at random. Returns the Module.

    amount: see `random_unstructured`, counted in channels. ValueError for a parameter of one dimension, IndexError for
    a `dim` that it lacks.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.prune.random_structured(torch.nn.Linear(2, 3), "weight", amount=1, dim=1)
    >>> layer.weight_mask.sum(0).sort().values
    tensor([0., 3.])
    """
    RandomStructured.apply(module, name, amount, dim)
    return module


def ln_structured(
    module: Module, name: str, amount: Amount, n: Norm, dim: int, importance_scores: Tensor | None = None
) -> Module:
    """Prune the channels along `dim` of a parameter whose n-norm is smallest. Returns the Module.

    Other arguments and errors as for `random_structured` and `l1_unstructured`.

    >>> import mibun as torch
    >>> layer = torch.nn.Linear(2, 2, bias=False)
    >>> layer.weight.data = torch.tensor([[1.0, 2.0], [-3.0, 1.0]])
    >>> torch.nn.utils.prune.ln_structured(layer, "weight", amount=1, n=2, dim=0).weight_mask
    tensor([[0., 0.],
            [1., 1.]])
    """
    LnStructured.apply(module, name, amount, n, dim, importance_scores=importance_scores)
    return module


def custom_from_mask(module: Module, name: str, mask: Tensor) -> Module:
    """Prune a parameter where `mask`, of its shape, is zero. Returns the Module.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.prune.custom_from_mask(torch.nn.Linear(2, 2), "bias", torch.tensor([0, 1]))
    >>> layer.bias_mask
    tensor([0., 1.])
    """
    CustomFromMask.apply(module, name, mask)
    return module


def global_unstructured(
    parameters: Any,
    pruning_method: type[BasePruningMethod],
    importance_scores: dict[tuple[Module, str], Tensor] | None = None,
    **kwargs: Any,
) -> None:
    """Prune several parameters as one: the smallest of all their elements, wherever these are.

    parameters: pairs (Module, name). pruning_method: a class of type "unstructured", which `kwargs` are for;
    importance_scores: {(Module, name): tensor}, for some of them. TypeError for other arguments.

    >>> import mibun as torch
    >>> prune, one, other = torch.nn.utils.prune, torch.nn.Linear(2, 3), torch.nn.Linear(3, 1)
    >>> prune.global_unstructured([(one, "weight"), (other, "weight")], prune.L1Unstructured, amount=4)
    >>> one.weight_mask.sum() + other.weight_mask.sum()
    tensor(5.)
    """
    if not isinstance(parameters, Iterable):
        raise TypeError("global_unstructured(): parameters is not an Iterable")
    if not isinstance(importance_scores, dict | None):
        raise TypeError("global_unstructured(): importance_scores must be of type dict")
    parameters = list(parameters)
    given = importance_scores or {}
    chosen: list[Any] = [given.get((m, name), getattr(m, name)) for m, name in parameters]
    scores = parameters_to_vector(chosen)
    masks = [getattr(m, name + "_mask", None) for m, name in parameters]
    tensors = [getattr(m, name) for m, name in parameters]
    default_mask = parameters_to_vector(
        [_ones_like(t) if mask is None else mask for mask, t in zip(masks, tensors, strict=True)]
    )
    container = PruningContainer()
    container._tensor_name = "temp"
    method: Any = pruning_method(**kwargs)
    method._tensor_name = "temp"
    container.add_pruning_method(method)
    if method.PRUNING_TYPE != "unstructured":
        raise TypeError(
            'Only "unstructured" PRUNING_TYPE supported for the `pruning_method`. Found method '
            f"{pruning_method} of type {method.PRUNING_TYPE}"
        )
    mask = container.compute_mask(scores, default_mask)
    start = 0
    for (module, name), tensor in zip(parameters, tensors, strict=True):
        stop = start + tensor.numel()
        custom_from_mask(module, name, mask=mask[start:stop].view_as(tensor))
        start = stop


def remove(module: Module, name: str) -> Module:
    """Make pruning last: the pruned weight is the parameter again, mask and hook go. Returns the Module.

    ValueError for a parameter that is not pruned.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.prune.identity(torch.nn.Linear(2, 3), "bias")
    >>> list(dict(torch.nn.utils.prune.remove(layer, "bias").named_parameters()))
    ['weight', 'bias']
    """
    key, hook = _hook_of(module, name)
    if hook is None:
        raise ValueError(f"Parameter '{name}' of module {module} has to be pruned before pruning can be removed")
    hook.remove(module)
    del module._forward_pre_hooks[key]
    return module


def is_pruned(module: Module) -> bool:
    """Whether a parameter of a Module or of one inside it is pruned.

    >>> import mibun as torch
    >>> torch.nn.utils.prune.is_pruned(torch.nn.Linear(2, 3))
    False
    """
    return any(
        isinstance(hook, BasePruningMethod) for inner in module.modules() for hook in inner._forward_pre_hooks.values()
    )


def _hook_of(module: Module, name: str) -> tuple[Any, BasePruningMethod | None]:
    """The hook that prunes a parameter, with its key, if there is one."""
    for key, hook in module._forward_pre_hooks.items():
        if isinstance(hook, BasePruningMethod) and hook._tensor_name == name:
            return key, hook
    return None, None


def _check_scores(scores: Tensor, tensor: Tensor, what: str) -> None:
    if scores.shape != tensor.shape:
        raise AssertionError(
            f"importance_scores should have the same shape as {what}, got {scores.shape} vs {tensor.shape}"
        )


def _check_structured(t: Tensor, amount: Amount, dim: int) -> int:
    """How many channels are to be pruned."""
    _validate_structured_pruning(t)
    _validate_pruning_dim(t, dim)
    return _number_to_prune(amount, t.shape[dim])


def _number_to_prune(amount: Amount, size: int) -> int:
    n = _compute_nparams_toprune(amount, size)
    _validate_pruning_amount(n, size)
    return n


def _mask_of_channels(kept: Tensor, t: Tensor, dim: int) -> Tensor:
    shape = [1] * t.dim()
    shape[dim] = -1
    return kept.view(shape).expand(t.shape).to(dtype=t.dtype)


def _validate_pruning_amount_init(amount: Amount) -> None:
    if not isinstance(amount, numbers.Real):
        raise TypeError(f"Invalid type for amount: {amount}. Must be int or float.")
    if amount < 0 or (amount > 1 and not isinstance(amount, numbers.Integral)):
        raise ValueError(f"amount={amount} should either be a float in the range [0, 1] or a non-negative integer")


def _validate_pruning_amount(amount: Amount, tensor_size: int) -> None:
    if isinstance(amount, numbers.Integral) and amount > tensor_size:
        raise ValueError(f"amount={amount} should be smaller than the number of parameters to prune={tensor_size}")


def _validate_structured_pruning(t: Tensor) -> None:
    if t.dim() <= 1:
        raise ValueError(
            "Structured pruning can only be applied to multidimensional tensors. Found tensor of shape "
            f"{t.shape} with {t.dim()} dims"
        )


def _validate_pruning_dim(t: Tensor, dim: int) -> None:
    if not -t.dim() <= dim < t.dim():
        raise IndexError(f"Invalid index {dim} for tensor of size {t.shape}")


def _compute_nparams_toprune(amount: Amount, tensor_size: int) -> int:
    return amount if isinstance(amount, numbers.Integral) else round(amount * tensor_size)  # type: ignore[return-value]


def _compute_norm(t: Tensor, n: Norm, dim: int) -> Tensor:
    """The norms of the channels along a dimension."""
    return _norm(t, p=n, dim=[d for d in range(t.dim()) if d != dim % t.dim()])


__all__ = [
    "BasePruningMethod",
    "CustomFromMask",
    "Identity",
    "L1Unstructured",
    "LnStructured",
    "PruningContainer",
    "RandomStructured",
    "RandomUnstructured",
    "custom_from_mask",
    "global_unstructured",
    "identity",
    "is_pruned",
    "l1_unstructured",
    "ln_structured",
    "random_structured",
    "random_unstructured",
    "remove",
]

_explain_missing_names(__name__)
