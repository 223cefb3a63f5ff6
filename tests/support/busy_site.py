"""A site with something of each kind to act on, whose database is put back between acts."""

import shutil
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.site import Site
from tests.support.two_bureaus_evaluation import three_months
from tracker.domain.items import QuestionTopic
from tracker.gateways.schemes import read_scheme
from tracker.store.tables.documents import QuestionRow
from tracker.store.tables.units import UserRow
from tracker.usecases.objecting_to_marks import object_to_marks

# What a sensible person sends, so that one bad field among good ones is what is refused.
SENSIBLE = {
    "reason": "工作需要",
    "answer": "请按此办理",
    "matter": "强降雨",
    "new_on": "2022-12-31",
    "new_due_on": "2022-10-20",
    "occurred_at": "2022-09-27T08:30",
    "merged_on": "2022-09-28",
    "valid_from": "2022-09-28",
    "unit_id": "4",
    "from_unit_id": "4",
    "into_unit_id": "5",
    "period_id": "1",
    "version": "1",
    "item": "0",
    "act": "edit",
    "part": "support",
    "source": "领导批示",
    "number": "批示〔2022〕2号",
    "title": "领导批示",
    "words": "报送项目清单",
    "leads": "市商务局",
    "type": "urge",
    "assignment": "1",
    "a1-claim": "on_schedule",
    "a1-v1": "3",
    "a1-on1": "2022-09-26",
    "reason_class": "figures",
    "keeper": "1",
    "login": "zhangsan",
    "name": "张三",
    "asked_role": "reader",
    "role": "reader",
    "scheme": "own",
    "month": "2022-09",
    "inputs_by": "2022-12-30",
    "decider": "张主任",
    "decided_on": "2022-09-20",
    "option": "group",
    "verdict": "upheld",
}


@dataclass(frozen=True)
class Busy:
    """A site with something of each kind to act on; `again` puts its database back."""

    site: Site
    folder: Path

    def keep(self) -> None:
        with self.site.services.database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.site.services.database.dispose()
        shutil.copyfile(self.folder / "tracker.db", self.folder / "kept.db")

    def again(self) -> None:
        self.site.services.database.dispose()
        for ending in ("-wal", "-shm"):
            (self.folder / f"tracker.db{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.folder / "kept.db", self.folder / "tracker.db")


def busy_site(folder: Path, site: Site | None = None) -> Busy:
    """Return a site of forms that need no token, or make one that; what fails in it is raised, not answered."""
    site = site or Site(fresh_sqlite(folder), folder)
    site.clock.at = IN_TIME
    site.city.file(at=IN_TIME, code="swj")
    with site.services.database.transaction() as session:
        _ask(session)
        checked, _drafted = three_months(session, at=IN_TIME)
    with site.services.database.transaction() as session:
        object_to_marks(
            session,
            checked,
            object_code="swj",
            item="1-2",
            words="少计一次活动",
            read=read_scheme,
            actor=site.city.head("swj"),
            at=IN_TIME,
        )
    with site.services.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == "tjj")).one().new_email = "tjj@zmd.gov.cn"
    site.app.config["WTF_CSRF_ENABLED"] = False
    with site.client("office") as office:
        entry = {name: SENSIBLE[name] for name in ("source", "number", "title", "words", "leads")}
        made = office.post("/ledgers", data={**entry, "supports": "", "due_on": "", "rhythm": ""})
        assert made.status_code == 303, made.get_data(as_text=True)
        assert office.post("/ledger/views", data={"name": "逾期的", "asked": "light=red"}).status_code == 303
        assert office.post("/tasks/2/trigger", data=SENSIBLE).status_code == 303
        assert office.post("/circulars", data={"type": "supervision"}).status_code == 303
    with site.client("swj") as liaison:
        files = {"file": (BytesIO("通报文稿".encode()), "通报文稿.txt"), "not_secret": "yes"}
        assert liaison.post("/box", data=files).status_code == 303
    site.app.testing = True  # what fails is raised, not answered
    return Busy(site, folder)


def _ask(session: Session) -> None:
    for topic in (QuestionTopic.DATE, QuestionTopic.INTERVAL, QuestionTopic.MEMBERS):
        session.add(QuestionRow(item_id=1, topic=topic.value, words="没有写明，请明确。"))
