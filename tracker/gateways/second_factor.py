"""Authenticators by time (RFC 6238: SHA-1, six digits, 30 seconds), and how their secrets are kept.

Secrets are encrypted with a key derived from the program's secret key (HKDF-SHA256, AES-256-GCM) and bound to their
person: neither the database alone nor a row that was moved to somebody else opens anything.
"""

import base64
import os
import re
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ISSUER = "督查督办"
_STEP_SECONDS = 30
# Clocks of telephones go wrong a little.
_STEPS_BESIDE = 1
_CODE = re.compile(r"[0-9]{6}")
_NONCE_BYTES = 12


def new_secret() -> str:
    """Return a secret of 160 bits in base32."""
    return pyotp.random_base32()


def is_code(text: str) -> bool:
    """Say whether a text is written as a code of an authenticator; else it may be a recovery code."""
    return _CODE.fullmatch(_bare(text)) is not None


def matching_counter(secret: str, text: str, *, now: datetime) -> int | None:
    """Return the time step of which a text is the code, one step early or late at most; None where it is of none."""
    present, authenticator, found = int(now.timestamp()) // _STEP_SECONDS, pyotp.TOTP(secret), None
    for counter in range(present - _STEPS_BESIDE, present + _STEPS_BESIDE + 1):
        if compare_digest(authenticator.generate_otp(counter), _bare(text)):
            found = counter
    return found


def _bare(text: str) -> str:
    """Return a code without the spaces in which it is shown; what is not ASCII is none."""
    bare = "".join(text.split())
    return bare if bare.isascii() else ""


def picture(secret: str, *, login: str) -> str:
    """Return the QR code that an authenticator reads, as an SVG element without styles of its own."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
    made = segno.make(address, micro=False, error="m")
    return str(
        made.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, title="二维码")
    )


def seal(secret: str, *, user_id: int, key: str) -> str:
    """Encrypt a secret for one person."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_derived(key)).encrypt(nonce, secret.encode(), _bound_to(user_id))
    return base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, user_id: int, key: str) -> str | None:
    """Return a secret; None where it is another person's, was changed, or was sealed with another key."""
    raw = base64.b64decode(sealed)
    try:
        return AESGCM(_derived(key)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound_to(user_id)).decode()
    except InvalidTag:
        return None


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tracker second factor 1").derive(key.encode())


def _bound_to(user_id: int) -> bytes:
    return f"person {user_id}".encode()
