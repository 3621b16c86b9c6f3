"""Callers in many processes race for the same few people while ticks run and processes are killed.

python -m tests.followups.races --claims 100000 --processes 16 --database postgres
"""
