"""A month of evaluation beside the records of projects: counting it, what differs, what contradicts itself."""

from collections.abc import Collection

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.projects.tallying import project_ids
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.counted_months import flags_of_month, held_against_projects
from tracker.store.queries.projects import project_names
from tracker.usecases.scoring_counts import count_from_projects
from tracker.web.access import actor, allow, services
from tracker.web.project_readers import scope
from tracker.web.scoring import VIEWERS
from tracker.web.scoring_inputs import SUPPLIERS
from tracker.web.scoring_records import counts
from tracker.web.scoring_views import is_office, month_seen, oversees
from tracker.wording.score_flags import (
    asked_words,
    differing_flags,
    figure_flags,
    lacking_flags,
    project_flags,
    unrecorded_flags,
)

pages = Blueprint("scoring_counts", __name__)


@pages.app_context_processor
def _offer() -> dict[str, object]:
    return {"counts_from_projects": counts, "project_names": _names, "project_ids": project_ids}


def _names(ids: Collection[int]) -> dict[int, str]:
    """Return the names of those projects that the viewer reads."""
    with services().database.reading() as session:
        return project_names(session, ids, scope=scope(session))


@pages.get("/evaluation/<int:month_id>/projects")
@allow(*VIEWERS)
def show(month_id: int) -> ResponseReturnValue:
    """Show what counting would change and what contradicts itself; looking changes nothing."""
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
        whats = counts(seen)
        if not whats:
            raise NotFound()
        held = held_against_projects(session, seen.row, seen.rules, lists=services().project_lists, whats=whats)
        flags = flags_of_month(session, seen.row, seen.rules, held.projects.values())
    is_over = seen.month.is_over(local_day(services().clock.now()))
    contradicting = [*project_flags(seen.rules, flags.of_projects), *figure_flags(seen.scheme, flags.of_figures)]
    return render_template(
        "web/scoring/projects.html",
        seen=seen,
        recount=held.recount,
        new=sum(before is None for _, before in held.recount.keep),
        unrecorded=unrecorded_flags(held.tally),
        asked=asked_words(seen.scheme, held.tally),
        differing=differing_flags(seen.scheme, held.recount.differing),
        lacking=lacking_flags(seen.scheme, held.tally, held.projects),
        contradicting=contradicting if oversees() else None,
        may_count=is_over and (is_office() or not oversees()),
        is_over=is_over,
    )


@pages.post("/evaluation/<int:month_id>/count")
@allow(*SUPPLIERS)
def count(month_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        if not counts(month_seen(session, month_id)):
            raise NotFound()
        done = count_from_projects(
            session,
            month_id,
            read=read_scheme,
            calendar=services().calendar,
            lists=services().project_lists,
            actor=actor(),
            at=services().clock.now(),
        ).recount
    new = sum(before is None for _, before in done.keep)
    flash(
        f"已按项目台账计数：新计{new}个，更正{len(done.keep) - new}个，撤回{len(done.withdraw)}个，相同{done.same}个。"
    )
    return redirect(url_for("scoring_counts.show", month_id=month_id), 303)
