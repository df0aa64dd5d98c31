"""Where objects lie: folders, S3, HTTP, fsspec; and claims on work."""
