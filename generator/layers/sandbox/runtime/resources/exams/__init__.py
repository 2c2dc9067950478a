"""Exams, and what belongs to them: documents, attachments, students, staff."""
