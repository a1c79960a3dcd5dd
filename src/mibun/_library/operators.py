"""Operators that programs declare: kernels by device, a derivative, a rule for `vmap`, shapes without values.

A call is checked against the schema, then goes to what was registered: a kernel of the key "Autograd" has it all; with
a derivative, or a rule for `vmap`, or declared by `custom_op`, it is recorded as one node; else the kernel of the
device runs as any function does, and what it calls is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ..amp.autocast_mode import _cast, autocast
from ..autograd.function import Function
from ..core.autocast import is_autocast_enabled
from ..core.batching import levels_of, within_transform
from ..core.mode import MODE, no_grad
from ..core.tensor import Tensor
from ..core.views import bump_version
from ..core.watching import watched_overload
from ..ops.aten import OpOverload, OpOverloadPacket
from ..ops.namespaces import namespace
from ..ops.schema import FunctionSchema
from ..ops.shape.joining import stack

# What `impl` takes for a dispatch key -> the device, or what else it means here.
KEYS = {
    "": "implicit",
    "CompositeImplicitAutograd": "implicit",
    "CompositeExplicitAutograd": "default",
    "CompositeExplicitAutogradNonFunctional": "default",
    "Autograd": "autograd",
    "AutogradCPU": "autograd",
    "AutogradCUDA": "autograd cuda",
    "CPU": "cpu",
    "CUDA": "cuda",
    "HPU": "hpu",
    "Meta": "meta",
    "MPS": "mps",
    "MTIA": "mtia",
    "PrivateUse1": "privateuseone",
    "XLA": "xla",
    "XPU": "xpu",
}
DEVICES = frozenset(("cpu", "cuda", "hpu", "meta", "mps", "mtia", "privateuseone", "xla", "xpu"))


def fallthrough_kernel() -> None:
    """Given to `Library.impl`: there is no kernel for this key, and the next one is asked. Never called."""
    raise NotImplementedError("fallthrough_kernel() should never be called.")


class LibraryPacket(OpOverloadPacket):
    """All overloads of one operator of a library: `torch.ops.mylib.f`. Called, it takes the first that fits."""

    def __init__(self, library: str, name: str) -> None:
        super().__init__(name)
        self.namespace = library
        self._overloads: dict[str, LibraryOverload] = {}

    def __getattr__(self, name: str) -> Any:
        found = self.__dict__.get("_overloads", {}).get(name)
        if found is None:
            raise AttributeError(f"The underlying op of '{self}' has no overload name '{name}'")
        return found

    def overloads(self) -> list[str]:
        """The names of the overloads."""
        return list(self._overloads)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        candidates = list(self._overloads.values())
        if len(candidates) == 1:
            return candidates[0](*args, **kwargs)
        errors = []
        for overload in candidates:
            try:
                bound = overload._schema.bind(args, kwargs)
            except RuntimeError as error:
                errors.append(str(error))
            else:
                return overload._run(*bound)
        raise RuntimeError(
            "Overloaded torch operator invoked from Python failed to match any schema:\n" + "\n\n".join(errors)
        )

    def __str__(self) -> str:
        return f"{self.namespace}.{self.__name__}"

    def __repr__(self) -> str:
        return f"<OpOverloadPacket(op='{self}')>"


class LibraryOverload(OpOverload):
    """One operator of a library, with all that was registered for it.

    Attributes:
        kernels: "cpu", "default", "autograd", ... -> function.
        fake: gives results of the right shape without computing, or None.
        functional: whether results must not share memory with operands, as `custom_op` promises.
    """

    def __init__(self, packet: LibraryPacket, schema: FunctionSchema) -> None:
        super().__init__(packet, schema.overload_name or "default")
        self.namespace = packet.namespace
        self._declared = schema
        self.kernels: dict[str, Callable] = {}
        self.fake: Callable | None = None
        self.backward: Callable | None = None
        self.setup_context: Callable | None = None
        self.vmap: Callable | None = None
        self.functional = False
        self.recorded = False
        self.tags: list = []
        self.disabled: set[str] = set()
        self.autocast: dict[str, Any] = {}  # kind of device -> the dtype that operands are cast to
        self._function: Any = None

    @property
    def _schema(self) -> FunctionSchema:
        """What it takes and returns."""
        return self._declared

    def name(self) -> str:
        """The name as PyTorch's dispatcher has it: `mylib::f.overload`."""
        return self._name

    @property
    def _name(self) -> str:
        name = self._schema.name
        return f"{name}.{self._schema.overload_name}" if self._schema.overload_name else name

    @property
    def is_view(self) -> bool:
        """Whether a result shares memory with an operand that is not written to."""
        infos = [argument.alias_info for argument in self._schema.arguments]
        return any(info is not None and not info.is_write for info in infos)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __str__(self) -> str:
        return f"{self.namespace}.{self.__name__}"

    def __repr__(self) -> str:
        name = self.overloadpacket.__name__
        return f"<OpOverload(op='{self.namespace}.{name}', overload='{self._overloadname}')>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._run(*self._schema.bind(args, kwargs))

    def register(self, key: str, kernel: Callable) -> None:
        """Register a kernel under a key of `KEYS`."""
        if kernel is fallthrough_kernel:
            self.kernels.pop(key, None)
        elif key == "meta":
            self.fake = kernel
        else:
            self.kernels[key] = kernel
        self._function = None

    def register_autograd(self, backward: Callable, setup_context: Callable | None) -> None:
        """Register the derivative. RuntimeError for an operator that writes to its operands, or returns views."""
        if self._schema.is_mutable or self.is_view:
            raise RuntimeError(
                f"Cannot register autograd formula for non-functional operator {self!r} with schema {self._schema}. "
                "Please create a functional operator and register an autograd formula for that."
            )
        self.backward, self.setup_context = backward, setup_context
        self._function = None

    # --- calls ---

    def _run(self, args: list, by_name: dict[str, Any]) -> Any:
        if self.autocast:
            tensors = list(_tensors((*args, *by_name.values())))
            kind = tensors[0].device.type if tensors else "cpu"
            if kind in self.autocast and is_autocast_enabled(kind):
                args, by_name = _cast((args, by_name), kind, self.autocast[kind])
                with autocast(kind, enabled=False):
                    return self._run(args, by_name)
        values = (*args, *by_name.values())
        if "autograd" in self.kernels:
            return self.kernels["autograd"](*args, **by_name)
        if self.recorded or self.backward is not None or (self.vmap is not None and _is_batched(values)):
            if self._function is None:
                self._function = _make_function(self, list(by_name))
            result = self._function.apply(*values)
            return list(result) if self._returns_list() and isinstance(result, tuple) else result
        return self.run_kernel(args, by_name)

    def _returns_list(self) -> bool:
        return len(self._schema.returns) == 1 and self._schema.returns[0].type.kind == "list"

    def run_kernel(self, args: Sequence, by_name: dict[str, Any]) -> Any:
        """What the kernel for the operands' device gives, checked against the schema; who watches is asked first."""
        if MODE.get().watchers:
            shown = self._without_defaults(args, by_name)
            return watched_overload(self, *shown, lambda: self._run_kernel(args, by_name))
        return self._run_kernel(args, by_name)

    def _without_defaults(self, args: Sequence, by_name: dict[str, Any]) -> tuple[tuple, dict[str, Any]]:
        """A call as it would be written, without what has its default: the last ones by position, any by name."""

        def is_default(argument: Any, value: Any) -> bool:
            default = argument.default_value
            return argument.has_default_value() and type(value) is type(default) and value == default

        arguments = self._schema.arguments
        count = len(args)
        while count and is_default(arguments[count - 1], args[count - 1]):
            count -= 1
        named = zip(arguments[len(args) :], by_name.items(), strict=True)
        return tuple(args[:count]), {name: value for one, (name, value) in named if not is_default(one, value)}

    def _run_kernel(self, args: Sequence, by_name: dict[str, Any]) -> Any:
        tensors = list(_tensors((*args, *by_name.values())))
        kind = tensors[0].device.type if tensors else "cpu"
        written = [
            value
            for argument, value in zip(self._schema.arguments, (*args, *by_name.values()), strict=True)
            if argument.is_write
        ]
        if kind == "meta" and self.fake is not None:
            return self.fake(*args, **by_name)
        result = self._kernel_of(kind)(*args, **by_name)
        for tensor in _tensors(written):
            bump_version(tensor, self.__name__)
        self._check_result(result)
        if self.functional:
            _check_memory(self, result, tensors)
        return result

    def _kernel_of(self, device: str) -> Callable:
        names = [name for name in (device, "default") if name not in self.disabled]
        for name in (*names, "implicit"):
            kernel = self.kernels.get(name)
            if kernel is not None:
                return kernel
        raise NotImplementedError(
            f"Could not run '{self._name}' with arguments from the '{device.upper()}' backend: it has kernels for "
            f"{', '.join(sorted(self.kernels)) or 'no device'} only"
        )

    def _check_result(self, result: Any) -> None:
        returns = self._schema.returns
        if not returns:
            if result is not None:
                raise RuntimeError(f"{self._name}: the schema says that it returns nothing, not {result!r}")
            return
        results = (result,) if len(returns) == 1 else result
        if not isinstance(results, (tuple, list)) or len(results) != len(returns):
            raise RuntimeError(f"{self._name}: the schema says that it returns {len(returns)} values, not {result!r}")
        for one, value in zip(returns, results, strict=True):
            if not one.type.accepts(value):
                raise RuntimeError(f"Unable to cast {value} to {one.type}: {self._name} returns it by its schema")


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _tensors(one)


