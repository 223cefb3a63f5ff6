"""The Flask application: factory only."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from tracker.bootstrap import Services
from tracker.cli.commands import register_commands

VERSION = "0.1.0"


def create_app(services: Services) -> Flask:
    """Build the application on the given services."""
    app = Flask("tracker.web", template_folder="../../templates")
    app.config["SECRET_KEY"] = services.settings.secret_key
    register_commands(app, services)

    @app.get("/healthz")
    def healthz() -> ResponseReturnValue:
        """Say whether the parts answer; 503 names the one that is down."""
        try:
            services.database.answers()
        except SQLAlchemyError:
            return jsonify(status="down", version=VERSION, database="down"), 503
        return jsonify(status="ok", version=VERSION, database="ok", clock=services.clock.now().isoformat())

    return app
