"""From raw documents to integer ids."""
