"""The gateway's settings, read once from the environment (and from `.env`, if there is one)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.config import Config


@dataclass(frozen=True)
class Settings:
    """What a deployment may change. README.md lists each with its default."""

    host: str
    port: int
    rasa_url: str
    actions_url: str
    secret: str
    turn_timeout: float
    clinic_file: Path

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the page."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host
        return f"http://{host}:{self.port}"


def read_settings() -> Settings:
    """The settings; raises KeyError or ValueError naming the one that is missing or wrong."""
    config = Config(".env" if Path(".env").is_file() else None)
    settings = Settings(
        host=config("HOST", default="127.0.0.1"),
        port=config("PORT", cast=int, default=8000),
        rasa_url=config("RASA_URL", default="http://127.0.0.1:5005"),
        actions_url=config("ACTIONS_URL", default="http://127.0.0.1:5055"),
        secret=config("ASSISTANT_SECRET"),
        turn_timeout=config("TURN_TIMEOUT", cast=float, default=10.0),
        clinic_file=config("CLINIC_FILE", cast=Path, default=Path("clinic.yml")),
    )
    if len(settings.secret) < 16:
        raise ValueError(
            "ASSISTANT_SECRET is shorter than 16 characters. Take a random one, for example "
            "from: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return settings
