"""What accepted reports tell of the work, task by task, and which of it a paper says in its text.

A paper leads with what was done: the fact, the figure against its target, the recorded cause where work is behind.
Nothing of it is worded by a template; each part stands in a report that the office accepted.
"""

from dataclasses import dataclass
from datetime import date

from tracker.domain.claims import CauseClass, Claim

# A longer first sentence is an account of its own, which the annex is for.
_LONGEST_FACT = 90
_SENTENCE_ENDS = "。；\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The last report of a task's lead that the office accepted, as it stood at the cut-off.

    `claim` is the word that holds, 核定 before 自报; `fact` the first sentence, empty where it can stand in no paper;
    `values` its figures in words, with their days and targets. `cause` is in the unit's words, `cause_class` as it was
    recorded, `cause_words` its name. Where the office found less than the unit claimed, its reason is `lowered`, and
    neither figures nor cause of the unit stand for what it found. `events` are the log's numbers of the report and of
    its acceptance.

    Of a claim that nobody has judged yet it is the last report that left the unit; `run` says for how many periods the
    unit has said so, this one counted.
    """

    unit: str
    claim: Claim | None
    fact: str
    values: tuple[str, ...] = ()
    cause_class: CauseClass | None = None
    cause_words: str = ""
    cause: str = ""
    lowered: str = ""
    told_on: date
    run: int = 1
    events: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """What was done, in one clause; empty where neither fact nor figure can be said."""
        return "，".join(part for part in (self.fact, "、".join(self.values)) if part)


def first_sentence(text: str) -> str:
    """Return the first sentence of a report without its full stop; empty where it is too long to be said in a paper."""
    ends = [at for sign in _SENTENCE_ENDS if (at := text.find(sign)) >= 0]
    sentence = text[: min(ends, default=len(text))].strip()
    return sentence if len(sentence) <= _LONGEST_FACT else ""
