"""Everything that is handed out as a list in Excel 「导出」: the blueprints of its modules."""

from tracker.web import day_exports, list_exports, register_exports, scoring_exports, waiting_exports

ALL = (day_exports, list_exports, register_exports, scoring_exports, waiting_exports)
