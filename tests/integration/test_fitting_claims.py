"""What may be said of a share fits its work, on every page that offers claims and in every act that takes one."""

import re
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME, OFFICE
from tests.support.site import Site, post
from tracker.domain.claims import Claim, ClaimUnfit, fitting_claims, lower_claims
from tracker.domain.verdicts import Verdict
from tracker.store.queries.shares import facts_of_shares
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.accepting import accept_report


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    return made


def _share(session: Session, site: Site, code: str) -> tuple[AssignmentRow, bool]:
    share = site.city.assignment(code, session)
    return share, facts_of_shares(session, [share.id or 0])[share.id or 0].scheduled


def _offered(page: str, share_id: int) -> list[str]:
    choice = page.split(f'id="a{share_id}-claim"', 1)[1].split("</select>", 1)[0]
    return [code for code in re.findall(r'<option value="(\w*)"', choice) if code]


def _numbers(site: Site, share: AssignmentRow) -> dict[str, str]:
    """Return a dated value for each number that is asked of a share, as its form names them."""
    with site.services.database.reading() as session:
        targets = facts_of_shares(session, [share.id or 0])[share.id or 0].targets
    values = {f"a{share.id}-v{target_id}": "1" for target_id in targets}
    return values | {f"a{share.id}-on{target_id}": "2022-09-28" for target_id in targets}


@pytest.mark.parametrize(
    ("code", "kind", "scheduled"),
    [
        ("swj", "update", True),
        ("swj", "completion", True),
        ("tjj", "update", False),
        ("tjj", "reply", False),
    ],
)
def test_outside_forms_every_claim_that_fits_is_offered_and_every_other_is_refused(
    site: Site, code: str, kind: str, *, scheduled: bool
) -> None:
    with site.services.database.reading() as session:
        share, has_schedule = _share(session, site, code)
    assert has_schedule is scheduled
    fitting = [claim.value for claim in fitting_claims(scheduled=scheduled, final=kind == "completion")]
    address, key = f"/tasks/{share.task_id}/{kind}", f"a{share.id}-"
    with site.client(code) as liaison:
        assert _offered(liaison.get(address).get_data(as_text=True), share.id or 0) == fitting
        for claim in set(Claim) - set(fitting):
            fields = {f"{key}claim": claim.value, f"{key}fact": "9月28日签约1个项目。"}
            refused = post(liaison, address, at=address, **fields)
            assert (refused.status_code, "不能选" in refused.get_data(as_text=True)) == (400, True)
        told = {f"{key}claim": fitting[-1], f"{key}outcome": "unmet", f"{key}fact": "9月28日签约1个项目。"}
        bare = post(liaison, address, at=address, **told)
        assert (bare.status_code, "原因" in bare.get_data(as_text=True)) == (400, True)
        why = {"cause_class": "own_work", "cause": "企业延期", "next_step": "再谈1家", "next_on": "2022-10-20"}
        told |= {f"{key}{name}": words for name, words in why.items()}
        told |= _numbers(site, share)
        assert post(liaison, address, at=address, **told).status_code == 303


def test_a_deadline_gives_work_a_schedule_outside_forms_too(site: Site) -> None:
    with site.services.database.transaction() as session:
        share, scheduled = _share(session, site, "tjj")
        assert not scheduled
        session.get_one(TaskRow, share.task_id).due_on = IN_TIME.date()
    with site.services.database.reading() as session:
        share, scheduled = _share(session, site, "tjj")
    assert scheduled
    with site.client("tjj") as support:
        page = support.get(f"/tasks/{share.task_id}/reply").get_data(as_text=True)
    assert _offered(page, share.id or 0) == [claim.value for claim in fitting_claims(scheduled=True, final=False)]


def test_a_reviewer_lowers_to_what_fits_the_share_and_to_nothing_else(site: Site) -> None:
    filing_id = site.city.file()
    with site.services.database.reading() as session:
        report_id = site.city.report_of(filing_id, session).id or 0
    with site.client("office") as office:
        page = office.get("/review").get_data(as_text=True)
    lower = lower_claims(Claim.ON_SCHEDULE, scheduled=True, final=False)
    assert all(f'<option value="{claim.value}">' in page for claim in lower)
    assert all(f'<option value="{claim.value}">' not in page for claim in set(Claim) - set(lower))
    with site.services.database.transaction() as session, pytest.raises(ClaimUnfit):
        verdict = Verdict(claim=Claim.ONGOING_QUIET, reason="无佐证")
        accept_report(session, report_id=report_id, actor=OFFICE, at=IN_TIME, verdict=verdict)
