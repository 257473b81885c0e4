"""A laboratory in network namespaces: laptops, a gateway, an internet with real servers."""

from .lab import Lab, LabError, Laptop
from .namespace import CommandFailed, Namespace, Service

__all__ = ["CommandFailed", "Lab", "LabError", "Laptop", "Namespace", "Service"]
