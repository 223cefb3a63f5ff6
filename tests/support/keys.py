"""A key for signing in tests: as random as one that production takes."""

SECRET_KEY = "5b1fd07c93a84e26b7d0c64f1a92e835"
