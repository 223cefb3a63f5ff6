"""Every page, as each role and at both widths: no rule of WCAG 2.1 A and AA is broken, nothing is wider than the
screen, and the browser's console complains of nothing. So too where there is nothing yet, and as who only supports.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlmodel import col
from werkzeug.routing import Rule

from tests.browser.pictures import keep_picture
from tests.browser.test_main_path import DESK, PHONE, LiveSite, _log_in, served
from tests.support.accounts import NewUser, create_user
from tests.support.busy_site import busy_site
from tests.support.databases import fresh_sqlite
from tests.support.office import ISSUED_AT, City
from tests.support.readings import small_registry
from tests.support.site import PASSWORD_HASH
from tracker.domain.accounts import Role
from tracker.store.tables.units import UserRow
from tracker.usecases.registering import register_units

pytestmark = pytest.mark.browser
# These see every page that they may open; the others those that none before them may.
_WHOLE = ("office", "swj", "leader")
_ROLES = (*_WHOLE, "swj-head", "reader", "sysadmin", "secadmin", "auditor", "pending")
_AXE = Axe().axe_script
# What is right is not told of, which would take longer than to find what is not.
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], "resultTypes": ["violations"]}
_NO_PAGES = frozenset({"static", "health.metrics"})
# Whose words depend on whether a unit leads; the others look alike to all units.
_OF_A_SHARE = ("/today", "/tasks/1", "/ledger", "/documents/1", "/due", "/evaluation/1")
_NOWHERE = "/no-such-page"
# What the browser itself complains of: a script that failed, something that the policy of contents keeps out.
_BAD = frozenset({"error", "warning"})
_OPEN: dict[str, list[str]] = {}
# How many forms are refused at least, so that the test cannot come to try none.
_REFUSED = {"swj": 5, "office": 10, "sysadmin": 3}
_IS_THERE = "action => [...document.forms].some(form => form.method + form.action === action)"
# A day or a number by itself in a cell is read in one piece.
_BROKEN_DAYS = """[...document.querySelectorAll('td, th')].filter(cell => {
  if (!/^[0-9]+(年[0-9]+月[0-9]+日)?$/.test(cell.textContent.trim())) return false;
  const words = document.createRange();
  words.selectNodeContents(cell);
  return new Set([...words.getClientRects()].map(line => Math.round(line.top))).size > 1;
}).map(cell => cell.textContent.trim())"""
_SEND_EMPTIED = """action => {
  const form = [...document.forms].find(form => form.method + form.action === action);
  for (const field of form.elements) if (!['hidden', 'submit'].includes(field.type)) field.value = '';
  form.noValidate = true;
  HTMLFormElement.prototype.submit.call(form);
}"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LiveSite]:
    live = LiveSite(fresh_sqlite(tmp_path), tmp_path)
    busy_site(tmp_path, live)
    with served(live):
        yield live


@pytest.mark.timeout(240)
@pytest.mark.parametrize("login", _ROLES)
def test_every_page_is_open_to_everybody(browser: Browser, site: LiveSite, login: str) -> None:
    before = _ROLES[: _ROLES.index(login)] if login not in _WHOLE else ()
    seen = {address for other in before for address in _pages(site, other)}
    addresses = [address for address in _pages(site, login) if address not in seen]
    page = _log_in(browser, site, login)
    complaints: list[str] = []
    page.on(
        "console", lambda line: complaints.append(line.text) if line.type in _BAD and not _is_nowhere(page) else None
    )
    wanted = ("/", *addresses, _NOWHERE)
    found = {address: faults for address in wanted if (faults := _faults(page, site, address, login))}
    assert found == {}
    assert complaints == []
    page.context.close()


@pytest.mark.timeout(240)
def test_who_only_supports_and_a_county_have_pages_open_to_everybody(browser: Browser, site: LiveSite) -> None:
    """The pages are those of a lead, what stands in them is not: other shares, other forms, marks of an evaluation."""
    with site.services.database.transaction() as session:
        create_user(session, NewUser("yc", "联络员", Role.LIAISON, PASSWORD_HASH, "yc"))
    for login in ("tjj", "yc"):
        _look_at(browser, site, login, _OF_A_SHARE)


@pytest.mark.timeout(240)
def test_pages_with_nothing_in_them_are_open_to_everybody(browser: Browser, tmp_path: Path) -> None:
    database = fresh_sqlite(tmp_path)
    with database.transaction() as session:
        register_units(session, small_registry(), at=ISSUED_AT)
    bare, seen = LiveSite(database, tmp_path, city=City(database)), {_NOWHERE}
    with served(bare):
        for login in ("office", "swj", "swj-head", "leader"):
            pages = [one for one in _asked_for(bare, login, of_one=False) if one not in seen]
            seen |= set(pages)
            _look_at(browser, bare, login, pages)


