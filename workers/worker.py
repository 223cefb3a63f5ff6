"""The worker's program: dramatiq's own command on our actors, which leaves the logs to us."""

import sys

from dramatiq import cli

from tracker.logs import configure_logs, log_what_nobody_catches
from tracker.settings import SettingsError, serving_settings


def main() -> int:
    """Run the worker with the options of dramatiq that were given; return the exit code."""
    try:
        configure_logs(serving_settings())
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    log_what_nobody_catches()
    sys.argv[1:] = ["workers.actors", "--skip-logging", *sys.argv[1:]]
    return int(cli.main() or 0)  # type: ignore[no-untyped-call]  # the library leaves its command untyped


if __name__ == "__main__":
    sys.exit(main())
