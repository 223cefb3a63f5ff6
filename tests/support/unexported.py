"""Pages whose tables need not be had as Excel, each with the reason; of all others `test_ways` asks a link to it."""

from collections.abc import Mapping

_ONE_THING = "of one thing, not a list of things; the lists that lead to it are exported"
_COUNTS = "counts whose numbers lead to their lists, which are exported"

UNEXPORTED: Mapping[str, str] = {
    "absences.show_person": _ONE_THING,
    "calendar.show": "what the State Council's notices say of a year, and which notices are entered",
    "circulars.show": "of one paper, which is had as Word with its figures' sources as Excel",
    "desk.show": _COUNTS,
    "leader.show": "the first rows of 逾期清单, 台账, 待我批 and 领导批示, which are exported whole",
    "many_forms.show": "forms to be filled in, each of which is had as Excel on its own page",
    "mine.show": "one's own log-ins and leave",
    "overdue.series": _ONE_THING,
    "overview.show": _COUNTS,
    "review_rows.show": _ONE_THING,
    "project_imports.form": "the files that were put in, which are kept as they are",
    "project_imports.show": "what an export that was put in would change; the list of projects is exported",
    "projects.show": _ONE_THING,
    "scoring.index": "a line for each month, of which inputs and ranking are had as workbooks",
    "scoring.show": _ONE_THING,
    "scoring_inputs.form": "numbers to be filled in, which are had as a workbook",
    "scoring_results.show_object": _ONE_THING,
    "tasks.show": _ONE_THING,
}
