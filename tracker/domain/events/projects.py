"""Facts about projects that are evaluated 「重点项目」. Money in 元, months as their first day.

Each tells the whole row as it is afterwards, so what it was before stands in the event before it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfProject(Event):
    """What is looked for by its project; `import_id` is the export that told it, `reason` why it was corrected."""

    project_id: int
    reason: str = ""
    import_id: int | None = None

    def about(self) -> str:
        """Return by what the page of the project finds it."""
        return about_project(self.project_id)


def about_project(project_id: int) -> str:
    """Return by what the log finds what happened to a project."""
    return f"project:{project_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectKept(_OfProject):
    """A project was entered or corrected."""

    type = "project.kept"
    code: str
    name: str
    build: str
    total: int | None
    planned_start: date | None
    planned_finish: date | None
    strategic: bool
    in_statistics: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectListed(_OfProject):
    """A project came onto a list, has another plan of the year there, or left it."""

    type = "project.listed"
    listing_id: int
    list: str
    year: int
    since: date
    planned: int | None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectValueGiven(_OfProject):
    """The cumulative investment of the year until a month's end was told, or told otherwise."""

    type = "project.value_given"
    value_id: int
    month: date
    invested: int
    source: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """A statement of a checklist with its evidence, who ticked it and when."""

    tick: str
    evidence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectMilestoneTold(_OfProject):
    """The day of a milestone and its ticks were told; what was confirmed before is so no more."""

    type = "project.milestone_told"
    milestone_id: int
    milestone: str
    reached_on: date | None
    ticks: tuple[Ticked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectMilestoneConfirmed(_OfProject):
    """The organiser confirmed a milestone 「市重大项目办核查确认」."""

    type = "project.milestone_confirmed"
    milestone_id: int
    milestone: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A file taken on site, by its row."""

    id: int
    sha256: str
    name: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCheckedOnSite(_OfProject):
    """Somebody looked at a project on site."""

    type = "project.checked_on_site"
    check_id: int
    month: date
    checked_on: date
    holds: bool
    reported: int | None
    found: int | None
    words: str
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectExportPut(Event):
    """An export was put in to be looked at; nothing of it is kept yet. `unit_id` is whose person put it in."""

    type = "project.export_put"
    import_id: int
    list: str
    month: date
    since: date
    source: str
    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectExportKept(Event):
    """The rows of an export were taken over: so many new projects, so many changed."""

    type = "project.export_kept"
    import_id: int
    new: int
    changed: int