def _is_batched(values: Any) -> bool:
    return bool(within_transform() and levels_of(tuple(_tensors(values))))


def _check_memory(operator: LibraryOverload, result: Any, operands: list[Tensor]) -> None:
    """RuntimeError for a result on the memory of an operand, or of another result."""
    seen = {tensor.untyped_storage().data_ptr() for tensor in operands if tensor.numel()}
    for tensor in _tensors(result):
        if not tensor.numel():
            continue
        place = tensor.untyped_storage().data_ptr()
        if place in seen:
            raise RuntimeError(
                f"{operator.overloadpacket.__name__}: The output of this custom operator (1) must not also be an input "
                "to this custom operator and (2) may not alias any inputs to this custom operator or other returns. "
                "Return a clone of it, x.clone()."
            )
        seen.add(place)


# --- recorded as one node ---


def _make_function(operator: LibraryOverload, names: list[str]) -> Any:
    """The Function that an operator is recorded by. What is given by name alone comes last among its arguments."""
    by_position = len(operator._schema.arguments) - len(names)

    def split(values: tuple) -> tuple[tuple, dict[str, Any]]:
        return values[:by_position], dict(zip(names, values[by_position:], strict=True))

    def forward(*values: Any) -> Any:
        args, by_name = split(values)
        result = operator.run_kernel(args, by_name)
        return tuple(result) if isinstance(result, list) else result

    def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
        args, by_name = split(inputs)
        needs = ctx.needs_input_grad
        ctx.needs_input_grad = tuple(
            [one.requires_grad for one in _tensors(value)] if isinstance(value, (list, tuple)) else needed
            for value, needed in zip(args, needs, strict=False)
        )
        ctx._mibun_arguments = len(inputs)
        if operator.backward is None or operator.setup_context is None or not any(needs):
            return
        output = list(output) if operator._returns_list() else output
        if names:
            operator.setup_context(ctx=ctx, inputs=args, keyword_only_inputs=by_name, output=output)
        else:
            operator.setup_context(ctx=ctx, inputs=args, output=output)

    def backward(ctx: Any, *grads: Any) -> Any:
        if operator.backward is None:
            raise RuntimeError(
                f"Trying to backward through {operator} but no autograd formula was registered. Please use "
                "register_autograd to add one."
            )
        found = operator.backward(ctx, list(grads)) if operator._returns_list() else operator.backward(ctx, *grads)
        found = tuple(found) if isinstance(found, (tuple, list)) and by_position != 1 else (found,)
        if by_position == 1 and isinstance(found[0], tuple):
            found = found[0]
        if len(found) != by_position:
            raise RuntimeError(
                f"Expected the backward of {operator} to return {by_position} gradients, one for each argument that is "
                f"given by position, but got {len(found)}"
            )
        return (*found, *[None] * len(names))

    def vmap(info: Any, in_dims: tuple, *values: Any) -> tuple[Any, Any]:
        args, by_name = split(values)
        if operator.vmap is not None:
            return operator.vmap(info, in_dims[:by_position], *args, **by_name)
        return _one_by_one(operator, info.batch_size, in_dims, values, split)

    methods = {
        "_of_library": True,
        "forward": staticmethod(forward),
        "setup_context": staticmethod(setup_context),
        "backward": staticmethod(backward),
        "vmap": staticmethod(vmap),
    }
    name = str(operator).replace(".", "_")
    return type(f"GeneratedBackwardFor_{name}", (Function,), methods)


