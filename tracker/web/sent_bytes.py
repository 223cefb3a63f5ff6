"""How much one request may send: beyond it files are let go as they come, and what was written arrives all the same."""

from contextlib import suppress
from socket import SHUT_RD, socket
from typing import IO, Any

from flask import Request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, ClientDisconnected, RequestEntityTooLarge, RequestTimeout
from werkzeug.formparser import default_stream_factory

from tracker.domain.errors import BadInput
from tracker.gateways.places import REQUESTS

_MB = 1024 * 1024
LARGEST_TOGETHER_BYTES = 60 * _MB  # all files of a request, and apart from them whatever else it says
# A form of forty rows has one or two for each; a file takes about a second to inspect.
MOST_FILES = 60
LARGEST_REQUEST_BYTES = 300 * _MB  # is read to its end so that a form can come back; what is larger is not begun


class FilesTooLargeTogether(BadInput):
    """The files of one request are more than it may have together; facts: max_mb."""

    code = "files_too_large_together"


class TooManyFiles(BadInput):
    """More files came with one request than are looked at together; facts: most."""

    code = "too_many_files"


class BoundedRequest(Request):
    """A request of which at most LARGEST_TOGETHER_BYTES of files lie on the disk, and as much text in memory.

    Of its files the first MOST_FILES are kept.
    """

    is_given_up = False  # it came too slowly or broken, and nothing more of it is read
    _files = 0
    _of_files = 0
    _read = 0

    def __init__(self, *args: Any, **named: Any) -> None:  # Any: as Werkzeug makes it
        super().__init__(*args, **named)
        self._arrived: list[IO[bytes]] = []

    def close(self) -> None:
        """Close every file that came, those too that came before a request was refused."""
        super().close()
        for file in self._arrived:
            file.close()

    @property
    def max_content_length(self) -> int | None:
        """Return what may come in bytes: more only where files can be let go."""
        return LARGEST_REQUEST_BYTES if self.mimetype == "multipart/form-data" else LARGEST_TOGETHER_BYTES

    @max_content_length.setter
    def max_content_length(self, _bytes: int | None) -> None:
        raise AttributeError("the limit is that of every request")

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        kept = default_stream_factory(total_content_length, content_type, filename)
        self._arrived.append(kept)
        self._files += bool(filename)  # a field in which nothing was chosen sends a file without a name
        file: Any = _Arriving(self, kept, too_many=self._files > MOST_FILES)
        return file  # type: ignore[no-any-return]  # as much of a file as is asked of it

    def _get_stream_for_parsing(self) -> IO[bytes]:
        stream: Any = _Counted(self, super()._get_stream_for_parsing())
        return stream  # type: ignore[no-any-return]

    def took(self, size_bytes: int, *, of_file: bool) -> bool:
        """Count what came; return whether files are still to be kept. Raises RequestEntityTooLarge for text."""
        if of_file:
            self._of_files += size_bytes
        else:
            self._read += size_bytes
            if self._read - self._of_files > LARGEST_TOGETHER_BYTES:
                raise RequestEntityTooLarge()
        return self._of_files <= LARGEST_TOGETHER_BYTES


class _Counted:
    """The body of a request, for which nobody else waits while it comes.

    Who sends more slowly than is waited for the server gives up (`workers/web_worker.py`).
    """

    def __init__(self, request: BoundedRequest, stream: IO[bytes]) -> None:
        self._request, self._stream = request, stream
        self._connection: socket | None = request.environ.get("gunicorn.socket")

    def read(self, size: int = -1) -> bytes:
        """Raises RequestEntityTooLarge, RequestTimeout, BadRequest; what is asked for after that has no more in it."""
        if self._request.is_given_up:
            return b""
        chunk = self._awaited(size)
        self._request.took(len(chunk), of_file=False)
        return chunk

    def _awaited(self, size: int) -> bytes:
        try:
            with REQUESTS.left(), suppress(TimeoutError, ClientDisconnected):
                return self._stream.read(size)
        except ParseException:  # chunks that are none: the server itself hangs up after the answer
            self._request.is_given_up = True
            raise BadRequest() from None
        self._request.is_given_up = True
        if self._connection is not None:
            # Else the server would read the rest before it takes another request of this connection.
            self._connection.shutdown(SHUT_RD)
        raise RequestTimeout()

    def __getattr__(self, name: str) -> Any:  # Any: as of the stream
        return getattr(self._stream, name)


class _Arriving:
    """A file that comes with a form; what is beyond the limit leaves nothing of it, and reading it says why."""

    def __init__(self, request: BoundedRequest, file: IO[bytes], *, too_many: bool) -> None:
        self._request, self._file, self._is_kept = request, file, not too_many
        self._too_many = too_many

    def write(self, chunk: bytes) -> int:
        if not self._request.took(len(chunk), of_file=True) and self._is_kept:
            self._is_kept = False
            self._file.seek(0)
            self._file.truncate()
        return self._file.write(chunk) if self._is_kept else len(chunk)

    def read(self, size: int = -1) -> bytes:
        """Raises TooManyFiles, FilesTooLargeTogether."""
        if self._too_many:
            raise TooManyFiles(most=MOST_FILES)
        if not self._is_kept:
            raise FilesTooLargeTogether(max_mb=LARGEST_TOGETHER_BYTES // _MB)
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:  # Any: as of the file
        return getattr(self._file, name)
