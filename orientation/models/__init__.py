"""Partners and what they offer; requests respondents made."""

from orientation.models.partners import FocalPoint, Partner, Service
from orientation.models.requests import OrientationRequest

__all__ = ["FocalPoint", "OrientationRequest", "Partner", "Service"]
