"""Where bytes live: keys, durable local files, S3, presigned links."""
