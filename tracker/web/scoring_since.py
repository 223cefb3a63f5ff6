"""Records of projects that reached the house after the result of their month was kept: nobody is to miss them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import current_app, flash
from sqlmodel import Session

from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import KEPT, CorrectionState, MonthState
from tracker.domain.scoring.rules import Rules
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.scoring import corrections_of
from tracker.store.queries.scoring_rules import rules_of
from tracker.store.queries.since_kept import Looked, kept_months, records_since
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.web.access import services
from tracker.wording.score_aside import aside_words
from tracker.wording.scoring_months import since_words


@dataclass(frozen=True, slots=True)
class Since:
    """What came after a month was kept: which records, in words, with the projects behind each, and what follows.

    `corrected` while a correction of it waits for its paper.
    """

    row: ScoreMonthRow
    behind: tuple[frozenset[int], ...]
    records: tuple[str, ...]
    corrected: bool

    @property
    def may_correct(self) -> bool:
        """Tell whether the correction that counts them can be begun now."""
        return self.row.state == MonthState.ISSUED.value and not self.corrected

    @property
    def words(self) -> str:
        return self.said(len(self.records))

    def said(self, count: int) -> str:
        """Say that so many records came after, and what follows."""
        return since_words(self.row.month, self.row.state, count=count, corrected=self.corrected)

    def about(self, project_id: int) -> int:
        """Count the records that a project stands behind."""
        return sum(project_id in one for one in self.behind)


def since_kept(session: Session, row: ScoreMonthRow) -> Since | None:
    """Return what came after a month was kept; None where nothing did, or its correction takes it in anyhow."""
    known = corrections_of(session, row.id or 0)
    if MonthState(row.state) not in KEPT or any(one.state == CorrectionState.OPEN.value for one in known):
        return None
    rules = rules_of(session, row, read_scheme)
    looked = _looked(session, row, rules)
    if looked is None or not looked.records:
        return None
    waits = any(one.state == CorrectionState.FROZEN.value for one in known)
    told = tuple(aside_words(rules.scheme, [asdict(one) for one in looked.records]))
    return Since(row, looked.behind, told, waits)


def _looked(session: Session, row: ScoreMonthRow, rules: Rules) -> Looked | None:
    """Return what a kept month lacks, counted again only where something came since this process last counted it.

    Counting a thousand projects takes a third of a second, and the desk asks for all months that were ever kept.
    """
    seen: dict[int | None, Looked] = current_app.extensions.setdefault("tracker.since_kept", {})
    looked = records_since(session, row, rules, lists=services().project_lists, before=seen.get(row.id))
    if looked is not None:
        seen[row.id] = looked
    return looked


def months_since(session: Session, *, but: Sequence[int] = ()) -> list[Since]:
    """Return of all kept months what came after, but of some months, by their ids."""
    found = [since_kept(session, one) for one in kept_months(session) if one.id not in but]
    return [one for one in found if one is not None]


def flash_entered(words: str, *, month: Month | None = None, project: int | None = None) -> None:
    """Say that something was entered, and what follows where its month or a later one, or any, is kept already.

    Of one `project`, by its id, what it stands behind: whoever enters it is told of nobody else's.
    """
    with services().database.reading() as session:
        found = [one for one in months_since(session) if month is None or one.row.month >= str(month)]
    counts = [(one, len(one.records) if project is None else one.about(project)) for one in found]
    flash(words + "".join(one.said(count) for one, count in counts if count))


def with_since(todo: str, since: Since | None) -> str:
    """Say beside what comes next for a kept month that records came after it."""
    return todo if since is None else f"{todo}（项目台账其后有{len(since.records)}处与得分不一致）"
