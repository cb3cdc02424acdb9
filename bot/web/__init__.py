"""The web front: health for now; studio and gallery are to come."""
