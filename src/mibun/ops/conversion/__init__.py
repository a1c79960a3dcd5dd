"""From Tensors to other dtypes, to Python and to other libraries; copies, and the memory behind a tensor.

copying: `clone`, `contiguous`, `copy_`. casting: `to` and the methods named after dtypes. filling: `fill_`, `zero_`.
python_numbers: `item`, `tolist`, `int(t)`. array_protocols: NumPy, ufuncs, DLPack. pickling: `copy`, `deepcopy`,
`pickle`. between_processes: tensors sent by `multiprocessing`. python_loops: Python functions of each element. storage:
the memory, `set_`, `data`. untyped_storages, typed_storages: the memory as an object. properties: what kind of dtype,
device and memory it is. layouts: dense and sparse. dense: older names.
"""

from . import (
    array_protocols,
    between_processes,
    casting,
    copying,
    dense,
    filling,
    layouts,
    pickling,
    properties,
    python_loops,
    python_numbers,
    storage,
    typed_storages,
    untyped_storages,
)
