"""What happened: stations, observations, where they come from and what is wrong with them."""
