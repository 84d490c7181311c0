"""Raw documents to tokens, and tokens to ids."""
