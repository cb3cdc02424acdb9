"""/api/v1: what programs and the studio talk to."""
