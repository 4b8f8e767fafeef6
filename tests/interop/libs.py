"""The official libraries for Python: reads one JSON document a line ({op, provider, secret, method, url,
headers, body}) and answers each with {result} or {error}. `op` is "verify" or "sign"."""

import contextlib
import io
import json
import logging
import sys
from datetime import datetime, timezone
from types import SimpleNamespace
from urllib.parse import parse_qsl

import discord_interactions
import openai
import stripe
from elevenlabs.client import ElevenLabs
from hubspot.utils.signature import Signature as HubSpotSignature
from linebot.v3.webhook import SignatureValidator
from paddle_billing.Notifications import Secret, Verifier
from retell import Retell
from sendgrid.helpers.eventwebhook import EventWebhook
from slack_sdk.signature import SignatureVerifier
from square.utils.webhooks_helper import verify_signature as square_verify
from standardwebhooks.webhooks import Webhook as StandardWebhook
from svix.webhooks import Webhook as SvixWebhook
from twilio.request_validator import RequestValidator

logging.disable(logging.CRITICAL)


def passes(work):
    """True if it does not raise."""
    try:
        work()
        return True
    except Exception:
        return False


def hubspot(version):
    name = "x-hubspot-signature-v3" if version == "v3" else "x-hubspot-signature"

    def run(call):
        headers = call["headers"]
        return HubSpotSignature.is_valid(
            signature=headers[name],
            client_secret=call["secret"],
            request_body=call["body"],
            http_uri=call["url"],
            http_method=call["method"],
            signature_version=version,
            timestamp=headers.get("x-hubspot-request-timestamp"),
        )

    return run


def paddle(call):
    request = SimpleNamespace(headers={"Paddle-Signature": call["headers"]["paddle-signature"]}, body=call["body"].encode())
    return Verifier().verify(request, Secret(call["secret"]))


def sendgrid(call):
    name = "x-twilio-email-event-webhook"
    headers = call["headers"]
    return EventWebhook(call["secret"]).verify_signature(
        call["body"], headers[f"{name}-signature"], headers[f"{name}-timestamp"]
    )


def discord(call):
    headers = call["headers"]
    # It prints why it refuses.
    with contextlib.redirect_stdout(io.StringIO()):
        return discord_interactions.verify_key(
            call["body"].encode(), headers["x-signature-ed25519"], headers["x-signature-timestamp"], call["secret"]
        )


def twilio(call):
    params = dict(parse_qsl(call["body"], keep_blank_values=True))
    validator = RequestValidator(call["secret"])
    settings = call["headers"].get("x-twilio-webhooks-signature-settings")
    if settings:
        return twilio_by_settings(call, params)
    return validator.validate(call["url"], params, call["headers"]["x-twilio-signature"])


def twilio_by_settings(call, params):
    import inspect

    validator = RequestValidator(call["secret"])
    accepted = inspect.signature(validator.validate).parameters
    headers = {"X-Twilio-Signature": call["headers"]["x-twilio-signature"],
               "X-Twilio-Webhooks-Signature-Settings": call["headers"]["x-twilio-webhooks-signature-settings"]}
    if "headers" in accepted:
        return validator.validate(call["url"], params, headers["X-Twilio-Signature"], headers=headers)
    raise NotImplementedError(str(accepted))


VERIFY = {
    "standard-webhooks": lambda call: passes(lambda: StandardWebhook(call["secret"]).verify(call["body"], call["headers"])),
    "gitlab-signing-token": lambda call: passes(lambda: StandardWebhook(call["secret"]).verify(call["body"], call["headers"])),
    "svix": lambda call: passes(lambda: SvixWebhook(call["secret"]).verify(call["body"], call["headers"])),
    "openai": lambda call: passes(
        lambda: openai.OpenAI(api_key="key", webhook_secret=call["secret"]).webhooks.verify_signature(
            call["body"], call["headers"]
        )
    ),
    "stripe": lambda call: passes(
        lambda: stripe.Webhook.construct_event(call["body"], call["headers"]["stripe-signature"], call["secret"])
    ),
    "slack": lambda call: SignatureVerifier(call["secret"]).is_valid_request(call["body"], call["headers"]),
    "line": lambda call: SignatureValidator(call["secret"]).validate(call["body"], call["headers"]["x-line-signature"]),
    "elevenlabs": lambda call: passes(
        lambda: ElevenLabs(api_key="key").webhooks.construct_event(
            call["body"], call["headers"]["elevenlabs-signature"], call["secret"]
        )
    ),
    "paddle": paddle,
    "retell": lambda call: Retell(api_key=call["secret"]).verify(
        call["body"], call["secret"], call["headers"]["x-retell-signature"]
    ),
    "square": lambda call: square_verify(
        request_body=call["body"],
        signature_header=call["headers"]["x-square-hmacsha256-signature"],
        signature_key=call["secret"],
        notification_url=call["url"],
    ),
    "hubspot-v1": hubspot("v1"),
    "hubspot-v2": hubspot("v2"),
    "hubspot-v3": hubspot("v3"),
    "twilio": twilio,
    "twilio-json": lambda call: RequestValidator(call["secret"]).validate(
        call["url"], call["body"], call["headers"]["x-twilio-signature"]
    ),
    "discord": discord,
    "sendgrid": sendgrid,
}


def sign_standard(webhook, prefix):
    def run(call):
        now = datetime.now(timezone.utc)
        return {
            f"{prefix}-id": "msg_1",
            f"{prefix}-timestamp": str(int(now.timestamp())),
            f"{prefix}-signature": webhook(call["secret"]).sign("msg_1", now, call["body"]),
        }

    return run


def sign_hubspot(call):
    stamp = str(int(datetime.now(timezone.utc).timestamp() * 1000))
    signature = HubSpotSignature.get_signature(call["secret"], call["body"], "v3", call["url"], call["method"], stamp)
    return {"x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": stamp}


def sign_slack(call):
    stamp = str(int(datetime.now(timezone.utc).timestamp()))
    signature = SignatureVerifier(call["secret"]).generate_signature(timestamp=stamp, body=call["body"])
    return {"x-slack-signature": signature, "x-slack-request-timestamp": stamp}


SIGN = {
    "standard-webhooks": sign_standard(StandardWebhook, "webhook"),
    "svix": sign_standard(SvixWebhook, "svix"),
    "slack": sign_slack,
    "hubspot-v3": sign_hubspot,
    "twilio": lambda call: {
        "x-twilio-signature": RequestValidator(call["secret"]).compute_signature(
            call["url"], dict(parse_qsl(call["body"], keep_blank_values=True))
        )
    },
}

print(json.dumps({"verify": list(VERIFY), "sign": list(SIGN)}), flush=True)
for line in sys.stdin:
    call = json.loads(line)
    try:
        answer = {"result": {"verify": VERIFY, "sign": SIGN}[call["op"]][call["provider"]](call)}
    except Exception as error:
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
