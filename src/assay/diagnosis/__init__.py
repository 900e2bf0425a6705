"""Says from errors what is to blame: bias, variance or the floor. Never trains."""
