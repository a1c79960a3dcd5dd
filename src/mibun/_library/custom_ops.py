"""`custom_op`: an operator of a Python function, whose annotations are its schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..ops.schema import parse_schema
from .infer_schema import infer_schema
from .operators import DEVICES, LibraryOverload, declare, qualified


class CustomOpDef:
    """An operator as `custom_op` returns it: called like the function, and where more is registered for it.

    It is found under `torch.ops` too, by its namespace and name.
    """

    def __init__(self, namespace: str, name: str, operator: LibraryOverload, init_fn: Callable) -> None:
        self._namespace, self._name = namespace, name
        self._opoverload = operator
        self._init_fn = init_fn
        self._schema = operator._schema.signature()

    @property
    def _qualname(self) -> str:
        return f"{self._namespace}::{self._name}"

    def __repr__(self) -> str:
        return f"<CustomOpDef({self._qualname})>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._opoverload(*args, **kwargs)

    def register_kernel(self, device_types: Any, fn: Callable | None = None, /) -> Callable:
        """Register what computes on a device, "cpu", or on several; None for all. Without `fn`, a decorator.

        RuntimeError for something that is no device.
        """

        def register(fn: Callable) -> Callable:
            for kind in device_kinds(device_types):
                self._opoverload.register(kind, fn)
            return fn

        return register if fn is None else register(fn)

    def register_fake(self, fn: Callable, /) -> Callable:
        """Register what gives results of the right shape and dtype without computing, and return it.

        It is called for tensors without values (the device "meta"), and by `torch.library.opcheck`.
        """
        self._opoverload.fake = fn
        return fn

    def register_autograd(self, backward: Callable, /, *, setup_context: Callable | None = None) -> None:
        """Register the derivative.

        backward: `backward(ctx, *grads)`, which returns a gradient for each argument that is given by position.
        setup_context: `setup_context(ctx, inputs, output)`, called after forward, saves in ctx what backward needs;
            it has a further argument `keyword_only_inputs` if the operator takes any.
        RuntimeError for an operator that writes to its operands.
        """
        self._opoverload.register_autograd(backward, setup_context)

    def register_vmap(self, func: Callable | None = None) -> Callable:
        """Register what `vmap` calls: `func(info, in_dims, *args)`, which returns results and their dimensions.

        Without a rule `vmap` calls the operator for each example. Without `func`, a decorator.
        """

        def register(func: Callable) -> Callable:
            self._opoverload.vmap = func
            self._opoverload._function = None
            return func

        return register if func is None else register(func)

    def register_autocast(self, device_type: str, cast_inputs: Any) -> None:
        """Cast floating operands to a dtype where autocast is on for the device; those of double precision stay.

        Autocast is off in the operator then. RuntimeError for something that is no device.

        >>> import mibun as torch
        >>> @torch.library.custom_op("example::negative", mutates_args=())
        ... def negative(x: torch.Tensor) -> torch.Tensor:
        ...     return -x
        >>> negative.register_autocast("cpu", torch.float16)
        >>> with torch.autocast("cpu"):
        ...     negative(torch.ones(1)).dtype
        torch.float16
        """
        (kind,) = device_kinds(device_type)
        self._opoverload.autocast[kind] = cast_inputs

    @contextmanager
    def set_kernel_enabled(self, device_type: str, enabled: bool = True) -> Iterator[None]:
        """Switch the kernel of a device on or off, for the time of a `with` block; the general one is called then."""
        disabled = self._opoverload.disabled
        before = device_type in disabled
        (disabled.discard if enabled else disabled.add)(device_type)
        try:
            yield
        finally:
            (disabled.add if before else disabled.discard)(device_type)


def device_kinds(device_types: str | Sequence[str] | None) -> list[str]:
    """The keys for kernels: of these devices, or of all. RuntimeError for something that is no device."""
    if device_types is None or device_types == "default":
        return ["default"]
    kinds = [device_types] if isinstance(device_types, str) else list(device_types)
    for kind in kinds:
        if kind not in DEVICES:
            raise RuntimeError(
                f"Expected one of {', '.join(sorted(DEVICES))} device type at start of device string: {kind}"
            )
    return kinds


def custom_op(
    name: str,
    fn: Callable | None = None,
    /,
    *,
    mutates_args: str | Iterable[str],
    device_types: str | Sequence[str] | None = None,
    schema: str | None = None,
    tags: Sequence[Any] | None = None,
) -> Any:
    """Make an operator of a function: it is recorded as one node, whatever the function does.

    Args:
        name: `namespace::name`. One that is taken is replaced.
        fn: computes it; without it, a decorator. Nothing in it is recorded.
        mutates_args: the names of the Tensors that it writes to; () for none, "unknown" for all.
        device_types: the devices that it is for; all by default.
        schema: in the place of what the annotations say (see `infer_schema`).
        tags: kept in the operator's attribute of this name.

    Returns:
        A CustomOpDef.

    Raises:
        ValueError: for a name without a namespace, and for annotations that say no schema.
        RuntimeError: when called: for arguments or results that do not fit the schema, and for results on the memory of
            an operand. In backward, where no derivative is registered.

    >>> import mibun as torch
    >>> import numpy as np
    >>> @torch.library.custom_op("example::sine", mutates_args=())
    ... def sine(x: torch.Tensor) -> torch.Tensor:
    ...     return torch.from_numpy(np.sin(x.numpy()))
    >>> def setup_context(ctx, inputs, output):
    ...     ctx.save_for_backward(*inputs)
    >>> def backward(ctx, grad):
    ...     x, = ctx.saved_tensors
    ...     return grad * x.cos()
    >>> sine.register_autograd(backward, setup_context=setup_context)
    >>> x = torch.zeros(1, requires_grad=True)
    >>> torch.ops.example.sine(x).backward()
    >>> x.grad
    tensor([1.])
    """

    def make(fn: Callable) -> CustomOpDef:
        text = infer_schema(fn, mutates_args=mutates_args) if schema is None else schema
        namespace, op_name = qualified(name)
        operator = declare(parse_schema(f"{namespace}::{op_name}{text}"), replace=True)
        written = {argument.name for argument in operator._schema.arguments if argument.is_write}
        if schema is not None and not isinstance(mutates_args, str) and written != set(mutates_args):
            raise ValueError(f"the schema {text} writes to {sorted(written)}, mutates_args says {sorted(mutates_args)}")
        operator.recorded = operator.functional = True
        operator.tags = list(tags or ())
        definition = CustomOpDef(namespace, op_name, operator, fn)
        definition.register_kernel(device_types, fn)
        return definition

    return make if fn is None else make(fn)
