"""A tour of autograd: the situations every user of PyTorch meets, each with what happens and why, side by side.

An ordinary PyTorch program. It runs under PyTorch (`python autograd_tour.py`) and on mibun (`mibun run
autograd_tour.py`), and is a check as well as a tour: every row names the result it expects, and the program stops with
exit status 1 at the first that is not so.
"""

import argparse
import linecache
import re
import shutil
import sys
import textwrap
import warnings

import torch
from torch import autograd, log, sqrt, tensor

# Situation 13 does what this warning is about, on purpose, and puts it right afterwards.
warnings.filterwarnings("ignore", r"Using backward\(\) with create_graph=True")

LEAF = "x = tensor(5., requires_grad=True)"

# Each situation: a title, then rows of (code, result, why). A result of None belongs to a statement, one that ends in
# "…" is the beginning of what happens, and addresses read 0x….
TOUR = [
    (
        "Nothing asked for, nothing recorded",
        [
            ("x = tensor(5.)\ny = x ** 3\nz = log(y)", None, ""),
            ("x.requires_grad, z.requires_grad", "(False, False)", "no operand asks for a gradient"),
            ("x.is_leaf, y.is_leaf, z.is_leaf", "(True, True, True)", "a tensor without a history is a leaf"),
            ("y.grad_fn, z.grad_fn, x.grad", "(None, None, None)", "there is no graph, and no gradient in it"),
        ],
    ),
    (
        "The graph grows while the program runs, backward() walks it",
        [
            (f"{LEAF}\ny = x ** 3\nz = log(y)", None, ""),
            ("y", "tensor(125., grad_fn=<PowBackward0>)", "x asks for a gradient, so its results record theirs"),
            ("y.grad_fn", "<PowBackward0 object at 0x…>", "the node that knows how to go back through **"),
            ("z.grad_fn", "<LogBackward0 object at 0x…>", ""),
            ("edges = z.grad_fn.next_functions\nedges[0][0] is y.grad_fn", "True", "nodes point to their operands'"),
            ("x.is_leaf, y.is_leaf, z.is_leaf", "(True, False, False)", "leaves are what the user made"),
            ("z.backward()", None, "dz/dx = 1/x³ · 3x² = 3/x"),
            ("x.grad", "tensor(0.6000)", "3/5"),
            ("y.retains_grad, z.retains_grad", "(False, False)", "only leaves keep their gradient"),
        ],
    ),
    (
        "Keeping a gradient in the middle",
        [
            (f"{LEAF}\ny = x ** 3\nz = log(y)", None, ""),
            ("y.retain_grad()\nz.retain_grad()", None, "before backward(), while the graph is there"),
            ("y.retains_grad, z.retains_grad", "(True, True)", ""),
            ("z.backward()", None, ""),
            ("y.grad", "tensor(0.0080)", "dz/dy = 1/y = 1/125"),
            ("z.grad", "tensor(1.)", "dz/dz: where backward() starts"),
            ("x.grad", "tensor(0.6000)", ""),
        ],
    ),
    (
        "Backward a second time",
        [
            (f"{LEAF}\nz = log(x ** 3)\nz.backward()", None, "frees what the nodes had saved"),
            (
                "z.backward()",
                "RuntimeError: Trying to backward through the graph a second time…",
                "LogBackward0 needs x ** 3 to divide by it, and it is gone",
            ),
            ("x.grad", "tensor(0.6000)", "the failed call added nothing"),
        ],
    ),
    (
        "Keeping the graph: gradients accumulate",
        [
            (f"{LEAF}\nz = log(x ** 3)", None, ""),
            ("z.backward(retain_graph=True)\nx.grad", "tensor(0.6000)", "nothing is freed this time"),
            ("z.backward()\nx.grad", "tensor(1.2000)", "a backward() adds to .grad, it does not replace it"),
        ],
    ),
    (
        "Clearing the gradient in between",
        [
            (f"{LEAF}\nz = log(x ** 3)\nz.backward(retain_graph=True)", None, ""),
            ("x.grad.zero_()", "tensor(0.)", "what optimizer.zero_grad() is for"),
            ("z.backward()\nx.grad", "tensor(0.6000)", ""),
        ],
    ),
    (
        "One tensor used twice: paths add up",
        [
            (f"{LEAF}\nw = x ** 2\nz = log(x ** 3) + sqrt(w)", None, ""),
            ("z.grad_fn", "<AddBackward0 object at 0x…>", "two paths lead from here to x"),
            ("z.backward()\nx.grad", "tensor(1.6000)", "3/x along one, 2x / 2√x² = 1 along the other"),
        ],
    ),
    (
        "Two tensors, each with its gradient",
        [
            (f"{LEAF}\nq = tensor(3., requires_grad=True)\ny = x ** q", None, ""),
            ("y", "tensor(125., grad_fn=<PowBackward1>)", "the exponent is a tensor now: another node"),
            ("log(y).backward()", None, "log(x^q) = q · log(x)"),
            ("x.grad", "tensor(0.6000)", "q/x"),
            ("q.grad", "tensor(1.6094)", "log(5)"),
        ],
    ),
    (
        "A function with a derivative of your own",
        [
            (
                "class MyPow(autograd.Function):\n"
                "  @staticmethod\n"
                "  def forward(ctx, x, n):\n"
                "    ctx.save_for_backward(x)\n"
                "    ctx.n = n\n"
                "    return x ** n\n"
                "  @staticmethod\n"
                "  def backward(ctx, grad_y):\n"
                "    x, = ctx.saved_tensors\n"
                "    dy_dx = ctx.n * x**(ctx.n - 1)\n"
                "    return grad_y * dy_dx, None",
                None,
                "\n\nforward runs without recording and\nhands over what backward needs\n"
                "\n\n\nbackward gets dz/dy, multiplies\n"
                "by dy/dx, and returns a gradient\nfor each argument: None for n,\nwhich is no tensor",
            ),
            (f"{LEAF}\ny = MyPow.apply(x, 3)", None, "apply, not forward: apply records"),
            ("y", "tensor(125., grad_fn=<MyPowBackward>)", "the node is named after the class"),
            ("log(y).backward()\nx.grad", "tensor(0.6000)", "as in situation 2"),
        ],
    ),
    (
        "detach(): the history ends here",
        [
            (f"{LEAF}\ny = x * tensor([2., 3., 5.])", None, ""),
            ("y", "tensor([10., 15., 25.], grad_fn=<MulBackward0>)", "x is broadcast against three numbers"),
            ("w = y.detach()\nw, w.requires_grad", "(tensor([10., 15., 25.]), False)", "same numbers, no history"),
            ("z = w @ tensor([4., 7., 9.])\nz", "tensor(370.)", ""),
            (
                "z.backward()",
                "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn…",
                "nothing on the way to z asks for a gradient",
            ),
        ],
    ),
    (
        "A detached tensor can be a leaf of its own",
        [
            (f"{LEAF}\ny = x * tensor([2., 3., 5.])\nw = y.detach()", None, ""),
            ("w.requires_grad_()\nw.is_leaf", "True", "what it was computed from is not recorded"),
            ("z = w @ tensor([4., 7., 9.])\nz", "tensor(370., grad_fn=<DotBackward0>)", ""),
            ("z.backward()\nw.grad", "tensor([4., 7., 9.])", "the derivative of a dot product is the other vector"),
            ("x.grad", "None", "w is where this graph ends"),
        ],
    ),
    (
        "A gradient is a plain tensor",
        [
            (f"{LEAF}\nlog(x ** 3).backward()", None, ""),
            ("x.grad, x.grad.requires_grad", "(tensor(0.6000), False)", "backward() itself was not recorded"),
            (
                "autograd.grad(x.grad, x)",
                "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn…",
                "so there is no second derivative in it",
            ),
        ],
    ),
    (
        "… unless it is asked to have a history: higher derivatives",
        [
            (f"{LEAF}\nz = log(x ** 3)\nz.backward(create_graph=True)", None, "record what backward() computes too"),
            ("x.grad.grad_fn is None", "False", ""),
            ("x.grad.requires_grad", "True", ""),
            ("autograd.grad(x.grad, x)[0]", "tensor(-0.1200)", "the derivative of 3/x: -3/x² = -3/25"),
            ("x.grad = None", None, "x held a graph that holds x: this lets both go"),
        ],
    ),
    (
        "Variable, the old name, and matrices",
        [
            ("x = autograd.Variable(\n  torch.ones(2, 2),\n  requires_grad=True)", None, "simply a tensor since 0.4"),
            ("isinstance(x, autograd.Variable)", "True", ""),
            ("x", "tensor([[1., 1.],\n        [1., 1.]], requires_grad=True)", ""),
            ("y = x + 2\ny", "tensor([[3., 3.],\n        [3., 3.]], grad_fn=<AddBackward0>)", ""),
            ("z = y * y * 3\nz", "tensor([[27., 27.],\n        [27., 27.]], grad_fn=<MulBackward0>)", ""),
            ("z.mean()", "tensor(27., grad_fn=<MeanBackward0>)", ""),
            (
                "a = torch.zeros(2, 2)\nb = a + z\na.requires_grad, b.requires_grad",
                "(False, True)",
                "one operand that asks is enough",
            ),
            ("a.requires_grad_().requires_grad", "True", "in place: a is a leaf, so it may start to ask"),
            (
                "z.backward()",
                "RuntimeError: grad can be implicitly created only for scalar outputs…",
                "of four numbers, which one's derivative?",
            ),
            (
                "y.backward(torch.ones(2, 2),\n           retain_graph=True)\nx.grad",
                "tensor([[1., 1.],\n        [1., 1.]])",
                "weights for each: the derivative of (1 · y).sum()",
            ),
            (
                "x.grad = None\nz.mean().backward()\nx.grad",
                "tensor([[4.5000, 4.5000],\n        [4.5000, 4.5000]])",
                "3 · 2y / 4 = 4.5, through the y that was kept",
            ),
        ],
    ),
]


