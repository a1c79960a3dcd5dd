"""The old constructors: `Tensor(2, 3)`, `FloatTensor([1.])`, `Tensor.new`."""

from __future__ import annotations

import builtins
from typing import Any, NoReturn

import numpy as np

from ...core import dtypes
from ...core.device import device as _device
from ...core.dtypes import dtype, get_default_dtype
from ...core.registry import FUNCTIONS
from ...core.size import Size
from ...core.tensor import Tensor, bare, bind_method, is_inference
from ...core.views import counter_of, own_array
from ...dispatch.public import public
from ..annotations import Device
from ..conversion.layouts import is_sparse_array, sparse_in_old_form
from ..conversion.typed_storages import TypedStorage
from ..conversion.untyped_storages import UntypedStorage
from .from_data import array_of
from .options import shape_of

_FORMS = "expected sizes, size=, data=, other= (a Tensor) or storage=, and device="


def _construct(cls: type, wanted: dtype | None, args: tuple, device: Device | None, named: dict[str, Any]) -> Tensor:
    """A Tensor of the class and dtype: from sizes, a sequence, a storage, a Tensor on its memory, or of no elements.

    wanted: None for the default dtype, and for that of a Tensor.
    """
    dtype = get_default_dtype() if wanted is None else wanted
    if device is not None and _device(device).type != "cpu":
        raise RuntimeError(
            f"legacy constructor expects device type: cpu but device type: {_device(device).type} was passed"
        )
    if named:
        ((name, value),) = named.items() if len(named) == 1 and not args else (("", None),)
        if name == "size" and isinstance(value, (tuple, list)):
            args = tuple(value) or (Size(),)
        elif (
            name == "data"
            or (name == "other" and isinstance(value, Tensor))
            or (name == "storage" and isinstance(value, (TypedStorage, UntypedStorage)))
        ):
            args = (value,)
            if name == "data" and isinstance(value, builtins.int):
                raise TypeError(f"new(): data must be a sequence (got {type(value).__name__})")
        else:
            raise _unfit(args, named)
    result = bare(cls, None)
    source = args[0] if len(args) == 1 else None
    if isinstance(source, Tensor):
        if wanted is not None and source.dtype is not dtype:
            raise TypeError(
                f"expected a tensor of dtype {dtype} (got {source.dtype}): use tensor.to({dtype}), or torch.tensor()"
            )
        result._array_ = own_array(source)
        if not is_inference(source):
            result._version_counter_ = counter_of(source)
    elif isinstance(source, (TypedStorage, UntypedStorage)):
        result._array_ = _on_storage(source, dtype)
    else:
        result._array_ = _legacy_array(args, dtype)
    return result


def _legacy_array(args: tuple, dtype: dtype) -> np.ndarray:
    if args and (not isinstance(args[0], (builtins.int, np.integer)) or isinstance(args[0], builtins.bool)):
        data = args[0]
        if len(args) > 1 and not isinstance(data, Tensor):
            raise _unfit(args, {})
        if len(args) > 1:  # 0-d Tensors may stand for sizes
            return np.zeros(shape_of(args, "Tensor"), dtype.np)
        if isinstance(data, Size):
            return np.zeros(data, dtype.np)
        if isinstance(data, str):
            raise TypeError("new(): invalid data type 'str': give sizes, or a sequence of numbers")
        no_sequence = isinstance(data, (builtins.bool, builtins.float, builtins.complex, dict, set, frozenset))
        if no_sequence or not hasattr(data, "__len__"):
            raise TypeError(f"new(): data must be a sequence (got {type(data).__name__})")
        return array_of(data, dtype, "Tensor")
    return np.zeros(shape_of(args if args else (0,), "Tensor"), dtype.np)


