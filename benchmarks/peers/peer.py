"""The loop that every peer shares: one JSON request a line on standard input, one JSON answer a line on standard output."""
import json
import sys
import traceback


def serve(operations):
    """Answer requests {"op": name, ...} with operations[name](request) until standard input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = operations[request["op"]](request)
        except Exception as error:  # the caller reports it and goes on without this peer
            traceback.print_exc(file=sys.stderr)
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
