"""The clinic itself: its hours, its people's free times, its appointments. Imports no Rasa."""
