"""Storages as PyTorch has them: every method of both kinds, what it returns, and the class of what it raises."""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mibun

torch = pytest.importorskip("torch")

UNTYPED: dict[str, Callable] = {
    "identity": lambda m, x, s: (x.untyped_storage() is s, x.view(2, 2)[1].untyped_storage() == s, s.untyped() is s),
    "hash": lambda m, x, s: hash(s) == hash(x.untyped_storage()),
    "byte": lambda m, x, s: (s[6], s[-1], s.tolist()),
    "slice": lambda m, x, s: (s[4:6].tolist(), s[4:6].fill_(1).size(), x.tolist()),
    "slice resizable": lambda m, x, s: s[4:].size(),
    "step": lambda m, x, s: s[::2],
    "beyond": lambda m, x, s: s[16],
    "before": lambda m, x, s: s[-17],
    "float index": lambda m, x, s: s[1.5],
    "set": lambda m, x, s: (s.__setitem__(3, 64), x.tolist()),
    "set slice": lambda m, x, s: (s.__setitem__(slice(0, 8), 0), x.tolist()),
    "set 300": lambda m, x, s: (s.__setitem__(0, 300), s[0]),
    "set list": lambda m, x, s: s.__setitem__(slice(0, 2), [1, 2]),
    "set float": lambda m, x, s: s.__setitem__(0, 1.5),
    "free": lambda m, x, s: (s.resize_(0) is s, s.nbytes(), s.size(), len(s), s.tolist(), s.data_ptr(), x.data_ptr()),
    "shape when free": lambda m, x, s: (s.resize_(0).nbytes(), tuple(x.shape), x.stride(), x.untyped_storage().size()),
    "come back": lambda m, x, s: (
        s.resize_(0).resize_(16).nbytes(),
        x.fill_(2.0).tolist(),
        x.data_ptr() == s.data_ptr(),
    ),
    "refill": lambda m, x, s: (lambda kept: (s.resize_(0).resize_(16).copy_(kept), x.tolist())[1])(s.clone()),
    "shrink": lambda m, x, s: (s.resize_(8).nbytes(), x[:2].tolist(), s.tolist()),
    "grow": lambda m, x, s: (s.resize_(24).nbytes(), x.tolist(), x.set_(s, 0, (6,), (1,))[:4].tolist()),
    "grow with views": lambda m, x, s: (lambda v: (s.resize_(4000), v.fill_(7.0), x.tolist())[2])(x[1:3]),
    "grow shares": lambda m, x, s: (s.resize_(64).nbytes(), x.untyped_storage() is s, x.data_ptr() == s.data_ptr()),
    "resize negative": lambda m, x, s: s.resize_(-1),
    "resize float": lambda m, x, s: s.resize_(1.5),
    "resizable": lambda m, x, s: s.resizable(),
    "numpy": lambda m, x, s: (x.numpy().shape, s.resizable()),
    "numpy resize": lambda m, x, s: (x.numpy(), s.resize_(0)),
    "from_numpy": lambda m, x, s: m.from_numpy(np.ones(3)).untyped_storage().resizable(),
    "from_numpy resize": lambda m, x, s: m.from_numpy(np.ones(3)).untyped_storage().resize_(0),
    "as_tensor": lambda m, x, s: m.as_tensor(np.ones(3)).untyped_storage().resizable(),
    "asarray": lambda m, x, s: m.asarray(np.ones(3)).untyped_storage().resizable(),
    "frombuffer": lambda m, x, s: m.frombuffer(bytearray(8), dtype=m.float32).untyped_storage().resizable(),
    "tensor(array)": lambda m, x, s: m.tensor(np.ones(3)).untyped_storage().resize_(0).nbytes(),
    "clone": lambda m, x, s: (s.clone().tolist(), s.clone() == s, s.clone().fill_(0) is s, x.tolist()),
    "copy_": lambda m, x, s: (s.copy_((x * 2).untyped_storage()) is s, x.tolist()),
    "copy_ other size": lambda m, x, s: s.copy_(x[:2].clone().untyped_storage()),
    "copy_ tensor": lambda m, x, s: s.copy_(x),
    "fill_": lambda m, x, s: (s.fill_(0) is s, x.tolist()),
    "fill_ wraps": lambda m, x, s: (s.fill_(300)[0], s.fill_(-1)[0]),
    "fill_ float": lambda m, x, s: s.fill_(1.5),
    "byteswap": lambda m, x, s: (s.byteswap(m.float32), x.tolist()),
    "byteswap complex": lambda m, x, s: (s.byteswap(m.complex64), x.tolist()),
    "copy": lambda m, x, s: (copy.copy(s).tolist(), copy.copy(s) == s),
    "deepcopy": lambda m, x, s: (copy.deepcopy(s).tolist(), copy.deepcopy(s) == s),
    "deepcopy with tensor": lambda m, x, s: (lambda c: c[0].untyped_storage() == c[1])(copy.deepcopy([x, s])),
    "deepcopy with tensor, after": lambda m, x, s: (lambda c: c[1].untyped_storage() == c[0])(copy.deepcopy([s, x])),
    "share": lambda m, x, s: (s.is_shared(), s.share_memory_() is s, s.is_shared(), x.is_shared(), x.tolist()),
    "share twice": lambda m, x, s: s.share_memory_().data_ptr() == s.share_memory_().data_ptr(),
    "share with views": lambda m, x, s: (lambda v: (s.share_memory_(), v.fill_(7.0), x.tolist(), v.is_shared())[2:])(
        x[1:3]
    ),
    "share clone": lambda m, x, s: s.share_memory_().clone().is_shared(),
    "new shared": lambda m, x, s: (lambda n: (n.is_shared(), n.nbytes()))(m.UntypedStorage._new_shared(8)),
    "new": lambda m, x, s: s.new().nbytes(),
    "devices": lambda m, x, s: (str(s.device), s.is_cuda, s.is_hpu, s.is_sparse, s.is_sparse_csr, s.get_device()),
    "pinned": lambda m, x, s: s.is_pinned(),
    "pin": lambda m, x, s: s.pin_memory(),
    "cpu": lambda m, x, s: (s.cpu() is s, s.to(device="cpu").nbytes()),
    "type": lambda m, x, s: (s.type(), s.element_size(), s.filename),
    "make": lambda m, x, s: [m.UntypedStorage(*a).nbytes() for a in ((), (4,), ([1, 2],), ((1, 2, 3),))],
    "make on cpu": lambda m, x, s: m.UntypedStorage(4, device="cpu").nbytes(),
    "make of bytes": lambda m, x, s: m.UntypedStorage([1, 2, 255]).tolist(),
    "make of text": lambda m, x, s: m.UntypedStorage("a"),
    "make of float": lambda m, x, s: m.UntypedStorage(4.5),
    "make of floats": lambda m, x, s: m.UntypedStorage([1.5]),
    "make of negative": lambda m, x, s: m.UntypedStorage(-1),
    "make of tensor": lambda m, x, s: m.UntypedStorage(x),
    "make of two": lambda m, x, s: m.UntypedStorage(2, 3),
    "make of storage": lambda m, x, s: m.UntypedStorage(s).tolist(),
    "make of dtype": lambda m, x, s: m.UntypedStorage(2, dtype=m.float32),
    "from_buffer": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcdefgh", dtype=m.uint8).tolist(),
    "from_buffer swapped": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcd", "big", dtype=m.int16).tolist(),
    "from_buffer part": lambda m, x, s: m.UntypedStorage.from_buffer(
        b"abcdefgh", "native", 1, 2, dtype=m.int16
    ).tolist(),
    "from_buffer uneven": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcde", "native", dtype=m.int16),
    "from_buffer too far": lambda m, x, s: m.UntypedStorage.from_buffer(b"ab", "native", 4, dtype=m.int16),
    "set_": lambda m, x, s: m.empty(0).set_(s).tolist(),
    "set_ geometry": lambda m, x, s: m.empty(0).set_(s, 1, (2,), (1,)).tolist(),
    "is_storage": lambda m, x, s: (m.is_storage(s), m.is_storage(x), m.is_storage(x.storage())),
    "repr": lambda m, x, s: repr(s),
    "iterate": lambda m, x, s: list(s),
    "swap": lambda m, x, s: (lambda y: (m.utils.swap_tensors(x, y), x.tolist(), y.tolist(), x.untyped_storage() == s))(
        m.ones(2)
    ),
}
TYPED: dict[str, Callable] = {
    "identity": lambda m, x, s: (x.untyped_storage() is s, x.view(2, 2)[1].untyped_storage() == s, s.untyped() is s),
    "hash": lambda m, x, s: hash(s) == hash(x.untyped_storage()),
    "byte": lambda m, x, s: (s[6], s[-1], s.tolist()),
    "slice": lambda m, x, s: (s[4:6].tolist(), s[4:6].fill_(1).size(), x.tolist()),
    "slice resizable": lambda m, x, s: s[4:].size(),
    "step": lambda m, x, s: s[::2],
    "beyond": lambda m, x, s: s[16],
    "before": lambda m, x, s: s[-17],
    "float index": lambda m, x, s: s[1.5],
    "set": lambda m, x, s: (s.__setitem__(3, 64), x.tolist()),
    "set slice": lambda m, x, s: (s.__setitem__(slice(0, 8), 0), x.tolist()),
    "set 300": lambda m, x, s: (s.__setitem__(0, 300), s[0]),
    "set list": lambda m, x, s: s.__setitem__(slice(0, 2), [1, 2]),
    "set float": lambda m, x, s: s.__setitem__(0, 1.5),
    "free": lambda m, x, s: (s.resize_(0) is s, s.nbytes(), s.size(), len(s), s.tolist(), s.data_ptr(), x.data_ptr()),
    "shape when free": lambda m, x, s: (s.resize_(0).nbytes(), tuple(x.shape), x.stride(), x.untyped_storage().size()),
    "come back": lambda m, x, s: (
        s.resize_(0).resize_(16).nbytes(),
        x.fill_(2.0).tolist(),
        x.data_ptr() == s.data_ptr(),
    ),
    "refill": lambda m, x, s: (lambda kept: (s.resize_(0).resize_(16).copy_(kept), x.tolist())[1])(s.clone()),
    "shrink": lambda m, x, s: (s.resize_(8).nbytes(), x[:2].tolist(), s.tolist()),
    "grow": lambda m, x, s: (s.resize_(24).nbytes(), x.tolist(), x.set_(s, 0, (6,), (1,))[:4].tolist()),
    "grow with views": lambda m, x, s: (lambda v: (s.resize_(4000), v.fill_(7.0), x.tolist())[2])(x[1:3]),
    "grow shares": lambda m, x, s: (s.resize_(64).nbytes(), x.untyped_storage() is s, x.data_ptr() == s.data_ptr()),
    "resize negative": lambda m, x, s: s.resize_(-1),
    "resize float": lambda m, x, s: s.resize_(1.5),
    "resizable": lambda m, x, s: s.resizable(),
    "numpy": lambda m, x, s: (x.numpy().shape, s.resizable()),
    "numpy resize": lambda m, x, s: (x.numpy(), s.resize_(0)),
    "from_numpy": lambda m, x, s: m.from_numpy(np.ones(3)).untyped_storage().resizable(),
    "from_numpy resize": lambda m, x, s: m.from_numpy(np.ones(3)).untyped_storage().resize_(0),
    "as_tensor": lambda m, x, s: m.as_tensor(np.ones(3)).untyped_storage().resizable(),
    "asarray": lambda m, x, s: m.asarray(np.ones(3)).untyped_storage().resizable(),
    "frombuffer": lambda m, x, s: m.frombuffer(bytearray(8), dtype=m.float32).untyped_storage().resizable(),
    "tensor(array)": lambda m, x, s: m.tensor(np.ones(3)).untyped_storage().resize_(0).nbytes(),
    "clone": lambda m, x, s: (s.clone().tolist(), s.clone() == s, s.clone().fill_(0) is s, x.tolist()),
    "copy_": lambda m, x, s: (s.copy_((x * 2).untyped_storage()) is s, x.tolist()),
    "copy_ other size": lambda m, x, s: s.copy_(x[:2].clone().untyped_storage()),
    "copy_ tensor": lambda m, x, s: s.copy_(x),
    "fill_": lambda m, x, s: (s.fill_(0) is s, x.tolist()),
    "fill_ wraps": lambda m, x, s: (s.fill_(300)[0], s.fill_(-1)[0]),
    "fill_ float": lambda m, x, s: s.fill_(1.5),
    "byteswap": lambda m, x, s: (s.byteswap(m.float32), x.tolist()),
    "byteswap complex": lambda m, x, s: (s.byteswap(m.complex64), x.tolist()),
    "copy": lambda m, x, s: (copy.copy(s).tolist(), copy.copy(s) == s),
    "deepcopy": lambda m, x, s: (copy.deepcopy(s).tolist(), copy.deepcopy(s) == s),
    "deepcopy with tensor": lambda m, x, s: (lambda c: c[0].untyped_storage() == c[1])(copy.deepcopy([x, s])),
    "deepcopy with tensor, after": lambda m, x, s: (lambda c: c[1].untyped_storage() == c[0])(copy.deepcopy([s, x])),
    "share": lambda m, x, s: (s.is_shared(), s.share_memory_() is s, s.is_shared(), x.is_shared(), x.tolist()),
    "share twice": lambda m, x, s: s.share_memory_().data_ptr() == s.share_memory_().data_ptr(),
    "share with views": lambda m, x, s: (lambda v: (s.share_memory_(), v.fill_(7.0), x.tolist(), v.is_shared())[2:])(
        x[1:3]
    ),
    "share clone": lambda m, x, s: s.share_memory_().clone().is_shared(),
    "new shared": lambda m, x, s: (lambda n: (n.is_shared(), n.nbytes()))(m.UntypedStorage._new_shared(8)),
    "new": lambda m, x, s: s.new().nbytes(),
    "devices": lambda m, x, s: (str(s.device), s.is_cuda, s.is_hpu, s.is_sparse, s.is_sparse_csr, s.get_device()),
    "pinned": lambda m, x, s: s.is_pinned(),
    "pin": lambda m, x, s: s.pin_memory(),
    "cpu": lambda m, x, s: (s.cpu() is s, s.to(device="cpu").nbytes()),
    "type": lambda m, x, s: (s.type(), s.element_size(), s.filename),
    "make": lambda m, x, s: [m.UntypedStorage(*a).nbytes() for a in ((), (4,), ([1, 2],), ((1, 2, 3),))],
    "make on cpu": lambda m, x, s: m.UntypedStorage(4, device="cpu").nbytes(),
    "make of bytes": lambda m, x, s: m.UntypedStorage([1, 2, 255]).tolist(),
    "make of text": lambda m, x, s: m.UntypedStorage("a"),
    "make of float": lambda m, x, s: m.UntypedStorage(4.5),
    "make of floats": lambda m, x, s: m.UntypedStorage([1.5]),
    "make of negative": lambda m, x, s: m.UntypedStorage(-1),
    "make of tensor": lambda m, x, s: m.UntypedStorage(x),
    "make of two": lambda m, x, s: m.UntypedStorage(2, 3),
    "make of storage": lambda m, x, s: m.UntypedStorage(s).tolist(),
    "make of dtype": lambda m, x, s: m.UntypedStorage(2, dtype=m.float32),
    "from_buffer": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcdefgh", dtype=m.uint8).tolist(),
    "from_buffer swapped": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcd", "big", dtype=m.int16).tolist(),
    "from_buffer part": lambda m, x, s: m.UntypedStorage.from_buffer(
        b"abcdefgh", "native", 1, 2, dtype=m.int16
    ).tolist(),
    "from_buffer uneven": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcde", "native", dtype=m.int16),
    "from_buffer too far": lambda m, x, s: m.UntypedStorage.from_buffer(b"ab", "native", 4, dtype=m.int16),
    "set_": lambda m, x, s: m.empty(0).set_(s).tolist(),
    "set_ geometry": lambda m, x, s: m.empty(0).set_(s, 1, (2,), (1,)).tolist(),
    "is_storage": lambda m, x, s: (m.is_storage(s), m.is_storage(x), m.is_storage(x.storage())),
    "repr": lambda m, x, s: repr(s),
    "iterate": lambda m, x, s: list(s),
    "swap": lambda m, x, s: (lambda y: (m.utils.swap_tensors(x, y), x.tolist(), y.tolist(), x.untyped_storage() == s))(
        m.ones(2)
    ),
}
TYPED: dict[str, Callable] = {
    "identity": lambda m, x, s: (x.untyped_storage() is s, x.view(2, 2)[1].untyped_storage() == s, s.untyped() is s),
    "hash": lambda m, x, s: hash(s) == hash(x.untyped_storage()),
    "byte": lambda m, x, s: (s[6], s[-1], s.tolist()),
    "slice": lambda m, x, s: (s[4:6].tolist(), s[4:6].fill_(1).size(), x.tolist()),
    "slice resizable": lambda m, x, s: s[4:].size(),
    "step": lambda m, x, s: s[::2],
    "beyond": lambda m, x, s: s[16],
    "before": lambda m, x, s: s[-17],
    "float index": lambda m, x, s: s[1.5],
    "set": lambda m, x, s: (s.__setitem__(3, 64), x.tolist()),
    "set slice": lambda m, x, s: (s.__setitem__(slice(0, 8), 0), x.tolist()),
    "set 300": lambda m, x, s: (s.__setitem__(0, 300), s[0]),
    "set list": lambda m, x, s: s.__setitem__(slice(0, 2), [1, 2]),
    "set float": lambda m, x, s: s.__setitem__(0, 1.5),
    "free": lambda m, x, s: (s.resize_(0) is s, s.nbytes(), s.size(), len(s), s.tolist(), s.data_ptr(), x.data_ptr()),
    "shape when free": lambda m, x, s: (s.resize_(0).nbytes(), tuple(x.shape), x.stride(), x.untyped_storage().size()),
    "come back": lambda m, x, s: (
        s.resize_(0).resize_(16).nbytes(),
        x.fill_(2.0).tolist(),
        x.data_ptr() == s.data_ptr(),
    ),
    "refill": lambda m, x, s: (lambda kept: (s.resize_(0).resize_(16).copy_(kept), x.tolist())[1])(s.clone()),
    "shrink": lambda m, x, s: (s.resize_(8).nbytes(), x[:2].tolist(), s.tolist()),
    "grow": lambda m, x, s: (s.resize_(24).nbytes(), x.tolist(), x.set_(s, 0, (6,), (1,))[:4].tolist()),
    "grow with views": lambda m, x, s: (lambda v: (s.resize_(4000), v.fill_(7.0), x.tolist())[2])(x[1:3]),
    "grow shares": lambda m, x, s: (s.resize_(64).nbytes(), x.untyped_storage() is s, x.data_ptr() == s.data_ptr()),
    "resize negative": lambda m, x, s: s.resize_(-1),
    "resize float": lambda m, x, s: s.resize_(1.5),
    "resizable": lambda m, x, s: s.resizable(),
    "numpy": lambda m, x, s: (x.numpy().shape, s.resizable()),
    "numpy resize": lambda m, x, s: (x.numpy(), s.resize_(0)),
    "from_numpy": lambda m, x, s: m.from_numpy(np.ones(3)).untyped_storage().resizable(),
    "from_numpy resize": lambda m, x, s: m.from_numpy(np.ones(3)).untyped_storage().resize_(0),
    "as_tensor": lambda m, x, s: m.as_tensor(np.ones(3)).untyped_storage().resizable(),
    "asarray": lambda m, x, s: m.asarray(np.ones(3)).untyped_storage().resizable(),
    "frombuffer": lambda m, x, s: m.frombuffer(bytearray(8), dtype=m.float32).untyped_storage().resizable(),
    "tensor(array)": lambda m, x, s: m.tensor(np.ones(3)).untyped_storage().resize_(0).nbytes(),
    "clone": lambda m, x, s: (s.clone().tolist(), s.clone() == s, s.clone().fill_(0) is s, x.tolist()),
    "copy_": lambda m, x, s: (s.copy_((x * 2).untyped_storage()) is s, x.tolist()),
    "copy_ other size": lambda m, x, s: s.copy_(x[:2].clone().untyped_storage()),
    "copy_ tensor": lambda m, x, s: s.copy_(x),
    "fill_": lambda m, x, s: (s.fill_(0) is s, x.tolist()),
    "fill_ wraps": lambda m, x, s: (s.fill_(300)[0], s.fill_(-1)[0]),
    "fill_ float": lambda m, x, s: s.fill_(1.5),
    "byteswap": lambda m, x, s: (s.byteswap(m.float32), x.tolist()),
    "byteswap complex": lambda m, x, s: (s.byteswap(m.complex64), x.tolist()),
    "copy": lambda m, x, s: (copy.copy(s).tolist(), copy.copy(s) == s),
    "deepcopy": lambda m, x, s: (copy.deepcopy(s).tolist(), copy.deepcopy(s) == s),
    "deepcopy with tensor": lambda m, x, s: (lambda c: c[0].untyped_storage() == c[1])(copy.deepcopy([x, s])),
    "deepcopy with tensor, after": lambda m, x, s: (lambda c: c[1].untyped_storage() == c[0])(copy.deepcopy([s, x])),
    "share": lambda m, x, s: (s.is_shared(), s.share_memory_() is s, s.is_shared(), x.is_shared(), x.tolist()),
    "share twice": lambda m, x, s: s.share_memory_().data_ptr() == s.share_memory_().data_ptr(),
    "share with views": lambda m, x, s: (lambda v: (s.share_memory_(), v.fill_(7.0), x.tolist(), v.is_shared())[2:])(
        x[1:3]
    ),
    "share clone": lambda m, x, s: s.share_memory_().clone().is_shared(),
    "new shared": lambda m, x, s: (lambda n: (n.is_shared(), n.nbytes()))(m.UntypedStorage._new_shared(8)),
    "new": lambda m, x, s: s.new().nbytes(),
    "devices": lambda m, x, s: (str(s.device), s.is_cuda, s.is_hpu, s.is_sparse, s.is_sparse_csr, s.get_device()),
    "pinned": lambda m, x, s: s.is_pinned(),
    "pin": lambda m, x, s: s.pin_memory(),
    "cpu": lambda m, x, s: (s.cpu() is s, s.to(device="cpu").nbytes()),
    "type": lambda m, x, s: (s.type(), s.element_size(), s.filename),
    "make": lambda m, x, s: [m.UntypedStorage(*a).nbytes() for a in ((), (4,), ([1, 2],), ((1, 2, 3),))],
    "make on cpu": lambda m, x, s: m.UntypedStorage(4, device="cpu").nbytes(),
    "make of bytes": lambda m, x, s: m.UntypedStorage([1, 2, 255]).tolist(),
    "make of text": lambda m, x, s: m.UntypedStorage("a"),
    "make of float": lambda m, x, s: m.UntypedStorage(4.5),
    "make of floats": lambda m, x, s: m.UntypedStorage([1.5]),
    "make of negative": lambda m, x, s: m.UntypedStorage(-1),
    "make of tensor": lambda m, x, s: m.UntypedStorage(x),
    "make of two": lambda m, x, s: m.UntypedStorage(2, 3),
    "make of storage": lambda m, x, s: m.UntypedStorage(s).tolist(),
    "make of dtype": lambda m, x, s: m.UntypedStorage(2, dtype=m.float32),
    "from_buffer": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcdefgh", dtype=m.uint8).tolist(),
    "from_buffer swapped": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcd", "big", dtype=m.int16).tolist(),
    "from_buffer part": lambda m, x, s: m.UntypedStorage.from_buffer(
        b"abcdefgh", "native", 1, 2, dtype=m.int16
    ).tolist(),
    "from_buffer uneven": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcde", "native", dtype=m.int16),
    "from_buffer too far": lambda m, x, s: m.UntypedStorage.from_buffer(b"ab", "native", 4, dtype=m.int16),
    "set_": lambda m, x, s: m.empty(0).set_(s).tolist(),
    "set_ geometry": lambda m, x, s: m.empty(0).set_(s, 1, (2,), (1,)).tolist(),
    "is_storage": lambda m, x, s: (m.is_storage(s), m.is_storage(x), m.is_storage(x.storage())),
    "repr": lambda m, x, s: repr(s),
    "iterate": lambda m, x, s: list(s),
    "swap": lambda m, x, s: (lambda y: (m.utils.swap_tensors(x, y), x.tolist(), y.tolist(), x.untyped_storage() == s))(
        m.ones(2)
    ),
}
TYPED: dict[str, Callable] = {
    "identity": lambda m, x, s: (x.untyped_storage() is s, x.view(2, 2)[1].untyped_storage() == s, s.untyped() is s),
    "hash": lambda m, x, s: hash(s) == hash(x.untyped_storage()),
    "byte": lambda m, x, s: (s[6], s[-1], s.tolist()),
    "slice": lambda m, x, s: (s[4:6].tolist(), s[4:6].fill_(1).size(), x.tolist()),
    "slice resizable": lambda m, x, s: s[4:].size(),
    "step": lambda m, x, s: s[::2],
    "beyond": lambda m, x, s: s[16],
    "before": lambda m, x, s: s[-17],
    "float index": lambda m, x, s: s[1.5],
    "set": lambda m, x, s: (s.__setitem__(3, 64), x.tolist()),
    "set slice": lambda m, x, s: (s.__setitem__(slice(0, 8), 0), x.tolist()),
    "set 300": lambda m, x, s: (s.__setitem__(0, 300), s[0]),
    "set list": lambda m, x, s: s.__setitem__(slice(0, 2), [1, 2]),
    "set float": lambda m, x, s: s.__setitem__(0, 1.5),
    "free": lambda m, x, s: (s.resize_(0) is s, s.nbytes(), s.size(), len(s), s.tolist(), s.data_ptr(), x.data_ptr()),
    "shape when free": lambda m, x, s: (s.resize_(0).nbytes(), tuple(x.shape), x.stride(), x.untyped_storage().size()),
    "come back": lambda m, x, s: (
        s.resize_(0).resize_(16).nbytes(),
        x.fill_(2.0).tolist(),
        x.data_ptr() == s.data_ptr(),
    ),
    "refill": lambda m, x, s: (lambda kept: (s.resize_(0).resize_(16).copy_(kept), x.tolist())[1])(s.clone()),
    "shrink": lambda m, x, s: (s.resize_(8).nbytes(), x[:2].tolist(), s.tolist()),
    "grow": lambda m, x, s: (s.resize_(24).nbytes(), x.tolist(), x.set_(s, 0, (6,), (1,))[:4].tolist()),
    "grow with views": lambda m, x, s: (lambda v: (s.resize_(4000), v.fill_(7.0), x.tolist())[2])(x[1:3]),
    "grow shares": lambda m, x, s: (s.resize_(64).nbytes(), x.untyped_storage() is s, x.data_ptr() == s.data_ptr()),
    "resize negative": lambda m, x, s: s.resize_(-1),
    "resize float": lambda m, x, s: s.resize_(1.5),
    "resizable": lambda m, x, s: s.resizable(),
    "numpy": lambda m, x, s: (x.numpy().shape, s.resizable()),
    "numpy resize": lambda m, x, s: (x.numpy(), s.resize_(0)),
    "from_numpy": lambda m, x, s: m.from_numpy(np.ones(3)).untyped_storage().resizable(),
    "from_numpy resize": lambda m, x, s: m.from_numpy(np.ones(3)).untyped_storage().resize_(0),
    "as_tensor": lambda m, x, s: m.as_tensor(np.ones(3)).untyped_storage().resizable(),
    "asarray": lambda m, x, s: m.asarray(np.ones(3)).untyped_storage().resizable(),
    "frombuffer": lambda m, x, s: m.frombuffer(bytearray(8), dtype=m.float32).untyped_storage().resizable(),
    "tensor(array)": lambda m, x, s: m.tensor(np.ones(3)).untyped_storage().resize_(0).nbytes(),
    "clone": lambda m, x, s: (s.clone().tolist(), s.clone() == s, s.clone().fill_(0) is s, x.tolist()),
    "copy_": lambda m, x, s: (s.copy_((x * 2).untyped_storage()) is s, x.tolist()),
    "copy_ other size": lambda m, x, s: s.copy_(x[:2].clone().untyped_storage()),
    "copy_ tensor": lambda m, x, s: s.copy_(x),
    "fill_": lambda m, x, s: (s.fill_(0) is s, x.tolist()),
    "fill_ wraps": lambda m, x, s: (s.fill_(300)[0], s.fill_(-1)[0]),
    "fill_ float": lambda m, x, s: s.fill_(1.5),
    "byteswap": lambda m, x, s: (s.byteswap(m.float32), x.tolist()),
    "byteswap complex": lambda m, x, s: (s.byteswap(m.complex64), x.tolist()),
    "copy": lambda m, x, s: (copy.copy(s).tolist(), copy.copy(s) == s),
    "deepcopy": lambda m, x, s: (copy.deepcopy(s).tolist(), copy.deepcopy(s) == s),
    "deepcopy with tensor": lambda m, x, s: (lambda c: c[0].untyped_storage() == c[1])(copy.deepcopy([x, s])),
    "deepcopy with tensor, after": lambda m, x, s: (lambda c: c[1].untyped_storage() == c[0])(copy.deepcopy([s, x])),
    "share": lambda m, x, s: (s.is_shared(), s.share_memory_() is s, s.is_shared(), x.is_shared(), x.tolist()),
    "share twice": lambda m, x, s: s.share_memory_().data_ptr() == s.share_memory_().data_ptr(),
    "share with views": lambda m, x, s: (lambda v: (s.share_memory_(), v.fill_(7.0), x.tolist(), v.is_shared())[2:])(
        x[1:3]
    ),
    "share clone": lambda m, x, s: s.share_memory_().clone().is_shared(),
    "new shared": lambda m, x, s: (lambda n: (n.is_shared(), n.nbytes()))(m.UntypedStorage._new_shared(8)),
    "new": lambda m, x, s: s.new().nbytes(),
    "devices": lambda m, x, s: (str(s.device), s.is_cuda, s.is_hpu, s.is_sparse, s.is_sparse_csr, s.get_device()),
    "pinned": lambda m, x, s: s.is_pinned(),
    "pin": lambda m, x, s: s.pin_memory(),
    "cpu": lambda m, x, s: (s.cpu() is s, s.to(device="cpu").nbytes()),
    "type": lambda m, x, s: (s.type(), s.element_size(), s.filename),
    "make": lambda m, x, s: [m.UntypedStorage(*a).nbytes() for a in ((), (4,), ([1, 2],), ((1, 2, 3),))],
    "make on cpu": lambda m, x, s: m.UntypedStorage(4, device="cpu").nbytes(),
    "make of bytes": lambda m, x, s: m.UntypedStorage([1, 2, 255]).tolist(),
    "make of text": lambda m, x, s: m.UntypedStorage("a"),
    "make of float": lambda m, x, s: m.UntypedStorage(4.5),
    "make of floats": lambda m, x, s: m.UntypedStorage([1.5]),
    "make of negative": lambda m, x, s: m.UntypedStorage(-1),
    "make of tensor": lambda m, x, s: m.UntypedStorage(x),
    "make of two": lambda m, x, s: m.UntypedStorage(2, 3),
    "make of storage": lambda m, x, s: m.UntypedStorage(s).tolist(),
    "make of dtype": lambda m, x, s: m.UntypedStorage(2, dtype=m.float32),
    "from_buffer": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcdefgh", dtype=m.uint8).tolist(),
    "from_buffer swapped": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcd", "big", dtype=m.int16).tolist(),
    "from_buffer part": lambda m, x, s: m.UntypedStorage.from_buffer(
        b"abcdefgh", "native", 1, 2, dtype=m.int16
    ).tolist(),
    "from_buffer uneven": lambda m, x, s: m.UntypedStorage.from_buffer(b"abcde", "native", dtype=m.int16),
    "from_buffer too far": lambda m, x, s: m.UntypedStorage.from_buffer(b"ab", "native", 4, dtype=m.int16),
    "set_": lambda m, x, s: m.empty(0).set_(s).tolist(),
    "set_ geometry": lambda m, x, s: m.empty(0).set_(s, 1, (2,), (1,)).tolist(),
    "is_storage": lambda m, x, s: (m.is_storage(s), m.is_storage(x), m.is_storage(x.storage())),
    "repr": lambda m, x, s: repr(s),
    "iterate": lambda m, x, s: list(s),
    "swap": lambda m, x, s: (lambda y: (m.utils.swap_tensors(x, y), x.tolist(), y.tolist(), x.untyped_storage() == s))(
        m.ones(2)
    ),
}
TYPED: dict[str, Callable] = {
    "elements": lambda m, x, s: (s[1], s[-1], s.tolist(), len(s), s.size(), s.nbytes(), s.element_size()),
    "slice": lambda m, x, s: s[1:2],
    "beyond": lambda m, x, s: s[4],
    "set": lambda m, x, s: (s.__setitem__(3, 64), x.tolist()),
    "set slice": lambda m, x, s: (s.__setitem__(slice(0, 2), 7), x.tolist()),
    "set text": lambda m, x, s: s.__setitem__(0, "a"),
    "fill_": lambda m, x, s: (s.fill_(1.5) is s, x.tolist()),
    "free": lambda m, x, s: (s.resize_(0), s.size(), s.nbytes(), s.tolist()),
    "come back": lambda m, x, s: (s.resize_(0), s.resize_(4), x.fill_(2.0).tolist()),
    "private": lambda m, x, s: (lambda p: (p._resize_(0), p._size(), p._resize_(4), p._size(), p._data_ptr() != 0))(
        x._typed_storage()
    ),
    "resizable": lambda m, x, s: s.resizable(),
    "copy_": lambda m, x, s: (s.copy_((x * 2).storage()) is s, x.tolist()),
    "copy_ wrong": lambda m, x, s: s.copy_(x.long().storage()),
    "clone": lambda m, x, s: (s.clone().tolist(), s.clone().dtype == s.dtype),
    "equal": lambda m, x, s: (s == x.storage(), s == s),
    "deepcopy": lambda m, x, s: copy.deepcopy(s).tolist(),
    "pickle": lambda m, x, s: pickle.loads(pickle.dumps(s)).tolist(),
    "share": lambda m, x, s: (s.is_shared(), s.share_memory_() is s, s.is_shared(), x.tolist()),
    "untyped": lambda m, x, s: s.untyped() == x.untyped_storage(),
    "type": lambda m, x, s: (s.type(), s.pickle_storage_type(), x.storage_type().__name__, s.filename),
    "devices": lambda m, x, s: (str(s.device), s.is_cuda, s.is_hpu, s.is_sparse, s.get_device(), s.is_pinned()),
    "cpu": lambda m, x, s: s.cpu().tolist(),
    "isinstance": lambda m, x, s: (isinstance(s, m.FloatStorage), isinstance(s, m.DoubleStorage)),
    "make": lambda m, x, s: [m.TypedStorage(*a).nbytes() for a in ((), (4,), ([1, 2],))],
    "make dtype": lambda m, x, s: m.TypedStorage([1, 2], dtype=m.int16).tolist(),
    "make on bytes": lambda m, x, s: m.TypedStorage(wrap_storage=s.untyped(), dtype=m.int32).tolist(),
    "make on bytes alone": lambda m, x, s: m.TypedStorage(wrap_storage=s.untyped()),
    "make of text": lambda m, x, s: m.TypedStorage("a"),
    "make of float": lambda m, x, s: m.TypedStorage(4.5),
    "make of two": lambda m, x, s: m.TypedStorage(2, 3),
    "old": lambda m, x, s: m.FloatStorage([1.0, 2.0]).tolist(),
    "old of size": lambda m, x, s: m.DoubleStorage(2).nbytes(),
    "old on bytes": lambda m, x, s: m.IntStorage(wrap_storage=s.untyped()).tolist(),
    "old of two": lambda m, x, s: m.FloatStorage(2, 3),
    "old with dtype": lambda m, x, s: m.FloatStorage(2, dtype=m.float32),
    "old of float": lambda m, x, s: m.FloatStorage(4.5),
    "old from_buffer": lambda m, x, s: m.ShortStorage.from_buffer(b"abcd", "big").tolist(),
    "set_": lambda m, x, s: m.empty(0).set_(s, 1, (2,), (1,)).tolist(),
    "repr": lambda m, x, s: repr(s),
    "iterate": lambda m, x, s: list(s),
}
CONVERSIONS = "float double half bfloat16 long int short char byte bool complex_double complex_float cpu clone".split()


