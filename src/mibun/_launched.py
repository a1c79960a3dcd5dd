"""What a launcher has told this process: under `mpiexec`, the rank and the number of processes.

Programs read them where `torchrun` puts them, in RANK, WORLD_SIZE, LOCAL_RANK, LOCAL_WORLD_SIZE, MASTER_ADDR and
MASTER_PORT. `mibun run` and `mibun.distributed` set these from what `mpiexec` has set, unless they are set.
"""

from __future__ import annotations

import os

# The names of Open MPI, and of MPICH and Intel MPI (Hydra): rank, size, rank and size on a machine.
_LAUNCHERS = (
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"),
    ("PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS"),
)


def mpi_ranks() -> tuple[int, int] | None:
    """The rank and the number of processes under `mpiexec`; None where it has not started this process."""
    for rank, size, *_ in _LAUNCHERS:
        if rank in os.environ and size in os.environ:
            return int(os.environ[rank]), int(os.environ[size])
    return None


def export_ranks() -> None:
    """Set `torchrun`'s variables from those of `mpiexec`, where it has started this process."""
    environment = os.environ
    for names in _LAUNCHERS:
        if names[0] in environment and names[1] in environment:
            for ours, theirs in zip(("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE"), names, strict=True):
                if theirs in environment:
                    environment.setdefault(ours, environment[theirs])
            # For programs that look for them, and only if all processes are on this machine: MPI needs no address.
            if environment.get(names[3]) == environment[names[1]]:
                environment.setdefault("MASTER_ADDR", "127.0.0.1")
                environment.setdefault("MASTER_PORT", "29500")
            return
