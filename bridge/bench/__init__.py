"""Measures how quick Bridge is, with a bare Django page beside it in the same run. manage.py bench."""
