import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

hook = Webhook(os.environ["WEBHOOK_SECRET"])


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            message = hook.verify(body, dict(self.headers))
        except WebhookVerificationError:
            self.send_response(401)
        else:
            # Remember the webhook-id: the same message may come twice. Answer first, work afterwards.
            print(self.headers["webhook-id"], message["type"], message["data"], flush=True)
            self.send_response(204)
        self.end_headers()


HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "5000"))), Receiver).serve_forever()
