"""Marks of where a model would quantise numbers, and give them back: Modules that return what they are given."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ...nn.modules.module import Module

__all__ = ["DeQuantStub", "QuantStub", "QuantWrapper"]


class _Stub(Module):
    """The identity, which keeps how its numbers would be quantised, if that is given."""

    def __init__(self, qconfig: Any = None) -> None:
        super().__init__()
        if qconfig:
            self.qconfig = qconfig

    def forward(self, x: Tensor) -> Tensor:
        return x


class QuantStub(_Stub):
    """Where numbers would be quantised; the identity, until a model is converted, which mibun does not do.

    qconfig: how they would be quantised; kept as an attribute if it is given.

    >>> import mibun as torch
    >>> from mibun.ao.quantization import QuantStub
    >>> QuantStub()(torch.ones(2))
    tensor([1., 1.])
    """


class DeQuantStub(_Stub):
    """Where quantised numbers would become floating-point ones again; the identity.

    >>> import mibun as torch
    >>> from mibun.ao.quantization import DeQuantStub
    >>> DeQuantStub()(torch.ones(2))
    tensor([1., 1.])
    """


class QuantWrapper(Module):
    """A Module between a QuantStub and a DeQuantStub, in its mode and with its `qconfig`, if it has one.

    >>> import mibun as torch
    >>> from mibun.ao.quantization import QuantWrapper
    >>> QuantWrapper(torch.nn.ReLU())(torch.tensor([-1., 1.]))
    tensor([0., 1.])
    """

    quant: QuantStub
    dequant: DeQuantStub
    module: Module

    def __init__(self, module: Module) -> None:
        super().__init__()
        qconfig = getattr(module, "qconfig", None)
        self.add_module("quant", QuantStub(qconfig))
        self.add_module("dequant", DeQuantStub(qconfig))
        self.add_module("module", module)
        self.train(module.training)

    def forward(self, X: Tensor) -> Tensor:  # noqa: N803  (PyTorch's name)
        return self.dequant(self.module(self.quant(X)))
