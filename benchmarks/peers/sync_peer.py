"""numpy, torch and TensorFlow as peers of synchronization: rank every column of a [length, count] matrix and put the sorted values in that order.

Every peer starts from and ends with the row-major [length, count] layout; inside, each uses the layout that is fastest for it.
"""
import time

import numpy as np

from peer import serve

matrices = {}


def numpy_columns(ascending, w):
    order = np.argsort(w, axis=0)
    out = np.empty_like(w)
    np.put_along_axis(out, order, ascending, axis=0)
    return out


def numpy_rows(ascending, w):
    rows = np.ascontiguousarray(w.T)
    order = np.argsort(rows, axis=1)
    out = np.empty_like(rows)
    np.put_along_axis(out, order, ascending, axis=1)
    return np.ascontiguousarray(out.T)


def torch_rows(ascending, w):
    rows = w.t().contiguous()
    order = rows.sort(dim=1).indices
    return rows.scatter_(1, order, ascending).t().contiguous()


def tensorflow_authors(ascending, w):
    """The authors' way: argsort of argsort, then a gather, one vector a row."""
    rows = tf.transpose(w)
    ranking = tf.argsort(tf.argsort(rows, axis=1, stable=True), axis=1, stable=True)
    return tf.transpose(tf.gather(ascending, ranking, axis=1, batch_dims=1)).numpy()


peers = {}
versions = {}


def start(request):
    """Load what is installed; say what is missing and why."""
    global tf
    missing = {}
    threads = request["threads"]
    peers["numpy"] = numpy_rows
    versions["numpy"] = np.__version__
    try:
        import torch

        torch.set_num_threads(threads)
        peers["torch"] = torch_rows
        versions["torch"] = torch.__version__
    except ImportError as error:
        missing["torch"] = str(error)
    try:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        peers["tensorflow"] = tensorflow_authors
        versions["tensorflow"] = tf.__version__
    except ImportError as error:
        missing["tensorflow"] = str(error)
    return {"versions": versions, "missing": missing}


def load(request):
    """Read theta_0 and w from a file of float32: [2, length, count]."""
    both = np.fromfile(request["file"], dtype=np.float32).reshape(2, request["length"], request["count"])
    ascending = np.sort(both[0], axis=0)
    rows = np.ascontiguousarray(ascending.T)
    matrices["numpy"] = (rows, both[1].copy())
    if "torch" in peers:
        import torch

        matrices["torch"] = (torch.from_numpy(rows.copy()), torch.from_numpy(both[1].copy()))
    if "tensorflow" in peers:
        matrices["tensorflow"] = (tf.constant(rows), tf.constant(both[1]))
    return {}


def run(request):
    """Synchronize `repeats` times; milliseconds in all, and the bytes of the result's sum as a check that it was computed."""
    synchronize = peers[request["peer"]]
    ascending, w = matrices[request["peer"]]
    begin = time.perf_counter()
    for _ in range(request["repeats"]):
        result = synchronize(ascending, w)
    elapsed = (time.perf_counter() - begin) * 1000
    values = np.asarray(result)
    if request.get("save"):
        values.astype(np.float32).tofile(request["save"])
    return {"ms": elapsed, "first": float(values.flat[0])}


serve({"start": start, "load": load, "run": run})
