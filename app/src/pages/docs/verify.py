import hashlib, hmac, time

def is_ours(secret: bytes, method: str, path_with_query: str, headers, body: bytes) -> bool:
    timestamp = headers["X-Tengine-Timestamp"]
    if abs(time.time() - int(timestamp)) > 300:
        return False
    line = " ".join([
        "v1", timestamp, headers["X-Tengine-Request-Id"],
        method, path_with_query, hashlib.sha256(body).hexdigest(),
    ])
    expected = "v1=" + hmac.new(secret, line.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, headers["X-Tengine-Signature"])
