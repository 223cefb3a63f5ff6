"""What a unit told of a row as news 「进展动态」 and its head has not signed, brought into the row's form 「沿用」."""

from collections.abc import Mapping

from tracker.domain.entered import number_text
from tracker.domain.errors import NotFound
from tracker.store.queries.form_views import FormView
from tracker.web.entries import said_in
from tracker.web.quoting import boxed_of
from tracker.web.row_fields import key_of


def with_news(view: FormView, given: Mapping[str, str], assignment_id: int | None) -> dict[str, str]:
    """Fill what is blank on a row with its unsigned news, where a share is named; its files by their numbers.

    What is written stands, and a completion is claimed anew. Raises NotFound.
    """
    if assignment_id is None:
        return dict(given)
    rows = (*view.rows, *view.others)
    row = next((one for one in rows if one.assignment_id == assignment_id and one.writable), None)
    if row is None or row.news is None:
        raise NotFound()
    key, filled = key_of(row), dict(given)
    told = {name: text for name, text in said_in(row.news, key).items() if not (row.final and name == f"{key}claim")}
    if numbers := boxed_of(row.news.files):
        told[f"{key}b0"] = "、".join(map(str, numbers.values()))
    for name, text in told.items():
        if not filled.get(name, "").strip():
            filled[name] = text
    for target in row.targets:
        value = row.news.values.get(target.target_id)
        if value is not None and not filled.get(f"{key}v{target.target_id}", "").strip():
            filled[f"{key}v{target.target_id}"] = number_text(value.value)
            filled[f"{key}on{target.target_id}"] = value.value_on.isoformat() if value.value_on else ""
    return filled
