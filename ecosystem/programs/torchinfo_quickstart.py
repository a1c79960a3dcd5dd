"""torchinfo: the summary of a convolutional network."""

import torch
from torch import nn
from torchinfo import summary

model = nn.Sequential(
    nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 13 * 13, 10)
)
found = summary(model, input_size=(4, 1, 28, 28), col_names=("input_size", "output_size", "num_params"), verbose=0)
print("parameters", float(found.total_params), float(found.trainable_params), float(found.total_mult_adds))
print("lines", float(len(str(found).splitlines())), float(found.total_output_bytes))
lstm = summary(nn.LSTM(5, 7, 2), input_data=torch.zeros(3, 2, 5), verbose=0)
print("lstm", float(lstm.total_params), float(lstm.total_mult_adds))
