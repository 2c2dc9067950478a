"""What is logged and shown, with secrets and personal data masked."""