def _on_storage(source: TypedStorage | UntypedStorage, dtype: dtype) -> np.ndarray:
    """All of a storage, as elements of the dtype, on its memory."""
    if isinstance(source, TypedStorage) and source.dtype is not dtype:
        raise RuntimeError(
            f"Expected a Storage of type {dtype.scalar_name} or an UntypedStorage, but got type "
            f"{source.dtype.scalar_name} for argument 1 'storage'"
        )
    memory = source._untyped if isinstance(source, TypedStorage) else source
    elements = memory._elements()
    return np.ndarray(elements.nbytes // dtype.itemsize, dtype.np, elements)


def _unfit(args: tuple, named: dict[str, Any]) -> TypeError:
    given = [type(value).__name__ for value in args]
    given += [f"{name}={type(value).__name__}" for name, value in named.items()]
    return TypeError(
        f"new() received an invalid combination of arguments - got ({', '.join(given)}), but expected one of: {_FORMS}"
    )


def legacy_constructor(cls: type, *args: Any, device: Device | None = None, **named: Any) -> Tensor:
    """`Tensor(...)`: from sizes, from data, on the memory of a Tensor or a storage, or empty; of the default dtype.

    By name: size=, data=, other=, storage=. In subclasses `Tensor.__new__` gives their class.
    """
    return _construct(cls, None, args, device, named)


bind_method("__new__", staticmethod(legacy_constructor))


@public("new", function=False)
def new(self: Tensor, *args: Any, device: Device | None = None, **named: Any) -> Tensor:
    """`Tensor(*args)` of this tensor's dtype."""
    if is_sparse_array(self._array_):
        return sparse_in_old_form(args, self.dtype, device)
    return _construct(Tensor, self.dtype, args, device, named)


class tensortype(type):  # noqa: N801
    """The class of `FloatTensor`, `LongTensor`, ...: the constructor `Tensor(...)` of one dtype and device.

    `isinstance(t, torch.LongTensor)` asks for the dtype. They are classes, so that they can stand in annotations, but
    no subclasses of Tensor, and nothing is an instance in Python's own sense. Attributes are Tensor's.
    """

    dtype: dtypes.dtype
    layout = dtypes.strided
    is_cuda = is_sparse = False

    def __call__(cls, *args: Any, device: Device | None = None, **named: Any) -> Tensor:
        if cls.is_cuda:
            raise TypeError(f"type {cls._shown()} not available. Torch not compiled with CUDA enabled.")
        return _construct(Tensor, cls.dtype, args, device, named)

    def __instancecheck__(cls, instance: object) -> builtins.bool:
        if not isinstance(instance, Tensor) or instance.dtype is not cls.dtype or cls.is_cuda:
            return False
        return instance.layout is cls.layout

    def __getattr__(cls, name: str) -> Any:
        try:
            return getattr(Tensor, name)
        except AttributeError:
            raise AttributeError(f"type object '{cls._shown()}' has no attribute '{name}'") from None

    def __dir__(cls) -> list[str]:
        return sorted({*dir(Tensor), "dtype", "layout", "is_cuda", "is_sparse"})

    def _shown(cls) -> str:
        return f"torch{cls.__module__.partition('.')[1]}{cls.__module__.partition('.')[2]}.{cls.__name__}"

    def __repr__(cls) -> str:
        return f"<class '{cls._shown()}'>"


def _no_base(cls: type, **options: Any) -> NoReturn:
    raise TypeError(f"type '{cls.__mro__[1]._shown()}' is not an acceptable base type")  # type: ignore[attr-defined]


def _type_of(dtype: dtypes.dtype, module: str) -> tensortype:
    name = f"{dtype.scalar_name}Tensor"
    # (Made by a call: `inspect` has no class statement to show.)
    body = {
        "dtype": dtype,
        "is_cuda": module.endswith("cuda"),
        "__module__": module,
        "__doc__": f"`Tensor(...)` of {dtype}; `isinstance(t, torch.{name})` asks for that dtype.",
    }
    made = tensortype(name, (), body)
    made.__init_subclass__ = classmethod(_no_base)  # type: ignore[assignment]
    return made


_OLD = [d for d in dtypes.ALL if d.category < 3 and d not in (dtypes.uint16, dtypes.uint32, dtypes.uint64)]
FUNCTIONS.update({f"{d.scalar_name}Tensor": _type_of(d, "mibun") for d in _OLD})
CUDA_TYPES = {f"{d.scalar_name}Tensor": _type_of(d, "mibun.cuda") for d in _OLD}  # of a machine without one
