"""An S3 server on a loopback port that checks signatures, one request at a time so that conditional writes are atomic.

Prints one line of JSON when it listens: port, keyId, secret. Objects are kept in memory.
"""
import json
import os

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"

from moto.iam.models import iam_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

account = "123456789012"
iam = iam_backends[account]["aws"]
user = iam.create_user(region_name="us-east-1", user_name="laperm")
everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.put_user_policy("laperm", "everything", json.dumps(everything))
key = iam.create_access_key("laperm")


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), request_handler=Quiet)
print(json.dumps({"port": server.port, "keyId": key.access_key_id, "secret": key.secret_access_key}), flush=True)
server.serve_forever()
