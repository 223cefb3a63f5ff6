"""One browser for all tests of pages: a second one would not start beside it in the same process."""

from playwright.sync_api import expect

from tests.support.browser import browser

__all__ = ["browser"]

# What is awaited comes within a second; beside other work on the machine it may take many.
expect.set_options(timeout=20_000)
