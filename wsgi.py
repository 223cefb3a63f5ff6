"""The web process: settings, services, application."""

import sys

from tracker.bootstrap import build_services
from tracker.settings import SettingsError, load_settings
from tracker.web.app import create_app

try:
    app = create_app(build_services(load_settings()))
except SettingsError as error:
    sys.exit(str(error))
