"""Looks at the whole installation: each check yields what it finds wrong, with the fix."""
