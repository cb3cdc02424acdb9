"""The command line and the processes it starts: where bot, worker and engine are put together."""
