"""What a distribution says about itself: archive soundness, core metadata, attestations."""
