"""What the assistant can do: thin Rasa actions over the clinic, one file a flow."""
