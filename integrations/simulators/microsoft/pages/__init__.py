"""What a person sees of the simulated Microsoft."""
