"""Where rasa_sdk looks for what is added to its server."""

from actions.request_log import init_hooks

__all__ = ["init_hooks"]
