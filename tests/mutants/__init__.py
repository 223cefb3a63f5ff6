"""Changes the program in small ways and asks whether a test notices; see docs/mutants.md."""

FOLDERS = ("tracker/domain", "tracker/usecases", "tracker/steps", "tracker/store/queries", "tracker/store/history")
