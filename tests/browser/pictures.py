"""Pictures of what is seen, kept where TRACKER_SCREENSHOTS names a folder, as `make shots` does."""

import os
from pathlib import Path

from playwright.sync_api import Page


def keep_picture(page: Page, name: str) -> None:
    """Keep the whole page as it is seen now under a name, which has no ending; nothing where no folder is named."""
    if folder := os.environ.get("TRACKER_SCREENSHOTS"):
        page.wait_for_load_state("load")
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
