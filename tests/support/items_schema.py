"""The contract of `tracker.items/1`."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

_SCHEMA = Path(__file__).parents[1] / "data" / "items.schema.json"


def disagreements(exported: object) -> list[str]:
    """Return where a JSON object departs from the schema."""
    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    checked = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message[:200]}" for error in checked.iter_errors(exported)]
