"""Trains a network to read handwritten digits in several processes, each with its part of every batch.

An ordinary PyTorch program. Any of these starts it, on PyTorch with `python` or `torchrun`:

    mpiexec -n 4 mibun run train_distributed.py                         (needs `pip install mibun[mpi]`)
    mibun run -m torch.distributed.run --nproc-per-node=4 train_distributed.py
    mibun run train_distributed.py --processes 4                        (starts the others itself)
    mibun run train_distributed.py                                      (one process)

However many processes there are, the batches are the same, taken together, and so are the weights in the end: the
program prints a sum of them, and `--save` writes them. It ends with exit status 1 if the network reads too few digits,
or the processes do not have the same weights.

The data, digits.csv.gz, are 1,797 real images of 8 x 8 pixels: the test part of "Optical Recognition of Handwritten
Digits" by E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository, https://doi.org/10.24432/C50P49, under
CC BY 4.0. See DATA.md.
"""

import argparse
import os
import pathlib
import sys
import time

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

BATCH = 32  # of all processes together
TRAINING = 44 * BATCH
WANTED = 0.95


def load_digits():
    """Images (1797, 1, 8, 8) in [0, 1] and labels (1797,): for training, and held out."""
    rows = np.loadtxt(pathlib.Path(__file__).with_name("digits.csv.gz"), delimiter=",", dtype=np.int64)
    rows = rows[np.random.RandomState(1998).permutation(len(rows))]
    # In double precision, so that the order of the sums, which depends on the number of processes, makes no difference.
    images = torch.from_numpy((rows[:, :64] / 16).reshape(-1, 1, 8, 8))
    labels = torch.from_numpy(rows[:, 64].copy())
    return TensorDataset(images[:TRAINING], labels[:TRAINING]), (images[TRAINING:], labels[TRAINING:])


def make_network():
    return nn.Sequential(
        nn.Conv2d(1, 16, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Conv2d(16, 32, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 4 * 4, 10),
    ).double()


def train(args):
    """What every process does; the first one prints."""
    rank, size = dist.get_rank(), dist.get_world_size()
    if BATCH % size:
        sys.exit(f"{size} processes cannot share batches of {BATCH} equally")
    began = time.perf_counter()
    training, (images, labels) = load_digits()
    torch.manual_seed(args.seed)
    model = DistributedDataParallel(make_network())
    sampler = DistributedSampler(training, seed=args.seed)
    loader = DataLoader(training, batch_size=BATCH // size, sampler=sampler)
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for epoch in range(args.epochs):
        sampler.set_epoch(epoch)
        total = torch.zeros((), dtype=torch.float64)
        for batch, truth in loader:
            optimizer.zero_grad()
            loss = loss_function(model(batch), truth)
            loss.backward()  # the gradients are averaged over the processes while it runs
            optimizer.step()
            total += loss.detach()
        dist.all_reduce(total)
        if rank == 0 and not args.quiet:
            print(f"epoch {epoch + 1}/{args.epochs}  loss {total.item() / len(loader) / size:.4f}", flush=True)

    # Each process reads its part of the held-out digits.
    with torch.no_grad():
        right = (model.module(images[rank::size]).argmax(dim=1) == labels[rank::size]).sum()
    dist.all_reduce(right)
    accuracy = right.item() / len(labels)
    weights = torch.cat([parameter.detach().flatten() for parameter in model.parameters()])
    everybodys = [torch.empty_like(weights) for _ in range(size)]
    dist.all_gather(everybodys, weights)
    alike = all(torch.equal(weights, other) for other in everybodys)
    if rank == 0:
        print(f"{torch.__name__} {torch.__version__}: {size} processes, held-out accuracy {accuracy:.2%}")
        print(f"  sum of the weights {weights.abs().sum().item():.9f}; the same in all processes: {alike}")
        print(f"  {time.perf_counter() - began:.1f} s")
        if args.save:
            torch.save(model.module.state_dict(), args.save)
    if not alike:
        sys.exit("the processes have different weights")
    if args.epochs >= 5 and accuracy < WANTED:
        sys.exit(f"held-out accuracy {accuracy:.2%} is below {WANTED:.0%}")


def process(rank, args):
    """One of the processes that the program has started itself."""
    method = f"tcp://127.0.0.1:{args.port}"
    dist.init_process_group("gloo", init_method=method, rank=rank, world_size=args.processes)
    train(args)
    dist.destroy_process_group()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--epochs", type=int, default=5, help="passes over the training images (default: 5)")
    parser.add_argument("--seed", type=int, default=0, help="of the weights and the order of the images (default: 0)")
    parser.add_argument("--processes", type=int, default=1, help="how many to start, if nobody has (default: 1)")
    parser.add_argument("--port", type=int, default=29523, help="where they meet (default: 29523)")
    parser.add_argument("--save", metavar="FILE", help="where the weights are written")
    parser.add_argument("--quiet", action="store_true", help="no line for each epoch")
    args = parser.parse_args()
    if "RANK" in os.environ:  # mpiexec or torchrun has started all of them
        dist.init_process_group("gloo")
        train(args)
        dist.destroy_process_group()
    elif args.processes == 1:
        process(0, args)
    else:
        mp.spawn(process, args=(args,), nprocs=args.processes)


if __name__ == "__main__":
    main()
