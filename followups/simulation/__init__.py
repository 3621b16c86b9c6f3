"""A synthetic world in which ways of choosing slots are compared; values in, values out, no clock, no database."""