def outcome(code, names, filename, line):
    """Runs `code`, lines as they would be at `line` of `filename`, and says what its last line shows, or raises."""
    *statements, last = code.split("\n")
    padding = "\n" * line
    try:
        shown = compile(padding + "\n" * len(statements) + last, filename, "eval")
    except SyntaxError:  # not an expression: nothing to show
        exec(compile(padding + code, filename, "exec"), names)
        return None
    exec(compile(padding + "\n".join(statements), filename, "exec"), names)
    try:
        text = repr(eval(shown, names))
    except RuntimeError as error:
        text = f"RuntimeError: {error}"
    return re.sub("0x[0-9a-f]+", "0x…", text)


def agrees(actual, expected):
    """Whether what happened is what a row says."""
    if expected is None:  # a statement; what a call returns is of no interest, but an error is
        return actual is None or not actual.startswith("RuntimeError")
    if expected.endswith("…"):
        return actual is not None and actual.startswith(expected[:-1])
    return actual == expected


def cell(text, width):
    """The lines of a cell; only what is too wide is wrapped, and a long error is shown as its first sentences."""
    lines = []
    for line in text.split("\n"):
        lines += textwrap.wrap(line, width, break_on_hyphens=False) or [""]
    return lines if len(lines) <= 14 else [*lines[:13], "[…]"]


