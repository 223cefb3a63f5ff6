"""Which event says what of accounts, leave and hand-overs."""

from collections.abc import Mapping

from tracker.store.history.row_says import Beside, Fact, Is, Says, sealed
from tracker.store.row_digests import digest_field

# What no event of this type tells, whatever was told before.
_LATER = Fact("", kept_later=True)
_FACTOR_GONE = {digest_field("second_factor"): _LATER}
_WAY_IN, _NONE = sealed("person"), Is(None)
_A, _AT = Beside.ACTOR, Beside.AT
_OPENS = ("account.reset", "account.code_completed", "account.password_changed", "account.email_confirmed")

ACCOUNTS: Mapping[str, tuple[Says, ...]] = {
    "account.created": (
        Says(
            "person",
            "user_id",
            {
                "login": "login",
                "name": "name",
                "role": "role",
                "unit_id": "of_unit_id",
                "active": Is(True),
                "demonstration": "demonstration",
                "created_by": Beside.ACTOR_ID,
                "digest_hour": _NONE,
                "large_print": Is(False),
                "calendar_sha256": _NONE,
                **_WAY_IN,
            },
            born=True,
        ),
    ),
    "account.role_granted": (Says("person", "user_id", {"role": "role"}),),
    "account.changed": (Says("person", "user_id", {"name": "new_name", "unit_id": "new_unit_id", **_WAY_IN}),),
    "account.settings_chosen": (Says("person", "user_id", {name: name for name in ("digest_hour", "large_print")}),),
    "account.calendar_link_set": (Says("person", "user_id", {"calendar_sha256": "calendar_sha256"}),),
    "account.disabled": (Says("person", "user_id", {"active": Is(False), "calendar_sha256": _NONE}),),
    "account.enabled": (Says("person", "user_id", {"active": Is(True), **_WAY_IN}),),
    **dict.fromkeys(_OPENS, (Says("person", "user_id", _WAY_IN),)),
    "account.factor_set_up": (Says("second_factor", "user_id", sealed("second_factor")),),
    "account.factor_removed": (Says("second_factor", "user_id", _FACTOR_GONE),),
    "account.factor_reset": (Says("second_factor", "user_id", _FACTOR_GONE),),
    "account.absence_set": (
        Says(
            "absence",
            "absence_id",
            {
                **{name: name for name in ("user_id", "deputy_id", "first_on", "last_on", "reason")},
                "set_by": _A,
                "set_at": _AT,
                "ended_at": _NONE,
            },
            born=True,
        ),
    ),
    "account.absence_ended": (Says("absence", "absence_id", {"ended_at": _AT}),),
    "account.handed_over": (
        Says(
            "handover",
            "handover_id",
            {
                "from_id": "user_id",
                "to_id": "to_id",
                "reason": "reason",
                "handed_by": _A,
                "handed_at": _AT,
                **sealed("handover"),
            },
            born=True,
        ),
    ),
}
