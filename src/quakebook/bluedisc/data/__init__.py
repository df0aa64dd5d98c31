"""From records to windows and labels."""
