"""`make bench`: every benchmark as a ratio against its own floor, printed and written to build/bench.json."""

import importlib
import json
import pkgutil
from dataclasses import asdict
from pathlib import Path

import tests.bench
from tests.bench.measuring import Measurement

OUT = Path("build/bench.json")


def main() -> None:
    """Run every module named bench_* beside this one."""
    found: list[Measurement] = []
    for module in sorted(module.name for module in pkgutil.iter_modules(tests.bench.__path__)):
        if module.startswith("bench_"):
            found += importlib.import_module(f"tests.bench.{module}").measure()
    print(f"{'':48}{'ms':>10}{'ratio':>8}{'aim':>7}  against")
    for line in found:
        mark = " " if line.ratio <= line.bound else "!"
        print(f"{line.name:48}{line.seconds * 1000:10.2f}{line.ratio:8.1f}{line.bound:7.1f}{mark} {line.floor}")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(line) | {"ratio": line.ratio} for line in found], indent=1) + "\n")


if __name__ == "__main__":
    main()
