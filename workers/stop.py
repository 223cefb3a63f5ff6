"""`make stop`: end what a crashed run may have left, by its own pid files."""

import os

from tracker.bootstrap import one_line_where_nothing_starts
from tracker.settings import load_settings
from workers.supervisor import stop_leftovers

if __name__ == "__main__":
    with one_line_where_nothing_starts():
        data_dir = load_settings({"TRACKER_MODE": "demo", **os.environ}, making=False).data_dir
        if data_dir.exists():  # else nothing was ever run there
            stop_leftovers(data_dir)
