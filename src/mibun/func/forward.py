"""Forward mode as a transform: `jvp`; and `linearize`, its product with many tangents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..autograd.forward_ad import make_dual
from ..core.batching import Level, enter, leave
from ..core.mode import MODE
from ..core.pytree import tree_flatten, tree_leaves, tree_structure, tree_unflatten
from ..core.tangents import RECORDED, check_tangent_size, tangent_of
from ..core.tensor import Tensor
from .arguments import Argnums, check_outputs, replaced, selected, split_aux, tree_of_tensors, wrapped_argnums
from .differentiation import COPIES, Recording, backward_to, vjp_by, zeros_as

_NAME = "jvp(f, primals, tangents)"


def jvp(func: Callable, primals: Any, tangents: Any, *, strict: bool = False, has_aux: bool = False) -> tuple:
    """(the value of `func` at `primals`, the product of its Jacobian with `tangents`), by forward mode.

    primals: a tuple of the arguments, Tensors or containers of Tensors. tangents: arranged and shaped as they are.
    func: returns a Tensor or a container of Tensors; with `has_aux` a tuple of that and of other Tensors, which become
    a third item of the result. strict: an output that does not depend on the inputs is an error, instead of zeros.

    RuntimeError where the arguments do not fit, and where `func` returns something else.

    >>> import mibun as torch
    >>> torch.func.jvp(torch.sin, (torch.tensor(0.),), (torch.tensor(2.),))
    (tensor(0.), tensor(2.))
    """
    return jvp_by(func, primals, tangents, None, strict, has_aux)


def jvp_by(
    func: Callable,
    primals: Any,
    tangents: Any,
    argnums: Argnums | None,
    strict: bool,
    has_aux: bool,
    recorded: bool = False,
) -> tuple:
    """`jvp` by some arguments only: `argnums` as for `grad`, or None for the tuple of all of them.

    recorded: the tangents are recorded even where grad mode is off.
    """
    if not isinstance(primals, tuple):
        raise RuntimeError(f"{_NAME}: Expected primals to be a tuple. E.g. it should be valid to call f(*primals).")
    places = None if argnums is None else wrapped_argnums(argnums, len(primals))
    flat, spec = tree_flatten(primals if places is None else selected(primals, places))
    given, given_spec = tree_flatten(tangents)
    if spec != given_spec:
        raise RuntimeError(
            f"{_NAME}: Expected primals and tangents to have the same python structure. For example, if primals is a "
            f"tuple of 3 tensors, tangents also must be. Got primals with structure {spec} and tangents with structure "
            f"{given_spec}"
        )
    _check_tensors(flat, "primals")
    _check_tensors(given, "tangents")
    for i, (x, tangent) in enumerate(zip(flat, given, strict=True)):
        check_tangent_size(x, tangent, f" (In {_NAME}: number {i} of the flattened tangents.)")
    with _Dual(recorded):
        duals = tree_unflatten([make_dual(x, t) for x, t in zip(flat, given, strict=True)], spec)
        output = func(*(duals if places is None else replaced(primals, places, duals)))
        aux = None
        if has_aux:
            output, aux = split_aux(output, _NAME)
            aux = tree_of_tensors(lambda x: x, aux)
        outputs, out_spec = tree_flatten(output)
        check_outputs(outputs, _NAME)
        found = [_tangent(one, strict) for one in outputs]
    product = tree_unflatten(found, out_spec)
    return (output, product, aux) if has_aux else (output, product)


class _Dual:
    """A level of forward mode. When it is left, the values lose their tangents of that level, and are as they were."""

    def __init__(self, recorded: bool) -> None:
        self.recorded = recorded

    def __enter__(self) -> None:
        self.level = Level("jvp")
        self.level.__enter__()
        if self.recorded:
            RECORDED.add(self.level.number)
        mode = MODE.get()
        if mode.inference:
            MODE.set(mode.replace(inference=False, grad=False))

    def __exit__(self, *error: object) -> None:
        self.level.__exit__(*error)
        RECORDED.discard(self.level.number)


def _check_tensors(leaves: list, name: str) -> None:
    if not leaves:
        raise RuntimeError(f"{_NAME}: Expected {name} to contain at least one Tensor.")
    for leaf in leaves:
        if not isinstance(leaf, Tensor):
            raise RuntimeError(f"{_NAME}: Expected {name} to only contain Tensors, got {type(leaf)}")


def _tangent(output: Tensor, strict: bool) -> Tensor:
    tangent = tangent_of(output)
    if tangent is not None:
        return tangent
    if strict:
        raise RuntimeError(
            "jvp(f, primals, tangents, strict=True): The output of f is independent of the inputs. This is not allowed "
            "with strict=True."
        )
    return zeros_as(output)


def linearize(func: Callable, *primals: Any) -> tuple[Any, Callable]:
    """(the value of `func` at `primals`, a function that computes the products of its Jacobian there with tangents).

    The function runs once, with tangents that are recorded: the product u -> Ju is linear, and is transposed twice, by
    two backwards (J. Townsend, "A new trick for calculating Jacobian vector products", 2017). What is returned may be
    called many times, with tangents arranged, shaped and of the dtypes as `primals`, and be transformed itself.

    RuntimeError for tangents that do not fit, and where `func` returns something other than Tensors.

    >>> import mibun as torch
    >>> value, product = torch.func.linearize(torch.sin, torch.tensor(0.))
    >>> product(torch.tensor(2.))
    tensor(2.)
    """
    flat, spec = tree_flatten(primals)
    for x in flat:
        if not isinstance(x, Tensor):
            raise TypeError(f"linearize(f, *primals): primals must be Tensors or containers of Tensors, not {type(x)}")
    metas = [(x.shape, x.dtype) for x in flat]
    try:
        value, found, push = _linearized(func, primals)
    except RuntimeError as error:
        if "modified by an inplace operation" not in str(error):
            raise
        # Something that a product needs was written over later: once more, with copies of all that they need.
        mode = MODE.get()
        MODE.set(mode.replace(saved_hooks=COPIES))
        try:
            value, found, push = _linearized(func, primals)
        finally:
            MODE.set(mode)
    out_spec = tree_structure(value)

    def product(*tangents: Any) -> Any:
        given, given_spec = tree_flatten(tangents)
        if given_spec != spec:
            raise RuntimeError(f"Expected the tangents {given_spec} to have the same argspec as the primals {spec}")
        for i, (tangent, (shape, dtype)) in enumerate(zip(given, metas, strict=True)):
            for name, own, wanted in (("shape", tangent.shape, shape), ("dtype", tangent.dtype, dtype)):
                if own != wanted:
                    raise RuntimeError(
                        f"tangent:{i} with {name} {own} in flattened pytree doesn't match the {name} {wanted} of the "
                        "corresponding primal."
                    )
        results = [zeros_as(one) for one in found]
        if push is not None:
            moved = iter(push(tuple(given)))
            results = [next(moved) if one.requires_grad else zeros for one, zeros in zip(found, results, strict=True)]
        return tree_unflatten(results, out_spec)

    return value, product


def _linearized(func: Callable, primals: tuple) -> tuple:
    """(value, its tangents at zero, the product with tangents for those that are not always zero)."""
    flat, spec = tree_flatten(primals)
    with Recording() as recording:
        level, outside = recording.level, recording.outside
        probes = [enter(zeros_as(x), level) for x in flat]
        output, tangents = jvp_by(func, primals, tree_unflatten(probes, spec), None, False, False, True)
        outputs, out_spec = tree_flatten(output)
        value = tree_unflatten([leave(one, level, outside) for one in outputs], out_spec)
    found = tree_leaves(tangents)
    dependent = [tangent for tangent in found if tangent.requires_grad]

    def pull(*cotangents: Any) -> tuple:
        return tuple(backward_to(probes, dependent, list(cotangents), True, True, level, True))

    # It is linear in the cotangents, so that it does not matter at which it is linearised.
    push = vjp_by(pull, tuple([zeros_as(one) for one in dependent]), None, False)[1] if dependent else None
    return value, found, push
