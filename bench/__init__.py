"""Quality and speed beside other tools; `make bench` runs both."""
