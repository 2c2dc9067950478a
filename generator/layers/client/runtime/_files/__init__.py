"""Files that are uploaded and downloaded."""
