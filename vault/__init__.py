"""Keys and sealed values: the only room that imports cryptography."""
