"""Django, in one file. `request.body` is the body as it came."""

import os
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from receiver import Receiver

settings.configure(
    ALLOWED_HOSTS=["*"],
    DEBUG=False,
    LOGGING_CONFIG=None,
    ROOT_URLCONF=__name__,
    SECRET_KEY="signs nothing here",
)
receiver = Receiver()


@csrf_exempt
@require_POST
def hook(request):
    status, text = receiver.receive(request.body, request.headers)
    return HttpResponse(text, status=status, content_type="text/plain")


@require_GET
def effects(request):
    return HttpResponse(str(receiver.effects), content_type="text/plain")


urlpatterns = [path("hook", hook), path("effects", effects)]


class Server(ThreadingMixIn, WSGIServer):
    request_queue_size = 128
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


server = make_server("127.0.0.1", int(os.environ.get("PORT", 0)), get_wsgi_application(), Server, Handler)
print(f"http://127.0.0.1:{server.server_port}/hook", flush=True)
server.serve_forever()
