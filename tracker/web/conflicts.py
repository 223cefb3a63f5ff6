"""Both sides of a conflict: what others did to the thing meanwhile, and what this person sent, which was not saved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from string import digits

from flask import g, request
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.entered import clean_words
from tracker.store.queries.instructions import writings_among
from tracker.store.queries.overtaking import decided_since, last_acts
from tracker.store.queries.tasks import TaskEvent
from tracker.store.queries.units import unit_names
from tracker.web.access import reads_for, services
from tracker.web.form_fields import read_id
from tracker.web.timeline import TimelineEntry, timeline, units_of
from tracker.wording.acts import ACT_NAMES, FIELD_NAMES, NAMES_OF_FORMS
from tracker.wording.catalogue import CADENCES, CLAIMS, EVENTS, LEAD_OPINIONS, OUTCOMES, ROLES
from tracker.wording.codes import RETURN_REASONS

_MOST = 3
# What follows from an act by itself; named only where nothing else is.
_FOLLOWING = ("series.", "form.", "rows.", "correction.", "lateness.", "row.")
_CODED = {
    "claim": CLAIMS,
    "reason_class": RETURN_REASONS,
    "interval": CADENCES,
    "outcome": OUTCOMES,
    "opinion": LEAD_OPINIONS,
    "role": ROLES,
}
_UNITS = {"unit_id": "单位", "from_unit_id": "被合并单位", "into_unit_id": "并入单位", "keeper": "办公室设在"}
# What stays with a unit until its head has signed it: nobody else reads it as the other side either.
_WITHIN_UNITS = frozenset({"paper.answer_written", "paper.answer_stopped"})
# Pages about people: whoever may send their forms reads what was done to these accounts.
_OF_PEOPLE = frozenset({"accounts", "granting", "absences", "handing_over", "mine"})
# Of what belongs to no task, which events tell its story.
_STORIES = {
    "circular_drafting": "circular.",
    "circular_acts": "circular.",
    "circular_templates": "circular.template_kept",
    "documents": "document.",
    "drafts": "draft.",
    "units": "unit.",
    "nobody": "unit.",
    "reminders": "reminder.",
    "published_months": "scoring.inputs_entered",
    "served": "paper.",
    "namings": "naming.",
    "countersigning": "co_issuer.",
    "calendar": "calendar.",
    "outages": "outage.",
    **dict.fromkeys(_OF_PEOPLE, "account."),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A field of the form that was sent, as the page names it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """`others` is what happened last to the thing, the newest first; `act` and `written` are what was sent."""

    others: tuple[TimelineEntry, ...]
    act: str
    written: tuple[Written, ...]


def conflict() -> Conflict:
    """Return both sides for the request at hand, which somebody logged in has sent.

    Read after the page that shows them: its markers say that whatever was decided before it was seen.
    """
    with services().database.reading() as session:
        return Conflict(_others(session), act_name(), (*_chosen_units(session), *written()))


def act_name() -> str:
    """Name what the request at hand would have done; empty where it has no name."""
    endpoint = request.endpoint or ""
    act = (request.view_args or {}).get("act")
    return ACT_NAMES.get(f"{endpoint} {act}", "") or ACT_NAMES.get(endpoint, "")


def written() -> tuple[Written, ...]:
    """Return what the person wrote or chose in the form at hand, in its order."""
    return written_in(sent()) if request.method == "POST" else ()


def sent() -> MultiDict[str, str]:
    """Return the fields of the form at hand; none of one that broke off on its way."""
    try:
        return request.form
    except HTTPException:
        return MultiDict()


def written_in(fields: MultiDict[str, str]) -> tuple[Written, ...]:
    """Return what stands in the fields of a form that have names for people."""
    found, names = [], {**FIELD_NAMES, **NAMES_OF_FORMS.get(request.endpoint or "", {})}
    for field, text in fields.items(multi=True):
        name = field.rpartition("-")[2].rstrip(digits)  # 「a7-v3」: the value of share 7 for target 3
        words = clean_words(_CODED.get(name, {}).get(text, text))
        if name in names and words:
            found.append(Written(names[name], words))
    return tuple(found)


def _chosen_units(session: Session) -> tuple[Written, ...]:
    """Name the units that were chosen in the form at hand."""
    chosen = {field: read_id(request.form.get(field, "")) for field in _UNITS}
    names = unit_names(session, [id_ for id_ in chosen.values() if id_ is not None])
    return tuple(Written(_UNITS[field], names[id_]) for field, id_ in chosen.items() if id_ in names)


def _others(session: Session) -> tuple[TimelineEntry, ...]:
    story = _STORIES.get(request.blueprint or "", "")
    types = [type_ for type_ in EVENTS if story and type_.startswith(story)]
    unit_ids = EVERY_UNIT if request.blueprint in _OF_PEOPLE else reads_for(session)
    if unit_ids is EVERY_UNIT:
        types = [type_ for type_ in types if type_ not in _WITHIN_UNITS]
    last = last_acts(session, _named(), types=types, unit_ids=unit_ids)
    # What the act was refused for stands first and whole; a unit reads of it what it reads of the thing.
    decided = tuple(event for event in _decided(session) if unit_ids is EVERY_UNIT or event in last)
    before = tuple(event for event in last if event not in decided)
    units = unit_names(session, units_of(decided + before))
    writings = writings_among(session, decided + before)
    told = [_act(found, units, writings) for found in _by_act(decided)]
    rest = islice(_by_act(before), max(0, _MOST - len(told)))
    return (*told, *(_act(found, units, writings) for found in rest))


def _decided(session: Session) -> tuple[TaskEvent, ...]:
    """Return the decisions for which the request at hand was refused and those since; none where for none."""
    what = g.get("overtaken_in")
    return decided_since(session, what, seen=g.overtaken_since) if what is not None else ()


def _by_act(events: Iterable[TaskEvent]) -> Iterator[tuple[TaskEvent, ...]]:
    acts = groupby(events, key=lambda event: (event.occurred_at, event.actor, event.actor_unit))
    return (tuple(found) for _who, found in acts)


def _named() -> dict[str, int]:
    """Return the ids of the thing that the request is about: of the address, or what the form names first."""
    named = {name: id_ for name, id_ in (request.view_args or {}).items() if isinstance(id_, int)}
    unit_id = read_id(request.form.get("from_unit_id") or request.form.get("unit_id") or "")
    report_id = read_id(request.form.get("report") or "")
    in_form = {"unit_id": unit_id, "report_id": report_id}
    if request.blueprint in _OF_PEOPLE:
        in_form = {"user_id": g.actor.user_id}  # what names nobody is about one's own account
    return named or {name: id_ for name, id_ in in_form.items() if id_ is not None}


def _act(found: tuple[TaskEvent, ...], units: Mapping[int, str], writings: frozenset[int]) -> TimelineEntry:
    """Word the events that one act recorded as one line."""
    told = [event for event in found if not event.type.startswith(_FOLLOWING)] or list(found[:1])
    entries = timeline(tuple(reversed(told)), units=units, writings=writings)
    names = "、".join(dict.fromkeys(entry.name for entry in entries))
    words = next((entry.words for entry in entries if entry.words), "")
    return TimelineEntry(entries[0].occurred_at, entries[0].actor, names, words)
