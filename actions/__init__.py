"""What the assistant can do: thin Rasa actions over the clinic, one file a flow."""

from clinic.private_logs import keep_logs_private

# The action server loads this before it takes a turn, and gives no other moment for it.
keep_logs_private("actions")
