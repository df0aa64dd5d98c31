"""From records to windows, labels and batches."""
