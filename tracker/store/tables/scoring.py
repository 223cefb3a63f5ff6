"""The evaluation by a scheme 「月度考评」: rules, decisions, months, what was handed in for them, objections."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.scoring.entries import InputKind, InputSource
from tracker.domain.scoring.months import CorrectionState, MonthState, ObjectionState
from tracker.store.tables.columns import Versioned, partial_index, states


class ScoreSchemeRow(SQLModel, table=True):
    """One version of a scheme's rules: `content` is the file as it was read, `sha256` its digest."""

    __tablename__ = "score_scheme"
    __table_args__ = (UniqueConstraint("code", "sha256", name="score_scheme_once"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str
    document: str
    title: str
    content: str
    sha256: str
    kept_by: str
    kept_at: datetime


class ScoreDecisionRow(SQLModel, table=True):
    """What the office decided on a question of a scheme; a changed decision is a row with the next version.

    `first_month` and `last_month` are those for which it holds, 2022-09; empty or none is no bound. `weights` are
    `metric=share` with blanks between. `decider` decided on `decided_on`, `entered_by` wrote it down.
    """

    __tablename__ = "score_decision"
    __table_args__ = (UniqueConstraint("scheme", "question", "version", name="score_decision_version"),)

    id: int | None = Field(default=None, primary_key=True)
    scheme: str
    question: str
    version: int
    option: str
    number: str | None = None
    weights: str = ""
    decider: str
    decided_on: date
    reason: str
    first_month: str
    last_month: str | None = None
    entered_by: str
    entered_at: datetime


class ScoreMonthRow(Versioned, table=True):
    """A month of evaluation; `month` is written as 2022-09. `check_until` is the last day to object, included.

    From freezing on `result` is all that it is made of and came to; `decided_up_to` the last decision that counts.
    """

    __tablename__ = "score_month"
    __table_args__ = (
        states("state", MonthState, table="score_month"),
        UniqueConstraint("scheme", "month", name="score_month_once"),
        CheckConstraint("(state IN ('frozen', 'issued')) = (result IS NOT NULL)", name="score_month_result"),
        Index("score_month_of_scheme", "scheme_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    scheme: str
    scheme_id: int = Field(foreign_key="score_scheme.id")
    month: str
    state: str = MonthState.COLLECTING.value
    inputs_by: date
    opened_by: str
    opened_at: datetime
    check_opened_at: datetime | None = None
    check_until: date | None = None
    frozen_by: str | None = None
    frozen_at: datetime | None = None
    rule_version: str | None = None
    inputs_digest: str | None = None
    decided_up_to: int | None = None
    result: str | None = None


class ScoreInputRow(SQLModel, table=True):
    """One input of a month; never changed: a correction is another row that `replaces_id` it, `void` to take it back.

    Numbers are text, so that they stay exact. `items` are codes with blanks between, `behind` the things that it was
    counted from, one a line. `unit_id` is the unit that handed it in, None of the office.
    """

    __tablename__ = "score_input"
    __table_args__ = (
        states("kind", InputKind, table="score_input"),
        states("source", InputSource, table="score_input"),
        CheckConstraint("(file_sha256 IS NULL) = (file_name IS NULL)", name="score_input_file"),
        Index("score_input_of_month", "month_id", "id"),
        Index("score_input_of_unit", "unit_id"),
        partial_index("score_input_corrected_once", "replaces_id", where="replaces_id IS NOT NULL", unique=True),
        partial_index(
            "score_input_figure_once",
            "month_id",
            "code",
            "object",
            where="kind = 'figure' AND replaces_id IS NULL",
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    month_id: int = Field(foreign_key="score_month.id")
    kind: str
    code: str
    object: str
    value: str | None = None
    found: str | None = None
    reference: str = ""
    items: str = ""
    source: str = InputSource.ENTERED.value
    behind: str = ""
    source_words: str
    file_sha256: str | None = None
    file_name: str | None = None
    file_media_type: str | None = None
    reason: str = ""
    replaces_id: int | None = Field(default=None, foreign_key="score_input.id")
    void: bool = False
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    entered_by: str
    entered_at: datetime


class ScoreObjectionRow(Versioned, table=True):
    """What an evaluated body says against its marks under an item, and what the office answered.

    `inputs_after` is the number of the month's last input when it was answered: what comes later may carry it out.
    `settled_because` says why nothing in the marks is to be changed though it holds.
    """

    __tablename__ = "score_objection"
    __table_args__ = (
        states("state", ObjectionState, table="score_objection"),
        CheckConstraint("(state = 'open') = (answer IS NULL)", name="score_objection_answered"),
        CheckConstraint("settled_because IS NULL OR state = 'upheld'", name="score_objection_settled"),
        Index("score_objection_of_month", "month_id", "id"),
        Index("score_objection_of_unit", "unit_id"),
        partial_index("score_objection_open_once", "month_id", "object", "item", where="state = 'open'", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    month_id: int = Field(foreign_key="score_month.id")
    unit_id: int = Field(foreign_key="unit.id")
    object: str
    item: str
    words: str
    state: str = ObjectionState.OPEN.value
    raised_by: str
    raised_at: datetime
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    inputs_after: int | None = None
    settled_because: str | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None


class ScoreCorrectionRow(Versioned, table=True):
    """Why a published month is corrected, and the result that takes the place of the one before; rows stay.

    `edition` counts the results of a month: the month's own is the first. `inputs_after` is the number of the month's
    last input when it was opened, up to which the result before was made of.
    """

    __tablename__ = "score_correction"
    __table_args__ = (
        states("state", CorrectionState, table="score_correction"),
        CheckConstraint("(state IN ('frozen', 'issued')) = (result IS NOT NULL)", name="score_correction_result"),
        CheckConstraint("(result IS NULL) = (edition IS NULL)", name="score_correction_edition"),
        Index("score_correction_of_month", "month_id", "id"),
        partial_index("score_correction_one", "month_id", where="state IN ('open', 'frozen')", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    month_id: int = Field(foreign_key="score_month.id")
    state: str = CorrectionState.OPEN.value
    reason: str
    inputs_after: int
    opened_by: str
    opened_at: datetime
    edition: int | None = None
    frozen_by: str | None = None
    frozen_at: datetime | None = None
    rule_version: str | None = None
    inputs_digest: str | None = None
    result: str | None = None
