"""What a test may do with the simulated Microsoft, by the noun it does it to."""
