"""CIFAR-10 on two cores: the images, the course's loop, and what Assay trains beside it."""
