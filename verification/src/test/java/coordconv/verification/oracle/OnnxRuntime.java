package coordconv.verification.oracle;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;

/** Runs a model of one input "x" and one output. */
final class OnnxRuntime {
    private OnnxRuntime() {}

    static float[] run(byte[] model, float[] x, long... shape) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(model, options);
                    OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape);
                    OrtSession.Result result = session.run(Map.of("x", input))) {
                FloatBuffer y = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] floats = new float[y.remaining()];
                y.get(floats);
                return floats;
            }
        } catch (OrtException e) {
            throw new AssertionError("ONNX Runtime refused the model", e);
        }
    }
}
