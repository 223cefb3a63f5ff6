"""The triggers by which a database itself refuses to change the log of events, and whether it still has them."""

from collections.abc import Mapping

from sqlalchemy import Connection, text

_WORDS = "the event log is append-only"
# What the first migration ran, by the names that a database gives the triggers.
GUARDS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        f"event_no_{act}": f"CREATE TRIGGER event_no_{act} BEFORE {act.upper()} ON event "
        f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
        for act in ("update", "delete")
    },
    "postgresql": {
        "event_append_only": "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event "
        "FOR EACH ROW EXECUTE FUNCTION refuse_event_change()"
    },
}
FUNCTION_BODY = f" BEGIN RAISE EXCEPTION '{_WORDS}'; END "
_SQLITE = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event' AND sql = :made_by")
# 27: before each row, of DELETE and UPDATE; one that is disabled, or works for replicas only, guards nothing.
_POSTGRES = text(
    "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgrelid = 'event'::regclass"
    " AND tgenabled IN ('O', 'A') AND tgtype = 27 AND tgqual IS NULL AND prosrc = :body"
)


def missing_guards(connection: Connection) -> list[str]:
    """Return the names of the triggers that are gone, disabled, or do something else."""
    kind = connection.dialect.name
    if kind == "postgresql":
        found = set(connection.scalars(_POSTGRES, {"body": FUNCTION_BODY}))
    else:
        found = {
            name for made_by in GUARDS[kind].values() for name in connection.scalars(_SQLITE, {"made_by": made_by})
        }
    return sorted(GUARDS[kind].keys() - found)
