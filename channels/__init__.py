"""How people reach the assistant: the gateway, and its line to Rasa."""
