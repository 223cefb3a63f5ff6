"""A mark that only what happened makes says that nothing did, and who said so."""

from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.scoring.entries import InputKind
from tracker.gateways.schemes import read_scheme
from tracker.wording.score_nothing import nothing_words

_CRITICISM, _SITE = (InputKind.OCCURRENCE, "criticism"), (InputKind.CHECK, "site")


def test_each_mark_says_who_said_that_there_was_nothing_and_what_was_taken_so() -> None:
    scheme = read_scheme(SMALL_SCHEME)
    assert nothing_words(scheme, said={_CRITICISM: "市商务局"}, presumed={_SITE}) == {
        "1-2-cases": "批评：本月没有（市商务局报）",
        "1-3-site": "现场核查：没有报，按没有计",
    }
    assert nothing_words(scheme, said={_SITE: "督查室"}, presumed={_SITE}) == {
        "1-3-site": "现场核查：本月没有（督查室报）"
    }
    assert nothing_words(scheme, said={}, presumed=()) == {}
