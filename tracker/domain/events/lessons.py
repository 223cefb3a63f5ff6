"""Facts about what corrections teach the intake."""

from dataclasses import dataclass

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonTaught(Event):
    """A correction holds for later documents of an issuer: a printed name is the unit's, or a label is of a role."""

    type = "lesson.taught"
    lesson_id: int
    draft_id: int
    issuer: str
    printed: str
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonWithdrawn(Event):
    """The office took a lesson back; later documents are read without it."""

    type = "lesson.withdrawn"
    lesson_id: int
    issuer: str
    printed: str
