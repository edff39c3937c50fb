"""What a form of one of the gateway's pages sends."""

from __future__ import annotations

from starlette.requests import Request


async def body_of(request: Request, largest: int) -> bytes | None:
    """The request's body; None, and no more of it read, where it is larger than so many bytes."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > largest:
            return None
    return body
