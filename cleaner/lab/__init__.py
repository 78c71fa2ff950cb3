"""Where models are trained and measured; the road itself never imports it."""
