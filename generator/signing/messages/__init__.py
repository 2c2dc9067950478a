"""Requests signed and verified, for any scheme; nothing is sent here, no clock is read."""

from .evaluation import SigningError
from .reading_back import Claims, SignatureRefused, read_claims
from .request import Request, request_of
from .sign import sign_request
from .verify import LONGEST_NONCE, Verified, require_credentials, verify_request

__all__ = [
    "LONGEST_NONCE",
    "Claims",
    "Request",
    "SignatureRefused",
    "SigningError",
    "Verified",
    "read_claims",
    "request_of",
    "require_credentials",
    "sign_request",
    "verify_request",
]
