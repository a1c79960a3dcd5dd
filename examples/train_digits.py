"""Trains a small convolutional network to read handwritten digits, then freezes it and retrains only its last layer.

An ordinary PyTorch program. It runs under PyTorch (`python train_digits.py`) and on mibun (`mibun run
train_digits.py`), and ends with exit status 1 if the network reads too few digits or a frozen weight has moved.

The data, digits.csv.gz, are 1,797 real images of 8 x 8 pixels: the test part of "Optical Recognition of Handwritten
Digits" by E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository, https://doi.org/10.24432/C50P49, under
CC BY 4.0. See DATA.md.
"""

import argparse
import pathlib
import sys
import time

import numpy as np
import torch
from torch import nn

try:
    from tqdm import tqdm
except ImportError:
    tqdm = None

HELD_OUT = 360
BATCH = 32
WANTED = 0.97


def load_digits():
    """Images (1797, 1, 8, 8) in [0, 1] and labels (1797,), as tensors."""
    rows = np.loadtxt(pathlib.Path(__file__).with_name("digits.csv.gz"), delimiter=",", dtype=np.int64)
    images = (rows[:, :64] / 16).astype(np.float32).reshape(-1, 1, 8, 8)
    return torch.from_numpy(images), torch.from_numpy(rows[:, 64].copy())


