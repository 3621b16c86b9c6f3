"""The known-answer vector: fixed keys, nonces and ids."""

from uuid import UUID

KEK = bytes(range(0x00, 0x20))
DEK = bytes(range(0x20, 0x40))
INDEX_KEY = bytes(range(0x40, 0x60))
NONCE = b"\x0b" * 12
SUBJECT = UUID("00112233-4455-6677-8899-aabbccddeeff")
ROW = UUID("ffeeddcc-bbaa-9988-7766-554433221100")
NUMBER = "+491701234567"
WRAPPED = bytes.fromhex(
    "57010489f67c8692e9540b0b0b0b0b0b0b0b0b0b0b0b88af3082ab49ab8ef3e031948965fbb79fc03a217a76ce228227da54"
    "b496e8d81ac22d2356452f355dd9f18845f6406f"
)
TOKEN = bytes.fromhex(
    "5201000000010b0b0b0b0b0b0b0b0b0b0b0b49c061649f32180c19e2af8bea8c70ece184abb60752e4cb486858f0392d4390"
    "b93efa16a6511fad3b016284905a3032"
)
