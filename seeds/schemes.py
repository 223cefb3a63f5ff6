"""Schemes of evaluation beside the documents that order them: `documents/<number>/scheme.toml`."""

from pathlib import Path

from seeds.registry import BadSeedFile
from tracker.gateways.schemes import BadScheme, load_scheme


def load_schemes(folder: Path) -> list[str]:
    """Return the rules of every document that has some, as written, each held against its text. Raises BadSeedFile."""
    found: list[str] = []
    for path in sorted(folder.glob("*/scheme.toml")):
        try:
            load_scheme(path, text=path.parent / "text.txt")
        except BadScheme as error:
            raise BadSeedFile(path, problem=str(error)) from error
        found.append(path.read_text(encoding="utf-8"))
    return found
