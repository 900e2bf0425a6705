"""What is deployed: preparation, network, schema and labels, saved without pickle."""
