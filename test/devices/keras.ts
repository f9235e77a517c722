/** Keras and h5py for tests: in the Python that `LAPERM_PYTHON` names, or said aloud to be missing. */
import { runNumpy } from './numpy.ts'
import { reportMissing } from './required.ts'

const finds = (module: string): boolean => {
  try {
    return (
      runNumpy('import importlib.util, sys; print(importlib.util.find_spec(sys.argv[1]) is not None)', [
        module,
      ]).trim() === 'True'
    )
  } catch {
    return false
  }
}

/** Whether Keras (on TensorFlow) and h5py are there. Fails at import where `LAPERM_REQUIRE` names `keras`. */
export const hasKeras: boolean = finds('h5py') && finds('keras') && finds('tensorflow')
/** Whether all that `test/fixtures/weights/make-weights.py` needs is there. */
export const hasWeightMakers: boolean =
  hasKeras && ['tf_keras', 'onnx', 'safetensors'].every((module) => finds(module))
if (!hasKeras)
  reportMissing(
    'keras',
    'Python does not find it; `pip install tensorflow-cpu` in an environment, whose interpreter LAPERM_PYTHON names',
  )
