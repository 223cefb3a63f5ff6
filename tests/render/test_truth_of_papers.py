"""Papers of every type at random moments of random lives: each sentence and each row is what `flask state` says.

24 in a plain run, more by `make test-render`: TRACKER_RENDERED_CIRCULARS says how many. What is read are the printed
words of the Word file that `flask circular` wrote, as of now and as of an earlier cut-off; what they are held against
is `city_then`. A sentence of an unknown pattern is a fault, so that a new one has to be taught.
"""

import json
import os
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import col

from tests.render import truth_of_orders, truth_of_reporting
from tests.render.city_then import CityThen
from tests.render.paper_matter import Matter
from tests.render.printed_paper import read_paper
from tests.render.truth_of_annexes import faults_of_annexes
from tests.render.truth_of_orders import faults_of_addressees
from tests.render.truth_of_text import faults_of_text
from tests.support.databases import fresh_sqlite, open_database
from tests.support.truth_life import TruthLife
from tracker.cli.commands import register_commands
from tracker.domain.calendar import SHANGHAI
from tracker.domain.circulars.kinds import KINDS, CircularType, Needs
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.units import UnitRow

pytestmark = pytest.mark.render
_COUNT = int(os.environ.get("TRACKER_RENDERED_CIRCULARS", "24"))
_A_LIFE, _A_MOMENT, _TRIES, _TRIES_OF_A_TYPE = 12, 3, 120, 15
_TAUGHT = (truth_of_orders, truth_of_reporting)  # their patterns are known once they are imported


# A circular about an evaluated month tells marks, which have a second calculation of their own.
_OF_TASKS = tuple(kind for kind in CircularType if KINDS[kind].needs is not Needs.MONTH)


@dataclass(frozen=True, slots=True)
class Checked:
    """A paper with what was found untrue in it; `follows` where another was issued before it."""

    name: str
    kind: CircularType
    faults: tuple[str, ...]
    follows: bool = False


