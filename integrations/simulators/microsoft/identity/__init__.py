"""The identity platform v2.0: who signs in, what he consents to, and the tokens of that."""
