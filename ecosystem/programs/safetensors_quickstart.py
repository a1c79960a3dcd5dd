"""safetensors: a model's weights saved and loaded."""

import os
import tempfile

import torch
from safetensors import safe_open
from safetensors.torch import load_file, load_model, save, save_file, save_model

torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 2))
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.safetensors")
    save_file(model.state_dict(), path, metadata={"format": "pt"})
    print("bytes", float(len(save(model.state_dict()))))
    again = load_file(path)
    print("loaded", *[value.norm().item() for value in again.values()])
    with safe_open(path, framework="pt") as file:
        print("slice", file.get_slice("0.weight")[1:3].sum().item(), file.get_tensor("1.bias").sum().item())
    save_model(model, path)
    other = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 2))
    load_model(other, path)
    x = torch.randn(2, 3)
    print("same", (other(x) - model(x)).abs().max().item())
    half = {"a": torch.randn(3, dtype=torch.bfloat16), "b": torch.arange(3), "c": torch.tensor([True, False])}
    save_file(half, path)
    print("dtypes", *[value.double().sum().item() for value in load_file(path).values()])
