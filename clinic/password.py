"""The staff's password: kept as a hash that cannot be turned back."""

from __future__ import annotations

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from clinic.errors import ClinicError

SHORTEST = 12
_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """What STAFF_PASSWORD_HASH has to say for this password. Raises ClinicError for a short one."""
    if len(password) < SHORTEST:
        raise ClinicError(
            f"The password has {len(password)} characters: take {SHORTEST} or more, for example "
            "four words that do not belong together."
        )
    return _hasher.hash(password)


def check_hash(setting: str) -> str:
    """STAFF_PASSWORD_HASH as it is; raises ClinicError where it is none."""
    try:
        extract_parameters(setting)
    except InvalidHashError as error:
        raise ClinicError(
            f"STAFF_PASSWORD_HASH does not begin with $argon2id$ (it has {len(setting)} "
            "characters): make one with `python -m clinic password`, and keep it in single quotes."
        ) from error
    return setting


def matches(password: str, kept: str) -> bool:
    """Whether it is the password of the hash. Takes a while, which is what protects it."""
    try:
        return _hasher.verify(kept, password)
    except VerificationError:
        return False
