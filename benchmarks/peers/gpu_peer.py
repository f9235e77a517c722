"""PyTorch as a peer of WebGPU: a network's kernels synchronized by torch.sort and scatter_, on CUDA where there is a device.

Kernels lie as PyTorch keeps them, one weight vector a row, so nothing is transposed while the clock runs.
"""
import time

import numpy as np
import torch

from peer import serve

kernels = []
results = []
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def finish():
    if device.type == "cuda":
        torch.cuda.synchronize()


def start(request):
    if request["threads"] > 0:
        torch.set_num_threads(request["threads"])
    name = torch.cuda.get_device_name() if device.type == "cuda" else f"CPU, {torch.get_num_threads()} threads"
    return {"version": torch.__version__, "device": name, "type": device.type}


def load(request):
    """Read theta_sorted and w of every kernel from a file of float32, `[length, count]` matrices one after the other."""
    values = np.fromfile(request["file"], dtype=np.float32)
    at = 0
    for length, count in request["sizes"]:
        pair = []
        for _ in range(2):
            matrix = values[at : at + length * count].reshape(length, count)
            pair.append(torch.from_numpy(np.ascontiguousarray(matrix.T)).to(device))
            at += length * count
        kernels.append(pair)
        results.append(torch.empty_like(pair[1]))
    return {}


def synchronize():
    for i, (ascending, w) in enumerate(kernels):
        order = w.sort(dim=1, stable=True).indices
        results[i] = torch.empty_like(w).scatter_(1, order, ascending)


def copy():
    for i, (_, w) in enumerate(kernels):
        results[i].copy_(w)


def run(request):
    """Milliseconds in all."""
    work = {"synchronize": synchronize, "copy": copy}[request["what"]]
    finish()
    begin = time.perf_counter()
    for _ in range(request["repeats"]):
        work()
    finish()
    return {"ms": (time.perf_counter() - begin) * 1000}


def save(request):
    """Synchronize, and write the results as `[length, count]` matrices."""
    synchronize()
    flat = [result.cpu().numpy().T.ravel() for result in results]
    np.concatenate(flat).astype(np.float32).tofile(request["file"])
    return {}


serve({"start": start, "load": load, "run": run, "save": save})
