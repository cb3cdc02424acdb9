"""The web front: studio, gallery and API over HTTP."""
