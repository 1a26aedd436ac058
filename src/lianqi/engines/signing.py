"""Signatures after Standard Webhooks (https://www.standardwebhooks.com, read 2026-11-21)."""

import base64
import hashlib
import hmac


def derived_secret(key: str, salt: str) -> bytes:
    """A secret that whoever holds the key can make again, and nobody else from the salt."""
    return hmac.new(key.encode(), f"lianqi webhook {salt}".encode(), hashlib.sha256).digest()


def as_shown(secret: bytes) -> str:
    """The form in which a secret is given to whoever has to verify signatures."""
    return f"whsec_{base64.b64encode(secret).decode()}"


def signature(secret: bytes, *, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature for the header `webhook-signature`; several stand there with spaces between.

    Example:
        >>> secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        >>> signature(secret, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        ...           timestamp=1614265330, body=b'{"test": 2432232314}')
        'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