def print_row(texts, widths):
    cells = [cell(text, width) for text, width in zip(texts, widths, strict=True)]
    for i in range(max(map(len, cells))):
        line = (lines[i] if i < len(lines) else "" for lines in cells)
        print("  ".join(f"{text:<{width}}" for text, width in zip(line, widths, strict=True)).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("situation", nargs="*", type=int, help="numbers of the situations to show (default: all)")
    parser.add_argument("--width", type=int, help="columns to use (default: the terminal's, between 120 and 132)")
    args = parser.parse_args()
    unknown = [number for number in args.situation if not 1 <= number <= len(TOUR)]
    if unknown:
        parser.error(f"situations are numbered 1 to {len(TOUR)}, so there is no {unknown[0]}")
    total = args.width or min(max(shutil.get_terminal_size((120, 40)).columns, 120), 132)
    widths = (35, 47, max(total - 86, 20))

    print(f"Autograd in {len(TOUR)} situations, by {torch.__name__} {torch.__version__}\n")
    print_row(("code", "what happens", "why"), widths)
    rows = 0
    for number, (title, steps) in enumerate(TOUR, 1):
        if args.situation and number not in args.situation:
            continue
        print(f"\n── {number}. {title} ".ljust(total, "─"))
        names = {"torch": torch, "autograd": autograd, "log": log, "sqrt": sqrt, "tensor": tensor}
        filename = f"situation {number}"
        source = "\n".join(code for code, _, _ in steps)
        # So that error messages and tracebacks can quote a situation's lines.
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        line = 0
        for code, expected, why in steps:
            actual = outcome(code, names, filename, line)
            if not agrees(actual, expected):
                sys.exit(f"situation {number}: {code!r}\n  should give: {expected}\n  but gave:    {actual}")
            above = 0 if "\n\n" in why else code.count("\n")  # the last line is the one with a result, and a reason
            print_row((code, "\n" * above + (actual if expected else ""), "\n" * above + why), widths)
            line += code.count("\n") + 1
            rows += expected is not None
    print(f"\n{rows} results, all as expected.")


if __name__ == "__main__":
    main()
