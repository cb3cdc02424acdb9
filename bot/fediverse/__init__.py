"""Two fronts for networks of posts: whoever mentions the bot with a picture gets a painting back."""
