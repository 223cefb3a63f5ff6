"""`make stop`: end what a crashed run may have left, by its own pid files."""

import os
import sys

from tracker.settings import SettingsError, load_settings
from workers.supervisor import stop_leftovers

if __name__ == "__main__":
    try:
        stop_leftovers(load_settings({"TRACKER_MODE": "demo", **os.environ}).data_dir)
    except SettingsError as error:
        sys.exit(str(error))