@dataclass
class Chronicle:
    """A life of a seed, and the database as it was at each moment at which a paper is made."""

    folder: Path
    seed: int
    life: TruthLife = field(init=False)
    kept: dict[datetime, Path] = field(default_factory=dict)
    dealt: list[CircularType] = field(default_factory=list)
    put_off: list[CircularType] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        database = fresh_sqlite(self.folder)
        self.life = TruthLife(database, random.Random(self.seed), folder=self.folder)
        self.life.begin()

    def keep(self) -> datetime:
        """Keep the database as it is, and let a minute pass; return the moment."""
        at = self.life.now
        folder = self.folder / f"at{len(self.kept)}"
        folder.mkdir()
        with sqlite3.connect(self.folder / "tracker.db") as now, sqlite3.connect(folder / "tracker.db") as then:
            now.backup(then)
        self.kept[at] = folder / "tracker.db"
        return at

    def made_at(self, at: datetime) -> Checked:
        """Make a paper of some type and scope as of a moment that has been kept, and check it."""
        out = self.folder / "paper.docx"
        for tried in range(_TRIES):
            kind, unit_id, document = self._wanted()
            called = self._name_now(unit_id) if unit_id else None
            about = [
                *(["--unit", called] if called else []),
                *(["--document", document] if document else []),
            ]
            if self.run("circular", kind.value, *about, "--as-of", _local(at), "--out", str(out)):
                matter = Matter(then := self._then(at), kind.value, then.units.get(unit_id or 0), document, called)
                paper = read_paper(out)
                if (before := self._before(matter)) is not None:
                    matter = replace(matter, before=replace(matter, city=before))
                found = faults_of_text(paper, matter, previous=before)
                found += [*faults_of_annexes(paper, matter), *faults_of_addressees(paper.addressees, matter)]
                told = f"life {self.seed}, {_local(at)}, now {_local(self.life.now)}, {kind.value} {' '.join(about)}"
                self.dealt.pop()
                return Checked(told, kind, tuple(found), follows=before is not None)
            if tried % _TRIES_OF_A_TYPE == _TRIES_OF_A_TYPE - 1:
                self.put_off.append(self.dealt.pop())
        raise AssertionError(f"life {self.seed} has nothing to say at {at}")

    def _wanted(self) -> tuple[CircularType, int | None, str | None]:
        """Choose a type and what it is about: all, a unit, a document, or a unit's part of one.

        Types are dealt, so that a short run has each; one of which there is nothing to say comes again later.
        """
        made = self.life.made
        if not self.dealt:
            self.dealt = [*_OF_TASKS, CircularType.SUPERVISION, CircularType.SUPERVISION]
            made.shuffle(self.dealt)
            self.dealt += self.put_off
            self.put_off = []
        kind = self.dealt[-1]
        with self.life.database.reading() as session:
            units, documents = (
                session.scalars(select(col(UnitRow.id))).all(),
                session.scalars(select(col(DocumentRow.number))).all(),
            )
        needs = KINDS[kind].needs
        if needs is Needs.DOCUMENT:
            scope = made.choice(("document", "document", "both"))
        elif needs is Needs.UNIT:
            scope = made.choice(("unit", "unit", "both"))
        else:
            scope = made.choice(("unit", "document") if needs is Needs.EITHER else ("all", "all", "unit", "document"))
        unit_id = made.choice(units) if scope in ("unit", "both") else None
        return kind, unit_id, made.choice(documents) if scope in ("document", "both") else None

    def _name_now(self, unit_id: int) -> str:
        with self.life.database.reading() as session:
            return session.get_one(UnitRow, unit_id).full_name

    def _then(self, at: datetime) -> CityThen:
        """Return the city at a moment: what the commands print of it now, and the file as it was kept then."""
        events = [json.loads(line) for line in self.run("events", "export").splitlines()]
        state = json.loads(self.run("state", "--as-of", _local(at)))
        kept = open_database(f"sqlite:///{self.kept[at]}")
        is_workday = replace(self.life.services(), database=kept).calendar.is_workday
        then = CityThen(self.kept[at], at=at, state=state, events=events, is_workday=is_workday)
        kept.dispose()
        return then

    def _before(self, of: Matter) -> CityThen | None:
        """Return the city as the circular before saw it: the last that was issued of this type and scope."""
        about = (of.kind, of.unit and of.unit.full, of.document)
        found = [
            at
            for row in of.city.circulars
            if (row["type"], row["unit_name"], row["document_number"]) == about
            and (at := datetime.fromisoformat(row["as_of"]).replace(tzinfo=UTC)) < of.city.at
        ]
        return self._then(max(found)) if found else None

    def run(self, *command: str) -> str:
        """Run a command at the end of the life so far, and return what it printed."""
        app = Flask("tracker")
        register_commands(app, self.life.services())
        done = app.test_cli_runner().invoke(args=list(command))
        return done.stdout if done.exit_code == 0 else ""


def _papers_of(life: Chronicle) -> Iterator[Checked]:
    """Let a life go on and make its papers: most as of now, every third at its end as of that earlier moment."""
    later: list[datetime] = []
    life.life.live(60)
    for n in range(_A_LIFE // _A_MOMENT):
        life.life.live(60)
        if n:
            kind = life.life.made.choice((CircularType.SUPERVISION, CircularType.SPECIAL))
            life.keep()
            life.life.send_out(kind)
            life.life.live(25)
        at = life.keep()
        life.life.now += timedelta(minutes=1)
        for _paper in range(_A_MOMENT - 1):
            yield life.made_at(at)
        later.append(at)
    life.life.live(25)
    for at in later:
        yield life.made_at(at)


@pytest.mark.timeout(3600)
def test_nothing_that_a_paper_asserts_is_untrue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # pages are estimated, as where no LibreOffice is installed: its words are the same
    papers: list[Checked] = []
    while len(papers) < _COUNT:
        seed = len(papers) // _A_LIFE + 1
        papers += _papers_of(Chronicle(tmp_path / f"life{seed}", seed))
    faults = [f"{paper.name}: {fault}" for paper in papers for fault in paper.faults]
    made = Counter(paper.kind for paper in papers)
    assert not faults, "\n".join((str(dict(made)), *faults))
    assert set(made) == set(_OF_TASKS)
    assert any(paper.follows for paper in papers), "no paper begins where another ended"


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
