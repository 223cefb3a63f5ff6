"""Whatever somebody sends has a name, so that a refusal can say what was not done."""

from pathlib import Path

from tests.support.databases import fresh_sqlite
from tests.support.site import Site
from tracker.web import acts, circular_acts
from tracker.wording.acts import ACT_NAMES

_OF_SEVERAL = {"acts.act_on_task": acts.TASK_ACTS, "circular_acts.change": circular_acts.ACTS}


def test_every_form_that_is_sent_has_a_name_and_no_name_is_left_over(tmp_path: Path) -> None:
    app = Site(fresh_sqlite(tmp_path), tmp_path).app
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    several = {f"{endpoint} {act}" for endpoint, known in _OF_SEVERAL.items() for act in known}
    assert set(ACT_NAMES) == several | endpoints - set(_OF_SEVERAL)
