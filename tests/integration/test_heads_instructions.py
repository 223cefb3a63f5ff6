"""The head of a unit knows what a leader instructs it to do as soon as it is instructed, and signs it as that."""

import re
from pathlib import Path

import pytest

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.site import Site, post

_WORDS = "请说明签约为何落后"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A leader has instructed 市商务局."""
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    with made.services.database.reading() as session:
        share = made.city.assignment("swj", session)
    at = f"/tasks/{share.task_id}/instruct"
    said = {"words": _WORDS, "given_on": "2022-09-28", "haste": "urgent", "asked": str(share.id)}
    with made.client("leader") as leader:
        assert post(leader, at, at=at, **said).status_code == 303
    made.work()
    return made


def test_the_head_reads_it_before_anything_is_written_and_hears_of_it(site: Site) -> None:
    with site.client("swj-head") as head:
        queue = head.get("/sign-off").get_data(as_text=True)
        assert _WORDS in queue
        assert "联络员尚未填报" in queue
        assert re.search(r"领导批示 <b>1 件</b></a>待反馈", queue)
        assert _WORDS in head.get("/notices").get_data(as_text=True)
    with site.client("tjj-head") as other:
        assert _WORDS not in other.get("/sign-off").get_data(as_text=True)


def test_the_answer_is_called_what_it_is(site: Site) -> None:
    with site.client("swj") as liaison:
        [address] = set(re.findall(r'href="(/asked/\d+)"', liaison.get("/today").get_data(as_text=True)))
        assert post(liaison, address, at=address, fact="因项目入库晚。").status_code == 303
    with site.client("swj-head") as head:
        queue = head.get("/sign-off").get_data(as_text=True)
        assert "领导批示反馈" in queue
        assert "协办反馈" not in queue
        assert "反馈待我审签" in queue
        assert "送作出批示的领导" in queue
        assert "送提请单位" not in queue
        [signed] = re.findall(r'action="(/filings/\d+/sign)"', queue)
        assert post(head, signed, at="/sign-off").status_code == 303
        [task] = set(re.findall(r'href="(/tasks/\d+)"', queue))
        told = head.get(task).get_data(as_text=True).split('id="h-rep"')[1].split("</section>")[0]
        assert "领导批示反馈" in told
        assert "自报" not in told, "it claims nothing"


def test_the_message_and_the_task_lead_to_the_answer(site: Site) -> None:
    with site.services.database.reading() as session:
        task = f"/tasks/{site.city.assignment('swj', session).task_id}"
    with site.client("swj") as liaison:
        heard = re.search(r'href="(/asked/\d+)">打开反馈', liaison.get("/notices").get_data(as_text=True))
        assert heard is not None
        shown = liaison.get(task).get_data(as_text=True).split("本单位要反馈的")[1].split("</section>")[0]
        assert "<b>领导批示</b>" in shown
        assert _WORDS in shown
        assert f'href="{heard[1]}"' in shown
    with site.client("tjj") as other:
        assert _WORDS not in other.get(task).get_data(as_text=True)
