"""What is learned of when each person can be reached, from counts alone; values in, values out, no clock, no database.

A person's chance of answering in a slot, on a number that works, is logistic: a level pooled over the segment and the
slot, plus the person's own level, plus the person's own pattern over the slots, the last two normal. The number is
alive or dead; it may die or be found again between rounds. Method 3.5 B, with what 3.6 says beyond it.
"""