def outcome(module: Any, case: Callable, typed: bool) -> Any:
    x = module.arange(4.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return case(module, x, x.storage() if typed else x.untyped_storage())
        except Exception as error:
            return type(error).__name__


@pytest.mark.parametrize("name", UNTYPED)
def test_untyped(name: str) -> None:
    case = UNTYPED[name]
    assert outcome(mibun, case, False) == outcome(torch, case, False)


@pytest.mark.parametrize("name", TYPED)
def test_typed(name: str) -> None:
    case = TYPED[name]
    assert plain(outcome(mibun, case, True)) == plain(outcome(torch, case, True))


def plain(value: Any) -> Any:
    return tuple(str(v).replace("mibun", "torch") for v in value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", CONVERSIONS)
@pytest.mark.parametrize("typed", [False, True])
def test_conversions(name: str, typed: bool) -> None:
    def convert(module: Any, x: Any, storage: Any) -> Any:
        result = getattr(storage, name)()
        return type(result).__name__, str(getattr(result, "dtype", "")), result.tolist()

    assert outcome(mibun, convert, typed) == outcome(torch, convert, typed)


@pytest.mark.parametrize("kind", ["UntypedStorage", "TypedStorage", "FloatStorage"])
def test_no_name_is_missing(kind: str) -> None:
    here = dir(getattr(mibun, kind))
    missing = [name for name in dir(getattr(torch, kind)) if not name.startswith("_") and name not in here]
    assert [name for name in missing if "float8" not in name and kind != "FloatStorage"] == []  # no such dtypes here


def test_the_old_classes() -> None:
    dtypes = [str(d) for d in mibun.core.dtypes.ALL]
    for name in dir(torch):
        if name.endswith("Storage") and str(getattr(getattr(torch, name), "dtype", None)) in dtypes:
            if name not in ("TypedStorage", "UntypedStorage"):
                assert str(getattr(mibun, name).dtype) == str(getattr(torch, name).dtype), name