def _look_at(browser: Browser, site: LiveSite, login: str, addresses: Sequence[str]) -> None:
    page = _log_in(browser, site, login)
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type in _BAD else None)
    assert addresses
    found = {address: faults for address in addresses if (faults := _faults(page, site, address, login))}
    assert (found, complaints) == ({}, []), login
    page.context.close()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("login", ["swj", "office"])
def test_large_print_is_wider_than_no_phone(browser: Browser, site: LiveSite, login: str) -> None:
    with site.services.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == login)).one().large_print = True
    page = _log_in(browser, site, login, size=PHONE)
    expect(page.locator("html.large")).to_have_count(1)
    wide = {}
    for address in _pages(site, login):
        page.goto(site.address + address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: width for address, width in wide.items() if width > PHONE["width"]} == {}
    page.context.close()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("login", ["swj", "office", "sysadmin"])
def test_a_form_that_comes_back_is_open_to_everybody(browser: Browser, site: LiveSite, login: str) -> None:
    """Each form is sent emptied, one for each way: what is refused says so in a page like any other."""
    page = _log_in(browser, site, login)
    found, refused, tried = {}, 0, {"login.leave", "login.enter"}
    for address in _pages(site, login):
        page.goto(site.address + address)
        for action in page.evaluate("[...document.forms].map(form => form.method + form.action)"):
            way = _way(site, action)
            if way is None or way in tried or not page.evaluate(_IS_THERE, action):
                continue
            tried.add(way)
            with page.expect_navigation() as went:
                page.evaluate(_SEND_EMPTIED, action)
            if went.value.status == 400:
                refused += 1
                if faults := _faults_of(page, [DESK], f"{login}-refused-{way}"):
                    found[way] = faults
            page.goto(site.address + address)
    assert found == {}
    assert refused >= _REFUSED[login]
    page.context.close()


def _way(site: LiveSite, action: str) -> str | None:
    """Return the endpoint to which a form is posted; None where it asks only."""
    if not action.startswith("post"):
        return None
    endpoint, _values = site.app.url_map.bind("localhost").match(urlsplit(action[4:]).path, method="POST")
    return str(endpoint)


def _pages(site: LiveSite, login: str) -> list[str]:
    """Return the addresses that answer this account with a page, one for each way; each site is made alike."""
    if login not in _OPEN:
        _OPEN[login] = _asked_for(site, login)
    return _OPEN[login]


def _asked_for(site: LiveSite, login: str, *, of_one: bool = True) -> list[str]:
    """Return them; without those of one task, document and the like where they are not `of_one`."""
    with site.client(login) as client:
        rules = [rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        rules = [rule for rule in rules if of_one or not rule.arguments]
        asked = [_first_address(site, rule) for rule in rules if rule.endpoint not in _NO_PAGES]
        answers = {address: client.get(address, buffered=True) for address in asked}
    return [
        address for address, answer in answers.items() if answer.status_code == 200 and answer.mimetype == "text/html"
    ]


def _is_nowhere(page: Page) -> bool:
    """Tell whether a page was asked for that does not exist, of which the browser complains."""
    return page.url.endswith(_NOWHERE)


def _first_address(site: LiveSite, rule: Rule) -> str:
    return str(site.app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, 1)))


def _faults(page: Page, site: LiveSite, address: str, login: str) -> list[str]:
    page.goto(site.address + address)
    return _faults_of(page, (DESK, PHONE), f"{login}-{address.strip('/').replace('/', '-') or 'home'}")


def _faults_of(page: Page, sizes: Iterable[dict[str, int]], name: str) -> list[str]:
    faults: list[str] = []
    page.evaluate(_AXE)
    for size in sizes:
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        told = page.evaluate("rules => axe.run(rules)", _RULES)["violations"]
        faults += [f"{size['width']} px, {one['id']}: {node['html'][:120]}" for one in told for node in one["nodes"]]
        wide = page.evaluate("document.documentElement.scrollWidth")
        broken = page.evaluate(_BROKEN_DAYS)
        faults += [f"{size['width']} px, a day on two lines: {text}" for text in broken]
        keep_picture(page, f"{name}-{size['width']}")
        faults += [f"{wide} px wide on {size['width']}"] if wide > size["width"] else []
    return faults
