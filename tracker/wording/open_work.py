"""What is open with somebody, as a hand-over sheet names it."""

from collections.abc import Mapping
from datetime import date

from tracker.domain.calendar import full_date
from tracker.wording.catalogue import FILING_KINDS
from tracker.wording.periods import period_label

OPEN_NAMES: Mapping[str, str] = {
    "form": "待报送",
    "receipt": "待签收",
    "signature": "待审签",
    "approval": "待签批文稿",
    "request": "待批申请",
    "message": "未读消息",
    "paper": "在办文稿",
    "draft": "在拆解文件",
    "deputy": "受托代办",
}


def form_line(document: str, code: str) -> str:
    return f"{document}（{period_label(code)}）"


def receipt_line(number: str, label: str, title: str) -> str:
    return f"{number} {label} {title}"


def envelope_line(kind: str, document: str | None, code: str | None) -> str:
    """Name what waits for a signature: a form, or news, a reply, a request to be done."""
    return form_line(document, code) if document and code else FILING_KINDS[kind]


def request_line(unit: str, label: str, title: str) -> str:
    return f"{unit}：{label} {title}"


def deputy_line(name: str, *, first_on: date, last_on: date) -> str:
    return f"代{name}办理，{full_date(first_on)}至{full_date(last_on)}"
