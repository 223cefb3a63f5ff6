"""What a check finds, and how the checks are run: one that crashes says so, and the next goes on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.services import Services


class Level(StrEnum):
    """`MEND`: the site does not do its work, or not safely. `WARN`: it does, and somebody should know."""

    OK = "正常"
    WARN = "提示"
    MEND = "应处理"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, as a sentence, and what to do about it."""

    level: Level
    words: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One question. `ask` yields what is wrong; nothing where all is well, which `fine` then says.

    `of_tables`: it reads the tables, so it is left out where there are none that this program knows; `of_folder`: it
    looks at the data directory, so it is left out where that is missing.
    """

    name: str
    ask: Callable[[Services], Iterable[Finding]]
    fine: str
    of_tables: bool = False
    of_folder: bool = False


def mend(words: str, remedy: str) -> Finding:
    return Finding(Level.MEND, words, remedy)


def warn(words: str, remedy: str) -> Finding:
    return Finding(Level.WARN, words, remedy)


def run(
    checks: Sequence[Check], services: Services, *, has_tables: bool, has_folder: bool
) -> Iterator[tuple[Check, Finding]]:
    """Yield what each check finds, in their order."""
    for check in checks:
        if check.of_tables and not has_tables:
            yield check, Finding(Level.WARN, "数据库可用以后才能检查。")
            continue
        if check.of_folder and not has_folder:
            yield check, Finding(Level.WARN, "数据目录可用以后才能检查。")
            continue
        try:
            found = list(check.ask(services)) or [Finding(Level.OK, check.fine)]
        except Exception as error:  # whatever a broken machine makes of a question: say so, ask the next
            found = [
                mend(f"检查没有完成（{_first_line(error)}）。", "处理其他各项后再运行一次，仍有此项的请联系开发单位。")
            ]
        for finding in found:
            yield check, finding


def line(check: Check, finding: Finding) -> str:
    remedy = f"处理：{finding.remedy}" if finding.remedy else ""
    return f"【{finding.level}】{check.name}：{finding.words}{remedy}"


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:160]