def _one_by_one(operator: LibraryOverload, n: int, in_dims: tuple, values: tuple, split: Callable) -> tuple[Any, Any]:
    """The operator on each example, results stacked: for one without a rule."""

    def example(value: Any, dim: Any, i: int) -> Any:
        if isinstance(value, (list, tuple)):
            dims = dim if isinstance(dim, (list, tuple)) else [dim] * len(value)
            return [example(one, one_dim, i) for one, one_dim in zip(value, dims, strict=True)]
        return value.select(dim, i) if isinstance(value, Tensor) and dim is not None else value

    results = []
    for i in range(n):
        args, by_name = split(tuple(map(lambda value, dim, i=i: example(value, dim, i), values, in_dims)))
        results.append(operator(*args, **by_name))
    first = results[0]
    if first is None:
        return None, None
    if isinstance(first, (tuple, list)):
        return tuple(stack(parts) for parts in zip(*results, strict=True)), tuple([0] * len(first))
    return stack(results), 0


# --- declaring ---

_OVERLOADS: dict[str, LibraryOverload] = {}  # "mylib::f", "mylib::f.out" -> operator
_PENDING: dict[str, list[tuple[str, Callable]]] = {}  # kernels for operators that are not declared yet

_PENDING_FAKES: dict[str, Callable] = {}  # and what gives their results without computing


