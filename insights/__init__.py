"""What the clinic can learn from its visitors: a page of plots, and examples to learn from."""
