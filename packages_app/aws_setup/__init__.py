"""What the index needs of an AWS account: compares, and makes what is missing without weakening what is there."""
