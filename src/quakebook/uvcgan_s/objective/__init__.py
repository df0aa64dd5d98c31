"""What is minimised and how one step goes."""
