"""captum: attributions of a small network."""

import numpy as np
import torch
from captum.attr import DeepLift, GradientShap, IntegratedGradients, LayerConductance, NeuronConductance, Saliency
from torch import nn

torch.manual_seed(0)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin1, self.relu, self.lin2 = nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)

    def forward(self, x):
        return self.lin2(self.relu(self.lin1(x)))


model = Model().eval()
x, baseline = torch.rand(2, 3), torch.zeros(2, 3)
found, delta = IntegratedGradients(model).attribute(x, baseline, target=0, return_convergence_delta=True)
print("integrated", found.norm().item(), delta.abs().max().item() < 1e-2)
print("deeplift", DeepLift(model).attribute(x, baseline, target=0).norm().item())
print("saliency", Saliency(model).attribute(x, target=1).norm().item())
print("layer", LayerConductance(model, model.lin1).attribute(x, baseline, target=1).norm().item())
print("neuron", NeuronConductance(model, model.lin1).attribute(x, 1, target=1).norm().item())
torch.manual_seed(0)
np.random.seed(0)  # which its samples are drawn with
print("shap", GradientShap(model).attribute(x, baseline, n_samples=5, stdevs=0.0, target=0).norm().item())
