"""The digest 「每日提醒」 of a person: one a day and channel, of all that the units owe for which he or she hears.

Heads read besides what waits for their signature, and heads and the office which delays have climbed to them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, text, update
from sqlmodel import Session, col

from tracker.domain.cadences import EMERGENCY
from tracker.domain.calendar import SHANGHAI, local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.policy import ReminderPolicy
from tracker.domain.quoting import quoted
from tracker.domain.reminders import digest_at, digest_key
from tracker.domain.windows import Reckoning
from tracker.steps.digest_counts import Counts, counts_beside
from tracker.steps.digest_gathering import Digest, gather
from tracker.steps.digest_lines import ORDER, DigestLine, lines_by_unit, place_of
from tracker.steps.digest_passes import DigestPass, next_pass, note_pass
from tracker.steps.reminders import Channel, add_reminders, channels_of, reminder_row
from tracker.store.queries.addressees import Hearing, addressees
from tracker.store.queries.owed_lists import owed_by_units
from tracker.store.queries.reminders import Recipient
from tracker.store.tables.events import IS_OPEN_REMINDER, ReminderRow, ReminderState
from tracker.wording.digests import (
    ASKED,
    COUNTERSIGNS,
    EMERGENCY_ON_DAYS_OFF,
    PAPERS,
    TO_SIGN,
    TO_VERIFY,
    asked_sentence,
    climbed_reason,
    countersigns_sentence,
    digest_reason,
    digest_subject,
    papers_sentence,
    reminder_sentence,
    stand_in_reason,
    to_sign_sentence,
    to_verify_sentence,
)

DIGEST = "digest"
_MANY = 20
_SHOWN_OF_MANY = 10
MERGED = "过期合并"


@dataclass(frozen=True, slots=True)
class PlannedDigests:
    """Digests that should exist and do not; `made` is what was looked at for them, None where it was not the time.

    `whole` where they say all that is owed, so that earlier ones need not leave any more.
    """

    rows: list[ReminderRow]
    made: DigestPass | None
    whole: bool = True

    @property
    def nothing_happened(self) -> bool:
        """Tell whether the log says nothing since the pass before of the same day: every figure is still the same."""
        return self.made is not None and self.made.unit_ids == frozenset()


def plan_digests(session: Session, *, now: datetime, by: Reckoning, outgoing: Outgoing) -> PlannedDigests:
    """Return today's digests that should exist by now and do not; nothing is written.

    Nothing before the digest's time, or the hour that a person chose; on days off, when no choice counts, only what
    emergency clocks owe. After the day's first pass only units that events name since then are looked at: the pass of
    every minute must not cost what the first one does.
    """
    today = local_day(now)
    if now < digest_at(today, policy=by.policy):
        return PlannedDigests([], None)
    whole = by.calendar.is_workday(today)

    def moment(person: Recipient) -> datetime:
        return digest_at(today, policy=by.policy, hour=person.digest_hour if whole else None)

    made = next_pass(session, on=today, hour=now.astimezone(SHANGHAI).hour)
    hearings = _unreached(session, made, moment, now=now, outgoing=outgoing)
    owed = owed_by_units(session, unit_ids=hearings, now=now, kinds=None if whole else EMERGENCY) if hearings else []
    lines = lines_by_unit(owed, now=now, by=by)
    late = Counter(line.unit_id for line in owed if whole and line.owed.since is not None)
    beside = counts_beside(session, hearings, now=now, by=by) if whole and hearings else Counts()
    digests = gather(lines, beside, late, hearings, by.policy)
    manner = "" if whole else EMERGENCY_ON_DAYS_OFF
    rows = [
        row
        for one in digests
        for row in _digest_rows(one, moment(one.person), by.policy, manner=manner, outgoing=outgoing)
    ]
    return PlannedDigests(rows, made, whole)


def keep_digests(session: Session, planned: PlannedDigests) -> int:
    """Write the digests whose keys are new, and how far was looked for them; return how many.

    An e-mail of an earlier day that never left is cancelled, because the newer one says it all. Idempotent by the
    rows' keys.
    """
    if planned.made is not None:
        note_pass(session, planned.made)
    if not planned.rows:
        return 0
    if planned.whole:
        _cancel_earlier(session, planned.rows)
    return add_reminders(session, planned.rows)


def _unreached(
    session: Session, made: DigestPass, moment: Callable[[Recipient], datetime], *, now: datetime, outgoing: Outgoing
) -> dict[int, Hearing]:
    """Return whom today's digest has not reached yet by one of their channels, by every unit they hear for.

    Only people whose moment has come and who hear for a unit of the pass, or chose an hour that came since the one
    before; for them all their units, because one digest tells of all of them.
    """
    if made.unit_ids == frozenset() and made.hour == made.since_hour:
        return {}
    of_today = col(ReminderRow.planned_on) == made.on
    known = set(session.scalars(select(col(ReminderRow.ukey)).where(of_today, col(ReminderRow.kind) == DIGEST)))
    hearings = addressees(session, on=made.on).hearings()
    whole = made.unit_ids is None
    looked_at = {
        person.user_id: person
        for unit_id, hearing in hearings.items()
        # What climbs does so by days: after the day's first pass no event brings anybody above a delay.
        for people, named in ((hearing.people, made.names(unit_id)), (hearing.above, whole))
        for person in people
        if moment(person) <= now and (named or made.reaches(person.digest_hour))
    }
    missing = {
        user_id
        for user_id, person in looked_at.items()
        for channel in channels_of(person, outgoing)
        if digest_key(on=made.on, user_id=user_id, channel=channel) not in known
    }

    def still(people: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
        return tuple(person for person in people if person.user_id in missing)

    reached = {
        unit_id: replace(hearing, people=still(hearing.people), above=still(hearing.above))
        for unit_id, hearing in hearings.items()
    }
    return {unit_id: hearing for unit_id, hearing in reached.items() if hearing.people or hearing.above}


def _digest_rows(
    digest: Digest, planned_for: datetime, policy: ReminderPolicy, *, manner: str, outgoing: Outgoing
) -> Iterable[ReminderRow]:
    person = digest.person
    lines = sorted(digest.lines, key=place_of)
    counts = {heading: sum(line.entry.heading is heading for line in lines) for heading in ORDER}
    shown = lines[:_SHOWN_OF_MANY] if len(lines) > _MANY else lines
    others = {
        "to_verify": sum(digest.to_verify.values()),
        "asked": sum(asked.count for asked in digest.asked.values()),
        "papers": sum(digest.papers.values()),
        "to_sign": sum(digest.to_sign.values()),
        "countersigns": sum(digest.countersigns.values()),
    }
    content: dict[str, object] = {
        "tasks": list(dict.fromkeys(item.code for line in lines for form in line.owed.forms for item in form.items)),
        "lines": [*(_shown(line, person, at=planned_for) for line in shown), *_shown_beside(digest)],
        "more": len(lines) - len(shown),
    }
    for channel in channels_of(person, outgoing):
        yield reminder_row(
            digest_key(on=local_day(planned_for), user_id=person.user_id, channel=channel),
            kind=DIGEST,
            person=person,
            channel=channel,
            subject=digest_subject(counts, **others, overdue=sum(digest.overdue.values())),
            reason=digest_reason(person.unit_name, counts, role=person.role, manner=manner, **others)
            + "".join(stand_in_reason(route.value, names) for route, names in digest.standing_in.items())
            + climbed_reason(person.role, digest.climbed, workdays=policy.told_from(person.role)),
            content=content,
            planned_for=planned_for,
            outgoing=outgoing,
        )


def _shown(line: DigestLine, person: Recipient, *, at: datetime) -> dict[str, object]:
    """Say one line; whoever stands in for another unit reads its name first."""
    entry, owed, form = line.entry, line.owed, line.form
    sentence = reminder_sentence(
        entry,
        document=owed.document_number,
        items=[f"{item.label}{quoted(item.title)}" for item in form.items],
        owed=form.owed,
        at=at,
        beside=line.beside,
    )
    if owed.unit_id != person.unit_id:
        sentence = f"{owed.unit_name}：{sentence}"
    return {"heading": entry.heading.value, "period_id": form.period_id, "sentence": sentence, "level": entry.level}


def _shown_beside(digest: Digest) -> Iterable[dict[str, object]]:
    asked = {
        name: asked_sentence(one.count, past=one.past, first=one.first, workdays=one.workdays)
        for name, one in digest.asked.items()
    }
    counted = (
        (TO_SIGN, digest.to_sign, to_sign_sentence),
        (TO_VERIFY, digest.to_verify, to_verify_sentence),
        (PAPERS, digest.papers, papers_sentence),
        (COUNTERSIGNS, digest.countersigns, countersigns_sentence),
    )
    told = [(heading, {name: words(n) for name, n in by_unit.items()}) for heading, by_unit, words in counted]
    told.insert(2, (ASKED, asked))
    for heading, sentences in told:
        for unit_name, sentence in sentences.items():
            other = "" if unit_name == digest.person.unit_name else f"{unit_name}："
            yield {"heading": heading, "sentence": other + sentence, "level": 0}


def _cancel_earlier(session: Session, rows: Sequence[ReminderRow]) -> None:
    """Cancel the e-mail digests of earlier days that never left, of whoever gets a newer one by mail."""
    mails = [row for row in rows if row.channel == Channel.MAIL.value]
    if not mails:
        return
    session.execute(
        update(ReminderRow)
        .where(
            text(IS_OPEN_REMINDER),
            col(ReminderRow.kind) == DIGEST,
            col(ReminderRow.channel) == Channel.MAIL.value,
            col(ReminderRow.state) == ReminderState.PENDING.value,
            col(ReminderRow.planned_on) < mails[0].planned_on,
            col(ReminderRow.recipient_id).in_([row.recipient_id for row in mails]),
        )
        .values(state=ReminderState.CANCELLED.value, last_error=MERGED)
    )
