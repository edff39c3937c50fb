"""The gateway's settings, read once from the environment (and from `.env`, if there is one)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from starlette.config import Config

from clinic.log_lines import TEXT, log_format
from clinic.password import check_hash
from clinic.private_logs import log_level
from clinic.storage import messages_beside

SHORTEST_SECRET = 16  # characters
TELEGRAM_API = "https://api.telegram.org"


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
    database_url: str
    messages_url: str
    redis_url: str
    log_level: str
    log_format: str
    staff_password_hash: str
    metrics_token: str = field(repr=False)
    telegram_token: str = field(default="", repr=False)
    telegram_webhook: str = ""
    telegram_api: str = TELEGRAM_API

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
        turn_timeout=config("TURN_TIMEOUT", cast=float, default=6.0),
        clinic_file=config("CLINIC_FILE", cast=Path, default=Path("clinic.yml")),
        database_url=config("DATABASE_URL", default=""),
        messages_url=config("MESSAGES_URL", default="")
        or messages_beside(config("DATABASE_URL", default="")),
        redis_url=config("REDIS_URL", default=""),
        staff_password_hash=config("STAFF_PASSWORD_HASH", default=""),
        metrics_token=config("METRICS_TOKEN", default=""),
        log_level=log_level(config("LOG_LEVEL", default="INFO")),
        log_format=log_format(config("LOG_FORMAT", default=TEXT)),
        telegram_token=config("TELEGRAM_TOKEN", default="").strip(),
        telegram_webhook=config("TELEGRAM_WEBHOOK", default="").rstrip("/"),
        telegram_api=config("TELEGRAM_API", default=TELEGRAM_API).rstrip("/"),
    )
    if settings.redis_url and not settings.redis_url.startswith(("redis://", "rediss://")):
        raise ValueError(
            f'REDIS_URL "{settings.redis_url}" is not the address of a Redis: write '
            "redis://host:6379/0, or leave it out to run one gateway without."
        )
    if settings.staff_password_hash:
        check_hash(settings.staff_password_hash)
    if len(settings.secret) < SHORTEST_SECRET:
        raise ValueError(
            "ASSISTANT_SECRET is shorter than 16 characters. Take a random one, for example "
            "from: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    if settings.metrics_token and len(settings.metrics_token) < SHORTEST_SECRET:
        raise ValueError(
            "METRICS_TOKEN is shorter than 16 characters. Take a random one, as for "
            "ASSISTANT_SECRET, and give it to Prometheus; or leave it out to have no /metrics."
        )
    _check_telegram(settings)
    return settings


def _check_telegram(settings: Settings) -> None:
    if settings.telegram_token and not re.fullmatch(r"\d+:[\w-]{30,}", settings.telegram_token):
        raise ValueError(  # what was written may be most of a secret: it is not repeated
            "TELEGRAM_TOKEN is not the token of a bot: copy it from @BotFather, digits, a colon "
            "and 35 letters, or leave it out to run without Telegram."
        )
    for name, value in (
        ("TELEGRAM_WEBHOOK", settings.telegram_webhook),
        ("TELEGRAM_API", settings.telegram_api),
    ):
        # A Bot API server of one's own may stand beside the gateway, without encryption.
        own = settings.telegram_api != TELEGRAM_API
        if value and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
            raise ValueError(f'{name} "{value}": write the address as https://chat.example.org')
        if value.startswith("http://") and not own:
            raise ValueError(
                f'{name} "{value}" is not encrypted, and Telegram calls https only: write https://'
            )
