"""On the path of processes under test, see sitecustomize.py."""
