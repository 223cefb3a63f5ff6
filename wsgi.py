"""The web process: settings, services, application. One command works without any of them, one says what ails them."""

import os
import sys
from itertools import pairwise

from flask import Flask

# Flask's own command says so; an administrator may run one as whoever he is, the site is served by a user of its own.
_IS_COMMAND = os.environ.get("FLASK_RUN_FROM_CLI") == "true"

# Reading a file takes less time than loading what serves the pages, so each way loads what it needs.
if ("items", "extract") in pairwise(sys.argv):
    from tracker.cli.extraction import register_extraction

    app = Flask("tracker")
    register_extraction(app)
elif _IS_COMMAND:
    from tracker.bootstrap import build_services
    from tracker.cli.commands import register_commands
    from tracker.cli.doctor.command import doctor_of_settings
    from tracker.data_directory import keep_private
    from tracker.failures import start_words
    from tracker.logs import configure_logs
    from tracker.settings import SettingsError, load_settings
    from tracker.web.app import create_app

    keep_private()
    try:
        # Commands put right what keeps the pages from being served, and only those that fill something make folders.
        settings = load_settings(making=False)
        configure_logs(settings)
        services = build_services(settings)
        app = create_app(services)
        register_commands(app, services)
    except SettingsError as error:
        if "doctor" not in sys.argv:
            sys.exit(start_words(error))
        app = Flask("tracker")
        app.cli.add_command(doctor_of_settings(start_words(error)))
else:
    from tracker.bootstrap import start_program
    from tracker.web.app import create_app

    app = create_app(start_program())
