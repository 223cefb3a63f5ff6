"""主送 names bodies: a bare place gets its last word, once for all of its class."""

from tracker.domain.circulars.salutation import names_printed, printed, without

_TO = ("市住建局", "市医保局", "驿城区", "遂平县", "市城乡一体化示范区", "驻马店经济开发区")


def test_places_are_written_as_the_bodies_that_they_stand_for() -> None:
    words = "市住建局、市医保局，驿城区、遂平县人民政府，市城乡一体化示范区、驻马店经济开发区管委会"
    assert printed(_TO) == words
    assert names_printed(words) == list(_TO)
    assert printed(()) == ""
    assert printed(["驻马店市商务局"]) == "驻马店市商务局"
    assert printed(["遂平县人民政府"]) == "遂平县人民政府", "a full name is one already"


def test_bodies_are_left_out_and_put_back_and_typed_words_stay() -> None:
    words = printed(_TO)
    assert (
        without(words, ["遂平县", "市医保局"], back=())
        == "市住建局，驿城区人民政府，市城乡一体化示范区、驻马店经济开发区管委会"
    )
    assert without("各科室，驿城区人民政府", ["驿城区"], back=["市医保局"]) == "各科室、市医保局"


def test_a_county_that_became_a_city_is_no_bare_place() -> None:
    assert printed(["驿城区", "新蔡市"]) == "驿城区、新蔡市人民政府"
    assert names_printed("驿城区、新蔡市人民政府") == ["驿城区", "新蔡市"]
