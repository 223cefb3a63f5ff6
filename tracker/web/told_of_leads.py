"""How a task stands in words: of several leads whose class, whose delay and whose report it is that the task shows."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.light_kinds import Light, Lights, worst
from tracker.domain.progress import WorkClass, earliest
from tracker.store.queries.work import TaskStanding
from tracker.web.clocks import ShownLight, shown_light
from tracker.wording.task_ledger import leads_words
from tracker.wording.work import class_words, work_sentence


@dataclass(frozen=True, slots=True)
class Told:
    """A task's class in a sentence and both its lights; `lights` the worse first, or the one that stands for both."""

    work: str
    time: ShownLight
    progress: ShownLight
    lights: tuple[tuple[str, ShownLight], ...]


def told_of(standing: TaskStanding, *, today: date, of: Collection[int] | None = None) -> Told:
    """Say how a task stands by its leads, or by those of them that are asked for.

    What does not hold of all of them bears the names of those of whom it does, so that no lead's delay stands beside
    another's excuse.
    """
    leads = {id_: name for id_, name in standing.leads.items() if of is None or id_ in of}
    own = {id_: standing.lead_lights[id_] for id_ in leads if id_ in standing.lead_lights}
    lights = standing.lights
    if own and leads != standing.leads:
        lights = Lights(worst(one.time for one in own.values()), worst(one.progress for one in own.values()))
    time = _named(lights.time, {leads[id_]: one.time for id_, one in own.items()}, today=today)
    progress = _named(lights.progress, {leads[id_]: one.progress for id_, one in own.items()}, today=today)
    pairs: tuple[tuple[str, ShownLight], ...] = (("时限", time), ("进度", progress))
    if lights.time == lights.progress and time == progress:
        pairs = (("", time),)
    elif lights.shown is lights.progress:
        pairs = pairs[::-1]
    classes = {name: standing.lead_works[id_] for id_, name in leads.items() if id_ in standing.lead_works}
    return Told(_class_named(standing, classes), time, progress, pairs)


def _named(light: Light, leads: dict[str, Light], *, today: date) -> ShownLight:
    shown = shown_light(light, today=today)
    whose = [name for name, own in leads.items() if shown_light(own, today=today) == shown]
    return replace(shown, why=f"{leads_words(whose)}：{shown.why}") if len(whose) < len(leads) else shown


def _class_named(standing: TaskStanding, leads: dict[str, WorkClass]) -> str:
    """Say the class that counts of some leads; how many members are silent is of the task."""
    found = standing.work
    if leads and len(leads) < len(standing.leads):
        found = replace(earliest(leads.values()), members_silent=found.members_silent)
    whose = [name for name, own in leads.items() if class_words(own) == class_words(found)]
    waiting = [name for name, own in leads.items() if own.new_report_waiting]
    return work_sentence(
        replace(found, new_report_waiting=found.new_report_waiting if not leads else bool(waiting)),
        whose=leads_words(whose) if len(whose) < len(leads) else "",
        waiting=leads_words(waiting) if len(waiting) < len(leads) else "",
    )
