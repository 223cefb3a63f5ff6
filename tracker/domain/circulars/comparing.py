"""What became of what was overdue in the circular before: filed since, overdue still, or ended otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracker.domain.circulars.content import Source
from tracker.domain.circulars.facts import Facts, OverdueFact, Sent
from tracker.domain.circulars.sources import of_overdue
from tracker.domain.circulars.unasked import counted_reasons, joined_reasons


@dataclass(frozen=True, slots=True)
class Previous:
    """The circular before this one and the facts it was made of."""

    number: str
    facts: Facts

    def since(self, sent: Sent) -> bool:
        """Whether this left its unit after the cut-off of the circular before."""
        return sent.at > self.facts.as_of or sent.event > self.facts.last_event


@dataclass(frozen=True, slots=True)
class Changes:
    """Overdue series: those of the circular before are `filed`, `still` overdue or `ended`, the rest of now is `fresh`.

    Each of then stands in exactly one of its three, so these add up to what was counted then, unit by unit too; and
    as many as are overdue still make, with what is new, what is counted now. `reasons` say of each of `ended` why.
    """

    filed: tuple[OverdueFact, ...]
    still: tuple[OverdueFact, ...]
    ended: tuple[OverdueFact, ...]
    fresh: tuple[OverdueFact, ...]
    reasons: tuple[str, ...]

    def why_ended(self) -> str:
        """Say why what ended is not urged any more, by the recorded reasons of its rows that were not filed."""
        return counted_reasons(self.reasons, unit="份")

    def sources(self) -> dict[str, list[Source]]:
        """Return the facts behind the figures of a comparison, by their keys."""
        became = {"made_good": (self.filed, "已补报"), "still_overdue": (self.still, "仍逾期")}
        became["ended_since"] = (self.ended, "不再催报")
        told = {
            key: [replace(of_overdue(line), status=f"{line.status}，{words}") for line in lines]
            for key, (lines, words) in became.items()
        }
        return {"newly_overdue": [of_overdue(line) for line in self.fresh], **told}


def compare(previous: Previous, facts: Facts) -> Changes:
    """Say of each series that was overdue what became of the very rows that were; others of it may be overdue anew.

    It is overdue still where one of these rows is. It was filed 「已补报」 where each of them left its unit since: one
    that was never filed counts as 未报, whatever was filed beside it or later.
    """
    still = _still(previous, facts)
    sent = {sent.row_id: sent.event for form in facts.forms for sent in form.sent if previous.since(sent)}
    gone = [line for line in previous.facts.overdue if line.series_id not in still]
    known = {line.series_id for line in still.values()}
    ended = tuple(line for line in gone if not line.row_ids <= sent.keys())
    unasked = {row.row_id: row for form in facts.forms for row in form.unasked}
    return Changes(
        filed=tuple(_with_filings(line, sent) for line in gone if line.row_ids <= sent.keys()),
        still=tuple(line for line in previous.facts.overdue if line.series_id in still),
        ended=ended,
        fresh=tuple(line for line in facts.overdue if line.series_id not in known),
        reasons=tuple(
            joined_reasons(unasked[row_id] for row_id in sorted(line.row_ids - sent.keys()) if row_id in unasked)
            for line in ended
        ),
    )


def _with_filings(line: OverdueFact, sent: Mapping[int, int]) -> OverdueFact:
    """Add the events by which its rows left the unit, of each row the last."""
    return replace(line, events=(*line.events, *sorted({sent[row_id] for row_id in line.row_ids})))


def _still(previous: Previous, facts: Facts) -> dict[int, OverdueFact]:
    """Return what is overdue now for rows that were then, by the series of then: one of several that became one."""
    then = {row_id: line.series_id for line in previous.facts.overdue for row_id in line.row_ids}
    found: dict[int, OverdueFact] = {}
    for line in facts.overdue:
        bore = {then[row_id] for row_id in line.row_ids & then.keys()}
        if bore:
            found[line.series_id if line.series_id in bore else min(bore)] = line
    return found
