"""Plot what `python -m benchmarks.compare --json FILE` kept: `python -m benchmarks.report FILE [--output PNG]`.

For each workload a point for each library: how many times longer than mibun it takes, with the spread over the rounds;
right of the line at 1 mibun is faster. Needs matplotlib (`mibun[plot]`).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def draw(kept: dict[str, Any], output: str) -> None:
    """Write the picture to a file."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    table = kept["table"]
    others = [peer for peer in kept["peers"] if peer != kept["peers"][0]]
    figure, axes = plt.subplots(figsize=(9, 0.42 * len(table) + 1.6), layout="constrained")
    for k, peer in enumerate(others):
        places, ratios, spreads = [], [], []
        for i, found in enumerate(table.values()):
            if "ratio" in found[peer]:
                one = found[peer]
                places.append(i + 0.12 * (k - (len(others) - 1) / 2))
                ratios.append(one["ratio"])
                spreads.append((one["ratio"] - one["least"], one["most"] - one["ratio"]))
        if places:
            axes.errorbar(
                ratios, places, xerr=list(zip(*spreads, strict=True)), fmt="o", markersize=4, capsize=2, label=peer
            )
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_yticks(range(len(table)), [name.split(",")[0] for name in table])
    axes.invert_yaxis()
    axes.set_xlabel(
        f"time of a step, in times {kept['peers'][0]}'s ({kept['about']['threads']} thread(s)); right of 1: slower"
    )
    axes.grid(axis="x", which="both", linewidth=0.3)
    axes.legend(loc="best")
    figure.savefig(output, dpi=150)
    plt.close(figure)


def main() -> None:
    """Read the file, write the picture."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__.splitlines()[0])
    parser.add_argument("file", help="what `python -m benchmarks.compare --json` wrote")
    parser.add_argument("--output", default="benchmarks.png")
    options = parser.parse_args()
    draw(json.loads(Path(options.file).read_text()), options.output)
    print(options.output)


if __name__ == "__main__":
    main()
