"""`make bench`: every benchmark against its own floor, printed and written to build/bench.json.

Ends with 1 where an aim is missed. A name after the command runs only the modules that carry it: `pages`, `intake`.
"""

import importlib
import json
import pkgutil
import sys
from dataclasses import asdict
from io import StringIO
from pathlib import Path

import tests.bench
from tests.bench.measuring import Count, Measurement
from tests.support.keys import SECRET_KEY
from tracker.logs import configure_logs
from tracker.settings import load_settings

OUT = Path("build/bench.json")


def main(wanted: list[str]) -> int:
    """Run every module named bench_* beside this one, or those that are wanted."""
    found: list[Measurement | Count] = []
    # Records are made, as in production, and read by nobody: they would bury the figures.
    configure_logs(load_settings({"TRACKER_SECRET_KEY": SECRET_KEY}), out=StringIO())
    for module in sorted(module.name for module in pkgutil.iter_modules(tests.bench.__path__)):
        if module.startswith("bench_") and (not wanted or module.removeprefix("bench_") in wanted):
            found += importlib.import_module(f"tests.bench.{module}").measure()
    _print(found)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([_plain(line) for line in found], ensure_ascii=False, indent=1) + "\n")
    return int(any(line.missed for line in found))


def _print(found: list[Measurement | Count]) -> None:
    print(f"{'':58}{'ms':>10}{'ratio':>8}{'aim':>7}  against")
    for line in found:
        mark = "!" if line.missed else " "
        if isinstance(line, Count):
            print(f"{line.name:58}{'':10}{line.count:8}{line.bound:7}{mark} times")
        else:
            milliseconds = line.seconds * 1000
            print(f"{line.name:58}{milliseconds:10.2f}{line.ratio:8.1f}{line.bound:7.1f}{mark} {line.floor}")


def _plain(line: Measurement | Count) -> dict[str, object]:
    ratio = {"ratio": line.ratio} if isinstance(line, Measurement) else {}
    return asdict(line) | ratio | {"missed": line.missed}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
