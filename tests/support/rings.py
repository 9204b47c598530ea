"""A key for tests."""

from storage.crypto import Keyring, decode_key, new_key

RING = Keyring([decode_key(new_key())])
