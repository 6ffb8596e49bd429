from standardwebhooks import Webhook, WebhookVerificationError

def is_ours(secret: str, headers, body: bytes) -> bool:
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
        return True
    except (WebhookVerificationError, ValueError):
        return False
