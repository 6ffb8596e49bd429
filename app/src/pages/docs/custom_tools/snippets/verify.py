import hashlib, hmac, re, time

def is_ours(
    secret: bytes, method: str, path_with_query: str, headers, body: bytes
) -> bool:
    def one(name: str) -> str:
        values = [value for key, value in headers.items() if key.lower() == name]
        return values[0] if len(values) == 1 else ""

    timestamp = one("x-tengine-timestamp")
    if not re.fullmatch("[0-9]{1,12}", timestamp):
        return False
    if abs(time.time() - int(timestamp)) > 300:
        return False
    line = " ".join([
        "v1", timestamp, one("x-tengine-request-id"),
        method, path_with_query, hashlib.sha256(body).hexdigest(),
    ])
    given = one("x-tengine-signature")
    if not (line + given).isascii():
        return False
    expected = "v1=" + hmac.new(secret, line.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, given)
