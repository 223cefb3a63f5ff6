"""Which event says what of the files in the boxes of units."""

from collections.abc import Mapping

from tracker.store.history.row_says import Beside, Is, Says

_TOLD = ("name", "sha256", "size_bytes", "media_type", "good_until", "replaces_id", "from_report_id")
_INSIDE = {"out_at": Is(None), "out_by": Is(None)}

BOXES: Mapping[str, tuple[Says, ...]] = {
    "box.file_put": (
        Says(
            "box_file",
            "box_file_id",
            {
                **{name: name for name in _TOLD},
                "unit_id": Beside.UNIT,
                "put_by": Beside.ACTOR,
                "put_at": Beside.AT,
                **_INSIDE,
            },
            born=True,
        ),
    ),
    "box.term_set": (Says("box_file", "box_file_id", {"good_until": "good_until"}),),
    "box.file_out": (Says("box_file", "box_file_id", {"out_at": Beside.AT, "out_by": Beside.ACTOR}),),
}
