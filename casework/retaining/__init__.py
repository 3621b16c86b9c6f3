"""What goes when it has been kept for long enough: a pass for each class of data."""
