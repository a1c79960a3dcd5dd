"""`torchrun`: `python -m torch.distributed.run --nproc-per-node=4 train.py` starts a program in several processes.

Each gets RANK, LOCAL_RANK, WORLD_SIZE, LOCAL_WORLD_SIZE, MASTER_ADDR and MASTER_PORT in its environment, which is where
`init_process_group` looks. If one fails, the others are ended. It does not start them again: `--max-restarts` is 0.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from types import FrameType
from typing import Any

from ..core.missing import explain_missing_names as _explain_missing_names
from .elastic.multiprocessing.errors import ChildFailedError, ProcessFailure

__all__ = ["get_args_parser", "main", "parse_args", "run"]


def get_args_parser() -> argparse.ArgumentParser:
    """The arguments of `torchrun`. Words may be joined by hyphens or underscores."""
    parser = argparse.ArgumentParser(prog="torchrun", description="Starts a program in several processes.")

    def add(name: str, **kwargs: Any) -> None:
        parser.add_argument(*dict.fromkeys([f"--{name}", f"--{name.replace('-', '_')}"]), **kwargs)

    add("nproc-per-node", default="1", help="processes on this machine; 'cpu', 'gpu', 'auto': one")
    add("nnodes", type=int, default=1, help="machines; the command is given on each")
    add("node-rank", type=int, default=0, help="which of the machines this is")
    add("master-addr", default="127.0.0.1", help="the address of machine 0")
    add("master-port", type=int, default=29500, help="a free port there")
    add("rdzv-backend", choices=["static", "c10d"], default="static", help="how machines find each other: by address")
    add("rdzv-endpoint", default="", help="HOST:PORT, in the place of --master-addr and --master-port")
    add("rdzv-id", default="", help="a name for the run, which the processes find in TORCHELASTIC_RUN_ID")
    add("max-restarts", type=int, default=0, choices=[0], help="failed processes are not started again")
    add("standalone", action="store_true", help="one machine: take a port that is free")
    parser.add_argument("-m", "--module", action="store_true", help="the program is a module, as in python -m")
    add("no-python", action="store_true", help="the program is run as it is")
    parser.add_argument("training_script", help="the program")
    parser.add_argument("training_script_args", nargs=argparse.REMAINDER, help="its arguments")
    return parser


def parse_args(args: Sequence[str] | None) -> argparse.Namespace:
    """The arguments, from the command line if None."""
    return get_args_parser().parse_args(args)


def _command(args: argparse.Namespace) -> list[str]:
    program = [args.training_script, *args.training_script_args]
    if args.no_python:
        return program
    # The program's `torch` is what this program's is.
    python = [sys.executable, "-u"]
    if sys.modules.get("torch") is sys.modules["mibun"]:
        python += ["-m", "mibun", "run"]
    return [*python, *(["-m"] if args.module else []), *program]


def _meeting_place(args: argparse.Namespace) -> tuple[str, int]:
    """The address and port of the first process."""
    host, _, port = args.rdzv_endpoint.rpartition(":") if args.rdzv_endpoint else (args.master_addr, "", "")
    number = int(port) if port else args.master_port
    if args.standalone or number == 0:
        if args.nnodes > 1:
            raise ValueError("a free port can be looked for on one machine only: give --master-port")
        return "127.0.0.1", _free_port()
    return host, number


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def run(args: argparse.Namespace) -> None:
    """Start the processes and wait for them. ChildFailedError if one fails."""
    word = args.nproc_per_node
    count = 1 if word in ("cpu", "auto", "gpu") else int(word)
    host, port = _meeting_place(args)
    shared = {
        "WORLD_SIZE": str(count * args.nnodes),
        "LOCAL_WORLD_SIZE": str(count),
        "GROUP_RANK": str(args.node_rank),
        "MASTER_ADDR": host,
        "MASTER_PORT": str(port),
        "TORCHELASTIC_RUN_ID": args.rdzv_id or str(uuid.uuid4()),
        "TORCHELASTIC_RESTART_COUNT": "0",
        "TORCHELASTIC_MAX_RESTARTS": "0",
    }
    if count > 1 and "OMP_NUM_THREADS" not in os.environ:
        shared["OMP_NUM_THREADS"] = "1"  # else each would use all processors
    processes = []
    for local_rank in range(count):
        rank = {"RANK": str(args.node_rank * count + local_rank), "LOCAL_RANK": str(local_rank)}
        processes.append(subprocess.Popen(_command(args), env={**os.environ, **shared, **rank}))

    def pass_on(number: int, frame: FrameType | None) -> None:
        for process in processes:
            process.send_signal(number)

    previous = signal.signal(signal.SIGTERM, pass_on)
    failures: dict[int, ProcessFailure] = {}
    try:
        while any(process.poll() is None for process in processes) and not failures:
            time.sleep(0.05)
            failures = _failures(processes, args.node_rank * count)
        failures = failures or _failures(processes, args.node_rank * count)
    finally:
        _end(processes)
        signal.signal(signal.SIGTERM, previous)
    if failures:
        raise ChildFailedError(args.training_script, failures)


def _failures(processes: Sequence[subprocess.Popen], first: int) -> dict[int, ProcessFailure]:
    return {
        first + place: ProcessFailure(place, process.pid, process.returncode, "")
        for place, process in enumerate(processes)
        if process.returncode not in (None, 0)
    }


def _end(processes: Sequence[subprocess.Popen]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + 5
    for process in processes:
        try:
            process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main(args: Sequence[str] | None = None) -> None:
    """`torchrun`. Ends with status 1 if a process failed."""
    try:
        run(parse_args(args))
    except ChildFailedError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


_explain_missing_names(__name__)

if __name__ == "__main__":
    main()
