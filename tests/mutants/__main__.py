"""`make mutants`: see docs/mutants.md."""

import os
import random
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from tests.mutants import FOLDERS
from tests.mutants.mutations import Mutant, members_of_enums, mutants_of
from tests.mutants.trying import RecordedTest, Tree, nearest, recorded

_ENOUGH = 0.9
_ACCEPTED = Path(__file__).with_name("accepted.toml")
_HUNK = re.compile(r"^\+\+\+ b/(?P<path>.*)$|^@@ \S+ \+(?P<line>\d+)(?:,(?P<count>\d+))? @@", re.MULTILINE)

Entry = tuple[str, str]


def main() -> int:
    """Try what the environment asks for (ALL, MODULE, SAMPLE, SEED); answer 1 where too much goes unnoticed."""
    possible = list(_possible())
    wanted = _sample(_wanted(possible))
    if not wanted:
        return 0
    accepted = _accepted()
    counted = [mutant for mutant in wanted if _entry(mutant) not in accepted]
    known = [mutant for mutant in wanted if _entry(mutant) in accepted]
    with TemporaryDirectory(prefix="tracker-mutants-") as folder:
        tree = Tree(Path(folder, "first"))
        tree.fill()
        tests = recorded(Path(".cache/mutants"), tree)
        trees = [tree, tree.again(Path(folder, "second"))]
        survivors = _survivors(counted, tests, trees)
        noticed = set(map(_entry, known)) - set(map(_entry, _survivors(known, tests, trees)))
    for line in stale(accepted, possible=set(map(_entry, possible)), noticed=noticed):
        print(line)
    return _told(counted, survivors, accepted=len(known) - len(noticed))


def _possible() -> Iterator[Mutant]:
    members = members_of_enums(Path("tracker"))
    for folder in FOLDERS:
        for file in sorted(Path(folder).rglob("*.py")):
            yield from mutants_of(str(file), file.read_bytes(), members=members)


def _wanted(possible: Sequence[Mutant]) -> Sequence[Mutant]:
    module = os.environ.get("MODULE")
    if module:
        return [mutant for mutant in possible if mutant.path == module]
    if os.environ.get("ALL"):
        return possible
    changed = set(_changed_lines())
    return [mutant for mutant in possible if any((mutant.path, line) in changed for line in mutant.lines)]


def _changed_lines() -> Iterator[tuple[str, int]]:
    """Yield what differs from where the branch left main; on main itself what is open, else the last commit."""
    head, base = _git("rev-parse", "HEAD"), _git("merge-base", "HEAD", "main")
    if head == base and not _git("diff", "--name-only", "HEAD", "--", *FOLDERS):
        base = "HEAD^"
    path = ""
    for hunk in _HUNK.finditer(_git("diff", "-U0", base, "--", *filter(os.path.isdir, FOLDERS))):
        path = hunk["path"] or path
        first = int(hunk["line"] or 0)
        yield from ((path, line) for line in range(first, first + max(int(hunk["count"] or 1), 1)) if first)
    for path in _git("ls-files", "--others", "--exclude-standard", "--", *FOLDERS).splitlines():
        yield from ((path, line) for line in range(1, len(Path(path).read_bytes().splitlines()) + 1))


def _sample(mutants: Sequence[Mutant]) -> Sequence[Mutant]:
    count = min(int(os.environ.get("SAMPLE") or len(mutants)), len(mutants))
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    print(f"{count} of {len(mutants)} mutants" + (f", SEED={seed}" if count < len(mutants) else ""), flush=True)
    return random.Random(seed).sample(mutants, count)


def _survivors(mutants: Sequence[Mutant], tests: Sequence[RecordedTest], trees: Sequence[Tree]) -> list[Mutant]:
    free: SimpleQueue[Tree] = SimpleQueue()
    for tree in trees:
        free.put(tree)

    def survives(mutant: Mutant) -> bool:
        near = nearest(tests, mutant)
        if near:
            tree = free.get()
            try:
                if tree.notices(mutant, near):
                    return False
            finally:
                free.put(tree)
        print(
            f"{mutant.path}:{mutant.line} {mutant.where}: {mutant.change}" + ("" if near else "  (no test runs it)"),
            flush=True,
        )
        return True

    with ThreadPoolExecutor(len(trees)) as pool:
        return [mutant for mutant, alive in zip(mutants, pool.map(survives, mutants), strict=True) if alive]


def _accepted() -> dict[Entry, str]:
    listed = tomllib.loads(_ACCEPTED.read_text(encoding="utf-8"))["survivor"]
    return {(entry["where"], entry["change"]): entry["reason"] for entry in listed}


def _entry(mutant: Mutant) -> Entry:
    return mutant.where, mutant.change


def stale(accepted: Iterable[Entry], *, possible: set[Entry], noticed: set[Entry]) -> Iterator[str]:
    """Yield what is wrong with entries of accepted survivors: their place is no more, or a test notices them now."""
    for entry in sorted(accepted):
        if entry not in possible:
            yield f"{_ACCEPTED.name}: {': '.join(entry)} is no more"
        elif entry in noticed:
            yield f"{_ACCEPTED.name}: {': '.join(entry)} is noticed now"


def _told(tried: Sequence[Mutant], survivors: Sequence[Mutant], *, accepted: int) -> int:
    counted, lived = Counter(map(_folder, tried)), Counter(map(_folder, survivors))
    for folder, count in counted.items():
        print(f"{folder}: {count - lived[folder]} of {count} noticed")
    share = 1 - len(survivors) / len(tried) if tried else 1.0
    print(f"{len(tried) - len(survivors)} of {len(tried)} noticed ({share:.0%}), besides {accepted} accepted survivors")
    return 0 if share >= _ENOUGH else 1


def _folder(mutant: Mutant) -> str:
    return next(folder for folder in FOLDERS if mutant.path.startswith(f"{folder}/"))


def _git(*args: str) -> str:
    return subprocess.run(["git", *args], capture_output=True, check=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
