"""One browser for all tests of pages: a second one would not start beside it in the same process."""

from tests.support.browser import browser

__all__ = ["browser"]
