"""What a contact model learns from and says of everybody: counts read, models made, outlooks written and read."""
