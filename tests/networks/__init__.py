"""Networks of posts to test against: a Mastodon instance and a Bluesky server, each behind real HTTP right here."""
