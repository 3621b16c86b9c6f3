# Planted: what must stay sealed, secret or unlogged.
API_KEY = os.environ["API_KEY"]
# ruleid: house-secret-in-code
AUTH_TOKEN = "9f3b6a1e7c5d4820"
TITLE = "9f3b6a1e7c5d4820"


def look(point, permit, now):
    # ruleid: house-sealed-opened-elsewhere
    number = opening.open(point.value, permit=permit, now=now)
    # ruleid: house-token-read-elsewhere
    token = token_of(point.value)
    # ruleid: house-number-in-log
    log.info("dialled %s", number)
    # ruleid: house-number-in-log
    logger.warning(f"dialled {point.e164}")
    log.info("dialled by way of %s", point.pk)
    # ruleid: house-compares-secrets-plainly
    return hmac.new(key, token, "sha256").hexdigest() == wanted


def same(token, wanted):
    return hmac.compare_digest(hashlib.sha256(token).hexdigest(), wanted)
