"""What an item demands 「要求」: rhythms, a day, numbers, evidence, and whom each of them binds."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.items import Basis, Bearer, CadenceKind, Measure


@dataclass(frozen=True, slots=True)
class NamedBearer:
    """A unit or a collective that a demand names itself; the codes are its own or its members'."""

    printed: str
    unit_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """Whom a demand binds; `named` is filled where the bearer is `named`, and only there."""

    bearer: Bearer = Bearer.LEAD
    named: tuple[NamedBearer, ...] = ()


LEAD_BOUND = Bound()


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom the words name as recipient of a report; the code is None where the registry does not know the body."""

    printed: str
    unit_code: str | None = None


@dataclass(frozen=True, slots=True)
class Cadence:
    """A rhythm; without an addressee the report goes to the office."""

    kind: CadenceKind
    basis: Basis
    n: int | None = None
    quote: str | None = None
    bound: Bound = LEAD_BOUND
    addressee: Addressee | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day, inclusive, in Asia/Shanghai."""

    on: date
    basis: Basis
    quote: str | None
    bound: Bound = LEAD_BOUND


@dataclass(frozen=True, slots=True)
class Target:
    metric: str
    op: str
    value: float
    quote: str
    unit: str | None = None
    per: str | None = None
    measure: Measure | None = None
    bound: Bound = LEAD_BOUND


@dataclass(frozen=True, slots=True)
class EvidenceRequirement:
    """`form` is document, data, list or photo; `per` is period or once."""

    what: str
    basis: Basis
    quote: str | None = None
    form: str = "document"
    mandatory: bool = True
    per: str = "period"
    bound: Bound = LEAD_BOUND
