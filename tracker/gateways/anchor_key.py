"""The Ed25519 key (RFC 8032) that signs anchors: a private file beside the database, never in it."""

import hashlib
import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tracker.addresses import Fault
from tracker.data_directory import keep_once
from tracker.domain.audit import Anchor
from tracker.settings import SettingsError


class AnchorKey:
    """The key of one installation, made when it is first asked for."""

    def __init__(self, path: Path) -> None:
        """Raises SettingsError where the file holds no key."""
        text = keep_once(path, make=lambda: Ed25519PrivateKey.generate().private_bytes_raw().hex())
        try:
            self._private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip()))
        except ValueError:
            raise SettingsError(f"TRACKER_ANCHOR_KEY: {path} holds no Ed25519 key", fault=Fault.NO_KEY) from None

    @property
    def public(self) -> str:
        """The half that checks signatures, in hex; to be kept elsewhere."""
        return self._private.public_key().public_bytes_raw().hex()

    def sign(self, *, seq: int, hash_: str, at: datetime) -> Anchor:
        """Return the signed head of the chain."""
        anchor = Anchor(seq=seq, hash=hash_, at=at, key=key_name(self.public))
        return replace(anchor, signature=b64encode(self._private.sign(anchor.signed.encode())).decode())


def is_public(text: str) -> bool:
    """Tell whether a text is the public half of a key: 32 bytes in hex that are a point of the curve."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        return False
    return True


def key_name(public: str) -> str:
    """Return the short name of a public key, by which a line says who signed it."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def names_key(anchor: Anchor, public: str) -> bool:
    """Tell whether an anchor says that this key signed it, or what is given is no key at all."""
    try:
        return anchor.key == key_name(public)
    except ValueError:
        return True


def is_signed_by(anchor: Anchor, public: str) -> bool:
    """Tell whether an anchor was signed by the key of which this is the public half, in hex."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(b64decode(anchor.signature, validate=True), anchor.signed.encode())
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return True


def append_line(path: Path, line: str) -> None:
    """Append an anchor to a file that is kept for whoever owns it (0600). Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{line}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
