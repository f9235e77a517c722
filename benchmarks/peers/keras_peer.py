"""TensorFlow as the paper's authors use it, as a peer of a whole epoch: a Keras network, a train step in a tf.function, Keras's
ImageDataGenerator one batch after the other, and a synchronization by argsort(argsort) and a gather, variable by variable.

Written for this benchmark from the description of their recipe; none of their code is in it. Layers arrive as the layer lists of
@laperm/models.
"""
import time

import numpy as np

from peer import serve

run = None


def build(keras, model):
    layers = keras.layers
    network = keras.Sequential([keras.Input(tuple(model["inputShape"]))])
    for layer in model["layers"]:
        kind = layer["kind"]
        if kind == "conv2d":
            network.add(
                layers.Conv2D(
                    layer["filters"],
                    tuple(layer["kernelSize"]),
                    tuple(layer["strides"]),
                    padding=layer["padding"],
                    use_bias=layer["useBias"],
                    kernel_initializer="he_uniform",
                )
            )
        elif kind == "dense":
            network.add(layers.Dense(layer["units"], use_bias=layer["useBias"], kernel_initializer="he_uniform"))
        elif kind == "relu":
            network.add(layers.ReLU())
        elif kind == "dropout":
            network.add(layers.Dropout(layer["rate"]))
        elif kind == "flatten":
            network.add(layers.Flatten())
        elif kind == "softmax":
            continue  # the loss takes logits
        else:
            raise ValueError(f"unknown layer {kind}")
    return network


class Run:
    def __init__(self, request):
        import tensorflow as tf
        from tensorflow.keras.preprocessing.image import ImageDataGenerator

        import scipy  # noqa: F401  Keras's augmentation needs it, and would say so only when it is under way

        tf.config.threading.set_intra_op_parallelism_threads(request["threads"])
        tf.config.threading.set_inter_op_parallelism_threads(request["threads"])
        tf.random.set_seed(request["seed"])
        self.tf = tf
        keras = tf.keras
        self.network = build(keras, request["model"])
        optimizer = keras.optimizers.Adam(1e-3)
        loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        random = np.random.default_rng(request["seed"])
        shape = tuple(request["model"]["inputShape"])
        images = random.random((request["examples"], *shape), dtype=np.float32)
        labels = random.integers(0, 10, request["examples"])
        augmentation = request["augmentation"]
        generator = ImageDataGenerator(
            rotation_range=augmentation["rotationDegrees"],
            zoom_range=augmentation["zoom"],
            width_shift_range=augmentation["shiftFraction"],
            height_shift_range=augmentation["shiftFraction"],
            horizontal_flip=augmentation["horizontalFlip"],
        )
        self.batches = generator.flow(images, labels, batch_size=request["batchSize"], seed=request["seed"])
        self.test = (tf.constant(images[:200]), tf.constant(labels[:200]))

        @tf.function
        def train_step(inputs, targets):
            with tf.GradientTape() as tape:
                loss = loss_of(targets, self.network(inputs, training=True))
            gradients = tape.gradient(loss, self.network.trainable_variables)
            optimizer.apply_gradients(zip(gradients, self.network.trainable_variables))
            return loss

        @tf.function
        def count_correct(inputs, targets):
            predicted = tf.argmax(self.network(inputs, training=False), axis=1)
            return tf.reduce_sum(tf.cast(predicted == targets, tf.int32))

        self.train_step, self.count_correct = train_step, count_correct
        # Conv7 permutes its biases too. One weight vector a row; a bias is one vector.
        self.sorted = [tf.sort(self.rows(v), axis=1) for v in self.network.trainable_variables]
        self.step_number = 0

    def rows(self, variable):
        flat = self.tf.reshape(variable, (-1, variable.shape[-1] if len(variable.shape) > 1 else 1))
        return self.tf.transpose(flat)

    def synchronize(self):
        tf = self.tf
        for variable, ascending in zip(self.network.trainable_variables, self.sorted):
            ranking = tf.argsort(tf.argsort(self.rows(variable), axis=1, stable=True), axis=1, stable=True)
            values = tf.gather(ascending, ranking, axis=1, batch_dims=1)
            variable.assign(tf.reshape(tf.transpose(values), variable.shape))


def load(request):
    global run
    run = Run(request)
    # TensorFlow traces at the first call: not what is timed.
    steps({"count": 3, "syncPeriod": 3})
    evaluate({"examples": 200})
    return {"name": f"TensorFlow {run.tf.__version__}"}


def steps(request):
    """`count` augmented training steps, synchronizing every `syncPeriod`; milliseconds in all."""
    start = time.perf_counter()
    for _ in range(request["count"]):
        inputs, labels = next(run.batches)
        loss = run.train_step(run.tf.constant(inputs), run.tf.constant(labels))
        run.step_number += 1
        if request["syncPeriod"] and run.step_number % request["syncPeriod"] == 0:
            run.synchronize()
    loss = float(loss)
    return {"ms": (time.perf_counter() - start) * 1000, "loss": loss}


def evaluate(request):
    """Inference over `examples` images, 200 at a time; milliseconds in all."""
    start = time.perf_counter()
    correct = sum(int(run.count_correct(*run.test)) for _ in range(-(-request["examples"] // 200)))
    return {"ms": (time.perf_counter() - start) * 1000, "correct": correct}


serve({"load": load, "steps": steps, "evaluate": evaluate})
