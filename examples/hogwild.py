"""Trains one network by several processes at once, which read and write the same weights without any lock.

"Hogwild!" (F. Niu, B. Recht, C. Ré, S. Wright, 2011, https://arxiv.org/abs/1106.5730): where steps are small, it does
no harm that one process now and then overwrites what another has just written. The network lies in shared memory
(`share_memory`), so every process trains the same one, with an optimizer of its own and batches of its own.

An ordinary PyTorch program. It runs under PyTorch (`python hogwild.py`) and on mibun (`mibun run hogwild.py`), and ends
with exit status 1 if the network reads too few digits. The data are those of train_digits.py, see DATA.md.
"""

import argparse
import pathlib
import sys

import numpy as np
import torch
import torch.multiprocessing as mp
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

HELD_OUT = 360
WANTED = 0.85


def load_digits():
    """Images (1797, 64) in [0, 1] and labels (1797,), as tensors."""
    rows = np.loadtxt(pathlib.Path(__file__).with_name("digits.csv.gz"), delimiter=",", dtype=np.int64)
    return torch.from_numpy((rows[:, :64] / 16).astype(np.float32)), torch.from_numpy(rows[:, 64].copy())


def train(rank, model, images, labels, epochs):
    """What each process does: ordinary training, of a network that is not its own alone."""
    torch.manual_seed(rank)
    torch.set_num_threads(1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.5)
    batches = DataLoader(TensorDataset(images, labels), batch_size=32, shuffle=True)
    for _ in range(epochs):
        for image, label in batches:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(image), label).backward()
            optimizer.step()


def evaluate(model, images, labels):
    """The mean loss, and the part of the images that are read rightly."""
    with torch.no_grad():
        scores = model(images)
    return nn.functional.cross_entropy(scores, labels).item(), (scores.argmax(1) == labels).float().mean().item()


def main():
    """Train, print what was reached before and after, and say whether it is enough."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=10, help="passes over the data of each process")
    parser.add_argument("--start-method", choices=mp.get_all_start_methods(), default=mp.get_start_method())
    options = parser.parse_args()

    torch.manual_seed(0)
    images, labels = load_digits()
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    model.share_memory()
    print("before: loss {:.3f}, {:.1%} right".format(*evaluate(model, images[-HELD_OUT:], labels[-HELD_OUT:])))
    arguments = (model, images[:-HELD_OUT], labels[:-HELD_OUT], options.epochs)
    mp.start_processes(train, arguments, nprocs=options.processes, start_method=options.start_method)
    loss, right = evaluate(model, images[-HELD_OUT:], labels[-HELD_OUT:])
    print(f"after {options.epochs} passes by {options.processes} processes: loss {loss:.3f}, {right:.1%} right")
    return 0 if right >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
