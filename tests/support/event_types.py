"""Every kind of event that the domain knows."""

from importlib import import_module
from pkgutil import walk_packages
from sys import modules

from tracker import domain
from tracker.domain.events.base import Event


def event_types() -> set[str]:
    """Return the types of all events, whoever records them."""
    return {kind.type for kind in event_classes()}


def event_classes() -> list[type[Event]]:
    """Return the classes of all events that have a type of their own."""
    for module in walk_packages(domain.__path__, f"{domain.__name__}."):
        import_module(module.name)
    return _classes(Event)


def _classes(kind: type[Event]) -> list[type[Event]]:
    own = [kind] if "type" in kind.__dict__ and _is_held(kind) else []
    return [*own, *(one for child in kind.__subclasses__() for one in _classes(child))]


def _is_held(kind: type[Event]) -> bool:
    """Tell a class from the one without slots that it was made of, which may not be swept away yet."""
    return getattr(modules[kind.__module__], kind.__name__) is kind
