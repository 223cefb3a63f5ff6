"""The commands as an administrator runs them: real seeds, exit codes, one line on failure."""

import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from docx import Document

from seeds.demonstration import EXAMPLE_UNIT
from tests.support.commands import ROOT, SCENARIO, SeededDemonstration, invoke_flask, run_flask
from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tracker.cli.scenarios import DaysReached
from tracker.paper.checking import deviations


@pytest.fixture
def played(seeded_demonstration: SeededDemonstration) -> Path:
    """The data directory in which the autumn of 2022 has been played; no test changes it."""
    return seeded_demonstration.folder


def _rows(folder: Path, statement: str) -> list[tuple[Any, ...]]:  # Any: what the statement selects
    with sqlite3.connect(folder / "tracker.db") as connection:
        return connection.execute(statement).fetchall()


def test_the_export_holds_every_seeded_document_without_a_gap(played: Path) -> None:
    exported = json.loads(invoke_flask(played, "items", "export").stdout)
    seeded = sorted(path.parent.name for path in (ROOT / "seeds" / "documents").glob("*/items.json"))
    assert sorted(document["items"][0]["code"].split("-")[0] for document in exported["documents"]) == seeded
    for document in exported["documents"]:
        edges = [0, *(span["end"] for span in document["coverage"])]
        assert [span["start"] for span in document["coverage"]] == edges[:-1]
        assert edges[-1] == len(document["text"])
        assert "unclassified" not in {span["role"] for span in document["coverage"]}


def test_one_document_is_exported_by_its_number_and_an_unknown_one_is_refused(played: Path) -> None:
    one = json.loads(invoke_flask(played, "items", "export", "--document", "驻政办〔2022〕54号").stdout)
    assert [document["expires_on"] for document in one["documents"]] == ["2022-12-31"]
    unknown = invoke_flask(played, "items", "export", "--document", "驻政办〔2022〕1号")
    assert (unknown.exit_code, unknown.stderr.count("\n")) == (1, 1)


def test_the_scenario_shows_every_kind_of_conduct(played: Path) -> None:
    assert _rows(played, "SELECT now FROM demonstration_clock")[0][0].startswith("2022-11-01 01:00")
    for what in (
        "form_row WHERE late = 1 AND state = 'accepted'",
        "series WHERE overdue_from < '2022-11-01'",
        "request WHERE kind = 'extension' AND state = 'granted'",
        "report WHERE state = 'returned'",
        "report WHERE state = 'accepted'",
        "report WHERE claim = 'behind'",
        "report WHERE kind = 'tick'",
    ):
        assert _rows(played, f"SELECT count(*) FROM {what}")[0][0] > 0, what


def test_playing_again_changes_nothing_and_the_chain_holds(played: Path) -> None:
    before = _rows(played, "SELECT hash FROM chain_head")
    again = invoke_flask(played, "seed", "--scenario", SCENARIO)
    assert (again.exit_code, _rows(played, "SELECT hash FROM chain_head")) == (0, before)
    assert again.stdout.endswith(f"接着{played}中的数据演练，演示时钟现为2022-11-01 09:00\n")
    assert invoke_flask(played, "audit", "verify").exit_code == 0


def test_a_playing_city_names_its_days_at_most_every_two_seconds() -> None:
    said: list[str] = []
    seconds = iter([0.0, 1.9, 2.0, 2.0, 3.9, 4.1, 4.1])
    reached = DaysReached(said.append, seconds=lambda: next(seconds))
    for day in range(1, 5):
        reached(date(2022, 9, day))
    assert said == ["  … 2022-09-02", "  … 2022-09-04"]


def test_the_scenario_is_the_same_in_another_process(played: Path, played_autumn: PlayedAutumn) -> None:
    # The digest of how an account is opened has the salt of its password in it.
    events = (
        "SELECT type, occurred_at, actor_unit,"
        " CASE type WHEN 'account.created' THEN json_remove(payload, '$.sealed') ELSE payload END"
        " FROM event ORDER BY seq"
    )
    with sqlite3.connect(played_autumn.file(ENDS_AT)) as connection:
        assert connection.execute(events).fetchall() == _rows(played, events)


