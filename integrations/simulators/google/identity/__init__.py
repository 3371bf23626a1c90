"""Who somebody is and what an app may do: consent, codes, tokens."""
