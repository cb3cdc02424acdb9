"""Bluesky, and any server of the AT Protocol."""
