"""The leak audit of images: what a network remembers instead of recognising, between parts."""

from assay.diagnosis.leaks.images.auditing import audit_image_sources, audit_images

__all__ = ["audit_image_sources", "audit_images"]
