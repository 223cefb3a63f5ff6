"""What is asked of a share is what its own item asks of it."""

from sqlalchemy import select
from sqlmodel import col

from tests.support.office import open_city
from tracker.domain.items import DemandKind
from tracker.store.database import Database
from tracker.store.queries.asked_of_shares import (
    named_units,
    requirements_of_shares,
    targets_by_share,
    targets_of_shares,
)
from tracker.store.queries.demands import task_demands
from tracker.store.tables.documents import ItemBearerRow, ItemEvidenceRow, ItemTargetRow


def _evidence(basis: str, position: int) -> ItemEvidenceRow:
    return ItemEvidenceRow(
        item_id=1,
        position=position,
        what="通报",
        form="document",
        basis=basis,
        mandatory=True,
        per="period",
        bearer="lead",
    )


def test_a_share_is_asked_for_what_its_item_asks_and_no_other_share(database: Database) -> None:
    city = open_city(database)
    with database.transaction() as session:
        session.add(_evidence("stated", 0))
        session.flush()
        own, other = (city.assignment(code, session).id or 0 for code in ("swj", "wjw"))
        target = session.scalars(select(ItemTargetRow)).one()
        assert [(share.id, row.id) for share, row in targets_by_share(session, [own])] == [(own, target.id)]
        assert targets_by_share(session, [other]) == []
        assert set(targets_of_shares(session, [own])) == set(requirements_of_shares(session, [own])) == {own}
        assert (set(targets_of_shares(session, [other])), set(requirements_of_shares(session, [other]))) == (
            set(),
            set(),
        )


def test_only_evidence_that_the_document_states_is_a_demand_of_it(database: Database) -> None:
    open_city(database)
    with database.transaction() as session:
        session.add_all([_evidence("default", 6), _evidence("default", 7), _evidence("stated", 8)])
        session.flush()
        stated = len(session.scalars(select(ItemEvidenceRow).where(col(ItemEvidenceRow.basis) == "stated")).all())
        assert len(task_demands(session, [1])[0].demands.evidence) == stated == 1


def test_whom_words_name_is_told_by_item_and_kind_of_demand(database: Database) -> None:
    open_city(database)
    with database.transaction() as session:
        for item_id, demand, unit_id in ((1, "target", 4), (1, "evidence", 5), (2, "target", 5)):
            named = ItemBearerRow(item_id=item_id, demand=demand, demand_position=0, printed="县区", unit_id=unit_id)
            session.add(named)
        session.flush()
        assert named_units(session, [1], DemandKind.TARGET) == {(1, 0): {4}}
