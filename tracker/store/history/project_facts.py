"""Which event says what of projects."""

from collections.abc import Mapping

from tracker.store.history.row_says import Beside, Is, Says

_A, _AT = Beside.ACTOR, Beside.AT
_UNCONFIRMED = {"confirmed_by": Is(None), "confirmed_at": Is(None)}


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


PROJECTS: Mapping[str, tuple[Says, ...]] = {
    "project.kept": (
        Says(
            "project",
            "project_id",
            {
                **_same("code", "name", "build", "total", "planned_start", "planned_finish", "strategic"),
                **_same("in_statistics"),
                "unit_id": Beside.UNIT,
            },
            born=True,
        ),
    ),
    "project.listed": (
        Says(
            "project_listing",
            "listing_id",
            {**_same("project_id", "list", "year", "since", "planned", "until")},
            born=True,
        ),
    ),
    "project.value_given": (
        Says(
            "project_value",
            "value_id",
            {**_same("project_id", "month", "invested", "source", "import_id"), "told_by": _A, "told_at": _AT},
            born=True,
        ),
    ),
    "project.milestone_told": (
        Says(
            "project_milestone",
            "milestone_id",
            {**_same("project_id", "milestone", "reached_on", "ticks"), "told_by": _A, "told_at": _AT, **_UNCONFIRMED},
            born=True,
        ),
    ),
    "project.milestone_confirmed": (
        Says("project_milestone", "milestone_id", {"confirmed_by": _A, "confirmed_at": _AT}),
    ),
    "project.checked_on_site": (
        Says(
            "site_check",
            "check_id",
            {
                **_same("project_id", "month", "checked_on", "holds", "reported", "found", "words"),
                "checked_by": _A,
                "checked_at": _AT,
            },
            born=True,
        ),
        Says("site_photo", "id", _same("sha256", "name", "size_bytes", "media_type"), each="photos", born=True),
    ),
    "project.export_put": (
        Says(
            "project_import",
            "import_id",
            {
                **_same("list", "month", "since", "source", "name", "sha256", "size_bytes"),
                "put_by": _A,
                "put_by_unit_id": Beside.UNIT,
                "put_at": _AT,
                "taken_by": Is(None),
                "taken_at": Is(None),
            },
            born=True,
        ),
    ),
    "project.export_kept": (Says("project_import", "import_id", {"taken_by": _A, "taken_at": _AT}),),
}
