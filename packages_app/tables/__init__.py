"""Where items live: the base of every item class, over DynamoDB or over the embedded catalogue."""
