"""A stand-in for Discord over real HTTP and a real websocket: its API's parts that the bot uses, and its bad days."""
