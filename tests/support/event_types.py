"""Every kind of event that the domain knows."""

from importlib import import_module
from pkgutil import iter_modules

from tracker import domain
from tracker.domain.events import Event


def event_types() -> set[str]:
    """Return the types of all events, whoever records them."""
    for module in iter_modules(domain.__path__):
        import_module(f"{domain.__name__}.{module.name}")
    return _types(Event)


def _types(kind: type[Event]) -> set[str]:
    own = {kind.type} if "type" in kind.__dict__ else set()
    return own.union(*(_types(child) for child in kind.__subclasses__()))
