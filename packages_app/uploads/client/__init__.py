"""The one-file client that is served at /upload.py, and is manage.py upload --url as well."""
