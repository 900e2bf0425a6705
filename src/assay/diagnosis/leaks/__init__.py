"""The leak audit: what makes a score promise more than new rows will keep."""

from assay.diagnosis.leaks.audit import Audit
from assay.diagnosis.leaks.auditing import audit, audit_parts
from assay.diagnosis.leaks.leak import Leak

__all__ = ["Audit", "Leak", "audit", "audit_parts"]