def test_the_same_cut_off_gives_the_same_circular_in_another_process_and_after_later_events(
    seeded_demonstration: SeededDemonstration, tmp_path: Path
) -> None:
    played, later = seeded_demonstration.folder, seeded_demonstration.copy_to(tmp_path / "later")
    assert invoke_flask(later, "clock", "advance", "--to", "2022-11-20T09:00").exit_code == 0
    for day in ("2022-10-10T09:00", "2022-11-01T09:00"):
        assert _circular(played, "supervision", day, tmp_path / "a.docx").exit_code == 0
        assert _circular(later, "supervision", day, tmp_path / "b.docx").exit_code == 0
        assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    apart = run_flask(played, "circular", "supervision", "--as-of", day, "--out", str(tmp_path / "c.docx"))
    assert apart.returncode == 0, apart.stderr
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "c.docx").read_bytes()
    nowhere = _circular(played, "supervision", "2022-11-01T09:00", tmp_path / "no" / "c.docx")
    assert (nowhere.exit_code, nowhere.stderr.count("\n")) == (1, 1)


def test_what_a_circular_says_is_what_the_state_of_that_moment_gives(played: Path, tmp_path: Path) -> None:
    out = tmp_path / "circular.docx"
    told = json.loads(_circular(played, "supervision", "2022-11-01T09:00", out, "--json").stdout)
    state = json.loads(invoke_flask(played, "state", "--as-of", "2022-11-01T09:00").stdout)
    figures = {figure["key"]: figure["value"] for figure in told["figures"]}
    assert (told["number"], told["last_event"]) == ("驻政办督〔2022〕10号", state["last_event"])
    assert {name: figures[name] for name in state["work"]} == state["work"]
    assert figures["total"] == len(state["tasks"]) == sum(state["work"].values())
    owed = [series["owed"]["kind"] for series in state["series"] if series["owed"]]
    assert figures["overdue"] == figures["blamed"] + figures["spared"] == len(owed) - owed.count("due")
    tables = {table["title"]: table for table in told["tables"]}
    assert len(tables["逾期未报事项清单"]["rows"]) == figures["blamed"]
    assert all(len(row) == len(table["columns"]) for table in tables.values() for row in table["rows"])
    paragraphs = [paragraph.text for paragraph in Document(str(out)).paragraphs]
    assert set(told["sentences"]) <= set(paragraphs)


@pytest.mark.parametrize(
    ("kind", "scope", "words"),
    [
        ("special", (), "第2期"),
        ("notice", ("--unit", "市商务局"), "特此通知。"),
        ("urge", ("--unit", "市商务局"), "驻政办函〔2022〕5号"),
        ("assignment", ("--document", "驻政办〔2022〕48号"), "附件：交办事项清单"),
        ("breakdown", ("--document", "驻政办〔2022〕48号"), "附件：任务分解表"),
        ("rectification", ("--unit", "新蔡县"), "一、限期整改"),
    ],
)
def test_every_type_is_rendered_without_a_deviation(
    played: Path, tmp_path: Path, kind: str, scope: tuple[str, ...], words: str
) -> None:
    out = tmp_path / "circular.docx"
    done = _circular(played, kind, "2022-11-01T09:00", out, *scope)
    assert done.exit_code == 0, done.stderr
    assert words in [paragraph.text for paragraph in Document(str(out)).paragraphs]
    assert deviations(out.read_bytes()) == []


@pytest.mark.parametrize("scope", [(), ("--unit", "没有的单位"), ("--document", "驻政办〔2022〕1号")])
def test_a_circular_without_its_scope_is_refused_in_one_line(
    played: Path, tmp_path: Path, scope: tuple[str, ...]
) -> None:
    out = tmp_path / "c.docx"
    done = run_flask(played, "circular", "notice", "--as-of", "2022-11-01T09:00", "--out", str(out), *scope)
    assert (done.returncode, done.stderr.count("\n"), out.exists()) == (1, 1, False)


def _circular(data: Path, kind: str, day: str, out: Path, *scope: str) -> Result:
    return invoke_flask(data, "circular", kind, "--as-of", day, "--out", str(out), *scope)


