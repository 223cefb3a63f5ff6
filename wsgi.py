"""The web process: settings, services, application. One command works without any of them."""

import os
import sys
from itertools import pairwise

from flask import Flask

from tracker.bootstrap import build_services, start_services
from tracker.cli.commands import register_commands, register_pure_commands
from tracker.logs import configure_logs
from tracker.settings import SettingsError, load_settings
from tracker.web.app import create_app

if ("items", "extract") in pairwise(sys.argv):
    app = Flask("tracker")
    register_pure_commands(app)
else:
    try:
        settings = load_settings()
        configure_logs(settings)
        # Commands put right what keeps the pages from being served.
        services = (build_services if os.environ.get("FLASK_RUN_FROM_CLI") == "true" else start_services)(settings)
        app = create_app(services)
        register_commands(app, services)
    except SettingsError as error:
        sys.exit(str(error))
