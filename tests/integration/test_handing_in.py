"""What comes before a file is kept: a look for viruses, and the quota of its unit."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.support.clamd import EICAR, LONGEST_STREAM, clamd
from tests.support.site import Site
from tracker.domain.file_rules import DayQuotaUsedUp, FileRules, QuotaUsedUp
from tracker.gateways.antivirus import ScannerFailed, VirusFound, scan
from tracker.gateways.configuration import CONFIGURATION, BadConfiguration, load_file_rules
from tracker.settings import SettingsError, load_settings
from tracker.store.database import Database
from tracker.store.tables.uploads import UploadRow
from tracker.usecases.handing_in import hand_in

_AT = datetime(2022, 9, 2, 1, 0, tzinfo=UTC)
_RULES = FileRules(unit_day_bytes=100, unit_total_bytes=150)


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    return Site(database, tmp_path)


def _file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("by_socket", [True, False])
def test_a_virus_is_found_over_both_kinds_of_address(tmp_path: Path, by_socket: bool) -> None:
    with clamd(tmp_path / "clamd" if by_socket else None) as address:
        scan(_file(tmp_path, b"x" * 200_000), address=address)
        scan(_file(tmp_path, b""), address=address)
        with pytest.raises(VirusFound) as found:
            scan(_file(tmp_path, b"x" * 100_000 + EICAR), address=address)
    assert found.value.facts == {"virus": "Eicar-Test-Signature"}


def test_a_scanner_that_is_away_or_gives_up_never_lets_a_file_through(tmp_path: Path) -> None:
    with clamd() as address, pytest.raises(ScannerFailed):
        scan(_file(tmp_path, b"x" * (LONGEST_STREAM + 1)), address=address)
    for away in (address, f"unix://{tmp_path}/nobody"):
        with pytest.raises(ScannerFailed):
            scan(_file(tmp_path, b"x"), address=away)


@pytest.mark.parametrize("address", ["clamd:3310", "tcp://", "tcp://host", "unix://", "http://host:1"])
def test_an_address_that_is_none_is_refused_at_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsError, match="TRACKER_CLAMD"):
        load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path), "TRACKER_CLAMD": address})


def _upload(client: FlaskClient, content: bytes) -> tuple[int, str]:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/drafts").get_data(as_text=True))
    assert token
    answer = client.post("/drafts", data={"csrf_token": token[1], "file": (BytesIO(content), "方案.txt")})
    return answer.status_code, html.unescape(answer.get_data(as_text=True))


def _use(site: Site, *, clamd: str | None = None, rules: FileRules = _RULES) -> None:
    settings = site.services.settings.model_copy(update={"clamd": clamd})
    site.services = replace(site.services, settings=settings, file_rules=rules)
    site.app.extensions["tracker"] = site.services


_TEXT = (Path(__file__).parents[1] / "data/intake/development/two-documents-2020.txt").read_bytes()
_LARGE = FileRules(unit_day_bytes=10**9, unit_total_bytes=10**9)


def test_nothing_with_a_virus_enters_the_store_by_a_page(site: Site, tmp_path: Path) -> None:
    kept = tmp_path / "evidence"
    with site.client("office") as office, clamd() as address:
        _use(site, clamd=address, rules=_LARGE)
        assert _upload(office, _TEXT)[0] == 303
        files = len([path for path in kept.rglob("*") if path.is_file()])
        status, said = _upload(office, _TEXT + b"\n" + EICAR)
        assert (status, "查出病毒（Eicar-Test-Signature）" in said) == (400, True)
    with site.client("office") as office:
        status, said = _upload(office, _TEXT + b"\n")
        assert (status, "病毒检查暂时不能进行" in said) == (503, True)
    assert len([path for path in kept.rglob("*") if path.is_file()]) == files


def test_a_file_beyond_the_quota_is_refused_before_it_is_kept(site: Site, tmp_path: Path) -> None:
    with site.client("office") as office:
        _use(site)
        status, said = _upload(office, _TEXT)
        assert (status, "这个文件没有保存" in said) == (409, True)
    assert [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == []
    with site.services.database.reading() as session:
        assert session.execute(select(func.count()).select_from(UploadRow)).scalar_one() == 0


def test_a_unit_has_a_quota_of_the_day_and_one_in_all(site: Site) -> None:
    first, second = site.city.unit_id("swj"), site.city.unit_id("tjj")

    def send(size: int, unit_id: int = first, *, days: int = 0) -> None:
        with site.services.database.transaction() as session:
            hand_in(session, size_bytes=size, rules=_RULES, unit_id=unit_id, person_id=1, at=_AT + timedelta(days=days))

    send(100)
    with pytest.raises(DayQuotaUsedUp):
        send(1)
    send(100, second)
    with pytest.raises(QuotaUsedUp):
        send(51, days=1)
    send(50, days=1)
    with pytest.raises(QuotaUsedUp):
        send(1, days=2)


@pytest.mark.parametrize("text", ["unit_day_mb = 500", "unit_day_mb = 0\nunit_total_mb = 1", "a = 1"])
def test_rules_that_are_not_whole_are_not_loaded(tmp_path: Path, text: str) -> None:
    assert load_file_rules(CONFIGURATION / "files.toml").unit_day_bytes == 500 * 2**20
    (tmp_path / "files.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration):
        load_file_rules(tmp_path / "files.toml")


def test_pages_keep_files_by_one_way_only() -> None:
    pages = (Path(__file__).parents[2] / "tracker" / "web").glob("**/*.py")
    assert [page.name for page in pages if "evidence.store" in page.read_text(encoding="utf-8")] == ["uploads.py"]
