"""Regular expressions that are compiled where they are first asked.

There are four hundred, compiling one takes half a millisecond, and a short document needs less than half of them.
"""

import re
from functools import cached_property
from typing import Any, cast


class _Expression:
    """Stands for a compiled pattern; what is asked of it is kept beside it, and asked the next time at once."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern, self.flags = source, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        # built from what `expression` is given
        return re.compile(self.pattern, self.flags)

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._compiled, name)
        setattr(self, name, asked)
        return asked


def expression(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what may be asked as a compiled pattern is. A faulty source is told where it is first asked."""
    return cast("re.Pattern[str]", _Expression(source, flags))
