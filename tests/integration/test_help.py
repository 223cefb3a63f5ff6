"""Help on each page: the manual is shown whole, and every page leads to the paragraph that explains it."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.support.databases import fresh_sqlite
from tests.support.site import Site
from tracker.domain.accounts import Role
from tracker.web.access import may_use
from tracker.web.guide import HELP, OF_ROLE, place_of
from tracker.web.manual import MANUAL, chapters, read_manual

_ANCHORS = Counter(anchor for chapter in chapters() for anchor in chapter.anchors())
_OF_ONE = {"联络员", "单位负责人", "督查室", "领导"}
# Heads work on the pages of their liaisons, as their chapter says.
_OWN = {Role.UNIT_HEAD: {"联络员", "单位负责人"}}
_LINK = re.compile(r'href="/help#([^"]+)"')


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    yield made
    made.services.database.dispose()


def test_no_word_of_the_manual_is_lost() -> None:
    shown = "".join(
        chapter.title + "".join(words for part in chapter.parts for line in part.lines for _kind, words in line.runs)
        for chapter in chapters()
    )
    text = MANUAL.read_text(encoding="utf-8").partition("\n## ")[2]
    written = re.sub(r"^ *(?:#+ |\d+\. |- )?|\*\*|`|\n", "", text, flags=re.MULTILINE)
    assert shown == written


def test_no_mark_is_shown_as_it_is_written() -> None:
    runs = [
        words for chapter in chapters() for part in chapter.parts for line in part.lines for _kind, words in line.runs
    ]
    assert [words for words in runs if "**" in words or "`" in words or words.startswith(("#", "|", "- "))] == []


def test_what_is_entered_in_a_manual_stays_text() -> None:
    [chapter] = read_manual("# 手册\n## 一、甲\n<b>粗</b>与**乙**和`丙`")
    assert chapter.parts[0].lines[0].runs == (("plain", "<b>粗</b>与"), ("bold", "乙"), ("plain", "和"), ("code", "丙"))


def test_each_place_of_the_manual_is_named_once() -> None:
    assert [anchor for anchor, times in _ANCHORS.items() if times > 1] == []


def test_each_page_is_explained_somewhere(site: Site) -> None:
    """Every way that some role may go, by its endpoint or its blueprint; and no entry is of a page that is gone."""
    ways = {rule.endpoint for rule in site.app.url_map.iter_rules() if rule.endpoint != "static"}
    with site.app.app_context():
        asked = {way for way in ways if any(may_use(way, role) for role in Role)}
    names = ways | {way.partition(".")[0] for way in ways}
    assert {way for way in asked if not HELP.keys() & {way, way.partition(".")[0]}} == set()
    assert HELP.keys() - names == set()


def test_each_entry_leads_to_a_place_of_the_manual() -> None:
    told = [one for one in HELP.values() if not isinstance(one, str)]
    named = {one for one in HELP.values() if isinstance(one, str)} | {place for one in told for place in one.values()}
    assert (named | set(OF_ROLE.values())) - _ANCHORS.keys() == set()


def test_nobody_is_led_to_the_chapter_of_another(site: Site) -> None:
    """What a chapter of one role says of a page does not hold for the others who read it."""
    with site.app.app_context():
        led = {
            (rule.endpoint, role, place_of(rule.endpoint, role))
            for rule in site.app.url_map.iter_rules()
            for role in OF_ROLE
            if rule.endpoint != "static" and "GET" in (rule.methods or ()) and may_use(rule.endpoint, role)
        }
    of_another = {one for one in led if one[2].partition("-")[0] in _OF_ONE - _OWN.get(one[1], {OF_ROLE[one[1]]})}
    assert {one for one in of_another if one[2] != "领导-代录"} == set()
    assert {role for _way, role, place in of_another if place == "领导-代录"} == {Role.SUPERVISOR}


@pytest.mark.parametrize(
    ("login", "page", "place"),
    [
        ("swj", "/today", "联络员-今天"),
        ("swj", "/me", "我的账号"),
        ("swj-head", "/sign-off", "单位负责人"),
        ("office", "/desk", "督查室-督查台"),
        ("office", "/tasks/9999", "督查室"),
        ("office", "/documents", "督查室-文件"),
        ("reader", "/documents", "文件和文稿-文件"),
        ("swj", "/documents", "文件和文稿-文件"),
        ("swj-head", "/circulars", "文件和文稿-文稿"),
        ("leader", "/overview", "领导-全貌和督查台"),
        ("office", "/notices", "督查室-消息"),
        ("auditor", "/audit", "审计管理员"),
        ("sysadmin", "/accounts", "系统管理员、安全保密管理员-开通账号"),
    ],
)
def test_a_page_leads_to_what_the_help_page_has(site: Site, login: str, page: str, place: str) -> None:
    with site.client(login) as client:
        [link] = _LINK.findall(client.get(page).get_data(as_text=True))
        manual = client.get("/help").get_data(as_text=True)
    assert unquote(link) == place
    assert f'id="{place}"' in manual
