"""The worker's program: dramatiq's own command on our actors, which leaves the logs to us."""

import sys

from dramatiq import cli

from tracker.bootstrap import start_program


def main() -> int:
    """Run the worker with the options of dramatiq that were given; return the exit code.

    What keeps it from starting is said here: within dramatiq's own import of the actors nobody would catch it.
    """
    start_program().database.dispose()  # each of its processes opens its own
    sys.argv[1:] = ["workers.actors", "--skip-logging", *sys.argv[1:]]
    return int(cli.main() or 0)  # type: ignore[no-untyped-call]  # the library leaves its command untyped


if __name__ == "__main__":
    sys.exit(main())