def test_the_clock_runs_forwards_and_brings_what_is_due(
    seeded_demonstration: SeededDemonstration, tmp_path: Path
) -> None:
    seeded_demonstration.copy_to(tmp_path)
    overdue = "SELECT count(*) FROM event WHERE type = 'series.overdue'"
    before = _rows(tmp_path, overdue)[0][0]
    back = invoke_flask(tmp_path, "clock", "advance", "--to", "2022-10-01T09:00")
    assert (back.exit_code, back.stderr.count("\n")) == (1, 1)
    assert invoke_flask(tmp_path, "clock", "advance", "--to", "2022-11-08T09:00").exit_code == 0
    assert _rows(tmp_path, overdue)[0][0] > before
    assert invoke_flask(tmp_path, "clock", "advance", "--to", "tomorrow").exit_code == 2


def test_a_city_goes_on_as_the_scenario_that_was_played_there(
    seeded_demonstration: SeededDemonstration, tmp_path: Path
) -> None:
    seeded_demonstration.copy_to(tmp_path)
    kept = "SELECT scenario FROM demonstration_clock"
    assert _rows(tmp_path, kept) == [(SCENARIO,)]
    other = invoke_flask(tmp_path, "seed", "--scenario", "silent-year")
    assert (other.exit_code, "这里已经开始autumn-2022，不再演练silent-year" in other.stdout) == (0, True)
    assert _rows(tmp_path, kept) == [(SCENARIO,)]
    with sqlite3.connect(tmp_path / "tracker.db") as connection:
        connection.execute("UPDATE demonstration_clock SET scenario = 'no-such-year'")
    lost = invoke_flask(tmp_path, "clock", "advance", "--to", "2022-11-01T10:00")
    assert (lost.exit_code, lost.stderr.strip()) == (
        1,
        "Error: 没有名为no-such-year的演示情景。现有：autumn-2022、silent-year。",
    )


def test_without_a_scenario_the_clock_only_runs_what_falls_due(tmp_path: Path) -> None:
    assert invoke_flask(tmp_path, "db", "upgrade").exit_code == 0
    assert invoke_flask(tmp_path, "clock", "advance", "--to", "2022-08-16T18:00").exit_code == 0
    assert _rows(tmp_path, "SELECT scenario, now FROM demonstration_clock") == [(None, "2022-08-16 10:00:00.000000")]
    assert {type_ for (type_,) in _rows(tmp_path, "SELECT type FROM event")} == {"clock.moved"}


def test_production_has_no_demonstration(tmp_path: Path) -> None:
    assert invoke_flask(tmp_path, "db", "upgrade", mode="production").exit_code == 0
    assert invoke_flask(tmp_path, "seed", mode="production").exit_code == 0
    assert _rows(tmp_path, "SELECT count(*) FROM person")[0][0] == 0
    assert invoke_flask(tmp_path, "clock", "advance", "--to", "2022-11-08T09:00", mode="production").exit_code == 1
    assert invoke_flask(tmp_path, "seed", "--scenario", SCENARIO, mode="production").exit_code == 1


def test_a_changed_event_is_found(seeded_demonstration: SeededDemonstration, tmp_path: Path) -> None:
    seeded_demonstration.copy_to(tmp_path)
    with sqlite3.connect(tmp_path / "tracker.db") as connection:
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET actor = 'somebody' WHERE seq = 1")
    broken = invoke_flask(tmp_path, "audit", "verify")
    assert broken.exit_code == 1
    unguarded, changed = broken.stdout.splitlines()[:2]
    assert "防改触发器event_no_update不在" in unguarded
    assert changed == "第1号事件：内容被改动"


def test_the_accounts_that_are_named_to_the_visitor_exist(played: Path) -> None:
    logins = {row[0] for row in _rows(played, "SELECT login FROM person")}
    assert {"ducha", "leader", "reader", EXAMPLE_UNIT, f"{EXAMPLE_UNIT}-head"} <= logins


def test_the_scenario_leaves_the_office_something_to_do(played: Path) -> None:
    for state in ("filed", "awaiting_sign_off"):
        assert _rows(played, f"SELECT count(*) FROM report WHERE state = '{state}'")[0][0] > 0, state


def test_production_refuses_a_scenario_before_it_loads_anything(tmp_path: Path) -> None:
    assert invoke_flask(tmp_path, "db", "upgrade", mode="production").exit_code == 0
    refused = invoke_flask(tmp_path, "seed", "--scenario", "foo", mode="production")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "Error: 演练情景只能在演示环境进行（TRACKER_MODE=demo）。\n"
    assert _rows(tmp_path, "SELECT count(*) FROM unit") == [(0,)]
