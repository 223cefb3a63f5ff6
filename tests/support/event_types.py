"""Every kind of event that the domain knows."""

from importlib import import_module
from pkgutil import iter_modules

from tracker import domain
from tracker.domain.events import Event


def event_types() -> set[str]:
    """Return the types of all events, whoever records them."""
    return {kind.type for kind in event_classes()}


def event_classes() -> list[type[Event]]:
    """Return the classes of all events that have a type of their own."""
    for module in iter_modules(domain.__path__):
        import_module(f"{domain.__name__}.{module.name}")
    return _classes(Event)


def _classes(kind: type[Event]) -> list[type[Event]]:
    own = [kind] if "type" in kind.__dict__ else []
    return [*own, *(one for child in kind.__subclasses__() for one in _classes(child))]
