"""Hands in a file where the disk of the evidence is full or read-only; prints what the site answers. Run by a test.

The disk is a small one in memory, mounted where nobody else sees it: `unshare -rm` gives the process its own view.
"""

import json
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.support.databases import fresh_sqlite
from tests.support.office import FIRST, IN_TIME
from tests.support.site import Site

FACT = "组织召开全市推进会1次，印发通报1期。"


def main(folder: Path, kind: str) -> None:
    site = Site(fresh_sqlite(folder), folder)
    site.clock.at = IN_TIME
    site.app.config["WTF_CSRF_ENABLED"] = False
    evidence = folder / "evidence"
    evidence.mkdir()
    with site.services.database.reading() as session:
        form = f"/periods/{site.city.period('swj', session, name=FIRST).id}/form"
    _mount(evidence, "size=64k")
    if kind == "read-only":
        _mount(evidence, "remount,ro")
    with site.client("swj") as liaison:
        sent = {
            "a1-fact": FACT,
            "not_secret": "yes",
            "a1-e0": FileStorage(
                BytesIO(b"%PDF-1.7\n" + b"0" * (900_000 if kind == "received" else 200_000)), filename="a.pdf"
            ),
        }
        boundary, encoded = encode_multipart(sent)
        if kind == "received":  # what is longer than the memory that it gets goes where temporary files do
            tempfile.tempdir = str(evidence)
        kind_of_form, referrer = f"multipart/form-data; boundary={boundary}", f"http://localhost{form}"
        answer = liaison.post(form, data=encoded, content_type=kind_of_form, headers={"Referer": referrer})
        left = [path.name for path in evidence.rglob("*") if path.is_file()]
        said = {"status": answer.status_code, "again": answer.headers.get("Retry-After"), "left": left}
        print(json.dumps({**said, "page": answer.get_data(as_text=True), "after": liaison.get(form).status_code}))


def _mount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
