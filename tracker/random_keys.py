"""Whether a secret key can be guessed."""

import re
from itertools import pairwise

_FEWEST_CHARACTERS = 8
# What stands in examples, and what people type where a key is asked for.
_KNOWN = re.compile(r"change.?me|secret.?key|my.?secret|password|passw0rd|example|insecure|qwerty|1234567", re.I)


def is_weak(key: str) -> bool:
    """Tell whether a key can be guessed: few characters, one piece repeated, a row of the alphabet, an example."""
    steps = [ord(after) - ord(before) for before, after in pairwise(key)]
    return (
        len(set(key)) < _FEWEST_CHARACTERS
        or key in (key + key)[1:-1]
        or sum(step in (0, 1, -1) for step in steps) > len(key) // 2
        or _KNOWN.search(key) is not None
    )