class DigitNet(nn.Module):
    """Two convolutions, each weight shared by all positions of the image, and a linear layer that names the digit."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Sequential(
            nn.Conv2d(1, 16, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(16, 32, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
        )
        self.head = nn.Linear(32 * 4 * 4, 10)

    def forward(self, images):
        return self.head(self.convolution(images))


def progress(batches, description, quiet):
    """The same batches, with a progress bar where tqdm is installed and there is a terminal to show it on."""
    if quiet or tqdm is None:
        return batches
    return tqdm(batches, desc=description, unit="batch", leave=False, file=sys.stderr, disable=None)


def evaluate(model, loss_function, images, labels):
    """Mean loss, accuracy and predicted digits, without recording a graph."""
    model.eval()
    with torch.no_grad():
        scores = model(images)
        predicted = scores.argmax(dim=1)
        return loss_function(scores, labels).item(), (predicted == labels).float().mean().item(), predicted


def train(model, optimizer, train_set, held_out, epochs, rng, history, what, quiet):
    """Trains for some epochs, the learning rate falling in a line towards zero; adds an entry to `history` for each."""
    loss_function = nn.CrossEntropyLoss()
    images, labels = train_set
    full_rate = optimizer.param_groups[0]["lr"]
    for epoch in range(1, epochs + 1):
        for group in optimizer.param_groups:
            group["lr"] = full_rate * (1 - (epoch - 1) / epochs)
        model.train()
        order = rng.permutation(len(labels))
        starts = range(0, len(order), BATCH)
        total = 0.0
        for start in progress(starts, f"{what} {epoch:2}/{epochs}", quiet):
            batch = torch.from_numpy(order[start : start + BATCH])
            optimizer.zero_grad()
            loss = loss_function(model(images[batch]), labels[batch])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        held_out_loss, accuracy, _ = evaluate(model, loss_function, *held_out)
        history.append({"train": total / len(order), "held out": held_out_loss, "accuracy": accuracy})
        if not quiet:
            entry = f"loss {total / len(order):.4f}  held out: loss {held_out_loss:.4f}, accuracy {accuracy:.2%}"
            print(f"{what} {epoch:2}/{epochs}  {entry}", flush=True)


def plot(path, history, full_epochs, images, labels, predicted):
    """Writes loss, accuracy and the digits that were misread to a PNG; False where matplotlib is not installed."""
    try:
        import matplotlib
    except ImportError:
        return False
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    blue, orange, grey = "#2f6db3", "#e07b39", "#5f6368"
    plt.rcParams.update({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False})
    figure = plt.figure(figsize=(12, 4.2), layout="constrained")
    left, middle, right = figure.subfigures(1, 3, width_ratios=(1, 1, 0.8))
    # Two stretches of epochs, before and after the head starts afresh, drawn as two lines of the same colour.
    stretches = [range(full_epochs), range(full_epochs, len(history))]

    def draw(axes, key, color, label=None, scale=1):
        for stretch in stretches:
            values = [scale * history[i][key] for i in stretch]
            axes.plot([i + 1 for i in stretch], values, color=color, label=label, marker="o", markersize=3)
            label = None

    losses = left.subplots()
    losses.set_yscale("log")
    draw(losses, "train", blue, "training")
    draw(losses, "held out", orange, "held out")
    losses.set(title="Cross-entropy loss", xlabel="epoch")
    losses.legend(frameon=False, loc="lower left")

    accuracies = middle.subplots()
    draw(accuracies, "accuracy", orange, scale=100)
    accuracies.axhline(100 * WANTED, color=grey, linewidth=0.9, linestyle=":")
    accuracies.annotate(
        f"{WANTED:.0%}", (1, 100 * WANTED), xytext=(4, 3), textcoords="offset points", va="bottom", color=grey
    )
    lowest = 100 * min(entry["accuracy"] for entry in history[1:] or history)
    accuracies.set(title="Held-out accuracy, %", xlabel="epoch", ylim=(min(lowest - 1, 94), 100.2))

    for axes in (losses, accuracies):
        axes.set_xlim(1, max(len(history), 2))
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
        axes.set_axisbelow(True)
        if len(history) > full_epochs:
            axes.axvspan(full_epochs + 0.5, len(history), color=grey, alpha=0.12, linewidth=0)
            middle_of_span = (full_epochs + 0.5 + len(history)) / 2
            place = {"xycoords": ("data", "axes fraction"), "ha": "center", "va": "top", "color": grey}
            axes.annotate("head only", (middle_of_span, 0.97), **place)

    wrong = (predicted != labels).nonzero().flatten().tolist()
    right.suptitle(f"Misread: {len(wrong)} of {len(labels)}")
    for i, axes in enumerate(right.subplots(3, 3).flat):
        axes.axis("off")
        if i < len(wrong):
            index = wrong[i]
            axes.imshow(images[index, 0].numpy(), cmap="gray_r", vmin=0, vmax=1)
            axes.set_title(f"{labels[index].item()}, read as {predicted[index].item()}", fontsize=9, color=grey)
    figure.savefig(path, dpi=120)
    plt.close(figure)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--epochs", type=int, default=15, help="passes over the training images (default: 15)")
    parser.add_argument("--seed", type=int, default=0, help="of the weights and the order of the images (default: 0)")
    parser.add_argument("--plot", default="digits.png", metavar="PNG", help="where the plot goes (default: digits.png)")
    parser.add_argument("--quiet", action="store_true", help="no progress bar, no line for each epoch")
    args = parser.parse_args()
    if args.epochs < 1:
        parser.error(f"--epochs must be at least 1, not {args.epochs}")
    began = time.perf_counter()

    # The split is the same on every run, whatever the seed, so that accuracies can be compared.
    images, labels = load_digits()
    split = np.random.RandomState(1998).permutation(len(labels))
    held, kept = torch.from_numpy(split[:HELD_OUT]), torch.from_numpy(split[HELD_OUT:])
    train_set, held_out = (images[kept], labels[kept]), (images[held], labels[held])

    torch.manual_seed(args.seed)
    rng = np.random.RandomState(args.seed)
    model = DigitNet()
    weights = sum(parameter.numel() for parameter in model.parameters())
    print(f"{torch.__name__} {torch.__version__}: {len(kept)} training images, {HELD_OUT} held out, {weights} weights")

    history = []
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    train(model, optimizer, train_set, held_out, args.epochs, rng, history, "all layers", args.quiet)
    accuracy = history[-1]["accuracy"]
    print(f"held-out accuracy {accuracy:.2%} after {args.epochs} epochs, {time.perf_counter() - began:.1f} s")

    # Freeze the convolution, start the head afresh, and train again: only the head may move.
    for parameter in model.convolution.parameters():
        parameter.requires_grad = False
    optimizer.zero_grad()
    model.head.reset_parameters()
    frozen = [parameter.detach().clone() for parameter in model.convolution.parameters()]
    untrained = model.head.weight.detach().clone()
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=3e-3)
    head_epochs = max(args.epochs // 3, 1)
    train(model, optimizer, train_set, held_out, head_epochs, rng, history, "head only", args.quiet)

    convolution = list(model.convolution.parameters())
    still = all(torch.equal(before, after) for before, after in zip(frozen, convolution, strict=True))
    without_grad = all(parameter.grad is None for parameter in convolution)
    recorded = model.convolution(held_out[0]).requires_grad
    moved = not torch.equal(untrained, model.head.weight)
    _, head_accuracy, predicted = evaluate(model, nn.CrossEntropyLoss(), *held_out)
    print(f"held-out accuracy {head_accuracy:.2%} with the convolution frozen and a new head, {head_epochs} epochs")
    print(f"  frozen weights bitwise as they were: {still};  their .grad is None: {without_grad}")
    print(f"  convolution recorded in the graph:   {recorded};  head trained: {moved}")

    if plot(args.plot, history, args.epochs, *held_out, predicted):
        print(f"plot written to {args.plot}")
    else:
        print("no plot: matplotlib is not installed")
    print(f"{time.perf_counter() - began:.1f} s in all")

    if not (still and without_grad and moved) or recorded:
        sys.exit("freezing failed: see the lines above")
    if args.epochs >= 15 and accuracy < WANTED:
        sys.exit(f"held-out accuracy {accuracy:.2%} is below {WANTED:.0%}")


if __name__ == "__main__":
    main()