def declare(schema: FunctionSchema, replace: bool = False) -> LibraryOverload:
    """Enter an operator, so that `torch.ops` finds it. RuntimeError for a name that is taken, unless `replace`."""
    library, _, name = schema.name.partition("::")
    full = f"{schema.name}.{schema.overload_name}" if schema.overload_name else schema.name
    if full in _OVERLOADS and not replace:
        raise RuntimeError(
            f"Tried to register an operator ({schema}) with the same name and overload name multiple times. Each "
            "overload's schema should only be registered with a single call to def()."
        )
    place = namespace(library)
    packet = vars(place).get(name)
    if not isinstance(packet, LibraryPacket):
        packet = LibraryPacket(library, name)
        setattr(place, name, packet)
    operator = LibraryOverload(packet, schema)
    packet._overloads[operator._overloadname] = operator
    _OVERLOADS[full] = operator
    for key, kernel in _PENDING.pop(full, ()):
        operator.register(key, kernel)
    operator.fake = _PENDING_FAKES.pop(full, None)
    return operator


def withdraw(operator: LibraryOverload) -> None:
    """Take an operator out again."""
    _OVERLOADS.pop(operator._name, None)
    packet: Any = operator.overloadpacket
    if packet._overloads.get(operator._overloadname) is operator:
        del packet._overloads[operator._overloadname]
    if not packet._overloads:
        vars(namespace(operator.namespace)).pop(packet.__name__, None)


def register_kernel(full: str, key: str, kernel: Callable) -> None:
    """Register a kernel for the operator of a name: as soon as it is declared, if it is not yet."""
    operator = _OVERLOADS.get(full)
    if operator is None:
        _PENDING.setdefault(full, []).append((key, kernel))
    else:
        operator.register(key, kernel)


def register_fake_later(full: str, fake: Callable) -> None:
    """Keep what gives an operator's results without computing, until the operator is declared."""
    _PENDING_FAKES[full.removesuffix(".default")] = fake


def operator_of(op: Any) -> LibraryOverload:
    """The operator that a name, a `CustomOpDef` or an overload stands for.

    ValueError for a name without a namespace; AttributeError for one that is not declared; TypeError for anything else.
    """
    op = getattr(op, "_opoverload", op)
    if isinstance(op, LibraryOverload):
        return op
    if isinstance(op, LibraryPacket):
        return op.default
    if isinstance(op, OpOverload):
        raise TypeError(f"{op} is one of PyTorch's own operators: only those of libraries can be registered for")
    if not isinstance(op, str):
        raise ValueError(f"expected the name of an operator, or an operator, got {type(op)}")
    library, name = qualified(op)
    found = _OVERLOADS.get(op.removesuffix(".default"))
    if found is None:
        raise AttributeError(f"'_OpNamespace' '{library}' object has no attribute '{name}'")
    return found


def qualified(qualname: str) -> tuple[str, str]:
    """The namespace and the name in `mylib::f`. ValueError where there are not both."""
    parts = qualname.split("::")
    if len(parts) != 2 or not all(parts):
        raise ValueError(
            f'Expected `qualname` to be of the form "namespace::name", but got {qualname}. The qualname passed to the '
            "torch.library APIs must consist of a namespace and a name, e.g. aten::sin"
        )
    return parts[0], parts[1]


# --- shapes without values ---


class FakeContext:
    """What `torch.library.get_ctx` gives to a function that was registered by `register_fake`.

    Attributes:
        asked: whether it has asked for a size that depends on values.
    """

    def __init__(self) -> None:
        self.asked = False

    def new_dynamic_size(self, *, min: int = 0, max: int | None = None) -> int:  # noqa: A002
        """A size that depends on the values, somewhere from `min` to `max`: the least is taken."""
        if max is not None and max < min:
            raise ValueError(f"expected min <= max, got min={min}, max={max}")
        self.asked = True
        return min

    create_unbacked_symint = new_dynamic_size


_FAKE: ContextVar[FakeContext | None] = ContextVar("mibun_fake", default=None)


def get_ctx() -> FakeContext | None:
    """The context of the function registered by `register_fake` that is running; None outside of one."""
    return _FAKE.get()


@contextmanager
def faking() -> Iterator[FakeContext]:
    """The context in which a function registered by `register_fake` runs."""
    context = FakeContext()
    token = _FAKE.set(context)
    try:
        with no_grad():
            yield context
    finally:
        _FAKE.reset(token)
