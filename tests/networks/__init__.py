"""Networks of posts to test against: a Mastodon instance and a Bluesky server, behind real HTTP on this machine."""
