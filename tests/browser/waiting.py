"""What a person does before he looks at a page: he waits until it is there."""

from playwright.sync_api import Locator


def every(place: Locator) -> list[Locator]:
    """Return each one there is, of which there is one at least: a page that is still coming would give some or none."""
    place.first.wait_for(state="attached")
    place.page.wait_for_load_state()
    return place.all()
